"""A check that itself fails is a person's business, and says nothing of the instructor's machine to students."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from nnkit.exercises.judge.report import Report
from nnkit.exercises.judge.verdict import Verdict
from nnkit.exercises.terms import CRASHED, INSTRUCTOR_FOLDER_VARIABLE
from nnkit.grading.course.steps import nbgrader_api, run_step
from nnkit.grading.intake.places import gather_submission
from nnkit.grading.run import notebook
from nnkit.grading.run.assignment import read_assignment
from nnkit.grading.run.execution import close_sandboxes
from nnkit.grading.run.submission import GradedNotebook, Submission, grade_submission
from tests.grading import small_course
from tests.grading.small_course import ASSIGNMENT, NOTEBOOK, hand_in, solved

REASON = "The images that grade this task are not in the folder /srv/private/instructor."


def graded(course: Path, **changes: object) -> GradedNotebook:
    api = nbgrader_api(course)
    assignment = replace(read_assignment(api, ASSIGNMENT), **changes)
    gathered = gather_submission(api.coursedir, "submitted", "ada", ASSIGNMENT)
    try:
        return grade_submission(assignment, Submission("ada", gathered, {NOTEBOOK: b"key"})).notebooks[NOTEBOOK]
    finally:
        close_sandboxes()


@pytest.fixture
def course(tmp_path: Path) -> Path:
    found = small_course.make_course(tmp_path)
    run_step("generate", nbgrader_api(found).generate_assignment(ASSIGNMENT))
    hand_in(found, "ada", solved(found))
    return found


def test_the_instructor_is_told_why_and_the_student_is_not(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(name: str, *_: object, **__: object) -> Report:
        return Report.on(name, Verdict(CRASHED, REASON, unjudged=True))

    monkeypatch.setattr(notebook, "evaluate", failing)
    found = graded(course)
    outcome = next(one for one in found.outcomes if one.exercise == "double")
    assert (outcome.status, outcome.cause) == ("needs a person", REASON)
    assert found.marks.scores["test_double"] == 0.0
    assert "test_double" in found.marks.for_a_person
    shown = [output for cell in _cells(found) for output in cell.get("outputs", [])]
    assert "a person has to look" in str(shown)
    assert "private" not in str(shown)


def test_the_same_answer_passes_where_the_check_does_not_fail(course: Path) -> None:
    assert graded(course).marks.scores["test_double"] == 2.0


def test_a_machine_without_the_instructors_folder_gets_its_files(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    judged = notebook.evaluate

    def looking(*given: Any, **more: Any) -> Report:
        folder = Path(os.environ[INSTRUCTOR_FOLDER_VARIABLE])
        seen.append({path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.npz")})
        return judged(*given, **more)

    monkeypatch.setattr(notebook, "evaluate", looking)
    files = {"07_mnist/instructor/held_out.npz": b"digits"}
    found = graded(course, instructors=tmp_path / "not here", instructor_files=files)
    assert found.marks.scores["test_double"] == 2.0
    assert seen == [files]


def _cells(found: GradedNotebook) -> list[NotebookNode]:
    return list(nbformat.reads(found.text, as_version=4).cells)
