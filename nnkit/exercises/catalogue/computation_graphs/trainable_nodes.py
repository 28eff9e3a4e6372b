"""The nodes of a graph that training changes."""

from typing import Any

import numpy as np

from nnkit.exercises.beside.probes.graphs import Graph, nodes_of
from nnkit.exercises.catalogue.computation_graphs.parts import walks
from nnkit.exercises.catalogue.computation_graphs.parts.graphs import LINEAR, LINEAR_FORMULA, inputs, layered
from nnkit.exercises.catalogue.computation_graphs.parts.lists import LISTING, judge_weights
from nnkit.exercises.catalogue.computation_graphs.parts.nodes import reachable
from nnkit.exercises.catalogue.computation_graphs.parts.seen import seen
from nnkit.exercises.exercise import Case, exercise


def _trainable(graph: list[str], root: int, equal: bool, counted: bool) -> dict[str, Any]:
    nodes = nodes_of(graph)
    order = reachable(nodes, root)
    listed = walks.listed([place for place in order if nodes[place]["trainable"]])
    return {**listed, "sorted": None if counted else order}


def _cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    product = [*inputs("x", "theta"), "mul 0 1"]
    fixed = [*inputs("x", "y"), "mul 0 1"]
    pair = [*inputs("w", "v", trainable=("w", "v")), "mul 0 1"]
    shared = [*inputs("x", "w"), "mul 0 1", "sigmoid 2", "mul 3 1"]
    above = [*inputs("x", "theta", "w"), "mul 0 1", "add 3 2"]
    neuron = [*inputs("x", "w", "b"), "mul 0 1", "add 3 2", "sigmoid 4"]
    # Names say nothing about what is trained: here x is a weight and theta is not.
    swapped = [*inputs("x", "theta", trainable=["x"]), "mul 0 1"]
    unnamed = ["input name=x", "input trainable", "input trainable", "mul 0 1", "add 3 2"]
    namesakes = [*inputs("x", "w", "w"), "mul 0 1", "add 3 2"]
    cases = [
        walks.graph_case(product, "one weight", "f = x × theta"),
        walks.graph_case(inputs("w"), "a weight alone", "the weight w alone"),
        walks.graph_case(fixed, "no weight at all", "f = x × y, nothing trainable"),
        # By the order of any sort, the names of the weights go down here or in the linear graph.
        walks.graph_case(pair, "two weights", "f = w × v, both of them trainable"),
        walks.graph_case(swapped, "names that mislead", "f = x × theta, where x is trainable and theta is not"),
        walks.graph_case(unnamed, "weights of one name", "f = x × … + …, two weights without a name"),
        walks.graph_case(namesakes, "weights of one name", "f = x × w + w, two weights that are both called w"),
        walks.graph_case(neuron, "a neuron", "f = sigmoid(x × w + b)"),
        walks.graph_case(shared, "a weight used twice", "f = sigmoid(x × w) × w"),
        walks.graph_case(above, "an inner node as root", "the node x × theta inside f = (x × theta) + w", root=3),
        walks.graph_case(LINEAR, "the linear graph", LINEAR_FORMULA),
    ]
    large = walks.graph_case(layered(rng, 300), "300 nodes", "300 nodes in layers, 30 of them weights")
    return cases + walks.demanding_cases(rng, hidden, large)


def _inputs(nodes: Graph, root: int) -> list[int]:
    return [place for place in reachable(nodes, root) if not nodes[place]["parents"]]


def _others(nodes: Graph, root: int) -> list[int]:
    return [place for place in reachable(nodes, root) if not nodes[place]["trainable"]]


def _one_a_name(order: list[int], nodes: Graph) -> list[int]:
    return list({nodes[place]["name"]: place for place in order}.values())


def _by_name(order: list[int], nodes: Graph) -> list[int]:
    return sorted(order, key=lambda place: nodes[place]["name"])


def _at_the_root(order: list[int], nodes: Graph, root: int) -> list[int]:
    return [place for place in order if place in (root, *nodes[root]["parents"])]


EXERCISE = exercise(
    "trainable_nodes(root)",
    reference=_trainable,
    cases=_cases,
    hints=(
        """You have a function that lists every node of a graph. Which of them are asked for here?""",
        """Every node has an attribute `trainable`, True or False. Keep the nodes of the list for which it is True.""",
    ),
    mistakes=(
        walks.wrong_list("all inputs", _inputs).told(LISTING["inputs too"]),
        walks.wrong_list("every node", lambda nodes, root: reachable(nodes, root)).told(LISTING["everything"]),
        walks.wrong_list("the others", _others).told(LISTING["the others"]),
        walks.ONCE_FOR_EVERY_USE,
        walks.wrong_list("only at the root", _at_the_root).told(LISTING["near the root"]),
        walks.wrong_list("one of each name", _one_a_name).told(LISTING["same name, weights"]),
        walks.wrong_list("turned round", lambda order: order[::-1]).told(LISTING["turned round"]),
        walks.wrong_list("sorted by name", _by_name).told(LISTING["by name"]),
        walks.NAMES_FOR_NODES,
        walks.TOLD_APART_BY_EQUALITY,
        seen("remembers the last call", again=lambda order: order * 2).told(LISTING["second call"]),
        walks.WALKS_EVERY_WAY,
    ),
    probe="list_weights",
    judge=judge_weights,
)
