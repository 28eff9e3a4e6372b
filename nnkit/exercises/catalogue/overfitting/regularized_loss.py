"""A squared loss with both penalties on its weights, L1 and L2, and the gradient of the sum."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.draws import signed
from nnkit.exercises.catalogue.families import FAR_OUT, by_differences, factor_two, in_other_order, step_in_the_place_of
from nnkit.exercises.catalogue.signs import comparing, steps
from nnkit.exercises.catalogue.withheld import DERIVATIVES
from nnkit.exercises.exercise import Case, Mistake, call_by_name, exercise, wrong
from nnkit.exercises.judge.wording import all_written, written
from nnkit.languages import say


def regularized(X: np.ndarray, y: np.ndarray, w: np.ndarray, l1: float, l2: float, data: float = 1.0) -> Any:
    """Loss and gradient; the term of the data times `data`."""
    error = X @ w - y
    loss = data * error @ error / (2 * len(y)) + l1 * np.abs(w).sum() + l2 * w @ w
    return loss, data * X.T @ error / len(y) + l1 * np.sign(w) + 2 * l2 * w


def but_the_first(X: np.ndarray, y: np.ndarray, w: np.ndarray, l1: float, l2: float) -> tuple[Any, Any]:
    """The first weight without penalties."""
    loss, grad = regularized(X, y, w, l1, l2)
    penalty = regularized(X, X @ w, w, l1, l2)[1] * (np.arange(len(w)) == 0)
    return loss - l1 * abs(w[0]) - l2 * w[0] ** 2, grad - penalty


def reweighted(label: str, told: str, results: str = "loss grad both", **factors: Any) -> tuple[Mistake, ...]:
    """Terms (data, l1, l2) times a factor, a number or a function of arguments: in one result, or in both.

    {where} in the sentence says in which. Those of one result stand first: of two that are wrong in different ways,
    each is told by itself.
    """

    def answer(**arguments: Any) -> Any:
        terms = {"data": 1.0, **arguments}
        for term, factor in factors.items():
            terms[term] *= call_by_name(factor, arguments) if callable(factor) else factor
        return regularized(**terms)

    made = {
        "loss": ("In your loss", wrong(f"loss: {label}", loss=lambda **arguments: answer(**arguments)[0])),
        "grad": ("In your gradient", wrong(f"gradient: {label}", grad=lambda **arguments: answer(**arguments)[1])),
        "both": ("In your loss and your gradient", wrong(label, answer)),
    }
    return tuple(mistake.told(told.format(where=where)) for where, mistake in (made[name] for name in results.split()))


def l1_in_loss(label: str, part: Callable[..., Any]) -> Mistake:
    """Something else than Σ|w| behind l1, in the loss alone."""
    return wrong(label, loss=lambda loss, w, l1: loss + l1 * (part(w) - np.abs(w).sum()))


def l2_in_loss(label: str, part: Callable[..., Any]) -> Mistake:
    """Something else than Σw² behind l2, in the loss alone."""
    return wrong(label, loss=lambda loss, w, l2: loss + l2 * (part(w) - w @ w))


def l1_in_gradient(label: str, slope: Callable[..., Any]) -> Mistake:
    """Something else than the sign of w behind l1, in the gradient alone."""
    return wrong(label, grad=lambda grad, w, l1: grad + l1 * (slope(w) - np.sign(w)))


def l2_in_gradient(label: str, slope: Callable[..., Any]) -> Mistake:
    """Something else than 2w behind l2, in the gradient alone."""
    return wrong(label, grad=lambda grad, w, l2: grad + l2 * (slope(w) - 2 * w))


def data_in_loss(label: str, term: Callable[..., Any]) -> Mistake:
    """Something else than the halved mean of the squares of the errors, in the loss alone."""

    def loss(loss: Any, X: np.ndarray, y: np.ndarray, w: np.ndarray) -> Any:
        return loss + call_by_name(term, {"y": y, "prediction": X @ w}) - np.mean((X @ w - y) ** 2) / 2

    return wrong(label, loss=loss)


def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Each penalty alone, both and none, with weights of both signs, of 0, near 0 and far out."""

    def drawn(rows: int, columns: int, l1: float, l2: float, covers: str, zeros: int = 0, shrunk_by: float = 1) -> Case:
        X, w = signed(rng, 0.5, 2.5, (rows, columns)), signed(rng, 0.5, 2.5, columns)
        if columns > 1:
            w[:2] = np.abs(w[:2]) * rng.permutation([-1, 1])  # both signs
        w[columns - zeros :] = 0
        y = (X @ w + signed(rng, 0.3, 2.0, rows)).round(1)
        w = w / shrunk_by
        arguments = {"X": X, "y": y, "w": w, "l1": l1, "l2": l2}
        weights = written(w) if columns < 4 else say("{columns} numbers", columns=columns)
        sizes = say(
            "{rows} × {columns} numbers in X, w = {weights}, l1 = {l1:g}, l2 = {l2:g}",
            rows=rows,
            columns=columns,
            weights=weights,
            l1=l1,
            l2=l2,
        )
        return Case(arguments, covers, all_written(arguments) if X.size <= 4 else sizes)

    one = {"X": np.array([[1.0, 2.0]]), "y": np.array([1.0]), "w": np.array([3.0, -2.0]), "l1": 0.5, "l2": 0.1}
    far = {"X": np.array([[1.0, 2], [3, 1], [2, 2], [1, 3], [2, 1]]), "y": np.arange(5.0)}
    far_out = {"w": np.array([2.0, -1.0]) * FAR_OUT, "l1": 0.5, "l2": 0.1}
    found = [
        Case(one, "a single example", all_written(one)),
        drawn(3, 2, 0.0, 0.0, "no penalty"),
        drawn(2, 2, 0.5, 0.0, "L1 alone"),
        drawn(4, 3, 0.3, 0.0, "L1 alone"),
        drawn(2, 2, 0.0, 0.5, "L2 alone"),
        drawn(4, 3, 0.0, 0.2, "L2 alone"),
        drawn(3, 2, 0.4, 0.0, "weights of exactly 0", zeros=1),
        drawn(5, 4, 0.5, 0.3, "weights of exactly 0", zeros=2),
        drawn(2, 2, 1.0, 1.0, "weights of exactly 0", zeros=2),
        drawn(6, 3, 0.2, 0.7, "both penalties"),
        drawn(3, 3, 0.6, 0.1, "square X"),
        drawn(2, 5, 0.1, 0.4, "more weights than examples"),
        # The slope of |w| is −1 or 1 near 0 as anywhere: it rounds no corner.
        drawn(3, 2, 0.5, 0.3, "weights close to 0", shrunk_by=1000),
        drawn(1, 1, 0.3, 0.4, "a single example"),
        Case({**far, **far_out}, "very large weights", "weights of size 10¹⁵"),
    ]
    if hidden:
        found += [drawn(4, 4, 0.7, 0.2, "square X", zeros=1), drawn(7, 2, 0.3, 0.9, "both penalties")]
        found += [drawn(1, 1, 0.5, 0.5, "a single example")]
    return found


EXERCISE = exercise(
    "regularized_loss(X, y, w, l1, l2) -> loss, grad",
    reference=regularized,
    cases=cases,
    judge=comparing(*steps(grad="w")),
    withheld=DERIVATIVES,
    shape_notes={
        "loss": "Data term and both penalties are one number together.",
        "grad": "A gradient has its owner's shape: one number for each weight.",
    },
    hints=(
        """Three terms, each with a value and a gradient; the gradients add up as the values do. The first you know from
        `linear_regression_gradients`, without b.""",
        """l1 Σ|w| has the slope +l1 where a weight is positive, −l1 where it is negative, and here 0 where it is 0:
        `np.sign` says which. What is the slope of l2 w²?""",
    ),
    mistakes=(
        *reweighted(
            "penalties missing",
            """{where} the data term stands alone: l1 and l2 change nothing. What do large weights cost?""",
            l1=0,
            l2=0,
        ),
        *reweighted("L1 missing", "{where} the part of L1 is missing.", l1=0),
        *reweighted("L2 missing", "{where} the part of L2 is missing.", l2=0),
        *reweighted(
            "penalties averaged over the weights",
            "{where} the penalties are means over the weights. They are sums: each weight has its own price.",
            l1=lambda w: 1 / len(w),
            l2=lambda w: 1 / len(w),
        ),
        *reweighted(
            "penalties shared among the examples",
            """{where} the penalties are divided by N. Only the data term is a mean over examples; the weights are there
            once.""",
            l1=lambda y: 1 / len(y),
            l2=lambda y: 1 / len(y),
        ),
        *reweighted(
            "penalties under the same 2N",
            """{where} the penalties stand inside the bracket that is divided by 2N. Only the squared errors belong
            there.""",
            "loss both",
            l1=lambda y: 0.5 / len(y),
            l2=lambda y: 0.5 / len(y),
        ),
        *reweighted(
            "penalties subtracted",
            """{where} the penalties are subtracted, a reward for large weights. Which sign makes large weights
            cost?""",
            l1=-1,
            l2=-1,
        ),
        *reweighted(
            "half of L2",
            """{where} the part of L2 is half of what it should be. Many books write ½ λ w² and λ w; here the loss has
            l2 w², and a square brings a 2 down.""",
            l2=1 / 2,
        ),
        *reweighted(
            "data term without its half",
            "{where} the data term is twice too large. What became of the ½ in 1/2N?",
            data=2,
        ),
        *reweighted(
            "half of the data term",
            """{where} the data term is half of what it should be. Is there a ½ too many, or a 2 forgotten that a square
            brings down?""",
            "grad",
            data=1 / 2,
        ),
        *reweighted(
            "L2 doubled",
            "{where} the part of L2 is twice too large. The 2 that a square brings down belongs to the gradient, once.",
            "loss both",
            l2=2,
        ),
        *reweighted(
            "data term divided twice",
            "{where} the data term is divided by N twice. Does a mean stand beside 1/2N?",
            "loss grad",
            data=lambda y: 1 / len(y),
        ),
        *factor_two("grad"),
        *reweighted(
            "data term summed",
            "{where} the data term is N times too large: a sum over the examples in place of a mean.",
            data=lambda y: len(y),
        ),
        *reweighted(
            "data term divided by the features",
            """{where} the data term is divided by the number of weights. The mean is over examples: which axis of X
            counts them?""",
            data=lambda X: len(X) / X.shape[1],
        ),
        *reweighted(
            "sign of the error",
            """{where} the data term has the wrong sign: y − Xw where Xw − y belongs. In the loss the square hides
            that.""",
            "grad",
            data=-1,
        ),
        l1_in_gradient("gradient of L1 without its sign", lambda w: 1).told("""
            Your gradient pushes every weight down by l1, the negative ones too, away from 0. The slope of |w| has a
            sign."""),
        l1_in_gradient("slope at 0: plus one", lambda w: np.where(w < 0, -1, 1)).told("""
            Only weights of exactly 0 are wrong: yours gives them the slope +l1. The text says 0 there."""),
        l1_in_gradient("slope at 0: minus one", lambda w: np.where(w > 0, 1, -1)).told("""
            Only weights of exactly 0 are wrong: yours gives them the slope −l1. The text says 0 there."""),
        l1_in_gradient("slope at 0: no number", lambda w: w / np.abs(w)).told("""
            Weights of exactly 0 give no number: w / |w| is 0 / 0 there. Which function of NumPy says the sign and gives
            0 for 0?"""),
        l1_in_gradient("gradient of L1: its value", np.abs).told("""
            The part of L1 in your gradient is l1 |w|, its value. A straight line has the same slope everywhere."""),
        l1_in_gradient("gradient of L1: the weight itself", lambda w: w).told("""
            The part of L1 in your gradient is l1 w, so it grows with the weight. |w| is made of two straight lines: how
            steep is each of them?"""),
        l1_in_gradient("gradient of L1: wrong way", lambda w: -np.sign(w)).told("""
            The part of L1 in your gradient has the wrong sign: it would drive weights away from 0."""),
        l2_in_gradient("gradient of L2 without its sign", lambda w: 2 * np.abs(w)).told("""
            The part of L2 in your gradient is positive for negative weights, too. The slope of w² has the sign of
            w."""),
        l2_in_gradient("gradient of L2: one number for all", lambda w: 2 * w.sum()).told("""
            The part of L2 in your gradient is 2 l2 Σw, the same number for every weight. Each weight has its own
            slope."""),
        l2_in_gradient("gradient of L2: its value", lambda w: w**2).told("""
            The part of L2 in your gradient is l2 w², its value. Asked for is how it changes when w grows."""),
        wrong(
            "both penalties without signs",
            grad=lambda grad, w, l1, l2: grad + l1 * (1 - np.sign(w)) + 2 * l2 * (np.abs(w) - w),
        ).told("""
            In your gradient neither penalty has a sign: both push negative weights down, away from 0."""),
        l1_in_loss("L1 without absolute values", lambda w: w.sum()).told("""
            The part of L1 in your loss is l1 Σw: a negative weight lowers it. The sizes are to be summed."""),
        l1_in_loss("L1: size of the sum", lambda w: abs(w.sum())).told("""
            The part of L1 in your loss is l1 |Σw|: weights of opposite signs cancel in it. First the sizes, then the
            sum."""),
        wrong(
            "L1 without absolute values, in both",
            loss=lambda loss, w, l1: loss - l1 * np.abs(w).sum() + l1 * w.sum(),
            grad=lambda grad, w, l1: grad - l1 * np.sign(w) + l1,
        ).told("""
            Yours has l1 Σw where l1 Σ|w| belongs. Descent then pushes negative weights further away from 0."""),
        l2_in_loss("root of the squares", np.linalg.norm).told("""
            The part of L2 in your loss is l2 ‖w‖, with a root. Asked for is the sum of the squares."""),
        l2_in_loss("square of the sum", lambda w: w.sum() ** 2).told("""
            The part of L2 in your loss is l2 (Σw)²: weights of opposite signs cancel in it. Square first, then
            add."""),
        wrong("first weight unpunished", but_the_first).told("""
            Your penalties leave the first weight out, as if it were a bias. There is none here: each weight has its
            price."""),
        wrong("l1 and l2 exchanged", lambda X, y, w, l1, l2: regularized(X, y, w, l2, l1)).told("""
            Your l1 stands before the squares and your l2 before the absolute values."""),
        data_in_loss(
            "root of the data term", lambda y, prediction: np.linalg.norm(prediction - y) / (2 * len(y))
        ).told("""
            The data term of your loss is a norm, with a root. Asked for is its square."""),
        data_in_loss(
            "square of the sum of errors", lambda y, prediction: (prediction - y).sum() ** 2 / (2 * len(y))
        ).told("""
            The data term of your loss squares the sum of the errors: errors up and down cancel. Square each of them
            first."""),
        data_in_loss("errors without squares", lambda y, prediction: (prediction - y).mean() / 2).told("""
            The data term of your loss sums the errors themselves: errors up and down cancel, and it can be negative.
            What is done to an error first?"""),
        data_in_loss("sizes of the errors", lambda y, prediction: np.abs(prediction - y).mean() / 2).told("""
            The data term of your loss sums the sizes of the errors. Asked for are their squares."""),
        data_in_loss(
            "each prediction against each target",
            lambda y, prediction: ((prediction[:, None] - y) ** 2).sum() / (2 * len(y)),
        ).told("""
            The data term of your loss sets each prediction against every target: a column minus a row makes N × N
            differences. X w and y need the same shape, (N,)."""),
        data_in_loss(
            "each prediction against each target, averaged",
            lambda y, prediction: ((prediction[:, None] - y) ** 2).mean() / 2,
        ).told("""
            The data term of your loss is a mean over N × N differences, each prediction against every target. That
            comes from a column minus a row; X w and y need the same shape, (N,)."""),
        step_in_the_place_of(grad="w"),
        by_differences("w", "grad"),
        in_other_order().told("""
            One result stands in the place of the other: first the loss, then the gradient."""),
    ),
)
