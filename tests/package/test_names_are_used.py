"""A public name that nobody uses is not there: a notebook uses it, or a program that runs with PyTorch, too."""

from __future__ import annotations

from pathlib import Path

from public_names import names_used, public_names, used_names

# What nobody types, because a function gives it: its name is for annotations and for `except`.
GIVEN_BY = {"nnkit.training.History": "nnkit.training.fit", "nnkit.GradientError": "nnkit.gradcheck"}


def test_every_name_is_used(repository: Path) -> None:
    used = used_names(repository)
    given = {name for name, giver in GIVEN_BY.items() if giver in used}
    assert sorted(public_names() - used - given) == [], "Nobody uses these: remove them."


def test_what_is_only_given_exists_and_is_used_by_nobody(repository: Path) -> None:
    assert GIVEN_BY.keys() <= public_names() - used_names(repository)


def test_use_is_seen_under_every_name_that_a_module_has() -> None:
    code = """
import nnkit as torch
import torch.nn.functional as F
from nnkit import nn, optim
from nnkit.data import toys
from torch.utils.data import DataLoader
%matplotlib inline
x = torch.exp(F.relu(nn.Linear(2, 3)(toys.moons()[0])).clamp(0))
nn.init.zeros_(x.grad)
optim.lr_scheduler.StepLR
"""
    names = (
        "exp functional.relu nn.Linear data.toys.moons data.DataLoader nn.init.zeros_ optim.lr_scheduler.StepLR "
        "Tensor.clamp Tensor.grad"
    )
    assert {f"nnkit.{name}" for name in names.split()} <= names_used(code, {})


def test_what_numpy_is_asked_for_is_no_use_of_a_tensor() -> None:
    assert "nnkit.Tensor.exp" not in names_used("import numpy as np\nnp.exp(1.0)", {})


def test_what_an_earlier_cell_imported_is_known_in_a_later_one() -> None:
    imported: dict[str, str] = {}
    names_used("from nnkit import nn", imported)
    assert "nnkit.nn.GRU" in names_used("nn.GRU(1, 2)", imported)
