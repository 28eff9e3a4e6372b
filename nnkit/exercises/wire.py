"""The wire between the student's code and the judge: plain data as bytes, and nothing else.

Whatever runs beside a student's code can only say numbers, arrays, strings, lists and dictionaries. No pickle, no
classes, no code: what arrives is an answer to be judged and can do nothing by itself. Sizes, depth and dtypes are
bounded when reading, because the writer may be anybody.

A value that is not plain (a generator, a file, somebody's class) travels as `Opaque`: its type's name and no more.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import struct
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np

MAX_BYTES = 32 * 2**20
MAX_DEPTH = 32
MAX_ITEMS = 200_000
MAX_INTEGER_BITS = 4096
MAX_DIMENSIONS = 16
DTYPES = frozenset(
    "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128".split()
)


class WireError(ValueError):
    """A message that is not plain data, or larger than the wire carries."""


@dataclass(frozen=True)
class Opaque:
    """Stands for a value that is not plain data.

    Parameters
    ----------
    type_name
        What a person would call its type, such as ``"generator"``.
    """

    type_name: str


def plain(value: Any, depth: int = 0) -> Any:
    """The plain-data form of any value: arrays and numbers as they are, what is not plain as `Opaque`.

    Parameters
    ----------
    value
        Anything a student's function may return. Exact types count: a subclass may lie about what it is.

    Returns
    -------
    None, bool, int, float, str, list, tuple, dict with string keys, ndarray, NumPy scalar, or `Opaque`.

    Examples
    --------
    >>> plain([1, (2.5, None)])
    [1, (2.5, None)]
    >>> plain(n for n in range(3))
    Opaque(type_name='generator')
    """
    kind = type(value)
    if value is None or kind in (bool, float, str, Opaque):
        return value
    if kind is int:
        return value if value.bit_length() <= MAX_INTEGER_BITS else Opaque("an integer too large to send")
    if depth >= MAX_DEPTH:
        return Opaque(f"{kind.__name__} nested too deeply")
    if kind in (list, tuple):
        return kind(plain(entry, depth + 1) for entry in value)
    if kind is dict and all(type(key) is str for key in value):
        return {key: plain(entry, depth + 1) for key, entry in value.items()}
    if isinstance(value, np.generic | np.ndarray) or hasattr(kind, "__array__"):
        return _plain_array(value)
    if issubclass(kind, tuple):  # a named tuple is a tuple to everybody who unpacks it
        return tuple(plain(entry, depth + 1) for entry in tuple.__iter__(value))
    return Opaque(kind.__name__)


def _plain_array(value: Any) -> Any:
    name = type(value).__name__
    try:
        array = np.asarray(value)
        if array.dtype == object:
            array = array.astype(np.float64)
    except Exception:
        return Opaque(f"{name} of objects")
    if array.dtype.name not in DTYPES:
        return Opaque(f"{name} of {array.dtype.name}")
    if array.nbytes > MAX_BYTES // 2:
        return Opaque(f"{name} of {array.nbytes:,} bytes")
    array = np.array(array, dtype=array.dtype.newbyteorder("="), order="C")
    return array[()] if isinstance(value, np.generic) else array


def dumps(value: Any) -> bytes:
    """Write plain data as bytes.

    Raises
    ------
    WireError
        If the value holds something that is not plain (see `plain`) or is too large.

    Examples
    --------
    >>> loads(dumps({"x": (1, 2.5)}))
    {'x': (1, 2.5)}
    """
    text = json.dumps(_encode(value), separators=(",", ":"), allow_nan=False).encode("ascii")
    if len(text) > MAX_BYTES:
        raise WireError(f"A message has {len(text):,} bytes; at most {MAX_BYTES:,} can be sent.")
    return text


def _encode(value: Any) -> Any:
    kind = type(value)
    if value is None or kind in (bool, str, int):
        return value
    if kind is float:
        return value if math.isfinite(value) else {"float": repr(value)}
    if kind in (list, tuple):
        return {kind.__name__: [_encode(entry) for entry in value]}
    if kind is dict:
        return {"dict": [[str(key), _encode(entry)] for key, entry in value.items()]}
    if kind is np.ndarray or isinstance(value, np.generic):
        if value.dtype.name not in DTYPES:
            raise WireError(f"An array of dtype {value.dtype} cannot be sent; known are {', '.join(sorted(DTYPES))}.")
        content = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode("ascii")
        label = "array" if kind is np.ndarray else "scalar"
        return {label: [value.dtype.name, list(value.shape), content]}
    if kind is Opaque:
        return {"opaque": value.type_name[:200]}
    raise WireError(f"A value of type {kind.__name__} is not plain data; pass it through `plain` first.")


def loads(data: bytes) -> Any:
    """Read what `dumps` wrote, trusting nothing.

    Raises
    ------
    WireError
        If the bytes are too many, nested too deeply, or not what `dumps` writes.
    """
    if len(data) > MAX_BYTES:
        raise WireError(f"A message has {len(data):,} bytes; at most {MAX_BYTES:,} are read.")
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise WireError("A message is not JSON; it was cut off or not written by this program.") from error
    budget = [MAX_ITEMS]
    try:
        return _decode(document, 0, budget)
    except (TypeError, ValueError, KeyError, binascii.Error) as error:
        if isinstance(error, WireError):
            raise
        raise WireError(f"A message has a part that cannot be read: {error}.") from error


def _decode(node: Any, depth: int, budget: list[int]) -> Any:
    budget[0] -= 1
    if budget[0] < 0:
        raise WireError(f"A message has more than {MAX_ITEMS:,} parts.")
    if depth > MAX_DEPTH + 2:
        raise WireError(f"A message is nested more than {MAX_DEPTH} deep.")
    if node is None or isinstance(node, bool | str | float):
        return node
    if isinstance(node, int):
        if node.bit_length() > MAX_INTEGER_BITS:
            raise WireError("A message has an integer that is too large.")
        return node
    if not isinstance(node, dict) or len(node) != 1:
        raise WireError("A message has a part of unknown form.")
    ((label, content),) = node.items()
    if label == "float":
        if content not in ("nan", "inf", "-inf"):
            raise WireError("A message has a number of unknown form.")
        return float(content)
    if label in ("list", "tuple"):
        entries = [_decode(entry, depth + 1, budget) for entry in content]
        return entries if label == "list" else tuple(entries)
    if label == "dict":
        return {str(key): _decode(entry, depth + 1, budget) for key, entry in content}
    if label in ("array", "scalar"):
        return _decode_array(content, scalar=label == "scalar")
    if label == "opaque":
        return Opaque(str(content)[:200])
    raise WireError(f"A message has a part of unknown kind {label[:40]!r}.")


def _decode_array(content: Any, scalar: bool) -> Any:
    name, shape, text = content
    if name not in DTYPES:
        raise WireError(f"A message has an array of dtype {str(name)[:40]!r}, which is not known.")
    if len(shape) > MAX_DIMENSIONS or not all(type(size) is int and 0 <= size <= MAX_BYTES for size in shape):
        raise WireError("A message has an array of impossible shape.")
    raw = base64.b64decode(text, validate=True)
    dtype = np.dtype(name)
    if math.prod(shape) * dtype.itemsize != len(raw):
        raise WireError("A message has an array whose bytes do not fit its shape.")
    if scalar and shape:
        raise WireError("A message has a scalar with a shape.")
    array = np.frombuffer(raw, dtype=dtype).reshape(shape).copy()
    return array[()] if scalar else array


def write_frame(stream: BinaryIO, data: bytes) -> None:
    """Write one message with its length before it, so that a reader knows where it ends."""
    stream.write(struct.pack(">I", len(data)))
    stream.write(data)
    stream.flush()


def read_frame(stream: BinaryIO) -> bytes:
    """Read one message that `write_frame` wrote.

    Raises
    ------
    WireError
        If the stream ends early or announces more than `MAX_BYTES`.
    """
    head = stream.read(4)
    if len(head) < 4:
        raise WireError("The other side closed the connection before it answered.")
    (length,) = struct.unpack(">I", head)
    if length > MAX_BYTES:
        raise WireError(f"The other side announces {length:,} bytes; at most {MAX_BYTES:,} are read.")
    data = stream.read(length)
    if len(data) < length:
        raise WireError(f"The other side stopped after {len(data):,} of {length:,} bytes.")
    return data
