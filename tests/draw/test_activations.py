"""The widget of activations: true values and slopes, a static twin with all of them, a live one that follows."""

from __future__ import annotations

import numpy as np
import pytest

from nnkit import widgets
from nnkit.widgets.activations import FUNCTIONS, Activations, overview, value_and_slope

FORMULAS = {
    "identity": lambda x: x,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": np.tanh,
    "arctan": np.arctan,
    "ReLU": lambda x: np.maximum(x, 0),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_values_and_slopes_are_those_of_the_formula(name):
    x = np.array([[-5.5, -1.0, -0.2], [0.3, 2.0, 5.9]])
    value, slope = value_and_slope(name, x)
    np.testing.assert_allclose(value, FORMULAS[name](x), rtol=1e-12)
    h = 1e-6
    np.testing.assert_allclose(slope, (FORMULAS[name](x + h) - FORMULAS[name](x - h)) / (2 * h), rtol=1e-5, atol=1e-9)


@pytest.mark.usefixtures("static")
def test_the_static_twin_shows_all_of_them(displayed, capsys):
    widgets.activations("tanh", 2.0)
    said = repr(displayed[0])
    assert all(name in said for name in FUNCTIONS)
    assert "tanh: value 0.964, slope 0.0707" in said
    assert "alt=" in displayed[0].html
    assert capsys.readouterr() == ("", "")


def test_the_page_gets_values_and_slopes_of_the_library(shown_moving):
    material = shown_moving(widgets.activations, "sigmoid", 0.0).setup["material"]
    assert set(material["curves"]) == set(FUNCTIONS)
    x = np.array(material["x"])
    assert np.array_equal(x, np.round(np.arange(-120, 121) / 20, 2))
    for name, curve in material["curves"].items():
        value, slope = value_and_slope(name, x)
        assert np.array_equal(curve["value"], value)
        assert np.array_equal(curve["slope"], slope)


def test_choosing_and_moving_is_said():
    assert "value 0.5, slope 0.25." in Activations(name="sigmoid", x=0.0).sentence
    assert Activations(name="ReLU", x=-3.0).sentence.startswith("ReLU at x = −3: value 0, slope 0.")


def test_pictures_leave_no_figure_open():
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    overview(6.0)
    overview(-6.0, ["ReLU", "tanh"])
    assert plt.get_fignums() == before


def test_what_is_not_there_is_told():
    with pytest.raises(ValueError, match="no activation called 'softplus' here; there are identity, sigmoid"):
        widgets.activations("softplus")
    with pytest.raises(ValueError, match="x lies between −6 and 6; got 7"):
        widgets.activations("tanh", 7)
