"""The judge of `relu_backward`: at exactly 0 the slopes of both sides are right."""

from dataclasses import replace
from typing import Any

import numpy as np

from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.compare import differs
from nnkit.exercises.judge.finding import Finding
from nnkit.exercises.judge.ladder import compare_with_reference
from nnkit.exercises.judge.recognise import simulate

WRONG_AT_ZERO = (
    "Everything is right except at exactly 0. The ReLU has a corner there: take the slope of one side, so that 0 or "
    "all of dout gets through."
)


def either_slope_at_zero(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
    """Compare with the reference, after either one-sided slope at exactly 0 was taken for the reference's."""
    dout, x, returned = case.arguments["dout"], case.arguments["x"], answer.returned
    try:
        got = np.asarray(returned)  # lists are answers too
    except ValueError:  # rows of different lengths
        got = np.empty(0)
    if got.shape == x.shape and got.dtype.kind in "iuf":
        open_at_zero = (x == 0) & ~differs(dout, got, exercise)
        returned = np.where(open_at_zero, 0.0, got)
    finding = compare_with_reference(exercise, case, replace(answer, returned=returned))
    if finding is None:
        return None
    symptom = _symptom(exercise, case, returned, finding)
    return replace(finding, symptom=symptom, cause=WRONG_AT_ZERO if symptom == WRONG_AT_ZERO else finding.cause)


def _symptom(exercise: Exercise, case: Case, returned: Any, finding: Finding) -> str:
    """Which declared mistake this is, away from 0, where two answers are right; else what kind of thing is wrong."""
    dout, x = case.arguments["dout"], case.arguments["x"]
    if finding.rung == "shape" and np.shape(returned) == dout[x > 0].shape:
        return "only what passes"
    if finding.rung != "value":
        return finding.rung

    def same(right: np.ndarray, where: np.ndarray) -> bool:
        return right.shape == x.shape and not differs(right[where], np.asarray(returned)[where], exercise).any()

    if same(exercise.reference(dout, x), x != 0):
        return "half at 0" if same(0.5 * dout, x == 0) else WRONG_AT_ZERO
    for mistake in exercise.mistakes:
        if same(np.asarray(simulate(exercise, mistake, case).returned), x != 0):
            return mistake.label
    return ""
