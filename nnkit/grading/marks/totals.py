"""Students × assignments: what each has in each assignment, and whether that is final.

The points are those of nbgrader's own export: what checks and people gave, extra credit, less what is taken off for
being late. A mark is final when nothing of it waits for a person any more.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from nbgrader.api import (
    Assignment,
    Gradebook,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import Select, func, select
from sqlalchemy.exc import SQLAlchemyError

from nnkit.grading.course.folder import CourseError
from nnkit.grading.marks.class_table import Entry, cell_text
from nnkit.grading.marks.gradebook import read_grades

FINAL: Final = "final"
OPEN: Final = "not final"
ABSENT: Final = "nothing handed in"


@dataclass(frozen=True)
class Person:
    """A student, as the gradebook has them.

    Parameters
    ----------
    student : str
        nbgrader's id.
    first_name, last_name, email : str
        "" where the gradebook does not know.
    platform_id : str
        The number that a learning platform has for them, nbgrader's ``lms_user_id``; "" where there is none.
    """

    student: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    platform_id: str = ""

    @property
    def sortable_name(self) -> str:
        """The last name, then the first; "" where there is none."""
        return ", ".join(name for name in (self.last_name, self.first_name) if name)


@dataclass(frozen=True)
class Total:
    """What a student has in an assignment.

    Parameters
    ----------
    student, assignment : str
        Whose, and in what.
    points : float
        What there is so far, less the penalty.
    max_points : float
        What the assignment is worth.
    penalty : float
        What was taken off for being late.
    state : str
        `FINAL`, `OPEN` while a person has to look at something, `ABSENT`.
    """

    student: str
    assignment: str
    points: float
    max_points: float
    penalty: float
    state: str


@dataclass(frozen=True)
class ClassMarks:
    """The marks of a class.

    Parameters
    ----------
    assignments : tuple[str, ...]
        In order.
    people : tuple[Person, ...]
        Everybody whom the gradebook knows or who has handed something in, in order of their ids.
    totals : Mapping[tuple[str, str], Total]
        (student, assignment) → what there is; one for each pair.
    """

    assignments: tuple[str, ...]
    people: tuple[Person, ...]
    totals: Mapping[tuple[str, str], Total]

    def of(self, assignment: str) -> list[Total]:
        """Everybody's total in an assignment."""
        return [self.totals[person.student, assignment] for person in self.people]

    def max_points(self, assignment: str) -> float:
        """What an assignment is worth."""
        return next((total.max_points for total in self.of(assignment)), 0.0)


def graded_assignments(api: Any) -> list[str]:
    """The assignments of which something is graded, in order of their names.

    Parameters
    ----------
    api : Any
        See `nnkit.grading.course.steps.nbgrader_api`.

    Raises
    ------
    CourseError
        The gradebook is not there or cannot be read.
    """
    if place := _missing(api):
        raise CourseError(
            f"There is no gradebook {place}. It is made by `nbgrader generate_assignment`, filled by `nnkit grade`; "
            "--course names the folder of the course, --db a gradebook that is kept elsewhere."
        )
    return _names(
        api,
        select(Assignment.name)
        .join(SubmittedAssignment, SubmittedAssignment.assignment_id == Assignment.id)
        .distinct(),
    )


def entered_assignments(api: Any) -> list[str]:
    """The assignments that the gradebook has, graded or not, in order of their names; none where there is no gradebook.

    Parameters
    ----------
    api : Any
        See `nnkit.grading.course.steps.nbgrader_api`.

    Raises
    ------
    CourseError
        The gradebook cannot be read.
    """
    return [] if _missing(api) else _names(api, select(Assignment.name))


def _missing(api: Any) -> str:
    """The file of the gradebook where it is not there; "" where it is, or is no file."""
    url = str(api.coursedir.db_url)
    place = url.removeprefix("sqlite:///")
    return place if place != url and not Path(place).is_file() else ""


def _names(api: Any, wanted: Select[Any]) -> list[str]:
    try:
        with api.gradebook as gradebook:
            return sorted(gradebook.db.scalars(wanted))
    except (SQLAlchemyError, ImportError) as problem:
        reason = getattr(problem, "orig", None) or problem
        raise CourseError(f"The gradebook {api.coursedir.db_url} cannot be opened: {reason}.") from None


def read_totals(api: Any, entries: Mapping[str, Sequence[Entry]]) -> ClassMarks:
    """The marks of a class.

    Parameters
    ----------
    api : Any
        See `nnkit.grading.course.steps.nbgrader_api`.
    entries : Mapping[str, Sequence[Entry]]
        Assignment → its entries, see `nnkit.grading.marks.class_table.read_class`.
    """
    totals: dict[tuple[str, str], Total] = {}
    with api.gradebook as gradebook:
        people = {one.student: one for one in _people(gradebook)}
        for own in entries.values():
            people |= {entry.student: Person(entry.student) for entry in own if entry.student not in people}
        for assignment, own in entries.items():
            most = float(gradebook.find_assignment(assignment).max_score)
            earned: dict[str, float] = {}
            for (student, _, _), grade in read_grades(gradebook, assignment).items():
                score = grade.manual_score if grade.manual_score is not None else grade.auto_score
                earned[student] = earned.get(student, 0.0) + (score or 0.0) + (grade.extra_credit or 0.0)
            penalties = _penalties(gradebook, assignment)
            there = {entry.student for entry in own}
            waiting = {entry.student for entry in own if entry.needs_person}
            for student in people:
                penalty = penalties.get(student, 0.0)
                totals[student, assignment] = Total(
                    student=student,
                    assignment=assignment,
                    points=max(0.0, earned.get(student, 0.0) - penalty),
                    max_points=most,
                    penalty=penalty,
                    state=ABSENT if student not in there else OPEN if student in waiting else FINAL,
                )
    return ClassMarks(tuple(entries), tuple(people[student] for student in sorted(people)), totals)


def _people(gradebook: Gradebook) -> list[Person]:
    rows = gradebook.db.execute(
        select(Student.id, Student.first_name, Student.last_name, Student.email, Student.lms_user_id)
    )
    return [Person(row.id, *(str(value or "").strip() for value in row[1:])) for row in rows]


def _penalties(gradebook: Gradebook, assignment: str) -> dict[str, float]:
    """What was taken off for being late, by student."""
    rows = gradebook.db.execute(
        select(SubmittedAssignment.student_id, func.sum(SubmittedNotebook.late_submission_penalty).label("penalty"))
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(Assignment.name == assignment)
        .group_by(SubmittedAssignment.student_id)
    )
    return {row.student_id: float(row.penalty or 0.0) for row in rows}


def number(points: float) -> str:
    """Points as a table has them: with a decimal point, at most two decimals, and no more than are needed.

    Parameters
    ----------
    points : float
        They.

    Examples
    --------
    >>> number(3.0), number(2.5), number(1 / 3), number(0.0)
    ('3', '2.5', '0.33', '0')
    """
    return f"{points:.2f}".rstrip("0").rstrip(".")


def marks_csv(marks: ClassMarks) -> str:
    """The class as CSV, a line for each student: names, points in each assignment, their sum, and what is not final.

    Parameters
    ----------
    marks : ClassMarks
        See `read_totals`.

    Examples
    --------
    >>> total = Total("ada", "01", 3.0, 4.0, 0.5, FINAL)
    >>> print(marks_csv(ClassMarks(("01",), (Person("ada", "Ada", "Lovelace"),), {("ada", "01"): total})), end="")
    student,last_name,first_name,email,01,total,out_of,not_final,nothing_handed_in
    ada,Lovelace,Ada,,3,3,4,,
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = ("student", "last_name", "first_name", "email")
    writer.writerow([*names, *marks.assignments, "total", "out_of", "not_final", "nothing_handed_in"])
    for person in marks.people:
        own = [marks.totals[person.student, assignment] for assignment in marks.assignments]
        known = (person.student, person.last_name, person.first_name, person.email)
        writer.writerow(
            [
                *map(cell_text, known),
                *("" if total.state == ABSENT else number(total.points) for total in own),
                number(sum(total.points for total in own)),
                number(sum(total.max_points for total in own)),
                *(" ".join(total.assignment for total in own if total.state == state) for state in (OPEN, ABSENT)),
            ]
        )
    return text.getvalue()
