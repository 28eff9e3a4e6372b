"""A class that `nnkit grade` grades as a command of its own, and all that can be seen of what came of it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy

from tests.grading.small_course import ASSIGNMENT, LONGEST, REPOSITORY

SECRET = "the same secret for every copy of a class"  # so that copies of a class are graded with the same cases
PLACES = ("submitted", "autograded")


def surroundings(**more: str) -> dict[str, str]:
    """The environment of a command that grades."""
    paths = os.pathsep.join([str(REPOSITORY), *filter(None, [os.environ.get("PYTHONPATH")])])
    return os.environ | {"PYTHONPATH": paths, "NNKIT_GRADING_SECRET": SECRET} | more


def start(course: Path, *arguments: str, assignment: str = ASSIGNMENT, **more: str) -> subprocess.Popen[str]:
    """Start `nnkit grade` in a course folder; what it says goes into files, which nobody has to read meanwhile."""
    with (course / "out.txt").open("w") as out, (course / "err.txt").open("w") as err:
        return subprocess.Popen(
            [sys.executable, "-m", "nnkit", "grade", assignment, *arguments],
            cwd=course,
            env=surroundings(**more),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            text=True,
        )


def grade(course: Path, *arguments: str, assignment: str = ASSIGNMENT, **more: str) -> subprocess.CompletedProcess[str]:
    """Run `nnkit grade` in a course folder."""
    return subprocess.run(
        [sys.executable, "-m", "nnkit", "grade", assignment, *arguments],
        cwd=course,
        env=surroundings(**more),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=LONGEST,
    )


def counts(done: subprocess.CompletedProcess[str]) -> tuple[int, int]:
    """How many submissions a run says it has graded, and how many it has found unchanged."""
    assert done.returncode == 0, done.stdout + done.stderr
    line = next(line for line in done.stdout.splitlines() if " graded, " in line)
    words = line.replace(";", " ").split()
    return int(words[words.index("graded,") - 1]), int(words[words.index("unchanged") - 1])


def database(course: Path) -> str:
    """Where the gradebook of a course folder is, as nbgrader takes it."""
    return f"sqlite:///{course / 'gradebook.db'}"


def gradebook(url: str) -> dict[str, list[str]]:
    """Every row of every table, with names in the place of the ids, which are drawn anew for every row."""
    engine = sqlalchemy.create_engine(url)
    try:
        with engine.connect() as connection:
            found = sqlalchemy.MetaData()
            found.reflect(connection)
            rows = {
                name: [dict(row) for row in connection.execute(sqlalchemy.select(table)).mappings()]
                for name, table in found.tables.items()
            }
    finally:
        engine.dispose()
    return _named(rows)


def _named(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[str]]:
    names: dict[str, str] = {}

    def known(key: Any) -> Any:
        return names.get(key, key) if isinstance(key, str) else key

    for table, columns in (
        ("assignment", ("name",)),
        ("notebook", ("assignment_id", "name")),
        ("base_cell", ("notebook_id", "name")),
        ("source_cell", ("notebook_id", "name")),
        ("submitted_assignment", ("assignment_id", "student_id")),
        ("submitted_notebook", ("assignment_id", "notebook_id")),
        ("grade", ("notebook_id", "cell_id")),
        ("comment", ("notebook_id", "cell_id")),
    ):
        for row in rows[table]:
            names[row["id"]] = f"{table}({', '.join(str(known(row[column])) for column in columns)})"
    return {
        table: sorted(repr({column: known(value) for column, value in sorted(row.items())}) for row in each)
        for table, each in rows.items()
    }


def files(course: Path, *places: str) -> dict[str, tuple[int, bytes]]:
    """What lies in the graded folders, by path: permissions and bytes; what `nnkit grade` notes for itself left out."""
    found = {}
    for place in places or ("autograded",):
        for path in sorted((course / place).rglob("*")):
            if path.is_file() and path.name not in (".nnkit-graded", ".nnkit-noted"):
                name = path.relative_to(course).as_posix()
                found[name] = (stat.S_IMODE(path.stat().st_mode), path.read_bytes())
    return found


def differences(one: Any, other: Any) -> list[str]:
    """The keys under which two of the above are not the same, with a little of what is there."""
    return [
        f"{key}: {str(one.get(key))[:2000]} / {str(other.get(key))[:2000]}"
        for key in sorted(one.keys() | other.keys())
        if one.get(key) != other.get(key)
    ]


def until(there: Callable[[], bool], seconds: float = 60) -> bool:
    """Wait until something is the case; false where it is not after a long while."""
    deadline = time.monotonic() + seconds
    while not (found := there()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


def processes() -> dict[int, tuple[int, str]]:
    """All processes: number → number of the parent, command line."""
    found = {}
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            try:
                parent = int((place / "stat").read_text().rpartition(")")[2].split()[1])
                command = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            except (OSError, ValueError, IndexError):
                continue
            found[int(place.name)] = parent, command
    return found


def descendants(process: int) -> list[int]:
    """The processes that a process has started, and those that they have."""
    everything = processes()
    found, waiting = [], [process]
    while waiting:
        above = waiting.pop()
        below = [number for number, (parent, _) in everything.items() if parent == above]
        found += below
        waiting += below
    return found


def alive(numbers: Sequence[int]) -> list[int]:
    """Those of some processes that have not ended."""
    return [number for number in numbers if number in processes() and not _has_ended(number)]


def _has_ended(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


@contextmanager
def ended(process: subprocess.Popen[Any]) -> Iterator[subprocess.Popen[Any]]:
    """See to it that a process is gone afterwards."""
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(60)
