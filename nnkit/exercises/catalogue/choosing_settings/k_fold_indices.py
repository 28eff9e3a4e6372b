"""Folds for cross-validation: every index validates once, and trains in all other folds."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numpy as np

from nnkit.exercises.beside.probes.folds import folds
from nnkit.exercises.catalogue.choosing_settings.parts.folds import SENTENCES, judge
from nnkit.exercises.catalogue.withheld import FOLDS
from nnkit.exercises.exercise import Case, Mistake, exercise, wrong


def draw(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Folds that come out even or not, as many as there are indices, and two; the fewest indices first."""

    def case(n: int, k: int, covers: str) -> Case:
        return Case({"n": n, "k": k, "seed": int(rng.integers(1000))}, covers, f"n = {n}, k = {k}")

    found = [
        case(5, 5, "as many folds as indices"),
        case(5, 2, "two folds"),
        case(6, 3, "parts of one size"),
        case(7, 3, "one index left over"),
        case(11, 4, "three left over"),
        case(20, 2, "two folds"),
        case(23, 4, "three left over"),
        case(24, 24, "as many folds as indices"),
        case(25, 3, "one index left over"),
        case(30, 5, "parts of one size"),
    ]
    return [*found, case(43, 8, "three left over"), case(60, 10, "parts of one size")] if hidden else found


Parts = list[np.ndarray]


def pairs(parts: Parts) -> list[tuple[np.ndarray, np.ndarray]]:
    """Each part to validate with, beside all others together."""
    return [(np.concatenate([*parts[:i], *parts[i + 1 :], parts[i][:0]]), part) for i, part in enumerate(parts)]


def of(order: np.ndarray, k: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """The folds along an order."""
    return pairs(np.array_split(order, k))


def cut(order: np.ndarray, size: int, most: int = 1_000_000) -> Parts:
    """Parts of a size, at most so many."""
    return [order[start : start + size] for start in range(0, len(order), size)][:most]


def seen(student: Callable[..., Any]) -> Callable[..., Any]:
    """What the probe sees of an answer, a function of n, k and rng."""
    return lambda n, k, seed: folds(student, {"n": n, "k": k, "seed": seed}, {})


def mistaken(symptom: str, student: Callable[..., Any]) -> Mistake:
    """A mistake that the judge knows by its symptom."""
    return wrong(symptom, seen(student)).told(SENTENCES[symptom])


def parted(symptom: str, change: Callable[..., Any]) -> Mistake:
    """The same, made from the parts of a shuffled order."""
    return mistaken(symptom, lambda n, k, rng: change(np.array_split(rng.permutation(n), k)))


def rounded_up(order: np.ndarray, k: int) -> Parts:
    """k parts of n / k indices, rounded up, the last ones with what is left, be it none."""
    size = -(-len(order) // k)
    return [order[start : start + size] for start in range(0, k * size, size)]


def all_but_its_places(n: int, k: int, rng: np.random.Generator) -> Any:
    """Parts of a shuffled order, each beside all indices but the numbers of its places."""
    places = np.array_split(np.arange(n), k)
    order = rng.permutation(n)
    return [(np.setdiff1d(np.arange(n), part), order[part]) for part in places]


def in_masks(n: int, k: int, rng: np.random.Generator) -> Any:
    """True where an index belongs."""
    validation = [np.isin(np.arange(n), part) for part in np.array_split(rng.permutation(n), k)]
    return [(~mask, mask) for mask in validation]


EXERCISE = exercise(
    "k_fold_indices(n, k, rng)",
    reference=seen(lambda n, k, rng: of(rng.permutation(n), k)),
    cases=draw,
    probe="folds",
    judge=judge,
    withheld=FOLDS,
    hints=(
        """One shuffled order of 0 … n − 1, cut into k parts. Each part validates once; what is in the training of that
        fold?""",
        """`np.array_split(order, k)` gives parts whose sizes differ by 1 at most. For fold i, `np.concatenate` puts all
        parts but part i together.""",
    ),
    mistakes=(
        mistaken("not shuffled", lambda n, k, rng: of(np.arange(n), k)),
        mistaken(
            "parts of neighbours",
            lambda n, k, rng: [of(np.arange(n), k)[fold] for fold in rng.permutation(k)],
        ),
        wrong(
            "parts of neighbours, shuffled in themselves",
            seen(lambda n, k, rng: pairs([rng.permutation(part) for part in np.array_split(np.arange(n), k)])),
        ).told(SENTENCES["parts of neighbours"]),
        mistaken("another source", lambda n, k, rng: of(np.random.default_rng().permutation(n), k)),
        mistaken("same folds again", lambda n, k, rng: of(np.random.default_rng(0).permutation(n), k)),
        mistaken("same for one seed", lambda n, k, rng: of(deepcopy(rng).permutation(n), k)),
        mistaken("drawn anew", lambda n, k, rng: [of(rng.permutation(n), k)[fold] for fold in range(k)]),
        mistaken("remainder missing", lambda n, k, rng: pairs(cut(rng.permutation(n), n // k, k))),
        mistaken(
            "remainder in one",
            lambda n, k, rng: pairs(np.split(rng.permutation(n), [n // k * fold for fold in range(1, k)])),
        ),
        mistaken("k in a part", lambda n, k, rng: pairs(cut(rng.permutation(n), k))),
        mistaken("rounded up", lambda n, k, rng: pairs(rounded_up(rng.permutation(n), k))),
        mistaken("places", all_but_its_places),
        parted("same pair", lambda parts: [pairs(parts)[-1]] * len(parts)),
        parted(
            "later parts", lambda parts: [(np.concatenate([*parts[i + 1 :], p[:0]]), p) for i, p in enumerate(parts)]
        ),
        parted("swapped", lambda parts: [(part, rest) for rest, part in pairs(parts)]),
        parted("training is everything", lambda parts: [(np.concatenate(parts), part) for part in parts]),
        parted("earlier parts", lambda parts: [(np.concatenate([p[:0], *parts[:i]]), p) for i, p in enumerate(parts)]),
        parted("one part trains", lambda parts: [(parts[i - 1], part) for i, part in enumerate(parts)]),
        parted("one fold", lambda parts: pairs(parts)[:1]),
        parted("parts alone", lambda parts: parts),
        parted("list of parts", lambda parts: [(parts[:i] + parts[i + 1 :], part) for i, part in enumerate(parts)]),
        mistaken("masks", in_masks),
        parted("handed out", lambda parts: (fold for fold in pairs(parts))),
    ),
)
