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


def compare(expected: Any, returned: Any, exercise: Exercise, output: str = "") -> Finding | None:
    """Compare one result with what is expected; numbers, arrays, strings, booleans, lists of them."""
    what = output or "The result"

    def finding(rung: str, text: str, cause: str | None = None, **details: Any) -> Finding:
        return Finding(rung, text, output, text if cause is None else cause, **details)

    if returned is None and expected is not None:
        return finding("returned nothing", f"{what} is None, expected {in_words(expected)}.")
    if isinstance(expected, str | bool) or expected is None:
        if isinstance(expected, bool) and isinstance(returned, np.bool_ | np.ndarray) and returned.shape == ():
            returned = np.asarray(returned).item()
        if type(returned) is not type(expected):
            return finding("type", f"{what} is {in_words(returned)}, expected {in_words(expected)}.")
        if returned == expected:
            return None
        return Finding(
            "value",
            f"{what} is {_quoted(returned)}, expected {expected!r}.",
            output,
            None,
            None,
            "",
            expected,
            returned,
        )
    if isinstance(returned, wire.Opaque | str | dict):
        return finding("type", f"{what} is {in_words(returned)}, expected {in_words(expected)}.")
    if isinstance(expected, list | tuple) and not _is_numeric(expected):
        return _compare_sequences(expected, returned, exercise, output, finding)

    right = np.asarray(expected)
    try:
        got = np.asarray(returned)
        if got.dtype == object:
            raise ValueError
    except (ValueError, TypeError, OverflowError):
        reason = _not_numeric(returned)
        return finding("type", f"{what} is {in_words(returned)} {reason}, expected {in_words(expected)}.")
    if got.dtype.kind not in "biufc":
        return finding("type", f"{what} is {in_words(returned)}, expected {in_words(expected)}.")
    if got.shape != right.shape:
        note = exercise.shape_notes.get(output, "")
        text = f"{what} has {shape_text(got)}, expected {shape_text(right)}."
        if isinstance(returned, tuple) and len(returned) == 1:
            note = "A comma after the value in `return` makes a tuple of it."
        return finding("shape", f"{text} {note}".strip(), expected=right, got=got)
    if got.dtype.kind == "b" and right.dtype.kind != "b":
        return finding("dtype", f"{what} has True and False in it, expected numbers.")
    if right.dtype.kind == "b" and got.dtype.kind != "b" and not np.isin(got, (0, 1)).all():
        return finding("dtype", f"{what} holds numbers, expected True or False.")
    if got.dtype.kind == "c":
        if right.dtype.kind != "c" and np.any(got.imag != 0):
            return finding("dtype", f"{what} holds complex numbers, expected real ones.")
        got = got.real
    wrong = differs(right, got, exercise)
    if not wrong.any():
        return None
    if got.dtype.kind in "iu" and right.dtype.kind == "f" and _without_fractions(right, got):
        text = f"{what} holds integers, expected numbers with fractions."
        cause = (
            "An array of integers keeps integers: what is written into it loses its fraction. Of what is yours made?"
        )
        if not right.ndim:
            text = f"{what} is the whole number {number(got[()])}, expected {number(right[()])}."
            cause = "`int`, `round`, `//` and arrays of integers drop a fraction. Is one of them in your function?"
        return finding("dtype", text, cause, table=table_of(right, got, wrong), expected=right, got=got)
    lost = ~np.isfinite(got) & np.isfinite(right)
    if lost.any():
        place = _first(lost)
        name = "nan (not a number)" if np.isnan(got[place]) else number(got[place])
        text = f"{what} has {name} {_at(place, got)}where {number(right[place])} was expected."
        return finding("not finite", text, table=table_of(right, got, wrong), expected=right, got=got)
    text = _value_text(what, right, got, wrong, explicit=bool(output))
    return Finding("value", text, output, None, table_of(right, got, wrong), "", right, got)


def _quoted(value: Any) -> str:
    """A text or truth value as one would type it, a long text cut off."""
    return f"{value[:80]!r}…" if isinstance(value, str) and len(value) > 80 else repr(value)


def _compare_sequences(
    expected: Any, returned: Any, exercise: Exercise, output: str, finding: Callable[..., Finding]
) -> Finding | None:
    what = output or "The result"
    if isinstance(returned, np.ndarray) and returned.ndim and len(returned) == len(expected):
        returned = list(returned)
    rows = isinstance(returned, list | tuple) or (isinstance(returned, np.ndarray) and returned.ndim > 0)
    if not rows:
        return finding("type", f"{what} is {in_words(returned)}, expected {in_words(expected)}.")
    if len(returned) != len(expected):
        return finding("shape", f"{what} has {plural(len(returned), 'entry', 'entries')}, expected {len(expected)}.")
    for position, (right, got) in enumerate(zip(expected, returned, strict=True)):
        inner = compare(right, got, exercise, f"{what} at [{position}]")
        if inner is not None:
            return replace(inner, output=output)
    return None


def _not_numeric(values: Any) -> str:
    """Why a list makes no array of numbers."""
    for value in values if isinstance(values, list | tuple) else ():
        if type(value) is int and value.bit_length() > 64:
            return "with a whole number beyond 64 bits"
        if value is None or isinstance(value, wire.Opaque | str | dict):
            return f"with {in_words(value)} among its entries"
    return "with rows of different lengths"


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


def _at(place: tuple[int, ...], array: np.ndarray) -> str:
    return f"at {index_text(place)} " if array.ndim else ""


def _value_text(what: str, right: np.ndarray, got: np.ndarray, wrong: np.ndarray, explicit: bool) -> str:
    place = _first(wrong)
    pair = f"expected {number(right[place], got[place])}, yours {number(got[place], right[place])}"
    if right.ndim == 0:
        return f"{what if explicit else 'The value'} is wrong: {pair}."
    subject = f"{what} has the right shape {right.shape}" if explicit else f"Shape {right.shape} is right"
    count = int(wrong.sum())
    if right.size == 1:
        return f"{subject}; its value is wrong: {pair}."
    if count == right.size:
        return f"{subject}; all {right.size} values differ, the first at {index_text(place)}: {pair}."
    verb = "differs" if count == 1 else "differ"
    return f"{subject}; {count} of {right.size} values {verb}, the first at {index_text(place)}: {pair}.{_where(wrong)}"


def _where(wrong: np.ndarray) -> str:
    """A sentence when all differing values lie in one row, column or slice."""
    names = {1: ("entry",), 2: ("row", "column")}.get(wrong.ndim)
    for axis, length in enumerate(wrong.shape):
        hit = np.flatnonzero(wrong.any(axis=tuple(a for a in range(wrong.ndim) if a != axis)))
        if len(hit) == 1 and length > 1 and wrong.sum() > 1:
            place = "first" if hit[0] == 0 else "last" if hit[0] == length - 1 else f"number {hit[0]} (from 0)"
            name = names[axis] if names else f"index of axis {axis}"
            return f" All differing values lie in the {place} {name}."
    return ""
