"""The pad's lesson: what is drawn small in a corner is read as well, because it is made an image as MNIST was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# A reader that says which half of the image holds more ink: 1 for the left one, 2 for the right one.
CELL = """
import numpy as np
from nnkit.widgets.drawing_pad import drawing_pad

def sides(images):
    left, right = images[0, 0, :, :14].sum(), images[0, 0, :, 14:].sum()
    return np.eye(10)[[1 if left > right else 2]]

drawing_pad(sides, digit=1, normalised=False)
"""


def lesson(page: Any, root: Any, follows: Callable[[str], None]) -> None:
    pad = root.locator(".nnkit-pad")
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 0.7 * box["height"], steps=20)
    page.mouse.up()
    follows("for a 2, at 100 %")
    assert pad.locator("polyline").count() == 1
    root.get_by_label("normalised as MNIST was").check()
    follows("takes it for")
    root.get_by_role("button", name="Clear").click()
    follows("The pad is empty.")
    root.get_by_label("normalised as MNIST was").uncheck()
    pad.focus()
    for key in ["Shift+ArrowLeft"] * 3 + ["Space"] + ["Shift+ArrowDown"] * 4 + ["Space"]:
        page.keyboard.press(key)
    follows("for a 1, at 100 %")
