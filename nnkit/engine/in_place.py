"""In place: what happens when numbers are written over, by `x += y`, `x[i] = y` or an optimizer.

Without a graph, the memory is written over, as with NumPy. With one, the old history still has to lead to the old
numbers; so the operation is computed on a copy of them, the result is written into the memory, and the tensor moves to
the node of the result. A leaf cannot do that, because it would be a leaf no longer: that is refused.

Two things can go wrong, and this file sees to both.

- A derivative may need numbers of the way forward: that of x · y needs x and y. They are not copied; the derivative, a
  function made inside the primitive, holds on to their arrays. If somebody writes into such an array before backward
  comes, the gradient would be wrong, and nobody would notice. So every write is noted with its time (`writes`), and
  `backward` looks through what the derivatives of a node hold, if anything was written after the node was made.
- A view, such as `x[0]`, shares the memory of another tensor, its root. When one of them is changed in place, the
  numbers of the others change too, and their nodes would tell an old story. So the root is moved to a new node, and all
  its views look at it again (`Changeable`).
"""

from __future__ import annotations

import types
import weakref
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from nnkit.engine import primitives as p
from nnkit.engine.dtypes import RANK, Array, alike
from nnkit.engine.graph import Handle, Node, Primitive, Vjp, bare, clock, enable_grad, mode, primitive

# -------------------------------------------------------------------------------------- what a derivative still needs


class Writes:
    """When arrays were last written in place, on the clock by which nodes are born. A view counts as its memory.

    Attributes
    ----------
    latest : int
        The time of the latest of all writes.
    """

    def __init__(self) -> None:
        self.latest = 0
        self._times: dict[int, tuple[weakref.ref[Array], int]] = {}

    def note(self, array: Array) -> None:
        """Note that an array is written now."""
        owner = owner_of(array)
        key = id(owner)
        self.latest = next(clock)
        self._times[key] = (weakref.ref(owner, lambda _: self._times.pop(key, None) and None), self.latest)

    def last(self, array: Array) -> int:
        """Return when an array was last written; 0 if it never was."""
        return self._times.get(id(owner_of(array)), (None, 0))[1]

    def __len__(self) -> int:
        """Count the arrays that were written and are still there."""
        return len(self._times)


writes = Writes()


def owner_of(array: Array) -> Array:
    """Return the array whose memory this one looks into, which may be itself."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def require_unchanged(node: Node) -> None:
    """Refuse a node if an array that one of its derivatives needs was written over after the node was made."""
    for vjp in node.vjps or ():
        for array in _arrays_of(vjp):
            if writes.last(array) > node.born:
                raise RuntimeError(
                    f"The derivative of {node.operation} needs values of shape {array.shape} that were changed in "
                    "place after they were used. Write x = x + … instead of x += …, or change a clone()."
                )


def _arrays_of(vjp: Vjp | None) -> Iterator[Array]:
    """Yield the arrays that a derivative holds: Python keeps what a function uses from around it in its closure."""
    waiting: list[Any] = [vjp]
    seen: set[int] = set()  # a helper function may find itself in its own closure
    while waiting:
        kept = waiting.pop()
        if isinstance(kept, np.ndarray):
            yield kept
        elif isinstance(kept, types.FunctionType) and id(kept) not in seen:
            seen.add(id(kept))
            waiting.extend(cell.cell_contents for cell in kept.__closure__ or ())
        elif isinstance(kept, tuple | list):
            waiting.extend(kept)


def writeable(tensor: Handle) -> Array:
    """Return the array of a tensor for writing over it; who does that tells `writes.note`.

    Raises
    ------
    RuntimeError
        If its numbers are read-only, or one number in memory stands for several of them.
    """
    array = tensor.node.array
    if not array.flags.writeable:
        raise RuntimeError("This tensor cannot be changed in place: its numbers share memory or are read-only.")
    return array


# -------------------------------------------------------------------------------------------------- changing tensors


# An operation whose result shares memory with its argument, such as x[0], with its constants.
Look = tuple[Primitive, tuple[Any, ...], dict[str, Any]]


class Changeable(Handle):
    """A handle whose numbers can be written over. `Tensor` is one."""

    __slots__ = ("_looks", "_root", "_views")  # left unset where there is nothing to say
    _root: Changeable  # of a view: the tensor whose memory it looks into
    _looks: tuple[Look, ...]  # of a view: the operations that lead to it from its root
    _views: list[Any]  # of a root: weak references to its views, also to some that are gone

    def _look_into(self, other: Any, *look: Any) -> None:
        """Take note that this is what a `Look` makes of `other`, and a view of it, unless the numbers were copied."""
        if owner_of(self.node.array) is not owner_of(other.node.array):
            return
        root = self._root = getattr(other, "_root", other)
        self._looks = (*getattr(other, "_looks", ()), look)
        views: list[Any] = getattr(root, "_views", [])
        if not len(views) % 64:  # now and then
            views = root._views = [reference for reference in views if reference() is not None]
        views.append(self.node.handle)

    def __setitem__(self, index: Any, value: Any) -> None:
        if _is_recorded(self, value):
            _become(self, p.setitem(self, value, p.index_of(index)), recorded=True)
        else:
            array, values = alike((writeable(self), bare(value)), "first")
            p.assign(array, p.index_of(index), values)
            writes.note(array)

    def zero_(self) -> Any:
        """Set every number to 0, in place, and return the tensor."""
        self[...] = 0
        return self


def root_of(tensor: Changeable) -> Any:
    """Return the tensor whose memory this one looks into, which may be itself."""
    return getattr(tensor, "_root", tensor)


def put(tensor: Changeable, array: Array) -> None:
    """Let a tensor stand for the numbers of another array from now on. A view looks into its root no longer."""
    tensor.node.array = array
    if hasattr(tensor, "_root"):
        del tensor._root, tensor._looks


def change(tensor: Changeable, operation: Primitive, other: Any) -> Any:
    """Compute `operation(tensor, other)` in place, as `x += y` does, and return the tensor."""
    if not _is_recorded(tensor, other):
        return _become(tensor, operation(tensor, other), recorded=False)
    past = replace(tensor.node, array=tensor.node.array.copy(), grad=None, retains=False)
    return _become(tensor, operation(past.tensor(), other), recorded=True)


def _is_recorded(tensor: Changeable, other: Any) -> bool:
    """Say whether an operation of a tensor (or of what it looks into) and another is recorded."""
    nodes = [each.node for each in (tensor, root_of(tensor), other) if isinstance(each, Handle)]
    return mode.recording and True in [node.requires_grad for node in nodes]


def _become(tensor: Changeable, result: Handle, recorded: bool) -> Changeable:
    """Take over the numbers of `result`, in place, and if operations are recorded its history."""
    array, new = writeable(tensor), result.node.array
    if new.shape != array.shape:
        raise RuntimeError(f"In place a tensor keeps its shape, {array.shape}; the result would have {new.shape}.")
    if RANK[new.dtype.kind] > RANK[array.dtype.kind]:
        raise RuntimeError(f"In place a tensor keeps its dtype, {array.dtype}; the result is {new.dtype}.")
    if recorded and any(each.requires_grad and not each.operation for each in (tensor.node, root_of(tensor).node)):
        raise RuntimeError(
            "A leaf that requires gradients, or a part of one, cannot be changed in place while operations are "
            "recorded: do it under nnkit.no_grad()."
        )
    array[...] = new
    writes.note(array)
    if recorded:
        _move(tensor, result)
    return tensor


def _move(tensor: Changeable, result: Handle) -> None:
    """Move to the node of `result`, whose numbers have been written; a view moves its root and all that see it."""
    root, node = root_of(tensor), result.node
    if root is not tensor:
        looks = tensor._looks  # and not the tensor, or the root would be held by its own history
        node = write_through(root, result, lambda array: bare(_seen(looks, Node(array).tensor()))).node
    node.array, node.retains, root.node.retains = root.node.array, root.node.retains, False
    node.hand_to(root)
    with enable_grad():
        for reference in list(getattr(root, "_views", ())):
            view = reference()
            if view is not None and root_of(view) is root:
                fresh = _seen(view._looks, root).node
                fresh.retains = view.node.retains
                fresh.hand_to(view)


def _seen(looks: tuple[Look, ...], tensor: Any) -> Any:
    """Return the view that these operations lead to from a tensor."""
    for operation, settings, constants in looks:
        tensor = operation(tensor, *settings, **constants)
    return tensor


@primitive("[ ]=", dtype="first")
def write_through(x: Array, y: Array, /, look: Callable[[Array], Array]) -> Any:
    """x with y written over the part that `look` shows of it;  ∂/∂x = g with 0 there,  ∂/∂y = g there."""
    value = x.copy()
    look(value)[...] = y

    def to_x(g: Array) -> Array:
        out = g.copy()
        look(out)[...] = 0
        return out

    return value, (to_x, lambda g: look(g))
