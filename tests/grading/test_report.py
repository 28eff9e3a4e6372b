"""`nnkit report`, as an instructor types it, on a small class that is graded once."""

from __future__ import annotations

import csv
import os
import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from nnkit.cli import main
from nnkit.grading.course.steps import nbgrader_api, run_step
from tests.grading import small_course
from tests.grading.small_course import ASSIGNMENT, cell, hand_in, released, solved
from tests.grading.whole_class import grade

CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Small (5),Essay (6)\n    Points Possible,,,,,6,10\n"
    '"Lovelace, Ada",11,,ada@uni.example,A,,1\n"Boole, Bob",12,bob,b12,A,2.00,2\n"Chi, Ada",13,,chi,A,4.00,3\n'
    '"Day, Fay",14,,fay,A,,4\n'
)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ada's written answer is marked; Bob's, wrong in the check, waits; Fay was late; Chi has handed in nothing."""
    course = small_course.make_course(tmp_path_factory.mktemp("course"))
    api = nbgrader_api(course)
    run_step("generate", api.generate_assignment(ASSIGNMENT))
    wrong = solved(course)
    cell(wrong, "double").source = "def double(x):\n    return x + 2"
    late = solved(course)
    cell(late, "why").source = cell(released(course), "why").source  # untouched: nobody has to read it
    for student, notebook in {"ada": solved(course), "bob": wrong, "fay": late}.items():
        hand_in(course, student, notebook)
    done = grade(course)
    assert done.returncode == 0, done.stderr
    assert "`nnkit report` sums up what is graded" in done.stdout
    assert "for being late" not in done.stdout  # nobody is yet
    with api.gradebook as gradebook:
        gradebook.update_or_create_student("ada", first_name="Ada", last_name="Lovelace, Countess")
        gradebook.add_student("chi", first_name="Χί", email="chi@example.org")
        mark = gradebook.find_grade("why", "small", ASSIGNMENT, "ada")
        mark.manual_score, mark.needs_manual_grade, mark.extra_credit = 2.0, False, 0.25
        gradebook.find_submission_notebook("small", ASSIGNMENT, "fay").late_submission_penalty = 0.5
        gradebook.db.commit()
    return course


def report(course: Path, *arguments: str) -> int:
    return main(["report", "--course", str(course), *arguments])


def table(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row.get("student") or row.get("ID") or row.get("Username") or "": row for row in rows}


def test_marks_are_those_of_nbgraders_own_export(course: Path, tmp_path: Path) -> None:
    from nbgrader.plugins import CsvExportPlugin

    assert report(course, "--out", str(tmp_path)) == 0
    with nbgrader_api(course).gradebook as gradebook:
        CsvExportPlugin(to=str(tmp_path / "grades.csv")).export(gradebook)
    # nbgrader writes a comma in a name as it is, so the score is counted from the end of the line.
    lines = (tmp_path / "grades.csv").read_text(encoding="utf-8").splitlines()[1:]
    scores = {line.split(",")[3]: float(line.split(",")[-2]) for line in lines}
    rows = table(tmp_path / "marks.csv")
    assert scores == {"ada": 5.25, "bob": 1.0, "chi": 0.0, "fay": 2.5}
    assert {student: float(row["total"]) for student, row in rows.items()} == scores
    assert rows["ada"]["last_name"] == "Lovelace, Countess"
    assert {row["out_of"] for row in rows.values()} == {"6"}
    assert {student for student, row in rows.items() if row["not_final"] == ASSIGNMENT} == {"bob"}
    assert {student for student, row in rows.items() if row["nothing_handed_in"] == ASSIGNMENT} == {"chi"}
    assert (tmp_path / "marks.csv").read_bytes().startswith(b"\xef\xbb\xbf")  # by which Excel reads Χί


def test_the_terminal_gets_a_summary_with_the_commonest_causes(
    course: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(course, "--out", str(tmp_path)) == 0
    said = capsys.readouterr().out
    assert re.search(rf"{ASSIGNMENT} +2 +1 +1 +3.9 of 6", said)
    assert "double: " in said
    assert "return x + 2" in said


def test_the_table_of_grading_says_that_lateness_is_not_taken_off_in_it(course: Path, tmp_path: Path) -> None:
    done = grade(course, "--out", str(tmp_path))
    assert f"{ASSIGNMENT}: 0 graded, 3 unchanged" in done.stdout
    assert re.search(r"^fay +3 of 6$", done.stdout, re.MULTILINE)
    assert "\nBefore what is taken off for being late; `nnkit report` takes it off.\n" in done.stdout


def test_the_page_says_who_has_what_and_leads_to_the_assignment(course: Path, tmp_path: Path) -> None:
    assert report(course, "--out", str(tmp_path)) == 0
    page = (tmp_path / "overview.html").read_text(encoding="utf-8")
    rows = {
        re.sub("<[^>]+>", " ", row).split()[0]: " ".join(re.sub("<[^>]+>", " ", row).split())
        for row in re.findall(r"<tr>.*?</tr>", page)
    }
    assert "5.25" in rows["Lovelace,"]
    assert "1 + not final" in rows["bob"]
    assert "nothing handed in" in rows["Χί"]
    assert "2.5 late: −0.5" in rows["fay"]
    assert page.count("<caption>") == page.count("<table") >= 3
    assert f'href="{ASSIGNMENT}.html#exercise-1"' in page
    assert "return x + 2" in page
    assert (tmp_path / f"{ASSIGNMENT}.html").is_file()


def test_nothing_is_graded_and_nothing_in_the_gradebook_changes(course: Path, tmp_path: Path) -> None:
    def contents() -> tuple[list[str], dict[Path, int]]:
        with sqlite3.connect(course / "gradebook.db") as database:
            rows = list(database.iterdump())
        return rows, {path: path.stat().st_mtime_ns for path in (course / "autograded").rglob("*")}

    before = contents()
    assert report(course, ASSIGNMENT, "--canvas", "--moodle", "--out", str(tmp_path)) == 0
    assert contents() == before


def test_an_assignment_that_is_named_leaves_the_overview_and_the_marks_whole(
    course: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both = Path(shutil.copytree(course, tmp_path / "both", symlinks=True))
    shutil.copytree(both / "solutions" / ASSIGNMENT, both / "solutions" / "02_more")
    api = nbgrader_api(both)
    run_step("generate", api.generate_assignment("02_more"))
    with api.gradebook as gradebook:
        gradebook.add_submission("02_more", "ada")
    (tmp_path / "export.csv").write_text(CANVAS, encoding="utf-8")
    assert report(both, ASSIGNMENT, "--canvas", str(tmp_path / "export.csv")) == 0
    said = capsys.readouterr().out
    reports = both / "reports"
    (ada,) = (row for student, row in table(reports / "marks.csv").items() if student == "ada")
    assert (ada[ASSIGNMENT], ada["02_more"], ada["out_of"]) == ("5.25", "0", "12")
    page = (reports / "overview.html").read_text(encoding="utf-8")
    for name in (ASSIGNMENT, "02_more"):
        assert f'href="{name}.html"' in page
        assert (reports / f"{name}.html").is_file()
    assert list(table(reports / "canvas.csv")["11"])[-1] == "Small (5)"
    assert not re.search("^02_more ", said, re.MULTILINE)  # the summary and the platform are about what was named


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_what_names_students_is_its_owners_to_read(course: Path, tmp_path: Path) -> None:
    tmp_path.joinpath("marks.csv").touch(0o644)  # as an earlier version has left it
    before = os.umask(0)
    try:
        assert report(course, "--canvas", "--moodle", "--out", str(tmp_path)) == 0
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert {"overview.html", "marks.csv", "canvas.csv", f"moodle_{ASSIGNMENT}.csv", f"{ASSIGNMENT}.csv"} < modes.keys()
    assert set(modes.values()) == {0o600}


def test_an_export_is_filled_in_and_the_same_again_the_next_time(course: Path, tmp_path: Path) -> None:
    (tmp_path / "from canvas.csv").write_text(CANVAS, encoding="utf-8")
    written = []
    for _ in range(2):
        assert report(course, "--canvas", str(tmp_path / "from canvas.csv"), "--out", str(tmp_path)) == 0
        written.append((tmp_path / "canvas.csv").read_bytes())
    assert written[0] == written[1]
    rows = table(tmp_path / "canvas.csv")
    assert {row["ID"]: row["Small (5)"] for row in rows.values() if row["ID"]} == {
        "11": "5.25",
        "12": "2.00",
        "13": "4.00",
        "14": "2.5",
    }
    assert "Essay (6)" not in rows["11"]
    assert (tmp_path / "from canvas.csv").read_text(encoding="utf-8") == CANVAS


def test_who_is_not_in_the_export_is_named_and_the_command_says_that_it_failed(
    course: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "export.csv").write_text(CANVAS.replace("fay,A", "f.day,A"), encoding="utf-8")
    assert report(course, "--canvas", str(tmp_path / "export.csv"), "--out", str(tmp_path)) == 1
    assert "Not in export.csv, so not written: fay." in capsys.readouterr().err
    assert table(tmp_path / "canvas.csv")["11"]["Small (5)"] == "5.25"


def test_plain_files_provisional_marks_and_zeros(course: Path, tmp_path: Path) -> None:
    assert report(course, "--moodle", "--out", str(tmp_path)) == 0
    assert set(table(tmp_path / f"moodle_{ASSIGNMENT}.csv")) == {"ada", "fay"}
    assert report(course, "--moodle", "--provisional", "--missing-as-zero", "--out", str(tmp_path)) == 0
    rows = table(tmp_path / f"moodle_{ASSIGNMENT}.csv")
    assert {student: row[ASSIGNMENT] for student, row in rows.items()} == {
        "ada": "5.25",
        "bob": "1",
        "chi": "0",
        "fay": "2.5",
    }
    assert report(course, "--moodle", "--out-of", "100", "--out", str(tmp_path)) == 0
    assert table(tmp_path / f"moodle_{ASSIGNMENT}.csv")["ada"][ASSIGNMENT] == "87.5"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["02_none"], f"There is no assignment 02_none; there are {ASSIGNMENT}."),
        (["smal"], f"There is no assignment smal. Did you mean {ASSIGNMENT}?"),
        (["--canvas", "none.csv"], "none.csv cannot be read"),
        (["--canvas", ASSIGNMENT], f"{ASSIGNMENT} cannot be read"),
        (["--column", "Small"], "--column should be ASSIGNMENT=COLUMN, but is 'Small'."),
        (["--column", "07_x=Small"], "--column names 07_x, which is not reported on"),
        (["--out-of", "0"], "--out-of should be a number of points above 0"),
        (["--db", "sqlite:////nowhere/at/all.db"], "There is no gradebook /nowhere/at/all.db"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence_and_nothing_is_written(
    course: Path, arguments: list[str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(course, *arguments, "--out", str(tmp_path / "new")) == 1
    said = capsys.readouterr().err
    assert sentence in said
    assert "Traceback" not in said
    assert not (tmp_path / "new").exists()


def test_without_anything_graded_no_gradebook_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = small_course.make_course(tmp_path)
    assert report(empty) == 1
    assert "There is no gradebook" in capsys.readouterr().err
    assert not (empty / "gradebook.db").exists()
