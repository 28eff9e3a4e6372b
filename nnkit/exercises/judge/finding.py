"""What is wrong with the answer to one case: the rung of the ladder on which it fails, in words and as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nnkit.exercises.judge.wording import index_text, number

# "kind" is a number of the wrong kind whose value is right: wrong values, in whatever case, are told before it.
# "not written" stands last: of a class that grows, what is there already is told before what is still to come.
RUNGS = (
    *("raised", "returned nothing", "type", "shape", "dtype", "input changed", "not finite", "value", "kind", "warned"),
    "not written",
)
TABLE_COLUMNS = 6


@dataclass(frozen=True)
class Table:
    """Expected and got, side by side: one column for an entry, the first difference marked."""

    columns: tuple[str, ...]
    expected: tuple[str, ...]
    got: tuple[str, ...]
    first_wrong: int
    wrong: tuple[bool, ...]


@dataclass(frozen=True)
class Finding:
    """What is wrong with the answer to one case.

    Parameters
    ----------
    rung : str
        One of `RUNGS`.
    text : str
        One or two sentences for the student: what is right already, what is not.
    output : str
        The name of the result that is wrong, where there are several.
    cause : str or None
        What the rung itself says about the cause; None for a plain difference of values.
    table : Table or None
        Expected and got, for arrays.
    symptom : str
        For judges that test properties: a short label of *what* is wrong, equal for equal errors.
    expected, got : Any
        The values behind the text, for observations over all cases.
    right : tuple[str, ...]
        The names of the results that are right in this case; whether they are in all of them is said with the verdict.
    changed : tuple[str, ...]
        Where arguments were changed: their names.
    certain : bool
        Whether the cause follows from this one case, whatever is wrong with the others.
    """

    rung: str
    text: str
    output: str = ""
    cause: str | None = None
    table: Table | None = None
    symptom: str = ""
    expected: Any = None
    got: Any = None
    right: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    certain: bool = False

    def __post_init__(self) -> None:
        if self.rung not in RUNGS:
            raise ValueError(f"A finding has the rung {self.rung!r}; known are {', '.join(RUNGS)}.")


def table_of(right: np.ndarray, got: np.ndarray, wrong: np.ndarray) -> Table | None:
    """Up to six entries side by side, from the first wrong one's row."""
    if right.ndim == 0 or right.size < 2:
        return None
    flat_wrong = wrong.ravel()
    first = int(np.argmax(flat_wrong))
    start = 0 if first < TABLE_COLUMNS else min(first, right.size - TABLE_COLUMNS)
    picked = range(start, min(start + TABLE_COLUMNS, right.size))
    places = [tuple(int(i) for i in np.unravel_index(k, right.shape)) for k in picked]
    return Table(
        columns=tuple(index_text(place) for place in places),
        expected=tuple(number(right[place], got[place] if wrong[place] else None) for place in places),
        got=tuple(number(got[place], right[place] if wrong[place] else None) for place in places),
        first_wrong=first - start,
        wrong=tuple(bool(wrong[place]) for place in places),
    )
