"""The program in a cell as Python reads it, without IPython's own lines, and the names that it defines."""

from __future__ import annotations

import ast
import warnings


def python_lines(text: str) -> str:
    """A cell with its lines where they are, and those that are IPython's empty.

    Parameters
    ----------
    text : str
        What stands in the cell.

    Examples
    --------
    >>> python_lines("%time\\nx = 1")
    '\\nx = 1'
    """
    return "\n".join("" if line.lstrip().startswith(("%", "!", "?")) else line for line in text.split("\n"))


def program_of(text: str) -> ast.Module | None:
    """The program in a cell; None where it is none.

    Parameters
    ----------
    text : str
        What stands in the cell; lines that are IPython's, such as ``%time``, do not count.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(python_lines(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def defined_names(text: str) -> set[str]:
    """The functions and classes that a cell defines, and the names that it gives a value.

    Parameters
    ----------
    text : str
        What stands in the cell.

    Examples
    --------
    >>> sorted(defined_names("%time\\nx, y = 1, 2\\ndef double(x):\\n    z = 2 * x\\n    return z"))
    ['double', 'x', 'y']
    """
    found = set()
    program = program_of(text)
    for statement in program.body if program is not None else ():
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(statement.name)
        elif isinstance(statement, ast.Assign):
            parts = (part for target in statement.targets for part in ast.walk(target))
            found |= {part.id for part in parts if isinstance(part, ast.Name)}
    return found
