"""Linear regression: the gradients of its squared loss with respect to weights and bias."""

from typing import Any

import numpy as np

from nnkit.exercises.catalogue.draws import one_signed, signed
from nnkit.exercises.catalogue.families import in_other_order, times
from nnkit.exercises.catalogue.withheld import DERIVATIVES
from nnkit.exercises.exercise import Case, exercise, wrong
from nnkit.exercises.judge.wording import all_written, written


def gradients(X: np.ndarray, errors: np.ndarray) -> tuple[Any, Any]:
    """dw and db, made from the error of each example."""
    return X.T @ errors / len(X), errors.mean()


def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Data of various shapes around a plane, and some that lies on it."""

    def drawn(rows: int, columns: int, covers: str) -> Case:
        X, w, b = signed(rng, 0.5, 2.5, (rows, columns)), signed(rng, 0.5, 2.0, columns), one_signed(rng, 0.3, 0.9)
        y = (X @ w + b + signed(rng, 0.3, 2.0, rows)).round(1)
        arguments = {"X": X, "y": y, "w": w, "b": b}
        sizes = f"{rows} × {columns} numbers in X, b = {written(b)}"
        return Case(arguments, covers, all_written(arguments) if X.size <= 3 else sizes)

    points = {"X": np.array([[0.0], [1.0], [2.0], [3.0]]), "y": np.array([1.0, 3.0, 4.0, 6.0])}
    fitted = {"X": np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 1.0]]), "y": np.array([0.5, 1.5, 5.5])}
    found = [
        Case({**points, "w": np.array([1.0]), "b": 1.0}, "the four points of the text", "the points of the text"),
        drawn(1, 1, "a single example"),
        drawn(1, 3, "a single example"),
        drawn(2, 1, "one feature"),
        drawn(5, 2, "several features"),
        drawn(3, 3, "square X"),
        drawn(2, 4, "more features than examples"),
        Case({**fitted, "w": np.array([2.0, -1.0]), "b": 0.5}, "a loss of 0", "targets that are met exactly"),
    ]
    if hidden:
        found += [drawn(4, 4, "square X"), drawn(7, 3, "several features"), drawn(9, 1, "one feature")]
    return found


EXERCISE = exercise(
    "linear_regression_gradients(X, y, w, b) -> dw, db",
    reference=lambda X, y, w, b: gradients(X, X @ w + b - y),
    cases=cases,
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
        times("sign of the error", -1).told("""
            The opposite sign, as if the error were target minus prediction. The loss grows with the prediction where
            that lies above the target."""),
        times("the half forgotten", 2).told("""
            Exactly twice too large. What does the 2 in front of N cancel?"""),
        times("half too much", 1 / 2).told("""
            Exactly half of what it should be: the ½ of the loss is still there. A square brings a 2 down when it is
            differentiated."""),
        times("summed, not averaged", lambda y: len(y)).told("""
            Yours are N times too large: a sum over the examples. The loss has 1/2N in front, so twice the data must not
            mean twice the gradient."""),
        times("sign of the error, and summed", lambda y: -len(y)).told("""
            Two things: your error is target minus prediction, which turns the sign round, and the sum over the examples
            was not divided by N."""),
        times("dw: summed, not averaged", lambda y: len(y), "dw").told("""
            Your dw is N times too large, a sum over the examples; the loss is a mean."""),
        times("db: summed, not averaged", lambda y: len(y), "db").told("""
            Your db is N times too large, a sum over the examples; the loss is a mean."""),
        times("divided by all entries of X", lambda X: 1 / X.shape[1], "dw").told("""
            Your dw is too small by the number of features. The loss counts examples: how many rows has X, and how many
            numbers?"""),
        wrong("bias left out", lambda X, y, w: gradients(X, X @ w - y)).told("""
            This comes from errors X w − y, without b. Does the line at x = 0 pass through 0?"""),
        wrong("target left out", lambda X, w, b: gradients(X, X @ w + b)).told("""
            The target is missing: this comes from the prediction alone, not from the error."""),
        wrong("prediction left out", lambda X, y: gradients(X, y)).told("""
            The prediction is missing: this comes from the targets alone. The error is prediction minus target."""),
        wrong("sign of the error alone", lambda X, y, w, b: gradients(X, np.sign(X @ w + b - y))).told("""
            In yours an error of 3 pulls no harder than an error of 0.3. That is the absolute loss; the squared one
            pulls in proportion."""),
        wrong("means multiplied", dw=lambda X, db: X.mean(axis=0) * db).told("""
            Your dw is the mean of X times the mean error. Each example's error belongs to that example's x: multiply
            first, then take the mean."""),
        wrong("dw: weights instead of inputs", dw=lambda w, db: w * db).told("""
            Your dw is the error times w. In the product X w each factor receives the *other* one."""),
        times("db: times b", lambda b: b, "db").told("""
            Your db is b times too large: b is added, and a sum copies its message."""),
        wrong("db: one for each example", db=lambda X, y, w, b: (X @ w + b - y) / len(y)).told("""
            Your db still has one number for each example. All examples share one bias, and messages to it add up."""),
        wrong("X the wrong way round", dw=lambda X, y, w, b: X @ (X @ w + b - y) / len(y)).told("""
            X @ e works for square X only, and is wrong there too: it sums over the features. The sum must run over the
            examples and leave one number for each feature."""),
        in_other_order().told("""
            One result stands in the place of the other: first dw, then db."""),
    ),
)
