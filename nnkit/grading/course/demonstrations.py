"""Which cells of a submission grading can leave out: those that only demonstrate.

Half of a notebook's time goes into pictures and measurements that no answer needs. A cell is left out when it carries
the tag "demo" in the released notebook, the student did not change it, and nothing that it defines is mentioned in a
cell that is run.
"""

from __future__ import annotations

import ast
import re
import symtable

from nbformat.notebooknode import NotebookNode

DEMO_TAG = "demo"
_IDENTIFIER = re.compile(r"[^\W\d]\w*")


def unneeded_cells(submitted: NotebookNode, released: NotebookNode | None) -> set[int]:
    """Positions of the cells that need not be run.

    Parameters
    ----------
    submitted : NotebookNode
        The notebook to grade.
    released : NotebookNode or None
        The notebook that was handed out; None when it is not there any more, and then every cell is run.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> demo = {"tags": ["demo"]}
    >>> sources = [("import numpy as np", demo), ("y = 3", demo), ("print(y)", demo), ("x = np.ones(3)", {})]
    >>> cells = [new_code_cell(text, id=f"c{i}", metadata=meta) for i, (text, meta) in enumerate(sources)]
    >>> sorted(unneeded_cells(new_notebook(cells=cells), new_notebook(cells=cells)))
    [1, 2]
    """
    if released is None:
        return set()
    # Known by its text: some programs, and some students, give cells other ids.
    demos = {
        cell.source
        for cell in released.cells
        if cell.cell_type == "code" and DEMO_TAG in cell.metadata.get("tags", []) and not _counts(cell)
    }
    candidates: dict[int, set[str]] = {}
    mentioned: set[str] = set()
    for position, cell in enumerate(submitted.cells):
        if cell.cell_type != "code":
            continue
        defined = defined_names(cell.source) if cell.source in demos else None
        if defined is None or _counts(cell):
            mentioned |= mentioned_names(cell.source)
        else:
            candidates[position] = defined
    # A cell that is needed makes those needed that define what it mentions, and so on.
    while needed := [position for position, defined in candidates.items() if defined & mentioned]:
        for position in needed:
            del candidates[position]
            mentioned |= mentioned_names(submitted.cells[position].source)
    return set(candidates)


def _counts(cell: NotebookNode) -> bool:
    """Whether a cell is an answer or a test; one that is only locked may demonstrate."""
    flags = cell.metadata.get("nbgrader", {})
    return bool(flags.get("grade") or flags.get("solution"))


def mentioned_names(source: str) -> set[str]:
    """Every name that a cell looks up in the notebook, also from inside its functions; all words where that is unclear.

    Parameters
    ----------
    source : str
        The cell's text.

    Examples
    --------
    >>> sorted(mentioned_names("def f(x, y=start):\\n    z = x + offset\\n    return np.sum(z)\\nf(3)"))
    ['f', 'np', 'offset', 'start']
    """
    try:
        waiting = [symtable.symtable(source, "cell", "exec")]
    except (SyntaxError, ValueError):
        return set(_IDENTIFIER.findall(source))
    names: set[str] = set()
    while waiting:
        scope = waiting.pop()
        waiting += scope.get_children()
        outermost = scope.get_type() == "module"
        for symbol in scope.get_symbols():
            if symbol.is_referenced() and (outermost or symbol.is_global()):
                names.add(symbol.get_name())
    return names


def defined_names(source: str) -> set[str] | None:
    """Every name that a cell binds or changes a part of; None when that cannot be told.

    Parameters
    ----------
    source : str
        The cell's text.

    Examples
    --------
    >>> sorted(defined_names("import numpy as np, os.path\\nfor i in range(3): a[i].b = (c := 2)"))
    ['a', 'c', 'i', 'np', 'os']
    >>> defined_names("%matplotlib inline") is None
    True
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return None
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            base: ast.expr = node
            while isinstance(base, ast.Attribute | ast.Subscript):
                base = base.value
            names.update(one.id for one in ast.walk(base) if isinstance(one, ast.Name))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            if any(alias.name == "*" for alias in node.names):
                return None
            names.update((alias.asname or alias.name).split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            names.add(node.name)
    return names
