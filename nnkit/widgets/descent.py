"""Descent in your hand: a loss of one or two weights, a start that is dragged, and the walk that follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nnkit.draw import style
from nnkit.widgets import base
from nnkit.widgets.fields import Choice, Field, Number, Numbers, Whole
from nnkit.widgets.surfaces import (
    FAR_OUT,
    LOOKS,
    OPTIMIZERS,
    SURFACES,
    Surface,
    draw_ground,
    on_ground,
    surface_named,
    walk,
)


class Descent(base.Moving):
    """The walk of an optimizer, or of two beside each other, and its loss over the steps.

    The page computes the walks; the static picture has those of `nnkit.optim`.
    """

    front = "descent"
    title = "Descent in your hand: drag the start, turn the rate"
    call = "widgets.descent"

    @property
    def fields(self) -> Sequence[Field]:
        """The surface, who walks and where from, and the numbers of the walk."""
        return [
            Choice("surface", "surface", "valley", list(SURFACES)),
            Choice("optimizer", "optimizer", "SGD", list(OPTIMIZERS)),
            Choice("beside", "beside it", "none", ["none", *OPTIMIZERS]),
            Number("rate", "rate α", 0.05, 0.001, 3.0, 0.02, logarithmic=True),
            Number("momentum", "momentum μ", 0.9, 0.0, 0.99, 0.01),
            Whole("steps", "steps", 40, 1, 300),
            Numbers("start", "", [-4.0, 1.5], (2,), -5.5, 5.5),
        ]

    def read(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return a whole state; a start that is left out is that of the surface."""
        surface = given.get("surface", "valley")
        own = {"start": list(SURFACES[surface].start)} if surface in SURFACES else {}
        return super().read({**own, **given})

    def material(self) -> dict[str, Any]:
        """What the surfaces look like."""
        return {"surfaces": {name: place.described() for name, place in SURFACES.items()}}

    def walks(self) -> dict[str, np.ndarray]:
        """Return the walks that the state asks for, by nnkit.optim.

        Returns
        -------
        dict from optimizer to (n, 2) array
        """
        state = self.state
        names = [name for name in dict.fromkeys((state["optimizer"], state["beside"])) if name != "none"]
        return {
            name: walk(state["surface"], name, state["start"], state["rate"], state["momentum"], state["steps"])
            for name in names
        }

    def said(self) -> str:
        """Say what comes of the walks.

        Returns
        -------
        str
        """
        state, place, walks = self.state, surface_named(self.state["surface"]), self.walks()
        said = " ".join(outcome(name, points, place, state["steps"]) for name, points in walks.items())
        return f"{said} {factors(place, state['rate'])}" if "SGD" in walks and place.curvatures else said

    def twin(self) -> base.Twin:
        """The walks on the surface to the left, to the right how far above the lowest point they are."""
        place, walks, said = surface_named(self.state["surface"]), self.walks(), self.said()
        return base.Twin(drawn(place, walks, said), said, base.paragraph(said))


def outcome(name: str, points: np.ndarray, place: Surface, steps: int) -> str:
    """Say what came of a walk.

    Parameters
    ----------
    name : str
        Who walked.
    points : (n, 2) array
    place : Surface
    steps : int
        How many there were to be.

    Returns
    -------
    str

    Examples
    --------
    >>> outcome("SGD", np.array([[1.0, 0.0], [2e4, 0.0]]), SURFACES["bowl"], 40)
    'SGD leaves for good in step 1.'
    """
    if not np.abs(points[-1]).max() < FAR_OUT:
        return f"{name} leaves for good in step {len(points) - 1}."
    valley = "deep" if place.ridge is not None and points[-1, 0] < place.ridge else "shallow"
    where = "" if place.ridge is None else f", in the {valley} valley"
    many = "step" if steps == 1 else "steps"
    return f"{name}: loss {style.number(place.loss(*points[-1]))} after {steps} {many}{where}."


def factors(place: Surface, rate: float) -> str:
    """Say what a step of plain descent multiplies the way to the lowest point by.

    Parameters
    ----------
    place : Surface
        One that has curvatures.
    rate : float

    Returns
    -------
    str

    Examples
    --------
    >>> factors(SURFACES["parabola"], 0.1)
    'A step of SGD multiplies the way to the lowest point by 1 − 8α = 0.2.'
    """
    many = len(place.curvatures) > 1
    named = [
        f"1 − {'' if curvature == 1 else style.number(curvature)}α = {style.number(1 - curvature * rate)}"
        + (f" along {axis}" if many else "")
        for curvature, axis in zip(place.curvatures, "xy", strict=False)
    ]
    return f"A step of SGD multiplies the way to the lowest point by {', by '.join(named)}."


def drawn(place: Surface, walks: Mapping[str, np.ndarray], said: str) -> style.Figure:
    """Draw walks on a surface and, to the right, how far above the lowest point they are.

    Parameters
    ----------
    place : Surface
    walks : dict from optimizer to (n, 2) array
        All from the same start.
    said : str
        What came of them, for whoever does not see it.

    Returns
    -------
    style.Figure
    """
    style.use()
    figure = style.figure(8, 3.9)
    left, right = figure.subplots(1, 2, gridspec_kw={"width_ratios": [1.45, 1]})
    draw_ground(left, place)
    lowest = place.loss(*place.minimum)
    for name, points in walks.items():
        colour, dashes, marker = LOOKS[name]
        places = on_ground(place, points)
        small = 4.5 if len(points) <= 80 else 3.0
        left.plot(*places.T, color=colour, linestyle=dashes, marker=marker, lw=1.4, ms=small, label=name, zorder=3)
        left.plot(*places[0], "o", markersize=10, fillstyle="none", color=style.COLOURS["ink"], mew=1.8, zorder=4)
        losses = np.array([place.loss(*point) for point in points]) - lowest
        right.semilogy(np.clip(losses, 1e-9, 1e6), color=colour, linestyle=dashes)
    left.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, borderaxespad=0.3, fontsize=10, handlelength=2.8)
    first = next(iter(walks.values()))
    right.set(
        xlabel="step", ylabel="loss above the lowest", ylim=(1e-6, max(100.0, 2 * (place.loss(*first[0]) - lowest)))
    )
    right.set_xlim(0, max(len(points) for points in walks.values()) - 1 or 1)
    start = ", ".join(style.number(part) for part in first[0][: place.weights])
    return style.caption(
        figure,
        alt=f"Left: {place.formula} and the walks of {', '.join(walks)} from the start at {start}. Right: the loss "
        f"of each above the lowest value, over the steps. {said}",
        caption=f"{place.formula}. Left the walks (ring: the start, star: the lowest point), right the loss above the "
        "lowest value.",
    )


def descent(settings: Mapping[str, Any] | None = None, /, **changes: Any) -> None:
    """Show the walk of an optimizer on a surface; the start is dragged, rate and momentum are turned.

    Parameters
    ----------
    settings : mapping, optional
        A state, or a part of one: ``surface``, ``optimizer`` and ``beside`` (who walks, and who besides), ``rate``,
        ``momentum`` (μ, and β₁ of Adam), ``steps``, ``start``.
    **changes : Any
        Single settings; they win.

    Raises
    ------
    ValueError
        If a setting is not known or out of bounds.

    Examples
    --------
    >>> from unittest import mock
    >>> with mock.patch.dict("os.environ", NNKIT_STATIC="1"):
    ...     descent(surface="parabola", rate=0.25, steps=100)  # doctest: +ELLIPSIS
    Left: −2θ + 4θ² and the walks of SGD from the start at 3. ...
    SGD: loss 30 after 100 steps. A step of SGD multiplies the way to the lowest point by 1 − 8α = −1.
    """
    Descent(settings, **changes).show()
