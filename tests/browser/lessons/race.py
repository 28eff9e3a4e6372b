"""The lesson of the race: the reader's own rules run; a forgotten correction is seen and told in its step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

CELL = """
import numpy as np
from nnkit import widgets

def momentum_update(w, g, delta, lr, mu):
    delta_new = mu * delta - lr * g
    return w + delta_new, delta_new

def adam_update(w, g, m, v, t, lr, beta1, beta2, eps):
    m_new = beta1 * m + (1 - beta1) * g
    v_new = beta2 * v + (1 - beta2) * g**2
    return w - lr * m_new / (np.sqrt(v_new) + eps), m_new, v_new

widgets.race(rate_adam=0.03, momentum=momentum_update, adam=adam_update)
"""


def lesson(page: Any, root: Any, follows: Callable[[str], None]) -> None:
    follows("Nobody has arrived after 0 steps. adam_update goes its own way: in step 2 it moves by")
    root.get_by_role("button", name="Play").click()
    follows("momentum in step 66")
    follows("SGD in step 406")
    handle = root.get_by_role("slider", name="start")
    box = handle.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 70, box["y"] + 40, steps=15)
    page.mouse.up()
    follows("Arrived: ")
    rate = root.get_by_role("textbox", name="rate of momentum, typed")
    rate.fill("0.9")
    page.keyboard.press("Enter")
    follows("Not arrived after 450 steps: momentum")
    root.get_by_label("surface").select_option("saddle")
    follows("Nobody has arrived after 0 steps.")
    root.get_by_role("slider", name="step of the race").focus()
    page.keyboard.press("End")
    follows("after 450 steps")
