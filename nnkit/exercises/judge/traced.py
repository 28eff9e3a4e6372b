"""What happened in one case, as plain data in the order of time: rows, what they changed, the results at the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nnkit.exercises.beside.pictures import Picture
from nnkit.exercises.judge.finding import Table
from nnkit.languages import as_message, say, sentences


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
        One of `beside.tracing`'s: "call", "line", "back", "fold", "more", "cut", "lost", "yield", "return".
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
    block : int
        Of a call: which of the trace's blocks is the function's text.
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
    block: int = -1


@dataclass(frozen=True)
class Block:
    """The text of a function that was called; no lines where nobody knows it."""

    first: int
    lines: tuple[str, ...]


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
class Traced:
    """What an answer did with one case, line by line; a `Trace` shows it.

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
    blocks : tuple[Block, ...]
        The functions that were called.
    """

    exercise: str
    number: int
    cases: int
    case: str
    chosen: str = ""
    rows: tuple[Row, ...] = ()
    right: bool = False
    message: str = ""
    outcomes: tuple[Outcome, ...] = ()
    blocks: tuple[Block, ...] = ()

    @property
    def lead(self) -> str:
        """The first line: the exercise, which case, and why."""
        return sentences(say("{exercise}, line by line.", exercise=self.exercise), self.which)

    @property
    def which(self) -> str:
        """Which case it is, in a sentence."""
        # The case is a whole text, which is its own template: `say` makes a message of it.
        known: dict[str, Any] = {"number": self.number, "cases": self.cases, "case": as_message(self.case)}
        known["why"] = as_message(self.chosen)
        if self.cases == 1:
            return say("There is one case: {case}.", **known) if self.case else ""
        if self.chosen and self.case:
            return say("Case {number} of {cases} ({why}): {case}.", **known)
        if self.chosen:
            return say("Case {number} of {cases} ({why}).", **known)
        if self.case:
            return say("Case {number} of {cases}: {case}.", **known)
        return say("Case {number} of {cases}.", **known)

    @property
    def verdict(self) -> str:
        """The sentence at the end."""
        if self.message:
            return self.message
        return say("Every result is right.") if len(self.outcomes) > 1 else say("The result is right.")
