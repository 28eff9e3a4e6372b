"""The kernel walk as its reader goes through it: what blurring does, an own filter, and an own function with a slip."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

CELL = """
import numpy as np
from nnkit import widgets

SEVEN = np.array([
    [0, 0, 0, 0, 0, 0],
    [0, 2, 2, 2, 0, 0],
    [0, 0, 1, 2, 0, 0],
    [0, 0, 2, 1, 0, 0],
    [0, 0, 2, 0, 0, 0],
    [0, 0, 0, 0, 0, 0],
])

def convolve_image(image, kernel):
    rows, columns = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1
    z = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            z[i, j] = np.sum(image[i : i + kernel.shape[0], j : j + kernel.shape[1]] * kernel[::-1])
    return z

widgets.kernel_walk(image=SEVEN, kernel=[[1, -1], [1, -1]], row=1, column=3, yours="convolve_image")
"""

SEVEN = np.array([[0] * 6, [0, 2, 2, 2, 0, 0], [0, 0, 1, 2, 0, 0], [0, 0, 2, 1, 0, 0], [0, 0, 2, 0, 0, 0], [0] * 6])


def lesson(page: Any, root: Any, follows: Callable[[str], None]) -> None:
    verdict = root.locator(".nnkit-verdict")
    image, result = (root.locator(f'svg[aria-label="{name}"]') for name in ("image", "result"))

    # With the mouse: from place to place over the image, then over the result.
    follows("Row 1, column 3 of the result: 2·1 + 0·(−1) + 2·1 + 0·(−1) = 4.")
    verdict.get_by_text("finds the sum of products at all 25 places").wait_for()
    box = image.bounding_box()
    image.hover(position={"x": box["width"] * 3 / 6, "y": box["height"] * 2 / 6})
    follows("Row 1, column 2 of the result: 2·1 + 2·(−1) + 1·1 + 2·(−1) = −1.")
    box = result.bounding_box()
    result.click(position={"x": box["width"] * 0.9, "y": box["height"] * 0.1})
    follows("Row 0, column 4 of the result")

    # With the keyboard: a kernel whose rows differ; the function above turns them round, and the place says so.
    type_weights(root, "1", "2", "3", "4")
    verdict.get_by_text("finds something else at").wait_for()
    root.get_by_role("slider", name="the kernel on the image").focus()
    for key in ("Home", "ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    follows("Row 1, column 2 of the result: 2·1 + 2·2 + 1·3 + 2·4 = 17.")
    verdict.get_by_text("Here: yours 19, sum of products 17.").wait_for()

    # Blurring: all weights ¼, all results at once; each is the mean of four pixels.
    type_weights(root, "1/4", "1/4", "1/4", "1/4")
    root.get_by_label("all results").focus()
    page.keyboard.press("Space")
    verdict.get_by_text("finds the sum of products at all 25 places").wait_for()
    shown = [float(text) for text in result.locator("text").all_text_contents() if text]
    assert shown == [SEVEN[i : i + 2, j : j + 2].mean() for i in range(5) for j in range(5)]


def type_weights(root: Any, *weights: str) -> None:
    for name, weight in zip(("0, 0", "0, 1", "1, 0", "1, 1"), weights, strict=True):
        field = root.get_by_role("textbox", name=f"weight {name}")
        field.fill(weight)
        field.press("Enter")
