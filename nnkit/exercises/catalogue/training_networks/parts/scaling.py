"""Judging a Standardizer: what its methods give, one after the other, in the order in which they are written."""

from dataclasses import replace
from typing import Any

from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.compare import compare
from nnkit.exercises.judge.finding import Finding
from nnkit.exercises.judge.ladder import right_answer

# What each step of a case is called when it is wrong, and what is said to it.
STEPS = {
    "fitted": ("transform(X)", ""),
    "other": ("transform of the other rows", " What was fitted is transformed well; these rows came later."),
    "back": ("inverse_transform", " transform is right."),
    "beside": ("transform(X), after another Standardizer was fitted", ""),
    "anew": ("transform(X), after a second fit", ""),
}
CAUSES = {
    "beside": "Two objects of your class share what they have learned. `self.mean = …` belongs to one object, a "
    "variable of the class or of the notebook to all.",
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
            return replace(finding, text=finding.text + remark, cause=CAUSES.get(step))
        return finding
    if answer.changed:
        text = f"The values are right, but `{GIVEN_TO[answer.changed[0]]}` changed the array that it was given."
        cause = (
            "Whoever has these data goes on working with them. `X - mean` makes a new array, `X -= mean` changes the "
            "caller's."
        )
        return Finding("input changed", text, cause=cause, symptom="changed")
    return None


def _problem(problem: Any) -> Finding:
    """What kept the objects from their work."""
    kind = problem.get("kind") if isinstance(problem, dict) else None
    detail = str(problem.get("name", problem.get("type", ""))) if isinstance(problem, dict) else ""
    if kind == "missing":
        text = f"Your class has no method `{detail}` yet."
        return Finding("not written", text, cause=text, symptom=f"no {detail}")
    if kind == "arguments":
        call = "Standardizer()" if detail == "Standardizer" else f"scaler.{detail}(X)"
        text = f"It is used as `{call}`, and yours does not take these arguments."
        return Finding("type", text, cause="Every method has `self` first; what it needs to know comes from `fit`.")
    if kind == "fit":
        what = "None" if detail == "NoneType" else f"a {detail}"
        text = f"`fit` returned {what}, expected the object itself."
        cause = "With `return self` at its end one can write `scaler = Standardizer().fit(X)`."
        return Finding("type", text, cause=cause, symptom="fit")
    return Finding("type", "What the class gave cannot be read.", symptom="unreadable")
