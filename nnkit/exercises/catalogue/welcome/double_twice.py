"""A function used twice, one call inside the other."""

import numpy as np

from nnkit.exercises.catalogue.families import times
from nnkit.exercises.catalogue.welcome.parts.cases import numbers_and_arrays
from nnkit.exercises.exercise import exercise, wrong

EXERCISE = exercise(
    "double_twice(x)",
    reference=lambda x: 4 * np.asarray(x),
    cases=numbers_and_arrays,
    hints=(
        """What comes out of your `double` can go into it again.""",
        """Write it as one call inside another. The inner one works first; its result is the input of the outer one.""",
    ),
    mistakes=(
        times("doubled once", 1 / 2).told("""
            Yours is twice x, not twice of twice x: what comes back was doubled only once. How often does your function
            double, what does each time begin with, and which of the results is returned?"""),
        times("the double multiplied by itself", lambda x: x).told("""
            Yours is the double of x times itself. To use a function twice is to put its result into it, not to multiply
            two results."""),
        wrong("fourth power", lambda x: np.asarray(x) ** 4).told("""
            Yours is x multiplied by itself four times. Doubling twice adds no further x: try x = 3 by hand."""),
        wrong("four added", lambda x: np.asarray(x) + 4).told("""
            Yours is x + 4. What should come out for x = 0?"""),
        wrong("two added to the double", lambda x: 2 * np.asarray(x) + 2).told("""
            Yours is the double of x, plus 2. The second doubling multiplies, as the first one does."""),
        times("x added to the double", 3 / 4).told("""
            Yours is three times x. What is doubled the second time is the first double, not x."""),
        wrong("x as it came", lambda x: np.asarray(x)).told("""
            Yours is x as it came. `double` gives its result back and leaves x alone: what becomes of the result?"""),
        wrong("a pair", lambda x: (2 * np.asarray(x), 2 * np.asarray(x))).told("""
            Two results come back, each of them twice x. One is asked for: the double of the double."""),
        times("doubled three times", 2).told("""
            Yours is twice as large as it should be: one doubling too many. Count the calls, from the inside out."""),
    ),
)
