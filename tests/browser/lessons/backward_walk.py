"""The lesson of 02: a value that is used twice gets a sum, and where a message overwrites another one, that is seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

CELL = """
from nnkit import widgets


class Value:
    def __init__(self, data, sources=()):
        self.data, self.grad, self.sources = data, 0.0, sources

    def __add__(self, other):
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def backward(self):
        order = []

        def visit(value):
            if value not in order:
                for source, _ in value.sources:
                    visit(source)
                order.append(value)

        visit(self)
        self.grad = 1.0
        for value in reversed(order):
            for source, slope in value.sources:
                source.grad += slope * value.grad


def shared(a=2.0, b=-3.0):
    u = a + b
    f = u * b
    return f


def diamond(a=2.0, b=1.0):
    u = a + b
    v = a * u
    f = u * v
    return f


expressions = {"u = a + b, f = u · b": shared, "a diamond": diamond}
widgets.backward_walk(expressions, Value)
"""


def lesson(page: Any, root: Any, follows: Callable[[str], None]) -> None:
    follows("Forward: f = 3, from a = 2 and b = −3.")
    root.get_by_role("button", name="Step", exact=True).click()
    follows("f.grad is set to 1: here the walk starts.")
    root.get_by_role("button", name="Step", exact=True).click()
    follows("f sends 1 · (−3) = −3 to u.")
    root.get_by_role("slider", name="step of the walk").focus()
    page.keyboard.press("End")
    follows("Done: ∂f/∂a = −3, ∂f/∂b = −4. Moving each number a little says the same.")
    root.get_by_role("combobox", name="graph").select_option("a diamond")
    follows("Forward: f = 18")
    root.get_by_role("button", name="Back", exact=True).focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    follows("At u the messages add up: 6 + 6 = 12.")
    assert "6 + 6 = 12" in root.locator("svg").text_content()
    page.keyboard.press("End")
    follows("Done: ∂f/∂a = 21, ∂f/∂b = 12.")
