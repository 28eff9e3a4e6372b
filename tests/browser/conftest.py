"""What the browser tests share: one Chromium for each file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.lab import BROWSER_FLAGS, CHROMIUM, PATIENCE


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser for the tests of one file."""
    playwright = pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
    if CHROMIUM is None:
        pytest.skip("the browser tests need a Chromium, and none was found")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=BROWSER_FLAGS, timeout=1000 * PATIENCE)
        yield opened
        opened.close()


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A new page of it."""
    opened = chromium.new_page(viewport={"width": 1000, "height": 900})
    opened.set_default_timeout(1000 * PATIENCE)
    yield opened
    opened.close()
