"""The judge of lists of nodes: many orders are right, so what is judged is what an order has to have.

What is wrong with a list is a *symptom*, a few words that are equal for equal errors, and a sentence belongs to it.
"""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from nnkit.exercises.beside import wire
from nnkit.exercises.beside.probes.graphs import MOST_READS, Graph, nodes_of
from nnkit.exercises.catalogue.computation_graphs.parts.nodes import distances, reachable, said, uses_and_ways
from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.finding import Finding
from nnkit.exercises.judge.ladder import right_answer
from nnkit.exercises.judge.wording import in_words, listing
from nnkit.languages import say

# Symptom → what the student is told. A mistake shows its symptom on the cases where it can be seen; the sentence is the
# same whether the whole answer matches a mistake or only the symptom does.
LISTING = {
    "twice": (
        "A node that is used more than once is listed once for every use. Before you list a node or walk to its "
        "parents: how can you know that you have been there?"
    ),
    "more than once": (
        "Before a node is put into the list: how can you know whether it is there already? Is there a second place "
        "where nodes are put into it?"
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
    "empty": "Nothing is in the list. Which node does your function put into it first, and into the list it returns?",
    "only the root": (
        "Only the root is listed, nothing that it is computed from. Does your function go on to the parents, and is "
        "what it finds there still in the list that it returns?"
    ),
    "no inputs": (
        "Only operations are listed; the inputs are missing. A node without parents is a node too: where does your "
        "function turn around, and is the node listed before it does?"
    ),
    "one parent": (
        "Of every operation only one parent was followed, so whole branches are missing. How many may `node.parents` "
        "hold?"
    ),
    "first two parents": (
        "Of a node's parents only two were followed. However many `node.parents` holds, the node is computed from all "
        "of them."
    ),
    "same name": (
        "Of all nodes with the same name only one is listed. Most operations are called '' (nothing): a name does not "
        "tell nodes apart. What does?"
    ),
    "same name, met": (
        "Your function turns around at a name that it has met, and most operations are called '' (nothing): behind the "
        "first of them nothing is found any more. What tells nodes apart, if a name does not?"
    ),
    "equal nodes": (
        "Nodes that are alike but not the same were taken for one. Two nodes may hold the same value, and then `==` "
        "answers True: `in`, `index` and `remove` of a list ask it. Ask `is`, or remember `id(node)`."
    ),
    "second call": (
        "Something is remembered from one call to the next. "
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
    "missing": (
        "Which way leads from the root to the first of them, and what must have happened in your function before that "
        "node is put into the list? Does it happen here?"
    ),
    "lost weights": (
        "Some weights are missing. Is every node of the graph looked at, is `trainable` what it is asked about, and "
        "does a weight that was found stay in the list?"
    ),
    "too many": (
        "Only what can be reached by `parents` from the node that your function is called with belongs to its graph."
    ),
    "not trainable": "Which attribute of a node says that training may change it, and does your function ask for it?",
    "everything": (
        "Every node of the graph is in the list, the weights among them. Which attribute of a node says that training "
        "may change it?"
    ),
    "same name, weights": (
        "Of weights with the same name only one is in the list. They are nodes of their own, each with its own value: "
        "a name does not tell nodes apart."
    ),
    "turned round": (
        "The right weights, from the wrong end: the last one of your topological_sort comes first. What turns them "
        "round?"
    ),
    "by name": (
        "The right weights, sorted by their names. Asked for is the order in which topological_sort lists them; names "
        "may be anything."
    ),
    "other order": (
        "The right weights, in another order than the one in which your topological_sort lists them. In which order "
        "does this function come across the nodes?"
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


# What is wrong with a list, as a symptom and a sentence about this graph; ("", "") for a right one.
Diagnosis = Callable[[Graph, int, list[int], list[int]], tuple[str, str]]


def judge_order(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
    """Judge a list of all nodes of a graph, parents first."""
    return _judge(exercise, case, answer, _order_symptom)


def judge_weights(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
    """Judge a list of the trainable nodes: in the order of the student's own sort, as long as that one is right.

    Any order of the weights may belong to a topological order of the graph, for no weight is computed from another.
    """
    return _judge(exercise, case, answer, partial(_weights_symptom, answer.returned["sorted"]))


def _judge(exercise: Exercise, case: Case, answer: Answer, diagnose: Diagnosis) -> Finding | None:
    graph, root, equal = nodes_of(case.arguments["graph"]), case.arguments["root"], case.arguments["equal"]
    wanted = right_answer(exercise, case)["order"]
    returned = answer.returned
    if returned["repeats"]:
        text = say(
            "Your function was stopped after {most_reads:,} looks at nodes; the graph has {graph_count}.",
            most_reads=MOST_READS,
            graph_count=len(graph),
        )
        return Finding("value", text, cause=LISTING["again and again"], symptom="again and again")
    order = _as_positions(returned["order"], graph, wanted)
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
    again = _as_positions(returned["again"], graph, wanted)
    symptom, text = ("second call", "") if isinstance(again, Finding) else diagnose(graph, root, wanted, again)
    if symptom:
        text = say(
            "Called a second time with the same graph, your function gives a different answer. {text}", text=text
        ).strip()
        return Finding("value", text, cause=LISTING["second call"], symptom="second call", certain=True)
    return None


def _as_positions(answer: Any, graph: Graph, wanted: list[int]) -> Finding | list[int]:
    """The answer as a list of positions, or what to say about an answer that is no list of the graph's nodes."""
    if answer is None:
        text = "Your function returned None, expected a list of nodes. Is there a `return` at its end, on every path?"
        return Finding("returned nothing", text, cause=text, symptom="nothing")
    if not isinstance(answer, list):
        kind = in_words(answer)
        text = say("Your function returned {kind}, expected a list of nodes.", kind=kind)
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
            return Finding("value", text, cause=LISTING["second call"], symptom="second call", certain=True)
        text = "The list holds nodes that are not those of the graph."
        cause = (
            "They are copies, or left over from an earlier call (a list outside the function remembers them). "
            "Return the very nodes that hang together by `parents`."
        )
        return Finding("value", text, cause=cause, symptom="copies")
    entry = repr(foreign[0]) if isinstance(foreign[0], str | bool | int | float) else in_words(foreign[0])
    return Finding(
        "type", say("The list holds {entry} in place of a node.", entry=entry), cause=LISTING["names"], symptom="names"
    )


def _count_symptom(graph: Graph, root: int, wanted: list[int], order: list[int]) -> tuple[str, str]:
    """What is wrong with the nodes that are there, whatever their order."""
    counts = Counter(order)
    known = set(wanted)
    missing = [place for place in wanted if not counts[place]]
    extra = [place for place in order if place not in known]
    twice = [place for place in wanted if counts[place] > 1]
    if missing:
        few = listing(said(graph, place) for place in missing[:3])
        rest = say(", and {missing_count} more", missing_count=len(missing) - 3) if len(missing) > 3 else ""
        if len(wanted) == 1:
            return "missing", say("The list lacks its only node, {few}.", few=few)
        return "missing", say(
            "Of {wanted_count} nodes the list lacks {missing_count}: {few}{rest}.",
            wanted_count=len(wanted),
            missing_count=len(missing),
            few=few,
            rest=rest,
        )
    if extra:
        return "too many", say("The list holds {graph}, which does not belong there.", graph=said(graph, extra[0]))
    if twice:
        count = counts[twice[0]]
        times = {2: "twice", 3: "three times"}.get(count, say("{count:,} times", count=count))
        text = say("{graph} is in the list {times}, expected once.", graph=said(graph, twice[0]), times=times)
        uses, ways = uses_and_ways(graph, root)
        for_uses = any(all(counts[place] == number[place] for place in wanted) for number in (uses, ways))
        return "twice" if for_uses else "more than once", text
    return "", ""


def _order_symptom(graph: Graph, root: int, wanted: list[int], order: list[int]) -> tuple[str, str]:
    """What is wrong with an order."""
    symptom, text = _count_symptom(graph, root, wanted, order)
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
    text = say(
        "In your list {graph} stands before {graph_2}, which it is computed from.",
        graph=said(graph, place),
        graph_2=said(graph, parent),
    )
    if len(order) <= 5:
        text += say(" Yours, in order: {order}.", order="; ".join(said(graph, entry) for entry in order))
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
    """What nodes that are missing have in common."""
    present = set(wanted) - set(missing)
    operations = {place for place in wanted if graph[place]["parents"]}
    if not present:
        return "empty"
    if missing == [root]:
        return "no root"
    if present == {root} and all(graph[place]["name"] != graph[root]["name"] for place in graph[root]["parents"]):
        return "only the root"
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
    followed = {root}
    for place in reversed(wanted):
        if place in followed:
            followed.update(graph[place]["parents"][:2])
    return "first two parents" if present == followed else "missing"


def _weights_symptom(by_sort: Any, graph: Graph, root: int, wanted: list[int], order: list[int]) -> tuple[str, str]:
    """What is wrong with a list of weights; `by_sort` is what the student's own sort of the graph gives, or None."""
    symptom, text = _count_symptom(graph, root, wanted, order)
    everything = reachable(graph, root)
    inputs = {place for place in everything if not graph[place]["parents"]}
    if order and set(order) == set(everything) - set(wanted):
        symptom, text = (
            "the others",
            say("The list holds {graph}, which is not trainable.", graph=said(graph, order[0])),
        )
    elif symptom == "too many" and set(order) <= set(everything):
        extra = next(place for place in order if place not in wanted)
        text = say("The list holds {graph}, which is not trainable.", graph=said(graph, extra))
        # Of a graph that is nothing but inputs and its root, these two are not told apart.
        known = {"everything": set(everything), "inputs too": inputs}
        symptom = next((name for name, places in known.items() if places == set(order)), "not trainable")
    elif symptom == "missing":
        symptom = _lost_symptom(graph, root, wanted, order)
    if symptom or not _is_order(graph, everything, by_sort):
        return symptom, text
    by_sort = [place for place in by_sort if place in wanted]
    if order == by_sort:
        return "", ""
    names = ", ".join(said(graph, place) for place in order[:6])
    theirs = ", ".join(said(graph, place) for place in by_sort[:6])
    first = " first" if len(order) > 6 else ""
    text = say(
        "The weights are the right ones. Yours are in the order {names}; your topological_sort lists{first} {theirs}.",
        names=names,
        first=first,
        theirs=theirs,
    )
    named = [graph[place]["name"] for place in order]
    if named == sorted(named):
        return "by name", text
    return "turned round" if order == by_sort[::-1] else "other order", text


def _lost_symptom(graph: Graph, root: int, wanted: list[int], order: list[int]) -> str:
    """What weights that are missing have in common."""
    if not order:
        return "lost weights"
    names, present = [graph[place]["name"] for place in wanted], [graph[place]["name"] for place in order]
    if set(order) < set(wanted) and set(present) == set(names) and len(set(present)) == len(present):
        return "same name, weights"
    if set(order) == set(wanted) & {root, *graph[root]["parents"]}:
        return "near the root"
    return "lost weights"


def _is_order(graph: Graph, everything: list[int], answer: Any) -> bool:
    """Whether something is a topological order of these nodes."""
    if not isinstance(answer, list) or not all(type(place) is int for place in answer):
        return False
    at = {place: position for position, place in enumerate(answer)}
    if sorted(answer) != everything:
        return False
    return all(at[parent] < at[place] for place in answer for parent in graph[place]["parents"])
