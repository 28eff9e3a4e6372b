"""The course that is attacked: the small one, and three assignments with real exercises that withhold something.

The package beside a student's code is the one for the notebook of the course to which the exercises belong: without the
sigmoid and all of differentiation in `02_by_hand`, without differentiation in `03_values`, without what sorts graphs in
`04_graphs`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from nnkit.grading.course.steps import nbgrader_api
from tests.answers import answers_to
from tests.grading import small_course
from tests.grading.small_course import flags

SMALL, BY_HAND, VALUES, GRAPHS = small_course.ASSIGNMENT, "02_by_hand", "03_values", "04_graphs"
# Assignment → its exercises with their points; each is one notebook with the assignment's name without the number.
EXERCISES = {
    BY_HAND: {"sigmoid": 2, "sigmoid_grad": 1, "relu_backward": 2},
    VALUES: {"Value": 3},
    GRAPHS: {"topological_sort": 2},
}
SOLUTIONS = {
    SMALL: {"double": "def double(x):\n    return 2 * x", "triple": "def triple(x):\n    return three * x"}
} | {
    assignment: {name: next(iter(answers_to(name).right.values())).strip() for name in exercises}
    for assignment, exercises in EXERCISES.items()
}
# The right answer to one exercise neither brings along another one's nor waits for it.
SOLUTIONS[BY_HAND]["sigmoid_grad"] = answers_to("sigmoid_grad").right["by tanh, without the other function"].strip()
POINTS: Mapping[str, Mapping[str, float]] = {
    SMALL: {"test_double": 2.0, "test_triple": 1.0},
    **{task: {f"test_{name}": float(points) for name, points in some.items()} for task, some in EXERCISES.items()},
}
RIGHT: Mapping[str, Mapping[str, str]] = {
    SMALL: {"double": "passed", "test_triple": "passed", "why": "needs a person"},
    **{task: dict.fromkeys(some, "passed") for task, some in EXERCISES.items()},
}
# Short, because some attacks only end by a limit, and many times what an honest cell takes here.
SETTINGS = """
c.ExecuteSubmission.timeout = 5
c.ExecuteSubmission.notebook_timeout = 40
c.ExecuteSubmission.memory_limit = 1 << 30
"""
ANSWER_SECONDS = "3"


def notebook_name(assignment: str) -> str:
    """The notebook of an assignment.

    >>> notebook_name("03_values")
    'values'
    """
    return assignment.partition("_")[2]


def source_notebook(assignment: str) -> NotebookNode:
    """An assignment as its author writes it."""
    if assignment == SMALL:
        return small_course.source_notebook()
    imports = "import math\n\nimport numpy as np\n\nfrom nnkit.exercises import check, hint, ready"
    cells = [new_markdown_cell(f"# {assignment}", id="title"), new_code_cell(imports, id="imports")]
    provided = next((text for name in EXERCISES[assignment] if (text := answers_to(name).provided.strip())), "")
    if assignment == GRAPHS:
        cells.append(new_code_cell(provided, id="provided", metadata={"nbgrader": flags("provided", locked=True)}))
    for name, points in EXERCISES[assignment].items():
        solution = f"### BEGIN SOLUTION\n{SOLUTIONS[assignment][name]}\n### END SOLUTION"
        cells.append(new_code_cell(solution, id=name, metadata={"nbgrader": flags(name, solution=True)}))
        test = {"nbgrader": flags(f"test_{name}", grade=True, locked=True, points=points)}
        cells.append(new_code_cell(f'check("{name}")', id=f"test_{name}", metadata=test))
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


def make_course(folder: Path) -> Path:
    """The course, released, with nobody in it yet."""
    folder.mkdir(parents=True, exist_ok=True)
    course = small_course.make_course(folder, SETTINGS)
    for assignment in EXERCISES:
        place = course / "solutions" / assignment
        place.mkdir(parents=True)
        nbformat.write(source_notebook(assignment), place / f"{notebook_name(assignment)}.ipynb")
    for assignment in POINTS:
        made = nbgrader_api(course).generate_assignment(assignment)
        if not made["success"]:
            raise RuntimeError(made)
    return course


def released(course: Path, assignment: str = SMALL) -> NotebookNode:
    """What students get."""
    return nbformat.read(course / "course" / assignment / f"{notebook_name(assignment)}.ipynb", as_version=4)


def filled_in(course: Path, assignment: str, answers: Mapping[str, str], *cells: str, behind: str) -> NotebookNode:
    """A notebook as a student leaves it.

    Parameters
    ----------
    course : Path
        The course's folder.
    assignment : str
        Which.
    answers : Mapping[str, str]
        Id of a cell → what the student has written into it.
    cells : str
        Cells of the student's own, in order.
    behind : str
        The id of the cell behind which they stand.
    """
    notebook = released(course, assignment)
    places = {cell["id"]: number for number, cell in enumerate(notebook.cells)}
    for name, text in answers.items():
        notebook.cells[places[name]].source = text
    own = [new_code_cell(text, id=f"own-{number}") for number, text in enumerate(cells)]
    notebook.cells[places[behind] + 1 : places[behind] + 1] = own
    return notebook


def handed_in(
    assignment: str,
    answers: Mapping[str, str],
    *cells: str,
    behind: str = "imports",
    files: Mapping[str, str] | None = None,
) -> Callable[[Path, Path], None]:
    """What writes a filled in notebook, and files beside it, into a student's folder; see `filled_in`."""

    def hand_in(course: Path, folder: Path) -> None:
        folder.mkdir(parents=True)
        notebook = filled_in(course, assignment, answers, *cells, behind=behind)
        nbformat.write(notebook, folder / f"{notebook_name(assignment)}.ipynb")
        for name, text in (files or {}).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    return hand_in
