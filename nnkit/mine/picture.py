"""The tree of the milestones: which functions each of them stands on, and whose they are.

What is the reader's has a coloured box, a solid line and a tick; what is nnkit's is dashed and grey. So it can be read
without the colour.
"""

from __future__ import annotations

from nnkit.draw import style
from nnkit.draw.svg import Picture, text_at, text_width, xy
from nnkit.mine.parts import CALLS, NEEDED, Parts

TITLES = {
    "neuron": "1958: a neuron",
    "backprop": "1986: backprop",
    "digits": "digits: layers, Adam",
    "filters": "1989: filters",
    "rows": "1990: a reader of rows",
}
"""Milestone → what stands in the picture; each stands on the parts below it and, from the digits on, on theirs."""

_STEP, _HEIGHT, _SIZE = 30.0, 22.0, 13.0
_ROOT, _MIDDLE, _RIGHT = 12.0, 140.0, 330.0


def tree(parts: Parts | None = None) -> Picture:
    """Draw whose the parts of the milestones are.

    Parameters
    ----------
    parts : Parts or None
        All are nnkit's when left out.

    Returns
    -------
    Picture
        Shows itself in a notebook; `save` writes it to a file.

    Examples
    --------
    >>> tree(Parts({"neuron": lambda x, w, b: 0.5}))
    The milestones and the functions that they stand on. Yours (1 of 16): neuron. nnkit's: neuron_gradients, ...
    """
    parts = parts if parts is not None else Parts()
    own = [name for name in NEEDED if name in parts.own]
    others = [name for name in NEEDED if name not in own]
    alt = (
        f"The milestones and the functions that they stand on. Yours ({len(own)} of {len(NEEDED)}): "
        f"{', '.join(own) or 'none yet'}. nnkit's: {', '.join(others) or 'none'}."
    )
    drawn, row = [], 0
    root_y = 20 + _STEP * (len(NEEDED) - 1) / 2
    for milestone, called in CALLS.items():
        rows = [20 + _STEP * (row + at) for at in range(len(called))]
        middle = (rows[0] + rows[-1]) / 2
        whole = all(name in own for name in called)
        drawn.append(_line(_ROOT + 84, root_y, _MIDDLE, middle))
        drawn.append(_box(_MIDDLE, middle, TITLES[milestone], _RIGHT - _MIDDLE - 30, whole))
        for name, y in zip(called, rows, strict=True):
            drawn.append(_line(_RIGHT - 30, middle, _RIGHT, y))
            drawn.append(_box(_RIGHT, y, name, 210, name in own))
        row += len(called)
    drawn.append(_box(_ROOT, root_y, "my_nnkit", 84, not others))
    height = 20 + _STEP * len(NEEDED) + 16
    words = "✓ solid: yours · dashed: nnkit's"
    drawn.append(text_at(_RIGHT + 105, height - 10, words, 12))
    return Picture("".join(drawn), _RIGHT + 222, height, alt, "Whose the parts are")


def _box(left: float, y: float, words: str, width: float, own: bool) -> str:
    colour = style.colour("right")
    look = (
        f'fill="{colour}" fill-opacity="0.2" stroke="{colour}" stroke-width="2"'
        if own
        else 'fill="none" stroke="currentColor" stroke-opacity="0.6" stroke-dasharray="3 2.5"'
    )
    said = f"✓ {words}" if own else words
    size = min(_SIZE, _SIZE * (width - 8) / text_width(said, _SIZE))
    return (
        f'<rect x="{xy(left)}" y="{xy(y - _HEIGHT / 2)}" width="{xy(width)}" height="{xy(_HEIGHT)}" rx="4" {look}/>'
        + text_at(left + width / 2, y + size * 0.35, said, size)
    )


def _line(x: float, y: float, to_x: float, to_y: float) -> str:
    bend = (to_x - x) / 2
    return (
        f'<path d="M{xy(x, y)}C{xy(x + bend, y, to_x - bend, to_y, to_x, to_y)}" fill="none" stroke="currentColor" '
        'stroke-opacity="0.5" stroke-width="1.3"/>'
    )
