"""Probe of `k_fold_indices`: folds for a generator, for one of the same seed, for a used one, and for another seed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
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
        and with one of another seed. What has a length and is no list, such as a deque, is listed; what hands out one
        fold after the other, and once only, is told by its type.
    """
    n, k, seed = (arguments[key] for key in ("n", "k", "seed"))
    generator = np.random.default_rng(seed)
    generators = (np.random.default_rng(seed), generator, generator, np.random.default_rng(seed + 1))
    return [_listed(student(n, k, rng)) for rng in generators]


def _listed(returned: Any) -> Any:
    """What came back as plain data; another kind of row than a list, such as a deque, as the list that it is."""
    if isinstance(returned, Collection) and not isinstance(returned, str | bytes | dict | np.ndarray | list | tuple):
        returned = list(returned)
    return wire.plain(returned)
