"""From an exercise to a `Trace`: which case is followed through the student's code, and who records and who judges.

As with a check, the two sides share nothing but bytes: `beside.tracing` records beside the student's code,
`judge.trace` compares.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nnkit.exercises.asking import ask
from nnkit.exercises.beside import wire
from nnkit.exercises.beside.states import ANSWERED, NOT_CALLABLE
from nnkit.exercises.beside.tracing import record_request
from nnkit.exercises.exercise import PUBLIC_SEED, Case, Exercise, cases_of
from nnkit.exercises.judge.answer import Sitting
from nnkit.exercises.judge.judged import Judged
from nnkit.exercises.judge.report import Note, Report
from nnkit.exercises.judge.trace import Trace, case_in_words, trace_of
from nnkit.exercises.judge.verdict import verdict_on
from nnkit.exercises.terms import NOT_ATTEMPTED
from nnkit.languages import counted, say, sentences

# Recording makes code slower; what is to be seen of a long or endless loop is seen soon.
RECORDED_SECONDS = 2.5


def follow(
    exercise: Exercise, namespace: Mapping[str, Any], case: int | None, line: int | None, limit: float
) -> Trace | Note:
    """Record one case; a note where there is nothing to record.

    Parameters
    ----------
    exercise : Exercise
        Whose answer.
    namespace : Mapping[str, Any]
        The student's names.
    case : int or None
        Its number, counted from 1; None for the smallest that fails, or the smallest of all where none does.
    line : int or None
        A line of the answer that is to be marked.
    limit : float
        Seconds that the answer may take for all cases.
    """
    cases = list(cases_of(exercise, PUBLIC_SEED))
    if case is not None and (isinstance(case, bool) or not isinstance(case, int) or not 1 <= case <= len(cases)):
        told = counted(
            "{exercise} has {count} case, numbered from 1; there is no case {asked}.",
            "{exercise} has {count} cases, numbered from 1; there is no case {asked}.",
            len(cases),
            exercise=exercise.name,
            asked=repr(case),
        )
        return Note(told)
    if case is None:
        position, chosen, hanging, missing = _choose(exercise, cases, namespace, limit)
        if missing is not None:
            return missing
    else:
        position, chosen, hanging = case - 1, "", False
    limit = min(limit, RECORDED_SECONDS) if hanging else limit
    request = {
        "name": exercise.student_name,
        "probe": exercise.probe,
        "arguments": dict(cases[position].arguments),
        "time_limit": limit,
        "recorded": 2 * limit if hanging else RECORDED_SECONDS,
    }
    recording = wire.loads(record_request(wire.dumps(request), namespace))
    missing = _missing(
        exercise, cases[position : position + 1], Sitting.read(recording["sitting"], [cases[position].arguments]), limit
    )
    if missing is not None:
        return missing
    return trace_of(exercise, cases, position, recording, limit, line, chosen)


def _choose(
    exercise: Exercise, cases: list[Case], namespace: Mapping[str, Any], limit: float
) -> tuple[int, str, bool, Note | None]:
    """The case that the check shows, why it is that one, and whether its time was over; or why there is none."""
    sitting = ask(exercise, cases, namespace, limit)
    missing = _missing(exercise, cases, sitting, limit)
    smallest = min(range(len(cases)), key=lambda place: cases[place].size)
    if missing is not None:
        return smallest, "", False, missing
    if sitting.state != ANSWERED:
        return min(len(sitting.answers), len(cases) - 1), say("in which the time was over"), True, None
    judged = Judged.of(exercise, cases, sitting)
    if not judged.failing:
        return smallest, say("the smallest; all are right"), False, None
    # The report shows another case than the first rung's where it tells a cause that is about one result only.
    told = verdict_on(exercise, cases, sitting, limit).case
    failing = [place for place, finding in enumerate(judged.findings) if finding is not None]
    alike = [place for place in failing if case_in_words(cases[place]) == told]
    shown = judged.shown if judged.shown in alike or not alike else min(alike, key=lambda place: cases[place].size)
    return shown, say("the smallest that fails"), False, None


def _missing(exercise: Exercise, cases: list[Case], sitting: Sitting, limit: float) -> Note | None:
    """What a check says where there is no answer yet, or something that cannot be called."""
    if sitting.state == ANSWERED and not all(answer.raised is not None for answer in sitting.answers):
        return None
    verdict = verdict_on(exercise, cases, sitting, limit)
    if verdict.status == NOT_ATTEMPTED or sitting.state == NOT_CALLABLE:
        report = Report.on(exercise.name, verdict)
        return Note(sentences(report.headline, report.message))
    return None
