"""The playground: settings that tell the whole story, questions that Python answers, and its static twin."""

from __future__ import annotations

import ast
import json
import re

import numpy as np
import pytest

import nnkit
from nnkit import widgets
from nnkit.widgets.base import packed
from nnkit.widgets.experiment import DATA, DEFAULTS, Experiment, checked
from nnkit.widgets.playground import PATIENCE, Playground

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
        ({"edits": 3}, "edits lists weights set by hand"),
        ({"edits": [(0, 1, 1)]}, "An edit is (epoch, layer, neuron, input, value)"),
        ({"hidden": (3,), "edits": [(0, 1, 4, 1, 0.5)]}, "the layers have 3, 2 neurons"),
        ({"edits": [(0, 1, 1, 1, float("nan"))]}, "A weight set by hand is a number from −1000 to 1000"),
        ({"epochs": 5, "edits": [(6, 1, 1, 1, 0.5)]}, "in the order of their epochs, none after the 5"),
        ({"challenge": "the moon"}, "The challenges are 'six neurons'"),
    ],
)
def test_wrong_settings_are_told(settings, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        widgets.playground(settings)


def test_one_number_of_neurons_is_one_layer():
    assert checked({"hidden": 5})["hidden"] == (5,)


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_a_weight_set_by_hand_is_part_of_the_settings(optimizer):
    first = Experiment(**{**QUICK, "optimizer": optimizer, "hidden": (4, 3)})
    first.edit(2, 3, 4, 1.5)
    first.edit(3, 1, 0, -0.25)
    assert first.weights[1][0][2, 3] == 1.5
    assert first.weights[2][1][0] == -0.25
    assert len(first.losses) == 4  # the last is that of the network as it is now
    assert first.losses[-1] != Experiment(**{**first.settings, "edits": ()}).losses[-1]
    first.train(4)
    again = Experiment(**ast.literal_eval(repr(first.settings)))
    assert again.settings["edits"] == ((3, 2, 3, 4, 1.5), (3, 3, 1, 0, -0.25))
    assert again.losses == first.losses
    for mine, other in zip(first.weights, again.weights, strict=True):
        assert all(map(np.array_equal, mine, other))


def test_training_that_is_interrupted_in_an_epoch_goes_on_where_it_was():
    whole, pieces = Experiment(**{**QUICK, "epochs": 4}), Experiment(**{**QUICK, "epochs": 0})
    stops = 0
    while pieces.epochs < 4:
        if not pieces.train_for(0.0):  # one batch
            stops += 1
            assert 0 < pieces.share_of_epoch < 1
            with pytest.raises(ValueError, match="one is under way"):
                pieces.edit(1, 1, 1, 0.0)
    assert stops == 4  # two batches of ten make an epoch
    assert pieces.losses == whole.losses


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


def asked(play, **question):
    answer = play.reply(question)
    assert "problem" not in answer, answer
    return answer


def test_a_picture_is_what_the_network_answers():
    play = Playground(**QUICK, data="blobs", hidden=(3, 10))
    picture = asked(play, do="look", settings=play.state)
    experiment = play.experiment
    assert picture["epochs"] == 3
    assert picture["training"] == experiment.losses
    assert picture["share"] == experiment.share_right
    assert [maps.shape for maps in picture["maps"]] == [(3, 24, 24), (8, 24, 24), (3, 24, 24)]
    # The middle of the small map's square in row 5 and column 7, counted from the upper left.
    place = picture["low"] + picture["side"] / 24 * np.array([7.5, 24 - 5.5])
    answers = experiment.neurons(place[None])
    for maps, answer in zip(picture["maps"], answers, strict=True):
        np.testing.assert_allclose(maps[:, 5, 7], answer[0, :8])
    scores = answers[-1][0]
    lead = scores - [max(np.delete(scores, label)) for label in range(3)]
    np.testing.assert_allclose(picture["margins"][:, 3 * 5 + 1, 3 * 7 + 1], lead)
    assert np.all(picture["low"] < experiment.X)
    assert np.all(experiment.X - picture["side"] < picture["low"])


def test_the_page_gets_only_the_losses_that_it_has_not():
    play = Playground(**QUICK)
    run = asked(play, do="look", settings=play.state)["run"]
    told = asked(play, do="train", run=run, have=4, epochs=1, pictures=1)["pictures"][0]
    assert (told["have"], told["training"]) == (4, play.experiment.losses[4:])
    assert "points" not in told
    told = asked(play, do="edit", run=run, have=5, edit=[1, 2, 0, 3])
    assert (told["have"], told["edits"]) == (4, [[4, 1, 2, 0, 3.0]])
    assert Experiment(**play.experiment.settings).losses == play.experiment.losses


def test_a_beginning_has_fresh_weights_and_the_settings_of_the_page():
    play = Playground(**QUICK)
    before = play.experiment
    told = asked(play, do="begin", settings={**play.state, "hidden": [2], "epochs": 0})
    assert told["epochs"] == 0
    assert play.experiment is not before
    assert play.experiment.settings == checked({**QUICK, "hidden": (2,), "epochs": 0})
    # Who asks about another run than this, such as a second view of the same output, gets the whole of it instead.
    assert "points" in asked(play, do="train", run=told["run"] - 1, have=9, epochs=1, pictures=1)
    assert play.experiment.epochs == 0


def test_a_long_epoch_is_trained_in_short_questions():
    play = Playground(samples=2000, batch_size=1, epochs=0, hidden=(8, 8))
    run = asked(play, do="look", settings=play.state)["run"]
    answers = [asked(play, do="train", run=run, have=1, epochs=1, pictures=1) for _ in range(3)]
    shares = [answer["busy"] for answer in answers]
    assert shares == sorted(shares)
    assert 0 < shares[0] < 1
    assert PATIENCE <= 0.02
    assert "one is under way" in play.reply({"do": "edit", "run": run, "have": 1, "edit": [1, 1, 1, 0]})["problem"]


def test_one_question_brings_several_pictures_if_they_fit():
    play = Playground(samples=20, batch_size=20, hidden=(), epochs=0)
    run = asked(play, do="look", settings=play.state)["run"]
    told = asked(play, do="train", run=run, have=1, epochs=2, pictures=3)["pictures"]
    assert 1 <= len(told) <= 3
    assert [picture["epochs"] for picture in told[:-1]] == [2, 4][: len(told) - 1]
    assert told[-1]["epochs"] == play.experiment.epochs <= 6
    assert [loss for picture in told for loss in picture["training"]] == play.experiment.losses[1:]
    assert told[-1]["weights"][0].tolist() == play.experiment.weights[0][0].tolist()
    if len(told) > 1:
        assert told[0]["weights"][0].tolist() != told[1]["weights"][0].tolist()


def test_an_interrupted_training_begins_again(monkeypatch):
    play = Playground(**QUICK)
    run = asked(play, do="look", settings=play.state)["run"]

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(play.experiment, "train_for", interrupted)
    assert "interrupted" in play.reply({"do": "train", "run": run, "have": 4, "epochs": 1, "pictures": 1})["problem"]
    told = asked(play, do="train", run=run, have=4, epochs=1, pictures=1)
    assert (told["epochs"], told["have"]) == (0, 0)


def test_as_many_epochs_as_fit_end_between_two():
    play = Playground(**QUICK)
    run = asked(play, do="look", settings=play.state)["run"]
    for _ in range(5):
        told = asked(play, do="train", run=run, have=1, epochs=1000, pictures=1)
        assert told["busy"] or told["pictures"][0]["epochs"] == play.experiment.epochs


@pytest.mark.filterwarnings("error")
def test_what_is_beyond_all_numbers_still_travels():
    play = Playground(data="moons", hidden=(8, 8), activation="identity", rate=50.0, batch_size=100, epochs=0)
    run = asked(play, do="look", settings=play.state)["run"]
    for _ in range(40):
        told = asked(play, do="train", run=run, have=1, epochs=10, pictures=1)
    (told,) = told["pictures"]
    assert told["finished"]
    _, _, sent = packed(told)  # a warning would be an error here
    assert np.isfinite(np.frombuffer(sent[-1], np.float32)).all()
    assert (np.abs(told["weights"][-1]) > 8e37).all()  # the page says that they are beyond what it can show
    assert "stopped being a number" in told["words"]


def test_the_state_of_the_page_makes_the_same_playground_again():
    play = Playground(**QUICK, hidden=(4,), edits=[(2, 1, 1, 1, 0.5)])
    assert json.loads(json.dumps(play.state)) == play.state
    assert Playground(play.state).experiment.losses == play.experiment.losses


def test_share_right_counts_the_validation_half():
    experiment = Experiment(**QUICK)
    X, y = experiment.validation
    assert experiment.share_right == np.mean(experiment.scores(X).argmax(1) == y)
