"""What a submission would do to the program that runs or shows it is taken out, before either happens.

The formgrader and the feedback show a notebook as it is, with the rights of whoever looks at it. `neutralise` is
applied twice: to what was handed in, before anything is shown, and to what the run has left in the outputs.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from typing import Any

from nbformat.notebooknode import NotebookNode

from nnkit.grading.intake.outputs import CHARACTERS_PER_NOTEBOOK, clean_outputs
from nnkit.grading.intake.written import clean_markdown

# Tags with which a cell would tell nbclient how to treat it; only the instructor's notebook decides that.
STEERING_TAGS = ("skip-execution", "raises-exception")
# Names by which the formgrader finds its own fields, besides those of the cells.
_OWN_NAMES = ("top", "toc", "notebook", "notebook-container", "nbgrader", "prev", "next", "points", "score")
_TAG = re.compile(r"[\w-]{1,40}")
# What JupyterLab has folded stays so on a page.
_FOLDED = ("source_hidden", "outputs_hidden")
_LANGUAGE = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python", "pygments_lexer": "ipython3"}
_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


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
        if kept := [tag for tag in kept if tag not in STEERING_TAGS and _TAG.fullmatch(tag)]:
            cell.metadata["tags"] = kept


def neutralise(
    notebook: NotebookNode,
    released: NotebookNode | None,
    trusted_texts: Iterable[str] = (),
    own_outputs: Container[str] = (),
) -> list[str]:
    """Make everything harmless that a page would show of this notebook; what was released stays as it was released.

    Applied again it changes nothing. Code is not touched: pages show it as text.

    Parameters
    ----------
    notebook : NotebookNode
        What was handed in, or what a run has left; changed in place.
    released : NotebookNode or None
        What was handed out. Its Markdown, pictures and HTML included, is the instructor's.
    trusted_texts : Iterable[str]
        Further Markdown of the instructor's, as the gradebook has it.
    own_outputs : Container[str]
        nbgrader's names of the cells whose outputs grading itself has written: they are not touched.

    Returns
    -------
    list of str
        What was taken out, a sentence for each.

    Examples
    --------
    >>> from nbformat.v4 import new_markdown_cell, new_notebook
    >>> cell = new_markdown_cell("It is <script>steal()</script> *right*.", id="why")
    >>> neutralise(new_notebook(cells=[cell]), None)
    ['Cell 1 (why): taken out or made visible: HTML, links or TeX that act.']
    >>> cell.source
    'It is < script>steal()< /script> *right*.'
    """
    given = {cell.source: cell for cell in released.cells if cell.cell_type == "markdown"} if released else {}
    trusted = set(trusted_texts)
    reserved = _reserved_names(notebook)
    sentences: list[str] = []
    _forget_metadata(notebook, released)
    room = CHARACTERS_PER_NOTEBOOK
    for number, cell in enumerate(notebook.cells, start=1):
        notes: list[str] = []
        _clean_metadata(cell)
        if cell.cell_type == "raw":
            _show_raw(cell)
            notes.append("a raw cell, which is shown as it was typed")
        if cell.cell_type == "markdown":
            if cell.source in given:
                _set_attachments(cell, given[cell.source].get("attachments", {}))
            elif cell.source in trusted:
                _set_attachments(cell, {})
            else:
                cell.source, attachments, notes_of_text = clean_markdown(cell.source, cell.get("attachments"), reserved)
                _set_attachments(cell, attachments)
                notes += notes_of_text
        elif cell.cell_type == "code" and _name(cell) not in own_outputs:
            cell.pop("attachments", None)
            if type(cell.get("execution_count")) is not int:
                cell["execution_count"] = None
            cell.outputs, notes_of_outputs = clean_outputs(cell.get("outputs", []), max(room, 1000))
            room -= sum(len(str(output)) for output in cell.outputs)
            notes += notes_of_outputs
        if notes:
            sentences.append(f"Cell {number} ({cell.get('id', '')}): taken out or made visible: {'; '.join(notes)}.")
    return sentences


def _name(cell: NotebookNode) -> str:
    flags = cell.metadata.get("nbgrader")
    name = flags.get("grade_id") if isinstance(flags, dict) else None
    return name if isinstance(name, str) else ""


def _reserved_names(notebook: NotebookNode) -> frozenset[str]:
    """Names by which a page finds the fields for points and comments: a heading so called would stand in their way."""
    names = [name for cell in notebook.cells if (name := _name(cell))]
    ends = ("", "-comment", "_extra_credit", "-saved", "-comment-saved")
    return frozenset(
        [*_OWN_NAMES, *(name + end for name in names for end in ends), *(f"comment-{one}" for one in names)]
    )


def _forget_metadata(notebook: NotebookNode, released: NotebookNode | None) -> None:
    """The notebook's own metadata are those it was released with, besides grading's notes: pages are made with them."""
    notes = notebook.metadata.get("nnkit")
    kept: dict[str, Any] = {}
    for name, usual in (("kernelspec", _KERNEL), ("language_info", _LANGUAGE)):
        own = released.metadata.get(name) if released is not None else None
        kept[name] = NotebookNode(own if isinstance(own, dict) else usual)
    if isinstance(notes, dict):
        kept["nnkit"] = notes
    notebook.metadata = NotebookNode(kept)


def _clean_metadata(cell: NotebookNode) -> None:
    kept: dict[str, Any] = {}
    if isinstance(cell.metadata.get("nbgrader"), dict):
        kept["nbgrader"] = cell.metadata["nbgrader"]
    for name in ("deletable", "editable", "collapsed"):
        if isinstance(cell.metadata.get(name), bool):
            kept[name] = cell.metadata[name]
    how = cell.metadata.get("jupyter")
    if isinstance(how, dict) and (folded := {name: True for name in _FOLDED if how.get(name) is True}):
        kept["jupyter"] = folded
    tags = cell.metadata.get("tags")
    if isinstance(tags, list) and (fine := [tag for tag in tags if isinstance(tag, str) and _TAG.fullmatch(tag)]):
        kept["tags"] = fine[:20]
    cell.metadata = NotebookNode(kept)


def _show_raw(cell: NotebookNode) -> None:
    """A raw cell goes into a page as it is; as Markdown it is shown as it was typed."""
    longest = max((len(run) for run in re.findall(r"`+", cell.source)), default=0)
    fence = "`" * max(3, longest + 1)
    cell.cell_type = "markdown"
    cell.source = f"{fence}text\n{cell.source}\n{fence}"
    for name in ("outputs", "execution_count", "attachments"):
        cell.pop(name, None)


def _set_attachments(cell: NotebookNode, attachments: Any) -> None:
    cell.pop("attachments", None)
    if attachments:
        cell["attachments"] = NotebookNode({name: NotebookNode(bundle) for name, bundle in attachments.items()})
