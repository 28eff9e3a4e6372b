"""Some cases of an exercise are put to a student's code: the question as bytes, and the answers that came back.

Both sides share nothing but these bytes, so the student's code may run in this process, as in a notebook, or elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from nnkit.exercises.beside import wire
from nnkit.exercises.beside.request import answer_request
from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.judge.answer import Sitting, Unreadable

Exchange = Callable[[bytes, Mapping[str, Any]], bytes]


def ask(
    exercise: Exercise,
    cases: Collection[Case],
    namespace: Mapping[str, Any],
    limit: float,
    companions: Collection[str] = (),
    withheld: Collection[str] = (),
    exchange: Exchange = answer_request,
) -> Sitting:
    """Put cases to the student's code and read what came back.

    Parameters
    ----------
    exercise : Exercise
        What is asked.
    cases : Collection[Case]
        For which inputs.
    namespace : Mapping[str, Any]
        The student's names.
    limit : float
        Seconds for all cases together.
    companions : Collection[str]
        Names of the other exercises' functions of which it is to be known whether the answer calls them.
    withheld : Collection[str]
        Dotted names that an answer may not call.
    exchange : Exchange
        Carries the question to where the student's code is, and the answers back.

    Raises
    ------
    Unreadable
        What came back is no answer to these cases.

    Examples
    --------
    >>> from nnkit.exercises import index
    >>> double = index.find("double")
    >>> ask(double, double.draw(), {"double": lambda x: 2 * x}, limit=5.0).state
    'answered'
    """
    sent = [dict(case.arguments) for case in cases]
    request = {
        "name": exercise.student_name,
        "probe": exercise.probe,
        "cases": sent,
        "companions": list(companions),
        "withheld": list(withheld),
        "time_limit": limit,
    }
    answer = exchange(wire.dumps(request), namespace)
    try:
        return Sitting.read(wire.loads(answer), sent)
    except (wire.WireError, RecursionError) as error:
        raise Unreadable(str(error)) from error
