"""More of `gradient_cases`: the primitives of `nnkit.functional` and `nnkit.nn`, without need of PyTorch."""

from __future__ import annotations

import numpy as np
from gradient_cases import add, positive, scattered, signed

import nnkit
from nnkit import functional as F  # noqa: N812
from nnkit.functional import binary_cross_entropy_, embedding_
from nnkit.nn import recurrent

# Elementwise, with one argument or with two of one shape.

for shape in [(3, 4), (), (0,), (2, 0, 3)]:
    add("leaky_relu", "shape", lambda x: F.leaky_relu(x, 0.3), signed(*shape))
    add("binary_cross_entropy_with_logits", "shape", lambda x, t: logits(x, t), signed(*shape), positive(*shape))
    add("binary_cross_entropy", "shape", lambda p, t: binary_cross_entropy_(p, t), *[positive(*shape) / 2] * 2)


def logits(x, t):
    return F.binary_cross_entropy_with_logits(x, t, reduction="none", pos_weight=np.array(2.5))


add("leaky_relu", "scattered", F.leaky_relu, scattered(signed, 2, 3, 4))
add("leaky_relu", "kink", lambda x: F.leaky_relu(x, 0.25), [-1, 0, 2], expected=([0.25, 0.25, 1],))
add("binary_cross_entropy_with_logits", "scattered", logits, scattered(signed, 3, 4), scattered(positive, 3, 4))
add("binary_cross_entropy_with_logits", "far", logits, signed(3) * 50, positive(3))
add("binary_cross_entropy_with_logits", "itself", lambda x: logits(x, x * x), signed(3))
halves = (scattered(lambda *shape: positive(*shape) / 2, 3, 4) for _ in range(2))
add("binary_cross_entropy", "scattered", binary_cross_entropy_, *halves)

# Losses of classes.

target, weight = np.array([2, 0, 2]), np.array([1.0, 0.0, 2.5, 0.5])
for name, loss in (("cross_entropy", F.cross_entropy), ("nll", F.nll_loss)):
    for reduction in ("none", "mean", "sum"):
        add(name, reduction, lambda x, f=loss, r=reduction: f(x, target, reduction=r), signed(3, 4))
        add(name, f"weights, {reduction}", lambda x, f=loss, r=reduction: f(x, target, like(x), 0, r), signed(3, 4))
    add(name, "one class", lambda x, f=loss: f(x, target * 0, reduction="none"), signed(3, 1))
    add(name, "scattered", lambda x, f=loss: f(x, target, reduction="none"), scattered(signed, 3, 4))
    add(name, "empty", lambda x, f=loss: f(x, target[:0], reduction="none"), signed(0, 4))
    add(name, "repeated", lambda x, f=loss: f(x, target) * x.sum(), signed(3, 4))


def like(x):
    return weight.astype(x.dtype)


# Layers.

for lead in [(4,), (2, 3), (), (0,)]:
    add("linear", "lead", F.linear, signed(*lead, 3), signed(2, 3), signed(2))
add("linear", "no bias", F.linear, signed(4, 3), signed(2, 3))
add("linear", "scattered", F.linear, scattered(signed, 4, 3), scattered(signed, 2, 3), signed(2))
add("linear", "itself", lambda w: F.linear(w, w), signed(2, 2))

for kind, x_shape, w_shape, options in [
    ("plain", (2, 2, 4, 5), (3, 2, 2, 3), {}),
    ("stride", (2, 1, 5, 6), (2, 1, 2, 2), {"stride": (2, 3)}),
    ("padding", (1, 2, 3, 2), (2, 2, 3, 3), {"padding": (1, 2), "stride": 2}),
    ("one pixel", (2, 3, 2, 2), (2, 3, 1, 1), {}),
    ("no images", (0, 1, 3, 3), (2, 1, 2, 2), {}),
]:
    arrays = signed(*x_shape), signed(*w_shape), signed(w_shape[0])
    add("conv2d", kind, lambda x, w, b, o=options: F.conv2d(x, w, b, **o), *arrays)
add("conv2d", "no bias", F.conv2d, signed(2, 1, 3, 3), signed(1, 1, 2, 2))
add("conv2d", "scattered", F.conv2d, scattered(signed, 2, 2, 4, 3), scattered(signed, 2, 2, 2, 2), signed(2))
add("conv2d", "one image, twice", lambda x, w: F.conv2d(x, w) * F.conv2d(x, w), signed(1, 3, 3), signed(1, 1, 2, 2))


def distinct(*shape: int) -> np.ndarray:
    """Numbers that differ by more than a gradient check moves them."""
    return np.random.default_rng(3).permutation(int(np.prod(shape))).reshape(shape) * 0.1 - 1


for name, pool in (("max_pool2d", F.max_pool2d), ("avg_pool2d", F.avg_pool2d)):
    for options in [
        {"kernel_size": 2},
        {"kernel_size": (3, 2), "stride": (1, 2)},
        {"kernel_size": 3, "stride": 2, "padding": 1},
        {"kernel_size": 2, "stride": 3},
    ]:
        add(name, str(options), lambda x, p=pool, o=options: p(x, **o), distinct(2, 2, 5, 5))
    add(name, "scattered", lambda x, p=pool: p(x, 2), scattered(distinct, 1, 2, 4, 4))
    add(name, "no images", lambda x, p=pool: p(x, 2), distinct(0, 1, 4, 4))
    add(name, "one image, twice", lambda x, p=pool: p(x, 2) * p(x, 2, 1)[:, ::2, ::2], distinct(1, 4, 4))
add("max_pool2d", "tie", lambda x: F.max_pool2d(x, 2), np.ones((1, 1, 2, 2)), expected=([[[[1, 0], [0, 0]]]],))
rows = np.array([[[[1.0, 3.0], [3.0, 3.0]]]])
add("max_pool2d", "tie", lambda x: F.max_pool2d(x, 2), rows, expected=([[[[0, 1], [0, 0]]]],))


def batch_norm(x, w, b):
    return F.batch_norm(x, None, None, w, b, training=True)


add("standardise", "batch norm", batch_norm, signed(5, 3), signed(3), signed(3))
add("standardise", "batch norm", batch_norm, signed(3, 2, 2, 3), signed(2), signed(2))
add("standardise", "scattered", batch_norm, scattered(signed, 3, 2, 4), signed(2), signed(2))
add("standardise", "layer norm", lambda x, w: F.layer_norm(x, (2, 3), w), signed(4, 2, 3), signed(2, 3))
add("standardise", "no samples", lambda x: F.layer_norm(x, (3,)), signed(0, 3))
running = nnkit.tensor([0.5, -1.0]), nnkit.tensor([2.0, 0.3])
add("standardise", "constants", lambda x: F.batch_norm(x, *running, eps=0.1), signed(4, 2))
add("embedding", "shape", lambda w: F.embedding(nnkit.tensor([[0, 2], [2, 2]]), w), signed(3, 4))
add("embedding", "nothing", lambda w: F.embedding(nnkit.zeros(0, dtype=int), w), signed(3, 4))
add("embedding", "empty rows", lambda w: F.embedding(nnkit.tensor([1, 1]), w), signed(3, 0))
add("embedding", "one number", lambda w: F.embedding(nnkit.tensor(1), w), signed(3, 2))
add("embedding", "scattered", lambda w: F.embedding(nnkit.tensor([1, 1]), w), scattered(signed, 3, 4))
add(
    "embedding",
    "padding",
    lambda w: embedding_(w, index=np.array([0, 1, 1]), padding_idx=1),
    signed(2, 2),
    expected=([[1, 1], [0, 0]],),
)

for lead in [(), (2,), (0,), (2, 2)]:
    add("project_so3", "lead", F.project_so3, signed(*lead, 3, 3) + np.diag([3.0, 1.0, -2.0]))
add("project_so3", "reflected", F.project_so3, np.diag([1.0, 2.0, -0.4]) + signed(3, 3) / 10)
spread = np.diag([3.0, 1.0, -2.0]).astype(np.float32)
add("project_so3", "scattered", lambda m: F.project_so3(m + spread), scattered(signed, 2, 3, 3))

# Recurrent layers: 3 steps, N sequences, 2 inputs, 3 units; ended ones stand still.

there = np.array([[True, True], [True, False], [True, False]])[:, :, None]
for name, cell, gates, states, options in [
    ("rnn", recurrent.rnn, 1, 1, {"nonlinearity": "tanh"}),
    ("rnn", recurrent.rnn, 1, 1, {"nonlinearity": "relu"}),
    ("lstm", recurrent.lstm, 4, 2, {}),
    ("gru", recurrent.gru, 3, 1, {}),
]:

    def run(*arrays, cell=cell, there=None, **options):
        return cell(*arrays, there=there, **options)

    for kind, n, make, mask in [
        ("plain", 2, signed, None),
        ("lengths", 2, signed, there),
        ("scattered", 2, lambda *shape: scattered(signed, *shape), None),
        ("nobody", 0, signed, None),
    ]:
        arrays = [make(3, n, 2), make(gates * 3, 2), make(gates * 3, 3), signed(gates * 3), signed(gates * 3)]
        arrays += [make(n, 3) for _ in range(states)]
        add(name, kind, lambda *a, r=run, m=mask, o=options: r(*a, there=m, **o), *arrays)
