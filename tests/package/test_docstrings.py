"""What the package says of itself has one form: that of numpydoc."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

SECTIONS = ("Parameters", "Attributes", "Returns", "Yields", "Raises")


def sections(docstring: str) -> list[tuple[str, list[str]]]:
    """Return the sections of a docstring with their entries: the lines that are not indented."""
    found = []
    for name in SECTIONS:
        match = re.search(rf"^{name}\n-+\n(.+?)(?=\n\n|\Z)", docstring, re.M | re.S)
        if match:
            found.append((name, [line for line in match.group(1).splitlines() if not line.startswith(" ")]))
    return found


def documented(repository: Path) -> list[tuple[str, str]]:
    found = []
    for path in sorted((repository / "nnkit").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and (docstring := ast.get_docstring(node)):
                found.append((f"{path.relative_to(repository)}: {node.name}", docstring))
    return found


def faults(docstring: str) -> list[str]:
    """Return the entries of sections that are no name with a type, but a sentence or a name with a sentence."""
    found = []
    for name, entries in sections(docstring):
        for entry in entries:
            bare = name in ("Parameters", "Attributes") and " : " not in entry and "," not in entry and "*" not in entry
            spoken = (
                bare or entry.endswith((".", ";", ",")) or (name == "Raises" and not re.fullmatch(r"[\w., ]+", entry))
            )
            if spoken:
                found.append(f"{name}: {entry}")
    return found


def test_a_name_has_a_type_beside_it_and_a_sentence_below(repository: Path) -> None:
    wrong = [f"{place}: {fault}" for place, text in documented(repository) for fault in faults(text)]
    assert wrong == []


def test_every_public_function_and_class_is_documented(repository: Path) -> None:
    for path in sorted((repository / "nnkit").rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
                says = ast.get_docstring(node) or "__doc__" in ast.unparse(node)
                assert says, f"{path.relative_to(repository)}: {node.name} has no docstring"


@pytest.mark.parametrize(
    "docstring",
    [
        "Do.\n\nParameters\n----------\nx : the number to do it with.",
        "Do.\n\nParameters\n----------\nx\n    The number to do it with.",
        "Do.\n\nRaises\n------\nValueError : if it cannot be done\n\nExamples\n--------",
        "Do.\n\nReturns\n-------\nWhat was done, as it is.",
    ],
)
def test_other_forms_are_found(docstring: str) -> None:
    assert faults(docstring)


def test_the_form_itself_is_accepted() -> None:
    assert not faults(
        "Do.\n\nParameters\n----------\nx : (N,)\n    A number; or two.\n\nRaises\n------\nValueError\n    If not."
    )
