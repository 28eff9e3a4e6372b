"""A bar chart as inline SVG: a label above each bar, its number beside it, and all of it again as a text alternative.

Widths are per cent and sizes of letters are pixels, so a chart reads on a narrow screen as on a wide one. Colours come
from the page's style sheet, by the class of each bar; the words say what a colour says.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from nnkit.draw import style

ROW = 42  # pixels for a bar and its label
WIDEST = 72  # per cent, so that the number beside the longest bar has room
LONGEST_LABEL = 58  # letters

_ROLES = {"right": "right", "mistake": "gradient", "other": "input", "untried": "axis"}
# Class of a bar → its colour on a light page and on a dark one; each has a contrast of 3 : 1 at least.
COLOURS = {kind: (style.COLOURS[role], style.dark(style.COLOURS[role])) for kind, role in _ROLES.items()}


@dataclass(frozen=True)
class Bar:
    """One bar.

    Parameters
    ----------
    label : str
        What is counted.
    number : int
        How many there are.
    kind : str
        One of `COLOURS`.
    note : str
        What else stands beside the bar, such as a share.
    """

    label: str
    number: int
    kind: str
    note: str = ""

    @property
    def said(self) -> str:
        """The number, and what stands beside it."""
        return f"{self.number} {self.note}".strip()


def bar_chart(title: str, bars: Sequence[Bar]) -> str:
    """A chart of horizontal bars as an ``<svg>`` element.

    Parameters
    ----------
    title : str
        How the text alternative begins.
    bars : Sequence[Bar]
        From top to bottom.

    Examples
    --------
    >>> bars = [Bar("right", 3, "right"), Bar("no bias", 1, "mistake")]
    >>> 'aria-label="neuron: right 3; no bias 1."' in bar_chart("neuron", bars)
    True
    """
    most = max((bar.number for bar in bars), default=0) or 1
    drawn = []
    for place, bar in enumerate(bars):
        top, width = place * ROW, f"{bar.number / most * WIDEST:.2f}%"
        label = bar.label if len(bar.label) <= LONGEST_LABEL else f"{bar.label[: LONGEST_LABEL - 1]}…"
        drawn.append(
            f'<text x="0" y="{top + 14}">{html.escape(label)}</text>'
            f'<rect class="{html.escape(bar.kind)}" x="0" y="{top + 20}" width="{width}" height="14" rx="2"/>'
            f'<text class="number" x="{width}" dx="8" y="{top + 32}">{html.escape(bar.said)}</text>'
        )
    said = "; ".join(f"{bar.label} {bar.said}" for bar in bars)
    return (
        f'<svg class="bars" role="img" aria-label="{html.escape(f"{title}: {said}.")}" width="100%" '
        f'height="{len(bars) * ROW}">{"".join(drawn)}</svg>'
    )


def style_sheet() -> str:
    """The rules for charts in a page that is read on light and on dark."""
    light = "\n".join(f".bars .{kind} {{ fill: {colour}; }}" for kind, (colour, _) in COLOURS.items())
    dark = "\n".join(f"  .bars .{kind} {{ fill: {colour}; }}" for kind, (_, colour) in COLOURS.items())
    return (
        ".bars { display: block; overflow: hidden; }\n.bars text { fill: currentColor; font-size: 14px; }\n"
        f".bars .number {{ font-weight: 600; }}\n{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n"
        "@media (max-width: 30rem) { .bars text { font-size: 12px; } }\n"
    )
