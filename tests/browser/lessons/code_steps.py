"""The lesson of a trace: the result is right in one row, and one round too many takes it away again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

CELL = """
from nnkit.exercises import trace

def double_twice(x):
    result = x
    for turn in range(4):
        result = result + x
    return result

trace("double_twice")
"""


def lesson(page: Any, root: Any, follows: Callable[[str], None]) -> None:
    follows("The check calls double_twice with x = 3.")
    assert "double_twice, line by line." in root.inner_text()
    step = root.get_by_role("button", name="Step")
    for said in ("result = 3", "turn = 0", "result = 6", "turn = 1", "result = 9", "turn = 2", "result = 12"):
        step.click()
        follows(said)
    assert "result = result + x" in root.locator("[aria-current='step']").inner_text()
    assert "▶" in root.locator("[aria-current='step']").inner_text()
    root.get_by_role("button", name="Back").focus()
    page.keyboard.press("ArrowRight")
    follows("1 more round of line")  # the fourth, which is folded
    follows("result = 15")
    page.keyboard.press("End")
    follows("expected 12, yours 15")
    page.keyboard.press("Home")
    follows("The check calls double_twice")
