"""How sound the checks are: ``python tests/soundness.py [exercise …]``.

For every exercise: are all declared mistakes rejected, is each told its own cause, are all right variants accepted, and
how long does a check take? An exercise whose own reference does not pass counts as broken, whatever else it does.
Exits with an error below 100 %.

A mistake is tried twice: as data straight to the judge, and as code through the whole check. The code is made from the
mistake itself where the exercise uses the plain probe, and typed out in `tests/answers` (``WRONG``) where it has a
probe of its own.
"""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from nnkit.exercises import ladder, wire
from nnkit.exercises.checking import NOTEBOOKS, _verdict, catalogue, evaluate
from nnkit.exercises.exercise import PUBLIC_SEED, Exercise, Mistake
from tests.answers import namespace_of

SEEDS = ((PUBLIC_SEED, False), (PUBLIC_SEED + 1, True), (20_011, True))
RIGHT_VARIANTS = 4
SLOWEST = 0.5


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


def answers_module(exercise: Exercise) -> Any:
    """The module of tests/answers that belongs to the exercise's notebook."""
    for notebook in NOTEBOOKS:
        exercises = importlib.import_module(f"nnkit.exercises.{notebook}").EXERCISES
        if exercise.name in [other.name for other in exercises]:
            return importlib.import_module(f"tests.answers.{notebook}")
    raise LookupError(f"The exercise {exercise.name} belongs to no notebook.")


def score(exercise: Exercise) -> Score:
    """Try everything that is known about one exercise."""
    result = Score(exercise.name)
    module = answers_module(exercise)
    provided = getattr(module, "PROVIDED", "")
    variants = module.ANSWERS.get(exercise.name, {})
    wrong_sources = getattr(module, "WRONG", {}).get(exercise.name, {})

    for seed, hidden in SEEDS:
        try:
            verdict = _judge_simulated(exercise, None, seed, hidden)
        except Exception as error:
            verdict = {"status": "broken", "message": f"{type(error).__name__}: {error}"}
        if verdict["status"] != "passed":
            result.broken = True
            result.problems.append(f"the reference itself does not pass with seed {seed}: {verdict['message']}")
    if result.broken:
        return result

    result.variants = len(variants)
    if not exercise.mistakes:
        result.problems.append("no mistakes are declared, so nothing says that a wrong answer is rejected")
    if len(variants) < RIGHT_VARIANTS:
        result.problems.append(f"{len(variants)} right variants; {RIGHT_VARIANTS} are needed")
    times = []
    for label, source in variants.items():
        reports = [evaluate(exercise, namespace_of(source, provided), seed, hidden) for seed, hidden in SEEDS]
        times += [report.seconds for report in reports]
        failed = [report for report in reports if not report.passed]
        if failed:
            result.problems.append(f"right variant {label!r} is refused: {failed[0]}")
        else:
            result.accepted += 1
    result.seconds = median(times) if times else 0.0

    for mistake in exercise.mistakes:
        result.mistakes += 1
        outcomes = []
        for seed, hidden in SEEDS:
            outcomes.append(_judge_simulated(exercise, mistake, seed, hidden))
            namespace = _student_making(exercise, mistake, wrong_sources, provided)
            if namespace is None:
                result.problems.append(f"mistake {mistake.label!r} has no source in tests/answers (WRONG)")
                continue
            report = evaluate(exercise, namespace, seed, hidden)
            outcomes.append({"status": report.status, "cause": report.cause, "message": report.message})
        result.rejected += all(outcome["status"] != "passed" for outcome in outcomes)
        told = [outcome for outcome in outcomes if outcome.get("cause") != mistake.sentence]
        result.own_cause += not told
        if told:
            result.problems.append(f"mistake {mistake.label!r} is told: {told[0].get('cause')} | {told[0]['message']}")
    for label in wrong_sources.keys() - {mistake.label for mistake in exercise.mistakes}:
        result.problems.append(f"tests/answers has a wrong answer {label!r} that is no declared mistake")
    return result


def _judge_simulated(exercise: Exercise, mistake: Mistake | None, seed: int, hidden: bool) -> dict[str, Any]:
    """The verdict on what the mistake (or the reference, for None) answers, as data."""
    same = mistake or Mistake.relation("right", "", lambda expected, **arguments: expected)
    cases = exercise.draw(seed, hidden)
    answers = [ladder.simulate(exercise, same, case) for case in cases]
    message = {"state": "answered", "answers": answers, "delegated": [], "called": [], "printed": "", "limited": True}
    return _verdict(exercise, cases, wire.loads(wire.dumps(message)), limit=10.0)


def _student_making(
    exercise: Exercise, mistake: Mistake, sources: dict[str, str], provided: str
) -> dict[str, Any] | None:
    if mistake.label in sources:
        return namespace_of(sources[mistake.label], provided)
    if exercise.probe != "call":
        return None

    def student(*values: Any) -> Any:
        # Cases may leave out arguments that have a default.
        names = max((list(case.arguments) for case in exercise.draw()), key=len)
        arguments = dict(zip(names, values, strict=False))
        untouched = ladder.copies_of({key: wire.plain(value) for key, value in arguments.items()})
        return mistake.answer(lambda: exercise.reference(*untouched.values()), arguments)

    return {exercise.name: student}


def main(names: list[str]) -> int:
    """Print the table; 0 when everything is at 100 %."""
    wanted = [exercise for name, exercise in catalogue().items() if not names or name in names]
    missing = set(names) - {exercise.name for exercise in wanted}
    if missing:
        print(f"There is no exercise called {', '.join(sorted(missing))}.")
        return 2
    heads = ("mistakes", "rejected", "own cause", "variants", "accepted", "ms a check")
    print(f"{'exercise':<24}" + "".join(f"{head:>12}" for head in heads))
    scores = [score(exercise) for exercise in wanted]
    for entry in scores:
        print(
            f"{entry.exercise:<24}{entry.mistakes:>12}{entry.rejected:>12}{entry.own_cause:>12}{entry.variants:>12}"
            f"{entry.accepted:>12}{1000 * entry.seconds:>12.1f}{'' if entry.perfect else '   <-'}"
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
        if entry.seconds > SLOWEST:
            print(f"\n{entry.exercise}: a check of a right answer takes {entry.seconds:.2f} s; at most {SLOWEST} s.")
    return 0 if scores and all(entry.perfect for entry in scores) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
