"""The glider in a browser: turned, played, its axis dragged; what is drawn is what the matrices say."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from nnkit.draw import rotations
from nnkit.widgets.attitude import Attitude, turned

pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
from tests.browser.bench import Bench
from tests.browser.latency import Watch


def late(R: np.ndarray) -> np.ndarray:
    """Answer with the attitude turned by 30° more about z."""
    return np.asarray(turned([30.0], 90, 0)[0] @ R)


def shown(turn: float = 90) -> Attitude:
    return Attitude({"late": late, "right": lambda R: R}, turn=turn, height=90)


def says(bench: Bench, text: str) -> None:
    bench.page.wait_for_function("text => document.querySelector('.nnkit-words').innerText.includes(text)", arg=text)


def corners(bench: Bench, stand: int) -> np.ndarray:
    """Where the corners of the left wing are drawn: on which the fill says that it is that one."""
    found = bench.root.locator("svg").nth(stand).locator('polygon[fill="var(--nnkit-input)"]').get_attribute("points")
    return np.array([[float(x) for x in corner.split(",")] for corner in found.split()])


@pytest.mark.parametrize("dark", [False, True], ids=["white", "dark"])
def test_the_bodies_are_drawn_where_their_matrices_put_them(page: Any, dark: bool) -> None:
    bench = Bench(page, shown(), dark)
    says(bench, "Turned by 90°: late is 30° off; right is 0° off.")
    wing = np.array(dict(rotations.faces())["left wing"])
    for stand, matrix in ((0, turned([90.0], 90, 0)[0]), (1, late(turned([90.0], 90, 0))[0])):
        paper, _ = rotations.seen(wing @ matrix.T)
        drawn = corners(bench, stand)
        size = np.ptp(drawn[:, 0]) / np.ptp(paper[:, 0])
        assert (drawn - drawn[0]) == pytest.approx((paper - paper[0]) * [size, -size], abs=0.5)
    assert bench.violations() == []
    assert bench.complaints == []


def test_the_axis_is_dragged_and_moved_by_keys(page: Any, record_property: Any) -> None:
    bench = Bench(page, shown())
    says(bench, "late is 30° off")
    tip = bench.root.get_by_role("slider", name="axis of the turn")
    with Watch(bench.root) as watch:
        bench.drag(tip, 60, 40)
    dragged = bench.settled()
    assert dragged["height"] < 80
    says(bench, "Turned by 90°")
    tip.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowRight")
    moved = bench.settled()
    assert moved["height"] == dragged["height"] - 2
    assert (moved["heading"] - dragged["heading"]) in (20, -340) or moved["heading"] == 180
    record_property("latency", watch.seen.line("attitude, dragging the axis"))


def test_a_number_is_typed(page: Any) -> None:
    bench = Bench(page, shown())
    box = bench.root.get_by_label("turn in degrees, typed")
    box.fill("179,5")
    box.press("Enter")
    says(bench, "Turned by 180°")  # the networks were asked at every second degree
    assert bench.settled()["turn"] == 180
    assert box.input_value() == "180"


@pytest.mark.parametrize(
    ("typed", "kept", "reply"),
    [
        ("181/2", 90, ""),
        ("a third", 30, "“a third” is no number."),
        ("1/0", 30, "“1/0” is no number."),
        ("400", 360, "360 is the most."),
        ("−5", 0, "0 is the least."),
        ("", 30, ""),
    ],
)
def test_what_is_typed_and_cannot_be_taken_is_answered(page: Any, typed: str, kept: int, reply: str) -> None:
    bench = Bench(page, shown(turn=30))
    box = bench.root.get_by_label("turn in degrees, typed")
    box.fill(typed)
    box.press("Enter")
    page.wait_for_function("box => !box.dataset.typing", arg=box.element_handle())
    assert bench.settled()["turn"] == kept
    answered = bench.root.locator(".nnkit-reply", has_text=re.compile("."))
    assert (answered.all_inner_texts() or [""])[0] == reply
    box.press("End")
    page.keyboard.type("1")
    assert bench.root.locator(".nnkit-reply", has_text=re.compile(".")).count() == 0


def test_it_plays_the_full_turn(page: Any, record_property: Any) -> None:
    bench = Bench(page, shown())
    says(bench, "late is 30° off")
    with Watch(bench.root) as watch:
        bench.root.get_by_role("button", name="Turn").click()
        says(bench, "Turned by 360°")
    assert re.search(r"late 30° at \d+°; right 0°", bench.words)
    record_property("latency", watch.seen.playing("attitude"))
