"""Judging the way back through pooling: where a window has several maxima, its message may be shared among them.

No share is negative and together they are the message, so a wrong answer to a tie is told from a right one by a
property: of all right answers the one that comes nearest is what an answer is compared with.
"""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.convolutional_networks.parts.pooling import windows_of
from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.finding import Finding
from nnkit.exercises.judge.ladder import compare_with_reference

SWEEPS = 2000  # far more than overlapping windows of a case need to settle
SETTLED = 1e-12  # shares that move less have settled

SEVERAL = "Some window has several maxima here, so there are several right answers; expected is the one nearest yours."


def shared_among_maxima(
    dout: np.ndarray, x: np.ndarray, k: int, stride: int, like: np.ndarray | None = None
) -> np.ndarray:
    """The right gradient that is nearest to another one; without one, ties are shared evenly.

    Each window's message is its own to share, so the shares of one window are fitted while the others stay, in turn.
    """
    dx, ties = np.zeros(x.shape), []
    windows = windows_of(x, k, stride)
    for n, c, i, j in np.ndindex(*dout.shape):
        rows, columns = np.nonzero(windows[n, c, i, j] == windows[n, c, i, j].max())
        places = np.full(len(rows), n), np.full(len(rows), c), rows + i * stride, columns + j * stride
        shares = np.full(len(rows), 1 / len(rows))
        dx[places] += dout[n, c, i, j] * shares
        if len(rows) > 1 and dout[n, c, i, j]:
            ties.append((places, float(dout[n, c, i, j]), shares))
    if like is None:
        return dx
    for _ in range(SWEEPS):
        moved = 0.0
        for places, message, shares in ties:
            fitted = _to_shares(shares + (like[places] - dx[places]) / message)
            moved = max(moved, np.abs(fitted - shares).max())
            dx[places] += message * (fitted - shares)
            shares[...] = fitted
        if moved < SETTLED:
            break
    return dx


def _to_shares(wanted: np.ndarray) -> np.ndarray:
    """The nearest numbers that are not negative and together 1: all less the same amount, and cut off at 0."""
    falling = np.sort(wanted)[::-1]
    excess = (np.cumsum(falling) - 1) / np.arange(1, len(wanted) + 1)
    return np.maximum(wanted - excess[falling > excess][-1], 0)


def judge(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
    """Compare with the right answer that is nearest, and say so where there are others."""
    like = _numbers(answer.returned, case.arguments["x"].shape)
    nearest = replace(exercise, reference=partial(shared_among_maxima, like=like))
    finding = compare_with_reference(nearest, case, answer)
    if finding is None or finding.rung != "value" or not _has_ties(**case.arguments):
        return finding
    return replace(finding, text=f"{finding.text} {SEVERAL}")


def _has_ties(x: np.ndarray, k: int, stride: int, **others: Any) -> bool:
    windows = windows_of(x, k, stride)
    maxima = windows == windows.max(axis=(-2, -1), keepdims=True)
    return bool((maxima.sum(axis=(-2, -1)) > 1).any())


def _numbers(returned: Any, shape: tuple[int, ...]) -> np.ndarray | None:
    """What came back as an array of this shape, None where it is none."""
    try:
        found = np.asarray(returned)
    except ValueError:  # rows of different lengths
        return None
    if found.shape != shape or found.dtype.kind not in "iuf" or not np.isfinite(found).all():
        return None
    return found.astype(float)
