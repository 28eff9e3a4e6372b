"""The gradients of a neuron's output σ(a · w + b) with respect to its inputs, its weights and its bias."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.backprop_by_hand.parts.points import LARGE, lost_beside
from nnkit.exercises.catalogue.draws import signed
from nnkit.exercises.catalogue.families import OTHER_ACTIVATIONS, in_other_order, not_its_slope, times
from nnkit.exercises.catalogue.formulas import sigmoid, sigmoid_slope, slope_at
from nnkit.exercises.catalogue.withheld import BY_HAND
from nnkit.exercises.exercise import Case, exercise, wrong


def gradients(
    a: Any, w: Any, b: Any, slope: Callable[[Any], Any] = sigmoid_slope, product: Callable[..., Any] = np.dot
) -> tuple[Any, Any, Any]:
    """The neuron's gradients, or those with another slope of the sigmoid or another product of a and w."""
    db = slope(product(a, w) + b)
    return db * w, db * a, db


def neurons(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """The neuron of the text, others with one input to nine, and sigmoids from steep to flat."""

    def case(size: int, covers: str, z: float = 0.0) -> Case:
        a, w = signed(rng, 0.5, 1.5, (2, size))
        # Away from z = 0, where the slope would be 1/4 for many wrong reasons.
        z = z or rng.uniform(0.7, 2) * rng.choice([-1, 1])
        return Case({"a": a, "w": w, "b": float(np.round(z - a @ w, 1))}, covers)

    flat = [sign * (size + rng.uniform(0, 2)) for size in (3, 5, 8, 11) for sign in (1, -1)]
    cases = [
        case(1, "one input"),
        case(1, "one input"),
        Case({"a": np.array([-1.0, -2.0]), "w": np.array([2.0, -3.0]), "b": -3.0}, "the neuron of the text"),
        case(2, "two inputs"),
        case(3, "three inputs"),
        case(4, "more inputs"),
        case(6, "more inputs"),
        *(case(3, "sigmoids from steep to flat", z) for z in (*flat, -40.0, 40.0)),
        # The products cancel, so z is b; a step is lost beside each of the inputs.
        Case({"a": np.array([LARGE, LARGE]), "w": np.array([1.0, -1.0]), "b": 0.5}, "very large inputs"),
    ]
    return cases + [case(size, covers) for size, covers in ((1, "one input"), (9, "more inputs"))] if hidden else cases


EXERCISE = exercise(
    "neuron_gradients(a, w, b) -> da, dw, db",
    reference=gradients,
    cases=neurons,
    withheld=BY_HAND,
    absolute=1e-7,  # so that a flat sigmoid is told from one that is cut off
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
        wrong("differences", da=lambda a, da: lost_beside(a, da)).told("""
            Where a is (4·10¹³, 4·10¹³) your da is 0: a small step is lost beside such numbers. Do you take a difference
            of two values of σ somewhere? The walk back through the graph needs none."""),
        not_its_slope("slope of the sigmoid missing", gradients).told("""
            Your db is 1, the message with which the walk begins (σ + (1 − σ) is 1, too). By which factor does it shrink
            at the sigmoid?"""),
        not_its_slope("the sigmoid's value for its slope", gradients).told("""
            Your message after the sigmoid is σ(z), its value. At z = 5 the value is nearly 1; is it steep there?"""),
        not_its_slope("half of the slope", gradients).told("""
            Your message after the sigmoid is 1 − σ(z); one factor of its slope is missing."""),
        not_its_slope("slope from z", gradients).told("""
            Your slope is z (1 − z). The rule σ (1 − σ) is about what comes out of the sigmoid, not what goes in."""),
        not_its_slope("slope from σ(σ)", gradients).told("""
            Your slope is q (1 − q) with q = σ(σ(z)): the sigmoid has been applied once too often."""),
        not_its_slope("slope of tanh", gradients).told("""
            Your slope is 1 − σ². That is the form for tanh."""),
        wrong("tanh for the sigmoid", partial(gradients, slope=OTHER_ACTIVATIONS["tanh for the sigmoid"][1])).told("""
            Your numbers belong to a neuron with tanh. The gate of this one is the sigmoid."""),
        wrong("tanh with the sigmoid's slope", partial(gradients, slope=lambda z: slope_at(np.tanh(z)))).told("""
            Your slope is t (1 − t) with t = tanh z. The rule is about the sigmoid, and what comes out of it."""),
        wrong(
            "brackets of the sigmoid", partial(gradients, slope=OTHER_ACTIVATIONS["brackets of the sigmoid"][1])
        ).told("""
            Your slope is q (1 − q) with q = 1 + e⁻ᶻ. What did Python divide by what, in your sigmoid?"""),
        wrong(
            "the gate's message times its value", partial(gradients, slope=lambda z: sigmoid(z) * sigmoid_slope(z))
        ).told("""
            Your db is σ² (1 − σ): the message 1 has been multiplied by σ once too often. There is no loss here yet; the
            walk begins at the output with 1."""),
        wrong("exponential's sign in the slope", partial(gradients, slope=lambda z: sigmoid(z) ** 2 * np.exp(z))).told(
            """
            Your slope is eᶻ/(1 + e⁻ᶻ)². The exponential in the sigmoid is e⁻ᶻ; what is it on the way back?"""
        ),
        times("opposite sign", -1).told("""
            The opposite sign, everywhere. The sigmoid rises: two minus signs on the way through it cancel, that of the
            fraction's slope and that of −z."""),
        wrong("da: own factor", da="dw").told("""
            Your da is what dw should be. What does a product send to its first factor?"""),
        wrong("dw: own factor", dw="da").told("""
            Your dw is what da should be. What does a product send to its second factor?"""),
        wrong("da and dw exchanged", da="dw", dw="da").told("""
            Your da and your dw stand in each other's place. What does a product send to its first factor, and in which
            order are the three returned?"""),
        wrong("da: the weights", da="w").told("""
            Your da is w itself. The product sends each input a message times its weight; which message arrives
            there?"""),
        wrong("dw: the inputs", dw="a").told("""
            Your dw is a itself. The product sends each weight a message times its input; which message arrives
            there?"""),
        wrong("db: the bias", db="b").told("""
            Your db is b itself. How much does the output grow when b grows by 1?"""),
        wrong("mean for the sum", lambda a, w, b: gradients(a, w, b, product=lambda a, w: np.dot(a, w) / len(a))).told(
            """
            Your slope is taken where the products of a and w have been averaged. The neuron adds them up."""
        ),
        wrong("nothing comes through", da=lambda a: 0.0 * a, dw=lambda a: 0.0 * a, db=0.0).told("""
            Yours is 0, everywhere: on its way back the message meets a factor that is 0 for every z. Which of
            yours is?"""),
        wrong("da: message alone", da=lambda db, a: db + 0 * a).told("""
            Every entry of your da is db. On its way to an input the message passes a product; by which factor does it
            grow there?"""),
        wrong("dw: message alone", dw=lambda db, w: db + 0 * w).told("""
            Every entry of your dw is db. On its way to a weight the message passes a product; by which factor does it
            grow there?"""),
        wrong("da: divided among the inputs", da=lambda da, a: da / len(a), dw=lambda dw, a: dw / len(a)).told("""
            Your da and dw are divided by the number of inputs. A sum copies its message to each of its terms."""),
        wrong("db: one for each input", db=lambda db, a: db + 0 * a).told("""
            Your db has one entry for each input, all of them equal. The neuron has one bias."""),
        wrong("one number for all inputs", da=lambda da: da.sum(), dw=lambda dw: dw.sum()).told("""
            Your da and dw are sums over the inputs. Each input, and each weight, has a slope of its own."""),
        wrong("db: summed over the inputs", db=lambda db, a: db * len(a)).told("""
            Your db is as many times too large as there are inputs. There is one bias, and it enters the sum once."""),
        in_other_order().told("""
            The results are right, in another order: first da, then dw, then db."""),
        times("db times b", lambda b: b, "db").told("""
            Your db is b times too large: b is added, and a sum copies its message."""),
        wrong("bias left out of the sum", lambda a, w: gradients(a, w, 0.0)).told("""
            Your slope is taken at a · w. Does the bias reach the sigmoid on the way forward?"""),
        wrong("bias subtracted", lambda a, w, b: gradients(a, w, -b)).told("""
            Your slope is taken at a · w − b. Which sign stands before b, and over how much of z does the minus in your
            exponential reach?"""),
        wrong("products not summed", partial(gradients, product=np.multiply)).told("""
            One input is right, several are not, and db has one number for each. `a * w` keeps the products apart: the
            neuron adds them up before the sigmoid."""),
    ),
)
