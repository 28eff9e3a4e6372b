"""The exercises of notebook 03, second part: losses and penalties."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from nnkit.exercises import ladder
from nnkit.exercises.exercise import Case, Exercise, Mistake
from nnkit.exercises.wording import number

# Whoever calls one of these has not worked the gradient out.
AUTOMATIC = (
    "nnkit.engine.Tensor.backward",
    "nnkit.engine.walk",
    "torch.Tensor.backward",
    "torch.autograd.backward",
    "torch.autograd.grad",
    "torch.func.grad",
    "jax.grad",
    "jax.value_and_grad",
    "scipy.optimize.approx_fprime",
    "scipy.optimize._numdiff.approx_derivative",
    "scipy.differentiate.derivative",
)
CROSS_ENTROPY = (
    "nnkit.functional.cross_entropy",
    "nnkit.functional.nll_loss",
    "nnkit.functional.softmax",
    "nnkit.functional.log_softmax",
    "nnkit.engine.Tensor.softmax",
    "nnkit.engine.Tensor.log_softmax",
    "torch.nn.functional.cross_entropy",
    "torch.nn.functional.nll_loss",
    "torch.nn.functional.softmax",
    "torch.nn.functional.log_softmax",
    "scipy.special.softmax",
    "scipy.special.log_softmax",
    "sklearn.metrics.log_loss",
    "jax.nn.softmax",
    "jax.nn.log_softmax",
)


def _written(values: Any) -> str:
    """Numbers as one would type them, with true minus signs."""
    if np.ndim(values) == 0:
        return f"{float(values):g}".replace("-", "−")
    return f"[{', '.join(_written(value) for value in values)}]"


def _signed(rng: np.random.Generator, low: float, high: float, shape: Any = ()) -> np.ndarray:
    """One decimal, away from 0, of either sign: short enough to follow by hand."""
    return np.asarray(rng.uniform(low, high, shape).round(1) * rng.choice([-1, 1], shape))


# ---------------------------------------------------------------------------------------------------------------------
# linear_regression_gradients
# ---------------------------------------------------------------------------------------------------------------------


def _regression(X: np.ndarray, y: np.ndarray, w: np.ndarray, b: float) -> tuple[Any, Any]:
    error = X @ w + b - y
    return X.T @ error / len(y), error.mean()


def _with_error(error: Callable[..., np.ndarray]) -> Callable[..., tuple[Any, Any]]:
    """The gradients with another error signal, made from prediction and target."""

    def change(expected: Any, X: np.ndarray, y: np.ndarray, w: np.ndarray, b: float) -> tuple[Any, Any]:
        e = error(X @ w + b, y, b)
        return X.T @ e / len(y), np.mean(e)

    return change


def _regression_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(rows: int, columns: int, covers: str) -> Case:
        X, w = _signed(rng, 0.5, 2.5, (rows, columns)), _signed(rng, 0.5, 2.0, columns)
        b = float(_signed(rng, 0.3, 0.9))
        y = (X @ w + b + _signed(rng, 0.3, 2.0, rows)).round(1)
        arguments = {"X": X, "y": y, "w": w, "b": b}
        if X.size <= 3:
            return Case(arguments, covers, ", ".join(f"{name} = {_written(part)}" for name, part in arguments.items()))
        return Case(arguments, covers, f"{rows} × {columns} numbers in X, b = {_written(b)}")

    X, y = np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([1.0, 3.0, 4.0, 6.0])
    fitted = {"X": np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 1.0]]), "y": np.array([0.5, 1.5, 5.5])}
    cases = [
        Case({"X": X, "y": y, "w": np.array([1.0]), "b": 1.0}, "the four points of the text", "the points of the text"),
        case(1, 1, "a single example"),
        case(1, 3, "a single example"),
        case(2, 1, "one feature"),
        case(5, 2, "several features"),
        case(3, 3, "square X"),
        case(2, 4, "more features than examples"),
        Case({**fitted, "w": np.array([2.0, -1.0]), "b": 0.5}, "a loss of 0", "targets that are met exactly"),
    ]
    if hidden:
        cases += [case(4, 4, "square X"), case(7, 3, "several features"), case(9, 1, "one feature")]
    return cases


LINEAR_REGRESSION_GRADIENTS = Exercise(
    name="linear_regression_gradients",
    signature="linear_regression_gradients(X, y, w, b)",
    returns=("dw", "db"),
    reference=_regression,
    cases=_regression_cases,
    withheld=AUTOMATIC,
    shape_notes={
        "dw": "A gradient has its owner's shape: one number for each feature.",
        "db": "There is one bias, so db is one number.",
    },
    hints=(
        "Begin with the errors e = X w + b − y: one for each example. Which of the two gradients is simply their mean?",
        "Feature j of example i pushes by X[i, j] · e[i]. dw[j] is the mean of that over the examples: a sum along the "
        "rows of X, for each column.",
        "`X.T @ e` has one number for each feature, summed over the examples. What is left to divide by?",
    ),
    mistakes=(
        Mistake.relation(
            "sign of the error",
            "The opposite sign, as if the error were target minus prediction. The loss grows with the prediction where "
            "that lies above the target.",
            lambda expected, X, y, w, b: (-expected[0], -expected[1]),
        ),
        Mistake.relation(
            "the half forgotten",
            "Exactly twice too large. What does the 2 in front of N cancel?",
            lambda expected, X, y, w, b: (2 * expected[0], 2 * expected[1]),
        ),
        Mistake.relation(
            "half too much",
            "Exactly half of what it should be: the ½ of the loss is still there. A square brings a 2 down when it is "
            "differentiated.",
            lambda expected, X, y, w, b: (expected[0] / 2, expected[1] / 2),
        ),
        Mistake.relation(
            "summed, not averaged",
            "Yours are N times too large: a sum over the examples. The loss has 1/2N in front, so twice the data must "
            "not mean twice the gradient.",
            lambda expected, X, y, w, b: (len(y) * expected[0], len(y) * expected[1]),
        ),
        Mistake.relation(
            "sign of the error, and summed",
            "Two things: your error is target minus prediction, which turns the sign round, and the sum over the "
            "examples was not divided by N.",
            lambda expected, X, y, w, b: (-len(y) * expected[0], -len(y) * expected[1]),
        ),
        Mistake.relation(
            "dw: summed, not averaged",
            "Your dw is N times too large, a sum over the examples; the loss is a mean.",
            lambda expected, X, y, w, b: (len(y) * expected[0], expected[1]),
        ),
        Mistake.relation(
            "db: summed, not averaged",
            "Your db is N times too large, a sum over the examples; the loss is a mean.",
            lambda expected, X, y, w, b: (expected[0], len(y) * expected[1]),
        ),
        Mistake.relation(
            "divided by all entries of X",
            "Your dw is too small by the number of features. The loss counts examples: how many rows has X, and how "
            "many numbers?",
            lambda expected, X, y, w, b: (expected[0] / X.shape[1], expected[1]),
        ),
        Mistake.relation(
            "bias left out",
            "This comes from errors X w − y, without b. Does the line at x = 0 pass through 0?",
            _with_error(lambda p, y, b: p - b - y),
        ),
        Mistake.relation(
            "target left out",
            "The target is missing: this comes from the prediction alone, not from the error.",
            _with_error(lambda p, y, b: p),
        ),
        Mistake.relation(
            "prediction left out",
            "The prediction is missing: this comes from the targets alone. The error is prediction minus target.",
            _with_error(lambda p, y, b: y),
        ),
        Mistake.relation(
            "sign of the error alone",
            "In yours an error of 3 pulls no harder than an error of 0.3. That is the absolute loss; the squared one "
            "pulls in proportion.",
            _with_error(lambda p, y, b: np.sign(p - y)),
        ),
        Mistake.relation(
            "means multiplied",
            "Your dw is the mean of X times the mean error. Each example's error belongs to that example's x: multiply "
            "first, then take the mean.",
            lambda expected, X, y, w, b: (X.mean(axis=0) * expected[1], expected[1]),
        ),
        Mistake.relation(
            "dw: weights instead of inputs",
            "Your dw is the error times w. In the product X w each factor receives the *other* one.",
            lambda expected, X, y, w, b: (w * expected[1], expected[1]),
        ),
        Mistake.relation(
            "db: times b",
            "Your db is b times too large: b is added, and a sum copies its message.",
            lambda expected, X, y, w, b: (expected[0], b * expected[1]),
        ),
        Mistake.relation(
            "db: one for each example",
            "Your db still has one number for each example. All examples share one bias, and messages to it add up.",
            lambda expected, X, y, w, b: (expected[0], (X @ w + b - y) / len(y)),
        ),
        Mistake.implementation(
            "X the wrong way round",
            "X @ e works for square X only, and is wrong there too: it sums over the features. The sum must run over "
            "the examples and leave one number for each feature.",
            lambda X, y, w, b: (X @ (X @ w + b - y) / len(y), np.mean(X @ w + b - y)),
        ),
        Mistake.relation(
            "order of the results",
            "One result stands in the place of the other: first dw, then db.",
            lambda expected, X, y, w, b: (expected[1], expected[0]),
        ),
    ),
)


# ---------------------------------------------------------------------------------------------------------------------
# negative_log_likelihood and softmax_cross_entropy
# ---------------------------------------------------------------------------------------------------------------------


def _softmax(scores: Any, axis: int | None = -1) -> Any:
    exponentials = np.exp(scores - np.max(scores, axis=axis, keepdims=True))
    return exponentials / exponentials.sum(axis=axis, keepdims=True)


def _one_sample(scores: np.ndarray, y: int) -> float:
    return float(np.log(np.sum(np.exp(scores))) - scores[y])


def _one_sample_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(size: int, y: int, covers: str) -> Case:
        scores = rng.permutation(np.linspace(-2, 3, size) + rng.uniform(-0.3, 0.3, size)).round(1)
        return Case({"scores": scores, "y": y}, covers, "" if size < 4 else f"{size} scores, y = {y}")

    animals = np.array([3.2, 5.1, -1.7])
    cases = [
        *(Case({"scores": animals, "y": y}, "cat, car and frog") for y in (0, 1, 2)),
        Case({"scores": np.array([1.0, 1.0]), "y": 1}, "equal scores"),
        Case({"scores": np.zeros(10), "y": 3}, "equal scores", "ten scores of 0, y = 3"),
        Case({"scores": np.array([-3.0, -1.0, -2.5]), "y": 0}, "negative scores"),
        case(2, 0, "two classes"),
        case(5, 4, "more classes"),
        case(10, 0, "more classes"),
    ]
    return [*cases, case(4, 2, "more classes"), case(7, 6, "more classes")] if hidden else cases


NEGATIVE_LOG_LIKELIHOOD = Exercise(
    name="negative_log_likelihood",
    signature="negative_log_likelihood(scores, y)",
    reference=_one_sample,
    cases=_one_sample_cases,
    withheld=(*AUTOMATIC, *CROSS_ENTROPY),
    shape_notes={"": "One sample has one right class, so its loss is one number."},
    hints=(
        "Three steps: e to the power of every score, divide by their sum, and look at one of the results only.",
        "`np.exp(scores)` makes all scores positive; divided by its sum it is a list of probabilities. Which entry "
        "belongs to the right class, and what is minus its logarithm? `np.log` is the natural one.",
    ),
    mistakes=(
        Mistake.relation(
            "logarithm to base 10",
            "Yours is the expected value divided by 2.303: a logarithm to base 10. It is what some slides show, 0.89 "
            "for the cat. Which logarithm undoes an exponential of base e?",
            lambda expected, scores, y: expected / np.log(10),
        ),
        Mistake.relation(
            "logarithm to base 2",
            "Yours is the expected value divided by 0.693: a logarithm to base 2, the loss in bits.",
            lambda expected, scores, y: expected / np.log(2),
        ),
        Mistake.relation(
            "minus missing",
            "The right size, negative. A probability is below 1, so its logarithm is below 0; a loss is not.",
            lambda expected, scores, y: -expected,
        ),
        Mistake.relation(
            "the probability itself",
            "Yours is the probability of the right class. It grows when the answer gets better; a loss falls.",
            lambda expected, scores, y: np.exp(-expected),
        ),
        Mistake.relation(
            "one minus the probability",
            "Yours is 1 − p. It never exceeds 1, however sure and wrong the answer is.",
            lambda expected, scores, y: 1 - np.exp(-expected),
        ),
        Mistake.relation(
            "not normalised",
            "Yours is minus the score of the right class. The exponentials were not divided by their sum.",
            lambda expected, scores, y: -scores[y],
        ),
        Mistake.relation(
            "scores shared out without the exponential",
            "Yours divides the scores themselves by their sum. A score may be negative; what makes it positive first?",
            lambda expected, scores, y: -np.log(scores[y] / np.sum(scores)),
        ),
        Mistake.relation(
            "the largest score",
            "Yours looks at the class with the largest score, whatever y says. A wrong answer costs nothing then.",
            lambda expected, scores, y: -np.log(np.max(_softmax(scores))),
        ),
        Mistake.relation(
            "class 0",
            "Yours is right when y is 0, and then does not change with y. Which entry do you pick?",
            lambda expected, scores, y: -np.log(_softmax(scores)[0]),
        ),
        Mistake.relation(
            "classes counted from 1",
            "Yours is the loss of the class before: entry y − 1. Python counts from 0, and so does y here.",
            lambda expected, scores, y: -np.log(_softmax(scores)[y - 1]),
        ),
        Mistake.relation(
            "a sigmoid for each class",
            "Yours puts the right score through a sigmoid. The other scores do not matter then; softmax shares 1 among "
            "all of them.",
            lambda expected, scores, y: np.log1p(np.exp(-scores[y])),
        ),
        Mistake.relation(
            "all classes",
            "Yours has one number for each class. Only the probability of the class that was there counts.",
            lambda expected, scores, y: -np.log(_softmax(scores)),
        ),
        Mistake.relation(
            "sum over all classes",
            "Yours adds up −log p of all classes, the wrong ones too. Being sure that it is no frog costs dear there.",
            lambda expected, scores, y: -np.sum(np.log(_softmax(scores))),
        ),
        Mistake.relation(
            "right class left out of the sum",
            "Your sum of exponentials leaves the right class out, so its share can be more than all.",
            lambda expected, scores, y: np.log(np.sum(np.exp(np.delete(scores, y)))) - scores[y],
        ),
    ),
)


def _cross_entropy(logits: np.ndarray, y: np.ndarray) -> tuple[Any, Any]:
    shifted = logits - logits.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -logs[np.arange(len(y)), y].mean(), (np.exp(logs) - _targets(logits, y)) / len(y)


def _targets(scores: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.asarray(y[:, None] == np.arange(scores.shape[1]), dtype=float)


def _unshifted(logits: np.ndarray, y: np.ndarray) -> tuple[Any, Any]:
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(y)), y]).mean(), (p - _targets(logits, y)) / len(y)


def _shifted_by_one_number(logits: np.ndarray, y: np.ndarray) -> tuple[Any, Any]:
    shifted = logits - logits.max()
    total = np.exp(shifted).sum(axis=1, keepdims=True)
    loss = np.mean(np.log(total)[:, 0] - shifted[np.arange(len(y)), y])
    return loss, (np.exp(shifted) / total - _targets(logits, y)) / len(y)


def _base_ten_below(expected: Any, logits: np.ndarray, y: np.ndarray) -> tuple[Any, Any]:
    shifted = logits - logits.max(axis=1, keepdims=True)
    logs = shifted - np.log10(np.exp(shifted).sum(axis=1, keepdims=True))
    return -_of_the_right(logs, y).mean(), (np.exp(logs) - _targets(logits, y)) / len(y)


def _with_p(loss: Callable[..., Any], gradient: Callable[..., Any]) -> Callable[..., tuple[Any, Any]]:
    """Loss and gradient, made from the probabilities p, the targets t as 0 and 1, and the labels y."""

    def change(expected: Any, logits: np.ndarray, y: np.ndarray) -> tuple[Any, Any]:
        p, t = _softmax(logits), _targets(logits, y)
        return (
            expected[0] if loss is _as_expected else loss(p, t, y),
            expected[1] if gradient is _as_expected else gradient(p, t, y),
        )

    return change


def _as_expected(p: Any, t: Any, y: Any) -> Any:
    """Marks the result in which a mistake does not show."""


def _of_the_right(p: np.ndarray, y: np.ndarray) -> np.ndarray:
    return p[np.arange(len(y)), y]


def _small_number_added(exponent: int) -> Mistake:
    end = number(exponent * np.log(10))
    return Mistake.relation(
        f"a small number added: 1e-{exponent}",
        f"Your loss stops at {end}, which is −log of 1e-{exponent}. A small number inside the logarithm hides the "
        "infinity; the true loss goes on to 20,000. Write log p as a difference instead.",
        _with_p(lambda p, t, y: -np.log(_of_the_right(p, y) + 10.0**-exponent).mean(), _as_expected),
    )


def _cross_entropy_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(rows: int, classes: int, covers: str, y: Any = None) -> Case:
        logits = rng.uniform(-3, 3, (rows, classes)).round(1)
        labels = rng.permutation(np.arange(rows) % classes) if y is None else np.array(y)
        text = f"logits = {_written(logits)}, y = {_written(labels)}"
        return Case({"logits": logits, "y": labels}, covers, text if logits.size < 9 else f"{rows} × {classes} logits")

    def given(logits: Any, y: Any, covers: str, text: str = "") -> Case:
        return Case({"logits": np.array(logits, dtype=float), "y": np.array(y)}, covers, text)

    cases = [
        given([[3.2, 5.1, -1.7]], [0], "cat, car and frog", "logits = [[3.2, 5.1, −1.7]], y = [0]"),
        given([[0, 0]], [1], "ties", "logits = [[0, 0]], y = [1]"),
        given([[1, 1, -1], [2, 2, 2]], [0, 2], "ties", "logits = [[1, 1, −1], [2, 2, 2]], y = [0, 2]"),
        case(1, 4, "a single sample"),
        case(4, 2, "two classes"),
        case(3, 3, "as many samples as classes"),
        case(4, 4, "as many samples as classes", [2, 2, 0, 2]),
        case(5, 3, "several samples"),
        case(2, 10, "ten classes"),
        case(6, 3, "one class only", [1] * 6),
        given([[1e4, 9.999e3, 0]], [1], "logits of size 10⁴", "logits = [[10000, 9999, 0]], y = [1]"),
        given([[-1e4, -1.0001e4]], [0], "logits of size 10⁴", "logits = [[−10000, −10001]], y = [0]"),
        given([[1e4, -1e4, 0]], [1], "logits of size 10⁴", "logits = [[10000, −10000, 0]], y = [1]"),
        given([[1e4, 9.998e3], [1.5, 0.5]], [1, 0], "logits of size 10⁴", "logits = [[10⁴, 10⁴ − 2], [1.5, 0.5]]"),
    ]
    if hidden:
        cases += [case(7, 5, "several samples"), case(2, 2, "as many samples as classes"), case(1, 2, "two classes")]
        size = float(rng.integers(5_000, 10_000))
        cases += [given([[size, -size, 0.5], [0, -size, size]], [2, 1], "logits of size 10⁴", f"logits of ±{size:g}")]
    return cases


SOFTMAX_CROSS_ENTROPY = Exercise(
    name="softmax_cross_entropy",
    signature="softmax_cross_entropy(logits, y)",
    returns=("loss", "dlogits"),
    reference=_cross_entropy,
    cases=_cross_entropy_cases,
    withheld=(*AUTOMATIC, *CROSS_ENTROPY),
    shape_notes={
        "loss": "The loss is the mean over the samples: one number.",
        "dlogits": "A gradient has its owner's shape: one number for each logit.",
    },
    hints=(
        "First without large numbers: the loss of each row as in `negative_log_likelihood`, then the mean. "
        "`p[np.arange(N), y]` picks from each row the entry of its own label.",
        "The gradient of one row is p, with 1 taken off at the right class. The mean over the rows divides it by N.",
        "e^10000 is too large for a float. Softmax does not change when the same number is taken from all logits of a "
        "row: take the largest. And log(e^a / s) is a − log s: never compute a probability that you only want the "
        "logarithm of.",
    ),
    mistakes=(
        Mistake.implementation(
            "overflow",
            "The exponential of 10,000 is infinite, that of −10,000 is 0, and the quotient is no number; smaller "
            "logits do not show it. What may be taken from all logits of a row without changing the probabilities?",
            _unshifted,
        ),
        Mistake.implementation(
            "largest of the whole batch taken off",
            "Your largest logit is that of the whole batch. A row that lies far below it has only zeros left after the "
            "exponential: each row needs its own.",
            _shifted_by_one_number,
        ),
        Mistake.relation(
            "logarithm of a rounded zero",
            "Your loss becomes infinite where the right class's probability is too small for a "
            "float: the logarithm of 0 is taken. Write log p as a difference before any exponential is rounded.",
            _with_p(lambda p, t, y: -np.log(_of_the_right(p, y)).mean(), _as_expected),
        ),
        Mistake.relation(
            "p changed before the loss",
            "Your loss takes the logarithm of p − 1, a negative number: the 1 was taken off for the gradient before "
            "the loss had been read from p. Is `dlogits` a copy, or another name for the same array?",
            _with_p(lambda p, t, y: -np.log(_of_the_right(p, y) - 1).mean(), _as_expected),
        ),
        Mistake.relation(
            "two bases in one difference",
            "Your log p is a logit minus a logarithm to base 10. The logit is an exponent of e, so the sum needs the "
            "natural logarithm.",
            _base_ten_below,
        ),
        *(_small_number_added(exponent) for exponent in (7, 8, 9, 10, 12, 15)),
        Mistake.relation(
            "logarithm to base 10",
            "Your loss is the expected one divided by 2.303: a logarithm to base 10. Softmax is built on e.",
            lambda expected, logits, y: (expected[0] / np.log(10), expected[1]),
        ),
        Mistake.relation(
            "minus missing",
            "Your loss has the right size and is negative. The logarithm of a probability is below 0; a loss is not.",
            lambda expected, logits, y: (-expected[0], expected[1]),
        ),
        Mistake.relation(
            "summed over the batch",
            "N times too large: a sum over the samples. Asked for is the mean.",
            lambda expected, logits, y: (len(y) * expected[0], len(y) * expected[1]),
        ),
        Mistake.relation(
            "gradient summed over the batch",
            "Your gradient is that of a sum over the samples, N times too large. The loss is to be their mean.",
            lambda expected, logits, y: (expected[0], len(y) * expected[1]),
        ),
        Mistake.relation(
            "loss summed over the batch",
            "Your loss is a sum over the samples, N times too large. Asked for is their mean.",
            lambda expected, logits, y: (len(y) * expected[0], expected[1]),
        ),
        Mistake.relation(
            "mean over all entries",
            "Too small by the number of classes: your mean runs over all entries. Each sample has one right class, so "
            "there are N numbers to average.",
            lambda expected, logits, y: (expected[0] / logits.shape[1], expected[1] / logits.shape[1]),
        ),
        Mistake.relation(
            "one loss for each sample",
            "Your loss still has one number for each sample; the mean over the batch is asked for.",
            lambda expected, logits, y: (
                np.array([_cross_entropy(logits[i : i + 1], y[i : i + 1])[0] for i in range(len(y))]),
                expected[1],
            ),
        ),
        Mistake.relation(
            "softmax down the columns",
            "Your probabilities add up to 1 down each column, over the samples. They belong to one sample's classes: "
            "along which axis do these lie?",
            lambda expected, logits, y: (
                -np.log(_of_the_right(_softmax(logits, 0), y)).mean(),
                (_softmax(logits, 0) - _targets(logits, y)) / len(y),
            ),
        ),
        Mistake.relation(
            "softmax over the whole batch",
            "A single sample is right. With several, your probabilities add up to 1 over all of them together: the sum "
            "needs an axis.",
            lambda expected, logits, y: (
                -np.log(_of_the_right(_softmax(logits, None), y)).mean(),
                (_softmax(logits, None) - _targets(logits, y)) / len(y),
            ),
        ),
        Mistake.relation(
            "every label for every row",
            "`p[:, y]` takes all columns in y for every row, N × N numbers. Row i belongs to label i only.",
            _with_p(
                lambda p, t, y: -np.log(p[:, y]).mean(),
                lambda p, t, y: (p - np.isin(np.arange(p.shape[1]), y)) / len(p),
            ),
        ),
        Mistake.relation(
            "every label for every row, in the gradient",
            "Your gradient takes 1 off in all columns that occur in y, in every row. Row i belongs to label i only: "
            "`[np.arange(N), y]`.",
            _with_p(_as_expected, lambda p, t, y: (p - np.isin(np.arange(p.shape[1]), y)) / len(p)),
        ),
        Mistake.relation(
            "gradient: softmax alone",
            "Your gradient is p / N. It pushes all logits down, that of the right class too: what pulls that one up?",
            _with_p(_as_expected, lambda p, t, y: p / len(p)),
        ),
        Mistake.relation(
            "gradient: sign",
            "Your gradient has the opposite sign. The loss falls when the right class's logit grows: its entry is "
            "negative.",
            lambda expected, logits, y: (expected[0], -expected[1]),
        ),
        Mistake.relation(
            "gradient: 1 taken from all",
            "Your gradient takes 1 off at every class. Only the right one's logit stands in the loss a second time.",
            _with_p(_as_expected, lambda p, t, y: (p - 1) / len(p)),
        ),
        Mistake.relation(
            "gradient: with respect to p",
            "Yours is −1/p at the right class: the gradient for the probabilities. It has not passed the softmax yet.",
            _with_p(_as_expected, lambda p, t, y: -t / p / len(p)),
        ),
        Mistake.relation(
            "gradient: right class only",
            "Your gradient moves the right class's logit only. The others are in the sum under it: they get p.",
            _with_p(_as_expected, lambda p, t, y: (p - 1) * t / len(p)),
        ),
        Mistake.relation(
            "gradient: slope of a sigmoid",
            "Your gradient is (p − t) p (1 − p), as for a squared loss behind sigmoids. Here the logarithm has "
            "cancelled that factor.",
            _with_p(_as_expected, lambda p, t, y: (p - t) * p * (1 - p) / len(p)),
        ),
        Mistake.relation(
            "the largest logit for the right one",
            "Yours takes the class with the largest logit for the right one. What does y say?",
            lambda expected, logits, y: _cross_entropy(logits, logits.argmax(axis=1)),
        ),
        Mistake.relation(
            "order of the results",
            "One result stands in the place of the other: first the loss, then dlogits.",
            lambda expected, logits, y: (expected[1], expected[0]),
        ),
    ),
)


# ---------------------------------------------------------------------------------------------------------------------
# hinge_loss
# ---------------------------------------------------------------------------------------------------------------------


def _excess(scores: np.ndarray, y: np.ndarray, margin: float) -> np.ndarray:
    """s_j − s_y + margin for the wrong classes; −1, which costs nothing, at the right one."""
    return np.where(_targets(scores, y) > 0, -1.0, scores - _of_the_right(scores, y)[:, None] + margin)


def _hinge(scores: np.ndarray, y: np.ndarray, margin: float = 1.0, at_kinks: Any = 0.0) -> tuple[Any, Any]:
    excess = _excess(scores, y, margin)
    pushed = np.where(excess == 0, at_kinks, excess > 0)
    gradient = pushed - pushed.sum(axis=1, keepdims=True) * _targets(scores, y)
    return np.maximum(excess, 0).sum(axis=1).mean(), gradient / len(y)


def _hinge_judge(exercise: Exercise, case: Case, answer: dict[str, Any]) -> ladder.Finding | None:
    """At a kink every slope between the two one-sided ones is right: the reference takes that of the answer."""
    at_kinks: Any = 0.0
    returned, scores = answer["returned"], case.arguments["scores"]
    if isinstance(returned, list | tuple) and len(returned) == 2:
        gradient = returned[1] if isinstance(returned[1], np.ndarray | list | tuple) else None
        if gradient is not None and np.shape(gradient) == scores.shape and np.asarray(gradient).dtype.kind in "iuf":
            slopes = np.asarray(gradient, dtype=float) * len(scores)
            at_kinks = np.where((slopes > 0) & (slopes < 1 + 1e-6), slopes, 0.0)

    def reference(scores: np.ndarray, y: np.ndarray, margin: float = 1.0) -> Any:
        return _hinge(scores, y, margin, at_kinks)

    return ladder.compare_with_reference(replace(exercise, reference=reference, judge=None), case, answer)


def _hinge_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(rows: int, classes: int, covers: str, margin: float | None = None, y: Any = None) -> Case:
        labels = rng.permutation(np.arange(rows) % classes) if y is None else np.array(y)
        while True:  # away from the kinks, which have cases of their own, and with work to do
            scores = rng.uniform(-2, 2, (rows, classes)).round(1)
            excess = _excess(scores, labels, 1.0 if margin is None else margin)
            if np.all(np.abs(excess) > 0.05) and (excess > 0).any() and ((excess < 0).sum() > rows or classes == 2):
                break
        arguments = {"scores": scores, "y": labels} | ({} if margin is None else {"margin": margin})
        text = (
            f"scores = {_written(scores)}, y = {_written(labels)}" if scores.size < 9 else f"{rows} × {classes} scores"
        )
        return Case(arguments, covers, text + ("" if margin is None else f", margin = {margin:g}"))

    def given(scores: Any, y: Any, covers: str, margin: float | None = None) -> Case:
        text = f"scores = {_written(scores)}, y = {y}" + ("" if margin is None else f", margin = {margin:g}")
        arguments = {"scores": np.array(scores, dtype=float), "y": np.array(y)}
        return Case(arguments | ({} if margin is None else {"margin": margin}), covers, text)

    cases = [
        given([[3.2, 5.1, -1.7]], [0], "cat, car and frog"),
        given([[2.5, 4.0, 2.0]], [0], "the four pixels"),
        given([[5.0, 1.0, 2.0, 3.0]], [0], "a loss of 0"),
        given([[1, 1, 1]], [2], "ties"),
        given([[2.0, 1.0, -1.0, 1.5]], [0], "a hinge exactly at 0"),
        given([[0, 2, 1, 1], [3, 3, 4, 5]], [1, 2], "a hinge exactly at 0"),
        case(1, 5, "a single sample"),
        case(4, 2, "two classes"),
        case(3, 3, "as many samples as classes"),
        case(4, 4, "as many samples as classes", y=[1, 1, 3, 1]),
        case(5, 3, "several samples"),
        case(2, 10, "ten classes"),
        case(2, 3, "other margins", 0.5),
        case(3, 4, "other margins", 2.0),
    ]
    if hidden:
        cases += [
            case(6, 4, "several samples"),
            case(2, 2, "as many samples as classes"),
            case(3, 5, "other margins", 1.5),
        ]
        cases += [given([[0, 0.5, -1.0], [2, -1, 1.5]], [1, 0], "a hinge exactly at 0", 0.5)]
    return cases


def _with_excess(loss: Callable[..., Any], gradient: Callable[..., Any]) -> Callable[..., tuple[Any, Any]]:
    """Loss and gradient, made from the excesses (0 at the right class), which of them count, and the targets."""

    def change(expected: Any, scores: np.ndarray, y: np.ndarray, margin: float = 1.0) -> tuple[Any, Any]:
        t = _targets(scores, y)
        e = np.where(t > 0, 0.0, _excess(scores, y, margin))
        return (
            expected[0] if loss is _as_expected else loss(e, e > 0, t),
            expected[1] if gradient is _as_expected else gradient(e, e > 0, t) / len(y),
        )

    return change


def _counted(pushed: np.ndarray, t: np.ndarray) -> np.ndarray:
    return np.asarray(pushed - pushed.sum(axis=1, keepdims=True) * t)


def _worst(e: np.ndarray) -> np.ndarray:
    return np.asarray((np.arange(e.shape[1]) == e.argmax(axis=1)[:, None]) * (e > 0))


def _other_difference(difference: Callable[[Any, Any, Any], Any]) -> Callable[..., tuple[Any, Any]]:
    """The loss with another difference under the hinge, and the gradient that belongs to it."""

    def change(expected: Any, scores: np.ndarray, y: np.ndarray, margin: float = 1.0) -> tuple[Any, Any]:
        t = _targets(scores, y)
        e = np.where(t > 0, -1.0, difference(scores, _of_the_right(scores, y)[:, None], margin))
        return np.maximum(e, 0).sum(axis=1).mean(), _counted(e > 0, t) / len(y)

    return change


def _label_columns_missing(scores: np.ndarray, y: np.ndarray, margin: float = 1.0) -> tuple[Any, Any]:
    e = scores - scores[np.arange(len(y)), y] + margin
    t = _targets(scores, y)
    e = np.where(t > 0, 0.0, e)
    return np.maximum(e, 0).sum(axis=1).mean(), _counted(e > 0, t) / len(y)


HINGE_LOSS = Exercise(
    name="hinge_loss",
    signature="hinge_loss(scores, y, margin=1.0)",
    returns=("loss", "dscores"),
    reference=_hinge,
    cases=_hinge_cases,
    judge=_hinge_judge,
    withheld=(
        *AUTOMATIC,
        "nnkit.functional.multi_margin_loss",
        "torch.nn.functional.multi_margin_loss",
        "sklearn.metrics.hinge_loss",
    ),
    shape_notes={
        "loss": "The loss is the mean over the samples: one number.",
        "dscores": "A gradient has its owner's shape: one number for each score.",
    },
    hints=(
        "For one sample: how far does each wrong class come within the margin of the right one? s_j − s_y + margin, or "
        "0 where that is negative. Add them up.",
        "For the gradient count: each wrong class that costs something gets +1; the right class is in each of these "
        "differences with a minus.",
        "`scores[np.arange(N), y][:, None]` is the column of right scores. Set the right class's own term to 0 before "
        "you sum; otherwise it adds the margin.",
    ),
    mistakes=(
        Mistake.relation(
            "the right class counted too",
            "Your loss is too large by exactly the margin. The right class stands 0 behind itself, so its own term is "
            "max(0, margin): only the wrong classes are to be summed.",
            lambda expected, scores, y, margin=1.0: (expected[0] + margin, expected[1]),
        ),
        Mistake.relation(
            "gradient: the right class counted too",
            "Your gradient at the right class is too low by 1: its own term was counted among those that push it.",
            _with_excess(_as_expected, lambda e, p, t: _counted(p, t) - t),
        ),
        Mistake.relation(
            "the right class counted too, in both",
            "Your loss is too large by exactly the margin, and the right class's gradient too low by 1: the right "
            "class was counted among the wrong ones.",
            lambda expected, scores, y, margin=1.0: (
                expected[0] + margin,
                expected[1] - _targets(scores, y) / len(y),
            ),
        ),
        Mistake.relation(
            "margin subtracted",
            "In yours a wrong class costs something only when it is ahead by more than the margin. It should cost "
            "until it is *behind* by that much: which sign has the margin?",
            _other_difference(lambda s, right, margin: s - right - margin),
        ),
        Mistake.relation(
            "no margin",
            "In yours the right class need only be ahead by a hair. By how much should it be?",
            _other_difference(lambda s, right, margin: s - right),
        ),
        Mistake.relation(
            "margin fixed at 1",
            "With the usual margin everything is right; another margin changes nothing in yours. Is the argument used?",
            _other_difference(lambda s, right, margin: s - right + 1.0),
        ),
        Mistake.relation(
            "difference the other way round",
            "Yours grows when the right class is ahead. Which of the two scores is to be the larger one?",
            _other_difference(lambda s, right, margin: right - s + margin),
        ),
        Mistake.relation(
            "summed over the batch",
            "N times too large: a sum over the samples. Asked for is the mean.",
            lambda expected, scores, y, margin=1.0: (len(y) * expected[0], len(y) * expected[1]),
        ),
        Mistake.relation(
            "gradient summed over the batch",
            "Your gradient is that of a sum over the samples, N times too large. The loss is to be their mean.",
            lambda expected, scores, y, margin=1.0: (expected[0], len(y) * expected[1]),
        ),
        Mistake.relation(
            "loss summed over the batch",
            "Your loss is a sum over the samples, N times too large. Asked for is their mean.",
            lambda expected, scores, y, margin=1.0: (len(y) * expected[0], expected[1]),
        ),
        Mistake.relation(
            "mean over all entries",
            "Too small by the number of classes. PyTorch's multi_margin_loss divides by it too; here the wrong classes "
            "are summed, and only the samples averaged.",
            lambda expected, scores, y, margin=1.0: (
                expected[0] / scores.shape[1],
                expected[1] / scores.shape[1],
            ),
        ),
        Mistake.relation(
            "mean over the wrong classes",
            "Too small by the number of wrong classes: you took their mean. Each of them costs in full here.",
            lambda expected, scores, y, margin=1.0: (
                expected[0] / (scores.shape[1] - 1),
                expected[1] / (scores.shape[1] - 1),
            ),
        ),
        Mistake.relation(
            "loss: mean over all entries",
            "Your loss is too small by the number of classes: the mean was taken over all entries. Sum over the "
            "classes, mean over the samples.",
            lambda expected, scores, y, margin=1.0: (expected[0] / scores.shape[1], expected[1]),
        ),
        Mistake.relation(
            "one loss for each sample",
            "Your loss still has one number for each sample; the mean over the batch is asked for.",
            _with_excess(lambda e, p, t: np.maximum(e, 0).sum(axis=1), _as_expected),
        ),
        Mistake.relation(
            "worst class only",
            "Yours counts the worst of the wrong classes only. All of them that come within the margin are summed.",
            _with_excess(lambda e, p, t: np.maximum(e, 0).max(axis=1).mean(), lambda e, p, t: _counted(_worst(e), t)),
        ),
        Mistake.relation(
            "squared",
            "Yours squares each excess. That is a hinge too, a rounder one; here the excess itself counts.",
            _with_excess(
                lambda e, p, t: (np.maximum(e, 0) ** 2).sum(axis=1).mean(),
                lambda e, p, t: _counted(2 * np.maximum(e, 0), t),
            ),
        ),
        Mistake.relation(
            "not cut off at 0",
            "In yours a class that is far behind makes the loss smaller. Beyond the margin nothing is left to win.",
            _with_excess(lambda e, p, t: e.sum(axis=1).mean(), lambda e, p, t: _counted(1 - t, t)),
        ),
        Mistake.relation(
            "gradient: all wrong classes",
            "Your gradient pushes every wrong class, also those that cost nothing.",
            _with_excess(_as_expected, lambda e, p, t: _counted(1 - t, t)),
        ),
        Mistake.relation(
            "gradient: nothing for the right class",
            "Your gradient pushes the wrong classes down and leaves the right one where it is. Its score is in every "
            "difference that counts.",
            _with_excess(_as_expected, lambda e, p, t: p.astype(float)),
        ),
        Mistake.relation(
            "gradient: right class once",
            "Your gradient at the right class is −1, however many classes come too close. It is in each of their "
            "differences.",
            _with_excess(_as_expected, lambda e, p, t: p - p.any(axis=1, keepdims=True) * t),
        ),
        Mistake.relation(
            "gradient: True and False",
            "Your gradient at the right class is +1 where minus a number was meant: an array of True and False holds "
            "nothing else, and −2 becomes True. `.astype(float)` makes numbers of it first.",
            _with_excess(_as_expected, lambda e, p, t: p + p.any(axis=1, keepdims=True) * t),
        ),
        Mistake.relation(
            "gradient: the excess itself",
            "Your gradient holds the excesses. A hinge is a straight line: its slope is 1 wherever it costs anything.",
            _with_excess(_as_expected, lambda e, p, t: _counted(np.maximum(e, 0), t)),
        ),
        Mistake.relation(
            "gradient: sign",
            "Your gradient has the opposite sign. The loss grows with the score of a wrong class that is too close.",
            lambda expected, scores, y, margin=1.0: (expected[0], -expected[1]),
        ),
        Mistake.implementation(
            "right scores along the wrong axis",
            "`scores[np.arange(N), y]` is flat, so NumPy lays it along the columns: with as many "
            "samples as classes that runs and is wrong, otherwise it stops. `[:, None]` makes a column of it.",
            _label_columns_missing,
        ),
        Mistake.relation(
            "order of the results",
            "One result stands in the place of the other: first the loss, then dscores.",
            lambda expected, scores, y, margin=1.0: (expected[1], expected[0]),
        ),
    ),
)


# ---------------------------------------------------------------------------------------------------------------------
# regularized_loss
# ---------------------------------------------------------------------------------------------------------------------


def _regularized(X: np.ndarray, y: np.ndarray, w: np.ndarray, l1: float, l2: float) -> tuple[Any, Any]:
    error = X @ w - y
    loss = error @ error / (2 * len(y)) + l1 * np.abs(w).sum() + l2 * w @ w
    return loss, X.T @ error / len(y) + l1 * np.sign(w) + 2 * l2 * w


def _regularized_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(rows: int, columns: int, l1: float, l2: float, covers: str, zeros: int = 0) -> Case:
        X, w = _signed(rng, 0.5, 2.5, (rows, columns)), _signed(rng, 0.5, 2.5, columns)
        if columns > 1:
            w[:2] = np.abs(w[:2]) * rng.permutation([-1, 1])  # both signs
        w[columns - zeros :] = 0
        y = (X @ w + _signed(rng, 0.3, 2.0, rows)).round(1)
        arguments = {"X": X, "y": y, "w": w, "l1": l1, "l2": l2}
        if X.size <= 4:
            return Case(arguments, covers, ", ".join(f"{name} = {_written(part)}" for name, part in arguments.items()))
        weights = _written(w) if columns < 4 else f"{columns} numbers"
        return Case(arguments, covers, f"{rows} × {columns} numbers in X, w = {weights}, l1 = {l1:g}, l2 = {l2:g}")

    def tiny(columns: int, l1: float, l2: float) -> Case:
        """Weights near 0 on both sides: the slope of |w| is −1 or 1 there as anywhere, and rounds no corner."""
        drawn = case(3, columns, l1, l2, "weights close to 0")
        w = drawn.arguments["w"] / 1000
        text = f"3 × {columns} numbers in X, w = {_written(w)}, l1 = {l1:g}, l2 = {l2:g}"
        return replace(drawn, arguments={**drawn.arguments, "w": w}, text=text)

    one = {"X": np.array([[1.0, 2.0]]), "y": np.array([1.0]), "w": np.array([3.0, -2.0])}
    cases = [
        Case(
            {**one, "l1": 0.5, "l2": 0.1}, "a single example", "X = [[1, 2]], y = [1], w = [3, −2], l1 = 0.5, l2 = 0.1"
        ),
        case(3, 2, 0.0, 0.0, "no penalty"),
        case(2, 2, 0.5, 0.0, "L1 alone"),
        case(4, 3, 0.3, 0.0, "L1 alone"),
        case(2, 2, 0.0, 0.5, "L2 alone"),
        case(4, 3, 0.0, 0.2, "L2 alone"),
        case(3, 2, 0.4, 0.0, "weights of exactly 0", zeros=1),
        case(5, 4, 0.5, 0.3, "weights of exactly 0", zeros=2),
        case(2, 2, 1.0, 1.0, "weights of exactly 0", zeros=2),
        case(6, 3, 0.2, 0.7, "both penalties"),
        case(3, 3, 0.6, 0.1, "square X"),
        case(2, 5, 0.1, 0.4, "more weights than examples"),
        tiny(2, 0.5, 0.3),
    ]
    if hidden:
        cases += [case(4, 4, 0.7, 0.2, "square X", zeros=1), case(7, 2, 0.3, 0.9, "both penalties")]
        cases += [case(1, 1, 0.5, 0.5, "a single example")]
    return cases


def _penalised(loss: Callable[..., Any], gradient: Callable[..., Any]) -> Callable[..., tuple[Any, Any]]:
    """Something added to loss and gradient, made from w, l1, l2 and the number of examples."""

    def change(expected: Any, X: np.ndarray, y: np.ndarray, w: np.ndarray, l1: float, l2: float) -> tuple[Any, Any]:
        return expected[0] + loss(w, l1, l2, len(y)), expected[1] + gradient(w, l1, l2, len(y))

    return change


def _nothing(w: np.ndarray, l1: float, l2: float, n: int) -> float:
    return 0.0


def _data_term(factor: Callable[[int], float]) -> Callable[..., tuple[Any, Any]]:
    """The data's part of loss and gradient times a factor that depends on N."""

    def change(expected: Any, X: np.ndarray, y: np.ndarray, w: np.ndarray, l1: float, l2: float) -> tuple[Any, Any]:
        loss, gradient = _regularized(X, y, w, 0.0, 0.0)
        more = factor(len(y)) - 1
        return expected[0] + more * loss, expected[1] + more * gradient

    return change


def _not_squared(expected: Any, X: np.ndarray, y: np.ndarray, w: np.ndarray, l1: float, l2: float) -> Any:
    error = X @ w - y
    return expected[0] + (np.sqrt(error @ error) - error @ error) / (2 * len(y)), expected[1]


def _sizes(w: np.ndarray) -> Any:
    return np.abs(w).sum()


REGULARIZED_LOSS = Exercise(
    name="regularized_loss",
    signature="regularized_loss(X, y, w, l1, l2)",
    returns=("loss", "grad"),
    reference=_regularized,
    cases=_regularized_cases,
    withheld=AUTOMATIC,
    shape_notes={
        "loss": "Data term and both penalties are one number together.",
        "grad": "A gradient has its owner's shape: one number for each weight.",
    },
    hints=(
        "Three terms, each with a value and a gradient; the gradients add up as the values do. The first you know from "
        "`linear_regression_gradients`, without b.",
        "l1 Σ|w| has the slope +l1 where a weight is positive, −l1 where it is negative, and here 0 where it is 0: "
        "`np.sign` says which. What is the slope of l2 w²?",
    ),
    mistakes=(
        Mistake.relation(
            "penalties missing in the gradient",
            "Your gradient is that of the data term alone, so descent would never notice the penalties.",
            _penalised(_nothing, lambda w, l1, l2, n: -l1 * np.sign(w) - 2 * l2 * w),
        ),
        Mistake.relation(
            "penalties missing in the loss",
            "Your loss is that of the data term alone; the penalties are missing in it.",
            _penalised(lambda w, l1, l2, n: -l1 * _sizes(w) - l2 * w @ w, _nothing),
        ),
        Mistake.relation(
            "gradient of L1 missing",
            "In your gradient the part of L1 is missing.",
            _penalised(_nothing, lambda w, l1, l2, n: -l1 * np.sign(w)),
        ),
        Mistake.relation(
            "gradient of L2 missing",
            "In your gradient the part of L2 is missing.",
            _penalised(_nothing, lambda w, l1, l2, n: -2 * l2 * w),
        ),
        Mistake.relation(
            "penalties averaged over the weights",
            "Your penalties are means over the weights. They are sums: each weight has its own price.",
            _penalised(
                lambda w, l1, l2, n: (l1 * _sizes(w) + l2 * w @ w) * (1 / len(w) - 1),
                lambda w, l1, l2, n: (l1 * np.sign(w) + 2 * l2 * w) * (1 / len(w) - 1),
            ),
        ),
        Mistake.relation(
            "penalties missing",
            "Yours is the data term alone: l1 and l2 change nothing in it.",
            _penalised(
                lambda w, l1, l2, n: -l1 * _sizes(w) - l2 * w @ w, lambda w, l1, l2, n: -l1 * np.sign(w) - 2 * l2 * w
            ),
        ),
        Mistake.relation(
            "½ in the L2 penalty",
            "The part of L2 is half of what it should be. Many books write ½ λ w²; here it is l2 w².",
            _penalised(lambda w, l1, l2, n: -l2 * w @ w / 2, lambda w, l1, l2, n: -l2 * w),
        ),
        Mistake.relation(
            "gradient of L2 without its 2",
            "In the gradient the part of L2 is half of what it should be: what comes down from the square?",
            _penalised(_nothing, lambda w, l1, l2, n: -l2 * w),
        ),
        Mistake.relation(
            "gradient of L1 without its sign",
            "Your gradient pushes every weight down by l1, the negative ones too, away from 0. The slope of |w| has a "
            "sign.",
            _penalised(_nothing, lambda w, l1, l2, n: l1 - l1 * np.sign(w)),
        ),
        Mistake.relation(
            "slope at 0: plus one",
            "Only weights of exactly 0 are wrong: yours gives them the slope +l1. The text says 0 there.",
            _penalised(_nothing, lambda w, l1, l2, n: l1 * (w == 0)),
        ),
        Mistake.relation(
            "slope at 0: minus one",
            "Only weights of exactly 0 are wrong: yours gives them the slope −l1. The text says 0 there.",
            _penalised(_nothing, lambda w, l1, l2, n: -l1 * (w == 0)),
        ),
        Mistake.relation(
            "slope at 0: no number",
            "Weights of exactly 0 give no number: w / |w| is 0 / 0 there. Which function of NumPy says the sign and "
            "gives 0 for 0?",
            lambda expected, X, y, w, l1, l2: (
                expected[0],
                expected[1] - l1 * np.sign(w) + l1 * w / np.abs(w),
            ),
        ),
        Mistake.relation(
            "gradient of L1: the weight itself",
            "The part of L1 in your gradient is l1 |w|, its value. A straight line has the same slope everywhere.",
            _penalised(_nothing, lambda w, l1, l2, n: l1 * np.abs(w) - l1 * np.sign(w)),
        ),
        Mistake.relation(
            "L1 without absolute values",
            "The part of L1 in your loss is l1 Σw: a negative weight lowers it. The sizes are to be summed.",
            _penalised(lambda w, l1, l2, n: l1 * (w.sum() - _sizes(w)), _nothing),
        ),
        Mistake.relation(
            "L1 without absolute values, in both",
            "Yours has l1 Σw where l1 Σ|w| belongs. Descent then pushes negative weights further away from 0.",
            _penalised(lambda w, l1, l2, n: l1 * (w.sum() - _sizes(w)), lambda w, l1, l2, n: l1 - l1 * np.sign(w)),
        ),
        Mistake.relation(
            "root of the squares",
            "The part of L2 in your loss is l2 ‖w‖, with a root. Asked for is the sum of the squares.",
            _penalised(lambda w, l1, l2, n: l2 * (np.linalg.norm(w) - w @ w), _nothing),
        ),
        Mistake.relation(
            "square of the sum",
            "The part of L2 in your loss is l2 (Σw)²: weights of opposite signs cancel in it. Square first, then add.",
            _penalised(lambda w, l1, l2, n: l2 * (w.sum() ** 2 - w @ w), _nothing),
        ),
        Mistake.relation(
            "l1 and l2 exchanged",
            "Your l1 stands before the squares and your l2 before the absolute values.",
            lambda expected, X, y, w, l1, l2: _regularized(X, y, w, l2, l1),
        ),
        Mistake.relation(
            "penalties shared among the examples",
            "Your penalties are divided by N (or 2N). Only the data term is a mean over examples; the weights are "
            "there once.",
            _penalised(
                lambda w, l1, l2, n: (l1 * _sizes(w) + l2 * w @ w) * (1 / n - 1),
                lambda w, l1, l2, n: (l1 * np.sign(w) + 2 * l2 * w) * (1 / n - 1),
            ),
        ),
        Mistake.relation(
            "penalties under the same 2N",
            "Your penalties stand inside the bracket that is divided by 2N. Only the squared errors belong there.",
            _penalised(
                lambda w, l1, l2, n: (l1 * _sizes(w) + l2 * w @ w) * (0.5 / n - 1),
                lambda w, l1, l2, n: (l1 * np.sign(w) + 2 * l2 * w) * (0.5 / n - 1),
            ),
        ),
        Mistake.relation(
            "data term without its half",
            "The data term is twice too large. What stands in front of it: 1/N or 1/2N?",
            _data_term(lambda n: 2.0),
        ),
        Mistake.relation(
            "data term summed",
            "The data term is N times too large: a sum over the examples in place of a mean.",
            _data_term(float),
        ),
        Mistake.relation(
            "gradient of the data term doubled",
            "In your gradient the data term is twice too large: the ½ of the loss cancels the 2 of the square.",
            lambda expected, X, y, w, l1, l2: (expected[0], expected[1] + _regularized(X, y, w, 0.0, 0.0)[1]),
        ),
        Mistake.relation(
            "gradient of the data term summed",
            "In your gradient the data term is N times too large, a sum over the examples.",
            lambda expected, X, y, w, l1, l2: (
                expected[0],
                expected[1] + (len(y) - 1) * _regularized(X, y, w, 0.0, 0.0)[1],
            ),
        ),
        Mistake.relation(
            "gradient: sign of the error",
            "In your gradient the data term has the wrong sign: y − Xw where Xw − y belongs. In the loss the square "
            "hides that.",
            lambda expected, X, y, w, l1, l2: (expected[0], expected[1] - 2 * _regularized(X, y, w, 0.0, 0.0)[1]),
        ),
        Mistake.relation(
            "penalties subtracted",
            "Your penalties are subtracted, a reward for large weights. Which sign makes large weights cost?",
            lambda expected, X, y, w, l1, l2: _regularized(X, y, w, -l1, -l2),
        ),
        Mistake.relation(
            "root of the data term",
            "The data term of your loss is a norm, with a root. Asked for is its square.",
            _not_squared,
        ),
        Mistake.relation(
            "order of the results",
            "One result stands in the place of the other: first the loss, then the gradient.",
            lambda expected, X, y, w, l1, l2: (expected[1], expected[0]),
        ),
    ),
)


EXERCISES = (
    LINEAR_REGRESSION_GRADIENTS,
    NEGATIVE_LOG_LIKELIHOOD,
    SOFTMAX_CROSS_ENTROPY,
    HINGE_LOSS,
    REGULARIZED_LOSS,
)
