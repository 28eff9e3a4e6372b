"""One folder for all that the processes of a run put down for a while: nothing of it stays, whatever ends them.

Who makes it removes it. Where that one is killed, those that worked in it remove it; where all are killed at once, the
next run does, which sees by a lock that nobody holds any more that the folder is nobody's.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = "nnkit-grading-"
OWNER = "owner"
ATTEMPTS = 5  # processes that are ending may still write


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Make the folder, and remove those of runs that were killed.

    Yields
    ------
    folder : Path
        Removed at the end.
    """
    import fcntl  # not on Windows, where nothing can be graded

    remove_abandoned()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    with (folder / f"{OWNER}.new").open("w", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        os.rename(file.name, folder / OWNER)  # nobody sees it without its lock
        try:
            yield folder
        finally:
            remove(folder)


def remove(folder: Path) -> None:
    """Remove a folder in which processes that are ending may still write.

    Parameters
    ----------
    folder : Path
        Need not be there.
    """
    for attempt in range(ATTEMPTS):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.02 * 2**attempt)


def remove_abandoned() -> None:
    """Remove the folders of runs that were killed with all their processes; only this user's own."""
    import fcntl

    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
                continue
            with (folder / OWNER).open("r", encoding="ascii") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove(folder)
        except OSError:  # somebody is at work in it, or it is no such folder
            continue
