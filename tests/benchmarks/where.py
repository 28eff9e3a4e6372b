"""Where a training step of nnkit spends its time: python tests/benchmarks/where.py

The networks and the batch are those of steps.py, in one thread. The value and the derivatives of every primitive are
timed inside a step, and so is the arithmetic of the optimizer; what is left of an undisturbed step is bookkeeping: the
modules, the checks of shapes, the graph, the walk back through it. Beside it stands the whole step of hand-written
NumPy, in the same process and by turns. Times are processor time, so that other programs disturb less.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import contenders

STEPS = 300


def timed(name: str, function: Callable[..., Any], spent: dict[str, float]) -> Callable[..., Any]:
    """Return the function with its time added up under a name."""

    def call(*arguments: Any, **options: Any) -> Any:
        start = time.process_time()
        result = function(*arguments, **options)
        spent[name] += time.process_time() - start
        return result

    return call


def watch(primitive: Any, spent: dict[str, float]) -> None:
    """Time a primitive's value and its derivatives from now on."""
    plain, name = primitive.function, primitive.symbol

    def function(*arrays: Any, **constants: Any) -> Any:
        value, vjps = timed(f"{name}, value", plain, spent)(*arrays, **constants)
        return value, tuple([timed(f"{name}, derivatives", vjp, spent) for vjp in vjps])

    primitive.function = function


def measure(network: str) -> None:
    """Print microseconds of a step for each part, the whole of it, and that of hand-written NumPy."""
    x, t, _, _ = contenders.digits()
    step, by_hand = (contenders.stepper(library, network, x[:64], t[:64], lr=1e-5) for library in ("nnkit", "NumPy"))
    whole = defaultdict(list)
    for name, each in (("nnkit", step), ("NumPy", by_hand)) * 10:
        for _ in range(STEPS // 10):
            start = time.process_time()
            each()
            whole[name].append(time.process_time() - start)
    from nnkit import engine, optim

    spent: dict[str, float] = defaultdict(float)
    for primitive in engine.PRIMITIVES.values():
        watch(primitive, spent)
    optim.Adam._update = timed("Adam", optim.Adam._update, spent)  # type: ignore[method-assign]
    rounds: dict[str, list[float]] = defaultdict(list)
    for _ in range(STEPS):
        spent.clear()
        step()
        for name, seconds in spent.items():
            rounds[name].append(seconds)
    parts = {name: 1e6 * statistics.median(times) for name, times in rounds.items()}
    print(json.dumps([parts, {name: 1e6 * statistics.median(times) for name, times in whole.items()}]))


def main() -> None:
    """Print one table for each network."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worker", metavar="NETWORK", help=argparse.SUPPRESS)
    parser.add_argument("--networks", nargs="+", default=contenders.NETWORKS, choices=contenders.NETWORKS)
    options = parser.parse_args()
    if options.worker:
        return measure(options.worker)
    with contenders.digits_for_workers(full=False):
        for network in options.networks:
            parts, whole = contenders.in_own_process("where.py", [network], one_thread=True)
            parts["bookkeeping"] = whole["nnkit"] - sum(parts.values())
            parts["the whole step"] = whole["nnkit"]
            parts["the whole step, hand-written NumPy"] = whole["NumPy"]
            rows = [[network, "µs", "share"]]
            rows += [[name, f"{each:.0f}", f"{each / whole['nnkit']:.0%}"] for name, each in parts.items()]
            contenders.print_table(rows)
            print()
    return None


if __name__ == "__main__":
    main()
