"""Predictions and sketches in JupyterLab with the keyboard alone, as released notebooks hold them: sealed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from nnkit.widgets.sealing import seal
from tests.browser.lab import BROWSER_FLAGS, CHROMIUM, PATIENCE, Notebook, served

playwright = pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="the browser tests need a Chromium, and none was found"),
]

# Where to leave pictures for a person to look at; read now, since the tests run without settings of the user.
PICTURES = os.environ.get("NNKIT_SCREENSHOTS")

NUMBER = seal({"answer": "42", "explanation": '"Six times seven."'})
CHOICE = seal({"answer": '"XOR"', "explanation": '"No line parts its corners."'})
CURVE = seal({"truth": '{"square": ([0, 1, 2], [0, 1, 4])}', "explanation": '"It is a parabola."'})
CELLS = {
    "number": f'from nnkit import widgets\n\nwidgets.predict("What is it?", sealed="{NUMBER}", within=0.05)',
    "choice": f'widgets.predict("Which one?", sealed="{CHOICE}", choices=["AND", "OR", "XOR"])',
    "sketch": f'widgets.sketch("How does it go?", [0, 1, 2], (0, 4), sealed="{CURVE}")',
    "busy": 'widgets.predict("And while the kernel works?", 1234)',
    "work": "import time\n\ntime.sleep(3)",
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Notebook]:
    folder = tmp_path_factory.mktemp("lab") / "course"
    folder.mkdir()
    cells = [nbformat.v4.new_code_cell(source, id=name) for name, source in CELLS.items()]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "questions.ipynb")
    with served(folder) as address, playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=BROWSER_FLAGS, timeout=1000 * PATIENCE)
        page = browser.new_context(viewport={"width": 1200, "height": 1300}).new_page()
        notebook_page = Notebook(page, address, "questions.ipynb")
        for name in ("number", "choice", "sketch", "busy"):
            notebook_page.run(name)
            notebook_page.cell(name).get_by_role("button", name="Commit").wait_for()
        yield notebook_page
        browser.close()


def reply(lab: Notebook, cell: str, words: str) -> str:
    """Wait for a reply with these words, which is announced to screen readers, and return all of it."""
    said = lab.cell(cell).get_by_role("alert").filter(has_text=words)
    said.wait_for()
    return str(said.inner_text())


def has_ring(lab: Notebook) -> bool:
    """Whether what has the keyboard is seen to have it."""
    width = "() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle + s.outlineWidth }"
    return bool(lab.page.evaluate(width) == "solid2px")


def picture(lab: Notebook, name: str) -> None:
    if PICTURES:
        lab.page.screenshot(path=Path(PICTURES) / f"question_{name}.png")


def test_a_number_is_committed_with_enter(lab: Notebook) -> None:
    lab.cell("number").get_by_role("textbox", name="My prediction").focus()
    assert has_ring(lab)
    lab.page.keyboard.press("Enter")
    reply(lab, "number", "there is nothing in the box yet")
    picture(lab, "number")
    lab.page.keyboard.type("41")
    lab.page.keyboard.press("Enter")
    assert reply(lab, "number", "You: 41") == "You: 41. Answer: 42 (right, 1 too low). Six times seven."
    # From there the next question is one step away, although what had the keyboard is not there for it any more.
    lab.page.keyboard.press("Tab")
    assert lab.page.evaluate("() => document.activeElement.type") == "radio"


def test_a_choice_is_reached_with_tab_and_made_with_space(lab: Notebook) -> None:
    lab.cell("choice").get_by_role("radio", name="AND").focus()
    for _ in range(2):
        lab.page.keyboard.press("Tab")
        assert has_ring(lab)
    lab.page.keyboard.press("Space")
    lab.cell("choice").get_by_role("radio", name="XOR", checked=True).wait_for()
    lab.page.keyboard.press("Tab")
    assert has_ring(lab)
    picture(lab, "choice")
    lab.page.keyboard.press("Enter")
    assert reply(lab, "choice", "You") == "You: XOR. Answer: XOR (right). No line parts its corners."


def test_a_sketch_is_drawn_with_the_boxes_and_with_the_sliders(lab: Notebook) -> None:
    sketch = lab.cell("sketch")
    box = sketch.get_by_role("spinbutton", name="Height of the sketch at 1")
    box.focus()
    assert has_ring(lab)
    lab.page.keyboard.press("ControlOrMeta+a")
    lab.page.keyboard.type("1")
    lab.page.keyboard.press("Enter")
    sketch.get_by_role("img", name="The sketch: 2 at 0, 1 at 1, 2 at 2.").wait_for()
    lab.page.keyboard.press("ArrowDown")
    sketch.get_by_role("img", name="0.96 at 1").wait_for()
    lab.page.keyboard.press("Shift+Tab")
    assert lab.page.evaluate("() => document.activeElement.getAttribute('role')") == "slider"
    assert has_ring(lab)
    picture(lab, "sketch")
    lab.page.keyboard.press("ArrowUp")
    sketch.get_by_role("img", name="The sketch: 2 at 0, 1 at 1, 2 at 2.").wait_for()
    assert box.input_value() == "1"
    assert "square" not in lab.output("sketch")
    sketch.get_by_role("button", name="Commit").focus()
    lab.page.keyboard.press("Space")
    sketch.get_by_role("img", name="Over it: square.").wait_for()
    assert reply(lab, "sketch", "It is") == "It is a parabola."


def test_what_was_typed_while_the_kernel_worked_is_what_counts(lab: Notebook) -> None:
    """The last letters reach the kernel after the message that commits to them."""
    box = lab.cell("busy").get_by_role("textbox", name="My prediction")
    lab.page.evaluate(
        """number => {
            window.jupyterapp.shell.currentWidget.content.activeCellIndex = number;
            window.jupyterapp.commands.execute('notebook:run-cell');
        }""",
        lab.position["work"],
    )
    lab.page.wait_for_function("() => /\\| Busy/.test(document.querySelector('#jp-main-statusbar').innerText)")
    box.focus()
    lab.page.keyboard.type("1234")
    lab.page.keyboard.press("Enter")
    assert reply(lab, "busy", "You: 1234").startswith("You: 1234. Answer: 1,234 (right, exactly).")
