"""The widget of the walking kernel: its state, its static picture, and what it hears from a reader's own function."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from nnkit import functional, tensor
from nnkit.widgets.kernel_walk import KernelWalk, kernel_walk

IMAGE = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
KERNEL = [[1, 0], [0, -1]]


def right(image, kernel):
    rows, columns = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1
    found = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            found[i, j] = np.sum(image[i : i + kernel.shape[0], j : j + kernel.shape[1]] * kernel)
    return found


def turned(image, kernel):
    return right(image, kernel[::-1, ::-1])


def layer(x, w, b, stride=1, pad=0):
    return functional.conv2d(tensor(x), tensor(w), tensor(b), stride=stride, padding=pad).numpy()


def said_of(yours, **changes):
    return repr(KernelWalk(image=IMAGE, kernel=KERNEL, yours=yours, **changes).twin()).splitlines()[-1]


def test_the_static_picture_is_the_place_that_was_asked_for(monkeypatch, capsys):
    monkeypatch.setenv("NNKIT_STATIC", "1")
    kernel_walk(image=IMAGE, kernel=KERNEL, row=1, column=0)
    said, err = capsys.readouterr()
    assert "4·1 + 5·0 + 7·0 + 8·(−1) = −4" in said
    assert said.endswith("Drawn for row 1, column 0 of the result.\n")
    assert err == ""
    assert "<svg" in KernelWalk(image=IMAGE, kernel=KERNEL).twin().html


def test_the_dictionary_makes_the_same_picture_again():
    first = KernelWalk(image=np.array(IMAGE), kernel=[[1, 2.5]], row=2, stride=1, pad=0, draw=True)
    again = KernelWalk(first.state)
    assert again.state == first.state
    assert again.material()["images"]["as it was"] == IMAGE


def test_what_the_caller_gave_stays_as_it_is():
    image, kernel = np.array(IMAGE, float), np.array([[1.0, 2.0]])
    walk = KernelWalk(image=image, kernel=kernel, yours=lambda image, kernel: image.fill(0))
    walk.answer(walk.state)
    assert kernel.tolist() == [[1.0, 2.0]]
    assert image.tolist() == IMAGE
    assert walk.state["image"] == IMAGE


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"kernel": np.ones((4, 4))}, "A kernel of 4 does not fit into 3"),
        ({"kernel": np.ones((2, 2)), "row": 2}, "The result has 2 rows"),
        ({"kernel": np.ones((6, 6))}, "kernel is a table of 1 to 5 rows and columns"),
        ({"kernel": [[np.nan]]}, "numbers from -99 to 99"),
        ({"kernal": [[1]]}, "has no setting 'kernal'; did you mean 'kernel'"),
    ],
)
def test_what_makes_no_picture_is_told(settings, told):
    with pytest.raises(ValueError, match=told):
        KernelWalk(image=IMAGE, **settings)


def test_a_right_function_is_told_so_with_padding_and_stride_too():
    assert said_of(right).endswith("Your right finds the sum of products at all 4 places.")
    assert said_of(right, stride=2, pad=1).endswith("at all 4 places.")
    assert said_of(layer, stride=2, pad=1).endswith("Your layer finds the sum of products at all 4 places.")
    assert said_of(lambda image, kernel, stride, pad: right(np.pad(image, pad), kernel)[::stride, ::stride], pad=1)


def test_a_wrong_function_is_shown_as_it_is():
    assert "something else at 4 of 4 places, first at row 0, column 0: yours 4, sum of products −4" in said_of(turned)
    assert "Your padded makes a table of 4 × 4 here, and there are 2 × 2 places." in said_of(padded)


def padded(image, kernel):
    return right(np.pad(image, 1), kernel)


def unwritten(image, kernel):
    raise NotImplementedError


def crashing(image, kernel):
    return image @ np.ones(7)


def endless(image, kernel):
    row = 0
    while row < len(image):
        try:
            kernel.sum()
        except Exception:
            row += 1


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (unwritten, "Your unwritten is not written yet (NotImplementedError)."),
        (endless, "Your endless did not come to an end and was stopped."),
        (crashing, "Your crashing stopped with an error: matmul: Input operand 1 has a mismatch"),
        (lambda image, kernel: None, "returned None. Does it end with return?"),
        (lambda image, kernel: "three", "returned a str; a result is a table of numbers"),
        (lambda image, kernel: [[1], [2, 3]], "returned a list; a result is a table of numbers"),
        (lambda image, kernel: np.ones(3), "returned an array of shape (3,)"),
        ("no_such_function", "There is no no_such_function yet"),
        (lambda: 1, "stopped with an error: <lambda>() takes 0 positional arguments"),
    ],
)
def test_whatever_a_function_does_is_a_sentence(function, told):
    assert told in said_of(function)


def test_a_name_is_looked_up_at_each_question(monkeypatch):
    names: dict[str, object] = {}
    monkeypatch.setattr(sys.modules["nnkit.widgets.kernel_walk"], "_looked_up", names.get)
    walk = KernelWalk(image=IMAGE, kernel=KERNEL, yours="convolve_image")
    assert "There is no convolve_image yet" in walk.answer(walk.state)["said"]
    names["convolve_image"] = right
    assert walk.answer(walk.state)["values"] == [[-4, -4], [-4, -4]]
    assert walk.material()["looked_up"]


def test_a_function_that_prints_and_warns_leaves_nothing_behind(capsys):
    def loud(image, kernel):
        print("here")
        return right(image / np.zeros(1), kernel)

    assert "something else" in said_of(loud)
    assert capsys.readouterr() == ("", "")
