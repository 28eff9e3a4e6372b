"""Students × exercises: how every exercise of a class ended, and the points the gradebook has for it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from nnkit.grading.outcomes import notebook_outcomes


@dataclass(frozen=True)
class Entry:
    """One student's outcome in one exercise.

    Parameters
    ----------
    points
        From the gradebook; None while a person has not given any.
    needs_person
        Whether the formgrader lists it for manual grading.
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


def read_class(api: Any, assignment: str) -> list[Entry]:
    """Every entry of an assignment, from the autograded notebooks and the gradebook.

    Parameters
    ----------
    api
        See `nnkit.grading.course.nbgrader_api`.
    assignment
        Its name.
    """
    course = api.coursedir
    entries = []
    with api.gradebook as gradebook:
        for submission in sorted(gradebook.assignment_submissions(assignment), key=lambda one: one.student.id):
            student = submission.student.id
            for notebook in submission.notebooks:
                path = (
                    Path(course.format_path(course.autograded_directory, student, assignment))
                    / f"{notebook.name}.ipynb"
                )
                grades = {grade.name: grade for grade in notebook.grades}
                if not path.exists():
                    for name, grade in grades.items():
                        missing = "There is no autograded notebook."
                        entries.append(
                            _entry(student, assignment, notebook.name, name, "needs a person", missing, grade)
                        )
                    continue
                for outcome in notebook_outcomes(nbformat.read(path, as_version=4)):
                    grade = grades[outcome.cell]
                    found = (outcome.exercise, outcome.status, outcome.cause)
                    entries.append(_entry(student, assignment, notebook.name, *found, grade))
    return entries


def _entry(
    student: str, assignment: str, notebook: str, exercise: str, outcome: str, cause: str | None, grade: Any
) -> Entry:
    points = grade.manual_score if grade.manual_score is not None else grade.auto_score
    return Entry(
        student=student,
        assignment=assignment,
        notebook=notebook,
        exercise=exercise,
        outcome=outcome,
        cause=cause,
        points=None if points is None else points + (grade.extra_credit or 0.0),
        max_points=grade.max_score,
        needs_person=bool(grade.needs_manual_grade),
    )


def as_csv(entries: Iterable[Entry]) -> str:
    """The entries as CSV, one line each.

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
                entry.student,
                entry.assignment,
                entry.notebook,
                entry.exercise,
                entry.outcome,
                points,
                f"{entry.max_points:g}",
                _not_a_formula(entry.cause or ""),
            ]
        )
    return text.getvalue()


def _not_a_formula(text: str) -> str:
    """A spreadsheet would compute a text that starts like a formula; a cause may quote a student's code."""
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
