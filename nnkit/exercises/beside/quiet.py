"""No filter of the answer's own hides a warning while it is checked.

Where an exercise asks for a way without overflow, `warnings.filterwarnings("ignore")` in the function is none. What is
asked of `warnings` and of `np.seterr` is therefore done as far as it makes warnings louder, and left undone where it
would hide them. `np.errstate` keeps its word: it stands around the lines that it is meant for.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

# As they are when this is loaded. A thread that is stopped, or never ends, may not come to putting them back itself.
_FILTERWARNINGS, _SIMPLEFILTER, _SETERR = warnings.filterwarnings, warnings.simplefilter, np.seterr


@contextlib.contextmanager
def filters_held() -> Iterator[None]:
    """While it is entered, nobody who calls these functions by their modules' names can hide a warning."""
    warnings.filterwarnings, warnings.simplefilter, np.seterr = _held_filter, _held_simple_filter, _held_settings
    try:
        yield
    finally:
        let_filters_go()


def let_filters_go() -> None:
    """Put the functions back, also in the place of a thread that has not come to it."""
    warnings.filterwarnings, warnings.simplefilter, np.seterr = _FILTERWARNINGS, _SIMPLEFILTER, _SETERR


def _held_filter(action: Any, *details: Any, **named: Any) -> None:
    if action == "error":
        _FILTERWARNINGS(action, *details, **named)


def _held_simple_filter(action: Any, *details: Any, **named: Any) -> None:
    if action == "error":
        _SIMPLEFILTER(action, *details, **named)


def _held_settings(*modes: Any, **named: Any) -> Any:
    names = ("all", "divide", "over", "under", "invalid")
    asked = {**dict(zip(names, modes, strict=False)), **named}
    return _SETERR(**{name: mode for name, mode in asked.items() if mode in ("warn", "raise", "call", "print")})
