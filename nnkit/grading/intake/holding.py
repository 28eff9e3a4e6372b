"""What a file holds of a released notebook: the answers that somebody has written, and other code of theirs.

Of several files that could be one notebook, this says which of them has everything that another one has.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property

from nbformat.notebooknode import NotebookNode

from nnkit.exercises.definitions import defined_names, program_of
from nnkit.grading.intake.flags import flags_of


@dataclass(frozen=True)
class Holding:
    """What is in one file.

    Parameters
    ----------
    answers : frozenset[tuple[str, str]]
        The name of an exercise and what was written for it: in its own cell, or in one that defines what it asks for.
    code : frozenset[str]
        Other code that was not released.
    prose : frozenset[str]
        Other texts that were not; which answers count does not hang on them.
    """

    answers: frozenset[tuple[str, str]] = frozenset()
    code: frozenset[str] = frozenset()
    prose: frozenset[str] = frozenset()

    @property
    def answered(self) -> frozenset[str]:
        """The names of the exercises that have an answer."""
        return frozenset(name for name, _ in self.answers)

    def has_all_of(self, other: Holding) -> bool:
        """Whether no answer and no code is in the other that is not in this one."""
        return other.answers <= self.answers and other.code <= self.code


class Released:
    """A released notebook as a measure for what was handed in.

    Parameters
    ----------
    notebook : NotebookNode
        As it was handed out.
    """

    def __init__(self, notebook: NotebookNode) -> None:
        self._texts = {_text(cell) for cell in notebook.cells}
        self._ids = {cell.get("id") for cell in notebook.cells if not _is_answer(cell)}
        self._names = {_name(cell) for cell in notebook.cells if _name(cell) and not _is_answer(cell)}
        self._answers = {_name(cell): cell for cell in notebook.cells if _name(cell) and _is_answer(cell)}

    @cached_property
    def _asked(self) -> dict[str, str]:
        """A name that an answer defines → its exercise."""
        return {
            defined: name
            for name, cell in self._answers.items()
            if cell.cell_type == "code"
            for defined in defined_names(cell.source)
        }

    def holding(self, notebook: NotebookNode) -> Holding:
        """What somebody has written into a notebook; of another version of the course its texts do not count.

        Parameters
        ----------
        notebook : NotebookNode
            One that was handed in.
        """
        answers, code, prose = set(), set(), set()
        for cell in notebook.cells:
            text = _text(cell)
            if not text or text in self._texts or _is_stub(text):
                continue
            if _name(cell) in self._answers:
                answers.add((_name(cell), text))
            elif cell.cell_type == "code" and _name(cell) not in self._names:
                written_for = {self._asked[name] for name in defined_names(text) if name in self._asked}
                answers |= {(name, text) for name in written_for}
                if not written_for and cell.get("id") not in self._ids:
                    code.add(text)
            elif cell.get("id") not in self._ids:
                prose.add(text)
        return Holding(frozenset(answers), frozenset(code), frozenset(prose))


def _text(cell: NotebookNode) -> str:
    return "\n".join(line.rstrip() for line in str(cell.source).strip().splitlines())


def _name(cell: NotebookNode) -> str:
    name = flags_of(cell).get("grade_id")
    return name if isinstance(name, str) else ""


def _is_answer(cell: NotebookNode) -> bool:
    return bool(flags_of(cell).get("solution"))


def _is_stub(text: str) -> bool:
    """Whether a cell only says what is still to be written, as released ones do: here or in another version."""
    program = program_of(text)
    body = program.body if program is not None else []
    definitions = ast.FunctionDef | ast.ClassDef
    return any(isinstance(one, definitions) for one in body) and all(map(_says_nothing, body))


def _says_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return all(map(_says_nothing, statement.body))
    if isinstance(statement, ast.Raise):
        return statement.exc is not None and ast.unparse(statement.exc).startswith("NotImplementedError")
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )
