"""The ways in which an instructor has a class graded; what one of them does, the others do.

Each takes the course folder, the assignment and further arguments as on nbgrader's command line (``--force``,
``--student NAME``), and returns how it went, as a command that has ended.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

from nnkit.grading.course.steps import nbgrader_api
from tests.grading import small_course, whole_class

Ended = CompletedProcess[str]
Route = Callable[[Path, str, list[str]], Ended]


def by_command(course: Path, assignment: str, extra: list[str]) -> Ended:
    """``nbgrader autograde``, run in the course folder."""
    return small_course.nbgrader(course, "autograde", assignment, *extra)


def by_interface(course: Path, assignment: str, extra: list[str]) -> Ended:
    """``NbGraderAPI.autograde``, as the formgrader calls it; plug-ins of the instructor lie in the course folder."""
    arguments = list(extra)
    force = "--force" in arguments
    if force:
        arguments.remove("--force")
    student = "*"
    if arguments[:1] == ["--student"]:
        student = arguments[1]
        del arguments[:2]
    assert not arguments, f"{arguments} cannot be said to NbGraderAPI.autograde"
    sys.path.insert(0, str(course))
    try:
        result = nbgrader_api(course).autograde(assignment, student, force=force)
    finally:
        sys.path.remove(str(course))
    log = "\n".join(str(result.get(key) or "") for key in ("log", "error"))
    return CompletedProcess(["NbGraderAPI.autograde", assignment, *extra], 0 if result["success"] else 1, "", log)


def by_class(course: Path, assignment: str, extra: list[str]) -> Ended:
    """``nnkit grade``, run in the course folder."""
    path = os.pathsep.join([str(course), os.environ.get("PYTHONPATH", "")])  # plug-ins of the instructor lie there
    return whole_class.grade(course, *extra, assignment=assignment, PYTHONPATH=path)


ROUTES: dict[str, Route] = {
    "command": by_command,
    "interface": by_interface,
    "nnkit": by_class,
}
