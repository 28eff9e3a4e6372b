"""`nnkit mine`: what is right in your own notebooks as one module, and the milestones that run on it."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from nnkit.cli.tools import cannot_write, missing_package, no_notebooks


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own arguments."""
    parser.add_argument(
        "folders", metavar="FOLDER", nargs="*", help="where your notebooks are (the folder that you are in)"
    )
    parser.add_argument("--out", metavar="DIR", help="where my_nnkit.py goes (the first of the folders)")
    parser.add_argument(
        "--run",
        metavar="MILESTONE",
        nargs="*",
        help="then run the milestones on it: all of them, or those you name (neuron, backprop, digits, filters, rows); "
        "name them behind the folders",
    )


def run(arguments: argparse.Namespace) -> int:
    """Gather, and run the milestones if they are asked for.

    Parameters
    ----------
    arguments : argparse.Namespace
        As `add_arguments` declares them.

    Returns
    -------
    int
        The exit code: 1 when there is no such folder or milestone, or no notebook of the course.
    """
    try:
        from nnkit.mine import MILESTONES, gather
        from nnkit.mine import run as run_milestone
    except ImportError as problem:
        return missing_package(problem)
    wanted = list(MILESTONES) if arguments.run == [] else arguments.run or []
    unknown = [name for name in wanted if name not in MILESTONES]
    if unknown:
        print(f"There is no milestone {unknown[0]!r}; there are {', '.join(MILESTONES)}.", file=sys.stderr)
        return 1
    folders = [Path(os.path.expanduser(folder)) for folder in arguments.folders] or [Path()]
    missing = no_notebooks(folders, "nnkit mine")
    if missing:
        print(missing, file=sys.stderr)
        return 1
    home = folders[0] if folders[0].is_dir() else folders[0].parent
    out = home if arguments.out is None else Path(os.path.expanduser(arguments.out))
    try:
        gathered = gather(*folders, out=out.absolute())
    except OSError as problem:
        said = cannot_write(out.absolute(), problem)
        print(f"{said} Name another folder: `nnkit mine --out FOLDER`." if said else problem, file=sys.stderr)
        return 1
    print(gathered)
    print(f"The page about it is {gathered.module.with_suffix('.md')}.", flush=True)
    for name in wanted:
        print(f"\n{run_milestone(name, gathered.parts)}", flush=True)
    return 0
