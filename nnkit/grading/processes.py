"""How processes are made that grade or write feedback: forked from one that has imported what they need.

It is not the process that owns the gradebook, whose connections must not be shared; and importing takes longer than
grading a submission.
"""

from __future__ import annotations

import os
from multiprocessing import forkserver, get_context
from multiprocessing.context import BaseContext

IMPORTED = ["nnkit.grading.run.warm"]


def warm_context() -> BaseContext:
    """The way to make such processes; where there is no `fork` they import everything themselves."""
    if not hasattr(os, "fork"):
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload(IMPORTED)
    return context


def begin_to_warm() -> None:
    """Have the process from which they are forked begin to import, while this one does something else."""
    if hasattr(os, "fork"):
        warm_context()
        forkserver.ensure_running()
