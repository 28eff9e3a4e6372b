"""The ladder: the first rung on which an answer fails is what the student is told.

raised → returned nothing → type → shape → dtype → input changed → not finite → value → warned. The order is the order
in which a person would look: a wrong shape makes every value wrong, so the shape is said and the values are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nnkit.exercises.beside import wire
from nnkit.exercises.beside.states import VERY_LARGE
from nnkit.exercises.exercise import Case, Exercise, UnknownName
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.compare import alike, compare
from nnkit.exercises.judge.errors import error_finding
from nnkit.exercises.judge.finding import RUNGS, Finding
from nnkit.exercises.judge.wording import in_words, listing, plural
from nnkit.languages import counted, joined, say, sentences


def judge_case(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
    """The first rung that fails for one case, or None when the answer is right.

    An answer that the judge cannot even look at, while it can look at the right one, does not have the form of an
    answer: that is what is wrong with it. Whatever else stops the judge is its own fault, and raised.
    """
    try:
        return _judge_case(exercise, case, answer)
    except UnknownName:
        raise
    except Exception:
        _judge_case(exercise, case, Answer(wire.plain(right_answer(exercise, case))))
        text = say(
            "What came back cannot be read as an answer: it is {what} of another form.", what=in_words(answer.returned)
        )
        return Finding("type", text, cause=text, symptom="of another form", certain=True)


def _judge_case(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
    if answer.raised is not None:
        return error_finding(exercise, answer.raised)
    if isinstance(answer.returned, wire.Opaque) and answer.returned.type_name == VERY_LARGE:
        text = say("What your function returned is too large to be looked at.")
        return Finding("type", text, cause=text, symptom="too large")
    if exercise.judge is not None:
        found: Finding | None = exercise.judge(exercise, case, answer)
        if found is not None and found.rung == "input changed" and not found.changed:
            return replace(found, changed=answer.changed)
        return found
    return compare_with_reference(exercise, case, answer)


def compare_with_reference(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
    """Compare what came back with the reference, result by result, and the inputs with those that were sent."""
    findings = [_compare_with_one(version, case, answer) for version in exercise.versions]
    return findings[0] if all(findings) else None


def _compare_with_one(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
    expected = right_answer(exercise, case)
    returned = answer.returned
    if returned is None and expected is not None:
        return Finding("returned nothing", _nothing_text(exercise), cause=_nothing_text(exercise))
    if exercise.returns:
        finding = _compare_results(exercise, expected, returned)
    else:
        finding = compare(expected, returned, exercise)
    changed = _changed_inputs(exercise, answer, finding)
    if changed is not None and (finding is None or RUNGS.index(finding.rung) > RUNGS.index("input changed")):
        names, count = listing(answer.changed), len(answer.changed)
        if finding is None:
            text = counted(
                "The values are right, but your function changed its argument {names} in place.",
                "The values are right, but your function changed its arguments {names} in place.",
                count,
                names=names,
            )
        else:
            text = counted(
                "Your function changed its argument {names} in place.",
                "Your function changed its arguments {names} in place.",
                count,
                names=names,
            )
        return Finding("input changed", text, cause=changed, expected=expected, got=returned, changed=answer.changed)
    if finding is None and exercise.quiet and answer.warned:
        said = "; ".join(text.rstrip(". ") for text in answer.warned)
        text = say("The values are right, but a warning was raised on the way to them: “{said}”.", said=said)
        return Finding("warned", text, cause=_WARNED, symptom="warned", expected=expected, got=returned)
    return finding


_WARNED = say(
    "A warning says that some number on the way to the result could not be had: too large, or no number at all. Which "
    "one, and for which inputs?"
)


def _changed_inputs(exercise: Exercise, answer: Answer, finding: Finding | None) -> str | None:
    """What is wrong with changing an argument, as far as it is true of this answer."""
    if not exercise.keeps_inputs or not answer.changed:
        return None
    name = answer.changed[0]
    if finding is None and not alike(answer.again, answer.returned, exercise):
        harm = say("Whoever calls it twice gets a different answer.")
    else:
        harm = say("Whoever uses {name} afterwards no longer has the numbers that were there.", name=name)
    remedy = say(
        "`{name} = {name} + …` makes a new one; `{name} += …`, `{name}[i] = …` and methods such as `sort` and `pop` "
        "change the caller's. Work on `{name}.copy()` where you need to change it.",
        name=name,
    )
    return sentences(harm, remedy)


def _nothing_text(exercise: Exercise) -> str:
    if exercise.returns:
        return say(
            "Your function returned None, expected {results} in this order. Is there a `return` at its end, on every "
            "path?",
            results=listing(_grouped(exercise)),
        )
    return say("Your function returned None, expected a result. Is there a `return` at its end, on every path?")


def _compare_results(exercise: Exercise, expected: tuple[Any, ...], returned: Any) -> Finding | None:
    names = exercise.returns
    wanted = say("{count} results: {names}", count=len(names), names=joined(_grouped(exercise)))
    if not _is_sequence(returned) or (isinstance(returned, np.ndarray) and len(returned) != len(names)):
        text = say("Your function returned {what}, expected {wanted}.", what=in_words(returned), wanted=wanted)
        return Finding("type", text, cause=say("Several results are returned in one line, separated by commas."))
    if len(returned) != len(names):
        what = plural(len(returned), "result")
        text = say("Your function returned {what}, expected {wanted}.", what=what, wanted=wanted)
        together = say("Results in brackets come back together, as one tuple: `return a, (b, c)`.")
        return Finding("type", text, cause=text if names == exercise.results else together)
    got = in_a_row(exercise, returned)
    if not got:
        group, part = next((g, r) for g, r in zip(names, returned, strict=True) if not _is_group(g, r))
        text = say(
            "In the place of ({names}) your function returned {what}.", names=", ".join(group), what=in_words(part)
        )
        cause = say("Expected there: a tuple of {count}, in this order.", count=len(group))
        return Finding("type", text, cause=cause)
    results, right_ones = exercise.results, in_a_row(exercise, expected)
    findings = [compare(e, r, exercise, name) for name, e, r in zip(results, right_ones, got, strict=True)]
    wrong = [finding for finding in findings if finding is not None]
    if not wrong:
        return None
    first = min(wrong, key=lambda finding: RUNGS.index(finding.rung))
    return replace(first, right=tuple(name for name, found in zip(results, findings, strict=True) if found is None))


def finding_in(exercise: Exercise, case: Case, answer: Answer, output: str) -> Finding | None:
    """What is wrong with one of several results; None also where there is nothing to compare."""
    got = in_a_row(exercise, answer.returned)
    if answer.raised is not None or not got:
        return None
    place, found = exercise.results.index(output), []
    for version in exercise.versions:
        expected = in_a_row(exercise, right_answer(version, case))
        found.append(compare(expected[place], got[place], exercise, output))
    return found[0] if all(found) else None


def _grouped(exercise: Exercise) -> list[str]:
    return grouped_names(exercise, exercise.results)


def grouped_names(exercise: Exercise, names: Sequence[str]) -> list[str]:
    """Names of results as they come back, one after the other: "loss", "(dW, db)"."""
    left, found = list(names), []
    for place in exercise.returns:
        group = [left.pop(0) for _ in range(1 if isinstance(place, str) else len(place))]
        found.append(group[0] if isinstance(place, str) else f"({', '.join(group)})")
    return found


def in_a_row(exercise: Exercise, returned: Any) -> list[Any]:
    """All results one after the other; none when they did not come back in the form that the exercise asks for."""
    if not exercise.returns:
        return [returned]
    if not _is_sequence(returned) or len(returned) != len(exercise.returns):
        return []
    row: list[Any] = []
    for names, part in zip(exercise.returns, returned, strict=True):
        if not _is_group(names, part):
            return []
        row += [part] if isinstance(names, str) else list(part)
    return row


def _is_group(names: str | tuple[str, ...], part: Any) -> bool:
    """Whether something may stand in the place of these names: anything for one, a value for each of several."""
    return isinstance(names, str) or (_is_sequence(part) and len(part) == len(names))


def _is_sequence(value: Any) -> bool:
    return isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim > 0)


def right_answer(exercise: Exercise, case: Case) -> Any:
    """What the reference gives for a case; it gets copies, and the defaults of what the case leaves out."""
    return exercise.reference(*exercise.with_defaults(case.copies()).values())
