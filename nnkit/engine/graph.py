"""The graph: values that remember how they were made.

To differentiate a result, one has to know afterwards how it was computed. So an operation does two things: it computes
its value, and it makes a `Node` that notes which operation it was, from which nodes (its parents) the value was made,
and how a gradient of the value becomes a gradient of each parent. Nodes point to their parents, so whoever holds the
result holds all of its history, and when the result is dropped the history goes with it.

- `Node`: one value and its history.
- `Handle`: what a program holds. It stands for a node; `Tensor` is built on it.
- `Primitive`: an operation that knows its derivatives. Calling it makes the nodes.
- `no_grad`: a while in which no history is noted.

What happens when the numbers of a node are written over is a story of its own, in `in_place.py`.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import threading
import types
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnkit.engine.dtypes import Array, alike, float32, float64

Vjp = Callable[[Array], Array]  # turns the gradient of a value into the gradient of one argument

# One clock for everything that happens. A node notes when it was made; "after its parents" is then a comparison.
clock = itertools.count(1)


@dataclass(slots=True, eq=False, repr=False)
class Node:
    """One value of the graph: an array, the operation that made it, and the nodes it was made from.

    A node never changes its history. An operation in place makes a new node too, and moves the handle over to it; so
    the graph cannot run in a circle, and a node is always younger than its parents.

    A leaf has no operation. `vjps` holds one function per parent, None for a parent that needs no gradient; the whole
    of it is None once the graph has been freed.
    """

    array: Array
    requires_grad: bool = False
    operation: Primitive | None = None
    parents: tuple[Node, ...] = ()
    vjps: tuple[Vjp | None, ...] | None = ()
    grad: Node | None = None  # a leaf: the gradient that backward passes have added up here
    retains: bool = False  # whether an inner node keeps its gradient, as leaves do
    born: int = field(default_factory=clock.__next__)
    handle: weakref.ref[Handle] | None = None  # weak: the handle holds the node, not the other way round

    def tensor(self) -> Any:
        """Return the tensor that stands for this node: the living one if there is one, else a new one."""
        held = None if self.handle is None else self.handle()
        return held if held is not None and held.node is self else _tensor_of(self)

    def hand_to(self, handle: Handle) -> None:
        """Let a handle stand for this node from now on."""
        handle.node = self
        self.handle = weakref.ref(handle)

    def messages(self, gradient: Array) -> tuple[Array | None, ...]:
        """Return what this node sends to each parent, once its whole `gradient` has arrived."""
        pairs = zip(self.parents, self.vjps or (), strict=True)
        return tuple([None if vjp is None else self._fitted(vjp(gradient), parent.array) for parent, vjp in pairs])

    def _fitted(self, message: Array, array: Array) -> Array:
        """Give a message the shape and dtype of the array it is the gradient of."""
        message = np.asarray(message)  # what NumPy computes from 0-d arrays is a plain number
        if message.shape != array.shape:
            message = unbroadcast(message, array.shape)
            if message.shape != array.shape:
                raise RuntimeError(f"A derivative of {self.operation} has shape {message.shape}, not {array.shape}.")
        return message if message.dtype == array.dtype else message.astype(array.dtype)

    def free(self) -> None:
        """Forget the history of an inner node, and with it the arrays that its derivatives kept."""
        if self.operation is not None:
            self.parents, self.vjps = (), None

    def accumulate(self, gradient: Array) -> None:
        """Add `gradient` to `.grad`; the array becomes this node's own."""
        if self.grad is None:
            self.grad = Node(gradient)
        else:
            np.add(self.grad.array, gradient, out=self.grad.array)


def unbroadcast(gradient: Array, shape: tuple[int, ...]) -> Array:
    """Undo broadcasting: a number that was used many times gets the sum of what its copies got.

    Examples
    --------
    >>> unbroadcast(np.ones((4, 3)), (3,))
    array([4., 4., 4.])
    >>> unbroadcast(np.ones((4, 3)), (4, 1)).shape
    (4, 1)
    """
    if gradient.ndim > len(shape):
        gradient = gradient.sum(axis=tuple(range(gradient.ndim - len(shape))))
    stretched = tuple(i for i, (have, want) in enumerate(zip(gradient.shape, shape, strict=False)) if want == 1 != have)
    return gradient.sum(axis=stretched, keepdims=True) if stretched else np.asarray(gradient)


# ------------------------------------------------------------------------------------------------------- handles


class Handle:
    """What a program holds in its hand.

    Attributes
    ----------
    node : Node
        The node it stands for, one at a time; `x += 1` moves it to a new one.
    """

    __slots__ = ("__weakref__", "node")
    node: Node

    def _look_into(self, other: Handle, *look: Any) -> None:
        """Take note that this may show the memory of `other`, by an operation; `in_place.py` says what for."""


def _tensor_of(node: Node) -> Any:
    """Return a new tensor that stands for a node."""
    made = object.__new__(Primitive.returns)
    made.node = node
    node.handle = weakref.ref(made)
    return made


def bare(value: Any) -> Any:
    """Return the array of a tensor; anything else as it is."""
    return value.node.array if isinstance(value, Handle) else value


# ---------------------------------------------------------------------------------------------------- primitives


class Primitive:
    """An operation with its derivatives, as the table `PRIMITIVES` holds it.

    Calling it takes tensors (or arrays, or numbers) and constants, computes the value on plain arrays, and makes a node
    with a history if anything needs a gradient. Broadcasting is undone in `Node.messages`, for all operations alike.

    Attributes
    ----------
    name, symbol : str
        What it is called in the table and in a drawn graph, such as "mul" and "×".
    function : callable
        The function that was decorated: arrays in, value and one vjp per array out.
    dtype : str
        The rule by which its arguments are brought to one dtype; see `alike`.
    view : bool
        Whether the value may share memory with the first argument.
    count : int or None
        How many of its arguments are tensors, if the function says so by a slash; None: all that have no name.
    """

    returns: type[Any]  # the class of what all operations return; it is built on top of this file

    def __init__(self, function: Callable[..., Any], symbol: str, dtype: str, view: bool) -> None:
        functools.update_wrapper(self, function)
        self.function, self.symbol, self.dtype, self.view = function, symbol, dtype, view
        self.name = self.__name__ = function.__name__.rstrip("_")
        self.count = function.__code__.co_posonlyargcount or None

    def __repr__(self) -> str:
        return f"{self.name} ({self.symbol})"

    def __get__(self, tensor: Any, kind: Any = None) -> Any:
        """Be a method where a class holds it: `x.exp()` is `exp(x)`."""
        return self if tensor is None else types.MethodType(self, tensor)

    def __call__(self, *arguments: Any, **constants: Any) -> Any:
        settings: tuple[Any, ...] = ()
        if self.count:
            arguments, settings = arguments[: self.count], arguments[self.count :]
        arrays = alike([a.node.array if isinstance(a, Handle) else a for a in arguments], self.dtype)
        try:
            with np.errstate(all="ignore"):  # infinities and NaN travel silently, as in PyTorch
                value, vjps = self.function(*arrays, *settings, **constants)
        except ValueError as error:
            if "broadcast" not in str(error):
                raise
            shapes = " and ".join(str(array.shape) for array in arrays)
            raise RuntimeError(
                f"{self} cannot combine the shapes {shapes}. Compared from the right, two sizes must be equal, or one "
                "of them 1 or missing; reshape or unsqueeze one of them."
            ) from None
        value = np.asarray(value)
        if not value.ndim and arrays[0].dtype == float32 and value.dtype == float64 and self.dtype != "as is":
            value = value.astype(float32)  # NumPy 1 widens what it computes from 0-d arrays and Python numbers
        node = Node(value)
        if mode.recording and value.dtype.kind == "f":
            for a in arguments:
                if isinstance(a, Handle) and a.node.requires_grad:
                    self._record(node, arguments, arrays, vjps)
                    break
        result = _tensor_of(node)
        if self.view and isinstance(arguments[0], Handle):
            result._look_into(arguments[0], self, settings, constants)
        return result

    def _record(self, node: Node, arguments: Sequence[Any], arrays: Sequence[Array], vjps: Sequence[Vjp]) -> None:
        """Write into a new node how it was made, with the derivatives that will be asked for."""
        parents, asked = [], []
        for argument, array, vjp in zip(arguments, arrays, vjps, strict=True):
            parent = argument.node if isinstance(argument, Handle) else Node(array)
            parents.append(parent)
            asked.append(vjp if parent.requires_grad else None)
        node.requires_grad, node.operation, node.parents, node.vjps = True, self, tuple(parents), tuple(asked)


PRIMITIVES: dict[str, Primitive] = {}


def primitive(symbol: str, dtype: str = "common", view: bool = False) -> Callable[[Callable[..., Any]], Primitive]:
    """Register a function as a primitive.

    The function takes arrays, then constants, and returns its value and a tuple with one vector-Jacobian product per
    array. The constants come after a slash or have names. A vjp takes g, the gradient of the value, and returns the
    gradient of its argument: g itself, a view, or a new array, and it never writes into g. It is called only if its
    argument needs it.

    Examples
    --------
    >>> from nnkit import tensor
    >>> @primitive("³")
    ... def cube(x):
    ...     '''x³;  ∂/∂x = 3 x².'''
    ...     return x**3, (lambda g: g * 3 * x**2,)
    >>> x = tensor(2.0, requires_grad=True)
    >>> cube(x).backward()
    >>> x.grad
    tensor(12.)
    >>> del PRIMITIVES["cube"]
    """

    def register(function: Callable[..., Any]) -> Primitive:
        made = Primitive(function, symbol, dtype, view)
        PRIMITIVES[made.name] = made
        return made

    return register


# ----------------------------------------------------------------------------------------------------- recording


class Mode(threading.local):
    """Whether operations are recorded. Every thread has its own switch, and starts with it on."""

    recording = True


mode = Mode()


class no_grad(contextlib.ContextDecorator):  # noqa: N801
    """Switch recording off, for a block or for a whole function.

    Results computed inside need no gradient, and leaves may be changed in place: that is where parameters are updated.

    Examples
    --------
    >>> from nnkit import tensor
    >>> w = tensor([1.0, 2.0], requires_grad=True)
    >>> with no_grad():
    ...     w -= 0.5
    >>> w
    tensor([0.5, 1.5], requires_grad=True)
    >>> @no_grad()
    ... def predict(x):
    ...     return w * x
    >>> predict(2.0).requires_grad
    False
    """

    recording = False

    def __new__(cls, function: Callable[..., Any] | None = None) -> Any:
        """Make the context manager; `@no_grad` without brackets wraps the function at once."""
        return super().__new__(cls) if function is None else cls()(function)

    def __init__(self) -> None:
        self._before: list[bool] = []

    def __enter__(self) -> None:
        self._before.append(mode.recording)
        mode.recording = self.recording

    def __exit__(self, *error: object) -> None:
        mode.recording = self._before.pop()

    def _recreate_cm(self) -> no_grad:
        return type(self)()  # every call of a wrapped function gets a switch of its own


class enable_grad(no_grad):  # noqa: N801
    """Switch recording on, for a block or for a whole function; the opposite of `no_grad`."""

    recording = True
