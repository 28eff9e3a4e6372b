"""A squared loss with both penalties on its weights, L1 and L2, and the gradient of the sum."""

from typing import Any

import numpy as np

from nnkit.exercises.catalogue.draws import signed
from nnkit.exercises.catalogue.families import in_other_order
from nnkit.exercises.catalogue.withheld import DERIVATIVES
from nnkit.exercises.exercise import Case, Mistake, call_by_name, exercise, wrong
from nnkit.exercises.judge.wording import all_written, written


def regularized(X: np.ndarray, y: np.ndarray, w: np.ndarray, l1: float, l2: float, data: float = 1.0) -> Any:
    """Loss and gradient; the term of the data times `data`."""
    error = X @ w - y
    loss = data * error @ error / (2 * len(y)) + l1 * np.abs(w).sum() + l2 * w @ w
    return loss, data * X.T @ error / len(y) + l1 * np.sign(w) + 2 * l2 * w


def reweighted(label: str, result: str = "", **factors: Any) -> Mistake:
    """Terms (data, l1, l2) times a factor, a number or a function of arguments: in the whole answer or one result."""

    def answer(**arguments: Any) -> Any:
        terms = {"data": 1.0, **arguments}
        for term, factor in factors.items():
            terms[term] *= call_by_name(factor, arguments) if callable(factor) else factor
        return regularized(**terms)

    if not result:
        return wrong(label, answer)
    place = ("loss", "grad").index(result)
    return wrong(label, **{result: lambda **arguments: answer(**arguments)[place]})


def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Each penalty alone, both and none, with weights of both signs, of 0 and near 0."""

    def drawn(rows: int, columns: int, l1: float, l2: float, covers: str, zeros: int = 0, shrunk_by: float = 1) -> Case:
        X, w = signed(rng, 0.5, 2.5, (rows, columns)), signed(rng, 0.5, 2.5, columns)
        if columns > 1:
            w[:2] = np.abs(w[:2]) * rng.permutation([-1, 1])  # both signs
        w[columns - zeros :] = 0
        y = (X @ w + signed(rng, 0.3, 2.0, rows)).round(1)
        w = w / shrunk_by
        arguments = {"X": X, "y": y, "w": w, "l1": l1, "l2": l2}
        weights = written(w) if columns < 4 else f"{columns} numbers"
        sizes = f"{rows} × {columns} numbers in X, w = {weights}, l1 = {l1:g}, l2 = {l2:g}"
        return Case(arguments, covers, all_written(arguments) if X.size <= 4 else sizes)

    one = {"X": np.array([[1.0, 2.0]]), "y": np.array([1.0]), "w": np.array([3.0, -2.0]), "l1": 0.5, "l2": 0.1}
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
    ]
    if hidden:
        found += [drawn(4, 4, 0.7, 0.2, "square X", zeros=1), drawn(7, 2, 0.3, 0.9, "both penalties")]
        found += [drawn(1, 1, 0.5, 0.5, "a single example")]
    return found


EXERCISE = exercise(
    "regularized_loss(X, y, w, l1, l2) -> loss, grad",
    reference=regularized,
    cases=cases,
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
        reweighted("penalties missing in the gradient", "grad", l1=0, l2=0).told("""
            Your gradient is that of the data term alone, so descent would never notice the penalties."""),
        reweighted("penalties missing in the loss", "loss", l1=0, l2=0).told("""
            Your loss is that of the data term alone; the penalties are missing in it."""),
        reweighted("gradient of L1 missing", "grad", l1=0).told("""
            In your gradient the part of L1 is missing."""),
        reweighted("gradient of L2 missing", "grad", l2=0).told("""
            In your gradient the part of L2 is missing."""),
        reweighted("penalties averaged over the weights", l1=lambda w: 1 / len(w), l2=lambda w: 1 / len(w)).told("""
            Your penalties are means over the weights. They are sums: each weight has its own price."""),
        reweighted("penalties missing", l1=0, l2=0).told("""
            Yours is the data term alone: l1 and l2 change nothing in it."""),
        reweighted("½ in the L2 penalty", l2=1 / 2).told("""
            The part of L2 is half of what it should be. Many books write ½ λ w²; here it is l2 w²."""),
        reweighted("gradient of L2 without its 2", "grad", l2=1 / 2).told("""
            In the gradient the part of L2 is half of what it should be: what comes down from the square?"""),
        wrong("gradient of L1 without its sign", grad=lambda grad, w, l1: grad - l1 * np.sign(w) + l1).told("""
            Your gradient pushes every weight down by l1, the negative ones too, away from 0. The slope of |w| has a
            sign."""),
        wrong("slope at 0: plus one", grad=lambda grad, w, l1: grad + l1 * (w == 0)).told("""
            Only weights of exactly 0 are wrong: yours gives them the slope +l1. The text says 0 there."""),
        wrong("slope at 0: minus one", grad=lambda grad, w, l1: grad - l1 * (w == 0)).told("""
            Only weights of exactly 0 are wrong: yours gives them the slope −l1. The text says 0 there."""),
        wrong("slope at 0: no number", grad=lambda grad, w, l1: grad - l1 * np.sign(w) + l1 * w / np.abs(w)).told("""
            Weights of exactly 0 give no number: w / |w| is 0 / 0 there. Which function of NumPy says the sign and gives
            0 for 0?"""),
        wrong(
            "gradient of L1: the weight itself", grad=lambda grad, w, l1: grad - l1 * np.sign(w) + l1 * np.abs(w)
        ).told("""
            The part of L1 in your gradient is l1 |w|, its value. A straight line has the same slope everywhere."""),
        wrong(
            "L1 without absolute values", loss=lambda loss, w, l1: loss - l1 * np.abs(w).sum() + l1 * w.sum()
        ).told("""
            The part of L1 in your loss is l1 Σw: a negative weight lowers it. The sizes are to be summed."""),
        wrong(
            "L1 without absolute values, in both",
            loss=lambda loss, w, l1: loss - l1 * np.abs(w).sum() + l1 * w.sum(),
            grad=lambda grad, w, l1: grad - l1 * np.sign(w) + l1,
        ).told("""
            Yours has l1 Σw where l1 Σ|w| belongs. Descent then pushes negative weights further away from 0."""),
        wrong("root of the squares", loss=lambda loss, w, l2: loss - l2 * w @ w + l2 * np.linalg.norm(w)).told("""
            The part of L2 in your loss is l2 ‖w‖, with a root. Asked for is the sum of the squares."""),
        wrong("square of the sum", loss=lambda loss, w, l2: loss - l2 * w @ w + l2 * w.sum() ** 2).told("""
            The part of L2 in your loss is l2 (Σw)²: weights of opposite signs cancel in it. Square first, then
            add."""),
        wrong("l1 and l2 exchanged", lambda X, y, w, l1, l2: regularized(X, y, w, l2, l1)).told("""
            Your l1 stands before the squares and your l2 before the absolute values."""),
        reweighted("penalties shared among the examples", l1=lambda y: 1 / len(y), l2=lambda y: 1 / len(y)).told("""
            Your penalties are divided by N (or 2N). Only the data term is a mean over examples; the weights are there
            once."""),
        reweighted("penalties under the same 2N", l1=lambda y: 0.5 / len(y), l2=lambda y: 0.5 / len(y)).told("""
            Your penalties stand inside the bracket that is divided by 2N. Only the squared errors belong there."""),
        reweighted("data term without its half", data=2).told("""
            The data term is twice too large. What stands in front of it: 1/N or 1/2N?"""),
        reweighted("data term summed", data=lambda y: len(y)).told("""
            The data term is N times too large: a sum over the examples in place of a mean."""),
        reweighted("gradient of the data term doubled", "grad", data=2).told("""
            In your gradient the data term is twice too large: the ½ of the loss cancels the 2 of the square."""),
        reweighted("gradient of the data term summed", "grad", data=lambda y: len(y)).told("""
            In your gradient the data term is N times too large, a sum over the examples."""),
        reweighted("gradient: sign of the error", "grad", data=-1).told("""
            In your gradient the data term has the wrong sign: y − Xw where Xw − y belongs. In the loss the square hides
            that."""),
        reweighted("penalties subtracted", l1=-1, l2=-1).told("""
            Your penalties are subtracted, a reward for large weights. Which sign makes large weights cost?"""),
        wrong(
            "root of the data term",
            loss=lambda loss, X, y, w: loss + (np.linalg.norm(X @ w - y) - np.sum((X @ w - y) ** 2)) / (2 * len(y)),
        ).told("""
            The data term of your loss is a norm, with a root. Asked for is its square."""),
        in_other_order().told("""
            One result stands in the place of the other: first the loss, then the gradient."""),
    ),
)
