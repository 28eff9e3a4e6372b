"""The gradients of a layer of filters: of its images, its filters and its biases."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.convolution.parts.images import images_and_filters
from nnkit.exercises.catalogue.convolution.parts.windows import padded, windows
from nnkit.exercises.catalogue.draws import signed
from nnkit.exercises.catalogue.families import FAR_OUT, by_differences, slips_in, times, usual_steps_in_the_place_of
from nnkit.exercises.catalogue.withheld import CONVOLUTION_BACKWARD, DERIVATIVES
from nnkit.exercises.exercise import Case, exercise, wrong


def messages(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """What the way forward is asked for, with messages to its results; and pixels that are far from 0."""
    found = []
    for case in images_and_filters(rng, hidden):
        x, w, _, *steps = case.arguments.values()
        names = dict(zip(("stride", "pad"), steps, strict=False))
        shape = windows(padded(x, names.get("pad", 0)), w.shape[2], w.shape[3], names.get("stride", 1)).shape
        dout = signed(rng, 0.3, 2.0, (len(x), len(w), *shape[2:4]))
        found.append(Case({"dout": dout, "x": x, "w": w, **names}, case.covers))
    far = signed(rng, 1.0, 2.0, (1, 1, 2, 2)) * FAR_OUT
    dout, w = signed(rng, 0.3, 2.0, (1, 1, 1, 2)), signed(rng, 0.3, 2.0, (1, 1, 2, 1))
    return [*found, Case({"dout": dout, "x": far, "w": w}, "pixels of size 10¹⁵")]


def way_back(
    dout: np.ndarray,
    x: np.ndarray,
    w: np.ndarray,
    stride: int = 1,
    pad: int = 0,
    corner: Callable[[int, int, int], int] = lambda i, stride, axis: i * stride,
    onto: Callable[..., Any] = lambda there, new: there + new,
    filters: Callable[[Any], Any] = lambda w: w,
    image: Callable[[Any, int], Any] = padded,
    cut: Callable[..., Any] = lambda dx, pad, height, width: dx[:, :, pad : pad + height, pad : pad + width],
) -> tuple[Any, Any, Any]:
    """Window by window, and the places where it goes wrong."""
    seen, dx, dw = image(x, pad), np.zeros(padded(x, pad).shape), np.zeros(w.shape)
    for i, j in np.ndindex(dout.shape[2:]):
        top, left = corner(i, stride, 0), corner(j, stride, 1)
        window = ..., slice(top, top + w.shape[2]), slice(left, left + w.shape[3])
        message = dout[:, :, i, j]
        dx[window] = onto(dx[window], np.einsum("nf,fckl->nckl", message, filters(w)))
        dw += np.einsum("nf,nckl->fckl", message, seen[window])
    return cut(dx, pad, *x.shape[2:]), dw, dout.sum(axis=(0, 2, 3))


def written_over_in_dx(dout: np.ndarray, x: np.ndarray, w: np.ndarray, stride: int, pad: int) -> np.ndarray:
    """The dx of loops that also go through the filters: the last filter's message alone is left."""
    return np.asarray(way_back(dout[:, -1:], x, w[-1:], stride, pad, onto=lambda there, new: new)[0])


def last_place_in_dw(dout: np.ndarray, x: np.ndarray, w: np.ndarray, stride: int, pad: int) -> np.ndarray:
    """The dw of the last window alone."""
    last = np.zeros(dout.shape)
    last[:, :, -1, -1] = dout[:, :, -1, -1]
    return np.asarray(way_back(last, x, w, stride, pad)[1])


def without_what_is_left_over(sides: int) -> Callable[..., Any]:
    """dx as far as the windows reach, less the padding of one side or of both."""

    def change(dout: np.ndarray, w: np.ndarray, dx: np.ndarray, stride: int, pad: int) -> Any:
        rows, columns = ((dout.shape[axis] - 1) * stride + w.shape[axis] - sides * pad for axis in (2, 3))
        return dx[:, :, : max(rows, 0), : max(columns, 0)]

    return change


def part(place: int, **changed: Any) -> Callable[..., Any]:
    """One result of a way back with something else in one place."""
    return lambda dout, x, w, stride, pad: way_back(dout, x, w, stride, pad, **changed)[place]


def dw_of(change: Callable[[Any, Any], tuple[Any, Any]]) -> Callable[..., Any]:
    """dw from other messages and images."""

    def answer(dout: np.ndarray, x: np.ndarray, w: np.ndarray, stride: int, pad: int) -> Any:
        return way_back(*change(dout, x), w, stride, pad)[1]

    return answer


def mean_where_windows_overlap(
    dout: np.ndarray, x: np.ndarray, w: np.ndarray, dx: np.ndarray, stride: int, pad: int
) -> np.ndarray:
    """dx divided by how many windows a pixel lies in."""
    windows_at = way_back(np.ones_like(dout[:, :1]), x, np.ones_like(w[:1]), stride, pad)[0]
    return np.asarray(dx / np.maximum(windows_at, 1))


def without_the_last(
    rows: int, columns: int, dout: np.ndarray, x: np.ndarray, w: np.ndarray, stride: int, pad: int
) -> tuple[Any, Any, Any]:
    """What comes of the messages but the last rows or columns of them."""
    return way_back(dout[:, :, : dout.shape[2] - rows, : dout.shape[3] - columns], x, w, stride, pad)


slip = slips_in(way_back)

EXERCISE = exercise(
    "conv2d_backward(dout, x, w, stride=1, pad=0) -> dx, dw, db",
    reference=way_back,
    cases=messages,
    withheld=(*DERIVATIVES, *CONVOLUTION_BACKWARD),
    shape_notes={
        "dx": "A gradient has the shape of what it belongs to: dx that of x, which has no padding.",
        "dw": "A gradient has the shape of what it belongs to: dw that of w, (F, C, KH, KW).",
        "db": "One bias serves a whole map of every sample, so there is one slope for each filter: (F,).",
    },
    hints=(
        """One window and one filter first: the message dout[n, f, i, j] meets a sum of products. What does it send to
        the weights of the filter, what to the pixels of the window, and what to the bias?""",
        """Each weight serves every window, and a pixel may lie in several: what arrives there is added up. Begin with
        zeros in the shape of the padded image for dx, of w for dw and of b for db, and go through all n, f, i, j with
        the windows of the way forward.""",
        """At the end of dx, what arrived at the padding is left out: pad rows above, pad below, and the columns
        alike. Count from the front, H rows from row pad on; from the end there is no way to say “0 rows less”.""",
    ),
    mistakes=(
        slip("places without the stride", corner=lambda i, stride, axis: i).told("""
            With a stride of 2 or more your windows still begin one pixel after the other. The message [i, j] goes back
            to the window that it came from: where does that begin?"""),
        wrong("dx: places without the stride", dx=part(0, corner=lambda i, stride, axis: i)).told("""
            Your dx is right for a stride of 1; for others the messages land in windows that begin one pixel after the
            other. The message [i, j] goes back to the window that it came from."""),
        wrong(
            "dx: places without the stride, downwards",
            dx=part(0, corner=lambda i, stride, axis: i * stride if axis else i),
        ).told("""
            Down the image your messages arrive in dx as if windows began one pixel apart; to the right they do
            not."""),
        wrong(
            "dx: places without the stride, to the right",
            dx=part(0, corner=lambda i, stride, axis: i if axis else i * stride),
        ).told("""
            To the right your messages arrive in dx as if windows began one pixel apart; down the image they do
            not."""),
        wrong("dw: places without the stride", dw=part(1, corner=lambda i, stride, axis: i)).told("""
            Your dw is right for a stride of 1; for others the messages meet windows that begin one pixel after the
            other. The message [i, j] meets the window that it came from."""),
        *(
            wrong(f"last {what} left out", partial(without_the_last, *less)).told(
                """
            The messages of the last {what} of each map do not arrive in yours. Where does your loop end?""",
                what=what,
            )
            for what, less in (("row", (1, 0)), ("column", (0, 1)), ("row and column", (1, 1)))
        ),
        times("all three: sign", -1).told("""
            Yours has the right size and the opposite sign. A gradient says how much the loss rises; which way a step
            goes is for descent to say."""),
        times("all three: mean over the samples", lambda x: 1 / len(x)).told("""
            Too small by a factor of N: you divide by it. Whether the loss is a mean is for the loss to say, and dout
            knows it already; a layer only passes on."""),
        wrong("dx: padding kept", dx=part(0, cut=lambda dx, pad, height, width: dx)).told("""
            Your dx has the shape of the padded image. The zeros around it were put there by the layer; nobody asks for
            their gradient."""),
        wrong(
            "dx: counted from the end", dx=part(0, cut=lambda dx, pad, height, width: dx[:, :, pad:-pad, pad:-pad])
        ).told("""
            With padding your dx is right, and without it is empty: that is what `[pad:-pad]` gives for pad = 0. How
            many rows are there to be kept, counted from the front?"""),
        wrong(
            "dx: cut at the wrong end", dx=part(0, cut=lambda dx, pad, height, width: dx[:, :, :height, :width])
        ).told("""
            Your dx begins with what arrived at the padding, and its last rows and columns are missing. Where does the
            image begin in the padded one?"""),
        *(
            wrong(f"dx: {axes} cut only", dx=part(0, cut=cut)).told("""
            Your dx is without the padding along one of the two axes only. Zeros stood on all four sides of the
            image.""")
            for axes, cut in (
                ("rows", lambda dx, pad, height, width: dx[:, :, pad : pad + height]),
                ("columns", lambda dx, pad, height, width: dx[:, :, :, pad : pad + width]),
            )
        ),
        *(
            wrong(f"dx: what is left over cut off, {sides}", dx=without_what_is_left_over(sides)).told("""
            Your dx is too small where the stride leaves pixels over: its size is worked out from that of dout. Pixels
            behind the last window are pixels of x as well; what does the loss care about them?""")
            for sides in (1, 2)
        ),
        wrong("dx: written over", dx=part(0, onto=lambda there, new: new)).told("""
            Where windows overlap, your dx has what the last one of them says. Messages that meet are added up: does one
            overwrite another?"""),
        wrong("dx: written over by filters, too", dx=written_over_in_dx).told("""
            Your dx has what the last filter says, and where windows overlap what the last window says. Messages that
            meet are added up: does one overwrite another?"""),
        wrong(
            "dx: last filter only", dx=lambda dout, x, w, stride, pad: way_back(dout[:, -1:], x, w[-1:], stride, pad)[0]
        ).told("""
            Your dx has what the last filter says. All filters look at the same pixels, and their messages add up."""),
        wrong(
            "dx: first filter only", dx=lambda dout, x, w, stride, pad: way_back(dout[:, :1], x, w[:1], stride, pad)[0]
        ).told("""
            Your dx has what the first filter says. All filters look at the same pixels, and their messages add up."""),
        wrong("dx: first filter for all", dx=part(0, filters=lambda w: 0 * w + w[:1])).told("""
            In your dx the messages of all filters go back through the weights of the first. Each goes back through the
            filter that it came from."""),
        wrong("dx: last sample only", dx=lambda dx: np.concatenate([0 * dx[:-1], dx[-1:]])).told("""
            All samples of your dx but the last are 0. Where are the zeros made that the messages are added to, and how
            often?"""),
        wrong("dx: sum of the filters", dx=part(0, filters=lambda w: 0 * w + w.sum(axis=0))).told("""
            In your dx each message goes back through the sum of all filters. It goes back through the filter that it
            came from."""),
        times("dx: mean over the samples", lambda x: 1 / len(x), "dx").told("""
            Your dx is divided by N. Whether the loss is a mean is for the loss to say; a layer only passes on."""),
        wrong("dx: padding of two sides kept", dx=part(0, cut=lambda dx, pad, *size: dx[:, :, pad:, pad:])).told("""
            Your dx is without the padding above and to the left, and still has that below and to the right. How many
            rows are there to be kept?"""),
        wrong("dx: x still in it", dx=lambda dx, x: dx + x).told("""
            Your dx has x in it: it is too large by x. To what are the messages added? A sum begins with zeros."""),
        wrong("dx: mean where windows overlap", dx=mean_where_windows_overlap).told("""
            Where windows overlap, your dx is a mean of their messages. Messages that meet are added up."""),
        wrong("dx: mean over the filters", dx=lambda dx, w: dx / len(w)).told("""
            Your dx is divided by the number of filters. Their messages add up."""),
        wrong("dx: filters turned", dx=part(0, filters=lambda w: w[:, :, ::-1, ::-1])).told("""
            Your dx is right for filters that are turned by half a turn. A message goes back to pixel [k, l] of its
            window through the weight that this pixel was multiplied with."""),
        wrong("dx: message without weights", dx=part(0, filters=np.ones_like)).told("""
            The weights do not take part in your dx: each message goes back as it is to all pixels of its window. On
            the way forward each of them was multiplied with something."""),
        wrong(
            "dx: weights without messages",
            dx=lambda dout, x, w, stride, pad: way_back(np.ones_like(dout), x, w, stride, pad)[0],
        ).told("""
            Your dx adds up weights alone; dout does not take part in it."""),
        wrong("dx: channels added up", dx=lambda dx: 0 * dx + dx.sum(axis=1, keepdims=True)).told("""
            Your dx is the same for all channels, the sum over them. Each channel of a window has weights of its own,
            and the message goes back through these."""),
        wrong("a ReLU on the way", dx=lambda dx, x: dx * (x > 0)).told("""
            Your dx is 0 where x is negative. That is the way back through a ReLU; this layer has none, and x may have
            any sign."""),
        by_differences("x", "dx"),
        wrong("dw: filters turned", dw=lambda dw: dw[:, :, ::-1, ::-1]).told("""
            Your dw is right, turned by half a turn within each filter and channel. Weight [k, l] meets pixel [k, l] of
            every window."""),
        wrong("dw: last window only", dw=last_place_in_dw).told("""
            Your dw has what the last window says. A weight serves all windows, and their messages add up; does one
            overwrite another?"""),
        wrong(
            "dw: last window of the last sample",
            dw=lambda dout, x, w, stride, pad: last_place_in_dw(dout[-1:], x[-1:], w, stride, pad),
        ).told("""
            Your dw has what the last window of the last sample says. A weight serves all windows of all samples, and
            their messages add up; does one overwrite another?"""),
        wrong("dw: last sample only", dw=dw_of(lambda dout, x: (dout[-1:], x[-1:]))).told("""
            Your dw has what the last sample says. All samples share the filters, and their messages add up; does one
            overwrite another?"""),
        wrong("dw: first sample only", dw=dw_of(lambda dout, x: (dout[:1], x[:1]))).told("""
            Your dw has what the first sample says. All samples share the filters, and their messages add up."""),
        times("dw: mean over the samples", lambda x: 1 / len(x), "dw").told("""
            Your dw is divided by N. Whether the loss is a mean is for the loss to say; here messages are added up."""),
        times("dw: mean over the windows", lambda dout: 1 / dout[:, 0].size, "dw").told("""
            Your dw is divided by the number of windows, those of all samples. A weight serves all of them, and their
            messages are added up."""),
        times("dw: mean over the windows of a sample", lambda dout: 1 / dout[0, 0].size, "dw").told("""
            Your dw is divided by the number of windows of a sample. A weight serves all of them, and their messages are
            added up."""),
        wrong("dw: all filters together", dw=lambda dw: 0 * dw + dw.sum(axis=0)).told("""
            Your dw is the same for all filters, the sum over them. Each filter hears only of its own map."""),
        wrong("dw: message without pixels", dw=dw_of(lambda dout, x: (dout, np.ones_like(x)))).told("""
            The pixels do not take part in your dw. On the way forward a weight is multiplied with a pixel: what is its
            slope?"""),
        wrong("dw: pixels without messages", dw=dw_of(lambda dout, x: (np.ones_like(dout), x))).told("""
            Your dw adds up pixels alone; dout does not take part in it."""),
        wrong("dw: channels before filters", dw=lambda dw: dw.transpose(1, 0, 2, 3)).told("""
            Your numbers of dw are right, and its first two axes are exchanged: filters come first, then channels."""),
        wrong("dw: rows for columns", dw=lambda dw: dw.transpose(0, 1, 3, 2)).told("""
            Your numbers of dw are right, and each filter is transposed: rows of a filter come before its columns."""),
        wrong(
            "dw: samples kept apart",
            dw=lambda dout, x, w, stride, pad: np.array(
                [way_back(dout[n : n + 1], x[n : n + 1], w, stride, pad)[1] for n in range(len(x))]
            ),
        ).told("""
            Your dw has filters for each sample. All samples share them: what happens to messages that meet?"""),
        slip("dw: windows without padding", image=lambda x, pad: x).told("""
            Yours is right without padding and stops with it. The windows of the way forward were cut out of the padded
            image: out of which array is each of yours?"""),
        *usual_steps_in_the_place_of(dw="w"),
        wrong("db: added up over the samples only", db=lambda dout: dout.sum(axis=0)).told("""
            Your db is a map for each filter: dout is added up over the samples only. A filter has one bias, which
            serves its whole map."""),
        wrong("db: added up over the maps only", db=lambda dout: dout.sum(axis=(2, 3))).told("""
            Your db has a row for each sample: dout is added up over the maps only. All samples share the biases."""),
        *(
            wrong(f"db: {kept} kept", db=lambda dout, over=over: dout.sum(axis=over)).told(
                """
            Your db has a number for each {kept} of every map: over the {kept}s dout is not added up. A filter has one
            bias, which serves its whole map.""",
                kept=kept,
            )
            for kept, over in (("column", (0, 2)), ("row", (0, 3)))
        ),
        wrong("db: one for each sample", db=lambda dout: dout.sum(axis=(1, 2, 3))).told("""
            Your db has one number for each sample. There is one bias for each filter: over which axes is dout to be
            added up?"""),
        wrong("db: one for each column", db=lambda dout: dout.sum(axis=(0, 1, 2))).told("""
            Your db has one number for each column of the maps. There is one bias for each filter: over which axes is
            dout to be added up?"""),
        wrong("db: one number", db=lambda dout: dout.sum()).told("""
            Your db is one number: dout added up over everything. Each filter has a bias of its own."""),
        wrong("db: a column", db=lambda db: db.reshape(-1, 1)).told("""
            Your db has the right numbers and one axis too many: (F, 1) where b is (F,)."""),
        times("db: once for each channel", lambda x: x.shape[1], "db").told("""
            Your db is too large by the number of channels. A window has one message for each filter, however many
            channels it has: inside which loop is it added?"""),
        wrong("db: axes kept", db=lambda dout: dout.sum(axis=(0, 2, 3), keepdims=True)).told("""
            Your db has the right numbers and axes too many. Does your sum keep the axes that it sums over?"""),
        times("db: mean over the samples", lambda x: 1 / len(x), "db").told("""
            Your db is divided by N. Whether the loss is a mean is for the loss to say; here messages are added up."""),
        wrong("db: mean", db=lambda dout: dout.mean(axis=(0, 2, 3))).told("""
            Your db is a mean over samples and maps. Messages that meet are added up."""),
        wrong("db: mean over the maps", db=lambda dout: dout.mean(axis=(2, 3)).sum(axis=0)).told("""
            Your db is divided by the number of windows of a sample. Messages that meet are added up."""),
        wrong("db: ones counted", db=lambda dout: np.ones_like(dout).sum(axis=(0, 2, 3))).told("""
            Your db counts the windows, whatever dout is. The slope of a bias is 1 in each; the message is still to be
            multiplied with that."""),
        wrong("db: last sample only", db=lambda dout: dout[-1].sum(axis=(1, 2))).told("""
            Your db has what the last sample says. All samples share the biases, and their messages add up."""),
        wrong("db: last window", db=lambda dout: dout[-1, :, -1, -1]).told("""
            Your db has what the last window of the last sample says. A bias serves all of them, and their messages add
            up; does one overwrite another?"""),
    ),
)
