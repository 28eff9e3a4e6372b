"""The exercise of notebook 00: one warm-up, to see how a check answers."""

from __future__ import annotations

import numpy as np

from nnkit.exercises.exercise import Case, Exercise, Mistake


def _cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    cases = [
        Case({"x": float(np.round(rng.uniform(1.2, 9), 2))}, "numbers"),
        Case({"x": -3}, "negative numbers"),
        Case({"x": 0.0}, "zero"),
        Case({"x": rng.normal(size=4).round(2)}, "vectors"),
        Case({"x": rng.normal(size=(2, 3)).round(2)}, "matrices"),
        Case({"x": rng.integers(2, 9, size=3)}, "integers"),
    ]
    if hidden:
        cases += [Case({"x": rng.normal(size=(3, 1, 2))}, "three axes"), Case({"x": rng.normal(size=7)}, "vectors")]
    return cases


EXERCISES = (
    Exercise(
        name="double",
        signature="double(x)",
        reference=lambda x: 2 * np.asarray(x),
        cases=_cases,
        hints=(
            "Say in words what should happen to 3, and to −1.5. Which operator of Python does that to a number?",
            "NumPy applies an operator to every element of an array. The same short expression serves both kinds of x.",
        ),
        mistakes=(
            Mistake.relation(
                "the input itself",
                "Your function gives x back as it came. What should have happened to it on the way?",
                lambda expected, x: x,
            ),
            Mistake.relation(
                "squared",
                "Yours is x times itself. For x = 2 that looks right by accident; what should come out for x = 3?",
                lambda expected, x: np.asarray(x) ** 2,
            ),
            Mistake.relation(
                "plus two",
                "Yours is x + 2. It agrees at x = 2 only; what should come out for x = 0?",
                lambda expected, x: np.asarray(x) + 2,
            ),
            Mistake.relation(
                "halved",
                "Yours is half of x: you went the opposite way.",
                lambda expected, x: np.asarray(x) / 2,
            ),
            Mistake.relation(
                "only the first element",
                "Numbers are right, but of an array only the first element comes back. Does your expression index x?",
                lambda expected, x: expected if np.ndim(x) == 0 else expected.reshape(-1)[0],
            ),
            Mistake.implementation(
                "only numbers, by conversion to float",
                "Numbers are right, but an array does not fit into `float(…)`. Does x need any conversion at all?",
                lambda x: 2 * (float(x) if np.ndim(x) == 0 else _refuse()),
            ),
        ),
    ),
)


def _refuse() -> float:
    raise TypeError("only 0-dimensional arrays can be converted to Python scalars")
