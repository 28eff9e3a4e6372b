"""The ways by which a class is graded: nbgrader's command, its Python interface as the formgrader calls it, ours."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nnkit.cli import COMMANDS
from nnkit.exercises.terms import TIME_LIMIT_VARIABLE
from tests.grading.small_course import LONGEST, REPOSITORY

NO_COMMAND = "" if "grade" in COMMANDS else "the command `nnkit grade` is not there yet"
ADOPTS_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER

# The formgrader's button calls this for one student after the other, in the folder of the course.
FORMGRADER = """
import sys
from pathlib import Path
from nnkit.grading.course.steps import nbgrader_api
api = nbgrader_api(Path(sys.argv[1]))
failed = []
for student in sorted(api.get_submitted_students(sys.argv[2])):
    result = api.autograde(sys.argv[2], student)
    if not result["success"]:
        failed.append(student)
        print(student, result.get("error"), result.get("log"), file=sys.stderr)
sys.exit(1 if failed else 0)
"""


@dataclass(frozen=True)
class Route:
    """A way by which the submissions of an assignment are graded.

    Parameters
    ----------
    name : str
        What it is called.
    command : tuple[str, ...]
        What is started; ``ASSIGNMENT`` and ``COURSE`` stand for what is graded.
    missing : str
        Why it cannot be taken, "" where it can.
    """

    name: str
    command: tuple[str, ...]
    missing: str = ""

    def of(self, course: Path, assignment: str) -> list[str]:
        """The command that grades an assignment of a course."""
        known = {"ASSIGNMENT": assignment, "COURSE": str(course)}
        return [sys.executable, *(known.get(part, part) for part in self.command)]


ROUTES = (
    Route("nbgrader autograde", ("-m", "nbgrader", "autograde", "ASSIGNMENT")),
    Route("formgrader", ("-c", FORMGRADER, "COURSE", "ASSIGNMENT")),
    Route("nnkit grade", ("-m", "nnkit", "grade", "ASSIGNMENT", "--course", "COURSE"), NO_COMMAND),
)


@dataclass(frozen=True)
class Ended:
    """How a command ended.

    Parameters
    ----------
    code : int
        Its exit code.
    said : str
        The end of what it has written.
    left : tuple[str, ...]
        The processes that it has left behind, by their command lines.
    """

    code: int
    said: str
    left: tuple[str, ...]


def run(command: list[str], course: Path, home: Path, temporary: Path, seconds: str) -> Ended:
    """Run a command in the course folder, and see what it leaves behind.

    Parameters
    ----------
    command : list[str]
        What to start.
    course : Path
        Where.
    home, temporary : Path
        The folders that are its user's home and the place for temporary files.
    seconds : str
        How long an answer may take.
    """
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])
    settings = {"PATH": path, "HOME": str(home), "TMPDIR": str(temporary), TIME_LIMIT_VARIABLE: seconds}
    python_path = os.pathsep.join(filter(None, [str(REPOSITORY), os.environ.get("PYTHONPATH", "")]))
    with _orphans_come_here(), (course.parent / "said.txt").open("a+b") as said:
        before = _children()
        process = subprocess.Popen(
            command,
            cwd=course,
            env=os.environ | settings | {"PYTHONPATH": python_path},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            code = process.wait(LONGEST)
        finally:
            process.kill()
            process.wait()
        left = _still_running(_children() - before)
        said.seek(0)
        return Ended(code, said.read()[-6000:].decode("utf-8", "replace"), left)


@contextmanager
def _orphans_come_here() -> Iterator[None]:
    """Meanwhile whoever loses its parent becomes a child of this process, so that nobody is overlooked."""
    if not sys.platform.startswith("linux"):
        yield
        return
    libc = ctypes.CDLL(None)
    libc.prctl(ADOPTS_ORPHANS, 1, 0, 0, 0)
    try:
        yield
    finally:
        libc.prctl(ADOPTS_ORPHANS, 0, 0, 0, 0)


def _children() -> set[int]:
    found: set[int] = set()
    for path in Path("/proc/self/task").glob("*/children"):
        found.update(map(int, path.read_text(encoding="ascii").split()))
    return found


def _still_running(processes: set[int]) -> tuple[str, ...]:
    """Those that have not ended, by their command lines; they are ended here."""
    left = []
    for process in sorted(processes):
        for _ in range(50):  # what was killed with its parent may take a moment to be gone
            if os.waitpid(process, os.WNOHANG)[0]:
                break
            signal.sigtimedwait([], 0.1)
        else:
            left.append(Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
    return tuple(left)


def contents(folder: Path, *, without: tuple[str, ...] = ()) -> dict[str, object]:
    """What is in a folder: path → the content of a file, the target of a link, or what else it is.

    Parameters
    ----------
    folder : Path
        Where to look.
    without : tuple[str, ...]
        Beginnings of names, directly in the folder, that do not count.
    """
    found: dict[str, object] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name.startswith(without):
            continue
        mode = path.lstat().st_mode & 0o7777
        if path.is_symlink():
            found[name] = ("link", os.readlink(path))
        elif path.is_file():
            found[name] = (mode, path.read_bytes() if path.stat().st_size < 1_000_000 else path.stat().st_mtime_ns)
        else:
            found[name] = (mode, "folder" if path.is_dir() else "neither file nor folder")
    return found


def copied(template: Path, course: Path) -> Path:
    """A copy of a released course."""
    shutil.copytree(template, course, symlinks=True)
    return course
