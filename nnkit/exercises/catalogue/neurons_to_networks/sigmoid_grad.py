"""The slope of the sigmoid at a number or at every entry of an array."""

from typing import Any

import numpy as np

from nnkit.exercises.catalogue.families import only_numbers, times, written_into_integers
from nnkit.exercises.catalogue.formulas import sigmoid, sigmoid_slope, slope_at
from nnkit.exercises.catalogue.neurons_to_networks.parts.numbers import ABSOLUTE, RELATIVE, numbers_of_every_kind
from nnkit.exercises.catalogue.withheld import DERIVATIVES, SIGMOID
from nnkit.exercises.exercise import exercise, wrong


def by_the_quotient_rule(x: Any) -> Any:
    """The right formula, in which an exponential overflows."""
    q = np.exp(-np.asarray(x, dtype=float))
    return q / (1 + q) ** 2


EXERCISE = exercise(
    "sigmoid_grad(x)",
    reference=sigmoid_slope,
    cases=numbers_of_every_kind,
    relative=RELATIVE,
    absolute=ABSOLUTE,
    withheld=(*DERIVATIVES, *SIGMOID),
    quiet=True,
    shape_notes={"": "There is one slope for every value that goes in: the shapes are the same."},
    hints=(
        """Notebook 02 found that the sigmoid's slope needs nothing but the sigmoid's own result. How large must it be
        at 0?""",
        """Call your `sigmoid` once, keep the result, and make the slope from it: two factors.""",
    ),
    mistakes=(
        wrong("x taken for σ(x)", lambda x: slope_at(np.asarray(x))).told("""
            Yours is x (1 − x). The rule σ (1 − σ) is about what comes out of the sigmoid; here x is what goes in."""),
        wrong("the value for the slope", lambda x: sigmoid(x)).told("""
            Yours is the sigmoid itself. At x = 30 the sigmoid is 1; how steep is it there?"""),
        wrong("half of the slope", lambda x: 1 - sigmoid(x)).told("""
            Yours is 1 − σ(x). One of the two factors of the slope is missing; a slope is near 0 on both sides."""),
        wrong("slope of tanh", lambda x: 1 - sigmoid(x) ** 2).told("""
            Yours is 1 − σ². That is the form for tanh, whose slope at 0 is 1. The sigmoid's is a quarter."""),
        wrong("σ + (1 − σ)", lambda x: np.ones(np.shape(x))).told("""
            Yours is 1 wherever you look: the two parts are added. What does the rule do with them?"""),
        times("sign", -1).told("""
            Yours has the right size and the opposite sign. The sigmoid rises everywhere."""),
        wrong("slope at σ(x)", lambda x: sigmoid_slope(sigmoid(x))).told("""
            Yours is the slope at σ(x): the sigmoid was applied once more than needed."""),
        wrong("quotient rule, overflow", by_the_quotient_rule).told("""
            Your formula is right, and for −1000 its exponential is infinite: infinite by infinite is not a number. You
            have a sigmoid that does not overflow: can the slope be made from it?"""),
        wrong(
            "a second sigmoid that overflows",
            lambda x: (1 / (1 + np.exp(-np.asarray(x)))) * (1 - 1 / (1 + np.exp(-np.asarray(x)))),
        ).told("""
            All values are right, but the sigmoid inside warns for large negative x. You have written one that does
            not."""),
        written_into_integers().told("""
            Only integers fail. An array made in the likeness of x keeps its integers, and 0.105 written into it is
            0."""),
        only_numbers("single numbers only", lambda x: sigmoid_slope(x)).told("""
            Numbers are right, but an array stops your function: something in it takes a single number only."""),
        wrong("added up", lambda expected: np.sum(expected)).told("""
            Numbers are right, but the slopes of an array come back as their sum. Every entry has a slope of its
            own."""),
    ),
)
