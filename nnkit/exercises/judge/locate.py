"""Where is it? The lines of an answer that one small change would mend, and what is said of them.

The change itself is never shown: the line is where to look, and what to do about it is the reader's.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nnkit.exercises.beside.edits import INDENTATION, LINES
from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.compare import alike
from nnkit.exercises.judge.ladder import judge_case, right_answer
from nnkit.languages import marked, say, sentences

MOST_LINES = 2  # that are named; more would say nothing
CONTEXT = 1  # lines that are shown before and after


class RightOrNot:
    """Says of answers to the cases of an exercise whether they are right, fast enough for thousands.

    Parameters
    ----------
    exercise : Exercise
        What was asked.
    cases : Sequence[Case]
        For which inputs.
    """

    def __init__(self, exercise: Exercise, cases: Sequence[Case]) -> None:
        self._exercise, self._cases = exercise, cases
        self._expected: dict[int, list[Any]] = {}

    def may_be_right(self, place: int, returned: Any) -> bool:
        """Whether what was returned is like the right answer; of what is judged by properties any may be."""
        exercise = self._exercise
        if exercise.judge is not None:
            return True
        if place not in self._expected:
            self._expected[place] = [right_answer(version, self._cases[place]) for version in exercise.versions]
        return any(alike(returned, expected, exercise) for expected in self._expected[place])

    def is_right(self, place: int, answer: dict[str, Any]) -> bool:
        """Whether nothing at all is to be said against an answer."""
        read = Answer(answer["returned"], tuple(answer["changed"]), None, tuple(answer["warned"]))
        return judge_case(self._exercise, self._cases[place], read) is None


@dataclass(frozen=True)
class Line:
    """A line of the student's source.

    Parameters
    ----------
    number : int
        Counted from 1 in its cell or file.
    typed : str
        As it was typed.
    around : tuple[tuple[int, str], ...]
        The line and those next to it, with their numbers.
    """

    number: int
    typed: str
    around: tuple[tuple[int, str], ...]

    @property
    def text(self) -> str:
        """What stands in it, without indentation."""
        return self.typed.strip()

    @classmethod
    def of(cls, number: int, lines: Sequence[str]) -> Line:
        """The line of this number."""
        first, last = max(1, number - CONTEXT), min(len(lines), number + CONTEXT)
        shown = [(place, lines[place - 1]) for place in range(first, last + 1)]
        while len(shown) > 1 and not shown[-1][1].strip():
            shown.pop()
        while len(shown) > 1 and not shown[0][1].strip():
            shown.pop(0)
        return cls(number, lines[number - 1], tuple(shown))


@dataclass(frozen=True)
class Located:
    """Where an answer can be mended, or where it goes wrong.

    Parameters
    ----------
    lines : tuple[Line, ...]
        One or two.
    mends : bool
        Whether one small change there makes every case right; else every failing case runs through the line, and no
        other does.
    kinds : tuple[str, ...]
        What kind of thing such a change changes; empty where that is not known or could be many things.
    """

    lines: tuple[Line, ...]
    mends: bool
    kinds: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What the reader is told."""
        first, last = self._named(self.lines[0], "first"), self._named(self.lines[-1], "last")
        if not self.mends and len(self.lines) == 1:
            return say(
                "Every case that fails runs through your line {first_number}, `{first_line}`, and no case that is "
                "right does.",
                **first,
            )
        if not self.mends:
            return say(
                "Every case that fails runs through your line {first_number}, `{first_line}` and your line "
                "{last_number}, `{last_line}`, and no case that is right does.",
                **first,
                **last,
            )
        # A line that belongs elsewhere is not changed in itself.
        as_it_is = bool(self.kinds) and set(self.kinds) <= {LINES, INDENTATION}
        if len(self.lines) == 1:
            form = marked("One small change in your line {first_number}, `{first_line}`, would make every case right.")
            if as_it_is:
                form = marked(
                    "One small change at your line {first_number}, `{first_line}`, would make every case right."
                )
            return say(form, **first)
        form = marked(
            "One small change would make every case right: in your line {first_number}, `{first_line}`, or in your "
            "line {last_number}, `{last_line}`."
        )
        if as_it_is:
            form = marked(
                "One small change would make every case right: at your line {first_number}, `{first_line}`, or at your "
                "line {last_number}, `{last_line}`."
            )
        return say(form, **first, **last)

    @staticmethod
    def _named(line: Line, name: str) -> dict[str, Any]:
        return {f"{name}_number": line.number, f"{name}_line": line.text}

    @property
    def nudge(self) -> str:
        """What a hint says after this: the kind of thing, not the change; "" where there is nothing to add."""
        if not self.kinds:
            return ""
        first, last = self._named(self.lines[0], "first"), self._named(self.lines[-1], "last")
        if len(self.lines) == 1:
            where = say("Look at your line {first_number}, `{first_line}`, again.", **first)
        else:
            where = say(
                "Look at your line {first_number}, `{first_line}` or line {last_number}, `{last_line}`, again.",
                **first,
                **last,
            )
        kinds = [say(kind) for kind in self.kinds]
        if len(kinds) == 1:
            return sentences(where, say("It is about {kind}.", kind=kinds[0]))
        return sentences(where, say("It is about {kind}; or about {other}.", kind=kinds[0], other=kinds[1]))


def located(found: Sequence[tuple[str, int, str, int]], sources: Mapping[str, Sequence[str]]) -> Located | None:
    """What the changes that mend an answer have in common.

    Parameters
    ----------
    found : Sequence[tuple[str, int, str, int]]
        For each such change: file, line, kind, and how far it is from what was typed.
    sources : Mapping[str, Sequence[str]]
        The lines of each file.

    Returns
    -------
    Located or None
        None if there is none, or they are in more than two lines.
    """
    nearest = min((distance for *_, distance in found), default=0)
    for chosen in (found, [entry for entry in found if entry[3] == nearest]):
        places = sorted({(file, number) for file, number, *_ in chosen})
        if 0 < len(places) <= MOST_LINES:
            kinds = tuple(dict.fromkeys(kind for _, _, kind, distance in chosen if distance == nearest))
            lines = tuple(Line.of(number, sources[file]) for file, number in places)
            return Located(lines, True, kinds if len(kinds) <= 2 else ())
    return None


def where_it_fails(only: Sequence[tuple[str, int]], sources: Mapping[str, Sequence[str]]) -> Located | None:
    """The lines that every failing case runs through and no other, if these are few and together.

    What stands before them in a branch prepares it; a line that only hands on what was computed before, or only asks
    which way to go, says less.
    """
    if not only or len({file for file, _ in only}) > 1 or only[-1][1] - only[0][1] >= MOST_LINES:
        return None
    lines = [Line.of(number, sources[file]) for file, number in only]
    return Located(tuple([line for line in lines if _does_something(line.text)] or lines[:1]), False)


def _does_something(text: str) -> bool:
    """Whether a line is a whole statement, no head of a block, and more than the return of a name."""
    try:
        statement = ast.parse(text).body[0]
    except (SyntaxError, IndexError):
        return False
    return not (isinstance(statement, ast.Return) and isinstance(statement.value, ast.Name))
