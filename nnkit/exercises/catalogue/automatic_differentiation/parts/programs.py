"""Small programs for a class of numbers: how they read, and what they should give.

A program is a list of steps such as ``["c", "+", "a", 2]``; the probe `autograd` runs it on the student's class. Here
it is run on plain numbers. First comes a tape, which says for every step how fast its result changes with each operand;
then a sender takes the gradient back along the tape. A mistake is another slope, or another sender (see `slips`).
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

from nnkit.exercises.beside.probes.autograd import OPERATORS
from nnkit.exercises.exercise import Case

Step = list[Any]
Tape = list[tuple[str, list[tuple[str, float]]]]
Slopes = Callable[..., tuple[float, ...]]
Sender = Callable[[Tape, dict[str, float]], None]

# What cases are about, where the judge has more to say than that a number is wrong.
CHAIN = "two operations in a row"
TWICE = "a value twice in one operation"
FORK = "values that feed several others"
SHARED = "an operand that is used elsewhere too"
SECOND = "a second graph"
DOUBLED = "30 doublings"
EQUAL = "equal numbers"

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

# Operation → its value, and its slopes: the derivatives with respect to its operands (f is the value itself).
MATHEMATICS: dict[str, tuple[Callable[..., float], Slopes]] = {
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


class TooManyVisits(Exception):  # noqa: N818 -- no error: a walk that would not end in a human life
    """Raised by a sender that walks too many ways through a graph."""


def in_order(tape: Tape, gradient: dict[str, float]) -> None:
    """Every step sends once, after all its own messages have arrived: the last step first."""
    for name, operands in reversed(tape):
        for operand, slope in operands:
            gradient[operand] += slope * gradient[name]


def evaluate(
    leaves: Mapping[str, float],
    graphs: list[list[Step]],
    *,
    slopes: Mapping[str, Slopes] | None = None,
    send: Sender = in_order,
    mathematics: Mapping[str, Callable[..., float]] | None = None,
    write: Callable[[Step], list[Step]] = lambda step: [step],
    start: float | None = 1.0,
    forget: bool = False,
    keeps_between: bool = True,
) -> dict[str, Any]:
    """What the probe `autograd` sees of a class that works, or of one with a mistake.

    Parameters
    ----------
    leaves, graphs
        The arguments of a case.
    slopes : Mapping[str, Slopes] or None
        Operation → other slopes than those of `MATHEMATICS`.
    send : Sender
        How the gradient travels back along the tape.
    mathematics : Mapping[str, Callable[..., float]] or None
        Operation → another value than that of `MATHEMATICS`.
    write : Callable[[Step], list[Step]]
        What becomes of a step before it runs: the steps that it is made of.
    start : float or None
        The gradient of the result itself; None for its own number.
    forget : bool
        Whether every backward pass first sets the leaves' gradients back to zero.
    keeps_between : bool
        Whether what stands between leaves and result keeps its gradient.

    Examples
    --------
    >>> evaluate({"a": 3.0}, [program("b = a + a; c = b + b")])["gradients"]
    [{'a': 4.0}]
    """
    values, gradients, between = [], [], []
    at_zero = dict.fromkeys(leaves, 0.0)
    arrived = at_zero
    for place, steps in enumerate(graphs):
        written = [part for step in steps for part in write(step)]
        numbers, tape = _forward(leaves, written, slopes or {}, mathematics or {})
        result = steps[-1][0]
        gradient = (
            dict.fromkeys(numbers, 0.0)
            | (at_zero if forget else arrived)
            | {result: numbers[result] if start is None else start}
        )
        try:
            send(tape, gradient)
        except TooManyVisits:
            return {"problem": {"kind": "calls", "graph": place, "step": len(steps) - 1}}
        arrived = {name: gradient[name] for name in leaves}
        values.append(numbers[result])
        gradients.append(arrived)
        between.append({step[0]: gradient[step[0]] if keeps_between else 0.0 for step in steps[:-1]})
    return {
        "problem": None,
        "start": at_zero,
        "values": values,
        "gradients": gradients,
        "between": between,
        "data": dict(leaves),
    }


def _forward(
    leaves: Mapping[str, float],
    steps: list[Step],
    slopes: Mapping[str, Slopes],
    mathematics: Mapping[str, Callable[..., float]],
) -> tuple[dict[str, float], Tape]:
    """Every name's number, and the tape."""
    numbers, tape = dict(leaves), []
    for target, sign, *operands in steps:
        entries = [numbers[entry] if isinstance(entry, str) else entry for entry in operands]
        value, usual = MATHEMATICS[sign]
        numbers[target] = mathematics.get(sign, value)(*entries)
        links = zip(operands, slopes.get(sign, usual)(*entries, numbers[target]), strict=False)
        # Plain numbers receive nothing, and the exponent of a power has no slope.
        tape.append((target, [(name, slope) for name, slope in links if isinstance(name, str)]))
    return numbers, tape
