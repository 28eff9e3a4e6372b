"""The notebooks as pages: their students' form, with the pictures that the solved ones show.

A cell that demonstrates has the output that is stored in `solutions/`; an exercise, its check and a written question
have none, so no page holds more of an answer than the notebook that is handed out. What a notebook writes only for
JupyterLab is written for the site instead: links to a cell become links to an anchor, a prediction shows its question
without its sealed answer, and pictures become files of their own, which a page loads when they come into view.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
import shutil
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from nnkit.draw import style
from nnkit.exercises.outline import places_in

PICTURES = Path("_static/pictures")
"""Where pictures lie, in the source and in the site."""

HANDED_OUT = Path("notebooks")
"""Where the students' notebooks lie in the site, to be taken away as they are."""

_LINK = re.compile(r"\]\((?P<file>[\w./-]*\.ipynb)?(?:#cell-id=(?P<cell>[\w-]+))?\)")
_DATA = re.compile(r'<img (?P<before>[^>]*?)src="data:image/png;base64,(?P<data>[A-Za-z0-9+/=]+)"')


@dataclass(frozen=True)
class Lesson:
    """One notebook.

    Parameters
    ----------
    assignment, name : str
        The folder, and the file in it without its ending.
    title : str
        Its first heading.
    """

    assignment: str
    name: str
    title: str

    @property
    def page(self) -> str:
        """Its page, as a table of contents names it."""
        return f"course/{self.assignment}/{self.name}"


def write_notebooks(checkout: Path, source: Path, extra: Path) -> list[Lesson]:
    """Write all notebooks as pages.

    Parameters
    ----------
    checkout : Path
        The repository.
    source : Path
        Where Sphinx reads.
    extra : Path
        What Sphinx copies into the site as it is; the students' notebooks go there, too.

    Returns
    -------
    list of Lesson
        In the order of reading.

    Raises
    ------
    ValueError
        If a notebook of `solutions/` is not the one that `course/` was made from.
    """
    paths = _in_order(checkout / "course")
    students = {path: nbformat.read(path, as_version=4) for path in paths}
    linked = {label for path, notebook in students.items() for label in _linked_cells(path, notebook)}
    lessons = []
    for path, notebook in students.items():
        lesson = Lesson(path.parent.name, path.stem, notebook.cells[0].source.partition("\n")[0].lstrip("# ").strip())
        solved = nbformat.read(checkout / "solutions" / lesson.assignment / path.name, as_version=4)
        target = source / f"{lesson.page}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(_page(lesson, notebook, solved, linked, source), target)
        lessons.append(lesson)
    shutil.copytree(checkout / "course", extra / HANDED_OUT, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    for other in (checkout / "course").glob("*/*"):
        if other.suffix != ".ipynb" and other.is_file():
            shutil.copy2(other, source / "course" / other.parent.name / other.name)
    return lessons


def _in_order(course: Path) -> list[Path]:
    """The notebooks in the order in which they are read; the first of an assignment without exercises come last."""
    read = list(dict.fromkeys(course / place.assignment / f"{place.notebook}.ipynb" for place in places_in(course)))
    others = [path for path in sorted(course.glob("*/*.ipynb")) if path not in read]
    return sorted([*read, *others], key=lambda path: path.parent.name)


def _page(lesson: Lesson, student: Any, solved: Any, linked: set[str], source: Path) -> Any:
    """The notebook that Sphinx reads."""
    ids = [cell.id for cell in student.cells]
    if ids != [cell.id for cell in solved.cells]:
        raise ValueError(
            f"solutions/{lesson.assignment}/{lesson.name}.ipynb has other cells than the notebook in course/. Run "
            "`nnkit release`, then build the site again."
        )
    secret = _solution_lines(solved)
    cells = []
    for cell, answer in zip(student.cells, solved.cells, strict=True):
        label = f"{lesson.name}-{cell.id}"
        if label in linked:
            cells.append(_text(f"({label})="))
        if cell.cell_type == "markdown":
            cells.append(_text(_LINK.sub(lambda found: _rewritten(found, lesson.name), cell.source)))
        elif cell.cell_type == "code":
            cells.append(_code(cell, answer, secret, source))
        if cell.id == ids[0]:
            cells.append(_text(_AWAY.format(path=f"{lesson.assignment}/{lesson.name}.ipynb")))
    return nbformat.v4.new_notebook(cells=cells, metadata=student.metadata)


# JupyterLite and the notebooks lie beside the pages; Sphinx knows neither.
_AWAY = """```{{raw}} html
<p class="nnkit-away"><a href="../../lite/index.html?path={path}">Open in the browser</a>
<a href="../../notebooks/{path}" download>Download the notebook</a></p>
```"""


def _text(source: str) -> Any:
    return nbformat.v4.new_markdown_cell(source)


def _solution_lines(solved: Any) -> set[str]:
    """The lines of all solutions of a notebook, without blanks, where they are long enough to be told from others."""
    found = {
        "".join(line.split())
        for cell in solved.cells
        if cell.metadata.get("nbgrader", {}).get("solution") and cell.cell_type == "code"
        for part in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", cell.source, re.DOTALL)
        for line in part.split("\n")
    }
    return {line for line in found if len(line) >= 20}


def _quotes(outputs: Iterable[Any], lines: set[str]) -> bool:
    """Whether outputs hold one of the lines, as `trace` shows a reader's own answer."""
    said = "".join("".join([output.get("text", ""), *map(str, output.get("data", {}).values())]) for output in outputs)
    words = "".join(html.unescape(re.sub(r"<[^>]+>", "", said)).split())
    return any(line in words for line in lines)


def _code(cell: Any, solved: Any, secret: set[str], source: Path) -> Any:
    """A cell of code with what it shows, if it is one that demonstrates."""
    notes = cell.metadata.get("nbgrader", {})
    asks = "sealed=" in cell.source
    shows = not notes.get("grade") and not notes.get("solution") and (asks or cell.source == solved.source)
    shows = shows and not _quotes(solved.outputs, secret)
    made = nbformat.v4.new_code_cell(cell.source, outputs=_outputs(solved.outputs, source) if shows else [])
    # What a folded cell holds is for those who ask for it; a seal is of no use to anybody who reads.
    if asks:
        made.metadata["tags"] = ["remove-input"]
    elif cell.metadata.get("jupyter", {}).get("source_hidden"):
        made.metadata["tags"] = ["hide-input"]
    return made


def _outputs(outputs: Iterable[Any], source: Path) -> list[Any]:
    """Outputs without the rules that the whole site has, and with pictures as files."""
    written = []
    for output in outputs:
        data = output.get("data", {})
        if "text/html" in data:
            markup = data["text/html"].replace(style.sheet(), "")
            data = {kind: said for kind, said in data.items() if not kind.startswith("application/vnd.nnkit")}
            data = {**data, "text/html": _DATA.sub(lambda found: _picture(found, source), markup)}
            output = nbformat.from_dict({**output, "data": data})
        written.append(output)
    return written


def _picture(found: re.Match[str], source: Path) -> str:
    """The element of a picture whose file lies in the site."""
    png = base64.b64decode(found["data"])
    name = hashlib.sha256(png).hexdigest()[:16] + ".png"
    (source / PICTURES).mkdir(parents=True, exist_ok=True)
    (source / PICTURES / name).write_bytes(png)
    # With its size a picture keeps its place free before it is there, so that nothing jumps under the reader.
    width, height = struct.unpack(">II", png[16:24])
    place = f"../../{PICTURES.as_posix()}/{name}"
    return f'<img loading="lazy" width="{width}" height="{height}" {found["before"]}src="{place}"'


def _linked_cells(path: Path, notebook: Any) -> list[str]:
    """The labels of all cells that a notebook links to."""
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    links = [found for text in texts for found in _LINK.finditer(text) if found["cell"]]
    return [f"{Path(found['file'] or path).stem}-{found['cell']}" for found in links]


def _rewritten(found: re.Match[str], notebook: str) -> str:
    """A link as MyST reads it: to a label where a cell is meant, else to a notebook."""
    if found["cell"] is None:
        return found[0]
    return f"](#{Path(found['file'] or notebook).stem}-{found['cell']})"
