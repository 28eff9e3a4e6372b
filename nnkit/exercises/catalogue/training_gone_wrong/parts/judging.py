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
from nnkit.languages import say

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
        "Your program does not ask the network about as many batches as the one that it mends. Epochs and batches were "
        "not at fault; they stay as they are."
    ),
    "epoch": "In an epoch of yours not every image comes exactly once. The batches were not at fault.",
    "large inputs": (
        "The network still meets numbers that are far from the size of 1, in the batches or where new images are read. "
        "Nothing done to the steps can mend that: look at what goes into the network, at both places."
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
        "Your network learns, at least in part, in use mode, where dropout does nothing. Each step belongs in training "
        "mode: in which mode is the network when the next epoch begins?"
    ),
    "dropout in use": (
        "When new images are read, the network is still in training mode. If it has dropout, neurons then drop out at "
        "random: asked twice, it gives two answers, and a mean of several answers only blurs that."
    ),
    "summed": (
        "The weights move along the sum of the gradients of this batch and of batches before it. `backward` adds to "
        "what is there. When is it taken away, and how often?"
    ),
    "off": (
        "At least one step is not what the program promises: rate times the gradient of the cross-entropy of this "
        "batch, every image with the label that belongs to it. Wrong pairs do that; so do momentum, weight decay or "
        "another optimizer, which were not asked for."
    ),
    "rate varies": (
        "The steps have different rates, as a schedule makes them, or clipped gradients. One constant rate was asked "
        "for."
    ),
    "rate high": "The rate that your steps show is above a quarter of the program's. Think in powers of ten.",
    "rate low": "The rate that your steps show is below a fortieth of the program's. Think in powers of ten.",
    "another rate": "Your steps show another rate than the program had. The rate was not at fault here; it stays.",
    "not shuffled": (
        "The batches come in the order in which the images were given, or in that order backwards. Files are often "
        "sorted by class; the shuffling was no fault and stays."
    ),
    "neighbours": (
        "Only the order of the batches is left to chance: each holds neighbours, and the same ones in every epoch. The "
        "program mixes the images themselves; the shuffling stays."
    ),
    "same order": "Every epoch has the same order. The program draws a new one for each epoch; the shuffling stays.",
    "not from rng": "The order of the images does not come from `rng`: your program draws nothing from it.",
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
        return _found(
            "changed",
            say("Your function changed {changed} in place.", changed=listing(answer.changed)),
            "input changed",
        )
    return (
        _steps(exercise, case, seen)
        or _inputs(exercise, case, seen["inputs"])
        or _modes(seen)
        or _directions(exercise, seen["steps"])
        or _order(case, seen)
        or _results(case, seen)
    )


def _per_epoch(case: Case) -> int:
    return -(-len(case.arguments["X"]) // BATCH)


def _steps(exercise: Exercise, case: Case, seen: dict[str, Any]) -> Finding | None:
    steps, wanted = seen["steps"], _per_epoch(case) * case.arguments["epochs"]
    if len(steps) != wanted:
        return _found(
            "number of steps",
            say("The network met {steps_count} batches, expected {wanted}.", steps_count=len(steps), wanted=wanted),
        )
    if not seen["untouched"]:
        return _found("other start", "At the first batch the network has other weights than it was given with.")
    for start in range(0, wanted, _per_epoch(case)):
        rows = [row for step in steps[start : start + _per_epoch(case)] for row in step["rows"]]
        if -1 not in rows and sorted(rows) != list(range(len(case.arguments["X"]))):
            return _found(
                "epoch", say("In epoch {start} some images come twice or never.", start=start // _per_epoch(case))
            )
    return None


def _inputs(exercise: Exercise, case: Case, inputs: dict[str, Any]) -> Finding | None:
    for key, where in (("batches", "in batches"), ("reads", "among the new images")):
        if inputs[key] and not 0.03 < inputs[key] < 8:
            return _found(
                "large inputs",
                say("What the network meets {where} has the size {inputs:.3g}.", where=where, inputs=inputs[key]),
            )
    if inputs["differ"]:
        return _found("two scales", "One image was met as two different rows of numbers.")
    if inputs["merged"]:
        return _found("grey lost", "Two different images were met as the same row of numbers.")
    return None


def _modes(seen: dict[str, Any]) -> Finding | None:
    modes = [step["training"] for step in seen["steps"]]
    if not all(modes):
        return _found(
            "dropout gone",
            say(
                "{count} of {modes_count} batches met a network in use mode.",
                count=modes.count(False),
                modes_count=len(modes),
            ),
        )
    if any(read["training"] for read in seen["reads"]):
        return _found("dropout in use", "New images were read by a network in training mode.")
    return None


def _directions(exercise: Exercise, steps: list[dict[str, Any]]) -> Finding | None:
    if all(step["moved"] == 0 for step in steps):
        return _found("no step", "After the training all weights are what they were.")
    off = [number for number, step in enumerate(steps) if not step["off"] < 0.02]
    known = all(-1 not in step["rows"] for step in steps)
    if off and known:
        text = say("The step after batch {off} does not lie along the gradient of this batch.", off=off[0])
        return _found("summed" if steps[off[0]]["summed"] < 0.003 else "off", text)
    rates = np.array([step["rate"] for step in steps])
    if not known:
        return None
    if np.ptp(rates) > 0.03 * abs(rates).max():
        return _found(
            "rate varies",
            say("The rates of your steps lie between {min:.3g} and {max:.3g}.", min=rates.min(), max=rates.max()),
        )
    rate = float(np.median(rates))
    text = say("Your steps are {rate:.3g} times the gradient.", rate=rate)
    if exercise.name == "mended_b":
        if rate > 1.03 * HIGH / 4:
            return _found("rate high", text)
        return _found("rate low", text) if rate < 0.97 * HIGH / 40 else None
    return _found("another rate", text) if abs(rate / RATE - 1) > 0.03 else None


def _order(case: Case, seen: dict[str, Any]) -> Finding | None:
    rows, per = [step["rows"] for step in seen["steps"]], _per_epoch(case)
    orders = [[row for batch in rows[start : start + per] for row in batch] for start in range(0, len(rows), per)]
    if any(-1 in order for order in orders):
        return None
    if orders[0] in (sorted(orders[0]), sorted(orders[0], reverse=True)):
        return _found("not shuffled", "The first epoch goes through the images from one end to the other.")
    if all(max(batch) - min(batch) < len(batch) for batch in rows):
        return _found("neighbours", "Every batch holds images that stood next to each other.")
    if all(order == orders[0] for order in orders):
        return _found("same order", "All epochs go through the images in one and the same order.")
    if not seen["drawn"]:
        return _found("not from rng", "After the training, rng is as it was before.")
    return None


def _results(case: Case, seen: dict[str, Any]) -> Finding | None:
    losses, scores = seen["returned"]
    epochs, per = case.arguments["epochs"], _per_epoch(case)
    shape = (epochs, len(case.arguments["X_new"]), len(case.arguments["b2"]))
    if len(seen["reads"]) != epochs or [read["after"] for read in seen["reads"]] != [
        per * (k + 1) for k in range(epochs)
    ]:
        return _found(
            "number of scores",
            say(
                "The new images were read {seen_count} times in {epochs} epochs.",
                seen_count=len(seen["reads"]),
                epochs=epochs,
            ),
        )
    wanted = np.array([read["out"] for read in seen["reads"]])
    if not _agree(scores, wanted):
        return _found("scores", say("scores {scores} the network's answers.", scores=_unlike(scores, shape)))
    if not _agree(losses, np.array([step["loss"] for step in seen["steps"]]), known=seen["steps"]):
        return _found(
            "losses", say("losses {losses} the losses of the steps.", losses=_unlike(losses, (len(seen["steps"]),)))
        )
    return None


def _unlike(values: Any, shape: tuple[int, ...]) -> str:
    """How values differ from what they should be: by their shape, or only by their numbers."""
    try:
        found = np.shape(values)
    except ValueError:
        return "has rows of different lengths, expected the shape " + f"{shape}:"
    return (
        "has the right shape, but other numbers than"
        if found == shape
        else say("has the shape {found}, expected {shape}:", found=found, shape=shape)
    )


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
