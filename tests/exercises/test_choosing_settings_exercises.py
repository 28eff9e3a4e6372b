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
    "from 1": (("rng.permutation(n)", "1 + rng.permutation(n)"), "5 is no index of 5 samples"),
    "handed out": (("return folds", "return iter(folds)"), "and only once: it has no `len`"),
    "zipped": (("return folds", "return zip(*zip(*folds))"), "Your function returned a zip"),
    "within the parts": (
        ("np.array_split(rng.permutation(n), k)", "[rng.permutation(p) for p in np.array_split(np.arange(n), k)]"),
        "Each part holds neighbours",
    ),
    "one part for all": (("parts[i]))", "parts[0]))"), "1 index is in both"),
    "by lot": (
        (
            "np.array_split(rng.permutation(n), k)",
            "[np.flatnonzero(lots == i) for lots in [rng.integers(k, size=n)] for i in range(k)]",
        ),
        "the sizes are left to chance",
    ),
}


@pytest.mark.parametrize("label", SAYS)
def test_wrong_folds_are_told_in_a_sentence(label: str) -> None:
    pair, says = SAYS[label]
    assert says in str(verdict("k_fold_indices", changed(SPLIT, pair)))


def test_a_row_of_folds_that_has_a_length_is_a_list() -> None:
    deque = changed(
        SPLIT, ("    parts = ", "    from collections import deque\n    parts = "), ("folds = []", "folds = deque()")
    )
    assert verdict("k_fold_indices", deque).passed


def test_the_fewest_indices_for_which_folds_are_wrong_are_shown() -> None:
    assert (
        verdict("k_fold_indices", changed(SPLIT, ("rng.permutation(n)", "1 + rng.permutation(n)"))).case
        == "n = 5, k = 5"
    )


def test_no_loss_lies_on_an_edge_by_rounding() -> None:
    """All losses and differences are eighths, which floats of any width hold exactly."""
    for case in index.find("should_stop").draw(5, hidden=True):
        losses = np.array([*case.arguments["val_losses"], case.arguments["min_delta"]])
        assert (losses[~np.isnan(losses)] * 8 % 1 == 0).all()


def test_both_answers_are_asked_for() -> None:
    exercise = index.find("should_stop")
    said = [exercise.reference(*case.arguments.values()) for case in exercise.draw()]
    assert 10 < sum(said) < len(said) - 10


COUNTER = """
def should_stop(val_losses, patience, min_delta):
    best, waited = float("inf"), 0
    for loss in val_losses:
        if loss < best - min_delta:
            best, waited = loss, 0
        else:
            waited += 1
        if waited >= patience:
            return True
    return False
"""
LAST_ALONE = COUNTER.replace("        if waited >= patience:\n            return True\n", "").replace(
    "False", "waited >= patience"
)
LOWEST = COUNTER.replace("        else:\n", "        else:\n            best = min(best, loss)\n")
ANY_NAN = "    if len(val_losses) > patience and any(loss != loss for loss in val_losses):\n        return True\n"


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (COUNTER, "Yours behaves like the counter that runs along with a training"),
        (LAST_ALONE, "In slow progress such a best stays too high"),
        (LOWEST, "than all losses before *it*, and once `patience` is reached it is True for good"),
        (BEST.replace("    if", f"{ANY_NAN}    if", 1), "stops wherever a nan is among them"),
        (
            BEST.replace("    if", "    val_losses = [loss for loss in val_losses if loss == loss]\n    if", 1),
            "had not been",
        ),
    ],
)
def test_what_an_answer_does_about_waiting_and_nan_is_said_as_it_is_seen(source: str, says: str) -> None:
    report = verdict("should_stop", source)
    assert report.explained
    assert says in str(report)


def test_false_in_the_place_of_true_is_not_called_zero() -> None:
    report = verdict("should_stop", changed(BEST, ("<= patience", "<= patience + 1")))
    assert "expected True" in report.message
    assert "Yours is 0" not in str(report)


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
