"""Numbers by chance that a page and Python draw alike: the same seed, the same numbers, and so the same picture.

NumPy's generators cannot be had on a page without hundreds of lines. This is T. Ettinger's *mulberry32*: a counter goes
up by a fixed odd number, and each of its values is mixed to 32 bits. It is good enough for pictures of some hundred
thousand draws (tests compare it with NumPy's), and for nothing else. ``front/chance.js`` is the same in JavaScript.
"""

from __future__ import annotations

import numpy as np


class Chance:
    """A row of numbers by chance.

    Parameters
    ----------
    seed : int
        From 0; each gives a row of its own. Those of the first 20,000 seeds do not overlap within 100,000 numbers.

    Examples
    --------
    >>> Chance(0).uniforms(2)
    array([0.26642921, 0.00032975])
    >>> Chance(0).below(10)
    2
    """

    def __init__(self, seed: int) -> None:
        self._counter = seed * 0x85EBCA6B % 2**32

    def uniforms(self, count: int) -> np.ndarray:
        """Return the next numbers, even from 0 to below 1.

        Parameters
        ----------
        count : int

        Returns
        -------
        (count,) array
        """
        with np.errstate(over="ignore"):
            steps = np.arange(1, count + 1, dtype=np.uint32) * np.uint32(0x6D2B79F5)
            counter = np.uint32(self._counter) + steps
            mixed = (counter ^ (counter >> 15)) * (counter | np.uint32(1))
            mixed = (mixed + (mixed ^ (mixed >> 7)) * (mixed | np.uint32(61))) ^ mixed
        self._counter = (self._counter + count * 0x6D2B79F5) % 2**32
        return (mixed ^ (mixed >> 14)) / 2.0**32

    def normals(self, count: int) -> np.ndarray:
        """Return the next numbers of a normal distribution, of mean 0 and variance 1.

        They come in pairs, by the rule of Box and Muller; of an odd count the last of a pair is lost.

        Parameters
        ----------
        count : int

        Returns
        -------
        (count,) array
        """
        first, second = self.uniforms(count + count % 2).reshape(-1, 2).T
        length, angle = np.sqrt(-2 * np.log(1 - first)), 2 * np.pi * second
        return np.column_stack([length * np.cos(angle), length * np.sin(angle)]).ravel()[:count]

    def below(self, count: int) -> int:
        """Return a whole number from 0 to below a count.

        Parameters
        ----------
        count : int

        Returns
        -------
        int
        """
        return int(count * self.uniforms(1)[0])
