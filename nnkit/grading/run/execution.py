"""The step of ``nbgrader autograde`` that runs a submission: in a sandbox, with a hidden seed, within limits.

One bad submission must never stop the others: what goes wrong here becomes an outcome of the cells that it touches.
"""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Integer, TraitError, Unicode, validate
from traitlets.utils.importstring import import_item

from nnkit.exercises import index
from nnkit.exercises.terms import INSTRUCTOR_FOLDER_VARIABLE
from nnkit.grading.course.demonstrations import unneeded_cells
from nnkit.grading.intake.given import setup_sources
from nnkit.grading.intake.released import instructor_folder, released_notebook
from nnkit.grading.intake.sanitise import neutralise
from nnkit.grading.intake.standing_in import NOT_RUN, why_not_run
from nnkit.grading.marks.outcomes import ERRORS, checked_exercise, error_output
from nnkit.grading.run.notebook import Plan, grade_notebook
from nnkit.grading.run.package import foreign_withheld, make_worker_package
from nnkit.grading.run.sandbox import MISSING, Limits, NoSandbox, Sandbox, why_no_sandbox
from nnkit.grading.run.seeds import instructor_secret, notebook_key, secret_folder, submission_seed
from nnkit.languages.speech import known, speaking

Resources = dict[str, Any]
MOST_SANDBOXES = 3  # that are kept for the next submission of the same notebook
LARGEST_FILES = 50_000_000  # bytes of what lies beside a notebook


class ExecuteSubmission(NbGraderPreprocessor):
    """Run a submission in a sandbox and judge its answers outside.

    A cell that is stopped in time costs what it would have done. Where Python itself ends, the rest is graded by a new
    process.
    """

    timeout = Integer(30, help="Seconds that one cell may take, unless it was released with more.").tag(config=True)
    notebook_timeout = Integer(300, help="Seconds that all cells of one notebook may take together.").tag(config=True)
    skip_demonstrations = Bool(True, help="Leave out cells that only demonstrate.").tag(config=True)
    output_limit = Integer(500_000, help="Characters that one cell may print; the rest is left out.").tag(config=True)
    memory_limit = Integer(3 << 30, help="Bytes of memory that one notebook may take.").tag(config=True)
    language = Unicode(
        "",
        help="The language of feedback, such as de; empty for that of NNKIT_LANGUAGE, else English. Tables and reports "
        "for instructors are in English, whatever is chosen here.",
    ).tag(config=True)
    unsafe_no_sandbox = Bool(
        False,
        help="Run students' code without a sandbox, as the user who grades. It can then read and change all that this "
        "user can: only for a machine that holds nothing of value.",
    ).tag(config=True)

    @validate("language")
    def _is_spoken(self, proposal: Any) -> str:
        try:
            return known(proposal["value"]) if proposal["value"] else ""
        except ValueError as error:
            raise TraitError(str(error)) from None

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Run one submission.

        Parameters
        ----------
        nb : NotebookNode
            The repaired notebook, changed in place.
        resources : Resources
            nbgrader's own; under "nbgrader" they say whose submission this is and where the gradebook is.
        """
        where = resources["nbgrader"]
        instructors = instructor_folder(self)
        secret = instructor_secret(secret_folder(where["db_url"], instructors.parent if instructors else None))
        surroundings = Surroundings(
            released=released_notebook(self, where["assignment"], where["notebook"]),
            key=notebook_key(secret, where["student"], where["assignment"], where["notebook"]),
            files=_files_beside(self, where),
            instructors=instructors,
        )
        self.run(nb, surroundings)
        return nb, resources

    def run(self, nb: NotebookNode, surroundings: Surroundings) -> None:
        """Run one submission whose surroundings are known.

        Parameters
        ----------
        nb : NotebookNode
            The repaired notebook, changed in place.
        surroundings : Surroundings
            What it is held against.
        """
        notes = nb.metadata.get("nnkit", {})
        if notes.get("state") in NOT_RUN:
            name, sentence = why_not_run(notes)
            for cell in nb.cells:
                if cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell):
                    cell.outputs = [error_output(name, sentence)]
            return
        released = surroundings.released
        plan = Plan(
            seed=submission_seed(surroundings.key, (cell.source for cell in nb.cells)),
            setup=tuple(setup_sources(released)),
            unneeded=frozenset(unneeded_cells(nb, released) if self.skip_demonstrations else ()),
            budgets=budgets(released),
            cell_seconds=self.timeout,
            notebook_seconds=self.notebook_timeout,
            characters=self.output_limit,
            files=surroundings.files,
            limits=Limits(memory=self.memory_limit),
        )
        sandbox = sandbox_for(course_notebooks(nb), not self.unsafe_no_sandbox)
        with _instructors_files(surroundings.instructors), speaking(self.language):
            grade_notebook(nb, sandbox, plan)
        notes = nb.metadata.setdefault("nnkit", NotebookNode())
        own = _take_own_errors(nb)
        taken_out = neutralise(nb, released, own_outputs=judged_cells(nb))
        for cell, errors in own:
            cell.outputs[:0] = errors
        if taken_out:
            notes["repairs"] = [*notes.get("repairs", []), *taken_out]
        if self.unsafe_no_sandbox:
            notes["unsafe"] = "Run without a sandbox."
        if not notes:
            del nb.metadata["nnkit"]


@dataclass(frozen=True)
class Surroundings:
    """What one student's notebook is run with.

    Parameters
    ----------
    released : NotebookNode or None
        The notebook as it was handed out.
    key : bytes
        See `nnkit.grading.run.seeds.notebook_key`.
    files : Mapping[str, bytes]
        What lies beside it: path → content.
    instructors : Path or None
        The folder of the instructors' notebooks.
    """

    released: NotebookNode | None
    key: bytes
    files: Mapping[str, bytes]
    instructors: Path | None


@functools.cache
def _sandboxes(process: int) -> dict[tuple[str, bool], tuple[Sandbox, Path]]:
    """Those of a process: what it forks must not speak on its lines."""
    atexit.register(close_sandboxes)
    return {}


def _take_own_errors(notebook: NotebookNode) -> list[tuple[NotebookNode, list[NotebookNode]]]:
    """Take the errors that grading has put into cells out of them, which no cell's own output looks like."""
    taken = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            errors = [output for output in cell.outputs if output.get("ename") in ERRORS]
            cell.outputs = [output for output in cell.outputs if output.get("ename") not in ERRORS]
            taken.append((cell, errors))
    return taken


def sandbox_for(notebook: str, shut_in: bool = True) -> Sandbox:
    """A sandbox with the package that a notebook of the course may import; the last few are kept warm.

    Parameters
    ----------
    notebook : str
        Its name, "" for one that is not in the course.
    shut_in : bool
        Whether it has walls.
    """
    kept = _sandboxes(os.getpid())
    if (notebook, shut_in) not in kept:
        while len(kept) >= MOST_SANDBOXES:
            _close(*kept.pop(next(iter(kept))))
        folder = Path(tempfile.mkdtemp(prefix="nnkit-package-"))
        try:
            package = make_worker_package(notebook, folder)
            kept[notebook, shut_in] = (Sandbox(package, foreign_withheld(notebook), shut_in), folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    return kept[notebook, shut_in][0]


def refuse_without_sandbox(steps: Iterable[Any], config: Any) -> None:
    """Refuse to begin where students' code cannot be shut in, though it has to be.

    Parameters
    ----------
    steps : Iterable[Any]
        The steps of grading: their classes, or the paths of these.
    config : Any
        The course's settings.

    Raises
    ------
    NoSandbox
        It says what is missing.

    Examples
    --------
    >>> from traitlets.config import Config
    >>> without_walls = Config({"ExecuteSubmission": {"unsafe_no_sandbox": True}})
    >>> refuse_without_sandbox(["nnkit.grading.preprocessors.ExecuteSubmission"], without_walls)
    """
    for path in steps:
        if (import_item(path) if isinstance(path, str) else path) is ExecuteSubmission:
            step = ExecuteSubmission(config=config)
            if not step.unsafe_no_sandbox and (reason := why_no_sandbox()):
                raise NoSandbox(MISSING.format(reason=reason))


def close_sandboxes() -> None:
    """End all sandboxes that are kept."""
    kept = _sandboxes(os.getpid())
    while kept:
        _close(*kept.popitem()[1])


def _close(sandbox: Sandbox, folder: Path) -> None:
    sandbox.close()
    shutil.rmtree(folder, ignore_errors=True)


def judged_cells(notebook: NotebookNode) -> set[str]:
    """nbgrader's names of the test cells whose outputs grading itself writes.

    Parameters
    ----------
    notebook : NotebookNode
        A repaired submission.
    """
    return {
        cell.metadata.nbgrader.grade_id
        for cell in notebook.cells
        if cell.cell_type == "code" and utils.is_grade(cell) and checked_exercise(cell.source)
    }


def course_notebooks(notebook: NotebookNode) -> str:
    """The notebooks of the course to which the exercises belong that are graded here, joined by "+".

    Parameters
    ----------
    notebook : NotebookNode
        A repaired submission. Only what is graded counts: a student may add checks of anything.
    """
    graded = [cell for cell in notebook.cells if cell.cell_type == "code" and utils.is_grade(cell)]
    names = [checked_exercise(cell.source) for cell in graded]
    return "+".join(sorted({index.notebook_of(name) for name in names if name in index.names()}))


def budgets(released: NotebookNode | None) -> dict[str, int]:
    """How many seconds the cells may take that say so in the released notebook, as one that trains a network does.

    Parameters
    ----------
    released : NotebookNode or None
        The seconds stand in a cell's metadata, as ``"nnkit": {"seconds": 90}``. What a submission says of itself does
        not count.

    Returns
    -------
    dict from str to int
        nbgrader's name for a cell → seconds.
    """
    found = {}
    for cell in released.cells if released is not None else ():
        seconds = cell.metadata.get("nnkit", {}).get("seconds")
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if seconds and name:
            found[name] = int(seconds)
    return found


def _files_beside(preprocessor: Any, where: dict[str, str]) -> dict[str, bytes]:
    """What lies beside the notebook in its autograded folder, where nbgrader has put it; no notebooks, no links."""
    course = getattr(getattr(preprocessor.parent, "parent", None), "coursedir", None)
    if course is None:
        return {}
    folder = Path(course.root, course.format_path(course.autograded_directory, where["student"], where["assignment"]))
    found = (path for path in sorted(folder.rglob("*")) if not path.is_symlink() and path.is_file())
    return within_limits((path.relative_to(folder).as_posix(), path) for path in found)


def within_limits(files: Iterable[tuple[str, Path | bytes]]) -> dict[str, bytes]:
    """What a notebook finds beside it, of files that are there: no notebooks, and not more than it may have.

    Parameters
    ----------
    files : Iterable[tuple[str, Path | bytes]]
        Paths in order, and what they hold or where that is read.

    Examples
    --------
    >>> within_limits([("a.csv", b"1,2"), ("b.ipynb", b"{}")])
    {'a.csv': b'1,2'}
    """
    kept: dict[str, bytes] = {}
    room = LARGEST_FILES
    for name, content in files:
        size = len(content) if isinstance(content, bytes) else content.stat().st_size
        if not name.endswith(".ipynb") and size <= room:
            kept[name] = content if isinstance(content, bytes) else content.read_bytes()
            room -= size
    return kept


@contextmanager
def _instructors_files(folder: Path | None) -> Iterator[None]:
    """While answers are judged, the cases of an open task are drawn from the instructors' files."""
    before = os.environ.get(INSTRUCTOR_FOLDER_VARIABLE)
    if folder is not None:
        os.environ[INSTRUCTOR_FOLDER_VARIABLE] = str(folder)
    try:
        yield
    finally:
        if before is not None:
            os.environ[INSTRUCTOR_FOLDER_VARIABLE] = before
        else:
            os.environ.pop(INSTRUCTOR_FOLDER_VARIABLE, None)
