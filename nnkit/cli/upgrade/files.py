"""Writing into a reader's folder so that at every moment each file is whole, and nothing that was there is gone.

What is to be replaced is first copied beside itself, under a name that no file has; only then is the new one renamed
into its place, which happens at once or not at all.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from nnkit.exercises.copies import copy_name
from nnkit.saving import whole_file

_TRIES = 1000


def write_whole(place: Path, content: bytes) -> None:
    """Write a file that takes its place only when it is complete and on the disk.

    A link stays a link: the file that it leads to is written. The rights of a file that is replaced are kept.

    Parameters
    ----------
    place : Path
        The file's; its folder is made.
    content : bytes
        All of it.

    Raises
    ------
    OSError
        It cannot be written; what was there is there still.
    """
    place = place.resolve()
    place.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(place) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        if place.exists():
            os.chmod(file.name, stat.S_IMODE(place.stat().st_mode))


def put_beside(place: Path, content: bytes, word: str) -> Path:
    """Write a copy beside a file under a name of its own; one that is there with the same content serves.

    Parameters
    ----------
    place : Path
        The file that the copy lies beside; it need not exist.
    content : bytes
        What the copy holds.
    word : str
        What the copy is called, see `nnkit.exercises.copies`.

    Returns
    -------
    Path
        Where it lies.

    Raises
    ------
    OSError
        It cannot be written.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished: Path | None = None
    try:
        for number in range(1, _TRIES):
            beside = place.with_name(copy_name(place.name, word, number))
            if os.path.lexists(beside):
                if _holds(beside, content):
                    return beside
                continue
            if unfinished is None:
                unfinished = _unfinished(beside, content)
                if place.exists():
                    times = place.stat()
                    os.utime(unfinished, (times.st_atime, times.st_mtime))
            if _take_name(unfinished, beside):
                return beside
    finally:
        if unfinished is not None:
            unfinished.unlink(missing_ok=True)
    raise FileExistsError(f"There are {_TRIES} copies of {place.name} beside it; take some of them away.")


def _unfinished(place: Path, content: bytes) -> Path:
    path = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        with open(path, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _take_name(unfinished: Path, wanted: Path) -> bool:
    """Give a file a name that nobody has; False where somebody has it by now."""
    try:
        os.link(unfinished, wanted)
    except FileExistsError:
        return False
    except OSError:  # a disk without hard links
        if os.path.lexists(wanted):
            return False
        os.rename(unfinished, wanted)
    return True


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.is_file() and path.read_bytes() == content
    except OSError:
        return False
