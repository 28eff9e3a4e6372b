"""The judge of a forward pass: the root's value, the values that stay on the nodes, and a second pass."""

from typing import Any

import numpy as np

from nnkit.exercises.beside import wire
from nnkit.exercises.beside.probes.graphs import Graph, nodes_of
from nnkit.exercises.catalogue.computation_graphs.parts.nodes import said
from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.compare import differs
from nnkit.exercises.judge.finding import Finding
from nnkit.exercises.judge.ladder import right_answer
from nnkit.exercises.judge.wording import in_words, listing, number, plural
from nnkit.languages import say

# Symptom → what the student is told.
VALUES = {
    "no return": "The last node holds the right value, but your function returned None. Whose value is asked for?",
    "not the root's": (
        "The nodes hold the right values, the root too. Which node's value is it that your function returns?"
    ),
    "node": "Your function returned a node, expected the number that it holds. Which attribute of the node is that?",
    "list": "Your function returned all values, expected one number: the value of the root.",
    "nothing kept": (
        "The result is right, but not every node has its own: the `value` of some is what it was before the call, None "
        "or an exponent. For which nodes does your function set it? Later pictures, and the backward pass of notebook "
        "02, read the values off the nodes."
    ),
    "values stay": (
        "The second call returns the right number, and leaves the values of the first one on the nodes. Every call "
        "sets the `value` of every node."
    ),
    "exponent": (
        "Nothing was computed for that node: a pow node begins with its exponent in `value`. Does your function have a "
        "branch for pow, and does it run though `value` is not None?"
    ),
    "other name": (
        "An input holds the number that was fed to another one. An input finds its number by its name; the order of "
        "the dictionary says nothing."
    ),
    "same again": (
        "The second call gives the number of the first, though other numbers are fed. Either something is kept from "
        "the call before, or your function makes the same of both feeds: does `int` or `round` stand in it?"
    ),
    "one value": (
        "Only one node has been given its value when your function returns. Is the `return` inside the loop?"
    ),
    "inputs not set": (
        "The result is right, but the inputs do not hold the numbers that were fed: their `value` is None. "
        "An input is a node like any other: what should its value be?"
    ),
    "again and again": (
        "The values are right, but a node is computed anew for every use: 15 nodes cost thousands of steps, and each "
        "doubling doubles them. A node that was computed in this call can hand its value out; in which order must "
        "the nodes be computed so that every value is there when it is needed?"
    ),
    "twice": (
        "The values are right, but nodes are computed more than once in one call. Once is enough where every node "
        "comes after its parents; what makes your function come to it again?"
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


def judge_forward(exercise: Exercise, case: Case, answer: Answer) -> Finding | None:
    """Judge two passes through the same graph, as `beside.probes.graphs.run_forward` saw them."""
    graph = nodes_of(case.arguments["graph"])
    right, got = right_answer(exercise, case), answer.returned
    finding = _judge_result(exercise, graph, right, got)
    finding = finding or _judge_values(exercise, graph, right["values"], got["values"])
    if finding is not None:
        return finding
    if answer.changed:
        text = "The values are right, but your function changed its argument feed."
        cause = "Whoever calls it again with the same dictionary gets another answer. Read from it with `feed[name]`."
        return Finding("input changed", text, cause=cause, symptom="feed changed")
    if got["repeats"]:
        return Finding("value", "All values are right.", cause=VALUES["again and again"], symptom="again and again")
    often = [place for place, count in enumerate(got["computed"]) if count > 1]
    if often:
        count = plural(got["computed"][often[0]], "time")
        text = say(
            "All values are right; {graph} was computed {count}, expected once.",
            graph=said(graph, often[0]),
            count=count,
        )
        return Finding("value", text, cause=VALUES["twice"], symptom="twice")
    return _judge_second_pass(exercise, case, right, got)


def _judge_result(exercise: Exercise, graph: Graph, right: dict[str, Any], got: dict[str, Any]) -> Finding | None:
    """Is what came back the root's value?"""
    values, result = got["values"], got["result"]
    if result is None and _is_number(values[-1]) and not differs(right["values"][-1], values[-1], exercise):
        text = VALUES["no return"]
        return Finding("returned nothing", text, cause=text, symptom="no return")
    if result is None:
        text = "Your function returned None, expected the value of the root."
        begun = [node["value"] for node in graph]
        set_now = [value for value, before in zip(values, begun, strict=True) if value is not None and value != before]
        if len(set_now) == 1 and values[-1] is None:
            return Finding("returned nothing", text, cause=VALUES["one value"], symptom="one value")
        known = [value is not None for value in values]
        if not known[-1] and graph[-1]["parents"] and all(known[parent] for parent in graph[-1]["parents"]):
            op = graph[-1]["op"]
            text += say(
                " {graph} has no value, though what it is computed from has.", graph=said(graph, len(graph) - 1)
            )
            cause = say(
                "Nothing was written into the `value` of that {op} node. Does your function get as far as to it, "
                'and is there a branch for `"{op}"`, spelt like that, that does so?',
                op=op,
            )
            return Finding("returned nothing", text, cause=cause, symptom=f"no value for {op}")
        return Finding("returned nothing", text, cause=text, symptom="nothing")
    if not _is_number(result):
        lone = isinstance(result, np.generic | np.ndarray) and result.ndim == 0
        kind = "a complex number" if lone and np.iscomplexobj(result) else in_words(result)
        text = say("Your function returned {kind}, expected one real number.", kind=kind)
        symptom = "type"
        if isinstance(result, wire.Opaque) and result.type_name == "Node":
            symptom = "node"
        elif isinstance(result, list | dict):
            symptom = "list"
        return Finding("type", text, cause=VALUES.get(symptom, text), symptom=symptom)
    if differs(right["result"], result, exercise):
        return _wrong_value(exercise, graph, right, got)
    return None


def _judge_values(exercise: Exercise, graph: Graph, right: list[float], values: list[Any]) -> Finding | None:
    """The result is right: does every node hold its own value?"""
    unset = [place for place, value in enumerate(values) if value is None]
    if unset:
        text = say(
            "The result is right; {nodes_have} no value, the first is {graph}.",
            nodes_have=plural(len(unset), "node has", "nodes have"),
            graph=said(graph, unset[0]),
        )
        inputs = all(graph[place]["op"] == "input" for place in unset) and len(graph) > len(unset)
        symptom = "inputs not set" if inputs else "nothing kept"
        return Finding("value", text, cause=VALUES[symptom], symptom=symptom)
    wrong = _first_wrong(exercise, graph, right, values)
    if wrong is None:
        return None
    text = say(
        "The result is right, but {graph} holds {values}, expected {right}.",
        graph=said(graph, wrong),
        values=_held(values[wrong]),
        right=number(right[wrong]),
    )
    if _still_exponents(graph, right, values, exercise):
        return Finding("value", text, cause=VALUES["nothing kept"], symptom="nothing kept")
    if not graph[wrong]["parents"] and _fed_to_another(exercise, graph, right, values[wrong]):
        return Finding("value", text, cause=VALUES["other name"], symptom="other name")
    cause = "Every node keeps the value that was computed for it, and nothing else."
    return Finding("value", text, cause=cause, symptom="other values")


def _judge_second_pass(exercise: Exercise, case: Case, right: dict[str, Any], got: dict[str, Any]) -> Finding | None:
    """Does a second call answer with the new numbers, and leave them on the nodes?"""
    result, again, fresh = got["result"], got["again"], got["fresh"]
    graph, lead = nodes_of(case.arguments["graph"]), "The first call is right."
    powers = " of a power" if any(node["op"] == "pow" for node in graph) else ""
    if _is_number(again) and not differs(right["again"], again, exercise):
        wrong = _first_wrong(exercise, graph, right["values_again"], got["values_again"])
        if wrong is None:
            return None
        text = say(
            "{lead} A second call with other numbers returns the right one, but {graph} holds {got}, expected {right}.",
            lead=lead,
            graph=said(graph, wrong),
            got=_held(got["values_again"][wrong]),
            right=number(right["values_again"][wrong]),
        )
        return Finding("value", text, cause=VALUES["values stay"], symptom="values stay")
    text = say(
        "{lead} A second call with other numbers gives {again}, expected {right}.",
        lead=lead,
        again=_held(again),
        right=number(right["again"]),
    )
    remembers = _is_number(fresh) and not differs(right["again"], fresh, exercise)
    same = _is_number(again) and not differs(result, again, exercise)
    if remembers:
        symptom = "stale" if same else "second call"
    elif same:
        symptom = "same again"
    elif _rounded(right["again"], again):
        symptom = "rounded"
    else:  # it is these numbers that go wrong, not that the call is the second one
        at = ", ".join(f"{name} = {number(value)}" for name, value in case.arguments["second_feed"].items())
        at = say(" The numbers fed are {at}.", at=at) if len(graph) <= 6 else ""
        return Finding("value", f"{text}{at}", expected=right["again"], got=again)
    return Finding("value", text, cause=VALUES[symptom], symptom=symptom + powers)


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
    """What a node holds, in words."""
    if value is None:
        return "no number"
    return number(value) if _is_number(value) else in_words(value)


def _first_wrong(exercise: Exercise, graph: Graph, right: list[float], values: list[Any]) -> int | None:
    for place, (expected, value) in enumerate(zip(right, values, strict=True)):
        if not _is_number(value) or differs(expected, value, exercise):
            return place
    return None


def _fed_to_another(exercise: Exercise, graph: Graph, right: list[float], value: Any) -> bool:
    """Whether a value that is wrong for one input is what another one was fed."""
    fed = [right[place] for place, node in enumerate(graph) if node["op"] == "input"]
    return _is_number(value) and any(not differs(one, value, exercise) for one in fed)


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
        text = say(
            "The value is off: expected {right}, yours {result}.",
            right=number(right["result"], result),
            result=number(result),
        )
        return Finding("value", text, cause=VALUES["rounded"], symptom="rounded")
    text = say(
        "The value is wrong: expected {right}, yours {result}.",
        right=number(right["result"], result),
        result=number(result, right["result"]),
    )
    held = [
        place
        for place, node in enumerate(graph)
        if node["op"] == "pow" and _is_number(values[place]) and values[place] == node["value"]
    ]
    if any(differs(right["values"][place], values[place], exercise) for place in held):
        text += say(
            " {graph} still holds {values}, its exponent.", graph=said(graph, held[0]), values=number(values[held[0]])
        )
        return Finding("value", text, cause=VALUES["exponent"], symptom="exponent")
    if all(_is_number(value) for value in values) and _first_wrong(exercise, graph, right["values"], values) is None:
        return Finding("value", text, cause=VALUES["not the root's"], symptom="not the root's")
    if len(graph) > 4 and all(_is_number(value) for value in values):
        place = _first_wrong(exercise, graph, right["values"], values)
        assert place is not None
        if graph[place]["parents"]:
            parents = listing(f"{said(graph, p)} = {number(values[p])}" for p in dict.fromkeys(graph[place]["parents"]))
            text += say(
                " The first node to go wrong is {graph}: it holds {values}, with {parents}.",
                graph=said(graph, place),
                values=number(values[place]),
                parents=parents,
            )
        else:
            text += say(
                " The input {graph} holds {values}, it was fed {right}.",
                graph=said(graph, place),
                values=number(values[place]),
                right=number(right["values"][place]),
            )
            if _fed_to_another(exercise, graph, right["values"], values[place]):
                return Finding("value", text, cause=VALUES["other name"], symptom="other name")
    return Finding("value", text, expected=right["result"], got=result)
