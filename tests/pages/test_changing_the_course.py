"""The page for instructors who change things: what it says is done in a course folder, and what comes of it is read."""

from __future__ import annotations

import csv
import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnkit.exercises import evaluate
from nnkit.grading.course.steps import nbgrader_api
from tests.answers.sequences import masked_mean_loss, pad_sequences
from tests.grading import small_course
from tests.pages.followed import PAGES, Block, block, blocks, follow

PAGE = "changing_the_course.md"
REPOSITORY = PAGES.parents[1]
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="submissions are graded where there is fork")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course folder with the first two assignments."""
    folder = tmp_path / "course folder"
    (folder / "solutions").mkdir(parents=True)
    shutil.copy(REPOSITORY / "nbgrader_config.py", folder)
    for name in ("00_welcome", "01_computation_graphs"):
        shutil.copytree(REPOSITORY / "solutions" / name, folder / "solutions" / name)
    shutil.copytree(REPOSITORY / "course", folder / "course")
    return folder


def type_into(folder: Path, commands: str) -> str:
    done = follow(commands, folder, PYTHONPATH=os.pathsep.join([str(REPOSITORY), str(folder)]))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def write(one: Block, folder: Path) -> None:
    (folder / one.file).write_text(one.text, encoding="utf-8")


def configure(folder: Path, line: str) -> None:
    with (folder / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(line)


def hand_in(folder: Path, when: str = "") -> None:
    """One student, who has answered `double` and nothing else."""
    place = folder / "submitted" / "ada" / "00_welcome"
    shutil.copytree(folder / "course" / "00_welcome", place)
    path = place / "welcome.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    (cell,) = (cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == "double")
    cell["source"] = "def double(x):\n    return 2 * x"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    if when:
        (place / "timestamp.txt").write_text(when)


def marks(folder: Path) -> dict[str, str]:
    type_into(folder, "nbgrader export --to grades.csv")
    with (folder / "grades.csv").open(encoding="utf-8") as file:
        (row,) = (row for row in csv.DictReader(file) if row["assignment"] == "00_welcome")
    return row


def test_a_part_is_handed_out_by_copying_folders(course: Path) -> None:
    type_into(course, block(PAGE, "sh", "mkdir").text)
    there = sorted(path.name for path in (course.parent / "handout").iterdir())
    assert there == ["00_welcome", "01_computation_graphs", "02_backprop_by_hand", "03_gradient_descent", "04_mlp"]


@pytest.mark.slow
def test_a_notebook_is_left_out_of_an_assignment(course: Path) -> None:
    shutil.rmtree(course / "course" / "01_computation_graphs")
    type_into(course, block(PAGE, "sh", "rm solutions").text)
    assert [path.name for path in (course / "course" / "01_computation_graphs").iterdir()] == [
        "computation_graphs.ipynb"
    ]


@pytest.mark.parametrize("change", ["taken out", "added"])
def test_notebooks_of_an_assignment_with_submissions_come_back_with_what_solutions_held(
    change: str, tmp_path: Path
) -> None:
    course = small_course.make_course(tmp_path / "course")
    source, given = (course / name / small_course.ASSIGNMENT for name in ("solutions", "course"))
    notebook, other = source / f"{small_course.NOTEBOOK}.ipynb", source / "other.ipynb"
    shutil.copy(notebook, other)
    api = nbgrader_api(course)
    assert api.generate_assignment(small_course.ASSIGNMENT)["success"]
    with api.gradebook as gradebook:
        gradebook.add_student("ada")
        gradebook.add_submission(small_course.ASSIGNMENT, "ada")
    changed = (
        other.rename(tmp_path / "other.ipynb") if change == "taken out" else shutil.copy(other, source / "new.ipynb")
    )
    refused = api.generate_assignment(small_course.ASSIGNMENT, force=True)
    assert not refused["success"]
    assert "Cannot modify existing assignment" in refused["log"]
    assert not given.exists()
    if change == "taken out":
        changed.rename(other)
    else:
        changed.unlink()
    assert api.generate_assignment(small_course.ASSIGNMENT, force=True)["success"]
    assert sorted(path.name for path in given.iterdir()) == ["other.ipynb", f"{small_course.NOTEBOOK}.ipynb"]
    with api.gradebook as gradebook:
        assert gradebook.find_submission(small_course.ASSIGNMENT, "ada")


@pytest.mark.slow
def test_points_are_those_of_the_gradebook(course: Path) -> None:
    """A student who holds the notebook with the old points gets the new ones."""
    type_into(course, "nbgrader generate_assignment 00_welcome --force")
    hand_in(course)
    type_into(course, "nnkit grade 00_welcome")
    assert (float(marks(course)["score"]), float(marks(course)["max_score"])) == (1, 4)
    write(block(PAGE, "python", "nbformat.read"), course)
    told = type_into(course, block(PAGE, "sh", "points.py").text)
    assert "1 graded, 0 unchanged" in told
    assert (float(marks(course)["score"]), float(marks(course)["max_score"])) == (3, 6)


@pytest.mark.slow
def test_late_work_loses_what_the_rule_says(course: Path) -> None:
    type_into(course, "nbgrader generate_assignment 00_welcome --force")
    type_into(course, block(PAGE, "sh", "--duedate").text)
    hand_in(course, "2027-01-17 00:30:00 UTC")  # two days have begun
    type_into(course, "nnkit grade 00_welcome")
    assert float(marks(course)["score"]) == 1
    write(block(PAGE, "python", "class TenthADay"), course)
    configure(course, block(PAGE, "python", "plugin_class").text)
    type_into(course, block(PAGE, "sh", "nbgrader export").text)
    row = marks(course)
    assert (float(row["raw_score"]), float(row["late_submission_penalty"]), float(row["score"])) == (1, 0.2, 0.8)


@pytest.mark.slow
def test_late_work_may_lose_everything(course: Path) -> None:
    type_into(course, "nbgrader generate_assignment 00_welcome --force")
    type_into(course, block(PAGE, "sh", "--duedate").text)
    configure(course, block(PAGE, "python", "penalty_method").text)
    hand_in(course, "2027-01-16 00:30:00 UTC")
    type_into(course, "nnkit grade 00_welcome")
    assert float(marks(course)["score"]) == 0


def own_data(folder: Path) -> dict[str, Any]:
    """The notebook of sequences with the page's line in the place of the course's, and a series beside it."""
    notebook = json.loads((REPOSITORY / "solutions" / "06_rnn" / "sequences.ipynb").read_text(encoding="utf-8"))
    cells = {cell["id"]: cell for cell in notebook["cells"]}
    source = "".join(cells["parts"]["source"])
    replaced = block(PAGE, "python", "in sunspots()").text
    assert replaced in source
    cells["parts"]["source"] = source.replace(replaced, block(PAGE, "python", "np.loadtxt").text)
    assert "demo" in cells["parts"]["metadata"]["tags"]
    head = block(PAGE, "text", "year,value").text.splitlines()[0]
    rows = [f"{year},{50 + 50 * np.sin(year):.1f}" for year in range(1700, 2009)]
    (folder / "own_series.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return notebook


def test_the_course_reads_a_series_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPLBACKEND", "agg")
    notebook = own_data(tmp_path)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for cell in notebook["cells"]:
        if cell["id"] in ("imports", "parts"):
            exec("".join(cell["source"]), names)
    assert len(names["yearly"]) == 309
    assert names["yearly"][0] == pytest.approx(50 + 50 * np.sin(1700), abs=0.05)
    assert names["training"].sum() > 0
    assert names["test"].sum() > 0


@pytest.mark.parametrize(
    ("exercise", "answers"), [("masked_mean_loss", masked_mean_loss), ("pad_sequences", pad_sequences)]
)
def test_checks_stay_valid_because_they_draw_their_own_cases(exercise: str, answers: Any, tmp_path: Path) -> None:
    """In the namespace of a notebook with other data, as in any other."""
    names: dict[str, Any] = {"np": np, "years": np.arange(3), "yearly": np.zeros(3)}
    exec(next(iter(answers.RIGHT.values())), names)
    assert evaluate(exercise, names).passed


@pytest.mark.slow
def test_a_file_beside_a_notebook_is_handed_out_with_it(course: Path) -> None:
    (course / "solutions" / "06_rnn").mkdir()
    notebook = own_data(course / "solutions" / "06_rnn")
    (course / "solutions" / "06_rnn" / "sequences.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    type_into(course, block(PAGE, "sh", "nnkit execute").text)
    released = {path.name for path in (course / "course" / "06_rnn").iterdir()}
    assert {"own_series.csv", "sequences.ipynb"} <= released
    assert "own_series.csv" in (course / "course" / "06_rnn" / "sequences.ipynb").read_text(encoding="utf-8")


def test_every_block_of_the_page_is_tried_here() -> None:
    assert [one.text.split()[0] for one in blocks(PAGE, "sh")] == [
        "mkdir",
        "rm",
        "python",
        "nbgrader",
        "export",
        "nnkit",
    ]
    assert [one.file for one in blocks(PAGE, "python")] == ["points.py", "", "late.py", "", "", ""]
