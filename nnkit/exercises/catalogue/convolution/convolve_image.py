"""One filter on one channel: in every window of the image, products with the weights, added up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.convolution.parts.windows import windows
from nnkit.exercises.catalogue.draws import signed
from nnkit.exercises.catalogue.families import slips_in
from nnkit.exercises.catalogue.withheld import CONVOLUTION
from nnkit.exercises.exercise import Case, exercise, wrong
from nnkit.exercises.judge.wording import all_written


def images(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Images and kernels of all shapes; what fits into a line is shown with its numbers."""

    def whole(*shape: int) -> Any:
        return rng.permutation(np.arange(1, 1 + int(np.prod(shape)))).reshape(shape)

    def tenths(*shape: int) -> Any:
        return signed(rng, 0.3, 2.0, shape)

    def case(image: Any, kernel: Any, covers: str) -> Case:
        arguments = {"image": image, "kernel": kernel}
        short = image.size + kernel.size <= 13
        words = all_written({key: value.tolist() for key, value in arguments.items()}) if short else ""
        return Case(arguments, covers, words)

    drawn = [
        case(tenths(1, 3), tenths(1, 2), "a single row"),
        case(tenths(3, 1), tenths(2, 1), "a single column"),
        case(tenths(2, 3), tenths(1, 1), "a kernel of one number"),
        case(tenths(2, 3), tenths(2, 3), "a kernel as large as the image"),
        case(whole(3, 3), whole(2, 2), "integers"),
        case(whole(3, 4), tenths(2, 2), "integers under weights with fractions"),
        case(tenths(3, 4), np.array([[1, -1]]), "an edge filter of integers"),
        case(tenths(4, 4), tenths(2, 2), "squares"),
        case(tenths(3, 5), tenths(2, 3), "wide images and kernels"),
        case(tenths(5, 3), tenths(3, 2), "high images and kernels"),
        case(tenths(6, 6), tenths(2, 2), "6 × 6 and 2 × 2"),
    ]
    return [*drawn, case(tenths(7, 5), tenths(3, 3), "squares")] if hidden else drawn


def correlated(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """The right answer."""
    return np.asarray(np.einsum("ijmn,mn->ij", windows(image, *kernel.shape), kernel))


def by_loops(
    image: np.ndarray,
    kernel: np.ndarray,
    shape: Callable[[np.ndarray], Any] = lambda image: image.shape,
    pixel: Callable[..., Any] = lambda image, i, j, m, n: image[i + m, j + n],
    weight: Callable[..., Any] = lambda kernel, m, n: kernel[m, n],
    size: Callable[[np.ndarray], Any] = lambda kernel: kernel.shape,
    last: tuple[int, int] = (0, 0),
    out: Callable[[int, int], Any] = lambda rows, columns: np.zeros((rows, columns)),
    place: Callable[[int, int], Any] = lambda i, j: (i, j),
    add: Callable[[Any, Any], Any] = lambda total, more: total + more,
) -> np.ndarray:
    """Four loops, and the places where they go wrong."""
    (height, width), (rows, columns) = shape(image), size(kernel)
    places = height - rows + 1, width - columns + 1
    result = out(*places)
    for i, j in np.ndindex(places):
        for m, n in np.ndindex(rows - last[0], columns - last[1]):
            result[place(i, j)] = add(result[place(i, j)], weight(kernel, m, n) * pixel(image, i, j, m, n))
    return np.asarray(result)


def by_slices(
    image: np.ndarray,
    kernel: np.ndarray,
    shape: Callable[[np.ndarray], Any] = lambda image: image.shape,
    size: Callable[[np.ndarray], Any] = lambda kernel: kernel.shape,
    step: Callable[[int], int] = lambda size: 1,
    meet: Callable[[Any, Any], Any] = lambda window, kernel: (window * kernel).sum(),
) -> np.ndarray:
    """Two loops and a slice, and the places where they go wrong."""
    (height, width), (rows, columns) = shape(image), size(kernel)
    out = np.zeros((height - rows + 1, width - columns + 1))
    for i, j in np.ndindex(out.shape):
        top, left = i * step(rows), j * step(columns)
        out[i, j] = meet(image[top : top + rows, left : left + columns], kernel)
    return out


def in_size_of_the_image(image: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """The result at the upper left, and zeros."""
    out = np.zeros(image.shape)
    out[: len(expected), : expected.shape[1]] = expected
    return out


def with_zeros_around(image: np.ndarray, kernel: np.ndarray, share: int) -> np.ndarray:
    """The result with zeros around the image: as many as the kernel's size divided by 1 (full) or by 2 (same)."""
    sizes = [(size - 1, size - 1) if share == 1 else (size // 2, size // 2) for size in kernel.shape]
    found = correlated(np.pad(image, sizes), kernel)
    return found if share == 1 else found[: len(image), : image.shape[1]]


def over_the_edge(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """A number for each pixel, with as much of the window as there is."""
    return correlated(np.pad(image, [(0, size - 1) for size in kernel.shape]), kernel)


def around_its_pixel(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Windows that begin half a kernel further up and to the left, on the other side where there is nothing."""
    return correlated(np.roll(image, [size // 2 for size in kernel.shape], axis=(0, 1)), kernel)


slip, slice_slip = slips_in(by_loops), slips_in(by_slices)

EXERCISE = exercise(
    "convolve_image(image, kernel)",
    reference=correlated,
    cases=images,
    withheld=CONVOLUTION,
    shape_notes={
        "": "A window of KH rows can begin in H − KH + 1 rows of the image, and with the columns it is alike."
    },
    hints=(
        """Lay the kernel on the upper left corner of the image. Which pixel lies under its entry [m, n], and which one
        after the kernel has moved i rows down and j columns to the right?""",
        """Two loops over i and j go through the output. In each, the window of KH × KW pixels that begins at [i, j]
        meets the kernel: entry by entry, then all products are added up.""",
    ),
    mistakes=(
        slip("kernel turned", weight=lambda kernel, m, n: kernel[-1 - m, -1 - n]).told("""
            Yours is right for a kernel that is turned by half a turn: its last entry meets the first pixel of the
            window. In this course entry [m, n] of the kernel meets entry [m, n] of the window."""),
        slip("kernel upside down", weight=lambda kernel, m, n: kernel[-1 - m, n]).told("""
            Yours is right for a kernel that stands upside down. Row m of the kernel meets row m of the window."""),
        slip("kernel mirrored", weight=lambda kernel, m, n: kernel[m, -1 - n]).told("""
            Yours is right for a kernel whose columns come in the other order. Column n of the kernel meets column n of
            the window."""),
        *(
            mistake.told("""
            With a square kernel yours is right for the transposed one. Rows of the kernel meet rows of the image: in
            which of the two have rows and columns changed places?""")
            for mistake in (
                slip("rows for columns", weight=lambda kernel, m, n: kernel[n, m]),
                slice_slip("kernel transposed", meet=lambda a, b: (a * b.T).sum()),
                slice_slip("trace of a matrix product", meet=lambda a, b: np.trace(a @ b)),
            )
        ),
        *(
            make(
                f"square kernels only, {axis}, by {how}", size=lambda kernel, axis=axis: 2 * (kernel.shape[axis],)
            ).told("""
            Yours is right for square kernels. A kernel has a height and a width: which of them does each of your slices
            or loops use?""")
            for make, how in ((slip, "loops"), (slice_slip, "slices"))
            for axis in (0, 1)
        ),
        slip("last row of the kernel left out", last=(1, 0)).told("""
            The last row of the kernel does not count in yours. Where does its loop end?"""),
        slip("last column of the kernel left out", last=(0, 1)).told("""
            The last column of the kernel does not count in yours. Where does its loop end?"""),
        slip("last row and column of the kernel left out", last=(1, 1)).told("""
            The last row and the last column of the kernel do not count in yours. Where do their loops end?"""),
        slip("place transposed", place=lambda i, j: (j, i)).told("""
            Yours stops where the result is not square, and gives it transposed where it is. Window [i, j] belongs in
            row i and column j."""),
        slip("result turned", out=lambda rows, columns: np.zeros((columns, rows))).told("""
            Yours stops where the result is not square, and is right where it is. Which comes first in its shape, the
            number of rows or that of columns?"""),
        wrong("total not set back", lambda expected: np.cumsum(expected).reshape(expected.shape)).told("""
            Each number of yours has all numbers before it in it. A new window begins with a new sum: where is yours set
            back to 0?"""),
        wrong("first row only", lambda expected: np.concatenate([expected[:1], 0 * expected[1:]])).told("""
            All rows of yours but the first are 0. Does your `return` stand inside a loop?"""),
        wrong("weights that add up to 1", lambda expected, kernel: expected / np.abs(kernel).sum()).told("""
            Yours is divided by the sum of the weights' sizes. The kernel is used as it is."""),
        wrong("flat", lambda expected: expected.ravel()).told("""
            Your numbers are right, in one row. The result has a row for each row of windows."""),
        slip("backwards", pixel=lambda image, i, j, m, n: image[i - m, j - n]).told("""
            Your window reaches up and to the left from [i, j], and where an index falls below 0 Python takes the pixel
            from the other end. The window begins at [i, j]."""),
        slip("window without its own place", pixel=lambda image, i, j, m, n: image[m, n]).told("""
            Yours has the same number everywhere: all windows look at the upper left corner of the image. What do i and
            j do?"""),
        slip("one pixel for the window", pixel=lambda image, i, j, m, n: image[i, j]).told("""
            Yours is a pixel times the sum of the kernel: each weight meets the same pixel, the first one of its window.
            What do m and n do?"""),
        slip("last product", add=lambda total, more: more).told("""
            Yours has only the last product of each window. All of them are added up: what does `=` do in a loop where
            `+=` is meant?"""),
        *(
            make(f"height for width, by {how}", shape=lambda image: image.shape[::-1]).told("""
            Yours is right for square images. For others it mixes up their rows and columns: in which order does
            `image.shape` give them?""")
            for make, how in ((slip, "loops"), (slice_slip, "slices"))
        ),
        *(
            make(
                f"square images only, {axis}, by {how}", shape=lambda image, axis=axis: 2 * (image.shape[axis],)
            ).told("""
            Yours is right for square images. An image has a height and a width: which of them does each of your numbers
            of windows come from?""")
            for make, how in ((slip, "loops"), (slice_slip, "slices"))
            for axis in (0, 1)
        ),
        slice_slip("side by side, over the edge", step=lambda size: size).told("""
            Your windows lie side by side, until they leave the image. The next one begins one pixel further, whatever
            the size of the kernel."""),
        slice_slip("entries of a matrix product", meet=lambda a, b: (a @ b).sum()).told("""
            Where yours does not stop it adds up the entries of a matrix product of window and kernel. `@` multiplies
            rows by columns; here each pixel meets the one weight that lies on it."""),
        wrong("mean", lambda expected, kernel: expected / kernel.size).told("""
            Yours is too small by the number of weights: a mean of the products. Asked for is their sum."""),
        slice_slip("sum of the window", meet=lambda a, b: a.sum()).told("""
            Yours adds up the pixels of each window; the weights do not take part."""),
        slice_slip("sums multiplied", meet=lambda a, b: a.sum() * b.sum()).told("""
            Yours multiplies the sum of the window by the sum of the kernel. Each pixel meets the weight that lies on
            it; the products are added up."""),
        slice_slip("largest product", meet=lambda a, b: (a * b).max()).told("""
            Yours takes the largest product of each window. All of them are added up."""),
        wrong("last row and column missing", lambda expected: expected[:-1, :-1]).told("""
            Your numbers are right, and the last row and column are missing. A window of 2 pixels has room at 2 places
            of a row of 3."""),
        wrong("last row and column 0", lambda expected: np.pad(expected[:-1, :-1], ((0, 1), (0, 1)))).told("""
            The last row and the last column of yours are 0, the rest is right. Where do your loops end?"""),
        wrong("in the size of the image", in_size_of_the_image).told("""
            Yours is as large as the image, and 0 where no window begins. The result has one entry for each window, and
            no more."""),
        wrong("same size by padding", lambda image, kernel: with_zeros_around(image, kernel, 2)).told("""
            Yours is as large as the image: it has zeros around the image, and windows that reach out into them. Here
            each window lies inside the image."""),
        wrong("windows over the edge", over_the_edge).told("""
            Yours is as large as the image: windows that reach out of it at the lower or right edge are counted with the
            pixels that they have. Here each window lies inside the image."""),
        wrong("window around its pixel", around_its_pixel).told("""
            Your window lies around [i, j], and where an index falls below 0 Python takes the pixel from the other end.
            The window begins at [i, j]."""),
        wrong("full size by padding", lambda image, kernel: with_zeros_around(image, kernel, 1)).told("""
            Yours is larger than the image: it has zeros around the image, and windows that only touch it. Here each
            window lies inside the image."""),
        wrong("side by side", lambda expected, kernel: expected[:: len(kernel), :: kernel.shape[1]]).told("""
            Your windows lie side by side. The next one begins one pixel further, whatever the size of the kernel."""),
        wrong("transposed", lambda expected: expected.T).told("""
            Your numbers are right, and the result is transposed: a window further down is a row further down in the
            result."""),
        wrong("negative ones cut off", lambda expected: np.maximum(expected, 0)).told("""
            Yours is 0 where the sum is negative. A ReLU comes after a convolution, as a step of its own."""),
        wrong("without signs", lambda expected: np.abs(expected)).told("""
            Yours has no negative numbers: the signs of the sums are lost. They say on which side an edge is
            bright."""),
    ),
)
