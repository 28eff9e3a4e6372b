"""Whatever form right numbers come back in: lists, tuples, single numbers and arrays without axes are read alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nnkit.exercises import evaluate, index
from nnkit.exercises.exercise import Exercise
from tests.answers import namespace_of


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    """A result with every number or array in it changed; groups of results stay what they are."""
    if isinstance(value, tuple):
        return tuple(_each(entry, change) for entry in value)
    return change(value)


def _as_tuples(value: Any) -> Any:
    return tuple(map(_as_tuples, value)) if isinstance(value, list) else value


def _is_real(value: Any) -> bool:
    return isinstance(value, float | np.floating | np.ndarray) and np.asarray(value).dtype.kind == "f"


FORMS: dict[str, Callable[[Any], Any]] = {
    "lists": lambda value: np.asarray(value).tolist(),
    "tuples": lambda value: _as_tuples(np.asarray(value).tolist()),
    "arrays without axes": lambda value: np.asarray(value) if np.ndim(value) == 0 else value,
    "NumPy's numbers": lambda value: np.asarray(value)[()],
    "lists of NumPy's numbers": lambda value: list(np.asarray(value)) if np.ndim(value) else value,
    "matrices": lambda value: np.asmatrix(value) if np.ndim(value) == 2 else value,
    "single precision": lambda value: np.float32(value) if _is_real(value) else value,
    "columns first": lambda value: np.asfortranarray(value) if np.ndim(value) else value,
}
# What a probe of its own hands over is called with other things than a case's arguments.
CALLED = [name for name in index.names() if index.find(name).probe == "call"]


def _answering(exercise: Exercise, form: str) -> Callable[..., Any]:
    def student(*arguments: Any) -> Any:
        given = dict(zip(exercise.arguments, arguments, strict=False))
        return _each(exercise.reference(*exercise.with_defaults(given).values()), FORMS[form])

    return student


@pytest.mark.filterwarnings("ignore:the matrix subclass")
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", CALLED)
def test_right_numbers_pass_in_every_form(name: str, form: str) -> None:
    exercise = index.find(name)
    for seed, hidden in ((1, False), (2, True)):
        report = evaluate(exercise, {exercise.student_name: _answering(exercise, form)}, seed, hidden)
        assert report.passed, str(report)


DROPOUT = """
def dropout_forward(x, p, rng):
    mask = (rng.random(np.shape(x)) >= p) / (1 - p)
    out = x * mask
    return {}
"""


@pytest.mark.parametrize("returned", ["out.tolist(), mask.tolist()", "[out, mask]", "out, mask.tolist()"])
def test_lists_of_many_numbers_are_read(returned: str) -> None:
    report = evaluate("dropout_forward", namespace_of(DROPOUT.format(returned)))
    assert report.passed, str(report)
