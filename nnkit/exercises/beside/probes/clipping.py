"""Probe of `clip_by_norm`: what came back as data, and whether it is new.

An array that was given and one that looks like it are the same as data, so this is seen here or nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nnkit.exercises.beside.probes import probe


@probe
def new_arrays(student: Any, arguments: dict[str, Any], namespace: Mapping[str, Any]) -> Any:
    """Call the student's function, and look whether what it returns is made of the arrays that it was given.

    Returns
    -------
    dict
        ``arrays``: what was returned. ``shared``: whether an array in it lies where one of the given arrays lies.
        ``replaced``: whether the list that was given holds other arrays now.
    """
    grads = arguments["grads"]
    given = list(grads)
    returned = student(*arguments.values())
    parts = returned if isinstance(returned, list | tuple) else [returned]
    shared = any(
        isinstance(part, np.ndarray) and any(np.may_share_memory(part, array) for array in given) for part in parts
    )
    replaced = [id(array) for array in grads] != [id(array) for array in given]
    return {"arrays": returned, "shared": shared, "replaced": replaced}
