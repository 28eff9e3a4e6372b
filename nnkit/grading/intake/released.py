"""What was released: the notebook that students got, and what the gradebook knows about each of nbgrader's cells in it.

Whatever a submission says about its own cells is held against this.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook


@dataclass(frozen=True)
class Master:
    """What the gradebook knows about one of nbgrader's cells.

    Parameters
    ----------
    name : str
        nbgrader's ``grade_id``.
    cell_type : str
        "code" or "markdown".
    source : str
        Its released text.
    locked, grade, solution, task : bool
        nbgrader's flags.
    points : float
        What it is worth; 0 for a cell that is not graded.
    checksum : str or None
        nbgrader's own, by which an answer that is still what was released is known.
    """

    name: str
    cell_type: str
    source: str
    locked: bool
    grade: bool
    solution: bool
    task: bool
    points: float
    checksum: str | None = None

    @property
    def flags(self) -> NotebookNode:
        """The cell's nbgrader metadata as it was released."""
        flags: dict[str, Any] = {
            "grade": self.grade,
            "grade_id": self.name,
            "locked": self.locked,
            "schema_version": 3,
            "solution": self.solution,
            "task": self.task,
        }
        if self.grade or self.task:
            flags["points"] = self.points
        return NotebookNode(flags)


def read_masters(database_url: str, assignment: str, notebook: str) -> dict[str, Master]:
    """The released cells of a notebook, by nbgrader's name for them.

    Parameters
    ----------
    database_url : str
        Where the gradebook is.
    assignment, notebook : str
        Which notebook.

    Raises
    ------
    nbgrader.api.MissingEntry
        The gradebook does not know the notebook: it was never generated.
    """
    with Gradebook(database_url) as gradebook:
        return masters_of(gradebook.find_notebook(notebook, assignment))


def masters_of(found: Any) -> dict[str, Master]:
    """The released cells of a notebook, by nbgrader's name for them.

    Parameters
    ----------
    found : Any
        nbgrader's ``Notebook``, of a gradebook that is open.
    """
    grades = {cell.name: float(cell.max_score) for cell in found.grade_cells}
    tasks = {cell.name: float(cell.max_score) for cell in found.task_cells}
    solutions = {cell.name for cell in found.solution_cells}
    return {
        cell.name: Master(
            name=cell.name,
            cell_type=cell.cell_type,
            source=cell.source,
            locked=bool(cell.locked),
            grade=cell.name in grades,
            solution=cell.name in solutions,
            task=cell.name in tasks,
            points=grades.get(cell.name, tasks.get(cell.name, 0.0)),
            checksum=cell.checksum,
        )
        for cell in found.source_cells
    }


def released_notebook(preprocessor: Any, assignment: str, notebook: str) -> NotebookNode | None:
    """The notebook that was handed out, else the instructors'; None when neither is there any more.

    Parameters
    ----------
    preprocessor : Any
        One of nbgrader's, at work; it knows where the course folder is.
    assignment, notebook : str
        Which notebook.
    """
    course = getattr(getattr(preprocessor.parent, "parent", None), "coursedir", None)
    return None if course is None else read_released(course, assignment, notebook)


def read_released(course: Any, assignment: str, notebook: str) -> NotebookNode | None:
    """The notebook that was handed out, else the instructors'; None when neither is there any more.

    Parameters
    ----------
    course : Any
        nbgrader's ``CourseDirectory``.
    assignment, notebook : str
        Which notebook.
    """
    for folder in (course.release_directory, course.source_directory):
        try:
            return nbformat.read(Path(course.format_path(folder, ".", assignment)) / f"{notebook}.ipynb", as_version=4)
        except (OSError, ValueError):
            continue
    return None


def instructor_folder(preprocessor: Any) -> Path | None:
    """The folder of the instructors' notebooks; None where the settings name none.

    Parameters
    ----------
    preprocessor : Any
        One of nbgrader's, at work; it knows where the course folder is.
    """
    course = getattr(getattr(preprocessor.parent, "parent", None), "coursedir", None)
    return None if course is None else Path(course.root, course.source_directory)
