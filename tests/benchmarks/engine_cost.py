"""What the engine itself costs: python tests/benchmarks/engine_cost.py

A chain of 10,000 operations on single numbers, forward and backward, with nnkit, with PyTorch, and with a scalar
engine of the kind that the first notebooks build: an object for each number, which remembers its parents and how to
send its gradient to them. There is next to no arithmetic, so what is measured is bookkeeping.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import time
from collections.abc import Callable
from typing import Any

import contenders

LENGTH = 10_000


class Value:
    """A number that remembers how it was made."""

    def __init__(self, data: float, parents: tuple[Value, ...] = ()) -> None:
        self.data, self.grad, self.parents = data, 0.0, parents
        self.send: Callable[[], None] = lambda: None

    def __add__(self, other: Value | float) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other))

        def send() -> None:
            self.grad += out.grad
            other.grad += out.grad

        out.send = send
        return out

    def __mul__(self, other: Value | float) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other))

        def send() -> None:
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.send = send
        return out

    def tanh(self) -> Value:
        out = Value(math.tanh(self.data), (self,))

        def send() -> None:
            self.grad += (1 - out.data**2) * out.grad

        out.send = send
        return out

    def backward(self) -> None:
        order, seen, waiting = [], set(), [(self, False)]
        while waiting:
            node, done = waiting.pop()
            if done:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                waiting.append((node, True))
                waiting.extend((parent, False) for parent in node.parents)
        self.grad = 1.0
        for node in reversed(order):
            node.send()


def chain(x: Any) -> Any:
    """Apply 10,000 operations, one to the result of the other: y ← tanh(y · x + 0.1) + x."""
    y = x
    for _ in range(LENGTH // 4):
        y = (y * x + 0.1).tanh() + x
    return y


def measure(engine: str) -> None:
    """Print the median milliseconds forward and backward, and the gradient."""
    if engine == "scalar engine":
        make: Callable[[], Any] = lambda: Value(0.5)  # noqa: E731
    else:
        torch = contenders.load(engine)
        make = lambda: torch.tensor(0.5, dtype=torch.float64, requires_grad=True)  # noqa: E731
    forward, backward = [], []
    for _ in range(15):
        x = make()
        start = time.perf_counter()
        y = chain(x)
        middle = time.perf_counter()
        y.backward()
        backward.append(time.perf_counter() - middle)
        forward.append(middle - start)
    times = {"forward": 1000 * statistics.median(forward), "backward": 1000 * statistics.median(backward)}
    print(json.dumps({**times, "gradient": float(x.grad), "MB": contenders.peak_memory()}))


def main() -> None:
    """Run all engines and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worker", nargs=1, metavar="ENGINE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        return measure(*options.worker)
    rows = [["engine", "forward ms", "backward ms", "µs for one operation", "/ scalar engine", "gradient", "peak MB"]]
    base = None
    for engine in ["scalar engine", *(name for name in contenders.libraries() if name != "NumPy")]:
        found = contenders.in_own_process("engine_cost.py", [engine], one_thread=True)
        total = found["forward"] + found["backward"]
        base = total if base is None else base
        rows.append([engine, f"{found['forward']:.1f}", f"{found['backward']:.1f}", f"{1000 * total / LENGTH:.2f}"])
        rows[-1] += [f"{total / base:.2f}", f"{found['gradient']:.6f}", f"{found['MB']:.0f}"]
    contenders.print_table(rows)
    print(f"\n{contenders.setting()}")
    return None


if __name__ == "__main__":
    main()
