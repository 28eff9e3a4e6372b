"""The lesson of the folded plane: moving alone never separates XOR; with one bend, a straight line does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

CELL = """
from nnkit import widgets

widgets.space_folded()
"""


def lesson(page: Any, root: Any, follows: Callable[[str], None]) -> None:
    follows("1 of 4 points are on the right side; (0, 1), (1, 0) and (1, 1) are not")
    follows("With the identity nothing folds, and no straight line can separate these images.")
    # The plane is only sheared, whatever is turned.
    handle = root.get_by_role("slider", name="weights of h₁")
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 30, box["y"] - 20, steps=15)
    page.mouse.up()
    follows("no straight line can separate these images.")
    root.get_by_role("button", name="flat").click()
    root.get_by_role("button", name="Play").click()
    root.locator("svg text", has_text="from x to z").wait_for()
    root.locator("svg text", has_text="h = z: moved, still flat").wait_for()
    # One bend, and the joins no longer meet.
    root.get_by_role("combobox", name="activation").select_option("ReLU")
    follows("3 of 4 points are on the right side; (1, 1) is not: ŷ = 0.8. A straight line could separate these images.")
    root.get_by_role("button", name="Play").click()
    root.locator("svg text", has_text="from z to h = ReLU(z)").wait_for()
    root.locator("svg text", has_text="h = ReLU(z)").last.wait_for()
    box_ = root.get_by_role("spinbutton", name="bias of ŷ")
    box_.fill("-0.4")
    box_.press("Enter")
    follows("4 of 4 points are on the right side: in (h₁, h₂) one straight line separates")
    # A neuron that sleeps, woken with the keyboard alone.
    root.get_by_role("button", name="one asleep").focus()
    page.keyboard.press("Enter")
    follows("No straight line can separate these images.")
    root.get_by_role("spinbutton", name="weight from x₂ to h₂").focus()
    for _ in range(2):
        page.keyboard.press("Shift+ArrowUp")
    root.get_by_role("spinbutton", name="bias of h₂").focus()
    for _ in range(5):
        page.keyboard.press("ArrowUp")
    follows("4 of 4 points are on the right side")
