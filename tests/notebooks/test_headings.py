"""Headings have one form, short enough for a table of contents, and each notebook leads to the next one of the map."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

from nnkit.exercises.outline import places_in

REPOSITORY = Path(__file__).resolve().parents[2]
SOLUTIONS = sorted((REPOSITORY / "solutions").glob("*/*.ipynb"))
IN_ORDER = list(dict.fromkeys((place.assignment, place.notebook) for place in places_in(REPOSITORY / "course")))
LONGEST = 50  # characters
SECTION = re.compile(r"(\d+\. )?[^*·()]+")
EXERCISE = re.compile(r"Exercise: `\w+`")
QUESTION = re.compile(r"Question: [^*()]+")

every_notebook = pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)


def texts(path: Path) -> list[str]:
    """What a reader reads in a notebook; written answers are not the notebook's."""
    cells = nbformat.read(path, as_version=4).cells
    return [
        cell.source
        for cell in cells
        if cell.cell_type == "markdown" and not cell.metadata.get("nbgrader", {}).get("solution")
    ]


def headings(path: Path) -> list[tuple[int, str]]:
    """(level, title) of every heading, from first to last."""
    plain = [re.sub(r"(?ms)^```.*?^```", "", text) for text in texts(path)]
    found = [match for text in plain for match in re.finditer(r"(?m)^(#+) (.*)$", text)]
    return [(len(match[1]), match[2]) for match in found]


@every_notebook
def test_a_notebook_has_one_title_with_its_number(path: Path) -> None:
    (title,) = [title for level, title in headings(path) if level == 1]
    assert headings(path)[0] == (1, title)
    assert title.startswith(f"{path.parent.name[:2]} · ")


@every_notebook
def test_headings_have_one_form(path: Path) -> None:
    for level, title in headings(path)[1:]:
        if title.startswith("Exercise"):
            assert EXERCISE.fullmatch(title), title
        elif "question" in title.lower().split(":")[0].split() and level == 3:
            assert QUESTION.fullmatch(title), title
        elif path.stem != "glossary":
            assert SECTION.fullmatch(title), title
        assert len(title) <= LONGEST, title


@every_notebook
def test_sections_are_numbered_without_a_gap(path: Path) -> None:
    numbers = [
        int(found[1]) for level, title in headings(path) if (found := re.match(r"(\d+)\. ", title)) and level == 2
    ]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(("here", "after"), pairwise(IN_ORDER), ids=lambda place: place[1])
def test_a_notebook_leads_to_the_next_one_of_the_map(here: tuple[str, str], after: tuple[str, str]) -> None:
    folder = REPOSITORY / "solutions"
    text = "\n\n".join(texts(folder / here[0] / f"{here[1]}.ipynb"))
    (said,) = re.findall(r"(?m)^\*\*Next:\*\* \[(.*?)\]\((.*?)\)$", text)
    (title,) = [title for level, title in headings(folder / after[0] / f"{after[1]}.ipynb") if level == 1]
    assert said[0] == title
    assert (folder / here[0] / said[1]).resolve() == (folder / after[0] / f"{after[1]}.ipynb").resolve()


def test_the_last_notebook_leads_back_to_the_map() -> None:
    assignment, notebook = IN_ORDER[-1]
    assert "../00_welcome/welcome.ipynb#cell-id=map" in "\n".join(
        texts(REPOSITORY / "solutions" / assignment / f"{notebook}.ipynb")
    )
