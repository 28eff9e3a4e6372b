"""Making tensors: from numbers, from nothing, and from other tensors. (From chance: `chance.py`.)"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnkit.engine import primitives as p
from nnkit.engine.conveniences import with_numpys_names
from nnkit.engine.dtypes import Array, alike, bool_, dtype_of, float32, supported
from nnkit.engine.graph import Node, Primitive, bare
from nnkit.engine.tensors import Tensor, array_from


def _made(array: Array, dtype: Any, requires_grad: bool) -> Tensor:
    """Wrap a new array, in the dtype asked for."""
    if dtype is not None:
        array = array.astype(supported(dtype), copy=False)
    return Node(array).tensor().requires_grad_(requires_grad)


def tensor(data: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make a tensor from numbers, nested lists, an array or a tensor; the numbers are copied.

    Parameters
    ----------
    data : number, nested sequence, array or Tensor
        The numbers. Python floats become float32, integers int64, booleans bool; arrays keep their dtype.
    dtype : dtype, optional
        Another dtype to use.
    requires_grad : bool
        Whether `backward` shall compute the gradient with respect to it.

    Raises
    ------
    ValueError
        If nested lists have different lengths.
    TypeError
        If something is no number, or the dtype is not one of `DTYPES`.

    Examples
    --------
    >>> tensor([[1, 2], [3, 4]]).dtype, tensor([1.5]).dtype, tensor(np.ones(2)).dtype
    (dtype('int64'), dtype('float32'), dtype('float64'))
    """
    return _made(array_from(data, dtype), None, requires_grad)


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
    supported(array.dtype)
    return Node(array.view(np.ndarray)).tensor()


def full(size: Any, fill_value: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make a tensor filled with one number; its dtype is that of the number."""
    value = array_from(fill_value, dtype)
    return _made(np.full(p.sizes_of((size,)), value, value.dtype), None, requires_grad)


def zeros(*size: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make a tensor of zeros: `zeros(2, 3)` or `zeros((2, 3))`."""
    return _made(np.zeros(p.sizes_of(size), supported(dtype or float32)), None, requires_grad)


def ones(*size: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make a tensor of ones: `ones(2, 3)` or `ones((2, 3))`."""
    return _made(np.ones(p.sizes_of(size), supported(dtype or float32)), None, requires_grad)


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
    numbers = [value.item() if isinstance(value, Tensor) else value for value in (start, end, step)]
    return _made(np.arange(*numbers), dtype or dtype_of(numbers), requires_grad)


def linspace(start: float, end: float, steps: int, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Make `steps` numbers at equal distances from `start` to `end`, both included."""
    return _made(np.linspace(start, end, steps), dtype or float32, requires_grad)


@with_numpys_names
def stack(tensors: Sequence[Any], dim: int = 0) -> Tensor:
    """Join tensors of one shape along a new dimension.

    Examples
    --------
    >>> stack([ones(3), zeros(3)]).shape, stack([ones(3), zeros(3)], dim=1).shape
    ((2, 3), (3, 2))
    """
    return _joined(p.stack_, list(tensors), dim, "of one shape")


@with_numpys_names
def cat(tensors: Sequence[Any], dim: int = 0) -> Tensor:
    """Join tensors along a dimension they have; their other sizes must be equal.

    Examples
    --------
    >>> cat([ones(2, 3), zeros(1, 3)]).shape
    (3, 3)
    """
    tensors = list(tensors)
    joined = [part for part in tensors if np.shape(part) != (0,)]  # PyTorch lets these be joined to anything
    return _joined(p.cat_, joined or tensors, dim, "with dimensions, and of one size in all of them but one")


def _joined(join: Primitive, tensors: list[Any], dim: int, fitting: str) -> Tensor:
    if not tensors:
        raise RuntimeError(f"{join.name} needs at least one tensor.")
    for part in tensors:
        if not isinstance(part, Tensor):
            raise TypeError(f"{join.name} joins tensors, got {type(part).__name__} among them.")
    try:
        return join(*tensors, dim=dim)
    except ValueError:
        shapes = " and ".join(sorted({str(part.shape) for part in tensors}))
        raise RuntimeError(f"{join.name} needs tensors {fitting}; the shapes are {shapes}.") from None


def where(condition: Any, input: Any, other: Any) -> Tensor:
    """Take from `input` where the condition holds, from `other` where it does not.

    Examples
    --------
    >>> x = tensor([-1.0, 2.0])
    >>> where(x > 0, x, 0.0)
    tensor([0., 2.])
    """
    (mask,) = alike([bare(condition)], "as is")
    if mask.dtype != bool_:
        raise RuntimeError(f"where needs a condition of booleans, got {mask.dtype}; write a comparison.")
    return p.where_(input, other, mask)
