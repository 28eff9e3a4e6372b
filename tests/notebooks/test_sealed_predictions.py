"""No question of a released notebook can be answered by reading the notebook, and each asks what its source asks."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

from nnkit import widgets
from nnkit.grading.course.sealed_questions import Question, imported_names, questions, sealed_source
from nnkit.widgets import base
from nnkit.widgets.sealing import SEALED_PARAMETERS, constant, unseal

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCES = sorted((REPOSITORY / "solutions").glob("*/*.ipynb"))
Cell = tuple[str, str, list[Question]]  # its id, its text, what it asks

# What answers and is not sealed, because it is computed from what the notebook has measured.
COMPUTED = {  # (notebook, cell, argument)
    # The curves are made of `exponents`, which an earlier cell fills with the results of the reader's own functions.
    ("gradients_through_time", "sketch", "truth"),
}


def asking(path: Path) -> list[Cell]:
    code = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    names = imported_names(cell.source for cell in code)
    found = [(cell.id, cell.source, questions(cell.source, names)) for cell in code]
    return [cell for cell in found if cell[2]]


ASKED = {path.stem: (path, asking(path)) for path in SOURCES}
notebooks = pytest.mark.parametrize("notebook", [name for name, (_, cells) in ASKED.items() if cells])


def released_path(path: Path) -> Path:
    return REPOSITORY / "course" / path.relative_to(REPOSITORY / "solutions")


def pairs(notebook: str) -> list[tuple[Cell, Cell]]:
    path, cells = ASKED[notebook]
    return list(zip(cells, asking(released_path(path)), strict=True))


def value(node: ast.expr) -> Any:
    """The value of a constant expression, else its text."""
    try:
        return constant(node)
    except ValueError:
        return ast.unparse(node)


def test_every_mention_of_a_question_is_found() -> None:
    """By its letters, whatever the syntax tree says."""
    for path, cells in ASKED.values():
        code = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
        mentioned = sum(len(re.findall(r"\bwidgets\.(?:predict|sketch)\(", source)) for source in code)
        assert mentioned == sum(len(asked) for _, _, asked in cells), path.stem
    assert sum(len(asked) for _, cells in ASKED.values() for _, _, asked in cells) > 170


def test_all_that_answers_is_sealed_but_what_the_notebook_computes() -> None:
    found = {
        (notebook, cell, argument.name)
        for notebook, (_, cells) in ASKED.items()
        for cell, _, asked in cells
        for question in asked
        for argument in question.revealing
        if isinstance(value(argument.node), str) and value(argument.node) == ast.unparse(argument.node)
    }
    assert found == COMPUTED


@notebooks
def test_a_released_question_has_the_arguments_of_its_source(notebook: str) -> None:
    for (name, source, asked), (same_name, released, asked_there) in pairs(notebook):
        assert same_name == name
        assert len(asked) == len(asked_there)
        assert sealed_source(released, {"widgets": "nnkit.widgets"}) == released
        for question, there in zip(asked, asked_there, strict=True):
            wanted = {argument.name: value(argument.node) for argument in question.arguments}
            found = {argument.name: value(argument.node) for argument in there.arguments}
            seal = found.pop("sealed")
            assert not found.keys() & unseal(seal).keys(), name
            assert found | unseal(seal) == wanted, name
            assert {argument.name for argument in there.revealing} <= {one for _, _, one in COMPUTED}
        # Around the questions' arguments, not a letter has changed.
        assert re.sub(r"\s", "", outside(source, asked)) == re.sub(r"\s", "", outside(released, asked_there)), name


def outside(source: str, asked: list[Question]) -> str:
    """The text of a cell without the arguments of its questions."""
    places = sorted((question.arguments[0].start, question.arguments[-1].end) for question in asked)
    starts = [0, *(end for _, end in places)]
    ends = [*(start for start, _ in places), len(source)]
    return "…".join(source[start:end] for start, end in zip(starts, ends, strict=True)).replace("…,", "…")


def sentences(text: str) -> list[str]:
    """The sentences of an explanation that say something: a short one, "It is.", may stand anywhere."""
    return [one for one in re.split(r"(?<=[.!?:;])\s+", text) if len(one) > 8]


@notebooks
def test_neither_answer_nor_explanation_is_read_in_the_cell(notebook: str) -> None:
    for (name, source, asked), (_, released, asked_there) in pairs(notebook):
        # What belongs to the question: its words, its choices, the announced tolerance. A seal holds any letters.
        open_places = [(argument.start, argument.end) for question in asked_there for argument in question.arguments]
        rest = released
        for start, end in sorted(open_places, reverse=True):
            rest = rest[:start] + "…" + rest[end:]
        seen = re.sub(r'sealed="[\w-]+"', "", released)
        for question in asked:
            for argument in question.revealing:
                if (notebook, name, argument.name) in COMPUTED:
                    continue
                written = source[argument.start : argument.end]
                assert not re.search(rf"(?<![\w.]){re.escape(written)}(?![\w.])", rest), (name, argument.name)
                told = value(argument.node)
                if argument.name == "explanation":
                    for sentence in sentences(told):
                        assert sentence not in seen, name
                for line in written.splitlines() if argument.name == "explanation" else ():
                    assert line.strip() not in seen, name


@notebooks
def test_no_cell_before_it_tells_the_explanation_or_an_answer_of_many_digits(notebook: str) -> None:
    path, cells = ASKED[notebook]
    texts = {cell.id: cell.source for cell in nbformat.read(released_path(path), as_version=4).cells}
    order = list(texts)
    for name, _, asked in cells:
        before = {one: texts[one] for one in order[: order.index(name)]}
        for question in asked:
            told = {argument.name: value(argument.node) for argument in question.revealing}
            hints = sentences(told.get("explanation", ""))
            answer = told.get("answer")
            if isinstance(answer, (int, float)) and len(digits := re.sub(r"\D|e.*", "", f"{answer:g}").strip("0")) > 3:
                hints += [f"{answer:,}", f"{answer}", digits]
            for hint in hints:
                assert [one for one, text in before.items() if hint in text] == [], (name, hint)


@notebooks
def test_a_released_question_asks_and_answers_as_its_source_does(
    notebook: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both cells are run, the right answer and a wrong one committed, and all that is shown compared."""
    path, _ = ASKED[notebook]
    known = assigned(path) | {"np": np, "widgets": widgets}
    known |= {"RADII": [0.5, 2.0], "exponents": {"measured": np.array([[1.0, 2.0]])}}
    for (name, source, asked), (_, released, _) in pairs(notebook):
        for answer in (right, wrong):
            shown = [run(text, dict(known), asked, answer, monkeypatch) for text in (source, released)]
            assert shown[0] == shown[1], name
            for question, (*_, reply) in zip(asked, shown[0], strict=True):
                assert question.kind == "sketch" or ("'verdict': 'right" in reply) == (answer is right), name


def assigned(path: Path) -> dict[str, Any]:
    """What the notebook assigns to a name as a constant, such as choices that serve several questions."""
    found = {}
    for cell in nbformat.read(path, as_version=4).cells:
        for node in ast.parse(cell.source).body if cell.cell_type == "code" else ():
            plain = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            if plain and not isinstance(value(node.value), str):
                found[node.targets[0].id] = value(node.value)
    return found


def right(answer: Any, options: tuple[str, ...]) -> str:
    return answer if isinstance(answer, str) else repr(float(answer))


def wrong(answer: Any, options: tuple[str, ...]) -> str:
    if isinstance(answer, str):
        return next((option for option in options if option != answer), "something else")
    return repr(-1e6 * float(answer) - 1e6)


def run(
    text: str,
    known: dict[str, Any],
    asked: list[Question],
    typed: Callable[[Any, tuple[str, ...]], str],
    monkeypatch: pytest.MonkeyPatch,
) -> list[tuple[str, str, str]]:
    """Run a cell, commit to an answer in each question, and return the twin, the question and the reply of each."""
    shown: list[base.Moving] = []
    monkeypatch.setattr(base.Moving, "show", lambda one: shown.append(one))
    exec(compile(text, "cell", "exec"), known)
    said = []
    for question, widget in zip(asked, shown, strict=True):
        answer = None
        if question.kind == "predict":
            (answer,) = (value(argument.node) for argument in question.revealing if argument.name == "answer")
            answer = typed(answer, tuple(widget.material()["choices"]))
        said.append((repr(widget.twin()), repr(widget.material()), repr(widget.reply({"prediction": answer}))))
    return said


def test_the_widgets_have_the_parameters_that_are_sealed() -> None:
    for name, parameters in SEALED_PARAMETERS.items():
        code = getattr(widgets, name).__code__
        assert {*parameters, "sealed"} <= set(code.co_varnames)
