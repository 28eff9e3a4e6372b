"""The folded plane in a browser: dragged, typed and played; what the page computes is what nnkit computes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nnkit.widgets.space_folded import ACTIVATIONS, CORNERS, STARTS, SpaceFolded, hidden, output

pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
from tests.browser.bench import Bench
from tests.browser.latency import Watch

SAYS = "text => document.querySelector('.nnkit-words').innerText.includes(text)"
POINTS = "marks => marks.slice(4).map(m => [...m.dataset.h.split(' ').map(Number), Number(m.dataset.output)])"


def agrees(bench: Bench) -> None:
    """Compare what the page has computed with what nnkit computes of the state that it has handed on."""
    state = bench.settled()
    shown = np.array(bench.root.locator("[data-point]").evaluate_all(POINTS))
    h = hidden(state, CORNERS)
    np.testing.assert_allclose(shown[:, :2], h, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(shown[:, 2], output(state, h), rtol=1e-9, atol=1e-12)
    assert bench.words == SpaceFolded(state).sentence


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_page_computes_what_nnkit_computes(page: Any, name: str) -> None:
    rng = np.random.default_rng(ACTIVATIONS.index(name))
    shapes = {"W1": (2, 2), "b1": (2,), "W2": (2, 1), "b2": (1,)}
    weights = {key: rng.normal(0, 1.5, size).round(2).tolist() for key, size in shapes.items()}
    bench = Bench(page, SpaceFolded(activation=name, **weights))
    agrees(bench)
    assert bench.complaints == []


@pytest.mark.parametrize("dark", [False, True], ids=["white", "dark"])
def test_everything_is_dragged_with_the_mouse_and_has_no_fault(page: Any, dark: bool, record_property: Any) -> None:
    bench = Bench(page, SpaceFolded(activation="ReLU"), dark)
    before = bench.settled()
    with Watch(bench.root) as watch:
        for name, x, y in (
            ("bias of h₁", 20, -10), ("weights of h₁", 10, 25), ("bias of h₂", -12, 20), ("weights of h₂", 15, 12),
            ("bias of ŷ", 15, -15), ("weights of ŷ", -12, 8),
        ):  # fmt: skip
            bench.drag(page.get_by_role("slider", name=name), x, y)
    record_property("latency", watch.seen.line("space folded, lines and arrows dragged"))
    after = bench.settled()
    assert all(after[name] != before[name] for name in ("W1", "b1", "W2", "b2"))
    agrees(bench)
    assert bench.violations() == []
    assert bench.complaints == []


def test_a_line_follows_the_hand_that_shifts_it(page: Any) -> None:
    bench = Bench(page, SpaceFolded(activation="ReLU", W1=[[1, 0], [0, 1]], b1=[0, 0.2]))
    handle = page.get_by_role("slider", name="bias of h₁")
    start = handle.bounding_box()
    bench.drag(handle, 62, 0)
    end = handle.bounding_box()
    assert end["x"] - start["x"] == pytest.approx(62, abs=4)
    # 310 pixels are 2.5 units, and the line x₁ = 0.5 has the bias −0.5.
    assert bench.settled()["b1"] == [pytest.approx(-0.5, abs=0.051), 0.2]


def test_the_keyboard_alone_reaches_a_solution(page: Any) -> None:
    bench = Bench(page, SpaceFolded())
    assert bench.words.startswith("1 of 4 points")
    page.keyboard.press("Tab")
    page.keyboard.type("R")
    page.wait_for_function(
        SAYS, arg="3 of 4 points are on the right side; (1, 1) is not: ŷ = 0.8. A straight line could"
    )
    for _ in range(12):  # three starts, then the nine boxes
        page.keyboard.press("Tab")
    for said in ("ŷ = 0.7", "ŷ = 0.6", "4 of 4", "4 of 4"):
        page.keyboard.press("ArrowDown")
        page.wait_for_function(SAYS, arg=said)
    assert bench.settled()["b2"] == [-0.4]
    page.keyboard.insert_text("oops")
    page.keyboard.press("Enter")  # no number: taken back
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text("−0,2")
    page.keyboard.press("Enter")
    page.wait_for_function(SAYS, arg="(1, 1) is not: ŷ = 0.6")
    agrees(bench)
    page.get_by_role("slider", name="bias of ŷ").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(SAYS, arg="4 of 4")
    agrees(bench)
    assert bench.complaints == []


def test_it_plays_from_the_plane_to_its_image(page: Any, record_property: Any) -> None:
    bench = Bench(page, SpaceFolded(activation="ReLU"))
    heading = bench.root.locator("svg text", has_text="h = ReLU(z)")
    heading.wait_for()
    with Watch(bench.root) as watch:
        page.get_by_role("button", name="Play").click()
        bench.root.locator("svg text", has_text="from x to z").wait_for()
        assert page.get_by_role("slider", name="bias of ŷ").count() == 0
        heading.wait_for()
    page.get_by_role("button", name="Play").wait_for()
    record_property("latency", watch.seen.playing("space folded"))
    place = page.get_by_role("slider", name="from x by z to h")
    place.focus()
    page.keyboard.press("Home")
    bench.root.locator("svg text", has_text="nothing has moved").wait_for()
    state = bench.settled()
    assert state["stage"] == 0
    assert bench.words == SpaceFolded(state).sentence
    assert bench.complaints == []


@pytest.mark.parametrize("name", STARTS)
def test_a_start_puts_back_its_weights(page: Any, name: str) -> None:
    bench = Bench(page, SpaceFolded(W1=[[2, 2], [2, 2]], stage=0.5))
    page.get_by_role("button", name=name).click()
    page.wait_for_function(SAYS, arg=SpaceFolded(STARTS[name]).sentence)
    assert bench.settled() == SpaceFolded(STARTS[name]).state
