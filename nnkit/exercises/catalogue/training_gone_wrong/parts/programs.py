"""The five training programs with their faults as settings, the cases, and what is common to the five exercises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import nnkit
from nnkit import functional as F  # noqa: N812
from nnkit import optim
from nnkit.exercises.beside.probes.watched import watched_training
from nnkit.exercises.catalogue.training_gone_wrong.parts.judging import BATCH, RATE, SENTENCES, judge
from nnkit.exercises.exercise import Case, Exercise, Mistake, exercise, wrong


def cases(pixels: bool = False, drop: float = 0.0) -> Callable[[np.random.Generator, bool], list[Case]]:
    """How cases are drawn: few images of few pixels, sorted by class, in numbers that come out even or not."""

    def draw(rng: np.random.Generator, hidden: bool) -> list[Case]:
        def case(images: int, new: int, size: int, classes: int, epochs: int, covers: str) -> Case:
            patterns = rng.uniform(0, 1, (classes, size))
            y = np.sort(np.concatenate([np.arange(classes), rng.integers(0, classes, images - classes)]))
            y_new = rng.integers(0, classes, new)
            X, X_new = (np.clip(patterns[t] + 0.2 * rng.standard_normal((len(t), size)), 0, 1) for t in (y, y_new))
            X_new[0] = X[0]  # an image of the training, met again
            X_new[1:] *= 0.7  # fainter: a scale of their own would be another one
            if pixels:
                X, X_new = (np.round(255 * part).astype(np.uint8) for part in (X, X_new))
                X_new[1] = X_new[0]
                between = np.argmin(np.abs(X_new[0].astype(int) - 70))  # a grey that is neither paper nor ink
                X_new[1, between] += 1  # two images that differ by one level of grey
            else:
                X, X_new = X.astype(np.float32), X_new.astype(np.float32)
            hidden_units = 8
            weights = {
                "W1": rng.uniform(-1, 1, (hidden_units, size)) / np.sqrt(size),
                "b1": rng.uniform(0.1, 0.5, hidden_units),
                "W2": rng.uniform(-1, 1, (classes, hidden_units)) / np.sqrt(hidden_units),
                "b2": rng.uniform(-0.3, 0.3, classes),
            }
            text = f"{images} images of {size} pixels, {classes} classes, {new} new ones, {epochs} epochs"
            given = {"X": X, "y": y, "X_new": X_new, "epochs": epochs, "seed": int(rng.integers(1000))}
            return Case({**given, **weights, "drop": drop}, covers, text)

        drawn = [
            case(64, 9, 16, 4, 2, "batches that come out even"),
            case(70, 11, 16, 3, 3, "a shorter last batch"),
            case(45, 20, 25, 10, 2, "ten classes"),
        ]
        return [*drawn, case(100, 7, 36, 5, 3, "a shorter last batch")] if hidden else drawn

    return draw


def _orders(pairs: str, count: int, epochs: int, rng: np.random.Generator) -> list[np.ndarray]:
    """In which order each epoch goes through the images."""
    if pairs in ("in order", "backwards"):
        return [np.arange(count)[:: 1 if pairs == "in order" else -1]] * epochs
    if pairs == "one order":
        return [rng.permutation(count)] * epochs
    generator = np.random.default_rng(5) if pairs == "own generator" else rng
    return [generator.permutation(count) for _ in range(epochs)]


def program(
    rate: float = RATE,
    scale: Callable[..., Any] | None = None,
    zero: str = "step",
    pairs: str = "together",
    reading: str = "use",
    longer: int = 0,
) -> Callable[..., Any]:
    """A training program with some settings at fault.

    `scale` takes X and X_new and returns them as the network gets them; `zero` says how often gradients are set to 0,
    `pairs` how images and labels are ordered (see `_orders`; "apart" leaves the labels behind), `reading` in which
    mode new images are read.
    """

    def training(model: Any, X: Any, y: Any, X_new: Any, epochs: int, rng: np.random.Generator) -> Any:
        optimizer = optim.SGD(model.parameters(), lr=rate)
        X, X_new = (np.asarray(part, dtype=np.float32) for part in (scale(X, X_new) if scale else (X, X_new)))
        if pairs == "apart":
            y = y[rng.permutation(len(y))]
        losses, scores = [], []
        if reading == "use from the start":
            model.eval()
        for order in _orders(pairs, len(X), epochs + longer, rng):
            if zero == "epoch":
                optimizer.zero_grad()
            for start in range(0, len(X), BATCH):
                batch = order[start : start + BATCH]
                loss = F.cross_entropy(model(X[batch]), nnkit.tensor(y[batch]))
                if zero == "step":
                    optimizer.zero_grad()
                loss.backward()
                if zero == "between":
                    optimizer.zero_grad()
                optimizer.step()
                losses.append(loss.item())
            if reading in ("use", "use, and no way back"):
                model.eval()
            with nnkit.no_grad():
                scores.append(model(X_new).numpy())
            if reading == "use":
                model.train()
        return losses, scores

    return training


def seen(**settings: Any) -> Callable[..., Any]:
    """What the probe sees of a program with these settings."""
    return lambda **arguments: watched_training(program(**settings), arguments, {})


def mistaken(label: str, symptom: str, **settings: Any) -> Mistake:
    """A mistake that the judge knows by its symptom."""
    return wrong(label, seen(**settings)).told(SENTENCES[symptom])


def mend(letter: str, hints: tuple[str, ...], mistakes: tuple[Mistake, ...], **settings: Any) -> Exercise:
    """One of the five exercises; settings are those of `cases` (pixels, drop) and those of the right program."""
    about = {key: settings.pop(key) for key in ("pixels", "drop") if key in settings}
    right = program(**settings)

    def reference(*values: Any) -> Any:
        names = ("X", "y", "X_new", "epochs", "seed", "W1", "b1", "W2", "b2", "drop")
        return watched_training(right, dict(zip(names, values, strict=True)), {})

    return exercise(
        f"mended_{letter}(model, X, y, X_new, epochs, rng)",
        reference=reference,
        cases=cases(**about),
        probe="watched_training",
        judge=judge,
        hints=hints,
        mistakes=mistakes,
    )
