"""A test is judged behind the answer that it tests, wherever in the notebook a student has put either of them.

At home the order in which cells were run counts; grading runs them from top to bottom. Where a cell was dragged, copied
or begun anew further down, a careful person would find the answer, and so does this. Answers stay where they are: the
tests are moved, and what nobody has worked on.
"""

from __future__ import annotations

import symtable
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nbformat.notebooknode import NotebookNode

from nnkit.grading.intake.flags import flags_of
from nnkit.grading.marks.outcomes import checked_exercise

# Lines of IPython's own; without them the rest of a cell is Python.
_MAGIC = ("%", "!", "?")


@dataclass(frozen=True)
class _Group:
    """A test, and the answers that stand before it where they were released: name → released text."""

    test: str
    exercise: str | None
    answers: dict[str, str]


def put_tests_behind_answers(notebook: NotebookNode, released: NotebookNode | None) -> list[str]:
    """Move tests behind their answers, and untouched copies of an answer's cell out of the way.

    Parameters
    ----------
    notebook : NotebookNode
        A submission whose cells have their released flags again; changed in place.
    released : NotebookNode or None
        The notebook that was handed out.

    Returns
    -------
    list of str
        What was moved, a sentence for each.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> def cell(name, source, **flags):
    ...     return new_code_cell(source, metadata={"nbgrader": {"grade_id": name, **flags}})
    >>> answer, test = cell("f", "def f(): pass", solution=True), cell("test_f", "assert f()", grade=True)
    >>> moved = new_notebook(cells=[test, answer])
    >>> put_tests_behind_answers(moved, new_notebook(cells=[answer, test]))
    ['The test test_f stood above what it tests and is judged behind it.']
    >>> [one.source for one in moved.cells]
    ['def f(): pass', 'assert f()']
    """
    groups = tuple(_groups(released))
    sentences = _leave_out_copies(notebook, groups)
    order = _Order(notebook)
    for group in groups:
        test = order.named(group.test)
        if test is None:
            continue
        wanted = [cell for name in group.answers if (cell := order.named(name)) is not None]
        own = order.own_answer(group, test)
        if own is not None:
            for cell in wanted:  # nobody has worked on it, and it must not take the place of what somebody wrote
                if order.of(cell) > order.of(own):
                    order.move(cell, order.of(own))
            wanted.append(own)
        last = max(map(order.of, order.with_helpers(wanted, test)), default=-1)
        if last > order.of(test):
            order.move(test, last + 1)
            sentences.append(f"The test {group.test} stood above what it tests and is judged behind it.")
    return sentences


def _groups(released: NotebookNode | None) -> Iterator[_Group]:
    answers: dict[str, str] = {}
    tested = False
    for cell in released.cells if released is not None else ():
        flags = flags_of(cell)
        if cell.cell_type != "code" or not flags.get("grade_id"):
            continue
        if flags.get("solution") and not flags.get("grade"):
            answers = {} if tested else answers
            answers, tested = {**answers, str(flags["grade_id"]): cell.source}, False
        elif flags.get("grade") and not flags.get("solution"):
            tested = True
            yield _Group(str(flags["grade_id"]), checked_exercise(cell.source), answers)


def _leave_out_copies(notebook: NotebookNode, groups: Iterable[_Group]) -> list[str]:
    """A copy that is as it was released would take the place of the answer when it is run."""
    stubs = {text.strip(): name for group in groups for name, text in group.answers.items()}
    answers = {flags_of(cell).get("grade_id"): cell.source.strip() for cell in notebook.cells}
    sentences, kept = [], []
    for cell in notebook.cells:
        name = stubs.get(cell.source.strip()) if cell.cell_type == "code" and not flags_of(cell) else None
        if name is not None and answers.get(name, "") not in ("", cell.source.strip()):
            sentences.append(f"A copy of the cell {name} that nobody has worked on is left out.")
        else:
            kept.append(cell)
    notebook.cells = kept
    return sentences


class _Order:
    """The cells of a notebook, where they stand, and what they define."""

    def __init__(self, notebook: NotebookNode) -> None:
        self._cells = notebook.cells
        self._defined: dict[str, list[NotebookNode]] = {}
        for cell in self._cells:
            for name in _bound(cell.source) if cell.cell_type == "code" else ():
                self._defined.setdefault(name, []).append(cell)
        self._count()

    def _count(self) -> None:
        self._places = {id(cell): index for index, cell in enumerate(self._cells)}
        self._names = {flags_of(cell).get("grade_id"): cell for cell in reversed(self._cells)}

    def of(self, cell: NotebookNode) -> int:
        """Where a cell stands."""
        return self._places[id(cell)]

    def named(self, name: str) -> NotebookNode | None:
        """The cell with nbgrader's name for it."""
        return self._names.get(name)

    def move(self, cell: NotebookNode, position: int) -> None:
        """Move a cell before the one that stands at a position now."""
        here = self.of(cell)
        self._cells.pop(here)
        self._cells.insert(position - (here < position), cell)
        self._count()

    def own_answer(self, group: _Group, test: NotebookNode) -> NotebookNode | None:
        """The cell of the student's own with the answer, where nobody has worked on the cell that was given for it."""
        asked = {name for text in group.answers.values() for name in _bound(text)}
        asked |= {group.exercise} if group.exercise is not None else set()
        for name, text in group.answers.items():
            cell = self.named(name)
            if cell is not None and cell.source.strip() not in ("", text.strip()):
                return None
        own = {self.of(one): one for name in asked for one in self._defined.get(name, ()) if not flags_of(one)}
        above = [place for place in own if place < self.of(test)]
        return own[max(above or own)] if own else None

    def with_helpers(self, wanted: list[NotebookNode], test: NotebookNode) -> list[NotebookNode]:
        """These cells, and those below the test that alone define what their functions call."""
        found = {id(cell): cell for cell in wanted}
        waiting = list(wanted)
        while waiting:
            for name in _called(waiting.pop().source):
                first = min(self._defined.get(name, ()), key=self.of, default=None)
                if first is not None and self.of(first) > self.of(test) and id(first) not in found:
                    found[id(first)] = first
                    waiting.append(first)
        return list(found.values())


def _table(source: str) -> symtable.SymbolTable | None:
    lines = source.split("\n")
    python = "\n".join("" if line.startswith(_MAGIC) else line for line in lines)
    if lines[0].startswith("%%") and not lines[0].startswith(("%%time", "%%capture")):
        return None
    try:
        return symtable.symtable(python, "cell", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _bound(source: str) -> set[str]:
    """The names that a cell gives a meaning to."""
    table = _table(source)
    if table is None:
        return set()
    return {one.get_name() for one in table.get_symbols() if one.is_assigned() or one.is_imported()}


def _called(source: str) -> set[str]:
    """The names that the functions and classes of a cell take from outside."""
    found: set[str] = set()
    table = _table(source)
    waiting = list(table.get_children()) if table is not None else []
    while waiting:
        inner = waiting.pop()
        found |= {one.get_name() for one in inner.get_symbols() if one.is_global() and one.is_referenced()}
        waiting += inner.get_children()
    return found
