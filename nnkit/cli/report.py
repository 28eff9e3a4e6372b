"""`nnkit report`: the way out. Marks and mistakes of what is graded, on pages, in tables and for learning platforms.

Nothing is graded here: what is told is in the gradebook and in the graded notebooks. What goes into a platform's file
is decided in `nnkit.grading.platforms`; here are the arguments, the order of things and what is printed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nnkit.cli.tools import chosen_class, missing_package, text_table

if TYPE_CHECKING:
    from nnkit.grading.marks.mistakes import ExerciseMistakes
    from nnkit.grading.marks.totals import ClassMarks
    from nnkit.grading.platforms.writing import Filled, Rules

REPORTS = "reports"
MOST_CAUSES = 5
LONGEST_LINE = 90
PLAIN = ""  # what --canvas and --moodle are without an export


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own arguments."""
    parser.add_argument(
        "assignment", nargs="*", help="sum up only these, and write only these for a platform; all that are graded"
    )
    for name, words in (("canvas", "Canvas"), ("moodle", "Moodle")):
        parser.add_argument(
            f"--{name}",
            metavar="EXPORT",
            nargs="?",
            const=PLAIN,
            help=f"write what {words} imports, into the columns of this export of it (without one: by id and email)",
        )
    parser.add_argument(
        "--column",
        metavar="ASSIGNMENT=COLUMN",
        action="append",
        default=[],
        help="which column of the export is an assignment's, where the names do not tell",
    )
    parser.add_argument("--provisional", action="store_true", help="write marks that are not final, too")
    parser.add_argument("--missing-as-zero", action="store_true", help="write 0 for who has handed in nothing")
    parser.add_argument("--out-of", metavar="POINTS", type=float, help="scale marks to what the platform gives")
    parser.add_argument("--db", metavar="URL", default="", help="the gradebook, if not the one of nbgrader_config.py")
    parser.add_argument("--out", metavar="DIR", default="", help=f"where everything goes (COURSE/{REPORTS})")
    parser.add_argument("--course", metavar="DIR", default="", help="the course folder, if not this one or one above")


def run(arguments: argparse.Namespace) -> int:
    """Write the reports, and print a summary.

    Parameters
    ----------
    arguments : argparse.Namespace
        As `add_arguments` declares them.

    Returns
    -------
    int
        The exit code: 1 where something could not be done, or a mark could not be written; 2 where there is no course
        folder.
    """
    try:
        from nnkit.grading.course.folder import CourseError, NoCourseError
        from nnkit.grading.platforms.sheets import PlatformError
    except ImportError as problem:
        return missing_package(problem)
    try:
        return _report(arguments)
    except NoCourseError as problem:
        print(problem, file=sys.stderr)
        return 2
    except (CourseError, PlatformError, OSError) as problem:
        print(problem, file=sys.stderr)
        return 1


def _report(arguments: argparse.Namespace) -> int:
    from nnkit.grading.course.folder import CourseError, sources_of
    from nnkit.grading.course.names import assignment_name
    from nnkit.grading.course.steps import nbgrader_api
    from nnkit.grading.marks.class_table import read_class
    from nnkit.grading.marks.overview import overview
    from nnkit.grading.marks.page_parts import write_page
    from nnkit.grading.marks.totals import entered_assignments, graded_assignments, marks_csv, read_totals
    from nnkit.grading.platforms.writing import Rules
    from nnkit.grading.run.reports import write_reports
    from nnkit.saving import whole_file

    if arguments.out_of is not None and not 0 < arguments.out_of < float("inf"):
        raise CourseError(f"--out-of should be a number of points above 0, but is {arguments.out_of:g}.")
    chosen = _columns(arguments.column)
    course = chosen_class(arguments.course)
    api = nbgrader_api(course, {"CourseDirectory": {"db_url": arguments.db} if arguments.db else {}})
    graded = graded_assignments(api)
    asked = list(dict.fromkeys(map(assignment_name, arguments.assignment)))
    names = _chosen(graded, {*sources_of(course), *entered_assignments(api)}, asked, list(chosen))
    # The overview and the table of marks are always about all that is graded; what is asked for goes to the platforms.
    entries = {name: read_class(api, name) for name in graded}
    everything = read_totals(api, entries)
    marks = read_totals(api, {name: entries[name] for name in names})
    rules = Rules(arguments.provisional, arguments.missing_as_zero, arguments.out_of)
    # A platform's export that does not fit is told before anything is written.
    files = _for_canvas(arguments.canvas, marks, rules, chosen) if arguments.canvas is not None else {}
    files |= _for_moodle(arguments.moodle, marks, rules, chosen) if arguments.moodle is not None else {}
    where = (Path(arguments.out).expanduser() if arguments.out else Path(course, REPORTS)).resolve()
    where.mkdir(parents=True, exist_ok=True)
    mistakes = {}
    written = []
    for name in graded:
        paths, mistakes[name] = write_reports(where, api, name, entries[name])
        written += paths
    write_page(where / "overview.html", overview(everything, entries, mistakes))
    contents = {"marks.csv": marks_csv(everything).encode("utf-8-sig")}
    contents |= {name: filled.content for name, filled in files.items()}
    for name, content in contents.items():
        with whole_file(where / name, private=True) as file:
            file.write(content)
    print(summary(marks, {name: mistakes[name] for name in names}))
    for name, filled in files.items():
        print("\n".join([f"\n{name}: {_count(filled)}", *filled.notes]))
    print(f"\nIn {where}: overview.html, {', '.join(contents)}, and {', '.join(path.name for path in written)}.")
    problems = [problem for filled in files.values() for problem in filled.problems]
    if problems:
        print("\n".join(dict.fromkeys(problems)), file=sys.stderr)
    return 1 if problems else 0


def _chosen(graded: list[str], there: set[str], asked: list[str], named: list[str]) -> list[str]:
    """The assignments that are reported on."""
    from nnkit.grading.course.folder import CourseError
    from nnkit.grading.course.names import no_assignment

    known = ", ".join(graded) or "none"
    for name in asked:
        if name not in there:
            raise CourseError(no_assignment(name, there))
        if name not in graded:
            raise CourseError(f"Nothing of {name} is graded; there are: {known}. `nnkit grade {name}` grades it.")
    for name in named:
        if name not in (asked or graded):
            raise CourseError(
                f"--column names {name}, which is not reported on; there are: {', '.join(asked) or known}."
            )
    if not graded:
        raise CourseError("Nothing is graded yet. `nnkit grade ASSIGNMENT` does it.")
    return asked or graded


def _columns(given: Sequence[str]) -> dict[str, str]:
    from nnkit.grading.platforms.sheets import PlatformError

    found = {}
    for one in given:
        assignment, sign, column = one.partition("=")
        if not (sign and assignment.strip() and column.strip()):
            raise PlatformError(f"--column should be ASSIGNMENT=COLUMN, but is {one!r}.")
        found[assignment.strip()] = column.strip()
    return found


def _for_canvas(export: str, marks: ClassMarks, rules: Rules, chosen: Mapping[str, str]) -> dict[str, Filled]:
    from nnkit.grading.platforms import canvas
    from nnkit.grading.platforms.sheets import read_sheet

    if export == PLAIN:
        return {"canvas.csv": canvas.plain_file(marks, rules)}
    return {"canvas.csv": canvas.fill_export(read_sheet(Path(export).expanduser()), marks, rules, chosen)}


def _for_moodle(export: str, marks: ClassMarks, rules: Rules, chosen: Mapping[str, str]) -> dict[str, Filled]:
    from nnkit.grading.platforms import moodle
    from nnkit.grading.platforms.sheets import read_sheet

    if export == PLAIN:
        files = moodle.plain_files(marks, rules)
    else:
        sheet = read_sheet(Path(export).expanduser())
        if moodle.is_worksheet(sheet):
            files = {name: moodle.fill_worksheet(sheet, marks, rules) for name in marks.assignments[:1]}
        else:
            files = moodle.fill_export(sheet, marks, rules, chosen)
    return {f"moodle_{name}.csv": filled for name, filled in files.items()}


def _count(filled: Filled) -> str:
    changed = f", {filled.changed} of them other than on the platform" if filled.changed else ""
    return f"{filled.written} mark{'' if filled.written == 1 else 's'}{changed}."


def summary(marks: ClassMarks, mistakes: Mapping[str, Sequence[ExerciseMistakes]]) -> str:
    """How the assignments stand, and the commonest causes of wrong answers with their lines.

    Parameters
    ----------
    marks : ClassMarks
        The class.
    mistakes : Mapping[str, Sequence[ExerciseMistakes]]
        Assignment → what the class got wrong.
    """
    from nnkit.grading.marks.overview import commonest
    from nnkit.grading.marks.totals import ABSENT, FINAL, OPEN, number

    rows = []
    for assignment in marks.assignments:
        totals = marks.of(assignment)
        final = [total.points for total in totals if total.state == FINAL]
        mean = f"{sum(final) / len(final):.1f} of {number(marks.max_points(assignment))}" if final else "–"
        counts = [str(sum(total.state == state for total in totals)) for state in (FINAL, OPEN, ABSENT)]
        rows.append([assignment, *counts, mean])
    parts = [text_table(rows, ["assignment", FINAL, OPEN, ABSENT, "mean of final marks"])]
    causes = commonest(mistakes, MOST_CAUSES)
    if causes:
        parts.append("\nThe commonest causes:")
    for _, exercise, group in causes:
        parts.append(f"  {exercise.exercise}: {group.label} ({group.students} of {exercise.tried} who tried)")
        parts += [f"      {_short(line.text)}" for line in group.lines]
    return "\n".join(parts)


def _short(line: str) -> str:
    shown = "".join(one if one.isprintable() else " " for one in line)
    return shown if len(shown) <= LONGEST_LINE else f"{shown[: LONGEST_LINE - 1]}…"
