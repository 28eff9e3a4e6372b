"""What is handed out asks the same questions with their answers sealed, and is otherwise the cell letter by letter."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook

from nnkit.cli import main
from nnkit.grading.course.release import check_release
from nnkit.grading.course.sealed_questions import imported_names, sealed_source
from nnkit.widgets.sealing import unseal
from tests.grading.small_course import (
    ASSIGNMENT,
    NOTEBOOK,
    cell,
    graded,
    hand_in,
    make_course,
    nbgrader,
    released,
    solved,
)

NAMES = {"widgets": "nnkit.widgets", "ask": "nnkit.widgets.predict"}
SEAL = re.compile(r'sealed="([\w-]+)"')


def with_seals(source: str) -> str:
    """The released text, with every seal as … in it."""
    return SEAL.sub('sealed="…"', sealed_source(source, NAMES))


def sealed(source: str) -> list[dict[str, object]]:
    return [unseal(found) for found in SEAL.findall(sealed_source(source, NAMES))]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('widgets.predict("∂c?", 4, "Up.", within=0.05)', 'widgets.predict("∂c?", sealed="…", within=0.05)'),
        ('widgets.predict("∂c?", 4)', 'widgets.predict("∂c?", sealed="…")'),
        (
            'widgets.predict(\n    "∂c?",\n    4,\n    "Mes"\n    "sages.",\n)\n',
            'widgets.predict(\n    "∂c?",\n    sealed="…",\n)\n',
        ),
        (
            'widgets.predict("?", within=0.1, explanation=("a," "b"), answer=(4))',
            'widgets.predict("?", within=0.1, sealed="…")',
        ),
        (
            'widgets.predict("?", explanation="a", within=0.1, answer=4)',
            'widgets.predict("?", sealed="…", within=0.1)',
        ),
        (
            'widgets.predict("?", "b", accept=["the b"], choices=())',
            'widgets.predict("?", sealed="…", choices=())',
        ),
        ('π = 3; ask("∂∂?", (4), picture=draw(1, 2)); ü()', 'π = 3; ask("∂∂?", sealed="…", picture=draw(1, 2)); ü()'),
        ('x = [ask("?", 1), ask("!", 2)]', 'x = [ask("?", sealed="…"), ask("!", sealed="…")]'),
        ('ask("?", -0.5, f"{1/2:,}", picture=lambda a, b: a)', 'ask("?", sealed="…", picture=lambda a, b: a)'),
        ('ask("?", slope, "It falls.")', 'ask("?", slope, sealed="…")'),
        ('ask("?", 4, f"It is {slope}.", digits=2)', 'ask("?", sealed="…", explanation=f"It is {slope}.", digits=2)'),
        ('ask("?", slope)', 'ask("?", slope)'),
        (
            'widgets.sketch("?", [0, 1], (0, 4), {"x": ([0, 1], [0, 1])}, "So.", start=0)',
            'widgets.sketch("?", [0, 1], (0, 4), sealed="…", start=0)',
        ),
        (
            'widgets.sketch("?", [0, 1], (0, 4), {"x": (xs, ys)}, "So.", start=0)',
            'widgets.sketch("?", [0, 1], (0, 4), {"x": (xs, ys)}, sealed="…", start=0)',
        ),
        (
            '# before\nask(  # 4\n    "?", # 2 + 2\n    # four\n    4,\n    # why\n    "Up.",  # up\n'
            "    digits=2,  # 4.0\n)  # after\n",
            '# before\nask(\n    "?",\n    sealed="…",\n    digits=2,\n)  # after\n',
        ),
        (
            'if True:\n    ask("""A\nlong\n""", 4)\nelse:\n    f(")", 4)',
            'if True:\n    ask("""A\nlong\n""", sealed="…")\nelse:\n    f(")", 4)',
        ),
    ],
)
def test_only_what_answers_is_replaced(source: str, expected: str) -> None:
    assert with_seals(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "model.predict(x, 4)",
        "def predict(x, w):\n    return x * w\npredict(2, 4)",
        "plots.sketch(1, 2)",
        'print("widgets.predict(1, 2)")',
        "%matplotlib inline\npredict(",
        "",
    ],
)
def test_everything_else_is_left_as_it_is(source: str) -> None:
    assert sealed_source(source, NAMES) == source


def test_the_arguments_are_those_of_the_source() -> None:
    source = 'ask("?", 4**10, ("Two " "parts, " f"{2**3}."), within=0.05)\nwidgets.predict("?", "a", accept=("b", "c"))'
    assert sealed(source) == [
        {"answer": 4**10, "explanation": "Two parts, 8."},
        {"answer": "a", "accept": ("b", "c")},
    ]


def test_what_is_sealed_already_stays_so() -> None:
    once = sealed_source('ask("?", 4, "Up.")', NAMES)
    assert sealed_source(once, NAMES) == once


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('ask("?", *answers)', "gets its arguments by a star"),
        ('ask("?", **answers)', "gets its arguments by a star"),
        ('%time\nwidgets.predict("?", 4)', "has to be plain Python"),
        ('ask("?", 4, "Up.", 0.05)\nask(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)', "has at most"),
    ],
)
def test_an_answer_that_cannot_be_found_is_told(source: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        sealed_source(source, NAMES)


def test_a_notebook_may_call_the_widgets_what_it_likes() -> None:
    imports = [
        "%matplotlib inline\nfrom nnkit.widgets import predict as guess, sketch",
        "import nnkit, os\nimport nnkit.widgets as w",
        "from nnkit.widgets.predict import predict",
        "def broken(",
    ]
    names = imported_names(imports)
    for name in ("guess", "predict", "w.predict", "nnkit.widgets.predict"):
        assert sealed_source(f'{name}("?", 4)', names).startswith(f'{name}("?", sealed="')


ASKING = """from nnkit import widgets

widgets.predict(
    "How many?",
    77,
    "Seven and seventy.",
    digits=2,
)"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    folder = make_course(tmp_path / "course folder")
    path = folder / "solutions" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    flags = {"grade": False, "grade_id": "locked_question", "locked": True, "schema_version": 3, "solution": False}
    notebook.cells += [
        new_code_cell(ASKING, id="question"),
        new_code_cell(ASKING, id="locked", metadata={"nbgrader": flags | {"task": False}}),
    ]
    nbformat.write(notebook, path)
    return folder


def test_every_way_of_releasing_seals(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """nbgrader's own command, which also keeps the locked cells for grading, and `nnkit release`."""
    path = course / "course" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    done = nbgrader(course, "generate_assignment", ASSIGNMENT)
    assert done.returncode == 0, done.stderr
    by_nbgrader = path.read_bytes()
    sources = {cell.id: cell.source for cell in nbformat.read(path, as_version=4).cells}
    for name in ("question", "locked"):
        assert '    "How many?",\n    sealed="' in sources[name]
    assert b"77" not in by_nbgrader
    assert b"seventy" not in by_nbgrader
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        kept = gradebook.find_source_cell("locked_question", NOTEBOOK, ASSIGNMENT).source
    assert kept == sources["locked"]
    monkeypatch.chdir(course)
    assert check_release(course) == []
    path.unlink()
    assert main(["release"]) == 0
    assert path.read_bytes() == by_nbgrader


def test_a_question_that_cannot_be_sealed_stops_the_release(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = course / "solutions" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-2].source = 'from nnkit import widgets\nwidgets.predict("How many?", *[77])'
    nbformat.write(notebook, path)
    monkeypatch.chdir(course)
    assert main(["release"]) == 1
    assert "Cell question: predict gets its arguments by a star." in capsys.readouterr().err


def test_a_sealed_question_is_graded_like_any_other_cell(course: Path) -> None:
    assert nbgrader(course, "generate_assignment", ASSIGNMENT).returncode == 0
    notebook = solved(course)
    cell(notebook, "locked").source = "changed"
    hand_in(course, "ada", notebook)
    done = nbgrader(course, "autograde", ASSIGNMENT)
    assert done.returncode == 0, done.stderr
    locked = cell(graded(course, "ada"), "locked")
    assert locked.source == cell(released(course), "locked").source
    assert "My prediction: How many? (Two digits will do.)" in str(locked.outputs)
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        score = gradebook.find_submission(ASSIGNMENT, "ada").score
    assert score == 3
