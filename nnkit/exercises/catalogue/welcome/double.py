"""Twice a number, or twice every element of an array."""

import numpy as np

from nnkit.exercises.catalogue.families import only_arrays, only_numbers, times
from nnkit.exercises.catalogue.welcome.parts.cases import numbers_and_arrays
from nnkit.exercises.exercise import exercise, wrong

EXERCISE = exercise(
    "double(x)",
    reference=lambda x: 2 * np.asarray(x),
    cases=numbers_and_arrays,
    hints=(
        """Say in words what should happen to 3, and to −1.5. Which operator of Python does that to a number?""",
        """NumPy applies an operator to every element of an array. The same short expression serves both kinds of x.""",
    ),
    mistakes=(
        wrong("the input itself", lambda x: x).told("""
            Your function gives x back as it came. What should have happened to it on the way?"""),
        wrong("squared", lambda x: np.asarray(x) ** 2).told("""
            Yours is x times itself. For x = 2 that looks right by accident; what should come out for x = 3?"""),
        wrong("plus two", lambda x: np.asarray(x) + 2).told("""
            Yours is x + 2. It agrees at x = 2 only; what should come out for x = 0?"""),
        wrong("size without sign", lambda expected: np.abs(expected)).told("""
            Negative numbers come out positive. Twice −3 lies further to the left than −3: does your code drop the sign
            anywhere?"""),
        wrong("fractions dropped", lambda expected: np.floor(expected)).told("""
            Whole numbers are right; a result with a fraction has lost it. Does `//` or `floor` stand in your
            function?"""),
        wrong("negative numbers lost", lambda expected: np.maximum(expected, 0)).told("""
            Positive numbers are right, negative ones come out as 0. What in your function keeps them back?"""),
        times("opposite sign", -1).told("""
            The size is right, the sign is turned round: twice 3 should be 6, not −6."""),
        times("half", 1 / 4).told("""
            Yours is half of x. Twice as much was asked for; which operator of Python gives that?"""),
        wrong("power of two", lambda x: 2.0 ** np.asarray(x)).told("""
            Yours is 2 to the power x. It agrees at x = 1 and x = 2; what should come out for x = 3?"""),
        wrong("without the shape", lambda expected: np.ravel(expected)).told("""
            All numbers are right, but they come in a single row. The result is to have the shape of x, and for a number
            it is a number."""),
        wrong("every element twice", lambda expected, x: np.concatenate([x, x]) if np.ndim(x) else expected).told("""
            Numbers are right, but your arrays are twice as long: each element is there twice, instead of being twice as
            large."""),
        wrong(
            "only the first element", lambda expected: expected.reshape(-1)[0] if np.ndim(expected) else expected
        ).told("""
            Numbers are right, but of an array only the first element comes back. Does your expression index x?"""),
        wrong("added up", lambda expected: np.sum(expected)).told("""
            Numbers are right, but an array comes back as one number: its elements were added up on the way."""),
        only_arrays("only what has entries", lambda x: 2 * x).told("""
            Arrays are right, but a single number stops your function: it asks x for its length, or for an entry. x may
            be a number, too."""),
        only_arrays("only what has an array's methods", lambda x: 2 * x, error=AttributeError).told("""
            Arrays are right, but a single number stops your function: it asks x for something that only arrays have. x
            may be a number, too."""),
        only_numbers("only single numbers", lambda x: 2 * float(x)).told("""
            Numbers are right, but an array stops your function: something in it takes a single number only, such as
            `float(…)` or a function of `math`. Does x need it?"""),
    ),
)
