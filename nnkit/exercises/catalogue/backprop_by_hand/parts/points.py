"""Points at which a function of three numbers is differentiated."""

from collections.abc import Callable

import numpy as np

from nnkit.exercises.catalogue.draws import one_signed
from nnkit.exercises.exercise import Case

Point = tuple[float, float, float]


def three_numbers(*on_paper: Point) -> Callable[[np.random.Generator, bool], list[Case]]:
    """Some points worked on paper, others at random, and one with z = 0."""

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
        ]

    return cases
