"""nbgrader's gradebook, written by one process: one transaction for each submission, all of it or nothing.

What is written is what nbgrader's own steps write; marks, extra credit and comments that a person gave stay.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    InvalidEntry,
    Notebook,
    SolutionCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
    new_uuid,
)
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import parse_utc
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import DBAPIError

from nnkit.grading.marks.scoring import Marks

# Seconds between attempts while the gradebook is locked by another program.
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)
Result = TypeVar("Result")


def is_passing(problem: DBAPIError | InvalidEntry) -> bool:
    """Whether an error of the database goes away when one tries again.

    It is locked, or not there for a moment, or another program has just made the row that was to be made.

    Parameters
    ----------
    problem : DBAPIError or InvalidEntry
        The error, or nbgrader's own word for any that comes while something is added.

    Examples
    --------
    >>> from sqlalchemy.exc import OperationalError
    >>> is_passing(OperationalError("", {}, Exception("database is locked")))
    True
    >>> is_passing(OperationalError("", {}, Exception("no such column: grade.x")))
    False
    """
    text = str(getattr(problem, "orig", None) or problem).lower()
    return any(
        sign in text for sign in ("locked", "busy", "deadlock", "connect", "server closed", "starting up", "unique")
    )


def _keys(cells: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The keys of all cells: a row is found by cell and notebook, the index that nbgrader's tables have.

    By the notebook alone the database would read all rows of the class for every submission that is graded again.
    """
    return [key for own in cells.values() for key in own.values()]


def read_grades(gradebook: Gradebook, assignment: str) -> dict[tuple[str, str, str], Any]:
    """All grades of an assignment, in one query.

    Parameters
    ----------
    gradebook : Gradebook
        nbgrader's, open.
    assignment : str
        Its name.

    Returns
    -------
    dict from tuple to Row
        Student, notebook and cell → ``auto_score``, ``manual_score``, ``extra_credit``, ``needs_manual_grade``.
    """
    rows = gradebook.db.execute(
        select(
            *(SubmittedAssignment.student_id, Notebook.name.label("notebook"), BaseCell.name.label("cell")),
            *(Grade.auto_score, Grade.manual_score, Grade.extra_credit, Grade.needs_manual_grade),
        )
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(Assignment.name == assignment)
    )
    return {(row.student_id, row.notebook, row.cell): row for row in rows}


class ClassGradebook:
    """The gradebook of one assignment.

    Parameters
    ----------
    url : str
        Where it is.
    course : str
        nbgrader's ``course_id``.
    assignment : str
        The assignment's name; it must have been generated.
    penalties : AssignLatePenalties or None
        nbgrader's step for what is handed in late; None where the settings leave it out.
    """

    def __init__(self, url: str, course: str, assignment: str, penalties: AssignLatePenalties | None = None) -> None:
        self._gradebook = Gradebook(url, course)
        self._db = self._gradebook.db
        found = self._gradebook.find_assignment(assignment)
        self._assignment: str = found.id
        self._due: datetime | None = found.duedate
        self._notebooks: dict[str, str] = {one.name: one.id for one in found.notebooks}
        self._graded_cells = {name: self._cells_of(key, GradeCell, TaskCell) for name, key in self._notebooks.items()}
        self._answers = {name: self._cells_of(key, SolutionCell, TaskCell) for name, key in self._notebooks.items()}
        self._penalties = penalties
        if penalties is not None:
            penalties.init_plugin()
        self._db.rollback()

    def close(self) -> None:
        """Close the connection."""
        self._gradebook.close()

    def students(self) -> set[str]:
        """Everybody in the gradebook."""
        return set(self._read(lambda: self._db.scalars(select(Student.id)).all()))

    def seconds_late(self) -> dict[str, float]:
        """How late each submission in the gradebook is, its extension counted, by student."""
        rows = self._read(
            lambda: self._db.execute(
                select(
                    *(SubmittedAssignment.student_id, SubmittedAssignment.timestamp, SubmittedAssignment.extension)
                ).where(SubmittedAssignment.assignment_id == self._assignment)
            ).all()
        )
        return {row.student_id: self._late(row.timestamp, row.extension) for row in rows}

    def save(
        self,
        student: str,
        timestamp: str | None,
        marks: Mapping[str, Marks],
        is_same: Callable[[str, str], bool] = lambda notebook, cell: False,
    ) -> float:
        """Write one submission, in one transaction; waits a little while another program locks the gradebook.

        Parameters
        ----------
        student : str
            Whose; made where the gradebook does not know them.
        timestamp : str or None
            When it was handed in; what is known stays where this is None.
        marks : Mapping[str, Marks]
            By notebook.
        is_same : Callable[[str, str], bool]
            Whether the answer to a notebook's cell is what it was the last time; a person's mark is final still, then.

        Returns
        -------
        float
            By how many seconds it is late in the gradebook now, its extension counted.
        """

        def write() -> float:
            late = self._save(student, parse_utc(timestamp) if timestamp else None, marks, is_same)
            self._db.commit()
            return late

        return self._patiently(write)

    def _read(self, act: Callable[[], Result]) -> Result:
        def read() -> Result:
            found = act()
            self._db.rollback()  # what is read next is what is there then
            return found

        return self._patiently(read)

    def _patiently(self, act: Callable[[], Result]) -> Result:
        for pause in (*PAUSES, None):
            try:
                return act()
            except DBAPIError as problem:
                self._db.rollback()
                if pause is None or not is_passing(problem):
                    raise
                time.sleep(pause)
            except BaseException:
                self._db.rollback()
                raise
        raise AssertionError("the last attempt returns or raises")

    def _cells_of(self, notebook: str, *kinds: Any) -> dict[str, str]:
        rows = self._db.scalars(select(BaseCell).where(BaseCell.notebook_id == notebook))
        return {cell.name: cell.id for cell in rows if isinstance(cell, kinds)}

    def _late(self, timestamp: datetime | None, extension: timedelta | None) -> float:
        if timestamp is None or self._due is None:
            return 0.0
        return max(0.0, (timestamp - self._due - (extension or timedelta())).total_seconds())

    def _save(
        self,
        student: str,
        timestamp: datetime | None,
        marks: Mapping[str, Marks],
        is_same: Callable[[str, str], bool],
    ) -> float:
        db = self._db
        if db.get(Student, student) is None:
            db.add(Student(id=student))
            db.flush()
        found = db.execute(
            select(SubmittedAssignment.id, SubmittedAssignment.timestamp, SubmittedAssignment.extension).where(
                SubmittedAssignment.assignment_id == self._assignment, SubmittedAssignment.student_id == student
            )
        ).one_or_none()
        if found is None:
            submission, extension = new_uuid(), None
            row = {"id": submission, "assignment_id": self._assignment, "student_id": student, "timestamp": timestamp}
            db.execute(insert(SubmittedAssignment), [row])
        else:
            submission, extension = found.id, found.extension
            if timestamp is None:
                timestamp = found.timestamp
            elif timestamp != found.timestamp:
                there = SubmittedAssignment.id == submission
                db.execute(update(SubmittedAssignment).where(there).values(timestamp=timestamp))
        places = self._submitted_notebooks(submission, new=found is None)
        totals = self._save_grades(places, marks, found is None, is_same)
        self._save_comments(places, marks, new=found is None)
        late = self._late(timestamp, extension)
        self._save_penalties(student, places, totals, late)
        return late

    def _submitted_notebooks(self, submission: str, new: bool) -> dict[str, str]:
        """The rows of a submission's notebooks: name → key."""
        there = {}
        if not new:
            rows = self._db.execute(
                select(SubmittedNotebook.notebook_id, SubmittedNotebook.id).where(
                    SubmittedNotebook.assignment_id == submission,
                    SubmittedNotebook.notebook_id.in_(self._notebooks.values()),
                )
            )
            there = {row.notebook_id: row.id for row in rows}
        places = {name: there.get(notebook) or new_uuid() for name, notebook in self._notebooks.items()}
        missing = [
            {"id": places[name], "assignment_id": submission, "notebook_id": notebook, "flagged": False}
            for name, notebook in self._notebooks.items()
            if notebook not in there
        ]
        if missing:
            self._db.execute(insert(SubmittedNotebook), missing)
        return places

    def _save_grades(
        self,
        places: Mapping[str, str],
        marks: Mapping[str, Marks],
        new: bool,
        is_same: Callable[[str, str], bool],
    ) -> dict[str, float]:
        """Write the points; each notebook's total, what a person has given counted."""
        there: dict[tuple[str, str], Any] = {}
        if not new:
            rows = self._db.execute(
                select(
                    *(Grade.id, Grade.notebook_id, Grade.cell_id, Grade.manual_score, Grade.extra_credit),
                    Grade.needs_manual_grade,
                ).where(Grade.notebook_id.in_(places.values()), Grade.cell_id.in_(_keys(self._graded_cells)))
            )
            there = {(row.notebook_id, row.cell_id): row for row in rows}
        added, changed, totals = [], [], {}
        for name, cells in self._graded_cells.items():
            own = marks.get(name)
            total = 0.0
            for cell, key in cells.items():
                row = there.get((places[name], key))
                score = own.scores.get(cell) if own is not None else None
                manual = row.manual_score if row is not None else None
                # A person is asked where nobody else can give marks, and where one has given them for another answer.
                if row is not None and manual is not None:
                    person = bool(row.needs_manual_grade) or not is_same(name, cell)
                else:
                    person = score is None or (own is not None and cell in own.for_a_person)
                values = {"auto_score": score, "needs_manual_grade": person}
                if row is None:
                    added.append({"id": new_uuid(), "cell_id": key, "notebook_id": places[name], **values})
                else:
                    changed.append({"key": row.id, **values})
                total += (manual if manual is not None else score or 0.0) + (
                    (row.extra_credit or 0.0) if row is not None else 0.0
                )
            totals[name] = total
        if added:
            self._db.execute(insert(Grade), added)
        if changed:
            table = Grade.__table__
            self._db.execute(table.update().where(table.c.id == bindparam("key")), changed)
        return totals

    def _save_comments(self, places: Mapping[str, str], marks: Mapping[str, Marks], new: bool) -> None:
        there: dict[tuple[str, str], str] = {}
        if not new:
            rows = self._db.execute(
                select(Comment.id, Comment.notebook_id, Comment.cell_id).where(
                    Comment.notebook_id.in_(places.values()), Comment.cell_id.in_(_keys(self._answers))
                )
            )
            there = {(notebook, cell): key for key, notebook, cell in rows}
        added, changed = [], []
        for name, cells in self._answers.items():
            for cell, key in cells.items():
                comment = marks[name].comments.get(cell) if name in marks else None
                known = there.get((places[name], key))
                if known is None:
                    row = {"id": new_uuid(), "cell_id": key, "notebook_id": places[name], "auto_comment": comment}
                    added.append(row)
                else:
                    changed.append({"key": known, "auto_comment": comment})
        if added:
            self._db.execute(insert(Comment), added)
        if changed:
            table = Comment.__table__
            self._db.execute(table.update().where(table.c.id == bindparam("key")), changed)

    def _save_penalties(
        self, student: str, places: Mapping[str, str], totals: Mapping[str, float], late: float
    ) -> None:
        if self._penalties is None:
            return
        rows = []
        for name, key in places.items():
            penalty = None
            if late > 0:
                penalty = self._penalties.plugin_inst.late_submission_penalty(student, totals[name], late)
            if penalty is not None:
                penalty = min(max(0.0, penalty), totals[name])
            rows.append({"key": key, "late_submission_penalty": penalty})
        table = SubmittedNotebook.__table__
        self._db.execute(table.update().where(table.c.id == bindparam("key")), rows)
