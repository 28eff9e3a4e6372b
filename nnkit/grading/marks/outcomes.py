"""How each exercise of a graded notebook ended, in one word out of a fixed list; none of them is a silent 0.

The check leaves its report among the outputs of its cell; whatever kept a check from answering (an endless loop, a
dead kernel, an unreadable file) leaves an error with a name of its own. Both are read back here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_output

from nnkit.exercises.terms import NOT_ATTEMPTED, PASSED, REPORT_TYPE, STATUSES, TIMED_OUT, WRONG
from nnkit.grading.intake.standing_in import NEEDS_PERSON, NOT_HANDED_IN, NOT_RUN
from nnkit.grading.intake.submissions import UNREADABLE

# How an exercise can end besides the ways in which a check can.
DIED: Final = "died"
OUT_OF_MEMORY: Final = "out of memory"
OUTCOMES = (*STATUSES, DIED, OUT_OF_MEMORY, UNREADABLE, NEEDS_PERSON, NOT_HANDED_IN)
# Names of the errors that grading itself puts into a cell, and what they mean.
ERRORS = {
    "CellTimeoutError": TIMED_OUT,
    "NotRunInTime": TIMED_OUT,
    "KernelDied": DIED,
    "OutOfMemory": OUT_OF_MEMORY,
    "FileUnreadable": UNREADABLE,
    "NoVerdict": NEEDS_PERSON,
    "NotHandedIn": NOT_HANDED_IN,
}
# These say that something is wrong with the submission as a whole, which a person should look at.
FOR_A_PERSON = (DIED, OUT_OF_MEMORY, UNREADABLE, NEEDS_PERSON)
LONGEST_LABEL = 120  # letters; the longest declared one has about half of them
_CHECK_CALL = re.compile(r"^\s*check\(\s*(['\"])(\w+)\1\s*\)\s*;?\s*$")


@dataclass(frozen=True)
class Outcome:
    """How one graded cell ended.

    Parameters
    ----------
    exercise : str
        The name of the exercise, or of the cell for a written answer.
    cell : str
        nbgrader's ``grade_id``, by which the gradebook knows the points.
    status : str
        One of `OUTCOMES`.
    cause : str or None
        The diagnosis in a sentence, None where there is nothing to say.
    mistake : str
        The label of the declared mistake that was recognised, "" where none was.
    kind : str
        What kind of thing is wrong, as `nnkit.exercises.judge.verdict.Verdict` has it; "" where nothing says it.
    """

    exercise: str
    cell: str
    status: str
    cause: str | None = None
    mistake: str = ""
    kind: str = ""


def checked_exercise(source: str) -> str | None:
    """The exercise that a test cell checks, None for a test cell of another kind.

    Parameters
    ----------
    source : str
        The cell's text.

    Examples
    --------
    >>> checked_exercise('check("neuron")')
    'neuron'
    >>> checked_exercise("assert x == 1") is None
    True
    """
    match = _CHECK_CALL.match(source)
    return match.group(2) if match else None


def error_output(name: str, sentence: str) -> NotebookNode:
    """An error as a cell shows it: nbgrader gives no points for it, and the reader gets a sentence, not a traceback.

    Parameters
    ----------
    name : str
        One of `ERRORS`.
    sentence : str
        What the reader is told.

    Raises
    ------
    ValueError
        `name` is none of `ERRORS`, so nothing could read the outcome back.

    Examples
    --------
    >>> error_output("KernelDied", "Python itself ended.").ename
    'KernelDied'
    """
    if name not in ERRORS:
        raise ValueError(f"Grading puts one of the errors {', '.join(ERRORS)} into a cell; {name!r} is none of them.")
    return new_output("error", ename=name, evalue=sentence, traceback=[sentence])


def find_report(cell: NotebookNode, exercise: str) -> Mapping[str, Any] | None:
    """The last report about this exercise among the outputs of a cell, None where there is none.

    Parameters
    ----------
    cell : NotebookNode
        A test cell that was run.
    exercise : str
        Reports on any other one do not count.
    """
    for output in reversed(cell.get("outputs", [])):
        report = output.get("data", {}).get(REPORT_TYPE)
        if isinstance(report, Mapping) and report.get("exercise") == exercise and report.get("status") in OUTCOMES:
            return report
    return None


def cell_outcome(cell: NotebookNode, unchanged: bool = False) -> Outcome:
    """How a graded cell ended.

    Parameters
    ----------
    cell : NotebookNode
        A cell of an autograded notebook with ``grade`` set.
    unchanged : bool
        For a written answer: whether it still is what was released.
    """
    nbgrader = cell.metadata["nbgrader"]
    grade_id = nbgrader["grade_id"]
    exercise = checked_exercise(cell.source)
    name = exercise or grade_id
    if nbgrader.get("solution"):
        return Outcome(name, grade_id, NOT_ATTEMPTED if unchanged else NEEDS_PERSON)
    errors = [output for output in cell.get("outputs", []) if output.get("output_type") == "error"]
    for error in errors:
        if error.get("ename") in ERRORS:
            return Outcome(name, grade_id, ERRORS[error["ename"]], error.get("evalue") or None)
    if exercise is not None:
        report = find_report(cell, exercise)
        if report is not None and (report["status"] != PASSED or not errors):
            return Outcome(
                name,
                grade_id,
                report["status"],
                report.get("cause") or report.get("message"),
                mistake=_word(report.get("mistake")),
                kind=_word(report.get("kind")),
            )
        return Outcome(name, grade_id, NEEDS_PERSON, "The check gave no verdict.")
    return Outcome(name, grade_id, WRONG if errors else PASSED)


def _word(text: Any) -> str:
    """A short text of a report that may have been written by anybody; "" for what is none."""
    return text[:LONGEST_LABEL] if isinstance(text, str) else ""


def notebook_outcomes(notebook: NotebookNode) -> list[Outcome]:
    """The outcomes of all graded cells of an autograded notebook, in order.

    Parameters
    ----------
    notebook : NotebookNode
        As grading left it, with its notes in the metadata.
    """
    from nbgrader.utils import compute_checksum, is_grade

    notes = notebook.metadata.get("nnkit", {})
    outcomes = []
    for cell in notebook.cells:
        if not is_grade(cell):
            continue
        unchanged = cell.metadata["nbgrader"].get("checksum") == compute_checksum(cell)
        outcome = cell_outcome(cell, unchanged)
        if notes.get("state") in NOT_RUN:
            outcome = replace(outcome, status=notes["state"], cause=notes.get("reason"), mistake="", kind="")
        elif outcome.status == NEEDS_PERSON and outcome.exercise in notes.get("unjudged", {}):
            outcome = replace(outcome, cause=notes["unjudged"][outcome.exercise])
        elif outcome.cell in notes.get("restored_answers", []):
            missing = "The cell for this answer was missing."
            outcome = replace(outcome, status=NEEDS_PERSON, cause=missing, mistake="", kind="")
        outcomes.append(outcome)
    return outcomes
