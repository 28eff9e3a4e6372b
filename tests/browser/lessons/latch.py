"""The latch's lesson: with wh = 2 a unit holds its 1 at b = −0.4 and lets go at −0.5; below −1 it goes on jumping."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

CELL = """
from nnkit import widgets

widgets.latch(wh=0.5, b=0)
"""


def lesson(page: Any, root: Any, follows: Callable[[str], None]) -> None:
    follows("It has forgotten.")
    box = root.get_by_role("slider", name="wh, on the curve").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] - 42, steps=6)
    page.mouse.up()
    follows("It still remembers.")
    typed = root.get_by_label("wh, typed")
    typed.fill("2")
    typed.press("Enter")
    handle = root.get_by_role("slider", name="b, on the curve")
    handle.focus()
    for _ in range(8):
        page.keyboard.press("ArrowDown")
    follows("the state is 0.873; without the 1 it would be −0.983. It still remembers.")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    follows("It has forgotten.")
    typed.fill("-1.5")
    typed.press("Enter")
    root.get_by_label("b, typed").fill("0")
    root.get_by_label("b, typed").press("Enter")
    root.get_by_role("button", name="Back").click()
    follows("h₁₉ = tanh(−1.5 · (−0.859) + 0) = 0.859.")
    root.get_by_role("button", name="Step").click()
    follows("h₂₀ = tanh(−1.5 · 0.859 + 0) = −0.859.")
