"""`nnkit demo`: the instructor's cycle on a sample class, from release to marks, with every entry checked.

What is played is in `nnkit.grading.course.demo`; here are the arguments, the progress bar and the tables.
"""

from __future__ import annotations

import argparse
import shlex
import sys
import textwrap
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from nnkit.cli.tools import missing_package, text_table

if TYPE_CHECKING:
    from nnkit.grading.course.demo import Key
    from nnkit.grading.marks.class_table import Entry

DEFAULT_FOLDER = "nnkit-demo"
JOBS = 2
# Columns of a terminal; a table that is wider gets cells of several lines.
SCREEN = 120


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own arguments."""
    parser.add_argument("assignment", nargs="*", help="only these, by the names of their folders; all by default")
    parser.add_argument(
        "--out", metavar="DIR", default=DEFAULT_FOLDER, help=f"where the class is kept (./{DEFAULT_FOLDER})"
    )
    parser.add_argument("--jobs", type=int, default=JOBS, help=f"processes that grade side by side ({JOBS})")


def run(arguments: argparse.Namespace) -> int:
    """Play the cycle and print what came of it.

    Parameters
    ----------
    arguments : argparse.Namespace
        As `add_arguments` declares them.

    Returns
    -------
    int
        The exit code: 1 when anything is not as it is known to be.
    """
    try:
        from tqdm import tqdm

        from nnkit.grading.course.demo import compare, play, prepare_folder
        from nnkit.grading.course.folder import CourseError, find_course
        from nnkit.grading.course.names import notebooks_of
        from nnkit.grading.course.sample_class import STUDENTS
    except ImportError as problem:
        return missing_package(problem)
    started = time.perf_counter()
    folder = Path(arguments.out).expanduser().resolve()
    try:
        source = find_course()
        names = list(notebooks_of(source, arguments.assignment))
        prepare_folder(source, folder)
        steps = len(names) * (1 + 2 * len(STUDENTS))
        with tqdm(total=steps, unit="step", file=sys.stderr, leave=False) as bar:
            entries, expected, problems = play(folder, names, max(1, arguments.jobs), bar)
    except (CourseError, OSError) as problem:
        print(problem, file=sys.stderr)
        return 1
    problems += compare(entries, expected)
    print(tables(entries, expected))
    print(f"Everything is in {folder}: submitted/, autograded/, feedback/, grades.csv, outcomes.csv, gradebook.db.")
    print(f"The class on one page, and files for Canvas and Moodle: nnkit report --course {shlex.quote(str(folder))}")
    seconds = time.perf_counter() - started
    if problems:
        print("\n".join(["", "Not as it should be:", *problems]), file=sys.stderr)
        return 1
    students = len({entry.student for entry in entries})
    print(f"{students} students, {len(entries)} entries, all as they should be. {seconds:.0f} s.")
    return 0


def tables(entries: list[Entry], expected: Mapping[Key, str]) -> str:
    """One table for each notebook: students × exercises.

    Parameters
    ----------
    entries : list[Entry]
        What came out; an entry that differs shows what was known, too.
    expected : Mapping[Key, str]
        What is known to come out, exercises in the order of the columns.
    """
    parts = []
    for notebook in dict.fromkeys(entry.notebook for entry in entries):
        rows = [entry for entry in entries if entry.notebook == notebook]
        exercises = list(dict.fromkeys(exercise for _, name, exercise in expected if name == notebook))
        table = _table(rows, exercises, expected, column=16)
        if max(map(len, table.splitlines())) > SCREEN:
            table = _table(rows, exercises, expected, column=11)
        parts += [f"{rows[0].assignment} · {notebook}", table, ""]
    return "\n".join(parts)


def _table(rows: list[Entry], exercises: list[str], expected: Mapping[Key, str], column: int) -> str:
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
