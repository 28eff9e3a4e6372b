"""What the browser tests share: one Chromium for each file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.lab import PATIENCE, opened_chromium


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser for the tests of one file."""
    with opened_chromium() as opened:
        yield opened


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A new page of it."""
    opened = chromium.new_page(viewport={"width": 1000, "height": 900})
    opened.set_default_timeout(1000 * PATIENCE)
    yield opened
    opened.close()
