"""Descent in the reader's hand: its state, its static picture, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

from nnkit import widgets
from nnkit.widgets.descent import Descent
from nnkit.widgets.surfaces import SURFACES, walk


def test_a_start_that_is_left_out_is_that_of_the_surface() -> None:
    for name, surface in SURFACES.items():
        assert Descent(surface=name).state["start"] == list(surface.start)
    assert Descent({"surface": "bowl", "start": [1, 2]}).state["start"] == [1.0, 2.0]


def test_the_dictionary_makes_the_same_state_again() -> None:
    state = Descent(surface="saddle", optimizer="Adam", beside="SGD", rate=0.3, momentum=0.5, steps=20).state
    assert Descent(state).state == state


def test_the_walks_are_those_of_nnkit() -> None:
    made = Descent(surface="valley", optimizer="momentum", beside="SGD", rate=0.06, momentum=0.7, steps=40)
    walks = made.walks()
    assert list(walks) == ["momentum", "SGD"]
    np.testing.assert_array_equal(walks["momentum"], walk("valley", "momentum", (-4, 1.5), 0.06, 0.7, 40))
    assert list(Descent(optimizer="SGD", beside="SGD").walks()) == ["SGD"]


def test_it_says_what_came_of_the_walks() -> None:
    def said(**settings: object) -> str:
        return Descent(**settings).said()

    assert said(surface="parabola", rate=0.1, steps=1).startswith("SGD: loss 0.96 after 1 step.")
    assert "1 − 8α = 0.2." in said(surface="parabola", rate=0.1, steps=1)
    assert said(rate=0.1, steps=100).startswith("SGD leaves for good in step")
    assert "by 1 − α = 0.9 along x, by 1 − 25α = −1.5 along y" in said(rate=0.1)
    assert "in the deep valley" in said(surface="hilltop", start=[-1, 0])
    assert "in the shallow valley" in said(surface="two valleys", optimizer="Adam")
    assert "multiplies" not in said(surface="saddle")


@pytest.mark.parametrize("surface", SURFACES)
def test_every_surface_has_a_picture_with_words(surface: str) -> None:
    page = Descent(surface=surface, beside="Adam").twin().html
    assert 'alt="Left: ' in page
    assert "SGD, Adam from the start" in page


def test_the_page_gets_every_surface() -> None:
    assert set(Descent().material()["surfaces"]) == set(SURFACES)
    assert Descent().material()["surfaces"]["parabola"]["weights"] == 1


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"surface": "hill"}, "surface is one of 'parabola', 'hilltop'"),
        ({"optimizer": "LBFGS"}, "optimizer is one of 'SGD'"),
        ({"rate": 0}, "rate is a number from 0.001 to 3"),
        ({"rate": float("nan")}, "rate is a number"),
        ({"momentum": 1}, "momentum is a number from 0 to 0.99"),
        ({"steps": 2.5}, "steps is a whole number"),
        ({"start": [1]}, "start is 2 numbers"),
        ({"start": [9, 0]}, "start is 2 numbers from -5.5 to 5.5"),
        ({"optimiser": "SGD"}, "did you mean 'optimizer'"),
    ],
)
def test_bad_settings_are_told(settings: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        widgets.descent(**settings)
