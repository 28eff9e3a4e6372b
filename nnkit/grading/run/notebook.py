"""One notebook is graded: its cells are run in the sandbox, and its answers are judged here.

A test cell is not run. Its exercise's cases are drawn here, put to the process in which the student's cells have run,
and what comes back is judged here; so nothing that a student's code does to its own process is a verdict. Where that
process ends, a new one runs the cells again without the one at which it ended, and the rest is graded all the same.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader import utils

from nnkit.exercises import index
from nnkit.exercises.beside import wire
from nnkit.exercises.checking import evaluate
from nnkit.exercises.judge.report import LOOKS, Report
from nnkit.exercises.newest_cell import unread
from nnkit.exercises.surroundings import allowed_seconds
from nnkit.exercises.terms import NOT_ATTEMPTED
from nnkit.grading.intake.outputs import output_node
from nnkit.grading.marks.outcomes import checked_exercise, error_output
from nnkit.grading.run.inside import frames
from nnkit.grading.run.outputs import CellOutputs
from nnkit.grading.run.sandbox import (
    DIED,
    NONSENSE,
    OUT_OF_MEMORY,
    OUT_OF_TIME,
    Limits,
    Line,
    NoSandbox,
    Sandbox,
    WorkerLost,
)
from nnkit.grading.run.seeds import exercise_seed
from nnkit.languages import in_language

BEGIN_SECONDS = 60.0
GRACE_SECONDS = 4.0  # after which a cell that does not stop is ended with its process
JUDGE_SECONDS = 5.0  # of computing, far more than any answer takes; a judge that needs them leaves it to a person
LARGEST_EVENT = 16_000_000
MOST_NEW_PROCESSES = 4
MOST_QUESTIONS = 100  # of a notebook's own `check` and `ready`
UNREAD = ("SyntaxError", "IndentationError", "TabError")
# What the reader is told where the process ended, and the error that stands for it.
ENDINGS = {
    DIED: ("KernelDied", "Python itself ended here (by `os._exit`, a crash in compiled code, or a signal)."),
    OUT_OF_TIME: ("CellTimeoutError", "This took too long and could not be stopped."),
    OUT_OF_MEMORY: ("OutOfMemory", "This took more memory than a notebook has."),
    NONSENSE: ("KernelDied", "The process in which this ran sent what no notebook sends, or far too much of it."),
}


@dataclass(frozen=True)
class Plan:
    """How a notebook is to be graded.

    Parameters
    ----------
    seed : str
        The submission's hidden seed, see `nnkit.grading.run.seeds`.
    setup : tuple[str, ...]
        Sources that are run before the first cell, so that what the checks need is there.
    unneeded : frozenset[int]
        Positions of cells that need not be run.
    budgets : Mapping[str, int]
        nbgrader's name for a cell → seconds that it may take where it says so.
    cell_seconds, notebook_seconds : int
        How long one cell and all cells may take.
    characters : int
        How much text one cell may print.
    files : Mapping[str, bytes]
        What lies beside the notebook: path → content.
    limits : Limits
        What the processes may take.
    """

    seed: str
    setup: tuple[str, ...] = ()
    unneeded: frozenset[int] = frozenset()
    budgets: Mapping[str, int] = field(default_factory=dict)
    cell_seconds: int = 30
    notebook_seconds: int = 300
    characters: int = 500_000
    files: Mapping[str, bytes] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)


class OwnTime:
    """How long this process has waited for students' cells and for the checks of their answers, and for nothing else.

    What a submission takes besides is grading's own cost. A process grades one notebook at a time.
    """

    def __init__(self) -> None:
        self.seconds = 0.0

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count the time of what is done inside."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds += time.perf_counter() - start


own_time = OwnTime()


def grade_notebook(notebook: NotebookNode, sandbox: Sandbox, plan: Plan) -> None:
    """Run the cells of a repaired notebook and judge its answers; the outputs say how each ended.

    Parameters
    ----------
    notebook : NotebookNode
        Changed in place.
    sandbox : Sandbox
        Where its code runs.
    plan : Plan
        How.
    """
    _Grading(notebook, sandbox, plan).all_cells()


class _Grading:
    """The grading of one notebook: how far it is, and which cells it leaves out."""

    def __init__(self, notebook: NotebookNode, sandbox: Sandbox, plan: Plan) -> None:
        self._cells = notebook.cells
        self._notes = notebook.metadata.setdefault("nnkit", NotebookNode())
        self._sandbox = sandbox
        self._plan = plan
        self._end = time.monotonic() + plan.notebook_seconds
        self._left_out: set[int] = set()  # cells at which the process ended
        self._displays: dict[str, list[NotebookNode]] = {}
        self._questions = MOST_QUESTIONS
        self._at = 0
        self._count = 0
        self._line: Line

    def all_cells(self) -> None:
        """Go through all cells, with as many processes as it takes."""
        processes = 0
        while self._at < len(self._cells):
            if time.monotonic() > self._end:
                self._give_up("NotRunInTime", self._too_long())
            elif processes > MOST_NEW_PROCESSES:
                self._give_up("KernelDied", "Not run: Python itself ended again and again before this cell.")
            else:
                processes += 1
                try:
                    with self._process():
                        self._run_again()
                        while self._at < len(self._cells) and time.monotonic() < self._end:
                            self._next_cell()
                except WorkerLost as lost:
                    self._lost(lost)

    @contextmanager
    def _process(self) -> Iterator[None]:
        """A process for this notebook, with the files that lie beside it."""
        self._line = self._sandbox.begin(self._plan.limits)
        try:
            try:
                self._event(self._soon(BEGIN_SECONDS), CellOutputs({}))
            except WorkerLost as lost:  # nothing of the student's has been run yet
                raise NoSandbox(f"A process for a notebook did not begin ({lost.reason}); try again.") from None
            for path, content in self._plan.files.items():
                head = json.dumps(Path(path).parts).encode() + b"\n"
                self._line.send(frames.pack(frames.FILE, head + content), self._soon(BEGIN_SECONDS))
            for source in self._plan.setup:
                self._run(source, self._plan.cell_seconds, CellOutputs({}), counts=False)
            yield
        finally:
            self._sandbox.end(self._line)

    def _run_again(self) -> None:
        """After a process has ended: bring a new one to where that one was."""
        until, self._at = self._at, 0
        while self._at < until:
            if self._is_run(self._at):
                self._run(self._cells[self._at].source, self._seconds(self._cells[self._at]), CellOutputs({}))
            self._at += 1

    def _is_run(self, position: int) -> bool:
        cell = self._cells[position]
        return (
            cell.cell_type == "code"
            and position not in self._plan.unneeded
            and position not in self._left_out
            and _exercise(cell) is None
        )

    def _next_cell(self) -> None:
        cell = self._cells[self._at]
        exercise = _exercise(cell)
        if exercise is not None or self._is_run(self._at):
            # Counted here: what is judged has its place among what is run, also where a new process began to count.
            self._count += 1
            cell.execution_count = self._count
        if exercise is not None:
            cell.outputs = []
            with own_time.counted():
                cell.outputs = self._verdict(exercise)
        elif self._is_run(self._at):
            outputs = CellOutputs(self._displays)
            cell.outputs = outputs.outputs
            with own_time.counted():
                done = self._run(cell.source, self._seconds(cell), outputs)
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = self._count
            if done.get("stopped") is True and _is_test(cell):
                cell.outputs.insert(0, error_output("CellTimeoutError", "This cell took longer than it may."))
        self._at += 1

    def _lost(self, lost: WorkerLost) -> None:
        """The process has ended at a cell: say so there, and go on behind it."""
        if self._at >= len(self._cells):
            return
        cell = self._cells[self._at]
        if time.monotonic() > self._end:
            self._give_up("NotRunInTime", self._too_long())
            return
        name, sentence = ENDINGS[lost.reason]
        cell.outputs.append(error_output(name, sentence))
        self._left_out.add(self._at)
        self._at += 1

    def _give_up(self, name: str, sentence: str) -> None:
        """Nothing more is run: every test that is left says why."""
        while self._at < len(self._cells):
            if _is_test(self._cells[self._at]):
                self._cells[self._at].outputs = [error_output(name, sentence)]
            self._at += 1

    def _too_long(self) -> str:
        seconds = self._plan.notebook_seconds
        return f"Not run: the cells before this one took more than the {seconds} s that a notebook has."

    # -- cells --------------------------------------------------------------------------------------------------------

    def _seconds(self, cell: NotebookNode) -> float:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        allowed = max(self._plan.cell_seconds, self._plan.budgets.get(name, 0))
        return max(0.5, min(allowed, self._end - time.monotonic()))

    def _soon(self, seconds: float) -> float:
        return time.monotonic() + seconds

    def _run(self, source: str, seconds: float, outputs: CellOutputs, counts: bool = True) -> dict[str, Any]:
        """Run a cell and take what it shows."""
        order = {"source": source, "seconds": seconds, "counts": counts, "characters": self._plan.characters}
        deadline = self._soon(seconds + GRACE_SECONDS)
        self._line.send(frames.pack_event(order), deadline)
        while True:
            event = self._event(deadline, outputs)
            if event.get("did") == "ended":
                return event
            if "ask" in event:
                reply = self._reply(event, deadline)
                self._line.send(frames.pack_event(reply), deadline)

    def _event(self, deadline: float, outputs: CellOutputs) -> dict[str, Any]:
        """The next event that is no output; outputs are taken."""
        while True:
            kind, content = self._line.receive(deadline, LARGEST_EVENT)
            if kind != frames.EVENT:
                raise WorkerLost(NONSENSE)
            try:
                event = json.loads(content)
            except (ValueError, RecursionError):
                raise WorkerLost(NONSENSE) from None
            if not isinstance(event, dict):
                raise WorkerLost(NONSENSE)
            if "shows" not in event:
                return event
            if not outputs.take(event):
                raise WorkerLost(NONSENSE)

    # -- answers ------------------------------------------------------------------------------------------------------

    def _verdict(self, exercise: str) -> list[NotebookNode]:
        seed = exercise_seed(self._plan.seed, exercise)
        report = self._judged(exercise, seed, hidden=True)
        if report.status == NOT_ATTEMPTED and (verdict := unread(self._broken_cells(exercise))) is not None:
            report = Report.on(exercise, verdict, seed, hidden=True, seconds=report.seconds)
        if report.unjudged:
            # What failed is the instructor's to know: it may name files and cases that are nobody else's business.
            self._notes.setdefault("unjudged", NotebookNode())[exercise] = report.message
            return [error_output("NoVerdict", "The check itself failed, so it gave no verdict; a person has to look.")]
        shown = output_node("display_data", data=report._repr_mimebundle_(), metadata={})
        if report.passed:
            return [shown]
        line = f"{LOOKS[report.status][1]} {in_language(report.headline)}"
        return [shown, output_node("error", ename="CheckFailed", evalue=str(report), traceback=[line])]

    def _broken_cells(self, exercise: str) -> Iterator[str]:
        """The cells above in which an answer may stand and that, as it seems, Python could not read.

        What the student's process has said of them is no proof; it only says which ones to look at.
        """
        name = re.escape(index.find(exercise).student_name) if exercise in index.names() else re.escape(exercise)
        begins = re.compile(rf"^(?:async\s+)?(?i:def|class)\s+{name}\b", re.MULTILINE)
        for cell in self._cells[: self._at]:
            stopped = any(one.get("ename") in UNREAD for one in cell.get("outputs", ()))
            is_answer = cell.metadata.get("nbgrader", {}).get("grade_id") == exercise
            if stopped and (is_answer or begins.search(cell.source)):
                yield cell.source

    def _judged(self, exercise: str, seed: int | None, hidden: bool, deadline: float | None = None) -> Report:
        """The report on an answer, which is asked in the student's process."""
        limit = allowed_seconds()
        lost: list[WorkerLost] = []

        def exchange(request: bytes, namespace: Mapping[str, Any]) -> bytes:
            try:
                return self._asked(request, min(deadline or self._end, self._soon(limit + GRACE_SECONDS)))
            except WorkerLost as problem:
                lost.append(problem)
                raise

        report = evaluate(exercise, {}, seed, hidden, exchange=exchange, time_limit=limit, judge_limit=JUDGE_SECONDS)
        if lost:
            raise lost[0]
        return report

    def _asked(self, request: bytes, deadline: float) -> bytes:
        """Put a question of the judge to the student's process; what it shows meanwhile is not looked at."""
        self._line.send(frames.pack(frames.REQUEST, request), deadline)
        for _ in range(10_000):
            kind, content = self._line.receive(deadline, max(wire.MAX_BYTES, LARGEST_EVENT))
            if kind == frames.ANSWER:
                return content
        raise WorkerLost(NONSENSE)

    def _reply(self, question: dict[str, Any], deadline: float) -> dict[str, Any]:
        """What a notebook's own `check` or `ready` is told: the verdict on the cases that everybody has."""
        asked = question.get("names")
        names = [name for name in asked if isinstance(name, str)] if isinstance(asked, list) else []
        reports: list[tuple[str, Report | None]] = []
        for name in names[:MOST_QUESTIONS]:
            self._questions -= 1
            if self._questions >= 0 and name in index.names():
                reports.append((name, self._judged(name, None, False, deadline)))
            else:
                reports.append((name, None))
        if question.get("ask") == "ready":
            return {"waiting": [name for name, report in reports if not _is_usable(report)]}
        report = reports[0][1] if reports else None
        if report is None:
            return {"status": NOT_ATTEMPTED, "message": "There is no such exercise, or too much was asked."}
        cause = None if report.cause is None else in_language(report.cause)
        return {"status": report.status, "message": in_language(report.message), "cause": cause}


def _is_usable(report: Report | None) -> bool:
    return report is not None and (report.passed or report.only_warned)


def _is_test(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell)


def _exercise(cell: NotebookNode) -> str | None:
    """The exercise of the course that a test cell checks; None for any other cell."""
    return checked_exercise(cell.source) if _is_test(cell) else None
