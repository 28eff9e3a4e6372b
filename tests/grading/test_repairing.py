"""What a notebook gave its readers is there when answers are judged, and what they wrote elsewhere is not lost."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from nnkit.grading.intake.given import setup_sources
from nnkit.grading.intake.released import Master
from nnkit.grading.intake.repair import RepairSubmission
from nnkit.grading.run.execution import sandbox_for
from nnkit.grading.run.notebook import Plan, grade_notebook
from nnkit.grading.run.sandbox import why_no_sandbox

from .small_course import cell, flags

TEST = 'check("double")'
ANSWER = "def double(x):\n    return helper(np.add(x, x))"


def handed_out() -> NotebookNode:
    """Imports and a helper that an answer needs, the place for the answer, and its test."""
    return new_notebook(
        cells=[
            new_code_cell("import numpy as np\nimport absent_here\n\nfrom nnkit.exercises import check", id="imports"),
            new_code_cell("def helper(x):\n    return x * one", id="helper"),
            new_code_cell("one = 1", id="one", metadata={"nbgrader": flags("one", locked=True)}),
            new_code_cell(
                "def double(x):\n    pass", id="double", metadata={"nbgrader": flags("double", solution=True)}
            ),
            new_code_cell(TEST, id="test_double", metadata={"nbgrader": flags("test_double", True, False, True, 2)}),
        ]
    )


def answered() -> NotebookNode:
    notebook = copy.deepcopy(handed_out())
    cell(notebook, "double").source = ANSWER
    cell(notebook, "imports").source = "import numpy as np\n\nfrom nnkit.exercises import check"
    return notebook


def passes(notebook: NotebookNode, setup: bool = True) -> bool:
    """Whether the check of this submission passes, with or without what the released notebook gives."""
    sources = tuple(setup_sources(handed_out())) if setup else ()
    grade_notebook(notebook, sandbox_for("welcome", why_no_sandbox() == ""), Plan(seed="5" * 64, setup=sources))
    return not any(output.output_type == "error" for output in cell(notebook, "test_double").outputs)


def repaired(notebook: NotebookNode, monkeypatch: pytest.MonkeyPatch) -> NotebookNode:
    masters = {}
    for one in handed_out().cells:
        if own := one.metadata.get("nbgrader"):
            name, points = own["grade_id"], float(own.get("points", 0))
            masters[name] = Master(
                name, "code", one.source, own["locked"], own["grade"], own["solution"], False, points
            )
    monkeypatch.setattr("nnkit.grading.intake.repair.read_masters", lambda *_: masters)
    monkeypatch.setattr("nnkit.grading.intake.repair.released_notebook", lambda *_: handed_out())
    where = {"db_url": "", "assignment": "01", "notebook": "small", "student": "ada"}
    found, _ = RepairSubmission(parent=None).preprocess(notebook, {"nbgrader": where})
    return found


def without(notebook: NotebookNode, *names: str) -> NotebookNode:
    notebook.cells = [one for one in notebook.cells if one.id not in names]
    return notebook


def deleted() -> NotebookNode:
    return without(answered(), "imports")


def all_deleted() -> NotebookNode:
    return without(answered(), "imports", "helper", "one")


def overwritten() -> NotebookNode:
    notebook = answered()
    cell(notebook, "imports").source = "x = 1"
    return notebook


def markdown() -> NotebookNode:
    notebook = answered()
    imports = cell(notebook, "imports")
    imports.cell_type = "markdown"
    del imports["outputs"], imports["execution_count"]
    return notebook


def moved() -> NotebookNode:
    notebook = answered()
    notebook.cells.append(notebook.cells.pop(0))
    return notebook


def crashes() -> NotebookNode:
    notebook = answered()
    cell(notebook, "imports").source = "1 / 0\nimport numpy as np"
    return notebook


DAMAGES = [deleted, all_deleted, overwritten, markdown, moved, crashes]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_an_answer_counts_although_what_the_notebook_gave_is_lost(damage: Callable[[], NotebookNode]) -> None:
    assert passes(damage())


def test_without_the_set_up_it_would_not() -> None:
    assert passes(answered(), setup=False)
    assert not passes(all_deleted(), setup=False)


def test_what_students_import_themselves_counts() -> None:
    notebook = deleted()
    cell(notebook, "double").source = "class np:\n    add = staticmethod(lambda x, y: 'own')\n\n" + ANSWER
    assert not passes(notebook)


def test_an_answer_is_never_given() -> None:
    given = handed_out()
    given.cells.append(new_code_cell("def double(x):\n    return 2 * x\n\ntriple = 3", id="shown"))
    assert "def double" not in "".join(setup_sources(given))
    assert not passes(without(answered(), "double"))


@pytest.mark.parametrize(
    "typed",
    [
        f"{ANSWER}\n\n{TEST}",
        f"{TEST}\n\n{ANSWER}",
        ANSWER,
        f"import numpy as np\n\n{ANSWER}\n\nprint(double(2))\n{TEST}",
        f"from numpy import *\n{ANSWER}\n{TEST}  # mine",
    ],
    ids=["above", "below", "in place of it", "with more", "test changed"],
)
def test_an_answer_typed_into_the_test_cell_counts(typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = without(answered(), "double")
    cell(notebook, "test_double").source = typed
    lost = copy.deepcopy(notebook)
    notebook = repaired(notebook, monkeypatch)
    assert cell(notebook, "test_double").source == TEST
    assert any("kept in a cell before it" in repair for repair in notebook.metadata.nnkit.repairs)
    assert passes(notebook)
    cell(lost, "test_double").source = TEST
    assert not passes(lost)


@pytest.mark.parametrize("test", ["", "pass", "assert True", 'print("passed")', f"# {TEST}"])
def test_a_test_that_was_only_changed_leaves_nothing_behind(test: str, monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = answered()
    cell(notebook, "test_double").source = test
    before = len(notebook.cells)
    notebook = repaired(notebook, monkeypatch)
    assert (len(notebook.cells), cell(notebook, "test_double").source) == (before, TEST)


def test_a_notebook_that_was_not_handed_out_gives_nothing() -> None:
    assert setup_sources(None) == []
    assert setup_sources(new_notebook()) == []
