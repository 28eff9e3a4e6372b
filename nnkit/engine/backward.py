"""backward: the walk from a result to everything it was made from.

The result's gradient with respect to itself is 1. From there on every node does the same: when the whole gradient has
arrived at it, it multiplies that by its own derivatives and sends one message to each parent. A value that was used in
several places gets several messages, and they add up. That is why the order matters: a node may send only when all of
its children have sent. A node is younger than its parents, so from the youngest to the oldest is such an order; it
needs no recursion, and a chain of 100,000 operations is no problem.

`_pass` is the one place where this happens. `Tensor.backward` runs it and keeps the gradients of the leaves; `walk`
hands out each of its steps, for those who want to see them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nnkit.engine.dtypes import Array
from nnkit.engine.graph import Node, bare

if TYPE_CHECKING:
    from nnkit.engine.tensors import Tensor


def _order(root: Node) -> list[Node]:
    """Return `root` and every node that it was made from and that needs a gradient, the oldest first."""
    found, waiting = {root}, [root]
    while waiting:
        node = waiting.pop()
        if node.vjps is None:
            raise RuntimeError(
                f"The graph behind this tensor was freed by an earlier backward() (at {node.operation}). Compute the "
                "result again, or call backward(retain_graph=True) the first time."
            )
        for parent, vjp in zip(node.parents, node.vjps, strict=True):
            if vjp is not None and parent not in found:
                found.add(parent)
                waiting.append(parent)
    return sorted(found, key=attrgetter("born"))


def _pass(order: list[Node], seed: Array) -> Iterator[tuple[Node, Array, tuple[Array | None, ...]]]:
    """Send the gradient back through the graph, and yield each node, what arrived at it, and what it sent."""
    arrived = {order[-1]: seed}
    while order:
        node = order.pop()
        gradient = arrived.pop(node)
        sent = node.messages(gradient)
        for parent, message in zip(node.parents, sent, strict=True):
            if message is None:
                continue
            if parent in arrived:
                arrived[parent] = np.asarray(arrived[parent] + message)
            elif parent.operation is None and (message is gradient or _is_shared(message)):
                arrived[parent] = message.copy(order="K")  # a leaf will keep it, so nobody else may hold it
            else:
                arrived[parent] = message
        yield node, gradient, sent


def _is_shared(array: Array) -> bool:
    """Say whether an array looks into memory that others may hold too, rather than a rearranged array of its own."""
    if array.base is None:
        return False
    alone = _holders_of_base(array) <= _ONE_HOLDER
    base = array.base
    return not (alone and isinstance(base, np.ndarray) and base.size == array.size and array.flags.writeable)


def _holders_of_base(array: Array) -> int:
    return sys.getrefcount(array.base)


# What one holder counts as differs between versions of Python, so it is counted here, on an array that has just one.
_ONE_HOLDER = _holders_of_base(np.empty((2, 2)).T)


def _seed(tensor: Tensor, gradient: Any) -> Array:
    """Return the gradient that the pass starts with, as an array of its own."""
    array = tensor._own.array
    if not tensor.requires_grad:
        raise RuntimeError(
            "This tensor does not depend on anything with requires_grad=True, so there is nothing to differentiate. "
            "Was it computed under no_grad(), or from detach() or data?"
        )
    if gradient is None:
        if array.size != 1:
            raise RuntimeError(
                f"backward() without an argument starts from a single number, but this tensor has shape {array.shape}."
                " Reduce it (for example with .sum() or .mean()), or pass a gradient of that shape."
            )
        return np.ones_like(array)
    gradient = np.array(bare(gradient), array.dtype)
    if gradient.shape != array.shape:
        raise RuntimeError(
            f"The gradient has shape {gradient.shape}, but the tensor it belongs to has shape {array.shape}."
        )
    return gradient


def run(tensor: Tensor, gradient: Any, retain_graph: bool) -> None:
    """Do what `Tensor.backward` says."""
    seed, arrived = _seed(tensor, gradient), []
    with np.errstate(all="ignore"):
        for node, total, _ in _pass(_order(tensor._node), seed):
            if node.operation is None:
                arrived.append((node, total))
            elif node.retains:
                arrived.append((node, total.copy()))
            if not retain_graph:
                node.free()
    for node, total in arrived:  # only now: a pass that fails half-way leaves every .grad as it was
        if node.requires_grad:
            node.accumulate(total)


class Step(NamedTuple):
    """One step of a backward pass: a node, the whole gradient that arrived, and what it sends to each parent."""

    node: Tensor
    gradient: Array
    sent: tuple[Array | None, ...]


def walk(tensor: Tensor, gradient: Any = None) -> Iterator[Step]:
    """Yield the backward pass from `tensor` step by step, without changing anything.

    Parameters
    ----------
    tensor : the result to differentiate.
    gradient : where to start, in the shape of `tensor`; 1 for a single number.

    Yields
    ------
    Step(node, gradient, sent) : `node` is a Tensor, `gradient` the whole that arrived at it, `sent` one array for each
        of `node.parents`, or None for a parent that needs no gradient. The first step is `tensor` itself.

    Raises
    ------
    RuntimeError : if `tensor` needs no gradient, is no single number and no gradient is given, or was freed.

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
    return _steps(_order(tensor._node), _seed(tensor, gradient))


def _steps(order: list[Node], seed: Array) -> Iterator[Step]:
    passing = _pass(order, seed)
    while order:
        with np.errstate(all="ignore"):  # not around a yield: what the caller does meanwhile is not ours
            node, gradient, sent = next(passing)
        yield Step(node.tensor(), gradient.copy(), tuple([m if m is None else m.copy() for m in sent]))
