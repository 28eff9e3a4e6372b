"""nbgrader's steps as function calls, for the course in a given folder."""

from __future__ import annotations

import logging
import os
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Any

CONFIG_FILE = "nbgrader_config.py"


class CourseError(Exception):
    """The course folder is not what it should be, or one of nbgrader's steps failed; the message says which and why."""


def is_course(folder: Path) -> bool:
    """Whether a folder holds a course's sources and nbgrader's settings for it."""
    return (folder / CONFIG_FILE).is_file() and (folder / "solutions").is_dir()


def find_course(start: Path | None = None) -> Path:
    """The course folder at or above `start` (the working folder), else the checkout that nnkit is installed from.

    Raises
    ------
    CourseError
        There is none: the installed package carries the students' notebooks only.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents, Path(__file__).resolve().parents[2]):
        if is_course(folder):
            return folder
    raise CourseError(
        f"This needs the instructors' notebooks: a folder with solutions/ and {CONFIG_FILE}, but {here} is not inside "
        "one, and the installed package carries the students' notebooks only. Get the repository with `git clone`, go "
        'into its folder, install it with `pip install -e ".[course]"` and run the command there again.'
    )


def assignments(course: Path) -> list[str]:
    """The names of the assignments in ``solutions/``, in order.

    Raises
    ------
    CourseError
        There are none.
    """
    folder = course / "solutions"
    found = sorted({path.parent.name for path in folder.glob("*/*.ipynb")}) if folder.is_dir() else []
    if not found:
        raise CourseError(f"{folder} should hold one folder of notebooks for each assignment, but it holds none.")
    return found


def nbgrader_api(course: Path, settings: Mapping[str, Mapping[str, Any]] | None = None) -> Any:
    """nbgrader's Python interface for a course folder, with the settings of its ``nbgrader_config.py``.

    Parameters
    ----------
    course
        The folder with ``nbgrader_config.py``.
    settings
        Further settings, class → name → value, that go before those of the file.
    """
    from nbgrader.apps import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config, PyFileConfigLoader

    _find_programs()
    config = PyFileConfigLoader(CONFIG_FILE, path=str(course)).load_config()
    config.merge(Config({name: Config(dict(values)) for name, values in (settings or {}).items()}))
    config.CourseDirectory.root = str(course)
    # Without an exchange folder nbgrader warns at every start; this course is handed out and in by other means.
    config.Exchange.root = str(course)
    logger = logging.getLogger("traitlets")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    logger.propagate = False
    return NbGraderAPI(coursedir=CourseDirectory(config=config), config=config)


def _find_programs() -> None:
    """Make nbgrader find `alembic`, which it starts by name for a gradebook, also without an activated environment."""
    folder = sysconfig.get_path("scripts")
    places = os.environ.get("PATH", "").split(os.pathsep)
    if folder not in places:
        os.environ["PATH"] = os.pathsep.join([folder, *places])


def run_step(step: str, result: Mapping[str, Any]) -> None:
    """Raise what nbgrader reports about a step that failed.

    Raises
    ------
    CourseError
        The step failed; the end of nbgrader's own log is in the message.
    """
    if not result["success"]:
        log = str(result.get("log") or result.get("error") or "").strip().splitlines()
        raise CourseError(f"nbgrader could not {step}. The end of its log:\n" + "\n".join(log[-30:]))
