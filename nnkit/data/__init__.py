"""Data: datasets and loaders after `torch.utils.data`, and the course's own data sets.

`loader` cuts data into batches; `mnist`, `toys` and `series` are what there is to learn from. Where each comes from and
under which licence is written in `files/README.md`.
"""

from __future__ import annotations

from nnkit.data import series, toys
from nnkit.data.loader import DataLoader, Subset, TensorDataset, random_split
from nnkit.data.mnist import mnist
from nnkit.data.series import sunspots

__all__ = ["DataLoader", "Subset", "TensorDataset", "mnist", "random_split", "series", "sunspots", "toys"]
