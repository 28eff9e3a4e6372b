"""Batches: a row of scores for each sample, and y, the label of the right class of each row."""

from typing import Any

import numpy as np

from nnkit.exercises.exercise import Case
from nnkit.exercises.judge.wording import all_written, written


def batch(name: str, scores: Any, y: Any, covers: str, text: str = "", **more: float) -> Case:
    """A case of scores, under the name that the exercise gives them, labels, and further numbers."""
    arguments = {name: np.array(scores, dtype=float), "y": np.array(y)}
    rows, classes = arguments[name].shape
    size = "".join(f", {key} = {written(value)}" for key, value in more.items())
    described = all_written(arguments) if rows * classes < 9 else f"{rows} × {classes} {name}"
    return Case({**arguments, **more}, covers, text or described + size)
