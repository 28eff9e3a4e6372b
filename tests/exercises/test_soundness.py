"""How sound the checks are, exercise by exercise; and that the score itself cannot be fooled."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nnkit.exercises import evaluate, index
from nnkit.exercises.beside import wire
from nnkit.exercises.exercise import Exercise, wrong
from tests import soundness
from tests.answers import answers_to, namespace_of

EXERCISES = [index.find(name) for name in index.names()]

# Asked without any numbers: there is nothing to draw.
FIXED = {"linear_graph", "xor_weights"}


def _name(exercise: Exercise) -> str:
    return exercise.name


def _stub(exercise: Exercise) -> str:
    """What a released notebook has in the place of a solution."""
    if exercise.student_name[0].isupper():
        return f"class {exercise.student_name}:\n    def __init__(self, *values):\n        raise NotImplementedError\n"
    return f"def {exercise.student_name}(*values):\n    # YOUR CODE HERE\n    raise NotImplementedError\n"


@pytest.mark.parametrize("exercise", EXERCISES, ids=_name)
def test_mistakes_are_rejected_with_their_cause_and_right_answers_accepted(exercise: Exercise) -> None:
    score = soundness.score(exercise)
    assert score.perfect, "\n".join(score.problems)
    assert score.mistakes == score.rejected == score.own_cause == len(exercise.mistakes)
    assert score.accepted == score.variants >= 4


@pytest.mark.parametrize("exercise", EXERCISES, ids=_name)
def test_a_stub_is_not_attempted(exercise: Exercise) -> None:
    provided = answers_to(exercise.name).provided
    for hidden in (False, True):
        report = evaluate(exercise, namespace_of(_stub(exercise), provided), hidden=hidden)
        assert report.status == "not attempted", str(report)
        assert f'`hint("{exercise.name}")`' in report.message
    assert evaluate(exercise, namespace_of("", provided)).status == "not attempted"


@pytest.mark.parametrize("exercise", EXERCISES, ids=_name)
def test_declarations_are_sentences(exercise: Exercise) -> None:
    assert len(exercise.hints) >= 2
    texts = [*exercise.hints, *(mistake.sentence for mistake in exercise.mistakes)]
    for text in texts:
        assert text.rstrip().endswith((".", "?", "`")), text
        assert "!" not in text.replace("!=", ""), text
    # Mistakes that differ by a number of the student's own, such as a rate, are told the same; a hint is no cause.
    sentences = {mistake.sentence for mistake in exercise.mistakes}
    assert len({*exercise.hints, *sentences}) == len(exercise.hints) + len(sentences)
    assert exercise.signature.startswith(exercise.student_name + "(")


@pytest.mark.parametrize("exercise", EXERCISES, ids=_name)
def test_cases_are_repeatable_and_fresh(exercise: Exercise) -> None:
    def drawn(seed: int, hidden: bool) -> list[bytes]:
        return [wire.dumps(dict(case.arguments)) for case in exercise.draw(seed, hidden)]

    assert drawn(1, False) == drawn(1, False)
    assert drawn(2, True) != drawn(3, True) or exercise.name in FIXED
    assert len(drawn(1, True)) >= len(drawn(1, False))


# -- the score's own test ---------------------------------------------------------------------------------------------


def planted(**changes: Any) -> soundness.Score:
    return soundness.score(replace(index.find("double"), **changes))


def test_the_score_counts_what_is_sound() -> None:
    assert planted().perfect


def test_a_judge_that_always_passes_is_refused() -> None:
    score = planted(judge=lambda exercise, case, answer: None)
    assert not score.perfect
    assert score.rejected < score.mistakes


def test_a_judge_that_always_fails_is_refused() -> None:
    score = planted(reference=lambda x: 2 * np.asarray(x) + 1)
    assert not score.perfect
    assert score.accepted == 0


def test_a_broken_reference_is_refused() -> None:
    score = planted(reference=lambda x: 1 / 0)
    assert score.broken
    assert not score.perfect


def test_a_reference_that_is_never_the_same_is_refused() -> None:
    generator = np.random.default_rng(0)
    score = planted(reference=lambda x: 2 * np.asarray(x) + generator.normal(size=np.shape(x)))
    assert score.broken
    assert not score.perfect


def test_tolerances_that_forgive_everything_are_refused() -> None:
    assert not planted(relative=10.0).perfect


def test_a_mistake_that_is_no_mistake_is_refused() -> None:
    right = wrong("right after all", lambda expected: expected).told("Nothing is wrong.")
    score = planted(mistakes=(*index.find("double").mistakes, right))
    assert not score.perfect
    assert score.rejected == score.mistakes - 1


def test_a_mistake_that_is_told_anothers_cause_is_refused() -> None:
    twin = wrong("the same again", lambda x: x).told("Another sentence.")
    score = planted(mistakes=(*index.find("double").mistakes, twin))
    assert score.rejected == score.mistakes
    assert score.own_cause == score.mistakes - 1
    assert not score.perfect


def test_no_mistakes_are_refused() -> None:
    assert not planted(mistakes=()).perfect


def test_the_command_exits_with_an_error(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert soundness.main(["double"]) == 0
    assert soundness.main(["no_such_exercise"]) == 2
    broken = replace(index.find("double"), reference=lambda x: 1 / 0)
    monkeypatch.setattr(index, "find", lambda name: broken)
    assert soundness.main(["double"]) == 1
    assert "the reference itself does not pass" in capsys.readouterr().out
