"""Which exercises a graded notebook has, how each ended, and its points: the rows at the head of the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader import utils

from nnkit.exercises.judge.report import LOOKS
from nnkit.exercises.terms import NOT_ATTEMPTED, PASSED, TIMED_OUT, WRONG
from nnkit.grading.intake.submissions import UNREADABLE
from nnkit.grading.marks.outcomes import (
    DIED,
    NEEDS_PERSON,
    NOT_HANDED_IN,
    OUT_OF_MEMORY,
    Outcome,
    cell_outcome,
    checked_exercise,
    notebook_outcomes,
)
from nnkit.grading.marks.page import SIGNS

# What nbgrader notes by itself on an answer that nobody has touched; the outcome says it already.
NO_RESPONSE = "No response."
WORDS = {
    **{status: words for status, (words, _, _) in LOOKS.items()},
    DIED: "Python ended",
    OUT_OF_MEMORY: "out of memory",
    UNREADABLE: "the file could not be read",
    NOT_HANDED_IN: "not handed in",
    NEEDS_PERSON: "a person has to read it",
    TIMED_OUT: "took too long",
}
BY_HAND = "marked by a person"
NOT_GRADED = "not graded"  # where there is nothing that a person could read
_HEADING = re.compile(r"^#{1,6}[ \t]+(?P<text>.+?)[ \t#]*$", re.MULTILINE)
_DECORATION = re.compile(r"[`*$]")


@dataclass(frozen=True)
class Row:
    """One exercise on the page.

    Parameters
    ----------
    name : str
        What a reader calls it.
    is_code : bool
        Whether the name is that of something in a program.
    cell : str
        nbgrader's name for the cell with the points.
    anchor : str
        Where on the page it is.
    sign, words : str
        How it ended.
    passed : bool
        Whether it is right.
    points, most : str
        As a reader writes them; points are "–" where they wait for a person.
    comments : tuple[str, ...]
        Where on the page somebody has written something about it.
    """

    name: str
    is_code: bool
    cell: str
    anchor: str
    sign: str
    words: str
    passed: bool
    points: str
    most: str
    comments: tuple[str, ...] = ()


def read_rows(notebook: NotebookNode) -> list[Row]:
    """The exercises of a graded notebook whose cells have their marks, in order.

    Parameters
    ----------
    notebook : NotebookNode
        With the score, the points and the comment of each cell in nbgrader's metadata.
    """
    outcomes = {one.cell: one for one in _outcomes(notebook)}
    rows: list[Row] = []
    stands_in = notebook.metadata.get("nnkit", {}).get("state") == NEEDS_PERSON
    heading = ""  # since the exercise before
    comments: list[str] = []
    for number, cell in enumerate(notebook.cells):
        flags = cell.metadata.get("nbgrader") or {}
        if cell.cell_type == "markdown" and not flags:
            heading = next((found["text"] for found in reversed([*_HEADING.finditer(cell.source)])), heading)
        if comment_of(cell):
            comments.append(comment_anchor(number))
        if flags.get("grade") or flags.get("task"):
            outcome = outcomes.get(flags["grade_id"]) or _by_person(flags)
            row = _row(number, cell, outcome, heading, tuple(comments))
            rows.append(replace(row, words=NOT_GRADED) if stands_in and row.words != BY_HAND else row)
            heading, comments = "", []
    return rows


def _outcomes(notebook: NotebookNode) -> list[Outcome]:
    try:
        return notebook_outcomes(notebook)
    except KeyError:  # graded by nbgrader alone, whose cells may lack what ours have
        return [cell_outcome(cell) for cell in notebook.cells if utils.is_grade(cell)]


def _by_person(flags: Mapping[str, Any]) -> Outcome:
    return Outcome(flags["grade_id"], flags["grade_id"], NEEDS_PERSON)


def _row(number: int, cell: NotebookNode, outcome: Outcome, heading: str, comments: tuple[str, ...]) -> Row:
    flags = cell.metadata["nbgrader"]
    exercise = checked_exercise(cell.source) if cell.cell_type == "code" else None
    score, most = flags.get("score"), flags.get("points", 0)
    waits, by_hand = flags.get("waits", False), flags.get("by_hand", False)
    # Where nobody says whether a person has been there: a written answer without points waits for one.
    if "waits" not in flags:
        waits = outcome.status == NEEDS_PERSON and not score
    status = outcome.status
    sign, words = SIGNS.get(status, "?"), WORDS.get(status, status)
    if by_hand and (status in (NEEDS_PERSON, NOT_HANDED_IN) or flags.get("overruled")):
        sign, words = "✎", BY_HAND
    elif not exercise and status in (PASSED, WRONG, NOT_ATTEMPTED):
        words = {PASSED: "right", WRONG: "not yet", NOT_ATTEMPTED: "not started"}[status]
    words_for_it = "" if exercise else _plain(heading)
    return Row(
        name=words_for_it or outcome.exercise.removeprefix("test_"),
        is_code=not words_for_it,
        cell=flags["grade_id"],
        anchor=f"exercise-{number}",
        sign=sign,
        words=words,
        passed=status == PASSED,
        points="–" if waits else number_text(score),
        most=number_text(most),
        comments=comments,
    )


def _plain(heading: str) -> str:
    """A heading without its decoration, and without what it says about time."""
    text = _DECORATION.sub("", heading.split(" · *")[0].split(" *(")[0]).strip()
    text = text.removeprefix("Question: ").removeprefix("Exercise: ")
    return text[:1].upper() + text[1:]


def number_text(value: Any) -> str:
    """Points as one writes them.

    Examples
    --------
    >>> number_text(2.0), number_text(0.5), number_text(None)
    ('2', '0.5', '0')
    """
    return f"{round(float(value or 0), 2):g}"


def comment_of(cell: NotebookNode) -> str:
    """What a person has written about the answer in a cell; "" where nobody has.

    Parameters
    ----------
    cell : NotebookNode
        With its comment in nbgrader's metadata.
    """
    comment = (cell.metadata.get("nbgrader") or {}).get("comment")
    return comment.strip() if isinstance(comment, str) and comment.strip() != NO_RESPONSE else ""


def comment_anchor(number: int) -> str:
    """The place of the comment on the answer in a cell.

    Examples
    --------
    >>> comment_anchor(3)
    'comment-3'
    """
    return f"comment-{number}"
