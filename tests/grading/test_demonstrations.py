"""Grading leaves out cells that only demonstrate, and never one that an answer needs."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from nnkit.grading.course.demonstrations import defined_names, mentioned_names, unneeded_cells


def notebook(*cells: tuple[str, bool]) -> Any:
    """Cells as (source, whether they only demonstrate)."""
    return new_notebook(
        cells=[
            new_code_cell(source, id=f"c{number}", metadata={"tags": ["demo"]} if demo else {})
            for number, (source, demo) in enumerate(cells)
        ]
    )


@pytest.mark.parametrize(
    ("cells", "left_out"),
    [
        ([("import numpy as np", True), ("def f(x):\n    return np.sum(x)", False)], set()),
        ([("import numpy as np", True), ("x = np.ones(2)", True), ("def f(x):\n    return x", False)], {0, 1}),
        ([("rate = 0.1", True), ("def f(x):\n    return rate * x", False)], set()),
        ([("rate = base", True), ("base = 1", True), ("f = lambda x: rate * x", False)], set()),
        ([("a = [0]", False), ("a[0] = 5", True), ("f = lambda: a[0]", False)], set()),
        ([("node.value = 5", True), ("f = lambda: node", False)], set()),
        ([("from math import *", True), ("pass", False)], set()),
        ([("%matplotlib inline", True), ("pass", False)], set()),
        ([("x = 1", True), ("this is not Python x", False)], set()),
        ([("def show():\n    return 1", True), ("show()", True), ("pass", False)], {0, 1}),
        ([("for i in range(3):\n    print(i)", True), ("def f(i):\n    return i", False)], {0}),
    ],
)
def test_a_cell_is_left_out_only_when_no_answer_needs_it(cells: list[tuple[str, bool]], left_out: set[int]) -> None:
    made = notebook(*cells)
    assert unneeded_cells(made, made) == left_out


def test_a_changed_cell_is_the_students_own() -> None:
    released = notebook(("print(1)", True), ("pass", False))
    submitted = copy.deepcopy(released)
    submitted.cells[0].source = "print(2)"
    assert unneeded_cells(submitted, released) == set()


def test_a_cell_is_known_by_its_text_also_where_it_got_another_id() -> None:
    released = notebook(("print(1)", True), ("pass", False))
    submitted = copy.deepcopy(released)
    for cell in submitted.cells:
        cell["id"] += "-new"
    assert unneeded_cells(submitted, released) == {0}


@pytest.mark.parametrize(
    ("flags", "left_out"), [({"locked": True}, {0}), ({"grade": True}, set()), ({"solution": True}, set())]
)
def test_a_locked_cell_may_demonstrate_but_no_answer_and_no_test(flags: dict[str, bool], left_out: set[int]) -> None:
    made = notebook(("x = 1", True), ("pass", False))
    made.cells[0].metadata["nbgrader"] = {"grade": False, "solution": False, **flags}
    assert unneeded_cells(made, made) == left_out


def test_a_tag_of_the_students_own_does_nothing() -> None:
    released = notebook(("print(1)", False))
    submitted = notebook(("print(1)", True))
    assert unneeded_cells(submitted, released) == set()
    assert unneeded_cells(submitted, None) == set()


def test_names_are_found_however_they_are_bound_or_mentioned() -> None:
    assert defined_names("with open('f') as g:\n    try:\n        pass\n    except OSError as e:\n        del h") == {
        "g",
        "e",
        "h",
    }
    assert mentioned_names("class A(B):\n    c = d\n    def e(self):\n        global g\n        g = self.h + i") == {
        "B",
        "d",
        "i",
    }
