"""Judges for the exercises whose answers are nodes: many programs are right there, so properties are judged.

Each judge turns what a probe of `graph_probes` sends back into a `Finding` with a *symptom*, a few words that are equal
for equal errors, and the sentence that belongs to the symptom. Sentences stand here once; the exercises' declared
mistakes in `computation_graphs` quote them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit.exercises import wire
from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.graph_probes import MOST_READS, Graph, nodes_of
from nnkit.exercises.ladder import Finding, differs, in_words
from nnkit.exercises.wording import listing, number, plural

_SIGNS = {"add": "+", "mul": "×"}

# ---------------------------------------------------------------------------------------------------------------------
# Lists of nodes
# ---------------------------------------------------------------------------------------------------------------------


def said(graph: Graph, place: int) -> str:
    """A node in words: what it computes, if that is short; else its operation and number."""
    node, parents = graph[place], graph[place]["parents"]
    if not parents:
        return str(node["name"]) or f"the unnamed input number {place}"
    if place > 12:
        return f"the {node['op']} node number {place}"
    texts = [said(graph, parent) for parent in parents]
    if node["op"] in _SIGNS:
        wrapped = [f"({text})" if " " in text else text for text in texts]
        return f" {_SIGNS[node['op']]} ".join(wrapped)
    if node["op"] == "pow":
        return f"({texts[0]})^{number(node['value'])}"
    return f"{node['op']}({texts[0]})"


def reachable(graph: Graph, root: int) -> list[int]:
    """Positions of all nodes that the root depends on, itself included, in the order of the list."""
    found = {root}
    for place in range(root, -1, -1):  # a child stands after its parents
        if place in found:
            found.update(graph[place]["parents"])
    return sorted(found)


def distances(graph: Graph, root: int) -> dict[int, int]:
    """Number of edges on the shortest way from the root."""
    steps = {root: 0}
    for place in range(root, -1, -1):
        for parent in graph[place]["parents"] if place in steps else ():
            steps[parent] = min(steps.get(parent, steps[place] + 1), steps[place] + 1)
    return steps


# Symptom → what the student is told. A mistake shows its symptom on the cases where it can be seen; the sentence is the
# same whether the whole answer matches a mistake or only the symptom does.
LISTING = {
    "twice": (
        "A node that is used more than once is listed once for every use. Before you list a node or walk to its "
        "parents: how can you know that you have been there?"
    ),
    "root first": (
        "The order is a right one from the wrong end: the root comes first, and every node before its parents. "
        "Which end should the root be at?"
    ),
    "on the way": (
        "Nodes are listed on the way from the root, before their parents are. At what moment of the visit to a node "
        "are all of its parents in the list for certain?"
    ),
    "on the way, reversed": (
        "Listed on the way from the root and turned round at the end: that works as long as no value is used twice. "
        "A node that was met early, from one of its uses, then stands behind a node that is computed from it."
    ),
    "by distance": (
        "The nodes are ordered by their distance from the root. A node that is reached by a short and by a long way "
        "then comes too late. It is not distance that decides: a node comes after all of its parents."
    ),
    "no root": (
        "Everything is there except the root itself. Who puts the node that your function was called with into the "
        "list?"
    ),
    "no inputs": (
        "Only operations are listed; the inputs are missing. A node without parents is a node too: where does your "
        "function turn around, and is the node listed before it does?"
    ),
    "one parent": (
        "Of every operation only one parent was followed, so whole branches are missing. How many may `node.parents` "
        "hold?"
    ),
    "same name": (
        "Of all nodes with the same name only one is listed. Most operations are called '' (nothing): a name does not "
        "tell nodes apart. What does?"
    ),
    "equal nodes": (
        "Nodes that are equal but not the same were taken for one. `in`, `index` and `remove` of a list ask `==`, and "
        "two nodes that hold the same value answer True. Ask `is`, or remember `id(node)`."
    ),
    "second call": (
        "Something is remembered from one call to the next: the first call is right, later ones are not. "
        "A list or set among the default arguments, a global name, or a mark left on the nodes does that."
    ),
    "names": (
        "Every entry is expected to be one of the graph's nodes: not its name, not a list of nodes, not None. What do "
        "you append?"
    ),
    "order": (
        "A node can be computed only when all of its parents are known. At the moment when you put a node into the "
        "list, are all of its parents in it for certain?"
    ),
    "again and again": (
        "A value that is used twice makes your function walk twice to everything before it: 24 doublings make 2²⁴ "
        "ways, more than sixteen million. Before you walk to a node's parents: how can you know that you have been "
        "there?"
    ),
    "rewired": (
        "The list is right, but the graph is not what it was: the `parents` of a node have changed. "
        "Whoever uses the graph after you needs its edges; work on a list of your own."
    ),
    "missing": "Which way leads from the root to the first of them, and where does your function leave that way?",
    "lost weights": (
        "Some weights are missing. Is every node of the graph looked at, and is `trainable` what it is asked about?"
    ),
    "too many": (
        "Only what can be reached by `parents` from the node that your function is called with belongs to its graph."
    ),
    "inputs too": (
        "Inputs that are not trainable are in the list as well. Which attribute of a node tells a weight from data?"
    ),
    "the others": "The list holds exactly the nodes that are not trainable. Is the question asked the wrong way round?",
    "near the root": (
        "Only weights that stand right at the root are found. A weight may be many edges away: which of your functions "
        "already lists every node of a graph?"
    ),
}


def _as_positions(what: str, answer: Any, graph: Graph, wanted: list[int]) -> Finding | list[int]:
    """The answer as a list of positions, or what to say about an answer that is no list of the graph's nodes."""
    if answer is None:
        text = f"Your function returned None, expected {what}. Is there a `return` at its end, on every path?"
        return Finding("returned nothing", text, cause=text, symptom="nothing")
    if not isinstance(answer, list):
        kind = in_words(answer)
        text = f"Your function returned {kind}, expected {what}."
        causes = {
            "a generator": "Collect the nodes in a list in place of `yield`, or put `list(…)` around what yields them.",
            "a set": "A set has no order, so nobody can go through it parents first. Keep a list beside it.",
            **dict.fromkeys(
                ("a dict_keys", "a dict_values", "a filter", "a map", "a list_reverseiterator", "a reversed"),
                "One can go through it, but it is no list: it has no positions, or is used up by the first look. "
                "`list(…)` around it makes one.",
            ),
        }
        return Finding("type", text, cause=causes.get(kind, text), symptom=f"type: {kind}")
    own = [entry for entry in answer if type(entry) is int and 0 <= entry < len(graph)]
    if len(own) == len(answer):
        return own
    foreign = [entry[0] if isinstance(entry, list) and entry else entry for entry in answer if type(entry) is not int]
    if isinstance(foreign[0], wire.Opaque) and foreign[0].type_name == "Node":
        if set(wanted) <= set(own):
            text = "The list holds the nodes of this graph, and nodes of another one beside them."
            return Finding("value", text, cause=LISTING["second call"], symptom="second call")
        text = "The list holds nodes that are not those of the graph."
        cause = (
            "They are copies, or left over from an earlier call (a list outside the function remembers them). "
            "Return the very nodes that hang together by `parents`."
        )
        return Finding("value", text, cause=cause, symptom="copies")
    entry = repr(foreign[0]) if isinstance(foreign[0], str | bool | int | float) else in_words(foreign[0])
    return Finding("type", f"The list holds {entry} in place of a node.", cause=LISTING["names"], symptom="names")


def _count_symptom(graph: Graph, wanted: list[int], order: list[int]) -> tuple[str, str]:
    """What is wrong with the set of nodes, as a symptom and a sentence; ("", "") when each is there once."""
    counts = Counter(order)
    known = set(wanted)
    missing = [place for place in wanted if not counts[place]]
    extra = [place for place in order if place not in known]
    twice = [place for place in wanted if counts[place] > 1]
    if missing:
        few = listing(said(graph, place) for place in missing[:3])
        rest = f", and {len(missing) - 3} more" if len(missing) > 3 else ""
        if len(wanted) == 1:
            return "missing", f"The list lacks its only node, {few}."
        return "missing", f"Of {len(wanted)} nodes the list lacks {len(missing)}: {few}{rest}."
    if extra:
        return "too many", f"The list holds {said(graph, extra[0])}, which does not belong there."
    if twice:
        count = counts[twice[0]]
        times = {2: "twice", 3: "three times"}.get(count, f"{count:,} times")
        return "twice", f"{said(graph, twice[0])} is in the list {times}, expected once."
    return "", ""


def order_symptom(graph: Graph, root: int, wanted: list[int], order: list[int]) -> tuple[str, str]:
    """What is wrong with an order, as a symptom and a sentence about this graph; ("", "") for a right one."""
    symptom, text = _count_symptom(graph, wanted, order)
    if symptom == "missing":
        return _missing_symptom(graph, root, wanted, sorted(set(wanted) - set(order))), text
    if symptom:
        return symptom, text
    at = {place: position for position, place in enumerate(order)}
    edges = [(place, parent) for place in order for parent in graph[place]["parents"]]
    early = [(place, parent) for place, parent in edges if at[parent] > at[place]]
    if not early:
        return "", ""
    distance = distances(graph, root)
    if len(early) == len(edges):
        symptom = "root first"
    elif order == sorted(order, key=lambda place: -distance[place]):
        symptom = "by distance"
    elif _listed_when_met(graph, root, order):
        symptom = "on the way"
    elif _listed_when_met(graph, root, order[::-1]):
        symptom = "on the way, reversed"
    else:
        symptom = "order"
    place, parent = early[0]
    text = f"In your list {said(graph, place)} stands before {said(graph, parent)}, which it is computed from."
    if len(order) <= 5:
        text += f" Yours, in order: {'; '.join(said(graph, entry) for entry in order)}."
    return symptom, text


def _listed_when_met(graph: Graph, root: int, order: list[int]) -> bool:
    """Whether a list begins with the root, and each other node stands behind one that leads to it."""
    met = {root}
    for place in order:
        if place not in met:
            return False
        met.update(graph[place]["parents"])
    return True


def _missing_symptom(graph: Graph, root: int, wanted: list[int], missing: list[int]) -> str:
    present = set(wanted) - set(missing)
    operations = {place for place in wanted if graph[place]["parents"]}
    if missing == [root]:
        return "no root"
    if operations and present == operations:
        return "no inputs"
    # Where the walk stopped: missing, though it was met from a node that is there.
    met = {root}.union(*(graph[child]["parents"] for child in present))
    stopped = [place for place in missing if place in met]
    names = {graph[place]["name"] for place in present}
    if len(names) == len(present) > 1 and all(graph[place]["name"] in names for place in stopped):
        return "same name"
    for side in (0, -1):
        path = {root}
        for place in reversed(wanted):
            if place in path and graph[place]["parents"]:
                path.add(graph[place]["parents"][side])
        if present == path:
            return "one parent"
    return "missing"


def weights_symptom(graph: Graph, root: int, wanted: list[int], order: list[int]) -> tuple[str, str]:
    """What is wrong with a list of weights; their order is free, for no weight is computed from another."""
    symptom, text = _count_symptom(graph, wanted, order)
    everything = reachable(graph, root)
    inputs = {place for place in everything if not graph[place]["parents"]}
    if order and set(order) == set(everything) - set(wanted):
        symptom, text = "the others", f"The list holds {said(graph, order[0])}, which is not trainable."
    elif symptom == "too many" and set(order) == inputs:
        symptom = "inputs too"
    elif symptom == "missing" and set(order) == set(wanted) & {root, *graph[root]["parents"]}:
        symptom = "near the root"
    elif symptom == "missing":
        symptom = "lost weights"
    return symptom, text


def judge_list(
    what: str, diagnose: Callable[[Graph, int, list[int], list[int]], tuple[str, str]]
) -> Callable[[Exercise, Case, dict[str, Any]], Finding | None]:
    """A judge for functions that answer with a list of nodes."""

    def judge(exercise: Exercise, case: Case, answer: dict[str, Any]) -> Finding | None:
        graph, root, equal = nodes_of(case.arguments["graph"]), case.arguments["root"], case.arguments["equal"]
        wanted = exercise.reference(*case.arguments.values())["order"]
        returned = answer["returned"]
        if returned["repeats"]:
            text = f"Your function was stopped after {MOST_READS:,} looks at nodes; the graph has {len(graph)}."
            return Finding("value", text, cause=LISTING["again and again"], symptom="again and again")
        order = _as_positions(what, returned["order"], graph, wanted)
        if isinstance(order, Finding):
            return order
        symptom, text = diagnose(graph, root, wanted, order)
        if symptom and equal:
            symptom = "equal nodes"
        if symptom:
            return Finding("value", text, cause=LISTING[symptom], symptom=symptom)
        if returned["rewired"]:
            text = "The list is right, but your function changed the graph."
            return Finding("input changed", text, cause=LISTING["rewired"], symptom="rewired")
        again = _as_positions(what, returned["again"], graph, wanted)
        symptom, text = ("second call", "") if isinstance(again, Finding) else diagnose(graph, root, wanted, again)
        if symptom:
            text = f"Called a second time with the same graph, your function gives a different answer. {text}".strip()
            return Finding("value", text, cause=LISTING["second call"], symptom="second call")
        return None

    return judge


# ---------------------------------------------------------------------------------------------------------------------
# Values
# ---------------------------------------------------------------------------------------------------------------------

VALUES = {
    "no return": "The last node holds the right value, but your function returned None. Whose value is asked for?",
    "node": "Your function returned a node, expected the number that it holds. Which attribute of the node is that?",
    "list": "Your function returned all values, expected one number: the value of the root.",
    "nothing kept": (
        "The result is right, but the nodes do not know their values: `value` is None. Later pictures, and the "
        "backward pass of notebook 02, read the values off the nodes."
    ),
    "inputs not set": (
        "The result is right, but the inputs do not hold the numbers that were fed: their `value` is None. "
        "An input is a node like any other: what should its value be?"
    ),
    "again and again": (
        "The values are right, but a node is computed anew for every use: 15 nodes cost thousands of steps, and each "
        "doubling doubles them. A node that has its value already can hand it out; in which order must the nodes be "
        "computed so that every value is there when it is needed?"
    ),
    "stale": (
        "Values that are already there are kept, so a second call with other numbers answers with old ones. "
        "(A pow node begins with its exponent in `value`.) What was computed in an earlier call must not count."
    ),
    "rounded": (
        "Yours is the right value without its last digits. A value is passed on as exact as it is: does `round` or "
        "`int` stand in your function?"
    ),
    "second call": (
        "Something is remembered from one call to the next. What does your function keep, on the nodes or beside them, "
        "that it should make anew?"
    ),
}


def judge_forward(exercise: Exercise, case: Case, answer: dict[str, Any]) -> Finding | None:
    graph = nodes_of(case.arguments["graph"])
    right = exercise.reference(*case.arguments.values())
    got = answer["returned"]
    values, result = got["values"], got["result"]
    kept = _is_number(values[-1]) and not differs(right["values"][-1], values[-1], exercise)
    if result is None:
        text = VALUES["no return"] if kept else "Your function returned None, expected the value of the root."
        return Finding("returned nothing", text, cause=text, symptom="no return" if kept else "nothing")
    if not _is_number(result):
        symptom = (
            "node"
            if isinstance(result, wire.Opaque) and result.type_name == "Node"
            else "list"
            if isinstance(result, list | dict)
            else "type"
        )
        lone = isinstance(result, np.generic | np.ndarray) and result.ndim == 0
        kind = "a complex number" if lone and np.iscomplexobj(result) else in_words(result)
        text = f"Your function returned {kind}, expected one real number."
        return Finding("type", text, cause=VALUES.get(symptom, text), symptom=symptom)
    if differs(right["result"], result, exercise):
        return _wrong_value(exercise, graph, right, got)
    unset = [place for place, value in enumerate(values) if value is None]
    if unset:
        text = (
            f"The result is right; {plural(len(unset), 'node has', 'nodes have')} no value, the first is "
            f"{said(graph, unset[0])}."
        )
        inputs = all(graph[place]["op"] == "input" for place in unset) and len(graph) > len(unset)
        symptom = "inputs not set" if inputs else "nothing kept"
        return Finding("value", text, cause=VALUES[symptom], symptom=symptom)
    wrong = _first_wrong(exercise, graph, right["values"], values)
    if wrong is not None:
        text = (
            f"The result is right, but {said(graph, wrong)} holds {_held(values[wrong])}, expected "
            f"{number(right['values'][wrong])}."
        )
        if _still_exponents(graph, right["values"], values, exercise):
            symptom, cause = "nothing kept", VALUES["nothing kept"]
        else:
            symptom, cause = "other values", "Every node keeps the value that was computed for it, and nothing else."
        return Finding("value", text, cause=cause, symptom=symptom)
    if answer["changed"]:
        text = "The values are right, but your function changed its argument feed."
        cause = "Whoever calls it again with the same dictionary gets another answer. Read from it with `feed[name]`."
        return Finding("input changed", text, cause=cause, symptom="feed changed")
    if got["repeats"]:
        return Finding("value", "All values are right.", cause=VALUES["again and again"], symptom="again and again")
    if not _is_number(got["again"]) or differs(right["again"], got["again"], exercise):
        same = _is_number(got["again"]) and not differs(result, got["again"], exercise)
        symptom = "stale" if same else "rounded" if _rounded(right["again"], got["again"]) else "second call"
        text = (
            f"The first call is right. A second call with other numbers gives {_held(got['again'])}, "
            f"expected {number(right['again'])}."
        )
        return Finding("value", text, cause=VALUES[symptom], symptom=symptom)
    return None


def _is_number(value: Any) -> bool:
    """Whether it is one real number, by any of the types that a person would call so."""
    if isinstance(value, np.ndarray | np.generic):
        return bool(value.ndim == 0 and value.dtype.kind in "iuf")
    return type(value) is float or (type(value) is int and value.bit_length() < 1024)


def _rounded(right: float, got: Any) -> bool:
    """Whether a number lost its digits after the first, second … or all of its fraction, but is not lost altogether."""
    scale = 10 ** np.arange(5)
    scale = scale[np.abs(right) * scale >= 1]
    kept = np.concatenate([np.round(right * scale), np.trunc(right * scale)]) / np.tile(scale, 2)
    return bool(_is_number(got) and np.isclose(kept, float(got), rtol=1e-12, atol=1e-12).any())


def _held(value: Any) -> str:
    return number(value) if _is_number(value) else "no number" if value is None else in_words(value)


def _first_wrong(exercise: Exercise, graph: Graph, right: list[float], values: list[Any]) -> int | None:
    for place, value in enumerate(values):
        if not _is_number(value) or differs(right[place], value, exercise):
            return place
    return None


def _still_exponents(graph: Graph, right: list[float], values: list[Any], exercise: Exercise) -> bool:
    """Whether the only wrong values are those of pow nodes that still hold what they were made with."""
    for place, value in enumerate(values):
        started = graph[place]["op"] == "pow" and _is_number(value) and value == graph[place]["value"]
        if not started and (not _is_number(value) or differs(right[place], value, exercise)):
            return False
    return True


def _wrong_value(exercise: Exercise, graph: Graph, right: dict[str, Any], got: dict[str, Any]) -> Finding:
    """The result is wrong: where do the values go wrong first?"""
    values, result = got["values"], got["result"]
    if _rounded(right["result"], result):
        text = f"The value is off: expected {number(right['result'], result)}, yours {number(result)}."
        return Finding("value", text, cause=VALUES["rounded"], symptom="rounded")
    text = f"The value is wrong: expected {number(right['result'], result)}, yours {number(result, right['result'])}."
    held = [
        place
        for place, node in enumerate(graph)
        if node["op"] == "pow" and _is_number(values[place]) and values[place] == node["value"]
    ]
    if any(differs(right["values"][place], values[place], exercise) for place in held):
        text += f" {said(graph, held[0])} still holds {number(values[held[0]])}, its exponent."
        return Finding("value", text, cause=VALUES["stale"], symptom="stale", expected=right["result"], got=result)
    if len(graph) > 4 and all(_is_number(value) for value in values):
        place = _first_wrong(exercise, graph, right["values"], values)
        if place is None:
            text += " The nodes hold the right values: is it the root's value that you return?"
        elif graph[place]["parents"]:
            parents = listing(f"{said(graph, p)} = {number(values[p])}" for p in dict.fromkeys(graph[place]["parents"]))
            text += (
                f" The first node to go wrong is {said(graph, place)}: it holds {number(values[place])}, with "
                f"{parents}."
            )
        else:
            text += (
                f" The input {said(graph, place)} holds {number(values[place])}, it was fed "
                f"{number(right['values'][place])}."
            )
    return Finding("value", text, expected=right["result"], got=result)


# ---------------------------------------------------------------------------------------------------------------------
# A graph that the student makes
# ---------------------------------------------------------------------------------------------------------------------

# Multiplying out a larger graph would take long, and it is not the one asked for.
MOST_OPERATIONS = 8

LINEAR_NAMES = ("x1", "x2", "theta1", "theta2", "theta3")
_LINEAR_SUM = frozenset({(("theta1", "x1"), 1), (("theta2", "x2"), 1), (("theta3",), 1)})

BUILDING = {
    "no node": "Return the last node of the graph alone, its root: every other node hangs on it by `parents`.",
    "parents": 'The parents of a node are nodes. A name becomes one by `Node("input", name=…)`; keep it in a variable.',
    "three parents": (
        "An add node takes two parents. A sum of three terms needs two of them, one on top of the other: the brackets "
        "of the formula say which comes first."
    ),
    "names": "forward finds an input by its name, letter by letter: x1, x2, theta1, theta2, theta3.",
    "no theta3": "The last term is missing: theta3 stands alone, with nothing to multiply it. Which node brings it in?",
    "swapped": "Each weight stands beside the other input. Which of them does theta1 belong to?",
    "theta3 multiplied": "theta3 multiplies where it should be added. What is the root's operation?",
    "sums and products exchanged": (
        "Where the formula adds your graph multiplies, and the other way round. Look at the two words."
    ),
    "nothing trainable": (
        "No node is trainable, so trainable_nodes finds nothing to learn. Which of the five inputs are weights?"
    ),
    "everything trainable": (
        "x1 and x2 are trainable too. They are data: training changes weights and leaves the data as they are."
    ),
    "theta3 fixed": "theta3 is not trainable. A weight that multiplies nothing, a bias, is learned like the others.",
    "operations trainable": (
        "Operations are marked as trainable. They hold nothing that could be learned; which nodes are the weights?"
    ),
}


def _monomials(nodes: list[dict[str, Any]]) -> list[dict[tuple[str, ...], int]]:
    """Every node as a sum of products of inputs: names of the factors → how often that product occurs."""
    sums: list[dict[tuple[str, ...], int]] = []
    for node in nodes:
        result: dict[tuple[str, ...], int] = {}
        if node["op"] == "input":
            result[(node["name"],)] = 1
        else:
            left, right = (sums[parent] for parent in node["parents"])
            pairs = [(key, count) for side in (left, right) for key, count in side.items()]
            if node["op"] == "mul":
                pairs = [(tuple(sorted(a + b)), m * n) for a, m in left.items() for b, n in right.items()]
            for key, count in pairs:
                result[key] = result.get(key, 0) + count
        sums.append(result)
    return sums


def _formula(monomials: dict[tuple[str, ...], int]) -> str:
    terms = [
        ("" if count == 1 else f"{count} ") + " × ".join(sorted(key, reverse=True)) for key, count in monomials.items()
    ]
    return " + ".join(terms)


def judge_building(exercise: Exercise, case: Case, answer: dict[str, Any]) -> Finding | None:
    """Judge a graph that `graph_probes.read_graph` described: nodes, names, formula, trainable nodes, in this order."""
    built = answer["returned"]
    if built is None:
        text = "Your function returned None, expected the root of the graph. Is there a `return` at its end?"
        return Finding("returned nothing", text, cause=text, symptom="nothing")
    if not (isinstance(built, dict) and "nodes" in built):
        text = f"Your function returned {in_words(built)}, expected one node, the root."
        return Finding("type", text, cause=BUILDING["no node"], symptom="no node")
    symptom, text = _building_symptom(built["nodes"], built["fault"])
    if not symptom:
        return None
    rung = "type" if symptom == "parents" else "value"
    return Finding(rung, text, cause=BUILDING.get(symptom, text), symptom=symptom)


def _building_symptom(nodes: list[dict[str, Any]], fault: str) -> tuple[str, str]:
    if fault == "cycle":
        return "cycle", "Going from the root by `parents` never comes to an end: expected a graph without cycles."
    if fault:
        what, kind = fault.split(": ")
        if what == "parent":
            return "parents", f"One of the parents of a node is {in_words(wire.Opaque(kind))}, expected a node."
        return "parents", f"`parents` of a node is {in_words(wire.Opaque(kind))}, expected a tuple of nodes."
    operations = [node for node in nodes if node["op"] != "input"]
    if len(operations) > MOST_OPERATIONS:
        return "size", f"Your graph has {len(operations)} operations; the formula has two products and two sums."
    for node in nodes:
        count = len(node["parents"])
        if node["op"] not in ("input", "add", "mul"):
            return "operation", f"There is a node with the operation {node['op']!r}; expected are input, add and mul."
        if node["op"] == "input" and count:
            return "operation", f"The input {node['name']} has parents; an input is where a graph begins."
        if node["op"] != "input" and count != 2:
            text = f"There is an {node['op']} node with {plural(count, 'parent')}, expected two."
            return "three parents" if count == 3 else "arity", text
    names = [node["name"] for node in nodes if node["op"] == "input"]
    for name in names:
        if name not in LINEAR_NAMES:
            return "names", f"There is an input called {name!r}; expected are {', '.join(LINEAR_NAMES)}."
        if names.count(name) > 1:
            return "repeated", f"There are two nodes called {name}. One value is one node, however often it is used."
    sums = _monomials(nodes)[-1]
    if frozenset(sums.items()) != _LINEAR_SUM:
        text = f"Your graph computes {_formula(sums)}, expected x1 × theta1 + x2 × theta2 + theta3."
        return _sum_symptom(sums), text
    weights = {node["name"] if node["op"] == "input" else node["op"] for node in nodes if node["trainable"]}
    if weights != {"theta1", "theta2", "theta3"}:
        symptom = "trainable"
        if not weights:
            symptom = "nothing trainable"
        elif weights & {"add", "mul"}:
            symptom = "operations trainable"
        elif weights >= {"theta1", "theta2", "theta3"}:
            symptom = "everything trainable"
        elif weights == {"theta1", "theta2"}:
            symptom = "theta3 fixed"
        marked = listing(sorted(weights)) or "no node"
        return symptom, f"The formula is right. Trainable: {marked}; expected theta1, theta2 and theta3."
    return "", ""


def _sum_symptom(sums: dict[tuple[str, ...], int]) -> str:
    known = {
        "no theta3": {("theta1", "x1"), ("theta2", "x2")},
        "swapped": {("theta2", "x1"), ("theta1", "x2"), ("theta3",)},
        "theta3 multiplied": {("theta1", "theta3", "x1"), ("theta2", "theta3", "x2")},
        "sums and products exchanged": {
            tuple(sorted((first, second, "theta3"))) for first in ("x1", "theta1") for second in ("x2", "theta2")
        },
    }
    return next((symptom for symptom, keys in known.items() if set(sums) == keys), "another formula")
