"""What programs ask of a tensor besides arithmetic: comparisons by name, masks, whole-number division, conversions.

`Tensor` inherits all of it. Nothing here is needed to understand the graph: most of these results are integers or
booleans, which have no gradient, and the others are put together from primitives.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np

from nnkit.engine import primitives as p
from nnkit.engine.dtypes import Array, alike, bool_, require_cpu, supported
from nnkit.engine.graph import Handle, Node, bare, primitive

Named = TypeVar("Named", bound=Callable[..., Any])

# The methods that may be told `axis` and `keepdims`, as NumPy calls them, for `dim` and `keepdim`: those of PyTorch.
TAKE_AXIS = "all any argmax argmin log_softmax max mean min softmax squeeze std sum unsqueeze var".split()


@primitive("mod")
def remainder(x: Array, y: Array) -> Any:
    """x − y · ⌊x / y⌋, with the sign of y;  ∂/∂x = 1,  ∂/∂y = −⌊x / y⌋."""
    _require_divisor("%", x, y)
    return np.remainder(x, y), (lambda g: g, lambda g: -g * np.floor_divide(x, y))


def floor_divide(x: Any, y: Any) -> Any:
    """Return ⌊x / y⌋; its derivative is 0 wherever there is one, so it is not recorded."""
    a, b = _matched("//", x, y)
    _require_divisor("//", a, b)
    with np.errstate(all="ignore"):
        return _unrecorded(np.floor_divide(a, b))


def _require_divisor(symbol: str, x: Array, y: Array) -> None:
    if x.dtype == bool_:
        raise RuntimeError(f"{symbol} is not defined for booleans; convert the tensor with .long() first.")
    if x.dtype.kind != "f" and not np.all(y):
        raise RuntimeError(
            f"An integer cannot be divided by 0 ({symbol}); convert the tensors with .float() for infinity."
        )


def _unrecorded(value: Any) -> Any:
    """Return a tensor without history."""
    return Node(np.asarray(value)).tensor()


def _matched(symbol: str, x: Any, y: Any) -> tuple[Array, Array]:
    """Return two arrays of one dtype that can be combined number by number."""
    a, b = alike((bare(x), bare(y)), "common")
    _require_broadcast(symbol, a.shape, b.shape)
    return a, b


def _require_broadcast(name: str, a: tuple[int, ...], b: tuple[int, ...]) -> None:
    try:
        np.broadcast_shapes(a, b)
    except ValueError:
        raise RuntimeError(f"The shapes {a} and {b} cannot be combined number by number ({name}).") from None


def _is_operand(value: Any) -> bool:
    return isinstance(value, Handle | np.ndarray | np.generic | int | float)


def _require_operand(name: str, value: Any) -> None:
    if not _is_operand(value):
        raise TypeError(f"{name} takes a tensor, an array or a number, got {type(value).__name__}.")


def _turned(combine: Callable[[Any, Any], Any]) -> Any:
    """Return the method x ∘ y as y ∘ x."""
    return lambda x, y: combine(y, x) if _is_operand(y) else NotImplemented


def _plain(combine: Callable[[Any, Any], Any]) -> Any:
    return lambda x, y: combine(x, y) if _is_operand(y) else NotImplemented


def _in_place(combine: Callable[[Any, Any], Any]) -> Any:
    """Return the method x ∘= y: the result is written over x, in its dtype."""

    def written(x: Any, y: Any) -> Any:
        result = combine(x, y)
        if result.dtype != x.dtype:
            raise RuntimeError(f"In place a tensor keeps its dtype, {x.dtype}; the result is {result.dtype}.")
        x[...] = result
        return x

    return written


def _bitwise(symbol: str, combine: Callable[[Array, Array], Any]) -> Callable[[Any, Any], Any]:
    def combined(x: Any, y: Any) -> Any:
        a, b = _matched(symbol, x, y)
        if a.dtype.kind == "f":
            raise RuntimeError(
                f"{symbol} combines booleans or integers, not {a.dtype}: write a comparison, such as x > 0."
            )
        return _unrecorded(combine(a, b))

    return combined


_and, _or, _xor = _bitwise("&", np.bitwise_and), _bitwise("|", np.bitwise_or), _bitwise("^", np.bitwise_xor)

# What NumPy's arrays ask for when a tensor stands to their right: array + tensor calls np.add(array, tensor).
_OPERATORS: dict[Any, Callable[[Any, Any], Any]] = {
    getattr(np, name): function
    for name, function in {
        "add": lambda x, y: y.__radd__(x),
        "subtract": lambda x, y: y.__rsub__(x),
        "multiply": lambda x, y: y.__rmul__(x),
        "divide": lambda x, y: y.__rtruediv__(x),
        "power": lambda x, y: y.__rpow__(x),
        "matmul": lambda x, y: y.__rmatmul__(x),
        "floor_divide": lambda x, y: y.__rfloordiv__(x),
        "remainder": lambda x, y: y.__rmod__(x),
        "bitwise_and": lambda x, y: y.__rand__(x),
        "bitwise_or": lambda x, y: y.__ror__(x),
        "bitwise_xor": lambda x, y: y.__rxor__(x),
        "equal": lambda x, y: y == x,
        "not_equal": lambda x, y: y != x,
        "less": lambda x, y: y > x,
        "less_equal": lambda x, y: y >= x,
        "greater": lambda x, y: y < x,
        "greater_equal": lambda x, y: y <= x,
    }.items()
}


def with_numpys_names(method: Named) -> Named:
    """Let a method or a function take `axis` and `keepdims` for `dim` and `keepdim`.

    NumPy's own np.sum(x) calls x.sum(axis=None, dtype=None, out=None); so it is understood, too.
    """

    @functools.wraps(method)
    def renamed(self: Any, *arguments: Any, **options: Any) -> Any:
        for theirs in ("out", "dtype") if "out" in options else ():
            if options.get(theirs, theirs) is None:
                del options[theirs]
        for theirs, ours in (("axis", "dim"), ("keepdims", "keepdim")) if options else ():
            if theirs in options:
                if ours in options:
                    raise TypeError(f"{ours} and {theirs} mean the same: give one of them.")
                options[ours] = options.pop(theirs)
        return method(self, *arguments, **options)

    # Code of its own, under the method's name: for tracebacks, and for exercises that tell methods apart by their code.
    function: Any = renamed
    name = function.__name__
    function.__code__ = function.__code__.replace(co_name=name, co_qualname=name)
    return cast(Named, function)


def wanted_dtype(target: Any = None, dtype: Any = None, device: Any = None) -> Any:
    """Return the dtype that the arguments of `.to` ask for, None if they name only the place where tensors live."""
    if isinstance(target, Handle):
        target = target.dtype  # type: ignore[attr-defined]
    if target is not None:
        try:
            dtype = np.dtype(target)
        except TypeError:  # then it is the name of a device
            require_cpu(target)
    require_cpu(device)
    return None if dtype is None else supported(dtype)


class Conveniences(Handle):
    """The methods of `Tensor` that ask about its numbers, or put them into another form."""

    __slots__ = ()

    def __array_ufunc__(self: Any, function: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """Take part in NumPy's arithmetic, array + tensor; say what to write in place of np.exp(tensor)."""
        if method == "__call__" and function in _OPERATORS and isinstance(inputs[-1], Handle):
            return _OPERATORS[function](*inputs)
        name = function.__name__
        instead = f"write x.{name}(), or np.{name}" if hasattr(type(self), name) else f"write np.{name}"
        array = "x.detach().numpy()" if function.nin == 1 else "x.detach().numpy(), …"
        raise TypeError(f"np.{name} computes with arrays and would lose the gradient: {instead}({array}).")

    def __contains__(self: Any, value: Any) -> bool:
        if not _is_operand(value):
            raise TypeError(f"A tensor contains numbers; it cannot be asked for a {type(value).__name__}.")
        return bool((self == value).any())

    # Whole-number division, and masks.

    __floordiv__, __rfloordiv__, __ifloordiv__ = _plain(floor_divide), _turned(floor_divide), _in_place(floor_divide)
    __mod__, __rmod__, __imod__ = _plain(remainder), _turned(remainder), _in_place(remainder)
    __and__, __rand__, __iand__ = _plain(_and), _turned(_and), _in_place(_and)
    __or__, __ror__, __ior__ = _plain(_or), _turned(_or), _in_place(_or)
    __xor__, __rxor__, __ixor__ = _plain(_xor), _turned(_xor), _in_place(_xor)

    def __invert__(self: Any) -> Any:
        array = bare(self)
        if array.dtype.kind == "f":
            raise RuntimeError(f"~ turns booleans or integers round, not {array.dtype}: write ~(x > 0), or −x.")
        return _unrecorded(~array)

    def masked_fill(self: Any, mask: Any, value: Any) -> Any:
        """Return the tensor with `value` wherever the mask is true.

        Parameters
        ----------
        mask : Tensor of bool
            In this shape, or one that can be broadcast with it.
        value : number, or Tensor of one number

        Examples
        --------
        >>> from nnkit import tensor
        >>> scores = tensor([1.0, 2.0, 3.0])
        >>> scores.masked_fill(scores > 1.5, -1.0)
        tensor([ 1., -1., -1.])
        """
        (places,) = alike([bare(mask)], "as is")
        if places.dtype != bool_:
            raise RuntimeError(f"masked_fill needs a mask of booleans, got {places.dtype}; write a comparison.")
        _require_operand("masked_fill", value)
        if np.ndim(bare(value)):
            raise RuntimeError(f"masked_fill fills with one number, got a tensor of shape {np.shape(bare(value))}.")
        _require_broadcast("masked_fill", places.shape, self.shape)
        if not isinstance(value, Handle) or value.dtype != self.dtype:  # type: ignore[attr-defined]
            value = np.asarray(bare(value)).astype(self.dtype)
        return p.where_(value, self, places)

    # Comparisons by name.

    def eq(self, other: Any) -> Any:
        """Return where the numbers are equal: self == other."""
        _require_operand("eq", other)
        return self == other

    def ne(self, other: Any) -> Any:
        """Return where the numbers differ: self != other."""
        _require_operand("ne", other)
        return self != other

    def lt(self: Any, other: Any) -> Any:
        """Return where the numbers are less: self < other."""
        return self < other

    def le(self: Any, other: Any) -> Any:
        """Return where the numbers are less or equal: self <= other."""
        return self <= other

    def gt(self: Any, other: Any) -> Any:
        """Return where the numbers are greater: self > other."""
        return self > other

    def ge(self: Any, other: Any) -> Any:
        """Return where the numbers are greater or equal: self >= other."""
        return self >= other

    def allclose(self: Any, other: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> bool:
        """Return whether all numbers are nearly equal: |self − other| ≤ atol + rtol · |other|.

        Raises
        ------
        TypeError
            If `other` is no tensor.
        RuntimeError
            If the dtypes differ, or the shapes cannot be broadcast.

        Examples
        --------
        >>> from nnkit import tensor
        >>> tensor([1.0, 2.0]).allclose(tensor([1.0, 2.000001]))
        True
        """
        if not isinstance(other, Handle):
            raise TypeError(f"allclose compares two tensors, got {type(other).__name__}; use nnkit.tensor(…).")
        if self.dtype != other.dtype:  # type: ignore[attr-defined]
            raise RuntimeError(
                f"allclose needs one dtype on both sides, got {self.dtype} and "
                f"{other.dtype}: .float() or .double() one."  # type: ignore[attr-defined]
            )
        a, b = _matched("allclose", self, other)
        return bool(np.allclose(a, b, rtol, atol, equal_nan))

    # Yes or no, and where.

    def all(self, dim: Any = None, keepdim: bool = False) -> Any:
        """Return whether all numbers are true (not 0), or those along `dim`."""
        return self._asked(np.all, dim, keepdim)

    def any(self, dim: Any = None, keepdim: bool = False) -> Any:
        """Return whether any number is true (not 0), or one along `dim`."""
        return self._asked(np.any, dim, keepdim)

    def _asked(self, question: Any, dim: Any, keepdim: bool) -> Any:
        array = bare(self)
        return _unrecorded(question(array, axis=p.axes_of(dim, array.shape), keepdims=keepdim))

    def argmin(self, dim: int | None = None, keepdim: bool = False) -> Any:
        """Return where the smallest number is (the first of equals), counted through all numbers or along `dim`."""
        array = bare(self)
        found = np.argmin(array, axis=p.axis_to_search(array.shape, dim), keepdims=keepdim)
        return _unrecorded(np.asarray(found, np.int64))

    # Its size and its form.

    def dim(self: Any) -> int:
        """Return how many dimensions it has."""
        return len(self.shape)

    def numel(self: Any) -> int:
        """Return how many numbers it holds."""
        return math.prod(self.shape)

    nelement = numel

    def view_as(self: Any, other: Any) -> Any:
        """Return the numbers in the shape of another tensor, and the same memory."""
        return self.view(other.shape)

    def reshape_as(self: Any, other: Any) -> Any:
        """Return the numbers in the shape of another tensor."""
        return self.reshape(other.shape)

    def to(self: Any, target: Any = None, dtype: Any = None, device: Any = None) -> Any:
        """Return the tensor in a dtype, or in that of another tensor.

        Programs for PyTorch also name a device here: "cpu" is taken, others are refused, because there are none.

        Raises
        ------
        TypeError
            If there are no tensors of this dtype.
        RuntimeError
            If a device is named that is not "cpu".

        Examples
        --------
        >>> from nnkit import float64, tensor
        >>> tensor([1, 2]).to(float64), tensor([1, 2]).to("cpu")
        (tensor([1., 2.], dtype=float64), tensor([1, 2]))
        """
        wanted = wanted_dtype(target, dtype, device)
        return self if wanted is None or wanted == self.dtype else p.cast_(self, wanted)
