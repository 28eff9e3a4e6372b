"""The engine's files: who imports whom, and that the textbook stays short enough to be read in an evening."""

from __future__ import annotations

import ast
import io
import tokenize
from pathlib import Path

import pytest

from tests.package.import_graph import ImportGraph, read_imports

# Each file imports from those before it.
FLOORS = "dtypes graph primitives in_place conveniences backward tensors making chance steps".split()
TEXTBOOK = (
    "engine/graph.py engine/primitives.py engine/backward.py functional.py nn/module.py nn/layers.py "
    "optim/optimizers.py"
).split()
MOST_LINES = 2000


@pytest.fixture(scope="module")
def graph(repository: Path) -> ImportGraph:
    return read_imports(repository / "nnkit")


@pytest.fixture(scope="module")
def package(repository: Path) -> Path:
    return repository / "nnkit"


def test_every_file_of_the_engine_has_a_floor(package: Path) -> None:
    assert {path.stem for path in (package / "engine").glob("*.py")} == {*FLOORS, "__init__"}


@pytest.mark.parametrize("name", FLOORS)
def test_a_file_of_the_engine_imports_only_from_those_below_it(name: str, graph: ImportGraph) -> None:
    below = {f"nnkit.engine.{each}" for each in FLOORS[: FLOORS.index(name)]}
    ours = [one for one in graph.imports if one.importer == f"nnkit.engine.{name}" and one.imported.startswith("nnkit")]
    assert [str(one) for one in ours if one.imported not in below] == []
    assert ours or name == FLOORS[0]


def lines_of_code(text: str) -> int:
    """Count the lines that hold code: no docstrings, no comments, nothing blank."""
    documented: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            documented.update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    silent = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in silent:
            lines.update(range(token.start[0], token.end[0] + 1))
    return len(lines - documented)


def test_the_textbook_can_be_read_in_an_evening(package: Path) -> None:
    lines = {name: lines_of_code((package / name).read_text("utf-8")) for name in TEXTBOOK}
    assert sum(lines.values()) <= MOST_LINES, lines


CODE = '''
"""What it is."""

# why
x = [
    1,  # one
]


def f():
    """What it does."""
    return """two
lines"""
'''


def test_docstrings_comments_and_blank_lines_are_no_code() -> None:
    assert lines_of_code(CODE) == 6
