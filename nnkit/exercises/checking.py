"""`check`, `hint` and `evaluate`: from a name in a notebook to a verdict.

A check always goes the same way, in a notebook and in grading: cases are drawn, written as bytes, put to the student's
code by `probes`, read back as bytes, and judged by `ladder`. The two sides share nothing but those bytes.
"""

from __future__ import annotations

import difflib
import hashlib
import hmac
import importlib
import math
import os
import secrets
import sys
import time
import warnings
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

import numpy as np

from nnkit.exercises import ladder, probes, wire
from nnkit.exercises.exercise import PUBLIC_SEED, Case, Exercise
from nnkit.exercises.ladder import Finding
from nnkit.exercises.report import LOOKS, Hint, Note, Report
from nnkit.exercises.wording import arguments_text, error_size, listing, plural

# One module a notebook, in the order of the course.
NOTEBOOKS = (
    "welcome",
    "computation_graphs",
    "backprop",
    "descent",
    "losses",
    "neurons_to_networks",
    "training_networks",
)

TIME_LIMIT = 10.0
# A right answer takes at most half a second; a cell that only wants to know whether it is right waits no longer.
READY_SECONDS = 2.0
ROUNDING = 1e-12  # errors of this size differ between machines and say nothing
TIME_LIMIT_VARIABLE = "NNKIT_TIME_LIMIT"
GRADING_SEED_VARIABLE = "NNKIT_GRADING_SEED"

Exchange = Callable[[bytes, Mapping[str, Any]], bytes]


class CheckFailed(Exception):  # noqa: N818 -- the name that design and notebooks use
    """Raised by `check` when an answer does not pass; carries the `report`, prints as one line in a notebook."""

    def __init__(self, report: Report) -> None:
        super().__init__(str(report))
        self.report = report

    def _render_traceback_(self) -> list[str]:
        return [f"{LOOKS[self.report.status][1]} {self.report.headline}"]


@cache
def catalogue() -> dict[str, Exercise]:
    """Every exercise of the course by name, in the order of the course."""
    found: dict[str, Exercise] = {}
    for notebook in NOTEBOOKS:
        for exercise in importlib.import_module(f"nnkit.exercises.{notebook}").EXERCISES:
            if exercise.name in found:
                raise ValueError(f"Two exercises are called {exercise.name}.")
            found[exercise.name] = exercise
    return found


@cache
def companions(name: str) -> tuple[str, ...]:
    """The other exercises of the same notebook."""
    for notebook in NOTEBOOKS:
        names = [exercise.name for exercise in importlib.import_module(f"nnkit.exercises.{notebook}").EXERCISES]
        if name in names:
            return tuple(other for other in names if other != name)
    return ()


def check(name: str, namespace: Mapping[str, Any] | None = None) -> Report:
    """Check the answer to an exercise.

    Parameters
    ----------
    name
        The exercise, which is also the name of the function or class to check.
    namespace
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
    seed, hidden = _grading_seed(name)
    report = evaluate(name, _callers_names() if namespace is None else namespace, seed, hidden)
    if report.passed:
        return report
    _display(report)
    raise CheckFailed(report)


def evaluate(
    name: str | Exercise,
    namespace: Mapping[str, Any],
    seed: int | None = None,
    hidden: bool = False,
    exchange: Exchange = probes.answer_request,
    time_limit: float | None = None,
) -> Report:
    """The verdict on an answer. Never raises.

    Parameters
    ----------
    name
        The exercise: its name, or for tools an `Exercise` that need not be in the course.
    namespace
        The student's names.
    seed
        Draws the cases; None means the public seed, or a random one when `hidden`.
    hidden
        Draw the cases of grading, which may be more.
    exchange
        Carries the request to the student's code and its answer back; by default within this process.
    time_limit
        Seconds that the answer may take for all cases; None means ``NNKIT_TIME_LIMIT``, else 10.

    Examples
    --------
    >>> evaluate("double", {}).status
    'not attempted'
    """
    start = time.perf_counter()
    if seed is None:
        seed = secrets.randbits(63) if hidden else PUBLIC_SEED
    exercise = name if isinstance(name, Exercise) else catalogue().get(name) if isinstance(name, str) else None
    if exercise is None:
        return _unknown(name)
    limit = _time_limit() if time_limit is None else time_limit
    try:
        # What the judge computes is no part of the answer: no warning of its own, and no settings of the student's.
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            details = _judge(exercise, namespace, seed, hidden, exchange, limit)
    except KeyboardInterrupt:
        message = "You stopped the check before it was done."
        details = {"status": "timed out", "message": message, "cause": message, "verdict": "interrupted"}
    except Exception as error:
        message = (
            f"The check itself failed ({type(error).__name__}: {error}). This is not your fault; "
            f"please report it with the seed {seed}."
        )
        details = {"status": "crashed", "message": message, "cause": message, "verdict": "could not be checked"}
    return Report(exercise=exercise.name, seed=seed, hidden=hidden, seconds=time.perf_counter() - start, **details)


def hint(name: str) -> Hint:
    """The next hint for an exercise, from a nudge to nearly there; after the last one, the last again.

    Examples
    --------
    >>> hint("double").position
    1
    """
    exercise = catalogue().get(name) if isinstance(name, str) else None
    if exercise is None:
        raise ValueError(_unknown(name).message)
    given = _hints_given.get(name, 0)
    position = min(given + 1, len(exercise.hints))
    _hints_given[name] = position
    return Hint(name, exercise.hints[position - 1], position, len(exercise.hints))


_hints_given: dict[str, int] = {}


def ready(*names: str) -> bool:
    """Whether the caller's answers to these exercises pass their checks; where not, one sentence says what comes first.

    For cells that show what an answer can do. They run in a fresh notebook too, where every answer is still a stub, and
    a picture made by a wrong answer would mislead.

    Parameters
    ----------
    names
        Exercises of the course.

    Examples
    --------
    >>> def double(x):
    ...     raise NotImplementedError
    >>> ready("double")
    This cell uses your `double`. Let its check pass first, then run this one again.
    False
    """
    found = _callers_names()
    limit = min(_time_limit(), READY_SECONDS)
    waiting = [name for name in names if not evaluate(name, found, time_limit=limit).passed]
    if waiting:
        checks = "its check" if len(waiting) == 1 else "their checks"
        quoted = listing(f"`{name}`" for name in waiting)
        _show(Note(f"This cell uses your {quoted}. Let {checks} pass first, then run this one again."))
    return not waiting


# ---------------------------------------------------------------------------------------------------------------------
# Inside
# ---------------------------------------------------------------------------------------------------------------------


def _judge(
    exercise: Exercise, namespace: Mapping[str, Any], seed: int, hidden: bool, exchange: Exchange, limit: float
) -> dict[str, Any]:
    cases = exercise.draw(seed, hidden)
    answer = _ask(exercise, cases, namespace, exchange, limit, companions(exercise.name), exercise.withheld)
    details = _verdict(exercise, cases, answer, limit)
    details["cases"] = len(cases)
    if details["status"] in ("wrong", "crashed", "timed out"):
        blocking = _blocking(exercise, answer, namespace, seed, hidden, exchange, limit)
        if blocking is not None:
            return blocking | {"cases": len(cases)}
    return details


def _ask(
    exercise: Exercise,
    cases: list[Case],
    namespace: Mapping[str, Any],
    exchange: Exchange,
    limit: float,
    companions: tuple[str, ...] = (),
    withheld: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Put the cases to the student's code, over the wire; see `probes.answer_request` for what comes back."""
    request = {
        "exercise": exercise.name,
        "probe": exercise.probe,
        "cases": [dict(case.arguments) for case in cases],
        "companions": list(companions),
        "withheld": list(withheld),
        "time_limit": limit,
    }
    answer: dict[str, Any] = wire.loads(exchange(wire.dumps(request), namespace))
    return answer


def _verdict(exercise: Exercise, cases: list[Case], answer: dict[str, Any], limit: float) -> dict[str, Any]:
    name, state = exercise.name, answer["state"]
    if state == "undefined":
        message = (
            f"There is no {name} here yet. Write it in the cell above, run that cell, then run this one again. "
            f'`hint("{name}")` gives a first nudge.'
        )
        return {"status": "not attempted", "message": message, "cause": message}
    if state == "not callable":
        message = (
            f"{name} is {ladder.in_words(wire.Opaque(answer['type_name']))} here, expected `{exercise.signature}`. "
        )
        message += "Was the name used for something else? Run the cell that defines it again."
        return {"status": "wrong", "message": message, "cause": message}

    answers = answer["answers"]
    notes = _notes(exercise, answer)
    stubs = [entry["raised"] is not None and entry["raised"]["stub"] for entry in answers]
    if answers and all(stubs):
        message = (
            "Replace the line `raise NotImplementedError` in the cell above, run it, then run this one again. "
            f'`hint("{name}")` gives a first nudge.'
        )
        return {"status": "not attempted", "message": message, "cause": message}
    if answer["delegated"]:
        called = listing(f"`{dotted}`" for dotted in answer["delegated"])
        message = (
            f"Your answer calls {called}, which is the answer itself. Write it with plain Python and NumPy; compare "
            "with the library afterwards as often as you like."
        )
        return {"status": "wrong", "message": message, "cause": message, "verdict": "not counted"}
    measuring = [called for called in answer["called"] if called in exercise.withheld]
    if measuring:
        message = (
            f"Your answer calls your own `{measuring[0]}`. That one is for trying this answer out; here the formula "
            "itself is asked for."
        )
        return {"status": "wrong", "message": message, "cause": message, "verdict": "not counted"}
    if state != "answered":
        return _out_of_time(cases, answers, state, limit) | {"notes": notes}

    findings = [ladder.judge_case(exercise, case, entry) for case, entry in zip(cases, answers, strict=True)]
    failing = [(case, finding) for case, finding in zip(cases, findings, strict=True) if finding is not None]
    if any(finding.rung == "warned" for _, finding in failing):
        notes = tuple(note for note in notes if not note.startswith(_WARNED))  # the finding says it
    if not failing:
        return {"status": "passed", "message": _passed_message(exercise, cases, answers), "notes": notes}
    return _wrong(exercise, cases, answers, findings) | {"notes": notes}


def _wrong(
    exercise: Exercise, cases: list[Case], answers: list[dict[str, Any]], findings: list[Finding | None]
) -> dict[str, Any]:
    failing = [(case, finding) for case, finding in zip(cases, findings, strict=True) if finding is not None]
    shown = ladder.smallest(cases, findings)
    case, finding = cases[shown], cast(Finding, findings[shown])
    known = ladder.recognise(exercise, cases, answers, findings)
    message, cause = finding.text, finding.cause
    advice = ""
    if known is not None:
        mistake, output = known
        if output and finding.output != output:
            ones = [(c, ladder.finding_in(exercise, c, a, output)) for c, a in zip(cases, answers, strict=True)]
            case, finding = min(((c, f) for c, f in ones if f is not None), key=lambda pair: pair[0].size)
            message = finding.text
        cause = mistake.sentence
    elif finding.rung == "value" and exercise.judge is None:
        observation = ladder.observe(findings, finding.output)
        message = f"{message} {observation}".rstrip()
    if known is None:
        part = ladder.recognise_in_part(exercise, cases, answers, findings)
        cause = part.sentence if part is not None else cause
        passing = len(cases) - len(failing)
        if passing and finding.rung in ("value", "raised", "not finite", "not written"):
            message += f" {_how_many_are_right(cases, failing, passing)}"
        if cause is None:
            advice = (
                "No mistake that we know gives these values. Work the case above by hand, "
                f'or ask `hint("{exercise.name}")`.'
            )
    crashed = finding.rung == "raised"
    details: dict[str, Any] = {
        "status": "crashed" if crashed else "wrong",
        "message": message,
        "cause": cause,
        "case": case.text or arguments_text(case.arguments),
        "table": finding.table,
        "advice": advice,
    }
    if finding.rung == "not written" or (crashed and finding.symptom == "not written"):
        details["verdict"] = "not finished"
    return details


def _how_many_are_right(cases: list[Case], failing: list[tuple[Case, Finding]], passing: int) -> str:
    """ "3 of 7 cases are right: vectors, matrices." or, where that is shorter, what the others are about."""
    wrong = list(dict.fromkeys(case.covers for case, _ in failing))
    right = [covers for covers in dict.fromkeys(case.covers for case in cases) if covers not in wrong]
    lead = f"{passing} of {len(cases)} cases {'is' if passing == 1 else 'are'} right"
    if not right:
        return f"{lead}."
    return f"{lead}; not yet: {listing(wrong)}." if len(right) > max(4, len(wrong)) else f"{lead}: {', '.join(right)}."


def _passed_message(exercise: Exercise, cases: list[Case], answers: list[dict[str, Any]]) -> str:
    covered = ", ".join(dict.fromkeys(case.covers for case in cases))
    message = f"{plural(len(cases), 'case')}: {covered}."
    if exercise.judge is None:
        error = _largest_error(exercise, cases, answers)
        if error is not None and error > ROUNDING:
            message += f" Largest error below {error_size(error)}."
    return message


def _largest_error(exercise: Exercise, cases: list[Case], answers: list[dict[str, Any]]) -> float | None:
    """The largest difference, relative to the largest value beside it or to 1; None where answers are not numbers."""
    largest = 0.0
    for case, answer in zip(cases, answers, strict=True):
        version = next(v for v in ladder.versions(exercise) if ladder.judge_case(v, case, answer) is None)
        expected = version.reference(*ladder.copies_of(case.arguments).values())
        rows = (ladder.in_a_row(exercise, entry) for entry in (expected, answer["returned"]))
        for right, got in zip(*rows, strict=True):
            try:
                right, got = np.asarray(right, dtype=float), np.asarray(got, dtype=float)
            except (TypeError, ValueError):
                return None
            both = np.isfinite(right) & np.isfinite(got)
            if both.any():
                scale = max(1.0, float(np.max(np.abs(right[both]))))
                largest = max(largest, float(np.max(np.abs(right - got)[both])) / scale)
    return largest


def _out_of_time(cases: list[Case], answers: list[dict[str, Any]], state: str, limit: float) -> dict[str, Any]:
    case = cases[min(len(answers), len(cases) - 1)]
    text = case.text or arguments_text(case.arguments)
    unit = "second" if limit == 1 else "seconds"
    message = f"It had not returned after {limit:g} {unit}; it was working on {text}. "
    if state == "stuck":
        message += (
            "It is inside one long call that nothing can interrupt, and is still running: "
            "restart the kernel (menu Kernel, Restart) before you go on."
        )
    else:
        message += "Is there a loop whose condition never changes, or a recursion without an end?"
    verdict = f"stopped after {limit:g} {unit}"
    return {"status": "timed out", "message": message, "cause": message, "case": text, "verdict": verdict}


_WARNED = "Your code raised a warning"


def _notes(exercise: Exercise, answer: dict[str, Any]) -> tuple[str, ...]:
    notes = []
    warned = list(dict.fromkeys(text for entry in answer["answers"] for text in entry["warned"]))
    if warned:
        texts = "; ".join(text.rstrip(". ") for text in warned[:3])
        counts = "which counts here" if exercise.quiet else "which does not count against it"
        notes.append(f"{_WARNED}, {counts}: {texts}.")
    printed = answer["printed"].strip().splitlines()
    if printed:
        notes.append(
            f"While it was checked, your code printed {plural(len(printed), 'line')}; the first: {printed[0][:100]}"
        )
    if not answer["limited"]:
        notes.append("This kernel cannot stop an endless loop; if a check hangs, restart the kernel.")
    return tuple(notes)


def _blocking(
    exercise: Exercise,
    answer: dict[str, Any],
    namespace: Mapping[str, Any],
    seed: int,
    hidden: bool,
    exchange: Exchange,
    limit: float,
) -> dict[str, Any] | None:
    """The verdict "waiting" when the answer calls another exercise's function whose own check fails."""
    for name in answer.get("called", ()):
        if name not in companions(exercise.name):
            continue
        other = catalogue()[name]
        cases = other.draw(seed, hidden)
        verdict = _verdict(other, cases, _ask(other, cases, namespace, exchange, limit), limit)
        if verdict["status"] in ("wrong", "crashed", "timed out"):
            message = (
                f"It calls your {name}, whose own check does not pass yet, so nothing can be said about this one. "
                f'Mend {name} first: `check("{name}")` says what is wrong with it.'
            )
            return {"status": "blocked", "message": message, "cause": message}
    return None


def _unknown(name: Any) -> Report:
    if not isinstance(name, str):
        message = f'An exercise is named by a text such as check("double"), not by a {type(name).__name__}.'
        return Report("check", "not attempted", message, cause=message, verdict="unknown")
    close = difflib.get_close_matches(name, catalogue(), n=1, cutoff=0.5)
    message = f"There is no exercise with this name in the course{f'; did you mean {close[0]!r}?' if close else '.'}"
    return Report(name[:80], "not attempted", message, cause=message, verdict="unknown")


def _time_limit() -> float:
    try:
        limit = float(os.environ[TIME_LIMIT_VARIABLE])
    except (KeyError, ValueError):
        return TIME_LIMIT
    return max(0.1, limit) if math.isfinite(limit) else TIME_LIMIT


def _grading_seed(name: str) -> tuple[int | None, bool]:
    """Grading sets one secret number per submission; each exercise draws its own seed from it."""
    secret = os.environ.get(GRADING_SEED_VARIABLE)
    if not secret:
        return None, False
    digest = hmac.new(secret.encode(), name.encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:7], "big"), True


def _callers_names() -> Mapping[str, Any]:
    """The names of the first frame outside this package, else of IPython's user."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(probes.PACKAGE_FOLDER):
        frame = frame.f_back  # type: ignore[assignment]
    if frame is not None and Path(frame.f_code.co_filename).name != "interactiveshell.py":
        return {**frame.f_globals, **frame.f_locals} if frame.f_locals is not frame.f_globals else frame.f_globals
    shell = _shell()
    return shell.user_ns if shell is not None else {}


def _shell() -> Any:
    module = sys.modules.get("IPython")
    return module.get_ipython() if module is not None else None


def _display(report: Report) -> None:
    """Show the report before the error: a notebook's error output carries text only."""
    if _shell() is not None:
        _show(report)


def _show(panel: Any) -> None:
    if _shell() is None:
        print(panel)
        return
    from IPython.display import display

    display(panel)
