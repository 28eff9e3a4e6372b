"""The stepper in a browser: pictures made in advance, gone through with mouse and keyboard."""

from __future__ import annotations

from typing import Any

import pytest

import nnkit
from nnkit import draw
from nnkit.widgets.stepper import Stepper

pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
from tests.browser.bench import Bench
from tests.browser.latency import Watch


def walk() -> Stepper:
    a = nnkit.tensor(3.0, requires_grad=True)
    b = a + a
    steps = draw.sequence(b + b, inputs={"a": a}, names={"b": b}, result="c")
    return Stepper(steps.pictures, steps.sentences, call="widgets.walk")


@pytest.mark.parametrize("dark", [False, True], ids=["white", "dark"])
def test_it_is_gone_through_with_the_mouse_and_has_no_fault(page: Any, dark: bool) -> None:
    bench = Bench(page, walk(), dark)
    said = walk().material()["sentences"]
    assert bench.words == said[0]
    for step, button in ((1, "Step"), (2, "Step"), (2, "Step"), (1, "Back")):
        before = bench.drawn
        page.get_by_role("button", name=button).click()
        bench.wait_until_drawn(before)
        assert bench.words == said[step]
    assert bench.settled() == {"step": 1}
    assert bench.violations() == []
    assert bench.complaints == []


def test_the_keyboard_reaches_every_step(page: Any) -> None:
    bench = Bench(page, walk())
    said = walk().material()["sentences"]
    page.keyboard.press("Tab")
    for key, step in (("ArrowRight", 1), ("End", 2), ("Home", 0), ("Tab", 0), ("Enter", 1), ("ArrowLeft", 0)):
        page.keyboard.press(key)
        page.wait_for_function("text => document.querySelector('.nnkit-words').innerText === text", arg=said[step])
    assert bench.complaints == []


def test_it_plays_to_the_end(page: Any, record_property: Any) -> None:
    bench = Bench(page, walk())
    with Watch(bench.root) as watch:
        page.get_by_role("button", name="Play").click()
        page.wait_for_function("() => document.querySelector('.nnkit-words').innerText.includes('Done')")
    page.get_by_role("button", name="Play").wait_for()
    record_property("latency", watch.seen.line("stepper"))
