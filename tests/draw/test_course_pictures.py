"""The pictures of the first notebook: well-formed, told in words, and the map as the course is."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from nnkit.draw import Picture, course
from nnkit.draw.svg import text_width


@pytest.mark.parametrize("picture", [course.course_map(), course.nerve_and_unit()], ids=lambda picture: picture.title)
def test_a_picture_is_well_formed_told_in_words_and_keeps_its_texts_inside(picture: Picture) -> None:
    root = ElementTree.fromstring(picture.svg)
    assert root.attrib["role"] == "img"
    assert len(picture.alt) > 50
    assert picture.width <= 768
    texts = list(root.iter("{http://www.w3.org/2000/svg}text"))
    assert texts
    for text in texts:
        assert 0 <= float(text.attrib["x"]) <= picture.width
        assert 0 <= float(text.attrib["y"]) <= picture.height
    assert "#000" not in picture.svg


def test_digits_that_are_read_are_told_in_words_and_marked_by_more_than_colour() -> None:
    read = course.digits_read(np.zeros((3, 5, 5)), [3, 7, 1], {"before": [1, 1, 1, 9], "after": [3, 1, 1, 9]})
    assert repr(read).startswith("The digits 3, 7, 1. Read before: 1, 1, 1. Read after: 3, 1, 1.")
    assert "✗ marks what is wrong" in repr(read)


def test_the_map_holds_the_course() -> None:
    assert sorted(stop.number for stop in course.STOPS) == [f"{number:02d}" for number in range(9)]
    assert len({(stop.column, stop.row) for stop in course.STOPS}) == 9
    reached = {"00"}
    for start, end in course.PATHS:
        assert start < end
        assert start in reached
        reached.add(end)
    assert len(reached) == 9


def test_words_fit_into_their_boxes() -> None:
    for stop in course.STOPS:
        assert all(text_width(line, 13) < 1.12 * (course.WIDE - 20) for line in stop.lines), stop
