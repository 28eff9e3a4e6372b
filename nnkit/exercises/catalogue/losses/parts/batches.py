"""Batches: a row of scores for each sample, and y, the label of the right class of each row."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnkit.exercises.catalogue.families import times
from nnkit.exercises.catalogue.losses.parts.words import all_written, written
from nnkit.exercises.exercise import Case, Mistake


def batch(name: str, scores: Any, y: Any, covers: str, text: str = "", **more: float) -> Case:
    """A case of scores, under the name that the exercise gives them, labels, and further numbers."""
    arguments = {name: np.array(scores, dtype=float), "y": np.array(y)}
    rows, classes = arguments[name].shape
    size = "".join(f", {key} = {written(value)}" for key, value in more.items())
    described = all_written(arguments) if rows * classes < 9 else f"{rows} × {classes} {name}"
    return Case({**arguments, **more}, covers, text or described + size)


def picked(rows: np.ndarray, y: np.ndarray) -> Any:
    """From each row the entry of its label."""
    return rows[np.arange(len(y)), y]


def one_hot(rows: np.ndarray, y: np.ndarray) -> Any:
    """1 at the label of each row and 0 elsewhere, in the shape of the rows."""
    return np.asarray(y[:, None] == np.arange(rows.shape[1]), dtype=float)


def summed_over_the_batch(gradient: str) -> tuple[Mistake, ...]:
    """Sums over the samples in place of their mean: in loss and gradient, or in one of them."""
    return (
        times("summed over the batch", lambda y: len(y)).told("""
            N times too large: a sum over the samples. Asked for is the mean."""),
        times("gradient summed over the batch", lambda y: len(y), gradient).told("""
            Your gradient is that of a sum over the samples, N times too large. The loss is to be their mean."""),
        times("loss summed over the batch", lambda y: len(y), "loss").told("""
            Your loss is a sum over the samples, N times too large. Asked for is their mean."""),
    )
