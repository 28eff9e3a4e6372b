"""Small exercises of the tests' own, and the repository on the path (`tests.answers`, `tests.soundness`)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from nnkit.exercises.exercise import Case, Exercise, wrong


def make_exercise(**changes: Any) -> Exercise:
    """An exercise `triple(x)`: three times a number, a vector, a matrix."""

    def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
        found = [
            Case({"x": float(np.round(rng.uniform(1, 9), 2))}, "numbers"),
            Case({"x": rng.normal(size=3).round(2)}, "vectors"),
            Case({"x": rng.normal(size=(2, 4)).round(2)}, "matrices"),
        ]
        return found + ([Case({"x": rng.normal(size=(2, 1, 2))}, "three axes")] if hidden else [])

    declarations: dict[str, Any] = {
        "name": "triple",
        "signature": "triple(x)",
        "reference": lambda x: 3 * np.asarray(x),
        "cases": cases,
        "hints": ("A nudge.", "Nearly there."),
        "mistakes": (wrong("doubled", lambda x: 2 * x).told("Yours is twice x, not three times."),),
    }
    return Exercise(**{**declarations, **changes})


@pytest.fixture
def exercise() -> Callable[..., Exercise]:
    return make_exercise
