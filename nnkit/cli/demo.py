"""`nnkit demo`: the instructor's cycle on a sample class, from release to marks, with every entry checked.

The folder that it makes is a complete course folder: nbgrader's own commands and the formgrader work in it.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import sys
import textwrap
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnkit.cli.tools import missing_package, text_table

if TYPE_CHECKING:
    from nnkit.grading.class_table import Entry

DEFAULT_FOLDER = "nnkit-demo"
MARKER = ".nnkit-demo"
JOBS = 2
# An answer that never returns is stopped after this many seconds, which is many times what a right one takes.
TIME_LIMIT = "3"
# Columns of a terminal; a table that is wider gets cells of several lines.
SCREEN = 120

Expected = dict[tuple[str, str, str], str]  # (student, notebook, exercise) → outcome


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument(
        "--out", metavar="DIR", default=DEFAULT_FOLDER, help=f"where the class is kept (./{DEFAULT_FOLDER})"
    )
    parser.add_argument("--jobs", type=int, default=JOBS, help=f"processes that grade side by side ({JOBS})")


def run(arguments: argparse.Namespace) -> int:
    """Play the cycle; 1 when anything is not as it is known to be."""
    try:
        from tqdm import tqdm

        from nnkit.grading.course import CourseError, assignments, find_course
    except ImportError as problem:
        return missing_package(problem)
    started = time.perf_counter()
    folder = Path(arguments.out).expanduser().resolve()
    try:
        source = find_course()
        names = assignments(source)
        prepare_folder(source, folder)
        from nnkit.grading.sample_class import STUDENTS

        steps = len(names) * (1 + len(STUDENTS))
        with tqdm(total=steps, unit="step", file=sys.stderr, leave=False) as bar:
            entries, expected, problems = play(folder, names, max(1, arguments.jobs), bar)
    except (CourseError, OSError) as problem:
        print(problem, file=sys.stderr)
        return 1
    problems += compare(entries, expected)
    print(tables(entries, expected))
    print(f"Everything is in {folder}: submitted/, autograded/, feedback/, grades.csv, outcomes.csv, gradebook.db.")
    seconds = time.perf_counter() - started
    if problems:
        print("\n".join(["", "Not as it should be:", *problems]), file=sys.stderr)
        return 1
    students = len({entry.student for entry in entries})
    print(f"{students} students, {len(entries)} entries, all as they should be. {seconds:.0f} s.")
    return 0


def prepare_folder(source: Path, folder: Path) -> None:
    """An empty course folder with the sources of the real one; an older demo there is replaced.

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
    shutil.copy(source / "nbgrader_config.py", folder)
    ignored = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__")
    shutil.copytree(source / "solutions", folder / "solutions", ignore=ignored)


def _remove(folder: Path) -> None:
    for path in folder.rglob("*"):
        if os.name == "nt" and path.is_file():  # nbgrader's files are read-only, which Windows takes seriously
            path.chmod(0o600)
    shutil.rmtree(folder)


def play(folder: Path, names: list[str], jobs: int, bar: Any) -> tuple[list[Entry], Expected, list[str]]:
    """Generate, hand in, autograde, write feedback, export.

    Returns
    -------
    entries, expected, problems
        What came out, what is known to come out, and the steps that failed, in sentences.
    """
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from multiprocessing import get_context

    from nnkit.grading.class_table import as_csv, read_class
    from nnkit.grading.course import nbgrader_api, run_step
    from nnkit.grading.sample_class import STUDENTS

    _quiet()
    api = nbgrader_api(folder)
    problems: list[str] = []
    expected: Expected = {}
    with _time_limit(), ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        waiting = []
        for name in names:
            bar.set_description(f"release {name}")
            run_step(f"generate {name}", api.generate_assignment(name, force=True, create=True))
            bar.update()
            expected |= hand_in(folder, name)
        for name in names:
            waiting += [pool.submit(grade_student, str(folder), name, student) for student in STUDENTS]
        bar.set_description("grade")
        for done in as_completed(waiting):
            problem = done.result()
            if problem:
                problems.append(problem)
            bar.update()
    bar.set_description("export")
    entries = [entry for name in names for entry in read_class(api, name)]
    (folder / "outcomes.csv").write_text(as_csv(entries), encoding="utf-8", newline="\n")
    problems += export(api, folder, entries)
    return entries, expected, problems


@contextlib.contextmanager
def _time_limit() -> Iterator[None]:
    """A short limit for the answers of the class, inherited by the processes that grade, unless one is given."""
    given = os.environ.get("NNKIT_TIME_LIMIT")
    os.environ.setdefault("NNKIT_TIME_LIMIT", TIME_LIMIT)
    try:
        yield
    finally:
        if given is None:
            del os.environ["NNKIT_TIME_LIMIT"]


def _quiet() -> None:
    """nbgrader's way of using its database makes SQLAlchemy warn at every new student; it is harmless."""
    warnings.filterwarnings("ignore", message="Object of type <.*> not in session")


def hand_in(folder: Path, assignment: str) -> Expected:
    """Write what every sample student hands in for one assignment; returns what is known to come of it."""
    import nbformat

    from nnkit.grading.sample_class import STUDENTS, Notebook

    expected: Expected = {}
    for path in sorted((folder / "solutions" / assignment).glob("*.ipynb")):
        released = nbformat.read(folder / "course" / assignment / path.name, as_version=4)
        notebook = Notebook(assignment, path.stem, nbformat.read(path, as_version=4), released)
        for student, make in STUDENTS.items():
            submission = make(notebook)
            place = folder / "submitted" / student / assignment
            place.mkdir(parents=True, exist_ok=True)
            (place / path.name).write_bytes(submission.content)
            for exercise, outcome in submission.expected.items():
                expected[student, path.stem, exercise] = outcome
    return expected


def grade_student(folder: str, assignment: str, student: str) -> str:
    """Autograde one submission and write its feedback, in a process of its own; returns what failed, "" for nothing."""
    from nnkit.grading.course import CourseError, nbgrader_api, run_step

    _quiet()
    api = nbgrader_api(Path(folder))
    try:
        run_step(f"autograde {assignment} of {student}", api.autograde(assignment, student))
        run_step(f"write feedback on {assignment} for {student}", api.generate_feedback(assignment, student))
    except CourseError as problem:
        return str(problem)
    page = Path(folder, "feedback", student, assignment)
    return "" if any(page.glob("*.html")) else f"There is no feedback in {page}."


def export(api: Any, folder: Path, entries: list[Entry]) -> list[str]:
    """Write nbgrader's CSV of marks, and compare its totals with the entries."""
    import csv

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
    """What differs from what is known, one sentence for each entry."""
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
    if outcome == "passed":
        return entry.max_points
    # A changed written answer waits for a person and has no points yet; everything else is a 0 with a reason.
    return None if outcome == "needs a person" else 0.0


def tables(entries: list[Entry], expected: Expected) -> str:
    """One table for each notebook: students × exercises."""
    parts = []
    for notebook in dict.fromkeys(entry.notebook for entry in entries):
        rows = [entry for entry in entries if entry.notebook == notebook]
        exercises = list(dict.fromkeys(exercise for _, name, exercise in expected if name == notebook))
        table = _table(rows, exercises, expected, column=16)
        if max(map(len, table.splitlines())) > SCREEN:
            table = _table(rows, exercises, expected, column=11)
        parts += [f"{rows[0].assignment} · {notebook}", table, ""]
    return "\n".join(parts)


def _table(rows: list[Entry], exercises: list[str], expected: Expected, column: int) -> str:
    def wrapped(text: str) -> str:
        return "\n".join(textwrap.wrap(text, column, break_long_words=False))

    lines = []
    for student in dict.fromkeys(entry.student for entry in rows):
        own = {entry.exercise: entry for entry in rows if entry.student == student}
        cells = []
        for exercise in exercises:
            outcome = expected[student, rows[0].notebook, exercise]
            got = own[exercise].outcome if exercise in own else "no entry"
            cells.append(wrapped(got) if got == outcome else wrapped(f"{got} ≠ {outcome}"))
        points = sum(entry.points or 0.0 for entry in own.values())
        total = sum(entry.max_points for entry in own.values())
        lines.append([student, *cells, f"{points:g} of {total:g}"])
    heads = (wrapped(exercise.replace("_", "_ ")).replace("_ ", "_") for exercise in exercises)
    return text_table(lines, ["student", *heads, "points"])
