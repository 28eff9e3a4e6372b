"""Pictures of a digit's way to the network: they say what they show, in words and numbers."""

from __future__ import annotations

import numpy as np

from nnkit.data import strokes as pen
from nnkit.draw import handwriting


def test_the_steps_are_told_with_their_sizes():
    picture = handwriting.normalising(pen.stored_digit(4))
    assert "3 strokes" in picture.alt
    assert "scaled to 20 × " in picture.alt
    assert "its centre of mass in row 1" in picture.alt
    assert picture.png == handwriting.normalising(pen.stored_digit(4)).png


def test_the_answer_and_the_runner_up_are_told():
    ink = pen.rasterise(pen.stored_digit(4))
    shares = np.zeros(10)
    shares[[4, 9]] = 0.75, 0.25
    picture = handwriting.reading(ink, pen.normalise(ink), shares)
    assert "answer: 4, at 75 %, then 9, at 25 %." in picture.alt
    assert picture.caption.startswith("Left the pad")


def test_an_empty_image_can_be_drawn_where_no_box_is_asked_for():
    handwriting.reading(np.zeros((4, 4)), np.zeros((28, 28)), np.full(10, 0.1), boxed=False)
