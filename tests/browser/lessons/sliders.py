"""The lesson of sliders: what a function draws follows the hand, and a value that it cannot draw is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

CELL = """
import matplotlib.pyplot as plt
import numpy as np

from nnkit import widgets
from nnkit.draw import style

style.use()


def line_picture(theta1, theta2):
    x, y = np.array([0.0, 1.0, 2.0, 3.0]), np.array([1.0, 1.4, 2.6, 3.0])
    if theta1 == 0:
        raise ValueError("A level line is not asked for.")
    loss = np.mean((theta1 * x + theta2 - y) ** 2)
    figure, axes = plt.subplots(figsize=(6, 3.2))
    axes.plot(x, y, "s", color=style.COLOURS["target"], label="measured y")
    axes.plot(x, theta1 * x + theta2, label="prediction")
    axes.set(xlabel="x", ylabel="y", ylim=(-1, 5), title=f"L = {loss:.3f}")
    axes.legend()
    return style.caption(figure, alt=f"Slope {theta1:.2f}, offset {theta2:.2f}: the loss is {loss:.3f}.")


widgets.sliders(line_picture, theta1=(-1, 2, 0.2, 0.02), theta2=(-1, 3, 2.0, 0.02))
"""


def lesson(page: Any, root: Any, follows: Callable[[str], None]) -> None:
    follows("Slope 0.20, offset 2.00: the loss is 0.460.")
    slider = root.get_by_role("slider", name="θ₁")
    box = slider.bounding_box()
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2, steps=40)
    page.mouse.up()
    follows("Slope 1.")
    typed = root.get_by_role("textbox", name="θ₂, typed")
    typed.fill("0.92")
    typed.press("Enter")
    follows("offset 0.92")
    typed = root.get_by_role("textbox", name="θ₁, typed")
    typed.fill("0.74")
    typed.press("Enter")
    follows("Slope 0.74, offset 0.92")
    slider.focus()
    for step in range(1, 11):
        page.keyboard.press("ArrowLeft")
        follows(f"Slope {0.74 - 0.02 * step:.2f}, offset 0.92")
    typed.fill("0")
    typed.press("Enter")
    follows("This cannot be drawn at θ₁ = 0, θ₂ = 0.92: A level line is not asked for. (ValueError)")
    typed.fill("0.72")
    typed.press("Enter")
    follows("the loss is 0.032.")
