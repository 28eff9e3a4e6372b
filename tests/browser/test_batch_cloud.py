"""The cloud of mini-batch gradients in a browser: the same points as Python's, and the size turned by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nnkit.draw import style
from nnkit.widgets.batch_cloud import BatchCloud, typical_error

pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
from tests.browser.bench import Bench
from tests.browser.inside import inside
from tests.browser.latency import Watch

SAYS = "text => document.querySelector('.nnkit-words').innerText.includes(text)"


def said(**settings: Any) -> str:
    """The beginning of the sentence."""
    made = BatchCloud(**settings)
    exact, _, clouds = made.clouds()
    size = made.state["batch"]
    return f"500 batches of {size}: typical error {style.number(typical_error(clouds[size], exact))}."


def test_the_page_draws_the_same_batches_as_python(page: Any) -> None:
    made = BatchCloud(way=0.5, seed=3)
    exact, sigma, clouds = made.clouds()
    samples = "sampleGradients(given[0], given[0].best.map((one) => one * 0.5))"
    found = inside(page, "batch_cloud", samples, [made.material()])
    np.testing.assert_allclose(found["exact"], exact, rtol=1e-9)
    assert found["sigma"] == pytest.approx(sigma)
    for size in (1, 8, 256):
        what = f"batchGradients({samples}, {size}, 3).found"
        np.testing.assert_allclose(inside(page, "batch_cloud", what, [made.material()]), clouds[size], rtol=1e-9)


@pytest.mark.parametrize("dark", [False, True], ids=["white", "dark"])
def test_the_size_is_dragged_along_the_law(page: Any, dark: bool, record_property: Any) -> None:
    bench = Bench(page, BatchCloud(batch=4), dark)
    assert said(batch=4) in bench.words
    with Watch(bench.root) as watch:
        bench.drag(bench.root.get_by_role("slider", name="batch size").last, 125, 0, steps=20)
    record_property("latency", watch.seen.line("batch_cloud, size dragged"))
    state = bench.settled()
    assert state["batch"] >= 32
    assert said(**state) in bench.words
    assert bench.violations() == []
    assert bench.complaints == []


def test_the_keyboard_goes_to_the_lowest_point_where_only_noise_is_left(page: Any, record_property: Any) -> None:
    bench = Bench(page, BatchCloud(batch=1))
    assert "lie outside the picture" in bench.words
    bench.root.get_by_role("slider", name="batch size").last.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.wait_for_function(SAYS, arg=said(batch=4))
    with Watch(bench.root) as watch:
        bench.root.get_by_role("slider", name="way done").focus()
        page.keyboard.press("End")
        page.wait_for_function(SAYS, arg="The exact gradient is 0 here")
    record_property("latency", watch.seen.line("batch_cloud, other weights"))
    assert said(batch=4, way=1) in bench.words
    assert bench.settled() == {"batch": 4, "way": 1.0, "seed": 0}
    assert bench.complaints == []
