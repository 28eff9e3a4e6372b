"""What is special to notebook 01's probes and judges: identity, counting, large graphs, answers that are no answer."""

from __future__ import annotations

import pytest

from nnkit.exercises import index
from nnkit.exercises.beside import wire
from nnkit.exercises.beside.probes import graphs
from nnkit.exercises.catalogue.computation_graphs.parts.lists import LISTING
from nnkit.exercises.catalogue.computation_graphs.parts.values import VALUES
from nnkit.exercises.checking import evaluate
from tests.answers import answers_to, changed, namespace_of
from tests.answers.computation_graphs.forward import COMPUTE
from tests.answers.computation_graphs.parts.graphs import PROVIDED, SORT

PLAIN_NODE = """
class Node:
    def __init__(self, op, parents=(), value=None, name="", trainable=False):
        self.op, self.parents, self.value, self.name, self.trainable = op, tuple(parents), value, name, trainable
"""

SLOTTED_NODE = """
class Node:
    __slots__ = ("op", "parents", "value", "name", "trainable")

    def __init__(self, op, parents=(), value=None, name="", trainable=False):
        self.op, self.parents, self.value, self.name, self.trainable = op, tuple(parents), value, name, trainable
"""

DATACLASS_NODE = """
from dataclasses import dataclass

@dataclass(eq=False)
class Node:
    op: str
    parents: tuple = ()
    value: float = None
    name: str = ""
    trainable: bool = False
"""

CLOSED_NODE = (
    PLAIN_NODE
    + """
    def __init_subclass__(cls):
        raise TypeError("no subclasses")
"""
)

# Right on any class of nodes, since it reads the exponent where that class has it.
FORWARD = changed(
    answers_to("forward").right["sorted first"], ("node.exponent", "getattr(node, 'exponent', node.value)")
)


def verdict(name, source, provided=PROVIDED, **options):
    return evaluate(name, namespace_of(source, provided), **options)


# ------------------------------------------------------------------------------------------- identity, not equality


def test_who_asks_a_list_whether_a_node_is_in_it_is_told_about_equality():
    report = verdict("topological_sort", answers_to("topological_sort").wrong["told apart by =="])
    assert report.status == "wrong"
    assert report.cause == LISTING["equal nodes"]


def test_the_same_holds_for_a_class_of_nodes_without_equality_of_its_own():
    report = verdict("topological_sort", answers_to("topological_sort").wrong["told apart by =="], PLAIN_NODE)
    assert report.cause == LISTING["equal nodes"]


@pytest.mark.parametrize("label", ["recursion, ids in a set", "recursion, nodes in a set", "membership by is"])
@pytest.mark.parametrize("provided", [PROVIDED, PLAIN_NODE, SLOTTED_NODE, DATACLASS_NODE, CLOSED_NODE, ""])
def test_identity_is_right_whatever_the_class_of_the_nodes(label, provided):
    assert verdict("topological_sort", answers_to("topological_sort").right[label], provided).passed


def test_a_set_of_nodes_is_wrong_where_their_class_hashes_by_content():
    hashed = PLAIN_NODE + "\n    __hash__ = lambda self: 1\n    __eq__ = lambda self, other: True\n"
    report = verdict("topological_sort", answers_to("topological_sort").right["recursion, nodes in a set"], hashed)
    assert report.status == "wrong"


def test_equal_nodes_of_the_probe_answer_true_to_everything_and_stay_different():
    arguments = dict(index.find("topological_sort").draw()[1].arguments) | {"equal": True}
    first, second, third = graphs._nodes_to_sort(arguments, namespace_of("", PROVIDED))
    assert first == second == third
    assert first == "anything"
    assert len({first, second, third}) == 3


# ---------------------------------------------------------------------------------------------------------- counting


def test_computing_a_node_for_every_use_is_seen_even_when_every_value_is_written_once():
    source = (
        SORT
        + changed(COMPUTE, ("[parent.value for", "[compute(parent, feed) for"))
        + """
def forward(root, feed):
    result = compute(root, feed)
    known = {}
    def write(node):
        if id(node) not in known:
            known[id(node)] = True
            for parent in node.parents:
                write(parent)
            node.value = sum(p.value for p in node.parents) if node.op == "add" else compute(node, feed)
    write(root)
    return result
"""
    )
    report = verdict("forward", source)
    assert report.cause == VALUES["again and again"]


def test_values_that_are_added_up_in_place_count_as_computed_once():
    assert verdict("forward", answers_to("forward").right["adding up in place"]).passed


def test_trying_all_nodes_until_every_one_has_its_value_counts_as_computed_once():
    source = (
        COMPUTE
        + """
def forward(root, feed):
    nodes, waiting = {}, [root]
    while waiting:
        node = waiting.pop()
        if id(node) not in nodes:
            nodes[id(node)] = node
            waiting.extend(node.parents)
    done = set()
    while len(done) < len(nodes):
        for node in nodes.values():
            if id(node) not in done and all(id(parent) in done for parent in node.parents):
                node.value = compute(node, feed)
                done.add(id(node))
    return root.value
"""
    )
    assert verdict("forward", source).passed


@pytest.mark.parametrize("provided", [PROVIDED, PLAIN_NODE, SLOTTED_NODE, DATACLASS_NODE, CLOSED_NODE, ""])
def test_forward_is_judged_on_any_class_of_nodes(provided):
    assert verdict("forward", FORWARD, provided).passed


def test_a_value_that_is_cleared_or_begun_first_is_computed_once():
    source = changed(
        answers_to("forward").right["sorted first"],
        (
            "    for node in topological",
            "    for node in topological_sort(root):\n        node.value = 0\n    for node in topological",
        ),
    )
    assert verdict("forward", source).passed


# --------------------------------------------------------------------------------------------------- one call or two


def test_what_is_wrong_with_other_numbers_is_not_called_a_memory():
    clipped = changed(answers_to("forward").right["sorted first"], ("feed[node.name]", "min(feed[node.name], 7.0)"))
    report = verdict("forward", clipped)
    assert report.status == "wrong"
    assert report.cause not in (VALUES["stale"], VALUES["second call"])


def test_a_second_call_that_gives_the_first_number_is_told_what_both_may_come_from():
    whole = changed(answers_to("forward").right["sorted first"], ("feed[node.name]", "float(feed[node.name] > 0)"))
    assert verdict("forward", whole).cause != VALUES["stale"]


def test_weights_are_expected_in_the_order_of_the_students_own_sort():
    last_first = changed(SORT, ("in node.parents", "in reversed(node.parents)"))
    by_sort = "def trainable_nodes(root):\n    return [n for n in topological_sort(root) if n.trainable]\n"
    walk = answers_to("trainable_nodes").right["own walk, without the sort"]
    assert verdict("trainable_nodes", last_first + by_sort).passed
    assert verdict("trainable_nodes", SORT + walk).passed
    assert not verdict("trainable_nodes", last_first + walk).passed


@pytest.mark.parametrize("sort", ["", changed(SORT, ("return order", "return order[::-1]")), "topological_sort = 3\n"])
def test_without_a_right_sort_any_order_of_the_weights_is_right(sort):
    walk = answers_to("trainable_nodes").right["own walk, without the sort"]
    assert verdict("trainable_nodes", sort + walk).passed


@pytest.mark.parametrize("name", ["topological_sort", "forward", "trainable_nodes", "neuron", "layer", "double"])
def test_grading_draws_the_kinds_of_cases_that_the_notebook_draws(name):
    kinds = [{case.covers for case in index.find(name).draw(7, hidden)} for hidden in (False, True)]
    assert kinds[0] == kinds[1]


@pytest.mark.parametrize("seed", range(20))
def test_no_value_of_a_graph_is_too_large_for_the_exponential_function(seed):
    exercise = index.find("forward")
    for case in exercise.draw(seed, hidden=True):
        expected = exercise.reference(**case.arguments)
        if "drawn" in case.covers or "300" in case.covers:
            assert max(map(abs, [*expected["values"], *expected["values_again"]])) <= 100


# ------------------------------------------------------------------------------------------------------ large graphs


@pytest.mark.parametrize(("exercise", "covers"), [("topological_sort", "300"), ("forward", "300 nodes")])
def test_a_chain_and_a_network_of_300_nodes_are_among_the_cases(exercise, covers):
    large = [case for case in index.find(exercise).draw() if covers in case.covers]
    assert [len(case.arguments["graph"]) for case in large] == [300, 300]
    lengths = []
    for case in large:
        steps: list[int] = []
        for node in graphs.nodes_of(case.arguments["graph"]):
            steps.append(max((steps[parent] + 1 for parent in node["parents"]), default=0))
        lengths.append(max(steps))
    assert lengths[0] == 298  # one operation after the other, two inputs beside
    assert lengths[1] < 150


def test_a_recursion_of_two_frames_a_node_manages_300_nodes():
    source = """
def topological_sort(root):
    order, seen = [], set()
    def ahead(node):
        for parent in node.parents:
            visit(parent)
    def visit(node):
        if id(node) not in seen:
            seen.add(id(node))
            ahead(node)
            order.append(node)
    visit(root)
    return order
"""
    assert verdict("topological_sort", source).passed


@pytest.mark.parametrize("name", ["topological_sort", "forward", "trainable_nodes", "linear_graph"])
def test_a_right_and_a_wrong_answer_end_before_the_time_limit(name):
    known = answers_to(name)
    right, wrong = next(iter(known.right.values())), next(iter(known.wrong.values()))
    assert verdict(name, right, time_limit=60.0).status == "passed"
    assert verdict(name, wrong, time_limit=60.0).status == "wrong"


# ----------------------------------------------------------------------------------------- answers that are no answer


@pytest.mark.parametrize(
    ("returned", "words"),
    [
        ("iter(order)", "a list_iterator"),
        ("(node for node in order)", "a generator"),
        ("set(order)", "a set"),
        ("None", "None"),
        ("len(order)", "one number"),
        ("[node.name for node in order]", "'x'"),
        ("[(node, 1) for node in order]", "a tuple of 2 entries"),
        ("[Node(n.op, n.parents, n.value, n.name) for n in order]", "not those of the graph"),
    ],
)
def test_what_is_no_list_of_the_graphs_nodes_is_named(returned, words):
    report = verdict("topological_sort", changed(SORT, ("return order", f"return {returned}")))
    assert report.status == "wrong"
    assert words in report.message


def test_nodes_of_an_earlier_call_are_recognised():
    source = "kept = []\n" + changed(SORT, ("return order", "kept.extend(order)\n    return list(kept)"))
    report = verdict("topological_sort", source)
    assert report.cause in (LISTING["second call"], LISTING["twice"])


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return 3.0", "one number"),
        ("return None", "None"),
        ("return ['x1']", "a list of 1 entry"),
        ("a = Node('input', name='x1'); a.parents = (a,); return a", "never comes to an end"),
        ("a = Node('add', (3, 4)); return a", "is an int"),
        ("a = Node('input', name='x1'); a.parents = 'x1'; return a", "`parents` of a node is a str"),
        ("a = Node('input', name='y'); return Node('add', (a, a))", "called 'y'"),
        ("a = Node('input', name='x1'); return Node('sin', (a,))", "operation 'sin'"),
        ("a = Node('input', name='x1'); return Node('add', (a, Node('input', name='x1')))", "two nodes called x1"),
        (
            "a = Node('input', name='x1')\n    for _ in range(30): a = Node('mul', (a, a))\n    return a",
            "30 operations",
        ),
        ("a = Node('input', name='x1'); return Node('mul', (a, a))", "x1 × x1"),
    ],
)
def test_what_is_not_the_linear_graph_is_described(body, words):
    report = verdict("linear_graph", f"def linear_graph():\n    {body}\n")
    assert report.status == "wrong"
    assert words in report.message


@pytest.mark.parametrize("name", ["topological_sort", "forward", "trainable_nodes", "linear_graph"])
@pytest.mark.parametrize(
    "forged",
    [
        None,
        "passed",
        [],
        {"order": [0, 10**9, -5], "again": [], "rewired": False},
        {"order": [[]], "again": "x", "rewired": False},
        {"result": "3", "values": [], "again": 0, "repeats": False},
        {"nodes": [], "fault": ""},
        {"nodes": [{}], "fault": "x"},
    ],
)
def test_nothing_that_a_forged_answer_says_can_pass_or_stop_the_judge(name, forged):
    def exchange(request, namespace):
        entry = {"returned": forged, "after": {}, "again": None, "raised": None, "warned": [], "remarked": []}
        cases = wire.loads(request)["cases"]
        return wire.dumps(
            {
                "state": "answered",
                "limited": True,
                "answers": [entry] * len(cases),
                "called": [],
                "delegated": [],
                "printed": "",
                "type_name": "",
                "line": "",
            }
        )

    assert not evaluate(name, {}, exchange=exchange).passed
