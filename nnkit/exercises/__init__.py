"""The exercises of the course, and the check that tells a student whether an answer is right.

`check("name")` judges an answer, `hint("name")` gives a nudge, `trace("name")` shows an answer at work line by line,
`evaluate(...)` is for tools and never raises. The folders say where code may run: `beside` beside a student's code,
`judge` and `catalogue` never. What they need is loaded when it is first asked for, so a process that only runs
students' code sees no reference and no mistakes.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nnkit.exercises.checking import CheckFailed, check, evaluate, hint, ready, trace
    from nnkit.exercises.judge.report import Report

__all__ = ["CheckFailed", "Report", "check", "evaluate", "hint", "ready", "trace"]

_HOMES = {
    "check": "checking",
    "hint": "checking",
    "ready": "checking",
    "trace": "checking",
    "evaluate": "checking",
    "CheckFailed": "checking",
    "Report": "judge.report",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"nnkit.exercises has no name {name!r}; it offers {', '.join(__all__)}.")
    from nnkit import installation

    if not installation.complete():
        raise ImportError(
            "`import nnkit` gives another project of this name, or a rest of it, and not this course. In a terminal, "
            f"this mends it:\n{installation.repair_command()}\nThen restart the kernel."
        )
    value = getattr(importlib.import_module(f"nnkit.exercises.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
