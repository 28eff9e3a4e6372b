"""The judge is attacked: whatever comes back in the place of an answer, it gives a verdict, and none that passes.

The verdict is the answer's: wrong, stopped, not started. `unjudged`, which calls a person, is for a check that fails by
itself; nobody can bring it about from where a student's code runs.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nnkit.exercises import evaluate, index
from nnkit.exercises.beside import wire
from nnkit.exercises.exercise import Case, Exercise, cases_of
from nnkit.exercises.judge.recognise import simulate
from nnkit.exercises.judge.report import Report
from tests.exercises import forged
from tests.exercises.conftest import make_exercise

SEED = 5
LONGEST = 120.0  # seconds: a bound on what never ends, not a measure; some tenths of one are usual
MOST_DISTORTIONS = 8  # of an answer, spread over all that there are
SHORT = 1000  # letters of a text that is sent for every case
SOME = 4  # of the values one in so many, for each exercise others


def cases(name: str) -> tuple[Case, ...]:
    return cases_of(index.find(name), SEED, hidden=True)


@cache
def right_answers(name: str) -> list[Any]:
    return [simulate(index.find(name), None, case).returned for case in cases(name)]


def verdict_on(name: str | Exercise, message: bytes) -> Report:
    """The report on what came back, whatever was asked."""
    start = time.perf_counter()
    report = evaluate(name, {}, SEED, hidden=True, exchange=lambda request, namespace: message)
    assert time.perf_counter() - start < LONGEST
    assert not report.unjudged, f"{name}: {report}"
    shown = report._repr_html_()
    assert len(str(report)) < 10_000
    assert len(shown) < 20_000
    assert "<img" not in shown
    assert "<script" not in shown
    return report


def messages_with_values(name: str) -> Iterator[tuple[str, bytes]]:
    count, first = len(cases(name)), sum(name.encode()) % SOME
    for label, value in list(forged.forged_values().items())[first::SOME]:
        try:
            yield label, forged.message_of([forged.answer_of(value)] * count)
        except wire.WireError:
            yield label, forged.message_of([forged.answer_of(value), *[forged.answer_of(None)] * (count - 1)])


def messages_with_distortions(name: str) -> Iterator[tuple[str, bytes]]:
    right = right_answers(name)
    for place in dict.fromkeys((0, len(right) - 1)):
        found = list(forged.distortions(right[place]))
        every = max(1, len(found) // MOST_DISTORTIONS)
        for label, value in found[sum(name.encode()) % every :: every]:
            answers = [forged.answer_of(entry) for entry in right]
            answers[place] = forged.answer_of(value)
            yield label, forged.message_of(answers)


@pytest.mark.parametrize("name", index.names())
def test_no_forged_answer_passes_or_stops_the_judge(name: str) -> None:
    for label, message in messages_with_values(name):
        assert not verdict_on(name, message).passed, label


@pytest.mark.parametrize("name", index.names())
def test_no_false_claim_makes_a_wrong_value_right(name: str) -> None:
    companions = list(index.notebooks()[index.notebook_of(name)])
    right = right_answers(name)
    for label, message in forged.forged_claims(right, [None] * len(right), companions):
        assert not verdict_on(name, message).passed, label


@pytest.mark.parametrize("name", index.names())
def test_a_right_answer_with_another_part_stops_no_judge(name: str) -> None:
    exercise = index.find(name)
    for label, message in messages_with_distortions(name):
        report = verdict_on(name, message)
        if exercise.judge is None:  # where properties are judged, some parts may be anything
            assert not report.passed, label


@pytest.mark.parametrize("label", forged.raw_messages())
def test_bytes_that_are_no_answer_are_told_as_such(label: str) -> None:
    report = verdict_on("double", forged.raw_messages()[label])
    assert report.status == "crashed"
    assert report.words == "no answer"


def test_the_right_answers_pass_so_the_others_could() -> None:
    for name in index.names():
        message = forged.message_of([forged.answer_of(value) for value in right_answers(name)])
        assert verdict_on(name, message).passed, name


plain_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from([value for value in forged.forged_values().values() if len(wire.dumps(value)) < SHORT]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("name", ["Value_backward", "clip_by_norm", "topological_sort", "minibatches", "pad_sequences"])
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(value=plain_values)
def test_no_value_that_the_wire_carries_stops_a_judge(name: str, value: Any) -> None:
    message = forged.message_of([forged.answer_of(value)] * len(cases(name)))
    assert not verdict_on(name, message).passed


def test_a_judge_that_fails_by_itself_asks_for_a_person() -> None:
    def fails(exercise: Exercise, case: Case, answer: Any) -> None:
        raise ZeroDivisionError("division by zero")

    report = evaluate(make_exercise(judge=fails), {"triple": lambda x: 3 * x})
    assert report.unjudged
    assert not report.passed
    assert report.words == "could not be checked"


def test_a_judge_that_takes_too_long_asks_for_a_person() -> None:
    def slow(exercise: Exercise, case: Case, answer: Any) -> None:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            pass

    report = evaluate(make_exercise(judge=slow), {"triple": lambda x: 3 * x}, judge_limit=0.2)
    assert report.unjudged
    assert not report.passed
    in_time = evaluate(make_exercise(), {"triple": lambda x: 3 * x}, judge_limit=30.0)
    assert in_time.passed
    assert not in_time.unjudged


def test_a_judge_that_has_to_wait_for_the_machine_is_waited_for() -> None:
    def waits(exercise: Exercise, case: Case, answer: Any) -> None:
        time.sleep(0.5)

    report = evaluate(make_exercise(judge=waits), {"triple": lambda x: 3 * x}, judge_limit=1.0)
    assert report.passed
    assert not report.unjudged


# ---------------------------------------------------------------------------------------------------------------------
# Claims are not values
# ---------------------------------------------------------------------------------------------------------------------


def answered(request: bytes, after: Mapping[str, Any] | None = None, **parts: Any) -> bytes:
    """Right answers of `triple`, with something said about them."""
    cases = wire.loads(request)["cases"]
    return forged.message_of([forged.answer_of(3 * case["x"], after=dict(after or {}), **parts) for case in cases])


def test_whether_an_argument_was_changed_is_found_by_comparing() -> None:
    exercise = make_exercise()

    def gives_back_what_was_sent(request: bytes, namespace: Mapping[str, Any]) -> bytes:
        cases = wire.loads(request)["cases"]
        return forged.message_of([forged.answer_of(3 * case["x"], after=case) for case in cases])

    assert evaluate(exercise, {}, exchange=gives_back_what_was_sent).passed
    report = evaluate(exercise, {}, exchange=lambda request, namespace: answered(request, {"x": 0.5}))
    assert report.status == "wrong"
    assert "changed its argument x" in report.message


def test_arguments_that_were_not_sent_do_not_come_back() -> None:
    report = evaluate(make_exercise(), {}, exchange=lambda request, namespace: answered(request, {"y": 0.5}))
    assert report.words == "no answer"


def test_a_call_of_what_is_withheld_is_not_counted() -> None:
    error = forged.error_of(type="Withheld", text="nnkit.functional.conv2d: this is not there.")
    report = evaluate(make_exercise(), {}, exchange=lambda request, namespace: answered(request, raised=error))
    assert report.status == "wrong"
    assert report.words == "not counted"
    assert "`nnkit.functional.conv2d`, which is the answer itself" in report.message
    other = forged.error_of(type="ValueError", text="nnkit.functional.conv2d: this is not there.")
    report = evaluate(make_exercise(), {}, exchange=lambda request, namespace: answered(request, raised=other))
    assert report.words != "not counted"
