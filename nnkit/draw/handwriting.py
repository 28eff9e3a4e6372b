"""Pictures of a digit on its way from the pen to the network: the steps of its normalisation, and what is read."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from nnkit.data import strokes as pen
from nnkit.draw import style


def normalising(strokes: Sequence[Any]) -> style.Figure:
    """Draw how strokes become an image like MNIST's: strokes, ink and its box, 20 × 20, centred in 28 × 28.

    Parameters
    ----------
    strokes : sequence of (n, 2) array_like
        In sides of the pad, see `nnkit.data.strokes`.

    Returns
    -------
    Figure

    Examples
    --------
    >>> normalising(pen.stored_digit(1))
    Four pictures of a digit. 1: its stroke, on the pad. 2: the ink and its bounding box, ...
    """
    import matplotlib

    lines = [np.asarray(stroke, float) for stroke in strokes]
    ink = pen.rasterise(lines)
    top, bottom, left, right = pen.bounding_box(ink)
    scaled = pen.fit_into(ink)
    image = pen.centre_by_mass(scaled)
    row, column = pen.centre_of_mass(image)
    with matplotlib.rc_context(style.settings()):
        figure = style.figure(8, 2.4)
        panels = figure.subplots(1, 4)
        for line, dashes in zip(lines, itertools.cycle(style.DASHES), strict=False):
            panels[0].plot(*line.T, dashes, color=style.COLOURS["input"])
            panels[0].plot(*line[0], "o", color=style.COLOURS["input"], markersize=5)
        panels[0].set(xlim=(0, 1), ylim=(1, 0), aspect="equal")
        _paper(panels[1], ink)
        _box(panels[1], top, bottom, left, right)
        frame = np.zeros((20, 20), np.float32)
        frame[: len(scaled), : scaled.shape[1]] = scaled
        _paper(panels[2], frame)
        _box(panels[2], 0, scaled.shape[0], 0, scaled.shape[1])
        _paper(panels[3], image)
        panels[3].axhline(row, color=style.COLOURS["gradient"], linestyle=":", linewidth=1.5)
        panels[3].axvline(column, color=style.COLOURS["gradient"], linestyle=":", linewidth=1.5)
        for panel, title in zip(
            panels, ("strokes", f"ink, {len(ink)} × {len(ink)}", "in 20 × 20", "in 28 × 28"), strict=True
        ):
            _bare(panel)
            panel.set_title(title, fontsize=11)
    drawn = "stroke" if len(lines) == 1 else f"{len(lines)} strokes"
    return style.caption(
        figure,
        alt=f"Four pictures of a digit. 1: its {drawn}, on the pad. 2: the ink and its bounding box, "
        f"{bottom - top} × {right - left} of {len(ink)} × {len(ink)} pixels. 3: what was in the box, scaled to "
        f"{scaled.shape[0]} × {scaled.shape[1]}. 4: the same in 28 × 28, its centre of mass in row {row:.1f}, column "
        f"{column:.1f}.",
        caption="Strokes, ink with its bounding box, the box scaled into 20 × 20, and moved so that the centre of mass "
        "(dotted) is in the middle of 28 × 28.",
    )


def reading(ink: Any, image: Any, shares: Any, boxed: bool = True) -> style.Figure:
    """Draw what is on the pad, what the network gets of it, and how probable it finds each digit.

    Parameters
    ----------
    ink : (H, W) array_like
        The pad.
    image : (28, 28) array_like
        What the network gets.
    shares : (10,) array_like
        Its probabilities.
    boxed : bool
        Whether to draw the ink's bounding box.

    Returns
    -------
    Figure

    Examples
    --------
    >>> ink = pen.rasterise(pen.stored_digit(1))
    >>> reading(ink, pen.normalise(ink), np.eye(10)[1])
    A drawing, the image of 28 × 28 pixels that is made of it, and the network's answer: 1, at 100 %.
    Left the pad, in the middle what the network gets, right its ten probabilities.
    """
    import matplotlib

    ink, image, shares = np.asarray(ink, float), np.asarray(image, float), np.asarray(shares, float)
    with matplotlib.rc_context(style.settings()):
        figure = style.figure(7.5, 2.5)
        panels = figure.subplots(1, 3, width_ratios=(1, 1, 1.7))
        _paper(panels[0], ink)
        if boxed:
            _box(panels[0], *pen.bounding_box(ink))
        _paper(panels[1], image)
        for panel, title in zip(panels, ("the pad", "what the network gets"), strict=False):
            _bare(panel)
            panel.set_title(title, fontsize=11)
        bars = panels[2].bar(range(10), shares, color=style.COLOURS["input"])
        best = int(shares.argmax())
        bars[best].set(edgecolor=style.COLOURS["axis"], hatch="///")
        panels[2].set(xticks=range(10), ylim=(0, 1.12), yticks=(0, 0.5, 1), ylabel="probability")
        panels[2].text(best, shares[best] + 0.02, f"{100 * shares[best]:.0f} %", ha="center", fontsize=10)
        panels[2].set_title(f"read as {best}", fontsize=11)
        panels[2].grid(False, axis="x")
    second = int(np.argsort(shares)[-2])
    then = f", then {second}, at {100 * shares[second]:.0f} %" if shares[second] >= 0.005 else ""
    return style.caption(
        figure,
        alt="A drawing, the image of 28 × 28 pixels that is made of it, and the network's answer: "
        f"{best}, at {100 * shares[best]:.0f} %{then}.",
        caption="Left the pad, in the middle what the network gets, right its ten probabilities.",
    )


def _paper(axes: Any, image: Any) -> None:
    """Show ink on white paper, whatever the page's colour."""
    axes.imshow(image, cmap="gray_r", vmin=0, vmax=1)


def _box(axes: Any, top: float, bottom: float, left: float, right: float) -> None:
    """Draw a dashed rectangle around pixels."""
    axes.plot(
        np.array([left, right, right, left, left]) - 0.5,
        np.array([top, top, bottom, bottom, top]) - 0.5,
        "--", color=style.COLOURS["gradient"], linewidth=1.5,
    )  # fmt: skip


def _bare(axes: Any) -> None:
    """Leave a frame, and nothing else."""
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(True)
