"""Answers that nobody's code has given: what a worker might send in the place of the truth.

Three kinds. `forged_values` are values of every shape that the wire carries, from nothing to megabytes. `distortions`
are a right answer with one part of it exchanged, dropped, doubled or put in. `forged_messages` are whole answers to a
request: with such values in them, with claims that are not so, and bytes that are no message at all. None of them is
right, whatever the exercise.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from nnkit.exercises.beside import wire
from nnkit.exercises.beside.request import sitting_of
from nnkit.exercises.beside.states import ANSWERED, NOT_CALLABLE, OUT_OF_TIME, STUCK, UNDEFINED
from nnkit.exercises.beside.wire import Opaque

MARKUP = '<img src=x onerror="alert(1)"><script>alert(2)</script>`</code><b>$\\href{javascript:alert(3)}{x}$'
NOBODY = "no such function"


def deep(levels: int, kind: type = list) -> Any:
    """A value inside so many lists, tuples or dictionaries."""
    value: Any = 1.0
    for _ in range(levels):
        value = {"a": value} if kind is dict else kind([value])
    return value


def forged_values() -> dict[str, Any]:
    """Values by what they are; each can be sent, and none is the answer to a case."""
    numbers = np.linspace(-3.0, 7.0, 12)
    return {
        "none": None,
        "true": True,
        "text": "0.5",
        "markup": MARKUP,
        "no text": "",
        "long text": "<b>long</b> " * 20_000,
        "commas": "," * 100_000,
        "opaque": Opaque("generator"),
        "opaque markup": Opaque(MARKUP),
        "nan": float("nan"),
        "infinite": float("-inf"),
        "huge integer": 10**1200,
        "huge negative integer": -(10**1200),
        "huge integers": [10**1200] * 9,
        "huge integer among numbers": [1.0, 10**400, 2.0],
        "large float": 1e308,
        "negative zero": -0.0,
        "no list": [],
        "no tuple": (),
        "no dictionary": {},
        "one in a tuple": (0.125,),
        "list of nothing": [None, None, None],
        "list of texts": ["a", MARKUP, "c"],
        "list of everything": [1, "a", None, {"a": 1}, (2.0,), Opaque("file"), True],
        "rows of several lengths": [[1.0, 2.0], [3.0], []],
        "rows and numbers": [1.0, [2.0, 3.0], np.zeros((2, 2))],
        "arrays of several shapes": [np.zeros((2, 3)), np.zeros((3, 2)), np.zeros(())],
        "deep list": deep(20),
        "deep tuple": deep(20, tuple),
        "deep dictionary": deep(20, dict),
        "many numbers": [float(k) for k in range(3000)],
        "many small lists": [[k] for k in range(300)],
        "dictionary of arrays": {"W": np.zeros(3), "b": np.zeros(0)},
        "dictionary of markup": {MARKUP: MARKUP},
        "array 0-d": np.array(0.123),
        "array 1-d": numbers,
        "array of one": np.array([[[[0.321]]]]),
        "array empty": np.zeros((0, 3)),
        "array with no rows of great length": np.zeros((0, 2**18)),
        "array of many empty rows": np.zeros((2**12, 0)),
        "array of many axes": np.zeros((1,) * 16),
        "array large": np.zeros((300, 300)),
        "array of nan": np.full((3, 4), np.nan),
        "array of infinity": np.full(5, np.inf),
        "array of truth": np.array([[True, False], [False, True]]),
        "array int8": np.arange(6, dtype=np.int8),
        "array uint64": np.full(4, 2**64 - 1, dtype=np.uint64),
        "array float16": np.linspace(0, 1, 5).astype(np.float16),
        "array complex": numbers[:4] + 1j * numbers[:4],
        "array complex nan": np.full(3, complex(np.nan, np.inf)),
        "scalar bool": np.bool_(True),
        "scalar int8": np.int8(-128),
        "scalar complex": np.complex64(1 + 2j),
        "scalar nan": np.float32("nan"),
    }


def places_in(value: Any, deepest: int = 5) -> list[tuple[Any, ...]]:
    """Paths to the parts of an answer, of long lists only to the first, second and last entry."""
    found: list[tuple[Any, ...]] = [()]
    if deepest and isinstance(value, dict):
        for key, entry in value.items():
            found += [(key, *path) for path in places_in(entry, deepest - 1)]
    elif deepest and isinstance(value, list | tuple):
        for position in sorted({0, min(1, len(value) - 1), len(value) - 1} if value else ()):
            found += [(position, *path) for path in places_in(value[position], deepest - 1)]
    return found


def with_part(value: Any, path: tuple[Any, ...], part: Any) -> Any:
    """A copy with something else at one place."""
    if not path:
        return part
    first, *rest = path
    if isinstance(value, dict):
        return {**value, first: with_part(value[first], tuple(rest), part)}
    entries = list(value)
    entries[first] = with_part(entries[first], tuple(rest), part)
    return type(value)(entries)


def part_at(value: Any, path: tuple[Any, ...]) -> Any:
    """What stands at a place."""
    for step in path:
        value = value[step]
    return value


def reshaped(part: Any) -> Iterator[tuple[str, Any]]:
    """A part of an answer with another form: fewer, more, doubled, of another type."""
    if isinstance(part, dict):
        for key in list(part)[:12]:
            yield f"without {key}", {name: entry for name, entry in part.items() if name != key}
        yield "one key more", {**part, MARKUP: 1.0}
        yield "its values", list(part.values())
    elif isinstance(part, list | tuple):
        yield "one fewer", type(part)(list(part)[:-1])
        yield "one more", type(part)([*part, 0.25])
        yield "twice as many", type(part)([*part, *part, 1])
        yield "as a dictionary", {str(place): entry for place, entry in enumerate(part)}
        yield "in a tuple", (part, part)
    elif isinstance(part, np.ndarray) and part.ndim:
        yield "with an axis more", part[None, ..., None]
        yield "flat and one more", np.append(part.ravel(), 1.0)
        yield "without its first", part[1:]
        yield "not a number", np.full(part.shape, np.nan)
        yield "complex", part + 1j
        yield "a constant as bytes", np.full(part.shape, 77, dtype=np.uint8)
        yield "true", np.ones(part.shape, dtype=bool)
        yield "texts", [str(entry) for entry in part.ravel()[:5]]
        yield "as huge integers", [10**400] * min(len(part), 50)
    elif isinstance(part, str):
        yield "in a list", [part]
        yield "much of it", part * 1000 + MARKUP
    elif isinstance(part, bool | np.bool_):
        yield "as a number", 0.5
    elif isinstance(part, int | float | np.generic):
        yield "in a list", [part, part]
        yield "beyond all bounds", 10**400
        yield "negative and large", -(2**63)
        yield "fraction", 0.3337
        yield "many axes", np.full((1, 1, 1), float(np.real(part)))


def distortions(right: Any) -> Iterator[tuple[str, Any]]:
    """A right answer in which one part is something else."""
    values = forged_values()
    few = (
        *("none", "text", "markup", "opaque", "nan", "huge integer", "no list", "no dictionary", "true"),
        *("list of everything", "rows of several lengths", "deep list", "dictionary of arrays", "array 0-d"),
        *("array empty", "array 1-d", "array complex", "array of many empty rows", "many small lists", "large float"),
    )
    for path in places_in(right):
        label = "/".join(map(str, path)) or "all"
        for name in few if path else values:
            yield f"{label}: {name}", with_part(right, path, values[name])
        for name, part in reshaped(part_at(right, path)):
            yield f"{label}: {name}", with_part(right, path, part)


# ---------------------------------------------------------------------------------------------------------------------
# Messages
# ---------------------------------------------------------------------------------------------------------------------


def answer_of(returned: Any, **parts: Any) -> dict[str, Any]:
    """What a worker says of one case."""
    nothing = {"returned": returned, "after": {}, "again": None, "raised": None, "warned": [], "remarked": []}
    return {**nothing, **parts}


def error_of(**parts: Any) -> dict[str, Any]:
    """What a worker says of an error."""
    texts = dict.fromkeys(("text", "line", "where", "caller"), "")
    return {"type": "ValueError", **texts, "variables": [], "stub": False, **parts}


def message_of(answers: list[dict[str, Any]], state: str = ANSWERED, **parts: Any) -> bytes:
    """What a worker says of all cases, as bytes."""
    return wire.dumps(sitting_of(state, answers=answers, **parts))


def forged_claims(right: list[Any], wrong: list[Any], names: list[str]) -> Iterator[tuple[str, bytes]]:
    """Messages whose form is right and whose claims are not so.

    Parameters
    ----------
    right : list[Any]
        The right answer to each case; it stands only in messages that claim something by which it cannot pass.
    wrong : list[Any]
        A wrong answer to each.
    names : list[str]
        The names of all exercises of the notebook.
    """
    answers = [answer_of(value) for value in wrong]
    yield "calls every companion", message_of(answers, called=[*names, *names, NOBODY, MARKUP])
    yield "delegates to thousands", message_of(answers, delegated=[f"{MARKUP}{k}" for k in range(5000)])
    yield "prints for pages", message_of(answers, printed=f"{MARKUP}\n" * 5000)
    yield "cannot be limited", message_of(answers, limited=False, line=MARKUP, type_name=MARKUP)
    for state in (UNDEFINED, NOT_CALLABLE, OUT_OF_TIME, STUCK):
        yield (
            f"state {state}",
            message_of([answer_of(v) for v in right], state, type_name=MARKUP * 50, line=MARKUP * 50),
        )
    yield "no answers", message_of([])
    yield "too few answers", message_of([answer_of(value) for value in right[:-1]])
    yield "too many answers", message_of([answer_of(value) for value in [*right, right[0]]])
    yield "far too many answers", message_of([answer_of(None)] * 5000)
    yield "more answers than cases when out of time", message_of([answer_of(None)] * 500, OUT_OF_TIME)
    stub = error_of(type="NotImplementedError", stub=True)
    yield "all are stubs", message_of([answer_of(value, raised=stub) for value in right])
    yield "one is a stub", message_of([answer_of(None, raised=stub), *map(answer_of, right[1:])])
    loud = {"raised": error_of(type=MARKUP, text=MARKUP * 9, line=MARKUP, where=MARKUP, caller=MARKUP)}
    yield "errors of markup", message_of([answer_of(None, **loud) for _ in right])
    many = [[MARKUP, "shape (2, 3)"], ["b", MARKUP * 3]] * 300
    yield "errors with many variables", message_of([answer_of(None, raised=error_of(variables=many)) for _ in right])
    long = "x" * 200_000
    yield (
        "errors of great length",
        message_of(
            [answer_of(None, raised=error_of(type=long[:50_000], text=long[:100_000], line=long[:9000]))]
            * min(len(right), 5)
            + [answer_of(None, raised=error_of())] * (len(right) - 5)
        ),
    )
    warned = [f"{MARKUP} {k}" for k in range(400)]
    yield "warns a lot", message_of([answer_of(value, warned=warned, remarked=warned) for value in wrong])
    changed = {MARKUP: 1.0, "x": None, "X": np.zeros(3), "w": float("nan")}
    yield "arguments that there are not", message_of([answer_of(value, after=changed, again=MARKUP) for value in wrong])


def raw_messages() -> dict[str, bytes]:
    """Bytes that no program of this course writes."""
    zeros = base64.b64encode(b"\0" * 8).decode()

    def sitting(node: Any) -> bytes:
        """A message with one answer, in which any node of JSON stands for what was returned."""
        whole = json.loads(message_of([answer_of(None)]))
        entries = {key: place for place, (key, _) in enumerate(whole["dict"])}
        answer = whole["dict"][entries["answers"]][1]["list"][0]
        answer["dict"][0][1] = node
        return json.dumps(whole).encode()

    return {
        "nothing": b"",
        "no JSON": b"\xff\xfe<html>",
        "null": b"null",
        "a number": b"7",
        "a list": b'{"list":[]}',
        "a dictionary": b'{"dict":[]}',
        "brackets": b"[" * 500_000,
        "braces": b'{"list":[' * 100_000,
        "many empty lists": b'{"list":[' + b'{"list":[]},' * 300_000 + b'{"list":[]}]}',
        "many nulls": b'{"list":[' + b"null," * 1_500_000 + b"null]}",
        "digits": b"9" * 4_000_000,
        "many long integers": b'{"list":[' + b",".join([b"9" * 4200] * 1500) + b"]}",
        "constants": b'{"list":[NaN,Infinity,-Infinity]}',
        "surrogates": b'"\\ud800"',
        "keys by the thousand": b'{"dict":[' + b",".join(b'["%d",1]' % k for k in range(150_000)) + b"]}",
        "unknown label": sitting({MARKUP: []}),
        "array of objects": sitting({"array": ["object", [1], zeros]}),
        "array beyond its bytes": sitting({"array": ["float64", [2**20], zeros]}),
        "array negative": sitting({"array": ["float64", [-1], zeros]}),
        "array of enormous rows": sitting({"array": ["float64", [0, 2**25, 2**25, 2**25, 2**25], ""]}),
        "array of enormously many empty rows": sitting({"array": ["bool", [2**25, 0], ""]}),
        "array of truth that is none": sitting({"array": ["bool", [8], base64.b64encode(b"\x02" * 8).decode()]}),
        "row of nonsense": sitting({"row": ["list", "AQ==", zeros * 3]}),
        "row of numbers not whole": sitting({"row": ["list", "AQ==", base64.b64encode(b"\1" * 8).decode()]}),
        "two labels": sitting({"list": [], "dict": []}),
        "state unknown": wire.dumps(sitting_of(MARKUP)),
        "a part missing": wire.dumps({"state": ANSWERED, "answers": []}),
        "a part too many": wire.dumps(sitting_of(ANSWERED, verdict="passed", status="passed")),
        "called is no list": wire.dumps(sitting_of(ANSWERED, called="double")),
        "called is no text": wire.dumps(sitting_of(ANSWERED, called=[1, None])),
        "answers are no dictionaries": wire.dumps(sitting_of(ANSWERED, answers=[1, "a", None])),
        "limited is no truth": wire.dumps(sitting_of(ANSWERED, limited=1)),
    }
