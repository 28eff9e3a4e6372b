"""What a person has given stays when a class is graded again; lateness costs what nbgrader's settings say."""

from __future__ import annotations

import datetime
import functools
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook

from nnkit.grading.course.steps import nbgrader_api
from tests.grading import small_course
from tests.grading.routes import ROUTES, Route
from tests.grading.small_course import ASSIGNMENT, NOTEBOOK, cell, hand_in, solved

RIGHT, WRONG, BROKEN = "ada", "ben", "cyd"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = small_course.make_course(tmp_path_factory.mktemp("generated"))
    made = nbgrader_api(course).generate_assignment(ASSIGNMENT)
    assert made["success"], made
    return course


# The command does what the interface does, after some seconds of starting: one test is enough in every change.
SLOW = "command"


@pytest.fixture(params=[pytest.param(name, marks=[pytest.mark.slow] if name == SLOW else []) for name in ROUTES])
def route(request: pytest.FixtureRequest) -> Route:
    return ROUTES[request.param]


def copy_of(course: Path, place: Path, settings: str = "") -> Path:
    shutil.copytree(course, place)
    with (place / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(settings)
    return place


def opened(course: Path) -> Gradebook:
    return Gradebook(f"sqlite:///{course / 'gradebook.db'}")


def grade(route: Route, course: Path, *extra: str) -> None:
    done = route(course, ASSIGNMENT, list(extra))
    assert done.returncode == 0, done.stderr[-3000:]


@dataclass(frozen=True)
class Mark:
    """What the gradebook has for one cell of a student."""

    automatic: float | None
    manual: float | None
    extra_credit: float | None
    comment: str | None
    needs_person: bool


def marks(course: Path) -> dict[tuple[str, str], Mark]:
    found = {}
    with opened(course) as gradebook:
        for submission in gradebook.assignment_submissions(ASSIGNMENT):
            for notebook in submission.notebooks:
                comments = {comment.name: comment.manual_comment for comment in notebook.comments}
                for one in notebook.grades:
                    found[submission.student.id, one.name] = Mark(
                        one.auto_score,
                        one.manual_score,
                        one.extra_credit,
                        comments.get(one.name),
                        one.needs_manual_grade,
                    )
                for name, comment in comments.items():
                    found.setdefault((submission.student.id, name), Mark(None, None, None, comment, False))
    return found


def by_a_person(course: Path) -> dict[tuple[str, str], tuple[float | None, float | None, str | None]]:
    return {key: (mark.manual, mark.extra_credit, mark.comment) for key, mark in marks(course).items()}


def give(course: Path, student: str, name: str, **values: Any) -> None:
    """Save points or a comment, as the formgrader does: what has been looked at is no longer to be looked at."""
    with opened(course) as gradebook:
        comment = values.pop("comment", None)
        if comment is not None:
            gradebook.find_comment(name, NOTEBOOK, ASSIGNMENT, student).manual_comment = comment
        if values:
            found = gradebook.find_grade(name, NOTEBOOK, ASSIGNMENT, student)
            for key, value in values.items():
                setattr(found, key, value)
            found.needs_manual_grade = False
        gradebook.db.commit()


def answer(course: Path, double: str = "    return 2 * x", why: str = "Because.") -> Any:
    notebook = solved(course)
    cell(notebook, "double").source = f"def double(x):\n{double}"
    cell(notebook, "why").source = why
    return notebook


def given_by_a_person(course: Path) -> None:
    give(course, RIGHT, "why", manual_score=2.5, comment="Nearly. <b>Say why.</b>")
    give(course, RIGHT, "test_double", extra_credit=0.5)
    give(course, RIGHT, "double", comment="Short and right.")
    give(course, WRONG, "test_double", manual_score=1.0)
    give(course, WRONG, "why", manual_score=0.0, extra_credit=1.0)
    give(course, WRONG, "triple", comment="Good.")
    give(course, BROKEN, "why", manual_score=1.5, comment="Read on paper.")


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory, generated: Path) -> Callable[[Route], Path]:
    """Three students, graded once by a route, and then given marks by a person."""

    def made(route: Route) -> Path:
        folder = copy_of(generated, tmp_path_factory.mktemp("marked") / "course")
        hand_in(folder, RIGHT, answer(folder))
        hand_in(folder, WRONG, answer(folder, "    return x"))
        hand_in(folder, BROKEN, '{"cells": [')
        grade(route, folder)
        given_by_a_person(folder)
        return folder

    return functools.cache(made)


@pytest.fixture
def course(tmp_path: Path, marked: Callable[[Route], Path], route: Route) -> Path:
    """A copy of that class, to go on with."""
    return copy_of(marked(route), tmp_path / "course")


def test_grading_again_changes_nothing_that_a_person_gave(course: Path, route: Route) -> None:
    before = marks(course)
    grade(route, course)
    assert marks(course) == before
    given = by_a_person(course)
    assert given[RIGHT, "why"] == (2.5, None, "Nearly. <b>Say why.</b>")

    grade(route, course, "--force")
    assert by_a_person(course) == given
    assert {key: mark.automatic for key, mark in marks(course).items()} == {
        key: mark.automatic for key, mark in before.items()
    }

    hand_in(course, RIGHT, answer(course, "    return x", why="Because of three."))
    hand_in(course, WRONG, answer(course))
    hand_in(course, BROKEN, answer(course))
    grade(route, course, "--force")
    assert by_a_person(course) == given
    now = marks(course)
    assert [now[name, "test_double"].automatic for name in (RIGHT, WRONG, BROKEN)] == [0.0, 2.0, 2.0]
    assert [now[name, "test_triple"].automatic for name in (RIGHT, WRONG, BROKEN)] == [1.0, 1.0, 1.0]


def test_grading_again_by_the_command_changes_nothing_that_a_person_gave(
    tmp_path: Path, marked: Callable[[Route], Path]
) -> None:
    course = copy_of(marked(ROUTES["interface"]), tmp_path / "course")
    before, given = marks(course), by_a_person(course)
    for extra in ([], ["--force"]):
        grade(ROUTES["command"], course, *extra)
        assert marks(course) == before
    hand_in(course, WRONG, answer(course))
    grade(ROUTES["command"], course, "--force")
    assert by_a_person(course) == given
    assert (before[WRONG, "test_double"].automatic, marks(course)[WRONG, "test_double"].automatic) == (0.0, 2.0)


def test_one_student_graded_again_leaves_the_others(course: Path, route: Route) -> None:
    before = marks(course)
    hand_in(course, WRONG, answer(course))
    hand_in(course, RIGHT, answer(course, "    return x"))
    grade(route, course, "--force", "--student", WRONG)
    now = marks(course)
    assert {key: mark for key, mark in now.items() if key[0] != WRONG} == {
        key: mark for key, mark in before.items() if key[0] != WRONG
    }
    assert now[WRONG, "test_double"].automatic == 2.0
    assert now[WRONG, "test_double"].manual == 1.0


def test_the_control_sees_what_is_lost(course: Path, route: Route) -> None:
    """A submission taken out of the gradebook and graded anew has lost what a person gave: this test would see it."""
    given = by_a_person(course)
    with opened(course) as gradebook:
        gradebook.remove_submission(ASSIGNMENT, WRONG)
    grade(route, course, "--force")
    lost = by_a_person(course)
    assert {key for key, value in given.items() if lost[key] != value} == {
        (WRONG, "test_double"),
        (WRONG, "why"),
        (WRONG, "triple"),
    }


def waiting(course: Path) -> set[tuple[str, str]]:
    """What the formgrader lists for a person."""
    return {key for key, mark in marks(course).items() if mark.needs_person}


UNREAD = {(BROKEN, "test_double"), (BROKEN, "test_triple")}  # could not be run: a person's, who has only marked "why"


def test_a_mark_stays_final_where_the_answer_is_what_it_was(course: Path, route: Route) -> None:
    """nbgrader itself asks for a person after every grading."""
    assert waiting(course) == UNREAD
    for _ in range(2):
        grade(route, course, "--force")
        assert waiting(course) == UNREAD


def test_a_mark_for_another_answer_is_to_be_confirmed_once(course: Path, route: Route) -> None:
    hand_in(course, RIGHT, answer(course, why="Because of three."))
    hand_in(course, WRONG, answer(course))
    hand_in(course, BROKEN, '{"cells": [[')
    changed = {(RIGHT, "why"), (WRONG, "test_double"), (BROKEN, "why")}
    for _ in range(2):  # also when the new answers are graded again, nobody has confirmed anything
        grade(route, course, "--force")
        assert waiting(course) == UNREAD | changed
    for student, name in changed:
        give(course, student, name, extra_credit=None)
    grade(route, course, "--force")
    assert waiting(course) == UNREAD


def test_a_mark_for_a_cell_that_is_worth_something_else_is_to_be_confirmed(course: Path, route: Route) -> None:
    source = course / "solutions" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    changed = nbformat.read(source, as_version=4)
    cell(changed, "why").metadata["nbgrader"]["points"] = 4
    nbformat.write(changed, source)
    made = nbgrader_api(course).generate_assignment(ASSIGNMENT, force=True)
    assert made["success"], made
    grade(route, course, "--force")
    assert waiting(course) == UNREAD | {(student, "why") for student in (RIGHT, WRONG, BROKEN)}


def test_an_answer_left_as_it_was_is_worth_nothing_and_asks_for_nobody(
    tmp_path: Path, generated: Path, route: Route
) -> None:
    course = copy_of(generated, tmp_path / "course")
    hand_in(course, RIGHT, answer(course, why="*Your answer here.*"))
    grade(route, course)
    found = marks(course)[RIGHT, "why"]
    assert (found.automatic, found.needs_person) == (0.0, False)


# -- lateness

DUE = datetime.datetime(2026, 11, 20, 12, 0, 0)
STAMPS = {
    "on_time": "2026-11-20 12:00:00 UTC",
    "two_hours": "2026-11-20 14:00:00 UTC",
    "elsewhere": "2026-11-20 15:00:00 CET",
    "extended": "2026-11-20 14:00:00 UTC",
    "an_hour_more": "2026-11-20 14:00:00 UTC",
    "broken": "the day before",
    "unstamped": None,
    "very_late": "2026-12-20 12:00:00 UTC",
    "late_unread": "2026-11-20 14:00:00 UTC",
}
BY_THE_HOUR = """
from nbgrader.plugins import BasePlugin


class ByTheHour(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return total_seconds_late / 3600
"""
ZERO = '\nc.LateSubmissionPlugin.penalty_method = "zero"\n'
HOURLY = '\nc.AssignLatePenalties.plugin_class = "by_the_hour.ByTheHour"\n'


def late_class(generated: Path, place: Path, settings: str) -> Path:
    """Everybody has answered all rightly (3 points of 3 that are given automatically), at different times."""
    course = copy_of(generated, place, settings)
    (course / "by_the_hour.py").write_text(BY_THE_HOUR)
    with opened(course) as gradebook:
        gradebook.update_or_create_assignment(ASSIGNMENT, duedate=DUE)
    for student, stamp in STAMPS.items():
        hand_in(course, student, '{"cells": [' if student == "late_unread" else answer(course))
        if stamp is not None:
            (course / "submitted" / student / ASSIGNMENT / "timestamp.txt").write_text(stamp)
    return course


def extend(course: Path, student: str, hours: float) -> None:
    with opened(course) as gradebook:
        gradebook.grant_extension(ASSIGNMENT, student, hours=hours)


def scores(course: Path) -> dict[str, tuple[float, float]]:
    """The points of everybody, and what lateness takes off them."""
    with opened(course) as gradebook:
        return {
            one.student.id: (one.score, one.late_submission_penalty or 0.0)
            for one in gradebook.assignment_submissions(ASSIGNMENT)
        }


WHOLE = (3.0, 0.0)
NOT_LATE = {"on_time": WHOLE, "broken": WHOLE, "unstamped": WHOLE}
PENALTIES = {
    "zero": (
        ZERO,
        dict.fromkeys(("two_hours", "elsewhere", "extended", "an_hour_more", "very_late"), (3.0, 3.0)),
        {"extended": WHOLE, "an_hour_more": (3.0, 3.0)},
    ),
    "hourly": (
        HOURLY,
        {
            **dict.fromkeys(("two_hours", "elsewhere", "extended", "an_hour_more"), (3.0, 2.0)),
            "very_late": (3.0, 3.0),  # never more than there is
        },
        {"extended": WHOLE, "an_hour_more": (3.0, 1.0)},
    ),
}


@pytest.mark.parametrize("method", PENALTIES)
def test_lateness_costs_what_the_settings_say_and_an_extension_gives_it_back(
    method: str, tmp_path: Path, generated: Path, route: Route
) -> None:
    settings, late, with_extension = PENALTIES[method]
    course = late_class(generated, tmp_path / "course", settings)
    grade(route, course)
    first = scores(course)
    unread = first.pop("late_unread")
    assert first == NOT_LATE | late
    assert unread[0] == 0.0
    extend(course, "extended", 3)
    extend(course, "an_hour_more", 1)
    give(course, "two_hours", "why", manual_score=2.0)
    before = by_a_person(course)
    grade(route, course, "--force")
    second = scores(course)
    second.pop("late_unread")
    penalty = 5.0 if method == "zero" else 2.0
    assert second == NOT_LATE | late | with_extension | {"two_hours": (5.0, penalty)}
    assert by_a_person(course) == before
    extend(course, "extended", 0)  # taken back
    grade(route, course, "--force", "--student", "extended")
    assert scores(course)["extended"] == late["extended"]


def test_without_a_rule_lateness_costs_nothing(tmp_path: Path, generated: Path, route: Route) -> None:
    """The control: the same class without a setting."""
    course = late_class(generated, tmp_path / "course", "")
    grade(route, course)
    assert {name: penalty for name, (_, penalty) in scores(course).items()} == dict.fromkeys(STAMPS, 0.0)


def test_nbgrader_alone_grades_nobody_after_a_broken_timestamp(tmp_path: Path, generated: Path) -> None:
    """The control: without intake, one file that holds no time ends the command for the class."""
    course = late_class(generated, tmp_path / "course", ZERO)
    stock = {"Autograde": {"exporter_class": "nbconvert.exporters.NotebookExporter"}}
    assert not nbgrader_api(course, stock).autograde(ASSIGNMENT, "*")["success"]
    assert scores(course).keys() < STAMPS.keys()
