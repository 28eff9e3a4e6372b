"""A class of attackers, with honest students among them, is graded by every route: nobody gains, nobody loses.

The whole class is graded by `nnkit grade`, and every attack by one of nbgrader's two ways as well, which share all that
comes after the start. What each attack must get is a test of its own, and so is its control: the same attack where its
defence is not there, which has to succeed, or the test would show nothing.
"""

from __future__ import annotations

import functools
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from nnkit.grading.course.steps import nbgrader_api
from nnkit.grading.marks.class_table import Entry, read_class
from nnkit.grading.run.execution import close_sandboxes
from nnkit.grading.run.sandbox import why_no_sandbox
from tests.grading.attacks import course as attacked
from tests.grading.attacks import routes, table
from tests.grading.attacks.attack import HONEST, Attack, all_attacks
from tests.grading.attacks.routes import ROUTES, Ended, Route, contents

pytestmark = pytest.mark.skipif(bool(why_no_sandbox()), reason=f"no sandbox here: {why_no_sandbox()}")

ATTACKS = all_attacks()
ASSIGNMENTS = tuple(attacked.POINTS)
LEAST = 5  # attacks of every kind
WHOLE_CLASS = "nnkit grade"
# What nbgrader itself writes into the course folder.
OWN = ("gradebook.db", "autograded", ".nbgrader.log", ".nnkit-", "feedback", "reports")


def class_of(route: Route) -> list[Attack]:
    """Who is graded by a route: all honest students, and all attackers or those whose turn it is."""
    halves = [other.name for other in ROUTES if other.name != WHOLE_CLASS]
    turn = halves.index(route.name) if route.name in halves else None
    return [
        attack
        for place, attack in enumerate(ATTACKS)
        if attack.kind == HONEST or turn is None or place % len(halves) == turn
    ]


by_every_route = pytest.mark.parametrize(
    "route",
    [
        pytest.param(route, id=route.name, marks=pytest.mark.skipif(bool(route.missing), reason=route.missing))
        for route in ROUTES
    ],
)


@dataclass(frozen=True)
class Graded:
    """The class when it is graded."""

    course: Path
    ended: Mapping[str, Ended]
    entries: Mapping[tuple[str, str], Mapping[str, Entry]]  # student and assignment → exercise → entry
    before: Mapping[str, Mapping[str, object]]  # place → what was in it
    after: Mapping[str, Mapping[str, object]]


class Classes:
    """The class, graded by a route when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.template = attacked.make_course(folder / "template")
        self.of = functools.cache(self._graded)

    def _graded(self, route: Route) -> Graded:
        place = self._folder / route.name.replace(" ", "-")
        course = place / "course"
        places = {name: place / name for name in ("outside", "home", "temporary")}
        for folder in places.values():
            folder.mkdir(parents=True)
        (places["outside"] / "canary.txt").write_text("Nobody changes this.")
        (places["home"] / ".profile").write_text("# Nobody changes this.")
        shutil.copytree(self.template, course, symlinks=True)
        for attack in class_of(route):
            folder = course / "submitted" / attack.who / attack.assignment
            folder.parent.mkdir(parents=True, exist_ok=True)
            attack.hand_in(course, folder)
        before = {name: contents(folder) for name, folder in places.items()} | {"course": contents(course, without=OWN)}
        ended = {
            assignment: routes.run(
                route.of(course, assignment), course, places["home"], places["temporary"], attacked.ANSWER_SECONDS
            )
            for assignment in ASSIGNMENTS
        }
        after = {name: contents(folder) for name, folder in places.items()} | {"course": contents(course, without=OWN)}
        entries: dict[tuple[str, str], dict[str, Entry]] = {}
        for assignment in ASSIGNMENTS:
            for entry in read_class(nbgrader_api(course), assignment):
                entries.setdefault((entry.student, assignment), {})[entry.exercise] = entry
        return Graded(course, ended, entries, before, after)


def _outside(folder: Path) -> Mapping[str, object]:
    return contents(folder)


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Classes]:
    yield Classes(tmp_path_factory.mktemp("attacks"))
    close_sandboxes()


def cell_of(entry: Entry) -> str:
    """nbgrader's name for the cell that is graded."""
    exercises = [name for some in attacked.EXERCISES.values() for name in some]
    return f"test_{entry.exercise}" if entry.exercise in ("double", *exercises) else entry.exercise


# ---------------------------------------------------------------------------------------------------------------------
# Marks
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("route", "attack"),
    [
        pytest.param(
            route,
            attack,
            id=f"{attack.label}-{route.name}",
            marks=pytest.mark.skipif(bool(route.missing), reason=route.missing),
        )
        for route in ROUTES
        for attack in class_of(route)
    ],
)
def test_every_student_gets_what_the_answers_are_worth(route: Route, attack: Attack, classes: Classes) -> None:
    graded = classes.of(route)
    found = graded.entries[attack.who, attack.assignment]
    for exercise, outcome in attack.outcomes.items():
        assert found[exercise].outcome in outcome.split(" or "), found[exercise]
    assert {cell_of(entry): entry.points for entry in found.values()}.items() >= dict(attack.points).items()
    if attack.untouched is not None:
        attack.untouched(graded.course)


@by_every_route
def test_honest_students_get_all_points_wherever_they_stand(route: Route, classes: Classes) -> None:
    for attack in ATTACKS:
        if attack.kind == HONEST:
            found = classes.of(route).entries[attack.who, attack.assignment]
            marks = {cell_of(entry): entry.points for entry in found.values()}
            assert {name: marks[name] for name in attacked.POINTS[attack.assignment]} == attack.points
    for assignment in ASSIGNMENTS:
        students = sorted(attack.who for attack in ATTACKS if attack.assignment == assignment)
        honest = [attack.who for attack in ATTACKS if (attack.kind, attack.assignment) == (HONEST, assignment)]
        assert {students[0], students[-1]} <= set(honest)


@by_every_route
def test_every_student_has_a_row_and_the_batch_ends_well(route: Route, classes: Classes) -> None:
    graded = classes.of(route)
    assert graded.entries.keys() == {(attack.who, attack.assignment) for attack in class_of(route)}
    for (_, assignment), entries in graded.entries.items():
        assert {cell_of(entry) for entry in entries.values()} >= attacked.POINTS[assignment].keys()
    for assignment, ended in graded.ended.items():
        assert ended.code == 0, f"{assignment}: {ended.said}"


# ---------------------------------------------------------------------------------------------------------------------
# What is outside
# ---------------------------------------------------------------------------------------------------------------------


@by_every_route
@pytest.mark.parametrize("place", ["course", "outside", "home", "temporary"])
def test_nothing_outside_has_changed(route: Route, place: str, classes: Classes) -> None:
    graded = classes.of(route)
    before, after = graded.before[place], graded.after[place]
    assert sorted(after.keys() ^ before.keys()) == []
    assert [name for name in before if before[name] != after[name]] == []


@by_every_route
def test_no_process_is_left_behind(route: Route, classes: Classes) -> None:
    assert {assignment: ended.left for assignment, ended in classes.of(route).ended.items() if ended.left} == {}


# ---------------------------------------------------------------------------------------------------------------------
# The attacks themselves
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "attack", [attack for attack in ATTACKS if attack.control is not None], ids=lambda attack: attack.label
)
def test_without_its_defence_it_succeeds(attack: Attack, classes: Classes) -> None:
    assert attack.control is not None
    attack.control(classes.template)


def test_every_attack_has_a_control_or_a_reason_for_none() -> None:
    assert [attack.label for attack in ATTACKS if (attack.control is None) == (attack.no_control == "")] == []


def test_there_are_enough_of_every_kind() -> None:
    kinds = [attack.kind for attack in ATTACKS if not attack.limit]
    assert [kind for kind in sorted(set(kinds)) if kinds.count(kind) < LEAST] == []


@pytest.mark.skipif(not table.PAGE.exists(), reason="there is no GRADING.md yet")
def test_the_table_in_the_documentation_is_that_of_today() -> None:
    """`python -m tests.grading.attacks.table` brings it up to date."""
    assert table.table_in(table.PAGE.read_text(encoding="utf-8")) == table.table()
