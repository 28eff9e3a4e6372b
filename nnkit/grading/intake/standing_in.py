"""A notebook that stands in where nothing could be graded, and says what a person has to do.

It goes the way of every other: its student has a row in the gradebook, an outcome and feedback.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook

from nnkit.grading.intake.submissions import UNREADABLE

NEEDS_PERSON: Final = "needs a person"
NOT_HANDED_IN: Final = "not handed in"
# What stands in ``metadata.nnkit.state`` of a notebook that is not to be run.
NOT_RUN = (UNREADABLE, NEEDS_PERSON, NOT_HANDED_IN)
# What a student is told whose work could not be graded.
FAILED: Final = (
    "Grading failed, and nothing of this has been judged. It need not be a mistake of yours; ask your instructor."
)


def stand_in(reason: str, state: str = NEEDS_PERSON, told: str = "", files: str = "") -> NotebookNode:
    """A notebook that says why nothing was graded.

    Parameters
    ----------
    reason : str
        Sentences for the person who grades: what is wrong, and what to do. Their text is shown as it is.
    state : str
        One of `NOT_RUN`.
    told : str
        Sentences for the student, who reads the notebook's text; "" where the same are for both.
    files : str
        What stands for all that was handed in, see `nnkit.grading.intake.shadow.Chosen`; "" where nobody knows.

    Examples
    --------
    >>> stand_in("No notebook was handed in.").metadata.nnkit.state
    'needs a person'
    """
    cell = new_markdown_cell(f"**Nothing was graded here.** {told or reason}", id="not-graded")
    notebook = new_notebook(cells=[cell])
    notebook.metadata["nnkit"] = NotebookNode(state=state, reason=reason)
    if files:
        notebook.metadata["nnkit"]["files"] = files
    return notebook


def why_not_run(notes: Mapping[str, Any]) -> tuple[str, str]:
    """The name of the error that stands in the test cells of a notebook that was not run, and what is told there.

    Parameters
    ----------
    notes : Mapping[str, Any]
        The notebook's ``metadata.nnkit``.

    Examples
    --------
    >>> why_not_run({"state": "needs a person", "reason": "No notebook was handed in."})
    ('NoVerdict', 'Not run. No notebook was handed in.')
    """
    if notes.get("state") == UNREADABLE:
        return "FileUnreadable", f"Not run: the file that was handed in could not be read; {notes.get('reason')}."
    if notes.get("state") == NOT_HANDED_IN:
        return "NotHandedIn", f"Not run. {notes.get('reason')}"
    return "NoVerdict", f"Not run. {notes.get('reason')}"
