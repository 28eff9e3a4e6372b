"""The wire between the student's code and the judge: plain data as bytes, and nothing else.

Whatever runs beside a student's code can only say numbers, arrays, strings, lists and dictionaries. No pickle, no
classes, no code: what arrives is an answer to be judged and can do nothing by itself. Sizes, depth and dtypes are
bounded when reading, because the writer may be anybody.

A value that is not plain (a generator, a file, somebody's class) travels as `Opaque`: its type's name and no more.
"""

from __future__ import annotations

import array
import base64
import binascii
import collections
import functools
import json
import math
import struct
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np

MAX_BYTES = 32 * 2**20
MAX_DEPTH = 32
MAX_ANSWER_DEPTH = 24  # of what a student's function returns: an answer travels inside a message
MAX_ITEMS = 200_000
MAX_INTEGER_BITS = 4096
ROW = 8  # numbers from which a list of them travels as one part
NUMBERS_IN_A_PART = 16  # that such a list counts for
MAX_EXACT = 2**53  # whole numbers up to here are floats, too
MAX_DIMENSIONS = 16
MAX_SIGNS = 8 * MAX_ITEMS  # of JSON: brackets and commas, also inside texts
MAX_EMPTY = 2**20  # rows of an array that has nothing in it
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
    type_name : str
        What a person would call its type, such as ``"generator"``.
    """

    type_name: str


def plain(value: Any) -> Any:
    """The plain-data form of any value: arrays and numbers as they are, what is not plain as `Opaque`.

    Parameters
    ----------
    value : Any
        Anything a student's function may return. What counts is the type that an object is, not what it says it is:
        nothing here asks ``__class__`` or ``__len__``, and an ``__array__`` that fails is no array.

    Returns
    -------
    None, bool, int, float, str, list, tuple, dict with string keys, ndarray, NumPy scalar, or `Opaque`
        The value, where it is plain.

    Examples
    --------
    >>> plain([1, (2.5, None)])
    [1, (2.5, None)]
    >>> plain(n for n in range(3))
    Opaque(type_name='generator')
    """
    return _plain(value, 0, [MAX_ITEMS // 2])


def _plain(value: Any, depth: int, budget: list[int]) -> Any:
    kind = type(value)
    if value is None or kind in (bool, float, str, Opaque):
        return value
    if kind is int:
        return value if value.bit_length() <= MAX_INTEGER_BITS else Opaque("very large integer")
    budget[0] -= 1
    if issubclass(kind, np.ma.MaskedArray):  # what is masked is no number, and beneath the mask stands any
        value = np.where(np.ma.getmaskarray(value), np.nan, np.ma.getdata(value)) if np.ma.is_masked(value) else value
    if issubclass(kind, np.generic | np.ndarray):
        return _plain_array(value, depth, budget)
    # Somebody's own kind of list or number is a list or a number to everybody who uses it; so is a named tuple.
    for base in (list, tuple):
        if issubclass(kind, base):
            carried = base.__len__(value) <= NUMBERS_IN_A_PART * budget[0]
            row = _row_of_numbers(base.__iter__(value)) if carried else None
            if row is not None:
                budget[0] -= len(row) // NUMBERS_IN_A_PART
                return base(row)
            if depth >= MAX_ANSWER_DEPTH or budget[0] < base.__len__(value):
                return Opaque(f"very large {_name_of(kind)}")
            budget[0] -= base.__len__(value)
            return base(_plain(entry, depth + 1, budget) for entry in base.__iter__(value))
    if issubclass(kind, dict):
        entries = list(dict.items(value))
        if any(type(key) is not str for key, _ in entries):
            return Opaque(_name_of(kind))
        if depth >= MAX_ANSWER_DEPTH or budget[0] < len(entries):
            return Opaque(f"very large {_name_of(kind)}")
        budget[0] -= len(entries)
        return {key: _plain(entry, depth + 1, budget) for key, entry in entries}
    if issubclass(kind, float):
        return float.__float__(value)
    if kind is complex:
        return np.complex128(value)
    if kind is collections.deque or kind is array.array:
        return _plain(list(value), depth, budget) if len(value) <= budget[0] else Opaque(f"very large {_name_of(kind)}")
    # Exact numbers; nobody can hand one over without having loaded its module.
    for module, name in (("fractions", "Fraction"), ("decimal", "Decimal")):
        if module in sys.modules and kind is getattr(sys.modules[module], name, None):
            return _as_float(value)
    if issubclass(kind, int):
        return _plain(int.__int__(value), depth, budget)
    if issubclass(kind, str):
        return str.__str__(value)
    if any("__array__" in type.__dict__["__dict__"].__get__(base) for base in type.mro(kind)):
        return _plain_array(value, depth, budget)
    return Opaque(_name_of(kind))


def _row_of_numbers(entries: Iterable[Any]) -> list[int | float] | None:
    """A long list of nothing but numbers, NumPy's own among them, as Python's; None for any other list."""
    row = list(entries)
    kinds = set(map(type, row))
    if len(row) < ROW or not kinds <= _NUMBERS.keys():
        return None
    numbers = row if kinds <= {int, float} else [_NUMBERS[type(entry)](entry) for entry in row]
    return numbers if _is_row(numbers) else None


def _is_row(entries: list[Any] | tuple[Any, ...]) -> bool:
    """Whether a list can travel as one part: many numbers of Python's own, the whole ones exact as floats."""
    kinds = set(map(type, entries))
    if len(entries) < ROW or not kinds <= {int, float}:
        return False
    return int not in kinds or all(type(entry) is float or abs(entry) <= MAX_EXACT for entry in entries)


# Single precision is not among them: what it is has to survive the trip.
_NUMBERS: dict[type, type] = {int: int, float: float, np.float64: float, np.int64: int}


def _as_float(value: Any) -> Any:
    try:
        return float(value)
    except Exception:
        return Opaque(_name_of(type(value)))


def _name_of(kind: type) -> str:
    """A type's name, also where its metaclass would say something else."""
    return str.__str__(type.__dict__["__name__"].__get__(kind))


def _plain_array(value: Any, depth: int, budget: list[int]) -> Any:
    name = _name_of(type(value))
    try:
        numbers = np.asarray(value)
        if numbers.dtype == object:
            entries = numbers.tolist()
            if numbers.ndim == 1 and any(issubclass(type(entry), np.ndarray | list | tuple) for entry in entries):
                return _plain(entries, depth, budget)  # arrays of several shapes, kept together in one
            numbers = numbers.astype(np.float64)
        elif _dtype_name(numbers.dtype) not in DTYPES and numbers.dtype.kind in "fc":
            # Twice the digits of a float64 are more than any check looks at.
            numbers = numbers.astype(np.float64 if numbers.dtype.kind == "f" else np.complex128)
        elif numbers.dtype.kind == "U" and numbers.ndim == 0:
            return str(numbers[()])
    except Exception:
        return Opaque(name)
    if _dtype_name(numbers.dtype) not in DTYPES:
        return Opaque(f"{name} of {_dtype_name(numbers.dtype)}")
    if numbers.nbytes > MAX_BYTES // 2 or numbers.ndim > MAX_DIMENSIONS or _is_enormous(numbers.shape):
        return Opaque(f"very large {name}")
    numbers = np.array(numbers, dtype=numbers.dtype.newbyteorder("="), order="C")
    return numbers[()] if issubclass(type(value), np.generic) else numbers


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
    text = json.dumps(_encode(value, 0, [MAX_ITEMS]), separators=(",", ":"), allow_nan=False).encode("ascii")
    if len(text) > MAX_BYTES:
        raise WireError(f"A message has {len(text):,} bytes; at most {MAX_BYTES:,} can be sent.")
    _count_signs(text)
    return text


def _encode(value: Any, depth: int, budget: list[int]) -> Any:
    """The JSON form. Counts as `_decode` does, so that whatever can be written can be read."""
    _count_part(depth, budget)
    kind = type(value)
    if value is None or kind in (bool, str):
        return value
    if kind is int:
        if value.bit_length() > MAX_INTEGER_BITS:
            raise WireError(f"An integer of {value.bit_length():,} bits cannot be sent; at most {MAX_INTEGER_BITS:,}.")
        return value
    if kind is float:
        return value if math.isfinite(value) else {"float": repr(value)}
    if kind in (list, tuple):
        if _is_row(value):
            budget[0] -= len(value) // NUMBERS_IN_A_PART
            whole = bytes(type(entry) is int for entry in value)
            return {"row": [kind.__name__, _text_of(whole), _text_of(np.array(value, dtype="<f8").tobytes())]}
        return {kind.__name__: [_encode(entry, depth + 1, budget) for entry in value]}
    if kind is dict:
        return {"dict": [[str(key), _encode(entry, depth + 1, budget)] for key, entry in value.items()]}
    if kind is np.ndarray or issubclass(kind, np.generic):
        if _dtype_name(value.dtype) not in DTYPES:
            raise WireError(f"An array of dtype {value.dtype} cannot be sent; known are {', '.join(sorted(DTYPES))}.")
        native = np.asarray(value, dtype=value.dtype.newbyteorder("="))
        content = base64.b64encode(np.ascontiguousarray(native).tobytes()).decode("ascii")
        label = "array" if kind is np.ndarray else "scalar"
        return {label: [_dtype_name(value.dtype), list(value.shape), content]}
    if kind is Opaque:
        return {"opaque": value.type_name[:200]}
    raise WireError(f"A value of type {kind.__name__} is not plain data; pass it through `plain` first.")


@functools.lru_cache(maxsize=64)
def _dtype_name(dtype: np.dtype[Any]) -> str:
    """The name of a dtype, which NumPy puts together anew whenever it is asked."""
    return dtype.name


def _text_of(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _count_signs(data: bytes) -> None:
    if sum(data.count(sign) for sign in (b",", b"[", b"{")) > MAX_SIGNS:
        raise WireError(f"A message has more than {MAX_SIGNS:,} brackets and commas.")


def _is_enormous(shape: Iterable[int]) -> bool:
    """Whether an array with nothing in it has so many rows that nobody could walk along them."""
    return math.prod(size or 1 for size in shape) > MAX_EMPTY if 0 in (shape := tuple(shape)) else False


def _count_part(depth: int, budget: list[int]) -> None:
    budget[0] -= 1
    if budget[0] < 0:
        raise WireError(f"A message has more than {MAX_ITEMS:,} parts.")
    if depth > MAX_DEPTH:
        raise WireError(f"A message is nested more than {MAX_DEPTH} deep.")


def loads(data: bytes) -> Any:
    """Read what `dumps` wrote, trusting nothing.

    Raises
    ------
    WireError
        If the bytes are too many, nested too deeply, or not what `dumps` writes.
    """
    if len(data) > MAX_BYTES:
        raise WireError(f"A message has {len(data):,} bytes; at most {MAX_BYTES:,} are read.")
    _count_signs(data)  # what is counted in a moment need not be built first
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
    _count_part(depth, budget)
    if node is None or isinstance(node, bool | float):
        return node
    if isinstance(node, str):
        return _text(node)
    if isinstance(node, int):
        if node.bit_length() > MAX_INTEGER_BITS:
            raise WireError("A message has an integer that is too large.")
        return node
    if not isinstance(node, dict) or len(node) != 1:
        raise WireError("A message has a part of unknown form.")
    ((label, content),) = node.items()
    if label == "float" and content in ("nan", "inf", "-inf"):
        return float(content)
    if label == "opaque" and isinstance(content, str):
        return Opaque(_text(content)[:200])
    if not isinstance(content, list):
        raise WireError(f"A message has a part of unknown kind {label[:40]!r}.")
    if label == "list":
        return [_decode(entry, depth + 1, budget) for entry in content]
    if label == "tuple":
        return tuple([_decode(entry, depth + 1, budget) for entry in content])
    if label == "dict":
        if not all(isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str) for pair in content):
            raise WireError("A message has a dictionary whose keys are not text.")
        return {_text(key): _decode(entry, depth + 1, budget) for key, entry in content}
    if label == "row":
        return _decode_row(content, budget)
    if label in ("array", "scalar"):
        return _decode_array(content, scalar=label == "scalar")
    raise WireError(f"A message has a part of unknown kind {label[:40]!r}.")


def _decode_row(content: list[Any], budget: list[int]) -> Any:
    """A list or tuple of numbers: which of them are whole, and what they are."""
    if len(content) != 3 or content[0] not in ("list", "tuple") or not all(isinstance(text, str) for text in content):
        raise WireError("A message has a row of numbers that is not its kind and two texts.")
    whole, raw = (base64.b64decode(text, validate=True) for text in content[1:])
    budget[0] -= len(whole) // NUMBERS_IN_A_PART
    if len(raw) != 8 * len(whole) or budget[0] < 0:
        raise WireError(f"A message has a row of numbers of impossible length, or more than {MAX_ITEMS:,} parts.")
    numbers = np.frombuffer(raw, dtype="<f8")
    exact = (np.abs(numbers) <= MAX_EXACT) & (numbers == np.trunc(numbers))
    if not exact[np.frombuffer(whole, dtype=np.uint8) != 0].all():
        raise WireError("A message has a whole number that is none.")
    row = [int(number) if is_whole else number for number, is_whole in zip(numbers.tolist(), whole, strict=True)]
    return row if content[0] == "list" else tuple(row)


def _text(node: str) -> str:
    """Text that can be written anywhere: half a surrogate pair, which no encoding has, becomes a question mark."""
    return node if node.isascii() else node.encode("utf-8", errors="replace").decode("utf-8")


def _decode_array(content: list[Any], scalar: bool) -> Any:
    if len(content) != 3:
        raise WireError("A message has an array that is not dtype, shape and bytes.")
    name, shape, text = content
    if not isinstance(name, str) or name not in DTYPES:
        raise WireError(f"A message has an array of dtype {str(name)[:40]!r}, which is not known.")
    if not isinstance(shape, list) or len(shape) > MAX_DIMENSIONS:
        raise WireError("A message has an array of impossible shape.")
    if not all(type(size) is int and 0 <= size <= MAX_BYTES for size in shape) or (scalar and shape):
        raise WireError("A message has an array of impossible shape.")
    if not isinstance(text, str):
        raise WireError("A message has an array without bytes.")
    if _is_enormous(shape):
        raise WireError("A message has an array with nothing in it and far too many rows.")
    raw = base64.b64decode(text, validate=True)
    dtype = np.dtype(name)
    if math.prod(shape) * dtype.itemsize != len(raw):
        raise WireError("A message has an array whose bytes do not fit its shape.")
    if name == "bool" and raw.strip(b"\x00\x01"):
        raise WireError("A message has an array of truth values with other bytes than 0 and 1.")
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
    (length,) = struct.unpack(">I", _read_exactly(stream, 4))
    if length > MAX_BYTES:
        raise WireError(f"The other side announces {length:,} bytes; at most {MAX_BYTES:,} are read.")
    return _read_exactly(stream, length)


def _read_exactly(stream: BinaryIO, length: int) -> bytes:
    """Read on until all is there: a pipe or a socket may hand it over in pieces."""
    pieces: list[bytes] = []
    missing = length
    while missing:
        piece = stream.read(missing)
        if not piece:
            raise WireError(f"The other side closed the connection after {length - missing:,} of {length:,} bytes.")
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)
