"""What a person may want to look at in a graded notebook, as a list: reported, never punished.

No verdict and no point depends on it. The students' cells are read, not run; what stands in the released notebook as it
is there is never listed. Whoever wants to hide something from such a reading can: it says where to look first, not
that nothing is there. What it calls by its name may be honest all the same, and only a person can tell.
"""

from __future__ import annotations

import ast
import html
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from nbformat.notebooknode import NotebookNode

from nnkit.exercises.terms import REPORT_TYPE
from nnkit.grading.intake.standing_in import NOT_HANDED_IN
from nnkit.grading.marks import reaching
from nnkit.grading.marks.answers_in_use import Asked, Definitions, asked_in
from nnkit.grading.marks.dotted_names import Names
from nnkit.grading.marks.signs import NO_NOTEBOOK_SENDS, UNREAD, WITHHELD_CALLED, Sign
from nnkit.grading.marks.student_code import LONGEST_CELL, Code, quotable, read_code
from nnkit.grading.marks.tabulated import tables

MOST_CELLS = 500
LONGEST_NOTEBOOK = 300_000  # characters of a notebook that are read
MOST_NODES = 60_000  # of its syntax trees; the largest notebook of the course has an eighth of that
MOST_OF_A_KIND = 3  # in one cell; the last of them says how many there are besides
MOST = 100  # of a notebook
MOST_NOTES = 20


@dataclass(frozen=True)
class Suspicion:
    """Something that a person may want to look at.

    Parameters
    ----------
    cell : str
        nbgrader's name for the cell, else the cell's id; for a file beside the notebook, its name.
    exercise : str
        The exercise whose answer it is part of, "" where it belongs to none.
    line : int
        Which line of the cell, from 1; 0 for the cell as a whole.
    quote : str
        That line, cut and without signs that are no text.
    kind : str
        A short word, one of `nnkit.grading.marks.signs.KINDS`.
    sentence : str
        What it is, and why a person may want to look.
    """

    cell: str
    exercise: str
    line: int
    quote: str
    kind: str
    sentence: str


@dataclass(frozen=True)
class _Cell:
    """A student's cell, or a file of Python beside the notebook; `key` tells two of one name apart."""

    key: str
    name: str
    asked: Asked
    code: Code


def suspicions(
    notebook: NotebookNode, released: NotebookNode | None = None, files: Mapping[str, str | bytes] | None = None
) -> list[Suspicion]:
    """List what a person may want to look at in a graded notebook.

    Parameters
    ----------
    notebook : NotebookNode
        As grading left it. It is not changed.
    released : NotebookNode or None
        What was handed out, so that its own text is not listed.
    files : Mapping[str, str or bytes] or None
        What lies beside the notebook: name → content. Files of Python are read like cells.

    Returns
    -------
    list of Suspicion
        In the order of the cells; at most `MOST`.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> found = suspicions(new_notebook(cells=[new_code_cell("import os\\nos.system('ls')", id="try")]))
    >>> [(one.cell, one.line, one.quote, one.kind) for one in found]
    [('try', 2, "os.system('ls')", 'processes')]
    """
    cells_given = [cell for cell in released.cells if cell.cell_type == "code"] if released is not None else []
    given = _given(tuple(map(_text, cells_given)))
    found: list[Suspicion] = list(_of_the_run(notebook))
    cells, given_trees, unread = _read_cells(notebook, files or {}, given)
    found += unread
    trees = [cell.code.tree for cell in cells if cell.code.tree is not None]
    names = Names([*given_trees, *trees])
    for cell in cells:
        seen = reaching.signs_in(cell.code, names, given.allowed)
        found += _told(cell, [one for one in seen if not given.has(cell.code, one[0], one[1])])
    found += _in_answers(cells, names, given)
    order = {name: place for place, name in enumerate(dict.fromkeys(one.cell for one in found))}
    order |= {cell.name: place - len(cells) for place, cell in enumerate(cells)}
    found.sort(key=lambda one: (order[one.cell], one.line, one.kind))
    found = list(dict.fromkeys(_each_line_once(found)))
    return _at_most(found, MOST)


# -- what is read -----------------------------------------------------------------------------------------------------


class _Given:
    """The released text."""

    def __init__(self, texts: tuple[str, ...]) -> None:
        self._cells = {_same(text): read_code(text) for text in texts}
        # What the course itself uses, a reader may use.
        self.allowed = reaching.used_in(code.tree for code in self._cells.values() if code.tree is not None)
        self._lines = {line.strip() for text in texts for line in text.split("\n")} - {""}

    def cell(self, source: str) -> Code | None:
        """A cell that was handed out; None for any other text."""
        return self._cells.get(_same(source))

    def has(self, code: Code, first: int, last: int) -> bool:
        """Whether these lines of a cell were handed out."""
        lines = [line.strip() for line in code.lines[first - 1 : max(first, last)]]
        return bool(lines) and first > 0 and all(not line or line in self._lines for line in lines) and any(lines)


@lru_cache(maxsize=8)  # a class has one and the same
def _given(texts: tuple[str, ...]) -> _Given:
    return _Given(texts)


def _same(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _text(cell: Any) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(map(str, source)) if isinstance(source, list) else ""


def _name(cell: Any) -> tuple[str, dict[str, Any]]:
    metadata = cell.get("metadata", {})
    flags = metadata.get("nbgrader", {}) if isinstance(metadata, Mapping) else {}
    flags = dict(flags) if isinstance(flags, Mapping) else {}
    return quotable(str(flags.get("grade_id") or cell.get("id") or ""), 64), flags


def _read_cells(
    notebook: NotebookNode, files: Mapping[str, str | bytes], given: _Given
) -> tuple[list[_Cell], list[ast.AST], list[Suspicion]]:
    """The students' cells and files, the trees of what was given, and what was too long to be read."""
    cells: list[_Cell] = []
    given_trees: list[ast.AST] = []
    unread: list[Suspicion] = []
    left, nodes = LONGEST_NOTEBOOK, MOST_NODES
    waiting: list[tuple[str, dict[str, Any], str]] = [
        (*_name(cell), _text(cell)) for cell in notebook.cells if cell.get("cell_type") == "code"
    ]
    for file, content in files.items():
        if file.endswith((".py", ".ipy")):
            text = content if isinstance(content, str) else content.decode("utf-8", errors="replace")
            waiting.append((quotable(file, 64), {}, text))
    for place, (name, flags, source) in enumerate(waiting):
        if place >= MOST_CELLS or left <= 0 or nodes <= 0:
            what = f"{len(waiting) - place} cells from here on were not read: a notebook of this size is none by hand."
            unread.append(Suspicion(name, "", 0, "", UNREAD, what))
            break
        its_own = given.cell(source)
        code = its_own or read_code(source)
        if flags.get("locked") or its_own is not None:
            given_trees += [code.tree] if code.tree is not None else []
            continue
        nodes -= sum(1 for _ in ast.walk(code.tree)) if code.tree is not None else 0
        left -= min(len(source), LONGEST_CELL)
        asked = asked_in(name) if flags.get("solution") else Asked()
        cell = _Cell(f"{place} {name}", name, asked, code)
        cells.append(cell)
        if code.cut:
            what = (
                f"The cell has {code.length:,} characters, of which {LONGEST_CELL:,} were read; what is the rest for?"
            )
            unread.append(Suspicion(name, asked.exercise, 0, quotable(code.lines[0]), UNREAD, what))
    return cells, given_trees, unread


# -- what is found ----------------------------------------------------------------------------------------------------


def _told(cell: _Cell, seen: Iterable[tuple[int, int, Sign]]) -> list[Suspicion]:
    """What was seen in a cell; of one kind no more than a person wants to read."""
    groups: dict[str, list[tuple[int, Sign]]] = {}
    lines: set[tuple[int, str]] = set()
    for line, _, sign in seen:
        if (line, sign.kind) not in lines:
            lines.add((line, sign.kind))
            groups.setdefault(sign.kind, []).append((line, sign))
    found = []
    for kind, group in groups.items():
        group.sort(key=lambda one: one[0])
        more = len(group) - MOST_OF_A_KIND
        for place, (line, sign) in enumerate(group[:MOST_OF_A_KIND]):
            last = place == MOST_OF_A_KIND - 1 and more > 0
            sentence = (
                f"{sign.sentence} There are {more} more lines of this kind in the cell." if last else sign.sentence
            )
            found.append(Suspicion(cell.name, cell.asked.exercise, line, _line(cell.code, line), kind, sentence))
    return found


def _line(code: Code, line: int) -> str:
    return quotable(code.lines[line - 1]) if 0 < line <= len(code.lines) else ""


def _in_answers(cells: list[_Cell], names: Names, given: _Given) -> Iterator[Suspicion]:
    """What is only worth a look where an answer uses it."""
    codes = {cell.key: cell for cell in cells}
    known = Definitions(((cell.key, cell.code.tree) for cell in cells if cell.code.tree is not None), names)
    looked: set[int] = set()
    for cell in cells:
        if cell.code.tree is None or not cell.asked.exercise:
            continue
        used = known.used_by(cell.asked, (cell.key, cell.code.tree))
        places: dict[str, list[tuple[int, int, Sign]]] = {}
        for where, node, sign in known.shells(cell.asked, used):
            places.setdefault(where, []).append((*_lines_of(node), sign))
        for where, root in used:
            if id(root) not in looked:  # a table that several answers use is told once
                looked.add(id(root))
                for node, sign in tables(root):
                    places.setdefault(where, []).append((*_lines_of(node), sign))
        for where, seen in places.items():
            there = codes[where]
            told = [one for one in seen if not given.has(there.code, one[0], one[1])]
            yield from _told(_Cell(where, there.name, cell.asked, there.code), told)


def _lines_of(node: ast.AST) -> tuple[int, int]:
    first = getattr(node, "lineno", 0)
    return first, getattr(node, "end_lineno", None) or first


def _of_the_run(notebook: NotebookNode) -> Iterator[Suspicion]:
    """What grading itself has noted where the code was run."""
    from nnkit.grading.run.notebook import ENDINGS
    from nnkit.grading.run.sandbox import NONSENSE

    nonsense = ENDINGS[NONSENSE][1]
    for cell in notebook.cells[: 4 * MOST_CELLS]:
        for output in cell.get("outputs") or []:
            if not isinstance(output, Mapping):
                continue
            if output.get("output_type") == "error" and str(output.get("evalue", "")).startswith(nonsense):
                yield _noted(cell, "", NO_NOTEBOOK_SENDS)
                break
            data = output.get("data", {})
            report = data.get(REPORT_TYPE) if isinstance(data, Mapping) else None
            if isinstance(report, Mapping) and _NOT_THEIRS.search(str(report.get("message", ""))[:2_000]):
                yield _noted(cell, quotable(str(report.get("exercise", "")), 64), WITHHELD_CALLED)
                break


# How `nnkit.exercises.judge.verdict` words it.
_NOT_THEIRS = re.compile(r"^Your answer calls .*which is the answer itself", re.DOTALL)


def _noted(cell: Any, exercise: str, sign: Sign) -> Suspicion:
    first = next((line for line in _text(cell)[:2_000].split("\n") if line.strip()), "")
    return Suspicion(_name(cell)[0], exercise, 0, quotable(first), sign.kind, sign.sentence)


def _each_line_once(found: list[Suspicion]) -> Iterator[Suspicion]:
    """A line that belongs to several answers is told of the first of them."""
    seen: set[tuple[str, int, str]] = set()
    for one in found:
        key = (one.cell, one.line, one.kind)
        if key not in seen or one.line == 0:
            seen.add(key)
            yield one


def _at_most(found: list[Suspicion], most: int) -> list[Suspicion]:
    if len(found) <= most:
        return found
    what = f"{len(found) - most + 1} more lines of this notebook were noted; a person should look at all of it."
    return [*found[: most - 1], Suspicion(found[most - 1].cell, "", 0, "", UNREAD, what)]


# -- how it is shown --------------------------------------------------------------------------------------------------


def intake_notes(notebook: NotebookNode) -> list[Suspicion]:
    """What was noted when the notebook was found and repaired: another name, a test that was changed.

    Parameters
    ----------
    notebook : NotebookNode
        As grading left it.

    Examples
    --------
    >>> from nbformat.v4 import new_notebook
    >>> noted = new_notebook(metadata={"nnkit": {"handed_in": ["'a (1).ipynb' was graded as 'a.ipynb'."]}})
    >>> [(one.kind, one.sentence) for one in intake_notes(noted)]
    [('handed in', "'a (1).ipynb' was graded as 'a.ipynb'.")]
    """
    notes = notebook.metadata.get("nnkit", {})
    repairs = [] if notes.get("state") == NOT_HANDED_IN else notes.get("repairs", [])  # there was nothing to repair
    kinds = (("handed in", notes.get("handed_in", [])), ("repaired", repairs))
    found = [Suspicion("", "", 0, "", kind, quotable(str(one), 400)) for kind, listed in kinds for one in listed]
    return _at_most(found, MOST_NOTES)


def suspicion_table(found: Iterable[Suspicion]) -> str:
    """What was found as plain text, for a terminal or a file.

    Parameters
    ----------
    found : Iterable[Suspicion]
        From `suspicions`.

    Examples
    --------
    >>> print(suspicion_table([Suspicion("try", "", 2, "os.system('ls')", "processes", "This starts a process.")]))
    try, line 2: processes
        os.system('ls')
        This starts a process.
    >>> suspicion_table([])
    'Nothing was noted.'
    """
    blocks = []
    for one in found:
        head = f"{_where(one)}: {one.kind}"
        sentence = textwrap.wrap(one.sentence, 110, initial_indent="    ", subsequent_indent="    ")
        blocks.append("\n".join([head, *([f"    {one.quote}"] if one.quote else []), *sentence]))
    return "\n".join(blocks) or "Nothing was noted."


def _where(one: Suspicion) -> str:
    exercise = f" (of {one.exercise})" if one.exercise and one.exercise != one.cell else ""
    return f"{one.cell}{exercise}, line {one.line}" if one.line else f"{one.cell}{exercise}"


def suspicion_html(entries: Iterable[Suspicion]) -> str:
    """What was found as a table of HTML, to be put into a page; all of it is text there.

    Parameters
    ----------
    entries : Iterable[Suspicion]
        From `suspicions`.

    Examples
    --------
    >>> "<script>" in suspicion_html([Suspicion("a", "", 1, "<script>", "frames", "See.")])
    False
    """
    rows = []
    for one in entries:
        place = (
            f'<th scope="row">{html.escape(one.cell)}</th><td>{html.escape(one.exercise)}</td>'
            f"<td>{one.line if one.line else ''}</td>"
        )
        rows.append(
            f"<tr>{place}<td>{html.escape(one.kind)}</td><td><code>{html.escape(one.quote)}</code></td>"
            f"<td>{html.escape(one.sentence)}</td></tr>"
        )
    if not rows:
        return "<p>Nothing was noted.</p>"
    heads = "".join(
        f'<th scope="col">{head}</th>' for head in ("cell", "exercise", "line", "kind", "text", "what it is")
    )
    caption = "<caption>Reported, not punished: what a person may want to look at</caption>"
    return f"<table>{caption}<thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
