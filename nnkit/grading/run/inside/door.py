"""What stands in the place of ``nnkit.exercises`` while a notebook is graded: the check's words, without any judge.

`check`, `ready` and `hint` ask the grading process, outside the sandbox, and tell what it replies. They help a
notebook's own cells to run as they did at home. What counts is asked by the grading process itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["CheckFailed", "check", "evaluate", "hint", "ready", "trace"]

_ask: Callable[[dict[str, Any]], dict[str, Any]] | None = None


def door_is_at(ask: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Say how the grading process is asked."""
    global _ask
    _ask = ask


class Report:
    """What the grading process says of an answer, with the names that a check's report has at home."""

    def __init__(self, exercise: str, reply: Mapping[str, Any]) -> None:
        self.exercise = exercise
        self.status = str(reply.get("status", "not attempted"))
        self.message = str(reply.get("message", ""))
        self.cause = reply.get("cause")
        self.passed = self.status == "passed"

    def __repr__(self) -> str:
        return f"{self.exercise}: {self.status}. {self.message}".rstrip()


class CheckFailed(Exception):  # noqa: N818 -- the name that it has at home
    """Raised by `check` when an answer does not pass; carries the `report`."""

    def __init__(self, report: Report) -> None:
        super().__init__(repr(report))
        self.report = report

    def _render_traceback_(self) -> list[str]:
        return [repr(self.report)]


def check(name: str, namespace: Mapping[str, Any] | None = None) -> Report:
    """Ask for a verdict on the notebook's own answer; raises `CheckFailed` where it does not pass."""
    report = evaluate(name)
    if not report.passed:
        raise CheckFailed(report)
    return report


def evaluate(name: str, namespace: Mapping[str, Any] | None = None, *others: Any, **options: Any) -> Report:
    """Ask for a verdict on the notebook's own answer."""
    return Report(str(name), _reply("check", names=[str(name)]))


def ready(*names: str) -> bool:
    """Whether these answers pass their checks; where not, one sentence says what comes first."""
    waiting = [str(name) for name in _reply("ready", names=[str(name) for name in names]).get("waiting", names)]
    if waiting:
        quoted = ", ".join(f"`{name}`" for name in waiting)
        print(f"This cell uses your {quoted}. Let the check pass first, then run this one again.")
    return not waiting


def hint(name: str) -> str:
    """Hints are for the notebook at home."""
    return "`hint` is for your own notebook; in grading it does nothing."


def trace(name: str, *others: Any, **options: Any) -> str:
    """Traces are for the notebook at home."""
    return "`trace` is for your own notebook; in grading it does nothing."


def _reply(ask: str, **about: Any) -> dict[str, Any]:
    return _ask({"ask": ask, **about}) if _ask is not None else {}
