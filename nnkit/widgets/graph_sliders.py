"""Sliders above a picture that follows them: `sliders` for any drawing function, `graph_sliders` for a drawn graph."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from nnkit.draw import graph, style
from nnkit.widgets.drawn import Drawn
from nnkit.widgets.fields import Field, Number, Whole


def _ranges(given: Mapping[str, Any]) -> dict[str, tuple[float, float, float, float]]:
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


class Sliders(Drawn):
    """One slider for each name, and the picture that a function draws for their values.

    Parameters
    ----------
    draw : callable
        Called as ``draw(name=value, …)`` with floats.
    ranges : dict from name to (low, high, start) or (low, high, start, step)
    again : str, optional
        What comes before the ranges in the line that makes the widget again: ``widgets.sliders(draw``.

    Raises
    ------
    ValueError
        If a range is not one.

    Examples
    --------
    >>> Sliders(lambda x: None, {"x": (0, 4, 1)}).state
    {'x': 1.0}
    """

    title = "Sliders, and a picture that follows them"
    call = "widgets.sliders"

    def __init__(self, draw: Callable[..., Any], ranges: Mapping[str, Any], again: str = "") -> None:
        self._draw, self._ranges, self._again = draw, _ranges(ranges), again
        super().__init__({name: limits[2] for name, limits in self._ranges.items()})

    @property
    def fields(self) -> Sequence[Field]:
        """A number for each range; where only whole numbers make sense, only those can be typed."""
        fields: list[Field] = []
        for name, (low, high, start, step) in self._ranges.items():
            if step == 1 and all(limit == round(limit) for limit in (low, high, start)):
                fields.append(Whole(name, style.name(name), round(start), round(low), round(high)))
            else:
                fields.append(Number(name, style.name(name), start, low, high, step))
        return fields

    def read(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return a whole state, all of floats, as the drawing function gets them."""
        return {name: float(value) for name, value in super().read(given).items()}

    def picture(self, state: dict[str, Any]) -> Any:
        """What the function draws."""
        return self._draw(**state)

    def again(self) -> str:
        """The same call with other starts."""
        begun = self._again or f"{self.call}({_called(self._draw)}"
        rest = [
            f"{name}=({low:.12g}, {high:.12g}, {{{name}}}, {step:.12g})"
            for name, (low, high, _, step) in self._ranges.items()
        ]
        return f"{begun}, {', '.join(rest)})"


def _called(function: Callable[..., Any]) -> str:
    """Return the name of a function, or … where it has none."""
    name = getattr(function, "__name__", "")
    return name if name.isidentifier() else "…"


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
    Sliders(draw, ranges).show()


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

    options = (f", weights={trainable!r}" if trainable else "") + (", gradients=True" if gradients else "")
    options += f", result={result!r}" if result != "f" else ""
    Sliders(draw, ranges, f"widgets.graph_sliders({_called(build)}{options}").show()
