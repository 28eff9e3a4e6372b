"""The third step of `Value`: differences, quotients, powers and functions, each with its slope."""

import numpy as np

from nnkit.exercises.catalogue.automatic_differentiation.parts import programs
from nnkit.exercises.catalogue.automatic_differentiation.parts.judge import judge
from nnkit.exercises.catalogue.automatic_differentiation.parts.programs import evaluate, program_case
from nnkit.exercises.catalogue.automatic_differentiation.parts.steps import (
    TOLERANCES,
    leaves,
    mistakes_of_value,
    positive_leaves,
)
from nnkit.exercises.catalogue.withheld import AUTOMATIC
from nnkit.exercises.exercise import Case, exercise

# What a program covers → its leaves, and one operation on them.
OPERATIONS = {
    "minus": ("a", "c = -a"),
    "differences": ("ab", "c = a - b"),
    "powers": ("a", "c = a ** 3"),
    "quotients": ("ab", "c = a / b"),
    "exp": ("a", "c = a.exp()"),
    "tanh": ("a", "c = a.tanh()"),
    "sin": ("a", "c = a.sin()"),
    "relu": ("a", "c = a.relu()"),
}


def graphs(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Every operation alone, for numbers of either sign, small and large, and with another one behind it."""
    cases = [program_case(covers, leaves(rng, names), text) for covers, (names, text) in OPERATIONS.items()]
    for covers, (names, text) in OPERATIONS.items():
        cases.append(program_case(programs.CHAIN, positive_leaves(rng, names) | {"k": 3.0}, f"{text}; d = c * k"))
        turned = {name: -value for name, value in positive_leaves(rng, names).items()}
        cases += [
            program_case(covers, positive_leaves(rng, names), text),
            program_case(covers, turned, text),
        ]
    for exponent in ("2", "-1", "4"):
        cases.append(program_case("powers", leaves(rng, "a"), f"b = a ** {exponent}"))
    for exponent in ("0.5", "-2.5"):
        cases.append(program_case("powers", positive_leaves(rng, "a"), f"b = a ** {exponent}"))
    for name in ("exp", "tanh", "sin"):
        for sign in (1, -1):
            far = {"a": sign * round(float(rng.uniform(3.5, 6.5)), 1)}
            cases.append(program_case("numbers far from 0", far, f"b = a.{name}()"))
    cases += [
        program_case("numbers far from 0", {"a": round(float(rng.uniform(11, 20)), 1)}, "b = a.sin()"),
        program_case("numbers on the right", leaves(rng, "a"), "b = a - 3; c = b / 5"),
        program_case("numbers on the left", leaves(rng, "a") | {"k": 3.0}, "b = 5 - a; c = b * k"),
        program_case("numbers on the left", leaves(rng, "a") | {"k": 3.0}, "b = 2.5 / a; c = b * k"),
        program_case("formulas", leaves(rng, "xwb"), "p = x * w; z = p + b; y = z.tanh(); f = y * 4"),
        program_case("formulas", leaves(rng, "xyz"), "s = x.sin(); t = s + y; u = t * z; v = u ** 3; f = v / 8"),
    ]
    if hidden:
        cases.append(
            program_case("formulas", leaves(rng, "ab"), "c = -a; d = c.exp(); e = 1 + d; f = 2 / e; g = f - b")
        )
    return cases


EXERCISE = exercise(
    "Value(data)",
    name="Value_functions",
    reference=evaluate,
    cases=graphs,
    probe="autograd",
    judge=judge,
    **TOLERANCES,
    withheld=AUTOMATIC,
    hints=(
        """Each method has three lines: the number of the result, the slope, and a new Value that remembers its operand
        and that slope. The slopes are in the table; `backward` stays as it is.""",
        """Several need no slope of their own: a − b is a + (−b), a / b is a · b⁻¹, −a is a · (−1). For 2 − a Python
        calls `a.__rsub__(2)`: there a is `self`, and 2 is `other`.""",
    ),
    mistakes=mistakes_of_value(
        "operation forgets its operand",
        "minus in front: sign",
        "difference: nothing to the second",
        "difference: sign of the second",
        "difference: sign, between two Values",
        "quotient: slope to the first missing",
        "quotient: sign of the divisor",
        "quotient: divisor not squared",
        "quotient: sign, between two Values",
        "quotient: divisor not squared, between two Values",
        "power: a square always",
        "power: exponent kept",
        "power: factor missing",
        "exp: slope from its input",
        "exp: slope of a power",
        "tanh: slope from its input",
        "tanh: square missing",
        "tanh: size for the square",
        "tanh: slope of the sigmoid",
        "sin: slope from its output",
        "sin: the sine for its slope",
        "sin: sign",
        "relu: always open",
        "relu: value for its slope",
        "relu: the size",
        "2 − a as a − 2",
        "2 / a as a / 2",
        "no __rsub__",
        "no __rtruediv__",
    ),
)
