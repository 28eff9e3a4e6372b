"""The second kind of soundness: right answers with one small edit, and which of them the check still accepts.

A right answer that is changed in one place (see `nnkit.exercises.beside.edits`) is wrong, unless the change makes no
difference. One that passes every case although it gives other values somewhere is either explained in
`tests/answers/<notebook>/<exercise>.py` (``EQUIVALENT``: the changed lines → why this is right as well), or a case is
missing.

"Somewhere" is looked for where the check has not looked: in the cases of many further seeds, and for the arguments of
its own cases scaled and with the other sign.
"""

from __future__ import annotations

import contextlib
import difflib
import io
import warnings
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from nnkit.exercises import index
from nnkit.exercises.beside import wire
from nnkit.exercises.beside.edits import CHANGED, MOVED, PUT_IN
from nnkit.exercises.beside.probes import find_probe
from nnkit.exercises.beside.source import Source
from nnkit.exercises.beside.trying import try_variants
from nnkit.exercises.beside.variants import Variants
from nnkit.exercises.beside.watchdog import run_limited
from nnkit.exercises.exercise import PUBLIC_SEED, Case, Exercise
from nnkit.exercises.judge.answer import Answer
from nnkit.exercises.judge.ladder import judge_case
from nnkit.exercises.judge.locate import RightOrNot
from tests.answers import Answers, namespace_of

SEEDS = ((PUBLIC_SEED, False), (PUBLIC_SEED + 1, True), (20_011, True))
ELSEWHERE = (30_000, 30_001)
SECONDS = 120.0  # for the edits of one right answer, on a machine that has other things to do


@dataclass(frozen=True)
class Survivor:
    """A changed answer that passes.

    Parameters
    ----------
    variant : str
        The label of the right answer that was changed.
    before, after : str
        The lines that differ, as they were and as they are; "" where the values differ nowhere.
    where : str
        Where it gives other values than before; "" if that was found nowhere.
    why : str
        Why it is right all the same, from `tests/answers`.
    """

    variant: str
    before: str
    after: str
    where: str
    why: str = ""


@dataclass
class Survivors:
    """What came of changing the right answers to one exercise."""

    exercise: str
    edits: int = 0
    found: list[Survivor] = field(default_factory=list)

    @property
    def unexplained(self) -> list[Survivor]:
        """Those that give other values somewhere, and nobody has said why that is right."""
        return [survivor for survivor in self.found if survivor.where and not survivor.why]


def survivors(
    exercise: Exercise,
    known: Answers,
    distances: Collection[int] = (CHANGED, MOVED, PUT_IN),
    most: int | None = None,
) -> Survivors:
    """Change every right answer (or the first few) to an exercise, one edit at a time, and see what still passes.

    Parameters
    ----------
    exercise : Exercise
        What was asked.
    known : Answers
        The right answers, and which changes of them are right as well.
    distances : Collection[int]
        How far the edits may be from what was typed.
    most : int or None
        How many right answers to take; None for all.
    """
    result = Survivors(exercise.name)
    cases = [case for seed, hidden in SEEDS for case in exercise.draw(seed, hidden)]
    arguments = [dict(case.arguments) for case in cases]
    neighbours = {other.student_name for other in index.companions(exercise.name)} - {exercise.student_name}
    judge = RightOrNot(exercise, cases)
    with quiet():
        for label, source in list(known.right.items())[:most]:
            names = namespace_of(source, known.provided)
            typed = Source.of(exercise.student_name, names[exercise.student_name], neighbours)
            if typed is None:
                continue
            tried = try_variants(typed, exercise.probe, arguments, (), names, judge, SECONDS, distances)
            result.edits += tried.tried
            for variants, number in tried.right:
                where = where_it_differs(exercise, variants, number, names)
                # Written out only where it matters: that takes longer than to run it.
                before, after = changed_lines(variants, number) if where else ("", "")
                why = known.equivalent.get(after, known.equivalent.get(before, ""))
                result.found.append(Survivor(label, before, after, where, why))
    return result


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Neither warnings nor output of answers that may do anything."""
    with warnings.catch_warnings(), np.errstate(all="ignore"), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


def changed_lines(variants: Variants, number: int) -> tuple[str, str]:
    """What an edit changes, line for line."""
    before, after = variants.text(0).splitlines(), variants.text(number).splitlines()
    gone, come = [], []
    for tag, first, last, start, end in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            gone += before[first:last]
            come += after[start:end]
    return " / ".join(line.strip() for line in gone), " / ".join(line.strip() for line in come)


def where_it_differs(exercise: Exercise, variants: Variants, number: int, names: Mapping[str, Any]) -> str:
    """Where a changed answer is another one than the right one it was made of; "" if nowhere.

    Where properties are judged, many values are right, and it is the judge who is asked.
    """
    found = [""]
    by_values = exercise.judge is None

    def work() -> None:
        for words, case in elsewhere(exercise):
            found[0] = f"it does not come to an end {words}"
            results = [outcome(exercise, variants.names(which), case, names) for which in (0, number)]
            if by_values:
                differs = results[0] is not None and not same(*results)
            else:
                judged = [result is not None and judge_case(exercise, case, Answer(result[0])) for result in results]
                differs = judged[0] is None and judged[1] is not None
            found[0] = words if differs else ""
            if differs:
                return

    run_limited(work, SECONDS)
    return found[0]


def elsewhere(exercise: Exercise) -> Iterator[tuple[str, Case]]:
    """Cases that the check has not seen, in words and as data."""
    for seed in ELSEWHERE:
        for case in exercise.draw(seed, True):
            yield f"in a case of another seed ({case.covers})", case
    if exercise.judge is not None:
        return
    for words, factor in (("a hundred times as large", 100.0), ("with the other sign", -1.0), ("smaller", 0.01)):
        for case in exercise.draw(PUBLIC_SEED):
            arguments = {key: scaled(value, factor) for key, value in case.arguments.items()}
            yield f"for arguments {words} ({case.covers})", replace(case, arguments=arguments)


def scaled(value: Any, factor: float) -> Any:
    """Arrays of numbers with fractions, times a factor; everything else as it is."""
    return value * factor if isinstance(value, np.ndarray) and value.dtype.kind == "f" else value


def outcome(exercise: Exercise, made: dict[str, Any], case: Case, names: Mapping[str, Any]) -> Any:
    """What is returned and what became of the arguments; None where an error was raised."""
    given = wire.loads(wire.dumps(dict(case.arguments)))
    try:
        returned = find_probe(exercise.probe)(made[exercise.student_name], given, {**names, **made})
        return [wire.plain(returned), wire.plain(given)]
    except Exception:
        return None


def same(first: Any, second: Any) -> bool:
    """Whether two outcomes are the same up to rounding."""
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(same(first[key], second[key]) for key in first)
    if isinstance(first, list | tuple) and isinstance(second, list | tuple):
        return len(first) == len(second) and all(same(a, b) for a, b in zip(first, second, strict=True))
    try:
        one, two = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    except (TypeError, ValueError):
        return type(first) is type(second) and bool(first == second)
    scale = float(np.max(np.abs(one[np.isfinite(one)]), initial=0.0))
    return one.shape == two.shape and np.allclose(one, two, rtol=1e-6, atol=1e-9 * scale, equal_nan=True)
