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
    assert len(displayed) == 2
    assert "square" not in json.dumps(displayed)
    assert "parabola" not in json.dumps(displayed)


def test_curve_is_shown_over_the_sketch_once_the_reader_has_committed(shown_moving, capsys):
    widget = shown_moving(lambda **options: ask(**options), start=2)
    assert widget.state == {"heights": [2, 2, 2], "committed": False}
    page = json.dumps([widget.setup, widget.state, widget.page()])
    assert "square" not in page
    assert "parabola" not in page
    answer = widget.reply({"commit": [2, 2, 3]})
    assert "The sketch: 2 at 0, 2 at 1, 3 at 2. Over it: square." in answer["words"]
    assert "square has 0 at 0, 1 at 1, 4 at 2." in answer["words"]
    assert answer["words"].startswith("It is a parabola.")
    (curve,) = answer["curves"]
    assert (curve["name"], *map(list, (curve["x"], curve["y"]))) == ("square", [0, 1, 2], [0, 1, 4])
    assert capsys.readouterr() == ("", "")


def test_nothing_but_a_whole_sketch_is_answered_with_the_curve(shown_moving):
    widget = shown_moving(ask)
    assert "once the sketch is committed" in widget.reply({"state": widget.state})["problem"]
    assert "heights is 3 numbers from 0 to 4; got [1]" in widget.reply({"commit": [1]})["problem"]


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
