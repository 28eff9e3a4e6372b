"""What a released notebook gives to its readers, as sources that grading runs before a submission's first cell.

Imports and provided definitions are there, then, although a student has deleted, moved or overwritten the cells in
which they stood. The student's own cells run later, and what they say counts.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nbformat.notebooknode import NotebookNode

from nnkit.exercises import index
from nnkit.grading.intake.flags import flags_of
from nnkit.grading.marks.outcomes import checked_exercise

_Definition = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def setup_sources(released: NotebookNode | None) -> list[str]:
    """The imports of all cells that no student has to write, then the definitions of each such cell.

    Parameters
    ----------
    released : NotebookNode or None
        The notebook that was handed out. A name that an exercise asks for is left to the student.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> given = new_code_cell("import math\\nprint(math.pi)\\ndef area(r): return math.pi * r")
    >>> setup_sources(new_notebook(cells=[given]))
    ['try:\\n    import math\\nexcept Exception:\\n    pass', 'def area(r): return math.pi * r']
    """
    asked = set(_asked_names(released))
    imports: list[str] = []
    definitions: list[str] = []
    for cell in released.cells if released is not None else ():
        flags = flags_of(cell)
        if cell.cell_type != "code" or flags.get("solution") or flags.get("grade"):
            continue
        found = []
        for statement in _statements(cell.source):
            text = ast.get_source_segment(cell.source, statement) or ""
            if isinstance(statement, ast.Import | ast.ImportFrom):
                # One package that is not there must not cost the others.
                lines = "\n    ".join(ast.unparse(statement).splitlines())
                imports.append(f"try:\n    {lines}\nexcept Exception:\n    pass")
            elif isinstance(statement, _Definition) and statement.name not in asked:
                decorators = [
                    f"@{ast.get_source_segment(cell.source, decorator)}\n" for decorator in statement.decorator_list
                ]
                found.append("".join(decorators) + text)
            elif flags.get("locked") and _is_plain(statement) and not asked & set(_targets(statement)):
                found.append(text)
        if found:
            definitions.append("\n\n".join(found))
    once = list(dict.fromkeys(imports))
    return (["\n".join(once)] if once else []) + definitions


def _asked_names(released: NotebookNode | None) -> Iterator[str]:
    """Names that exercises ask for: those of the checks, and those that the cells for answers define."""
    for cell in released.cells if released is not None else ():
        if cell.cell_type != "code":
            continue
        exercise = checked_exercise(cell.source)
        if exercise is not None:
            yield exercise
            if exercise in index.names():
                yield index.find(exercise).signature.split("(")[0]
        if flags_of(cell).get("solution"):
            for statement in _statements(cell.source):
                yield from [statement.name] if isinstance(statement, _Definition) else _targets(statement)


def _statements(source: str) -> list[ast.stmt]:
    """The statements of a cell; none of one that is not plain Python."""
    try:
        return ast.parse(source).body
    except (SyntaxError, ValueError):
        return []


def _targets(statement: ast.stmt) -> list[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return [part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)]


def _is_plain(statement: ast.stmt) -> bool:
    """Whether a name gets a value that is written out."""
    if not isinstance(statement, ast.Assign) or not all(isinstance(target, ast.Name) for target in statement.targets):
        return False
    try:
        ast.literal_eval(statement.value)
    except (ValueError, TypeError):
        return False
    return True
