"""The judge of the sigmoid and of its slope: exact far out as well, and what went wrong there by its properties."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.proportion import in_proportion
from nnkit.exercises.exercise import Case, Exercise, Mistake, wrong
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.compare import differs
from nnkit.exercises.judge.finding import Finding, table_of
from nnkit.exercises.judge.ladder import compare_with_reference
from nnkit.exercises.judge.wording import number
from nnkit.languages import say

IN_SINGLE_PRECISION = 1e-7  # what float32 can tell apart beside 1
FLAT = 2.0  # from here on a curve that is cut into pieces is
FAR = 10.0  # from here on sigmoids are within 5·10⁻⁵ of 0 or 1
BESIDE_ONE = 1e-19  # what is smaller leaves no trace in a sum with 1
NOTHING = 1e-300  # what is smaller may be 0

STRETCHED = "the sigmoid of a multiple"
ALL_AT_ONCE = (
    "Yours follows the curve down to values of twenty digits behind the point, and then all at once it is 0. Floats go "
    "on for hundreds of places, and so does the curve. Is yours put together from pieces?"
)

Curve = Callable[[np.ndarray], np.ndarray]
Judge = Callable[[Exercise, Case, Answer], Finding | None]


def exact_far_out(word: str, exactly: Curve, undone: Curve) -> Judge:
    """A judge for a function that flattens out on both sides.

    Parameters
    ----------
    word : str
        What the function is, as in "yours is the *sigmoid* of −10".
    exactly : Curve
        The function, with all digits also where it is very small.
    undone : Curve
        Gives the x (or its size) that belongs to a value; not a number where there is none.
    """

    def judge(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
        if _in_single_precision(answer.returned):
            exercise = replace(exercise, absolute=IN_SINGLE_PRECISION)
        finding = compare_with_reference(exercise, case, answer)
        if finding is None:
            return _cut_off(case, answer, exactly)
        if finding.rung != "value":
            return replace(finding, symptom="")  # one warning is not another
        right, got = (np.asarray(value, dtype=float) for value in (finding.expected, finding.got))
        wrong = differs(right, got, exercise)
        x = np.asarray(case.arguments["x"], dtype=float)
        with np.errstate(all="ignore"):
            symptom = _stretched(x, got, wrong) if word == "sigmoid" else in_proportion(right, got)
        return replace(finding, symptom=symptom, cause=_cause(x[wrong], right[wrong], got[wrong], word, undone))

    return judge


def cut_off(exactly: Curve) -> Mistake:
    """Right down to where nobody looks, and 0 from there on.

    Within the tolerances these values are those of answers that are right but for their warnings: this one is to be
    declared before them, so that nobody is told that all values are right.
    """

    def change(x: Any) -> Any:
        x = np.asarray(x, dtype=float)
        return np.where(x < -100, 0.0, exactly(x))

    return wrong("0 all at once", change).told(ALL_AT_ONCE)


def _cut_off(case: Case, answer: Answer, exactly: Curve) -> Finding | None:
    """Values that follow the curve down to where floats cannot count beside 1, and then are 0 all at once.

    Either is right by itself: to be 0 from where beside 1 nothing is left (a way by tanh is), or to follow to the end.
    On the right, where sigmoids are close to 1, nobody can follow them.
    """
    x, got = np.asarray(case.arguments["x"], dtype=float), np.asarray(answer.returned, dtype=float)
    right = exactly(x)
    followed = (x < 0) & (right < BESIDE_ONE) & (np.abs(got - right) < 1e-3 * right)
    cut = (x < 0) & (got == 0) & (right > NOTHING)
    if not followed.any() or not cut.any() or _in_single_precision(answer.returned):
        return None
    first = np.unravel_index(np.argmax(np.where(cut, right, 0)), right.shape)
    text = say("At x = {x} yours is exactly 0, expected {right}.", x=number(x[first]), right=number(right[first]))
    return Finding("value", text, cause=ALL_AT_ONCE, table=table_of(right, got, cut), expected=right, got=got)


def _stretched(x: np.ndarray, got: np.ndarray, wrong: np.ndarray) -> str:
    """Whether these are sigmoids of one multiple of x; seen at one x alone, or at none, that is less."""
    seen = (x != 0) & (got > 1e-6) & (got < 1 - 1e-6)  # where a sigmoid can be undone
    multiples = (np.log(got[seen]) - np.log1p(-got[seen])) / x[seen]
    if (np.abs(got[x == 0] - 0.5) > 1e-6).any() or np.min(multiples, initial=1) <= 0:
        return ""
    if np.isin(got[wrong], (0, 1)).any():  # of a step nothing can be undone
        return ""
    if multiples.size and (np.ptp(multiples) > 1e-4 * multiples.min() or np.abs(multiples - 1).max() < 1e-5):
        return ""
    return STRETCHED if multiples.size > 1 else say("{stretched}, seen once", stretched=STRETCHED)


def _in_single_precision(returned: Any) -> bool:
    try:
        return np.asarray(returned).dtype == np.float32
    except ValueError:  # rows of different lengths
        return False


def _cause(x: np.ndarray, right: np.ndarray, got: np.ndarray, word: str, undone: Curve) -> str | None:
    """What the wrong values of one case have in common; None for nothing."""
    nearest = np.argmin(np.abs(x))
    there = f"x = {number(x[nearest])}"
    with np.errstate(all="ignore"):
        other = np.abs(undone(got))
    if np.isfinite(other).all() and np.ptp(other) < 0.01 and 1 <= other.max() < np.abs(x).min():
        bound = float(np.round(other[nearest]))
        if abs(other[nearest] - bound) < 0.01:
            sign = "" if word != "sigmoid" or got[nearest] > 0.5 else "−"
            return say(
                "What you give at {there} is the {word} at {sign}{bound:g}. Is x held within bounds on its way, "
                "and are they too narrow?",
                there=there,
                word=word,
                sign=sign,
                bound=bound,
            )
    if np.isin(got, (0, 1)).all():
        if word == "sigmoid" and (np.abs(got - right) > 0.999).all():
            return say(
                "At {there} yours is at the wrong end. So far out an exponential can be infinite: what do you "
                "make of a fraction that has it above and below its line?",
                there=there,
            )
        if (np.abs(got - right) < 0.15).all() and (np.abs(x) >= FLAT).all():
            return say(
                "At {there} yours is exactly {got}. The curve comes ever closer to that and does not get there. "
                "Is yours put together from pieces?",
                there=there,
                got=number(got[nearest]),
            )
    if word == "sigmoid" and (np.abs(got + right - 1) < 1e-6).all():
        return say(
            "At {there} yours and the right value add up to 1, as if {x} had gone in. Which form of the "
            "fraction is at work there, and on which side of 0 does it belong?",
            there=there,
            x=number(-x[nearest]),
        )
    if (np.abs(x) > FAR).all() and (np.abs(got - right) < 1e-6).all():
        return say(
            "Where the curve is almost flat your digits are not right, as at {there}. Digits are lost where "
            "numbers that are nearly equal are subtracted, and a difference that is divided by something "
            "small is made of what was lost. Does your way there need one?",
            there=there,
        )
    if (np.abs(got - right) <= 5e-3 * np.abs(right)).all():
        return say(
            "At {there} the first digits are right and the later ones are not. Is something rounded, or "
            "approximated, or typed in with too few digits?",
            there=there,
        )
    return None
