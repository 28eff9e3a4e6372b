"""Windows of images as rows of a matrix."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np

from nnkit.exercises.catalogue.convolution.parts.windows import padded, windows
from nnkit.exercises.catalogue.families import slips_in
from nnkit.exercises.catalogue.withheld import UNFOLDING
from nnkit.exercises.exercise import Case, exercise, wrong
from nnkit.exercises.judge.wording import written
from nnkit.languages import joined, marked, say

# Axes of all windows, (N, C, OH, OW, k, k), as letters; and the orders in which people go through them.
AXES = "ncijkl"
WORDS = {
    "n": say("sample"),
    "c": say("channel"),
    "i": say("output row"),
    "j": say("output column"),
    "k": say("kernel row"),
    "l": say("kernel column"),
}
ROWS, COLUMNS = ("nij", "ijn", "nji", "jin"), ("ckl", "klc", "clk", "lkc")


def batches(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Images in which no number comes twice."""

    def case(covers: str, shape: tuple[int, int, int, int], k: int, stride: int) -> Case:
        size = int(np.prod(shape))
        numbers = (rng.permutation(size) + 1) / 10 * rng.choice([-1, 1], size)
        x = numbers.reshape(shape)
        words = (
            say("x = {tolist}, k = {k}, stride = {stride}", tolist=written(x.tolist()), k=k, stride=stride)
            if size <= 8
            else ""
        )
        return Case({"x": x, "k": k, "stride": stride}, covers, words)

    drawn = [
        case("one window", (1, 1, 2, 2), 2, 1),
        case("windows of one pixel", (1, 2, 1, 3), 1, 1),
        case("a single image of one channel", (1, 1, 2, 3), 2, 1),
        case("two rows of windows", (1, 1, 3, 3), 2, 1),
        case("channels of a high image", (1, 2, 3, 2), 2, 1),
        case("samples", (3, 1, 2, 3), 2, 1),
        case("a stride", (1, 1, 3, 5), 1, 2),
        case("windows side by side", (2, 1, 4, 4), 2, 2),
        case("pixels left over by the stride", (1, 2, 6, 4), 3, 2),
        case("a stride larger than the window", (2, 1, 4, 5), 1, 3),
        case("everything alike", (2, 2, 3, 3), 2, 1),
        case("a window as large as the image", (2, 3, 3, 3), 3, 2),
        case("everything at once", (2, 3, 6, 5), 3, 2),
    ]
    return [*drawn, case("everything at once", (3, 2, 5, 7), 2, 2)] if hidden else drawn


def in_order(x: np.ndarray, k: int, stride: int = 1, rows: str = "nij", columns: str = "ckl") -> np.ndarray:
    """All windows as rows of a matrix, with the axes in any order."""
    seen = windows(x, k, k, stride)
    count = seen.shape[0] * seen.shape[2] * seen.shape[3]
    return np.einsum(f"{AXES}->{rows}{columns}", seen).reshape(count, -1)


def said(order: str) -> str:
    """An order in words, what changes slowest first."""
    return joined((WORDS[axis] for axis in order), ", then ")


def what_differs(rows: str, columns: str) -> str:
    """The order in which an answer has its rows, its columns, or both."""
    parts = [say("your rows come in the order of {rows}", rows=said(rows))] if rows != ROWS[0] else []
    if columns != COLUMNS[0]:
        after = marked("your columns in the order of {columns}")
        alone = marked("your columns come in the order of {columns}")
        parts.append(say(after if parts else alone, columns=said(columns)))
    return say(
        """The numbers are right, and not where they belong: {text}. Asked for are rows in the order of
        {rows}, and columns in the order of {columns}.""",
        text=joined(parts, "; "),
        rows=said(ROWS[0]),
        columns=said(COLUMNS[0]),
    )


def as_rows(seen: np.ndarray) -> np.ndarray:
    """Windows (N, C, OH, OW, k, k) as rows, as it should be."""
    found = np.einsum(f"{AXES}->nijckl", seen)
    return found.reshape(int(np.prod(found.shape[:3])), int(np.prod(found.shape[3:])))


def window_by_window(
    x: np.ndarray,
    k: int,
    stride: int,
    size: Callable[..., tuple[int, int]] = lambda x: x.shape[2:],
    places: Callable[..., int] = lambda size, k, stride: (size - k) // stride + 1,
    corner: Callable[[int, int, int], int] = lambda i, stride, axis: i * stride,
) -> np.ndarray:
    """Every row laid flat by itself, and the places where that goes wrong."""
    rows, columns = (places(length, k, stride) for length in size(x))
    out = np.zeros((len(x) * rows * columns, x.shape[1] * k * k))
    for row, (n, i, j) in enumerate(np.ndindex(len(x), rows, columns)):
        top, left = corner(i, stride, 0), corner(j, stride, 1)
        out[row] = x[n, :, top : top + k, left : left + k].reshape(-1)
    return out


def places_before_the_last(x: np.ndarray, k: int, stride: int) -> np.ndarray:
    """Windows whose corners come from a range without the last place, as an array of a list."""
    rows, columns = (range(0, size - k, stride) for size in x.shape[2:])
    return np.array([image[:, i : i + k, j : j + k].ravel() for image in x for i in rows for j in columns])


slip = slips_in(window_by_window)

EXERCISE = exercise(
    "im2col(x, k, stride)",
    reference=in_order,
    cases=batches,
    withheld=UNFOLDING,
    shape_notes={
        "": "One row for each window of each sample, N · OH · OW; one column for each number in it, C · k · k."
    },
    hints=(
        """Take one window: with all its channels it is an array of shape (C, k, k). In which order does `reshape(-1)`
        go through it, and in which order do three loops go through the windows?""",
        """Rows: a loop over the samples, in it one over the output rows, in it one over the output columns, and the
        window that begins in row i · stride and column j · stride, laid flat. Without loops, the axes of all windows
        have to stand in the order n, i, j, channel, kernel row, kernel column before the reshape.""",
    ),
    mistakes=(
        *(
            wrong(
                f"rows {rows}, columns {columns}",
                lambda x, k, stride, rows=rows, columns=columns: in_order(x, k, stride, rows, columns),
            ).told(what_differs(rows, columns))
            for rows, columns in product(ROWS, COLUMNS)
            if (rows, columns) != (ROWS[0], COLUMNS[0])
        ),
        wrong("transposed", lambda expected: expected.T).told("""
            Yours is transposed: it has a column for each window. Asked for is a row for each."""),
        wrong("transposed, samples last", lambda x, k, stride: in_order(x, k, stride, "ijn").T).told("""
            Yours has a column for each window, and the samples change fastest from column to column. Asked for is a
            row for each window, all windows of a sample one after the other."""),
        wrong("reshaped only", lambda x, k, stride, expected: windows(x, k, k, stride).reshape(expected.shape)).told("""
            Yours has the right shape and the numbers in the order of sample, channel, output row, output column: the
            channels of a window stand in different rows. `reshape` keeps the order of the axes: which one has to move
            first?"""),
        wrong("stride 1", lambda x, k: in_order(x, k)).told("""
            Yours does not depend on the stride: there is a window at every pixel."""),
        wrong("stride from row to row only", lambda x, k, stride: as_rows(windows(x, k, k)[:, :, ::stride])).told("""
            The stride of yours takes effect from row to row, and not from column to column."""),
        wrong(
            "stride from column to column only", lambda x, k, stride: as_rows(windows(x, k, k)[:, :, :, ::stride])
        ).told("""
            The stride of yours takes effect from column to column, and not from row to row."""),
        wrong("loops that end too early", places_before_the_last).told("""
            The last window is missing where it just fits, along the rows or the columns. How far may the upper left
            corner of a window go, that place included?"""),
        wrong("padded", lambda x, k, stride: in_order(padded(x, k // 2), k, stride)).told("""
            Yours has zeros around the images. Here each window lies inside its image."""),
        wrong("side by side", lambda x, k: in_order(x, k, k)).told("""
            Your windows lie side by side, whatever the stride is."""),
        slip("places without the stride", corner=lambda i, stride, axis: i).told("""
            You have the right number of windows, and each begins one pixel after the one before. With a stride it is
            more: where does window i begin?"""),
        slip("places without the stride, downwards", corner=lambda i, stride, axis: i * stride if axis else i).told("""
            Down the image your windows begin one pixel apart, whatever the stride is; to the right they do not."""),
        slip("places without the stride, to the right", corner=lambda i, stride, axis: i if axis else i * stride).told(
            """
            To the right your windows begin one pixel apart, whatever the stride is; down the image they do not."""
        ),
        wrong("samples kept apart", lambda expected, x: expected.reshape(len(x), -1, expected.shape[1])).told("""
            Your numbers are right, with an axis for the samples. Asked for is a matrix: all windows of all samples, one
            below the other."""),
        wrong("windows not laid flat", lambda expected, x, k: expected.reshape(-1, x.shape[1], k, k)).told("""
            Your numbers are right, and the windows still have their shape (C, k, k). Asked for is a matrix: each window
            laid flat in a row."""),
        wrong("a row for each sample", lambda expected, x: expected.reshape(len(x), -1)).told("""
            Yours has one row for each sample, with all its windows in it. Asked for is a row for each window."""),
        wrong("channels one after the other", lambda x, k, stride: windows(x, k, k, stride).reshape(-1, k * k)).told("""
            Yours has a row for each window of each channel, all windows of a channel one below the other. All channels
            of a window stand in one row."""),
        wrong("channels kept apart", lambda expected, x, k: expected.reshape(-1, k * k)).told("""
            Yours has a row for each channel of each window. All channels of a window stand in one row."""),
        wrong("first channel", lambda expected, k: expected[:, : k * k]).told("""
            Only the first channel stands in yours. A row holds all channels of its window, one after the other."""),
        wrong("first sample", lambda expected, x: expected[: len(expected) // len(x)]).told("""
            Only the windows of the first sample are in yours."""),
        wrong(
            "samples written over",
            lambda expected, x: np.concatenate(
                [expected[len(expected) - len(expected) // len(x) :], 0 * expected[len(expected) // len(x) :]]
            ),
        ).told("""
            The windows of the last sample stand in the first rows of yours, and all other rows are 0. Does your count
            of rows begin anew with each sample?"""),
        slip("last window of each row missing", places=lambda size, k, stride: (size - k) // stride).told("""
            The last window of each row is missing in yours, and the last row of windows. A window of 2 pixels has room
            at 2 places of a row of 3."""),
        *(
            slip(f"square images only, {axis}", size=lambda x, axis=axis: 2 * (x.shape[axis],)).told("""
            Yours is right for square images. An image has a height and a width: which of them does each of your numbers
            of windows come from?""")
            for axis in (2, 3)
        ),
        slip("height for width", size=lambda x: x.shape[:1:-1]).told("""
            Yours is right for square images. For others it mixes up their rows and columns: in which order does
            `x.shape` give them?"""),
        wrong("windows turned", lambda x, k, stride: as_rows(windows(x, k, k, stride)[..., ::-1, ::-1])).told("""
            Each window of yours is turned by half a turn, channel by channel: its last pixel comes first. Here its
            first pixel comes first."""),
        wrong("channels in the other order", lambda x, k, stride: in_order(x[:, ::-1], k, stride)).told("""
            In yours the last channel of each window comes first. Channels keep their order."""),
    ),
)
