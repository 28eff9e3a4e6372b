"""Notebook 07, mnist: an epoch is judged by what passes through a model, whoever draws the order."""

from __future__ import annotations

from typing import Any

import pytest

from nnkit.exercises import evaluate
from tests.answers import answers_to, changed, namespace_of

EPOCH = answers_to("train_epoch")
SLICES = EPOCH.right["a permutation, sliced"]


def verdict(name: str, source: str, seed: int = 1, hidden: bool = False) -> Any:
    return evaluate(name, namespace_of(source, EPOCH.provided), seed, hidden)


def test_luck_decides_nothing_about_an_epoch() -> None:
    for seed in range(6):
        for source in EPOCH.right.values():
            assert verdict("train_epoch", source, seed, True).passed


SAYS = {
    "None": (("return total", "total"), "returned None, expected the mean loss"),
    "a tensor": (("loss.item()", "loss"), "The loss that came back is a Tensor"),
    "a list": (("return total / len(X)", "return [total / len(X)]"), "expected one number"),
    "no backward": (("        loss.backward()\n", ""), "Is `backward` called"),
    "train, not called": (("model.train()", "model.train"), "is that called, with brackets"),
    "a batch measured after its step": (
        ("loss.item()", "F.cross_entropy(model(tensor(X[batch])), tensor(y[batch])).item()"),
        "the same samples go through the model a second time",
    ),
    "one step for all": (("        optimizer.step()\n", ""), "makes no step"),
    "no end": (("range(0, len(X), batch_size)", "iter(int, 1)"), "what ends the loop?"),
    "another loss": (("F.cross_entropy(", "F.multi_margin_loss("), "not those of the mean cross-entropy"),
    "returned too early": (("    return", "        return"), "over after one batch"),
    "full batches counted": (("* len(batch)", "* batch_size"), "every batch counts alike"),
    "a larger loss": (("loss.backward()", "(3 * loss).backward()"), "times some number"),
    "padded": (("total / len(X)", "total / (batch_size * -(-len(X) // batch_size))"), "the mean over all samples"),
    "in parts": (("order = rng.permutation(len(X))", "order = np.arange(len(X))[::-1]"), "beside their neighbour"),
}


@pytest.mark.parametrize("label", SAYS)
def test_a_wrong_epoch_is_told_in_a_sentence(label: str) -> None:
    pair, says = SAYS[label]
    report = verdict("train_epoch", changed(SLICES, pair))
    assert report.failed
    assert says in str(report), str(report)


def test_a_batch_may_be_looked_at_again_after_its_step() -> None:
    """It is no second batch before a step, and what is reported is the loss of the first pass."""
    look = "optimizer.step()\n        with nnkit.no_grad():\n            model(tensor(X[batch]))"
    assert verdict("train_epoch", changed(SLICES, ("optimizer.step()", look))).passed


def test_of_two_slips_in_an_epoch_the_loss_is_told_and_then_the_order() -> None:
    unshuffled = changed(SLICES, ("rng.permutation(len(X))", "np.arange(len(X))"))
    both = changed(unshuffled, ("return total / len(X)", "return loss.item()"))
    assert "the loss of the last batch alone" in str(verdict("train_epoch", both))
    assert "The samples come in the order of X" in str(verdict("train_epoch", unshuffled))


def test_a_small_case_of_accuracy_is_shown_with_all_its_logits() -> None:
    source = """
def accuracy(logits, y):
    right = 0
    for row, label in zip(logits, y):
        best, place = 0, 0
        for j, value in enumerate(row):
            if value > best:
                best, place = value, j
        right += place == label
    return right / len(y)
"""
    report = verdict("accuracy", source)
    assert "with what does the search for the largest begin?" in report.cause
    assert report.case.startswith("logits = [[−")


ONE_ROW = {
    "the same list": """
def one_hot(y, k):
    row, rows = [0.0] * k, []
    for label in y:
        row[label] = 1.0
        rows.append(row)
    return np.array(rows)
""",
    "columns of all rows": """
def one_hot(y, k):
    table = np.zeros((len(y), k))
    table[:, y] = 1
    return table
""",
}


@pytest.mark.parametrize("label", ONE_ROW)
def test_a_one_for_every_label_in_every_row_has_a_sentence_that_fits_both_ways_to_it(label: str) -> None:
    cause = verdict("one_hot", ONE_ROW[label]).cause
    assert "`[:, y]` means those columns of *all* rows" in cause
    assert "the same object each time" in cause


def test_the_loop_of_the_library_is_not_an_answer() -> None:
    source = """
from nnkit.training import fit
def train_epoch(model, optimizer, X, y, batch_size, rng):
    data = (tensor(X), tensor(y))
    return fit(model, data, F.cross_entropy, optimizer, epochs=1, batch_size=batch_size, generator=rng).loss[0]
"""
    assert "fit" in verdict("train_epoch", source).message


def test_counts_as_floats_and_a_table_of_integers_are_told_their_kind() -> None:
    floats = changed(answers_to("confusion_matrix").right["pair by pair"], ("dtype=int", "dtype=float"))
    assert "they are floats, expected integers" in verdict("confusion_matrix", floats).message
    integers = changed(answers_to("one_hot").right["pairs of places"], ("return table", "return table.astype(int)"))
    assert "they are whole numbers, expected floats" in verdict("one_hot", integers).message


@pytest.mark.parametrize("after", ["", ".astype(np.float32)"])
def test_what_is_wrong_in_a_table_of_floats_is_told_before_that_they_are_floats(after: str) -> None:
    source = f"""
def confusion_matrix(y_true, y_pred, k):
    table = np.zeros((k, k))
    for true, named in zip(y_true, y_pred):
        table[named, true] += 1
    return table{after}
"""
    report = verdict("confusion_matrix", source)
    assert "Your rows are the classes that were named" in report.cause
    assert report.table is not None
    assert "floats" not in str(report)
    assert "values are right" not in str(report)
