"""`nnkit lab --reset NAME`: one file of the course back to fresh, the reader's own kept beside it."""

from __future__ import annotations

import difflib
import os
from contextlib import suppress
from pathlib import Path, PurePosixPath

from nnkit.cli.upgrade.cells import read_cells
from nnkit.cli.upgrade.files import put_beside, write_whole
from nnkit.cli.upgrade.history import Record
from nnkit.cli.upgrade.merging import holds_work
from nnkit.cli.upgrade.placing import KEPT, NEW, UPDATED, Placed, cells_of, course_files, course_notebook
from nnkit.exercises.copies import OLD


def find_name(given: str, source: Path, target: Path) -> str:
    """The file of the course that somebody means.

    Parameters
    ----------
    given : str
        As typed: a notebook's name with or without its ending, with or without its folder, or a path.
    source, target : Path
        The course's files, and the reader's folder.

    Raises
    ------
    ValueError
        There is no such file, or several; the message is a sentence with the nearest names.
    """
    names = list(course_files(source))
    typed = given.replace("\\", "/") if os.sep == "\\" else given
    asked = Path(typed).expanduser()
    paths = [asked] if asked.is_absolute() else [target / asked, Path.cwd() / asked]
    spelled = {PurePosixPath(typed).as_posix()}
    for path in paths:
        absolute = Path(os.path.abspath(path))
        if absolute.is_relative_to(target):
            spelled.add(absolute.relative_to(target).as_posix())

    def called(name: str) -> set[str]:
        path = PurePosixPath(name)
        return {name, path.name, path.with_suffix("").as_posix(), path.stem}

    found = [name for name in names if spelled & {name, PurePosixPath(name).with_suffix("").as_posix()}]
    found = found or [name for name in names if spelled & called(name)]
    notebooks = [name for name in found if name.endswith(".ipynb")]
    found = notebooks or found
    if len(found) == 1:
        return found[0]
    if found:
        raise ValueError(f"There are several files called {given!r}: {', '.join(found)}. Name one with its folder.")
    by_word = {word.casefold(): name for name in reversed(names) for word in called(name)}
    near = difflib.get_close_matches(PurePosixPath(typed).name.casefold(), by_word, n=6, cutoff=0.5)
    nearest = list(dict.fromkeys(by_word[word] for word in near))
    nearest = ([name for name in nearest if name.endswith(".ipynb")] or nearest)[:3]
    listed = "\n".join(["There are", *(f"  {name}" for name in names if name.endswith(".ipynb"))])
    hint = f"Did you mean {' or '.join(nearest)}?" if nearest else listed
    raise ValueError(f"The course has no notebook {given!r}. {hint}")


def reset(name: str, source: Path, target: Path) -> Placed:
    """Put one file back to how the course has it.

    Parameters
    ----------
    name : str
        See `find_name`.
    source, target : Path
        The course's files, and the reader's folder.

    Returns
    -------
    Placed
        "updated" with the name of the old one, if there was work in it; "new"; or "kept",
        where it was fresh.

    Raises
    ------
    OSError
        It cannot be read or written; what was there is there still.
    """
    content = course_files(source)[name].read_bytes()
    place, record = target / name, Record(target)
    if os.path.lexists(place) and not place.is_file():
        raise FileExistsError(f"{place} is not a file that can be put back; take it away and try again.")
    if not place.exists():
        write_whole(place, content)
        placed = Placed(name, NEW)
    else:
        found = place.read_bytes()
        if found == content:
            placed = Placed(name, KEPT)
        else:
            beside = (
                put_beside(place, found, OLD) if found and _is_worth_keeping(name, found, content, record) else None
            )
            write_whole(place, content)
            placed = Placed(name, UPDATED, beside.relative_to(target).as_posix() if beside is not None else "")
    with suppress(OSError):  # what is not remembered is found out again the next time
        record.remember(name, content, cells_of(name, content))
    return placed


def _is_worth_keeping(name: str, found: bytes, content: bytes, record: Record) -> bool:
    newer = course_notebook(name, content)
    if newer is None:
        return True
    try:
        return holds_work(read_cells(found), newer, record.history_of(name))
    except Exception:  # whatever it is, it is the reader's
        return True
