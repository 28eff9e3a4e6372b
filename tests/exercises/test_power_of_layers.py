"""Notebook 04, second part: a bump, and XOR by whatever weights."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from nnkit.exercises import evaluate
from nnkit.exercises.catalogue.power_of_layers.parts.xor import CORNERS
from nnkit.exercises.index import find
from nnkit.exercises.judge.ladder import judge_case
from nnkit.exercises.judge.recognise import simulate
from tests.answers import namespace_of

RIGHT_XOR = "W1, b1, W2, b2 = [[1, 1], [1, 1]], [0, -1], [[1], [-2]], [0]\n"


def verdict(name, source):
    return evaluate(name, namespace_of(source))


# -- a bump -----------------------------------------------------------------------------------------------------------


def test_elsewhere_a_warning_is_only_reported():
    source = """
def bump(x, left, right, height, steepness):
    np.log(np.zeros(3))
    t = np.tanh
    return height / 2 * (t(steepness * (x - left) / 2) - t(steepness * (x - right) / 2))
"""
    report = verdict("bump", source)
    assert report.passed
    assert "does not count against it" in " ".join(report.notes)


PLAIN = "def sigmoid(z):\n    return 1 / (1 + np.exp(-z))\n"  # as the notebook gives it: it overflows far out
OTHER = "def sigmoid(z):\n    return np.exp(z) / (1 + np.exp(z))\n"
BUMP = "def bump(x, left, right, height, steepness):\n    return "


@pytest.mark.parametrize(
    "slip",
    [
        "height * sigmoid(steepness * (x - left))",
        "height * (sigmoid(steepness * x - left) - sigmoid(steepness * x - right))",
        "height * (sigmoid(steepness * (x - left)) + sigmoid(steepness * (x - right)))",
    ],
)
def test_an_overflow_that_the_notebook_calls_harmless_is_not_called_the_beginning_of_an_error(slip):
    report = verdict("bump", PLAIN + BUMP + slip)
    assert report.status == "wrong"
    assert "overflow" in " ".join(report.notes)
    assert "where the error begins" not in str(report)
    # Infinite by infinite is another matter, and nothing else is said to be right.
    report = verdict("bump", OTHER + BUMP + slip)
    assert "where the error begins: overflow" in str(report)
    assert "slopes are right" not in str(report)


@pytest.mark.parametrize(("shape", "passes"), [("(1,)", True), ("(1, 1)", False), ("(2,)", False)])
def test_a_plain_number_may_come_back_in_brackets(shape, passes):
    source = f"""
def bump(x, left, right, height, steepness):
    up, down = (np.tanh(steepness * (np.asarray(x) - place) / 2) for place in (left, right))
    y = height / 2 * (up - down)
    return y if np.ndim(x) else np.full({shape}, y)
"""
    assert verdict("bump", source).passed is passes


@pytest.mark.parametrize(
    ("factor", "says"),
    [("0.5", "times a number"), ("2", "times a number"), ("-1", "upside down"), ("1 / height", "1, what")],
)
def test_the_height_of_a_bump_is_told(factor, says):
    source = f"""
def bump(x, left, right, height, steepness):
    up, down = (np.tanh(steepness * (np.asarray(x) - place) / 2) for place in (left, right))
    return {factor} * height / 2 * (up - down)
"""
    assert says in verdict("bump", source).cause


def test_another_number_in_the_place_of_the_height_is_not_told_as_a_lost_sign():
    source = """
def bump(x, left, right, height, steepness):
    up, down = (np.tanh(steepness * (np.asarray(x) - place) / 2) for place in (left, right))
    return (right if np.ndim(x) else height) / 2 * (up - down)
"""
    assert "stand even where" not in (verdict("bump", source).cause or "")


# -- XOR --------------------------------------------------------------------------------------------------------------


def test_weights_are_judged_by_what_the_network_does():
    """Half steps at random: the verdict is that of the four outputs, and both verdicts happen."""
    rng = np.random.default_rng(5)
    verdicts = []
    for _ in range(300):
        W1, b1, W2, b2 = (rng.integers(-4, 5, shape) / 2 for shape in ((2, 2), 2, (2, 1), 1))
        outputs = (np.maximum(CORNERS @ W1 + b1, 0) @ W2 + b2)[:, 0]
        right = (outputs > 0.5).tolist() == [False, True, True, False]
        report = evaluate("xor_weights", {"xor_weights": lambda found=(W1, b1, W2, b2): found})
        assert report.passed is right
        verdicts.append(right)
        if not right:
            assert f"{sum((outputs > 0.5) == [False, True, True, False])} of the 4 points" in report.message
    assert any(verdicts)
    assert not all(verdicts)


@pytest.mark.parametrize("mistake", find("xor_weights").mistakes, ids=lambda mistake: mistake.label)
def test_each_declared_xor_mistake_has_its_own_symptom(mistake):
    """An example that shows another symptom than its label says would lend its sentence to strangers."""
    exercise = find("xor_weights")
    (case,) = exercise.draw()
    finding = judge_case(exercise, case, simulate(exercise, mistake, case))
    assert finding.symptom == mistake.label
    assert finding.cause == mistake.sentence


def test_every_wrong_pattern_of_outputs_has_a_sentence_or_an_advice():
    """Two hidden neurons make every question that has an answer of two kinds; no verdict is left without words."""
    seen = set()
    for numbers in itertools.product((-1.0, 1.0), (-1.0, 1.0), (-1.5, -0.5, 0.5, 1.5), (-2.0, 2.0), (0.0, 1.0)):
        w1, w2, bias, v, b2 = numbers
        W1, b1 = [[w1, 1.0], [w2, 1.0]], [bias, -1.0]
        report = evaluate("xor_weights", {"xor_weights": lambda found=(W1, b1, [[v], [-1.0]], [b2]): found})
        if not report.passed:
            assert report.cause or "hint" in report.advice
            seen.add(report.cause)
    assert len(seen) >= 6


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("W2 = [1, -2]", "W2 has shape (2,), expected shape (2, 1)"),
        ("b2 = 0", "b2 has shape () (one number), expected shape (1,)"),
        ("W1 = [[1, 1]]", "W1 has shape (1, 2), expected shape (2, 2)"),
        ("b1 = None", "b1 is None"),
        ("b1 = 'none'", "b1 is the text"),
        ("W1 = [[1, 1], [1]]", "rows of different lengths"),
        ("W1 = np.full((2, 2), np.nan)", "W1 holds an infinite number or none at all"),
    ],
)
def test_arrays_of_another_form_are_told(change, says):
    report = verdict("xor_weights", f"{RIGHT_XOR}{change}\ndef xor_weights():\n    return W1, b1, W2, b2\n")
    assert report.status == "wrong"
    assert says in report.message


@pytest.mark.parametrize("answer", ["W1, b1, W2", "{'W1': W1}", "None", "5", "np.zeros((4, 2, 2))"])
def test_what_is_no_four_arrays_is_told(answer):
    report = verdict("xor_weights", f"{RIGHT_XOR}def xor_weights():\n    return {answer}\n")
    assert report.status == "wrong"
    assert "expected" in report.message
