"""nbgrader's steps as function calls, for the course in a given folder."""

from __future__ import annotations

import logging
import os
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nnkit.grading.course.folder import CONFIG_FILE, CourseError


def nbgrader_api(course: Path, settings: Mapping[str, Mapping[str, Any]] | None = None) -> Any:
    """nbgrader's Python interface for a course folder, with the settings of its ``nbgrader_config.py``.

    Parameters
    ----------
    course : Path
        The folder with ``nbgrader_config.py``.
    settings : Mapping[str, Mapping[str, Any]] or None
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

    Parameters
    ----------
    step : str
        What was to be done, as it stands after "nbgrader could not".
    result : Mapping[str, Any]
        What nbgrader's Python interface returned for it.

    Raises
    ------
    CourseError
        The step failed; the end of nbgrader's own log is in the message.

    Examples
    --------
    >>> run_step("generate 09_none", {"success": False, "log": "no such folder"})
    Traceback (most recent call last):
        ...
    nnkit.grading.course.folder.CourseError: nbgrader could not generate 09_none. The end of its log:
    no such folder
    """
    if not result["success"]:
        log = str(result.get("log") or result.get("error") or "").strip().splitlines()
        raise CourseError(f"nbgrader could not {step}. The end of its log:\n" + "\n".join(log[-30:]))
