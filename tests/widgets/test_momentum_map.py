"""The map of rate and momentum: its regions against walks that nnkit's optimizer really makes."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import nnkit
from nnkit import optim, widgets
from nnkit.widgets.momentum_map import MomentumMap, borders, kind_of
from nnkit.widgets.surfaces import FAR_OUT

MOMENTA = (0.0, 0.1, 0.3, 0.5, 0.7)


def walked(rate: float, momentum: float, curvature: float, steps: int = 250) -> np.ndarray:
    """The walk of nnkit.optim.SGD on ½λx², from 1."""
    x = nnkit.tensor(np.array([1.0]), requires_grad=True)
    optimizer = optim.SGD([x], lr=rate, momentum=momentum)
    points = [1.0]
    while len(points) <= steps and 1e-200 < abs(points[-1]) < 1e100:
        optimizer.zero_grad()
        (curvature * x * x / 2).sum().backward()
        optimizer.step()
        points.append(x.item())
    return np.array(points)


def kind_seen(points: np.ndarray) -> str:
    """What a walk is, by nothing but its points: whether it grows, and how it changes sides."""
    late = points[len(points) // 3 :]
    if np.abs(late[-1]) > 2 * np.abs(late[0]):
        return "exploding"
    changes = np.sign(late[1:]) != np.sign(late[:-1])
    if not changes.any():
        return "creeping"
    return "jumping" if changes.all() else "ringing"


@pytest.mark.parametrize("curvature", [1.0, 25.0])
@pytest.mark.parametrize("momentum", MOMENTA)
def test_between_its_borders_every_walk_is_what_the_map_says(momentum: float, curvature: float) -> None:
    edges = [0.0, *borders(momentum, curvature)]
    for kind, low, high in zip(("creeping", "ringing", "jumping"), edges, edges[1:], strict=False):
        for share in (0.1, 0.5, 0.9) if low < high else ():  # without momentum nothing rings
            rate = low + share * (high - low)
            assert kind_of(rate, momentum, curvature)[0] == kind == kind_seen(walked(rate, momentum, curvature))
    for share in (1.02, 1.5, 4):
        rate = share * edges[-1]
        assert kind_of(rate, momentum, curvature)[0] == "exploding" == kind_seen(walked(rate, momentum, curvature))


def test_what_a_step_keeps_in_the_long_run_is_the_size_of_the_larger_root() -> None:
    for rate, momentum in ((0.02, 0.3), (0.1, 0.5), (0.06, 0.9), (0.075, 0.01), (0.3, 0.2)):
        _, size = kind_of(rate, momentum, 25.0)
        points = np.abs(walked(rate, momentum, 25.0, steps=300))
        # A swing passes close to 0: the largest of some steps shows its height.
        first, last = (points[place - 20 : place].max() for place in (60, len(points)))
        assert (last / first) ** (1 / (len(points) - 60)) == pytest.approx(size, rel=0.02)


def test_where_both_axes_stand_at_a_border_the_valley_is_crossed_fastest() -> None:
    kappa = 25.0
    root = np.sqrt(kappa)
    rate, momentum = (2 / (root + 1)) ** 2, ((root - 1) / (root + 1)) ** 2
    assert borders(momentum, kappa)[1] == pytest.approx(rate)
    assert borders(momentum, 1.0)[0] == pytest.approx(rate)
    best = max(kind_of(rate, momentum, one)[1] for one in (1.0, kappa))
    assert best == pytest.approx(np.sqrt(momentum), abs=1e-6)
    for other_rate, other_momentum in itertools.product((0.05, 0.08, 0.1, 0.12), (0.0, 0.3, 0.4, 0.5, 0.7)):
        assert max(kind_of(other_rate, other_momentum, one)[1] for one in (1.0, kappa)) > best


def test_its_own_walk_is_that_of_nnkit_and_ends_where_it_leaves() -> None:
    made = MomentumMap(rate=0.06, momentum=0.5)
    np.testing.assert_allclose(made.walk(25.0), walked(0.06, 0.5, 25.0, 40), rtol=1e-12)
    gone = MomentumMap(rate=0.5).walk(25.0)
    assert len(gone) < 41
    assert abs(gone[-1]) >= FAR_OUT


def test_the_twin_names_the_region() -> None:
    for settings, said in (
        ({"rate": 0.02}, "On the parabola: creeping; in the long run a step keeps 0.5 of the way."),
        ({"rate": 0.06}, "jumping; in the long run a step keeps 0.5"),
        ({"rate": 0.06, "momentum": 0.49}, "ringing; in the long run a step keeps 0.7"),
        ({"rate": 0.1}, "exploding; in the long run a step keeps 1.5"),
        ({"rate": 0.06, "flat": True}, "On the flat axis: creeping; in the long run a step keeps 0.94"),
    ):
        twin = MomentumMap(settings).twin()
        assert said in twin.text
        assert "Left: a map of rate and momentum" in twin.html


def test_bad_settings_are_told() -> None:
    with pytest.raises(ValueError, match=r"momentum is a number from 0 to 0\.99"):
        widgets.momentum_map(momentum=1)
    with pytest.raises(ValueError, match="flat is True or False"):
        widgets.momentum_map(flat="yes")
