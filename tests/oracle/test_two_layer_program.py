"""The PyTorch program that notebook 04 shows as text prints what stands beneath it, and nnkit prints the same."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "portability"))
from run import difference

REPOSITORY = Path(__file__).resolve().parents[2]
NOTEBOOK = REPOSITORY / "solutions" / "04_mlp" / "training_networks.ipynb"


@pytest.fixture(scope="module")
def cells() -> dict[str, str]:
    """The sources of the notebook's cells by their id."""
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    return {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"]}


@pytest.fixture(scope="module")
def shown(cells: dict[str, str]) -> tuple[str, str]:
    """The program and its output, as a reader sees them."""
    program, printed = re.findall(r"```\w*\n(.*?)```", cells["program_torch"], re.DOTALL)
    return program, printed


def output(program: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert not done.returncode, done.stderr
    return done.stdout


def test_torch_prints_what_the_notebook_shows(shown: tuple[str, str]) -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed (pip install -e '.[oracle]')")
    program, printed = shown
    assert difference(printed, output(program)) is None


def test_nnkit_prints_the_same(shown: tuple[str, str]) -> None:
    program, printed = shown
    assert difference(printed, output(program.replace("import torch", "import nnkit as torch"))) is None


def test_the_cell_that_runs_it_differs_in_one_line(cells: dict[str, str], shown: tuple[str, str]) -> None:
    """The notebook says so; its numpy is imported already."""
    text = shown[0].replace("import numpy as np\n", "").replace("import torch", "import nnkit as torch")
    assert cells["by_nnkit"].strip() == text.strip()


def test_the_program_by_hand_starts_from_the_same_numbers(cells: dict[str, str], shown: tuple[str, str]) -> None:
    drawn = re.compile(r"standard_normal\(\((\d+), (\d+)\)\)")
    assert drawn.findall(cells["by_hand"]) == drawn.findall(shown[0])
    assert output("import numpy as np\n" + cells["by_hand"]) == shown[1]
