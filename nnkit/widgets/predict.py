"""A question that is answered only after the reader has committed to a prediction: a number, a choice, a few words."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from nnkit.draw import style
from nnkit.widgets import base
from nnkit.widgets.sealing import opened
from nnkit.widgets.tolerance import Tolerance, nearness, usual
from nnkit.widgets.typed_numbers import readings
from nnkit.widgets.typed_words import plain_words, says

# What was typed → as it was read, the right answer, how near it was; raises ValueError where it cannot be read.
_Judge = Callable[[str], tuple[str, str, str]]


def predict(
    question: str,
    answer: float | str | None = None,
    explanation: str = "",
    *,
    within: float | None = None,
    digits: int | None = None,
    factor: float | None = None,
    give_or_take: float | None = None,
    choices: Sequence[str] = (),
    accept: Sequence[str] = (),
    picture: Any = None,
    sealed: str | None = None,
) -> None:
    """Ask for a number, a choice or a few words, and show the answer only once the reader has committed to one.

    A number is read as a person types it: "30,730", "4^10", "√1000", "1/3", "about 14 m". The tolerance is announced
    under the question. Enter commits to what is typed or chosen; the arrow keys go through the choices. The static
    twin shows the question alone: a stored notebook never gives the answer away. Nor does the cell of a released
    notebook: what answers is sealed there, which is done when it is released.

    Parameters
    ----------
    question : str
        What is to be predicted, in plain text.
    answer : float or str
        A number; or words, one of `choices` where these are given. Left out where it is sealed.
    explanation : str
        A sentence or two shown with the answer.
    within : float, optional
        The largest error that counts as right, as a share of the answer: 0.05 is 5 %. For numbers one of this and the
        next three may be given; with none, a whole number has to be exact and any other right to two digits.
    digits : int, optional
        How many significant digits have to be right.
    factor : float, optional
        Up to so many times too large or too small counts as right.
    give_or_take : float, optional
        The largest error that counts as right.
    choices : sequence of str, optional
        What the reader chooses from.
    accept : sequence of str, optional
        Other words that are as right as `answer`. Words are compared without case, accents, articles and plural
        endings.
    picture : Picture or matplotlib figure, optional
        Shown with the answer.
    sealed : str, optional
        Answer, explanation and accepted words as `nnkit.widgets.sealing.seal` returns them.

    Raises
    ------
    TypeError
        If `answer` is neither a number nor words.
    ValueError
        If the tolerance, the choices or the accepted words do not fit the answer, or the seal is damaged.

    Examples
    --------
    >>> from unittest import mock
    >>> with mock.patch.dict("os.environ", NNKIT_STATIC="1"):
    ...     predict("b = a + a, c = b + b, a = 3. What is ∂c/∂a?", 4, "Messages add up.")
    ...     predict("How many bytes has it?", 4**10, within=0.05)
    ...     predict("Where does it go?", "left", choices=["left", "right"])
    ...     predict("What is 2 + 2?", sealed="3idtByFS-9os2sGGBco")
    My prediction: b = a + a, c = b + b, a = 3. What is ∂c/∂a?
    My prediction: How many bytes has it? (Within 5 % counts as right.)
    My prediction: Where does it go? (left · right)
    My prediction: What is 2 + 2?
    """
    answer, explanation, accept = opened(sealed, answer=answer, explanation=explanation, accept=accept)
    given = Tolerance(within, digits, factor, give_or_take)
    has_tolerance = given != Tolerance()
    asked, hint = question, ""
    judge: _Judge
    if isinstance(answer, str):
        if has_tolerance:
            raise ValueError(f"A tolerance is for numbers, but the answer is words: {answer!r}. Leave it out.")
        judge = _words_judge(answer, choices, accept)
        asked = f"{question} ({' · '.join(choices)})" if choices else question
    else:
        try:
            expected = float(answer)
        except (TypeError, ValueError):
            raise TypeError(f"The answer of a prediction is a number or words; got {answer!r}.") from None
        if not math.isfinite(expected):
            raise ValueError(f"The answer of a prediction is a finite number; got {answer!r}.")
        if choices or accept:
            raise ValueError(f"choices and accept are for words, but the answer is a number: {answer!r}.")
        tolerance = given if has_tolerance else usual(expected)
        tolerance.accepts(expected, expected)  # a tolerance that cannot be used is told now, not to the reader
        judge = _number_judge(expected, tolerance)
        hint = tolerance.announcement
        # What has no tolerance of its own keeps its plain question wherever nothing can be typed.
        asked = f"{question} ({hint})" if has_tolerance else question
    shown = "" if picture is None else base.picture_html(picture)
    Prediction(base.Note(asked, "My prediction:"), question, hint, choices, judge, explanation, shown).show()


class Prediction(base.Moving):
    """A question and a box or choices; the answer leaves Python only once there is a prediction.

    Parameters
    ----------
    asked : Note
        What is shown where nothing can be typed.
    question, hint : str
        The question, and the tolerance that counts as right.
    choices : sequence of str
        Empty where something is typed.
    judge : callable
        From what was typed to how it was read, the right answer, and how near it was.
    explanation : str
    picture : str
        HTML, shown with the answer.
    """

    front = "predict"
    title = "A prediction"
    call = ""
    fields = ()

    def __init__(
        self,
        asked: base.Note,
        question: str,
        hint: str,
        choices: Sequence[str],
        judge: _Judge,
        explanation: str,
        picture: str,
    ) -> None:
        super().__init__()
        self._asked, self._question, self._hint = asked, question, hint
        self._choices, self._judge = tuple(choices), judge
        self._explanation, self._picture = explanation, picture

    def material(self) -> dict[str, Any]:
        """The question, and nothing of the answer."""
        return {
            "question": f"{self._question} {f'({self._hint})' if self._hint else ''}".strip(),
            "choices": list(self._choices),
            "expects": "a number" if self._hint else "a word or a few",
        }

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """Judge a prediction.

        Parameters
        ----------
        question : dict
            ``prediction``: what was typed or chosen, None where nothing was chosen.

        Returns
        -------
        dict
            ``yours``, ``answer``, ``verdict``, ``explanation`` and ``picture``; or ``again``, a sentence that says why
            this is no prediction yet.
        """
        prediction = question["prediction"]
        if self._choices and prediction not in self._choices:
            return {"again": "Your prediction is one of these; choose first."}
        try:
            yours, answer, verdict = self._judge(str(prediction))
        except ValueError as problem:
            return {"again": str(problem)}
        return {
            "yours": yours,
            "answer": answer,
            "verdict": verdict,
            "explanation": self._explanation,
            "picture": self._picture,
        }

    def twin(self) -> base.Note:
        """The question alone."""
        return self._asked


def _number_judge(answer: float, tolerance: Tolerance) -> _Judge:
    def judge(typed: str) -> tuple[str, str, str]:
        found = readings(typed)
        prediction = next((number for number in found if tolerance.accepts(number, answer)), found[0])
        right = tolerance.accepts(prediction, answer)
        verdict = "right" if right else "a different number"
        near = nearness(prediction, answer, absolute=tolerance.give_or_take is not None)
        return _as_typed(typed, prediction), _written(answer), f"{verdict}, {near}"

    return judge


def _words_judge(answer: str, choices: Sequence[str], accept: Sequence[str]) -> _Judge:
    if choices:
        if answer not in choices or len(set(choices)) != len(choices) or accept:
            raise ValueError(
                f"The answer {answer!r} has to be one of choices, which are all different; accept is for words that "
                f"are typed. Got choices={list(choices)}, accept={list(accept)}."
            )
    elif empty := [one for one in (answer, *accept) if not plain_words(one)]:
        raise ValueError(f"{empty[0]!r} holds no word that is compared. Name the words that matter.")

    def judge(typed: str) -> tuple[str, str, str]:
        if choices:
            return typed, answer, "right" if typed == answer else "another choice"
        if not plain_words(typed):
            what = f"“{typed.strip()}” holds none" if typed.strip() else "there is nothing in the box yet"
            raise ValueError(f"Your prediction is a word or a few; {what}.")
        return typed.strip(), answer, "right" if says(typed, (answer, *accept)) else "other words"

    return judge


def _as_typed(typed: str, prediction: float) -> str:
    """What was typed, and how it was read where that is not the same to the eye."""
    plain, read = " ".join(typed.split()), _written(prediction)
    value = re.split("[=≈]", plain)[-1].strip()  # "c = 4" says what it is read as
    same = value.replace("-", "−").removeprefix("+") in (read, read.replace(",", ""))
    return plain if same else f"{plain} = {read}"


def _written(number: float) -> str:
    """Whole numbers whole, since three digits of 30,730 are not what was asked for; others as in pictures."""
    if number == round(number) and abs(number) < 1e12:
        return f"{round(number):,}".replace("-", "−")
    return style.number(number)
