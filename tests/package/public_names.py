"""The library's public names, and where they are used: read from the code of whoever uses them, without running it.

A name counts as used if a notebook under solutions/, a portability program, the README, a guide or a room of the
package above the library (pictures, widgets, exercises, grading) writes it: `nnkit.exp(x)`, `from nnkit.data import
toys`. Whose method `x.exp()` is cannot be seen in the code; that a method of this name is called is enough.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nnkit
from nnkit import data, functional, nn, optim, training

ROOMS_ABOVE = ("draw", "widgets", "exercises", "grading", "cli")
# The same module under PyTorch's names, and under a longer one.
ALSO_CALLED = {
    "torch.utils.data": "nnkit.data",
    "torch.nn.functional": "nnkit.functional",
    "nnkit.nn.functional": "nnkit.functional",
    "torch": "nnkit",
    "nnkit.engine": "nnkit",
    "nnkit.data.series.sunspots": "nnkit.data.sunspots",
}


def defined_in(module: types.ModuleType) -> list[str]:
    """Return the public functions and classes that a module defines itself."""
    return [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and inspect.isroutine(value) | inspect.isclass(value)
        if value.__module__ == module.__name__
    ]


def public_names() -> set[str]:
    """Return the names of the library: nnkit.*, methods of Tensor, functional, nn, optim, data, training."""
    modules = {
        "nnkit.functional": functional.__all__,
        "nnkit.nn": [name for name in nn.__all__ if not inspect.ismodule(getattr(nn, name))],
        "nnkit.nn.init": defined_in(nn.init),
        "nnkit.nn.utils": nn.utils.__all__,
        "nnkit.nn.utils.rnn": defined_in(nn.utils.rnn),
        "nnkit.optim": optim.__all__,
        "nnkit.optim.lr_scheduler": defined_in(optim.lr_scheduler),
        "nnkit.data": data.__all__,
        "nnkit.data.series": defined_in(data.series),
        "nnkit.data.toys": defined_in(data.toys),
        "nnkit.training": defined_in(training),
        "nnkit.Tensor": [name for name in dir(nnkit.Tensor) if not name.startswith("_")],
        "nnkit": [name for name in dir(nnkit) if not name.startswith("_") and name not in nnkit.LAZY],
    }
    names = {f"{module}.{name}" for module, names in modules.items() for name in names}
    return {name for name in names if name not in modules and name not in ALSO_CALLED}  # what is in a module is used


def sources(repository: Path) -> Iterator[tuple[str, str]]:
    """Yield name and Python code of everything that may use the library."""
    for path in sorted(repository.glob("solutions/*/*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        for cell in cells:
            if cell["cell_type"] == "code":
                yield path.name, "".join(cell["source"])
    for path in sorted(repository.glob("tests/portability/programs/*.py")):
        yield path.name, path.read_text(encoding="utf-8")
    for room in ROOMS_ABOVE:
        for path in sorted(repository.glob(f"nnkit/{room}/**/*.py")):
            yield f"{room}/{path.name}", path.read_text(encoding="utf-8")
    for page in [repository / "README.md", *sorted((repository / ".github" / "site").glob("*.md"))]:
        for block in re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S):
            yield page.name, block


def names_used(code: str, imported: dict[str, str]) -> set[str]:
    """Return the names that a piece of code uses; note what it imports, because later cells of a notebook use it."""
    try:
        tree = ast.parse(re.sub(r"^\s*[%!].*$", "", code, flags=re.M))
    except SyntaxError:  # a cell that is meant to be completed
        return set()
    used: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                imported[name.asname or name.name.split(".")[0]] = name.name if name.asname else name.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module:
            for name in node.names:
                imported[name.asname or name.name] = f"{node.module}.{name.name}"
                used.add(settled(f"{node.module}.{name.name}"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            path = dotted(node, imported)
            if path is None or not path.startswith(("nnkit.", "torch.", "numpy.", "np.", "math.")):
                used.add(f"nnkit.Tensor.{node.attr}")
            if path is not None:
                used.add(settled(path))
    return used


def dotted(node: Any, imported: dict[str, str]) -> str | None:
    """Return what an expression such as nn.init.zeros_ stands for, None if it is no name of a module."""
    if isinstance(node, ast.Name):
        return imported.get(node.id)
    if isinstance(node, ast.Attribute):
        before = dotted(node.value, imported)
        return None if before is None else f"{before}.{node.attr}"
    return None


def settled(path: str) -> str:
    """Return a dotted name as `public_names` has it."""
    for name, also in ALSO_CALLED.items():
        if path == name or path.startswith(f"{name}."):
            return settled(also + path[len(name) :]) if also != name else path
    return path


def used_names(repository: Path) -> set[str]:
    """Return every name that is used somewhere."""
    imported: dict[str, dict[str, str]] = {}
    used: set[str] = set()
    for name, code in sources(repository):
        used |= names_used(code, imported.setdefault(name, {}))
    # A class is used where it is named in full, too: nnkit.data.loader.DataLoader, nnkit.nn.module.Module.
    for path in list(used):
        parts = path.split(".")
        if len(parts) > 3:
            used.add(".".join([*parts[:-2], parts[-1]]))
    return used
