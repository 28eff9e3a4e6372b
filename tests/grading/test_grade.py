"""`nnkit grade`, as an instructor types it."""

from __future__ import annotations

import csv
import os
import subprocess
from pathlib import Path

import pytest
from nbformat import NotebookNode

from nnkit.cli import main
from nnkit.grading.course.steps import nbgrader_api, run_step
from nnkit.grading.marks.class_table import Entry, as_csv, read_class
from nnkit.grading.run.sandbox import why_no_sandbox
from tests.grading import small_course
from tests.grading.small_course import ASSIGNMENT, NOTEBOOK, cell, graded, hand_in, released, solved
from tests.grading.whole_class import grade


def wrong(course: Path) -> NotebookNode:
    notebook = solved(course)
    cell(notebook, "double").source = "def double(x):\n    return x + 2"
    return notebook


@pytest.fixture(scope="module")
def graded_class(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    course = new_course(tmp_path_factory.mktemp("course"))
    hand_in(course, "ada", solved(course))
    hand_in(course, "bob", wrong(course))
    hand_in(course, "eve", "no notebook")
    hand_in(course, "fay", released(course))
    return course, grade(course, "--feedback")


def new_course(folder: Path) -> Path:
    course = small_course.make_course(folder)
    run_step("generate", nbgrader_api(course).generate_assignment(ASSIGNMENT))
    return course


def entry(course: Path, student: str, exercise: str) -> Entry:
    found = read_class(nbgrader_api(course), ASSIGNMENT)
    return next(one for one in found if (one.student, one.exercise) == (student, exercise))


def test_every_student_has_a_row_with_points(
    graded_class: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    _, done = graded_class
    assert done.returncode == 0, done.stdout + done.stderr
    rows = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines()[2:6]}
    assert rows == {
        "ada": ["3", "of", "6", "?"],
        "bob": ["1", "of", "6", "?"],
        "eve": ["0", "of", "6", "?"],
        "fay": ["0", "of", "6"],
    }
    assert f"{ASSIGNMENT}: 4 graded, 0 unchanged" in done.stdout


def test_what_a_person_has_to_do_is_said(graded_class: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    _, done = graded_class
    assert f"eve, {NOTEBOOK}: file unreadable. it is not JSON" in done.stdout
    assert "Not graded well" not in done.stdout


def test_the_table_is_written_as_csv(graded_class: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    course, _ = graded_class
    with (course / "reports" / f"{ASSIGNMENT}.csv").open(encoding="utf-8", newline="") as file:
        rows = {(row["student"], row["exercise"]): row for row in csv.DictReader(file)}
    assert rows["ada", "double"]["points"] == "2"
    assert rows["bob", "double"]["outcome"] == "wrong"
    assert rows["bob", "double"]["cause"]
    assert len(rows) == 4 * 3


@pytest.mark.parametrize("text", ["=1+1", "\t=1+1", "\r\n@SUM(A1)", "-2+3", "+cmd|'/C calc'!A0", "\0=x"])
def test_no_program_for_tables_computes_what_a_student_wrote(text: str) -> None:
    rows = as_csv([Entry(text, "01", "graphs", "neuron", "wrong", text, 0.0, 2.0, False)]).splitlines()
    assert len(rows) == 2
    first, *_, last = next(csv.reader([rows[1]]))
    assert first == last
    assert first.startswith("'")
    assert first.isprintable()


def test_feedback_is_written_when_it_is_asked_for(
    graded_class: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    course, _ = graded_class
    page = (course / "feedback" / "bob" / ASSIGNMENT / f"{NOTEBOOK}.html").read_text(encoding="utf-8")
    assert "double: not yet" in page


def test_only_what_has_changed_is_graded_again(tmp_path: Path) -> None:
    course = new_course(tmp_path)
    for student in ("ada", "bob"):
        hand_in(course, student, solved(course))
    assert ": 2 graded, 0 unchanged" in grade(course).stdout
    assert ": 0 graded, 2 unchanged" in grade(course).stdout
    hand_in(course, "bob", wrong(course))
    assert ": 1 graded, 1 unchanged" in grade(course).stdout
    assert entry(course, "bob", "double").points == 0.0
    assert ": 2 graded, 0 unchanged" in grade(course, "--force").stdout


def test_cells_are_numbered_in_order_those_that_are_judged_too(
    graded_class: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    course, _ = graded_class
    numbers = [one.execution_count for one in graded(course, "ada").cells if one.cell_type == "code"]
    assert numbers == [1, 2, 3, 4, 5, 6]


def test_a_report_on_the_class_is_written(graded_class: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    course, _ = graded_class
    page = (course / "reports" / f"{ASSIGNMENT}.html").read_text(encoding="utf-8")
    assert "double" in page
    assert "eve" in page


def test_some_students_can_be_asked_for(tmp_path: Path) -> None:
    course = new_course(tmp_path)
    for student in ("ada", "adam", "bob", "[a]"):
        hand_in(course, student, solved(course))
    assert ": 3 graded" in grade(course, "--student", "ada*", "--student", "[a]").stdout
    assert not (course / "autograded" / "bob").exists()


def test_a_cell_gets_the_seconds_that_are_given(tmp_path: Path) -> None:
    course = new_course(tmp_path)
    notebook = solved(course)
    cell(notebook, "triple").source = "import time\ntime.sleep(60)\ndef triple(x):\n    return three * x"
    hand_in(course, "ada", notebook)
    done = grade(course, "--timeout", "1")
    assert done.returncode == 0, done.stderr
    assert entry(course, "ada", "double").points == 2.0
    assert entry(course, "ada", "test_triple").points == 0.0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["02_none"], "There is no assignment 02_none; there are 01_small."),
        ([ASSIGNMENT, "01_sm"], "There is no assignment 01_sm. Did you mean 01_small?"),
        ([f"solutions/{ASSIGNMENT}/"], f"Nothing that * handed in for {ASSIGNMENT} is in"),
        ([ASSIGNMENT], f"Nothing that * handed in for {ASSIGNMENT} is in"),
        ([ASSIGNMENT, "--student", "zoe"], "Nothing that zoe handed in"),
        ([ASSIGNMENT, "--jobs", "0"], "--jobs should be 1 or more, but is 0."),
        ([ASSIGNMENT, "--db", "sqlite:////nowhere/at/all.db"], "The gradebook"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    arguments: list[str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course = new_course(tmp_path)
    assert main(["grade", *arguments, "--course", str(course)]) == 1
    said = capsys.readouterr()
    assert sentence in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("setting", "reason"),
    [
        ("c.Autograde.exporter_class = 'nbconvert.exporters.NotebookExporter'", "exporter_class"),
        ("c.Autograde.pre_convert_hook = lambda **_: None", "hook"),
        ("class Own(nbgrader.preprocessors.SaveAutoGrades): pass\nc.Autograde.autograde_preprocessors += [Own]", "Own"),
    ],
)
def test_settings_that_only_nbgrader_can_follow_are_refused(
    setting: str, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course = new_course(tmp_path)
    hand_in(course, "ada", solved(course))
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(f"\nimport nbgrader.preprocessors\n{setting}\n")
    assert main(["grade", ASSIGNMENT, "--course", str(course)]) == 1
    said = capsys.readouterr().err
    assert "`nbgrader autograde` only" in said
    assert reason in said


def test_a_step_of_the_instructors_own_is_taken(tmp_path: Path) -> None:
    course = new_course(tmp_path)
    hand_in(course, "ada", solved(course))
    (course / "own_step.py").write_text(
        "from nbgrader.preprocessors import NbGraderPreprocessor\n\n\n"
        "class Stamp(NbGraderPreprocessor):\n"
        "    def preprocess(self, nb, resources):\n"
        "        nb.metadata['stamp'] = resources['nbgrader']['student']\n"
        "        return nb, resources\n"
    )
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write("\nc.Autograde.autograde_preprocessors.append('own_step.Stamp')\n")
    done = grade(course, PYTHONPATH=os.pathsep.join([str(course), os.environ.get("PYTHONPATH", "")]))
    assert done.returncode == 0, done.stderr
    assert graded(course, "ada").metadata["stamp"] == "ada"


@pytest.mark.skipif(bool(why_no_sandbox()), reason="no sandbox can be had here")
def test_without_a_sandbox_it_refuses_unless_it_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    course = new_course(tmp_path)
    hand_in(course, "ada", solved(course))
    monkeypatch.setattr("nnkit.grading.run.execution.why_no_sandbox", lambda: "there is no program called bwrap")
    assert main(["grade", ASSIGNMENT, "--course", str(course)]) == 1
    assert "sudo apt install bubblewrap" in capsys.readouterr().err
    done = grade(course, "--unsafe-no-sandbox")
    assert done.returncode == 0, done.stderr
    assert graded(course, "ada").metadata["nnkit"]["unsafe"] == "Run without a sandbox."
    assert "without a sandbox" in done.stdout
