"""The lesson of the activations: far out the tangent lies down, and with it whatever could be learned."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

CELL = """
from nnkit import widgets

widgets.activations("sigmoid", x=2.0)
"""


def lesson(page: Any, root: Any, follows: Callable[[str], None]) -> None:
    follows("The activation sigmoid and its slope, from −6 to 6. At x = 2 the value is 0.881 and the slope 0.105.")
    slider = root.get_by_role("slider", name="x")
    box = slider.bounding_box()
    page.mouse.move(box["x"] + 0.66 * box["width"], box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] + 5, box["y"] + box["height"] / 2, steps=20)
    page.mouse.up()
    follows("At x = 6 the value is 0.998 and the slope 0.00247.")
    root.get_by_role("combobox", name="activation").select_option("arctan")
    follows("The activation arctan and its slope, from −6 to 6. At x = 6 the value is 1.41 and the slope 0.027.")
    root.get_by_role("combobox", name="activation").focus()
    page.keyboard.type("ReLU")
    follows("The activation ReLU")
    slider.focus()
    page.keyboard.press("Home")
    follows("At x = −6 the value is 0 and the slope 0.")
