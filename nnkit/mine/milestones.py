"""Five milestones of neural networks, run on the reader's own functions: 1958, 1986 (twice), 1989, 1990.

Each is a short program that calls nothing but functions with the signatures of the exercises, and NumPy to make random
numbers and to count. It says what it has reached, in which time, and whose the functions were. The settings are chosen
for functions with plain loops; tests give smaller ones.
"""

from __future__ import annotations

import html
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnkit.bar import bar, must_repeat
from nnkit.draw.style import colour, sheet
from nnkit.mine.parts import CALLS, Parts

ADAM = {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


@dataclass(frozen=True)
class Reached:
    """What a milestone has come to.

    Parameters
    ----------
    title : str
        What it is, and its year.
    sentence : str
        What was reached.
    share : float
        How much of what was to be got right was right, from 0 to 1.
    whose : dict[str, str]
        The functions it called, and whose they were.
    seconds : float
        How long it took; not shown where outputs must be the same every time.
    """

    title: str
    sentence: str
    share: float
    whose: dict[str, str]
    seconds: float = 0.0

    @property
    def parts(self) -> str:
        """Whose the functions were, in a sentence."""
        own = [name for name, owner in self.whose.items() if owner == "yours"]
        others = [name for name in self.whose if name not in own]
        if not others:
            return f"Every part is yours: {', '.join(own)}."
        return f"Yours: {', '.join(own) or 'nothing yet'}. nnkit's: {', '.join(others)}."

    def __str__(self) -> str:
        taken = "" if must_repeat() else f" It took {self.seconds:.1f} s."
        return f"{self.title}\n  {self.sentence}{taken}\n  {self.parts}"

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        title, *lines = str(self).split("\n")
        said = "".join(f"<div>{html.escape(line.strip())}</div>" for line in lines)
        return (
            f'{sheet()}<div role="note" style="border-left: 4px solid {colour("right")}; '
            "padding: 0.5em 1em; margin: 0.3em 0; "
            'max-width: 46em; background: rgba(128, 128, 128, 0.08); line-height: 1.45">'
            f"<strong>{html.escape(title)}</strong>{said}</div>"
        )


class _Called:
    """The parts, and which of them a milestone has called."""

    def __init__(self, parts: Parts | None) -> None:
        self.parts = parts if parts is not None else Parts()
        self.whose: dict[str, str] = {}
        self.begin = time.perf_counter()

    def __getitem__(self, name: str) -> Callable[..., Any]:
        self.whose[name] = self.parts.whose(name)
        return self.parts[name]

    def reached(self, title: str, sentence: str, share: float) -> Reached:
        return Reached(title, sentence, share, self.whose, time.perf_counter() - self.begin)


def learning_neuron(parts: Parts | None = None, steps: int = 500, rate: float = 2.0) -> Reached:
    """A neuron learns AND and OR, and cannot learn XOR (1958).

    Parameters
    ----------
    parts : Parts or None
        Whose functions are called; nnkit's when left out.
    steps : int
        How often all four corners are shown.
    rate : float
        The learning rate.

    Returns
    -------
    Reached

    Examples
    --------
    >>> learning_neuron(steps=100).share
    1.0
    """
    part = _Called(parts)
    neuron, gradients = part["neuron"], part["neuron_gradients"]
    right = {}
    for name, targets in {"AND": (0, 0, 0, 1), "OR": (0, 1, 1, 1), "XOR": (0, 1, 1, 0)}.items():
        w, b = np.zeros(2), 0.0
        for _ in range(steps):
            for x, target in zip(CORNERS, targets, strict=True):
                error = float(neuron(x, w, b)) - target
                _, dw, db = gradients(x, w, b)
                w, b = w - rate * error * dw, b - rate * error * float(db)
        answers = [float(neuron(x, w, b)) > 0.5 for x in CORNERS]
        right[name] = sum(answer == bool(target) for answer, target in zip(answers, targets, strict=True))
    said = ", ".join(f"{name} {count} of 4" for name, count in right.items())
    sentence = f"One neuron, corners right: {said}. For XOR no line will do; that takes a second layer."
    return part.reached("A neuron that learns AND and OR (1958)", sentence, (right["AND"] + right["OR"]) / 8)


def backpropagation(parts: Parts | None = None, epochs: int = 4000, rate: float = 2.0) -> Reached:
    """XOR, and a code of three neurons for eight patterns: two layers trained by backprop (1986).

    Parameters
    ----------
    parts : Parts or None
        Whose functions are called; nnkit's when left out.
    epochs : int
        How often every pattern is shown.
    rate : float
        The learning rate.

    Returns
    -------
    Reached
    """
    part = _Called(parts)

    def trained(X: Any, Y: Any, hidden: int, seed: int) -> Any:
        rng = np.random.default_rng(seed)
        weights = [rng.normal(size=(X.shape[1], hidden)), np.zeros(hidden)]
        weights += [rng.normal(size=(hidden, Y.shape[1])), np.zeros(Y.shape[1])]
        for _ in range(epochs):
            for x, y in zip(X, Y, strict=True):
                slopes = part["two_layer_gradients"](x, y, *weights)
                weights = [weight - rate * slope for weight, slope in zip(weights, slopes, strict=True)]
        return np.array([part["two_layer_network"](x, *weights) for x in X]), weights

    targets = np.array([[0.0], [1.0], [1.0], [0.0]])
    answers, _ = trained(CORNERS, targets, 3, seed=0)
    corners = int(((answers > 0.5) == (targets > 0.5)).sum())
    patterns = np.eye(8)
    answers, weights = trained(patterns, patterns, 3, seed=0)
    found = int((answers.argmax(axis=1) == np.arange(8)).sum())
    codes = {tuple((np.asarray(weights[0])[row] + np.asarray(weights[1]) > 0).astype(int)) for row in range(8)}
    sentence = (
        f"XOR: {corners} of 4 corners right. 8-3-8: {found} of 8 patterns come out as they went in, through three "
        f"neurons, which have found {len(codes)} different codes of three bits."
    )
    return part.reached("XOR and the 8-3-8 code by backprop (1986)", sentence, (corners + found) / 12)


def digits(parts: Parts | None = None, epochs: int = 15, hidden: int = 256, images: int = 10_000) -> Reached:
    """Digits by two layers, their loss, mini-batches and Adam, judged on the official test images.

    Parameters
    ----------
    parts : Parts or None
        Whose functions are called; nnkit's when left out.
    epochs, hidden : int
        How often the training images are shown; neurons of the hidden layer.
    images : int
        How many of the embedded training images are taken.

    Returns
    -------
    Reached
    """
    part = _Called(parts)
    (X, y), (X_test, y_test) = _images(images)
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=(784, hidden)) * np.sqrt(2 / 784), np.zeros(hidden)]
    weights += [rng.normal(size=(hidden, 10)) * np.sqrt(2 / hidden), np.zeros(10)]

    def scores(x: Any) -> tuple[Any, Any, Any]:
        z = part["affine_forward"](x, weights[0], weights[1])
        h = np.maximum(z, 0)
        return z, h, part["affine_forward"](h, weights[2], weights[3])

    def slopes(x: Any, labels: Any) -> list[Any]:
        z, h, logits = scores(x)
        _, message = part["softmax_cross_entropy"](logits, labels)
        message, dW2, db2 = part["affine_backward"](message, h, weights[2])
        message = part["relu_backward"](message, z)
        _, dW1, db1 = part["affine_backward"](message, x, weights[0])
        return [dW1, db1, dW2, db2]

    share = _train(part, weights, slopes, (X, y), epochs, lambda: _share(scores, X_test, y_test), "digits")
    sentence = f"{100 * share:.1f} % of 10,000 test images right, after {epochs} epochs with {len(X):,} images."
    return part.reached("Digits by two layers and Adam", sentence, share)


def filters(
    parts: Parts | None = None, epochs: int = 3, count: int = 8, images: int = 4_000, tested: int = 2_000
) -> Reached:
    """Digits by filters that are shared by all places of the image, and pooling (1989).

    Parameters
    ----------
    parts : Parts or None
        Whose functions are called; nnkit's when left out.
    epochs, count : int
        How often the training images are shown; how many filters of 5 × 5.
    images, tested : int
        How many of the embedded training images are taken, and how many of the test images, evenly through them.

    Returns
    -------
    Reached
    """
    part = _Called(parts)
    (X, y), (X_test, y_test) = _images(images, tested)
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=(25, count)) / 5, np.zeros(count)]
    weights += [rng.normal(size=(36 * count, 10)) * np.sqrt(1 / (36 * count)), np.zeros(10)]

    def parts_of(x: Any) -> tuple[Any, Any, Any, Any, Any]:
        windows = part["im2col"](x.reshape(-1, 1, 28, 28), 5, 2)  # 12 × 12 places in each image
        z = part["affine_forward"](windows, weights[0], weights[1])
        maps = np.maximum(z, 0).reshape(len(x), 12, 12, count).transpose(0, 3, 1, 2)
        pooled = part["maxpool_forward"](maps, 2, 2).reshape(len(x), -1)
        return windows, z, maps, pooled, part["affine_forward"](pooled, weights[2], weights[3])

    def slopes(x: Any, labels: Any) -> list[Any]:
        windows, z, maps, pooled, logits = parts_of(x)
        _, message = part["softmax_cross_entropy"](logits, labels)
        message, dW2, db2 = part["affine_backward"](message, pooled, weights[2])
        message = part["maxpool_backward"](message.reshape(len(x), count, 6, 6), maps, 2, 2)
        message = part["relu_backward"](message.transpose(0, 2, 3, 1).reshape(-1, count), z)
        _, dW1, db1 = part["affine_backward"](message, windows, weights[0])
        return [dW1, db1, dW2, db2]

    share = _train(
        part, weights, slopes, (X, y), epochs, lambda: _share(parts_of, X_test, y_test), "filters", rate=5e-3
    )
    sentence = (
        f"{100 * share:.1f} % of {len(X_test):,} test images right, after {epochs} epochs with {len(X):,} images; the "
        f"{count} filters have {26 * count} weights, for every place of the image the same."
    )
    return part.reached("Filters and pooling (1989)", sentence, share)


def row_reader(parts: Parts | None = None, epochs: int = 5, hidden: int = 64, images: int = 10_000) -> Reached:
    """Digits read row by row by a recurrent network, as by one who sees the image through a slit (1990).

    Parameters
    ----------
    parts : Parts or None
        Whose functions are called; nnkit's when left out.
    epochs, hidden : int
        How often the training images are shown; how many numbers the network remembers.
    images : int
        How many of the embedded training images are taken.

    Returns
    -------
    Reached
    """
    part = _Called(parts)
    (X, y), (X_test, y_test) = _images(images)
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=(28, hidden)) / np.sqrt(28), np.eye(hidden) * 0.9, np.zeros(hidden)]
    weights += [rng.normal(size=(hidden, 10)) / np.sqrt(hidden), np.zeros(10)]

    def read(x: Any) -> tuple[Any, Any, Any, Any]:
        rows = np.ascontiguousarray(x.reshape(-1, 28, 28).transpose(1, 0, 2))
        start = np.zeros((len(x), hidden))
        states = part["rnn_forward"](rows, start, *weights[:3])
        return rows, start, states, part["affine_forward"](states[-1], weights[3], weights[4])

    def slopes(x: Any, labels: Any) -> list[Any]:
        rows, start, states, logits = read(x)
        _, message = part["softmax_cross_entropy"](logits, labels)
        message, dW, dc = part["affine_backward"](message, states[-1], weights[3])
        messages = np.zeros(states.shape)
        messages[-1] = message  # only the last state is asked for an answer
        _, _, dWx, dWh, db = part["rnn_backward"](messages, rows, start, states, weights[0], weights[1])
        return list(part["clip_by_norm"]([dWx, dWh, db, dW, dc], 1.0))

    share = _train(part, weights, slopes, (X, y), epochs, lambda: _share(read, X_test, y_test), "rows", rate=3e-3)
    sentence = f"{100 * share:.1f} % of 10,000 test images right, read row by row, after {epochs} epochs."
    return part.reached("A recurrent reader of rows (1990)", sentence, share)


MILESTONES: dict[str, Callable[..., Reached]] = {
    "neuron": learning_neuron,
    "backprop": backpropagation,
    "digits": digits,
    "filters": filters,
    "rows": row_reader,
}
"""Milestone → its function; `parts` comes first, all else has a default."""


def run(name: str, parts: Parts | None = None, **settings: Any) -> Reached:
    """Run a milestone; a part that stops with an error ends it, and the result says so.

    Parameters
    ----------
    name : str
        One of `MILESTONES`.
    parts : Parts or None
        Whose functions are called; nnkit's when left out.
    **settings : Any
        Those of the milestone.

    Returns
    -------
    Reached
    """
    began = time.perf_counter()
    try:
        with np.errstate(all="ignore"):
            return MILESTONES[name](parts, **settings)
    except Exception as error:
        sentence = f"It stopped with {type(error).__name__}: {error}"
        whose = {called: (parts or Parts()).whose(called) for called in CALLS[name]}
        title = (MILESTONES[name].__doc__ or name).partition("\n")[0].rstrip(".")
        return Reached(title, sentence, 0.0, whose, time.perf_counter() - began)


# ---------------------------------------------------------------------------------------------------------------------
# Inside
# ---------------------------------------------------------------------------------------------------------------------


def _images(count: int, tested: int = 10_000) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """Images as rows of 784 numbers from 0 to 1 with their labels, to learn from and to be judged on."""
    from nnkit.data import mnist

    images, labels = (np.asarray(one) for one in mnist())
    test_images, test_labels = (np.asarray(one) for one in mnist(train=False))
    evenly = np.linspace(0, len(test_labels) - 1, min(tested, len(test_labels))).astype(int)
    return (_rows(images[:count]), labels[:count].astype(int)), (
        _rows(test_images[evenly]),
        test_labels[evenly].astype(int),
    )


def _rows(images: Any) -> Any:
    return images.reshape(len(images), -1).astype(float) / (255.0 if images.max() > 1 else 1.0)


def _train(
    part: _Called,
    weights: list[Any],
    slopes: Callable[[Any, Any], list[Any]],
    data: tuple[Any, Any],
    epochs: int,
    judged: Callable[[], float],
    words: str,
    rate: float = 1e-3,
    batch: int = 32,
) -> float:
    """Train by Adam, more slowly in the last third; what is right on the test images is asked for once, at the end."""
    rng = np.random.default_rng(1)
    memory = [[np.zeros(weight.shape), np.zeros(weight.shape)] for weight in weights]
    step = 0
    with bar(epochs, words, unit=" epochs") as shown:
        for epoch in range(epochs):
            lr = rate if 3 * epoch < 2 * epochs else rate / 5
            for x, labels in part["minibatches"](*data, batch, rng):
                step += 1
                for at, slope in enumerate(slopes(np.asarray(x), np.asarray(labels))):
                    new, *memory[at] = part["adam_update"](weights[at], slope, *memory[at], step, lr, *ADAM.values())
                    weights[at] = new
            shown.update()
    return judged()


def _share(scores: Callable[[Any], tuple[Any, ...]], images: Any, labels: Any, size: int = 1000) -> float:
    """How many are right, of all."""
    right = sum(
        int((scores(images[at : at + size])[-1].argmax(axis=1) == labels[at : at + size]).sum())
        for at in range(0, len(labels), size)
    )
    return right / len(labels)
