"""The message through time: what is drawn is what nnkit computes; its state, its words, its static picture."""

from __future__ import annotations

import numpy as np
import pytest

import nnkit
from nnkit import nn
from nnkit.draw import unrolled as drawn
from nnkit.widgets.unrolled import Unrolled

MOST = drawn.MOST


def by_nnkit(network, weight, loudness, steps, seed):
    """Sizes of the message at h_0 … h_T and the norm of the gradient of the inputs' weights, by nnkit's own pass."""
    made = drawn.random_network(network, seed)
    units = len(made.matrix)
    layer = nn.RNN(units, units).double()
    with nnkit.no_grad():
        layer.weight_ih_l0[:], layer.weight_hh_l0[:] = loudness * np.eye(units), weight * made.matrix.T
        layer.bias_ih_l0[:], layer.bias_hh_l0[:] = 0.0, 0.0
    h = nnkit.tensor(np.zeros((1, 1, units)), requires_grad=True)
    states = [h]
    for t in range(steps):
        h = layer(nnkit.tensor(made.inputs[t][None, None]), h)[1]
        h.retain_grad()
        states.append(h)
    h.backward(nnkit.tensor(made.message[None, None]))
    return [float(np.linalg.norm(state.grad.numpy())) for state in states], float(
        np.linalg.norm(layer.weight_ih_l0.grad.numpy())
    )


@pytest.mark.parametrize("network", drawn.NETWORKS)
@pytest.mark.parametrize(("loudness", "seed"), [(0.05, 0), (1.0, 3)])
def test_sizes_are_those_of_a_recurrent_layer_of_nnkit_for_many_weights(network, loudness, seed):
    for weight in (0.3, 0.9, 1.0, 1.1, 1.5, 2.0):
        passed = drawn._passed(network, weight, loudness=loudness, steps=20, tanh=True, seed=seed)
        sizes, norm = by_nnkit(network, weight, loudness, 20, seed)
        np.testing.assert_allclose(passed.sizes, sizes, rtol=1e-9, atol=1e-300)
        np.testing.assert_allclose(passed.whole, norm, rtol=1e-9)


def test_without_tanh_one_unit_is_the_law_and_sixteen_stay_below_the_largest_stretch():
    for weight in (0.5, 0.9, 1.1):
        one = drawn._passed("one unit", weight, loudness=0.5, steps=50, tanh=False)
        np.testing.assert_allclose(one.sizes, weight ** np.arange(50, -1, -1), rtol=1e-9)
        many = drawn._passed("sixteen units", weight, loudness=0.5, steps=50, tanh=False)
        stretch = weight * drawn.random_network("sixteen units", 0).stretch
        assert np.all(many.sizes <= stretch ** np.arange(50, -1, -1) * (1 + 1e-3))


@pytest.mark.parametrize("seed", range(drawn.SEEDS))
def test_a_random_matrix_has_the_spectral_radius_one(seed):
    made = drawn.random_network("sixteen units", seed)
    assert np.max(np.abs(np.linalg.eigvals(made.matrix))) == pytest.approx(1, abs=3e-4)
    assert np.linalg.norm(made.message) == pytest.approx(1, abs=3e-4)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"weight": 0.9}, "0.00515 of 1 is left: the message vanishes. The law 0.9⁵⁰ is 0.00515."),
        ({"weight": 1.1}, "1 has become 117: the message explodes."),
        ({"weight": 1.0}, "1 has become 1: the message stays."),
        ({"weight": 1.1, "tanh": True}, "1 has become 1.48: the message stays. The law 1.1⁵⁰ is 117."),
        ({"weight": 0.0}, "After 50 steps 0 of 1 is left: the message vanishes. The law 0⁵⁰ is 0."),
        (
            {"weight": 0.5, "steps": 4, "back": 2},
            "After 2 steps 1 has become 0.25: the message shrinks. The law 0.5² is 0.25.",
        ),
        ({"weight": 0.5, "back": 1}, "After 1 step 1 has become 0.5: the message shrinks. The law 0.5¹ is 0.5."),
        ({"weight": 0.5, "back": 0}, "Nothing has gone back yet. The law 0.5⁰ is 1."),
    ],
)
def test_the_static_picture_says_what_becomes_of_the_message(settings, told):
    twin = Unrolled(settings).twin()
    assert told in repr(twin)
    assert "<img" in twin.html


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"weight": 3}, "weight is a number from 0 to 2; got 3."),
        ({"network": "two units"}, "network is one of 'one unit', 'sixteen units'; got 'two units'."),
        ({"stepps": 3}, "widgets.unrolled.* has no setting 'stepps'; did you mean 'steps'"),
    ],
)
def test_what_makes_no_picture_is_told(settings, told):
    with pytest.raises(ValueError, match=told):
        Unrolled(settings)


def test_the_dictionary_makes_the_same_picture_again():
    first = Unrolled(weight=1.3, network="sixteen units", tanh=True, steps=20, back=7, terms=True, clip=True)
    assert Unrolled(first.state).state == first.state
    assert repr(Unrolled(first.state).twin()) == repr(first.twin())


def test_the_page_gets_the_numbers_that_python_computes_with():
    material = Unrolled().material()["networks"]
    assert [len(made) for made in material.values()] == [drawn.SEEDS, drawn.SEEDS]
    made = drawn.random_network("sixteen units", 2)
    assert material["sixteen units"][2]["matrix"] == made.matrix.tolist()
    assert np.shape(material["sixteen units"][2]["inputs"]) == (MOST, 16)
