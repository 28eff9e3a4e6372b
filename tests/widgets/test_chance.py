"""The generator that pages and Python share: even, normal, independent, and the same again, as NumPy's would be."""

from __future__ import annotations

import numpy as np
import pytest

from nnkit.widgets.chance import Chance

SEEDS = (0, 1, 2, 17, 999)
COUNT = 40_000


@pytest.mark.parametrize("seed", SEEDS)
def test_it_is_as_even_as_numpy(seed: int) -> None:
    for drawn in (Chance(seed).uniforms(COUNT), np.random.default_rng(seed).random(COUNT)):
        assert 0 <= drawn.min() < drawn.max() < 1
        counts = np.histogram(drawn, 50, (0, 1))[0]
        # χ² with 49 degrees of freedom lies between 22 and 94 but for once in ten thousand times.
        assert 22 < np.square(counts - COUNT / 50).sum() / (COUNT / 50) < 94
        assert abs(np.corrcoef(drawn[1:], drawn[:-1])[0, 1]) < 0.02


@pytest.mark.parametrize("seed", SEEDS)
def test_it_is_as_normal_as_numpy(seed: int) -> None:
    for drawn in (Chance(seed).normals(COUNT), np.random.default_rng(seed).normal(size=COUNT)):
        assert abs(drawn.mean()) < 0.02
        assert abs(drawn.var() - 1) < 0.03
        assert abs((drawn**3).mean()) < 0.06
        assert abs((drawn**4).mean() - 3) < 0.2
        assert abs(np.corrcoef(drawn[1:], drawn[:-1])[0, 1]) < 0.02
        assert np.mean(np.abs(drawn) > 1.96) == pytest.approx(0.05, abs=0.005)


def test_a_row_goes_on_and_comes_again() -> None:
    whole, parts = Chance(3), Chance(3)
    np.testing.assert_array_equal(whole.uniforms(10), np.concatenate([parts.uniforms(4), parts.uniforms(6)]))
    assert len(Chance(3).normals(5)) == 5
    assert not np.isin(Chance(3).uniforms(1000), Chance(4).uniforms(1000)).any()


def test_whole_numbers_come_equally_often() -> None:
    source = Chance(5)
    counts = np.bincount([source.below(6) for _ in range(6000)], minlength=6)
    assert counts.min() > 850
    assert counts.sum() == 6000
