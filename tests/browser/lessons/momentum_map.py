"""The lesson of the map: a walk that jumps begins to ring with momentum, and the safe rates reach twice as far."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

CELL = """
from nnkit import widgets

widgets.momentum_map(rate=0.06, momentum=0.0)
"""


def lesson(page: Any, root: Any, follows: Callable[[str], None]) -> None:
    follows("Jumping. In the end each step multiplies the way by −0.5.")
    handle = root.get_by_role("slider", name="rate and momentum")
    box = handle.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] - 140, steps=15)
    page.mouse.up()
    follows("Ringing. The roots are complex")
    # With μ = 0.9 the safe rates end at 2 · 1.9 / 25 = 0.152.
    for name, value in (("momentum μ", "0.9"), ("rate α", "0.15")):
        root.get_by_role("textbox", name=f"{name}, typed").fill(value)
        page.keyboard.press("Enter")
    follows("of size √μ = 0.949")
    handle.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    follows("Exploding.")
    # Both axes of a valley: the point where they ring with the least momentum.
    root.get_by_label("and a flat axis, curvature 1").check()
    for name, value in (("rate α", "0.111"), ("momentum μ", "0.45")):
        root.get_by_role("textbox", name=f"{name}, typed").fill(value)
        page.keyboard.press("Enter")
    follows("On the flat axis: ringing.")
