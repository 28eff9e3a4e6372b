"""The drawing pad in JupyterLab: strokes by mouse and by touch reach Python, and are read, cleared and replaced."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import nbformat
import pytest

from tests.browser.lab import BROWSER_FLAGS, CHROMIUM, PATIENCE, Notebook, served

playwright = pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="the browser tests need a Chromium, and none was found"),
]

# Where to leave a picture of the pad for a person to look at; read now, the tests run without settings of the user.
PICTURES = os.environ.get("NNKIT_SCREENSHOTS")

# A reader that says which half of the image holds more ink: 1 for the left one, 2 for the right one.
PAD = """
import numpy as np
from nnkit.widgets.drawing_pad import drawing_pad

def sides(images):
    left, right = images[0, 0, :, :14].sum(), images[0, 0, :, 14:].sum()
    return np.eye(10)[[1 if left > right else 2]]

drawing_pad(sides, digit=1, normalised=False)
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("lab") / "course"
    folder.mkdir()
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(PAD, id="pad")])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "pad.ipynb")
    with served(folder) as address, playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=BROWSER_FLAGS, timeout=1000 * PATIENCE)
        context = browser.new_context(has_touch=True, viewport={"width": 1200, "height": 1000})
        opened = context.new_page()
        lab = Notebook(opened, address, "pad.ipynb")
        lab.run("pad")
        opened.wait_for_selector("svg.nnkit-pad")
        yield opened
        browser.close()


def answer(page: Any, said: str) -> None:
    page.locator(f'.jp-OutputArea img[alt*="{said}"]').wait_for()


def stroke(page: Any, x: float) -> None:
    """Draw a line from top to bottom with the mouse, at this share of the pad's width."""
    box = page.locator("svg.nnkit-pad").bounding_box()
    page.mouse.move(box["x"] + x * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + x * box["width"], box["y"] + 0.8 * box["height"], steps=8)
    page.mouse.up()


def clear(page: Any) -> None:
    """Empty the pad, and wait for the new one: the words beneath may still be there from the last time."""
    before = page.locator("svg.nnkit-pad").get_attribute("data-number")
    page.get_by_role("button", name="Clear").click()
    page.locator(f'svg.nnkit-pad:not([data-number="{before}"])').wait_for()
    page.get_by_text("The pad is empty.").wait_for()


def lines(page: Any) -> int:
    return int(page.locator("svg.nnkit-pad polyline").count())


def test_a_stroke_replaces_the_stored_digit_and_is_read(page: Any) -> None:
    stroke(page, 0.8)
    answer(page, "answer: 2")
    assert lines(page) == 1
    stroke(page, 0.2)
    stroke(page, 0.25)
    answer(page, "answer: 1")
    assert lines(page) == 3


def test_clearing_empties_pad_and_memory(page: Any) -> None:
    stroke(page, 0.2)
    clear(page)
    assert lines(page) == 0
    stroke(page, 0.8)
    answer(page, "answer: 2")
    assert lines(page) == 1
    clear(page)
    assert lines(page) == 0


def test_a_finger_draws_as_well(page: Any) -> None:
    stroke(page, 0.8)
    answer(page, "answer: 2")
    clear(page)
    box = page.locator("svg.nnkit-pad").bounding_box()
    touch = page.context.new_cdp_session(page)
    for kind, y in (("touchStart", 0.2), ("touchMove", 0.5), ("touchMove", 0.8), ("touchEnd", None)):
        points = [] if y is None else [{"x": box["x"] + 0.2 * box["width"], "y": box["y"] + y * box["height"]}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    answer(page, "answer: 1")
    assert lines(page) == 1


def test_a_stored_digit_is_chosen_with_the_keyboard(page: Any) -> None:
    chosen = page.locator(".jupyter-widgets select").first
    chosen.focus()
    page.keyboard.press("Space")  # opens the list; without it JupyterLab takes the arrows for its own
    page.keyboard.press("Home")  # my own drawing; the digits 0 to 9 follow
    for _ in range(5):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelectorAll('svg.nnkit-pad polyline').length == 3")
    answer(page, "answer:")
    if PICTURES:
        page.screenshot(path=os.path.join(PICTURES, "drawing_pad.png"))
