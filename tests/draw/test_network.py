"""network: the picture has the neurons, lines and words of the network it is given."""

from __future__ import annotations

import re

import numpy as np
import pytest
from svg_geometry import faults, read

import nnkit
from nnkit import nn
from nnkit.draw import network, style


def texts(picture):
    return [box.what for box in read(picture.svg).texts]


def test_small_layers_are_drawn_whole():
    picture = network([2, 3, 1], inputs=["x1", "x2"], outputs=["y_hat"])
    drawn = read(picture.svg)
    assert len(drawn.shapes) == 6
    assert len(drawn.lines) == 2 * 3 + 3 * 1
    assert texts(picture) == ["x₁", "x₂", "inputs", "2", "layer 1", "3", "ŷ", "outputs", "1"]
    assert faults(picture.svg) == []


def test_wide_layers_are_shortened_and_counted():
    picture = network([784, 128, 10], title="Digits")
    drawn = read(picture.svg)
    assert len(drawn.shapes) == 7 + 7 + 10
    assert len(drawn.lines) == 7 * 7 + 7 * 10
    assert texts(picture).count("⋮") == 2
    assert "784" in texts(picture)
    assert faults(picture.svg) == []
    assert repr(picture) == "Network: 784 inputs, layer 1 with 128 neurons, 10 outputs; 101,632 weights between them."


def test_lines_show_size_and_sign_of_the_right_weight():
    picture = network([2, 2], weights=[np.array([[1.0, -2.0], [0.0, 0.5]])])
    lines = re.findall(
        r'class="edge" d="M\S+ (\S+)L\S+ (\S+)" fill="none" stroke="([^"]+)"(?: stroke-width="(\S+)")?(.*?)/>',
        picture.svg,
    )
    heights = sorted({float(line[0]) for line in lines})
    found = {}
    for start, end, colour, width, rest in lines:
        key = heights.index(float(end)), heights.index(float(start))
        found[key] = colour, float(width or 0), "dasharray" in rest
    assert found[0, 0][0] == found[1, 1][0] != found[0, 1][0]
    assert [found[key][2] for key in ((0, 0), (0, 1), (1, 1))] == [False, True, False]
    assert found[0, 1][1] > found[0, 0][1] > found[1, 1][1] > 0
    assert found[1, 0][0] == "none"
    assert picture.alt.endswith("from −2 (dashed) to 1.")


def test_shortened_layers_show_the_weights_of_the_neurons_that_are_drawn():
    weights = np.zeros((1, 100))
    weights[0, 98] = 1.0
    picture = network([100, 1], weights=[weights])
    solid = [line for line in picture.svg.split("<path")[1:] if 'stroke="none"' not in line]
    assert len(solid) == 1
    shapes = read(picture.svg).shapes
    start = float(re.search(r'd="M\S+ (\S+)L', solid[0])[1])
    assert sorted(range(8), key=lambda rank: abs(start - (shapes[rank].top + shapes[rank].bottom) / 2))[0] == 5


def test_a_model_shows_its_layers_and_activations():
    model = nn.Sequential(nn.Flatten(), nn.Linear(4, 5), nn.ReLU(), nn.Dropout(0.5), nn.Linear(5, 3), nn.Softmax(1))
    picture = network(model, weights=True, names=["measured", "hidden", "classes"], outputs=list("abc"))
    assert [word for word in texts(picture) if word in ("ReLU", "Softmax")] == ["ReLU", "Softmax"]
    assert picture.alt.startswith("Network: measured with 4 neurons, hidden with 5 neurons (ReLU), classes with 3")
    assert "dasharray" in picture.svg
    assert faults(network(model, names=["measured", "hidden", "classes"], outputs=list("abc")).svg) == []
    assert model.training
    assert all(parameter.grad is None for parameter in model.parameters())


def test_the_same_network_gives_the_same_bytes_and_inherits_its_ink():
    one, other = (network([3, 12, 2]) for _ in range(2))
    assert one.svg == other.svg
    assert "#000" not in one.body
    assert f'stroke="{style.colour("input")}"' in one.body


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: network([3]), ValueError, r"at least two sizes"),
        (lambda: network([3, 0]), ValueError, r"positive whole numbers such as \[2, 3, 1\]; got \[3, 0\]"),
        (lambda: network([2, 1], weights=[np.ones((2, 1))]), ValueError, r"shapes \(1, 2\) .*; got \(2, 1\)"),
        (lambda: network([2, 1], weights=[[[np.nan, 1.0]]]), ValueError, r"not finite"),
        (lambda: network([2, 1], weights=True), ValueError, r"beside sizes give the arrays"),
        (lambda: network([2, 1], names=["a"]), ValueError, r"There are 2 layers with the inputs, but 1 names"),
        (lambda: network([2, 1], inputs=["a"]), ValueError, r"There are 2 inputs, but 1 names"),
        (lambda: network(nn.Sequential(nn.Conv2d(1, 2, 3))), TypeError, r"0 is a Conv2d\. nnkit\.summary"),
        (lambda: network(nn.ReLU()), TypeError, r"this ReLU has none"),
        (lambda: network(nn.Sequential(nn.Linear(2, 3), nn.Linear(2, 3))), ValueError, r"1 takes 2 inputs, but"),
    ],
)
def test_mistakes_are_told_in_sentences(call, error, words):
    nnkit.manual_seed(0)
    with pytest.raises(error, match=words):
        call()
