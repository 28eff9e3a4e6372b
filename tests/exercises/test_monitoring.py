"""The time limit where no thread can be started: the same is stopped, and nothing of it stays behind."""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import signal
import sys
import threading
import time
from typing import Any

import numpy as np
import pytest

from nnkit import no_grad, tensor
from nnkit.exercises import evaluate
from nnkit.exercises.beside import monitoring, watchdog
from nnkit.exercises.beside.folders import is_library
from nnkit.exercises.beside.watchdog import Outcome, OutOfTime, run_limited
from tests.exercises.endless import FOREVER, TOO_DEEP

LIMIT = 0.15
PATIENCE = 60.0
STOPPED = Outcome(timed_out=True, still_running=False)
IN_TIME = Outcome(timed_out=False, still_running=False)

pytestmark = pytest.mark.skipif(not hasattr(sys, "monitoring"), reason="sys.monitoring came with Python 3.12")


@pytest.fixture(autouse=True)
def no_thread_and_nothing_left(monkeypatch: pytest.MonkeyPatch) -> Any:
    def refuse(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    before = _tools(), sys.gettrace(), sys.getprofile(), sys.unraisablehook, signal.getsignal(signal.SIGINT)
    yield
    after = _tools(), sys.gettrace(), sys.getprofile(), sys.unraisablehook, signal.getsignal(signal.SIGINT)
    assert after == before
    assert monitoring._active == []


def _tools() -> list[str | None]:
    return [sys.monitoring.get_tool(number) for number in range(6)]  # type: ignore[attr-defined]


def _loop() -> None:
    while True:
        pass


def _defined(source: str, name: str = "neuron") -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(source, "<a cell>", "exec"), names)
    return names


@pytest.mark.parametrize("kind", FOREVER)
def test_an_answer_without_an_end_is_stopped(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    report = evaluate("neuron", _defined(FOREVER[kind]), time_limit=LIMIT)
    assert report.status == "timed out"
    assert "cannot" not in report.message + "".join(report.notes)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("kind", TOO_DEEP)
def test_a_recursion_without_an_end_is_an_error(kind: str) -> None:
    report = evaluate("neuron", _defined(TOO_DEEP[kind]), time_limit=PATIENCE)
    assert report.status == "crashed"
    assert "RecursionError" in report.message or "recursion" in report.message


def test_the_line_is_told_at_which_it_was() -> None:
    report = evaluate("neuron", _defined(FOREVER["a method"]), time_limit=LIMIT)
    assert "It had not returned after 0.15 seconds" in report.message


def test_what_ends_in_time_is_left_alone() -> None:
    found: list[int] = []
    assert run_limited(lambda: found.append(1), PATIENCE) == IN_TIME
    assert run_limited(lambda: found.append(2), float("inf")) == IN_TIME
    assert found == [1, 2]


@pytest.mark.parametrize("error", [ValueError("mine"), SystemExit(3), KeyboardInterrupt(), OutOfTime()])
def test_what_the_work_raises_reaches_the_caller(error: BaseException) -> None:
    def work() -> None:
        raise error

    with pytest.raises(type(error)) as caught:
        run_limited(work, PATIENCE)
    assert caught.value is error


def test_a_long_call_of_compiled_code_is_said_to_have_come_back_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monitoring, "GRACE_SECONDS", 0.05)
    late = Outcome(timed_out=True, still_running=False, limited=False)
    assert run_limited(lambda: time.sleep(0.5), 0.1) == late

    def sleeps_and_goes_on() -> None:
        time.sleep(0.5)
        _loop()

    assert run_limited(sleeps_and_goes_on, 0.1) == late
    names = _defined("import time\n\ndef neuron(x, w, b):\n    time.sleep(0.5)\n    return 0.0\n")
    report = evaluate("neuron", names, time_limit=0.1)
    assert report.status == "timed out"
    assert any("one call of compiled code" in note for note in report.notes)


def test_work_that_hangs_is_stopped_and_goes_on_when_it_does_not() -> None:
    hanging, rounds = [True], []

    def work() -> None:
        try:
            _loop()
        except OutOfTime:
            hanging[0] = False
        for number in range(1000):
            rounds.append(number)

    start = time.monotonic()
    assert run_limited(work, PATIENCE, lambda: hanging[0] and time.monotonic() > start + LIMIT) == STOPPED
    assert len(rounds) == 1000


def test_of_nested_limits_each_ends_its_own_work() -> None:
    found: list[Any] = []

    def inner_is_shorter() -> None:
        found.append(run_limited(_loop, LIMIT))

    def outer_is_shorter() -> None:
        found.append(run_limited(_loop, PATIENCE))

    assert run_limited(inner_is_shorter, PATIENCE) == IN_TIME
    assert found == [STOPPED]
    assert run_limited(outer_is_shorter, LIMIT) == STOPPED
    assert found == [STOPPED]


def test_where_other_tools_have_all_numbers_nothing_is_limited_and_said_so() -> None:
    tools = [number for number in range(6) if sys.monitoring.get_tool(number) is None]  # type: ignore[attr-defined]
    for number in tools:
        sys.monitoring.use_tool_id(number, "somebody")  # type: ignore[attr-defined]
    found: list[int] = []
    try:
        assert run_limited(lambda: found.append(1), LIMIT) == Outcome(False, False, limited=False)
        assert found == [1]
    finally:
        for number in tools:
            sys.monitoring.free_tool_id(number)  # type: ignore[attr-defined]


def test_another_tool_goes_on_seeing_what_it_asked_for() -> None:
    watch: Any = sys.monitoring  # type: ignore[attr-defined]
    tool, seen = watch.COVERAGE_ID, []
    if watch.get_tool(tool) is not None:
        pytest.skip("coverage is being measured")
    watch.use_tool_id(tool, "coverage")
    try:
        watch.register_callback(tool, watch.events.PY_START, lambda code, offset: seen.append(code.co_name))
        watch.set_events(tool, watch.events.PY_START)
        assert run_limited(_loop, LIMIT) == STOPPED
        _loop_of_none()
    finally:
        watch.set_events(tool, 0)
        watch.free_tool_id(tool)
    assert {"_loop", "_loop_of_none"} <= set(seen)


def _loop_of_none() -> None:
    for _ in ():
        pass


def test_tracing_and_profiling_by_the_answer_end_with_it() -> None:
    def work() -> None:
        sys.settrace(lambda *details: None)
        sys.setprofile(lambda *details: None)
        _loop()

    assert run_limited(work, LIMIT) == STOPPED  # the rest is asserted after every test


def test_settings_that_are_a_threads_are_as_before() -> None:
    def work() -> None:
        no_grad().__enter__()
        np.seterr(all="raise")
        assert not tensor([1.0], requires_grad=True).sum().requires_grad
        _loop()

    before = np.geterr()
    assert run_limited(work, LIMIT) == STOPPED
    assert np.geterr() == before
    assert tensor([1.0], requires_grad=True).sum().requires_grad


class _Endless(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        _loop()


class _Slow:
    @functools.cached_property
    def number(self) -> int:
        _loop()
        return 1


def test_locks_are_free_again() -> None:
    handler, record, own = _Endless(), logging.LogRecord("", 0, "", 0, "", None, None), threading.Lock()

    def with_a_lock() -> None:
        with own:
            _loop()

    for work in (lambda: handler.handle(record), lambda: _Slow().number, with_a_lock):
        assert run_limited(work, LIMIT) == STOPPED
    assert own.acquire(timeout=1.0)
    assert handler.lock is not None
    assert handler.lock.acquire(timeout=1.0)
    handler.lock.release()


def test_a_library_cleans_up_undisturbed() -> None:
    """A loop of its own, in what an answer leaves, comes to its end."""
    library: dict[str, Any] = {}
    file = os.path.join(os.path.dirname(os.__file__), "imagined.py")
    assert is_library(file)
    source = """
import contextlib

@contextlib.contextmanager
def held(done):
    try:
        yield
    finally:
        for number in range(20_000):
            done.append(number)
"""
    exec(compile(source, file, "exec"), library)
    done: list[int] = []

    def work() -> None:
        with library["held"](done):
            _loop()

    assert run_limited(work, LIMIT) == STOPPED
    assert len(done) == 20_000


def test_what_arrives_where_nobody_can_catch_it_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    class Mortal:
        def __del__(self) -> None:
            for _ in range(2_000):
                pass

    def work() -> None:
        while True:
            Mortal()

    assert run_limited(work, LIMIT) == STOPPED
    assert capsys.readouterr() == ("", "")


@pytest.mark.skipif(not hasattr(signal, "raise_signal"), reason="no way to send an interrupt to oneself")
def test_an_interrupt_is_no_answer() -> None:
    swallowed: list[BaseException] = []

    def work() -> None:
        try:
            signal.raise_signal(signal.SIGINT)
            _loop()
        except KeyboardInterrupt as error:
            swallowed.append(error)
        _loop()

    with pytest.raises(KeyboardInterrupt):
        run_limited(work, PATIENCE)
    assert len(swallowed) == 1


def test_whoever_has_caught_it_is_told_again_between_two_parts() -> None:
    def work() -> None:
        with contextlib.suppress(OutOfTime):
            _loop()
        with pytest.raises(OutOfTime):
            watchdog.stop_if_given_up()

    assert run_limited(work, LIMIT) == STOPPED
    watchdog.stop_if_given_up()
