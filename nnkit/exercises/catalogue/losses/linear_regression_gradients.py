"""Linear regression: the gradients of its squared loss with respect to weights and bias."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.draws import one_signed, signed
from nnkit.exercises.catalogue.families import FAR_OUT, by_differences, in_other_order, step_in_the_place_of, times
from nnkit.exercises.catalogue.signs import comparing, steps
from nnkit.exercises.catalogue.withheld import DERIVATIVES
from nnkit.exercises.exercise import Case, Mistake, exercise, wrong
from nnkit.exercises.judge.wording import all_written, written
from nnkit.languages import say


def gradients(X: np.ndarray, errors: np.ndarray) -> tuple[Any, Any]:
    """dw and db, made from the error of each example."""
    return X.T @ errors / len(X), errors.mean()


def least_squares(X: np.ndarray, y: np.ndarray) -> tuple[Any, Any]:
    """w and b of the line with the smallest loss, the shortest of several."""
    found = np.linalg.lstsq(np.column_stack([X, np.ones(len(X))]), y, rcond=None)[0]
    return found[:-1], found[-1]


def scaled(label: str, told: str, factor: float | Callable[..., Any]) -> tuple[Mistake, ...]:
    """One gradient, or both, times a factor; {yours} in the sentence says which."""
    return tuple(
        times(f"{name or 'both'}: {label}", factor, *([name] if name else [])).told(told.format(yours=yours))
        for name, yours in (("dw", "Your dw is"), ("db", "Your db is"), ("", "Both of yours are"))
    )


def left_of_a_loop(label: str, told: str, example: int) -> tuple[Mistake, ...]:
    """What a single example gives, divided by N, in the place of the mean over all."""

    def alone(X: np.ndarray, y: np.ndarray, w: np.ndarray, b: float) -> tuple[Any, Any]:
        error = (X @ w + b - y)[example]
        return X[example] * error / len(y), error / len(y)

    return (
        wrong(f"dw: {label}", dw=lambda X, y, w, b: alone(X, y, w, b)[0]).told(told.format(yours="Your dw has")),
        wrong(f"both: {label}", alone).told(told.format(yours="Yours have")),
    )


def all_against_all(label: str, told: str, error: Callable[[Any, Any], Any]) -> tuple[Mistake, ...]:
    """dw from N × N differences, of which the mean is taken along one side, with and without 1/N for the other.

    Without, either the whole table is added up and divided by N once, or the mean of a side is not divided by N.
    """

    def dw(X: np.ndarray, y: np.ndarray, w: np.ndarray, b: float) -> Any:
        return X.T @ error(X @ w + b, y)

    return (
        wrong(label, dw=lambda X, y, w, b: dw(X, y, w, b) / len(y)).told(told),
        wrong(f"{label}, summed", dw=dw).told(
            """{told} Besides, yours is N times too large: over how many
            differences do you add up, and by how many do you divide?""",
            told=told,
        ),
    )


def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Data of various shapes around a plane, some that lies on it, and weights that are far out."""

    def drawn(rows: int, columns: int, covers: str) -> Case:
        X, w, b = signed(rng, 0.5, 2.5, (rows, columns)), signed(rng, 0.5, 2.0, columns), one_signed(rng, 0.3, 0.9)
        y = (X @ w + b + signed(rng, 0.3, 2.0, rows)).round(1)
        arguments = {"X": X, "y": y, "w": w, "b": b}
        sizes = say("{rows} × {columns} numbers in X, b = {b}", rows=rows, columns=columns, b=written(b))
        return Case(arguments, covers, all_written(arguments) if X.size <= 3 else sizes)

    points = {"X": np.array([[0.0], [1.0], [2.0], [3.0]]), "y": np.array([1.0, 3.0, 4.0, 6.0])}
    fitted = {"X": np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 1.0]]), "y": np.array([0.5, 1.5, 5.5])}
    # The predictions are b: a small step is lost beside such weights, one that is not lost gives exact differences.
    # Sums and means of the columns are exact as well, so that no processor's way to add leaves a rest.
    far = {"X": np.array([[1.0, 1], [3, 3], [2, 2], [2, 2], [2, 2]]), "w": np.array([1.0, -1.0]) * FAR_OUT}
    found = [
        Case({**points, "w": np.array([1.0]), "b": 1.0}, "the four points of the text", "the points of the text"),
        drawn(1, 1, "a single example"),
        drawn(1, 3, "a single example"),
        drawn(2, 1, "one feature"),
        drawn(5, 2, "several features"),
        drawn(3, 3, "square X"),
        drawn(2, 4, "more features than examples"),
        Case({**fitted, "w": np.array([2.0, -1.0]), "b": 0.5}, "a loss of 0", "targets that are met exactly"),
        Case(
            {"X": far["X"], "y": np.arange(5.0), "w": far["w"], "b": 0.5}, "very large weights", "weights of size 10¹⁵"
        ),
    ]
    if hidden:
        found += [drawn(4, 4, "square X"), drawn(7, 3, "several features"), drawn(9, 1, "one feature")]
    return found


EXERCISE = exercise(
    "linear_regression_gradients(X, y, w, b) -> dw, db",
    reference=lambda X, y, w, b: gradients(X, X @ w + b - y),
    cases=cases,
    judge=comparing(*steps(dw="w", db="b")),
    withheld=DERIVATIVES,
    shape_notes={
        "dw": "A gradient has its owner's shape: one number for each feature.",
        "db": "There is one bias, so db is one number.",
    },
    hints=(
        """Begin with the errors e = X w + b − y: one for each example. Which of the two gradients is simply their
        mean?""",
        """Feature j of example i pushes by X[i, j] · e[i]. dw[j] is the mean of that over the examples: a sum along the
        rows of X, for each column.""",
        """`X.T @ e` has one number for each feature, summed over the examples. What is left to divide by?""",
    ),
    mistakes=(
        *scaled(
            "sign of the error",
            """{yours} of the opposite sign, as if the error were target minus prediction. The loss grows with the
            prediction where that lies above the target.""",
            -1,
        ),
        *scaled("the half forgotten", "{yours} exactly twice too large. What does the 2 in front of N cancel?", 2),
        *scaled(
            "half too much",
            """{yours} exactly half of what was expected: the ½ of the loss is still there. A square brings a 2 down
            when it is differentiated.""",
            1 / 2,
        ),
        *scaled(
            "summed, not averaged",
            """{yours} N times too large: a sum over the examples. The loss has 1/2N in front, so twice the data must
            not mean twice the gradient.""",
            lambda y: len(y),
        ),
        *scaled(
            "divided twice",
            "{yours} N times too small. The mean over the examples divides by N once: where is the second time?",
            lambda y: 1 / len(y),
        ),
        *scaled(
            "divided by the features",
            """{yours} divided by the number of features. The loss counts examples: is that the number of rows of X, or
            of columns?""",
            lambda X: len(X) / X.shape[1],
        ),
        *scaled(
            "divided by N − 1",
            "{yours} divided by N − 1, and a single example by 0. How many examples are there?",
            lambda y: np.divide(len(y), len(y) - 1.0),
        ),
        times("sign of the error, and summed", lambda y: -len(y)).told("""
            Two things: your error is target minus prediction, which turns the sign round, and the sum over the examples
            was not divided by N."""),
        times("dw: divided by all entries of X", lambda X: 1 / X.shape[1], "dw").told("""
            Your dw is too small by the number of features. The loss counts examples: how many rows has X, and how many
            numbers?"""),
        wrong("bias left out", lambda X, y, w: gradients(X, X @ w - y)).told("""
            This comes from errors X w − y, without b. Does the line at x = 0 pass through 0?"""),
        wrong("bias added to the weights", lambda X, y, w, b: gradients(X, X @ (w + b) - y)).told("""
            This comes from errors X (w + b) − y: the bias is multiplied by the features. It is to be added once to each
            prediction."""),
        wrong("target left out", lambda X, w, b: gradients(X, X @ w + b)).told("""
            The target is missing: this comes from the prediction alone, not from the error."""),
        wrong("prediction left out", lambda X, y: gradients(X, y)).told("""
            The prediction is missing: this comes from the targets alone. The error is prediction minus target."""),
        wrong("sign of the error alone", lambda X, y, w, b: gradients(X, np.sign(X @ w + b - y))).told("""
            In yours an error of 3 pulls no harder than an error of 0.3. That is the absolute loss; the squared one
            pulls in proportion."""),
        wrong("errors squared", lambda X, y, w, b: gradients(X, (X @ w + b - y) ** 2)).told("""
            Yours is made of the squares of the errors, so an error up and an error down pull the same way. The square
            is in the loss; what is its slope?"""),
        wrong("means multiplied", dw=lambda X, db: X.mean(axis=0) * db).told("""
            Your dw is the mean of X times the mean error. Each example's error belongs to that example's x: multiply
            first, then take the mean."""),
        wrong("dw: weights instead of inputs", dw=lambda w, db: w * db).told("""
            Your dw is the error times w. In the product X w each factor receives the *other* one."""),
        wrong("dw: inputs left out", dw=lambda w, db: np.full(w.shape, db)).told("""
            Your dw is the mean error, the same for every feature. When a weight grows by 1, by how much does the error
            of an example grow?"""),
        *all_against_all(
            "dw: every prediction against the mean target",
            """Your dw sets each prediction against the mean of all targets: a column minus a row makes N × N
            differences. X w and y need the same shape, (N,).""",
            lambda prediction, y: prediction - y.mean(),
        ),
        *all_against_all(
            "dw: every target against the mean prediction",
            """Your dw sets each target against the mean of all predictions: a row minus a column makes N × N
            differences. X w and y need the same shape, (N,).""",
            lambda prediction, y: prediction.mean() - y,
        ),
        *left_of_a_loop(
            "the last example alone",
            """{yours} the part of the last example only: in each round of a loop the one before is forgotten. How do
            the parts add up?""",
            -1,
        ),
        *left_of_a_loop(
            "the first example alone",
            """{yours} the part of the first example only. Does a loop end after its first round? Look how far in
            `return` stands.""",
            0,
        ),
        times("db: times b", lambda b: b, "db").told("""
            Your db is b times too large: b is added, and a sum copies its message."""),
        wrong("db: the mean prediction", db=lambda X, w, b: (X @ w + b).mean()).told("""
            Your db is the mean of the predictions. It is the errors that pull: what is missing in it?"""),
        wrong("db: the loss", db=lambda X, y, w, b: np.mean((X @ w + b - y) ** 2) / 2).told("""
            Your db is the loss itself. Asked for is how it changes when b grows."""),
        wrong("the best line", least_squares).told("""
            Yours are the weights and the bias of the best line. Asked for are the slopes of the loss at the w and b
            that came in."""),
        wrong("db: one for each example", db=lambda X, y, w, b: (X @ w + b - y) / len(y)).told("""
            Your db still has one number for each example. All examples share one bias, and messages to it add up."""),
        wrong("X the wrong way round", dw=lambda X, y, w, b: X @ (X @ w + b - y) / len(y)).told("""
            Something is summed over the features here. Where X is not square the sizes do not fit; where it is, the
            numbers are wrong. The sum must run over the examples."""),
        step_in_the_place_of(dw="w", db="b"),
        by_differences("w", "dw"),
        in_other_order().told("""
            One result stands in the place of the other: first dw, then db."""),
    ),
)
