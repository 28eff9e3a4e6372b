"""The exercises of the course, and the check that tells a student whether an answer is right.

`check("name")` judges an answer, `hint("name")` gives a nudge, `evaluate(...)` is for tools and never raises. What
they need is loaded when they are first asked for: a process that only runs students' code imports `probes` and `wire`
from here and sees no reference and no list of mistakes.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nnkit.exercises.checking import CheckFailed, check, evaluate, hint, ready
    from nnkit.exercises.report import Report

__all__ = ["CheckFailed", "Report", "check", "evaluate", "hint", "ready"]

_HOMES = {
    "check": "checking",
    "hint": "checking",
    "ready": "checking",
    "evaluate": "checking",
    "CheckFailed": "checking",
    "Report": "report",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"nnkit.exercises has no name {name!r}; it offers {', '.join(__all__)}.")
    value = getattr(importlib.import_module(f"nnkit.exercises.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
