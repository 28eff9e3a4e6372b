"""A cause is told only where it is true: it agrees with all cases, and with what the report says is right."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nnkit.exercises import evaluate, index
from nnkit.exercises.beside.states import ANSWERED
from nnkit.exercises.exercise import Case, Exercise, Mistake, wrong
from nnkit.exercises.judge.answer import Answer, Sitting
from nnkit.exercises.judge.finding import Finding
from nnkit.exercises.judge.judged import Judged
from nnkit.exercises.judge.ladder import in_a_row
from nnkit.exercises.judge.recognise import Suspect, simulate
from nnkit.exercises.judge.verdict import Verdict, verdict_on
from tests.answers import answers_to, namespace_of

# The weights of a network are right only together.
SEVERAL = [name for name in index.names() if index.find(name).returns and name != "xor_weights"]


def _alone(exercise: Exercise, right: Answer, mistaken: Answer, result: str) -> Answer:
    """A right answer with one result as the mistake gives it."""
    right_one, other = (
        dict(zip(exercise.results, in_a_row(exercise, answer.returned), strict=True)) for answer in (right, mistaken)
    )
    return replace(right, returned=exercise.grouped({**right_one, result: other[result]}))


def _verdicts_alone(exercise: Exercise, mistake: Mistake, cases: list[Case]) -> dict[str, Verdict]:
    """For each result: the verdict on whoever makes the mistake there and nowhere else."""
    pairs = [(simulate(exercise, None, case), simulate(exercise, mistake, case)) for case in cases]
    if not all(in_a_row(exercise, answer.returned) for pair in pairs for answer in pair):
        return {}
    found = {}
    for result in exercise.results:
        answers = tuple(_alone(exercise, *pair, result) for pair in pairs)
        found[result] = verdict_on(exercise, cases, Sitting(ANSWERED, answers), limit=10.0)
    return found


def _spoilt_by(exercise: Exercise, mistake: Mistake, cases: list[Case]) -> set[str]:
    """The results that a mistake makes wrong somewhere."""
    spoilt: set[str] = set()
    for case in cases:
        answer = simulate(exercise, mistake, case)
        finding = Judged.of(exercise, [case], Sitting(ANSWERED, (answer,))).findings[0]
        if finding is not None and finding.output:  # else nothing is wrong, or nothing that is so in one result
            spoilt |= {left for left in exercise.results if left not in finding.right}
    return spoilt


@pytest.mark.parametrize("name", SEVERAL)
def test_no_sentence_speaks_of_a_result_that_is_right(name: str) -> None:
    """Every mistake of several results in each of its results alone: what is told changes or names no other result."""
    exercise = index.find(name)
    cases = exercise.draw()
    spoilt = {mistake.label: _spoilt_by(exercise, mistake, cases) for mistake in exercise.mistakes}
    for mistake in exercise.mistakes:
        if len(spoilt[mistake.label]) < 2:
            continue
        for result, verdict in _verdicts_alone(exercise, mistake, cases).items():
            same = [spoilt[other.label] for other in exercise.mistakes if other.sentence == verdict.cause]
            named = set(re.findall(r"\w+", verdict.cause or "")) & set(exercise.results)
            fits = not same or any(results <= {result} for results in same) or not named - {result}
            assert fits, f"{mistake.label!r} in {result} alone is told {verdict.cause!r}"


def _both(x: float) -> tuple[float, float]:
    return 2 * x, 3 * x


def _of_two_results(*mistakes: Mistake) -> Exercise:
    return Exercise(
        name="both",
        signature="both(x)",
        reference=_both,
        cases=lambda rng, hidden: [Case({"x": float(x)}, "numbers") for x in (1, 2, 5)],
        hints=("A nudge.", "Nearly there."),
        mistakes=mistakes,
        returns=("twice", "thrice"),
    )


def _report(exercise: Exercise, source: str) -> Any:
    return evaluate(exercise, namespace_of(source))


NEGATIVE = wrong("negative", each=lambda result: -result).told("Two results with the wrong sign.")
EXCHANGED = wrong("exchanged", twice="thrice", thrice="twice").told("One stands in the place of the other.")


def test_a_mistake_of_two_results_is_told_where_both_are_wrong() -> None:
    exercise = _of_two_results(NEGATIVE)
    assert _report(exercise, "def both(x): return -2 * x, -3 * x").cause == NEGATIVE.sentence
    assert _report(exercise, "def both(x): return -2 * x, 3 * x").cause is None
    # Where the other one is wrong as well, it may be so for a reason of its own.
    assert _report(exercise, "def both(x): return -2 * x, 4 * x").cause == NEGATIVE.sentence


def test_an_exchange_is_one_only_if_both_are_exchanged() -> None:
    exercise = _of_two_results(EXCHANGED)
    assert _report(exercise, "def both(x): return 3 * x, 2 * x").cause == EXCHANGED.sentence
    assert _report(exercise, "def both(x): return 3 * x, 7 * x").cause is None


def test_results_in_another_order_are_recognised_without_a_declaration() -> None:
    cause = _report(_of_two_results(NEGATIVE), "def both(x): return 3 * x, 2 * x").cause
    assert cause == "All numbers are right, in another order: yours come as thrice, twice; expected are twice, thrice."


def test_right_is_said_of_all_cases_or_of_the_one_that_is_shown() -> None:
    exercise = _of_two_results(NEGATIVE)
    assert "thrice is right." in _report(exercise, "def both(x): return 7 * x, 3 * x").message
    assert "thrice is right here." in _report(exercise, "def both(x): return 7 * x, 3 * min(x, 3)").message


# -- judges of properties ---------------------------------------------------------------------------------------------


def _judge(exercise: Exercise, case: Case, answer: Answer) -> Any:
    if answer.returned == 2 * case.arguments["x"]:
        return None
    sentence = exercise.mistakes[0].sentence
    return Finding("value", "Not twice x.", cause=sentence, symptom="always one")


def test_what_a_judge_tells_of_one_case_holds_in_the_others() -> None:
    one = wrong("one", lambda x: 1.0).told("It is always 1.")
    exercise = replace(_of_two_results(one), returns=(), judge=_judge, reference=lambda x: 2 * x)
    assert _report(exercise, "def both(x): return 1.0").cause == "It is always 1."
    # Wrong in the first case only: whoever returned 1 always would be wrong in all three.
    assert _report(exercise, "def both(x): return 1.0 if x == 1 else 2 * x").cause is None


def test_a_suspect_is_made_case_by_case() -> None:
    exercise = _of_two_results(NEGATIVE)
    cases = exercise.draw()
    right = tuple(simulate(exercise, None, case) for case in cases)
    suspect = Suspect(Judged.of(exercise, cases, Sitting(ANSWERED, right)), NEGATIVE)
    assert not suspect.spoils_nothing_right()


SORTED = """
def topological_sort(root):
    order, seen = [], set()
    def visit(node):
        if id(node) not in seen:
            seen.add(id(node))
            for parent in node.parents:
                visit(parent)
            order.append(node)
    visit(root)
    return order
"""
WITHOUT_POWERS = """
def forward(root, feed):
    for node in topological_sort(root):
        parts = [parent.value for parent in node.parents]
        if node.op == "input":
            node.value = feed[node.name]
        elif node.op != "pow":
            one = {"sin": math.sin, "sigmoid": lambda z: 1 / (1 + math.exp(-z))}
            node.value = {"add": sum, "mul": math.prod}[node.op](parts) if len(parts) > 1 else one[node.op](*parts)
    return root.value
"""
REPEATED_ROWS = """
class Standardizer:
    def fit(self, X):
        spread = X.std(axis=0)
        self.mean, self.spread = np.tile(X.mean(axis=0), (len(X), 1)), np.tile(np.where(spread, spread, 1), (len(X), 1))
        return self
    def transform(self, X):
        return (X - self.mean) / self.spread
    def inverse_transform(self, Z):
        return Z * self.spread + self.mean
"""


@pytest.mark.parametrize(
    ("name", "source", "untrue"),
    [
        ("forward", SORTED + WITHOUT_POWERS, "already there are kept"),
        ("Standardizer", REPEATED_ROWS, "along the rows"),
        (
            "relu_backward",
            "def relu_backward(dout, x):\n    x[x < 0] = 0\n    return dout * (x > 0)",
            "dout comes back",
        ),
    ],
)
def test_what_looks_alike_in_one_case_only_is_not_told(name: str, source: str, untrue: str) -> None:
    report = evaluate(name, namespace_of(source, answers_to(name).provided))
    assert report.failed
    assert untrue not in str(report)


# -- changed arguments, warnings, time --------------------------------------------------------------------------------


def test_a_second_call_is_made_before_it_is_said_to_differ(exercise: Any) -> None:
    tripled = _report(exercise(), "def triple(x):\n    x *= 3\n    return x")
    assert tripled.cause.startswith("Whoever calls it twice gets a different answer.")
    centred = exercise(
        reference=lambda x: x - np.max(x), cases=lambda rng, hidden: [Case({"x": np.array([1.0, 4.0])}, "vectors")]
    )
    same = _report(centred, "def triple(x):\n    x -= x.max()\n    return x")
    assert same.status == "wrong"
    assert same.cause.startswith("Whoever uses x afterwards no longer has the numbers that were there.")


QUIET = "def triple(x):\n    {}\n    np.log(np.zeros(3))\n    return 3 * np.asarray(x)"


@pytest.mark.parametrize(
    "hidden_by",
    [
        "import warnings; warnings.filterwarnings('ignore')",
        "import warnings; warnings.simplefilter('ignore')",
        "np.seterr(all='ignore')",
        "np.seterr('ignore')",
    ],
)
def test_no_filter_of_the_answers_own_hides_a_warning_about_numbers(exercise: Any, hidden_by: str) -> None:
    report = evaluate(exercise(quiet=True), namespace_of(QUIET.format(hidden_by)))
    assert report.status == "wrong"
    assert "divide by zero" in report.message


def test_an_errstate_keeps_its_word(exercise: Any) -> None:
    source = "def triple(x):\n    with np.errstate(divide='ignore'):\n        np.log(0.0)\n    return np.multiply(3, x)"
    assert evaluate(exercise(quiet=True), namespace_of(source)).passed


def test_warnings_may_still_be_made_errors(exercise: Any) -> None:
    source = (
        "import warnings\ndef triple(x):\n    with warnings.catch_warnings():\n        warnings.simplefilter('error')\n"
        "        try:\n            np.log(0.0)\n        except RuntimeWarning:\n            return np.multiply(3, x)"
    )
    assert evaluate(exercise(quiet=True), namespace_of(source)).passed


def test_a_warning_that_is_not_about_numbers_never_decides(exercise: Any) -> None:
    source = (
        "import warnings\ndef triple(x):\n    warnings.warn('old', DeprecationWarning)\n    return np.multiply(3, x)"
    )
    report = evaluate(exercise(quiet=True), namespace_of(source))
    assert report.passed
    assert "old" in report.notes[0]


def test_a_warning_beside_a_value_that_is_not_finite_may_be_its_cause(exercise: Any) -> None:
    report = evaluate(exercise(), namespace_of("def triple(x):\n    return 3 * x / np.zeros(np.shape(x))"))
    assert "may say where the error begins: divide by zero" in " ".join(report.notes)


def test_what_takes_long_is_not_called_endless_where_other_cases_came_back(exercise: Any) -> None:
    endless = "def triple(x):\n    while {}:\n        y = 1\n    return 3 * x"
    first = evaluate(exercise(), namespace_of(endless.format("True")), time_limit=0.3)
    assert "in your line `" in first.message
    assert "whose condition never changes" in first.message
    later = evaluate(exercise(), namespace_of(endless.format("np.ndim(x) > 1")), time_limit=0.3)
    assert "2 cases before it came back" in later.message
    assert "never changes" not in later.message


def test_a_recursion_is_quoted_where_it_calls_itself(exercise: Any) -> None:
    source = "def triple(x):\n    y = x\n    return helper(y)\ndef helper(z):\n    w = z\n    return triple(w)"
    report = evaluate(exercise(), namespace_of(source))
    assert "`return helper(y)`" in report.message or "`return triple(w)`" in report.message
    assert "def " not in report.message


def test_the_line_that_was_asked_for_is_quoted_beside_the_one_that_failed(exercise: Any) -> None:
    source = (
        "def product(a, b):\n    return np.zeros((2, 2)) @ np.zeros((3, 3))\ndef triple(x):\n    return product(x, 3)"
    )
    message = evaluate(exercise(), namespace_of(source)).message
    assert "In your line `return np.zeros((2, 2)) @ np.zeros((3, 3))` of product" in message
    assert "called from your line `return product(x, 3)`" in message


def test_an_error_in_a_provided_class_is_quoted_where_the_student_asked_for_it(exercise: Any) -> None:
    provided = "class Node:\n    def __init__(self, op, parents=()):\n        self.parents = tuple(parents)"
    namespace = namespace_of("def triple(x):\n    a = Node('input')\n    return Node('sin', (a))", provided)
    message = evaluate(exercise(), namespace).message
    assert "In your line `return Node('sin', (a))`" in message
    assert "self.parents" not in message


# -- words ------------------------------------------------------------------------------------------------------------


def test_a_case_is_worked_by_hand_only_where_its_numbers_are_shown(exercise: Any) -> None:
    shown = evaluate(exercise(), namespace_of("def triple(x):\n    return x * x + 7"))
    assert "Work the case above by hand" in shown.advice
    only_matrices = "def triple(x):\n    return x * x if np.ndim(x) == 2 else 3 * x"
    hidden = evaluate(exercise(), namespace_of(only_matrices))
    assert "by hand" not in hidden.advice
    assert "No mistake that we know" in hidden.advice


def test_what_was_observed_is_not_followed_by_that_nothing_is_known(exercise: Any) -> None:
    report = evaluate(exercise(), namespace_of("def triple(x):\n    return -3 * np.asarray(x)"))
    assert "opposite sign" in report.message
    assert "No mistake that we know" not in report.advice


def test_kinds_that_are_right_are_counted_with_all_of_their_cases(exercise: Any) -> None:
    def cases(rng: Any, hidden: bool) -> list[Case]:
        return [
            Case({"x": float(x)}, covers)
            for x, covers in ((1, "odd"), (2, "even"), (4, "even"), (3, "odd"), (5, "odd"))
        ]

    report = evaluate(exercise(cases=cases), namespace_of("def triple(x):\n    return 3 * x if x < 4 else x * x + 1"))
    assert "3 of 5 cases are right." in report.message
    report = evaluate(exercise(cases=cases), namespace_of("def triple(x):\n    return 3 * x if x != 5 else 1.5"))
    assert "4 of 5 cases are right, among them all of “even”." in report.message


def test_an_error_as_large_as_the_value_is_never_praised(exercise: Any) -> None:
    rough = exercise(relative=10.0)
    assert "Largest error" not in evaluate(rough, namespace_of("def triple(x):\n    return 4 * np.asarray(x)")).message
