"""What topological_sort and trainable_nodes share, which walk a graph and list nodes: cases, and mistakes of both."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit.exercises.beside.probes.graphs import Graph
from nnkit.exercises.catalogue.computation_graphs.parts.graphs import LINEAR, LINEAR_FORMULA, any_graph, doubled
from nnkit.exercises.catalogue.computation_graphs.parts.lists import LISTING
from nnkit.exercises.catalogue.computation_graphs.parts.nodes import uses_and_ways
from nnkit.exercises.catalogue.computation_graphs.parts.seen import seen
from nnkit.exercises.exercise import Case, Mistake, wrong
from nnkit.languages import say


def graph_case(
    graph: list[str], covers: str, text: str, root: int | None = None, equal: bool = False, counted: bool = False
) -> Case:
    """A graph to be listed from its last node, or from the one at `root`.

    Its nodes are `equal` where == answers True for any two; `counted` where looks at them are.
    """
    place = len(graph) - 1 if root is None else root
    return Case({"graph": graph, "root": place, "equal": equal, "counted": counted}, covers, text)


def demanding_cases(rng: np.random.Generator, hidden: bool, *large: Case) -> list[Case]:
    """Nodes that only identity tells apart, large graphs, and ways that are too many to be walked one by one."""
    equal = say("{linear_formula}, in nodes for which == always answers True", linear_formula=LINEAR_FORMULA)
    many_ways = "a doubled 24 times by b = a + a, c = b + b, and so on"
    cases = [
        graph_case(LINEAR, "nodes that are equal but not the same", equal, equal=True),
        *large,
        graph_case(doubled(24), "a value used again and again", many_ways, counted=True),
    ]
    drawn = [any_graph(rng) for _ in range(4 if hidden else 2)]
    return cases + [
        graph_case(graph, "graphs drawn at random", say("a graph of {graph_count} nodes", graph_count=len(graph)))
        for graph in drawn
    ]


def listed(order: list[int]) -> dict[str, Any]:
    """What the probe sees of a function that lists these nodes whenever it is called."""
    return {"order": order, "again": list(order), "rewired": False, "repeats": False}


def wrong_list(label: str, order: Callable[..., list[Any]]) -> Mistake:
    """Another list than the right one, on both calls; a function of what `seen` gives."""
    return seen(label, order=order, again=order)


def _for_every_use(order: list[int], nodes: Graph, root: int) -> list[int]:
    """Every node once for each edge that leaves it."""
    uses, _ = uses_and_ways(nodes, root)
    return sorted(place for place in order for _ in range(uses[place]))


ONCE_FOR_EVERY_USE = wrong_list("once for every use", _for_every_use).told(LISTING["twice"])

NAMES_FOR_NODES = wrong_list(
    "names in place of nodes", lambda order, nodes: [[nodes[place]["name"]] for place in order]
).told(LISTING["names"])

TOLD_APART_BY_EQUALITY = wrong_list("told apart by ==", lambda order, equal: order[:1] if equal else order).told(
    LISTING["equal nodes"]
)

WALKS_EVERY_WAY = wrong(
    "walks every way",
    lambda expected, counted: {**expected, **listed([]), "repeats": True} if counted else expected,
).told(LISTING["again and again"])
