"""Judging an epoch of training by its record: what went through the model, what the optimizer found, what came back.

Any order of the samples may be right, so properties are judged, in the order of the loop: the mode, the steps, the
batches (by the judge of `minibatches`; the targets are read from the gradients), the gradients, the loss. What is wrong
is a *symptom*, whose sentence stands here once.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nnkit.exercises.beside import wire
from nnkit.exercises.beside.probes.training_epoch import EPOCHS
from nnkit.exercises.catalogue.descent.parts import batches
from nnkit.exercises.catalogue.formulas import log_softmax, one_hot, picked, softmax
from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.finding import Finding
from nnkit.exercises.judge.wording import in_words, number, plural
from nnkit.languages import say

RELATIVE, ABSOLUTE = 1e-3, 2e-5  # what float32 leaves of equality

SENTENCES = {
    "model not asked": "No batch is put into the model. What does `model(…)` get, and where in the loop does it stand?",
    "evaluation mode": (
        "The model learns in evaluation mode, in which it was when your function got it. A dropout would drop nothing, "
        "a batch norm would learn no averages. What switches it over, is that called, with brackets, and does it stand "
        "before the loop?"
    ),
    "no step": "The optimizer makes no step, so the parameters stay as they are. What is to follow on `backward()`?",
    "one step for several batches": (
        "More than one batch goes through the model between two steps of the optimizer. Each batch is to be followed "
        "by a step of its own."
    ),
    "several steps for one batch": "The optimizer makes more than one step for a batch. One batch, one step.",
    "no gradient": (
        "At a step of the optimizer the parameters have no gradients, so it moves nothing. Is `backward` called, and "
        "in which order do `zero_grad`, `backward` and `step` follow each other?"
    ),
    "gradients of the batch before": (
        "Each step of the optimizer finds the gradients of the batch before, and the first one none of its own batch. "
        "In which order do `zero_grad`, `backward` and `step` follow each other?"
    ),
    "gradients added up": (
        "The gradients of each batch are added to those of the batches before it: `backward` adds. What sets them to 0 "
        "again, before every batch?"
    ),
    "gradients from before": (
        "Gradients that were left in the parameters before your function was called are still in the first step. "
        "Whoever calls it may have made a backward pass of their own: they are set to 0 before *each* batch, the first "
        "one included."
    ),
    "gradients of a sum": (
        "The gradients are those of a sum over the batch. `cross_entropy` takes the mean: then a batch of 64 makes no "
        "larger steps than one of 8."
    ),
    "times a number": (
        "The gradients are those of the cross-entropy times some number. The step is to be made with the mean over the "
        "batch as it is."
    ),
    "softmax before": (
        "The gradients are those of a softmax of a softmax. `cross_entropy` takes the logits as they come out of the "
        "model; the softmax is in it."
    ),
    "uphill": "The gradients have the opposite sign: the steps lead uphill. Of what is the gradient taken?",
    "other gradients": (
        "The gradients at this step are not those of the mean cross-entropy of its batch. Which loss is "
        "differentiated, and from which logits and labels is it made?"
    ),
    "moved besides": (
        "The parameters move between a step of the optimizer and the next batch. It is the optimizer alone that is to "
        "change them, once for each batch."
    ),
    "mean of means": (
        "In yours every batch counts alike, and so the samples of a short one more than the others. Every sample is to "
        "count alike: what is a batch's mean to be multiplied by?"
    ),
    "sum of means": "Yours is the sum of the batches' mean losses. Asked for is the mean over all samples.",
    "sum": "Yours is the sum of the losses of all samples. Asked for is their mean.",
    "sums of means": "Yours divides the sum of the batches' *means* by the number of samples. Is a mean a sum?",
    "sum by batches": (
        "Yours divides the sum over all *samples* by the number of *batches*. Of how many losses is it to be the mean?"
    ),
    "last batch": "Yours is the loss of the last batch alone. Asked for is the mean over all samples of the epoch.",
    "after the step": (
        "Yours is made of losses with the parameters as they are *after* each batch's own step: the same samples go "
        "through the model a second time. Asked for is the loss as met on the way, from the pass before the step."
    ),
    "after the epoch": (
        "Yours is the loss of all samples after the epoch, with the parameters that came out of it. Asked for is the "
        "mean as met on the way, each batch before its own step."
    ),
    "one batch": ("The epoch is over after one batch. Does a `return` stand inside the loop?"),
    "loss": "The steps are right. The loss is to be the mean over all samples, each before its batch's own step.",
}


# What the judge of `minibatches` finds in the order alone, where the batches are right.
OF_THE_ORDER = frozenset(
    {
        *("not shuffled", "whole in order", "batches in random order", "within batches", "in parts"),
        *("hardly shuffled", "another source", "same order again", "same epoch again"),
    }
)


@dataclass(frozen=True)
class Step:
    """One step of the optimizer: what went through the model before it, and what it found."""

    forwards: list[dict[str, Any]]
    gradients: list[np.ndarray] | None
    after: tuple[np.ndarray, np.ndarray]

    @property
    def x(self) -> np.ndarray:
        """All samples that went through the model, one after the other."""
        return np.concatenate([forward["x"] for forward in self.forwards])


def judge(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
    """What is wrong with the epochs of one case, or None."""
    X, y = (np.asarray(case.arguments[key]) for key in ("X", "y"))
    epochs = []
    for name in EPOCHS:
        finding = _events(answer.returned[name]["events"], X)
        if finding is not None:
            return finding
        epochs.append(list(_steps(answer.returned[name]["events"])))
    finding = _moving(epochs[0], case)
    if finding is not None:
        return finding
    pairs = [[(step.x, _targets(step, X, y)) for step in steps] for steps in epochs]
    finding = batches.judge(exercise, case, replace(answer, returned={"problem": None, "epochs": pairs}))
    if finding is not None and finding.symptom not in OF_THE_ORDER:
        return _in_other_words(finding)
    # Few samples do not show their order, so it is told last: the same slip then comes first in every case.
    other = _gradients(epochs[0], X, y) or _loss(answer.returned[EPOCHS[0]]["loss"], epochs[0], X, y, case)
    return other or finding


def _close(got: Any, right: Any) -> bool:
    return bool(np.allclose(got, right, rtol=RELATIVE, atol=ABSOLUTE))


def _found(symptom: str, text: str, rung: str = "value") -> Finding:
    return Finding(rung, text, cause=SENTENCES[symptom], symptom=symptom)


def _in_other_words(finding: Finding) -> Finding:
    """What the judge of `minibatches` says of batches that were handed out, said of a loop."""
    if finding.symptom == "one batch":
        return replace(finding, cause=SENTENCES["one batch"])
    if finding.symptom in ("pairs", "targets in their old order"):
        text = "The gradients that the optimizer finds are those of other labels than the samples of the batch have."
        return replace(finding, text=text)
    return finding


# ---------------------------------------------------------------------------------------------------------------------
# What passed
# ---------------------------------------------------------------------------------------------------------------------


def _events(events: list[dict[str, Any]], X: np.ndarray) -> Finding | None:
    """Whether batches went through the model, in training mode and in the right form, each with a step behind it."""
    forwards = [event for event in events if event["kind"] == "forward"]
    if not forwards:
        return _found("model not asked", "Nothing was put into the model.")
    for event in forwards:
        if event["x"].ndim != 2 or event["x"].shape[1] != X.shape[1]:
            text = say(
                "A batch of shape {shape} is put into the model, expected (n, {shape_2}).",
                shape=event["x"].shape,
                shape_2=X.shape[1],
            )
            cause = "A batch has its samples along the first axis, and behind it the shape of X."
            return Finding("shape", text, cause=cause, symptom="shape of a batch")
    kinds = [event["kind"] for event in events]
    if not kinds.count("step"):
        return _found(
            "no step",
            say("{batches} went through the model; steps: 0.", batches=plural(len(forwards), "batch", "batches")),
        )
    learning = events[: len(kinds) - kinds[::-1].index("step")]
    modes = [event["training"] for event in learning if event["kind"] == "forward"]
    if not all(modes):
        text = say(
            "Of {batches} {modes_count} met the model in evaluation mode.",
            batches=plural(len(modes), "batch", "batches"),
            modes_count=len(modes) - sum(modes),
        )
        return _found("evaluation mode", text)
    if any(pair == ("step", "step") for pair in itertools.pairwise(kinds)) or kinds[0] == "step":
        text = say(
            "{batches} and {steps}.",
            batches=plural(len(forwards), "batch", "batches"),
            steps=plural(kinds.count("step"), "step"),
        )
        return _found("several steps for one batch", text)
    return None


def _steps(events: list[dict[str, Any]]) -> Iterator[Step]:
    """The steps with what went through the model since the one before.

    The same batch put in twice counts once. So does one that is put in again after its own step, to look at it, before
    the next one.
    """
    waiting: list[dict[str, Any]] = []
    last: dict[str, Any] | None = None  # that went through before the step before
    for event in events:
        if event["kind"] == "step":
            looked_at_again = last is not None and len(waiting) > 1 and np.array_equal(waiting[0]["x"], last["x"])
            waiting = waiting[looked_at_again:]
            yield Step(waiting, event["gradients"], (event["W"], event["b"]))
            last = waiting[-1] if waiting else last
            waiting = []
        elif not waiting or not np.array_equal(waiting[-1]["x"], event["x"]):
            waiting.append(event)


def _moving(steps: list[Step], case: Case) -> Finding | None:
    """Whether one step belongs to one batch, has gradients, and is all that moves the parameters."""
    size = int(case.arguments["batch_size"])
    lengths = [[len(forward["x"]) for forward in step.forwards] for step in steps]
    if any(len(parts) > 1 and sum(parts) > size for parts in lengths):
        text = say(
            "{batches} and {steps}.",
            batches=plural(sum(map(len, lengths)), "batch", "batches"),
            steps=plural(len(steps), "step"),
        )
        return _found("one step for several batches", text)
    without = [place for place, step in enumerate(steps) if step.gradients is None]
    if without:
        return _found(
            "no gradient", say("At {without} a parameter has no gradient.", without=_steps_named(without, len(steps)))
        )
    at = (case.arguments["W"], case.arguments["b"])
    for place, step in enumerate(steps):
        for forward in step.forwards:
            if not all(np.array_equal(forward[name], own) for name, own in zip("Wb", at, strict=True)):
                return _found(
                    "moved besides",
                    say("Before batch {place} the parameters are not where they were left.", place=place),
                )
        at = step.after
    return None


def _steps_named(places: list[int], of: int) -> str:
    return "every step" if len(places) == of else say("step {places}", places=places[0])


# ---------------------------------------------------------------------------------------------------------------------
# Gradients and losses, worked out again
# ---------------------------------------------------------------------------------------------------------------------


def _rows(x: np.ndarray, X: np.ndarray) -> np.ndarray:
    """For each row of a batch the place in X that it comes from."""
    return np.argmin(((x[:, None, :].astype(float) - X[None]) ** 2).sum(axis=2), axis=1)


def _logits(step: Step) -> np.ndarray:
    return np.concatenate([f["x"].astype(float) @ f["W"].astype(float).T + f["b"] for f in step.forwards])


def _of_message(step: Step, message: np.ndarray) -> np.ndarray:
    """The gradients of W and b in one row, where this message arrives at the logits."""
    return np.append(message.T @ step.x.astype(float), message.sum(axis=0))


def _found_by(step: Step) -> np.ndarray:
    """The gradients that the optimizer found, in one row."""
    assert step.gradients is not None
    return np.concatenate([gradient.ravel().astype(float) for gradient in step.gradients])


def _right(step: Step, labels: np.ndarray) -> np.ndarray:
    """The gradients of the mean cross-entropy of the batch."""
    logits = _logits(step)
    return _of_message(step, (softmax(logits) - one_hot(logits, labels)) / len(logits))


def _targets(step: Step, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The labels that the gradients were made with; those of y where the gradients do not tell of others.

    A batch has fewer samples than inputs, so the message at the logits can be worked out from the gradient of W, and
    the labels from the message.
    """
    own, got = y[_rows(step.x, X)], _found_by(step)
    if _close(got, _right(step, own)) or len(step.x) > X.shape[1]:
        return own
    classes = step.gradients[1].size if step.gradients else 0
    message = np.linalg.lstsq(step.x.astype(float).T, got[:-classes].reshape(classes, -1).T, rcond=None)[0]
    table = softmax(_logits(step)) - len(step.x) * message
    labels = table.argmax(axis=1)
    told = np.allclose(table, one_hot(table, labels), atol=0.02)
    return labels if told else own


def _gradients(steps: list[Step], X: np.ndarray, y: np.ndarray) -> Finding | None:
    """Whether each step finds the gradients of its batch's mean cross-entropy."""
    before: np.ndarray | None = None
    for place, step in enumerate(steps):
        labels, got = y[_rows(step.x, X)], _found_by(step)
        right = _right(step, labels)
        if not _close(got, right):
            text = say(
                "Step {place} of {steps_count}, with a batch of {samples}: the gradient of ",
                place=place + 1,
                steps_count=len(steps),
                samples=plural(len(labels), "sample"),
            )
            entry = int(np.argmax(np.abs(got - right)))
            text += say(
                "one weight is {got}, expected {right}.",
                got=number(got[entry], right[entry]),
                right=number(right[entry], got[entry]),
            )
            return _found(_kind_of(step, labels, got, right, before), text)
        before = got
    return None


def _kind_of(step: Step, labels: np.ndarray, got: np.ndarray, right: np.ndarray, before: np.ndarray | None) -> str:
    """In which way the gradients of a step are wrong."""
    if before is None and _close(got, 0.5):
        return "gradients of the batch before"
    if before is None and _close(got, right + 0.5):
        return "gradients from before"
    if before is not None and _close(got, right + before):
        return "gradients added up"
    factor = float(got @ right / (right @ right))
    if np.allclose(got, factor * right, rtol=1e-3, atol=2e-5 * max(1.0, abs(factor))) and factor:
        if factor < 0:
            return "uphill"
        if len(labels) > 1 and np.isclose(factor, len(labels), rtol=1e-3):
            return "gradients of a sum"
        return "times a number"
    logits = _logits(step)
    p = softmax(logits)
    message = (softmax(p) - one_hot(p, labels)) / len(p)
    through = p * (message - (message * p).sum(axis=1, keepdims=True))
    return "softmax before" if _close(got, _of_message(step, through)) else "other gradients"


def _loss(returned: Any, steps: list[Step], X: np.ndarray, y: np.ndarray, case: Case) -> Finding | None:
    """Whether the loss that came back is the mean over all samples, as met on the way."""
    if returned is None:
        text = "Your function returned None, expected the mean loss of the epoch. Is there a `return` at its end?"
        return Finding("returned nothing", text, cause=text, symptom="nothing")
    if isinstance(returned, wire.Opaque | str | dict | list | tuple) or np.ndim(returned):
        text = say("The loss that came back is {returned}, expected one number.", returned=in_words(returned))
        cause = "A loss that was made of tensors is a tensor; `.item()` gives its number, for a sum that only reports."
        return Finding("type", text, cause=cause, symptom="no number")
    losses = [_losses(_logits(step), y[_rows(step.x, X)]) for step in steps]
    right = float(np.concatenate(losses).mean())
    if _close(float(returned), right):
        return None
    text = say(
        "The steps are right; the loss that came back is {returned}, expected {right}.",
        returned=number(float(returned), right),
        right=number(right),
    )
    for symptom, value in _other_losses(losses, steps, X, y, case):
        if _close(float(returned), value):
            return _found(symptom, text)
    return _found("loss", text)


def _losses(logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
    return -np.asarray(picked(log_softmax(logits), labels))


def _other_losses(
    losses: list[np.ndarray], steps: list[Step], X: np.ndarray, y: np.ndarray, case: Case
) -> list[tuple[str, float]]:
    """What people report in the place of the mean over all samples."""
    means, every = np.array([part.mean() for part in losses]), np.concatenate(losses)
    W, b = steps[-1].after
    return [
        ("mean of means", means.mean()),
        ("mean of means", means.sum() * int(case.arguments["batch_size"]) / len(X)),  # each counted as a full one
        ("sum", every.sum()),
        ("sum of means", means.sum()),
        ("sums of means", means.sum() / len(X)),
        ("sum by batches", every.sum() / len(losses)),
        ("last batch", means[-1]),
        ("after the step", np.concatenate(_after_the_steps(steps, X, y)).mean()),
        ("after the epoch", _losses(X.astype(float) @ W.T.astype(float) + b, y).mean()),
    ]


def _after_the_steps(steps: list[Step], X: np.ndarray, y: np.ndarray) -> list[np.ndarray]:
    """The losses of each batch with the parameters that its own step has made."""
    return [
        _losses(step.x.astype(float) @ step.after[0].T.astype(float) + step.after[1], y[_rows(step.x, X)])
        for step in steps
    ]
