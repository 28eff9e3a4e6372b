"""Right values of the wrong kind: whole numbers where floats are promised, or floats where counts are."""

from collections.abc import Callable

import numpy as np

from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.finding import Finding
from nnkit.exercises.judge.ladder import compare_with_reference
from nnkit.languages import say

KINDS = {"f": "floats", "i": "whole numbers", "u": "whole numbers", "b": "True and False"}


def of_kind(kinds: str, wanted: str, cause: str) -> Callable[[Exercise, Case, Answer], Finding | None]:
    """A judge that compares with the reference, and then looks at the kind of number.

    Parameters
    ----------
    kinds : str
        The kinds of dtypes that are right, such as "iu".
    wanted, cause : str
        What they are called, and what is said where others came.
    """

    def judge(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
        finding = compare_with_reference(exercise, case, answer)
        kind = np.asarray(answer.returned).dtype.kind if finding is None else ""
        if finding is not None or kind in kinds:
            return finding
        text = say(
            "The values are right, but they are {get}, expected {wanted}.",
            get=KINDS.get(kind, "numbers of another kind"),
            wanted=wanted,
        )
        return Finding("kind", text, cause=cause, symptom="kind of numbers")

    return judge
