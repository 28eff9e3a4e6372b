"""Mistakes that recur: what a family does to the numbers, and that a sign knows a mistake whatever number it holds."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nnkit.exercises.beside.states import ANSWERED
from nnkit.exercises.catalogue import families, signs
from nnkit.exercises.catalogue.formulas import log_softmax, picked, sigmoid, softmax
from nnkit.exercises.exercise import Case, Exercise, Mistake, exercise
from nnkit.exercises.judge.answer import Answer, Sitting
from nnkit.exercises.judge.recognise import simulate
from nnkit.exercises.judge.verdict import verdict_on

HINTS = ("One.", "Two.")
X = np.array([[1.0, -2.0], [0.5, 3.0], [2.0, 1.0]])
W = np.array([0.4, -1.3])


def gradients(X: Any, w: Any, sigmoid: Callable[[Any], Any] = sigmoid) -> tuple[Any, Any]:
    """Two results of which one belongs to an argument."""
    return X.T @ sigmoid(X @ w) / len(X), sigmoid(X @ w).mean()


def declared(*mistakes: Mistake, **details: Any) -> Exercise:
    cases = [Case({"X": X, "w": W}, "numbers"), Case({"X": 2 * X[:2], "w": -W}, "numbers")]
    return exercise(
        "both(X, w) -> dw, mean",
        reference=lambda X, w: gradients(X, w),
        cases=lambda rng, hidden: cases,
        hints=HINTS,
        mistakes=mistakes,
        **details,
    )


def cause(made: Exercise, answer: Callable[..., Any]) -> str | None:
    """What somebody is told who gives these answers."""
    cases = made.draw()
    answers = tuple(Answer(answer(**case.arguments), (), None, ()) for case in cases)
    return verdict_on(made, cases, Sitting(ANSWERED, answers), limit=10).cause


def rows(X: Any) -> int:
    return len(X)


EVERY_FAMILY: tuple[Mistake, ...] = (
    *families.factor_two("dw"),
    families.divided_twice(rows, "dw"),
    families.step_in_the_place_of(dw="w"),
)


@pytest.mark.parametrize("mistake", EVERY_FAMILY, ids=lambda mistake: mistake.label)
def test_each_is_told_its_own_sentence(mistake: Mistake) -> None:
    made = declared(*EVERY_FAMILY)
    returned = [simulate(made, mistake, case).returned for case in made.draw()]
    answers = iter(returned)
    assert cause(made, lambda **arguments: next(answers)) == mistake.sentence


@pytest.mark.parametrize(
    ("mistake", "dw", "mean"),
    [
        (families.factor_two("dw")[0], 2, 1),
        (families.factor_two("dw")[1], 0.5, 1),
        (families.factor_two()[0], 2, 2),
        (families.divided_twice(rows, "mean"), 1, 1 / 3),
    ],
    ids=lambda part: part.label if isinstance(part, Mistake) else "",
)
def test_sizes(mistake: Mistake, dw: float, mean: float) -> None:
    made, right = declared(mistake), gradients(X, W)
    returned = mistake.answer(made, lambda: right, {"X": X, "w": W})
    np.testing.assert_allclose(returned[0], dw * right[0])
    assert returned[1] == pytest.approx(mean * right[1])


def test_sentences_name_what_they_are_about() -> None:
    assert families.divided_twice(rows, "dW", of="rows").sentence.startswith(
        "Your dW is too small by the number of rows"
    )
    several = families.divided_twice(rows, "dW", "db").sentence  # is also told of one of them
    assert several.startswith("Yours is too small")
    assert families.factor_two()[0].sentence.startswith("Yours is exactly twice")


@pytest.mark.parametrize("rate", families.USUAL_RATES)
def test_the_usual_rates_are_known_without_a_sign_too(rate: float) -> None:
    made = declared(*families.usual_steps_in_the_place_of(dw="w"))

    def stepped(X: Any, w: Any) -> Any:
        dw, mean = gradients(X, w)
        return w - rate * dw, mean

    assert cause(made, stepped) == made.mistakes[0].sentence


# ---------------------------------------------------------------------------------------------------------------------
# Signs
# ---------------------------------------------------------------------------------------------------------------------

STEP = families.step_in_the_place_of(dw="w")
STEPS = declared(STEP, judge=signs.comparing(*signs.steps(dw="w")))


@pytest.mark.parametrize("rate", [1e-4, 0.03, 0.5, 1.0, 7.0])
def test_a_step_is_known_whatever_its_rate(rate: float) -> None:
    def stepped(X: Any, w: Any) -> Any:
        dw, mean = gradients(X, w)
        return w - rate * dw, mean

    assert cause(STEPS, stepped) == STEP.sentence


@pytest.mark.parametrize(
    "otherwise",
    [lambda w, dw: w + 0.1 * dw, lambda w, dw: w - 0.1 * dw**2, lambda w, dw: 2 * dw, lambda w, dw: np.zeros(2)],
    ids=["uphill", "of another direction", "no step", "nothing"],
)
def test_what_is_no_step_is_not_called_one(otherwise: Callable[..., Any]) -> None:
    def answer(X: Any, w: Any) -> Any:
        dw, mean = gradients(X, w)
        return otherwise(w, dw), mean

    assert cause(STEPS, answer) is None


def from_log(log: Callable[[Any], Any], scores: Any, y: Any) -> Any:
    return -log(picked(softmax(scores), y)).mean()


SMALL = families.small_number_beside(from_log)
INFINITE = families.logarithm_of_zero(from_log)
LOSS = exercise(
    "loss(scores, y)",
    reference=lambda scores, y: -picked(log_softmax(scores), y).mean(),
    cases=lambda rng, hidden: [
        Case({"scores": np.array([[0.3, -1.0], [4.0, 2.0]]), "y": np.array([0, 1])}, "numbers"),
        Case({"scores": np.array([[0.0, 2000.0], [1.0, 2.0]]), "y": np.array([0, 1])}, "far apart"),
        Case({"scores": np.array([[-900.0, 900.0], [0.0, 5000.0]]), "y": np.array([0, 0])}, "far apart"),
    ],
    hints=HINTS,
    mistakes=(SMALL, INFINITE),
)


@pytest.mark.parametrize("small", [1e-5, 1e-9, np.finfo(float).eps, 1e-300])
def test_the_usual_small_numbers_are_known_without_a_sign_too(small: float) -> None:
    made = dataclasses.replace(LOSS, judge=None, mistakes=families.usual_small_numbers_beside(from_log))
    assert cause(made, lambda scores, y: from_log(lambda p: np.log(p + small), scores, y)) == SMALL.sentence


def test_an_infinite_loss_has_its_own_sentence() -> None:
    with np.errstate(divide="ignore"):
        assert cause(LOSS, lambda scores, y: from_log(np.log, scores, y)) == INFINITE.sentence


def test_a_loss_that_is_too_small_for_ordinary_scores_too_is_something_else() -> None:
    assert cause(LOSS, lambda scores, y: from_log(lambda p: np.log(p + 0.1), scores, y)) is None
