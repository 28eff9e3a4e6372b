"""Digits drawn with a pen, and the way from a pen's strokes to an image like those of MNIST.

A stroke is an array of points (n, 2): x to the right and y downwards, in sides of the pad, so that (0, 0) is its upper
left corner and (1, 1) its lower right one. `rasterise` turns strokes into ink. MNIST's makers scaled the ink of every
digit, its proportions kept, into 20 × 20 pixels, and laid that into 28 × 28 so that the centre of its mass is in the
middle: `bounding_box`, `fit_into`, `centre_by_mass`, and all three at once, `normalise`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from nnkit.engine import Array

PEN = 0.15
"""The pen's width as a share of the longer side of what is drawn: in the end 2.6 of 20 pixels, about as in MNIST."""

# Where the pen goes, one line for each stroke: points in hundredths of the pad, rounded off by `stored_digit`.
_STORED: dict[int, tuple[str, ...]] = {
    0: ("54 17, 40 21, 31 36, 29 55, 35 75, 48 83, 62 76, 70 58, 69 36, 61 21, 51 17",),
    1: ("44 27, 53 17, 52 38, 50 60, 49 83",),
    2: (
        "31 33, 37 20, 52 16, 65 24, 66 38, 56 54, 42 69, 30 82",
        "30 82, 50 80, 72 82",
    ),
    3: (
        "33 24, 46 16, 62 20, 65 33, 57 44, 44 48",
        "44 48, 60 51, 69 63, 63 78, 47 84, 31 78",
    ),
    4: (
        "38 18, 34 35, 29 54",
        "29 54, 48 53, 72 51",
        "60 19, 59 45, 57 84",
    ),
    5: (
        "67 18, 53 18, 39 19",
        "39 19, 37 33, 35 46",
        "35 46, 52 43, 67 54, 66 71, 52 83, 32 79",
    ),
    6: ("60 16, 46 30, 36 48, 33 66, 41 81, 56 82, 66 71, 63 58, 50 53, 38 61, 35 68",),
    7: (
        "28 21, 48 20, 70 19",
        "70 19, 60 40, 51 62, 45 84",
    ),
    8: ("64 26, 52 17, 39 23, 38 36, 50 47, 64 58, 66 74, 53 83, 38 77, 36 63, 48 49, 61 38, 65 27",),
    9: (
        "65 33, 57 20, 43 20, 35 33, 41 47, 55 47, 64 36, 66 28",
        "66 28, 64 50, 60 68, 56 84",
    ),
}


def stored_digit(digit: int) -> list[Array]:
    """Return the strokes of a digit that was drawn beforehand: one of each, invented for this course.

    Parameters
    ----------
    digit : int
        From 0 to 9.

    Returns
    -------
    list of (n, 2) arrays

    Raises
    ------
    ValueError
        If there is no such digit.

    Examples
    --------
    >>> [stroke.shape for stroke in stored_digit(7)]
    [(17, 2), (25, 2)]
    """
    if digit not in _STORED:
        raise ValueError(f"The digits that are stored are 0 to 9; got {digit!r}.")
    return [_rounded(np.array([pair.split() for pair in line.split(", ")], float) / 100) for line in _STORED[digit]]


def _rounded(points: Array, between: int = 8) -> Array:
    """Lay a smooth curve through points (a spline of Catmull and Rom): `between` points for each piece."""
    padded = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    t = np.arange(between)[:, None] / between
    pieces = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False)
    ]
    return np.concatenate([*pieces, points[-1:]])


def placed(strokes: Iterable[Any], size: float = 1.0, right: float = 0.0, down: float = 0.0) -> list[Array]:
    """Draw strokes smaller or larger, about the middle of the pad, and then move them.

    Parameters
    ----------
    strokes : iterable of (n, 2) array_like
    size : float
        The factor by which they grow.
    right, down : float
        In sides of the pad.

    Returns
    -------
    list of (n, 2) arrays

    Examples
    --------
    >>> placed([[(0.5, 0.5), (1.0, 0.5)]], size=0.5, right=-0.25)
    [array([[0.25, 0.5 ],
           [0.5 , 0.5 ]])]
    """
    return [(stroke - 0.5) * size + 0.5 + np.array([right, down]) for stroke in _checked(strokes)]


def rasterise(strokes: Iterable[Any], size: int = 140, pen: float | None = None) -> Array:
    """Draw strokes with a round pen on square paper, with smooth edges.

    Parameters
    ----------
    strokes : iterable of (n, 2) array_like
        A stroke of one point is a dot.
    size : int
        The paper's side in pixels.
    pen : float, optional
        The pen's width in sides of the pad. Left out, it is `PEN` times the longer side of what is drawn: a digit is
        then the same picture at every size.

    Returns
    -------
    (size, size) array
        float32, from 0 (paper) to 1 (ink).

    Raises
    ------
    ValueError
        If there is no stroke, a stroke has no points of two finite numbers, or size or pen is not positive.

    Examples
    --------
    >>> rasterise([[(0.1, 0.5), (0.9, 0.5)]], size=5, pen=0.2).round(2).tolist()[2]
    [1.0, 1.0, 1.0, 1.0, 1.0]
    """
    lines = _checked(strokes)
    if size < 1 or (pen is not None and not pen > 0):
        raise ValueError(f"Paper and pen have a positive size; got size = {size} and pen = {pen}.")
    points = np.concatenate(lines)
    if pen is None:
        # A dot has no size of its own: it is drawn with a pen of a tenth of the pad.
        pen = PEN * float(np.ptp(points, axis=0).max()) or 0.1
    ink = np.zeros((size, size), np.float32)
    radius = max(pen * size / 2, 0.5)
    for line in lines:
        line = line * size - 0.5  # the pixel in row 0 and column 0 has its middle at (0.5, 0.5)
        for start, end in zip(line, line[1:] if len(line) > 1 else line, strict=False):
            _draw_piece(ink, start, end, radius)
    return ink


def _draw_piece(ink: Array, start: Array, end: Array, radius: float) -> None:
    """Add one straight piece: a pixel's ink falls from 1 to 0 over the one pixel around the pen's edge."""
    reach = radius + 1
    low = np.clip(np.floor(np.minimum(start, end) - reach).astype(int), 0, len(ink))
    high = np.clip(np.ceil(np.maximum(start, end) + reach).astype(int) + 1, 0, len(ink))
    if (low >= high).any():
        return
    y, x = np.mgrid[low[1] : high[1], low[0] : high[0]]
    along = end - start
    length = float(along @ along)
    share = np.clip(((x - start[0]) * along[0] + (y - start[1]) * along[1]) / length, 0, 1) if length else 0.0
    distance = np.hypot(x - start[0] - share * along[0], y - start[1] - share * along[1])
    part = ink[low[1] : high[1], low[0] : high[0]]
    np.maximum(part, np.clip(radius + 0.5 - distance, 0, 1), out=part)


def bounding_box(ink: Any) -> tuple[int, int, int, int]:
    """Find the smallest rectangle that holds all ink.

    Parameters
    ----------
    ink : (H, W) array_like
        From 0 (paper) to 1 (ink).

    Returns
    -------
    top, bottom, left, right : int
        ``ink[top:bottom, left:right]`` is the digit.

    Raises
    ------
    ValueError
        If there is no ink.

    Examples
    --------
    >>> bounding_box([[0, 0, 0], [0, 1, 1], [0, 0, 0]])
    (1, 2, 1, 3)
    """
    dark = _image(ink) > 0
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    if not len(rows):
        raise ValueError("There is no ink on the paper: draw a digit first.")
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def resample(image: Any, height: int, width: int) -> Array:
    """Make an image smaller or larger; every new pixel is a weighted mean of the old ones around its place.

    Parameters
    ----------
    image : (H, W) array_like
    height, width : int
        The new size.

    Returns
    -------
    (height, width) array
        float32.

    Examples
    --------
    >>> np.array(resample([[0, 0, 1, 1], [0, 0, 1, 1]], 1, 2), float).round(2).tolist()
    [[0.14, 0.86]]
    """
    image = _image(image)
    return (_weights(len(image), height) @ image @ _weights(image.shape[1], width).T).astype(np.float32)


def _weights(old: int, new: int) -> Array:
    """Return the weights (new, old) of a mean: a triangle about each new pixel's place, as wide as two pixels."""
    if new < 1:
        raise ValueError(f"An image has at least one row and one column; got {new}.")
    scale = old / new
    places = (np.arange(new)[:, None] + 0.5) * scale - 0.5
    weights = np.maximum(1 - np.abs(np.arange(old) - places) / max(scale, 1.0), 0)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def fit_into(ink: Any, size: int = 20) -> Array:
    """Cut the digit out and scale it, its proportions kept, so that its longer side has `size` pixels.

    Parameters
    ----------
    ink : (H, W) array_like
    size : int

    Returns
    -------
    (height, width) array
        float32; the larger of the two is `size`.

    Raises
    ------
    ValueError
        If there is no ink.

    Examples
    --------
    >>> fit_into([[0, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0]], size=4).shape
    (2, 4)
    """
    top, bottom, left, right = bounding_box(ink)
    factor = size / max(bottom - top, right - left)
    height, width = (max(1, round((bottom - top) * factor)), max(1, round((right - left) * factor)))
    return resample(_image(ink)[top:bottom, left:right], height, width)


def centre_of_mass(image: Any) -> tuple[float, float]:
    """Return where an image would balance, if ink had weight.

    Parameters
    ----------
    image : (H, W) array_like

    Returns
    -------
    row, column : float
        Places between pixels' middles: a single dark pixel at [2, 3] gives 2.0, 3.0.

    Raises
    ------
    ValueError
        If there is no ink.

    Examples
    --------
    >>> centre_of_mass([[0, 0, 0], [1, 0, 1]])
    (1.0, 1.0)
    """
    image = _image(image)
    mass = float(image.sum())
    if not mass > 0:
        raise ValueError("There is no ink on the paper: draw a digit first.")
    rows, columns = np.arange(len(image)), np.arange(image.shape[1])
    return float(rows @ image.sum(axis=1)) / mass, float(columns @ image.sum(axis=0)) / mass


def centre_by_mass(image: Any, size: int = 28) -> Array:
    """Lay a small image on empty paper so that its centre of mass is in the middle, to the nearest pixel.

    The middle of 28 pixels counted from 0 is taken to be pixel 14, as in MNIST, where every centre of mass lies between
    13.5 and 14.5.

    Parameters
    ----------
    image : (H, W) array_like
        At most `size` rows and columns. Where its mass lies so far from its middle that it would stick out of the
        paper, it is moved back until it does not.
    size : int
        The paper's side.

    Returns
    -------
    (size, size) array
        float32.

    Raises
    ------
    ValueError
        If the image is too large or has no ink.

    Examples
    --------
    >>> centre_by_mass([[1.0, 0.0]], size=4).tolist()[2]
    [0.0, 0.0, 1.0, 0.0]
    """
    image = _image(image)
    if max(image.shape) > size:
        raise ValueError(f"An image of {image.shape} does not fit on paper of {size} × {size}; scale it first.")
    corner = [
        int(np.clip(np.rint(size / 2 - place), 0, size - side))
        for place, side in zip(centre_of_mass(image), image.shape, strict=True)
    ]
    paper = np.zeros((size, size), np.float32)
    paper[corner[0] : corner[0] + len(image), corner[1] : corner[1] + image.shape[1]] = image
    return paper


def normalise(ink: Any) -> Array:
    """Make an image of a digit as MNIST has them: scaled into 20 × 20, then centred by its mass in 28 × 28.

    Parameters
    ----------
    ink : (H, W) array_like
        From 0 (paper) to 1 (ink), of any size.

    Returns
    -------
    (28, 28) array
        float32.

    Raises
    ------
    ValueError
        If there is no ink.

    Examples
    --------
    >>> image = normalise(rasterise(stored_digit(3)))
    >>> image.shape, [round(place) for place in centre_of_mass(image)]
    ((28, 28), [14, 14])
    """
    return centre_by_mass(fit_into(ink))


def _image(image: Any) -> Array:
    array = np.asarray(image, dtype=np.float32)
    if array.ndim != 2 or not array.size or not np.isfinite(array).all():
        raise ValueError(f"An image is an array (H, W) of finite numbers; got shape {array.shape}.")
    return array


def _checked(strokes: Iterable[Any]) -> list[Array]:
    """Return the strokes as arrays."""
    lines = [np.asarray(stroke, dtype=float) for stroke in strokes]
    if not lines:
        raise ValueError("There is no stroke: draw something first.")
    for line in lines:
        if line.ndim != 2 or line.shape[1] != 2 or not len(line) or not np.isfinite(line).all():
            raise ValueError(f"A stroke is an array (n, 2) of points, x and y; got shape {line.shape}.")
    return lines
