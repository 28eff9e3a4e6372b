"""The map of rate and momentum on a parabola: where a walk creeps, rings, jumps from side to side, or explodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nnkit.draw import style
from nnkit.widgets import base
from nnkit.widgets.fields import Field, Number, Switch
from nnkit.widgets.surfaces import FAR_OUT, LOOKS

STEPS = 40


def kind_of(rate: float, momentum: float, curvature: float) -> tuple[str, float]:
    """Say how descent with momentum walks on ½λx², and what a step keeps of the way in the long run.

    Two steps in a row obey x₊ = (1 + μ − αλ) x − μ x₋. The factors by which such a walk grows or shrinks are the roots
    of r² − (1 + μ − αλ) r + μ = 0, the eigenvalues of the update.

    Parameters
    ----------
    rate, momentum, curvature : float
        α, μ and λ.

    Returns
    -------
    kind : str
        "creeping" (real and positive), "ringing" (complex), "jumping" (real and negative), "exploding" (above 1).
    size : float
        The size of the larger root.

    Examples
    --------
    >>> kind_of(0.02, 0.0, 25)
    ('creeping', 0.5)
    >>> kind_of(0.05, 0.49, 25)
    ('ringing', 0.7)
    >>> kind_of(0.1, 0.0, 25)
    ('exploding', 1.5)
    """
    middle = (1 + momentum - rate * curvature) / 2
    under = middle**2 - momentum
    if under < 0:
        return "ringing", float(np.sqrt(momentum))
    factor = middle - np.sqrt(under) if middle < 0 else middle + np.sqrt(under)
    size = float(abs(factor))
    if size > 1:
        return "exploding", size
    return "jumping" if factor < 0 else "creeping", size


def borders(momentum: float, curvature: float) -> tuple[float, float, float]:
    """Return the rates at which ringing, jumping and exploding begin.

    Parameters
    ----------
    momentum, curvature : float

    Returns
    -------
    (float, float, float)
        (1 − √μ)²/λ, (1 + √μ)²/λ and 2(1 + μ)/λ.

    Examples
    --------
    >>> borders(0.25, 1.0)
    (0.25, 2.25, 2.5)
    """
    root = float(np.sqrt(momentum))
    return (1 - root) ** 2 / curvature, (1 + root) ** 2 / curvature, 2 * (1 + momentum) / curvature


class MomentumMap(base.Moving):
    """The map with its regions, the point where one stands, and the walk that it makes."""

    front = "momentum_map"
    title = "The map of rate and momentum"
    call = "widgets.momentum_map"

    @property
    def fields(self) -> Sequence[Field]:
        """Rate and momentum, which the point stands for, the curvature, and whether a flat axis is there too."""
        return [
            Number("rate", "rate α", 0.06, 0.0005, 5.0, 0.02, logarithmic=True),
            Number("momentum", "momentum μ", 0.0, 0.0, 0.99, 0.01),
            Number("curvature", "curvature λ", 25.0, 1.0, 100.0, 0.05, logarithmic=True),
            Switch("flat", "and a flat axis, curvature 1", False),
        ]

    def walk(self, curvature: float) -> np.ndarray:
        """Return the walk of the state's point by `nnkit.optim.SGD`, from 1.

        Parameters
        ----------
        curvature : float

        Returns
        -------
        (41,) array
            Shorter if the walk leaves for good.
        """
        from nnkit import optim
        from nnkit.engine import tensor

        x = tensor(np.array([1.0]), requires_grad=True)
        optimizer = optim.SGD([x], lr=self.state["rate"], momentum=self.state["momentum"])
        points = [1.0]
        while len(points) <= STEPS and abs(points[-1]) < FAR_OUT:
            optimizer.zero_grad()
            (curvature * x * x / 2).sum().backward()
            optimizer.step()
            points.append(float(x.item()))
        return np.array(points)

    def twin(self) -> base.Twin:
        """The map to the left, the walk to the right."""
        rate, momentum, curvature = (self.state[name] for name in ("rate", "momentum", "curvature"))
        shown = {"steep axis": curvature, "flat axis": 1.0} if self.state["flat"] else {"": curvature}
        style.use()
        figure = style.figure(8, 3.9)
        left, right = figure.subplots(1, 2, gridspec_kw={"width_ratios": [1.3, 1]})
        mu = np.linspace(0, 1, 101) ** 2
        edges = [
            np.zeros_like(mu),
            *np.transpose([borders(one, curvature) for one in mu]),
            np.full_like(mu, 4.6 / curvature),
        ]
        for low, high, role in zip(edges, edges[1:], ("input", "target", "second", "gradient"), strict=False):
            left.fill_betweenx(mu, low, np.maximum(low, high), color=style.COLOURS[role], alpha=0.2, lw=0)
        for edge, dash in zip(edges[1:4], ("-", "--", ":"), strict=True):
            left.plot(edge, mu, dash, color=style.COLOURS["ink"], lw=1.3)
        name_regions(left, curvature)
        if self.state["flat"]:
            for edge in np.transpose([borders(one, 1.0) for one in mu]):
                left.plot(edge, mu, "--", color=style.COLOURS["second"], lw=2)
        left.plot(
            min(rate, 4.6 / curvature),
            momentum,
            "o",
            ms=11,
            mfc="white",
            mec=style.COLOURS["ink"],
            mew=2,
            clip_on=False,
        )
        left.set(xlim=(0, 4.6 / curvature), ylim=(0, 1), xlabel="rate α", ylabel="momentum μ")
        said = []
        for (name, one), (colour, dash, mark) in zip(shown.items(), (LOOKS["SGD"], LOOKS["momentum"]), strict=False):
            points = self.walk(one)
            right.plot(points, dash, marker=mark, ms=4, lw=1.4, color=colour, label=name)
            kind, size = kind_of(rate, momentum, one)
            where = f"On the {name}" if name else "On the parabola"
            said.append(f"{where}: {kind}; in the long run a step keeps {style.number(size)} of the way.")
        if self.state["flat"]:
            right.legend(loc="upper right")
        right.set(xlim=(0, STEPS), ylim=(-1.6, 1.6), xlabel="step", ylabel="way to the lowest point")
        words = " ".join(said)
        picture = style.caption(
            figure,
            alt=f"Left: a map of rate and momentum for curvature {style.number(curvature)}. From small rates to large: "
            "creeping, ringing in a tongue that widens with the momentum, a narrow strip of jumping, exploding. A "
            f"point at rate {style.number(rate)}, momentum {style.number(momentum)}. Right: its walk. {words}",
            caption="How a walk behaves for every rate and momentum (left), and the walk of the point (right).",
        )
        return base.Twin(picture, words, base.paragraph(words))


def name_regions(ax: Any, curvature: float) -> None:
    """Write the names of the regions into a map; the two that are narrower than their names get a line to a dot.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The rate goes across, the momentum up.
    curvature : float
        λ, which says how wide the map is.
    """
    for kind, x, y in (("ringing", 1.45, 0.7), ("exploding", 3.6, 0.3)):
        ax.text(x / curvature, y, kind, ha="center", va="center")
    line = {"arrowstyle": "-", "lw": 1.2, "color": style.COLOURS["ink"], "shrinkA": 0, "shrinkB": 0, "relpos": (0, 0.5)}
    for kind, name, inside in (("creeping", (0.75, 0.16), (0.3, 0.08)), ("jumping", (2.7, 0.06), (1.9, 0.1))):
        ax.plot(inside[0] / curvature, inside[1], "o", ms=4, color=style.COLOURS["ink"])
        ax.annotate(
            kind, (inside[0] / curvature, inside[1]), (name[0] / curvature, name[1]), va="center", arrowprops=line
        )


def momentum_map(settings: Mapping[str, Any] | None = None, /, **changes: Any) -> None:
    """Show the map of rate and momentum on a parabola, with a point that is dragged and the walk that it makes.

    Parameters
    ----------
    settings : mapping, optional
        A state, or a part of one: ``rate``, ``momentum``, ``curvature``, ``flat`` (whether an axis of curvature 1 is
        there too).
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
    ...     momentum_map(rate=0.06, momentum=0.49)  # doctest: +ELLIPSIS
    Left: a map of rate and momentum for curvature 25. ...
    On the parabola: ringing; in the long run a step keeps 0.7 of the way.
    """
    MomentumMap(settings, **changes).show()
