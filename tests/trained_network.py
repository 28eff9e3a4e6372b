"""A network that has learned to read digits, so that tests of the open task need not train one.

Its numbers were recorded once, in half precision; ``python tests/trained_network.py`` trains it anew, in half a minute.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

import nnkit
from nnkit import functional, nn, optim
from nnkit.data import mnist

RECORDED = Path(__file__).with_name("trained_network.npz")
EPOCHS, BATCH, TRAINING = 15, 100, 8_000


def untrained_network() -> nn.Sequential:
    """Two convolutions and two dense layers: 50,226 numbers."""
    return nn.Sequential(
        nn.Conv2d(1, 12, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(12, 24, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(1176, 40),
        nn.ReLU(),
        nn.Linear(40, 10),
    )


def trained_network() -> nn.Sequential:
    """The same with what it has learned."""
    network = untrained_network()
    with np.load(RECORDED, allow_pickle=False) as file:
        network.load_state_dict({name: file[name].astype(np.float32) for name in file.files})
    return network.eval()


def train() -> nn.Sequential:
    """Train it on the first 8,000 images of the package, each moved by up to two pixels whenever it is met."""
    nnkit.manual_seed(0)
    rng, network = np.random.default_rng(0), untrained_network()
    images, labels = (part.numpy()[:TRAINING] for part in mnist())
    padded = np.pad(images, ((0, 0), (0, 0), (2, 2), (2, 2)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (28, 28), axis=(2, 3))
    optimizer = optim.Adam(network.parameters(), lr=3e-3)
    scheduler = optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS * TRAINING // BATCH)
    for _ in range(EPOCHS):
        for batch in rng.permutation(TRAINING).reshape(-1, BATCH):
            moved = windows[batch, :, *rng.integers(0, 5, (2, BATCH))]
            optimizer.zero_grad()
            functional.cross_entropy(network(nnkit.tensor(moved)), nnkit.tensor(labels[batch])).backward()
            optimizer.step()
            scheduler.step()
    return network


if __name__ == "__main__":
    numbers = {name: np.asarray(value).astype(np.float16) for name, value in train().state_dict().items()}
    np.savez_compressed(RECORDED, **numbers)
