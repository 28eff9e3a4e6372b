"""The cloud of mini-batch gradients: its middle, its spread, and the law of the square root."""

from __future__ import annotations

import numpy as np
import pytest

from nnkit import widgets
from nnkit.widgets.batch_cloud import SIZES, BatchCloud, linear_problem, typical_error


def test_the_spread_follows_the_law_over_several_seeds() -> None:
    squares = {size: [] for size in SIZES}
    for seed in range(5):
        exact, sigma, clouds = BatchCloud(seed=seed).clouds()
        for size, cloud in clouds.items():
            squares[size].append(typical_error(cloud, exact) ** 2)
    for size in SIZES:
        without_repetition = np.sqrt((1024 - size) / 1023)
        assert np.sqrt(np.mean(squares[size])) == pytest.approx(sigma / np.sqrt(size) * without_repetition, rel=0.08)


def test_it_spreads_as_batches_of_numpy() -> None:
    X, y, _ = linear_problem()
    each = -X * y[:, None]
    rng = np.random.default_rng(0)
    exact, _, clouds = BatchCloud().clouds()
    np.testing.assert_allclose(exact, each.mean(axis=0))
    for size in (4, 64):
        theirs = np.array([each[rng.choice(1024, size, replace=False)].mean(axis=0) for _ in range(500)])
        np.testing.assert_allclose(clouds[size].mean(axis=0), exact, atol=5 * typical_error(theirs, exact) / 22)
        assert typical_error(clouds[size], exact) == pytest.approx(typical_error(theirs, exact), rel=0.15)


def test_at_the_lowest_point_only_noise_is_left() -> None:
    exact, sigma, _ = BatchCloud(way=1).clouds()
    assert np.abs(exact).max() < 1e-12
    assert sigma > 1
    assert "The exact gradient is 0 here: all that is left is noise." in BatchCloud(way=1).twin().text


def test_the_twin_compares_the_spread_with_the_law() -> None:
    made = BatchCloud(batch=16)
    said = made.twin().text
    assert "500 batches of 16: typical error" in said
    assert "σ/√B = 3.39/√16 = 0.846" in said
    assert "lead uphill (crosses)" in said


def test_bad_settings_are_told() -> None:
    with pytest.raises(ValueError, match="batch is one of 1, 2, 4, 8, 16, 32, 64, 128, 256; got 3"):
        widgets.batch_cloud(batch=3)
    with pytest.raises(ValueError, match="way is a number from 0 to 1"):
        widgets.batch_cloud(way=2)
