"""The unrolled network as its reader goes through it: a unit that latches lets nothing through; where one arrives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

CELL = """
from nnkit import widgets

widgets.unrolled(weight=2, tanh=True, loudness=0.05)
"""


def lesson(page: Any, root: Any, follows: Callable[[str], None]) -> None:
    follows("8.49·10⁻³² of 1 is left: the message vanishes. The law 2⁵⁰ is 1.13·10¹⁵.")

    # With the mouse: from the start, two steps by hand, the rest played.
    time = root.get_by_role("slider", name="steps back in time")
    time.fill("0")
    follows("The message 1 arrives at the last state, h₅₀.")
    step = root.get_by_role("button", name="Step")
    step.click()
    step.click()
    follows("From h₄₉ to h₄₈:")
    time.fill("40")
    root.get_by_role("button", name="Play").click()
    follows("After 50 steps 8.49·10⁻³² of 1 is left")

    # Without tanh the curve is the law.
    tanh = root.get_by_label("tanh", exact=True)
    tanh.click()
    follows("After 50 steps 1 has become 1.13·10¹⁵: the message explodes.")
    tanh.click()
    follows("the message vanishes")

    # With the keyboard: down with w, to where a message arrives about as it was sent; then louder inputs.
    type_into(root, "weight w, radius ρ, typed", "1.12")
    root.get_by_label("weight w, radius ρ", exact=True).focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    follows("After 50 steps 1 has become 1.48: the message stays. The law 1.1⁵⁰ is 117.")
    type_into(root, "loudness, typed", "0.3")
    follows("1.65·10⁻⁶ of 1 is left: the message vanishes.")
    root.get_by_label("gradient of wx").focus()
    page.keyboard.press("Space")
    root.locator(".nnkit-gradient").get_by_text("is the sum of 50 terms").wait_for()


def type_into(root: Any, label: str, text: str) -> None:
    box = root.get_by_label(label)
    box.fill(text)
    box.press("Enter")
