"""Time limits for a student's code, on every platform and on any thread.

The code runs in a thread of its own while the caller waits. When the time is over, an exception is raised inside that
thread, between two of its Python instructions. Signals would be simpler, but they exist only on the main thread of
some systems, and JupyterLab may run a cell elsewhere. What sits inside one long call of compiled code cannot be
stopped this way; `Outcome.still_running` says so, and the caller can tell the reader.
"""

from __future__ import annotations

import contextlib
import ctypes
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

# A thread's own stack is as small as 512 KiB on some systems; a student's recursion must end in RecursionError instead.
STACK_BYTES = 64 * 2**20
GRACE_SECONDS = 1.0


class OutOfTime(BaseException):
    """Raised inside the student's code when its time is over; not an Exception, so `except Exception` lets it pass."""


@dataclass(frozen=True)
class Outcome:
    """How a run under a time limit ended.

    Parameters
    ----------
    timed_out
        The time was over before the work was done.
    still_running
        It could not be stopped, and goes on in the background.
    limited
        A limit was in force; False where no thread can be started (a kernel inside a browser).
    """

    timed_out: bool
    still_running: bool
    limited: bool = True


def run_limited(work: Callable[[], None], seconds: float) -> Outcome:
    """Run `work`, which handles its own exceptions, for at most `seconds` of wall time.

    Parameters
    ----------
    work
        Called without arguments. It leaves its results where the caller finds them.
    seconds
        The limit. After it, `OutOfTime` is raised inside `work`, again and again for up to a second.

    Returns
    -------
    Outcome

    Examples
    --------
    >>> results = []
    >>> run_limited(lambda: results.append(2 + 2), seconds=5.0)
    Outcome(timed_out=False, still_running=False, limited=True)
    >>> results
    [4]
    """

    def guarded() -> None:
        with contextlib.suppress(OutOfTime, KeyboardInterrupt):
            work()

    thread = threading.Thread(target=guarded, name="student's answer", daemon=True)
    try:
        previous = threading.stack_size(STACK_BYTES)
    except (ValueError, RuntimeError):
        previous = None
    try:
        thread.start()
    except RuntimeError:
        work()
        return Outcome(timed_out=False, still_running=False, limited=False)
    finally:
        if previous is not None:
            threading.stack_size(previous)
    try:
        thread.join(seconds)
    except KeyboardInterrupt:
        _stop(thread, KeyboardInterrupt)
        raise
    if not thread.is_alive():
        return Outcome(timed_out=False, still_running=False)
    _stop(thread, OutOfTime)
    return Outcome(timed_out=True, still_running=thread.is_alive())


def _stop(thread: threading.Thread, reason: type[BaseException]) -> None:
    """Raise `reason` in the thread until it ends: a bare `except:` in a loop swallows the first ones."""
    raise_in_thread = ctypes.pythonapi.PyThreadState_SetAsyncExc
    end = time.monotonic() + GRACE_SECONDS
    while thread.is_alive() and time.monotonic() < end:
        raise_in_thread(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(reason))
        thread.join(0.002)
