"""Notebook 04, fourth part: masks, of which every draw makes another."""

from __future__ import annotations

from typing import Any

import pytest

from nnkit.exercises import evaluate, index
from nnkit.exercises.beside import wire
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.ladder import judge_case
from tests.answers import answers_to, changed, namespace_of

DROPOUT = answers_to("dropout_forward").right["a comparison, divided"]


def verdict(name: str, source: str, seed: int = 1, hidden: bool = False) -> Any:
    return evaluate(name, namespace_of(source), seed, hidden)


MASK = "(rng.random(x.shape) >= p) / (1 - p)"
SAYS = {
    "the mask forgotten": (("return x * mask, mask", "return x * mask"), "expected 2 results: out, mask"),
    "one draw for all": (
        (MASK, "np.ones(x.shape) * (rng.random() >= p) / (1 - p)"),
        "mask is the same for every sample",
    ),
    "one for each row": (
        (MASK, "np.ones(x.shape) * (rng.random((len(x),) + (1,) * (x.ndim - 1)) >= p) / (1 - p)"),
        "mask is the same for every",
    ),
    "p is a half": ((MASK, "(rng.random(x.shape) >= 0.5) / 0.5"), "p is the share dropped"),
    "any numbers": ((MASK, "rng.random(x.shape)"), "more than two different numbers"),
    "None": (("return x * mask, mask", "pass"), "returned None, expected out and mask"),
    "flat": (("return x * mask, mask", "return (x * mask).ravel(), mask.ravel()"), "out has shape (12,)"),
    "out of ones": (("return x * mask, mask", "return mask.copy(), mask"), "out is not x · mask"),
    "not a number": ((MASK, MASK + " * np.inf"), "not finite"),
}


@pytest.mark.parametrize("label", SAYS)
def test_a_wrong_mask_is_told_in_a_sentence(label: str) -> None:
    pair, says = SAYS[label]
    report = verdict("dropout_forward", changed(DROPOUT, pair))
    assert report.status == "wrong", str(report)
    assert says in report.message, str(report)


def test_another_share_is_not_laid_to_normal_draws() -> None:
    report = verdict("dropout_forward", changed(DROPOUT, (MASK, "((rng.random(x.shape) >= p) | (x == 0)) / (1 - p)")))
    assert "normally distributed" not in (report.cause or "")


def test_luck_decides_nothing() -> None:
    """Right masks of many seeds pass, masks that drop two per cent too much do not."""
    off = changed(DROPOUT, (MASK, "(rng.random(x.shape) >= min(1.12 * p, 0.97)) / (1 - p)"))
    for seed in range(12):
        assert verdict("dropout_forward", DROPOUT, seed, True).passed
        assert not verdict("dropout_forward", off, seed, True).passed


@pytest.mark.parametrize(
    "answer", [None, 3, {}, {"problem": 7}, {"problem": {}}, {"problem": None}, {"problem": None, "fitted": "x"},
               {"first": 1}, {"first": None, "again": None, "next": 2}, {"first": [1, 2], "again": {}, "next": ()}]
)  # fmt: skip
def test_whatever_another_process_says_is_only_a_wrong_answer(answer: Any) -> None:
    exercise = index.find("dropout_forward")
    for case in exercise.draw():
        assert judge_case(exercise, case, Answer(wire.loads(wire.dumps(answer)))) is not None
