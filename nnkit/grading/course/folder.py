"""Where the course is: the folder with the instructors' notebooks and nbgrader's settings, and its assignments."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

CONFIG_FILE = "nbgrader_config.py"
SOURCES = "solutions"
# What tells that somebody keeps a class here, even where the rest of a course folder is missing.
_OF_A_CLASS = (CONFIG_FILE, "submitted", "gradebook.db")


class CourseError(Exception):
    """The course folder is not what it should be, or one of nbgrader's steps failed; the message says which and why."""


class NoCourseError(CourseError):
    """A folder whose class was to be graded is no course folder; the message says what it lacks."""


def is_course(folder: Path) -> bool:
    """Whether a folder holds a course's sources and nbgrader's settings for it.

    Parameters
    ----------
    folder : Path
        Need not exist.
    """
    return (folder / CONFIG_FILE).is_file() and (folder / SOURCES).is_dir()


def class_folder(given: Path | None = None) -> Path:
    """The course folder whose class is graded or reported on; never one that nobody has named or stands in.

    Parameters
    ----------
    given : Path or None
        The folder that was named; the one at or above the working folder when left out.

    Raises
    ------
    NoCourseError
        It is no course folder. The checkout that nnkit is installed from does not stand in for it, and no folder above
        one in which a class is kept: another class would be graded than the one that is meant.
    """
    try:
        start = (Path.cwd() if given is None else given).resolve()
    except FileNotFoundError:  # somebody has removed the folder that this process is in
        raise NoCourseError("The folder that you are in is no longer there. Go into a course folder.") from None
    for folder in (start, *start.parents):
        if is_course(folder):
            return folder
        if given is not None or any((folder / name).exists() for name in _OF_A_CLASS):
            raise NoCourseError(_no_course(folder))
    raise NoCourseError(_no_course(start))


def _no_course(folder: Path) -> str:
    parts = [(CONFIG_FILE, (folder / CONFIG_FILE).is_file()), (f"{SOURCES}/", (folder / SOURCES).is_dir())]
    missing = " and ".join(f"no {name}" for name, there in parts if not there)
    return (
        f"{folder} is no course folder: it has {missing}. Go into the folder of the repository, name a course folder "
        "with --course, or make this one, as GRADING.md says."
    )


def find_course(start: Path | None = None) -> Path:
    """The course folder at or above a folder, else the checkout that nnkit is installed from.

    This is for what reads or makes the course's own notebooks; for a class see `class_folder`.

    Parameters
    ----------
    start : Path or None
        Where to look first; the working folder when left out.

    Raises
    ------
    CourseError
        There is none: the installed package carries the students' notebooks only.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents, Path(__file__).resolve().parents[3]):
        if is_course(folder):
            return folder
    raise CourseError(
        f"This needs the instructors' notebooks: a folder with solutions/ and {CONFIG_FILE}, but {here} is not inside "
        "one, and the installed package carries the students' notebooks only. Get the repository with `git clone`, go "
        'into its folder, install it with `pip install -e ".[course]"` and run the command there again.'
    )


def assignments(course: Path) -> list[str]:
    """The names of the assignments in ``solutions/``, in order.

    Parameters
    ----------
    course : Path
        See `find_course`.

    Raises
    ------
    CourseError
        There are none.
    """
    found = sources_of(course)
    if not found:
        raise CourseError(f"{course / SOURCES} should hold one folder of notebooks for each assignment, but it holds none.")
    return found


def sources_of(course: Path) -> list[str]:
    """The names of the assignments in ``solutions/``, in order; none where there are none.

    Parameters
    ----------
    course : Path
        See `class_folder`.
    """
    return sorted({path.parent.name for path in (course / SOURCES).glob("*/*.ipynb")})
