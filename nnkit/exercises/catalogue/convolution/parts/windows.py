"""What a filter sees of images: zeros around them, and one window after the other."""

from __future__ import annotations

from typing import Any

import numpy as np


def padded(x: Any, pad: int) -> np.ndarray:
    """Images with `pad` zeros on all four sides; rows and columns are the last two axes.

    Examples
    --------
    >>> padded(np.ones((1, 1)), 1).tolist()
    [[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]
    """
    x = np.asarray(x)
    return np.pad(x, [(0, 0)] * (x.ndim - 2) + [(pad, pad)] * 2)


def windows(x: Any, height: int, width: int, stride: int = 1) -> np.ndarray:
    """All windows of images (..., H, W) as (..., OH, OW, height, width).

    Examples
    --------
    >>> windows([[1, 2, 3, 4]], 1, 2, stride=2).tolist()
    [[[[1, 2]], [[3, 4]]]]
    """
    found = np.lib.stride_tricks.sliding_window_view(x, (height, width), axis=(-2, -1))
    return np.asarray(found[..., ::stride, ::stride, :, :])
