"""Judging a training program by what it did to a watched network: properties that every right mend has.

What is wrong is a *symptom*, a few words that are equal for equal errors. Its sentence stands here once, and the
declared mistakes quote it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.finding import Finding
from nnkit.exercises.judge.wording import listing

BATCH = 32
RATE = 0.2
HIGH = 2.0  # the rate of program B

SENTENCES = {
    "form": "Two things are asked for, in this order: the loss of every step, and the scores after every epoch.",
    "changed": (
        "Your program changes the caller's own arrays. Whoever looks at the data afterwards finds others. Make new "
        "arrays, and leave the old ones as they are."
    ),
    "number of steps": (
        "Your program does not take as many steps as the one that it mends. Epochs and batches were not at fault; "
        "they stay as they are."
    ),
    "epoch": "In an epoch of yours not every image comes exactly once. The batches were not at fault.",
    "large inputs": (
        "The network still meets numbers that are far from the size of 1, in the batches or where new images are read. "
        "The first loss shows it before any step is taken, so nothing done to the steps can mend it."
    ),
    "two scales": (
        "The same image reaches the network as different numbers, according to where it stands. What is done to the "
        "images of the training has to be done, with the same constants, to those that are read afterwards."
    ),
    "grey lost": (
        "Two images that differ arrive at the network as one and the same. Grey values were cut off or rounded away; "
        "only their scale was at fault."
    ),
    "other start": (
        "Your program changes the weights before the first step. The network is given as it is to start from; its "
        "weights were not at fault."
    ),
    "no step": (
        "The weights stay as they were: no step changes them. At the moment of `optimizer.step()`, is there a gradient "
        "in the parameters?"
    ),
    "dropout gone": (
        "Your network learns, at least in part, in use mode, where nothing is dropped. Dropout belongs to this "
        "training and stays in it: in which mode is the network when the next epoch begins?"
    ),
    "dropout in use": (
        "When new images are read, the network is still in training mode, and neurons drop out at random. Asked twice, "
        "it gives two answers; a mean of several answers only blurs that."
    ),
    "summed": (
        "The weights move along the sum of the gradients of this batch and of batches before it. `backward` adds to "
        "what is there. When is it taken away, and how often?"
    ),
    "off": (
        "At least one step is not what the program promises: rate times the gradient of the cross-entropy of this "
        "batch, every image with the label that belongs to it."
    ),
    "rate varies": "The steps have different rates. One constant rate was asked for.",
    "rate high": "The rate of your steps is still too high: a step jumps over the valley. Think in powers of ten.",
    "rate low": "The rate that your steps show is so low that this many steps lead nowhere. Think in powers of ten.",
    "another rate": "Your steps show another rate than the program had. The rate was not at fault here; it stays.",
    "not shuffled": (
        "The batches come in the order in which the images were given. Files are often sorted by class; the shuffling "
        "was no fault and stays."
    ),
    "number of scores": "After each epoch the new images are read once: there is one array of scores for each epoch.",
    "scores": (
        "Your scores are not what the network answers to the new images after each epoch: a row for each image, a "
        "number for each class."
    ),
    "losses": "Your losses are not those of the steps: one number for each batch, met before the weights are moved.",
}


def _found(symptom: str, text: str, rung: str = "value") -> Finding:
    return Finding(rung, text, cause=SENTENCES[symptom], symptom=symptom)


def judge(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
    """What is wrong with the training of one case, or None."""
    seen = answer.returned
    if seen["returned"] is None:
        text = "Your function returned None, expected losses and scores."
        return Finding("returned nothing", text, cause=text, symptom="nothing")
    if not isinstance(seen["returned"], tuple | list) or len(seen["returned"]) != 2:
        return _found("form", "Your function did not return two results, losses and scores.", "type")
    if answer.changed:
        return _found("changed", f"Your function changed {listing(answer.changed)} in place.", "input changed")
    return (
        _steps(exercise, case, seen)
        or _inputs(exercise, case, seen["inputs"])
        or _modes(seen)
        or _directions(exercise, seen["steps"])
        or _order(case, seen["steps"])
        or _results(case, seen)
    )


def _per_epoch(case: Case) -> int:
    return -(-len(case.arguments["X"]) // BATCH)


def _steps(exercise: Exercise, case: Case, seen: dict[str, Any]) -> Finding | None:
    steps, wanted = seen["steps"], _per_epoch(case) * case.arguments["epochs"]
    if len(steps) != wanted:
        return _found("number of steps", f"The network met {len(steps)} batches, expected {wanted}.")
    if not seen["untouched"]:
        return _found("other start", "At the first batch the network has other weights than it was given with.")
    for start in range(0, wanted, _per_epoch(case)):
        rows = [row for step in steps[start : start + _per_epoch(case)] for row in step["rows"]]
        if -1 not in rows and sorted(rows) != list(range(len(case.arguments["X"]))):
            return _found("epoch", f"In epoch {start // _per_epoch(case)} some images come twice or never.")
    return None


def _inputs(exercise: Exercise, case: Case, inputs: dict[str, Any]) -> Finding | None:
    for key, where in (("batches", "in batches"), ("reads", "among the new images")):
        if inputs[key] and not 0.03 < inputs[key] < 8:
            return _found("large inputs", f"What the network meets {where} has the size {inputs[key]:.3g}.")
    if inputs["differ"]:
        return _found("two scales", "One image was met as two different rows of numbers.")
    if inputs["merged"]:
        return _found("grey lost", "Two different images were met as the same row of numbers.")
    return None


def _modes(seen: dict[str, Any]) -> Finding | None:
    modes = [step["training"] for step in seen["steps"]]
    if not all(modes):
        return _found("dropout gone", f"{modes.count(False)} of {len(modes)} batches met a network in use mode.")
    if any(read["training"] for read in seen["reads"]):
        return _found("dropout in use", "New images were read by a network in training mode.")
    return None


def _directions(exercise: Exercise, steps: list[dict[str, Any]]) -> Finding | None:
    if all(step["moved"] == 0 for step in steps):
        return _found("no step", "After the training all weights are what they were.")
    off = [number for number, step in enumerate(steps) if not step["off"] < 0.02]
    known = all(-1 not in step["rows"] for step in steps)
    if off and known:
        text = f"The step after batch {off[0]} does not lie along the gradient of this batch."
        return _found("summed" if steps[off[0]]["summed"] < 0.003 else "off", text)
    rates = np.array([step["rate"] for step in steps])
    if not known:
        return None
    if np.ptp(rates) > 0.03 * abs(rates).max():
        return _found("rate varies", f"The rates of your steps lie between {rates.min():.3g} and {rates.max():.3g}.")
    rate = float(np.median(rates))
    text = f"Your steps are {rate:.3g} times the gradient."
    if exercise.name == "mended_b":
        if rate > 1.03 * HIGH / 4:
            return _found("rate high", text)
        return _found("rate low", text) if rate < 0.97 * HIGH / 40 else None
    return _found("another rate", text) if abs(rate / RATE - 1) > 0.03 else None


def _order(case: Case, steps: list[dict[str, Any]]) -> Finding | None:
    rows = [row for step in steps[: _per_epoch(case)] for row in step["rows"]]
    if -1 not in rows and rows == sorted(rows):
        return _found("not shuffled", "The first epoch goes through the images from the first to the last.")
    return None


def _results(case: Case, seen: dict[str, Any]) -> Finding | None:
    losses, scores = seen["returned"]
    epochs, per = case.arguments["epochs"], _per_epoch(case)
    shape = (epochs, len(case.arguments["X_new"]), len(case.arguments["b2"]))
    if len(seen["reads"]) != epochs or [read["after"] for read in seen["reads"]] != [
        per * (k + 1) for k in range(epochs)
    ]:
        return _found("number of scores", f"The new images were read {len(seen['reads'])} times in {epochs} epochs.")
    wanted = np.array([read["out"] for read in seen["reads"]])
    if not _agree(scores, wanted):
        return _found("scores", f"scores has the shape {np.shape(scores)}, expected {shape} of the network's answers.")
    if not _agree(losses, np.array([step["loss"] for step in seen["steps"]]), known=seen["steps"]):
        return _found("losses", f"losses has the shape {np.shape(losses)}, expected ({len(seen['steps'])},).")
    return None


def _agree(values: Any, wanted: np.ndarray, known: Any = ()) -> bool:
    try:
        found = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        return False
    if found.shape != wanted.shape:
        return False
    if any(-1 in step["rows"] for step in known):
        return True
    return bool(np.allclose(found, wanted, rtol=1e-3, atol=1e-4))
