"""Run a program that says `import torch`, with PyTorch or with nnkit in its place.

    python tests/portability/run.py nnkit cnn        # what it prints with nnkit
    python tests/portability/run.py torch cnn        # what it prints with PyTorch
    python tests/portability/run.py record           # write every programs/*.txt anew, from PyTorch

A program knows nothing of this: `import torch` finds what stands in `sys.modules` under that name.
"""

from __future__ import annotations

import importlib
import os
import re
import runpy
import subprocess
import sys
import types
from pathlib import Path

PROGRAMS = Path(__file__).parent / "programs"
NAMES = sorted(path.stem for path in PROGRAMS.glob("*.py"))
MODULES = {
    "torch": "nnkit",
    "torch.nn": "nnkit.nn",
    "torch.nn.functional": "nnkit.functional",
    "torch.optim": "nnkit.optim",
    "torch.utils.data": "nnkit.data",
}
NUMBER = re.compile(r"[-+]?\d+\.?\d*(?:e[-+]?\d+)?")


def put_nnkit_in_place_of_torch() -> None:
    """Let `import torch` and its modules mean nnkit, in this process."""
    for name, module in MODULES.items():
        sys.modules[name] = importlib.import_module(module)
    utils = types.ModuleType("torch.utils")
    utils.data = sys.modules["torch.utils.data"]  # type: ignore[attr-defined]
    sys.modules["torch.utils"] = utils


def output(library: str, name: str) -> str:
    """Return what a program prints with "nnkit" or "torch", run in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(PROGRAMS.parents[2]), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, __file__, library, name]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False
    )
    if done.returncode:
        raise AssertionError(f"{name} failed with {library}:\n{done.stderr}")
    return done.stdout


def recorded(name: str) -> str:
    """Return what PyTorch printed, as stored beside the program."""
    return (PROGRAMS / f"{name}.txt").read_text(encoding="utf-8")


def difference(expected: str, got: str) -> str | None:
    """Say where two outputs differ: in a word, or in a number by more than 1 in the last digit that is printed.

    Examples
    --------
    >>> difference("loss 0.1234", "loss 0.1235")
    >>> difference("loss 0.1234", "loss 0.1239")
    "line 1: expected 'loss 0.1234', got 'loss 0.1239'"
    """
    wanted, found = expected.splitlines(), got.splitlines()
    for number, (one, other) in enumerate(zip(wanted, found, strict=False), 1):
        pairs = list(zip(NUMBER.findall(one), NUMBER.findall(other), strict=False))
        same_words = NUMBER.sub("#", one) == NUMBER.sub("#", other)
        if not same_words or any(abs(float(a) - float(b)) > 1.01 * max(_unit(a), _unit(b)) for a, b in pairs):
            return f"line {number}: expected {one!r}, got {other!r}"
    return None if len(wanted) == len(found) else f"expected {len(wanted)} lines, got {len(found)}"


def _unit(number: str) -> float:
    """Return what 1 in the last printed digit is worth: 0.01 for 3.14, 0 for an integer."""
    digits, _, exponent = number.partition("e")
    places = len(digits.partition(".")[2])
    return 10.0 ** (int(exponent or 0) - places) if places else 0.0


def main(arguments: list[str]) -> None:
    """Do what the command line says."""
    if arguments == ["record"]:
        for name in NAMES:
            (PROGRAMS / f"{name}.txt").write_text(output("torch", name), encoding="utf-8", newline="\n")
    else:
        library, name = arguments
        if library == "nnkit":
            put_nnkit_in_place_of_torch()
        runpy.run_path(str(PROGRAMS / f"{name}.py"), run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
