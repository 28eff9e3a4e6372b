"""The wire: what goes in comes out, what is not plain data stays out, and nothing that arrives is trusted."""

from __future__ import annotations

import base64
import collections
import contextlib
import io
import json
import pickle
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nnkit.exercises.beside import wire
from nnkit.exercises.beside.wire import Opaque, WireError, dumps, loads, plain, read_frame, write_frame

DTYPES = [np.dtype(name).newbyteorder(order) for name in sorted(wire.DTYPES) for order in "<>"]
ARRAYS = st.sampled_from(DTYPES).flatmap(
    lambda dtype: hnp.arrays(dtype=dtype, shape=hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**100), 2**100), st.floats(), st.text(), st.builds(Opaque, st.text())
)
PLAIN = st.recursive(
    st.one_of(SCALARS, ARRAYS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(st.text(max_size=5), inner, max_size=4),
    ),
    max_leaves=12,
)


def same(first: Any, second: Any) -> bool:
    """Equal in type, dtype, shape and every bit that counts; nan equals nan, 0.0 is not −0.0."""
    if isinstance(first, np.ndarray | np.generic):
        alike = type(second) is type(first) and first.dtype.name == second.dtype.name and first.shape == second.shape
        native = np.asarray(first, dtype=first.dtype.newbyteorder("="))
        return alike and native.tobytes() == np.asarray(second).tobytes()
    if isinstance(first, float):
        return isinstance(second, float) and repr(first) == repr(second)
    if isinstance(first, list | tuple):
        return type(first) is type(second) and len(first) == len(second) and all(map(same, first, second))
    if isinstance(first, dict):
        return list(first) == list(second) and all(same(first[key], second[key]) for key in first)
    return type(first) is type(second) and first == second


@settings(max_examples=150, deadline=None)
@given(PLAIN)
def test_what_is_written_is_what_is_read(value: Any) -> None:
    assert same(value, loads(dumps(value)))
    assert same(plain(value), loads(dumps(plain(value))))


@settings(max_examples=60, deadline=None)
@given(ARRAYS)
def test_scalars_keep_their_dtype(array: np.ndarray) -> None:
    for entry in array.ravel()[:3]:
        assert same(np.asarray(entry)[()], loads(dumps(np.asarray(entry)[()])))


@pytest.mark.parametrize("name", sorted(wire.DTYPES))
def test_every_dtype_is_carried_from_any_layout(name: str) -> None:
    base = np.arange(24).reshape(2, 3, 4).astype(name)
    layouts = [
        base.T,
        base[:, ::2, ::-1],
        np.asfortranarray(base),
        base.astype(base.dtype.newbyteorder(">")),
        np.broadcast_to(base[0], (5, 3, 4)),
        base[:0],
        base[0, 0, 0:1].reshape(()),
    ]
    for array in layouts:
        for arrived in (loads(dumps(array)), loads(dumps(plain(array)))):
            assert arrived.dtype == np.dtype(name)
            assert arrived.shape == array.shape
            np.testing.assert_array_equal(arrived, array)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, -0.0, 5e-324])
def test_special_numbers_are_carried(value: float) -> None:
    assert repr(loads(dumps(value))) == repr(value)
    assert same(np.array(value), loads(dumps(np.array(value))))


def test_what_arrives_is_the_readers_own() -> None:
    array = np.zeros(3)
    arrived = loads(dumps(array))
    arrived[0] = 1
    assert array[0] == 0


# -- what a student's function may return ---------------------------------------------------------------------------


def _hostile() -> Any:
    """An object that fails whatever it is asked; its class is made here, where no test collector looks."""

    class Metaclass(type):
        __name__ = property(lambda cls: 1 / 0)  # type: ignore[assignment]
        __dict__ = property(lambda cls: 1 / 0)  # type: ignore[assignment]

        def __getattr__(cls, name: str) -> Any:
            raise RuntimeError(name)

    class Hostile(metaclass=Metaclass):
        __class__ = property(lambda self: 1 / 0)  # type: ignore[assignment]

        def __array__(self, *details: Any, **more: Any) -> np.ndarray:
            raise RuntimeError("no array")

        def __len__(self) -> int:
            raise RuntimeError("no length")

        def __iter__(self) -> Any:
            raise RuntimeError("no entries")

        def __getattribute__(self, name: str) -> Any:
            raise RuntimeError(name)

        def __eq__(self, other: object) -> bool:
            raise RuntimeError("no comparison")

        __hash__ = None  # type: ignore[assignment]

    return Hostile()


class _HostileList(list):
    def __len__(self) -> int:
        return 10**9

    def __iter__(self) -> Any:
        raise RuntimeError("no entries")


class _HostileDict(dict):
    def items(self) -> Any:
        raise RuntimeError("no entries")


def _endless() -> list[Any]:
    rows: list[Any] = []
    rows.extend([rows, rows, rows])
    return rows


Point = collections.namedtuple("Point", "x y")

ANYTHING = {
    "hostile": (_hostile(), Opaque("Hostile")),
    "hostile in a list": ([1, _hostile()], [1, Opaque("Hostile")]),
    "list that lies about its length": (_HostileList([1, 2]), [1, 2]),
    "dictionary that refuses": (_HostileDict(a=1), {"a": 1}),
    "named tuple": (Point(1, 2.0), (1, 2.0)),
    "counter": (collections.Counter("aab"), {"a": 2, "b": 1}),
    "generator": ((n for n in range(3)), Opaque("generator")),
    "function": (len, Opaque("builtin_function_or_method")),
    "class": (int, Opaque("type")),
    "dictionary with other keys": ({1: 2}, Opaque("dict")),
    "bytes": (b"12", Opaque("bytes")),
    "array of objects": (np.array([object()]), Opaque("ndarray")),
    "array of text": (np.array(["a", "b"]), Opaque("ndarray of str32")),
    "array of numbers as objects": (np.array([1, 2.5], dtype=object), np.array([1.0, 2.5])),
    "more digits than a float64": (np.array([1, 2], dtype=np.longdouble), np.array([1.0, 2.0])),
    "text of NumPy": (np.str_("yes"), "yes"),
    "masked array": (np.ma.masked_equal([1.0, 2.0], 2.0), np.array([1.0, np.nan])),
    "integer beyond all bounds": (1 << 100_000, Opaque("very large integer")),
    "array beyond all bounds": (np.broadcast_to(np.zeros(1), (10**7,)), Opaque("very large ndarray")),
    "list beyond all bounds": ([None] * 300_000, Opaque("very large list")),
    "numbers beyond all bounds": ([0.5] * 5_000_000, Opaque("very large list")),
    "rows of NumPy's numbers": (
        [list(np.arange(9.0)), tuple(np.arange(9))],
        [[float(number) for number in range(9)], tuple(range(9))],
    ),
    "a row in single precision": ([np.float32(0.5)] * 9, [np.float32(0.5)] * 9),
    "truth value": (True, True),
    "complex number": (1 + 2j, np.complex128(1 + 2j)),
}


@pytest.mark.parametrize("label", ANYTHING)
def test_plain_takes_anything(label: str) -> None:
    value, expected = ANYTHING[label]
    got = plain(value)
    assert same(expected, got)
    assert same(got, loads(dumps(got)))


def test_numbers_and_texts_of_the_students_own_kind() -> None:
    class Number(float):
        pass

    class Count(int):
        pass

    class Text(str):
        def __getitem__(self, key: Any) -> str:
            raise RuntimeError

    got = plain([Number(2.5), Count(3), Text("yes")])
    assert got == [2.5, 3, "yes"]
    assert [type(entry) for entry in got] == [float, int, str]


def test_lists_that_hold_themselves_end() -> None:
    arrived = loads(dumps(plain(_endless())))
    assert isinstance(arrived, list)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 40))
def test_whatever_is_plain_can_be_sent_inside_a_message(depth: int) -> None:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    loads(dumps({"answers": [{"returned": plain(value)}]}))


# -- what the reader refuses ------------------------------------------------------------------------------------------


def test_a_long_list_of_numbers_travels_as_one_part() -> None:
    numbers = np.random.default_rng(0).random((300, 1000)).tolist()
    assert len(dumps(numbers)) < 4 * 8 * 300_000
    assert same(loads(dumps(plain(numbers))), numbers)
    for row in ([1, 2.5, 3] * 4, (float("nan"), float("-inf"), -0.0) * 4, [2**60, 1.0] * 5, [True, 1] * 5, [1] * 7):
        assert same(loads(dumps(plain(row))), row)
    assert same(loads(dumps(plain(tuple(np.float64(1.5) for _ in range(9))))), (1.5,) * 9)


def test_not_plain_is_not_written() -> None:
    for value in (object(), {1}, np.array([object()]), np.array(["a"]), 1 << 5000):
        with pytest.raises(WireError):
            dumps(value)


def _array(dtype: Any = "float64", shape: Any = (1,), content: Any = None) -> bytes:
    raw = base64.b64encode(bytes(8)).decode() if content is None else content
    return json.dumps({"array": [dtype, shape if isinstance(shape, str) else list(shape), raw]}).encode()


def _row(kind: str, whole: bytes, numbers: bytes) -> bytes:
    texts = [base64.b64encode(content).decode() for content in (whole, numbers)]
    return json.dumps({"row": [kind, *texts]}).encode()


LIES = {
    "a pickle": pickle.dumps([1, 2]),
    "empty": b"",
    "cut off": dumps([1, 2, 3])[:-4],
    "bare list": b"[1, 2]",
    "two labels": b'{"list": [], "tuple": []}',
    "unknown label": b'{"module": ["os"]}',
    "list that is text": b'{"list": "abc"}',
    "list that is a dictionary": b'{"list": {"a": 1}}',
    "dictionary without pairs": b'{"dict": [1, 2]}',
    "dictionary with number keys": b'{"dict": [[1, 2]]}',
    "dictionary keys as lists": b'{"dict": [[["a"], 2]]}',
    "a float that is none": b'{"float": "1e5"}',
    "opaque number": b'{"opaque": 3}',
    "object dtype": _array("object"),
    "dtype with a size": _array("V8"),
    "structured dtype": json.dumps({"array": [[["a", "<f8"]], [1], ""]}).encode(),
    "dtype null": _array(None),
    "shape too large": _array(shape=(2,)),
    "shape too small": _array(shape=(0,)),
    "negative shape": _array(shape=(-1,)),
    "two negative sizes": _array(shape=(-1, -1)),
    "fractional shape": _array(shape=(1.0,)),
    "true as a shape": _array(shape=(True,)),
    "shape as text": _array(shape="1"),
    "many dimensions": _array(shape=(1,) * 40),
    "huge empty": _array(shape=(0, *(2**25,) * 12), content=""),
    "no base64": _array(content="!!!!"),
    "bytes as a number": _array(content=5),
    "other truth values": _array("bool", (8,), base64.b64encode(b"\x07" * 8).decode()),
    "array of two": b'{"array": ["float64", [0]]}',
    "scalar with a shape": json.dumps({"scalar": ["float64", [1], base64.b64encode(bytes(8)).decode()]}).encode(),
    "too large an integer": str(1 << 5000).encode(),
    "nested deeply": b'{"list": [' * 40 + b"1" + b"]}" * 40,
    "nested beyond the parser": b"[" * 200_000,
    "too many numbers": _row("list", bytes(17 * wire.MAX_ITEMS), bytes(8 * 17 * wire.MAX_ITEMS)),
    "row of no kind": _row("set", bytes(1), bytes(8)),
    "row without numbers": b'{"row": ["list", 1, 2]}',
    "row too short": _row("list", bytes(2), bytes(8)),
    "whole number that is none": _row("list", b"\x01", np.array([0.5]).tobytes()),
    "too many parts": json.dumps({"list": [0] * (wire.MAX_ITEMS + 1)}).encode(),
    "not UTF-8": b"\xff\xfe\xfd",
}


@pytest.mark.parametrize("label", LIES)
def test_lies_are_refused(label: str) -> None:
    with pytest.raises(WireError) as refusal:
        loads(LIES[label])
    assert str(refusal.value).endswith(".")


def test_too_many_bytes_are_not_even_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MAX_BYTES", 100)
    with pytest.raises(WireError, match="at most 100"):
        loads(b'"' + b"a" * 200 + b'"')
    with pytest.raises(WireError, match="at most 100"):
        dumps("a" * 200)


@settings(max_examples=100, deadline=None)
@given(PLAIN, st.data())
def test_a_damaged_message_is_read_or_refused(value: Any, data: Any) -> None:
    message = bytearray(dumps(value))
    place = data.draw(st.integers(0, len(message) - 1))
    message[place] = data.draw(st.integers(0, 255))
    with contextlib.suppress(WireError):
        loads(bytes(message))


def test_half_a_character_becomes_a_question_mark() -> None:
    assert loads(dumps(["\ud800 x", {"\udfff": 1}])) == ["? x", {"?": 1}]


# -- frames -----------------------------------------------------------------------------------------------------------


class _Dripping(io.BytesIO):
    """Hands over one byte at a time, as a pipe may."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(1, size or 0))


def test_frames_carry_messages_of_any_length() -> None:
    stream = io.BytesIO()
    for message in (b"", b"abc", bytes(1000)):
        write_frame(stream, message)
    for reader in (io.BytesIO(stream.getvalue()), _Dripping(stream.getvalue())):
        assert [read_frame(reader) for _ in range(3)] == [b"", b"abc", bytes(1000)]
        with pytest.raises(WireError, match="closed"):
            read_frame(reader)


def test_frames_that_lie_are_refused() -> None:
    with pytest.raises(WireError, match="announces"):
        read_frame(io.BytesIO(struct.pack(">I", wire.MAX_BYTES + 1)))
    with pytest.raises(WireError, match="3 of 10"):
        read_frame(io.BytesIO(struct.pack(">I", 10) + b"abc"))


def test_what_is_masked_is_no_number() -> None:
    assert np.isnan(wire.plain(np.ma.masked))
    np.testing.assert_array_equal(wire.plain(np.ma.array([1.0, 2.0], mask=[False, True])), [1.0, np.nan])
    np.testing.assert_array_equal(wire.plain(np.ma.array([1, 2])), [1, 2])
