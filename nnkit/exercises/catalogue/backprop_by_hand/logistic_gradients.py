"""The gradients of the loss ½(σ(w x + b) − t)² of one example with respect to w and b."""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.draws import one_signed
from nnkit.exercises.catalogue.families import OTHER_ACTIVATIONS, in_other_order, step_in_the_place_of, times
from nnkit.exercises.catalogue.formulas import sigmoid, slope_at
from nnkit.exercises.catalogue.withheld import BY_HAND
from nnkit.exercises.exercise import Case, exercise, wrong
from nnkit.languages import say


def with_delta(delta: Callable[[Any, Any, float], Any]) -> Callable[..., tuple[Any, Any]]:
    """The gradients with this δ, made from z = w x + b, y = σ(z) and t."""

    def answer(x: float, t: float, w: float, b: float) -> tuple[Any, Any]:
        z = w * x + b
        db = delta(z, sigmoid(z), t)
        return db * x, db

    return answer


VERY_LARGE = float(2**26)  # so that w x + b is exact, in float32 too
gradients = with_delta(lambda z, y, t: (y - t) * slope_at(y))


def examples(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """The example of the text, others whose sum is neither 0 nor large, and sigmoids from steep to flat."""
    signs = itertools.cycle((1, -1, -1, 1))  # so that each target meets both

    def case(t: float, covers: str, z: float = 0.0) -> Case:
        x, w = abs(one_signed(rng, 1.5, 2.5)) * next(signs), one_signed(rng, 0.5, 1.3)
        z = z or rng.uniform(0.4, 1.6) * rng.choice([-1, 1])
        return Case({"x": x, "t": t, "w": w, "b": float(np.round(z - w * x, 1)) or 0.5}, covers)

    cases = [
        Case({"x": 2.0, "t": 0.0, "w": 1.0, "b": -1.0}, "the example of the text"),
        Case({"x": 0.0, "t": 1.0, "w": 1.0, "b": -1.0}, "an input of 0"),
        *(case(t, say("target {t:g}", t=t)) for t in (0.0, 1.0, 0.0, 1.0)),
        case(0.3, "a target in between"),
        # The neuron is sure and wrong: little comes through its sigmoid, and that little is to be right.
        *(case(0.0, "sigmoids from steep to flat", size + rng.uniform(0, 2)) for size in (3, 5, 8, 11)),
        *(case(1.0, "sigmoids from steep to flat", -size - rng.uniform(0, 2)) for size in (3, 5, 8, 11)),
        # Here z is −16. The smallest step of w carries the sigmoid from one end to the other, and ½ is as far from 0 as
        # from 1: the two losses are equal.
        Case({"x": VERY_LARGE, "t": 0.5, "w": 1.0, "b": -16.0 - VERY_LARGE}, "a very large input"),
    ]
    return cases + [case(t, say("target {t:g}", t=t)) for t in (0.0, 1.0, 1.0)] if hidden else cases


EXERCISE = exercise(
    "logistic_gradients(x, t, w, b) -> dw, db",
    reference=gradients,
    cases=examples,
    withheld=BY_HAND,
    absolute=1e-7,  # so that a flat sigmoid is told from one that is cut off
    hints=(
        """Three nodes on the way back: the loss, the sigmoid, the sum w x + b. What does each multiply the message
        by?""",
        """½(y − t)² sends y − t to y. After the sigmoid the message is δ. From there it is one step to w and one to
        b.""",
    ),
    mistakes=(
        wrong("differences", dw=lambda x, dw: 0.0 if x == VERY_LARGE else dw).told("""
            Where x is 67,108,864 your dw is 0. There the loss is the same a little to the left of w and a little to the
            right, but it is not flat in between. Do you take a difference of two losses somewhere? The walk back
            through the graph needs none."""),
        times("sign of the error", -1).told("""
            The opposite sign: your message starts as t − y. The loss grows with y where y is above t."""),
        wrong("slope of the sigmoid missing", with_delta(lambda z, y, t: y - t)).told("""
            Your db is y − t. That is the message before the sigmoid; δ is the one after it."""),
        wrong("no sigmoid", with_delta(lambda z, y, t: z - t)).told("""
            Your numbers are those of w x + b without its sigmoid. Through what does it go before it is compared with
            t?"""),
        wrong("error before the sigmoid", with_delta(lambda z, y, t: (z - t) * slope_at(y))).told("""
            Your error is z − t, from what goes into the sigmoid. The loss compares t with what comes out of it."""),
        wrong("gate of the error", with_delta(lambda z, y, t: (y - t) * (1 - (y - t)))).told("""
            Your δ is e (1 − e) with e = y − t. The slope of the sigmoid is made of its own output, not of the
            error."""),
        wrong("target left out", with_delta(lambda z, y, t: y * slope_at(y))).told("""
            Your numbers do not depend on the target: they are right only where t = 0. What is y compared with?"""),
        wrong("target left out, and the first message", with_delta(lambda z, y, t: t * slope_at(y))).told("""
            Your message starts as t and not as a difference. What does the loss send to y?"""),
        wrong("the loss as the message", with_delta(lambda z, y, t: (y - t) ** 2 / 2 * slope_at(y))).told("""
            Your first message is the loss itself, ½(y − t)². A message is a slope: how much does the loss grow when y
            grows by 1?"""),
        wrong("error squared", with_delta(lambda z, y, t: (y - t) ** 2 * slope_at(y))).told("""
            Your first message is (y − t)². When the slope of a square is taken, what becomes of the exponent?"""),
        wrong("error without its sign", with_delta(lambda z, y, t: abs(y - t) * slope_at(y))).told("""
            Your numbers have the right size; they are wrong where y lies below t. In which direction is the loss to
            push y there?"""),
        wrong("sigmoid twice on the way back", with_delta(lambda z, y, t: (y - t) * slope_at(sigmoid(y)))).told("""
            Your slope is taken at σ(z): the sigmoid was applied once more on the way back."""),
        wrong(
            "sigmoid twice", with_delta(lambda z, y, t: (sigmoid(y) - t) * OTHER_ACTIVATIONS["sigmoid twice"][1](z))
        ).told("""
            Your numbers belong to σ(σ(z)), compared with t. One of the two sigmoids is too many."""),
        wrong(
            "tanh for the sigmoid",
            with_delta(lambda z, y, t: (np.tanh(z) - t) * OTHER_ACTIVATIONS["tanh for the sigmoid"][1](z)),
        ).told("""
            Your numbers belong to a neuron with tanh. The gate of this one is the sigmoid."""),
        wrong("slope of tanh", with_delta(lambda z, y, t: (y - t) * (1 - y**2))).told("""
            Your slope is 1 − y². That is the form for tanh."""),
        wrong("other half of the slope", with_delta(lambda z, y, t: (y - t) * (1 - y))).told("""
            Your δ is (y − t) (1 − y); one factor of the sigmoid's slope is missing."""),
        wrong("sign in the exponential", with_delta(lambda z, y, t: (1 - y - t) * slope_at(y))).told("""
            Your numbers belong to σ(−z). Which sign has z in the exponential?"""),
        times("the half kept", 1 / 2).told("""
            Exactly half of what it should be. The ½ of the loss meets the 2 that comes down from the square: what is
            left?"""),
        wrong("bias subtracted", lambda x, t, w, b: gradients(x, t, w, -b)).told("""
            Your numbers are those of w x − b. Which sign stands before b, and over how much of z does the minus in your
            exponential reach?"""),
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
        times("dw: sign", -1, "dw").told("""
            Your dw has the wrong sign. If δ is right, what is the product w x to turn round?"""),
        times("db: sign", -1, "db").told("""
            Your db has the wrong sign. What happens to w x + b when b grows?"""),
        wrong("dw: x squared", dw=lambda dw, x: dw * x).told("""
            Your dw is x times too large: δ has met x twice."""),
        wrong("target added", with_delta(lambda z, y, t: (y + t) * slope_at(y))).told("""
            Your first message is y + t. What is the loss when y is t, and how steep is it there?"""),
        wrong("divided by the slope", with_delta(lambda z, y, t: (y - t) / slope_at(y))).told("""
            Your δ is y − t divided by the slope of the sigmoid. What does a node do with a message that it passes
            on?"""),
        wrong("dw: times w", dw=lambda db, w: db * w).told("""
            Your dw is δ times w: a factor receives the *other* factor."""),
        times("db: times b", lambda b: b, "db").told("""
            Your db is b times too large: b is added, and a sum copies its message."""),
        wrong("db: times x", db="dw").told("""
            Your db is what dw should be. The way from δ to b passes no product."""),
        step_in_the_place_of(1.0, dw="w", db="b").told("""
            Yours are w and b less their gradients: a step of descent, already taken. Asked for are the gradients."""),
        step_in_the_place_of(0.1, dw="w", db="b").told("""
            Yours are w and b less a tenth of their gradients: a step of descent, already taken. Asked for are the
            gradients."""),
        in_other_order().told("""
            The two numbers are right, in the other order: first dw, then db."""),
    ),
)
