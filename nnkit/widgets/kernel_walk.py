"""A kernel that walks over an image: go from place to place, type weights of your own, see every sum of products."""

from __future__ import annotations

import html
from typing import Any

import numpy as np

from nnkit.draw import kernels, style
from nnkit.widgets import base


def kernel_walk(image: Any, kernel: Any, row: int = 0, column: int = 0, *, stride: int = 1, pad: int = 0) -> None:
    """Show a kernel on an image, with a slider for its place and a box for each of its weights.

    Parameters
    ----------
    image : (H, W) array_like
        At most 12 rows and columns, padding included.
    kernel : (KH, KW) array_like
        The weights at first.
    row, column : int
        The entry of the result that is shown first.
    stride, pad : int

    Raises
    ------
    ValueError
        If shapes do not fit, the image is too large to be read, or there is no such entry.

    Examples
    --------
    >>> from unittest import mock
    >>> with mock.patch.dict("os.environ", NNKIT_STATIC="1"):
    ...     kernel_walk([[1, 2], [3, 4]], [[1, -1]])
    An image of 2 × 2 and a kernel of 1 × 2 on rows 0 to 0, columns 0 to 1. The sum of products there is \
1·1 + 2·(−1) = −1. 1 of 2 results are there, of a result of 2 × 1.
    Drawn for row 0, column 0 of the result.
    """
    image, kernel = np.array(image, float), np.array(kernel, float)
    first = kernels.step(image, kernel, row, column, stride=stride, pad=pad)  # what does not fit is told now
    line = f"Drawn for row {row}, column {column} of the result."
    twin = base.Twin(first, line, f'<p style="margin:0.2em 0;font-size:90%">{html.escape(line)}</p>')
    base.show(twin, live=lambda: _live(image, kernel, row, column, stride, pad))


def _live(image: np.ndarray, kernel: np.ndarray, row: int, column: int, stride: int, pad: int) -> Any:
    """Make the widget: a slider for the place, the weights as boxes, the picture beneath."""
    import ipywidgets

    rows, columns = kernels.walk(image, kernel, stride=stride, pad=pad).shape
    place = ipywidgets.IntSlider(
        value=row * columns + column,
        min=0,
        max=rows * columns - 1,
        description="place",
        layout=ipywidgets.Layout(width="30em"),
    )
    boxes = [
        [
            ipywidgets.FloatText(
                value=kernel[m, n],
                step=1.0,
                description=f"w[{m}, {n}]",
                layout=ipywidgets.Layout(width="9em"),
                style={"description_width": "4em"},
            )
            for n in range(kernel.shape[1])
        ]
        for m in range(kernel.shape[0])
    ]
    picture = ipywidgets.HTML()

    def redraw(change: Any = None) -> None:
        weights = np.array([[box.value for box in line] for line in boxes])
        i, j = divmod(int(place.value), columns)
        try:
            picture.value = kernels.step(image, weights, i, j, stride=stride, pad=pad).html
        except Exception as error:
            picture.value = base.sentence(error, f"drawn at row {style.number(i)}, column {style.number(j)}")

    for control in (place, *(box for line in boxes for box in line)):
        control.observe(redraw, names="value")
    redraw()
    return ipywidgets.VBox([place, *(ipywidgets.HBox(line) for line in boxes), picture])
