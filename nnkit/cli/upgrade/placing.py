"""How the course's files get into a reader's folder, and how a newer version of it gets there.

What is as it was placed is replaced. A notebook that holds work gets the newer text around it, and stays as it was
beside itself. What cannot be made one (a file that is no notebook, one that may not be written to) stays, and the newer
one is put beside it, once.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from nnkit.cli.upgrade.cells import Cell, Notebook, read_cells, write_cells
from nnkit.cli.upgrade.files import put_beside, write_whole
from nnkit.cli.upgrade.history import Record, hash_bytes
from nnkit.cli.upgrade.merging import Merged, holds_work, merge, same_texts, says_what_was
from nnkit.exercises.copies import NEWER, OLD
from nnkit.exercises.outline import PLACED

NEW, UPDATED, KEPT, MERGED, BESIDE, FAILED = "new", "updated", "kept", "merged", "beside", "failed"
_IGNORED = {".ipynb_checkpoints", "__pycache__", ".DS_Store"}
_TRIES = 3  # when somebody else writes a notebook while it is merged


@dataclass(frozen=True)
class Placed:
    """What happened to one file.

    Parameters
    ----------
    name : str
        The file, relative to the reader's folder.
    action : str
        "new"; "updated" (nothing of the reader's was in it, or the newer one says the same); "kept" (nothing to do);
        "merged" (the newer text is around the reader's work); "beside" (it stays, and the newer one is beside it);
        "failed" (it stays).
    beside : str
        Where the old one is after a merge, or the newer one.
    reason : str
        Why it was not merged or not written, as it stands after "it".
    merged : Merged or None
        What is in a merged one.
    """

    name: str
    action: str
    beside: str = ""
    reason: str = ""
    merged: Merged | None = field(default=None, compare=False)


def course_files(source: Path) -> dict[str, Path]:
    """The files of the course that readers get: name relative to their folder → where it lies.

    Parameters
    ----------
    source : Path
        See `nnkit.exercises.outline.packaged_notebooks`.
    """
    found = {path.relative_to(source): path for path in sorted(source.rglob("*")) if path.is_file()}
    return {name.as_posix(): path for name, path in found.items() if not _IGNORED & set(name.parts)}


def place_notebooks(source: Path, target: Path) -> list[Placed]:
    """Bring a reader's folder up to the course's files; nothing of the reader's is lost.

    Parameters
    ----------
    source : Path
        See `nnkit.exercises.outline.packaged_notebooks`.
    target : Path
        The reader's folder; made when it is missing.

    Returns
    -------
    list of Placed
        What happened to each file. One that cannot be read or written does not stop the others.

    Raises
    ------
    NotADirectoryError
        `target` is a file.
    OSError
        The folder cannot be made, or nothing can be written into it and none of the files is there.
    """
    if target.exists() and not target.is_dir():
        raise NotADirectoryError(
            f"{target} should be a folder for the notebooks, but it is a file. Name another folder."
        )
    target.mkdir(parents=True, exist_ok=True)
    record = Record(target)
    results, unwritten, first = [], "", None
    course = course_files(source)
    for name, path in course.items():
        content = path.read_bytes()
        try:
            placed = _place(target, name, content, record)
        except OSError as problem:
            placed = Placed(name, FAILED, reason=f"could not be read or written ({problem.strerror or problem})")
            first = first or problem
        results.append(placed)
        if placed.action != FAILED:  # else it is tried again the next time
            try:
                record.remember(name, content, cells_of(name, content))
            except OSError as problem:  # what is not remembered is found out again the next time
                unwritten = f"could not be read or written ({problem.strerror or problem})"
    if first is not None and not any(os.path.isfile(target / name) for name in course):
        raise first
    return [*results, *([Placed(PLACED, FAILED, reason=unwritten)] if unwritten else [])]


def course_notebook(name: str, content: bytes) -> Notebook | None:
    """One of the course's notebooks; None for a file that is none.

    Parameters
    ----------
    name : str
        The file's.
    content : bytes
        What it holds.
    """
    try:
        return read_cells(content) if name.endswith(".ipynb") else None
    except ValueError:
        return None


def cells_of(name: str, content: bytes) -> list[Cell]:
    """The cells of one of the course's files; none for one that is no notebook.

    Parameters
    ----------
    name : str
        The file's.
    content : bytes
        What it holds.
    """
    notebook = course_notebook(name, content)
    return notebook["cells"] if notebook is not None else []


def _place(target: Path, name: str, content: bytes, record: Record) -> Placed:
    place = target / name
    if not os.path.lexists(place):
        write_whole(place, content)
        return Placed(name, NEW)
    if not place.is_file():
        what = "leads to a file that is not there" if place.is_symlink() else "is not a file"
        return Placed(name, FAILED, reason=f"{what}; take it away, and it will be placed")
    for _ in range(_TRIES):
        found = place.read_bytes()
        if found == content or (found and not _is_behind(name, content, found, record)):
            return Placed(name, KEPT)
        if place.stat().st_mode & stat.S_IWUSR == 0:
            return _put_newer(target, name, content, "is write-protected")
        placed = _renew(target, name, content, found, record)
        if placed is not None:
            return placed
    return Placed(name, FAILED, reason="is being written by another program; close it there and try again")


def _is_behind(name: str, content: bytes, found: bytes, record: Record) -> bool:
    """Whether the course's version has not been placed yet, or an older one was saved over it."""
    if record.hash_of(name) != hash_bytes(content):
        return True
    newer = course_notebook(name, content)
    try:
        return newer is not None and says_what_was(read_cells(found), newer, record.history_of(name))
    except Exception:  # what cannot be looked into was dealt with when it was placed
        return False


def _renew(target: Path, name: str, content: bytes, found: bytes, record: Record) -> Placed | None:
    """Put the newer version in the place of what was found; None if something else stands there by now."""
    place = target / name
    if not found or record.hash_of(name) == hash_bytes(found):
        return _replace(place, found, content, Placed(name, UPDATED))
    newer = course_notebook(name, content)
    if newer is None:
        return _put_newer(target, name, content, "was changed by you")
    history = record.history_of(name)
    try:
        reader = read_cells(found)
    except ValueError as problem:
        return _put_newer(target, name, content, str(problem))
    try:
        if not holds_work(reader, newer, history):
            return _replace(place, found, content, Placed(name, UPDATED))
        merged = merge(reader, newer, history)
        written = write_cells(merged.notebook)
    except Exception as problem:  # whatever a strange notebook makes of it: nobody's work depends on that
        return _put_newer(target, name, content, f"could not be merged ({type(problem).__name__}: {problem})")
    if same_texts(reader, merged.notebook):
        return _replace(place, found, written, Placed(name, UPDATED))
    old = put_beside(place, found, OLD)
    return _replace(place, found, written, Placed(name, MERGED, _shown(old, target), merged=merged))


def _replace(place: Path, found: bytes, content: bytes, placed: Placed) -> Placed | None:
    if place.read_bytes() != found:
        return None
    write_whole(place, content)
    return placed


def _put_newer(target: Path, name: str, content: bytes, reason: str) -> Placed:
    beside = put_beside(target / name, content, NEWER)
    return Placed(name, BESIDE, _shown(beside, target), reason)


def _shown(path: Path, target: Path) -> str:
    return path.relative_to(target).as_posix()
