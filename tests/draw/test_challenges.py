"""Challenges of the playground: a prediction comes first, the reader's experiment is judged, what is known is true."""

from __future__ import annotations

import json

import pytest

from nnkit import widgets
from nnkit.widgets.challenges import CHALLENGES
from nnkit.widgets.experiment import Experiment
from nnkit.widgets.judging import compare, judge, read_prediction
from nnkit.widgets.playground import Playground


def judged(name, **changes):
    """The verdict about a challenge with some settings."""
    challenge = CHALLENGES[name]
    work = judge(challenge, Experiment(**{**challenge.settings, **changes}))
    while True:
        try:
            assert 0 <= next(work) <= 1
        except StopIteration as end:
            return end.value


SIX = {"activation": "tanh", "optimizer": "Adam", "rate": 0.03, "epochs": 300}


def test_six_neurons_separate_the_spirals_and_seven_do_not_count():
    met = judged("six neurons", **SIX, hidden=(6,))
    assert met.met
    assert "with 6 hidden neurons" in met.text
    many = judged("six neurons", **SIX, hidden=(4, 3))
    assert not many.met
    assert "7 hidden neurons, and 6 are allowed" in many.text
    assert "95 % are wanted" in judged("six neurons", hidden=(6,)).text


@pytest.mark.slow
@pytest.mark.parametrize(("hidden", "seeds"), [((6,), 18), ((3, 3), 16), ((2, 2, 2), 5)])
def test_of_twenty_seeds_so_many_separate_the_spirals(hidden, seeds):
    met = [judged("six neurons", **SIX, hidden=hidden, seed=seed).met for seed in range(20)]
    assert sum(met) == seeds


@pytest.mark.parametrize("rate", [2.05, 2.2, 2.5])
def test_the_breaking_rate_is_met_just_above_two(rate):
    assert judged("the breaking rate", rate=rate, epochs=60).met


def test_no_rate_up_to_two_breaks_it_and_every_larger_one_does():
    grid = [0.01, 0.1, 0.5, 1.0, 1.5, 1.8, 1.9, 2.0, 2.05, 2.1, 2.3, 3.0, 4.0, 6.0, 10.0, 20.0, 30.0, 100.0]
    broken = []
    for rate in grid:
        experiment = Experiment(**{**CHALLENGES["the breaking rate"].settings, "rate": rate, "epochs": 60})
        broken.append(not max(experiment.losses) <= 1000 or experiment.diverged)
        if rate <= 2.0 and rate >= 0.5:
            assert experiment.losses[-1] < 0.3
    assert broken == [rate > 2.0 for rate in grid]


@pytest.mark.parametrize(
    ("rate", "epochs", "said"),
    [(5.0, 60, "it does as well"), (1.9, 60, "take a larger rate"), (2.2, 3, "train for 60")],
)
def test_a_rate_that_does_not_meet_it_is_told_why(rate, epochs, said):
    verdict = judged("the breaking rate", rate=rate, epochs=epochs)
    assert not verdict.met
    assert said in verdict.text


def test_three_of_ten_seeds_get_stuck():
    verdicts = [judged("the seed that fails", seed=seed, epochs=60) for seed in range(10)]
    assert [seed for seed, verdict in enumerate(verdicts) if verdict.met] == [0, 2, 5]
    assert "From the seed 1 it works" in verdicts[1].text
    assert "60" in judged("the seed that fails", seed=0, epochs=5).text


@pytest.mark.slow
def test_fifteen_of_forty_seeds_get_stuck_and_none_with_three_neurons():
    met = [judged("the seed that fails", seed=seed, epochs=60).met for seed in range(40)]
    assert sum(met) == 15
    assert not any(judged("the seed that fails", seed=seed, epochs=60, hidden=(3,)).met for seed in range(40))
    assert all(judged("the seed that fails", seed=seed, epochs=400).met for seed, stuck in enumerate(met) if stuck)


# ------------------------------------------------------------------------------------------------- the widget around it


@pytest.mark.parametrize("name", CHALLENGES)
def test_nothing_of_what_is_right_reaches_the_page_before_a_prediction(name):
    play = Playground(challenge=name)
    told = json.dumps(play.setup, default=str) + json.dumps(play.reply({"do": "tell"}))
    assert CHALLENGES[name].known not in told
    for question in ({"do": "train", "run": 0, "have": 1, "epochs": 1, "pictures": 1}, {"do": "judge"}):
        assert "First your prediction" in play.reply(question)["problem"]
    assert play.experiment.epochs == 0


def test_a_challenge_from_the_prediction_to_the_verdict():
    play = Playground(challenge="the seed that fails")
    told = play.reply({"do": "commit", "prediction": "no idea"})
    assert told["prediction"] is None
    assert "no idea" in told["said"]
    play.reply({"do": "commit", "prediction": "two"})
    assert play.prediction == "two"
    assert play.reply({"do": "commit", "prediction": "9"})["prediction"] == "two"  # once is once
    run = play.reply({"do": "begin", "settings": {**play.state, "seed": 2}})["run"]
    for _ in range(200):
        play.reply({"do": "train", "run": run, "have": 1, "epochs": 1, "pictures": 1})
        if play.experiment.epochs == 60:
            break
    answer = play.reply({"do": "judge"})
    assert answer["met"]
    assert "You predicted two. Measured: 3 (right, 1 too low)." in answer["known"]
    assert play.reply({"do": "tell"})["known"] == answer["known"]


def test_a_judge_works_in_short_pieces():
    play = Playground(challenge="the breaking rate", rate=2.2, epochs=60)
    play.reply({"do": "commit", "prediction": "0.5"})
    answers = []
    while "met" not in (answer := play.reply({"do": "judge"})):
        answers.append(answer["busy"])
    assert answers == sorted(answers)
    assert answer["met"]
    assert "4 times too small" in answer["known"]


def test_predictions_are_read_as_people_type_them():
    with pytest.raises(ValueError, match="choose first"):
        read_prediction(CHALLENGES["six neurons"], "")
    with pytest.raises(ValueError):
        read_prediction(CHALLENGES["the breaking rate"], "no idea")
    assert "(right, exactly)" in compare(CHALLENGES["the breaking rate"], "about 2")
    assert "(another choice)" in compare(CHALLENGES["six neurons"], "3 and 3")


def test_what_a_challenge_does_not_leave_open_stays():
    with pytest.raises(ValueError, match="has hidden = \\(2,\\); what may be changed is seed"):
        widgets.playground(challenge="the seed that fails", hidden=(4,))
    play = Playground(challenge="the seed that fails")
    play.reply({"do": "commit", "prediction": "2"})
    assert "problem" in play.reply({"do": "begin", "settings": {**play.state, "rate": 3}})
    assert (
        "no weight is set by hand" in play.reply({"do": "edit", "run": 0, "have": 1, "edit": [1, 1, 1, 0]})["problem"]
    )
    assert [field.name for field in play.fields if field.label] == ["seed"]
    assert Playground(play.state).challenge is play.challenge


@pytest.mark.usefixtures("static")
@pytest.mark.parametrize("name", CHALLENGES)
def test_the_static_twin_asks_and_does_not_answer(name, displayed):
    widgets.playground(challenge=name)
    bundle = displayed[0]._repr_mimebundle_()
    for shown in bundle.values():
        assert CHALLENGES[name].known[:30] not in shown
    assert CHALLENGES[name].question in bundle["text/plain"]
