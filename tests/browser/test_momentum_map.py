"""The map of rate and momentum in a browser: its borders, its point, and the walk of the point."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nnkit.widgets.momentum_map import MomentumMap, borders, kind_of

pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
from tests.browser.bench import Bench
from tests.browser.inside import inside
from tests.browser.latency import Watch

SAYS = "text => document.querySelector('.nnkit-words').innerText.includes(text)"


def test_the_page_knows_the_same_borders_kinds_and_walks(page: Any) -> None:
    rng = np.random.default_rng(0)
    asked = np.column_stack([rng.uniform(0, 5, 200) / 25, rng.uniform(0, 0.99, 200), np.full(200, 25.0)]).tolist()
    what = "given.map((one) => [kindOf(...one).kind, kindOf(...one).size, bordersOf(one[1], one[2])])"
    for one, (kind, size, edges) in zip(asked, inside(page, "momentum_map", what, asked), strict=True):
        assert (kind, pytest.approx(size)) == kind_of(*one)
        assert edges == pytest.approx(borders(*one[1:]))
    for rate, momentum in ((0.06, 0.5), (0.1, 0.0), (0.02, 0.9)):
        walked = inside(page, "momentum_map", "quadraticWalk(...given)", [rate, momentum, 25.0])
        np.testing.assert_allclose(walked, MomentumMap(rate=rate, momentum=momentum).walk(25.0), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("dark", [False, True], ids=["white", "dark"])
def test_the_point_is_dragged_through_the_regions(page: Any, dark: bool, record_property: Any) -> None:
    bench = Bench(page, MomentumMap(rate=0.02, momentum=0.0), dark)
    assert bench.words.startswith("Creeping. In the end each step multiplies the way by 0.5.")
    handle = bench.root.get_by_role("slider", name="rate and momentum")
    with Watch(bench.root) as watch:
        for across, up, kind in ((60, -120, "Ringing"), (18, 117, "Jumping"), (150, 0, "Exploding")):
            bench.drag(handle, across, up, steps=12)
            page.wait_for_function(SAYS, arg=kind)
    record_property("latency", watch.seen.line("momentum_map, point dragged"))
    state = bench.settled()
    assert kind_of(state["rate"], state["momentum"], state["curvature"])[0] == "exploding"
    assert bench.violations() == []
    assert bench.complaints == []


def test_the_keyboard_finds_the_point_where_both_axes_meet(page: Any) -> None:
    bench = Bench(page, MomentumMap(rate=0.06))
    bench.root.get_by_label("and a flat axis, curvature 1").check()
    page.wait_for_function(SAYS, arg="On the flat axis: creeping. In the end each step multiplies the way by 0.94.")
    for name, value in (("rate α", "0.111"), ("momentum μ", "0.45")):
        bench.root.get_by_role("textbox", name=f"{name}, typed").fill(value)
        page.keyboard.press("Enter")
    page.wait_for_function(SAYS, arg="On the flat axis: ringing.")
    assert bench.words.count("√μ = 0.671") == 2
    bench.root.get_by_role("slider", name="rate and momentum").focus()
    for _ in range(6):
        page.keyboard.press("ArrowDown")
    page.wait_for_function(SAYS, arg="On the steep axis: jumping. In the end each step multiplies the way by −0.")
    assert bench.settled()["momentum"] == 0.39
    for _ in range(30):
        page.keyboard.press("Shift+ArrowRight")
    page.wait_for_function(SAYS, arg="It leaves for good in step")
    assert bench.complaints == []
