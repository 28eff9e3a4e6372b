"""The exercises of the three notebooks on losses where their judging needs more than the declared mistakes show."""

from __future__ import annotations

import numpy as np
import pytest

from nnkit.exercises import Report, evaluate
from nnkit.exercises.index import find
from tests.answers import answers_to, changed, namespace_of


def verdict(name: str, source: str) -> Report:
    return evaluate(name, namespace_of(source))


def hinge_with_slope(slope: str) -> str:
    """A right answer except for its slope where a hinge is exactly at 0."""
    return f"""
def hinge_loss(scores, y, margin=1.0):
    rows = np.arange(len(y))
    e = scores - scores[rows, y][:, None] + margin
    d = np.where(e == 0, {slope}, (e > 0).astype(float))
    d[rows, y] = 0
    d[rows, y] = -d.sum(axis=1)
    e[rows, y] = 0
    return np.maximum(e, 0).sum() / len(y), d / len(y)
"""


@pytest.mark.parametrize("slope", ["0.0", "1.0", "0.5", "scores > 1"])
def test_any_slope_between_the_two_sides_is_right_at_a_kink(slope: str) -> None:
    assert verdict("hinge_loss", hinge_with_slope(slope)).passed


@pytest.mark.parametrize("slope", ["-1.0", "2.0", "np.nan"])
def test_other_slopes_at_a_kink_are_refused(slope: str) -> None:
    report = verdict("hinge_loss", hinge_with_slope(slope))
    assert report.status == "wrong"
    assert "a hinge exactly at 0" in report.message


def test_a_mistake_is_known_also_by_who_takes_the_other_slope() -> None:
    right = answers_to("hinge_loss").right["loops, slope 1 at the kink"]
    source = changed(right, ("return loss, d", "return loss, -d"))
    assert "opposite sign" in str(verdict("hinge_loss", source).cause)


def test_a_gradient_with_rows_of_different_lengths_is_refused_in_words() -> None:
    report = verdict(
        "hinge_loss", "def hinge_loss(scores, y, margin=1.0):\n    return 1.0, [[0.0]] + [[0.0, 0.0]] * len(y)\n"
    )
    assert report.status == "wrong"
    assert "dscores is a list of 2 entries with rows of different lengths" in report.message


def test_what_is_shown_is_what_is_explained() -> None:
    """The gradient is wrong everywhere and the loss with large logits only: the overflow is shown, and told."""
    report = verdict(
        "softmax_cross_entropy",
        """
def softmax_cross_entropy(logits, y):
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    d = p.copy()
    d[np.arange(len(y)), y] -= 1
    return -np.log(p[np.arange(len(y)), y]).mean(), d
""",
    )
    assert "loss has nan" in report.message
    assert "infinite" in str(report.cause)


def test_the_references_give_the_numbers_of_the_text() -> None:
    """Cat, car, frog; the four pixels; the four points of the path."""
    cross_entropy, hinge = find("softmax_cross_entropy").reference, find("hinge_loss").reference
    animals, cat = np.array([[3.2, 5.1, -1.7]]), np.array([0])
    loss, gradient = cross_entropy(animals, cat)
    assert round(loss, 2) == 2.04
    assert round(loss / np.log(10), 2) == 0.89
    assert np.round(gradient, 2).tolist() == [[-0.87, 0.87, 0.0]]
    assert hinge(animals, cat)[0] == pytest.approx(2.9)
    pixels = np.array([1.0, 2.0, 0.0, 3.0])
    W = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0], [0.0, -1.0, 2.0], [-1.0, 1.0, 1.0]])
    scores = (pixels @ W + [0.5, -1.0, 0.0])[None]
    assert scores.tolist() == [[2.5, 4.0, 2.0]]
    assert round(cross_entropy(scores, cat)[0], 2) == 1.81
    assert hinge(scores, cat)[0] == pytest.approx(3.0)
    regression = find("linear_regression_gradients").reference
    dw, db = regression(np.arange(4.0)[:, None], np.array([1.0, 3.0, 4.0, 6.0]), np.array([1.0]), 1.0)
    assert (dw.tolist(), db) == ([-2.25], -1.0)
    penalised = find("regularized_loss").reference
    loss, gradient = penalised(np.array([[1.0, 2.0]]), np.array([1.0]), np.array([3.0, -2.0]), 0.5, 0.1)
    assert (round(float(loss), 9), np.round(gradient, 9).tolist()) == (5.8, [-0.9, -4.9])


def test_an_error_of_another_kind_is_not_taken_for_a_known_one() -> None:
    report = verdict(
        "hinge_loss",
        """
def hinge_loss(scores, y, margin=1.0):
    loss = 0.0
    for i in range(len(scores)):
        for j in range(scores.shape[1]):
            if j == y:
                continue
            loss += max(0, scores[i, j] - scores[i, y[i]] + margin)
    return loss / len(y), np.zeros_like(scores)
""",
    )
    assert report.status == "crashed"
    assert "An `if` asks one question" in str(report.cause)


@pytest.mark.parametrize("slope", ["np.where(np.abs(w) < 0.01, 0, np.sign(w))", "np.tanh(10 * w)"])
def test_a_kink_made_round_is_refused(slope: str) -> None:
    report = verdict(
        "regularized_loss",
        f"""
def regularized_loss(X, y, w, l1, l2):
    error = X @ w - y
    loss = error @ error / (2 * len(y)) + l1 * np.abs(w).sum() + l2 * w @ w
    return loss, X.T @ error / len(y) + l1 * {slope} + 2 * l2 * w
""",
    )
    assert report.status == "wrong"
    assert "weights close to 0" in str(report)


CROSS_ENTROPY = """
def softmax_cross_entropy(logits, y):
    rows = np.arange(len(y))
    LOGITS
    z = logits - logits.max(axis=1, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -LOG[rows, y].mean(), (p - np.eye(logits.shape[1])[y]) / len(y)
"""


def cross_entropy(log: str = "log_p", logits: str = "pass") -> str:
    return changed(CROSS_ENTROPY, ("LOGITS", logits), ("LOG[", f"{log}["))


def test_the_answer_that_others_are_made_from_is_right() -> None:
    assert verdict("softmax_cross_entropy", cross_entropy()).passed


@pytest.mark.parametrize(
    "log",
    [
        *(f"np.log(p + {small})" for small in ("1e-3", "1e-7", "1e-9", "1e-11", "1e-16", "1e-100", "1e-300")),
        "np.log(np.maximum(p, 1e-8))",
        "np.log(np.clip(p, 1e-15, 1 - 1e-15))",
        "np.maximum(log_p, -100)",
        "np.maximum(log_p, -750)",
    ],
)
def test_whatever_keeps_a_logarithm_from_infinity_is_known(log: str) -> None:
    report = verdict("softmax_cross_entropy", cross_entropy(log))
    assert report.status == "wrong"
    assert "too small from there on" in str(report.cause)


@pytest.mark.parametrize("limit", [20, 50, 88, 300, 500, 700, 5000])
def test_logits_that_are_clipped_are_known_wherever_that_is(limit: int) -> None:
    report = verdict("softmax_cross_entropy", cross_entropy(logits=f"logits = np.clip(logits, -{limit}, {limit})"))
    assert report.status == "wrong"
    assert "cut off at some size" in str(report.cause)


@pytest.mark.parametrize(
    ("shifted", "made", "told"),
    [
        ("logits", "np.log(e.sum(axis=1)) - logits[rows, y]", "sum of your exponentials is infinite or 0"),
        ("logits", "-np.log(e[rows, y] / e.sum(axis=1))", "exponentials are infinite or 0"),
        ("logits - logits.mean(axis=1)[:, None]", "-np.log((d + t)[rows, y])", "After which shift"),
        ("m", "np.log(e.sum(axis=1)) - m[rows, y]", "After which shift"),
        ("m", "-np.log((d + t)[rows, y])", "After which shift"),
        ("logits - logits.max()", "np.log(e.sum(axis=1)) - (logits - logits.max())[rows, y]", "of the whole batch"),
    ],
)
def test_an_exponential_that_cannot_be_had_is_known_however_the_loss_is_made(
    shifted: str, made: str, told: str
) -> None:
    report = verdict(
        "softmax_cross_entropy",
        f"""
def softmax_cross_entropy(logits, y):
    rows = np.arange(len(y))
    m = logits - logits.min(axis=1, keepdims=True)
    t = np.eye(logits.shape[1])[y]
    e = np.exp({shifted})
    d = e / e.sum(axis=1, keepdims=True) - t
    return ({made}).mean(), d / len(y)
""",
    )
    assert told in str(report.cause), str(report)


@pytest.mark.parametrize("small", ["1e-9", "1e-8", "1e-7", "1e-5", "0.001", "0.01"])
def test_a_small_number_beside_one_probability_is_known(small: str) -> None:
    report = verdict(
        "negative_log_likelihood",
        f"""
def negative_log_likelihood(scores, y):
    p = np.exp(scores) / np.exp(scores).sum()
    return -np.log(p[y] + {small})
""",
    )
    assert "a little too large" in str(report.cause), str(report)


@pytest.mark.parametrize("rate", ["1e-4", "0.01", "0.1", "0.5", "1"])
def test_a_step_is_known_whatever_its_rate(rate: str) -> None:
    source = f"""
def linear_regression_gradients(X, y, w, b):
    error = X @ w + b - y
    return w - {rate} * X.T @ error / len(y), b - {rate} * error.mean()

def regularized_loss(X, y, w, l1, l2):
    error = X @ w - y
    loss = error @ error / (2 * len(y)) + l1 * np.abs(w).sum() + l2 * w @ w
    return loss, w - {rate} * (X.T @ error / len(y) + l1 * np.sign(w) + 2 * l2 * w)
"""
    for name in ("linear_regression_gradients", "regularized_loss"):
        assert "A step was made already" in str(verdict(name, source).cause)


def by_differences(name: str, rule: str) -> str:
    """The right loss, and differences of it in the place of the gradient."""
    regression = "np.sum((X @ w - y) ** 2) / (2 * len(y)) + l1 * np.abs(w).sum() + l2 * w @ w"
    hinge = "(np.maximum(0, s - s[rows, y][:, None] + margin).sum() - margin * len(y)) / len(y)"
    entropy = "np.mean(np.log(np.exp(s - s.max(1)[:, None]).sum(1)) + s.max(1) - s[rows, y])"
    name, arguments, varied, loss = {
        "regularized_loss": ("regularized_loss", "X, y, w, l1, l2", "w", regression),
        "hinge_loss": ("hinge_loss", "scores, y, margin=1.0", "s", hinge),
        "softmax_cross_entropy": ("softmax_cross_entropy", "logits, y", "s", entropy),
    }[name]
    return f"""
def {name}({arguments}):
    rows = np.arange(len(y))
    def loss({varied}):
        return {loss}
    x = {arguments.split(", ")[2 if varied == "w" else 0]}
    d = np.zeros(x.shape)
    for place in np.ndindex(*x.shape):
        step = np.zeros(x.shape)
        step[place] = h = STEP
        d[place] = RULE
    return loss(x), d
""".replace("RULE", rule)


@pytest.mark.parametrize("name", ["regularized_loss", "hinge_loss", "softmax_cross_entropy"])
@pytest.mark.parametrize("step", ["1e-4", "1e-5", "1e-6"])
def test_differences_are_no_formula_whatever_their_step(name: str, step: str) -> None:
    source = by_differences(name, "(loss(x + step) - loss(x - step)) / (2 * h)").replace("STEP", step)
    for hidden in (False, True):
        report = evaluate(name, namespace_of(source), seed=3, hidden=hidden)
        assert report.status == "wrong"
        assert "difference of two losses" in str(report.cause), str(report)


def test_a_factor_in_one_result_is_told_of_that_one_and_two_slips_one_after_the_other() -> None:
    def told(loss: str, grad: str) -> str:
        return str(
            verdict(
                "regularized_loss",
                f"""
def regularized_loss(X, y, w, l1, l2):
    error = X @ w - y
    loss = {loss} * error @ error / (2 * len(y)) + l1 * np.abs(w).sum() + l2 * w @ w
    return loss, {grad} * X.T @ error / len(y) + l1 * np.sign(w) + 2 * l2 * w
""",
            ).cause
        )

    assert told("1", "2").startswith("In your gradient the data term is twice too large.")
    assert told("2", "1").startswith("In your loss the data term is twice too large.")
    assert told("2", "2").startswith("In your loss and your gradient the data term is twice too large.")
    assert told("2", "-1").startswith("In your loss the data term is twice too large.")


@pytest.mark.parametrize(
    ("right", "told"),
    [("scores[rows, y]", "`scores[np.arange(N), y]` is flat"), ("scores[:, y]", "`scores[:, y]` takes all columns")],
)
def test_two_wrong_shapes_of_the_right_scores_are_told_apart(right: str, told: str) -> None:
    report = verdict(
        "hinge_loss",
        f"""
def hinge_loss(scores, y, margin=1.0):
    rows = np.arange(len(y))
    excess = np.maximum(0, scores - {right} + margin)
    excess[rows, y] = 0
    d = (excess > 0).astype(float)
    d[rows, y] = -d.sum(axis=1)
    return excess.sum() / len(y), d / len(y)
""",
    )
    assert str(report.cause).startswith(told)
