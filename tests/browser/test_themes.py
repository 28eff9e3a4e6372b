"""JupyterLab's own themes, light and dark: pictures follow them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from nnkit.draw import style
from tests.browser.lab import BROWSER_FLAGS, CHROMIUM, PATIENCE, Notebook, served

playwright = pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="the browser tests need a Chromium, and none was found"),
]

# Where to leave pictures for a person to look at; read now, the tests run without settings of the user.
PICTURES = os.environ.get("NNKIT_SCREENSHOTS")

CELLS = {
    "graph": """
import nnkit
from nnkit import draw
x, w = nnkit.tensor(2.0, requires_grad=True), nnkit.tensor(-3.0, requires_grad=True)
draw.graph(x * w, inputs={"x": x}, weights={"w": w}, gradients=True)
""",
    "plot": 'draw.style.caption(draw.learning_curves([3.0, 2.0, 1.5]), caption="A falling loss.")',
    "map": "draw.style.caption(draw.filters([[[1.0, -2.0], [0.0, 0.5]]]))",
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Notebook]:
    folder = tmp_path_factory.mktemp("lab") / "course"
    folder.mkdir()
    cells = [nbformat.v4.new_code_cell(source.strip(), id=name) for name, source in CELLS.items()]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "themes.ipynb")
    with served(folder) as address, playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=BROWSER_FLAGS, timeout=1000 * PATIENCE)
        opened = browser.new_page(viewport={"width": 1200, "height": 1400})
        shown = Notebook(opened, address, "themes.ipynb")
        for name in CELLS:
            shown.run(name)
        yield shown
        browser.close()


def computed(lab: Notebook, selector: str, rule: str) -> str:
    found = lab.page.locator(f".jp-OutputArea {selector}").first
    return str(found.evaluate("(element, rule) => getComputedStyle(element)[rule]", rule))


@pytest.mark.parametrize(("theme", "look"), [("JupyterLab Light", str), ("JupyterLab Dark", style.dark)])
def test_pictures_follow_the_theme(lab: Notebook, theme: str, look: Any) -> None:
    lab.use_theme(theme)
    lab.page.locator("#jupyterlab-splash").wait_for(state="detached")
    if PICTURES:
        lab.page.screenshot(path=str(Path(PICTURES) / f"{theme}.png"))
    colour = look(style.COLOURS["gradient"])
    parts = ", ".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    assert computed(lab, "text.gradient", "fill") == f"rgb({parts})"
    is_dark = look is style.dark
    assert (computed(lab, "img.nnkit-plot", "filter") != "none") == is_dark
    assert computed(lab, "img.nnkit-card", "filter") == "none"
    assert computed(lab, "img.nnkit-card", "backgroundColor") == "rgb(255, 255, 255)"
