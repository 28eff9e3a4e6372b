"""The first step of `Value`: sums and products of numbers that remember what they were made from."""

from functools import partial

import numpy as np

from nnkit.exercises.catalogue.automatic_differentiation.parts import arithmetic
from nnkit.exercises.catalogue.automatic_differentiation.parts.judge import missing_text
from nnkit.exercises.catalogue.automatic_differentiation.parts.programs import program_case
from nnkit.exercises.catalogue.automatic_differentiation.parts.steps import TOLERANCES, leaves
from nnkit.exercises.catalogue.withheld import AUTOMATIC
from nnkit.exercises.exercise import Case, exercise, wrong


def programs(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Sums and products, alone and in a row, of Values, with plain numbers, of a Value with itself."""

    def case(covers: str, names: str, text: str) -> Case:
        found = program_case(covers, leaves(rng, names), text)
        return Case(found.arguments, covers, found.text.partition("; " + found.text.split("; ")[-1])[0] + "`")

    cases = [
        case("sums", "ab", "c = a + b"),
        case("products", "ab", "c = a * b"),
        case("numbers on the right", "a", "b = a + 2"),
        case("numbers on the right", "a", "b = a * 2.5"),
        case("numbers on the left", "a", "b = 3 + a"),
        case("numbers on the left", "a", "b = 0.5 * a"),
        case("a value with itself", "a", "b = a + a"),
        case("a value with itself", "a", "b = a * a"),
        case("several in a row", "abk", "c = a + b; d = c * k; e = d + a"),
        case("several in a row", "ab", "c = a * b; d = 2 * c; e = d + 1; f = e * c"),
    ]
    return [*cases, case("several in a row", "abk", "c = a * k; d = b + c; e = d * 3; f = c + e")] if hidden else cases


EXERCISE = exercise(
    "Value(data)",
    name="Value_arithmetic",
    reference=arithmetic.forward,
    cases=programs,
    probe="arithmetic",
    judge=arithmetic.judge,
    **TOLERANCES,
    withheld=AUTOMATIC,
    hints=(
        """It is `Spoken` once more, with operands in the place of a story: `__add__` computes the number of the result,
        makes a Value of it, and gives that Value its two operands to keep.""",
        """One line makes a Value of a plain number: `other = other if isinstance(other, Value) else Value(other)`. For
        2 + a Python calls `a.__radd__(2)`, and a sum does not mind the order.""",
    ),
    mistakes=(
        wrong("remembers nothing", partial(arithmetic.forward, keeps=lambda operands: [])).told("""
            The numbers are right, but no operand is to be found in a result. `backward` will need the operands
            themselves, not only their numbers: where does a result keep them?"""),
        wrong("remembers the first operand", partial(arithmetic.forward, keeps=lambda operands: operands[:1])).told("""
            Of two operands one is not to be found in the result. Along how many arrows will `backward` have to send
            something?"""),
        wrong("product: a sum", partial(arithmetic.forward, mathematics={"*": lambda x, y: x + y})).told("""
            Your a · b has the number of a + b. What does `__mul__` do with the two numbers?"""),
        wrong("sum: a product", partial(arithmetic.forward, mathematics={"+": lambda x, y: x * y})).told("""
            Your a + b has the number of a · b. What does `__add__` do with the two numbers?"""),
        wrong("starts at 1", partial(arithmetic.forward, start=1.0)).told("""
            Every new Value of yours begins with 1 in `.grad`. The 1 belongs to the end of a formula alone, and there
            only once `backward` is called."""),
        wrong("gives a bare number", arithmetic.returns_numbers).told("""
            What comes out of your operation is a number and no Value: it cannot remember anything. What stands behind
            its `return`?"""),
        wrong("plain numbers not taken", arithmetic.numbers_not_wrapped).told("""
            Values with Values work; where a plain number takes part, your code asks the number for its `.data`. Make a
            Value of it first."""),
        wrong("no __radd__", arithmetic.lacking("__radd__", "+")).told(missing_text("__radd__")),
        wrong("no __rmul__", arithmetic.lacking("__rmul__", "*")).told(missing_text("__rmul__")),
    ),
)
