"""The lesson of 01: the tempting order by distance fails at a short and a long way, and one sees where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

CELL = """
from types import SimpleNamespace
from nnkit import widgets


def Node(op, parents=(), name="", trainable=False):
    return SimpleNamespace(op=op, parents=tuple(parents), name=name, trainable=trainable)


def topological_sort(root):
    order, waiting = [], [root]
    for node in waiting:
        if not any(node is other for other in order):
            order.append(node)
            waiting.extend(node.parents)
    return order[::-1]


def trap():
    x = Node("input", name="x")
    a = Node("sin", (x,), name="a")
    b = Node("sigmoid", (a,), name="b")
    return Node("mul", (x, b), name="c")


def one_way():
    x = Node("input", name="x")
    return Node("sigmoid", (Node("sin", (x,), name="a"),), name="b")


graphs = {"a short way and a long one": trap, "one way": one_way}
widgets.order_walk(topological_sort, graphs)
"""


def lesson(page: Any, root: Any, follows: Callable[[str], None]) -> None:
    follows("Your list has 4 entries, the graph 4 nodes.")
    root.get_by_role("button", name="Step", exact=True).click()
    follows("a is number 1, but its parent x comes only as number 3.")
    assert "✗ only 3" in root.locator("svg").text_content(), "the edge says what it could not wait for"
    root.get_by_role("button", name="step 4", exact=True).click()
    follows("c is number 4; x (3) and b (2) stand before it.")
    root.get_by_role("button", name="Step", exact=True).click()
    follows("[a, b, x, c] is no topological order of this graph.")
    root.get_by_role("combobox", name="graph").select_option("one way")
    follows("Your list has 3 entries")
    root.get_by_role("button", name="Step", exact=True).focus()
    page.keyboard.press("ArrowRight")
    follows("x is number 1. It has no parents to wait for.")
    page.keyboard.press("End")
    follows("A topological order.")
    page.keyboard.press("Home")
    follows("Your list has 3 entries")
