"""Numbers and arrays of every kind for functions that work entry by entry, and how exact their results must be."""

from typing import Any

import numpy as np

from nnkit.exercises.catalogue.draws import one_signed, signed
from nnkit.exercises.exercise import Case

# Wide enough for float32, and too narrow for a one-sided difference in the place of a slope.
RELATIVE, ABSOLUTE = 5e-6, 1e-7


def numbers_of_every_kind(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Some are so large that e to their power is beyond all floats."""

    def floats(*shape: int) -> Any:
        return signed(rng, 0.2, 4.0, shape)

    large = float(rng.integers(720, 1000))
    cases = [
        Case({"x": 0.0}, "numbers"),
        Case({"x": one_signed(rng, 0.2, 4.0)}, "numbers"),
        Case({"x": 2}, "a whole number"),
        Case({"x": floats(3)}, "vectors"),
        Case({"x": floats()}, "arrays without dimensions"),
        Case({"x": floats(2, 3)}, "matrices"),
        Case({"x": floats(2, 1, 2)}, "three axes"),
        Case({"x": rng.choice(np.array([-3, -2, -1, 1, 2, 3]), 4, replace=False)}, "integers"),
        Case({"x": np.array(rng.choice([-2, -1, 1]))}, "integers"),
        Case({"x": -1000.0}, "±1000"),
        Case({"x": 1000.0}, "±1000"),
        Case({"x": np.array([-large, -30.0, 0.5, 30.0, large])}, "±1000"),
    ]
    if hidden:
        cases += [
            Case({"x": floats(1)}, "one entry"),
            Case({"x": np.array(-1000)}, "±1000"),
            Case({"x": rng.integers(-900, 900, (3, 4))}, "large integers"),
            Case({"x": rng.normal(size=(2, 3, 4, 2))}, "four axes"),
        ]
    return cases
