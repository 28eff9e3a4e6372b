"""The lesson of a sketch: the reader's own curve first, then the true one over it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

CELL = """
import numpy as np

from nnkit import widgets

radii = np.linspace(0.5, 2, 31)
widgets.sketch(
    "A number is multiplied fifty times by the radius. What power of ten has it then?",
    [0.5, 1, 1.5, 2], (-16, 16), {"fifty times": (radii, 50 * np.log10(radii))}, "It crosses 0 at 1.",
    start=0, step=0.5, xlabel="radius", ylabel="power of ten",
)
"""


def lesson(page: Any, root: Any, follows: Callable[[str], None]) -> None:
    follows("The sketch: 0 at 0.5, 0 at 1, 0 at 1.5, 0 at 2.")
    point = root.get_by_role("slider", name="height at 2")
    box = point.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] - 60, steps=12)
    page.mouse.up()
    root.get_by_role("slider", name="height at 0.5").focus()
    page.keyboard.press("Shift+ArrowDown")
    follows("The sketch: −5 at 0.5, 0 at 1, 0 at 1.5,")
    assert "fifty times has" not in root.inner_text()
    root.get_by_role("button", name="Commit").focus()
    page.keyboard.press("Enter")
    follows("Over it: fifty times. fifty times has −15.1 at 0.5, 0 at 1, 8.8 at 1.5, 15.1 at 2.")
    follows("It crosses 0 at 1.")
