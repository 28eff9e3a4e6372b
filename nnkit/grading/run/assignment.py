"""An assignment as it was released: all that the grading of one submission needs to know, read once for a class.

It is plain data, so that it can be sent to another process or another machine. No gradebook is asked afterwards.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.preprocessors import AssignLatePenalties, OverwriteCells, OverwriteKernelspec, SaveAutoGrades
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from nnkit.grading.course.folder import CourseError
from nnkit.grading.intake.gathering import Parts
from nnkit.grading.intake.graded_folder import master_files
from nnkit.grading.intake.released import Master, masters_of, read_released
from nnkit.grading.intake.repair import RepairSubmission
from nnkit.grading.intake.submissions import SubmissionExporter
from nnkit.grading.marks.scoring import SaveOutcomes
from nnkit.grading.run.execution import ExecuteSubmission

# These steps of `nbgrader autograde` open the gradebook; here each has a twin that is told what it would read there.
AT_THE_GRADEBOOK = (
    RepairSubmission,
    OverwriteKernelspec,
    OverwriteCells,
    ExecuteSubmission,
    SaveAutoGrades,
    SaveOutcomes,
    AssignLatePenalties,
)


@dataclass(frozen=True)
class ReleasedNotebook:
    """One notebook of an assignment.

    Parameters
    ----------
    masters : Mapping[str, Master]
        What the gradebook knows about its cells.
    kernelspec : Any
        The kernel that it names; None where it names none.
    notebook : NotebookNode or None
        The notebook that was handed out, where it is still there.
    """

    masters: Mapping[str, Master]
    kernelspec: Any
    notebook: NotebookNode | None


@dataclass(frozen=True, eq=False)
class Assignment:
    """What is graded, and how.

    Parameters
    ----------
    name : str
        Its name.
    notebooks : Mapping[str, ReleasedNotebook]
        By name, in order.
    masters : Mapping[Parts, bytes]
        The instructors' files that lie beside every student's notebooks.
    sanitizing, autograding : tuple[str, ...]
        The steps by the paths of their classes, as the course's settings name them.
    config : Config
        The course's settings.
    database : str
        Where nbgrader keeps the gradebook. No step that is not the instructor's own looks there.
    instructors : Path
        The folder of the instructors' notebooks.
    instructor_files : Mapping[str, bytes]
        What judges an open task, by its path below that folder; for a machine that does not have the folder.
    """

    name: str
    notebooks: Mapping[str, ReleasedNotebook]
    masters: Mapping[Parts, bytes]
    sanitizing: tuple[str, ...]
    autograding: tuple[str, ...]
    config: Config
    database: str
    instructors: Path
    instructor_files: Mapping[str, bytes] = field(default_factory=dict)


def read_assignment(api: Any, name: str) -> Assignment:
    """Read an assignment from the gradebook and the course folder.

    Parameters
    ----------
    api : Any
        See `nnkit.grading.course.steps.nbgrader_api`.
    name : str
        The assignment.

    Raises
    ------
    CourseError
        It was never generated, the gradebook cannot be opened, or the settings ask for steps that only nbgrader's own
        command can take.
    """
    try:
        return _read_assignment(api, name)
    except (SQLAlchemyError, ImportError) as problem:
        reason = getattr(problem, "orig", None) or problem
        raise CourseError(f"The gradebook {api.coursedir.db_url} cannot be opened: {reason}.") from None


def _read_assignment(api: Any, name: str) -> Assignment:
    course = api.coursedir
    converter = Autograde(coursedir=course, parent=api)
    sanitizing, autograding = _steps(converter)
    source = Path(course.format_path(course.source_directory, ".", name))
    with Gradebook(course.db_url, course.course_id) as gradebook:
        try:
            found = gradebook.find_assignment(name).notebooks
        except MissingEntry:
            known = ", ".join(sorted(one.name for one in gradebook.assignments)) or "none"
            raise CourseError(
                f"The gradebook has no assignment {name}; it has {known}. Make it with "
                f"`nbgrader generate_assignment {name}`."
            ) from None
        notebooks = {
            one.name: ReleasedNotebook(
                masters=masters_of(one),
                kernelspec=json.loads(one.kernelspec) if one.kernelspec else None,
                notebook=read_released(course, name, one.name),
            )
            for one in sorted(found, key=lambda one: str(one.name))
        }
    excluded = set(converter.exclude_overwriting.get(name, []))
    masters = {parts: path.read_bytes() for parts, path in master_files(source, course.ignore, excluded).items()}
    instructors = Path(course.root, course.source_directory)
    return Assignment(
        name=name,
        notebooks=notebooks,
        masters=masters,
        sanitizing=sanitizing,
        autograding=autograding,
        config=api.config,
        database=course.db_url,
        instructors=instructors,
        instructor_files=dict(_instructor_files(instructors)),
    )


def _steps(converter: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """nbgrader's steps by the paths of their classes; refused where one of them can only be taken by nbgrader."""
    if converter.exporter_class is not SubmissionExporter:
        raise CourseError(_only_nbgrader(f"`Autograde.exporter_class` is {converter.exporter_class.__name__}"))
    if converter.pre_convert_hook or converter.post_convert_hook:
        raise CourseError(_only_nbgrader("there is a hook before or after every submission"))
    phases = []
    for steps in (converter.sanitize_preprocessors, converter.autograde_preprocessors):
        classes = [import_item(step) if isinstance(step, str) else step for step in steps]
        for one in classes:
            if issubclass(one, AT_THE_GRADEBOOK) and one not in AT_THE_GRADEBOOK:
                raise CourseError(_only_nbgrader(f"the step {one.__name__} is one of its own"))
        phases.append(tuple(f"{one.__module__}.{one.__qualname__}" for one in classes))
    return phases[0], phases[1]


def _only_nbgrader(reason: str) -> str:
    return (
        f"By its settings this course can be graded by `nbgrader autograde` only, because {reason}. That command is as "
        "safe, and slower; or leave this setting as it is in the course's own nbgrader_config.py."
    )


def _instructor_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.glob("*/instructor/*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()
