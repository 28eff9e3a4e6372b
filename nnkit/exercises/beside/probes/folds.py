"""Probe of `k_fold_indices`: folds for a generator, for one of the same seed, for a used one, and for another seed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from nnkit.exercises.beside import wire
from nnkit.exercises.beside.probes import probe


@probe
def folds(student: Any, arguments: dict[str, Any], namespace: Mapping[str, Any]) -> Any:
    """Ask for folds four times.

    Returns
    -------
    list
        Four times what came back: with fresh generators of the same seed (twice), once more with the second of these,
        and with one of another seed. What hands out one fold after the other is listed, up to some more than k.
    """
    n, k, seed = (arguments[key] for key in ("n", "k", "seed"))
    generator = np.random.default_rng(seed)
    generators = (np.random.default_rng(seed), generator, generator, np.random.default_rng(seed + 1))
    return [_listed(student(n, k, rng), k + n) for rng in generators]


def _listed(returned: Any, most: int) -> Any:
    """What came back as plain data; a generator or zip as the list of what it gives."""
    if isinstance(returned, Iterable) and not isinstance(returned, str | dict | np.ndarray | list | tuple):
        returned = [fold for fold, _ in zip(returned, range(most), strict=False)]
    return wire.plain(returned)
