"""A layer of sigmoid neurons, and how the numbers of a network are drawn."""

from typing import Any

import numpy as np

from nnkit.exercises.catalogue.draws import signed
from nnkit.exercises.catalogue.formulas import sigmoid


def drawn(rng: np.random.Generator, *shape: int) -> Any:
    """Two decimals, so that a case can be worked by hand; no zeros, and sums that leave the sigmoid its slope."""
    return signed(rng, 0.3, 1.6, shape, decimals=2)


def layer(x: Any, W: Any, b: Any, sigmoid: Any = sigmoid) -> Any:
    """The activations of a layer for one sample; of a single neuron where W is a vector.

    Mistakes put something else in the place of the sigmoid.
    """
    return sigmoid(x @ W + b)
