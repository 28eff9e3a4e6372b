"""The way back through max pooling: each window's message goes to the pixel that won."""

import numpy as np

from nnkit.exercises.catalogue.convolutional_networks.parts.images import images, pooling_case
from nnkit.exercises.catalogue.convolutional_networks.parts.pooling import (
    MAX_POOLING,
    pooled,
    sent_back,
    sizes,
    spread,
    windows_of,
)
from nnkit.exercises.catalogue.convolutional_networks.parts.ties import judge, shared_among_maxima
from nnkit.exercises.catalogue.draws import signed
from nnkit.exercises.catalogue.families import slips_in, times
from nnkit.exercises.catalogue.withheld import DERIVATIVES
from nnkit.exercises.exercise import Case, exercise, wrong

EQUAL = "the same maximum in several windows"


def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Images without ties, and images with them."""

    def with_message(x: np.ndarray, k: int, stride: int, covers: str) -> Case:
        dout = signed(rng, 0.3, 2.0, (*x.shape[:2], *sizes(x, k, stride)))
        return pooling_case(x, k, stride, covers, dout=dout)

    def of(plane: list[list[float]], k: int, stride: int, covers: str) -> Case:
        return with_message(np.array([[plane]], dtype=float), k, stride, covers)

    a, b, c = np.round(rng.choice(np.arange(3, 20), 3, replace=False) * 0.1, 1)
    found = [
        *(with_message(covers=case.covers, **case.arguments) for case in images(rng, hidden)),
        of([[a, a, 0, -b], [-b, a, a, -c], [0, -c, 0.2, -b]], 2, 1, "two or three maxima in a window"),
        of([[0, 0, 0, -a], [0, 0, 0, -b], [0, b, 0, 0], [0, 0.1, 0, -c]], 2, 1, "windows of zeros"),
        of([[0, 0, -a, 0], [0, 0, 0, -b], [c, -c, 0, 0], [a, 0, -a, -b]], 2, 2, "windows of zeros"),
        of([[c, -a, c, 0.1], [-b, 0.2, 0, -0.1], [c, 0, -c, 0], [a / 2, b / 2, 0, c]], 2, 2, EQUAL),
    ]
    return (
        [*found, with_message(rng.choice([0.0, 0.0, a], (2, 2, 4, 5)), 3, 1, "windows of zeros")] if hidden else found
    )


def of_the_same_size(dout: np.ndarray, x: np.ndarray, k: int, stride: int) -> np.ndarray:
    """Each message to every pixel of the image that is as large as the maximum, in the window or not."""
    out = pooled(x, k, stride)
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        dx[n, c] += dout[n, c, i, j] * (x[n, c] == out[n, c, i, j])
    return dx


def counted_in_the_image(dout: np.ndarray, x: np.ndarray, k: int, stride: int) -> np.ndarray:
    """The number of the pixel in its window, taken for its number in the image."""
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        dx[n, c].flat[windows_of(x, k, stride)[n, c, i, j].argmax()] += dout[n, c, i, j]
    return dx


def often(dout: np.ndarray, x: np.ndarray, k: int, stride: int) -> np.ndarray:
    """How many windows each pixel wins; where it wins none, 1."""
    return np.maximum(sent_back(np.ones(dout.shape), x, k, stride), 1)


def best_channel_only(dout: np.ndarray, x: np.ndarray, k: int, stride: int) -> np.ndarray:
    """Each message to those pixels alone that are the largest of all channels."""
    out = pooled(x, k, stride)
    return sent_back(np.where(out == out.max(axis=1, keepdims=True), dout, 0), x, k, stride)


def at_the_place_of_the_best_channel(dout: np.ndarray, x: np.ndarray, k: int, stride: int) -> np.ndarray:
    """Row and column of the largest number of all channels, for each of them."""
    dx = np.zeros(x.shape)
    for n, i, j in np.ndindex(len(dout), *dout.shape[2:]):
        window = x[n, :, i * stride : i * stride + k, j * stride : j * stride + k]
        _, row, column = np.unravel_index(window.argmax(), window.shape)
        dx[n, :, i * stride + row, j * stride + column] += dout[n, :, i, j]
    return dx


def last_alone(expected: np.ndarray, axes: int) -> np.ndarray:
    """The last channel, and with two axes the last image too; 0 elsewhere."""
    kept = np.zeros(expected.shape)
    part = (slice(None), -1) if axes == 1 else (-1, -1)
    kept[part] = expected[part]
    return kept


def without_the_last_windows(dout: np.ndarray, x: np.ndarray, k: int, stride: int) -> np.ndarray:
    """Loops that end one row and one column of windows too early."""
    heard = dout.copy()
    heard[:, :, -1], heard[:, :, :, -1] = 0, 0
    return sent_back(heard, x, k, stride)


def into_the_first_channel(expected: np.ndarray) -> np.ndarray:
    """All channels added up in the first."""
    dx = np.zeros(expected.shape)
    dx[:, 0] = expected.sum(axis=1)
    return dx


def is_maximum(window: np.ndarray) -> np.ndarray:
    """True at each maximum."""
    return window == window.max()


def split(window: np.ndarray) -> np.ndarray:
    """Each maximum's share when all get the same."""
    return is_maximum(window) / is_maximum(window).sum()


def exchanged(window: np.ndarray) -> tuple[int, int]:
    """Row and column of the maximum in each other's place."""
    column, row = divmod(int(window.argmax()), window.shape[1])
    return row, column


slip, spreading = slips_in(sent_back), slips_in(spread)

EXERCISE = exercise(
    "maxpool_backward(dout, x, k, stride)",
    reference=shared_among_maxima,
    cases=cases,
    judge=judge,
    withheld=(*MAX_POOLING, *DERIVATIVES),
    shape_notes={"": "A gradient has its owner's shape: one number for each pixel of x."},
    hints=(
        """Change one pixel of a window a little. When does the output of that window change, and by how much? What
        becomes of a message whose window that pixel has not won, and of a pixel that has won two windows?""",
        """Start with zeros in the shape of x and walk over the windows as on the way forward. `argmax` counts the
        pixels of a window row by row, and `divmod` or `np.unravel_index` makes a row and a column of that, inside the
        window. Where does the window begin, and are messages written or added there?""",
    ),
    mistakes=(
        spreading("each maximum all of it", share=is_maximum).told("""
            Yours is right where each window has one maximum. Where several are equal, each of them gets the whole
            message; a message is there once, so their shares have to make it up together."""),
        spreading("nothing for a tie", share=lambda window: is_maximum(window) * (is_maximum(window).sum() == 1)).told(
            """Yours is right where each window has one maximum. Where several are equal, the message is lost; together
            they get all of it."""
        ),
        spreading("differences", share=lambda window: is_maximum(window) / (1 + (is_maximum(window).sum() > 1))).told(
            """Yours is right where a window has one maximum or two. Where more are equal, each gets half of the
            message, so together they get more than there is; a difference of two outputs behaves like that."""
        ),
        slip("overwritten", add=False).told("""
            Yours is right where no pixel wins more than one window. Where windows overlap and one does, the last
            message alone is there: what becomes of messages that meet?"""),
        spreading("windows overwritten", share=split, add=False).told("""
            Yours is right where windows do not overlap. Where they do, a later window wipes out what an earlier one
            wrote, also with its zeros: what becomes of messages that meet?"""),
        spreading("shared by all", share=lambda window: np.full(window.shape, 1 / window.size)).told("""
            Yours shares each message evenly among all pixels of the window. That is the way back through a mean; which
            pixels does a maximum depend on?"""),
        spreading("all of it to all", share=np.ones_like).told("""
            Yours sends each message whole to all pixels of the window. Which of them does the maximum depend on?"""),
        slip("counted", message=lambda d, window: 1.0).told("""
            Yours counts how many windows a pixel wins. The messages that came back for these windows take no part."""),
        slip("counted once", message=lambda d, window: 1.0, add=False).told("""
            Yours is 1 where a pixel wins a window. The messages that came back for these windows take no part."""),
        slip("times the maximum", message=lambda d, window: d * window.max()).told("""
            Yours is the message times the maximum itself. What is the slope of a maximum with respect to the number
            that won?"""),
        slip("the maximum", message=lambda d, window: window.max()).told("""
            Yours holds the maxima themselves. On the way back messages are passed on; x only says where they go."""),
        slip("the maximum, written once", message=lambda d, window: window.max(), add=False).told("""
            Yours holds x where it won a window. On the way back messages are passed on; x only says where they go."""),
        slip("smallest", pick=lambda window: divmod(int(window.argmin()), window.shape[1])).told("""
            Yours goes to the smallest number of each window. Which one went into the output?"""),
        slip("largest size", pick=lambda window: divmod(int(np.abs(window).argmax()), window.shape[1])).told("""
            Yours goes to the number that is largest without its sign. Which one went into the output?"""),
        slip("first pixel", pick=lambda window: (0, 0)).told("""
            Each message of yours goes to the upper left corner of its window, whatever stands there."""),
        slip("corner forgotten", top=lambda i, k, stride: 0, left=lambda j, k, stride: 0).told("""
            All your messages arrive in the first window. Row and column of a maximum are counted inside its window;
            where does that begin?"""),
        wrong("counted in the image", counted_in_the_image).told("""
            `argmax` of a window counts its k · k pixels; yours takes that number for one in the whole image."""),
        slip("stride ignored", top=lambda i, k, stride: i, left=lambda j, k, stride: j).told("""
            Your messages arrive as if windows stood one pixel apart, whatever the stride."""),
        slip("stride for rows only", left=lambda j, k, stride: j).told("""
            Down the image your messages arrive where their windows stand, across it as if these stood one pixel apart.
            The stride goes both ways."""),
        slip("stride for columns only", top=lambda i, k, stride: i).told("""
            Across the image your messages arrive where their windows stand, down it as if these stood one pixel apart.
            The stride goes both ways."""),
        slip("windows of the stride's size", length=lambda k, stride: stride).told("""
            Yours looks for the maximum among the first stride rows and columns of a window. How large a window is is
            for k to say."""),
        slip("windows k apart", top=lambda i, k, stride: i * k, left=lambda j, k, stride: j * k).told("""
            Your messages arrive as if windows stood k apart. How far they are apart is for the stride to say."""),
        slip("row and column exchanged", pick=exchanged).told("""
            Inside a window your row and column have changed places. `argmax` counts row by row: which part of it is
            the row?"""),
        wrong("wherever it is as large", of_the_same_size).told("""
            Yours is right while all numbers of the image are different. A message also reaches pixels outside its
            window, or several in it, where they are as large as the maximum."""),
        wrong(
            "divided by the windows won", lambda expected, dout, x, k, stride: expected / often(dout, x, k, stride)
        ).told("""
            A pixel that wins several windows gets the mean of their messages in yours. Messages that meet are
            added."""),
        times("opposite sign", -1).told("""
            Yours has the right size and the opposite sign. When the largest number grows, so does the maximum."""),
        times("mean over the images", lambda x: 1 / len(x)).told("""
            Yours is divided by the number of images. Whether the loss is a mean is for the loss to say, and dout knows
            it already."""),
        times("mean over the window", lambda k: 1 / k**2).told("""
            Yours reaches the right pixels, divided by the k · k pixels of a window. Does the maximum depend on the
            others?"""),
        wrong("ReLU on the way", lambda expected, x: expected * (x > 0)).told("""
            Yours is 0 where x is not positive, as on the way back through a ReLU. Here the largest number wins,
            whatever its sign."""),
        wrong("dout not negative", lambda dout, x, k, stride: sent_back(np.maximum(dout, 0), x, k, stride)).told("""
            Negative messages are lost in yours. A message may have any sign."""),
        wrong("dout without signs", lambda dout, x, k, stride: sent_back(np.abs(dout), x, k, stride)).told("""
            Your messages have lost their signs: all are positive. A message may have any sign."""),
        wrong("last windows missing", without_the_last_windows).told("""
            In yours the last row and the last column of windows send nothing. A `range` ends before its second
            number."""),
        wrong("all into the first channel", into_the_first_channel).told("""
            The messages of all your channels arrive in the first. Which index of dx picks the channel?"""),
        wrong("place of the best channel", at_the_place_of_the_best_channel).told("""
            All channels of yours get their messages at the same place, where the largest number of all channels stands.
            Each channel has a maximum of its own."""),
        wrong("last channel of the last image", lambda expected: last_alone(expected, 2)).told("""
            The last channel of your last image alone gets anything; the others are 0. Is the array made anew in each
            round?"""),
        wrong("last channel only", lambda expected: last_alone(expected, 1)).told("""
            Only the last channel of yours gets anything; the others are 0. Is the array made anew in each round?"""),
        wrong("best channel only", best_channel_only).told("""
            Only the channel with the largest number gets a message in yours. Each channel is pooled by itself."""),
        wrong(
            "first image only", lambda expected: expected * (np.arange(len(expected)) == 0)[:, None, None, None]
        ).told("""
            Only the first image of yours gets anything; the others are 0."""),
        wrong(
            "last image only",
            lambda expected: expected * (np.arange(len(expected)) == len(expected) - 1)[:, None, None, None],
        ).told("""
            Only the last image of yours gets anything; the others are 0. Is the array made anew in each round?"""),
        wrong(
            "first channel only", lambda expected: expected * (np.arange(expected.shape[1]) == 0)[:, None, None]
        ).told("""
            Only the first channel of yours gets anything; the others are 0."""),
        wrong("nothing", lambda x: np.zeros(x.shape)).told("""
            Yours is 0 everywhere. Does any message reach the array that is returned?"""),
        wrong("dout itself", lambda dout: dout).told("""
            Yours is dout, a number for each window. A gradient has its owner's shape: which pixel has won?"""),
        wrong("output", lambda x, k, stride: pooled(x, k, stride)).told("""
            Yours is the output of the way forward. On the way back each message finds the pixel that gave it."""),
    ),
)
