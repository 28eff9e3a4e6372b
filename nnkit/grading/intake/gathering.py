"""What lies in a student's folder, read so that nothing in it can do harm: regular files only, and so many of them.

No link is followed, nothing is opened that could hang (a pipe, a device), and nothing in the folder is changed. An
archive is looked into like a folder. What is left out is noted in sentences, for the person who grades.
"""

from __future__ import annotations

import errno
import io
import os
import stat
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

MOST_FILES = 1_000
MOST_ENTRIES = 20_000  # that are looked at, in folders with many more
DEEPEST = 10
LARGEST_TOTAL = 100_000_000
LARGEST_ARCHIVE = 50_000_000
LARGEST_LIST = 500_000  # bytes of an archive's own list of what is in it
MOST_NOTES = 20
_BEGINNING = b"PK\3\4"
_END_OF_LIST = b"PK\5\6"
_LONG_LIST = b"PK\6\7"

Parts = tuple[str, ...]


@dataclass
class Gathered:
    """What was found in a folder.

    Parameters
    ----------
    files : dict[Parts, bytes]
        The parts of a file's path below the folder → what it holds. What was in an archive stands below the archive's
        own name.
    notes : list[str]
        What was left out, and why.
    room : int
        How many bytes may still be read.
    """

    files: dict[Parts, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    room: int = LARGEST_TOTAL

    def leave_out(self, parts: Parts, reason: str) -> None:
        """Note what was left out.

        Parameters
        ----------
        parts : Parts
            Which file or folder.
        reason : str
            Why, as it stands after its name.
        """
        if len(self.notes) < MOST_NOTES:
            self.notes.append(f"{shown(parts)} was left out: {reason}.")
        elif len(self.notes) == MOST_NOTES:
            self.notes.append("More was left out.")


def shown(parts: Parts) -> str:
    """A path as it may be shown: short, and without characters that no text may hold.

    Parameters
    ----------
    parts : Parts
        A path below a student's folder.

    Examples
    --------
    >>> shown(("data", "a\\nb.csv"))
    "'data/a?b.csv'"
    """
    name = "".join(one if one.isprintable() and one not in "`<>&" else "?" for one in "/".join(parts))
    return f"'{name}'" if len(name) <= 100 else f"'{name[:60]}…{name[-30:]}'"


def gather(folder: Path, ignored: Iterable[str] = ()) -> Gathered:
    """Read the files of a folder and of the folders in it, as far as they may be read.

    Parameters
    ----------
    folder : Path
        What a student has handed in; it need not be a folder.
    ignored : Iterable[str]
        Patterns for the names of files and folders that do not count, as ``CourseDirectory.ignore`` has them.
    """
    found = Gathered()
    patterns = tuple(ignored)
    try:
        mode = folder.lstat().st_mode
    except OSError as problem:
        found.leave_out((folder.name,), f"it cannot be read ({problem.strerror})")
        return found
    if not stat.S_ISDIR(mode):
        found.leave_out((folder.name,), f"it is {_kind(mode)} where a folder should be")
        return found
    entries = list(_entries(folder, patterns, found))
    # Notebooks first: they have to be there when the room is used up.
    entries.sort(key=lambda parts: (".ipynb" not in parts[-1].lower(), len(parts), parts))
    for parts in entries:
        if len(found.files) >= MOST_FILES:
            found.leave_out(parts, f"there are more than {MOST_FILES} files")
            break
        content = _read(folder, parts, found)
        if content is not None:
            found.files[parts] = content
    for parts in [parts for parts, content in found.files.items() if _is_archive(parts, content)]:
        _open_archive(parts, found)
    return found


def _is_archive(parts: Parts, content: bytes) -> bool:
    """Whether a file is a zip, by its name, or because one stands where a notebook should."""
    name = parts[-1].lower()
    return name.endswith(".zip") or (name.endswith(".ipynb") and content.startswith(_BEGINNING))


def read_regular(path: Path, most: int) -> bytes:
    """What a regular file holds; never waits, never follows a link.

    Parameters
    ----------
    path : Path
        The file.
    most : int
        How many bytes it may have.

    Raises
    ------
    OSError
        It is no regular file, is larger, or cannot be read; ``strerror`` says which.

    Examples
    --------
    >>> read_regular(Path("/dev/zero"), 10)
    Traceback (most recent call last):
        ...
    OSError: [Errno 22] it is a device: '/dev/zero'
    """
    return _read_regular(path, most)


def _read_regular(path: Path, most: int, inside: int | None = None) -> bytes:
    """What a regular file holds; with `inside`, of this name in a folder that is open."""
    found = os.stat(path, dir_fd=inside, follow_symlinks=False)
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, f"it is {_kind(found.st_mode)}", str(path))
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags, dir_fd=inside)
    with os.fdopen(descriptor, "rb") as file:
        opened = os.fstat(descriptor)
        if not stat.S_ISREG(opened.st_mode):
            raise OSError(errno.EINVAL, f"it is {_kind(opened.st_mode)}", str(path))
        # A file with holes can be of any size and take no room: only what it says of itself keeps it from being read.
        content = file.read(most + 1) if opened.st_size <= most else b""
    if opened.st_size > most or len(content) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most:,} bytes", str(path))
    return content


def _read_below(folder: Path, parts: Parts, most: int) -> bytes:
    """What a regular file below a folder holds, though a folder on the way may be exchanged for a link meanwhile."""
    if os.open not in os.supports_dir_fd or os.stat not in os.supports_dir_fd:
        return _read_regular(Path(folder, *parts), most)
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    inside = os.open(folder, flags)
    try:
        for part in parts[:-1]:
            outer, inside = inside, os.open(part, flags, dir_fd=inside)
            os.close(outer)
        return _read_regular(Path(parts[-1]), most, inside)
    finally:
        os.close(inside)


def _kind(mode: int) -> str:
    kinds = {
        stat.S_IFLNK: "a link to another place",
        stat.S_IFDIR: "a folder",
        stat.S_IFIFO: "a pipe",
        stat.S_IFSOCK: "a socket",
        stat.S_IFCHR: "a device",
        stat.S_IFBLK: "a device",
        stat.S_IFREG: "a file",
    }
    return kinds.get(stat.S_IFMT(mode), "no file")


def _entries(folder: Path, ignored: tuple[str, ...], found: Gathered) -> Iterator[Parts]:
    """The regular files below a folder, level by level."""
    looked_at = 0
    waiting: list[Parts] = [()]
    while waiting:
        parts = waiting.pop(0)
        before = looked_at
        try:
            with os.scandir(Path(folder, *parts)) as listing:
                for entry in listing:
                    looked_at += 1
                    if looked_at > MOST_ENTRIES:
                        found.leave_out(
                            parts or (folder.name,), f"there are more than {MOST_ENTRIES} files and folders"
                        )
                        return
                    place = (*parts, entry.name)
                    if any(fnmatch(entry.name, pattern) for pattern in ignored):
                        continue
                    if not _is_text(entry.name):
                        found.leave_out(place, "its name is not text")
                    elif entry.is_dir(follow_symlinks=False):
                        if len(place) >= DEEPEST:
                            found.leave_out(place, f"it lies more than {DEEPEST} folders deep")
                        else:
                            waiting.append(place)
                    elif entry.is_file(follow_symlinks=False):
                        yield place
                    else:
                        found.leave_out(place, f"it is {_kind(entry.stat(follow_symlinks=False).st_mode)}")
        except OSError as problem:
            found.leave_out(parts or (folder.name,), f"it cannot be read ({problem.strerror})")
        else:
            if looked_at == before and parts and parts[-1].lower().endswith(".ipynb"):
                found.leave_out(parts, "it is a folder with nothing in it")


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _read(folder: Path, parts: Parts, found: Gathered) -> bytes | None:
    try:
        content = _read_below(folder, parts, found.room)
    except OSError as problem:
        too_large = f"all files together may have {LARGEST_TOTAL:,} bytes"
        found.leave_out(parts, too_large if problem.errno == errno.EFBIG else problem.strerror or "it cannot be read")
        return None
    found.room -= len(content)
    return content


def _open_archive(archive: Parts, found: Gathered) -> None:
    """Add what is in an archive, as far as there is room: an archive of a few bytes may hold any number of them."""
    content = found.files[archive]
    at = content.rfind(_END_OF_LIST)
    if at < 0 or len(content) > LARGEST_ARCHIVE or len(content) < at + 22:
        found.leave_out(archive, "it is no archive that can be opened here; only what is outside of it counts")
        return
    if int.from_bytes(content[at + 12 : at + 16], "little") > LARGEST_LIST or content[at - 20 : at - 16] == _LONG_LIST:
        found.leave_out(archive, "far too much is in it")
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            for member in opened.infolist():
                _take_member(archive, opened, member, found)
    except Exception as problem:  # whatever a broken archive makes of the code that reads it
        found.leave_out(archive, f"it cannot be read to its end ({type(problem).__name__})")


def _take_member(archive: Parts, opened: zipfile.ZipFile, member: zipfile.ZipInfo, found: Gathered) -> None:
    names = tuple(member.filename.replace("\\", "/").split("/"))
    parts = (*archive, *names)
    kind = stat.S_IFMT(member.external_attr >> 16)
    if member.is_dir() or names[0] == "__MACOSX" or names[-1].startswith("._"):
        return
    if kind not in (0, stat.S_IFREG):
        found.leave_out(parts, f"it is {_kind(kind)}")
    elif any(name in ("", ".", "..") or "\0" in name or ":" in name or not _is_text(name) for name in names):
        found.leave_out(parts, "its name leads elsewhere")
    elif len(parts) > DEEPEST:
        found.leave_out(parts, f"it lies more than {DEEPEST} folders deep")
    elif len(found.files) >= MOST_FILES:
        found.leave_out(parts, f"there are more than {MOST_FILES} files")
    else:
        with opened.open(member) as file:
            content = file.read(found.room + 1)
        if len(content) > found.room:
            found.leave_out(parts, f"all files together may have {LARGEST_TOTAL:,} bytes")
        else:
            found.room -= len(content)
            found.files[parts] = content
