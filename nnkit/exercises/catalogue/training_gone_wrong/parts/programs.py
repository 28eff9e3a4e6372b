"""The five training programs with their faults as settings, the cases, and what is common to the five exercises."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np

import nnkit
from nnkit import functional as F  # noqa: N812
from nnkit import nn, optim
from nnkit.exercises.beside.probes.watched import watched_training
from nnkit.exercises.catalogue.training_gone_wrong.parts.judging import BATCH, RATE, judge
from nnkit.exercises.catalogue.training_gone_wrong.parts.sentences import AT_FAULT, IN_ORDER, SENTENCES
from nnkit.exercises.exercise import Case, Exercise, Mistake, exercise, wrong
from nnkit.languages import say


def cases(pixels: bool = False, drop: float = 0.0) -> Callable[[np.random.Generator, bool], list[Case]]:
    """How cases are drawn: few images of few pixels, sorted by class, in numbers that come out even or not."""

    def draw(rng: np.random.Generator, hidden: bool) -> list[Case]:
        def case(images: int, new: int, size: int, classes: int, epochs: int, covers: str) -> Case:
            patterns = rng.uniform(0, 1, (classes, size))
            y = np.sort(np.concatenate([np.arange(classes), rng.integers(0, classes, images - classes)]))
            y_new = rng.integers(0, classes, new)
            X, X_new = (np.clip(patterns[t] + 0.2 * rng.standard_normal((len(t), size)), 0, 1) for t in (y, y_new))
            X[:-1] *= 0.9
            X[-1, -1] = 1  # the largest number of X stands in an image that is not met again
            X_new[0] = X[0]  # an image of the training, met again
            X_new[1:] *= 0.7  # fainter: a scale of their own would be another one
            if pixels:
                X, X_new = _as_pixels(X, X_new)
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


def _as_pixels(X: np.ndarray, X_new: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """As whole numbers from 0 to 255, with images among them that a careless scale makes one and the same."""
    X, X_new = (np.round(255 * part).astype(np.uint8) for part in (X, X_new))
    X[:, 0] = X_new[:, 0] = 0  # paper in all images, as in the corners of digits
    X_new[1] = X_new[0]
    between = 1 + np.argmin(np.abs(X_new[0, 1:].astype(int) - 70))  # a grey that is neither paper nor ink
    X_new[1, between] += 1  # two images that differ by one level of grey
    X_new[2] = X_new[3] // 2
    X_new[3] = 2 * X_new[2]  # two that differ in their brightness alone
    return X, X_new


# ---------------------------------------------------------------------------------------------------------------------
# The programs
# ---------------------------------------------------------------------------------------------------------------------


def _orders(pairs: str, count: int, epochs: int, rng: np.random.Generator) -> list[np.ndarray]:
    """In which order each epoch goes through the images."""
    if pairs in ("in order", "backwards"):
        return [np.arange(count)[:: 1 if pairs == "in order" else -1]] * epochs
    if pairs == "one order":
        return [rng.permutation(count)] * epochs
    if pairs == "another beginning":
        return [np.roll(np.arange(count), rng.integers(count)) for _ in range(epochs)]
    if pairs == "a little shifted":
        return [np.argsort(np.arange(count) + rng.uniform(0, 10, count)) for _ in range(epochs)]
    generator = np.random.default_rng(5) if pairs == "own generator" else rng
    return [generator.permutation(count) for _ in range(epochs)]


def _set_to_0(zero: str, parameters: list[Any], epoch: int, first: bool) -> None:
    """What is done to old gradients before those of a batch are added; `zero` is one of the settings of `program`."""
    if zero in ("step", "weights") or (zero == "first epoch" and epoch == 0) or (zero == "not at first" and not first):
        for parameter in parameters:
            if zero != "weights" or parameter.ndim > 1:
                parameter.grad = None
    elif zero == "halved":
        for parameter in parameters:
            parameter.grad = None if parameter.grad is None else parameter.grad * 0.5


def _answers(reading: str, model: Any, X_new: np.ndarray, kept: Any) -> np.ndarray:
    """The network's answers to the new images; `reading` is one of the settings of `program`."""
    asked = kept if reading == "an old copy" else model
    if reading in ("use", "use, and no way back", "an old copy"):
        asked.eval()
    if reading == "outermost alone":
        model.training = False
    if reading == "p at 0":
        _set_p(model, 0.0)
    with nnkit.no_grad():
        found = asked(X_new).numpy()
    if reading == "use":
        model.train()
    if reading == "outermost alone":
        model.training = True
    return found


def _set_p(model: Any, p: float) -> None:
    for part in model.modules():
        if isinstance(part, nn.Dropout):
            part.p = p


def program(
    rate: float = RATE,
    scale: Callable[..., Any] | None = None,
    anew: bool = False,
    zero: str = "step",
    pairs: str = "together",
    reading: str = "use",
    longer: int = 0,
    epochs_at_most: int = 1000,
    left_out: int = 0,
    steps: str = "batch",
    p: float | None = None,
    noted: Callable[..., Any] = lambda loss, batch: loss,
    returned: Callable[..., Any] = lambda losses, scores: (losses, scores),
    of_new: Callable[..., Any] = lambda X_new, rng: X_new,
) -> Callable[..., Any]:
    """A training program with some settings at fault.

    Parameters
    ----------
    rate, longer, epochs_at_most, left_out, p
        The rate, how many epochs more there are, after how many it ends, how many images at the end of an epoch are in
        no batch if they fill none, and what dropout's p is set to.
    scale, anew
        `scale` takes X and X_new and returns them as the network gets them, once or `anew` in each epoch.
    zero : str
        When gradients are set to 0: "step", "epoch", "never", "between" backward and step, "first epoch", "not at
        first" in an epoch, "weights" alone; or "halved".
    pairs : str
        How images and labels are ordered (see `_orders`; "apart" leaves the labels behind, and so does "by place").
    reading : str
        How new images are read: in "use", "training", "use from the start", "use, and no way back", with the
        "outermost alone" in use mode, with "p at 0", or by "an old copy"; "a copy" is trained and asked.
    steps : str
        Whether there is a step for each "batch" or "epoch".
    noted, returned, of_new
        What is noted of a loss, what is returned, and what is read of the new images.
    """

    def training(model: Any, X: Any, y: Any, X_new: Any, epochs: int, rng: np.random.Generator) -> Any:
        kept = copy.deepcopy(model)
        if reading == "a copy":
            model = kept
        if p is not None:
            _set_p(model, p)
        parameters = list(model.parameters())
        optimizer = optim.SGD(parameters, lr=rate)
        X, X_new = (
            np.asarray(part, dtype=np.float32) for part in (scale(X, X_new) if scale and not anew else (X, X_new))
        )
        if pairs == "apart":
            y = y[rng.permutation(len(y))]
        losses, scores = [], []
        if reading == "use from the start":
            model.eval()
        for epoch, order in enumerate(_orders(pairs, len(X), min(epochs + longer, epochs_at_most), rng)):
            if zero == "epoch":
                optimizer.zero_grad()
            if scale and anew:
                X, X_new = scale(X, X_new)
            for start in range(0, len(X) - left_out, BATCH):
                batch = order[start : start + BATCH]
                labels = y[start : start + BATCH] if pairs == "by place" else y[batch]
                loss = F.cross_entropy(model(X[batch]), nnkit.tensor(labels))
                _set_to_0(zero, parameters, epoch, not start)
                loss.backward()
                if zero == "between":
                    optimizer.zero_grad()
                if steps == "batch":
                    optimizer.step()
                losses.append(noted(loss.item(), batch))
            if steps == "epoch":
                optimizer.step()
            scores.append(_answers("use" if reading == "a copy" else reading, model, of_new(X_new, rng), kept))
        return returned(losses, scores)

    return training


def seen(**settings: Any) -> Callable[..., Any]:
    """What the probe sees of a program with these settings."""
    return lambda **arguments: watched_training(program(**settings), arguments, {})


def mistaken(label: str, symptom: str, **settings: Any) -> Mistake:
    """A mistake that the judge knows by its symptom."""
    return wrong(label, seen(**settings)).told(SENTENCES[symptom])


def wrong_organ(letter: str, **settings: Any) -> Mistake:
    """Other inputs, in a program whose inputs were in order."""
    return wrong("other inputs", seen(**settings)).told(IN_ORDER, organ=say(AT_FAULT[f"mended_{letter}"]))


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
