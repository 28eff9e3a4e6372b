"""The lesson of the activations: far out the tangent lies down, and with it whatever could be learned."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

CELL = """
from nnkit import widgets

widgets.activations("sigmoid", x=2.0)
"""


def lesson(page: Any, root: Any, follows: Callable[[str], None]) -> None:
    follows("sigmoid at x = 2: value 0.881, slope 0.105. A message is multiplied by 0.105 here.")
    point = root.get_by_role("slider", name="x on the curve")
    box = point.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"], steps=30)
    page.mouse.up()
    follows("sigmoid at x = 6: value 0.998, slope 0.00247.")
    root.get_by_role("combobox", name="activation").select_option("arctan")
    follows("arctan at x = 6: value 1.41, slope 0.027.")
    root.get_by_role("combobox", name="activation").focus()
    page.keyboard.type("ReLU")
    follows("ReLU at x = 6: value 6, slope 1.")
    root.get_by_role("slider", name="x", exact=True).focus()
    page.keyboard.press("Home")
    follows("ReLU at x = −6: value 0, slope 0. A message is multiplied by 0 here.")
