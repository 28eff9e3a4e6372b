"""Reading what was handed in, whatever it is: a file that cannot be read becomes a notebook that says so.

nbgrader reads a submission before any preprocessor sees it, and gives the whole submission up when that fails. The
exporter here is plugged in front of it, so that the student still gets feedback and the instructor an entry.
"""

from __future__ import annotations

import codecs
import hashlib
import json
import math
import re
from collections.abc import Iterable
from typing import Any, TextIO

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook

UNREADABLE = "file unreadable"
LARGEST = 50_000_000  # bytes of a file
MOST_CELLS = 2000
DEEPEST = 100
_SURROGATE = re.compile("[\ud800-\udfff]")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_KINDS = ("code", "markdown", "raw")


def read_notebook(text: str, own_notes: bool = False) -> NotebookNode:
    """A notebook with well-formed cells from the text of a file.

    Cells of an unknown kind, without text, with a missing or repeated id are mended; what is not a notebook at all is
    replaced by one that says so, with ``metadata.nnkit.state`` set to "file unreadable".

    Parameters
    ----------
    text : str
        What the file holds.
    own_notes : bool
        Whether ``metadata.nnkit`` is kept. Grading writes its notes there; a student cannot bring some along.

    Examples
    --------
    >>> read_notebook("oops").metadata.nnkit.state
    'file unreadable'
    >>> cells = '[{"cell_type": "code", "source": ["x = 1"]}]'
    >>> read_notebook('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": ' + cells + '}').cells[0].source
    'x = 1'
    """
    try:
        content = _parsed(text)
    except (ValueError, RecursionError) as problem:
        return _unreadable(f"it is not JSON, the format of notebooks ({problem})")
    if not isinstance(content, dict):
        return _unreadable("it is not a notebook")
    if not own_notes and _is_too_deep(content):
        return _unreadable(f"what it holds is nested more than {DEEPEST} times")
    try:
        if content.get("nbformat") != 4:
            content = nbformat.reads(json.dumps(content), as_version=4)
        cells = content.get("cells")
        if not isinstance(cells, list):
            return _unreadable("it has no list of cells")
        if not own_notes and len(cells) > MOST_CELLS:
            return _unreadable(f"it has {len(cells)} cells, and no notebook has more than {MOST_CELLS}")
        notebook = _mended(content, cells)
    except Exception as problem:  # older formats are converted by code that trusts its input
        return _unreadable(f"it is not a notebook that Jupyter can read ({type(problem).__name__}: {problem})")
    if not own_notes:
        notebook.metadata.pop("nnkit", None)
    return notebook


def read_content(content: bytes, own_notes: bool = False, found: Iterable[str] = ()) -> NotebookNode:
    """A notebook from what a file holds, whatever that is; see `read_notebook`.

    Parameters
    ----------
    content : bytes
        The file.
    own_notes : bool
        Whether ``metadata.nnkit`` is kept.
    found : Iterable[str]
        What a person should know about how the file was found; noted in ``metadata.nnkit.handed_in``.

    Examples
    --------
    >>> read_content(b"\\x81\\x8d").metadata.nnkit.reason
    'it is not text'
    """
    if len(content) > LARGEST:
        notebook = _unreadable(f"it has more than {LARGEST // 1_000_000} MB")
    else:
        try:
            notebook = read_notebook(decode(content), own_notes=own_notes)
        except UnicodeDecodeError:
            notebook = _unreadable("it is not text")
    if not own_notes and notebook.metadata.get("nnkit", {}).get("state") == UNREADABLE:
        # By it one file that cannot be read is told from another.
        notebook.metadata["nnkit"]["files"] = hashlib.sha256(content).hexdigest()
    if notes := list(found):
        notebook.metadata.setdefault("nnkit", NotebookNode())["handed_in"] = notes
    return notebook


def decode(content: bytes) -> str:
    """The text of a file, whichever Unicode an editor has saved it in.

    Parameters
    ----------
    content : bytes
        What the file holds.

    Raises
    ------
    UnicodeDecodeError
        It is not text.

    Examples
    --------
    >>> decode("{}".encode("utf-16")), decode(b"{}\\0\\0"), decode("{'–'}".encode("cp1252"))
    ('{}', '{}', "{'–'}")
    """
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    if encoding == "utf-8" and content[:1] and content[:4:2] == b"\0\0":
        encoding = "utf-16-be"
    elif encoding == "utf-8" and content[1:4:2] == b"\0\0" and content[:1] != b"\0":
        encoding = "utf-16-le"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        # Old editors on Windows know no Unicode. What is in a notebook is in it all the same, apart from a few letters.
        text = content.decode("cp1252")
    return text.rstrip("\0 \r\n\t\x1a")


def _parsed(text: str) -> Any:
    """JSON without what no file in JSON may hold: NaN, infinite numbers, halves of characters, more behind its end."""

    def number(digits: str) -> float | None:
        return float(digits) if math.isfinite(float(digits)) else None

    reader = json.JSONDecoder(parse_constant=lambda _: None, parse_float=number)
    # Behind the end may be what a platform has added, or the rest of a longer file that this one has overwritten.
    content, end = reader.raw_decode(text := text.lstrip("\ufeff \t\r\n"))
    if text[end:].strip() and not (isinstance(content, dict) and "cells" in content):
        raise ValueError("it goes on behind its end")
    written = json.dumps(content, ensure_ascii=False)
    return json.loads(_SURROGATE.sub("\ufffd", written)) if _SURROGATE.search(written) else content


def _is_too_deep(content: Any) -> bool:
    level = [content]
    for _ in range(DEEPEST):
        inner = [part.values() if isinstance(part, dict) else part for part in level]
        level = [one for parts in inner for one in parts if isinstance(one, dict | list)]
        if not level:
            return False
    return True


def _unreadable(reason: str) -> NotebookNode:
    message = (
        f"**This file could not be read:** {reason}. Nothing in it was run. It may have been cut off while it was "
        "uploaded or edited as text; open it in JupyterLab, save it and hand it in again, or ask your instructor."
    )
    notebook = new_notebook(cells=[new_markdown_cell(message, id="file-unreadable")])
    notebook.metadata["nnkit"] = {"state": UNREADABLE, "reason": reason}
    return notebook


def _mended(content: dict[str, Any], cells: list[Any]) -> NotebookNode:
    """The same notebook with every cell in the shape that the format asks for."""
    metadata = content.get("metadata")
    notebook = new_notebook()  # which would refuse metadata that the format does not allow
    notebook.metadata = nbformat.from_dict(metadata) if isinstance(metadata, dict) else NotebookNode()
    seen: set[str] = set()
    for number, cell in enumerate(cells):
        if not isinstance(cell, dict):
            continue
        identifier = cell.get("id")
        if not isinstance(identifier, str) or not _CELL_ID.fullmatch(identifier) or identifier in seen:
            identifier = f"submitted-{number}"
        seen.add(identifier)
        given = cell.get("cell_type")
        kind = given if isinstance(given, str) and given in _KINDS else "raw"
        # Not by nbformat's `new_code_cell`, which validates each cell: the whole notebook is validated below.
        mended = NotebookNode(cell_type=kind, id=identifier, metadata=NotebookNode(), source=_text(cell.get("source")))
        if isinstance(cell.get("metadata"), dict):
            mended.metadata = nbformat.from_dict(cell["metadata"])
        if kind == "code":
            mended.outputs = _outputs(cell.get("outputs"))
            count = cell.get("execution_count")
            mended.execution_count = count if type(count) is int else None
        elif isinstance(cell.get("attachments"), dict):
            mended.attachments = nbformat.from_dict(cell["attachments"])
        notebook.cells.append(mended)
    _drop_invalid(notebook)
    return notebook


def _text(source: Any) -> str:
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""


def _outputs(outputs: Any) -> list[NotebookNode]:
    """Stored outputs with their lines joined, as nbformat does it; what cannot be read is dropped."""
    kept = [output for output in outputs if isinstance(output, dict)] if isinstance(outputs, list) else []
    if not kept:
        return []
    cell: dict[str, Any] = {"cell_type": "code", "metadata": {}, "source": "", "execution_count": None, "outputs": kept}
    text = json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [cell]})
    try:
        return list(nbformat.reads(text, as_version=4).cells[0].outputs)
    except Exception:
        return []


def _drop_invalid(notebook: NotebookNode) -> None:
    """Drop what the format does not allow: everything that converts a notebook checks it first, and would refuse it."""
    if _is_valid(notebook.metadata, notebook.cells):
        return
    if not _is_valid(notebook.metadata, []):
        notebook.metadata = NotebookNode()
    for cell in notebook.cells:
        if not _is_valid({}, [cell]) and cell.cell_type == "code":
            cell.outputs = []
        if not _is_valid({}, [cell]):
            cell.metadata.pop("tags", None)
            cell.pop("attachments", None)
        if not _is_valid({}, [cell]):
            cell.metadata = NotebookNode()


def _is_valid(metadata: dict[str, Any], cells: list[NotebookNode]) -> bool:
    try:
        new_notebook(metadata=metadata, cells=cells)  # which validates it
    except nbformat.ValidationError:
        return False
    return True


class SubmissionExporter(NotebookExporter):
    """nbgrader's notebook exporter, except that reading a submission never fails."""

    def from_file(
        self, file_stream: TextIO, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        """Convert what was handed in; a file that is no notebook becomes one that says so.

        Parameters
        ----------
        file_stream : TextIO
            The file, open.
        resources, options
            nbconvert's own, passed on.
        """
        name = (resources or {}).get("nbgrader", {}).get("notebook")
        # The second of nbgrader's two passes reads the file that grading itself wrote.
        first = getattr(self.parent, "_sanitizing", True)
        own_notes = not first or name in getattr(self.parent, "standing_in", ())
        buffer = getattr(file_stream, "buffer", None)
        content = buffer.read(LARGEST + 1) if buffer is not None else file_stream.read().encode("utf-8", "replace")
        found = getattr(self.parent, "intake_notes", {}).get(name, ()) if first else ()
        notebook = read_content(content, own_notes, found)
        return self.from_notebook_node(notebook, resources=resources, **options)
