"""A layer of sigmoid neurons, and how the numbers of a network are drawn."""

from itertools import pairwise
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.draws import signed
from nnkit.exercises.catalogue.formulas import sigmoid


def drawn(rng: np.random.Generator, *shape: int) -> Any:
    """Two decimals, so that a case can be worked by hand; no zeros, and sums that leave the sigmoid its slope."""
    return signed(rng, 0.3, 1.6, shape, decimals=2)


def spread(rng: np.random.Generator) -> list[float]:
    """28 numbers for a sigmoid from −40 to 40, without gaps: whoever puts it together from pieces is met in each.

    Where it bends, up to 12, there is one of each sign for every unit.
    """
    edges = (*range(13), 25, 40)
    sizes = [round(float(rng.uniform(low, high)), 2) for low, high in pairwise(edges)]
    return [sign * size for size in sizes for sign in (-1, 1)]


def layer(x: Any, W: Any, b: Any, sigmoid: Any = sigmoid) -> Any:
    """The activations of a layer for one sample; of a single neuron where W is a vector.

    Mistakes put something else in the place of the sigmoid.
    """
    return sigmoid(x @ W + b)
