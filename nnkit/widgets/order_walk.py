"""The list that a reader's sort returns, gone through on the drawn graph: who comes too early is seen and told.

The function is called with each graph when the widget is made. Its answer is taken as it is: nodes before their
parents, nodes twice, missing nodes, what is no node, no list at all. The edges are noted before the call, so that a
function that changes them is found out, too.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnkit.draw import style
from nnkit.draw.graph import NODE_SYMBOLS
from nnkit.draw.svg import Diagram, Part, Wire
from nnkit.widgets.limits import TooLong, bounded, said
from nnkit.widgets.walks import Walk, Walks, drawn, listed

MOST_ENTRIES = 80
"""A list longer than this is gone through as far as this."""


def order_walk(
    sort: Callable[[Any], Any],
    graphs: Mapping[str, Any],
    settings: Mapping[str, Any] | None = None,
    /,
    **changes: Any,
) -> None:
    """Show the list that a function returns for a graph, node by node on the drawn graph.

    Parameters
    ----------
    sort : callable
        Takes the last node of a graph and returns a list of its nodes, right or wrong.
    graphs : mapping of str to callable or node
        Graphs to choose from: a function that builds one and returns its last node, or that node. Nodes have ``op``,
        ``parents``, ``name`` and ``trainable``.
    settings : mapping, optional
        ``graph`` (its name) and ``step``.
    **changes : Any
        Single settings; they win.

    Examples
    --------
    >>> from types import SimpleNamespace as Node
    >>> from unittest import mock
    >>> x = Node(op="input", parents=(), name="x", trainable=False)
    >>> a = Node(op="sin", parents=(x,), name="a", trainable=False)
    >>> with mock.patch.dict("os.environ", NNKIT_STATIC="1"):
    ...     order_walk(lambda root: [root, root.parents[0]], {"one operation": a})
    Computation graph of a = sin(x); operations sin; inputs x; order a 1, x 2; wrong edges x → a.
    [a, x] is no topological order of this graph. a is number 1, but its parent x comes only as number 2. \
The last entry is x; the root a belongs there.
    """
    walks = {name: walk_through(sort, graph) for name, graph in graphs.items()}
    name = getattr(sort, "__name__", "sort")
    Walks(
        walks,
        {**(settings or {}), **changes},
        title="Your order, node by node",
        call=f"widgets.order_walk({name}, graphs, …)",
        row_name=f"what {name} returned",
    ).show()


@dataclass
class _Graph:
    """A graph as it was before anybody sorted it: nodes after their parents, the root last."""

    nodes: list[Any]
    parents: list[list[int]]
    names: list[str]
    index: dict[int, int] = field(default_factory=dict)


def walk_through(sort: Callable[[Any], Any], graph: Any) -> Walk:
    """Call a sort and tell its answer step by step.

    Parameters
    ----------
    sort : callable
    graph : callable or node
        As in `order_walk`.

    Returns
    -------
    Walk
        Step 0 shows the graph, step n the n-th entry of the list, the last step what is to be said of all.
    """
    name = getattr(sort, "__name__", "the function")
    try:
        root = bounded(graph) if callable(graph) else graph
        known = _read(root)
    except (Exception, TooLong) as error:
        diagram = Diagram([Part("constant", "?"), Part("result", "f")], [Wire(0, 1)])
        return Walk(drawn([diagram]), [f"The function that builds this graph {said(error)}."])
    try:
        returned = bounded(sort, root)
    except (Exception, TooLong) as error:
        return _stopped(known, f"{name} {said(error)}. Until it returns a list there is nothing to step through.")
    if not isinstance(returned, list | tuple | deque | np.ndarray):
        end = "" if returned is None else "."
        wanted = "Expected is a list of the nodes, in their order."
        return _stopped(known, f"{name} returned {_kind(returned)}{end} {wanted}")
    return _told(known, list(returned), _changed(known, name))


def _read(root: Any) -> _Graph:
    """Take down the nodes and edges of a graph."""
    order: list[Any] = []
    done: set[int] = set()
    open_: set[int] = set()
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        if leaving:
            open_.discard(id(node))
            done.add(id(node))
            order.append(node)
        elif id(node) not in done:
            if id(node) in open_:
                continue
            open_.add(id(node))
            if len(open_) + len(done) > 60:
                raise ValueError("it has more than 60 nodes, too many to step through")
            stack.append((node, True))
            stack += [(parent, False) for parent in reversed(tuple(node.parents))]
    index = {id(node): number for number, node in enumerate(order)}
    parents = [[index[id(parent)] for parent in node.parents] for node in order]
    if any(parent >= number for number, mine in enumerate(parents) for parent in mine):
        raise ValueError("it leads back to itself")
    names, unnamed = [], 0
    for node in order:
        unnamed += not node.name and node is not root
        names.append(style.name(str(node.name or ("f" if node is root else f"v{unnamed}"))))
    return _Graph(order, parents, names, index)


def _changed(known: _Graph, name: str) -> str:
    for node, parents, label in zip(known.nodes, known.parents, known.names, strict=True):
        if [id(parent) for parent in getattr(node, "parents", ())] != [id(known.nodes[parent]) for parent in parents]:
            return f"But {name} has changed the parents of {label}. The picture shows the graph as it was."
    return ""


def _kind(value: Any) -> str:
    if value is None:
        return "nothing (None): is a `return` missing?"
    if isinstance(value, set | frozenset | dict):
        return f"a {type(value).__name__}, which has no order of its own"
    if hasattr(value, "__next__"):
        return f"a {type(value).__name__}, which hands its entries out only once"
    if hasattr(value, "parents"):
        return "a single node"
    if isinstance(value, str):
        return "a text"
    return f"{'an' if type(value).__name__[0] in 'aeiou' else 'a'} {type(value).__name__}"


def _diagram(known: _Graph, numbers: Mapping[int, str], marks: Mapping[int, str], edges: Mapping[Any, str]) -> Diagram:
    """The graph with what is told beneath its nodes, their rings, and the edges that are wrong."""
    parts, wires = [], []
    for number, node in enumerate(known.nodes):
        if known.parents[number] or node.op != "input":
            name = known.names[number] if number < len(known.nodes) - 1 else ""
            part = Part("operation", name, NODE_SYMBOLS.get(node.op, str(node.op)))
            exponent = getattr(node, "exponent", None)
            if node.op == "pow" and isinstance(exponent, int | float):
                part.symbol = style.power(float(exponent))
        else:
            part = Part("weight" if node.trainable else "input", known.names[number])
        part.told, part.mark, part.role = numbers.get(number, ""), marks.get(number, ""), "ink"
        parts.append(part)
        for place, parent in enumerate(known.parents[number]):
            told = edges.get((number, place), "")
            wires.append(Wire(parent, number, told=told, mark="wrong" if told else ""))
    parts.append(Part("result", known.names[-1], told=""))
    wires.append(Wire(len(parts) - 2, len(parts) - 1, told=""))
    diagram = Diagram(parts, wires)
    order = [f"{known.names[number]} {told.removeprefix('✗ ')}" for number, told in numbers.items() if told]
    wrong = [f"{known.names[wire.source]} → {known.names[wire.target]}" for wire in wires if wire.mark]
    diagram.notes += [f"order {', '.join(order)}"] if order else []
    diagram.notes += [f"wrong edges {', '.join(dict.fromkeys(wrong))}"] if wrong else []
    return diagram


def _stopped(known: _Graph, sentence: str) -> Walk:
    return Walk(drawn([_diagram(known, {}, {}, {})]), [sentence])


def _told(known: _Graph, entries: Sequence[Any], change: str) -> Walk:
    """Step through a list."""
    places: dict[int, list[int]] = {}
    found = [known.index.get(id(entry)) for entry in entries]
    for place, number in enumerate(found, start=1):
        if number is not None:
            places.setdefault(number, []).append(place)
    numbers: dict[int, str] = {}
    marks: dict[int, str] = {}
    edges: dict[tuple[int, int], str] = {}
    size = f"Your list has {_count(len(entries), 'entry', 'entries')}, the graph {_count(len(known.nodes), 'node')}."
    diagrams, sentences, row = [_diagram(known, {}, {}, {})], [size], []
    for place, (entry, number) in enumerate(zip(entries, found, strict=True), start=1):
        if place > MOST_ENTRIES:
            break
        if number is None:
            row.append((_foreign(known, entry)[0], "wrong"))
            sentences.append(f"Number {place} is {_foreign(known, entry)[1]}.")
            diagrams.append(_diagram(known, numbers, marks, edges))
            continue
        label = known.names[number]
        if places[number][0] < place:
            numbers[number] = "✗ " + ", ".join(str(one) for one in places[number] if one <= place)
            sentence, wrong = f"{label} is here again: it was number {places[number][0]} already.", True
        else:
            sentence, late = _entered(known, number, place, places)
            wrong = bool(late)
            numbers[number] = f"✗ {place}" if wrong else str(place)
            for position, parent in enumerate(known.parents[number]):
                if parent in late:
                    edges[number, position] = f"✗ only {places[parent][0]}" if parent in places else "✗ missing"
        row.append((label, "wrong" if wrong else "right"))
        sentences.append(sentence)
        marks[number] = "wrong" if wrong else "met"
        shown = dict(marks) if wrong else {**marks, number: "now"}
        diagrams.append(_diagram(known, numbers, shown, edges))
    faults = _faults(known, entries, found, places)
    for number in range(len(known.nodes)):
        if number not in places:
            numbers[number], marks[number] = "✗ missing", "wrong"
    diagrams.append(_diagram(known, numbers, marks, edges))
    order = f"[{', '.join(text for text, _ in row)}{', …' if len(entries) > MOST_ENTRIES else ''}]"
    if faults:
        verdict = f"{order} is no topological order of this graph. {' '.join(faults)}"
    else:
        verdict = f"{order}: every node once, each after its parents, the root last. A topological order."
    sentences.append(f"{verdict} {change}".strip())
    return Walk(drawn(diagrams), sentences, row)


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _foreign(known: _Graph, entry: Any) -> tuple[str, str]:
    """Return what stands in the row for what is no node of the graph, and what it is."""
    if isinstance(entry, str):
        short = entry if len(entry) < 12 else entry[:10] + "…"
        return f"“{short}”", f"the text “{short}”, and not a node: the list holds the nodes themselves"
    if hasattr(entry, "parents") and hasattr(entry, "op"):
        label = style.name(str(getattr(entry, "name", "") or entry.op))
        return f"another {label}", f"a node {label} that is not part of this graph"
    if entry is None:
        return "None", "None, and no node"
    if type(entry) is int and entry in known.index:
        label = known.names[known.index[entry]]
        return f"id of {label}", f"the id of {label}, and not {label} itself: the list holds the nodes"
    kind = type(entry).__name__
    article = "an" if kind[0] in "aeiou" else "a"
    text = style.number(float(entry)) if isinstance(entry, int | float) else kind
    return text, f"{article} {kind} ({text}), and no node" if text != kind else f"{article} {kind}, and no node"


def _entered(known: _Graph, number: int, place: int, places: Mapping[int, list[int]]) -> tuple[str, set[int]]:
    """Tell of a node that gets into the line, and return those of its parents that are not in it yet."""
    label = known.names[number]
    parents = list(dict.fromkeys(known.parents[number]))
    late = {parent for parent in parents if parent not in places or places[parent][0] > place}
    if not parents:
        return f"{label} is number {place}. It has no parents to wait for.", late
    if not late:
        stand = listed([f"{known.names[parent]} ({places[parent][0]})" for parent in parents])
        return f"{label} is number {place}; {stand} {'stand' if len(parents) > 1 else 'stands'} before it.", late
    return f"{_too_early(known, number, place, sorted(late), places)}", late


def _too_early(known: _Graph, number: int, place: int, late: Sequence[int], places: Mapping[int, list[int]]) -> str:
    lacking = [
        f"its parent {known.names[parent]} "
        + (f"comes only as number {places[parent][0]}" if parent in places else "comes nowhere")
        for parent in late
    ]
    return f"{known.names[number]} is number {place}, but {listed(lacking)}."


def _faults(
    known: _Graph, entries: Sequence[Any], found: Sequence[int | None], places: Mapping[int, list[int]]
) -> list[str]:
    """Say all that is wrong, the worst first."""
    faults = []
    if not entries:
        return ["Your list is empty."]
    early = []
    for number, mine in places.items():
        late = [p for p in dict.fromkeys(known.parents[number]) if p in places and places[p][0] > mine[0]]
        if late:
            early.append(_too_early(known, number, mine[0], late, places))
    faults += early[:3]
    if len(early) > 3:
        faults.append(f"{_count(len(early) - 3, 'node')} more {'comes' if len(early) == 4 else 'come'} too early.")
    missing = [known.names[number] for number in range(len(known.nodes)) if number not in places]
    if missing:
        faults.append(f"Missing: {', '.join(missing)}.")
    twice = [
        f"{known.names[number]} ({listed([str(p) for p in mine])})" for number, mine in places.items() if len(mine) > 1
    ]
    if twice:
        faults.append(f"More than once: {', '.join(twice)}.")
    strangers = [_foreign(known, entry)[1] for entry, number in zip(entries, found, strict=True) if number is None]
    if strangers:
        more = f" (and {len(strangers) - 1} more)" if len(strangers) > 1 else ""
        faults.append(f"There is {strangers[0]}{more}.")
    root = len(known.nodes) - 1
    if root in places and found[-1] != root:
        last = known.names[found[-1]] if found[-1] is not None else _foreign(known, entries[-1])[0]
        faults.append(f"The last entry is {last}; the root {known.names[root]} belongs there.")
    return faults
