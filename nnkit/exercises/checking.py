"""`check`, `hint`, `trace`, `ready` and `evaluate`: the door, from a name in a notebook to a report.

A check always goes the same way, in a notebook and in grading: cases are drawn and written as bytes, put to the
student's code by `beside.request`, and what comes back is read from bytes and judged by `judge.verdict`. The two sides
share nothing but those bytes.
"""

from __future__ import annotations

import difflib
import secrets
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nnkit.exercises import index, locating, newest_cell, record
from nnkit.exercises.asking import Exchange, ask
from nnkit.exercises.beside import watchdog
from nnkit.exercises.beside.borrowed import borrowed_by
from nnkit.exercises.beside.calls import codes_of
from nnkit.exercises.beside.request import answer_request
from nnkit.exercises.beside.source import lines_of
from nnkit.exercises.exercise import PUBLIC_SEED, Case, Exercise, cases_of
from nnkit.exercises.following import follow
from nnkit.exercises.judge.answer import Sitting, Unreadable
from nnkit.exercises.judge.locate import Located
from nnkit.exercises.judge.report import LOOKS, Hint, Note, Report
from nnkit.exercises.judge.trace import Trace
from nnkit.exercises.judge.verdict import Verdict, saying, verdict_on, waiting_for
from nnkit.exercises.judge.wording import listing
from nnkit.exercises.surroundings import allowed_seconds, callers_names, notebook_shell, show
from nnkit.exercises.terms import CRASHED, NOT_ATTEMPTED, TIMED_OUT
from nnkit.languages import counted, in_language, say, sentences

# A right answer takes at most half a second; a cell that only wants to know whether it is right waits no longer.
READY_SECONDS = 2.0

LONGEST_WAIT = 20  # times a judge's own seconds, where other work leaves it a part of the machine

MESSAGE_LENGTH = 1000  # of what an error says, whoever raised it


class JudgeTooSlow(Exception):  # noqa: N818 -- it says what happened
    """Judging took longer than it may."""


hints_given: dict[str, int] = {}  # exercise → how many of its hints the reader has had
_nudges: dict[str, str] = {}  # exercise → what the last check has found out about its slip, and no hint has said yet
_passed: dict[str, tuple[Any, ...]] = {}  # exercise → the answer whose check has passed
_last_located: dict[str, Located] = {}  # exercise → where the last check has found it


class CheckFailed(Exception):  # noqa: N818 -- the name that design and notebooks use
    """Raised by `check` when an answer does not pass; carries the `report`, prints as one line in a notebook."""

    def __init__(self, report: Report) -> None:
        super().__init__(str(report))
        self.report = report

    def _render_traceback_(self) -> list[str]:
        return [f"{LOOKS[self.report.status][1]} {in_language(self.report.headline)}"]


def check(name: str, namespace: Mapping[str, Any] | None = None) -> Report:
    """Check the answer to an exercise.

    Parameters
    ----------
    name : str
        The exercise, which is also the name of the function or class to check.
    namespace : Mapping[str, Any] or None
        Where to look the name up; the caller's own names when left out.

    Returns
    -------
    Report
        When every case agrees. A notebook shows it as the cell's value.

    Raises
    ------
    CheckFailed
        In every other case, after the report was displayed. `error.report` holds it.

    Examples
    --------
    >>> check("double", {"double": lambda x: 2 * x}).passed
    True
    """
    readers_own = namespace is None
    namespace = callers_names() if namespace is None else namespace
    unfinished = _of_an_unfinished_cell(name, namespace)
    report = unfinished or evaluate(name, namespace)
    if readers_own:
        record.keep(report.exercise, report.status, namespace)
    for known in (_nudges, _last_located):
        known.pop(report.exercise, None)  # what was asked for may be anything, a list too
    if report.passed:
        student = namespace.get(index.find(name).student_name)
        _passed[name] = _state_of(student)
        return report
    # The verdict is on the screen before the line is looked for, and all of it before the error: a notebook's error
    # output carries text only.
    panel = show(report) if notebook_shell() is not None else None
    looked_for = report.failed and not report.explained and unfinished is None
    if looked_for:
        report = _with_its_source(report, index.find(name), namespace)
        if report.located is not None:
            _last_located[name] = report.located
            if report.located.nudge:
                _nudges[name] = report.located.nudge
        if panel is not None:
            panel.update(report)
    raise CheckFailed(report)


def evaluate(
    name: str | Exercise,
    namespace: Mapping[str, Any],
    seed: int | None = None,
    hidden: bool = False,
    exchange: Exchange = answer_request,
    time_limit: float | None = None,
    locate: bool = False,
    judge_limit: float | None = None,
) -> Report:
    """The verdict on an answer. Never raises.

    Parameters
    ----------
    name : str or Exercise
        The exercise: its name, or for tools an `Exercise` that need not be in the course.
    namespace : Mapping[str, Any]
        The student's names.
    seed : int or None
        Draws the cases; None means the public seed, or a random one when `hidden`.
    hidden : bool
        Draw the cases of grading, which may be more.
    exchange : Exchange
        Carries the request to the student's code and its answer back; by default within this process.
    time_limit : float or None
        Seconds that the answer may take for all cases; None means ``NNKIT_TIME_LIMIT``, else 10.
    locate : bool
        Also look for the line of a wrong answer that holds the slip. Only here, never where a student's code runs in
        another process.
    judge_limit : float or None
        Seconds of this process's computing that it may take to judge what came back, None for as long as it takes. A
        check that takes longer, or fails by itself, gives a report that is `unjudged`: a person has to look at the
        answer.

    Examples
    --------
    >>> evaluate("double", {}).status
    'not attempted'
    """
    start = time.perf_counter()
    if seed is None:
        seed = secrets.randbits(63) if hidden else PUBLIC_SEED
    exercise = name if isinstance(name, Exercise) else _found(name)
    if exercise is None:
        return _unknown(name)
    limit = allowed_seconds() if time_limit is None else time_limit
    walk = _Walk(namespace, seed, hidden, exchange, limit, judge_limit)
    try:
        # What the judge computes is no part of the answer: no warning of its own, and no settings of the student's.
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            verdict = walk.to_verdict(exercise)
    except KeyboardInterrupt:
        verdict = saying(TIMED_OUT, say("You stopped the check before it was done."), say("interrupted"))
    except Unreadable as error:
        message = say(
            "What came back from beside your code is no answer to what was asked, so nothing in it counts: {error}",
            error=str(error)[:MESSAGE_LENGTH],
        )
        verdict = saying(CRASHED, message, say("no answer"))
    except Exception as error:
        message = say(
            "The check itself failed ({error}). This is not your fault; please report it with the seed {seed}.",
            error=f"{type(error).__name__}: {error}"[:MESSAGE_LENGTH],
            seed=seed,
        )
        verdict = replace(saying(CRASHED, message, say("could not be checked")), unjudged=True)
    report = Report.on(exercise.name, verdict, seed, hidden, time.perf_counter() - start)
    if locate and report.failed and exchange is answer_request:
        return _with_its_source(report, exercise, namespace)
    return report


def hint(name: str) -> Hint:
    """The next hint for an exercise, from a nudge to nearly there; after the last one, the last again.

    Where the last check has found the line that holds a slip, what kind of slip it is comes first.

    Examples
    --------
    >>> hint("double").position
    1
    """
    exercise = _found(name)
    if exercise is None:
        raise ValueError(in_language(_unknown(name).message))
    if name in _nudges:
        return Hint(name, _nudges.pop(name), 0, len(exercise.hints))
    given = hints_given.get(name, 0)
    position = min(given + 1, len(exercise.hints))
    hints_given[name] = position
    return Hint(name, exercise.hints[position - 1], position, len(exercise.hints))


def trace(
    name: str, namespace: Mapping[str, Any] | None = None, *, case: int | None = None, line: int | None = None
) -> Trace | Note:
    """Run one case through the answer to an exercise and show what happens, line by line. Never raises.

    Parameters
    ----------
    name : str
        The exercise.
    namespace : Mapping[str, Any] or None
        Where to look the name up; the caller's own names when left out.
    case : int or None
        Which case, counted from 1; when left out the smallest that fails, or the smallest where all are right.
    line : int or None
        A line of the answer, as numbered in its cell or file, that is to be marked; when left out the one that the
        last check has named, while it is still there.

    Returns
    -------
    Trace or Note
        A notebook shows it as the cell's value: as a stepper where widgets run, else all rows one below the other. A
        note says in one sentence why there is nothing to show.

    Examples
    --------
    >>> shown = trace("double", {"double": lambda x: x + 2})
    >>> shown.right, shown.message
    (False, 'The value is wrong: expected 6, yours 5.')
    """
    exercise = _found(name)
    if exercise is None:
        report = _unknown(name)
        return Note(sentences(report.headline, report.message))
    names = callers_names() if namespace is None else namespace
    unfinished = _of_an_unfinished_cell(name, names)
    if unfinished is not None:
        return Note(sentences(unfinished.headline, unfinished.message))
    if line is None and name in _last_located:
        located = _last_located[name].lines[0]
        typed = lines_of(names.get(exercise.student_name))
        line = located.number if typed[located.number - 1 : located.number] == (located.typed,) else None
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return follow(exercise, names, case, line, allowed_seconds())
    except KeyboardInterrupt:
        return Note(say("{exercise}: you stopped the trace before it was done.", exercise=exercise.name))
    except Exception as error:
        return Note(
            say(
                "{exercise}: the trace itself failed ({error}). This is not your fault; please report it. "
                '`check("{exercise}")` works without it.',
                exercise=exercise.name,
                error=f"{type(error).__name__}: {error}",
            )
        )


def ready(*names: str) -> bool:
    """Whether the caller's answers to these exercises pass their checks; where not, one sentence says what comes first.

    For cells that show what an answer can do. They run in a fresh notebook too, where every answer is still a stub, and
    a picture made by a wrong answer would mislead. An answer whose values are right holds no picture back, even if a
    warning is raised on the way to them.

    Parameters
    ----------
    names : str
        Exercises of the course.

    Examples
    --------
    >>> def double(x):
    ...     raise NotImplementedError
    >>> ready("double")
    This cell uses your `double`. Let its check pass first, then run this one again.
    False
    """
    found = callers_names()
    limit = min(allowed_seconds(), READY_SECONDS)
    waiting = [name for name in names if not _is_usable(name, found, limit)]
    if waiting:
        told = counted(
            "This cell uses your {names}. Let its check pass first, then run this one again.",
            "This cell uses your {names}. Let their checks pass first, then run this one again.",
            len(waiting),
            names=listing(f"`{name}`" for name in waiting),
        )
        show(Note(told))
    return not waiting


# ---------------------------------------------------------------------------------------------------------------------
# Inside
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Walk:
    """One way from the door to a verdict: whose answer, which cases, and how it is reached."""

    namespace: Mapping[str, Any]
    seed: int
    hidden: bool
    exchange: Exchange
    limit: float
    judge_limit: float | None = None

    def to_verdict(self, exercise: Exercise) -> Verdict:
        """The verdict on an answer; on one that calls a function which is itself wrong, that it waits for that one."""
        companions = {other.student_name: other for other in index.companions(exercise.name)}
        companions.pop(exercise.student_name, None)  # the other steps of a class that is built in steps
        verdict, called = self._verdict(exercise, tuple(companions), exercise.withheld)
        if verdict.failed:
            for name in called:
                if name in companions and self._verdict(companions[name])[0].failed:
                    return waiting_for(name, verdict.cases)
        return verdict

    def _verdict(
        self, exercise: Exercise, companions: tuple[str, ...] = (), withheld: tuple[str, ...] = ()
    ) -> tuple[Verdict, tuple[str, ...]]:
        """The verdict, and which companions the answer called."""
        cases = list(cases_of(exercise, self.seed, self.hidden))
        sitting = ask(exercise, cases, self.namespace, self.limit, companions, withheld, self.exchange)
        return self._judged(exercise, cases, sitting), sitting.called

    def _judged(self, exercise: Exercise, cases: list[Case], sitting: Sitting) -> Verdict:
        """The verdict, reached within the seconds that are allowed for it."""
        if self.judge_limit is None:
            return verdict_on(exercise, cases, sitting, self.limit)
        found: list[Verdict] = []

        def judge() -> None:
            with np.errstate(all="ignore"):  # settings of NumPy's are those of a thread
                found.append(verdict_on(exercise, cases, sitting, self.limit))

        # What counts is what the judge computes: a machine with other work to do makes no answer undecidable.
        latest = time.process_time() + self.judge_limit
        watchdog.run_limited(judge, LONGEST_WAIT * self.judge_limit, lambda: time.process_time() > latest)
        if not found:
            raise JudgeTooSlow(f"judging was not done after {self.judge_limit:g} seconds of computing")
        return found[0]


def _of_an_unfinished_cell(name: str, namespace: Mapping[str, Any]) -> Report | None:
    """What there is to say where Python knows an earlier version than the reader's newest; None where it does not."""
    exercise, shell = _found(name), notebook_shell()
    if exercise is None or shell is None or namespace is not shell.user_ns:
        return None
    try:
        verdict = newest_cell.unfinished(exercise.student_name, namespace, shell)
    except Exception:  # another shell's history may be anything; the check does without it
        return None
    return Report.on(exercise.name, verdict) if verdict is not None else None


def _is_usable(name: str, namespace: Mapping[str, Any], limit: float) -> bool:
    """Whether what an answer gives is right; of one whose check has passed it is known, however long that took."""
    exercise = _found(name)
    student = namespace.get(exercise.student_name) if exercise is not None else None
    if student is not None and _passed.get(name) == _state_of(student):
        return True
    report = evaluate(name, namespace, time_limit=limit)
    return report.passed or report.only_warned


def _state_of(student: Any) -> tuple[Any, ...]:
    """What a function or class is as long as nobody defines it anew or hangs something onto it."""
    return (id(student), *codes_of(student))


def _with_its_source(report: Report, exercise: Exercise, namespace: Mapping[str, Any]) -> Report:
    """The report with what the answer's source shows. Never raises: the verdict stands without it."""
    report = report.with_line(_located(exercise, namespace, report.seed))
    if report.explained:
        return report
    try:
        return report.with_names(borrowed_by(namespace.get(exercise.student_name), namespace))
    except Exception:  # what stands in a notebook may be anything
        return report


def _located(exercise: Exercise, namespace: Mapping[str, Any], seed: int) -> Located | None:
    """Which line holds the slip."""
    neighbours = {other.student_name for other in index.companions(exercise.name)} - {exercise.student_name}
    try:
        return locating.locate(exercise, namespace, seed, neighbours)
    except Exception:
        return None


def _found(name: Any) -> Exercise | None:
    return index.find(name) if isinstance(name, str) and name in index.names() else None


def _unknown(name: Any) -> Report:
    if not isinstance(name, str):
        message = say(
            'An exercise is named by a text such as check("double"), not by a {type}.', type=type(name).__name__
        )
        return Report.on("check", saying(NOT_ATTEMPTED, message, say("unknown")))
    close = difflib.get_close_matches(name, index.names(), n=1, cutoff=0.5)
    message = say("There is no exercise with this name in the course.")
    if close:
        message = say("There is no exercise with this name in the course; did you mean {name}?", name=repr(close[0]))
    return Report.on(name[:80], saying(NOT_ATTEMPTED, message, say("unknown")))
