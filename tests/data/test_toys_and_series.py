"""Toy sets and series: shapes, dtypes, seeds, and what each was made to show."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import nnkit
from nnkit import tensor
from nnkit.data import series, toys

CLASSES: dict[Callable[..., Any], int] = {toys.moons: 2, toys.rings: 2, toys.xor: 2, toys.spirals: 3, toys.blobs: 3}
VALUES = (toys.polynomial, toys.elevation, toys.ranging, toys.attitudes)


@pytest.mark.parametrize("make", [*CLASSES, *VALUES, toys.colour_digits])
def test_a_toy_set_has_the_size_and_the_dtypes_it_says_and_follows_its_seed(make: Callable[..., Any]) -> None:
    X, y = make(60, generator=np.random.default_rng(3))
    assert len(X) == len(y) == 60
    assert X.dtype == nnkit.float32
    assert y.dtype == (nnkit.float32 if make in VALUES else nnkit.int64)
    for other, same in ((np.random.default_rng(3), True), (np.random.default_rng(4), False)):
        X2, y2 = make(60, generator=other)
        assert (np.array_equal(X.numpy(), X2.numpy()) and np.array_equal(y.numpy(), y2.numpy())) is same
    nnkit.manual_seed(5)
    first = make(60)[0].numpy()
    nnkit.manual_seed(5)
    np.testing.assert_array_equal(first, make(60)[0].numpy())
    assert len(make(1)[1]) == 1
    assert "Returns" in inspect.getdoc(make)


@pytest.mark.parametrize("make", CLASSES)
def test_classes_are_equally_frequent_and_mixed(make: Callable[..., Any]) -> None:
    y = make(300)[1].numpy()
    assert len(set(np.bincount(y).tolist())) == 1
    assert len(np.bincount(y)) == CLASSES[make]
    assert (np.diff(y) != 0).sum() > 50


def nearest_neighbour(X: np.ndarray, y: np.ndarray) -> float:
    distance = ((X[:, None] - X) ** 2).sum(-1)
    np.fill_diagonal(distance, np.inf)
    return float((y[distance.argmin(1)] == y).mean())


def linear(X: np.ndarray, y: np.ndarray) -> float:
    A = np.column_stack([X, np.ones(len(X))])
    return float(((A @ np.linalg.lstsq(A, np.eye(y.max() + 1)[y], rcond=None)[0]).argmax(1) == y).mean())


@pytest.mark.parametrize(
    ("make", "straight"), [(toys.moons, 0.93), (toys.rings, 0.7), (toys.xor, 0.75), (toys.spirals, 0.8)]
)
def test_no_straight_line_parts_what_is_not_separable(make: Callable[..., Any], straight: float) -> None:
    X, y = (part.numpy() for part in make(600, generator=np.random.default_rng(0)))
    assert nearest_neighbour(X, y) > 0.95
    assert linear(X, y) < straight


def test_blobs_are_linearly_separable_and_follow_their_centers() -> None:
    X, y = (part.numpy() for part in toys.blobs(600, noise=0.1, generator=np.random.default_rng(0)))
    assert linear(X, y) == 1
    np.testing.assert_allclose(X[y == 2].mean(0), [0, 1.5], atol=0.03)
    assert toys.blobs(10, centers=np.eye(4))[0].shape == (10, 4)


def test_polynomial_and_elevation_without_noise_are_exact() -> None:
    x, y = (part.numpy() for part in toys.polynomial(50, (1, 0, -2), noise=0))
    np.testing.assert_allclose(y, 1 - 2 * x[:, 0] ** 2, atol=1e-6)
    assert (np.diff(x[:, 0]) >= 0).all()
    X, h = (part.numpy() for part in toys.elevation(50, noise=0))
    np.testing.assert_allclose(h, toys.height(X[:, 0], X[:, 1]), rtol=1e-5)


def test_attitudes_are_rotations() -> None:
    X, R = (part.numpy() for part in toys.attitudes(50, noise=0))
    np.testing.assert_allclose(R @ R.transpose(0, 2, 1), np.broadcast_to(np.eye(3), (50, 3, 3)), atol=1e-6)
    np.testing.assert_allclose(np.linalg.det(R), 1, atol=1e-6)
    for i in range(3):  # the three entries from 3 i on are Rᵀ e_i
        np.testing.assert_allclose(X[:, 3 * i : 3 * i + 3], R.transpose(0, 2, 1) @ np.eye(3)[i], atol=1e-6)


def test_colour_digits_are_given_away_by_the_colour_of_their_ground() -> None:
    X, y = toys.colour_digits(200)
    assert X.shape == (200, 3, 32, 32)
    assert X.min().item() >= 0
    assert X.max().item() <= 1
    assert set(y.tolist()) == set(range(10))
    assert linear(X.numpy()[:, :, 0, 0], y.numpy()) > 0.2, "the corner alone says more than chance"
    with pytest.raises(ValueError, match="10000"):
        toys.colour_digits(10001)


def test_sunspots_by_year_and_by_month_tell_of_the_same_sun() -> None:
    time, yearly = series.sunspots()
    months, monthly = series.sunspots(monthly=True)
    assert (len(yearly), time[0].item(), time[-1].item()) == (309, 1700, 2008)
    assert (len(monthly), math.floor(months[0].item()), math.floor(months[-1].item())) == (3120, 1749, 2008)
    assert np.allclose(np.diff(months.numpy()), 1 / 12)
    assert months[0].item() == pytest.approx(1749 + 1 / 24)  # the middle of January
    means = monthly.numpy().reshape(-1, 12).mean(1)
    assert np.abs(means - yearly.numpy()[49:]).max() < 0.6
    assert monthly.max().item() == pytest.approx(253.8)


def test_windows_pair_values_in_a_row_with_one_that_comes_later() -> None:
    X, y = series.windows(tensor(np.arange(10.0)), length=4, ahead=3)
    assert X.shape == (4, 4)
    assert X[0].tolist() == [0, 1, 2, 3]
    assert y.tolist() == [6, 7, 8, 9]
    for length, ahead in ((10, 1), (0, 1), (3, 0)):
        with pytest.raises(ValueError, match="10 values"):
            series.windows(tensor(np.arange(10.0)), length, ahead)


def test_the_test_of_memory_shows_its_symbol_first_and_asks_for_it_last() -> None:
    X, y = series.memory(40, length=6, symbols=3, generator=np.random.default_rng(0))
    assert X.shape == (40, 6, 4)
    np.testing.assert_array_equal(X.numpy()[:, 0], np.eye(4)[y.numpy()])
    assert X[:, -1, 3].tolist() == [1] * 40
    assert X[:, :-1, 3].abs().max().item() == 0
    with pytest.raises(ValueError, match="at least 2"):
        series.memory(3, 1)


def test_the_text_is_short_and_has_few_different_characters() -> None:
    text = series.text()
    assert text.isascii()
    assert "\r" not in text
    assert 4000 < len(text) < 10000
    assert len(set(text)) < 50
