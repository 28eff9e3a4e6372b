"""`nnkit release`: bring course/ up to date with solutions/, or say where it is not."""

from __future__ import annotations

import argparse
import sys

from nnkit.cli.tools import chosen_sources, missing_package


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own arguments."""
    parser.add_argument(
        "--check", action="store_true", help="change nothing; exit with 1 when course/ is not up to date"
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
        The exit code: 1 when `--check` finds a difference or there are no instructors' notebooks.
    """
    try:
        from nnkit.grading.course.folder import CourseError
        from nnkit.grading.course.release import check_release, release
    except ImportError as problem:
        return missing_package(problem)
    try:
        course = chosen_sources()
        if not arguments.check:
            changes = release(course)
            print("\n".join(changes) or "course/ is up to date.")
            return 0
        found = check_release(course)
    except CourseError as problem:
        print(problem, file=sys.stderr)
        return 1
    if found:
        print("course/ is not what solutions/ generates:", *found, "Run `nnkit release`.", sep="\n", file=sys.stderr)
        return 1
    print("course/ is exactly what solutions/ generates.")
    return 0
