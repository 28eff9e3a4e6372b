"""The stepper's lesson: messages that arrive at one node add up before it passes its own on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

CELL = """
import nnkit
from nnkit import draw
from nnkit.widgets.stepper import Stepper

a = nnkit.tensor(3.0, requires_grad=True)
b = a + a
steps = draw.sequence(b + b, inputs={"a": a}, names={"b": b}, result="c")
Stepper(steps.pictures, steps.sentences).show()
"""


def lesson(page: Any, root: Any, follows: Callable[[str], None]) -> None:
    follows("The backward pass starts at c")
    root.get_by_role("button", name="Step").click()
    follows("At b the messages add up: 1 + 1 = 2.")
    root.get_by_role("button", name="Step").click()
    follows("∂c/∂a = 4")
    root.get_by_role("button", name="Back").focus()
    page.keyboard.press("ArrowLeft")
    follows("1 + 1 = 2")
    page.keyboard.press("Home")
    follows("starts at c")
    page.keyboard.press("End")
    follows("∂c/∂a = 4")
