"""What the benchmarks share: the networks, written once for nnkit and PyTorch, and how a measurement is run.

Every measurement runs in a process of its own, one at a time and with a pause between: the spinning threads of one
BLAS make the next program up to twice as slow.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
NETWORKS = ("MLP", "CNN", "RNN")


def libraries() -> list[str]:
    """Return who can take part."""
    return ["nnkit", "NumPy"] + (["PyTorch"] if importlib.util.find_spec("torch") else [])


def load(library: str) -> Any:
    """Import nnkit or PyTorch, and return the module."""
    if library == "PyTorch":
        import torch

        if os.environ.get("OMP_NUM_THREADS") == "1":
            torch.set_num_threads(1)
        return torch
    import nnkit

    return nnkit


def build(torch: Any, network: str) -> Any:
    """Build a network with nnkit or PyTorch, whichever is passed as `torch`."""
    nn = torch.nn
    if network == "MLP":
        return nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    if network == "CNN":
        return nn.Sequential(
            nn.Conv2d(1, 16, 3),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(2704, 20),
            nn.ReLU(),
            nn.Linear(20, 10),
        )

    class Rows(nn.Module):
        """An image is read row by row; the last state decides."""

        def __init__(self) -> None:
            super().__init__()
            self.rnn = nn.RNN(28, 128, batch_first=True)
            self.out = nn.Linear(128, 10)

        def forward(self, x: Any) -> Any:
            _, last = self.rnn(x.reshape(-1, 28, 28))
            return self.out(last[-1])

    return Rows()


def stepper(library: str, network: str, x: Any, t: Any, lr: float = 1e-3) -> Callable[[], float]:
    """Return a function that does one training step on the arrays x (N, 1, 28, 28) and t (N,): its loss comes back."""
    if library == "NumPy":
        import by_hand

        model = by_hand.NETWORKS[network]()
        adam = by_hand.Adam(model.parameters, lr)
        x = {"MLP": x.reshape(len(x), 784), "CNN": x, "RNN": x[:, 0]}[network]

        def step() -> float:
            loss, gradients = model.gradients(x, t)
            adam.step(gradients)
            return float(loss)

        return step
    torch = load(library)
    model = build(torch, network)
    images, targets = torch.from_numpy(x), torch.from_numpy(t)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    criterion = torch.nn.CrossEntropyLoss()

    def step() -> float:
        optimizer.zero_grad()
        loss = criterion(model(images), targets)
        loss.backward()
        optimizer.step()
        return float(loss.item())

    return step


def in_own_process(script: str, arguments: list[str], one_thread: bool, pause: float = 1.0) -> Any:
    """Run `script --worker arguments…` in a process of its own, after a pause, and return the JSON it prints last."""
    environment = {name: value for name, value in os.environ.items() if name not in THREADS}
    if one_thread:
        environment |= dict.fromkeys(THREADS, "1")
    time.sleep(pause)
    command = [sys.executable, str(HERE / script), "--worker", *arguments]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


@contextlib.contextmanager
def digits_for_workers(full: bool, **others: np.ndarray) -> Iterator[None]:
    """Put MNIST, and other arrays, into a file for the workers: only those of nnkit may import nnkit."""
    from nnkit.data import mnist

    parts = [part.numpy() for train in (True, False) for part in mnist(train=train, full=full)]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NNKIT_BENCHMARK_DIGITS"] = path = os.path.join(folder, "digits.npz")
        np.savez(path, *parts, **others)
        yield


def stored(prefix: str) -> dict[str, np.ndarray]:
    """Return the arrays of the workers' file whose names begin with this."""
    with np.load(os.environ["NNKIT_BENCHMARK_DIGITS"]) as file:
        return {name: file[name] for name in file.files if name.startswith(prefix)}


def digits() -> tuple[Any, ...]:
    """Return training images (N, 1, 28, 28) in 0 to 1 and labels, and the same for testing, in a worker."""
    return tuple(stored("arr_").values())


def peak_memory() -> float:
    """Return the most memory this process has held, in MB; NaN where the system does not say (Windows)."""
    try:
        import resource
    except ImportError:
        return float("nan")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)


def setting() -> str:
    """Return in one line what was measured with."""
    versions = [f"Python {platform.python_version()}", f"NumPy {np.__version__}"]
    if importlib.util.find_spec("torch"):
        versions.append(f"PyTorch {importlib.metadata.version('torch')}")
    return f"{platform.system()}, {os.cpu_count()} processors, {', '.join(versions)}"


def print_table(rows: list[list[str]]) -> None:
    """Print rows under a header in columns, the first to the left and the others to the right, as Markdown."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for number, row in enumerate(rows):
        cells = [cell.rjust(width) if i else cell.ljust(width) for i, (cell, width) in enumerate(zip(row, widths))]  # noqa: B905
        print("| " + " | ".join(cells) + " |", flush=True)
        if not number:
            print("|" + "|".join("-" * (width + 1) + (":" if i else "-") for i, width in enumerate(widths)) + "|")
