"""What is special to the notebook on convolution: references that agree with the engine, and sizes that are whole."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nnkit
from nnkit.exercises import evaluate, index
from tests.answers import answers_to, changed, namespace_of

SEEDS = ((1, False), (2, True), (77, True))


def verdict(name: str, source: str, seed: int = 1, hidden: bool = False) -> Any:
    return evaluate(name, namespace_of(source), seed, hidden)


def test_the_layer_agrees_with_the_engine() -> None:
    exercise = index.find("conv2d_forward")
    for seed, hidden in SEEDS:
        for case in exercise.draw(seed, hidden):
            x, w, b, stride, pad = exercise.with_defaults(case.arguments).values()
            images, filters, biases = (nnkit.tensor(array.astype(float)) for array in (x, w, b))
            theirs = nnkit.functional.conv2d(images, filters, biases, stride, pad).numpy()
            np.testing.assert_allclose(exercise.reference(*case.arguments.values()), theirs, rtol=1e-10, atol=1e-12)


def test_one_filter_is_a_layer_of_one() -> None:
    layer, one = index.find("conv2d_forward"), index.find("convolve_image")
    for case in one.draw(7, hidden=True):
        image, kernel = case.arguments.values()
        whole = layer.reference(image[None, None], kernel[None, None], np.zeros(1))
        np.testing.assert_allclose(one.reference(image, kernel), whole[0, 0], atol=1e-12)


def test_sizes_are_those_of_the_layer() -> None:
    layer, size = index.find("conv2d_forward"), index.find("conv_output_size")
    for case in layer.draw(3, hidden=True):
        x, w, b, stride, pad = layer.with_defaults(case.arguments).values()
        expected = [size.reference(x.shape[axis], w.shape[axis], stride, pad) for axis in (2, 3)]
        assert layer.reference(x, w, b, stride, pad).shape[2:] == tuple(expected)


def test_no_kernel_is_larger_than_the_padded_image() -> None:
    for seed in range(50):
        for case in index.find("conv_output_size").draw(seed, hidden=True):
            size, kernel, stride, pad = case.arguments.values()
            assert 1 <= kernel <= size + 2 * pad
            assert size >= 1 <= stride


@pytest.mark.parametrize("whole", ["int({})", "math.floor({})", "np.int64({})", "int(np.floor({}))"])
def test_every_kind_of_integer_is_a_size(whole: str) -> None:
    formula = whole.format("(size + 2 * pad - kernel) / stride + 1")
    assert verdict("conv_output_size", f"def conv_output_size(size, kernel, stride, pad):\n    return {formula}").passed


@pytest.mark.parametrize("fraction", ["np.floor({})", "float(int({}))", "{} // 1"])
def test_a_float_is_none(fraction: str) -> None:
    formula = fraction.format("((size + 2 * pad - kernel) / stride + 1)")
    source = f"def conv_output_size(size, kernel, stride, pad):\n    return {formula}"
    report = verdict("conv_output_size", source)
    assert report.status == "wrong"
    assert "The number is right, but a float" in report.message
    assert "makes a float of integers" in report.cause


def test_of_a_wrong_number_nothing_is_said_that_is_another_mistake() -> None:
    source = "def conv_output_size(size, kernel, stride, pad):\n    return -(-(size + 2 * pad) // stride) + 3"
    assert verdict("conv_output_size", source).cause is None


@pytest.mark.parametrize("kind", ["np.float32", "np.float64"])
def test_single_precision_is_right(kind: str) -> None:
    source = changed(
        answers_to("conv2d_forward").right["all samples and filters at once"], ("w, axes", f"{kind}(w), axes")
    )
    assert verdict("conv2d_forward", source, 5, hidden=True).passed


def test_a_window_outside_the_image_is_told_as_what_it_is() -> None:
    source = changed(
        answers_to("convolve_image").right["window by window"], ("H, W = image.shape", "W, H = image.shape")
    )
    assert "right for square images" in verdict("convolve_image", source).cause


@pytest.mark.parametrize(
    ("name", "source"),
    [
        (
            "conv2d_forward",
            "def conv2d_forward(x, w, b, stride=1, pad=0):\n"
            "    tensors = [nnkit.tensor(array) for array in (x, w, b)]\n"
            "    return nnkit.functional.conv2d(*tensors, stride, pad).numpy()",
        ),
        (
            "convolve_image",
            "def convolve_image(image, kernel):\n"
            "    tensors = [nnkit.tensor(array[None, None] * 1.0) for array in (image, kernel)]\n"
            "    return nnkit.functional.conv2d(*tensors).numpy()[0, 0]",
        ),
    ],
)
def test_the_engine_does_not_count(name: str, source: str) -> None:
    assert verdict(name, f"import nnkit\n{source}").words == "not counted"


def test_windows_of_numpy_count() -> None:
    assert verdict("convolve_image", answers_to("convolve_image").right["sliding windows and einsum"]).passed


WINDOW = "np.sum(p[:, :, r : r + KH, s : s + KW] * w[f], axis=(1, 2, 3))"
LAYER = f"""
def conv2d_forward(x, w, b, stride=1, pad=0):
    p = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, C, H, W), (F, C, KH, KW) = p.shape, w.shape
    z = np.zeros((N, F, (H - KH) // stride + 1, (W - KW) // stride + 1), dtype=float)
    for f, i, j in np.ndindex(z.shape[1:]):
        r, s = i * stride, j * stride
        z[:, f, i, j] = {WINDOW} + b[f]
    return z
"""


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (("dtype=float", "dtype=x.dtype"), "Where x holds whole numbers, so does your result"),
        (("dtype=float", "dtype=np.asarray(x).dtype"), "From where does your array have its dtype?"),
        (("s = i * stride, j * stride", "s = i * stride, j"), "To the right your windows begin one pixel apart"),
        (("s = i * stride, j * stride", "s = i, j * stride"), "Down the image your windows begin one pixel apart"),
    ],
)
def test_a_layer_that_is_wrong_in_one_place_is_told_it(edit: tuple[str, str], said: str) -> None:
    assert verdict("conv2d_forward", LAYER).passed
    assert said in verdict("conv2d_forward", changed(LAYER, edit)).cause


def test_whole_numbers_by_products_one_by_one_lose_the_same() -> None:
    one_by_one = """
def conv2d_forward(x, w, b, stride=1, pad=0):
    p = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, C, H, W), (F, C, KH, KW) = p.shape, w.shape
    z = np.zeros((N, F, (H - KH) // stride + 1, (W - KW) // stride + 1), dtype=x.dtype)
    for n, f, i, j in np.ndindex(z.shape):
        z[n, f, i, j] = b[f]
        for c, k, l in np.ndindex(C, KH, KW):
            z[n, f, i, j] += p[n, c, i * stride + k, j * stride + l] * w[f, c, k, l]
    return z
"""
    assert "Where x holds whole numbers, so does your result" in verdict("conv2d_forward", one_by_one).cause


def test_of_a_division_the_case_with_a_fraction_is_shown() -> None:
    report = verdict(
        "conv_output_size",
        "def conv_output_size(size, kernel, stride, pad):\n    return (size + 2 * pad - kernel) / stride + 1",
    )
    assert "Yours has a fraction" in report.cause
    assert "." in report.message.partition("yours ")[2].split()[0].rstrip(".")


def test_a_float_is_shown_with_both_numbers() -> None:
    report = verdict(
        "conv_output_size",
        "def conv_output_size(size, kernel, stride, pad):\n    return (size + 2 * pad - kernel) // stride + 1.0",
    )
    assert "The number is right, but a float: 6.0 where the int 6 was expected." in report.message
