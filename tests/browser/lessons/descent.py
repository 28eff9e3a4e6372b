"""The lesson of descent in the hand: the rate alone decides whether a walk arrives, and the steepest axis sets it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

CELL = """
from nnkit import widgets

widgets.descent(surface="valley", rate=0.02, steps=40)
"""


def lesson(page: Any, root: Any, follows: Callable[[str], None]) -> None:
    follows("by 1 − α = 0.98 along x, by 1 − 25α = 0.5 along y")
    # With the mouse: another start, and the factors stay what they are.
    handle = root.get_by_role("slider", name="start")
    box = handle.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 60, steps=15)
    page.mouse.up()
    follows("by 1 − α = 0.98 along x, by 1 − 25α = 0.5 along y")
    assert handle.get_attribute("aria-valuetext") != "−4, 1.5"
    # With the keyboard: just below 2/26 both factors are equally large; beyond 2/25 y explodes.
    rate = root.get_by_role("textbox", name="rate α, typed")
    rate.fill("0.0769")
    page.keyboard.press("Enter")
    follows("by 1 − α = 0.923 along x, by 1 − 25α = −0.922 along y")
    rate.fill("0,15")
    page.keyboard.press("Enter")
    follows("SGD leaves for good in step")
    # What cures it: momentum, at a rate that descent can bear.
    root.get_by_label("optimizer").select_option("momentum")
    root.get_by_label("beside it").select_option("SGD")
    rate.fill("0.06")
    page.keyboard.press("Enter")
    root.get_by_role("textbox", name="momentum μ, typed").fill("0.6")
    page.keyboard.press("Enter")
    follows("SGD: loss")
    # A start on an axis of the valley: the walk goes straight.
    handle.focus()
    for _ in range(12):
        page.keyboard.press("Shift+ArrowRight")
    follows("momentum: loss")
