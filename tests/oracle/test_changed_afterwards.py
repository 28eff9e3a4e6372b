"""What may be changed in place between forward and backward: whatever PyTorch lets be changed.

Every function is computed with each choice of arguments that need a gradient. Then one argument, or the result, is
changed. Where PyTorch still gives gradients, nnkit gives the same; where a derivative has lost what it needs, nnkit
says so. It may allow more than PyTorch does: it looks at what a derivative holds, not at who took part. One difference
the other way round is deliberate: a recurrent layer's output is not copied, so that its derivative may keep it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import nnkit

torch = pytest.importorskip("torch", reason="PyTorch is not installed (pip install -e '.[oracle]')")

FUNCTIONS: dict[str, tuple[Callable[..., Any], tuple[tuple[int, ...], ...]]] = {
    "x + y": (lambda t, x, y: x + y, ((2, 3), (3,))),
    "x - y": (lambda t, x, y: x - y, ((2, 3), (3,))),
    "x * y": (lambda t, x, y: x * y, ((2, 3), (3,))),
    "x / y": (lambda t, x, y: x / y, ((2, 3), (3,))),
    "x ** y": (lambda t, x, y: x**y, ((2, 3), (3,))),
    "x ** 2": (lambda t, x: x**2, ((2, 3),)),
    "x * 2": (lambda t, x: x * 2, ((2, 3),)),
    "x / 2": (lambda t, x: x / 2, ((2, 3),)),
    "2 / x": (lambda t, x: 2 / x, ((2, 3),)),
    "1 / x": (lambda t, x: 1 / x, ((2, 3),)),
    "2 - x": (lambda t, x: 2 - x, ((2, 3),)),
    "2 ** x": (lambda t, x: 2**x, ((2, 3),)),
    "-x": (lambda t, x: -x, ((2, 3),)),
    "matrix @ matrix": (lambda t, x, y: x @ y, ((2, 3), (3, 4))),
    "matrix @ vector": (lambda t, x, y: x @ y, ((2, 3), (3,))),
    "vector @ matrix": (lambda t, x, y: x @ y, ((3,), (3, 2))),
    "vector @ vector": (lambda t, x, y: x @ y, ((3,), (3,))),
    "stack @ matrix": (lambda t, x, y: x @ y, ((5, 2, 3), (3, 4))),
    "maximum": (lambda t, x, y: t.maximum(x, y), ((2, 3), (2, 3))),
    "where": (lambda t, x, y: t.where(x > y, x, y), ((2, 3), (2, 3))),
    **{
        name: (lambda t, x, name=name: getattr(x, name)(), ((2, 3),))
        for name in "exp log sin cos atan tanh sigmoid relu sqrt abs clone sum mean var std max min t norm".split()
    },
    "clamp": (lambda t, x: x.clamp(0.7, 1.5), ((2, 3),)),
    "double": (lambda t, x: x.float(), ((2, 3),)),
    **{
        f"{name}(dim)": (lambda t, x, name=name: getattr(x, name)(1), ((2, 3),))
        for name in "sum mean var std softmax log_softmax".split()
    },
    "max(dim)": (lambda t, x: x.max(1)[0], ((2, 3),)),
    "norm(dim)": (lambda t, x: x.norm(dim=1, keepdim=True), ((2, 3),)),
    "norm(1)": (lambda t, x: x.norm(1, dim=1), ((2, 3),)),
    "reshape": (lambda t, x: x.reshape(6) * 1, ((2, 3),)),
    "permute": (lambda t, x: x.permute(1, 0) + 0, ((2, 3),)),
    "expand": (lambda t, x: x.expand(4, 2, 3) + 0, ((2, 3),)),
    "x[1]": (lambda t, x: x[1] + 0, ((2, 3),)),
    "x[[0, 0]]": (lambda t, x: x[[0, 0]], ((2, 3),)),
    "stack": (lambda t, x, y: t.stack([x, y]), ((2, 3), (2, 3))),
    "cat": (lambda t, x, y: t.cat([x, y]), ((2, 3), (2, 3))),
    "leaky_relu": (lambda t, x: t.nn.functional.leaky_relu(x), ((2, 3),)),
    "linear": (lambda t, x, w: t.nn.functional.linear(x, w), ((2, 3), (4, 3))),
    "linear with bias": (lambda t, x, w, b: t.nn.functional.linear(x, w, b), ((2, 3), (4, 3), (4,))),
    "linear of a sequence": (lambda t, x, w, b: t.nn.functional.linear(x, w, b), ((5, 2, 3), (4, 3), (4,))),
    "conv2d": (lambda t, x, w, b: t.nn.functional.conv2d(x, w, b, padding=1), ((2, 3, 4, 4), (2, 3, 3, 3), (2,))),
    "conv2d 1 × 1": (lambda t, x, w: t.nn.functional.conv2d(x, w), ((2, 3, 4, 4), (2, 3, 1, 1))),
    "max_pool2d": (lambda t, x: t.nn.functional.max_pool2d(x, 2), ((2, 3, 4, 4),)),
    "max_pool2d, overlapping": (lambda t, x: t.nn.functional.max_pool2d(x, 3, 1, 1), ((2, 3, 4, 4),)),
    "max_pool2d, window 1": (lambda t, x: t.nn.functional.max_pool2d(x, 1), ((2, 3, 4, 4),)),
    "avg_pool2d": (lambda t, x: t.nn.functional.avg_pool2d(x, 2), ((2, 3, 4, 4),)),
    "avg_pool2d, window 1": (lambda t, x: t.nn.functional.avg_pool2d(x, 1), ((2, 3, 4, 4),)),
    "batch_norm": (lambda t, x: t.nn.functional.batch_norm(x, None, None, training=True), ((4, 3),)),
    "batch_norm, scaled": (
        lambda t, x, w, b: t.nn.functional.batch_norm(x, None, None, w, b, training=True),
        ((4, 3), (3,), (3,)),
    ),
    "batch_norm, evaluated": (
        lambda t, x: t.nn.functional.batch_norm(x, t.zeros(3).double(), t.ones(3).double()),
        ((4, 3),),
    ),
    "layer_norm": (lambda t, x: t.nn.functional.layer_norm(x, (3,)), ((4, 3),)),
    "layer_norm, scaled": (lambda t, x, w: t.nn.functional.layer_norm(x, (3,), w), ((4, 3), (3,))),
    "normalize": (lambda t, x: t.nn.functional.normalize(x), ((4, 3),)),
    "embedding": (lambda t, w: t.nn.functional.embedding(t.tensor([0, 1, 1]), w), ((4, 3),)),
    "cross_entropy": (lambda t, x: t.nn.functional.cross_entropy(x, t.tensor([0, 2])), ((2, 3),)),
    "cross_entropy, each": (
        lambda t, x: t.nn.functional.cross_entropy(x, t.tensor([0, 2]), reduction="none"),
        ((2, 3),),
    ),
    "cross_entropy of shares": (lambda t, x, y: t.nn.functional.cross_entropy(x, y), ((2, 3), (2, 3))),
    "nll_loss": (lambda t, x: t.nn.functional.nll_loss(x, t.tensor([0, 2])), ((2, 3),)),
    "mse_loss": (lambda t, x, y: t.nn.functional.mse_loss(x, y), ((2, 3), (2, 3))),
    "mse_loss, each": (lambda t, x, y: t.nn.functional.mse_loss(x, y, reduction="none"), ((2, 3), (2, 3))),
    "l1_loss": (lambda t, x, y: t.nn.functional.l1_loss(x, y, reduction="none"), ((2, 3), (2, 3))),
    "binary_cross_entropy": (
        lambda t, x, y: t.nn.functional.binary_cross_entropy(x / 4, y / 4, reduction="none"),
        ((2, 3), (2, 3)),
    ),
    "binary_cross_entropy_with_logits": (
        lambda t, x, y: t.nn.functional.binary_cross_entropy_with_logits(x, y / 4, reduction="none"),
        ((2, 3), (2, 3)),
    ),
    "multi_margin_loss": (
        lambda t, x: t.nn.functional.multi_margin_loss(x, t.tensor([0, 2]), reduction="none"),
        ((2, 3),),
    ),
    "RNN": (lambda t, x, h: network(t, "RNN")(x, h)[0], ((5, 2, 3), (1, 2, 4))),
    "RNN, the last state": (lambda t, x, h: network(t, "RNN")(x, h)[1], ((5, 2, 3), (1, 2, 4))),
    "GRU": (lambda t, x, h: network(t, "GRU")(x, h)[0], ((5, 2, 3), (1, 2, 4))),
    "LSTM": (lambda t, x: network(t, "LSTM")(x)[0], ((5, 2, 3),)),
    "LSTM, the last cells": (lambda t, x: network(t, "LSTM")(x)[1][1], ((5, 2, 3),)),
}


def network(t: Any, kind: str) -> Any:
    """Return a recurrent layer, with the same numbers in both libraries."""
    layer = getattr(t.nn, kind)(3, 4).double()
    rng = np.random.default_rng(1)
    for parameter in layer.parameters():
        parameter.data = t.tensor(rng.normal(size=tuple(parameter.shape)))
    return layer


KEPT = {"RNN", "GRU", "LSTM"}

CASES = [
    (name, needing, changed)
    for name, (_, shapes) in FUNCTIONS.items()
    for needing in itertools.product((True, False), repeat=len(shapes))
    for changed in (*range(len(shapes)), "result")
    if any(needing)
]


def run(t: Any, name: str, needing: tuple[bool, ...], changed: int | str | None) -> list[Any] | None:
    """Return the gradients, None where one of them cannot be had any more."""
    function, shapes = FUNCTIONS[name]
    rng = np.random.default_rng(0)
    numbers = [rng.uniform(0.5, 2, shape) for shape in shapes]
    leaves = [t.tensor(each, requires_grad=needs) for each, needs in zip(numbers, needing, strict=True)]
    arguments = [leaf * 1 for leaf in leaves]
    result = function(t, *arguments)
    if changed is not None:
        with t.no_grad():
            tensor = result if changed == "result" else arguments[changed]
            tensor += 1
    try:
        (result * t.tensor(rng.uniform(0.5, 2, tuple(result.shape)))).sum().backward()
    except RuntimeError:
        return None
    return [leaf.grad.tolist() for leaf in leaves if leaf.requires_grad]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("name", "needing", "changed"), CASES)
def test_what_pytorch_lets_be_changed_may_be_changed(name: str, needing: tuple[bool, ...], changed: int | str) -> None:
    unchanged, allowed = run(torch, name, needing, None), run(torch, name, needing, changed) is not None
    got = run(nnkit, name, needing, changed)
    assert unchanged is not None
    if got is None:
        assert not allowed or (changed == "result" and name in KEPT), "refused, though PyTorch allows it"
    else:  # whatever was changed, it is the gradient of what was computed
        for mine, theirs in zip(got, unchanged, strict=True):
            np.testing.assert_allclose(mine, theirs, 1e-6, 1e-9)
