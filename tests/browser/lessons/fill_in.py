"""The lesson of the graph to fill in: one of two messages is not the gradient; both are there before it is sent on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

CELL = """
import nnkit
from nnkit import widgets

a, b = (nnkit.tensor(value, dtype=nnkit.float64, requires_grad=True) for value in (2.0, 1.0))
u = a + b
v = a * u
widgets.fill_in(u * v, inputs={"a": a, "b": b}, names={"u": u, "v": v}, notice="Both messages count.")
"""


def lesson(page: Any, root: Any, follows: Callable[[str], None]) -> None:
    follows("0 of 8 fields are right.")
    root.get_by_label("sum of the gradients that arrive at u").click()
    page.keyboard.type("6")
    root.get_by_label("gradient from u (+) back to b").click()
    follows("That is one of two messages; they add up.")
    page.keyboard.type("6")
    root.get_by_label("sum of the gradients that arrive at u").click()
    follows("That passes on one of the two messages that arrive at u (+).")
    root.get_by_label("gradient from f (×) back to u").focus()
    for count, typed in enumerate(("6", "3", "9", "6", "12", "12", "12", "21"), start=1):
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        follows("All 8 fields are right." if count == 8 else f"{count} of 8")
    follows("∂f/∂a = 21, ∂f/∂b = 12. Both messages count.")
