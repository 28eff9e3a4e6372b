"""The glider's lesson: four numbers tear somewhere on every full turn, nine do not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# In place of trained networks: half-angle quaternions whose sign changes smoothly around half a turn, and the truth.
CELL = """
import numpy as np
from nnkit import widgets
from nnkit.widgets.attitude import turned

def torn(R):
    answers = []
    for M in R:
        phi = np.degrees(np.arctan2(M[1, 0], M[0, 0])) % 360
        half = np.radians(phi / 2)
        share = np.tanh((180 - phi) / 8)
        q = np.array([share * np.sin(half), share * np.cos(half) + 0.2 * (1 - share**2)])
        answers.append(turned([np.degrees(2 * np.arctan2(q[0], q[1]))], 90, 0)[0])
    return np.array(answers)

widgets.attitude({"quaternion": torn, "nine": lambda R: R}, turn=90)
"""


def lesson(page: Any, root: Any, follows: Callable[[str], None]) -> None:
    follows("nine is 0° off")
    root.get_by_role("button", name="Turn").click()
    follows("Turned by 360°")
    follows("nine 0° at")
    box = root.get_by_label("turn in degrees, typed")
    box.fill("180")
    box.press("Enter")
    follows("Turned by 180°: quaternion is 180° off; nine is 0° off")
    tip = root.get_by_role("slider", name="axis of the turn")
    tip.focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowDown")
    follows("nine is 0° off")
