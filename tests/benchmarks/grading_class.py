"""A class that is graded for the benchmark: a notebook of eight exercises, and what any number of students hand in.

The exercises are real ones, with the text and the stubs of the course's notebooks; the answers are those of
`tests.answers`, right ones and wrong ones, besides stubs that nobody has touched and functions that raise. The same
number of students is always the same class.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import contenders
import nbformat
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

REPOSITORY = contenders.HERE.parents[1]
ASSIGNMENT, NOTEBOOK = "01_eight", "eight"
EXERCISES = {
    "04_mlp/neurons_to_networks": ("sigmoid", "sigmoid_grad", "relu_backward", "affine_forward", "affine_backward"),
    "02_backprop_by_hand/backprop_by_hand": ("product_gradients", "cube_gradients"),
    "01_computation_graphs/neurons": ("neuron",),
}
IMPORTS = "import math\n\nimport numpy as np\n\nfrom nnkit.exercises import check"
# What becomes of an answer, and how often. Loops without end are left out: they would measure the limit of time alone.
KINDS = {"right": 74, "wrong": 14, "untouched": 7, "crashing": 5}
STUB = "raise NotImplementedError"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def make_course(folder: Path, settings: str) -> Path:
    """Make a course of one notebook, with these settings, and release it; return its folder."""
    from nnkit.grading.course.steps import nbgrader_api, run_step

    source = folder / "solutions" / ASSIGNMENT
    source.mkdir(parents=True)
    nbformat.write(source_notebook(), source / f"{NOTEBOOK}.ipynb")
    (folder / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    run_step(f"generate {ASSIGNMENT}", nbgrader_api(folder).generate_assignment(ASSIGNMENT))
    return folder


def own_settings() -> str:
    """Return the settings with which nnkit's course is graded."""
    return (REPOSITORY / "nbgrader_config.py").read_text(encoding="utf-8")


def stock_settings() -> str:
    """Return nbgrader's own settings, but for the names of the two folders."""
    names = {"source_directory": "solutions", "release_directory": "course"}
    return "c = get_config()\n" + "".join(f'c.CourseDirectory.{name} = "{value}"\n' for name, value in names.items())


def source_notebook() -> NotebookNode:
    """Return the instructors' notebook: for each exercise its text, its solution and its check."""
    cells = [new_markdown_cell("# Eight exercises", id="title"), new_code_cell(IMPORTS, id="imports")]
    for path, names in EXERCISES.items():
        given = nbformat.read(REPOSITORY / "solutions" / f"{path}.ipynb", as_version=4).cells
        for name in names:
            at = next(number for number, cell in enumerate(given) if _name(cell) == name)
            test = next(cell for cell in given if _name(cell) == f"test_{name}")
            text = next((cell for cell in reversed(given[:at]) if cell.cell_type == "markdown"), None)
            cells += [cell for cell in (text, given[at], test) if cell is not None and cell not in cells]
    for cell in cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}})


def students(count: int) -> list[str]:
    """Return the names of a class."""
    return [f"s{number:06}" for number in range(count)]


def hand_in(course: Path, names: list[str]) -> None:
    """Write what these students hand in."""
    released = (course / "course" / ASSIGNMENT / f"{NOTEBOOK}.ipynb").read_text(encoding="utf-8")
    for name in names:
        place = course / "submitted" / name / ASSIGNMENT
        place.mkdir(parents=True)
        notebook = answered(nbformat.reads(released, as_version=4), name)
        nbformat.write(notebook, place / f"{NOTEBOOK}.ipynb")


def answered(notebook: NotebookNode, student: str) -> NotebookNode:
    """Return a released notebook with what a student has made of it."""
    from tests.answers import answers_to

    chance = random.Random(student)
    for cell in notebook.cells:
        flags = cell.metadata.get("nbgrader", {})
        if not flags.get("solution"):
            continue
        answers = answers_to(flags["grade_id"])
        kind = chance.choices(list(KINDS), list(KINDS.values()))[0]
        if kind == "right":
            cell.source = chance.choice(list(answers.right.values())).strip("\n")
        elif kind == "wrong":
            cell.source = chance.choice([*answers.wrong.values(), *answers.promises.values()]).strip("\n")
        elif kind == "crashing":
            cell.source = cell.source.replace(STUB, "return 1 / 0")
    return notebook


def begin_again(course: Path) -> None:
    """Forget all that was graded: the folders and what the gradebook knows of submissions."""
    shutil.rmtree(course / "autograded", ignore_errors=True)
    shutil.copy(course / "gradebook.released", course / "gradebook.db")


def _name(cell: NotebookNode) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
