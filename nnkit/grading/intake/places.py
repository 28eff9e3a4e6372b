"""Where in a course folder students' work lies, whatever the students are called and whatever they put there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from nbgrader.utils import full_split

from nnkit.grading.intake.gathering import MOST_NOTES, Gathered, gather, read_regular

# In a submitted folder: what was left out when it was collected, one sentence on a line.
LEFT_OUT = ".nnkit-left-out"
LARGEST_NOTES = 10_000  # bytes
OWN_FILES = ".nnkit-*"


def _before_students(course: Any, step: str, assignment: str) -> Path:
    parts = full_split(course.directory_structure)
    if "{student_id}" not in parts:
        raise ValueError(
            f"CourseDirectory.directory_structure is {course.directory_structure!r}; submissions are found where "
            "{student_id} is the name of a folder in it."
        )
    names = {"nbgrader_step": step, "assignment_id": assignment}
    return Path(course.root, *(part.format(**names) for part in parts[: parts.index("{student_id}")]))


def handed_in_by(course: Any, step: str, assignment: str) -> list[str]:
    """The students whose folder holds an assignment, in order.

    Parameters
    ----------
    course : Any
        nbgrader's ``CourseDirectory``.
    step : str
        One of nbgrader's folders, such as "submitted".
    assignment : str
        Its name.

    Raises
    ------
    ValueError
        The course's settings have no folder for each student.
    """
    try:
        with os.scandir(_before_students(course, step, assignment)) as entries:
            found = [entry.name for entry in entries]
    except OSError:
        return []
    return sorted(name for name in found if os.path.lexists(course.format_path(step, name, assignment)))


def gather_submission(course: Any, step: str, student: str, assignment: str) -> Gathered:
    """What is in a student's folder; no link leads to it, and none out of it.

    Parameters
    ----------
    course, step, student, assignment
        See `handed_in_by`.
    """
    before = _before_students(course, step, assignment)
    place = Path(course.format_path(step, student, assignment))
    ignored = (*course.ignore, OWN_FILES)
    for folder in reversed([place, *place.parents]):
        if before in folder.parents and folder.is_symlink():
            return gather(folder, ignored)
    found = gather(place, ignored)
    found.notes[:0] = _left_out(place)
    return found


def _left_out(folder: Path) -> list[str]:
    """What collecting has noted in a folder, in which a student may have put notes of the same name: harmless text."""
    try:
        text = read_regular(folder / LEFT_OUT, LARGEST_NOTES).decode("utf-8", "replace")
    except OSError:
        return []
    harmless = "".join(one if one == "\n" or (one.isprintable() and one not in "`<>&[]$\\") else "?" for one in text)
    return harmless.split("\n")[: MOST_NOTES + 2]
