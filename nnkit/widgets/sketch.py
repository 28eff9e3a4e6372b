"""A curve that the reader sketches before seeing it: points dragged on the axes, then the true curve over them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nnkit.draw import style
from nnkit.widgets import base
from nnkit.widgets.fields import Field, Numbers, Switch
from nnkit.widgets.sealing import opened

_LOOKS = (("target", "9 4"), ("second", "9 3 2 3"), ("gradient", "2 3"))
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
        The places on the horizontal axis at which there is a point, in rising order; two at least.
    limits : (low, high)
        What the points reach from and to.
    truth : dict from name to (x, y)
        One to three true curves, drawn over the sketch with their names; parts beyond `limits` are cut off. Left out
        where they are sealed.
    explanation : str
        A sentence or two shown with them.
    start : float, optional
        Where all points stand at first; the middle of `limits` if left out.
    step : float, optional
        By which the points move; a hundredth of their reach if left out.
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
    given = (question, at, limits, truth or {}, explanation)
    Sketch(*given, start=start, step=step, labels=(xlabel, ylabel)).show()


class Sketch(base.Moving):
    """Points to be dragged on the axes, and the true curves, which Python keeps until the reader has committed.

    Parameters
    ----------
    question, at, limits, truth, explanation, start, step
        As for `sketch`.
    labels : (str, str)
        The names of the axes.
    """

    front = "sketch"
    title = "A curve to be sketched"
    call = ""

    def __init__(
        self,
        question: str,
        at: Sequence[float],
        limits: tuple[float, float],
        truth: Mapping[str, tuple[Sequence[float], Sequence[float]]],
        explanation: str = "",
        *,
        start: float | None = None,
        step: float | None = None,
        labels: tuple[str, str] = ("", ""),
    ) -> None:
        self._question, self._truth, self._explanation, self._labels = question, truth, explanation, labels
        self._places = [float(place) for place in at]
        self._low, self._high = low, high = (float(limits[0]), float(limits[1]))
        self._start = first = (low + high) / 2 if start is None else float(start)
        self._step = width = (high - low) / 100 if step is None else float(step)
        if len(self._places) < 2 or any(right <= left for left, right in itertools.pairwise(self._places)):
            raise ValueError(f"A sketch has at least two places, in rising order; got {self._places}.")
        if not low <= first <= high or low == high or not all(map(math.isfinite, (low, high))):
            raise ValueError(f"A sketch needs low < high and a start between them; got {limits!r} and start {first:g}.")
        if not width > 0:
            raise ValueError(f"The step of a sketch is a positive number; got {width:g}.")
        if not 1 <= len(truth) <= len(_LOOKS):
            raise ValueError(f"A sketch is compared with one to three curves; got {len(truth)}.")
        super().__init__()

    @property
    def fields(self) -> Sequence[Field]:
        """A height for each place, and whether the reader has committed to them."""
        size = (len(self._places),)
        start = [self._start] * len(self._places)
        return [Numbers("heights", "", start, size, self._low, self._high), Switch("committed", "", False)]

    def material(self) -> dict[str, Any]:
        """The question and the axes; nothing of the truth."""
        return {
            "question": self._question,
            "places": self._places,
            "step": self._step,
            "labels": list(self._labels),
        }

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """Give the true curves to who commits to a sketch: ``{"commit": heights}``."""
        if "commit" not in question:
            raise ValueError("The true curve is shown once the sketch is committed.")
        heights = self.read({"heights": question["commit"]})["heights"]
        curves, said = [], []
        for (name, (across, up)), (role, dashes) in zip(self._truth.items(), _LOOKS, strict=False):
            x, y = (np.asarray(values, dtype=float) for values in (across, up))
            curves.append({"name": name, "role": role, "dashes": dashes, "x": x, "y": y})
            order = np.argsort(x)
            there = [place for place in self._places if x.min() <= place <= x.max()]
            values = zip(np.interp(there, x[order], y[order]), there, strict=True)
            said.append(
                f"{name} has " + ", ".join(f"{style.number(at)} at {style.number(place)}" for at, place in values)
            )
        words = f"{self._explanation} {self.said(heights)} Over it: {'; '.join(self._truth)}. {'; '.join(said)}."
        return {"curves": curves, "words": words.strip()}

    def said(self, heights: Sequence[float]) -> str:
        """Say a sketch in numbers."""
        points = zip(self._places, heights, strict=True)
        return f"The sketch: {', '.join(f'{style.number(height)} at {style.number(at)}' for at, height in points)}."

    def twin(self) -> base.Twin:
        """The question above empty axes, to sketch on paper."""
        places, low, high = self._places, self._low, self._high
        text = (
            f"Empty axes: horizontally from {style.number(places[0])} to {style.number(places[-1])}, "
            f"vertically from {style.number(low)} to {style.number(high)}."
        )
        return _Asked(base.Note(self._question, "My sketch:"), _axes(places, (low, high), self._labels, text))


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


def _axes(places: Sequence[float], limits: tuple[float, float], labels: tuple[str, str], alt: str) -> style.Figure:
    """Draw empty axes."""
    import matplotlib

    with matplotlib.rc_context(style.settings()):
        figure = style.figure(7, 3.4)
        axes = figure.add_subplot()
        margin = 0.04 * (limits[1] - limits[0])
        axes.set(xlabel=labels[0], ylabel=labels[1], xticks=places, ylim=(limits[0] - margin, limits[1] + margin))
        axes.set_xlim(places[0], places[-1])
        return style.caption(figure, alt=alt)
