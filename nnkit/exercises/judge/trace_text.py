"""A trace as plain text: line number, the line, and what it changed; calls inside calls are indented."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnkit.exercises.beside.pictures import Picture
from nnkit.exercises.judge.from_beside import from_beside
from nnkit.exercises.judge.traced import Change, Outcome, Row, Traced
from nnkit.exercises.judge.wording import listing, number, plural
from nnkit.languages import counted, in_language, joined, say

WIDEST_CODE = 46  # a longer line of code has what it changed beneath it
WIDEST = 72  # of a matrix that is written in one line
INDENT = "│  "
NOTHING_RAN = say("⋯ no line of your own ran")


def text_of_trace(trace: Traced) -> str:
    """The whole trace."""
    lines = [in_language(trace.lead).rstrip()]
    code = [len(part) for row in trace.rows if row.kind == "line" for part in row.text.split("\n")]
    width = min(max(code, default=0), WIDEST_CODE)
    gutter = max((len(str(row.line)) for row in trace.rows), default=1)
    for row in trace.rows:
        lines += _row(row, width, gutter)
    if not trace.rows:
        lines.append(f"  {in_language(NOTHING_RAN)}")
    sign = "✓" if trace.right else "✗"
    lines += ["", f"{sign} {in_language(trace.verdict)}"]
    for outcome in trace.outcomes:
        lines += _outcome(outcome)
    return "\n".join(lines)


def _row(row: Row, width: int, gutter: int) -> list[str]:
    blank = " " * (gutter + 2)
    if row.kind == "call":
        head = f"{blank}{INDENT * row.depth}{name_in_words(row.name)}({', '.join(one.name for one in row.arguments)})"
        inner = blank + INDENT * (row.depth + 1)
        return [head, *(inner + text for text in _given(row.arguments))]
    inner = blank + INDENT * row.depth
    if row.kind == "fold":
        return _beside(inner + in_language(folded_in_words(row)), row.changed, len(inner) + width)
    if row.kind == "back":
        return _beside(
            inner + in_language(say("↩ back in line {line}", line=row.line)), row.changed, len(inner) + width
        )
    if row.kind in ("cut", "lost"):
        return [inner + in_language(lost_in_words(row))]
    if row.kind == "more":
        return [inner + f"⋯ {in_language(not_shown(row))}"]
    if row.kind in ("return", "yield"):
        parts = in_lines(row.value or ["words", ""])
        lead = f"{in_language(gives_back(row))} "
        # English has one width for both words, "returns" and "yields".
        blank = " " * max(len(lead), len("returns "))
        return [inner + (lead if place == 0 else blank) + part for place, part in enumerate(parts)]
    mark = ">" if row.marked else " "
    head = f"{mark}{row.line:>{gutter}} {INDENT * row.depth}"
    texts = [head + row.text.split("\n")[0], *(inner + text for text in row.text.split("\n")[1:])]
    lines = [*texts[:-1], *_beside(texts[-1], row.changed, len(inner) + width)]
    if row.raised is not None:
        lines.append(inner + f"✗ {in_language(error_in_words(row.raised))}")
    return lines


def _given(arguments: Sequence[Change]) -> list[str]:
    """The arguments of a call, short ones side by side."""
    lines: list[str] = []
    joinable = False
    for one in arguments:
        if one.picture[0] == "words" and "function" in str(one.picture[1]) and len(arguments) > 1:
            continue
        texts = _assigned(one)
        short = len(texts) == 1 and len(texts[0]) <= WIDEST // 3
        if short and joinable and len(lines[-1]) + len(texts[0]) <= WIDEST:
            lines[-1] += "   " + texts[0]
        else:
            lines += texts
        joinable = short
    return lines


def _beside(text: str, changed: Sequence[Change], width: int) -> list[str]:
    """Text on the left, the names that changed on the right, or beneath it where it is too long."""
    right = [part for change in changed for part in _assigned(change)]
    if not right:
        return [text.rstrip()]
    lines = [text.ljust(width) + "   " + right.pop(0)] if len(text) <= width else [text]
    return lines + [" " * width + "   " + part for part in right]


def _assigned(change: Change) -> list[str]:
    """``dW = [[1, 2], [3, 4]]``, in several lines where it is long."""
    callers = in_language(say("(the caller's own array)"))
    note = f"   {callers}" if change.given else ""
    lead = f"{change.name} = "
    first, *rest = with_shape(change.picture, in_lines(change.picture))
    return [lead + first + note, *(" " * len(lead) + part for part in rest)]


def with_shape(picture: Picture, lines: list[str]) -> list[str]:
    """The shape of an array behind its last line; lists have none."""
    if picture[0] != "array" or not picture[1].size:
        return lines
    return [*lines[:-1], f"{lines[-1]}  {size_in_words(picture[1].shape)}"]


def _outcome(outcome: Outcome) -> list[str]:
    lead = f"  {outcome.name} " if outcome.name else "  "
    if outcome.right:
        words = say("is right:") if outcome.name else say("result:")
        label = f"{lead}{in_language(words)} "
        return _labelled(label, with_shape(outcome.got, in_lines(outcome.got)))
    if outcome.table is not None and outcome.got[0] == "large":
        table = outcome.table
        pairs = zip(table.columns, table.expected, table.got, table.wrong, strict=True)
        lines = [
            f"  {in_language(pair_in_words(f'{outcome.name}{place}', right, got))}"
            for place, right, got, bad in pairs
            if bad
        ]
        return [*_labelled(f"{lead}{in_language(EXPECTED)}: ", in_lines(outcome.expected)), *lines]
    right, got = beside_each_other(outcome)
    right, got = with_shape(outcome.expected, right), with_shape(outcome.got, got)
    expected, yours = f"{in_language(EXPECTED)}: ", f"{in_language(YOURS)}: "
    wide = max(len(expected), len(yours))
    starred = [" " * (len(lead) + wide) + in_language(say("(* differs)"))] if any("*" in line for line in got) else []
    return [
        *_labelled(lead + expected.ljust(wide), right),
        *_labelled(" " * len(lead) + yours.ljust(wide), got),
        *starred,
    ]


def _labelled(label: str, lines: list[str]) -> list[str]:
    return [(label if place == 0 else " " * len(label)) + line for place, line in enumerate(lines)]


def beside_each_other(outcome: Outcome) -> tuple[list[str], list[str]]:
    """Expected and got, with enough digits to tell them apart."""
    right, got = outcome.expected, outcome.got
    if right[0] == got[0] == "array" and right[1].shape == got[1].shape:
        return in_lines(right, beside=got[1]), in_lines(got, outcome.places, beside=right[1])
    if right[0] == got[0] == "value":
        return in_lines(right, beside=got[1]), in_lines(got, beside=right[1])
    return in_lines(right), in_lines(got)


# ---------------------------------------------------------------------------------------------------------------------
# Words that text and panel share
# ---------------------------------------------------------------------------------------------------------------------


def name_in_words(name: str) -> str:
    """The name of a function; one without a name is called what it is."""
    return name.replace("<lambda>", "lambda")


def folded_in_words(row: Row) -> str:
    """ "⋯ 997 more rounds of line 3"."""
    return counted(
        "⋯ {count:,} more round of line {line}", "⋯ {count:,} more rounds of line {line}", row.count, line=row.line
    )


EXPECTED, YOURS = say("expected"), say("yours")


def gives_back(row: Row) -> str:
    """What a call does that ends or pauses: "returns", "yields"."""
    return say("returns") if row.kind == "return" else say("yields")


def pair_in_words(place: str, right: str, mine: str) -> str:
    """An entry that is wrong: where it is, and both numbers."""
    return say("{place}: expected {right}, yours {got}", place=place, right=right, got=mine)


def not_shown(row: Row) -> str:
    """What is counted and not shown: "12 more calls of visit", "40 more lines"."""
    calls = [
        counted("{count:,} more call of {name}", "{count:,} more calls of {name}", count, name=name_in_words(name))
        for name, count in row.calls
    ]
    return listing([*calls, *([plural(row.count, "more line")] if row.count else [])])


def lost_in_words(row: Row) -> str:
    """That the recording ended before the answer, and why."""
    if row.kind == "cut":
        return say("⋯ after {count:,} lines the rest ran without being recorded", count=row.count)
    return say(
        "⋯ the recording broke off here ({error}); the answer itself went on. Please report this.", error=row.text
    )


def error_in_words(raised: tuple[str, str]) -> str:
    """``ValueError: …``, or how it was stopped."""
    kind, text = raised
    return joined([f"{kind}: {text}".rstrip(": ")]) if kind else from_beside(text)


def size_in_words(shape: Sequence[int]) -> str:
    """A shape as NumPy writes it."""
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def in_lines(picture: Picture, places: Sequence[int] = (), beside: Any = None) -> list[str]:
    """A picture as text: in one line where it is short, else a matrix row by row."""
    if picture[0] in ("array", "list") and picture[1].ndim >= 2 and picture[1].size:
        cells = cells_of(picture[1], beside, places)
        if len(picture[1]) > 1 or len(_nested(cells)) > WIDEST:
            return _aligned(cells)
    if picture[0] == "entries" and picture[2] and (len(in_one_line(picture)) > WIDEST or _holds(picture, "large")):
        opening, closing = _brackets(picture)
        parts = [in_one_line(entry) for entry in picture[2]] + ["…"] * (len(picture[2]) < picture[3])
        parts = [f"{part}," for part in parts[:-1]] + [parts[-1] + closing]
        return [(" " * len(opening) if place else opening) + part for place, part in enumerate(parts)]
    return [in_one_line(picture, places, beside)]


def _holds(picture: Picture, kind: str) -> bool:
    return any(part[0] == kind for part in picture[2])


def _brackets(picture: Picture) -> tuple[str, str]:
    kind, length = picture[1], picture[3]
    if "set" in kind:
        return ("{", "}") if length else ("set(", ")")
    return {"tuple": ("(", ")"), "list": ("[", "]")}.get(kind, (f"{kind}(", ")"))


def in_one_line(picture: Picture, places: Sequence[int] = (), beside: Any = None) -> str:
    """A picture as one line of text.

    Examples
    --------
    >>> in_one_line(["array", np.array([[0.5, -1.0]])])
    '[[0.5, −1]]'
    >>> in_one_line(["entries", "tuple", [["value", 1], ["value", "x"]], 2])
    "(1, 'x')"
    """
    kind = picture[0]
    if kind == "value":
        return _plain(picture[1], beside)
    if kind in ("array", "list"):
        array = picture[1]
        if array.size:
            return _nested(cells_of(array, beside, places))
        return in_language(say("empty, shape {shape}", shape=size_in_words(array.shape)))
    if kind == "large":
        return large_in_words(picture)
    if kind == "entries":
        return _entries(picture)
    if kind == "pairs":
        inner = [f"{key}: {in_one_line(value)}" for key, value in picture[1]]
        return "{" + ", ".join([*inner, *(["…"] if len(inner) < picture[2] else [])]) + "}"
    if kind == "object":
        inner = [f"{key}={in_one_line(value)}" for key, value in picture[2]]
        return f"{picture[1]}({', '.join(inner)})"
    return in_language(joined([from_beside(str(picture[1]))]))


def _entries(picture: Picture) -> str:
    _, kind, shown, length = picture
    opening, closing = _brackets(picture)
    inner = [in_one_line(entry) for entry in shown]
    if len(inner) < length:
        inner.append("…" if inner else in_language(plural(length, "entry", "entries")))
    return f"{opening}{', '.join(inner)}{',' if kind == 'tuple' and length == 1 else ''}{closing}"


def large_in_words(picture: Picture) -> str:
    """A large array: its shape, its range, its first entries."""
    _, shape, kind, low, high, first, lost, _ = picture
    text = in_language(say("shape {shape}", shape=size_in_words(shape)))
    if kind == "b":
        return f"{text}, {in_language(say('{count} of {all} True', count=high, all=int(np.prod(shape))))}"
    if low is not None:
        text += f", {in_language(say('from {low} to {high}', low=number(low), high=number(high)))}"
    if lost:
        text += f", {in_language(say('{count} not finite', count=lost))}"
    return f"{text}: {', '.join(number(entry) for entry in first)}, …" if first else text


def _plain(value: Any, beside: Any = None) -> str:
    if isinstance(value, str):
        return repr(value)
    return "None" if value is None else number(value, beside if isinstance(beside, int | float) else None)


def cells_of(array: np.ndarray, beside: np.ndarray | None = None, places: Sequence[int] = ()) -> Any:
    """The numbers of an array as text, nested as they are; with enough digits to tell them from those beside them."""
    other = beside if beside is not None else array
    if array.dtype.kind == "c":
        flat: list[str] = [f"{entry:.4g}" for entry in array.ravel().tolist()]
    else:
        pairs = zip(array.ravel().tolist(), other.ravel().tolist(), strict=True)
        flat = [number(mine, its if mine != its else None) for mine, its in pairs]
    for place in places if len(places) < array.size else ():
        flat[place] = f"{flat[place]}*"
    return np.array(flat, dtype=object).reshape(array.shape).tolist()


def _nested(cells: Any) -> str:
    return f"[{', '.join(_nested(cell) for cell in cells)}]" if isinstance(cells, list) else str(cells)


def _aligned(cells: Any, indent: int = 1) -> list[str]:
    """A matrix row by row, its columns one below the other."""
    if not isinstance(cells[0][0], list):
        widths = [max(len(row[place]) for row in cells) for place in range(len(cells[0]))]
        rows = [f"[{', '.join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))}]" for row in cells]
    else:
        rows = [line for block in cells for line in _aligned(block)]
    rows = [("[" if place == 0 else " ") + row for place, row in enumerate(rows)]
    return [*rows[:-1], rows[-1] + "]"]
