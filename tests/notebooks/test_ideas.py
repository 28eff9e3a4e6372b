"""Every idea, worked number and erratum that the course promises is taught by a cell, and this says by which.

`ideas/<assignment>.json` (or `<assignment>.<part>.json`) holds the list: the idea in a few words → the notebook and the
id of the cell that teaches it. Whoever takes a cell away has to say where its idea went.
"""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).resolve().parent / "ideas"
SOLUTIONS = FOLDER.parents[2] / "solutions"
LISTS = sorted(FOLDER.glob("*.json"))


def test_every_assignment_lists_its_ideas() -> None:
    assert {path.name.split(".")[0] for path in LISTS} == {path.name for path in SOLUTIONS.iterdir() if path.is_dir()}


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_each_idea_is_taught_by_a_cell(path: Path) -> None:
    folder = SOLUTIONS / path.name.split(".")[0]
    cells = {
        (notebook.stem, cell.id): cell.source
        for notebook in folder.glob("*.ipynb")
        for cell in nbformat.read(notebook, as_version=4).cells
    }
    ideas = json.loads(path.read_text(encoding="utf-8"))
    assert ideas
    lost = [idea for idea, place in ideas.items() if not cells.get(tuple(place), "").strip()]
    assert lost == []
