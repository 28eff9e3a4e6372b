"""How numbers of a case are drawn: few decimals, so that a reader can follow by hand, and never 0 by accident."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

Shape = int | tuple[int, ...]


def signed(rng: np.random.Generator, low: float, high: float, shape: Shape = (), decimals: int = 1) -> Any:
    """Numbers of either sign whose size lies between `low` and `high`.

    Returns
    -------
    ndarray of float64
        Of the given shape; without dimensions for the shape ().

    Examples
    --------
    >>> numbers = signed(np.random.default_rng(0), 0.5, 2.5, (2, 3))
    >>> numbers.shape, bool((abs(numbers) >= 0.5).all())
    ((2, 3), True)
    """
    return np.asarray(np.round(rng.uniform(low, high, shape), decimals) * rng.choice([-1, 1], shape))


def one_signed(rng: np.random.Generator, low: float, high: float, decimals: int = 1) -> float:
    """One number of either sign whose size lies between `low` and `high`.

    Examples
    --------
    >>> 0.5 <= abs(one_signed(np.random.default_rng(0), 0.5, 2.5)) <= 2.5
    True
    """
    return float(signed(rng, low, high, (), decimals))


def positive(rng: np.random.Generator, low: float, high: float, shape: Shape = (), decimals: int = 1) -> Any:
    """Numbers between `low` and `high`.

    Examples
    --------
    >>> positive(np.random.default_rng(0), 0.2, 4.0, 3).shape
    (3,)
    """
    return np.asarray(np.round(rng.uniform(low, high, shape), decimals))


def one_positive(rng: np.random.Generator, low: float, high: float, decimals: int = 1) -> float:
    """One number between `low` and `high`.

    Examples
    --------
    >>> 0.2 <= one_positive(np.random.default_rng(0), 0.2, 4.0) <= 4.0
    True
    """
    return float(positive(rng, low, high, (), decimals))


def spread(rng: np.random.Generator) -> list[float]:
    """28 numbers for a sigmoid from −40 to 40, without gaps: whoever puts it together from pieces is met in each.

    Where it bends, up to 12, there is one of each sign for every unit.

    Examples
    --------
    >>> numbers = spread(np.random.default_rng(0))
    >>> len(numbers), min(numbers) < -25, max(numbers) > 25
    (28, True, True)
    """
    edges = (*range(13), 25, 40)
    sizes = [round(float(rng.uniform(low, high)), 2) for low, high in pairwise(edges)]
    return [sign * size for size in sizes for sign in (-1, 1)]
