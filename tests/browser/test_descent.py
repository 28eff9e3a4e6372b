"""Descent in the reader's hand, in a browser: walks as nnkit.optim makes them, which follow mouse and keyboard."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nnkit
from nnkit.widgets.descent import Descent
from nnkit.widgets.surfaces import OPTIMIZERS, SURFACES, optimizer_named, walk

pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
from tests.browser.bench import Bench
from tests.browser.inside import inside
from tests.browser.latency import Watch

STEPS = 300
FRAME = (56, 418, 26, 308)  # left, right, top and bottom of the map's frame in its picture


def shown_walk(bench: Bench, name: str, surface: str) -> np.ndarray:
    """The points of a walk as they stand in the picture, in the numbers of the surface."""
    text = bench.root.locator(f'[data-walk="{name}"] polyline').first.get_attribute("points")
    across, down = np.array([pair.split(",") for pair in text.split()], dtype=float).T
    place, (left, right, top, bottom) = SURFACES[surface], FRAME
    return np.column_stack(
        [
            place.x[0] + (across - left) / (right - left) * (place.x[1] - place.x[0]),
            place.y[0] + (bottom - down) / (bottom - top) * (place.y[1] - place.y[0]),
        ]
    )


def along(points: np.ndarray, surface: str, optimizer: str, rate: float, momentum: float) -> np.ndarray:
    """Where nnkit steps to from each point of a walk, having come the same way."""
    w = nnkit.tensor(points[0].copy(), requires_grad=True)
    w.grad = nnkit.tensor(np.zeros(2))
    made, at, g = optimizer_named(optimizer, w, rate, momentum), w.detach().numpy(), w.grad.numpy()
    ends = []
    for point in points[:-1]:
        at[:], g[:] = point, SURFACES[surface].slope(*point)
        made.step()
        ends.append(at.copy())
    return np.array(ends)


def test_every_walk_on_the_page_is_that_of_nnkit(page: Any) -> None:
    asked = [(surface, one, SURFACES[surface].start, 0.02, 0.9) for surface in SURFACES for one in OPTIMIZERS]
    asked += [("valley", one, (-4.0, 1.5), 0.1, 0.5) for one in OPTIMIZERS]
    found = inside(page, "descent", f"given.map((one) => walkOf(...one, {STEPS}))", asked)
    for one, points in zip(asked, found, strict=True):
        surface, optimizer, _, rate, momentum = one
        walked, theirs = np.array(points, dtype=float), walk(*one, STEPS)
        assert len(walked) == len(theirs), one
        np.testing.assert_allclose(along(walked, surface, optimizer, rate, momentum), walked[1:], rtol=1e-9, atol=1e-12)
        # RMSProp dances round a minimum for ever, and there the last bit decides what it does a hundred steps later.
        until = 100 if optimizer == "RMSProp" else STEPS
        np.testing.assert_allclose(walked[:until], theirs[:until], rtol=1e-9, atol=1e-10, err_msg=str(one))


def test_the_slopes_and_losses_of_the_page_are_those_of_nnkit(page: Any) -> None:
    points = np.random.default_rng(0).uniform(-2, 2, (20, 2)).tolist()
    for name, surface in SURFACES.items():
        what = "given[1].map(([x, y]) => [SURFACES[given[0]].loss(x, y), ...SURFACES[given[0]].slope(x, y)])"
        found = inside(page, "descent", what, [name, points])
        expected = [[surface.loss(x, y), *surface.slope(x, y)] for x, y in points]
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("dark", [False, True], ids=["white", "dark"])
def test_the_start_is_dragged_and_the_walk_follows(page: Any, dark: bool, record_property: Any) -> None:
    bench = Bench(page, Descent(surface="valley", optimizer="momentum", beside="SGD", rate=0.06, momentum=0.7), dark)
    handle = bench.root.get_by_role("slider", name="start")
    with Watch(bench.root) as watch:
        bench.drag(handle, 150, 40, steps=30)
    record_property("latency", watch.seen.line("descent, start dragged"))
    state = bench.settled()
    assert state["start"][0] > -1.5
    for name in ("momentum", "SGD"):
        expected = walk("valley", name, state["start"], 0.06, 0.7, 40)
        np.testing.assert_allclose(shown_walk(bench, name, "valley"), expected, atol=2e-3)
    assert bench.words == Descent(state).said()
    assert bench.violations() == []
    assert bench.complaints == []


def test_the_keyboard_goes_from_one_step_to_leaving_for_good(page: Any, record_property: Any) -> None:
    bench = Bench(page, Descent(surface="parabola", rate=0.1, steps=8))
    typed = bench.root.get_by_role("textbox", name="rate α, typed")
    for rate, said in (("0.125", "1 − 8α = 0."), ("0,25", "1 − 8α = −1."), ("0.5", "SGD leaves for good in step")):
        typed.fill(rate)
        page.keyboard.press("Enter")
        page.wait_for_function("text => document.querySelector('.nnkit-words').innerText.includes(text)", arg=said)
    assert bench.words == Descent(surface="parabola", rate=0.5, steps=8).said()
    assert bench.root.get_by_role("slider", name="start").get_attribute("aria-valuetext") == "3"
    with Watch(bench.root) as watch:
        bench.root.get_by_role("slider", name="start").focus()
        for _ in range(10):
            page.keyboard.press("ArrowLeft")
        page.keyboard.press("Shift+ArrowLeft")
        page.locator('[aria-valuetext="2"]').wait_for()
    record_property("latency", watch.seen.line("descent, arrow keys"))
    assert bench.settled()["start"] == [2.0, 0.0]


def test_another_surface_brings_its_start_and_momentum_is_there_when_it_counts(page: Any) -> None:
    bench = Bench(page, Descent())
    momentum = bench.root.get_by_role("slider", name="momentum μ")
    assert not momentum.is_visible()
    bench.root.get_by_label("optimizer").select_option("Adam")
    momentum.wait_for()
    bench.root.get_by_label("surface").select_option("two valleys")
    page.wait_for_function("() => document.querySelector('.nnkit-words').innerText.includes('in the shallow valley')")
    state = bench.settled()
    assert state["start"] == list(SURFACES["two valleys"].start)
    assert bench.words == Descent(state).said()
    handle = bench.root.get_by_role("slider", name="start")
    bench.drag(handle, -250, 0)
    page.wait_for_function("() => document.querySelector('.nnkit-words').innerText.includes('in the deep valley')")
    assert bench.complaints == []
