"""Judging a training program by what it did to a watched network: properties that every right mend has.

What is wrong is a *symptom*, a few words that are equal for equal errors. Its sentence stands in `sentences`, and the
declared mistakes quote it. Each is true of the case in which it was seen, whatever the others show.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnkit.exercises.catalogue.training_gone_wrong.parts import neighbours
from nnkit.exercises.catalogue.training_gone_wrong.parts.sentences import AT_FAULT, IN_ORDER, SENTENCES
from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.finding import Finding
from nnkit.exercises.judge.wording import listing
from nnkit.languages import counted, say

BATCH = 32
RATE = 0.2
HIGH = 2.0  # the rate of program B
# With this probability a random order is taken for one that leaves neighbours together, in each of up to four cases.
BY_CHANCE = 1e-10
ENOUGH = 100  # neurons that could have been dropped: that none was has a probability of 2⁻¹⁰⁰


def _found(symptom: str, text: str, rung: str = "value") -> Finding:
    return Finding(rung, text, cause=SENTENCES[symptom], symptom=symptom, certain=True)


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
        _steps(case, seen)
        or _inputs(exercise, seen)
        or _dropout(case, seen)
        or _directions(exercise, seen["steps"])
        or _order(case, seen)
        or _results(case, seen)
    )


# ---------------------------------------------------------------------------------------------------------------------
# Epochs and batches
# ---------------------------------------------------------------------------------------------------------------------


def _sizes(case: Case) -> list[int]:
    """How many images each batch of an epoch has."""
    images = len(case.arguments["X"])
    return [min(BATCH, images - start) for start in range(0, images, BATCH)]


def _steps(case: Case, seen: dict[str, Any]) -> Finding | None:
    steps, epochs, sizes = seen["steps"], case.arguments["epochs"], _sizes(case)
    if seen["copies_learn"]:
        return _found("copies learn", "The network that was given met no batch, but a copy of it has other weights.")
    met, wanted = [len(step["rows"]) for step in steps], sizes * epochs
    starts = range(0, len(wanted), len(sizes))
    if len(met) != len(wanted) or any(sorted(met[k : k + len(sizes)]) != sorted(sizes) for k in starts):
        return _found(_misplaced(met, sizes, epochs), _batches(met, wanted))
    if not seen["untouched"]:
        return _found("other start", "At the first batch the network has other weights than it was given with.")
    for start in starts:
        rows = [row for step in steps[start : start + len(sizes)] for row in step["rows"]]
        if -1 not in rows and sorted(rows) != list(range(len(case.arguments["X"]))):
            return _found("epoch", say("In epoch {start} some images come twice or never.", start=start // len(sizes)))
    return None


def _misplaced(met: list[int], sizes: list[int], epochs: int) -> str:
    """The symptom of batches that are too few, too many or of other sizes."""
    if met == sizes:
        return "one epoch"
    if met == sizes[:-1] * epochs and sizes[-1] < BATCH:
        return "short batch"
    return "size of batches" if len(met) == len(sizes) * epochs or (met and met[0] != BATCH) else "number of steps"


def _batches(met: list[int], wanted: list[int]) -> str:
    if len(met) == len(wanted):
        return say("The network met batches of {met} images, expected {wanted}.", met=met, wanted=wanted)
    return counted(
        "The network met {count} batch, expected {wanted}.",
        "The network met {count} batches, expected {wanted}.",
        len(met),
        wanted=len(wanted),
    )


# ---------------------------------------------------------------------------------------------------------------------
# What reaches the network
# ---------------------------------------------------------------------------------------------------------------------


def _inputs(exercise: Exercise, seen: dict[str, Any]) -> Finding | None:
    inputs = seen["inputs"]
    if inputs["reordered"]:
        return _found("new order", "The rows of X_new reach the network in another order.")
    found = _of_numbers(inputs)
    unknown = any(-1 in step["rows"] for step in seen["steps"])
    if exercise.name not in AT_FAULT or not (found or unknown):
        return found
    text = found.text if found else "What the network meets in batches can no longer be told to be the images of X."
    cause = say(IN_ORDER, organ=say(AT_FAULT[exercise.name]))
    return Finding("value", text, cause=cause, symptom="inputs changed", certain=True)


def _of_numbers(inputs: dict[str, Any]) -> Finding | None:
    places = (("batches", "in batches"), ("reads", "among the new images"))
    for key, where in places:
        if not np.isfinite(inputs[key]):
            return _found("not finite", say("The network meets {where} what is no number.", where=where))
    if inputs["again"] != 1:
        text = say("In the second epoch an image comes with {again:.3g} times its numbers.", again=inputs["again"])
        return _found("again", text)
    for key, where in places:
        if inputs[key] and not 0.03 < inputs[key] < 8:
            return _found(
                "large inputs",
                say("What the network meets {where} has the size {inputs:.3g}.", where=where, inputs=inputs[key]),
            )
    if inputs["differ"]:
        return _found("two scales", "One image was met as two different rows of numbers.")
    if inputs["merged"]:
        symptom = "brightness lost" if inputs["merged"] == "brightness" else "grey lost"
        return _found(symptom, "Two different images were met as the same row of numbers.")
    return None


# ---------------------------------------------------------------------------------------------------------------------
# Dropout
# ---------------------------------------------------------------------------------------------------------------------


def _dropout(case: Case, seen: dict[str, Any]) -> Finding | None:
    """What counts is what dropout does: whether its layer is in training mode, and with which p."""
    steps, reads, p = seen["steps"], seen["reads"], case.arguments["drop"]
    others = [("in a batch", step["p"]) for step in steps if step["p"] != p]
    others += [("when new images are read", read["p"]) for read in reads if read["own"] and read["p"] != p]
    if others:
        where, other = others[0]
        text = say(
            "The network was given with dropout of p = {p:g}; {where} it has {other:g}.", p=p, where=where, other=other
        )
        return _found("another p", text)
    modes = [step["training"] for step in steps]
    if not all(modes):
        return _found(
            "dropout gone",
            say(
                "{count} of {modes_count} batches met a network in use mode.",
                count=modes.count(False),
                modes_count=len(modes),
            ),
        )
    if p and sum(step["alive"] for step in steps) >= ENOUGH and not any(step["dropped"] for step in steps):
        return _found("nothing dropped", "In no batch was a neuron dropped.")
    # A copy whose dropout has nothing to drop answers as one in use mode does.
    on = [read for read in reads if read["training"] and (read["own"] or read["p"] == p)]
    if on:
        text = "New images were read by a network in training mode."
        if on[0]["outer"] or not p:
            return _found("dropout in use", text)
        return _found("outer mode", "New images were read while dropout was in training mode.")
    if not all(read["current"] for read in reads):
        return _found("copy left behind", "New images were read by a copy that has other weights.")
    return None


# ---------------------------------------------------------------------------------------------------------------------
# Steps
# ---------------------------------------------------------------------------------------------------------------------

_FOLLOWS = {"sum": "summed", "part": "summed in part", "old": "old gradients", "decay": "decay"}


def _directions(exercise: Exercise, steps: list[dict[str, Any]]) -> Finding | None:
    if all(step["moved"] == 0 for step in steps):
        return _found("no step", "After the training all weights are what they were.")
    if any(-1 in step["rows"] for step in steps):
        return None
    idle = sum(step["moved"] == 0 and step["slope"] > 1e-6 for step in steps)
    if idle:
        text = say(
            "After {idle} of {steps_count} batches the weights stay as they were.", idle=idle, steps_count=len(steps)
        )
        return _found("few steps", text)
    off = [number for number, step in enumerate(steps) if not step["off"] < 0.02]
    if off:
        text = say("The step after batch {off} does not lie along the gradient of this batch.", off=off[0])
        return _found(_why_off([steps[number] for number in off]), text)
    return _rates(exercise, np.array([step["rate"] for step in steps]))


def _why_off(steps: list[dict[str, Any]]) -> str:
    """The symptom of steps that do not lie along the gradients of their batches."""
    follows = [step["follows"] for step in steps if step["follows"]]
    if follows:
        return _FOLLOWS[follows[0]]
    # All labels that were counted are whole at one rate, and not once only those that belong there.
    at_one_rate = set.intersection(*(set(step["labels"]) for step in steps))
    return "labels" if any(step["labels"][rate] for step in steps for rate in at_one_rate) else "off"


def _rates(exercise: Exercise, rates: np.ndarray) -> Finding | None:
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


# ---------------------------------------------------------------------------------------------------------------------
# The order of the images
# ---------------------------------------------------------------------------------------------------------------------


def _order(case: Case, seen: dict[str, Any]) -> Finding | None:
    rows, sizes = [step["rows"] for step in seen["steps"]], _sizes(case)
    if any(-1 in batch for batch in rows):
        return None
    epochs = [rows[start : start + len(sizes)] for start in range(0, len(rows), len(sizes))]
    orders = [[row for batch in epoch for row in batch] for epoch in epochs]
    if orders[0] in (sorted(orders[0]), sorted(orders[0], reverse=True)):
        return _found("not shuffled", "The first epoch goes through the images from one end to the other.")
    held = [{frozenset(batch) for batch in epoch} for epoch in epochs]
    if all(max(batch) - min(batch) < len(batch) for batch in rows) and all(one == held[0] for one in held):
        return _found("neighbours", "Every batch holds images that stood next to each other.")
    if all(order == orders[0] for order in orders):
        return _found("same order", "All epochs go through the images in one and the same order.")
    together = neighbours.together(epochs)
    if neighbours.chance(sizes, len(epochs), together) < BY_CHANCE:
        return _found(
            "left together",
            say(
                "In all epochs together {together} of {pairs} pairs of neighbours share a batch; in random orders "
                "about {expected:.0f} do.",
                together=together,
                pairs=sum(len(order) - 1 for order in orders),
                expected=neighbours.expected(sizes, len(epochs)),
            ),
        )
    if not seen["drawn"]:
        return _found("not from rng", "After the training, rng is as it was before.")
    return None


# ---------------------------------------------------------------------------------------------------------------------
# What is returned
# ---------------------------------------------------------------------------------------------------------------------


def _results(case: Case, seen: dict[str, Any]) -> Finding | None:
    losses, scores = seen["returned"]
    steps, reads = seen["steps"], seen["reads"]
    epochs, per = case.arguments["epochs"], len(_sizes(case))
    if [read["after"] for read in reads] != [per * (k + 1) for k in range(epochs)]:
        return _found("number of scores", _how_often_read(len(reads), epochs))
    answers, met = np.array([read["out"] for read in reads]), np.array([step["loss"] for step in steps])
    known = all(-1 not in step["rows"] for step in steps)
    if _agree(scores, met, known) and _agree(losses, answers) and not _agree(scores, answers):
        return _found("exchanged", "Your function returned scores, losses in the place of losses, scores.")
    if not _agree(scores, answers):
        return _found(
            _other_scores(scores, answers),
            say("scores {scores} the network's answers.", scores=_unlike(scores, answers.shape)),
        )
    if not _agree(losses, met, known):
        symptom, factor = _other_losses(losses, met, np.array([len(step["rows"]) for step in steps]))
        text = say("losses {losses} the losses of the steps.", losses=_unlike(losses, met.shape))
        if factor:
            text = say("Your losses are {factor:.3g} times those of the steps.", factor=factor)
        return _found(symptom, text)
    return None


def _how_often_read(times: int, epochs: int) -> str:
    if times == epochs:
        return "The new images were not read after each epoch."
    return counted(
        "The new images were read {count} time in {epochs} epochs.",
        "The new images were read {count} times in {epochs} epochs.",
        times,
        epochs=epochs,
    )


def _other_scores(scores: Any, answers: np.ndarray) -> str:
    shifted = np.exp(answers - answers.max(axis=2, keepdims=True))
    if _agree(scores, shifted / shifted.sum(axis=2, keepdims=True)):
        return "probabilities"
    return "labels for scores" if _agree(scores, answers.argmax(axis=2)) else "scores"


def _other_losses(losses: Any, met: np.ndarray, images: np.ndarray) -> tuple[str, float]:
    """The symptom of losses that are not those of the steps, and the number that they are times those; 0.0 if none."""
    found = _numbers(losses)
    if found is None or found.shape != met.shape or not np.isfinite(found).all():
        return "losses", 0.0
    if np.allclose(found, met * images, rtol=1e-3, atol=1e-4):
        return "losses times the batch", 0.0
    factor = float(found @ met) / (float(met @ met) or 1.0)
    alike = factor and np.allclose(found, factor * met, rtol=1e-3, atol=1e-5 * abs(factor))
    return ("losses times a number", factor) if alike else ("losses", 0.0)


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


def _numbers(values: Any) -> np.ndarray | None:
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        return None


def _agree(values: Any, wanted: np.ndarray, known: bool = True) -> bool:
    """Whether values are those that are wanted; where these are not known, whether there are as many."""
    found = _numbers(values)
    if found is None or found.shape != wanted.shape:
        return False
    return not known or bool(np.allclose(found, wanted, rtol=1e-3, atol=1e-4))
