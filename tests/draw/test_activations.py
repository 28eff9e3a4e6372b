"""The widget of activations: true values and slopes, a static twin with all of them, a live one that follows."""

from __future__ import annotations

import numpy as np
import pytest

from nnkit import widgets
from nnkit.widgets.activations import FUNCTIONS, activation_picture, overview, value_and_slope

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


def test_choosing_and_moving_redraw(shown_moving):
    widget = shown_moving(widgets.activations, "sigmoid", 0.0)
    first = widget.setup["material"]["first"]["html"]
    assert "The activation sigmoid" in first
    assert "the slope 0.25" in first
    drawn = widget.reply({"state": {"name": "ReLU", "x": -3.0}})["html"]
    assert "The activation ReLU" in drawn
    assert "At x = −3 the value is 0 and the slope 0." in drawn


def test_pictures_leave_no_figure_open():
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    activation_picture("arctan", 6.0)
    overview(-6.0, ["ReLU", "tanh"])
    assert plt.get_fignums() == before


def test_what_is_not_there_is_told():
    with pytest.raises(ValueError, match="no activation called 'softplus' here; there are identity, sigmoid"):
        widgets.activations("softplus")
    with pytest.raises(ValueError, match="x lies between −6 and 6; got 7"):
        widgets.activations("tanh", 7)
