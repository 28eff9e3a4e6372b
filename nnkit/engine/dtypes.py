"""Kinds of numbers: which dtypes there are, and in which of them an operation is computed.

The rules are PyTorch's. Tensors with dimensions decide; a 0-d tensor yields to them, and a plain number yields to both.
Whoever yields only has a say if it is of a higher kind: booleans give way to integers, integers to floats.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

float32, float64 = np.dtype("float32"), np.dtype("float64")
int64, bool_ = np.dtype("int64"), np.dtype("bool")
DTYPES = frozenset(map(np.dtype, ("bool", "uint8", "int8", "int16", "int32", "int64", "float32", "float64")))
NUMBERS = {(bool, np.bool_): bool_, (int, np.integer): int64, (float, np.floating): float32}  # True is an int, too
ONE_FLOAT = ({float32}, {float64})
RANK = {"b": 0, "u": 1, "i": 1, "f": 2}  # of dtype.kind


def supported(dtype: Any) -> np.dtype[Any]:
    """Return the dtype, if tensors of it exist."""
    names = ", ".join(sorted(dtype.name for dtype in DTYPES))
    try:
        dtype = np.dtype(dtype)
    except TypeError:
        sizes = " For a tensor with these sizes write nnkit.zeros(2, 3)." if isinstance(dtype, int | tuple) else ""
        raise TypeError(f"A dtype is one of {names}, got {dtype!r}.{sizes}") from None
    if dtype not in DTYPES:
        raise TypeError(f"Tensors of {dtype} do not exist here; use one of {names}.")
    return dtype


def require_cpu(device: Any) -> None:
    """Refuse a device that is not the processor; "cpu" and None may be written in programs that name devices."""
    if device is not None and str(device) != "cpu":
        raise RuntimeError(f'Tensors live in the memory of the processor here, on "cpu"; there is no device {device}.')


def dtype_of_number(kind: type) -> np.dtype[Any]:
    """Return the dtype that a plain number of this type stands for."""
    for kinds, dtype in NUMBERS.items():
        if issubclass(kind, kinds):
            return dtype
    hint = "Does forward return its result?" if kind is type(None) else "Wrap a list in nnkit.tensor(…)."
    raise TypeError(f"A tensor goes with tensors, NumPy arrays and numbers, not with {kind.__name__}. {hint}")


def dtype_of(data: Any) -> np.dtype[Any]:
    """Return the dtype of numbers, arrays, or nested lists of them; an array among numbers has its say.

    Examples
    --------
    >>> dtype_of([1, 2.5]), dtype_of([[True], [3]]), dtype_of([np.float64(1), 2.5])
    (dtype('float32'), dtype('int64'), dtype('float64'))
    """
    if hasattr(data, "dtype"):
        return supported(data.dtype)
    if not isinstance(data, list | tuple):
        return dtype_of_number(type(data))
    kinds = dict(zip(map(type, data), data, strict=True))  # plain numbers of one type are all alike
    parts = kinds.values() if set(kinds) <= {bool, int, float} else data
    return functools.reduce(promote_types, map(dtype_of, parts)) if data else float32


def promote_types(a: np.dtype[Any], b: np.dtype[Any]) -> np.dtype[Any]:
    """Return the dtype that holds both, as PyTorch sees it: a float stays what it is beside an integer."""
    return np.promote_types(a, b) if RANK[a.kind] == RANK[b.kind] else _higher(a, b)


def _higher(*dtypes: np.dtype[Any]) -> np.dtype[Any]:
    return max(dtypes, key=lambda dtype: RANK[dtype.kind])  # of equals the first


def alike(values: Sequence[Any], rule: str) -> Sequence[Array]:
    """Return arrays and numbers as arrays of the dtype that the rule asks for.

    "common" promotes them, "float" besides turns integers into float32, "first" follows the first, and "as is" only
    makes arrays of numbers.

    Examples
    --------
    >>> [array.dtype.name for array in alike([np.ones(3, "float32"), 2.5], "common")]
    ['float32', 'float32']
    >>> [array.dtype.name for array in alike([np.arange(3), 2.5], "common")]
    ['float32', 'float32']
    """
    if {value.dtype if type(value) is np.ndarray else None for value in values} in ONE_FLOAT:
        return values  # nothing to do, and nearly always so
    kinds = tuple([(value.dtype, value.ndim > 0) if isinstance(value, np.ndarray) else type(value) for value in values])
    dtype = _wanted(kinds, rule)
    return values if dtype is None else [np.asarray(value, dtype) for value in values]


@functools.cache
def _wanted(kinds: tuple[Any, ...], rule: str) -> np.dtype[Any] | None:
    """Return the dtype to bring the values to, None if there is nothing to do."""
    votes: list[list[np.dtype[Any]]] = [[], [], []]  # of arrays with dimensions, 0-d arrays, and numbers
    for kind in kinds:
        if isinstance(kind, tuple):
            votes[0 if kind[1] else 1].append(supported(kind[0]))
        else:
            votes[2].append(dtype_of_number(kind))
    dtype = _higher(*[functools.reduce(promote_types, group) for group in votes if group])
    if rule == "first":
        dtype = kinds[0][0]
    elif rule == "float" and dtype.kind != "f":
        dtype = float32
    done = rule == "as is" or {dtype} == set(votes[0] + votes[1])
    return None if done and not votes[2] else dtype
