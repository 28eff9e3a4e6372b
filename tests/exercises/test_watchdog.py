"""The time limit: what can be stopped is stopped, what cannot is said, and nothing is left on stderr."""

from __future__ import annotations

import _thread
import functools
import logging
import sys
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from nnkit.exercises.beside import monitoring, watchdog
from nnkit.exercises.beside.watchdog import Outcome, OutOfTime, run_limited

LIMIT = 0.15
PATIENCE = 60.0  # for what is certain to come, on a machine that has other things to do


def _wait_for_all() -> None:
    end = time.monotonic() + PATIENCE
    while any(thread.name == "student's answer" for thread in threading.enumerate()):
        assert time.monotonic() < end, "the work goes on"
        time.sleep(0.01)


def _plain_loop() -> None:
    while True:
        pass


def _retry_everything() -> None:
    while True:
        try:  # noqa: SIM105
            time.sleep(0.0005)
        except:  # noqa: E722 -- what a student writes
            pass


def _retry_in_a_function() -> None:
    def attempt() -> int:
        try:
            return sum(range(100))
        except BaseException:
            return attempt()

    while True:
        attempt()


def _let_arrays_go() -> None:
    def slowly(reference: object) -> None:  # what is raised in here goes to stderr and no further
        for _ in range(2_000):
            pass

    while True:
        kept = [weakref.ref(one, slowly) for one in [_Mortal()]]
        del kept


class _Mortal:
    pass


def _clean_up_for_ever() -> None:
    try:
        _plain_loop()
    finally:
        _plain_loop()


def _generator_without_end() -> None:
    def count():  # type: ignore[no-untyped-def]
        while True:
            yield 1

    sum(count())


LOOPS: list[Callable[[], None]] = [
    _plain_loop,
    _retry_everything,
    _retry_in_a_function,
    _clean_up_for_ever,
    _generator_without_end,
]


@pytest.mark.parametrize("loop", LOOPS, ids=lambda loop: loop.__name__.strip("_"))
def test_loops_are_stopped(
    loop: Callable[[], None], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "GRACE_SECONDS", PATIENCE)
    assert run_limited(loop, LIMIT) == Outcome(timed_out=True, still_running=False)
    assert capsys.readouterr() == ("", "")


def test_what_arrives_where_nobody_can_catch_it_is_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", heard.append)
    monkeypatch.setattr(watchdog, "GRACE_SECONDS", PATIENCE)
    assert run_limited(_let_arrays_go, LIMIT) == Outcome(timed_out=True, still_running=False)
    assert heard == []
    assert sys.unraisablehook == heard.append


def test_one_long_call_cannot_be_stopped_and_is_said_to_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "GRACE_SECONDS", 0.1)
    after: list[str] = []

    def sleeps() -> None:
        time.sleep(0.6)
        watchdog.stop_if_given_up()
        after.append("went on")

    assert run_limited(sleeps, 0.05) == Outcome(timed_out=True, still_running=True)
    _wait_for_all()
    assert after == []


@pytest.mark.parametrize("work", [lambda: time.sleep(0.6), _plain_loop], ids=["stuck", "stopped"])
def test_the_next_run_is_not_disturbed(work: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Python 3.11 does not enter a function under a profiler while another thread has something left to raise."""
    monkeypatch.setattr(watchdog, "GRACE_SECONDS", 0.1)
    calls: list[str] = []

    def profiled() -> None:
        sys.setprofile(lambda frame, event, argument: calls.append(event))
        _wait_a_little()
        sys.setprofile(None)

    run_limited(work, 0.05)
    assert run_limited(profiled, PATIENCE) == Outcome(timed_out=False, still_running=False)
    assert "call" in calls
    _wait_for_all()


def _wait_a_little() -> None:
    time.sleep(0.01)


class _Endless(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        _plain_loop()


class _Slow:
    @functools.cached_property
    def number(self) -> int:
        _plain_loop()
        return 1


def _is_free(lock: Any) -> bool:
    free = lock.acquire(timeout=1.0)
    if free:
        lock.release()
    return bool(free)


def test_a_lock_that_a_library_holds_is_free_again() -> None:
    handler, record = _Endless(), logging.LogRecord("", 0, "", 0, "", None, None)
    once = getattr(_Slow.__dict__["number"], "lock", None)  # since Python 3.12 there is none
    for _ in range(5):
        for work in (lambda: handler.handle(record), lambda: _Slow().number):
            assert run_limited(work, LIMIT).timed_out
        _wait_for_all()
        assert _is_free(handler.lock)
        assert once is None or _is_free(once)


def test_work_that_ends_in_time_is_left_alone() -> None:
    found: list[int] = []
    assert run_limited(lambda: found.append(1), PATIENCE) == Outcome(timed_out=False, still_running=False)
    assert run_limited(lambda: found.append(2), float("inf")) == Outcome(timed_out=False, still_running=False)
    assert found == [1, 2]


@pytest.mark.parametrize("error", [ValueError("mine"), SystemExit(3), KeyboardInterrupt()])
def test_what_the_work_raises_reaches_the_caller(error: BaseException, capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> None:
        raise error

    with pytest.raises(type(error)) as caught:
        run_limited(work, PATIENCE)
    assert caught.value is error
    assert capsys.readouterr() == ("", "")


def test_the_limit_holds_off_the_main_thread() -> None:
    outcomes: list[Outcome] = []
    caller = threading.Thread(target=lambda: outcomes.append(run_limited(_plain_loop, LIMIT)))
    caller.start()
    caller.join(PATIENCE)
    assert outcomes == [Outcome(timed_out=True, still_running=False)]


def test_an_interrupt_stops_the_work_and_goes_on_to_the_caller() -> None:
    threading.Timer(LIMIT, _thread.interrupt_main).start()
    with pytest.raises(KeyboardInterrupt):
        run_limited(_plain_loop, PATIENCE)
    _wait_for_all()


def test_ending_at_the_limit_leaves_nothing_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(40):
        run_limited(lambda: time.sleep(0.004), 0.004 + number * 5e-5)
    assert capsys.readouterr() == ("", "")


def test_a_deep_recursion_ends_in_recursion_error() -> None:
    found: list[str] = []

    def work() -> None:
        def deeper(n: int) -> int:
            return deeper(n + 1)

        try:
            deeper(0)
        except RecursionError:
            found.append("recursion")

    run_limited(work, PATIENCE)
    assert found == ["recursion"]
    assert sys.getrecursionlimit() < 100_000


def test_without_threads_and_monitoring_the_work_is_done_without_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    monkeypatch.setattr(monitoring, "_monitoring", None)  # which came with Python 3.12
    found: list[int] = []
    assert run_limited(lambda: found.append(1), 1) == Outcome(timed_out=False, still_running=False, limited=False)
    assert found == [1]


def test_out_of_time_is_no_exception_that_a_student_would_catch() -> None:
    assert not issubclass(OutOfTime, Exception)
    with pytest.raises(OutOfTime):
        raise OutOfTime
    assert sys.gettrace() is None or "nnkit" not in str(sys.gettrace())
