"""Forty random graphs, and logits of ±10,000, against PyTorch.

A graph is a program drawn at random: it starts from a few leaves, and every line applies an operation to values made
before, so that values are used again and again, broadcast, reduced, indexed and reshaped. The same lines run with nnkit
and with PyTorch; every value and the gradients of all leaves must agree.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import nnkit
import nnkit.functional

torch = pytest.importorskip("torch", reason="PyTorch is not installed (pip install -e '.[oracle]')")

Line = Callable[[Any, list[Any]], Any]  # (nnkit or torch, the values so far) -> a new value
SHAPES = [(3, 4), (4,), (3, 1), (1, 4), (), (2, 3, 4)]

ONE = [
    lambda t, x: t.sin(x),
    lambda t, x: t.tanh(x),
    lambda t, x: t.sigmoid(x),
    lambda t, x: t.relu(x),
    lambda t, x: t.exp(-x * x),
    lambda t, x: (x * x + 0.5).log(),
    lambda t, x: (x * x + 0.25).sqrt(),
    lambda t, x: t.atan(x),
    lambda t, x: x.abs() ** 1.5,
    lambda t, x: x.clamp(-0.8, 0.9),
    lambda t, x: t.where(x > 0.1, x, 0.5 * x),
    lambda t, x: 1 / (2 + t.cos(x)),
    lambda t, x: x.softmax(x.ndim - 1) if x.ndim else x,
    lambda t, x: x.log_softmax(0) if x.ndim else x,
    lambda t, x: x - x.mean(),
    lambda t, x: x / (1 + x.norm()),
    lambda t, x: x.flatten(),
    lambda t, x: x.sum(x.ndim - 1) if x.ndim else x,
    lambda t, x: x.mean(0, keepdim=True) if x.ndim else x,
    lambda t, x: x.max(0)[0] if x.ndim else x,
    lambda t, x: x.min(x.ndim - 1, keepdim=True)[0] if x.ndim else x,
    lambda t, x: x.std() if x.shape.count(1) < x.ndim else x,
    lambda t, x: x.transpose(0, x.ndim - 1) if x.ndim else x,
    lambda t, x: x[-1] if x.ndim else x,
    lambda t, x: x[[0, -1, 0]] if x.ndim else x,
    lambda t, x: x[..., ::2] if x.ndim else x,
    lambda t, x: x.unsqueeze(0),
    lambda t, x: x.squeeze(),
    lambda t, x: t.cat([x, 2 * x], 0) if x.ndim else t.stack([x, -x]),
    lambda t, x: t.stack([x, x * x], 1) if x.ndim else x,
    lambda t, x: x.expand(2, *x.shape),
    lambda t, x: x @ x.t() if x.ndim == 2 else x,
    lambda t, x: x.detach() * x,
]
TWO = [
    lambda t, x, y: x + y,
    lambda t, x, y: x - 2 * y,
    lambda t, x, y: x * y,
    lambda t, x, y: x / (1.5 + y * y),
    lambda t, x, y: t.maximum(x, y),
    lambda t, x, y: t.where(x < y, x, y * y),
    lambda t, x, y: (x * x + 0.5) ** y.clamp(-2, 2),
]


def unary(operation: Any, i: int) -> Line:
    return lambda t, values: operation(t, values[i])


def binary(operation: Any, i: int, j: int) -> Line:
    return lambda t, values: operation(t, values[i], values[j])


def broadcastable(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    return all(m == n or 1 in (m, n) for m, n in zip(reversed(a), reversed(b), strict=False))


def draw(seed: int) -> tuple[list[np.ndarray], list[Line]]:
    """Draw leaves and lines; shapes that do not fit, or grow too large, are drawn again."""
    rng = np.random.default_rng(seed)
    leaves = [rng.standard_normal(SHAPES[k]) for k in rng.integers(0, len(SHAPES), 4)]
    values: list[Any] = [torch.tensor(leaf) for leaf in leaves]
    lines: list[Line] = []
    while len(lines) < 25:
        i, j = (len(values) - 1 - min(int(rng.geometric(0.25)) - 1, len(values) - 1) for _ in range(2))
        if rng.random() < 0.5:
            line = unary(ONE[rng.integers(len(ONE))], i)
        elif broadcastable(tuple(values[i].shape), tuple(values[j].shape)):
            line = binary(TWO[rng.integers(len(TWO))], i, j)
        else:
            continue
        value = line(torch, values)
        if value.numel() <= 600 and value.ndim <= 4 and torch.isfinite(value).all() and value.abs().max() < 1e3:
            lines.append(line)
            values.append(value)
    return leaves, lines


def run(t: Any, leaves: list[np.ndarray], lines: list[Line], dtype: type) -> tuple[list[Any], list[np.ndarray]]:
    """Run the lines; return every value, and the gradients of all leaves of a sum with fixed weights."""
    start = [t.tensor(leaf.astype(dtype), requires_grad=True) for leaf in leaves]
    values = list(start)
    for line in lines:
        values.append(line(t, values))
    rng = np.random.default_rng(0)
    total = 0.0
    for value in values:
        total = total + (value * t.tensor(rng.uniform(-1, 1, tuple(value.shape)).astype(dtype))).sum()
    total.backward()
    arrays = [value.detach().numpy() for value in values]
    return arrays, [leaf.grad.numpy() for leaf in start]


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-10), (np.float32, 2e-4)])
@pytest.mark.parametrize("seed", range(40))
def test_random_graphs_agree_with_pytorch(seed: int, dtype: type, tolerance: float) -> None:
    leaves, lines = draw(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        values, gradients = run(nnkit, leaves, lines, dtype)
    wanted_values, wanted_gradients = run(torch, leaves, lines, dtype)
    for number, (value, wanted) in enumerate(zip(values, wanted_values, strict=True)):
        assert value.dtype == wanted.dtype == dtype
        np.testing.assert_allclose(value, wanted, tolerance, tolerance, err_msg=f"value {number}")
    for number, (gradient, wanted) in enumerate(zip(gradients, wanted_gradients, strict=True)):
        scale = max(1.0, float(np.abs(wanted).max(initial=0)))
        np.testing.assert_allclose(gradient / scale, wanted / scale, 0, tolerance, err_msg=f"gradient of leaf {number}")


LARGE = np.array(
    [[1e4, -1e4, 0], [1e4, 1e4, 1e4], [-1e4, -1e4, -1e4], [0, -1e4, 1e4], [1e4, 9999, -1e4], [-1e4, 1e4, 1e4 - 1]]
)
LOSSES: dict[str, Callable[[Any, Any], Any]] = {
    "softmax": lambda f, x: f.softmax(x, 1),
    "log_softmax": lambda f, x: f.log_softmax(x, 1),
    "sigmoid": lambda f, x: f.sigmoid(x),
    "tanh": lambda f, x: f.tanh(x),
    "cross_entropy": lambda f, x: f.cross_entropy(x, like(x, [0, 1, 2, 0, 1, 2]), reduction="none"),
    "cross_entropy of probabilities": lambda f, x: f.cross_entropy(
        x, like(x, np.full((6, 3), 1 / 3)), reduction="none"
    ),
    "nll_loss": lambda f, x: f.nll_loss(f.log_softmax(x, 1), like(x, [2, 1, 0, 2, 0, 1])),
    "binary_cross_entropy_with_logits": lambda f, x: f.binary_cross_entropy_with_logits(
        x, like(x, np.tile([0.0, 1.0, 0.3], (6, 1))), reduction="none"
    ),
    "binary_cross_entropy": lambda f, x: f.binary_cross_entropy(
        f.sigmoid(x), like(x, np.tile([0.0, 1.0, 1.0], (6, 1)))
    ),
    "multi_margin_loss": lambda f, x: f.multi_margin_loss(x, like(x, [0, 1, 2, 0, 1, 2]), reduction="none"),
    "mse_loss": lambda f, x: f.mse_loss(x, 0 * x),
    "l1_loss": lambda f, x: f.l1_loss(x, 0 * x),
    "normalize": lambda f, x: f.normalize(x),
}


def like(x: Any, numbers: Any) -> Any:
    """Make a tensor of the library that x belongs to; floats in the dtype of x."""
    array = np.asarray(numbers)
    made = (nnkit if isinstance(x, nnkit.Tensor) else torch).tensor(array)
    return made.float() if array.dtype.kind == "f" and str(x.dtype).endswith("32") else made


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", LOSSES)
def test_logits_of_ten_thousand_agree_with_pytorch(name: str, dtype: type) -> None:
    results = []
    for t, f in ((nnkit, nnkit.functional), (torch, torch.nn.functional)):
        x = t.tensor(LARGE.astype(dtype), requires_grad=True)
        y = LOSSES[name](f, x)
        y.sum().backward()
        results.append((y.detach().numpy(), x.grad.numpy()))
    (value, gradient), (wanted, wanted_gradient) = results
    tolerance = 1e-10 if dtype == np.float64 else 1e-5
    assert np.isfinite(value).all()
    assert np.isfinite(gradient).all()
    np.testing.assert_allclose(value, wanted, tolerance, tolerance)
    np.testing.assert_allclose(gradient, wanted_gradient, tolerance, tolerance)
