"""Poles that move: several runs side by side, with a slider for the time and a button that plays them."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

import numpy as np

from nnkit.draw import poles
from nnkit.widgets import base


def pole_runs(
    runs: Mapping[str, Any], step: int | None = None, *, seconds: float = 0.05, limit: float | None = None
) -> None:
    """Show the poles of several runs, which move when they are played.

    Parameters
    ----------
    runs : mapping of str to (steps + 1, n) array_like
        By name the states of a run; their first entry is the angle, in radians.
    step : int, optional
        The moment that the static picture shows; left out, the last one. What moves begins at 0.
    seconds : float
        Between two states.
    limit : float, optional
        An angle at which dashed lines are drawn.

    Raises
    ------
    ValueError
        If there is no run, a run has no states, or there is no such step.

    Examples
    --------
    >>> from unittest import mock
    >>> with mock.patch.dict("os.environ", NNKIT_STATIC="1"):
    ...     pole_runs({"held": [[0.1, 0.0], [0.05, 0.0]]})
    Poles after 0.05 s. held: 2.9° to the right.
    Drawn for step 1 of 1.
    """
    kept = {name: np.array(states, dtype=float) for name, states in runs.items()}
    last = poles.longest(kept)
    shown = last if step is None else step
    first = poles.poles(kept, shown, seconds=seconds, limit=limit)  # what does not fit is told now
    line = f"Drawn for step {shown} of {last}."
    twin = base.Twin(first, line, f'<p style="margin:0.2em 0;font-size:90%">{html.escape(line)}</p>')
    base.show(twin, live=lambda: _live(kept, last, seconds, limit))


def _live(runs: dict[str, np.ndarray], last: int, seconds: float, limit: float | None) -> Any:
    """Make the widget: a button that plays, a slider, the picture beneath."""
    import ipywidgets

    play = ipywidgets.Play(value=0, min=0, max=last, step=1, interval=max(20, round(1000 * seconds)))
    place = ipywidgets.IntSlider(value=0, min=0, max=last, description="step", layout=ipywidgets.Layout(width="28em"))
    picture = ipywidgets.HTML()

    def redraw(change: Any = None) -> None:
        picture.value = poles.poles(runs, int(place.value), seconds=seconds, limit=limit).html

    ipywidgets.link((play, "value"), (place, "value"))
    place.observe(redraw, names="value")
    redraw()
    return ipywidgets.VBox([ipywidgets.HBox([play, place]), picture])
