"""The gradients of the loss ½(σ(w x + b) − t)² of one example with respect to w and b."""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.draws import one_signed
from nnkit.exercises.catalogue.families import in_other_order, times
from nnkit.exercises.catalogue.formulas import sigmoid, slope_at
from nnkit.exercises.catalogue.withheld import BY_HAND
from nnkit.exercises.exercise import Case, exercise, wrong


def with_delta(delta: Callable[[Any, Any, float], Any]) -> Callable[..., tuple[Any, Any]]:
    """The gradients with this δ, made from z = w x + b, y = σ(z) and t."""

    def answer(x: float, t: float, w: float, b: float) -> tuple[Any, Any]:
        z = w * x + b
        db = delta(z, sigmoid(z), t)
        return db * x, db

    return answer


gradients = with_delta(lambda z, y, t: (y - t) * slope_at(y))


def examples(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """The example of the text, and others whose sum is neither 0 nor large."""
    signs = itertools.cycle((1, -1, -1, 1))  # so that each target meets both

    def case(t: float, covers: str) -> Case:
        x, w = abs(one_signed(rng, 1.5, 2.5)) * next(signs), one_signed(rng, 0.5, 1.3)
        b = float(np.round(rng.uniform(0.4, 1.6) * rng.choice([-1, 1]) - w * x, 1))
        return Case({"x": x, "t": t, "w": w, "b": b or 0.5}, covers)

    cases = [
        Case({"x": 2.0, "t": 0.0, "w": 1.0, "b": -1.0}, "the example of the text"),
        Case({"x": 0.0, "t": 1.0, "w": 1.0, "b": -1.0}, "an input of 0"),
        *(case(t, f"target {t:g}") for t in (0.0, 1.0, 0.0, 1.0)),
        case(0.3, "a target in between"),
    ]
    return cases + [case(t, f"target {t:g}") for t in (0.0, 1.0, 1.0)] if hidden else cases


EXERCISE = exercise(
    "logistic_gradients(x, t, w, b) -> dw, db",
    reference=gradients,
    cases=examples,
    withheld=BY_HAND,
    hints=(
        """Three nodes on the way back: the loss, the sigmoid, the sum w x + b. What does each multiply the message
        by?""",
        """½(y − t)² sends y − t to y. After the sigmoid the message is δ. From there it is one step to w and one to
        b.""",
    ),
    mistakes=(
        times("sign of the error", -1).told("""
            The opposite sign: your message starts as t − y. The loss grows with y where y is above t."""),
        wrong("slope of the sigmoid missing", with_delta(lambda z, y, t: y - t)).told("""
            Your db is y − t. That is the message before the sigmoid; δ is the one after it."""),
        wrong("no sigmoid", with_delta(lambda z, y, t: z - t)).told("""
            Your numbers are those of w x + b without its sigmoid. Through what does it go before it is compared with
            t?"""),
        wrong("bias subtracted", lambda x, t, w, b: gradients(x, t, w, -b)).told("""
            Your numbers are those of w x − b. Over how much of z does the minus in your exponential reach?"""),
        wrong("bias left out of the sum", lambda x, t, w: gradients(x, t, w, 0.0)).told("""
            Your numbers are those of w x alone. Does the bias reach the sigmoid on the way forward?"""),
        wrong("error missing", with_delta(lambda z, y, t: slope_at(y))).told("""
            Your db is the slope of the sigmoid and does not depend on the target. What does the loss send to y?"""),
        times("the half forgotten", 2).told("""
            Exactly twice too large. What does the ½ in front of the square cancel?"""),
        wrong("slope from z", with_delta(lambda z, y, t: (y - t) * slope_at(z))).told("""
            Your slope is z (1 − z). The rule is about the sigmoid's output."""),
        wrong("half of the slope", with_delta(lambda z, y, t: (y - t) * y)).told("""
            Your δ is (y − t) y; one factor of the sigmoid's slope is missing."""),
        wrong("dw: x missing", dw="db").told("""
            Your dw equals db. The way from δ to w passes the product w x."""),
        wrong("dw: times w", dw=lambda db, w: db * w).told("""
            Your dw is δ times w: a factor receives the *other* factor."""),
        times("db: times b", lambda b: b, "db").told("""
            Your db is b times too large: b is added, and a sum copies its message."""),
        in_other_order().told("""
            The two numbers are right, in the other order: first dw, then db."""),
    ),
)
