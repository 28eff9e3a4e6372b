"""The playground in a browser: it plays, its weights are set with mouse and keyboard, a challenge is met."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from nnkit.draw import style
from nnkit.widgets.experiment import Experiment
from nnkit.widgets.playground import Playground

pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
from tests.browser.bench import Bench
from tests.browser.latency import Watch

# The colour of a canvas beneath a picture, at a place in the picture's own coordinates.
COLOUR = """([kind, x, y]) => {
  const svg = document.querySelector(kind);
  const canvas = svg.parentElement.querySelector("canvas");
  const sharp = canvas.width / svg.viewBox.baseVal.width;
  return [...canvas.getContext("2d").getImageData(Math.round(x * sharp), Math.round(y * sharp), 1, 1).data];
}"""
EPOCHS = "epochs => Number(/epoch (\\d+)$/.exec(document.querySelector('.nnkit-told').innerText)?.[1]) >= epochs"


def opened(page: Any, dark: bool = False, **settings: Any) -> Bench:
    bench = Bench(page, Playground(**{"samples": 60, "epochs": 0, **settings}), dark)
    bench.page.wait_for_function("() => document.querySelector('.nnkit-words').innerText !== ''")
    return bench


def step(bench: Bench) -> None:
    """One epoch, by the button."""
    before = bench.widget.experiment.epochs
    bench.page.get_by_role("button", name="Step").click()
    bench.page.wait_for_function(EPOCHS, arg=before + 1)


def printed(bench: Bench) -> dict[str, Any]:
    """The settings that the page prints."""
    bench.settled()
    text = bench.root.locator(".nnkit-settings code").text_content()
    settings = eval(text.removeprefix("widgets.playground"), {})  # what our own page has written
    assert isinstance(settings, dict)
    return settings


@pytest.mark.parametrize("dark", [False, True], ids=["white", "dark"])
def test_it_plays_pauses_steps_and_starts_again(page: Any, dark: bool, record_property: Any) -> None:
    bench = opened(page, dark, hidden=(8, 8), samples=200)
    assert "After 0 epochs" in bench.words
    with Watch(bench.root) as watch:
        page.get_by_role("button", name="Play").click()
        page.wait_for_function(EPOCHS, arg=60)
        page.get_by_role("button", name="Pause").click()
    page.wait_for_timeout(100)  # what was on its way has come
    assert len(watch.seen.pictures) >= 30
    record_property("latency", watch.seen.playing("playground, two layers of 8"))
    epochs = bench.widget.experiment.epochs
    with Watch(bench.root) as watch:
        for _ in range(3):
            step(bench)
    assert bench.widget.experiment.epochs == epochs + 3
    record_property("latency", watch.seen.line("playground, an epoch (Python)"))
    again = Experiment(**printed(bench))
    assert again.losses == bench.widget.experiment.losses
    assert bench.words == again.words
    assert bench.violations() == []
    page.get_by_role("button", name="Start again").click()
    page.wait_for_function("() => document.querySelector('.nnkit-words').innerText.includes('After 0 epochs')")
    assert bench.complaints == []


def test_neurons_edges_and_regions_are_those_of_the_network(page: Any) -> None:
    bench = opened(page, hidden=(3, 2), epochs=10)
    experiment = bench.widget.experiment
    low, side = bench.widget.answer({"do": "look", "settings": bench.widget.state})["low"], 0.0
    side = bench.widget.answer({"do": "look", "settings": bench.widget.state})["side"]
    frames = bench.root.locator(".nnkit-net rect[data-neuron]")
    places = {frame.get_attribute("data-neuron"): frame for frame in frames.all()}
    assert list(places) == ["0,1", "0,2", "1,1", "1,2", "1,3", "2,1", "2,2", "3,1", "3,2"]
    for layer, neurons in enumerate(experiment.weights, start=1):
        for neuron in range(len(neurons[1])):
            rect = {name: float(places[f"{layer},{neuron + 1}"].get_attribute(name)) for name in ("x", "y", "width")}
            x, y = rect["x"] + 0.3 * rect["width"], rect["y"] + 0.7 * rect["width"]
            answer = experiment.neurons(low[None] + side * np.array([[0.3, 0.3]]))[layer - 1][0, neuron]
            red, _, blue, _ = page.evaluate(COLOUR, [".nnkit-net", x, y])
            if abs(answer) > 0.05:
                assert (red > blue) == (answer > 0)  # orange where it is positive, purple where it is negative
    for x, y in np.random.default_rng(0).uniform(0.05, 0.95, (20, 2)):
        scores = experiment.scores(low[None] + side * np.array([[x, y]]))[0]
        red, _, blue, alpha = page.evaluate(COLOUR, ["[aria-label^=Decision]", 270 * x, 270 * (1 - y)])
        if abs(scores[1] - scores[0]) > 0.5:
            assert (red > blue) == (scores[1] > scores[0])  # the second class is pink, the first blue
            assert alpha > 20
    lines = bench.root.locator(".nnkit-net g g line").all()
    weights = np.concatenate([weights.ravel() for weights, _ in experiment.weights])
    assert [line.get_attribute("stroke-dasharray") is not None for line in lines] == (weights < 0).tolist()
    widths = [float(line.get_attribute("stroke-width")) for line in lines]
    assert np.corrcoef(widths, np.abs(weights))[0, 1] > 0.99


def test_a_weight_is_chosen_with_the_mouse_and_set(page: Any, record_property: Any) -> None:
    bench = opened(page, hidden=(2,), epochs=4)
    step(bench)
    line = bench.root.locator(".nnkit-net g g line").nth(3)  # x₂ to the second neuron
    ends = [float(line.get_attribute(name)) for name in ("x1", "y1", "x2", "y2")]
    box = bench.root.locator(".nnkit-net").bounding_box()
    page.mouse.click(box["x"] + ends[0] + 0.75 * (ends[2] - ends[0]), box["y"] + ends[1] + 0.75 * (ends[3] - ends[1]))
    value = page.get_by_label("value of the weight")
    assert value.evaluate("box => box === document.activeElement")
    assert value.input_value() == style.number(bench.widget.experiment.weights[0][0][1, 1])
    with Watch(bench.root) as watch:
        page.keyboard.insert_text("−2.5")
        page.keyboard.press("Enter")
        page.wait_for_function("() => document.querySelector('.nnkit-words').innerText.includes('1 weight was set')")
    record_property("latency", watch.seen.line("playground, a weight set by hand (Python)"))
    assert bench.widget.experiment.weights[0][0][1, 1] == -2.5
    step(bench)
    assert bench.widget.experiment.weights[0][0][1, 1] != -2.5  # the training goes on from there
    settings = printed(bench)
    assert settings["edits"] == [[5, 1, 2, 2, -2.5]]
    assert Experiment(**settings).losses == bench.widget.experiment.losses
    frame = bench.root.locator(".nnkit-net rect[data-neuron='2,1']").bounding_box()
    page.mouse.click(frame["x"] + 9, frame["y"] + 9)
    assert page.get_by_label("from", exact=True).input_value() == "0"
    assert value.input_value() == style.number(bench.widget.experiment.weights[1][1][0])
    assert bench.complaints == []


def test_the_largest_network_has_room_for_its_controls(page: Any) -> None:
    bench = opened(page, hidden=(8, 12, 8, 32))
    assert bench.root.locator(".nnkit-net rect[data-neuron]").count() == 2 + 4 * 8 + 2
    page.get_by_label("neurons of hidden layer 4", exact=True).get_by_role("textbox").fill("31")
    page.get_by_label("neurons of hidden layer 4", exact=True).get_by_role("textbox").press("Enter")
    page.get_by_text("+ 23 more").wait_for()
    assert bench.widget.experiment.settings["hidden"] == (8, 12, 8, 31)
    assert bench.violations() == []


def test_all_of_it_goes_with_the_keyboard(page: Any) -> None:
    bench = opened(page, hidden=(2,))
    page.get_by_label("hidden layers: more").press("Enter")
    page.get_by_label("neurons of hidden layer 1: more").press("Enter")
    page.get_by_label("neurons of hidden layer 2: fewer").press("Space")
    page.wait_for_function(
        "() => document.querySelector('[data-neuron=\"1,3\"]') && !document.querySelector('[data-neuron=\"2,2\"]')"
    )
    assert bench.widget.experiment.settings["hidden"] == (3, 1)
    page.get_by_label("rate", exact=True).press("ArrowRight")
    page.get_by_label("seed, typed").fill("7")
    page.get_by_label("seed, typed").press("Enter")
    page.get_by_label("data").select_option("circles")
    assert bench.settled()["seed"] == 7
    assert bench.widget.experiment.settings["data"] == "circles"
    assert bench.widget.experiment.settings["rate"] > 0.3
    page.get_by_role("button", name="Step").press("Enter")
    page.wait_for_function(EPOCHS, arg=1)
    page.get_by_label("layer of the weight").select_option("outputs")
    page.get_by_label("into neuron").select_option("2")
    page.get_by_label("from", exact=True).select_option("its bias")
    page.get_by_label("value of the weight").fill("0,5")
    before = bench.drawn
    page.get_by_label("value of the weight").press("Enter")
    bench.wait_until_drawn(before)
    assert bench.widget.experiment.settings["edits"] == ((1, 3, 2, 0, 0.5),)
    page.get_by_label("value of the weight").fill("much")
    page.get_by_label("value of the weight").press("Escape")
    assert page.get_by_label("value of the weight").input_value() == "0.5"
    page.get_by_role("button", name="Play").press("Enter")
    page.wait_for_function(EPOCHS, arg=5)
    page.get_by_role("button", name="Pause").press("Enter")
    assert bench.complaints == []


def test_a_change_while_it_plays_begins_again_and_plays_on(page: Any) -> None:
    bench = opened(page, hidden=(2,))
    page.get_by_role("button", name="Play").click()
    page.wait_for_function(EPOCHS, arg=3)
    page.get_by_label("activation").select_option("relu")
    page.wait_for_function("() => document.querySelector('.nnkit-words').innerText !== ''")
    page.wait_for_function(EPOCHS, arg=6)
    page.get_by_role("button", name="Pause").click()
    assert Experiment(**printed(bench)).losses == bench.widget.experiment.losses
    assert bench.widget.experiment.settings["activation"] == "relu"


def test_nothing_is_asked_after_the_end(page: Any) -> None:
    bench = opened(page, hidden=(2,))
    page.get_by_role("button", name="Play").click()
    page.wait_for_function(EPOCHS, arg=3)
    page.evaluate("() => { window.nnkitEnd(); }")
    page.wait_for_timeout(150)
    epochs = bench.widget.experiment.epochs
    page.wait_for_timeout(150)
    assert bench.widget.experiment.epochs == epochs


def test_an_epoch_that_takes_long_says_how_far_it_is(page: Any) -> None:
    bench = opened(page, hidden=(8, 8), samples=2000, batch_size=1)
    page.evaluate(
        """() => {
          window.told = [];
          const place = document.querySelector(".nnkit-told");
          new MutationObserver(() => window.told.push(place.innerText)).observe(place, {childList: true});
        }"""
    )
    page.get_by_role("button", name="Step").click()
    page.wait_for_function(EPOCHS, arg=1)
    assert [text for text in page.evaluate("() => window.told") if re.fullmatch(r"epoch 1: \d+ %", text)]
    assert bench.widget.experiment.epochs == 1


def test_a_loss_that_explodes_ends_the_play(page: Any) -> None:
    bench = opened(page, hidden=(8, 8), samples=200, activation="identity", rate=20, batch_size=100)
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("() => document.querySelector('.nnkit-words').innerText.includes('stopped being a number')")
    page.get_by_role("button", name="Play").wait_for()
    assert page.get_by_label("value of the weight").input_value() in ("nan", "> 8·10³⁷", "< −8·10³⁷")
    assert bench.complaints == []


@pytest.mark.parametrize("dark", [False, True], ids=["white", "dark"])
def test_a_challenge_goes_from_the_prediction_to_the_verdict(page: Any, dark: bool) -> None:
    bench = Bench(page, Playground(challenge="the seed that fails"), dark)
    bench.page.wait_for_function("() => document.querySelector('.nnkit-words').innerText !== ''")
    assert page.get_by_role("button", name="Play").is_disabled()
    assert page.get_by_role("button", name="Step").is_disabled()
    assert "0, 2 and 5" not in page.content()
    assert bench.violations() == []
    guess = page.get_by_label("my prediction")
    guess.fill("no idea")
    guess.press("Enter")
    page.wait_for_function("() => document.querySelector('.nnkit-verdict').innerText.includes('no idea')")
    guess.fill("5")
    guess.press("Enter")
    page.get_by_text("Your prediction: 5.").wait_for()
    page.get_by_role("button", name="Judge it").click()
    page.get_by_text("0 epochs are too few to say").wait_for()
    page.get_by_label("seed, typed").fill("2")
    page.get_by_label("seed, typed").press("Enter")
    page.get_by_label("pace").select_option("as many as fit")
    page.get_by_role("button", name="Play").press("Enter")
    page.wait_for_function(EPOCHS, arg=60)
    page.get_by_role("button", name="Pause").press("Enter")
    page.get_by_role("button", name="Judge it").press("Enter")
    page.get_by_text("From the seed 2 it is stuck").wait_for()
    said = bench.root.locator(".nnkit-verdict").inner_text()
    assert said.startswith("Met.")
    assert "You predicted 5. Measured: 3 (a different number, 2 too high)." in said
    assert re.search("0, 2 and 5", said)
    assert bench.violations() == []
    assert bench.complaints == []


def test_who_does_not_meet_it_is_told_on_request(page: Any) -> None:
    Bench(page, Playground(challenge="six neurons"))
    page.get_by_label("3 and 3").check()
    page.get_by_role("button", name="Commit").click()
    page.get_by_text("Your prediction: 3 and 3.").wait_for()
    page.get_by_role("button", name="Judge it").click()
    page.get_by_text("95 % are wanted").wait_for()
    page.get_by_role("button", name="Tell me").click()
    page.get_by_text("Measured: 6 in one layer (another choice).").wait_for()
