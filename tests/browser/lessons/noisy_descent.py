"""The lesson of the noisy walks: with batches of 4 most leave the shallow valley, with batches of 16 hardly anybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

CELL = """
from nnkit import widgets

widgets.noisy_descent(batch=4)
"""


def lesson(page: Any, root: Any, follows: Callable[[str], None]) -> None:
    follows("After 0 steps 0 of 100 walks are in the deep valley.")
    root.get_by_role("button", name="Play").click()
    follows("After 400 steps 81 of 100 walks are in the deep valley.")
    batch = root.get_by_role("slider", name="batch size B")
    batch.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    follows("Batch of 16: each gradient is off by 1 or so. After 400 steps 0 of 100")
    root.get_by_role("slider", name="step of the walks").focus()
    page.keyboard.press("Home")
    follows("After 0 steps 0 of 100")
    root.get_by_role("button", name="Step").focus()
    page.keyboard.press("Enter")
    follows("After 1 step ")
