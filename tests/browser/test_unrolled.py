"""The unrolled network in a browser: its weight is dragged, its message played, and every size is that of nnkit."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from nnkit.draw import style
from nnkit.draw import unrolled as drawn
from nnkit.widgets.unrolled import Unrolled

pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
from tests.browser.bench import Bench
from tests.browser.latency import Watch

FIRST_IS = "size => Math.abs(document.querySelector('.nnkit-size').dataset.size / size - 1) < 1e-9"


def shown(bench: Bench) -> list[float]:
    """The sizes of the message at the states that it has reached."""
    return [
        float(size)
        for size in bench.root.locator(".nnkit-size").evaluate_all("all => all.map(one => one.dataset.size)")
    ]


def computed(state: dict[str, Any]) -> Any:
    names = ("network", "weight", "loudness", "steps", "tanh", "seed")
    return drawn._passed(**{name: state[name] for name in names})


@pytest.mark.parametrize("dark", [False, True], ids=["white", "dark"])
def test_it_has_no_fault(page: Any, dark: bool) -> None:
    bench = Bench(page, Unrolled(network="sixteen units", tanh=True, terms=True, clip=True, limit=0.1), dark)
    assert "the message vanishes" in bench.words
    assert bench.violations() == []
    assert bench.complaints == []


def test_the_page_computes_what_nnkit_does_for_many_weights(page: Any) -> None:
    bench = Bench(page, Unrolled(loudness=0.3, steps=30))
    for network in drawn.NETWORKS:
        page.get_by_label("network", exact=True).select_option(network)
        for tanh in (False, True):
            page.get_by_label("tanh", exact=True).set_checked(tanh)
            for weight in (0.5, 0.9, 1.0, 1.1, 1.7):
                page.get_by_label("weight w, radius ρ, typed").fill(str(weight))
                page.keyboard.press("Enter")
                sizes = computed({**bench.widget.state, "network": network, "tanh": tanh, "weight": weight}).sizes
                page.wait_for_function(FIRST_IS, arg=float(sizes[0]))
                np.testing.assert_allclose(shown(bench), sizes, rtol=1e-9)
    assert bench.complaints == []


def test_the_weight_is_dragged_and_the_curve_follows(page: Any, record_property: Any) -> None:
    bench = Bench(page, Unrolled(network="sixteen units", weight=0.5, tanh=True))
    box = page.get_by_label("weight w, radius ρ", exact=True).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    page.mouse.down()
    with Watch(bench.root) as watch:
        for step in range(1, 21):
            before = bench.drawn
            page.mouse.move(box["x"] + box["width"] * (0.25 + step / 50), box["y"] + box["height"] / 2)
            bench.wait_until_drawn(before)
    page.mouse.up()
    record_property("latency", watch.seen.line("unrolled network, weight dragged (sixteen units, 50 steps)"))
    state = bench.settled()
    assert state["weight"] > 1.2
    np.testing.assert_allclose(shown(bench), computed(state).sizes, rtol=1e-9)


def test_the_message_is_played_back_and_stepped_by_the_keyboard(page: Any, record_property: Any) -> None:
    bench = Bench(page, Unrolled(weight=1.1, tanh=True, steps=12, back=0))
    assert bench.words == "The message 1 arrives at the last state, h₁₂. Nothing has gone back yet."
    sizes = computed(bench.widget.state).sizes
    page.get_by_role("button", name="Step").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelectorAll('.nnkit-size').length === 2")
    slope = sizes[11] / 1.1
    assert (
        f"From h₁₂ to h₁₁: message 1 · slope {style.number(slope)} · w 1.1 = {style.number(sizes[11])}." in bench.words
    )
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelectorAll('.nnkit-size').length === 3")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("() => document.querySelectorAll('.nnkit-size').length === 2")
    with Watch(bench.root) as watch:
        page.get_by_role("button", name="Play").click()
        page.wait_for_function("() => document.querySelectorAll('.nnkit-size').length === 13")
    record_property("latency", watch.seen.line("unrolled network, played"))
    np.testing.assert_allclose(shown(bench), sizes, rtol=1e-9)


def test_the_gradient_is_clipped_and_no_share_changes(page: Any) -> None:
    bench = Bench(page, Unrolled(weight=1.1))
    gradient = page.locator(".nnkit-gradient")
    assert not gradient.is_visible()
    assert not page.get_by_label("clipped").is_visible()
    page.get_by_label("gradient of wx").check()
    page.get_by_label("clipped").check()
    page.get_by_label("to the norm, typed").fill("0.5")
    page.keyboard.press("Enter")
    passed = computed(bench.settled())
    told = gradient.inner_text()
    norm, factor = style.number(passed.whole), style.number(0.5 / passed.whole)
    first = style.number(passed.terms[0] / passed.whole)
    assert f"its norm is {norm}. Clipped to 0.5: every term times {factor}." in told
    assert told.endswith(f"The first step's term is {first} of the whole, before and after.")
    assert bench.complaints == []


def test_nothing_of_nothing_is_no_ratio(page: Any) -> None:
    bench = Bench(page, Unrolled(network="sixteen units", weight=0.0, steps=12))
    assert "From h₁ to h₀: 0 becomes 0; the mean slope is 1. After 12 steps 0 of 1 is left" in bench.words


def test_the_numbers_above_the_arrows_do_not_touch(page: Any) -> None:
    bench = Bench(page, Unrolled(network="sixteen units", weight=2.0, tanh=True, loudness=2.0, steps=12))
    for steps in (2, 5, 8, 9, 10, 11, 12):
        page.get_by_label("steps, typed").fill(str(steps))
        page.keyboard.press("Enter")
        page.wait_for_function("n => document.querySelectorAll('.nnkit-size').length === n", arg=steps + 1)
        boxes = bench.root.locator("svg text[y='14']").evaluate_all(
            "all => all.map((one) => [one.getBoundingClientRect().left, one.getBoundingClientRect().right])"
        )
        assert all(one[1] < other[0] for one, other in itertools.pairwise(boxes)), steps


def test_a_term_that_others_cancel_is_no_share_of_the_whole(page: Any) -> None:
    bench = Bench(page, Unrolled(weight=1.1, tanh=True, seed=2, terms=True))
    passed = computed(bench.widget.state)
    assert passed.terms[0] > passed.whole
    times = style.number(passed.terms[0] / passed.whole)
    told = page.locator(".nnkit-gradient").inner_text()
    assert told.endswith(f"The first step's term is {times} times as large as the whole: the others partly cancel it.")
