"""The engine: numbers that remember how they were made, and the pass that differentiates them.

A `Tensor` is what you hold in your hand. It stands for a `Node`: an array, the operation that made it and the nodes it
was made from. Computing forward grows a graph of nodes; `backward` walks that graph once, from the result to the
leaves, and hands every node the gradient of the result with respect to it.

Read in this order: `Node`; `Primitive` and a few of the operations below it, each of which states its value and its
derivatives side by side; then `walk` and `backward`. What follows are names: the methods of `Tensor`, spelled as in
PyTorch, and the functions that make tensors.
"""

from __future__ import annotations

import builtins
import functools
import itertools
import math
import sys
import threading
import types
import weakref
from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Vjp = Callable[[Array], Array]  # turns the gradient of a result into the gradient of one argument
Dim = int | tuple[int, ...] | None

float32, float64 = np.dtype("float32"), np.dtype("float64")
int64, bool_ = np.dtype("int64"), np.dtype("bool")
DTYPES = frozenset(map(np.dtype, ("bool", "uint8", "int8", "int16", "int32", "int64", "float32", "float64")))
NUMBERS = {bool: bool_, int: int64, float: float32}  # in this order, because True is an int
RANK_OF_KIND = {"b": 0, "u": 1, "i": 1, "f": 2}  # bool gives way to integers, integers to floats

# One clock for everything that happens: a node notes when it was made, an array when it was last written in place.
# "Made after its parents" and "changed since" are then comparisons of two numbers.
_clock = itertools.count(1)


# ------------------------------------------------------------------------------------------------ recording or not


class _Mode(threading.local):
    """Whether operations are recorded. Every thread has its own switch, and starts with it on."""

    recording = True


_mode = _Mode()


class no_grad:  # noqa: N801
    """Switch recording off, for a block or for a whole function.

    Results computed inside need no gradient, and leaves may be changed in place: that is where parameters are updated.

    Examples
    --------
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

    def __new__(cls, function: Callable[..., Any] | None = None) -> Any:
        """Make the context manager; `@no_grad` without brackets wraps the function at once."""
        return super().__new__(cls) if function is None else cls()(function)

    def __init__(self) -> None:
        self._before: list[bool] = []

    def __enter__(self) -> None:
        self._before.append(_mode.recording)
        _mode.recording = False

    def __exit__(self, *error: object) -> None:
        _mode.recording = self._before.pop()

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def without_recording(*arguments: Any, **options: Any) -> Any:
            with no_grad():
                return function(*arguments, **options)

        return without_recording


# ------------------------------------------------------------------------------------------------------- the graph


class Node:
    """One value of the graph: an array, the operation that made it, and the nodes it was made from.

    A node never changes its history. An operation in place makes a new node too, and moves the Tensor over to it; so
    the graph cannot run in a circle, and a node is always younger than its parents.

    A leaf has no operation. `vjps` holds one function per parent, None for a parent that needs no gradient; the whole
    of it is None once the graph has been freed.
    """

    __slots__ = ("array", "born", "grad", "handle", "operation", "parents", "requires_grad", "retains", "vjps")

    def __init__(
        self,
        array: Array,
        requires_grad: bool = False,
        operation: Primitive | None = None,
        parents: tuple[Node, ...] = (),
        vjps: tuple[Vjp | None, ...] | None = (),
    ) -> None:
        self.array = array
        self.requires_grad = requires_grad
        self.operation = operation
        self.parents = parents
        self.vjps = vjps
        self.grad: Tensor | None = None
        self.retains = False
        self.born = next(_clock)
        self.handle: weakref.ref[Tensor] | None = None  # weak: the Tensor holds the node, not the other way round

    def tensor(self) -> Tensor:
        """Return the Tensor that stands for this node: the living one if there is one, else a new one."""
        held = self.handle() if self.handle is not None else None
        return held if held is not None and held._own is self else Tensor._of(self)

    def messages(self, gradient: Array) -> tuple[Array | None, ...]:
        """Return what this node sends to each parent, once its whole `gradient` has arrived."""
        if _writes.latest > self.born:
            self._refuse_overwritten()
        assert self.vjps is not None
        pairs = zip(self.parents, self.vjps, strict=True)
        return tuple([None if vjp is None else self._fitted(vjp(gradient), parent.array) for parent, vjp in pairs])

    def _fitted(self, message: Array, array: Array) -> Array:
        """Give a message the shape and dtype of the array it is the gradient of."""
        message = np.asarray(message)  # what NumPy computes from 0-d arrays is a plain number
        if message.shape != array.shape:
            message = unbroadcast(message, array.shape)
            if message.shape != array.shape:
                raise RuntimeError(
                    f"The derivative of {self.operation} has shape {message.shape}, but it belongs to an argument "
                    f"of shape {array.shape}. A vjp must return one number per number of its argument."
                )
        return message if message.dtype == array.dtype else message.astype(array.dtype)

    def _refuse_overwritten(self) -> None:
        """Raise if an array that a derivative of this node needs was written in place after the node was made."""
        for vjp in self.vjps or ():
            for array in _arrays_of(vjp):
                if _writes.last(array) > self.born:
                    raise RuntimeError(
                        f"The derivative of {self.operation} needs values of shape {array.shape} that were changed in "
                        "place after they were used. Write x = x + … instead of x += …, or change a clone()."
                    )

    def with_array(self, array: Array) -> Node:
        """Return a new node with the same history, for the same numbers in another array."""
        return Node(array, self.requires_grad, self.operation, self.parents, self.vjps)

    def free(self) -> None:
        """Forget the history of an inner node, and with it the arrays that its derivatives kept."""
        if self.operation is not None:
            self.parents, self.vjps = (), None

    def accumulate(self, gradient: Array) -> None:
        """Add `gradient` to `.grad`; the array becomes this node's own."""
        if self.grad is None:
            self.grad = Tensor._of(Node(gradient))
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


def only(gradient: Array, keep: Array, out: Array | None = None) -> Array:
    """Return the gradient where `keep` holds, and 0 elsewhere: np.where(keep, gradient, 0), ten times as fast.

    A processor that has to choose number by number guesses, and guesses wrong; multiplying by 0 or 1 needs no guess.
    It is done on the bits, read as integers, because an infinity times 0 would be NaN.

    Examples
    --------
    >>> only(np.array([1.0, np.inf, 3.0]), np.array([True, False, True]))
    array([1., 0., 3.])
    """
    bits = np.dtype(f"i{gradient.itemsize}")
    product = np.multiply(gradient.view(bits), keep, out=None if out is None else out.view(bits))
    return np.asarray(product.view(gradient.dtype))


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
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def _arrays_of(vjp: Vjp | None) -> Iterator[Array]:
    """Yield the arrays that a derivative keeps for later: those in its closure."""
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


# --------------------------------------------------------------------------------------------------- the primitives


class Primitive:
    """An operation with its derivatives, as the table `PRIMITIVES` holds it.

    Calling it takes tensors (or arrays, or numbers) by position and constants by keyword, computes the value on plain
    arrays, and records a node if anything needs a gradient. Broadcasting is undone here, for all operations alike.

    Attributes
    ----------
    name, symbol : what it is called in the table and in a drawn graph, such as "mul" and "×".
    function : the function that was decorated: arrays in, value and one vjp per array out.
    dtype : how its arguments are brought to one dtype: "common" promotes them as PyTorch does, "float" besides turns
        integers into float32, "first" follows the first argument, "as is" leaves them alone.
    view : whether the value may share memory with the first argument.
    """

    def __init__(self, function: Callable[..., Any], symbol: str, dtype: str, view: bool) -> None:
        self.function, self.symbol, self.dtype, self.view = function, symbol, dtype, view
        self.name = function.__name__.rstrip("_")
        functools.update_wrapper(self, function)

    def __repr__(self) -> str:
        return f"{self.name} ({self.symbol})"

    def __call__(self, *arguments: Any, **constants: Any) -> Tensor:
        arrays = _arrays(arguments, self.dtype)
        try:
            with np.errstate(all="ignore"):  # infinities and NaN travel silently, as in PyTorch
                value, vjps = self.function(*arrays, **constants)
        except ValueError as error:
            if "broadcast" not in str(error):
                raise
            shapes = " and ".join(str(array.shape) for array in arrays)
            raise RuntimeError(
                f"{self.name} ({self.symbol}) cannot combine the shapes {shapes}. Compared from the right, two sizes "
                "must be equal, or one of them 1 or missing. Look at .shape of each; reshape or unsqueeze one of them."
            ) from None
        value = np.asarray(value)
        if not value.ndim and value.dtype == float64 and arrays[0].dtype == float32 and self.dtype != "as is":
            value = value.astype(float32)  # NumPy 1 widens what it computes from 0-d arrays and Python numbers
        node = Node(value)
        if _mode.recording and node.array.dtype.kind == "f":
            for argument in arguments:
                if isinstance(argument, Tensor) and argument._node.requires_grad:
                    self._record(node, arguments, arrays, vjps)
                    break
        result = Tensor._of(node)
        if self.view and isinstance(arguments[0], Tensor) and _owner(node.array) is _owner(arrays[0]):
            root = arguments[0] if arguments[0]._view is None else arguments[0]._view.root
            result._view = _View(root, root._own, arguments[0], self, constants)
        return result

    def _record(self, node: Node, arguments: Sequence[Any], arrays: list[Array], vjps: tuple[Vjp, ...]) -> None:
        """Write into the new node how it was made, with the derivatives that will be asked for."""
        parents, needed = [], []
        for argument, array, vjp in zip(arguments, arrays, vjps, strict=True):
            parent = argument._node if isinstance(argument, Tensor) else Node(array)
            parents.append(parent)
            needed.append(vjp if parent.requires_grad else None)
        node.requires_grad, node.operation, node.parents, node.vjps = True, self, tuple(parents), tuple(needed)


PRIMITIVES: dict[str, Primitive] = {}


def primitive(symbol: str, dtype: str = "common", view: bool = False) -> Callable[[Callable[..., Any]], Primitive]:
    """Register a function as a primitive.

    The function takes arrays by position, constants by keyword, and returns its value and a tuple with one
    vector-Jacobian product per array. A vjp takes g, the gradient of the value, and returns the gradient of its
    argument: g itself, a view, or a new array, and it never writes into g. It is called only if its argument needs it.

    Examples
    --------
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


def _dtype_of_number(value: Any) -> np.dtype[Any]:
    if isinstance(value, np.generic):
        value = value.item()
    for kind, dtype in NUMBERS.items():
        if isinstance(value, kind):
            return dtype
    raise TypeError(
        f"A tensor goes with tensors, NumPy arrays and numbers, not with {type(value).__name__}. "
        "Wrap a list in nnkit.tensor(…)."
    )


def _supported(dtype: np.dtype[Any]) -> np.dtype[Any]:
    if dtype not in DTYPES:
        names = ", ".join(sorted(dtype.name for dtype in DTYPES))
        raise TypeError(f"Tensors of {dtype} do not exist here; use one of {names}.")
    return dtype


def promote_types(a: np.dtype[Any], b: np.dtype[Any]) -> np.dtype[Any]:
    """Return the dtype that holds both, as PyTorch sees it: a float stays what it is beside an integer."""
    ranks = RANK_OF_KIND[a.kind], RANK_OF_KIND[b.kind]
    return np.promote_types(a, b) if ranks[0] == ranks[1] else (a if ranks[0] > ranks[1] else b)


def common_dtype(arguments: Sequence[Any]) -> np.dtype[Any]:
    """Return the dtype in which an operation on these arguments is computed.

    Tensors with dimensions decide; a 0-d tensor yields to them, and a plain number yields to both. The weaker only has
    a say if it is of a higher kind (bool, integer, float).

    Examples
    --------
    >>> common_dtype((ones(3), 2.5)), common_dtype((ones(3, dtype=int64), 2.5)), common_dtype((ones(3), np.ones(3)))
    (dtype('float32'), dtype('float32'), dtype('float64'))
    """
    votes: list[np.dtype[Any] | None] = [None, None, None]  # tensors with dimensions, 0-d tensors, numbers
    for argument in arguments:
        if isinstance(argument, Tensor):
            argument = argument._own.array
        if isinstance(argument, np.ndarray):
            dtype, strength = argument.dtype, 0 if argument.ndim else 1
        else:
            dtype, strength = _dtype_of_number(argument), 2
        vote = votes[strength]
        votes[strength] = dtype if vote is None else promote_types(vote, dtype)
    result = None
    for vote in votes:
        if vote is not None and (result is None or RANK_OF_KIND[vote.kind] > RANK_OF_KIND[result.kind]):
            result = vote
    assert result is not None
    return result


def _arrays(arguments: Sequence[Any], rule: str) -> list[Array]:
    """Return the arguments as arrays of the dtype that the rule asks for (see `Primitive`)."""
    arrays = [argument._node.array if isinstance(argument, Tensor) else argument for argument in arguments]
    dtypes = {array.dtype if type(array) is np.ndarray else None for array in arrays}
    for found in dtypes:
        if found is not None:
            _supported(found)
    if len(dtypes) == 1 and found is not None and (found.kind == "f" or rule != "float"):
        return arrays  # all are arrays of one dtype already: nothing to do
    if rule == "as is":
        return [array if type(array) is np.ndarray else np.asarray(array, _dtype_of_number(array)) for array in arrays]
    if rule == "first":
        dtype = arrays[0].dtype
    else:
        dtype = common_dtype(arrays) if len(dtypes) > 1 or None in dtypes else arrays[0].dtype
        if rule == "float" and dtype.kind != "f":
            dtype = float32
    return [
        array if type(array) is np.ndarray and array.dtype == dtype else np.asarray(array, dtype) for array in arrays
    ]


# Elementwise, two arguments.


@primitive("+")
def add(x: Array, y: Array) -> Any:
    """x + y;  ∂/∂x = 1,  ∂/∂y = 1."""
    return x + y, (lambda g: g, lambda g: g)


@primitive("−")
def sub(x: Array, y: Array) -> Any:
    """x − y;  ∂/∂x = 1,  ∂/∂y = −1."""
    return _countable(x) - y, (lambda g: g, lambda g: -g)


@primitive("×")
def mul(x: Array, y: Array) -> Any:
    """x · y;  ∂/∂x = y,  ∂/∂y = x."""
    return x * y, (lambda g: g * y, lambda g: g * x)


@primitive("÷", dtype="float")
def div(x: Array, y: Array) -> Any:
    """x / y;  ∂/∂x = 1 / y,  ∂/∂y = −x / y²."""
    return x / y, (lambda g: g / y, lambda g: -g * ((x / y) / y))


@primitive("^")
def pow_(x: Array, y: Array) -> Any:
    """x ^ y;  ∂/∂x = y · x^(y−1), 0 where y = 0;  ∂/∂y = x^y · ln x, 0 where x = 0 and y ≥ 0."""
    if x.dtype.kind in "iu" and (y < 0).any():
        raise RuntimeError("An integer tensor cannot be raised to a negative power; convert it with .float() first.")
    if y.ndim == 0 and y.dtype.kind == "f":  # one exponent for all: NumPy squares and takes roots faster than powers
        p = y.item()
        value = x**p
        slope = (lambda: p * x ** (p - 1)) if p != 0 else (lambda: np.zeros_like(x))
    else:
        value = x**y

        def slope() -> Array:
            return np.where(y == 0, 0, y * x ** (y - 1))

    return value, (
        lambda g: g * slope(),
        lambda g: g * np.where((x == 0) & (y >= 0), 0, value * np.log(x)),
    )


@primitive("max")
def maximum(x: Array, y: Array) -> Any:
    """max(x, y), number by number;  the gradient goes to the larger one, half and half where they are equal."""
    return np.maximum(x, y), (
        lambda g: np.where(x == y, g / 2, np.where(x < y, 0, g)),
        lambda g: np.where(x == y, g / 2, np.where(x > y, 0, g)),
    )


@primitive("where")
def where_(x: Array, y: Array, *, condition: Array) -> Any:
    """x where the condition holds, else y;  ∂/∂x = 1 where it holds,  ∂/∂y = 1 where it does not."""
    return np.where(condition, x, y), (lambda g: np.where(condition, g, 0), lambda g: np.where(condition, 0, g))


# Elementwise, one argument.


@primitive("−")
def neg(x: Array) -> Any:
    """−x;  ∂/∂x = −1."""
    return -_countable(x), (lambda g: -g,)


def _countable(x: Array) -> Array:
    if x.dtype == bool_:
        raise RuntimeError("Booleans cannot be subtracted or negated; convert them with .long() or .float() first.")
    return x


@primitive("exp", dtype="float")
def exp(x: Array) -> Any:
    """y = e^x;  ∂/∂x = y."""
    y = np.asarray(np.exp(x))
    return y, (lambda g: g * y,)


@primitive("ln", dtype="float")
def log(x: Array) -> Any:
    """ln x;  ∂/∂x = 1 / x."""
    return np.log(x), (lambda g: g / x,)


@primitive("sin", dtype="float")
def sin(x: Array) -> Any:
    """sin x;  ∂/∂x = cos x."""
    return np.sin(x), (lambda g: g * np.cos(x),)


@primitive("cos", dtype="float")
def cos(x: Array) -> Any:
    """cos x;  ∂/∂x = −sin x."""
    return np.cos(x), (lambda g: -g * np.sin(x),)


@primitive("atan", dtype="float")
def atan(x: Array) -> Any:
    """atan x;  ∂/∂x = 1 / (1 + x²)."""
    return np.arctan(x), (lambda g: g / (1 + x * x),)


@primitive("tanh", dtype="float")
def tanh(x: Array) -> Any:
    """y = tanh x;  ∂/∂x = 1 − y²."""
    y = np.asarray(np.tanh(x))
    return y, (lambda g: g * (1 - y * y),)


@primitive("σ", dtype="float")
def sigmoid(x: Array) -> Any:
    """y = 1 / (1 + e^−x);  ∂/∂x = y (1 − y)."""
    y = np.asarray(1 / (1 + np.exp(-x)))
    return y, (lambda g: g * (y * (1 - y)),)


@primitive("relu")
def relu(x: Array) -> Any:
    """max(x, 0);  ∂/∂x = 1 where x > 0, else 0 (also at exactly 0)."""
    y = np.asarray(x.clip(0, math.inf) if x.dtype.kind == "f" else np.maximum(x, 0))  # a quarter of maximum's time
    return y, (lambda g: only(g, y != 0),)


@primitive("√", dtype="float")
def sqrt(x: Array) -> Any:
    """y = √x;  ∂/∂x = 1 / (2 y)."""
    y = np.asarray(np.sqrt(x))
    return y, (lambda g: g / (2 * y),)


@primitive("| |")
def abs_(x: Array) -> Any:
    """|x|;  ∂/∂x = the sign of x, 0 at 0."""
    return np.abs(x), (lambda g: g * np.sign(x),)


@primitive("clamp")
def clamp(x: Array, *, min: Any = None, max: Any = None) -> Any:
    """x, but at least min and at most max;  ∂/∂x = 1 where min ≤ x ≤ max, else 0."""
    inside = (x >= (-math.inf if min is None else min)) & (x <= (math.inf if max is None else max))
    return np.clip(x, min, max), (lambda g: np.where(inside, g, 0),)


@primitive("dtype", dtype="as is")
def cast_(x: Array, *, dtype: np.dtype[Any]) -> Any:
    """x in another dtype;  ∂/∂x = 1."""
    return x.astype(dtype), (lambda g: g,)


@primitive("copy")
def clone(x: Array) -> Any:
    """A copy of x;  ∂/∂x = 1."""
    return x.copy(), (lambda g: g,)


# The product of matrices.


@primitive("@", dtype="as is")
def matmul(x: Array, y: Array) -> Any:
    """x @ y;  ∂/∂x = g yᵀ,  ∂/∂y = xᵀ g  (a vector counts as one row on the left, one column on the right)."""
    _require_matching(x, y)
    left, right = x.reshape(1, -1) if x.ndim == 1 else x, y.reshape(-1, 1) if y.ndim == 1 else y
    row, column = x.ndim == 1, y.ndim == 1

    def as_matrices(g: Array) -> Array:
        g = g[..., None] if column else g
        return g[..., None, :] if row and not column else g[..., None] if row else g

    def to_x(g: Array) -> Array:
        out = as_matrices(g) @ right.swapaxes(-1, -2)
        return out[..., 0, :] if row else out

    def to_y(g: Array) -> Array:
        out = left.swapaxes(-1, -2) @ as_matrices(g)
        return out[..., 0] if column else out

    return x @ y, (to_x, to_y)


def _require_matching(x: Array, y: Array) -> None:
    if x.ndim == 0 or y.ndim == 0:
        raise RuntimeError(f"@ multiplies matrices and vectors, but the shapes are {x.shape} and {y.shape}. Use *.")
    if x.dtype != y.dtype:
        raise RuntimeError(f"@ needs one dtype on both sides, got {x.dtype} and {y.dtype}: .float() or .double() one.")
    inner = y.shape[0] if y.ndim == 1 else y.shape[-2]
    if x.shape[-1] != inner:
        raise RuntimeError(
            f"The shapes {x.shape} @ {y.shape} do not fit: the last size on the left, {x.shape[-1]}, must equal the "
            f"{'size' if y.ndim == 1 else 'number of rows'} on the right, {inner}. Is one of them transposed?"
        )


# Reductions. `dim` says which dimensions disappear (None: all); with `keepdim` they stay, with size 1.


def _axes(dim: Any, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the named dimensions as numbers from 0 upwards."""
    rank = max(len(shape), 1)  # a 0-d tensor lets you name its dimension 0 or −1, as PyTorch does
    if type(dim) is int and -rank <= dim < rank:
        return (dim % rank,) if shape else ()
    dims = range(len(shape)) if dim is None or dim == () else (dim,) if not isinstance(dim, tuple | list) else dim
    for d in dims:
        if not isinstance(d, int | np.integer) or not -rank <= d < rank:
            raise IndexError(
                f"A tensor of shape {shape} has no dimension {d}: they are numbered 0 to {rank - 1}, or −{rank} to −1."
            )
    axes = tuple(int(d) % rank for d in dims)
    if len(set(axes)) < len(axes):
        raise RuntimeError(f"Each dimension may be named once, got dim={dim} for a tensor of shape {shape}.")
    return axes if shape else ()


def _kept(g: Array, shape: tuple[int, ...], axes: tuple[int, ...]) -> Array:
    """Give a reduced array its lost dimensions back, with size 1."""
    return g.reshape(tuple(1 if i in axes else n for i, n in enumerate(shape)))


@primitive("Σ")
def sum_(x: Array, *, dim: Dim = None, keepdim: bool = False) -> Any:
    """Σ x;  ∂/∂x = 1 everywhere."""
    shape, axes = x.shape, _axes(dim, x.shape)
    value = np.sum(x, axis=axes, keepdims=keepdim, dtype=x.dtype if x.dtype.kind == "f" else int64)
    return value, (lambda g: np.broadcast_to(_kept(g, shape, axes), shape),)


@primitive("mean")
def mean(x: Array, *, dim: Dim = None, keepdim: bool = False) -> Any:
    """Σ x / n;  ∂/∂x = 1 / n everywhere."""
    shape, axes = x.shape, _axes(dim, x.shape)
    n = math.prod(shape[axis] for axis in axes)
    value = np.sum(_floats(x, "mean"), axis=axes, keepdims=keepdim) / x.dtype.type(n)
    return value, (lambda g: np.broadcast_to(_kept(g, shape, axes) / n, shape),)


@primitive("var")
def var(x: Array, *, dim: Dim = None, correction: float = 1, keepdim: bool = False) -> Any:
    """Σ (x − m)² / (n − correction), m the mean;  ∂/∂x = 2 (x − m) / (n − correction)."""
    axes = _axes(dim, x.shape)
    n = math.prod(x.shape[axis] for axis in axes)
    centred = x - np.sum(_floats(x, "var"), axis=axes, keepdims=True) / x.dtype.type(n)
    freedom = x.dtype.type(max(n - correction, 0))
    value = np.sum(centred * centred, axis=axes, keepdims=keepdim) / freedom
    return value, (lambda g: _kept(g, centred.shape, axes) * (2 / freedom) * centred,)


@primitive("std")
def std(x: Array, *, dim: Dim = None, correction: float = 1, keepdim: bool = False) -> Any:
    """s = √var;  ∂/∂x = (x − m) / (s (n − correction)), 0 where s = 0."""
    variance, (to_x,) = var.function(x, dim=dim, correction=correction, keepdim=keepdim)
    s = np.asarray(np.sqrt(variance))
    return s, (lambda g: to_x(np.where(s == 0, 0, g / (2 * s))),)


def _floats(x: Array, name: str) -> Array:
    if x.dtype.kind != "f":
        raise RuntimeError(f"{name} needs floats, got {x.dtype}; convert the tensor with .float() first.")
    return x


@primitive("max")
def max_(x: Array, *, dim: int | None = None, keepdim: bool = False) -> Any:
    """The largest;  its gradient is g. Equals share it; along a dimension the first of them gets all."""
    return _extreme(x, dim, keepdim, np.max, np.argmax)


@primitive("min")
def min_(x: Array, *, dim: int | None = None, keepdim: bool = False) -> Any:
    """The smallest;  its gradient is g. Equals share it; along a dimension the first of them gets all."""
    return _extreme(x, dim, keepdim, np.min, np.argmin)


def _extreme(x: Array, dim: int | None, keepdim: bool, reduce: Any, find: Any) -> Any:
    axes = _axes(dim, x.shape)
    if any(x.shape[axis] == 0 for axis in axes):
        raise RuntimeError(f"A tensor of shape {x.shape} has no largest or smallest entry: it is empty.")
    if dim is None:
        value = np.asarray(reduce(x))
        is_best = (x == value) | (x != x)  # a NaN wins, and is not equal to itself

        return value, (lambda g: np.where(is_best, g / np.count_nonzero(is_best), 0),)
    if not axes:
        return x.copy(), (lambda g: g,)
    first = find(x, axis=axes[0], keepdims=True)
    shape = x.shape

    def to_x(g: Array) -> Array:
        out = np.zeros(shape, g.dtype)
        np.put_along_axis(out, first, _kept(g, shape, axes), axes[0])
        return out

    value = np.take_along_axis(x, first, axes[0])
    return value if keepdim else value.squeeze(axes[0]), (to_x,)


@primitive("norm")
def norm(x: Array, *, p: float | str = 2, dim: Dim = None, keepdim: bool = False) -> Any:
    """n = (Σ |x|^p)^(1/p);  ∂/∂x = sign(x) (|x| / n)^(p−1), 0 where n = 0. For p = ∞ the largest |x|, shared."""
    axes, size = _axes(dim, x.shape), np.abs(_floats(x, "norm"))
    p = 2.0 if p == "fro" else float(p)
    if not p > 0:
        raise RuntimeError(f"norm needs p > 0, got p={p}.")
    if p == math.inf:
        n = np.max(size, axis=axes, keepdims=True, initial=0)
        largest = size == n
        share = np.sign(x) * largest / np.maximum(np.sum(largest, axis=axes, keepdims=True), 1)
        return n if keepdim else n.squeeze(axes), (lambda g: _kept(g, share.shape, axes) * share,)
    n = np.asarray(np.sum(size**p, axis=axes, keepdims=True) ** (1 / p), x.dtype)

    def to_x(g: Array) -> Array:
        slope = x / n if p == 2 else np.sign(x) * (size / n) ** (p - 1)
        return _kept(g, x.shape, axes) * np.where((n == 0) | (x == 0), 0, slope)

    return n if keepdim else n.squeeze(axes), (to_x,)


@primitive("softmax", dtype="float")
def softmax(x: Array, *, dim: int) -> Any:
    """s = e^x / Σ e^x;  ∂/∂x = s (g − Σ g s)."""
    axes = _axes(dim, x.shape)
    s = np.exp(x - np.max(x, axis=axes, keepdims=True, initial=-math.inf))
    s = np.asarray(s / np.sum(s, axis=axes, keepdims=True))
    return s, (lambda g: s * (g - np.sum(g * s, axis=axes, keepdims=True)),)


@primitive("ln softmax", dtype="float")
def log_softmax(x: Array, *, dim: int) -> Any:
    """y = x − ln Σ e^x;  ∂/∂x = g − e^y Σ g."""
    axes = _axes(dim, x.shape)
    y = x - np.max(x, axis=axes, keepdims=True, initial=-math.inf)
    y = np.asarray(y - np.log(np.sum(np.exp(y), axis=axes, keepdims=True)))
    return y, (lambda g: g - np.exp(y) * np.sum(g, axis=axes, keepdims=True),)


# Shapes. Only the arrangement changes, so the gradient is arranged back.


@primitive("reshape", view=True)
def reshape(x: Array, *, shape: tuple[int, ...]) -> Any:
    """x in another shape;  the gradient in the old one."""
    old = x.shape
    try:
        return x.reshape(shape), (lambda g: g.reshape(old),)
    except ValueError:
        raise RuntimeError(
            f"A tensor of shape {old} has {x.size} numbers and cannot take the shape {shape}"
            f"{'' if -1 in shape else f', which has {math.prod(shape)}'}."
        ) from None


@primitive("permute", view=True)
def permute(x: Array, *, dims: tuple[int, ...]) -> Any:
    """x with its dimensions in another order;  the gradient with the order undone."""
    axes = _axes(dims, x.shape) if x.ndim and dims else ()
    if len(dims) != x.ndim:
        raise RuntimeError(f"permute needs each of the {x.ndim} dimensions of shape {x.shape} once, got {dims}.")
    back = tuple(axes.index(i) for i in range(len(axes)))
    return x.transpose(axes), (lambda g: g.transpose(back),)


@primitive("expand", view=True)
def expand(x: Array, *, shape: tuple[int, ...]) -> Any:
    """x repeated along new dimensions and those of size 1;  the gradient summed over the copies (by the wrapper)."""
    old = (1,) * (len(shape) - x.ndim) + x.shape
    wanted = tuple(have if want == -1 else want for have, want in zip(old, shape, strict=False))
    try:
        return np.broadcast_to(x, wanted), (lambda g: g,)
    except ValueError:
        raise RuntimeError(
            f"A tensor of shape {x.shape} cannot be expanded to {shape}: only sizes of 1 can grow."
        ) from None


@primitive("[ ]", view=True)
def getitem(x: Array, *, index: tuple[Any, ...]) -> Any:
    """x[index];  g at those places, 0 elsewhere; an entry that was taken twice gets the sum of both."""
    shape = x.shape
    once = all(part.dtype == bool_ for part in index if isinstance(part, np.ndarray))  # as masks and slices take them

    def to_x(g: Array) -> Array:
        out = np.zeros(shape, g.dtype)
        if once:
            out[index] = g
        else:
            np.add.at(out, index, g)
        return out

    try:
        return x[index], (to_x,)
    except IndexError as error:
        raise IndexError(f"This index does not fit a tensor of shape {shape}: {error}.") from None


@primitive("[ ]=", dtype="first")
def setitem(x: Array, y: Array, *, index: tuple[Any, ...]) -> Any:
    """x with y written at an index;  ∂/∂x = g with 0 at those places,  ∂/∂y = g at those places."""
    value = x.copy()
    chosen = _assign(value, index, y)
    padded = (1,) * (y.ndim - len(chosen)) + chosen  # y may have further dimensions of size 1 in front

    def to_x(g: Array) -> Array:
        out = g.copy()
        out[index] = 0
        return out

    return value, (to_x, lambda g: g[index].reshape(padded))


def _assign(array: Array, index: tuple[Any, ...], values: Array) -> tuple[int, ...]:
    """Write values at an index, and return the shape of the places."""
    try:
        chosen = array[index].shape
    except IndexError as error:
        raise IndexError(f"This index does not fit a tensor of shape {array.shape}: {error}.") from None
    try:
        array[index] = values
    except ValueError:
        raise RuntimeError(
            f"Values of shape {values.shape} do not fit into the places chosen, of shape {chosen}."
        ) from None
    return chosen


@primitive("view=", dtype="first")
def write(x: Array, y: Array, *, look: Callable[[Array], Array]) -> Any:
    """x with y written where `look` looks;  ∂/∂x = g with 0 at those places,  ∂/∂y = g at those places."""

    def written(array: Array, values: Any) -> Array:
        array = array.copy()
        look(array)[...] = values
        return array

    return written(x, y), (lambda g: written(g, 0), lambda g: look(g))


# Joining.


@primitive("stack")
def stack_(*xs: Array, dim: int) -> Any:
    """The arrays side by side along a new dimension;  each gets its slice of the gradient."""
    (axis,) = _axes(dim, (1, *xs[0].shape))

    def to(i: int) -> Vjp:
        return lambda g: g.take(i, axis=axis)

    return np.stack(xs, axis=axis), tuple(to(i) for i in range(len(xs)))


@primitive("cat")
def cat_(*xs: Array, dim: int) -> Any:
    """The arrays one after the other along a dimension;  each gets its part of the gradient."""
    (axis,) = _axes(dim, xs[0].shape)
    ends = list(itertools.accumulate(x.shape[axis] for x in xs))

    def to(end: int, size: int) -> Vjp:
        return lambda g: g[(slice(None),) * axis + (slice(end - size, end),)]

    return np.concatenate(xs, axis=axis), tuple(to(end, x.shape[axis]) for end, x in zip(ends, xs, strict=True))


# -------------------------------------------------------------------------------------------------------- backward


class Step(NamedTuple):
    """One step of a backward pass: a node, the whole gradient that arrived, and what it sends to each parent."""

    node: Tensor
    gradient: Array
    sent: tuple[Array | None, ...]


def _order(root: Node) -> list[Node]:
    """Return every node that needs a gradient and that `root` was made from: parents before children, `root` last.

    A node is younger than its parents, so sorting by age is a topological order.
    """
    found, waiting = {root: None}, [root]
    while waiting:
        node = waiting.pop()
        if node.vjps is None:
            raise RuntimeError(
                f"The graph behind this tensor was freed by an earlier backward() (at {node.operation}). Compute the "
                "result again, or call backward(retain_graph=True) the first time."
            )
        for parent, vjp in zip(node.parents, node.vjps, strict=True):
            if vjp is not None and parent not in found:
                found[parent] = None
                waiting.append(parent)
    return sorted(found, key=attrgetter("born"))


def _pass(order: list[Node], seed: Array) -> Iterator[tuple[Node, Array, tuple[Array | None, ...]]]:
    """Send the gradient back through the graph: the one place where it happens.

    Youngest first, so a node's turn comes when all of its children have sent their message; messages add up.
    """
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
    gradient = gradient._own.array if isinstance(gradient, Tensor) else np.asarray(gradient)
    if gradient.shape != array.shape:
        raise RuntimeError(
            f"The gradient has shape {gradient.shape}, but the tensor it belongs to has shape {array.shape}."
        )
    return np.array(gradient, array.dtype)


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
    >>> a = tensor(3.0, requires_grad=True)
    >>> b = a + a
    >>> for step in walk(b + b):
    ...     print(step.node.operation, step.gradient, [message.item() for message in step.sent])
    add (+) 1.0 [1.0, 1.0]
    add (+) 2.0 [2.0, 2.0]
    None 4.0 []
    """
    order, seed = _order(tensor._node), _seed(tensor, gradient)

    def steps() -> Iterator[Step]:
        messages = _pass(order, seed)
        while True:
            with np.errstate(all="ignore"):
                step = next(messages, None)
            if step is None:
                return
            node, arrived, sent = step
            yield Step(node.tensor(), arrived.copy(), tuple(None if m is None else m.copy() for m in sent))

    return steps()


def _backward(tensor: Tensor, gradient: Any, retain_graph: bool) -> None:
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


# ---------------------------------------------------------------------------------------------------------- Tensor


class _View(NamedTuple):
    """Where a tensor that shares memory comes from: `root` holds the memory and was at node `seen` when last looked."""

    root: Tensor
    seen: Node
    base: Tensor
    operation: Primitive
    constants: dict[str, Any]

    def look(self) -> Callable[[Array], Array]:
        """Return the function that finds this view in an array like the root's."""
        steps, view = [], self
        while True:
            steps.append((view.operation.function, view.constants))
            if view.base._view is None:
                break
            view = view.base._view

        def look(array: Array) -> Array:
            for function, constants in reversed(steps):
                array = function(array, **constants)[0]
            return array

        return look


class MaxResult(NamedTuple):
    """What `max(dim)` and `min(dim)` return."""

    values: Tensor
    indices: Tensor


class Tensor:
    """An array of numbers that can be differentiated.

    `nnkit.tensor(data)` makes one; `Tensor(data)` does too, always in float32 unless told otherwise, as in PyTorch.
    Operations give new tensors; if any of their arguments has `requires_grad`, they remember how they were made.

    Parameters
    ----------
    data : numbers, nested lists, an array or a tensor; copied.
    dtype : the dtype to use.
    requires_grad : whether `backward` shall compute the gradient with respect to it.

    Examples
    --------
    >>> x = Tensor([3, -2])
    >>> w = Tensor([4, 5], requires_grad=True)
    >>> f = (x * w).sum() + 1
    >>> f
    tensor(3., grad_fn=<add>)
    >>> f.backward()
    >>> w.grad
    tensor([ 3., -2.])
    """

    __slots__ = ("__weakref__", "_kin", "_own", "_view")
    __array_ufunc__ = None  # array + tensor asks the tensor, instead of making an array of tensors
    _own: Node
    _view: _View | None
    _kin: tuple[Tensor, ...]

    def __init__(self, data: Any, dtype: Any = float32, requires_grad: bool = False) -> None:
        self._hold(Node(_array_from(data, dtype)))
        self.requires_grad = requires_grad

    def _hold(self, node: Node) -> None:
        self._own, self._view, self._kin = node, None, ()
        node.handle = weakref.ref(self)

    @staticmethod
    def _of(node: Node) -> Tensor:
        made: Tensor = object.__new__(Tensor)
        made._hold(node)
        return made

    # What it is.

    @property
    def _node(self) -> Node:
        """The node this tensor stands for now; a view looks again after its base was changed in place."""
        if self._view is not None and self._view.seen is not self._view.root._own:
            self._look_again()
        return self._own

    @property
    def operation(self) -> Primitive | None:
        """The primitive that made this tensor, with its `name` and `symbol`; None for a leaf."""
        return self._node.operation

    @property
    def parents(self) -> tuple[Tensor, ...]:
        """The tensors this one was made from, in order; () for a leaf, and when nothing needed a gradient."""
        nodes = self._node.parents
        if [kin._own for kin in self._kin] != list(nodes):
            self._kin = tuple([node.tensor() for node in nodes])
        return self._kin

    @property
    def is_leaf(self) -> bool:
        """Whether it was made by hand, not by a recorded operation. Leaves are where gradients are kept."""
        return self._node.operation is None

    @property
    def requires_grad(self) -> bool:
        """Whether `backward` computes a gradient for it, or through it."""
        return self._node.requires_grad

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        node = self._node
        if value == node.requires_grad:
            return
        if node.operation is not None:
            raise RuntimeError("requires_grad can only be switched on leaves; use detach() to cut a tensor off.")
        if value and node.array.dtype.kind != "f":
            raise RuntimeError(f"Only floats can require gradients, this tensor is {node.array.dtype}: .float() it.")
        node.requires_grad = bool(value)

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Switch `requires_grad` on or off, and return the tensor."""
        self.requires_grad = requires_grad
        return self

    @property
    def grad(self) -> Tensor | None:
        """The gradient that backward passes have added up here, or None; it may be assigned."""
        return self._node.grad

    @grad.setter
    def grad(self, value: Tensor | None) -> None:
        if value is not None and not isinstance(value, Tensor):
            raise TypeError(f"grad must be a tensor or None, got {type(value).__name__}; use nnkit.tensor(…).")
        if value is not None and (value.shape, value.dtype) != (self.shape, self.dtype):
            raise RuntimeError(
                f"grad must be like its tensor, {self.dtype} of shape {self.shape}; got {value.dtype} of {value.shape}."
            )
        self._node.grad = value

    def retain_grad(self) -> None:
        """Keep the gradient of this inner tensor too, in its `grad`, at the next `backward`."""
        if not self.requires_grad:
            raise RuntimeError("retain_grad() needs a tensor with requires_grad=True.")
        self._node.retains = True

    def backward(self, gradient: Any = None, retain_graph: bool = False) -> None:
        """Add the gradient of this tensor to the `grad` of every leaf (and retained tensor) it was made from.

        Parameters
        ----------
        gradient : what to start from, in the shape of this tensor; may be left out for a single number, and is 1 then.
        retain_graph : keep the graph for another pass; otherwise it is freed, and with it the values it had kept.

        Raises
        ------
        RuntimeError : if nothing here needs a gradient, the graph was freed, a value it needs was changed in place, or
            the gradient is missing or has another shape.

        Examples
        --------
        >>> x = tensor([1.0, 2.0], requires_grad=True)
        >>> (x * x).backward(tensor([1.0, 10.0]))
        >>> x.grad
        tensor([ 2., 40.])
        """
        _backward(self, gradient, retain_graph)

    @property
    def data(self) -> Tensor:
        """The same numbers, in the same memory, without history. Assigning puts other numbers in their place."""
        return Tensor._of(Node(self._own.array))

    @data.setter
    def data(self, value: Tensor) -> None:
        if not isinstance(value, Tensor):
            raise TypeError(f"data must be a tensor, got {type(value).__name__}; use nnkit.tensor(…).")
        if self.requires_grad and value.dtype.kind != "f":
            raise RuntimeError(f"data of a tensor that requires gradients must be floats, got {value.dtype}.")
        self._node.array = value._own.array
        self._view = None

    def detach(self) -> Tensor:
        """Return the same numbers, in the same memory, without history."""
        return self.data

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of the numbers."""
        return self._own.array.dtype

    @property
    def shape(self) -> tuple[int, ...]:
        """The size of every dimension."""
        return self._own.array.shape

    @property
    def ndim(self) -> int:
        """How many dimensions it has."""
        return self._own.array.ndim

    def size(self, dim: int | None = None) -> Any:
        """Return the shape, or the size of one dimension."""
        return self.shape if dim is None else self.shape[_axes(dim, self.shape)[0]]

    def numpy(self) -> Array:
        """Return the numbers as an array that shares their memory.

        Raises
        ------
        RuntimeError : if the tensor requires gradients, because what is computed on the array would not be recorded.
        """
        if self.requires_grad:
            raise RuntimeError("A tensor that requires gradients cannot become an array; write x.detach().numpy().")
        return self._own.array

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        array = self.numpy()
        if dtype is not None and array.dtype != dtype:
            if copy is False:
                raise ValueError(f"An array of {dtype} cannot share the memory of a tensor of {array.dtype}.")
            return array.astype(dtype)
        return array.copy() if copy else array

    def item(self) -> Any:
        """Return the only number, as a Python number."""
        if self._own.array.size != 1:
            raise RuntimeError(f"item() needs a tensor with one number, this one has shape {self.shape}.")
        return self._own.array.item()

    def tolist(self) -> Any:
        """Return the numbers as nested lists (a plain number for a 0-d tensor)."""
        return self._own.array.tolist()

    def __len__(self) -> int:
        if not self.ndim:
            raise TypeError("A 0-d tensor has no length.")
        return self.shape[0]

    def __iter__(self) -> Iterator[Tensor]:
        return (self[i] for i in range(len(self)))

    def __bool__(self) -> bool:
        if self._own.array.size != 1:
            raise RuntimeError(f"A tensor of shape {self.shape} is neither true nor false; only one number can be.")
        return bool(self.item())

    def __float__(self) -> builtins.float:
        return builtins.float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __index__(self) -> int:
        if self.dtype.kind not in "iu" or self._own.array.size != 1:
            raise TypeError(f"Only one integer can be used as an index, not {self.dtype} of shape {self.shape}.")
        return int(self.item())

    def __repr__(self) -> str:
        text = np.array2string(
            self._own.array, precision=4, separator=", ", prefix="tensor(", floatmode="maxprec_equal"
        )
        dtype = "" if self.dtype in (float32, int64, bool_) else f", dtype={self.dtype}"
        operation = self.operation
        history = f", grad_fn=<{operation.name}>" if operation else ", requires_grad=True" if self.requires_grad else ""
        return f"tensor({text}{dtype}{history})"

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if spec and not self.ndim else format(repr(self), spec)

    def __reduce__(self) -> Any:
        if not self.is_leaf:
            raise RuntimeError("Only leaves can be copied or saved, this tensor has a history: use detach().")
        return _rebuilt, (type(self), self._own.array, self.requires_grad, self.grad)

    # Arithmetic. Each operator hands over to the primitive of its name.

    def __add__(self, other: Any) -> Tensor:
        return add(self, other)

    def __radd__(self, other: Any) -> Tensor:
        return add(other, self)

    def __sub__(self, other: Any) -> Tensor:
        return sub(self, other)

    def __rsub__(self, other: Any) -> Tensor:
        return sub(other, self)

    def __mul__(self, other: Any) -> Tensor:
        return mul(self, other)

    def __rmul__(self, other: Any) -> Tensor:
        return mul(other, self)

    def __truediv__(self, other: Any) -> Tensor:
        return div(self, other)

    def __rtruediv__(self, other: Any) -> Tensor:
        return div(other, self)

    def __pow__(self, other: Any) -> Tensor:
        return pow_(self, other)

    def __rpow__(self, other: Any) -> Tensor:
        return pow_(other, self)

    def __matmul__(self, other: Any) -> Tensor:
        return matmul(self, other)

    def __rmatmul__(self, other: Any) -> Tensor:
        return matmul(other, self)

    def __neg__(self) -> Tensor:
        return neg(self)

    def __abs__(self) -> Tensor:
        return abs_(self)

    def _compared(self, compare: Any, other: Any) -> Any:
        if not isinstance(other, Tensor | np.ndarray | np.generic | int | builtins.float):
            return NotImplemented
        x, y = _arrays((self, other), "common")
        try:
            return Tensor._of(Node(np.asarray(compare(x, y))))
        except ValueError:
            raise RuntimeError(f"The shapes {x.shape} and {y.shape} cannot be compared number by number.") from None

    def __eq__(self, other: object) -> Any:
        return self._compared(np.equal, other)

    def __ne__(self, other: object) -> Any:
        return self._compared(np.not_equal, other)

    def __lt__(self, other: Any) -> Any:
        return self._compared(np.less, other)

    def __le__(self, other: Any) -> Any:
        return self._compared(np.less_equal, other)

    def __gt__(self, other: Any) -> Any:
        return self._compared(np.greater, other)

    def __ge__(self, other: Any) -> Any:
        return self._compared(np.greater_equal, other)

    __hash__ = object.__hash__  # == compares numbers, so a tensor in a set or dict is known by identity

    # In place.

    def __iadd__(self, other: Any) -> Tensor:
        return self._in_place(add, other)

    def __isub__(self, other: Any) -> Tensor:
        return self._in_place(sub, other)

    def __imul__(self, other: Any) -> Tensor:
        return self._in_place(mul, other)

    def __itruediv__(self, other: Any) -> Tensor:
        return self._in_place(div, other)

    def __ipow__(self, other: Any) -> Tensor:
        return self._in_place(pow_, other)

    def zero_(self) -> Tensor:
        """Set every number to 0, in place, and return the tensor."""
        self[...] = 0
        return self

    def __setitem__(self, index: Any, value: Any) -> None:
        if self._is_recorded_with(value):
            self._become(setitem(self, value, index=_index(index)))
        else:
            array, values = _arrays((self, value), "first")
            _assign(self._writeable(), _index(index), values)
            _writes.note(array)

    def _is_recorded_with(self, other: Any) -> bool:
        """Say whether an operation of this tensor (or of what it looks into) and another is recorded."""
        tensors = (self, other, self._view.root if self._view else self)
        return _mode.recording and any(isinstance(each, Tensor) and each.requires_grad for each in tensors)

    def _writeable(self) -> Array:
        array = self._node.array
        if not array.flags.writeable:
            raise RuntimeError("This tensor cannot be changed in place: its numbers share memory or are read-only.")
        return array

    def _in_place(self, operation: Primitive, other: Any) -> Tensor:
        node = self._node
        memory = node.array
        if self._is_recorded_with(other):
            node.array = memory.copy()  # derivatives may need the old numbers, and those are about to be overwritten
        try:
            result = operation(self, other)
        finally:
            node.array = memory
        return self._become(result)

    def _become(self, result: Tensor) -> Tensor:
        """Take over the numbers and the history of `result`, in place."""
        mine, new, root = self._node, result._own, self._view.root if self._view else self
        if new.array.shape != mine.array.shape:
            raise RuntimeError(
                f"In place a tensor keeps its shape, {mine.array.shape}; the result would have {new.array.shape}."
            )
        if RANK_OF_KIND[new.array.dtype.kind] > RANK_OF_KIND[mine.array.dtype.kind]:
            raise RuntimeError(
                f"In place a tensor keeps its dtype, {mine.array.dtype}; the result is {new.array.dtype}."
            )
        recorded = self._is_recorded_with(result)
        if recorded and any(node.operation is None and node.requires_grad for node in (mine, root._own)):
            raise RuntimeError(
                "A leaf that requires gradients, or a part of one, cannot be changed in place while operations are "
                "recorded: do it under nnkit.no_grad()."
            )
        self._writeable()[...] = new.array
        _writes.note(mine.array)
        if recorded:
            self._move(new.with_array(mine.array))
            if self._view:
                root._move(write(root, self, look=self._view.look())._own.with_array(root._own.array))
                self._view = self._view._replace(seen=root._own)
        return self

    def _move(self, node: Node) -> None:
        node.retains, self._own.retains = self._own.retains, False
        self._own = node
        node.handle = weakref.ref(self)

    def _look_again(self) -> None:
        """Renew the history of this view and of those it looks through, from the root on."""
        stale: list[Tensor] = []
        view = self
        while view._view is not None and view._view.seen is not view._view.root._own:
            stale.append(view)
            view = view._view.base
        for view in reversed(stale):
            assert view._view is not None
            root, _, base, operation, constants = view._view
            node = Node(view._own.array)
            if base._own.requires_grad:
                _, vjps = operation.function(base._own.array, **constants)
                node = Node(node.array, True, operation, (base._own,), vjps)
            view._move(node)
            view._view = view._view._replace(seen=root._own)

    # Parts.

    def __getitem__(self, index: Any) -> Tensor:
        return getitem(self, index=_index(index))

    # Elementwise functions.

    def exp(self) -> Tensor:
        """Return e to the power of every number."""
        return exp(self)

    def log(self) -> Tensor:
        """Return the natural logarithm of every number."""
        return log(self)

    def sin(self) -> Tensor:
        """Return the sine of every number."""
        return sin(self)

    def cos(self) -> Tensor:
        """Return the cosine of every number."""
        return cos(self)

    def atan(self) -> Tensor:
        """Return the arc tangent of every number."""
        return atan(self)

    def tanh(self) -> Tensor:
        """Return the hyperbolic tangent of every number."""
        return tanh(self)

    def sigmoid(self) -> Tensor:
        """Return 1 / (1 + e^−x) for every number."""
        return sigmoid(self)

    def relu(self) -> Tensor:
        """Return every number, negative ones as 0."""
        return relu(self)

    def sqrt(self) -> Tensor:
        """Return the square root of every number."""
        return sqrt(self)

    def abs(self) -> Tensor:
        """Return every number without its sign."""
        return abs_(self)

    def pow(self, exponent: Any) -> Tensor:
        """Return every number raised to the exponent, which may be a tensor."""
        return pow_(self, exponent)

    def clamp(self, min: Any = None, max: Any = None) -> Tensor:
        """Return every number, at least `min` and at most `max`.

        Examples
        --------
        >>> tensor([-2.0, 0.5, 3.0]).clamp(min=0, max=1)
        tensor([0.0, 0.5, 1.0])
        """
        if min is None and max is None:
            raise RuntimeError("clamp needs min, max or both.")
        bounds = [bound for bound in (min, max) if bound is not None]
        if any(isinstance(bound, Tensor | np.ndarray) for bound in bounds):
            raise TypeError("clamp takes numbers as min and max; use nnkit.maximum(x, …) for tensors.")
        min, max = (bound.item() if isinstance(bound, np.generic) else bound for bound in (min, max))
        dtype = common_dtype((self, *bounds))
        return clamp(self if dtype == self.dtype else cast_(self, dtype=dtype), min=min, max=max)

    def float(self) -> Tensor:
        """Return the numbers as float32."""
        return self._to(float32)

    def double(self) -> Tensor:
        """Return the numbers as float64."""
        return self._to(float64)

    def long(self) -> Tensor:
        """Return the numbers as int64."""
        return self._to(int64)

    def _to(self, dtype: np.dtype[Any]) -> Tensor:
        return self if self.dtype == dtype else cast_(self, dtype=dtype)

    def clone(self) -> Tensor:
        """Return a copy in memory of its own, through which gradients flow."""
        return clone(self)

    # Reductions.

    def sum(self, dim: Dim = None, keepdim: bool = False) -> Tensor:
        """Return the sum of all numbers, or over some dimensions.

        Examples
        --------
        >>> ones(2, 3).sum(), ones(2, 3).sum(dim=0), ones(2, 3).sum(dim=1, keepdim=True).shape
        (tensor(6.), tensor([2., 2., 2.]), (2, 1))
        """
        return sum_(self, dim=dim, keepdim=keepdim)

    def mean(self, dim: Dim = None, keepdim: bool = False) -> Tensor:
        """Return the mean of all numbers, or over some dimensions."""
        return mean(self, dim=dim, keepdim=keepdim)

    def var(
        self, dim: Any = None, unbiased: bool = True, keepdim: bool = False, *, correction: int | None = None
    ) -> Tensor:
        """Return the variance: the squared distances from the mean, summed and divided by n − correction.

        `unbiased=True`, the default as in PyTorch, means a correction of 1, `unbiased=False` of 0.
        """
        return var(self, **_spread_options(dim, unbiased, keepdim, correction))

    def std(
        self, dim: Any = None, unbiased: bool = True, keepdim: bool = False, *, correction: int | None = None
    ) -> Tensor:
        """Return the standard deviation, the root of `var`."""
        return std(self, **_spread_options(dim, unbiased, keepdim, correction))

    def max(self, dim: Any = None, keepdim: bool = False) -> Any:
        """Return the largest number; with `dim` a pair (values, indices); with a tensor the larger of each two.

        Examples
        --------
        >>> values, indices = tensor([[1.0, 5.0, 5.0], [7.0, 2.0, 3.0]]).max(dim=1)
        >>> values, indices
        (tensor([5., 7.]), tensor([1, 0]))
        """
        if isinstance(dim, Tensor):
            return maximum(self, dim)
        return _with_indices(max_, np.argmax, self, dim, keepdim)

    def min(self, dim: Any = None, keepdim: bool = False) -> Any:
        """Return the smallest number; with `dim` a pair (values, indices); with a tensor the smaller of each two."""
        if isinstance(dim, Tensor):
            return -maximum(-self, -dim)
        return _with_indices(min_, np.argmin, self, dim, keepdim)

    def argmax(self, dim: int | None = None, keepdim: bool = False) -> Tensor:
        """Return where the largest number is (the first of equals), counted through all numbers or along `dim`."""
        return _where_best(np.argmax, self, dim, keepdim)

    def norm(self, p: builtins.float | str = "fro", dim: Dim = None, keepdim: bool = False) -> Tensor:
        """Return (Σ |x|^p)^(1/p): the Euclidean length unless told otherwise; p may be float("inf")."""
        return norm(self, p=p, dim=dim, keepdim=keepdim)

    def softmax(self, dim: int) -> Tensor:
        """Return e^x divided by its sum along `dim`: positive numbers that add up to 1.

        Examples
        --------
        >>> tensor([3.2, 5.1, -1.7]).softmax(dim=0)
        tensor([0.130, 0.869, 0.001])
        """
        return softmax(self, dim=dim)

    def log_softmax(self, dim: int) -> Tensor:
        """Return the logarithm of `softmax`, computed so that it stays finite."""
        return log_softmax(self, dim=dim)

    # Shapes.

    def reshape(self, *shape: Any) -> Tensor:
        """Return the numbers in another shape; one size may be −1 and is worked out. Shares memory where it can."""
        return reshape(self, shape=_sizes(shape))

    def view(self, *shape: Any) -> Tensor:
        """Return the numbers in another shape and the same memory.

        Raises
        ------
        RuntimeError : if the memory is laid out so that only a copy could have that shape; use `reshape` then.
        """
        result = reshape(self, shape=_sizes(shape))
        if result._view is None and result._own.array.size:
            raise RuntimeError(
                f"A tensor of shape {self.shape} with this memory layout cannot be viewed as {result.shape} without a "
                "copy; use reshape()."
            )
        return result

    def flatten(self, start_dim: int = 0, end_dim: int = -1) -> Tensor:
        """Return the dimensions from `start_dim` to `end_dim` joined into one."""
        if not self.ndim:
            return self.reshape(1)
        start, end = _axes(start_dim, self.shape)[0], _axes(end_dim, self.shape)[0]
        if start > end:
            raise RuntimeError(f"flatten needs start_dim before end_dim, got {start_dim} and {end_dim}.")
        joined = math.prod(self.shape[start : end + 1])
        return reshape(self, shape=(*self.shape[:start], joined, *self.shape[end + 1 :]))

    def transpose(self, dim0: int, dim1: int) -> Tensor:
        """Return the tensor with two dimensions exchanged."""
        dims = list(range(self.ndim))
        if dims:
            i, j = _axes(dim0, self.shape)[0], _axes(dim1, self.shape)[0]
            dims[i], dims[j] = dims[j], dims[i]
        return permute(self, dims=tuple(dims))

    def permute(self, *dims: Any) -> Tensor:
        """Return the tensor with its dimensions in the order given."""
        return permute(self, dims=_sizes(dims))

    def t(self) -> Tensor:
        """Return the transposed matrix; a vector stays as it is."""
        if self.ndim > 2:
            raise RuntimeError(f"t() transposes a matrix, this tensor has shape {self.shape}; use transpose().")
        return self.T

    @property
    def T(self) -> Tensor:
        """The tensor with its dimensions in reverse order: the transposed matrix."""
        return permute(self, dims=tuple(reversed(range(self.ndim))))

    def squeeze(self, dim: Dim = None) -> Tensor:
        """Return the tensor without its dimensions of size 1, or without the one named if it has size 1."""
        named = _axes(dim, self.shape)
        return reshape(self, shape=tuple(n for i, n in enumerate(self.shape) if n != 1 or i not in named))

    def unsqueeze(self, dim: int) -> Tensor:
        """Return the tensor with a new dimension of size 1 before dimension `dim`."""
        (axis,) = _axes(dim, (*self.shape, 1))
        return reshape(self, shape=(*self.shape[:axis], 1, *self.shape[axis:]))

    def expand(self, *shape: Any) -> Tensor:
        """Return the tensor with sizes of 1 repeated up to `shape`, without copying; −1 leaves a size alone."""
        return expand(self, shape=_sizes(shape))

    def mm(self, mat2: Any) -> Tensor:
        """Return the product of two matrices."""
        if self.ndim != 2 or np.ndim(mat2._own.array if isinstance(mat2, Tensor) else mat2) != 2:
            raise RuntimeError(f"mm multiplies two matrices, got {self.shape} and {np.shape(mat2)}; use matmul.")
        return matmul(self, mat2)

    def matmul(self, other: Any) -> Tensor:
        """Return self @ other: matrices, vectors, or stacks of matrices."""
        return matmul(self, other)


def _rebuilt(kind: type[Tensor], array: Array, requires_grad: bool, grad: Tensor | None) -> Tensor:
    """Put a copied or saved tensor together again."""
    made = kind.__new__(kind)
    made._hold(Node(array, requires_grad))
    made._own.grad = grad
    return made


def _index(index: Any) -> tuple[Any, ...]:
    """Return an index as NumPy wants it: a tuple, with arrays in the place of tensors and lists."""
    parts = tuple([_index_part(part) for part in (index if isinstance(index, tuple) else (index,))])
    # With an Ellipsis at its end, an index of integers gives a view where it would give a plain number.
    return parts if any(part is Ellipsis or isinstance(part, np.ndarray | bool) for part in parts) else (*parts, ...)


def _index_part(part: Any) -> Any:
    if isinstance(part, Tensor):
        part = part._own.array
    elif isinstance(part, list | range):
        part = np.asarray(part, dtype=None if len(part) else int64)
    if isinstance(part, np.ndarray | np.generic):
        if part.dtype.kind not in "iub":
            raise IndexError(f"A tensor is indexed by integers or booleans, not by {part.dtype}.")
        return int(part) if part.ndim == 0 and part.dtype.kind != "b" else np.array(part)
    if not (part is None or part is Ellipsis or isinstance(part, int | slice)):
        raise IndexError(f"A tensor is indexed by integers, slices, None and arrays, not by {type(part).__name__}.")
    return part


def _sizes(sizes: tuple[Any, ...]) -> tuple[int, ...]:
    """Accept sizes one by one or in one tuple."""
    if len(sizes) == 1 and isinstance(sizes[0], tuple | list):
        sizes = tuple(sizes[0])
    return tuple(int(size.__index__()) for size in sizes)


def _spread_options(dim: Any, unbiased: bool, keepdim: bool, correction: int | None) -> dict[str, Any]:
    if isinstance(dim, bool):  # x.var(False) means unbiased=False
        dim, unbiased = None, dim
    return {"dim": dim, "keepdim": keepdim, "correction": int(unbiased) if correction is None else correction}


def _where_best(find: Any, x: Tensor, dim: int | None, keepdim: bool) -> Tensor:
    array, axes = x._own.array, _axes(dim, x.shape)
    if any(x.shape[axis] == 0 for axis in axes):
        raise RuntimeError(f"A tensor of shape {x.shape} has no largest or smallest entry: it is empty.")
    found = find(array, axis=None if dim is None else axes[0], keepdims=keepdim) if array.ndim else np.zeros((), int64)
    return Tensor._of(Node(np.asarray(found, int64)))


def _with_indices(best: Primitive, find: Any, x: Tensor, dim: int | None, keepdim: bool) -> Any:
    if dim is None:
        return best(x)
    return MaxResult(best(x, dim=dim, keepdim=keepdim), _where_best(find, x, dim, keepdim))


# ---------------------------------------------------------------------------------------------------------- making


def _array_from(data: Any, dtype: Any = None) -> Array:
    """Return a new array with these numbers, in the dtype that PyTorch would give them."""
    wanted = None if dtype is None else _supported(np.dtype(dtype))
    if isinstance(data, Tensor):
        data = data._own.array
    if isinstance(data, np.ndarray | np.generic):
        _supported(data.dtype)
        return np.array(data, wanted)
    if isinstance(data, list | tuple | range):
        data = [part._own.array if isinstance(part, Tensor) else part for part in data]
    try:
        return np.array(data, wanted or _inferred_dtype(data))
    except ValueError:
        raise ValueError("The nested lists do not have equal lengths, so they make no array of numbers.") from None


def _inferred_dtype(data: Any) -> np.dtype[Any]:
    """Python floats become float32, integers int64, booleans bool; arrays among them keep their say."""
    dtypes: set[np.dtype[Any]] = set()
    waiting = [[data]]
    while waiting:
        level = waiting.pop()
        kinds = set(map(type, level))
        if kinds <= {float, int, bool}:  # the common case, without a look at every number
            dtypes |= {_dtype_of_number(kind()) for kind in kinds}
            continue
        for part in level:
            if isinstance(part, list | tuple):
                waiting.append(part)  # type: ignore[arg-type]
            elif isinstance(part, np.ndarray | np.generic | Tensor):
                dtypes.add(_supported(part.dtype))
            else:
                dtypes.add(_dtype_of_number(part))
    return functools.reduce(promote_types, sorted(dtypes, key=str), bool_) if dtypes else float32


def _made(array: Array, dtype: Any, requires_grad: bool) -> Tensor:
    """Wrap a new array, in the dtype asked for."""
    if dtype is not None:
        array = array.astype(_supported(np.dtype(dtype)), copy=False)
    return Tensor._of(Node(array)).requires_grad_(requires_grad)


def tensor(data: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make a tensor from numbers, nested lists, an array or a tensor; the numbers are copied.

    Parameters
    ----------
    data : the numbers. Python floats become float32, integers int64, booleans bool; arrays keep their dtype.
    dtype : another dtype to use.
    requires_grad : whether `backward` shall compute the gradient with respect to it.

    Raises
    ------
    ValueError : if nested lists have different lengths.
    TypeError : if something is no number, or the dtype is not one of `DTYPES`.

    Examples
    --------
    >>> tensor([[1, 2], [3, 4]]).dtype, tensor([1.5]).dtype, tensor(np.ones(2)).dtype
    (dtype('int64'), dtype('float32'), dtype('float64'))
    """
    return _made(_array_from(data, dtype), None, requires_grad)


def from_numpy(array: Array) -> Tensor:
    """Make a tensor that shares the array's memory.

    Examples
    --------
    >>> a = np.zeros(2)
    >>> t = from_numpy(a)
    >>> a[0] = 7
    >>> t
    tensor([7., 0.], dtype=float64)
    """
    if not isinstance(array, np.ndarray):
        raise TypeError(f"from_numpy takes an array, got {type(array).__name__}; use nnkit.tensor(…).")
    _supported(array.dtype)
    return Tensor._of(Node(array.view(np.ndarray)))


def zeros(*size: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make a tensor of zeros: `zeros(2, 3)` or `zeros((2, 3))`."""
    return _made(np.zeros(_sizes(size), dtype or float32), dtype, requires_grad)


def ones(*size: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make a tensor of ones: `ones(2, 3)` or `ones((2, 3))`."""
    return _made(np.ones(_sizes(size), dtype or float32), dtype, requires_grad)


def full(size: Any, fill_value: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make a tensor filled with one number; its dtype is that of the number."""
    value = _array_from(fill_value, dtype)
    return _made(np.full(_sizes((size,)), value, value.dtype), None, requires_grad)


def zeros_like(input: Tensor, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make zeros in the shape (and dtype) of another tensor."""
    return zeros(input.shape, dtype=dtype or input.dtype, requires_grad=requires_grad)


def ones_like(input: Tensor, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make ones in the shape (and dtype) of another tensor."""
    return ones(input.shape, dtype=dtype or input.dtype, requires_grad=requires_grad)


def arange(start: Any, end: Any = None, step: Any = 1, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make the numbers from `start` (0 if left out) up to, without, `end`.

    Examples
    --------
    >>> arange(4), arange(1, 2, 0.25)
    (tensor([0, 1, 2, 3]), tensor([1.00, 1.25, 1.50, 1.75]))
    """
    start, end = (0, start) if end is None else (start, end)
    start, end, step = (value.item() if isinstance(value, Tensor) else value for value in (start, end, step))
    inferred = dtype or functools.reduce(promote_types, map(_dtype_of_number, (start, end, step)))
    return _made(np.arange(start, end, step), inferred, requires_grad)


def linspace(start: float, end: float, steps: int, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make `steps` numbers at equal distances from `start` to `end`, both included."""
    return _made(np.linspace(start, end, steps), dtype or float32, requires_grad)


# Every random number of the library comes from here, so that one seed decides them all.
GENERATOR = np.random.Generator(np.random.PCG64())


def manual_seed(seed: int) -> np.random.Generator:
    """Start the random numbers over from `seed`, and return their generator.

    Examples
    --------
    >>> _ = manual_seed(0)
    >>> first = rand(3)
    >>> _ = manual_seed(0)
    >>> (first == rand(3)).tolist()
    [True, True, True]
    """
    GENERATOR.bit_generator.state = np.random.PCG64(seed).state
    return GENERATOR


def rand(*size: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make random numbers, evenly distributed between 0 and 1."""
    return _made(np.asarray(GENERATOR.random(_sizes(size), _floating(dtype))), dtype, requires_grad)


def randn(*size: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make random numbers, normally distributed with mean 0 and standard deviation 1."""
    return _made(np.asarray(GENERATOR.standard_normal(_sizes(size), _floating(dtype))), dtype, requires_grad)


def randn_like(input: Tensor, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make normally distributed random numbers in the shape (and dtype) of another tensor."""
    return randn(input.shape, dtype=dtype or input.dtype, requires_grad=requires_grad)


def randperm(n: int) -> Tensor:
    """Make the numbers 0 to n − 1 in random order."""
    return Tensor._of(Node(GENERATOR.permutation(n).astype(int64)))


def _floating(dtype: Any) -> Any:
    dtype = float32 if dtype is None else np.dtype(dtype)
    if dtype.kind != "f":
        raise TypeError(f"Random numbers of this kind are floats, not {dtype}.")
    return dtype


def stack(tensors: Sequence[Any], dim: int = 0) -> Tensor:
    """Join tensors of one shape along a new dimension.

    Examples
    --------
    >>> stack([ones(3), zeros(3)]).shape, stack([ones(3), zeros(3)], dim=1).shape
    ((2, 3), (3, 2))
    """
    tensors = _joinable(tensors, "stack")
    shapes = sorted({np.shape(part._own.array) for part in tensors})
    if len(shapes) > 1:
        raise RuntimeError(f"stack needs tensors of one shape, got {' and '.join(map(str, shapes))}.")
    return stack_(*tensors, dim=dim)


def cat(tensors: Sequence[Any], dim: int = 0) -> Tensor:
    """Join tensors along a dimension they have; their other sizes must be equal.

    Examples
    --------
    >>> cat([ones(2, 3), zeros(1, 3)]).shape
    (3, 3)
    """
    tensors = _joinable(tensors, "cat")
    tensors = [part for part in tensors if part.shape != (0,)] or tensors  # PyTorch lets these be joined to anything
    if not tensors[0].ndim:
        raise RuntimeError("cat joins along a dimension, and 0-d tensors have none; use stack.")
    (axis,) = _axes(dim, tensors[0].shape)
    others = sorted({(*part.shape[:axis], "…", *part.shape[axis + 1 :]) for part in tensors}, key=str)
    if len(others) > 1:
        shapes = " and ".join(sorted({str(part.shape) for part in tensors}))
        raise RuntimeError(f"cat along dimension {axis} needs tensors of equal other sizes, got {shapes}.")
    return cat_(*tensors, dim=dim)


def _joinable(tensors: Sequence[Any], name: str) -> list[Tensor]:
    parts = list(tensors)
    if not parts:
        raise RuntimeError(f"{name} needs at least one tensor.")
    for part in parts:
        if not isinstance(part, Tensor):
            raise TypeError(f"{name} joins tensors, got {type(part).__name__} among them.")
    return parts


def where(condition: Any, input: Any, other: Any) -> Tensor:
    """Take from `input` where the condition holds, from `other` where it does not.

    Examples
    --------
    >>> x = tensor([-1.0, 2.0])
    >>> where(x > 0, x, 0.0)
    tensor([0., 2.])
    """
    (mask,) = _arrays((condition,), "as is")
    if mask.dtype != bool_:
        raise RuntimeError(f"where needs a condition of booleans, got {mask.dtype}; write a comparison.")
    return where_(input, other, condition=mask)
