"""Which marks that a person gave stay final when a submission is graded again: those of answers that are the same.

nbgrader asks for a person wherever one has given a mark before. Where the graded folder holds the very text that this
person has read, and the cell is worth the same, there is nothing to look at again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from nnkit.grading.intake.flags import flags_of
from nnkit.grading.intake.standing_in import NOT_RUN

# What is to be done about a mark for an answer that has changed.
BEFORE = "It has a mark by hand that was given before this grading"
CONFIRM = (
    "Confirm the mark, or give another: the formgrader only saves one that is not there yet, so type any other first, "
    "then the right one."
)


class SameAnswers:
    """Whether an answer is what it was when it was graded the last time; nothing is read before somebody asks.

    Parameters
    ----------
    before : Mapping[str, str]
        A notebook's name → the text of the graded file that a person has seen.
    """

    def __init__(self, before: Mapping[str, str]) -> None:
        self._before = before
        self._known: dict[str, dict[str, str]] = {}

    @classmethod
    def of(cls, folder: Path, names: Iterable[str]) -> SameAnswers:
        """Those of a graded folder that may be taken away before anybody asks.

        Parameters
        ----------
        folder : Path
            The graded folder of a student; need not be there.
        names : Iterable[str]
            Of the notebooks.
        """
        before = {}
        for name in names:
            try:
                before[name] = (folder / f"{name}.ipynb").read_text("utf-8")
            except (OSError, UnicodeDecodeError):
                continue
        return cls(before)

    def is_same(self, name: str, cell: str, now: NotebookNode) -> bool:
        """Whether a graded cell's answer and points are what they were.

        Parameters
        ----------
        name, cell : str
            The notebook, and nbgrader's name for the cell.
        now : NotebookNode
            As it is graded now.
        """
        if name not in self._known:
            self._known[name] = self._read(name)
        known = self._known[name].get(cell)
        return known is not None and known == answers_of(now).get(cell)

    def _read(self, name: str) -> dict[str, str]:
        try:
            return answers_of(nbformat.reads(self._before[name], as_version=4))
        except (KeyError, ValueError):
            return {}


def answers_of(notebook: NotebookNode) -> dict[str, str]:
    """What stands for the answer to each graded cell and for its points.

    For a written answer that is its text. For a test it is all code of the student's, as what is tested may hang on any
    of it. Where nothing could be run it is what was handed in.

    Parameters
    ----------
    notebook : NotebookNode
        As grading left it.

    Examples
    --------
    >>> from nbformat.v4 import new_markdown_cell, new_notebook
    >>> flags = {"grade": True, "solution": True, "grade_id": "why", "points": 2}
    >>> one, same, other = (
    ...     new_notebook(cells=[new_markdown_cell(text, metadata={"nbgrader": flags})]) for text in ("a", "a", "b")
    ... )
    >>> answers_of(one) == answers_of(same), answers_of(one) == answers_of(other)
    (True, False)
    """
    notes = notebook.metadata.get("nnkit", {})
    handed_in = None
    if notes.get("state") in NOT_RUN:
        handed_in = notes.get("files")
        if not handed_in:
            return {}
    code = [str(cell.source) for cell in notebook.cells if cell.cell_type == "code" and _is_students(flags_of(cell))]
    found = {}
    for cell in notebook.cells:
        flags = flags_of(cell)
        if flags.get("grade") or flags.get("task"):
            answer = [str(cell.source)] if flags.get("solution") or flags.get("task") else code
            parts = [flags.get("points", 0), handed_in, answer]
            found[str(flags.get("grade_id"))] = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    return found


def _is_students(flags: Mapping[str, Any]) -> bool:
    return not flags.get("locked") and (bool(flags.get("solution")) or not flags.get("grade"))
