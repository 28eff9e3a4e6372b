"""The source of a student's answer: the statements that define it, in however many cells or files they stand.

An answer is a function or a class. To it belong the student's own functions that it calls, by whatever way they came to
be: defined in the same cell or in another one, nested, or hung onto a class later. What the exercise's neighbours are
(other answers of the notebook) does not belong to it.
"""

from __future__ import annotations

import ast
import builtins
import linecache
import sys
import types
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from nnkit.exercises.beside.folders import is_library

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Part:
    """The statements of one cell or file that belong to an answer.

    Parameters
    ----------
    file : str
        As tracebacks know it.
    statements : tuple[ast.stmt, ...]
        Definitions, and assignments that go with them, in their order.
    lines : tuple[str, ...]
        The whole cell or file.
    """

    file: str
    statements: tuple[ast.stmt, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """An answer as it was typed.

    Parameters
    ----------
    name : str
        What the answer is called where it is defined.
    parts : tuple[Part, ...]
        In the order in which they have to be run.
    outside : dict[str, Any]
        What the statements use and do not define: modules, other functions, the student's data.
    """

    name: str
    parts: tuple[Part, ...]
    outside: dict[str, Any]

    @classmethod
    def of(cls, name: str, student: Any, neighbours: Collection[str] = ()) -> Source | None:
        """The source of an answer; None where it cannot be had, or where it does more than compute.

        Parameters
        ----------
        name : str
            Under which the student has it.
        student : Any
            The function or class.
        neighbours : Collection[str]
            Names of other answers, which do not belong to this one.
        """
        found: dict[str, dict[int, ast.stmt]] = {}
        order: dict[str, int] = {}
        waiting, seen = [(student, name)], set()
        names: Any = {}
        while waiting:
            target, called = waiting.pop()
            if id(target) in seen:
                continue
            seen.add(id(target))
            functions = list(_functions_of(target))
            for function in functions:
                code = function.__code__
                if is_library(code.co_filename):
                    continue
                names = names or function.__globals__
                statements = _statements_with(code, target, called)
                if statements is None:  # typed where nobody can read it again: it is used as it is
                    continue
                order.setdefault(code.co_filename, len(order))
                found.setdefault(code.co_filename, {}).update({entry.lineno: entry for entry in statements})
                for used in _global_names(code):
                    value = function.__globals__.get(used)
                    if used not in neighbours and _is_a_helper(value, code.co_filename):
                        waiting.append((value, used))
        own = {function.__code__.co_filename for function in _functions_of(student)}
        if not own.intersection(found):
            return None
        parts = []
        # What was found first is the answer itself: what it uses is run before it, what is hung onto it after it.
        for file in sorted(found, key=lambda file: (_hangs_onto(name, found[file].values()), -order[file])):
            statements = [found[file][line] for line in sorted(found[file])]
            parts.append(Part(file, tuple(statements), _lines_of(file)))
        if any(_does_more_than_compute(statement, names) for part in parts for statement in part.statements):
            return None
        defined = {one for part in parts for statement in part.statements for one in _defined_by(statement)}
        # What a demonstration hands over as `double` may be called otherwise where it is defined.
        typed = name if name in defined else getattr(student, "__name__", name)
        return cls(typed, tuple(parts), _outside(parts, names))


def lines_of(student: Any) -> tuple[str, ...]:
    """The lines of the cell or file in which a function or class is defined; none where nobody knows them.

    Examples
    --------
    >>> lines_of(len)
    ()
    """
    function = next(_functions_of(student), None)
    return _lines_of(function.__code__.co_filename) if function is not None else ()


def _lines_of(file: str) -> tuple[str, ...]:
    return tuple(line.rstrip("\n") for line in linecache.getlines(file))


def _functions_of(target: Any) -> Iterator[types.FunctionType]:
    """The functions that run when the target is called; for a class those of the classes above it too."""
    if isinstance(target, types.FunctionType):
        yield target
        inner = vars(target).get("__wrapped__")
        if inner is not None:
            yield from _functions_of(inner)
    elif isinstance(target, type):
        for base in target.__mro__:
            for member in list(vars(base).values()) if base.__module__ != "builtins" else ():
                if isinstance(member, staticmethod | classmethod):
                    member = member.__func__
                if isinstance(member, property):
                    member = member.fget
                if isinstance(member, types.FunctionType):
                    yield member


def _is_a_helper(value: Any, file: str) -> bool:
    """Whether something that is used belongs to the answer: a function, or a class from the same cell or file."""
    if isinstance(value, type):
        return any(function.__code__.co_filename == file for function in _functions_of(value))
    return isinstance(value, types.FunctionType)


def _statements_with(code: types.CodeType, target: Any, called: str) -> list[ast.stmt] | None:
    """The statements on a file's first level that have to do with a function: where it stands, and what hangs it up."""
    text = "".join(linecache.getlines(code.co_filename))
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return None
    around = [entry for entry in tree.body if _first_line(entry) <= code.co_firstlineno <= (entry.end_lineno or 0)]
    if len(around) != 1 or not isinstance(around[0], ast.FunctionDef | ast.ClassDef | ast.Assign):
        return None
    if isinstance(around[0], ast.Assign) and not isinstance(around[0].value, ast.Lambda):
        return None
    # `Value.tanh = tanh`, `f = g`: a later line that gives the same thing to the class, or another name.
    own = target.__name__ if isinstance(target, type) else called
    return [around[0], *(entry for entry in tree.body if entry is not around[0] and _hangs_up(entry, own))]


def _first_line(entry: ast.stmt) -> int:
    decorators = getattr(entry, "decorator_list", [])
    return min([entry.lineno, *(decorator.lineno for decorator in decorators)])


def _hangs_up(entry: ast.stmt, name: str) -> bool:
    if not isinstance(entry, ast.Assign) or not isinstance(entry.value, ast.Name | ast.Attribute | ast.Lambda):
        return False
    target = entry.targets[0]
    if isinstance(target, ast.Attribute):
        return isinstance(target.value, ast.Name) and target.value.id == name
    return isinstance(target, ast.Name) and target.id == name


def _defined_by(statement: ast.stmt) -> list[str]:
    if isinstance(statement, Definition):
        return [statement.name]
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _hangs_onto(name: str, statements: Iterable[ast.stmt]) -> bool:
    return any(
        isinstance(entry, ast.Assign) and isinstance(entry.targets[0], ast.Attribute) and _hangs_up(entry, name)
        for entry in statements
    ) and not any(isinstance(entry, ast.ClassDef) and entry.name == name for entry in statements)


def _global_names(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _global_names(constant)


# ---------------------------------------------------------------------------------------------------------------------
# Code that does nothing but compute
# ---------------------------------------------------------------------------------------------------------------------

_MODULES = {"numpy", "math", "cmath", "itertools", "functools", "collections", "operator", "copy", "heapq"}
# Of this library: layers, losses and optimizers. What reads, fetches, shows or trains by itself is not tried.
_COMPUTING = {"nnkit", "nnkit.functional", "nnkit.nn", "nnkit.optim"}
_OTHERWISE = {*("cli", "data", "draw", "exercises", "grading", "mine", "training", "widgets"), "progress"}
_LOADED_LATE = _OTHERWISE - {"data", "training"}  # these two are attributes of tensors and of modules, too
_CALLS_OUT = {
    *("open", "exec", "eval", "compile", "__import__", "input", "exit", "quit", "globals", "vars", "setattr"),
    *("delattr", "breakpoint", "check", "hint", "trace", "display"),
}
_WRITES_FILES = {"save", "savez", "savez_compressed", "savetxt", "tofile", "memmap", "load", "loadtxt", "fromfile"}


def _does_more_than_compute(statement: ast.stmt, names: Any) -> bool:
    library = loaded_late = False
    for node in ast.walk(statement):
        if isinstance(node, ast.Global | ast.AsyncFunctionDef | ast.Await):
            return True
        if isinstance(node, ast.Import) and not all(_computes(alias.name) for alias in node.names):
            return True
        if isinstance(node, ast.ImportFrom) and not _imports_what_computes(node):
            return True
        if isinstance(node, ast.Attribute):
            if node.attr in _WRITES_FILES or (node.attr in _OTHERWISE and _is_the_library(node.value, names)):
                return True
            loaded_late = loaded_late or node.attr in _LOADED_LATE
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            value = names.get(node.id, getattr(builtins, node.id, None))
            if isinstance(value, types.ModuleType) and not _computes(value.__name__):
                return True
            if node.id in _CALLS_OUT:
                return True
            library = library or _is_the_library(node, names)
    # An edit may put any attribute of the source in the place of another, and a load that is stopped half-way may leave
    # something broken.
    return library and loaded_late


def _computes(module: str) -> bool:
    """Whether a module may be used by code that is tried: nothing in it does more than compute, or that is refused."""
    parts = module.split(".")
    return parts[0] in _MODULES or ".".join(parts[:2]) in _COMPUTING


def _imports_what_computes(node: ast.ImportFrom) -> bool:
    module = node.module or ""
    return _computes(module) and not (module == "nnkit" and any(alias.name in _OTHERWISE for alias in node.names))


def _is_the_library(node: ast.expr, names: Any) -> bool:
    value = names.get(node.id) if isinstance(node, ast.Name) else None
    return isinstance(value, types.ModuleType) and value.__name__ == "nnkit"


def _outside(parts: list[Part], names: Any) -> dict[str, Any]:
    used = {
        node.id for part in parts for top in part.statements for node in ast.walk(top) if isinstance(node, ast.Name)
    }
    kept = {name: names[name] for name in sorted(used) if name in names}
    for name in ("np", "math"):
        if name not in kept and isinstance(names.get(name), types.ModuleType):
            kept[name] = names[name]
    kept["__builtins__"] = builtins
    kept["__name__"] = names.get("__name__", "__main__")
    return kept


def module_name(names: dict[str, Any]) -> str:
    """Under which name NumPy is known, else `math`, else none."""
    for module in ("numpy", "math"):
        for name, value in names.items():
            if value is sys.modules.get(module) and isinstance(value, types.ModuleType):
                return name
    return ""
