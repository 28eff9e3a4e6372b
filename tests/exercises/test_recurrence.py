"""Notebook `recurrence`: the references against differences and against nnkit's layer; what is told of which slip."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nnkit
from nnkit import nn
from nnkit.exercises import evaluate, index
from tests.answers import answers_to, changed, namespace_of

FORWARD, BACKWARD = index.find("rnn_forward"), index.find("rnn_backward")
LOOP, WALK = (next(iter(answers_to(name).right.values())) for name in ("rnn_forward", "rnn_backward"))
SIZES = [(1, 1, 1, 1), (6, 4, 3, 5), (3, 3, 3, 3)]


def numbers(sizes: tuple[int, int, int, int]) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """A layer with its inputs, and messages from outside."""
    (steps, sequences, inputs, units), rng = sizes, np.random.default_rng(3)
    shapes = {
        "x": (steps, sequences, inputs),
        "h0": (sequences, units),
        "Wx": (inputs, units),
        "Wh": (units, units),
        "b": (units,),
    }
    return {name: rng.normal(size=shape) / 2 for name, shape in shapes.items()}, rng.normal(
        size=(steps, sequences, units)
    )


def gradients(layer: dict[str, np.ndarray], dhs: np.ndarray) -> dict[str, np.ndarray]:
    """The reference's five gradients, by the names of their owners."""
    hs = FORWARD.reference(**layer)
    rest = {name: array for name, array in layer.items() if name != "b"}
    return dict(zip(("x", "h0", "Wx", "Wh", "b"), BACKWARD.reference(dhs=dhs, hs=hs, **rest), strict=True))


@pytest.mark.parametrize("sizes", SIZES)
def test_the_reference_is_the_slope_that_differences_show(sizes: tuple[int, int, int, int]) -> None:
    layer, dhs = numbers(sizes)
    for name, gradient in gradients(layer, dhs).items():
        measured, array = np.zeros_like(gradient), layer[name]
        for place in np.ndindex(array.shape):
            kept, ways = array[place], []
            for way in (1e-5, -1e-5):
                array[place] = kept + way
                ways.append(np.sum(FORWARD.reference(**layer) * dhs))
            array[place] = kept
            measured[place] = (ways[0] - ways[1]) / 2e-5
        np.testing.assert_allclose(gradient, measured, rtol=1e-6, atol=1e-8, err_msg=name)


@pytest.mark.parametrize("sizes", SIZES)
def test_the_references_agree_with_the_layer_of_the_library(sizes: tuple[int, int, int, int]) -> None:
    layer, dhs = numbers(sizes)
    theirs = nn.RNN(sizes[2], sizes[3]).double()
    with nnkit.no_grad():
        theirs.weight_ih_l0[:], theirs.weight_hh_l0[:] = layer["Wx"].T, layer["Wh"].T
        theirs.bias_ih_l0[:], theirs.bias_hh_l0[:] = layer["b"], 0
    x, h0 = (nnkit.tensor(array, requires_grad=True) for array in (layer["x"], layer["h0"][None]))
    hs = theirs(x, h0)[0]
    np.testing.assert_allclose(FORWARD.reference(**layer), hs.detach().numpy(), rtol=1e-10)
    hs.backward(nnkit.tensor(dhs))
    found = {
        "x": x.grad.numpy(),
        "h0": h0.grad.numpy()[0],
        "Wx": theirs.weight_ih_l0.grad.numpy().T,
        "Wh": theirs.weight_hh_l0.grad.numpy().T,
        "b": theirs.bias_ih_l0.grad.numpy(),
    }
    for name, gradient in gradients(layer, dhs).items():
        np.testing.assert_allclose(gradient, found[name], rtol=1e-9, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("exercise", [FORWARD, BACKWARD], ids=lambda exercise: exercise.name)
def test_no_state_is_lost_in_the_flat_ends_of_tanh(exercise: Any) -> None:
    """Else a slip in an early step would not show in a later one."""
    for seed in range(200):
        for case in exercise.draw(seed, seed % 2 == 0):
            known = case.arguments
            hs = known["hs"] if "hs" in known else FORWARD.reference(**known)
            assert np.abs(hs).max() < 0.98
            assert np.abs(hs).min() >= 0.02


@pytest.mark.parametrize("last", ["hs[t - 1] if t else 0 * h0", "hs[t - 1] if t else h0 * 0.0"])
def test_a_first_step_without_its_h0_is_told_so(last: str) -> None:
    report = evaluate("rnn_backward", namespace_of(changed(WALK, ("hs[t - 1] if t > 0 else h0", last))))
    assert "is h0 the state before it?" in report.cause
    assert "dx, dh0, dWx and db are right" in report.message


def test_the_smallest_case_is_shown_with_its_numbers() -> None:
    report = evaluate("rnn_forward", namespace_of(changed(LOOP, ("h @ Wh", "h0 @ Wh"))))
    assert "T = 2, N = 1, D = 1, H = 1; x = " in report.case
    assert "; Wh = " in report.case


def test_a_layer_of_the_library_is_not_the_readers_own() -> None:
    source = """
def rnn_forward(x, h0, Wx, Wh, b):
    import nnkit
    layer = nnkit.nn.RNN(len(Wx), len(Wh)).double()
    with nnkit.no_grad():
        layer.weight_ih_l0[:], layer.weight_hh_l0[:], layer.bias_ih_l0[:], layer.bias_hh_l0[:] = Wx.T, Wh.T, b, 0
        return layer(nnkit.tensor(x), nnkit.tensor(h0[None]))[0].numpy()
"""
    report = evaluate("rnn_forward", namespace_of(source))
    assert report.words == "not counted"
    assert "nnkit.nn.recurrent.rnn" in report.message
