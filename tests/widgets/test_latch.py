"""The unit that reads a single 1: its states are nnkit's, and what is said of its memory is true."""

from __future__ import annotations

import numpy as np
import pytest

import nnkit
from nnkit import nn
from nnkit.draw import latch as drawn
from nnkit.widgets.latch import Latch


@pytest.mark.parametrize(("wh", "b"), [(0.5, 0.0), (2.0, 0.0), (2.0, -0.4), (2.0, -0.5), (-1.5, 0.2)])
def test_states_are_those_of_a_recurrent_layer_of_nnkit(wh, b):
    layer = nn.RNN(1, 1).double()
    x = np.zeros((drawn.STEPS, 1, 1))
    x[0] = 1
    with nnkit.no_grad():
        layer.weight_ih_l0[:], layer.weight_hh_l0[:] = 1.0, wh
        layer.bias_ih_l0[:], layer.bias_hh_l0[:] = b, 0.0
        expected = layer(nnkit.tensor(x))[0].numpy().ravel()
    np.testing.assert_allclose(drawn.states(wh, b), expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("wh", "b", "told"),
    [
        (0.5, 0.0, "It has forgotten."),
        (0.5, 0.5, "the state is 0.688; without the 1 it would be 0.688. It has forgotten."),
        (2.0, 0.0, "the state is 0.958; without the 1 it would be 0. It still remembers."),
        (2.0, -0.4, "the state is 0.873; without the 1 it would be −0.983. It still remembers."),
        (2.0, -0.5, "It has forgotten."),
        (-1.5, 0.0, "It still remembers."),
    ],
)
def test_it_remembers_where_the_1_still_makes_a_difference(wh, b, told):
    assert told in repr(Latch(wh=wh, b=b).twin())


def test_what_makes_no_picture_is_told():
    with pytest.raises(ValueError, match="wh is a number from -2 to 3; got 4"):
        Latch(wh=4)
    assert Latch(Latch(wh=2, step=3).state).state == {"wh": 2.0, "b": 0.0, "step": 3}
