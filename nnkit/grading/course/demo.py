"""The sample class plays the instructor's cycle, from release to marks, and every entry is compared with what is known.

The folder that it makes is a complete course folder: nbgrader's own commands and the formgrader work in it.
"""

from __future__ import annotations

import contextlib
import csv
import functools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import nbformat

from nnkit.exercises.terms import PASSED, TIME_LIMIT_VARIABLE
from nnkit.grading.course.folder import CONFIG_FILE
from nnkit.grading.course.sample_class import STUDENTS, Notebook
from nnkit.grading.course.steps import nbgrader_api, run_step
from nnkit.grading.marks.class_table import Entry, as_csv, read_class
from nnkit.grading.run.feedback import write_feedback
from nnkit.grading.run.pools import ProcessPool
from nnkit.grading.run.runner import grade_class
from nnkit.grading.run.sandbox import why_no_sandbox
from nnkit.grading.marks.outcomes import NEEDS_PERSON

MARKER = ".nnkit-demo"
# An answer that never returns is stopped after this many seconds, which is many times what a right one takes.
TIME_LIMIT = "8"

Key = tuple[str, str, str]  # (student, notebook, exercise)
Expected = dict[Key, str]  # → outcome


class Bar(Protocol):
    """What is told how far the cycle is, such as a progress bar of tqdm."""

    def set_description(self, text: str, /) -> Any:
        """Say what is being done."""

    def update(self) -> Any:
        """Count one step."""



def prepare_folder(source: Path, folder: Path) -> None:
    """An empty course folder with the sources of the real one; an older demo there is replaced.

    Parameters
    ----------
    source : Path
        The real course folder.
    folder : Path
        Where the demo is to be; made when it is missing.

    Raises
    ------
    FileExistsError
        The folder holds something that no demo has made.
    """
    if folder.exists():
        if not folder.is_dir() or (any(folder.iterdir()) and not (folder / MARKER).exists()):
            raise FileExistsError(
                f"{folder} should be a new folder, an empty one or that of an earlier demo, but it holds other things. "
                "Name another one with --out."
            )
        _remove(folder)
    folder.mkdir(parents=True)
    (folder / MARKER).write_text("Made by `nnkit demo`, which replaces this folder when it is run again.\n")
    shutil.copy(source / CONFIG_FILE, folder)
    ignored = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__")
    shutil.copytree(source / "solutions", folder / "solutions", ignore=ignored)


def _remove(folder: Path) -> None:
    for path in folder.rglob("*"):
        if os.name == "nt" and path.is_file():  # nbgrader's files are read-only, which Windows takes seriously
            path.chmod(0o600)
    shutil.rmtree(folder)


def play(folder: Path, names: list[str], jobs: int, bar: Bar) -> tuple[list[Entry], Expected, list[str]]:
    """Generate, hand in, autograde, write feedback, export.

    Parameters
    ----------
    folder : Path
        See `prepare_folder`.
    names : list[str]
        The assignments.
    jobs : int
        How many processes grade side by side.
    bar : Bar
        Told of every step.

    Returns
    -------
    list of Entry, Expected, list of str
        What came out, what is known to come out, and the steps that failed, in sentences.

    Raises
    ------
    CourseError
        An assignment could not be generated.
    """
    # What the sample class hands in is nnkit's own, and harmless; where there is a sandbox it is used all the same.
    settings = {"ExecuteSubmission": {"unsafe_no_sandbox": bool(why_no_sandbox())}}
    api = nbgrader_api(folder, settings)
    problems: list[str] = []
    expected: Expected = {}
    for name in names:
        bar.set_description(f"release {name}")
        run_step(f"generate {name}", api.generate_assignment(name, force=True, create=True))
        bar.update()
        expected |= hand_in(folder, name)
    with _time_limit():
        for name in names:
            bar.set_description(f"grade {name}")
            make_pool = functools.partial(ProcessPool, jobs)
            done = grade_class(api, name, make_pool, told=lambda done, total: bar.update() if done else None)
            bar.set_description(f"feedback on {name}")
            problems += [*done.problems, *write_feedback(api, name, done.graded, jobs, settings, bar.update)]
    bar.set_description("export")
    entries = [entry for name in names for entry in read_class(api, name)]
    (folder / "outcomes.csv").write_text(as_csv(entries), encoding="utf-8", newline="\n")
    problems += export(api, folder, entries)
    return entries, expected, problems


@contextlib.contextmanager
def _time_limit() -> Iterator[None]:
    """A short limit for the answers of the class, inherited by the processes that grade, unless one is given."""
    given = os.environ.get(TIME_LIMIT_VARIABLE)
    os.environ.setdefault(TIME_LIMIT_VARIABLE, TIME_LIMIT)
    try:
        yield
    finally:
        if given is None:
            del os.environ[TIME_LIMIT_VARIABLE]


def hand_in(folder: Path, assignment: str) -> Expected:
    """Write what every sample student hands in for one assignment.

    Parameters
    ----------
    folder : Path
        The demo's, in which the assignment is generated.
    assignment : str
        Its name.

    Returns
    -------
    Expected
        What is known to come of it.
    """
    expected: Expected = {}
    for path in sorted((folder / "solutions" / assignment).glob("*.ipynb")):
        released = nbformat.read(folder / "course" / assignment / path.name, as_version=4)
        notebook = Notebook(assignment, path.stem, nbformat.read(path, as_version=4), released)
        if not notebook.exercises:  # it is there to look things up, and nobody hands it in
            continue
        for student, make in STUDENTS.items():
            submission = make(notebook)
            place = folder / "submitted" / student / assignment
            place.mkdir(parents=True, exist_ok=True)
            (place / path.name).write_bytes(submission.content)
            for exercise, outcome in submission.expected.items():
                expected[student, path.stem, exercise] = outcome
    return expected


def export(api: Any, folder: Path, entries: list[Entry]) -> list[str]:
    """Write nbgrader's CSV of marks, and compare its totals with the entries.

    Parameters
    ----------
    api : Any
        See `nnkit.grading.course.steps.nbgrader_api`.
    folder : Path
        Where ``grades.csv`` goes.
    entries : list[Entry]
        What the marks should add up to.

    Returns
    -------
    list of str
        What differs, one sentence for each student and assignment.
    """
    from nbgrader.plugins import CsvExportPlugin

    place = folder / "grades.csv"
    with api.gradebook as gradebook:
        CsvExportPlugin(to=str(place)).export(gradebook)
    totals: dict[tuple[str, str], float] = {}
    for entry in entries:
        key = (entry.student, entry.assignment)
        totals[key] = totals.get(key, 0.0) + (entry.points or 0.0)
    with place.open(encoding="utf-8", newline="") as file:
        marks = {(row["student_id"], row["assignment"]): float(row["score"]) for row in csv.DictReader(file)}
    return [
        f"grades.csv gives {student} {marks.get((student, assignment))} points for {assignment}, expected {total:g}."
        for (student, assignment), total in totals.items()
        if marks.get((student, assignment)) != total
    ]


def compare(entries: list[Entry], expected: Expected) -> list[str]:
    """What differs from what is known, one sentence for each entry.

    Parameters
    ----------
    entries : list[Entry]
        What came out.
    expected : Expected
        What is known to come out.

    Examples
    --------
    >>> compare([], {("ada", "graphs", "neuron"): "passed"})
    ['ada, graphs, neuron: expected passed, but there is no entry.']
    """
    found = {(entry.student, entry.notebook, entry.exercise): entry for entry in entries}
    problems = []
    for key, outcome in expected.items():
        student, notebook, exercise = key
        where = f"{student}, {notebook}, {exercise}"
        entry = found.get(key)
        if entry is None:
            problems.append(f"{where}: expected {outcome}, but there is no entry.")
        elif entry.outcome != outcome:
            problems.append(f"{where}: expected {outcome}, got {entry.outcome}. {entry.cause or ''}".rstrip())
        else:
            points = _points(entry, outcome)
            if entry.points != points:
                problems.append(f"{where}: {outcome} should give {points} points, but gave {entry.points}.")
    problems += [f"{', '.join(key)}: an entry that nobody expects." for key in found.keys() - expected.keys()]
    return problems


def _points(entry: Entry, outcome: str) -> float | None:
    if outcome == PASSED:
        return entry.max_points
    # A changed written answer waits for a person and has no points yet; everything else is a 0 with a reason.
    return None if outcome == NEEDS_PERSON else 0.0
