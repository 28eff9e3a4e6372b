"""Noisy walks in a browser: the page's numbers by chance are Python's, and so are the walks that get out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nnkit.widgets.chance import Chance
from nnkit.widgets.noisy_descent import RIDGE, NoisyDescent

pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
from tests.browser.bench import Bench
from tests.browser.inside import inside
from tests.browser.latency import Watch

SAYS = "text => document.querySelector('.nnkit-words').innerText.includes(text)"


def deep(step: int, **settings: Any) -> str:
    """What the sentence says of that many walks in the deep valley."""
    count = (NoisyDescent(**settings).walks()[step] < RIDGE).sum()
    return f"After {step} steps {count} of 100 walks are in the deep valley."


def test_the_page_draws_the_same_numbers_as_python(page: Any) -> None:
    for seed in (0, 1, 7, 999):
        draws = "Array.from({length: 1000}, (_, k) => given[1] === 'even' ? source.uniform() : source.normal())"
        what = f"((source) => {draws})(chance(given[0]))"
        assert inside(page, "noisy_descent", what, [seed, "even"]) == Chance(seed).uniforms(1000).tolist()
        np.testing.assert_allclose(
            inside(page, "noisy_descent", what, [seed, "normal"]), Chance(seed).normals(1000), rtol=1e-9, atol=1e-12
        )


def test_the_page_walks_as_python(page: Any) -> None:
    for batch, seed in ((1, 0), (4, 3), (16, 999)):
        made = NoisyDescent(batch=batch, seed=seed)
        found = inside(page, "noisy_descent", "noisyWalks(given[0], given[1]).deep", [made.state, made.material()])
        assert found == (made.walks() < RIDGE).sum(axis=1).tolist()


@pytest.mark.parametrize("dark", [False, True], ids=["white", "dark"])
def test_it_plays_until_most_are_out(page: Any, dark: bool, record_property: Any) -> None:
    bench = Bench(page, NoisyDescent(batch=4, step=280), dark)
    assert deep(280, batch=4) in bench.words
    with Watch(bench.root) as watch:
        page.get_by_role("button", name="Play").click()
        page.wait_for_function(SAYS, arg=deep(400, batch=4))
    page.get_by_role("button", name="Play").wait_for()
    record_property("latency", watch.seen.playing("noisy_descent"))
    assert bench.violations() == []
    assert bench.complaints == []


def test_the_size_of_the_batch_is_turned_with_the_keyboard(page: Any, record_property: Any) -> None:
    bench = Bench(page, NoisyDescent(batch=4, step=400))
    with Watch(bench.root) as watch:
        bench.root.get_by_role("slider", name="batch size B").focus()
        for batch in (8, 16, 32):
            page.keyboard.press("ArrowRight")
            page.wait_for_function(SAYS, arg=f"Batch of {batch}:")
            assert deep(400, batch=batch) in bench.words
    record_property("latency", watch.seen.line("noisy_descent, another batch size"))
    bench.root.get_by_role("textbox", name="seed, typed").fill("12")
    page.keyboard.press("Enter")
    page.wait_for_function(SAYS, arg=deep(400, batch=32, seed=12))
    assert bench.settled() == {"batch": 32, "rate": 0.1, "seed": 12, "step": 400}
    assert bench.complaints == []
