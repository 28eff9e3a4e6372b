"""Comparing an answer with the right one, rung by rung: the first rung that fails is what the student is told.

returned nothing → type → shape → dtype → input changed → not finite → value → warned. The order is the order in which a
person would look: a wrong shape makes every value wrong, so the shape is said and the values are not.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from nnkit.exercises import wire
from nnkit.exercises.exercise import Case, Exercise, Mistake
from nnkit.exercises.wording import index_text, listing, number, plural, shape_text

# "not written" stands last: of a class that grows, what is there already is told before what is still to come.
RUNGS = (
    *("raised", "returned nothing", "type", "shape", "dtype", "input changed", "not finite", "value", "warned"),
    "not written",
)
TABLE_COLUMNS = 6


@dataclass(frozen=True)
class Table:
    """Expected and got, side by side: one column for an entry, the first difference marked."""

    columns: tuple[str, ...]
    expected: tuple[str, ...]
    got: tuple[str, ...]
    first_wrong: int
    wrong: tuple[bool, ...]


@dataclass(frozen=True)
class Finding:
    """What is wrong with the answer to one case.

    Parameters
    ----------
    rung
        One of `RUNGS`.
    text
        One or two sentences for the student: what is right already, what is not.
    output
        The name of the result that is wrong, where there are several.
    cause
        What the rung itself says about the cause; None for a plain difference of values.
    table
        Expected and got, for arrays.
    symptom
        For judges that test properties: a short label of *what* is wrong, equal for equal errors.
    expected, got
        The values behind the text, for observations over all cases.
    """

    rung: str
    text: str
    output: str = ""
    cause: str | None = None
    table: Table | None = None
    symptom: str = ""
    expected: Any = None
    got: Any = None

    def __post_init__(self) -> None:
        if self.rung not in RUNGS:
            raise ValueError(f"A finding has the rung {self.rung!r}; known are {', '.join(RUNGS)}.")


# ---------------------------------------------------------------------------------------------------------------------
# One case
# ---------------------------------------------------------------------------------------------------------------------


def judge_case(exercise: Exercise, case: Case, answer: dict[str, Any]) -> Finding | None:
    """The first rung that fails for one case, or None when the answer is right."""
    raised = answer["raised"]
    if raised is not None:
        return _raised(exercise, raised)
    if exercise.judge is not None:
        return exercise.judge(exercise, case, answer)
    return compare_with_reference(exercise, case, answer)


def compare_with_reference(exercise: Exercise, case: Case, answer: dict[str, Any]) -> Finding | None:
    """Compare what came back with the reference, result by result, and the inputs with those that were sent."""
    findings = [_compare_with_one(version, case, answer) for version in versions(exercise)]
    return findings[0] if all(findings) else None


def versions(exercise: Exercise) -> list[Exercise]:
    """The exercise once for each of its references; most have one."""
    return [exercise, *(replace(exercise, reference=other, also_right=()) for other in exercise.also_right)]


def _compare_with_one(exercise: Exercise, case: Case, answer: dict[str, Any]) -> Finding | None:
    expected = exercise.reference(*copies_of(case.arguments).values())
    returned = answer["returned"]
    if returned is None and expected is not None:
        return Finding("returned nothing", _nothing_text(exercise), cause=_nothing_text(exercise))
    if exercise.returns:
        finding = _compare_results(exercise, expected, returned)
    else:
        finding = compare(expected, returned, exercise)
    changed = _changed_inputs(exercise, answer)
    if changed is not None and (finding is None or RUNGS.index(finding.rung) > RUNGS.index("input changed")):
        right = "The values are right, but your" if finding is None else "Your"
        names, verb = listing(answer["changed"]), "argument" if len(answer["changed"]) == 1 else "arguments"
        text = f"{right} function changed its {verb} {names} in place."
        return Finding("input changed", text, cause=changed, expected=expected, got=returned)
    if finding is None and exercise.quiet and answer["warned"]:
        said = "; ".join(text.rstrip(". ") for text in answer["warned"])
        text = f"The values are right, but a warning was raised on the way to them: “{said}”."
        return Finding("warned", text, cause=_WARNED, symptom="warned", expected=expected, got=returned)
    return finding


_WARNED = (
    "A warning says that some number on the way to the result could not be had: too large, or no number at all. Which "
    "one, and for which inputs?"
)


def _changed_inputs(exercise: Exercise, answer: dict[str, Any]) -> str | None:
    if not exercise.keeps_inputs or not answer["changed"]:
        return None
    name = answer["changed"][0]
    return (
        f"Whoever calls it twice gets a different answer. `{name} = {name} + …` makes a new array, `{name} += …` and "
        f"`{name}[i] = …` change the caller's; work on `{name}.copy()` where you need to change it."
    )


def _nothing_text(exercise: Exercise) -> str:
    wanted = f"{listing(_grouped(exercise))} in this order" if exercise.returns else "its result"
    return f"Your function returned None, expected {wanted}. Is there a `return` at its end, on every path?"


def _compare_results(exercise: Exercise, expected: tuple[Any, ...], returned: Any) -> Finding | None:
    names = exercise.returns
    wanted = f"{len(names)} results: {', '.join(_grouped(exercise))}"
    if not _is_sequence(returned) or (isinstance(returned, np.ndarray) and len(returned) != len(names)):
        text = f"Your function returned {in_words(returned)}, expected {wanted}."
        return Finding("type", text, cause="Several results are returned in one line, separated by commas.")
    if len(returned) != len(names):
        text = f"Your function returned {plural(len(returned), 'result')}, expected {wanted}."
        together = "Results in brackets come back together, as one tuple: `return a, (b, c)`."
        return Finding("type", text, cause=text if names == exercise.results else together)
    got = in_a_row(exercise, returned)
    if not got:
        group, part = next((g, r) for g, r in zip(names, returned, strict=True) if not _is_group(g, r))
        text = f"In the place of ({', '.join(group)}) your function returned {in_words(part)}."
        return Finding("type", text, cause=f"Expected there: a tuple of {len(group)}, in this order.")
    results, right_ones = exercise.results, in_a_row(exercise, expected)
    findings = [compare(e, r, exercise, name) for name, e, r in zip(results, right_ones, got, strict=True)]
    wrong = [finding for finding in findings if finding is not None]
    if not wrong:
        return None
    first = min(wrong, key=lambda finding: RUNGS.index(finding.rung))
    right = [name for name, finding in zip(results, findings, strict=True) if finding is None]
    if not right:
        return first
    verb = "is" if len(right) == 1 else "are"
    return _with_text(first, f"{first.text} {listing(right)} {verb} right.")


def finding_in(exercise: Exercise, case: Case, answer: dict[str, Any], output: str) -> Finding | None:
    """What is wrong with one of several results; None also where there is nothing to compare."""
    got = in_a_row(exercise, answer["returned"])
    if answer["raised"] is not None or not got:
        return None
    place, found = exercise.results.index(output), []
    for version in versions(exercise):
        expected = in_a_row(exercise, version.reference(*copies_of(case.arguments).values()))
        found.append(compare(expected[place], got[place], exercise, output))
    return found[0] if all(found) else None


def _grouped(exercise: Exercise) -> list[str]:
    """The names of the results as they come back: "loss", "(dW, db)"."""
    return [names if isinstance(names, str) else f"({', '.join(names)})" for names in exercise.returns]


def in_a_row(exercise: Exercise, returned: Any) -> list[Any]:
    """All results one after the other; none when they did not come back in the form that the exercise asks for."""
    if not exercise.returns:
        return [returned]
    if not _is_sequence(returned) or len(returned) != len(exercise.returns):
        return []
    row: list[Any] = []
    for names, part in zip(exercise.returns, returned, strict=True):
        if not _is_group(names, part):
            return []
        row += [part] if isinstance(names, str) else list(part)
    return row


def _is_group(names: str | tuple[str, ...], part: Any) -> bool:
    """Whether something may stand in the place of these names: anything for one, a value for each of several."""
    return isinstance(names, str) or (_is_sequence(part) and len(part) == len(names))


def _is_sequence(value: Any) -> bool:
    return isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim > 0)


def _with_text(finding: Finding, text: str) -> Finding:
    return Finding(**{**vars(finding), "text": text})


def compare(expected: Any, returned: Any, exercise: Exercise, output: str = "") -> Finding | None:
    """Compare one result with what is expected; numbers, arrays, strings, booleans, lists of them."""
    what = output or "The result"

    def finding(rung: str, text: str, cause: str | None = None, **details: Any) -> Finding:
        return Finding(rung, text, output, text if cause is None else cause, **details)

    if returned is None and expected is not None:
        return finding("returned nothing", f"{what} is None, expected {in_words(expected)}.")
    if isinstance(expected, str | bool) or expected is None:
        if isinstance(expected, bool) and isinstance(returned, np.bool_ | np.ndarray) and returned.shape == ():
            returned = np.asarray(returned).item()
        if type(returned) is not type(expected):
            return finding("type", f"{what} is {in_words(returned)}, expected {in_words(expected)}.")
        if returned == expected:
            return None
        return Finding(
            "value", f"{what} is {returned!r}, expected {expected!r}.", output, None, None, "", expected, returned
        )
    if isinstance(returned, wire.Opaque | str | dict):
        return finding("type", f"{what} is {in_words(returned)}, expected {in_words(expected)}.")
    if isinstance(expected, list | tuple) and not _is_numeric(expected):
        return _compare_sequences(expected, returned, exercise, output, finding)

    right = np.asarray(expected)
    try:
        got = np.asarray(returned)
        if got.dtype == object:
            raise ValueError
    except ValueError:
        reason = _not_numeric(returned)
        return finding("type", f"{what} is {in_words(returned)} {reason}, expected {in_words(expected)}.")
    if got.dtype.kind not in "biufc":
        return finding("type", f"{what} is {in_words(returned)}, expected {in_words(expected)}.")
    if got.shape != right.shape:
        note = exercise.shape_notes.get(output, "")
        text = f"{what} has {shape_text(got)}, expected {shape_text(right)}."
        if isinstance(returned, tuple) and len(returned) == 1:
            note = "A comma after the value in `return` makes a tuple of it."
        return finding("shape", f"{text} {note}".strip(), expected=right, got=got)
    if got.dtype.kind == "b" and right.dtype.kind != "b":
        return finding("dtype", f"{what} has True and False in it, expected numbers.")
    if right.dtype.kind == "b" and got.dtype.kind != "b" and not np.isin(got, (0, 1)).all():
        return finding("dtype", f"{what} holds numbers, expected True or False.")
    if got.dtype.kind == "c":
        if right.dtype.kind != "c" and np.any(got.imag != 0):
            return finding("dtype", f"{what} holds complex numbers, expected real ones.")
        got = got.real
    wrong = differs(right, got, exercise)
    if not wrong.any():
        return None
    if got.dtype.kind in "iu" and right.dtype.kind == "f" and _without_fractions(right, got):
        text = f"{what} holds integers, expected numbers with fractions."
        cause = (
            "An array of integers keeps integers: what is written into it loses its fraction. Of what is yours made?"
        )
        if not right.ndim:
            text = f"{what} is the whole number {number(got[()])}, expected {number(right[()])}."
            cause = "`int`, `round`, `//` and arrays of integers drop a fraction. Is one of them in your function?"
        return finding("dtype", text, cause, table=table_of(right, got, wrong), expected=right, got=got)
    lost = ~np.isfinite(got) & np.isfinite(right)
    if lost.any():
        place = _first(lost)
        name = "nan (not a number)" if np.isnan(got[place]) else number(got[place])
        text = f"{what} has {name} {_at(place, got)}where {number(right[place])} was expected."
        return finding("not finite", text, table=table_of(right, got, wrong), expected=right, got=got)
    text = _value_text(what, right, got, wrong, explicit=bool(output))
    return Finding("value", text, output, None, table_of(right, got, wrong), "", right, got)


def _compare_sequences(
    expected: Any, returned: Any, exercise: Exercise, output: str, finding: Callable[..., Finding]
) -> Finding | None:
    what = output or "The result"
    if isinstance(returned, np.ndarray):
        returned = list(returned)
    if not isinstance(returned, list | tuple):
        return finding("type", f"{what} is {in_words(returned)}, expected {in_words(expected)}.")
    if len(returned) != len(expected):
        return finding("shape", f"{what} has {plural(len(returned), 'entry', 'entries')}, expected {len(expected)}.")
    for position, (right, got) in enumerate(zip(expected, returned, strict=True)):
        inner = compare(right, got, exercise, f"{what} at [{position}]")
        if inner is not None:
            return Finding(**{**vars(inner), "output": output})
    return None


def _not_numeric(values: Any) -> str:
    """Why a list makes no array of numbers."""
    for value in values if isinstance(values, list | tuple) else ():
        if value is None or isinstance(value, wire.Opaque | str | dict):
            return f"with {in_words(value)} among its entries"
    return "with rows of different lengths"


def _is_numeric(values: Iterable[Any]) -> bool:
    try:
        return np.asarray(values).dtype.kind in "biufc"
    except ValueError:
        return False


def copies_of(arguments: Any) -> dict[str, Any]:
    """Fresh copies of a case's arguments: nobody sees what another one did to them."""
    return wire.loads(wire.dumps(dict(arguments)))


def differs(expected: Any, got: Any, exercise: Exercise) -> np.ndarray:
    """Where two numeric arrays of one shape differ by more than the exercise's tolerances (bool, same shape)."""
    right, mine = np.asarray(expected), np.asarray(got)
    if right.dtype.kind in "biu" and mine.dtype.kind in "biu":
        return np.asarray(right != mine)
    right, mine = right.astype(np.float64), mine.astype(np.float64)
    finite = np.isfinite(right)
    largest = np.max(np.abs(right[finite]), initial=0.0)
    allowed = exercise.relative * (np.abs(np.where(finite, right, 0.0)) + 0.01 * largest) + exercise.absolute
    with np.errstate(invalid="ignore", over="ignore"):
        close = np.abs(mine - right) <= allowed
    same = (mine == right) | (np.isnan(mine) & np.isnan(right))
    return np.asarray(~(close | same))


def _without_fractions(right: np.ndarray, got: np.ndarray) -> bool:
    """Whether integers are what is left of the right values; a lone 0 may be there for many other reasons."""
    if not right.ndim and not got:
        return False
    return any((got == whole).all() for whole in (np.trunc(right), np.floor(right), np.rint(right)))


def _first(mask: np.ndarray) -> tuple[int, ...]:
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(mask)), mask.shape))


def _at(place: tuple[int, ...], array: np.ndarray) -> str:
    return f"at {index_text(place)} " if array.ndim else ""


def _value_text(what: str, right: np.ndarray, got: np.ndarray, wrong: np.ndarray, explicit: bool) -> str:
    place = _first(wrong)
    pair = f"expected {number(right[place], got[place])}, yours {number(got[place], right[place])}"
    if right.ndim == 0:
        return f"{what if explicit else 'The value'} is wrong: {pair}."
    subject = f"{what} has the right shape {right.shape}" if explicit else f"Shape {right.shape} is right"
    count = int(wrong.sum())
    if right.size == 1:
        return f"{subject}; its value is wrong: {pair}."
    if count == right.size:
        return f"{subject}; all {right.size} values differ, the first at {index_text(place)}: {pair}."
    verb = "differs" if count == 1 else "differ"
    return f"{subject}; {count} of {right.size} values {verb}, the first at {index_text(place)}: {pair}.{_where(wrong)}"


def _where(wrong: np.ndarray) -> str:
    """A sentence when all differing values lie in one row, column or slice."""
    names = {1: ("entry",), 2: ("row", "column")}.get(wrong.ndim)
    for axis, length in enumerate(wrong.shape):
        hit = np.flatnonzero(wrong.any(axis=tuple(a for a in range(wrong.ndim) if a != axis)))
        if len(hit) == 1 and length > 1 and wrong.sum() > 1:
            place = "first" if hit[0] == 0 else "last" if hit[0] == length - 1 else f"number {hit[0]} (from 0)"
            name = names[axis] if names else f"index of axis {axis}"
            return f" All differing values lie in the {place} {name}."
    return ""


def table_of(right: np.ndarray, got: np.ndarray, wrong: np.ndarray) -> Table | None:
    """Up to six entries side by side, from the first wrong one's row."""
    if right.ndim == 0 or right.size < 2:
        return None
    flat_wrong = wrong.ravel()
    first = int(np.argmax(flat_wrong))
    start = 0 if first < TABLE_COLUMNS else min(first, right.size - TABLE_COLUMNS)
    picked = range(start, min(start + TABLE_COLUMNS, right.size))
    places = [tuple(int(i) for i in np.unravel_index(k, right.shape)) for k in picked]
    return Table(
        columns=tuple(index_text(place) for place in places),
        expected=tuple(number(right[place], got[place] if wrong[place] else None) for place in places),
        got=tuple(number(got[place], right[place] if wrong[place] else None) for place in places),
        first_wrong=first - start,
        wrong=tuple(bool(wrong[place]) for place in places),
    )


def in_words(value: Any) -> str:
    """What a value is, for "returned …, expected …"."""
    if value is None:
        return "None"
    if isinstance(value, wire.Opaque):
        return "a " + value.type_name if value.type_name[:1] not in "aeiou" else "an " + value.type_name
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, str):
        return f"the text {value[:40]!r}"
    if isinstance(value, np.ndarray) and value.ndim:
        return f"one array of shape {value.shape}"
    if isinstance(value, int | float | np.number | np.ndarray):
        return "one number"
    if isinstance(value, dict):
        return f"a dictionary of {plural(len(value), 'entry', 'entries')}"
    return f"a {type(value).__name__} of {plural(len(value), 'entry', 'entries')}"


def _raised(exercise: Exercise, raised: dict[str, Any]) -> Finding:
    line, where = raised["line"], raised["where"]
    said = _MATMUL.sub(r"the sizes do not fit in a product with @ (\1)", raised["text"].strip())
    text = f"{raised['type']}: {said}" if said else f"{raised['type']}."
    if raised["type"] == "NotImplementedError" and where:
        owner = where.split(".")[0]
        cause = f"{where} still has its `raise NotImplementedError`: this part is not written yet."
        if owner != exercise.name:
            cause = f"It calls {where}, which is not written yet; write that one first."
        return Finding("raised", cause, cause=cause, symptom="not written")
    if raised["type"] == "RecursionError":
        text = "It calls itself again and again without an end. When does the recursion stop?"
    parts = [f"In your line `{line}`: "] if line else []
    if raised["variables"]:
        parts.append(_variables_text(raised["variables"]) + ". ")
    parts.append(text if text.endswith((".", "?")) else text + ".")
    cause = next((words for pieces, words in PYTHONS_WORDS if all(piece in text for piece in pieces)), text)
    if not line and "argument" in text:
        cause = f"It is called as `{exercise.signature}`. Does your first line take the same arguments?"
    return Finding("raised", "".join(parts), cause=cause, symptom=raised["type"])


# NumPy names the signature of a compiled function there, which tells a reader nothing.
_MATMUL = re.compile(r"matmul: Input operand .*\((size \d+ is different from \d+)\)", re.DOTALL)

# What Python's own words for common errors mean here: pieces of its text, and what to tell.
PYTHONS_WORDS = (
    (("NameError",), "Python does not know this name. Is it spelled as where it is defined, and was that cell run?"),
    (
        ("OverflowError",),
        "A number became too large: floats end near 10³⁰⁸. Which exponent is it, and is there a form in which it is "
        "small?",
    ),
    (("operand type(s) for ^:",), "Python writes a power as `**`; `^` does something else, and to integers only."),
    (("bitwise_xor",), "A power is written as `**`, with arrays too; `^` does something else, and to integers only."),
    (
        ("numpy boolean", "is not supported"),
        "An array of True and False has no sign, and cannot be subtracted. `.astype(float)` makes numbers of it first.",
    ),
    (
        ("axis", "is out of bounds for array of dimension"),
        "Axes are counted from 0: an array with one dimension has axis 0 only, one with two has 0 and 1.",
    ),
    (
        ("truth value of an array",),
        "An `if` asks one question, but an array holds many answers. `np.where`, or an array of True and False as an "
        "index, asks for each element.",
    ),
    (
        ("the sizes do not fit in a product with @",),
        "In A @ B the last axis of A meets the first axis of B; their lengths must be equal.",
    ),
    (
        ("could not be broadcast together",),
        "Element by element, shapes are compared from their last axis on: two lengths must be equal, or one of them 1.",
    ),
    (
        ("setting an array element with a sequence",),
        "One place of an array holds one number; several were put there.",
    ),
    (
        ("can be converted to Python scalars",),
        "A function for one number received an array. `math` works on single numbers, `np` on arrays.",
    ),
    (
        ("unsupported operand type", "'NoneType'"),
        "Something in this line is None: what a function without `return` gave, or a value that nobody has set yet.",
    ),
    (("'function' object is not subscriptable",), "A function is called with ( ); [ ] picks an entry of an array."),
    (
        ("'NoneType' object is not subscriptable",),
        "Something before a [ is None. A function without `return` gives None, and so do methods that change their "
        "argument in place, such as `shuffle` and `sort`.",
    ),
    (
        ("'Node' object is not iterable",),
        "The parents of a node are a tuple or a list, also when there is only one: a comma makes `(a,)` a tuple.",
    ),
    (
        ("is not callable",),
        "A value followed by a bracket is called like a function. Is an operator missing between them?",
    ),
)


def _variables_text(variables: list[tuple[str, str]]) -> str:
    """'x has shape (5, 2, 3) there, Wx (3, 4), h is 0.5'."""
    texts, mode = [], ""
    for name, words in variables:
        if words.startswith("shape "):
            texts.append(f"{name} {words.removeprefix('shape ')}" if mode == "shape" else f"{name} has {words}")
            mode = "shape"
        else:
            texts.append(f"{name} is {words}")
            mode = "is"
    texts[0] += " there"
    return ", ".join(texts)


# ---------------------------------------------------------------------------------------------------------------------
# Mistakes
# ---------------------------------------------------------------------------------------------------------------------


def simulate(exercise: Exercise, mistake: Mistake, case: Case) -> dict[str, Any]:
    """The answer to a case by somebody who makes this mistake, in the form in which a probe sends it."""
    arguments = copies_of(case.arguments)
    before = {key: wire.dumps(value) for key, value in arguments.items()}
    answer: dict[str, Any] = {"returned": None, "changed": [], "raised": None, "warned": []}
    # Warnings decide in few exercises, and listening for them takes time.
    caught: Any = warnings.catch_warnings(record=True) if exercise.quiet else nullcontext([])

    def expected() -> Any:
        return exercise.reference(*copies_of(case.arguments).values())

    try:
        with np.errstate(all="warn" if exercise.quiet else "ignore", under="ignore"), caught as warned:
            if exercise.quiet:
                warnings.simplefilter("always")
            answer["returned"] = wire.plain(mistake.answer(expected, arguments))
        answer["warned"] = [str(warning.message) for warning in warned]
    except Exception as error:
        details = {"text": str(error), "line": "", "where": "", "variables": [], "stub": False}
        answer["raised"] = {"type": type(error).__name__, **details}
    answer["changed"] = [key for key, value in arguments.items() if wire.dumps(wire.plain(value)) != before[key]]
    return answer


def recognise(
    exercise: Exercise,
    cases: list[Case],
    answers: list[dict[str, Any]],
    findings: list[Finding | None],
) -> tuple[Mistake, str] | None:
    """The mistake that the answers agree with on every case, and the result it was recognised in ("" for all)."""
    # Of several results first the one that the student is shown, then the first that fails, then from the last to the
    # first: in the gradients of layers the last has the fewest slips behind it.
    failing = [finding for finding in findings if finding is not None]
    first = [finding.output for finding in (findings[smallest(cases, findings)], *failing[:1]) if finding is not None]
    outputs = [name for name in dict.fromkeys(first) if name in exercise.results]
    pairs = list(zip(cases, answers, strict=True))
    compared = exercise.judge is None and outputs  # where properties are judged, no result has one right value
    others = [name for name in reversed(exercise.results) if name not in outputs] if compared else []
    outputs += [name for name in others if any(finding_in(exercise, *pair, name) is not None for pair in pairs)]
    found = (_recognise(version, cases, answers, findings, outputs) for version in versions(exercise))
    return next((known for known in found if known is not None), None)


def _recognise(
    exercise: Exercise,
    cases: list[Case],
    answers: list[dict[str, Any]],
    findings: list[Finding | None],
    outputs: list[str],
) -> tuple[Mistake, str] | None:
    """The mistake, of somebody whose right answers would be those of the exercise's first reference.

    The whole answer first. Then one of the wrong `outputs` alone: two different mistakes in two results are told one
    after the other. For judges of properties, at last, the same symptoms.
    """

    @cache
    def simulated(mistake: Mistake, place: int) -> dict[str, Any]:
        return simulate(exercise, mistake, cases[place])

    # Where all values are right, mistakes differ by the cases in which they warn.
    only_warned = all(finding is None or finding.rung == "warned" for finding in findings)

    def same(mine: dict[str, Any], theirs: dict[str, Any], output: str) -> bool:
        return _agree(exercise, mine, theirs, output) and not (
            only_warned and bool(mine["warned"]) != bool(theirs["warned"])
        )

    def on_every_case(mistake: Mistake, output: str) -> bool:
        # Most mistakes disagree on one of the first cases; the others are then never simulated.
        return all(same(mine, simulated(mistake, place), output) for place, mine in enumerate(answers))

    for mistake in exercise.mistakes:
        if on_every_case(mistake, ""):
            return mistake, ""
    for output in outputs:
        for mistake in exercise.mistakes:
            if on_every_case(mistake, output):
                return mistake, output
    if exercise.judge is not None:
        symptoms = _symptoms(findings)
        for mistake in exercise.mistakes if "" not in symptoms else ():
            found = [judge_case(exercise, case, simulated(mistake, place)) for place, case in enumerate(cases)]
            if symptoms == _symptoms(found):
                return mistake, ""
    return None


def recognise_in_part(
    exercise: Exercise,
    cases: list[Case],
    answers: list[dict[str, Any]],
    findings: list[Finding | None],
) -> Mistake | None:
    """The mistake that explains the smallest failing case of an answer with more than one thing wrong or missing.

    For exercises that are judged by properties. The answer agrees with the mistake there and in most of the cases in
    which the mistake shows and the answer got as far as a value; in none of them is it right.
    """
    if exercise.judge is None:
        return None
    shown = smallest(cases, findings)
    raised = answers[shown]["raised"] is not None
    best: tuple[int, Mistake] | None = None
    for mistake in exercise.mistakes:
        suspected = simulate(exercise, mistake, cases[shown])
        if not _agree(exercise, answers[shown], suspected, ""):
            continue
        if raised and exercise.probe == "call" and not _same_error(answers[shown]["raised"], suspected["raised"]):
            continue
        agreeing = differing = 0
        for case, mine, finding in zip(cases, answers, findings, strict=True):
            theirs = simulate(exercise, mistake, case)
            if judge_case(exercise, case, theirs) is None:
                # Where a mistake is known by an error alone, a wrong value elsewhere speaks for another one.
                differing += raised and finding is not None and finding.rung == "value"
                continue
            if finding is None:
                break
            if _agree(exercise, mine, theirs, ""):
                agreeing += 1
            elif finding.rung in ("value", "not finite"):
                differing += 1
        else:
            if agreeing > differing and (best is None or agreeing > best[0]):
                best = agreeing, mistake
    return best[1] if best else None


def smallest(cases: list[Case], findings: list[Finding | None]) -> int:
    """The position of the failing case that is shown: the first rung that fails, and of those the smallest case."""
    failing = [place for place, finding in enumerate(findings) if finding is not None]
    return min(failing, key=lambda place: (RUNGS.index(findings[place].rung), cases[place].size))  # type: ignore[union-attr]


def _symptoms(findings: list[Finding | None]) -> set[str]:
    """What is wrong; an error's type alone says little, so the case in which it was raised belongs to it."""
    return {
        f"{finding.symptom} in case {place}" if finding.rung == "raised" else finding.symptom
        for place, finding in enumerate(findings)
        if finding is not None
    }


def _agree(exercise: Exercise, mine: dict[str, Any], theirs: dict[str, Any], output: str) -> bool:
    if (mine["raised"] is None) != (theirs["raised"] is None):
        return False
    if mine["raised"] is not None:
        return bool(mine["raised"]["type"] == theirs["raised"]["type"])
    if exercise.keeps_inputs and mine["changed"] != theirs["changed"]:
        return False
    first, second = mine["returned"], theirs["returned"]
    if output:
        rows = [in_a_row(exercise, returned) for returned in (first, second)]
        if not all(rows):
            return False
        first, second = (row[exercise.results.index(output)] for row in rows)
    return alike(first, second, exercise)


def _same_error(first: dict[str, Any], second: dict[str, Any]) -> bool:
    """Whether two errors say the same but for the numbers in them."""
    return re.sub(r"[\d, ]+", "", first["text"]) == re.sub(r"[\d, ]+", "", second["text"])


def alike(first: Any, second: Any, exercise: Exercise) -> bool:
    """Whether two answers are the same to a person: same shape, same values within the tolerances."""
    if isinstance(first, wire.Opaque | str | bool) or isinstance(second, wire.Opaque | str | bool):
        return type(first) is type(second) and bool(first == second)
    if first is None or second is None:
        return first is second
    if isinstance(first, dict) or isinstance(second, dict):
        return (
            isinstance(first, dict)
            and isinstance(second, dict)
            and first.keys() == second.keys()
            and all(alike(first[key], second[key], exercise) for key in first)
        )
    try:
        one, two = np.asarray(first), np.asarray(second)
        if one.dtype.kind in "biuf" and two.dtype.kind in "biuf":
            return one.shape == two.shape and not differs(two, one, exercise).any()
        if one.dtype.kind in "biufc" and two.dtype.kind in "biufc" and one.shape == two.shape:
            parts = ((two.real, one.real), (two.imag, one.imag))
            return not any(differs(right, mine, exercise).any() for right, mine in parts)
    except ValueError:
        pass
    if isinstance(first, list | tuple) and isinstance(second, list | tuple):
        return len(first) == len(second) and all(alike(a, b, exercise) for a, b in zip(first, second, strict=True))
    return False


# ---------------------------------------------------------------------------------------------------------------------
# Observations on values that match no known mistake
# ---------------------------------------------------------------------------------------------------------------------


def observe(findings: list[Finding | None], output: str) -> str:
    """A true sentence about how the wrong values relate to the right ones; "" when nothing simple holds everywhere."""
    pairs = [
        (np.asarray(f.expected, dtype=float), np.asarray(f.got, dtype=float))
        for f in findings
        if f is not None and f.rung == "value" and f.output == output and _is_numeric_pair(f)
    ]
    if not pairs:
        return ""
    where = "everywhere" if len(pairs) == len(findings) else "in every case that fails"
    right = np.concatenate([pair[0].ravel() for pair in pairs])
    got = np.concatenate([pair[1].ravel() for pair in pairs])
    if len(right) < 2 or not np.isfinite(got).all() or not np.isfinite(right).all():
        return ""
    scale = np.max(np.abs(right))
    if scale == 0:
        return ""
    if not got.any():
        return "Yours is 0, everywhere." if where == "everywhere" else "Yours is 0 in every case that fails."
    if np.allclose(got, right, rtol=1e-4, atol=1e-7 * scale):
        return f"The differences are tiny, {where}. Is something rounded, or approximated?"
    if np.allclose(got, -right, rtol=1e-4, atol=1e-7 * scale):
        return f"Yours has the right size and the opposite sign, {where}."
    sizeable = np.abs(right) > 1e-6 * scale
    ratios = got[sizeable] / right[sizeable]
    if np.allclose(ratios, ratios[0], rtol=1e-4) and np.allclose(got[~sizeable], 0, atol=1e-5 * scale):
        return f"Yours is {number(float(ratios[0]))} times the expected value, {where}."
    offsets = got - right
    if np.allclose(offsets, offsets[0], rtol=1e-4, atol=1e-7 * scale):
        return f"Yours is the expected value plus {number(float(offsets[0]))}, {where}."
    square = [pair for pair in pairs if pair[0].ndim == 2]
    if len(square) == len(pairs) and all(
        r.shape[0] == r.shape[1] and np.allclose(g, r.T, rtol=1e-4, atol=1e-7 * scale) for r, g in square
    ):
        return f"Yours is the expected matrix transposed, {where}."
    if np.allclose(np.abs(got), np.abs(right), rtol=1e-4, atol=1e-7 * scale):
        return f"Yours has the right size, {where}; some signs are wrong."
    return ""


def _is_numeric_pair(finding: Finding) -> bool:
    return all(np.asarray(value).dtype.kind in "biuf" for value in (finding.expected, finding.got))
