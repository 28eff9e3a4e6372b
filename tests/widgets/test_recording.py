"""What is written down of a class's own backward pass: its graph, every gradient in its order, whose message it is."""

from __future__ import annotations

import math
import sys
from typing import Any

import numpy as np
import pytest

from nnkit.widgets.limits import TooLong, bounded
from nnkit.widgets.recording import record, slope
from tests.answers.automatic_differentiation import Value, Value_backward

RIGHT = Value.RIGHT | {"sums and products, and a walk": Value_backward.RIGHT["sums and products, and a walk"]}
GATHERED = "a table of operations, messages collected apart"


def class_of(source: str) -> Any:
    names: dict[str, Any] = {"np": np, "math": math}
    exec(source, names)
    return names["Value"]


def diamond(a: Any, b: Any) -> Any:
    u = a + b
    v = a * u
    return u * v


@pytest.mark.parametrize("label", RIGHT)
def test_the_graph_is_what_the_expression_says(label: str) -> None:
    walk = record(diamond, class_of(RIGHT[label]), {"a": 2.0, "b": 1.0})
    assert walk.problem == ""
    assert [(one.name, one.symbol, one.operands, one.data) for one in walk.made] == [
        ("a", "", (), 2.0),
        ("b", "", (), 1.0),
        ("u", "+", (0, 1), 3.0),
        ("v", "×", (0, 2), 6.0),
        ("", "×", (2, 3), 18.0),
    ]
    assert walk.gradients == [21.0, 12.0, 12.0, 3.0, 1.0]
    assert walk.measured == {0: pytest.approx(21.0, rel=1e-3), 1: pytest.approx(12.0, rel=1e-3)}


@pytest.mark.parametrize("label", [label for label in RIGHT if label != GATHERED])
def test_every_message_has_its_sender(label: str) -> None:
    walk = record(diamond, class_of(RIGHT[label]), {"a": 2.0, "b": 1.0})
    start, *messages = walk.writes
    assert (start.target, start.after, start.senders) == (4, 1.0, ())
    assert sorted((*one.senders, one.target, one.message) for one in messages) == [
        (2, 0, 12.0),
        (2, 1, 12.0),
        (3, 0, 9.0),
        (3, 2, 6.0),
        (4, 2, 6.0),
        (4, 3, 3.0),
    ]


def test_messages_that_are_gathered_elsewhere_have_none() -> None:
    walk = record(diamond, class_of(RIGHT[GATHERED]), {"a": 2.0, "b": 1.0})
    assert sorted((one.target, one.after) for one in walk.writes) == [(0, 21), (1, 12), (2, 12), (3, 3), (4, 1)]
    assert not any(one.senders for one in walk.writes)


@pytest.mark.parametrize("label", [*RIGHT, "messages overwrite each other", "sends again and again"])
def test_the_class_is_afterwards_as_it_was(label: str) -> None:
    kind = class_of({**RIGHT, **Value_backward.WRONG}[label])
    family = [kind, *kind.__subclasses__()]
    before = [list(vars(one).items()) for one in family]
    record(diamond, kind, {"a": 2.0, "b": 1.0})
    assert [list(vars(one).items()) for one in family] == before


def test_it_is_so_after_an_error_too() -> None:
    kind = class_of(RIGHT["closures, recursive order"])
    before = list(vars(kind).items())

    def stopped(a: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        record(stopped, kind, {"a": 2.0})
    assert list(vars(kind).items()) == before


def test_what_a_class_makes_of_other_operations_is_in_the_graph() -> None:
    walk = record(lambda a: 2 - a, class_of(RIGHT["pairs of operand and slope, users counted"]), {"a": 0.5})
    # 2 − a is made as (−a) + 2, and −a as a · (−1); the plain numbers are nobody's values.
    assert [(one.symbol, one.data, one.value is None) for one in walk.made] == [
        ("", 0.5, False),
        ("", -1.0, True),
        ("×", -0.5, False),
        ("", 2.0, True),
        ("+", 1.5, False),
    ]


def test_a_name_belongs_to_what_was_given_under_it() -> None:
    def again(a: Any) -> Any:
        a = a + a
        b = a + a
        return b

    walk = record(again, class_of(CLOSURES), {"a": 3.0})
    assert [one.name for one in walk.made] == ["a", "", "b"]


def test_messages_that_are_not_added_overwrite() -> None:
    walk = record(diamond, class_of(Value_backward.WRONG["messages overwrite each other"]), {"a": 2.0, "b": 1.0})
    assert [(one.target, one.before, one.after) for one in walk.writes if not one.adds and one.before] == [
        (2, 6.0, 6.0),
        (0, 9.0, 6.0),
    ]


def test_a_message_without_the_gradient_finds_its_sender_by_its_number() -> None:
    walk = record(diamond, class_of(Value_backward.WRONG["message from above not used"]), {"a": 2.0, "b": 1.0})
    assert [(one.senders, one.target, one.message) for one in walk.writes[1:]] == [
        ((4,), 2, 6.0),
        ((4,), 3, 3.0),
        ((3,), 0, 3.0),
        ((3,), 2, 2.0),
        ((2,), 0, 1.0),
        ((2,), 1, 1.0),
    ]


@pytest.mark.parametrize("label", RIGHT)
def test_local_slopes_are_measured_on_the_classs_own_way_forward(label: str) -> None:
    walk = record(diamond, class_of(RIGHT[label]), {"a": 2.0, "b": 1.0})
    measured = [[slope(walk, node, place) for place in (0, 1)] for node in (2, 3, 4)]
    np.testing.assert_allclose(measured, [[1, 1], [3, 2], [6, 3]], rtol=1e-3)


ENDLESS = """
    def backward(self):
        while True:
            self.grad += 0.0
"""
CLOSURES = RIGHT["closures, recursive order"]
WITHOUT_BACKWARD = CLOSURES[: CLOSURES.index("    def backward")]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("class Value:\n    def __init__(self, data): raise NotImplementedError", "Value(2) is not written yet"),
        ("class Value:\n    def __init__(self): pass", "Value(2) stopped with an error: Value.__init__() takes 1"),
        (WITHOUT_BACKWARD, "Value has no method backward yet."),
        (WITHOUT_BACKWARD + ENDLESS, "it has written 150 gradients and was not at its end"),
        (WITHOUT_BACKWARD + "    def backward(self):\n        while True: pass", "did not come to an end"),
        (WITHOUT_BACKWARD + "    def backward(self): self.backward()", "called itself again and again"),
        (WITHOUT_BACKWARD + "    def backward(self): self.grad = 'one'", "wrote a .grad that is no number: str"),
        (WITHOUT_BACKWARD + "    def backward(self): vars(self)['grad'] = 1.0", "became 1 without being assigned"),
        (WITHOUT_BACKWARD.replace("self.grad = 0.0", "pass") + "    def backward(self): pass", "A Value has no .grad."),
        ("Value = 3", "A class is looked at, such as Value; got a int."),
        ("Value = float", "float cannot be followed: its operators are not written in Python."),
    ],
)
def test_what_cannot_be_followed_is_said(source: str, said: str) -> None:
    assert said in record(diamond, class_of(source), {"a": 2.0, "b": 1.0}).problem


def test_slots_and_properties_are_followed() -> None:
    with_property = CLOSURES.replace("self.grad = 0.0", "self._grad = 0.0").replace(
        "    def __add__",
        "    @property\n    def grad(self): return self._grad\n"
        "    @grad.setter\n    def grad(self, number): self._grad = number\n\n    def __add__",
        1,
    )
    slots = RIGHT["users counted, from the result backwards (Kahn), float32"]
    assert "__slots__" in slots
    for source in (with_property, slots):
        walk = record(diamond, class_of(source), {"a": 2.0, "b": 1.0})
        assert (walk.problem, len(walk.writes)) == ("", 7)


def test_values_that_are_made_on_the_way_back_are_not_in_the_graph() -> None:
    begun = "        order, seen = [], set()"
    source = CLOSURES.replace(begun, f"        Value(3.0).grad = 5.0\n{begun}")
    walk = record(diamond, class_of(source), {"a": 2.0, "b": 1.0})
    assert (walk.problem, len(walk.made), len(walk.writes)) == ("", 5, 7)


def test_a_bounded_function_leaves_tracing_as_it_was() -> None:
    before = sys.gettrace()

    def forever() -> None:
        while True:
            pass

    with pytest.raises(TooLong):
        bounded(forever, most=500)
    assert sys.gettrace() is before
