"""What a run leaves for the instructor: the class as CSV, and a page on mistakes and on what may need a look.

What was noted while a submission was graded stands in its graded folder, under a name that nbgrader hands to nobody.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import cache, partial
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from nnkit.grading.intake.released import read_released
from nnkit.grading.marks.class_table import Entry, as_csv
from nnkit.grading.marks.mistakes import ExerciseMistakes, read_mistakes
from nnkit.grading.marks.page import write_class_report
from nnkit.grading.marks.page_parts import scrolling
from nnkit.grading.marks.suspicion import Suspicion, intake_notes, suspicion_html, suspicions
from nnkit.saving import whole_file

NOTED = ".nnkit-noted"
Released = Callable[[str], NotebookNode | None]


def noted_text(found: Mapping[str, Sequence[Suspicion]]) -> str:
    """What was noted in a submission, as the file `NOTED` in its graded folder holds it.

    Parameters
    ----------
    found : Mapping[str, Sequence[Suspicion]]
        By notebook.
    """
    return json.dumps({name: [asdict(one) for one in listed] for name, listed in found.items()}, ensure_ascii=False)


def read_noted(folder: Path, notebooks: Iterable[str], released: Released) -> dict[str, list[Suspicion]]:
    """What was noted in a submission; found now where another command has graded it.

    Parameters
    ----------
    folder : Path
        The graded folder of one student.
    notebooks : Iterable[str]
        Those with exercises.
    released : Callable[[str], NotebookNode | None]
        Gives a notebook as it was handed out.
    """
    try:
        content = json.loads((folder / NOTED).read_text("utf-8"))
        return {name: [Suspicion(**one) for one in listed] for name, listed in content.items()}
    except (OSError, ValueError, TypeError):
        pass
    found = {}
    for name in notebooks:
        try:
            notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
        except (OSError, ValueError):
            continue
        found[name] = [*intake_notes(notebook), *suspicions(notebook, released(name))]
    return found


def write_reports(
    folder: Path, api: Any, assignment: str, entries: Sequence[Entry]
) -> tuple[list[Path], list[ExerciseMistakes]]:
    """Write the table and the page of an assignment.

    Parameters
    ----------
    folder : Path
        Where; made when it is missing.
    api : Any
        See `nnkit.grading.course.steps.nbgrader_api`.
    assignment : str
        Its name.
    entries : Sequence[Entry]
        What came of it, see `nnkit.grading.marks.class_table.read_class`.

    Returns
    -------
    list of Path, list of ExerciseMistakes
        What was written, and what the class got wrong.
    """
    folder.mkdir(parents=True, exist_ok=True)
    table, page = folder / f"{assignment}.csv", folder / f"{assignment}.html"
    with whole_file(table, private=True) as file:
        file.write(as_csv(entries).encode("utf-8"))
    mistakes = read_mistakes(api, assignment, entries)
    write_class_report(page, assignment, entries, mistakes, _suspicions(api, assignment, entries))
    return [table, page], mistakes


def _suspicions(api: Any, assignment: str, entries: Sequence[Entry]) -> str:
    notebooks: dict[str, dict[str, None]] = {}
    for entry in entries:
        notebooks.setdefault(entry.student, {})[entry.notebook] = None
    course = api.coursedir
    released = cache(partial(read_released, course, assignment))
    parts = []
    for student, names in notebooks.items():
        folder = Path(course.format_path(course.autograded_directory, student, assignment))
        for name, found in read_noted(folder, names, released).items():
            if found:
                where = f"{student}, {name}"
                parts.append(f"<h3>{html.escape(where)}</h3>{scrolling(where, suspicion_html(found))}")
    return "\n".join(parts)
