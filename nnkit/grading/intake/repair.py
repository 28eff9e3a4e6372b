"""A submission gets back the cells, flags and points that it was released with, whatever was done to them.

One bad submission must never stop the others: nbgrader gives up at a cell that is missing, doubled or has other flags.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.preprocessors import NbGraderPreprocessor

from nnkit.grading.intake.order import put_tests_behind_answers
from nnkit.grading.intake.released import Master, read_masters, released_notebook
from nnkit.grading.intake.sanitise import forget_steering, neutralise
from nnkit.grading.intake.standing_in import NOT_RUN


class RepairSubmission(NbGraderPreprocessor):
    """Give a submission back the cells, flags and points it was released with.

    A cell is recognised by its nbgrader name, else by its cell id, else (when it is locked) by its text. Of several
    copies the last one that was worked on counts. Locked cells get their released text; missing ones are put back in
    their place. What was done is listed in ``metadata.nnkit.repairs``.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Repair one submission, in memory.

        Parameters
        ----------
        nb : NotebookNode
            What was handed in, changed in place.
        resources : dict[str, Any]
            nbgrader's own; under "nbgrader" they say whose submission this is and where the gradebook is.
        """
        where = resources["nbgrader"]
        masters = read_masters(where["db_url"], where["assignment"], where["notebook"])
        handed_out = released_notebook(self, where["assignment"], where["notebook"])
        for sentence in repair(nb, masters, handed_out):
            self.log.warning("%s (%s, %s)", sentence, where["student"], where["notebook"])
        return nb, resources


def repair(nb: NotebookNode, masters: Mapping[str, Master], handed_out: NotebookNode | None) -> list[str]:
    """Repair one submission, in memory.

    Parameters
    ----------
    nb : NotebookNode
        What was handed in, changed in place.
    masters : Mapping[str, Master]
        The released cells by nbgrader's name for them.
    handed_out : NotebookNode or None
        The notebook that was released; None where it is not there any more.

    Returns
    -------
    list of str
        What was done, in sentences; it stands in ``metadata.nnkit.repairs``, too.
    """
    released = [
        (cell.get("id", ""), cell.metadata.get("nbgrader", {}).get("grade_id"))
        for cell in (handed_out.cells if handed_out is not None else [])
    ]
    repairs: list[str] = []

    forget_steering(nb)
    chosen = _recognise(nb, masters, released, repairs)
    apart: list[tuple[NotebookNode, str]] = []
    for cell in nb.cells:
        flags = cell.metadata.pop("nbgrader", None)
        name = next((name for name, found in chosen.items() if found is cell), None)
        if name is None:
            continue
        master = masters[name]
        wanted = master.flags
        if not isinstance(flags, dict) or any(flags.get(key) != value for key, value in wanted.items()):
            repairs.append(f"The cell {name} has its released flags and points again.")
        cell.metadata["nbgrader"] = wanted
        _change_type(cell, master.cell_type)
        if master.locked and cell.source != master.source:
            if not master.solution and (typed := _typed_in(cell, master)):
                apart.append((cell, typed))
                repairs.append(f"What was written into the locked cell {name} is kept in a cell before it.")
            cell.source = master.source
            repairs.append(f"The locked cell {name} has its released text again.")
    for cell, typed in apart:
        position = next(index for index, other in enumerate(nb.cells) if other is cell)
        nb.cells.insert(position, new_code_cell(typed, id=_free_id(nb, "typed")))
    for name in _in_release_order(masters, released):
        if name not in chosen and _put_back(nb, masters[name], chosen, released):
            repairs.append(f"The cell {name} was missing and is back.")
    repairs += put_tests_behind_answers(nb, handed_out)

    given = [master.source for master in masters.values() if master.cell_type == "markdown"]
    repairs += neutralise(nb, handed_out, given)
    if repairs:
        nb.metadata.setdefault("nnkit", NotebookNode())["repairs"] = repairs
    return repairs


def _recognise(
    nb: NotebookNode, masters: Mapping[str, Master], released: list[tuple[str, str | None]], repairs: list[str]
) -> dict[str, NotebookNode]:
    """Which cell of the submission is which released cell."""
    candidates: dict[str, list[NotebookNode]] = {}
    nameless = []
    for cell in nb.cells:
        flags = cell.metadata.get("nbgrader")
        name = flags.get("grade_id") if isinstance(flags, dict) else None
        if isinstance(name, str) and name in masters:
            candidates.setdefault(name, []).append(cell)
        else:
            nameless.append(cell)
    names_by_id = {identifier: name for identifier, name in released if name in masters}
    for cell in nameless:
        name = names_by_id.get(cell.get("id", ""))
        if name is not None and name not in candidates:
            candidates[name] = [cell]
    names_by_text = {master.source.strip(): name for name, master in masters.items() if master.locked}
    taken = {id(cell) for cells in candidates.values() for cell in cells}
    for cell in nameless:
        name = names_by_text.get(cell.source.strip())
        if name is not None and name not in candidates and id(cell) not in taken:
            candidates[name] = [cell]

    chosen = {}
    for name, cells in candidates.items():
        master = masters[name]
        if len(cells) > 1:
            repairs.append(f"There were {len(cells)} copies of the cell {name}; the last one worked on counts.")
        worked_on = [cell for cell in cells if cell.cell_type == master.cell_type and cell.source != master.source]
        chosen[name] = cells[-1] if master.locked or not worked_on else worked_on[-1]
    return chosen


def _put_back(
    nb: NotebookNode, master: Master, chosen: dict[str, NotebookNode], released: list[tuple[str, str | None]]
) -> bool:
    """Insert a missing cell after the nearest one that came before it; code is the student's to give."""
    if master.solution and not master.grade:
        return False
    make = new_code_cell if master.cell_type == "code" else new_markdown_cell
    names = [name for _, name in released]
    place = names.index(master.name) if master.name in names else 0
    taken = {cell.get("id") for cell in nb.cells}
    identifier = released[place][0] if released and released[place][0] not in taken else f"restored-{len(nb.cells)}"
    cell = make(master.source, id=identifier)
    cell.metadata["nbgrader"] = master.flags
    position = len(nb.cells)
    if master.name in names:
        position = 1 if nb.metadata.get("nnkit", {}).get("state") in NOT_RUN else 0
        for released_id, released_name in reversed(released[:place]):
            before = chosen.get(released_name) if released_name else None
            found = [
                index
                for index, other in enumerate(nb.cells)
                if other is before or (before is None and other.get("id") == released_id)
            ]
            if found:
                position = found[0] + 1
                break
    nb.cells.insert(position, cell)
    chosen[master.name] = cell
    if master.solution:
        nb.metadata.setdefault("nnkit", NotebookNode()).setdefault("restored_answers", []).append(master.name)
    return True


def _typed_in(cell: NotebookNode, master: Master) -> str:
    """What a student added to a locked cell, "" where it only says something else; an answer must not be lost."""
    if master.cell_type != "code" or cell.cell_type != "code":
        return ""
    own = {line.rstrip() for line in master.source.splitlines() if line.strip()}
    typed = "\n".join(line for line in cell.source.splitlines() if line.rstrip() not in own).strip("\n")
    try:
        statements = ast.parse(typed).body
    except (SyntaxError, ValueError):
        return typed if master.grade else ""  # perhaps a magic, perhaps a slip: the student's in any case
    if not master.grade:  # what was provided, and a value in it changed, is not an answer
        return typed if any(isinstance(one, ast.FunctionDef | ast.ClassDef) for one in statements) else ""
    return typed if any(not isinstance(one, ast.Assert | ast.Expr | ast.Pass) for one in statements) else ""


def _free_id(nb: NotebookNode, beginning: str) -> str:
    taken = {cell.get("id") for cell in nb.cells}
    return next(name for number in range(len(taken) + 1) if (name := f"{beginning}-{number}") not in taken)


def _in_release_order(masters: Mapping[str, Master], released: list[tuple[str, str | None]]) -> list[str]:
    order = [name for _, name in released if name is not None and name in masters]
    return order + sorted(set(masters) - set(order))


def _change_type(cell: NotebookNode, cell_type: str) -> None:
    if cell.cell_type == cell_type:
        return
    cell.cell_type = cell_type
    if cell_type == "code":
        cell.pop("attachments", None)
        cell.outputs = []
        cell.execution_count = None
    else:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)
