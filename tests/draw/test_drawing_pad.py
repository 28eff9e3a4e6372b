"""The drawing pad: its static twin, what reaches Python from the page, and what a reader without a pointer can do."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from nnkit import nn
from nnkit.data.strokes import stored_digit
from nnkit.widgets.drawing_pad import POINTS, drawing_pad, probabilities, strokes_of

LINE = [[0.5, 0.2], [0.5, 0.8]]


def always(digit):
    return lambda images: np.eye(10)[[digit] * len(images)]


def message(widget, strokes):
    """What the page sends for strokes on the pad that is there now."""
    number = re.search('data-number="(.*?)"', parts(widget)[0].value)[1]
    return json.dumps({"pad": int(number), "strokes": strokes})


def parts(widget):
    top, sent, picture = widget.children
    pad, controls = top.children
    return pad, *controls.children, sent, picture


@pytest.mark.usefixtures("static")
def test_the_static_twin_is_a_stored_digit_that_is_read(displayed, capsys):
    drawing_pad(always(3), digit=3, place="small, in a corner")
    (twin,) = displayed
    assert "the network's answer: 3, at 100 %" in repr(twin)
    assert repr(twin).endswith("Drawn for the stored digit 3, small, in a corner, normalised.")
    assert "<img" in twin.html
    assert capsys.readouterr() == ("", "")


def test_strokes_from_the_page_are_read_and_the_stored_digit_is_left(shown_live):
    seen = []
    widget = shown_live(drawing_pad, lambda images: seen.append(images) or always(7)(images), digit=3)
    _, stored, where, _, _, sent, picture = parts(widget)
    before = seen[-1]
    sent.value = message(widget, [LINE])
    assert "answer: 7" in picture.value
    assert (stored.value, where.disabled) == (None, True)
    assert seen[-1].shape == (1, 1, 28, 28)
    assert not np.array_equal(seen[-1], before)


def test_clearing_empties_the_pad_even_if_the_page_drew_on_an_empty_one(shown_live):
    widget = shown_live(drawing_pad, always(1), digit=3)
    pad, _, _, _, clear, sent, picture = parts(widget)
    clear.click()
    emptied = pad.value
    sent.value = message(widget, [LINE])
    clear.click()
    assert "<polyline" not in pad.value
    assert pad.value != emptied  # else the page would not be told, and its line would stay
    assert "The pad is empty." in picture.value
    sent.value = message(widget, [LINE])  # the same stroke once more is a new drawing
    assert "answer: 1" in picture.value


def test_a_stroke_that_was_on_its_way_when_the_pad_was_cleared_is_dropped(shown_live):
    widget = shown_live(drawing_pad, always(1), digit=3)
    _, _, _, _, clear, sent, picture = parts(widget)
    late = message(widget, [LINE])
    clear.click()
    sent.value = late
    assert "The pad is empty." in picture.value


def test_stored_digits_and_their_places_need_no_pointer(shown_live):
    widget = shown_live(drawing_pad, always(0), digit=1)
    pad, stored, where, _, _, _, picture = parts(widget)
    one = pad.value.count("<polyline")
    stored.value = 4
    assert (one, pad.value.count("<polyline")) == (1, 3)
    assert 'aria-label="A pad to draw a digit on. 3 strokes on it."' in pad.value
    before = pad.value, picture.value
    where.value = "small, in a corner"
    assert pad.value != before[0]
    assert picture.value != before[1]


def test_without_normalisation_the_whole_pad_is_what_the_network_gets(shown_live):
    seen = []
    widget = shown_live(drawing_pad, lambda images: seen.append(images[0, 0]) or always(0)(images), place="moved down")
    parts(widget)[3].value = False
    normalised, as_it_is = seen[0], seen[-1]
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


def test_what_is_no_answer_is_told_in_the_picture_and_nothing_breaks(shown_live, capsys):
    answers = iter([np.eye(10)[:1]] * 2)  # for the twin and the first look; then there are none left
    widget = shown_live(drawing_pad, lambda images: next(answers))
    _, stored, *_, picture = parts(widget)
    stored.value = 5
    assert "This cannot be read:" in picture.value
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("answer", [np.zeros(10), np.ones((1, 3)) / 3, np.full(10, np.nan), -np.eye(10)[0]])
def test_ten_probabilities_are_asked_for(answer):
    with pytest.raises(ValueError, match="ten probabilities"):
        probabilities(lambda images: answer, np.zeros((28, 28)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "5",
        '{"a": 1}',
        '{"pad": 1, "strokes": [[1, 2]]}',
        '{"pad": 1, "strokes": [[[0.1, null]]]}',
        '{"pad": 1, "strokes": [[[0, 0], [1]]]}',
    ],
)
def test_what_the_page_should_never_send_is_a_sentence(text, shown_live):
    with pytest.raises(ValueError, match="clear the pad"):
        strokes_of(text)
    widget = shown_live(drawing_pad, always(0))
    sent, picture = parts(widget)[-2:]
    sent.value = "before"
    sent.value = text
    assert "clear the pad" in picture.value


def test_a_drawing_without_end_is_refused():
    with pytest.raises(ValueError, match="more than"):
        strokes_of(json.dumps({"pad": 1, "strokes": [[[0.5, 0.5]] * (POINTS + 1)]}))


def test_unknown_digit_and_place_are_told():
    with pytest.raises(ValueError, match="0 to 9"):
        drawing_pad(always(0), digit=10)
    with pytest.raises(ValueError, match="in the middle"):
        drawing_pad(always(0), place="nowhere")


def test_stored_digits_stay_on_the_pad():
    points = np.concatenate([stroke for digit in range(10) for stroke in stored_digit(digit)])
    assert points.min() > 0.1
    assert points.max() < 0.9
