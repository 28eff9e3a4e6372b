"""A student in JupyterLab: opens a notebook, runs every cell, answers every exercise wrongly and then rightly."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.browser.lab import BROWSER_FLAGS, CHROMIUM, PATIENCE, Notebook, served

playwright = pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="the browser tests need a Chromium, and none was found"),
]

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"
# Where to leave pictures of every cell for a person to look at; a folder of the test's own otherwise.
PICTURES = os.environ.get("NNKIT_SCREENSHOTS")
NOTEBOOKS = sorted(path.relative_to(SOLUTIONS) for path in SOLUTIONS.glob("*/*.ipynb"))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("lab") / "course") as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=BROWSER_FLAGS, timeout=1000 * PATIENCE)
        yield opened
        opened.close()


def solution_of(notebook: Path) -> dict[str, Any]:
    """Return the cells of the source notebook by their ids."""
    return {cell.id: cell for cell in nbformat.read(SOLUTIONS / notebook, as_version=4).cells}


def wrong_answer(source: str, name: str) -> str:
    """Return the simplest wrong answer: a function of the name of the exercise, or its class, that does nothing."""
    classes = re.findall(r"^class (\w+)", source, re.MULTILINE)
    if re.search(rf"^def {name}\b", source, re.MULTILINE) or not classes:
        return f"def {name}(*arguments):\n    return None"
    return f"class {classes[0]}:\n    pass"


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_solved_from_the_first_cell_to_the_last(
    address: str, browser: Any, notebook: Path, tmp_path: Path
) -> None:
    pictures = Path(PICTURES) if PICTURES else tmp_path
    pictures.mkdir(parents=True, exist_ok=True)
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    opened = Notebook(page, address, notebook.as_posix())
    cells = solution_of(notebook)
    complaints: list[str] = []

    for cell_id, cell in cells.items():
        if cell.cell_type != "code":
            continue
        about = cell.metadata.get("nbgrader", {})
        name = about.get("grade_id", "")
        if about.get("solution") and not about.get("grade"):
            test = f"test_{name}"
            opened.run(cell_id)
            if "not started" not in (said := opened.run(test)):
                complaints.append(f"{name}, untouched: {said}")
            opened.write(cell_id, wrong_answer(cell.source, name))
            opened.run(cell_id)
            said = opened.run(test)
            told = any(word in said for word in ("not yet", "not finished", "stopped with an error"))
            if not told or "Traceback" in said:
                complaints.append(f"{name}, wrong: {said}")
            page.screenshot(path=pictures / f"{notebook.stem}-{name}-wrong.png")
            opened.write(cell_id, cell.source)
            opened.run(cell_id)
        elif about.get("grade"):
            said = opened.run(cell_id)
            page.screenshot(path=pictures / f"{notebook.stem}-{name}-right.png")
            if "right." not in said:
                complaints.append(f"{name}, right: {said}")
        else:
            said = opened.run(cell_id)
            page.screenshot(path=pictures / f"{notebook.stem}-cell-{cell_id}.png")
            if opened.failed(cell_id):
                complaints.append(f"cell {cell_id}: {said}")
    opened.save()
    opened.use_theme("JupyterLab Dark")
    for cell_id in [cell_id for cell_id, cell in cells.items() if cell.cell_type == "code"] if PICTURES else []:
        opened.cell(cell_id)
        page.screenshot(path=pictures / f"{notebook.stem}-dark-{cell_id}.png")
    opened.use_theme("JupyterLab Light")
    page.close()
    assert not complaints, "\n\n".join(complaints)


def test_the_line_that_holds_a_slip_is_named_and_followed(address: str, browser: Any, tmp_path: Path) -> None:
    """What the first notebook asks its reader to do: four rounds where three are right."""
    (notebook,) = (path for path in NOTEBOOKS if path.stem == "welcome")
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    opened = Notebook(page, address, notebook.as_posix())
    cells = solution_of(notebook)
    opened.run("imports")
    opened.write("double", cells["double"].source)
    opened.run("double")
    typed = fenced(cells["second_answer"].source)
    opened.write("double_twice", f"def double_twice(x):\n{typed}")
    opened.run("double_twice")
    said = opened.run("test_double_twice")
    assert "One small change in your line 3" in said
    assert "for turn in range(4):" in said
    said = opened.run("trace_double_twice")
    assert "line by line" in said
    assert "result = result + x" in said
    assert not opened.failed("trace_double_twice")
    page.screenshot(path=(Path(PICTURES) if PICTURES else tmp_path) / "a-line-and-a-trace.png")
    page.close()


def fenced(text: str) -> str:
    """Return the only piece of code in a cell of text."""
    (code,) = re.findall(r"```python\n(.*?)\n```", text, re.DOTALL)
    return str(code)
