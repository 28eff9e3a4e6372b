"""What a notebook says of itself: the deeper sections and exercises of its opening, and the points of a question.

That the minutes of an opening are those of the estimate is told with the labels, see `test_times`.
"""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from nnkit.grading.course.times import sections

REPOSITORY = Path(__file__).resolve().parents[2]
SOLUTIONS = sorted((REPOSITORY / "solutions").glob("*/*.ipynb"))
NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


@pytest.fixture(params=SOLUTIONS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> NotebookNode:
    return nbformat.read(request.param, as_version=4)


def opening(notebook: NotebookNode) -> str:
    """The text above the first section."""
    text = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            if "\n## " in f"\n{cell.source}":
                return text + f"\n{cell.source}".split("\n## ")[0]
            text += cell.source + "\n"
    return text


def tasks(notebook: NotebookNode) -> tuple[int, int]:
    """How many exercises and how many written questions there are; several marks of one answer are one exercise."""
    flags = [(cell.cell_type, cell.metadata.get("nbgrader", {})) for cell in notebook.cells]
    exercises = sum(kind == "code" and flag.get("solution", False) for kind, flag in flags)
    return exercises, sum(kind == "markdown" and flag.get("grade", False) for kind, flag in flags)


def test_the_opening_names_deeper_sections_where_there_are_some(notebook: NotebookNode) -> None:
    if "*core* take about" in opening(notebook):
        assert ("*deeper*" in opening(notebook)) == any(section.kind == "deeper" for section in sections(notebook))


def test_the_opening_counts_exercises_and_questions_right(notebook: NotebookNode) -> None:
    exercises, questions = tasks(notebook)
    sentence = re.search(r"minutes, [^.]*? at ([^.:]*)[.:]", opening(notebook))
    counted = re.findall(r"\b(\w+) (?:\w+ )?(exercises?|questions?)\b", sentence[1]) if sentence else []
    for number, what in counted:
        if number in NUMBERS:
            assert NUMBERS[number] == (exercises if what.startswith("exercise") else questions)


def test_a_question_announces_the_points_that_it_gives(notebook: NotebookNode) -> None:
    announced: list[int] = []
    given: list[int] = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            announced += map(int, re.findall(r"\*(\d+) points?, marked by a person\*", cell.source))
            flags = cell.metadata.get("nbgrader", {})
            if flags.get("grade"):
                given.append(flags["points"])
    assert announced == given
