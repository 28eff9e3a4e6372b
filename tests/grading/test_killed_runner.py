"""`nnkit grade` is killed, interrupted and started again: nothing is lost, left behind or graded twice."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import tempfile
import time
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook

from nnkit.grading.course.folder import CourseError
from nnkit.grading.course.steps import nbgrader_api, run_step
from nnkit.grading.intake.places import gather_submission
from nnkit.grading.marks.class_table import read_class
from nnkit.grading.run import runner, scratch
from nnkit.grading.run.assignment import read_assignment
from nnkit.grading.run.execution import close_sandboxes
from nnkit.grading.run.record import RECORD
from nnkit.grading.run.runner import ClassRun, grade_class, hearing_ctrl_c
from nnkit.grading.run.seeds import notebook_key
from nnkit.grading.run.submission import Graded, Submission, grade_submission
from tests.grading import small_course
from tests.grading.small_course import ASSIGNMENT, NOTEBOOK, cell, hand_in, solved
from tests.grading.test_traps import TRAPS
from tests.grading.whole_class import (
    SECRET,
    alive,
    counts,
    database,
    descendants,
    differences,
    ended,
    files,
    grade,
    gradebook,
    start,
    until,
)

FEW_KILLS, MANY_KILLS = 5, 20
SECONDS_AFTER_CTRL_C = 60  # on a machine that is busy with much else; two or three here
ODD = (
    "perfect",
    "untouched",
    "emptied_tests",
    "check_rebound_to_a_number",
    "metadata_and_ids_wiped",
    "copies_of_every_cell",
    "prints_to_stderr",
    "python_ends",
    "python_ends_in_an_answer",
    "cut_off",
    "not_text",
)
DUE = "2026-11-20 12:00:00 UTC"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of which nothing is graded; never changed, only copied."""
    course = small_course.make_course(tmp_path_factory.mktemp("fresh"))
    run_step("generate", nbgrader_api(course).generate_assignment(ASSIGNMENT))
    with Gradebook(database(course)) as book:
        book.update_or_create_assignment(ASSIGNMENT, duedate=DUE)
    for student in ODD:
        hand_in(course, student, TRAPS[student][0](course))
    slow = solved(course)
    slow.cells.insert(5, new_code_cell("import time\ntime.sleep(1)", id="slow"))
    hand_in(course, "slow", slow)
    for student, time_stamp in (("perfect", "2026-11-20 11:00:00 UTC"), ("slow", "2026-11-21 12:00:00 UTC")):
        (course / "submitted" / student / ASSIGNMENT / "timestamp.txt").write_text(time_stamp)
    (course / "submitted" / "perfect" / ASSIGNMENT / "own.csv").write_text("1,2\n")
    return course


@pytest.fixture
def course(fresh: Path, tmp_path: Path) -> Path:
    return copy(fresh, tmp_path / "course")


def copy(course: Path, place: Path) -> Path:
    return Path(shutil.copytree(course, place))


@pytest.fixture(scope="module")
def undisturbed(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """The same class, graded by one run; and the seconds that it took."""
    course = copy(fresh, tmp_path_factory.mktemp("undisturbed") / "course")
    began = time.monotonic()
    assert counts(grade(course)) == (12, 0)
    return course, time.monotonic() - began


def assert_same(course: Path, other: Path) -> None:
    """Both gradebooks say the same, and the graded folders hold the same."""
    assert not differences(gradebook(database(course)), gradebook(database(other)))
    assert not differences(files(course), files(other))


def left_behind(course: Path) -> list[str]:
    """What should not be beside the graded folders."""
    return [str(path) for path in course.rglob("*") if "nnkit-unfinished" in path.name or path.name.endswith(".part")]


# ---------------------------------------------------------------------------------------------------------------------
# Killed
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kills", [FEW_KILLS, pytest.param(MANY_KILLS, marks=pytest.mark.slow)])
def test_killed_at_random_moments(kills: int, course: Path, undisturbed: tuple[Path, float], tmp_path: Path) -> None:
    """The process is killed, not its group: those that it has started have to end by themselves."""
    expected, seconds = undisturbed
    seed = random.randrange(10**9)
    print("the seed of the moments:", seed)
    draw = random.Random(seed)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    killed, number_started = 0, 0
    for _ in range(4 * kills):
        if killed == kills:
            break
        # Once everybody is graded, the next run has to do it all again, so that there is something to disturb.
        again = ["--force"] if len(list(course.glob(f"autograded/*/*/{RECORD}"))) == 12 else []
        began = time.monotonic()
        with ended(start(course, *again, TMPDIR=str(temporary))) as process:
            finished = until(lambda: process.poll() is not None, seconds * draw.random())
            started = descendants(process.pid)
            process.send_signal(signal.SIGKILL)
        killed += not finished
        number_started += len(started)
        assert until(lambda: not alive(started))  # noqa: B023
        if finished:  # the machine is quicker than it was
            assert process.returncode == 0, (course / "err.txt").read_text()
            seconds = min(seconds, time.monotonic() - began)
    assert killed == kills
    graded, unchanged = counts(grade(course, TMPDIR=str(temporary)))
    assert graded + unchanged == 12
    assert counts(grade(course, TMPDIR=str(temporary))) == (0, 12)
    assert_same(course, expected)
    assert not left_behind(course)
    assert number_started > kills / 2
    assert not [path.name for path in temporary.iterdir() if path.name.startswith("nnkit-")]


@pytest.fixture(scope="module")
def answers(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Graded]]:
    """Three submissions, and what grading makes of them, so that only writing is left to do."""
    course = copy(fresh, tmp_path_factory.mktemp("three") / "course")
    for place in (course / "submitted").iterdir():
        if place.name not in ("perfect", "cut_off", "slow"):
            shutil.rmtree(place)
    api = nbgrader_api(course)
    assignment = read_assignment(api, ASSIGNMENT)
    found = {}
    for student in ("perfect", "cut_off", "slow"):
        gathered = gather_submission(api.coursedir, "submitted", student, ASSIGNMENT)
        keys = {NOTEBOOK: notebook_key(SECRET.encode(), student, ASSIGNMENT, NOTEBOOK)}
        found[student] = grade_submission(assignment, Submission(student, gathered, keys))
    close_sandboxes()
    return course, found


class Ready:
    """A pool that has known beforehand what comes of each submission; of some, that it ends its process."""

    width = 2
    is_here = True

    def __init__(self, known: dict[str, Graded], deadly: tuple[str, ...] = ()) -> None:
        self.known, self.deadly = known, deadly
        self.renewed, self.closed = 0, False
        self.broken = False

    def submit(self, submission: Submission) -> Future[Graded]:
        if self.broken:
            raise BrokenProcessPool
        future: Future[Graded] = Future()
        if submission.student in self.deadly:
            self.broken = True
            future.set_exception(BrokenProcessPool())
        else:
            future.set_result(self.known[submission.student])
        return future

    def renew(self) -> None:
        self.renewed += 1
        self.broken = False

    def close(self) -> None:
        self.closed = True


def run(course: Path, pool: Any) -> ClassRun:
    return grade_class(nbgrader_api(course), ASSIGNMENT, lambda assignment: pool)


def _killed_at_step(course: Path, known: dict[str, Graded], step: int) -> None:
    """In a process of its own: end it, without a chance to clear up, before one of its changes to files."""
    left = step
    changes = {"os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.chmod", "shutil.rmtree"}
    own = str(course / "autograded"), str(course / "gradebook.db")

    def noticed(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left
        writing = event == "open" and isinstance(arguments[1], str) and "w" in arguments[1]
        if (writing or event in changes) and str(arguments[0]).startswith(own):
            left -= 1
            if left < 0:
                os._exit(9)

    from sqlalchemy import event as events
    from sqlalchemy.engine import Engine

    def before(*_: Any) -> None:
        noticed("os.rename", (own[1],))

    for name in ("before_cursor_execute", "commit", "rollback"):
        events.listen(Engine, name, before)
    sys.addaudithook(noticed)
    os.environ["NNKIT_GRADING_SECRET"] = SECRET
    run(course, Ready(known))
    os._exit(0)


def test_killed_before_every_single_change(answers: tuple[Path, dict[str, Graded]], tmp_path: Path) -> None:
    """Between any two steps of writing; the run after it finishes, and one step further the next is killed."""
    source, known = answers
    whole = copy(source, tmp_path / "whole")
    os.environ["NNKIT_GRADING_SECRET"] = SECRET
    try:
        assert len(run(whole, Ready(known)).graded) == 3
        assert run(whole, Ready(known)).graded == []
        course = copy(source, tmp_path / "course")
        step, codes = 0, []
        while not codes or codes[-1] == 9:
            process = get_context("fork").Process(target=_killed_at_step, args=(course, known, step))
            process.start()
            process.join(60)
            assert process.exitcode is not None
            codes.append(process.exitcode)
            step += 1
            if step % 3 == 0:  # the run after it is killed, too, two times in three
                done = run(course, Ready(known))
                assert sorted(done.graded + done.unchanged) == ["cut_off", "perfect", "slow"]
                assert_same(course, whole)
                assert not left_behind(course)
                for record in sorted(course.glob(f"autograded/*/*/{RECORD}"))[: step % 4]:
                    record.unlink()
        assert codes[-1] == 0
        assert step > 50
    finally:
        del os.environ["NNKIT_GRADING_SECRET"]


def test_a_record_does_not_outlive_what_the_gradebook_knows(
    answers: tuple[Path, dict[str, Graded]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something else is handed in, the run is stopped just after the gradebook, and the first version comes back."""
    source, known = answers
    course = copy(source, tmp_path / "course")
    monkeypatch.setenv("NNKIT_GRADING_SECRET", SECRET)
    run(course, Ready(known))
    before = gradebook(database(course))
    place = course / "submitted" / "perfect" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    first = place.read_bytes()
    hand_in(course, "perfect", "nothing")
    with monkeypatch.context() as patch:
        patch.setattr(runner, "put_in_place_of", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            run(course, Ready(known | {"perfect": replace(known["cut_off"], student="perfect")}))
    assert gradebook(database(course)) != before
    place.write_bytes(first)
    assert run(course, Ready(known)).graded == ["perfect"]
    assert gradebook(database(course)) == before


def test_a_folder_of_a_run_that_was_killed_with_all_its_processes_is_removed_by_the_next(tmp_path: Path) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    (place / "nnkit-grading-of nobody").mkdir()
    before, tempfile.tempdir = tempfile.tempdir, str(place)
    try:
        with scratch.scratch_folder() as held:
            process = get_context("fork").Process(target=_leave_a_folder)
            process.start()
            process.join(60)
            assert process.exitcode == 9
            assert len(list(place.iterdir())) == 3
            with scratch.scratch_folder() as other:
                assert sorted(place.iterdir()) == sorted([held, other, place / "nnkit-grading-of nobody"])
    finally:
        tempfile.tempdir = before


def _leave_a_folder() -> None:
    with scratch.scratch_folder() as folder:
        (folder / "deep").mkdir()
        os._exit(9)


# ---------------------------------------------------------------------------------------------------------------------
# Interrupted, and two at a time
# ---------------------------------------------------------------------------------------------------------------------


def some_are_graded(course: Path) -> bool:
    return len(list(course.glob(f"autograded/*/*/{RECORD}"))) >= 2


def test_a_second_run_refuses_and_ctrl_c_ends_the_first_and_the_next_does_the_rest(
    course: Path, undisturbed: tuple[Path, float], tmp_path: Path
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with ended(start(course, "--jobs", "1", TMPDIR=str(temporary))) as process:
        assert until(lambda: some_are_graded(course))
        process.send_signal(signal.SIGSTOP)  # so that it is not done before the second has begun
        started = descendants(process.pid)
        second = grade(course)
        assert second.returncode == 1
        assert "Another `nnkit grade` is at work" in second.stderr
        assert "Traceback" not in second.stderr
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGCONT)
        assert process.wait(SECONDS_AFTER_CTRL_C) == 130
    assert started
    assert until(lambda: not alive(started))
    assert "Traceback" not in (course / "err.txt").read_text()
    assert not list(temporary.glob("nnkit-*"))
    graded, unchanged = counts(grade(course))
    assert unchanged >= 2
    assert graded + unchanged == 12
    assert_same(course, undisturbed[0])
    assert not left_behind(course)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_ctrl_c_that_comes_in_a_finaliser_is_heard_after_it() -> None:
    class Finalised:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGINT)  # what is raised here goes nowhere

    with hearing_ctrl_c() as stop_if_asked:
        stop_if_asked()
        Finalised()
        with pytest.raises(KeyboardInterrupt):
            stop_if_asked()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


# ---------------------------------------------------------------------------------------------------------------------
# Processes that are lost
# ---------------------------------------------------------------------------------------------------------------------


def test_a_process_of_the_pool_that_is_killed_takes_nobody_with_it(
    course: Path, undisturbed: tuple[Path, float]
) -> None:
    with ended(start(course)) as process:
        assert until(lambda: some_are_graded(course))
        process.send_signal(signal.SIGSTOP)
        killed = graders(process.pid)
        os.kill(killed[0], signal.SIGKILL)
        process.send_signal(signal.SIGCONT)
        assert process.wait(small_course.LONGEST) == 0, (course / "err.txt").read_text()
    assert ": 12 graded" in (course / "out.txt").read_text(encoding="utf-8")
    assert_same(course, undisturbed[0])


def graders(process: int) -> list[int]:
    """The processes that `nnkit grade` grades in: forked from one that is its child."""
    forked = []
    for number in descendants(process):
        with suppress(OSError):
            if b"multiprocessing.forkserver" in Path(f"/proc/{number}/cmdline").read_bytes():
                forked.append(number)
    return [number for number in forked if parent(number) in forked]


def parent(process: int) -> int:
    with suppress(OSError):
        return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


def test_a_submission_that_always_ends_its_process_needs_a_person(
    answers: tuple[Path, dict[str, Graded]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, known = answers
    course = copy(source, tmp_path / "course")
    monkeypatch.setenv("NNKIT_GRADING_SECRET", SECRET)
    pool = Ready(known, deadly=("perfect",))
    done = run(course, pool)
    assert sorted(done.graded) == ["cut_off", "perfect", "slow"]
    assert pool.renewed == 2  # once with the others, once alone
    assert pool.closed
    assert any("again and again" in problem for problem in done.problems)
    found = {(one.student, one.exercise): one for one in read_class(nbgrader_api(course), ASSIGNMENT)}
    assert found["perfect", "double"].needs_person
    assert found["perfect", "double"].points in (None, 0.0)
    assert found["slow", "double"].points == 2.0
    assert not (course / "autograded" / "perfect" / ASSIGNMENT / RECORD).exists()
    # It is tried again, and the others are not.
    again = run(course, Ready(known))
    assert again.graded == ["perfect"]
    found = {(one.student, one.exercise): one for one in read_class(nbgrader_api(course), ASSIGNMENT)}
    assert found["perfect", "double"].points == 2.0
    assert not found["perfect", "double"].needs_person


def test_where_every_process_ends_it_is_not_the_submissions(
    answers: tuple[Path, dict[str, Graded]], tmp_path: Path
) -> None:
    course = copy(answers[0], tmp_path / "course")
    with pytest.raises(CourseError, match="end at once"):
        run(course, Ready(answers[1], deadly=("cut_off", "perfect", "slow")))


# ---------------------------------------------------------------------------------------------------------------------
# What has changed
# ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def three(answers: tuple[Path, dict[str, Graded]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Again:
    """Three students whose submissions are graded."""
    monkeypatch.setenv("NNKIT_GRADING_SECRET", SECRET)
    again = Again(copy(answers[0], tmp_path / "course"), answers[1])
    assert sorted(again()) == ["cut_off", "perfect", "slow"]
    assert again() == []
    return again


class Again:
    """Grade again, and tell who was."""

    def __init__(self, course: Path, known: dict[str, Graded]) -> None:
        self.course, self.known = course, known

    def __call__(self, settings: dict[str, dict[str, Any]] | None = None) -> list[str]:
        api = nbgrader_api(self.course, settings)
        return grade_class(api, ASSIGNMENT, lambda assignment: Ready(self.known)).graded

    def place(self, student: str) -> Path:
        return self.course / "submitted" / student / ASSIGNMENT


def test_a_changed_file_is_graded_again(three: Again) -> None:
    (three.place("perfect") / "own.csv").write_text("1,3\n")
    assert three() == ["perfect"]
    with (three.place("slow") / f"{NOTEBOOK}.ipynb").open("a") as file:
        file.write("\n")
    assert three() == ["slow"]
    os.utime(three.place("slow") / f"{NOTEBOOK}.ipynb")  # touched, but as it was
    assert three() == []


def test_a_changed_time_stamp_is_graded_again(three: Again) -> None:
    (three.place("perfect") / "timestamp.txt").write_text("2026-11-20 11:30:00 UTC")
    assert three() == ["perfect"]
    (three.place("cut_off") / "timestamp.txt").write_text("2026-11-20 11:30:00 UTC")
    assert three() == ["cut_off"]
    assert three() == []


def test_an_extension_is_graded_again(three: Again) -> None:
    with Gradebook(database(three.course)) as book:
        book.grant_extension(ASSIGNMENT, "slow", hours=1)
        book.grant_extension(ASSIGNMENT, "perfect", hours=1)  # who was not late is no less so
    assert three() == ["slow"]
    assert three() == []


def test_another_due_date_grades_those_again_whom_it_makes_late(three: Again) -> None:
    with Gradebook(database(three.course)) as book:
        book.update_or_create_assignment(ASSIGNMENT, duedate="2026-11-20 10:00:00 UTC")
    assert sorted(three()) == ["perfect", "slow"]


def test_a_row_that_was_removed_is_graded_again(three: Again) -> None:
    before = gradebook(database(three.course))
    with Gradebook(database(three.course)) as book:
        book.remove_submission(ASSIGNMENT, "perfect")
    assert three() == ["perfect"]
    assert gradebook(database(three.course)) == before


def test_a_graded_folder_that_was_removed_is_graded_again(three: Again) -> None:
    shutil.rmtree(three.course / "autograded" / "slow")
    assert three() == ["slow"]


def test_another_gradebook_is_graded_anew(three: Again) -> None:
    shutil.copy(three.course / "gradebook.db", three.course / "other.db")
    other = {"CourseDirectory": {"db_url": f"sqlite:///{three.course / 'other.db'}"}}
    assert len(three(other)) == 3
    assert three(other) == []


def test_other_settings_grade_everybody_again(three: Again) -> None:
    for settings in (
        {"ExecuteSubmission": {"timeout": 7}},
        {"LimitOutput": {"max_lines": 7}},
        {"LateSubmissionPlugin": {"penalty_method": "zero"}},
    ):
        assert len(three(settings)) == 3, settings
        assert three(settings) == []


def test_an_assignment_that_was_made_anew_grades_everybody_again(three: Again) -> None:
    source = three.course / "solutions" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    notebook = nbformat.read(source, as_version=4)
    cell(notebook, "test_double").metadata["nbgrader"]["points"] = 5
    nbformat.write(notebook, source)
    run_step("generate", nbgrader_api(three.course).generate_assignment(ASSIGNMENT))
    assert len(three()) == 3
    run_step("generate", nbgrader_api(three.course).generate_assignment(ASSIGNMENT))  # the same once more
    assert three() == []


def test_a_file_of_the_instructors_beside_the_notebooks_grades_everybody_again(three: Again) -> None:
    (three.course / "solutions" / ASSIGNMENT / "given.csv").write_text("1")
    assert len(three()) == 3
    assert three() == []
