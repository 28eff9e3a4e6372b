"""What an attack is: what is handed in, what it must get, and how it would succeed without its defence."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.grading.small_course import ASSIGNMENT

HONEST = "honest"


@dataclass(frozen=True)
class Attack:
    """One student of the class.

    Parameters
    ----------
    kind : str
        What is attacked; "honest" for those who attack nothing, and get all points.
    name : str
        Which attack; also the student's name, unless `student` is given.
    sentence : str
        What it tries, in one sentence.
    hand_in : Callable[[Path, Path], None]
        Gets the course folder and the student's folder of this assignment, which is not made yet, and writes into it
        what is handed in.
    points : Mapping[str, float | None]
        Name of a graded cell → points that the gradebook must have for it; None where a person is to give them.
    outcomes : Mapping[str, str]
        Name of an exercise (of the cell, where it is none of the course) → how it must end, "wrong or crashed" where
        both are right.
    untouched : Callable[[Path], None] or None
        Gets the course folder when the class is graded, and asserts that something has not changed.
    control : Callable[[Path], None] or None
        Gets the course folder and asserts that the same attack succeeds where its defence is not there.
    no_control : str
        Why there is none.
    limit : str
        Why it cannot be kept out; "" for all but the few that get what they want.
    student : str
        The student's name where it is another one.
    assignment : str
        What is handed in.
    """

    kind: str
    name: str
    sentence: str
    hand_in: Callable[[Path, Path], None]
    points: Mapping[str, float | None]
    outcomes: Mapping[str, str]
    untouched: Callable[[Path], None] | None = None
    control: Callable[[Path], None] | None = None
    no_control: str = ""
    student: str = ""
    assignment: str = ASSIGNMENT
    limit: str = ""

    @property
    def who(self) -> str:
        """The student's name."""
        return self.student or self.name

    @property
    def label(self) -> str:
        """A name that no other attack has."""
        return f"{self.kind}: {self.name}"


@cache
def all_attacks() -> tuple[Attack, ...]:
    """The whole class, from every module of this folder that has `ATTACKS`, by assignment."""
    package = importlib.import_module(__package__)
    found: list[Attack] = []
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda one: one.name):
        if module.name not in ("table", "one_process"):
            found += getattr(importlib.import_module(f"{__package__}.{module.name}"), "ATTACKS", ())
    labels = [attack.label for attack in found]
    if twice := {label for label in labels if labels.count(label) > 1}:
        raise ValueError(f"Attacks need names of their own; two are called {', '.join(sorted(twice))}.")
    places = [(attack.who, attack.assignment) for attack in found]
    if twice_in := {place for place in places if places.count(place) > 1}:
        raise ValueError(f"Two attacks hand in as the same student: {sorted(twice_in)}.")
    return tuple(sorted(found, key=lambda attack: attack.assignment))
