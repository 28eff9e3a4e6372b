"""Accuracy against time on all of MNIST, nnkit against PyTorch: python tests/benchmarks/accuracy.py

Both networks of the case study are trained on the 60,000 images with the same recipe (Adam with cosine decay, batch
128) over three seeds, each run in a process of its own; the table has accuracy on the 10,000 test images, and seconds
of training. The four official files are read from the folder NNKIT_DATA_DIR, or downloaded by nnkit.data.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from typing import Any

import contenders
import numpy as np

RECIPES = {"MLP": (20, 2e-3), "CNN": (5, 4e-3)}  # epochs, rate at the start
BATCH = 128


def train(library: str, network: str, seed: int) -> None:
    """Train once, and print accuracy and seconds; reading the files and evaluating are not counted."""
    x, t, x_test, t_test = contenders.digits()
    torch = contenders.load(library)
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    epochs, lr = RECIPES[network]
    model: Any = contenders.build(torch, network)
    criterion = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    steps = epochs * (len(x) // BATCH)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    start = time.perf_counter()
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for first in range(0, len(x) - BATCH + 1, BATCH):
            batch = order[first : first + BATCH]
            loss = criterion(model(torch.from_numpy(x[batch])), torch.from_numpy(t[batch]))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            scheduler.step()
    seconds = time.perf_counter() - start
    with torch.no_grad():
        right = sum(
            (model(torch.from_numpy(x_test[i : i + 1000])).argmax(1) == torch.from_numpy(t_test[i : i + 1000]))
            .sum()
            .item()
            for i in range(0, len(x_test), 1000)
        )
    print(json.dumps({"percent": 100 * right / len(x_test), "seconds": seconds, "MB": contenders.peak_memory()}))


def main() -> None:
    """Run all contenders and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worker", nargs=3, metavar=("LIBRARY", "NETWORK", "SEED"), help=argparse.SUPPRESS)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--networks", nargs="+", default=list(RECIPES), choices=list(RECIPES))
    options = parser.parse_args()
    if options.worker:
        library, network, seed = options.worker
        return train(library, network, int(seed))
    with contenders.digits_for_workers(full=True):
        compare(options.networks, options.seeds)
    return None


def compare(networks: list[str], seeds: int) -> None:
    """Run nnkit and PyTorch, and print the table."""
    rows = [["network", "library", "epochs", "accuracy %", "of each seed", "seconds", "peak MB"]]
    for network in networks:
        for library in contenders.libraries():
            if library == "NumPy":
                continue
            runs = [
                contenders.in_own_process("accuracy.py", [library, network, str(seed)], one_thread=False)
                for seed in range(seeds)
            ]
            rows.append([network, library, str(RECIPES[network][0])])
            rows[-1].append(f"{statistics.mean(run['percent'] for run in runs):.2f}")
            rows[-1].append(", ".join(f"{run['percent']:.2f}" for run in runs))
            rows[-1].append(f"{statistics.mean(run['seconds'] for run in runs):.1f}")
            rows[-1].append(f"{max(run['MB'] for run in runs):.0f}")
    contenders.print_table(rows)


if __name__ == "__main__":
    main()
