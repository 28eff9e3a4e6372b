"""The hinge loss of a batch, and its judge: at a kink of the hinge more than one slope is right."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.formulas import one_hot, picked
from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.finding import Finding
from nnkit.exercises.judge.ladder import compare_with_reference


def excess(scores: np.ndarray, y: np.ndarray, margin: float = 1.0) -> Any:
    """s_j − s_y + margin for the wrong classes; −1, which costs nothing, at the right one."""
    return np.where(one_hot(scores, y) > 0, -1.0, scores - picked(scores, y)[:, None] + margin)


def cost(scores: np.ndarray, y: np.ndarray, margin: float = 1.0) -> Any:
    """What each wrong class costs; 0 at the right one."""
    return np.maximum(excess(scores, y, margin), 0)


def pushing(slopes: np.ndarray, y: np.ndarray) -> Any:
    """The gradient: at each wrong class its slope, at the right one minus their sum, both for the mean over samples."""
    return (slopes - slopes.sum(axis=1, keepdims=True) * one_hot(slopes, y)) / len(y)


def hinge(scores: np.ndarray, y: np.ndarray, margin: float = 1.0, at_kinks: Any = 0.0) -> tuple[Any, Any]:
    """Loss and gradient; `at_kinks` are the slopes of wrong classes that stand exactly at the margin."""
    behind = excess(scores, y, margin)
    slopes = np.where(behind == 0, at_kinks, behind > 0)
    return cost(scores, y, margin).sum(axis=1).mean(), pushing(slopes, y)


def any_slope_at_kinks(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
    """Compare with a reference that has the answer's own slopes at the kinks, where all from 0 to 1 are right."""
    own_slopes = partial(hinge, at_kinks=_slopes_in(answer.returned, case.arguments["scores"].shape))
    return compare_with_reference(replace(exercise, reference=own_slopes), case, answer)


def _slopes_in(returned: Any, shape: tuple[int, ...]) -> Any:
    """The slope of each score as far as it may be that of a kink, else 0."""
    if not isinstance(returned, list | tuple) or len(returned) != 2:
        return 0.0
    try:
        gradient = np.asarray(returned[1])
    except ValueError:  # rows of different lengths
        return 0.0
    if gradient.shape != shape or gradient.dtype.kind not in "iuf":
        return 0.0
    slopes = gradient.astype(float) * len(gradient)
    return np.where((slopes > 0) & (slopes < 1 + 1e-6), slopes, 0.0)
