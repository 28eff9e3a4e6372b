"""A notebook that a student has plainly left out has no points and asks for nobody, whichever command grades it."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest

from nnkit.grading.course.steps import nbgrader_api, run_step
from nnkit.grading.intake.standing_in import NEEDS_PERSON, NOT_HANDED_IN
from nnkit.grading.marks.class_table import Entry, read_class
from nnkit.grading.run.reports import read_noted
from tests.grading import small_course
from tests.grading.routes import by_class, by_interface
from tests.grading.small_course import ASSIGNMENT, hand_in, solved
from tests.grading.test_same_marks import assert_same
from tests.grading.whole_class import SECRET

LEAVES_OUT, UNEXPLAINED, BOTH = "ada", "ben", "cyd"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An assignment of two notebooks, of which two students have handed in one."""
    folder = small_course.make_course(tmp_path_factory.mktemp("two") / "course")
    other = small_course.source_notebook()
    other.cells = [one for one in other.cells if one.id in ("imports", "double", "test_double", "why")]
    nbformat.write(other, folder / "solutions" / ASSIGNMENT / "other.ipynb")
    run_step("generate", nbgrader_api(folder).generate_assignment(ASSIGNMENT))
    for student in (LEAVES_OUT, UNEXPLAINED, BOTH):
        hand_in(folder, student, solved(folder))
    submitted = folder / "submitted"
    (submitted / UNEXPLAINED / ASSIGNMENT / "mine.txt").write_text("def double(x): return 2 * x")
    shutil.copy(folder / "course" / ASSIGNMENT / "other.ipynb", submitted / BOTH / ASSIGNMENT)
    return folder


def of_other(course: Path, student: str) -> list[Entry]:
    entries = read_class(nbgrader_api(course), ASSIGNMENT)
    return [one for one in entries if (one.student, one.notebook) == (student, "other")]


def test_a_notebook_that_is_plainly_left_out_has_no_points_and_waits_for_nobody(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NNKIT_GRADING_SECRET", SECRET)
    shutil.copytree(course, tmp_path / "course")
    for folder, route in ((course, by_interface), (tmp_path / "course", by_class)):
        done = route(folder, ASSIGNMENT, [])
        assert done.returncode == 0, done.stderr[-3000:]
        left_out, unexplained = of_other(folder, LEAVES_OUT), of_other(folder, UNEXPLAINED)
        assert [(one.outcome, one.points, one.needs_person) for one in left_out] == [(NOT_HANDED_IN, 0.0, False)] * 2
        assert [(one.outcome, one.needs_person) for one in unexplained] == [(NEEDS_PERSON, True)] * 2
        assert {one.outcome for one in of_other(folder, BOTH)} == {"not attempted"}
        noted = read_noted(folder / "autograded" / LEAVES_OUT / ASSIGNMENT, ["other"], lambda name: None)["other"]
        assert [one.kind for one in noted] == ["handed in"]
        assert "'small.ipynb' (graded)" in noted[0].sentence
    assert_same(course, tmp_path / "course")

    # Once it is there, it is graded.
    shutil.copy(course / "course" / ASSIGNMENT / "other.ipynb", course / "submitted" / LEAVES_OUT / ASSIGNMENT)
    assert by_interface(course, ASSIGNMENT, []).returncode == 0
    assert {one.outcome for one in of_other(course, LEAVES_OUT)} == {"not attempted"}
