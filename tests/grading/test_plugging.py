"""nbgrader's own commands grade a whole class, whatever its folders hold and whatever happens to one of it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.nbgraderformat import SchemaTooNewError, SchemaTooOldError
from nbgrader.preprocessors.execute import UnresponsiveKernelError
from sqlalchemy.exc import OperationalError

from nnkit.grading.course.steps import nbgrader_api
from nnkit.grading.intake import plugging
from nnkit.grading.intake.repair import RepairSubmission
from nnkit.grading.marks.class_table import Entry, read_class
from nnkit.grading.marks.scoring import SaveOutcomes
from nnkit.grading.run.execution import ExecuteSubmission
from nnkit.grading.run.sandbox import NoSandbox
from tests.grading import small_course
from tests.grading.small_course import ASSIGNMENT, NOTEBOOK, cell, hand_in, solved, writing_of
from tests.grading.test_shadow import archive
from tests.grading.whole_class import files

SETTINGS = 'c.GenerateFeedback.exporter_class = "nnkit.grading.submissions.FeedbackExporter"\n'
STOCK = {
    "Autograde": {"exporter_class": "nbconvert.exporters.NotebookExporter"},
    "GenerateFeedback": {"exporter_class": "nbconvert.exporters.HTMLExporter"},
}
RIGHT = {"double": "passed", "test_triple": "passed", "why": "needs a person"}
FOR_A_PERSON = dict.fromkeys(RIGHT, "needs a person")

Make = Callable[[Path, Path], None]
CLASS: dict[str, tuple[Make, dict[str, str]]] = {}


def student(name: str, expected: dict[str, str]) -> Callable[[Make], Make]:
    """Enter a student into the class: what makes the folder, and the outcome."""

    def enter(make: Make) -> Make:
        CLASS[name] = (make, expected)
        return make

    return enter


def right(course: Path, folder: Path, name: str = f"{NOTEBOOK}.ipynb") -> Path:
    """A right submission under a name of its own."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(solved(course), path)
    return path


for honest in ("aaa first", "honest", "zzz last", "[x]", "{y}", "a+b", "ünïcode", "*", "(?P<student_id>.*)", "it's"):
    student(honest, RIGHT)(lambda course, folder: right(course, folder) and None)


@student("renamed", RIGHT)
def _renamed(course: Path, folder: Path) -> None:
    right(course, folder, "mine.ipynb")


@student("copied", RIGHT)
def _copied(course: Path, folder: Path) -> None:
    shutil.copy(course / "course" / ASSIGNMENT / f"{NOTEBOOK}.ipynb", folder)
    right(course, folder, f"{NOTEBOOK}-Copy1.ipynb")


@student("nested", RIGHT)
def _nested(course: Path, folder: Path) -> None:
    right(course, folder, f"my [home] work/{NOTEBOOK} (1).ipynb")


@student("zipped", RIGHT)
def _zipped(course: Path, folder: Path) -> None:
    path = right(course, folder)
    (folder / "all.zip").write_bytes(archive(**{path.name: path.read_bytes()}))
    path.unlink()


@student("stamped", RIGHT)
def _stamped(course: Path, folder: Path) -> None:
    right(course, folder)
    (folder / "timestamp.txt").write_text("yesterday, maybe")


@student("stamped with a folder", RIGHT)
def _stamped_with_a_folder(course: Path, folder: Path) -> None:
    right(course, folder)
    (folder / "timestamp.txt").mkdir()


@student("stamped with a pipe", RIGHT)
def _stamped_with_a_pipe(course: Path, folder: Path) -> None:
    right(course, folder)
    os.mkfifo(folder / "timestamp.txt")


@student("links in circles", RIGHT)
def _links_in_circles(course: Path, folder: Path) -> None:
    right(course, folder)
    (folder / "again").symlink_to(folder)
    (folder / "dead").symlink_to("dead")


@student("a folder where the data is", RIGHT)
def _folder_for_data(course: Path, folder: Path) -> None:
    right(course, folder)
    (folder / "data.csv").mkdir()
    (folder / "data.csv" / "x.csv").write_text("mine")
    (folder / "more").write_text("a file where a folder is")


@student("data of my own", RIGHT)
def _own_data(course: Path, folder: Path) -> None:
    right(course, folder)
    (folder / "data.csv").write_text("mine")
    (folder / "helper.py").write_text("mine")


@student("a pipe", FOR_A_PERSON)
def _pipe(course: Path, folder: Path) -> None:
    os.mkfifo(folder / f"{NOTEBOOK}.ipynb")


@student("a folder", FOR_A_PERSON)
def _folder(course: Path, folder: Path) -> None:
    (folder / f"{NOTEBOOK}.ipynb").mkdir()


@student("nothing", FOR_A_PERSON)
def _nothing(course: Path, folder: Path) -> None:
    pass


@student("a link to the solution", FOR_A_PERSON)
def _link(course: Path, folder: Path) -> None:
    (folder / f"{NOTEBOOK}.ipynb").symlink_to(course / "solutions" / ASSIGNMENT / f"{NOTEBOOK}.ipynb")


@student("a link to another", FOR_A_PERSON)
def _link_to_another(course: Path, folder: Path) -> None:
    folder.rmdir()
    folder.symlink_to(course / "submitted" / "honest" / ASSIGNMENT)


@student("a linked student", FOR_A_PERSON)
def _linked_student(course: Path, folder: Path) -> None:
    shutil.rmtree(folder.parent)
    folder.parent.symlink_to(course / "submitted" / "honest")


@student("two answers", FOR_A_PERSON)
def _two_answers(course: Path, folder: Path) -> None:
    right(course, folder, f"{NOTEBOOK}-Copy1.ipynb")
    notebook = solved(course)
    cell(notebook, "double").source = "def double(x):\n    return x"
    nbformat.write(notebook, folder / f"{NOTEBOOK}-Copy2.ipynb")


def make_class(folder: Path, settings: str = SETTINGS) -> Path:
    course = small_course.make_course(folder, settings)
    place = course / "solutions" / ASSIGNMENT
    (place / "data.csv").write_text("theirs")
    (place / "more").mkdir()
    (place / "more" / "data.csv").write_text("theirs")
    made = nbgrader_api(course).generate_assignment(ASSIGNMENT)
    assert made["success"], made
    return course


def table(course: Path) -> dict[str, dict[str, Entry]]:
    found: dict[str, dict[str, Entry]] = {}
    for entry in read_class(nbgrader_api(course), ASSIGNMENT):
        found.setdefault(entry.student, {})[entry.exercise] = entry
    return found


def outcomes(entries: dict[str, Entry]) -> dict[str, str]:
    return {name: entry.outcome for name, entry in entries.items()}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole class, graded and given feedback by two commands; both must end well."""
    folder = make_class(tmp_path_factory.mktemp("plugged"))
    for name, (make, _) in CLASS.items():
        place = folder / "submitted" / name / ASSIGNMENT
        place.mkdir(parents=True)
        make(folder, place)
    for step in ("autograde", "generate_feedback"):
        done = small_course.nbgrader(folder, step, ASSIGNMENT)
        assert done.returncode == 0, done.stderr[-3000:]
    return folder


@pytest.fixture(scope="module")
def entries(course: Path) -> dict[str, dict[str, Entry]]:
    return table(course)


def test_everybody_has_a_row(entries: dict[str, dict[str, Entry]]) -> None:
    assert entries.keys() == CLASS.keys()


@pytest.mark.parametrize("name", CLASS)
def test_every_student_has_the_outcome_and_points(name: str, entries: dict[str, dict[str, Entry]]) -> None:
    expected = CLASS[name][1]
    found = entries[name]
    assert outcomes(found) == expected
    assert found["double"].points == (2.0 if expected is RIGHT else 0.0)
    assert found["test_triple"].points == (1.0 if expected is RIGHT else 0.0)
    assert found["why"].needs_person
    assert found["double"].needs_person == (expected is FOR_A_PERSON)


@pytest.mark.parametrize("name", CLASS)
def test_every_student_has_feedback(name: str, course: Path) -> None:
    text = (course / "feedback" / name / ASSIGNMENT / f"{NOTEBOOK}.html").read_text("utf-8")
    assert ("Nothing was graded here" in text) == (CLASS[name][1] is FOR_A_PERSON)


def test_it_is_noted_how_a_notebook_was_found(course: Path) -> None:
    assert "'mine.ipynb' was graded" in small_course.graded(course, "renamed").metadata.nnkit.handed_in[0]
    assert "a link" in " ".join(small_course.graded(course, "links in circles").metadata.nnkit.handed_in)
    assert "does not hold a time" in " ".join(small_course.graded(course, "stamped").metadata.nnkit.handed_in)
    assert "nnkit" not in small_course.graded(course, "honest").metadata


def test_instructors_files_lie_beside_and_students_where_there_are_none(course: Path) -> None:
    for name in CLASS:
        place = course / "autograded" / name / ASSIGNMENT
        assert (place / "data.csv").read_text() == "theirs"
        assert (place / "more" / "data.csv").read_text() == "theirs"
    assert (course / "autograded" / "data of my own" / ASSIGNMENT / "helper.py").read_text() == "mine"


def test_nothing_unfinished_and_no_link_is_left(course: Path) -> None:
    for step in ("autograded", "feedback"):
        for path in (course / step).rglob("*"):
            assert not path.name.startswith(plugging.UNFINISHED)
            assert not path.is_symlink()
            assert path.is_file() or path.is_dir()


def test_what_was_handed_in_is_as_it_was(course: Path) -> None:
    assert (course / "submitted" / "links in circles" / ASSIGNMENT / "again").is_symlink()
    assert (course / "submitted" / "a pipe" / ASSIGNMENT / f"{NOTEBOOK}.ipynb").is_fifo()
    assert not (course / "submitted" / "honest" / ASSIGNMENT / "data.csv").exists()


def test_what_a_person_has_put_right_is_graded_without_being_told_to(course: Path) -> None:
    """The last test of this class, because it changes it."""
    place = course / "submitted" / "two answers" / ASSIGNMENT
    (place / f"{NOTEBOOK}-Copy1.ipynb").rename(place / f"{NOTEBOOK}.ipynb")
    another = course / "autograded" / "honest" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    before = writing_of(another)
    assert nbgrader_api(course).autograde(ASSIGNMENT, "*", force=False)["success"]
    assert outcomes(table(course)["two answers"]) == RIGHT
    assert writing_of(another) == before


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_class(tmp_path_factory.mktemp("generated"))


@pytest.fixture
def small(tmp_path: Path, generated: Path) -> Path:
    """Three students; what happens to the second must not touch the others."""
    folder = tmp_path / "course"
    shutil.copytree(generated, folder)
    for name in ("a", "b", "c"):
        hand_in(folder, name, solved(folder))
    return folder


def grade(course: Path, settings: dict[str, dict[str, Any]] | None = None, force: bool = False) -> dict[str, Any]:
    return dict(nbgrader_api(course, settings).autograde(ASSIGNMENT, "*", force=force))


def fail_for(
    monkeypatch: pytest.MonkeyPatch, name: str, problem: Callable[[], BaseException], times: int = 1, step: Any = None
) -> None:
    """Have a step of grading fail for a student, a number of times."""
    step = step or RepairSubmission
    real = step.preprocess
    left = [times]

    def preprocess(self: Any, nb: Any, resources: Any) -> Any:
        if resources["nbgrader"]["student"] == name and left[0] > 0:
            left[0] -= 1
            raise problem()
        return real(self, nb, resources)

    monkeypatch.setattr(step, "preprocess", preprocess)


def locked() -> OperationalError:
    return OperationalError("", {}, Exception("database is locked"))


FAILURES: list[Callable[[], Exception]] = [
    lambda: SchemaTooOldError("old", 1, 3),
    lambda: SchemaTooNewError("new", 9, 3),
    lambda: NbGraderException("no"),
    lambda: UnresponsiveKernelError(),
    lambda: RecursionError("deep"),
    lambda: MemoryError(),
]


@pytest.mark.parametrize("problem", FAILURES, ids=lambda make: type(make()).__name__)
def test_a_failure_of_one_is_a_persons_and_the_others_are_graded(
    problem: Callable[[], Exception], small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        fail_for(patch, "b", problem)
        result = grade(small)
    assert not result["success"]
    found = table(small)
    assert outcomes(found["a"]) == outcomes(found["c"]) == RIGHT
    assert outcomes(found["b"]) == FOR_A_PERSON
    assert found["b"]["double"].needs_person
    assert "Grading this failed" in (found["b"]["double"].cause or "")
    assert grade(small)["success"]
    assert outcomes(table(small)["b"]) == RIGHT


@pytest.mark.parametrize("problem", [FAILURES[0], FAILURES[1], locked], ids=lambda make: type(make()).__name__)
def test_without_it_one_failure_stops_the_class(
    problem: Callable[[], Exception], small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: nbgrader alone."""
    fail_for(monkeypatch, "b", problem)
    assert not grade(small, STOCK)["success"]
    assert (small / "autograded" / "a" / ASSIGNMENT).exists()
    assert not (small / "autograded" / "c").exists()


@pytest.mark.parametrize("step", [RepairSubmission, SaveOutcomes])
def test_a_locked_gradebook_is_waited_for(step: Any, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugging, "PAUSES", (0.0, 0.0, 0.0))
    fail_for(monkeypatch, "b", locked, times=3, step=step)
    assert grade(small)["success"]
    assert all(outcomes(one) == RIGHT for one in table(small).values())


def test_a_gradebook_that_another_program_really_locks_is_waited_for(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = sqlite3.connect(small / "gradebook.db", isolation_level=None, check_same_thread=False)
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        other.rollback() if other.in_transaction else None

    real = RepairSubmission.preprocess

    def preprocess(self: Any, nb: Any, resources: Any) -> Any:
        if resources["nbgrader"]["student"] == "b" and not waited and not other.in_transaction:
            other.execute("BEGIN EXCLUSIVE")
        return real(self, nb, resources)

    monkeypatch.setattr(RepairSubmission, "preprocess", preprocess)
    monkeypatch.setattr(plugging.time, "sleep", sleep)
    assert grade(small)["success"]
    assert waited == [plugging.PAUSES[0]]
    assert all(outcomes(one) == RIGHT for one in table(small).values())


def test_a_gradebook_that_stays_locked_for_one_freezes_nobody(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugging, "PAUSES", (0.0,))
    with monkeypatch.context() as patch:
        fail_for(patch, "b", locked, times=2)
        assert not grade(small)["success"]
    assert outcomes(table(small)["c"]) == RIGHT
    assert not (small / "autograded" / "b" / ASSIGNMENT).exists()
    assert grade(small)["success"]
    assert outcomes(table(small)["b"]) == RIGHT


def test_without_a_sandbox_nobody_is_graded_and_nobody_gets_a_row(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        fail_for(patch, "a", lambda: NoSandbox("There is no bubblewrap."), step=ExecuteSubmission)
        result = grade(small)
    assert not result["success"]
    assert "There is no bubblewrap" in result["log"]
    assert not list((small / "autograded").glob(f"*/{ASSIGNMENT}"))


def test_without_a_sandbox_what_was_graded_before_stays(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also that of a student who has handed in nothing, and with `--force`."""
    (small / "submitted" / "b" / ASSIGNMENT / f"{NOTEBOOK}.ipynb").unlink()
    assert grade(small)["success"]
    before = files(small)
    monkeypatch.setattr("nnkit.grading.run.execution.why_no_sandbox", lambda: "there is no program called bwrap")
    shut_in = {"ExecuteSubmission": {"unsafe_no_sandbox": False}}
    for force in (False, True):
        result = grade(small, shut_in, force)
        assert not result["success"]
        assert "there is no program called bwrap" in result["log"]
        assert files(small) == before


def test_a_notebook_that_was_not_handed_in_is_graded_again_once_something_is_there(small: Path) -> None:
    place = small / "submitted" / "b" / ASSIGNMENT
    (place / f"{NOTEBOOK}.ipynb").unlink()
    assert grade(small)["success"]
    graded = small / "autograded" / "b" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    before = writing_of(graded)
    again = grade(small)
    assert again["success"]
    assert "is not whole" not in again["log"]
    assert writing_of(graded) == before
    hand_in(small, "b", solved(small))
    assert grade(small)["success"]
    assert outcomes(table(small)["b"]) == RIGHT


KILLED = """
import os, pathlib, signal, sys
from nnkit.grading.course.steps import nbgrader_api
from nnkit.grading.marks.scoring import SaveOutcomes
real = SaveOutcomes.preprocess
def preprocess(self, nb, resources):
    result = real(self, nb, resources)
    if resources["nbgrader"]["student"] == "b":
        os.kill(os.getpid(), signal.SIGKILL)
    return result
SaveOutcomes.preprocess = preprocess
settings = {} if sys.argv[2] == "ours" else {"Autograde": {"exporter_class": "nbconvert.exporters.NotebookExporter"}}
nbgrader_api(pathlib.Path(sys.argv[1]), settings).autograde("01_small", "*", force=False)
"""


def kill_at_the_second(course: Path, whose: str) -> None:
    command = [sys.executable, "-c", KILLED, str(course), whose]
    # What is killed cannot take its temporary folders away.
    environment = os.environ | {"TMPDIR": str(course.parent)}
    done = subprocess.run(command, env=environment, capture_output=True, timeout=small_course.LONGEST)
    assert done.returncode < 0, done.stderr


def test_what_a_killed_command_leaves_is_graded_again(small: Path) -> None:
    kill_at_the_second(small, "ours")
    assert not (small / "autograded" / "b" / ASSIGNMENT).exists()
    assert grade(small)["success"]
    assert all(outcomes(one) == RIGHT for one in table(small).values())
    assert sorted(path.name for path in (small / "autograded" / "b").iterdir()) == [ASSIGNMENT]


def test_without_it_a_killed_command_leaves_what_passes_for_graded(small: Path) -> None:
    """The control: nbgrader alone leaves a notebook that was not graded, and skips it the next time."""
    kill_at_the_second(small, "stock")
    left = (small / "autograded" / "b" / ASSIGNMENT / f"{NOTEBOOK}.ipynb").read_bytes()
    grade(small, STOCK)
    assert (small / "autograded" / "b" / ASSIGNMENT / f"{NOTEBOOK}.ipynb").read_bytes() == left


def test_a_destination_that_lacks_a_notebook_is_made_again(small: Path) -> None:
    half = small / "autograded" / "b" / ASSIGNMENT
    half.mkdir(parents=True)
    (half / "data.csv").write_text("theirs")
    assert grade(small)["success"]
    assert outcomes(table(small)["b"]) == RIGHT


def test_grading_again_changes_no_points_a_person_gave(small: Path) -> None:
    assert grade(small)["success"]
    with nbgrader_api(small).gradebook as gradebook:
        gradebook.find_grade("why", NOTEBOOK, ASSIGNMENT, "b").manual_score = 2.5
        gradebook.db.commit()
    assert grade(small, force=True)["success"]
    assert table(small)["b"]["why"].points == 2.5


def test_a_newer_submission_is_graded_and_an_older_one_is_not(small: Path) -> None:
    place = small / "submitted" / "b" / ASSIGNMENT
    (place / "timestamp.txt").write_text("2026-11-27 10:00:00 UTC")
    assert grade(small)["success"]
    wrong = solved(small)
    cell(wrong, "double").source = "def double(x):\n    return x"
    hand_in(small, "b", wrong)
    assert grade(small)["success"]
    assert outcomes(table(small)["b"]) == RIGHT
    (place / "timestamp.txt").write_text("2026-11-27 11:00:00 UTC")
    assert grade(small)["success"]
    assert outcomes(table(small)["b"])["double"] == "wrong"


def test_one_notebook_or_one_student_can_be_graded_alone(small: Path) -> None:
    hand_in(small, "[bc]", solved(small))
    assert nbgrader_api(small).autograde(ASSIGNMENT, "[bc]")["success"]
    assert [path.name for path in (small / "autograded").iterdir()] == ["[bc]"]
    settings = {"CourseDirectory": {"notebook_id": NOTEBOOK}}
    assert grade(small, settings, force=True)["success"]
    assert all(outcomes(one) == RIGHT for one in table(small).values())
    assert grade(small, settings, force=True)["success"]


def test_an_excluded_student_is_left_out(small: Path) -> None:
    assert grade(small, {"CourseDirectory": {"student_id_exclude": "a,b"}})["success"]
    assert [path.name for path in (small / "autograded").iterdir()] == ["c"]


@pytest.mark.parametrize("assignment", ["09_none", "01_smal"])
def test_an_assignment_that_does_not_exist_is_refused(assignment: str, small: Path) -> None:
    result = nbgrader_api(small).autograde(assignment, "*")
    assert not result["success"]
    assert "generate_assignment" in result["log"]


def test_other_settings_leave_nbgrader_as_it_is(small: Path) -> None:
    api = nbgrader_api(small, STOCK)
    converter = Autograde(coursedir=api.coursedir, parent=api)
    converter.coursedir.assignment_id = "09_none"
    with pytest.raises(NbGraderException):
        converter.start()
    assert type(converter) is Autograde


def test_plugging_in_twice_is_plugging_in_once() -> None:
    before = Autograde.start
    plugging.install()
    assert Autograde.start is before


ODD = ("renamed", "copied", "nested", "zipped", "stamped", "[x]", "nothing", "a folder")


@pytest.fixture
def odd(tmp_path: Path, generated: Path) -> Path:
    folder = tmp_path / "course"
    shutil.copytree(generated, folder)
    for name in ODD:
        place = folder / "submitted" / name / ASSIGNMENT
        place.mkdir(parents=True)
        CLASS[name][0](folder, place)
    return folder


def test_without_it_odd_folders_have_no_points(odd: Path) -> None:
    """The control: nbgrader alone."""
    for name in ODD:
        nbgrader_api(odd, STOCK).autograde(ASSIGNMENT, name)
    for entries in table(odd).values():
        assert entries["double"].points in (None, 0.0)
