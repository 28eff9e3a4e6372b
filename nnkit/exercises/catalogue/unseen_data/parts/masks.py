"""Judging dropout: any mask may be right, so properties are judged.

Output and mask have the shape of x, the mask holds 0 and 1 / (1 − p) alone, the output is x times the mask, the share
of zeros is p, and every entry has a draw of its own that comes from the generator. What is wrong is a *symptom*, a few
words that are equal for equal errors.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from nnkit.exercises.beside.probes.training import CALLS, corner_of
from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.compare import compare
from nnkit.exercises.judge.finding import Finding
from nnkit.exercises.judge.wording import in_words, number
from nnkit.languages import say

MANY = 9_000  # entries from which a share can be read
LUCK = 6  # standard deviations that a share may be off

CLOSE = 5e-7  # relative: what single precision gives, and no rounding to a few decimals
WITHOUT_END = 1e6  # a factor beyond it comes from a division by p = 0, or by next to nothing in its place

# What the kept entries may have been multiplied by, in place of 1 / (1 − p); `kept` is the share that really stayed.
FACTORS: tuple[tuple[str, Callable[[float, float], float]], ...] = (
    ("right", lambda p, kept: 1 / (1 - p)),
    ("one", lambda p, kept: 1.0),
    ("1 / p", lambda p, kept: 1 / p if p else np.inf),
    ("1 - p", lambda p, kept: 1 - p),
    ("p", lambda p, kept: p),
    ("two", lambda p, kept: 2.0),
    ("of what stayed", lambda p, kept: 1 / kept),
)


def dropped(x: np.ndarray, p: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Output and mask as they should be."""
    mask = (rng.random(x.shape) >= p) / (1 - p)
    return x * mask, mask


def judge(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
    """What is wrong with the masks of one case, or None."""
    seen = answer.returned
    if not isinstance(seen, dict) or not {"first", "again", "next"} <= seen.keys():
        return Finding("type", "What your function returned cannot be read.", symptom="unreadable")
    finding = _form(exercise, case, seen["first"])
    if finding is None:
        finding = _values(case, *(np.asarray(part, dtype=float) for part in seen["first"]))
    if "x" in answer.changed and (finding is None or finding.rung == "value"):
        right = "The values are right, but your" if finding is None else "Your"
        symptom = "x" if finding is None else say("x, and {symptom}", symptom=finding.symptom)
        cause = (
            "Whoever calls it afterwards works on what is left of x. `x * mask` makes a new array, `x *= mask` and "
            "`x[…] = 0` change the caller's."
        )
        text = say("{right} function changed its argument x in place.", right=right)
        return Finding("input changed", text, cause=cause, symptom=symptom)
    return finding or _randomness(case, seen)


def _form(exercise: Exercise, case: Case, returned: Any) -> Finding | None:
    """Two numeric results of the shape of x."""
    x, p = case.arguments["x"], case.arguments["p"]
    if returned is None:
        text = "Your function returned None, expected out and mask in this order."
        return Finding(
            "returned nothing", text, cause=say("{text} Is there a `return` at its end?", text=text), symptom="none"
        )
    if not isinstance(returned, list | tuple) or len(returned) != 2:
        text = say("Your function returned {returned}, expected 2 results: out, mask.", returned=in_words(returned))
        cause = "The mask is needed again on the way back: the message must pass the same doors. `return out, mask`."
        if isinstance(returned, list | tuple):
            cause = "Two results come back, in this order: out, mask."
        return Finding("type", text, cause=cause, symptom="form")
    with np.errstate(all="ignore"):
        right = dropped(x, p, np.random.default_rng(0))
    for name, part, model in zip(("out", "mask"), returned, right, strict=True):
        # Only the form counts here: what has the right one is not compared with any values.
        got = np.asarray(part) if isinstance(part, np.ndarray | list | tuple) else None
        if got is not None and got.dtype.kind in "biuf" and got.shape == x.shape:
            continue
        finding = compare(model, part, exercise, name)
        if finding is not None:
            row = got is not None and got.shape == x.shape[-1:]
            return replace(finding, symptom=f"{name}: {'one row' if row else finding.rung}")
    return None


def _values(case: Case, out: np.ndarray, mask: np.ndarray) -> Finding | None:
    """Is out = x · mask; does the mask hold 0 and 1 / (1 − p) alone; is the share of zeros p; does it look random?"""
    x, p = case.arguments["x"], case.arguments["p"]
    factor = 1 / (1 - p)
    kept = mask[mask != 0]
    if not p and (not np.isfinite(mask).all() or (kept.size and np.abs(kept).min() > WITHOUT_END)):
        such = (
            "not finite" if not np.isfinite(mask).all() else say("as large as {flat}", flat=number(float(kept.flat[0])))
        )
        text = say("mask has values that are {such}, for p = 0, expected {wanted}.", such=such, wanted=_wanted(p))
        cause = (
            "With p = 0 nothing is dropped, and nothing has to be made up for. Is something divided there by p, or by "
            "an entry of x?"
        )
        return Finding("not finite", text, "mask", cause, symptom="divided by p = 0")
    for name, values in (("out", out), ("mask", mask)):
        if not np.isfinite(values).all():
            text = say("{name} has values that are not finite, for p = {p:g}.", name=name, p=p)
            cause = "Something is divided by 0 there. Which of the numbers that you divide by can be 0?"
            return Finding("not finite", text, name, cause, symptom=f"{name}: not finite")
    if _levels(mask) > 1:
        text = say("mask holds more than two different numbers, such as {min} and ", min=number(float(kept.min())))
        text += say("{max}; expected {wanted}.", max=number(float(kept.max())), wanted=_wanted(p))
        if _levels(out) == 1 and _values(case, mask, out) is None:
            cause = "out and mask have changed places: first out, then mask."
            return Finding("value", text, "mask", cause, symptom="swapped")
        cause = "A mask has doors that are shut, 0, and doors that are open, all with the same number."
        return Finding("value", text, "mask", cause, symptom="many values")
    pattern = _pattern(mask, p)
    if pattern is not None:
        return pattern
    level = float(kept.flat[0]) if kept.size else 0.0
    scale = _scale(level, p, kept.size / mask.size) if kept.size else "none"
    share, fit = _share(mask, p), _fit(x, p, out, mask)
    symptom = say("scale {scale}, share {share}, {fit}", scale=scale, share=share, fit=fit)
    if share != "right" and (x.size >= MANY or not p):
        percent = 100 * (1 - kept.size / mask.size)
        text = say(
            "With p = {p:g} your mask drops {percent:.1f} % of {size:,} entries; p is the share dropped, ",
            p=p,
            percent=percent,
            size=mask.size,
        )
        text += say("{p:g} % expected.", p=100 * p)
        cause = "An entry is dropped if its own draw, one that is spread evenly from 0 to 1, lies below p."
        return Finding("value", text, "mask", cause, symptom=symptom)
    if scale != "right":
        text = say(
            "The right share is dropped. The entries that stay are {level} in your mask, expected ",
            level=number(level, factor),
        )
        text += f"{number(factor, level)}."
        return Finding("value", text, "mask", symptom=symptom)
    if fit != "fits":
        place = tuple(int(i) for i in np.argwhere(~_near(out, x * mask))[0])
        text = say(
            "The mask is right, and out is not x · mask: at {place} x is {x}, mask ",
            place=list(place),
            x=number(x[place]),
        )
        text += say("{mask}, out {out}.", mask=number(mask[place]), out=number(out[place]))
        return Finding("value", text, "out", symptom=symptom)
    return None


def _wanted(p: float) -> str:
    return say("0 and {p} alone", p=number(1 / (1 - p))) if p else "1 everywhere"


def _scale(level: float, p: float, kept: float) -> str:
    """By what the kept entries are multiplied, in a word or three."""
    named = (name for name, of in FACTORS if np.isclose(level, of(p, kept), rtol=CLOSE, atol=0))
    found = next(named, "another")
    right = 1 / (1 - p)
    cut = {np.round(right, decimals) for decimals in range(6)} | {np.floor(right), np.ceil(right)}
    return "rounded" if found in ("another", "one", "two") and level in cut and level != 1 - p else found


def _near(out: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    return np.isclose(out, wanted, rtol=1e-5, atol=1e-7)


def _fit(x: np.ndarray, p: float, out: np.ndarray, mask: np.ndarray) -> str:
    """How out was made of x and the mask, or of what else."""
    if _near(out, x * mask).all():
        return "fits"
    factor = 1 / (1 - p)
    ways = {
        "scaled twice": x * mask * factor,
        "not scaled": x * (mask != 0),
        "nothing dropped": x * factor,
        "x itself": x,
        "the mask alone": mask,
    }
    for way, wanted in ways.items():
        if _near(out, wanted).all():
            return way
    share = float(np.mean(out[x != 0] == 0))
    of_two = _near(out, 0 * x) | _near(out, x * factor)
    return (
        "of another mask" if of_two.all() and abs(share - p) < LUCK * np.sqrt(p * (1 - p) / x.size) else "not x · mask"
    )


def _levels(mask: np.ndarray) -> int:
    """How many different numbers the mask holds beside 0."""
    return int(np.unique(mask[mask != 0].round(6)).size)


def _share(mask: np.ndarray, p: float) -> str:
    """What the share of zeros is, in one word or three."""
    tolerance = LUCK * np.sqrt(max(p * (1 - p), 1e-12) / mask.size)
    shares = {"right": p, "swapped": 1 - p, "a half": 0.5, "of normal draws": 0.5 * (1 + math.erf(p / math.sqrt(2)))}
    zeros = 1 - np.count_nonzero(mask) / mask.size
    return next((name for name, of in shares.items() if abs(zeros - of) <= tolerance), "another")


def _pattern(mask: np.ndarray, p: float) -> Finding | None:
    """Are entries dropped one by one, not in whole rows or columns?"""
    for axis in range(mask.ndim) if p and mask.ndim > 1 else ():
        if (mask == mask.take([0], axis=axis)).all():
            along = "sample" if axis == 0 else "entry of a sample" if mask.ndim == 2 else "slice"
            text = say("Your mask is the same for every {along}.", along=along)
            cause = "One draw decides for many entries. Each entry has a draw of its own: how many numbers does x hold?"
            return Finding("value", text, "mask", cause, symptom=f"same along {axis}")
    return None


def _randomness(case: Case, seen: dict[str, Any]) -> Finding | None:
    """Does the mask come from the generator: the same seed gives the same one, the next draw another?"""
    x, p = case.arguments["x"], case.arguments["p"]
    if not p:
        return None
    first, again, later = (_mask_in(seen[call]) for call in ("first", "again", "next"))
    if again.shape != x.shape or not np.array_equal(first, again):
        text = "Two calls with generators of the same seed gave different masks."
        cause = (
            "The draws do not come from the argument `rng`. Every number has to: an experiment with a seed can then be "
            "repeated."
        )
        return Finding("value", text, "mask", cause, symptom="not from rng")
    if np.array_equal(first, later):
        text = "Two calls with the same generator, one after the other, gave the same mask."
        cause = (
            "A generator moves on with every draw; yours starts afresh in each call. Is one made inside your function?"
        )
        return Finding("value", text, "mask", cause, symptom="starts afresh")
    counts = seen.get("counts")
    enough = 0.1 <= p <= 0.9  # else a corner may lose nothing in every call, by chance
    if (
        enough
        and isinstance(counts, list)
        and len(counts) == CALLS
        and counts[0] != -1
        and all(c == counts[0] for c in counts)
    ):
        text = say(
            "Of {size} entries your mask dropped {counts}, in each of {calls} calls.",
            size=corner_of(x).size,
            counts=counts[0],
            calls=CALLS,
        )
        cause = "Each entry has a draw of its own. How many are dropped is then left to chance, and varies."
        return Finding("value", text, "mask", cause, symptom="fixed number")
    return None


def _mask_in(returned: Any) -> np.ndarray:
    """The mask of one call; a single number where there is none."""
    part = returned[1] if isinstance(returned, list | tuple) and len(returned) == 2 else None
    return np.asarray(part) if isinstance(part, list | tuple | np.ndarray) else np.zeros(())
