"""A list of nodes on the drawn graph: each fault is seen where it stands, and said; none is a traceback."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nnkit import widgets
from nnkit.widgets.order_walk import walk_through
from nnkit.widgets.walks import Walks
from tests.answers.computation_graphs import topological_sort

names: dict[str, Any] = {"np": np}
exec(topological_sort.PROVIDED, names)
Node = names["Node"]


def trap() -> Any:
    x = Node("input", name="x")
    a = Node("sin", (x,), name="a")
    b = Node("sigmoid", (a,), name="b")
    return Node("mul", (x, b), name="c")


def unnamed() -> Any:
    x, w = Node("input", name="x1"), Node("input", name="theta1", trainable=True)
    return Node("add", (Node("mul", (x, w)), x))


def sort_of(label: str) -> Any:
    everything = topological_sort.RIGHT | topological_sort.WRONG | topological_sort.PROMISES
    own = dict(names)
    exec(everything[label], own)
    return own["topological_sort"]


@pytest.mark.parametrize("label", topological_sort.RIGHT)
@pytest.mark.parametrize("graph", [trap, unnamed])
def test_a_right_order_is_called_right(label: str, graph: Any) -> None:
    walk = walk_through(sort_of(label), graph)
    assert walk.sentences[-1].endswith("every node once, each after its parents, the root last. A topological order.")
    assert {mark for _, mark in walk.row} == {"right"}
    assert "✗" not in walk.pictures[-1].body


WRONG = {
    "by distance from the root": "a is number 1, but its parent x comes only as number 3.",
    "root first": "The last entry is x; the root c belongs there.",
    "once for every use": "More than once: x (1 and 2).",
    "without the root": "Missing: c.",
    "without the inputs": "Missing: x.",
    "names in place of nodes": "There is the text “x”, and not a node: the list holds the nodes themselves",
    "cuts the edges": "But topological_sort has changed the parents of a. The picture shows the graph as it was.",
    "a list": "topological_sort returned a list_iterator, which hands its entries out only once.",
}


@pytest.mark.parametrize("label", WRONG)
def test_a_wrong_order_is_told_its_fault(label: str) -> None:
    walk = walk_through(sort_of(label), trap)
    assert WRONG[label] in walk.sentences[-1]


def test_a_node_before_its_parent_is_seen_when_it_comes() -> None:
    walk = walk_through(lambda root: [root.parents[1], root.parents[1].parents[0]], trap)
    assert walk.sentences[1] == "b is number 1, but its parent a comes only as number 2."
    assert walk.row == [("b", "wrong"), ("a", "wrong")]
    assert "✗ only 2" in walk.pictures[1].body, "the edge says so"
    assert "✗ 1" in walk.pictures[1].body, "and so does the node"
    assert 'stroke-dasharray="6 4"' in walk.pictures[1].body
    assert "wrong edges a → b" in walk.pictures[1].alt
    assert walk.sentences[2] == "a is number 2, but its parent x comes nowhere."
    assert walk.pictures[-1].body.count("✗ missing") == 3, "two nodes, and the edge to x"


def test_what_is_no_node_of_the_graph_is_said() -> None:
    stranger = Node("input", name="x")
    walk = walk_through(lambda root: [3, stranger, "x", None, root], trap)
    assert walk.sentences[1:5] == [
        "Number 1 is an int (3), and no node.",
        "Number 2 is a node x that is not part of this graph.",
        "Number 3 is the text “x”, and not a node: the list holds the nodes themselves.",
        "Number 4 is None, and no node.",
    ]


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        (None, "nothing (None): is a `return` missing?"),
        ({1, 2}, "a set, which has no order of its own"),
        (3, "an int"),
        ("xab", "a text"),
        (Node("input", name="x"), "a single node"),
    ],
)
def test_what_is_no_list_is_said(returned: Any, said: str) -> None:
    (sentence,) = walk_through(lambda root: returned, trap).sentences
    assert said in sentence


def endless(root: Any) -> Any:
    while True:
        pass


def recursive(root: Any) -> Any:
    return recursive(root)


def unwritten(root: Any) -> Any:
    raise NotImplementedError


@pytest.mark.parametrize(
    ("sort", "said"),
    [
        (endless, "endless did not come to an end and was stopped."),
        (recursive, "called itself again and again until Python ended it"),
        (unwritten, "unwritten is not written yet (NotImplementedError)."),
        (lambda root: 1 / 0, "stopped with an error: division by zero (ZeroDivisionError)."),
    ],
)
def test_a_function_that_does_not_return_is_a_sentence(sort: Any, said: str) -> None:
    walk = walk_through(sort, trap)
    assert said in walk.sentences[0]
    assert len(walk.pictures) == 1


def test_a_graph_that_is_not_written_yet_is_a_sentence() -> None:
    walk = walk_through(sort_of("recursion, ids in a set"), lambda: unwritten(None))
    assert walk.sentences == ["The function that builds this graph is not written yet (NotImplementedError)."]


def test_an_empty_list_is_said_to_be_empty() -> None:
    assert walk_through(lambda root: [], trap).sentences == [
        "Your list has 0 entries, the graph 4 nodes.",
        "[] is no topological order of this graph. Your list is empty.",
    ]


def test_a_graph_that_leads_back_to_itself_is_refused() -> None:
    def cycle() -> Any:
        x = Node("input", name="x")
        a = Node("sin", (x,))
        x.parents = (a,)
        return a

    assert "it leads back to itself" in walk_through(sort_of("recursion, ids in a set"), cycle).sentences[0]


def test_every_step_has_the_same_size() -> None:
    for label in topological_sort.WRONG:
        walk = walk_through(sort_of(label), trap)
        assert len({(picture.width, picture.height) for picture in walk.pictures}) == 1, label
        assert len(walk.pictures) == len(walk.sentences)


def test_the_same_settings_serve_a_shorter_list() -> None:
    walks = {"trap": walk_through(lambda root: [], trap)}
    shown = Walks(walks, {"step": 9}, title="", call="")
    assert shown.state == {"step": 9}
    with pytest.raises(ValueError, match="step is a whole number"):
        Walks(walks, {"step": -1}, title="", call="")


def test_the_static_picture_is_the_last_one(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setenv("NNKIT_STATIC", "1")
    widgets.order_walk(sort_of("by distance from the root"), {"trap": trap, "unnamed": unnamed}, graph="trap")
    said = capsys.readouterr().out
    assert "order a 1, b 2, x 3, c 4; wrong edges x → a" in said
    assert "its parent x comes only as number 3" in said


def test_ids_of_nodes_are_known_for_what_they_are() -> None:
    walk = walk_through(lambda root: [id(root.parents[0]), root], trap)
    assert walk.row[0] == ("id of x", "wrong")
    assert walk.sentences[1] == "Number 1 is the id of x, and not x itself: the list holds the nodes."


def test_a_forgotten_return_is_asked_for_in_a_whole_sentence() -> None:
    (sentence,) = walk_through(lambda root: None, trap).sentences
    assert sentence.endswith("nothing (None): is a `return` missing? Expected is a list of the nodes, in their order.")


def test_a_node_without_parents_is_not_said_to_fit_anywhere() -> None:
    walk = walk_through(lambda root: [*root.parents[::-1], root], trap)
    assert walk.sentences[2] == "x is number 2. It has no parents to wait for."
