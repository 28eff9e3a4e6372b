"""The widget of the walking kernel: a static twin, a live one that follows its place and the reader's own weights."""

from __future__ import annotations

import numpy as np
import pytest

from nnkit.widgets.kernel_walk import kernel_walk

IMAGE = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]


@pytest.mark.usefixtures("static")
def test_the_static_twin_is_the_first_place(displayed, capsys):
    kernel_walk(IMAGE, [[1, 0], [0, -1]], 1, 0)
    (twin,) = displayed
    assert "4·1 + 5·0 + 7·0 + 8·(−1) = −4" in repr(twin)
    assert repr(twin).endswith("Drawn for row 1, column 0 of the result.")
    assert "<svg" in twin.html
    assert capsys.readouterr() == ("", "")


def test_the_place_and_every_weight_redraw(shown_live):
    widget = shown_live(kernel_walk, IMAGE, [[1, 0], [0, -1]])
    place, *lines, picture = widget.children
    assert (place.value, place.max) == (0, 3)
    place.value = 3
    assert "5·1 + 6·0 + 8·0 + 9·(−1) = −4" in picture.value
    assert [[box.description for box in line.children] for line in lines] == [
        ["w[0, 0]", "w[0, 1]"],
        ["w[1, 0]", "w[1, 1]"],
    ]
    lines[1].children[0].value = 2.5
    assert "5·1 + 6·0 + 8·2.5 + 9·(−1) = 16" in picture.value
    assert "4 of 4 results" in picture.value


def test_a_weight_that_is_no_number_is_told_in_the_picture_and_nothing_breaks(shown_live, capsys):
    widget = shown_live(kernel_walk, IMAGE, [[1.0]])
    place, line, picture = widget.children
    line.children[0].value = float("nan")
    assert "nan" in picture.value
    line.children[0].value = 2.0
    place.value = 8
    assert "9·2 = 18" in picture.value
    assert capsys.readouterr() == ("", "")


def test_what_the_caller_gave_stays_as_it_is(shown_live):
    image, kernel = np.array(IMAGE, float), np.array([[1.0, 2.0]])
    shown_live(kernel_walk, image, kernel).children[1].children[0].value = 7.0
    assert kernel.tolist() == [[1.0, 2.0]]
    assert image.tolist() == IMAGE


def test_what_does_not_fit_is_told():
    with pytest.raises(ValueError, match="A kernel of 4 does not fit into 3"):
        kernel_walk(IMAGE, np.ones((4, 4)))
    with pytest.raises(ValueError, match="The result has 2 rows"):
        kernel_walk(IMAGE, np.ones((2, 2)), row=2)
