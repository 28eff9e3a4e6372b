"""A sketch: what stands there before the reader commits, and what after."""

from __future__ import annotations

import json

import pytest

from nnkit import widgets

PLACES, LIMITS, TRUTH = [0, 1, 2], (0, 4), {"square": ([0, 1, 2], [0, 1, 4])}


def ask(show=widgets.sketch, **options):
    return show("How does it go?", PLACES, LIMITS, TRUTH, "It is a parabola.", xlabel="x", ylabel="y", **options)


@pytest.mark.usefixtures("static")
def test_static_twin_asks_and_does_not_give_the_curve_away(displayed):
    ask()
    bundle = displayed[0]._repr_mimebundle_()
    assert bundle["text/plain"].startswith("My sketch: How does it go?\nEmpty axes:")
    assert "How does it go?" in bundle["text/html"]
    assert "<img" in bundle["text/html"]
    assert "square" not in json.dumps(bundle)
    assert "parabola" not in json.dumps(bundle)


@pytest.mark.usefixtures("live")
def test_twin_that_rides_along_does_not_give_the_curve_away_either(displayed):
    ask()
    (bundle,) = displayed
    assert "square" not in json.dumps(bundle)
    assert "parabola" not in json.dumps(bundle)


def test_curve_is_shown_over_the_sketch_once_the_reader_has_committed(shown_live, capsys):
    widget = shown_live(lambda **options: ask(**options), start=2)
    _, row, button, picture, reply = widget.children
    sliders, boxes = zip(*(column.children for column in row.children), strict=True)
    assert [slider.description for slider in sliders] == ["0", "1", "2"]
    assert "2 at 0, 2 at 1, 2 at 2." in picture.value
    sliders[2].value = 3
    assert "3 at 2." in picture.value
    assert boxes[2].value == 3
    boxes[1].value = 1
    assert "1 at 1, 3 at 2." in picture.value
    assert [box.tooltip for box in boxes] == [f"Height of the sketch at {place}" for place in "012"]
    assert "square" not in picture.value
    assert reply.value == ""
    button.click()
    assert "Over it: square." in picture.value
    assert '<p role="alert"' in reply.value
    assert "It is a parabola." in reply.value
    assert all(control.disabled for control in (*sliders, *boxes))
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"at": [1]}, "at least two places"),
        ({"at": [1, 1]}, "rising order"),
        ({"limits": (4, 0)}, "low < high"),
        ({"start": 5}, "start between them"),
        ({"step": 0}, "positive number"),
        ({"truth": {}}, "one to three curves"),
    ],
)
def test_what_makes_no_sense_is_told(changed, said):
    with pytest.raises(ValueError, match=said):
        widgets.sketch(**{"question": "?", "at": PLACES, "limits": LIMITS, "truth": TRUTH, **changed})
