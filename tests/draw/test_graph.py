"""graph and sequence: the picture says what the tensors and the backward pass say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from svg_geometry import faults, read

import nnkit
from nnkit.draw import graph, sequence, style


def leaf(value):
    return nnkit.tensor(np.asarray(value, dtype=float), requires_grad=True)


def first_example():
    x1, x2, t1, t2, t3 = map(leaf, (3, -2, 4, 5, 1))
    return x1 * t1 + x2 * t2 + t3, {"x1": x1, "x2": x2}, {"theta1": t1, "theta2": t2, "theta3": t3}


def product():
    x, y, z = map(leaf, (2, -3, 2))
    return (x + y) * z**2, {"x": x, "y": y, "z": z}, {}


def cube():
    x, y, z = map(leaf, (0, 1, 2))
    return ((x.sin() + y) * z) ** 3, {"x": x, "y": y, "z": z}, {}


def neuron():
    x1, x2, w1, w2, b = map(leaf, (-1, -2, 2, -3, -3))
    return 1 / ((-(x1 * w1 + x2 * w2 + b)).exp() + 1), {"x1": x1, "x2": x2}, {"w1": w1, "w2": w2, "b": b}


def diamond():
    a = leaf(3)
    b = a + a
    return b + b, {"a": a}, {}


def network():
    rng = np.random.default_rng(0)
    x, y = leaf([1, 2]), nnkit.tensor(np.array([0.0, 1.0]))
    weights = {"W1": leaf(rng.normal(size=(2, 3))), "b1": leaf([0, 0, 0]), "W2": leaf(rng.normal(size=(3, 2)))}
    hidden = (x @ weights["W1"] + weights["b1"]).sigmoid()
    return 0.5 * ((y - (hidden @ weights["W2"]).sigmoid()) ** 2).sum(), {"x": x}, weights


ALL = [first_example, product, cube, neuron, diamond, network]


@pytest.mark.parametrize("build", ALL)
def test_nothing_overlaps_with_or_without_gradients(build):
    result, inputs, weights = build()
    for options in ({}, {"gradients": True}, {"steps": 2}, {"gradients": True, "title": "A graph", "legend": True}):
        assert faults(graph(result, inputs=inputs, weights=weights, **options).svg) == []


@pytest.mark.parametrize("build", ALL)
def test_gradients_are_those_of_the_walk(build):
    """Below the edges stands exactly what walk yields: every message once, the start, and the sums."""
    result, inputs, weights = build()
    drawn = read(graph(result, inputs=inputs, weights=weights, gradients=True).svg)
    sent, uses = ["1"], {}
    for step in nnkit.walk(result):
        for parent, message in zip(step.node.parents, step.sent, strict=True):
            if message is not None:
                sent.append(style.value(message))
                uses.setdefault(id(parent), []).append(message)
    sums = [box.what for box in drawn.gradients if "=" in box.what]
    assert sorted(box.what for box in drawn.gradients if "=" not in box.what) == sorted(sent)
    assert len(sums) == sum(len(messages) > 1 for messages in uses.values())


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        (first_example, "x₁ 4, θ₁ 3, x₂ 5, θ₂ −2, θ₃ 1"),
        (product, "x 4, y 4, z −4"),
        (cube, "x 24, y 24, z 12"),
        (neuron, "x₁ 0.393, w₁ −0.197, x₂ −0.59, w₂ −0.393, b 0.197"),
        (diamond, "a 4"),
    ],
)
def test_the_numbers_worked_out_in_the_course_stand_in_the_picture(build, expected):
    result, inputs, weights = build()
    assert graph(result, inputs=inputs, weights=weights, gradients=True).alt.endswith(f"; gradients {expected}.")


def test_reuse_shows_how_messages_add_up():
    result, inputs, _ = diamond()
    b = result.parents[0]
    picture = graph(result, inputs=inputs, names={"b": b}, gradients=True, result="c")
    words = [box.what for box in read(picture.svg).texts]
    assert "2 + 2 = 4" in words
    assert "1 + 1 = 2" in words
    assert words.count("6") == 2
    assert picture.alt.startswith("Computation graph of c = b + b, b = a + a; c = 12;")


def test_drawing_changes_nothing():
    result, inputs, weights = first_example()
    graph(result, inputs=inputs, weights=weights, gradients=True)
    sequence(result, inputs=inputs, weights=weights)
    assert all(tensor.grad is None for tensor in (inputs | weights).values())
    result.backward()
    assert weights["theta1"].grad.item() == 3.0


@pytest.mark.parametrize("build", ALL)
def test_the_same_graph_gives_the_same_bytes(build):
    one, other = (
        graph(result, inputs=inputs, weights=weights, gradients=True, legend=True).svg
        for result, inputs, weights in (build(), build())
    )
    assert one == other


def test_steps_show_only_what_has_been_sent():
    result, inputs, weights = first_example()
    count = len(list(nnkit.walk(result)))
    pictures = [graph(result, inputs=inputs, weights=weights, steps=steps) for steps in range(count + 1)]
    shown = [len(read(picture.svg).gradients) for picture in pictures]
    assert shown[0] == 1  # where the pass starts
    assert shown == sorted(shown)
    assert shown[-1] == len(read(graph(result, inputs=inputs, weights=weights, gradients=True).svg).gradients)
    assert len({(picture.width, picture.height) for picture in pictures}) == 1
    assert "gradients" not in pictures[0].alt


def test_sequence_tells_the_pass_in_sentences():
    result, inputs, _ = product()
    steps = sequence(result, inputs=inputs)
    assert repr(steps).splitlines()[0] == "0. Forward: f = −4. The backward pass starts at f with ∂f/∂f = 1."
    assert "1. × (value −4) receives 1 and sends 1 · 4 = 4 to + (value −1); 1 · (−1) = −1 to (·)² (value 4)." in repr(
        steps
    )
    assert repr(steps).endswith("Done: ∂f/∂x = 4, ∂f/∂y = 4, ∂f/∂z = −4.")
    assert len(steps) == len(steps.sentences) == 4
    assert steps.html.count("<svg") == 4
    assert steps._repr_mimebundle_() == {"text/html": steps.html, "text/plain": repr(steps)}
    assert all(faults(picture.svg) == [] for picture in steps)
    assert "receives 1" in steps[1].alt


def test_sequence_with_arrays_gives_shapes():
    result, inputs, weights = network()
    text = repr(sequence(result, inputs=inputs, weights=weights, result="L"))
    assert "2×3 to W₁" in text
    assert "∂L/∂W₁ = 2×3" in text


def test_what_needs_no_gradient_gets_none():
    x, w = nnkit.tensor(np.float64(2.0)), leaf(3.0)
    drawn = read(graph(x * w + 1.0, inputs={"x": x}, weights={"w": w}, gradients=True).svg)
    assert sorted(box.what for box in drawn.gradients) == ["1", "1", "2"]


def test_a_result_that_is_no_number_needs_a_start():
    x = leaf([1.0, 2.0])
    with pytest.raises(RuntimeError):
        graph(x * x, inputs={"x": x}, gradients=True)
    picture = graph(x * x, inputs={"x": x}, gradients=True, gradient=np.array([1.0, 10.0]))
    assert "gradients x [2, 40]" in picture.alt


def test_mistakes_are_told_in_sentences():
    result, inputs, _ = product()
    with pytest.raises(TypeError, match=r"drawn from the Tensor that it computes; got a float"):
        graph(3.0)
    with pytest.raises(TypeError, match=r"inputs maps names to Tensors; 'x' is a int"):
        graph(result, inputs={"x": 3})
    with pytest.raises(ValueError, match=r"weights names 'w', but that Tensor is not part of this graph"):
        graph(result, weights={"w": leaf(1.0)})
    with pytest.raises(ValueError, match=r"expected 0 or more, got -1"):
        graph(result, inputs=inputs, steps=-1)
    chain = leaf(1.0)
    for _ in range(100_000):
        chain = chain + 1.0
    with pytest.raises(ValueError, match=r"more than 200 nodes"):
        graph(chain, gradients=True)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from("+-*s"), st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=14))
def test_whatever_tensors_compute_is_drawn_without_overlaps(program):
    values = [leaf(2.0), leaf(-0.5), leaf(0.25)]
    for kind, left, right in program:
        one, other = values[left % len(values)], values[right % len(values)]
        values.append({"+": one + other, "-": one - other, "*": one * other, "s": one.sigmoid()}[kind])
    result = values[-1]
    picture = graph(result, gradients=True)
    assert faults(picture.svg) == []
    assert picture.svg == graph(result, gradients=True).svg
