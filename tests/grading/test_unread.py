"""An answer that Python could not read is no answer that was not begun: grading tells where its writing is wrong."""

from __future__ import annotations

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from nnkit.exercises.newest_cell import unread
from nnkit.exercises.terms import CRASHED, NOT_ATTEMPTED, PASSED
from nnkit.grading.marks.outcomes import Outcome, notebook_outcomes
from nnkit.grading.marks.scoring import read_marks
from nnkit.grading.run.execution import sandbox_for
from nnkit.grading.run.notebook import Plan, grade_notebook
from nnkit.grading.run.sandbox import why_no_sandbox
from tests.grading.small_course import flags

NO_COLON = "def double(x)\n    return 2 * x"
STUB = "def double(x):\n    raise NotImplementedError"
RIGHT = "def double(x):\n    return 2 * x"


def cells(answer: str, *others: str) -> list[NotebookNode]:
    marks = flags("test_double", grade=True, locked=True, points=2)
    return [
        new_code_cell(answer, metadata={"nbgrader": flags("double", solution=True)}),
        *map(new_code_cell, others),
        new_code_cell('check("double")', metadata={"nbgrader": marks}),
    ]


def graded(answer: str, *others: str) -> tuple[Outcome, float | None]:
    """How it ended, and its points."""
    notebook = new_notebook(cells=cells(answer, *others))
    grade_notebook(notebook, sandbox_for("welcome", why_no_sandbox() == ""), Plan(seed="5" * 64))
    return notebook_outcomes(notebook)[0], read_marks(notebook).scores["test_double"]


UNREAD = {
    "without its colon": ([NO_COLON], "SyntaxError in line 1, `def double(x)`: expected ':'"),
    "its first word misspelt": (["dfe double(x):\n    return 2 * x"], "line 1, `dfe double(x):`: invalid syntax"),
    "behind a magic": ([f"%time\n{NO_COLON}"], "SyntaxError in line 2, `def double(x)`"),
    "in a cell of its own": ([STUB, NO_COLON], "SyntaxError in line 1, `def double(x)`"),
}


@pytest.mark.parametrize(("written", "told"), UNREAD.values(), ids=UNREAD)
def test_an_answer_that_cannot_be_read_is_told_so_and_has_no_points(written: list[str], told: str) -> None:
    outcome, points = graded(*written)
    assert outcome.status == CRASHED
    assert outcome.cause is not None
    assert outcome.cause.startswith("Python could not read the cell with this answer: ")
    assert told in outcome.cause
    assert outcome.kind == "raised: SyntaxError"
    assert points == 0


OTHERWISE = {
    "nothing written": ([""], NOT_ATTEMPTED),
    "something else that cannot be read": ([STUB, "print('a'"], NOT_ATTEMPTED),
    "an error of that name that was only raised": ([STUB, "def double2(x): pass\nraise SyntaxError"], NOT_ATTEMPTED),
    "an answer, and a mistake elsewhere": ([RIGHT, "print('a'"], PASSED),
    "a first try that cannot be read": ([NO_COLON, RIGHT], PASSED),
}


@pytest.mark.parametrize(("written", "status"), OTHERWISE.values(), ids=OTHERWISE)
def test_any_other_answer_ends_as_it_did(written: list[str], status: str) -> None:
    outcome, points = graded(*written)
    assert outcome.status == status
    assert points == (2 if status == PASSED else 0)


def test_what_a_cell_says_of_itself_proves_nothing() -> None:
    """Its text is read again outside: one that shows an error of that name is none that cannot be read."""
    assert unread(["raise SyntaxError('def double(x)')", "%%time\nx = 1", "!ls", "await double(2)"]) is None
    outcome, _ = graded(f"{STUB}\nraise SyntaxError('invalid')")
    assert outcome.status == NOT_ATTEMPTED


def test_the_last_cell_that_cannot_be_read_is_told_with_its_error() -> None:
    verdict = unread([NO_COLON, "def double(x):\nreturn 2 * x", RIGHT])
    assert verdict is not None
    assert "IndentationError in line 2, `return 2 * x`: expected an indented block" in verdict.message
    assert verdict.kind == "raised: IndentationError"


def test_a_text_of_any_kind_is_read_without_harm() -> None:
    for text in ("\0", "(" * 5000, "def double(x)\n" + "x" * 100_000, "\ud800", "x = " + "-" * 100_000 + "1"):
        verdict = unread([text])
        assert verdict is None or len(verdict.message) < 500
