"""How far a reader is: which checks of the course have passed, since when, and what comes next.

The course comes from `outline`, what the checks said from `record`; here both are put side by side, as a text and as
the panel of a notebook.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nnkit.draw.style import colour, sheet
from nnkit.exercises import record
from nnkit.exercises.judge.report import LOOKS
from nnkit.exercises.outline import Place, places
from nnkit.exercises.record import Entry
from nnkit.exercises.terms import NOT_ATTEMPTED, PASSED, WRONG

TRIED, OPEN = "tried", "open"
# State → sign and colour, those that the check's own panel has for it.
SIGNS = {PASSED: LOOKS[PASSED][1:], TRIED: LOOKS[WRONG][1:], OPEN: LOOKS[NOT_ATTEMPTED][1:]}

# What is counted is what was recorded: an answer may have been changed, or a notebook reset, since.
COUNTED = "What has passed once is counted, whatever your notebooks hold now; `nnkit mine` checks what they hold."


@dataclass(frozen=True)
class Standing:
    """How it stands with one exercise.

    Parameters
    ----------
    place : Place
        Which, and where it stands.
    since : datetime or None
        When its check passed for the first time.
    last : Entry or None
        What the check said last.
    """

    place: Place
    since: datetime | None = None
    last: Entry | None = None

    @property
    def state(self) -> str:
        """ "passed" once the check has passed, "tried" if it never has, "open" if it was never asked."""
        return PASSED if self.since is not None else OPEN if self.last is None else TRIED

    @property
    def words(self) -> str:
        """The state with its day, and that the last check said something else, if it did."""
        if self.last is None:
            return OPEN
        if self.since is None:
            return f"tried, {day(self.last.time)}"
        again = "" if self.last.status == PASSED else f" (the last check, {day(self.last.time)}, did not pass)"
        return f"passed, {day(self.since)}{again}"


@dataclass(frozen=True)
class Progress:
    """How far a reader is; a notebook shows it as a table.

    Parameters
    ----------
    standings : tuple[Standing, ...]
        One for each exercise, in the order of reading.
    notes : tuple[str, ...]
        Sentences about the file in which it is kept.
    """

    standings: tuple[Standing, ...]
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> tuple[str, ...]:
        """The names of the exercises whose checks have passed."""
        return tuple(one.place.exercise for one in self.standings if one.state == PASSED)

    @property
    def points(self) -> float:
        """What the checks that have passed give."""
        return _points(self.standings, only_passed=True)

    @property
    def next(self) -> Place | None:
        """The exercise that comes next: the first that has not passed, from the notebook on that was worked on last."""
        worked_on = [one for one in self.standings if one.last is not None]
        begin = 0
        if worked_on:
            latest = max(worked_on, key=lambda one: one.last.time if one.last is not None else datetime.min)
            begin = next(at for at, one in enumerate(self.standings) if one.place.notebook == latest.place.notebook)
        for one in (*self.standings[begin:], *self.standings[:begin]):
            if one.state != PASSED:
                return one.place
        return None

    @property
    def headline(self) -> str:
        """All of it in one or two sentences."""
        if not self.standings:
            return "The notebooks of the course are missing, so nothing is known of its exercises."
        return (
            f"{len(self.passed)} of {len(self.standings)} checks have passed: {self.points:g} of "
            f"{_points(self.standings):g} points (written answers are not counted)."
        )

    @property
    def outlook(self) -> str:
        """What comes next, in one sentence."""
        if not self.standings:
            return ""
        following = self.next
        if following is None:
            return "Nothing is open: every check of the course has passed."
        return f"Next: `{following.exercise}` in {following.assignment}/{following.notebook}.ipynb."

    def __str__(self) -> str:
        lines = [self.headline, ""]
        wide = max((len(_title(group)) for group in self._groups()), default=0)
        for group in self._groups():
            lines.append(f"{_title(group):<{wide}}  {_counted(group):<32}  {_share(group)} points")
            if any(one.last is not None for one in group):
                lines += [f"    {SIGNS[one.state][0]} {one.place.exercise}: {one.words}" for one in group]
        return "\n".join([*lines, "", *(text for text in (self.outlook, *self._footnotes()) if text)])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        """Two tables in the page's ink: notebooks, and, folded away, exercises. Every sign has its words beside it."""
        rows, details = [], []
        for group in self._groups():
            place = group[0].place
            done = round(100 * _points(group, only_passed=True) / max(_points(group), 1))
            bar = (
                '<div aria-hidden="true" style="width: 5em; height: 0.4em; border: 1px solid '
                f'{colour("axis")}">'
                f'<div style="width: {done}%; height: 100%; background: {SIGNS[PASSED][1]}"></div></div>'
            )
            numbers = (sum(one.state == state for one in group) for state in (PASSED, TRIED, OPEN))
            days = [one.last.time for one in group if one.last is not None]
            cells = [html.escape(place.assignment), *map(str, numbers), f"{_share(group)}{bar}"]
            rows.append(_row(place.notebook, [*cells, day(max(days)).replace(" ", "&nbsp;") if days else "–"]))
            for one in group:
                sign, own = SIGNS[one.state]
                said = f'<span aria-hidden="true" style="color: {own}; font-weight: bold">{sign}</span> {one.words}'
                details.append(_row(one.place.exercise, [place.notebook, f"{one.place.points:g}", said]))
        parts = [f"<div><strong>{html.escape(self.headline)}</strong></div>"]
        if rows:
            heads = ("notebook", "assignment", "passed", "tried", "open", "points", "last")
            parts += [
                f"<div>{html.escape(self.outlook.replace('`', ''))}</div>",
                _table("Checks by notebook", heads, rows),
                '<details><summary style="cursor: pointer">Every exercise</summary>',
                _table("Checks by exercise", ("exercise", "notebook", "points", "state"), details),
                "</details>",
            ]
        below = [note.replace("`", "") if note == COUNTED else note for note in self._footnotes()]
        parts += [f'<div style="opacity: 0.75; font-size: 92%">{html.escape(note)}</div>' for note in below]
        return (
            f'{sheet()}<div role="region" aria-label="Your progress" style="border-left: 4px solid '
            f"{colour('input')}; padding: 0.5em 1em; "
            'margin: 0.3em 0; background: rgba(128, 128, 128, 0.08); line-height: 1.45; overflow-x: auto">'
            f"{''.join(parts)}</div>"
        )

    def _footnotes(self) -> tuple[str, ...]:
        """The notes, and, where something is counted, what that means."""
        return (*((COUNTED,) if self.passed else ()), *self.notes)

    def _groups(self) -> list[list[Standing]]:
        """The standings of each notebook."""
        found: dict[str, list[Standing]] = {}
        for one in self.standings:
            found.setdefault(one.place.notebook, []).append(one)
        return list(found.values())


def progress(folder: Path | None = None) -> Progress:
    """How far the reader is.

    Parameters
    ----------
    folder : Path or None
        Where the notebooks are; the working folder when left out.

    Examples
    --------
    >>> progress().passed
    ()
    """
    notes = (record.trouble(folder), record.told(folder))
    return Progress(standings(places(), record.entries(folder)), tuple(note for note in notes if note))


def standings(course: Iterable[Place], said: Iterable[Entry]) -> tuple[Standing, ...]:
    """Put side by side what there is to do and what the checks said.

    Parameters
    ----------
    course : iterable of Place
        The exercises; what was said of others is left out.
    said : iterable of Entry
        In the order of time.

    Returns
    -------
    tuple of Standing
    """
    since: dict[str, datetime] = {}
    last: dict[str, Entry] = {}
    for entry in said:
        last[entry.exercise] = entry
        if entry.status == PASSED:
            since.setdefault(entry.exercise, entry.time)
    return tuple(Standing(place, since.get(place.exercise), last.get(place.exercise)) for place in course)


def day(time: datetime) -> str:
    """The day of a time, on the reader's own clock.

    Parameters
    ----------
    time : datetime
        With a time zone.

    Examples
    --------
    >>> from datetime import UTC
    >>> day(datetime(2026, 11, 7, 12, tzinfo=UTC))
    '7 Nov 2026'
    """
    here = time.astimezone()
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    return f"{here.day} {months[here.month - 1]} {here.year}"


def _points(group: Sequence[Standing], only_passed: bool = False) -> float:
    return sum(one.place.points for one in group if one.state == PASSED or not only_passed)


def _title(group: Sequence[Standing]) -> str:
    return f"{group[0].place.assignment} · {group[0].place.notebook}"


def _share(group: Sequence[Standing]) -> str:
    return f"{_points(group, only_passed=True):g} of {_points(group):g}"


def _counted(group: Sequence[Standing]) -> str:
    counts = {state: sum(one.state == state for one in group) for state in (PASSED, TRIED, OPEN)}
    return ", ".join(f"{count} {state}" for state, count in counts.items() if count)


def _row(head: str, cells: Sequence[str]) -> str:
    style = "padding: 0.1em 0.7em; text-align: left"
    inside = "".join(f'<td style="{style}; font-variant-numeric: tabular-nums">{cell}</td>' for cell in cells)
    return f'<tr><th scope="row" style="{style}; font-weight: normal">{html.escape(head)}</th>{inside}</tr>'


def _table(caption: str, heads: Sequence[str], rows: Sequence[str]) -> str:
    top = "".join(f'<th scope="col" style="padding: 0.1em 0.7em; text-align: left">{head}</th>' for head in heads)
    return (
        '<table style="border-collapse: collapse; margin: 0.5em 0; background: transparent; font-size: 92%">'
        f'<caption style="text-align: left; opacity: 0.75; font-size: 92%">{caption}</caption>'
        f"<thead><tr>{top}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )
