"""A `Trace`: what a student's code did with one case, and how the end compares with what is right.

It is made from what `beside.tracing` recorded. A notebook shows it as a panel, everything else as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nnkit.draw.output import Output
from nnkit.exercises.beside.pictures import picture
from nnkit.exercises.beside.states import ANSWERED
from nnkit.exercises.beside.wire import Opaque, WireError
from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.judge.answer import Answer, Sitting
from nnkit.exercises.judge.compare import differs
from nnkit.exercises.judge.finding import Finding
from nnkit.exercises.judge.ladder import finding_in, in_a_row, judge_case, right_answer
from nnkit.exercises.judge.trace_panel import panel_of_trace
from nnkit.exercises.judge.trace_steps import steps_of_trace
from nnkit.exercises.judge.trace_text import text_of_trace
from nnkit.exercises.judge.traced import Block, Change, Outcome, Row, Traced
from nnkit.exercises.judge.verdict import verdict_on
from nnkit.exercises.judge.wording import arguments_text
from nnkit.exercises.surroundings import notebook_shell
from nnkit.languages import in_language, say


@dataclass(frozen=True, repr=False)
class Trace(Traced):
    """What an answer did with one case, line by line; see `Traced` for its parts."""

    def __str__(self) -> str:
        return text_of_trace(self)

    def __repr__(self) -> str:
        return str(self)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))

    def _repr_html_(self) -> str:
        return panel_of_trace(self)

    def _ipython_display_(self) -> None:
        """Show it as a stepper where widgets run; IPython shows the panel instead where this is not implemented."""
        if not hasattr(notebook_shell(), "kernel"):
            raise NotImplementedError
        from nnkit.widgets import base
        from nnkit.widgets.code_steps import CodeSteps

        if base.is_static():
            raise NotImplementedError
        panel = _Panel(self)
        try:
            widget = CodeSteps(
                steps_of_trace(self),
                twin=panel,
                title=in_language(say("{exercise}, line by line", exercise=self.exercise)),
            )
            base.show(panel, widget.live)
        except Exception:  # whatever a student's names and values are, they are shown
            raise NotImplementedError from None


class _Panel(Output):
    """The panel and the text of a trace, as they are shown where nothing moves."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace

    @property
    def html(self) -> str:
        """The panel."""
        return panel_of_trace(self._trace)

    def __repr__(self) -> str:
        return text_of_trace(self._trace)


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
        sitting = Sitting.read(recording["sitting"], [case.arguments])
        rows = tuple(_row(row, line) for row in recording["rows"])
        blocks = tuple(Block(first, tuple(lines)) for first, lines in recording["blocks"])
    except (KeyError, TypeError, ValueError) as error:
        raise WireError(f"A recording does not have the form of one: {error}.") from error
    right, message, outcomes = _end(exercise, case, sitting, limit)
    if outcomes:
        rows = tuple(row for row in rows if row.kind != "return" or row.depth > 1)  # the end shows it
    words = case_in_words(case)
    return Trace(exercise.name, position + 1, len(cases), words, chosen, rows, right, message, outcomes, blocks)


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
        block=row.get("block", -1),
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
