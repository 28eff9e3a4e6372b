"""The judge of `xor_weights`: weights are judged by what their network does at the four corners of a square."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.formulas import sigmoid
from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.compare import compare
from nnkit.exercises.judge.finding import Finding, Table
from nnkit.exercises.judge.ladder import compare_with_reference
from nnkit.exercises.judge.wording import listing, number
from nnkit.languages import counted, say

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = (False, True, True, False)
SHAPES = {"W1": (2, 2), "b1": (2,), "W2": (2, 1), "b2": (1,)}
# What a network computes instead: which of the four corners lie above 0.5, and the label of the mistake.
GATES = {
    (True, False, False, True): "opposite",
    (False, True, True, True): "or",
    (False, False, False, True): "and",
    (True, True, True, False): "nand",
    (True, False, False, False): "nor",
    (False, False, True, True): "one input",
    (False, True, False, True): "one input",
    (True, True, False, False): "one input",
    (True, False, True, False): "one input",
    (False, True, False, False): "one half",
    (False, False, True, False): "one half",
    (True, False, True, True): "all but one",
    (True, True, False, True): "all but one",
    (False, False, False, False): "never",
    (True, True, True, True): "always",
}


def computes_xor(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
    """Nothing is wrong when the outputs at both corners in the middle, and only there, are above 0.5."""
    returned = answer.returned
    if isinstance(returned, np.ndarray) and returned.dtype.kind in "biuf" and returned.ndim:
        returned = tuple(returned)
    if returned is None or not isinstance(returned, list | tuple) or len(returned) != len(SHAPES):
        finding = compare_with_reference(exercise, case, replace(answer, returned=returned))
        symptom = "nothing" if returned is None else "four arrays"
        return replace(finding, symptom=symptom) if finding is not None else None
    for (name, shape), value in zip(SHAPES.items(), returned, strict=True):
        finding = compare(np.zeros(shape), value, exercise, name)
        if finding is not None and finding.rung in ("returned nothing", "type", "shape", "dtype"):
            return replace(finding, symptom=f"{finding.rung} of {name}")
    told = {mistake.label: mistake.sentence for mistake in exercise.mistakes}
    weights = {name: np.asarray(value, dtype=float) for name, value in zip(SHAPES, returned, strict=True)}
    for name, array in weights.items():
        if not np.isfinite(array).all():
            text = say("{name} holds an infinite number or none at all.", name=name)
            return Finding("not finite", text, name, told["not finite"], symptom="not finite")
    W1, b1, W2, b2 = weights.values()
    hidden, outputs = _network(W1, b1, W2, b2)
    if _is_xor(outputs):
        return None
    symptom = _symptom(outputs, W1, b1, W2, b2)
    return Finding("value", _text(hidden, outputs), cause=told.get(symptom), table=_table(outputs), symptom=symptom)


def _network(
    W1: np.ndarray, b1: np.ndarray, W2: np.ndarray, b2: np.ndarray, activation: Callable[[Any], Any] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The hidden layer (4, 2) and the outputs (4,) at the four corners; without an activation of ReLUs."""
    z = CORNERS @ W1 + b1
    hidden = np.maximum(z, 0) if activation is None else activation(z)
    return hidden, (hidden @ W2 + b2)[:, 0]


def _is_xor(outputs: np.ndarray) -> bool:
    return tuple((outputs > 0.5).tolist()) == XOR


def _symptom(outputs: np.ndarray, W1: np.ndarray, b1: np.ndarray, W2: np.ndarray, b2: np.ndarray) -> str:
    """What would have to be otherwise for the network to be right; else which question it answers instead."""
    if _is_xor(_network(W1.T, b1, W2, b2)[1]):
        return "W1 transposed"
    if _is_xor(_network(W1, b1, W2, b2 + 0.5)[1]):
        return "limit at 0"
    bounded: dict[str, Callable[[Any], Any]] = {"step": lambda z: 1.0 * (z > 0), "sigmoid": sigmoid}
    for symptom, activation in bounded.items():
        if any(_is_xor(_network(W1, b1, W2, b2 + limit, activation)[1]) for limit in (0.0, 0.5)):
            return symptom
    if min(outputs[1], outputs[2]) - max(outputs[0], outputs[3]) > 1e-6:
        return "out of scale"
    return GATES.get(tuple((outputs > 0.5).tolist()), "")


def _point(corner: np.ndarray) -> str:
    return f"({corner[0]:g}, {corner[1]:g})"


def _wrong(outputs: np.ndarray) -> tuple[bool, ...]:
    return tuple(bool(output > 0.5) is not wanted for output, wanted in zip(outputs, XOR, strict=True))


def _text(hidden: np.ndarray, outputs: np.ndarray) -> str:
    """Which of the four points are wrong, and how the first of them got its output."""
    wrong = np.flatnonzero(_wrong(outputs))
    place, right = wrong[0], 4 - len(wrong)
    lead = counted(
        "{count} of the 4 points is right; wrong: {points}",
        "{count} of the 4 points are right; wrong: {points}",
        int(right),
        points=listing(_point(CORNERS[other]) for other in wrong),
    )
    layer = ", ".join(number(value) for value in hidden[place])
    return say(
        "{lead}. At {corners} your hidden layer is ({layer}) and your output {outputs}, expected {which}.",
        lead=lead,
        corners=_point(CORNERS[place]),
        layer=layer,
        outputs=number(outputs[place]),
        which=say("more than 0.5") if XOR[place] else say("at most 0.5"),
    )


def _table(outputs: np.ndarray) -> Table:
    wrong = _wrong(outputs)
    return Table(
        columns=tuple(_point(corner) for corner in CORNERS),
        expected=tuple("above 0.5" if wanted else "0.5 or less" for wanted in XOR),
        got=tuple(number(value) for value in outputs),
        first_wrong=wrong.index(True),
        wrong=wrong,
    )
