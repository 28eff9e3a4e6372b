"""What the student's code does with one case, line by line, as plain data.

`record_request` puts a case to the student's code, as a check does, and notes on the way which lines are run and which
names are others afterwards. What it sends is a list of rows in the order of time, each a dictionary:

- ``call``: a function of the student's begins, with its arguments, and the number of its text among the ``blocks``;
- ``line``: a statement was run, with the names that it changed, and the error that it raised;
- ``back``: what a line has changed that called functions of the student's, when they are done;
- ``fold``: rounds of a loop that are counted and not shown, with what they changed together;
- ``more``: calls or lines that are counted and not shown, ``cut``: where its time was over,
  ``lost``: where the recording itself broke off;
- ``yield`` and ``return``: what came back.

Recording happens in the thread that the watchdog made, so a tracer or debugger of the reader's own keeps its place. It
is bounded: of a loop three rounds and the one in which it ends early, and of everything a fixed number of lines.
"""

from __future__ import annotations

import contextlib
import dis
import math
import sys
import time
import types
import warnings
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from nnkit.exercises.beside import watchdog, wire
from nnkit.exercises.beside.calls import codes_of
from nnkit.exercises.beside.errors import text_of
from nnkit.exercises.beside.folders import is_library
from nnkit.exercises.beside.output import MAX_PRINTED, captured_output
from nnkit.exercises.beside.pictures import (
    attributes,
    changed_places,
    fingerprint,
    is_object,
    is_plain,
    is_shown,
    kept,
    name_of,
    picture,
)
from nnkit.exercises.beside.probes import find_probe
from nnkit.exercises.beside.request import answer_case, sitting_of
from nnkit.exercises.beside.statements import Loop, Source, Statement
from nnkit.exercises.beside.states import ANSWERED, NOT_CALLABLE, OUT_OF_TIME, STUCK, UNDEFINED

ROUNDS = 3  # of a loop are shown
CALLS = 3  # of one method by the course are shown; of a function one less
# So many lines are kept, fewer of calls inside calls: the outermost function is to be seen to its end.
MOST_ROWS = (200, 150, 110)
MOST_DEPTH = 9  # calls inside calls
MOST_CHANGES = 12  # names of one line
LONGEST_BLOCK, LONGEST_LINE = 200, 200  # lines of a function, characters of a line
# After so many lines nothing is looked at any more in rounds that are not shown: a loop of a million rounds ends soon.
MOST_LOOKS = 20_000

Row = dict[str, Any]
_COMPREHENSIONS = frozenset(("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"))
_GENERATOR = 0x20 | 0x80 | 0x200
_FUNCTION = 0x1  # compiled with local names of its own, which the body of a class has not
# Classes that a notebook hands out: how they work inside is no part of anybody's answer.
PROVIDED = ("Node",)


def record_request(request: bytes, namespace: Mapping[str, Any]) -> bytes:
    """Put one case to the student's code and record what it does.

    Parameters
    ----------
    request : bytes
        `wire.dumps` of a dictionary: ``name`` (that the student defines), ``probe``, ``arguments`` of the case,
        ``time_limit`` in seconds, ``recorded`` (after so many seconds a long run goes on without being recorded).
    namespace : Mapping[str, Any]
        The student's names.

    Returns
    -------
    bytes
        `wire.dumps` of a dictionary: ``sitting`` (as `request.answer_request` gives it, for one case), ``rows``,
        ``lines`` (how many were run), ``blocks`` (the text of every function that was called: the number of its first
        line, and its lines).
    """
    message = wire.loads(request)
    name = message["name"]
    if name not in namespace:
        return wire.dumps({"sitting": sitting_of(UNDEFINED), "rows": [], "lines": 0, "blocks": []})
    student = namespace[name]
    if not callable(student):
        sitting = sitting_of(NOT_CALLABLE, type_name=type(student).__name__)
        return wire.dumps({"sitting": sitting, "rows": [], "lines": 0, "blocks": []})
    put = find_probe(message["probe"])
    recorder = Recorder(student, namespace, name, float(message["recorded"]))
    answers: list[Row] = []

    def work() -> None:
        answers.append(answer_case(put, student, name, message["arguments"], namespace, recorder))

    with captured_output() as printed, warnings.catch_warnings():
        outcome = watchdog.run_limited(work, float(message["time_limit"]))
    recorder.close()
    state = ANSWERED
    if outcome.timed_out:
        state = STUCK if outcome.still_running else OUT_OF_TIME
    sitting = sitting_of(
        state, answers=list(answers), limited=outcome.limited, printed=printed.getvalue()[:MAX_PRINTED]
    )
    rows = recorder.rows()
    raised = answers[0]["raised"] if answers else None
    if raised is not None and raised["type"] == "RecursionError" and recorder.told is None:
        # Where Python has no room for one more call it has none for the recording either, and ends it.
        last = next((row for row in reversed(rows) if row["kind"] == "line"), {})
        last["raised"] = [raised["type"], raised["text"]]
    for shown, limited in ((rows, False), (rows[:40], False), ([], False), ([], True)):
        for entry in answers if limited else []:
            entry["returned"] = wire.Opaque("very large answer")
        try:
            blocks = recorder.blocks if shown else []
            return wire.dumps({"sitting": sitting, "rows": shown, "lines": recorder.lines, "blocks": blocks})
        except wire.WireError:
            continue
    raise wire.WireError("What an answer printed and raised is too large to be sent.")


# ---------------------------------------------------------------------------------------------------------------------
# What is kept
# ---------------------------------------------------------------------------------------------------------------------


class _Seen(NamedTuple):
    """What a name stood for: something that tells whether it has changed, the value, a copy of a small array.

    Of an attribute also whose it is.
    """

    mark: Any
    value: Any
    copy: np.ndarray | None
    owner: tuple[int, str] | None


class _Run:
    """A loop that is being run: its rounds so far, and the rows of the round that goes on."""

    def __init__(self, loop: Loop) -> None:
        self.loop = loop
        self.rounds = 0
        self.offset = -1  # of the instruction with which a round begins
        self.head: Row | None = None  # the head of the loop was run; whether another round follows is not known yet
        self.shown: list[Row] = []
        self.current: list[Row] = self.shown
        self.before: dict[str, _Seen] | None = None  # what the names were when the rounds began that are not shown
        self.kept_before = 0  # rows that were kept when this round began

    @property
    def folded(self) -> bool:
        """Whether this round will not be shown, unless the loop ends in it."""
        return self.rounds > ROUNDS


class _Activation:
    """A call of a student's function, from its first line to its return; a generator's from one `next` to another."""

    def __init__(self, recorder: Recorder, frame: types.FrameType, parent: _Activation | None, source: Source) -> None:
        self.recorder, self.parent, self.source, self.code = recorder, parent, source, frame.f_code
        self.depth: int = 0 if parent is None else parent.depth + 1
        self.loops = source.loops_of(frame.f_code)
        self.runs: list[_Run] = []
        self.items: list[Row] = []
        self.step: Row | None = None
        self.statement: Statement | None = None
        self.offset = -1
        self.seen: dict[str, _Seen] = {}
        self.raised: BaseException | None = None
        self.skipped = 0
        self.shown_at = recorder.kept  # how many rows there were
        self.row: Row = {"kind": "call", "name": _plain_name(frame.f_code), "line": frame.f_code.co_firstlineno}
        self.row["block"] = recorder.block(frame.f_code, source)

    # -- what Python tells ------------------------------------------------------------------------------------------

    def trace(self, frame: types.FrameType, event: str, argument: Any) -> Any:
        """Called by Python before every line, and when the function returns or raises."""
        recorder = self.recorder
        if recorder.closed:
            return None
        try:
            if event == "line":
                self._line(frame)
            elif event == "exception":
                self._exception(argument[1])
            elif event == "return":
                self._return(frame, argument)
        except RecursionError:
            pass  # theirs: it is about to be raised in their code as well
        except Exception as error:
            # A fault in here is never the student's: nothing more is recorded, and their code goes on.
            recorder.give_up(error)
            return None
        return self.trace

    def begin(self, frame: types.FrameType) -> None:
        """Note the arguments, and what all names stand for."""
        code, names = frame.f_code, frame.f_locals
        count = code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & 0x4) + bool(code.co_flags & 0x8)
        given = [name for name in code.co_varnames[:count] if name in names]
        if code.co_name == "__init__":
            del given[:1]  # an object in which nothing is yet
        self.row["arguments"] = [[name, picture(names[name])] for name in given]
        self.seen = self._look(names)

    def _line(self, frame: types.FrameType) -> None:
        line, offset = frame.f_lineno, frame.f_lasti
        if line == self.code.co_firstlineno and self.statement is None and not self.source.lines:
            return  # the line of the `def`, as far as one can tell without its text
        statement = self.source.statement(line)
        if statement is self.statement and (statement.whole or offset != self.offset):
            return  # still the same one: a line further on in it, or a comprehension's next round
        self.recorder.lines += 1
        if self.recorder.late():
            return
        self._finish(frame)
        self.raised = None
        self._loops(frame, statement, offset)
        self._begin(statement, offset)

    def _exception(self, error: BaseException) -> None:
        if isinstance(error, StopIteration):
            return  # how iterators say that they are at their end
        if isinstance(error, GeneratorExit):
            self.raised = error
            return
        self.raised = error
        if error is not self.recorder.told and self.statement is not None:
            self.recorder.told = error
            if self.step is None:  # an error is worth a row beyond the bound
                self.step = self._row_of(self.statement)
                self.skipped -= 1
                self._put(self.step)
            if isinstance(error, watchdog.OutOfTime):
                self.step["raised"] = ["", "stopped here: the time was over"]
            elif _from_here(type(error)):
                self.step["raised"] = ["", "stopped here by the check"]
            else:
                self.step["raised"] = [name_of(type(error)), text_of(error)[:300]]

    def _return(self, frame: types.FrameType, value: Any) -> None:
        code = self.code
        instruction = dis.opname[code.co_code[frame.f_lasti]]
        self._finish(frame)
        # Since Python 3.13 a generator that has yielded stands at what comes next, where it will go on.
        if code.co_flags & _GENERATOR and instruction in ("YIELD_VALUE", "RESUME") and self.raised is None:
            self._put({"kind": "yield", "value": picture(value)})
            return
        early = not instruction.startswith("RETURN")
        self._leave_loops(frame, 0)
        if self.skipped:
            skipped = {"kind": "more", "lines": self.skipped, "names": []}
            beyond = early and bool(self.items) and bool(self.items[-1].get("raised"))
            self.items.insert(len(self.items) - beyond, skipped)
        procedure = value is None and (self.depth > 0 or self.recorder.is_class)
        if not early and not procedure and not code.co_flags & _GENERATOR:
            self.items.append({"kind": "return", "value": picture(value)})
            self.recorder.kept += 1
        self.recorder.leave(self, frame, early)

    # -- loops ------------------------------------------------------------------------------------------------------

    def _loops(self, frame: types.FrameType, statement: Statement, offset: int) -> None:
        """Leave the loops that this line is not in, enter those that it is in, and see whether a round begins."""
        line = statement.line
        inside = [loop for loop in self.loops if loop.holds(line)]
        common = 0
        while common < min(len(inside), len(self.runs)) and self.runs[common].loop is inside[common]:
            common += 1
        self._leave_loops(frame, common)
        self.runs += [_Run(loop) for loop in inside[common:]]
        for place, run in enumerate(self.runs):
            innermost = place == len(self.runs) - 1
            if line == run.loop.head and innermost:
                return
            if line == run.loop.first:
                from_head = self.statement is not None and self.statement.line == run.loop.head
                if from_head or (run.loop.endless and run.offset in (-1, offset)):
                    run.offset = offset
                    self._next_round(run)

    def _next_round(self, run: _Run) -> None:
        recorder = self.recorder
        if run.folded:
            recorder.kept = run.kept_before
        run.kept_before = recorder.kept
        run.rounds += 1
        if run.folded:
            if run.before is None:
                run.before = dict(self.seen)
            run.current = []
        if run.head is not None:
            run.current.append(run.head)
            run.head = None
            recorder.kept += 1

    def _leave_loops(self, frame: types.FrameType, keep: int) -> None:
        while len(self.runs) > keep:
            run = self.runs.pop()
            at_its_end = run.head is not None and not run.loop.endless
            changed: list[Any] = []
            if run.folded and (at_its_end or self.recorder.tired):
                if self.recorder.tired:
                    self.seen = self._look(frame.f_locals)  # of the last rounds nothing is known yet
                changed = self._differences(run.before or {}, self.seen)
            if run.folded and at_its_end:
                self.recorder.kept = run.kept_before
            if run.head is not None and run.head.get("raised"):
                run.current.append(run.head)
            self._container().extend(_rows_of_run(run, changed, whole=not at_its_end))

    def _container(self) -> list[Row]:
        return self.runs[-1].current if self.runs else self.items

    @property
    def folded(self) -> bool:
        """Whether what happens now will not be shown, unless a loop ends here."""
        return any(run.folded for run in self.runs) or (self.parent is not None and self.parent.folded)

    # -- statements -------------------------------------------------------------------------------------------------

    def _begin(self, statement: Statement, offset: int) -> None:
        self.statement, self.offset, self.step = statement, offset, None
        if self.recorder.full(self.depth):
            self.skipped += 1
            return
        self.step = self._row_of(statement)
        run = self.runs[-1] if self.runs else None
        if run is not None and statement.line == run.loop.head:
            run.head = self.step
        else:
            self._put(self.step)

    def _row_of(self, statement: Statement) -> Row:
        return {"kind": "line", "line": statement.line, "text": statement.text, "changed": [], "items": []}

    def _put(self, row: Row) -> None:
        self._container().append(row)
        self.recorder.kept += 1

    def _finish(self, frame: types.FrameType) -> None:
        """Say of the statement that has just been run which names are others now."""
        if self.statement is None or (self.recorder.tired and self.folded):
            return
        self.recorder.looks += 1
        now = self._look(frame.f_locals)
        if self.step is not None:
            called = bool(self.step["items"])
            self.step["changed"] = self._differences(self.seen, now, self.statement.stores, called)
        self.seen = now

    def _look(self, names: Mapping[str, Any]) -> dict[str, _Seen]:
        """Every name, and every attribute of the objects behind names."""
        found: dict[str, _Seen] = {}
        for name, value in names.items():
            if name.startswith(("__", ".")) or not is_shown(value):
                continue
            if not is_object(value):
                found[name] = self._seen_as(name, value, fingerprint(value), None)
                continue
            found[name] = _Seen(id(value), value, None, None)
            for attribute, entry in attributes(value):
                key = f"{name}.{attribute}"
                mark = id(entry) if is_object(entry) else fingerprint(entry, 0)
                found[key] = self._seen_as(key, entry, mark, (id(value), attribute))
        return found

    def _seen_as(self, name: str, value: Any, mark: Any, owner: tuple[int, str] | None) -> _Seen:
        before = self.seen.get(name)
        copy = before.copy if before is not None and before.mark == mark else kept(value)
        return _Seen(mark, value, copy, owner)

    def _differences(
        self, before: Mapping[str, _Seen], now: Mapping[str, _Seen], stored: tuple[str, ...] = (), called: bool = False
    ) -> list[list[Any]]:
        """``[name, picture, changed entries, whether it is one of the case's arrays]`` of what is another now.

        Names in ``stored`` are told in any case: they were given a value, be it the same again. Where the line has
        called functions that are shown, what they have told already is not told once more.
        """
        told = self.recorder.told_values
        rows: list[list[Any]] = []
        done: set[Any] = set()
        for name in sorted(now, key=lambda name: name not in stored):  # of an object's two names the written one first
            one, old = now[name], before.get(name)
            key = one.owner or id(one.value)
            if name not in stored:
                if old is not None and old.mark == one.mark:
                    continue
                base = name.partition(".")[0]
                if one.owner is not None and (base not in before or before[base].mark != now[base].mark):
                    continue  # the name stands for another object; that is told
                if called and told.get(key) == one.mark and not is_plain(one.value):
                    continue
            if one.owner is not None and one.owner in done:
                continue
            done.add(one.owner)
            told[key] = one.mark
            same = old is not None and old.value is one.value
            places = changed_places(old.copy, one.value) if same and old is not None else []
            rows.append([name, picture(one.value), places, same and id(one.value) in self.recorder.given])
        order = {name: place for place, name in enumerate([*stored, *(name for name in now if name not in stored)])}
        return sorted(rows, key=lambda row: order[row[0]])[:MOST_CHANGES]


def _rows_of_run(run: _Run, changed: list[Any], whole: bool) -> Iterator[Row]:
    """The rows of a loop: the rounds that are shown, what was folded, and the round in which it ended early."""
    yield from run.shown
    if not run.folded:
        return
    count = run.rounds - ROUNDS - whole
    if count:
        yield {"kind": "fold", "line": run.loop.head, "count": count, "changed": changed}
    if whole:
        yield from run.current


class Recorder:
    """While it is entered, records what the student's code does in this thread.

    Parameters
    ----------
    student : Any
        The answer: a function or a class.
    namespace : Mapping[str, Any]
        The student's names.
    name : str
        What the answer is called.
    seconds : float
        How long it records, if there is much to record.
    """

    def __init__(self, student: Any, namespace: Mapping[str, Any], name: str, seconds: float = math.inf) -> None:
        self.closed = False
        self.cut = False  # after so many seconds there was more to record
        self.fault = ""
        self.lines = 0  # that were run
        self.kept = 0  # rows that will be shown
        self.looks = 0  # how often all names of a function were looked at
        self.told: BaseException | None = None
        self.told_values: dict[Any, Any] = {}
        self.given: dict[int, Any] = {}  # arrays of the case, which the answer is to leave as they are
        self._namespace = namespace
        self.is_class = isinstance(student, type)
        self._own = set(codes_of(student))
        self._file = next((code.co_filename for code in codes_of(student)), "")
        self._provided = {code for key in PROVIDED if key != name for code in codes_of(namespace.get(key))}
        self._sources: dict[str, Source] = {}
        self._verdicts: dict[types.CodeType, bool] = {}
        self._active: dict[types.FrameType, _Activation] = {}
        self._calls: dict[types.CodeType, int] = {}
        self.blocks: list[list[Any]] = []  # the first line of each function that is shown, and its text
        self._block_of: dict[types.CodeType, int] = {}
        self._top: list[Row] = []
        self._contents: set[int] = set()  # of the calls by the course
        self._before: Any = None
        self._seconds, self._until = seconds, math.inf

    # -- on and off ---------------------------------------------------------------------------------------------------

    def __enter__(self) -> Recorder:
        self._before = sys.gettrace()
        self._until = time.monotonic() + self._seconds
        sys.settrace(self._enter)
        return self

    def __exit__(self, *details: object) -> None:
        sys.settrace(self._before)

    def close(self) -> None:
        """Record no more, also where the student's code could not be stopped."""
        self.closed = True

    def give_up(self, error: Exception) -> None:
        """Record no more because of a fault in the recording."""
        self.fault = f"{type(error).__name__}: {error}"[:200]
        self._let_run()

    def late(self) -> bool:
        """Whether the time for recording is over; from then on the code runs as fast as it can."""
        if not self.tired or time.monotonic() < self._until:
            return False
        self.cut = True
        self._let_run()
        return True

    def _let_run(self) -> None:
        self.closed = True
        sys.settrace(self._before)

    @property
    def tired(self) -> bool:
        """Whether rounds that are not shown are only counted from now on."""
        return self.looks > MOST_LOOKS

    def full(self, depth: int) -> bool:
        """Whether no more lines are kept of a function that is so deep inside others."""
        return depth > MOST_DEPTH or self.kept >= MOST_ROWS[min(depth, len(MOST_ROWS) - 1)]

    # -- calls --------------------------------------------------------------------------------------------------------

    def _enter(self, frame: types.FrameType, event: str, argument: Any) -> Any:
        if event != "call" or self.closed:
            return None
        known = self._active.get(frame)
        if known is not None:
            return known.trace  # a generator goes on
        code = frame.f_code
        shown = self._verdicts.get(code)
        if shown is None:
            shown = self._verdicts[code] = self._is_shown(frame)
        if not shown:
            return None
        try:
            return self._new(frame)
        except RecursionError:
            return None
        except Exception as error:
            self.give_up(error)
            return None

    def _is_shown(self, frame: types.FrameType) -> bool:
        code, file = frame.f_code, frame.f_code.co_filename
        if code.co_name in _COMPREHENSIONS or not code.co_flags & _FUNCTION or code in self._provided:
            return False
        if file == self._file:
            return True
        if frame.f_globals is not self._namespace and is_library(file):
            return False
        return bool(self._source(frame).lines)  # code that was made by a program has none, and nobody wrote it

    def _source(self, frame: types.FrameType) -> Source:
        file = frame.f_code.co_filename
        if file not in self._sources:
            self._sources[file] = Source.of(file, frame.f_globals)
        return self._sources[file]

    def _new(self, frame: types.FrameType) -> Any:
        parent, caller = None, frame.f_back
        while caller is not None and parent is None:
            parent, caller = self._active.get(caller), caller.f_back
        depth = 0 if parent is None else parent.depth + 1
        if parent is None or frame.f_code.co_name == "__init__":
            self._calls[frame.f_code] = self._calls.get(frame.f_code, 0) + 1
        if parent is None:
            if not self.given:
                self.given = {id(value): value for value in frame.f_locals.values() if isinstance(value, np.ndarray)}
        elif parent.step is None or self.full(depth) or (self.tired and parent.folded):
            if parent.step is not None:
                hidden = parent.step.setdefault("hidden", {})
                name = _plain_name(frame.f_code)
                hidden[name] = hidden.get(name, 0) + 1
            return None
        activation = _Activation(self, frame, parent, self._source(frame))
        activation.row["own"] = frame.f_code.co_filename == self._file
        activation.begin(frame)
        activation.row["items"] = activation.items
        self._active[frame] = activation
        self.kept += 1
        if parent is None:
            self._top.append(activation.row)
        elif parent.step is not None:
            parent.step["items"].append(activation.row)
        return activation.trace

    def leave(self, activation: _Activation, frame: types.FrameType, early: bool) -> None:
        """A call has ended. Of many alike by the course, those after the first few are only counted."""
        self._active.pop(frame, None)
        makes = activation.code.co_name == "__init__"
        if activation.parent is not None:
            step = activation.parent.step
            if makes and self._calls[activation.code] > 1 and not early and step is not None:
                # Every object of a class is made alike; the line that makes it shows it.
                step["items"] = [row for row in step["items"] if row is not activation.row]
                self.kept = activation.shown_at
            return
        most = 1 if makes else CALLS - (not self.is_class)
        if early or self._top[-1] is not activation.row:
            return
        alike = self._seen_before(activation.row)
        if alike or self._calls[activation.code] > most:
            self._calls[activation.code] -= alike
            self._top.pop()
            self.kept = activation.shown_at
            name = activation.row["name"]
            if not self._top or self._top[-1]["kind"] != "more":
                self._top.append({"kind": "more", "lines": 0, "names": []})
            counted = dict(self._top[-1]["names"])
            counted[name] = counted.get(name, 0) + 1
            self._top[-1]["names"] = list(counted.items())

    def _seen_before(self, row: Row) -> bool:
        """Whether an earlier call by the course went just like this one."""
        try:
            content = wire.dumps(list(_flat([row], 0, True)))
        except wire.WireError:
            return False
        before = len(self._contents)
        self._contents.add(hash(content))
        return len(self._contents) == before

    def block(self, code: types.CodeType, source: Source) -> int:
        """The number of a function's text among the `blocks`; the text is empty where nobody knows it."""
        if code not in self._block_of:
            self._block_of[code] = len(self.blocks)
            first, last = code.co_firstlineno, _last_line(code)
            text = source.lines[first - 1 : min(last, first + LONGEST_BLOCK - 1)]
            self.blocks.append([first, [line[:LONGEST_LINE] for line in text]])
        return self._block_of[code]

    # -- the result --------------------------------------------------------------------------------------------------

    def rows(self) -> list[Row]:
        """All rows, each with the ``depth`` of the call that it belongs to; of calls that go on, what there is."""
        for activation in list(self._active.values()):
            with contextlib.suppress(Exception):
                self._finish_open(activation)
        self._active.clear()
        lost: list[Row] = [{"kind": "lost", "text": self.fault}] if self.fault else []
        if self.cut:
            lost = [{"kind": "cut", "lines": self.lines}]
        return list(_flat([*self._top, *lost], 0, True))

    def _finish_open(self, activation: _Activation) -> None:
        for place in range(len(activation.runs) - 1, -1, -1):
            run = activation.runs[place]
            if run.head is not None:
                run.current.append(run.head)
                run.head = None
            outer = activation.runs[place - 1].current if place else activation.items
            outer.extend(_rows_of_run(run, [], whole=True))
        activation.runs.clear()
        if activation.skipped:
            activation.items.append({"kind": "more", "lines": activation.skipped, "names": []})


def _flat(rows: list[Row], depth: int, own: bool) -> Iterator[Row]:
    """Rows inside rows as one list; what a line changed comes after the calls that it made."""
    for row in rows:
        hidden, items, mine = row.get("hidden", {}), row.get("items", []), row.get("own", own)
        place = {"depth": depth, "own": mine}
        one = {key: value for key, value in row.items() if key not in ("items", "hidden")} | place
        later = row["kind"] == "line" and bool(items) and bool(row["changed"])
        yield {**one, "changed": []} if later else one
        yield from _flat(items, depth + (row["kind"] == "call"), mine)
        if hidden:
            yield {"kind": "more", "lines": 0, "names": list(hidden.items()), "depth": depth + 1, "own": mine}
        if later:
            yield {"kind": "back", "line": row["line"], "changed": row["changed"], **place}


def _last_line(code: types.CodeType) -> int:
    """The last line of a function, with those inside it."""
    lines = [line for _, _, line in code.co_lines() if line is not None]
    inside = [_last_line(constant) for constant in code.co_consts if isinstance(constant, types.CodeType)]
    return max([code.co_firstlineno, *lines, *inside])


def _plain_name(code: types.CodeType) -> str:
    """``Value.__init__``, ``visit``: a helper inside a function by its own name."""
    return code.co_qualname.rpartition("<locals>.")[2]


def _from_here(kind: type) -> bool:
    """Whether an error is one by which the course's own code stops a student's."""
    module = type.__dict__["__module__"].__get__(kind)
    return isinstance(module, str) and module.startswith("nnkit.exercises.")
