"""Every function against PyTorch: values and gradients, each reduction, random shapes, logits of ±10,000."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twins import close, compare

import nnkit

torch = pytest.importorskip("torch", reason="PyTorch is the oracle of these tests and is not installed")

pytestmark = pytest.mark.filterwarnings("error")  # numerical health: nothing warns
DTYPES = st.sampled_from(["float64", "float64", "float32"])
REDUCTIONS = st.sampled_from(["mean", "sum", "none"])
EXAMPLES = settings(max_examples=40, deadline=None, derandomize=True)


def F(library: Any) -> Any:
    return library.nn.functional


def shapes(least: int = 0, most: int = 4) -> Any:
    return st.lists(st.integers(1, 4), min_size=least, max_size=most).map(tuple)


def numbers(seed: int, *shape: int, scale: float = 1.5) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape) * scale


SEEDS = st.integers(0, 10_000)

ACTIVATIONS: dict[str, Callable[..., Any]] = {
    "relu": lambda f, x: f.relu(x),
    "leaky_relu": lambda f, x: f.leaky_relu(x, 0.2),
    "leaky_relu default": lambda f, x: f.leaky_relu(x),
    "sigmoid": lambda f, x: f.sigmoid(x),
    "tanh": lambda f, x: f.tanh(x),
    "softmax": lambda f, x: f.softmax(x, -1),
    "log_softmax": lambda f, x: f.log_softmax(x, dim=0),
    "normalize": lambda f, x: f.normalize(x, dim=0),
    "normalize p": lambda f, x: f.normalize(x, p=3.0, dim=-1, eps=0.5),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
@EXAMPLES
@given(shape=shapes(1), seed=SEEDS, dtype=DTYPES)
def test_activations_agree_with_pytorch(name: str, shape: tuple[int, ...], seed: int, dtype: str) -> None:
    compare(torch, lambda library, x: ACTIVATIONS[name](F(library), x), [numbers(seed, *shape)], dtype)


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "sigmoid", "tanh", "softmax", "log_softmax", "normalize"])
def test_activations_at_kinks_and_far_out(name: str) -> None:
    far = np.array([[0.0, -0.0, 1e4, -1e4], [1e4, 1e4, 3e38, -3e38], [0.0, 0.0, 0.0, 0.0], [1e-30, 0.0, -1e4, 1.0]])
    if name == "normalize":
        far = far[2:]
    compare(torch, lambda library, x: ACTIVATIONS[name](F(library), x), [far], "float32")


@EXAMPLES
@given(lead=shapes(0, 3), sizes=st.tuples(st.integers(1, 5), st.integers(1, 5)), seed=SEEDS, dtype=DTYPES)
def test_linear_agrees_with_pytorch(lead: tuple[int, ...], sizes: tuple[int, int], seed: int, dtype: str) -> None:
    x, w, b = numbers(seed, *lead, sizes[0]), numbers(seed + 1, sizes[1], sizes[0]), numbers(seed + 2, sizes[1])
    compare(torch, lambda library, x, w, b: F(library).linear(x, w, b), [x, w, b], dtype)
    compare(torch, lambda library, x, w: F(library).linear(x, w), [x, w], dtype)


@EXAMPLES
@given(
    n=st.integers(1, 3),
    channels=st.tuples(st.integers(1, 3), st.integers(1, 4)),
    kernel=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    stride=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    padding=st.tuples(st.integers(0, 2), st.integers(0, 2)),
    more=st.tuples(st.integers(0, 5), st.integers(0, 5)),
    seed=SEEDS,
    dtype=DTYPES,
)
def test_conv2d_agrees_with_pytorch(
    n: int, channels: Any, kernel: Any, stride: Any, padding: Any, more: Any, seed: int, dtype: str
) -> None:
    size = tuple(max(k - 2 * p, 1) + m for k, p, m in zip(kernel, padding, more, strict=True))
    x, w = numbers(seed, n, channels[0], *size), numbers(seed + 1, channels[1], channels[0], *kernel)
    options = {"stride": stride, "padding": padding}
    compare(torch, lambda library, *a: F(library).conv2d(*a, **options), [x, w, numbers(seed + 2, channels[1])], dtype)
    compare(torch, lambda library, *a: F(library).conv2d(*a, **options), [x[0], w], dtype)


@pytest.mark.parametrize("name", ["max_pool2d", "avg_pool2d"])
@EXAMPLES
@given(
    lead=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    kernel=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    stride=st.none() | st.tuples(st.integers(1, 4), st.integers(1, 4)) | st.integers(1, 3),
    padded=st.booleans(),
    more=st.tuples(st.integers(0, 5), st.integers(0, 5)),
    ties=st.booleans(),
    seed=SEEDS,
    dtype=DTYPES,
)
def test_pooling_agrees_with_pytorch(
    name: str, lead: Any, kernel: Any, stride: Any, padded: bool, more: Any, ties: bool, seed: int, dtype: str
) -> None:
    x = numbers(seed, *lead, *(k + m for k, m in zip(kernel, more, strict=True)))
    x = np.round(x) if ties else x  # a tie's gradient goes to the first
    options = {"stride": stride, "padding": tuple(k // 2 for k in kernel) if padded else 0}
    compare(torch, lambda library, x: getattr(F(library), name)(x, kernel, **options), [x], dtype)
    compare(torch, lambda library, x: getattr(F(library), name)(x, kernel, **options), [x[0]], dtype)


@EXAMPLES
@given(
    shape=st.tuples(st.integers(2, 4), st.integers(1, 4)).flatmap(lambda s: shapes(0, 2).map(lambda more: s + more)),
    affine=st.booleans(),
    training=st.booleans(),
    momentum=st.floats(0, 1),
    eps=st.sampled_from([1e-5, 0.1]),
    seed=SEEDS,
    dtype=DTYPES,
)
def test_batch_norm_agrees_with_pytorch(
    shape: Any, affine: bool, training: bool, momentum: float, eps: float, seed: int, dtype: str
) -> None:
    x, c = numbers(seed, *shape), shape[1]
    running = [numbers(seed + 1, c).astype(dtype), np.abs(numbers(seed + 2, c)).astype(dtype) + 0.5]
    parameters = [numbers(seed + 3, c), numbers(seed + 4, c)] if affine else []

    def function(library: Any, x: Any, *rest: Any) -> Any:
        *affine, mean, var = rest
        y = F(library).batch_norm(x, mean, var, *affine, training=training, momentum=momentum, eps=eps)
        return y, mean, var

    compare(torch, function, [x, *parameters], dtype, running)


@EXAMPLES
@given(shape=shapes(1), last=st.integers(1, 2), affine=st.booleans(), seed=SEEDS, dtype=DTYPES)
def test_layer_norm_agrees_with_pytorch(shape: tuple[int, ...], last: int, affine: bool, seed: int, dtype: str) -> None:
    inner = shape[-last:]
    parameters = [numbers(seed + 1, *inner), numbers(seed + 2, *inner)] if affine else []
    compare(
        torch, lambda library, x, *p: F(library).layer_norm(x, inner, *p), [numbers(seed, *shape), *parameters], dtype
    )


@EXAMPLES
@given(shape=shapes(0, 3), rows=st.integers(2, 5), padding=st.none() | st.integers(0, 1), seed=SEEDS, dtype=DTYPES)
def test_embedding_agrees_with_pytorch(
    shape: tuple[int, ...], rows: int, padding: int | None, seed: int, dtype: str
) -> None:
    index = np.random.default_rng(seed).integers(0, rows, shape)
    compare(
        torch,
        lambda library, w, i: F(library).embedding(i, w, padding_idx=padding),
        [numbers(seed, rows, 3)],
        dtype,
        [np.asarray(index)],
    )


# Losses.


@pytest.mark.parametrize("name", ["cross_entropy", "nll_loss"])
@EXAMPLES
@given(
    sizes=shapes(1, 4),
    weighted=st.booleans(),
    ignored=st.booleans(),
    reduction=REDUCTIONS,
    scale=st.sampled_from([1.0, 1e4]),
    seed=SEEDS,
    dtype=DTYPES,
)
def test_losses_of_classes_agree_with_pytorch(
    name: str, sizes: Any, weighted: bool, ignored: bool, reduction: str, scale: float, seed: int, dtype: str
) -> None:
    classes = sizes[min(len(sizes) - 1, 1)]
    target = np.asarray(np.random.default_rng(seed).integers(0, classes, sizes[:1] * (len(sizes) > 1) + sizes[2:]))
    weights = [np.abs(numbers(seed, classes)).astype(dtype) + 0.1] if weighted else []
    ignore = int(target.flat[0]) if ignored and (target != target.flat[0]).any() else -100
    if name == "nll_loss" and len(sizes) == 1:
        reduction = "mean"  # PyTorch's nll_loss of one sample gives () for any reduction

    def function(library: Any, x: Any, t: Any, weight: Any = None) -> Any:
        return getattr(F(library), name)(x, t, weight, ignore_index=ignore, reduction=reduction)

    compare(torch, function, [numbers(seed, *sizes) * scale], dtype, [target, *weights])


@EXAMPLES
@given(sizes=shapes(1, 4), weighted=st.booleans(), reduction=REDUCTIONS, seed=SEEDS, dtype=DTYPES)
def test_cross_entropy_with_probabilities_agrees_with_pytorch(
    sizes: Any, weighted: bool, reduction: str, seed: int, dtype: str
) -> None:
    classes = sizes[min(len(sizes) - 1, 1)]
    weights = [np.abs(numbers(seed, classes)).astype(dtype)] if weighted else []
    compare(
        torch,
        lambda library, x, t, *weight: F(library).cross_entropy(x, t, *weight, reduction=reduction),
        [numbers(seed, *sizes), np.abs(numbers(seed + 1, *sizes))],
        dtype,
        weights,
    )


@pytest.mark.parametrize("name", ["mse_loss", "l1_loss"])
@EXAMPLES
@given(shape=shapes(), reduction=REDUCTIONS, same=st.booleans(), seed=SEEDS, dtype=DTYPES)
def test_losses_of_numbers_agree_with_pytorch(
    name: str, shape: Any, reduction: str, same: bool, seed: int, dtype: str
) -> None:
    x = numbers(seed, *shape)
    y = x if same else numbers(seed + 1, *shape)
    compare(
        torch,
        lambda library, x, y: getattr(F(library), name)(x, y, reduction=reduction),
        [np.asarray(x), np.asarray(y)],
        dtype,
    )


@EXAMPLES
@given(shape=shapes(), reduction=REDUCTIONS, weighted=st.booleans(), hard=st.booleans(), seed=SEEDS, dtype=DTYPES)
def test_binary_cross_entropy_agrees_with_pytorch(
    shape: Any, reduction: str, weighted: bool, hard: bool, seed: int, dtype: str
) -> None:
    rng = np.random.default_rng(seed)
    p, t = rng.uniform(0.02, 0.98, shape), rng.uniform(0, 1, shape)
    t = np.round(t) if hard else t
    weights = [np.asarray(rng.uniform(0, 2, shape)).astype(dtype)] if weighted else []
    compare(
        torch,
        lambda library, p, t, *w: F(library).binary_cross_entropy(p, t, *w, reduction=reduction),
        [np.asarray(p), np.asarray(t)],
        dtype,
        weights,
    )


def test_binary_cross_entropy_at_its_ends() -> None:
    p, t = np.array([0.0, 1.0, 0.0, 1.0, 1e-30]), np.array([0.0, 0.0, 1.0, 1.0, 1.0], np.float32)
    loss = lambda library, p, t: F(library).binary_cross_entropy(p, t, reduction="none")  # noqa: E731
    compare(torch, loss, [p], "float32", [t])  # in float64 PyTorch's floor under p (1 − p) is 1e-12 rounded to float32


@EXAMPLES
@given(
    shape=shapes(1),
    reduction=REDUCTIONS,
    weighted=st.booleans(),
    positive=st.booleans(),
    scale=st.sampled_from([1.0, 1e4]),
    seed=SEEDS,
    dtype=DTYPES,
)
def test_binary_cross_entropy_with_logits_agrees_with_pytorch(
    shape: Any, reduction: str, weighted: bool, positive: bool, scale: float, seed: int, dtype: str
) -> None:
    rng = np.random.default_rng(seed)
    t = rng.uniform(0, 1, shape)
    constants = [rng.uniform(0, 2, shape).astype(dtype), rng.uniform(0.5, 3, shape[-1:]).astype(dtype)]

    def function(library: Any, x: Any, t: Any, w: Any, p: Any) -> Any:
        options = {"weight": w if weighted else None, "pos_weight": p if positive else None}
        return F(library).binary_cross_entropy_with_logits(x, t, reduction=reduction, **options)

    compare(torch, function, [numbers(seed, *shape) * scale, t], dtype, constants)


@EXAMPLES
@given(
    n=st.none() | st.integers(1, 4),
    classes=st.integers(1, 5),
    p=st.sampled_from([1, 2]),
    margin=st.sampled_from([1.0, 0.3]),
    weighted=st.booleans(),
    reduction=REDUCTIONS,
    ties=st.booleans(),
    seed=SEEDS,
    dtype=DTYPES,
)
def test_multi_margin_loss_agrees_with_pytorch(
    n: Any, classes: int, p: int, margin: float, weighted: bool, reduction: str, ties: bool, seed: int, dtype: str
) -> None:
    shape = (classes,) if n is None else (n, classes)
    x = numbers(seed, *shape)
    target = np.asarray(np.random.default_rng(seed).integers(0, classes, shape[:-1]))
    weights = [np.abs(numbers(seed, classes)).astype(dtype)] if weighted else []

    def function(library: Any, x: Any, t: Any, weight: Any = None) -> Any:
        return F(library).multi_margin_loss(x, t, p=p, margin=margin, weight=weight, reduction=reduction)

    compare(torch, function, [np.round(x) if ties else x], dtype, [target, *weights])


def test_one_hot_agrees_with_pytorch() -> None:
    for index, classes in [([0, 2, 1], -1), ([[1], [0]], 4), (3, -1)]:
        mine = nnkit.nn.functional.one_hot(nnkit.tensor(index), classes)
        close(mine, torch.nn.functional.one_hot(torch.tensor(index), classes), "float64", "one_hot")


@EXAMPLES
@given(lead=shapes(0, 2), seed=SEEDS, reflected=st.booleans())
def test_project_so3_agrees_with_pytorch(lead: tuple[int, ...], seed: int, reflected: bool) -> None:
    m = numbers(seed, *lead, 3, 3)
    if reflected:
        m[..., 0, :] *= -np.sign(np.linalg.det(m))[..., None]
    sigma = np.linalg.svd(m)[1]
    if (np.abs(np.diff(sigma)) < 0.05).any() or (sigma < 0.05).any():
        return  # nearly a tie: both lose digits

    def function(library: Any, m: Any) -> Any:
        if library is nnkit:
            return nnkit.functional.project_so3(m)
        u, _, vt = torch.linalg.svd(m)
        d = torch.ones(m.shape[:-1], dtype=m.dtype)
        d[..., 2] = torch.det(u @ vt).detach()
        return u @ torch.diag_embed(d) @ vt

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compare(torch, function, [m])


def test_dropout_is_pytorchs_up_to_the_random_choice() -> None:
    x = np.ones((200, 50))
    for p in (0.0, 0.25, 1.0):
        mine, theirs = nnkit.from_numpy(x).requires_grad_(), torch.from_numpy(x).requires_grad_()
        result, reference = nnkit.functional.dropout(mine, p), torch.nn.functional.dropout(theirs, p)
        assert set(np.unique(result.detach().numpy())) == set(np.unique(reference.detach().numpy()))
        assert abs(float((result == 0).double().mean()) - p) < 0.02
        result.sum().backward()
        np.testing.assert_array_equal(mine.grad.numpy(), result.detach().numpy())
