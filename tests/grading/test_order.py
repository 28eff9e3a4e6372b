"""Tests are judged behind their answers, and what nobody has worked on does not stand in the way."""

from __future__ import annotations

import copy

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from nnkit.grading.intake.order import put_tests_behind_answers
from nnkit.grading.run.execution import sandbox_for
from nnkit.grading.run.notebook import Plan, grade_notebook
from nnkit.grading.run.sandbox import why_no_sandbox

from .small_course import flags

STUB = "def double(x):\n    raise NotImplementedError"
ANSWER = "def double(x):\n    return 2 * x"
CALLS = "def double(x):\n    return helper(x)"
HELPER = "def helper(x):\n    return two * x"


def answer(source: str = STUB) -> NotebookNode:
    return new_code_cell(source, id="double", metadata={"nbgrader": flags("double", solution=True)})


def check() -> NotebookNode:
    metadata = {"nbgrader": flags("test_double", grade=True, locked=True, points=2)}
    return new_code_cell('check("double")', id="test_double", metadata=metadata)


def own(source: str) -> NotebookNode:
    return new_code_cell(source)


def released() -> NotebookNode:
    return new_notebook(cells=[own("import numpy as np"), answer(), check(), own("print('the end')")])


def passes(cells: list[NotebookNode]) -> bool:
    notebook = new_notebook(cells=copy.deepcopy(cells))
    grade_notebook(notebook, sandbox_for("welcome", why_no_sandbox() == ""), Plan(seed="5" * 64))
    test = next(one for one in notebook.cells if one.metadata.get("nbgrader", {}).get("grade_id") == "test_double")
    return not any(output.output_type == "error" for output in test.outputs)


MISPLACED = {
    "test at the top": [check(), answer(ANSWER)],
    "answer below its test": [answer(), check(), own(ANSWER)],
    "answer below its test, its cell empty": [answer(""), check(), own(ANSWER)],
    "answer below its test, its cell deleted": [check(), own(ANSWER)],
    "answer above its untouched cell": [own(ANSWER), answer(), check()],
    "several tries below": [answer(), check(), own(ANSWER.replace("2", "3")), own(ANSWER)],
    "helpers below": [answer(CALLS), check(), own(HELPER), own("two = 2")],
    "a method's helper below": [
        answer("class Doubler:\n    def __call__(self, x):\n        return helper(x)\n\ndouble = Doubler()"),
        check(),
        own("def helper(x):\n    return 2 * x"),
    ],
    "an untouched copy": [answer(ANSWER), own(STUB), check()],
    "an untouched copy behind a magic": [answer(f"%%time\n{ANSWER}"), own(STUB), check()],
}


@pytest.mark.parametrize("cells", MISPLACED.values(), ids=MISPLACED)
def test_an_answer_counts_wherever_it_stands(cells: list[NotebookNode]) -> None:
    assert not passes(cells)  # the control: run from top to bottom as it was handed in
    notebook = new_notebook(cells=copy.deepcopy(cells))
    sentences = put_tests_behind_answers(notebook, released())
    assert len(sentences) <= 1
    assert passes(notebook.cells)
    again = copy.deepcopy(notebook)
    assert put_tests_behind_answers(notebook, released()) == []
    assert notebook == again


IN_PLACE = {
    "as released": released().cells,
    "answered": [own("import numpy as np"), answer(ANSWER), check()],
    "helpers above": [own(HELPER), own("two = 2"), answer(CALLS), check()],
    "helpers between": [answer(CALLS), own(HELPER), own("two = 2"), check()],
    "an experiment below": [answer(ANSWER), check(), own("def double(x):\n    return 3 * x")],
    "a wrong answer, and another below": [answer("def double(x):\n    return x"), check(), own(ANSWER)],
    "a local name below": [answer("def double(x):\n    y = 2 * x\n    return y"), check(), own("y = 1\ndel double")],
    "defined above and below": [own("two = 2"), answer("def double(x):\n    return two * x"), check(), own("two = 3")],
    "an unfinished answer": [answer("def double(x):"), check(), own("double = 3")],
    "shell": [answer(ANSWER), check(), own("%%bash\ndouble=3"), own("!double = 3")],
    "nothing": [],
}


@pytest.mark.parametrize("cells", IN_PLACE.values(), ids=IN_PLACE)
def test_what_stands_in_its_place_stays_there(cells: list[NotebookNode]) -> None:
    notebook = new_notebook(cells=copy.deepcopy(cells))
    assert put_tests_behind_answers(notebook, released()) == []
    assert notebook.cells == cells


def test_only_the_tests_of_an_answer_are_moved() -> None:
    triple = new_code_cell("def triple(x): return 3 * x", metadata={"nbgrader": flags("triple", solution=True)})
    test = new_code_cell("assert triple(1) == 3", metadata={"nbgrader": flags("t", grade=True, locked=True, points=1)})
    given = new_notebook(cells=[*released().cells, triple, test])
    notebook = new_notebook(cells=copy.deepcopy([triple, test, own(""), check(), answer(ANSWER)]))
    assert len(put_tests_behind_answers(notebook, given)) == 1
    assert [one.metadata.get("nbgrader", {}).get("grade_id") for one in notebook.cells] == [
        "triple",
        "t",
        None,
        "double",
        "test_double",
    ]


def test_what_was_not_handed_out_orders_nothing() -> None:
    notebook = new_notebook(cells=[check(), answer(ANSWER)])
    assert put_tests_behind_answers(notebook, None) == []


def test_many_cells_that_name_one_another_take_no_time_to_speak_of() -> None:
    names = [f"f{number}" for number in range(1500)]
    cells = [own(f"def {name}():\n    return {' + '.join(names[:60])}") for name in names]
    notebook = new_notebook(cells=[check(), *cells, answer("def double(x):\n    return f0()")])
    assert put_tests_behind_answers(notebook, released())
