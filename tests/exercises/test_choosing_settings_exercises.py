"""Notebook 07, choosing settings: folds in any order, and losses that are no numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nnkit.exercises import evaluate, index, locating
from nnkit.training import k_fold
from tests.answers import answers_to, changed, namespace_of

SPLIT = answers_to("k_fold_indices").right["np.array_split"]
BEST = answers_to("should_stop").right["the best before, then the last ones"]


def verdict(name: str, source: str, seed: int = 1, hidden: bool = False) -> Any:
    return evaluate(name, namespace_of(source), seed, hidden)


def test_luck_decides_nothing_about_folds() -> None:
    for seed in range(12):
        assert verdict("k_fold_indices", SPLIT, seed, True).passed


def test_nnkits_own_folds_have_the_properties_but_are_not_to_be_called() -> None:
    source = "from nnkit.training import k_fold\ndef k_fold_indices(n, k, rng):\n    return list(k_fold(n, k, rng))\n"
    assert "k_fold" in verdict("k_fold_indices", source).message
    parts = [validation for _, validation in k_fold(7, 3, np.random.default_rng(0))]
    assert sorted(np.concatenate(parts)) == list(range(7))


SAYS = {
    "None": (("return folds", "pass"), "returned None"),
    "a number": (("return folds", "return 3"), "expected a list of"),
    "triples": (("(rest, parts[i])", "(rest, parts[i], i)"), "a tuple of 3 entries, expected (training, validation)"),
    "floats": (("(rest, ", "(rest / 1.0, "), "expected an array of indices"),
    "from 1": (("rng.permutation(n)", "1 + rng.permutation(n)"), "An index is no number from 0 to n − 1"),
}


@pytest.mark.parametrize("label", SAYS)
def test_wrong_folds_are_told_in_a_sentence(label: str) -> None:
    pair, says = SAYS[label]
    assert says in str(verdict("k_fold_indices", changed(SPLIT, pair)))


def test_no_loss_lies_on_an_edge_by_rounding() -> None:
    """All losses and differences are eighths, which floats of any width hold exactly."""
    for case in index.find("should_stop").draw(5, hidden=True):
        losses = np.array([*case.arguments["val_losses"], case.arguments["min_delta"]])
        assert (losses[~np.isnan(losses)] * 8 % 1 == 0).all()


def test_both_answers_are_asked_for() -> None:
    exercise = index.find("should_stop")
    said = [exercise.reference(*case.arguments.values()) for case in exercise.draw()]
    assert 10 < sum(said) < len(said) - 10


def test_a_number_in_the_place_of_a_bool_is_refused() -> None:
    assert "expected" in verdict("should_stop", changed(BEST, ("return not any", "return 1 - any"))).message


# Off by one in a bound: no cause is declared for these, because the search names the line.
OFF_BY_ONE = {
    "a window of one epoch less": (("loss in val_losses[-patience:]", "loss in val_losses[-patience + 1:]"), 9),
    "a window of one epoch more": (("-patience", "-patience - 1"), 6),
    "a guard of one epoch more": (("<= patience", "<= patience + 1"), 3),
}


@pytest.mark.parametrize("label", OFF_BY_ONE)
def test_a_bound_that_is_off_by_one_is_found(label: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locating, "SECONDS", 60.0)
    pair, line = OFF_BY_ONE[label]
    report = evaluate("should_stop", namespace_of(changed(BEST, pair)), locate=True)
    assert report.status == "wrong"
    assert report.line == line
    assert not report.explained
