"""Poles side by side: where they lean, when they have fallen, and the widget in which they move."""

from __future__ import annotations

import numpy as np
import pytest

from nnkit.draw.poles import FALLEN, lean, longest, poles
from nnkit.widgets.pole_runs import moving, pole_runs

RUNS = {"held": [[0.1, 0.0], [0.05, 0.0], [0.0, 0.0]], "let go": [[0.1, 0.0], [0.9, 1.0]]}


def test_a_pole_leans_to_the_side_of_its_angle():
    right, left = (poles({"one": [[angle]]}).body for angle in (0.2, -0.2))
    tips = [float(body.rsplit('x2="', 1)[1].split('"')[0]) for body in (right, left)]
    hinge = float(right.split('cx="')[1].split('"')[0])
    assert tips[0] > hinge > tips[1]
    assert tips[0] - hinge == pytest.approx(hinge - tips[1], abs=0.2)


def test_a_pole_beyond_the_limit_of_the_picture_has_fallen():
    assert lean(FALLEN * 0.99).endswith("° to the right")
    assert lean(-FALLEN) == "fallen to the left"
    assert lean(float("nan")).startswith("fallen")
    assert "let go: fallen to the right." in poles(RUNS, 1).alt


def test_a_run_that_is_over_stands_still():
    assert longest(RUNS) == 2
    assert "let go: fallen to the right." in poles(RUNS, 2).alt


def test_dashed_lines_stand_at_the_limit():
    assert poles(RUNS, limit=0.2).body.count("stroke-dasharray") == 4
    assert "stroke-dasharray" not in poles(RUNS).body


def test_names_are_text_and_no_markup():
    assert "&lt;b&gt;" in poles({"<b>": [[0.0, 0.0]]}).body


@pytest.mark.parametrize(
    ("runs", "step", "said"),
    [
        ({}, 0, "There is no run"),
        ({"flat": [0.1, 0.2]}, 0, r"shape \(steps \+ 1, n\); those of 'flat' have \(2,\)"),
        (RUNS, 3, "steps 0 to 2; got step 3"),
        (RUNS, -1, "got step -1"),
    ],
)
def test_what_cannot_be_drawn_is_told(runs, step, said):
    with pytest.raises(ValueError, match=said):
        poles(runs, step)


@pytest.mark.usefixtures("static")
def test_the_static_twin_shows_the_end_or_the_step_asked_for(displayed):
    pole_runs(RUNS)
    pole_runs(RUNS, 1)
    assert [repr(twin).splitlines()[-1] for twin in displayed] == ["Drawn for step 2 of 2.", "Drawn for step 1 of 2."]
    assert "<svg" in displayed[0].html


def test_what_moves_has_a_picture_for_each_step_and_their_pace():
    stepper = moving(RUNS, None, 0.05, None)
    given = stepper.material()
    assert stepper.state == {"step": 0}
    assert [said.split("held: ")[1][:4] for said in given["sentences"]] == ["5.7°", "2.9°", "upri"]
    assert given["pause"] == pytest.approx(50)
    assert all("<svg" in one for one in given["pictures"])
    assert given["pictures"][0] != given["pictures"][1]


def test_what_the_caller_changes_later_does_not_move_the_poles(displayed, live):
    states = np.array([[0.1, 0.0], [0.1, 0.0]])
    pole_runs({"one": states}, 0)
    states[:] = 0.0
    assert "one: 5.7° to the right." in displayed[0]["text/plain"]
