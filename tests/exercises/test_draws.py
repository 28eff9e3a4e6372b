"""Cases as they are drawn: each can be answered, and grading asks for nothing that the notebook does not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nnkit.exercises import evaluate, index
from nnkit.exercises.exercise import MOST_DRAWS, Case, Exercise


def _kind(value: Any) -> Any:
    """What a value is, whatever its numbers: its type, and of an array its axes and what is in it."""
    if isinstance(value, np.ndarray | np.generic):
        return type(value).__name__, value.dtype.kind, value.ndim
    if isinstance(value, dict):
        return "dict", frozenset(_kind(entry) for entry in value.values())
    if isinstance(value, list | tuple):
        return type(value).__name__, frozenset(_kind(entry) for entry in value)
    return type(value).__name__


def _kinds(exercise: Exercise, seed: int, hidden: bool) -> set[Any]:
    cases = exercise.draw(seed, hidden)
    covers = {("covers", case.covers) for case in cases}
    return covers | {(name, _kind(value)) for case in cases for name, value in case.arguments.items()}


@pytest.mark.parametrize("name", index.names())
def test_grading_asks_for_the_kinds_of_the_notebook_and_for_no_others(name: str) -> None:
    exercise = index.find(name)
    public = _kinds(exercise, 1, hidden=False)
    for seed in range(2, 12):
        assert _kinds(exercise, seed, hidden=True) == public


def _that_answers(limit: float) -> Exercise:
    """An exercise whose reference has no answer to numbers below a limit."""

    def reference(x: float) -> float:
        if x < limit:
            raise ZeroDivisionError
        return x if x > 2 * limit else float("inf")

    return Exercise(
        name="same",
        signature="same(x)",
        reference=reference,
        cases=lambda rng, hidden: [Case({"x": float(x)}, "numbers") for x in rng.random(3)],
        hints=("A nudge.", "Nearly there."),
        mistakes=(),
    )


def test_a_case_that_has_no_answer_is_drawn_again() -> None:
    exercise = _that_answers(0.25)
    for seed in range(40):
        first, again = exercise.draw(seed), exercise.draw(seed)
        assert [dict(case.arguments) for case in first] == [dict(case.arguments) for case in again]
        assert all(case.arguments["x"] > 0.5 for case in first)
        assert evaluate(exercise, {"same": lambda x: x}, seed).passed


def test_cases_of_which_none_has_an_answer_come_to_an_end() -> None:
    drawn = []
    exercise = _that_answers(2.0)
    cases = exercise.cases

    def counted(rng: np.random.Generator, hidden: bool) -> list[Case]:
        drawn.append(hidden)
        return cases(rng, hidden)

    object.__setattr__(exercise, "cases", counted)
    exercise.draw()
    assert len(drawn) == MOST_DRAWS
