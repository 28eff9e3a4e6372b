"""Judging gradients that were made shorter: new arrays, right ones, and if not, what became of their direction."""

from dataclasses import replace
from typing import Any

import numpy as np

from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.compare import compare
from nnkit.exercises.judge.finding import Finding
from nnkit.exercises.judge.ladder import right_answer
from nnkit.exercises.judge.wording import in_words, number, plural
from nnkit.languages import say

CHANGED = (
    "Whoever uses these gradients afterwards no longer has the numbers that were there. `g * factor` makes a new "
    "array, `g *= factor` changes the caller's."
)
REPLACED = (
    "The list that was given holds other arrays now. `grads[i] = …`, `append` and `pop` change the caller's list: make "
    "one of your own."
)
SHARED = (
    "An array in your list is one that was given, so whoever changes the one changes the other. Which of your lines "
    "hands on what it got?"
)


def joint_norm(grads: Any) -> float:
    """The Euclidean norm of all entries of all arrays together."""
    return float(np.sqrt(sum(np.sum(np.square(g)) for g in grads)))


def judge(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
    """What is wrong with the arrays for one case, or None."""
    seen = answer.returned
    right = right_answer(exercise, case)["arrays"]
    got = in_a_list(seen["arrays"] if isinstance(seen, dict) and "arrays" in seen else seen, right)
    if got is None:
        text = say("Your function returned None, expected a list of {arrays}.", arrays=plural(len(right), "array"))
        return Finding("returned nothing", text, cause="Is there a `return` at its end, on every path?")
    if not isinstance(got, list | tuple):
        text = say(
            "Your function returned {got}, expected a list of {arrays}.",
            got=in_words(got),
            arrays=plural(len(right), "array"),
        )
        return Finding("type", text, cause="One array for each that was given, of the same shape, in a list.")
    if len(got) != len(right):
        text = say(
            "Your list has {entries}, expected {arrays}.",
            entries=plural(len(got), "entry", "entries"),
            arrays=plural(len(right), "array"),
        )
        return Finding("shape", text, cause="One array for each that was given, of the same shape, in a list.")
    pairs = zip(right, got, strict=True)
    findings = [
        compare(r, g, exercise, say("The array at [{place}]", place=place)) for place, (r, g) in enumerate(pairs)
    ]
    wrong = [found for found in findings if found is not None]
    for found in wrong:  # first what is no array of the right shape, in whatever place
        if found.rung not in ("value", "not finite"):
            return replace(found, output="")
    finding = wrong[0] if wrong else None
    if answer.changed:
        lead = "Your function" if finding else "The values are right, but your function"
        harm = (
            REPLACED
            if "grads" in answer.changed and isinstance(seen, dict) and seen.get("replaced") is True
            else CHANGED
        )
        return Finding(
            "input changed",
            say("{lead} changed its argument {changed}.", lead=lead, changed=answer.changed[0]),
            cause=harm,
        )
    if finding is not None:
        cause = what_became_of(case, got) if finding.rung == "value" else finding.cause
        return replace(finding, output="", cause=cause)
    if not isinstance(seen, dict) or seen.get("shared") is not False:
        return Finding("value", "The values are right, but not all arrays are new.", cause=SHARED, symptom="shared")
    return None


def in_a_list(returned: Any, right: list[Any]) -> Any:
    """Arrays of one shape may come back as one array with an axis more."""
    if isinstance(returned, np.ndarray) and returned.shape == (len(right), *right[0].shape):
        return list(returned)
    return returned


def what_became_of(case: Case, got: Any) -> str:
    """By which factors the arrays of one case were multiplied, as far as they were multiplied by any."""
    given, max_norm = case.arguments["grads"], case.arguments["max_norm"]
    pairs = [(np.ravel(g), np.ravel(np.asarray(r, dtype=float))) for g, r in zip(given, got, strict=True)]
    factors = {place: factor_between(*pair) for place, pair in enumerate(pairs) if pair[0].any()}
    known = {place: factor for place, factor in factors.items() if factor is not None}
    if not factors:
        return "All that was given is 0 here. What is 0, times any factor?"
    if len(known) < len(factors):
        return (
            "Here the entries of one array are not all multiplied by the same number, so it points another way than "
            "before. One factor belongs to all entries of all arrays."
        )
    first, *others = known.values()
    if not np.allclose(others, first, rtol=1e-3):
        each = ", ".join(
            say("{factor} at [{place}]", factor=number(factor), place=place)
            for place, factor in list(known.items())[:3]
        )
        return say(
            "Here every array has a factor of its own: {each}. So all together they point another way than "
            "before. One factor belongs to all.",
            each=each,
        )
    before = joint_norm(given)
    return say(
        "Here all arrays are multiplied by {first}. Their joint norm was {before} and is {first_2} now, "
        "with {max_norm} allowed. Which should it be?",
        first=number(first),
        before=number(before),
        first_2=number(abs(first) * before),
        max_norm=number(max_norm),
    )


def factor_between(before: np.ndarray, after: np.ndarray) -> float | None:
    """The one number by which an array was multiplied; None where there is none."""
    factor = float(before @ after / (before @ before)) if before.any() else 0.0
    size = float(np.abs(after).max(initial=0.0)) or 1.0
    return factor if np.allclose(after, factor * before, rtol=1e-3, atol=1e-6 * size) else None
