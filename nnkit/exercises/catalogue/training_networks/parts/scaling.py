"""Judging a Standardizer: what its methods give, one after the other, in the order in which they are written."""

from dataclasses import replace
from typing import Any

import numpy as np

from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.compare import compare
from nnkit.exercises.judge.finding import Finding
from nnkit.exercises.judge.ladder import right_answer
from nnkit.languages import say

# What each step of a case is called when it is wrong, and what is said to it.
STEPS = {
    "fitted": ("transform(X)", ""),
    "other": ("transform of the other rows", " What was fitted is transformed well; these rows came later."),
    "alone": ("transform of a single row", " Tables of several rows are right."),
    "back": ("inverse_transform", " transform is right."),
    "beside": ("transform(X), after another Standardizer was fitted", ""),
    "second": ("transform(X) of a second Standardizer, fitted to the other rows", ""),
    "kept": ("transform(X), after the rows given to fit were written over", ""),
    "anew": ("transform(X), after a second fit", ""),
}
CAUSES = {
    "beside": "Two objects of your class share what they have learned. `self.mean = …` belongs to one object, a "
    "variable of the class or of the notebook to all.",
    "kept": "Your object still looks at the array that `fit` was given, which belongs to somebody else and may change. "
    "Mean and standard deviation are learned once, in `fit`.",
    "anew": "A second `fit` replaces what the first one has learned.",
}
# The method that was given each of the case's arrays.
GIVEN_TO = {"X": "fit", "other": "transform", "Z": "inverse_transform"}


def judge(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
    """What is wrong with the objects of one case, or None."""
    seen = answer.returned
    if not isinstance(seen, dict) or "problem" not in seen:
        return Finding("type", "What the class gave cannot be read.", symptom="unreadable")
    if seen["problem"] is not None:
        return _problem(seen["problem"])
    right = right_answer(exercise, case)
    for step, (name, remark) in STEPS.items():
        finding = compare(right[step], seen.get(step), exercise, name)
        if finding is None:
            continue
        if finding.rung == "returned nothing":
            return replace(finding, cause="Is there a `return` at the end of this method?")
        if finding.rung == "value":
            symptom = _sign(case, step, seen, right)
            return replace(finding, text=finding.text + remark, cause=CAUSES.get(step), symptom=symptom)
        return finding
    if answer.changed:
        method = GIVEN_TO[answer.changed[0]]
        text = say("The values are right, but `{method}` changed the array that it was given.", method=method)
        cause = (
            "Whoever has these data goes on working with them. `X - mean` makes a new array, `X -= mean` changes the "
            "caller's."
        )
        return Finding("input changed", text, cause=cause, symptom=f"changed by {method}")
    return None


def _sign(case: Case, step: str, seen: dict[str, Any], right: dict[str, Any]) -> str:
    """What wrong values of a step show, whatever number stands in the student's code; "" for nothing that is known."""
    X, other = case.arguments["X"], case.arguments["other"]
    if step == "other" and _close(seen[step], (other - other.mean(axis=0)) / _not_zero(other.std(axis=0))):
        return "scaled by their own"
    if step in ("fitted", "other") and _more_under_the_line(X, right["other"], seen["other"]):
        return "a little added"
    if step == "fitted" and _some_not_divided(X, right[step], seen[step]):
        return "small spreads taken for 0"
    return ""


def _some_not_divided(X: np.ndarray, right: np.ndarray, got: Any) -> bool:
    """Whether the columns of smallest spread are only centred, and all others right."""
    got, spread = _numbers(got), X.std(axis=0)
    if got is None or got.shape != right.shape:
        return False
    centred = np.isclose(got, X - X.mean(axis=0), 1e-4, 1e-9).all(axis=0) & (spread > 0)
    divided = np.isclose(got, right, 1e-4, 1e-6).all(axis=0) & (spread > 0)
    known = bool((centred | divided | (spread == 0)).all()) and centred.any()
    largest, smallest = spread[centred].max(initial=0), spread[divided].min(initial=np.inf)
    # Where nothing is divided and a column is constant, that column may be the reason.
    return known and largest < smallest and (divided.any() or (spread > 0).all())


def _more_under_the_line(X: np.ndarray, right: Any, got: Any) -> bool:
    """Whether columns are divided by a little more than their spread, and constant ones by next to nothing."""
    got = _numbers(got)
    if got is None or got.shape != right.shape:
        return False
    factors = (got * right).sum(axis=0) / (right * right).sum(axis=0)
    constant = X.std(axis=0) == 0
    divided = np.where(constant, factors > 20, (factors > 0) & (factors <= 1 + 1e-6))
    return bool(divided.all()) and bool(np.allclose(got, factors * right, rtol=1e-4, atol=1e-6 * np.abs(got).max()))


def _close(got: Any, right: np.ndarray) -> bool:
    numbers = _numbers(got)
    return numbers is not None and numbers.shape == right.shape and bool(np.allclose(numbers, right, 1e-4, 1e-6))


def _numbers(values: Any) -> np.ndarray | None:
    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        return None


def _not_zero(spread: np.ndarray) -> np.ndarray:
    return np.where(spread == 0, 1.0, spread)


def _problem(problem: Any) -> Finding:
    """What kept the objects from their work."""
    kind = problem.get("kind") if isinstance(problem, dict) else None
    detail = str(problem.get("name", problem.get("type", ""))) if isinstance(problem, dict) else ""
    if kind == "missing":
        text = say("Your class has no method `{detail}` yet.", detail=detail)
        return Finding("not written", text, cause=text, symptom=f"no {detail}")
    if kind == "arguments":
        call = "Standardizer()" if detail == "Standardizer" else f"scaler.{detail}(X)"
        text = say("It is used as `{call}`, and yours does not take these arguments.", call=call)
        return Finding("type", text, cause="Every method has `self` first; what it needs to know comes from `fit`.")
    if kind == "fit":
        what = {"NoneType": "None", "ndarray": "an array"}.get(detail, f"a {detail}")
        text = say("`fit` returned {what}, expected the object itself.", what=what)
        cause = "With `return self` at its end one can write `scaler = Standardizer().fit(X)`."
        return Finding("type", text, cause=cause, symptom=f"fit returned {detail}")
    return Finding("type", "What the class gave cannot be read.", symptom="unreadable")
