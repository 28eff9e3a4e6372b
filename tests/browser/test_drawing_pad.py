"""The drawing pad in a browser: strokes by mouse, by touch and by keyboard are read, cleared and replaced."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nnkit.widgets.drawing_pad import OWN, DrawingPad, as_image

pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
from tests.browser.bench import Bench
from tests.browser.lab import PATIENCE
from tests.browser.latency import Watch


def sides(images: np.ndarray) -> np.ndarray:
    """Say which half of the image holds more ink: 1 for the left one, 2 for the right one."""
    left, right = images[0, 0, :, :14].sum(), images[0, 0, :, 14:].sum()
    return np.eye(10)[[1 if left > right else 2]]


@pytest.fixture
def bench(page: Any) -> Bench:
    return Bench(page, DrawingPad(sides, digit=1, normalised=False))


def says(bench: Bench, text: str) -> None:
    bench.page.wait_for_function("text => document.querySelector('.nnkit-words').innerText.includes(text)", arg=text)


def stroke(bench: Bench, x: float) -> None:
    """Draw a line from top to bottom with the mouse, at this share of the pad's width."""
    mouse, box = bench.page.mouse, bench.root.locator(".nnkit-pad").bounding_box()
    mouse.move(box["x"] + x * box["width"], box["y"] + 0.2 * box["height"])
    mouse.down()
    mouse.move(box["x"] + x * box["width"], box["y"] + 0.8 * box["height"], steps=12)
    mouse.up()


def lines(bench: Bench) -> int:
    return int(bench.root.locator(".nnkit-pad polyline").count())


def clear(bench: Bench) -> None:
    bench.root.get_by_role("button", name="Clear").click()
    says(bench, "The pad is empty.")


def test_a_stroke_replaces_the_stored_digit_and_is_read(bench: Bench, record_property: Any) -> None:
    with Watch(bench.root, answered=True) as watch:
        stroke(bench, 0.8)
        says(bench, "takes it for a 2, at 100 %")
        assert lines(bench) == 1
        stroke(bench, 0.2)
        stroke(bench, 0.25)
        says(bench, "takes it for a 1")
    assert lines(bench) == 3
    state = bench.settled()
    assert state["digit"] == OWN
    assert [len(line) > 3 for line in state["strokes"]] == [True] * 3
    record_property("latency", watch.seen.line("drawing pad, a reading while a stroke grows"))


def test_the_image_shown_is_what_the_network_gets(bench: Bench) -> None:
    stroke(bench, 0.8)
    says(bench, "for a 2")
    state = bench.settled()
    pixels = bench.root.locator("canvas").evaluate(
        "canvas => [...canvas.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 0)"
    )
    _, image = as_image([np.array(line) for line in state["strokes"]], normalised=False)
    assert np.abs(np.array(pixels).reshape(28, 28) - 255 * image).max() <= 1


def test_clearing_empties_pad_and_memory(bench: Bench) -> None:
    stroke(bench, 0.2)
    clear(bench)
    assert lines(bench) == 0
    stroke(bench, 0.8)
    says(bench, "for a 2")
    assert lines(bench) == 1


def test_a_finger_draws_as_well(chromium: Any) -> None:
    context = chromium.new_context(has_touch=True)
    page = context.new_page()
    page.set_default_timeout(1000 * PATIENCE)
    bench = Bench(page, DrawingPad(sides, digit=OWN, normalised=False))
    box = bench.root.locator(".nnkit-pad").bounding_box()
    touch = context.new_cdp_session(page)
    for kind, y in (("touchStart", 0.2), ("touchMove", 0.5), ("touchMove", 0.8), ("touchEnd", None)):
        points = [] if y is None else [{"x": box["x"] + 0.2 * box["width"], "y": box["y"] + y * box["height"]}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    says(bench, "for a 1")
    assert lines(bench) == 1
    context.close()


def test_the_keyboard_draws_and_chooses(bench: Bench) -> None:
    keyboard = bench.page.keyboard
    bench.root.locator(".nnkit-pad").focus()
    for key in ["Shift+ArrowRight"] * 3 + ["Space"] + ["Shift+ArrowDown"] * 5 + ["Space", "ArrowLeft"]:
        keyboard.press(key)
    says(bench, "for a 2")
    assert lines(bench) == 1
    assert bench.settled()["strokes"][0][-1] == pytest.approx([0.8, 0.7])
    bench.root.get_by_label("stored digit").focus()
    bench.root.get_by_label("stored digit").select_option("4")
    bench.page.wait_for_function("() => document.querySelectorAll('.nnkit-pad polyline').length === 3")


def test_only_a_stored_digit_is_drawn_somewhere_else(bench: Bench) -> None:
    place = bench.root.get_by_role("combobox", name="drawn")
    assert place.is_enabled()
    stroke(bench, 0.8)
    says(bench, "for a 2")
    assert place.is_disabled()
    bench.root.get_by_label("stored digit").select_option("4")
    bench.page.wait_for_function("() => document.querySelectorAll('.nnkit-pad polyline').length === 3")
    assert place.is_enabled()


def test_an_old_answer_does_not_stay_beside_a_network_that_fails(page: Any) -> None:
    def moody(images: np.ndarray) -> np.ndarray:
        if not images[0, 0, :, :14].any():
            raise RuntimeError("Nothing on the left.")
        return sides(images)

    bench = Bench(page, DrawingPad(moody, digit=1, normalised=False))
    says(bench, "takes it for")
    stroke(bench, 0.8)
    says(bench, "Nothing on the left. (RuntimeError)")
    assert "%" not in bench.root.get_by_role("img", name="No probabilities yet").text_content()
    stroke(bench, 0.2)
    says(bench, "takes it for")


@pytest.fixture(params=[False, True], ids=["white", "dark"])
def either(request: Any, page: Any) -> Bench:
    return Bench(page, DrawingPad(sides, digit=4), request.param)


def test_it_has_no_fault_on_white_or_dark(either: Bench) -> None:
    says(either, "takes it for")
    assert either.violations() == []
    assert either.complaints == []
