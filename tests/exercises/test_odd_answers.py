"""Whatever a student's code gives back is an answer: it is judged, and never makes a check fail at its own work."""

from __future__ import annotations

import math
from collections import deque, namedtuple
from typing import Any

import numpy as np
import pytest

from nnkit.exercises import evaluate, index

Pair = namedtuple("Pair", "first second")


def ragged() -> np.ndarray:
    array = np.empty(2, dtype=object)
    array[:] = [np.zeros(2), np.zeros(3)]
    return array


def in_itself() -> np.ndarray:
    array = np.empty(1, dtype=object)
    array[0] = array
    return array


ODD = {
    "texts": "x",
    "bytes": b"x",
    "nothing": (),
    "an empty array": np.zeros((0, 3)),
    "many axes": np.zeros((1,) * 10),
    "a large array": np.zeros((120, 120)),
    "lists of different lengths": [1, [2, 3]],
    "all kinds": ("w", 1, [2.0]),
    "arrays of different lengths": ragged(),
    "an array in itself": in_itself(),
    "an integer beyond floats": 10**400,
    "not a number": math.nan,
    "infinity": [math.inf, 1],
    "complex": np.array([1 + 0j, 2]),
    "None in an array": np.array([None, 1]),
    "None in a tuple": (None, None, None),
    "a dictionary": {"a": 1},
    "a deque": deque([7]),
    "a named tuple": Pair(1, 2),
    "a matrix": np.asmatrix([[7.0, 8.0]]),
    "a date": np.datetime64("2020"),
    "a record": np.array([(1, 2.0)], dtype=[("a", int), ("b", float)]),
    "a function": len,
    "an ellipsis": ...,
}


def judged(report: Any) -> bool:
    return not report.passed and "check itself" not in report.message


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", index.names())
def test_an_odd_result_is_judged(name: str) -> None:
    student = index.find(name).student_name
    for label, odd in ODD.items():
        assert judged(evaluate(name, {student: lambda *arguments, odd=odd, **named: odd})), label


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("label", ODD)
def test_an_odd_value_on_a_node_is_judged(label: str) -> None:
    def forward(root: Any, feed: dict[str, float]) -> float:
        root.value = ODD[label]
        return 3.0

    assert judged(evaluate("forward", {"forward": forward}))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("label", ["lists of different lengths", "an integer beyond floats", "complex", "an ellipsis"])
@pytest.mark.parametrize("place", ["start", "data", "leaves"])
def test_an_odd_number_in_a_value_is_judged(label: str, place: str) -> None:
    class Value:
        def __init__(self, data: Any, sources: tuple[Any, ...] = ()) -> None:
            self.data = ODD[label] if place == "data" else data
            self.grad = ODD[label] if place == "start" else 0.0
            self.sources = sources

        def operation(self, *others: Any) -> Value:
            return Value(1.0, (self, *others))

        __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = operation
        __truediv__ = __rtruediv__ = __pow__ = __neg__ = exp = tanh = sin = relu = operation

        def backward(self) -> None:
            for source in self.sources[: 1 if place == "leaves" else 0]:
                source.grad = ODD[label]

    assert judged(evaluate("Value", {"Value": Value}))
