"""What is known to be reachable in the open task of the notebook reading_digits: python tests/benchmarks/open_task.py

Each setting trains a network of at most 60,000 parameters on the first 8,000 embedded training images and is measured
on the last 2,000 of them and, where the four official files are (`NNKIT_DATA_DIR`), on 2,000 official training images
that the package does not carry. Seconds are processor time of one thread: time on the clock says little on a machine
that other programs use. The last setting is the notebook's own solution.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when NumPy is imported
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

import nnkit
from nnkit import functional, nn, optim
from nnkit.data import mnist
from nnkit.data.build_mnist import chosen
from nnkit.data.mnist import official
from nnkit.training import fit

Network = Callable[[], nn.Sequential]


def dense() -> nn.Sequential:
    """784 pixels, 70 neurons, 10 answers: 55,660 parameters."""
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 70), nn.ReLU(), nn.Linear(70, 10))


def convolutional() -> nn.Sequential:
    """Two layers of filters, pooled, and 64 neurons: 30,322 parameters."""
    filters = [nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 24, 5), nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*filters, nn.Flatten(), nn.Linear(384, 64), nn.ReLU(), nn.Linear(64, 10))


def standardising() -> nn.Sequential:
    """The same with batch normalisation behind the filters, and dropout: 30,452 numbers with the running means."""
    first = [nn.Conv2d(1, 8, 5), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2)]
    second = [nn.Conv2d(8, 24, 5), nn.BatchNorm2d(24), nn.ReLU(), nn.MaxPool2d(2)]
    third = [nn.Flatten(), nn.Linear(384, 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, 10)]
    return nn.Sequential(*first, *second, *third)


def shifted(images: np.ndarray, rng: np.random.Generator, most: int = 2) -> np.ndarray:
    """Move every image by up to `most` pixels, at random, down or up and to the right or left."""
    framed = np.pad(images, [(0, 0), (0, 0), (most, most), (most, most)])
    cut = np.lib.stride_tricks.sliding_window_view(framed[:, 0], (28, 28), axis=(1, 2))
    down, right = rng.integers(0, 2 * most + 1, size=(2, len(images)))
    return cut[np.arange(len(images)), down, right][:, None]


def turned(images: np.ndarray, rng: np.random.Generator, most: float = 12.0) -> np.ndarray:
    """Turn every image about its middle by up to `most` degrees, at random, either way."""
    angles = np.radians(rng.uniform(-most, most, size=len(images))).astype(np.float32)[:, None, None]
    rows, columns = np.mgrid[:28, :28].astype(np.float32) - np.float32(13.5)
    row = np.cos(angles) * rows - np.sin(angles) * columns + 13.5
    column = np.sin(angles) * rows + np.cos(angles) * columns + 13.5
    framed = np.pad(images[:, 0], [(0, 0), (8, 8), (8, 8)]).reshape(len(images), -1)
    top, left = np.floor(row).astype(int), np.floor(column).astype(int)
    down, right = (row - top).astype(np.float32), (column - left).astype(np.float32)
    start = (top + 8) * 44 + left + 8
    first, second, third, fourth = (
        np.take_along_axis(framed, (start + step).reshape(len(images), -1), axis=1).reshape(start.shape)
        for step in (0, 1, 44, 45)
    )
    return ((1 - down) * ((1 - right) * first + right * second) + down * ((1 - right) * third + right * fourth))[
        :, None
    ]


class Setting(NamedTuple):
    """One way to train: the network and what is done to the data, the rate and the answers."""

    network: Network
    epochs: int
    rate: float = 1e-3
    shift: int = 0
    turn: float = 0.0
    cosine: bool = False
    weight_decay: float = 0.0
    averaged: bool = False


SETTINGS = {
    "dense": Setting(dense, 10),
    "convolutional": Setting(convolutional, 10),
    "… shifted": Setting(convolutional, 20, shift=1),
    "… cosine": Setting(convolutional, 20, 3e-3, shift=1, cosine=True),
    "… turned, weight decay": Setting(convolutional, 20, 3e-3, shift=1, turn=12, cosine=True, weight_decay=1e-2),
    "… batch norm, dropout": Setting(standardising, 20, 3e-3, shift=1, turn=12, cosine=True, weight_decay=1e-2),
    "… averaged": Setting(standardising, 20, 3e-3, shift=1, turn=12, cosine=True, weight_decay=1e-2, averaged=True),
}


def train(setting: Setting, seed: int, images: np.ndarray, labels: np.ndarray) -> nn.Sequential:
    """Train a network by a setting."""
    nnkit.manual_seed(seed)
    rng = np.random.default_rng(seed)
    network = setting.network()
    optimizer = optim.AdamW(network.parameters(), lr=setting.rate, weight_decay=setting.weight_decay)
    scheduler = optim.lr_scheduler.CosineAnnealingLR(optimizer, setting.epochs) if setting.cosine else None
    for _ in range(setting.epochs):
        pictures = shifted(images, rng, setting.shift) if setting.shift else images
        pictures = turned(pictures, rng, setting.turn) if setting.turn else pictures
        data = nnkit.tensor(pictures), nnkit.tensor(labels)
        fit(network, data, nn.CrossEntropyLoss(), optimizer, epochs=1, batch_size=64, generator=rng, show=False)
        if scheduler is not None:
            scheduler.step()
    network.eval()
    return network


def read(network: Any, images: np.ndarray, averaged: bool = False) -> np.ndarray:
    """Return the labels that a network gives, to the images alone or to nine shifted copies of each."""
    framed = np.pad(images, [(0, 0), (0, 0), (1, 1), (1, 1)])
    places = [(down, right) for down in range(3) for right in range(3)] if averaged else [(1, 1)]
    shares: Any = 0
    with nnkit.no_grad():
        for down, right in places:
            copy = np.ascontiguousarray(framed[:, :, down : down + 28, right : right + 28])
            shares = shares + functional.softmax(network(nnkit.tensor(copy)), 1).numpy()
    return np.asarray(shares).argmax(axis=1)


def others(count: int = 2000) -> tuple[np.ndarray, np.ndarray] | None:
    """Return official training images that the package does not carry, at equal distances through their order."""
    if not os.environ.get("NNKIT_DATA_DIR"):
        return None
    images, labels = official(train=True)
    left = np.setdiff1d(np.arange(len(labels)), chosen(labels))
    picked = left[np.arange(count) * len(left) // count]
    return (images[picked, None] / 255).astype(np.float32), labels[picked]


def main() -> None:
    """Train every setting with every seed, and print a row for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--settings", nargs="+", default=list(SETTINGS), choices=list(SETTINGS))
    arguments = parser.parse_args()
    images, labels = (part.numpy() for part in mnist())
    apart = others()
    print("| setting | numbers | epochs | validation % | of each seed | other images % | of each seed | seconds |")
    print("|---------|--------:|-------:|-------------:|-------------:|---------------:|-------------:|--------:|")
    for name in arguments.settings:
        setting, found, seconds, size = SETTINGS[name], [], [], 0
        for seed in range(arguments.first, arguments.first + arguments.seeds):
            begin = time.process_time()
            network = train(setting, seed, images[:8000], labels[:8000])
            seconds.append(time.process_time() - begin)
            size = sum(value.numel() for value in network.state_dict().values())  # what the limit counts
            sets = [(images[8000:], labels[8000:]), *([apart] if apart else [])]
            found.append([100 * np.mean(read(network, x, setting.averaged) == y) for x, y in sets])
        columns = [
            f"{np.mean(part):.1f} | {', '.join(f'{one:.2f}' for one in part)}" for part in zip(*found, strict=True)
        ]
        columns += ["– | –"] * (2 - len(columns))
        print(f"| {name} | {size:,} | {setting.epochs} | {' | '.join(columns)} | {np.mean(seconds):.0f} |", flush=True)


if __name__ == "__main__":
    main()
