"""The race in a browser: the reader's functions run in Python, wrong ones walk as they are, and the race is played."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nnkit.widgets.race import STEPS, Race

pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
from tests.browser.bench import Bench
from tests.browser.latency import Watch

SAYS = "text => document.querySelector('.nnkit-words').innerText.includes(text)"


def momentum_update(w: Any, g: Any, delta: Any, lr: float, mu: float) -> Any:
    return w + mu * delta - lr * g, mu * delta - lr * g


def uncorrected(w: Any, g: Any, m: Any, v: Any, t: int, lr: float, beta1: float, beta2: float, eps: float) -> Any:
    m_new, v_new = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
    return w - lr * m_new / (np.sqrt(v_new) + eps), m_new, v_new


def shown(bench: Bench, mark: str) -> np.ndarray:
    """The points of a line on the map, in its pixels."""
    text = bench.root.locator(mark).first.get_attribute("points")
    return np.array([pair.split(",") for pair in text.split()], dtype=float)


@pytest.mark.parametrize("dark", [False, True], ids=["white", "dark"])
def test_the_race_is_played_and_ends_with_who_arrived(page: Any, dark: bool, record_property: Any) -> None:
    bench = Bench(page, Race(step=330, rules={"momentum": momentum_update}), dark)
    page.wait_for_function(SAYS, arg="Arrived: momentum in step 66. Your rules step exactly as nnkit's.")
    with Watch(bench.root) as watch:
        page.get_by_role("button", name="Play").click()
        page.wait_for_function(SAYS, arg="Arrived: momentum in step 66, SGD in step 406.")
        page.get_by_role("button", name="Play").wait_for()
    record_property("latency", watch.seen.playing("race"))
    assert bench.settled()["step"] == STEPS
    assert bench.words == bench.widget.twin().text
    assert bench.violations() == []
    assert bench.complaints == []


def test_what_is_shown_is_the_readers_walk_beside_that_of_nnkit(page: Any, record_property: Any) -> None:
    made = Race(surface="valley", rate_adam=0.1, step=STEPS, rules={"momentum": momentum_update, "Adam": uncorrected})
    bench = Bench(page, made)
    page.wait_for_function(SAYS, arg="uncorrected goes its own way: in step 2 it moves by")
    own, theirs = (
        shown(bench, f'[{mark}="Adam"]{inner}') for mark, inner in (("data-walk", " polyline"), ("data-nnkit", ""))
    )
    # 362 pixels are 8 units of x.
    walks, _ = made.run(made.state)
    np.testing.assert_allclose((own[:, 0] - own[0, 0]) * 8 / 362, walks["Adam"][:, 0] + 4, atol=0.002)
    assert np.abs(own[:50] - theirs[:50]).max() > 5
    right = (
        shown(bench, f'[{mark}="momentum"]{inner}') for mark, inner in (("data-walk", " polyline"), ("data-nnkit", ""))
    )
    np.testing.assert_allclose(*right, atol=0.011)

    with Watch(bench.root) as watch:
        bench.drag(bench.root.get_by_role("slider", name="start"), 60, 30, steps=20)
        state = bench.settled()
    record_property("latency", watch.seen.asked("race, start dragged, Python walks"))
    assert state["start"] != [-4.0, 1.5]
    page.wait_for_function(SAYS, arg=Race(state, rules=made.rules).said())
    assert bench.complaints == []


def test_a_rule_that_raises_is_a_sentence_and_the_others_go_on(page: Any) -> None:
    def unwritten(*given: Any) -> Any:
        raise NotImplementedError("write me")

    bench = Bench(page, Race(rules={"momentum": momentum_update, "RMSProp": unwritten}))
    page.wait_for_function(SAYS, arg="unwritten stopped in step 1: write me (NotImplementedError).")
    slider = bench.root.get_by_role("slider", name="step of the race")
    slider.focus()
    page.keyboard.press("End")
    page.wait_for_function(
        SAYS, arg="Arrived: momentum in step 66, SGD in step 406. Not arrived after 450 steps: RMSProp."
    )
    bench.root.get_by_role("textbox", name="rate of momentum, typed").fill("0.9")
    page.keyboard.press("Enter")
    page.wait_for_function(SAYS, arg="Not arrived after 450 steps: momentum, RMSProp.")
    bench.root.get_by_label("surface").select_option("saddle")
    page.wait_for_function(SAYS, arg="Nobody has arrived after 0 steps.")
    assert bench.settled()["start"] == [-1.0, 0.001]
    assert bench.complaints == []
