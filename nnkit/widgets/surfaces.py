"""Losses of one or two weights to walk on, and the walks that the optimizers of nnkit take down them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnkit.draw import style


@dataclass(frozen=True)
class Surface:
    """A loss, written with operators that numbers, arrays and tensors have.

    Parameters
    ----------
    formula : str
        As the reader sees it.
    loss : callable
        loss(x, y); of a single weight x it leaves y out.
    slope : callable
        slope(x, y) → the two entries of the gradient.
    start : (float, float)
        Where a walk begins if nobody says otherwise.
    x, y : (low, high)
        What the picture shows; of a single weight y is the loss.
    minimum : (float, float)
        The lowest point.
    levels : sequence of float
        The losses whose lines a map shows.
    curvatures : sequence of float
        Those of the axes of a parabola or a bowl, whose curvature is the same everywhere.
    ridge : float, optional
        Where there is a shallow valley: the x at which it begins.
    """

    formula: str
    loss: Callable[[Any, Any], Any]
    slope: Callable[[float, float], tuple[float, float]]
    start: tuple[float, float]
    x: tuple[float, float]
    y: tuple[float, float]
    minimum: tuple[float, float]
    levels: Sequence[float] = ()
    curvatures: Sequence[float] = ()
    ridge: float | None = None

    @property
    def weights(self) -> int:
        """How many weights it has: a map has two, a curve one."""
        return 2 if self.levels else 1

    def described(self) -> dict[str, Any]:
        """Return all but the loss, as the page gets it."""
        return {
            "formula": self.formula,
            "start": list(self.start),
            "x": list(self.x),
            "y": list(self.y),
            "minimum": list(self.minimum),
            "levels": list(self.levels),
            "curvatures": list(self.curvatures),
            "ridge": self.ridge,
            "weights": self.weights,
        }


SURFACES: dict[str, Surface] = {
    "parabola": Surface(
        "−2θ + 4θ²",
        lambda x, y: -2 * x + 4 * x**2,
        lambda x, y: (-2 + 8 * x, 0.0),
        (3.0, 0.0),
        (-5, 5.5),
        (-6, 110),
        (0.25, 0.0),
        curvatures=(8,),
    ),
    "hilltop": Surface(
        "¼θ⁴ − θ² + ½θ",
        lambda x, y: x**4 / 4 - x**2 + x / 2,
        lambda x, y: (x**3 - 2 * x + 0.5, 0.0),
        (1.5, 0.0),
        (-2.25, 2.1),
        (-2.2, 1.7),
        (-1.5257, 0.0),
        ridge=0.2586,
    ),
    "bowl": Surface(
        "½(x² + y²)",
        lambda x, y: 0.5 * (x**2 + y**2),
        lambda x, y: (x, y),
        (-4.0, 1.5),
        (-5, 3),
        (-2.5, 2.5),
        (0.0, 0.0),
        levels=(0.1, 0.5, 1, 2, 3, 4, 6, 8, 10, 12, 14),
        curvatures=(1, 1),
    ),
    "valley": Surface(
        "½(x² + 25 y²)",
        lambda x, y: 0.5 * (x**2 + 25 * y**2),
        lambda x, y: (x, 25 * y),
        (-4.0, 1.5),
        (-5, 3),
        (-2.5, 2.5),
        (0.0, 0.0),
        levels=(0.2, 1, 3, 6, 10, 20, 30, 40, 50, 60, 70, 80),
        curvatures=(1, 25),
    ),
    "bent valley": Surface(
        "(1 − x)² + 10 (y − x²)²",
        lambda x, y: (1 - x) ** 2 + 10 * (y - x**2) ** 2,
        lambda x, y: (-2 * (1 - x) - 40 * x * (y - x**2), 20 * (y - x**2)),
        (-1.2, 1.2),
        (-1.8, 1.8),
        (-0.8, 2.2),
        (1.0, 1.0),
        levels=(0.1, 0.5, 1, 2, 5, 10, 20, 50, 100),
    ),
    # The start is a hair's breadth beside the line on which plain descent would end at the saddle.
    "saddle": Surface(
        "10x² − ½y² + ¼y⁴",
        lambda x, y: 10 * x**2 - 0.5 * y**2 + 0.25 * y**4,
        lambda x, y: (20 * x, -y + y**3),
        (-1.0, 0.001),
        (-1.3, 1.0),
        (-0.6, 1.6),
        (0.0, 1.0),
        levels=(-0.2, -0.1, 0, 0.2, 0.5, 1, 2, 4, 6, 8, 10, 13),
    ),
    "two valleys": Surface(
        "¼x⁴ − ½x² + 0.1 x + ½y²",
        lambda x, y: 0.25 * x**4 - 0.5 * x**2 + 0.1 * x + 0.5 * y**2,
        lambda x, y: (x**3 - x + 0.1, y),
        (1.8, 1.0),
        (-2.0, 2.2),
        (-1.3, 1.3),
        (-1.0467, 0.0),
        levels=(-0.3, -0.2, -0.1, 0, 0.1, 0.3, 0.6, 1, 1.5, 2, 3, 4),
        ridge=0.101,
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
# A walk that is this far out has left for good; following it further would only overflow.
FAR_OUT = 1e4


def walk(
    surface: str,
    optimizer: str,
    start: Sequence[float] | None = None,
    rate: float = 0.05,
    momentum: float = 0.9,
    steps: int = 60,
) -> np.ndarray:
    """Let an optimizer of `nnkit.optim` walk on a surface.

    Parameters
    ----------
    surface : str
        One of `SURFACES`.
    optimizer : str
        One of `OPTIMIZERS`. RMSProp keeps 0.9 of its average, Adam 0.99 of that of the squares.
    start : (float, float), optional
        That of the surface if left out.
    rate : float
        The learning rate.
    momentum : float
        μ of momentum and β₁ of Adam; the others have none.
    steps : int
        How many.

    Returns
    -------
    (steps + 1, 2) array
        The points, the start among them; fewer for a walk that leaves for good.

    Raises
    ------
    ValueError
        If a name is not known.

    Examples
    --------
    >>> walk("bowl", "SGD", rate=0.5, steps=2)
    array([[-4.   ,  1.5  ],
           [-2.   ,  0.75 ],
           [-1.   ,  0.375]])
    """
    from nnkit.engine import tensor

    place = surface_named(surface)
    w = tensor(np.array(place.start if start is None else start, dtype=np.float64), requires_grad=True)
    made = optimizer_named(optimizer, w, rate, momentum)
    points = [w.detach().numpy().copy()]
    while len(points) <= steps and np.max(np.abs(points[-1])) < FAR_OUT:
        made.zero_grad()
        place.loss(w[0], w[1]).backward()
        made.step()
        points.append(w.detach().numpy().copy())
    return np.array(points)


def surface_named(name: str) -> Surface:
    """Return a surface, or say in a sentence that there is none of this name.

    Parameters
    ----------
    name : str

    Returns
    -------
    Surface

    Raises
    ------
    ValueError
        If it is not known.

    Examples
    --------
    >>> surface_named("bowl").formula
    '½(x² + y²)'
    """
    if name not in SURFACES:
        raise ValueError(f"There is no surface {name!r}; known are {', '.join(SURFACES)}.")
    return SURFACES[name]


def optimizer_named(name: str, w: Any, rate: float, momentum: float) -> Any:
    """Return an optimizer of nnkit.optim for a weight, with the settings that these pictures have.

    Parameters
    ----------
    name : str
        One of `OPTIMIZERS`.
    w : Tensor
    rate, momentum : float

    Returns
    -------
    Optimizer

    Raises
    ------
    ValueError
        If the name is not known.
    """
    from nnkit import optim

    makers: dict[str, Callable[[], Any]] = {
        "SGD": lambda: optim.SGD([w], lr=rate),
        "momentum": lambda: optim.SGD([w], lr=rate, momentum=momentum),
        "AdaGrad": lambda: optim.Adagrad([w], lr=rate),
        "RMSProp": lambda: optim.RMSprop([w], lr=rate, alpha=0.9),
        "Adam": lambda: optim.Adam([w], lr=rate, betas=(momentum, 0.99)),
    }
    if name not in makers:
        raise ValueError(f"There is no optimizer {name!r}; known are {', '.join(OPTIMIZERS)}.")
    return makers[name]()


def draw_ground(axes: Any, place: Surface) -> None:
    """Draw a surface in matplotlib: a map of two weights, or the curve of one.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    place : Surface
    """
    if place.weights == 2:
        from nnkit import draw

        draw.loss_surface(place.loss, place.x, place.y, minimum=place.minimum, levels=place.levels, ax=axes)
    else:
        grid = np.linspace(*place.x, 241)
        axes.plot(grid, place.loss(grid, 0.0), "-", color=style.COLOURS["axis"], lw=1.4)
        axes.plot(
            place.minimum[0],
            place.loss(*place.minimum),
            "*",
            ms=14,
            color=style.COLOURS["target"],
            mec="white",
            zorder=4,
        )
        axes.set(xlabel="θ", ylabel="loss")
    axes.set(xlim=place.x, ylim=place.y)


def on_ground(place: Surface, points: np.ndarray) -> np.ndarray:
    """Return where the points of a walk stand in the picture of a surface.

    Parameters
    ----------
    place : Surface
    points : (n, 2) array

    Returns
    -------
    (n, 2) array

    Examples
    --------
    >>> on_ground(SURFACES["parabola"], np.array([[3.0, 0.0]]))
    array([[ 3., 30.]])
    """
    if place.weights == 2:
        return points
    return np.column_stack([points[:, 0], [place.loss(*point) for point in points]])
