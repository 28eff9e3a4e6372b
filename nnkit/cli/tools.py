"""Small things that several commands need."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from nnkit.installation import install_command


def missing_package(problem: ImportError) -> int:
    """Say which package a command lacks and how it is installed.

    Parameters
    ----------
    problem : ImportError
        What Python raised.

    Returns
    -------
    int
        The exit code of the command, 1.
    """
    print(
        f"This command needs the package {problem.name or problem}, which is not installed. Install what the course "
        f"needs with\n  {install_command()}\nand see `nnkit doctor`.",
        file=sys.stderr,
    )
    return 1


def chosen_class(given: str) -> Path:
    """The course folder whose class a command is about; said on a line of its own where it is not the working folder.

    Parameters
    ----------
    given : str
        What `--course` says; "" where it was left out.

    Raises
    ------
    NoCourseError
        There is none, see `nnkit.grading.course.folder.class_folder`.
    """
    from nnkit.grading.course.folder import class_folder

    course = class_folder(Path(given).expanduser() if given else None)
    if not given and course != Path.cwd().resolve():
        print(f"The course folder is {course}.", flush=True)
    return course


def width(text: str) -> int:
    """How many columns a text takes in a terminal.

    Parameters
    ----------
    text : str
        One line.

    Examples
    --------
    >>> width("σ ✓"), width("学")
    (3, 2)
    """
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) != 0 for character in text)


def text_table(rows: Sequence[Sequence[str]], header: Sequence[str]) -> str:
    """A table in plain text.

    Parameters
    ----------
    rows : Sequence[Sequence[str]]
        One text for each column; a cell may have several lines.
    header : Sequence[str]
        The names of the columns.

    Examples
    --------
    >>> print(text_table([["ada", "passed"]], ["student", "double"]))
    student  double
    ───────  ──────
    ada      passed
    """
    split = [[cell.split("\n") for cell in row] for row in (header, *rows)]
    widths = [max(width(line) for row in split for line in row[column]) for column in range(len(header))]
    lines = []
    for number, row in enumerate(split):
        for line in range(max(len(cell) for cell in row)):
            texts = [cell[line] if line < len(cell) else "" for cell in row]
            padded = (text + " " * (wide - width(text)) for text, wide in zip(texts, widths, strict=True))
            lines.append("  ".join(padded).rstrip())
        if number == 0:
            lines.append("  ".join("─" * wide for wide in widths))
    return "\n".join(lines)
