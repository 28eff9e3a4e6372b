"""From a pen's strokes to an image like MNIST's: what each step promises, and what MNIST itself says to it."""

from __future__ import annotations

import numpy as np
import pytest

from nnkit.data import mnist
from nnkit.data import strokes as pen


def image_of(strokes):
    return pen.normalise(pen.rasterise(strokes, 280))


def difference(first, second):
    """Return the mean distance of two images as a share of their mean ink."""
    return np.abs(first - second).sum() / (first.sum() + second.sum()) * 2


def test_normalising_an_image_of_mnist_changes_next_to_nothing():
    images = mnist()[0].numpy()[::10, 0]
    again = np.array([pen.normalise(image) for image in images])
    same = np.array([np.array_equal(image, other) for image, other in zip(images, again, strict=True)])
    assert same.mean() > 0.99


def test_mnist_has_its_longer_side_in_twenty_pixels_and_its_mass_in_the_middle():
    images = mnist()[0].numpy()[::10, 0]
    sides = [(bottom - top, right - left) for top, bottom, left, right in map(pen.bounding_box, images)]
    assert np.mean([max(side) == 20 for side in sides]) > 0.99
    centres = np.array([pen.centre_of_mass(image) for image in images])
    assert np.abs(centres - 14).max() < 0.51


@pytest.mark.parametrize("digit", range(10))
def test_where_and_how_large_a_digit_is_drawn_makes_next_to_no_difference(digit):
    strokes = pen.stored_digit(digit)
    plain = image_of(strokes)
    rng = np.random.default_rng(digit)
    for _ in range(6):
        right, down = rng.uniform(-0.1, 0.1, size=2)
        # Half a pixel of the 28 is left to chance: the centre of mass goes to the nearest one.
        other = image_of(pen.placed(strokes, rng.uniform(0.5, 1.1), right, down))
        moved = [np.roll(other, (i, j), axis=(0, 1)) for i in (-1, 0, 1) for j in (-1, 0, 1)]
        assert min(difference(plain, one) for one in moved) < 0.15


def test_whole_pixels_of_shift_make_no_difference_at_all():
    ink = np.zeros((140, 140), np.float32)
    ink[20:90, 30:70] = pen.rasterise(pen.stored_digit(5), 140)[35:105, 45:85]
    assert np.array_equal(pen.normalise(ink), pen.normalise(np.roll(ink, (30, 45), axis=(0, 1))))


@pytest.mark.parametrize("digit", range(10))
def test_a_normalised_digit_has_the_size_place_and_thickness_of_mnist(digit):
    image = image_of(pen.stored_digit(digit))
    top, bottom, left, right = pen.bounding_box(image)
    assert max(bottom - top, right - left) == 20
    assert pen.centre_of_mass(image) == pytest.approx((14, 14), abs=0.51)
    images, labels = mnist()
    usual = images.numpy()[labels.numpy() == digit].mean(axis=(1, 2, 3))
    assert np.quantile(usual, 0.02) < image.mean() < np.quantile(usual, 0.98)


def test_ink_is_smooth_and_lies_where_the_pen_was():
    ink = pen.rasterise([[(0.25, 0.5), (0.75, 0.5)]], 100, pen=0.1)
    assert ink.dtype == np.float32
    assert (ink.min(), ink.max()) == (0, 1)
    assert ink.sum() == pytest.approx(50 * 10 + np.pi * 5**2, rel=0.01)  # the line and its two round ends
    assert pen.bounding_box(ink) == (45, 55, 20, 80)
    slanted = pen.rasterise([[(0.2, 0.3), (0.8, 0.6)]], 100, pen=0.1)
    assert ((slanted > 0.1) & (slanted < 0.9)).any()


def test_a_dot_is_a_stroke_too():
    assert pen.rasterise([[(0.5, 0.5)]], 100).sum() == pytest.approx(np.pi * 5**2, rel=0.02)
    assert pen.normalise(pen.rasterise([[(0.1, 0.9)]])).shape == (28, 28)


def test_strokes_beyond_the_pad_are_cut_off():
    assert pen.rasterise([[(-1.0, 0.5), (2.0, 0.5)]], 20, pen=0.1).max() == 1
    assert pen.rasterise([[(3.0, 3.0), (4.0, 4.0)]], 20, pen=0.1).max() == 0


def test_scaling_keeps_proportions_and_makes_larger_too():
    assert pen.fit_into(np.ones((40, 10))).shape == (20, 5)
    assert pen.fit_into(np.ones((3, 6))).shape == (10, 20)
    assert pen.fit_into(np.ones((400, 1))).shape == (20, 1)
    assert pen.fit_into(np.full((40, 10), 0.5)) == pytest.approx(np.full((20, 5), 0.5))


def test_a_mass_far_from_the_middle_does_not_leave_the_paper():
    image = np.full((20, 20), 0.01, np.float32)
    image[0, 0] = 100
    centred = pen.centre_by_mass(image)
    assert centred.sum() == pytest.approx(image.sum())
    assert centred[8, 8] == 100


def test_what_came_in_stays_as_it_is():
    strokes, ink = pen.stored_digit(2), pen.rasterise(pen.stored_digit(2))
    copies = [stroke.copy() for stroke in strokes], ink.copy()
    pen.placed(strokes, 0.5, 0.1, 0.1)
    pen.rasterise(strokes)
    pen.normalise(ink)
    assert all(np.array_equal(one, other) for one, other in zip(strokes, copies[0], strict=True))
    assert np.array_equal(ink, copies[1])


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: pen.rasterise([]), "no stroke"),
        (lambda: pen.rasterise([[1, 2, 3]]), "array \\(n, 2\\)"),
        (lambda: pen.rasterise([[(0.0, np.nan)]]), "array \\(n, 2\\)"),
        (lambda: pen.rasterise([[(0.0, 0.0)]], 0), "positive size"),
        (lambda: pen.rasterise([[(0.0, 0.0)]], pen=-1), "positive size"),
        (lambda: pen.normalise(np.zeros((5, 5))), "no ink"),
        (lambda: pen.centre_of_mass(np.zeros((5, 5))), "no ink"),
        (lambda: pen.normalise(np.zeros((5, 5, 3))), "array \\(H, W\\)"),
        (lambda: pen.centre_by_mass(np.ones((29, 3))), "does not fit"),
        (lambda: pen.resample(np.ones((2, 2)), 0, 2), "at least one"),
        (lambda: pen.stored_digit(10), "0 to 9"),
    ],
)
def test_what_makes_no_sense_is_a_sentence(call, said):
    with pytest.raises(ValueError, match=said):
        call()
