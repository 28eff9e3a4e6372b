"""The glossary is made from its lists, every link between notebooks leads somewhere, and every notebook leads to it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
import write_glossary

SOLUTIONS = sorted(write_glossary.SOLUTIONS.glob("*/*.ipynb"))
LINK = re.compile(r"(?<!!)\[(?:[^\[\]\\]|\\.)*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)


def links(path: Path) -> list[str]:
    """Where the text of a notebook leads to, within the course."""
    cells = nbformat.read(path, as_version=4).cells
    texts = (CODE.sub("", cell.source) for cell in cells if cell.cell_type == "markdown")
    return [target for text in texts for target in LINK.findall(text) if "://" not in target]


def test_the_glossary_says_what_its_lists_say() -> None:
    stored = nbformat.read(write_glossary.NOTEBOOK, as_version=4)
    now = write_glossary.made()
    assert [(cell.id, cell.source) for cell in stored.cells] == [(cell.id, cell.source) for cell in now.cells], (
        "run `python tests/notebooks/write_glossary.py`"
    )


def test_each_word_leads_to_a_cell_that_is_there() -> None:
    cells = {
        (path.stem, cell.id): cell.source for path in SOLUTIONS for cell in nbformat.read(path, as_version=4).cells
    }
    words = json.loads((write_glossary.HERE / "glossary.json").read_text(encoding="utf-8"))
    lost = [word for word, (_, notebook, cell) in words.items() if not cells.get((notebook, cell), "").strip()]
    assert lost == []


def test_every_idea_of_the_course_is_in_the_index() -> None:
    listed = {notebook for notebook, ideas in write_glossary.ideas().items() if ideas}
    assert listed == {path.stem for path in SOLUTIONS} - {"glossary"}


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_links_lead_to_a_file_and_a_cell_that_are_there(path: Path) -> None:
    for target in links(path):
        file, _, fragment = target.partition("#")
        place = (path.parent / unquote(file)).resolve() if file else path
        assert place.is_file(), f"{path.stem} leads to {target}, which is not there"
        if fragment.startswith("cell-id="):
            ids = {cell.id for cell in nbformat.read(place, as_version=4).cells}
            assert fragment.removeprefix("cell-id=") in ids, f"{path.stem} leads to {target}, a cell that is not there"


@pytest.mark.parametrize("path", [path for path in SOLUTIONS if path.stem != "glossary"], ids=lambda path: path.stem)
def test_every_notebook_leads_to_the_glossary(path: Path) -> None:
    assert any(Path(target.partition("#")[0]).name == "glossary.ipynb" for target in links(path))
