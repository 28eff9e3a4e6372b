"""A sketch in a browser: points dragged on the axes or moved by keys; the curve is on the page only after Commit."""

from __future__ import annotations

from typing import Any

import pytest

from nnkit.widgets.sketch import Sketch

pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
from tests.browser.bench import Bench
from tests.browser.latency import Watch


def sketch() -> Sketch:
    truth = {"parabola": ([0, 0.5, 1, 1.5, 2], [0, 0.25, 1, 2.25, 4]), "line": ([0, 2], [0, 9])}
    return Sketch("How does it go?", [0, 1, 2], (0, 4), truth, "It bends.", start=2, step=0.5, labels=("x", "power"))


@pytest.mark.parametrize("dark", [False, True], ids=["white", "dark"])
def test_points_are_dragged_and_the_curve_comes_after_commit(page: Any, dark: bool, record_property: Any) -> None:
    bench = Bench(page, sketch(), dark)
    assert bench.words == "The sketch: 2 at 0, 2 at 1, 2 at 2."
    last = page.get_by_role("slider", name="height at 2")
    with Watch(bench.root) as watch:
        bench.drag(last, 0, -60)
    page.wait_for_function("() => document.querySelector('.nnkit-words').innerText.includes('3 at 2')")
    record_property("latency", watch.seen.line("sketch, a point dragged"))
    assert bench.settled() == {"heights": [2, 2, 3], "committed": False}
    assert "parabola" not in page.content()
    assert "bends" not in page.content()
    assert bench.violations() == []

    page.get_by_role("button", name="Commit").click()
    page.wait_for_function("() => document.querySelectorAll('.nnkit-stage polyline').length === 2")
    page.wait_for_function("() => document.querySelector('.nnkit-words').innerText.includes('Over it')")
    assert bench.words == sketch().reply({"commit": [2, 2, 3]})["words"]
    assert page.get_by_role("button", name="Commit").get_attribute("aria-disabled") == "true"
    assert page.evaluate("() => document.activeElement.textContent") == "Commit"
    box = last.bounding_box()
    page.mouse.move(box["x"] + 14, box["y"] + 14)
    page.mouse.down()
    page.mouse.move(box["x"] + 14, box["y"] + 90)
    page.mouse.up()
    assert bench.settled() == {"heights": [2, 2, 3], "committed": True}
    assert bench.violations() == []
    assert bench.complaints == []


def test_the_keyboard_alone_sketches_and_commits(page: Any) -> None:
    bench = Bench(page, sketch())
    for key, said in (
        ("Tab", "2 at 0"), ("ArrowUp", "2.5 at 0"), ("Shift+ArrowDown", "0 at 0"), ("Tab", "2 at 1"),
        ("ArrowDown", "1.5 at 1"), ("Tab", "2 at 2"), ("ArrowUp", "2.5 at 2"), ("Tab", "2.5 at 2"),
        ("Enter", "It bends."),
    ):  # fmt: skip
        page.keyboard.press(key)
        page.wait_for_function("text => document.querySelector('.nnkit-words').innerText.includes(text)", arg=said)
    assert "The sketch: 0 at 0, 1.5 at 1, 2.5 at 2. Over it: parabola; line." in bench.words
    assert bench.complaints == []


def test_a_view_that_is_made_again_shows_what_was_committed(page: Any) -> None:
    widget = sketch()
    widget.state = {"heights": [0, 1, 4], "committed": True}
    bench = Bench(page, widget)
    page.wait_for_function("() => document.querySelectorAll('.nnkit-stage polyline').length === 2")
    assert bench.complaints == []
