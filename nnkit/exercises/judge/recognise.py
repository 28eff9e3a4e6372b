"""Recognising a mistake: which of the declared ones agrees with every answer, or with a wrong part of them."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from nnkit.exercises.beside import wire
from nnkit.exercises.exercise import Case, Exercise, Mistake, UnknownName
from nnkit.exercises.judge.answer import Answer, Raised
from nnkit.exercises.judge.compare import alike
from nnkit.exercises.judge.finding import Finding
from nnkit.exercises.judge.judged import Judged
from nnkit.exercises.judge.ladder import copies_of, finding_in, in_a_row, judge_case, right_answer


def simulate(exercise: Exercise, mistake: Mistake | None, case: Case) -> Answer:
    """The answer to a case by somebody who makes this mistake (or none), in the form in which a probe sends it."""
    arguments = copies_of(case.arguments)
    before = {key: wire.dumps(value) for key, value in arguments.items()}
    returned, raised = None, None
    # Warnings decide in few exercises, and listening for them takes time.
    caught: Any = warnings.catch_warnings(record=True) if exercise.quiet else nullcontext([])

    def expected() -> Any:
        return right_answer(exercise, case)

    try:
        with np.errstate(all="warn" if exercise.quiet else "ignore", under="ignore"), caught as warned:
            if exercise.quiet:
                warnings.simplefilter("always")
            returned = wire.plain(expected() if mistake is None else mistake.answer(exercise, expected, arguments))
    except UnknownName:
        raise  # it is the declaration that is wrong
    except Exception as error:
        raised = Raised(type(error).__name__, str(error))
    changed = (key for key, value in arguments.items() if wire.dumps(wire.plain(value)) != before[key])
    warnings_seen = () if raised is not None else tuple(str(warning.message) for warning in warned)
    return Answer(returned, tuple(changed), raised, warnings_seen)


def recognise(judged: Judged) -> tuple[Mistake, str] | None:
    """The mistake that the answers agree with on every case, and the result it was recognised in ("" for all)."""
    # Of several results first the one that the student is shown, then the first that fails, then from the last to the
    # first: in the gradients of layers the last has the fewest slips behind it.
    exercise = judged.exercise
    first = [judged.shown_finding.output, judged.failing[0][1].output]
    outputs = [name for name in dict.fromkeys(first) if name in exercise.results]
    pairs = list(zip(judged.cases, judged.answers, strict=True))
    compared = exercise.judge is None and outputs  # where properties are judged, no result has one right value
    others = [name for name in reversed(exercise.results) if name not in outputs] if compared else []
    outputs += [name for name in others if any(finding_in(exercise, *pair, name) is not None for pair in pairs)]
    found = (_recognise(replace(judged, exercise=version), outputs) for version in exercise.versions)
    return next((known for known in found if known is not None), None)


def _recognise(judged: Judged, outputs: list[str]) -> tuple[Mistake, str] | None:
    """The mistake, of somebody whose right answers would be those of the exercise's first reference.

    The whole answer first. Then one of the wrong `outputs` alone: two different mistakes in two results are told one
    after the other. For judges of properties, at last, the same symptoms.
    """
    exercise, cases, findings = judged.exercise, judged.cases, judged.findings

    @cache
    def simulated(mistake: Mistake, place: int) -> Answer:
        return simulate(exercise, mistake, cases[place])

    # Where all values are right, mistakes differ by the cases in which they warn.
    only_warned = all(finding.rung == "warned" for _, finding in judged.failing)

    def same(mine: Answer, theirs: Answer, output: str) -> bool:
        return _agree(exercise, mine, theirs, output) and not (only_warned and bool(mine.warned) != bool(theirs.warned))

    def on_every_case(mistake: Mistake, output: str) -> bool:
        # Most mistakes disagree on one of the first cases; the others are then never simulated.
        return all(same(mine, simulated(mistake, place), output) for place, mine in enumerate(judged.answers))

    for mistake in exercise.mistakes:
        if on_every_case(mistake, ""):
            return mistake, ""
    for output in outputs:
        for mistake in exercise.mistakes:
            if on_every_case(mistake, output):
                return mistake, output
    if exercise.judge is not None:
        symptoms = _symptoms(findings)
        for mistake in exercise.mistakes if "" not in symptoms else ():
            found = [judge_case(exercise, case, simulated(mistake, place)) for place, case in enumerate(cases)]
            if symptoms == _symptoms(found):
                return mistake, ""
    return None


def recognise_in_part(judged: Judged) -> Mistake | None:
    """The mistake that explains the smallest failing case of an answer with more than one thing wrong or missing.

    For exercises that are judged by properties. The answer agrees with the mistake there and in most of the cases in
    which the mistake shows and the answer got as far as a value; in none of them is it right.
    """
    exercise = judged.exercise
    if exercise.judge is None:
        return None
    case, answer = judged.cases[judged.shown], judged.answers[judged.shown]
    best: tuple[int, Mistake] | None = None
    for mistake in exercise.mistakes:
        suspected = simulate(exercise, mistake, case)
        if not _agree(exercise, answer, suspected, ""):
            continue
        if answer.raised and exercise.probe == "call" and not _same_error(answer.raised, suspected.raised):
            continue
        agreeing = _agreeing(judged, mistake)
        if agreeing and (best is None or agreeing > best[0]):
            best = agreeing, mistake
    return best[1] if best else None


def _agreeing(judged: Judged, mistake: Mistake) -> int:
    """In how many cases answers and mistake agree; 0 if they do not in most, or one is right where the other is not."""
    exercise, raised = judged.exercise, judged.answers[judged.shown].raised is not None
    agreeing = differing = 0
    for case, mine, finding in zip(judged.cases, judged.answers, judged.findings, strict=True):
        theirs = simulate(exercise, mistake, case)
        if judge_case(exercise, case, theirs) is None:
            # Where a mistake is known by an error alone, a wrong value elsewhere speaks for another one.
            differing += raised and finding is not None and finding.rung == "value"
        elif finding is None:
            return 0
        elif _agree(exercise, mine, theirs, ""):
            agreeing += 1
        elif finding.rung in ("value", "not finite"):
            differing += 1
    return agreeing if agreeing > differing else 0


def _symptoms(findings: Sequence[Finding | None]) -> set[str]:
    """What is wrong; an error's type alone says little, so the case in which it was raised belongs to it."""
    return {
        f"{finding.symptom} in case {place}" if finding.rung == "raised" else finding.symptom
        for place, finding in enumerate(findings)
        if finding is not None
    }


def _agree(exercise: Exercise, mine: Answer, theirs: Answer, output: str) -> bool:
    if (mine.raised is None) != (theirs.raised is None):
        return False
    if mine.raised is not None and theirs.raised is not None:
        return mine.raised.type == theirs.raised.type
    if exercise.keeps_inputs and mine.changed != theirs.changed:
        return False
    first, second = mine.returned, theirs.returned
    if output:
        rows = [in_a_row(exercise, returned) for returned in (first, second)]
        if not all(rows):
            return False
        first, second = (row[exercise.results.index(output)] for row in rows)
    return alike(first, second, exercise)


def _same_error(first: Raised | None, second: Raised | None) -> bool:
    """Whether two errors say the same but for the numbers in them."""
    if first is None or second is None:
        return first is second
    return re.sub(r"[\d, ]+", "", first.text) == re.sub(r"[\d, ]+", "", second.text)
