"""Trying the variants of an answer, one after the other, until the time is over.

Runs beside the student's code and knows no right answer: whether an answer is right is asked of whoever calls.
"""

from __future__ import annotations

import time
import warnings
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

import numpy as np

from nnkit.exercises.beside import watchdog, wire
from nnkit.exercises.beside.edits import CHANGED, MOVED, PUT_IN
from nnkit.exercises.beside.errors import text_of
from nnkit.exercises.beside.memory import memory_limited
from nnkit.exercises.beside.output import captured_output
from nnkit.exercises.beside.probes import Probe, find_probe
from nnkit.exercises.beside.request import is_numeric, is_unchanged
from nnkit.exercises.beside.source import Source
from nnkit.exercises.beside.variants import Variants, lines_run

SHORTEST, TIMES_AS_LONG = 0.03, 20  # a case may take so many seconds, or so many times what the answer took
MEMORY = 2**28  # bytes that the variants may use beyond what is in use
LATEST = 5.0  # seconds after the end in which what may not be stopped, such as a judge, comes to its own end
COVERED_FAILING, COVERED_PASSING = 6, 12  # cases whose lines are looked at in any event
COVERED_SHARE = 0.15  # of all seconds, for the lines of all other cases, where no variant is right


class Judge(Protocol):
    """Says whether an answer is right, without saying what would be."""

    def may_be_right(self, place: int, returned: Any) -> bool:
        """Whether what was returned for the case at a place looks right, at a glance."""

    def is_right(self, place: int, answer: dict[str, Any]) -> bool:
        """Whether an answer, in the form in which `request` sends it, is right for the case at a place."""


@dataclass
class Tried:
    """What came of trying.

    Parameters
    ----------
    right : list[tuple[Variants, int]]
        The variants for which every case is right, and the numbers of their edits.
    tried, edits : int
        How many variants were run, and how many there are.
    always, only : tuple[tuple[str, int], ...]
        Lines (of a file) that every failing case runs through; and of these the ones that no passing case does.
    all_covered : bool
        Whether that is known of all cases that fail and all that pass.
    """

    right: list[tuple[Variants, int]] = field(default_factory=list)
    tried: int = 0
    edits: int = 0
    always: tuple[tuple[str, int], ...] = ()
    only: tuple[tuple[str, int], ...] = ()
    all_covered: bool = False


def try_variants(
    source: Source,
    probe: str,
    cases: list[dict[str, Any]],
    failing: Collection[int],
    namespace: Mapping[str, Any],
    judge: Judge,
    seconds: float,
    distances: Collection[int] = (CHANGED, MOVED, PUT_IN),
    known: int | None = None,
) -> Tried:
    """Run the variants of an answer.

    Parameters
    ----------
    source : Source
        The answer as it was typed.
    probe : str
        How a case is put to it.
    cases : list[dict[str, Any]]
        Arguments by name; first those for which it is known whether the answer is right.
    failing : Collection[int]
        Places of the cases for which it is not, the one to begin with first. If there are none, every edit is tried;
        else only those in lines that all of these run through.
    namespace : Mapping[str, Any]
        The student's names.
    judge : Judge
        Knows which answers are right.
    seconds : float
        For all of it.
    distances : Collection[int]
        How far the edits may be from what was typed; near ones are tried first.
    known : int or None
        How many of the cases it is known for whether the answer is right; None for all.
    """
    end = time.monotonic() + seconds
    search = _Search(source, find_probe(probe), cases, list(failing), namespace, judge, sorted(distances), end)
    with captured_output(), warnings.catch_warnings(), memory_limited(MEMORY):
        while not search.done and (left := end - time.monotonic()) > 0:
            outcome = watchdog.run_limited(search.go_on, left + LATEST, search.hangs)
            if outcome.still_running or not outcome.limited:
                return search.found
        if search.found.only and not search.found.right:
            others = range(len(cases) if known is None else known)
            watchdog.run_limited(lambda: search.cover(others), COVERED_SHARE * seconds)
    return search.found


class _Search:
    """The search as far as it has got: it can be stopped inside a variant and goes on with the next one."""

    def __init__(
        self,
        source: Source,
        put: Probe,
        cases: list[dict[str, Any]],
        failing: list[int],
        namespace: Mapping[str, Any],
        judge: Judge,
        distances: list[int],
        end: float,
    ) -> None:
        self._source, self._put, self._cases, self._namespace = source, put, cases, namespace
        self._failing, self._judge = failing, judge
        # An edit has to mend the smallest failing case, then the others, before the ones that are right count.
        self._order = [*failing, *(place for place in range(len(cases)) if place not in set(failing))]
        self._distances = distances  # of the edits that are still to be made
        self._begun = False
        self._passed: Counter[tuple[str, int]] = Counter()  # lines, and how many passing cases run through each
        self._waiting: list[tuple[Variants, int]] = []  # the next one last
        self._end = end  # by the clock; what runs none of the answer's code looks at it by itself
        self._stop_at: float | None = None  # None while nothing may be stopped: the judge comes to its own end
        self._allowed = SHORTEST
        self.done = False
        self.found = Tried()

    def hangs(self) -> bool:
        """Whether what is being done takes longer than it may."""
        stop_at = self._stop_at
        return stop_at is not None and time.monotonic() > stop_at

    def _stoppable(self, work: Callable[[], Any], seconds: float = float("inf")) -> Any:
        """What a piece of work gives; it is stopped after so many seconds, and when the time of the search is over.

        No context manager: one that was left half-way is finished when its memory is reclaimed, during other work.
        """
        self._stop_at = min(self._end, time.monotonic() + seconds)
        try:
            return work()
        finally:
            self._stop_at = None

    def go_on(self) -> None:
        """Work until everything has been tried; a variant that was stopped is not tried again."""
        self._stop_at = None  # whatever was stopped before
        if not self._begun:
            self._distances = self._distances if self._lines() else []
            self._begun = True
        while (self._waiting or self._distances) and time.monotonic() < self._end:
            if not self._waiting:
                distance = self._distances.pop(0)
                self._waiting = self._stoppable(partial(self._in_order, distance))
                continue
            variants, number = self._waiting.pop()
            self.found.tried += 1
            if self._mends(variants, number):
                self.found.right.append((variants, number))
        self.done = True

    def _mends(self, variants: Variants, number: int) -> bool:
        try:
            names = self._stoppable(lambda: variants.names(number), self._allowed)
            namespace = {**self._namespace, **names}
            return all(self._right(place, names[self._source.name], namespace) for place in self._order)
        except watchdog.OutOfTime:
            raise
        except BaseException:
            return False

    def _right(self, place: int, student: Any, namespace: Mapping[str, Any]) -> bool:
        arguments = _copied(self._cases[place])
        with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn", under="ignore"):
            warnings.simplefilter("always")
            returned = self._stoppable(lambda: wire.plain(self._put(student, arguments, namespace)), self._allowed)
        if not self._judge.may_be_right(place, returned):
            return False
        original = self._cases[place]
        answer = {
            "returned": returned,
            "changed": [key for key in original if not is_unchanged(original[key], arguments.get(key))],
            "raised": None,
            "warned": list(dict.fromkeys(text_of(warning.message)[:300] for warning in caught if is_numeric(warning))),
        }
        return self._judge.is_right(place, answer)

    def _lines(self) -> bool:
        """Find out which lines the cases run through; False if the source is not what was judged."""
        plain = Variants(self._source, distances=())
        names = plain.names(plain=True)
        namespace = {**self._namespace, **names}
        if self._failing and not self._is_same_as_before(names, namespace):
            return False
        times: dict[int, float] = {}

        def run(place: int) -> set[tuple[str, int]]:
            start = time.monotonic()
            seen = self._lines_of(place, names, namespace)
            times[place] = time.monotonic() - start
            return seen

        passing = [place for place in self._order if place not in set(self._failing)]
        of_failing = [run(place) for place in self._failing[:COVERED_FAILING]]
        of_passing = [run(place) for place in passing[:COVERED_PASSING]]
        always = set.intersection(*of_failing) if of_failing else set.union(*of_passing)
        only = always.difference(*of_passing) if of_failing and of_passing else set()
        self._passed = Counter(line for lines in of_passing for line in lines) if of_failing else Counter()
        self.found.always, self.found.only = tuple(sorted(always)), tuple(sorted(only))
        self._allowed = max(SHORTEST, TIMES_AS_LONG * min(times.values()))
        first = set(self._failing or times)
        self._order.sort(key=lambda place: times.get(place, float("inf")) if place in first else float("inf"))
        return True

    def cover(self, known: Collection[int]) -> None:
        """Look at the lines of all cases of which it is known whether they are right, as long as it may matter."""
        names = Variants(self._source, distances=()).names(plain=True)
        namespace = {**self._namespace, **names}
        only = set(self.found.only)
        for place in known:
            if not only:
                break
            seen = self._lines_of(place, names, namespace)
            only = only & seen if place in self._failing else only - seen
        self.found.only, self.found.all_covered = tuple(sorted(only)), True

    def _lines_of(self, place: int, names: Mapping[str, Any], namespace: Mapping[str, Any]) -> set[tuple[str, int]]:
        """The lines that a case runs through, to its end or to an error."""

        def work() -> None:
            student, arguments = names[self._source.name], _copied(self._cases[place])
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    self._stoppable(lambda: self._put(student, arguments, namespace))
                except watchdog.OutOfTime:
                    raise
                except BaseException:
                    pass

        return lines_run(work, [part.file for part in self._source.parts])

    def _in_order(self, distance: int) -> list[tuple[Variants, int]]:
        """The edits that can make a difference, likely ones last.

        They are in lines that every failing case runs through; the fewer passing cases do, the likelier is a line.
        """
        always = set(self.found.always)
        variants = Variants(self._source, (distance,))
        self.found.edits += len(variants.spots)
        keys = {}
        for number, spot in enumerate(variants.spots, start=1):
            part = self._source.parts[spot.part]
            lines = {(part.file, line) for line in variants.span(spot)}
            if lines & always or not self._failing:
                last_cell = spot.part == len(self._source.parts) - 1
                keys[number] = (last_cell, -max(self._passed[line] for line in lines), -number)
        return [(variants, number) for number in sorted(keys, key=keys.__getitem__)]

    def _is_same_as_before(self, names: Mapping[str, Any], namespace: Mapping[str, Any]) -> bool:
        """Whether the source still gives the answers that were judged; a file may have been edited since."""
        try:
            return not self._right(self._failing[0], names[self._source.name], namespace)
        except watchdog.OutOfTime:
            raise
        except BaseException:
            return True


def _copied(value: Any) -> Any:
    """A copy of plain data; nothing that can be changed is shared."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, dict):
        return {key: _copied(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_copied(entry) for entry in value)
    return value
