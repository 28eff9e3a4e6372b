"""What is special to the way back through a convolution: gradients that agree with differences and with the engine."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nnkit
from nnkit.exercises import evaluate, index
from nnkit.exercises.exercise import Case
from tests.answers import answers_to, changed, namespace_of

SEEDS = ((1, False), (2, True), (77, True))
BACKWARD = index.find("conv2d_backward")
STEP = 1e-4


def loss(*arguments: Any) -> float:
    """A loss whose slope with respect to what the layer gives is dout."""
    dout, *of_the_layer = arguments
    return float((dout * index.find("conv2d_forward").reference(*of_the_layer)).sum())


def ordinary(seed: int, hidden: bool) -> list[Case]:
    return [case for case in BACKWARD.draw(seed, hidden) if np.abs(case.arguments["x"]).max() < 1e6]


def difference(arguments: list[Any], which: int) -> np.ndarray:
    """Central differences of the loss with respect to one argument."""
    slopes = np.zeros(arguments[which].shape)
    for place in np.ndindex(slopes.shape):
        sides = []
        for step in (STEP, -STEP):
            moved = arguments[which].copy()
            moved[place] += step
            sides.append(loss(*arguments[:which], moved, *arguments[which + 1 :]))
        slopes[place] = (sides[0] - sides[1]) / (2 * STEP)
    return slopes


def test_gradients_agree_with_central_differences() -> None:
    for case in ordinary(1, hidden=False):
        dout, x, w, stride, pad = BACKWARD.with_defaults(case.arguments).values()
        arguments = [dout, x, w, np.zeros(len(w)), stride, pad]
        for which, mine in enumerate(BACKWARD.reference(*case.arguments.values()), start=1):
            np.testing.assert_allclose(mine, difference(arguments, which), rtol=1e-6, atol=1e-7)


def test_gradients_agree_with_the_engine() -> None:
    for seed, hidden in SEEDS:
        for case in BACKWARD.draw(seed, hidden):
            dout, x, w, stride, pad = BACKWARD.with_defaults(case.arguments).values()
            leaves = [nnkit.tensor(array, requires_grad=True) for array in (x, w, np.zeros(len(w)))]
            images, filters, biases = leaves
            nnkit.functional.conv2d(images, filters, biases, stride, pad).backward(nnkit.tensor(dout))
            for mine, leaf in zip(BACKWARD.reference(*case.arguments.values()), leaves, strict=True):
                assert leaf.grad is not None
                np.testing.assert_allclose(mine, leaf.grad.numpy(), rtol=1e-9, atol=1e-12)


def test_what_the_stride_leaves_over_gets_nothing() -> None:
    (case,) = [case for case in BACKWARD.draw() if case.covers == "pixels left over by the stride"]
    dx, _, _ = BACKWARD.reference(*case.arguments.values())
    assert dx.shape == case.arguments["x"].shape
    assert not dx[:, :, :, -1].any()
    assert dx[:, :, :, 0].all()


@pytest.mark.parametrize("step", [1e-2, 1e-5])
def test_a_difference_of_two_losses_is_no_formula(step: float) -> None:
    source = f"""
{answers_to("conv2d_forward").right["all samples and filters at once"]}
def conv2d_backward(dout, x, w, stride=1, pad=0):
    def loss(x, w, b):
        return (dout * conv2d_forward(x, w, b, stride, pad)).sum()
    def slopes(of, at):
        found = np.zeros(at.shape)
        for place in np.ndindex(at.shape):
            up, down = at.astype(float), at.astype(float)
            up[place] += {step}
            down[place] -= {step}
            found[place] = (of(up) - of(down)) / {2 * step}
        return found
    b = np.zeros(len(w))
    dx = slopes(lambda at: loss(at, w, b), x)
    return dx, slopes(lambda at: loss(x, at, b), w), dout.sum(axis=(0, 2, 3))
"""
    report = evaluate("conv2d_backward", namespace_of(source))
    assert report.status == "wrong"
    assert "0 where x is of size 10¹⁵" in str(report.cause)


def test_the_engine_does_not_count() -> None:
    source = """
import nnkit
def conv2d_backward(dout, x, w, stride=1, pad=0):
    leaves = [nnkit.tensor(array, requires_grad=True) for array in (x, w, np.zeros(len(w)))]
    nnkit.functional.conv2d(*leaves, stride, pad).backward(nnkit.tensor(dout))
    return tuple(leaf.grad.numpy() for leaf in leaves)
"""
    assert evaluate("conv2d_backward", namespace_of(source)).words == "not counted"


@pytest.mark.parametrize(("rows", "columns"), [("nij", "klc"), ("jin", "ckl"), ("ijn", "lkc"), ("nji", "clk")])
def test_an_order_is_told_in_words_whatever_it_is(rows: str, columns: str) -> None:
    right = answers_to("im2col").right["einsum"]
    source = changed(right, ("ncijkl->nijckl", f"ncijkl->{rows}{columns}"))
    cause = str(evaluate("im2col", namespace_of(source)).cause)
    words = {"n": "sample", "i": "output row", "j": "output column", "c": "channel", "k": "kernel row"}
    words["l"] = "kernel column"
    for order, usual, name in ((rows, "nij", "rows"), (columns, "ckl", "columns")):
        said = f"your {name} come in the order of {', then '.join(words[axis] for axis in order)}"
        assert (said.replace("come ", "") in cause.replace("come ", "")) == (order != usual)


@pytest.mark.parametrize(("axes", "kept"), [("(0, 2)", "column"), ("(0, 3)", "row")])
def test_biases_with_an_axis_too_many_are_told_which(axes: str, kept: str) -> None:
    right = answers_to("conv2d_backward").right["turned filters, sliding windows"]
    report = evaluate("conv2d_backward", namespace_of(changed(right, ("dout.sum((0, 2, 3))", f"dout.sum({axes})"))))
    assert f"Your db has a number for each {kept} of every map" in report.cause
