"""A sitting that was judged case by case: what was asked, what came back, and what is wrong with each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.judge.answer import Answer, Sitting
from nnkit.exercises.judge.finding import RUNGS, Finding
from nnkit.exercises.judge.ladder import judge_case


@dataclass(frozen=True)
class Judged:
    """The cases of an exercise with their answers and findings, in the same order.

    Parameters
    ----------
    exercise, cases
        What was asked.
    answers : tuple[Answer, ...]
        One for each case.
    findings : tuple[Finding or None, ...]
        For each case what is wrong, None where nothing is.
    """

    exercise: Exercise
    cases: tuple[Case, ...]
    answers: tuple[Answer, ...]
    findings: tuple[Finding | None, ...]

    @classmethod
    def of(cls, exercise: Exercise, cases: list[Case], sitting: Sitting) -> Judged:
        """Judge every case of a sitting that came to its end."""
        pairs = zip(cases, sitting.answers, strict=True)
        findings = tuple(judge_case(exercise, case, answer) for case, answer in pairs)
        return cls(exercise, tuple(cases), sitting.answers, findings)

    @cached_property
    def failing(self) -> tuple[tuple[Case, Finding], ...]:
        """The cases that fail, and what is wrong with each."""
        pairs = zip(self.cases, self.findings, strict=True)
        return tuple((case, finding) for case, finding in pairs if finding is not None)

    @cached_property
    def shown(self) -> int:
        """The position of the failing case that is shown: the first rung that fails, and of those the smallest case.

        Where values are wrong without an error, one that became too large may come of what is wrong with them. And
        what is wrong in other cases is told before an error that says that whole numbers take no fractions.
        """
        failing = [(RUNGS.index(f.rung), self.cases[k].size, k) for k, f in enumerate(self.findings) if f is not None]
        failing = [entry for entry in failing if not self._takes_no_fractions(entry[2])] or failing
        values = [entry for entry in failing if RUNGS[entry[0]] == "value"]
        shown = min(failing)
        return min(values)[2] if values and self._is_too_large(shown[2]) else shown[2]

    def _takes_no_fractions(self, place: int) -> bool:
        """Whether it was `+=` and the like on whole numbers that stopped an answer."""
        raised = self.answers[place].raised
        return raised is not None and raised.type in ("UFuncTypeError", "_UFuncOutputCastingError")

    def _is_too_large(self, place: int) -> bool:
        raised = self.answers[place].raised
        return raised is not None and raised.type == "OverflowError"

    @property
    def compared(self) -> bool:
        """Whether each of several results has one right value; where properties are judged, none has."""
        return bool(self.exercise.returns) and self.exercise.judge is None

    @property
    def shown_finding(self) -> Finding:
        """What is wrong with the failing case that is shown."""
        finding = self.findings[self.shown]
        assert finding is not None
        return finding
