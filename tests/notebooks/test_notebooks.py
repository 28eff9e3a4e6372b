"""Every notebook: the instructors' runs and shows what is stored, the students' runs from top to bottom."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from nnkit.exercises import index
from nnkit.exercises.terms import REPORT_TYPE
from nnkit.grading.course.execute import run_notebook
from nnkit.grading.marks.outcomes import cell_outcome, checked_exercise

REPOSITORY = Path(__file__).resolve().parents[2]
SOLUTIONS = sorted((REPOSITORY / "solutions").glob("*/*.ipynb"))
RELEASED = sorted((REPOSITORY / "course").glob("*/*.ipynb"))
PICTURE_TYPES = ("image/png", "image/jpeg", "application/pdf")
WIDGET_TYPE = "application/vnd.jupyter.widget-view+json"
TO_LOOK_UP = {"glossary"}  # a notebook without exercises
ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")
PATH = re.compile(r"(?:^|[\s\"'(=])(?:/(?:home|root|tmp|usr|opt|var|work|Users|mnt)/|[A-Z]:\\\\?)\S+|site-packages")
EMBEDDED = re.compile(r"data:image/(?:png|jpeg);base64,[A-Za-z0-9+/=]+")
MARKDOWN_PICTURE = re.compile(r"!\[([^\]]*)\]\(")
HTML_PICTURE = re.compile(r"<img\b[^>]*>", re.DOTALL)
SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)


def name(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def test_every_source_has_its_released_notebook_and_no_other() -> None:
    assert SOLUTIONS
    assert [path.relative_to(REPOSITORY / "solutions") for path in SOLUTIONS] == [
        path.relative_to(REPOSITORY / "course") for path in RELEASED
    ]


@pytest.fixture(scope="module", params=SOLUTIONS, ids=name)
def solution(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.fixture(scope="module")
def stored(solution: Path) -> NotebookNode:
    return read(solution)


@pytest.fixture(scope="module")
def run(solution: Path) -> NotebookNode:
    """The notebook run again."""
    return run_notebook(read(solution), solution.parent)


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def graded_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in code_cells(notebook) if cell.metadata.get("nbgrader", {}).get("grade")]


def comparable(cell: NotebookNode) -> list[Any]:
    """What a cell shows, without pictures, which depend on the fonts of the machine."""
    shown: list[Any] = []
    for output in cell.outputs:
        if output.output_type == "stream":
            if shown and shown[-1][0] == output.name:
                shown[-1][1] += output.text
            else:
                shown.append([output.name, output.text])
        elif output.output_type == "error":
            shown.append(["error", output.ename, output.evalue])
        else:
            data = {kind: value for kind, value in output.data.items() if kind not in PICTURE_TYPES}
            text = EMBEDDED.sub("a picture", json.dumps(data, sort_keys=True, ensure_ascii=False))
            shown.append([output.output_type, json.loads(text), sorted(set(output.data) & set(PICTURE_TYPES))])
    return shown


def test_solution_shows_what_is_stored(stored: NotebookNode, run: NotebookNode) -> None:
    for before, after in zip(code_cells(stored), code_cells(run), strict=True):
        assert comparable(before) == comparable(after), f"cell {before.id}: run `nnkit execute` and look at the change"


def test_solution_was_executed_in_order(stored: NotebookNode) -> None:
    counts = [cell.execution_count for cell in code_cells(stored) if cell.source.strip()]
    assert counts == list(range(1, len(counts) + 1))


def test_solution_passes_its_checks_and_nothing_goes_to_stderr(stored: NotebookNode) -> None:
    for cell in code_cells(stored):
        assert not [output for output in cell.outputs if output.output_type == "stream" and output.name == "stderr"], (
            f"cell {cell.id} writes to stderr"
        )
    for cell in graded_cells(stored):
        assert cell_outcome(cell).status == "passed", cell.id


def test_test_cells_are_one_line_with_one_verdict(solution: Path, stored: NotebookNode) -> None:
    cells = graded_cells(stored)
    assert cells or solution.stem in TO_LOOK_UP
    for cell in cells:
        exercise = checked_exercise(cell.source)
        assert exercise is not None, f"{cell.id}: {cell.source}"
        assert "\n" not in cell.source
        flags = cell.metadata["nbgrader"]
        assert flags["grade_id"] == f"test_{exercise}"
        assert flags["locked"] is True
        assert flags["points"] in (1, 2, 3)
        (output,) = cell.outputs
        assert set(output.data) == {REPORT_TYPE, "text/html", "text/plain"}


def test_a_cell_that_checks_is_marked_as_a_test(stored: NotebookNode) -> None:
    for cell in code_cells(stored):
        if checked_exercise(cell.source) is not None:
            assert cell in graded_cells(stored), f"{cell.id} calls check, and is not marked as a test (grade, locked)"


def test_every_exercise_has_a_solution_cell_of_its_name(stored: NotebookNode) -> None:
    answers = {
        cell.metadata["nbgrader"]["grade_id"]: cell
        for cell in stored.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    for test in graded_cells(stored):
        exercise = checked_exercise(test.source)
        assert exercise is not None
        # A task with several marks has one answer.
        written = exercise if exercise in answers else index.find(exercise).student_name
        assert written in answers
        assert "### BEGIN SOLUTION" in answers[written].source


def test_ids_are_stable_and_unique(solution: Path) -> None:
    """A generated id would change whenever the cell is made anew."""
    raw = json.loads(solution.read_text(encoding="utf-8"))
    ids = [cell.get("id") for cell in raw["cells"]]
    assert all(ids)
    assert len(set(ids)) == len(ids)
    random = [identifier for identifier in ids if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f-]+)?", identifier)]
    assert not random, f"cells without a name of their own: {random}"
    names = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in raw["cells"]]
    named = [one for one in names if one is not None]
    assert len(set(named)) == len(named)


def test_nothing_is_stored_that_changes_from_run_to_run(solution: Path) -> None:
    notebook = read(solution)
    assert "widgets" not in notebook.metadata
    assert notebook.metadata["language_info"] == {"name": "python"}
    assert notebook.metadata["kernelspec"]["name"] == "python3"
    for cell in notebook.cells:
        assert "execution" not in cell.metadata, cell.id
        assert "ExecuteTime" not in cell.metadata, cell.id
    for cell in code_cells(notebook):
        for output in cell.outputs:
            assert WIDGET_TYPE not in output.get("data", {}), cell.id
            text = EMBEDDED.sub("", json.dumps(output, ensure_ascii=False))
            assert not ADDRESS.search(text), f"cell {cell.id} shows an address: {ADDRESS.search(text)}"
            assert not PATH.search(html.unescape(text)), f"cell {cell.id} shows a path: {PATH.search(text)}"


def test_a_number_is_called_an_assignment(solution: Path) -> None:
    """An assignment has several notebooks, which have names; "notebook 04" would be none of them."""
    for cell in nbformat.read(solution, as_version=4).cells:
        assert not re.search(r"[Nn]otebooks? \W*0\d", cell.source), f"cell {cell.id}"


def test_every_picture_has_words(solution: Path) -> None:
    """For whoever cannot see it: an alternative text in Markdown, HTML and SVG; no bare figure."""
    notebook = read(solution)
    for cell in notebook.cells:
        texts = [cell.source] if cell.cell_type == "markdown" else []
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            texts.append(data.get("text/html", ""))
            assert "image/svg+xml" not in data, f"cell {cell.id}: show pictures by nnkit.draw, which gives them words"
            assert not set(data) & {"image/png", "image/jpeg"}, (
                f"cell {cell.id}: end it with style.caption(figure, alt=…)"
            )
        for text in texts:
            for words in MARKDOWN_PICTURE.findall(text) if cell.cell_type == "markdown" else []:
                assert words.strip(), cell.id
            for picture in HTML_PICTURE.findall(text):
                assert re.search(r"\balt=\"[^\"]{10,}", picture), f"cell {cell.id}: {picture[:80]}"
            for picture in SVG.findall(text):
                head = picture[: picture.index(">")]
                hidden = 'aria-hidden="true"' in head
                assert hidden or ('role="img"' in head and re.search(r"aria-label=\"[^\"]{10,}|<title>", picture)), (
                    cell.id
                )


def test_a_prediction_does_not_show_its_answer() -> None:
    """Its cell is folded, and of a folded cell JupyterLab shows the first line."""
    cells = [cell for path in SOLUTIONS for cell in code_cells(read(path)) if "widgets.predict(" in cell.source]
    assert cells
    for cell in cells:
        assert cell.metadata.get("jupyter", {}).get("source_hidden"), f"cell {cell.id}"
        assert cell.source.splitlines()[0] == "widgets.predict(", f"cell {cell.id}"


@pytest.fixture(scope="module", params=RELEASED, ids=name)
def released(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> NotebookNode:
    """A student's notebook, run from top to bottom as it was released: its checks raise, and it does not stop there."""
    return run_notebook(read(request.param), tmp_path_factory.mktemp("released"))


def test_released_notebook_fails_only_in_its_checks(released: NotebookNode) -> None:
    checks = {cell.id for cell in graded_cells(released)}
    for cell in code_cells(released):
        errors = [output for output in cell.outputs if output.output_type == "error"]
        if cell.id not in checks:
            assert not errors, f"cell {cell.id}: {errors[0].ename}: {errors[0].evalue}"
            assert not [output for output in cell.outputs if output.output_type == "stream" and output.name == "stderr"]


def test_released_checks_answer_not_attempted(released: NotebookNode) -> None:
    for cell in graded_cells(released):
        assert cell_outcome(cell).status == "not attempted", cell.id
        (error,) = [output for output in cell.outputs if output.output_type == "error"]
        assert len(error.traceback) == 1, "one line, not a traceback"
        assert not [output for output in cell.outputs if output.output_type == "stream"]
