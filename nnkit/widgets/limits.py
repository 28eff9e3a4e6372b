"""A reader's own function is run for a picture: it may take so many steps, and is stopped where it would take more.

A picture asks for little, so whoever needs that much goes round in circles. Python's own instructions are counted, not
seconds: the same function is stopped at the same place on every machine, and a browser without threads can do it too.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from typing import Any

MOST_STEPS = 500_000
"""How many of Python's instructions a reader's function may take for one picture."""


class TooLong(BaseException):  # no Exception: the reader's `except` is not to keep it
    """A function has taken more steps than it may."""


def bounded(function: Callable[..., Any], *arguments: Any, most: int = MOST_STEPS, lines: bool = False) -> Any:
    """Call a function, and end it when it has taken too many steps.

    Parameters
    ----------
    function : callable
    *arguments : Any
        What it is called with.
    most : int
        How many instructions, or lines, it may take, those of the functions that it calls included.
    lines : bool
        Lines are counted in place of instructions. There are fewer, for what is called hundreds of times for one
        picture; an endless loop inside a single expression is not noticed then.

    Returns
    -------
    Any
        What it returns.

    Raises
    ------
    TooLong
        If it takes more.

    Examples
    --------
    >>> bounded(max, 2, 3)
    3
    >>> def forever():
    ...     while True:
    ...         pass
    >>> bounded(forever, most=1000)
    Traceback (most recent call last):
    ...
    nnkit.widgets.limits.TooLong: It was stopped after 1,000 steps.
    """
    taken = 0

    def count(frame: types.FrameType, event: str, argument: Any) -> Any:
        nonlocal taken
        frame.f_trace_opcodes = not lines  # a loop in one expression has no line after the first
        taken += 1
        if taken > most:
            raise TooLong(f"It was stopped after {most:,} steps.")
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        return function(*arguments)
    finally:
        sys.settrace(before)


def said(error: BaseException) -> str:
    """Say what ended a reader's function, as the end of a sentence.

    Parameters
    ----------
    error : BaseException

    Returns
    -------
    str

    Examples
    --------
    >>> said(ZeroDivisionError("division by zero"))
    'stopped with an error: division by zero (ZeroDivisionError)'
    >>> said(NotImplementedError())
    'is not written yet (NotImplementedError)'
    >>> said(TooLong())
    'did not come to an end and was stopped'
    """
    if isinstance(error, TooLong):
        return "did not come to an end and was stopped"
    if isinstance(error, RecursionError):
        return "called itself again and again until Python ended it (RecursionError)"
    if isinstance(error, NotImplementedError):
        return "is not written yet (NotImplementedError)"
    reason = str(error).strip().rstrip(".")
    return f"stopped with an error: {reason} ({type(error).__name__})" if reason else f"stopped: {type(error).__name__}"
