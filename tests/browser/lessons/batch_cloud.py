"""The lesson of the cloud: four times the batch, half the error; at the lowest point only noise is left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

CELL = """
from nnkit import widgets

widgets.batch_cloud(batch=4)
"""


def lesson(page: Any, root: Any, follows: Callable[[str], None]) -> None:
    follows("The law says σ/√B = 3.39/√4 = 1.69.")
    handle = root.get_by_role("slider", name="batch size").last
    box = handle.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 66, box["y"] + box["height"] / 2, steps=12)
    page.mouse.up()
    follows("3.39/√16 = 0.846")
    # One sample at a time: some point the wrong way.
    handle.focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    follows("71 of the 500 lead uphill")
    root.get_by_role("slider", name="way done").focus()
    page.keyboard.press("End")
    follows("The exact gradient is 0 here: all that is left is noise.")
