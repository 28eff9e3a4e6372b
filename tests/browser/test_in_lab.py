"""Every moving widget in a real JupyterLab: its lesson by mouse and by keyboard, how fast it follows, what is left."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.browser.lab import PATIENCE, Notebook, served

pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
from tests.browser.latency import Watch

LESSONS = sorted(path.stem for path in (Path(__file__).parent / "lessons").glob("[a-z]*.py"))
COUNT = "from ipywidgets.widgets.widget import _instances\nprint('living', len(_instances))"
SAYS = "([root, text]) => (root.querySelector('.nnkit-words')?.innerText ?? '').includes(text)"


def source(name: str) -> str:
    """Return the cell that shows a widget."""
    return str(importlib.import_module(f"tests.browser.lessons.{name}").CELL).strip()


class Lab:
    """A notebook with a cell for each widget, open in JupyterLab."""

    def __init__(self, chromium: Any, address: str, file: Path) -> None:
        self.page = chromium.new_page(viewport={"width": 1280, "height": 1000})
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.notebook = Notebook(self.page, address, file.name)
        self.file = file

    def _hear(self, line: Any) -> None:
        # JupyterLab's own complaints are of its own pages; a widget's program has no address but that of a blob.
        if line.type == "error" and "blob:" in str(line.location):
            self.complaints.append(line.text)

    def shown(self, name: str) -> Any:
        """Run a cell and return its widget."""
        self.notebook.run(name)
        root = self.notebook.cell(name).locator(".nnkit-widget").first
        root.evaluate("(root, name) => { root.dataset.lesson = name; }", name)
        return self.page.locator(f'[data-lesson="{name}"]')


@pytest.fixture(scope="module")
def lab(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab") / "course"
    folder.mkdir()
    cells = [nbformat.v4.new_code_cell(source(name), id=name) for name in LESSONS]
    cells.append(nbformat.v4.new_code_cell(COUNT, id="count"))
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "widgets.ipynb")
    with served(folder) as address:
        yield Lab(chromium, address, folder / "widgets.ipynb")


@pytest.mark.parametrize("name", LESSONS)
def test_its_lesson_is_gone_through(lab: Lab, name: str, record_property: Any) -> None:
    root = lab.shown(name)

    def follows(text: str) -> None:
        try:
            lab.page.wait_for_function(SAYS, arg=[root.element_handle(), text], timeout=1000 * PATIENCE)
        except Exception:
            pytest.fail(
                f"expected beneath the picture: {text!r}; there is: {root.locator('.nnkit-words').inner_text()!r}"
            )

    with Watch(root) as watch:
        importlib.import_module(f"tests.browser.lessons.{name}").lesson(lab.page, root, follows)
    assert lab.complaints == []
    if len(watch.seen.events):
        record_property("latency", watch.seen.line(f"JupyterLab, {name}"))
    if len(watch.seen.waits):
        record_property("latency", watch.seen.asked(f"JupyterLab, {name}, Python"))


def test_running_a_cell_again_ends_what_it_has_shown(lab: Lab) -> None:
    def living() -> int:
        return int(lab.notebook.run("count").split("living")[1])

    lab.shown("stepper")
    before = living()
    for _ in range(3):
        lab.shown("stepper")
    assert living() == before


def test_a_notebook_that_is_opened_again_shows_the_static_picture(lab: Lab) -> None:
    lab.shown("stepper")
    twin = lab.notebook.cell("stepper").locator(".nnkit-twin")
    assert not twin.is_visible()
    lab.notebook.save()
    saved = json.loads(lab.file.read_text(encoding="utf-8"))
    assert "widgets" not in saved["metadata"]
    (cell,) = (cell for cell in saved["cells"] if cell["id"] == "stepper")
    still, moving = (set(output["data"]) for output in cell["outputs"])
    assert still == {"text/html", "text/plain"}
    assert moving == {"text/plain", "application/vnd.jupyter.widget-view+json"}
    assert "function view" not in json.dumps(cell["outputs"])

    lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    again = Notebook(lab.page.context.browser.new_page(), lab.page.url.split("/lab")[0], lab.file.name)
    area = again.cell("stepper").locator(".jp-OutputArea").first
    area.locator(".jupyter-widgets", has_text="model not found").wait_for(state="attached")
    assert area.locator(".nnkit-twin svg").is_visible()
    assert "model not found" not in area.inner_text()
    again.run("stepper")
    area.locator(".nnkit-widget").wait_for()
    assert not area.locator(".nnkit-twin").is_visible()
    again.page.close()
