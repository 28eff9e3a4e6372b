"""What a name stands for at one moment: whether it has changed since, and as much of it as a reader will be shown.

Nothing of the student's runs while a value is looked at: no `__repr__`, no `__eq__`, no property. A small array is
copied whole; of a large one its shape, its range and its first entries.
"""

from __future__ import annotations

import collections
import itertools
import types
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from nnkit.exercises.beside import wire

SMALL = 24  # an array of so many entries is shown whole
SMALL_GRID, NARROW = 36, 9  # also one of so many, where its rows are not longer than this
FIRST = 4  # so many entries of a larger one
SAMPLED = (6, 16)  # rows and columns of a larger one, taken at equal distances, for a map of colours
MOST_ENTRIES = 8  # of a list or dictionary
MOST_ATTRIBUTES = 3  # of an object inside a line of others
LARGEST_HASHED = 2**18  # bytes; of larger arrays some entries are looked at

Picture = list[Any]

_HIDDEN = (
    *(types.FunctionType, types.BuiltinFunctionType, types.ModuleType, type, types.MethodType),
    *(types.MethodWrapperType, types.WrapperDescriptorType, np.ufunc, property, staticmethod, classmethod),
)
_PLAIN = (bool, int, float, complex, str, type(None))
_WATCHED = ("_watched_", "_counted_")  # by which a probe's own properties keep what a student sets


def is_shown(value: Any) -> bool:
    """Whether a name that stands for this tells a reader anything: functions, classes and modules do not."""
    return not issubclass(type(value), _HIDDEN)


def is_plain(value: Any) -> bool:
    """Whether a value cannot change: numbers and texts."""
    return type(value) in _PLAIN or issubclass(type(value), np.generic)


# ---------------------------------------------------------------------------------------------------------------------
# Has it changed?
# ---------------------------------------------------------------------------------------------------------------------


def fingerprint(value: Any, depth: int = 1) -> Any:
    """Something that is equal as long as the value is the same object with the same content.

    Objects inside lists count as themselves, whatever is in them: that is told under their own names.
    """
    kind = type(value)
    if kind in _PLAIN:
        return kind, ("nan" if value != value else value)
    if issubclass(kind, np.ndarray):
        return id(value), _content(np.asarray(value))
    if issubclass(kind, np.generic):
        return kind, np.ndarray.tobytes(np.asarray(value)) if kind is not np.object_ else id(value)
    if depth < 0:
        return id(value)
    for base in (list, tuple):
        if issubclass(kind, base):
            entries = base.__getitem__(value, slice(0, 40))
            return id(value), base.__len__(value), tuple([fingerprint(entry, depth - 1) for entry in entries])
    if kind is collections.deque:
        return id(value), len(value), tuple([id(entry) for entry in list(value)[:40]])
    if issubclass(kind, dict):
        pairs = itertools.islice(dict.items(value), 40)
        return id(value), dict.__len__(value), tuple([(id(key), fingerprint(entry, depth - 1)) for key, entry in pairs])
    if issubclass(kind, set):
        return id(value), set.__len__(value)
    return id(value)


def _content(array: np.ndarray) -> Any:
    if array.dtype.hasobject:
        return array.shape, tuple([id(entry) for entry in array.ravel()[:40].tolist()])
    if array.nbytes > LARGEST_HASHED:
        step = max(1, round((array.nbytes / LARGEST_HASHED) ** (1 / array.ndim)))
        return array.shape, array.dtype.str, zlib.crc32(array[(slice(None, None, step),) * array.ndim].tobytes())
    return array.shape, array.dtype.str, zlib.crc32(array.tobytes())


# ---------------------------------------------------------------------------------------------------------------------
# What is shown of it
# ---------------------------------------------------------------------------------------------------------------------


def picture(value: Any, depth: int = 2) -> Picture:
    """As much of a value as is shown, as plain data: a list that begins with the kind of picture.

    ``["value", plain]`` numbers and texts; ``["array", array]`` a small array whole, ``["list", array]`` small lists of
    numbers; ``["large", shape, kind, lowest,
    highest, first entries, how many are not finite, rows of a sample of it]``; ``["entries", type, pictures, length]``;
    ``["pairs", [(key, picture)], length]``; ``["object", type, [(attribute, picture)]]``; ``["words", text]``.

    Examples
    --------
    >>> picture([1, "one"])
    ['entries', 'list', [['value', 1], ['value', 'one']], 2]
    >>> picture(np.zeros((100, 3)))[:3]
    ['large', [100, 3], 'f']
    """
    kind = type(value)
    if kind is str:
        return ["value", value if len(value) <= 60 else value[:59] + "…"]
    if kind is int and value.bit_length() > 200:
        return ["words", "a very large integer"]
    if kind is complex:
        return ["words", f"{value:.4g}"]
    if kind in _PLAIN:
        return ["value", value]
    if issubclass(kind, np.generic | np.ndarray):
        return _of_array(np.asarray(value))
    for base in (list, tuple):
        if issubclass(kind, base):
            numbers = _numbers_in(value)
            if numbers is not None:
                return ["list", numbers]
            return _entries(base.__name__, base.__getitem__(value, slice(0, MOST_ENTRIES)), base.__len__(value), depth)
    for collection in (collections.deque, set, frozenset):
        if issubclass(kind, collection):
            first = list(itertools.islice(collection.__iter__(value), MOST_ENTRIES))
            if first and collection is not collections.deque and not all(_has_a_place(entry) for entry in first):
                return ["words", f"a set of {_counted(first, collection.__len__(value))}"]
            return _entries(collection.__name__, first, collection.__len__(value), depth)
    if issubclass(kind, dict):
        pairs = list(itertools.islice(dict.items(value), MOST_ENTRIES))
        shown = [[_key(key), picture(entry, depth - 1)] for key, entry in pairs] if depth > 0 else []
        return ["pairs", shown, dict.__len__(value)]
    if issubclass(kind, range):
        return ["words", repr(value)]
    if kind is types.FunctionType:
        return ["words", "a function" if value.__name__ == "<lambda>" else f"the function {value.__name__}"]
    if issubclass(kind, type):
        return ["words", f"the class {name_of(value)}"]
    name = name_of(kind)
    if is_object(value) and depth > 0:
        plain = [(key, entry) for key, entry in attributes(value) if _tells_something(entry)]
        return ["object", name, [[key, picture(entry, 0)] for key, entry in plain[:MOST_ATTRIBUTES]]]
    return ["words", f"{'an' if name[:1] in 'aeiouAEIOU' else 'a'} {name}"]


def _entries(kind: str, first: Any, length: int, depth: int) -> Picture:
    return ["entries", kind, [picture(entry, depth - 1) for entry in first] if depth > 0 else [], length]


def _numbers_in(value: Any) -> np.ndarray | None:
    """Lists of a few numbers, in rows of one length, as an array; None of all other lists."""
    if type(value) is not list or not 0 < len(value) <= SMALL:
        return None
    inner = value[0]
    if type(inner) is list:
        rows = [_numbers_in(row) for row in value]
        if any(row is None or row.ndim > 1 or row.shape != (len(inner),) for row in rows):
            return None
        return np.array(rows) if len(rows) * len(inner) <= SMALL else None
    plain = all(type(entry) in (int, float) or issubclass(type(entry), np.integer | np.floating) for entry in value)
    if not plain or any(type(entry) is int and entry.bit_length() > 60 for entry in value):
        return None
    return np.array(value)


def _of_array(array: np.ndarray) -> Picture:
    if array.ndim == 0 and array.dtype.kind in "biuf":
        return ["value", _item(array[()])]
    if array.dtype.hasobject or array.dtype.kind not in "biufc":
        return ["words", f"an array of {array.dtype.name}, shape {array.shape}"]
    if _is_small(array):
        plain = wire.plain(array)
        return ["array", plain] if isinstance(plain, np.ndarray) else ["words", f"an array of shape {array.shape}"]
    kind = array.dtype.kind
    first = [_item(entry) for entry in itertools.islice(array.flat, FIRST)] if kind != "c" else []
    low = high = None
    lost = 0
    if kind in "iuf":
        finite = array if kind != "f" else array[np.isfinite(array)]
        lost = int(array.size - finite.size)
        if finite.size:
            low, high = _item(finite.min()), _item(finite.max())
    elif kind == "b":
        low, high = False, int(array.sum())
    return ["large", list(array.shape), kind, low, high, first, lost, _sample(array) if kind in "biuf" else []]


def _is_small(array: np.ndarray) -> bool:
    return array.size <= SMALL or (array.ndim > 1 and array.size <= SMALL_GRID and array.shape[-1] <= NARROW)


def _sample(array: np.ndarray) -> list[list[float]]:
    """Entries at equal distances; of an array with more than two axes, all but the last make the rows."""
    lead, width = array.shape[:-1], array.shape[-1]
    height = int(np.prod(lead))
    rows = np.unravel_index(_at_equal_distances(height, SAMPLED[0]), lead) if lead else ()
    columns = _at_equal_distances(width, SAMPLED[1] if lead else SAMPLED[0] * SAMPLED[1] // 2)
    found = array[(*(row[:, None] for row in rows), columns[None, :] if lead else columns)]
    return [[float(entry) for entry in row] for row in np.atleast_2d(found)]


def _at_equal_distances(count: int, most: int) -> np.ndarray:
    return np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(int))


def _item(number: Any) -> bool | int | float:
    """A NumPy number as one of Python's; `item` leaves one of more digits as it is."""
    found = number.item()
    return found if type(found) in (bool, int) else float(found)


def _is_identity(entry: Any) -> bool:
    """Whether a number is what `id` gives: different in every run, and of no meaning to a reader."""
    return type(entry) is int and 2**36 < entry < 2**56


def _has_a_place(entry: Any) -> bool:
    """Whether a set shows it in the same place in every run: numbers do, objects and their ids lie where they lie."""
    return is_plain(entry) and type(entry) is not str and not _is_identity(entry)


def _counted(first: list[Any], count: int) -> str:
    """How many of what: "3 ids", "1 Value object", "2 objects" where they are of several kinds."""
    names = {"id" if _is_identity(entry) else f"{name_of(type(entry))} object" for entry in first}
    return f"{count} {names.pop() if len(names) == 1 else 'object'}{'s' * (count > 1)}"


def _key(key: Any) -> str:
    if _is_identity(key):
        return "an id"
    return repr(key)[:40] if type(key) in (str, int, float, bool) else f"a {name_of(type(key))}"


def _tells_something(value: Any) -> bool:
    if type(value) is str or value is False:
        return bool(value)
    return type(value) in (bool, int, float) or (issubclass(type(value), np.generic | np.ndarray) and value.size == 1)


# ---------------------------------------------------------------------------------------------------------------------
# Objects of somebody's class
# ---------------------------------------------------------------------------------------------------------------------


def name_of(kind: type) -> str:
    """A type's name, also where its metaclass would say something else."""
    return str.__str__(type.__dict__["__name__"].__get__(kind))


def is_object(value: Any) -> bool:
    """Whether a value is of a class that somebody wrote for this course: its attributes are worth a look."""
    module = type.__dict__["__module__"].__get__(type(value))
    if type(module) is not str or issubclass(type(value), BaseException):
        return False
    root = module.split(".")[0]
    beside = module.startswith("nnkit.exercises.beside")
    return beside or root not in ("builtins", "numpy", "nnkit", "collections", "itertools", "functools", "types")


def attributes(value: Any) -> Iterator[tuple[str, Any]]:
    """The attributes that an object keeps, without asking a property."""
    try:
        found: Mapping[str, Any] = object.__getattribute__(value, "__dict__")
    except AttributeError:
        found = {}
    if type(found) is dict:
        for key, entry in list(found.items()):
            name = key
            for prefix in _WATCHED:
                name = name.removeprefix(prefix)
            if is_shown(entry):
                yield name, entry
    for base in type.mro(type(value)):
        for name, member in type.__dict__["__dict__"].__get__(base).items():
            if type(member) is types.MemberDescriptorType and base.__flags__ & (1 << 9):
                try:
                    entry = member.__get__(value)
                except AttributeError:
                    continue
                if is_shown(entry):
                    yield name, entry


def changed_places(before: np.ndarray | None, after: Any) -> list[int]:
    """Which entries of a small array are no longer what they were; none where all are, or the shape is another."""
    if before is None or not isinstance(after, np.ndarray) or before.shape != after.shape:
        return []
    with np.errstate(all="ignore"):
        other = np.flatnonzero(~((before == after) | ((before != before) & (after != after))))
    return [int(place) for place in other] if 0 < len(other) < after.size else []


def kept(value: Any) -> np.ndarray | None:
    """A copy of a small array, to see later which entries are others; None of anything else."""
    if not issubclass(type(value), np.ndarray) or value.size > SMALL_GRID or value.dtype.kind not in "biuf":
        return None
    return np.array(value)
