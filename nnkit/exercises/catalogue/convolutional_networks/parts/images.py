"""Images to pool: of all shapes, with windows side by side, overlapping, apart, and with something left over."""

from typing import Any

import numpy as np

from nnkit.exercises.exercise import Case
from nnkit.exercises.judge.wording import written
from nnkit.languages import say

FAR_BELOW = -1e15  # below every number from which people let a maximum start
SMALL = 16  # an image of so many pixels or fewer is shown with its numbers


def images(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Cases of x, k and stride in which all sizes of numbers are different, so that no window has two maxima."""

    def of(covers: str, *shape: int, k: int, stride: int) -> Case:
        return pooling_case(_different(rng, shape), k, stride, covers)

    left_over = _different(rng, (1, 1, 3, 3))
    left_over[0, 0, 2, 0] = left_over[0, 0, 0, 2] = np.abs(left_over).max() + 1
    found = [
        pooling_case(_last_is_largest(rng, 2), 2, 1, "one window"),
        of("windows side by side", 1, 1, 4, 4, k=2, stride=2),
        of("overlapping windows", 1, 1, 3, 3, k=2, stride=1),
        of("overlapping windows", 1, 1, 7, 7, k=3, stride=2),
        of("images that are not square", 1, 1, 4, 2, k=2, stride=2),
        of("images that are not square", 1, 1, 2, 4, k=2, stride=1),
        pooling_case(left_over, 2, 2, "pixels left over"),
        of("pixels left over", 1, 2, 4, 6, k=2, stride=3),
        of("windows of one pixel", 1, 1, 2, 3, k=1, stride=1),
        of("gaps between the windows", 1, 1, 5, 5, k=2, stride=3),
        pooling_case(-np.abs(_different(rng, (1, 1, 3, 4))), 2, 1, "negative numbers alone"),
        pooling_case(FAR_BELOW * (1 + np.abs(_different(rng, (1, 1, 4, 2)))), 2, 2, "numbers far below 0"),
        of("several channels", 1, 3, 4, 4, k=2, stride=2),
        of("several images", 2, 3, 5, 7, k=3, stride=2),
    ]
    if hidden:
        found += [
            of("several images", 4, 2, 6, 5, k=2, stride=1),
            of("overlapping windows", 1, 1, 6, 6, k=4, stride=1),
            of("gaps between the windows", 1, 2, 7, 6, k=1, stride=2),
        ]
    return found


def pooling_case(x: Any, k: int, stride: int, covers: str, **before: np.ndarray) -> Case:
    """A case of one batch of images; small images are shown with their numbers."""
    x = np.asarray(x, dtype=float)
    shown = [f"{name}[0, 0] = {written(value[0, 0])}" for name, value in {**before, "x": x}.items()]
    text = (
        say("{shown}, k = {k}, stride = {stride}", shown=", ".join(shown), k=k, stride=stride)
        if x.size <= SMALL and np.abs(x).max() < 1e6
        else ""
    )
    return Case({**before, "x": x, "k": k, "stride": stride}, covers, text)


def _different(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Numbers of either sign, no two of the same size."""
    sizes = 0.1 * rng.permutation(np.arange(3, 3 + np.prod(shape))).reshape(shape)
    return np.asarray(np.round(sizes * rng.choice([-1, 1], shape), 1))


def _last_is_largest(rng: np.random.Generator, side: int) -> np.ndarray:
    """A window whose number of the largest size is negative, and whose maximum stands last in the last row but one."""
    x = -np.abs(_different(rng, (1, 1, side, side)))
    x[0, 0, 0, -1] = 0.2
    return x
