"""The playground: settings that tell the whole story, a widget that follows its controls, and its static twin."""

from __future__ import annotations

import ast
import json
import re

import numpy as np
import pytest

import nnkit
from nnkit import widgets
from nnkit.widgets.playground import DATA, DEFAULTS, Experiment, checked, read_layers

QUICK = {"samples": 40, "epochs": 3}


@pytest.mark.parametrize(
    "settings",
    [
        {"data": "spirals", "hidden": (8, 4), "activation": "relu", "optimizer": "Adam", "rate": 0.01},
        {"data": "xor", "hidden": (), "l1": 0.01, "seed": 3},
        {"data": "blobs", "hidden": [3], "activation": "sigmoid", "l2": 0.01, "noise": 0.5, "batch_size": 7},
    ],
)
def test_printed_settings_make_the_same_experiment(settings):
    first = Experiment(**{**QUICK, **settings})
    first.train(2)
    printed = ast.literal_eval(repr(first.settings))
    again = Experiment(**printed)
    assert printed["epochs"] == 5
    assert again.settings == first.settings
    assert again.losses == first.losses
    assert again.validation_losses == first.validation_losses
    assert again.figure().png == first.figure().png
    assert json.loads(json.dumps(first.settings))["data"] == settings["data"]


def test_training_at_once_or_piece_by_piece_is_the_same():
    whole, pieces = Experiment(**{**QUICK, "epochs": 6}), Experiment(**{**QUICK, "epochs": 0})
    for epochs in (1, 2, 3):
        pieces.train(epochs)
    assert whole.losses == pieces.losses


def test_nnkits_own_random_numbers_are_left_alone():
    nnkit.manual_seed(7)
    expected = nnkit.rand(3).tolist()
    nnkit.manual_seed(7)
    Experiment(**QUICK)
    assert nnkit.rand(3).tolist() == expected


@pytest.mark.parametrize("data", DATA)
def test_every_data_set_is_learned(data):
    experiment = Experiment(data=data, noise=0.05, hidden=(12, 12), optimizer="Adam", rate=0.02, epochs=60)
    assert experiment.share_right > 0.9
    assert experiment.losses[-1] < experiment.losses[0]
    assert len(experiment.validation[1]) == len(experiment.y) == 100


def test_without_a_hidden_layer_xor_is_not_learned():
    experiment = Experiment(data="xor", hidden=(), epochs=40)
    assert experiment.share_right < 0.8
    assert "no hidden layer" in experiment.figure().alt


def test_penalties_make_weights_smaller():
    sizes = {}
    for name in ("none", "l1", "l2"):
        penalty = {} if name == "none" else {name: 0.03}
        model = Experiment(epochs=30, **penalty).model
        sizes[name] = sum(float(weight.abs().sum().item()) for weight in model.parameters())
    assert sizes["l1"] < sizes["none"]
    assert sizes["l2"] < sizes["none"]


def test_a_rate_that_is_too_large_is_said_and_drawn(capsys):
    experiment = Experiment(data="spirals", hidden=(8, 8), activation="relu", rate=100.0, noise=0.1, l2=10.0, epochs=30)
    assert experiment.diverged
    assert "stopped being a number" in experiment.words
    trained = len(experiment.losses)
    experiment.train(5)
    assert len(experiment.losses) == trained
    assert "stopped being a number" in experiment.figure().caption
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"noize": 1}, "no setting 'noize'; did you mean 'noise'"),
        ({"qqq": 1}, "there are data, samples"),
        ({"data": "stars"}, "data is one of moons, circles"),
        ({"hidden": (0,)}, "hidden has the number of neurons"),
        ({"hidden": (4,) * 5}, "at most 4 layers"),
        ({"hidden": "many"}, "hidden has the number of neurons"),
        ({"epochs": -1}, "epochs is a whole number from 0"),
        ({"samples": 4}, "samples is a whole number from 20"),
        ({"rate": "fast"}, "rate is a number from 0 to 100"),
        ({"noise": float("nan")}, "noise is a number from 0 to 2"),
        ({"l2": True}, "l2 is a number"),
    ],
)
def test_wrong_settings_are_told(settings, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        widgets.playground(settings)


def test_layers_are_read_as_people_write_them():
    assert [read_layers(text) for text in ("", " 0 ", "(8, 4)", "3;5", "6")] == [
        (), (), (8, 4), (3, 5), (6,),
    ]  # fmt: skip
    with pytest.raises(ValueError, match="Hidden layers are written as numbers"):
        read_layers("six")
    assert checked({"hidden": 5})["hidden"] == (5,)


@pytest.mark.usefixtures("static")
def test_static_twin_shows_the_trained_network_and_its_settings(displayed, capsys):
    widgets.playground({**QUICK, "data": "circles"}, seed=2)
    bundle = displayed[0]._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert "After 3 epochs: loss" in bundle["text/plain"]
    printed = bundle["text/plain"].split("settings = ")[1]
    assert ast.literal_eval(printed) == {**DEFAULTS, **QUICK, "data": "circles", "seed": 2}
    assert "settings = {&#x27;data&#x27;: &#x27;circles&#x27;" in bundle["text/html"]
    assert capsys.readouterr() == ("", "")


def test_live_widget_trains_starts_again_and_tells_mistakes(shown_live):
    widget = shown_live(widgets.playground, **QUICK, batch_size=5)
    controls, buttons, picture, printed = widget.children
    by_name = {control.description: control for control in controls.children}
    step, train, again = buttons.children

    def settings():
        import html

        return ast.literal_eval(html.unescape(re.search(r"settings = (.*)</pre>", printed.value).group(1)))

    assert settings() == {**DEFAULTS, **QUICK, "batch_size": 5}
    step.click()
    train.click()
    assert settings()["epochs"] == 7
    assert "After 7 epochs" in picture.value
    by_name["data"].value = "xor"
    assert settings() == {**DEFAULTS, **QUICK, "batch_size": 5, "data": "xor", "epochs": 0}
    by_name["hidden layers"].value = "4, 3"
    assert settings()["hidden"] == (4, 3)
    train.click()
    assert Experiment(**settings()).figure().html == picture.value
    by_name["hidden layers"].value = "many"
    assert "Hidden layers are written as numbers of neurons" in picture.value
    by_name["hidden layers"].value = ""
    assert "no hidden layer" in picture.value
    again.click()
    assert settings()["epochs"] == 0


def test_values_outside_the_menus_stay_what_they_are(shown_live):
    widget = shown_live(widgets.playground, **QUICK, rate=0.07, noise=0.123)
    values = {control.description: control.value for control in widget.children[0].children}
    assert values["rate"] == 0.07
    assert values["noise"] == 0.123


def test_share_right_counts_the_validation_half():
    experiment = Experiment(**QUICK)
    X, y = experiment.validation
    assert experiment.share_right == np.mean(experiment.scores(X).argmax(1) == y)
