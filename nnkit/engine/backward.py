"""backward: the walk from a result to everything it was made from.

The result's gradient with respect to itself is 1. From there on every node does the same: when the whole gradient has
arrived at it, it multiplies that by its own derivatives and sends one message to each parent. A value that was used in
several places gets several messages, and they add up. That is why the order matters: a node may send only when all of
its children have sent. A node is younger than its parents, so from the youngest to the oldest is such an order; it
needs no recursion, and a chain of 100,000 operations is no problem.

`send_back` is the one place where this happens. `run`, which is `Tensor.backward`, keeps the gradients of the leaves;
`walk`, in `steps.py`, hands out each step, for those who want to see them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from operator import attrgetter
from typing import Any

import numpy as np

from nnkit.engine.dtypes import Array
from nnkit.engine.graph import Node, bare
from nnkit.engine.in_place import require_unchanged, writes


def oldest_first(root: Node) -> list[Node]:
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


def send_back(order: list[Node], start: Array) -> Iterator[tuple[Node, Array, tuple[Array | None, ...]]]:
    """Send the gradient back through the graph, and yield each node, what arrived at it, and what it sent."""
    arrived = {order[-1]: start}
    while order:
        node = order.pop()
        gradient = arrived.pop(node)
        if writes.latest > node.born:  # perhaps over numbers that its derivatives need
            require_unchanged(node)
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


def starting_gradient(root: Node, gradient: Any = None) -> Array:
    """Return the gradient that the pass from `root` starts with, as an array of its own."""
    array = root.array
    if not root.requires_grad:
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


def run(root: Node, gradient: Any, retain_graph: bool) -> None:
    """Do what `Tensor.backward` says."""
    start, arrived = starting_gradient(root, gradient), []
    with np.errstate(all="ignore"):
        for node, total, _ in send_back(oldest_first(root), start):
            if node.operation is None:
                arrived.append((node, total))
            elif node.retains:
                arrived.append((node, total.copy()))
            if not retain_graph:
                node.free()
    for node, total in arrived:  # only now: a pass that fails half-way leaves every .grad as it was
        if node.requires_grad:
            if node.grad is not None:
                writes.note(node.grad.array)  # it is added to in place
            node.accumulate(total)
