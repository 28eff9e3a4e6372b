"""The README's animation is what its script makes of a real walk, small, and one step is seen at a time."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

from nnkit.draw import style
from tests.browser.make_animation import FILE, SECONDS, animation, walk

SHOWN = """seconds => {
  document.getAnimations().forEach((one) => { one.pause(); one.currentTime = 1000 * seconds; });
  return [...document.querySelectorAll('.step')].map((step) => getComputedStyle(step).visibility === 'visible');
}"""


def test_the_script_makes_the_committed_file_again(tmp_path: Path) -> None:
    animation().save(tmp_path / "again.svg")
    assert FILE.read_bytes() == (tmp_path / "again.svg").read_bytes(), "run: python -m tests.browser.make_animation"


def test_it_is_small_and_whole() -> None:
    assert len(FILE.read_bytes()) < 300_000
    root = ElementTree.fromstring(FILE.read_text(encoding="utf-8"))
    steps = [group for group in root.iter("{http://www.w3.org/2000/svg}g") if group.get("class") == "step"]
    assert len(steps) == len(walk().sentences)
    assert "At u the messages add up: 6 + 6 = 12." in str(root.get("aria-label"))


def test_its_colours_follow_the_page() -> None:
    text = FILE.read_text(encoding="utf-8")
    dark = text.split("@media(prefers-color-scheme:dark)")[1].split("</style>")[0]
    for role in ("page", "gradient", "input"):
        assert f'[fill="{style.COLOURS[role]}"]{{fill:{style.dark(style.COLOURS[role])}}}' in dark
    assert "var(--nnkit" not in text


def test_one_step_is_seen_at_a_time(page: Any) -> None:
    pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
    page.goto(FILE.as_uri())
    steps = len(walk().sentences)
    for number in range(steps):
        shown = page.evaluate(SHOWN, number * SECONDS + 0.1)
        assert [place for place, visible in enumerate(shown) if visible] == [number]


def test_whoever_wants_no_motion_sees_the_end(page: Any) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(FILE.as_uri())
    shown = page.evaluate(
        "() => [...document.querySelectorAll('.step')].map((one) => getComputedStyle(one).visibility)"
    )
    assert shown == ["hidden"] * (len(shown) - 1) + ["visible"]
