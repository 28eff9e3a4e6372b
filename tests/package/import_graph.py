"""The import graph of a package, read from its source: imports inside functions and for types only count, too.

A module is named with dots. An import of a package's name, `from nnkit.nn import Module`, goes to the package; one of a
module in it, `from nnkit.nn import init`, goes to that module and not to the package around it, although Python runs
the package's `__init__` first: a folder's modules would otherwise all stand in a circle with it.
"""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


@dataclass(frozen=True)
class Import:
    """One module asks for another.

    Parameters
    ----------
    importer, imported
        The modules; `imported` may be of another package.
    file, line, text
        Where it stands, and how.
    when_called
        Whether it stands inside a function.
    for_types
        Whether it stands under `if TYPE_CHECKING`, where no program ever runs it.
    completed_later
        Whether only the beginning of the name is in the source, as in `import_module(f"nnkit.cli.{name}")`; `imported`
        is the package of that beginning.
    """

    importer: str
    imported: str
    file: str
    line: int
    text: str
    when_called: bool = False
    for_types: bool = False
    completed_later: bool = False

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: `{self.text}`"


@dataclass(frozen=True)
class ImportGraph:
    """The modules of a package and what each asks for."""

    modules: frozenset[str]
    imports: tuple[Import, ...]

    def inner(self, without: Iterable[tuple[str, str]] = ()) -> dict[str, dict[str, Import]]:
        """Module → the modules of the same package that it asks for by their full name."""
        left_out = set(without)
        edges: dict[str, dict[str, Import]] = {module: {} for module in sorted(self.modules)}
        for one in self.imports:
            known = one.imported in self.modules and one.imported != one.importer
            if known and not one.completed_later and (one.importer, one.imported) not in left_out:
                edges[one.importer].setdefault(one.imported, one)
        return edges

    def circles(self, without: Iterable[tuple[str, str]] = ()) -> list[list[Import]]:
        """Circles of imports that share no module, each as short as it can be."""
        edges = self.inner(without)
        found: list[list[Import]] = []
        for module in edges:
            if (circle := _way(edges, module, module)) is not None:
                found.append(circle)
                for one in circle:
                    edges[one.importer] = {}
        return found

    def in_circle(self, importer: str, imported: str) -> bool:
        """Whether an import of one module by another is there and leads back to where it came from."""
        edges = self.inner()
        return imported in edges.get(importer, {}) and _way(edges, imported, importer) is not None


def _way(edges: dict[str, dict[str, Import]], start: str, goal: str) -> list[Import] | None:
    """The shortest chain of at least one import from one module to another."""
    came_by: dict[str, Import] = {}
    waiting = deque([start])
    while waiting:
        for imported, one in edges[waiting.popleft()].items():
            if imported in came_by:
                continue
            came_by[imported] = one
            if imported == goal:
                chain = [one]
                while chain[0].importer != start:
                    chain.insert(0, came_by[chain[0].importer])
                return chain
            waiting.append(imported)
    return None


def read_imports(package: Path) -> ImportGraph:
    """The import graph of the package in a folder, which gives the package its name."""
    paths = {_module(path.relative_to(package.parent)): path for path in sorted(package.rglob("*.py"))}
    imports: list[Import] = []
    for module, path in paths.items():
        file = path.relative_to(package.parent).as_posix()
        imports += _Reader(module, path.name == "__init__.py", file, frozenset(paths)).read(path)
    return ImportGraph(frozenset(paths), tuple(imports))


def _module(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


class _Place(NamedTuple):
    """Where in a file something stands; see `Import`."""

    when_called: bool = False
    for_types: bool = False


class _Reader:
    """Reads one file."""

    def __init__(self, module: str, is_package: bool, file: str, modules: frozenset[str]) -> None:
        self.module, self.file, self.modules = module, file, modules
        self.package = module if is_package else module.rpartition(".")[0]
        self.bound: dict[str, str] = {}  # name in this file → the module that it stands for

    def read(self, path: Path) -> list[Import]:
        tree = ast.parse(path.read_text(encoding="utf-8"), filename=self.file)
        nodes = list(_walk(tree, _Place()))
        found = [one for node, place in nodes for one in self._statement(node, place)]
        found += [one for node, place in nodes for one in self._use(node, place)]
        return sorted(dict.fromkeys(found), key=lambda one: (one.line, one.imported))

    def _entry(self, imported: str, node: ast.stmt | ast.expr, place: _Place, completed_later: bool = False) -> Import:
        text = " ".join(ast.unparse(node).split())
        return Import(self.module, imported, self.file, node.lineno, text, *place, completed_later)

    def _statement(self, node: ast.AST, place: _Place) -> Iterator[Import]:
        """What `import` and `from … import`, and the functions that do the same, ask for."""
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield self._entry(alias.name, node, place)
                if alias.asname:
                    self.bound[alias.asname] = alias.name
                else:
                    first = alias.name.partition(".")[0]
                    self.bound[first] = first
        elif isinstance(node, ast.ImportFrom):
            base = self._absolute(node.module or "", node.level)
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                if whole in self.modules:
                    self.bound[alias.asname or alias.name] = whole
                yield self._entry(whole if whole in self.modules else base, node, place)
        elif isinstance(node, ast.Call) and node.args and _is_import_function(node.func):
            beginning, complete = _beginning(node.args[0])
            level = len(beginning) - len(beginning.lstrip("."))
            given = beginning[level:] if complete else beginning[level:].rpartition(".")[0]
            if given or level:
                yield self._entry(self._absolute(given, level), node, place, completed_later=not complete)

    def _absolute(self, name: str, level: int) -> str:
        if level == 0:
            return name
        package = self.package.split(".")
        return ".".join([*package[: len(package) - level + 1], *([name] if name else [])])

    def _use(self, node: ast.AST, place: _Place) -> Iterator[Import]:
        """A module that is asked for as an attribute, as in `import nnkit` and then `nnkit.draw.graph(…)`."""
        if not isinstance(node, ast.Attribute):
            return
        names: list[str] = []
        inner: ast.expr = node
        while isinstance(inner, ast.Attribute):
            names.insert(0, inner.attr)
            inner = inner.value
        if not isinstance(inner, ast.Name) or inner.id not in self.bound:
            return
        whole = ".".join([self.bound[inner.id], *names])
        if whole in self.modules:  # a longer chain, such as a function's, contains this one as a node of its own
            yield self._entry(whole, node, place)


def _walk(node: ast.AST, place: _Place) -> Iterator[tuple[ast.AST, _Place]]:
    for child in ast.iter_child_nodes(node):
        yield child, place
        inside = place
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            inside = place._replace(when_called=True)
        elif isinstance(child, ast.If) and ast.unparse(child.test).rpartition(".")[2] == "TYPE_CHECKING":
            inside = place._replace(for_types=not child.orelse)
        yield from _walk(child, inside)


def _is_import_function(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in ("import_module", "__import__")


def _beginning(name: ast.expr) -> tuple[str, bool]:
    """What the source says of a module's name that is given as a text, and whether that is all of it."""
    if isinstance(name, ast.Constant) and isinstance(name.value, str):
        return name.value, True
    if isinstance(name, ast.JoinedStr) and name.values:
        first = name.values[0]
        return (str(first.value) if isinstance(first, ast.Constant) else ""), False
    if isinstance(name, ast.BinOp) and isinstance(name.op, ast.Add):
        return _beginning(name.left)[0], False
    return "", False
