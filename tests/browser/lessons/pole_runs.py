"""The poles' lesson: the one that is held comes back, the one that is let go falls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

CELL = """
import numpy as np
from nnkit.widgets.pole_runs import pole_runs

k = np.arange(41)[:, None]
pole_runs({"held": 0.1 * 0.9**k, "let go": 0.01 * 1.2**k})
"""


def lesson(page: Any, root: Any, follows: Callable[[str], None]) -> None:
    follows("Poles after 0 s. held: 5.7° to the right.")
    root.get_by_role("button", name="Play").click()
    follows("Poles after 2 s. held: 0.1° to the right. let go: fallen to the right.")
    root.get_by_role("button", name="Back").focus()
    page.keyboard.press("Home")
    follows("Poles after 0 s.")
    page.keyboard.press("ArrowRight")
    follows("Poles after 0.05 s.")
