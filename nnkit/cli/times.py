"""`nnkit times`: how long each notebook takes a reader, and the labels that say so."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from nnkit.cli.tools import chosen_sources, missing_package, text_table

if TYPE_CHECKING:
    from nnkit.grading.course.times import Section

_COLUMNS = ("section", "kind", "minutes", "label", "words", "predictions", "exercises", "questions")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own arguments."""
    parser.add_argument(
        "assignments", metavar="ASSIGNMENT", nargs="*", help="folders of solutions/; all when none is given"
    )
    parser.add_argument(
        "--write", action="store_true", help="write the minutes into the labels of the notebooks in solutions/"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : argparse.Namespace
        As `add_arguments` declares them.

    Returns
    -------
    int
        The exit code: 1 when there is no such assignment.
    """
    try:
        import nbformat

        from nnkit.grading.course import times
        from nnkit.grading.course.folder import CourseError
        from nnkit.grading.course.names import notebooks_of
    except ImportError as problem:
        return missing_package(problem)
    try:
        chosen = notebooks_of(chosen_sources(), arguments.assignments)
    except CourseError as problem:
        print(problem, file=sys.stderr)
        return 1
    too_long = []
    changed = False
    for assignment, paths in chosen.items():
        core = deeper = 0.0
        for path in paths:
            written = arguments.write and times.write_labels(path)
            changed = changed or written
            found = times.sections(nbformat.read(path, as_version=4))
            print(f"{assignment}/{path.stem}" + (": labels written" if written else ""))
            print(text_table([_row(section) for section in found], _COLUMNS))
            here = times.core_minutes(found), times.deeper_minutes(found)
            print(f"core {here[0]:.0f} minutes, deeper {here[1]:.0f} minutes\n")
            core, deeper = core + here[0], deeper + here[1]
            if here[0] > times.CORE_LIMIT:
                too_long.append(f"{assignment}/{path.stem} ({here[0]:.0f})")
        print(f"{assignment}, all notebooks: core {core:.0f} minutes, deeper {deeper:.0f} minutes\n")
    if too_long:
        print(f"More than {times.CORE_LIMIT} minutes of core:", *too_long, sep="\n  ")
    else:
        print(f"No notebook has more than {times.CORE_LIMIT} minutes of core.")
    if arguments.write and not changed:
        print("All labels were right already.")
    elif changed:
        print("Run `nnkit release` to bring course/ up to date.")
    return 0


def _row(section: Section) -> list[str]:
    """One line of the table."""
    mark = "" if section.label == section.whole_minutes or not section.labelled else "  ←"
    return [
        ("  " if section.level > 2 else "") + (section.title or "(opening)"),
        section.kind,
        f"{section.minutes:.0f}",
        ("" if not section.labelled else f"{section.label or '–'}") + mark,
        str(section.words),
        str(section.predictions or ""),
        _points(section.points),
        _points(section.question_points),
    ]


def _points(points: list[int]) -> str:
    return " + ".join(f"{one}" for one in points) + (" points" if points else "")
