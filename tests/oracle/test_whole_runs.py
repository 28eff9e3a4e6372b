"""A whole training run beside PyTorch's: the same weights and the same batches give the same losses.

So what two runs of the benchmark tests/benchmarks/accuracy.py differ in is their seed, not their library.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nnkit
from nnkit.data import mnist

torch = pytest.importorskip("torch", reason="PyTorch is the oracle of these tests and is not installed")

STEPS, BATCH = 30, 64


def mlp(nn: Any) -> Any:
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))


def cnn(nn: Any) -> Any:
    layers = [nn.Conv2d(1, 16, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(2704, 20), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(20, 10))


def losses(library: Any, model: Any, x: np.ndarray, t: np.ndarray) -> list[float]:
    optimizer = library.optim.Adam(model.parameters(), lr=4e-3)
    scheduler = library.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS)
    found = []
    for i in range(0, STEPS * BATCH, BATCH):
        scores = model(library.from_numpy(x[i : i + BATCH]))
        loss = library.nn.CrossEntropyLoss()(scores, library.from_numpy(t[i : i + BATCH]))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        scheduler.step()
        found.append(loss.item())
    return found


@pytest.mark.parametrize("build", [mlp, cnn])
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 1e-4), (np.float64, 1e-10)])
def test_the_same_start_gives_the_same_losses(build: Any, dtype: Any, tolerance: float) -> None:
    x, t = (part.numpy() for part in mnist(train=True))
    x, t = x[: STEPS * BATCH].astype(dtype), t[: STEPS * BATCH]
    torch.manual_seed(0)
    theirs, ours = build(torch.nn), build(nnkit.nn)
    ours.load_state_dict({name: value.numpy().copy() for name, value in theirs.state_dict().items()})
    if dtype == np.float64:
        theirs.double()
        ours.double()
    found = losses(nnkit, ours, x, t)
    np.testing.assert_allclose(found, losses(torch, theirs, x, t), rtol=tolerance)
    assert found[-1] < found[0] / 2
