"""The module `my_nnkit.py`: many answers of several notebooks as one program that a person can read and import.

Every answer keeps its text. What it needs from its notebook stands above it, once for all that need the same. Where two
notebooks use one name for different things, the one that is no answer gets the notebook's name behind its own.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nnkit.exercises import index
from nnkit.mine.notebooks import Answer
from nnkit.mine.statements import Statement, renamed
from nnkit.saving import whole_file

FILE = "my_nnkit.py"
_SEAL = "# What stands above was gathered by `nnkit mine`; its checksum: "


@dataclass(frozen=True)
class Chosen:
    """An answer that goes into the module.

    Parameters
    ----------
    answer : Answer
        The one.
    exercises : tuple[str, ...]
        All that it answers: several where a class is built in steps, or a function judged by several checks.
    words : str
        Where it comes from and since when it passes.
    """

    answer: Answer
    exercises: tuple[str, ...]
    words: str


@dataclass
class _Text:
    """The module as far as it is written."""

    taken: dict[str, str] = field(default_factory=dict)  # name → the text that defines it
    imports: dict[str, str] = field(default_factory=dict)
    sections: list[str] = field(default_factory=list)
    done: set[str] = field(default_factory=set)


def module_text(chosen: Sequence[Chosen]) -> str:
    """The whole module.

    Parameters
    ----------
    chosen : Sequence[Chosen]
        In the order of reading; no two define the same name.
    """
    by_name = {one.answer.name: one for one in chosen}
    text = _Text()
    for one in chosen:
        _write(one, by_name, text)
    names = sorted(by_name)
    head = [
        '"""My own neural networks: what I have written in the exercises, each part with a check that passed.',
        "",
        "Gathered from my notebooks by `nnkit mine`, which writes this file anew; if I have changed it by hand, it",
        "keeps the changed one beside it.",
        '"""',
        "",
        "# ruff: noqa",
        "",
        *sorted(text.imports, key=lambda line: (line.startswith("from"), line)),
        "",
        "__all__ = [",
        *(f"    {name!r}," for name in names),
        "]",
    ]
    body = "\n".join(head) + "\n" + "".join(f"\n\n{section}\n" for section in text.sections)
    return body + f"\n\n{_SEAL}{_checksum(body)}\n"


def write_module(path: Path, text: str) -> Path | None:
    """Write the module, whole or not at all; one that was changed by hand is kept beside it.

    Parameters
    ----------
    path : Path
        The module's.
    text : str
        See `module_text`.

    Returns
    -------
    Path or None
        Where the changed one is now.
    """
    beside = None
    if path.exists() and not is_untouched(path):
        number = 1
        content = path.read_bytes()
        while True:
            beside = path.with_name(f"{path.stem}.before{'' if number == 1 else f'-{number}'}{path.suffix}")
            if not beside.exists() or beside.read_bytes() == content:
                break
            number += 1
        with whole_file(beside) as file:
            file.write(content)
    with whole_file(path) as file:
        file.write(text.encode())
    return beside


def is_untouched(path: Path) -> bool:
    """Whether a module is as `nnkit mine` has written it.

    Parameters
    ----------
    path : Path
        The module's.
    """
    body, seal, checksum = path.read_text(encoding="utf-8", errors="replace").rpartition(f"\n\n{_SEAL}")
    return bool(seal) and checksum.strip() == _checksum(body)


def _write(one: Chosen, by_name: dict[str, Chosen], text: _Text) -> None:
    """Write an answer's section, and before it those of the answers that it uses."""
    name = one.answer.name
    if name in text.done:
        return
    text.done.add(name)
    notebook = re.sub(r"\W", "_", one.answer.path.stem)
    siblings = {index.find(other).student_name for other in index.notebooks()[index.notebook_of(one.exercises[0])]}
    helpers = []
    for helper in one.answer.others:
        used = [other for other in helper.defines if other in by_name and other in siblings and other != name]
        if helper.kind != "import" and used:  # an answer of the same notebook, which stands in the module itself
            for other in used:
                _write(by_name[other], by_name, text)
        else:
            helpers.append(helper)
    changes = {}
    for helper in (*helpers, *one.answer.own):
        for defined in sorted(helper.defines - {name}):
            there = text.taken.get(defined)
            if (defined in by_name or (there is not None and there != helper.text)) and defined != name:
                changes[defined] = _free(f"{defined}_of_{notebook}", text.taken, helper.text)
    # A helper that calls one with a new name is another text than its namesake elsewhere.
    lines = []
    for helper in helpers:
        changed = _changed(helper, changes)
        fresh = [defined for defined in helper.defines if text.taken.get(changes.get(defined, defined)) != helper.text]
        for defined in helper.defines:
            text.taken[changes.get(defined, defined)] = helper.text
        if helper.kind == "import":
            text.imports[_renamed_import(helper, changes)] = ""
        elif fresh or not helper.defines:
            lines.append(changed)
    for own in one.answer.own:
        for defined in own.defines:
            text.taken[changes.get(defined, defined)] = own.text
    head = [f"# {'-' * 98}", f"# {', '.join(one.exercises)}: {one.words}", f"# {'-' * 98}"]
    texts = [*lines, *(_changed(own, changes) for own in one.answer.own)]
    text.sections.append("\n".join(head) + "\n\n" + "\n\n\n".join(texts))


def _changed(statement: Statement, names: dict[str, str]) -> str:
    return renamed(statement.text, names) if names and statement.kind != "import" else statement.text


def _renamed_import(statement: Statement, names: dict[str, str]) -> str:
    (name,) = statement.defines
    return f"{statement.text.partition(' as ')[0]} as {names[name]}" if name in names else statement.text


def _free(wanted: str, taken: dict[str, str], text: str) -> str:
    name, number = wanted, 1
    while name in taken and taken[name] != text:
        number += 1
        name = f"{wanted}_{number}"
    return name


def _checksum(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:16]
