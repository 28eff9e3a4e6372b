"""How sound the checks are: ``python tests/soundness.py [--edits | --no-edits] [--table FILE] [exercise …]``.

For every exercise: are all declared mistakes rejected, is each told its own cause, are all right variants accepted, and
how long does a check take? An exercise whose own reference does not pass counts as broken, whatever else it does.
Exits with an error below 100 %.

Then the second kind: right answers with one small edit (see `tests.survivors`), and which still pass although their
values differ somewhere. The nearest edits of one right answer to each exercise are tried, with ``--edits`` all edits of
all of them, which takes long, and with ``--no-edits`` none.

With ``--table FILE`` the scores of all exercises are also written as the table that the site shows, without times,
which differ from machine to machine: ``python tests/soundness.py --table .github/site/generated/soundness.md``.

A mistake is tried twice: as data straight to the judge, and as code through the whole check. The code is made from the
mistake itself where the exercise uses the plain probe, and typed out in `tests/answers` (``WRONG``) where it has a
probe of its own.
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from nnkit.exercises import index
from nnkit.exercises.beside import wire
from nnkit.exercises.beside.edits import CHANGED, MOVED, PUT_IN
from nnkit.exercises.beside.states import ANSWERED
from nnkit.exercises.checking import evaluate
from nnkit.exercises.exercise import PUBLIC_SEED, Case, Exercise, Mistake, cases_of
from nnkit.exercises.judge.answer import Sitting
from nnkit.exercises.judge.recognise import simulate
from nnkit.exercises.judge.verdict import Verdict, saying, verdict_on
from nnkit.exercises.outline import places
from nnkit.exercises.terms import CRASHED, PASSED
from tests.answers import Answers, answers_to, namespace_of
from tests.survivors import Survivors, survivors

SEEDS = ((PUBLIC_SEED, False), (PUBLIC_SEED + 1, True), (20_011, True))
RIGHT_VARIANTS = 4
TIME_LIMIT = 60.0  # for an answer that is known to end, on a machine that has other things to do


@dataclass
class Score:
    """What was found for one exercise."""

    exercise: str
    mistakes: int = 0
    rejected: int = 0
    own_cause: int = 0
    variants: int = 0
    accepted: int = 0
    seconds: float = 0.0
    broken: bool = False
    problems: list[str] = field(default_factory=list)

    @property
    def perfect(self) -> bool:
        full = self.rejected == self.own_cause == self.mistakes and self.accepted == self.variants >= RIGHT_VARIANTS
        return full and not self.broken and not self.problems


def score(exercise: Exercise, answers: Answers | None = None) -> Score:
    """Try everything that is known about one exercise."""
    result = Score(exercise.name)
    known = answers_to(exercise.name) if answers is None else answers

    for seed, hidden in SEEDS:
        try:
            verdict = _judge_simulated(exercise, None, seed, hidden)
        except Exception as error:
            verdict = saying(CRASHED, f"{type(error).__name__}: {error}")
        if verdict.status != PASSED:
            result.broken = True
            result.problems.append(f"the reference itself does not pass with seed {seed}: {verdict.message}")
    if result.broken:
        return result

    result.variants = len(known.right)
    if not exercise.mistakes:
        result.problems.append("no mistakes are declared, so nothing says that a wrong answer is rejected")
    if len(known.right) < RIGHT_VARIANTS:
        place = f"tests/answers/{index.notebook_of(exercise.name)}/{exercise.name}.py"
        result.problems.append(f"{len(known.right)} right variants in {place}; {RIGHT_VARIANTS} are needed")
    times = []
    for label, source in known.right.items():
        namespace = namespace_of(source, known.provided)
        reports = [evaluate(exercise, namespace, seed, hidden, time_limit=TIME_LIMIT) for seed, hidden in SEEDS]
        times += [report.seconds for report in reports]
        failed = [report for report in reports if not report.passed]
        if failed:
            result.problems.append(f"right variant {label!r} is refused: {failed[0]}")
        else:
            result.accepted += 1
    result.seconds = median(times) if times else 0.0

    for mistake in exercise.mistakes:
        result.mistakes += 1
        verdicts: list[Verdict] = []
        for seed, hidden in SEEDS:
            verdicts.append(_judge_simulated(exercise, mistake, seed, hidden))
            names = _student_making(exercise, mistake, known)
            if names is None:
                result.problems.append(f"mistake {mistake.label!r} has no source in tests/answers (WRONG)")
                continue
            verdicts.append(evaluate(exercise, names, seed, hidden, time_limit=TIME_LIMIT))
        result.rejected += all(verdict.status != PASSED for verdict in verdicts)
        others = [verdict for verdict in verdicts if verdict.cause != mistake.sentence]
        result.own_cause += not others
        if others:
            result.problems.append(f"mistake {mistake.label!r} {_what_it_is_told(exercise, others[0])}")
    for label in known.wrong.keys() - {mistake.label for mistake in exercise.mistakes}:
        result.problems.append(f"tests/answers has a wrong answer {label!r} that is no declared mistake")
    return result


def _what_it_is_told(exercise: Exercise, verdict: Verdict) -> str:
    """What a mistake is told in place of its own sentence."""
    if verdict.status == PASSED:
        return "passes: no case tells it from a right answer"
    twins = [other.label for other in exercise.mistakes if other.sentence == verdict.cause]
    if twins:
        return f"is told the sentence of {twins[0]!r}, which gives the same values in every case"
    return f"is told: {verdict.cause} | {verdict.message}"


def _judge_simulated(exercise: Exercise, mistake: Mistake | None, seed: int, hidden: bool) -> Verdict:
    """The verdict on what the mistake (or the reference, for None) answers, as data."""
    cases = list(cases_of(exercise, seed, hidden))
    answers = (simulate(exercise, mistake, case) for case in cases)
    # As it would arrive: what the wire makes of it is part of the check.
    arrived = tuple(replace(answer, returned=wire.loads(wire.dumps(answer.returned))) for answer in answers)
    sitting = Sitting(ANSWERED, arrived)
    return verdict_on(exercise, cases, sitting, limit=10.0)


def _student_making(exercise: Exercise, mistake: Mistake, known: Answers) -> dict[str, Any] | None:
    if mistake.label in known.wrong:
        return namespace_of(known.wrong[mistake.label], known.provided)
    if exercise.probe != "call":
        return None

    def student(*values: Any) -> Any:
        arguments = dict(zip(exercise.arguments, values, strict=False))  # a case may leave out those with a default
        untouched = Case({key: wire.plain(value) for key, value in arguments.items()}, "").copies()
        return mistake.answer(exercise, lambda: exercise.reference(*untouched.values()), arguments)

    return {exercise.student_name: student}


def main(names: list[str], everything: bool = False, edits: bool = True, table: Path | None = None) -> int:
    """Print the table, and write it into a file where one is named; 0 when everything is at 100 %."""
    if table is not None and names:
        print("The table in a file has all exercises: leave their names out, or leave out --table.")
        return 2
    missing = set(names) - set(index.names())
    if missing:
        close = [other for name in missing for other in difflib.get_close_matches(name, index.names(), n=1)]
        offer = f" Is {' or '.join(close)} meant?" if close else ""
        print(f"There is no file {', '.join(sorted(missing))}.py in a folder of nnkit/exercises/catalogue/.{offer}")
        return 2
    heads = ("mistakes", "rejected", "own cause", "variants", "accepted", "ms a check")
    print(f"{'exercise':<24}" + "".join(f"{head:>12}" for head in heads))
    scores, changed = [], []
    kinds, most = ((CHANGED, MOVED, PUT_IN), None) if everything else ((CHANGED,) if edits else (), 1)
    with _side_by_side(len(names or index.names())) as mapped:
        for entry, with_an_edit in mapped(partial(_measured, kinds=kinds, most=most), names or index.names()):
            scores.append(entry)
            changed.append(with_an_edit)
            print(
                f"{entry.exercise:<24}{entry.mistakes:>12}{entry.rejected:>12}{entry.own_cause:>12}{entry.variants:>12}"
                f"{entry.accepted:>12}{1000 * entry.seconds:>12.1f}{'' if entry.perfect else '   <-'}",
                flush=True,
            )
    totals = {key: sum(getattr(entry, key) for entry in scores) for key in ("mistakes", "rejected", "own_cause")}
    variants, accepted = sum(entry.variants for entry in scores), sum(entry.accepted for entry in scores)
    print(
        f"\n{len(scores)} exercises: {totals['rejected']} of {totals['mistakes']} mistakes rejected, "
        f"{totals['own_cause']} told their own cause; {accepted} of {variants} right variants accepted."
    )
    for entry in scores:
        for problem in entry.problems:
            print(f"\n{entry.exercise}: {problem}")
    if table is not None:
        table.parent.mkdir(parents=True, exist_ok=True)
        beside = table.with_name(f".{table.name}")
        beside.write_text(table_of(scores), encoding="utf-8", newline="\n")
        os.replace(beside, table)
        print(f"\n{table} is written.")
    left = _say_what_passes(changed) if kinds else 0
    # What a search under a time limit finds depends on the machine: over all exercises it decides only where all of it
    # is asked for.
    return 0 if scores and not (left and (everything or names)) and all(entry.perfect for entry in scores) else 1


def table_of(scores: Sequence[Score]) -> str:
    """The scores as a table in Markdown: a line for each exercise in the order of reading, and one for all of them."""
    order = [place.exercise for place in places()]
    sorted_ = sorted(scores, key=lambda one: order.index(one.exercise) if one.exercise in order else len(order))
    heads = ("notebook", "exercise", "mistakes", "rejected", "told their own cause", "right variants", "accepted")
    lines = [f"| {' | '.join(heads)} |", "|---|---|" + "---:|" * 5]
    sums = [0] * 5
    for one in sorted_:
        counts = (one.mistakes, one.rejected, one.own_cause, one.variants, one.accepted)
        sums = [before + count for before, count in zip(sums, counts, strict=True)]
        numbers = " | ".join(map(str, counts))
        lines.append(f"| {index.notebook_of(one.exercise)} | `{one.exercise}` | {numbers} |")
    lines.append(
        f"| **all** | **{len(scores)} exercises** | " + " | ".join(f"**{number:,}**" for number in sums) + " |"
    )
    return "\n".join(lines) + "\n"


@contextlib.contextmanager
def _side_by_side(how_many: int) -> Iterator[Callable[..., Iterable[Any]]]:
    """A `map`, what is done first coming first, in as many processes as the machine has cores, or in this one."""
    jobs = min(os.cpu_count() or 1, how_many)
    if jobs == 1:
        yield map
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield lambda measure, chosen: (
            done.result() for done in as_completed(pool.submit(measure, one) for one in chosen)
        )


def _measured(name: str, kinds: tuple[int, ...], most: int | None) -> tuple[Score, Survivors]:
    """Both kinds of soundness of one exercise."""
    exercise = index.find(name)
    entry = score(exercise)
    if entry.broken or not kinds:
        return entry, Survivors(name)
    return entry, survivors(exercise, answers_to(name), kinds, most)


def _say_what_passes(changed: Sequence[Survivors]) -> int:
    """Print which changed right answers still pass; how many of them nobody has explained."""
    print("\nRight answers with one small edit:")
    edits, found = sum(result.edits for result in changed), sum(len(result.found) for result in changed)
    left = sum(len(result.unexplained) for result in changed)
    for result in changed:
        for survivor in result.unexplained:
            change = f"{survivor.before} → {survivor.after}"
            print(f"  {result.exercise}, {survivor.variant}: {change} passes, but differs {survivor.where}")
    print(
        f"{edits} edits: {edits - found} refused, {found - left} pass and make no difference or are explained, "
        f"{left} unexplained."
    )
    return left


if __name__ == "__main__":
    words = argparse.ArgumentParser(description="How sound the checks are.")
    words.add_argument("exercises", metavar="EXERCISE", nargs="*", help="all of them when none is named")
    how_many = words.add_mutually_exclusive_group()
    how_many.add_argument("--edits", action="store_true", help="try all small edits of all right answers; takes long")
    how_many.add_argument("--no-edits", action="store_true", help="try no edits, only mistakes and right answers")
    words.add_argument("--table", metavar="FILE", type=Path, help="also write the table that the site shows")
    given = words.parse_args()
    sys.exit(main(given.exercises, given.edits, not given.no_edits, given.table))
