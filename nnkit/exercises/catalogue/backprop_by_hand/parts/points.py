"""Points at which a function of three numbers is differentiated."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.draws import one_signed
from nnkit.exercises.exercise import Case

Point = tuple[float, float, float]

# Beside a number of this size a small step disappears, so that a difference of two values is 0; the formula, in float32
# too, does not mind. Of assignment 02 every exercise that asks for a formula has a case with such a number.
LARGE = 4e13


def lost_beside(large: Any, slope: Any) -> Any:
    """A slope from differences of values: 0 where the step disappears beside a large number."""
    return 0.0 * slope if np.max(np.abs(large)) >= LARGE / 10 else slope


def three_numbers(*on_paper: Point, large: Point) -> Callable[[np.random.Generator, bool], list[Case]]:
    """Some points worked on paper, others at random, one with z = 0, and one with a very large number in it."""

    def case(covers: str, x: float, y: float, z: float) -> Case:
        return Case({"x": x, "y": y, "z": z}, covers)

    def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
        # Each variable is negative at some of the points and positive at others.
        signs = rng.permutation([(1, 1, -1), (-1, 1, 1), (1, -1, -1), (-1, -1, 1)] * (2 if hidden else 1))
        drawn = [[float(sign) * abs(one_signed(rng, 0.5, 2.5)) for sign in row] for row in signs]
        return [
            *(case("points worked on paper", *point) for point in on_paper),
            *(case("random points", *point) for point in drawn),
            case("z = 0", one_signed(rng, 0.5, 2.5), one_signed(rng, 0.5, 2.5), 0.0),
            case("a very large number", *large),
        ]

    return cases
