"""How often a random order brings images that stand next to each other into the same batch, exactly.

Only what is in a batch together counts, since the order within a batch makes no difference to its step. All orders are
equally likely, so the numbers below are counts of arrangements, worked out in whole numbers.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from math import comb, factorial

import numpy as np


def together(epochs: Sequence[Sequence[Sequence[int]]]) -> int:
    """How many pairs of neighbours, such as 3 and 4, share a batch, in all epochs together."""
    batch_of = [{row: number for number, batch in enumerate(epoch) for row in batch} for epoch in epochs]
    return sum(of.get(row) == of.get(row + 1) for of in batch_of for row in range(len(of) - 1))


def expected(sizes: Sequence[int], epochs: int) -> float:
    """How many pairs of neighbours share a batch on average, if batches of these sizes are drawn at random."""
    images = sum(sizes)
    return epochs * sum(size * (size - 1) for size in sizes) / images


def chance(sizes: Sequence[int], epochs: int, found: int) -> float:
    """How likely at least so many pairs of neighbours share a batch, if batches of these sizes are drawn at random.

    Examples
    --------
    >>> chance([2, 1], 1, 1)  # 3 images: the one apart is the first or the last, and not the middle one
    0.6666666666666666
    >>> chance([32, 32], 2, 120) < 1e-20
    True
    """
    of_one = _distribution(tuple(sorted(sizes)))
    of_all = functools.reduce(np.convolve, [of_one] * epochs)
    return float(min(1.0, of_all[found:].sum()))


@functools.lru_cache(maxsize=32)
def _distribution(sizes: tuple[int, ...]) -> np.ndarray:
    """The probability of 0, 1, 2, … pairs of neighbours in the same batch."""
    images = sum(sizes)
    # A line of images falls into runs of images that share a batch. With each batch cut into some pieces, and the
    # pieces put into any order, m pairs lie within pieces: what is counted so are arrangements with m pairs marked.
    pieces = [1]  # at k: in how many ways, times 1 / k! of each batch's own order, here all over (sum of sizes)!
    for size in sizes:
        own = [0] + [comb(size - 1, k - 1) for k in range(1, size + 1)]
        pieces = [
            sum(pieces[k - j] * own[j] * comb(k, j) for j in range(max(0, k - len(pieces) + 1), min(k, size) + 1))
            for k in range(len(pieces) + size)
        ]
    marked = [pieces[images - m] for m in range(images)]
    all_ways = factorial(images)
    for size in sizes:
        all_ways //= factorial(size)
    exactly = [
        sum((-1) ** (m - found) * comb(m, found) * marked[m] for m in range(found, images)) for found in range(images)
    ]
    return np.array([count / all_ways for count in exactly])
