"""`nnkit lab`: the student's notebooks in a folder of their own, and JupyterLab on top of it."""

from __future__ import annotations

import argparse
import errno
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from nnkit.cli.doctor import essentials, kernel_row
from nnkit.cli.tools import cannot_write
from nnkit.cli.upgrade.placing import place_notebooks
from nnkit.cli.upgrade.resetting import find_name, reset
from nnkit.cli.upgrade.telling import reset_summary, summary
from nnkit.exercises.outline import DEFAULT_FOLDER, PLACED, packaged_notebooks, places_in
from nnkit.installation import install_command

# A kernel "python3" that is whatever Python the server runs in, for machines on which another one has that name.
OWN_KERNEL = Path(__file__).resolve().parent / "own_kernel"

# Jupyter's settings for a student: nbgrader's pages for instructors, which would only show errors, are off.
SETTINGS = Path(__file__).resolve().parent / "settings"

# What nnkit adds to JupyterLab's page, as extensions that need no build.
PAGE = Path(__file__).resolve().parent / "page"

# Where there is an exchange: nbgrader's list of assignments, in the menu File. Its own menu would be all but empty.
ASSIGNMENT_LIST = Path(__file__).resolve().parent / "assignment_list"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own arguments."""
    parser.add_argument(
        "folder",
        metavar="DIR",
        nargs="?",
        default=DEFAULT_FOLDER,
        help=f"where your notebooks are (./{DEFAULT_FOLDER})",
    )
    parser.add_argument("--no-browser", action="store_true", help="start the server and print its address only")
    parser.add_argument(
        "--reset",
        metavar="NAME",
        help="put one notebook back to fresh, keep yours beside it, and open nothing (NAME as in neurons, or its path)",
    )
    parser.add_argument(
        "--assignments",
        action="store_true",
        help="with nbgrader's Assignment List, where your course has an exchange to fetch from and submit to",
    )
    parser.add_argument("--port", type=int, help="the port to serve on (the first free one from 8888)")


def run(arguments: argparse.Namespace) -> int:
    """Place the notebooks and become JupyterLab.

    Parameters
    ----------
    arguments : argparse.Namespace
        As `add_arguments` declares them.

    Returns
    -------
    int
        The exit code; there is one only when JupyterLab could not be started, or has ended.
    """
    try:
        folder = Path(arguments.folder).expanduser().resolve()
    except (OSError, RuntimeError) as problem:  # a home that is not known, links in a circle
        why = problem.strerror if isinstance(problem, OSError) else problem
        print(f"{arguments.folder} leads to no folder ({why}). Name another one.", file=sys.stderr)
        return 1
    if arguments.reset is not None:
        return _reset(arguments.reset, folder)
    first_time = not os.path.exists(folder / PLACED)
    try:
        placed = place_notebooks(packaged_notebooks(), folder)
    except OSError as problem:
        said = cannot_write(folder, problem)
        print(f"{said} {_way_out(folder, problem)}" if said else problem, file=sys.stderr)
        return 1
    print(summary(placed, folder), flush=True)
    if not any(os.path.isfile(folder / one.name) for one in placed):  # something stands in each one's place
        return 1
    if importlib.util.find_spec("jupyterlab") is None:
        print(
            f"JupyterLab is not installed; your notebooks wait in {folder}. Install what the course needs with\n"
            f"  {install_command()}",
            file=sys.stderr,
        )
        return 1
    examined = essentials()
    if not examined.healthy:
        print(examined.conclusion, file=sys.stderr, flush=True)
    opened = first_notebook(packaged_notebooks()) if first_time else None
    command = lab_command(folder, arguments.no_browser, arguments.port, opened)
    if arguments.assignments and importlib.util.find_spec("nbgrader") is None:
        print("There is no Assignment List: nbgrader is not installed.", file=sys.stderr, flush=True)
    _put_first("JUPYTER_CONFIG_PATH", SETTINGS)
    if arguments.assignments:
        _put_first("JUPYTER_CONFIG_PATH", ASSIGNMENT_LIST)
    _put_first("JUPYTER_PATH", PAGE)
    if kernel_row().state == "off":  # notebooks would run in a Python that has no nnkit
        _put_first("JUPYTER_PATH", OWN_KERNEL)
    if os.name == "posix":
        os.chdir(folder)
        os.execv(sys.executable, command)
    server = subprocess.Popen(command, cwd=folder)
    while True:
        try:
            return server.wait()
        except KeyboardInterrupt:  # the server got it too, and asks whether to stop
            continue


def first_notebook(source: Path) -> str:
    """What somebody who begins should read, by the map and not by the alphabet; relative to the folder.

    Parameters
    ----------
    source : Path
        See `nnkit.exercises.outline.packaged_notebooks`.
    """
    first = places_in(source)[0]
    return f"{first.assignment}/{first.notebook}.ipynb"


def _way_out(folder: Path, problem: OSError) -> str:
    """What to do where nothing can be written."""
    try:
        home = Path.home()
    except RuntimeError:
        home = folder
    # The usual folder would be on the same full disk, or is what has failed; and a home may be closed as well.
    if problem.errno == errno.ENOSPC:
        return "Make room there, or name a folder on another disk: `nnkit lab FOLDER`."
    if folder in (home, home / DEFAULT_FOLDER) or not os.access(home, os.W_OK):
        return "Name another folder: `nnkit lab FOLDER`."
    return f"Name another folder, for instance `nnkit lab ~/{DEFAULT_FOLDER}`."


def _put_first(variable: str, folder: Path) -> None:
    """Have Jupyter look into a folder before all others."""
    given = os.environ.get(variable)
    os.environ[variable] = os.pathsep.join([str(folder), *([given] if given else [])])


def _reset(given: str, folder: Path) -> int:
    """Put one notebook back, and say so."""
    if not folder.is_dir():
        print(f"There is no folder {folder} with notebooks; `nnkit lab` makes it.", file=sys.stderr)
        return 1
    try:
        source = packaged_notebooks()
        name = find_name(given, source, folder)
    except (OSError, ValueError) as problem:
        print(problem, file=sys.stderr)
        return 1
    try:
        placed = reset(name, source, folder)
    except OSError as problem:
        said = f"{folder / name} could not be put back ({problem.strerror}); it is as it was."
        print(problem if problem.errno is None else said, file=sys.stderr)
        return 1
    print(reset_summary(placed, folder))
    return 0


def lab_command(folder: Path, no_browser: bool, port: int | None, notebook: str | None) -> list[str]:
    """The command line of JupyterLab for a student's folder.

    Parameters
    ----------
    folder : Path
        The student's.
    no_browser : bool
        Only print the address.
    port : int or None
        Where to serve; None leaves it to JupyterLab.
    notebook : str or None
        What is opened at once, relative to the folder; None for what was open before.
    """
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}"]
    if notebook is not None:
        command.append(f"--LabApp.default_url=/lab/tree/{quote(notebook)}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # as in most containers; JupyterLab would refuse to start
        command.append("--allow-root")
    if no_browser:
        command.append("--no-browser")
    if port is not None:
        command.append(f"--port={port}")
    return command
