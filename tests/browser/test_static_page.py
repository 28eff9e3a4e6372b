"""A widget on a page of its own, without kernel, notebook or network: what the page computes goes on working."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import nnkit
from nnkit import draw
from nnkit.widgets.activations import Activations
from nnkit.widgets.base import Moving
from nnkit.widgets.descent import Descent
from nnkit.widgets.space_folded import SpaceFolded
from nnkit.widgets.stepper import Stepper

pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')


def walk() -> Stepper:
    a = nnkit.tensor(3.0, requires_grad=True)
    b = a + a
    steps = draw.sequence(b + b, inputs={"a": a}, names={"b": b}, result="c")
    return Stepper(steps.pictures, steps.sentences)


WIDGETS: dict[str, Any] = {"walk": walk, "descent": Descent, "space folded": SpaceFolded, "activations": Activations}


@pytest.mark.parametrize("name", WIDGETS)
def test_it_needs_nothing_but_its_page(page: Any, tmp_path: Path, name: str) -> None:
    widget: Moving = WIDGETS[name]()
    file = tmp_path / "widget.html"
    file.write_text(widget.page(), encoding="utf-8")
    problems: list[str] = []
    asked: list[str] = []
    page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    slider = page.locator(".nnkit-widget input[type=range]").first
    slider.wait_for()
    before = page.locator(".nnkit-widget").get_attribute("data-drawn")
    slider.focus()
    page.keyboard.press(
        "ArrowRight" if float(slider.input_value()) < float(slider.get_attribute("max")) else "ArrowLeft"
    )
    page.wait_for_function("b => document.querySelector('.nnkit-widget').dataset.drawn !== b", arg=before)
    assert page.locator(".nnkit-words").inner_text()
    assert problems == []
    assert asked == [file.as_uri()]
