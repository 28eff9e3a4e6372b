"""Texts and lines reach their contrast on a white page and on a dark one, as Chromium shows them."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib.image
import numpy as np
import pytest

from nnkit.draw import style
from tests.browser import samples
from tests.browser.contrast import PAGES, measured, page_of
from tests.browser.lab import BROWSER_FLAGS, CHROMIUM

playwright = pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="the browser tests need a Chromium, and none was found"),
]

# Where to leave pictures of both pages for a person to look at; read now, the tests run without settings of the user.
PICTURES = os.environ.get("NNKIT_SCREENSHOTS")
LEAST = {"text": 4.5, "line": 3.0}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=BROWSER_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def outputs() -> dict[str, str]:
    shown = {name: figure.html for name, (figure, _) in samples.finished_plots().items()}
    return samples.drawn() | shown | samples.panels()


@pytest.fixture(scope="module", params=PAGES, ids=["white", "dark"])
def page(request: pytest.FixtureRequest, browser: Any, outputs: dict[str, str]) -> Iterator[Any]:
    """All outputs on one page, high enough that none is outside of the window."""
    opened = browser.new_page(viewport={"width": 1100, "height": 18000})
    opened.set_content(page_of(outputs, request.param))
    opened.light = request.param
    if PICTURES:
        opened.screenshot(path=str(Path(PICTURES) / f"both_pages_{opened.light}.png"), full_page=True)
    yield opened
    opened.close()


def pixels(element: Any) -> np.ndarray:
    """What the browser shows of an element, as red, green and blue from 0 to 255."""
    image = matplotlib.image.imread(io.BytesIO(element.screenshot()))
    return np.round(255 * image[..., :3]).astype(int)


def written(colour: Any) -> str:
    return "#" + "".join(f"{part:02X}" for part in colour)


def png_of(colours: list[str]) -> bytes:
    """A strip of colours, each 8 pixels wide."""
    values = np.array([[[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in colours]], np.uint8)
    file = io.BytesIO()
    matplotlib.image.imsave(file, np.repeat(np.repeat(values, 8, axis=1), 8, axis=0), format="png")
    return file.getvalue()


def test_a_dark_page_shows_of_a_plot_the_colours_that_style_dark_says(browser: Any) -> None:
    steps = range(0, 256, 51)
    colours = [*style.COLOURS.values(), *(written((r, g, b)) for r in steps for g in steps for b in steps)]
    figure = style.Figure(png_of(colours), 8 * len(colours), "A strip of colours.", darkens=True)
    opened = browser.new_page(viewport={"width": 8 * len(colours) + 40, "height": 80})
    opened.set_content(page_of({"strip": figure.html}, "false"))
    shown = pixels(opened.locator("img"))
    opened.close()
    assert [written(shown[4, 8 * place + 4]) for place in range(len(colours))] == [style.dark(one) for one in colours]


def test_drawn_pictures_have_the_colours_of_plots(page: Any) -> None:
    """The same role looks alike in SVG and in a plot, on either page."""
    fill = page.locator("#graph text.gradient").first.evaluate("element => getComputedStyle(element).fill")
    expected = style.COLOURS["gradient"] if page.light == "true" else style.dark(style.COLOURS["gradient"])
    assert written([int(part) for part in fill[4:-1].split(",")]) == expected


def test_every_text_and_line_of_every_output_reaches_its_contrast(page: Any, outputs: dict[str, str]) -> None:
    found = {name: measured(page, name) for name in outputs}
    weak = [f"{name}: {mark}" for name, marks in found.items() for mark in marks if mark.contrast < LEAST[mark.kind]]
    assert not weak, "\n".join(weak)
    for name in samples.drawn():
        assert {mark.kind for mark in found[name]} == {"text", "line"}, name
    for kind, least in LEAST.items():
        lowest = min(
            (mark for marks in found.values() for mark in marks if mark.kind == kind), key=lambda m: m.contrast
        )
        print(f"{page.light}: lowest contrast of a {kind} {lowest.contrast:.2f}, asked {least} ({lowest})")


@pytest.mark.parametrize("name", ["curves", "regions", "contours", "bodies", "activation"])
def test_plots_follow_the_page(page: Any, name: str) -> None:
    """Their ground is the page's colour, and the ink on it is far from it."""
    shown = pixels(page.locator(f"#{name} img"))
    ground = PAGES[page.light][0]
    assert written(shown[2, 10]).lower() == ground
    inks = np.unique(shown[::2, ::2].reshape(-1, 3), axis=0)
    assert max(style.contrast(written(ink), ground) for ink in inks) >= 10


@pytest.mark.parametrize("name", ["filters", "confusion", "digit"])
def test_pictures_with_images_keep_their_light_and_dark(page: Any, name: str) -> None:
    assert written(pixels(page.locator(f"#{name} img"))[2, 40]) == "#FFFFFF"


def test_without_the_rules_a_plot_is_a_white_card_with_dark_ink(browser: Any) -> None:
    """As where a notebook is not trusted, or in a student's feedback."""
    figure, _ = samples.finished_plots()["curves"]
    opened = browser.new_page(viewport={"width": 900, "height": 500})
    opened.set_content(page_of({"curves": figure.html.replace(style.sheet(), "")}, "false"))
    shown = pixels(opened.locator("img"))
    opened.close()
    assert written(shown[2, 10]) == "#FFFFFF"
    assert max(style.contrast(written(ink), "#FFFFFF") for ink in np.unique(shown.reshape(-1, 3), axis=0)) >= 10


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_saved_picture_reads_by_itself(browser: Any, tmp_path: Path, scheme: str) -> None:
    picture = samples.example(gradients=True)
    picture.save(tmp_path / "graph.svg")
    opened = browser.new_page(viewport={"width": 900, "height": 400}, color_scheme=scheme)
    opened.goto((tmp_path / "graph.svg").as_uri())
    fill = opened.locator("text.gradient").first.evaluate("element => getComputedStyle(element).fill")
    opened.close()
    page = style.COLOURS["page"] if scheme == "light" else style.dark(style.COLOURS["page"])
    assert style.contrast(written([int(part) for part in fill[4:-1].split(",")]), page) >= 4.5


def test_what_is_shown_is_open_to_everybody(page: Any) -> None:
    """Names, roles, alternatives and contrasts, as axe-core reads them."""
    from tests.browser.bench import violations

    assert violations(page) == []
