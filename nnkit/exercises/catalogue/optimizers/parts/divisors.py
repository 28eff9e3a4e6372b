"""What stands where RMSProp and Adam divide by the root of an average of squares, plus eps."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit.exercises.exercise import Mistake

SENTENCES = {
    "eps inside the root": """
        Where eps is large enough to show, your step differs: eps stands under your root. It is added to the root.""",
    "eps missing": """
        A gradient that has always been 0 gives 0 / 0 in yours. Which argument keeps the division possible?""",
    "eps not used": """
        Where eps is large enough to show, your step shows nothing of it: it is that of an eps near 0. Does the argument
        reach the divisor, or a number of your own?""",
    "the larger of root and eps": """
        Your divisor is the root or eps, whichever is larger. eps is added to every root.""",
    "root missing": """
        Your step is divided by an average of squares. A gradient of 4 would then be divided by 16: which function
        undoes the square?""",
    "multiplied": """
        Your step is multiplied by the root and eps, so what is steep moves farther still. Which way was it meant?""",
}

DIVISORS: dict[str, Callable[[Any, float], Any]] = {
    "eps inside the root": lambda squares, eps: np.sqrt(squares + eps),
    "eps missing": lambda squares, eps: np.sqrt(squares),
    "eps not used": lambda squares, eps: np.sqrt(squares) + 1e-9,
    "the larger of root and eps": lambda squares, eps: np.maximum(np.sqrt(squares), eps),
    "root missing": lambda squares, eps: squares + eps,
    "multiplied": lambda squares, eps: 1 / (np.sqrt(squares) + eps),
}


def right_divisor(squares: Any, eps: float) -> Any:
    """The root of an average of squares, and eps beside it."""
    return np.sqrt(squares) + eps


def wrongly_divided(step: Callable[..., Mistake]) -> tuple[Mistake, ...]:
    """A mistake for each of `DIVISORS`; ``step(label, divisor=…)`` makes it."""
    return tuple(step(label, divisor=divisor).told(SENTENCES[label]) for label, divisor in DIVISORS.items())
