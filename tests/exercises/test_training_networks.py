"""What is special to the notebook on training networks: its probes, its judges, and references that agree with the
engine."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nnkit
from nnkit.exercises import evaluate, index
from nnkit.exercises.beside import wire
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.ladder import judge_case
from tests.answers import answers_to, changed, namespace_of

SEEDS = ((1, False), (2, True), (77, True))
MATRICES = answers_to("mlp_loss_and_grads").right["matrices"]
SCALER = answers_to("Standardizer").right["two arrays"]


def verdict(name: str, source: str, seed: int = 1, hidden: bool = False) -> Any:
    return evaluate(name, namespace_of(source), seed, hidden)


# ------------------------------------------------------------------------------------------------ mlp_loss_and_grads


def test_reference_agrees_with_the_engine() -> None:
    exercise = index.find("mlp_loss_and_grads")
    for seed, hidden in SEEDS:
        for case in exercise.draw(seed, hidden):
            X, y, *weights = case.arguments.values()
            W1, b1, W2, b2 = leaves = [nnkit.tensor(weight, requires_grad=True) for weight in weights]
            scores = (nnkit.tensor(X) @ W1 + b1).relu() @ W2 + b2
            loss = nnkit.functional.cross_entropy(scores, nnkit.tensor(y))
            loss.backward()
            expected, grads = exercise.reference(*case.arguments.values())
            assert loss.item() == pytest.approx(expected, rel=1e-10)
            for mine, theirs in zip(grads, leaves, strict=True):
                np.testing.assert_allclose(mine, theirs.grad.numpy(), rtol=1e-9, atol=1e-12)


def test_a_relu_gets_exactly_zero_and_the_two_slopes_differ_there() -> None:
    exercise = index.find("mlp_loss_and_grads")
    (case,) = [case for case in exercise.draw() if case.covers == "a ReLU at exactly 0"]
    X, _, W1, b1, *_ = case.arguments.values()
    assert (X @ W1 + b1 == 0).sum() == 1
    shut, open_ = (version.reference(*case.arguments.values()) for version in exercise.versions)
    assert not np.allclose(shut[1][0], open_[1][0])


@pytest.mark.parametrize("door", ["z > 0", "z >= 0", "h > 0", "~(z < 0)"])
def test_either_slope_at_zero_is_right(door: str) -> None:
    for seed, hidden in SEEDS:
        assert verdict("mlp_loss_and_grads", changed(MATRICES, ("(z > 0)", f"({door})")), seed, hidden).passed


@pytest.mark.parametrize("door", ["z > 0", "z >= 0"])
def test_a_mistake_is_recognised_with_either_slope(door: str) -> None:
    source = changed(MATRICES, ("(z > 0)", f"({door})"), ("h.T @ d", "z.T @ d"))
    assert str(verdict("mlp_loss_and_grads", source).cause).startswith(
        "Your dW2 multiplies δ by what goes into the ReLU"
    )


def test_scores_of_ten_thousand_are_there_and_warn_nobody() -> None:
    report = verdict("mlp_loss_and_grads", MATRICES)
    assert report.passed
    assert report.notes == ()
    largest = 0.0
    for case in index.find("mlp_loss_and_grads").draw():
        X, _, W1, b1, W2, b2 = case.arguments.values()
        largest = max(largest, np.abs(np.maximum(X @ W1 + b1, 0) @ W2 + b2).max())
    assert largest > 1e4


FORMS = {
    "five results": ("loss, (X.T @ dz", "loss, *(X.T @ dz", "returned 5 results, expected 2 results: loss, (dW1, db1"),
    "the loss alone": ("return loss, (", "return loss\n    return (", "returned one number, expected 2 results"),
    "gradients first": (
        "return loss, (X.T @ dz, dz.sum(axis=0), h.T @ d, d.sum(axis=0))",
        "return (X.T @ dz, dz.sum(axis=0), h.T @ d, d.sum(axis=0)), loss",
        "In the place of (dW1, db1, dW2, db2) your function returned one number.",
    ),
}


@pytest.mark.parametrize("label", FORMS)
def test_results_that_belong_together_come_back_together(label: str) -> None:
    old, new, says = FORMS[label]
    report = verdict("mlp_loss_and_grads", changed(MATRICES, (old, new)))
    assert report.status == "wrong"
    assert says in report.message


def test_two_slips_are_told_one_after_the_other() -> None:
    source = changed(MATRICES, ("    d /= N\n", ""), (" * (z > 0)", ""))
    first = verdict("mlp_loss_and_grads", source)
    assert str(first.cause).startswith("Too large by the number of samples")
    assert first.message.startswith("db2 ")
    second = verdict("mlp_loss_and_grads", changed(source, ("    dh =", "    d /= N\n    dh =")))
    assert "also those that did not fire" in str(second.cause)


@pytest.mark.parametrize("door", ["z > 0", "z >= 0"])
def test_a_result_that_is_right_at_the_corner_is_not_taken_for_wrong(door: str) -> None:
    """The one slip is in the loss; that the door is right in its own way must not be taken for another."""
    source = changed(
        MATRICES,
        ("(z > 0)", f"({door})"),
        ("-log_p[np.arange(N), y].mean()", "-np.maximum(log_p[np.arange(N), y], -30).mean()"),
    )
    report = verdict("mlp_loss_and_grads", source)
    assert report.status == "wrong"
    assert report.cause is None
    assert report.message.startswith("loss is wrong")
    assert "not yet: “logits of ±10,000”" in report.message


# ------------------------------------------------------------------------------------------------ Standardizer

CLASSES = {
    "no inverse yet": (
        ("    def inverse_transform(self, Z):\n        return Z * self.std + self.mean\n", ""),
        "no method `inverse_transform` yet",
    ),
    "made with data": (
        ("class Standardizer:\n", "class Standardizer:\n    def __init__(self, X):\n        pass\n"),
        "It is used as `Standardizer()`",
    ),
    "fit without self": (("def fit(self, X)", "def fit(X)"), "It is used as `scaler.fit(X)`"),
    "transform returns nothing": (
        ("        return (X - self.mean)", "        (X - self.mean)"),
        "transform(X) is None",
    ),
    "inverse divides": (("Z * self.std", "Z / self.std"), "transform is right."),
    "learns on": (
        (
            "        self.mean = X.mean(axis=0)\n",
            "        X = self.seen = np.vstack([getattr(self, 'seen', X[:0]), X])\n"
            "        self.mean = X.mean(axis=0)\n",
        ),
        "after a second fit",
    ),
}


@pytest.mark.parametrize("label", CLASSES)
def test_a_wrong_class_is_told_in_a_sentence(label: str) -> None:
    pair, says = CLASSES[label]
    report = verdict("Standardizer", changed(SCALER, pair))
    assert report.status == "wrong", str(report)
    assert says in report.message, str(report)


def test_a_class_that_is_not_finished_is_called_that() -> None:
    pair, _ = CLASSES["no inverse yet"]
    assert verdict("Standardizer", changed(SCALER, pair)).headline == "Standardizer: not finished."


def test_an_error_of_the_students_own_passes_through() -> None:
    report = verdict("Standardizer", changed(SCALER, ("X.mean(axis=0)", "X.mean(axes=0)")))
    assert report.status == "crashed"
    assert "self.mean = X.mean(axes=0)" in report.message


@pytest.mark.parametrize(
    "answer", [None, 3, {}, {"problem": 7}, {"problem": {}}, {"problem": None}, {"problem": None, "fitted": "x"},
               {"first": 1}, {"first": None, "again": None, "next": 2}, {"first": [1, 2], "again": {}, "next": ()}]
)  # fmt: skip
@pytest.mark.parametrize("name", ["Standardizer", "mlp_loss_and_grads"])
def test_whatever_another_process_says_is_only_a_wrong_answer(name: str, answer: Any) -> None:
    exercise = index.find(name)
    for case in exercise.draw():
        assert judge_case(exercise, case, Answer(wire.loads(wire.dumps(answer)))) is not None


def test_every_case_of_the_scaler_has_numbers_that_are_not_lost() -> None:
    for seed, hidden in SEEDS:
        for case in index.find("Standardizer").draw(seed, hidden):
            X = case.arguments["X"]
            spread = X.std(axis=0)
            # A constant column has spread 0 exactly, whatever the order in which it is summed.
            assert all(value == 0 or value > 5e-6 for value in spread)
