"""How attacks of several kinds are written down: cells in a solved notebook of the small course, and their controls.

An attack that knows where the course lies gives its cells as functions of that folder.
"""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from nnkit.grading.run.sandbox import why_no_sandbox
from tests.grading.attacks import controls
from tests.grading.attacks.attack import Attack
from tests.grading.attacks.course import RIGHT as ALL_RIGHT
from tests.grading.attacks.course import SMALL, SOLUTIONS, filled_in, notebook_name, released

FILE = f"{notebook_name(SMALL)}.ipynb"
ANSWERS = {**SOLUTIONS[SMALL], "why": "Because two and two are four."}
RIGHT_ANSWER = ANSWERS["double"]
WRONG_ANSWER = "def double(x):\n    return x + 2"
WORTH = {"double": ("test_double", 2.0), "test_triple": ("test_triple", 1.0)}

RIGHT = ALL_RIGHT[SMALL]
WRONG = {**RIGHT, "double": "wrong"}
NOTHING = {"double": "not attempted", "test_triple": "wrong", "why": "needs a person"}
FOR_A_PERSON = dict.fromkeys(RIGHT, "needs a person")
UNREADABLE = dict.fromkeys(RIGHT, "file unreadable")

Source = str | Callable[[Path], str]
Folder = Callable[[Path], None]


def points_of(outcomes: Mapping[str, str]) -> dict[str, float | None]:
    """What these outcomes are worth."""
    return {cell: points if outcomes[name] == "passed" else 0.0 for name, (cell, points) in WORTH.items()}


def solved(course: Path, *cells: str, behind: str = "double", **answers: str) -> NotebookNode:
    """The released notebook with right answers, unless others are given, and with cells of the student's own."""
    return filled_in(course, SMALL, {**ANSWERS, **answers}, *cells, behind=behind)


def cell(notebook: NotebookNode, name: str) -> NotebookNode:
    """The cell with this id."""
    return next(one for one in notebook.cells if one.get("id") == name)


def untouched_notebook(course: Path) -> NotebookNode:
    """The notebook as it was released."""
    return released(course, SMALL)


def write(notebook: NotebookNode, folder: Path, name: str = FILE) -> Path:
    """Write a notebook below the folder that is handed in."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def by_cells(
    kind: str,
    name: str,
    sentence: str,
    *cells: Source,
    answer: Source = RIGHT_ANSWER,
    outcomes: Mapping[str, str] = RIGHT,
    behind: str = "double",
    files: Mapping[str, bytes] | None = None,
    before: Folder | None = None,
    **more: Any,
) -> Attack:
    """An attack that is made by cells behind an answer, or by the answer itself.

    Parameters
    ----------
    kind, name, sentence, outcomes, more
        As in `Attack`; the points are what the outcomes are worth.
    cells : Source
        The cells, in order.
    answer : Source
        The answer to ``double``.
    behind : str
        The id of the cell behind which they stand.
    files : Mapping[str, bytes] or None
        What lies beside the notebook.
    before : Folder or None
        What is to be done first; gets the course folder.
    """

    def hand_in(course: Path, folder: Path) -> None:
        if why_no_sandbox():
            raise RuntimeError("What these cells do is done to this machine, where nothing shuts them in.")
        if before is not None:
            before(course)
        texts = [source if isinstance(source, str) else source(course) for source in (answer, *cells)]
        write(solved(course, *texts[1:], behind=behind, double=texts[0]), folder)
        for path, content in (files or {}).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)

    return Attack(kind, name, sentence, hand_in, points_of(outcomes), dict(outcomes), **more)


def in_a_folder(control: Folder) -> Folder:
    """A control that needs no course, but a folder of its own."""

    @functools.wraps(control)
    def controlled(course: Path) -> None:
        with tempfile.TemporaryDirectory(prefix="control-") as folder:
            control(Path(folder))

    return controlled


def without_walls(*cells: str, **settings: Any) -> tuple[str, str]:
    """Run cells in a worker that is not shut in: how `double` ends where they define it, and what they have shown."""
    notebook = nbformat.v4.new_notebook(
        cells=[
            *map(nbformat.v4.new_code_cell, cells),
            nbformat.v4.new_code_cell('check("double")', metadata={"nbgrader": _test_flags()}),
        ]
    )
    ended, shown = controls.without_walls(notebook, "welcome", **({"cell_seconds": 8} | settings))
    return ended["double"], shown


def _test_flags() -> dict[str, object]:
    flags = {"grade": True, "grade_id": "test_double", "locked": True, "solution": False}
    return {**flags, "schema_version": 3, "task": False, "points": 2}


def graded_notebook(course: Path, student: str) -> NotebookNode:
    """The autograded notebook of a student."""
    return nbformat.read(course / "autograded" / student / SMALL / FILE, as_version=4)


def shown_by(notebook: NotebookNode) -> str:
    """All that the cells of a notebook show, as text."""
    return "\n".join(str(output) for one in notebook.cells for output in one.get("outputs", ()))
