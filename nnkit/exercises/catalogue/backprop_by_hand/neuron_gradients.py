"""The gradients of a neuron's output σ(a · w + b) with respect to its inputs, its weights and its bias."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.draws import signed
from nnkit.exercises.catalogue.families import not_its_slope, times
from nnkit.exercises.catalogue.formulas import sigmoid_slope
from nnkit.exercises.catalogue.withheld import BY_HAND
from nnkit.exercises.exercise import Case, exercise, wrong


def gradients(
    a: Any, w: Any, b: Any, slope: Callable[[Any], Any] = sigmoid_slope, product: Callable[..., Any] = np.dot
) -> tuple[Any, Any, Any]:
    """The neuron's gradients, or those with another slope of the sigmoid or another product of a and w."""
    db = slope(product(a, w) + b)
    return db * w, db * a, db


def neurons(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """The neuron of the text, and others with one input to nine."""

    def case(size: int, covers: str) -> Case:
        a, w = signed(rng, 0.5, 1.5, (2, size))
        # The sum stays between −2 and 2 and away from 0, where the slope would be 1/4 for many wrong reasons.
        target = rng.uniform(0.7, 2) * rng.choice([-1, 1])
        return Case({"a": a, "w": w, "b": float(np.round(target - a @ w, 1))}, covers)

    cases = [
        case(1, "one input"),
        case(1, "one input"),
        Case({"a": np.array([-1.0, -2.0]), "w": np.array([2.0, -3.0]), "b": -3.0}, "the neuron of the text"),
        case(2, "two inputs"),
        case(3, "three inputs"),
        case(6, "six inputs"),
    ]
    return cases + [case(size, "other sizes") for size in (1, 4, 9)] if hidden else cases


EXERCISE = exercise(
    "neuron_gradients(a, w, b) -> da, dw, db",
    reference=gradients,
    cases=neurons,
    withheld=BY_HAND,
    shape_notes={
        "da": "There is one slope for every input.",
        "dw": "There is one slope for every weight.",
        "db": "A neuron has one bias, so db is one number.",
    },
    hints=(
        """Forward first: z = a · w + b, then s = σ(z). Which message leaves the sigmoid for z?""",
        """The sigmoid sends σ(z)(1 − σ(z)) times 1. The sum copies it: that is db already. Then come the products.""",
        """The product of a and w sends each of them the message times the *other* one.""",
    ),
    mistakes=(
        not_its_slope("slope of the sigmoid missing", gradients).told("""
            Your db is 1: the message has not passed the sigmoid. By which factor does it shrink there?"""),
        not_its_slope("the sigmoid's value for its slope", gradients).told("""
            Your message after the sigmoid is σ(z), its value. At z = 5 the value is nearly 1; is it steep there?"""),
        not_its_slope("half of the slope", gradients).told("""
            Your message after the sigmoid is 1 − σ(z); one factor of its slope is missing."""),
        not_its_slope("slope from z", gradients).told("""
            Your slope is z (1 − z). The rule σ (1 − σ) is about what comes out of the sigmoid, not what goes in."""),
        not_its_slope("slope from σ(σ)", gradients).told("""
            Your slope is taken at σ(z): the sigmoid was applied once more on the way back."""),
        not_its_slope("slope of tanh", gradients).told("""
            Your slope is 1 − σ². That is the form for tanh."""),
        wrong("da and dw exchanged", da="dw", dw="da").told("""
            Your da is what dw should be, and dw what da should be. What does a product send to its first factor?"""),
        times("db times b", lambda b: b, "db").told("""
            Your db is b times too large: b is added, and a sum copies its message."""),
        wrong("bias left out of the sum", lambda a, w: gradients(a, w, 0.0)).told("""
            Your slope is taken at a · w. Does the bias reach the sigmoid on the way forward?"""),
        wrong("bias subtracted", lambda a, w, b: gradients(a, w, -b)).told("""
            Your slope is taken at a · w − b. Over how much of z does the minus in your exponential reach?"""),
        wrong("products not summed", partial(gradients, product=np.multiply)).told("""
            One input is right, several are not, and db has one number for each. `a * w` keeps the products apart: the
            neuron adds them up before the sigmoid."""),
    ),
)
