"""Ways to see that an attack would succeed without its defence.

`points_in_one_process` is the control of whatever forges or steals an answer: the same notebook, run with the whole
package and the judge in the student's own process and scored by stock nbgrader. `without_walls` is the control of
whatever reaches out: the same cells, in a worker that is not shut in.
"""

from __future__ import annotations

import atexit
import functools
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import nbformat

from nnkit.grading.marks.outcomes import notebook_outcomes
from nnkit.grading.run.execution import sandbox_for
from nnkit.grading.run.notebook import Plan, grade_notebook
from nnkit.grading.run.sandbox import Limits
from tests.grading.attacks import course as attacked
from tests.grading.attacks.one_process import OneProcess

Control = Callable[[Path], None]
SEED = "5" * 64


@functools.cache
def _one_process() -> OneProcess:
    made = OneProcess()
    atexit.register(made.close)
    return made


def points_in_one_process(course: Path, hand_in: Callable[[Path, Path], None], assignment: str) -> Mapping[str, float]:
    """What stock nbgrader gives for a submission that is run together with the judge: test cell → points."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "submitted")
        hand_in(course, folder)
        return _one_process().marks(folder / f"{attacked.notebook_name(assignment)}.ipynb")


def gains(hand_in: Callable[[Path, Path], None], assignment: str, *cells: str) -> Control:
    """The control that sees these test cells get all of their points."""

    def control(course: Path) -> None:
        marks = points_in_one_process(course, hand_in, assignment)
        for cell in cells:
            assert marks.get(cell) == attacked.POINTS[assignment][cell], marks

    return control


def without_walls(notebook: nbformat.NotebookNode, package: str, **settings: int) -> tuple[dict[str, str], str]:
    """Run a notebook in a worker that is not shut in.

    Parameters
    ----------
    notebook : NotebookNode
        Is changed: afterwards it has its outputs.
    package : str
        The notebook of the course whose stripped package is beside it.
    settings : int
        Of the `Plan`.

    Returns
    -------
    dict of str to str, str
        Name of an exercise → how it ended, and everything that the cells have shown.
    """
    plan = Plan(SEED, **({"cell_seconds": 20, "limits": Limits(memory=1 << 30)} | settings))  # type: ignore[arg-type]
    grade_notebook(notebook, sandbox_for(package, shut_in=False), plan)
    shown = "\n".join(str(output) for cell in notebook.cells for output in cell.get("outputs", ()))
    return {outcome.exercise: outcome.status for outcome in notebook_outcomes(notebook)}, shown
