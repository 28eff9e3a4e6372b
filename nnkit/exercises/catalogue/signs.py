"""Signs: what wrong values show, whatever number the student chose.

A mistake is recognised by its values. One that holds a number of the student's own choice (the rate of a step, the
small number beside a probability, the place of a cut) has other values for each choice, and is recognised by a sign
instead: a property of wrong values that holds in every case that fails. An exercise names its signs in its judge, and
declares each mistake once, with any number::

    judge=comparing(*steps(dW="W")),
    mistakes=(step_in_the_place_of(dW="W"), …)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nnkit.exercises.exercise import Case, Exercise, call_by_name
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.finding import Finding
from nnkit.exercises.judge.ladder import compare_with_reference

Judge = Callable[[Exercise, Case, Answer], Finding | None]


@dataclass(frozen=True)
class Sign:
    """A property of wrong values.

    Parameters
    ----------
    symptom : str
        What it is called; answers with the same signs in all cases that fail have the same mistake.
    holds : Callable[..., bool]
        Gets what it names: arguments of the case, and ``right`` and ``got``, the result as it should be and as it is.
    output : str
        The result that it is about, where there are several.
    """

    symptom: str
    holds: Callable[..., bool]
    output: str = ""


def comparing(*signs: Sign) -> Judge:
    """A judge that compares with the reference, and says of a wrong value which of these signs it shows."""

    def judge(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
        finding = compare_with_reference(exercise, case, answer)
        if finding is None or finding.rung != "value":
            return finding
        known = {**exercise.with_defaults(case.arguments), "right": finding.expected, "got": finding.got}
        shown = (sign for sign in signs if sign.output == finding.output and call_by_name(sign.holds, known))
        sign = next(shown, None)
        return replace(finding, symptom=sign.symptom) if sign else finding

    return judge


def steps(**owners: str) -> tuple[Sign, ...]:
    """Values after a step in the place of gradients, with whatever rate; gradient=owner for each, as ``dw="w"``."""

    def step_of(owner: str) -> Callable[..., bool]:
        def holds(right: Any, got: Any, **arguments: Any) -> bool:
            return _less_a_multiple(np.asarray(arguments[owner], dtype=float), right, got)

        return holds

    return tuple(Sign("a step", step_of(owner), gradient) for gradient, owner in owners.items())


def _less_a_multiple(owner: np.ndarray, gradient: Any, got: Any) -> bool:
    """Whether `got` is `owner` less a positive multiple of `gradient`."""
    gradient, moved = np.asarray(gradient, dtype=float), owner - np.asarray(got, dtype=float)
    length = float(np.sum(gradient * gradient))
    if moved.shape != gradient.shape:
        return False
    rate = float(np.sum(moved * gradient)) / length if length else 0.0
    size = np.abs(owner).max(initial=0.0)
    rounding = 1e-6 * (size + np.abs(rate * gradient).max(initial=0.0))
    lost = np.abs(gradient).max(initial=0.0) <= 1e-6 * size  # beside the owner, whose floats lie too far apart
    return (rate > 0 or lost) and bool(np.allclose(moved, rate * gradient, rtol=1e-4, atol=rounding))
