"""A class is graded: every submission is a job, one process writes the gradebook, and nothing is graded twice.

It can be stopped at any moment, by whatever. A graded folder is written under another name, the gradebook in one
transaction, and then the folder gets its name, with a record of what it was made from: a second run finds what is
finished, and does the rest.
"""

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader.converters import Autograde
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.exc import DBAPIError
from traitlets.utils.importstring import import_item

from nnkit.grading.course.folder import CourseError
from nnkit.grading.intake.gathering import Gathered
from nnkit.grading.intake.graded_folder import STANDING_IN, UNFINISHED, put_in_place_of, write_files
from nnkit.grading.intake.places import gather_submission, handed_in_by
from nnkit.grading.intake.plugging import matching
from nnkit.grading.marks.gradebook import ClassGradebook
from nnkit.grading.marks.kept_marks import SameAnswers
from nnkit.grading.run.assignment import Assignment, read_assignment
from nnkit.grading.run.execution import refuse_without_sandbox
from nnkit.grading.run.pools import Pool
from nnkit.grading.run.record import RECORD, assignment_digest, fingerprint, read_record, record_text
from nnkit.grading.run.reports import NOTED, noted_text
from nnkit.grading.run.sandbox import NO_FORK, NoSandbox
from nnkit.grading.run.seeds import instructor_secret, notebook_key, secret_folder
from nnkit.grading.run.submission import Graded, Submission, grade_submission

LOCK = ".nnkit-grading"
AHEAD = 2  # submissions that wait for each process: read, and not more in memory
MOST_LOST = 3  # without anything graded, before it is not the submissions
MOST_WITHOUT_SANDBOX = 3  # in a row, before it is not the submission


@contextmanager
def hearing_ctrl_c() -> Iterator[Callable[[], None]]:
    """Remember a Ctrl-C: one that comes inside of a finaliser is swallowed there, and is to be heard all the same.

    Yields
    ------
    callable
        Raises KeyboardInterrupt if there was one.
    """
    heard: list[int] = []

    def hear(number: int, frame: object) -> None:
        heard.append(number)
        raise KeyboardInterrupt

    def stop_if_heard() -> None:
        if heard:
            raise KeyboardInterrupt

    here = threading.current_thread() is threading.main_thread()
    if not here or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield stop_if_heard  # somebody else listens
        return
    signal.signal(signal.SIGINT, hear)
    try:
        yield stop_if_heard
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@dataclass
class ClassRun:
    """What a run has done.

    Parameters
    ----------
    graded, unchanged : list[str]
        The students whose submissions were graded now, and those of which nothing had changed.
    problems : list[str]
        What failed in grading itself, in sentences; those submissions are tried again another time.
    seconds : list[float]
        What each submission that was graded took, in its process.
    """

    graded: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def grade_class(
    api: Any,
    name: str,
    make_pool: Callable[[Assignment], Pool],
    students: tuple[str, ...] = (),
    force: bool = False,
    told: Callable[[int, int], Any] = lambda done, total: None,
) -> ClassRun:
    """Grade what a class has handed in for one assignment.

    Parameters
    ----------
    api : Any
        See `nnkit.grading.course.steps.nbgrader_api`.
    name : str
        The assignment.
    make_pool : Callable[[Assignment], Pool]
        Makes what grades side by side; not called where nothing has changed.
    students : tuple[str, ...]
        Names or patterns, as nbgrader has them; all when there is none.
    force : bool
        Whether to grade again what has not changed.
    told : Callable[[int, int], Any]
        Called with how many submissions are done, and how many there are.

    Raises
    ------
    CourseError
        The assignment was never generated, nothing was handed in, another run is under way, or nothing can be graded
        at all: the gradebook cannot be written, or students' code not be shut in.
    """
    if not hasattr(os, "fork"):
        raise CourseError(NO_FORK)
    with _only_one(Path(api.coursedir.root)):
        assignment = read_assignment(api, name)
        try:
            found = handed_in_by(api.coursedir, api.coursedir.submitted_directory, name)
        except ValueError as problem:
            raise CourseError(str(problem)) from None
        excluded = set((api.coursedir.student_id_exclude or "").split(","))
        patterns = students or (api.coursedir.student_id,)
        chosen = {one for pattern in patterns for one in matching(found, pattern)} - excluded
        if not chosen:
            place = Path(api.coursedir.root, api.coursedir.submitted_directory)
            raise CourseError(f"Nothing that {', '.join(patterns)} handed in for {name} is in {place}.")
        return _Run(api, assignment, told).all(sorted(chosen), make_pool, force)


@contextmanager
def _only_one(course: Path) -> Iterator[None]:
    """Keep a second run away from this course; the lock of one that was killed is gone with it."""
    import fcntl  # not on Windows, where nothing can be graded

    with (course / LOCK).open("w", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CourseError(f"Another `nnkit grade` is at work in {course}. Wait for its end, or stop it.") from None
        yield


class _Run:
    """One run over a class."""

    def __init__(self, api: Any, assignment: Assignment, told: Callable[[int, int], Any]) -> None:
        self._course = api.coursedir
        self._converter = Autograde(coursedir=api.coursedir, parent=api)
        self._permissions = int(str(self._converter.permissions), 8)
        self._assignment = assignment
        self._told = told
        self._done = ClassRun()
        self._digest = assignment_digest(assignment)
        self._secret = instructor_secret(secret_folder(assignment.database, Path(api.coursedir.root)))
        self._without_sandbox = 0
        self._lost: deque[str] = deque()
        self._stop_if_asked: Callable[[], None] = lambda: None

    def all(self, students: list[str], make_pool: Callable[[Assignment], Pool], force: bool) -> ClassRun:
        late = any(issubclass(import_item(step), AssignLatePenalties) for step in self._assignment.autograding)
        penalties = AssignLatePenalties(config=self._assignment.config) if late else None
        course, name = self._course, self._assignment.name
        try:
            self._gradebook = ClassGradebook(self._assignment.database, course.course_id, name, penalties)
        except DBAPIError as problem:
            raise CourseError(f"The gradebook {self._assignment.database} cannot be used: {problem.orig}") from None
        try:
            self._late = self._gradebook.seconds_late()
            if force:
                for student in students:  # so that a run which is stopped leaves the rest to the next
                    (self._folder(student) / RECORD).unlink(missing_ok=True)
            waiting = deque(self._changed(students))
            self._total = len(waiting)
            self._told(0, self._total)
            if waiting:
                pool = make_pool(self._assignment)
                try:
                    if pool.is_here:
                        self._refuse_without_sandbox()
                    with hearing_ctrl_c() as self._stop_if_asked:
                        self._grade(waiting, pool)
                finally:
                    pool.close()
            return self._done
        except DBAPIError as problem:
            raise CourseError(f"The gradebook could not be written, so grading has stopped: {problem.orig}") from None
        finally:
            self._gradebook.close()

    # -- what is to be done -------------------------------------------------------------------------------------------

    def _folder(self, student: str) -> Path:
        return Path(self._course.format_path(self._course.autograded_directory, student, self._assignment.name))

    def _submission(self, student: str) -> Submission:
        name = self._assignment.name
        gathered = gather_submission(self._course, self._course.submitted_directory, student, name)
        keys = {one: notebook_key(self._secret, student, name, one) for one in self._assignment.notebooks}
        return Submission(student, gathered, keys)

    def _changed(self, students: list[str]) -> Iterator[str]:
        known = self._gradebook.students() if not self._converter.create_student else set(students)
        for student in students:
            self._clear_up(student)
            if student not in known:
                self._done.problems.append(
                    f"{student}: the gradebook has no such student, and `Autograde.create_student` is off."
                )
                continue
            record = read_record(self._folder(student))
            if record and student in self._late and record == self._record(student):
                self._done.unchanged.append(student)
            else:
                yield student

    def _clear_up(self, student: str) -> None:
        """Remove what a run that was stopped between two steps has left beside a graded folder."""
        real = self._folder(student)
        unfinished = real.with_name(UNFINISHED + real.name)
        for left in (unfinished, unfinished.with_name(f"{unfinished.name}-old")):
            shutil.rmtree(left, ignore_errors=True)

    def _record(self, student: str) -> str:
        return record_text(fingerprint(self._digest, self._submission(student)), self._late[student])

    def _refuse_without_sandbox(self) -> None:
        try:
            refuse_without_sandbox(self._assignment.autograding, self._assignment.config)
        except NoSandbox as problem:
            raise CourseError(str(problem)) from None

    # -- grading ------------------------------------------------------------------------------------------------------

    def _grade(self, waiting: deque[str], pool: Pool) -> None:
        self._all_of(waiting, pool, AHEAD * pool.width)
        # A process was lost with these; each is tried again alone, so that one cannot take others with it.
        alone, self._lost = self._lost, deque()
        for student in alone:
            self._all_of(deque([student]), pool, 1)
            if len(self._lost) >= MOST_LOST and not self._done.graded:
                raise CourseError("Nothing can be graded: the processes that should do it end at once.")
        for student in self._lost:
            gave_up = "Grading this ended its process again and again; nothing of it has been judged."
            given_up = Submission(student, Gathered(), self._submission(student).keys, gave_up)
            self._save(grade_submission(self._assignment, given_up), "")

    def _all_of(self, waiting: deque[str], pool: Pool, ahead: int) -> None:
        running: dict[Future[Graded], tuple[str, str]] = {}
        while waiting or running:
            broken = False
            try:
                while waiting and len(running) < ahead:
                    submission = self._submission(waiting[0])
                    running[pool.submit(submission)] = (submission.student, fingerprint(self._digest, submission))
                    waiting.popleft()
            except BrokenProcessPool:
                broken = True
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                student, made_from = running.pop(future)
                broken |= not self._take(future, student, made_from)
                self._stop_if_asked()
            if broken:
                pool.renew()

    def _take(self, future: Future[Graded], student: str, made_from: str) -> bool:
        """Take what came of a submission; False where its process was lost."""
        try:
            graded = future.result()
        except NoSandbox as problem:
            self._without_sandbox += 1
            if not self._done.graded or self._without_sandbox >= MOST_WITHOUT_SANDBOX:
                raise CourseError(str(problem)) from None
            self._done.problems.append(f"{student}: {problem}")
            return True
        except ImportError as problem:
            raise CourseError(
                f"Where submissions are graded, nnkit and all that it needs have to be installed: {problem}."
            ) from None
        except (BrokenProcessPool, CancelledError):
            self._lost.append(student)
            return False
        except Exception as problem:
            if not _is_lost_worker(problem):
                raise
            self._lost.append(student)
            return False
        self._without_sandbox = 0
        self._save(graded, "" if graded.problems else made_from)
        return True

    # -- writing ------------------------------------------------------------------------------------------------------

    def _save(self, graded: Graded, made_from: str) -> None:
        """Write a graded folder and the gradebook, so that a crash between any two steps loses nothing.

        Without what it was made from it is graded again another time.
        """
        student, real = graded.student, self._folder(graded.student)
        unfinished = real.with_name(UNFINISHED + real.name)
        shutil.rmtree(unfinished, ignore_errors=True)
        self._done.problems += graded.problems
        try:
            self._write(graded, unfinished)
            text = (graded.timestamp or b"").decode("utf-8", "replace").strip()
            marks = {name: one.marks for name, one in graded.notebooks.items()}
            (real / RECORD).unlink(missing_ok=True)  # it does not speak for what the gradebook is told now
            late = self._gradebook.save(student, text or None, marks, self._same_answers(graded, real))
            if made_from:
                (unfinished / RECORD).write_text(record_text(made_from, late), "ascii")
                os.chmod(unfinished / RECORD, self._permissions)
            put_in_place_of(unfinished, real)
        except (OSError, UnicodeError) as problem:
            shutil.rmtree(unfinished, ignore_errors=True)
            self._done.problems.append(f"{student!r}: it could not be written ({type(problem).__name__}: {problem}).")
            return
        self._done.graded.append(student)
        self._done.seconds.append(graded.seconds)
        self._told(len(self._done.graded), self._total)

    def _same_answers(self, graded: Graded, real: Path) -> Callable[[str, str], bool]:
        """Asks whether an answer is what it was; a notebook is read where a person has given it a mark."""
        before = SameAnswers.of(real, graded.notebooks)

        @cache
        def now(name: str) -> NotebookNode:
            return nbformat.reads(graded.notebooks[name].text, as_version=4)

        return lambda name, cell: name in graded.notebooks and before.is_same(name, cell, now(name))

    def _write(self, graded: Graded, folder: Path) -> None:
        folder.mkdir(parents=True)
        write_files(graded.files, folder)
        write_files(self._assignment.masters, folder)
        for name, notebook in graded.notebooks.items():
            (folder / f"{name}.ipynb").write_text(notebook.text, encoding="utf-8", newline="\n")
        noted = {name: notebook.suspicions for name, notebook in graded.notebooks.items()}
        (folder / NOTED).write_text(noted_text(noted), "utf-8")
        for place, _, names in os.walk(folder):
            for name in names:
                os.chmod(Path(place, name), self._permissions)
            if self._course.groupshared:
                os.chmod(place, (os.stat(place).st_mode | 0o2770) & 0o2777)
        stand_ins = sorted(name for name, notebook in graded.notebooks.items() if notebook.stands_in)
        if stand_ins:
            (folder / STANDING_IN).write_text("\n".join(stand_ins), "utf-8")


def _is_lost_worker(problem: Exception) -> bool:
    """Whether a cluster has lost the worker, or what it had been sent."""
    return type(problem).__module__.startswith("distributed") or isinstance(problem, (ConnectionError, TimeoutError))
