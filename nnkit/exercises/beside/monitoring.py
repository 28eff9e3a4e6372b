"""A time limit where no thread can be started, as in a kernel inside a browser: the answer looks at the clock itself.

From Python 3.12 on the interpreter calls a function of ours at every jump of a loop and at every start of a function
(`sys.monitoring`). When the time is over, that function raises, and the answer ends as if its own line had raised. It
raises again at the next loop and the next call, so whoever catches it gets no further.

Only where there is no thread, because it costs what a thread does not. Measured on a busy machine, with Python 3.13
and in Pyodide 0.27 alike: a loop of additions takes 4 times as long, one that calls a function of one line 4 to 9
times, one of NumPy calls on small arrays up to 1.5 times. And whoever sits inside one long call of compiled code (a
product of huge matrices, `sum` of an endless iterator) cannot be reached at all: a thread that waits beside can at
least say so and go on, while here the caller comes back when that call does, if ever. Where it came back late,
`Ended.limited` is False.

Python's own modules and installed ones are left alone for a second, so that they can clean up what they hold, such as a
lock; only a loop of theirs that goes on after that is ended too.
"""

from __future__ import annotations

import contextlib
import contextvars
import signal
import sys
import threading
import time
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from nnkit.engine.graph import mode
from nnkit.exercises.beside.folders import is_library
from nnkit.exercises.beside.room import room_for_calls

TOOL_NAME = "nnkit's time limit"
# Two numbers that no kind of tool has asked for, then those of profilers, optimisers, coverage and debuggers.
TOOL_NUMBERS = (4, 3, 2, 5, 1, 0)
GRACE_SECONDS = 1.0
# In a browser asking for the time takes longer than the rest, so it is not done at every event; but never more seldom
# than this, because each may come after a call that takes half a second.
MOST_EVENTS = 16
PACE_SECONDS = 0.002
# Where calls are nested deeper than that, more is asked: whether the browser has room for another `STEP` of them.
DEEP, STEP, DEEP_EVENTS = 50, 10, 4

_monitoring: Any = getattr(sys, "monitoring", None)
_active: list[_Lookout] = []

Stack = tuple[tuple[types.FrameType, int], ...]


@dataclass(frozen=True)
class Ended:
    """How a run that looked at the clock itself has ended.

    Parameters
    ----------
    timed_out : bool
        The time was over before the work was done.
    limited : bool
        Whether the limit was kept; False where no limit could be set, or the work came back long after it.
    stack : tuple[tuple[types.FrameType, int], ...]
        Where it was working when that was seen: frames with their lines, the innermost first.
    """

    timed_out: bool
    limited: bool
    stack: Stack = ()


def run_monitored(
    work: Callable[[], None], seconds: float, hangs: Callable[[], bool] | None, reason: type[BaseException]
) -> Ended:
    """Run `work` in the thread that calls this, for at most `seconds` of wall time.

    Parameters
    ----------
    work : Callable[[], None]
        Called without arguments. It lets `reason` pass.
    seconds : float
        The limit.
    hangs : Callable[[], bool] or None
        Asked every now and then whether the work is to be stopped before its time is over.
    reason : type[BaseException]
        Raised inside the work to stop it.

    Returns
    -------
    Ended

    Raises
    ------
    BaseException
        What `work` raised, if it was not stopped; KeyboardInterrupt if somebody has asked for that meanwhile.

    Examples
    --------
    >>> def loop():
    ...     while True:
    ...         pass
    >>> if sys.version_info >= (3, 12):
    ...     assert run_monitored(loop, 0.1, None, TimeoutError).timed_out
    """
    number = _claimed()
    if number is None:
        work()
        return Ended(timed_out=False, limited=False)
    lookout = _Lookout(seconds, hangs, reason)
    with _interrupts_heard(lookout), unheard(reason), _as_in_a_new_thread():
        try:
            _active.append(lookout)
            _switch_on(number, lookout)
            lookout.working = True
            contextvars.copy_context().run(work)
        except reason:
            if not lookout.raised and not lookout.interrupted:  # that of somebody further out
                raise
        except BaseException:
            if not lookout.raised and not lookout.interrupted:
                raise
        finally:
            lookout.working = False
            _active.remove(lookout)
            _monitoring.set_events(number, 0)
            _monitoring.free_tool_id(number)
    if lookout.interrupted:
        raise KeyboardInterrupt
    return lookout.ended()


def stop_if_late() -> None:
    """Raise once more, in work that has caught what was to stop it; for work to ask between two parts of it."""
    if _active and _active[-1].is_here() and (_active[-1].raised or _active[-1].interrupted):
        raise _active[-1].reason


def _claimed() -> int | None:
    """The number of a tool that is ours from now on; None where there is none to be had."""
    for number in TOOL_NUMBERS if _monitoring is not None else ():
        with contextlib.suppress(ValueError):
            _monitoring.use_tool_id(number, TOOL_NAME)
            return number
    return None


def _switch_on(number: int, lookout: _Lookout) -> None:
    """Have the interpreter call the lookout.

    A loop jumps. A function starts, and a generator goes on, also where compiled code calls it again and again, or
    where a recursion without loops grows beyond all measure.
    """
    events, disable = _monitoring.events, _monitoring.DISABLE
    look, own = lookout.look, set[str]()
    left = 1

    def jumped(code: types.CodeType, offset: int, destination: int) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            left = 1
            left = look(code)

    def entered(code: types.CodeType, offset: int) -> Any:
        nonlocal left
        if code.co_filename not in own:
            if is_library(code.co_filename):
                return disable  # and let it run as fast as it can
            own.add(code.co_filename)
        left -= 1
        if left <= 0:
            left = 1
            left = look(code)
        return None

    for event, callback in ((events.JUMP, jumped), (events.PY_START, entered), (events.PY_RESUME, entered)):
        _monitoring.register_callback(number, event, callback)
    _monitoring.set_events(number, events.JUMP | events.PY_START | events.PY_RESUME)


class _Lookout:
    """Looks at the clock, and at how deep calls are nested."""

    def __init__(self, seconds: float, hangs: Callable[[], bool] | None, reason: type[BaseException]) -> None:
        self.reason = reason
        self.working = False
        self.raised = False
        self.interrupted = False
        self._hangs = hangs
        self._end = time.monotonic() + seconds
        self._thread = threading.get_ident()
        self._pace, self._looked = 1, time.monotonic()
        self._deep = DEEP
        self._patient_until: float | None = None  # None while there is time
        self._seen: float | None = None  # when it was first seen that the time is over
        self._stack: Stack = ()

    def is_here(self) -> bool:
        """Whether it looks after the thread that asks."""
        return threading.get_ident() == self._thread

    def ended(self) -> Ended:
        """How it has ended, asked at the end."""
        now = time.monotonic()
        seen = now if self._seen is None else self._seen
        return Ended(self.raised or now > self._end, seen - self._end <= GRACE_SECONDS, self._stack)

    def look(self, code: types.CodeType) -> int:
        """Raise if the time is over and the code may be stopped; else say after how many events to look again."""
        if not self.is_here() or not self.working:
            return MOST_EVENTS
        now = time.monotonic()
        if now < self._end and not self.interrupted and not (self._hangs is not None and self._hangs()):
            self._patient_until = None
            return self._next_look(now, code)
        if self._patient_until is None:
            self._patient_until = now + GRACE_SECONDS
        if self._seen is None:
            self._seen = now
            self._stack = stack_from(sys._getframe(2))
        if is_library(code.co_filename) and (now < self._patient_until or code.co_filename == __file__):
            return 1
        self.raised = True
        self._patient_until = now + GRACE_SECONDS
        raise self.reason

    def _next_look(self, now: float, code: types.CodeType) -> int:
        since, self._looked = now - self._looked, now
        if since < PACE_SECONDS:
            self._pace = min(2 * self._pace, MOST_EVENTS)
        elif since > 10 * PACE_SECONDS:
            self._pace = 1
        if room_for_calls is None or not _is_as_deep_as(DEEP):
            return self._pace
        self._mind_the_depth(code)
        return min(self._pace, DEEP_EVENTS)

    def _mind_the_depth(self, code: types.CodeType) -> None:
        """Raise what Python itself would raise, before the browser ends the kernel."""
        if not _is_as_deep_as(self._deep - STEP):
            self._deep = DEEP
        if _is_as_deep_as(self._deep):
            if room_for_calls is not None and not room_for_calls() and not is_library(code.co_filename):
                raise RecursionError("maximum recursion depth exceeded")
            self._deep += STEP


def _is_as_deep_as(depth: int) -> bool:
    try:
        sys._getframe(depth)
    except ValueError:
        return False
    return True


def stack_from(frame: types.FrameType | None) -> Stack:
    """Frames with their lines, from this one to the outermost.

    Parameters
    ----------
    frame : types.FrameType or None
        The innermost.
    """
    found = []
    while frame is not None:
        found.append((frame, frame.f_lineno))
        frame = frame.f_back
    return tuple(found)


@contextlib.contextmanager
def _interrupts_heard(lookout: _Lookout) -> Iterator[None]:
    """Hear of an interrupt, which whoever runs an answer would take for something that the answer has raised."""

    def hear(*details: object) -> None:
        lookout.interrupted = True
        if lookout.working:
            raise KeyboardInterrupt

    here = threading.current_thread() is threading.main_thread()
    if not here or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, hear)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@contextlib.contextmanager
def unheard(reason: type[BaseException]) -> Iterator[None]:
    """Say nothing of a `reason` that arrived where nobody can catch it, as in what is called for an object's end.

    Python would print it; the next one stops the work.

    Parameters
    ----------
    reason : type[BaseException]
        What stops the work.
    """
    before = sys.unraisablehook

    def hook(seen: Any) -> None:
        if not issubclass(seen.exc_type, reason):
            before(seen)

    sys.unraisablehook = hook
    try:
        yield
    finally:
        sys.unraisablehook = before


@contextlib.contextmanager
def _as_in_a_new_thread() -> Iterator[None]:
    """Leave the thread as it was in what an answer may have changed for good: a thread of its own would be gone."""
    tracing, profiling, recording = sys.gettrace(), sys.getprofile(), mode.recording
    mode.recording = True
    try:
        yield
    finally:
        mode.recording = recording
        sys.setprofile(profiling)
        sys.settrace(tracing)
