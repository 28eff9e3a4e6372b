"""Rotations in space, from which the exercises on attitudes draw their cases and make their references."""

from __future__ import annotations

from typing import Any

import numpy as np


def cross_matrix(v: Any) -> np.ndarray:
    """The matrix [v]× whose product with a vector w is v × w.

    Examples
    --------
    >>> cross_matrix([0.0, 0.0, 2.0]) @ [1.0, 0.0, 0.0]
    array([0., 2., 0.])
    """
    x, y, z = v
    return np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]], dtype=float)


def turn(axis: Any, angle: float) -> np.ndarray:
    """The rotation about an axis of any length by an angle in radians.

    Examples
    --------
    >>> np.round(turn([0, 0, 5], np.pi / 2) @ [1, 0, 0], 12)
    array([0., 1., 0.])
    """
    K = cross_matrix(np.asarray(axis, dtype=float) / np.linalg.norm(axis))
    return np.eye(3) + np.sin(angle) * K + 2 * np.sin(angle / 2) ** 2 * K @ K


def any_axis(rng: np.random.Generator) -> np.ndarray:
    """A unit vector no entry of which is near 0, nor near another in size.

    Examples
    --------
    >>> axis = any_axis(np.random.default_rng(0))
    >>> round(float(axis @ axis), 12), bool((abs(axis) > 0.15).all())
    (1.0, True)
    """
    axis = rng.permutation([0.3, 0.55, 0.8]) + rng.uniform(-0.08, 0.08, 3)
    return np.asarray(axis * rng.choice([-1, 1], 3) / np.linalg.norm(axis))


def any_rotation(rng: np.random.Generator) -> np.ndarray:
    """A rotation by 40° to 140° about some axis.

    Examples
    --------
    >>> R = any_rotation(np.random.default_rng(0))
    >>> np.allclose(R.T @ R, np.eye(3)), round(float(np.linalg.det(R)), 12)
    (True, 1.0)
    """
    return turn(any_axis(rng), np.radians(rng.uniform(40, 140)))
