"""What `nnkit lab` has done to which file, in sentences."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from nnkit.cli.upgrade.placing import BESIDE, FAILED, KEPT, MERGED, NEW, UPDATED, Placed

_WORDS = {NEW: "new", UPDATED: "updated", MERGED: "updated around your work", KEPT: "left as they are"}
_NEWS = (NEW, UPDATED)  # of a file that is no notebook, nothing else is worth a word


def summary(placed: Iterable[Placed], folder: Path) -> str:
    """What was placed, in sentences.

    Parameters
    ----------
    placed : iterable of Placed
        See `nnkit.cli.upgrade.placing.place_notebooks`.
    folder : Path
        Where.

    Examples
    --------
    >>> print(summary([Placed("00_a/a.ipynb", "new")], Path("work")))
    Your notebooks are in work (1 new).
    """
    placed = list(placed)
    notebooks = [entry.action for entry in placed if entry.name.endswith(".ipynb")]
    others = [entry.action for entry in placed if not entry.name.endswith(".ipynb")]
    parts = [
        ", ".join(f"{notebooks.count(action)} {words}" for action, words in _WORDS.items() if action in notebooks),
        ", ".join(
            f"{_counted(others.count(action), 'other file')} {_WORDS[action]}" for action in _NEWS if action in others
        ),
    ]
    said = "; ".join(part for part in parts if part)
    lines = [f"Your notebooks are in {folder}" + (f" ({said})." if said else ".")]
    for entry in placed:
        lines += _sentences(entry)
    lines += _failures([entry for entry in placed if entry.action == FAILED], folder)
    if any(entry.action in (UPDATED, MERGED) for entry in placed):
        lines.append(
            "Is one of them open in JupyterLab? Load it again: menu File, Reload Notebook from Disk. If you have typed "
            "something there since, save it and choose Overwrite: yours stays, and the newer text comes around it with "
            "the next `nnkit lab`."
        )
    return "\n".join(lines)


def reset_summary(placed: Placed, folder: Path) -> str:
    """What a reset did, in sentences.

    Parameters
    ----------
    placed : Placed
        See `nnkit.cli.upgrade.resetting.reset`.
    folder : Path
        Where.

    Examples
    --------
    >>> print(reset_summary(Placed("00_a/a.ipynb", "kept"), Path("work")))
    work/00_a/a.ipynb is as the course has it already.
    """
    place = (folder / placed.name).as_posix()
    if placed.action == KEPT:
        return f"{place} is as the course has it already."
    if placed.action == NEW:
        return f"{place} was missing and is there again, fresh."
    kept = f"What it was is kept as {placed.beside}." if placed.beside else "There was no work of yours in it."
    return (
        f"{place} is fresh again. {kept}\n"
        "Is it open in JupyterLab? Then load it again: menu File, Reload Notebook from Disk."
    )


def _sentences(entry: Placed) -> list[str]:
    if entry.action == BESIDE:
        return [f"{entry.name} stays as it is: it {entry.reason}. The newer version is beside it: {entry.beside}"]
    merged = entry.merged
    if entry.action != MERGED or merged is None:
        return []
    parts = [_counted(merged.answers, "answer"), _counted(merged.own, "cell of your own", "cells of your own")]
    inside = " and ".join(part for part in parts if part)
    said = f"{entry.name} has the course's newer text now" + (f", with your {inside}" if inside else "")
    lines = [f"{said}. As it was, it is kept as {entry.beside}."]
    if merged.changed:
        lines.append(
            f"  You had changed {_counted(len(merged.changed), 'cell')} of the course there. The newer text is in; "
            "yours stands beside it, marked."
        )
    if merged.stubs:
        lines.append(f"  Begins differently now, see the note below your answer: {', '.join(merged.stubs)}.")
    if merged.homeless:
        lines.append(f"  No longer in the course, and kept because you wrote in it: {', '.join(merged.homeless)}.")
    return lines


def _failures(failed: Iterable[Placed], folder: Path) -> list[str]:
    """What could not be written, each reason once, and what becomes of it."""
    alike: dict[tuple[str, str], list[str]] = {}
    for entry in failed:
        state = "was not brought up to date" if os.path.lexists(folder / entry.name) else "is missing"
        alike.setdefault((state, entry.reason), []).append(entry.name)
    lines = []
    for (state, reason), names in alike.items():
        others = len(names) - 1
        same = f" The same holds for {_counted(others, 'other file')}." if others else ""
        lines.append(f"{names[0]} {state}: it {reason}.{same}")
    if lines:
        lines.append("Everything else is in place. Once that is mended, the next `nnkit lab` brings what is not.")
    return lines


def _counted(number: int, one: str, many: str = "") -> str:
    return "" if not number else f"{number} {one if number == 1 else many or one + 's'}"
