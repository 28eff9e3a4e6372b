"""Poles that move: several runs side by side, with a slider for the time and a button that plays them."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

import numpy as np

from nnkit.draw import poles
from nnkit.widgets import base
from nnkit.widgets.stepper import Stepper


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
    base.show(twin, live=lambda: moving(kept, twin, seconds, limit).live())


def moving(runs: Mapping[str, Any], twin: base.Twin, seconds: float, limit: float | None) -> Stepper:
    """Return what moves: a picture for each step, as far apart in time as they are in the run.

    Parameters
    ----------
    runs, seconds, limit
        As for `pole_runs`.
    twin : Twin
        What is shown where nothing can move.

    Returns
    -------
    Stepper
    """
    pictures = [poles.poles(runs, step, seconds=seconds, limit=limit) for step in range(poles.longest(runs) + 1)]
    return Stepper(
        pictures, [repr(one) for one in pictures], twin=twin, title="Poles on their hinges, moving", pause=seconds
    )
