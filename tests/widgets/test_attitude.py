"""A body turned in space: what is asked of the networks, the angles, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnkit.draw import rotations
from nnkit.widgets.attitude import TURNS, Attitude, attitude, turned

degrees = st.floats(-360, 360)


def asleep(R):
    return np.broadcast_to(np.eye(3), R.shape)


@given(degrees, st.floats(-90, 90), st.floats(-180, 180))
def test_a_turn_is_a_rotation_by_that_angle_that_leaves_its_axis_alone(phi, height, heading):
    (R,) = turned([phi], height, heading)
    up, around = np.radians(height), np.radians(heading)
    axis = np.array([np.cos(up) * np.cos(around), np.cos(up) * np.sin(around), np.sin(up)])
    assert rotations.is_rotation(R)
    assert R @ axis == pytest.approx(axis)
    away = abs((phi + 180) % 360 - 180)
    assert rotations.angle(np.eye(3), R) == pytest.approx(away, abs=1e-5)


@given(degrees, st.floats(-90, 90), st.floats(-180, 180))
def test_turning_on_is_turning_by_the_sum(phi, height, heading):
    first, second, both = turned([phi, 50.0, phi + 50.0], height, heading)
    assert first @ second == pytest.approx(both)


def test_whoever_never_moves_is_as_far_off_as_the_body_is_turned():
    errors = Attitude({"asleep": asleep}, height=20, heading=-50).errors()["asleep"]
    assert errors == pytest.approx(180 - np.abs(180 - TURNS), abs=1e-4)


def test_the_page_gets_the_answers_as_the_network_gave_them():
    seen = []
    shown = Attitude({"asleep": lambda R: seen.append(R.copy()) or asleep(R), "right": lambda R: R})
    found = shown.answer({**shown.state, "height": 10.0})
    assert seen[-1] == pytest.approx(turned(TURNS, 10.0, 0.0))
    assert found["answers"][1].reshape(-1, 3, 3) == pytest.approx(seen[-1])
    assert found["errors"][1].max() < 1e-4


@pytest.mark.usefixtures("static")
def test_the_static_picture_says_how_far_each_is_off(displayed):
    attitude({"asleep": asleep, "right": lambda R: R}, turn=90)
    (twin,) = displayed
    assert "asleep is 90° off; right is 0° off." in repr(twin)
    assert "<img" in twin.html


@pytest.mark.usefixtures("static")
def test_the_truth_is_shown_where_the_networks_were_asked(displayed):
    attitude({"asleep": asleep}, turn=174.8)
    (twin,) = displayed
    assert "Turned by 174° about an axis 90° above the horizon: asleep is 174° off." in repr(twin)
    assert "174° away from the dashed outline" in repr(twin)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "One to three networks"),
        ({str(i): asleep for i in range(4)}, "got 4"),
    ],
)
def test_another_number_of_networks_is_refused(answers, said):
    with pytest.raises(ValueError, match=said):
        Attitude(answers)


def test_a_network_that_answers_something_else_is_told_in_a_sentence():
    shown = Attitude({"nine": lambda R: R.reshape(-1, 9)})
    assert "'nine' gets 181 matrices of shape (3, 3)" in shown.reply(shown.state)["problem"]
    broken = Attitude({"broken": lambda R: 1 / 0})
    assert broken.reply(broken.state) == {"problem": "division by zero (ZeroDivisionError)."}
