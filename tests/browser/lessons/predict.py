"""A prediction's lesson: it is worth something because it comes before the answer, and cannot be taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

CELL = """
from nnkit import widgets

widgets.predict("b = a + a, c = b + b. What is ∂c/∂a?", 4, "Messages add up.")
"""


def lesson(page: Any, root: Any, follows: Callable[[str], None]) -> None:
    root.get_by_role("button", name="Commit").click()
    follows("there is nothing in the box yet")
    box = root.get_by_role("textbox")
    box.focus()
    page.keyboard.type("2d")  # in JupyterLab's command mode these letters would do things to cells
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    follows("You: 2. Answer: 4 (a different number")
    follows("Messages add up.")
