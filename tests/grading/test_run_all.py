"""A notebook that is handed out runs to its end, and what lets it do so is worth no point."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from nnkit.grading.course.execute import run_notebook
from nnkit.grading.course.run_all import MAY_RAISE
from nnkit.grading.course.steps import nbgrader_api, run_step
from tests.grading import small_course
from tests.grading.small_course import ASSIGNMENT, NOTEBOOK, cell, hand_in, released, solved
from tests.grading.whole_class import counts, database, grade

CHECKS = ("test_double", "test_triple")
WRONG = "def double(x):\n    return 3 * x"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = small_course.make_course(tmp_path_factory.mktemp("run_all"))
    run_step("generate", nbgrader_api(course).generate_assignment(ASSIGNMENT))
    return course


def test_checks_and_only_checks_may_raise(course: Path) -> None:
    source = nbformat.read(course / "solutions" / ASSIGNMENT / f"{NOTEBOOK}.ipynb", as_version=4)
    assert not [one for one in source.cells if MAY_RAISE in one.metadata.get("tags", [])], "a source stops at a mistake"
    assert [one.id for one in released(course).cells if MAY_RAISE in one.metadata.get("tags", [])] == list(CHECKS)


def test_run_all_comes_to_the_end_of_a_fresh_notebook(course: Path, tmp_path: Path) -> None:
    ran = run_notebook(released(course), tmp_path)
    assert all(one.execution_count for one in ran.cells if one.cell_type == "code")
    for name in CHECKS:
        assert [output for output in cell(ran, name).outputs if output.output_type == "error"], name


@pytest.mark.parametrize("command", ["nnkit grade", "nbgrader autograde"])
def test_a_wrong_answer_gets_nothing_for_the_tag(course: Path, command: str) -> None:
    tagged, plain, everywhere = (solved(course) for _ in range(3))
    for notebook in (tagged, plain, everywhere):
        cell(notebook, "double").source = WRONG
    for one in plain.cells:
        one.metadata.pop("tags", None)
    for one in everywhere.cells:
        one.metadata["tags"] = [MAY_RAISE]
    students = {"tagged": tagged, "plain": plain, "everywhere": everywhere, "right": solved(course)}
    for student, notebook in students.items():
        hand_in(course, student, notebook)
    words = command.split()
    if words[0] == "nbgrader":
        done = small_course.nbgrader(course, "autograde", ASSIGNMENT, "--force")
        assert done.returncode == 0, done.stderr
    else:
        counts(grade(course))
    with Gradebook(database(course)) as book:
        got = {
            (student, name): book.find_grade(name, NOTEBOOK, ASSIGNMENT, student).auto_score
            for student in students
            for name in CHECKS
        }
    for student in ("tagged", "plain", "everywhere"):
        assert (got[student, "test_double"], got[student, "test_triple"]) == (0, 1), student
    assert (got["right", "test_double"], got["right", "test_triple"]) == (2, 1)
