"""The command `nnkit`: what a student, an instructor and a maintainer of the course type.

Each command lives in a module of its own, which is loaded when the command is given.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from nnkit.installation import nnkit_version

# Command → (module, one line of help). Each module has `add_arguments(parser)` and `run(arguments) -> exit code`.
COMMANDS = {
    "lab": (
        "lab",
        "put the notebooks into a folder, or bring them up to date around your work, and open JupyterLab",
    ),
    "progress": ("progress", "say which checks have passed, since when, and what comes next"),
    "mine": ("mine", "gather the answers of your notebooks that pass into one module, and run networks on it"),
    "doctor": ("doctor", "say what is installed, what does not fit together, and the command that mends it"),
    "grade": ("grade", "grade what a class has handed in, safely and side by side, and write its tables and report"),
    "report": ("report", "sum up what is graded: pages, tables, and files that Canvas and Moodle import"),
    "demo": ("demo", "grade a sample class from release to marks, and compare every entry with what is known"),
    "lite": ("lite", "build the course as a static site that runs in the browser, with nothing to install"),
    "release": ("release", "make the students' notebooks in course/ from solutions/ (in a checkout)"),
    "times": ("times", "print how long each notebook takes a reader, and write it into its labels (in a checkout)"),
    "messages": ("messages", "bring the translations of what checks say up to date, and compile them (in a checkout)"),
    "site": ("site", "make the course's site, notebooks, guides and reference, into a folder (in a checkout)"),
    "execute": ("execute", "run the notebooks in solutions/ and save them with their outputs (in a checkout)"),
}


def build_parser() -> argparse.ArgumentParser:
    """The parser with all commands."""
    parser = argparse.ArgumentParser(prog="nnkit", description="A course on neural networks from scratch.")
    parser.add_argument("--version", action="version", version=f"nnkit {nnkit_version()}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (module, text) in COMMANDS.items():
        command = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        importlib.import_module(f"nnkit.cli.{module}").add_arguments(command)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : Sequence[str] or None
        As typed after `nnkit`; ``sys.argv`` when left out.

    Returns
    -------
    int
        The exit code: 0 when all is well, 1 when something is off.
    """
    # A console that cannot show σ or ✓ gets a question mark, not a traceback.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    given = build_parser().parse_args(arguments)
    module = importlib.import_module(f"nnkit.cli.{COMMANDS[given.command][0]}")
    try:
        code: int = module.run(given)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    return code
