"""A reader's notebooks: which are there, and where in them each exercise is answered, with all that the answer needs.

An answer is found by its check: it is what the name of the exercise stands for where the check is called, wherever the
reader has moved or copied the cells. What the answer looks up is followed to where the notebook defines it: in the same
cell, else in the nearest one above, else below.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnkit.exercises import index
from nnkit.exercises.copies import original_name
from nnkit.exercises.outline import graded_name, source_of
from nnkit.mine.statements import Statement, statements_of

LARGEST = 200_000_000  # bytes; a file beyond that holds something else
_CHECK = re.compile(r"""^\s*(?:\w+\.)*check\(\s*["'](\w+)["']""", re.MULTILINE)


@dataclass(frozen=True)
class Answer:
    """An answer in a notebook, right or wrong.

    Parameters
    ----------
    exercise : str
        Which it answers.
    path : Path
        The notebook.
    own, others : tuple[Statement, ...]
        The statements that define it, and those that they need, in the order of the notebook.
    problem : str
        Why it could not be taken out of its notebook, "" when it could.
    """

    exercise: str
    path: Path
    own: tuple[Statement, ...] = ()
    others: tuple[Statement, ...] = ()
    problem: str = ""

    @property
    def name(self) -> str:
        """What the reader has defined."""
        return index.find(self.exercise).student_name

    @property
    def code(self) -> str:
        """All of it as a program."""
        return "\n\n\n".join(one.text for one in sorted((*self.own, *self.others), key=lambda one: one.place)) + "\n"


def find_notebooks(folders: Iterable[Path]) -> list[Path]:
    """The notebooks below some folders, the newest first; files may be named, too.

    Folders of programs (hidden ones, environments), Jupyter's own copies, and those that `nnkit lab` has put beside a
    notebook are passed over, unless they are named.

    Parameters
    ----------
    folders : Iterable[Path]
        They need not exist.
    """
    found: dict[Path, float] = {}
    for start in folders:
        for path in [start] if start.is_file() else _below(start):
            if path.suffix == ".ipynb":
                try:
                    found[path.resolve()] = path.stat().st_mtime
                except OSError:
                    continue
    return sorted(found, key=lambda path: (-found[path], str(path)))


def read_answers(path: Path) -> list[Answer]:
    """The answers in a notebook; none in one that holds no check of this course.

    Parameters
    ----------
    path : Path
        The notebook's.

    Raises
    ------
    ValueError
        The file is no notebook.
    """
    cells = _cells(path)
    sources = [source_of(cell) if cell.get("cell_type") == "code" else "" for cell in cells]
    known = set(index.names())
    checks: dict[str, int] = {}
    for number, (cell, source) in enumerate(zip(cells, sources, strict=True)):
        graded = graded_name(cell)
        for name in [graded.removeprefix("test_")] * graded.startswith("test_") + _CHECK.findall(source):
            if name in known and source:
                checks[name] = number
    for number, cell in enumerate(cells):  # the check's cell was deleted, the answer's is there
        if graded_name(cell) in known:
            checks.setdefault(graded_name(cell), number + 1)
    parsed: dict[int, list[Statement]] = {}
    broken: dict[int, str] = {}
    for number, source in enumerate(sources if checks else []):
        try:
            parsed[number] = statements_of(source, number)
        except (SyntaxError, ValueError, RecursionError) as error:
            broken[number] = f"{type(error).__name__}: {getattr(error, 'msg', error)}"
    return [
        _answer(name, path, at, cells, parsed, broken) for name, at in sorted(checks.items(), key=lambda one: one[1])
    ]


def _answer(
    exercise: str,
    path: Path,
    check: int,
    cells: list[dict[str, Any]],
    parsed: dict[int, list[Statement]],
    broken: dict[int, str],
) -> Answer:
    """The answer that the check in cell number `check` would see."""
    name = index.find(exercise).student_name
    mine = [number for number, cell in enumerate(cells) if graded_name(cell) == exercise]
    for number in mine:
        if number in broken:
            return Answer(exercise, path, problem=f"its cell is no Python ({broken[number]})")
    defining = [number for number, found in parsed.items() if any(name in one.defines for one in found)]
    above = [number for number in defining if number <= check]
    if not defining:
        return Answer(exercise, path, problem=f"there is no `{name}` in the notebook")
    cell = max(above) if above else min(defining)
    main = [one for one in parsed[cell] if name in one.defines][-1]
    own, chosen, waiting = [main], {main.place: main}, [main]
    while waiting:
        one = waiting.pop()
        for wanted in sorted(one.needs - one.defines if one.kind != "definition" else one.needs):
            found = _provider(wanted, one, parsed)
            if found is not None and found not in chosen.values():
                chosen[(*found.place, found.text) if found.kind == "import" else found.place] = found  # type: ignore[index]
                waiting.append(found)
        for change in parsed[one.place[0]]:  # Value.__add__ = add
            if change.kind == "change" and change.place not in chosen and one.defines & change.needs:
                chosen[change.place] = change
                waiting.append(change)
                if one is main:
                    own.append(change)
    return Answer(exercise, path, tuple(own), tuple(one for one in chosen.values() if one not in own))


def _provider(name: str, user: Statement, parsed: dict[int, list[Statement]]) -> Statement | None:
    """The statement from which another one has a name: in its cell, else the nearest above, else below."""
    here = user.place[0]
    order = [
        here,
        *sorted((cell for cell in parsed if cell < here), reverse=True),
        *(cell for cell in parsed if cell > here),
    ]
    for cell in order:
        giving = [one for one in parsed[cell] if name in one.defines and one.kind != "action"]
        if giving:
            return giving[-1]
    for cell in order:  # from numpy import *
        for one in parsed[cell]:
            if one.kind == "import" and "*" in one.defines:
                return one
    return None


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        if "pyvenv.cfg" in files:
            folders.clear()
            continue
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and name not in ("site-packages", "node_modules")
        )
        copies = {name for name in files if original_name(name) in files}
        yield from (Path(place) / name for name in sorted(files) if not name.startswith(".") and name not in copies)


def _cells(path: Path) -> list[dict[str, Any]]:
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError(f"it has more than {LARGEST // 1_000_000} MB")
        content = json.loads(path.read_text(encoding="utf-8"))
        cells = content["cells"]
        if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
            raise ValueError("its cells are no list of cells")
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"{path.name} is no notebook that can be read ({type(error).__name__}: {error})") from None
    return cells
