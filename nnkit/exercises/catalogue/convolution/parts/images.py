"""Images and filters of all kinds for a layer that convolves: what forward and backward are asked for."""

from __future__ import annotations

import numpy as np

from nnkit.exercises.catalogue.draws import signed
from nnkit.exercises.exercise import Case

Kind = tuple[str, int, int, tuple[int, int], int, tuple[int, int], dict[str, int]]
# What a case covers, then N, C, (H, W), F, (KH, KW), and what is said of stride and pad, which may be left out.
KINDS: tuple[Kind, ...] = (
    ("one number as the filter", 1, 1, (1, 2), 1, (1, 1), {}),
    ("one window", 1, 1, (1, 2), 1, (1, 2), {}),
    ("one filter on one channel", 1, 1, (2, 3), 1, (2, 2), {}),
    ("padding", 1, 1, (1, 2), 1, (2, 2), {"stride": 1, "pad": 1}),
    ("stride", 1, 1, (1, 5), 1, (1, 3), {"stride": 2}),
    ("channels", 1, 3, (2, 3), 1, (2, 2), {}),
    ("filters", 1, 1, (3, 3), 2, (2, 2), {"stride": 1}),
    ("samples", 3, 1, (2, 3), 1, (2, 2), {}),
    ("everything alike", 2, 2, (3, 3), 2, (2, 2), {}),
    ("a high image", 1, 1, (5, 2), 2, (2, 2), {}),
    ("windows side by side", 1, 2, (4, 4), 2, (2, 2), {"stride": 2}),
    ("pixels left over by the stride", 2, 1, (4, 6), 1, (2, 3), {"stride": 2}),
    ("a stride larger than the filter", 1, 2, (4, 5), 2, (1, 2), {"stride": 3, "pad": 0}),
    ("a filter as large as the padded image", 2, 1, (1, 2), 2, (3, 4), {"stride": 2, "pad": 1}),
    ("everything at once", 2, 3, (7, 4), 2, (3, 2), {"stride": 2, "pad": 1}),
    ("everything at once", 2, 2, (4, 7), 3, (2, 3), {"stride": 3, "pad": 2}),
)
MORE: tuple[Kind, ...] = (
    ("everything alike", 3, 3, (4, 4), 3, (2, 2), {}),
    ("everything at once", 3, 2, (6, 5), 4, (3, 4), {"stride": 2, "pad": 2}),
)


def images_and_filters(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """A case of each kind; grading has two more."""
    found = []
    for covers, samples, channels, size, filters, kernel, steps in (*KINDS, *(MORE if hidden else ())):
        x = signed(rng, 0.3, 2.0, (samples, channels, *size))
        w, b = signed(rng, 0.3, 2.0, (filters, channels, *kernel)), signed(rng, 0.5, 2.0, filters)
        found.append(Case({"x": x, "w": w, "b": b, **steps}, covers))
    return found


def whole(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Small whole numbers, as numbers of the kind that has no fractions."""
    return rng.integers(1, 3, shape)


def with_a_tenth(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Numbers one tenth above a whole one.

    Sums of a few of their products with `whole` numbers lose the same whether every product loses its fraction or the
    sum does: somebody who writes into an array of whole numbers can be told so, however it was done.
    """
    return rng.integers(1, 4, shape) + 0.1
