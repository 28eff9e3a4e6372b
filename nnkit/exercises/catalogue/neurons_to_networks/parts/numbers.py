"""Numbers and arrays of every kind for functions that work entry by entry, and how exact their results must be."""

from typing import Any

import numpy as np

from nnkit.exercises.catalogue.draws import one_signed, signed
from nnkit.exercises.exercise import Case

# Too narrow for a one-sided difference in the place of a slope, and for one that is 0 where it should be small.
RELATIVE, ABSOLUTE = 5e-6, 1e-15


def numbers_of_every_kind(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Every size up to 40 is met, on both sides of 0; some are so large that e to their power is beyond all floats."""

    def floats(*shape: int) -> Any:
        return signed(rng, 0.2, 4.0, shape)

    def one_of_each_size(low: int, high: int, width: float) -> np.ndarray:
        """A number from each stretch of this width, on either side of 0."""
        sizes = np.arange(low, high, width)
        both = np.concatenate([np.round(sizes + rng.uniform(0, width, sizes.shape), 2) for _ in range(2)])
        return np.where(np.arange(both.size) < sizes.size, both, -both)

    large = float(rng.integers(720, 1000))
    cases = [
        Case({"x": 0.0}, "small numbers"),
        Case({"x": one_signed(rng, 0.2, 4.0)}, "small numbers"),
        Case({"x": 2}, "whole numbers"),
        Case({"x": -1000}, "whole numbers"),
        Case({"x": floats(3)}, "vectors"),
        Case({"x": floats(1)}, "one entry"),
        Case({"x": floats()}, "arrays without dimensions"),
        Case({"x": floats(2, 3)}, "matrices"),
        Case({"x": floats(2, 1, 2)}, "three axes"),
        Case({"x": rng.choice(np.array([-3, -2, -1, 1, 2, 3]), 4, replace=False)}, "integers"),
        Case({"x": np.array(rng.choice([-2, -1, 1]))}, "integers"),
        Case({"x": np.concatenate([[-1000, 1000], rng.integers(-900, 900, 10)]).reshape(3, 4)}, "integers"),
        Case({"x": one_of_each_size(0, 40, 0.5)}, "every size up to ±40"),
        # By itself, as beside a large value a small one may be far off.
        Case({"x": one_of_each_size(15, 40, 1.0)}, "almost arrived"),
        Case({"x": -np.abs(one_of_each_size(15, 40, 1.0))}, "almost arrived"),
        Case({"x": np.round(-np.arange(40, 300, 20) - rng.uniform(0, 20, 13), 1)}, "next to nothing"),
        Case({"x": -1000.0}, "±1000"),
        Case({"x": 1000.0}, "±1000"),
        Case({"x": np.array([-large, -30.0, 0.5, 30.0, large])}, "±1000"),
    ]
    if hidden:
        cases += [
            Case({"x": one_signed(rng, 700, 1000)}, "±1000"),
            Case({"x": rng.normal(size=(3, 1, 4))}, "three axes"),
        ]
    return cases
