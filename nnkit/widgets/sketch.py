"""A curve that the reader sketches before seeing it: one slider for each place, then the true curve over the sketch."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

from nnkit.draw import style
from nnkit.widgets import base
from nnkit.widgets.sealing import opened

_LOOKS = (("target", "--"), ("second", "-."), ("gradient", ":"))
"""Colour and dashes of the true curves; the sketch is the solid line with dots."""


def sketch(
    question: str,
    at: Sequence[float],
    limits: tuple[float, float],
    truth: Mapping[str, tuple[Sequence[float], Sequence[float]]] | None = None,
    explanation: str = "",
    *,
    start: float | None = None,
    step: float | None = None,
    xlabel: str = "",
    ylabel: str = "",
    sealed: str | None = None,
) -> None:
    """Ask for the shape of a curve, and show the true one only once the reader has committed to a sketch.

    The static twin shows the question and empty axes, to sketch on paper: a stored notebook never gives the curve away.
    In a released notebook the explanation is sealed, and so is a curve that is written out.

    Parameters
    ----------
    question : str
        What is to be sketched, in plain text.
    at : sequence of float
        The places on the horizontal axis at which there is a slider, in rising order; two at least.
    limits : (low, high)
        What the sliders reach from and to.
    truth : dict from name to (x, y)
        One to three true curves, drawn over the sketch with their names; parts beyond `limits` are cut off. Left out
        where they are sealed.
    explanation : str
        A sentence or two shown with them.
    start : float, optional
        Where all sliders stand at first; the middle of `limits` if left out.
    step : float, optional
        Of the sliders; a hundredth of their reach if left out.
    xlabel, ylabel : str
        The names of the axes.
    sealed : str, optional
        Curves and explanation, or one of them, as `nnkit.widgets.sealing.seal` returns them.

    Raises
    ------
    ValueError
        If the places, limits, start or curves make no sense, or the seal is damaged.

    Examples
    --------
    >>> from unittest import mock
    >>> with mock.patch.dict("os.environ", NNKIT_STATIC="1"):
    ...     sketch("How does x² go?", [0, 1, 2], (0, 4), {"x²": ([0, 1, 2], [0, 1, 4])})
    My sketch: How does x² go?
    Empty axes: horizontally from 0 to 2, vertically from 0 to 4.
    """
    truth, explanation = opened(sealed, truth=truth, explanation=explanation)
    places = [float(place) for place in at]
    low, high = (float(limit) for limit in limits)
    first = (low + high) / 2 if start is None else float(start)
    width = (high - low) / 100 if step is None else float(step)
    if len(places) < 2 or any(right <= left for left, right in itertools.pairwise(places)):
        raise ValueError(f"A sketch has at least two places, in rising order; got {places}.")
    if not low <= first <= high or low == high or not all(map(math.isfinite, (low, high))):
        raise ValueError(f"A sketch needs low < high and a start between them; got {limits!r} and start {first:g}.")
    if not width > 0:
        raise ValueError(f"The step of a sketch is a positive number; got {width:g}.")
    truth = truth or {}
    if not 1 <= len(truth) <= len(_LOOKS):
        raise ValueError(f"A sketch is compared with one to three curves; got {len(truth)}.")
    labels = (xlabel, ylabel)

    def empty() -> base.Twin:
        text = (
            f"Empty axes: horizontally from {style.number(places[0])} to {style.number(places[-1])}, "
            f"vertically from {style.number(low)} to {style.number(high)}."
        )
        picture = _picture(places, None, (low, high), {}, labels, text)
        asked = base.Note(question, "My sketch:")
        return _Asked(asked, picture)

    base.show(empty, live=lambda: _live(question, places, (low, high), first, width, truth, explanation, labels))


class _Asked(base.Twin):
    """The question above empty axes."""

    def __init__(self, asked: base.Note, picture: Any) -> None:
        super().__init__(picture, repr(asked), "")
        self.asked = asked

    @property
    def html(self) -> str:
        return self.asked.html + str(self.picture.html)

    def __repr__(self) -> str:
        return f"{self.text}\n{self.picture!r}"


def _picture(
    places: Sequence[float],
    heights: Sequence[float] | None,
    limits: tuple[float, float],
    truth: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    labels: tuple[str, str],
    alt: str,
) -> style.Figure:
    """Draw the axes, the sketch if there is one, and the true curves if they are to be seen."""
    import matplotlib

    with matplotlib.rc_context(style.settings()):
        figure = style.figure(7, 3.4)
        axes = figure.add_subplot()
        margin = 0.04 * (limits[1] - limits[0])
        for (name, (across, up)), (role, dashes) in zip(truth.items(), _LOOKS, strict=False):
            axes.plot(across, up, dashes, color=style.COLOURS[role], label=name)
        if heights is not None:
            axes.plot(places, heights, "o-", color=style.COLOURS["input"], label="my sketch")
        axes.set(xlabel=labels[0], ylabel=labels[1], xticks=places, ylim=(limits[0] - margin, limits[1] + margin))
        if heights is None:
            axes.set_xlim(places[0], places[-1])
        if truth:
            axes.legend()
        return style.caption(figure, alt=alt)


def _live(
    question: str,
    places: Sequence[float],
    limits: tuple[float, float],
    start: float,
    step: float,
    truth: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    explanation: str,
    labels: tuple[str, str],
) -> Any:
    """Make the widget: the question, a slider and a box for each place, a button, the picture, room for the answer."""
    import ipywidgets

    controls = [
        ipywidgets.FloatSlider(
            value=start,
            min=limits[0],
            max=limits[1],
            step=step,
            description=style.number(place),
            orientation="vertical",
            readout=False,
            layout=ipywidgets.Layout(height="10em", width="5.5em"),
        )
        for place in places
    ]
    # The handle of a slider has no name that a screen reader could say; the box beneath it has one.
    boxes = [
        ipywidgets.BoundedFloatText(
            value=start,
            min=limits[0],
            max=limits[1],
            step=step,
            tooltip=f"Height of the sketch at {style.number(place)}",
            layout=ipywidgets.Layout(width="5em"),
        )
        for place in places
    ]
    for control, box in zip(controls, boxes, strict=True):
        ipywidgets.link((control, "value"), (box, "value"))
    button = ipywidgets.Button(description="Commit", tooltip="Commit to this sketch and see the true curve")
    picture, reply = ipywidgets.HTML(), ipywidgets.HTML()

    def redraw(_: Any = None) -> None:
        heights = [float(control.value) for control in controls]
        seen = truth if button.disabled else {}
        points = ", ".join(
            f"{style.number(height)} at {style.number(place)}" for place, height in zip(places, heights, strict=True)
        )
        said = f"The sketch: {points}." + (f" Over it: {', '.join(seen)}." if seen else "")
        picture.value = _picture(places, heights, limits, seen, labels, said).html

    def commit(_: Any = None) -> None:
        button.disabled = True
        for control in (*controls, *boxes):
            control.disabled = True
        redraw()
        reply.value = base.announced(explanation) if explanation else ""

    for control in controls:
        control.observe(redraw, names="value")
    button.on_click(commit)
    redraw()
    columns = [
        ipywidgets.VBox(pair, layout=ipywidgets.Layout(align_items="center"))
        for pair in zip(controls, boxes, strict=True)
    ]
    row = ipywidgets.Box(columns, layout=ipywidgets.Layout(flex_flow="row wrap"))
    asked = ipywidgets.HTML(base.paragraph(question, "My sketch:"))
    return base.with_visible_focus(ipywidgets.VBox([asked, row, button, picture, reply]))
