"""A student's graded folder: what lies in it beside the notebooks, and how it gets there whole or not at all.

It is written under a name of its own and gets its real one when it is whole: what a crash leaves behind is never taken
for a graded submission.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from nbgrader.utils import find_all_files

from nnkit.grading.intake.gathering import Parts

UNFINISHED = ".nnkit-unfinished-"
# In a graded folder: the notebooks in whose place another stands. They are graded again, without being told to, as
# soon as something else may come of it.
STANDING_IN = ".nnkit-standing-in"


def master_files(source: Path, ignored: Iterable[str], excluded: Collection[str] = ()) -> dict[Parts, Path]:
    """The instructors' own files of an assignment, which lie beside every student's notebook.

    Parameters
    ----------
    source : Path
        The folder of the instructors' notebooks.
    ignored : Iterable[str]
        Patterns that do not count, as ``CourseDirectory.ignore`` has them.
    excluded : Collection[str]
        Paths below `source` in whose place students may have their own.
    """
    found = (Path(path) for path in find_all_files(str(source), [*ignored, "*.ipynb"]))
    return {
        path.relative_to(source).parts: path
        for path in sorted(found)
        if path.relative_to(source).as_posix() not in excluded
    }


def beside(files: Mapping[Parts, bytes], masters: Iterable[Parts]) -> dict[Parts, bytes]:
    """Those of a student's files that can lie in one folder with the instructors'.

    Parameters
    ----------
    files : Mapping[Parts, bytes]
        The student's.
    masters : Iterable[Parts]
        Where the instructors have one; where they have a file or a folder of the same name, theirs will be there.

    Examples
    --------
    >>> beside({("data",): b"a file", ("own.csv",): b"1"}, [("data", "given.csv")])
    {('own.csv',): b'1'}
    """
    theirs = set(masters)
    folders = {parts[:end] for parts in theirs for end in range(1, len(parts))}
    kept: dict[Parts, bytes] = {}
    for parts, content in sorted(files.items()):
        above = [parts[:end] for end in range(1, len(parts) + 1)]
        if parts not in folders and not any(part in theirs or part in kept for part in above):
            kept[parts] = content
    return kept


def write_files(files: Mapping[Parts, bytes], folder: Path) -> None:
    """Write files below a folder.

    Parameters
    ----------
    files : Mapping[Parts, bytes]
        See `beside`.
    folder : Path
        Made when it is missing.
    """
    for parts, content in files.items():
        path = folder.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def put_in_place(unfinished: Path, real: Path) -> None:
    """Give what is whole its name; notebooks that were not converted now stay where they are.

    Parameters
    ----------
    unfinished : Path
        The new folder.
    real : Path
        Where it belongs; may be there.
    """
    if not os.path.lexists(real):
        unfinished.rename(real)
        return
    for folder, _, names in os.walk(unfinished):
        target = real / Path(folder).relative_to(unfinished)
        target.mkdir(parents=True, exist_ok=True)
        for name in names:
            os.replace(Path(folder, name), target / name)


def put_in_place_of(unfinished: Path, real: Path) -> None:
    """Give what is whole its name; what had it is removed.

    Parameters
    ----------
    unfinished : Path
        The new folder.
    real : Path
        Where it belongs; may be there.
    """
    old = unfinished.with_name(f"{unfinished.name}-old")
    shutil.rmtree(old, ignore_errors=True)
    if os.path.lexists(real):
        real.rename(old)
    unfinished.rename(real)
    shutil.rmtree(old, ignore_errors=True)
