"""The unit that reads a single 1 in a browser: handles, sliders and keys move it, and its states are nnkit's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nnkit.draw import latch as drawn
from nnkit.widgets.latch import Latch

pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
from tests.browser.bench import Bench
from tests.browser.latency import Watch


def shown(bench: Bench) -> list[float]:
    """The states, as they stand in the picture."""
    return [
        float(h) for h in bench.root.locator(".nnkit-state").evaluate_all("all => all.map(one => one.dataset.state)")
    ]


@pytest.mark.parametrize("dark", [False, True], ids=["white", "dark"])
def test_it_has_no_fault(page: Any, dark: bool) -> None:
    bench = Bench(page, Latch(wh=2, b=-0.4), dark)
    assert bench.words.startswith("h₂₀ = tanh(2 · 0.873 − 0.4) = 0.873. ")
    assert bench.words.endswith("without the 1 it would be −0.983. It still remembers.")
    np.testing.assert_allclose(shown(bench), drawn.states(2, -0.4), rtol=1e-9)
    assert bench.violations() == []
    assert bench.complaints == []


def test_the_handles_are_dragged(page: Any, record_property: Any) -> None:
    bench = Bench(page, Latch())
    handle = page.get_by_role("slider", name="wh, on the curve")
    with Watch(bench.root) as watch:
        bench.drag(handle, 0, -50)
    record_property("latency", watch.seen.line("latch, handle dragged"))
    state = bench.settled()
    assert state["wh"] > 1
    assert state["b"] == 0
    np.testing.assert_allclose(shown(bench), drawn.states(state["wh"], 0), rtol=1e-9)
    bench.drag(page.get_by_role("slider", name="b, on the curve"), 0, 40)
    after = bench.settled()
    assert after["b"] < -0.2
    assert after["wh"] == state["wh"]
    np.testing.assert_allclose(shown(bench), drawn.states(after["wh"], after["b"]), rtol=1e-9)


def test_the_keyboard_does_the_same_and_play_shows_every_step(page: Any) -> None:
    bench = Bench(page, Latch(wh=1.9, step=17))
    page.get_by_role("slider", name="wh, on the curve").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.get_by_role("slider", name="b, on the curve").focus()
    page.keyboard.press("Shift+ArrowDown")
    state = bench.settled()
    assert (state["wh"], state["b"]) == (2.0, -0.5)
    page.keyboard.press("PageUp")
    assert bench.settled()["b"] == 0
    fields = {field.name: field for field in Latch().fields}
    for key, end in (("Home", fields["b"].low), ("End", fields["b"].high)):
        page.keyboard.press(key)
        assert bench.settled()["b"] == end
    page.keyboard.press("Home")
    for _ in range(round((-0.5 - fields["b"].low) / fields["b"].step)):
        page.keyboard.press("ArrowUp")
    assert bench.settled()["b"] == -0.5
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("() => document.querySelectorAll('.nnkit-state').length === 20")
    np.testing.assert_allclose(shown(bench), drawn.states(2, -0.5), rtol=1e-9)
    assert bench.words.endswith("It has forgotten.")
    assert bench.complaints == []
