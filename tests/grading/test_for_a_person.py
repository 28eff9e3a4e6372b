"""What `nnkit grade` lists for a person is what still waits for one."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from nnkit.cli import grade
from nnkit.grading.intake.standing_in import NEEDS_PERSON, stand_in
from nnkit.grading.marks.class_table import Entry
from nnkit.grading.marks.kept_marks import BEFORE, CONFIRM, SameAnswers
from nnkit.grading.marks.page import write_class_report
from tests.grading.small_course import flags

MISSING = "No notebook 'small.ipynb' was handed in, and nothing else was."


def entry(exercise: str, outcome: str, cause: str | None, waits: bool, by_hand: bool) -> Entry:
    return Entry("ada", "01", "small", exercise, outcome, cause, 1.0, 2.0, waits, by_hand=by_hand)


def listed(*entries: Entry) -> list[str]:
    return grade._for_a_person(list(entries))


def test_what_a_person_has_resolved_is_listed_no_more() -> None:
    open_one = entry("double", NEEDS_PERSON, MISSING, True, False)
    done = entry("triple", NEEDS_PERSON, MISSING, False, True)
    assert listed(open_one, done) == [f"ada, small: needs a person. {MISSING}"]
    assert listed(done, done) == []


def test_a_mark_for_another_answer_is_listed_with_what_confirms_it() -> None:
    (said,) = listed(entry("why", NEEDS_PERSON, None, True, True), entry("double", "passed", None, False, True))
    assert said.startswith("ada, small, why: It has a mark by hand that was given before this grading. Confirm")


def graded(double: str = "def double(x): return 2 * x", why: str = "Because.", points: int = 2) -> NotebookNode:
    def test(name: str) -> dict[str, object]:
        return {"nbgrader": flags(name, grade=True, locked=True, points=points)}

    return new_notebook(
        cells=[
            new_code_cell("three = 3", metadata={"nbgrader": flags("given", locked=True)}),
            new_code_cell(double, metadata={"nbgrader": flags("double", solution=True)}),
            new_code_cell('check("double")', metadata=test("test_double")),
            new_markdown_cell(why, metadata={"nbgrader": flags("why", grade=True, solution=True, points=3)}),
        ]
    )


def kept(before: NotebookNode, now: NotebookNode) -> set[str]:
    """The cells whose marks stay final."""
    same = SameAnswers({"small": nbformat.writes(before)})
    assert not same.is_same("another", "why", now)
    return {name for name in ("test_double", "why", "none") if same.is_same("small", name, now)}


def test_an_answer_is_the_same_where_its_text_and_its_points_are() -> None:
    assert kept(graded(), graded()) == {"test_double", "why"}
    assert kept(graded(), graded(why="It is.")) == {"test_double"}
    assert kept(graded(), graded(double="def double(x): return x")) == {"why"}
    assert kept(graded(), graded(points=1)) == {"why"}
    helper = graded()
    helper.cells.insert(0, new_code_cell("def helper(x): return x"))
    assert kept(graded(), helper) == {"why"}  # what is tested may hang on it
    given = graded()
    given.cells[0].source = "three = 4"
    assert kept(graded(), given) == {"test_double", "why"}


def standing_in(files: str) -> NotebookNode:
    found = graded()
    found.metadata = stand_in("It is not there.", files=files).metadata
    return found


def test_where_nothing_was_run_the_files_say_whether_it_is_the_same() -> None:
    assert kept(standing_in("one"), standing_in("one")) == {"test_double", "why"}
    assert kept(standing_in("one"), standing_in("two")) == set()
    assert kept(standing_in("one"), graded()) == set()
    assert kept(standing_in(""), standing_in("")) == set()  # nobody knows
    assert SameAnswers({"small": "no notebook"}).is_same("small", "why", graded()) is False


def test_the_report_tells_a_mark_for_another_answer_from_what_has_no_mark(tmp_path: Path) -> None:
    entries = [
        entry("double", "wrong", "It is the whole.", True, True),
        entry("why", NEEDS_PERSON, None, True, False),
        entry("triple", NEEDS_PERSON, MISSING, False, True),
    ]
    for names in (True, False):
        write_class_report(tmp_path / "page.html", "01", entries, [], names=names)
        page = (tmp_path / "page.html").read_text("utf-8")
        first = page[page.index("Needs a person first") : page.index('id="lecture"')]
        assert first.count(CONFIRM) == 1
        assert (BEFORE in first) == names
        assert "1 written answer" in first
        assert MISSING not in first
