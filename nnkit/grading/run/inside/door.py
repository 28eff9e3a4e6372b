"""`nnkit.exercises` as a student's notebook finds it where it is graded: a door with nothing behind it.

The file is copied into the worker's package as ``nnkit/exercises/__init__.py``. It imports nothing but what runs beside
a student's code. Verdicts are made elsewhere, so whatever is changed here changes none.
"""

from __future__ import annotations

from typing import Any

__all__ = ["CheckFailed", "check", "evaluate", "hint", "ready", "trace"]


class CheckFailed(Exception):  # noqa: N818 -- the name that notebooks use
    """Never raised here; a notebook may name it."""


def check(name: str, namespace: Any = None) -> None:
    """Do nothing: who grades puts the answer to its cases, and not the notebook."""


def evaluate(name: Any, namespace: Any = None, *settings: Any, **options: Any) -> None:
    """Do nothing."""


def hint(name: str) -> None:
    """Do nothing."""


def ready(*names: str) -> bool:
    """Say that nothing is ready: what only shows an answer is not needed here."""
    return False


def trace(name: str, *settings: Any, **options: Any) -> None:
    """Do nothing."""
