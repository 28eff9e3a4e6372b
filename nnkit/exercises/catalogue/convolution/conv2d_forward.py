"""A layer of filters on a batch of images with channels, with stride and padding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.convolution.parts.images import images_and_filters, whole, with_a_tenth
from nnkit.exercises.catalogue.convolution.parts.windows import padded, windows
from nnkit.exercises.catalogue.families import slips_in
from nnkit.exercises.catalogue.withheld import CONVOLUTION
from nnkit.exercises.exercise import Case, exercise, wrong


def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """A case of each kind, and whole numbers under weights with fractions."""
    found = images_and_filters(rng, hidden)
    x, w, b = whole(rng, 1, 1, 1, 3), with_a_tenth(rng, 1, 1, 1, 2), with_a_tenth(rng, 1)
    return [*found, Case({"x": x, "w": w, "b": b}, "images of whole numbers")]


def in_whole_numbers(x: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """What is left of the result in an array of the dtype of x."""
    return expected.astype(x.dtype)


def added_to_whole_numbers(x: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """The result, added up by `+=` in an array of the dtype of x; NumPy refuses where that has no fractions."""
    out = np.zeros(expected.shape, dtype=x.dtype)
    out += expected
    return out


def places(size: int, kernel: int, stride: int, pad: int) -> int:
    """How many windows fit into a padded row."""
    return (size + 2 * pad - kernel) // stride + 1


def both(
    rows: Callable[..., int] = places, columns: Callable[..., int] = places, height: int = 2, width: int = 3
) -> Callable[..., tuple[int, int]]:
    """How many windows there are; `height` and `width` are the axes of x that are taken for them."""
    return lambda x, size, stride, pad: (
        rows(x.shape[height], size[0], stride, pad),
        columns(x.shape[width], size[1], stride, pad),
    )


AS_MANY_AS_FIT = both()


def products(patch: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Sums of products over channels, rows and columns."""
    return np.asarray((patch[:, None] * w).sum(axis=(2, 3, 4)))


def convolve(
    x: np.ndarray,
    w: np.ndarray,
    b: np.ndarray,
    stride: int = 1,
    pad: int = 0,
    around: Callable[..., Any] = padded,
    count: Callable[..., tuple[int, int]] = AS_MANY_AS_FIT,
    corner: Callable[[int, int, int], int] = lambda i, stride, axis: i * stride,
    end: Callable[[int, int, int], int] = lambda i, begin, size: begin + size,
    size: Callable[[Any], tuple[int, int]] = lambda w: w.shape[2:],
    meet: Callable[..., Any] = products,
    bias: Callable[..., Any] = lambda z, b: z + b[:, None, None],
) -> np.ndarray:
    """The layer window by window, and the places where it goes wrong."""
    image, (height, width) = around(x, pad)[: len(x)], size(w)
    out = np.zeros((len(x), len(w), *count(x, size(w), stride, pad)))
    for i, j in np.ndindex(out.shape[2:]):
        top, left = corner(i, stride, 0), corner(j, stride, 1)
        out[:, :, i, j] = meet(image[:, :, top : end(i, top, height), left : end(j, left, width)], w)
    return np.asarray(bias(out, b))


def added_along(axis: int) -> Callable[..., Any]:
    """The biases along another axis than the filters'; NumPy refuses where the sizes do not fit."""
    return lambda z, b: np.moveaxis(np.moveaxis(z, axis, -1) + b, -1, axis)


def sides(*amounts: tuple[int, int]) -> Callable[..., Any]:
    """Zeros on some sides only: pad times (before, after), for rows and for columns."""
    return lambda x, pad: np.pad(x, [(0, 0)] * 2 + [(before * pad, after * pad) for before, after in amounts])


def of_mode(mode: Any) -> Callable[..., Any]:
    """Something else than zeros around the image."""
    return lambda x, pad: np.pad(x, [(0, 0)] * 2 + [(pad, pad)] * 2, mode=mode)


def one_side(size: int, kernel: int, stride: int, pad: int) -> int:
    """How many windows fit where a row has its zeros on one side only."""
    return (size + pad - kernel) // stride + 1


def no_side(size: int, kernel: int, stride: int, pad: int) -> int:
    """How many windows fit where a row has no zeros around it."""
    return (size - kernel) // stride + 1


def at_every_pixel(size: int, kernel: int, stride: int, pad: int) -> int:
    """How many windows fit where the stride is 1."""
    return size + 2 * pad - kernel + 1


def rounded_up(size: int, kernel: int, stride: int, pad: int) -> int:
    """A window more where the stride leaves pixels over."""
    return -(-(size + 2 * pad - kernel) // stride) + 1


def without_last(size: int, kernel: int, stride: int, pad: int) -> int:
    """One window less than fits."""
    return (size + 2 * pad - kernel) // stride


def channels_kept_apart(x: np.ndarray, w: np.ndarray, b: np.ndarray, stride: int, pad: int) -> np.ndarray:
    """A map for each channel of each filter."""
    found = np.einsum("ncijkl,fckl->nfcij", windows(padded(x, pad), w.shape[2], w.shape[3], stride), w)
    return np.asarray(found + b[:, None, None, None])


def biases_of_samples(z: np.ndarray, b: np.ndarray) -> np.ndarray:
    """b[n] for every n; an error where there is none."""
    return z + np.array([b[n] for n in range(len(z))])[:, None, None, None]


def around_nothing(x: np.ndarray, w: np.ndarray, b: np.ndarray, stride: int) -> np.ndarray:
    """The layer without padding."""
    return convolve(x, w, b, stride, count=both(no_side, no_side))


slip = slips_in(convolve)

EXERCISE = exercise(
    "conv2d_forward(x, w, b, stride=1, pad=0)",
    reference=convolve,
    cases=cases,
    withheld=CONVOLUTION,
    shape_notes={
        "": "(N, F, OH, OW): one map for each sample and each filter, with as many entries as windows fit into the "
        "padded image."
    },
    hints=(
        """Begin with n, f, i and j: four loops, one number in each. Which part of the padded x does filter f see there,
        with all its channels?""",
        """The window begins in row i · stride and column j · stride of the padded image and has the shape of w[f],
        (C, KH, KW). Products entry by entry, added up over all three axes, and then the bias of the filter, once.""",
    ),
    mistakes=(
        wrong("whole numbers", in_whole_numbers).told("""
            Where x holds whole numbers, so does your result: what is written into an array of whole numbers loses its
            fraction. From where does your array have its dtype?"""),
        wrong("added to whole numbers", added_to_whole_numbers).told("""
            Yours is right for numbers with fractions, and stops where x holds whole ones: an array of whole numbers
            takes no fractions by `+=`. From where does your array have its dtype?"""),
        slip("no bias", bias=lambda z, b: z).told("""
            Yours is right for biases of 0. Where does b enter?"""),
        slip("bias subtracted", bias=lambda z, b: z - b[:, None, None]).told("""
            The bias is taken away; it is to be added."""),
        wrong(
            "bias once for each channel", lambda expected, x, b: expected + (x.shape[1] - 1) * b[:, None, None]
        ).told("""
            Yours has the bias C times, with one channel it is right. A filter has one bias: after which of your sums is
            it added?"""),
        wrong(
            "bias once for each weight", lambda expected, w, b: expected + (w[0].size - 1) * b[:, None, None]
        ).told("""
            Yours has the bias once for each weight of a filter. A filter has one bias: after which sum is it
            added?"""),
        slip("bias twice", bias=lambda z, b: z + 2 * b[:, None, None]).told("""
            Yours has the bias twice. Where is it added, and where again?"""),
        slip("biases added up", bias=lambda z, b: z + b.sum()).told("""
            Every map of yours gets the sum of all biases. Each filter has one of its own."""),
        slip("first bias for all", bias=lambda z, b: z + b[0]).told("""
            Every map of yours gets the first bias. Each filter has one of its own."""),
        slip("bias along the columns", bias=added_along(3)).told("""
            The biases run along the last axis, from column to column, where the sizes let them; else it stops. There is
            one for each filter: which axis of the result counts the filters?"""),
        slip("bias along the rows", bias=added_along(2)).told("""
            The biases run along the rows of the maps, where the sizes let them; else it stops. There is one for each
            filter: which axis of the result counts the filters?"""),
        slip("bias along the samples", bias=added_along(0)).told("""
            The biases run along the samples, where the sizes let them; else it stops. There is one for each filter:
            which axis of the result counts the filters?"""),
        slip("biases of samples", bias=biases_of_samples).told("""
            In yours sample n gets b[n]; where there are more samples than filters it stops. Which index counts the
            filters?"""),
        slip("filters turned", meet=lambda patch, w: products(patch, w[:, :, ::-1, ::-1])).told("""
            Yours is right for filters that are turned by half a turn. In this course entry [k, l] of a filter meets
            entry [k, l] of the window."""),
        slip("channels in the other order", meet=lambda patch, w: products(patch, w[:, ::-1])).told("""
            Yours is right for filters whose channels come in the other order. Channel c of a filter meets channel c of
            the image."""),
        slip(
            "channels added up first",
            meet=lambda patch, w: products(patch.sum(axis=1, keepdims=True), w.sum(axis=1, keepdims=True)),
        ).told("""
            Yours adds up the channels of the window and those of the filter, and multiplies then. Each channel meets
            its own weights; the products are added up."""),
        slip("first channel", meet=lambda patch, w: products(patch[:, :1], w[:, :1])).told("""
            Only the first channel counts in yours. A filter looks at all channels of its window and adds up."""),
        slip("last channel", meet=lambda patch, w: products(patch[:, -1:], w[:, -1:])).told("""
            Only the last channel counts in yours. A filter looks at all channels of its window and adds up; what does
            `=` do in a loop where `+=` is meant?"""),
        slip("first channel of the filters", meet=lambda patch, w: products(patch, w[:, :1])).told("""
            Yours uses the first channel of each filter for all channels of the image. Each channel has weights of its
            own."""),
        wrong("channels kept apart", channels_kept_apart).told("""
            Yours has an axis for the channels. A filter adds up over its channels: one map for each filter."""),
        slip("mean over the channels", meet=lambda patch, w: products(patch, w) / w.shape[1]).told("""
            The sum over the window is divided by the number of channels in yours. Products are added up, and that is
            all."""),
        slip("mean over the window", meet=lambda patch, w: products(patch, w) / w[0].size).told("""
            Yours has the mean of the products in the place of their sum."""),
        slip("first filter for all", meet=lambda patch, w: products(patch, w[:1])).told("""
            All maps of yours come from the first filter. Each filter has weights of its own."""),
        slip("padding below and right", around=sides((0, 2), (0, 2))).told("""
            All your zeros are below and to the right of the image. Half of them belong above and to the left."""),
        slip("padding above and left", around=sides((2, 0), (2, 0))).told("""
            All your zeros are above and to the left of the image. Half of them belong below and to the right."""),
        slip("padding above and left only", around=sides((1, 0), (1, 0)), count=both(one_side, one_side)).told("""
            Your zeros are above and to the left of the image only, or windows are counted as if they were: with padding
            the last ones are missing. The image has four sides."""),
        slip("padding below and right only", around=sides((0, 1), (0, 1)), count=both(one_side, one_side)).told("""
            Your zeros are below and to the right of the image only. It has four sides."""),
        slip("padding of rows only", around=sides((1, 1), (0, 0)), count=both(columns=no_side)).told("""
            Your zeros are above and below the image only. It has four sides."""),
        slip("padding of columns only", around=sides((0, 0), (1, 1)), count=both(rows=no_side)).told("""
            Your zeros are to the left and right of the image only. It has four sides."""),
        *(
            slip(label, around=around).told("""
                Your zeros are around samples and channels as well: `np.pad(x, pad)` takes pad for every axis. It also
                takes a pair for each of the four axes; which of them get zeros?""")
            for label, around in {
                "all axes padded": lambda x, pad: np.pad(x, pad),
                "all axes padded, the first planes looked at": lambda x, pad: np.pad(x, pad)[:, : x.shape[1]],
            }.items()
        ),
        slip("windows without padding", around=lambda x, pad: x).told("""
            Yours is right without padding and stops with it. Out of which array are your windows cut: is it the one
            with the zeros around it?"""),
        slip("no padding", around=lambda x, pad: x, count=both(no_side, no_side)).told("""
            Yours does not depend on pad: windows walk over the image alone, and where it is smaller than the filter
            nothing comes out. What lies around the image?"""),
        wrong(
            "zeros around the result", lambda x, w, b, stride, pad: padded(around_nothing(x, w, b, stride), pad)
        ).told("""
            Your zeros stand around the result. They belong around the images, before the windows walk over them."""),
        slip("ones for zeros", around=lambda x, pad: padded(x - 1, pad) + 1).told("""
            Around the image yours has ones. Here zeros stand there."""),
        slip("edges for zeros", around=of_mode("edge")).told("""
            Around the image yours repeats its outermost pixels. Here zeros stand there."""),
        slip("wrapped around", around=of_mode("wrap")).told("""
            At its borders yours goes on at the other end of the image. Here zeros stand there."""),
        slip("size without padding", count=both(no_side, no_side)).told("""
            Your numbers are right, and with padding there are too few of them: windows are counted in the image without
            its zeros. How large is what they walk over?"""),
        slip("windows that fit in part", count=both(rounded_up, rounded_up)).told("""
            Yours is right where the stride leaves nothing over, and not elsewhere. A window that fits only in part is
            none: what is left over is not looked at."""),
        slip("ends without the stride", end=lambda i, begin, size: i + size).told("""
            Yours is right for a stride of 1, and mostly stops with others. How many windows are there, and where does
            the one end that begins at i · stride?"""),
        slip("rows for columns in the filters", size=lambda w: w.shape[:1:-1]).told("""
            Yours is right for square filters. For others it mixes up their rows and columns: in which order does
            `w.shape` give them?"""),
        *(
            slip(f"square filters only, {axis}", size=lambda w, axis=axis: (w.shape[axis], w.shape[axis])).told("""
            Yours is right for square filters. A filter has a height and a width: which of them does each of your slices
            or loops use?""")
            for axis in (2, 3)
        ),
        slip("size without the last", count=both(without_last, without_last)).told("""
            Your numbers are right, and the last row and column of each map are missing. How many places has a window of
            2 pixels in a row of 3?"""),
        *(
            slip(f"square images only, {axis}", count=both(height=axis, width=axis)).told("""
            Yours is right for square images. An image has a height and a width: which of them does each of your numbers
            of windows come from?""")
            for axis in (2, 3)
        ),
        slip(
            "as many columns as rows", count=lambda x, size, stride, pad: 2 * both()(x, size, stride, pad)[:1]
        ).told("""
            Yours counts as many columns of windows as rows. Image and filter have a width of their own."""),
        slip("height for width", count=both(height=3, width=2)).told("""
            Yours is right for square images. For others it mixes up their rows and columns: in which order does
            `x.shape` give them?"""),
        slip("no stride", count=both(at_every_pixel, at_every_pixel), corner=lambda i, stride, axis: i).told("""
            Yours does not depend on the stride: there is a window at every pixel."""),
        slip("places without the stride", corner=lambda i, stride, axis: i).told("""
            You have the right number of windows, and each begins one pixel after the one before. With a stride it is
            more: where does window i begin?"""),
        slip("places without the stride, downwards", corner=lambda i, stride, axis: i * stride if axis else i).told("""
            Down the image your windows begin one pixel apart, whatever the stride is; to the right they do not."""),
        slip("places without the stride, to the right", corner=lambda i, stride, axis: i if axis else i * stride).told(
            """
            To the right your windows begin one pixel apart, whatever the stride is; down the image they do not."""
        ),
        slip(
            "stride from row to row only",
            count=both(columns=at_every_pixel),
            corner=lambda i, stride, axis: i if axis else i * stride,
        ).told("""
            The stride of yours takes effect from row to row, and not from column to column."""),
        slip(
            "stride from column to column only",
            count=both(rows=at_every_pixel),
            corner=lambda i, stride, axis: i * stride if axis else i,
        ).told("""
            The stride of yours takes effect from column to column, and not from row to row."""),
        wrong(
            "reshaped from channels last", lambda expected: np.reshape(expected.transpose(0, 2, 3, 1), expected.shape)
        ).told("""
            Your numbers are right, and with several filters they stand in wrong places: they come in the order of
            sample, row, column, filter, and `reshape` changes no order. Which axis has to move before it?"""),
        wrong(
            "reshaped from filters first", lambda expected: np.reshape(expected.transpose(1, 0, 2, 3), expected.shape)
        ).told("""
            Your numbers are right, and they stand in wrong places: they come in the order of filter, sample, row,
            column, and `reshape` changes no order. Which axis has to move before it?"""),
        wrong("samples added up", lambda expected: 0 * expected + expected.sum(axis=0)).told("""
            All samples of yours are the same: the sum over them. Each keeps maps of its own."""),
        wrong("channels last", lambda expected: expected.transpose(0, 2, 3, 1)).told("""
            Your numbers are right, and the filters come last: (N, OH, OW, F). Here they come after the samples."""),
        wrong("filters first", lambda expected: expected.transpose(1, 0, 2, 3)).told("""
            Your numbers are right, and the filters come first. Samples come first here, then the filters."""),
        wrong("maps transposed", lambda expected: expected.transpose(0, 1, 3, 2)).told("""
            Your numbers are right, and each map is transposed: rows of a map come before its columns."""),
        wrong("first sample only", lambda expected: expected[0]).told("""
            Only one sample comes back, without the axis of the samples. Expected are all N of them."""),
        wrong("return inside the loop", lambda expected: np.concatenate([expected[:1], 0 * expected[1:]])).told("""
            All samples but the first are 0 in yours. Does your `return` stand inside a loop?"""),
        wrong("negative ones cut off", lambda expected: np.maximum(expected, 0)).told("""
            Yours is 0 where the sum is negative. A ReLU comes after the layer, as a step of its own."""),
    ),
)
