"""walk: the backward pass step by step, for those who want to see it.

It is the real pass, the one that `Tensor.backward` runs, and it changes nothing: drawn graphs take their gradients from
here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from nnkit.engine.backward import oldest_first, send_back, starting_gradient
from nnkit.engine.dtypes import Array
from nnkit.engine.graph import Node
from nnkit.engine.tensors import Tensor


class Step(NamedTuple):
    """One step of a backward pass: a node, the whole gradient that arrived, and what it sends to each parent."""

    node: Tensor
    gradient: Array
    sent: tuple[Array | None, ...]


def walk(tensor: Tensor, gradient: Any = None) -> Iterator[Step]:
    """Yield the backward pass from `tensor` step by step, without changing anything.

    Parameters
    ----------
    tensor : Tensor
        The result to differentiate.
    gradient : Tensor or array, optional
        Where to start, in the shape of `tensor`; 1 for a single number.

    Yields
    ------
    Step
        `node` is a Tensor, `gradient` the whole that arrived at it, `sent` one array for each of `node.parents`, or
        None for a parent that needs no gradient. The first step is `tensor` itself.

    Raises
    ------
    RuntimeError
        If `tensor` needs no gradient, is no single number and no gradient is given, or was freed.

    Examples
    --------
    >>> from nnkit import tensor
    >>> a = tensor(3.0, requires_grad=True)
    >>> b = a + a
    >>> for step in walk(b + b):
    ...     print(step.node.operation, step.gradient, [message.item() for message in step.sent])
    add (+) 1.0 [1.0, 1.0]
    add (+) 2.0 [2.0, 2.0]
    None 4.0 []
    """
    return _steps(oldest_first(tensor.node), starting_gradient(tensor.node, gradient))


def _steps(order: list[Node], start: Array) -> Iterator[Step]:
    passing = send_back(order, start)
    while order:
        with np.errstate(all="ignore"):  # not around a yield: what the caller does meanwhile is not ours
            node, gradient, sent = next(passing)
        yield Step(node.tensor(), gradient.copy(), tuple([m if m is None else m.copy() for m in sent]))
