"""Small things that several commands need."""

from __future__ import annotations

import errno
import os
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


def chosen_sources() -> Path:
    """The course folder whose notebooks a command makes or runs; said on a line of its own where nobody stands in it.

    Raises
    ------
    CourseError
        There is none, see `nnkit.grading.course.folder.find_course`.
    """
    from nnkit.grading.course.folder import find_course

    course, here = find_course(), Path.cwd().resolve()
    if course != here and course not in here.parents:
        print(f"You are in no course folder. This is about the one that nnkit is installed from, {course}.", flush=True)
    return course


# What a system says when nothing can be written → how a sentence about the folder ends.
_REASONS = {
    errno.EACCES: ": its permissions do not allow it",
    errno.EPERM: ": its permissions do not allow it",
    errno.EROFS: ": it can only be read",
    errno.ENOSPC: ": the disk is full",
    getattr(errno, "EDQUOT", errno.ENOSPC): ": your share of the disk is full",
}


def cannot_write(folder: Path, problem: OSError) -> str:
    """Say that nothing can be written into a folder, and why; "" where a problem is not about that.

    Parameters
    ----------
    folder : Path
        Absolute; where it is missing, the nearest one above it that is there is named.
    problem : OSError
        What came of trying. One that was raised with a sentence, or is about another place, speaks for itself.

    Examples
    --------
    >>> cannot_write(Path("/"), OSError(errno.ENOSPC, "No space left on device"))
    'Nothing can be written into /: the disk is full.'
    """
    about = Path(os.fsdecode(problem.filename)) if isinstance(problem.filename, str | bytes) else folder
    if problem.errno is None or not (about.is_relative_to(folder) or folder.is_relative_to(about)):
        return ""
    there = next(place for place in (folder, *folder.parents) if os.path.lexists(place) or place == place.parent)
    if os.path.lexists(there) and not os.path.isdir(there):
        return f"Nothing can be written into {there}: it is no folder."
    return f"Nothing can be written into {there}{_REASONS.get(problem.errno, f' ({problem.strerror})')}."


def no_notebooks(folders: Sequence[Path], command: str) -> str:
    """Say that there is no notebook of the course in some folders, and what to type; "" where there is one.

    Parameters
    ----------
    folders : Sequence[Path]
        Where to look, folders or notebooks. A notebook of the course holds one of its checks, whatever it is called.
    command : str
        What was typed, as in "nnkit mine".

    Raises
    ------
    ImportError
        A package is missing that reading notebooks needs.
    """
    from nnkit.mine.notebooks import find_notebooks, read_answers

    for folder in folders:
        if not os.path.exists(folder):
            return f"There is no folder or notebook {_shown(folder)}. Say where your notebooks are: `{command} FOLDER`."
    unread = []
    for path in find_notebooks(folders):
        try:
            if read_answers(path):
                return ""
        except ValueError as problem:
            unread.append(f"{problem}.")
        except Exception as problem:  # metadata that is no notebook's
            unread.append(f"{path.name} cannot be read ({type(problem).__name__}: {problem}).")
    places = " or ".join(_shown(folder) for folder in folders)
    said = f"There are no notebooks of the course in {places}. Say where they are: `{command} FOLDER`."
    return "\n".join([said, *unread])


def _shown(path: Path) -> str:
    """A place that was named, or not, as a whole path."""
    try:
        return str(path.absolute())
    except OSError:  # somebody has removed the folder that this process is in
        return "the folder that you are in" if path == Path() else str(path)


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
