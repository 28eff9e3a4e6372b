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

ROUNDS, STEPS = 20, 20


def timed(name: str, function: Callable[..., Any], spent: dict[str, float]) -> Callable[..., Any]:
    """Return the function with its time added up under a name."""

    def call(*arguments: Any, **options: Any) -> Any:
        start = time.process_time()
        result = function(*arguments, **options)
        spent[name] += time.process_time() - start
        return result

    return call


def watched(name: str, function: Callable[..., Any], spent: dict[str, float]) -> Callable[..., Any]:
    """Return a primitive's function with the time of its value and of its derivatives added up."""

    def call(*arrays: Any, **constants: Any) -> Any:
        value, vjps = timed(f"{name}, value", function, spent)(*arrays, **constants)
        return value, tuple([timed(f"{name}, derivatives", vjp, spent) for vjp in vjps])

    return call


def measure(network: str) -> None:
    """Print microseconds of a step for each part, the whole of it, and that of hand-written NumPy."""
    x, t, _, _ = contenders.digits()
    step, by_hand = (contenders.stepper(library, network, x[:64], t[:64], lr=1e-5) for library in ("nnkit", "NumPy"))
    from nnkit import engine, optim

    spent: dict[str, float] = defaultdict(float)
    plain = [(each, "function", each.function) for each in engine.PRIMITIVES.values()]
    watching = [(each, name, watched(each.symbol, function, spent)) for each, name, function in plain]
    plain.append((optim.Adam, "_update", optim.Adam._update))
    watching.append((optim.Adam, "_update", timed("Adam", optim.Adam._update, spent)))
    found: dict[str, list[float]] = defaultdict(list)
    for whole, run, functions in (("nnkit", step, plain), ("NumPy", by_hand, plain), ("", step, watching)) * ROUNDS:
        for owner, name, function in functions:
            setattr(owner, name, function)
        for _ in range(STEPS):
            spent.clear()
            start = time.process_time()
            run()
            spent[whole] = time.process_time() - start
            for name, seconds in spent.items():
                found[name].append(1e6 * seconds)
    medians = {name: statistics.median(each) for name, each in found.items() if name}
    print(json.dumps(medians))


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
            parts = contenders.in_own_process("where.py", [network], one_thread=True)
            whole, by_hand = parts.pop("nnkit"), parts.pop("NumPy")
            parts["bookkeeping"] = whole - sum(parts.values())
            rows = [[network, "µs", "share"]]
            rows += [[name, f"{each:.0f}", f"{each / whole:.0%}"] for name, each in parts.items()]
            rows += [["the whole step", f"{whole:.0f}", "100%"]]
            rows += [["the whole step, hand-written NumPy", f"{by_hand:.0f}", f"{by_hand / whole:.0%}"]]
            contenders.print_table(rows)
            print()
        print(contenders.setting())
    return None


if __name__ == "__main__":
    main()
