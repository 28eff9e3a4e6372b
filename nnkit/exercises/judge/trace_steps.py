"""A trace as plain data for a stepper: for every row the text of the function, where it stands, and all its names.

Rows tell what a line has changed; whoever steps through wants to see what every name is at that moment. So the names of
each call are carried along here, and what has just changed is marked among them. Everything is text and numbers: the
page writes it as text, whatever a student calls a name and whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from nnkit.exercises.beside.pictures import Picture
from nnkit.exercises.judge.trace_text import (
    NOTHING_RAN,
    cells_of,
    error_in_words,
    folded_in_words,
    in_lines,
    in_one_line,
    lost_in_words,
    name_in_words,
    not_shown,
    pair_in_words,
    size_in_words,
)
from nnkit.exercises.judge.traced import Change, Outcome, Row, Traced
from nnkit.exercises.judge.wording import number
from nnkit.languages import counted, in_language, joined, marked, say, sentences

LONGEST = 60  # characters of a value inside the sentence
MOST_NAMES = 24  # of one call
MOST_COLUMNS = 12  # of a grid; a longer row of numbers is text


class _Call:
    """A call that goes on: what it is called, its text, and what its names stand for."""

    def __init__(self, row: Row) -> None:
        self.head = f"{name_in_words(row.name)}({', '.join(one.name for one in row.arguments)})"
        self.name = name_in_words(row.name)
        self.block = row.block
        self.first = row.line
        self.names: dict[str, int] = {}  # name → the number of its view
        self.given: set[str] = set()
        self.last: list[Any] = [row.line, 1, ""]  # where it stands: the line, how many lines, their text


def steps_of_trace(trace: Traced) -> dict[str, Any]:
    """The data of `nnkit.widgets.code_steps.CodeSteps`.

    Parameters
    ----------
    trace : Traced

    Returns
    -------
    dict
        ``lead``; ``blocks``; ``views`` (how values are shown, by number); ``steps``, in each the ``calls`` that it is
        inside of, its ``block``, its ``line`` with its ``count`` of lines and ``text``, ``found`` lines, ``names`` and
        ``words``; ``end``.
    """
    views: list[dict[str, Any]] = []

    def view(change: Change) -> int:
        views.append(view_of(change.picture, change.places))
        return len(views) - 1

    calls: list[_Call] = []
    steps: list[dict[str, Any]] = []
    for place, row in enumerate(trace.rows):
        if row.kind == "call":
            del calls[row.depth :]
            calls.append(_Call(row))
        depth = row.depth + (row.kind == "call")
        del calls[max(depth, 1) :]
        changed = row.arguments if row.kind == "call" else row.changed
        call = calls[-1] if calls else None
        if call is not None:
            for change in changed:
                call.names[change.name] = view(change)
                if change.given:
                    call.given.add(change.name)
            if row.kind in ("line", "back", "fold"):
                lines = row.text.split("\n") if row.text else [""]
                call.last = [row.line, len(lines), row.text]
        after = trace.rows[place + 1] if place + 1 < len(trace.rows) else None
        steps.append(_step(row, calls, {change.name for change in changed}, after))
    steps.append({**_step(None, calls[:1], set()), "words": in_language(trace.verdict if trace.rows else NOTHING_RAN)})
    return {
        "lead": [
            in_language(say("{exercise}, line by line.", exercise=trace.exercise)),
            in_language(trace.which),
        ],
        "blocks": [{"first": block.first, "lines": list(block.lines)} for block in trace.blocks],
        "found": sorted(
            {(_block_at(trace.rows, place), row.line) for place, row in enumerate(trace.rows) if row.marked}
        ),
        "views": views,
        "steps": steps,
        "end": {
            "right": trace.right,
            "verdict": in_language(trace.verdict),
            "outcomes": [_outcome(outcome) for outcome in trace.outcomes],
        },
    }


def _block_at(rows: Sequence[Row], place: int) -> int:
    """The text in which a row stands: that of the call around it."""
    depth = rows[place].depth
    return next((row.block for row in reversed(rows[:place]) if row.kind == "call" and row.depth == depth - 1), -1)


def _step(row: Row | None, calls: Sequence[_Call], changed: set[str], after: Row | None = None) -> dict[str, Any]:
    call = calls[-1] if calls else None
    line, count, text = call.last if call is not None else (0, 0, "")
    # A name keeps its place from step to step, so that one sees which of them changes.
    names = list(call.names.items()) if call is not None else []
    names = [one for place, one in enumerate(names) if one[0] in changed or len(names) - place <= MOST_NAMES]
    return {
        "calls": [one.head for one in calls],
        "block": call.block if call is not None else -1,
        "line": line,
        "count": count,
        "text": text,
        "error": in_language(error_in_words(row.raised)) if row is not None and row.raised is not None else "",
        "names": [[name, view, name in changed, call is not None and name in call.given] for name, view in names],
        "words": in_language(_in_words(row, call, after)) if row is not None else "",
    }


def _in_words(row: Row, call: _Call | None, after: Row | None) -> str:
    """What happens in a row, in a sentence or two; `after` is the row that follows."""
    if row.kind == "call":
        known = {"name": name_in_words(row.name), "given": _listed(row.arguments)}
        if row.arguments:
            begins = marked("Now begins {name} with {given}."), marked("The check calls {name} with {given}.")
        else:
            begins = marked("Now begins {name}."), marked("The check calls {name}.")
        return say(begins[0] if row.depth else begins[1], **known)
    if row.kind == "fold":
        if not row.changed:
            return say("{rounds}.", rounds=folded_in_words(row))
        return counted(
            "{rounds}; after it {given}.",
            "{rounds}; after them {given}.",
            row.count,
            rounds=folded_in_words(row),
            given=_listed(row.changed),
        )
    if row.kind == "back":
        return say("Back in line {line}: {changes}.", line=row.line, changes=_listed(row.changed))
    if row.kind == "more":
        return say("⋯ {what}.", what=not_shown(row))
    if row.kind in ("cut", "lost"):
        return lost_in_words(row)
    if row.kind in ("return", "yield"):
        value = _short(row.value) if row.value else say("nothing")
        name = call.name if call is not None else say("It")
        form = marked("{name} returns {value}.") if row.kind == "return" else marked("{name} yields {value}.")
        return say(form, name=name, value=value)
    said = [say("Line {line} changes no name.", line=row.line)]
    if row.changed:
        said = [say("Line {line}: {changes}.", line=row.line, changes=_listed(row.changed))]
    elif after is not None and after.kind == "call" and after.depth == row.depth:
        said = [say("Line {line} calls {name}.", line=row.line, name=name_in_words(after.name))]
    elif re.match(r"(?:def\b.*:\s*)?return\b", row.text):  # the whole function may stand in one line
        said = [say("Line {line} returns.", line=row.line)]
    if row.raised is not None:
        form = marked("Line {line} stops with {error}.") if row.raised[0] else marked("Line {line}: {error}.")
        said = [say(form, line=row.line, error=error_in_words(row.raised))]
    if any(change.given for change in row.changed):
        said.append(say("That is the caller’s own array."))
    if row.marked:
        said.append(say("It is the line that the check found."))
    return sentences(*said)


def _listed(changes: Sequence[Change]) -> str:
    return joined(joined([change.name, _short(change.picture)], " = ") for change in changes)


def _short(picture: Picture) -> str:
    """A value inside a sentence; a long one by its size only."""
    text = in_one_line(picture)
    if len(text) <= LONGEST:
        return text
    if picture[0] in ("array", "list"):
        return say("an array of shape {shape}", shape=size_in_words(picture[1].shape))
    if picture[0] == "large":
        return say("an array of shape {shape}", shape=size_in_words(picture[1]))
    return f"{text[: LONGEST - 1]}…"


# ---------------------------------------------------------------------------------------------------------------------
# How a value is shown
# ---------------------------------------------------------------------------------------------------------------------


def view_of(picture: Picture, places: Sequence[int] = (), beside: Picture | None = None) -> dict[str, Any]:
    """How a value is shown: as a grid of numbers, as a map of colours, or as text.

    Parameters
    ----------
    picture : Picture
        As `beside.pictures.picture` makes it.
    places : sequence of int
        Entries that are marked.
    beside : Picture, optional
        What it is compared with: as many digits are written as tell them apart.

    Returns
    -------
    dict
        ``text`` in any case; ``shape`` of an array; ``grid`` (rows, columns, cells, how strongly each is coloured from
        −1 to 1, marked places) or ``map`` (rows, columns, values, lowest, highest).

    Examples
    --------
    >>> view_of(["array", np.array([1.0, -2.0])])["grid"]
    {'rows': 1, 'columns': 2, 'cells': ['1', '−2'], 'shares': [0.5, -1.0], 'marked': []}
    """
    number_beside = beside[1] if beside is not None and beside[0] == picture[0] == "value" else None
    found: dict[str, Any] = {"text": "\n".join(in_lines(picture, beside=number_beside))}
    if picture[0] in ("array", "list"):
        array = picture[1]
        found["shape"] = size_in_words(array.shape) if picture[0] == "array" else ""
        if array.size > 1 and array.ndim <= 2 and array.shape[-1] <= MOST_COLUMNS:
            alike = beside is not None and beside[0] == picture[0] and beside[1].shape == array.shape
            cells = np.array(cells_of(array, beside[1] if alike and beside is not None else None), dtype=object)
            rows, columns = np.atleast_2d(array).shape
            marked = [int(place) for place in places] if len(places) < array.size else []
            found["grid"] = {
                "rows": rows,
                "columns": columns,
                "cells": [str(cell) for cell in cells.ravel()],
                "shares": _shares(array),
                "marked": marked,
            }
    if picture[0] == "large":
        _, shape, _, low, high, _, _, sample = picture
        found["shape"] = size_in_words(shape)
        values = np.array(sample, dtype=float)
        if values.size and low is not None and np.isfinite(values).any():
            found["map"] = {
                "rows": values.shape[0],
                "columns": values.shape[1],
                "values": [entry if np.isfinite(entry) else 0.0 for entry in values.ravel().tolist()],
                "low": number(low),
                "high": number(high),
            }
    return found


def _shares(array: np.ndarray) -> list[float]:
    """How strongly each entry is coloured: its share of the largest, with its sign."""
    if array.dtype.kind == "c":
        return [0.0] * int(array.size)
    values = array.ravel().astype(float)
    finite = np.where(np.isfinite(values), values, 0.0)
    largest = float(np.abs(finite).max())
    return [round(float(share), 3) for share in finite / (largest or 1.0)]


def _outcome(outcome: Outcome) -> dict[str, Any]:
    pairs = []
    if outcome.table is not None and outcome.got[0] == "large":
        table = outcome.table
        columns = zip(table.columns, table.expected, table.got, table.wrong, strict=True)
        pairs = [in_language(pair_in_words(place, right, mine)) for place, right, mine, bad in columns if bad]
    return {
        "name": outcome.name,
        "right": outcome.right,
        "expected": view_of(outcome.expected, beside=outcome.got),
        "got": view_of(outcome.got, outcome.places, outcome.expected),
        "pairs": pairs,
    }
