"""Writes the notebook `glossary` of assignment 00: the words of the course, and where each of its ideas is taught.

    python tests/notebooks/write_glossary.py

The words stand in `glossary.json` (word → what it means, notebook, cell), the ideas in `ideas/*.json`. Every one is
linked with the cell that teaches it. `nnkit release` then brings the students' notebook up to date.
"""

from __future__ import annotations

import functools
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

HERE = Path(__file__).resolve().parent
SOLUTIONS = HERE.parents[1] / "solutions"
NOTEBOOK = SOLUTIONS / "00_welcome" / "glossary.ipynb"

INTRODUCTION = """# 00 · Glossary and index

*to look up*

The words of the course, and below them all its ideas, in the order of the notebooks. Each is linked with the place
where it is explained. A link opens the notebook there, beside your own work; nothing has to be run.

- [The words](#cell-id=words)
- [The ideas, notebook by notebook](#cell-id=ideas)

What the letters mean ($x$, $W$, $z$, $\\delta$, …) stands in one table, [notation](welcome.ipynb#cell-id=notation);
the rules of backpropagation are on [a page of their own](welcome.ipynb#cell-id=sheet)."""


@functools.cache
def folder_of() -> dict[str, str]:
    """Each notebook's assignment."""
    return {path.stem: path.parent.name for path in sorted(SOLUTIONS.glob("*/*.ipynb"))}


def ideas() -> dict[str, list[tuple[str, str]]]:
    """For each notebook, in the order of the course, its ideas and the cells that teach them, in their order."""
    listed: dict[str, list[tuple[str, str]]] = {}
    for path in sorted((HERE / "ideas").glob("*.json")):
        for idea, (notebook, cell) in json.loads(path.read_text(encoding="utf-8")).items():
            listed.setdefault(notebook, []).append((idea, cell))
    ordered = {}
    for notebook in reading_order():
        cells = [cell.id for cell in _read(notebook).cells]
        ordered[notebook] = sorted(listed.get(notebook, []), key=lambda entry: cells.index(entry[1]))
    return ordered


def reading_order() -> list[str]:
    """The notebooks as the map of notebook `welcome` lists them."""
    (table,) = [cell.source for cell in _read("welcome").cells if cell.id == "map_notebooks"]
    rows = [line for line in table.splitlines() if re.match(r"\| \d\d \|", line)]
    return [name for row in rows for name in re.findall(r"`(\w+)`", row) if name != NOTEBOOK.stem]


def _read(notebook: str) -> NotebookNode:
    (path,) = SOLUTIONS.glob(f"*/{notebook}.ipynb")
    return nbformat.read(path, as_version=4)


def link(text: str, notebook: str, cell: str) -> str:
    """Markdown that leads to a cell, seen from assignment 00."""
    folder = folder_of()[notebook]
    place = "" if folder == NOTEBOOK.parent.name else f"../{folder}/"
    return f"[{text}]({place}{notebook}.ipynb#cell-id={cell})"


def plain(text: str) -> str:
    """A text in which no character means anything to Markdown."""
    return re.sub(r"([\\`*_\[\]<>|$#])", r"\\\1", text)


def cells() -> Iterator[NotebookNode]:
    """The notebook's cells, from first to last."""

    def markdown(name: str, source: str) -> NotebookNode:
        return nbformat.v4.new_markdown_cell(source, id=name)

    yield markdown("glossary", INTRODUCTION)
    yield markdown("words", "## The words\n\n*to look up*")
    words = json.loads((HERE / "glossary.json").read_text(encoding="utf-8"))
    ordered = sorted(words.items(), key=lambda entry: entry[0].lower())
    for letter, entries in itertools.groupby(ordered, key=lambda entry: entry[0][0].upper()):
        lines = [
            f"- **{plain(word)}**: {plain(meaning)} {link(notebook, notebook, cell)}"
            for word, (meaning, notebook, cell) in entries
        ]
        yield markdown(f"words_{letter}", "\n".join([f"### {letter}", "", *lines]))
    yield markdown(
        "ideas",
        "## The ideas, notebook by notebook\n\n*to look up*\n\nSlide: what the lectures behind this course say "
        "otherwise, or wrongly, and what is true.",
    )
    for notebook, entries in ideas().items():
        heading = f"### {folder_of()[notebook][:2]} · {notebook}"
        lines = [f"- {link(plain(idea), notebook, cell)}" for idea, cell in entries]
        yield markdown(f"ideas_{notebook}", "\n".join([heading, "", *lines]))


def made() -> NotebookNode:
    """The notebook as it should be."""
    like = _read("welcome").metadata
    return nbformat.v4.new_notebook(cells=list(cells()), metadata=like)


if __name__ == "__main__":
    notebook = made()
    nbformat.write(notebook, NOTEBOOK)
    print(f"{NOTEBOOK.name}: {len(notebook.cells)} cells")
