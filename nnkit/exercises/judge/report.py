"""What a reader sees of a verdict: one panel in a notebook, the same words as plain text everywhere else."""

from __future__ import annotations

import html
from dataclasses import dataclass, field, replace
from typing import Any

from nnkit.draw.style import colour, sheet
from nnkit.exercises.beside.borrowed import Borrowed
from nnkit.exercises.judge.borrowed import told_of
from nnkit.exercises.judge.finding import Table
from nnkit.exercises.judge.locate import Located
from nnkit.exercises.judge.verdict import Verdict
from nnkit.exercises.terms import BLOCKED, CRASHED, NOT_ATTEMPTED, PASSED, REPORT_TYPE, STATUSES, TIMED_OUT, WRONG
from nnkit.languages import as_message, in_language, problem, say

# Verdict in words, sign, and the colour of the panel's edge; the sign and the words say it without the colour.
LOOKS = {
    PASSED: (say("right"), "✓", colour("right")),
    WRONG: (say("not yet"), "✗", colour("gradient")),
    CRASHED: (say("stopped with an error"), "✗", colour("gradient")),
    TIMED_OUT: (say("stopped"), "✗", colour("gradient")),
    NOT_ATTEMPTED: (say("not started"), "○", colour("axis")),
    BLOCKED: (say("waiting"), "…", colour("axis")),
}
MARK = colour("gradient")


@dataclass(frozen=True)
class Report(Verdict):
    """A verdict, whose it is, and how it was drawn: what a check gives back.

    Parameters
    ----------
    status, message, cause, case, table, advice, notes, words, cases
        See `Verdict`.
    exercise : str
        The exercise's name.
    seed : int
        Repeats this verdict: ``evaluate(name, namespace, seed=report.seed)``.
    hidden : bool
        Whether the cases were those of grading.
    seconds : float
        What the check took.
    located : Located or None
        Where one small change would mend the answer, if that was looked for and found.
    """

    exercise: str = field(kw_only=True)
    seed: int = 0
    hidden: bool = False
    seconds: float = 0.0
    located: Located | None = None

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"A report has the status {self.status!r}; known are {', '.join(STATUSES)}.")

    @classmethod
    def on(cls, exercise: str, verdict: Verdict, seed: int = 0, hidden: bool = False, seconds: float = 0.0) -> Report:
        """The report of a verdict on an exercise."""
        return cls(**vars(verdict), exercise=exercise, seed=seed, hidden=hidden, seconds=seconds)

    def with_line(self, located: Located | None) -> Report:
        """The same with the line that was found; where a change there mends everything, nothing else is to be tried."""
        if located is None:
            return self
        pointer = say('`hint("{name}")` may help.', name=self.exercise) if self.advice else ""
        return replace(self, located=located, advice=pointer if located.mends else self.advice)

    def with_names(self, borrowed: Borrowed) -> Report:
        """The same with what is certain about data that the answer takes from the notebook."""
        suspected = (
            [line.text for line in self.located.lines] if self.located is not None and self.located.mends else []
        )
        quoted = [line for lines in borrowed.names.values() for line in lines if f"your line `{line}`" in self.message]
        told = told_of(borrowed, [*suspected, *(quoted if self.status == CRASHED else ())])
        return replace(self, advice=told) if told else self

    @property
    def passed(self) -> bool:
        """Whether every case agrees."""
        return self.status == PASSED

    @property
    def line(self) -> int | None:
        """The number of the line, in its cell or file, that was located; None where nothing was found."""
        return self.located.lines[0].number if self.located is not None else None

    @property
    def headline(self) -> str:
        """The verdict in one line, such as "neuron: right."."""
        return say("{exercise}: {verdict}.", exercise=self.exercise, verdict=self._verdict)

    @property
    def _verdict(self) -> str:
        return as_message(self.words) if self.words else LOOKS[self.status][0]

    @property
    def _remarks(self) -> tuple[str, ...]:
        """What stands small at the end, as the reader sees it."""
        seeded = [say("Cases of grading; seed {seed}.", seed=self.seed)] if self.hidden else []
        return (*(in_language(text) for text in (*self.notes, *seeded)), *filter(None, [problem()]))

    @property
    def _case_sentence(self) -> str:
        return say("Smallest failing case: {case}.", case=as_message(self.case))

    @property
    def _shows_case(self) -> bool:
        return bool(self.case) and self.status != TIMED_OUT

    def __str__(self) -> str:
        lines = [f"{LOOKS[self.status][1]} {in_language(self.headline)} {in_language(self.message)}".rstrip()]
        if self._shows_case:
            lines.append(in_language(self._case_sentence))
        if self.table is not None:
            lines += _text_table(self.table)
        if self.cause and self.cause not in self.message:
            lines.append(in_language(self.cause))
        if self.located is not None:
            lines += [in_language(self.located.sentence), *_text_lines(self.located)]
        if self.advice:
            lines.append(in_language(self.advice))
        return "\n".join([*lines, *self._remarks])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        """The panel. Ink and background come from the theme around it; only the edge has a colour of its own."""
        _, sign, edge = LOOKS[self.status]
        parts = [
            sheet(),
            f'<div role="status" style="border-left: 4px solid {edge}; padding: 0.5em 1em; margin: 0.3em 0; '
            'max-width: 46em; background: rgba(128, 128, 128, 0.08); line-height: 1.45">',
            f'<div><span aria-hidden="true" style="color: {edge}; font-weight: bold">{sign}</span> '
            f"<strong>{html.escape(in_language(self.headline))}</strong> {_told(self.message)}</div>",
        ]
        if self._shows_case:
            parts.append(f"<div>{_told(self._case_sentence)}</div>")
        if self.table is not None:
            parts.append(_html_table(self.table))
        if self.cause and self.cause not in self.message:
            parts.append(f'<div style="margin-top: 0.4em">{_told(self.cause)}</div>')
        if self.located is not None:
            parts.append(f'<div style="margin-top: 0.4em">{_told(self.located.sentence)}</div>')
            parts.append(_html_lines(self.located))
        if self.advice:
            parts.append(f'<div style="margin-top: 0.4em; opacity: 0.85">{_told(self.advice)}</div>')
        for note in self._remarks:
            parts.append(f'<div style="margin-top: 0.4em; opacity: 0.75; font-size: 92%">{inline(note)}</div>')
        parts.append("</div>")
        return "".join(parts)

    def data(self) -> dict[str, Any]:
        """What a class table needs, as plain data without times, and in English: tables compare it.

        By which label a mistake is known, and what kind of thing is wrong, is for the instructor: it is there after
        grading and where there is something to say, never in a reader's own notebook.
        """
        content = {key: str(value) if isinstance(value, str) else value for key, value in vars(self).items()}
        found = {key: content[key] for key in ("exercise", "status", "message", "cause", "case", "cases", "seed")}
        return found | {key: content[key] for key in ("mistake", "kind") if self.hidden and content[key]}

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"text/plain": str(self), "text/html": self._repr_html_(), REPORT_TYPE: self.data()}


@dataclass(frozen=True)
class Hint:
    """One hint, in a panel like that of a report."""

    exercise: str
    text: str
    position: int
    total: int

    @property
    def _lead(self) -> str:
        if not self.position:
            return in_language(say("{exercise}, what the check has found out:", exercise=self.exercise))
        return in_language(
            say(
                "{exercise}, hint {position} of {total}:",
                exercise=self.exercise,
                position=self.position,
                total=self.total,
            )
        )

    @property
    def _tail(self) -> str:
        return f" {in_language('That was the last one.')}" if self.position == self.total else ""

    def __repr__(self) -> str:
        return f"{self._lead} {in_language(self.text)}{self._tail}"

    def _repr_html_(self) -> str:
        return (
            f'{sheet()}<div role="note" style="border-left: 4px solid {colour("input")}; '
            "padding: 0.5em 1em; margin: 0.3em 0; "
            'max-width: 46em; background: rgba(128, 128, 128, 0.08); line-height: 1.45">'
            f"<strong>{html.escape(self._lead)}</strong> {_told(self.text)}{html.escape(self._tail)}</div>"
        )


@dataclass(frozen=True)
class Note:
    """One sentence in a panel: what a cell waits for."""

    text: str

    def __repr__(self) -> str:
        return in_language(self.text)

    def _repr_html_(self) -> str:
        return (
            f'{sheet()}<div role="note" style="border-left: 4px solid {colour("axis")}; '
            "padding: 0.5em 1em; margin: 0.3em 0; "
            f'max-width: 46em; background: rgba(128, 128, 128, 0.08); line-height: 1.45">{_told(self.text)}</div>'
        )


def _told(text: str) -> str:
    """HTML of a sentence in the reader's language."""
    return inline(in_language(text))


def inline(text: str) -> str:
    """HTML of a sentence; what stands between backticks is code."""
    pieces = html.escape(text).split("`")
    if len(pieces) % 2 == 0:
        return html.escape(text)
    return "".join(
        f'<code style="white-space: pre-wrap">{piece}</code>' if position % 2 else piece
        for position, piece in enumerate(pieces)
    )


def _text_lines(located: Located) -> list[str]:
    """The lines and their neighbours, each of them marked."""
    width = max(len(str(number)) for line in located.lines for number, _ in line.around)
    shown = []
    for number, text in _around(located):
        mark = "→" if number in {line.number for line in located.lines} else " "
        shown.append(f"  {mark} {number:>{width}} │ {text}".rstrip())
    return shown


def _around(located: Located) -> list[tuple[int, str]]:
    together = {number: text for line in located.lines for number, text in line.around}
    return sorted(together.items())


def _html_lines(located: Located) -> str:
    marked = {line.number for line in located.lines}
    rows = []
    for number, text in _around(located):
        look = f"background: rgba(213, 94, 0, 0.16); border-left: 3px solid {MARK}" if number in marked else ""
        look = look or "border-left: 3px solid transparent; opacity: 0.75"
        here = html.escape(in_language("this line"))
        mark = f'<span aria-label="{here}">→</span>' if number in marked else " "
        rows.append(
            f'<div style="{look}; padding: 0 0.6em; white-space: pre-wrap">{mark} '
            f"{number:>3}  {html.escape(text)}</div>"
        )
    return (
        '<div style="margin: 0.4em 0; font-family: var(--jp-code-font-family, monospace); font-size: 92%">'
        + "".join(rows)
        + "</div>"
    )


def _text_table(table: Table) -> list[str]:
    columns = list(zip(table.columns, table.expected, table.got, strict=True))
    widths = [max(len(cell) for cell in column) for column in columns]

    expected, yours = in_language("expected"), in_language("yours")
    wide = max(len(expected), len(yours)) + 1

    def row(label: str, cells: tuple[str, ...]) -> str:
        return f"  {label:<{wide}}" + "  ".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True))

    marks = tuple("^" * len(cell) if position == table.first_wrong else "" for position, cell in enumerate(table.got))
    return [row("", table.columns), row(expected, table.expected), row(yours, table.got), row("", marks).rstrip()]


def _html_table(table: Table) -> str:
    def cells(values: tuple[str, ...], mark: bool = False) -> str:
        text = ""
        for position, value in enumerate(values):
            style = "padding: 0.1em 0.7em; text-align: right; font-variant-numeric: tabular-nums"
            if mark and position == table.first_wrong:
                style += f"; border: 2px solid {MARK}; font-weight: bold"
            elif mark and table.wrong[position]:
                style += f"; border-bottom: 2px dotted {MARK}"
            text += f'<td style="{style}">{html.escape(value)}</td>'
        return text

    def row(label: str, values: tuple[str, ...], mark: bool = False) -> str:
        head = f'<th scope="row" style="text-align: left; font-weight: normal; padding-right: 1em">{label}</th>'
        return f"<tr>{head}{cells(values, mark)}</tr>"

    return (
        '<table style="border-collapse: collapse; margin: 0.5em 0; background: transparent">'
        + row("", table.columns)
        + row(html.escape(in_language("expected")), table.expected)
        + row(html.escape(in_language("yours")), table.got, mark=True)
        + "</table>"
    )
