"""Gradients of whole layers, losses and networks against central differences, without need of PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import nnkit
from nnkit import functional as F  # noqa: N812
from nnkit import nn

RNG = np.random.default_rng(11)


def leaf(*shape: int) -> Any:
    """Numbers of both signs, away from 0."""
    return nnkit.tensor(RNG.uniform(0.3, 1.7, shape) * RNG.choice([-1.0, 1.0], shape), requires_grad=True)


CLASSES = nnkit.tensor([2, 0, 1, 2])
WEIGHT = nnkit.tensor(np.array([0.5, 2.0, 1.0]))
SHARES = RNG.dirichlet(np.ones(3), 4)
LOSSES: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
    "mse_loss": (F.mse_loss, (leaf(4, 3), leaf(4, 3))),
    "mse_loss of one number": (F.mse_loss, (leaf(4, 3), leaf())),
    "l1_loss": (lambda x, y: F.l1_loss(x, y + 5, reduction="sum"), (leaf(4, 3), leaf(4, 3))),
    "cross_entropy": (lambda x: F.cross_entropy(x, CLASSES, WEIGHT), (leaf(4, 3),)),
    "cross_entropy over time": (lambda x: F.cross_entropy(x, np.array([[1, 2], [0, -100]])), (leaf(2, 3, 2),)),
    "cross_entropy of one sample": (lambda x: F.cross_entropy(x, nnkit.tensor(1)), (leaf(3),)),
    "cross_entropy of shares": (lambda x: F.cross_entropy(x, SHARES, WEIGHT), (leaf(4, 3),)),
    "nll_loss": (lambda x: F.nll_loss(F.log_softmax(x, 1), CLASSES, ignore_index=2), (leaf(4, 3),)),
    "binary_cross_entropy": (lambda x: F.binary_cross_entropy(F.sigmoid(x), SHARES, WEIGHT), (leaf(4, 3),)),
    "with_logits": (
        lambda x: F.binary_cross_entropy_with_logits(x, SHARES, WEIGHT, "sum", WEIGHT),
        (leaf(4, 3),),
    ),
    "multi_margin_loss": (lambda x: F.multi_margin_loss(x, CLASSES, weight=WEIGHT), (leaf(4, 3),)),
    "multi_margin_loss squared": (lambda x: F.multi_margin_loss(x, CLASSES, p=2, margin=0.7), (leaf(4, 3),)),
    "normalize": (lambda x: F.normalize(x, p=3, dim=0), (leaf(4, 3),)),
}


@pytest.mark.parametrize("name", LOSSES)
def test_gradients_of_functions_agree_with_differences(name: str) -> None:
    function, inputs = LOSSES[name]
    assert nnkit.gradcheck(function, inputs)


def test_the_gradient_of_dropout_agrees_with_differences_for_one_choice() -> None:
    def function(x: Any) -> Any:
        nnkit.manual_seed(1)
        return F.dropout(x, 0.4)

    assert nnkit.gradcheck(function, leaf(5, 4))


class Reader(nn.Module):
    """Numbers are looked up, read forwards with their lengths, and classified."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.table = nn.Embedding(6, 2, padding_idx=0)
        self.over_time = getattr(nn, kind)(2, 3, num_layers=2, batch_first=True)
        self.out = nn.Linear(3, 2)

    def forward(self, x: Any) -> Any:
        output, state = self.over_time(self.table(x), lengths=[4, 2, 1])
        last = state[0] if isinstance(state, tuple) else state
        return self.out(last[-1]) + self.out(output.sum(dim=1))


WORDS = nnkit.tensor([[1, 2, 5, 1], [3, 3, 0, 0], [4, 0, 0, 0]])
NETWORKS: dict[str, tuple[Callable[[], Any], Any]] = {
    "MLP": (lambda: nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)), leaf(5, 3).detach()),
    "CNN": (
        lambda: nn.Sequential(
            nn.Conv2d(2, 3, 3, padding=1),
            nn.BatchNorm2d(3),
            nn.LeakyReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(3, 2, (2, 1), stride=(1, 2)),
            nn.AvgPool2d((1, 2)),
            nn.Flatten(),
            nn.LayerNorm(2),
            nn.Softmax(dim=1),
        ),
        leaf(3, 2, 4, 8).detach(),
    ),
    **{kind: (lambda kind=kind: Reader(kind), WORDS) for kind in ("RNN", "LSTM", "GRU")},
}


@pytest.mark.parametrize("name", NETWORKS)
def test_every_parameter_of_a_network_gets_the_gradient_that_differences_give(name: str) -> None:
    nnkit.manual_seed(4)
    make, x = NETWORKS[name]
    network = make().double()
    cotangent = nnkit.tensor(RNG.uniform(0.5, 1.5, network(x).shape))

    def loss() -> Any:
        return (network(x) * cotangent).sum()

    loss().backward()
    for label, parameter in network.named_parameters():
        array, gradient = parameter.detach().numpy(), parameter.grad.numpy()
        for index in np.ndindex(array.shape):
            values, old = [], array[index]
            for step in (1e-5, -1e-5):
                array[index] = old + step
                with nnkit.no_grad():
                    values.append(loss().item())
            array[index] = old
            expected = (values[0] - values[1]) / 2e-5
            if label == "table.weight" and index[0] == 0:
                expected = 0.0  # the row of the padding learns nothing
            assert gradient[index] == pytest.approx(expected, rel=1e-5, abs=1e-7), f"{label}{index}"
