"""The map of the course: every assignment with its notebooks, how long each takes, and what is written in it.

All of it is read from the notebooks, so it cannot be out of date.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import nbformat

from nnkit.exercises.outline import places_in
from nnkit.grading.course.times import core_minutes, sections
from nnkit_site.notebooks import Lesson

MARK = "<!-- map of the course -->"
"""Where the first page shows it."""

_SHORT = {"mlp", "cnn", "rnn", "mnist"}


def write_map(checkout: Path, source: Path, lessons: Sequence[Lesson]) -> None:
    """Write the page of the whole course, its tables of contents included, and the map that other pages show.

    Parameters
    ----------
    checkout : Path
        The repository.
    source : Path
        Where Sphinx reads.
    lessons : sequence of Lesson
        In the order of reading.
    """
    written = {lesson: _line(checkout, lesson) for lesson in lessons}
    contents, parts, cards = [], [], []
    for assignment, group in groupby(lessons, key=lambda lesson: lesson.assignment):
        here = list(group)
        entries = "\n".join(f"{lesson.assignment}/{lesson.name}" for lesson in here)
        contents.append(f"```{{toctree}}\n:caption: {title_of(assignment)}\n:hidden:\n\n{entries}\n```\n")
        parts.append(f"## {title_of(assignment)}\n\n" + "\n".join(written[lesson] for lesson in here) + "\n")
        titles = ", ".join(f"[{lesson.title}]({lesson.page}.ipynb)" for lesson in here)
        cards.append(f"- **{title_of(assignment)}** {titles}")
    page = (source / "course_map.md").read_text(encoding="utf-8")
    (source / "course_map.md").unlink()
    (source / "course" / "index.md").write_text("\n".join([page, *parts, *contents]), encoding="utf-8")
    index = source / "index.md"
    index.write_text(index.read_text(encoding="utf-8").replace(MARK, "\n".join(cards)), encoding="utf-8")


def title_of(assignment: str) -> str:
    """The name of an assignment for people.

    Parameters
    ----------
    assignment : str
        Its folder.

    Examples
    --------
    >>> title_of("03_gradient_descent"), title_of("05_cnn")
    ('3. Gradient descent', '5. CNN')
    """
    number, _, name = assignment.partition("_")
    words = name.upper() if name in _SHORT else name.replace("_", " ").capitalize()
    return f"{int(number)}. {words}" if number.isdigit() else words


def _line(checkout: Path, lesson: Lesson) -> str:
    """One notebook in the map."""
    path = checkout / "solutions" / lesson.assignment / f"{lesson.name}.ipynb"
    minutes = core_minutes(sections(nbformat.read(path, as_version=4)))
    asked = [place.exercise for place in places_in(checkout / "course") if place.notebook == lesson.name]
    said = f"- [{lesson.title}]({lesson.assignment}/{lesson.name}.ipynb)"
    if not asked:
        return said
    return f"{said}: {minutes:.0f} minutes of core. You write " + ", ".join(f"`{name}`" for name in asked) + "."
