"""What happened in one case: the lines that ran, what they changed, and how the end compares with what is right.

A `Trace` is made from what `beside.tracing` recorded. It is plain data in the order of time; `trace_text` writes it
down, `trace_panel` draws it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from nnkit.exercises.beside.pictures import Picture, picture
from nnkit.exercises.beside.states import ANSWERED
from nnkit.exercises.beside.wire import Opaque, WireError
from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.judge.answer import Answer, Sitting
from nnkit.exercises.judge.compare import differs
from nnkit.exercises.judge.finding import Finding, Table
from nnkit.exercises.judge.ladder import finding_in, in_a_row, judge_case, right_answer
from nnkit.exercises.judge.verdict import verdict_on
from nnkit.exercises.judge.wording import arguments_text


@dataclass(frozen=True)
class Change:
    """A name that a line changed.

    Parameters
    ----------
    name : str
        Of a variable, or of an attribute: ``self.grad``.
    picture : Picture
        What it stands for now (see `beside.pictures.picture`).
    places : tuple[int, ...]
        The entries of a small array that are others than before, counted along its rows; empty where all are.
    given : bool
        Whether it is an array of the caller's, which the line has written into.
    """

    name: str
    picture: Picture
    places: tuple[int, ...] = ()
    given: bool = False


@dataclass(frozen=True)
class Row:
    """One row: a line that ran, a call, a return, or a count of what is not shown.

    Parameters
    ----------
    kind : str
        One of `beside.tracing`'s: "call", "line", "back", "fold", "more", "lost", "yield", "return".
    depth : int
        Inside how many calls.
    line : int
        The number of the line in its cell or file; of a fold that of the loop.
    text : str
        The line as written.
    marked : bool
        Whether the fault was located here.
    changed : tuple[Change, ...]
        What the line, or the rounds together, changed.
    raised : tuple[str, str] or None
        The type and the text of the error that arose here.
    name : str
        Of the function that is called.
    arguments : tuple[Change, ...]
        With which it is called.
    value : Picture or None
        What is returned or yielded.
    count : int
        Rounds, or lines, that are not shown.
    calls : tuple[tuple[str, int], ...]
        Functions whose calls are not shown, and how many.
    """

    kind: str
    depth: int = 0
    line: int = 0
    text: str = ""
    marked: bool = False
    changed: tuple[Change, ...] = ()
    raised: tuple[str, str] | None = None
    name: str = ""
    arguments: tuple[Change, ...] = ()
    value: Picture | None = None
    count: int = 0
    calls: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Outcome:
    """One result at the end, beside what was expected.

    Parameters
    ----------
    name : str
        Of the result; "" for an only one.
    right : bool
        Whether they agree.
    expected, got : Picture
        As far as they are shown.
    places : tuple[int, ...]
        The entries of a small array that are wrong.
    table : Table or None
        Of a large array the first entries that are wrong.
    """

    name: str
    right: bool
    expected: Picture
    got: Picture
    places: tuple[int, ...] = ()
    table: Table | None = None


@dataclass(frozen=True)
class Trace:
    """What an answer did with one case, line by line; a notebook shows it as a panel, everything else as text.

    Parameters
    ----------
    exercise : str
        The exercise's name.
    number, cases : int
        Which case it was, counted from 1, and of how many.
    case : str
        The case in words.
    chosen : str
        Why this one.
    rows : tuple[Row, ...]
        In the order of time.
    right : bool
        Whether the answer to this case is right.
    message : str
        What is to be said at the end: where the answer differs, or how it ended.
    outcomes : tuple[Outcome, ...]
        Expected and got, result by result, where that can be compared.
    """

    exercise: str
    number: int
    cases: int
    case: str
    chosen: str = ""
    rows: tuple[Row, ...] = ()
    right: bool = False
    message: str = ""
    outcomes: tuple[Outcome, ...] = field(default=())

    @property
    def lead(self) -> str:
        """The first line: the exercise, which case, and why."""
        return f"{self.exercise}, line by line. {self.which}"

    @property
    def which(self) -> str:
        """Which case it is, in a sentence."""
        words = f": {self.case}." if self.case else "."
        if self.cases == 1:
            return f"There is one case{words}" if words != "." else ""
        return f"Case {self.number} of {self.cases}{f' ({self.chosen})' if self.chosen else ''}{words}"

    @property
    def verdict(self) -> str:
        """The sentence at the end."""
        return self.message or ("Every result is right." if len(self.outcomes) > 1 else "The result is right.")

    def __str__(self) -> str:
        from nnkit.exercises.judge.trace_text import text_of_trace

        return text_of_trace(self)

    def __repr__(self) -> str:
        return str(self)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))

    def _repr_html_(self) -> str:
        from nnkit.exercises.judge.trace_panel import panel_of_trace

        return panel_of_trace(self)


def case_in_words(case: Case) -> str:
    """A case as reports name it."""
    return case.text or arguments_text(case.arguments)


def trace_of(
    exercise: Exercise,
    cases: Sequence[Case],
    position: int,
    recording: Any,
    limit: float,
    line: int | None = None,
    chosen: str = "",
) -> Trace:
    """Make a trace of what was recorded.

    Parameters
    ----------
    exercise, cases, position
        What was asked: which of the cases, counted from 0.
    recording : Any
        What `beside.tracing.record_request` sent, read from the wire.
    limit : float
        How many seconds the answer was given.
    line : int or None
        A line of the answer that is to be marked.
    chosen : str
        Why this case.

    Raises
    ------
    WireError
        The recording does not have the form of one.
    """
    case = cases[position]
    try:
        sitting = Sitting.read(recording["sitting"])
        rows = tuple(_row(row, line) for row in recording["rows"])
    except (KeyError, TypeError, ValueError) as error:
        raise WireError(f"A recording does not have the form of one: {error}.") from error
    right, message, outcomes = _end(exercise, case, sitting, limit)
    if outcomes:
        rows = tuple(row for row in rows if row.kind != "return" or row.depth > 1)  # the end shows it
    words = case_in_words(case)
    return Trace(exercise.name, position + 1, len(cases), words, chosen, rows, right, message, outcomes)


def _row(row: dict[str, Any], marked: int | None) -> Row:
    raised = row.get("raised")
    return Row(
        kind=row["kind"],
        depth=row["depth"],
        line=row.get("line", 0),
        text=row.get("text", ""),
        marked=row["kind"] == "line" and row["own"] and row["line"] == marked,
        changed=tuple(Change(name, shown, tuple(at), given) for name, shown, at, given in row.get("changed", [])),
        raised=(raised[0], raised[1]) if raised else None,
        name=row.get("name", ""),
        arguments=tuple(Change(name, shown) for name, shown in row.get("arguments", [])),
        value=row.get("value"),
        count=row.get("count", row.get("lines", 0)),
        calls=tuple((name, count) for name, count in row.get("names", [])),
    )


# ---------------------------------------------------------------------------------------------------------------------
# The end
# ---------------------------------------------------------------------------------------------------------------------


def _end(exercise: Exercise, case: Case, sitting: Sitting, limit: float) -> tuple[bool, str, tuple[Outcome, ...]]:
    """Whether the answer is right, what is to be said, and every result beside what was expected."""
    if sitting.state != ANSWERED or not sitting.answers:
        return False, verdict_on(exercise, [case], sitting, limit).message, ()
    answer = sitting.answers[0]
    if answer.raised is not None and answer.raised.type == "RecursionError":
        # It is the recording that Python has no room for, one call earlier: the line is not the one of a check.
        answer = replace(answer, raised=replace(answer.raised, line="", variables=()))
    finding = judge_case(exercise, case, answer)
    if answer.raised is not None or exercise.judge is not None:
        table = () if finding is None else _of_finding(finding)
        return finding is None, "" if finding is None else finding.text, table
    return finding is None, "" if finding is None else finding.text, _outcomes(exercise, case, answer, finding)


def _of_finding(finding: Finding) -> tuple[Outcome, ...]:
    if finding.expected is None or finding.got is None or isinstance(finding.got, Opaque):
        return ()
    return (Outcome(finding.output, False, picture(finding.expected), picture(finding.got), table=finding.table),)


def _outcomes(exercise: Exercise, case: Case, answer: Answer, finding: Finding | None) -> tuple[Outcome, ...]:
    version = exercise
    if finding is None:
        version = next(version for version in exercise.versions if judge_case(version, case, answer) is None)
    expected = in_a_row(version, right_answer(version, case))
    got = in_a_row(version, answer.returned)
    if len(got) != len(expected):
        return (Outcome("", False, picture(right_answer(version, case)), picture(answer.returned)),)
    found = []
    for name, right, mine in zip(exercise.results or ("",), expected, got, strict=True):
        wrong = finding_in(exercise, case, answer, name) if name else _about_values(finding)
        places = _wrong_places(right, mine, exercise) if wrong is not None else ()
        table = wrong.table if wrong is not None else None
        expected_picture, got_picture = picture(_as_numbers(right)), picture(_as_numbers(mine))
        found.append(Outcome(name, wrong is None, expected_picture, got_picture, places, table))
    return tuple(found)


def _about_values(finding: Finding | None) -> Finding | None:
    """A finding, unless the result is right and something else is wrong."""
    return None if finding is None or finding.rung in ("input changed", "warned") else finding


def _wrong_places(right: Any, got: Any, exercise: Exercise) -> tuple[int, ...]:
    right, got = _as_numbers(right), _as_numbers(got)
    if not (isinstance(right, np.ndarray) and isinstance(got, np.ndarray)) or right.shape != got.shape:
        return ()
    if "c" in right.dtype.kind + got.dtype.kind:
        return ()
    return tuple(int(place) for place in np.flatnonzero(differs(right, got, exercise)))


def _as_numbers(value: Any) -> Any:
    """A result as an array where it is numbers, so that lists and arrays are shown alike."""
    if isinstance(value, list | tuple):
        try:
            array = np.asarray(value)
        except ValueError:
            return value
        return array if array.dtype.kind in "biuf" else value
    return np.asarray(value) if isinstance(value, int | float | np.number) and not isinstance(value, bool) else value
