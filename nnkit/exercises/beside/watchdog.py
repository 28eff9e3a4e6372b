"""Time limits for a student's code, on every platform and on any thread.

The code runs in a thread of its own while the caller waits. When the time is over, an exception is raised inside that
thread, between two of its Python instructions. Signals would be simpler, but they exist only on the main thread of
some systems, and JupyterLab may run a cell elsewhere. What sits inside one long call of compiled code cannot be
stopped this way; `Outcome.still_running` says so, and the caller can tell the reader.

Where no thread can be started, as in a kernel inside a browser, `monitoring` does it, from Python 3.12 on. It says why
not everywhere.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys
import threading
import time
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from nnkit.exercises.beside.folders import is_library
from nnkit.exercises.beside.monitoring import run_monitored, stack_from, stop_if_late, unheard

# A thread's own stack is as small as 512 KiB on some systems; a student's recursion must end in RecursionError instead.
STACK_BYTES = 64 * 2**20
# Python's own limit, 1000, is soon reached by a helper behind a decorator that calls itself along 300 nodes.
RECURSION_LIMIT = 3000
GRACE_SECONDS = 1.0
SLICE_SECONDS = 0.2
SHORT_SLICE_SECONDS = 0.01


class OutOfTime(BaseException):
    """Raised inside the student's code when its time is over; no Exception, so that `except Exception` lets it pass.

    A bare ``except:`` catches it all the same, so it is raised again and again.
    """


class _OutOfTimeInThread(OutOfTime):
    """The one that another thread raises. Its first instruction is the place for the next one.

    It is made in the thread that it stops, and has the interpreter raise it again there, on the student's next line.
    """

    def __init__(self) -> None:
        super().__init__()
        if isinstance(threading.current_thread(), _Worker):
            _raise_on_the_next_line(sys._getframe(1))


def _raise_on_the_next_line(frame: types.FrameType | None) -> None:
    while frame is not None and frame.f_code is not _Worker.run.__code__:  # what started the work is not to be stopped
        if not is_library(frame.f_code.co_filename):
            frame.f_trace = _stop_here
        frame = frame.f_back
    sys.settrace(_leave_alone)


def _leave_alone(frame: types.FrameType, event: str, argument: Any) -> None:
    """Trace no function that is entered from now on: one that cleans up, and this package's own, may finish."""


def _stop_here(frame: types.FrameType, event: str, argument: Any) -> Any:
    if event == "line":
        raise _OutOfTimeInThread
    return _stop_here


@dataclass(frozen=True)
class Outcome:
    """How a run under a time limit ended.

    Parameters
    ----------
    timed_out : bool
        The time was over before the work was done.
    still_running : bool
        It could not be stopped, and goes on in the background.
    limited : bool
        Whether the limit could be kept. False where no thread can be started (a kernel inside a browser) and Python is
        older than 3.12, or one long call of compiled code came back there more than a second late.
    stack : tuple[tuple[types.FrameType, int], ...]
        Where it was working when its time was over: frames with their lines, the innermost first.
    """

    timed_out: bool
    still_running: bool
    limited: bool = True
    stack: tuple[tuple[types.FrameType, int], ...] = field(default=(), repr=False, compare=False)


class _Worker(threading.Thread):
    """Does the work. Nothing is raised in it any more once it has finished: that would end on stderr.

    Whether it has is read from `finished`, not from `is_alive` and `join`: before Python 3.13 an interrupted `join`
    takes a thread that runs for one that has ended.
    """

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__(name="student's answer", daemon=True)
        self._work = work
        self._gate = threading.Lock()
        self.finished = threading.Event()
        self.failure: BaseException | None = None
        self.given_up = False

    def run(self) -> None:
        try:
            self._work()
        except OutOfTime:
            pass
        except BaseException as error:
            self.failure = error
        while True:  # a late one may arrive at any of these lines, the loop's own head included
            try:
                while not self.finished.is_set():
                    sys.settrace(None)
                    with self._gate:
                        self.finished.set()
                    _let_pending_arrive()
                sys.settrace(None)
                return
            except OutOfTime:
                continue

    def stop(self) -> None:
        """Raise `OutOfTime` in the thread until it ends or the patience is over."""
        end = time.monotonic() + GRACE_SECONDS
        with unheard(OutOfTime):
            while time.monotonic() < end:
                with self._gate:
                    if not self.finished.is_set():
                        _raise_in_thread(self, _OutOfTimeInThread)
                if self.finished.wait(0.002):
                    return
        if sys.version_info < (3, 12):
            self._give_up()

    def _give_up(self) -> None:
        """Take back what the thread has not raised yet.

        Python 3.11 keeps one flag for all threads that says "somebody has to raise something". While it is up, a
        function that is entered under `sys.setprofile` never starts, in any thread: the next check would not return.
        """
        with self._gate:
            self.given_up = True
            _raise_in_thread(self, None)
        try:
            _raise_in_thread(threading.current_thread(), _FlagDown)
            _let_pending_arrive()
        except _FlagDown:
            pass


class _FlagDown(BaseException):
    """Raised and caught in one place, because only raising takes the interpreter's flag down."""


def _raise_in_thread(thread: threading.Thread, reason: type[BaseException] | None) -> None:
    """Have the thread raise `reason` before its next Python instruction; None takes back what it has not raised yet."""
    pointer = ctypes.py_object(reason) if reason is not None else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), pointer)


def _let_pending_arrive() -> None:
    """A loop: the interpreter looks whether there is something to raise when it jumps back."""
    for _ in range(4):
        pass


def stop_if_given_up() -> None:
    """Raise `OutOfTime` in work whose caller waits no longer; for work to ask between two parts of it."""
    stop_if_late()
    thread = threading.current_thread()
    if isinstance(thread, _Worker) and thread.given_up:
        raise OutOfTime


def run_limited(work: Callable[[], None], seconds: float, hangs: Callable[[], bool] | None = None) -> Outcome:
    """Run `work` for at most `seconds` of wall time.

    Parameters
    ----------
    work : Callable[[], None]
        Called without arguments. It leaves its results where the caller finds them. It lets `OutOfTime` pass.
    seconds : float
        The limit. After it, `OutOfTime` is raised inside `work`, again and again for up to a second.
    hangs : Callable[[], bool] or None
        Asked every now and then whether the work is to be stopped before its time is over.

    Returns
    -------
    Outcome

    Raises
    ------
    BaseException
        What `work` raised, if its time was not over.

    Examples
    --------
    >>> results = []
    >>> run_limited(lambda: results.append(2 + 2), seconds=5.0)
    Outcome(timed_out=False, still_running=False, limited=True)
    >>> results
    [4]
    """
    with _deep_recursion():
        return _run_limited(work, seconds, hangs)


@contextlib.contextmanager
def _deep_recursion() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, RECURSION_LIMIT))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _run_limited(work: Callable[[], None], seconds: float, hangs: Callable[[], bool] | None) -> Outcome:
    worker = _Worker(work)
    try:
        previous = threading.stack_size(STACK_BYTES)
    except (ValueError, RuntimeError):
        previous = None
    try:
        worker.start()
    except RuntimeError:
        ended = run_monitored(work, seconds, hangs, OutOfTime)
        return Outcome(ended.timed_out, still_running=False, limited=ended.limited, stack=ended.stack)
    finally:
        if previous is not None:
            threading.stack_size(previous)
    try:
        # In slices: on Windows an interrupt does not end a wait, it is seen when the wait is over.
        end = time.monotonic() + seconds
        while not worker.finished.is_set() and (left := end - time.monotonic()) > 0:
            worker.finished.wait(min(left, SLICE_SECONDS if hangs is None else SHORT_SLICE_SECONDS))
            if hangs is not None and hangs():
                break
    except KeyboardInterrupt:
        worker.stop()
        raise
    if not worker.finished.is_set():
        stack = stack_from(
            sys._current_frames().get(worker.ident or 0)
        )  # before it is stopped, which takes the frames apart
        worker.stop()
        return Outcome(timed_out=True, still_running=not worker.finished.is_set(), stack=stack)
    if worker.failure is not None:
        raise worker.failure
    return Outcome(timed_out=False, still_running=False)
