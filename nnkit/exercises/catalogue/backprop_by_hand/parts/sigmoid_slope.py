"""The slope of the sigmoid, from what goes in."""

from __future__ import annotations

from typing import Any

from nnkit.exercises.catalogue.formulas import sigmoid, slope_at


def sigmoid_slope(z: Any) -> Any:
    """σ(z) (1 − σ(z)).

    Examples
    --------
    >>> float(sigmoid_slope(0.0))
    0.25
    """
    return slope_at(sigmoid(z))
