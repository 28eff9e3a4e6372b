"""Optimizers on a surface of two parameters: which way each of them goes, and how fast it gets down."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnkit.draw import style
from nnkit.widgets import base


@dataclass(frozen=True)
class Surface:
    """A loss of two parameters, written with operators that numbers, arrays and tensors have.

    Parameters
    ----------
    formula : str
        As the reader sees it.
    loss : callable
        loss(x, y).
    start : (float, float)
        Where every optimizer begins.
    x, y : (low, high)
        What the picture shows.
    minimum : (float, float)
        The lowest point.
    """

    formula: str
    loss: Callable[[Any, Any], Any]
    start: tuple[float, float]
    x: tuple[float, float]
    y: tuple[float, float]
    minimum: tuple[float, float]


SURFACES: dict[str, Surface] = {
    "bowl": Surface("½(x² + y²)", lambda x, y: 0.5 * (x**2 + y**2), (-4.0, 1.5), (-5, 3), (-2.5, 2.5), (0.0, 0.0)),
    "valley": Surface(
        "½(x² + 25 y²)", lambda x, y: 0.5 * (x**2 + 25 * y**2), (-4.0, 1.5), (-5, 3), (-2.5, 2.5), (0.0, 0.0)
    ),
    "bent valley": Surface(
        "(1 − x)² + 10 (y − x²)²",
        lambda x, y: (1 - x) ** 2 + 10 * (y - x**2) ** 2,
        (-1.2, 1.2),
        (-1.8, 1.8),
        (-0.8, 2.2),
        (1.0, 1.0),
    ),
    # The start is a hair's breadth beside the line on which plain descent would end at the saddle.
    "saddle": Surface(
        "10x² − ½y² + ¼y⁴",
        lambda x, y: 10 * x**2 - 0.5 * y**2 + 0.25 * y**4,
        (-1.0, 0.001),
        (-1.3, 1.0),
        (-0.6, 1.6),
        (0.0, 1.0),
    ),
    "two valleys": Surface(
        "¼x⁴ − ½x² + 0.1 x + ½y²",
        lambda x, y: 0.25 * x**4 - 0.5 * x**2 + 0.1 * x + 0.5 * y**2,
        (1.8, 1.0),
        (-2.0, 2.2),
        (-1.3, 1.3),
        (-1.0467, 0.0),
    ),
}
"""The surfaces by name."""

# Each has its own look, whichever of them are shown together: colour, dashes, mark of a step.
LOOKS = {
    "SGD": (style.COLOURS["gradient"], "-", "o"),
    "momentum": (style.COLOURS["second"], "--", "s"),
    "AdaGrad": (style.COLOURS["axis"], "-", "D"),
    "RMSProp": (style.COLOURS["input"], ":", "v"),
    "Adam": (style.COLOURS["target"], "-.", "^"),
}
OPTIMIZERS = tuple(LOOKS)
MOST_STEPS = 500
# A walk that is this far out has left for good; following it further would only overflow.
FAR_OUT = 1e4


def paths(
    surface: str = "valley",
    optimizers: Iterable[str] = ("SGD", "momentum", "Adam"),
    rate: float = 0.05,
    momentum: float = 0.9,
    steps: int = 60,
) -> dict[str, np.ndarray]:
    """Let optimizers of `nnkit.optim` walk on a surface.

    Parameters
    ----------
    surface : str
        One of `SURFACES`.
    optimizers : iterable of str
        Some of `OPTIMIZERS`. RMSProp keeps 0.9 of its average, Adam 0.99 of that of the squares.
    rate : float
        The learning rate, the same for all.
    momentum : float
        μ of momentum and β₁ of Adam; the others have none.
    steps : int
        How many.

    Returns
    -------
    dict from optimizer to (steps + 1, 2) array
        The points; fewer for a walk that leaves for good.

    Raises
    ------
    ValueError
        If a name is not known or a number makes no sense.

    Examples
    --------
    >>> paths("bowl", ["SGD"], rate=0.5, steps=2)["SGD"]
    array([[-4.   ,  1.5  ],
           [-2.   ,  0.75 ],
           [-1.   ,  0.375]])
    """
    from nnkit.engine import tensor

    place, chosen = _checked(surface, optimizers, rate, momentum, steps)
    found = {}
    for name in chosen:
        w = tensor(np.array(place.start, dtype=np.float64), requires_grad=True)
        optimizer = _optimizer(name, w, rate, momentum)
        points = [w.detach().numpy().copy()]
        while len(points) <= steps and np.max(np.abs(points[-1])) < FAR_OUT:
            optimizer.zero_grad()
            place.loss(w[0], w[1]).backward()
            optimizer.step()
            points.append(w.detach().numpy().copy())
        found[name] = np.array(points)
    return found


def _optimizer(name: str, w: Any, rate: float, momentum: float) -> Any:
    from nnkit import optim

    makers: dict[str, Callable[[], Any]] = {
        "SGD": lambda: optim.SGD([w], lr=rate),
        "momentum": lambda: optim.SGD([w], lr=rate, momentum=momentum),
        "AdaGrad": lambda: optim.Adagrad([w], lr=rate),
        "RMSProp": lambda: optim.RMSprop([w], lr=rate, alpha=0.9),
        "Adam": lambda: optim.Adam([w], lr=rate, betas=(momentum, 0.99)),
    }
    return makers[name]()


def _checked(
    surface: str, optimizers: Iterable[str], rate: float, momentum: float, steps: int
) -> tuple[Surface, tuple[str, ...]]:
    if surface not in SURFACES:
        raise ValueError(f"There is no surface {surface!r}; known are {', '.join(SURFACES)}.")
    chosen = (optimizers,) if isinstance(optimizers, str) else tuple(dict.fromkeys(optimizers))
    for name in chosen:
        if name not in OPTIMIZERS:
            raise ValueError(f"There is no optimizer {name!r}; known are {', '.join(OPTIMIZERS)}.")
    if not chosen:
        raise ValueError(f"At least one optimizer is needed, of {', '.join(OPTIMIZERS)}.")
    if not 0 < rate <= 100:
        raise ValueError(f"The rate is a positive number of at most 100; got {rate}.")
    if not 0 <= momentum < 1:
        raise ValueError(f"The momentum is at least 0 and less than 1; got {momentum}.")
    if steps != int(steps) or not 1 <= steps <= MOST_STEPS:
        raise ValueError(f"steps is a whole number from 1 to {MOST_STEPS}; got {steps}.")
    return SURFACES[surface], chosen


def _walks(surface: str, optimizers: Iterable[str], rate: float, momentum: float, steps: int) -> base.Twin:
    """Return the picture of some settings, with what came of them and the call that makes it again beneath."""
    place, chosen = _checked(surface, optimizers, rate, momentum, steps)
    walks = paths(surface, chosen, rate, momentum, steps)
    losses = {name: np.array([place.loss(*point) for point in points]) for name, points in walks.items()}
    ends = [
        f"{name} {style.number(losses[name][-1])}"
        if len(points) > steps
        else f"{name} has left for good in step {len(points) - 1}"
        for name, points in walks.items()
    ]
    outcome = f"Loss after {steps} steps: {', '.join(ends)}."
    settings = f"rate={rate:.3g}, momentum={momentum:.3g}, steps={steps}"
    call = f"widgets.optimizer_paths({surface!r}, {list(chosen)!r}, {settings})"
    lines = f"{html.escape(outcome)}<br>This picture again: <code>{html.escape(call)}</code>"
    return base.Twin(
        _drawn(surface, place, walks, losses),
        f"{outcome}\n{call}",
        f'<p style="margin:0.2em 0;font-size:90%">{lines}</p>',
    )


def _drawn(name: str, place: Surface, walks: dict[str, np.ndarray], losses: dict[str, np.ndarray]) -> style.Figure:
    """Draw the paths on the surface to the left, and to the right how far above the lowest point they are."""
    import matplotlib.pyplot as plt

    from nnkit import draw

    style.use()
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.9), gridspec_kw={"width_ratios": [1.45, 1]})
    draw.loss_surface(place.loss, place.x, place.y, minimum=place.minimum, ax=left)
    lowest = place.loss(*place.minimum)
    for label, points in walks.items():
        colour, dashes, marker = LOOKS[label]
        small = 4.5 if len(points) <= 60 else 3.0
        left.plot(*points.T, color=colour, linestyle=dashes, marker=marker, lw=1.4, ms=small, label=label, zorder=3)
        above = np.maximum(np.minimum(losses[label], 1e6) - lowest, 1e-9)
        right.semilogy(above, color=colour, linestyle=dashes)
    left.plot(*place.start, "o", markersize=10, fillstyle="none", color=style.COLOURS["axis"], mew=1.8, zorder=4)
    left.set(xlim=place.x, ylim=place.y)
    left.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, borderaxespad=0.3, fontsize=10, handlelength=2.8)
    right.set(xlabel="step", ylabel="loss above the lowest", ylim=(1e-6, max(100.0, 1.5 * place.loss(*place.start))))
    right.set_xlim(0, max(len(values) for values in losses.values()) - 1)
    said = ", ".join(walks)
    return style.caption(
        figure,
        alt=f"Left: contour lines of {place.formula} and the paths of {said} from the start at "
        f"({style.number(place.start[0])}, {style.number(place.start[1])}). Right: the loss of each above the lowest "
        "value, over the steps.",
        caption=f"Surface “{name}”: {place.formula}. Left the paths (ring: the start, star: the lowest point), "
        "right the loss above the lowest value.",
    )


def optimizer_paths(
    surface: str = "valley",
    optimizers: Iterable[str] = ("SGD", "momentum", "Adam"),
    rate: float = 0.05,
    momentum: float = 0.9,
    steps: int = 60,
) -> None:
    """Show optimizers walking down a surface, with controls for the surface, the optimizers, rate and momentum.

    Parameters
    ----------
    surface, optimizers, rate, momentum, steps
        What the controls stand at first, as in `paths`.

    Raises
    ------
    ValueError
        If a name is not known or a number makes no sense.

    Examples
    --------
    >>> from unittest import mock
    >>> with mock.patch.dict("os.environ", NNKIT_STATIC="1"):
    ...     optimizer_paths("bowl", ["SGD"], rate=0.5, steps=20)  # doctest: +ELLIPSIS
    Left: contour lines of ½(x² + y²) and the paths of SGD from the start at (−4, 1.5). ...
    Loss after 20 steps: SGD 8.3·10⁻¹².
    widgets.optimizer_paths('bowl', ['SGD'], rate=0.5, momentum=0.9, steps=20)
    """
    _, chosen = _checked(surface, optimizers, rate, momentum, steps)
    start = (surface, chosen, rate, momentum, steps)
    base.show(lambda: _walks(*start), live=lambda: _live(*start))


def _live(surface: str, optimizers: tuple[str, ...], rate: float, momentum: float, steps: int) -> Any:
    """Make the widget: the controls, the picture beneath."""
    import ipywidgets

    wide = ipywidgets.Layout(width="22em")
    place = ipywidgets.Dropdown(options=list(SURFACES), value=surface, description="surface", layout=wide)
    boxes = [
        ipywidgets.Checkbox(
            value=name in optimizers, description=name, indent=False, layout=ipywidgets.Layout(width="7.5em")
        )
        for name in OPTIMIZERS
    ]
    rates = sorted(
        {round(digit * 10.0**power, 6) for power in (-3, -2, -1) for digit in (1, 1.5, 2, 3, 4, 5, 6, 8)} | {1.0, rate}
    )
    speed = ipywidgets.SelectionSlider(
        options=[(style.number(value), value) for value in rates], value=rate, description="rate α", layout=wide
    )
    mu = ipywidgets.FloatSlider(
        value=momentum,
        min=0,
        max=max(0.99, momentum),
        step=0.01,
        description="momentum",
        layout=wide,
        style={"description_width": "6em"},
    )
    length = ipywidgets.IntSlider(value=steps, min=1, max=max(200, steps), description="steps", layout=wide)
    picture = ipywidgets.HTML()

    def redraw(change: Any = None) -> None:
        chosen = [box.description for box in boxes if box.value]
        try:
            picture.value = _walks(place.value, chosen, speed.value, mu.value, length.value).html
        except ValueError as problem:
            picture.value = base.paragraph(str(problem))

    for control in (place, *boxes, speed, mu, length):
        control.observe(redraw, names="value")
    redraw()
    row = ipywidgets.Layout(flex_flow="row wrap")
    return ipywidgets.VBox(
        [ipywidgets.Box([place, speed, mu, length], layout=row), ipywidgets.Box(boxes, layout=row), picture]
    )
