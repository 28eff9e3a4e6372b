"""The exercises on sequences of different lengths where they have to fit each other, and the library."""

from __future__ import annotations

import numpy as np
import pytest

import nnkit
from nnkit.exercises import evaluate
from nnkit.exercises.index import find
from nnkit.nn.utils.rnn import pad_sequence
from tests.answers import answers_to, changed, namespace_of

LOOP = answers_to("pad_sequences").right["a loop"]


def test_padding_is_what_the_library_gives() -> None:
    for case in find("pad_sequences").draw(5, hidden=True):
        sequences = case.arguments["sequences"]
        batch, mask = find("pad_sequences").reference(sequences)
        np.testing.assert_allclose(batch, pad_sequence([nnkit.tensor(entry) for entry in sequences]).numpy())
        assert mask.sum(axis=0).tolist() == [len(entry) for entry in sequences]


def test_the_mean_of_a_padded_batch_is_that_of_its_sequences_joined() -> None:
    rng = np.random.default_rng(0)
    sequences = [rng.normal(size=(length, 1)) for length in (3, 1, 5)]
    batch, mask = find("pad_sequences").reference(sequences)
    losses = np.where(mask, batch[:, :, 0], 1e9)
    assert find("masked_mean_loss").reference(losses, mask) == pytest.approx(np.concatenate(sequences).mean())


@pytest.mark.parametrize("kind", ["int", "float", "np.uint8"])
def test_a_mask_of_numbers_is_refused_and_its_batch_called_right(kind: str) -> None:
    report = evaluate("pad_sequences", namespace_of(changed(LOOP, ("dtype=bool", f"dtype={kind}"))))
    assert report.status == "wrong"
    assert "mask holds the numbers 0 and 1, expected True and False. batch is right." in report.message
    assert "Of which type is your mask made?" in str(report.cause)


def test_what_is_wrong_with_the_batch_is_told_beside_a_mask_of_numbers() -> None:
    """The shape first; where only values are wrong, the type of the mask comes first, and nothing is made up."""
    numbers = changed(LOOP, ("dtype=bool", "dtype=int"))
    turned = evaluate("pad_sequences", namespace_of(changed(numbers, ("return batch", "return batch.swapaxes(0, 1)"))))
    assert "stands at [n, t]" in str(turned.cause)
    empty = evaluate("pad_sequences", namespace_of(changed(numbers, ("return batch", "return 0 * batch"))))
    assert "mask holds the numbers 0 and 1" in empty.message
    assert "is right" not in empty.message


def test_the_librarys_padding_is_not_counted() -> None:
    source = """
import nnkit
from nnkit.nn.utils.rnn import pad_sequence
def pad_sequences(sequences):
    batch = pad_sequence([nnkit.tensor(sequence) for sequence in sequences]).numpy()
    return batch, np.arange(len(batch))[:, None] < [len(sequence) for sequence in sequences]
"""
    assert evaluate("pad_sequences", namespace_of(source)).words == "not counted"
