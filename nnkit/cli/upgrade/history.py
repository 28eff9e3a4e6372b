"""Which texts are the course's own: what was placed in a reader's folder, and what the course said before it counted.

A small file in the folder, `.nnkit-placed.json`, remembers of every file the hash of what was placed, and of every
notebook the marks of its cells. Whatever else stands in a cell is the reader's. Folders of nnkit before it remembered
cells, and notebooks that came without a record, are helped by `earlier_cells.txt`: a mark for every text that a cell of
the course ever had until then.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from nnkit.cli.upgrade.cells import Cell, id_of, mark_at, mark_of
from nnkit.cli.upgrade.files import write_whole
from nnkit.exercises.outline import PLACED

_EARLIER = Path(__file__).with_name("earlier_cells.txt")
_CELLS = "cells"  # in the record, beside the files' names: what older versions of nnkit pass over


@dataclass(frozen=True)
class History:
    """What the course has said in one notebook.

    Parameters
    ----------
    now : Mapping[str, str]
        The id of each cell → the mark of its text, as the notebook was placed last; empty where that is not known.
    earlier : frozenset[str]
        `mark_at` of the texts that were placed before.
    """

    now: Mapping[str, str] = field(default_factory=dict)
    earlier: frozenset[str] = frozenset()

    def is_courses(self, identifier: str, mark: str) -> bool:
        """Whether a text is the course's own at a place.

        Parameters
        ----------
        identifier : str
            The id of the course's cell.
        mark : str
            Of the text that stands there.
        """
        return self.now.get(identifier) == mark or mark_at(identifier, mark) in self.earlier


class Record:
    """What was placed in a folder; a file that cannot be read is like none.

    Parameters
    ----------
    folder : Path
        The reader's.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / PLACED
        found = _read(self._path)
        self._hashes: dict[str, str] = {name: value for name, value in found.items() if isinstance(value, str)}
        cells = found.get(_CELLS)
        self._cells: dict[str, Any] = dict(cells) if isinstance(cells, dict) else {}

    def hash_of(self, name: str) -> str | None:
        """The hash of the file that was placed last, None where none was.

        Parameters
        ----------
        name : str
            The file, relative to the folder.
        """
        return self._hashes.get(name)

    def history_of(self, name: str) -> History:
        """What the course has said in a notebook.

        Parameters
        ----------
        name : str
            The file, relative to the folder.
        """
        now, earlier = self._parts(name)
        return History(now, frozenset(earlier) | _known())

    def remember(self, name: str, content: bytes, cells: Iterable[Cell] = ()) -> None:
        """Note what has been placed, or offered, and write it down if that is news.

        Parameters
        ----------
        name : str
            The file, relative to the folder.
        content : bytes
            The course's.
        cells : Iterable[Cell]
            Those of a notebook.

        Raises
        ------
        OSError
            The record cannot be written.
        """
        before, earlier = self._parts(name)
        now = {id_of(cell): mark_of(cell) for cell in cells}
        past = {mark_at(one, mark) for one, mark in before.items() if now.get(one) != mark}
        known = {"now": now, "earlier": sorted((past | set(earlier)) - _known())} if now else None
        if self._hashes.get(name) == hash_bytes(content) and self._cells.get(name) == known:
            return
        self._hashes[name] = hash_bytes(content)
        if known is not None:
            self._cells[name] = known
        text = json.dumps({**self._hashes, _CELLS: self._cells}, indent=1, sort_keys=True)
        write_whole(self._path, (text + "\n").encode())

    def _parts(self, name: str) -> tuple[dict[str, str], list[str]]:
        found = self._cells.get(name)
        found = found if isinstance(found, dict) else {}
        now, earlier = found.get("now"), found.get("earlier")
        return (
            {one: mark for one, mark in now.items() if isinstance(mark, str)} if isinstance(now, dict) else {},
            [mark for mark in earlier if isinstance(mark, str)] if isinstance(earlier, list) else [],
        )


def hash_bytes(content: bytes) -> str:
    """What the record notes of a file.

    Parameters
    ----------
    content : bytes
        The whole of it.
    """
    return hashlib.sha256(content).hexdigest()


@cache
def _known() -> frozenset[str]:
    try:
        return frozenset(_EARLIER.read_text(encoding="ascii").split())
    except OSError:
        return frozenset()


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
