"""A small network that writes down what it and its copies are asked: inputs, modes, dropped neurons, weights.

Its dropout is a layer of nnkit, inside a part of it, as in a network of somebody else's: what a program does to it by
`train()`, `eval()` or by hand is seen by its effect.
"""

from __future__ import annotations

import difflib
import itertools
import weakref
from typing import Any

import numpy as np

import nnkit
from nnkit import nn

Array = np.ndarray

# Far more than any of the programs needs: a loop without an end gets a sentence in place of a wait.
MOST_QUESTIONS = 2_000

_numbers = itertools.count()
_records: weakref.WeakValueDictionary[int, Record] = weakref.WeakValueDictionary()


class Record:
    """All questions to a network and to copies of it, in their order; copying it gives the same one."""

    def __init__(self, network: Watched) -> None:
        self.network = weakref.proxy(network)
        self.questions: list[dict[str, Any]] = []
        self.number = next(_numbers)
        _records[self.number] = self

    def __deepcopy__(self, memo: dict[int, Any]) -> Record:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _record_of, (self.number,)


def _record_of(number: int) -> Record:
    return _records[number]


class Watched(nn.Module):
    """Linear, ReLU, dropout, Linear, with a record of every question."""

    def __init__(self, weights: list[Array], drop: float) -> None:
        super().__init__()
        hidden, inputs = weights[0].shape
        last = nn.Linear(hidden, len(weights[2]))
        self.layers = nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), nn.Dropout(drop), last)
        for parameter, values in zip(self.parameters(), weights, strict=True):
            parameter.data[...] = nnkit.tensor(values.astype(np.float32))
        self.given = self.weights()
        self.record = Record(self)

    def __getattr__(self, name: str) -> Any:
        """Say of a name that only the notebook's network has that this is another network."""
        if difflib.get_close_matches(name, dir(nn.Module), 1):
            return super().__getattr__(name)
        raise AttributeError(
            f"the network of this check has no {name!r}. It is another one than the notebook's: use only what every "
            "nn.Module has, such as train(), eval(), modules() and parameters().",
            name=name,
            obj=self,
        )

    def weights(self) -> list[Array]:
        """The parameters as arrays of their own."""
        return [parameter.detach().numpy().astype(np.float64) for parameter in self.parameters()]

    def forward(self, x: Any) -> Any:
        """Answer, and write down the question."""
        asked = self.record.questions
        if len(asked) >= MOST_QUESTIONS:
            raise RuntimeError(f"the network was asked {MOST_QUESTIONS:,} times; what ends the loop?")
        x = x if isinstance(x, nnkit.Tensor) else nnkit.tensor(np.asarray(x))
        first, relu, dropout, last = self.layers
        hidden = relu(first(x))
        thinned = dropout(hidden)
        out = last(thinned)
        alive, left = hidden.detach().numpy(), thinned.detach().numpy()
        network = self.record.network
        weights = network.weights()
        asked.append(
            {
                "x": np.array(x.detach().numpy(), dtype=np.float64),
                "training": bool(dropout.training),
                "outer": bool(self.training),
                "p": float(getattr(dropout, "p", 0.0)),
                # Where a neuron is at 0 nobody sees whether it was dropped, and it makes no difference.
                "mask": np.where(alive > 0, left / np.where(alive > 0, alive, 1), 1.0),
                "weights": weights,
                # A copy that shares its parameters learns what the network learns.
                "own": next(iter(self.parameters())) is next(iter(network.parameters())),
                "current": all(map(np.array_equal, weights, self.weights())),
                "followed": out.requires_grad,  # False under no_grad: then nothing is learned from this answer
                "out": np.array(out.detach().numpy(), dtype=np.float64),
            }
        )
        return out
