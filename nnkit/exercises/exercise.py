"""What an exercise is: declarations, and no more.

An exercise says how its cases are drawn, what the right answer to a case is, which wrong answers people give and what
to tell them, and how a nudge towards the answer sounds. Everything that runs a student's code is in `probes`,
everything that compares is in `ladder`, everything that a reader sees is in `report`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

PUBLIC_SEED = 1

# What differentiates by itself, in nnkit and elsewhere: withheld where gradients are to be worked out by hand.
AUTOMATIC = (
    "nnkit.engine.Tensor.backward",
    "nnkit.engine.walk",
    "torch.Tensor.backward",
    "torch.autograd.backward",
    "torch.autograd.grad",
    "torch.func.grad",
    "jax.grad",
    "autograd.grad",
)


@dataclass(frozen=True)
class Case:
    """One set of inputs.

    Parameters
    ----------
    arguments
        Name → value in the order of the exercise's signature; plain data only (see `wire.plain`).
    covers
        What this case is there for, in two or three words that follow "15 cases: …", such as "integers". The same words
        on several cases are said once.
    text
        The case in words, for "Smallest failing case: …". Made from the arguments when empty.
    """

    arguments: Mapping[str, Any]
    covers: str
    text: str = ""

    @property
    def size(self) -> int:
        """How many numbers the case holds: small cases are shown first."""
        return sum(_count(value) for value in self.arguments.values())


def _count(value: Any) -> int:
    if isinstance(value, np.ndarray):
        return value.size
    if isinstance(value, dict):
        return sum(_count(entry) for entry in value.values())
    if isinstance(value, list | tuple):
        return sum(_count(entry) for entry in value)
    return 1


@dataclass(frozen=True)
class Mistake:
    """A typical wrong answer, as what it returns.

    Use `Mistake.relation` where the wrong answer can be told by what it does to the right one, and
    `Mistake.implementation` where it cannot. Both work on the data of a case; for an exercise with a probe of its own
    that is what the probe sends back, not what the student's function returns.

    Parameters
    ----------
    label
        A few words for the maintainers' tables.
    sentence
        What the student reads: what happened to *their* numbers and where to look, not the answer.
    answer
        ``answer(expected, arguments)`` gives what the mistaken function returns; it may raise, and it may change
        `arguments`, as the mistaken function does.
    """

    label: str
    sentence: str
    answer: Callable[[Callable[[], Any], dict[str, Any]], Any]

    @classmethod
    def relation(cls, label: str, sentence: str, change: Callable[..., Any]) -> Mistake:
        """``change(expected, **arguments)`` makes the wrong answer from the right one (a fresh copy of it)."""
        return cls(label, sentence, lambda expected, arguments: change(expected(), **arguments))

    @classmethod
    def implementation(cls, label: str, sentence: str, function: Callable[..., Any]) -> Mistake:
        """``function(*arguments)`` is itself a mistaken answer."""
        return cls(label, sentence, lambda expected, arguments: function(*arguments.values()))


@dataclass(frozen=True)
class Exercise:
    """A function or class that the student writes, and all that is needed to judge it.

    Parameters
    ----------
    name
        The name that the student defines; unique in the course.
    signature
        As it is called, such as ``"neuron(x, w, b)"``.
    reference
        ``reference(*arguments)`` → the right answer to a case, as data.
    cases
        ``cases(rng, hidden)`` → list of `Case`, drawn fresh; grading asks with ``hidden=True`` and may get more.
    hints
        Two or three, from a nudge to nearly there.
    mistakes
        Typical wrong answers; each is also a test of the check.
    returns
        Names of the results when there are several, such as ``("dW", "db")``; empty for one. Results that come back
        together have their names together: ``("loss", ("dW", "db"))``.
    also_right
        Further references, where a case has more than one right answer (a slope at a kink): an answer passes a case
        when it agrees with any of them.
    probe
        Name of the function in `probes` that puts a case to the student's code.
    judge
        ``judge(exercise, case, answer)`` → `ladder.Finding` or None, where many answers are right; None compares with
        the reference.
    relative, absolute
        Tolerances: a value passes when it is off by at most ``relative`` of its own size (and a hundredth of that of
        the largest value beside it) plus ``absolute``.
    withheld
        Dotted names of functions that are this exercise's own answer; also names of exercises of the same notebook
        that may try the answer out but not give it.
    shape_notes
        Result name (or "" for the only one) → a sentence added when its shape is wrong.
    keeps_inputs
        Whether a change of the arguments counts as an error.
    quiet
        Whether a warning counts as an error; else it is only reported.
    """

    name: str
    signature: str
    reference: Callable[..., Any]
    cases: Callable[[np.random.Generator, bool], list[Case]]
    hints: tuple[str, ...]
    mistakes: tuple[Mistake, ...]
    returns: tuple[str | tuple[str, ...], ...] = ()
    also_right: tuple[Callable[..., Any], ...] = ()
    probe: str = "call"
    judge: Callable[..., Any] | None = None
    relative: float = 2e-4
    absolute: float = 1e-6
    withheld: tuple[str, ...] = ()
    shape_notes: Mapping[str, str] = field(default_factory=dict)
    keeps_inputs: bool = True
    quiet: bool = False

    def __post_init__(self) -> None:
        if len(self.hints) < 2:
            raise ValueError(f"The exercise {self.name} has {len(self.hints)} hints; at least two are needed.")
        labels = [mistake.label for mistake in self.mistakes]
        if len(set(labels)) < len(labels):
            raise ValueError(f"The exercise {self.name} has two mistakes with the same label.")

    @property
    def results(self) -> tuple[str, ...]:
        """The names of all results, one after the other."""
        return tuple(name for names in self.returns for name in ((names,) if isinstance(names, str) else names))

    def draw(self, seed: int = PUBLIC_SEED, hidden: bool = False) -> list[Case]:
        """The cases for a seed: the same seed gives the same cases, on every machine."""
        generator = np.random.default_rng([seed, *self.name.encode()])
        return self.cases(generator, hidden)
