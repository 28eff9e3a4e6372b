"""The page on PyTorch: the programs that run with both libraries, and where the two differ, as the tests have it."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path
from typing import Any

MARKS = {"modules": "<!-- modules -->", "programs": "<!-- programs -->", "differences": "<!-- differences -->"}
"""Where each part stands in the page."""


def write_differences(checkout: Path, source: Path) -> None:
    """Put the tables in their places.

    Parameters
    ----------
    checkout : Path
        The repository.
    source : Path
        Where Sphinx reads.
    """
    folder = checkout / "tests" / "portability"
    parts = {
        "modules": _modules(_loaded(folder / "run.py")),
        "programs": _programs(folder / "programs"),
        "differences": _differences(_loaded(folder / "differences.py")),
    }
    page = source / "pytorch.md"
    text = page.read_text(encoding="utf-8")
    for name, mark in MARKS.items():
        text = text.replace(mark, parts[name])
    page.write_text(text, encoding="utf-8")


def _modules(run: Any) -> str:
    rows = [f"| `{torch}` | `{ours}` |" for torch, ours in run.MODULES.items()]
    return "\n".join(["| PyTorch | nnkit |", "|---|---|", *rows])


def _programs(folder: Path) -> str:
    """The programs, each with the first sentence that it says of itself."""
    lines = []
    for path in sorted(folder.glob("*.py")):
        said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        lines.append(f"- `{path.stem}`: " + " ".join(said.split("\n\n")[0].split()))
    return "\n".join(lines)


def _differences(known: Any) -> str:
    parts = []
    for line in known.listed():
        parts.append(f"### {line[0].upper()}{line[1:]}\n")
        for one in known.DIFFERENCES:
            if line.startswith(one.of):
                parts.append(f"```python\n{one.code}\n```\n")
                parts.append(f"nnkit: `{one.nnkit}`; PyTorch: `{one.torch}`\n")
    return "\n".join(parts)


def _loaded(path: Path) -> Any:
    """A module that is part of the tests and of no package."""
    spec = importlib.util.spec_from_file_location(f"nnkit_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module
