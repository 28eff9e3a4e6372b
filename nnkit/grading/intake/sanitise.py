"""What a submission would do to the program that runs or shows it is taken out, before either happens."""

from __future__ import annotations

from nbformat.notebooknode import NotebookNode

# Tags with which a cell would tell nbclient how to treat it; only the instructor's notebook decides that.
STEERING_TAGS = ("skip-execution", "raises-exception")


def forget_steering(notebook: NotebookNode) -> None:
    """Take out the stored state of widgets and the tags that say how a cell is to be run; other tags stay.

    Parameters
    ----------
    notebook : NotebookNode
        What was handed in, changed in place. Tags that are no list of texts are taken out as well.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> cell = new_code_cell("1 / 0", metadata={"tags": ["demo", "skip-execution"]})
    >>> forget_steering(new_notebook(cells=[cell]))
    >>> cell.metadata["tags"]
    ['demo']
    """
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        tags = cell.metadata.pop("tags", None)
        kept = [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
        if kept := [tag for tag in kept if tag not in STEERING_TAGS]:
            cell.metadata["tags"] = kept
