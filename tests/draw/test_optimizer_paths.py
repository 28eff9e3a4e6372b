"""Optimizers on surfaces: the paths, the static twin, the live controls, and bad settings."""

from __future__ import annotations

import html

import numpy as np
import pytest

from nnkit import widgets
from nnkit.widgets.optimizer_paths import FAR_OUT, OPTIMIZERS, SURFACES, paths


@pytest.mark.parametrize("name", SURFACES)
def test_the_star_stands_at_the_lowest_point(name):
    surface = SURFACES[name]
    across, up = np.meshgrid(np.linspace(*surface.x, 401), np.linspace(*surface.y, 401))
    assert surface.loss(*surface.minimum) <= surface.loss(across, up).min() + 1e-6
    assert surface.x[0] < surface.start[0] < surface.x[1]
    assert surface.y[0] < surface.start[1] < surface.y[1]


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("surface", SURFACES)
def test_every_optimizer_gets_lower(surface, name):
    place = SURFACES[surface]
    walk = paths(surface, [name], rate=0.01, momentum=0.9, steps=150)[name]
    assert walk.shape == (151, 2)
    assert tuple(walk[0]) == place.start
    assert place.loss(*walk[-1]) < place.loss(*walk[0])


def test_momentum_gets_through_the_valley_first():
    walks = paths("valley", ["SGD", "momentum"], rate=0.02, momentum=0.8, steps=60)
    loss = SURFACES["valley"].loss
    assert loss(*walks["momentum"][-1]) < 0.01 * loss(*walks["SGD"][-1])


def test_a_rate_too_large_ends_the_walk():
    walk = paths("valley", ["SGD"], rate=0.2, steps=100)["SGD"]
    assert len(walk) < 100
    assert np.isfinite(walk).all()
    assert np.abs(walk[-1]).max() >= FAR_OUT


@pytest.mark.usefixtures("static")
def test_static_twin_says_what_came_of_it_and_how_to_get_it_again(displayed):
    widgets.optimizer_paths("valley", ("SGD", "Adam"), rate=0.1, steps=30)
    bundle = displayed[0]._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert "SGD has left for good in step" in bundle["text/plain"]
    call = bundle["text/plain"].splitlines()[-1]
    assert call == "widgets.optimizer_paths('valley', ['SGD', 'Adam'], rate=0.1, momentum=0.9, steps=30)"
    eval(call, {"widgets": widgets})
    assert displayed[1]._repr_mimebundle_() == bundle
    assert 'alt="Left: contour lines' in bundle["text/html"]
    assert "SGD has left for good in step" in bundle["text/html"]
    assert f"<code>{html.escape(call)}</code>" in bundle["text/html"]


def test_every_live_control_redraws(shown_live, capsys):
    widget = shown_live(widgets.optimizer_paths, "bowl", ("SGD",), rate=0.1, momentum=0.9, steps=10)
    controls, buttons, picture = widget.children
    place, rate, mu, steps = controls.children
    assert "SGD 1.11" in picture.value
    before = picture.value
    for control, value in ((place, "saddle"), (rate, 0.3), (steps, 20), (buttons.children[4], True), (mu, 0.5)):
        control.value = value
        assert picture.value != before
        before = picture.value
    assert "[&#x27;SGD&#x27;, &#x27;Adam&#x27;], rate=0.3, momentum=0.5, steps=20" in picture.value
    for button in buttons.children:
        button.value = False
    assert "At least one optimizer is needed" in picture.value
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"surface": "hill"}, "no surface 'hill'; known are bowl, valley"),
        ({"optimizers": ["LBFGS"]}, "no optimizer 'LBFGS'"),
        ({"optimizers": []}, "At least one"),
        ({"rate": 0}, "positive number"),
        ({"rate": float("nan")}, "positive number"),
        ({"momentum": 1}, "less than 1"),
        ({"steps": 2.5}, "whole number"),
        ({"steps": 10**9}, "whole number"),
    ],
)
def test_bad_settings_are_told(settings, said):
    with pytest.raises(ValueError, match=said):
        widgets.optimizer_paths(**settings)
