"""`nnkit grade`: a class is graded, safely and side by side, and its tables and report are written.

What is done is in `nnkit.grading.run.runner`; here are the arguments, the progress bar and what is printed.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnkit.cli.tools import chosen_class, missing_package, text_table

if TYPE_CHECKING:
    from nnkit.grading.marks.class_table import Entry
    from nnkit.grading.run.runner import ClassRun

JOBS = 2
REPORTS = "reports"
MOST_ROWS = 40  # of a class that fits on a screen; the CSV has all
MOST_SENTENCES = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own arguments."""
    parser.add_argument("assignment", nargs="+", help="the assignments, by the names of their folders")
    parser.add_argument("--student", metavar="NAME", action="append", default=[], help="only this one, or a pattern")
    parser.add_argument("--jobs", metavar="N", type=int, default=JOBS, help=f"processes side by side ({JOBS})")
    parser.add_argument("--dask", metavar="ADDRESS", default="", help="grade on the workers of this Dask scheduler")
    parser.add_argument("--db", metavar="URL", default="", help="the gradebook, if not the one of nbgrader_config.py")
    parser.add_argument("--timeout", metavar="SECONDS", type=int, help="how long one cell may take")
    parser.add_argument("--force", action="store_true", help="grade again what has not changed")
    parser.add_argument("--feedback", action="store_true", help="write the pages that students get, too")
    parser.add_argument("--out", metavar="DIR", default="", help=f"where tables and reports go (COURSE/{REPORTS})")
    parser.add_argument("--course", metavar="DIR", default="", help="the course folder, if not this one or one above")
    parser.add_argument(
        "--unsafe-no-sandbox",
        action="store_true",
        help="run students' code without a sandbox: it can then read and change all that you can",
    )


def run(arguments: argparse.Namespace) -> int:
    """Grade, and print what came of it.

    Parameters
    ----------
    arguments : argparse.Namespace
        As `add_arguments` declares them.

    Returns
    -------
    int
        The exit code: 1 where something could not be graded, 2 where there is no course folder.
    """
    if arguments.jobs < 1:
        print(f"--jobs should be 1 or more, but is {arguments.jobs}.", file=sys.stderr)
        return 1
    try:
        from nnkit.grading.processes import begin_to_warm

        if not arguments.dask:
            begin_to_warm()
        from nnkit.grading.course.folder import CourseError, NoCourseError
        from nnkit.grading.course.steps import nbgrader_api
    except ImportError as problem:
        return missing_package(problem)
    well = True
    try:
        course = chosen_class(arguments.course)
        api = nbgrader_api(course, _settings(arguments))
        for name in _names(api, course, arguments.assignment):
            well &= _grade(api, name, arguments)
        print("`nnkit report` sums up what is graded and writes the files that Canvas and Moodle import.")
    except NoCourseError as problem:
        print(problem, file=sys.stderr)
        return 2
    except (CourseError, OSError) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0 if well else 1


def _settings(arguments: argparse.Namespace) -> dict[str, dict[str, Any]]:
    execute: dict[str, Any] = {}
    if arguments.timeout is not None:
        execute["timeout"] = arguments.timeout
    if arguments.unsafe_no_sandbox:
        execute["unsafe_no_sandbox"] = True
    return {"ExecuteSubmission": execute, "CourseDirectory": {"db_url": arguments.db} if arguments.db else {}}


def _names(api: Any, course: Path, typed: list[str]) -> list[str]:
    """The assignments that are graded, each once; nothing is graded where one of them is none."""
    from nnkit.grading.course.folder import CourseError, sources_of
    from nnkit.grading.course.names import assignment_name, no_assignment
    from nnkit.grading.marks.totals import entered_assignments

    names = list(dict.fromkeys(map(assignment_name, typed)))
    known = sources_of(course)
    for name in names:
        if name not in known:
            known = [*known, *entered_assignments(api)]
            if name not in known:
                raise CourseError(no_assignment(name, known))
    return names


def _grade(api: Any, name: str, arguments: argparse.Namespace) -> bool:
    from tqdm import tqdm

    from nnkit.grading.marks.class_table import read_class
    from nnkit.grading.marks.totals import read_totals
    from nnkit.grading.run.feedback import write_feedback
    from nnkit.grading.run.pools import DaskPool, Pool, ProcessPool
    from nnkit.grading.run.reports import write_reports
    from nnkit.grading.run.runner import grade_class

    def make_pool(assignment: Any) -> Pool:
        if arguments.dask:
            return DaskPool(arguments.dask, assignment)
        return ProcessPool(arguments.jobs, assignment)

    started = time.perf_counter()
    with tqdm(desc=name, unit="submission", file=sys.stderr, leave=False, delay=1) as bar:

        def told(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        done = grade_class(api, name, make_pool, tuple(arguments.student), arguments.force, told)
    seconds = time.perf_counter() - started
    problems = list(done.problems)
    if arguments.feedback:
        students = [*done.graded, *done.unchanged]
        with tqdm(desc="feedback", total=len(students), unit="page", file=sys.stderr, leave=False, delay=1) as bar:
            problems += write_feedback(api, name, students, arguments.jobs, _settings(arguments), bar.update)
    entries = read_class(api, name)
    where = Path(arguments.out).expanduser() if arguments.out else Path(api.coursedir.root, REPORTS)
    written, _ = write_reports(where.resolve(), api, name, entries)
    late = any(total.penalty for total in read_totals(api, {name: entries}).of(name))
    print(summary(name, entries, done, seconds, late))
    for heading, sentences in (("A person has to look at:", _for_a_person(entries)), ("Not graded well:", problems)):
        if sentences:
            more = [f"… and {len(sentences) - MOST_SENTENCES} more."] if len(sentences) > MOST_SENTENCES else []
            print("\n".join([heading, *sentences[:MOST_SENTENCES], *more]))
    if arguments.unsafe_no_sandbox:
        print("Students' code was run without a sandbox; every graded notebook says so.")
    print(f"Written: {', '.join(str(path) for path in written)}.")
    return not problems


def summary(name: str, entries: list[Entry], done: ClassRun, seconds: float, late: bool = False) -> str:
    """What a run did, and how the class stands: a table of students × notebooks, or of outcomes for a large class.

    Parameters
    ----------
    name : str
        The assignment.
    entries : list[Entry]
        The class.
    done : ClassRun
        The run.
    seconds : float
        What it took.
    late : bool
        Whether something is taken off somebody's mark for being late: off the whole, so no notebook's points show it.
    """
    students = list(dict.fromkeys(entry.student for entry in entries))
    lines = []
    if len(students) <= MOST_ROWS:
        notebooks = list(dict.fromkeys(entry.notebook for entry in entries))
        rows = [[student, *(_cell(entries, student, notebook) for notebook in notebooks)] for student in students]
        lines.append(text_table(rows, ["student", *notebooks]))
        if any(cell.endswith(" ?") for row in rows for cell in row):
            lines.append("? More points wait for a person, in the formgrader.")
        if late:
            lines.append("Before what is taken off for being late; `nnkit report` takes it off.")
    else:
        counts = dict.fromkeys(sorted({entry.outcome for entry in entries}), 0)
        for entry in entries:
            counts[entry.outcome] += 1
        lines.append(text_table([[outcome, str(count)] for outcome, count in counts.items()], ["outcome", "answers"]))
    graded, unchanged = len(done.graded), len(done.unchanged)
    rate = f", {seconds / graded:.2f} s each" if graded else ""
    lines.append(f"{name}: {graded} graded, {unchanged} unchanged; {seconds:.1f} s{rate}.")
    return "\n".join(lines)


def _cell(entries: list[Entry], student: str, notebook: str) -> str:
    own = [entry for entry in entries if entry.student == student and entry.notebook == notebook]
    points, most = sum(entry.points or 0.0 for entry in own), sum(entry.max_points for entry in own)
    return f"{points:g} of {most:g}" + (" ?" if any(entry.needs_person for entry in own) else "")


def _for_a_person(entries: list[Entry]) -> list[str]:
    """What is not graded without a person, but for the written answers, which everybody expects.

    What a person has marked is left out, unless the answer has changed since then.
    """
    from nnkit.grading.marks.kept_marks import BEFORE, CONFIRM
    from nnkit.grading.marks.outcomes import FOR_A_PERSON

    found: dict[str, None] = {}
    for entry in entries:
        if entry.by_hand:
            if entry.needs_person:
                found.setdefault(f"{entry.student}, {entry.notebook}, {entry.exercise}: {BEFORE}. {CONFIRM}")
        elif entry.outcome in FOR_A_PERSON and entry.cause:
            found.setdefault(f"{entry.student}, {entry.notebook}: {entry.outcome}. {entry.cause}")
    return list(found)
