"""Series: numbers and characters that come one after another."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from nnkit.engine import Tensor, float32, from_numpy, generator_or_default, int64

FILES = Path(__file__).parent / "files"


def sunspots(monthly: bool = False) -> tuple[Tensor, Tensor]:
    """Return how many spots the sun had: 309 yearly means from 1700 on, or 3,120 monthly ones from 1749 on.

    From the U.S. National Geophysical Data Center, up to 2008; public domain. It is the older count ("version 1"),
    which was revised in 2015: today's tables have larger numbers.

    Returns
    -------
    time : (N,)
        float64, in years; a month is at its middle.
    numbers : (N,)
        float32.

    Examples
    --------
    >>> time, numbers = sunspots()
    >>> int(time[0]), numbers[:3].tolist()
    (1700, [5.0, 11.0, 16.0])
    """
    table = np.loadtxt(FILES / f"sunspots_{'monthly' if monthly else 'yearly'}.txt", encoding="utf-8")
    years, numbers = table[:, 0], table[:, 1:]
    parts = (np.arange(12) + 0.5) / 12 if monthly else np.zeros(1)
    return from_numpy((years[:, None] + parts).ravel()), from_numpy(numbers.astype(float32).ravel())


def windows(series: Tensor, length: int, ahead: int = 1) -> tuple[Tensor, Tensor]:
    """Cut a series into questions and answers: `length` values in a row, and the value `ahead` steps after the last.

    Returns
    -------
    X : (N − length − ahead + 1, length)
    y : (N − length − ahead + 1,)

    Raises
    ------
    ValueError
        If the series is too short for one window, or `length` or `ahead` is no positive number.

    Examples
    --------
    >>> from nnkit import tensor
    >>> X, y = windows(tensor([1, 2, 3, 4, 5]), length=3)
    >>> X.tolist(), y.tolist()
    ([[1, 2, 3], [2, 3, 4]], [4, 5])
    """
    array = series.detach().numpy()
    count = len(array) - length - ahead + 1
    if min(length, ahead, count) < 1:
        raise ValueError(
            f"A series of {len(array)} values has no windows of length {length} with an answer {ahead} ahead; "
            "both must be at least 1, and together at most the number of values."
        )
    X = np.lib.stride_tricks.sliding_window_view(array, length)[:count]
    return from_numpy(X.copy()), from_numpy(array[length + ahead - 1 :].copy())


def memory(
    n: int, length: int, symbols: int = 4, generator: np.random.Generator | None = None
) -> tuple[Tensor, Tensor]:
    """Make a test of memory: name at the end the symbol that came first, after ever more noise in between.

    Returns
    -------
    X : (n, length, symbols + 1)
        float32: at the first step 1 at the symbol's place, afterwards noise there; the last entry is 1 at the last
        step, where the answer is due.
    y : (n,)
        int64: the symbols.

    Examples
    --------
    >>> X, y = memory(5, length=20)
    >>> X.shape, (X[:, 0, :4].argmax(1) == y).tolist()
    ((5, 20, 5), [True, True, True, True, True])
    """
    if length < 2:
        raise ValueError(f"A test of memory has at least 2 steps, got length {length}.")
    rng = generator_or_default(generator)
    X, y = np.zeros((n, length, symbols + 1), float32), rng.integers(symbols, size=n)
    X[:, 1:, :symbols] = rng.normal(0, 0.1, (n, length - 1, symbols))
    X[np.arange(n), 0, y] = 1
    X[:, -1, symbols] = 1
    return from_numpy(X), from_numpy(y.astype(int64))


def text() -> str:
    """Return a short text for networks that write: plain sentences on light and learning, made for this course.

    Examples
    --------
    >>> text()[:14]
    'The lighthouse'
    """
    return (FILES / "text.txt").read_text(encoding="utf-8")
