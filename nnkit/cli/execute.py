"""`nnkit execute`: run the instructors' notebooks and keep what they show."""

from __future__ import annotations

import argparse
import sys

from nnkit.cli.tools import chosen_sources, missing_package


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own arguments."""
    parser.add_argument(
        "names",
        metavar="NAME",
        nargs="*",
        help="assignments (04_mlp) or single notebooks (04_mlp/unseen_data, unseen_data); all when none is given",
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
        The exit code: 1 when a notebook did not run to its end.
    """
    try:
        from nnkit.grading.course.execute import execute_solutions
        from nnkit.grading.course.folder import CourseError
    except ImportError as problem:
        return missing_package(problem)
    try:
        execute_solutions(chosen_sources(), arguments.names, progress=print)
    except CourseError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0
