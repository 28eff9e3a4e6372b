"""The playground: a network to play with, trained by Python between two pictures, and challenges to meet in it.

The page shows what every neuron answers to every point, and asks for the next epochs when the last picture is drawn.
Each question takes about a hundredth of a second here, so that a playground that plays keeps nobody waiting. The
settings are printed under the picture; given back to `playground`, they make the same picture again.
"""

from __future__ import annotations

import html
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nnkit.widgets import base, judging
from nnkit.widgets.challenges import CHALLENGES, Challenge
from nnkit.widgets.experiment import (
    ACTIVATIONS,
    DATA,
    DEFAULTS,
    LARGEST,
    LAYERS,
    NEURONS_DRAWN,
    OPTIMIZERS,
    UNITS,
    Experiment,
    checked,
)
from nnkit.widgets.fields import Choice, Field, Number, Whole

PATIENCE = 0.015  # seconds that one question may train
SIDE, EACH = 72, 3  # places of the large map along each side; a neuron's small map has every third


class Playground(base.Moving):
    """An experiment on a page: play, pause, step, start again, set weights by hand.

    Parameters
    ----------
    settings : mapping, optional
        Of the experiment, and with ``challenge`` the name of a challenge.
    **changes : Any
        Single settings; they win.

    Attributes
    ----------
    experiment : Experiment
        The one that is seen.
    challenge : Challenge or None
    prediction : str or None
        What the reader has committed to.

    Raises
    ------
    ValueError
        If a setting is unknown or out of bounds, or the challenge does not leave it open.

    Examples
    --------
    >>> play = Playground(data="xor", hidden=(2,), epochs=0)
    >>> answer = play.answer({"do": "look", "settings": play.state})
    >>> [maps.shape for maps in answer["maps"]], answer["margins"].shape
    ([(2, 24, 24), (2, 24, 24)], (1, 72, 72))
    >>> told = play.answer({"do": "train", "run": answer["run"], "have": 1, "epochs": 1, "pictures": 1})
    >>> sorted(told)  # how many pictures fit into a moment is the machine's affair
    ['busy', 'pictures', 'run']
    """

    front = "playground"
    call = "widgets.playground"

    def __init__(self, settings: Mapping[str, Any] | None = None, /, **changes: Any) -> None:
        given = {**(settings or {}), **changes}
        self._name = str(given.get("challenge") or "")
        if self._name and self._name not in CHALLENGES:
            names = ", ".join(map(repr, CHALLENGES))
            raise ValueError(f"The challenges are {names}; got {self._name!r}.")
        self.challenge: Challenge | None = CHALLENGES.get(self._name)
        self.title = f"Challenge: {self.challenge.title}" if self.challenge else "Playground of a small network"
        self.prediction: str | None = None
        self._judging: judging.Judging | None = None
        self._judged = False
        self._run = 0
        super().__init__(given)
        self.experiment = Experiment(**_without_challenge(self.state))

    @property
    def fields(self) -> Sequence[Field]:
        """The settings; only what may be changed has a control."""
        start = {**DEFAULTS, **(self.challenge.settings if self.challenge else {})}

        def label(name: str, words: str) -> str:
            return words if self._may_change(name) else ""

        def number(name: str, words: str, *bounds: Any) -> Field:
            return Number(name, label(name, words), start[name], *bounds)

        def whole(name: str, words: str, low: int, high: int) -> Field:
            return Whole(name, label(name, words), start[name], low, high)

        def choice(name: str, words: str, options: Sequence[str]) -> Field:
            return Choice(name, label(name, words), start[name], options)

        # The sliders end where it is no use to go further; what is given in Python may lie beyond.
        return [
            choice("data", "data", DATA),
            choice("activation", "activation", ACTIVATIONS),
            choice("optimizer", "optimizer", OPTIMIZERS),
            whole("samples", "samples", 20, 600),
            number("noise", "noise", 0.0, 0.6, 0.01),
            whole("seed", "seed", 0, 99),
            number("rate", "rate", 0.001, 30.0, 0.05, True),
            whole("batch_size", "batch size", 1, 100),
            number("l1", "L1 penalty", 0.0, 0.1, 0.001),
            number("l2", "L2 penalty", 0.0, 0.1, 0.001),
            *(Field(name, "", start[name]) for name in ("hidden", "epochs", "edits")),
            *([Field("challenge", "", self._name)] if self._name else []),
        ]

    def _may_change(self, name: str) -> bool:
        return self.challenge is None or name in self.challenge.open

    def read(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return a whole state: settings of an experiment as JSON has them, and the challenge if there is one.

        Parameters
        ----------
        given : mapping

        Returns
        -------
        dict

        Raises
        ------
        ValueError
            With a sentence that names the setting, what it may be and what came.
        """
        fixed = dict(self.challenge.settings) if self.challenge else {}
        settings = checked({**fixed, **_without_challenge(given)})
        for name, value in checked(fixed).items() if self.challenge else ():
            if settings[name] != value and not self._may_change(name) and name != "epochs":
                raise ValueError(
                    f"The challenge {self._name!r} has {name} = {value!r}; what may be changed is "
                    f"{', '.join(self.challenge.open) if self.challenge else ''}."
                )
        state: dict[str, Any] = {name: settings[name] for name in DEFAULTS}
        state["hidden"] = list(state["hidden"])
        state["edits"] = [list(edit) for edit in state["edits"]]
        return {**state, "challenge": self._name} if self._name else state

    def material(self) -> dict[str, Any]:
        """What the page has to know of bounds and of the challenge; nothing of what is right."""
        told: dict[str, Any] = {
            "layers": LAYERS,
            "units": UNITS,
            "drawn": NEURONS_DRAWN,
            "largest": LARGEST,
            "open": [name for name in DEFAULTS if self._may_change(name)],
        }
        if self.challenge:
            asked = self.challenge
            told["challenge"] = {
                "title": asked.title,
                "task": asked.task,
                "question": asked.question,
                "choices": list(asked.choices),
                "hint": "" if asked.choices else asked.tolerance.announcement,
            }
        return told

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """Begin, train for a moment, set a weight, note a prediction, or judge.

        Parameters
        ----------
        question : dict
            ``do`` says which of these.

        Returns
        -------
        dict
            Mostly a picture as numbers.
        """
        do = question["do"]
        if do in ("look", "begin"):
            wanted = checked(_without_challenge(self.read(question["settings"])))
            if do == "begin" or wanted != self.experiment.settings:
                self.experiment = Experiment(**wanted)
                self._judging = None
                self._run += 1
            return self._picture()
        if do in ("train", "edit") and self.challenge and self.prediction is None:
            raise ValueError("First your prediction; then it may be trained.")
        if do in ("train", "edit") and question["run"] != self._run:
            return self._picture()  # of another page that shows the same network
        if do == "train":
            return self._train(question)
        if do == "edit":
            if not self._may_change("edits"):
                raise ValueError("In this challenge no weight is set by hand.")
            self.experiment.edit(*question["edit"])
            return self._picture(question["have"])
        if self.challenge is None:
            raise ValueError(f"There is nothing to {do}: this is no challenge.")
        if do == "commit":
            try:
                self.prediction = self.prediction or judging.read_prediction(self.challenge, question["prediction"])
            except ValueError as problem:
                return {"prediction": None, "said": str(problem)}
            return {"prediction": self.prediction, "said": ""}
        if do == "judge":
            return self._judge(self.challenge)
        if do == "tell" and self._judged and self.prediction is not None:
            return {"known": judging.compare(self.challenge, self.prediction)}
        raise ValueError("What is known about it is told after a first verdict.")

    def _train(self, question: dict[str, Any]) -> dict[str, Any]:
        """Train for a moment; return a picture after so many epochs each, as many pictures as fit and are asked for.

        One question for several pictures: a notebook has more to do around a question than Python has to answer it.
        """
        begun = last = time.perf_counter()
        have = question["have"]
        pictures: list[dict[str, Any]] = []
        while len(pictures) < question["pictures"]:
            left = PATIENCE - (time.perf_counter() - begun)
            try:
                between = self.experiment.train_for(left, question["epochs"])
            except KeyboardInterrupt:  # somewhere in a step: what is left belongs to no settings
                self.experiment = Experiment(**{**self.experiment.settings, "epochs": 0, "edits": ()})
                self._run += 1
                return {"problem": "The training was interrupted. Start again."}
            if not between:
                break
            pictures.append(self._picture(have))
            have = len(self.experiment.losses)
            now = time.perf_counter()
            if self.experiment.finished or now - begun + (now - last) > PATIENCE:  # another like this would not fit
                break
            last = now
        return {"run": self._run, "pictures": pictures, "busy": self.experiment.share_of_epoch}

    def _judge(self, challenge: Challenge) -> dict[str, Any]:
        if self.prediction is None:
            raise ValueError("First your prediction; then it may be trained, and judged.")
        self._judging = self._judging or judging.judge(challenge, self.experiment)
        try:
            return {"busy": next(self._judging)}
        except StopIteration as end:
            self._judging = None
            self._judged = True
            verdict: judging.Verdict = end.value
            known = judging.compare(challenge, self.prediction) if verdict.met else ""
            return {"met": verdict.met, "verdict": verdict.text, "known": known}

    def _picture(self, have: int = 0) -> dict[str, Any]:
        """Return what is seen, as numbers; of the losses those from number `have` on, since the page has the others."""
        experiment = self.experiment
        losses, others = experiment.losses, experiment.validation_losses
        have = max(0, min(have, len(losses) - 1))
        low, side = _square(experiment)
        maps, margins = _maps(experiment, low, side)
        told: dict[str, Any] = {
            "run": self._run,
            "epochs": experiment.epochs,
            "edits": [list(edit) for edit in experiment.settings["edits"]],
            "finished": experiment.finished,
            "have": have,
            "training": losses[have:],
            "validation": others[have:],
            "weights": [_single(weights) for weights, _ in experiment.weights],
            "biases": [_single(biases) for _, biases in experiment.weights],
            "maps": maps,
            "margins": margins,
            "share": experiment.share_right,
            "words": experiment.words,
            "prediction": self.prediction,
        }
        if not have:
            kinds = {"training": (experiment.X, experiment.y), "validation": experiment.validation}
            told["points"] = {name: {"X": X, "y": y} for name, (X, y) in kinds.items()}
            told |= {"low": low, "side": side}
        return told

    def twin(self) -> base.Twin:
        """Return the picture of the network as it is trained, and the settings that make it again."""
        settings = self.experiment.settings
        text, markup = f"settings = {settings}", _settings_html(settings)
        if self.challenge:
            asked = self.challenge
            ways = " · ".join(asked.choices) or asked.tolerance.announcement
            said = {f"{asked.title}.": asked.task, "My prediction:": f"{asked.question} ({ways})"}
            text = "\n".join([*(f"{label} {words}" for label, words in said.items()), text])
            markup = "".join(base.paragraph(words, label) for label, words in said.items()) + markup
        return base.Twin(self.experiment.figure(), text, markup)


def _without_challenge(state: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in state.items() if name != "challenge"}


def _square(experiment: Experiment) -> tuple[np.ndarray, float]:
    """The lower left corner and the side of the square that holds all points."""
    points = np.concatenate([experiment.X, experiment.validation[0]])
    low, high = points.min(0), points.max(0)
    side = 1.12 * float((high - low).max())
    return (low + high - side) / 2, side


def _single(values: np.ndarray) -> np.ndarray:
    """Return numbers that float32 can hold: what is larger becomes nearly its largest, nan stays."""
    most = float(np.finfo(np.float32).max) / 4
    return np.clip(values, -most, most)


def _maps(experiment: Experiment, low: np.ndarray, side: float) -> tuple[list[np.ndarray], np.ndarray]:
    """What the neurons answer on a square, the first row at its top, and by how much each class leads the others.

    Of two classes the lead of the second is enough. What is no number any more is 0.
    """
    along = (np.arange(SIDE) + 0.5) / SIDE * side
    across, up = np.meshgrid(low[0] + along, low[1] + along[::-1])
    answers = experiment.neurons(np.stack([across.ravel(), up.ravel()], axis=1))
    squares = [np.nan_to_num(_single(one)).T.reshape(-1, SIDE, SIDE) for one in answers]
    scores = squares[-1]
    if len(scores) == 2:
        margins = scores[1:] - scores[:1]
    else:
        others = [np.delete(scores, label, axis=0).max(axis=0) for label in range(len(scores))]
        margins = scores - np.stack(others)
    middle = EACH // 2
    return [one[:NEURONS_DRAWN, middle::EACH, middle::EACH] for one in squares], margins


def _settings_html(settings: Mapping[str, Any]) -> str:
    return (
        '<pre style="white-space:pre-wrap; font-size:85%; margin:0.4em 0">'
        f"settings = {html.escape(repr(dict(settings)))}</pre>"
    )


def playground(settings: Mapping[str, Any] | None = None, /, **changes: Any) -> None:
    """Show a network to play with: choose data and network, train it, watch regions, losses and neurons.

    Half of the samples are learned from, the other half (hollow) is for validation. The settings are printed below as a
    dictionary: ``playground(settings)`` makes the same picture again. A change of settings starts again from fresh
    weights, and a weight that is set by hand is noted among them, so that the dictionary tells the whole story. The
    static twin shows the trained network.

    Parameters
    ----------
    settings : mapping, optional
        As printed.
    **changes : Any
        Single settings; they win. ``data``: "moons", "circles", "xor", "spirals", "blobs"; ``samples``; ``noise``;
        ``hidden``: neurons of each hidden layer, ``()`` for none; ``activation``: "identity", "sigmoid", "tanh",
        "relu"; ``optimizer``: "SGD", "Adam"; ``rate``; ``batch_size``; ``l1``, ``l2``: penalties on the weights;
        ``epochs``: trained before the first look; ``seed``; ``edits``: weights set by hand, as the page notes them;
        ``challenge``: the name of a challenge, which asks for a prediction and is judged.

    Raises
    ------
    ValueError
        If a setting is unknown or out of bounds, or the challenge does not leave it open.

    Examples
    --------
    >>> from unittest import mock
    >>> with mock.patch.dict("os.environ", NNKIT_STATIC="1"):
    ...     playground(data="xor", epochs=1)
    Playground: xor and a network with 1 hidden layer. After 1 epoch: loss ...
    """
    Playground(settings, **changes).show()
