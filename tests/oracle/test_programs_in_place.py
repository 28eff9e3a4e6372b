"""Random programs that change tensors in place, also through views, against PyTorch.

Where PyTorch gives numbers and gradients, nnkit gives the same. Where PyTorch says at backward that a value was changed
that it still needs, nnkit says so too.
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

import nnkit

torch = pytest.importorskip("torch", reason="PyTorch is not installed (pip install -e '.[oracle]')")

MAKING = ["row", "slice", "transpose", "flat", "mul", "sin", "sum", "twice", "detached", "taken"]
CHANGING = ["add", "times", "square", "halve", "set", "set row", "subtract", "without recording", "mask"]


def make(x: Any, other: Any, what: str, i: int) -> Any:
    if what == "row":
        return x[i % x.shape[0]] if x.ndim else x
    if what == "slice":
        return x[0:2] if x.ndim else x
    if what == "taken":
        return x[[0, 0]] if x.ndim else x
    return {
        "transpose": lambda: x.T if x.ndim == 2 else x,
        "flat": lambda: x.reshape(-1),
        "mul": lambda: x * other if x.shape == other.shape else x,
        "sin": lambda: x.sin(),
        "sum": lambda: x.sum(),
        "twice": lambda: x + x,
        "detached": lambda: x.detach() * x,
    }[what]()


def change(t: Any, x: Any, other: Any, what: str, i: int, u: Any) -> None:
    if what == "add":
        x += 1
    elif what == "times":
        x *= 3
    elif what == "square":
        x **= 2
    elif what == "halve":
        x /= 2
    elif what == "mask":
        x[x > 3] = 0.5
    elif what == "set" and x.ndim:
        x[0] = 7
    elif what == "set row" and x.ndim:
        x[i % x.shape[0]] = u.sum()
    elif what == "subtract" and x.shape == other.shape:
        x -= other
    elif what == "without recording":
        with t.no_grad():
            x *= 1.0


def run(t: Any, seed: int) -> Any:
    """Return the values and the gradients, or at which of the two it ended."""
    rng = random.Random(seed)
    w = t.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], dtype=t.float64, requires_grad=True)
    u = t.tensor([0.5, -1.0, 2.0], dtype=t.float64, requires_grad=True)
    pool = [w * 1, t.zeros((2, 3), dtype=t.float64), w + 0, u * 2]
    for _ in range(rng.randint(3, 9)):
        x, other, i = rng.choice(pool), rng.choice(pool), rng.randint(0, 5)
        if rng.random() < 0.5:
            pool.append(make(x, other, rng.choice(MAKING), i))
        else:
            try:
                change(t, x, other, rng.choice(CHANGING), i, u)
            except RuntimeError:
                return "refused", None
    values = [x.detach().numpy() for x in pool]
    total = sum(x.sum() for x in pool)
    try:
        total.backward()
    except RuntimeError:
        return values, None
    return values, [x.grad.numpy() for x in (w, u)]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("start", range(0, 800, 100))
def test_what_is_changed_in_place(start: int) -> None:
    agreed = 0
    for seed in range(start, start + 100):
        wanted, gradients = run(torch, seed)
        if wanted == "refused":
            continue
        values, ours = run(nnkit, seed)
        for value, expected in zip(values, wanted, strict=True):
            np.testing.assert_allclose(value, expected, 1e-10, err_msg=f"seed {seed}")
        assert (ours is None) == (gradients is None), f"seed {seed}"
        if gradients is not None:
            agreed += 1
            for gradient, expected in zip(ours, gradients, strict=True):
                np.testing.assert_allclose(gradient, expected, 1e-9, 1e-9, err_msg=f"seed {seed}")
    assert agreed > 50
