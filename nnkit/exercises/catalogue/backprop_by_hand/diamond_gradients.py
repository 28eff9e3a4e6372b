"""The gradients of f = u v with u = a + b and v = a u, where messages meet at u and at a."""

from collections.abc import Callable

import numpy as np

from nnkit.exercises.catalogue.draws import one_signed
from nnkit.exercises.catalogue.families import in_other_order
from nnkit.exercises.catalogue.withheld import BY_HAND
from nnkit.exercises.exercise import Case, exercise, wrong


def pairs(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """The numbers of the text, others of all signs, and a = 0."""
    drawn = [(one_signed(rng, 0.5, 2.0), one_signed(rng, 2.1, 3.5)) for _ in range(8 if hidden else 4)]
    drawn += [(-abs(a), abs(b)) for a, b in drawn[:1]]  # a negative, a + b positive
    return [
        Case({"a": 2.0, "b": 1.0}, "the numbers of the text"),
        *(Case({"a": a, "b": b}, "random numbers") for a, b in drawn),
        Case({"a": 0.0, "b": 3.0}, "a = 0"),
    ]


def u_has(total: Callable[[float], float]) -> Callable[..., tuple[float, float]]:
    """The gradients when this is the total at u, made from a u, the message that arrives from f and again from v."""

    def gradients(a: float, b: float) -> tuple[float, float]:
        u = a + b
        return u**2 + total(a * u), total(a * u)

    return gradients


EXERCISE = exercise(
    "diamond_gradients(a, b) -> da, db",
    reference=u_has(lambda message: 2 * message),
    cases=pairs,
    withheld=BY_HAND,
    hints=(
        """Two values have more than one arrow going out. Which are they, and how many messages does each of them
        get?""",
        """Order: f, v, u, then a and b. u gets one message from f and one from v; only their sum is passed on.""",
        """At a = 2, b = 1: f sends v the number 3 and u the number 6. v sends u its 3 times 2. So u has 6 + 6 = 12.""",
    ),
    mistakes=(
        wrong("u: one message lost", u_has(lambda message: message)).told("""
            Your db is half of what it should be: of the two messages that arrive at u only one was passed on. What
            becomes of messages that meet?"""),
        wrong("a: the direct message lost", da="db").told("""
            Your da is what db should be: what comes through u. But a has two arrows going out, one to u and one to
            v."""),
        wrong("a: the message through u lost", da=lambda a, b: (a + b) ** 2).told("""
            Your da holds what comes from v, and not what comes through u."""),
        wrong("u sent twice", u_has(lambda message: 3 * message)).told("""
            Yours are too large: u passed its first message on before the second had arrived, and then passed on the
            sum."""),
        wrong("messages multiplied", u_has(lambda message: message**2)).told("""
            Your two messages at u were multiplied with each other. A message is multiplied by a slope when it passes a
            node; messages that meet are added."""),
        in_other_order().told("""
            The two numbers are right, in the other order: first da, then db."""),
    ),
)
