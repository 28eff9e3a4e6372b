"""Comparing one result with what is expected: numbers, arrays, strings, booleans, and lists of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from nnkit.exercises.beside import wire
from nnkit.exercises.exercise import Exercise
from nnkit.exercises.judge.finding import Finding, table_of
from nnkit.exercises.judge.wording import in_words, index_text, number, plural, shape_text
from nnkit.languages import counted, marked, say, sentences


def compare(expected: Any, returned: Any, exercise: Exercise, output: str = "") -> Finding | None:
    """Compare one result with what is expected; numbers, arrays, strings, booleans, lists of them."""
    what = output or THE_RESULT

    def finding(rung: str, text: str, cause: str | None = None, **details: Any) -> Finding:
        return Finding(rung, text, output, text if cause is None else cause, **details)

    if returned is None and expected is not None:
        return finding(
            "returned nothing", say("{what} is None, expected {wanted}.", what=what, wanted=in_words(expected))
        )
    if isinstance(expected, str | bool) or expected is None:
        if isinstance(expected, bool) and isinstance(returned, np.bool_ | np.ndarray) and returned.shape == ():
            returned = np.asarray(returned).item()
        if type(returned) is not type(expected):
            return finding("type", _other_kind(what, returned, expected))
        if returned == expected:
            return None
        return Finding(
            "value",
            say("{what} is {got}, expected {wanted}.", what=what, got=_quoted(returned), wanted=repr(expected)),
            output,
            None,
            None,
            "",
            expected,
            returned,
        )
    if isinstance(returned, wire.Opaque | str | dict):
        return finding("type", _other_kind(what, returned, expected))
    if isinstance(expected, list | tuple) and not _is_numeric(expected):
        return _compare_sequences(expected, returned, exercise, output, finding)

    right = np.asarray(expected)
    try:
        got = np.asarray(returned)
        if got.dtype == object:
            raise ValueError
    except (ValueError, TypeError, OverflowError):
        reason = _not_numeric(returned)
        text = say(
            "{what} is {got} {reason}, expected {wanted}.",
            what=what,
            got=in_words(returned),
            reason=reason,
            wanted=in_words(expected),
        )
        return finding("type", text)
    if got.dtype.kind not in "biufc":
        return finding("type", _other_kind(what, returned, expected))
    if got.shape != right.shape:
        note = exercise.shape_notes.get(output, "")
        text = say("{what} has {got}, expected {wanted}.", what=what, got=shape_text(got), wanted=shape_text(right))
        if isinstance(returned, tuple) and len(returned) == 1:
            note = say("A comma after the value in `return` makes a tuple of it.")
        return finding("shape", sentences(text, note), expected=right, got=got)
    if got.dtype.kind == "b" and right.dtype.kind != "b":
        return finding("dtype", say("{what} has True and False in it, expected numbers.", what=what))
    if right.dtype.kind == "b" and got.dtype.kind != "b" and not np.isin(got, (0, 1)).all():
        return finding("dtype", say("{what} holds numbers, expected True or False.", what=what))
    if got.dtype.kind == "c":
        if right.dtype.kind != "c" and np.any(got.imag != 0):
            return finding("dtype", say("{what} holds complex numbers, expected real ones.", what=what))
        got = got.real
    wrong = differs(right, got, exercise)
    if not wrong.any():
        return None
    if got.dtype.kind in "iu" and right.dtype.kind == "f" and _without_fractions(right, got):
        text = say("{what} holds integers, expected numbers with fractions.", what=what)
        cause = say(
            "An array of integers keeps integers: what is written into it loses its fraction. Of what is yours made?"
        )
        if not right.ndim:
            text = say(
                "{what} is the whole number {got}, expected {right}.",
                what=what,
                got=number(got[()]),
                right=number(right[()]),
            )
            cause = say("`int`, `round`, `//` and arrays of integers drop a fraction. Is one of them in your function?")
        return finding("dtype", text, cause, table=table_of(right, got, wrong), expected=right, got=got)
    lost = ~np.isfinite(got) & np.isfinite(right)
    if lost.any():
        place = _first(lost)
        name = say("nan (not a number)") if np.isnan(got[place]) else number(got[place])
        wanted = number(right[place])
        if got.ndim:
            text = say(
                "{what} has {got} at {place} where {wanted} was expected.",
                what=what,
                got=name,
                place=index_text(place),
                wanted=wanted,
            )
        else:
            text = say("{what} has {got} where {wanted} was expected.", what=what, got=name, wanted=wanted)
        return finding("not finite", text, table=table_of(right, got, wrong), expected=right, got=got)
    text = _value_text(what, right, got, wrong, explicit=bool(output))
    return Finding("value", text, output, None, table_of(right, got, wrong), "", right, got)


THE_RESULT, THE_VALUE = say("The result"), say("The value")


def _other_kind(what: str, returned: Any, expected: Any) -> str:
    return say("{what} is {got}, expected {wanted}.", what=what, got=in_words(returned), wanted=in_words(expected))


def _quoted(value: Any) -> str:
    """A text or truth value as one would type it, a long text cut off."""
    return f"{value[:80]!r}…" if isinstance(value, str) and len(value) > 80 else repr(value)


def _compare_sequences(
    expected: Any, returned: Any, exercise: Exercise, output: str, finding: Callable[..., Finding]
) -> Finding | None:
    what = output or THE_RESULT
    if isinstance(returned, np.ndarray) and returned.ndim and len(returned) == len(expected):
        returned = list(returned)
    rows = isinstance(returned, list | tuple) or (isinstance(returned, np.ndarray) and returned.ndim > 0)
    if not rows:
        return finding("type", _other_kind(what, returned, expected))
    if len(returned) != len(expected):
        entries = plural(len(returned), "entry", "entries")
        text = say("{what} has {entries}, expected {count}.", what=what, entries=entries, count=len(expected))
        return finding("shape", text)
    for position, (right, got) in enumerate(zip(expected, returned, strict=True)):
        inner = compare(right, got, exercise, say("{what} at [{position}]", what=what, position=position))
        if inner is not None:
            return replace(inner, output=output)
    return None


def _not_numeric(values: Any) -> str:
    """Why a list makes no array of numbers."""
    for value in values if isinstance(values, list | tuple) else ():
        if type(value) is int and value.bit_length() > 64:
            return say("with a whole number beyond 64 bits")
        if value is None or isinstance(value, wire.Opaque | str | dict):
            return say("with {what} among its entries", what=in_words(value))
    return say("with rows of different lengths")


def _is_numeric(values: Iterable[Any]) -> bool:
    try:
        return np.asarray(values).dtype.kind in "biufc"
    except (ValueError, TypeError, OverflowError):
        return False


def differs(expected: Any, got: Any, exercise: Exercise) -> np.ndarray:
    """Where two numeric arrays of one shape differ by more than the exercise's tolerances (bool, same shape)."""
    right, mine = np.asarray(expected), np.asarray(got)
    if right.dtype.kind in "biu" and mine.dtype.kind in "biu":
        return np.asarray(right != mine)
    right, mine = right.astype(np.float64), mine.astype(np.float64)
    finite = np.isfinite(right)
    largest = np.max(np.abs(right[finite]), initial=0.0)
    allowed = exercise.relative * (np.abs(np.where(finite, right, 0.0)) + 0.01 * largest) + exercise.absolute
    with np.errstate(invalid="ignore", over="ignore"):
        close = np.abs(mine - right) <= allowed
    same = (mine == right) | (np.isnan(mine) & np.isnan(right))
    return np.asarray(~(close | same))


def alike(first: Any, second: Any, exercise: Exercise) -> bool:
    """Whether two answers are the same to a person: same shape, same values within the tolerances."""
    if isinstance(first, wire.Opaque | str | bool) or isinstance(second, wire.Opaque | str | bool):
        return type(first) is type(second) and bool(first == second)
    if first is None or second is None:
        return first is second
    if isinstance(first, dict) or isinstance(second, dict):
        return (
            isinstance(first, dict)
            and isinstance(second, dict)
            and first.keys() == second.keys()
            and all(alike(first[key], second[key], exercise) for key in first)
        )
    try:
        one, two = np.asarray(first), np.asarray(second)
        if one.dtype.kind in "biuf" and two.dtype.kind in "biuf":
            return one.shape == two.shape and not differs(two, one, exercise).any()
        if one.dtype.kind in "biufc" and two.dtype.kind in "biufc" and one.shape == two.shape:
            parts = ((two.real, one.real), (two.imag, one.imag))
            return not any(differs(right, mine, exercise).any() for right, mine in parts)
    except (ValueError, TypeError, OverflowError):
        pass
    if isinstance(first, list | tuple) and isinstance(second, list | tuple):
        return len(first) == len(second) and all(alike(a, b, exercise) for a, b in zip(first, second, strict=True))
    return False


def _without_fractions(right: np.ndarray, got: np.ndarray) -> bool:
    """Whether integers are what is left of the right values; a lone 0 may be there for many other reasons."""
    if not right.ndim and not got:
        return False
    return any((got == whole).all() for whole in (np.trunc(right), np.floor(right), np.rint(right)))


def _first(mask: np.ndarray) -> tuple[int, ...]:
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(mask)), mask.shape))


def _value_text(what: str, right: np.ndarray, got: np.ndarray, wrong: np.ndarray, explicit: bool) -> str:
    place = _first(wrong)
    pair = {"right": number(right[place], got[place]), "got": number(got[place], right[place])}
    if right.ndim == 0:
        return say("{what} is wrong: expected {right}, yours {got}.", what=what if explicit else THE_VALUE, **pair)
    if explicit:
        subject = say("{what} has the right shape {shape}", what=what, shape=right.shape)
    else:
        subject = say("Shape {shape} is right", shape=right.shape)
    count, known = int(wrong.sum()), {"subject": subject, "place": index_text(place), **pair}
    if right.size == 1:
        return say("{subject}; its value is wrong: expected {right}, yours {got}.", subject=subject, **pair)
    if count == right.size:
        return say(
            "{subject}; all {count} values differ, the first at {place}: expected {right}, yours {got}.",
            count=count,
            **known,
        )
    text = counted(
        "{subject}; {count} of {size} values differs, the first at {place}: expected {right}, yours {got}.",
        "{subject}; {count} of {size} values differ, the first at {place}: expected {right}, yours {got}.",
        count,
        size=right.size,
        **known,
    )
    return sentences(text, _where(wrong))


def _where(wrong: np.ndarray) -> str:
    """A sentence when all differing values lie in one row, column or slice."""
    for axis, length in enumerate(wrong.shape):
        hit = np.flatnonzero(wrong.any(axis=tuple(a for a in range(wrong.ndim) if a != axis)))
        if len(hit) == 1 and length > 1 and wrong.sum() > 1:
            place = "first" if hit[0] == 0 else "last" if hit[0] == length - 1 else "other"
            called = AXES.get(wrong.ndim, {}).get(axis)
            return say(_ALL_IN_ONE[place, (called,) if called else ()], number=int(hit[0]), axis=axis)
    return ""


# Dimensions → axis → what it counts, where there is a word for it. What has four axes are images, filters and maps.
AXES = {1: {0: "entry"}, 2: {0: "row", 1: "column"}, 4: {2: "row", 3: "column"}}
# Where all differing values lie. Whole sentences, since in other languages words depend on each other.
_ALL_IN_ONE = {
    ("first", ("entry",)): marked("All differing values lie in the first entry."),
    ("last", ("entry",)): marked("All differing values lie in the last entry."),
    ("other", ("entry",)): marked("All differing values lie in the number {number} (from 0) entry."),
    ("first", ("row",)): marked("All differing values lie in the first row."),
    ("last", ("row",)): marked("All differing values lie in the last row."),
    ("other", ("row",)): marked("All differing values lie in the number {number} (from 0) row."),
    ("first", ("column",)): marked("All differing values lie in the first column."),
    ("last", ("column",)): marked("All differing values lie in the last column."),
    ("other", ("column",)): marked("All differing values lie in the number {number} (from 0) column."),
    ("first", ()): marked("All differing values lie in the first index of axis {axis}."),
    ("last", ()): marked("All differing values lie in the last index of axis {axis}."),
    ("other", ()): marked("All differing values lie in the number {number} (from 0) index of axis {axis}."),
}
