"""The value of every node of a graph, from numbers for its inputs."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nnkit.exercises.beside import wire
from nnkit.exercises.beside.probes.graphs import Graph, nodes_of
from nnkit.exercises.catalogue.computation_graphs.parts import graphs
from nnkit.exercises.catalogue.computation_graphs.parts.graphs import LINEAR, LINEAR_FORMULA, inputs
from nnkit.exercises.catalogue.computation_graphs.parts.seen import seen
from nnkit.exercises.catalogue.computation_graphs.parts.values import VALUES, judge_forward
from nnkit.exercises.catalogue.families import slips_in
from nnkit.exercises.exercise import Case, exercise, wrong
from nnkit.exercises.judge.wording import number

Feed = Mapping[str, float]
Range = tuple[float, float]

A_NODE = wire.Opaque("Node")

OPERATIONS: dict[str, Callable[..., float]] = {
    "add": lambda left, right: left + right,
    "mul": lambda left, right: left * right,
    "pow": lambda base, exponent: base**exponent,
    "sin": math.sin,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
}


def _values(graph: list[str], feed: Feed, **rules: Any) -> list[float]:
    """Every node's value; ``rules`` stand in an operation's place."""
    operations = {**OPERATIONS, **rules}
    values: list[float] = []
    for node in nodes_of(graph):
        arguments = [values[parent] for parent in node["parents"]]
        if node["op"] == "pow":
            arguments.append(node["value"])
        values.append(feed[node["name"]] if node["op"] == "input" else operations[node["op"]](*arguments))
    return values


def _forward(graph: list[str], feed: Feed, second_feed: Feed, counted: bool, **rules: Any) -> dict[str, Any]:
    """What the probe sees of two passes through the same graph."""
    values, later = _values(graph, feed, **rules), _values(graph, second_feed, **rules)
    return {"result": values[-1], "values": values, "again": later[-1], "repeats": False}


def _cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(
        graph: list[str], covers: str, formula: str, *numbers: float, between: Range = (-2, 2), counted: bool = False
    ) -> Case:
        names = [node["name"] for node in nodes_of(graph) if node["op"] == "input"]
        drawn = [float(value) for value in rng.uniform(*between, size=len(names)).round(2)]
        feed = dict(zip(names, numbers or drawn, strict=True))
        # The second feed differs from the first in every input.
        second = {
            name: round(value + float(rng.choice([-1, 1])) * float(rng.uniform(0.3, 0.9)), 2)
            for name, value in feed.items()
        }
        at = ", ".join(f"{name} = {number(value)}" for name, value in feed.items())
        arguments = {"graph": graph, "feed": feed, "second_feed": second, "counted": counted}
        return Case(arguments, covers, f"{formula} at {at}" if len(feed) <= 6 else formula)

    x, xy, xyz = inputs("x"), inputs("x", "y"), inputs("x", "y", "z")
    neuron = [*inputs("x1", "w1", "x2", "w2", "b"), "mul 0 1", "mul 2 3", "add 5 6", "add 7 4", "sigmoid 8"]
    many_ways = "a doubled 14 times by b = a + a, c = b + b, and so on"
    cases = [
        case([*xy, "add 0 1"], "add", "f = x + y", 2, 5),
        case([*xy, "mul 0 1"], "mul", "f = x × y", 3, -2),
        case([*x, "pow 0 value=3"], "pow", "f = x^3", 4),
        case([*x, "sin 0"], "sin", "f = sin(x)"),
        case([*x, "sigmoid 0"], "sigmoid", "f = sigmoid(x)"),
        case([*x, "mul 0 0"], "the same node twice", "f = x × x", 3),
        case(LINEAR, "the worked examples", LINEAR_FORMULA, 3, 4, -2, 5, 1),
        case([*xyz, "add 0 1", "pow 2 value=2", "mul 3 4"], "the worked examples", "f = (x + y) × z^2", 2, -3, 2),
        case([*xyz, "add 0 1", "mul 3 2", "pow 4 value=2"], "the worked examples", "f = ((x + y) × z)^2", 2, -3, 2),
        case([*x, "pow 0 value=-1"], "negative and fractional powers", "f = x^−1", between=(0.5, 2)),
        case([*x, "pow 0 value=3"], "pow of a negative number", "f = x^3", -2),
        case([*x, "pow 0 value=0.5"], "negative and fractional powers", "f = x^0.5", between=(1, 4)),
        case(neuron, "a neuron", "f = sigmoid(x1 × w1 + x2 × w2 + b)", -1, 2, -2, -3, -3),
        case(graphs.doubled(14), "a value used again and again", many_ways, 1.5, counted=True),
        case(graphs.chain(rng, 300), "300 nodes", "a chain of 300 nodes"),
        case(graphs.layered(rng, 300), "300 nodes", "300 nodes in layers", between=(-1, 1)),
    ]
    if hidden:
        for _ in range(3):
            graph = graphs.any_graph(rng)
            cases.append(case(graph, "graphs drawn at random", f"a graph of {len(graph)} nodes", between=(-1, 1)))
    return cases


_by_rule = slips_in(_forward)


def _repeated_once(graph: list[str], **others: Any) -> dict[str, Any]:
    once = [" ".join(dict.fromkeys(line.split())) for line in graph]
    return _forward(once, **others, add=lambda *parts: sum(parts), mul=lambda *parts: math.prod(parts))


def _old_values_kept(**arguments: Any) -> dict[str, Any]:
    # A pow node begins with its exponent as its value.
    answer = _forward(**arguments, pow=lambda base, exponent: exponent)
    return {**answer, "again": answer["result"]}


def _inputs_without_value(nodes: Graph, values: list[float]) -> list[Any]:
    return [None if node["op"] == "input" else value for node, value in zip(nodes, values, strict=True)]


EXERCISE = exercise(
    "forward(root, feed)",
    reference=_forward,
    cases=_cases,
    hints=(
        """Before a node can be computed its parents must have their values. Which of your functions gives the nodes in
        such an order?""",
        """Go through the sorted nodes once. An input takes `feed[node.name]`; every other node takes the values of its
        parents, `[parent.value for parent in node.parents]`, and does with them what `node.op` says.""",
        """Store what you computed in `node.value` before you go on to the next node; at the end return `root.value`.
        The exponent of a pow node is `node.exponent`.""",
    ),
    mistakes=(
        _by_rule("pow multiplies", pow=lambda base, exponent: base * exponent).told("""
            A pow node gives the base times the exponent. 4 to the power 3 is not 12; which operator of Python raises to
            a power?"""),
        _by_rule("pow always squares", pow=lambda base, exponent: base**2).told("""
            A pow node squares, whatever its exponent is. Where does the node keep the exponent that it was made
            with?"""),
        _by_rule("pow turned round", pow=lambda base, exponent: exponent**base).told("""
            A pow node gives the exponent to the power of its base. Which of the two is the parent?"""),
        _by_rule("sigmoid with the wrong sign", sigmoid=lambda z: 1 / (1 + math.exp(z))).told("""
            Your sigmoid falls where it should rise: σ(z) + yours = 1. Look at the sign inside the exponential; σ of a
            large number is near 1."""),
        _by_rule("tanh for sigmoid", sigmoid=math.tanh).told("""
            Your sigmoid gives values from −1 to 1 and 0 at 0: that is tanh. σ(0) is 0.5."""),
        _by_rule("add and mul exchanged", add=OPERATIONS["mul"], mul=OPERATIONS["add"]).told("""
            add nodes multiply and mul nodes add. Compare the two branches of your function with the list of
            operations."""),
        wrong("a repeated parent counts once", _repeated_once).told("""
            Where both parents are the same node it counts only once: x × x gives x. A set or a dictionary holds a thing
            once; `node.parents` holds it twice."""),
        seen("values not kept", values=lambda nodes: [node["value"] for node in nodes]).told(VALUES["nothing kept"]),
        seen("inputs not set", values=_inputs_without_value).told(VALUES["inputs not set"]),
        seen("computed for every use", repeats="counted").told(VALUES["again and again"]),
        wrong("old values kept", _old_values_kept).told(VALUES["stale"]),
        seen("the node in place of its value", result=A_NODE, again=A_NODE).told(VALUES["node"]),
        seen("all values", result="values", again="values").told(VALUES["list"]),
        seen("no return", result=None, again=None).told(VALUES["no return"]),
    ),
    probe="run_forward",
    judge=judge_forward,
)
