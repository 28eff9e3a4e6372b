"""What the reader's checks said, kept in a small file on this machine: each check of a notebook adds one line to it.

A line is added in one write behind everything that is there, with a break before and after it. So two kernels lose
nothing of each other's, a kernel that crashes takes nothing with it, and a line that was cut off spoils no other one.
What cannot be written is not written: a check never notices. The file holds names, verdicts and times, no answers, and
nobody but `nnkit.progress()` and `nnkit mine` reads it.

It lies in the folder in which `nnkit lab` has placed the notebooks, so that it goes where the notebooks go; where there
is none (notebooks handed out in another way, Binder), in the user's data folder; where that cannot be written to,
beside the notebook. The environment variable ``NNKIT_PROGRESS_FILE`` names another file, or none when it is empty.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nnkit.bar import must_repeat
from nnkit.exercises.outline import DEFAULT_FOLDER, PLACED
from nnkit.exercises.surroundings import notebook_shell
from nnkit.exercises.terms import NOT_ATTEMPTED, PASSED, STATUSES

FILE = ".nnkit-progress.jsonl"
BROWSERS_FILE = ".nnkit-progress.txt"  # what is called JSON, JupyterLite reads as one value; several lines are none
DRIVE = Path("/drive")  # where JupyterLite shows Python the files that the browser keeps
VARIABLE = "NNKIT_PROGRESS_FILE"
_TRIES, _PAUSE = 20, 0.005  # how often, and after how many seconds, a file that somebody else holds is tried again


@dataclass(frozen=True)
class Entry:
    """One verdict of a check.

    Parameters
    ----------
    exercise, status : str
        What was checked, and how it ended.
    time : datetime
        When, with a time zone.
    notebook : str
        Folder and file, "" where Jupyter did not say.
    version : str
        nnkit's.
    """

    exercise: str
    status: str
    time: datetime
    notebook: str = ""
    version: str = ""


def keep(exercise: str, status: str, names: Mapping[str, Any]) -> None:
    """Add a verdict to the reader's file, if this is a reader's notebook. Never raises.

    Parameters
    ----------
    exercise, status : str
        What was checked, and how it ended. That an answer has not been begun is not kept.
    names : Mapping[str, Any]
        The notebook's; some programs leave there where it lies.
    """
    try:
        if status == NOT_ATTEMPTED or notebook_shell() is None or not _is_personal():
            return
        notebook = _notebook(names)
        entry = {
            "exercise": exercise,
            "status": status,
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
            "notebook": "/".join(notebook.parts[-2:]) if notebook is not None else "",
            "version": sys.modules["nnkit"].__version__,  # imported long ago, or this file would not run
        }
        start = notebook.parent if notebook is not None and notebook.is_absolute() else None
        for path in files(start):
            if _append(path, json.dumps(entry)):
                return
    except Exception:
        return


def entries(folder: Path | None = None) -> tuple[Entry, ...]:
    """All verdicts that are kept, in the order of their times.

    What is no whole line of this module's is passed over. Under ``NNKIT_STATIC`` there are none.

    Parameters
    ----------
    folder : Path or None
        Where the notebooks are; the working folder when left out.
    """
    found = {entry for path in files(folder) for entry in _read(path)} if _is_personal() else set()
    return tuple(sorted(found, key=lambda entry: (entry.time, entry.exercise, entry.status != PASSED)))


def files(folder: Path | None = None) -> tuple[Path, ...]:
    """The places of the file, the preferred one first; all of them are read.

    Parameters
    ----------
    folder : Path or None
        Where the notebooks are; the working folder when left out.
    """
    if VARIABLE in os.environ:
        given = os.environ[VARIABLE]
        return (Path(given).expanduser(),) if given else ()
    drive = _kept_by_the_browser()
    if drive is not None:
        return (drive / BROWSERS_FILE,)
    wanted = (_course_folder(folder), _data_folder(), _or_none(lambda: folder or Path.cwd()))
    return tuple(dict.fromkeys(place / FILE for place in wanted if place is not None))


def trouble(folder: Path | None = None) -> str:
    """What keeps checks from being recorded, in one sentence; "" when nothing does.

    Parameters
    ----------
    folder : Path or None
        Where the notebooks are; the working folder when left out.
    """
    if not _is_personal() or any(_is_writable(path) for path in files(folder)):
        return ""
    return (
        f"Checks cannot be recorded: nothing can be written to {_for_people(files(folder)[0])}. Name another file in "
        f"the environment variable {VARIABLE}."
    )


def told(folder: Path | None = None) -> str:
    """Where the file lies, in one sentence; "" where nothing personal is shown.

    Parameters
    ----------
    folder : Path or None
        Where the notebooks are; the working folder when left out.
    """
    places = [path for path in files(folder) if path.is_file()] if _is_personal() else []
    return f"This is kept in {_for_people(places[0])} and never leaves this machine." if places else ""


# ---------------------------------------------------------------------------------------------------------------------
# Inside
# ---------------------------------------------------------------------------------------------------------------------


def _is_personal() -> bool:
    """Whether there is a reader: not where outputs must repeat, nor in tests, unless they name a file."""
    if must_repeat() or os.environ.get(VARIABLE) == "":
        return False
    return VARIABLE in os.environ or "PYTEST_VERSION" not in os.environ


def _notebook(names: Mapping[str, Any]) -> Path | None:
    """The notebook, as far as Jupyter's server or VS Code says."""
    said = os.environ.get("JPY_SESSION_NAME") or names.get("__vsc_ipynb_file__")
    return Path(said) if isinstance(said, str) and said.endswith(".ipynb") else None


def _course_folder(start: Path | None) -> Path | None:
    """The folder that `nnkit lab` has filled: above the start, or the usual one below it."""
    here = _or_none(lambda: (start or Path.cwd()).resolve())
    for folder in (here, *here.parents, here / DEFAULT_FOLDER) if here is not None else ():
        if (folder / PLACED).is_file():
            return folder
    return None


def _kept_by_the_browser() -> Path | None:
    """In JupyterLite the only folder that is still there after the page was closed."""
    return DRIVE if sys.platform == "emscripten" and DRIVE.is_dir() else None


def _data_folder() -> Path | None:
    """Where programs of this user keep their data."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
        return Path(base) / "nnkit" if base else None
    home = _or_none(Path.home)
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "nnkit" if home is not None else None
    base = os.environ.get("XDG_DATA_HOME")
    if base and Path(base).is_absolute():
        return Path(base) / "nnkit"
    return home / ".local" / "share" / "nnkit" if home is not None else None


def _or_none(find: Callable[[], Path]) -> Path | None:
    try:
        return find()
    except (OSError, RuntimeError):  # a working folder that was deleted, a user without a home
        return None


def _append(path: Path, line: str) -> bool:
    """Whether a line could be added."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    except OSError:
        return False
    try:
        with _held(handle):
            content = f"\n{line}\n".encode()
            return os.write(handle, content) == len(content)
    except OSError:
        return False
    finally:
        os.close(handle)


@contextmanager
def _held(handle: int) -> Iterator[None]:
    """Keep others from writing where the system does not put what is appended behind what is there by itself."""
    if sys.platform != "win32":
        yield
        return
    import msvcrt

    far = 2**30  # a byte that is never written: who holds it may write the others
    for remaining in reversed(range(_TRIES)):
        os.lseek(handle, far, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            break
        except OSError:
            if not remaining:
                raise
            time.sleep(_PAUSE)
    try:
        yield
    finally:
        os.lseek(handle, far, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)


def _read(path: Path) -> Iterator[Entry]:
    try:
        lines = path.read_bytes().splitlines()
    except OSError:
        return
    for line in lines:
        try:
            known = json.loads(line.decode())
            when = datetime.fromisoformat(known["time"])
            entry = Entry(known["exercise"], known["status"], when, str(known["notebook"]), str(known["version"]))
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
        if isinstance(entry.exercise, str) and entry.status in STATUSES and when.tzinfo is not None:
            yield entry


def _is_writable(path: Path) -> bool:
    """Whether a line could be added, found out without adding one."""
    if path.exists():
        return path.is_file() and os.access(path, os.W_OK)
    folder = path.parent
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK)


def _for_people(path: Path) -> str:
    home = _or_none(Path.home)
    return f"~/{path.relative_to(home).as_posix()}" if home is not None and path.is_relative_to(home) else str(path)
