"""Probes for graphs of nodes: they build a graph from a case's data beside the student's code, and read one back.

A graph travels as a list of lines, one for a node, each after those of its parents (see `nodes_of`). What comes back
names nodes by their position. The nodes are made from the class ``Node`` that the notebook provides, or from `BareNode`
where there is none. Nothing here knows what an operation computes or in which order nodes belong.
"""

from __future__ import annotations

import collections
import functools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nnkit.exercises.beside import wire
from nnkit.exercises.beside.probes import probe

Graph = tuple[dict[str, Any], ...]

# A graph read back from a student's function is cut off here; the exercises build at most a dozen nodes.
MOST_NODES = 400

# In a graph of 15 nodes with 2¹⁴ ways from its input to its root, or of 25 nodes with 2²⁴: whoever visits each node
# once stays far below both, by whatever algorithm; whoever visits it again for each of its uses exceeds one of them.
MOST_READS = 5_000
MOST_WRITES = 50


@functools.cache
def _parsed(lines: tuple[str, ...]) -> Graph:
    nodes: list[dict[str, Any]] = []
    for line in lines:
        op, *words = line.split()
        pairs = dict(word.split("=", 1) for word in words if "=" in word)
        nodes.append(
            {
                "op": op,
                "parents": [int(word) for word in words if word.isdecimal()],
                "value": _exponent(pairs["value"]) if "value" in pairs else None,
                "name": pairs.get("name", ""),
                "trainable": "trainable" in words,
            }
        )
    return tuple(nodes)


def _exponent(text: str) -> float:
    """A whole number as one types it."""
    return int(text) if text.lstrip("-").isdigit() else float(text)


def nodes_of(lines: Sequence[str]) -> Graph:
    """A graph's nodes from its lines: operation, positions of the parents, and what else there is to a node.

    Examples
    --------
    >>> [node["parents"] for node in nodes_of(["input name=x", "input name=w trainable", "mul 0 1", "pow 2 value=3"])]
    [[], [], [0, 1], [2]]
    """
    return _parsed(tuple(lines))


class BareNode:
    """A node for a namespace without the notebook's class `Node`."""

    def __init__(self, op: str, parents: Any = (), value: Any = None, name: str = "", trainable: bool = False) -> None:
        self.op = op
        self.parents = tuple(parents)
        self.value = value
        self.exponent = value if op == "pow" else None
        self.name = name
        self.trainable = trainable


def _node_class(namespace: Mapping[str, Any]) -> type:
    found = namespace.get("Node")
    return found if isinstance(found, type) else BareNode


def _subclass(namespace: Mapping[str, Any], members: dict[str, Any]) -> type:
    """The student's own node class with something to watch added; the class itself if it cannot be subclassed."""
    base = _node_class(namespace)
    try:
        return type("Node", (base,), members)
    except TypeError:
        return base


def _built(lines: Sequence[str], kind: type) -> list[Any]:
    nodes: list[Any] = []
    for entry in nodes_of(lines):
        nodes.append(
            kind(
                entry["op"],
                tuple(nodes[place] for place in entry["parents"]),
                value=entry["value"],
                name=entry["name"],
                trainable=entry["trainable"],
            )
        )
    return nodes


def _positions(returned: Any, nodes: list[Any]) -> Any:
    """What came back as positions in the graph: a number for each of its nodes, ``[what it is]`` for anything else."""
    if isinstance(returned, np.ndarray) and returned.dtype == object and returned.ndim == 1:
        returned = list(returned)
    if type(returned) not in (list, tuple, collections.deque):
        return wire.plain(returned)
    places = {id(node): place for place, node in enumerate(nodes)}
    return [places.get(id(entry), [wire.plain(entry)]) for entry in returned]


# ---------------------------------------------------------------------------------------------------------------------
# Lists of nodes
# ---------------------------------------------------------------------------------------------------------------------


def _always(self: Any, other: object) -> bool:
    return True


def _nodes_to_sort(arguments: Mapping[str, Any], namespace: Mapping[str, Any]) -> list[Any]:
    """Nodes that all hold different values, or, where the case says ``equal``, nodes that equal everything.

    Their hash is that of the student's class: who keeps nodes in a set asks for identity as long as that class does.
    """
    base: Any = _node_class(namespace)
    inherited = base.__hash__ or object.__hash__
    members: dict[str, Any] = {"__eq__": _always, "__hash__": inherited} if arguments["equal"] else {}
    if arguments["counted"]:
        members["parents"] = _counted_parents()
    nodes = _built(arguments["graph"], _subclass(namespace, members))
    if not arguments["equal"]:
        for place, node in enumerate(nodes):
            node.value = float(place)
    return nodes


def _listed(student: Any, nodes: list[Any], root: int) -> dict[str, Any]:
    try:
        parents = [list(map(id, node.parents)) for node in nodes]
        first = _positions(student(nodes[root]), nodes)
        again = _positions(student(nodes[root]), nodes)
        rewired = parents != [[id(parent) for parent in node.parents] for node in nodes]
    except _TooManyReads:
        return {"order": [], "again": [], "rewired": False, "repeats": True}
    return {"order": first, "again": again, "rewired": rewired, "repeats": False}


class _TooManyReads(BaseException):  # no `except` of the student's is to keep it back
    """Raised when the `parents` of a graph's nodes were read more than `MOST_READS` times."""


def _counted_parents() -> property:
    reads = 0

    def read(self: Any) -> Any:
        nonlocal reads
        reads += 1
        if reads > MOST_READS:
            raise _TooManyReads
        return self.__dict__.get("_counted_parents")

    def write(self: Any, content: Any) -> None:
        self.__dict__["_counted_parents"] = content

    return property(read, write)


@probe
def list_nodes(student: Any, arguments: dict[str, Any], namespace: Mapping[str, Any]) -> dict[str, Any]:
    """Ask twice for a list of the nodes of one graph; say whether an edge of the graph was changed on the way."""
    return _listed(student, _nodes_to_sort(arguments, namespace), arguments["root"])


@probe
def list_weights(student: Any, arguments: dict[str, Any], namespace: Mapping[str, Any]) -> dict[str, Any]:
    """The same, and beside it the order in which the student's own `topological_sort` lists the nodes, if it can."""
    nodes = _nodes_to_sort(arguments, namespace)
    listed = _listed(student, nodes, arguments["root"])
    # Where ways are too many to be walked one by one, a slow sort is not this exercise's business.
    return {**listed, "sorted": None if arguments["counted"] else _sorted(nodes, arguments["root"], namespace)}


def _sorted(nodes: list[Any], root: int, namespace: Mapping[str, Any]) -> Any:
    sort = namespace.get("topological_sort")
    if not callable(sort):
        return None
    try:
        return _positions(sort(nodes[root]), nodes)
    except Exception:  # its own check says what is wrong with it
        return None


# ---------------------------------------------------------------------------------------------------------------------
# Values
# ---------------------------------------------------------------------------------------------------------------------


class _Counter:
    """How often anything of a node was read, and what was written as its value.

    Values that are written to one node without another node's in between are steps of one computation (a sum that grows
    in place): the last of them counts.
    """

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Count from here on."""
        self.reads = 0
        self.writes: collections.Counter[int] = collections.Counter()
        self.computed: dict[int, list[Any]] = {}
        self._last: int | None = None

    def wrote(self, node: Any, content: Any) -> None:
        """Note a value; None takes one away and is no computation."""
        if content is None:
            return
        self.writes[id(node)] += 1
        computed = self.computed.setdefault(id(node), [])
        if self._last == id(node):
            computed.pop()
        computed.append(content)
        self._last = id(node)

    def times(self, node: Any) -> int:
        """How often the value that a node holds now was computed for it."""
        return sum(_same(value, node.value) for value in self.computed.get(id(node), ()))


def _same(first: Any, second: Any) -> bool:
    try:
        return bool(first == second)
    except Exception:  # arrays, or anything else of the student's
        return False


def _watched(namespace: Mapping[str, Any], counter: _Counter, counted: bool) -> type:
    """A node class whose nodes count how often their value is set, and how often they are looked at."""

    def attribute(name: str) -> property:
        hidden = f"_watched_{name}"

        def read(self: Any) -> Any:
            counter.reads += 1
            return self.__dict__.get(hidden)

        def write(self: Any, content: Any) -> None:
            self.__dict__[hidden] = content
            if name == "value":
                counter.wrote(self, content)

        return property(read, write)

    members: dict[str, Any] = {name: attribute(name) for name in ("op", "parents", "value")}
    if counted:
        # Comparing nodes reads nothing here: what it costs to look for a node in a list is no computation.
        members |= {"__eq__": object.__eq__, "__hash__": object.__hash__}
    else:
        members["__hash__"] = getattr(_node_class(namespace), "__hash__", None) or object.__hash__
    return _subclass(namespace, members)


@probe
def run_forward(student: Any, arguments: dict[str, Any], namespace: Mapping[str, Any]) -> dict[str, Any]:
    """Run a student's forward pass on a graph, again with other numbers, and with these on a graph of its own.

    The second pass finds the nodes as the first one left them. Where a class of nodes has no place for the exponent but
    `value`, it is put back there.
    """
    counter, counted = _Counter(), arguments["counted"]
    nodes = _built(arguments["graph"], _watched(namespace, counter, counted))
    starting = [node.value for node in nodes]
    counter.begin()  # what building wrote was no computation
    result = student(nodes[-1], arguments["feed"])
    reads, most_writes = counter.reads, max(counter.writes.values(), default=0)
    repeats = counted and (reads > MOST_READS or most_writes > MOST_WRITES)
    values = [node.value for node in nodes]
    computed = [counter.times(node) if node.parents else 1 for node in nodes] if counted and not repeats else []
    for node, value in zip(nodes, starting, strict=True):
        if node.op == "pow" and not hasattr(node, "exponent"):
            node.value = value
    feed_of_its_own = dict(arguments["second_feed"])
    again = student(nodes[-1], arguments["second_feed"])
    values_again = [node.value for node in nodes]
    fresh = student(_built(arguments["graph"], _node_class(namespace))[-1], feed_of_its_own)
    return {
        "result": wire.plain(_place_or_value(result, nodes)),
        "values": [wire.plain(value) for value in values],
        "again": wire.plain(_place_or_value(again, nodes)),
        "values_again": [wire.plain(value) for value in values_again],
        "fresh": wire.plain(fresh),
        "repeats": repeats,
        "computed": computed,
    }


def _place_or_value(returned: Any, nodes: list[Any]) -> Any:
    """A node that came back in place of a number is called one, whatever its class is called."""
    if any(returned is node for node in nodes):
        return wire.Opaque("Node")
    return returned


# ---------------------------------------------------------------------------------------------------------------------
# A graph that the student makes
# ---------------------------------------------------------------------------------------------------------------------


@probe
def read_graph(student: Any, arguments: dict[str, Any], namespace: Mapping[str, Any]) -> Any:
    """Call a function that makes a graph; say what nodes there are, the root last, or what came back instead.

    The others stand in the order in which they were met, from the end; who judges puts them into one that makes sense.
    """
    root = student()
    wanted = ("op", "parents", "name", "trainable")
    if not all(hasattr(root, name) for name in wanted):
        return wire.plain(root)
    places, found = {id(root): 0}, [root]
    for node in found:  # which grows meanwhile
        if not all(hasattr(node, name) for name in wanted):
            return {"nodes": [], "fault": f"parent: {type(node).__name__}"}
        if not isinstance(node.parents, list | tuple):
            return {"nodes": [], "fault": f"parents: {type(node.parents).__name__}"}
        for parent in node.parents:
            if places.setdefault(id(parent), len(found)) == len(found):
                found.append(parent)
        if len(found) > MOST_NODES:
            return {"nodes": [], "fault": "cycle"}
    described = [
        {
            "op": wire.plain(node.op),
            "parents": [len(found) - 1 - places[id(parent)] for parent in node.parents],
            "name": wire.plain(node.name),
            "trainable": bool(node.trainable),
        }
        for node in found
    ]
    return {"nodes": described[::-1], "fault": ""}
