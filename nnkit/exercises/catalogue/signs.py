"""Signs: what wrong values show, whatever number the student chose.

A mistake is recognised by its values. One that holds a number of the student's own choice (the rate of a step, the
small number beside a probability, the place of a cut) has other values for each choice, and is recognised by a sign
instead: a property of wrong values that holds in every case that fails. An exercise names its signs in its judge, and
declares each mistake once, with any number::

    judge=comparing(too_small_a_loss(largest_loss, "loss"), steps(dW="W")),
    mistakes=(small_number_beside(…, "loss"), step_in_the_place_of(dW="W"), …)
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

# The logarithm of the smallest float is −744.4: where a loss is below this, no probability was rounded to 0.
ROUNDED_TO_ZERO = 746.0

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


def too_small_a_loss(largest_loss: Callable[..., float], output: str = "") -> Sign:
    """A loss that is too small where a probability is too small for a float, by whatever ε or clip.

    Parameters
    ----------
    largest_loss : Callable[..., float]
        The largest loss of one sample, by names of arguments.
    output : str
        The name of the loss, where there are several results.
    """

    def holds(right: Any, got: Any, **arguments: Any) -> bool:
        return call_by_name(largest_loss, arguments) > ROUNDED_TO_ZERO and bool(np.all((got > 0) & (got <= right)))

    return Sign("too small a loss", holds, output)


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
    rounding = 1e-6 * (np.abs(owner).max(initial=0.0) + np.abs(rate * gradient).max(initial=0.0))
    return (rate > 0 or not length) and bool(np.allclose(moved, rate * gradient, rtol=1e-4, atol=rounding))


def clipped(name: str = "x", output: str = "") -> Sign:
    """Values that no longer change from some argument on, on either side: those of an argument that was cut off."""

    def holds(right: Any, got: Any, **arguments: Any) -> bool:
        x, right, got = (np.asarray(value, dtype=float) for value in (arguments[name], right, got))
        off = ~np.isclose(got, right, rtol=1e-3, atol=0)
        return not off[x == 0].any() and all(_stands_still(side * x, off, got) for side in (1, -1))

    return Sign("clipped", holds, output)


def _stands_still(x: np.ndarray, off: np.ndarray, got: np.ndarray) -> bool:
    """Whether values are right up to some positive x, and one and the same wrong value behind it."""
    behind, before = (x > 0) & off, (x > 0) & ~off
    if not behind.any():
        return True
    same = np.allclose(got[behind], got[behind][0], rtol=1e-3, atol=0)
    return same and bool(x[behind].min() > x[before].max(initial=0))


def at_its_limit(*limits: float, output: str = "") -> Sign:
    """Every wrong value is exactly one of the limits that the right ones only approach."""

    def holds(right: Any, got: Any) -> bool:
        right, got = np.asarray(right, dtype=float), np.asarray(got, dtype=float)
        off = ~np.isclose(got, right, rtol=1e-6, atol=0)
        return bool(off.any()) and bool(np.isin(got[off], limits).all())

    return Sign("at its limit", holds, output)
