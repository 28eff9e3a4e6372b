"""Mistakes that recur from exercise to exercise, each declared once.

A family says what happens to the numbers; the exercise that it fits says it to the student in its own words, or leaves
the family's sentence as it is. `Mistake.told` replaces the sentence. Where a mistake holds a number of the student's
own choice (a rate, a small number beside a probability, the place of a cut), it is declared with one such number, and
`signs` knows it whatever the number is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.formulas import sigmoid, slope_at
from nnkit.exercises.exercise import EACH, Mistake, call_by_name, wrong
from nnkit.languages import say

# ---------------------------------------------------------------------------------------------------------------------
# Right numbers in a wrong place, or of a wrong size
# ---------------------------------------------------------------------------------------------------------------------


def in_other_order(label: str = "order of the results") -> Mistake:
    """All results, the last one first."""
    return wrong(label, lambda expected: tuple(reversed(expected))).told("""
        The results are right, in the other order.""")


def times(label: str, factor: float | Callable[..., float], *results: str) -> Mistake:
    """Results times a factor: a number, or a function of arguments and results by name.

    Without names of results the whole answer is multiplied, every result of it.

    Examples
    --------
    >>> sorted(times("dW: summed, not averaged", lambda x: len(x), "dW").parts)
    ['dW']
    """

    def change(result: Any, **arguments: Any) -> Any:
        return (call_by_name(factor, arguments) if callable(factor) else factor) * result

    return wrong(label, **dict.fromkeys(results or (EACH,), change))


RATE = 0.1
USUAL_RATES = (1.0, 0.1, 0.01, 0.001)


def step_in_the_place_of(rate: float = RATE, **owners: str) -> Mistake:
    """Updated values come back where gradients are asked for; gradient=owner for each, such as ``dw="w"``.

    One rate stands for all where `signs.steps` is in the exercise's judge.
    """

    def stepped(owner: str) -> Callable[..., Any]:
        return lambda result, **arguments: np.asarray(arguments[owner]) - rate * np.asarray(result)

    label = say("a step of rate {rate:g} in the place of {owners}", rate=rate, owners=" and ".join(owners))
    moved = wrong(label, **{name: stepped(owner) for name, owner in owners.items()})
    return moved.told("""
        A step was made already: where a gradient is asked for, yours is what it belongs to, less a multiple of that
        gradient. Asked for is the gradient alone; whoever calls the function makes the step.""")


def usual_steps_in_the_place_of(**owners: str) -> tuple[Mistake, ...]:
    """The same with each of the rates that people take, for an exercise that compares with its reference."""
    return tuple(step_in_the_place_of(rate, **owners) for rate in USUAL_RATES)


# ---------------------------------------------------------------------------------------------------------------------
# Sums, means, and the number 2
# ---------------------------------------------------------------------------------------------------------------------


def factor_two(*results: str) -> tuple[Mistake, ...]:
    """A 2 that a ½ should have cancelled, and a ½ that is still there or one too many."""
    what = _named(results)
    return (
        times(_labelled(results, "twice too large"), 2, *results).told(
            """
            {what} is exactly twice what was expected. Was a square differentiated, and is there a ½ in front that
            takes the 2 away?""",
            what=what,
        ),
        times(_labelled(results, "half of it"), 1 / 2, *results).told(
            """
            {what} is exactly half of what was expected. A square brings a 2 down when it is differentiated: what
            became of it, or of the ½ in front?""",
            what=what,
        ),
    )


def divided_twice(count: Callable[..., float], *results: str, of: str = "samples") -> Mistake:
    """A mean that is divided by the number of samples once more."""
    what = _named(results)
    return times(_labelled(results, "divided twice"), _one_over(count), *results).told(
        """
        {what} is too small by the number of {of}. The mean over the {of} divides by it once: where is the second
        division?""",
        what=what,
        of=of,
    )


def _one_over(count: Callable[..., float]) -> Callable[..., float]:
    return lambda **arguments: 1 / call_by_name(count, arguments)


def _labelled(results: tuple[str, ...], what: str) -> str:
    return f"{' and '.join(results)}: {what}" if results else what


def _named(results: tuple[str, ...]) -> str:
    """ "Your dW"; of several results one alone may be wrong, so the sentence names none."""
    return say("Your {results}", results=results[0]) if len(results) == 1 else say("Yours")


def summed_over_the_batch(gradient: str) -> tuple[Mistake, ...]:
    """Sums over the samples in place of their mean: in loss and gradient, or in one of them."""
    return (
        times("summed over the batch", lambda y: len(y)).told("""
            N times too large: a sum over the samples. Asked for is the mean."""),
        times("gradient summed over the batch", lambda y: len(y), gradient).told("""
            Your gradient is that of a sum over the samples, N times too large. The loss is to be their mean."""),
        times("loss summed over the batch", lambda y: len(y), "loss").told("""
            Your loss is a sum over the samples, N times too large. Asked for is their mean."""),
    )


def rounded(*digits: int) -> tuple[Mistake, ...]:
    """The right numbers, rounded to so many digits after the point; by default to two, three or four."""
    words = {
        1: say("one digit"),
        2: say("two digits"),
        3: say("three digits"),
        4: say("four digits"),
    }
    return tuple(
        wrong(f"rounded to {words[count]}", lambda expected, count=count: np.round(expected, count)).told(
            """
            Yours are the right numbers, but only to {words} after the point. Results are handed on as exact as
            they are: is something rounded on the way?""",
            words=words[count],
        )
        for count in digits or (2, 3, 4)
    )


# ---------------------------------------------------------------------------------------------------------------------
# Something else in some place of a computation
# ---------------------------------------------------------------------------------------------------------------------


def slips_in(function: Callable[..., Any]) -> Callable[..., Mistake]:
    """How to make mistakes of a computation whose keywords are the places where things go wrong.

    Examples
    --------
    >>> slip = slips_in(lambda x, w, activation=np.tanh: activation(x @ w))
    >>> slip("step", activation=lambda z: z > 0).label
    'step'
    """
    return lambda label, **places: wrong(label, partial(function, **places))


# ---------------------------------------------------------------------------------------------------------------------
# Differences where a formula is asked for
# ---------------------------------------------------------------------------------------------------------------------

FAR_OUT = 1e15  # so far from 0 that a float does not change when a small step is added


def by_differences(name: str, *gradients: str) -> Mistake:
    """Gradients as differences of the loss, whatever the step: right, but 0 where an argument is `FAR_OUT`.

    Parameters
    ----------
    name : str
        The argument that is `FAR_OUT` in one of the exercise's cases.
    *gradients : str
        The results that are differences.
    """

    def change(result: Any, **arguments: Any) -> Any:
        return np.multiply(result, float(np.max(np.abs(arguments[name])) < FAR_OUT))

    return wrong("a difference of two losses", **dict.fromkeys(gradients, change)).told(
        """
        Yours is right for ordinary numbers, and 0 where {name} is of size 10¹⁵. A difference of two losses behaves like
        that: a float of that size does not change when a small step is added. Asked for is the formula, which has no
        step in it.""",
        name=name,
    )


# ---------------------------------------------------------------------------------------------------------------------
# The sigmoid, and its slope
# ---------------------------------------------------------------------------------------------------------------------


def _exponential(z: Any) -> Any:
    return np.exp(-np.asarray(z, dtype=float))


# What stands in the place of σ(z), by the label of the mistake.
NOT_THE_SIGMOID: dict[str, Callable[[Any], Any]] = {
    "no sigmoid": lambda z: z,
    "sigmoid twice": lambda z: sigmoid(sigmoid(z)),
    "tanh": np.tanh,
    "brackets": lambda z: 1 + _exponential(z),
    "1 + missing": lambda z: 1 / _exponential(z),
    "sign in the exponential": lambda z: sigmoid(-z),
    "step": lambda z: np.heaviside(z, 0.0),
    "step, 1 at 0": lambda z: np.heaviside(z, 1.0),
    "relu": lambda z: np.maximum(z, 0.0),
}

NOT_ITS_SLOPE: dict[str, Callable[[Any, Any], Any]] = {
    "slope of the sigmoid missing": lambda z, s: np.ones_like(s),
    "the sigmoid's value for its slope": lambda z, s: s,
    "half of the slope": lambda z, s: 1 - s,
    "slope from z": lambda z, s: slope_at(z),
    "slope from σ(σ)": lambda z, s: slope_at(sigmoid(s)),
    "slope of tanh": lambda z, s: 1 - s**2,
}


def not_the_sigmoid(label: str, answer: Callable[..., Any]) -> Mistake:
    """An answer with something else in the place of the sigmoid.

    Parameters
    ----------
    label : str
        One of `NOT_THE_SIGMOID`.
    answer : Callable[..., Any]
        The answer as a function of ``sigmoid`` and of arguments, by name, such as
        ``lambda sigmoid, x, w, b: sigmoid(x @ w + b)``.
    """
    instead = NOT_THE_SIGMOID[label]
    return wrong(label, lambda **arguments: call_by_name(answer, {**arguments, "sigmoid": instead}))


def not_its_slope(label: str, answer: Callable[..., Any]) -> Mistake:
    """An answer with something else in the place of the sigmoid's slope.

    Parameters
    ----------
    label : str
        One of `NOT_ITS_SLOPE`.
    answer : Callable[..., Any]
        The answer as a function of ``slope`` and of arguments, by name; ``slope(z)`` is what stands in its place.
    """
    instead = NOT_ITS_SLOPE[label]
    return wrong(
        label, lambda **arguments: call_by_name(answer, {**arguments, "slope": lambda z: instead(z, sigmoid(z))})
    )


# ---------------------------------------------------------------------------------------------------------------------
# Logarithms of probabilities that were rounded to 0, and what is cut off
# ---------------------------------------------------------------------------------------------------------------------

SMALL = 1e-12
# What people put beside a probability, or where they cut its logarithm off.
USUAL_SMALL = (
    *(10.0**-exponent for exponent in (5, 6, 7, 8, 9, 10, 12, 15, 16, 20, 30, 100, 300)),
    float(np.finfo(float).eps),
    *(float(np.exp(-cut)) for cut in (50, 100, 500, 700)),
)


def logarithm_of_zero(loss_of: Callable[..., Any], *results: str) -> Mistake:
    """The logarithm of a probability that was rounded to 0: an infinite loss.

    Parameters
    ----------
    loss_of : Callable[..., Any]
        The loss as a function of ``log`` and of arguments, by name; ``log(p)`` is the logarithm of probabilities.
    *results : str
        The name of the loss, where there are several results.
    """
    return _with_log("logarithm of a rounded 0", np.log, loss_of, results).told("""
        Your loss is infinite where the right class's probability is too small for a float: it was rounded to 0, and
        then its logarithm was taken. Which probability do you need, and which only its logarithm?""")


def small_number_beside(loss_of: Callable[..., Any], *results: str, small: float = SMALL) -> Mistake:
    """The logarithm of p + ε, of max(p, ε) or of what was clipped: the loss stops growing.

    For `loss_of` and results see `logarithm_of_zero`. One number stands for all where `signs.too_small_a_loss` is in
    the exercise's judge.
    """
    return _with_log(f"loss cut off by {small:.1e}", lambda p: np.log(p + small), loss_of, results).told("""
        Your loss is right until the right class has lost by far, and too small from there on: something keeps the
        probability from 0, or cuts large numbers off, such as a small number beside p, a maximum or a clip. The true
        loss goes on growing.""")


def usual_small_numbers_beside(loss_of: Callable[..., Any], *results: str) -> tuple[Mistake, ...]:
    """The same with each of the numbers that people take, for an exercise that compares with its reference."""
    return tuple(small_number_beside(loss_of, *results, small=small) for small in USUAL_SMALL)


def _with_log(label: str, log: Callable[[Any], Any], loss_of: Callable[..., Any], results: tuple[str, ...]) -> Mistake:
    def loss(**arguments: Any) -> Any:
        return call_by_name(loss_of, {**arguments, "log": log})

    return wrong(label, **dict.fromkeys(results, loss)) if results else wrong(label, loss)


def only_numbers(label: str, answer: Callable[..., Any], name: str = "x") -> Mistake:
    """`math.exp` or `float` stands somewhere: nothing but single numbers go through it."""

    def change(**arguments: Any) -> Any:
        if np.ndim(arguments[name]):
            raise TypeError("only 0-dimensional arrays can be converted to Python scalars")
        return call_by_name(answer, arguments)

    return wrong(label, change)


def only_arrays(label: str, answer: Callable[..., Any], name: str = "x", error: type[Exception] = TypeError) -> Mistake:
    """Entries of x are picked, or it is asked for what arrays have (an AttributeError): a plain number has none."""

    def change(**arguments: Any) -> Any:
        if not isinstance(arguments[name], np.ndarray):
            raise error(f"'{type(arguments[name]).__name__}' object is not subscriptable")
        return call_by_name(answer, arguments)

    return wrong(label, change)


def written_into_integers(label: str = "written into integers", name: str = "x") -> Mistake:
    """The right result, written into an array made in the likeness of an argument."""
    return wrong(label, lambda expected, **arguments: np.asarray(expected).astype(np.asarray(arguments[name]).dtype))


def written_into_arguments(label: str, answer: Callable[..., tuple[Any, ...]], *names: str) -> Mistake:
    """The right results, written into the arguments of these names."""

    def change(**arguments: Any) -> tuple[Any, ...]:
        for name, result in zip(names, call_by_name(answer, arguments), strict=True):
            arguments[name][...] = result
        return tuple(arguments[name] for name in names)

    return wrong(label, change)


# ---------------------------------------------------------------------------------------------------------------------
# Another function in the place of the sigmoid, with the slope that goes with it
# ---------------------------------------------------------------------------------------------------------------------

# What stands in the place of σ on the way forward and of σ' on the way back, both made from z, by the label.
OTHER_ACTIVATIONS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "no sigmoid": (lambda z: z, np.ones_like),
    "tanh for the sigmoid": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "brackets of the sigmoid": (
        lambda z: 1 + np.exp(-np.asarray(z, dtype=float)),
        lambda z: slope_at(1 + np.exp(-np.asarray(z, dtype=float))),
    ),
    "sigmoid twice": (lambda z: sigmoid(sigmoid(z)), lambda z: slope_at(sigmoid(sigmoid(z)))),
}
