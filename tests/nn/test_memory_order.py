"""How arrays lie in memory between layers, and what becomes of them: what the speed of training rests on.

Nothing here measures time. What costs it is counted or looked at instead: copies between layers, and fresh pages.
"""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

import nnkit
from nnkit import functional as F  # noqa: N812
from nnkit import nn
from nnkit.memory import keep_freed_memory

STEPS = """
import resource, numpy as np, nnkit
from nnkit import nn

model = nn.Sequential(nn.Conv2d(1, 16, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(2704, 10))
optimizer = nnkit.optim.Adam(model.parameters())
x, t = nnkit.rand(64, 1, 28, 28), nnkit.from_numpy(np.arange(64) % 10)

def steps(n):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(n):
        optimizer.zero_grad()
        nn.CrossEntropyLoss()(model(x), t).backward()
        optimizer.step()
    return (resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) / n

steps(5)
print(steps(10))
"""


@pytest.mark.skipif(not keep_freed_memory(), reason="this C library cannot be asked to keep freed memory")
def test_a_step_of_training_needs_no_fresh_memory() -> None:
    done = subprocess.run([sys.executable, "-c", STEPS], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 100  # pages; without nnkit.memory they are 3,000


def batch_last(array: np.ndarray) -> bool:
    return array.transpose(1, 2, 3, 0).flags.c_contiguous


def test_images_stay_in_one_order_from_layer_to_layer() -> None:
    x = nnkit.rand(4, 2, 9, 9)
    for layer in (nn.Conv2d(2, 3, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(3, 5, 2), nn.AvgPool2d(2, 1)):
        x = layer(x)
        assert batch_last(x.detach().numpy()), layer
    assert np.shares_memory(nn.Flatten()(x).detach().numpy(), x.detach().numpy())


def test_gradients_lie_as_what_they_belong_to() -> None:
    one = {"kernel": (2, 2), "stride": (2, 2), "padding": (0, 0)}
    x = np.random.default_rng(0).normal(size=(2, 6, 6, 5)).transpose(3, 0, 1, 2)
    for primitive, options in ((F.max_pool2d_, one), (F.avg_pool2d_, one)):
        y, (to_x,) = primitive.function(x, **options)
        assert batch_last(to_x(np.ones_like(y)))
        assert batch_last(to_x(np.ones(y.shape)))
    y, (to_x, _, _) = F.conv2d_.function(x, np.ones((3, 2, 2, 2)), np.ones(3), stride=(1, 1), padding=(0, 0))
    assert batch_last(to_x(np.ones_like(y)))
    flat = x.reshape(5, 72)
    y, (to_x, _, _) = F.linear_.function(flat, np.ones((4, 72)), np.ones(4))
    assert batch_last(to_x(np.ones_like(y)).reshape(x.shape))


@pytest.mark.parametrize("order", ["first", "last"])
def test_the_order_changes_no_value(order: str) -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(3, 2, 7, 6))
    x = values if order == "first" else np.ascontiguousarray(values.transpose(1, 2, 3, 0)).transpose(3, 0, 1, 2)
    w = rng.normal(size=(4, 2, 3, 2))
    y = F.conv2d(nnkit.from_numpy(x), nnkit.from_numpy(w), stride=(2, 1)).numpy()
    for n, f, i, j in np.ndindex(y.shape):
        np.testing.assert_allclose(y[n, f, i, j], (w[f] * values[n, :, 2 * i : 2 * i + 3, j : j + 2]).sum())
    pooled = F.max_pool2d(nnkit.from_numpy(x), 3, stride=2).numpy()
    for n, c, i, j in np.ndindex(pooled.shape):
        assert pooled[n, c, i, j] == values[n, c, 2 * i : 2 * i + 3, 2 * j : 2 * j + 3].max()
