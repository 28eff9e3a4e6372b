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


@contextlib.contextmanager
def filters_held() -> Iterator[None]:
    """While it is entered, nobody who calls these functions by their modules' names can hide a warning."""
    before = warnings.filterwarnings, warnings.simplefilter, np.seterr
    filterwarnings, simplefilter, seterr = before

    def held_filter(action: Any, *details: Any, **named: Any) -> None:
        if action == "error":
            filterwarnings(action, *details, **named)

    def held_simple_filter(action: Any, *details: Any, **named: Any) -> None:
        if action == "error":
            simplefilter(action, *details, **named)

    def held_settings(*modes: Any, **named: Any) -> Any:
        names = ("all", "divide", "over", "under", "invalid")
        asked = {**dict(zip(names, modes, strict=False)), **named}
        return seterr(**{name: mode for name, mode in asked.items() if mode in ("warn", "raise", "call", "print")})

    warnings.filterwarnings, warnings.simplefilter, np.seterr = held_filter, held_simple_filter, held_settings
    try:
        yield
    finally:
        warnings.filterwarnings, warnings.simplefilter, np.seterr = before
