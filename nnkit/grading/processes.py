"""How processes are made that grade or write feedback: forked from one that has imported what they need.

It is not the process that owns the gradebook, whose connections must not be shared; and importing takes longer than
grading a submission.
"""

from __future__ import annotations

import os
import tempfile
from multiprocessing import forkserver, get_context
from multiprocessing.context import BaseContext

IMPORTED = ["nnkit.grading.run.warm"]
LONGEST_PLACE = 60  # bytes: the process listens at an address below it, for which systems allow about a hundred


def can_warm() -> bool:
    """Whether there is `fork`, and a temporary folder whose path is short enough for the address to fork at."""
    return hasattr(os, "fork") and len(os.fsencode(tempfile.gettempdir())) <= LONGEST_PLACE


def warm_context() -> BaseContext:
    """The way to make such processes; where they cannot be forked they import everything themselves."""
    if not can_warm():
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload(IMPORTED)
    return context


def begin_to_warm() -> None:
    """Have the process from which they are forked begin to import, while this one does something else."""
    if can_warm():
        warm_context()
        forkserver.ensure_running()
