"""Sliders above pictures that Python draws, in a browser: they follow mouse and keyboard, errors are sentences."""

from __future__ import annotations

import json
from typing import Any

import pytest

from nnkit.draw import style
from nnkit.widgets.graph_sliders import Sliders

pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
from tests.browser.bench import Bench
from tests.browser.latency import Watch


def line(slope: float, n: float) -> Any:
    """A plot as notebooks make them."""
    import matplotlib.pyplot as plt

    if slope == 0:
        raise ZeroDivisionError("a level line crosses <nothing>")
    figure, axes = plt.subplots(figsize=(6, 3))
    axes.plot(range(int(n)), [slope * x for x in range(int(n))], "o-")
    return style.caption(figure, alt=f"A line with slope {slope:g} through {n:g} points.")


def sliders() -> Sliders:
    return Sliders(line, {"slope": (-1, 1, 0.5, 0.1), "n": (2, 9, 4, 1)})


def wait_until_seen(bench: Bench, **state: Any) -> None:
    """Wait until the picture of this state is shown, not one of those before it."""
    bench.page.wait_for_function(
        """wanted => Object.entries(wanted).every(([name, value]) =>
        JSON.parse(document.querySelector(".nnkit-widget").dataset.of)[name] === value)""",
        arg=state,
    )


def seen(bench: Bench) -> Any:
    return bench.root.locator(".nnkit-picture img").get_attribute("alt")


@pytest.mark.parametrize("dark", [False, True], ids=["white", "dark"])
def test_the_picture_follows_the_mouse_and_has_no_fault(page: Any, dark: bool, record_property: Any) -> None:
    bench = Bench(page, sliders(), dark)
    assert seen(bench) == "A line with slope 0.5 through 4 points."
    handle = page.get_by_role("slider", name="n", exact=True)
    box = handle.bounding_box()
    with Watch(bench.root) as watch:
        page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + box["height"] / 2)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"], box["y"] + box["height"] / 2, steps=12)
        page.mouse.up()
        wait_until_seen(bench, n=9)
    assert seen(bench) == "A line with slope 0.5 through 9 points."
    assert bench.settled() == {"slope": 0.5, "n": 9}
    bench.root.locator("summary").click()
    assert bench.root.locator("code").inner_text() == "widgets.sliders(line, slope=(-1, 1, 0.5, 0.1), n=(2, 9, 9, 1))"
    assert bench.violations() == []
    assert bench.complaints == []
    record_property("latency", watch.seen.line("sliders, a matplotlib plot drawn by Python, dragged"))


def test_the_picture_follows_the_keyboard(page: Any, record_property: Any) -> None:
    bench = Bench(page, sliders())
    page.get_by_role("slider", name="slope").focus()
    with Watch(bench.root) as watch:
        for value in (0.6, 0.7, 0.8, 0.9, 1, 0.9, 0.8, 0.7, 0.6):
            later = value > json.loads(bench.root.get_attribute("data-of"))["slope"]
            page.keyboard.press("ArrowRight" if later else "ArrowLeft")
            wait_until_seen(bench, slope=value)
            assert seen(bench) == f"A line with slope {value:g} through 4 points."
    record_property("latency", watch.seen.line("sliders, a matplotlib plot drawn by Python, key by key"))
    page.get_by_role("textbox", name="n, typed").fill("7")
    page.keyboard.press("Enter")
    wait_until_seen(bench, n=7)
    assert seen(bench) == "A line with slope 0.6 through 7 points."
    page.wait_for_function("text => document.querySelector('.nnkit-aloud').textContent === text", arg=seen(bench))
    assert bench.complaints == []


def test_what_cannot_be_drawn_is_said_in_the_pictures_place(page: Any) -> None:
    bench = Bench(page, sliders())
    page.get_by_role("textbox", name="slope, typed").fill("0")
    page.keyboard.press("Enter")
    wait_until_seen(bench, slope=0)
    shown = bench.root.locator(".nnkit-picture")
    assert shown.inner_text() == (
        "This cannot be drawn at slope = 0, n = 4: a level line crosses <nothing> (ZeroDivisionError)"
    )
    page.get_by_role("textbox", name="slope, typed").fill("−0,3")
    page.keyboard.press("Enter")
    wait_until_seen(bench, slope=-0.3)
    assert seen(bench) == "A line with slope -0.3 through 4 points."
    assert bench.complaints == []
