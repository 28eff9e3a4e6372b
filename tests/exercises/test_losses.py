"""The exercises on losses where their judging needs more than the declared mistakes show."""

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
