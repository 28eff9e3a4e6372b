"""What an exercise is: declarations, and no more.

An exercise says how its cases are drawn, what the right answer to a case is, which wrong answers people give and what
to tell them, and how a nudge towards the answer sounds::

    exercise(
        "affine_backward(dout, x, W) -> dx, dW, db",
        reference=lambda dout, x, W: (dout @ W.T, x.T @ dout, dout.sum(axis=0)),
        cases=draw,
        hints=("…", "…"),
        mistakes=(
            wrong("dW: mean over the samples", dW=lambda dW, x: dW / len(x)).told(\"\"\"
                Your dW is divided by the number of samples. …\"\"\"),
        ),
    )

What runs a student's code is in `beside`, what compares and words the verdict in `judge`, the exercises themselves are
in `catalogue`.
"""

from __future__ import annotations

import ast
import copy
import functools
import inspect
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from nnkit.exercises.beside import wire
from nnkit.languages import in_one_line, say

PUBLIC_SEED = 1

KEPT_DRAWS = 16  # of some exercises that are checked again and again; the largest holds eight megabytes

MOST_DRAWS = 100  # enough where one case in many has no answer; who has no answer to any comes to an end

EACH = "each"  # the name by which a mistake changes every result alike

Results = tuple[str | tuple[str, ...], ...]


class UnknownName(Exception):  # noqa: N818 -- it says what is wrong with a declaration
    """A function of a declaration asks for something that is no argument and no result of its exercise."""


@dataclass(frozen=True)
class Case:
    """One set of inputs.

    Parameters
    ----------
    arguments : Mapping[str, Any]
        Name → value in the order of the exercise's signature; plain data only (see `beside.wire.plain`). Arguments
        that have a default may be left out.
    covers : str
        What this case is there for, in two or three words that follow "15 cases: …", such as "integers". The same words
        on several cases are said once.
    text : str
        The case in words, for "Smallest failing case: …". Made from the arguments when empty.
    """

    arguments: Mapping[str, Any]
    covers: str
    text: str = ""

    @property
    def size(self) -> int:
        """How many numbers the case holds: small cases are shown first."""
        return sum(_count(value) for value in self.arguments.values())

    @functools.cached_property
    def written(self) -> Mapping[str, bytes]:
        """Each argument as it travels: a judge begins from there again with every mistake that it tries."""
        return {name: wire.dumps(value) for name, value in self.arguments.items()}

    def copies(self) -> dict[str, Any]:
        """Fresh copies of the arguments: nobody sees what another one did to them."""
        return {name: wire.loads(value) for name, value in self.written.items()}

    @functools.cached_property
    def worked_out(self) -> dict[Any, Any]:
        """What judges have worked out about this case that holds whoever is judged; kept as long as the case."""
        return {}


def _count(value: Any) -> int:
    if isinstance(value, np.ndarray):
        return value.size
    if isinstance(value, dict):
        return sum(_count(entry) for entry in value.values())
    if isinstance(value, list | tuple):
        return sum(_count(entry) for entry in value)
    return 1


# ---------------------------------------------------------------------------------------------------------------------
# Mistakes
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Mistake:
    """A typical wrong answer, as what it returns; made by `wrong`.

    Parameters
    ----------
    label : str
        A few words for the maintainers' tables.
    change : Callable[..., Any] or None
        The whole wrong answer: a function of arguments and results by name, or None when `parts` says it.
    parts : Mapping[str, Any]
        Result → what stands in its place: a function of arguments and results by name, a number, or the name of
        another result or of an argument. The result ``each`` stands for all of them, one after the other.
    sentence : str
        What the student reads: what happened to *their* numbers and where to look, not the answer.
    """

    label: str
    change: Callable[..., Any] | None = None
    parts: Mapping[str, Any] = field(default_factory=dict)
    sentence: str = ""

    def told(self, text: str, /, **values: Any) -> Mistake:
        """The same mistake with the sentence that the student reads.

        Line breaks in it do not count. What stands in braces is put in by its name, as `nnkit.languages.say` does, so
        that the sentence can be translated once for all values.
        """
        return replace(self, sentence=say(text, **values))

    def answer(self, exercise: Exercise, expected: Callable[[], Any], arguments: dict[str, Any]) -> Any:
        """What somebody who makes this mistake returns for a case.

        Parameters
        ----------
        exercise : Exercise
            Whose mistake it is: it knows the names of the results.
        expected : Callable[[], Any]
            Gives a fresh copy of the right answer; called only if the mistake is made from it.
        arguments : dict[str, Any]
            The case's arguments. They are changed where the mistake is to change them; it may raise, too.
        """
        try:
            return self._answer(exercise, expected, exercise.with_defaults(arguments))
        except UnknownName as problem:
            raise UnknownName(f"The mistake {self.label!r} of {exercise.name} cannot be made. {problem}") from None

    def _answer(self, exercise: Exercise, expected: Callable[[], Any], arguments: dict[str, Any]) -> Any:
        if self.change is not None:
            return call_by_name(self.change, arguments, lambda: exercise.named(expected()))
        row = exercise.named(expected())
        if not exercise.returns:
            return call_by_name(self.parts[EACH], arguments, lambda: {**row, "result": row["expected"]})
        names = {name: part for name, part in self.parts.items() if name != EACH}
        if EACH in self.parts:
            names = dict.fromkeys(exercise.results, self.parts[EACH]) | names
        return exercise.grouped({**row, **{name: _part(part, arguments, row, name) for name, part in names.items()}})


def _part(part: Any, arguments: dict[str, Any], row: dict[str, Any], name: str) -> Any:
    """What stands in the place of one result."""
    if callable(part):
        return call_by_name(part, arguments, lambda: {**row, "result": row[name]})
    if not isinstance(part, str):
        return part
    known = {**arguments, **row}
    if part not in known:
        raise UnknownName(f"{part!r} is to stand in the place of {name}; there are {', '.join(known)}.")
    return known[part]


def wrong(label: str, change: Callable[..., Any] | None = None, /, **parts: Any) -> Mistake:
    """A typical wrong answer.

    Functions get what they name: arguments of the exercise, its results as they should be, or ``expected``, the whole
    right answer. What is not named is not computed. So it is the names of their parameters that count: a function that
    calls its parameter otherwise, or has none that can be read (`np.tanh`), is put into a lambda. Parameters with
    another name and a default keep their default, so ``partial(reference, slope=…)`` works too. Arguments are those of
    the cases; for an exercise with a probe of its own they may be called otherwise than in the signature.

    Parameters
    ----------
    label : str
        A few words for the maintainers' tables.
    change : Callable[..., Any] or None
        Gives the whole wrong answer. It may change the arguments that it gets, or raise, as the mistaken code does.
    parts : Any
        Gives some of several results, by their names; the others are right. ``dx=lambda dx, w: …`` computes one,
        ``dx=1.0`` is one, and a text names the result or argument that stands in its place: ``dx="dy", dy="dx"``
        exchanges two. ``each=function`` changes every result by itself, also an only one, which it gets as ``result``.

    Examples
    --------
    >>> wrong("squared", lambda x: x**2).told('''Yours is x times
    ...     itself.''').sentence
    'Yours is x times itself.'
    >>> sorted(wrong("dW: mean over the samples", dW=lambda dW, x: dW / len(x)).parts)
    ['dW']
    """
    if (change is None) == (not parts):
        raise ValueError(
            f"The mistake {label!r} is given by one function for the whole answer or by its parts, not both."
        )
    return Mistake(label, change, parts)


def call_by_name(
    function: Callable[..., Any],
    arguments: Mapping[str, Any],
    results: Callable[[], Mapping[str, Any]] = dict,
) -> Any:
    """Call a function with what its parameters name.

    Parameters
    ----------
    function : Callable[..., Any]
        Its parameters are names of arguments and results. ``**arguments`` gets all arguments.
    arguments : Mapping[str, Any]
        By name.
    results : Callable[[], Mapping[str, Any]]
        Gives the results by name; called only if the function asks for one.

    Examples
    --------
    >>> call_by_name(lambda w, x: w * x, {"x": 2, "w": 3, "b": 1})
    6
    """
    names, everything, defaults = _parameters(function)
    given = dict(arguments) if everything else {name: arguments[name] for name in names if name in arguments}
    missing = [name for name in names if name not in given and name not in defaults]
    if missing:
        right = results()
        unknown = [name for name in missing if name not in right]
        if unknown:
            known = ", ".join([*arguments, *right])
            raise UnknownName(f"A function asks for {unknown[0]!r}; there are {known}.")
        given |= {name: right[name] for name in missing}
    return function(**given)


@functools.lru_cache(maxsize=4096)  # bounded, as a function may be made anew at every call
def _parameters(function: Callable[..., Any]) -> tuple[list[str], bool, set[str]]:
    """The names of a function's parameters, whether it takes any others too, and which of them may be left out."""
    found = inspect.signature(function).parameters.values()
    named = [p for p in found if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    everything = any(p.kind is p.VAR_KEYWORD for p in found)
    return [p.name for p in named], everything, {p.name for p in named if p.default is not p.empty}


# ---------------------------------------------------------------------------------------------------------------------
# Exercises
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Exercise:
    """A function or class that the student writes, and all that is needed to judge it; made by `exercise`.

    Parameters
    ----------
    name : str
        The exercise; unique in the course.
    signature : str
        As the answer is called, such as ``"neuron(x, w, b)"``.
    reference : Callable[..., Any]
        ``reference(*arguments)`` → the right answer to a case, as data.
    cases : Callable[[np.random.Generator, bool], list[Case]]
        ``cases(rng, hidden)`` → list of `Case`, drawn fresh; grading asks with ``hidden=True`` and may get more.
    hints : tuple[str, ...]
        Two or three, from a nudge to nearly there.
    mistakes : tuple[Mistake, ...]
        Typical wrong answers; each is also a test of the check.
    writes : str
        The name that the student defines, where it is not that of the exercise: a class that is built in steps.
    returns : Results
        Names of the results when there are several, such as ``("dW", "db")``; empty for one. Results that come back
        together have their names together: ``("loss", ("dW", "db"))``.
    also_right : tuple[Callable[..., Any], ...]
        Further references, where a case has more than one right answer (a slope at a kink): an answer passes a case
        when it agrees with any of them.
    probe : str
        Name of the function in `beside.probes` that puts a case to the student's code.
    judge : Callable[..., Any] or None
        ``judge(exercise, case, answer)`` → `judge.finding.Finding` or None, where many answers are right; None compares
        with the reference.
    relative, absolute : float
        Tolerances: a value passes when it is off by at most ``relative`` of its own size (and a hundredth of that of
        the largest value beside it) plus ``absolute``.
    withheld : tuple[str, ...]
        Dotted names of functions that are this exercise's own answer; also names of exercises of the same notebook
        that may try the answer out but not give it.
    shape_notes : Mapping[str, str]
        Result name (or "" for the only one) → a sentence added when its shape is wrong.
    keeps_inputs : bool
        Whether a change of the arguments counts as an error.
    quiet : bool
        Whether a warning counts as an error; else it is only reported.
    """

    name: str
    signature: str
    reference: Callable[..., Any]
    cases: Callable[[np.random.Generator, bool], list[Case]]
    hints: tuple[str, ...]
    mistakes: tuple[Mistake, ...]
    writes: str = ""
    returns: Results = ()
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
        for mistake in self.mistakes:
            self._refuse_unfit(mistake)
        both = set(self.results) & set(self.arguments)
        if both:
            raise ValueError(
                f"The exercise {self.name} calls a result and an argument {sorted(both)[0]}; a mistake could not tell "
                "which of them it names."
            )

    def _refuse_unfit(self, mistake: Mistake) -> None:
        """Refuse a mistake that says nothing, or changes results that there are not."""
        if not mistake.sentence:
            raise ValueError(
                f"The mistake {mistake.label!r} of {self.name} tells the student nothing: .told(…) is missing."
            )
        unknown = set(mistake.parts) - {*self.results, EACH}
        if unknown:
            raise ValueError(
                f"The mistake {mistake.label!r} of {self.name} changes {sorted(unknown)[0]!r}; the results are "
                f"{', '.join(self.results) or 'only one, without a name'}."
            )

    @property
    def student_name(self) -> str:
        """The name that the student defines."""
        return self.writes or self.name

    @functools.cached_property
    def arguments(self) -> tuple[str, ...]:
        """The names of the arguments in the signature, in their order."""
        inside = self.signature.partition("(")[2].rstrip(")")
        return tuple(part.partition("=")[0].strip() for part in inside.split(",") if part.strip())

    @functools.cached_property
    def defaults(self) -> dict[str, Any]:
        """The arguments that may be left out, and what they are then."""
        called = ast.parse(f"def {self.signature}: ...").body[0]
        assert isinstance(called, ast.FunctionDef)
        values = [ast.literal_eval(value) for value in called.args.defaults]
        return dict(zip(self.arguments[len(self.arguments) - len(values) :], values, strict=True))

    def with_defaults(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """A case's arguments together with those that it leaves out."""
        return {**arguments, **{name: value for name, value in self.defaults.items() if name not in arguments}}

    @functools.cached_property
    def results(self) -> tuple[str, ...]:
        """The names of all results, one after the other."""
        return tuple(name for names in self.returns for name in ((names,) if isinstance(names, str) else names))

    @functools.cached_property
    def versions(self) -> tuple[Exercise, ...]:
        """The exercise once for each of its references; most have one."""
        return (self, *(replace(self, reference=other, also_right=()) for other in self.also_right))

    def named(self, answer: Any) -> dict[str, Any]:
        """A right answer by the names of its results, and whole as ``expected``."""
        return {"expected": answer, **dict(_in_a_row(self.returns, answer))}

    def grouped(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        """The results as they come back: those that have their names together in a tuple of their own."""
        return tuple(
            row[names] if isinstance(names, str) else tuple(row[name] for name in names) for names in self.returns
        )

    def draw(self, seed: int = PUBLIC_SEED, hidden: bool = False) -> list[Case]:
        """The cases for a seed: the same seed gives the same cases, on every machine.

        A case to which the reference has no answer, or one that is not finite, would judge nobody fairly: all are then
        drawn again, with the next numbers of the same generator.
        """
        generator = np.random.default_rng([seed, *self.name.encode()])
        for _ in range(MOST_DRAWS):
            cases = self.cases(generator, hidden)
            if all(self._can_be_answered(case) for case in cases):
                break
        return cases

    def _can_be_answered(self, case: Case) -> bool:
        """Whether every reference has an answer to a case, and numbers in it that are finite."""
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return all(
                    _is_finite(version.reference(*copy.deepcopy(self.with_defaults(case.arguments)).values()))
                    for version in self.versions
                )
            except Exception:
                return False


@functools.lru_cache(maxsize=KEPT_DRAWS)
def cases_of(exercise: Exercise, seed: int, hidden: bool = False) -> tuple[Case, ...]:
    """The cases for a seed, drawn once as long as few others are asked for, and their arrays not to be written into.

    What a mistake would make of them is kept with them (`Case.worked_out`): an answer that is checked again is judged
    in a part of the time.

    Parameters
    ----------
    exercise : Exercise
        Whose.
    seed, hidden
        As for `Exercise.draw`.
    """
    cases = tuple(exercise.draw(seed, hidden))
    for case in cases:
        protect(dict(case.arguments))
    return cases


def protect(data: Any) -> None:
    """Let nobody write into the arrays of some plain data: several will look at them.

    Parameters
    ----------
    data : Any
        An array, or lists, tuples and dictionaries with arrays in them.
    """
    if isinstance(data, np.ndarray):
        data.flags.writeable = False
    elif isinstance(data, dict | list | tuple):
        for entry in data.values() if isinstance(data, dict) else data:
            protect(entry)


def _is_finite(answer: Any) -> bool:
    """Whether no number in an answer is infinite or not a number."""
    if isinstance(answer, dict):
        return all(_is_finite(entry) for entry in answer.values())
    if isinstance(answer, list | tuple):
        return all(_is_finite(entry) for entry in answer)
    if isinstance(answer, float | complex | np.generic | np.ndarray) and np.asarray(answer).dtype.kind in "fc":
        return bool(np.isfinite(answer).all())
    return True


def _in_a_row(returns: Results, answer: Any) -> Iterator[tuple[str, Any]]:
    for names, part in zip(returns, answer if returns else (), strict=True):
        yield from [(names, part)] if isinstance(names, str) else zip(names, part, strict=True)


def exercise(
    signature: str,
    *,
    reference: Callable[..., Any],
    cases: Callable[[np.random.Generator, bool], list[Case]],
    hints: tuple[str, ...],
    mistakes: tuple[Mistake, ...],
    name: str = "",
    **details: Any,
) -> Exercise:
    """Declare an exercise.

    Parameters
    ----------
    signature : str
        How the answer is called and, where it returns several results, what they are called:
        ``"affine_backward(dout, x, W) -> dx, dW, db"``, ``"mlp(X, y) -> loss, (dW, db)"``.
    reference, cases, hints, mistakes, details
        See `Exercise`. Breaks and indentation inside hints and notes do not count.
    name : str
        The exercise, where it is not the name that the student defines: a class that is built in steps is judged by
        several exercises.

    Examples
    --------
    >>> made = exercise(
    ...     "halves(x) -> first, second",
    ...     reference=lambda x: (x / 2, x - x / 2),
    ...     cases=lambda rng, hidden: [Case({"x": 3.0}, "numbers")],
    ...     hints=("How much is half?", "Divide."),
    ...     mistakes=(wrong("not halved", first=lambda x: x).told("Your first half is all of x."),),
    ... )
    >>> made.name, made.returns
    ('halves', ('first', 'second'))
    """
    called, _, results = (part.strip() for part in signature.partition("->"))
    written = called.partition("(")[0]
    notes = {key: in_one_line(text) for key, text in details.pop("shape_notes", {}).items()}
    return Exercise(
        name=name or written,
        signature=called,
        reference=reference,
        cases=cases,
        hints=tuple(in_one_line(hint) for hint in hints),
        mistakes=tuple(mistakes),
        writes=written if name and name != written else "",
        returns=_results(results),
        shape_notes=notes,
        **details,
    )


def _results(text: str) -> Results:
    """The names behind the arrow: ``"loss, (dW, db)"`` → ``("loss", ("dW", "db"))``."""
    found: list[str | tuple[str, ...]] = []
    for group, single in re.findall(r"\(([^)]*)\)|(\w+)", text):
        found.append(tuple(re.findall(r"\w+", group)) if group else single)
    if len(found) == 1:
        raise ValueError(f"One result needs no name; the signature says -> {text}. Mistakes call it `expected`.")
    return tuple(found)
