"""The course as it is handed out: where its notebooks lie, and their exercises and points in the order of reading.

Everything is read from the students' notebooks themselves: which exercises there are from the cells that nbgrader
grades, in which order the notebooks are read from the map in the first of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nnkit.installation import checkout

DEFAULT_FOLDER = "nnkit-course"
"""Where `nnkit lab` places the notebooks if it is not told otherwise."""

PLACED = ".nnkit-placed.json"
"""The file with which `nnkit lab` remembers, in a reader's folder, what it has placed there."""

_TEST = "test_"  # how the name of an exercise's check begins among nbgrader's


@dataclass(frozen=True)
class Place:
    """Where an exercise stands.

    Parameters
    ----------
    exercise : str
        Its name.
    assignment, notebook : str
        The folder, and the file in it without its ending.
    points : float
        What its check gives.
    """

    exercise: str
    assignment: str
    notebook: str
    points: float


def packaged_notebooks() -> Path:
    """The folder of the students' notebooks: in the installed package, or ``course/`` of the checkout.

    Raises
    ------
    FileNotFoundError
        There is none.
    """
    inside = Path(__file__).resolve().parents[1] / "course"
    repository = checkout()
    for folder in (repository / "course" if repository else inside, inside):
        if any(folder.glob("*/*.ipynb")):
            return folder
    raise FileNotFoundError(
        f"The students' notebooks should be in {inside}, but there are none. Install nnkit again from a complete "
        "wheel; in a checkout, make them with `nnkit release`."
    )


def source_of(cell: Mapping[str, Any]) -> str:
    """What stands in a cell; Jupyter's format allows a text and a list of lines.

    Examples
    --------
    >>> source_of({"source": ["x = 1", " + 1"]})
    'x = 1 + 1'
    """
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(str(line) for line in source)


def graded_name(cell: Mapping[str, Any]) -> str:
    """The name that nbgrader knows a cell by, "" for a cell of no interest to it.

    Examples
    --------
    >>> graded_name({"metadata": {"nbgrader": {"grade_id": "double"}}}), graded_name({})
    ('double', '')
    """
    metadata = cell.get("metadata")
    notes = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    name = notes.get("grade_id") if isinstance(notes, Mapping) else None
    return name if isinstance(name, str) else ""


def places() -> tuple[Place, ...]:
    """All exercises of the course in the order of reading; none where the notebooks are missing.

    Examples
    --------
    >>> places()[0]
    Place(exercise='double', assignment='00_welcome', notebook='welcome', points=1)
    """
    try:
        return places_in(packaged_notebooks())
    except FileNotFoundError:
        return ()


@cache
def places_in(folder: Path) -> tuple[Place, ...]:
    """The exercises of the notebooks in a folder, in the order of reading.

    Notebooks of an assignment follow each other as the first assignment of the course names them, so its map is the
    only list there is; what it does not name comes last.

    Parameters
    ----------
    folder : Path
        Holds a folder for each assignment.
    """
    paths = sorted(folder.glob("*/*.ipynb"))
    cells = {path: _cells(path) for path in paths}
    first = [path for path in paths if path.parent == paths[0].parent]
    map_ = "\n".join(source_of(cell) for path in first for cell in cells[path] if cell.get("cell_type") == "markdown")
    named = list(dict.fromkeys(re.findall(r"`(\w+)`", map_)))

    def order(path: Path) -> tuple[str, int, str]:
        return path.parent.name, named.index(path.stem) if path.stem in named else len(named), path.stem

    return tuple(
        Place(
            graded_name(cell).removeprefix(_TEST), path.parent.name, path.stem, cell["metadata"]["nbgrader"]["points"]
        )
        for path in sorted(paths, key=order)
        for cell in cells[path]
        if cell.get("cell_type") == "code" and graded_name(cell).startswith(_TEST)
    )


def _cells(path: Path) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return cells
