"""Probe and judge in two processes: the same verdicts, and nothing to read beside the student's code."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from nnkit.exercises import evaluate, index
from nnkit.exercises.beside import wire
from nnkit.exercises.exercise import Exercise
from tests.answers import answers_to, namespace_of
from tests.other_side import program
from tests.soundness import TIME_LIMIT

REPOSITORY = Path(__file__).resolve().parents[2]
EXERCISES = [index.find(name) for name in index.names()]

# None asks: "what have you imported?".
WORKER = program("message is None", "sorted(sys.modules)")

DISTORTION = """
_answer = {name}

def _distorted(value):
    if isinstance(value, tuple):
        return tuple(_distorted(entry) for entry in value)
    return np.asarray(value) * 1.5 + 1

def {name}(*values):
    return _distorted(_answer(*values))
"""


class Worker:
    """A process that runs students' code and says what came back."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", WORKER], cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def say(self, data: bytes) -> bytes:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        wire.write_frame(self.process.stdin, data)
        return wire.read_frame(self.process.stdout)

    def exchange(self, request: bytes, namespace: Mapping[str, Any]) -> bytes:
        """As `evaluate` wants it; the namespace of this process is empty, the student's is over there."""
        assert not namespace
        return self.say(request)

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        assert self.process.wait(120) == 0


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    other = Worker()
    yield other
    other.close()


def _answers(exercise: Exercise) -> list[tuple[str, str, str]]:
    """A right answer and a wrong one: label, source, what the notebook provides.

    That the other variants pass in a process of their own is tested where it matters: in a sandbox, by
    `tests/grading/test_worker_package.py`.
    """
    known = answers_to(exercise.name)
    label, source = next(iter(known.right.items()))
    found = (label, source, known.provided)
    if known.wrong:
        label, source = next(iter(known.wrong.items()))
        return [found, (f"wrong: {label}", source, known.provided)]
    return [found, ("wrong: distorted", source + DISTORTION.format(name=exercise.student_name), known.provided)]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_the_verdict_is_the_same(exercise: Exercise, worker: Worker) -> None:
    for label, source, provided in _answers(exercise):
        worker.say(wire.dumps({"source": source, "provided": provided}))
        limit = None if label.startswith("wrong") else TIME_LIMIT
        for seed, hidden in ((None, False), (11, True)):
            there = evaluate(exercise, {}, seed, hidden, exchange=worker.exchange, time_limit=limit)
            here = evaluate(exercise, namespace_of(source, provided), seed, hidden, time_limit=limit)
            assert str(there) == str(here)
            assert there.data() == here.data()
            assert there.passed != label.startswith("wrong"), f"{label}: {there}"


def test_an_error_is_told_with_the_students_line(worker: Worker) -> None:
    worker.say(wire.dumps({"source": "def double(x):\n    return np.dot(x, [1, 2])\n", "provided": ""}))
    report = evaluate("double", {}, exchange=worker.exchange)
    assert report.status == "crashed"
    assert "`return np.dot(x, [1, 2])`" in report.message


def test_of_the_checks_only_what_runs_beside_is_loaded_there(worker: Worker) -> None:
    for exercise in EXERCISES:
        label, source, provided = _answers(exercise)[0]
        if "from tests." in source:  # a network that is trained already: what it needs is the test's own doing
            continue
        worker.say(wire.dumps({"source": source, "provided": provided}))
        assert evaluate(exercise, {}, exchange=worker.exchange, time_limit=TIME_LIMIT).passed, label
    loaded = wire.loads(worker.say(wire.dumps(None)))
    ours = {name for name in loaded if name.startswith("nnkit.exercises.")}
    assert "nnkit.exercises.beside.probes.autograd" in ours
    assert not {name for name in ours if not f"{name}.".startswith("nnkit.exercises.beside.")}
    others = ("tests.", "nnkit.grading", "nnkit.draw", "IPython")
    # A network that is trained already may have come with an answer of another test.
    assert {name for name in loaded if name.startswith(others)} <= {"tests.trained_network"}


SITTING: dict[str, Any] = {
    "state": "answered",
    "answers": [],
    "delegated": [],
    "called": [],
    "printed": "",
    "limited": True,
    "type_name": "",
    "line": "",
}
ANSWER: dict[str, Any] = {
    **dict.fromkeys(("returned", "again"), 2),
    "after": {},
    **{part: [] for part in ("warned", "remarked")},
    "raised": None,
}


@pytest.mark.parametrize(
    "lie",
    [
        b"",
        b"\x80\x04\x95",
        wire.dumps(None),
        wire.dumps({"state": "answered"}),
        wire.dumps({"state": "passed", "answers": []}),
        wire.dumps(SITTING),
        wire.dumps(SITTING | {"answers": [{"returned": 2}]}),
        wire.dumps(SITTING | {"answers": [ANSWER] * 7, "state": "passed"}),
        wire.dumps(SITTING | {"answers": [ANSWER | {"after": "x"}] * 7}),
        wire.dumps(SITTING | {"answers": [ANSWER | {"raised": {"type": "ValueError"}}] * 7}),
        wire.dumps(SITTING | {"answers": [ANSWER] * 7, "called": [3]}),
    ],
)
def test_a_worker_that_lies_passes_nothing(lie: bytes) -> None:
    report = evaluate("double", {}, exchange=lambda request, namespace: lie)
    assert not report.passed
    assert report.status == "crashed"


def test_a_worker_that_dies_passes_nothing() -> None:
    def dies(request: bytes, namespace: Mapping[str, Any]) -> bytes:
        raise EOFError("gone")

    assert not evaluate("double", {}, exchange=dies).passed
