"""Accuracy against time on all of MNIST, nnkit against PyTorch: python tests/benchmarks/accuracy.py

Both networks of the case study are trained on the 60,000 images with one recipe (Adam with cosine decay at every step,
batch 128) over three seeds. A seed gives the starting weights, drawn by nnkit, and the order of the batches; PyTorch
starts from the same weights and sees the same batches, so that what is left between the two is rounding. Every run has
a process of its own, the two libraries take turns, and each run is reported as soon as it is done. The table has the
accuracy on the 10,000 test images and the seconds of training alone.

The four official files are read from the folder NNKIT_DATA_DIR, or downloaded by nnkit.data.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
import time
from typing import Any

import contenders
import numpy as np

RECIPES = {"MLP": (20, 2e-3), "CNN": (10, 5e-3)}  # epochs, rate at the start
TARGETS = {"MLP": (97.9, 15), "CNN": (98.2, 60)}  # design.md section 7: at least this accuracy, in this many seconds
BATCH = 128


def starts(seeds: int) -> dict[str, np.ndarray]:
    """Return the starting weights of every network and seed, as nnkit draws them."""
    torch = contenders.load("nnkit")
    arrays = {}
    for seed in range(seeds):
        for network in RECIPES:
            torch.manual_seed(seed)
            for name, value in contenders.build(torch, network).state_dict().items():
                arrays[f"{network} {seed} {name}"] = value.numpy().copy()
    return arrays


def train(library: str, network: str, seed: int, epochs: int, rate: float) -> None:
    """Train once, and print accuracy and seconds; reading the files and evaluating are not counted."""
    x, t, x_test, t_test = contenders.digits()
    torch = contenders.load(library)
    model: Any = contenders.build(torch, network)
    key = f"{network} {seed} "
    start = contenders.stored(key)
    model.load_state_dict({name.removeprefix(key): torch.from_numpy(value) for name, value in start.items()})
    criterion = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs * (len(x) // BATCH))
    rng = np.random.default_rng(seed)
    loss, begin, begin_cpu = math.nan, time.perf_counter(), time.process_time()
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for first in range(0, len(x) - BATCH + 1, BATCH):
            batch = order[first : first + BATCH]
            loss = criterion(model(torch.from_numpy(x[batch])), torch.from_numpy(t[batch]))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            scheduler.step()
    seconds, cpu = time.perf_counter() - begin, time.process_time() - begin_cpu
    with torch.no_grad():
        parts = [model(torch.from_numpy(x_test[i : i + 1000])).argmax(1) for i in range(0, len(x_test), 1000)]
    right = np.concatenate([np.asarray(part) for part in parts]) == t_test
    found = {"percent": 100 * right.mean(), "seconds": seconds, "cpu": cpu, "loss": loss.item()}
    print(json.dumps({**found, "MB": contenders.peak_memory()}))


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worker", nargs=3, metavar=("LIBRARY", "NETWORK", "SEED"), help=argparse.SUPPRESS)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--networks", nargs="+", default=list(RECIPES), choices=list(RECIPES))
    parser.add_argument("--libraries", nargs="+", default=["nnkit", "PyTorch"], choices=["nnkit", "PyTorch"])
    parser.add_argument("--epochs", type=int, help="instead of those of the recipe")
    parser.add_argument("--rate", type=float, help="at the start, instead of that of the recipe")
    parser.add_argument("--one-thread", action="store_true", help="instead of as many as the libraries choose")
    options = parser.parse_args()
    if options.worker:
        library, network, seed = options.worker
        return train(library, network, int(seed), options.epochs, options.rate)
    with contenders.digits_for_workers(full=True, **starts(options.seeds)):
        compare(options)
    return None


def compare(options: argparse.Namespace) -> None:
    """Run nnkit and PyTorch, and print the table."""
    libraries = [library for library in options.libraries if library in contenders.libraries()]
    rows = [["network", "library", "epochs", "accuracy %", "of each seed", "target"]]
    rows[0] += ["seconds", "target", "of processors", "peak MB"]
    for network in options.networks:
        epochs, rate = options.epochs or RECIPES[network][0], options.rate or RECIPES[network][1]
        found: dict[str, list[dict[str, float]]] = {library: [] for library in libraries}
        for seed in range(options.seeds):
            for library in libraries:
                arguments = [library, network, str(seed), "--epochs", str(epochs), "--rate", str(rate)]
                run = contenders.in_own_process("accuracy.py", arguments, options.one_thread)
                found[library].append(run)
                report = f"{network}, seed {seed}, {library}: {run['percent']:.2f} %, {run['seconds']:.1f} s"
                print(f"{report}, last loss {run['loss']:.4f}", file=sys.stderr, flush=True)
        least, most = TARGETS[network]
        for library, runs in found.items():
            mean = {what: statistics.mean(run[what] for run in runs) for what in ("percent", "seconds", "cpu")}
            each = ", ".join(f"{run['percent']:.2f}" for run in runs)
            rows.append([network, library, str(epochs), f"{mean['percent']:.2f}", each, f"≥ {least}"])
            rows[-1] += [f"{mean['seconds']:.1f}", f"≤ {most}", f"{mean['cpu']:.1f}"]
            rows[-1].append(f"{max(run['MB'] for run in runs):.0f}")
    contenders.print_table(rows)
    print(f"\n{contenders.setting()}")


if __name__ == "__main__":
    main()
