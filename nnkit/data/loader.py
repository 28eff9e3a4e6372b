"""Datasets and batches: what `torch.utils.data` is for PyTorch.

A dataset is anything with a length whose items are samples. A `DataLoader` goes through one in batches, in a new order
every epoch if it shuffles.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from nnkit import engine
from nnkit.engine import Array, Tensor, from_numpy, generator_or_default, tensor


class TensorDataset:
    """Tensors side by side: sample i consists of their i-th entries.

    Parameters
    ----------
    *tensors : Tensor
        With equal first sizes; arrays are taken too.

    Raises
    ------
    ValueError
        If their first sizes differ, or there are none.

    Examples
    --------
    >>> dataset = TensorDataset(engine.ones(3, 2), engine.arange(3))
    >>> len(dataset), dataset[1]
    (3, (tensor([1., 1.]), tensor(1)))
    """

    def __init__(self, *tensors: Any) -> None:
        self.tensors: tuple[Tensor, ...] = tuple(
            from_numpy(part) if isinstance(part, np.ndarray) else part for part in tensors
        )
        if not self.tensors or not all(part.ndim for part in self.tensors):
            raise ValueError("A TensorDataset needs tensors with at least one dimension: that of the samples.")
        if len({len(part) for part in self.tensors}) > 1:
            shapes = " and ".join(str(part.shape) for part in self.tensors)
            raise ValueError(f"A TensorDataset needs tensors of equal first sizes, got shapes {shapes}.")

    def __len__(self) -> int:
        return len(self.tensors[0])

    def __getitem__(self, index: Any) -> tuple[Tensor, ...]:
        return tuple(part[index] for part in self.tensors)


class Subset:
    """The samples of a dataset at some indices, in that order."""

    def __init__(self, dataset: Any, indices: Sequence[int]) -> None:
        self.dataset, self.indices = dataset, indices

    def __len__(self) -> int:
        return len(self.indices)

    def __getitem__(self, index: int) -> Any:
        return self.dataset[self.indices[index]]


class DataLoader:
    """Batches of a dataset, one epoch for each `for` loop.

    Parameters
    ----------
    dataset : dataset
        With `len` and items: a tensor (or array, or number), or a tuple, list or dict of them, for each sample.
    batch_size : int
        Samples in a batch.
    shuffle : bool
        Whether to take them in random order, a new one in every epoch.
    drop_last : bool
        Whether to leave out the last batch if it is not full.
    generator : numpy.random.Generator, optional
        Where the order comes from; left out, the one that `nnkit.manual_seed` seeds.

    Raises
    ------
    ValueError
        If the batch size is no positive integer.

    Examples
    --------
    >>> dataset = TensorDataset(engine.arange(5), engine.arange(5) * 10)
    >>> for x, y in DataLoader(dataset, batch_size=2):
    ...     print(x.tolist(), y.tolist())
    [0, 1] [0, 10]
    [2, 3] [20, 30]
    [4] [40]
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int = 1,
        shuffle: bool = False,
        drop_last: bool = False,
        generator: np.random.Generator | None = None,
    ) -> None:
        if not isinstance(batch_size, int | np.integer) or batch_size < 1:
            raise ValueError(f"batch_size must be an integer of at least 1, got {batch_size!r}.")
        self.dataset, self.batch_size, self.shuffle, self.drop_last = dataset, int(batch_size), shuffle, drop_last
        self.generator = generator_or_default(generator)

    def __len__(self) -> int:
        """The number of batches in an epoch."""
        n = len(self.dataset)
        return n // self.batch_size if self.drop_last else -(-n // self.batch_size)

    def __iter__(self) -> Iterator[Any]:
        n = len(self.dataset)
        order = self.generator.permutation(n) if self.shuffle else np.arange(n)
        for start in range(0, len(self) * self.batch_size, self.batch_size):
            yield _batch(self.dataset, order[start : start + self.batch_size])


def _batch(dataset: Any, indices: Array) -> Any:
    """Return the samples at these indices as one batch; a copy, so that changing it does not change the data."""
    if type(dataset) is Subset:
        return _batch(dataset.dataset, np.asarray(dataset.indices)[indices])
    if type(dataset) is TensorDataset:
        return [from_numpy(part.detach().numpy()[indices]) for part in dataset.tensors]
    return _collated([dataset[int(i)] for i in indices])


def _collated(samples: list[Any]) -> Any:
    """Put samples together: a list of pairs becomes a pair of batches."""
    first = samples[0]
    if isinstance(first, Tensor):
        return engine.stack([sample.detach() for sample in samples])
    if isinstance(first, dict):
        return {name: _collated([sample[name] for sample in samples]) for name in first}
    if isinstance(first, tuple | list):
        return [_collated(list(parts)) for parts in zip(*samples, strict=True)]
    if isinstance(first, np.ndarray | np.generic):
        return tensor(np.stack(samples))
    if isinstance(first, float):
        return tensor(samples, dtype=np.float64)  # as in PyTorch
    return samples if isinstance(first, str) else tensor(samples)


def random_split(dataset: Any, lengths: Sequence[float], generator: np.random.Generator | None = None) -> list[Subset]:
    """Divide a dataset at random.

    Parameters
    ----------
    dataset : dataset
        What to divide.
    lengths : sequence of float
        The sizes of the parts, or their shares of the whole; shares must add up to 1. What rounding down leaves over
        goes to the first parts, one sample each.
    generator : numpy.random.Generator, optional
        Where the order comes from; left out, the one that `nnkit.manual_seed` seeds.

    Raises
    ------
    ValueError
        If the sizes do not add up to the dataset's.

    Examples
    --------
    >>> [len(part) for part in random_split(TensorDataset(engine.arange(11)), [0.7, 0.3])]
    [8, 3]
    """
    n = len(dataset)
    shares = math.isclose(sum(lengths), 1)
    sizes = [math.floor(n * share) if shares else int(share) for share in lengths]
    if any(length < 0 for length in lengths) or not (shares or (sizes == list(lengths) and sum(sizes) == n)):
        raise ValueError(
            f"The parts must add up to the {n} samples, or be shares that add up to 1; got {list(lengths)}."
        )
    for i in range(n - sum(sizes)):
        sizes[i % len(sizes)] += 1
    order = generator_or_default(generator).permutation(n)
    ends = [0, *itertools.accumulate(sizes)]
    return [Subset(dataset, order[start:end].tolist()) for start, end in itertools.pairwise(ends)]
