"""Toy data: small problems, made on the spot, that show one thing each.

All of it is float32 (labels: int64) and comes in random order from one generator, so that a seed decides it. `noise` is
the standard deviation of what is added to the positions, or to the values that are to be predicted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from nnkit import engine
from nnkit.data.mnist import mnist
from nnkit.engine import Array, Tensor, from_numpy, generator_or_default

Generator = np.random.Generator | None


def _tensors(X: Array, y: Array) -> tuple[Tensor, Tensor]:
    """Return samples and targets in the dtypes of PyTorch's losses."""
    dtype = engine.int64 if y.dtype.kind == "i" else engine.float32
    return from_numpy(np.ascontiguousarray(X, engine.float32)), from_numpy(np.ascontiguousarray(y, dtype))


def _classes(n: int, k: int, rng: Any) -> Array:
    """Return n labels in random order, with the classes 0 … k − 1 equally often, or nearly so."""
    return rng.permutation(np.arange(n) % k)


def _around(angle: Array, radius: Any = 1.0) -> Array:
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def moons(n: int = 200, noise: float = 0.1, generator: Generator = None) -> tuple[Tensor, Tensor]:
    """Make two half-moons that hold each other: no straight line parts them.

    Returns
    -------
    X : (n, 2)
    y : (n,)
        0 or 1.

    Examples
    --------
    >>> X, y = moons(100)
    >>> X.shape, y.sum().item()
    ((100, 2), 50)
    """
    rng = generator_or_default(generator)
    y = _classes(n, 2, rng)
    X = _around(rng.uniform(0, math.pi, n)) * np.where(y, -1, 1)[:, None] + np.where(y, [[1.0], [0.5]], 0.0).T
    return _tensors(X + noise * rng.standard_normal((n, 2)), y)


def rings(
    n: int = 200, noise: float = 0.1, radii: Sequence[float] = (0.5, 1.5), generator: Generator = None
) -> tuple[Tensor, Tensor]:
    """Make rings around the origin, one for each radius: the distance alone decides.

    Returns
    -------
    X : (n, 2)
    y : (n,)
        The number of the ring.
    """
    rng = generator_or_default(generator)
    y = _classes(n, len(radii), rng)
    X = _around(rng.uniform(0, 2 * math.pi, n), np.asarray(radii)[y])
    return _tensors(X + noise * rng.standard_normal((n, 2)), y)


def xor(n: int = 200, noise: float = 0.1, generator: Generator = None) -> tuple[Tensor, Tensor]:
    """Make four clouds around the corners of the unit square: class 1 where exactly one coordinate is 1.

    Returns
    -------
    X : (n, 2)
    y : (n,)
        0 or 1.
    """
    rng = generator_or_default(generator)
    corner = _classes(n, 4, rng)
    bits = np.stack([corner // 2, corner % 2], axis=1)
    return _tensors(bits + noise * rng.standard_normal((n, 2)), bits[:, 0] ^ bits[:, 1])


def spirals(
    n: int = 300, noise: float = 0.05, classes: int = 3, turns: float = 0.75, generator: Generator = None
) -> tuple[Tensor, Tensor]:
    """Make arms that wind around each other: hard for a small network.

    Returns
    -------
    X : (n, 2)
    y : (n,)
        The number of the arm.
    """
    rng = generator_or_default(generator)
    y = _classes(n, classes, rng)
    along = np.sqrt(rng.uniform(0.01, 1, n))
    X = _around(2 * math.pi * (turns * along + y / classes), along)
    return _tensors(X + noise * rng.standard_normal((n, 2)), y)


def blobs(
    n: int = 200,
    noise: float = 0.5,
    centers: Any = ((-1.5, -1.0), (1.5, -1.0), (0.0, 1.5)),
    generator: Generator = None,
) -> tuple[Tensor, Tensor]:
    """Make a round cloud around each center: what a linear classifier can part.

    Parameters
    ----------
    centers : (classes, dimensions)

    Returns
    -------
    X : (n, dimensions)
    y : (n,)
        The number of the cloud.
    """
    rng = generator_or_default(generator)
    y, middle = _classes(n, len(centers), rng), np.asarray(centers, float)
    return _tensors(middle[y] + noise * rng.standard_normal((n, middle.shape[1])), y)


def polynomial(
    n: int = 20, coefficients: Sequence[float] = (0.0, 1.0, 0.0, -1.5), noise: float = 0.1, generator: Generator = None
) -> tuple[Tensor, Tensor]:
    """Measure a polynomial c₀ + c₁ x + c₂ x² + … at places between −1 and 1; two coefficients make a line.

    Returns
    -------
    x : (n, 1)
        In rising order.
    y : (n,)

    Examples
    --------
    >>> x, y = polynomial(3, coefficients=(1, 2), noise=0)
    >>> (y - 2 * x.flatten() - 1).abs().max().item() < 1e-6
    True
    """
    rng = generator_or_default(generator)
    x = np.sort(rng.uniform(-1, 1, n))
    y = np.polynomial.polynomial.polyval(x, coefficients)
    return _tensors(x[:, None], y + noise * rng.standard_normal(n))


def elevation(n: int = 500, noise: float = 5.0, generator: Generator = None) -> tuple[Tensor, Tensor]:
    """Measure the heights of an invented landscape: two summits, a ridge and a lake basin on a slope.

    Returns
    -------
    X : (n, 2)
        Kilometres to the east and to the north, from 0 to 4.
    y : (n,)
        Metres above the sea.
    """
    rng = generator_or_default(generator)
    X = rng.uniform(0, 4, (n, 2))
    return _tensors(X, height(X[:, 0], X[:, 1]) + noise * rng.standard_normal(n))


def height(east: Any, north: Any) -> Any:
    """Return the true heights of `elevation`, in metres, at places in kilometres."""

    def hill(x: float, y: float, width: float) -> Any:
        return np.exp(-((east - x) ** 2 + (north - y) ** 2) / (2 * width**2))

    ridge = np.exp(-((north - 0.5 * east - 1.6) ** 2) / 0.08)
    summits = 400 + 60 * north + 700 * hill(1.0, 2.9, 0.5) + 450 * hill(3.0, 3.1, 0.35)
    return summits + 150 * ridge - 250 * hill(2.4, 1, 0.6)


def ranging(n: int = 1000, noise: float = 0.03, generator: Generator = None) -> tuple[Tensor, Tensor]:
    """Make the error of a radio range sensor (ultra-wideband): invented, in the manner of real ones.

    Its antenna delays the signal by an amount that depends on the direction it comes from, and a weak signal from far
    away is noticed late. The noise is thrice as large where the receiver looks away.

    Returns
    -------
    X : (n, 2)
        Measured distance in metres (0.5 to 10) and direction in radians (−π to π).
    y : (n,)
        Measured minus true distance, in metres.
    """
    rng = generator_or_default(generator)
    d, angle = rng.uniform(0.5, 10, n), rng.uniform(-math.pi, math.pi, n)
    spread = noise * (2 - np.cos(angle))
    return _tensors(np.stack([d, angle], axis=1), ranging_bias(d, angle) + spread * rng.standard_normal(n))


def ranging_bias(distance: Any, direction: Any) -> Any:
    """Return the part of the error of `ranging` that is no noise, in metres, for distances in metres and radians."""
    antenna = 0.10 + 0.08 * np.cos(2 * direction - 0.4) + 0.05 * np.sin(direction)
    return antenna + 0.12 / (1 + np.exp(6 - distance))


def attitudes(n: int = 1000, noise: float = 0.05, generator: Generator = None) -> tuple[Tensor, Tensor]:
    """Make rotations, and what a rotated camera sees of three known directions.

    Returns
    -------
    X : (n, 9)
        Three directions in the camera's frame, Rᵀ e for the unit vectors e, each entry with noise.
    R : (n, 3, 3)
        The rotation matrices, evenly distributed over all rotations.
    """
    rng = generator_or_default(generator)
    q = rng.standard_normal((n, 4))
    q /= np.linalg.norm(q, axis=1, keepdims=True)  # unit quaternions, evenly distributed
    w, K = q[:, :1, None], np.cross(np.eye(3), q[:, None, 1:])  # K v is the cross product of q's vector with v
    R = np.eye(3) + 2 * w * K + 2 * K @ K
    return _tensors(R.reshape(n, 9) + noise * rng.standard_normal((n, 9)), R)


def colour_digits(n: int = 2000, train: bool = True, generator: Generator = None) -> tuple[Tensor, Tensor]:
    """Make colour images of 32 × 32 pixels: digits of `mnist`, in a random ink on a ground whose hue tends to a class.

    They stand in for photographs, where the sky behind an aeroplane gives it away: a linear classifier learns the
    ground's colour at least as gladly as the digit.

    Returns
    -------
    images : (n, 3, 32, 32)
        Red, green and blue from 0 to 1; n is at most 10,000.
    labels : (n,)
        From 0 to 9.
    """
    rng = generator_or_default(generator)
    images, labels = (part.numpy() for part in mnist(train))
    if not 1 <= n <= len(labels):
        raise ValueError(f"There are 1 to {len(labels)} images of this kind, {n} were asked for.")
    chosen = rng.permutation(len(labels))[:n]
    digits, y = np.pad(images[chosen], ((0, 0), (0, 0), (2, 2), (2, 2))), labels[chosen]
    hue = y / 10 + rng.normal(0, 0.12, n)
    phase = np.array([0, 1 / 3, 2 / 3])
    ground = 0.45 + 0.25 * np.cos(2 * math.pi * (hue[:, None] - phase))
    ink = rng.uniform(0, 1, (n, 3))
    X = digits * ink[..., None, None] + (1 - digits) * ground[..., None, None]
    return _tensors(np.clip(X + 0.03 * rng.standard_normal(X.shape), 0, 1), y)
