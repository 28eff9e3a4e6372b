"""The value of every node of a graph, from numbers for its inputs."""

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from nnkit.exercises.beside import wire
from nnkit.exercises.beside.probes.graphs import MOST_WRITES, Graph, nodes_of
from nnkit.exercises.catalogue.computation_graphs.parts import graphs
from nnkit.exercises.catalogue.computation_graphs.parts.graphs import LINEAR, LINEAR_FORMULA, inputs
from nnkit.exercises.catalogue.computation_graphs.parts.nodes import uses_and_ways
from nnkit.exercises.catalogue.computation_graphs.parts.seen import seen
from nnkit.exercises.catalogue.computation_graphs.parts.values import VALUES, judge_forward
from nnkit.exercises.catalogue.draws import spread
from nnkit.exercises.catalogue.families import NOT_THE_SIGMOID, slips_in
from nnkit.exercises.exercise import Case, exercise, wrong
from nnkit.exercises.judge.wording import number
from nnkit.languages import say

Feed = Mapping[str, float]
Range = tuple[float, float]

A_NODE = wire.Opaque("Node")

# No value of a graph drawn at random is larger, so that float32 keeps its digits and e⁻ᶻ stays a number.
LARGEST = 100.0

OPERATIONS: dict[str, Callable[..., float]] = {
    "add": lambda left, right: left + right,
    "mul": lambda left, right: left * right,
    "pow": lambda base, exponent: base**exponent,
    "sin": math.sin,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
}


def _values(graph: list[str], feed: Feed, **rules: Any) -> list[float]:
    """Every node's value; ``rules`` stand in an operation's place."""
    operations = {**OPERATIONS, **rules}
    values: list[float] = []
    for node in nodes_of(graph):
        arguments = [values[parent] for parent in node["parents"]]
        if node["op"] == "pow":
            arguments.append(node["value"])
        values.append(feed[node["name"]] if node["op"] == "input" else operations[node["op"]](*arguments))
    return values


def _forward(graph: list[str], feed: Feed, second_feed: Feed, counted: bool, **rules: Any) -> dict[str, Any]:
    """What the probe sees of two passes through the same graph."""
    values, later = _values(graph, feed, **rules), _values(graph, second_feed, **rules)
    return {
        "result": values[-1],
        "values": values,
        "again": later[-1],
        "values_again": later,
        "fresh": later[-1],
        "repeats": False,
        "computed": [1] * len(values) if counted else [],
    }


def _values_of(case: Case, feed: str) -> list[float]:
    """Every node's value in a case; infinite where one has none."""
    try:
        return _values(case.arguments["graph"], case.arguments[feed])
    except (OverflowError, ZeroDivisionError):
        return [math.inf]


def _cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(
        graph: list[str],
        covers: str,
        formula: str,
        *numbers: float,
        between: Range = (-2, 2),
        counted: bool = False,
        exchanged: bool = False,
    ) -> Case:
        names = [node["name"] for node in nodes_of(graph) if node["op"] == "input"]
        drawn = [float(value) for value in rng.uniform(*between, size=len(names)).round(2)]
        # A feed is read by name: its order says nothing.
        feed = dict(reversed(list(zip(names, numbers or drawn, strict=True))))
        # The second feed differs from the first in every input, and is further from 0, where powers have no value.
        second = {
            name: round(value + float(np.sign(value) or 1) * float(rng.uniform(0.3, 0.9)), 2)
            for name, value in feed.items()
        }
        if exchanged:
            # The node that is still to be computed holds the number that another one has now: `==` takes it for done.
            second = dict(zip(feed, reversed(feed.values()), strict=True))
        at = ", ".join(f"{name} = {number(value)}" for name, value in reversed(feed.items()))
        arguments = {"graph": graph, "feed": feed, "second_feed": second, "counted": counted}
        return Case(arguments, covers, say("{formula} at {at}", formula=formula, at=at) if len(feed) <= 6 else formula)

    def tame(make: Callable[[], Case]) -> Case:
        """A graph drawn at random whose values nobody's exponential function finds too large, and no sum cancels."""
        while True:
            made = make()
            if max(abs(value) for feed in ("feed", "second_feed") for value in _values_of(made, feed)) <= LARGEST:
                return made

    def any_case(graph: list[str]) -> Case:
        return case(
            graph,
            "graphs drawn at random",
            say("a graph of {graph_count} nodes", graph_count=len(graph)),
            between=(-1, 1),
        )

    x, xy, xyz = inputs("x"), inputs("x", "y"), inputs("x", "y", "z")
    neuron = [*inputs("x1", "w1", "x2", "w2", "b"), "mul 0 1", "mul 2 3", "add 5 6", "add 7 4", "sigmoid 8"]
    square_first = [*xyz, "add 0 1", "pow 2 value=2", "mul 3 4"]
    many_ways = "a doubled 14 times by b = a + a, c = b + b, and so on"
    cases = [
        case([*xy, "add 0 1"], "add", "f = x + y", 2, 5),
        case([*xy, "mul 0 1"], "mul", "f = x × y", 3, -2),
        case([*x, "pow 0 value=3"], "pow", "f = x^3", 4),
        *(case([*x, "sin 0"], "sin", "f = sin(x)", between=between) for between in ((0.5, 2), (-4, -2), (4, 7))),
        case([*x, "sigmoid 0"], "sigmoid", "f = sigmoid(x)"),
        *(case([*x, "sigmoid 0"], "sigmoid", "f = sigmoid(x)", z) for z in spread(rng)),
        case([*xy, "mul 1 1", "add 0 2"], "numbers exchanged", "f = x + y × y", 2, 5, exchanged=True),
        case([*xy, "add 0 1"], "zero", "f = x + y", 0, 7),
        case([*x, "mul 0 0"], "the same node twice", "f = x × x", 3),
        case(LINEAR, "the worked examples", LINEAR_FORMULA, 3, 4, -2, 5, 1),
        case(square_first, "the worked examples", "f = (x + y) × z^2", 2, -3, 2),
        case(
            [*xyz, "add 0 1", "mul 3 2", "pow 4 value=2"],
            "the worked examples",
            "f = ((x + y) × z)^2",
            2,
            -3,
            2,
            counted=True,
        ),
        case([*x, "pow 0 value=-1"], "negative and fractional powers", "f = x^−1", between=(0.5, 2)),
        # Python makes 0.5 of a whole number 2; NumPy refuses.
        case([*x, "pow 0 value=-1"], "negative and fractional powers", "f = x^−1", 2),
        case([*x, "pow 0 value=3"], "pow of a negative number", "f = x^3", -2),
        case([*x, "pow 0 value=0.5"], "negative and fractional powers", "f = x^0.5", between=(1, 4)),
        case(neuron, "a neuron", "f = sigmoid(x1 × w1 + x2 × w2 + b)", -1, 2, -2, -3, -3),
        case(graphs.doubled(14), "a value used again and again", many_ways, 1.5, counted=True),
        tame(lambda: case(graphs.chain(rng, 300), "300 nodes", "a chain of 300 nodes", between=(-1, 1))),
        tame(lambda: case(graphs.layered(rng, 300), "300 nodes", "300 nodes in layers", between=(-1, 1))),
    ]
    for _ in range(4 if hidden else 2):
        cases.append(tame(lambda: any_case(graphs.any_graph(rng))))
    return cases


_by_rule = slips_in(_forward)


def _repeated_once(graph: list[str], **others: Any) -> dict[str, Any]:
    once = [" ".join(dict.fromkeys(line.split())) for line in graph]
    return _forward(once, **others, add=lambda *parts: sum(parts), mul=lambda *parts: math.prod(parts))


def _old_values_kept(**arguments: Any) -> dict[str, Any]:
    # A pow node begins with its exponent as its value.
    answer = _forward(**arguments, pow=lambda base, exponent: exponent)
    return {**answer, "again": answer["result"], "values_again": answer["values"]}


def _exponent_from_value(graph: list[str], second_feed: Feed, **arguments: Any) -> dict[str, Any]:
    answer = _forward(graph, second_feed=second_feed, **arguments)
    left = iter(value for node, value in zip(nodes_of(graph), answer["values"], strict=True) if node["op"] == "pow")
    later = _values(graph, second_feed, pow=lambda base, exponent: base ** next(left))
    return {**answer, "again": later[-1], "values_again": later}


def _fed_whole_numbers(feed: Feed, second_feed: Feed, **arguments: Any) -> dict[str, Any]:
    whole = ({name: int(value) for name, value in each.items()} for each in (feed, second_feed))
    return _forward(feed=next(whole), second_feed=next(whole), **arguments)


def _fed_in_another_order(graph: list[str], feed: Feed, second_feed: Feed, counted: bool) -> dict[str, Any]:
    names = [node["name"] for node in nodes_of(graph) if node["op"] == "input"]
    fed = (dict(zip(names, each.values(), strict=True)) for each in (feed, second_feed))
    return _forward(graph, next(fed), next(fed), counted)


def _of_the_first(rule: Callable[[float, float], float], first: float, second: float) -> float:
    return rule(first, first)


def _most_ways(nodes: Graph) -> int:
    return max(uses_and_ways(nodes, len(nodes) - 1)[1].values())


def _repeats(counted: bool, nodes: Graph) -> bool:
    return counted and _most_ways(nodes) > MOST_WRITES


def _no_count_of_repeats(computed: list[int], nodes: Graph) -> list[int]:
    return [] if _most_ways(nodes) > MOST_WRITES else computed


def _untouched(nodes: Graph) -> list[float | None]:
    return [node["value"] for node in nodes]


def _root_as_made(nodes: Graph) -> float | None:
    return nodes[-1]["value"]


def _first_alone(nodes: Graph, values: list[float]) -> list[float | None]:
    return values[:1] + _untouched(nodes)[1:]


def _first_alone_again(nodes: Graph, values_again: list[float]) -> list[float | None]:
    return _first_alone(nodes, values_again)


def _nothing_written(computed: list[int], nodes: Graph) -> list[int]:
    return [0 if node["parents"] else 1 for node in nodes] if computed else []


def _inputs_without_value(nodes: Graph, values: list[float]) -> list[Any]:
    return [None if node["op"] == "input" else value for node, value in zip(nodes, values, strict=True)]


def _inputs_without_value_again(nodes: Graph, values_again: list[float]) -> list[Any]:
    return _inputs_without_value(nodes, values_again)


EXERCISE = exercise(
    "forward(root, feed)",
    reference=_forward,
    cases=_cases,
    hints=(
        """Before a node can be computed its parents must have their values. Which of your functions gives the nodes in
        such an order?""",
        """Go through the sorted nodes once. An input takes `feed[node.name]`; every other node takes the values of its
        parents, `[parent.value for parent in node.parents]`, and does with them what `node.op` says.""",
        """Store what you computed in `node.value` before you go on to the next node; at the end return `root.value`.
        The exponent of a pow node is `node.exponent`.""",
    ),
    mistakes=(
        _by_rule("pow multiplies", pow=lambda base, exponent: base * exponent).told("""
            A pow node gives the base times the exponent. 4 to the power 3 is not 12; which operator of Python raises to
            a power?"""),
        _by_rule("pow always squares", pow=lambda base, exponent: base**2).told("""
            A pow node squares, whatever its exponent is. Where does the node keep the exponent that it was made
            with?"""),
        _by_rule("pow turned round", pow=lambda base, exponent: exponent**base).told("""
            A pow node gives the exponent to the power of its base. Which of the two is the parent?"""),
        _by_rule("sigmoid with the wrong sign", sigmoid=lambda z: 1 / (1 + math.exp(z))).told("""
            Your sigmoid falls where it should rise: σ(z) + yours = 1. Look at the sign inside the exponential; σ of a
            large number is near 1."""),
        *(
            _by_rule(label, sigmoid=NOT_THE_SIGMOID[label]).told(sentence)
            for label, sentence in {
                "tanh": """
                    Your sigmoid gives values from −1 to 1 and 0 at 0: that is tanh. σ(0) is 0.5.""",
                "no sigmoid": """
                    Your sigmoid nodes hold what their parent holds. What does σ make of it?""",
                "brackets": """
                    Your sigmoid is 1 + e^(−z): Python divides before it adds, so `1 / 1` comes first. What should the
                    bar of the fraction cover?""",
                "sigmoid twice": """
                    The sigmoid is taken twice: σ(σ(z)) lies between 0.5 and 0.73. Is it applied in two places?""",
                "step": """
                    Your sigmoid is 0 or 1: a step. The sigmoid has values in between.""",
            }.items()
        ),
        _by_rule("add and mul exchanged", add=OPERATIONS["mul"], mul=OPERATIONS["add"]).told("""
            add nodes multiply and mul nodes add. Compare the two branches of your function with the list of
            operations."""),
        *(
            _by_rule(f"{op} takes its first parent twice", **{op: partial(_of_the_first, rule)}).told(
                """
                Your {op} nodes use their first parent twice and the second one not at all. Which positions in
                `node.parents` stand in that branch?""",
                op=op,
            )
            for op, rule in OPERATIONS.items()
            if op in ("add", "mul")
        ),
        _by_rule("pow not computed", pow=lambda base, exponent: exponent).told("""
            Nothing is computed for pow nodes: each still holds its exponent, which it was made with. Is there a branch
            for them in your function, is `"pow"` spelt like that in it, and what does it do?"""),
        wrong("exponent from value", _exponent_from_value).told("""
            The first call is right. In the second one a pow node takes the result of the first for its exponent:
            `value` holds that by now. Where else does a pow node keep its exponent?"""),
        wrong("whole numbers fed", _fed_whole_numbers).told("""
            The numbers that are fed lose their fractions: your inputs hold whole numbers. Does `int` or `//` stand
            where an input takes its number?"""),
        wrong("fed in another order", _fed_in_another_order).told(VALUES["other name"]),
        _by_rule("cos for sin", sin=math.cos).told("""
            Your sin nodes hold the cosine: 1 at 0, where the sine is 0."""),
        _by_rule("sin in degrees", sin=lambda z: math.sin(math.radians(z))).told("""
            Your sin nodes take their parent for an angle in degrees. It is in radians, and so is what `math.sin`
            takes."""),
        wrong("a repeated parent counts once", _repeated_once).told("""
            Where both parents are the same node it counts only once: x × x gives x. A set or a dictionary holds a thing
            once; `node.parents` holds it twice."""),
        seen("values not kept", values=_untouched, values_again=_untouched, computed=_nothing_written).told(
            VALUES["nothing kept"]
        ),
        seen("inputs not set", values=_inputs_without_value, values_again=_inputs_without_value_again).told(
            VALUES["inputs not set"]
        ),
        seen("computed for every use", repeats=_repeats, computed=_no_count_of_repeats).told(VALUES["again and again"]),
        seen("every node computed twice", computed=lambda computed: [2 for _ in computed]).told(VALUES["twice"]),
        wrong("old values kept", _old_values_kept).told(VALUES["stale"]),
        seen("values of the first call stay", values_again="values").told(VALUES["values stay"]),
        seen("the node in place of its value", result=A_NODE, again=A_NODE, fresh=A_NODE).told(VALUES["node"]),
        seen("all values", result="values", again="values_again", fresh="values_again").told(VALUES["list"]),
        seen(
            "stops after the first node",
            result=_root_as_made,
            again=_root_as_made,
            fresh=_root_as_made,
            values=_first_alone,
            values_again=_first_alone_again,
            computed=_nothing_written,
        ).told(VALUES["one value"]),
        seen("no return", result=None, again=None, fresh=None).told(VALUES["no return"]),
    ),
    probe="run_forward",
    judge=judge_forward,
)
