"""Probes: each puts one case to the student's code, and says as plain data what came back.

A probe is one function, called as ``function(student, arguments, namespace)``: the student's function or class, the
case's arguments (copies: name → value), and everything else that the student defined. Most exercises use `call`. A
probe of its own is needed where a case cannot be data: nodes of a graph, a callable, a class with behaviour. It builds
those from the case and turns what it sees back into data.

A probe is found by its name in the files of this folder.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from typing import Any

Probe = Callable[[Any, dict[str, Any], Mapping[str, Any]], Any]
_table: dict[str, Probe] = {}


def probe(function: Probe) -> Probe:
    """Enter a probe into the table under its own name.

    Raises
    ------
    ValueError
        Another probe has this name.
    """
    name = function.__name__
    if _table.setdefault(name, function) is not function:
        raise ValueError(
            f"Two probes are called {name}: one in {_table[name].__module__}, one in {function.__module__}."
        )
    return function


@probe
def call(student: Any, arguments: dict[str, Any], namespace: Mapping[str, Any]) -> Any:
    """Call the student's function with the arguments in order."""
    return student(*arguments.values())


def find_probe(name: str) -> Probe:
    """The probe of this name; the files of the folder are loaded when it is not known yet.

    Raises
    ------
    LookupError
        No file in the folder has a probe of this name.

    Examples
    --------
    >>> find_probe("call")(len, {"x": [1, 2]}, {})
    2
    """
    if name not in _table:
        for module in pkgutil.iter_modules(__path__):
            importlib.import_module(f"{__name__}.{module.name}")
    if name not in _table:
        raise LookupError(f"There is no probe called {name!r}; known are {', '.join(sorted(_table))}.")
    return _table[name]
