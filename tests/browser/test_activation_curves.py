"""The activations in a browser: chosen, dragged along the curve, typed; what is said is what the library computes."""

from __future__ import annotations

from typing import Any

import pytest

from nnkit.widgets.activations import FUNCTIONS, Activations

pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
from tests.browser.bench import Bench
from tests.browser.latency import Watch

SAYS = "text => document.querySelector('.nnkit-words').innerText === text"


def says(bench: Bench, name: str, x: float) -> None:
    bench.page.wait_for_function(SAYS, arg=Activations(name=name, x=x).sentence)


@pytest.mark.parametrize("dark", [False, True], ids=["white", "dark"])
def test_the_point_is_dragged_along_the_curve_and_has_no_fault(page: Any, dark: bool, record_property: Any) -> None:
    bench = Bench(page, Activations(name="sigmoid", x=2.0), dark)
    says(bench, "sigmoid", 2.0)
    with Watch(bench.root) as watch:
        # 586 pixels are twelve units.
        bench.drag(page.get_by_role("slider", name="x on the curve"), 586 / 12 * 2, 0)
    says(bench, "sigmoid", 4.0)
    record_property("latency", watch.seen.line("activations, the point dragged"))
    for name in FUNCTIONS:
        page.get_by_role("combobox", name="activation").select_option(name)
        says(bench, name, 4.0)
    assert bench.settled() == {"name": "ReLU", "x": 4}
    assert bench.violations() == []
    assert bench.complaints == []


def test_the_keyboard_chooses_moves_and_types(page: Any) -> None:
    bench = Bench(page, Activations(name="tanh", x=0.0))
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    says(bench, "arctan", 0.0)
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowLeft")
    says(bench, "arctan", -0.1)
    page.keyboard.press("Tab")
    page.keyboard.insert_text("1,234")
    page.keyboard.press("Enter")
    says(bench, "arctan", 1.25)
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+ArrowRight")
    says(bench, "arctan", 2.25)
    bench.settled()
    bench.root.locator("summary").click()
    assert bench.root.locator("code").inner_text() == 'widgets.activations("arctan", x=2.25)'
    assert bench.complaints == []
