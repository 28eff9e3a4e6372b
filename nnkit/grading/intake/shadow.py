"""Which of the files that a student has handed in is which released notebook, and what stands in where none is.

nbgrader knows a submission by the name of its file alone. Here a notebook is found where a careful person would find
it: under another name, in a folder, in an archive. The rule for several:

1. The file under the released name counts if there are answers in it, or if there are none in any other.
2. Else the one with answers counts; of several the one that has everything that the others have.
3. Where each has something that another one lacks, nobody guesses: a notebook that says what a person has to do stands
   in its place, so that the student has a row, an outcome and feedback.

Whatever of a student's was not graded is noted for the person who grades.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from nbformat.notebooknode import NotebookNode
from nbgrader.utils import parse_utc

from nnkit.exercises.copies import OLD, original_name
from nnkit.grading.intake.gathering import Gathered, Parts, shown
from nnkit.grading.intake.holding import Holding, Released
from nnkit.grading.intake.standing_in import NEEDS_PERSON, NOT_HANDED_IN, stand_in
from nnkit.grading.intake.submissions import LARGEST as LARGEST_NOTEBOOK
from nnkit.grading.intake.submissions import UNREADABLE, decode, read_notebook

TIMESTAMP = "timestamp.txt"
SECRET = "submission_secret.txt"  # with which nbgrader's exchange finds the way back
LONGEST_TIMESTAMP = 100
MOST_CANDIDATES = 50
MOST_TOLD = 5
# nbgrader opens the file of a time zone's name, so that must be the name of one.
_TIME_ZONE = re.compile(r"[+-]?\d{1,4}|[A-Za-z_]+(/[A-Za-z_+-]+\d*)*")
# One of what programs and people add to a name.
_SUFFIX = re.compile(
    r"(\.ipynb|[ _-]*(\(\d+\)|(copy|kopie|copie|copia)([ _-]?\d+)?|final|fertig|neu|new|v\d+|checkpoint))$",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"^(copy of|kopie von|copie de|copia de|copia di) +", re.IGNORECASE)
MOST_SUFFIXES = 5
_TYPES = (".ipynb", ".ipynb.txt", ".ipynb.json", ".json")
# How a notebook begins, whatever its name: looked for in files in which nothing else says that they are one.
_NOTEBOOK = re.compile(rb"\A[\s\0\xef\xbb\xbf\xfe\xff]{0,8}\{")
_FORMAT = re.compile(rb"n\0?b\0?f\0?o\0?r\0?m\0?a\0?t")


@dataclass
class Chosen:
    """What is graded of what was handed in.

    Parameters
    ----------
    notebooks : dict[str, bytes]
        A released notebook's name → the file that counts for it.
    missing : dict[str, str]
        A released notebook's name → why no file counts for it, and what a person has to do.
    told : dict[str, str]
        The same for the student, who cannot do what a person who grades can.
    left_out : set[str]
        Those of the missing notebooks that were plainly not handed in: every file that is there was graded as another.
    notes : dict[str, list[str]]
        A released notebook's name → what a person should know about how it was found.
    files : dict[Parts, bytes]
        What belongs beside the notebooks.
    timestamp : bytes or None
        When it was handed in, where the file that says so can be read.
    digest : str
        Stands for all files that were handed in, apart from nbgrader's own.
    """

    notebooks: dict[str, bytes] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)
    notes: dict[str, list[str]] = field(default_factory=dict)
    files: dict[Parts, bytes] = field(default_factory=dict)
    timestamp: bytes | None = None
    digest: str = ""

    def stand_in(self, name: str) -> NotebookNode:
        """The notebook that stands in the place of one that is missing.

        Parameters
        ----------
        name : str
            Its name.
        """
        state = NOT_HANDED_IN if name in self.left_out else NEEDS_PERSON
        return stand_in(self.missing[name], state, self.told.get(name, ""), self.digest)


@dataclass(frozen=True)
class _Candidate:
    parts: Parts
    content: bytes
    cells: tuple[tuple[str, str], ...] | None  # None where it cannot be read
    exact: bool
    work: bool
    holding: Holding = field(default_factory=Holding)

    @property
    def merit(self) -> int:
        """2 for a file with answers, 1 for one in which something else is different, 0 for one as it was released."""
        return 2 if self.holding.answers else int(self.work)

    def has_all_of(self, other: _Candidate) -> bool:
        """Whether nothing of the student's is in the other that is not in this one."""
        if self.cells == other.cells:
            return True
        return not other.work or self.holding.has_all_of(other.holding)


def choose(gathered: Gathered, released: Mapping[str, NotebookNode | None]) -> Chosen:
    """Find the released notebooks among the files that were handed in.

    See the rule at the top of this file.

    Parameters
    ----------
    gathered : Gathered
        The files.
    released : Mapping[str, NotebookNode or None]
        The names of the notebooks of the assignment, and the notebooks where they are there still.

    Examples
    --------
    >>> handed_in = Gathered({("Small-Copy1.ipynb",): b'{"nbformat": 4, "metadata": {}, "cells": []}'})
    >>> list(choose(handed_in, {"small": None}).notebooks)
    ['small']
    >>> choose(Gathered(), {"small": None}).missing["small"]
    "No notebook 'small.ipynb' was handed in, and nothing else was."
    """
    chosen = Chosen(digest=_digest(gathered))
    names_in = {name: _own_names(notebook) for name, notebook in released.items()}
    texts = {name: _cells(notebook) if notebook is not None else None for name, notebook in released.items()}
    measures = {name: Released(notebook) if notebook is not None else None for name, notebook in released.items()}
    parsed: dict[Parts, NotebookNode | None] = {}
    taken: dict[str, Parts] = {}
    # Most have handed in what was asked for and nothing that it could be confused with: then nothing is looked into.
    asked = {(f"{name}.ipynb",) for name in released}
    plain = all(parts in asked for parts in gathered.files if _may_be_notebook(parts))
    for name in released:
        if plain and (f"{name}.ipynb",) in gathered.files:
            only = gathered.files[f"{name}.ipynb",]
            _decide(name, [_Candidate((f"{name}.ipynb",), only, None, True, True)], chosen, taken)
            continue
        found = _candidates(name, released, names_in, texts, gathered, parsed)
        found = [_with_holding(one, measures[name], parsed) for one in found]
        _decide(name, found, chosen, taken)
    for name in released:
        if name not in chosen.notebooks and name not in chosen.missing:
            chosen.missing[name], chosen.told[name] = _nothing_found(name, gathered, taken)
            if _is_all_used(gathered, taken):
                chosen.left_out.add(name)
                chosen.notes.setdefault(name, []).append(chosen.missing[name])
    if gathered.notes:
        for name in released:
            chosen.notes.setdefault(name, []).extend(gathered.notes)
    _files_beside(gathered, taken, chosen)
    stamp = gathered.files.get((TIMESTAMP,))
    if stamp is not None:
        if is_timestamp(stamp):
            chosen.timestamp = stamp
        else:
            for name in released:
                chosen.notes.setdefault(name, []).append(
                    f"{TIMESTAMP} does not hold a time, so nothing is known of when this was handed in."
                )
    return chosen


def is_timestamp(content: bytes) -> bool:
    """Whether nbgrader can read a file as the time at which something was handed in.

    Parameters
    ----------
    content : bytes
        What the file holds.

    Examples
    --------
    >>> is_timestamp(b"2026-11-27 10:00:00 UTC")
    True
    >>> is_timestamp(b"2026-11-27 10:00:00 ../../etc/passwd")
    False
    """
    if len(content) > LONGEST_TIMESTAMP:
        return False
    try:
        text = content.decode("utf-8").strip()
        words = text.split(" ")
        return not text or ((len(words) != 3 or bool(_TIME_ZONE.fullmatch(words[2]))) and parse_utc(text) is not None)
    except Exception:  # dateutil has many ways to refuse
        return False


def _digest(gathered: Gathered) -> str:
    found = hashlib.sha256()
    for parts, content in sorted(gathered.files.items()):
        if parts not in ((TIMESTAMP,), (SECRET,)):
            found.update(repr((parts, hashlib.sha256(content).hexdigest())).encode())
    for note in gathered.notes:
        found.update(repr(note).encode())
    return found.hexdigest()


def _candidates(
    name: str,
    released: Mapping[str, NotebookNode | None],
    names_in: Mapping[str, frozenset[str]],
    texts: Mapping[str, tuple[tuple[str, str], ...] | None],
    gathered: Gathered,
    parsed: dict[Parts, NotebookNode | None],
) -> list[_Candidate]:
    """The files that may be this notebook: by their name, else by what is in them."""
    files = gathered.files
    named = [parts for parts in files if _may_be_notebook(parts)]
    # Where nothing that is called like a notebook is this one, a file of any other name may be it, by what is in it.
    others = [parts for parts in files if parts not in named and _begins_like_notebook(files[parts])]
    return _among(named, True, name, released, names_in, texts, files, parsed) or _among(
        others, False, name, released, names_in, texts, files, parsed
    )


def _with_holding(
    candidate: _Candidate, measure: Released | None, parsed: Mapping[Parts, NotebookNode | None]
) -> _Candidate:
    notebook = parsed.get(candidate.parts)
    if notebook is None or not candidate.work:
        return candidate
    if measure is not None:
        return replace(candidate, holding=measure.holding(notebook))
    return replace(candidate, holding=Holding(code=frozenset(text for _, text in candidate.cells or ())))


def _among(
    places: list[Parts],
    by_name: bool,
    name: str,
    released: Mapping[str, NotebookNode | None],
    names_in: Mapping[str, frozenset[str]],
    texts: Mapping[str, tuple[tuple[str, str], ...] | None],
    files: Mapping[Parts, bytes],
    parsed: dict[Parts, NotebookNode | None],
) -> list[_Candidate]:
    found = []
    for parts in places:
        if len(parsed) > MOST_CANDIDATES:
            continue
        content = files[parts]
        exact = parts == (f"{name}.ipynb",)
        called = _called(parts[-1], released) if by_name else None
        if called not in (name, None) and not exact:
            continue
        if parts not in parsed:
            parsed[parts] = _parse(content)
        notebook = parsed[parts]
        if called is None and not _looks_like(notebook, name, names_in):
            continue
        cells = _cells(notebook) if notebook is not None else None
        work = cells is not None and any(text for _, text in cells) and cells != texts[name]
        found.append(_Candidate(parts, content, cells, exact, work))
    return found


def _may_be_notebook(parts: Parts) -> bool:
    return parts[-1].strip().lower().endswith(_TYPES)


def _begins_like_notebook(content: bytes) -> bool:
    return _NOTEBOOK.match(content) is not None and _FORMAT.search(content) is not None


def _called(file: str, released: Mapping[str, NotebookNode | None]) -> str | None:
    """The released notebook whose name a file has, apart from case and what programs and people add at the end."""
    stem = file[: file.rindex(".")].strip()
    if (original := original_name(f"{stem}.ipynb")) is not None:
        stem = original.removesuffix(".ipynb")
    names = {name.casefold(): name for name in released}
    for _ in range(MOST_SUFFIXES):
        if stem.casefold() in names:
            return names[stem.casefold()]
        stem = _PREFIX.sub("", _SUFFIX.sub("", stem))
    return None


def _looks_like(notebook: NotebookNode | None, name: str, names_in: Mapping[str, frozenset[str]]) -> bool:
    """Whether at least half of the released notebook's own cells are in this one, and more than of any other."""
    if notebook is None or not names_in[name]:
        return False
    own = _own_names(notebook)
    shares = {other: len(own & wanted) / max(len(wanted), 1) for other, wanted in names_in.items()}
    return shares[name] >= 0.5 and all(share < shares[name] for other, share in shares.items() if other != name)


def _own_names(notebook: NotebookNode | None) -> frozenset[str]:
    """nbgrader's names of the cells, by which a notebook is known."""
    found = set()
    for cell in notebook.cells if notebook is not None else ():
        flags = cell.metadata.get("nbgrader")
        if isinstance(flags, dict) and isinstance(flags.get("grade_id"), str):
            found.add(flags["grade_id"])
    return frozenset(found)


def _parse(content: bytes) -> NotebookNode | None:
    if len(content) > LARGEST_NOTEBOOK:
        return None
    try:
        notebook = read_notebook(decode(content))
    except Exception:  # it is read again, with care and a sentence, by what reads submissions
        return None
    return None if notebook.metadata.get("nnkit", {}).get("state") == UNREADABLE else notebook


def _cells(notebook: NotebookNode) -> tuple[tuple[str, str], ...]:
    return tuple((cell.cell_type, cell.source.strip()) for cell in notebook.cells if cell.source.strip())


def _decide(name: str, candidates: list[_Candidate], chosen: Chosen, taken: dict[str, Parts]) -> None:
    """Choose what counts for a notebook; where there is no candidate at all, nothing is said yet."""
    exact = next((one for one in candidates if one.exact), None)
    most = max((one.merit for one in candidates), default=0)
    best = [one for one in candidates if one.merit == most]
    notes = chosen.notes.setdefault(name, [])
    counts: _Candidate | None
    if exact is not None and exact.merit == most:
        counts = exact
    else:
        complete = [one for one in best if all(one.has_all_of(other) for other in best)]
        counts = min(complete, key=lambda one: (len(one.parts), one.parts), default=None)
        if best and not complete:
            several = f"Several files could be the notebook '{name}.ipynb' and hold different answers: {_listed(best)}."
            chosen.missing[name] = (
                f"{several} A person has to decide: call the right one '{name}.ipynb', put it directly into the folder "
                "that was handed in, and grade again."
            )
            chosen.told[name] = f"{several} Tell your instructor which of them counts, or hand in that one alone."
        elif counts is not None:
            notes.append(f"{shown(counts.parts)} was graded as '{name}.ipynb'.")
    if counts is not None:
        notes += _ungraded(counts, [one for one in candidates if one is not counts and one.work], name)
    if counts is not None and len(counts.content) > LARGEST_NOTEBOOK:
        large = f"{shown(counts.parts)} is larger than {LARGEST_NOTEBOOK:,} bytes and not opened."
        smaller = "in JupyterLab, *Clear Outputs of All Cells* makes a notebook small; then"
        chosen.missing[name] = f"{large} A person has to look: {smaller} grade again."
        chosen.told[name] = f"{large} What you can do: {smaller} hand it in again, or ask your instructor."
    elif counts is not None:
        chosen.notebooks[name] = counts.content
        taken[name] = counts.parts
    if not notes:
        del chosen.notes[name]


def _ungraded(counts: _Candidate, others: list[_Candidate], name: str) -> list[str]:
    """What of a student's was not graded, in sentences.

    A copy that `nnkit lab` has kept says by its name that it is older than the notebook. It is told only where it has
    an answer to what is left open in the one that counts, as after a reset.
    """
    found = []
    for one in others:
        lacking = sorted(one.holding.answered - counts.holding.answered)
        is_older = counts.exact and re.search(rf" \({OLD}( \d+)?\)\.", one.parts[-1]) is not None
        told = not counts.has_all_of(one) or not one.holding.prose <= counts.holding.prose
        if counts.cells == one.cells or not told or (is_older and not lacking):
            continue
        only = f" It has answers that the graded file lacks: {', '.join(lacking)}." if lacking else ""
        found.append(f"Only {shown(counts.parts)} was graded; {shown(one.parts)} holds work, too.{only}")
    more = len(found) - MOST_TOLD
    return found[:MOST_TOLD] + ([f"{more} more files hold work, too."] if more > 0 else [])


def _listed(candidates: list[_Candidate]) -> str:
    names = [shown(one.parts) for one in candidates]
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _nothing_found(name: str, gathered: Gathered, taken: Mapping[str, Parts]) -> tuple[str, str]:
    """What is said where no file can be a notebook: to the person who grades, and to the student."""
    files = [parts for parts in gathered.files if parts not in ((TIMESTAMP,), (SECRET,))]
    again = "If you have it, hand it in again or ask your instructor."
    if not files and not gathered.notes:
        return (
            f"No notebook '{name}.ipynb' was handed in, and nothing else was.",
            f"{name}.ipynb was not in what you handed in, and nothing else was. {again}",
        )
    used = {parts: other for other, parts in taken.items()}
    said, told = [f"No notebook '{name}.ipynb' was found in what was handed in."], f"{name}.ipynb was not in what you "
    told += f"handed in (there was: {_first([_plainly(parts) for parts in files])})." if files else "handed in."
    if files:
        said.append(f"There is: {_first([shown(parts) + _graded_as(parts, used) for parts in files])}.")
    notes = gathered.notes[:5]
    if _is_all_used(gathered, taken):
        look = "Nothing else is there, so it has no points; ask the student for it if it should."
    else:
        look = (
            f"A person has to look: if the work is there, save it as '{name}.ipynb' directly in the folder that was "
            "handed in and grade again; else ask the student for it."
        )
    return " ".join([*said, *notes, look]), " ".join([told, *notes, again])


def _first(listed: list[str]) -> str:
    return ", ".join(listed[:10]) + (f" and {len(listed) - 10} more" if len(listed) > 10 else "")


def _plainly(parts: Parts) -> str:
    return shown(parts).strip("'")


def _graded_as(parts: Parts, used: Mapping[Parts, str]) -> str:
    if parts not in used:
        return ""
    return " (graded)" if parts == (f"{used[parts]}.ipynb",) else f" (graded as '{used[parts]}.ipynb')"


def _is_all_used(gathered: Gathered, taken: Mapping[str, Parts]) -> bool:
    """Whether there are files, and each was graded as some notebook or is an archive of which that can be said."""
    files = [parts for parts in gathered.files if parts not in ((TIMESTAMP,), (SECRET,))]
    inside = {parts[:end] for parts in files for end in range(1, len(parts))}
    used = {*taken.values(), *inside}
    return bool(files) and not gathered.notes and all(parts in used for parts in files)


def _files_beside(gathered: Gathered, taken: Mapping[str, Parts], chosen: Chosen) -> None:
    """What lay beside a notebook that was found deeper down lies beside it again, as its cells expect it."""
    for parts, content in gathered.files.items():
        if _is_beside(parts, gathered):
            chosen.files[parts] = content
    for where in {parts[:-1] for parts in taken.values() if len(parts) > 1}:
        for parts, content in gathered.files.items():
            inner = parts[len(where) :]
            if parts[: len(where)] == where and _is_beside(inner, gathered):
                chosen.files.setdefault(inner, content)
    chosen.files.pop((TIMESTAMP,), None)


def _is_beside(parts: Parts, gathered: Gathered) -> bool:
    if not parts or any(part.lower().endswith(".ipynb") for part in parts):
        return False
    # What is in an archive lies beside a notebook only if the notebook was in it as well.
    return not any(parts[:end] in gathered.files for end in range(1, len(parts)))
