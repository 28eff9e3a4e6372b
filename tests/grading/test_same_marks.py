"""`nnkit grade` and `nbgrader autograde` give the same, and nothing of a person is lost, whichever comes first."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook

from nnkit.grading.course.steps import nbgrader_api, run_step
from nnkit.grading.marks.gradebook import ClassGradebook
from tests.grading import small_course
from tests.grading.small_course import ASSIGNMENT, NOTEBOOK, cell, hand_in, solved
from tests.grading.test_shadow import archive
from tests.grading.test_traps import TRAPS
from tests.grading.whole_class import SECRET, counts, database, differences, files, grade, gradebook

# Those that only end by a limit of time, and one that prints what differs between two runs, are left out.
OTHERWISE = {name for name in TRAPS if "endless" in name} | {"asks_for_input", "prints_its_environment"}
SAME = [name for name in TRAPS if name not in OTHERWISE]
DUE = "2026-11-20 12:00:00 UTC"
PLUGIN = '''
"""What is handed in late costs a point for every day that has begun."""

from nbgrader.plugins import BasePlugin


class PointsPerDay(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return (total_seconds_late // 86400 + 1) * 0.75
'''
SETTINGS = {
    "none": "",
    "zero": 'c.LateSubmissionPlugin.penalty_method = "zero"\n',
    "own": 'c.AssignLatePenalties.plugin_class = "points_per_day.PointsPerDay"\n',
}


def new_course(folder: Path, settings: str) -> Path:
    course = small_course.make_course(folder, settings)
    (course / "points_per_day.py").write_text(PLUGIN)
    (course / "solutions" / ASSIGNMENT / "given.csv").write_text("1,2\n")
    (course / "solutions" / ASSIGNMENT / "data").mkdir()
    (course / "solutions" / ASSIGNMENT / "data" / "more.csv").write_text("3\n")
    run_step("generate", nbgrader_api(course).generate_assignment(ASSIGNMENT))
    with Gradebook(database(course)) as book:
        book.update_or_create_assignment(ASSIGNMENT, duedate=DUE)
    return course


def fill_with_everything(course: Path) -> None:
    for student in SAME:
        hand_in(course, student, TRAPS[student][0](course))
    right = nbformat.writes(solved(course), version=4).encode()
    for student, members in {
        "renamed": {"mine.ipynb": right},
        "nested": {"my [home] work/small (1).ipynb": right, "my [home] work/helper.py": b"x = 1"},
        "zipped": {"all.zip": archive(**{"small.ipynb": right, "own.csv": b"1"})},
        "two answers": {"small_a.ipynb": right, "small_b.ipynb": right.replace(b"2 * x", b"3 * x")},
        "nothing of it": {"notes.txt": b"later"},
        "files beside": {"small.ipynb": right, "given.csv": b"mine", "data": b"a file", "own/x.csv": b"1"},
        "stamped badly": {"small.ipynb": right, "timestamp.txt": b"yesterday, maybe"},
        "ünïcode [x]": {"small.ipynb": right},
        "utf-16": {"small.ipynb": right.decode().encode("utf-16")},
    }.items():
        for name, content in members.items():
            path = course / "submitted" / student / ASSIGNMENT / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    without = solved(course)
    without.cells.insert(5, new_code_cell("three + 1", id="own"))
    del without.cells[5]["outputs"]
    hand_in(course, "without outputs", json.dumps(without))


def fill_with_late_ones(course: Path) -> None:
    """In time, late, very late, late with an extension that is long enough, and with one that is not."""
    wrong = solved(course)
    cell(wrong, "double").source = "def double(x):\n    return x"
    for student, stamp in (
        ("in time", "2026-11-20 11:59:59 UTC"),
        ("late", "2026-11-20 12:00:00.5 UTC"),
        ("very late", "2026-11-24 12:00:00 Europe/Berlin"),
        ("extended", "2026-11-21 11:00:00 UTC"),
        ("too late all the same", "2026-11-23 11:00:00 UTC"),
        ("late and wrong", "2026-11-22 12:00:00 UTC"),
        ("without a time", ""),
    ):
        hand_in(course, student, wrong if "wrong" in student else solved(course))
        if stamp:
            (course / "submitted" / student / ASSIGNMENT / "timestamp.txt").write_text(stamp)
    with Gradebook(database(course)) as book:
        for student in ("extended", "too late all the same"):
            book.add_student(student)
            book.add_submission(ASSIGNMENT, student)
            book.grant_extension(ASSIGNMENT, student, days=1)


def autograde(course: Path, *arguments: str) -> None:
    done = small_course.nbgrader(
        course, "autograde", ASSIGNMENT, *arguments, NNKIT_GRADING_SECRET=SECRET, PYTHONPATH=path(course)
    )
    assert done.returncode == 0, done.stderr[-3000:]


def nnkit_grade(course: Path, *arguments: str) -> tuple[int, int]:
    return counts(grade(course, *arguments, PYTHONPATH=path(course)))


def path(course: Path) -> str:
    return f"{course}:{small_course.REPOSITORY}"


def mark_by_hand(course: Path) -> None:
    """What a person does in the formgrader."""
    with Gradebook(database(course)) as book:
        for student, name, score, extra in (("perfect", "why", 2.5, 0.5), ("untouched", "test_double", 1.0, None)):
            found = book.find_grade(name, NOTEBOOK, ASSIGNMENT, student)
            found.manual_score, found.extra_credit, found.needs_manual_grade = score, extra, False
            book.find_comment("why", NOTEBOOK, ASSIGNMENT, student).manual_comment = "Well seen – ∂."
        book.find_submission_notebook(NOTEBOOK, ASSIGNMENT, "perfect").flagged = True
        book.find_student("perfect").first_name = "Ada"
        book.db.commit()


def persons_marks(course: Path) -> list[tuple[object, ...]]:
    with Gradebook(database(course)) as book:
        found: list[tuple[object, ...]] = [("name", book.find_student("perfect").first_name)]
        found.append(("flagged", book.find_submission_notebook(NOTEBOOK, ASSIGNMENT, "perfect").flagged))
        for student in ("perfect", "untouched"):
            for one in sorted(book.find_submission(ASSIGNMENT, student).notebooks[0].grades, key=lambda one: one.name):
                found.append((student, one.name, one.manual_score, one.extra_credit))
            comment = book.find_comment("why", NOTEBOOK, ASSIGNMENT, student)
            found.append((student, comment.manual_comment))
    return found


def assert_same(one: Path, other: Path) -> None:
    assert not differences(gradebook(database(one)), gradebook(database(other)))
    assert not differences(files(one), files(other))


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same class twice, graded by either command."""
    folder = tmp_path_factory.mktemp("both")
    by_nbgrader = new_course(folder / "course", "")
    fill_with_everything(by_nbgrader)
    by_nnkit = copy(by_nbgrader, folder / "other" / "course")
    autograde(by_nbgrader)
    graded, unchanged = nnkit_grade(by_nnkit)
    assert (graded, unchanged) == (len(list((by_nnkit / "submitted").iterdir())), 0)
    return by_nbgrader, by_nnkit


def copy(course: Path, place: Path) -> Path:
    return Path(shutil.copytree(course, place))


def test_both_commands_give_the_same(both: tuple[Path, Path]) -> None:
    assert_same(*both)
    assert len(gradebook(database(both[0]))["submitted_assignment"]) > 40
    assert len(files(both[0])) > 120


def test_nnkit_grade_over_a_class_that_nbgrader_has_graded(both: tuple[Path, Path], tmp_path: Path) -> None:
    course = copy(both[0], tmp_path / "course")
    mark_by_hand(course)
    before = persons_marks(course)
    assert ("perfect", "why", 2.5, 0.5) in before
    assert nnkit_grade(course)[1] == 0
    assert persons_marks(course) == before
    # As nbgrader does over its own.
    own = copy(both[0], tmp_path / "own" / "course")
    mark_by_hand(own)
    autograde(own, "--force")
    assert_same(course, own)


def test_nbgrader_over_a_class_that_nnkit_has_graded(both: tuple[Path, Path], tmp_path: Path) -> None:
    course = copy(both[1], tmp_path / "course")
    mark_by_hand(course)
    before = persons_marks(course)
    autograde(course, "--force")
    assert persons_marks(course) == before
    own = copy(both[1], tmp_path / "own" / "course")
    mark_by_hand(own)
    nnkit_grade(own, "--force")
    assert persons_marks(own) == before
    assert_same(course, own)


@pytest.mark.parametrize("method", SETTINGS)
def test_what_is_late_costs_the_same(method: str, tmp_path: Path) -> None:
    course = new_course(tmp_path / "course", SETTINGS[method])
    fill_with_late_ones(course)
    other = copy(course, tmp_path / "other" / "course")
    autograde(course)
    assert nnkit_grade(other) == (7, 0)
    assert_same(course, other)
    with Gradebook(database(other)) as book:
        penalties = {
            one.student.id: one.notebooks[0].late_submission_penalty for one in book.assignment_submissions(ASSIGNMENT)
        }
    expected = {
        "none": {},
        "zero": {"late": 3.0, "very late": 3.0, "too late all the same": 3.0, "late and wrong": 1.0},
        "own": {"late": 0.75, "very late": 3.0, "too late all the same": 1.5, "late and wrong": 1.0},
    }[method]
    assert {student: penalty for student, penalty in penalties.items() if penalty is not None} == expected
    assert nnkit_grade(other) == (0, 7)


def test_a_student_whom_another_program_adds_at_the_same_moment_is_graded(tmp_path: Path) -> None:
    """Two commands that grade different assignments meet the same new student."""
    course = new_course(tmp_path / "course", "")
    with Gradebook(database(course)) as book:
        book.add_student("ada")
    own = ClassGradebook(database(course), "", ASSIGNMENT)
    get, asked = own._db.get, []

    def get_too_early(kind: object, key: str) -> object:
        asked.append(key)
        return get(kind, key) if len(asked) > 1 else None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(own._db, "get", get_too_early)
        assert own.save("ada", None, {}) == 0.0
    own.close()
    assert asked == ["ada", "ada"]
    with Gradebook(database(course)) as book:
        assert book.find_submission(ASSIGNMENT, "ada").notebooks
