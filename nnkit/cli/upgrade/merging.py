"""The newer text of the course around what a reader has written: three versions of a notebook become one.

The order, the texts and the metadata are the newer course's. What the reader has written into an answer's cell stays in
it; a cell of their own stays behind the cell that it followed; and a text of the course that they have changed stands,
marked as theirs, beside the new one. Every text of theirs is the whole text of a cell afterwards. Merging what was
merged changes nothing.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from nnkit.cli.upgrade.cells import Cell, Notebook, flags_of, id_of, is_answer, is_locked, mark_of, text_of
from nnkit.cli.upgrade.claims import OURS, Claims, find_claims
from nnkit.cli.upgrade.history import History
from nnkit.exercises.definitions import defined_names, program_of

# What of a cell's metadata is the course's to say; the rest, such as a cell that is folded, is the reader's.
_COURSES_METADATA = {"nbgrader", "nnkit", "deletable", "editable", "jupyter", "tags", OURS}
_COURSES_TAGS = {"demo", "raises-exception", "nbval-ignore-output", "nbval-skip", "skip-execution"}
_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_LONGEST_ID = 64
# What a cell is that an upgrade has put there: the newer beginning of an answer, a sentence about a cell that is kept,
# and such a cell.
_STUB, _NOTE, _THEIRS = "new-beginning", "kept", "theirs"
_BEFORE = (
    "**Yours, kept.** The next cell is what you had made of a cell of the course. The course's own, as it is now, "
    "follows it."
)
_AFTER = (
    "**Yours, kept.** The cell above says what the course says now. The next one is what you had made of it before."
)
_GONE = "**Yours, kept.** The course has the next cell no more. What you had written in it is here as it was."


@dataclass(frozen=True)
class Merged:
    """What came of it.

    Parameters
    ----------
    notebook : Notebook
        The one for the reader.
    answers : int
        How many answers of the reader's are in it.
    own : int
        How many cells they had added.
    changed : tuple[str, ...]
        The ids of the course's cells that they had changed, and whose new text stands beside theirs.
    stubs : tuple[str, ...]
        The ids of the answers that begin differently in the newer version.
    homeless : tuple[str, ...]
        The ids of cells of theirs which the newer version has no more.
    """

    notebook: Notebook
    answers: int = 0
    own: int = 0
    changed: tuple[str, ...] = ()
    stubs: tuple[str, ...] = ()
    homeless: tuple[str, ...] = ()


def holds_work(reader: Notebook, newer: Notebook, history: History) -> bool:
    """Whether anything in a notebook is its reader's; outputs alone are not.

    Parameters
    ----------
    reader, newer : Notebook
        The reader's, and the course's in the version that is to come.
    history : History
        What was placed.
    """
    claims = find_claims(reader["cells"], newer["cells"], history)
    if not set(history.now) <= set(claims.names):
        return True  # a cell was deleted: nothing is lost, but somebody was here
    course = {id_of(cell): cell for cell in newer["cells"]}
    return not all(
        _is_courses(cell, name, course.get(name), history) if name else _is_unedited_note(cell)
        for cell, name in zip(claims.cells, claims.names, strict=True)
    )


def says_what_was(reader: Notebook, newer: Notebook, history: History) -> bool:
    """Whether a cell says what the course said there once and says no more.

    So it is with a notebook that was open in JupyterLab while its file was renewed, and was then saved over it.

    Parameters
    ----------
    reader, newer : Notebook
        The reader's, and the course's as it is now.
    history : History
        What was placed.
    """
    claims = find_claims(reader["cells"], newer["cells"], history)
    course = {id_of(cell): mark_of(cell) for cell in newer["cells"]}
    return any(
        name in course and mark_of(cell) != course[name] and history.is_courses(name, mark_of(cell))
        for cell, name in zip(claims.cells, claims.names, strict=True)
    )


def merge(reader: Notebook, newer: Notebook, history: History) -> Merged:
    """Put the newer text of the course around what a reader has written.

    Parameters
    ----------
    reader, newer : Notebook
        The reader's, and the course's in the version that is to come; neither is changed.
    history : History
        What was placed.
    """
    return _Merge(reader, newer, history).result()


def same_texts(one: Notebook, other: Notebook) -> bool:
    """Whether two notebooks say the same in the same order, whatever is noted beside their cells.

    Parameters
    ----------
    one, other : Notebook
        With cells.
    """
    return [(mark_of(cell), cell.get("attachments")) for cell in one["cells"]] == [
        (mark_of(cell), cell.get("attachments")) for cell in other["cells"]
    ]


class _Merge:
    """One merge, step by step."""

    def __init__(self, reader: Notebook, newer: Notebook, history: History) -> None:
        self._reader, self._newer, self._history = reader, newer, history
        self._course = {id_of(cell): cell for cell in newer["cells"]}
        self._claims: Claims = find_claims(reader["cells"], newer["cells"], history)
        self._grades = {flags_of(cell).get("grade_id") for cell in newer["cells"]}
        self._answers, self._own = 0, 0
        self._changed: list[str] = []
        self._stubs: list[str] = []
        self._homeless: list[str] = []

    def result(self) -> Merged:
        """The merged notebook."""
        parts = {identifier: self._around(cell) for identifier, cell in self._course.items()}
        followers = self._followers()
        cells = [(cell, False) for cell in followers.get("", ())]
        for identifier, (before, course, after) in parts.items():
            cells += [(cell, False) for cell in before]
            cells += [(course, True)] if course is not None else []
            cells += [(cell, False) for cell in (*after, *followers.get(identifier, ()))]
        metadata = {**self._newer["metadata"], **self._reader["metadata"]}
        notebook = {**self._newer, "metadata": metadata, "cells": list(self._sound(cells))}
        return Merged(
            notebook, self._answers, self._own, tuple(self._changed), tuple(self._stubs), tuple(self._homeless)
        )

    def _around(self, cell: Cell) -> tuple[list[Cell], Cell | None, list[Cell]]:
        """What stands for one cell of the course: what comes before it, the cell itself, what comes after it."""
        identifier = id_of(cell)
        theirs = self._claims.at(identifier)
        if theirs is None:
            return [], None if self._was_answered_elsewhere(cell) else cell, []
        if mark_of(theirs) == mark_of(cell):
            return [], _dressed(theirs, cell), []
        if self._history.is_courses(identifier, mark_of(theirs)):
            return [], cell, []
        as_placed = self._history.now.get(identifier) == mark_of(cell)
        if is_answer(cell):
            self._answers += 1
            if as_placed or not self._begins_differently(theirs, cell):
                return [], _dressed(theirs, cell), []
            self._stubs.append(identifier)
            return [], _dressed(theirs, cell), [_stub_note(cell)]
        if as_placed and not is_locked(cell):
            self._own += 1
            return [], _dressed(theirs, cell), []
        self._changed.append(identifier)
        kept = _as_theirs(theirs, identifier, new_id=True)
        if theirs["cell_type"] == "code":  # it comes first, so that everything below runs on what the course says
            return [_note(_NOTE, identifier, _BEFORE), kept], cell, []
        return [], cell, [_note(_NOTE, identifier, _AFTER), kept]

    def _begins_differently(self, theirs: Cell, cell: Cell) -> bool:
        """Whether the newer stub asks for something else than the answer gives, as far as can be known."""
        if id_of(cell) in self._history.now:
            return True
        asked, given = _signatures(cell), _signatures(theirs)
        return asked is not None and (given is None or not asked <= given)

    def _was_answered_elsewhere(self, cell: Cell) -> bool:
        """Whether a reader has taken an answer's cell away and written what it asks for in another one.

        The empty cell would come behind theirs and take its name.
        """
        if not is_answer(cell) or flags_of(cell).get("grade") or cell["cell_type"] != "code":
            return False
        check = f"test_{flags_of(cell).get('grade_id')}"
        if id_of(cell) not in self._history.now and check not in {
            flags_of(one).get("grade_id") for one in self._claims.cells
        }:
            return False
        asked = defined_names(text_of(cell))
        programs = [text_of(one) for one in self._claims.cells if one["cell_type"] == "code"]
        given = {name for program in programs for name in defined_names(program)}
        return bool(asked) and asked <= given

    def _followers(self) -> dict[str, list[Cell]]:
        """The id of a cell of the course → the reader's own cells that follow it, "" for those at the top."""
        found: dict[str, list[Cell]] = {}
        last = ""
        for cell, name in zip(self._claims.cells, self._claims.names, strict=True):
            if name in self._course:
                last = name
                continue
            here = found.setdefault(last, [])
            if not name:
                ours = cell["metadata"].get(OURS) if _is_unedited_note(cell) else None
                if ours is not None and ours.get("kind") == _STUB and ours.get("of") in self._stubs:
                    continue  # the one of now stands in its place
                self._own += ours is None
                here.append(self._without_strange_flags(cell))
            elif not self._history.is_courses(name, mark_of(cell)):
                self._homeless.append(name)
                here += [_note(_NOTE, name, _GONE), _as_theirs(cell, name, new_id=False)]
        return found

    def _without_strange_flags(self, cell: Cell) -> Cell:
        """The same cell; nbgrader would stumble over the name of an exercise that is there no more."""
        flags = flags_of(cell)
        if not flags or flags.get("grade_id") in self._grades:
            return cell
        return {**cell, "metadata": {key: value for key, value in cell["metadata"].items() if key != "nbgrader"}}

    def _sound(self, cells: Iterable[tuple[Cell, bool]]) -> Iterator[Cell]:
        """The cells as the format wants them, each with an id that no other has; those of the course keep theirs."""
        given = {id_of(cell) for cell in self._reader["cells"]} | set(self._course)
        used: set[str] = set(self._course)
        for cell, is_courses in cells:
            identifier = id_of(cell)
            if not is_courses:
                # A copy of a cell that is there no more must not be taken for it the next time.
                stranger = identifier in self._history.now and OURS not in cell["metadata"]
                if identifier in used or stranger or not _ID.fullmatch(identifier):
                    identifier = _free_id(f"yours-{mark_of(cell)}", given)
                given.add(identifier)
                used.add(identifier)
            parts: Cell = {"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else {}
            kept = {key: value for key, value in cell.items() if parts or key not in ("outputs", "execution_count")}
            yield {**parts, **kept, "id": identifier}


def _is_courses(cell: Cell, name: str, newer: Cell | None, history: History) -> bool:
    mark = mark_of(cell)
    return history.is_courses(name, mark) or (newer is not None and mark_of(newer) == mark)


def _dressed(theirs: Cell, cell: Cell) -> Cell:
    """A cell with the reader's text and outputs, and what the course notes of it."""
    own = {key: value for key, value in theirs["metadata"].items() if key not in _COURSES_METADATA}
    metadata = {**own, **cell["metadata"]}
    tags, given = (one["metadata"].get("tags") for one in (cell, theirs))
    tags = list(tags) if isinstance(tags, list) else []
    tags += [tag for tag in given if tag not in (*tags, *_COURSES_TAGS)] if isinstance(given, list) else []
    if tags:
        metadata["tags"] = tags
    attachments = {**(theirs.get("attachments") or {}), **(cell.get("attachments") or {})}
    return {
        **theirs,
        **({"attachments": attachments} if attachments else {}),
        "metadata": metadata,
        "id": id_of(cell),
    }


def _as_theirs(cell: Cell, of: str, new_id: bool) -> Cell:
    """A cell of the course that the reader has changed, as a cell of their own."""
    own = {key: value for key, value in cell["metadata"].items() if key not in _COURSES_METADATA}
    metadata = {**own, OURS: {"kind": _THEIRS, "of": of}}
    return {**cell, "metadata": metadata, "id": f"yours-{mark_of(cell)}" if new_id else id_of(cell)}


def _note(kind: str, of: str, text: str) -> Cell:
    """A cell of ours that explains the next one, or the one before it."""
    identifier = f"{kind}-{of}"[:_LONGEST_ID]
    cell: Cell = {"cell_type": "markdown", "id": identifier, "metadata": {}, "source": text}
    cell["metadata"][OURS] = {"kind": kind, "of": of, "text": mark_of(cell)}
    return cell


def _stub_note(cell: Cell) -> Cell:
    text = text_of(cell)
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    language = "python" if cell["cell_type"] == "code" else "text"
    return _note(
        _STUB,
        id_of(cell),
        "**New in this version of the course.** The cell above begins differently now. Your answer has stayed as it "
        "was. Compare it with the new beginning, then delete this note.\n\n"
        f"{fence}{language}\n{text}\n{fence}",
    )


def _is_unedited_note(cell: Cell) -> bool:
    ours = cell["metadata"].get(OURS)
    return isinstance(ours, dict) and ours.get("text") == mark_of(cell)


def _free_id(wanted: str, taken: Container[str]) -> str:
    numbered = (f"{wanted}-{number}" for number in itertools.count(2))
    return next(name for name in itertools.chain([wanted], numbered) if name not in taken)


def _signatures(cell: Cell) -> set[str] | None:
    """How the functions and methods that a cell defines are called; None for a cell that is no program."""
    tree = program_of(text_of(cell)) if cell["cell_type"] == "code" else None
    if tree is None:
        return None
    found = set()
    waiting: list[tuple[str, ast.stmt]] = [("", statement) for statement in tree.body]
    while waiting:
        before, statement = waiting.pop()
        if isinstance(statement, ast.ClassDef):
            waiting += [(f"{statement.name}.", inner) for inner in statement.body]
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(f"{before}{statement.name}({ast.unparse(statement.args)})")
    return found
