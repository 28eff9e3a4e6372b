"""What a student sees of JupyterLab: no menu without entries, the Assignment List on demand, headings whole."""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.lab import PATIENCE, Notebook, running

pytestmark = pytest.mark.slow

# How many headings in the table of contents are wider than their place.
CUT_OFF = (
    "() => [...document.querySelectorAll('.jp-tocItem-content')].filter(e => e.scrollWidth > e.clientWidth).length"
)

# How many of them begin before the one above has ended.
UPON_EACH_OTHER = """() => {
    const places = [...document.querySelectorAll('.jp-tocItem-content')].map(e => e.getBoundingClientRect());
    return places.filter((place, n) => n && place.top < places[n - 1].bottom).length;
}"""


def menus(page: Any, address: str) -> list[str]:
    """The names of the menus of JupyterLab, with the menu File open."""
    page.set_default_timeout(1000 * PATIENCE)
    page.goto(f"{address}/lab?reset")
    bar = page.locator(".lm-MenuBar-itemLabel")
    bar.filter(has_text="Help").wait_for()
    found = [name for name in bar.all_inner_texts() if name]
    bar.filter(has_text="File").click()
    page.locator(".lm-Menu-itemLabel", has_text="New Launcher").wait_for()
    return found


@contextlib.contextmanager
def opened(assignment: Path, beside: Path, ours: bool) -> Iterator[str]:
    """JupyterLab on a copy of an assignment, by `nnkit lab` or by itself."""
    work = beside / "work"
    shutil.copytree(assignment, work / assignment.name)
    command = [sys.executable, "-m", *(["nnkit", "lab", str(work)] if ours else ["jupyterlab", str(work)])]
    with running(command, beside, beside) as address:
        yield address


@pytest.mark.parametrize("assignments", [False, True])
def test_the_menus_of_a_student(page: Any, tmp_path: Path, assignments: bool) -> None:
    command = [sys.executable, "-m", "nnkit", "lab", str(tmp_path / "work")]
    with running([*command, *(["--assignments"] if assignments else [])], tmp_path) as address:
        assert "Nbgrader" not in menus(page, address)
        entry = page.locator(".lm-Menu-itemLabel", has_text="Assignment List")
        assert entry.count() == assignments
        if assignments:
            entry.click()
            page.get_by_text("Released assignments").wait_for()


def test_without_the_settings_there_is_a_menu(page: Any, tmp_path: Path) -> None:
    """The control."""
    with running([sys.executable, "-m", "jupyterlab"], tmp_path, tmp_path) as address:
        assert "Nbgrader" in menus(page, address)


@pytest.mark.parametrize("settings", [True, False])
def test_nothing_in_a_notebook_says_that_an_open_question_has_failed(
    page: Any, tmp_path: Path, settings: bool, repository: Path
) -> None:
    """nbgrader's button Validate runs everything again for a minute, and calls a written answer to come a failure."""
    with opened(repository / "course" / "00_welcome", tmp_path, settings) as address:
        Notebook(page, address, "00_welcome/welcome.ipynb")
        assert page.get_by_text("Validate", exact=True).count() == (0 if settings else 1)


@pytest.mark.parametrize("page_of_ours", [True, False])
def test_the_table_of_contents_shows_headings_whole(
    page: Any, tmp_path: Path, repository: Path, page_of_ours: bool
) -> None:
    """Names of exercises end where they differ. Without what nnkit adds to the page some are cut off: the control."""
    with opened(repository / "course" / "02_backprop_by_hand", tmp_path, page_of_ours) as address:
        Notebook(page, address, "02_backprop_by_hand/backprop_by_hand.ipynb")
        page.locator("[data-id='table-of-contents']").first.click()
        page.locator(".jp-tocItem-content", has_text="numerical_gradient").wait_for()
        assert (page.evaluate(CUT_OFF) == 0) == page_of_ours
        assert not page_of_ours or page.evaluate(UPON_EACH_OTHER) == 0
