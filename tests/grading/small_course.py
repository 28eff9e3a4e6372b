"""A course of one small notebook in a folder of its own, and the plain nbgrader commands in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from nnkit.grading.run.sandbox import why_no_sandbox

ASSIGNMENT = "01_small"
NOTEBOOK = "small"
REPOSITORY = Path(__file__).resolve().parents[2]
# Seconds after which a command is given up: what takes minutes here takes many on a slow machine, but not for ever.
LONGEST = 3600

DOUBLE = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
TRIPLE = "def triple(x):\n    ### BEGIN SOLUTION\n    return three * x\n    ### END SOLUTION"


def flags(
    grade_id: str, grade: bool = False, solution: bool = False, locked: bool = False, points: int | None = None
) -> dict[str, object]:
    found = {"grade": grade, "grade_id": grade_id, "locked": locked, "schema_version": 3, "solution": solution}
    return found | {"task": False} | ({} if points is None else {"points": points})


def source_notebook() -> NotebookNode:
    """A check of the course, a test of the plain kind, provided code and a written question."""
    cells = [
        new_markdown_cell("# Small", id="title"),
        new_code_cell("import warnings\n\nfrom nnkit.exercises import check", id="imports"),
        new_code_cell("three = 3", id="provided", metadata={"nbgrader": flags("provided", locked=True)}),
        new_code_cell(DOUBLE, id="double", metadata={"nbgrader": flags("double", solution=True)}),
        new_code_cell(
            'check("double")',
            id="test_double",
            metadata={"nbgrader": flags("test_double", grade=True, locked=True, points=2)},
        ),
        new_code_cell(TRIPLE, id="triple", metadata={"nbgrader": flags("triple", solution=True)}),
        new_code_cell(
            "assert triple(2) == 6",
            id="test_triple",
            metadata={"nbgrader": flags("test_triple", grade=True, locked=True, points=1)},
        ),
        new_markdown_cell("It is.", id="why", metadata={"nbgrader": flags("why", grade=True, solution=True, points=3)}),
    ]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


def make_course(folder: Path, settings: str = "") -> Path:
    """The course folder with the repository's own nbgrader_config.py, and `settings` behind it."""
    place = folder / "solutions" / ASSIGNMENT
    place.mkdir(parents=True)
    nbformat.write(source_notebook(), place / f"{NOTEBOOK}.ipynb")
    shutil.copy(REPOSITORY / "nbgrader_config.py", folder)
    with (folder / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write("\n" + settings)
        if why_no_sandbox():  # what is tested here is there without walls, too
            file.write("\nc.ExecuteSubmission.unsafe_no_sandbox = True\n")
    return folder


def nbgrader(course: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a plain nbgrader command in the course folder."""
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course,
        env=os.environ | {"PATH": path} | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=LONGEST,
    )


def released(course: Path) -> NotebookNode:
    return nbformat.read(course / "course" / ASSIGNMENT / f"{NOTEBOOK}.ipynb", as_version=4)


def solved(course: Path) -> NotebookNode:
    """The released notebook with the right answers in it."""
    notebook = released(course)
    cell(notebook, "double").source = "def double(x):\n    return 2 * x"
    cell(notebook, "triple").source = "def triple(x):\n    return three * x"
    cell(notebook, "why").source = "Because."
    return notebook


def cell(notebook: NotebookNode, name: str) -> NotebookNode:
    """The cell with this id."""
    return next(cell for cell in notebook.cells if cell.get("id") == name)


def hand_in(course: Path, student: str, content: NotebookNode | str | bytes) -> None:
    place = course / "submitted" / student / ASSIGNMENT
    place.mkdir(parents=True, exist_ok=True)
    if isinstance(content, NotebookNode):
        content = nbformat.writes(content, version=4)
    data = content if isinstance(content, bytes) else content.encode("utf-8")
    (place / f"{NOTEBOOK}.ipynb").write_bytes(data)


def graded(course: Path, student: str) -> NotebookNode:
    return nbformat.read(course / "autograded" / student / ASSIGNMENT / f"{NOTEBOOK}.ipynb", as_version=4)


def writing_of(path: Path) -> tuple[int, int]:
    """Which file it is and when it was written; when it was last read says nothing about it."""
    seen = path.stat()
    return seen.st_ino, seen.st_mtime_ns
