"""The sigmoid of a number or of every entry of an array, without a warning for any x."""

import warnings
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.families import only_arrays, only_numbers, times, written_into_integers
from nnkit.exercises.catalogue.formulas import sigmoid, sigmoid_slope
from nnkit.exercises.catalogue.neurons_to_networks.parts.far_out import STRETCHED, cut_off, exact_far_out
from nnkit.exercises.catalogue.neurons_to_networks.parts.numbers import ABSOLUTE, RELATIVE, numbers_of_every_kind
from nnkit.exercises.catalogue.withheld import SIGMOID
from nnkit.exercises.exercise import exercise, wrong


def exactly(x: np.ndarray) -> np.ndarray:
    """The sigmoid, with all digits also where it is very small."""
    return np.asarray(np.exp(-np.logaddexp(0, -x)))


def picked_from_both(x: Any) -> Any:
    """Each form is right on its side, and both are computed for every x."""
    x = np.asarray(x)
    return np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))


def exponential_on_the_left(x: Any) -> Any:
    """The numerator alone, where the other form is needed."""
    return np.where(np.asarray(x) >= 0, sigmoid(x), np.exp(-np.abs(x)))


def warned_every_time(expected: Any) -> Any:
    """The right answer, with a warning that has nothing to do with the size of x."""
    warnings.warn("divide by zero encountered", RuntimeWarning, stacklevel=2)
    return expected


EXERCISE = exercise(
    "sigmoid(x)",
    reference=sigmoid,
    cases=numbers_of_every_kind,
    judge=exact_far_out("sigmoid", exactly, lambda s: np.log(s / (1 - s))),
    relative=RELATIVE,
    absolute=ABSOLUTE,
    withheld=SIGMOID,
    quiet=True,
    shape_notes={"": "One value comes out for every value that goes in: the shapes are the same."},
    hints=(
        """Begin with 1 / (1 + np.exp(−x)) and look for which x it warns. What is e to the power of 1000 to a
        computer?""",
        """Multiply the numerator and the denominator of 1 / (1 + e⁻ˣ) by eˣ. For which x is the new form harmless? An
        exponent that is never positive never gets too large: −|x| is one.""",
        """With q = np.exp(−np.abs(x)), which is never above 1: for x ≥ 0 the sigmoid is 1 / (1 + q), for x < 0 it is q
        / (1 + q). `np.where(x >= 0, …, …)` picks, for numbers and arrays alike.""",
    ),
    mistakes=(
        # Known by what all of its kind have in common, so it stands before those that are one of the kind.
        wrong(STRETCHED, lambda x: exactly(np.log(10) * np.asarray(x))).told("""
            Yours is the sigmoid of a multiple of x, and everywhere of the same multiple. Which number do you raise to
            the power −x, and what stands beside x?"""),
        cut_off(exactly),
        wrong("overflow for large negative x", lambda x: 1 / (1 + np.exp(-np.asarray(x)))).told("""
            All values are right. But on the way to σ(−1000) stands e¹⁰⁰⁰, which no float can hold. For negative x there
            is another form of the same fraction, in which the exponential is small."""),
        wrong("overflow for large positive x", lambda x: np.exp(x) / (1 + np.exp(x))).told("""
            Up to about 700 all is well; then e to the power of x is infinite, and infinite by infinite is not a number.
            For positive x there is another form of the same fraction, in which the exponential is small."""),
        wrong("np.where computes both", picked_from_both).told("""
            The values are right, and the two forms are the right ones. But `np.where` picks between two finished
            arrays: both forms are computed for every x, also the one that is not wanted there. Which exponent is
            harmless for all x?"""),
        wrong("a warning for every x", warned_every_time).told("""
            The values are right, and each of them comes with a warning, at x = 0 as well. So no exponential is too
            large there. The warning's own words are above: to which part of your function do they belong?"""),
        wrong("the form for positive x only", lambda x: 1 / (1 + np.exp(-np.abs(x)))).told("""
            Positive x are right; a negative x gives what its opposite should. With −|x| in the exponential the
            exponential never gets too large, but it no longer knows the sign: negative x need the other form."""),
        wrong("e⁻ˣ on top", lambda x: np.exp(-np.asarray(x)) / (1 + np.exp(-np.asarray(x)))).told("""
            Yours falls where the sigmoid rises, and for −1000 it is infinite by infinite. Which sign has your exponent,
            and what stands above the fraction line?"""),
        wrong("by tanh, twice as steep", lambda x: 0.5 * (1 + np.tanh(x))).told("""
            Yours is the sigmoid of 2x. The way by tanh is a good one: tanh and sigmoid are the same curve, but one is
            twice as wide as the other."""),
        wrong("sign of x", lambda expected: 1 - expected).told("""
            Yours falls where the sigmoid rises: yours + expected = 1. Is a sign inside the exponential turned round, or
            a choice between two forms?"""),
        wrong("1/1 + exp", lambda x: 1 + np.exp(-np.asarray(x, dtype=float))).told("""
            Yours is 1 + e⁻ˣ. Python reads `1/1 + …` from left to right: which part belongs under the fraction
            line?"""),
        wrong("1 + missing", lambda x: 1 / np.exp(-np.asarray(x, dtype=float))).told("""
            Yours is 1 / e⁻ˣ, which grows without end. What else stands under the fraction line?"""),
        wrong("tanh", lambda x: np.tanh(x)).told("""
            Yours runs from −1 to 1, through 0 at 0: that is tanh. The sigmoid runs from 0 to 1."""),
        wrong("step", lambda x: np.heaviside(x, 0.5)).told("""
            Yours is a step: 0 or 1, nothing between. The sigmoid passes smoothly from one to the other; at 0 it is a
            half."""),
        wrong("straight in the middle", lambda x: np.clip(0.5 + 0.25 * np.asarray(x), 0, 1)).told("""
            Yours is a straight line with two corners. It touches the sigmoid at 0, with the same slope, and leaves it
            from there on."""),
        wrong("arctan", lambda x: 0.5 + np.arctan(x) / np.pi).told("""
            Yours is the arctan, moved and squeezed between 0 and 1. It looks like the sigmoid and comes closer to its
            ends far more slowly."""),
        times("twice", 2).told("""
            Yours is twice the sigmoid, and runs from 0 to 2. At 0 it is to be a half."""),
        wrong("slope for the value", lambda x: sigmoid_slope(x)).told("""
            Yours is a hill: it rises to a quarter at 0 and falls again. That is the sigmoid's slope."""),
        wrong("softplus", lambda x: np.logaddexp(0, x)).told("""
            Yours grows without end, like x itself: that is ln(1 + eˣ), whose slope the sigmoid is."""),
        wrong("the logarithm", lambda x: -np.logaddexp(0, -np.asarray(x))).told("""
            Yours is never above 0: it is the logarithm of the sigmoid. What undoes a logarithm?"""),
        wrong("bare exponential on the left", exponential_on_the_left).told("""
            Positive x are right. For negative ones yours is eˣ, which is 1 close to 0; what stands under the fraction
            line there?"""),
        wrong("softmax", lambda x: np.exp(x - np.max(x)) / np.sum(np.exp(x - np.max(x)))).told("""
            The values of yours add up to 1: that is softmax. In a sigmoid no entry knows of the others."""),
        written_into_integers().told("""
            Of integers yours makes integers. An array made in the likeness of x, by `np.zeros_like(x)` or
            `np.empty_like(x)`, keeps its integers, and 0.88 written into it is 0."""),
        only_numbers("single numbers only", lambda x: sigmoid(x)).told("""
            An array stops your function: `math.exp` and `float` take a single number. `np` has an exponential that
            takes both."""),
        only_arrays("arrays only", lambda x: sigmoid(x)).told("""
            A plain number stops your function: it has no entries to pick and no shape. `np.asarray(x)` makes an array
            of whatever comes in."""),
        wrong("a number comes back as an array", lambda expected: np.atleast_1d(expected)).told("""
            For a single number yours gives an array of one entry. An array without dimensions can do all that a number
            can; what gives it an axis?"""),
    ),
)
