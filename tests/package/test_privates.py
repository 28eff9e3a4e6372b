"""A name that begins with an underscore is its own file's: no other file of the package imports it or asks for it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

# Names of others that cannot be had otherwise: Python's frames and its end, IPython's and tuples' own.
OF_OTHERS = {"_getframe", "_current_frames", "_exit", "_replace", "_asdict", "_fields"}
# What nbgrader's converters give to the classes that are made from them.
OF_OTHERS |= {"_format_source", "_format_dest", "_input_directory", "_output_directory"}


def is_private(name: str) -> bool:
    """Return whether a name is private; what Python and IPython look up (`__len__`, `_repr_html_`) is not."""
    return name.startswith("_") and not name.endswith("_") and name not in OF_OTHERS


def own_names(tree: ast.Module) -> set[str]:
    """Return what a file itself calls by a private name: functions, classes, variables, attributes, slots."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.add(node.id if isinstance(node, ast.Name) else node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)  # a slot, or the name that `getattr` is asked for
        elif isinstance(node, ast.arg):
            found.add(node.arg)
    return found


def strangers(text: str) -> list[str]:
    """Return the private names of other files that a file uses, with their lines."""
    tree = ast.parse(text)
    own, found = own_names(tree), []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            names = [node.attr] if node.attr not in own else []
        else:
            continue
        found += [f"line {node.lineno}: {name}" for name in names if is_private(name)]
    return found


def test_private_names_stay_in_their_files(repository: Path) -> None:
    found = {}
    for path in sorted((repository / "nnkit").rglob("*.py")):
        used = strangers(path.read_text(encoding="utf-8"))
        if used:
            found[path.relative_to(repository).as_posix()] = used
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "from nnkit.engine.graph import _writes",
        "import nnkit.functional as F\nF._pair(3)",
        "def size(tensor):\n    return tensor._own.array.size",
    ],
)
def test_a_name_of_another_file_is_found(text: str) -> None:
    assert strangers(text)


@pytest.mark.parametrize(
    "text",
    [
        "class Node:\n    def __init__(self, other):\n        self._own = other._own",
        "def _helper(): ...\n\ndef use(module):\n    return module._helper()",
        "class Panel:\n    def _repr_html_(self):\n        return self.other._repr_html_()",
        "import sys\nsys._getframe(1)",
    ],
)
def test_a_files_own_names_are_not(text: str) -> None:
    assert strangers(text) == []
