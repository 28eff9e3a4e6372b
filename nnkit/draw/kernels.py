"""Pictures of a kernel and what it does: a place of its walk, the way back, places along a row, layers of channels.

Images here are small enough that every number can be read. Numbers of the image are blue, those of the kernel orange,
messages that come back vermillion; what the kernel looks at just now is framed, so that nothing hangs on colour alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nnkit.draw import style
from nnkit.draw.svg import Picture, text_at, text_width, xy

MOST = 12
"""The largest number of rows or columns whose numbers are drawn."""

_SIZE = 13.0  # of numbers and labels
_GAP = 34.0  # between two grids
_EDGE = 8.0
_BLUE, _ORANGE, _RED = (style.colour(role) for role in ("input", "weight-area", "gradient"))


def result_size(size: int, kernel: int, stride: int = 1, pad: int = 0) -> int:
    """Return how many places a kernel has along a row: ⌊(size + 2 pad − kernel) / stride⌋ + 1.

    Parameters
    ----------
    size, kernel, stride, pad : int

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If the kernel does not fit, or a number makes no sense.

    Examples
    --------
    >>> result_size(6, 2), result_size(7, 3, stride=2, pad=1)
    (5, 4)
    """
    if size < 1 or kernel < 1 or stride < 1 or pad < 0:
        raise ValueError(
            f"Sizes and strides are at least 1 and padding at least 0; "
            f"got size {size}, kernel {kernel}, stride {stride}, pad {pad}."
        )
    if kernel > size + 2 * pad:
        raise ValueError(
            f"A kernel of {kernel} does not fit into {size + 2 * pad} "
            f"({size}{f' and {pad} of padding on either side' if pad else ''}). Take a smaller one or more padding."
        )
    return (size + 2 * pad - kernel) // stride + 1


def walk(image: Any, kernel: Any, *, stride: int = 1, pad: int = 0) -> np.ndarray:
    """Return what a kernel finds at every place of an image: the sum of products there.

    Parameters
    ----------
    image : (H, W) array_like
    kernel : (KH, KW) array_like
    stride, pad : int

    Returns
    -------
    (OH, OW) numpy.ndarray

    Raises
    ------
    ValueError
        If shapes do not fit.

    Examples
    --------
    >>> walk([[1, 2], [3, 4]], [[1, -1]]).tolist()
    [[-1.0], [-1.0]]
    """
    padded, kernel, (rows, columns) = _checked(image, kernel, stride, pad)
    high, wide = kernel.shape
    found = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            seen = padded[i * stride : i * stride + high, j * stride : j * stride + wide]
            found[i, j] = np.sum(seen * kernel)
    return found


def step(image: Any, kernel: Any, row: int = 0, column: int = 0, *, stride: int = 1, pad: int = 0) -> Picture:
    """Draw one place of a kernel's walk: the window, the kernel, the sum of products, and the results so far.

    Parameters
    ----------
    image : (H, W) array_like
        At most 12 rows and columns, padding included.
    kernel : (KH, KW) array_like
    row, column : int
        Which entry of the result is being made.
    stride, pad : int

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If shapes do not fit, the image is too large to be read, or there is no such entry.

    Examples
    --------
    >>> step([[1, 2], [3, 4]], [[1, -1]], 1, 0)
    An image of 2 × 2 and a kernel of 1 × 2 on rows 1 to 1, columns 0 to 1. The sum of products there is \
3·1 + 4·(−1) = −1. 2 of 2 results are there, of a result of 2 × 1.
    """
    padded, kernel, (rows, columns) = _checked(image, kernel, stride, pad)
    _require_place(row, column, rows, columns)
    (high, wide), found = kernel.shape, walk(image, kernel, stride=stride, pad=pad)
    top, left = row * stride, column * stride
    seen = padded[top : top + high, left : left + wide]
    number = row * columns + column

    def of_result(i: int, j: int) -> str:
        return style.number(found[i, j]) if i * columns + j <= number else ""

    image_grid = _Grid(padded.shape, lambda i, j: style.number(padded[i, j]), "image" + _padded(pad), _BLUE, pad)
    kernel_grid = _Grid(kernel.shape, lambda i, j: style.number(kernel[i, j]), "kernel", _ORANGE)
    result_grid = _Grid(found.shape, of_result, "result", "currentColor", roomy=found)
    body, width, height = _side_by_side([(image_grid, "·"), (kernel_grid, "="), (result_grid, "")])
    body += image_grid.frame(top, left, high, wide, _ORANGE) + result_grid.frame(row, column, 1, 1, "currentColor")

    lines = [
        " + ".join(f"{_factor(x)}·{_factor(w)}" for x, w in zip(*pair, strict=True))
        for pair in zip(seen, kernel, strict=True)
    ]
    said = " + ".join(lines)
    lines = [line + " +" for line in lines[:-1]] + [f"{lines[-1]} = {style.number(found[row, column])}"]
    height += 8
    for line in lines:
        height += 19
        body += _left_text(_EDGE, height, line)
        width = max(width, 2 * _EDGE + text_width(line, _SIZE))
    first, last = (top - pad, left - pad), (top - pad + high - 1, left - pad + wide - 1)
    alt = (
        f"An image of {padded.shape[0] - 2 * pad} × {padded.shape[1] - 2 * pad}{_padded(pad)} and a kernel of "
        f"{high} × {wide} on rows {style.number(first[0])} to {style.number(last[0])}, columns "
        f"{style.number(first[1])} to {style.number(last[1])}. The sum of products there is {said} = "
        f"{style.number(found[row, column])}. {number + 1} of {found.size} results are there, of a result of "
        f"{rows} × {columns}."
    )
    return Picture(body, width, height + 10, alt, "A kernel walks over an image")


def step_back(
    shape: Sequence[int], kernel: Any, dout: Any, row: int = 0, column: int = 0, *, stride: int = 1
) -> Picture:
    """Draw one place of the way back: a message of the result goes to every pixel of its window, times the weight.

    Parameters
    ----------
    shape : (int, int)
        Rows and columns of the image.
    kernel : (KH, KW) array_like
    dout : (OH, OW) array_like
        The messages, one for each entry of the result.
    row, column : int
        Which of them is being sent; those before it, in reading order, have arrived.
    stride : int

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If shapes do not fit, the image is too large to be read, or there is no such message.

    Examples
    --------
    >>> step_back((1, 3), [[2, -1]], [[1, 10]], 0, 1)
    The message 10 at row 0, column 1 of the result is sent back through a kernel of 1 × 2: it arrives at rows 0 to 0, \
columns 1 to 2 of the image, times the weights. 2 of 2 messages have arrived; dx so far: 2, 19, −10.
    """
    dout = np.asarray(dout, float)
    _, kernel, (rows, columns) = _checked(np.zeros(tuple(shape)), kernel, stride, 0)
    if dout.shape != (rows, columns):
        raise ValueError(
            f"dout has the shape of the result, ({rows}, {columns}) for an image of {tuple(shape)}; got {dout.shape}."
        )
    _require_place(row, column, rows, columns)
    (high, wide), number = kernel.shape, row * columns + column
    dx = np.zeros(tuple(shape))
    for place in range(number + 1):
        i, j = divmod(place, columns)
        dx[i * stride : i * stride + high, j * stride : j * stride + wide] += dout[i, j] * kernel
    message_grid = _Grid(dout.shape, lambda i, j: style.number(dout[i, j]), "dout", _RED)
    kernel_grid = _Grid(kernel.shape, lambda i, j: style.number(kernel[i, j]), "kernel", _ORANGE)
    dx_grid = _Grid(dx.shape, lambda i, j: style.number(dx[i, j]), "dx so far", _RED, roomy=dx)
    body, width, height = _side_by_side([(message_grid, "·"), (kernel_grid, "→"), (dx_grid, "")])
    top, left = row * stride, column * stride
    body += message_grid.frame(row, column, 1, 1, "currentColor") + dx_grid.frame(top, left, high, wide, _ORANGE)
    so_far = "; ".join(", ".join(style.number(value) for value in line) for line in dx)
    alt = (
        f"The message {style.number(dout[row, column])} at row {row}, column {column} of the result is sent back "
        f"through a kernel of {high} × {wide}: it arrives at rows {top} to {top + high - 1}, columns {left} to "
        f"{left + wide - 1} of the image, times the weights. {number + 1} of {dout.size} messages have arrived; dx so "
        f"far: {so_far}."
    )
    return Picture(body, width, height + 4, alt, "A message goes back through a kernel")


def places(size: int, kernel: int, stride: int = 1, pad: int = 0) -> Picture:
    """Draw one row of an image and every place that a kernel takes along it.

    Parameters
    ----------
    size : int
        Pixels in the row.
    kernel, stride, pad : int

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If the kernel does not fit, or the padded row has more than 24 cells.

    Examples
    --------
    >>> places(6, 2, stride=3)
    A row of 6 pixels and the 2 places of a kernel of 2 with stride 3: 0–1, 3–4. The last 1 is seen by none.
    """
    count, total = result_size(size, kernel, stride, pad), size + 2 * pad
    if total > 2 * MOST:
        raise ValueError(f"At most {2 * MOST} cells can be drawn, padding included; got {total}.")
    cell, drop = 28.0, 17.0
    body = ""
    unseen = total - ((count - 1) * stride + kernel)
    for index in range(total):
        outside = not pad <= index < pad + size
        body += _cell(_EDGE + index * cell, _EDGE, cell, _BLUE, "0" if outside else str(index - pad), dashed=outside)
        if index >= total - unseen:
            x, y = _EDGE + index * cell, _EDGE
            body += (
                f'<path d="M{xy(x + 4)} {xy(y + cell - 4)}L{xy(x + cell - 4)} {xy(y + 4)}" stroke="currentColor" '
                f'stroke-width="1.6" opacity="0.8"/>'
            )
    y = _EDGE + cell + 14
    for place in range(count):
        left = _EDGE + place * stride * cell
        body += (
            f'<rect x="{xy(left + 2)}" y="{xy(y)}" width="{xy(kernel * cell - 4)}" height="{xy(drop - 5)}" rx="4" '
            f'fill="{_ORANGE}" fill-opacity="0.45" stroke="currentColor" stroke-width="1.2"/>'
        )
        body += _left_text(_EDGE + total * cell + 10, y + drop - 7, f"→ result {place}")
        y += drop
    said = ", ".join(f"{p * stride - pad}–{p * stride - pad + kernel - 1}".replace("-", "−") for p in range(count))
    over = f" The last {unseen} {'is' if unseen == 1 else 'are'} seen by none." if unseen else ""
    padding = f", {pad} of padding on either side," if pad else ""
    alt = (
        f"A row of {size} pixels{padding} and the {count} place{'s' if count > 1 else ''} of a kernel of {kernel} with "
        f"stride {stride}: {said}.{over}"
    )
    return Picture(body, 2 * _EDGE + total * cell + 90, y + 8, alt, "The places of a kernel along a row")


def layer(channels: int, size: Sequence[int], filters: int, kernel: Sequence[int], result: Sequence[int]) -> Picture:
    """Draw a convolutional layer as stacks of planes: the channels of the image, the filters, the maps they make.

    Parameters
    ----------
    channels : int
        At most 4.
    size : (int, int)
        Rows and columns of the image.
    filters : int
        At most 4.
    kernel : (int, int)
    result : (int, int)
        Rows and columns of each map.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If there are more than 4 channels or filters, or none.

    Examples
    --------
    >>> layer(3, (6, 6), 2, (3, 3), (4, 4))
    An image of 3 channels, each 6 × 6. Each of 2 filters has 3 planes of 3 × 3, one for each channel; all its \
products together, and a bias, make one map of 4 × 4. The result has 2 channels.
    """
    if not (1 <= channels <= 4 and 1 <= filters <= 4):
        raise ValueError(f"1 to 4 channels and filters can be drawn; got {channels} channels and {filters} filters.")
    unit, shift = 13.0, 11.0
    (high, wide), (kernel_high, kernel_wide), (map_high, map_wide) = size, kernel, result
    row = max(kernel_high * unit + (channels - 1) * shift, map_high * unit) + 40
    image_high = high * unit + (channels - 1) * shift
    body, total = "", max(filters * row, image_high + 40) + 2 * _EDGE
    left = _EDGE + 8
    top = (total - image_high) / 2
    body += _stack(left, top, high, wide, channels, unit, shift, _BLUE)
    image_wide = wide * unit + (channels - 1) * shift
    body += text_at(left + image_wide / 2, top + image_high + 22, f"x: {channels} × {high} × {wide}", _SIZE)
    middle = left + image_wide + 74
    kernel_total = kernel_wide * unit + (channels - 1) * shift
    right = middle + max(kernel_total, 60) + 92
    for index in range(filters):
        y = (total - filters * row) / 2 + index * row + (row - 40) / 2
        body += _arrow(left + image_wide + 14, total / 2, middle - 12, y)
        body += _stack(
            middle, y - (kernel_high * unit + (channels - 1) * shift) / 2, kernel_high, kernel_wide, channels, unit,
            shift, _ORANGE,
        )  # fmt: skip
        below = y + (kernel_high * unit + (channels - 1) * shift) / 2 + 18
        name = f"filter {index}: {channels} × {kernel_high} × {kernel_wide}"
        body += text_at(middle + kernel_total / 2, below, name, _SIZE)
        body += _arrow(middle + kernel_total + 12, y, right - 10, y)
        body += _stack(right, y - map_high * unit / 2, map_high, map_wide, 1, unit, shift, "currentColor")
        body += text_at(
            right + map_wide * unit / 2, y + map_high * unit / 2 + 18, f"map {index}: {map_high} × {map_wide}", _SIZE
        )
    several = filters > 1
    alt = (
        f"An image of {channels} channel{'s' if channels > 1 else ''}, each {high} × {wide}. "
        f"{f'Each of {filters} filters' if several else 'The filter'} has {channels} plane"
        f"{'s' if channels > 1 else ''} of {kernel_high} × {kernel_wide}"
        f"{', one for each channel' if channels > 1 else ''}; all its products together, and a bias, make one map of "
        f"{map_high} × {map_wide}. The result has {filters} channel{'s' if several else ''}."
    )
    return Picture(body, right + max(map_wide * unit, 70) + 20, total, alt, "A convolutional layer")


def rows_of_windows(image: Any, k: int, stride: int = 1, window: int = 0) -> Picture:
    """Draw the windows of an image as rows of a matrix, and one of them in both places.

    Parameters
    ----------
    image : (H, W) array_like
        At most 6 rows and columns.
    k : int
        Rows and columns of the window.
    stride : int
    window : int
        The one that is framed.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If the image is too large, the window does not fit, or there is no such window.

    Examples
    --------
    >>> rows_of_windows([[1, 2, 3], [4, 5, 6]], 2, window=1)
    An image of 2 × 3 and a matrix with a row of 4 numbers for each of its 2 windows. Window 1 is framed: 2, 3, 5, 6.
    """
    array, _, (rows, columns) = _checked(image, np.zeros((k, k)), stride, 0)
    if max(array.shape) > 6:
        raise ValueError(f"An image of at most 6 × 6 can be drawn with its windows; got {array.shape}.")
    if not 0 <= window < rows * columns:
        raise ValueError(f"There are {rows * columns} windows, numbered from 0; got {window}.")
    corners = [(i * stride, j * stride) for i in range(rows) for j in range(columns)]
    matrix = np.array([array[i : i + k, j : j + k].reshape(-1) for i, j in corners])
    image_grid = _Grid(array.shape, lambda i, j: style.number(array[i, j]), "image", _BLUE)
    matrix_grid = _Grid(matrix.shape, lambda i, j: style.number(matrix[i, j]), "one row a window", _BLUE, low=22.0)
    body, width, height = _side_by_side([(image_grid, "→"), (matrix_grid, "")])
    body += image_grid.frame(*corners[window], k, k, _ORANGE)
    body += matrix_grid.frame(window, 0, 1, k * k, _ORANGE)
    row = ", ".join(style.number(value) for value in matrix[window])
    alt = (
        f"An image of {array.shape[0]} × {array.shape[1]} and a matrix with a row of {k * k} numbers for each of its "
        f"{len(matrix)} windows. Window {window} is framed: {row}."
    )
    return Picture(body, width, height + 4, alt, "Windows as rows of a matrix")


class _Grid:
    """A table of numbers in a picture: where its cells are, and how they look."""

    def __init__(
        self,
        shape: tuple[int, ...],
        text: Callable[[int, int], str],
        label: str,
        colour: str,
        pad: int = 0,
        roomy: Any = None,
        low: float = 30.0,
    ) -> None:
        self.rows, self.columns = shape[0], shape[1]
        self.text, self.label, self.colour, self.pad, self.high = text, label, colour, pad, low
        # The room is that of all numbers that will ever stand there, so that nothing moves from step to step.
        texts = [text(i, j) for i in range(self.rows) for j in range(self.columns)]
        texts += [] if roomy is None else [style.number(value) for value in np.ravel(roomy)]
        self.wide = max(30.0, *(text_width(one, _SIZE) + 8 for one in texts))
        self.x = self.y = 0.0

    @property
    def width(self) -> float:
        return max(self.columns * self.wide, text_width(self.label, _SIZE))

    @property
    def height(self) -> float:
        return self.rows * self.high

    def draw(self, x: float, y: float) -> str:
        self.x, self.y = x, y
        body = ""
        for i in range(self.rows):
            for j in range(self.columns):
                inside = self.pad <= i < self.rows - self.pad and self.pad <= j < self.columns - self.pad
                body += _cell(
                    x + j * self.wide, y + i * self.high, self.wide, self.colour, self.text(i, j), high=self.high,
                    dashed=not inside,
                )  # fmt: skip
        return body + text_at(x + self.columns * self.wide / 2, y - 9, self.label, _SIZE)

    def frame(self, row: int, column: int, rows: int, columns: int, colour: str) -> str:
        """Return a frame round some cells: wide in its colour, with an ink line in it."""
        box = (
            f'<rect x="{xy(self.x + column * self.wide)}" y="{xy(self.y + row * self.high)}" '
            f'width="{xy(columns * self.wide)}" height="{xy(rows * self.high)}" rx="3" fill="none" '
        )
        return (
            f'{box}stroke="{colour}" stroke-width="6" opacity="0.75"/>{box}stroke="currentColor" stroke-width="1.6"/>'
        )


def _side_by_side(grids: Sequence[tuple[_Grid, str]]) -> tuple[str, float, float]:
    """Draw grids in a row, each with a sign behind it; return the SVG and the room that it takes."""
    most = max(grid.height for grid, _ in grids)
    body, x = "", _EDGE
    for grid, sign in grids:
        extra = (grid.width - grid.columns * grid.wide) / 2  # a label may be wider than its grid
        body += grid.draw(x + extra, _EDGE + 20 + (most - grid.height) / 2)
        x += grid.width + _GAP
        if sign:
            body += text_at(x - _GAP / 2, _EDGE + 20 + most / 2 + 6, sign, 20)
    return body, x - _GAP + _EDGE, _EDGE + 20 + most + _EDGE


def _cell(
    x: float, y: float, wide: float, colour: str, content: str, high: float | None = None, dashed: bool = False
) -> str:
    high = wide if high is None else high
    look = ' stroke-dasharray="3 3"' if dashed else ""
    fill = 0.0 if dashed else {_ORANGE: 0.4, "currentColor": 0.05}.get(colour, 0.14)
    line = "currentColor" if colour == _ORANGE else colour
    faint = ' opacity="0.65"' if dashed else ""
    box = (
        f'<rect x="{xy(x)}" y="{xy(y)}" width="{xy(wide)}" height="{xy(high)}" fill="{colour}" fill-opacity="{fill:g}" '
        f'stroke="{line}" stroke-width="1.2"{look}/>'
    )
    return box + (text_at(x + wide / 2, y + high / 2 + 4.6, content, _SIZE, faint) if content else "")


def _stack(x: float, y: float, rows: int, columns: int, planes: int, unit: float, shift: float, colour: str) -> str:
    """Draw planes of squares one before the other; the last one lies in front, lower and further right."""
    body = ""
    fill = {_ORANGE: 0.45, "currentColor": 0.06}.get(colour, 0.2)
    line = "currentColor" if colour == _ORANGE else colour
    for plane in range(planes):
        left, top = x + plane * shift, y + plane * shift
        wide, high = columns * unit, rows * unit
        box = f'<rect x="{xy(left)}" y="{xy(top)}" width="{xy(wide)}" height="{xy(high)}" '
        inner = "".join(f"M{xy(left + j * unit)} {xy(top)}V{xy(top + high)}" for j in range(1, columns))
        inner += "".join(f"M{xy(left)} {xy(top + i * unit)}H{xy(left + wide)}" for i in range(1, rows))
        body += (
            f'{box}fill="{style.PAGE}"/>{box}fill="{colour}" fill-opacity="{fill}" stroke="{line}" stroke-width="1.3"/>'
        )
        body += f'<path d="{inner}" stroke="{line}" stroke-width="0.6" opacity="0.8" fill="none"/>' if inner else ""
    return body


def _arrow(x: float, y: float, to_x: float, to_y: float) -> str:
    length = float(np.hypot(to_x - x, to_y - y))
    along_x, along_y = (to_x - x) / length, (to_y - y) / length
    tips = [
        f"{xy(to_x - 9 * along_x - 4 * side * along_y)} {xy(to_y - 9 * along_y + 4 * side * along_x)}"
        for side in (1, -1)
    ]
    return (
        f'<path d="M{xy(x)} {xy(y)}L{xy(to_x - 6 * along_x)} {xy(to_y - 6 * along_y)}" stroke="currentColor" '
        f'stroke-width="1.4" opacity="0.75"/><path d="M{xy(to_x)} {xy(to_y)}L{tips[0]}L{tips[1]}z" fill="currentColor" '
        f'opacity="0.75"/>'
    )


def _left_text(x: float, y: float, content: str) -> str:
    return text_at(x, y, content, _SIZE).replace('text-anchor="middle"', 'text-anchor="start"')


def _padded(pad: int) -> str:
    return f" in a border of {pad} zero{'s' if pad > 1 else ''}" if pad else ""


def _factor(value: float) -> str:
    written = style.number(value)
    return f"({written})" if written.startswith("−") else written


def _checked(image: Any, kernel: Any, stride: int, pad: int) -> tuple[np.ndarray, np.ndarray, tuple[int, int]]:
    """Return the padded image, the kernel, and the size of the result."""
    image, kernel = np.asarray(image, float), np.asarray(kernel, float)
    if image.ndim != 2 or kernel.ndim != 2:
        raise ValueError(
            f"Image and kernel have one channel here, shapes (H, W) and (KH, KW); got {image.shape} and {kernel.shape}."
        )
    sizes = [result_size(n, k, stride, pad) for n, k in zip(image.shape, kernel.shape, strict=True)]
    padded = np.pad(image, pad)
    if max(padded.shape) > MOST:
        raise ValueError(f"Numbers can be read up to {MOST} × {MOST}, padding included; got {padded.shape}.")
    return padded, kernel, (sizes[0], sizes[1])


def _require_place(row: int, column: int, rows: int, columns: int) -> None:
    if not (0 <= row < rows and 0 <= column < columns):
        raise ValueError(
            f"The result has {rows} rows and {columns} columns, numbered from 0; got row {row}, column {column}."
        )
