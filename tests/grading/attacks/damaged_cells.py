"""Cells that were deleted, moved, doubled, split or turned into something else, and what stands in their metadata.

Whoever has answered gets the points, wherever a careful person would find the answer; whoever changes what is said
about a cell changes nothing.
"""

from __future__ import annotations

import copy
import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.preprocessors import CheckCellMetadata, DeduplicateIds
from nbgrader.utils import determine_grade

from nnkit.grading.marks.outcomes import cell_outcome
from nnkit.grading.run.execution import sandbox_for
from nnkit.grading.run.notebook import Plan, grade_notebook
from tests.grading.attacks.attack import Attack
from tests.grading.attacks.making import (
    FILE,
    NOTHING,
    RIGHT,
    RIGHT_ANSWER,
    WRONG,
    WRONG_ANSWER,
    cell,
    points_of,
    solved,
    untouched_notebook,
)

KIND = "cells"

Change = Callable[[NotebookNode], None]
Control = Callable[[Path], None]
STUB = "def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError"
# Answers that need what the notebook has imported and provided.
NEEDS_IMPORTS = "def double(x):\n    warnings.warn('needs the imports')\n    return 2 * x"


def entry(
    name: str,
    sentence: str,
    change: Change,
    outcomes: Mapping[str, str] = RIGHT,
    control: Control | None = None,
    overwrites: bool = False,
    **answers: str,
) -> Attack:
    """A solved notebook that was changed."""

    def made(course: Path) -> NotebookNode:
        notebook = solved(course, **answers)
        change(notebook)
        return notebook

    def hand_in(course: Path, folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / FILE).write_text(json.dumps(made(course)), encoding="utf-8")

    control = control or is_lost(made, overwrites)
    return Attack(KIND, f"cells-{name}", sentence, hand_in, points_of(outcomes), dict(outcomes), control=control)


def is_lost(made: Callable[[Path], NotebookNode], overwrites: bool) -> Control:
    """The control: run as it was handed in, without repair and without what was provided, it does not get all.

    Where it `overwrites`, locked cells have their released text again: that is all that nbgrader itself repairs.
    """

    def control(course: Path) -> None:
        notebook = nbformat.reads(json.dumps(made(course)), as_version=4)
        for name in ("test_double", "test_triple", "provided") if overwrites else ():
            cell(notebook, name).source = cell(untouched_notebook(course), name).source
        for one in notebook.cells:
            if not isinstance(one.metadata.get("nbgrader", {}), dict):
                del one.metadata["nbgrader"]
        grade_notebook(notebook, sandbox_for("welcome"), Plan("5" * 64))
        ends = {one.metadata.nbgrader.grade_id: cell_outcome(one).status for one in notebook.cells if is_test(one)}
        assert not (ends.get("test_double") == ends.get("test_triple") == "passed")

    return control


def is_test(one: NotebookNode) -> bool:
    flags = one.metadata.get("nbgrader", {})
    return one.cell_type == "code" and bool(flags.get("grade") and flags.get("grade_id") and not flags.get("solution"))


def gives(score: float, shown: tuple[NotebookNode, ...] = (), **flags: Any) -> Control:
    """The control: stock nbgrader gives so many points to a test cell that was made like this and shows that."""

    def control(course: Path) -> None:
        one = cell(untouched_notebook(course), "test_double")
        one.metadata["nbgrader"].update(flags)
        one.outputs = list(shown)
        assert determine_grade(one, logging.getLogger("control"))[0] == score

    return control


def is_refused(change: Change) -> Control:
    """The control: stock nbgrader gives up at this, and with it the batch."""

    def control(course: Path) -> None:
        notebook = solved(course)
        change(notebook)
        try:
            CheckCellMetadata().preprocess(notebook, {})
        except Exception:
            return
        before = [one.metadata.get("nbgrader") for one in notebook.cells]
        DeduplicateIds().preprocess(notebook, {})
        assert before != [one.metadata.get("nbgrader") for one in notebook.cells]

    return control


def no_such_kernel(course: Path) -> None:
    with pytest.raises(NoSuchKernel):
        KernelSpecManager().get_kernel_spec("ir")


def without(*names: str) -> Change:
    def change(notebook: NotebookNode) -> None:
        notebook.cells = [one for one in notebook.cells if one.id not in names]

    return change


def text_of(name: str, source: str) -> Change:
    def change(notebook: NotebookNode) -> None:
        cell(notebook, name).source = source

    return change


def of_type(kind: str, *names: str) -> Change:
    def change(notebook: NotebookNode) -> None:
        for name in names:
            one = cell(notebook, name)
            one.cell_type = kind
            if kind != "code":
                one.pop("outputs", None), one.pop("execution_count", None)

    return change


def moved(name: str, behind: str | None) -> Change:
    """A cell is dragged behind another one, or to the top."""

    def change(notebook: NotebookNode) -> None:
        one = cell(notebook, name)
        notebook.cells.remove(one)
        position = 0 if behind is None else notebook.cells.index(cell(notebook, behind)) + 1
        notebook.cells.insert(position, one)

    return change


def flagged(*names: str, **flags: Any) -> Change:
    def change(notebook: NotebookNode) -> None:
        for name in names:
            cell(notebook, name).metadata["nbgrader"].update(flags)

    return change


def tagged(*tags: str) -> Change:
    def change(notebook: NotebookNode) -> None:
        for one in notebook.cells:
            one.metadata["tags"] = list(tags)

    return change


def both(*changes: Change) -> Change:
    def change(notebook: NotebookNode) -> None:
        for one in changes:
            one(notebook)

    return change


def doubled(notebook: NotebookNode) -> None:
    notebook.cells = [copy.deepcopy(one) for one in notebook.cells for _ in range(2)]


def own_cell(source: str, behind: str, metadata: dict[str, Any] | None = None) -> Change:
    def change(notebook: NotebookNode) -> None:
        position = notebook.cells.index(cell(notebook, behind)) + 1
        notebook.cells.insert(position, new_code_cell(source, id=f"mine-{position}", metadata=metadata or {}))

    return change


def copied(name: str, behind: str, **changes: str) -> Change:
    """A cell is copied and pasted, with all that is said about it."""

    def change(notebook: NotebookNode) -> None:
        pasted = copy.deepcopy(cell(notebook, name))
        pasted.update(changes)
        pasted["id"] = f"pasted-{len(notebook.cells)}"
        notebook.cells.insert(notebook.cells.index(cell(notebook, behind)) + 1, pasted)

    return change


def merged(notebook: NotebookNode) -> None:
    """Shift+M: the answer and its test have become one cell."""
    cell(notebook, "double").source += '\n\ncheck("double")'
    without("test_double")(notebook)


def split(notebook: NotebookNode) -> None:
    """Ctrl+Shift+minus in the middle of an answer; JupyterLab gives both halves what was said of the whole."""
    one = cell(notebook, "double")
    first, second = "factor = 2", "def double(x):\n    return factor * x"
    one.source = first
    copied("double", "double", source=second)(notebook)


def nothing_said(notebook: NotebookNode) -> None:
    for number, one in enumerate(notebook.cells):
        one.metadata, one["id"] = NotebookNode(), f"other-{number}"


def odd_metadata(notebook: NotebookNode) -> None:
    odd: list[Any] = ["yes", [], None, 3, {"grade_id": 7}, {}, {"grade_id": "double", "points": "many"}, 1.5]
    for one, wrong in zip(notebook.cells, odd, strict=True):
        one["metadata"] = {"nbgrader": wrong, "tags": {"a": 1}, "collapsed": "maybe", "editable": 3}
    notebook["metadata"] = {
        "kernelspec": 3,
        "language_info": [],
        "widgets": "none",
        "nnkit": {"state": "needs a person"},
    }


def in_another_language(notebook: NotebookNode) -> None:
    notebook.metadata["kernelspec"] = {"name": "ir", "display_name": "R", "language": "R"}
    notebook.metadata["language_info"] = {"name": "R"}


ATTACKS: tuple[Attack, ...] = (
    # What the notebook gave.
    entry("imports-deleted", "The cell with the imports is deleted.", without("imports"), double=NEEDS_IMPORTS),
    entry(
        "imports-moved", "The cell with the imports stands at the end.", moved("imports", "why"), double=NEEDS_IMPORTS
    ),
    entry(
        "imports-overwritten",
        "An answer was typed over the imports.",
        text_of("imports", "x = 1"),
        double=NEEDS_IMPORTS,
    ),
    entry("imports-markdown", "The imports are Markdown.", of_type("markdown", "imports"), double=NEEDS_IMPORTS),
    entry(
        "imports-that-fail",
        "A package that is not there is imported first.",
        text_of("imports", "import a_package_of_my_own\nimport warnings\nfrom nnkit.exercises import check"),
        double=NEEDS_IMPORTS,
    ),
    entry(
        "provided-deleted",
        "What was provided is deleted, and the tests with it.",
        without("provided", "test_double", "test_triple"),
    ),
    entry(
        "provided-changed",
        "What was provided and a test say something else.",
        both(text_of("provided", "three = 4"), text_of("test_triple", "assert triple(2) == 8")),
        {**RIGHT, "test_triple": "wrong"},
        triple="def triple(x):\n    return 4 * x",
        control=gives(2.0),
    ),
    # Where the answer is.
    entry(
        "answer-in-the-test",
        "The answer stands in the test's cell.",
        both(text_of("test_double", RIGHT_ANSWER), without("double")),
        overwrites=True,
    ),
    entry(
        "answer-above-the-test",
        "The answer and the check stand in the test's cell.",
        both(text_of("test_double", f"{RIGHT_ANSWER}\n\ncheck('double')"), text_of("double", "")),
        overwrites=True,
    ),
    entry(
        "answer-in-what-was-provided",
        "The answer stands in a locked cell.",
        both(text_of("provided", f"three = 3\n\n{RIGHT_ANSWER}"), text_of("double", "")),
        overwrites=True,
    ),
    entry(
        "answer-in-the-imports",
        "The answer stands below the imports.",
        both(
            text_of("imports", f"import warnings\n\nfrom nnkit.exercises import check\n\n{RIGHT_ANSWER}"),
            text_of("double", STUB),
        ),
    ),
    entry(
        "answer-below-its-test",
        "The answer stands in a cell of its own below its test; its cell is untouched.",
        both(text_of("double", STUB), own_cell(RIGHT_ANSWER, "test_double")),
    ),
    entry(
        "helper-below-its-test",
        "What an answer calls is defined below the test.",
        own_cell("def helper(x):\n    return 2 * x", "test_double"),
        double="def double(x):\n    return helper(x)",
    ),
    entry("test-above-its-answer", "A test was dragged to the top.", moved("test_double", None)),
    entry(
        "all-tests-first",
        "Both tests were dragged to the top.",
        both(moved("test_double", None), moved("test_triple", None)),
    ),
    entry("answers-last", "The answers were dragged to the end.", both(moved("double", "why"), moved("triple", "why"))),
    entry("answer-split", "The answer was split into two cells.", split, control=is_refused(split)),
    entry("answer-merged", "The answer and its test were merged into one cell.", merged),
    entry(
        "answer-as-markdown",
        "Answer and tests are Markdown.",
        of_type("markdown", "double", "test_double", "test_triple"),
    ),
    entry("answer-as-raw", "Answer and tests are raw cells.", of_type("raw", "double", "test_double", "test_triple")),
    # Copies.
    entry("everything-twice", "Every cell is there twice.", doubled, control=is_refused(doubled)),
    entry(
        "answer-twice",
        "The answer's cell was copied, and the copy left as it was released.",
        copied("double", "double", source=STUB),
    ),
    entry(
        "test-twice",
        "A test's cell was pasted once more, with other points.",
        both(copied("test_double", "test_double"), flagged("test_double", points=50)),
        control=is_refused(copied("test_double", "test_double")),
    ),
    # What is said about cells.
    entry("nothing-said", "Another program has wiped all metadata and ids.", nothing_said),
    entry("odd-metadata", "Metadata that are none.", odd_metadata),
    entry("other-language", "The notebook says that it is one of R.", in_another_language, control=no_such_kernel),
    entry(
        "points",
        "A wrong answer whose test says that it is worth 1000.",
        flagged("test_double", "test_triple", points=1000),
        WRONG,
        double=WRONG_ANSWER,
        control=gives(1000, points=1000),
    ),
    entry(
        "negative-points",
        "A right answer whose test says that it is worth −1.",
        flagged("test_double", points=-1),
        control=gives(-1, points=-1),
    ),
    entry(
        "flags",
        "A wrong answer whose test says that it is a written answer.",
        flagged("test_double", solution=True, locked=False, task=False),
        WRONG,
        double=WRONG_ANSWER,
        control=is_refused(flagged("test_double", solution=True, locked=True, task=True)),
    ),
    entry(
        "own-test",
        "A test of the student's own, worth 100 points.",
        own_cell(
            "pass",
            "why",
            {
                "nbgrader": {
                    "grade": True,
                    "grade_id": "bonus",
                    "points": 100,
                    "locked": True,
                    "solution": False,
                    "schema_version": 3,
                    "task": False,
                }
            },
        ),
        WRONG,
        double=WRONG_ANSWER,
        control=gives(100, points=100, grade_id="bonus"),
    ),
    entry(
        "skipped",
        "Tags say that no cell is to be run.",
        tagged("skip-execution"),
        WRONG,
        double=WRONG_ANSWER,
        control=gives(2.0),
    ),
    entry(
        "raises",
        "Tags say that every cell may raise.",
        tagged("raises-exception"),
        WRONG,
        double=WRONG_ANSWER,
        control=gives(2.0),
    ),
    entry(
        "emptied",
        "The tests are empty.",
        both(text_of("test_double", ""), text_of("test_triple", "pass")),
        WRONG,
        double=WRONG_ANSWER,
        control=gives(2.0),
    ),
    entry(
        "number",
        "The tests show numbers.",
        both(text_of("test_double", "2.0"), text_of("test_triple", "1")),
        WRONG,
        double=WRONG_ANSWER,
        control=gives(2.0, (nbformat.v4.new_output("execute_result", {"text/plain": "2.0"}, execution_count=1),)),
    ),
    entry(
        "old-schema",
        "Metadata of an older nbgrader.",
        flagged("double", "test_double", "triple", "test_triple", "why", schema_version=1),
        control=is_refused(flagged("test_double", schema_version=1)),
    ),
    entry(
        "all-deleted",
        "Nothing is left but a heading.",
        lambda notebook: notebook.cells.__setitem__(slice(None), [new_markdown_cell("# Small", id="title")]),
        NOTHING,
    ),
)
