"""Max pooling: from each window of an image the largest number, channel by channel."""

from typing import Any

import numpy as np

from nnkit.exercises.catalogue.convolutional_networks.parts.images import images, pooling_case
from nnkit.exercises.catalogue.convolutional_networks.parts.pooling import MAX_POOLING, pooled, sizes, walked
from nnkit.exercises.catalogue.families import slips_in
from nnkit.exercises.exercise import Case, exercise, wrong


def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Images, and some with numbers that are equal, as a ReLU leaves them."""
    equal = rng.choice([0.0, 0.0, 0.5, 1.0], (1, 2, 4, 4))
    return [*images(rng, hidden), pooling_case(equal, 2, 2, "equal numbers")]


# From which numbers people let a maximum start.
STARTS = (0, -1, -5, -10, -50, -99, -100, -999, -1000, -9999, -99999, *(-(10.0**n) for n in range(4, 13)), -(2.0**31))


def in_blocks(x: np.ndarray, k: int, rest: bool) -> Any:
    """Blocks of k by k pixels by `reshape`, with or without a cut of what is left over."""
    n, c, h, w = x.shape
    x = x[:, :, : h // k * k, : w // k * k] if rest else x
    return x.reshape(n, c, h // k, k, w // k, k).max(axis=(3, 5))


def first_only(expected: np.ndarray) -> np.ndarray:
    """The first window's number, and 0 in all other places."""
    return np.where(np.add.outer(*map(np.arange, expected.shape[2:])) == 0, expected, 0.0)


def columns_by(step: int, x: np.ndarray, k: int, stride: int) -> Any:
    """Windows whose rows follow the stride, and whose columns stand `step` apart."""
    return pooled(x, k, 1)[:, :, ::stride, ::step][..., : sizes(x, k, stride)[1]]


def rows_by(step: int, x: np.ndarray, k: int, stride: int) -> Any:
    """Windows whose columns follow the stride, and whose rows stand `step` apart."""
    return pooled(x, k, 1)[:, :, ::step, ::stride][:, :, : sizes(x, k, stride)[0]]


def filled_up(x: np.ndarray, k: int, stride: int) -> Any:
    """Zeros below and to the right, until nothing is left over."""
    more = [(0, -(side - k) % stride) for side in x.shape[2:]]
    return pooled(np.pad(x, ((0, 0), (0, 0), *more)), k, stride)


def so_far(expected: np.ndarray, axis: int) -> Any:
    """The largest number of this window and all before it, from an axis on."""
    rows = expected.reshape(*expected.shape[:axis], -1)
    return np.maximum.accumulate(rows, axis=-1).reshape(expected.shape)


def last_missing(expected: np.ndarray, x: np.ndarray, k: int, stride: int) -> Any:
    """0 where the window ends at an edge."""
    inside = [np.arange(count) * stride < side - k for count, side in zip(expected.shape[2:], x.shape[2:], strict=True)]
    return expected * np.logical_and.outer(*inside)


def one_index(x: np.ndarray, k: int, stride: int) -> Any:
    """Windows on the diagonal: the row of the window says its column, too."""
    windows = np.stack(
        [x[:, :, i : i + k, i : i + k].max(axis=(2, 3)) for i in range(0, x.shape[2] - k + 1, stride)], 2
    )
    return np.repeat(windows[..., None], sizes(x, k, stride)[1], axis=3)


def spread_window(x: np.ndarray, k: int, stride: int) -> Any:
    """Windows of every stride-th pixel."""
    oh, ow = sizes(x, k, stride)
    found = [
        x[:, :, i * stride :: stride, j * stride :: stride][:, :, :k, :k].max(axis=(2, 3))
        for i, j in np.ndindex(oh, ow)
    ]
    return np.stack(found, axis=2).reshape(*x.shape[:2], oh, ow)


slip = slips_in(walked)

EXERCISE = exercise(
    "maxpool_forward(x, k, stride)",
    reference=pooled,
    cases=cases,
    withheld=MAX_POOLING,
    shape_notes={
        "": "Images and channels stay apart; each side has as many windows as fit whole: (N, C, OH, OW) with "
        "OH = (H − k) // stride + 1, and OW likewise."
    },
    hints=(
        """One channel of one image first. Where does the window begin that gives out[0, 0], and where the one that
        gives out[1, 2]? One of k and stride says how far the windows are apart, the other how large they are.""",
        """Two loops, over output rows i and columns j, are enough: `x[:, :, top : top + k, left : left + k]` is a
        window of all images and channels at once, and `max` over its last two axes leaves (N, C). What are top and
        left?""",
    ),
    mistakes=(
        *(
            wrong(f"starts at {start:g}", lambda expected, start=start: np.maximum(expected, start)).told("""
            Yours is right as long as the largest number of a window is large enough; where it lies lower, one and the
            same number stands in its place, which is not in the window. With what does your search begin?""")
            for start in STARTS
        ),
        slip("mean", value=lambda window: window.mean(axis=(2, 3))).told("""
            Yours is the mean of each window. That is pooling too, of another kind; what is asked for here?"""),
        slip("sum", value=lambda window: window.sum(axis=(2, 3))).told("""
            Yours is the sum of each window."""),
        slip("smallest", value=lambda window: window.min(axis=(2, 3))).told("""
            Yours is the smallest number of each window."""),
        slip("largest size", value=lambda window: np.abs(window).max(axis=(2, 3))).told("""
            Yours is the largest of the numbers without their signs. A number far below 0 is small."""),
        slip("positions", value=lambda window: window.reshape(*window.shape[:2], -1).argmax(axis=2)).told("""
            Yours says where in its window the largest number stands, not which number it is."""),
        slip("first pixel", value=lambda window: window[:, :, 0, 0]).told("""
            Yours is the pixel in the upper left corner of each window. The others of the window take no part."""),
        slip("one row of the window", value=lambda window: window.max(axis=3)[:, :, 0]).told("""
            Yours is the largest number in the first row of each window. It has k rows."""),
        slip("one column of the window", value=lambda window: window.max(axis=2)[:, :, 0]).told("""
            Yours is the largest number in the first column of each window. It has k columns."""),
        slip("over the channels", value=lambda window: window.max(axis=(1, 2, 3))[:, None]).told("""
            All channels of yours are alike: the maximum is taken over them, too. Each channel is pooled by itself."""),
        slip("over the images", value=lambda window: window.max(axis=(0, 2, 3))[None]).told("""
            All images of yours are alike: the maximum is taken over the batch, too. Each image is pooled by
            itself."""),
        slip("over everything", value=np.max).told("""
            All images and channels of yours are alike: the maximum is taken over them, too. Which axes of a window are
            its rows and columns?"""),
        slip("stride ignored", start=lambda i, k, stride: i).told("""
            Your windows begin one pixel after the other, whatever the stride."""),
        wrong("rows stride apart, columns not", lambda x, k, stride: columns_by(1, x, k, stride)).told("""
            Your rows of windows stand as far apart as they should, your columns of windows one pixel. The stride goes
            both ways."""),
        wrong("columns stride apart, rows not", lambda x, k, stride: rows_by(1, x, k, stride)).told("""
            Your columns of windows stand as far apart as they should, your rows of windows one pixel. The stride goes
            both ways."""),
        wrong("every column", lambda x, k, stride: pooled(x, k, 1)[:, :, ::stride]).told("""
            Down the image your windows follow the stride, across it there is one for every pixel. The stride goes both
            ways."""),
        slip("windows k apart", start=lambda i, k, stride: i * k).told("""
            Your windows stand k apart. How far they are apart is for the stride to say."""),
        slip("windows of the stride's size", length=lambda k, stride: stride).told("""
            Your windows have as many rows and columns as the stride is wide. How large they are is for k to say."""),
        slip("k and stride exchanged", start=lambda i, k, stride: i * k, length=lambda k, stride: stride).told("""
            In yours k and stride have changed places: k is the size of a window, stride how far the next one is."""),
        slip("window too large", length=lambda k, stride: k + 1).told("""
            Your windows have k + 1 rows and columns, as far as the image goes. Where does a slice end?"""),
        slip("window too small", length=lambda k, stride: k - 1).told("""
            Your windows have k − 1 rows and columns. A slice ends before its second number."""),
        slip("window too small, of at least one pixel", length=lambda k, stride: max(k - 1, 1)).told("""
            Where k is 2 or more, your windows have k − 1 rows and columns. A slice ends before its second number."""),
        wrong("every place", lambda x, k: pooled(x, k, 1)).told("""
            Yours has a number for every place where a window fits: stride 1, whatever the stride. How many windows fit,
            and where does each begin?"""),
        slip(
            "1 missing in the size", size=lambda x, k, stride: tuple(side - 1 for side in sizes(x, k, stride))
        ).told("""
            Yours has one row and one column too few. The first window needs no step; how many are there after s steps?
        """),
        slip(
            "windows over the edge",
            size=lambda x, k, stride: tuple(max(-(-(side - k) // stride), 0) + 1 for side in x.shape[2:]),
        ).told("""
            Yours has a window more where pixels are left over, one that reaches beyond the edge. Only windows that fit
            whole count here."""),
        wrong("filled up with zeros", filled_up).told("""
            Yours has a window more where pixels are left over, one that is not whole. Only windows that fit whole count
            here."""),
        slip(
            "size rounded", size=lambda x, k, stride: tuple(round((side - k) / stride) + 1 for side in x.shape[2:])
        ).told("""
            Your number of windows is rounded to the nearest, so that now and then one reaches beyond the edge. Only
            windows that fit whole count here."""),
        slip(
            "1 in the bracket", size=lambda x, k, stride: tuple((side - k + 1) // stride for side in x.shape[2:])
        ).told("""
            Yours has (H − k + 1) // stride rows. The first window needs no step, whatever the stride: where does the 1
            belong?"""),
        slip("H // stride", size=lambda x, k, stride: tuple(side // stride for side in x.shape[2:])).told("""
            Yours has H // stride rows and W // stride columns. A window has to fit as a whole, so its size counts as
            well: the last may begin no later than H − k."""),
        slip("H // k", size=lambda x, k, stride: tuple(side // k for side in x.shape[2:])).told("""
            Yours has H // k rows and W // k columns, or stops on the way there. That is how many fit side by side; the
            stride may be another."""),
        slip("OH for both", size=lambda x, k, stride: (sizes(x, k, stride)[0],) * 2).told("""
            Yours has as many columns as rows. Not every image is square."""),
        slip("OW for both", size=lambda x, k, stride: (sizes(x, k, stride)[1],) * 2).told("""
            Yours has as many rows as columns. Not every image is square."""),
        slip("OH and OW exchanged", size=lambda x, k, stride: sizes(x, k, stride)[::-1]).told("""
            Yours has as many rows as there should be columns. H comes before W in x.shape."""),
        wrong("transposed", lambda expected: expected.swapaxes(2, 3)).told("""
            Your output is mirrored: what belongs at [i, j] stands at [j, i]."""),
        slip("transposed in place", put=lambda i, j: (j, i)).told("""
            What belongs at [i, j] stands at [j, i] in yours; where the output is not square, that has no place."""),
        wrong("one loop index", one_index).told("""
            Row and column of a window begin at the same place in yours. They are counted by two indices."""),
        wrong("blocks", lambda x, k: in_blocks(x, k, False)).told("""
            `reshape` cuts an image into blocks side by side. It fits where the stride is k and nothing is left
            over."""),
        wrong("blocks, the rest cut off", lambda x, k: in_blocks(x, k, True)).told("""
            Yours puts blocks of k pixels side by side. Where does the stride take effect?"""),
        wrong("spread window", spread_window).told("""
            Your windows take every stride-th pixel. A window is k pixels side by side; the stride says where the next
            one begins."""),
        wrong("a single number", lambda x: x.max(axis=(2, 3), keepdims=True)).told("""
            Yours is the largest number of the whole image. Each window has its own."""),
        wrong("largest so far", lambda expected: so_far(expected, 2)).told("""
            From window to window of a channel yours never falls: what was found in one is kept for the next. Where does
            your search begin anew?"""),
        wrong("largest so far, beyond the channel", lambda expected: so_far(expected, 0)).told("""
            From window to window yours never falls: what was found in one is kept for the next, also in another channel
            or image. Where does your search begin anew?"""),
        wrong("last windows missing", last_missing).told("""
            Yours is 0 for windows that end at the last row or the last column. `range` ends before its second number:
            where may the last window begin?"""),
        wrong("first window only", first_only).told("""
            Only the first number of yours is there, the others are 0. Does a `return` stand inside the loops?"""),
        wrong(
            "first channel only", lambda expected: expected * (np.arange(expected.shape[1]) == 0)[:, None, None]
        ).told("""Only the first channel of yours is there, the others are 0."""),
        wrong(
            "first image only", lambda expected: expected * (np.arange(len(expected)) == 0)[:, None, None, None]
        ).told("""
            Only the first image of yours is there, the others are 0."""),
        wrong("channel 0 for all", lambda expected: np.repeat(expected[:, :1], expected.shape[1], axis=1)).told("""
            All channels of yours are alike, and as the first should be. Which index picks the channel?"""),
        wrong("image 0 for all", lambda expected: np.repeat(expected[:1], len(expected), axis=0)).told("""
            All images of yours are alike, and as the first should be. Which index picks the image?"""),
    ),
)
