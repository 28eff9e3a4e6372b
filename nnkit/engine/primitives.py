"""The primitives: what can be differentiated, one function each.

A primitive computes its value and, beside it, one derivative per argument, as a function that turns g, the gradient of
the result with respect to the value, into the gradient with respect to the argument. The docstring is the formula. All
of them work on plain NumPy arrays and know nothing of graphs; the decorator takes care of that, and of broadcasting.
A derivative names the arrays that it needs and no others: those it names are kept, and must not be changed meanwhile.

Arguments before a slash are the arrays, what comes after it are constants. Many of these functions are the methods of
`Tensor` as they stand: `x.sum(dim=0)` is `sum_(x, dim=0)`.
"""

from __future__ import annotations

import itertools
import math
import re
from operator import index as as_integer
from typing import Any

import numpy as np

from nnkit.engine.dtypes import Array, bool_, float32, int64
from nnkit.engine.graph import Handle, Vjp, bare, primitive

Dim = int | tuple[int, ...] | None

# Elementwise, two arguments.


@primitive("+")
def add(x: Array, y: Array) -> Any:
    """x + y;  ∂/∂x = 1,  ∂/∂y = 1."""
    return x + y, (lambda g: g, lambda g: g)


@primitive("−")
def sub(x: Array, y: Array) -> Any:
    """x − y;  ∂/∂x = 1,  ∂/∂y = −1."""
    return _of_kind("iuf", x, "−") - y, (lambda g: g, lambda g: -g)


@primitive("×")
def mul(x: Array, y: Array) -> Any:
    """x · y;  ∂/∂x = y,  ∂/∂y = x."""
    return x * y, (lambda g: g * y, lambda g: g * x)


@primitive("÷", dtype="float")
def div(x: Array, y: Array) -> Any:
    """x / y;  ∂/∂x = 1 / y,  ∂/∂y = −x / y²."""
    if x.ndim:
        return x / y, (lambda g: g / y, lambda g: -g * ((x / y) / y))
    inverse = 1 / y  # as in PyTorch, a number over y needs no more than this: y may be changed afterwards
    return x / y, (lambda g: g / y, lambda g: -g * (x * inverse * inverse))


@primitive("^")
def pow_(x: Array, y: Array) -> Any:
    """x ^ y;  ∂/∂x = y · x^(y−1), 0 where y = 0;  ∂/∂y = x^y · ln x, 0 where x = 0 and y ≥ 0."""
    if x.dtype.kind in "iu" and (y < 0).any():
        raise RuntimeError("An integer tensor cannot be raised to a negative power; convert it with .float() first.")
    p = y.item() if not y.ndim and y.dtype.kind == "f" else y  # NumPy squares and takes roots faster than powers
    value = x**p
    return value, (
        lambda g: g * (p * x ** (p - (p != 0))),  # where y = 0: 0 · x^0
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
def where_(x: Array, y: Array, /, condition: Array) -> Any:
    """x where the condition holds, else y;  ∂/∂x = 1 where it holds,  ∂/∂y = 1 where it does not."""
    return np.where(condition, x, y), (lambda g: np.where(condition, g, 0), lambda g: np.where(condition, 0, g))


# Elementwise, one argument.


@primitive("−")
def neg(x: Array) -> Any:
    """−x;  ∂/∂x = −1."""
    return -_of_kind("iuf", x, "−"), (lambda g: -g,)


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
def clamp(x: Array, /, min: float | None = None, max: float | None = None) -> Any:
    """x, but at least min and at most max;  ∂/∂x = 1 where min ≤ x ≤ max, else 0."""
    bounds = [bound for bound in (min, max) if bound is not None]
    if not bounds:
        raise RuntimeError("clamp needs min, max or both.")
    if any(isinstance(bound, Handle | np.ndarray) for bound in bounds):
        raise TypeError("clamp takes numbers as min and max; use nnkit.maximum(x, …) for tensors.")
    if x.dtype.kind != "f" and any(isinstance(bound, float | np.floating) for bound in bounds):
        x = x.astype(float32)
    y = np.clip(x, min, max).astype(x.dtype, copy=False)
    inside = x == y
    return y, (lambda g: np.where(inside, g, 0),)


@primitive("dtype", dtype="as is")
def cast_(x: Array, /, dtype: np.dtype[Any]) -> Any:
    """x in another dtype;  ∂/∂x = 1."""
    return x.astype(dtype), (lambda g: g,)


@primitive("copy")
def clone(x: Array) -> Any:
    """A copy of x;  ∂/∂x = 1."""
    return x.copy(), (lambda g: g,)


def _of_kind(kinds: str, x: Array, name: str) -> Array:
    """Refuse what is not of the kinds "i", "u" (integers) or "f" (floats)."""
    if x.dtype.kind not in kinds:
        cure = ".float()" if kinds == "f" else ".long() or .float()"
        raise RuntimeError(f"{name} is not defined for {x.dtype}; convert the tensor with {cure} first.")
    return x


# The product of matrices.


@primitive("@", dtype="as is")
def matmul(x: Array, y: Array) -> Any:
    """x @ y;  ∂/∂x = g yᵀ,  ∂/∂y = xᵀ g  (a vector counts as one row on the left, one column on the right)."""
    _require_matching(x, y)
    row, column = x.ndim == 1, y.ndim == 1
    left, right = x[None] if row else x, y[:, None] if column else y

    def as_matrix(g: Array) -> Array:
        g = g[..., None] if column else g
        return g[..., None, :] if row else g

    def to_y(g: Array) -> Array:
        out = left.swapaxes(-1, -2) @ as_matrix(g)
        return out[..., 0] if column else out

    return x @ y, (lambda g: as_matrix(g) @ right.swapaxes(-1, -2), to_y)


def _require_matching(x: Array, y: Array) -> None:
    if not x.ndim or not y.ndim:
        raise RuntimeError(f"@ multiplies matrices and vectors, but the shapes are {x.shape} and {y.shape}. Use *.")
    if x.dtype != y.dtype:
        raise RuntimeError(f"@ needs one dtype on both sides, got {x.dtype} and {y.dtype}: .float() or .double() one.")
    rows = y.shape[0] if y.ndim == 1 else y.shape[-2]
    if x.shape[-1] != rows:
        raise RuntimeError(
            f"The shapes {x.shape} @ {y.shape} do not fit: the last size on the left, {x.shape[-1]}, must equal the "
            f"{'size' if y.ndim == 1 else 'number of rows'} on the right, {rows}. Is one of them transposed?"
        )


# Reductions. `dim` says which dimensions disappear (None: all); with `keepdim` they stay, with size 1.


def axes_of(dim: Any, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the dimensions that are named, as numbers from 0 upwards; all of them for None."""
    rank = len(shape) or 1  # a 0-d tensor lets you name its dimension 0 or −1, as PyTorch does
    dims = range(len(shape)) if dim is None or dim == () else dim if isinstance(dim, tuple | list) else (dim,)
    for d in dims:
        if not -rank <= d < rank:
            raise IndexError(
                f"A tensor of shape {shape} has no dimension {d}: they are numbered 0 to {rank - 1}, or −{rank} to −1."
            )
    axes = tuple([as_integer(d) % rank for d in dims])
    if len(set(axes)) < len(axes):
        raise RuntimeError(f"Each dimension may be named once, got dim={dim} for a tensor of shape {shape}.")
    return axes if shape else ()


def _kept(g: Array, shape: tuple[int, ...], axes: tuple[int, ...]) -> Array:
    """Give a reduced array its lost dimensions back, with size 1."""
    return g.reshape(tuple([1 if i in axes else n for i, n in enumerate(shape)]))


@primitive("Σ")
def sum_(x: Array, /, dim: Dim = None, keepdim: bool = False) -> Any:
    """Σ x;  ∂/∂x = 1 everywhere."""
    shape, axes = x.shape, axes_of(dim, x.shape)
    value = np.sum(x, axis=axes, keepdims=keepdim, dtype=x.dtype if x.dtype.kind == "f" else int64)
    return value, (lambda g: np.broadcast_to(_kept(g, shape, axes), shape),)


@primitive("mean")
def mean(x: Array, /, dim: Dim = None, keepdim: bool = False) -> Any:
    """Σ x / n;  ∂/∂x = 1 / n everywhere."""
    shape, axes = x.shape, axes_of(dim, x.shape)
    n = math.prod(shape[axis] for axis in axes)
    value = np.sum(_of_kind("f", x, "mean"), axis=axes, keepdims=keepdim) / x.dtype.type(n)
    return value, (lambda g: np.broadcast_to(_kept(g, shape, axes) / n, shape),)


@primitive("var")
def var(x: Array, /, dim: Any = None, unbiased: bool = True, keepdim: bool = False, *, correction: Any = None) -> Any:
    """Σ (x − m)² / (n − c), m the mean, c = 1 (0 if not `unbiased`);  ∂/∂x = 2 (x − m) / (n − c)."""
    if isinstance(dim, bool):  # x.var(False) means unbiased=False
        dim, unbiased = None, dim
    axes = axes_of(dim, x.shape)
    n = math.prod(x.shape[axis] for axis in axes)
    centred = x - np.sum(_of_kind("f", x, "var"), axis=axes, keepdims=True) / x.dtype.type(n)
    freedom = x.dtype.type(max(n - (int(unbiased) if correction is None else correction), 0))
    value = np.sum(centred * centred, axis=axes, keepdims=keepdim) / freedom
    return value, (lambda g: _kept(g, centred.shape, axes) * (2 / freedom) * centred,)


@primitive("std")
def std(x: Array, /, dim: Any = None, unbiased: bool = True, keepdim: bool = False, *, correction: Any = None) -> Any:
    """s = √var;  ∂/∂x = (x − m) / (s (n − c)), 0 where s = 0."""
    variance, (to_x,) = var.function(x, dim, unbiased, keepdim, correction=correction)
    s = np.asarray(np.sqrt(variance))
    return s, (lambda g: to_x(np.where(s == 0, 0, g / (2 * s))),)


@primitive("max")
def max_(x: Array, /, dim: int | None = None, keepdim: bool = False) -> Any:
    """The largest;  its gradient is g. Equals share it; along a dimension the first of them gets all."""
    return _extreme(x, dim, keepdim, np.max, np.argmax)


@primitive("min")
def min_(x: Array, /, dim: int | None = None, keepdim: bool = False) -> Any:
    """The smallest;  its gradient is g. Equals share it; along a dimension the first of them gets all."""
    return _extreme(x, dim, keepdim, np.min, np.argmin)


def _extreme(x: Array, dim: int | None, keepdim: bool, reduce: Any, find: Any) -> Any:
    shape, axis = x.shape, axis_to_search(x.shape, dim)
    if axis is None:
        value = np.asarray(reduce(x))
        is_best = (x == value) | (x != x)  # a NaN wins, and is not equal to itself
        return value, (lambda g: np.where(is_best, g / np.count_nonzero(is_best), 0),)
    first = find(x, axis=axis, keepdims=True)
    value = np.take_along_axis(x, first, axis)

    def to_x(g: Array) -> Array:
        out = np.zeros(shape, g.dtype)
        np.put_along_axis(out, first, g.reshape(first.shape), axis)
        return out

    return value if keepdim else value.squeeze(axis), (to_x,)


def axis_to_search(shape: tuple[int, ...], dim: int | None) -> int | None:
    """Return the dimension along which the largest or smallest is looked for; None: among all numbers."""
    if isinstance(dim, tuple | list):
        raise TypeError(
            f"The largest or smallest is looked for along one dimension, got dim={dim}; flatten them first."
        )
    axes = axes_of(dim, shape)
    if any(shape[axis] == 0 for axis in axes):
        raise RuntimeError(f"A tensor of shape {shape} has no largest or smallest entry: it is empty.")
    return None if dim is None or not axes else axes[0]


@primitive("norm")
def norm(x: Array, /, p: float | str = "fro", dim: Dim = None, keepdim: bool = False) -> Any:
    """n = (Σ |x|^p)^(1/p);  ∂/∂x = sign(x) (|x| / n)^(p−1), 0 where n = 0. For p = ∞ the largest |x|, shared."""
    axes, size = axes_of(dim, x.shape), np.abs(_of_kind("f", x, "norm"))
    p = 2.0 if p == "fro" else float(p)
    if not p > 0:
        raise RuntimeError(f"norm needs p > 0, got p={p}.")
    if p == math.inf:
        n = np.max(size, axis=axes, keepdims=True, initial=0)
    else:
        n = np.asarray(np.sum(size**p, axis=axes, keepdims=True) ** (1 / p), x.dtype)

    def to_x(g: Array) -> Array:
        largest = size == n
        slope = largest / np.sum(largest, axis=axes, keepdims=True) if p == math.inf else (size / n) ** (p - 1)
        return _kept(g, x.shape, axes) * np.where((n == 0) | (x == 0), 0, np.sign(x) * slope)

    return n if keepdim else n.squeeze(axes), (to_x,)


@primitive("softmax", dtype="float")
def softmax(x: Array, /, dim: int) -> Any:
    """s = e^x / Σ e^x;  ∂/∂x = s (g − Σ g s)."""
    axes = axes_of(dim, x.shape)
    s = np.exp(x - np.max(x, axis=axes, keepdims=True, initial=-math.inf))
    s = np.asarray(s / np.sum(s, axis=axes, keepdims=True))
    return s, (lambda g: s * (g - np.sum(g * s, axis=axes, keepdims=True)),)


@primitive("ln softmax", dtype="float")
def log_softmax(x: Array, /, dim: int) -> Any:
    """y = x − ln Σ e^x;  ∂/∂x = g − e^y Σ g."""
    axes = axes_of(dim, x.shape)
    y = x - np.max(x, axis=axes, keepdims=True, initial=-math.inf)
    y = np.asarray(y - np.log(np.sum(np.exp(y), axis=axes, keepdims=True)))
    return y, (lambda g: g - np.exp(y) * np.sum(g, axis=axes, keepdims=True),)


# Shapes. Only the arrangement changes, so the gradient is arranged back.


def sizes_of(sizes: tuple[Any, ...]) -> tuple[int, ...]:
    """Accept sizes one by one or in one tuple."""
    if len(sizes) == 1 and isinstance(sizes[0], tuple | list):
        sizes = tuple(sizes[0])
    return tuple(map(as_integer, sizes))


@primitive("reshape", view=True)
def reshape(x: Array, /, *shape: Any) -> Any:
    """x in another shape;  the gradient in the old one."""
    old, new = x.shape, sizes_of(shape)
    try:
        return x.reshape(new), (lambda g: g.reshape(old),)
    except ValueError:
        which = "" if -1 in new else f", which has {math.prod(new)}"
        raise RuntimeError(f"Shape {old} has {x.size} numbers and cannot become {new}{which}.") from None


@primitive("permute", view=True)
def permute(x: Array, /, *dims: Any) -> Any:
    """x with its dimensions in another order;  the gradient with the order undone."""
    dims = sizes_of(dims)
    axes = axes_of(dims, x.shape)
    if len(dims) != x.ndim:
        raise RuntimeError(f"permute needs each of the {x.ndim} dimensions of shape {x.shape} once, got {dims}.")
    back = tuple([axes.index(i) for i in range(x.ndim)])
    return x.transpose(axes), (lambda g: g.transpose(back),)


@primitive("expand", view=True)
def expand(x: Array, /, *shape: Any) -> Any:
    """x repeated along new dimensions and those of size 1 (−1: as it is);  the gradient summed over the copies."""
    new = sizes_of(shape)
    old = (1,) * (len(new) - x.ndim) + x.shape
    wanted = [have if want == -1 else want for have, want in zip(old, new, strict=False)]
    try:
        return np.broadcast_to(x, wanted), (lambda g: g,)  # summed by the graph, as after all broadcasting
    except ValueError:
        raise RuntimeError(f"Shape {x.shape} cannot be expanded to {new}: only sizes of 1 can grow.") from None


# Parts.


@primitive("[ ]", view=True)
def getitem(x: Array, /, index: tuple[Any, ...]) -> Any:
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
        raise _misplaced(error, shape) from None


@primitive("[ ]=", dtype="first")
def setitem(x: Array, y: Array, /, index: tuple[Any, ...]) -> Any:
    """x with y written at an index;  ∂/∂x = g with 0 there,  ∂/∂y = g there."""
    value = x.copy()
    chosen = assign(value, index, y)
    padded = (1,) * (y.ndim - len(chosen)) + chosen  # y may have further dimensions of size 1 in front

    def to_x(g: Array) -> Array:
        out = g.copy()
        out[index] = 0
        return out

    return value, (to_x, lambda g: g[index].reshape(padded))


def assign(array: Array, index: tuple[Any, ...], values: Array) -> tuple[int, ...]:
    """Write values at an index, and return the shape of the places."""
    try:
        chosen = array[index].shape
        array[index] = values
    except IndexError as error:
        raise _misplaced(error, array.shape) from None
    except ValueError:
        raise RuntimeError(f"Values of shape {values.shape} do not fit into places of shape {chosen}.") from None
    return tuple(chosen)


def _misplaced(error: IndexError, shape: tuple[int, ...]) -> IndexError:
    """Say what NumPy says of an index, as a sentence that says what would be right."""
    found = re.match(r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)", str(error))
    if found is None:
        return IndexError(f"This index does not fit a tensor of shape {shape}: {error}.")
    index, dim, size = map(int, found.groups())
    there = f"there it may be 0 to {size - 1}, or −{size} to −1 from the end" if size else "it is empty there"
    return IndexError(f"Index {index} is out of range in dimension {dim} of a tensor of shape {shape}: {there}.")


def index_of(index: Any) -> tuple[Any, ...]:
    """Return an index as NumPy wants it: a tuple, with arrays in the place of tensors and lists."""
    parts = tuple([_index_part(part) for part in (index if isinstance(index, tuple) else (index,))])
    # With an Ellipsis at its end, an index of integers gives a view where it would give a plain number.
    return parts if any(part is Ellipsis or isinstance(part, np.ndarray | bool) for part in parts) else (*parts, ...)


def _index_part(part: Any) -> Any:
    part = bare(part)
    if part is None or part is Ellipsis or isinstance(part, int | slice):
        return part
    part = np.array(part, dtype=int64 if isinstance(part, list | range) and not part else None)
    if part.dtype.kind not in "iub":
        raise IndexError(f"A tensor is indexed by integers, booleans, slices and None, not by {part.dtype}.")
    return part if part.ndim or part.dtype == bool_ else int(part)


# Joining.


@primitive("stack")
def stack_(*xs: Array, dim: int) -> Any:
    """The arrays side by side along a new dimension;  each gets its slice of the gradient."""
    (axis,) = axes_of(dim, (1, *xs[0].shape))

    def to(i: int) -> Vjp:
        return lambda g: g.take(i, axis=axis)

    return np.stack(xs, axis=axis), tuple([to(i) for i in range(len(xs))])


@primitive("cat")
def cat_(*xs: Array, dim: int) -> Any:
    """The arrays one after the other along a dimension;  each gets its part of the gradient."""
    (axis,) = axes_of(dim, xs[0].shape)
    value = np.concatenate(xs, axis=axis)
    ends = list(itertools.accumulate(x.shape[axis] for x in xs))

    def to(end: int, size: int) -> Vjp:
        return lambda g: g[(slice(None),) * axis + (slice(end - size, end),)]

    return value, tuple([to(end, x.shape[axis]) for end, x in zip(ends, xs, strict=True)])
