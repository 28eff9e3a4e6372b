"""Poles on hinges, side by side: how far each leans at one moment of its run, and how it got there.

A pole stands on its hinge at the bottom; a positive angle leans to the right. The model of the notebook is linear and
lets an angle grow without end, so a pole farther out than `FALLEN` is drawn lying down, and is said to have fallen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nnkit.draw import style
from nnkit.draw.svg import Picture, text_at, xy

FALLEN = np.radians(30.0)
"""From this angle on a pole is drawn lying down: near the upright position it never comes back from there."""

_LENGTH, _WIDE, _HIGH = 150.0, 190.0, 218.0
_BEFORE = 6  # how many earlier positions stay visible


def poles(runs: Mapping[str, Any], step: int = 0, *, seconds: float = 0.05, limit: float | None = None) -> Picture:
    """Draw a pole for each run, as it leans after so many steps, with some of its earlier positions.

    Parameters
    ----------
    runs : mapping of str to (steps + 1, n) array_like
        By name the states of a run; their first entry is the angle from the upright position, in radians.
    step : int
        Which moment; a run that is over before stands still at its end.
    seconds : float
        Between two states.
    limit : float, optional
        An angle beyond which nothing can hold the pole: dashed lines are drawn there.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If there is no run, a run has no states, or the step lies outside of all of them.

    Examples
    --------
    >>> poles({"held": [[0.1, 0.0], [0.05, 0.0]], "let go": [[0.1, 0.0], [0.7, 1.0]]}, 1)
    Poles after 0.05 s. held: 2.9° to the right. let go: fallen to the right.
    """
    angles = _angles(runs)
    last = longest(runs)
    if step != int(step) or not 0 <= step <= last:
        raise ValueError(f"The longest of these runs has the steps 0 to {last}; got step {step}.")
    body, said = "", []
    for place, (name, path) in enumerate(angles.items()):
        role, now = style.SERIES_ROLES[place % len(style.SERIES_ROLES)], min(step, len(path) - 1)
        colour = style.colour(role)
        x, y = (place + 0.5) * _WIDE, _HIGH - 44.0
        body += _ground(x, y)
        if limit is not None:
            body += "".join(_pole(x, y, sign * limit, 'stroke-dasharray="4 5" stroke-width="1"') for sign in (-1, 1))
        for before in range(max(0, now - 2 * _BEFORE), now, 2):
            strength = 0.12 + 0.25 * (before - now + 2 * _BEFORE) / (2 * _BEFORE)
            look = f'class="trail" stroke="{colour}" stroke-width="3" opacity="{strength:.2f}"'
            body += _pole(x, y, path[before], look)
        body += _pole(x, y, path[now], f'stroke="{colour}" stroke-width="6" stroke-linecap="round"')
        words = lean(path[now])
        body += text_at(x, y + 21, name, 14.0) + text_at(x, y + 38, words, 13.0)
        said.append(f"{name}: {words}.")
    alt = f"Poles after {style.number(round(step * seconds, 6))} s. {' '.join(said)}"
    return Picture(body, _WIDE * len(angles), _HIGH + 4, alt, "Poles on their hinges")


def longest(runs: Mapping[str, Any]) -> int:
    """Return the number of steps of the longest run.

    Parameters
    ----------
    runs : mapping of str to (steps + 1, n) array_like

    Returns
    -------
    int

    Examples
    --------
    >>> longest({"short": [[0.0, 0.0]], "long": [[0.0, 0.0], [0.1, 0.0]]})
    1
    """
    return max(len(path) for path in _angles(runs).values()) - 1


def lean(angle: float) -> str:
    """Say how far a pole leans.

    Parameters
    ----------
    angle : float
        In radians; positive to the right.

    Returns
    -------
    str

    Examples
    --------
    >>> lean(-0.1), lean(0.0), lean(2.0)
    ('5.7° to the left', 'upright', 'fallen to the right')
    """
    side = "right" if angle > 0 else "left"
    if not abs(angle) < FALLEN:
        return f"fallen to the {side}"
    degrees = abs(np.degrees(angle))
    return "upright" if degrees < 0.05 else f"{degrees:.1f}° to the {side}"


def _angles(runs: Mapping[str, Any]) -> dict[str, np.ndarray]:
    found = {name: np.asarray(states, dtype=float) for name, states in runs.items()}
    if not found:
        raise ValueError("There is no run to draw. Give at least one: {name: states}.")
    for name, states in found.items():
        if states.ndim != 2 or not states.size:
            raise ValueError(f"The states of a run have shape (steps + 1, n); those of {name!r} have {states.shape}.")
    return {name: states[:, 0] for name, states in found.items()}


def _pole(x: float, y: float, angle: float, attributes: str) -> str:
    """A line from the hinge to the tip; a fallen one lies flat."""
    drawn = float(angle) if abs(angle) < FALLEN else float(np.copysign(np.pi / 2, angle))
    tip = xy(x + _LENGTH * np.sin(drawn) * (0.58 if abs(drawn) > 1 else 1), y - _LENGTH * np.cos(drawn) - 4)
    stroke = "" if "stroke=" in attributes else 'stroke="currentColor" '
    start_x, start_y = xy(x, y).split()
    tip_x, tip_y = tip.split()
    return f'<line x1="{start_x}" y1="{start_y}" x2="{tip_x}" y2="{tip_y}" {stroke}{attributes}/>'


def _ground(x: float, y: float) -> str:
    """The hinge on its floor."""
    ink = 'stroke="currentColor" stroke-width="1.2"'
    return (
        f'<line x1="{x - 80:g}" y1="{y + 3:g}" x2="{x + 80:g}" y2="{y + 3:g}" {ink}/>'
        f'<circle cx="{x:g}" cy="{y:g}" r="5" fill="currentColor"/>'
    )
