"""The judge of `relu_backward`: at exactly 0 the slopes of both sides are right."""

from dataclasses import replace

import numpy as np

from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.compare import differs
from nnkit.exercises.judge.finding import Finding
from nnkit.exercises.judge.ladder import compare_with_reference
from nnkit.exercises.judge.recognise import simulate
from nnkit.languages import say

WRONG_AT_ZERO = (
    "Everything is right except at exactly 0. The ReLU has a corner there: take the slope of one side, so that 0 or "
    "all of dout gets through."
)

WIDE = 2.8  # a door that is still closed there never opens, and one that is open at −2.8 never closes


def either_slope_at_zero(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
    """Compare with the reference, after either one-sided slope at exactly 0 was taken for the reference's."""
    dout, x, returned = case.arguments["dout"], case.arguments["x"], answer.returned
    try:
        got = np.asarray(returned)  # lists are answers too
    except ValueError:  # rows of different lengths
        got = np.empty(0)
    if got.shape == x.shape and got.dtype.kind in "iuf":
        open_at_zero = (x == 0) & ~differs(dout, got, exercise)
        returned = np.where(open_at_zero, got.dtype.type(0), got)
    finding = compare_with_reference(exercise, case, replace(answer, returned=returned))
    if finding is None:
        return None
    symptom = _symptom(exercise, case, replace(answer, returned=returned), finding)
    return replace(finding, symptom=symptom, cause=WRONG_AT_ZERO if symptom == WRONG_AT_ZERO else finding.cause)


def _symptom(exercise: Exercise, case: Case, answer: Answer, finding: Finding) -> str:
    """Which declared mistake this is, away from 0, where two answers are right; else what kind of thing is wrong."""
    dout, x, returned = case.arguments["dout"], case.arguments["x"], answer.returned
    if finding.rung == "input changed":
        return say("changes {changed}", changed=" and ".join(answer.changed))
    if finding.rung == "dtype":
        if np.asarray(returned).dtype == bool:
            return "True and False"
        return "made of integers" if x.dtype.kind == "i" else ""
    if finding.rung == "not finite" and np.array_equal(~np.isfinite(returned), x == 0):
        return "a quotient at the corner"
    if finding.rung == "shape" and np.shape(returned) == dout[x > 0].shape:
        return "only what passes"
    if finding.rung != "value":
        return finding.rung

    def same(right: np.ndarray, where: np.ndarray) -> bool:
        return right.shape == x.shape and not differs(right[where], np.asarray(returned)[where], exercise).any()

    if same(exercise.reference(dout, x), x != 0):
        return "half at 0" if same(0.5 * dout, x == 0) else WRONG_AT_ZERO
    door = _door(dout, x.astype(float), np.asarray(returned), exercise)
    if door:
        return door
    for mistake in exercise.mistakes:
        if same(np.asarray(simulate(exercise, mistake, case).returned), x != 0):
            return mistake.label
    return ""


def _door(dout: np.ndarray, x: np.ndarray, got: np.ndarray, exercise: Exercise) -> str:
    """A door that opens elsewhere than at 0, or does not close; whatever the place and whatever the share."""
    wrong = differs(dout * (x > 0), got, exercise) & (x != 0)
    passed, stopped = ~differs(dout, got, exercise), ~differs(np.zeros(x.shape), got, exercise)
    if stopped[wrong].all() and (x[wrong] > 0).all() and x[wrong].max() < np.min(x[(x > 0) & ~wrong], initial=np.inf):
        return "opens too late" if got.any() or x.max() < WIDE else "never opens"
    if passed[wrong].all() and (x[wrong] < 0).all() and x[wrong].min() > np.max(x[(x < 0) & ~wrong], initial=-np.inf):
        return "opens too early" if (wrong != (x < 0)).any() or x.min() > -WIDE else "always open"
    shares = got[wrong] / dout[wrong]
    if (x[wrong] < 0).all() and (wrong == (x < 0)).all() and np.ptp(shares) < 1e-3 and 0 < shares.min() < 0.9:
        return "leaky"
    return ""
