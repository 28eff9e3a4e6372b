"""What is for the student's own machine, as a notebook finds it where it is graded: it says so, and does nothing.

The file is copied into the worker's package as ``nnkit/elsewhere.py``; the packages that are not there take their names
from it.
"""

from __future__ import annotations

from typing import Any


class Elsewhere:
    """Stands for a function, and for whatever it would have returned.

    Parameters
    ----------
    name : str
        What the notebook calls it.

    Examples
    --------
    >>> Elsewhere("nnkit.progress")("..").passed
    `nnkit.progress` is for your own machine; in grading it does nothing.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return f"`{self._name}` is for your own machine; in grading it does nothing."

    def __call__(self, *arguments: Any, **options: Any) -> Elsewhere:
        return self

    def __getattr__(self, name: str) -> Elsewhere:
        # A notebook asks whatever it shows for its `_repr_…_`, and copying asks for a protocol: there is none.
        if name.startswith("_"):
            raise AttributeError(name)
        return self
