"""The hidden seed: another one for every submission, the same when graded again, whichever way nbgrader is started."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from nbformat import NotebookNode

from nnkit.exercises.terms import REPORT_TYPE
from nnkit.grading.course.steps import nbgrader_api, run_step
from nnkit.grading.run.seeds import SECRET_FILE, instructor_secret, notebook_key, submission_seed
from tests.grading import small_course
from tests.grading.small_course import ASSIGNMENT, cell, graded, hand_in, solved


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = small_course.make_course(tmp_path_factory.mktemp("seeds"))
    assert small_course.nbgrader(folder, "generate_assignment", ASSIGNMENT).returncode == 0
    notebook = solved(folder)
    for student in ("one", "two"):
        hand_in(folder, student, notebook)
    changed = solved(folder)
    changed.cells[0].source = "# Another title"
    hand_in(folder, "three", changed)
    return folder


def seed_of(notebook: NotebookNode) -> int:
    report = next(
        output["data"][REPORT_TYPE] for output in cell(notebook, "test_double").outputs if REPORT_TYPE in output["data"]
    )
    return int(report["seed"])


def test_the_command_and_the_python_interface_draw_the_same_and_every_submission_its_own(course: Path) -> None:
    done = small_course.nbgrader(course, "autograde", ASSIGNMENT)
    assert done.returncode == 0, done.stderr
    by_command = {student: seed_of(graded(course, student)) for student in ("one", "two", "three")}
    assert len(set(by_command.values())) == 3
    assert 1 not in by_command.values()
    api = nbgrader_api(course)
    run_step("autograde", api.autograde(ASSIGNMENT, "one"))
    assert seed_of(graded(course, "one")) == by_command["one"]


def test_saving_the_notebook_again_does_not_change_its_seed(course: Path) -> None:
    """Only what the cells say counts, not outputs or what was clicked."""
    api = nbgrader_api(course)
    run_step("autograde", api.autograde(ASSIGNMENT, "two"))
    before = seed_of(graded(course, "two"))
    notebook = solved(course)
    notebook.cells[1].execution_count = 17
    notebook.cells[1].metadata["scrolled"] = True
    hand_in(course, "two", notebook)
    run_step("autograde", api.autograde(ASSIGNMENT, "two"))
    assert seed_of(graded(course, "two")) == before


def test_the_formgrader_uses_the_same_settings(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its button runs nbgrader's Python interface with the settings that its server extension loads."""
    from nbgrader.apps import NbGraderAPI
    from nbgrader.converters import Autograde
    from nbgrader.server_extensions.formgrader.formgrader import FormgradeExtension

    monkeypatch.chdir(course)
    FormgradeExtension.clear_instance()
    formgrader = FormgradeExtension()
    formgrader.load_cwd_config = True
    config = formgrader.load_config()
    formgrader.coursedir = None
    steps = Autograde(coursedir=NbGraderAPI(config=config).coursedir, config=config).autograde_preprocessors
    assert "nnkit.grading.preprocessors.ExecuteSubmission" in steps
    assert "nnkit.grading.preprocessors.RequireVerdict" in steps


def test_the_secret_is_made_once_and_private(tmp_path: Path) -> None:
    secret = instructor_secret(tmp_path)
    assert instructor_secret(tmp_path) == secret
    assert len(secret) == 64
    assert [path.name for path in tmp_path.iterdir()] == [SECRET_FILE]
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / SECRET_FILE).stat().st_mode) == 0o600


def test_the_secret_may_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNKIT_GRADING_SECRET", "a secret of the instructor")
    assert instructor_secret(tmp_path) == b"a secret of the instructor"
    assert not any(tmp_path.iterdir())


def test_a_secret_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / SECRET_FILE).write_text("\n")
    with pytest.raises(ValueError, match="at least 16 characters, but holds 0"):
        instructor_secret(tmp_path)


def test_parts_cannot_be_shifted() -> None:
    """("ab", "c") and ("a", "bc") are two submissions."""
    secret = b"0123456789abcdef"
    seeds = {
        submission_seed(notebook_key(secret, "ab", "c", "n"), ["x"]),
        submission_seed(notebook_key(secret, "a", "bc", "n"), ["x"]),
        submission_seed(notebook_key(secret, "ab", "c", "n"), ["x", ""]),
        submission_seed(notebook_key(b"0123456789abcdeF", "ab", "c", "n"), ["x"]),
    }
    assert len(seeds) == 4
