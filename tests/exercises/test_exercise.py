"""What a declaration is: functions get what they name, and what does not fit together is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nnkit.exercises import evaluate
from nnkit.exercises.catalogue import families
from nnkit.exercises.exercise import Case, Exercise, Mistake, UnknownName, cases_of, exercise, in_one_line, wrong
from nnkit.exercises.judge import recognise
from nnkit.exercises.judge.recognise import simulate
from tests.exercises.conftest import make_exercise

Make = Callable[..., Exercise]
WITH_MARGIN = "split(x, w, margin=2.0) -> total, (dx, dw)"


def declared(*mistakes: Mistake, signature: str = "split(x, w) -> total, (dx, dw)", **details: Any) -> Exercise:
    return exercise(
        signature,
        reference=lambda x, w: (x * w, (w, x)),
        cases=lambda rng, hidden: [Case({"x": 3.0, "w": 5.0}, "numbers")],
        mistakes=mistakes,
        **{"hints": ("One.", "Two."), **details},
    )


def answered(mistake: Mistake, asked: list[str] | None = None) -> Any:
    made = declared(mistake.told("A sentence."))
    seen = [] if asked is None else asked

    def expected() -> Any:
        seen.append("the right answer")
        return 15.0, (5.0, 3.0)

    return mistake.answer(made, expected, {"x": 3.0, "w": 5.0})


@pytest.mark.parametrize(
    ("mistake", "answer"),
    [
        (wrong("a part by itself and an argument", dx=lambda dx, w: dx * w), (15, (25, 3))),
        (wrong("one from another", dx=lambda dw: dw), (15, (3, 3))),
        (wrong("exchanged", dx="dw", dw="dx"), (15, (3, 5))),
        (wrong("an argument in place of a result", total="x"), (3, (5, 3))),
        (wrong("a number", dw=1.0), (15, (5, 1))),
        (wrong("each", each=lambda result, w: result * w), (75, (25, 15))),
        (wrong("each but one", each=lambda result: -result, total="total"), (15, (-5, -3))),
        (wrong("the whole answer", lambda expected: expected[0]), 15),
        (wrong("the whole answer from parts", lambda dx, dw, x: (dx, dw, x)), (5, 3, 3)),
        (wrong("an argument with a default", lambda x, margin=2.0: x + margin), 5),
        (wrong("all arguments", lambda **arguments: sorted(arguments)), ["w", "x"]),
        (families.times("twice", 2), (30, (10, 6))),
        (families.times("dx twice", 2, "dx"), (15, (10, 3))),
        (families.times("w times", lambda w: w, "dw"), (15, (5, 15))),
        (families.in_other_order(), ((5, 3), 15)),
    ],
    ids=lambda part: part.label if isinstance(part, Mistake) else "",
)
def test_functions_get_what_they_name(mistake: Mistake, answer: Any) -> None:
    assert answered(mistake) == answer


def test_a_mistake_that_does_not_name_the_right_answer_does_not_compute_it() -> None:
    asked: list[str] = []
    answered(wrong("from arguments alone", lambda x, w: x + w), asked)
    assert asked == []
    answered(wrong("from the right answer", lambda total: total), asked)
    assert asked == ["the right answer"]


def test_of_one_result_without_a_name_each_is_the_whole(exercise: Make) -> None:
    made = exercise(mistakes=(families.times("doubled", 2).told("Twice."),))
    assert made.mistakes[0].answer(made, lambda: 9.0, {"x": 3.0}) == 18.0


def test_a_mistake_may_change_the_arguments_that_it_gets(exercise: Make) -> None:
    x = np.ones(2)
    mistake = families.written_into_arguments("in place", lambda x: (3 * x,), "x")
    mistake.answer(exercise(), lambda: None, {"x": x})
    assert x.tolist() == [3, 3]


def test_an_array_is_all_right_where_a_number_is_an_error(exercise: Make) -> None:
    for error in (TypeError, AttributeError):
        mistake = families.only_arrays("only arrays", lambda x: 2 * x, error=error)
        assert mistake.answer(exercise(), lambda: None, {"x": np.ones(2)}).tolist() == [2, 2]
        with pytest.raises(error):
            mistake.answer(exercise(), lambda: None, {"x": 1.0})


def test_numbers_are_rounded_to_as_many_digits_as_the_mistake_says(exercise: Make) -> None:
    for mistake, answer in zip(families.rounded(1, 3), (0.1, 0.123), strict=True):
        assert mistake.answer(exercise(), lambda: 0.12345, {"x": 1.0}) == answer


@pytest.mark.parametrize(("label", "answers"), [("step", [0, 0, 1]), ("step, 1 at 0", [0, 1, 1]), ("relu", [0, 0, 2])])
def test_what_stands_for_a_sigmoid_is_what_its_label_says(label: str, answers: list[float]) -> None:
    assert families.NOT_THE_SIGMOID[label](np.array([-1.0, 0.0, 2.0])).tolist() == answers


def test_a_sigmoid_of_a_sigmoid_is_never_below_one_half() -> None:
    twice = families.NOT_THE_SIGMOID["sigmoid twice"](np.linspace(-40, 40, 9))
    assert (twice >= 0.5).all()
    assert (twice < 0.74).all()


def test_an_argument_that_a_case_leaves_out_has_its_default() -> None:
    made = declared(wrong("times margin", dx=lambda dx, margin: dx * margin).told("A."), signature=WITH_MARGIN)
    assert made.mistakes[0].answer(made, lambda: (15.0, (5.0, 3.0)), {"x": 3.0, "w": 5.0}) == (15, (10, 3))


def test_a_mistake_that_asks_for_nothing_known_is_no_error_of_a_student() -> None:
    made = declared(wrong("z", dx=lambda z: z).told("A."))
    with pytest.raises(UnknownName):
        simulate(made, made.mistakes[0], made.draw()[0])


def test_a_name_that_is_to_stand_for_a_result_has_to_be_known() -> None:
    with pytest.raises(
        UnknownName, match="'db' is to stand in the place of dx; there are x, w, expected, total, dx, dw"
    ):
        answered(wrong("misspelt", dx="db"))


def test_sentences_are_one_line_however_they_are_written() -> None:
    assert in_one_line("\n        One line,\n        and another.") == "One line, and another."
    assert wrong("label", lambda x: x).told(" A\n  sentence.").sentence == "A sentence."


@pytest.mark.parametrize(
    ("signature", "returns", "arguments"),
    [
        ("f(x)", (), ("x",)),
        ("f()", (), ()),
        ("f(x, h=1e-4) -> a, b", ("a", "b"), ("x", "h")),
        ("f(X, y) -> loss, (dW, db)", ("loss", ("dW", "db")), ("X", "y")),
    ],
)
def test_the_signature_says_what_comes_in_and_goes_out(signature: str, returns: Any, arguments: Any) -> None:
    made = exercise(signature, reference=len, cases=lambda rng, hidden: [], hints=("One.", "Two."), mistakes=())
    assert (made.returns, made.arguments) == (returns, arguments)
    assert made.name == "f"
    assert made.signature.startswith("f(")
    assert "->" not in made.signature


def test_an_exercise_may_judge_a_name_that_is_not_its_own() -> None:
    made = declared(signature="Value(data)", name="value_sums")
    assert (made.name, made.student_name) == ("value_sums", "Value")
    assert declared().student_name == "split"


UNFIT: dict[str, tuple[Callable[[], Any], str]] = {
    "one hint": (lambda: declared(hints=("One.",)), "has 1 hints; at least two are needed"),
    "the same label twice": (
        lambda: declared(wrong("same", dx=1.0).told("A."), wrong("same", dx=2.0).told("B.")),
        "two mistakes with the same label",
    ),
    "a mistake without a sentence": (lambda: declared(wrong("silent", dx=1.0)), "tells the student nothing"),
    "a result that there is not": (lambda: declared(wrong("db", db=1.0).told("A.")), "changes 'db'"),
    "a result called like an argument": (
        lambda: declared(signature="split(x, w) -> x, dw"),
        "calls a result and an argument x",
    ),
    "one result with a name": (lambda: declared(signature="split(x, w) -> total"), "One result needs no name"),
    "whole and in parts": (lambda: wrong("both", lambda x: x, dx=1.0), "not both"),
    "nothing wrong": (lambda: wrong("nothing"), "not both"),
    "a name that there is not": (
        lambda: answered(wrong("z", dx=lambda z: z)),
        "The mistake 'z' of split cannot be made. A function asks for 'z'; there are x, w, expected",
    ),
}


@pytest.mark.parametrize("label", UNFIT)
def test_what_does_not_fit_together_is_refused_with_a_sentence(label: str) -> None:
    make, says = UNFIT[label]
    with pytest.raises((ValueError, UnknownName), match=says):
        make()


# -- what is kept -----------------------------------------------------------------------------------------------------


def test_cases_of_a_seed_are_those_that_are_drawn_for_it_and_nobody_writes_into_them() -> None:
    made = make_exercise()
    for seed, hidden in ((1, False), (2, True)):
        kept, drawn = cases_of(made, seed, hidden), made.draw(seed, hidden)
        assert [case.written for case in kept] == [case.written for case in drawn]
        assert cases_of(made, seed, hidden) is kept
        for case in kept[1:]:
            with pytest.raises(ValueError, match="read-only"):
                case.arguments["x"][...] = 0
            case.copies()["x"][...] = 0  # a copy is anybody's own
    assert cases_of(make_exercise(), 1) is not cases_of(made, 1)


@pytest.mark.parametrize("answer", [lambda x: 2 * x, lambda x: x + 1, lambda x: 3 * x[0], lambda x: "x"])
def test_an_answer_that_is_checked_again_gets_the_same_report_and_no_mistake_is_made_twice(
    answer: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_exercise()
    tried: list[tuple[int, int]] = []

    def counted(exercise: Exercise, mistake: Mistake | None, case: Case) -> Any:
        tried.append((id(mistake), id(case)))
        return simulate(exercise, mistake, case)

    monkeypatch.setattr(recognise, "simulate", counted)
    first, second = (evaluate(made, {"triple": answer}) for _ in range(2))
    assert (first.status, first.message) == (second.status, second.message)
    assert tried
    assert len(tried) == len(set(tried))


def test_what_is_kept_of_one_answer_decides_nothing_about_the_next() -> None:
    made = make_exercise()
    answers = [lambda x: 2 * x, lambda x: x + 1, lambda x: 3 * x, lambda x: 2 * x]
    alone = [str(evaluate(make_exercise(), {"triple": answer})) for answer in answers]
    assert [str(evaluate(made, {"triple": answer})) for answer in answers] == alone
    assert len(set(alone)) == 3
