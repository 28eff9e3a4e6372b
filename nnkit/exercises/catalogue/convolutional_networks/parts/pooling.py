"""Pooling, there and back, with a place for each thing that goes wrong."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

# What an answer may not call: it is the answer.
MAX_POOLING = (
    "nnkit.functional.max_pool2d",
    "nnkit.nn.layers.MaxPool2d.forward",
    "torch.nn.functional.max_pool2d",
    "torch.max_pool2d",
    "torch.nn.modules.pooling.MaxPool2d.forward",
    "skimage.measure.block_reduce",
    "scipy.ndimage.maximum_filter",
)


def windows_of(x: np.ndarray, k: int, stride: int) -> np.ndarray:
    """All windows, (N, C, OH, OW, k, k)."""
    return np.asarray(sliding_window_view(x, (k, k), axis=(2, 3))[:, :, ::stride, ::stride])


def pooled(x: np.ndarray, k: int, stride: int) -> np.ndarray:
    """The largest number of each window."""
    return np.asarray(windows_of(x, k, stride).max(axis=(-2, -1)))


def sizes(x: np.ndarray, k: int, stride: int) -> tuple[int, int]:
    """OH and OW."""
    return (x.shape[2] - k) // stride + 1, (x.shape[3] - k) // stride + 1


def maximum(window: np.ndarray) -> Any:
    """The largest number of a window, for each image and channel; an error where the window is empty."""
    return window.max(axis=(2, 3))


def walked(
    x: np.ndarray,
    k: int,
    stride: int,
    size: Callable[..., tuple[int, int]] = sizes,
    start: Callable[[int, int, int], int] = lambda i, k, stride: i * stride,
    length: Callable[[int, int], int] = lambda k, stride: k,
    value: Callable[..., Any] = maximum,
    put: Callable[[int, int], tuple[int, int]] = lambda i, j: (i, j),
) -> np.ndarray:
    """The forward pass as a loop over windows: how many there are, where they start, and what is taken from each."""
    oh, ow = size(x, k, stride)
    out = np.zeros((*x.shape[:2], oh, ow))
    side = length(k, stride)
    for i, j in np.ndindex(oh, ow):
        r, s = start(i, k, stride), start(j, k, stride)
        row, column = put(i, j)
        out[:, :, row, column] = value(x[:, :, r : r + side, s : s + side])
    return out


def first_maximum(window: np.ndarray) -> tuple[int, int]:
    """Row and column of the largest number inside its window."""
    row, column = divmod(int(window.argmax()), window.shape[1])
    return row, column


def sent_back(
    dout: np.ndarray,
    x: np.ndarray,
    k: int,
    stride: int,
    message: Callable[..., Any] = lambda d, window: d,
    pick: Callable[[np.ndarray], tuple[int, int]] = first_maximum,
    top: Callable[[int, int, int], int] = lambda i, k, stride: i * stride,
    left: Callable[[int, int, int], int] = lambda j, k, stride: j * stride,
    length: Callable[[int, int], int] = lambda k, stride: k,
    add: bool = True,
) -> np.ndarray:
    """The way back as a loop over windows: what is sent, to which pixel of the window, and whether it is added."""
    dx, side = np.zeros(x.shape), length(k, stride)
    for n, c, i, j in np.ndindex(*dout.shape):
        window = x[n, c, i * stride : i * stride + side, j * stride : j * stride + side]
        row, column = pick(window)
        place = n, c, top(i, k, stride) + row, left(j, k, stride) + column
        dx[place] = add * dx[place] + message(dout[n, c, i, j], window)
    return dx


def spread(
    dout: np.ndarray, x: np.ndarray, k: int, stride: int, share: Callable[[np.ndarray], Any], add: bool = True
) -> np.ndarray:
    """The way back by whole windows: each gets its message times a share for every pixel."""
    dx = np.zeros(x.shape)
    for n, c, rows, columns, d in _walk(dout, k, stride):
        before = dx[n, c, rows, columns] if add else 0
        dx[n, c, rows, columns] = before + d * share(x[n, c, rows, columns])
    return dx


def _walk(dout: np.ndarray, k: int, stride: int) -> Iterator[tuple[int, int, slice, slice, float]]:
    for n, c, i, j in np.ndindex(*dout.shape):
        rows, columns = (slice(start * stride, start * stride + k) for start in (i, j))
        yield n, c, rows, columns, float(dout[n, c, i, j])
