"""The slope of the sigmoid at a number or at every entry of an array."""

from typing import Any

import numpy as np

from nnkit.exercises.catalogue.families import only_numbers, times, written_into_integers
from nnkit.exercises.catalogue.formulas import sigmoid, sigmoid_slope, slope_at
from nnkit.exercises.catalogue.neurons_to_networks.parts.far_out import cut_off, exact_far_out
from nnkit.exercises.catalogue.neurons_to_networks.parts.numbers import ABSOLUTE, RELATIVE, numbers_of_every_kind
from nnkit.exercises.catalogue.proportion import IN_PROPORTION
from nnkit.exercises.catalogue.withheld import DERIVATIVES, SIGMOID
from nnkit.exercises.exercise import exercise, wrong


def exactly(x: np.ndarray) -> np.ndarray:
    """The slope, with all digits also where it is very small."""
    return np.asarray(np.exp(-np.logaddexp(0, x) - np.logaddexp(0, -x)))


def by_the_quotient_rule(x: Any) -> Any:
    """The right formula, in which an exponential overflows."""
    q = np.exp(-np.asarray(x, dtype=float))
    return q / (1 + q) ** 2


def by_the_hyperbolic_cosine(x: Any) -> Any:
    """The right formula, with a square that overflows on both sides."""
    return 1 / (4 * np.cosh(np.asarray(x, dtype=float) / 2) ** 2)


EXERCISE = exercise(
    "sigmoid_grad(x)",
    reference=sigmoid_slope,
    cases=numbers_of_every_kind,
    judge=exact_far_out(
        "slope",
        exactly,
        lambda slope: 2 * np.arccosh(0.5 / np.sqrt(slope)),
    ),
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
        # Known by what all of its kind have in common, so it stands before those that are one of the kind.
        times(IN_PROPORTION, 0.5).told("""
            Yours is the slope times a number, everywhere the same one. At 0 the slope is a quarter; what is yours
            there?"""),
        cut_off(exactly),
        wrong("x taken for σ(x)", lambda x: slope_at(np.asarray(x))).told("""
            Yours is x (1 − x). The rule σ (1 − σ) is about what comes out of the sigmoid; here x is what goes in."""),
        wrong("the value for the slope", lambda x: sigmoid(x)).told("""
            Yours is the sigmoid itself. At x = 30 the sigmoid is 1; how steep is it there?"""),
        wrong("half of the slope", lambda x: 1 - sigmoid(x)).told("""
            Yours is 1 − σ(x). One of the two factors of the slope is missing; a slope is near 0 on both sides."""),
        wrong("slope of tanh", lambda x: 1 - sigmoid(x) ** 2).told("""
            Yours is 1 − σ². That is the form for tanh, whose slope at 0 is 1. The sigmoid's is a quarter."""),
        wrong("slope of tanh at x", lambda x: 1 - np.tanh(x) ** 2).told("""
            Yours is the slope of tanh at x, which is 1 at 0. The sigmoid is the same curve at half its height and twice
            its width, and each of the two makes it flatter."""),
        wrong("σ (1 + σ)", lambda x: sigmoid(x) * (1 + sigmoid(x))).told("""
            Yours is σ (1 + σ), which comes to 2 where the sigmoid comes to 1. Look at the sign in the bracket."""),
        wrong("σ (1 − x)", lambda x: sigmoid(x) * (1 - np.asarray(x))).told("""
            Yours is σ (1 − x). What goes in and what comes out stand side by side; the rule is about one of them."""),
        wrong("times x", lambda x: np.asarray(x) * sigmoid_slope(x)).told("""
            Yours is x times the slope: 0 at 0, where the sigmoid is steepest. Nothing stands between x and the
            sigmoid that would bring a factor x."""),
        wrong("square forgotten", lambda x: sigmoid(-np.abs(x))).told("""
            Yours is 0.5 at 0 and falls on both sides: with q = e^(−|x|) that is q / (1 + q). What does the quotient
            rule do with what stands below the line?"""),
        wrong("σ²", lambda x: sigmoid(x) ** 2).told("""
            Yours is σ², which comes to 1 where the sigmoid is flat. Its two factors are not the same."""),
        wrong("σ (1 − σ)²", lambda x: sigmoid_slope(x) * sigmoid(-np.asarray(x))).told("""
            Yours has one of the two factors as a square: σ (1 − σ)². The slope is the same on both sides of 0."""),
        wrong("σ² (1 − σ)", lambda x: sigmoid_slope(x) * sigmoid(x)).told("""
            Yours has one of the two factors as a square: σ² (1 − σ). The slope is the same on both sides of 0."""),
        wrong("slope of the slope", lambda x: sigmoid_slope(x) * (1 - 2 * sigmoid(x))).told("""
            Yours is 0 at 0 and negative to the right: that is the slope of the slope, taken once too often."""),
        times("four times", 4).told("""
            Yours is 4 times too large: 1 at 0. With tanh on the way, both its height and its width bring a half."""),
        wrong("0 everywhere", lambda x: np.zeros(np.shape(x))).told("""
            Yours is 0 wherever you look. Python multiplies before it subtracts: in `s * 1 - s` nothing is left."""),
        wrong("slope of arctan", lambda x: 0.25 / (1 + np.asarray(x) ** 2)).told("""
            Yours falls like 1 / x², as the slope of the arctan does. The sigmoid's falls exponentially."""),
        wrong("σ + (1 − σ)", lambda x: np.ones(np.shape(x))).told("""
            Yours is 1 wherever you look: the two parts are added. What does the rule do with them?"""),
        times("sign", -1).told("""
            Yours has the right size and the opposite sign. The sigmoid rises everywhere."""),
        wrong("slope at σ(x)", lambda x: sigmoid_slope(sigmoid(x))).told("""
            Yours is the slope at σ(x): the sigmoid was applied once more than needed."""),
        wrong("quotient rule, overflow", by_the_quotient_rule).told("""
            Your formula is right, and for −1000 its exponential is infinite: infinite by infinite is not a number. Can
            the slope be made from a sigmoid that does not overflow?"""),
        wrong(
            "a second sigmoid that overflows",
            lambda x: (1 / (1 + np.exp(-np.asarray(x)))) * (1 - 1 / (1 + np.exp(-np.asarray(x)))),
        ).told("""
            All values are right, but there is a warning for large negative x: an exponential in yours is too large for
            a float there. The exercise `sigmoid` is about one that is not."""),
        wrong("too large on both sides", by_the_hyperbolic_cosine).told("""
            All values are right, but there is a warning on both sides, for large negative x and for large positive x:
            something in yours is too large for a float there. Which part grows with the size of x?"""),
        written_into_integers().told("""
            Of integers yours makes integers. An array made in the likeness of x keeps its integers, and 0.105 written
            into it is 0."""),
        only_numbers("single numbers only", lambda x: sigmoid_slope(x)).told("""
            An array stops your function: something in it takes a single number only."""),
        wrong("a number comes back as an array", lambda expected: np.atleast_1d(expected)).told("""
            For a single number yours gives an array of one entry. What gives it an axis?"""),
        wrong("added up", lambda expected: np.sum(expected)).told("""
            The slopes of an array come back as their sum. Every entry has a slope of its own."""),
    ),
)
