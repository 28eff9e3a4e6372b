"""A graph that the student makes: two products and two sums."""

from typing import Any

from nnkit.exercises.beside import wire
from nnkit.exercises.beside.probes.graphs import nodes_of
from nnkit.exercises.catalogue.computation_graphs.parts.building import BUILDING, LINEAR_NAMES, judge_building
from nnkit.exercises.catalogue.computation_graphs.parts.graphs import LINEAR, inputs
from nnkit.exercises.exercise import Case, Mistake, exercise, wrong

INPUTS, OPERATIONS = LINEAR[:5], LINEAR[5:]


def _described(lines: list[str]) -> dict[str, Any]:
    """What the probe says about a graph."""
    keys = ("op", "parents", "name", "trainable")
    return {"nodes": [{key: node[key] for key in keys} for node in nodes_of(lines)], "fault": ""}


def _built(symptom: str, *operations: str, inputs: list[str] = INPUTS) -> Mistake:
    """A mistake that makes a graph of these operations on these inputs, and is known by this symptom."""
    lines = [*inputs, *(operations or OPERATIONS)]
    return wrong(symptom, lambda: _described(lines)).told(BUILDING[symptom])


def _with_trainable(*names: str) -> list[str]:
    """The five inputs with these trainable."""
    return inputs("x1", "theta1", "x2", "theta2", "theta3", trainable=names)


EXERCISE = exercise(
    "linear_graph()",
    reference=lambda: _described(LINEAR),
    cases=lambda rng, hidden: [Case({}, "the formula, the names, the trainable nodes")],
    hints=(
        """Begin with the five inputs, one variable for each. What does the formula do first, inside the innermost
        brackets?""",
        """`Node("mul", (x1, theta1))` is the first product. Four operations are needed: two products and two sums; the
        last sum is the root. Weights are made with `trainable=True`.""",
    ),
    mistakes=(
        _built("no theta3", "mul 0 1", "mul 2 3", "add 4 5", inputs=INPUTS[:4]),
        _built("swapped", "mul 0 3", "mul 2 1", "add 5 6", "add 7 4"),
        _built("brackets", "mul 0 1", "mul 2 3", "add 6 4", "add 5 7"),
        _built("theta3 multiplied", "mul 0 1", "mul 2 3", "add 5 6", "mul 7 4"),
        _built("sums and products exchanged", "add 0 1", "add 2 3", "mul 5 6", "mul 7 4"),
        _built("three parents", "mul 0 1", "mul 2 3", "add 5 6 4"),
        _built("nothing trainable", inputs=_with_trainable()),
        _built("everything trainable", inputs=_with_trainable(*LINEAR_NAMES)),
        _built("theta3 fixed", inputs=_with_trainable("theta1", "theta2")),
        _built("operations trainable", "mul 0 1", "mul 2 3", "add 5 6", "add 7 4 trainable"),
        _built("names", inputs=inputs("x1", "w1", "x2", "w2", "b")),
        wrong("no node", lambda: wire.Opaque("tuple of nodes")).told(BUILDING["no node"]),
        wrong("parents", lambda: {"nodes": [], "fault": "parent: str"}).told(BUILDING["parents"]),
    ),
    probe="read_graph",
    judge=judge_building,
)
