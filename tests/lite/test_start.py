"""Before the first cell in the browser: NumPy takes labels of 64 bits there, too, and no name is left behind."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nnkit

START = Path(nnkit.__file__).parent / "lite" / "start.py"
FUNCTIONS = ("bincount", "choose", "put", "repeat", "take")
LABELS = np.array([1, 1, 2], dtype=np.int64)
ROWS = np.arange(12.0).reshape(3, 4)


def as_on_32_bits(function: Callable[..., Any], place: int) -> Callable[..., Any]:
    """The function, which refuses whole numbers of 64 bits as NumPy does on a 32-bit machine."""

    def refusing(*arguments: Any, **named: Any) -> Any:
        values = [*arguments, *named.values()]
        if np.asarray(values[place]).dtype == np.int64:
            raise TypeError("Cannot cast array data from dtype('int64') to dtype('int32') according to the rule 'safe'")
        return function(*arguments, **named)

    return refusing


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """NumPy as it is in a browser after the start; the names that are left."""
    for name in FUNCTIONS:
        place = 0 if name in ("bincount", "choose") else 1
        monkeypatch.setattr(np, name, as_on_32_bits(getattr(np, name), place))
    monkeypatch.setattr(np, "intp", np.int32)
    return runpy.run_path(str(START))


@pytest.mark.usefixtures("browser")
def test_labels_of_64_bits_are_counted_and_chosen_by() -> None:
    assert np.bincount(LABELS, minlength=4).tolist() == [0, 2, 1, 0]
    assert np.take(ROWS, LABELS, axis=0).tolist() == ROWS[LABELS].tolist()
    assert np.repeat(ROWS, repeats=LABELS, axis=0).shape == (4, 4)
    assert np.choose(LABELS - 1, [LABELS, 10 * LABELS]).tolist() == [1, 1, 20]
    rows = ROWS.copy()
    np.put(rows, LABELS, 7.0)
    assert rows[0].tolist() == [0.0, 7.0, 7.0, 3.0]


@pytest.mark.usefixtures("browser")
def test_what_is_taken_keeps_its_dtype_and_what_counts_stays_as_it_was() -> None:
    before = LABELS.copy()
    assert np.take(LABELS, np.array([0, 2])).dtype == np.int64
    assert LABELS.dtype == np.int64
    assert LABELS.tolist() == before.tolist()


@pytest.mark.usefixtures("browser")
def test_a_number_that_is_too_large_is_refused_and_not_cut_off() -> None:
    with pytest.raises(TypeError, match="Cannot cast"):
        np.bincount(np.array([2**40], dtype=np.int64))


@pytest.mark.usefixtures("browser")
def test_what_was_wrong_is_wrong_as_before() -> None:
    with pytest.raises(TypeError):
        np.bincount(np.array([0.5]))
    with pytest.raises(IndexError):
        np.take(ROWS, np.array([3], dtype=np.int64), axis=0)


def test_no_name_is_left(browser: dict[str, Any]) -> None:
    assert {name for name in browser if not name.startswith("__")} == set()


def test_elsewhere_numpy_stays_as_it_is() -> None:
    before = [getattr(np, name) for name in FUNCTIONS]
    runpy.run_path(str(START))
    assert [getattr(np, name) for name in FUNCTIONS] == before
