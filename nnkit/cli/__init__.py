"""The command `nnkit`: what a student, an instructor and a maintainer of the course type.

Each command lives in a module of its own name, which is loaded when the command is given.
"""

from __future__ import annotations

import argparse
import difflib
import importlib
import os
import shutil
import sys
import textwrap
from collections.abc import Sequence

from nnkit.installation import nnkit_version

# Whom a command is for → its name → one line of help. Each module has `add_arguments(parser)` and
# `run(arguments) -> exit code`.
GROUPS = {
    "to learn": {
        "lab": "put the notebooks into a folder, or bring them up to date around your work, and open JupyterLab",
        "progress": "say which checks have passed, since when, and what comes next",
        "mine": "gather the answers of your notebooks that pass into one module, and run networks on it",
        "doctor": "say what is installed, what does not fit together, and the command that mends it",
    },
    "to teach": {
        "demo": "grade a sample class from release to marks, and compare every entry with what is known",
        "grade": "grade what a class has handed in, safely and side by side, and write its tables and report",
        "report": "sum up what is graded: pages, tables, and files that Canvas and Moodle import",
        "lite": "build the course as a static site that runs in the browser, with nothing to install",
    },
    "to change the course, in a checkout": {
        "release": "make the students' notebooks in course/ from solutions/",
        "execute": "run the notebooks in solutions/ and save them with their outputs",
        "times": "print how long each notebook takes a reader, and write it into its labels",
        "messages": "bring the translations of what checks say up to date, and compile them",
        "site": "make the course's site, notebooks, guides and reference, into a folder",
    },
}
COMMANDS = {name: text for group in GROUPS.values() for name, text in group.items()}
HELP = "help"  # `nnkit help` and `nnkit help lab`, as in many programs
_OPTIONS = ("-h", "--help", "--version")  # before a command


def build_parser() -> argparse.ArgumentParser:
    """The parser with all commands."""
    parser = argparse.ArgumentParser(
        prog="nnkit",
        usage="nnkit [-h] [--version] COMMAND ...",
        description=f"A course on neural networks from scratch.\n\n{_grouped()}",
        epilog="`nnkit COMMAND --help` says what one command takes.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"nnkit {nnkit_version()}")
    # The commands stand in the description: argparse would list them without their groups.
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", prog="nnkit", required=True, help=argparse.SUPPRESS
    )
    for title, group in GROUPS.items():
        where = " (in a checkout)" if "in a checkout" in title else ""
        for name, text in group.items():
            command = commands.add_parser(name, description=f"{text[0].upper()}{text[1:]}{where}.")
            importlib.import_module(f"nnkit.cli.{name}").add_arguments(command)
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
        The exit code: 0 when all is well, 1 when something is off, 2 when there is no such command.
    """
    # A console that cannot show σ or ✓ gets a question mark, not a traceback.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    typed = list(sys.argv[1:] if arguments is None else arguments)
    parser = build_parser()
    if not typed:
        parser.print_help(sys.stderr)
        return 2
    if typed[0] == HELP:
        asked = [one for one in typed[1:] if one not in (HELP, *_OPTIONS)][:1]
        typed = [*asked, "--help"]
    if typed[0] not in (*COMMANDS, *_OPTIONS):
        print(_no_such(typed[0]), file=sys.stderr)
        return 2
    given = parser.parse_args(typed)
    module = importlib.import_module(f"nnkit.cli.{given.command}")
    try:
        code: int = module.run(given)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        if not _reader_has_left():
            raise
        return 1
    return code


def _reader_has_left() -> bool:
    """Whether nobody reads any more what is printed, as after ``nnkit times | head``; what is left goes nowhere."""
    try:
        print(flush=True)  # what could not be written before is forgotten, so there has to be something new
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return True
    return False


def _no_such(typed: str) -> str:
    """What to say of a command that there is none of: the nearest, and where all are."""
    if typed.startswith("-"):
        return f"{typed} is no option of `nnkit`; a command comes first, then its options. `nnkit --help` shows all."
    shown = typed if typed.isprintable() and typed.split() == [typed] else repr(typed)
    near = difflib.get_close_matches(typed.casefold(), [*COMMANDS, HELP], n=2)
    meant = f" Did you mean {' or '.join(near)}?" if near else ""
    return f"There is no command {shown}.{meant} `nnkit --help` shows all."


def _grouped() -> str:
    """The commands with their lines of help, under whom they are for, as wide as the terminal."""
    wide = max(shutil.get_terminal_size().columns - 2, 40)  # as argparse does
    column = 4 + max(map(len, COMMANDS))
    parts = []
    for title, group in GROUPS.items():
        lines = [
            textwrap.fill(text, wide, initial_indent=f"  {name}".ljust(column), subsequent_indent=" " * column)
            for name, text in group.items()
        ]
        parts.append("\n".join([f"{title}:", *lines]))
    return "\n\n".join(parts)
