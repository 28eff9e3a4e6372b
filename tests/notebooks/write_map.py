"""Writes hours and points into the table below the map of notebook `welcome`.

    python tests/notebooks/write_map.py

Hours are those of the core by the estimate of `nnkit times`, to half an hour; deeper sections are added; points are
those of the exercises and of the written questions. `nnkit execute 00_welcome` and `nnkit release` do the rest.
"""

from __future__ import annotations

import re
from pathlib import Path

import nbformat

from nnkit.grading.course.times import core_minutes, deeper_minutes, sections

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"
WELCOME = SOLUTIONS / "00_welcome" / "welcome.ipynb"
TABLE = "map_notebooks"
ROW = re.compile(r"\| (?P<number>\d\d) \| (?P<notebooks>[^|]*) \|.*")
HEAD = ["| assignment | its notebooks, in order | core | deeper | points |", "|---|---|---|---|---|"]


def hours(minutes: float) -> str:
    """Minutes as hours, to a half.

    >>> hours(95), hours(65), hours(20)
    ('1½ h', '1 h', '½ h')
    """
    halves = max(1, round(minutes / 30)) if minutes else 0
    return f"{halves // 2 or ''}{'½' if halves % 2 else ''} h" if halves else "none"


def short(minutes: float) -> str:
    """Few minutes as they are, many as hours.

    >>> short(0), short(12.4), short(95)
    ('none', '12 min', '1½ h')
    """
    return f"{max(1, round(minutes))} min" if 0 < minutes < 50 else hours(minutes)


def row(number: str, notebooks: str) -> str:
    """One assignment's line of the table."""
    core = deeper = points = 0.0
    for path in SOLUTIONS.glob(f"{number}_*/*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        core, deeper = core + core_minutes(sections(notebook)), deeper + deeper_minutes(sections(notebook))
        points += sum(cell.metadata.get("nbgrader", {}).get("points", 0) for cell in notebook.cells)
    return f"| {number} | {notebooks} | {hours(core)} | {short(deeper)} | {points:g} |"


def written(text: str) -> str:
    """The cell with the table, its numbers brought up to date."""
    lines = []
    for line in text.splitlines():
        found = ROW.fullmatch(line)
        lines.append(row(found["number"], found["notebooks"].strip()) if found else line)
    start = next(place for place, line in enumerate(lines) if line.startswith("| assignment |"))
    return "\n".join([*lines[:start], *HEAD, *lines[start + 2 :]])


if __name__ == "__main__":
    welcome = nbformat.read(WELCOME, as_version=4)
    for cell in welcome.cells:
        if cell.id == TABLE:
            cell.source = written(cell.source)
    nbformat.write(welcome, WELCOME)
