"""A trace as a stepper, in a browser: forward and back through a student's lines, by mouse and by keyboard."""

from __future__ import annotations

from typing import Any

import pytest

from nnkit.exercises import trace
from nnkit.exercises.judge.trace import Trace
from nnkit.exercises.judge.trace_steps import steps_of_trace
from nnkit.widgets import base
from nnkit.widgets.code_steps import CodeSteps
from tests.answers import answers_to, changed, namespace_of

pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
from tests.browser.bench import Bench
from tests.browser.latency import Watch

SAYS = "text => document.querySelector('.nnkit-words').innerText.includes(text)"
LOOPS = changed(answers_to("affine_backward").right["sample by sample"], ("db += dout[n]", "db = dout[n]"))
HOSTILE = """
def double(x):
    note = "</script><img src=x onerror='document.title = 1'><b>&"
    big = np.linspace(-2, 3, 600).reshape(20, 30)
    raise ValueError(note)
"""


def stepper(name: str, source: str, **options: Any) -> CodeSteps:
    found = trace(name, namespace_of(source, answers_to(name).provided), **options)
    assert isinstance(found, Trace)
    return CodeSteps(steps_of_trace(found), twin=base.Note(""))


def current(page: Any) -> str:
    """The line that is marked, as it stands there."""
    return str(page.locator("[aria-current='step']").inner_text())


@pytest.mark.parametrize("dark", [False, True], ids=["white", "dark"])
def test_with_the_mouse_each_step_marks_its_line_and_shows_what_changed(page: Any, dark: bool) -> None:
    bench = Bench(page, stepper("affine_backward", LOOPS, line=7), dark)
    steps = bench.widget.material()["steps"]
    for number in range(1, 6):
        page.get_by_role("button", name="Step").click()
        page.wait_for_function(SAYS, arg=steps[number]["words"])
        assert f"{steps[number]['line']}" in current(page)
        assert "▶" in current(page)  # a shape, not only the weight of the letters
        changed_now = bench.root.locator(".nnkit-changed .nnkit-label").all_inner_texts()
        assert changed_now == [f"{name} =" for name, _, now, _ in steps[number]["names"] if now]
    page.get_by_role("button", name="Back").click()
    page.wait_for_function(SAYS, arg=steps[4]["words"])
    found = bench.root.locator(".nnkit-found")
    assert "db = dout[n]" in found.inner_text()
    assert "↑ the line that the check found" in found.inner_text()
    assert bench.settled() == {"step": 4}
    assert bench.violations() == []
    page.get_by_role("slider").press("End")
    page.wait_for_function(SAYS, arg="✗ db has the right shape (1,)")
    outcomes = bench.root.locator(".nnkit-outcome").all_inner_texts()
    assert len(outcomes) == 3
    assert "✓ right" in outcomes[0]
    assert "expected" in outcomes[2] and "✗ yours" in outcomes[2]  # noqa: PT018 -- they belong together
    assert bench.violations() == []
    assert bench.complaints == []


def test_with_the_keyboard_arrows_home_and_end_go_through_all_of_it(page: Any, record_property: Any) -> None:
    bench = Bench(page, stepper("affine_backward", LOOPS))
    steps = bench.widget.material()["steps"]
    page.keyboard.press("Tab")
    with Watch(bench.root) as watch:
        for number in range(1, len(steps)):
            page.keyboard.press("ArrowRight")
            page.wait_for_function(SAYS, arg=steps[number]["words"])
    record_property("latency", watch.seen.line("trace as a stepper"))
    page.get_by_label("the program").focus()
    for key, number in (("Home", 0), ("ArrowDown", 1), ("ArrowRight", 2), ("ArrowUp", 1), ("End", len(steps) - 1)):
        page.keyboard.press(key)
        page.wait_for_function(SAYS, arg=steps[number]["words"])
    assert bench.complaints == []


def test_what_a_program_holds_is_text_whatever_it_says(page: Any) -> None:
    bench = Bench(page, stepper("double", HOSTILE))
    page.get_by_label("the program").focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(SAYS, arg="stops with ValueError")
    assert "<img src=x" in bench.root.locator(".nnkit-error").inner_text()
    assert bench.root.locator("img").count() == 0
    assert page.title() == "bench"
    assert bench.root.locator("canvas").get_attribute("aria-label").startswith("shape (20, 30), from −2 to 3")
    assert bench.violations() == []
    assert bench.complaints == []


def test_a_long_program_keeps_its_line_in_sight_and_the_page_in_its_place(page: Any) -> None:
    body = "\n".join(f"    y{place} = x" for place in range(60))
    Bench(page, stepper("double", f"def double(x):\n{body}\n    return 2 * x"))
    page.get_by_label("the program").focus()
    for key in ("End", "Home", "End"):
        page.keyboard.press(key)
        page.wait_for_function("""() => {
          const box = document.querySelector('.nnkit-code').getBoundingClientRect();
          const line = document.querySelector('[aria-current]').getBoundingClientRect();
          return line.top >= box.top && line.bottom <= box.bottom;
        }""")
    assert page.evaluate("() => window.scrollY") == 0
