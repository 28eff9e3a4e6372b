"""A method of Tensor that is a primitive is told from the others: what is withheld is that one."""

from __future__ import annotations

import pytest

import nnkit
from nnkit.exercises.beside.calls import CallListener


@pytest.mark.parametrize(
    ("answer", "delegated"),
    [
        (lambda x: nnkit.tensor(x).softmax(0).tolist(), ["nnkit.engine.Tensor.softmax"]),
        (lambda x: nnkit.softmax(nnkit.tensor(x), 0).tolist(), ["nnkit.engine.Tensor.softmax"]),
        (lambda x: nnkit.functional.softmax(nnkit.tensor(x), 0).tolist(), ["nnkit.engine.Tensor.softmax"]),
        (lambda x: (nnkit.tensor(x).exp() / nnkit.tensor(x).exp().sum()).tolist(), []),
    ],
)
def test_what_is_called_is_recognised(answer: object, delegated: list[str]) -> None:
    listener = CallListener(answer, [], ["nnkit.engine.Tensor.softmax"], {})
    listener.prepare()
    with listener:
        answer([1.0, 2.0])
    assert sorted(listener.delegated) == delegated
