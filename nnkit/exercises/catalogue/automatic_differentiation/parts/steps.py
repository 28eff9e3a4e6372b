"""Steps on the way to `Value`: what the whole class and the class half done have in common."""

import numpy as np

from nnkit.exercises.catalogue.automatic_differentiation.Value import EXERCISE as WHOLE
from nnkit.exercises.exercise import Mistake

# As for the whole class.
TOLERANCES = {"relative": WHOLE.relative, "absolute": WHOLE.absolute}


def mistakes_of_value(*labels: str) -> tuple[Mistake, ...]:
    """Mistakes of the whole class that show in a step already.

    Examples
    --------
    >>> [mistake.label for mistake in mistakes_of_value("sin: sign")]
    ['sin: sign']
    """
    known = {mistake.label: mistake for mistake in WHOLE.mistakes}
    return tuple(known[label] for label in labels)


def leaves(rng: np.random.Generator, names: str) -> dict[str, float]:
    """A number of either sign for each name, all of different sizes, none of them 1, which would hide factors."""
    sizes = rng.choice([*range(6, 10), *range(11, 25)], len(names), replace=False) / 10
    signs = rng.choice([-1, 1], len(names))
    return {name: float(size * sign) for name, size, sign in zip(names, sizes, signs, strict=True)}


def positive_leaves(rng: np.random.Generator, names: str) -> dict[str, float]:
    """The same without signs."""
    return {name: abs(value) for name, value in leaves(rng, names).items()}
