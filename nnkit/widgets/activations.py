"""Activation functions and their slopes: choose one, move x, and see value, tangent and slope.

Values and slopes come from the library's own tensors, by a backward pass; nothing about a function is written down
here a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from nnkit.draw import style
from nnkit.widgets.drawn import Drawn
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


def activation_picture(name: str, x: float) -> style.Figure:
    """Draw one activation with its tangent at x, and beneath it its slope everywhere.

    Parameters
    ----------
    name : str
        One of `FUNCTIONS`.
    x : float
        Where the tangent touches, from −6 to 6.

    Returns
    -------
    Figure

    Examples
    --------
    >>> activation_picture("tanh", 0.0)
    The activation tanh and its slope, from −6 to 6. At x = 0 the value is 0 and the slope 1.
    """
    import matplotlib

    with matplotlib.rc_context(style.settings()):
        figure = style.figure(7, 4.6)
        axes = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": [3, 2]})
        value, slope = _draw(axes[0], name, x)
        axes[0].set(title=f"{name}:  value {style.number(value)},  slope {style.number(slope)}", ylim=(-2.2, 2.8))
        axes[0].set_ylabel("value")
        grid = _grid()
        axes[1].plot(grid, value_and_slope(name, grid)[1], "-", color=style.COLOURS["gradient"])
        axes[1].plot([x], [slope], "o", color=style.COLOURS["gradient"], markeredgecolor=style.COLOURS["axis"])
        axes[1].set(xlabel="x", ylabel="slope", ylim=(-0.08, 1.15), yticks=[0, 0.25, 0.5, 1])
        return style.caption(figure, alt=_alt(name, x, value, slope))


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
    """Show a choice of activations and a slider for x; below them value, tangent and slope.

    The static twin shows all of them side by side, with their tangents at the same x.

    Parameters
    ----------
    start : str
        Which of `FUNCTIONS` is shown first.
    x : float
        Where the slider starts, from −6 to 6.

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


class Activations(Drawn):
    """A choice of activations and a slider for x; below them value, tangent and slope.

    Examples
    --------
    >>> Activations(x=2).state
    {'name': 'sigmoid', 'x': 2.0}
    """

    title = "An activation, its tangent and its slope"
    call = "widgets.activations"

    @property
    def fields(self) -> Sequence[Field]:
        """Which function, and where."""
        return [Choice("name", "activation", "sigmoid", tuple(FUNCTIONS)), Number("x", "x", 1.0, -REACH, REACH, 0.1)]

    def picture(self, state: dict[str, Any]) -> style.Figure:
        """One activation with its tangent."""
        return activation_picture(state["name"], state["x"])

    def again(self) -> str:
        """The same call with another start."""
        return "widgets.activations({name}, x={x})"

    def twin(self) -> Any:
        """All of them side by side."""
        return overview(self.state["x"])


def _grid() -> np.ndarray:
    return np.linspace(-REACH, REACH, 241)


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


def _alt(name: str, x: float, value: float, slope: float) -> str:
    at = f"At x = {style.number(x)} the value is {style.number(value)} and the slope {style.number(slope)}."
    return f"The activation {name} and its slope, from −6 to 6. {at}"
