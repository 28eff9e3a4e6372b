"""The exercises of notebook 00: two warm-ups, to see how a check answers."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnkit.exercises.exercise import Case, Exercise, Mistake


def _cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    cases = [
        Case({"x": 3}, "numbers"),
        Case({"x": float(np.round(rng.uniform(1.2, 1.9), 2))}, "numbers"),
        Case({"x": -float(rng.integers(3, 9))}, "negative numbers"),
        Case({"x": 0.0}, "zero"),
        Case({"x": rng.choice([-1.5, 2.5, 4.0, -3.0], size=3, replace=False)}, "vectors"),
        Case({"x": rng.normal(size=(2, 3)).round(1)}, "matrices"),
        Case({"x": rng.integers(3, 9, size=4)}, "integers"),
    ]
    if hidden:
        cases += [Case({"x": rng.normal(size=(3, 1, 2))}, "three axes"), Case({"x": rng.normal(size=7)}, "vectors")]
    return cases


def _as_one_number(x: Any) -> float:
    if np.ndim(x):
        raise TypeError("only 0-dimensional arrays can be converted to Python scalars")
    return float(x)


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
                "size without sign",
                "Negative numbers come out positive. Twice −3 lies further to the left than −3: does your code drop "
                "the sign anywhere?",
                lambda expected, x: np.abs(expected),
            ),
            Mistake.relation(
                "every element twice",
                "Numbers are right, but your arrays are twice as long: each element is there twice, instead of being "
                "twice as large.",
                lambda expected, x: expected if np.ndim(x) == 0 else np.concatenate([x, x]),
            ),
            Mistake.relation(
                "only the first element",
                "Numbers are right, but of an array only the first element comes back. Does your expression index x?",
                lambda expected, x: expected if np.ndim(x) == 0 else expected.reshape(-1)[0],
            ),
            Mistake.relation(
                "added up",
                "Numbers are right, but an array comes back as one number: its elements were added up on the way.",
                lambda expected, x: np.sum(expected),
            ),
            Mistake.implementation(
                "only single numbers",
                "Numbers are right, but an array stops your function: something in it takes a single number only, such "
                "as `float(…)` or a function of `math`. Does x need it?",
                lambda x: 2 * _as_one_number(x),
            ),
        ),
    ),
    Exercise(
        name="double_twice",
        signature="double_twice(x)",
        reference=lambda x: 4 * np.asarray(x),
        cases=_cases,
        hints=(
            "What comes out of your `double` can go into it again.",
            "Write it as one call inside another. The inner one works first; its result is the input of the outer one.",
        ),
        mistakes=(
            Mistake.relation(
                "doubled once",
                "Yours is twice x, not twice of twice x. What does the second doubling get as its input?",
                lambda expected, x: expected / 2,
            ),
            Mistake.relation(
                "the double multiplied by itself",
                "Yours is the double of x times itself. To use a function twice is to put its result into it, not to "
                "multiply two results.",
                lambda expected, x: expected * x,
            ),
            Mistake.relation(
                "fourth power",
                "Yours is x multiplied by itself four times. Doubling twice adds no further x: try x = 3 by hand.",
                lambda expected, x: np.asarray(x) ** 4,
            ),
            Mistake.relation(
                "four added",
                "Yours is x + 4. What should come out for x = 0?",
                lambda expected, x: np.asarray(x) + 4,
            ),
            Mistake.relation(
                "doubled three times",
                "Yours is twice as large as it should be: one doubling too many. Count the calls, from the inside out.",
                lambda expected, x: 2 * expected,
            ),
        ),
    ),
)
