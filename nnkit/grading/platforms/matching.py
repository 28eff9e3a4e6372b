"""Who is who, and what is what: students of the gradebook in a platform's rows, assignments in its columns.

Nobody is guessed. What fits two rows, or two students who fit the same, is not matched, and named.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nnkit.grading.marks.totals import Person
from nnkit.grading.platforms.sheets import PlatformError


@dataclass(frozen=True)
class Matching:
    """Which student is in which row.

    Parameters
    ----------
    rows : Mapping[str, int]
        Student → the place of their row.
    unknown : tuple[str, ...]
        Students who are in no row.
    ambiguous : tuple[str, ...]
        Students who fit several rows, or a row that another student fits as well.
    """

    rows: Mapping[str, int]
    unknown: tuple[str, ...]
    ambiguous: tuple[str, ...]


def match_students(people: Sequence[Person], identities: Sequence[Sequence[str]]) -> Matching:
    """Find students in the rows of a platform.

    First by what is the same as a whole: an id, a login, an email address, the platform's own number. Then, for those
    who are in no row, by what stands before the @ of an address, among the rows that are nobody's yet. Capitals make
    no difference. Names are not compared.

    Parameters
    ----------
    people : Sequence[Person]
        The students.
    identities : Sequence[Sequence[str]]
        For each row what the platform knows its student by; empty texts count for nothing.

    Examples
    --------
    >>> found = match_students([Person("ada"), Person("bob")], [["ada@example.org"], ["eve"]])
    >>> dict(found.rows), found.unknown
    ({'ada': 0}, ('bob',))
    """
    own = {one.student: _whole((one.student, one.email, one.platform_id)) for one in people}
    theirs = [_whole(keys) for keys in identities]
    claims = _claims(own, theirs)
    taken = {row for rows in claims.values() for row in rows}
    before_at = [set() if row in taken else keys | _local(keys) for row, keys in enumerate(theirs)]
    waiting = {student: mine | _local(mine) for student, mine in own.items() if not claims[student]}
    claims |= _claims(waiting, before_at)
    holders: dict[int, int] = {}
    for rows in claims.values():
        for row in rows:
            holders[row] = holders.get(row, 0) + 1
    sure = {
        student: next(iter(rows))
        for student, rows in claims.items()
        if len(rows) == 1 and all(holders[row] == 1 for row in rows)
    }
    return Matching(
        rows=sure,
        unknown=tuple(student for student, rows in claims.items() if not rows),
        ambiguous=tuple(student for student, rows in claims.items() if rows and student not in sure),
    )


def _whole(keys: Sequence[str]) -> set[str]:
    return {key.strip().casefold() for key in keys} - {""}


def _local(keys: set[str]) -> set[str]:
    return {key.partition("@")[0] for key in keys if "@" in key} - {""}


def _claims(own: Mapping[str, set[str]], theirs: Sequence[set[str]]) -> dict[str, set[int]]:
    places: dict[str, set[int]] = {}
    for row, keys in enumerate(theirs):
        for key in keys:
            places.setdefault(key, set()).add(row)
    return {student: {row for key in keys for row in places.get(key, ())} for student, keys in own.items()}


def match_columns(
    assignments: Sequence[str], columns: Mapping[int, Sequence[str]], chosen: Mapping[str, str]
) -> dict[str, int]:
    """Find assignments among the columns of a platform.

    By name, where capitals and signs make no difference; else by the name without a number in front.

    Parameters
    ----------
    assignments : Sequence[str]
        Their names.
    columns : Mapping[int, Sequence[str]]
        The columns that can hold marks: place → what each is called, its whole head first.
    chosen : Mapping[str, str]
        Assignment → the column that the instructor has named for it.

    Returns
    -------
    dict from str to int
        Assignment → the place of its column.

    Raises
    ------
    PlatformError
        No assignment has a column, a column that was named is not there, an assignment fits several columns, or two
        fit the same.

    Examples
    --------
    >>> match_columns(["01_graphs"], {5: ["Graphs (17)", "Graphs"], 6: ["Essay (18)", "Essay"]}, {})
    {'01_graphs': 5}
    """
    found: dict[str, int] = {}
    heads = ", ".join(f"«{names[0]}»" for names in columns.values()) or "none"
    for assignment in assignments:
        if assignment in chosen:
            fits = [place for place, names in columns.items() if chosen[assignment].strip() in names]
            if not fits:
                raise PlatformError(f"There is no column «{chosen[assignment]}» for {assignment}; there are: {heads}.")
        else:
            fits = [place for place, names in columns.items() if _words(assignment) in map(_words, names)]
            fits = fits or [place for place, names in columns.items() if _bare(assignment) in map(_bare, names)]
        if len(fits) > 1:
            several = ", ".join(f"«{columns[place][0]}»" for place in fits)
            raise PlatformError(
                f"{assignment} fits several columns: {several}. Say which: "
                f"--column '{assignment}={columns[fits[0]][0]}'."
            )
        if fits:
            found[assignment] = fits[0]
    for place in set(found.values()):
        same = [assignment for assignment, one in found.items() if one == place]
        if len(same) > 1:
            raise PlatformError(f"{' and '.join(same)} fit the same column. Say which is which with --column.")
    if not found:
        raise PlatformError(
            f"No column is called like {', '.join(assignments)}; there are: {heads}. Name the column of each: "
            f"--column '{assignments[0]}=COLUMN'."
        )
    return found


def _words(name: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", name.casefold()).split())


def _bare(name: str) -> str:
    """Without a number in front."""
    words = _words(name)
    return re.sub(r"^\d+ (?=.)", "", words)
