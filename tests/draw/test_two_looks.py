"""Every picture reads on a white page and on a dark one: the roles' colours, their rules, and who follows them."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

from nnkit.draw import style
from tests.browser import samples

TEXTS = [role for role in style.COLOURS if role not in ("page", "weight-area")]
WHITE, BLACK = style.COLOURS["page"], style.dark(style.COLOURS["page"])
PANEL = {WHITE: "#F5F5F5", BLACK: "#1A1A1A"}  # the ground of a check's panel on either page


@pytest.mark.parametrize("role", TEXTS)
def test_every_role_can_be_read_as_text_on_both_pages_and_on_their_panels(role: str) -> None:
    light = style.COLOURS[role]
    for page, colour in ((WHITE, light), (BLACK, style.dark(light))):
        assert style.contrast(colour, page) >= 4.5
        assert style.contrast(colour, PANEL[page]) >= 4.5


def test_the_dark_page_is_that_of_jupyterlab() -> None:
    assert BLACK == "#111111"


@pytest.mark.parametrize("role", [role for role in TEXTS if role not in ("ink", "axis")])
def test_a_role_keeps_its_hue_on_a_dark_page(role: str) -> None:
    """Within 25 degrees, where neighbours in the circle of hues are much farther apart."""
    import colorsys

    hues = [
        360 * colorsys.rgb_to_hsv(*(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)))[0]
        for colour in (style.COLOURS[role], style.dark(style.COLOURS[role]))
    ]
    assert abs((hues[0] - hues[1] + 180) % 360 - 180) < 25


def test_the_rules_name_every_role_twice_and_stay_small() -> None:
    for role in style.COLOURS:
        named = re.match(r"var\((--nnkit-[\w-]+), (#\w{6})\)$", style.colour(role))
        assert named is not None
        assert re.findall(rf"{named[1]}:(#\w{{6}})", style.css()) == [named[2], style.dark(named[2])]
    assert len(style.sheet()) < 800
    assert not re.search(r"url|@import|http|[<>]", style.css())


def test_the_rules_know_how_each_kind_of_page_says_that_it_is_dark() -> None:
    """JupyterLab, Notebook and nbconvert; VS Code; Colab; Sphinx."""
    for says in ('[data-jp-theme-light="false"]', ".vscode-dark", 'html[theme="dark"]', 'html[data-theme="dark"]'):
        assert says in style.css()
    assert "prefers-color-scheme" not in style.css()  # what the system prefers is not what the notebook shows


def test_every_drawn_picture_has_both_looks_and_no_colour_of_its_own() -> None:
    for name, html in samples.drawn().items():
        assert html.startswith(style.sheet()), name
        assert not re.search(r'(fill|stroke)="(#|black|white)', html.removeprefix(style.sheet())), name


def test_every_panel_has_both_looks_and_no_colour_of_its_own() -> None:
    for name, html in samples.panels().items():
        assert html.startswith(style.sheet()), name
        named = re.sub(r"var\(--nnkit-[\w-]+, #\w{6}\)", "", html.removeprefix(style.sheet()))
        assert not re.search(r"#[0-9A-Fa-f]{6}", named), name


def test_a_plot_has_both_looks_and_a_picture_with_images_is_a_card() -> None:
    for name, (figure, darkens) in samples.finished_plots().items():
        assert figure.darkens == darkens, name
        assert figure.html.startswith(style.sheet()) == darkens, name
        assert ('class="nnkit-plot"' in figure.html) == darkens, name
        assert "background:#FFFFFF" in figure.html


def test_steps_have_the_rules_once() -> None:
    import nnkit
    from nnkit import draw

    a = nnkit.tensor(3.0, requires_grad=True)
    steps = draw.sequence(a * a + a, inputs={"a": a})
    assert len(steps) > 2
    assert steps.html.count("<style>") == 1


# ------------------------------------------------------------------------------------------- which figures turn dark


def figure_of(kind: str) -> Any:
    figure = style.figure(3, 2)
    axes = figure.add_subplot()
    values = np.arange(12.0).reshape(3, 4)
    if kind == "mesh":
        axes.pcolormesh(values)
    elif kind == "image":
        axes.imshow(values)
    elif kind == "filled contours by numbers":
        axes.contourf(values, cmap="viridis")
    elif kind == "points by numbers":
        axes.scatter([0, 1, 2], [0, 1, 2], c=[0.1, 0.5, 0.9])
    elif kind == "filled contours by name":
        axes.contourf(values, levels=[-1, 5], colors=[style.COLOURS["target"]], alpha=0.2)
    elif kind == "contour lines":
        axes.contour(values, colors=style.COLOURS["axis"])
    elif kind == "points":
        axes.scatter([0, 1], [0, 1], color=style.COLOURS["input"])
    elif kind == "bars":
        axes.bar([0, 1], [1, 2])
    return figure


@pytest.mark.parametrize("kind", ["mesh", "image", "filled contours by numbers", "points by numbers"])
def test_what_shows_numbers_as_colours_stays_as_it_is(kind: str) -> None:
    assert style.holds_imagery(figure_of(kind))
    assert not style.caption(figure_of(kind), alt="A picture.").darkens
    assert style.caption(figure_of(kind), alt="A picture.", darkens=True).darkens


@pytest.mark.parametrize("kind", ["filled contours by name", "contour lines", "points", "bars", "nothing"])
def test_lines_and_areas_in_role_colours_turn_dark(kind: str) -> None:
    assert not style.holds_imagery(figure_of(kind))
    assert style.caption(figure_of(kind), alt="A picture.").darkens
    assert not style.caption(figure_of(kind), alt="A picture.", darkens=False).darkens


def test_a_figure_with_a_ground_of_its_own_is_saved_on_opaque_white() -> None:
    import io

    import matplotlib.image

    figure = Figure(figsize=(1, 1), facecolor="none")
    figure.add_subplot().patch.set_alpha(0)
    image = matplotlib.image.imread(io.BytesIO(style.caption(figure, alt="An empty figure.").png))
    assert (image[0, 0] == 1).all()
    assert image.shape[2] == 3 or (image[..., 3] == 1).all()


# --------------------------------------------------------------------------------------- what stands in the plots


def ground_of(text: Text) -> str:
    box = text.get_bbox_patch()
    return to_hex(box.get_facecolor()) if box is not None else WHITE


@pytest.mark.parametrize("name", samples.PLOTS)
def test_every_text_and_line_of_a_plot_reaches_its_contrast_on_white_and_turned_dark(name: str) -> None:
    """Numbers in the cells of a matrix are black or white: whichever reads better reaches 4.5 : 1 on any colour."""
    figure, darkens = samples.PLOTS[name]()
    looks = [lambda colour: colour, style.dark] if darkens else [lambda colour: colour]
    for axes in figure.axes:
        texts = [text for text in axes.findobj(Text) if text.get_text() and text.get_visible()]
        if axes.images and not darkens:
            texts = [text for text in texts if text not in axes.texts]
        for text in texts:
            for look in looks:
                ink, ground = look(to_hex(text.get_color())), look(ground_of(text))
                assert style.contrast(ink, ground) >= 4.5, (text, ink, ground)
        lines = [to_hex(line.get_color()) for line in axes.lines]
        marks = [
            colour for one in axes.collections if isinstance(one, PathCollection) for colour in one.get_facecolor()
        ]
        for colour in [*lines, *(to_hex(colour[:3]) for colour in marks)]:
            for look in looks:
                assert style.contrast(look(colour), look(WHITE)) >= 3, colour


@pytest.mark.parametrize("turned", [False, True])
def test_grey_lines_are_seen_on_the_deepest_tints(turned: bool) -> None:
    """Of a map of a loss and of the regions of classes."""
    from nnkit.draw.plots import CLASS_COLOURS, DEEPEST_TINT, PATH_COLOURS, REGION_TINT

    def tinted(colour: str, share: float) -> str:
        parts = [
            round(share * int(colour[at : at + 2], 16) + (1 - share) * int(WHITE[at : at + 2], 16)) for at in (1, 3, 5)
        ]
        return "#" + "".join(f"{part:02X}" for part in parts)

    look = style.dark if turned else lambda colour: colour
    grounds = [tinted(style.COLOURS["input"], DEEPEST_TINT), *(tinted(one, REGION_TINT) for one in CLASS_COLOURS)]
    for ground in grounds:
        assert style.contrast(look(style.COLOURS["axis"]), look(ground)) >= 3, ground
        assert style.contrast(look(style.COLOURS["ink"]), look(ground)) >= 4.5, ground
    for path in PATH_COLOURS:
        assert style.contrast(look(path), look(grounds[0])) >= 3, path
