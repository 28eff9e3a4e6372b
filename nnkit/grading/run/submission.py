"""One submission is graded: from the files that were handed in to notebooks with verdicts, marks and outcomes.

The steps are those of the course's settings for ``nbgrader autograde``, in the same order, so that both give the same.
Nothing is read from a gradebook and nothing is written: this runs in any process, on any machine.
"""

from __future__ import annotations

import functools
import json
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader import utils
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)
from traitlets.utils.importstring import import_item

from nnkit.grading.intake.gathering import Gathered, Parts
from nnkit.grading.intake.graded_folder import beside
from nnkit.grading.intake.repair import RepairSubmission, repair
from nnkit.grading.intake.shadow import TIMESTAMP, Chosen, choose
from nnkit.grading.intake.standing_in import FAILED, NEEDS_PERSON, NOT_HANDED_IN, stand_in
from nnkit.grading.intake.submissions import read_content
from nnkit.grading.marks.outcomes import Outcome, notebook_outcomes
from nnkit.grading.marks.scoring import Marks, SaveOutcomes, read_marks
from nnkit.grading.marks.suspicion import Suspicion, intake_notes, suspicions
from nnkit.grading.run.assignment import Assignment
from nnkit.grading.run.execution import ExecuteSubmission, Surroundings, within_limits
from nnkit.grading.run.notebook import own_time
from nnkit.grading.run.sandbox import NoSandbox

_ONE_AT_A_TIME = threading.Lock()  # a sandbox, and the judge's settings, belong to the process


@dataclass(frozen=True)
class Submission:
    """What one student has handed in.

    Parameters
    ----------
    student : str
        Whose.
    gathered : Gathered
        The files.
    keys : Mapping[str, bytes]
        A notebook's name → the key of its hidden seed, see `nnkit.grading.run.seeds.notebook_key`.
    given_up : str
        Why it is not graded but stood in for, as a sentence; "" for one that is graded.
    """

    student: str
    gathered: Gathered
    keys: Mapping[str, bytes]
    given_up: str = ""


@dataclass(frozen=True)
class GradedNotebook:
    """One notebook after all steps.

    Parameters
    ----------
    text : str
        The notebook's file.
    marks : Marks
        What the gradebook is told.
    outcomes : tuple[Outcome, ...]
        How each exercise ended.
    stands_in : bool
        Whether nothing of it was graded, and a notebook that says so stands in its place.
    suspicions : tuple[Suspicion, ...]
        What a person may want to look at.
    """

    text: str
    marks: Marks
    outcomes: tuple[Outcome, ...]
    stands_in: bool
    suspicions: tuple[Suspicion, ...] = ()


@dataclass(frozen=True)
class Graded:
    """One submission after all steps.

    Parameters
    ----------
    student : str
        Whose.
    notebooks : Mapping[str, GradedNotebook]
        By name.
    files : Mapping[Parts, bytes]
        What lies beside them.
    timestamp : bytes or None
        The file that says when it was handed in.
    problems : tuple[str, ...]
        What failed in grading itself, in sentences; it is graded again another time.
    seconds : float
        What it took.
    own_seconds : float
        How much of it the student's cells and the checks ran.
    """

    student: str
    notebooks: Mapping[str, GradedNotebook]
    files: Mapping[Parts, bytes]
    timestamp: bytes | None
    problems: tuple[str, ...] = ()
    seconds: float = 0.0
    own_seconds: float = 0.0


def grade_submission(assignment: Assignment, submission: Submission) -> Graded:
    """Grade what one student has handed in.

    Parameters
    ----------
    assignment : Assignment
        What was released.
    submission : Submission
        What was handed in.

    Raises
    ------
    NoSandbox
        Students' code cannot be shut in here. Everything else that fails becomes a notebook that says so.
    """
    with _ONE_AT_A_TIME:
        started, own = time.perf_counter(), own_time.seconds
        if submission.given_up:
            names = assignment.notebooks
            chosen = Chosen(missing=dict.fromkeys(names, submission.given_up), told=dict.fromkeys(names, FAILED))
        else:
            released = {name: one.notebook for name, one in assignment.notebooks.items()}
            chosen = choose(submission.gathered, released)
        files = beside(chosen.files, assignment.masters)
        if chosen.timestamp is not None:
            files[TIMESTAMP,] = chosen.timestamp
        everything = {**files, **assignment.masters}
        in_sandbox = within_limits(("/".join(parts), content) for parts, content in sorted(everything.items()))
        problems: list[str] = []
        notebooks = {}
        with _instructors(assignment) as instructors:
            for name in assignment.notebooks:
                job = _Job(assignment, submission, name, in_sandbox, instructors)
                try:
                    notebooks[name] = job.graded(chosen)
                except NoSandbox:
                    raise
                except Exception as problem:
                    problems.append(f"{submission.student}, {name}: {type(problem).__name__}: {problem}")
                    notebooks[name] = job.stood_in_for(stand_in(failure(problem), NEEDS_PERSON, FAILED, chosen.digest))
        if submission.given_up:
            problems.append(f"{submission.student}: {submission.given_up}")
        seconds = time.perf_counter() - started
        own = own_time.seconds - own
        return Graded(submission.student, notebooks, files, chosen.timestamp, tuple(problems), seconds, own)


def failure(problem: BaseException) -> str:
    """What stands in a notebook whose grading failed.

    Parameters
    ----------
    problem : BaseException
        What was raised.
    """
    return (
        f"Grading this failed ({type(problem).__name__}); nothing of it has been judged. A person has to look. It is "
        "tried again whenever the assignment is graded."
    )


@dataclass
class _Job:
    """One notebook of one submission on its way through the steps."""

    assignment: Assignment
    submission: Submission
    name: str
    files: Mapping[str, bytes]
    instructors: Path
    marks: Marks = field(default_factory=lambda: Marks({}, frozenset(), {}))

    def graded(self, chosen: Chosen) -> GradedNotebook:
        if self.name in chosen.missing:
            return self.stood_in_for(chosen.stand_in(self.name), chosen.notes.get(self.name, ()))
        return self._through(read_content(chosen.notebooks[self.name], found=chosen.notes.get(self.name, ())), False)

    def stood_in_for(self, notebook: NotebookNode, notes: Any = ()) -> GradedNotebook:
        if notes:
            notebook.metadata["nnkit"]["handed_in"] = list(notes)
        return self._through(notebook, True)

    def _through(self, notebook: NotebookNode, stands_in: bool) -> GradedNotebook:
        sanitizing, autograding = _steps(self.assignment)
        for step in sanitizing:
            notebook = step(notebook, self)
        with utils.setenv(NBGRADER_EXECUTION="autograde"):
            for step in autograding:
                notebook = step(notebook, self)
        text = nbformat.writes(notebook, version=4)
        released = self.assignment.notebooks[self.name].notebook
        return GradedNotebook(
            text=text if text.endswith("\n") else text + "\n",
            marks=self.marks,
            outcomes=tuple(notebook_outcomes(notebook)),
            stands_in=stands_in,
            suspicions=tuple(_noted(notebook, released, self.files)),
        )

    @property
    def resources(self) -> dict[str, Any]:
        """What nbgrader tells its steps."""
        return {
            "unique_key": self.name,
            "output_files_dir": f"{self.name}_files",
            "nbgrader": {
                "student": self.submission.student,
                "assignment": self.assignment.name,
                "notebook": self.name,
                "db_url": self.assignment.database,
            },
        }


def _noted(notebook: NotebookNode, released: NotebookNode | None, files: Mapping[str, bytes]) -> Iterator[Suspicion]:
    """What a person may want to look at; where an outcome asks for one, it says itself what is wrong."""
    state = notebook.metadata.get("nnkit", {}).get("state")
    if state != NEEDS_PERSON:
        yield from intake_notes(notebook)
    if state not in (NEEDS_PERSON, NOT_HANDED_IN):
        yield from suspicions(notebook, released, files)


_Step = Callable[[NotebookNode, _Job], NotebookNode]


@functools.lru_cache(maxsize=4)
def _steps(assignment: Assignment) -> tuple[tuple[_Step, ...], tuple[_Step, ...]]:
    phases = (assignment.sanitizing, assignment.autograding)
    made = [tuple(_step(import_item(path), assignment) for path in paths) for paths in phases]
    return made[0], made[1]


def _step(one: Any, assignment: Assignment) -> _Step:
    if one in _TWINS:
        return _TWINS[one]
    made = one(config=assignment.config)
    if one is CheckCellMetadata:
        return functools.partial(_check_flags, made)
    if one is ExecuteSubmission:
        return functools.partial(_run, made)
    return functools.partial(_as_it_is, made)


def _as_it_is(step: Any, notebook: NotebookNode, job: _Job) -> NotebookNode:
    return step(notebook, job.resources)[0]


class _KnownFlags(MetadataValidator):
    """nbgrader's validator, which looks at the same flags once: after the repair all submissions have the same ones."""

    def __init__(self) -> None:
        super().__init__()
        self._valid: set[tuple[str, str]] = set()

    def validate_cell(self, cell: NotebookNode) -> None:
        flags = cell.metadata.get("nbgrader")
        key = (cell.cell_type, json.dumps(flags, sort_keys=True))
        if flags is not None and key not in self._valid:
            super().validate_cell(cell)
            self._valid.add(key)


_known_flags = functools.cache(_KnownFlags)


def _check_flags(step: CheckCellMetadata, notebook: NotebookNode, job: _Job) -> NotebookNode:
    try:
        _known_flags().validate_nb(notebook)
    except Exception:
        return _as_it_is(step, notebook, job)  # which says what is wrong
    return notebook


def _repair(notebook: NotebookNode, job: _Job) -> NotebookNode:
    released = job.assignment.notebooks[job.name]
    repair(notebook, released.masters, released.notebook)
    return notebook


def _name_kernel(notebook: NotebookNode, job: _Job) -> NotebookNode:
    kernelspec = job.assignment.notebooks[job.name].kernelspec
    if kernelspec:
        notebook.metadata["kernelspec"] = nbformat.from_dict(kernelspec)
    return notebook


def _note_checksums(notebook: NotebookNode, job: _Job) -> NotebookNode:
    """All that is left of nbgrader's step once cells, flags and points are what was released."""
    masters = job.assignment.notebooks[job.name].masters
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in masters:
            cell.metadata.nbgrader["checksum"] = masters[name].checksum
    return notebook


def _run(step: ExecuteSubmission, notebook: NotebookNode, job: _Job) -> NotebookNode:
    released = job.assignment.notebooks[job.name].notebook
    step.run(notebook, Surroundings(released, job.submission.keys[job.name], job.files, job.instructors))
    return notebook


def _read_marks(notebook: NotebookNode, job: _Job) -> NotebookNode:
    job.marks = read_marks(notebook)
    return notebook


def _nothing_yet(notebook: NotebookNode, job: _Job) -> NotebookNode:
    """Penalties depend on what is in the gradebook, which another process writes."""
    return notebook


_TWINS: dict[Any, _Step] = {
    RepairSubmission: _repair,
    OverwriteKernelspec: _name_kernel,
    OverwriteCells: _note_checksums,
    SaveOutcomes: _read_marks,
    SaveAutoGrades: _read_marks,
    AssignLatePenalties: _nothing_yet,
}


@contextmanager
def _instructors(assignment: Assignment) -> Iterator[Path]:
    """The folder of the instructors' files, made where a machine does not have it."""
    if assignment.instructors.is_dir() or not assignment.instructor_files:
        yield assignment.instructors
        return
    with tempfile.TemporaryDirectory(prefix="nnkit-instructors-") as folder:
        for name, content in assignment.instructor_files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        yield Path(folder)
