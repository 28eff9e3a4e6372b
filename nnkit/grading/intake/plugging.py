"""nbgrader's own commands take what was handed in from here, one student after the other, whatever happens to one.

nbgrader globs, copies and reads the time stamps of ``submitted/`` before any of its plug-ins is asked, and some errors
of one submission end the command for all. Its ``Autograde`` cannot be exchanged by a setting, but a converter whose
``exporter_class`` is the course's becomes one of the classes here when it starts. So the command, the Python interface
and the formgrader's button are the same.

A submission is read from a shadow folder (see `nnkit.grading.intake.shadow`), and is written under a name of its own
until it is whole: what a crash leaves behind is never taken for a graded submission.
"""

from __future__ import annotations

import functools
import os
import shutil
import tempfile
import time
import traceback
from collections.abc import Iterable
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import Exporter
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook, InvalidEntry, MissingEntry
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from nnkit.grading.feedback.exporter import FILES, FeedbackExporter
from nnkit.grading.intake.gathering import Gathered, read_regular
from nnkit.grading.intake.graded_folder import (
    STANDING_IN,
    UNFINISHED,
    beside,
    master_files,
    put_in_place,
    put_in_place_of,
    write_files,
)
from nnkit.grading.intake.places import gather_submission, handed_in_by
from nnkit.grading.intake.released import read_released
from nnkit.grading.intake.shadow import LONGEST_TIMESTAMP, TIMESTAMP, Chosen, choose, is_timestamp
from nnkit.grading.intake.standing_in import FAILED, NEEDS_PERSON, stand_in
from nnkit.grading.intake.submissions import SubmissionExporter
from nnkit.grading.marks.gradebook import PAUSES, is_passing
from nnkit.grading.marks.kept_marks import SameAnswers

# After so many students in a row for whom the gradebook or the sandbox failed, it is not the students.
MOST_IN_A_ROW = 3


class CourseElsewhere(CourseDirectory):
    """The course folder, except that some submissions lie elsewhere.

    Parameters
    ----------
    course : CourseDirectory
        Whose settings hold here, too.
    """

    def __init__(self, course: CourseDirectory) -> None:
        super().__init__(**({"parent": course.parent} if course.parent is not None else {"config": course.config}))
        for name in course.trait_names(config=True):
            setattr(self, name, getattr(course, name))
        self.places: dict[tuple[str, str, str], str] = {}

    def format_path(self, nbgrader_step: str, student_id: str, assignment_id: str, escape: bool = False) -> str:
        """Where a submission is at one of nbgrader's steps.

        Parameters
        ----------
        nbgrader_step, student_id, assignment_id, escape
            nbgrader's own.
        """
        place = self.places.get((nbgrader_step, student_id, assignment_id))
        return place or str(super().format_path(nbgrader_step, student_id, assignment_id, escape=escape))

    def get_existing_timestamp(self, dest_path: str) -> datetime | None:
        """When something was handed in; None where nothing that can be read says so.

        Parameters
        ----------
        dest_path : str
            The folder.
        """
        try:
            content = read_regular(Path(dest_path, TIMESTAMP), LONGEST_TIMESTAMP)
        except OSError:
            return None
        text = content.decode("utf-8", "replace").strip()
        found: datetime | None = parse_utc(text) if text and is_timestamp(content) else None
        return found


class _OneByOne(BaseConverter):
    """What autograding and feedback have in common: the students, the destination, and what happens when it fails."""

    coursedir: Any
    notebooks: list[str]
    assignments: dict[str, list[str]]
    intake_notes: dict[str, list[str]]
    standing_in: set[str]

    def init_notebooks(self) -> None:
        """Find the notebooks of the assignment and the students that there are."""
        assignment = self.coursedir.assignment_id
        self.intake_notes, self.standing_in = {}, set()
        self._assignment = assignment
        try:
            known = self._patiently(lambda: _notebooks(self.coursedir, assignment))
        except MissingEntry:
            raise self._refused(
                f"No assignment with ID '{assignment}' exists in the database; make it with `nbgrader "
                f"generate_assignment {assignment}`."
            ) from None
        except DBAPIError as problem:
            self.log.error(traceback.format_exc())
            raise self._refused(f"The gradebook could not be read ({type(problem).__name__}).") from problem
        self._names = matching(known, self.coursedir.notebook_id)
        if not self._names:
            raise self._refused(f"No notebook of {assignment} is called '{self.coursedir.notebook_id}'.")
        try:
            everybody = handed_in_by(self.coursedir, self._input_directory, assignment)
        except ValueError as problem:
            raise self._refused(str(problem)) from None
        self._students = matching(everybody, self.coursedir.student_id)
        if not self._students:
            where = self._format_source(assignment, self.coursedir.student_id)
            raise self._refused(f"No notebooks were matched by '{where}'.")
        self.notebooks = []
        self.assignments = {self._format_source(assignment, student): [] for student in self._students}

    def _refused(self, message: str) -> NbGraderException:
        self.log.error(message)
        return NbGraderException(message)

    def convert_notebooks(self) -> None:
        """Convert what every student has handed in; none of them keeps the others from it."""
        self._refuse_what_cannot_be_done()
        whole = self.coursedir
        self.coursedir = CourseElsewhere(whole)
        failed: list[str] = []
        in_a_row, done = 0, False
        try:
            for student in self._students:
                self._remember(student)
                try:
                    well = self._patiently(functools.partial(self._student, student))
                    in_a_row, done = 0, True
                    if not well:
                        failed.append(student)
                except KeyboardInterrupt:
                    self.log.error("Canceled")
                    raise
                except Exception as problem:
                    self.log.error("There was an error processing %r:\n%s", student, traceback.format_exc())
                    failed.append(student)
                    if _is_everybodys(problem):
                        in_a_row += 1
                        if in_a_row >= MOST_IN_A_ROW or (_is_no_sandbox(problem) and not done):
                            raise self._refused(
                                f"Nothing can be graded like this, so no more is tried: {problem}"
                            ) from problem
        finally:
            self.coursedir = whole
        for student in failed:
            self.log.error("There was an error processing assignment '%s' for student %r", self._assignment, student)
        if failed:
            where = f"the error log ({self.logfile})" if self.logfile else "the traceback above"
            raise self._refused(f"Please see {where} for what went wrong.")

    def _refuse_what_cannot_be_done(self) -> None:
        """Refuse, before any folder is touched, what would fail for everybody."""

    def _remember(self, student: str) -> None:
        """Keep of a graded folder what is needed after it has been taken away."""

    def _patiently(self, act: Any) -> Any:
        """Do something with the gradebook; while another program locks it, try again a few times."""
        for pause in PAUSES:
            try:
                return act()
            except (OperationalError, InterfaceError, InvalidEntry) as problem:
                if not is_passing(problem):
                    raise
                self.log.warning("The gradebook is busy (%s); trying again in %s s.", problem, pause)
                time.sleep(pause)
        return act()

    def _student(self, student: str) -> bool:
        """Convert one student's work; whether all went well."""
        course, assignment = self.coursedir, self._assignment
        course.places.clear()
        self.standing_in, self.intake_notes = set(), {}
        self.notebooks = [f"{name}.ipynb" for name in self._names]
        real = Path(self._format_dest(assignment, student))
        unfinished = real.with_name(UNFINISHED + real.name)
        if unfinished.exists():
            shutil.rmtree(unfinished)
        made_again = not self._is_excluded(student) and not self._is_whole(student, real)
        if made_again:
            self.log.warning("%s is not whole, so it is made again.", real)
        elif not self.init_destination(assignment, student):
            return True
        with tempfile.TemporaryDirectory(prefix="nnkit-shadow-") as shadow:
            try:
                course.places[self._output_directory, student, assignment] = str(unfinished)
                well = self._from_shadow(student, Path(shadow))
                self.set_permissions(assignment, student)
                self._mark(real, unfinished)
                # What was there stays until there is something better.
                (put_in_place_of if made_again and course.notebook_id == "*" else put_in_place)(unfinished, real)
            finally:
                course.places.clear()
                if unfinished.exists():
                    shutil.rmtree(unfinished, ignore_errors=True)
        self.run_post_convert_hook()
        return well

    def _is_excluded(self, student: str) -> bool:
        return student in (self.coursedir.student_id_exclude or "").split(",")

    def _is_whole(self, student: str, real: Path) -> bool:
        """Whether a destination that is there holds all that it should; true where there is none."""
        if not os.path.lexists(real):
            return True
        endings = self.exporter.file_extension
        if not all((real / f"{name}{endings}").exists() for name in self._expected(student)):
            return False
        stood_in_for = _stood_in_for(real).intersection(self._names)
        return not stood_in_for or self._would_stand_in_again(student, real, stood_in_for)

    def _would_stand_in_again(self, student: str, real: Path, names: set[str]) -> bool:
        """Whether nothing else can come of these notebooks, in whose place others stand."""
        return False

    def _expected(self, student: str) -> list[str]:
        raise NotImplementedError

    def _from_shadow(self, student: str, shadow: Path) -> bool:
        raise NotImplementedError

    def _gathered(self, student: str) -> Gathered:
        return gather_submission(self.coursedir, self._input_directory, student, self._assignment)

    def _use(self, student: str, shadow: Path, chosen: Chosen) -> list[str]:
        """Write a shadow folder, and have it read in place of the student's own."""
        folder = shadow / "0001"
        folder.mkdir(exist_ok=True)
        for name, content in chosen.notebooks.items():
            (folder / f"{name}.ipynb").write_bytes(content)
        for name in chosen.missing:
            self._stand_in(folder / f"{name}.ipynb", chosen.stand_in(name))
        if chosen.timestamp is not None:
            (folder / TIMESTAMP).write_bytes(chosen.timestamp)
        self.intake_notes = chosen.notes
        self.coursedir.places[self._input_directory, student, self._assignment] = str(folder)
        return [str(folder / f"{name}.ipynb") for name in self._names if (folder / f"{name}.ipynb").exists()]

    def _stand_in(self, path: Path, notebook: NotebookNode) -> None:
        self.standing_in.add(path.stem)
        nbformat.write(notebook, path)

    def _mark(self, real: Path, unfinished: Path) -> None:
        """Note in the new folder which notebooks are stand-ins; what is not converted now stays as it was noted."""
        names = (_stood_in_for(real) - set(self._names)) | self.standing_in
        (real / STANDING_IN).unlink(missing_ok=True)
        if names:
            (unfinished / STANDING_IN).write_text("\n".join(sorted(names)), "utf-8")

    def init_single_notebook_resources(self, notebook_filename: str) -> dict[str, Any]:
        """What nbgrader's steps are told about a notebook; nothing is read from its path, which is a shadow's.

        Parameters
        ----------
        notebook_filename : str
            The file.
        """
        name = Path(notebook_filename).stem
        student = next(student for step, student, _ in self.coursedir.places if step == self._output_directory)
        return {
            "unique_key": name,
            "output_files_dir": f"{name}_files",
            "nbgrader": {
                "student": student,
                "assignment": self._assignment,
                "notebook": name,
                "db_url": self.coursedir.db_url,
            },
        }


class GradeOneByOne(_OneByOne, Autograde):
    """nbgrader's ``Autograde``, safe from what was handed in."""

    def _expected(self, student: str) -> list[str]:
        return list(self._names)

    def init_notebooks(self) -> None:
        """Find the notebooks of the assignment, as they were released, and the students that there are."""
        super().init_notebooks()
        self._released = {name: read_released(self.coursedir, self._assignment, name) for name in self._names}

    def _refuse_what_cannot_be_done(self) -> None:
        from nnkit.grading.run.execution import refuse_without_sandbox  # not above: running imports from here
        from nnkit.grading.run.sandbox import NoSandbox

        try:
            refuse_without_sandbox(self.autograde_preprocessors, self.config)
        except NoSandbox as problem:
            raise self._refused(f"Nothing can be graded like this: {problem}") from problem

    def _remember(self, student: str) -> None:
        self.same_answers = SameAnswers.of(Path(self._format_dest(self._assignment, student)), self._names)

    def _would_stand_in_again(self, student: str, real: Path, names: set[str]) -> bool:
        """Whether no file counts for these notebooks now as before, for the same reason and among the same files.

        What could not be graded for any other reason is tried again.
        """
        chosen = choose(self._gathered(student), self._released)
        return all(
            name in chosen.missing and (chosen.missing[name], chosen.digest) == _noted_in(real / f"{name}.ipynb")
            for name in names
        )

    def _from_shadow(self, student: str, shadow: Path) -> bool:
        chosen = choose(self._gathered(student), self._released)
        for name in self._names:
            for note in [*chosen.notes.get(name, []), *filter(None, [chosen.missing.get(name)])]:
                self.log.warning("%r, %s: %s", student, name, note)
        self.run_pre_convert_hook()
        try:
            return self._graded(student, shadow, chosen)
        except Exception as problem:
            if _is_everybodys(problem):
                raise
            self.log.error("There was an error processing %r:\n%s", student, traceback.format_exc())
            reasons, told = dict.fromkeys(self._names, _failure(problem)), dict.fromkeys(self._names, FAILED)
            self._graded(
                student, shadow, Chosen(missing=reasons, told=told, timestamp=chosen.timestamp, digest=chosen.digest)
            )
            return False

    def _graded(self, student: str, shadow: Path, chosen: Chosen) -> bool:
        """Grade all notebooks of a student; one that cannot be graded is stood in for."""
        self.notebooks = self._use(student, shadow, chosen)
        self._files = chosen.files
        self.init_assignment(self._assignment, student)
        well = True
        for notebook in self.notebooks:
            try:
                self.convert_single_notebook(notebook)
            except Exception as problem:
                if _is_everybodys(problem):
                    raise
                self.log.error("There was an error processing %r:\n%s", student, traceback.format_exc())
                well = False
                self._stand_in(Path(notebook), stand_in(_failure(problem), NEEDS_PERSON, FAILED, chosen.digest))
                self.convert_single_notebook(notebook)
        return well

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Put what belongs beside the notebooks into its place, and make the entries in the gradebook.

        Parameters
        ----------
        assignment_id, student_id : str
            Whose, and what.
        """
        source = self.coursedir.format_path(self.coursedir.source_directory, ".", assignment_id)
        excluded = set(self.exclude_overwriting.get(assignment_id, []))
        masters = master_files(Path(source), self.coursedir.ignore, excluded)
        write_files(beside(self._files, masters), Path(self._format_dest(assignment_id, student_id)))
        super().init_assignment(assignment_id, student_id)


class FeedbackOneByOne(_OneByOne, GenerateFeedback):
    """nbgrader's ``GenerateFeedback``, for students of any name, and without an end at the first failure."""

    def _expected(self, student: str) -> list[str]:
        folder = Path(self.coursedir.format_path(self._input_directory, student, self._assignment))
        return [name for name in self._names if (folder / f"{name}.ipynb").exists()]

    def init_single_notebook_resources(self, notebook_filename: str) -> dict[str, Any]:
        """What nbgrader's steps are told about a notebook, and what lies beside it.

        Parameters
        ----------
        notebook_filename : str
            The file.
        """
        resources = super().init_single_notebook_resources(notebook_filename)
        resources["nbgrader"][FILES] = self._files
        return resources

    def _from_shadow(self, student: str, shadow: Path) -> bool:
        gathered = self._gathered(student)
        chosen = Chosen(timestamp=gathered.files.pop((TIMESTAMP,), None))
        for name in self._names:
            if (f"{name}.ipynb",) in gathered.files:
                chosen.notebooks[name] = gathered.files.pop((f"{name}.ipynb",))
        chosen.files = {parts: content for parts, content in gathered.files.items() if parts[-1][-6:] != ".ipynb"}
        self._files = chosen.files
        self.run_pre_convert_hook()
        self.notebooks = self._use(student, shadow, chosen)
        destination = Path(self._format_dest(self._assignment, student))
        write_files(beside(chosen.files, ()), destination)
        self.init_assignment(self._assignment, student)
        for notebook in self.notebooks:
            self.convert_single_notebook(notebook)
        destination.mkdir(parents=True, exist_ok=True)
        return True


def _stood_in_for(folder: Path) -> set[str]:
    """The notebooks of a graded folder in whose place others stand."""
    try:
        return set(filter(None, (folder / STANDING_IN).read_text("utf-8").split("\n")))
    except (OSError, UnicodeDecodeError):
        return set()


def _noted_in(path: Path) -> tuple[Any, Any]:
    """Why nothing was graded, and of which files, as the notebook says that stands in."""
    try:
        notes = nbformat.read(path, as_version=4).metadata.get("nnkit", {})
    except (OSError, ValueError):
        return None, None
    return notes.get("reason"), notes.get("files")


def install() -> None:
    """Have nbgrader's converters become those of this file when they start, where the settings name our exporters."""
    _plug_in(Autograde, GradeOneByOne, SubmissionExporter)
    _plug_in(GenerateFeedback, FeedbackOneByOne, FeedbackExporter)


def _plug_in(stock: type[BaseConverter], ours: type[BaseConverter], exporter: type[Exporter]) -> None:
    start = stock.start
    if getattr(start, "plugged_in", False):
        return

    @functools.wraps(start)
    def started(self: BaseConverter) -> None:
        if type(self) is stock and issubclass(self.exporter_class, exporter):
            self.__class__ = ours
        start(self)

    started.plugged_in = True  # type: ignore[attr-defined]
    stock.start = started


def matching(names: Iterable[str], pattern: str) -> list[str]:
    """The names that a pattern of nbgrader's means; one that is a name itself means that one.

    Parameters
    ----------
    names : Iterable[str]
        Those that there are.
    pattern : str
        A name, or a pattern with ``*``, ``?`` and ``[…]``. nbgrader strips blanks off it.

    Examples
    --------
    >>> matching(["[x]", "x", "y"], "[x]"), matching(["x", "y", ".z"], "*"), matching(["x "], "x")
    (['[x]'], ['x', 'y'], ['x '])
    """
    known = list(names)
    for literal in ([one for one in known if one == pattern], [one for one in known if one.strip() == pattern]):
        if literal and pattern != "*":
            return literal
    return [one for one in known if fnmatchcase(one, pattern) and not one.startswith(".")]


def _is_everybodys(problem: Exception) -> bool:
    """Whether what failed is the gradebook or the sandbox, so that no submission is to blame."""
    if isinstance(problem, InvalidEntry):
        return is_passing(problem)
    return isinstance(problem, (OperationalError, InterfaceError)) or _is_no_sandbox(problem)


def _is_no_sandbox(problem: Exception) -> bool:
    from nnkit.grading.run.sandbox import NoSandbox  # not above: running imports from here

    return isinstance(problem, NoSandbox)


def _failure(problem: Exception) -> str:
    return (
        f"Grading this failed ({type(problem).__name__}); nothing of it has been judged. A person has to look: the log "
        "of `nbgrader autograde` says more. It is tried again whenever the assignment is graded."
    )


def _notebooks(course: CourseDirectory, assignment: str) -> list[str]:
    with Gradebook(course.db_url, course.course_id) as gradebook:
        return sorted(notebook.name for notebook in gradebook.find_assignment(assignment).notebooks)
