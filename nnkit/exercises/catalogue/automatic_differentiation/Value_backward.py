"""The second step of `Value`: gradients through sums and products."""

from functools import partial

import numpy as np

from nnkit.exercises.catalogue.automatic_differentiation.parts import programs, slips
from nnkit.exercises.catalogue.automatic_differentiation.parts.judge import judge
from nnkit.exercises.catalogue.automatic_differentiation.parts.programs import evaluate, program_case
from nnkit.exercises.catalogue.automatic_differentiation.parts.steps import TOLERANCES, leaves, mistakes_of_value
from nnkit.exercises.catalogue.withheld import AUTOMATIC
from nnkit.exercises.exercise import Case, exercise, wrong


def graphs(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """One operation, several in a row, values with several users, and equal numbers that are different values."""

    def case(covers: str, names: str, text: str) -> Case:
        return program_case(covers, leaves(rng, names), text)

    cases = [
        case("sums", "ab", "c = a + b"),
        case("products", "ab", "c = a * b"),
        case(programs.CHAIN, "abk", "c = a + b; d = c * k"),
        case(programs.CHAIN, "abk", "c = a * b; d = c * k"),
        case("plain numbers", "a", "b = 2 * a; c = b + 3; d = c * 4"),
        case("plain numbers", "ab", "c = 1 + a; d = c * b; e = d * 5"),
        case(programs.TWICE, "a", "b = a + a; c = b + b"),
        case(programs.TWICE, "a", "b = a * a; c = b * b"),
        program_case(programs.FORK, {"a": 2.0, "b": 1.0}, "u = a + b; v = a * u; f = u * v"),
        case(programs.FORK, "ab", "u = a + b; v = u * a; f = v * u"),
        case(programs.FORK, "abc", "u = a * b; v = u + c; w = v * u; f = w + v"),
        case(programs.SHARED, "ab", "c = a + b; v = c * a; f = v + b"),
        case(programs.SHARED, "ab", "c = a * b; v = c * a; f = v + b"),
        program_case(programs.EQUAL, {"a": 0.9, "b": 1.4}, "u = a + b; v = b + a; f = u * v"),
    ]
    more = [case(programs.FORK, "ab", "u = a * b; v = b * u; w = u + v; f = w * a")] if hidden else []
    return [*cases, *more, case("ten in a row", "ab", "; ".join(row(10)))]


def row(length: int) -> list[str]:
    """Sums and products in turns, each with a and b in turns."""
    steps = ["c0 = a * b"]
    return steps + [f"c{k + 1} = c{k} {'+*'[k % 2]} {'ab'[k % 2]}" for k in range(length - 1)]


EXERCISE = exercise(
    "Value(data)",
    name="Value_backward",
    reference=evaluate,
    cases=graphs,
    probe="autograd",
    judge=judge,
    **TOLERANCES,
    withheld=AUTOMATIC,
    hints=(
        """The order of assignment 01: a function that visits the operands of a value before it puts the value into a
        list, and visits nothing twice. What `backward` needs is that list, from the end.""",
        """The result's own `.grad` is 1. Then each value in turn sends every operand its own `.grad` times the slope,
        and the operand adds that to what it has: `+=`.""",
    ),
    mistakes=(
        wrong("messages overwrite each other", partial(evaluate, send=slips.overwrite)).told("""
            Where a value is used more than once only the last message survives. What happens in your code to the
            message that was there before?"""),
        *mistakes_of_value(
            "one message for each operand",
            "sends again and again",
            "sends before everything has arrived",
            "wrong end first",
            "message from above not used",
            "message passed on unchanged",
            "no first message",
            "first message: its own number",
            "emptied after sending",
            "product: own factor",
        ),
        wrong("product: the product to both", partial(evaluate, slopes={"*": lambda x, y, f: (f, f)})).told("""
            A product of yours sends both factors its own result. How much does a b grow when a grows by 1?"""),
        wrong("sum: half to each", partial(evaluate, slopes={"+": lambda x, y, f: (0.5, 0.5)})).told("""
            A sum of yours divides its message between its operands. How much does a + b grow when a grows by 1?"""),
        wrong(
            "sum: nothing to the second",
            partial(evaluate, slopes={"+": lambda x, y, f: (1, 0)}, write=slips.operands_swapped("+")),
        ).told("""
            In a + b nothing comes back to b. Has the result remembered both of its operands?"""),
        wrong(
            "product: nothing to the second",
            partial(evaluate, slopes={"*": lambda x, y, f: (y, 0)}, write=slips.operands_swapped("*")),
        ).told("""
            In a · b nothing comes back to b. Has the result remembered both of its operands, each with a slope?"""),
    ),
)
