"""What a moving widget's state is made of: each field knows its name, its bounds, where it starts, and its control.

A state is a plain dictionary with a value for every field. It decides the whole picture, so that the dictionary printed
beneath a widget makes the same picture again. The page makes the controls from the same description.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import numpy as np


@dataclass(frozen=True)
class Field:
    """One entry of a state.

    Parameters
    ----------
    name : str
        Its key, as Python writes it.
    label : str
        What stands beside its control; "" for a field without a control, which the picture itself sets, such as a
        point that is dragged.
    start : object
        Its value at first.
    """

    name: str
    label: str
    start: Any
    kind: ClassVar[str] = "value"

    def read(self, value: Any) -> Any:
        """Return the value in its own type.

        Raises
        ------
        ValueError
            With a sentence that names the field, what it may be and what came.
        """
        return value

    def described(self) -> dict[str, Any]:
        """Return the description that the page gets."""
        return {"kind": self.kind, **asdict(self)}


@dataclass(frozen=True)
class Number(Field):
    """A number between two bounds: a slider and a box to type into.

    Parameters
    ----------
    low, high : float
        The bounds, both allowed.
    step : float
        Of the slider; on a logarithmic one the share of a power of ten (0.05 makes twenty steps from 1 to 10).
    logarithmic : bool
        Whether equal ways of the slider are equal factors.
    """

    low: float
    high: float
    step: float
    logarithmic: bool = False
    kind: ClassVar[str] = "number"

    def read(self, value: Any) -> float:
        """Return the value as a float between the bounds."""
        if not _is_number(value) or not self.low <= value <= self.high:
            raise ValueError(f"{self.name} is a number from {self.low:g} to {self.high:g}; got {value!r}.")
        return float(value)


@dataclass(frozen=True)
class Whole(Field):
    """A whole number between two bounds: a slider and a box to type into."""

    low: int
    high: int
    kind: ClassVar[str] = "whole"

    def read(self, value: Any) -> int:
        """Return the value as an int between the bounds."""
        if not _is_number(value) or value != round(value) or not self.low <= value <= self.high:
            raise ValueError(f"{self.name} is a whole number from {self.low} to {self.high}; got {value!r}.")
        return round(value)


@dataclass(frozen=True)
class Listed(Field):
    """One of several numbers, such as the powers of two: a slider with as many places.

    Parameters
    ----------
    options : sequence of int or of float
        In rising order.
    """

    options: Sequence[float]
    kind: ClassVar[str] = "listed"

    def read(self, value: Any) -> float:
        """Return the value, one of the options."""
        for option in self.options:
            if _is_number(value) and value == option:
                return option
        raise ValueError(f"{self.name} is one of {', '.join(f'{one:g}' for one in self.options)}; got {value!r}.")


@dataclass(frozen=True)
class Choice(Field):
    """One of several words: a list to choose from.

    Parameters
    ----------
    options : sequence of str
    """

    options: Sequence[str]
    kind: ClassVar[str] = "choice"

    def read(self, value: Any) -> str:
        """Return the value, one of the options."""
        if value not in self.options:
            raise ValueError(f"{self.name} is one of {', '.join(map(repr, self.options))}; got {value!r}.")
        return str(value)


@dataclass(frozen=True)
class Switch(Field):
    """Yes or no: a box to tick."""

    kind: ClassVar[str] = "switch"

    def read(self, value: Any) -> bool:
        """Return the value as a bool."""
        if not isinstance(value, bool | np.bool_):
            raise ValueError(f"{self.name} is True or False; got {value!r}.")
        return bool(value)


@dataclass(frozen=True)
class Words(Field):
    """A few words: a box to type into.

    Parameters
    ----------
    longest : int
        How many characters at most.
    """

    longest: int = 200
    kind: ClassVar[str] = "words"

    def read(self, value: Any) -> str:
        """Return the text."""
        if not isinstance(value, str) or len(value) > self.longest:
            raise ValueError(f"{self.name} is a text of at most {self.longest} characters; got {value!r}.")
        return value


@dataclass(frozen=True)
class Numbers(Field):
    """Several numbers between two bounds, such as the two of a point or the rows of a matrix; the picture sets them.

    Parameters
    ----------
    shape : tuple of int
        A state holds them as lists of lists of this shape.
    low, high : float
        The bounds of each.
    """

    shape: tuple[int, ...]
    low: float = -math.inf
    high: float = math.inf
    kind: ClassVar[str] = "numbers"

    def read(self, value: Any) -> Any:
        """Return the values as nested lists of floats."""
        try:
            array = np.array(value, dtype=float)
        except (TypeError, ValueError):
            array = np.array(math.nan)
        if (
            array.shape != self.shape
            or not np.isfinite(array).all()
            or np.any(array < self.low)
            or np.any(array > self.high)
        ):
            size = " × ".join(map(str, self.shape))
            bounds = "" if math.isinf(self.low) else f" from {self.low:g} to {self.high:g}"
            raise ValueError(f"{self.name} is {size} numbers{bounds}; got {value!r}.")
        return array.tolist()

    def described(self) -> dict[str, Any]:
        """Return the description that the page gets; JSON has no infinity."""
        bounds = {name: None for name in ("low", "high") if math.isinf(getattr(self, name))}
        return {**super().described(), **bounds}


def read_state(fields: Sequence[Field], given: Mapping[str, Any], widget: str) -> dict[str, Any]:
    """Complete a state with the starts of its fields, and refuse what makes no picture.

    Parameters
    ----------
    fields : sequence of Field
    given : mapping
        Values by name; what is left out has its start.
    widget : str
        What the widget is called in the sentence about a name that it does not have.

    Returns
    -------
    dict
        A value for every field, in the order of the fields.

    Raises
    ------
    ValueError
        If a name is not known or a value out of bounds.

    Examples
    --------
    >>> fields = [Number("rate", "rate α", 0.1, 0.0, 1.0, 0.01), Switch("noise", "noise", False)]
    >>> read_state(fields, {"rate": 1}, "the walk")
    {'rate': 1.0, 'noise': False}
    >>> read_state(fields, {"rat": 1}, "The walk")
    Traceback (most recent call last):
    ...
    ValueError: The walk has no setting 'rat'; did you mean 'rate'?
    """
    names = [field.name for field in fields]
    for name in given:
        if name not in names:
            close = difflib.get_close_matches(str(name), names, n=1)
            known = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(names)}."
            raise ValueError(f"{widget} has no setting {name!r}; {known}")
    return {field.name: field.read(given.get(field.name, field.start)) for field in fields}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool) and math.isfinite(value)
