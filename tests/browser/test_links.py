"""A reader looks a word up: a link of the glossary opens the notebook at the cell that explains it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.lab import BROWSER_FLAGS, CHROMIUM, PATIENCE, served

playwright = pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="the browser tests need a Chromium, and none was found"),
]


# Whether an element of this kind, with these words and none of the glossary's own, stands where a reader sees it.
IN_VIEW = """([kind, words]) => [...document.querySelectorAll(kind)].some(element => {
  const box = element.getBoundingClientRect();
  const other = element.innerText.includes('steepest direction of a valley');
  return element.innerText.includes(words) && !other && box.height > 0 && box.top < 950 && box.bottom > 0;
})"""


@pytest.fixture
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with served(tmp_path_factory.mktemp("lab") / "course") as address, playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=BROWSER_FLAGS, timeout=1000 * PATIENCE)
        opened = browser.new_page(viewport={"width": 1280, "height": 1000})
        opened.set_default_timeout(1000 * PATIENCE)
        opened.goto(f"{address}/lab/tree/00_welcome/glossary.ipynb?reset")
        opened.wait_for_selector(".jp-Notebook .jp-Cell")
        yield opened
        browser.close()


def test_a_word_leads_to_the_cell_that_explains_it(page: Any) -> None:
    words = page.locator(".jp-MarkdownOutput li", has_text="condition number:")
    words.first.locator("a").click()
    page.wait_for_selector('.lm-TabBar-tabLabel:has-text("descent.ipynb")')
    page.wait_for_function(IN_VIEW, arg=[".jp-RenderedMarkdown", "condition number"])


def test_the_contents_of_the_glossary_lead_within_it(page: Any) -> None:
    page.locator(".jp-MarkdownOutput a", has_text="The ideas, notebook by notebook").click()
    page.wait_for_function(IN_VIEW, arg=[".jp-RenderedMarkdown h2", "The ideas, notebook by notebook"])
