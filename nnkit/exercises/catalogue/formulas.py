"""Formulas that the references and mistakes of several exercises are made of."""

from __future__ import annotations

from typing import Any

import numpy as np


def sigmoid(z: Any) -> Any:
    """1 / (1 + e⁻ᶻ), by tanh, which does not overflow.

    Examples
    --------
    >>> float(sigmoid(0.0)), float(sigmoid(-1000.0))
    (0.5, 0.0)
    """
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(z, dtype=float)))


def slope_at(s: Any) -> Any:
    """The slope of the sigmoid where its value is s: s (1 − s).

    Examples
    --------
    >>> slope_at(0.5)
    0.25
    """
    return s * (1 - s)


def sigmoid_slope(z: Any) -> Any:
    """The slope of the sigmoid at z: σ(z) (1 − σ(z)).

    Examples
    --------
    >>> float(sigmoid_slope(0.0))
    0.25
    """
    return slope_at(sigmoid(z))


def log_softmax(scores: Any, axis: int | None = -1) -> Any:
    """The logarithms of the softmax along an axis, or over everything for None.

    Examples
    --------
    >>> np.exp(log_softmax(np.array([1000.0, 1000.0])))
    array([0.5, 0.5])
    """
    shifted = scores - np.max(scores, axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def one_hot(rows: Any, y: Any) -> Any:
    """1 at the label of each row and 0 elsewhere, in the shape of the rows.

    Examples
    --------
    >>> one_hot(np.zeros((2, 3)), np.array([2, 0]))
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    return np.asarray(y[:, None] == np.arange(rows.shape[1]), dtype=float)


def picked(rows: Any, y: Any) -> Any:
    """From each row the entry of its label.

    Examples
    --------
    >>> picked(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1, 0]))
    array([2., 3.])
    """
    return rows[np.arange(len(y)), y]


def softmax(scores: Any, axis: int | None = -1) -> Any:
    """Probabilities that add up to 1 along an axis, or over everything for None.

    Examples
    --------
    >>> softmax(np.array([0.0, 0.0]))
    array([0.5, 0.5])
    """
    return np.exp(log_softmax(scores, axis))
