"""Probes of notebook 04: a generator for `dropout_forward`, a life for a `Standardizer`.

Neither can be data. A generator is made from the case's seed, once for the first call and anew for the second; an
object of the student's class is made, fitted, asked, and fitted again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nnkit.exercises.beside import wire
from nnkit.exercises.beside.probes import probe


@probe
def dropout(student: Any, arguments: dict[str, Any], namespace: Mapping[str, Any]) -> Any:
    """Call the student's function three times: with a generator, with one of the same seed, with the first one again.

    Then thirty times with a corner of x, to see whether the number of dropped entries is left to chance.

    Returns
    -------
    dict
        ``first``, ``again`` (same seed), ``next`` (the first generator, which has moved on): what each call returned.
        ``counts``: how many entries of the corner each of the thirty masks drops, as far as that can be read.
    """
    x, p, seed = arguments["x"], arguments["p"], arguments["seed"]
    generator, spare = np.random.default_rng(seed), x.copy()
    first = _two_arrays(student(x, p, generator))
    again = _two_arrays(student(spare.copy(), p, np.random.default_rng(seed)))
    later = _two_arrays(student(spare.copy(), p, generator))
    corner = corner_of(spare)
    return {
        "first": first,
        "again": again,
        "next": later,
        "counts": [dropped_in(_two_arrays(student(corner.copy(), p, generator))) for _ in range(CALLS)],
    }


CALLS = 30


def corner_of(x: np.ndarray) -> np.ndarray:
    """At most five entries along each axis."""
    return x[tuple(slice(0, 5) for _ in x.shape)].copy()


def dropped_in(returned: Any) -> int:
    """How many entries of a mask are 0; −1 where nothing like a mask came back."""
    if not isinstance(returned, list | tuple) or len(returned) != 2 or not isinstance(returned[1], list | np.ndarray):
        return -1
    try:
        return int((np.asarray(returned[1], dtype=float) == 0).sum())
    except (TypeError, ValueError):
        return -1


def _as_it_is_now(value: Any) -> Any:
    """What came back, as data of its own: a later call may change the arrays of an earlier one."""
    return wire.loads(wire.dumps(wire.plain(value)))


def _two_arrays(value: Any) -> Any:
    """Two results, lists of numbers in them as arrays: a mask of thousands of entries is too much for lists."""
    if isinstance(value, list | tuple) and len(value) == 2:
        value = tuple(_array_of(part) if isinstance(part, list | tuple) else part for part in value)
    return _as_it_is_now(value)


def _array_of(numbers: list[Any] | tuple[Any, ...]) -> Any:
    """The same numbers as an array, or what there was where they make none."""
    try:
        made = np.asarray(numbers)
    except ValueError:
        return numbers
    return made if made.dtype.kind in "biuf" else numbers


class _Stopped(Exception):  # noqa: N818 -- it is no error of this module
    """The object lacks what a step needs."""

    def __init__(self, kind: str, **details: str) -> None:
        super().__init__()
        self.problem = {"kind": kind, **details}


@probe
def standardizer(student: Any, arguments: dict[str, Any], namespace: Mapping[str, Any]) -> Any:
    """Make an object, fit it, transform and take back; fit a second object and ask the first again; fit the first anew.

    Returns
    -------
    dict
        ``problem``: None, or what kept the object from its work: a dictionary with ``kind`` ("missing", "arguments",
        "fit") and ``name`` or ``type``. Without a problem: ``fitted``, ``other``, ``alone`` (the first row of `other`),
        ``back``, ``beside`` (the first object after a second one was fitted to `other`), ``second`` (the second one),
        ``kept`` (the second after the rows that it was fitted to were written over), ``anew`` (the first object after
        it was itself fitted to `other`).
    """
    # Each method gets one of the case's own arrays, where a change is noticed; all other calls get copies.
    X, other, Z = arguments["X"], arguments["other"], arguments["Z"]
    spare_X, spare_other = X.copy(), other.copy()
    try:
        first = _make(student)
        _fit(first, X)
        seen = {
            "fitted": _ask(first, "transform", spare_X.copy()),
            "other": _ask(first, "transform", other),
            "alone": _ask(first, "transform", spare_other[:1].copy()),
            "back": _ask(first, "inverse_transform", Z),
        }
        second, later_written_over = _make(student), spare_other.copy()
        _fit(second, later_written_over)
        seen["beside"] = _ask(first, "transform", spare_X.copy())
        seen["second"] = _ask(second, "transform", spare_X.copy())
        later_written_over[...] = spare_other[::-1] * 2 + 1
        seen["kept"] = _ask(second, "transform", spare_X.copy())
        _fit(first, spare_other.copy())
        seen["anew"] = _ask(first, "transform", spare_X.copy())
    except _Stopped as stop:
        return {"problem": stop.problem}
    return {"problem": None, **seen}


def _make(student: Any) -> Any:
    try:
        return student()
    except TypeError as error:
        if not _raised_here(error):
            raise
    raise _Stopped("arguments", name="Standardizer")


def _fit(scaler: Any, X: np.ndarray) -> None:
    returned = _call(scaler, "fit", X)
    if returned is not scaler:
        raise _Stopped("fit", type=type(returned).__name__)


def _ask(scaler: Any, method: str, values: np.ndarray) -> Any:
    return _as_it_is_now(_call(scaler, method, values))


def _call(scaler: Any, method: str, values: np.ndarray) -> Any:
    if not hasattr(scaler, method):
        raise _Stopped("missing", name=method)
    try:
        return getattr(scaler, method)(values)
    except TypeError as error:
        if not _raised_here(error):
            raise
    raise _Stopped("arguments", name=method)


def _raised_here(error: TypeError) -> bool:
    """Whether a call failed by itself, before any code of the student's ran."""
    return error.__traceback__ is not None and error.__traceback__.tb_next is None
