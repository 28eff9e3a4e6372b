"""From a wrong answer to the line that holds the slip: variants of it are tried beside it, and judged apart from it."""

from __future__ import annotations

import contextlib
import sys
import time
import warnings
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import numpy as np

from nnkit.engine import GENERATOR
from nnkit.exercises.asking import ask
from nnkit.exercises.beside.source import Source
from nnkit.exercises.beside.states import ANSWERED
from nnkit.exercises.beside.trying import try_variants
from nnkit.exercises.exercise import Exercise, cases_of
from nnkit.exercises.judge.judged import Judged
from nnkit.exercises.judge.locate import Located, RightOrNot, located, where_it_fails

# For all of it, what has to be done before the first variant included. A browser's Python takes several times as long.
SECONDS = 5.0 if sys.platform == "emscripten" else 1.4
FURTHER_SEEDS = (2, 20_011)  # of grading's cases, which an answer that is called mended has to pass as well


@contextlib.contextmanager
def _chance_as_before() -> Iterator[None]:
    """What is drawn afterwards is what would have been drawn without the search, however many variants drew in it."""
    before, library = np.random.get_state(), GENERATOR.bit_generator.state
    try:
        yield
    finally:
        np.random.set_state(before)
        GENERATOR.bit_generator.state = library


@_chance_as_before()
def locate(
    exercise: Exercise,
    namespace: Mapping[str, Any],
    seed: int,
    neighbours: Collection[str] = (),
    seconds: float | None = None,
) -> Located | None:
    """Which line of a wrong answer one small change would mend; None where that is not found out in time.

    Parameters
    ----------
    exercise : Exercise
        What was asked.
    namespace : Mapping[str, Any]
        The student's names.
    seed : int
        Draws the cases that the answer failed.
    neighbours : Collection[str]
        Names of other answers of the notebook, in which no change is tried.
    seconds : float or None
        For all of it; None means `SECONDS`.
    """
    seconds = SECONDS if seconds is None else seconds
    end = time.monotonic() + seconds
    source = Source.of(exercise.student_name, namespace.get(exercise.student_name), neighbours)
    if source is None:
        return None
    cases = list(cases_of(exercise, seed))
    sitting = ask(exercise, cases, namespace, seconds)
    if sitting.state != ANSWERED:
        return None
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        judged = Judged.of(exercise, cases, sitting)
        if not judged.failing:
            return None
        failing = [place for place, finding in enumerate(judged.findings) if finding is not None]
        failing.sort(key=lambda place: (place != judged.shown, cases[place].size))
        known = len(cases)
        cases += [case for further in FURTHER_SEEDS for case in cases_of(exercise, further, True)]
        arguments = [dict(case.arguments) for case in cases]
        judge = RightOrNot(exercise, cases)
        left = end - time.monotonic()
        tried = try_variants(source, exercise.probe, arguments, failing, namespace, judge, left, known=known)
    lines = {part.file: part.lines for part in source.parts}
    files = [part.file for part in source.parts]
    spots = [variants.spots[number - 1] for variants, number in tried.right]
    right = [(files[spot.part], spot.edit.line, spot.edit.kind, spot.edit.distance) for spot in spots]
    return located(right, lines) if right else where_it_fails(tried.only if tried.all_covered else (), lines)
