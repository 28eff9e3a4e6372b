"""What nbgrader has noted of a cell, in whatever a student has made of its metadata."""

from __future__ import annotations

from nbformat.notebooknode import NotebookNode


def flags_of(cell: NotebookNode) -> dict[str, object]:
    """What nbgrader has noted of a cell; nothing where that is no dictionary.

    Parameters
    ----------
    cell : NotebookNode
        Of any notebook.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell
    >>> flags_of(new_code_cell(metadata={"nbgrader": {"grade": True}})), flags_of(new_code_cell())
    ({'grade': True}, {})
    """
    flags = cell.metadata.get("nbgrader")
    return flags if isinstance(flags, dict) else {}
