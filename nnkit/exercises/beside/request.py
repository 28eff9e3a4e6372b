"""A request and its answer: every case of an exercise is put to the student's code, and what came back is data.

`answer_request` takes a request as bytes and gives an answer as bytes (see `wire`), so the judge can sit in the same
process, as in a notebook, or in another one, as in grading. Nothing here knows a right answer.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from nnkit.exercises.beside import watchdog, wire
from nnkit.exercises.beside.calls import CallListener
from nnkit.exercises.beside.errors import describe_error, place_in, text_of
from nnkit.exercises.beside.output import MAX_PRINTED, captured_output
from nnkit.exercises.beside.probes import Probe, find_probe
from nnkit.exercises.beside.quiet import filters_held, let_filters_go
from nnkit.exercises.beside.states import ANSWERED, NOT_CALLABLE, OUT_OF_TIME, STUCK, UNDEFINED, VERY_LARGE

MAX_WARNINGS = 5


def answer_request(request: bytes, namespace: Mapping[str, Any]) -> bytes:
    """Put every case of a request to the student's code.

    Parameters
    ----------
    request : bytes
        `wire.dumps` of a dictionary: ``name`` (that the student defines), ``probe``, ``cases`` (a list of argument
        dictionaries), ``companions`` (names of the other exercises' functions), ``withheld`` (dotted names),
        ``time_limit`` in seconds.
    namespace : Mapping[str, Any]
        The student's names.

    Returns
    -------
    bytes
        `wire.dumps` of a dictionary: ``state`` (one of `states.STATES`), ``type_name``, ``answers`` (one dictionary a
        case, as far as the time went: ``returned``, ``after`` the arguments that are not what was sent, as they are
        now, ``again``, what a second call with these changed arguments returned, ``raised``, ``warned`` with what NumPy
        says of numbers, ``remarked`` with all other warnings), ``called`` (companions that the answer called),
        ``delegated`` (withheld names that it called), ``printed``, ``limited`` (whether an endless loop could have been
        stopped), ``line`` (of the student's, at which it was working when the time was over).
    """
    message = wire.loads(request)
    name = message["name"]
    if name not in namespace:
        return wire.dumps(sitting_of(UNDEFINED))
    student = namespace[name]
    if not callable(student):
        return wire.dumps(sitting_of(NOT_CALLABLE, type_name=type(student).__name__))

    answers: list[dict[str, Any]] = []
    put = find_probe(message["probe"])
    listener = CallListener(student, message["companions"], message["withheld"], namespace)

    def work() -> None:
        listener.prepare()
        for arguments in message["cases"]:
            watchdog.stop_if_given_up()
            answers.append(answer_case(put, student, name, arguments, namespace, listener))
        if listener.prepare():
            # The answer itself has imported a withheld function: once more, now that it can be recognised.
            answer_case(put, student, name, message["cases"][0], namespace, listener)

    try:
        with captured_output() as printed, warnings.catch_warnings():
            outcome = watchdog.run_limited(work, float(message["time_limit"]))
    finally:
        let_filters_go()
    state = ANSWERED
    if outcome.timed_out:
        state = STUCK if outcome.still_running else OUT_OF_TIME
    finished = list(answers)
    sitting = sitting_of(
        state,
        limited=outcome.limited,
        answers=finished,
        called=sorted(listener.called),
        delegated=sorted(listener.delegated),
        printed=printed.getvalue()[:MAX_PRINTED],
        line=place_in(outcome.stack, namespace),
    )
    try:
        return wire.dumps(sitting)
    except wire.WireError:
        for entry in finished:
            entry["returned"] = wire.Opaque(VERY_LARGE)
            entry["after"] = {key: wire.Opaque(VERY_LARGE) for key in entry["after"]}
            entry["again"] = None
        return wire.dumps(sitting)


def sitting_of(state: str, **known: Any) -> dict[str, Any]:
    """What `judge.answer.Sitting` reads: every part is there, whatever the state."""
    texts = dict.fromkeys(("printed", "type_name", "line"), "")
    nothing = {"answers": [], "called": [], "delegated": [], "limited": True, **texts}
    return {"state": state, **nothing, **known}


def answer_case(
    put: Probe,
    student: Any,
    name: str,
    arguments: dict[str, Any],
    namespace: Mapping[str, Any],
    listener: AbstractContextManager[Any],
) -> dict[str, Any]:
    """What the student's code makes of one case, while somebody listens."""
    before = wire.dumps(arguments)
    copies = wire.loads(before)
    answer: dict[str, Any] = {
        "returned": None,
        "after": {},
        "again": None,
        "raised": None,
        "warned": [],
        "remarked": [],
    }
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn", under="ignore"):
        warnings.simplefilter("always")
        try:
            with listener, filters_held():
                returned = put(student, copies, namespace)
            answer["returned"] = wire.plain(returned)
        except watchdog.OutOfTime:
            raise
        except BaseException as error:
            # A student may raise anything, SystemExit included; all of it is an answer.
            answer["raised"] = describe_error(error, name, namespace)
    answer["warned"] = _first_of_each(text_of(warning.message) for warning in caught if is_numeric(warning))
    answer["remarked"] = _first_of_each(text_of(warning.message) for warning in caught if not is_numeric(warning))
    original = wire.loads(before)
    # The values themselves travel, not only the names: whether they are others is for the judge to see.
    changed = [key for key in original if not is_unchanged(original[key], copies.get(key))]
    answer["after"] = {key: wire.plain(copies.get(key)) for key in changed}
    if changed and answer["raised"] is None:
        answer["again"] = _second_call(put, student, copies, namespace)
    return answer


def _second_call(put: Probe, student: Any, arguments: dict[str, Any], namespace: Mapping[str, Any]) -> Any:
    """What the student's code makes of arguments that it has changed itself."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return wire.plain(put(student, arguments, namespace))
        except watchdog.OutOfTime:
            raise
        except BaseException as error:
            return wire.Opaque(type(error).__name__)


def is_numeric(warning: warnings.WarningMessage) -> bool:
    """Whether a warning is about numbers that are lost on the way, as NumPy's are."""
    return issubclass(warning.category, RuntimeWarning)


def _first_of_each(texts: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(text[:300] for text in texts))[:MAX_WARNINGS]


def is_unchanged(first: Any, second: Any) -> bool:
    """Whether an argument is exactly what it was, dtype, shape and not-a-numbers included."""
    try:
        return wire.dumps(first) == wire.dumps(wire.plain(second))
    except wire.WireError:
        return False
