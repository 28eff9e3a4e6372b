"""nbgrader's exchange from release to fetched feedback, for a class of which some hand in what nobody should open."""

from __future__ import annotations

import inspect
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import pytest

from nnkit.exercises.index import find
from nnkit.grading.course.steps import nbgrader_api
from nnkit.grading.intake import gathering
from nnkit.grading.intake.exchange import UNFINISHED
from nnkit.grading.intake.gathering import gather
from nnkit.grading.intake.places import LEFT_OUT
from nnkit.grading.marks.class_table import read_class
from nnkit.grading.run.seeds import SECRET_FILE
from tests.grading import small_course
from tests.grading.small_course import ASSIGNMENT, NOTEBOOK, REPOSITORY, cell, writing_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="nbgrader has no exchange on Windows")

COURSE_ID = "networks_course"
STOCK = """
c.ExchangeFactory.collect = "nbgrader.exchange.default.ExchangeCollect"
c.ExchangeFactory.release_feedback = "nbgrader.exchange.default.ExchangeReleaseFeedback"
"""
OURS = """
c.GenerateFeedback.exporter_class = "nnkit.grading.submissions.FeedbackExporter"
c.ExchangeFactory.collect = "nnkit.grading.submissions.CollectOneByOne"
c.ExchangeFactory.release_feedback = "nnkit.grading.submissions.ReleaseFeedbackOneByOne"
"""
EARLY, LATE = "2026-11-20 10:00:00.000000 UTC", "2026-11-20 11:00:00.000000 UTC"

RIGHT = (2.0, 1.0)
NOTHING = (0.0, 0.0)
# Whoever is in the class, and the points of the two tests. Names that are found in no page by chance.
CLASS = {
    "aachen_first": RIGHT,  # submits twice, first what is wrong
    "bologna_wrong": (0.0, 0.0),
    "delft_pipe": NOTHING,
    "essen_link": NOTHING,
    "fulda_folder": RIGHT,  # a link to a folder beside the notebook
    "gent_broken": NOTHING,
    "halle_stamp": RIGHT,  # a time stamp that is none
    "izmir_circle": RIGHT,  # links in circles and to nowhere
    "[kiel]": RIGHT,
    "lyon_by_mail": RIGHT,  # not through the exchange
    "mainz_file": NOTHING,  # a file in the place of a folder
    "zurich_last": RIGHT,
}
BY_COMMAND = ("aachen_first", "bologna_wrong")
BY_MAIL = "lyon_by_mail"
NO_SECRET = {BY_MAIL, "mainz_file"}  # by which the exchange would know where feedback goes


class Place:
    """A course, an exchange, and the home folders of its students."""

    def __init__(self, folder: Path, settings: str = OURS) -> None:
        self.folder, self.course, self.exchange = folder, folder / "course", folder / "exchange"
        self.log: dict[str, str] = {}
        exchange = (
            f"\nc.CourseDirectory.course_id = {COURSE_ID!r}\nc.Exchange.root = {str(self.exchange)!r}\n"
            "c.ExchangeCollect.check_owner = False\n"
        )
        self.course.mkdir()
        small_course.make_course(self.course, settings + exchange)

    @property
    def inbound(self) -> Path:
        return self.exchange / COURSE_ID / "inbound"

    def run(self, *arguments: str) -> str:
        """A command of the instructor that must end well; returns its log."""
        done = small_course.nbgrader(self.course, *arguments)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stderr

    def as_student(self, student: str, *arguments: str) -> str:
        """A command of a student, in the student's own folder; returns what it shows."""
        home = self.folder / "homes" / student
        home.mkdir(parents=True, exist_ok=True)
        own = {name: str(home / ".jupyter") for name in ("JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR")}
        options = [f"--Exchange.root={self.exchange}", f"--course={COURSE_ID}", f"--student={student}"]
        done = small_course.nbgrader(home, *arguments, *options, HOME=str(home), **own)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout + done.stderr

    def answer(self, double: str = "    return 2 * x", triple: str = "    return three * x") -> str:
        notebook = small_course.released(self.course)
        cell(notebook, "double").source = f"def double(x):\n{double}"
        cell(notebook, "triple").source = f"def triple(x):\n{triple}"
        cell(notebook, "why").source = "Because."
        return nbformat.writes(notebook)

    def work(self, student: str) -> Path:
        return self.folder / "homes" / student / ASSIGNMENT / f"{NOTEBOOK}.ipynb"

    def put(self, student: str, stamp: str = EARLY, noted: str | None = None) -> Path:
        """What any student can put into the exchange without any command."""
        place = self.inbound / f"{student}+{ASSIGNMENT}+{stamp}+cmFuZG9t"
        place.mkdir(parents=True)
        (place / "timestamp.txt").write_text(stamp if noted is None else noted)
        (place / "submission_secret.txt").write_text(f"the secret of {student}")
        (place / f"{NOTEBOOK}.ipynb").write_text(self.answer())
        return place

    def points(self) -> dict[str, tuple[float | None, float | None]]:
        found: dict[str, dict[str, float | None]] = {}
        for entry in read_class(nbgrader_api(self.course), ASSIGNMENT):
            found.setdefault(entry.student, {})[entry.exercise] = entry.points
        return {student: (entries["double"], entries["test_triple"]) for student, entries in found.items()}

    def feedback_of(self, student: str) -> str:
        return (self.course / "feedback" / student / ASSIGNMENT / f"{NOTEBOOK}.html").read_text("utf-8")


def put_odd_ones(place: Place) -> None:
    """All of the class who do not use the commands, and what belongs to nobody."""
    pipe = place.put("delft_pipe")
    (pipe / f"{NOTEBOOK}.ipynb").unlink()
    os.mkfifo(pipe / f"{NOTEBOOK}.ipynb")
    link = place.put("essen_link")
    (link / f"{NOTEBOOK}.ipynb").unlink()
    (link / f"{NOTEBOOK}.ipynb").symlink_to(place.course / "solutions" / ASSIGNMENT / f"{NOTEBOOK}.ipynb")
    (place.put("fulda_folder") / "theirs").symlink_to(place.course / "solutions")
    (place.put("gent_broken") / f"{NOTEBOOK}.ipynb").write_text('{"cells": [')
    place.put("halle_stamp", noted="yesterday, maybe")
    circle = place.put("izmir_circle")
    (circle / "again").symlink_to(circle)
    (circle / "dead").symlink_to("dead")
    place.put("[kiel]")
    (place.inbound / f"mainz_file+{ASSIGNMENT}+{EARLY}+cmFuZG9t").write_text("no folder")
    place.put("zurich_last")
    for name in (f"noon+{ASSIGNMENT}+noon+cmFuZG9t", f"..+{ASSIGNMENT}+{EARLY}+cmFuZG9t", f"+{ASSIGNMENT}+{EARLY}+x"):
        (place.inbound / name).mkdir()
        (place.inbound / name / f"{NOTEBOOK}.ipynb").write_text(place.answer())


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The whole cycle once, command by command."""
    place = Place(tmp_path_factory.mktemp("exchange"))
    place.run("generate_assignment", ASSIGNMENT)
    place.run("release_assignment", ASSIGNMENT)
    listed = place.as_student("aachen_first", "list")
    assert f"{COURSE_ID} {ASSIGNMENT}" in listed
    for student in BY_COMMAND:
        place.as_student(student, "fetch_assignment", ASSIGNMENT)
        assert place.work(student).read_bytes() == (place.course / "course" / ASSIGNMENT / "small.ipynb").read_bytes()
    place.work("aachen_first").write_text(place.answer("    return x"))
    place.as_student("aachen_first", "submit", ASSIGNMENT)
    place.work("bologna_wrong").write_text(place.answer("    return x + 1", "    return missing * x"))
    place.as_student("bologna_wrong", "submit", ASSIGNMENT)
    put_odd_ones(place)
    by_mail = place.course / "submitted" / BY_MAIL / ASSIGNMENT
    by_mail.mkdir(parents=True)
    (by_mail / f"{NOTEBOOK}.ipynb").write_text(place.answer())
    place.log["collect"] = place.run("collect", ASSIGNMENT)

    place.work("aachen_first").write_text(place.answer())
    place.as_student("aachen_first", "submit", ASSIGNMENT)
    place.run("collect", ASSIGNMENT, "--update")
    place.run("autograde", ASSIGNMENT)
    place.run("generate_feedback", ASSIGNMENT)
    place.log["release"] = place.run("release_feedback", ASSIGNMENT)
    for student in BY_COMMAND:
        place.as_student(student, "fetch_feedback", ASSIGNMENT)
    return place


def fetched(place: Place, student: str) -> list[str]:
    pages = sorted((place.folder / "homes" / student / ASSIGNMENT / "feedback").glob(f"*/{NOTEBOOK}.html"))
    return [page.read_text("utf-8") for page in pages]


def test_everybody_has_the_points_of_what_was_submitted_last(place: Place) -> None:
    assert place.points() == CLASS


def test_both_submissions_are_listed_and_the_newer_one_has_feedback(place: Place) -> None:
    listed = place.as_student("aachen_first", "list", "--cached")
    assert listed.count(f"aachen_first {ASSIGNMENT}") == 2
    (page,) = fetched(place, "aachen_first")
    assert page == place.feedback_of("aachen_first")


def test_the_fetched_page_holds_the_report_of_each_check(place: Place) -> None:
    (right,), (wrong,) = (fetched(place, student) for student in BY_COMMAND)
    for page in (right, place.feedback_of("zurich_last")):
        assert "double: right." in unescape(page)
        assert "2 of 2 points" in page
        assert "1 of 1 point" in page
    assert "double: not yet." in unescape(wrong)
    assert "Cases of grading; seed" in wrong
    assert "0 of 2 points" in wrong
    assert "name 'missing' is not defined" in unescape(wrong)


def test_every_page_says_what_was_graded(place: Place) -> None:
    for student in CLASS:
        nothing = student in ("delft_pipe", "essen_link", "mainz_file")
        assert ("Nothing was graded here" in place.feedback_of(student)) == nothing
    assert "a pipe" in place.feedback_of("delft_pipe")
    assert "a link to another place" in place.feedback_of("essen_link")
    assert "could not be read" in place.feedback_of("gent_broken")


def test_no_page_holds_what_is_the_graders_or_another_students(place: Place) -> None:
    (secret,) = place.course.rglob(SECRET_FILE)
    reference = inspect.getsource(find("double").reference).strip().removeprefix("reference=").rstrip(",")
    internals = {
        "the secret": secret.read_text().strip(),
        "the folder of the course": str(place.folder),
        "the folder for temporary files": str(place.folder.parent),
        "the repository": str(REPOSITORY),
        "Python": sys.prefix,
        "a solution": "BEGIN SOLUTION",
        "the reference": reference,
        "a path of the package": "nnkit/grading",
        "another one": "nnkit/exercises",
        "the gradebook": "gradebook.db",
        "a shadow": "nnkit-shadow",
        "the secret of the exchange": "submission_secret",
    }
    for student in CLASS:
        page = unescape(place.feedback_of(student))
        found = {what for what, text in internals.items() if text in page}
        assert not found, student
        assert not [other for other in CLASS if other != student and other in page], student


def test_a_link_brings_nothing_of_the_instructors(place: Place) -> None:
    for student in ("essen_link", "fulda_folder", "izmir_circle"):
        for step in ("submitted", "autograded", "feedback"):
            for path in (place.course / step / student).rglob("*"):
                assert not path.is_symlink()
                assert not path.is_file() or b"BEGIN SOLUTION" not in path.read_bytes()
    assert not (place.course / "submitted" / "fulda_folder" / ASSIGNMENT / "theirs").exists()


def test_what_is_nobodys_stays_where_it_is_and_is_told(place: Place) -> None:
    assert sorted(path.name for path in (place.course / "submitted").iterdir()) == sorted(CLASS)
    assert not (place.course / ASSIGNMENT).exists()
    assert not list(place.course.rglob(f"{UNFINISHED}*"))
    for name in ("noon", ""):  # nbgrader itself passes over what begins with a point
        assert f"'{name}+{ASSIGNMENT}+" in place.log["collect"]


def test_what_was_left_out_is_told_to_the_person_who_grades(place: Place) -> None:
    noted = " ".join(small_course.graded(place.course, "fulda_folder").metadata.nnkit.handed_in)
    assert "'theirs' was left out: it is a link to another place." in noted
    assert "did not hold a time" in " ".join(small_course.graded(place.course, "halle_stamp").metadata.nnkit.handed_in)
    assert "nnkit" not in small_course.graded(place.course, "aachen_first").metadata
    assert not list((place.course / "feedback").rglob(LEFT_OUT))


def test_a_time_stamp_that_is_none_is_that_of_the_exchange(place: Place) -> None:
    with nbgrader_api(place.course).gradebook as gradebook:
        assert str(gradebook.find_submission(ASSIGNMENT, "halle_stamp").timestamp) == "2026-11-20 10:00:00"


def test_feedback_on_work_that_came_by_other_means_is_not_released_and_that_is_told(place: Place) -> None:
    released = list((place.exchange / COURSE_ID / "feedback").glob("*.html"))
    assert len(released) == len(set(CLASS) - NO_SECRET)
    assert BY_MAIL in place.log["release"]
    assert "did not come through the exchange" in place.log["release"]


def test_a_newer_submission_is_collected_graded_and_given_feedback_and_an_older_one_is_not(place: Place) -> None:
    """The last test of this class, because it changes it."""
    another = place.course / "feedback" / "zurich_last" / ASSIGNMENT / f"{NOTEBOOK}.html"
    before = writing_of(another)
    place.put("essen_link", LATE)
    (place.put("halle_stamp", "2026-11-20 09:00:00.000000 UTC") / f"{NOTEBOOK}.ipynb").write_text("older")
    for step in (["collect", "--update"], ["autograde"], ["generate_feedback"], ["release_feedback"]):
        place.run(*step, ASSIGNMENT)
    assert place.points() == CLASS | {"essen_link": RIGHT}
    assert "double: right." in unescape(place.feedback_of("essen_link"))
    assert writing_of(another) == before


def exchange_for_a_link(monkeypatch: pytest.MonkeyPatch, theirs: Path, secret: Path) -> None:
    """A student exchanges a folder for a link just after it was looked into."""
    real = gathering._entries

    def entries(*arguments: Any) -> Iterator[tuple[str, ...]]:
        found = list(real(*arguments))
        theirs.rename(theirs.with_name("moved"))
        theirs.symlink_to(secret)
        return iter(found)

    monkeypatch.setattr(gathering, "_entries", entries)


@pytest.mark.parametrize("guarded", [True, False])
def test_a_folder_that_becomes_a_link_meanwhile_brings_nothing(
    guarded: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control opens files by their whole paths."""
    secret, theirs = tmp_path / "secret", tmp_path / "submission" / "data"
    for folder, text in ((secret, "secret"), (theirs, "mine")):
        folder.mkdir(parents=True)
        (folder / "file").write_text(text)
    exchange_for_a_link(monkeypatch, theirs, secret)
    if not guarded:
        monkeypatch.setattr(gathering.os, "supports_dir_fd", set())
    found = gather(tmp_path / "submission")
    assert found.files == ({} if guarded else {("data", "file"): b"secret"})
    assert bool(found.notes) == guarded


# -- the controls: nbgrader's own exchange


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = Place(tmp_path_factory.mktemp("generated"), "")
    place.run("generate_assignment", ASSIGNMENT)
    return place.course


@pytest.fixture
def stock(tmp_path: Path, generated: Path) -> Place:
    """A course whose settings name nbgrader's own exchange, with an honest student at both ends."""
    place = Place(tmp_path, STOCK)
    shutil.rmtree(place.course / "solutions")
    shutil.copytree(generated, place.course, dirs_exist_ok=True, ignore=shutil.ignore_patterns("nbgrader_config.py"))
    place.put("aachen_first")
    place.put("zurich_last")
    return place


def collect(place: Place) -> subprocess.CompletedProcess[str]:
    return small_course.nbgrader(place.course, "collect", ASSIGNMENT)


def test_without_it_a_link_brings_the_solution(stock: Place) -> None:
    link = stock.put("essen_link")
    (link / f"{NOTEBOOK}.ipynb").unlink()
    (link / f"{NOTEBOOK}.ipynb").symlink_to(stock.course / "solutions" / ASSIGNMENT / f"{NOTEBOOK}.ipynb")
    assert collect(stock).returncode == 0
    stolen = stock.course / "submitted" / "essen_link" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    assert not stolen.is_symlink()
    assert "BEGIN SOLUTION" in stolen.read_text()


@pytest.mark.parametrize("kind", ["pipe", "nowhere", "noon"])
def test_without_it_one_submission_ends_the_collecting(kind: str, stock: Place) -> None:
    if kind == "noon":
        stock.put("delft_pipe", "noon")
    else:
        place = stock.put("delft_pipe")
        os.mkfifo(place / "pipe") if kind == "pipe" else (place / "link").symlink_to("nowhere")
    assert collect(stock).returncode != 0
    shutil.rmtree(next(stock.inbound.glob("delft_pipe*")))
    assert collect(stock).returncode == 0


def test_without_it_feedback_that_has_no_place_ends_the_releasing(stock: Place) -> None:
    for student, secret in (("aachen_first", None), ("zurich_last", "x")):
        place = stock.course / "feedback" / student / ASSIGNMENT
        place.mkdir(parents=True)
        (place / f"{NOTEBOOK}.html").write_text("well done")
        (place / "timestamp.txt").write_text(EARLY)
        if secret:
            (place / "submission_secret.txt").write_text(secret)
    assert small_course.nbgrader(stock.course, "release_feedback", ASSIGNMENT).returncode != 0
    with (stock.course / "nbgrader_config.py").open("a") as file:
        file.write(OURS)
    assert small_course.nbgrader(stock.course, "release_feedback", ASSIGNMENT).returncode == 0
    assert len(list((stock.exchange / COURSE_ID / "feedback").glob("*.html"))) == 1


def test_the_python_interface_collects_and_releases_as_the_commands_do(tmp_path: Path, generated: Path) -> None:
    place = Place(tmp_path)
    shutil.rmtree(place.course / "solutions")
    shutil.copytree(generated, place.course, dirs_exist_ok=True, ignore=shutil.ignore_patterns("nbgrader_config.py"))
    put_odd_ones(place)
    code = (
        "import json, sys; from pathlib import Path; from nbgrader.apps import NbGraderAPI; "
        "from traitlets.config import PyFileConfigLoader; "
        "api = NbGraderAPI(config=PyFileConfigLoader('nbgrader_config.py', path='.').load_config()); "
        "steps = (api.collect, lambda name: api.autograde(name, '*'), api.generate_feedback, api.release_feedback); "
        f"print(json.dumps([step({ASSIGNMENT!r})['success'] for step in steps]))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=place.course, capture_output=True, text=True, timeout=3600)
    assert json.loads(done.stdout.splitlines()[-1]) == [True] * 4, done.stderr[-3000:]
    odd = {student: CLASS[student] for student in CLASS if student not in (*BY_COMMAND, BY_MAIL)}
    assert place.points() == odd
    assert len(list((place.exchange / COURSE_ID / "feedback").glob("*.html"))) == len(set(odd) - NO_SECRET)
