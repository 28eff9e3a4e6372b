"""The rules of backpropagation on one page: readable in a dark browser, and black on white on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nnkit.draw import style

SHEET = Path(__file__).resolve().parents[2] / "course" / "00_welcome" / "welcome_sheet.html"
COLOURS = "() => { const s = getComputedStyle(document.body); return [s.color, s.backgroundColor]; }"


def colours(page: Any) -> list[str]:
    """Of the page's text and of its ground, as #rrggbb."""
    return ["#" + "".join(f"{int(part):02x}" for part in said[4:-1].split(",")) for said in page.evaluate(COLOURS)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sheet_is_readable(page: Any, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(SHEET.as_uri())
    text, ground = colours(page)
    assert (ground < text) == (scheme == "dark")
    assert style.contrast(text, ground) >= 7


def test_the_sheet_is_black_on_white_on_paper(page: Any) -> None:
    page.emulate_media(color_scheme="dark", media="print")
    page.goto(SHEET.as_uri())
    assert colours(page) == ["#111111", "#ffffff"]
