"""Where nnkit and PyTorch differ on purpose: what the site says of it is what both of them do."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path

import pytest

import nnkit

sys.path.insert(0, str(Path(__file__).parent))
import differences

EACH = [pytest.param(one, id=f"{at} {one.of}") for at, one in enumerate(differences.DIFFERENCES)]


@pytest.mark.parametrize("difference", EACH)
def test_nnkit_does_what_is_said_of_it(difference: differences.Difference) -> None:
    assert differences.outcome(difference.code, nnkit) == difference.nnkit


@pytest.mark.skipif(
    importlib.util.find_spec("torch") is None, reason="PyTorch is not installed (pip install -e '.[oracle]')"
)
@pytest.mark.parametrize("difference", EACH)
def test_pytorch_does_what_is_said_of_it(difference: differences.Difference) -> None:
    assert differences.outcome(difference.code, importlib.import_module("torch")) == difference.torch


def test_every_listed_difference_is_shown_and_every_shown_one_is_listed() -> None:
    lines = differences.listed()
    assert len(lines) >= 10
    shown = {one.of for one in differences.DIFFERENCES}
    assert [line for line in lines if not any(line.startswith(of) for of in shown)] == []
    assert [of for of in shown if not any(line.startswith(of) for line in lines)] == []
