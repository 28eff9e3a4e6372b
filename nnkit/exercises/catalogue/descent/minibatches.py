"""One epoch of mini-batches: every sample once, beside its own target, in a shuffled order."""

import itertools
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numpy as np

from nnkit.exercises.beside.probes.descent import minibatches
from nnkit.exercises.catalogue.descent.parts.batches import SENTENCES, judge
from nnkit.exercises.catalogue.withheld import BATCHES
from nnkit.exercises.exercise import Case, Mistake, call_by_name, exercise, wrong
from nnkit.languages import say


def draw(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Few samples and many, of one axis and of several, with batches that come out even or not."""

    def case(samples: int, one: tuple[int, ...], target: tuple[int, ...], batch_size: int, covers: str) -> Case:
        X = rng.permutation(samples * int(np.prod(one))).reshape(samples, *one) / 2
        y = rng.permutation(samples * int(np.prod(target, dtype=int))).reshape(samples, *target)
        text = say(
            "X of shape {shape}, y of shape {shape_2}, batch_size = {batch_size}",
            shape=X.shape,
            shape_2=y.shape,
            batch_size=batch_size,
        )
        return Case({"X": X, "y": y, "batch_size": batch_size, "seed": int(rng.integers(1000))}, covers, text)

    cases = [
        case(5, (2,), (), 2, "a shorter last batch"),
        case(6, (2,), (), 3, "batches that come out even"),
        case(4, (3,), (), 1, "single samples"),
        case(6, (3,), (), 9, "all samples in one batch"),
        case(18, (3,), (), 18, "all samples in one batch"),
        case(16, (4,), (), 25, "all samples in one batch"),
        case(26, (3,), (), 8, "a shorter last batch"),
        case(20, (2,), (), 5, "batches that come out even"),
        case(15, (2,), (), 1, "single samples"),
        case(23, (4,), (2,), 6, "targets with several columns"),
        case(17, (3, 3), (), 4, "images"),
        case(21, (), (2,), 4, "inputs of one number"),
        case(14, (2, 2), (3, 2), 3, "targets that are images"),
    ]
    if hidden:
        cases += [
            case(31, (2,), (3,), 10, "targets with several columns"),
            case(24, (5,), (), 7, "a shorter last batch"),
            case(14, (2, 3), (), 14, "all samples in one batch"),
        ]
    return cases


def cut(X: np.ndarray, y: np.ndarray, size: int, order: Any, longer: int = 0) -> list[tuple[np.ndarray, np.ndarray]]:
    """An epoch along an order; its batches may be longer than the steps from one to the next."""
    slices = [order[start : start + size + longer] for start in range(0, len(order), size)]
    return [(X[batch], y[batch]) for batch in slices]


def shuffled(X: np.ndarray, y: np.ndarray, size: int, rng: np.random.Generator) -> Any:
    """An epoch as it should be."""
    return cut(X, y, size, rng.permutation(len(X)))


def apart(X: np.ndarray, y: np.ndarray, size: int, order: Any, other: Any) -> Any:
    """An epoch whose inputs and targets have each an order of their own."""
    return [(Xb, yb) for (Xb, _), (_, yb) in zip(cut(X, y, size, order), cut(X, y, size, other), strict=True)]


def seen(answer: Callable[..., Any]) -> Callable[..., Any]:
    """What the probe sees of an answer.

    The answer is a function of X, y, size and rng by name; also of ``order``, a shuffled order, and of ``batches``,
    the epoch as it should be.
    """

    def student(X: np.ndarray, y: np.ndarray, size: int, rng: np.random.Generator) -> Any:
        def right() -> dict[str, Any]:
            order = rng.permutation(len(X))
            return {"order": order, "batches": cut(X, y, size, order)}

        return call_by_name(answer, {"X": X, "y": y, "size": size, "rng": rng}, right)

    return lambda X, y, batch_size, seed: minibatches(
        student, {"X": X, "y": y, "batch_size": batch_size, "seed": seed}, {}
    )


def mistaken(symptom: str, answer: Callable[..., Any]) -> Mistake:
    """A mistake that the judge knows by its symptom."""
    return wrong(symptom, seen(answer)).told(SENTENCES[symptom])


def starts_shuffled(X: np.ndarray, y: np.ndarray, size: int, rng: np.random.Generator) -> Any:
    """Blocks of neighbours, in random order."""
    starts = rng.permutation(np.arange(0, len(X), size))
    return [(X[start : start + size], y[start : start + size]) for start in starts]


def blocks_shuffled(X: np.ndarray, y: np.ndarray, size: int, rng: np.random.Generator) -> Any:
    """Blocks of neighbours, each in a random order of its own."""
    blocks = [start + rng.permutation(min(size, len(X) - start)) for start in range(0, len(X), size)]
    return cut(X, y, size, np.concatenate(blocks))


def shuffled_in_place(X: np.ndarray, y: np.ndarray, size: int, order: Any) -> Any:
    """The caller's arrays, put into another order."""
    X[:], y[:] = X[order], y[order]
    return cut(X, y, size, np.arange(len(X)))


def divided(X: np.ndarray, y: np.ndarray, parts: int, order: Any) -> Any:
    """So many parts of about equal length."""
    return [(X[part], y[part]) for part in np.array_split(order, parts) if len(part)]


EXERCISE = exercise(
    "minibatches(X, y, batch_size, rng)",
    reference=seen(lambda batches: batches),
    cases=draw,
    probe="minibatches",
    judge=judge,
    withheld=BATCHES,
    hints=(
        """Do not shuffle the samples, shuffle their numbers: one random order of 0 … N − 1, from `rng`. It then serves
        X and y.""",
        """`range(0, N, batch_size)` gives the place at which each batch starts. A slice that reaches beyond the end
        simply stops there, so the shorter last batch needs no special case.""",
        """`order = rng.permutation(len(X))`; for every start take `order[start : start + batch_size]`, index X and y
        with it, and `yield` the pair.""",
    ),
    mistakes=(
        mistaken("not shuffled", lambda X, y, size: cut(X, y, size, np.arange(len(X)))),
        mistaken("whole in order", lambda X, y, size, rng: [(X, y)] if size >= len(X) else shuffled(X, y, size, rng)),
        mistaken("batches in random order", starts_shuffled),
        mistaken("within batches", blocks_shuffled),
        mistaken("pairs", lambda X, y, size, rng, order: apart(X, y, size, order, rng.permutation(len(X)))),
        mistaken("targets in their old order", lambda X, y, size, order: apart(X, y, size, order, np.arange(len(X)))),
        mistaken("inputs in their old order", lambda X, y, size, order: apart(X, y, size, np.arange(len(X)), order)),
        mistaken("changed", shuffled_in_place),
        mistaken("drawn anew", lambda X, y, size, rng: cut(X, y, size, rng.integers(0, len(X), len(X)))),
        mistaken("last one dropped", lambda X, y, size, order: cut(X, y, size, order[: len(X) // size * size])),
        mistaken("one missing", lambda X, y, size, order: cut(X, y, size, order[1:])),
        mistaken("last batch missing", lambda batches: batches[:-1]),
        mistaken("filled up", lambda X, y, size, order: cut(X, y, size, np.resize(order, -(-len(X) // size) * size))),
        mistaken("number of batches", lambda X, y, size, order: divided(X, y, size, order)),
        mistaken("even sizes", lambda X, y, size, order: divided(X, y, -(-len(X) // size), order)),
        mistaken("another source", lambda X, y, size: cut(X, y, size, np.random.default_rng().permutation(len(X)))),
        mistaken("same epoch again", lambda X, y, size, rng: shuffled(X, y, size, deepcopy(rng))),
        mistaken("same order again", lambda X, y, size: cut(X, y, size, np.random.default_rng(0).permutation(len(X)))),
        mistaken("swapped", lambda batches: [(yb, Xb) for Xb, yb in batches]),
        mistaken("indices", lambda size, order: [order[start : start + size] for start in range(0, len(order), size)]),
        mistaken("one batch", lambda batches: batches[0]),
        mistaken("without an end", lambda batches: itertools.cycle(batches)),
        mistaken("two lists", lambda batches: ([Xb for Xb, _ in batches], [yb for _, yb in batches])),
        mistaken("overlap", lambda X, y, size, order: cut(X, y, size, order, longer=1)),
        mistaken("missing", lambda X, y, size, order: cut(X, y, size, order, longer=-1)),
        mistaken("one by one", lambda X, y, order: [(X[number], y[number]) for number in order]),
        mistaken("lists of pairs", lambda batches: [list(zip(Xb, yb, strict=True)) for Xb, yb in batches]),
        mistaken("no axis", lambda batches: [(Xb[0], yb[0]) if len(Xb) == 1 else (Xb, yb) for Xb, yb in batches]),
    ),
)
