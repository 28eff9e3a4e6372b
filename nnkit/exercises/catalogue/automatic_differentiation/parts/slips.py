"""What typical mistakes make of a program: gradients that travel otherwise, steps turned round, methods that lack."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from nnkit.exercises.beside.probes.autograd import OPERATORS
from nnkit.exercises.catalogue.automatic_differentiation.parts.programs import (
    Step,
    Tape,
    TooManyVisits,
    evaluate,
    in_order,
)

# ---------------------------------------------------------------------------------------------------------------------
# Senders
# ---------------------------------------------------------------------------------------------------------------------

# Between the longest chain of the cases and the number of ways through the value doubled thirty times.
MOST_VISITS = 20_000


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


def without_slope(tape: Tape, gradient: dict[str, float]) -> None:
    """What has arrived is sent as it is."""
    in_order([(name, [(operand, 1.0) for operand, _ in operands]) for name, operands in tape], gradient)


def front_to_back(tape: Tape, gradient: dict[str, float]) -> None:
    """The first step sends first, when it has received nothing yet."""
    in_order(tape[::-1], gradient)


def once_for_each_operand(tape: Tape, gradient: dict[str, float]) -> None:
    """Two messages to the same value are one."""
    in_order([(name, list(dict(operands).items())) for name, operands in tape], gradient)


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


def again_and_again(tape: Tape, gradient: dict[str, float]) -> None:
    """Whoever receives something sends on all that it has so far."""
    _follow_every_way(tape, gradient, lambda name, message: gradient[name])


def set_to_one_where_zero(tape: Tape, gradient: dict[str, float]) -> None:
    """Whoever has nothing yet begins with 1, and whoever receives something sends on all that it has so far."""

    def sends(name: str, message: float) -> float:
        gradient[name] = gradient[name] or 1.0
        return gradient[name]

    _follow_every_way(tape, gradient, sends)


def again_and_again_at_once(tape: Tape, gradient: dict[str, float]) -> None:
    """The same, where an operand sends on before the next one receives its message."""
    _follow_every_way(tape, gradient, lambda name, message: gradient[name], at_once=True)


def set_to_one_at_once(tape: Tape, gradient: dict[str, float]) -> None:
    """Begins with 1 wherever there is nothing, and an operand sends on before the next one receives its message."""

    def sends(name: str, message: float) -> float:
        gradient[name] = gradient[name] or 1.0
        return gradient[name]

    _follow_every_way(tape, gradient, sends, at_once=True)


def listed_for_every_use(tape: Tape, gradient: dict[str, float]) -> None:
    """A value stands in the order once for every way to it, and sends all that it has each time."""
    operands_of, order = dict(tape), []
    waiting = [(tape[-1][0], False)]
    while waiting:
        name, operands_listed = waiting.pop()
        if operands_listed:
            order.append(name)
        else:
            waiting += [(name, True), *((operand, False) for operand, _ in reversed(operands_of.get(name, [])))]
        if len(order) + len(waiting) > MOST_VISITS:
            raise TooManyVisits
    for name in reversed(order):
        for operand, slope in operands_of.get(name, []):
            gradient[operand] += slope * gradient[name]


def along_every_way(tape: Tape, gradient: dict[str, float]) -> None:
    """Every message is sent on by itself: right, and as slow as there are ways through the graph."""
    _follow_every_way(tape, gradient, lambda name, message: message)


def _follow_every_way(
    tape: Tape, gradient: dict[str, float], sends: Callable[[str, float], float], at_once: bool = False
) -> None:
    """Go back along every way; `sends(name, message)` is what a value sends when a message arrives.

    It arrives at all operands before the first of them sends on, or `at_once` at each when its turn has come.
    """
    operands_of, visits = dict(tape), 0
    waiting: list[Callable[[], None]] = []

    def arrive(name: str, message: float) -> None:
        sent = sends(name, message)
        operands = operands_of.get(name, [])
        if not at_once:
            for operand, slope in operands:
                gradient[operand] += slope * sent
            waiting.extend(partial(arrive, operand, slope * sent) for operand, slope in reversed(operands))
        else:
            waiting.extend(partial(receive, operand, slope, sent) for operand, slope in reversed(operands))

    def receive(operand: str, slope: float, sent: float) -> None:
        gradient[operand] += slope * sent
        arrive(operand, slope * sent)

    waiting.append(partial(arrive, tape[-1][0], 1.0))
    while waiting:
        visits += 1
        if visits > MOST_VISITS:
            raise TooManyVisits
        waiting.pop()()


# ---------------------------------------------------------------------------------------------------------------------
# Operations made of others
# ---------------------------------------------------------------------------------------------------------------------


def composed(step: Step) -> list[Step]:
    """−a as a · (−1), a − b as a + (−b), a / b as a · b⁻¹."""
    target, sign, *operands = step
    inner = f"{target} inside"
    if sign == "neg":
        return [[target, "*", operands[0], -1]]
    if sign == "-":
        return [[inner, "*", operands[1], -1], [target, "+", operands[0], inner]] if _named(operands[1]) else [step]
    if sign == "/":
        return [[inner, "**", operands[1], -1], [target, "*", operands[0], inner]] if _named(operands[1]) else [step]
    return [step]


def number_on_the_left_apart(step: Step) -> list[Step]:
    """2 − a as −a + 2 and 2 / a as a⁻¹ · 2: what is wrong between two Values is right there."""
    target, sign, first, *others = step
    inner = f"{target} inside"
    if sign == "-" and not _named(first):
        return [[inner, "neg", *others], [target, "+", inner, first]]
    if sign == "/" and not _named(first):
        return [[inner, "**", *others, -1], [target, "*", inner, first]]
    return [step]


def _named(operand: Any) -> bool:
    """Whether an operand is a Value and no plain number."""
    return isinstance(operand, str)


# ---------------------------------------------------------------------------------------------------------------------
# Plain numbers
# ---------------------------------------------------------------------------------------------------------------------


def operands_swapped(sign: str) -> Callable[[Step], list[Step]]:
    """A number on the left is treated as if it stood on the right."""

    def write(step: Step) -> list[Step]:
        if step[1] == sign and isinstance(step[2], int | float):
            return [[step[0], sign, step[3], step[2]]]
        return [step]

    return write


def numbers_not_wrapped(
    leaves: Mapping[str, float], graphs: list[list[Step]], *, made_with_a_number: tuple[str, ...] = ()
) -> dict[str, Any]:
    """A plain number is asked for its `.data`; one on the left of a − or / is made a Value before.

    What is made of others with a plain number, such as −a as a · (−1), never works.
    """
    for _, sign, *operands in (step for graph in graphs for step in graph):
        on_the_right = len(operands) == 2 and isinstance(operands[1], int | float)
        turned_round = sign in "+*" and isinstance(operands[0], int | float)
        if sign in made_with_a_number or (sign != "**" and (on_the_right or turned_round)):
            raise AttributeError("a number has no attribute 'data'")
    return evaluate(leaves, graphs)


def lacking(method: str) -> Callable[..., dict[str, Any]]:
    """A class that works but lacks this method for a number on the left."""

    def answer(leaves: Mapping[str, float], graphs: list[list[Step]]) -> dict[str, Any]:
        for position, steps in enumerate(graphs):
            for place, (_, sign, *operands) in enumerate(steps):
                if isinstance(operands[0], int | float) and f"__r{OPERATORS[sign][1]}__" == method:
                    return {"problem": {"kind": "missing", "name": method, "graph": position, "step": place}}
        return evaluate(leaves, graphs)

    return answer
