"""Probe of notebook 08, `closed_loop`: a controller that counts how often it is asked, and may spoil what it gets."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nnkit.exercises.beside.probes import probe

SPOILED = 100.0


def controller_of(described: Mapping[str, Any], states: int, steps: int | None = None) -> Callable[[Any], np.ndarray]:
    """The controller of a case, refusing what is not a state and more questions than there are steps.

    Parameters
    ----------
    described : Mapping[str, Any]
        ``K`` (m, n): the input is −K x. ``limit``: largest size of an input. ``drift``: added once more with every
        question: a controller that remembers how often it was asked. ``spoils``: whether it writes into its argument.
    states : int
        n, the entries of a state.
    steps : int, optional
        How often it may be asked.

    Examples
    --------
    >>> controller_of({"K": np.array([[2.0]])}, 1)(np.array([3.0]))
    array([-6.])
    """
    asked = 0

    def controller(x: Any) -> np.ndarray:
        nonlocal asked
        if not isinstance(x, np.ndarray):
            raise TypeError(
                f"controller received a {type(x).__name__}; it takes a state, an array of shape ({states},)"
            )
        if x.shape != (states,):
            raise ValueError(f"controller received an array of shape {x.shape}; it takes a state of shape ({states},)")
        asked += 1
        if steps is not None and asked > steps:
            raise RuntimeError(
                f"controller was asked {asked} times, in a run of {steps} step{'s' if steps > 1 else ''}; it is asked "
                "once in each step"
            )
        limit = described.get("limit", np.inf)
        u = np.clip(-(described["K"] @ x), -limit, limit) + described.get("drift", 0.0) * asked
        if described.get("spoils"):
            x[:] = SPOILED
        return np.array(u, dtype=np.float64)

    return controller


@probe
def closed_loop(student: Any, arguments: dict[str, Any], namespace: Mapping[str, Any]) -> Any:
    """Call the student's function with a controller in the place of its description.

    Who hands over x0 itself finds it spoiled, in the record too. It is put right again afterwards: the controller wrote
    into it, not the student's function, and what the record shows is what is to be told.
    """
    described, x0, A, B, steps = arguments.values()
    before = x0.copy()
    returned = copy.deepcopy(student(controller_of(described, len(x0), steps), x0, A, B, steps))
    if described.get("spoils") and (x0 == SPOILED).all():
        x0[:] = before
    return returned
