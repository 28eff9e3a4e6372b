"""Notebook 04, first half: warnings that decide, two slopes at a corner, and XOR by whatever weights."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from nnkit.exercises import evaluate
from nnkit.exercises.catalogue.neurons_to_networks.parts.xor import CORNERS
from nnkit.exercises.index import find
from nnkit.exercises.judge.ladder import judge_case
from nnkit.exercises.judge.recognise import simulate
from tests.answers import namespace_of

RIGHT_XOR = "W1, b1, W2, b2 = [[1, 1], [1, 1]], [0, -1], [[1], [-2]], [0]\n"


def verdict(name, source):
    return evaluate(name, namespace_of(source))


# -- warnings ---------------------------------------------------------------------------------------------------------


def test_a_warning_decides_where_the_exercise_is_about_warnings():
    report = verdict("sigmoid", "def sigmoid(x):\n    return 1 / (1 + np.exp(-np.asarray(x)))\n")
    assert report.status == "wrong"
    assert "The values are right, but a warning was raised" in report.message
    assert "overflow" in report.message
    assert "e¹⁰⁰⁰" in report.cause
    assert not report.notes


def test_a_warning_beside_wrong_values_is_noted():
    report = verdict("sigmoid", "def sigmoid(x):\n    return 1 + np.exp(-np.asarray(x))\n")
    assert "under the fraction line" in report.cause
    assert "Your code raised a warning, which counts here: overflow" in " ".join(report.notes)


@pytest.mark.parametrize("log", ["np.log(np.zeros(3))", "np.log(np.sign(np.abs(x)))"])
def test_a_warning_that_has_nothing_to_do_with_the_exponential_is_told_as_such(log):
    source = f"""
def sigmoid(x):
    {log}
    return 0.5 * (1 + np.tanh(np.asarray(x) / 2))
"""
    report = verdict("sigmoid", source)
    assert report.status == "wrong"
    assert "divide by zero" in report.message
    assert "exponential is too large" in report.cause or "too large, or no number at all" in report.cause
    assert "e¹⁰⁰⁰" not in report.cause


def test_what_is_kept_silent_does_not_count():
    source = """
def sigmoid(x):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-np.asarray(x)))
"""
    assert verdict("sigmoid", source).passed


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


def test_a_one_sided_difference_is_no_slope():
    source = """
def s(x):
    return 0.5 * (1 + np.tanh(np.asarray(x) / 2))

def sigmoid_grad(x, h=1e-4):
    return (s(np.asarray(x) + h) - s(x)) / h
"""
    assert verdict("sigmoid_grad", source).status == "wrong"


# -- the corner of the ReLU -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at_zero", ["0.0", "dout", "np.where(np.arange(x.size).reshape(x.shape) % 2, 0.0, dout)"])
def test_either_slope_is_right_at_zero(at_zero):
    source = f"def relu_backward(dout, x):\n    return np.where(x > 0, dout, np.where(x < 0, 0.0, {at_zero}))\n"
    assert verdict("relu_backward", source).passed


def test_either_slope_is_right_at_zero_in_lists_too():
    source = "def relu_backward(dout, x):\n    return np.where(x >= 0, dout, 0.0).tolist()\n"
    assert verdict("relu_backward", source).passed


@pytest.mark.parametrize("at_zero", ["-dout", "1.0"])
def test_who_is_wrong_at_zero_only_is_told_that(at_zero):
    source = f"def relu_backward(dout, x):\n    return np.where(x > 0, dout, np.where(x < 0, 0.0, {at_zero}))\n"
    assert verdict("relu_backward", source).cause.startswith("Everything is right except at exactly 0.")


@pytest.mark.parametrize("at_zero", ["0.5 * dout", "-dout", "1.0", "np.nan"])
def test_nothing_else_is_right_at_zero(at_zero):
    source = f"def relu_backward(dout, x):\n    return np.where(x > 0, dout, np.where(x < 0, 0.0, {at_zero}))\n"
    assert verdict("relu_backward", source).status == "wrong"


@pytest.mark.parametrize("compare", [">", ">="])
def test_a_mistake_is_known_whatever_was_chosen_at_zero(compare):
    source = f"def relu_backward(dout, x):\n    return dout * np.maximum(x, 0) * (x {compare} 0) + dout * (x == 0)\n"
    assert "the message was multiplied by the ReLU's value" in verdict("relu_backward", source).cause
    source = f"def relu_backward(dout, x):\n    return x * (dout {compare} 0)\n"
    assert "the two arguments have changed places" in verdict("relu_backward", source).cause


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
