"""A public name that nobody uses is not there: every one has a reader, or is listed here with the one that is to come.

The list shrinks as the course grows, and is empty when notebook 08 is there.
"""

from __future__ import annotations

from pathlib import Path

from public_names import names_used, public_names, used_names

# The notebook of the course that will use them.
TO_COME = {
    "07, MNIST": """
        data.Subset functional.dropout load save training.GridResult training.History training.evaluate
        training.grid_search training.k_fold functional.avg_pool2d functional.batch_norm nn.AvgPool2d nn.BatchNorm2d
        gradcheck GradientError
    """,
}
LISTED = {f"nnkit.{name}": reader for reader, names in TO_COME.items() for name in names.split()}


def test_every_name_is_used_or_waits_for_a_reader_who_is_named(repository: Path) -> None:
    unused = public_names() - used_names(repository)
    assert sorted(unused - LISTED.keys()) == [], "Nobody uses these: remove them, or say in TO_COME who will."


def test_a_name_that_is_used_waits_no_longer(repository: Path) -> None:
    assert sorted(LISTED.keys() & used_names(repository)) == [], "These are used now: take them out of TO_COME."


def test_only_names_that_exist_wait() -> None:
    assert sorted(LISTED.keys() - public_names()) == [], "These do not exist: take them out of TO_COME."


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
