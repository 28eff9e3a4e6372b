"""First values of parameters. Each function fills a tensor in place, unrecorded, and returns it.

A layer should neither blow up nor fade out what runs through it. If inputs are independent with variance 1, a sum of
`fan_in` products has variance fan_in · var(w); so weights are drawn with a variance of about 1 / fan_in.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnkit.engine import Tensor, generator_or_default, no_grad

Generator = np.random.Generator | None  # where chance comes from; None: what `nnkit.manual_seed` seeds


def _filled(tensor: Tensor, values: Any) -> Tensor:
    with no_grad():
        tensor[...] = values
    return tensor


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, generator: Generator = None) -> Tensor:
    """Fill with numbers evenly distributed between a and b.

    Examples
    --------
    >>> from nnkit import zeros
    >>> bool((uniform_(zeros(100), 2, 3) >= 2).sum() == 100)
    True
    """
    return _filled(tensor, generator_or_default(generator).uniform(a, b, tensor.shape))


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, generator: Generator = None) -> Tensor:
    """Fill with normally distributed numbers."""
    return _filled(tensor, generator_or_default(generator).normal(mean, std, tensor.shape))


def zeros_(tensor: Tensor) -> Tensor:
    """Fill with 0."""
    return _filled(tensor, 0)


def _fans(tensor: Tensor) -> tuple[int, int]:
    """Return how many numbers an output is made from, and how many outputs a number goes into."""
    if tensor.ndim < 2:
        raise ValueError(f"This initialisation needs a weight of shape (out, in, …), got {tensor.shape}.")
    window = math.prod(tensor.shape[2:])
    return tensor.shape[1] * window, tensor.shape[0] * window


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """Return by how much weights must be larger to make up for what a nonlinearity takes away.

    Parameters
    ----------
    nonlinearity : str
        "linear", "sigmoid", "tanh", "relu" or "leaky_relu".
    param : float, optional
        The slope of a leaky ReLU, 0.01 if left out.

    Examples
    --------
    >>> round(calculate_gain("relu"), 4)
    1.4142
    """
    slope = 0.01 if param is None else param
    gains = {"linear": 1.0, "sigmoid": 1.0, "tanh": 5 / 3, "relu": math.sqrt(2)}
    gains["leaky_relu"] = math.sqrt(2 / (1 + slope * slope))
    if nonlinearity not in gains:
        raise ValueError(f"There is no gain for {nonlinearity!r}; there is one for {', '.join(gains)}.")
    return gains[nonlinearity]


def xavier_uniform_(tensor: Tensor, gain: float = 1.0, generator: Generator = None) -> Tensor:
    """Fill evenly between ±a, a = gain · √(6 / (fan_in + fan_out)) (Glorot and Bengio 2010)."""
    a = gain * math.sqrt(6 / sum(_fans(tensor)))
    return uniform_(tensor, -a, a, generator)


def xavier_normal_(tensor: Tensor, gain: float = 1.0, generator: Generator = None) -> Tensor:
    """Fill normally with standard deviation gain · √(2 / (fan_in + fan_out))."""
    return normal_(tensor, 0, gain * math.sqrt(2 / sum(_fans(tensor))), generator)


def _kaiming_std(tensor: Tensor, a: float, mode: str, nonlinearity: str) -> float:
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"mode must be 'fan_in' or 'fan_out', got {mode!r}.")
    return calculate_gain(nonlinearity, a) / math.sqrt(max(_fans(tensor)[mode == "fan_out"], 1))


def kaiming_uniform_(
    tensor: Tensor,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator = None,
) -> Tensor:
    """Fill evenly between ±gain · √(3 / fan) (He et al. 2015); `a` is the slope of the leaky ReLU that follows."""
    bound = math.sqrt(3) * _kaiming_std(tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(
    tensor: Tensor,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator = None,
) -> Tensor:
    """Fill normally with standard deviation gain / √fan."""
    return normal_(tensor, 0, _kaiming_std(tensor, a, mode, nonlinearity), generator)
