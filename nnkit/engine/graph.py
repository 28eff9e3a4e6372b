"""The graph: values that remember how they were made.

To differentiate a result, one has to know afterwards how it was computed. So an operation does two things: it computes
its value, and it makes a `Node` that notes which operation it was, from which nodes (its parents) the value was made,
and how a gradient of the value becomes a gradient of each parent. Nodes point to their parents, so whoever holds the
result holds all of its history, and when the result is dropped the history goes with it.

- `Node`: one value and its history.
- `Handle`: what a program holds. It stands for a node; `Tensor` is built on it.
- `Primitive`: an operation that knows its derivatives. Calling it makes the nodes.
- At the end: what happens when numbers are written over that a derivative still needs.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import threading
import types
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nnkit.engine.dtypes import Array, alike, float32, float64

if TYPE_CHECKING:
    from nnkit.engine.tensors import Tensor

Vjp = Callable[[Array], Array]  # turns the gradient of a value into the gradient of one argument

# One clock for everything that happens: a node notes when it was made, an array when it was last written in place.
# "Made after its parents" and "written over since" are then comparisons of two numbers.
_clock = itertools.count(1)


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
    grad: Tensor | None = None
    retains: bool = False  # whether an inner node keeps its gradient, as leaves do
    born: int = field(default_factory=_clock.__next__)
    handle: weakref.ref[Handle] | None = None  # weak: the handle holds the node, not the other way round

    def tensor(self) -> Tensor:
        """Return the Tensor that stands for this node: the living one if there is one, else a new one."""
        held: Any = self.handle and self.handle()
        return held if held is not None and held._own is self else Handle._of(self)

    def messages(self, gradient: Array) -> tuple[Array | None, ...]:
        """Return what this node sends to each parent, once its whole `gradient` has arrived."""
        if _writes.latest > self.born:
            self._refuse_overwritten()
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

    def _refuse_overwritten(self) -> None:
        """Raise if an array that a derivative of this node needs was written over after the node was made."""
        for vjp in self.vjps or ():
            for array in _arrays_of(vjp):
                if _writes.last(array) > self.born:
                    raise RuntimeError(
                        f"The derivative of {self.operation} needs values of shape {array.shape} that were changed in "
                        "place after they were used. Write x = x + … instead of x += …, or change a clone()."
                    )

    def free(self) -> None:
        """Forget the history of an inner node, and with it the arrays that its derivatives kept."""
        if self.operation is not None:
            self.parents, self.vjps = (), None

    def accumulate(self, gradient: Array) -> None:
        """Add `gradient` to `.grad`; the array becomes this node's own."""
        if self.grad is None:
            self.grad = Handle._of(Node(gradient))
        else:
            np.add(self.grad._own.array, gradient, out=self.grad._own.array)


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
    """What a program holds in its hand. It stands for one node at a time; `x += 1` moves it to a new one.

    A view, such as `x[0]`, shares the memory of another handle, its root. When the root is moved to a new node, the
    view's node tells an old story; so a view looks at its root again whenever it is used.
    """

    __slots__ = ("__weakref__", "_kin", "_own", "_view")
    kind: type[Tensor]  # what operations return; the class is defined on top of this one
    _own: Node
    _view: View | None
    _kin: tuple[Tensor, ...]

    def _hold(self, node: Node, view: View | None = None) -> None:
        self._own, self._view, self._kin = node, view, ()
        node.handle = weakref.ref(self)

    @staticmethod
    def _of(node: Node) -> Tensor:
        made = object.__new__(Handle.kind)
        made._own, made._view, made._kin = node, None, ()
        node.handle = weakref.ref(made)
        return made

    @property
    def _node(self) -> Node:
        """The node this stands for now."""
        if self._view is not None and self._view.seen is not self._view.root._own:
            with _recorded():
                fresh = _follow(self._view.steps, self._view.root)
            fresh._own.retains = self._own.retains
            self._hold(fresh._own, fresh._view)
        return self._own


Looking = tuple["Primitive", tuple[Any, ...], dict[str, Any]]  # an operation and its constants


class View(NamedTuple):
    """How a handle looks into the memory of its `root`, which was at node `seen` when it last looked."""

    root: Handle
    seen: Node
    steps: tuple[Looking, ...]  # the operations that lead from the root to the view

    def look(self) -> Callable[[Array], Array]:
        """Return the function that finds this view in an array like the root's."""
        steps = self.steps  # and not the root, or it would be held by its own history
        return lambda array: bare(_follow(steps, Handle._of(Node(array))))


def _follow(steps: Sequence[Looking], tensor: Any) -> Any:
    for operation, settings, constants in steps:
        tensor = operation(tensor, *settings, **constants)
    return tensor


def bare(value: Any) -> Any:
    """Return the array of a tensor; anything else as it is."""
    return value._node.array if isinstance(value, Handle) else value


# ---------------------------------------------------------------------------------------------------- primitives


class Primitive:
    """An operation with its derivatives, as the table `PRIMITIVES` holds it.

    Calling it takes tensors (or arrays, or numbers) and constants, computes the value on plain arrays, and makes a node
    with a history if anything needs a gradient. Broadcasting is undone in `Node.messages`, for all operations alike.

    Attributes
    ----------
    name, symbol : what it is called in the table and in a drawn graph, such as "mul" and "×".
    function : the function that was decorated: arrays in, value and one vjp per array out.
    dtype : how its arguments are brought to one dtype; see `alike`.
    view : whether the value may share memory with the first argument.
    count : how many of its arguments are tensors, if the function says so by a slash; None: all that have no name.
    """

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

    def __call__(self, *arguments: Any, **constants: Any) -> Tensor:
        settings: tuple[Any, ...] = ()
        if self.count:
            arguments, settings = arguments[: self.count], arguments[self.count :]
        arrays = alike([a._node.array if isinstance(a, Handle) else a for a in arguments], self.dtype)
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
        if _mode.recording and value.dtype.kind == "f":
            for a in arguments:
                if isinstance(a, Handle) and a._own.requires_grad:
                    self._record(node, arguments, arrays, vjps)
                    break
        result = Handle._of(node)
        if self.view and isinstance(arguments[0], Handle) and _owner(value) is _owner(arrays[0]):
            root, _, steps = arguments[0]._view or (arguments[0], None, ())
            result._view = View(root, root._own, (*steps, (self, settings, constants)))
        return result

    def _record(self, node: Node, arguments: Sequence[Any], arrays: Sequence[Array], vjps: Sequence[Vjp]) -> None:
        """Write into a new node how it was made, with the derivatives that will be asked for."""
        parents, asked = [], []
        for argument, array, vjp in zip(arguments, arrays, vjps, strict=True):
            parent = argument._own if isinstance(argument, Handle) else Node(array)
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


class _Mode(threading.local):
    """Whether operations are recorded. Every thread has its own switch, and starts with it on."""

    recording = True


_mode = _Mode()


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
        self._before.append(_mode.recording)
        _mode.recording = self.recording

    def __exit__(self, *error: object) -> None:
        _mode.recording = self._before.pop()

    def _recreate_cm(self) -> no_grad:
        return type(self)()  # every call of a wrapped function gets a switch of its own


class _recorded(no_grad):  # noqa: N801
    """Switch recording on."""

    recording = True


# ---------------------------------------------------------------------------------------------- written in place
#
# A derivative may need numbers of the way forward: that of x · y needs x and y. They are not copied; the derivative, a
# function made inside the primitive, holds on to their arrays. If somebody writes into such an array before backward
# comes, the gradient would be wrong, and nobody would notice. So every write in place is noted with its time, and a
# node that is older than the latest one looks through what its derivatives hold before it uses them.


class _Writes:
    """When arrays were last written in place. A view counts as the memory it looks into."""

    def __init__(self) -> None:
        self.latest = 0
        self._times: dict[int, tuple[weakref.ref[Array], int]] = {}

    def note(self, array: Array) -> None:
        owner = _owner(array)
        key = id(owner)
        self.latest = next(_clock)
        self._times[key] = (weakref.ref(owner, lambda _: self._times.pop(key, None) and None), self.latest)

    def last(self, array: Array) -> int:
        return self._times.get(id(_owner(array)), (None, 0))[1]


_writes = _Writes()


def _owner(array: Array) -> Array:
    """Return the array whose memory this one looks into."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


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
