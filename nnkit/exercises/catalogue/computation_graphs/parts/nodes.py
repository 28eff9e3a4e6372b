"""What can be read off a graph: what a node depends on, how far it is from the root, what it computes in words."""

from nnkit.exercises.beside.probes.graphs import Graph
from nnkit.exercises.judge.wording import number
from nnkit.languages import say

_SIGNS = {"add": "+", "mul": "×"}

# A node further on would be said in many brackets; its number says where it stands.
_LAST_IN_WORDS = 12


def reachable(graph: Graph, root: int) -> list[int]:
    """Positions of all nodes that the root depends on, itself included, in the order of the list."""
    found = {root}
    for place in range(root, -1, -1):  # a child stands after its parents
        if place in found:
            found.update(graph[place]["parents"])
    return sorted(found)


def distances(graph: Graph, root: int) -> dict[int, int]:
    """Number of edges on the shortest way from the root, for every node that it depends on."""
    steps = {root: 0}
    for place in range(root, -1, -1):
        for parent in graph[place]["parents"] if place in steps else ():
            steps[parent] = min(steps.get(parent, steps[place] + 1), steps[place] + 1)
    return steps


def uses_and_ways(graph: Graph, root: int) -> tuple[dict[int, int], dict[int, int]]:
    """For every node that the root depends on, how often it is used (the root: once), and how many ways lead to it."""
    uses, ways = {root: 1}, {root: 1}
    for place in range(root, -1, -1):
        for parent in graph[place]["parents"] if place in ways else ():
            uses[parent] = uses.get(parent, 0) + 1
            ways[parent] = ways.get(parent, 0) + ways[place]
    return uses, ways


def said(graph: Graph, place: int) -> str:
    """A node in words: what it computes, if that is short; else its operation and number."""
    node, parents = graph[place], graph[place]["parents"]
    if not parents:
        return str(node["name"]) or say("the unnamed input number {place}", place=place)
    if place > _LAST_IN_WORDS:
        return say("the {node} node number {place}", node=node["op"], place=place)
    texts = [said(graph, parent) for parent in parents]
    if node["op"] in _SIGNS:
        wrapped = [f"({text})" if " " in text else text for text in texts]
        return f" {_SIGNS[node['op']]} ".join(wrapped)
    if node["op"] == "pow":
        return f"({texts[0]})^{number(node['value'])}"
    return f"{node['op']}({texts[0]})"
