"""The graph to fill in, in a browser: by mouse and by keyboard, from the first field to what is to be noticed."""

from __future__ import annotations

from typing import Any

import pytest

import nnkit
from nnkit import draw
from nnkit.widgets.fill_in import FillIn

pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
from tests.browser.bench import Bench
from tests.browser.latency import Watch

RIGHT = ("6", "3", "9", "6", "12", "12", "12", "21")
SAYS = "text => document.querySelector('.nnkit-words').innerText.includes(text)"


def diamond(**settings: Any) -> FillIn:
    a, b = (nnkit.tensor(value, dtype=nnkit.float64, requires_grad=True) for value in (2.0, 1.0))
    u = a + b
    v = a * u
    asked = draw.form(u * v, inputs={"a": a, "b": b}, names={"u": u, "v": v})
    return FillIn(asked, settings, notice="Both messages count.")


@pytest.mark.parametrize("dark", [False, True], ids=["white", "dark"])
def test_with_the_mouse_a_wrong_number_is_told_what_it_is_and_a_right_one_stays(page: Any, dark: bool) -> None:
    bench = Bench(page, diamond(), dark)
    assert "0 of 8 fields are right." in bench.words
    boxes = bench.root.locator(".nnkit-field")
    total = page.get_by_label("sum of the gradients that arrive at u")
    total.click()
    page.keyboard.type("6")
    page.get_by_label("gradient from f (×) back to u").click()  # leaving a field is enough
    page.wait_for_function(SAYS, arg="That is one of two messages; they add up.")
    assert boxes.nth(4).get_attribute("data-state") == "wrong"
    assert boxes.nth(4).locator(".nnkit-mark").inner_text() == "✗"
    assert bench.violations() == []
    page.keyboard.type("6")
    total.click()
    page.wait_for_function(SAYS, arg="Right, the gradient from f (×) back to u. 1 of 8")
    assert boxes.nth(0).get_attribute("data-state") == "right"
    assert boxes.nth(0).locator(".nnkit-mark").inner_text() == "✓"
    right = page.get_by_label("gradient from f (×) back to u: right")
    assert right.input_value() == "6"
    assert not right.is_editable()
    assert bench.settled() == {"typed": ["6", "", "", "", "6", "", "", ""]}
    assert bench.violations() == []
    assert bench.complaints == []


def test_with_the_keyboard_enter_goes_on_to_the_next_open_field_until_all_are_right(
    page: Any, record_property: Any
) -> None:
    bench = Bench(page, diamond())
    page.keyboard.press("Tab")
    with Watch(bench.root) as watch:
        for count, typed in enumerate(RIGHT, start=1):
            page.keyboard.type(typed)
            page.keyboard.press("Enter")
            page.wait_for_function(SAYS, arg="All 8" if count == 8 else f"{count} of 8")
    assert bench.words.endswith("All 8 fields are right. So ∂f/∂a = 21, ∂f/∂b = 12. Both messages count.")
    record_property("latency", watch.seen.line("fill in, each number checked in Python"))
    assert bench.settled() == {"typed": list(RIGHT)}
    assert bench.complaints == []


def test_tab_goes_from_field_to_field_in_the_order_of_the_pass(page: Any) -> None:
    Bench(page, diamond())
    seen = []
    for _ in RIGHT:
        page.keyboard.press("Tab")
        seen.append(page.evaluate("() => document.activeElement.getAttribute('aria-label')"))
    assert seen == [field["label"] for field in diamond().material()["fields"]]


def test_escape_takes_back_what_was_typed_and_an_emptied_field_is_empty_again(page: Any) -> None:
    bench = Bench(page, diamond())
    page.keyboard.press("Tab")
    page.keyboard.type("7")
    page.keyboard.press("Escape")
    assert page.evaluate("() => document.activeElement.value") == ""
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('.nnkit-field').dataset.state === 'wrong'")
    page.keyboard.press("Backspace")  # the number is selected
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('.nnkit-field').dataset.state === 'empty'")
    assert bench.complaints == []


def test_what_was_typed_before_is_checked_again(page: Any) -> None:
    bench = Bench(page, diamond(typed=["6", "x"]))
    page.wait_for_function("() => document.querySelectorAll('.nnkit-field')[1].dataset.state === 'unread'")
    assert bench.root.locator(".nnkit-field").first.get_attribute("data-state") == "right"


def test_nothing_covers_a_field(page: Any) -> None:
    """Each field lies in the picture, apart from the others and from every number and box that is drawn."""
    bench = Bench(page, diamond())
    covered = bench.root.evaluate("""root => {
      const boxes = [...root.querySelectorAll('.nnkit-field')].map(one => one.getBoundingClientRect());
      const drawn = [...root.querySelectorAll('svg text, svg .shape')].map(one => one.getBoundingClientRect());
      const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
      return boxes.flatMap((box, place) => [...drawn, ...boxes.slice(place + 1)].filter(one => meet(box, one))).length;
    }""")
    assert covered == 0
