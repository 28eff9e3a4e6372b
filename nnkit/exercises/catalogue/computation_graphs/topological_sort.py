"""The nodes of a graph, each behind its parents."""

from typing import Any

import numpy as np

from nnkit.exercises.beside.probes.graphs import Graph, nodes_of
from nnkit.exercises.catalogue.computation_graphs.parts import walks
from nnkit.exercises.catalogue.computation_graphs.parts.graphs import LINEAR, LINEAR_FORMULA, chain, inputs, layered
from nnkit.exercises.catalogue.computation_graphs.parts.lists import LISTING, judge_order
from nnkit.exercises.catalogue.computation_graphs.parts.nodes import distances, reachable
from nnkit.exercises.catalogue.computation_graphs.parts.seen import seen
from nnkit.exercises.catalogue.withheld import SORTING
from nnkit.exercises.exercise import Case, exercise


def _sorted(graph: list[str], root: int, equal: bool, counted: bool) -> dict[str, Any]:
    # A case lists its nodes parents first, so the positions in their own order are one right answer.
    return walks.listed(reachable(nodes_of(graph), root))


def _cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    product = [*inputs("x", "theta"), "mul 0 1"]
    fork = [*inputs("x"), "sin 0", "sigmoid 0", "add 1 2"]
    # x reaches the root by two ways of different length, whichever parent is looked at first.
    short_and_long = [*inputs("x"), "sin 0", "sigmoid 1", "mul 0 2"]
    long_and_short = [*inputs("x"), "sin 0", "sigmoid 1", "mul 2 0"]
    twice = [*inputs("a"), "add 0 0 name=b", "add 1 1 name=c"]
    above = [*inputs("x", "theta", "y"), "mul 0 1", "sin 2", "add 3 4"]
    three = [*inputs("x", "y", "z"), "sin 2", "add 0 1 3"]
    cases = [
        walks.graph_case(inputs("x"), "a single node", "the input x alone"),
        walks.graph_case(product, "one operation", "f = x × theta"),
        walks.graph_case(fork, "a value used twice", "f = sin(x) + sigmoid(x)"),
        walks.graph_case(short_and_long, "short and long ways", "f = x × sigmoid(sin(x))"),
        walks.graph_case(long_and_short, "short and long ways", "f = sigmoid(sin(x)) × x"),
        walks.graph_case(twice, "the same node twice", "b = a + a, c = b + b"),
        walks.graph_case(LINEAR, "the linear graph", LINEAR_FORMULA),
        walks.graph_case(three, "three parents", "f = x + y + sin(z), an add node with three parents"),
        walks.graph_case(above, "an inner node as root", "the node x × theta inside f = (x × theta) + sin(y)", root=3),
    ]
    large = (
        walks.graph_case(chain(rng, 300), "a chain of 300", "a chain of 300 nodes, one operation after the other"),
        walks.graph_case(layered(rng, 300), "300 nodes in layers", "300 nodes in layers, each used several times"),
    )
    return cases + walks.demanding_cases(rng, hidden, *large)


def _by_distance(order: list[int], nodes: Graph, root: int) -> list[int]:
    steps = distances(nodes, root)
    return sorted(order, key=lambda place: -steps[place])


def _along_first_parents(nodes: Graph, root: int) -> list[int]:
    path = [root]
    while nodes[path[0]]["parents"]:
        path.insert(0, nodes[path[0]]["parents"][0])
    return path


def _along_two_parents(nodes: Graph, root: int) -> list[int]:
    found = {root}
    for place in range(root, -1, -1):
        if place in found:
            found.update(nodes[place]["parents"][:2])
    return sorted(found)


def _on_the_way(nodes: Graph, root: int) -> list[int]:
    walked: dict[int, None] = {}
    waiting = [root]
    while waiting:
        place = waiting.pop()
        if place not in walked:
            walked[place] = None
            waiting += reversed(nodes[place]["parents"])
    return list(walked)


def _one_a_name(order: list[int], nodes: Graph) -> list[int]:
    first = {nodes[place]["name"]: place for place in reversed(order)}
    return sorted(first.values())


def _names_met(nodes: Graph, root: int) -> list[int]:
    """What a walk lists that turns around at names it has met."""
    names: set[str] = set()

    def visit(place: int) -> list[int]:
        if nodes[place]["name"] in names:
            return []
        names.add(nodes[place]["name"])
        return [entry for parent in nodes[place]["parents"] for entry in visit(parent)] + [place]

    return visit(root)


def _operations(order: list[int], nodes: Graph) -> list[int]:
    return [place for place in order if nodes[place]["parents"]]


EXERCISE = exercise(
    "topological_sort(root)",
    reference=_sorted,
    cases=_cases,
    hints=(
        """When may a node be put into the list? Work f = x × sin(x) by hand, starting at the root, and say why the root
        has to wait.""",
        """Visit a node like this: first visit each of its parents, then put the node itself at the end of the list.
        What should a visit do when the node has been visited before?""",
        """Inside your function write a helper `visit(node)` that calls itself for every parent. Keep the `id(…)` of
        visited nodes in a set, and make list and set anew in every call of topological_sort.""",
    ),
    mistakes=(
        walks.ONCE_FOR_EVERY_USE,
        walks.wrong_list("root first", lambda order: order[::-1]).told(LISTING["root first"]),
        walks.wrong_list("listed on the way", _on_the_way).told(LISTING["on the way"]),
        walks.wrong_list("listed on the way, reversed", lambda nodes, root: _on_the_way(nodes, root)[::-1]).told(
            LISTING["on the way, reversed"]
        ),
        walks.wrong_list("by distance from the root", _by_distance).told(LISTING["by distance"]),
        walks.wrong_list("without the root", lambda order: order[:-1]).told(LISTING["no root"]),
        walks.wrong_list("without the inputs", _operations).told(LISTING["no inputs"]),
        walks.wrong_list("only first parents", _along_first_parents).told(LISTING["one parent"]),
        walks.wrong_list("only two parents", _along_two_parents).told(LISTING["first two parents"]),
        walks.wrong_list("only the root", lambda root: [root]).told(LISTING["only the root"]),
        walks.wrong_list("told apart by name", _one_a_name).told(LISTING["same name"]),
        walks.wrong_list("turns around at names", _names_met).told(LISTING["same name, met"]),
        walks.TOLD_APART_BY_EQUALITY,
        walks.NAMES_FOR_NODES,
        seen("remembers the last call", again=[]).told(LISTING["second call"]),
        seen("cuts the edges", rewired=lambda nodes, root: bool(nodes[root]["parents"])).told(LISTING["rewired"]),
        walks.WALKS_EVERY_WAY,
    ),
    probe="list_nodes",
    judge=judge_order,
    withheld=SORTING,
)
