"""Which cell of a reader's notebook is which cell of the course, and which are the reader's own.

A cell is known by its id, else by nbgrader's name for it, else (in a notebook that an old or another program has saved
without ids) by its text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nnkit.cli.upgrade.cells import Cell, flags_of, id_of, is_answer, mark_of
from nnkit.cli.upgrade.history import History

OURS = "nnkit_upgrade"
"""Under this name the metadata of a cell says that an upgrade has put it there, and for what."""


@dataclass(frozen=True)
class Claims:
    """Who is who.

    Parameters
    ----------
    cells : Sequence[Cell]
        The reader's.
    names : Sequence[str]
        For each of them the id of the course's cell that it is, "" for the reader's own.
    """

    cells: Sequence[Cell]
    names: Sequence[str]

    def at(self, identifier: str) -> Cell | None:
        """The reader's cell that is one of the course's, None where it was deleted.

        Parameters
        ----------
        identifier : str
            Of the course's cell.
        """
        return next((cell for cell, name in zip(self.cells, self.names, strict=True) if name == identifier), None)


def find_claims(cells: Sequence[Cell], newer: Sequence[Cell], history: History) -> Claims:
    """Say of each cell of the reader's which of the course's it is.

    Parameters
    ----------
    cells : Sequence[Cell]
        The reader's.
    newer : Sequence[Cell]
        The course's, in the version that is to come.
    history : History
        What was placed.
    """
    course = {id_of(cell): cell for cell in newer}
    names = {str(flags_of(cell)["grade_id"]): id_of(cell) for cell in newer if flags_of(cell).get("grade_id")}
    texts = {mark: identifier for identifier, mark in history.now.items()}
    texts |= {mark_of(cell): id_of(cell) for cell in newer}

    def wanted(cell: Cell) -> str:
        identifier = id_of(cell)
        if identifier in course:
            return identifier
        if OURS not in cell["metadata"]:
            name = flags_of(cell).get("grade_id")
            if isinstance(name, str) and name in names:
                return names[name]
            if identifier in history.now or history.is_courses(identifier, mark_of(cell)):
                return identifier
            if not identifier:
                return texts.get(mark_of(cell)) or _placed_before(cell, course, history)
        return ""

    found = [wanted(cell) for cell in cells]
    claimants: dict[str, list[int]] = {}
    for number, name in enumerate(found):
        if name:
            claimants.setdefault(name, []).append(number)
    for name, numbers in claimants.items():
        if len(numbers) > 1:
            first = _the_one(name, [(number, cells[number]) for number in numbers], course.get(name), history)
            for number in numbers:
                if number != first:
                    found[number] = ""
    return Claims(cells, found)


def _placed_before(cell: Cell, course: Mapping[str, Cell], history: History) -> str:
    mark = mark_of(cell)
    return next((identifier for identifier in course if history.is_courses(identifier, mark)), "")


def _the_one(name: str, claimants: list[tuple[int, Cell]], wanted: Cell | None, history: History) -> int:
    """Which of several copies stands for the course's cell: that with its id, of those with answers the last one."""
    with_id = [(number, cell) for number, cell in claimants if id_of(cell) == name] or claimants
    theirs = {number for number, cell in with_id if not history.is_courses(name, mark_of(cell))}
    if wanted is not None:
        theirs -= {number for number, cell in with_id if mark_of(cell) == mark_of(wanted)}
        if is_answer(wanted) and theirs:
            return max(theirs)
    untouched = [number for number, _ in with_id if number not in theirs]
    return (untouched or [number for number, _ in with_id])[0]
