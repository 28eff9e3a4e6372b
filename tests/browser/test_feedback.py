"""A student's feedback in a browser: open to everybody, on a phone, on paper, in the dark, and without any network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from nnkit.grading.feedback.page import feedback_page
from nnkit.grading.intake.sanitise import neutralise
from tests.grading.test_feedback_page import ABOUT, notebook, with_pictures
from tests.grading.test_showing import HTML, MARK, MARKDOWN, student_notebook

LONG = "x = [" + ", ".join(f"{n}.25" for n in range(200)) + "]"
FORMULA = r"$$\hat y = " + " + ".join(rf"w_{{{n}}} x_{{{n}}}^2" for n in range(40)) + "$$"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with everything on it, in a folder of its own, as one gets it by mail."""
    found = notebook()
    found.cells += with_pictures().cells
    found.cells += [
        new_code_cell(LONG, id="long", outputs=[new_output("stream", name="stdout", text="9" * 3000)]),
        new_markdown_cell(f"{FORMULA}\n\n| {' | '.join('abcdefghijklmnop')} |\n|{'---|' * 16}\n", id="wide"),
        new_code_cell("given = 1  # folded", id="given", metadata={"jupyter": {"source_hidden": True}}),
    ]
    path = tmp_path_factory.mktemp("mail") / "feedback.html"
    path.write_text(feedback_page(found, ABOUT), "utf-8")
    return path


def opened(chromium: Any, path: Path, **how: Any) -> Any:
    """The page, which notes what it asks for and what it complains of."""
    page = chromium.new_page(**{"viewport": {"width": 1000, "height": 900}, **how})
    page.asked, page.complaints = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("console", lambda line: page.complaints.append(line.text))
    page.on("dialog", lambda dialog: (page.complaints.append(dialog.message), dialog.dismiss()))
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1000, 390])
def test_the_page_is_open_to_everybody(chromium: Any, file: Path, scheme: str, width: int) -> None:
    """Names, roles, contrasts and order, as axe-core reads them, with all that is folded unfolded."""
    from axe_playwright_python.sync_playwright import Axe

    page = opened(chromium, file, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = Axe().run(page).response["violations"]
    page.close()
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []


def test_it_asks_for_nothing_and_shows_every_picture(chromium: Any, file: Path) -> None:
    page = opened(chromium, file)
    sizes = page.evaluate("[...document.images].map((one) => one.complete && one.naturalWidth)")
    assert len(sizes) >= 4
    assert all(sizes)
    assert [url for url in page.asked if not url.startswith("data:image/")] == [file.as_uri()]
    assert page.complaints == []
    page.close()


@pytest.mark.parametrize("width", [1000, 390, 320])
def test_nothing_is_wider_than_the_screen(chromium: Any, file: Path, width: int) -> None:
    page = opened(chromium, file, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("pre").evaluate_all("all => all.every((one) => one.scrollWidth <= one.clientWidth + 1)")
    page.close()


def test_a_link_of_the_table_leads_to_its_exercise(chromium: Any, file: Path) -> None:
    page = opened(chromium, file, viewport={"width": 390, "height": 500})
    page.locator("table a", has_text="halve").click()
    page.wait_for_function("document.querySelector(':target')?.getBoundingClientRect().top < innerHeight")
    assert "0 of 1 point" in page.locator(":target").inner_text()
    page.close()


def test_formulas_are_laid_out_and_folded_code_is_not_seen(chromium: Any, file: Path) -> None:
    page = opened(chromium, file)
    height = "one => one.getBoundingClientRect().height"
    assert page.locator("math msub").first.evaluate(height) > 5
    assert not page.get_by_text("folded").is_visible()
    page.get_by_text("Given code").last.click()
    assert page.get_by_text("folded").is_visible()
    page.close()


def test_on_paper_it_is_dark_on_white_whatever_the_screen_is(chromium: Any, file: Path) -> None:
    page = opened(chromium, file, color_scheme="dark")
    colours = "() => ['backgroundColor', 'color'].map((name) => getComputedStyle(document.body)[name])"
    assert dark_on_light(page.evaluate(colours)) is False
    page.emulate_media(media="print", color_scheme="dark")
    assert dark_on_light(page.evaluate(colours)) is True
    assert page.pdf()[:5] == b"%PDF-"
    page.close()


def dark_on_light(colours: list[str]) -> bool:
    ground, ink = (int(one.partition("(")[2].split(",")[0]) for one in colours)
    return ground > ink


@pytest.mark.parametrize("cleaned", [True, False])
def test_what_is_active_does_nothing(chromium: Any, tmp_path: Path, cleaned: bool) -> None:
    """Also where nobody has taken anything out before: the page cleans once more, and its policy allows no program."""
    texts = [new_markdown_cell(text, id=f"t{n}") for n, text in enumerate(MARKDOWN.values())]
    shown = [new_output("display_data", {"text/html": text, "text/plain": "x"}) for text in HTML.values()]
    found = student_notebook(*texts, new_code_cell("show()", id="shown", outputs=shown))
    if cleaned:
        neutralise(found, None)
    (tmp_path / "page.html").write_text(feedback_page(found, ABOUT), "utf-8")
    page = chromium.new_page()
    page.add_init_script(f"window.{MARK} = () => {{ document.title = '{MARK}'; }}")
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto((tmp_path / "page.html").as_uri())
    page.locator("a[href^='javascript']").first.wait_for(state="detached")
    assert page.title() != MARK
    assert [url for url in page.asked if MARK in url] == []
    page.close()


def test_what_is_active_would_do_something_otherwise(chromium: Any, tmp_path: Path) -> None:
    """The control: the same texts on a page that nobody has cleaned."""
    (tmp_path / "page.html").write_text(HTML["picture that tells"] + HTML["script"], "utf-8")
    page = chromium.new_page()
    page.add_init_script(f"window.{MARK} = () => {{ document.title = '{MARK}'; }}")
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto((tmp_path / "page.html").as_uri())
    page.wait_for_function(f"document.title === '{MARK}'")
    assert [url for url in page.asked if MARK in url]
    page.close()
