"""The tables that tell a reader which notebooks there are, and in which order: in README.md and on the map of 00."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
import write_map

REPOSITORY = Path(__file__).resolve().parents[2]
SOLUTIONS = sorted((REPOSITORY / "solutions").glob("*/*.ipynb"))


def in_the_readme() -> dict[str, list[str]]:
    """Number of an assignment → its notebooks, as the table of README.md names them."""
    return rows((REPOSITORY / "README.md").read_text(encoding="utf-8"), r"\| `(\d\d)_\w+` \| ([^|]*) \|")


def on_the_map() -> dict[str, list[str]]:
    """Number of an assignment → its notebooks, as the table below the map of 00 names them."""
    (path,) = (path for path in SOLUTIONS if path.stem == "welcome")
    cells = {cell.id: cell.source for cell in nbformat.read(path, as_version=4).cells}
    return rows(cells["map_notebooks"], r"\| (\d\d) \| ([^|]*) \|.*")


def rows(text: str, pattern: str) -> dict[str, list[str]]:
    found = (re.fullmatch(pattern, line) for line in text.splitlines())
    return {row[1]: re.findall(r"`(\w+)`", row[2]) for row in found if row}


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_a_notebook_is_named_in_the_row_of_its_assignment(path: Path) -> None:
    number = path.parent.name[:2]
    assert path.stem in in_the_readme()[number]
    assert path.stem in on_the_map()[number]


def test_both_tables_give_the_same_order() -> None:
    assert in_the_readme() == on_the_map()


def test_hours_and_points_on_the_map_are_those_of_the_notebooks() -> None:
    cells = {cell.id: cell.source for cell in nbformat.read(write_map.WELCOME, as_version=4).cells}
    assert write_map.written(cells[write_map.TABLE]) == cells[write_map.TABLE], (
        "run `python tests/notebooks/write_map.py`"
    )
