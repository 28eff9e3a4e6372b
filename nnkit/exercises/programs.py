"""Small programs for a class of numbers: how they read, what they should give, and what typical mistakes make of them.

A program is a list of steps such as ``["c", "+", "a", 2]``; the probe `autograd` runs it on the student's class. Here
it is run on plain numbers. First `evaluate` writes a tape, which says for every step how fast its result changes with
each operand; then a sender takes the gradient back along the tape. A mistake is another table of derivatives, or
another sender.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nnkit.exercises import ladder
from nnkit.exercises.autograd_probes import MOST_CALLS, OPERATORS
from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.ladder import Finding, Table
from nnkit.exercises.wording import listing, number

Step = list[Any]
Tape = list[tuple[str, list[tuple[str, float]]]]
Sender = Callable[[Tape, dict[str, float]], None]
Rule = tuple[Callable[..., float], Callable[..., tuple[float, ...]]]

# ---------------------------------------------------------------------------------------------------------------------
# How a program reads
# ---------------------------------------------------------------------------------------------------------------------


def program(text: str) -> list[Step]:
    """Read a program.

    Examples
    --------
    >>> program("c = 2 * a; d = c.tanh(); e = -d")
    [['c', '*', 2, 'a'], ['d', 'tanh', 'c'], ['e', 'neg', 'd']]
    """
    steps = []
    for statement in text.split(";"):
        target, expression = (part.strip() for part in statement.split(" = "))
        words = [_operand(word) for word in expression.split()]
        if len(words) == 3:
            steps.append([target, words[1], words[0], words[2]])
        elif expression.startswith("-"):
            steps.append([target, "neg", expression[1:]])
        else:
            name, method = expression.removesuffix("()").split(".")
            steps.append([target, method, name])
    return steps


def _operand(word: str) -> Any:
    for kind in (int, float):
        try:
            return kind(word)
        except ValueError:
            continue
    return word


def step_text(step: Step) -> str:
    """A step without its target, as one types it.

    Examples
    --------
    >>> step_text(["c", "-", 2, "a"]), step_text(["d", "tanh", "c"]), step_text(["e", "neg", "d"])
    ('2 - a', 'c.tanh()', '-d')
    """
    _, sign, *operands = step
    if sign in OPERATORS:
        return f"{operands[0]} {sign} {operands[1]}"
    return f"-{operands[0]}" if sign == "neg" else f"{operands[0]}.{sign}()"


def program_case(covers: str, leaves: Mapping[str, float], *texts: str, text: str = "") -> Case:
    """A case of the probe `autograd` from programs as text."""
    graphs = [program(entry) for entry in texts]
    lines = [f"{name} = Value({value:g})" for name, value in leaves.items()]
    for steps in graphs:
        lines += [f"{step[0]} = {step_text(step)}" for step in steps] + [f"{steps[-1][0]}.backward()"]
    return Case({"leaves": dict(leaves), "graphs": graphs}, covers, text or f"`{'; '.join(lines)}`")


# ---------------------------------------------------------------------------------------------------------------------
# What a program gives
# ---------------------------------------------------------------------------------------------------------------------

# Operation → its value, and its derivatives with respect to its operands (f is the value itself).
MATHEMATICS: dict[str, Rule] = {
    "+": (lambda x, y: x + y, lambda x, y, f: (1, 1)),
    "-": (lambda x, y: x - y, lambda x, y, f: (1, -1)),
    "*": (lambda x, y: x * y, lambda x, y, f: (y, x)),
    "/": (lambda x, y: x / y, lambda x, y, f: (1 / y, -x / y**2)),
    "**": (lambda x, n: x**n, lambda x, n, f: (n * x ** (n - 1),)),
    "neg": (lambda x: -x, lambda x, f: (-1,)),
    "exp": (math.exp, lambda x, f: (f,)),
    "tanh": (math.tanh, lambda x, f: (1 - f**2,)),
    "sin": (math.sin, lambda x, f: (math.cos(x),)),
    "relu": (lambda x: max(0.0, x), lambda x, f: (float(x > 0),)),
}


def in_order(tape: Tape, gradient: dict[str, float]) -> None:
    """Every step sends once, after all its own messages have arrived: the last step first."""
    for name, operands in reversed(tape):
        for operand, slope in operands:
            gradient[operand] += slope * gradient[name]


def evaluate(
    leaves: Mapping[str, float],
    graphs: list[list[Step]],
    changed: Mapping[str, Callable[..., tuple[float, ...]]] | None = None,
    send: Sender = in_order,
    rewrite: Callable[[Step], Step] = lambda step: step,
    start: float = 1.0,
    forget: bool = False,
) -> dict[str, Any]:
    """What the probe `autograd` sees of a class that works, or of one with a mistake.

    Parameters
    ----------
    leaves, graphs
        The arguments of a case.
    changed
        Operation → other derivatives than those of `MATHEMATICS`.
    send
        How the gradient travels back along the tape.
    rewrite
        What becomes of a step before it runs.
    start
        The gradient of the result itself.
    forget
        Whether every backward pass first sets the leaves' gradients back to zero.

    Examples
    --------
    >>> evaluate({"a": 3.0}, [program("b = a + a; c = b + b")])["gradients"]
    [{'a': 4.0}]
    """
    values: list[float] = []
    gradients: list[dict[str, float]] = []
    total = dict.fromkeys(leaves, 0.0)
    for number_of_graph, steps in enumerate(graphs):
        numbers = dict(leaves)
        tape: Tape = []
        for step in steps:
            target, sign, *operands = rewrite(step)
            entries = [numbers.get(entry, entry) if isinstance(entry, str) else entry for entry in operands]
            value, derivatives = MATHEMATICS[sign]
            numbers[target] = value(*entries)
            slopes = (changed or {}).get(sign, derivatives)(*entries, numbers[target])
            links = zip(operands, slopes, strict=False)  # the exponent of a power has no slope
            tape.append((target, [(name, slope) for name, slope in links if isinstance(name, str)]))
        values.append(numbers[tape[-1][0]])
        gradient = dict.fromkeys(numbers, 0.0) | (dict.fromkeys(leaves, 0.0) if forget else total)
        gradient[tape[-1][0]] = start
        try:
            send(tape, gradient)
        except _TooMany:
            return {"problem": {"kind": "calls", "graph": number_of_graph, "step": len(steps) - 1}}
        total = {name: gradient[name] for name in leaves}
        gradients.append(total)
    return {
        "problem": None,
        "start": dict.fromkeys(leaves, 0.0),
        "values": values,
        "gradients": gradients,
        "data": dict(leaves),
    }


# ---------------------------------------------------------------------------------------------------------------------
# How gradients travel when something is wrong
# ---------------------------------------------------------------------------------------------------------------------

# Between the longest chain of the cases and the number of ways through the value doubled thirty times.
MOST_VISITS = 20_000


class _TooMany(Exception):  # noqa: N818 -- no error: a walk that would not end in a human life
    """A walk visits more than `MOST_VISITS` values."""


def overwrite(tape: Tape, gradient: dict[str, float]) -> None:
    """A message replaces the one before it."""
    for name, operands in reversed(tape):
        for operand, slope in operands:
            gradient[operand] = slope * gradient[name]


def without_arriving(tape: Tape, gradient: dict[str, float]) -> None:
    """The local slope is sent alone."""
    for _, operands in reversed(tape):
        for operand, slope in operands:
            gradient[operand] += slope


def front_to_back(tape: Tape, gradient: dict[str, float]) -> None:
    """The first step sends first, when it has received nothing yet."""
    for name, operands in tape:
        for operand, slope in operands:
            gradient[operand] += slope * gradient[name]


def once_for_each_operand(tape: Tape, gradient: dict[str, float]) -> None:
    """Two messages to the same value are one."""
    in_order([(name, list(dict(operands).items())) for name, operands in tape], gradient)


def again_and_again(tape: Tape, gradient: dict[str, float]) -> None:
    """Whoever receives something sends on all that it has so far."""

    operands_of = dict(tape)

    def act(name: str, arrived: float) -> list[tuple[str, float]]:
        operands = operands_of.get(name, [])
        for operand, slope in operands:
            gradient[operand] += slope * gradient[name]
        return operands

    _follow_every_way(tape, act)


def along_every_way(tape: Tape, gradient: dict[str, float]) -> None:
    """Every message is sent on by itself: right, and as slow as there are ways through the graph."""

    operands_of = dict(tape)

    def act(name: str, arrived: float) -> list[tuple[str, float]]:
        operands = operands_of.get(name, [])
        for operand, slope in operands:
            gradient[operand] += slope * arrived
        return [(operand, slope * arrived) for operand, slope in operands]

    _follow_every_way(tape, act)


def _follow_every_way(tape: Tape, act: Callable[[str, float], list[tuple[str, float]]]) -> None:
    waiting, visits = [(tape[-1][0], 1.0)], 0
    while waiting:
        visits += 1
        if visits > MOST_VISITS:
            raise _TooMany
        waiting += reversed(act(*waiting.pop()))


def at_first_sight(tape: Tape, gradient: dict[str, float]) -> None:
    """A value sends as soon as it is met, and never again."""
    operands_of, seen, waiting = dict(tape), set(), [tape[-1][0]]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for operand, slope in operands_of.get(name, []):
            gradient[operand] += slope * gradient[name]
        waiting += [operand for operand, _ in reversed(operands_of.get(name, []))]


def operands_swapped(sign: str) -> Callable[[Step], Step]:
    """A number on the left is treated as if it stood on the right."""

    def rewrite(step: Step) -> Step:
        if step[1] == sign and isinstance(step[2], int | float):
            return [step[0], sign, step[3], step[2]]
        return step

    return rewrite


def lacking(leaves: Mapping[str, float], graphs: list[list[Step]], method: str) -> dict[str, Any]:
    """What the probe sees of a class that works but lacks one method for a number on the left."""
    for position, steps in enumerate(graphs):
        for place, (_, sign, *operands) in enumerate(steps):
            if isinstance(operands[0], int | float) and f"__r{OPERATORS[sign][1]}__" == method:
                return {"problem": {"kind": "missing", "name": method, "graph": position, "step": place}}
    return evaluate(leaves, graphs)


# ---------------------------------------------------------------------------------------------------------------------
# The judge
# ---------------------------------------------------------------------------------------------------------------------

CHAIN = "two operations in a row"
TWICE = "a value twice in one operation"
FORK = "values that feed several others"
SHARED = "an operand that is used elsewhere too"
SECOND = "a second graph"
DOUBLED = "30 doublings"
EQUAL = "equal numbers"
NOTHING_YET = "Nothing has arrived yet when a Value is made; messages are added to what stands there."
LOOKS_AT_REUSE = (TWICE, FORK, SHARED, SECOND, DOUBLED)


def judge(exercise: Exercise, case: Case, answer: dict[str, Any]) -> Finding | None:
    """What the programs of a case gave, in the order in which a person would look: can they run, are the results right,
    are the gradients."""
    seen = answer["returned"]
    if not _readable(seen, case):
        return Finding("type", "What the programs gave cannot be read.", symptom="unreadable")
    if seen["problem"] is not None:
        return _problem(case, seen["problem"])
    right = exercise.reference(*ladder.copies_of(case.arguments).values())

    for name, got in seen["start"].items():
        if _off(exercise, 0.0, got):
            text = f"A new Value has {_shown(got)} in `.grad`, expected 0.0."
            return Finding("value", text, f"{name}.grad", NOTHING_YET, symptom="start")
    for graph, expected, got in zip(case.arguments["graphs"], right["values"], seen["values"], strict=True):
        finding = ladder.compare(expected, got, exercise, f"{graph[-1][0]}.data")
        if finding is not None:
            return finding
    for name, number_sent in right["data"].items():
        if _off(exercise, number_sent, seen["data"][name]):
            text = f"{name}.data was {number(number_sent)} and is {_shown(seen['data'][name])} at the end."
            cause = "An operation makes a new Value; the ones that it works on keep their numbers."
            return Finding("input changed", text, f"{name}.data", cause, symptom="data")
    for position, (expected, got) in enumerate(zip(right["gradients"], seen["gradients"], strict=True)):
        finding = _gradients(exercise, case, expected, got, position)
        if finding is not None:
            return finding
    return None


# What a problem of each kind says about itself, beside its kind.
PROBLEMS: dict[str, dict[str, type]] = {
    "start": {"type": str},
    "attribute": {"name": str, "of": str},
    "missing": {"name": str, "graph": int, "step": int},
    "arguments": {"name": str, "graph": int, "step": int},
    "result": {"type": str, "graph": int, "step": int},
    "calls": {"graph": int, "step": int},
}


def _readable(seen: Any, case: Case) -> bool:
    """Whether the answer has the form that the probe gives it; another process may say anything."""
    if not isinstance(seen, dict) or "problem" not in seen:
        return False
    graphs, names = case.arguments["graphs"], case.arguments["leaves"].keys()
    problem = seen["problem"]
    if problem is not None:
        if not isinstance(problem, dict) or problem.get("kind") not in PROBLEMS:
            return False
        parts = PROBLEMS[problem["kind"]]
        if any(type(problem.get(part)) is not kind for part, kind in parts.items()):
            return False
        return "graph" not in parts or (
            0 <= problem["graph"] < len(graphs) and 0 <= problem["step"] < len(graphs[problem["graph"]])
        )
    results, after = seen.get("values"), seen.get("gradients")
    if not isinstance(results, list) or not isinstance(after, list):
        return False
    tables = [seen.get("start"), seen.get("data"), *after]
    return len(results) == len(after) == len(graphs) and all(
        isinstance(table, dict) and table.keys() == names for table in tables
    )


def _gradients(
    exercise: Exercise, case: Case, expected: dict[str, float], got: dict[str, Any], position: int
) -> Finding | None:
    wrong = {name: _off(exercise, value, got[name]) for name, value in expected.items()}
    if not any(wrong.values()):
        return None
    first = next(name for name, off in wrong.items() if off)
    finding = ladder.compare(expected[first], got[first], exercise, f"{first}.grad")
    if finding is None or finding.rung != "value":
        return finding
    results = [graph[-1][0] for graph in case.arguments["graphs"]]
    lead = "The result is right" if len(results) == 1 else "The results are right"
    when = f" after `{results[position]}.backward()`" if len(results) > 1 else ""
    text = f"{lead}; {first}.grad is wrong{when}: {_pair(expected[first], got[first])}."
    table = None
    if len(expected) > 1:
        table = Table(
            columns=tuple(f"{name}.grad" for name in expected),
            expected=tuple(
                number(value, got[name] if wrong[name] and _is_lone(got[name]) else None)
                for name, value in expected.items()
            ),
            got=tuple(_shown(got[name], value if wrong[name] else None) for name, value in expected.items()),
            first_wrong=list(expected).index(first),
            wrong=tuple(wrong.values()),
        )
        rest = [f"{name}.grad" for name, off in wrong.items() if not off]
        if rest:
            text += f" {listing(rest)} {'is' if len(rest) == 1 else 'are'} right."
    symptom, cause = "", None
    if all(_is_lone(value) and value == 0 for value in got.values()):
        cause = (
            "Nothing has arrived at any leaf. Does this operation remember what it was made from, does `backward` give "
            "the result itself a gradient of 1, and does the result send it on?"
            if len(case.arguments["graphs"][position]) == 1
            else "Nothing has arrived at any leaf: somewhere on the way the walk ends. Does every operation here "
            "remember what it was made from?"
        )
    elif case.covers == EQUAL:
        cause = (
            "u and v hold equal numbers here, and are two different values all the same. By what does your walk "
            "recognise a value that it has met before?"
        )
    elif case.covers == CHAIN and _off_by(exercise, case.arguments["leaves"]["k"], expected, got, wrong):
        cause = (
            f"Here {number(case.arguments['leaves']['k'])} arrives from above, and your message is what it would be "
            "if 1 arrived. Alone, the operation would be right."
        )
    elif case.covers in LOOKS_AT_REUSE:
        sizes = {
            abs(float(got[name])) > abs(expected[name])
            for name, off in wrong.items()
            if off and ladder.compare(expected[name], got[name], exercise).rung == "value"  # type: ignore[union-attr]
        }
        symptom = f"{case.covers}: {'mixed' if len(sizes) > 1 else 'too large' if sizes == {True} else 'too small'}"
        cause = _reuse_cause(case)
    return Finding("value", text, f"{first}.grad", cause, table, symptom, expected[first], got[first])


def _off_by(
    exercise: Exercise, factor: float, expected: dict[str, float], got: dict[str, Any], wrong: dict[str, bool]
) -> bool:
    """Whether every wrong gradient is too small by the same factor."""
    return not any(_off(exercise, expected[name] / factor, got[name]) for name, off in wrong.items() if off)


def _reuse_cause(case: Case) -> str | None:
    if case.covers == SECOND:
        return "The second graph is fresh, but its leaves are old: what it sends them comes on top of what they have."
    uses: dict[str, int] = {}
    for _, _, *operands in case.arguments["graphs"][0]:
        for name in operands:
            if isinstance(name, str):
                uses[name] = uses.get(name, 0) + 1
    shared = listing(name for name, count in uses.items() if count > 1) if len(uses) < 8 else "every value"
    return (
        f"In this program {shared} {'are' if ' and ' in shared else 'is'} used more than once. Draw it, and write on "
        "every arrow the message that your code sends along it: does each value wait for all of its messages, add them "
        "up, and then send once?"
    )


def _problem(case: Case, problem: dict[str, Any]) -> Finding:
    kind = problem["kind"]
    if kind == "start":
        text = f"A new Value has {_kind(problem['type'])} in `.grad`, expected 0.0."
        return Finding("type", text, cause=NOTHING_YET, symptom="start")
    if kind == "attribute":
        text = f"`{problem['of']}.{problem['name']}` does not exist; every Value has `.data` and `.grad`."
        return Finding("type", text, cause=text, symptom=f"no {problem['name']}")
    step = case.arguments["graphs"][problem["graph"]][problem["step"]]
    written = f"`{step_text(step)}`"
    if kind == "calls":
        text = (
            f"Your backward pass was stopped after {MOST_CALLS:,} calls; the graph has "
            f"{len(case.arguments['graphs'][problem['graph']]) + len(case.arguments['leaves'])} values."
        )
        cause = "How often does each value send its message? Once is enough, when all of its own have arrived."
        return Finding("value", text, cause=cause, symptom="calls")
    if kind == "arguments":
        name = f"{step[0] if problem['name'] == 'backward' else step[2]}.{problem['name']}()"
        text = f"`{name}` does not work: it is called without arguments."
        cause = "Beside `self` the method takes nothing, or everything that it takes has a value to begin with."
        return Finding("type", text, cause=cause, symptom=f"arguments {problem['name']}")
    if kind == "result":
        text = f"{written} gave {_kind(problem['type'])}, expected a new Value."
        cause = "Does this operation end in `return`, and does it return a Value and not its number?"
        return Finding("type", text, cause=cause, symptom=f"result {step[1]}")
    method = problem["name"]
    if method == "backward":
        cause = "The results are there; `backward` is what fills in the gradients."
        return Finding("not written", "A Value has no `backward` yet.", cause=cause, symptom="not written: backward")
    return Finding(
        "not written", f"{written} does not work yet.", cause=missing_text(method), symptom=f"not written: {method}"
    )


@functools.cache
def missing_text(method: str) -> str:
    """What is said when a class lacks the method that a program needs."""
    signs = {name: sign for sign, (_, name) in OPERATORS.items()}
    bare = method.strip("_")
    if bare.startswith("r") and bare[1:] in signs:
        sign = signs[bare[1:]].replace("-", "−")
        return (
            f"For 2 {sign} a Python asks the number 2 first, which does not know your class, and then a, by the name "
            f"`{method}`. Your class has no method of this name."
        )
    if bare in signs or method == "__neg__":
        example = "−a" if method == "__neg__" else f"a {signs[bare].replace('-', '−')} b"
        return f"For {example} Python calls a method named `{method}`. Your class has none."
    return f"Your class has no method named `{method}`."


def _kind(type_name: str) -> str:
    if type_name == "NoneType":
        return "None"
    return f"{'an' if type_name[:1] in 'aeiou' else 'a'} {type_name}"


def _off(exercise: Exercise, expected: float, got: Any) -> bool:
    return ladder.compare(expected, got, exercise, "value") is not None


def _is_lone(value: Any) -> bool:
    if type(value) is int:
        return value.bit_length() < 1024  # a float can be made of it
    return type(value) is float or (
        isinstance(value, np.generic | np.ndarray) and value.ndim == 0 and value.dtype.kind in "iuf"
    )


def _shown(value: Any, beside: Any = None) -> str:
    try:
        return number(float(value), beside)
    except (TypeError, ValueError, OverflowError):
        return ladder.in_words(value)


def _pair(expected: float, got: Any) -> str:
    return f"expected {number(expected, got)}, yours {number(got, expected)}"
