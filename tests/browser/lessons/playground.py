"""The playground's lesson: six neurons separate the spirals, and how they are arranged decides how easily."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

CELL = """
from nnkit import widgets

widgets.playground(challenge="six neurons")
"""


def lesson(page: Any, root: Any, follows: Callable[[str], None]) -> None:
    follows("After 0 epochs: loss 0.87")
    assert root.get_by_role("button", name="Play").is_disabled()

    # With the mouse: predict, play two neurons, see that they do not do, and be told why.
    root.get_by_label("3 and 3").check()
    root.get_by_role("button", name="Commit").click()
    root.get_by_text("Your prediction: 3 and 3.").wait_for()
    root.get_by_role("button", name="Play").click()
    follows("After 30 epochs")
    root.get_by_role("button", name="Pause").click()
    root.get_by_role("button", name="Judge it").click()
    verdict = root.locator(".nnkit-verdict")
    verdict.get_by_text("Not yet.").wait_for()
    verdict.get_by_text("of the validation points right, and 95 % are wanted").wait_for()
    frame = root.locator(".nnkit-net rect[data-neuron='1,2']").bounding_box()
    page.mouse.click(frame["x"] + 10, frame["y"] + 10)  # a neuron chooses its bias
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    follows("1 weight was set by hand.")

    # With the keyboard: six neurons, another optimizer and rate, as fast as it goes.
    more = root.get_by_label("neurons of hidden layer 1: more")
    for _ in range(4):
        more.press("Enter")
    root.get_by_label("optimizer").select_option("Adam")
    rate = root.get_by_label("rate, typed")
    rate.fill("0.03")
    rate.press("Enter")
    follows("After 0 epochs")
    root.get_by_label("pace").select_option("as many as fit")
    root.get_by_role("button", name="Play").press("Enter")
    page.wait_for_function(
        "root => Number(/epoch (\\d+)$/.exec(root.querySelector('.nnkit-told').innerText)?.[1]) >= 300",
        arg=root.element_handle(),
    )
    root.get_by_role("button", name="Pause").press("Enter")
    root.get_by_role("button", name="Judge it").press("Enter")
    verdict.get_by_text("Met.").wait_for()
    verdict.get_by_text("with 6 hidden neurons. You predicted 3 and 3. Measured: 6 in one layer").wait_for()
