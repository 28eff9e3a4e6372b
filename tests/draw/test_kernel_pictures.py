"""Pictures of kernels: true sums, every text in its place, words for whoever cannot see them."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

import nnkit
from nnkit import functional
from nnkit.draw import Picture, kernels
from nnkit.draw.svg import text_width

RNG = np.random.default_rng(0)
IMAGE = RNG.integers(-9, 10, (6, 6))
PICTURES = [
    kernels.step(IMAGE, [[1, -1], [2, 0]], 4, 4),
    kernels.step(abs(IMAGE), [[1, 0.25, -1], [2, 0, -2], [1, 0, -1]], 2, 3, stride=1, pad=1),
    kernels.step(IMAGE, [[0.5]], 0, 0),
    kernels.step_back((4, 4), [[2, -1], [1, 3]], np.arange(9).reshape(3, 3), 1, 1),
    kernels.places(8, 3, 2),
    kernels.places(7, 3, 2, 1),
    kernels.layer(3, (6, 6), 4, (3, 3), (4, 4)),
    kernels.layer(1, (5, 8), 1, (2, 3), (4, 6)),
    kernels.rows_of_windows(IMAGE[:4, :4], 2, 1, 4),
]


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.title)
def test_a_picture_is_well_formed_told_in_words_and_keeps_its_texts_inside(picture: Picture) -> None:
    root = ElementTree.fromstring(picture.svg)
    assert root.attrib["role"] == "img"
    assert len(picture.alt) > 50
    assert picture.width <= 768
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        width = text_width(text.text or "", 13)
        left = float(text.attrib["x"]) - (width / 2 if text.attrib["text-anchor"] == "middle" else 0)
        assert left >= -2
        assert left + width <= picture.width + 2
        assert 0 < float(text.attrib["y"]) < picture.height
    assert "#000" not in picture.svg


@pytest.mark.parametrize(("stride", "pad"), [(1, 0), (2, 0), (1, 1), (2, 1), (3, 2)])
def test_a_walk_finds_what_the_library_finds(stride: int, pad: int) -> None:
    image, kernel = RNG.normal(size=(5, 7)), RNG.normal(size=(3, 2))
    found = kernels.walk(image, kernel, stride=stride, pad=pad)
    x, w = nnkit.tensor(image[None, None]), nnkit.tensor(kernel[None, None])
    np.testing.assert_allclose(found, functional.conv2d(x, w, stride=stride, padding=pad).numpy()[0, 0], rtol=1e-12)
    sizes = [kernels.result_size(n, k, stride, pad) for n, k in zip(image.shape, kernel.shape, strict=True)]
    assert found.shape == tuple(sizes)


def test_a_step_says_its_sum_and_shows_only_the_results_so_far() -> None:
    picture = kernels.step([[1, 2, 3], [4, 5, 6]], [[1, 0], [-1, 2]], 0, 1)
    assert "2·1 + 3·0 + 5·(−1) + 6·2 = 9" in picture.alt
    assert "2 of 2 results" in picture.alt
    first = kernels.step([[1, 2, 3], [4, 5, 6]], [[1, 0], [-1, 2]], 0, 0)
    assert ">9</text>" in picture.svg
    assert ">9</text>" not in first.svg
    assert first.width == picture.width


def test_the_padding_is_told_and_rows_in_it_have_negative_numbers() -> None:
    picture = kernels.step([[1, 2], [3, 4]], np.ones((3, 3)), 0, 0, pad=1)
    assert picture.alt.startswith("An image of 2 × 2 in a border of 1 zero and a kernel of 3 × 3 on rows −1 to 1")
    assert "stroke-dasharray" in picture.svg


def test_the_way_back_adds_up_to_the_gradient_of_the_library() -> None:
    kernel, dout = RNG.normal(size=(2, 3)), RNG.normal(size=(2, 2))
    x = nnkit.tensor(np.zeros((1, 1, 4, 5)), requires_grad=True)
    z = functional.conv2d(x, nnkit.tensor(kernel[None, None]), stride=2)
    z.backward(nnkit.tensor(dout[None, None]))
    last = kernels.step_back((4, 5), np.round(kernel, 2), np.round(dout, 2), 1, 1, stride=2)
    assert "4 of 4 messages have arrived" in last.alt
    said = last.alt.rsplit("dx so far: ", 1)[1].rstrip(".").replace("−", "-")
    dx = [[float(entry) for entry in row.split(", ")] for row in said.split("; ")]
    np.testing.assert_allclose(dx, x.grad.numpy()[0, 0], atol=0.03)


def test_what_the_stride_leaves_over_is_told() -> None:
    assert "The last 1 is seen by none." in kernels.places(8, 3, 2).alt
    assert "seen by none" not in kernels.places(7, 3, 2).alt


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: kernels.result_size(3, 5), "A kernel of 5 does not fit into 3"),
        (lambda: kernels.result_size(3, 2, stride=0), "strides are at least 1"),
        (lambda: kernels.step(np.zeros((2, 2, 2)), [[1]]), "one channel here"),
        (lambda: kernels.step(np.zeros((13, 4)), [[1]]), "Numbers can be read up to 12 × 12"),
        (lambda: kernels.step(np.zeros((3, 3)), [[1]], 3, 0), "The result has 3 rows and 3 columns"),
        (lambda: kernels.step_back((3, 3), [[1]], np.zeros((2, 2))), "dout has the shape of the result, (3, 3)"),
        (lambda: kernels.places(25, 3), "At most 24 cells"),
        (lambda: kernels.layer(5, (6, 6), 2, (3, 3), (4, 4)), "1 to 4 channels and filters"),
        (lambda: kernels.rows_of_windows(np.zeros((7, 7)), 2), "at most 6 × 6"),
        (lambda: kernels.rows_of_windows(np.zeros((3, 3)), 2, window=4), "There are 4 windows"),
    ],
)
def test_what_cannot_be_drawn_is_told(call, words) -> None:
    with pytest.raises(ValueError, match=words.replace("(", r"\(").replace(")", r"\)")):
        call()
