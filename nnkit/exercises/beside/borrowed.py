"""Data of the notebook that a student's function reads, though no argument brings it: `truth` where `y` was meant.

It is read off the source, so what is said of it is certain: which parameters are never read, and which names that are
bound nowhere in the function stand for data that another cell has made. Numbers and texts are left out, since constants
are often kept outside of a function, and so is whatever is made in the function's own cell or named in its docstring.
"""

from __future__ import annotations

import ast
import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnkit.exercises.beside.source import Definition, lines_of

_ROWS = (list, tuple, set, frozenset, dict)
# What may read a parameter without naming it.
_SEES_ALL = {"locals", "vars", "eval", "exec"}


@dataclass(frozen=True)
class Borrowed:
    """What a function reads of the notebook's data.

    Parameters
    ----------
    names : dict[str, tuple[str, ...]]
        Each name, with the lines in which it is read as they were typed, without indentation.
    unread : tuple[str, ...]
        The function's parameters that it never reads.
    """

    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unread: tuple[str, ...] = ()


def borrowed_by(student: Any, namespace: Mapping[str, Any]) -> Borrowed:
    """What a student's function reads of the notebook's data; nothing where its source cannot be had.

    Parameters
    ----------
    student : Any
        The function.
    namespace : Mapping[str, Any]
        The names of the notebook.
    """
    lines = lines_of(student) if isinstance(student, types.FunctionType) else ()
    try:
        tree = ast.parse("\n".join(lines))
    except (SyntaxError, ValueError):
        return Borrowed()
    found = _definition_at(tree, getattr(student, "__code__", None))
    if found is None:
        return Borrowed()
    nodes = list(ast.walk(found))
    if any(isinstance(node, ast.Name) and node.id in _SEES_ALL for node in nodes):
        return Borrowed()
    arguments = found.args
    parameters = [entry.arg for entry in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    own = {name for node in nodes for name in _bound_by(node)} | set(parameters)
    elsewhere = own | {name for statement in tree.body for node in ast.walk(statement) for name in _bound_by(node)}
    meant = set(re.findall(r"\w+", ast.get_docstring(found) or ""))
    read: dict[str, dict[str, None]] = {}
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            read.setdefault(node.id, {})[lines[node.lineno - 1].strip()] = None
    changed = {
        node.target.id for node in nodes if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name)
    }
    return Borrowed(
        {
            name: tuple(where)
            for name, where in read.items()
            if name not in elsewhere and name not in meant and name in namespace and _is_data(namespace[name])
        },
        tuple(name for name in parameters if name not in read and name not in changed),
    )


def _definition_at(tree: ast.Module, code: types.CodeType | None) -> ast.FunctionDef | None:
    """The function of a cell's first level to which a code belongs."""
    for entry in tree.body:
        if isinstance(entry, ast.FunctionDef) and code is not None and entry.name == code.co_name:
            first = min([entry.lineno, *(decorator.lineno for decorator in entry.decorator_list)])
            if first <= code.co_firstlineno <= entry.lineno:
                return entry
    return None


def _bound_by(node: ast.AST) -> Iterator[str]:
    """The names to which a piece of code gives a value, in whatever block."""
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, Definition):
        yield node.name
    elif isinstance(node, ast.alias):
        yield (node.asname or node.name).partition(".")[0]
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest


def _is_data(value: Any) -> bool:
    """Whether a name of the notebook stands for data: an array, a row of something, a network, a generator."""
    if isinstance(value, np.ndarray):
        return value.ndim > 0
    if isinstance(value, _ROWS):
        return len(value) > 0
    if isinstance(value, type | types.FunctionType | types.BuiltinFunctionType | types.ModuleType):
        return False
    return isinstance(value, np.random.Generator) or type(value).__module__.partition(".")[0] == "nnkit"
