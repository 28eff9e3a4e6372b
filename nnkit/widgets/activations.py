"""Activation functions and their slopes: choose one, move x, and see value, tangent and slope.

Values and slopes come from the library's own tensors, by a backward pass; nothing about a function is written down
here a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from nnkit.draw import style
from nnkit.widgets import base
from nnkit.widgets.fields import Choice, Field, Number

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "identity": lambda x: 1.0 * x,
    "sigmoid": lambda x: x.sigmoid(),
    "tanh": lambda x: x.tanh(),
    "arctan": lambda x: x.atan(),
    "ReLU": lambda x: x.relu(),
}
"""The course's five activations, as functions of a Tensor."""

REACH = 6.0


def value_and_slope(name: str, x: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return an activation's values and slopes.

    Parameters
    ----------
    name : str
        One of `FUNCTIONS`.
    x : array_like
        Where.

    Returns
    -------
    tuple of numpy.ndarray
        Both in the shape of `x`.

    Raises
    ------
    ValueError
        If there is no such activation.

    Examples
    --------
    >>> value, slope = value_and_slope("sigmoid", 0.0)
    >>> value.item(), slope.item()
    (0.5, 0.25)
    """
    from nnkit.engine import tensor

    if name not in FUNCTIONS:
        raise ValueError(f"There is no activation called {name!r} here; there are {', '.join(FUNCTIONS)}.")
    inputs = tensor(np.asarray(x, dtype=np.float64), requires_grad=True)
    outputs = FUNCTIONS[name](inputs)
    outputs.sum().backward()
    return outputs.detach().numpy(), np.asarray(inputs.grad)


def overview(x: float, names: Iterable[str] = tuple(FUNCTIONS)) -> style.Figure:
    """Draw several activations side by side, each with its tangent at the same x.

    Parameters
    ----------
    x : float
        Where the tangents touch, from −6 to 6.
    names : iterable of str
        Which of `FUNCTIONS`.

    Returns
    -------
    Figure

    Examples
    --------
    >>> overview(2.0, ["ReLU"])
    Activations with their tangents at x = 2. ReLU: value 2, slope 1.
    """
    import matplotlib

    names, said = tuple(names), []
    with matplotlib.rc_context(style.settings()):
        figure = style.figure(8, 2.4)
        axes = figure.subplots(1, len(names), sharey=True, squeeze=False)
        for ax, name in zip(axes[0], names, strict=True):
            value, slope = _draw(ax, name, x)
            ax.set_title(f"{name}\nslope {style.number(slope)}", fontsize=10)
            ax.set(ylim=(-2.2, 2.8), xticks=[-5, 0, 5])
            said.append(f"{name}: value {style.number(value)}, slope {style.number(slope)}")
        alt = f"Activations with their tangents at x = {style.number(x)}. {'; '.join(said)}."
        return style.caption(figure, alt=alt)


def activations(start: str = "sigmoid", x: float = 1.0) -> None:
    """Show a choice of activations and a point that is dragged along one; below it its slope everywhere.

    The static twin shows all of them side by side, with their tangents at the same x.

    Parameters
    ----------
    start : str
        Which of `FUNCTIONS` is shown first.
    x : float
        Where the slider starts, from −6 to 6; the page shows the nearest twentieth.

    Raises
    ------
    ValueError
        If there is no such activation, or x lies outside.

    Examples
    --------
    >>> from unittest import mock
    >>> with mock.patch.dict("os.environ", NNKIT_STATIC="1"):
    ...     activations("ReLU", -1.0)
    Activations with their tangents at x = −1. identity: value −1, slope 1; sigmoid: value 0.269, slope 0.197; \
tanh: value −0.762, slope 0.42; arctan: value −0.785, slope 0.5; ReLU: value 0, slope 0.
    """
    value_and_slope(start, x)
    if not -REACH <= x <= REACH:
        raise ValueError(f"x lies between −6 and 6; got {style.number(x)}.")
    Activations(name=start, x=x).show()


class Activations(base.Moving):
    """A choice of activations and a point on the curve; its value, tangent and slope.

    Examples
    --------
    >>> Activations(x=2).state
    {'name': 'sigmoid', 'x': 2.0}
    >>> Activations(x=2).sentence
    'sigmoid at x = 2: value 0.881, slope 0.105. A message is multiplied by 0.105 here.'
    """

    front = "activations"
    title = "An activation, its tangent and its slope"
    call = "widgets.activations"

    @property
    def fields(self) -> Sequence[Field]:
        """Which function, and where."""
        return [Choice("name", "activation", "sigmoid", tuple(FUNCTIONS)), Number("x", "x", 1.0, -REACH, REACH, 0.1)]

    def material(self) -> dict[str, Any]:
        """Values and slopes of all functions, at every twentieth."""
        grid = _grid()
        table = {name: value_and_slope(name, grid) for name in FUNCTIONS}
        curves = {name: {"value": value.tolist(), "slope": slope.tolist()} for name, (value, slope) in table.items()}
        return {"x": grid.tolist(), "curves": curves, "call": self.call}

    @property
    def sentence(self) -> str:
        """What is to be seen, with numbers."""
        name, x = self.state["name"], self.state["x"]
        value, slope = (style.number(part.item()) for part in value_and_slope(name, x))
        return (
            f"{name} at x = {style.number(x)}: value {value}, slope {slope}. A message is multiplied by {slope} here."
        )

    def twin(self) -> Any:
        """All of them side by side."""
        return overview(self.state["x"])


def _grid() -> np.ndarray:
    return np.round(np.linspace(-REACH, REACH, 241), 2)


def _draw(ax: Any, name: str, x: float) -> tuple[float, float]:
    """Draw the curve, the tangent and the point of touch; return value and slope there."""
    grid = _grid()
    value, slope = (part.item() for part in value_and_slope(name, x))
    half = 2.0 / np.hypot(1.0, slope)  # the same length at every slope
    ends = np.array([x - half, x + half])
    ax.plot(grid, value_and_slope(name, grid)[0], "-", color=style.COLOURS["input"])
    ax.plot(ends, value + slope * (ends - x), "--", color=style.COLOURS["gradient"])
    ax.plot([x], [value], "o", color=style.COLOURS["input"], markeredgecolor=style.COLOURS["axis"])
    return value, slope
