"""The cells of a notebook as an upgrade sees them: a kind, a text, an id, and nbgrader's flags.

Outputs, execution counts and a notebook's own metadata are no part of that: JupyterLab writes them without anybody
having worked on the notebook.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from nnkit.exercises.outline import source_of

Cell = dict[str, Any]
Notebook = dict[str, Any]

_MARK = 12  # hexadecimal digits of a hash that stand for a text


def read_cells(content: bytes) -> Notebook:
    """A notebook from what its file holds, whose cells are sure to be cells.

    Parameters
    ----------
    content : bytes
        The file.

    Raises
    ------
    ValueError
        It is no notebook; the message says why, as it stands after "it".

    Examples
    --------
    >>> read_cells(b"{")
    Traceback (most recent call last):
        ...
    ValueError: is not JSON, the format of notebooks
    """
    try:
        notebook = json.loads(content)
    except (ValueError, RecursionError):
        raise ValueError("is not JSON, the format of notebooks") from None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(notebook, dict) or notebook.get("nbformat") != 4 or not isinstance(cells, list):
        raise ValueError("is not a notebook of format 4")
    for cell in cells:
        if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
            raise ValueError("holds something that is no cell")
        if not isinstance(cell.setdefault("metadata", {}), dict):
            raise ValueError("holds a cell whose metadata is none")
        if not isinstance(cell.setdefault("source", ""), str | list):
            raise ValueError("holds a cell whose text is none")
    if not isinstance(notebook.setdefault("metadata", {}), dict):
        raise ValueError("has metadata that is none")
    return notebook


def write_cells(notebook: Notebook) -> bytes:
    """The file of a notebook, as Jupyter writes it: texts as lists of lines, an indent of one, LF.

    Parameters
    ----------
    notebook : Notebook
        With cells.

    Examples
    --------
    >>> print(write_cells({"cells": [], "nbformat": 4}).decode(), end="")
    {
     "cells": [],
     "nbformat": 4
    }
    """
    cells = [{**cell, "source": source_of(cell).splitlines(keepends=True)} for cell in notebook["cells"]]
    written = {**notebook, "cells": cells}
    try:
        return (json.dumps(written, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode("utf-8")
    except UnicodeEncodeError:  # half of a character, as some editors leave behind
        return (json.dumps(written, indent=1, sort_keys=True) + "\n").encode("ascii")


def text_of(cell: Mapping[str, Any]) -> str:
    """The text of a cell, apart from how its lines end and from white space at its end.

    Parameters
    ----------
    cell : Mapping[str, Any]
        As it stands in the file.

    Examples
    --------
    >>> text_of({"source": "x = 1\\r\\ny = 2\\n"})
    'x = 1\\ny = 2'
    """
    return source_of(cell).replace("\r\n", "\n").rstrip()


def mark_of(cell: Mapping[str, Any]) -> str:
    """A few digits that stand for kind and text of a cell.

    Parameters
    ----------
    cell : Mapping[str, Any]
        As it stands in the file.
    """
    return _digits(f"{cell['cell_type']}\n{text_of(cell)}")


def mark_at(identifier: str, mark: str) -> str:
    """A few digits that stand for a text at its place.

    Parameters
    ----------
    identifier : str
        The id of the course's cell.
    mark : str
        See `mark_of`.
    """
    return _digits(f"{identifier}\n{mark}")


def id_of(cell: Mapping[str, Any]) -> str:
    """The id of a cell, "" for one without."""
    identifier = cell.get("id")
    return identifier if isinstance(identifier, str) else ""


def flags_of(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    """What nbgrader notes of a cell, empty for one of no interest to it."""
    flags = cell["metadata"].get("nbgrader")
    return flags if isinstance(flags, dict) else {}


def is_answer(cell: Mapping[str, Any]) -> bool:
    """Whether a cell is there for the reader to write into."""
    return bool(flags_of(cell).get("solution"))


def is_locked(cell: Mapping[str, Any]) -> bool:
    """Whether a cell must say what the course says in it."""
    return bool(flags_of(cell).get("locked"))


def _digits(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_MARK]
