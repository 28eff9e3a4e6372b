"""The judge of a graph that the student makes: its nodes, their names, the formula, and what is trainable."""

from typing import Any

from nnkit.exercises.beside import wire
from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.finding import Finding
from nnkit.exercises.judge.wording import in_words, listing, plural
from nnkit.languages import say

# Multiplying out a larger graph would take long, and it is not the one asked for.
MOST_OPERATIONS = 8

LINEAR_NAMES = ("x1", "x2", "theta1", "theta2", "theta3")
_LINEAR_SUM = frozenset({(("theta1", "x1"), 1), (("theta2", "x2"), 1), (("theta3",), 1)})

# Symptom → what the student is told.
BUILDING = {
    "no node": "Return the last node of the graph alone, its root: every other node hangs on it by `parents`.",
    "parents": 'The parents of a node are nodes. A name becomes one by `Node("input", name=…)`; keep it in a variable.',
    "three parents": (
        "An add node takes two parents. A sum of three terms needs two of them, one on top of the other: the brackets "
        "of the formula say which comes first."
    ),
    "names": "forward finds an input by its name, letter by letter: x1, x2, theta1, theta2, theta3.",
    "brackets": (
        "The sum is right, its brackets are not: they say which two terms are added first, and what is added to that "
        "sum. Which of your two add nodes is the root?"
    ),
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


def _parents_first(nodes: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
    """The nodes of a graph, the root last as before, each after its parents; None where that cannot be."""
    places: dict[int, int] = {}  # where a node stood, where it stands now
    waiting = list(range(len(nodes)))
    while waiting:
        free = [place for place in waiting if all(parent in places for parent in nodes[place]["parents"])]
        if not free:
            return None
        for place in free:
            places[place] = len(places)
        waiting = [place for place in waiting if place not in places]
    return [{**nodes[place], "parents": [places[parent] for parent in nodes[place]["parents"]]} for place in places]


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


def judge_building(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
    """Judge a graph that `beside.probes.graphs.read_graph` described: nodes, names, formula, what is trainable."""
    built = answer.returned
    if built is None:
        text = "Your function returned None, expected the root of the graph. Is there a `return` at its end?"
        return Finding("returned nothing", text, cause=text, symptom="nothing")
    if not (isinstance(built, dict) and "nodes" in built):
        text = say("Your function returned {built}, expected one node, the root.", built=in_words(built))
        return Finding("type", text, cause=BUILDING["no node"], symptom="no node")
    nodes = _parents_first(built["nodes"])
    symptom, text = _building_symptom(nodes or [], built["fault"] or ("" if nodes else "cycle"))
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
            return "parents", say(
                "One of the parents of a node is {kind}, expected a node.", kind=in_words(wire.Opaque(kind))
            )
        return "parents", say(
            "`parents` of a node is {kind}, expected a tuple of nodes.", kind=in_words(wire.Opaque(kind))
        )
    operations = [node for node in nodes if node["op"] != "input"]
    if len(operations) > MOST_OPERATIONS:
        return "size", say(
            "Your graph has {operations_count} operations; the formula has two products and two sums.",
            operations_count=len(operations),
        )
    for node in nodes:
        count = len(node["parents"])
        if node["op"] not in ("input", "add", "mul"):
            return "operation", say(
                "There is a node with the operation {node}; expected are input, add and mul.", node=repr(node["op"])
            )
        if node["op"] == "input" and count:
            return "operation", say(
                "The input {node} has parents; an input is where a graph begins.", node=node["name"]
            )
        if node["op"] != "input" and count != 2:
            text = say(
                "There is an {node} node with {parents}, expected two.",
                node=node["op"],
                parents=plural(count, "parent"),
            )
            return "three parents" if count == 3 else "arity", text
    names = [node["name"] for node in nodes if node["op"] == "input"]
    for name in names:
        if name not in LINEAR_NAMES:
            return "names", say(
                "There is an input called {name}; expected are {linear_names}.",
                name=repr(name),
                linear_names=", ".join(LINEAR_NAMES),
            )
        if names.count(name) > 1:
            return "repeated", _repeated(name, [other for other in LINEAR_NAMES if other not in names])
    sums = _monomials(nodes)[-1]
    if frozenset(sums.items()) != _LINEAR_SUM:
        text = say(
            "Your graph computes {formula}, expected x1 × theta1 + x2 × theta2 + theta3.", formula=_formula(sums)
        )
        return _sum_symptom(sums), text
    added = _added_last(nodes)
    if added != "theta3":
        text = say(
            "Your graph computes the right sum in another order: its root adds {added} to the sum of the others.",
            added=added,
        )
        return "brackets", text
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
        return symptom, say(
            "The formula is right. Trainable: {marked}; expected theta1, theta2 and theta3.", marked=marked
        )
    return "", ""


def _repeated(name: str, lacking: list[str]) -> str:
    """A name that occurs more than once: a node too many, or one that was to have another name."""
    if lacking:
        return say("There are two nodes called {name} and none called {lacking}.", name=name, lacking=listing(lacking))
    return say("There are two nodes called {name}. One value is one node, however often it is used.", name=name)


def _added_last(nodes: list[dict[str, Any]]) -> str:
    """The term of the linear formula, the only one, that the root adds to the sum of the two others."""
    sums = _monomials(nodes)
    alone = next(sums[parent] for parent in nodes[-1]["parents"] if len(sums[parent]) == 1)
    return _formula(alone)


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
