"""What a loss shows that was made for ordinary logits only, whatever small number or limit was put beside them."""

from dataclasses import replace
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.formulas import log_softmax, picked
from nnkit.exercises.catalogue.signs import Sign, comparing
from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.finding import Finding
from nnkit.exercises.judge.ladder import finding_in

SMALLEST_EXPONENT = -745  # of e, in a float64
FAR_BEHIND = 80.0  # the loss of a sample whose probability a float32 cannot hold
LARGEST_ADDED = 0.05  # to a probability, that anybody would call a small number


def losses(logits: np.ndarray, y: np.ndarray) -> Any:
    """The loss of each sample."""
    return -picked(log_softmax(logits), y)


def stops_growing(logits: np.ndarray, y: np.ndarray, right: Any, got: Any) -> bool:
    """A loss that is too small, as if something small were added to each probability, or less than that."""
    return bool(-np.log(np.exp(-losses(logits, y)) + LARGEST_ADDED).mean() < got < right)


def comes_from_clipped_logits(logits: np.ndarray, y: np.ndarray, got: Any) -> bool:
    """A loss that logits give which are clipped to some limit. In the cases of the exercise it is linear in that."""

    def clipped(limit: float) -> float:
        return float(losses(np.clip(logits, -limit, limit), y).mean())

    largest = max(1.0, float(np.abs(logits).max()))
    low, high = 0.4 * largest, 0.6 * largest
    slope = (clipped(high) - clipped(low)) / (high - low)
    limit = low + (float(got) - clipped(low)) / slope if abs(slope) > 1e-6 else low
    return 0 < limit < largest and bool(np.isclose(clipped(limit), got, rtol=1e-4))


# A loss that stops growing may come from clipped logits or not; what else is wrong tells.
_compared = comparing(
    Sign("stops growing", stops_growing, "loss"),
    Sign("clipped logits", comes_from_clipped_logits, "loss"),
)


def ordinary_or_large(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
    """Compare with the reference; of a wrong loss say what it shows."""
    finding = _compared(exercise, case, answer)
    if finding is None or finding.rung != "not finite":
        return finding
    logits, y = case.arguments["logits"], case.arguments["y"]
    rounded = finding_in(exercise, case, answer, "dlogits") is None and losses(logits, y).max() > FAR_BEHIND
    return replace(finding, symptom="logarithm of 0" if rounded else _not_to_be_had(logits))


def _not_to_be_had(logits: np.ndarray) -> str:
    """Which exponentials of these logits no float can hold."""
    largest = logits.max(axis=1)
    if largest.max() < SMALLEST_EXPONENT:
        return "all of them 0"
    if largest.min() - largest.max() < SMALLEST_EXPONENT:
        return "too large a one, beside a row of ordinary ones"
    return "too large a one"
