"""Mistakes that recur from exercise to exercise, each declared once.

A family says what happens to the numbers; the exercise that it fits says it to the student in its own words, or leaves
the family's sentence as it is. `Mistake.told` replaces the sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.formulas import sigmoid, slope_at
from nnkit.exercises.exercise import EACH, Mistake, call_by_name, wrong

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
# The sigmoid, and its slope
# ---------------------------------------------------------------------------------------------------------------------

# What stands in the place of σ(z), by the label of the mistake.
NOT_THE_SIGMOID: dict[str, Callable[[Any], Any]] = {
    "no sigmoid": lambda z: z,
    "tanh": np.tanh,
    "brackets": lambda z: 1 + np.exp(-np.asarray(z, dtype=float)),
    "sign in the exponential": lambda z: sigmoid(-z),
}

# What stands in the place of the slope σ(z) (1 − σ(z)), made from z and s = σ(z).
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
# Kinds of numbers
# ---------------------------------------------------------------------------------------------------------------------


def only_numbers(label: str, answer: Callable[..., Any], name: str = "x") -> Mistake:
    """`math.exp` or `float` stands somewhere: nothing but single numbers go through it."""

    def change(**arguments: Any) -> Any:
        if np.ndim(arguments[name]):
            raise TypeError("only 0-dimensional arrays can be converted to Python scalars")
        return call_by_name(answer, arguments)

    return wrong(label, change)


def only_arrays(label: str, answer: Callable[..., Any], name: str = "x") -> Mistake:
    """Entries of x are picked: a plain number has none."""

    def change(**arguments: Any) -> Any:
        if not isinstance(arguments[name], np.ndarray):
            raise TypeError(f"'{type(arguments[name]).__name__}' object is not subscriptable")
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


def steps_for_gradients(rate: float, **parameters: str) -> Mistake:
    """Parameters after a step of descent in the place of their gradients.

    Parameters
    ----------
    rate : float
        The rate of the step.
    parameters : str
        Gradient → the argument that it belongs to, such as ``dw="w"``.

    Examples
    --------
    >>> sorted(steps_for_gradients(0.1, dw="w", db="b").parts)
    ['db', 'dw']
    """

    def stepped(parameter: str) -> Callable[..., Any]:
        return lambda result, **arguments: arguments[parameter] - rate * result

    parts = {gradient: stepped(parameter) for gradient, parameter in parameters.items()}
    return wrong(f"a step of descent, rate {rate:g}", **parts)
