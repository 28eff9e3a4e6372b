"""Recognising a mistake: which of the declared ones agrees with every answer, or with a wrong part of them.

A mistake is told only where it is true. It is made anew for every case, and held against the answer: wherever it gives
something wrong, the answer is wrong too, in every result that it changes. What is right in the answer is never
explained by a mistake that would have spoilt it.
"""

from __future__ import annotations

import inspect
import re
import warnings
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import numpy as np

from nnkit.exercises.beside import wire
from nnkit.exercises.exercise import Case, Exercise, Mistake, UnknownName, protect
from nnkit.exercises.judge.answer import Answer, Raised
from nnkit.exercises.judge.compare import alike, compare
from nnkit.exercises.judge.finding import Finding
from nnkit.exercises.judge.judged import Judged
from nnkit.exercises.judge.ladder import finding_in, in_a_row, judge_case, right_answer

RARELY = 0.25  # the share of cases in which an answer may not show what its cause would make wrong


def simulate(exercise: Exercise, mistake: Mistake | None, case: Case) -> Answer:
    """The answer to a case by somebody who makes this mistake (or none), in the form in which a probe sends it."""
    arguments = case.copies()
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
    changed = (key for key, value in arguments.items() if wire.dumps(wire.plain(value)) != case.written[key])
    seen = [] if raised is not None else [w for w in warned if issubclass(w.category, RuntimeWarning)]
    return Answer(returned, tuple(changed), raised, tuple(str(warning.message) for warning in seen))


class Suspect:
    """A mistake held against the answers to all cases: what whoever makes it would have returned to each.

    Parameters
    ----------
    judged : Judged
        The answers.
    mistake : Mistake
        What may explain them.
    """

    def __init__(self, judged: Judged, mistake: Mistake) -> None:
        self.judged = judged
        self.mistake = mistake

    def answer(self, place: int) -> Answer:
        """The mistaken answer to a case; most suspects are dropped after one or two of them."""
        exercise, case = self.judged.exercise, self.judged.cases[place]
        key = "answer", exercise, self.mistake
        if key not in case.worked_out:
            answer = simulate(exercise, self.mistake, case)
            protect(answer.returned)
            case.worked_out[key] = answer
        found: Answer = case.worked_out[key]
        return found

    def agrees(self, place: int, output: str = "") -> bool:
        """Whether the answer to a case is what the mistake gives, as a whole or in one result."""
        return _agree(self.judged.exercise, self.judged.answers[place], self.answer(place), output)

    def finding(self, place: int) -> Finding | None:
        """What is wrong with the mistaken answer to a case."""
        exercise, case = self.judged.exercise, self.judged.cases[place]
        key = "finding", exercise, self.mistake
        if key not in case.worked_out:
            case.worked_out[key] = judge_case(exercise, case, self.answer(place))
        found: Finding | None = case.worked_out[key]
        return found

    @property
    def findings(self) -> tuple[Finding | None, ...]:
        """What is wrong with the mistaken answer to each case."""
        return tuple(self.finding(place) for place in self.places)

    @property
    def places(self) -> range:
        """The positions of all cases."""
        return range(len(self.judged.cases))

    def spoils_nothing_right(self) -> bool:
        """Whether every case, and every result of it, that the mistake makes wrong is wrong in the answer too."""
        return all(self._is_wrong_where_spoilt(place) for place in self.places)

    def _is_wrong_where_spoilt(self, place: int) -> bool:
        judged = self.judged
        if self.agrees(place) or self.finding(place) is None:
            return True
        mine, theirs = judged.findings[place], self.finding(place)
        if mine is None or theirs is None:
            return False
        spoilt_though_right = set(mine.right) - set(theirs.right)
        return all(self.agrees(place, name) for name in spoilt_though_right)


def recognise(judged: Judged) -> tuple[Mistake, str] | None:
    """The mistake that the answers agree with on every case, and the result it was recognised in ("" for all)."""
    # Of several results first the one that the student is shown, then the first that fails, then from the last to the
    # first: in the gradients of layers the last has the fewest slips behind it.
    exercise = judged.exercise
    first = [judged.shown_finding.output, judged.failing[0][1].output]
    outputs = [name for name in dict.fromkeys(first) if name in exercise.results]
    pairs = list(zip(judged.cases, judged.answers, strict=True))
    others = [name for name in reversed(exercise.results) if name not in outputs] if judged.compared and outputs else []
    outputs += [name for name in others if any(finding_in(exercise, *pair, name) is not None for pair in pairs)]
    found = (_recognise(replace(judged, exercise=version), outputs) for version in exercise.versions)
    return next((known for known in found if known is not None), None)


def _recognise(judged: Judged, outputs: list[str]) -> tuple[Mistake, str] | None:
    """The mistake, of somebody whose right answers would be those of the exercise's first reference.

    The whole answer first. Then one of the wrong `outputs`: two different mistakes in two results are told one after
    the other. For judges of properties, at last, the same symptoms.
    """
    suspects = [Suspect(judged, mistake) for mistake in judged.exercise.mistakes]
    # Where all values are right, mistakes differ by the cases in which they warn.
    only_warned = all(finding.rung == "warned" for _, finding in judged.failing)
    for suspect in suspects:
        if _explains_all(suspect) and not (only_warned and not _warns_alike(suspect)):
            return suspect.mistake, ""
    for output in outputs:
        for suspect in suspects:
            if _explains(suspect, output):
                return suspect.mistake, output
    if judged.exercise.judge is not None:
        for suspect in suspects:
            if _has_the_symptoms(suspect):
                return suspect.mistake, ""
    return None


def _explains_all(suspect: Suspect) -> bool:
    """Whether the answers are the mistaken ones, case by case.

    Where all that they share is that every case stops with an error, the errors have to say the same.
    """
    if not all(suspect.agrees(place) for place in suspect.places):
        return False
    answers = suspect.judged.answers
    if any(answer.raised is None for answer in answers):
        return True
    return all(_same_error(answers[place].raised, suspect.answer(place).raised) for place in suspect.places)


def _warns_alike(suspect: Suspect) -> bool:
    return all(
        bool(mine.warned) == bool(suspect.answer(place).warned) for place, mine in enumerate(suspect.judged.answers)
    )


def _explains(suspect: Suspect, output: str) -> bool:
    """Whether a mistake explains one wrong result, and what else it changes is wrong in the answer as well.

    A mistake in a computation behind several results may meet a second one in another of them. One that puts results
    in the places of others, or whose sentence names several, is only there if it is there in all of them.
    """
    if not all(suspect.agrees(place, output) for place in suspect.places):
        return False
    if all(answer.raised is not None for answer in suspect.judged.answers) or not suspect.spoils_nothing_right():
        return False
    if not _relates_results(suspect):
        return True
    return all(suspect.agrees(place, name) for name in _changed_results(suspect) for place in suspect.places)


def _relates_results(suspect: Suspect) -> bool:
    """Whether a mistake is about several results at once: their places, or all that its sentence names."""
    mistake, results = suspect.mistake, suspect.judged.exercise.results
    if mistake.change is not None:
        moved = not {"expected", *results}.isdisjoint(inspect.signature(mistake.change).parameters)
    else:
        moved = any(isinstance(part, str) for part in mistake.parts.values())
    return moved or sum(bool(re.search(rf"\b{name}\b", mistake.sentence)) for name in results) > 1


def _changed_results(suspect: Suspect) -> list[str]:
    """The results that a mistake makes wrong in some case."""
    exercise, cases = suspect.judged.exercise, suspect.judged.cases
    pairs = [(case, suspect.answer(place)) for place, case in enumerate(cases)]
    return [name for name in exercise.results if any(finding_in(exercise, *pair, name) for pair in pairs)]


def _has_the_symptoms(suspect: Suspect) -> bool:
    """Whether a judge of properties finds the same things wrong with both, and nothing right that should be wrong.

    Most suspects show something else in the first case in which they show; that is as far as one has to look.
    """
    symptoms = _symptoms(suspect.judged.findings)
    if "" in symptoms:
        return False
    shown: set[Any] = set()
    for place in suspect.places:
        shown |= _symptoms_at(place, suspect.finding(place))
        if not shown <= symptoms:
            return False
    return shown == symptoms and suspect.spoils_nothing_right()


def recognise_in_part(judged: Judged) -> Mistake | None:
    """The mistake that explains the smallest failing case of an answer with more than one thing wrong or missing.

    For exercises that are judged by properties. The answer agrees with the mistake there and in most of the cases in
    which the mistake shows and the answer got as far as a value; in none of them is it right.
    """
    if judged.exercise.judge is None:
        return None
    shown = judged.shown
    best: tuple[int, Mistake] | None = None
    for mistake in judged.exercise.mistakes:
        suspect = Suspect(judged, mistake)
        if not suspect.agrees(shown):
            continue
        raised = judged.answers[shown].raised
        if raised and judged.exercise.probe == "call" and not _same_error(raised, suspect.answer(shown).raised):
            continue
        if judged.shown_finding.rung == "warned" and not _warns_alike(suspect):
            continue
        agreeing = _agreeing(suspect)
        if agreeing and (best is None or agreeing > best[0]):
            best = agreeing, mistake
    return best[1] if best else None


def _agreeing(suspect: Suspect) -> int:
    """In how many cases answers and mistake agree; 0 if they do not in most, or one is right where the other is not.

    Where a mistake is known by its errors, values decide as far as there are any: many mistakes stop in the same way.
    """
    judged = suspect.judged
    raised = judged.answers[judged.shown].raised is not None
    agreeing = differing = 0
    values = []  # for each case in which both got as far as a value: are they the same?
    for place, (mine, theirs) in enumerate(zip(judged.findings, suspect.findings, strict=True)):
        if theirs is None:
            differing += raised and mine is not None and mine.rung == "value"
        elif mine is None:
            return 0
        elif suspect.agrees(place):
            agreeing += 1
            values += [True] if suspect.answer(place).raised is None else []
        elif mine.rung not in ("raised", "not written"):
            differing += 1
            values += [False] if suspect.answer(place).raised is None else []
    if raised and values and not any(values):
        return 0
    return agreeing if agreeing > differing else 0


def holds_beyond(judged: Judged, sentence: str) -> bool:
    """Whether what a judge of properties tells of one case holds in the others too.

    A judge sees one case at a time. Where it tells the sentence of a declared mistake, that mistake is made in all
    cases: nearly everywhere where it shows by the symptom that was told, the answer has to show it too. Not quite
    everywhere, because the mistake is one of many that have this symptom, and some are drawn at random.
    """
    told = judged.shown_finding.symptom
    for mistake in judged.exercise.mistakes:
        if mistake.sentence == sentence:
            findings = Suspect(judged, mistake).findings
            pairs = [pair for pair in zip(judged.findings, findings, strict=True) if _shows(pair[1], told)]
            return sum(not _shows(mine, told) for mine, _ in pairs) <= len(pairs) * RARELY
    return True


def _shows(finding: Finding | None, symptom: str) -> bool:
    return finding is not None and finding.symptom == symptom


def in_another_order(judged: Judged) -> tuple[str, ...]:
    """The names of the results in the order in which the answer gives them, () where it gives others or none.

    Numbers that are all right in the places of each other have no other explanation.
    """
    exercise = judged.exercise
    if not judged.compared:
        return ()
    fitting: list[set[int]] = [set(range(len(exercise.results))) for _ in exercise.results]
    for case, answer in zip(judged.cases, judged.answers, strict=True):
        row = in_a_row(exercise, answer.returned)
        if answer.raised is not None or not row:
            return ()
        right = in_a_row(exercise, right_answer(exercise, case))
        for place, value in enumerate(row):
            fitting[place] &= {other for other in fitting[place] if compare(right[other], value, exercise) is None}
    order = [places.pop() if len(places) == 1 else -1 for places in fitting]
    if sorted(order) != list(range(len(order))) or order == sorted(order):
        return ()
    return tuple(exercise.results[place] for place in order)


def _symptoms(findings: Sequence[Finding | None]) -> set[Any]:
    """What is wrong; of an error or a changed argument the kind alone says little, so more belongs to it."""
    return {symptom for place, finding in enumerate(findings) for symptom in _symptoms_at(place, finding)}


def _symptoms_at(place: int, finding: Finding | None) -> set[Any]:
    if finding is None:
        return set()
    if not finding.symptom:
        return {""}
    return {(finding.symptom, finding.changed, place if finding.rung == "raised" else None)}


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
