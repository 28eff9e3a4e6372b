"""Noisy walks out of a shallow valley: how many get out, compared with walks on NumPy's numbers."""

from __future__ import annotations

import numpy as np
import pytest

from nnkit import widgets
from nnkit.widgets.noisy_descent import RIDGE, START, STEPS, WALKS, NoisyDescent
from nnkit.widgets.surfaces import SURFACES


def on_numpys_numbers(batch: int, seed: int, rate: float = 0.1) -> int:
    """How many of a hundred walks are in the deep valley, with the noise of a NumPy generator."""
    rng, at = np.random.default_rng(seed), np.full(WALKS, START)
    for _ in range(STEPS):
        at = at - rate * (at**3 - 2 * at + 0.5 + 4 / np.sqrt(batch) * rng.normal(size=WALKS))
    return int((at < RIDGE).sum())


@pytest.mark.parametrize("batch", [1, 4, 8, 16])
def test_as_many_get_out_as_on_numpys_numbers(batch: int) -> None:
    mine = np.array([(NoisyDescent(batch=batch, seed=seed).walks()[-1] < RIDGE).sum() for seed in range(6)])
    theirs = np.array([on_numpys_numbers(batch, seed) for seed in range(6)])
    # Six hundred walks each: the difference of two such counts is within some 4 standard errors, 12 in a hundred.
    assert abs(mine.mean() - theirs.mean()) < 12
    assert len(set(mine)) > 1


def test_the_walks_begin_at_the_lowest_point_of_the_shallow_valley() -> None:
    assert SURFACES["hilltop"].slope(START, 0.0)[0] == pytest.approx(0, abs=0.002)
    walks = NoisyDescent(batch=64).walks()
    assert (walks[0] == START).all()
    assert walks.shape == (STEPS + 1, WALKS)
    assert (walks[-1] > RIDGE).all()


def test_the_same_seed_makes_the_same_walks_and_another_others() -> None:
    first, again, other = (NoisyDescent(seed=seed).walks() for seed in (5, 5, 6))
    np.testing.assert_array_equal(first, again)
    assert not np.allclose(first, other)


def test_the_twin_tells_the_count() -> None:
    made = NoisyDescent(batch=4)
    count = (made.walks()[-1] < RIDGE).sum()
    assert f"After 400 steps {count} of 100 walks are in the deep valley." in made.twin().text
    assert "two valleys, and where a hundred walks are" in made.twin().html


def test_bad_settings_are_told() -> None:
    with pytest.raises(ValueError, match="batch is one of 1, 2, 4, 8, 16, 32, 64; got 3"):
        widgets.noisy_descent(batch=3)
    with pytest.raises(ValueError, match="step is a whole number from 0 to 400"):
        widgets.noisy_descent(step=401)
