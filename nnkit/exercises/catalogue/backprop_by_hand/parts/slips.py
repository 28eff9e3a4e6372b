"""What typical mistakes make of a program: gradients that travel otherwise, steps turned round, methods that lack."""

from collections.abc import Callable, Mapping
from typing import Any

from nnkit.exercises.beside.probes.autograd import OPERATORS
from nnkit.exercises.catalogue.backprop_by_hand.parts.programs import Step, Tape, TooManyVisits, evaluate, in_order

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


def along_every_way(tape: Tape, gradient: dict[str, float]) -> None:
    """Every message is sent on by itself: right, and as slow as there are ways through the graph."""
    _follow_every_way(tape, gradient, lambda name, message: message)


def _follow_every_way(tape: Tape, gradient: dict[str, float], sends: Callable[[str, float], float]) -> None:
    """Go back along every way; `sends(name, message)` is what a value sends when a message arrives."""
    operands_of, waiting, visits = dict(tape), [(tape[-1][0], 1.0)], 0
    while waiting:
        visits += 1
        if visits > MOST_VISITS:
            raise TooManyVisits
        name, message = waiting.pop()
        sent = sends(name, message)
        messages = [(operand, slope * sent) for operand, slope in operands_of.get(name, [])]
        for operand, part in messages:
            gradient[operand] += part
        waiting += reversed(messages)


# ---------------------------------------------------------------------------------------------------------------------
# Plain numbers
# ---------------------------------------------------------------------------------------------------------------------


def operands_swapped(sign: str) -> Callable[[Step], Step]:
    """A number on the left is treated as if it stood on the right."""

    def rewrite(step: Step) -> Step:
        if step[1] == sign and isinstance(step[2], int | float):
            return [step[0], sign, step[3], step[2]]
        return step

    return rewrite


def numbers_not_wrapped(leaves: Mapping[str, float], graphs: list[list[Step]]) -> dict[str, Any]:
    """A plain number is asked for its `.data`; one on the left of a − or / is made a Value before."""
    for _, sign, *operands in (step for graph in graphs for step in graph):
        on_the_right = len(operands) == 2 and isinstance(operands[1], int | float)
        turned_round = sign in "+*" and isinstance(operands[0], int | float)
        if sign != "**" and (on_the_right or turned_round):
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
