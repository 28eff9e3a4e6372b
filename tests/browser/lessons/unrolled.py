"""The unrolled network as its reader goes through it: a unit that latches lets nothing through; where one arrives."""

from __future__ import annotations

from typing import Any

CELL = """
from nnkit import widgets

widgets.unrolled(weight=2, tanh=True, loudness=0.05)
"""


def lesson(page: Any, root: Any, follows: Any) -> None:
    """Play the message back, take tanh away, and find the weight at which it arrives about as it was sent.

    Parameters
    ----------
    page : playwright Page
    root : locator of the widget
    follows : whatever measures; not needed here
    """
    words = root.locator(".nnkit-words")
    assert "8.49·10⁻³² of 1 is left: the message vanishes. The law 2⁵⁰ is 1.13·10¹⁵." in words.inner_text()

    # With the mouse: back to the start, two steps by hand, the rest played.
    root.get_by_role("slider", name="steps back in time").fill("0")
    words.get_by_text("The message 1 arrives at the last state, h₅₀.").wait_for()
    step = root.get_by_role("button", name="Step")
    step.click()
    step.click()
    words.get_by_text("From h₄₉ to h₄₈:").wait_for()
    root.get_by_role("slider", name="steps back in time").fill("40")
    root.get_by_role("button", name="Play").click()
    words.get_by_text("After 50 steps 8.49·10⁻³² of 1 is left").wait_for()

    # Without tanh the curve is the law.
    tanh = root.get_by_label("tanh", exact=True)
    tanh.click()
    words.get_by_text("After 50 steps 1 has become 1.13·10¹⁵: the message explodes.").wait_for()
    tanh.click()

    # With the keyboard: down with w, to where a message arrives about as it was sent.
    weight = root.get_by_label("weight w, radius ρ, typed")
    weight.fill("1.12")
    weight.press("Enter")
    slider = root.get_by_label("weight w, radius ρ", exact=True)
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    words.get_by_text("After 50 steps 1 has become 1.48: the message stays. The law 1.1⁵⁰ is 117.").wait_for()
    loudness = root.get_by_label("loudness, typed")
    loudness.fill("0.3")
    loudness.press("Enter")
    words.get_by_text("1.65·10⁻⁶ of 1 is left: the message vanishes.").wait_for()
    terms = root.get_by_label("gradient of wx")
    terms.focus()
    page.keyboard.press("Space")
    root.locator(".nnkit-gradient").get_by_text("is the sum of 50 terms").wait_for()
