"""`nnkit progress`: which checks have passed, since when, and what comes next."""

from __future__ import annotations

import argparse
from pathlib import Path

import nnkit


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
        The exit code, 0.
    """
    print(nnkit.progress(Path(arguments.folder).expanduser() if arguments.folder else None))
    return 0
