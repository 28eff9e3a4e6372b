"""From a diagram to a picture: SVG, its alt text, and the ways to show and save it.

A `Diagram` says in strings what a picture shows; `layout.place` says where everything goes; `render` writes it down.
Lines and text are ``currentColor``, so that a picture in a page has the ink of that page; role colours are named by
`style.colour`, so that they follow the page's theme too.
"""

from __future__ import annotations

import html
import math
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from nnkit.draw import layout, style
from nnkit.draw.output import Output
from nnkit.saving import whole_file

RADIUS = 17.0
"""Radius of an operation's circle, in pixels."""

BOX_HEIGHT = 28.0
"""Height of an input's or weight's box, in pixels."""

TEXT_SIZE = 13.0
"""Font size of names, values and gradients, in pixels."""

BLANK_WIDTH, BLANK_HEIGHT = 58.0, 24.0
"""Size of a place that is left empty for a reader's own number, in pixels."""

_PRECEDENCE = {"+": 1, "−": 1, "×": 2, "÷": 2, "/": 2, "@": 2, "^": 3}
"""How tightly the operations between two arguments bind when a formula is written."""

RINGS = {
    "met": ("target", 'stroke-width="2"'),
    "now": ("input", 'stroke-width="4"'),
    "wrong": ("gradient", 'stroke-width="3" stroke-dasharray="5 3"'),
}
"""Which ring a mark is: its colour, and the line that tells it from the others without colour."""

_NAMED = re.compile(r"(?:var\(--jp-[\w-]+, )?var\(--nnkit-[\w-]+, (#\w{6})\)+")
"""A colour of `style.colour` or `style.PAGE`, and in it the one for a white page."""

_WORDS = {"input": "inputs", "weight": "weights", "target": "targets"}


@dataclass
class Part:
    """One node of a diagram.

    Parameters
    ----------
    kind : str
        "operation", "input", "weight", "target", "constant" or "result".
    name : str
        How the text calls it; "" if nobody named it.
    symbol : str
        What stands in the circle of an operation.
    value : str
    total : str
        Its gradient once all messages arrived.
    sum : str
        How they add up.
    arrived : bool
        A gradient that has not arrived gets its room but is not drawn, so that all steps of a sequence look alike.
    active : bool
        Whether it is at work in this step.
    blank : bool
        Whether the place of its sum is left empty, to be filled in.
    told : str, optional
        What a walk tells beneath it, in the room that `sum` keeps; None tells `sum` itself.
    mark : str
        The ring that a walk puts around it: "" for none, "met", "now" or "wrong".
    role : str
        Whose colour has what is told: that of gradients, or "ink".
    """

    kind: str
    name: str = ""
    symbol: str = ""
    value: str = ""
    total: str = ""
    sum: str = ""
    arrived: bool = True
    active: bool = False
    blank: bool = False
    told: str | None = None
    mark: str = ""
    role: str = "gradient"


@dataclass
class Wire:
    """One edge of a diagram, from an argument to the operation that takes it; `gradient` is the message sent back.

    `blank` says what is left empty on it, to be filled in: "value", "gradient" or "" for nothing. A walk tells
    something else in the room of the message, `told` in the colour of `role`, and may mark the edge as "wrong".
    """

    source: int
    target: int
    value: str = ""
    gradient: str = ""
    arrived: bool = True
    active: bool = False
    blank: str = ""
    told: str | None = None
    mark: str = ""
    role: str = "gradient"


@dataclass
class Diagram:
    """What a picture shows. Parts come after everything they are made from; the last one is the result."""

    parts: list[Part]
    wires: list[Wire]
    title: str = ""
    legend: bool = False
    with_gradients: bool = False
    notes: list[str] = field(default_factory=list)


def colours_written_out(markup: str) -> tuple[str, str]:
    """Return a drawing with its colours written out, and the rules that give it those of a light or a dark page.

    Not every program that shows SVG files knows names of colours, and a drawing that is shown as a picture does not get
    those of the page around it.

    Parameters
    ----------
    markup : str
        A part of a drawing whose colours are those of `style.colour`.

    Returns
    -------
    tuple of str and str

    Examples
    --------
    >>> colours_written_out('<path stroke="var(--nnkit-input, #0072B2)"/>')[0]
    '<path stroke="#0072B2"/>'
    """
    written = _NAMED.sub(r"\1", markup)
    light, dark = style.COLOURS["ink"], style.dark(style.COLOURS["ink"])
    other = [f"svg{{color:{dark}}}"]
    for colour in sorted({style.COLOURS[role] for role in style.COLOURS if style.COLOURS[role] in written}):
        other += [f'[{part}="{colour}"]{{{part}:{style.dark(colour)}}}' for part in ("fill", "stroke")]
    return written, f"svg{{color:{light};background:none}}@media(prefers-color-scheme:dark){{{''.join(other)}}}"


class Picture(Output):
    """A finished drawing: shows itself in a notebook, saves itself as an SVG file, and can say what it shows.

    Parameters
    ----------
    body : str
        The inside of the ``<svg>`` element; its ink is ``currentColor``.
    width, height : float
        Size in pixels.
    alt : str
        What a reader who cannot see the picture is told.
    title : str
        A short name of the picture.

    Attributes
    ----------
    blanks : dict
        The left upper corner of every place that is left empty, by ("wire" or "part", its number in the diagram); each
        is `BLANK_WIDTH` by `BLANK_HEIGHT`.
    """

    def __init__(self, body: str, width: float, height: float, alt: str, title: str) -> None:
        self.blanks: dict[tuple[str, int], tuple[float, float]] = {}
        self.body = body
        self.width = width
        self.height = height
        self.alt = alt
        self.title = title

    def _element(self, css: str, body: str, head: str = "") -> str:
        width, height = math.ceil(self.width), math.ceil(self.height)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" role="img" aria-label="{html.escape(self.alt)}" style="{css}">'
            f"<title>{html.escape(self.title)}</title><desc>{html.escape(self.alt)}</desc>{head}{body}</svg>"
        )

    @property
    def svg(self) -> str:
        """The picture as a file of its own: dark, or light where the reader prefers dark pages."""
        written, css = colours_written_out(self.body)
        return self._element(f"font-family:{style.FONT}", written, head=f"<style>{css}</style>")

    @property
    def html(self) -> str:
        """The picture as a part of a page; its ink is that of the notebook's theme or of the text around it."""
        return style.sheet() + self.markup

    @property
    def markup(self) -> str:
        """The same without the rules of `style.css`, for a page or an output that has them once for many pictures."""
        # A wide picture shrinks with the page, but not beyond what can be read; then it scrolls.
        least = math.ceil(0.7 * self.width)
        css = f"max-width:100%;min-width:{least}px;height:auto;color:{style.INK};font-family:{style.FONT}"
        return f'<div class="nnkit-picture" style="overflow-x:auto">{self._element(css, self.body)}</div>'

    @property
    def fixed(self) -> str:
        """The same in its own size whatever the width of the page, for what is laid over it."""
        return self._element(f"display:block;color:{style.INK};font-family:{style.FONT}", self.body)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the picture to a file, whole or not at all.

        Parameters
        ----------
        path : str or path
            Must end in ``.svg``.

        Raises
        ------
        ValueError
            If the name does not end in ``.svg``.
        """
        target = Path(path)
        if target.suffix != ".svg":
            raise ValueError(f"A picture is saved as SVG: expected a name ending in .svg, got {target.name!r}.")
        with whole_file(target) as file:
            file.write(f"{self.svg}\n".encode())

    def __repr__(self) -> str:
        return self.alt


def formula(diagram: Diagram) -> str:
    """Write what a graph computes, as text.

    Parameters
    ----------
    diagram : Diagram

    Returns
    -------
    str
        Such as "f = (x + y) × z²"; "" if that would be too long to be read out.
    """
    parts, wires = diagram.parts, diagram.wires
    arguments: list[list[int]] = [[] for _ in parts]
    uses = [0] * len(parts)
    for wire in wires:
        arguments[wire.target].append(wire.source)
        uses[wire.source] += 1
    if sum(part.kind == "operation" for part in parts) > 16:
        return ""
    shared, lines = 0, []
    text: list[tuple[str, int]] = []
    for index, part in enumerate(parts[:-1]):
        if part.kind != "operation":
            text.append((part.name or part.value, 9))
            continue
        inside = [text[argument] for argument in arguments[index]]
        rank = _PRECEDENCE.get(part.symbol, 0)
        if len(inside) == 2 and rank:
            # The right argument keeps its brackets at equal rank: a − (b − c), and a + (b + c) as it was computed.
            written = f"{_within(inside[0], rank)} {part.symbol} {_within(inside[1], rank + 1)}"
        elif part.symbol.startswith("(·)") and len(inside) == 1:
            written, rank = _within(inside[0], 4) + part.symbol[3:], 3
        elif part.symbol == "1/x":
            written, rank = f"1/{_within(inside[0], 3)}", 2
        elif part.symbol == "−":
            written, rank = f"−{_within(inside[0], 2)}", 1
        else:
            written, rank = f"{part.symbol}({', '.join(argument for argument, _ in inside)})", 9
        if index < len(parts) - 2 and (uses[index] > 1 or part.name):
            shared += not part.name
            lines.append(f"{part.name or f'v{shared}'} = {written}")
            written, rank = part.name or f"v{shared}", 9
        text.append((written, rank))
    return ", ".join([f"{parts[-1].name} = {text[-1][0]}", *reversed(lines)])


def _within(argument: tuple[str, int], rank: int) -> str:
    """Bracket an argument that binds less tightly than what surrounds it."""
    return argument[0] if argument[1] >= rank else f"({argument[0]})"


def text_width(text: str, size: float) -> float:
    """Estimate how wide a text is, on the wide side, without a font at hand.

    Parameters
    ----------
    text : str
    size : float
        Font size in pixels.

    Returns
    -------
    float
        Pixels.

    Examples
    --------
    >>> text_width("−0.197", 10.0) < text_width("−0.1977", 10.0)
    True
    """
    width = 0.0
    for sign in text:
        if sign in ".,·:;il|'!()[] ":
            width += 0.38
        elif sign in "⁰¹²³⁴⁵⁶⁷⁸⁹⁻₀₁₂₃₄₅₆₇₈₉ftrj":
            width += 0.46
        elif sign in "mwMW×−+=÷Σ∞":
            width += 0.84 if sign not in "mwMW" else 0.95
        else:
            width += 0.64
    return width * size


def _shape(part: Part) -> tuple[float, float, float]:
    """Return the width and height of a part's own shape, and the font size of what stands in it."""
    if part.kind == "operation":
        size = 19.0 if len(part.symbol) == 1 else 13.5
        wide = text_width(part.symbol, size)
        return max(2 * RADIUS, wide + (8 if len(part.symbol) <= 4 else 14)), 2 * RADIUS, size
    if part.kind == "result":
        return text_width(part.name, 15.0) + 6, 20.0, 15.0
    knob = 16 if part.kind == "weight" else 6 if part.kind == "target" else 0
    return text_width(_box_text(part), TEXT_SIZE) + 16 + knob, BOX_HEIGHT, TEXT_SIZE


def _box_text(part: Part) -> str:
    return " = ".join(text for text in (part.name, part.value) if text)


def _extent(part: Part) -> layout.Vertex:
    """Return the room a part needs, with the name above and the sum below it."""
    width, height, _ = _shape(part)
    top = bottom = height / 2 + (3 if part.kind == "weight" else 1)
    if part.kind == "operation":
        top = bottom = height / 2 + 5  # room for the ring of the active step
        if part.name:
            top += 18
            width = max(width, text_width(part.name, TEXT_SIZE))
    if part.sum:
        bottom += 18
        width = max(width, text_width(part.sum, TEXT_SIZE) + 4)
    if part.blank:
        bottom += 8 + BLANK_HEIGHT
        width = max(width, BLANK_WIDTH + 48)  # the sign of the sum before it, and as much behind it
    return layout.Vertex(width, top, bottom, align=0.5 if part.kind == "operation" else 1.0)


def xy(*numbers: float) -> str:
    """Write coordinates with at most one decimal.

    Parameters
    ----------
    *numbers : float

    Returns
    -------
    str

    Examples
    --------
    >>> xy(3.0, -0.04, 1.25)
    '3 0 1.2'
    """
    written = []
    for value in numbers:
        text = f"{value:.1f}".removesuffix(".0")
        written.append("0" if text == "-0" else text)
    return " ".join(written)


def text_at(x: float, y: float, content: str, size: float, extra: str = "") -> str:
    """Write a text as SVG, in the ink of the page.

    Parameters
    ----------
    x, y : float
        The middle of its line of writing.
    content : str
        Plain text.
    size : float
        Font size in pixels.
    extra : str
        Further attributes, each with a space before it.

    Returns
    -------
    str
    """
    return (
        f'<text x="{xy(x)}" y="{xy(y)}" font-size="{xy(size)}" text-anchor="middle" fill="currentColor"{extra}>'
        f"{html.escape(content)}</text>"
    )


def _gradient_text(x: float, y: float, content: str, role: str = "gradient") -> str:
    colour = "currentColor" if role == "ink" else style.colour(role)
    return (
        f'<text class="gradient" x="{xy(x)}" y="{xy(y)}" font-size="{xy(TEXT_SIZE)}" font-weight="600" '
        f'text-anchor="middle" fill="{colour}">{html.escape(content)}</text>'
    )


def _blank(x: float, y: float, ink: str) -> str:
    """Return an empty place to write into, its left upper corner at (x, y): a line with its ends turned up."""
    line = f"M{xy(x, y + BLANK_HEIGHT - 6)}V{xy(y + BLANK_HEIGHT - 1)}H{xy(x + BLANK_WIDTH)}V{xy(y + BLANK_HEIGHT - 6)}"
    return f'<path class="blank" d="{line}" fill="none" stroke="{ink}" stroke-width="1.2"/>'


def _corner_of_sum(part: Part, x: float, y: float) -> tuple[float, float]:
    return x - BLANK_WIDTH / 2, y + _shape(part)[1] / 2 + 8


def _corner_on_wire(wire: Wire, label: layout.Item) -> tuple[float, float]:
    return label.x - BLANK_WIDTH / 2, label.y - BLANK_HEIGHT - 4 if wire.blank == "value" else label.y + 4


def _draw_part(part: Part, x: float, y: float) -> str:
    """Return the SVG of one node whose shape is centred at (x, y)."""
    width, height, size = _shape(part)
    left, upper = x - width / 2, y - height / 2
    colour = style.colour(part.kind) if part.kind in style.COLOURS else "currentColor"
    drawn = []

    def box(grow: float, radius: float, attributes: str) -> str:
        return (
            f'<rect x="{xy(left - grow)}" y="{xy(upper - grow)}" width="{xy(width + 2 * grow)}" '
            f'height="{xy(height + 2 * grow)}" rx="{xy(radius)}" {attributes}/>'
        )

    if part.mark:
        role, look = RINGS[part.mark]
        area = f'fill="{style.colour(role)}" fill-opacity="0.14" ' if part.mark == "met" else 'fill="none" '
        drawn.append(
            box(5, (RADIUS if part.kind == "operation" else 4) + 5, f'{area}stroke="{style.colour(role)}" {look}')
        )
    if part.kind == "operation":
        ring = style.colour("gradient")
        if part.active:
            drawn.append(box(4, RADIUS + 4, f'fill="none" stroke="{ring}" stroke-width="2.5"'))
        drawn.append(
            box(
                0,
                RADIUS,
                'class="shape" fill="currentColor" fill-opacity="0.05" stroke="currentColor" stroke-width="1.5"',
            )
        )
        drawn.append(text_at(x, y + size * 0.35, part.symbol, size))
        if part.name:
            drawn.append(text_at(x, upper - 9, part.name, TEXT_SIZE, ' font-style="italic"'))
    elif part.kind == "result":
        drawn.append(text_at(x, y + size * 0.33, part.name, size, ' font-style="italic" font-weight="600"'))
    else:
        middle = x
        if part.kind == "weight":
            # Three signs besides the colour: a second line, and the knob of something that can be adjusted.
            drawn.append(box(2.5, 5.5, 'fill="none" stroke="currentColor" stroke-width="1.2"'))
            area = style.colour("weight-area")
            drawn.append(
                box(0, 3, f'class="shape" fill="{area}" fill-opacity="0.25" stroke="{colour}" stroke-width="2"')
            )
            knob = left + 12
            drawn.append(f'<path d="M{xy(knob, y - 8)}V{xy(y + 8)}" stroke="currentColor" stroke-width="1.3"/>')
            drawn.append(
                f'<circle cx="{xy(knob)}" cy="{xy(y - 2)}" r="3.4" fill="{area}" stroke="currentColor" '
                'stroke-width="1.2"/>'
            )
            middle += 7
        elif part.kind == "constant":
            drawn.append(
                box(
                    0,
                    3,
                    'class="shape" fill="none" stroke="currentColor" stroke-opacity="0.6" stroke-dasharray="3 2.5"',
                )
            )
        else:
            drawn.append(
                box(0, 4, f'class="shape" fill="{colour}" fill-opacity="0.14" stroke="{colour}" stroke-width="1.8"')
            )
            if part.kind == "target":
                drawn.append(
                    f'<path d="M{xy(left + 5, upper)}V{xy(upper + height)}" stroke="{colour}" stroke-width="3"/>'
                )
                middle += 3
        drawn.append(text_at(middle, y + size * 0.35, _box_text(part), size))
    told = (part.sum if part.arrived else "") if part.told is None else part.told
    if told:
        drawn.append(_gradient_text(x, y + height / 2 + 20, told, part.role))
    if part.blank:
        corner = _corner_of_sum(part, x, y)
        drawn += [_blank(*corner, style.colour("gradient")), _gradient_text(corner[0] - 9, corner[1] + 17, "Σ")]
    return "".join(drawn)


def _draw_wire(wire: Wire, placed: layout.Placed, index: int, start: float, port: tuple[float, float]) -> str:
    """Return the SVG of one edge: its line, its arrow head, the value above and the gradient below."""
    path, label = placed.paths[index], placed.labels[index]
    end_x, end_y = port
    here_y = path[0].y
    line = f"M{xy(start + 6 if wire.active else start, here_y)}"
    for number, item in enumerate(path[1:], start=1):
        last = number == len(path) - 1
        leave, enter = placed.right[item.column - 1], placed.left[item.column]
        if last:
            enter = min(enter, end_x - 8)
        height = end_y if last else item.y
        if abs(height - here_y) > 0.05:
            bend = (enter - leave) / 2
            line += f"L{xy(leave, here_y)}C{xy(leave + bend, here_y, enter - bend, height, enter, height)}"
        here_y = height
    line += f"L{xy(end_x if wire.active else end_x - 6, end_y)}"
    if wire.active:
        # A message on its way back: drawn in the gradients' colour, its head at the receiving end.
        ink, width, tip, back, tip_y = style.colour("gradient"), "2.4", start, start + 9, path[0].y
    else:
        ink, width, tip, back, tip_y = "currentColor", "1.3", end_x, end_x - 8, end_y
    if wire.mark == "wrong":
        ink, width = style.colour("gradient"), '2.4" stroke-dasharray="6 4'
    half = 4.6 if wire.active else 3.8
    drawn = [
        f'<path class="edge" d="{line}" fill="none" stroke="{ink}" stroke-width="{width}"/>',
        f'<path d="M{xy(tip, tip_y)}L{xy(back, tip_y - half)}V{xy(tip_y + half)}Z" fill="{ink}"/>',
    ]
    if wire.value:
        drawn.append(text_at(label.x, label.y - 5, wire.value, TEXT_SIZE, ' class="value"'))
    told = (wire.gradient if wire.arrived else "") if wire.told is None else wire.told
    if told:
        drawn.append(_gradient_text(label.x, label.y + 15, told, wire.role))
    if wire.blank:
        ink = "currentColor" if wire.blank == "value" else style.colour("gradient")
        drawn.append(_blank(*_corner_on_wire(wire, label), ink))
    return "".join(drawn)


LEGEND = (("input", "input"), ("weight", "weight (trainable)"), ("target", "target"), ("constant", "constant"))


def _legend(diagram: Diagram, y: float) -> tuple[str, float]:
    """Return the explaining line under a picture and its width."""
    kinds = {part.kind for part in diagram.parts}
    drawn, x = [], 4.0
    for kind, words in LEGEND:
        if kind in kinds:
            sample = Part(kind, {"input": "x", "weight": "w", "target": "t"}.get(kind, "1"))
            width, _, _ = _shape(sample)
            drawn.append(f'<g transform="translate({xy(x, y)}) scale(0.6)">{_draw_part(sample, width / 2, 0)}</g>')
            x += width * 0.6 + 6
            long = text_width(words, 12)
            drawn.append(text_at(x + long / 2, y + 4, words, 12))
            x += long + 14
    words = "above a line: value"
    long = text_width(words, 12)
    drawn.append(text_at(x + long / 2, y + 4, words, 12))
    x += long + 14
    if diagram.with_gradients:
        words = "below: gradient"
        long = text_width(words, 12)
        drawn.append(_gradient_text(x + long / 2, y + 4, words))
        x += long
    return f'<g class="legend">{"".join(drawn)}</g>', x


def _alt(diagram: Diagram) -> str:
    """Say in words what the picture shows."""
    parts = diagram.parts
    result = parts[-1]
    symbols = [part.symbol for part in parts if part.kind == "operation"]
    counted = [f"{symbol} ({symbols.count(symbol)} times)" if symbols.count(symbol) > 1 else symbol
               for symbol in dict.fromkeys(symbols)]  # fmt: skip
    said = [f"Computation graph of {formula(diagram) or result.name}"]
    if result.value:
        said[0] += f"; {result.name} = {result.value}"
    if counted:
        said.append(f"operations {', '.join(counted)}")
    for kind, words in _WORDS.items():
        members = [_box_text(part) for part in parts if part.kind == kind]
        if members:
            said.append(f"{words} {', '.join(members)}")
    inner = [f"{part.name} = {part.value}" for part in parts if part.kind == "operation" and part.name and part.value]
    if inner:
        said.append(f"values {', '.join(inner)}")
    gradients = [f"{part.name} {part.total}" for part in parts[:-1] if part.name and part.total and part.arrived]
    if gradients:
        said.append(f"gradients {', '.join(gradients)}")
    return "; ".join(said + diagram.notes) + "."


def render(diagram: Diagram) -> Picture:
    """Lay a diagram out and write it as SVG.

    Parameters
    ----------
    diagram : Diagram

    Returns
    -------
    Picture
    """
    parts, wires = diagram.parts, diagram.wires
    room = 18.0 if any(wire.gradient for wire in wires) or diagram.with_gradients else 4.0
    placed = layout.place(
        [_extent(part) for part in parts],
        [
            layout.Link(
                wire.source,
                wire.target,
                max(
                    text_width(wire.value, TEXT_SIZE),
                    text_width(wire.gradient, TEXT_SIZE) * 1.05,
                    BLANK_WIDTH + 6 if wire.blank else 20.0,
                )
                + 2,
                BLANK_HEIGHT + 5 if wire.blank == "value" else 18.0 if wire.value else 4.0,
                BLANK_HEIGHT + 5 if wire.blank == "gradient" else room,
            )
            for wire in wires
        ],
    )
    margin = 6.0
    header = 26.0 if diagram.title else 0.0
    arriving: list[list[int]] = [[] for _ in parts]
    for index, wire in enumerate(wires):
        arriving[wire.target].append(index)
    shift: dict[int, float] = {}
    for entering in arriving:
        ranked = sorted(entering, key=lambda index: (placed.paths[index][-2].y, index))
        pitch = min(13.0, 1.5 * RADIUS / max(len(ranked) - 1, 1))
        for rank, index in enumerate(ranked):
            shift[index] = (rank - (len(ranked) - 1) / 2) * pitch

    drawn = []
    for index, wire in enumerate(wires):
        source, target = placed.vertices[wire.source], placed.vertices[wire.target]
        start = source.x + _shape(parts[wire.source])[0] / 2 + (3 if parts[wire.source].kind == "weight" else 0)
        width = _shape(parts[wire.target])[0]
        off = shift[index]
        if parts[wire.target].kind == "operation":
            end = (
                target.x - width / 2 + RADIUS - math.sqrt(RADIUS**2 - off**2) - (4 if parts[wire.target].active else 0)
            )
        else:
            end = target.x - width / 2
        drawn.append(_draw_wire(wire, placed, index, start, (end, target.y + off)))
    for part, item in zip(parts, placed.vertices, strict=True):
        drawn.append(_draw_part(part, item.x, item.y))
    width, height = placed.width + 2 * margin, placed.height + 2 * margin + header
    body = f'<g transform="translate({xy(margin, margin + header)})">{"".join(drawn)}</g>'
    corners = {
        ("part", index): _corner_of_sum(part, item.x, item.y)
        for index, (part, item) in enumerate(zip(parts, placed.vertices, strict=True))
        if part.blank
    } | {("wire", index): _corner_on_wire(wire, placed.labels[index]) for index, wire in enumerate(wires) if wire.blank}
    if diagram.title:
        long = text_width(diagram.title, 14.5)
        body = text_at(margin + long / 2, 17, diagram.title, 14.5, ' font-weight="600"') + body
        width = max(width, long + 2 * margin)
    if diagram.legend:
        legend, long = _legend(diagram, height + 14)
        body += legend
        width, height = max(width, long + margin), height + 30
    alt = _alt(diagram)
    title = diagram.title or f"Computation graph of {parts[-1].name}"
    picture = Picture(body, width, height, alt, title)
    picture.blanks = {key: (x + margin, y + margin + header) for key, (x, y) in corners.items()}
    return picture
