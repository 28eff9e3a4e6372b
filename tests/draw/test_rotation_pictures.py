"""Pictures of rotations: what is drawn lies where the matrix puts it, and is said in words."""

from __future__ import annotations

import numpy as np
import pytest

from nnkit.data import toys
from nnkit.draw import rotations, style

QUARTER = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])


def test_the_view_keeps_lengths_and_sees_from_in_front() -> None:
    points = np.random.default_rng(0).normal(size=(20, 3))
    paper, nearness = rotations.seen(points)
    np.testing.assert_allclose((paper**2).sum(1) + nearness**2, (points**2).sum(1))
    right, up, towards = [*rotations.seen(np.eye(3))[0].T, rotations.seen(np.eye(3))[1]]
    np.testing.assert_allclose(np.cross(right, up), towards, atol=1e-12)  # no mirror image


@pytest.mark.parametrize("degrees", [0.01, 30, 90, 179, 179.99])
def test_the_angle_between_rotations_is_right_everywhere(degrees: float) -> None:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turned = np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
    assert rotations.angle(QUARTER, QUARTER @ turned) == pytest.approx(degrees, rel=1e-9)
    assert rotations.angle(turned, turned) == pytest.approx(0, abs=1e-9)


def test_the_axis_of_a_turn_is_said_for_half_turns_too() -> None:
    assert rotations.said(QUARTER) == "turned by 90° about (0, 0, 1)"
    assert rotations.said(QUARTER.T) == "turned by 90° about (0, 0, −1)"
    assert rotations.said(np.diag([-1.0, 1.0, -1.0])) == "turned by 180° about (0, 1, 0)"


def test_random_rotations_are_known_as_such_and_others_are_not() -> None:
    R = toys.attitudes(20, generator=np.random.default_rng(0))[1].numpy()
    assert all(rotations.is_rotation(each) for each in R)
    assert not any(rotations.is_rotation(-each) for each in R)
    assert not any(rotations.is_rotation(1.1 * each) for each in R)
    assert rotations.said(-R[0]).startswith("deformed: mirrored")


def test_the_axes_end_where_the_columns_point() -> None:
    R = toys.attitudes(1, generator=np.random.default_rng(1))[1].numpy()[0].astype(float)
    (axes,) = rotations.bodies({"one": R}).axes
    tips = np.array([line.get_xydata()[0] for line in axes.lines if len(line.get_xydata()) == 1])
    np.testing.assert_allclose(tips, 1.3 * rotations.seen(R.T)[0], atol=1e-12)
    assert [text.get_text() for text in axes.texts] == ["x", "y", "z"]


MEAN = np.array([[0.25, -0.433, 0], [0.433, 0.25, 0], [0, 0, 1]])  # a shrunken glider: short axes
DRAWN = [np.eye(3), QUARTER, MEAN, 1e6 * QUARTER, np.zeros((3, 3))]
DRAWN += list(toys.attitudes(30, generator=np.random.default_rng(2))[1].numpy())


@pytest.mark.parametrize("matrix", DRAWN)
def test_an_axis_has_its_letter_where_it_can_be_read(matrix: np.ndarray) -> None:
    """Beside its own dot, and where it is grey beside all faces: their colours are no ground for grey."""
    (axes,) = rotations.bodies({"one": matrix}).axes
    faces = [patch for patch in axes.patches if patch.get_fill()]
    size = axes.get_xlim()[1] / 1.65
    dots = [line.get_xydata()[0] for line in axes.lines if len(line.get_xydata()) == 1]
    for letter, dot in zip(axes.texts, dots, strict=True):
        at = np.array(letter.get_position())
        assert np.hypot(*(at - dot)) > 0.2 * size
        on_a_face = any(face.get_path().contains_point(at, face.get_patch_transform()) for face in faces)
        assert on_a_face == (letter.get_color() != style.COLOURS["axis"])


def test_what_is_nearer_covers_what_is_farther() -> None:
    (axes,) = rotations.bodies({"one": QUARTER}).axes
    faces = [patch for patch in axes.patches if patch.get_fill()]
    order = [patch.get_zorder() for patch in faces]
    assert len(set(order)) == 3


def test_each_attitude_has_a_panel_and_its_words() -> None:
    figure = rotations.bodies({"truth": np.eye(3), "network": QUARTER}, reference=np.eye(3))
    assert len(figure.axes) == 2
    words = style.caption(figure).alt
    assert "Network: turned by 90° about (0, 0, 1), 90° away from the dashed outline." in words
    assert "Truth: not turned, 0° away" in words


def test_a_deformed_body_is_drawn_and_called_so_and_fits() -> None:
    figure = rotations.bodies({"nine numbers": 3 * QUARTER})
    (axes,) = figure.axes
    assert "deformed: stretched by 3, 3 and 3" in style.caption(figure).alt
    for patch in axes.patches:
        if patch.get_fill():
            assert np.abs(patch.get_xy()).max() < axes.get_xlim()[1]


@pytest.mark.parametrize(
    ("given", "words"),
    [({}, "no rotation to draw"), ({"a": np.eye(2)}, "must be 3 × 3"), ({"a": np.full((3, 3), np.nan)}, "finite")],
)
def test_what_cannot_be_drawn_is_told(given, words) -> None:
    with pytest.raises(ValueError, match=words):
        rotations.bodies(given)
