"""Students × exercises: how every exercise of a class ended, and the points the gradebook has for it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat.v4 import reads

from nnkit.grading.intake.places import handed_in_by
from nnkit.grading.marks.gradebook import read_grades
from nnkit.grading.marks.outcomes import NEEDS_PERSON, Outcome, checked_exercise, notebook_outcomes


@dataclass(frozen=True)
class Entry:
    """One student's outcome in one exercise.

    Parameters
    ----------
    student, assignment, notebook, exercise : str
        Whose, and in what.
    outcome, cause
        How it ended, one of `nnkit.grading.marks.outcomes.OUTCOMES`, and the diagnosis in a sentence if there is one.
    points : float or None
        From the gradebook; None while a person has not given any.
    max_points : float
        What the exercise is worth.
    needs_person : bool
        Whether the formgrader lists it for manual grading.
    mistake, kind : str
        The label of the declared mistake that was recognised, and what kind of thing is wrong; "" where nothing says
        so. See `nnkit.grading.marks.outcomes.Outcome`.
    by_hand : bool
        Whether the points are those that a person gave.
    """

    student: str
    assignment: str
    notebook: str
    exercise: str
    outcome: str
    cause: str | None
    points: float | None
    max_points: float
    needs_person: bool
    mistake: str = ""
    kind: str = ""
    by_hand: bool = False


def read_class(api: Any, assignment: str) -> list[Entry]:
    """Every entry of an assignment, from the autograded notebooks and the gradebook.

    Parameters
    ----------
    api : Any
        See `nnkit.grading.course.steps.nbgrader_api`.
    assignment : str
        Its name.
    """
    course = api.coursedir
    entries = []
    with api.gradebook as gradebook:
        grades = read_grades(gradebook, assignment)
        notebooks = [_Released.of(notebook) for notebook in gradebook.find_assignment(assignment).notebooks]
    handed_in = handed_in_by(course, course.submitted_directory, assignment)
    for student in sorted({student for student, _, _ in grades}.union(handed_in)):
        folder = Path(course.format_path(course.autograded_directory, student, assignment))
        for notebook in notebooks:
            path = folder / f"{notebook.name}.ipynb"
            try:
                outcomes = notebook_outcomes(reads(path.read_text(encoding="utf-8")))
            except (OSError, ValueError):
                outcomes = notebook.not_graded()
            for outcome in outcomes:
                grade = grades.get((student, notebook.name, outcome.cell))
                points = notebook.points[outcome.cell]
                entries.append(_entry(student, assignment, notebook.name, outcome, grade, points))
    return entries


@dataclass(frozen=True)
class _Released:
    """A notebook as it was released: its graded cells with their points, and the exercise that each checks."""

    name: str
    points: Mapping[str, float]
    exercises: Mapping[str, str]

    @classmethod
    def of(cls, notebook: Any) -> _Released:
        sources = {cell.name: cell.source for cell in notebook.source_cells}
        points = {cell.name: cell.max_score for cell in notebook.grade_cells}
        return cls(notebook.name, points, {name: checked_exercise(sources.get(name, "")) or name for name in points})

    def not_graded(self) -> list[Outcome]:
        """Every exercise of one that nothing could be done with: missing, or given up with an error."""
        cause = "There is no autograded notebook; was the file handed in under its own name? nbgrader's log says more."
        return [Outcome(self.exercises[name], name, NEEDS_PERSON, cause) for name in sorted(self.points)]


def _entry(student: str, assignment: str, notebook: str, outcome: Outcome, grade: Any, max_points: float) -> Entry:
    points = None
    if grade is not None:
        points = grade.manual_score if grade.manual_score is not None else grade.auto_score
    return Entry(
        student=student,
        assignment=assignment,
        notebook=notebook,
        exercise=outcome.exercise,
        outcome=outcome.status,
        cause=outcome.cause,
        points=None if points is None else points + (grade.extra_credit or 0.0),
        max_points=max_points,
        needs_person=grade is None or bool(grade.needs_manual_grade) or (points is None),
        mistake=outcome.mistake,
        kind=outcome.kind,
        by_hand=grade is not None and grade.manual_score is not None,
    )


def as_csv(entries: Iterable[Entry]) -> str:
    """The entries as CSV, one line each.

    Parameters
    ----------
    entries : Iterable[Entry]
        See `read_class`.

    Examples
    --------
    >>> entry = Entry("ada", "01", "graphs", "neuron", "passed", None, 2.0, 2.0, False)
    >>> print(as_csv([entry]), end="")
    student,assignment,notebook,exercise,outcome,points,max_points,cause
    ada,01,graphs,neuron,passed,2,2,
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["student", "assignment", "notebook", "exercise", "outcome", "points", "max_points", "cause"])
    for entry in entries:
        points = "" if entry.points is None else f"{entry.points:g}"
        writer.writerow(
            [
                cell_text(entry.student),
                entry.assignment,
                entry.notebook,
                entry.exercise,
                entry.outcome,
                points,
                f"{entry.max_points:g}",
                cell_text(entry.cause or ""),
            ]
        )
    return text.getvalue()


def cell_text(text: str) -> str:
    """What may stand in a table: one line, nothing unseen, and no formula; a cause may quote a student's code.

    A spreadsheet would compute a text that starts like a formula.

    Parameters
    ----------
    text : str
        By whomever.

    Examples
    --------
    >>> cell_text("=1+1"), cell_text("Lovelace, Ada")
    ("'=1+1", 'Lovelace, Ada')
    """
    text = "".join(one if one.isprintable() else " " for one in text)
    return "'" + text if text.lstrip().startswith(("=", "+", "-", "@")) else text
