"""`nnkit demo`: the whole cycle on the sample class, and its own vigilance."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from nnkit.cli import main
from nnkit.cli.demo import tables
from nnkit.grading.course.demo import MARKER, compare
from nnkit.grading.course.sample_class import STUDENTS, Notebook
from nnkit.grading.marks.class_table import Entry
from tests.grading.small_course import LONGEST


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> tuple[subprocess.CompletedProcess[str], Path]:
    folder = tmp_path_factory.mktemp("demo") / "class"
    done = subprocess.run(
        [sys.executable, "-m", "nnkit", "demo", "--jobs", "3", "--out", str(folder)],  # some only wait for a limit
        cwd=repository,
        env=os.environ | {"PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=LONGEST,
    )
    return done, folder


def handed_in(repository: Path) -> list[Path]:
    """The notebooks with exercises."""
    paths = (repository / "solutions").glob("*/*.ipynb")
    return [path for path in paths if '"grade": true' in path.read_text(encoding="utf-8")]


def test_its_table_has_every_student_as_expected(
    played: tuple[subprocess.CompletedProcess[str], Path], repository: Path
) -> None:
    done, _ = played
    assert done.returncode == 0, done.stdout + done.stderr
    notebooks = handed_in(repository)
    assert len(notebooks) >= 1
    for student in STUDENTS:
        assert sum(line.startswith(student) for line in done.stdout.splitlines()) == len(notebooks)
    assert "≠" not in done.stdout
    assert "all as they should be" in done.stdout
    assert "files for Canvas and Moodle: nnkit report --course " in done.stdout
    assert "100%" in done.stderr


def test_what_it_leaves_is_a_course_folder(
    played: tuple[subprocess.CompletedProcess[str], Path], repository: Path
) -> None:
    _, folder = played
    notebooks = handed_in(repository)
    for student in STUDENTS:
        for path in notebooks:
            assert (folder / "feedback" / student / path.parent.name / f"{path.stem}.html").exists()
    with (folder / "grades.csv").open(encoding="utf-8", newline="") as file:
        assert {row["student_id"] for row in csv.DictReader(file)} == set(STUDENTS)
    with (folder / "outcomes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["student"] for row in rows} == set(STUDENTS)
    outcomes = {"passed", "wrong", "crashed", "not attempted", "timed out", "file unreadable", "needs a person"}
    assert {row["outcome"] for row in rows} == outcomes
    for path in folder.rglob("*.html"):
        assert (folder / ".nnkit-secret").read_text().strip() not in path.read_text(encoding="utf-8")


def test_it_takes_no_other_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    assert main(["demo", "--out", str(tmp_path)]) == 1
    assert "Name another one with --out" in capsys.readouterr().err
    assert (tmp_path / "thesis.tex").read_text() == "years of work"
    assert not (tmp_path / MARKER).exists()


def test_it_notices_what_is_off() -> None:
    right = Entry("ada", "01", "graphs", "neuron", "passed", None, 2.0, 2.0, False)
    expected = {("ada", "graphs", "neuron"): "passed"}
    assert compare([right], expected) == []
    assert compare([], expected) == ["ada, graphs, neuron: expected passed, but there is no entry."]
    assert compare([replace(right, points=1.0)], expected) == [
        "ada, graphs, neuron: passed should give 2.0 points, but gave 1.0."
    ]
    wrong = replace(right, outcome="crashed", points=0.0)
    assert compare([wrong], expected) == ["ada, graphs, neuron: expected passed, got crashed."]
    assert "crashed ≠" in tables([wrong], expected)
    assert compare([right], {}) == ["ada, graphs, neuron: an entry that nobody expects."]


def test_the_sample_class_fits_every_notebook(repository: Path) -> None:
    """Every student hands in something else, and something is expected of every exercise and written answer."""
    for path in (repository / "solutions").glob("*/*.ipynb"):
        released = nbformat.read(repository / "course" / path.parent.name / path.name, as_version=4)
        notebook = Notebook(path.parent.name, path.stem, nbformat.read(path, as_version=4), released)
        if path not in handed_in(repository):
            continue
        assert notebook.exercises
        files = set()
        for make in STUDENTS.values():
            submission = make(notebook)
            assert set(submission.expected) == {*notebook.checked, *notebook.written}
            files.add(submission.content)
        assert len(files) == len(STUDENTS)


def class_in_steps(body: str) -> nbformat.NotebookNode:
    """A notebook with a class alone, which is built in two steps: no function, no written answer."""
    cells = []
    for number, name in enumerate(("Counter_first", "Counter")):
        answer = {"grade": False, "grade_id": name, "locked": False, "schema_version": 3, "solution": True}
        test = answer | {"grade": True, "grade_id": f"test_{name}", "locked": True, "points": 1, "solution": False}
        source = f"class Counter:\n    def __init__(self, start):\n{body}"
        cells.append(new_code_cell(source, id=f"a{number}", metadata={"nbgrader": answer}))
        cells.append(new_code_cell(f'check("{name}")', id=f"t{number}", metadata={"nbgrader": test}))
    return new_notebook(cells=cells)


def test_a_class_that_is_built_in_steps_is_answered_like_a_function() -> None:
    solved = class_in_steps("        ### BEGIN SOLUTION\n        self.count = start\n        ### END SOLUTION")
    notebook = Notebook("01", "counters", solved, class_in_steps("        raise NotImplementedError"))
    assert {name: one.name for name, one in notebook.open_in_one_place.items()} == {
        "Counter_first": "Counter",
        "Counter": "Counter",
    }
    assert not notebook.uses("Counter_first")
    assert notebook.last_alone == "Counter"
    made = {student: make(notebook) for student, make in STUDENTS.items()}
    assert len({submission.content for submission in made.values()}) == len(STUDENTS)
    off = next(cell.source for cell in nbformat.reads(made["euler"].content.decode(), 4).cells if cell.id == "a0")
    names: dict[str, type] = {}
    exec(off, names)
    assert vars(names["Counter"](4.0)) == {"count": pytest.approx(4.05)}
    below = nbformat.reads(made["hopper"].content.decode(), 4).cells
    assert "return Counter_from_below(*locals().values())" in next(cell.source for cell in below if cell.id == "a1")
    assert below[-1].source.startswith("class Counter_from_below:")
