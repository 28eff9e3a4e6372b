"""Sliders above a picture that follows them: `sliders` for any drawing function, `graph_sliders` for a drawn graph."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Iterable
from typing import Any

from nnkit.draw import graph, style
from nnkit.widgets import base


def _ranges(given: dict[str, Any]) -> dict[str, tuple[float, float, float, float]]:
    """Check and complete the ranges: name → (low, high, start, step)."""
    complete = {}
    for name, limits in given.items():
        if not isinstance(limits, tuple | list) or len(limits) not in (3, 4):
            raise ValueError(f"The range of {name} is (low, high, start) or (low, high, start, step); got {limits!r}.")
        low, high, start = (float(limit) for limit in limits[:3])
        if not low <= start <= high or low == high or not all(map(math.isfinite, (low, high))):
            raise ValueError(
                f"The range of {name} needs low ≤ start ≤ high and low < high; "
                f"got low {style.number(low)}, high {style.number(high)}, start {style.number(start)}."
            )
        step = float(limits[3]) if len(limits) == 4 else 10 ** math.floor(math.log10((high - low) / 20))
        if not step > 0:
            raise ValueError(f"The step of {name} is a positive number; got {style.number(step)}.")
        complete[name] = (low, high, start, step)
    if not complete:
        raise ValueError("Sliders need at least one range: name=(low, high, start).")
    return complete


def _at_start(picture: Any, values: dict[str, float]) -> base.Twin:
    """Return the static twin: the picture at the start values, and a line that says which they are."""
    line = f"Drawn for {', '.join(f'{style.name(name)} = {style.number(value)}' for name, value in values.items())}."
    return base.Twin(picture, line, f'<p style="margin:0.2em 0;font-size:90%">{html.escape(line)}</p>')


def sliders(draw: Callable[..., Any], /, **ranges: Any) -> None:
    """Show sliders and, below them, the picture that a function draws for their values.

    Parameters
    ----------
    draw : callable
        Called as ``draw(name=value, …)`` with floats; returns a `Picture` or a matplotlib figure. If it raises, the
        reader sees the reason as a sentence in place of the picture.
    **ranges : (low, high, start) or (low, high, start, step)
        One slider for each name.

    Raises
    ------
    ValueError
        If a range is not one.

    Examples
    --------
    >>> from types import SimpleNamespace as Node
    >>> from unittest import mock
    >>> from nnkit.draw import node_graph
    >>> def draw(x):
    ...     return node_graph(Node(op="input", parents=(), value=x, name="x", trainable=False))
    >>> with mock.patch.dict("os.environ", NNKIT_STATIC="1"):
    ...     sliders(draw, x=(0, 4, 1))
    Computation graph of f = x; f = 1; inputs x = 1.
    Drawn for x = 1.
    """
    complete = _ranges(ranges)
    start = {name: limits[2] for name, limits in complete.items()}
    base.show(lambda: _at_start(base.as_picture(draw(**start)), start), live=lambda: _live(draw, complete))


def _live(draw: Callable[..., Any], ranges: dict[str, tuple[float, float, float, float]]) -> Any:
    """Make the widget: one slider per name, the picture beneath."""
    import ipywidgets

    controls = {
        name: ipywidgets.FloatSlider(
            value=start,
            min=low,
            max=high,
            step=step,
            description=style.name(name),
            readout_format=f".{max(0, -math.floor(math.log10(step) + 1e-9))}f",
            layout=ipywidgets.Layout(width="22em"),
        )
        for name, (low, high, start, step) in ranges.items()
    }
    picture = ipywidgets.HTML()

    def redraw(change: Any = None) -> None:
        values = {name: float(control.value) for name, control in controls.items()}
        try:
            picture.value = base.picture_html(draw(**values))
        except Exception as error:
            at = ", ".join(f"{style.name(name)} = {style.number(value)}" for name, value in values.items())
            picture.value = base.sentence(error, f"drawn at {at}")

    for control in controls.values():
        control.observe(redraw, names="value")
    redraw()
    rows = ipywidgets.Box(list(controls.values()), layout=ipywidgets.Layout(flex_flow="row wrap"))
    return ipywidgets.VBox([rows, picture])


def graph_sliders(
    build: Callable[..., Any],
    /,
    *,
    weights: Iterable[str] = (),
    gradients: bool = False,
    result: str = "f",
    **ranges: Any,
) -> None:
    """Show sliders on the inputs of a computation graph and, below them, the graph with its values.

    Parameters
    ----------
    build : callable
        Called as ``build(name=tensor, …)`` with scalar float64 tensors that need a gradient; returns the Tensor
        to draw.
    weights : iterable of str
        Which of the names are weights; the others are inputs.
    gradients : bool
        Draw the gradients of the backward pass too.
    result : str
        Name of the result.
    **ranges : (low, high, start) or (low, high, start, step)
        One slider for each name.

    Raises
    ------
    ValueError
        If a range is not one, or `weights` names something without a range.

    Examples
    --------
    >>> from unittest import mock
    >>> with mock.patch.dict("os.environ", NNKIT_STATIC="1"):
    ...     graph_sliders(lambda x, w: x * w, weights=["w"], x=(-5, 5, 2), w=(-5, 5, 3))
    Computation graph of f = x × w; f = 6; operations ×; inputs x = 2; weights w = 3.
    Drawn for x = 2, w = 3.
    """
    trainable = list(weights)
    for name in trainable:
        if name not in ranges:
            raise ValueError(f"weights names {name!r}, which has no range. Give {name}=(low, high, start).")

    def draw(**values: float) -> Any:
        import numpy as np

        from nnkit.engine import tensor

        leaves = {name: tensor(np.float64(value), requires_grad=True) for name, value in values.items()}
        return graph(
            build(**leaves),
            inputs={name: leaf for name, leaf in leaves.items() if name not in trainable},
            weights={name: leaf for name, leaf in leaves.items() if name in trainable},
            gradients=gradients,
            result=result,
        )

    sliders(draw, **ranges)
