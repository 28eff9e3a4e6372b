"""Time of a training step, nnkit against hand-written NumPy and PyTorch: python tests/benchmarks/steps.py

Batch 64, float32, Adam, for the MLP 784-128-10, the slides' CNN (54,470 parameters) and an RNN over the 28 rows of an
image; with default threads and with one. The contenders take turns, each time in a new process; a process reports the
median over its steps, the table the median over the turns. With one thread it is processor time that counts, which
other programs disturb less; with more it is the time on the clock. Nothing is asserted.

Steps are measured twice: from the start, and again after 2,000 steps with changing images ("later"), by when the
averages of weights without a gradient have faded away.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import contenders
import numpy as np

LATER = 2000  # steps
TARGETS = {"MLP": 0.85, "CNN": 0.70, "RNN": 0.75}  # of PyTorch's time; and 1.2 of hand-written NumPy's


def measure(library: str, network: str, seconds: float) -> None:
    """Train on one batch for a while, and print the median time of a step and the peak memory."""
    x, t, _, _ = contenders.digits()  # real ones: on random numbers every comparison is a wrong guess
    step = contenders.stepper(library, network, x[:64].copy(), t[:64], lr=1e-5)
    first = step()
    warm = time.perf_counter() + seconds
    while time.perf_counter() < warm:
        step()
    loss, times = timed(step, seconds)
    if not loss < first:
        raise SystemExit(f"{library} did not learn the {network}: the loss went from {first} to {loss}.")
    later = later_times(library, network, x, t, seconds)
    ms = {"ms": 1000 * statistics.median(times), "later": 1000 * statistics.median(later)}
    print(json.dumps(ms | {"MB": contenders.peak_memory()}))


def timed(step: Callable[[], float], seconds: float, between: Callable[[], None] = lambda: None) -> Any:
    """Take steps for a while; return the last loss and how long each took, without what is done between."""
    clock = time.process_time if os.environ.get(contenders.THREADS[0]) == "1" else time.perf_counter
    times: list[float] = []
    while sum(times) < seconds:
        between()
        start = clock()
        loss = step()
        times.append(clock() - start)
    return loss, times


def later_times(library: str, network: str, x: Any, t: Any, seconds: float) -> list[float]:
    """Train on changing images, and return how long steps take after the first 2,000."""
    rng, images, targets = np.random.default_rng(0), x[:64].copy(), t[:64].copy()
    step = contenders.stepper(library, network, images, targets, lr=1e-3)  # which share the memory of these arrays

    def change() -> None:
        rows = rng.integers(0, len(x), len(images))
        images[...], targets[...] = x[rows], t[rows]

    for _ in range(LATER):
        change()
        step()
    return timed(step, seconds, change)[1]


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worker", nargs=2, metavar=("LIBRARY", "NETWORK"), help=argparse.SUPPRESS)
    parser.add_argument("--networks", nargs="+", default=contenders.NETWORKS, choices=contenders.NETWORKS)
    parser.add_argument("--threads", nargs="+", default=["default", "one"], choices=["default", "one"])
    parser.add_argument("--turns", type=int, default=5, help="how often each contender is measured")
    parser.add_argument(
        "--seconds", type=float, default=2.0, help="how long each measurement takes, and the warming up before it"
    )
    options = parser.parse_args()
    if options.worker:
        return measure(*options.worker, seconds=options.seconds)
    with contenders.digits_for_workers(full=False):
        compare(options)
    return None


def compare(options: argparse.Namespace) -> None:
    """Run all contenders and print the table."""
    libraries = contenders.libraries()
    rows = [["network, threads", *(f"{library} ms" for library in libraries), "/ NumPy"]]
    rows[0] += ["/ PyTorch", "target", *(f"{library} later" for library in libraries)]
    rows[0] += [f"{library} MB" for library in libraries]
    for network in options.networks:
        for threads in options.threads:
            found: dict[str, list[dict[str, float]]] = {library: [] for library in libraries}
            for _ in range(options.turns):
                for library in libraries:
                    arguments = [library, network, "--seconds", str(options.seconds)]
                    found[library].append(contenders.in_own_process("steps.py", arguments, threads == "one"))
            ms, later = (
                {library: statistics.median(each[kind] for each in runs) for library, runs in found.items()}
                for kind in ("ms", "later")
            )
            row = [f"{network}, {threads}", *(f"{ms[library]:.3f}" for library in libraries)]
            row.append(f"{ms['nnkit'] / ms['NumPy']:.2f}")
            row.append(f"{ms['nnkit'] / ms['PyTorch']:.2f}" if "PyTorch" in ms else "not installed")
            row.append(f"{TARGETS[network]:.2f}")
            row += [f"{later[library]:.3f}" for library in libraries]
            row += [f"{max(each['MB'] for each in found[library]):.0f}" for library in libraries]
            rows.append(row)
            print(", ".join(row[: len(libraries) + 1]), "ms", file=sys.stderr, flush=True)
    contenders.print_table(rows)
    print(f"\n{contenders.setting()}")


if __name__ == "__main__":
    main()
