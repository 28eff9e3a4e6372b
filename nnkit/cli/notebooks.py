"""How the students' notebooks get into a student's folder without ever touching work.

A small file beside them, `.nnkit-placed.json`, remembers what was placed. A notebook that still is what was placed may
be replaced by a newer version; one that was worked on never is: the newer version is placed beside it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from nnkit.exercises.outline import PLACED
from nnkit.saving import whole_file

_IGNORED = {".ipynb_checkpoints", "__pycache__", ".DS_Store"}


@dataclass(frozen=True)
class Placed:
    """What happened to one file.

    Parameters
    ----------
    name : str
        The file, relative to the student's folder.
    action : str
        "new", "updated", "kept" (nothing to do), "beside" (worked on, so the newer version went beside it).
    beside : str
        Where the newer version is.
    """

    name: str
    action: str
    beside: str = ""


def place_notebooks(source: Path, target: Path, version: str) -> list[Placed]:
    """Copy the notebooks into a student's folder; whatever was worked on there stays as it is.

    Parameters
    ----------
    source : Path
        See `nnkit.exercises.outline.packaged_notebooks`.
    target : Path
        The student's folder; made when it is missing.
    version : str
        Goes into the name of a newer version that is placed beside work.

    Returns
    -------
    list of Placed
        What happened to each file.

    Raises
    ------
    NotADirectoryError
        `target` is a file.
    """
    if target.exists() and not target.is_dir():
        raise NotADirectoryError(
            f"{target} should be a folder for the notebooks, but it is a file. Name another folder."
        )
    target.mkdir(parents=True, exist_ok=True)
    record = _read_record(target)
    results = []
    for path in sorted(source.rglob("*")):
        relative = path.relative_to(source)
        if not path.is_file() or _IGNORED & set(relative.parts):
            continue
        name, content = relative.as_posix(), path.read_bytes()
        results.append(_place(target, name, content, version, record))
        record[name] = _hash(content)
    _write(target / PLACED, (json.dumps(record, indent=1, sort_keys=True) + "\n").encode())
    return results


def _place(target: Path, name: str, content: bytes, version: str, record: dict[str, str]) -> Placed:
    place = target / name
    if not place.exists():
        _write(place, content)
        return Placed(name, "new")
    found, wanted = _hash(place.read_bytes()), _hash(content)
    if found == wanted:
        return Placed(name, "kept")
    if found == record.get(name):
        _write(place, content)
        return Placed(name, "updated")
    if record.get(name) == wanted:
        return Placed(name, "kept")
    number = 1
    while True:
        extra = "" if number == 1 else f"-{number}"
        beside = place.with_name(f"{place.stem}.new-{version}{extra}{place.suffix}")
        if not beside.exists():
            _write(beside, content)
            break
        if _hash(beside.read_bytes()) == wanted:
            break
        number += 1
    return Placed(name, "beside", beside.relative_to(target).as_posix())


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _read_record(target: Path) -> dict[str, str]:
    """What was placed before; without a readable record every file that differs counts as worked on."""
    try:
        record = json.loads((target / PLACED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(record, dict):
        return {}
    return {name: value for name, value in record.items() if isinstance(name, str) and isinstance(value, str)}


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as file:
        file.write(content)
