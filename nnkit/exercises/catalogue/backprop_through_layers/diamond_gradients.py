"""The gradients of f = u v with u = a + b and v = a u, where messages meet at u and at a."""

from collections.abc import Callable

import numpy as np

from nnkit.exercises.catalogue.backprop_by_hand.parts.points import LARGE, lost_beside
from nnkit.exercises.catalogue.draws import one_signed
from nnkit.exercises.catalogue.families import in_other_order, times
from nnkit.exercises.catalogue.withheld import BY_HAND
from nnkit.exercises.exercise import Case, exercise, wrong


def pairs(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """The numbers of the text, others of all signs, a = 0, and an a beside which a step disappears."""
    drawn = [(one_signed(rng, 0.5, 2.0), one_signed(rng, 2.1, 3.5)) for _ in range(8 if hidden else 4)]
    drawn += [(-abs(a), abs(b)) for a, b in drawn[:1]]  # a negative, a + b positive
    return [
        Case({"a": 2.0, "b": 1.0}, "the numbers of the text"),
        *(Case({"a": a, "b": b}, "random numbers") for a, b in drawn),
        Case({"a": 0.0, "b": 3.0}, "a = 0"),
        Case({"a": LARGE, "b": 1.0}, "a very large number"),
    ]


def u_has(total: Callable[[float], float]) -> Callable[..., tuple[float, float]]:
    """The gradients when this is the total at u, made from a u, the message that arrives from f and again from v."""

    def gradients(a: float, b: float) -> tuple[float, float]:
        u = a + b
        return u**2 + total(a * u), total(a * u)

    return gradients


def walked(
    from_f: Callable[[float, float], tuple[float, float]], from_v: Callable[[float, float], tuple[float, float]]
) -> Callable[..., tuple[float, float]]:
    """The gradients when f sends these to u and v (made from u, v), and v these slopes to a and u (made from a, u)."""

    def gradients(a: float, b: float) -> tuple[float, float]:
        u = a + b
        du, dv = from_f(u, a * u)
        to_a, to_u = from_v(a, u)
        du += dv * to_u
        return dv * to_a + du, du

    return gradients


def crosswise(x: float, y: float) -> tuple[float, float]:
    """What a product sends: each factor the other one."""
    return y, x


def own(x: float, y: float) -> tuple[float, float]:
    """What a product sends by mistake: each factor its own value."""
    return x, y


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
        wrong("differences", da=lambda da, a: lost_beside(a, da), db=lambda db, a: lost_beside(a, db)).told("""
            Where a is 4·10¹³ your slope is 0: a small step is lost beside such a number. Do you take a difference of
            two values somewhere? The walk back through the graph needs none."""),
        wrong("gradients of u and v", lambda a, b: (2 * a * (a + b), a + b)).told("""
            Your two numbers are what arrives at u and at v. Asked for is what arrives at a and at b, farther on."""),
        wrong("messages from f", lambda a, b: (a * (a + b), a + b)).told("""
            Your two numbers are what f sends to u and to v. The walk goes on from there, to a and to b."""),
        wrong("the values of the way forward", lambda a, b: (a + b, a * (a + b))).told("""
            Your two numbers are u and v, the values of the way forward. The gradients are found on the way back, which
            begins at f with 1."""),
        wrong("u: one message lost", u_has(lambda message: message)).told("""
            Your db is half of what it should be. Two messages arrive at u, and what is passed on is as much as one of
            them. What becomes of messages that meet?"""),
        wrong("a: the direct message lost", da="db").told("""
            Your da is what db should be: what comes through u. But a has two arrows going out, one to u and one to
            v."""),
        wrong("a: the message through u lost", da=lambda a, b: (a + b) ** 2).told("""
            Your da holds what comes from v, and not what comes through u."""),
        wrong("a and u: one message lost at each", da=lambda a, b: a * (a + b), db=lambda a, b: a * (a + b)).told("""
            Both of your numbers are v, one of the messages that arrive at u. A second one arrives there, and one more
            at a. What becomes of messages that meet?"""),
        wrong("a: u passed on too early", da=lambda a, b: (a + b) ** 2 + a * (a + b)).told("""
            Your da holds what u had when one of its two messages was still missing. When may u pass on its sum?"""),
        wrong("mean of the messages", da=lambda da: da / 2, db=lambda db: db / 2).told("""
            Both are half of what they should be. Do you take a mean where messages meet? They are added, whatever
            their number."""),
        wrong("means at a and u", da=lambda a, b: ((a + b) ** 2 + a * (a + b)) / 2, db=lambda db: db / 2).told("""
            Where two messages meet, at u and at a, what goes on is their mean. What is the rule for messages that
            meet?"""),
        wrong("u sent twice", u_has(lambda message: 3 * message)).told("""
            Your db is three halves of what it should be: one of the two messages that arrive at u has been counted
            twice. Does u send only once, when both are there?"""),
        wrong("messages multiplied", u_has(lambda message: message**2)).told("""
            Your two messages at u were multiplied with each other. A message is multiplied by a slope when it passes a
            node; messages that meet are added."""),
        wrong("f: own factors", walked(own, crosswise)).told("""
            Your f = u v sends each factor its own value. Which of the two numbers tells how much f grows when u grows
            by 1?"""),
        wrong("v: own factors", walked(crosswise, own)).told("""
            Your v = a u sends each factor its own value. Which of the two numbers tells how much v grows when a grows
            by 1?"""),
        wrong("f and v: own factors", walked(own, own)).told("""
            Both of your products send each factor its own value. A factor receives the *other* one."""),
        wrong("v sends its slopes alone", lambda a, b: ((1 + a) * (a + b) + a, a * (a + b) + a)).told("""
            What v sends to u is its slope a by itself. By what is a message multiplied, and what has arrived at v?"""),
        wrong("f = u + v", lambda a, b: (1 + 2 * a + b, 1 + a)).told("""
            Your numbers belong to u + v. The last node is a product."""),
        wrong("f = a² u", lambda a, b: (3 * a**2 + 2 * a * b, a**2)).told("""
            Your numbers belong to a² (a + b): a twice, u once. Write f = u v with a and u alone and count again."""),
        wrong("f = u²", lambda a, b: (2 * (a + b), 2 * (a + b))).told("""
            Your numbers belong to (a + b)². Where does the a in v = a u come in?"""),
        wrong("f = a³ + a b²", lambda a, b: (3 * a**2 + b**2, 2 * a * b)).told("""
            Your numbers belong to a³ + a b², which is a (a² + b²). What is (a + b)² when it is multiplied out?"""),
        wrong("db: what da should be", db="da").told("""
            Your db is what da should be. How many arrows go out from b, and where do they lead?"""),
        times("opposite sign", -1).told("""
            The opposite sign. When a and b are positive and grow, does f rise or fall?"""),
        in_other_order().told("""
            The two numbers are right, in the other order: first da, then db."""),
    ),
)
