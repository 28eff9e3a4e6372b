"""The students' notebooks, made from the instructors' by nbgrader: `course/` is never edited, only generated.

Everything is generated in a temporary folder first, so that a failure leaves `course/` as it was.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

from nnkit.grading.course.folder import assignments
from nnkit.grading.course.steps import nbgrader_api, run_step

RELEASE_FOLDER = "course"
_TEXT_SUFFIXES = (".ipynb", ".py", ".md", ".txt", ".csv", ".json", ".svg")
_IGNORED_PARTS = {".ipynb_checkpoints", "__pycache__", ".DS_Store"}

Progress = Callable[[str], None]


def generate(course: Path, target: Path, progress: Progress | None = None) -> None:
    """Write the students' version of every assignment of `course` into the folder `target`.

    Parameters
    ----------
    course : Path
        The folder with ``solutions/`` and ``nbgrader_config.py``.
    target : Path
        Where one folder for each assignment is made.
    progress : Progress or None
        Called with the name of each assignment that is done.

    Raises
    ------
    CourseError
        There is no assignment, or nbgrader could not generate one.
    """
    api = nbgrader_api(
        course,
        {
            "CourseDirectory": {"release_directory": str(target.resolve())},
            "GenerateAssignment": {"no_database": True},
            "SaveCells": {"enabled": False},
        },
    )
    for assignment in assignments(course):
        run_step(f"generate {assignment}", api.generate_assignment(assignment, force=True, create=True))
        if progress is not None:
            progress(assignment)
    # Windows writes its own line ends; the files are compared byte by byte on every system.
    for path in target.rglob("*"):
        if path.is_file() and path.suffix in _TEXT_SUFFIXES:
            content = path.read_bytes()
            if b"\r\n" in content:
                path.write_bytes(content.replace(b"\r\n", b"\n"))


def differences(generated: Path, committed: Path) -> list[str]:
    """What differs between two folders, one sentence for each file.

    Parameters
    ----------
    generated : Path
        What should be there.
    committed : Path
        What is there.

    Examples
    --------
    >>> with TemporaryDirectory() as one, TemporaryDirectory() as two:
    ...     _ = Path(one, "a.ipynb").write_text("{}")
    ...     differences(Path(one), Path(two))
    ['a.ipynb is generated but not there.']
    """
    wanted, found = _files(generated), _files(committed)
    sentences = []
    for name in sorted(wanted.keys() | found.keys()):
        if name not in found:
            sentences.append(f"{name} is generated but not there.")
        elif name not in wanted:
            sentences.append(f"{name} is there but is not generated from anything.")
        else:
            new, old = wanted[name].read_bytes(), found[name].read_bytes()
            if new != old:
                pairs = zip_longest(new.splitlines(keepends=True), old.splitlines(keepends=True))
                line = next(number for number, (one, other) in enumerate(pairs, 1) if one != other)
                sentences.append(f"{name} differs from what is generated, first in line {line}.")
    return sentences


def check_release(course: Path, progress: Progress | None = None) -> list[str]:
    """How ``course/`` differs from what ``solutions/`` generates, one sentence for each file; empty when it does not.

    Parameters
    ----------
    course, progress
        As for `generate`.

    Raises
    ------
    CourseError
        There is no assignment, or nbgrader could not generate one.
    """
    with TemporaryDirectory(prefix="nnkit-release-") as folder:
        generate(course, Path(folder), progress)
        return differences(Path(folder), course / RELEASE_FOLDER)


def release(course: Path, progress: Progress | None = None) -> list[str]:
    """Bring ``course/`` up to date with ``solutions/``; files that did not change are not touched.

    Parameters
    ----------
    course, progress
        As for `generate`.

    Returns
    -------
    list of str
        What was changed, one sentence for each file.

    Raises
    ------
    CourseError
        There is no assignment, or nbgrader could not generate one; ``course/`` is as it was.
    """
    with TemporaryDirectory(prefix=".nnkit-release-", dir=course) as folder:
        generate(course, Path(folder), progress)
        wanted, target = _files(Path(folder)), course / RELEASE_FOLDER
        found = _files(target)
        changes = []
        for name, path in wanted.items():
            if name in found and found[name].read_bytes() == path.read_bytes():
                continue
            place = target / name
            place.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, place)
            changes.append(f"{name} {'changed' if name in found else 'is new'}.")
        for name in found.keys() - wanted.keys():
            found[name].unlink()
            changes.append(f"{name} is gone.")
    for directory in sorted((path for path in target.rglob("*") if path.is_dir()), reverse=True):
        if not any(directory.iterdir()):
            directory.rmdir()
    return sorted(changes)


def _files(folder: Path) -> dict[str, Path]:
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not _IGNORED_PARTS & set(path.relative_to(folder).parts)
    }
