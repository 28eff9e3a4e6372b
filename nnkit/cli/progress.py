"""`nnkit progress`: which checks have passed, since when, and what comes next."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import nnkit
from nnkit.cli.tools import missing_package, no_notebooks
from nnkit.exercises.outline import DEFAULT_FOLDER, PLACED


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own arguments."""
    parser.add_argument(
        "folder", metavar="DIR", nargs="?", help="where your notebooks are (the folder that you are in)"
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
        The exit code: 1 where there are neither notebooks of the course nor anything recorded.
    """
    given = Path(os.path.expanduser(arguments.folder)) if arguments.folder else None
    start = given or Path()
    progress = nnkit.progress(given)
    recorded = any(one.last is not None for one in progress.standings)
    # What was recorded is shown also where the notebooks are gone; else "0 have passed" would look like a loss.
    if not os.path.exists(start) or (progress.standings and not recorded):
        try:
            missing = no_notebooks([_placed(start)], "nnkit progress")
        except ImportError as problem:
            return missing_package(problem)
        if missing:
            print(missing, file=sys.stderr)
            return 1
    print(progress)
    return 0


def _placed(start: Path) -> Path:
    """The folder that `nnkit lab` has filled, at, above or below a folder that is there; else that folder."""
    try:
        here = start.resolve(strict=True)
    except (OSError, RuntimeError):  # it is not there, or somebody has removed the folder that this process is in
        return start
    return next(
        (folder for folder in (here, *here.parents, here / DEFAULT_FOLDER) if os.path.isfile(folder / PLACED)), start
    )
