"""The pages that students get are written side by side, by nbgrader's own step; the gradebook is only read."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from nnkit.grading.course.folder import CourseError
from nnkit.grading.course.steps import nbgrader_api, run_step
from nnkit.grading.processes import warm_context

Settings = Mapping[str, Mapping[str, Any]]


def write_feedback(
    api: Any,
    assignment: str,
    students: Sequence[str],
    jobs: int,
    settings: Settings | None = None,
    told: Callable[[], Any] = lambda: None,
) -> list[str]:
    """Write the feedback on what some students have handed in.

    Parameters
    ----------
    api : Any
        See `nnkit.grading.course.steps.nbgrader_api`.
    assignment : str
        Which.
    students : Sequence[str]
        Whose.
    jobs : int
        How many processes.
    settings : Mapping or None
        What goes before the settings of the course, as for `nbgrader_api`.
    told : Callable[[], Any]
        Called after each student.

    Returns
    -------
    list of str
        What failed, in sentences.
    """
    problems: list[str] = []
    folder = str(api.coursedir.root)
    with ProcessPoolExecutor(jobs, mp_context=warm_context(), initializer=_quietly) as pool:
        waiting = {pool.submit(_feedback, folder, assignment, student, settings): student for student in students}
        for done in as_completed(waiting):
            problem = done.result()
            if problem:
                problems.append(problem)
            told()
    return sorted(problems)


def _quietly() -> None:
    logging.getLogger("traitlets").addHandler(logging.NullHandler())


def _feedback(folder: str, assignment: str, student: str, settings: Settings | None) -> str:
    api = nbgrader_api(Path(folder), settings)
    course = api.coursedir
    try:
        step = f"write feedback on {assignment} for {student}"
        run_step(step, api.generate_feedback(assignment, student))
    except CourseError as problem:
        return str(problem)
    pages = Path(course.format_path(course.feedback_directory, student, assignment))
    return "" if any(pages.glob("*.html")) else f"There is no feedback in {pages}."
