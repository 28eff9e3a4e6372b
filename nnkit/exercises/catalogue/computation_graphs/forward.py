"""The exercises of notebook 01: computation graphs, and the first networks as functions of arrays.

Half of them answer with nodes, which many orders and many programs get right: those are judged by properties of what
their probes in `graph_probes` send back, in `graph_judges`. The other half answer with numbers and are compared with a
formula.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nnkit.exercises import wire
from nnkit.exercises.exercise import Case, Exercise, Mistake
from nnkit.exercises.graph_judges import (
    BUILDING,
    LINEAR_NAMES,
    LISTING,
    VALUES,
    distances,
    judge_building,
    judge_forward,
    judge_list,
    order_symptom,
    reachable,
    weights_symptom,
)
from nnkit.exercises.graph_probes import Graph, nodes_of
from nnkit.exercises.wording import number, plural

# ---------------------------------------------------------------------------------------------------------------------
# Graphs as data: one line a node, parents first (see `graph_probes.nodes_of`)
# ---------------------------------------------------------------------------------------------------------------------


def _inputs(*names: str) -> list[str]:
    """Input nodes; those called w…, theta… or b are weights."""
    return [f"input name={name}" + " trainable" * name.startswith(("theta", "w", "b")) for name in names]


LINEAR = [*_inputs("x1", "theta1", "x2", "theta2", "theta3"), "mul 0 1", "mul 2 3", "add 5 6", "add 7 4"]


def _chain(rng: np.random.Generator, length: int) -> list[str]:
    """One operation after the other on x, some of them with the same weight; values stay within ±1."""
    lines = _inputs("x", "w")
    last = 0
    while len(lines) < length:
        lines.append(str(rng.choice([f"sin {last}", f"sigmoid {last}", f"mul {last} 1"])))
        last = len(lines) - 1
    return lines


def _layered(rng: np.random.Generator, length: int) -> list[str]:
    """Like a network: 60 inputs and weights, layers of 60 nodes that each take from the layer before, one sum."""
    width = 60
    lines = _inputs(*(f"x{i}" for i in range(width // 2)), *(f"w{i}" for i in range(width // 2)))
    while len(lines) <= length - 2 * width:
        below = len(lines) - width
        for place in range(below, below + width):
            other = int(rng.integers(below, below + width))
            lines.append(str(rng.choice([f"add {place} {other}", f"mul {other} {place}", f"sin {place}"])))
    waiting = list(range(len(lines) - width, len(lines)))
    while len(waiting) > 1:
        left, right, *waiting = waiting
        waiting.append(len(lines))
        lines.append(f"add {left} {right}")
    while len(lines) < length:
        lines.append(f"sigmoid {len(lines) - 1}")
    return lines


def _doubled(times: int) -> list[str]:
    """Twice the node before, again and again."""
    return [*_inputs("a"), *(f"add {place} {place}" for place in range(times))]


def _any_graph(rng: np.random.Generator) -> list[str]:
    """A small graph at random, without the nodes that its root does not need."""
    lines = _inputs("x1", "x2", "theta1", "theta2", "b")
    for _ in range(int(rng.integers(8, 20))):
        left, right = (int(place) for place in rng.integers(0, len(lines), size=2))
        lines.append(str(rng.choice([f"add {left} {right}", f"mul {left} {right}", f"sigmoid {left}", f"sin {right}"])))
    kept = reachable(nodes_of(lines), len(lines) - 1)
    moved = {str(place): str(position) for position, place in enumerate(kept)}
    return [" ".join(moved.get(word, word) for word in lines[place].split()) for place in kept]


# ---------------------------------------------------------------------------------------------------------------------
# Lists of nodes: topological_sort and trainable_nodes
# ---------------------------------------------------------------------------------------------------------------------


def _sorting_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    product = [*_inputs("x", "theta"), "mul 0 1"]
    fork = [*_inputs("x"), "sin 0", "sigmoid 0", "add 1 2"]
    # x reaches the root by two ways of different length, whichever parent is looked at first.
    short_and_long = [*_inputs("x"), "sin 0", "sigmoid 1", "mul 0 2"]
    long_and_short = [*_inputs("x"), "sin 0", "sigmoid 1", "mul 2 0"]
    doubled = [*_inputs("a"), "add 0 0 name=b", "add 1 1 name=c"]
    above = [*_inputs("x", "theta", "y"), "mul 0 1", "sin 2", "add 3 4"]
    cases = [
        _sorting_case(_inputs("x"), "a single node", "the input x alone"),
        _sorting_case(product, "one operation", "f = x × theta"),
        _sorting_case(fork, "a value used twice", "f = sin(x) + sigmoid(x)"),
        _sorting_case(short_and_long, "short and long ways", "f = x × sigmoid(sin(x))"),
        _sorting_case(long_and_short, "short and long ways", "f = sigmoid(sin(x)) × x"),
        _sorting_case(doubled, "the same node twice", "b = a + a, c = b + b"),
        _sorting_case(LINEAR, "the linear graph", "f = ((x1 × theta1) + (x2 × theta2)) + theta3"),
        _sorting_case(above, "an inner node as root", "the node x × theta inside f = (x × theta) + sin(y)", root=3),
        _sorting_case(
            LINEAR,
            "nodes that are equal but not the same",
            "f = ((x1 × theta1) + (x2 × theta2)) + theta3, in nodes for which == always answers True",
            equal=True,
        ),
        _sorting_case(_chain(rng, 300), "a chain of 300", "a chain of 300 nodes, one operation after the other"),
        _sorting_case(_layered(rng, 300), "300 nodes in layers", "300 nodes in layers, each used several times"),
        _sorting_case(
            _doubled(24),
            "a value used again and again",
            "a doubled 24 times by b = a + a, c = b + b, and so on",
            counted=True,
        ),
    ]
    if hidden:
        for _ in range(3):
            graph = _any_graph(rng)
            cases.append(_sorting_case(graph, "graphs drawn at random", f"a graph of {len(graph)} nodes"))
    return cases


def _sorting_case(
    graph: list[str], covers: str, text: str, root: int | None = None, equal: bool = False, counted: bool = False
) -> Case:
    place = len(graph) - 1 if root is None else root
    return Case({"graph": graph, "root": place, "equal": equal, "counted": counted}, covers, text)


def _sorted(graph: list[str], root: int, equal: bool, counted: bool) -> dict[str, Any]:
    # A case lists its nodes parents first, so the positions in their own order are one right answer.
    order = reachable(nodes_of(graph), root)
    return {"order": order, "again": list(order), "rewired": False, "repeats": False}


def _trainable(graph: list[str], root: int, equal: bool, counted: bool) -> dict[str, Any]:
    nodes = nodes_of(graph)
    order = [place for place in reachable(nodes, root) if nodes[place]["trainable"]]
    return {"order": order, "again": list(order), "rewired": False, "repeats": False}


def _lists(label: str, symptom: str, change: Callable[..., list[Any]]) -> Mistake:
    """A mistake that lists ``change(order, nodes, root, equal)`` in place of the right order, on both calls."""

    def answer(expected: dict[str, Any], graph: list[str], root: int, equal: bool, counted: bool) -> dict[str, Any]:
        order = change(expected["order"], nodes_of(graph), root, equal)
        return {**expected, "order": order, "again": list(order)}

    return Mistake.relation(label, LISTING[symptom], answer)


def _per_use(order: list[int], graph: Graph, root: int, equal: bool) -> list[int]:
    """Every node once for each edge that leaves it."""
    uses = Counter(parent for place in reachable(graph, root) for parent in graph[place]["parents"])
    return sorted(place for place in order for _ in range(max(1, uses[place])))


def _along_first_parents(order: list[int], graph: Graph, root: int, equal: bool) -> list[int]:
    path = [root]
    while graph[path[0]]["parents"]:
        path.insert(0, graph[path[0]]["parents"][0])
    return path


def _one_a_name(order: list[int], graph: Graph, root: int, equal: bool) -> list[int]:
    return sorted({graph[place]["name"]: place for place in reversed(order)}.values())


def _on_the_way(order: list[int], graph: Graph, root: int, equal: bool) -> list[int]:
    walked: dict[int, None] = {}
    waiting = [root]
    while waiting:
        place = waiting.pop()
        if place not in walked:
            walked[place] = None
            waiting += reversed(graph[place]["parents"])
    return list(walked)


def _forgotten_later(expected: dict[str, Any], **arguments: Any) -> dict[str, Any]:
    return {**expected, "again": []}


def _every_way(expected: dict[str, Any], counted: bool, **arguments: Any) -> dict[str, Any]:
    return {**expected, "order": [], "again": [], "repeats": True} if counted else expected


def _edges_cut(expected: dict[str, Any], graph: list[str], root: int, **arguments: Any) -> dict[str, Any]:
    return {**expected, "rewired": bool(nodes_of(graph)[root]["parents"])}


TOPOLOGICAL_SORT = Exercise(
    name="topological_sort",
    signature="topological_sort(root)",
    reference=_sorted,
    cases=_sorting_cases,
    hints=(
        "When may a node be put into the list? Work f = x × sin(x) by hand, starting at the root, and say why the "
        "root has to wait.",
        "Visit a node like this: first visit each of its parents, then put the node itself at the end of the list. "
        "What should a visit do when the node has been visited before?",
        "Inside your function write a helper `visit(node)` that calls itself for every parent. Keep the `id(…)` of "
        "visited nodes in a set, and make list and set anew in every call of topological_sort.",
    ),
    mistakes=(
        _lists("once for every use", "twice", _per_use),
        _lists("root first", "root first", lambda order, *graph: order[::-1]),
        _lists("listed on the way", "on the way", _on_the_way),
        _lists("listed on the way, reversed", "on the way, reversed", lambda *known: _on_the_way(*known)[::-1]),
        _lists(
            "by distance from the root",
            "by distance",
            lambda order, graph, root, equal: sorted(order, key=lambda place: -distances(graph, root)[place]),
        ),
        _lists("without the root", "no root", lambda order, *graph: order[:-1]),
        _lists(
            "without the inputs",
            "no inputs",
            lambda order, graph, root, equal: [place for place in order if graph[place]["parents"]],
        ),
        _lists("only first parents", "one parent", _along_first_parents),
        _lists("told apart by name", "same name", _one_a_name),
        _lists(
            "told apart by ==",
            "equal nodes",
            lambda order, graph, root, equal: order[:1] if equal else order,
        ),
        _lists(
            "names in place of nodes",
            "names",
            lambda order, graph, root, equal: [[graph[place]["name"]] for place in order],
        ),
        Mistake.relation("remembers the last call", LISTING["second call"], _forgotten_later),
        Mistake.relation("cuts the edges", LISTING["rewired"], _edges_cut),
        Mistake.relation("walks every way", LISTING["again and again"], _every_way),
    ),
    probe="list_nodes",
    judge=judge_list("a list of nodes", order_symptom),
    withheld=("graphlib.TopologicalSorter", "networkx.topological_sort", "networkx.algorithms.dag.topological_sort"),
)


def _trainable_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    product = [*_inputs("x", "theta"), "mul 0 1"]
    fixed = [*_inputs("x", "y"), "mul 0 1"]
    shared = [*_inputs("x", "w"), "mul 0 1", "sigmoid 2", "mul 3 1"]
    above = [*_inputs("x", "theta", "w"), "mul 0 1", "add 3 2"]
    neuron = [*_inputs("x", "w", "b"), "mul 0 1", "add 3 2", "sigmoid 4"]
    # Names say nothing about what is trained: here x is a weight and theta is not.
    swapped = ["input name=x trainable", "input name=theta", "mul 0 1"]
    cases = [
        _sorting_case(product, "one weight", "f = x × theta"),
        _sorting_case(_inputs("w"), "a weight alone", "the weight w alone"),
        _sorting_case(fixed, "no weight at all", "f = x × y, nothing trainable"),
        _sorting_case(swapped, "names that mislead", "f = x × theta, where x is trainable and theta is not"),
        _sorting_case(neuron, "a neuron", "f = sigmoid(x × w + b)"),
        _sorting_case(shared, "a weight used twice", "f = sigmoid(x × w) × w"),
        _sorting_case(above, "an inner node as root", "the node x × theta inside f = (x × theta) + w", root=3),
        _sorting_case(LINEAR, "the linear graph", "f = ((x1 × theta1) + (x2 × theta2)) + theta3"),
        _sorting_case(
            LINEAR,
            "nodes that are equal but not the same",
            "f = ((x1 × theta1) + (x2 × theta2)) + theta3, in nodes for which == always answers True",
            equal=True,
        ),
        _sorting_case(_layered(rng, 300), "300 nodes", "300 nodes in layers, 30 of them weights"),
        _sorting_case(
            _doubled(24),
            "a value used again and again",
            "a doubled 24 times by b = a + a, c = b + b, and so on",
            counted=True,
        ),
    ]
    if hidden:
        for _ in range(3):
            graph = _any_graph(rng)
            cases.append(_sorting_case(graph, "graphs drawn at random", f"a graph of {len(graph)} nodes"))
    return cases


def _leaves(order: list[int], graph: Graph, root: int, equal: bool) -> list[int]:
    return [place for place in reachable(graph, root) if not graph[place]["parents"]]


TRAINABLE_NODES = Exercise(
    name="trainable_nodes",
    signature="trainable_nodes(root)",
    reference=_trainable,
    cases=_trainable_cases,
    hints=(
        "You have a function that lists every node of a graph. Which of them are asked for here?",
        "Every node has an attribute `trainable`, True or False. Keep the nodes of the list for which it is True.",
    ),
    mistakes=(
        _lists("all inputs", "inputs too", _leaves),
        _lists(
            "the others",
            "the others",
            lambda order, graph, root, equal: [place for place in reachable(graph, root) if place not in order],
        ),
        _lists("once for every use", "twice", _per_use),
        _lists(
            "only at the root",
            "near the root",
            lambda order, graph, root, equal: [place for place in order if place in (root, *graph[root]["parents"])],
        ),
        _lists(
            "names in place of nodes",
            "names",
            lambda order, graph, root, equal: [[graph[place]["name"]] for place in order],
        ),
        _lists("told apart by ==", "equal nodes", lambda order, graph, root, equal: order[:1] if equal else order),
        Mistake.relation(
            "remembers the last call",
            LISTING["second call"],
            lambda expected, **arguments: {**expected, "again": expected["order"] * 2},
        ),
        Mistake.relation("walks every way", LISTING["again and again"], _every_way),
    ),
    probe="list_nodes",
    judge=judge_list("a list of nodes", weights_symptom),
)


# ---------------------------------------------------------------------------------------------------------------------
# Values: forward
# ---------------------------------------------------------------------------------------------------------------------

_OPERATIONS: dict[str, Callable[..., float]] = {
    "add": lambda left, right: left + right,
    "mul": lambda left, right: left * right,
    "sin": math.sin,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
}


def _values(graph: list[str], feed: Mapping[str, float], **changed: Any) -> list[float]:
    """Every node's value; ``changed`` puts another rule in an operation's place."""
    rules = {**_OPERATIONS, "pow": lambda base, exponent: base**exponent, **changed}
    values: list[float] = []
    for node in nodes_of(graph):
        arguments = [values[parent] for parent in node["parents"]]
        if node["op"] == "pow":
            arguments.append(node["value"])
        values.append(feed[node["name"]] if node["op"] == "input" else rules[node["op"]](*arguments))
    return values


def _forward(
    graph: list[str],
    feed: Mapping[str, float],
    second_feed: Mapping[str, float],
    counted: bool,
    **changed: Any,
) -> dict[str, Any]:
    values, later = _values(graph, feed, **changed), _values(graph, second_feed, **changed)
    return {"result": values[-1], "values": values, "again": later[-1], "repeats": False}


def _forward_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(
        graph: list[str],
        covers: str,
        formula: str,
        *numbers: float,
        low: float = -2,
        high: float = 2,
        count: bool = False,
    ) -> Case:
        names = [node["name"] for node in nodes_of(graph) if node["op"] == "input"]
        drawn = [float(value) for value in rng.uniform(low, high, size=len(names)).round(2)]
        feed = dict(zip(names, numbers or drawn, strict=True))
        # The second feed differs from the first in every input.
        second = {
            name: round(value + float(rng.choice([-1, 1])) * float(rng.uniform(0.3, 0.9)), 2)
            for name, value in feed.items()
        }
        at = ", ".join(f"{name} = {number(value)}" for name, value in feed.items())
        arguments = {"graph": graph, "feed": feed, "second_feed": second, "counted": count}
        return Case(arguments, covers, f"{formula} at {at}" if len(feed) <= 6 else formula)

    xyz = [*_inputs("x", "y", "z"), "add 0 1"]
    neuron = [*_inputs("x1", "w1", "x2", "w2", "b"), "mul 0 1", "mul 2 3"]
    neuron += ["add 5 6", "add 7 4", "sigmoid 8"]
    cases = [
        case([*_inputs("x", "y"), "add 0 1"], "add", "f = x + y", 2, 5),
        case([*_inputs("x", "y"), "mul 0 1"], "mul", "f = x × y", 3, -2),
        case([*_inputs("x"), "pow 0 value=3"], "pow", "f = x^3", 4),
        case([*_inputs("x"), "sin 0"], "sin", "f = sin(x)"),
        case([*_inputs("x"), "sigmoid 0"], "sigmoid", "f = sigmoid(x)"),
        case([*_inputs("x"), "mul 0 0"], "the same node twice", "f = x × x", 3),
        case(LINEAR, "the worked examples", "f = ((x1 × theta1) + (x2 × theta2)) + theta3", 3, 4, -2, 5, 1),
        case([*xyz, "pow 2 value=2", "mul 3 4"], "the worked examples", "f = (x + y) × z^2", 2, -3, 2),
        case([*xyz, "mul 3 2", "pow 4 value=2"], "the worked examples", "f = ((x + y) × z)^2", 2, -3, 2),
        case([*_inputs("x"), "pow 0 value=-1"], "negative and fractional powers", "f = x^−1", low=0.5, high=2),
        case([*_inputs("x"), "pow 0 value=3"], "pow of a negative number", "f = x^3", -2),
        case([*_inputs("x"), "pow 0 value=0.5"], "negative and fractional powers", "f = x^0.5", low=1, high=4),
        case(neuron, "a neuron", "f = sigmoid(x1 × w1 + x2 × w2 + b)", -1, 2, -2, -3, -3),
        case(
            _doubled(14),
            "a value used again and again",
            "a doubled 14 times by b = a + a, c = b + b, and so on",
            1.5,
            count=True,
        ),
        case(_chain(rng, 300), "300 nodes", "a chain of 300 nodes"),
        case(_layered(rng, 300), "300 nodes", "300 nodes in layers", low=-1, high=1),
    ]
    if hidden:
        for _ in range(3):
            graph = _any_graph(rng)
            cases.append(case(graph, "graphs drawn at random", f"a graph of {len(graph)} nodes", low=-1, high=1))
    return cases


def _rule(label: str, sentence: str, **changed: Any) -> Mistake:
    """A mistake that computes one operation by another rule."""
    return Mistake.implementation(label, sentence, lambda *arguments: _forward(*arguments, **changed))


def _without_values(expected: dict[str, Any], graph: list[str], only_inputs: bool) -> dict[str, Any]:
    nodes = zip(nodes_of(graph), expected["values"], strict=True)
    values = [node["value"] if node["op"] == "input" or not only_inputs else value for node, value in nodes]
    return {**expected, "values": values}


def _repeated_once(graph: list[str], *feeds: Any) -> dict[str, Any]:
    graph = [" ".join(dict.fromkeys(line.split())) for line in graph]
    return _forward(graph, *feeds, add=lambda *parts: sum(parts), mul=lambda *parts: math.prod(parts))


def _stale(graph: list[str], feed: dict[str, float], second_feed: dict[str, float], counted: bool) -> dict[str, Any]:
    answer = _forward(graph, feed, second_feed, counted, pow=lambda base, exponent: exponent)
    return {**answer, "again": answer["result"]}


FORWARD = Exercise(
    name="forward",
    signature="forward(root, feed)",
    reference=_forward,
    cases=_forward_cases,
    hints=(
        "Before a node can be computed its parents must have their values. Which of your functions gives the nodes in "
        "such an order?",
        "Go through the sorted nodes once. An input takes `feed[node.name]`; every other node takes the values of its "
        "parents, `[parent.value for parent in node.parents]`, and does with them what `node.op` says.",
        "Store what you computed in `node.value` before you go on to the next node; at the end return `root.value`. "
        "The exponent of a pow node is `node.exponent`.",
    ),
    mistakes=(
        _rule(
            "pow multiplies",
            "A pow node gives the base times the exponent. 4 to the power 3 is not 12; which operator of Python "
            "raises to a power?",
            pow=lambda base, exponent: base * exponent,
        ),
        _rule(
            "pow always squares",
            "A pow node squares, whatever its exponent is. Where does the node keep the exponent that it was made "
            "with?",
            pow=lambda base, exponent: base**2,
        ),
        _rule(
            "pow turned round",
            "A pow node gives the exponent to the power of its base. Which of the two is the parent?",
            pow=lambda base, exponent: exponent**base,
        ),
        _rule(
            "sigmoid with the wrong sign",
            "Your sigmoid falls where it should rise: σ(z) + yours = 1. Look at the sign inside the exponential; σ of "
            "a large number is near 1.",
            sigmoid=lambda z: 1 / (1 + math.exp(z)),
        ),
        _rule(
            "tanh for sigmoid",
            "Your sigmoid gives values from −1 to 1 and 0 at 0: that is tanh. σ(0) is 0.5.",
            sigmoid=math.tanh,
        ),
        _rule(
            "add and mul exchanged",
            "add nodes multiply and mul nodes add. Compare the two branches of your function with the list of "
            "operations.",
            add=lambda left, right: left * right,
            mul=lambda left, right: left + right,
        ),
        Mistake.implementation(
            "a repeated parent counts once",
            "Where both parents are the same node it counts only once: x × x gives x. A set or a dictionary holds a "
            "thing once; `node.parents` holds it twice.",
            _repeated_once,
        ),
        Mistake.relation(
            "values not kept",
            VALUES["nothing kept"],
            lambda expected, graph, **rest: _without_values(expected, graph, only_inputs=False),
        ),
        Mistake.relation(
            "inputs not set",
            VALUES["inputs not set"],
            lambda expected, graph, **rest: _without_values(expected, graph, only_inputs=True),
        ),
        Mistake.relation(
            "computed for every use",
            VALUES["again and again"],
            lambda expected, counted, **rest: {**expected, "repeats": counted},
        ),
        Mistake.implementation("old values kept", VALUES["stale"], _stale),
        Mistake.relation(
            "the node in place of its value",
            VALUES["node"],
            lambda expected, **rest: {**expected, "result": wire.Opaque("Node"), "again": wire.Opaque("Node")},
        ),
        Mistake.relation(
            "all values",
            VALUES["list"],
            lambda expected, **rest: {**expected, "result": expected["values"], "again": expected["values"]},
        ),
        Mistake.relation(
            "no return",
            VALUES["no return"],
            lambda expected, **rest: {**expected, "result": None, "again": None},
        ),
    ),
    probe="run_forward",
    judge=judge_forward,
)


# ---------------------------------------------------------------------------------------------------------------------
# A graph made by the student: linear_graph
# ---------------------------------------------------------------------------------------------------------------------


def _described(lines: list[str]) -> dict[str, Any]:
    keys = ("op", "parents", "name", "trainable")
    return {"nodes": [{key: node[key] for key in keys} for node in nodes_of(lines)], "fault": ""}


def _built(symptom: str, *operations: str, inputs: list[str] = LINEAR[:5]) -> Mistake:
    """A mistake that makes a graph of these operations on these inputs."""
    return Mistake.implementation(
        symptom, BUILDING[symptom], lambda: _described([*inputs, *(operations or LINEAR[5:])])
    )


def _trained(*names: str) -> list[str]:
    """The five inputs with these trainable."""
    return [
        f"input name={name}" + " trainable" * (name in names) for name in ("x1", "theta1", "x2", "theta2", "theta3")
    ]


LINEAR_GRAPH = Exercise(
    name="linear_graph",
    signature="linear_graph()",
    reference=lambda: _described(LINEAR),
    cases=lambda rng, hidden: [Case({}, "the formula, the names, the trainable nodes")],
    hints=(
        "Begin with the five inputs, one variable for each. What does the formula do first, inside the innermost "
        "brackets?",
        '`Node("mul", (x1, theta1))` is the first product. Four operations are needed: two products and two sums; the '
        "last sum is the root. Weights are made with `trainable=True`.",
    ),
    mistakes=(
        _built("no theta3", "mul 0 1", "mul 2 3", "add 4 5", inputs=LINEAR[:4]),
        _built("swapped", "mul 0 3", "mul 2 1", "add 5 6", "add 7 4"),
        _built("theta3 multiplied", "mul 0 1", "mul 2 3", "add 5 6", "mul 7 4"),
        _built("sums and products exchanged", "add 0 1", "add 2 3", "mul 5 6", "mul 7 4"),
        _built("three parents", "mul 0 1", "mul 2 3", "add 5 6 4"),
        _built("nothing trainable", inputs=_trained()),
        _built("everything trainable", inputs=_trained(*LINEAR_NAMES)),
        _built("theta3 fixed", inputs=_trained("theta1", "theta2")),
        _built("operations trainable", "mul 0 1", "mul 2 3", "add 5 6", "add 7 4 trainable"),
        _built("names", inputs=_inputs("x1", "w1", "x2", "w2", "b")),
        Mistake.implementation("no node", BUILDING["no node"], lambda: wire.Opaque("tuple of nodes")),
        Mistake.implementation("parents", BUILDING["parents"], lambda: {"nodes": [], "fault": "parent: str"}),
    ),
    probe="read_graph",
    judge=judge_building,
)


# ---------------------------------------------------------------------------------------------------------------------
# Numbers: neuron, layer, two_layer_network
# ---------------------------------------------------------------------------------------------------------------------


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-np.asarray(z)))


def _neuron(x: np.ndarray, w: np.ndarray, b: Any) -> Any:
    return _sigmoid(x @ w + b)


def _drawn(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Two decimals, so that a case can be worked by hand; no zeros, and sums that leave the sigmoid its slope."""
    return (rng.choice([-1, 1], size=shape) * rng.uniform(0.3, 1.6, size=shape)).round(2)


def _neuron_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(size: int, covers: str) -> Case:
        return Case({"x": _drawn(rng, size), "w": _drawn(rng, size), "b": float(_drawn(rng))}, covers)

    worked = {"x": np.array([-1.0, -2.0]), "w": np.array([2.0, -3.0]), "b": -3.0}
    upright = {"x": np.array([2.0, 1.0]), "w": np.array([-1.0, 2.0]), "b": 0.0}
    cases = [
        Case(worked, "the worked example"),
        case(1, "one input"),
        case(2, "two inputs"),
        case(3, "three inputs"),
        Case(upright, "x at a right angle to w"),
        case(20, "20 inputs"),
    ]
    return cases + ([case(5, "five inputs"), case(64, "64 inputs")] if hidden else [])


NEURON = Exercise(
    name="neuron",
    signature="neuron(x, w, b)",
    reference=_neuron,
    cases=_neuron_cases,
    hints=(
        "Two steps: first one number z from x, w and b, then σ(z). For x = (−1, −2), w = (2, −3), b = −3, what is z?",
        "`x @ w` multiplies entry by entry and adds up. `np.exp` is the exponential function; z stands in it with a "
        "minus.",
    ),
    mistakes=(
        Mistake.implementation(
            "no sigmoid",
            "Yours is z itself, before the activation. What does a neuron do with z before it passes it on?",
            lambda x, w, b: x @ w + b,
        ),
        Mistake.implementation(
            "no bias", "The value is that of a neuron with b = 0. Where does b enter?", lambda x, w, b: _sigmoid(x @ w)
        ),
        Mistake.implementation(
            "bias subtracted",
            "The bias is subtracted, expected added. Over how much of z does the minus in your exponential reach?",
            lambda x, w, b: _sigmoid(x @ w - b),
        ),
        Mistake.implementation(
            "bias after the sigmoid",
            "The bias is added after the sigmoid: then the output may leave the range from 0 to 1. b belongs to z.",
            lambda x, w, b: _sigmoid(x @ w) + b,
        ),
        Mistake.relation(
            "sign in the exponential",
            "Yours + expected = 1: your sigmoid falls where it should rise. Look at the sign inside the exponential.",
            lambda expected, **rest: 1 - expected,
        ),
        Mistake.implementation(
            "sigmoid before the sum",
            "The sigmoid is taken of every product, and their sum comes after. A neuron adds first: one sum, one "
            "sigmoid.",
            lambda x, w, b: np.sum(_sigmoid(x * w)) + b,
        ),
        Mistake.implementation(
            "no sum",
            "One value comes back for every input: the products are not added up. `x * w` multiplies entry by entry; "
            "what is still to be done?",
            lambda x, w, b: _sigmoid(x * w + b),
        ),
        Mistake.implementation(
            "bias added for every input",
            "The bias is inside the sum, so it counts once for every input. It is right only for a single input.",
            lambda x, w, b: _sigmoid(np.sum(x * w + b)),
        ),
        Mistake.implementation(
            "mean in place of the sum",
            "Yours takes the mean of the products, expected their sum: it is right only for a single input.",
            lambda x, w, b: _sigmoid(np.mean(x * w) + b),
        ),
        Mistake.relation(
            "brackets",
            "Yours is 1 + e^(−z): Python divides before it adds, so `1 / 1` comes first. What should the bar of the "
            "fraction cover?",
            lambda expected, **rest: 1 / expected,
        ),
        Mistake.relation(
            "step",
            "Yours is 0 or 1: Heaviside's step, the activation of the first neurons. The sigmoid has values in "
            "between.",
            lambda expected, **rest: float(expected > 0.5),
        ),
        Mistake.implementation(
            "tanh",
            "Yours is tanh(z), with values from −1 to 1. σ(z) lies between 0 and 1.",
            lambda x, w, b: np.tanh(x @ w + b),
        ),
    ),
)


def _layer_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(inputs: int, neurons: int, covers: str) -> Case:
        arguments = {"x": _drawn(rng, inputs), "W": _drawn(rng, inputs, neurons), "b": _drawn(rng, neurons)}
        return Case(arguments, covers, f"x of shape ({inputs},), W of shape ({inputs}, {neurons})")

    cases = [
        case(2, 2, "as many neurons as inputs"),
        case(2, 3, "more neurons than inputs"),
        case(2, 3, "the same sizes again"),
        case(3, 2, "fewer neurons than inputs"),
        case(1, 4, "one input"),
        case(4, 1, "one neuron"),
        case(20, 30, "20 inputs and 30 neurons"),
    ]
    if hidden:
        cases += [
            case(5, 5, "as many neurons as inputs"),
            case(7, 4, "fewer neurons than inputs"),
            case(1, 1, "one of each"),
        ]
    return cases


def _softmax(z: np.ndarray) -> np.ndarray:
    weights = np.exp(z - np.max(z))
    return np.asarray(weights / weights.sum())


LAYER = Exercise(
    name="layer",
    signature="layer(x, W, b)",
    reference=_neuron,
    cases=_layer_cases,
    hints=(
        "A layer is M neurons that look at the same x. Which column, and which entry of b, belongs to neuron number 0?",
        "`x @ W` takes the dot product of x with every column of W at once: (D,) @ (D, M) gives (M,). What remains is "
        "what the single neuron did.",
    ),
    mistakes=(
        Mistake.implementation(
            "rows of W for the neurons",
            "The weights of a neuron are taken from a row of W, expected a column: W has the shape (D, M), inputs "
            "down, neurons across. Where W is square this goes wrong without an error.",
            lambda x, W, b: _sigmoid(W @ x + b),
        ),
        Mistake.implementation(
            "no bias", "Every neuron has b = 0 in your layer. Where does b enter?", lambda x, W, b: _sigmoid(x @ W)
        ),
        Mistake.implementation(
            "bias subtracted",
            "The biases are subtracted, expected added. Over how much of z does the minus in your exponential reach?",
            lambda x, W, b: _sigmoid(x @ W - b),
        ),
        Mistake.implementation(
            "no sigmoid",
            "Yours is z, before the activation. What happens to z before it is passed on?",
            lambda x, W, b: x @ W + b,
        ),
        Mistake.implementation(
            "bias after the sigmoid",
            "The bias is added after the sigmoid, so values leave the range from 0 to 1. b belongs to z.",
            lambda x, W, b: _sigmoid(x @ W) + b,
        ),
        Mistake.implementation(
            "one bias for all",
            "The first entry of b is given to every neuron. How many biases does a layer of M neurons have?",
            lambda x, W, b: _sigmoid(x @ W + b[0]),
        ),
        Mistake.relation(
            "sign in the exponential",
            "Yours + expected = 1 everywhere: your sigmoid falls where it should rise. Look at the sign inside the "
            "exponential.",
            lambda expected, **rest: 1 - expected,
        ),
        Mistake.relation(
            "only the first neuron",
            "Only the first neuron of the layer comes back. Is there a `return` inside your loop?",
            lambda expected, **rest: expected[0],
        ),
        Mistake.relation(
            "one row too many",
            "The values are right; they come as a matrix of one row. x is a single sample here, of shape (D,): a "
            "single pair of brackets fewer somewhere.",
            lambda expected, **rest: expected[None, :],
        ),
        Mistake.implementation(
            "softmax",
            "Your values add up to 1: that is the softmax of z. In a layer of sigmoids no neuron knows of the others.",
            lambda x, W, b: _softmax(x @ W + b),
        ),
        Mistake.implementation(
            "as many neurons as inputs",
            "Your loop runs over the inputs, expected over the neurons: M is `W.shape[1]` or `len(b)`, and D is "
            "`len(x)`.",
            lambda x, W, b: np.array([_neuron(x, W[:, place], b[place]) for place in range(len(x))]),
        ),
    ),
    shape_notes={"": "One number for every neuron: as many as W has columns."},
)


def _network_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(inputs: int, hidden_size: int, outputs: int, covers: str) -> Case:
        arguments = {
            "x": _drawn(rng, inputs),
            "W1": _drawn(rng, inputs, hidden_size),
            "b1": _drawn(rng, hidden_size),
            "W2": _drawn(rng, hidden_size, outputs),
            "b2": _drawn(rng, outputs),
        }
        text = f"{plural(inputs, 'input')}, {hidden_size} hidden, {plural(outputs, 'output')}"
        return Case(arguments, covers, text)

    cases = [
        case(2, 2, 1, "one output"),
        case(2, 2, 2, "square matrices"),
        case(2, 3, 1, "one output"),
        case(2, 3, 1, "the same sizes again"),
        case(3, 2, 4, "a narrow hidden layer"),
        case(4, 6, 3, "a wide hidden layer"),
        case(20, 16, 10, "20 inputs, 16 hidden, 10 outputs"),
    ]
    return cases + ([case(1, 1, 1, "one of each"), case(5, 5, 5, "square matrices")] if hidden else [])


def _network(x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    return _neuron(_neuron(x, W1, b1), W2, b2)


TWO_LAYER_NETWORK = Exercise(
    name="two_layer_network",
    signature="two_layer_network(x, W1, b1, W2, b2)",
    reference=_network,
    cases=_network_cases,
    hints=(
        "The output of the first layer is the input of the second. You have written what one layer does.",
        "First h, of shape (H,), from x, W1 and b1; then ŷ, of shape (K,), from h, W2 and b2. Both by the same "
        "function.",
    ),
    mistakes=(
        Mistake.implementation(
            "hidden layer without sigmoid",
            "The hidden layer passes its z on without the sigmoid. Two linear layers in a row are one linear layer: "
            "nothing would be gained.",
            lambda x, W1, b1, W2, b2: _neuron(x @ W1 + b1, W2, b2),
        ),
        Mistake.implementation(
            "output without sigmoid",
            "The hidden layer is right; the output comes before its sigmoid. This network has two of them.",
            lambda x, W1, b1, W2, b2: _neuron(x, W1, b1) @ W2 + b2,
        ),
        Mistake.implementation(
            "no b1", "The biases of the hidden layer are missing.", lambda x, W1, b1, W2, b2: _network(x, W1, 0, W2, b2)
        ),
        Mistake.implementation(
            "no b2", "The biases of the output layer are missing.", lambda x, W1, b1, W2, b2: _network(x, W1, b1, W2, 0)
        ),
        Mistake.implementation(
            "no bias at all", "Neither layer has its biases.", lambda x, W1, b1, W2, b2: _network(x, W1, 0, W2, 0)
        ),
        Mistake.implementation(
            "biases subtracted",
            "The biases are subtracted, expected added. Over how much of z does the minus in your exponential reach?",
            lambda x, W1, b1, W2, b2: _network(x, W1, -b1, W2, -b2),
        ),
        Mistake.implementation(
            "only the hidden layer",
            "What comes back is h, the activation of the hidden layer. One layer is still to come.",
            lambda x, W1, b1, W2, b2: _neuron(x, W1, b1),
        ),
        Mistake.implementation(
            "sigmoid once more",
            "The sigmoid is taken once more at the output: σ(σ(z)) lies between 0.5 and 0.73. Does the function that "
            "you call for the second layer end with a sigmoid already?",
            lambda x, W1, b1, W2, b2: _sigmoid(_network(x, W1, b1, W2, b2)),
        ),
        Mistake.implementation(
            "rows of W for the neurons",
            "The weights of a neuron are taken from a row of W, expected a column: W1 is (D, H), W2 is (H, K), and "
            "data come from the left. Square matrices hide it.",
            lambda x, W1, b1, W2, b2: _sigmoid(W2 @ _sigmoid(W1 @ x + b1) + b2),
        ),
        Mistake.implementation(
            "softmax at the output",
            "Your outputs add up to 1: that is a softmax. The formula above ends with a sigmoid for every output.",
            lambda x, W1, b1, W2, b2: _softmax(_neuron(x, W1, b1) @ W2 + b2),
        ),
        Mistake.relation(
            "hidden layer returned too",
            "Two things come back, the hidden layer and the output. The output alone is asked for.",
            lambda expected, x, W1, b1, **rest: (_neuron(x, W1, b1), expected),
        ),
        Mistake.relation(
            "one number for a single output",
            "Several outputs are right; a single one comes back as a number. It is still an array, of shape (1,).",
            lambda expected, **rest: float(expected[0]) if len(expected) == 1 else expected,
        ),
    ),
    shape_notes={"": "One number for every output: as many as W2 has columns."},
)


EXERCISES = (TOPOLOGICAL_SORT, FORWARD, TRAINABLE_NODES, LINEAR_GRAPH, NEURON, LAYER, TWO_LAYER_NETWORK)
