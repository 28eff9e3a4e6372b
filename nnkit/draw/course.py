"""Pictures of the first notebook: digits that are read, the map, a nerve cell beside the unit named after it."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nnkit.draw import style
from nnkit.draw.svg import Picture


@dataclass(frozen=True)
class Stop:
    """One assignment on the map: where it stands (column, row), what it is called, what is written in it."""

    number: str
    title: str
    lines: tuple[str, str]
    column: int
    row: int


STOPS = (
    Stop("00", "Welcome", ("how a check answers,", "the words and the rules"), 0, 0),
    Stop("01", "Computation graphs", ("topological order, forward", "pass, neuron, layer"), 1, 0),
    Stop("02", "Backprop by hand", ("gradients on paper, then", "your own autograd"), 2, 0),
    Stop("03", "Gradient descent", ("momentum, Adam,", "losses and what they want"), 0, 1),
    Stop("04", "Networks", ("what a hidden layer does,", "training one from scratch"), 1, 1),
    Stop("06", "Recurrence", ("a network through time,", "and back again"), 2, 1),
    Stop("08", "Robotics", ("rotations, and a controller", "that is imitated"), 0, 2),
    Stop("05", "Convolution", ("images: convolution and", "pooling, both ways"), 1, 2),
    Stop("07", "Digits", ("an honest study of", "handwritten digits"), 2, 2),
)

PATHS = (("00", "01"), ("01", "02"), ("02", "03"), ("03", "04"), ("04", "06"), ("04", "05"), ("04", "08"), ("05", "07"))
"""Who builds on whom; the map draws these arrows and no others."""

WIDE, HIGH, GAP_X, GAP_Y, EDGE = 214, 84, 44, 46, 4
CORNER = 8


def _text(x: float, y: float, content: str, size: float, extra: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="currentColor"{extra}>{html.escape(content)}</text>'


def _arrow(x: float, y: float, direction: str, colour: str = "currentColor") -> str:
    """Return an arrow head whose tip is at (x, y)."""
    turn = {"right": 0, "down": 90, "left": 180}[direction]
    return f'<path d="M0 0l-8 -4v8z" fill="{colour}" transform="translate({x:g} {y:g}) rotate({turn})"/>'


def _corner(stop: Stop) -> tuple[float, float]:
    return EDGE + stop.column * (WIDE + GAP_X), EDGE + stop.row * (HIGH + GAP_Y)


def _path(start: Stop, end: Stop) -> str:
    x, y = _corner(start)
    to_x, to_y = _corner(end)
    line = '<path d="{}" fill="none" stroke="currentColor" stroke-width="1.6" opacity="0.75"/>'
    if start.row == end.row:
        middle = y + HIGH / 2
        return line.format(f"M{x + WIDE:g} {middle:g}H{to_x - 7:g}") + _arrow(to_x - 1, middle, "right")
    x, to_x = x + WIDE / 2, to_x + WIDE / 2
    if x == to_x:
        return line.format(f"M{x:g} {y + HIGH:g}V{to_y - 7:g}") + _arrow(to_x, to_y - 1, "down")
    turn = y + HIGH + GAP_Y / 2
    bend = (
        f"M{x:g} {y + HIGH:g}V{turn - CORNER:g}q0 {CORNER} {-CORNER} {CORNER}H{to_x + CORNER:g}"
        f"q{-CORNER} 0 {-CORNER} {CORNER}V{to_y - 7:g}"
    )
    return line.format(bend) + _arrow(to_x, to_y - 1, "down")


def digits_read(images: Any, labels: Sequence[int], answers: Mapping[str, Sequence[int]]) -> style.Figure:
    """Draw images in a row, and below each what it was taken for.

    Parameters
    ----------
    images : (N, H, W) array
        From 0 (paper) to 1 (ink).
    labels : sequence of int
        What is on them.
    answers : mapping of str to sequence of int
        A word for each row, and what was read; what is wrong gets a cross.

    Examples
    --------
    >>> import numpy as np
    >>> digits_read(np.zeros((2, 4, 4)), [3, 7], {"before": [1, 1], "after": [3, 1]})
    The digits 3, 7. Read before: 1, 1. Read after: 3, 1.
    What is read, in each row. ✗ marks what is wrong.
    """
    figure = style.figure(7.5, 0.5 + 0.35 * len(answers))
    panels = figure.subplots(1, len(labels), squeeze=False)[0]
    for place, (panel, label) in enumerate(zip(panels, labels, strict=True)):
        panel.imshow(1 - images[place], cmap="gray", vmin=0, vmax=1)
        panel.set_axis_off()
        for row, (word, read) in enumerate(answers.items()):
            y, is_right = -0.3 - 0.42 * row, read[place] == label
            look = {"transform": panel.transAxes, "va": "center"}
            colour = style.COLOURS["target" if is_right else "gradient"]
            panel.text(0.5, y, f"{read[place]}" + ("" if is_right else " ✗"), color=colour, ha="center", **look)
            if place == 0:
                panel.text(-0.25, y, word, color=style.COLOURS["ink"], ha="right", **look)
    rows = {"The digits": labels} | {f"Read {word}:": read for word, read in answers.items()}
    alt = " ".join(f"{words} {', '.join(str(one) for one in row[: len(labels)])}." for words, row in rows.items())
    return style.caption(figure, alt=alt, caption="What is read, in each row. ✗ marks what is wrong.")


def course_map() -> Picture:
    """Draw the nine assignments and which builds on which.

    Returns
    -------
    Picture

    Examples
    --------
    >>> course_map().title
    'The map of the course'
    """
    by_number = {stop.number: stop for stop in STOPS}
    body = [_path(by_number[start], by_number[end]) for start, end in PATHS]
    for stop in STOPS:
        x, y = _corner(stop)
        here = stop.number == "00"
        colour = style.colour("target") if here else "currentColor"
        body.append(
            f'<rect x="{x:g}" y="{y:g}" width="{WIDE}" height="{HIGH}" rx="7" fill="currentColor" fill-opacity="0.05" '
            f'stroke="{colour}" stroke-width="{2.5 if here else 1.3}"/>'
        )
        body.append(_text(x + 12, y + 26, stop.number, 15, ' font-weight="700" opacity="0.7"'))
        body.append(_text(x + 38, y + 26, stop.title, 14.5, ' font-weight="700"'))
        if here:
            body.append(_text(x + WIDE - 12, y + 26, "you are here", 11.5, ' text-anchor="end"'))
        body += [_text(x + 12, y + 48 + 19 * place, line, 13) for place, line in enumerate(stop.lines)]
    width = 2 * EDGE + 3 * WIDE + 2 * GAP_X
    height = 2 * EDGE + 3 * HIGH + 2 * GAP_Y
    after = [f"{end} after {start}" for start, end in PATHS]
    names = ", ".join(f"{stop.number} {stop.title}" for stop in sorted(STOPS, key=lambda stop: stop.number))
    alt = f"Map of the nine assignments: {names}. Arrows: {', '.join(after)}."
    return Picture("".join(body), width, height, alt, "The map of the course")


def nerve_and_unit() -> Picture:
    """Draw a nerve cell above the unit of a network, counterpart under counterpart.

    Returns
    -------
    Picture

    Examples
    --------
    >>> nerve_and_unit().title
    'A nerve cell and a unit'
    """
    blue, orange = style.colour("input"), style.colour("weight-area")
    rows = (45, 95, 145)
    body = []

    def line(path: str, wide: float, extra: str = "") -> None:
        body.append(f'<path d="{path}" fill="none" stroke="currentColor" stroke-width="{wide:g}"{extra}/>')

    # The dashed lines between counterparts lie beneath everything.
    for x, top, bottom in ((112, 156, 226), (300, 139, 270), (425, 109, 270), (622, 156, 282)):
        line(f"M{x} {top}V{bottom}", 1.2, ' stroke-dasharray="3 5" opacity="0.6"')

    # The nerve cell: three dendrites, the cell body, the axon and its ends.
    for y in rows:
        line(f"M120 {y}H160C210 {y} 225 95 275 95", 3.2, ' stroke-linecap="round" opacity="0.8"')
        line(f"M152 {y}q18 -4 28 -14M136 {y}q16 4 24 12", 1.8, ' stroke-linecap="round" opacity="0.6"')
        line(f"M20 {y}H104", 2.4, ' opacity="0.6"')
        body.append(f'<circle cx="112" cy="{y}" r="6.5" fill="{orange}" stroke="currentColor" stroke-width="1.3"/>')
    line("M330 95H560", 4, ' opacity="0.8"')
    for start in (382, 436, 490):
        body.append(
            f'<rect x="{start}" y="87" width="42" height="16" rx="8" fill="currentColor" fill-opacity="0.12" '
            'stroke="currentColor" stroke-width="1"/>'
        )
    for y in rows:
        line(f"M560 95C590 95 600 {y} 640 {y}", 2.6, ' stroke-linecap="round" opacity="0.8"')
        body.append(f'<circle cx="646" cy="{y}" r="6" fill="{orange}" stroke="currentColor" stroke-width="1.3"/>')
    body.append(
        '<path d="M270 95c0 -26 16 -40 36 -40s36 16 36 40s-16 40 -36 40s-36 -14 -36 -40z" fill="currentColor" '
        'fill-opacity="0.12" stroke="currentColor" stroke-width="1.8"/>'
    )
    body.append('<circle cx="306" cy="95" r="11" fill="currentColor" fill-opacity="0.35"/>')
    words = (
        (56, 18, "other cells"),
        (128, 18, "synapses"),
        (205, 18, "dendrites"),
        (306, 42, "cell body"),
        (457, 74, "axon"),
    )
    body += [_text(x, y, word, 13.5, ' text-anchor="middle"') for x, y, word in words]

    # The unit: inputs, weights on the edges, sum, activation, output.
    for y, name in zip((246, 300, 354), ("x₁", "x₂", "x₃"), strict=True):
        middle = y + (300 - y) * 0.17
        line(
            f"M66 {y}L97 {middle + (y - middle) * 0.3:g}"
            f"M127 {middle - (y - middle) * 0.3:g}L277 {300 + (y - 300) * 0.16:g}",
            1.6,
        )
        body.append(
            f'<rect x="22" y="{y - 15}" width="44" height="30" rx="5" fill="{blue}" fill-opacity="0.14" '
            f'stroke="{blue}" stroke-width="2"/>'
        )
        body.append(_text(44, y + 5, name, 15, ' text-anchor="middle"'))
        body.append(
            f'<circle cx="112" cy="{middle:g}" r="15" fill="{orange}" fill-opacity="0.35" stroke="currentColor" '
            'stroke-width="1.3"/>'
        )
        body.append(_text(112, middle + 5, name.replace("x", "w"), 13.5, ' text-anchor="middle"'))
    for x, sign in ((300, "+"), (425, "σ")):
        body.append(
            f'<circle cx="{x}" cy="300" r="23" fill="currentColor" fill-opacity="0.06" stroke="currentColor" '
            'stroke-width="1.8"/>'
        )
        body.append(_text(x, 307, sign, 20, ' text-anchor="middle"'))
    line("M300 366V331", 1.6)
    body.append('<path d="M300 324l-4 8h8z" fill="currentColor"/>')
    body.append(
        f'<rect x="280" y="366" width="40" height="27" rx="5" fill="{orange}" fill-opacity="0.35" '
        'stroke="currentColor" stroke-width="1.3"/>'
    )
    body.append(_text(300, 385, "b", 14, ' text-anchor="middle"'))
    for start, end in ((323, 394), (448, 560)):
        line(f"M{start} 300H{end}", 1.6)
        body.append(_arrow(end + 7, 300, "right"))
    body.append(_text(358, 291, "z", 15, ' text-anchor="middle" font-style="italic"'))
    body.append(_text(608, 306, "h = σ(z)", 16, ' text-anchor="middle"'))
    body.append(_text(508, 291, "one number", 13, ' text-anchor="middle"'))
    alt = (
        "Above, a nerve cell: signals arrive over synapses at its dendrites, are collected in the cell body, and leave "
        "as pulses along the axon to its ends. Below, a unit of a network: inputs x1, x2, x3 are multiplied by "
        "weights, added up with b to z, and passed through σ to the output h. Dashed lines join the counterparts: "
        "synapses and weights, cell body and sum, axon and activation, ends and output."
    )
    return Picture("".join(body), 690, 400, alt, "A nerve cell and a unit")
