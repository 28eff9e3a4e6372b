"""Walks in a browser: the reader's order and the reader's backward, gone through with mouse and keyboard."""

from __future__ import annotations

import importlib
from itertools import pairwise
from typing import Any
from unittest import mock

import pytest

pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
from tests.browser.bench import Bench
from tests.browser.latency import Watch


def shown(lesson: str, changed: tuple[str, str] = ("", "")) -> Any:
    """Return the widget that the cell of a lesson shows."""
    found: list[Any] = []
    with mock.patch("nnkit.widgets.walks.Walks.show", lambda self: found.append(self)):
        exec(importlib.import_module(f"tests.browser.lessons.{lesson}").CELL.replace(*changed), {})
    return found[0]


LESSONS = ("order_walk", "backward_walk")


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.parametrize("dark", [False, True], ids=["white", "dark"])
def test_the_lesson_is_gone_through_and_the_widget_has_no_fault(page: Any, lesson: str, dark: bool) -> None:
    bench = Bench(page, shown(lesson), dark)

    def follows(text: str) -> None:
        page.wait_for_function("text => document.querySelector('.nnkit-words').innerText.includes(text)", arg=text)

    importlib.import_module(f"tests.browser.lessons.{lesson}").lesson(page, bench.root, follows)
    assert bench.violations() == []
    assert bench.complaints == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_step_shows_its_picture_and_its_sentence(page: Any, lesson: str) -> None:
    bench = Bench(page, shown(lesson))
    for walk in bench.widget.material()["walks"].values():
        for step, said in enumerate(walk["sentences"]):
            page.wait_for_function("text => document.querySelector('.nnkit-words').innerText === text", arg=said)
            label = bench.root.locator("svg").get_attribute("aria-label")
            assert f'aria-label="{label}"' in walk["pictures"][step].replace("&#x27;", "'")
            current = bench.root.locator('[aria-current="step"]')
            if 0 < step <= len(walk["row"]):
                assert current.inner_text().removeprefix("✗ ") == walk["row"][step - 1]["text"]
            else:
                assert current.count() == 0
            page.get_by_role("button", name="Step", exact=True).click()
        page.get_by_role("combobox").press("ArrowDown")
    assert bench.complaints == []


def test_a_lost_message_is_seen_where_it_is_lost(page: Any) -> None:
    bench = Bench(page, shown("backward_walk", ("source.grad += slope", "source.grad = slope")))
    page.get_by_role("slider", name="step of the walk").press("End")
    page.get_by_role("button", name="✗ b").click()
    page.wait_for_function("() => document.querySelector('.nnkit-words').innerText.includes('is overwritten')")
    assert bench.root.locator("svg text", has_text="lost").count() == 1
    assert bench.settled()["step"] > 0
    assert bench.violations() == []
    assert bench.complaints == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_an_entry_says_what_it_is_when_its_step_is_shown(page: Any, lesson: str) -> None:
    bench = Bench(page, shown(lesson))
    slider = page.get_by_role("slider", name="step of the walk")
    entries = bench.root.locator(".nnkit-entry")
    row = [("✗ " if one["mark"] == "wrong" else "") + one["text"] for one in _first(bench)["row"]]
    numbers = [str(number) for number in range(1, len(row) + 1)]
    assert entries.all_inner_texts() == numbers, "what is predicted is not on the page"
    for key, seen in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 2), ("End", len(row)), ("Home", len(row))):
        before = bench.drawn
        slider.press(key)
        bench.wait_until_drawn(before)
        assert entries.all_inner_texts() == row[:seen] + numbers[seen:]
    assert bench.violations() == []


def _first(bench: Bench) -> Any:
    return next(iter(bench.widget.material()["walks"].values()))


@pytest.mark.parametrize("width", [1000, 600, 360])
def test_letters_stay_legible_on_a_narrow_page(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    bench = Bench(page, shown("backward_walk"))
    smallest = bench.root.locator("svg").evaluate(
        "svg => svg.getScreenCTM().a * Math.min(...[...svg.querySelectorAll('text')].map("
        "(text) => Number(text.getAttribute('font-size'))))"
    )
    assert smallest >= 12
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    assert bench.violations() == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_it_plays_to_the_end(page: Any, lesson: str, record_property: Any) -> None:
    bench = Bench(page, shown(lesson))
    slider = page.get_by_role("slider", name="step of the walk")
    with Watch(bench.root) as watch:
        slider.focus()
        for key in ["ArrowRight"] * 3 + ["ArrowLeft"] * 3:
            before = bench.drawn
            page.keyboard.press(key)
            bench.wait_until_drawn(before)
    record_property("latency", watch.seen.line(lesson))
    slider.press("End")
    for _ in range(2):
        slider.press("ArrowLeft")
    page.get_by_role("button", name="Play").click()
    last = _first(bench)["sentences"][-1]
    page.wait_for_function("text => document.querySelector('.nnkit-words').innerText === text", arg=last)
    page.get_by_role("button", name="Play").wait_for()
    assert bench.complaints == []


DOT = """root => new Promise((done) => {
  const seen = [];
  const watch = new MutationObserver(() => seen.push(performance.now()));
  watch.observe(root, {attributes: true, subtree: true, attributeFilter: ["cx"]});
  const wait = () => {
    if (seen.length > 3 && performance.now() - seen[seen.length - 1] > 200) { watch.disconnect(); done(seen); }
    else requestAnimationFrame(wait);
  };
  wait();
  [...root.querySelectorAll("button")].find((one) => one.textContent === "Step").click();
})"""


def test_a_dot_runs_along_the_edge_at_work(page: Any, record_property: Any) -> None:
    bench = Bench(page, shown("backward_walk"))
    page.get_by_role("slider", name="step of the walk").press("ArrowRight")
    bench.wait_until_drawn(1)
    assert bench.root.locator("svg circle").count() == 0
    times = bench.root.evaluate(DOT)
    assert bench.root.locator("svg circle").count() == 0, "it is gone when it has arrived"
    gaps = [later - earlier for earlier, later in pairwise(times)]
    record_property("latency", f"the dot of a walk: {1000 * len(gaps) / sum(gaps):.0f} pictures a second")


def test_no_dot_runs_for_whoever_wants_no_motion(page: Any) -> None:
    page.emulate_media(reduced_motion="reduce")
    bench = Bench(page, shown("backward_walk"))
    for _ in range(2):
        before = bench.drawn
        page.get_by_role("button", name="Step", exact=True).click()
        bench.wait_until_drawn(before)
    assert bench.root.locator('svg path.edge[stroke-width="2.4"]').count() == 1
    assert bench.root.locator("svg circle").count() == 0


def test_where_a_picture_scrolls_the_end_shows_its_verdicts(page: Any) -> None:
    page.set_viewport_size({"width": 360, "height": 900})
    bench = Bench(page, shown("backward_walk"))
    page.get_by_role("combobox", name="graph").select_option("a diamond")
    slider = page.get_by_role("slider", name="step of the walk")
    seen = []
    for key in ("ArrowRight", "ArrowRight", "End"):
        before = bench.drawn
        slider.press(key)
        bench.wait_until_drawn(before)
        seen.append(page.evaluate("() => document.querySelector('.nnkit-picture').firstElementChild.scrollLeft"))
    assert seen[1] > 0, "f and what it sends to are at the right"
    assert seen[2] == 0, "a and b are at the left"
    assert bench.complaints == []
