"""Datasets, batches, splits."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

import nnkit
from nnkit import arange, tensor
from nnkit.data import DataLoader, Subset, TensorDataset, random_split


def numbers(n: int) -> TensorDataset:
    return TensorDataset(arange(n), arange(2 * n).reshape(n, 2))


def generator(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize(
    ("n", "size", "drop", "sizes"),
    [
        (7, 3, False, [3, 3, 1]),
        (7, 3, True, [3, 3]),
        (6, 3, 0, [3, 3]),
        (2, 5, True, []),
        (2, 5, False, [2]),
        (0, 5, False, []),
    ],
)
def test_batches_come_in_order_and_the_last_may_be_small_or_dropped(
    n: int, size: int, drop: bool, sizes: list[int]
) -> None:
    loader = DataLoader(numbers(n), batch_size=size, drop_last=drop)
    batches = list(loader)
    assert [len(x) for x, _ in batches] == sizes
    assert len(loader) == len(sizes)
    assert [i for x, _ in batches for i in x.tolist()] == list(range(sum(sizes)))
    for x, y in batches:
        assert y.tolist() == [[2 * i, 2 * i + 1] for i in x.tolist()]


def test_a_shuffled_epoch_has_every_sample_once_and_each_epoch_its_own_order() -> None:
    loader = DataLoader(numbers(50), batch_size=8, shuffle=True, generator=generator())
    epochs = [[(i, *row) for x, y in loader for i, row in zip(x.tolist(), y.tolist(), strict=True)] for _ in range(2)]
    assert epochs[0] != epochs[1]
    for epoch in epochs:
        assert sorted(epoch) == [(i, 2 * i, 2 * i + 1) for i in range(50)]
    again = DataLoader(numbers(50), batch_size=8, shuffle=True, generator=generator())
    assert [i for x, _ in again for i in x.tolist()] == [i for i, *_ in epochs[0]]


def test_the_seed_of_nnkit_decides_when_no_generator_is_given() -> None:
    def order() -> list[int]:
        nnkit.manual_seed(4)
        return [i for x, _ in DataLoader(numbers(20), shuffle=True) for i in x.tolist()]

    assert order() == order()
    first, second = nnkit.manual_seed(1), DataLoader(numbers(20), shuffle=True, generator=nnkit.manual_seed(1))
    assert second.generator is first


def test_a_batch_is_a_copy() -> None:
    data = numbers(4)
    for x, _ in DataLoader(data, batch_size=2):
        x += 100
    assert data.tensors[0].tolist() == [0, 1, 2, 3]


def test_items_of_all_kinds_are_put_together() -> None:
    samples = [{"x": np.float32(i), "pair": (i, [i / 2, tensor([i])]), "name": str(i)} for i in range(2)]
    (batch,) = DataLoader(samples, batch_size=2)
    assert (batch["x"].tolist(), batch["x"].dtype) == ([0, 1], nnkit.float32)
    assert batch["pair"][0].dtype == nnkit.int64
    assert batch["pair"][1][0].dtype == nnkit.float64
    assert batch["pair"][1][1].tolist() == [[0], [1]]
    assert batch["name"] == ["0", "1"]


def test_parameters_in_a_dataset_come_without_history() -> None:
    x = nnkit.ones(3, 2, requires_grad=True)
    assert not next(iter(DataLoader(TensorDataset(x))))[0].requires_grad


@pytest.mark.parametrize(
    ("n", "lengths", "sizes"),
    [
        (10, [7, 3], [7, 3]),
        (11, [0.7, 0.3], [8, 3]),
        (10, [0.5, 0.25, 0.25], [6, 2, 2]),
        (3, [3, 0], [3, 0]),
        (10, [0.1] * 10, [1] * 10),
    ],
)
def test_a_random_split_gives_every_sample_to_one_part(n: int, lengths: list[float], sizes: list[int]) -> None:
    parts = random_split(numbers(n), lengths, generator())
    assert [len(part) for part in parts] == sizes
    assert sorted(part[i][0].item() for part in parts for i in range(len(part))) == list(range(n))
    again = random_split(numbers(n), lengths, generator())
    assert [part.indices for part in parts] == [part.indices for part in again]


def test_a_part_of_a_part_can_be_loaded() -> None:
    part = Subset(Subset(numbers(10), [5, 6, 7, 8]), [3, 0])
    (batch,) = DataLoader(part, batch_size=2)
    assert batch[0].tolist() == [8, 5]
    (plain,) = DataLoader(Subset(list(range(10, 20)), [3, 0]), batch_size=2)
    assert plain.tolist() == [13, 10]


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: TensorDataset(), ValueError, "needs tensors"),
        (lambda: TensorDataset(tensor(1.0)), ValueError, "at least one dimension"),
        (lambda: TensorDataset(nnkit.ones(3), nnkit.ones(4, 2)), ValueError, r"\(3,\) and \(4, 2\)"),
        (lambda: DataLoader(numbers(3), batch_size=0), ValueError, "batch_size"),
        (lambda: DataLoader(numbers(3), batch_size=2.5), ValueError, r"2\.5"),
        (lambda: DataLoader(numbers(3), generator=3), TypeError, "manual_seed"),
        (lambda: random_split(numbers(3), [2, 2]), ValueError, "3 samples"),
        (lambda: random_split(numbers(3), [0.5, 0.4]), ValueError, r"0\.4"),
        (lambda: random_split(numbers(3), [4, -1]), ValueError, "-1"),
    ],
)
def test_what_does_not_fit_is_a_sentence(make: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        make()


@pytest.mark.parametrize(
    "make", [lambda: nnkit.Generator().manual_seed(8), lambda: np.random.default_rng(8)], ids=["nnkit", "NumPy"]
)
def test_a_generator_decides_alone(make: Any) -> None:
    dataset = TensorDataset(nnkit.arange(30))

    def drawn() -> list[Any]:
        nnkit.rand(1)  # what else is drawn does not matter
        loader = DataLoader(dataset, batch_size=7, shuffle=True, generator=make())
        parts = random_split(dataset, [20, 10], generator=make())
        X, _ = nnkit.data.toys.moons(10, generator=make())
        _, y = nnkit.data.series.memory(5, 3, generator=make())
        folds = [fold.tolist() for _, fold in nnkit.training.k_fold(9, 3, generator=make())]
        return [[x.tolist() for (x,) in loader], parts[1].indices, X.tolist(), y.tolist(), folds]

    assert drawn() == drawn()


def test_a_loader_goes_on_with_its_generator_and_a_copy_of_it_does_the_same() -> None:
    loader = DataLoader(TensorDataset(nnkit.arange(30)), batch_size=30, shuffle=True, generator=nnkit.Generator())
    ((first,),) = loader
    twin = copy.deepcopy(loader)
    ((second,),), ((same,),) = loader, twin
    assert first.tolist() != second.tolist()
    assert second.tolist() == same.tolist()
    assert type(twin.generator) is nnkit.Generator
