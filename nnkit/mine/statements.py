"""The statements of a notebook's cells: what each of them defines, what it needs, and its text as it was typed.

Only the text is looked at; nothing is run. Python's own symbol tables say which names a statement binds for the whole
notebook and which it looks up there.
"""

from __future__ import annotations

import ast
import builtins
import re
import symtable
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_COMMAND = re.compile(r"^[ \t]*[%!?].*$", re.MULTILINE)
_MARKER = re.compile(r"^[ \t]*### (BEGIN|END) SOLUTION[ \t]*\n?", re.MULTILINE)
_BUILT_IN = frozenset(dir(builtins))


@dataclass(frozen=True)
class Statement:
    """One statement of a cell.

    Parameters
    ----------
    text : str
        As it was typed, with the comments right above it; of an import one name.
    defines, needs : frozenset[str]
        Names of the whole notebook that it binds and looks up.
    place : tuple[int, int]
        The cell's number and the line in it.
    kind : str
        "import", "definition" (a function or class), "value" (any other that binds a name), "change" (of something that
        there is), or "action": all that a module has no use for.
    """

    text: str
    defines: frozenset[str]
    needs: frozenset[str]
    place: tuple[int, int]
    kind: str


def statements_of(source: str, cell: int) -> list[Statement]:
    """The statements of a cell.

    Parameters
    ----------
    source : str
        The cell's. Lines that only IPython understands are taken for comments.
    cell : int
        Its number.

    Raises
    ------
    SyntaxError
        The cell is no Python.

    Examples
    --------
    >>> both = statements_of("def f(x):\\n    return g(x)\\nf(3)", 0)
    >>> [(one.kind, sorted(one.defines), sorted(one.needs)) for one in both]
    [('definition', ['f'], ['g']), ('action', [], ['f'])]
    """
    source = _COMMAND.sub(
        lambda found: f"# {found.group()}" if found.group() == found.group().lstrip() else "pass", source
    )
    source = _MARKER.sub("", source)
    lines = source.split("\n")
    found, free = [], 0  # the first line that belongs to no statement yet
    for node in ast.parse(source).body:
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))]) - 1
        last = node.end_lineno or node.lineno
        if isinstance(node, ast.Import | ast.ImportFrom):
            found += list(_imports(node, (cell, first)))
            free = max(free, last)
            continue
        begin = first
        while begin > free and lines[begin - 1].startswith("#"):
            begin -= 1
        text = "\n".join(lines[begin:last]).rstrip() if first >= free else ast.unparse(node)
        free = max(free, last)
        try:
            defines, needs = bound_and_free(ast.unparse(node))
        except SyntaxError:  # `await` at the top, which notebooks allow
            continue
        found.append(Statement(text, defines, needs, (cell, first), _kind(node, defines)))
    return found


def bound_and_free(code: str) -> tuple[frozenset[str], frozenset[str]]:
    """The names that some code binds for everybody, and those that it looks up among everybody's.

    Parameters
    ----------
    code : str
        Whole statements.

    Examples
    --------
    >>> bound, free = bound_and_free("y = [x * a for x in range(3)]")
    >>> sorted(bound), sorted(free)
    (['y'], ['a'])
    """
    top = symtable.symtable(code, "<cell>", "exec")
    bound = {
        name.get_name() for name in top.get_symbols() if name.is_assigned() or name.is_imported() or name.is_namespace()
    }
    free = {name.get_name() for name in top.get_symbols() if name.is_referenced()}
    for table in _below(top):
        for name in table.get_symbols():
            if name.is_global() and name.is_referenced():
                free.add(name.get_name())
            if name.is_declared_global() and name.is_assigned():
                bound.add(name.get_name())
    return frozenset(bound), frozenset(free - _BUILT_IN - {"__class__", "__name__", "__file__"})


def renamed(text: str, names: Mapping[str, str]) -> str:
    """A statement with some names of the whole notebook changed; what is a function's own stays.

    Parameters
    ----------
    text : str
        One or more statements.
    names : Mapping[str, str]
        Old name → new name.

    Examples
    --------
    >>> renamed("def f(x):\\n    return relu(x) + x.relu()", {"relu": "relu_2"})
    'def f(x):\\n    return relu_2(x) + x.relu()'
    """
    tables = [table for table in _below(symtable.symtable(text, "<cell>", "exec")) if table.get_type() == "function"]
    own = {name.get_name() for table in tables for name in table.get_symbols() if name.is_local()}
    lines = [line.encode() for line in text.split("\n")]
    places = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Name) and node.id in names and node.id not in own:
            places.append((node.lineno - 1, node.col_offset, node.id))
        elif isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name in names and node.col_offset == 0:
            at = lines[node.lineno - 1].find(node.name.encode())
            places.append((node.lineno - 1, at, node.name))
    for row, column, name in sorted(set(places), reverse=True):
        line, old = lines[row], name.encode()
        if line[column : column + len(old)] == old:
            lines[row] = line[:column] + names[name].encode() + line[column + len(old) :]
    return b"\n".join(lines).decode()


def _below(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _below(child)


def _imports(node: ast.Import | ast.ImportFrom, place: tuple[int, int]) -> Iterator[Statement]:
    """Each imported name by itself, so that nothing comes along that nobody needs."""
    for alias in node.names:
        called = f" as {alias.asname}" if alias.asname else ""
        if isinstance(node, ast.Import):
            text, name = f"import {alias.name}{called}", alias.asname or alias.name.partition(".")[0]
        else:
            text, name = (
                f"from {'.' * node.level}{node.module or ''} import {alias.name}{called}",
                alias.asname or alias.name,
            )
        yield Statement(text, frozenset({name}), frozenset(), place, "import")


def _kind(node: ast.stmt, defines: frozenset[str]) -> str:
    if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        return "definition"
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else []
    if any(isinstance(target, ast.Attribute | ast.Subscript) for target in targets) and not defines:
        return "change"
    return "value" if defines else "action"
