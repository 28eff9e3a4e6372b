"""The minutes that the notebooks announce: they are what the estimate makes of them, and the core fits an evening.

After a change, `nnkit times --write` brings the labels up to date.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from nnkit.cli import main
from nnkit.grading.course.times import (
    CORE_LIMIT,
    core_minutes,
    count_words,
    deeper_minutes,
    label_faults,
    order_faults,
    sections,
    write_labels,
)

REPOSITORY = Path(__file__).resolve().parents[2]
SOLUTIONS = sorted((REPOSITORY / "solutions").glob("*/*.ipynb"))

every_notebook = pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)


@every_notebook
def test_labels_say_what_the_estimate_says(path: Path) -> None:
    assert label_faults(nbformat.read(path, as_version=4)) == [], "nnkit times --write brings them up to date"


@every_notebook
def test_the_core_fits_an_evening(path: Path) -> None:
    assert core_minutes(sections(nbformat.read(path, as_version=4))) <= CORE_LIMIT


@every_notebook
def test_deeper_sections_can_be_left_out(path: Path) -> None:
    assert order_faults(nbformat.read(path, as_version=4)) == []


def answer(name: str, points: int) -> list[NotebookNode]:
    solution = {"grade": False, "grade_id": name, "locked": False, "schema_version": 3, "solution": True, "task": False}
    test = {"grade": True, "grade_id": f"test_{name}", "locked": True, "points": points, "solution": False}
    return [
        new_code_cell(f"def {name}(): ...", metadata={"nbgrader": solution}),
        new_code_cell(f'check("{name}")', metadata={"nbgrader": {**solution, **test}}),
    ]


def written(points: int) -> NotebookNode:
    flags = {"grade": True, "grade_id": "q", "locked": False, "schema_version": 3, "solution": True, "task": False}
    return new_markdown_cell("word " * 1300, metadata={"nbgrader": {**flags, "points": points}})


def small_notebook() -> NotebookNode:
    """Two core sections and a deeper one inside the first; each heading stands at the end of the cell before it."""
    opening = "The *core* sections take about two hours, half of that reading. The *deeper* one takes 3 minutes more."
    return new_notebook(
        cells=[
            new_markdown_cell(f"# A title\n\n{opening}\n\n## 1. First\n\n*core, 5 minutes*"),
            new_markdown_cell("word " * 257 + "\n\n### Exercise: `double`"),
            *answer("double", 2),
            new_markdown_cell("### An aside\n\n*deeper, 1 minute*\n\n" + "word " * 512),
            new_markdown_cell("### And back\n\n" + "word " * 128),
            new_code_cell('widgets.predict(\n    "How many?", 4)\nwidgets.predict("And now?", 5)'),
            new_markdown_cell("## 2. Last\n\n*core*\n\n```python\n# ## no heading, no words\n```"),
            written(3),
            new_markdown_cell("## Table\n\n*to look up, or to print*\n\n" + "word " * 1300),
        ]
    )


def test_minutes_are_those_of_the_formula() -> None:
    opening, first, aside, last, table = sections(small_notebook())
    assert [section.title for section in (first, aside, last)] == ["1. First", "An aside", "2. Last"]
    assert first.words == 2 + 257 + 2 + 2 + 128
    assert first.minutes == pytest.approx(first.words / 130 + 2 * 2 + 8 + 3 * 2)
    assert (aside.kind, aside.whole_minutes) == ("deeper", 4)
    assert last.minutes == pytest.approx(2 / 130 + 6 * 3)
    assert table.kind == "to look up"
    found = [opening, first, aside, last, table]
    assert core_minutes(found) == pytest.approx(opening.minutes + first.minutes + last.minutes)
    assert deeper_minutes(found) == pytest.approx(aside.minutes)


def test_a_further_mark_of_one_answer_counts_its_points_alone() -> None:
    cells = answer("double", 2)
    further = new_code_cell('check("double_95")', metadata={"nbgrader": {**cells[1].metadata["nbgrader"], "points": 1}})
    (section,) = sections(new_notebook(cells=[*cells, further]))
    assert section.minutes == pytest.approx(8 + 3 * 3)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("See **the** [second notebook](../02/very-long-name.ipynb).", 4),
        ('<b style="color: red">bold</b> <br> words', 2),
        ("| a | b |\n|---|---|\n| 1 | two |", 4),
        ("before\n\n```\ncode is not read\n```\n\nafter", 2),
        ("so $\\frac{a}{b} = 2$ and `a_name`", 5),
        ("a ![picture of a cat](cat.png)", 5),
        ("<!-- not\nseen --> seen", 1),
        ("x < 3 and y > 2", 5),
    ],
)
def test_words_are_those_that_a_reader_reads(text: str, words: int) -> None:
    assert count_words(text) == words


def test_written_labels_fit_and_are_written_once(tmp_path: Path) -> None:
    path = tmp_path / "small.ipynb"
    nbformat.write(small_notebook(), path)
    assert label_faults(nbformat.read(path, as_version=4))
    assert write_labels(path)
    text = path.read_text(encoding="utf-8")
    assert not write_labels(path)
    assert path.read_text(encoding="utf-8") == text
    notebook = nbformat.read(path, as_version=4)
    assert label_faults(notebook) == []
    assert "## 1. First\n\n*core, 21 minutes*" in notebook.cells[0].source
    assert "### An aside\n\n*deeper, 4 minutes*" in notebook.cells[4].source
    assert "## 2. Last\n\n*core, 18 minutes*" in notebook.cells[7].source
    assert "*core* sections take about 40 minutes, half" in notebook.cells[0].source
    assert "*deeper* one takes 4 minutes more." in notebook.cells[0].source


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_nothing_but_labels_is_written(path: Path, tmp_path: Path) -> None:
    place = tmp_path / path.name
    shutil.copy(path, place)
    write_labels(place)
    before, after = (one.read_text(encoding="utf-8").splitlines() for one in (path, place))
    assert len(before) == len(after)
    for old, new in zip(before, after, strict=True):
        assert old == new or "core" in old or "deeper" in old
    assert label_faults(nbformat.read(place, as_version=4)) == []
    assert not write_labels(place)


def test_what_stands_in_the_way_of_leaving_deeper_sections_out_is_told() -> None:
    notebook = small_notebook()
    assert order_faults(notebook) == ["2. Last: is core and stands behind the deeper section “An aside”"]
    notebook.cells[5:5] = answer("triple", 1)
    assert "An aside: is deeper and has points" in order_faults(notebook)


def test_the_command_prints_every_section_and_what_is_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "nbgrader_config.py").touch()
    notebook = small_notebook()
    notebook.cells.insert(-1, written(20))
    for folder in ("00_short", "01_long"):
        (tmp_path / "solutions" / folder).mkdir(parents=True)
    nbformat.write(small_notebook(), tmp_path / "solutions/00_short/short.ipynb")
    nbformat.write(notebook, tmp_path / "solutions/01_long/long.ipynb")
    monkeypatch.chdir(tmp_path)
    assert main(["times"]) == 0
    printed = capsys.readouterr().out
    assert "1. First" in printed
    assert "00_short, all notebooks: core 39 minutes, deeper 4 minutes" in printed
    assert "More than 90 minutes of core:\n  01_long/long (159)" in printed
    assert main(["times", "01_long", "--write"]) == 0
    printed = capsys.readouterr().out
    assert "01_long/long: labels written" in printed
    assert "Run `nnkit release`" in printed
    assert main(["times", "01_long", "--write"]) == 0
    assert capsys.readouterr().out.endswith("All labels were right already.\n")
    assert main(["times", "solutions/01_long/"]) == 0  # as a shell completes it
    assert "01_long/long" in capsys.readouterr().out
    assert main(["times", "02_missing"]) == 1
    assert "There is no assignment 02_missing" in capsys.readouterr().err
