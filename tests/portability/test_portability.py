"""Programs written for PyTorch print the same numbers with nnkit in its place.

Beside each program lies what PyTorch 2.13 printed, so nnkit is tested without it; where PyTorch is installed, the
record itself is tested too.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import run

needs_torch = pytest.mark.skipif(
    importlib.util.find_spec("torch") is None, reason="PyTorch is not installed (pip install -e '.[oracle]')"
)


@pytest.mark.parametrize("name", run.NAMES)
def test_nnkit_prints_what_torch_printed(name: str) -> None:
    found = run.difference(run.recorded(name), run.output("nnkit", name))
    assert found is None, f"{name}: {found}"


@needs_torch
@pytest.mark.parametrize("name", run.NAMES)
def test_torch_prints_what_is_recorded(name: str) -> None:
    found = run.difference(run.recorded(name), run.output("torch", name))
    assert found is None, f"{name}: {found}"


def test_programs_know_nothing_of_nnkit() -> None:
    assert len(run.NAMES) >= 8
    assert [name for name in run.NAMES if "nnkit" in (run.PROGRAMS / f"{name}.py").read_text(encoding="utf-8")] == []
    assert sorted(path.stem for path in run.PROGRAMS.glob("*.txt")) == run.NAMES


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ("loss 1.00", "loss 1.05"),
        ("3 right", "4 right"),
        ("a 1.0", "b 1.0"),
        ("1.0", "1.0\n2.0"),
        ("2.000e-05", "2e-3"),
    ],
)
def test_differences_are_found(expected: str, got: str) -> None:
    assert run.difference(expected, got)
