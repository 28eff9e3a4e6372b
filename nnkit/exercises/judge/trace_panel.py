"""A trace as a panel in a notebook: what ran on the left, what it changed on the right, the comparison at the end.

Ink and background come from the theme around it, light or dark. Roles keep their colours: inputs blue, what is right
green, what is wrong vermillion; a sign or a word says the same without the colour.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

import numpy as np

from nnkit.draw import style as look
from nnkit.exercises.beside.pictures import Picture
from nnkit.exercises.judge.report import inline
from nnkit.exercises.judge.trace_text import (
    EXPECTED,
    NOTHING_RAN,
    YOURS,
    cells_of,
    error_in_words,
    folded_in_words,
    gives_back,
    in_one_line,
    lost_in_words,
    name_in_words,
    not_shown,
    size_in_words,
)
from nnkit.exercises.judge.traced import Change, Outcome, Row, Traced
from nnkit.languages import in_language, plural, say

BLUE, GREEN, VERMILLION = (look.colour(role) for role in ("input", "right", "gradient"))
# Text in a role's colour stands on the panel only; on a tint, where it could not be read, text is ink.
# Names of the course → the tint of their role, behind ink; what is given and none of these is an input.
ROLES = {
    r"(.*\.)?grad|g|dout|d[A-Za-z]\d?|d(scores|logits|loss)": "rgba(213, 94, 0, 0.24)",
    r"W\d*|w\d*|b\d*|theta\d*|self\.(W|w|b)": "rgba(230, 159, 0, 0.32)",
    r"y|targets": "rgba(0, 158, 115, 0.26)",
}
INPUT = "rgba(0, 114, 178, 0.26)"
CODE = "font-family: var(--jp-code-font-family, ui-monospace, Menlo, Consolas, monospace); font-size: 92%"
FAINT = "opacity: 0.65"
HAIR = "1px solid rgba(128, 128, 128, 0.18)"
LINE_OF_PARTS = "display: flex; flex-wrap: wrap; align-items: center"
# Line number, code, what it changed. The number's place is fixed, so calls inside calls move the code only.
COLUMNS = "display: grid; grid-template-columns: 2.6em minmax(0, 6fr) minmax(0, 5fr); column-gap: 0.9em"


def panel_of_trace(trace: Traced) -> str:
    """The whole panel."""
    heading = say("{exercise}, line by line.", exercise=trace.exercise)
    sign, colour = ("✓", GREEN) if trace.right else ("✗", VERMILLION)
    return "".join(
        [
            look.sheet(),
            f'<div role="region" aria-label="{html.escape(in_language(heading).rstrip("."))}" '
            f'style="border-left: 4px solid {BLUE}; padding: 0.6em 1em 0.8em; margin: 0.3em 0; max-width: 62em; '
            'background: rgba(128, 128, 128, 0.08); line-height: 1.5; overflow-x: auto">',
            f"<div><strong>{html.escape(in_language(heading))}</strong> {inline(in_language(trace.which))}</div>",
            '<div style="margin: 0.6em 0">',
            *(_row(row) for row in trace.rows),
            "" if trace.rows else f'<div style="{FAINT}; font-style: italic">{in_language(NOTHING_RAN)}</div>',
            "</div>",
            f'<div style="border-top: 2px solid {colour}; padding-top: 0.5em">',
            f'<span aria-hidden="true" style="color: {colour}; font-weight: bold">{sign}</span> '
            f"{inline(in_language(trace.verdict))}</div>",
            *(_outcome(outcome) for outcome in trace.outcomes),
            "</div>",
        ]
    )


def _row(row: Row) -> str:
    if row.kind == "call":
        return _call(row)
    if row.kind == "fold":
        words = in_language(folded_in_words(row))
        return _line("", f'<span style="{FAINT}; font-style: italic">{words}</span>', _changes(row.changed), row.depth)
    if row.kind == "back":
        back = in_language(say("↩ back in line {line}", line=row.line))
        return _line("", f'<span style="{FAINT}">{back}</span>', _changes(row.changed), row.depth)
    if row.kind in ("more", "cut", "lost"):
        words = html.escape(
            f"⋯ {in_language(not_shown(row))}" if row.kind == "more" else in_language(lost_in_words(row))
        )
        return _line("", f'<span style="{FAINT}; font-style: italic">{words}</span>', "", row.depth)
    if row.kind in ("return", "yield"):
        words = f'<span style="{FAINT}">↩ {in_language(gives_back(row))}</span>'
        value = row.value or ["words", ""]
        return _line("", words, f'<div style="{CODE}">{_value(value)}</div>', row.depth)
    code = f'<span style="{CODE}; white-space: pre-wrap; overflow-wrap: anywhere">{html.escape(row.text)}</span>'
    if row.raised is not None:
        words = html.escape(in_language(error_in_words(row.raised)))
        code += (
            f'<div style="border-left: 3px solid {VERMILLION}; padding-left: 0.5em; font-weight: bold">✗ {words}</div>'
        )
    return _line(str(row.line), code, _changes(row.changed), row.depth, row.marked)


def _line(number: str, left: str, right: str, depth: int, marked: bool = False) -> str:
    back = f"; background: rgba(213, 94, 0, 0.16); box-shadow: inset 3px 0 {VERMILLION}" if marked else ""
    found = html.escape(in_language(say("↑ the line that the check found")))
    here = f'<div style="font-weight: 600; font-size: 85%">{found}</div>' if marked else ""
    return (
        f'<div style="{COLUMNS}; border-top: {HAIR}; padding: 0.12em 0; align-items: baseline{back}">'
        f'<span style="text-align: right; font-size: 85%; {FAINT}; font-variant-numeric: tabular-nums">{number}</span>'
        f"<div>{_rails(depth, left + here)}</div><div>{right}</div></div>"
    )


def _rails(depth: int, content: str) -> str:
    """Content behind one thin upright line for every call that it is inside of."""
    for _ in range(max(0, min(depth, 12) - 1)):
        content = (
            '<div style="border-left: 2px solid rgba(128, 128, 128, 0.9); margin-left: 0.25em; padding-left: 0.8em">'
            f"{content}</div>"
        )
    return content


def _call(row: Row) -> str:
    names = ", ".join(html.escape(one.name) for one in row.arguments)
    head = f'<span style="{CODE}"><strong>{html.escape(name_in_words(row.name))}</strong>({names})</span>'
    label = f'<span style="{FAINT}">→ </span>' if row.depth else ""
    told = [one for one in row.arguments if not _is_function(one) or len(row.arguments) == 1]
    given = "".join(_change(one, given=True) for one in told)
    given = f'<div style="display: flex; flex-wrap: wrap; column-gap: 1.6em">{given}</div>'
    space = "; margin-top: 0.7em" if not row.depth else ""
    return (
        f'<div style="{COLUMNS}; border-top: {HAIR}; padding: 0.2em 0; align-items: baseline{space}"><span></span>'
        f"<div>{_rails(row.depth + 1, label + head)}</div><div>{given}</div></div>"
    )


def _is_function(change: Change) -> bool:
    return change.picture[0] == "words" and "function" in str(change.picture[1])


def _changes(changed: Sequence[Change]) -> str:
    return "".join(_change(one) for one in changed)


def _change(change: Change, given: bool = False) -> str:
    """``name = value``; behind the name the colour of its role."""
    tints = (tint for pattern, tint in ROLES.items() if re.fullmatch(pattern, change.name))
    colour = next(tints, INPUT if given else "")
    role = f"; background: {colour}; border-radius: 3px; padding: 0 0.3em" if colour else ""
    callers = html.escape(in_language(say("the caller’s own array")))
    note = f' <span style="font-weight: 600; font-size: 85%">{callers}</span>' if change.given else ""
    name = f'<strong style="font-weight: 600{role}">{html.escape(change.name)}</strong> ='
    if not _is_grid(change.picture):
        hanging = "padding: 0.05em 0 0.05em 1.2em; text-indent: -1.2em; overflow-wrap: anywhere"
        value = _value(change.picture, change.places) + _gap(change.picture)
        return f'<div style="{CODE}; {hanging}">{name} {value}{note}</div>'
    return (
        f'<div style="{CODE}; {LINE_OF_PARTS}; column-gap: 0.5em; padding: 0.05em 0">'
        f"<span>{name}</span>{_value(change.picture, change.places)}{_shape(change.picture)}{note}</div>"
    )


def _shape(picture: Picture) -> str:
    """The shape of an array, small and faint behind it; lists have none."""
    if picture[0] != "array":
        return ""
    return f'<span style="opacity: 0.7; font-size: 85%">{size_in_words(picture[1].shape)}</span>'


def _value(picture: Picture, places: Sequence[int] = (), beside: Picture | None = None, colour: str = "") -> str:
    """A value: small arrays as a grid between brackets, everything else in words."""
    if _is_grid(picture):
        array = picture[1]
        other = beside[1] if beside is not None and beside[0] == picture[0] and beside[1].shape == array.shape else None
        return _grid(np.atleast_2d(np.array(cells_of(array, other), dtype=object)), places, array.ndim, colour)
    if picture[0] == "entries" and any(_is_grid(part) or part[0] == "large" for part in picture[2]):
        parts = "".join(f"<span>{_value(part)}</span>" for part in picture[2])
        more = "<span>…</span>" if len(picture[2]) < picture[3] else ""
        return (
            '<span style="display: inline-flex; flex-wrap: wrap; align-items: center; gap: 0.3em 0.9em">'
            f"{parts}{more}</span>"
        )
    if picture[0] == "large":
        return f'<span style="opacity: 0.85">{html.escape(in_one_line(picture))}</span>'
    number = beside[1] if beside is not None and beside[0] == picture[0] == "value" else None
    style = f' style="{colour}"' if colour else ""
    return f"<span{style}>{html.escape(in_one_line(picture, beside=number))}</span>"


def _is_grid(picture: Picture) -> bool:
    return picture[0] in ("array", "list") and picture[1].size > 1 and picture[1].ndim <= 2


def _grid(cells: np.ndarray, places: Sequence[int], dimensions: int, colour: str) -> str:
    rows, columns = cells.shape
    marked = set(places) if len(places) < cells.size else set()
    inside = ""
    for place, cell in enumerate(cells.ravel()):
        style = f' style="{colour or MARK}"' if place in marked or (colour and not marked) else ""
        inside += f"<span{style}>{html.escape(cell)}</span>"
    shape = f"{rows} × {columns}" if dimensions == 2 else in_language(plural(columns, "entry", "entries"))
    edge = "border: 1px solid rgba(128, 128, 128, 0.9); border-width: 0 1.5px; border-radius: 5px"
    return (
        f'<span role="img" aria-label="{html.escape(_spoken(cells, shape))}" style="display: inline-grid; '
        f"grid-template-columns: repeat({columns}, auto); column-gap: 0.9em; padding: 0 0.45em; margin: 0.1em 0; "
        f'text-align: right; font-variant-numeric: tabular-nums; {edge}">{inside}</span>'
    )


MARK = "font-weight: bold; box-shadow: inset 0 -2px currentColor"


def _spoken(cells: np.ndarray, shape: str) -> str:
    return f"{shape}: {'; '.join(', '.join(row) for row in cells)}"


def _outcome(outcome: Outcome) -> str:
    name = f'<strong style="{CODE}">{html.escape(outcome.name)}</strong>' if outcome.name else ""
    if outcome.right:
        return _compared(name, f'<span style="color: {GREEN}">✓ {in_language("right")}</span>', _value(outcome.got))
    wrong = f"color: {VERMILLION}; {MARK}"
    expected = _value(outcome.expected, beside=outcome.got) + _gap(outcome.expected)
    lines = _compared(name, f'<span style="{FAINT}">{in_language(EXPECTED)}</span>', expected)
    got = _value(outcome.got, outcome.places, outcome.expected, wrong) + _gap(outcome.got)
    lines += _compared("", f'<span style="color: {VERMILLION}">✗ {in_language(YOURS)}</span>', got)
    if outcome.table is not None and outcome.got[0] == "large":
        table = outcome.table
        for place, right, mine, bad in zip(table.columns, table.expected, table.got, table.wrong, strict=True):
            if bad:
                pair = html.escape(in_language(say("expected {right}, yours {got}", right=right, got=mine)))
                lines += _compared("", f'<span style="{CODE}">{html.escape(place)}</span>', f"<span>{pair}</span>")
    return lines


def _gap(picture: Picture) -> str:
    shape = _shape(picture)
    return f" {shape}" if shape else ""


def _compared(name: str, label: str, value: str) -> str:
    return (
        '<div style="display: grid; grid-template-columns: 5em 6em minmax(0, 1fr); column-gap: 0.8em; '
        f'padding: 0.12em 0; align-items: center"><span>{name}</span><span>{label}</span>'
        f'<span style="{CODE}">{value}</span></div>'
    )
