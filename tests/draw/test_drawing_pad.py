"""The drawing pad in Python: its static twin, what is asked of it from the page, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

from nnkit import nn
from nnkit.widgets.drawing_pad import OWN, PLACES, POINTS, DrawingPad, as_image, drawing_pad, probabilities

LINE = [[0.5, 0.2], [0.5, 0.8]]


def always(digit):
    return lambda images: np.eye(10)[[digit] * len(images)]


@pytest.mark.usefixtures("static")
def test_the_static_twin_is_a_stored_digit_that_is_read(displayed, capsys):
    drawing_pad(always(3), digit=3, place="small, in a corner")
    (twin,) = displayed
    assert "the network's answer: 3, at 100 %" in repr(twin)
    assert repr(twin).endswith("Drawn for the stored digit 3, small, in a corner, normalised.")
    assert "<img" in twin.html
    assert capsys.readouterr() == ("", "")


def test_what_is_asked_is_read_from_its_own_state():
    seen = []
    pad = DrawingPad(lambda images: seen.append(images) or always(7)(images), digit=3)
    answer = pad.answer({**pad.state, "digit": OWN, "strokes": [LINE]})
    assert answer["shares"].argmax() == 7
    assert np.array_equal(answer["image"], as_image([np.array(LINE)])[1])
    assert seen[-1].shape == (1, 1, 28, 28)
    assert not np.array_equal(seen[-1], seen[0])


def test_the_dictionary_makes_the_same_picture_again():
    pad = DrawingPad(always(1), digit=OWN, strokes=[LINE], normalised=False)
    again = DrawingPad(always(1), pad.state)
    assert again.state == pad.state
    assert again.twin().html == pad.twin().html
    assert repr(pad.twin()).endswith("Drawn for own strokes, as it is.")


def test_an_empty_pad_has_nothing_to_be_read():
    pad = DrawingPad(always(1), digit=OWN)
    assert "The pad is empty" in repr(pad.twin())


def test_the_page_has_every_stored_digit_at_every_place():
    stored = DrawingPad(always(1)).material()["stored"]
    assert set(stored) == {str(digit) for digit in range(10)}
    assert all(set(places) == set(PLACES) for places in stored.values())
    assert len(stored["4"]["in the middle"]) == 3


def test_without_normalisation_the_whole_pad_is_what_the_network_gets():
    pad = DrawingPad(always(0), place="moved down")
    normalised = pad.answer(pad.state)["image"]
    as_it_is = pad.answer({**pad.state, "normalised": False})["image"]
    assert 13 <= np.flatnonzero(normalised.sum(axis=1)).mean() <= 15
    assert np.flatnonzero(as_it_is.sum(axis=1)).mean() > 16


def test_a_network_is_asked_for_its_probabilities_and_left_as_it_was():
    network = nn.Sequential(nn.Flatten(), nn.Dropout(0.5), nn.Linear(784, 10))
    network.train()
    image = np.ones((28, 28), np.float32)
    first, second = probabilities(network, image), probabilities(network, image)
    assert first.tolist() == second.tolist()  # no dropout while it reads
    assert first.sum() == pytest.approx(1)
    assert network.training


def test_what_is_no_answer_is_a_sentence_and_nothing_breaks(capsys):
    answers = iter([np.eye(10)[:1]])  # for the first look; then there are none left
    pad = DrawingPad(lambda images: next(answers), digit=3)
    assert set(pad.reply(pad.state)) == {"problem"}
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("answer", [np.zeros(10), np.ones((1, 3)) / 3, np.full(10, np.nan), -np.eye(10)[0]])
def test_ten_probabilities_are_expected(answer):
    with pytest.raises(ValueError, match="ten probabilities that add up to 1"):
        DrawingPad(lambda images: answer)


@pytest.mark.parametrize("strokes", ["no strokes", [[1, 2, 3]], [[[0, 1]], 5], [[[0.1, float("nan")]]]])
def test_what_is_no_list_of_strokes_is_refused(strokes):
    with pytest.raises(ValueError, match="strokes is a list of strokes"):
        DrawingPad(always(1), digit=OWN, strokes=strokes)


def test_far_too_much_is_refused():
    with pytest.raises(ValueError, match="at most 20,000 points; got 20,001"):
        DrawingPad(always(1), digit=OWN, strokes=[[[0.5, 0.5]] * (POINTS + 1)])


@pytest.mark.parametrize(
    ("settings", "named"), [({"digit": 10}, "digit is one of"), ({"place": "above"}, "place is one of")]
)
def test_a_digit_or_a_place_that_is_not_there_is_refused(settings, named):
    with pytest.raises(ValueError, match=named):
        DrawingPad(always(1), **settings)
