"""Numbers and arrays of every kind, to be doubled."""

import numpy as np

from nnkit.exercises.exercise import Case


def numbers_and_arrays(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Single numbers, vectors, matrices, three axes and integers; in grading more of them."""
    cases = [
        Case({"x": 3}, "numbers"),
        Case({"x": float(np.round(rng.uniform(1.2, 1.9), 2))}, "numbers"),
        Case({"x": -float(rng.integers(3, 9))}, "negative numbers"),
        Case({"x": 0.0}, "zero"),
        Case({"x": rng.choice([-1.5, 2.5, 4.0, -3.0], size=3, replace=False)}, "vectors"),
        Case({"x": rng.normal(size=(2, 3)).round(1)}, "matrices"),
        Case({"x": rng.integers(3, 9, size=4)}, "integers"),
        Case({"x": rng.normal(size=(2, 1, 3)).round(1)}, "three axes"),
    ]
    if hidden:
        cases += [Case({"x": rng.normal(size=(3, 4, 2))}, "three axes"), Case({"x": rng.normal(size=7)}, "vectors")]
    return cases
