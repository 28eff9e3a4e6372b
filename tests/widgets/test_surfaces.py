"""The surfaces that walks are shown on: their lowest points, their slopes, and the walks of nnkit's optimizers."""

from __future__ import annotations

import numpy as np
import pytest

import nnkit
from nnkit.widgets.surfaces import FAR_OUT, OPTIMIZERS, SURFACES, on_ground, walk


@pytest.mark.parametrize("name", SURFACES)
def test_the_star_stands_at_the_lowest_point(name: str) -> None:
    surface = SURFACES[name]
    up = surface.y if surface.weights == 2 else (0.0, 0.0)
    grid = np.meshgrid(np.linspace(*surface.x, 401), np.linspace(*up, 401))
    assert surface.loss(*surface.minimum) <= surface.loss(*grid).min() + 1e-6
    (place,) = on_ground(surface, np.array([surface.start]))
    assert surface.x[0] < place[0] < surface.x[1]
    assert surface.y[0] < place[1] < surface.y[1]


@pytest.mark.parametrize("name", SURFACES)
def test_the_slope_is_the_gradient_of_the_loss(name: str) -> None:
    surface = SURFACES[name]
    for point in np.random.default_rng(0).uniform(-2, 2, (5, 2)):
        w = nnkit.tensor(point, requires_grad=True)
        surface.loss(w[0], w[1]).backward()
        assert surface.slope(*point) == pytest.approx(w.grad.numpy(), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("name", ["hilltop", "two valleys"])
def test_the_ridge_between_two_valleys_is_where_nothing_pulls(name: str) -> None:
    surface = SURFACES[name]
    assert surface.slope(surface.ridge, 0.0) == pytest.approx((0, 0), abs=1e-3)
    assert surface.slope(surface.ridge - 0.1, 0.0)[0] > 0 > surface.slope(surface.ridge + 0.1, 0.0)[0]


@pytest.mark.parametrize("surface", ["parabola", "bowl", "valley"])
def test_the_curvatures_are_how_the_slope_changes(surface: str) -> None:
    place = SURFACES[surface]
    for axis, curvature in enumerate(place.curvatures):
        ends = [place.slope(*(step * np.eye(2)[axis]))[axis] for step in (0, 1)]
        assert ends[1] - ends[0] == pytest.approx(curvature)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("surface", SURFACES)
def test_every_optimizer_gets_lower(surface: str, optimizer: str) -> None:
    place = SURFACES[surface]
    points = walk(surface, optimizer, rate=0.01, momentum=0.9, steps=150)
    assert points.shape == (151, 2)
    assert tuple(points[0]) == place.start
    assert place.loss(*points[-1]) < place.loss(*points[0])


def test_momentum_gets_through_the_valley_first() -> None:
    loss = SURFACES["valley"].loss
    ends = [walk("valley", name, rate=0.02, momentum=0.8, steps=60)[-1] for name in ("momentum", "SGD")]
    assert loss(*ends[0]) < 0.01 * loss(*ends[1])


def test_a_rate_too_large_ends_the_walk() -> None:
    points = walk("valley", "SGD", rate=0.2, steps=100)
    assert len(points) < 100
    assert np.isfinite(points).all()
    assert np.abs(points[-1]).max() >= FAR_OUT


def test_unknown_names_are_told() -> None:
    with pytest.raises(ValueError, match="no surface 'hill'; known are parabola"):
        walk("hill", "SGD")
    with pytest.raises(ValueError, match="no optimizer 'LBFGS'; known are SGD"):
        walk("bowl", "LBFGS")
