"""How near a prediction has to be: said to the reader beforehand, and how near it was, afterwards."""

from __future__ import annotations

import math
from dataclasses import dataclass

from nnkit.draw import style

_ROUNDING = 1e-9
_COUNTS = ("", "one digit", "two digits", "three digits", "four digits", "five digits")


@dataclass(frozen=True)
class Tolerance:
    """How near a number has to be to an answer; with nothing given it has to be the answer.

    Parameters
    ----------
    within : float, optional
        The largest error as a share of the answer: 0.05 is 5 %.
    digits : int, optional
        So many significant digits of the answer count: 14 and 14.2 agree in two.
    factor : float, optional
        Up to so many times too large or too small.
    give_or_take : float, optional
        The largest error itself; the only one that an answer of 0 can have.

    Raises
    ------
    ValueError
        More than one is given, or one that makes no sense.

    Examples
    --------
    >>> Tolerance(digits=2).accepts(32, 1000**0.5), Tolerance(factor=10).accepts(1e7, 1.4721e7)
    (True, True)
    >>> print(Tolerance(within=0.05).announcement)
    Within 5 % counts as right.
    """

    within: float | None = None
    digits: int | None = None
    factor: float | None = None
    give_or_take: float | None = None

    def __post_init__(self) -> None:
        given = {name: value for name, value in vars(self).items() if value is not None}
        if len(given) > 1:
            raise ValueError(f"A prediction has one tolerance; got {' and '.join(given)}. Leave all but one out.")
        ranges = {
            "within": ("a share of the answer between 0 and 1, such as 0.05", lambda value: 0 < value < 1),
            "digits": ("a number of digits from 1 to 5", lambda value: value in (1, 2, 3, 4, 5)),
            "factor": ("a number above 1, such as 10", lambda value: 1 < value < math.inf),
            "give_or_take": ("a positive number", lambda value: 0 < value < math.inf),
        }
        for name, value in given.items():
            wanted, fits = ranges[name]
            if not fits(value):
                raise ValueError(f"{name} is {wanted}; got {value!r}.")

    @property
    def announcement(self) -> str:
        """What the reader is told before predicting."""
        if self.within is not None:
            return f"Within {style.number(100 * self.within)} % counts as right."
        if self.digits is not None:
            return f"{_COUNTS[self.digits].capitalize()} will do."
        if self.factor is not None:
            return f"Up to a factor of {style.number(self.factor)} either way counts as right."
        if self.give_or_take is not None:
            return f"Give or take {style.number(self.give_or_take)}."
        return "The exact number."

    def accepts(self, prediction: float, answer: float) -> bool:
        """Say whether a prediction counts as the answer.

        Parameters
        ----------
        prediction, answer : float

        Returns
        -------
        bool

        Raises
        ------
        ValueError
            The answer is 0 and the tolerance is one that grows with the answer.
        """
        if answer == 0 and (self.within or self.digits or self.factor):
            raise ValueError("An answer of 0 has no share, digits or factor. Say give_or_take=…, or nothing.")
        error = abs(prediction - answer)
        if error <= _ROUNDING * (abs(answer) if answer else 1):
            return True
        allowed = 0.0
        if self.within is not None:
            allowed = self.within * abs(answer)
        elif self.digits is not None:
            allowed = 10 ** (math.floor(math.log10(abs(answer))) - self.digits + 1) / 2
        elif self.factor is not None:
            same_side = prediction * answer > 0
            return same_side and abs(math.log(prediction / answer)) <= math.log(self.factor) * (1 + _ROUNDING)
        elif self.give_or_take is not None:
            allowed = self.give_or_take
        return error <= allowed * (1 + _ROUNDING)


def usual(answer: float) -> Tolerance:
    """The tolerance of a prediction that names none: whole numbers are counted exactly, others to two digits.

    Parameters
    ----------
    answer : float

    Returns
    -------
    Tolerance

    Examples
    --------
    >>> usual(37), usual(0.869).digits
    (Tolerance(within=None, digits=None, factor=None, give_or_take=None), 2)
    """
    return Tolerance() if math.isclose(answer, round(answer), rel_tol=_ROUNDING) else Tolerance(digits=2)


def nearness(prediction: float, answer: float, absolute: bool = False) -> str:
    """Say how near a prediction was.

    Parameters
    ----------
    prediction, answer : float
    absolute : bool
        Say a small error as it is, not in percent: so a tolerance such as "give or take 0.5" can be compared with it.

    Returns
    -------
    str
        The rest of a sentence.

    Examples
    --------
    >>> nearness(4, 4), nearness(36, 37), nearness(1e6, 4**10), nearness(1e7, 1e6), nearness(2, -2)
    ('exactly', '1 too low', '4.63 % too low', '10 times too large', 'the right size, but the sign is the other one')
    """
    error = prediction - answer
    if abs(error) <= _ROUNDING * (abs(answer) if answer else 1):
        return "exactly"
    side = "too high" if error > 0 else "too low"
    if prediction * answer < 0:
        if math.isclose(prediction, -answer, rel_tol=0.05):
            return "the right size, but the sign is the other one"
        return f"the sign is the other one, and it is {style.number(abs(error))} {side}"
    whole = prediction == round(prediction) and answer == round(answer)
    ratio = prediction / answer if answer else 0.0
    if prediction == 0 or answer == 0 or (whole and abs(error) < 10) or (absolute and 1 / 2 < ratio < 2):
        return f"{style.number(abs(error))} {side}"
    if ratio >= 2:
        return f"{style.number(ratio)} times too large"
    if ratio <= 1 / 2:
        return f"{style.number(1 / ratio)} times too small"
    return f"{style.number(100 * abs(error / answer))} % {side}"
