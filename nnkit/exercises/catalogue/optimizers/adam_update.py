"""A step of Adam: an average of gradients, divided by the root of an average of their squares, both corrected."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.draws import positive, signed
from nnkit.exercises.catalogue.optimizers.parts.divisors import right_divisor, wrongly_divided
from nnkit.exercises.catalogue.optimizers.parts.rules import in_place, step_alone
from nnkit.exercises.catalogue.withheld import OPTIMIZERS
from nnkit.exercises.exercise import Case, Mistake, call_by_name, exercise, wrong


def average(old: Any, new: Any, beta: float) -> Any:
    """A running average that keeps the share beta."""
    return beta * old + (1 - beta) * new


def corrected(mean: Any, beta: float, t: int) -> Any:
    """An average without what it lacks because it started at 0."""
    return mean / (1 - beta**t)


def moved(
    w: Any,
    m: Any,
    v: Any,
    t: int,
    lr: float,
    beta1: float,
    beta2: float,
    eps: float,
    correct_m: Callable[..., Any] = corrected,
    correct_v: Callable[..., Any] = corrected,
    divisor: Callable[..., Any] = right_divisor,
) -> Any:
    """The weights after a step along averages; the last three are places where things go wrong."""
    return w - lr * correct_m(m, beta1, t) / divisor(correct_v(v, beta2, t), eps)


def update(
    w: Any, g: Any, m: Any, v: Any, t: int, lr: float, beta1: float, beta2: float, eps: float
) -> tuple[Any, Any, Any]:
    """The weights after the step, and the two averages."""
    m, v = average(m, g, beta1), average(v, g**2, beta2)
    return moved(w, m, v, t, lr, beta1, beta2, eps), m, v


def draw(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """First, early and late steps of a few weights; both averages start at 0."""

    def case(shape: tuple[int, ...], t: int, covers: str, **given: Any) -> Case:
        drawn = {name: signed(rng, 0.5, 3.0, shape) for name in ("w", "g", "m")}
        drawn["v"] = positive(rng, 0.2, 4.0, shape)
        if t == 1:
            drawn |= {"m": np.zeros(shape), "v": np.zeros(shape)}
        return Case({**drawn, "t": t, "lr": 0.1, "beta1": 0.9, "beta2": 0.99, "eps": 1e-8, **given}, covers)

    cases = [
        case((1,), 1, "the first step"),
        case((1,), 2, "the second step", lr=0.5, beta1=0.5, beta2=0.75),
        case((2,), 1, "the first step", lr=0.01, beta2=0.999, g=np.array([100.0, -0.01])),
        case((2,), 3, "early steps"),
        case((2,), 4, "an eps that shows", eps=0.5, beta1=0.8, beta2=0.9),
        # Here eps lies between the two roots.
        case((2,), 1, "an eps that shows", eps=0.3, g=signed(rng, 0.5, 2.5, 2) * [0.1, 1.0]),
        case((3,), 5, "a gradient that has always been 0", g=np.zeros(3), m=np.zeros(3), v=np.zeros(3)),
        case((2, 3), 10, "matrices", lr=0.02, beta1=0.8),
        case((3,), 1000, "late steps", beta2=0.999),
    ]
    return [*cases, case((3, 2), 7, "matrices", eps=0.2), case((3,), 800, "late steps", beta1=0.8)] if hidden else cases


def stepping(label: str, **places: Any) -> Mistake:
    """The right averages, and a step with something else in one of its places."""

    def w_new(w: Any, m_new: Any, v_new: Any, t: int, lr: float, beta1: float, beta2: float, eps: float) -> Any:
        return moved(w, m_new, v_new, t, lr, beta1, beta2, eps, **places)

    return wrong(label, w_new=w_new)


def correcting(label: str, correct: Callable[..., Any]) -> Mistake:
    """The right averages, both of them corrected in another way: by a function of average, beta and t."""
    return stepping(label, correct_m=correct, correct_v=correct)


def averaging(label: str, averages: Callable[..., tuple[Any, Any]]) -> Mistake:
    """Other averages, made from arguments by name, and the step that follows from them."""

    def change(**arguments: Any) -> tuple[Any, Any, Any]:
        m, v = call_by_name(averages, arguments)
        return call_by_name(moved, {**arguments, "m": m, "v": v}), m, v

    return wrong(label, change)


EXERCISE = exercise(
    "adam_update(w, g, m, v, t, lr, beta1, beta2, eps) -> w_new, m_new, v_new",
    reference=update,
    cases=draw,
    withheld=OPTIMIZERS,
    shape_notes=dict.fromkeys(("w_new", "m_new", "v_new"), "Every weight has its own averages; nothing is summed."),
    hints=(
        """Four lines: the two averages, their corrected values, the step. Only the averages themselves are kept and
        returned; the corrected values live for one step.""",
        """m_new is an average of gradients, v_new one of their squares, each made as in `rmsprop_update`. Corrected:
        each divided by 1 − its beta to the power t.""",
        """The step is lr times the corrected m, divided by (the root of the corrected v, plus eps).""",
    ),
    mistakes=(
        correcting("no correction", lambda mean, beta, t: mean).told("""
            Your step uses the averages as they are. Both start at 0 and are too small in the first steps: by which
            factor after t steps?"""),
        stepping("only m corrected", correct_v=lambda mean, beta, t: mean).told("""
            Your m is corrected before the step, v is not. It starts at 0 as well."""),
        stepping("only v corrected", correct_m=lambda mean, beta, t: mean).told("""
            Your v is corrected before the step, m is not. It starts at 0 as well."""),
        wrong(
            "corrected averages kept",
            m_new=lambda m_new, beta1, t: corrected(m_new, beta1, t),
            v_new=lambda v_new, beta2, t: corrected(v_new, beta2, t),
        ).told("""
            What you return in the place of an average is its corrected value. Kept, it would be corrected again at the
            next step."""),
        wrong(
            "beta1 in both corrections",
            w_new=lambda w, m_new, v_new, t, lr, beta1, eps: moved(w, m_new, v_new, t, lr, beta1, beta1, eps),
        ).told("""
            Your v is corrected with beta1, as m is. It was made with beta2."""),
        wrong(
            "betas exchanged in the corrections",
            w_new=lambda w, m_new, v_new, t, lr, beta1, beta2, eps: moved(w, m_new, v_new, t, lr, beta2, beta1, eps),
        ).told("""
            Your m is corrected with beta2 and your v with beta1. Each was made with the other one."""),
        correcting("power of the difference", lambda mean, beta, t: mean / (1 - beta) ** t).told("""
            Your correction takes 1 − beta to the power t. It is the share beta that is kept t times: what does the
            power belong to?"""),
        correcting("t counted on", lambda mean, beta, t: corrected(mean, beta, t + 1)).told("""
            Your correction uses the power t + 1. At the first update t is 1 already."""),
        correcting("t counted from 0", lambda mean, beta, t: corrected(mean, beta, t - 1)).told("""
            Your correction uses the power t − 1; at the first update it divides by 1 − 1. At the first update t is
            1."""),
        correcting("correction with the power 1", lambda mean, beta, t: corrected(mean, beta, 1)).told("""
            Your correction is the same in every step, 1 − beta. What was missing at the start fades with t: after a
            thousand steps nothing is to be corrected."""),
        correcting("correction multiplied", lambda mean, beta, t: mean * (1 - beta**t)).told("""
            Your correction makes the averages smaller. They are too small already, having started at 0."""),
        # To divide a root is to divide by the square under it.
        stepping("v corrected after the root", correct_v=lambda v, beta, t: v / (1 - beta**t) ** 2).told("""
            Your correction of v comes after the root was taken. It belongs to v itself."""),
        *wrongly_divided(stepping),
        wrong(
            "eps before the correction",
            w_new=lambda w, m_new, v_new, t, lr, beta1, beta2, eps: moved(
                w, m_new, v_new, t, lr, beta1, beta2, eps / np.sqrt(1 - beta2**t)
            ),
        ).told("""
            Where eps is large enough to show, your step differs: eps is added to the root of v_new, and the correction
            comes after it. It is added to the root of the corrected v."""),
        wrong(
            "eps beside the fraction",
            w_new=lambda w, m_new, v_new, t, lr, beta1, beta2, eps: (
                moved(w, m_new, v_new, t, lr, beta1, beta2, eps=0) + eps
            ),
        ).told("""
            Your eps is added to the step, not to the root: in `a / b + c` only b is divided by. Which brackets are
            missing?"""),
        correcting("beta times t", lambda mean, beta, t: mean / (1 - beta * t)).told("""
            Your correction multiplies beta by t: `*` where `**` is meant. How much of the start is left after t steps,
            if each keeps the share beta?"""),
        wrong(
            "gradient for m",
            w_new=lambda w, g, v_new, t, lr, beta2, eps: w - lr * g / (np.sqrt(corrected(v_new, beta2, t)) + eps),
        ).told("""
            Your step goes along the new gradient alone. What is m_new for?"""),
        wrong("old averages used", w_new=moved).told("""
            Your step is made from the old m and v. Have the new ones been computed by then, and do they stand in its
            line?"""),
        wrong(
            "old m used",
            w_new=lambda w, m, v_new, t, lr, beta1, beta2, eps: moved(w, m, v_new, t, lr, beta1, beta2, eps),
        ).told("""
            Your step is made from the old m and the new v. What is m_new for?"""),
        wrong(
            "old v used",
            w_new=lambda w, m_new, v, t, lr, beta1, beta2, eps: moved(w, m_new, v, t, lr, beta1, beta2, eps),
        ).told("""
            Your step is made from the new m and the old v. What is v_new for?"""),
        wrong("old averages returned", m_new="m", v_new="v").told("""
            An average comes back as it came in, so the next step would know nothing of this gradient."""),
        wrong("uphill", w_new=lambda w, w_new: 2 * w - w_new).told("""
            Your step has the wrong sign."""),
        wrong("rate missing", w_new=lambda w, lr, w_new: w + (w_new - w) / lr).told("""
            Your step lacks the rate."""),
        wrong(
            "beta1 for both", lambda w, g, m, v, t, lr, beta1, eps: update(w, g, m, v, t, lr, beta1, beta1, eps)
        ).told("""
            Your v keeps beta1 of the past, as m does. It has a share of its own, beta2."""),
        wrong(
            "beta2 for both", lambda w, g, m, v, t, lr, beta2, eps: update(w, g, m, v, t, lr, beta2, beta2, eps)
        ).told("""
            Your m keeps beta2 of the past, as v does. It has a share of its own, beta1."""),
        wrong("usual shares", lambda w, g, m, v, t, lr, eps: update(w, g, m, v, t, lr, 0.9, 0.999, eps)).told("""
            What an average of yours keeps is the same in every case, 0.9 or 0.999 as usual. What are the arguments
            for?"""),
        wrong(
            "betas exchanged",
            lambda w, g, m, v, t, lr, beta1, beta2, eps: update(w, g, m, v, t, lr, beta2, beta1, eps),
        ).told("""
            Your m keeps beta2 of the past and your v keeps beta1: the two have changed places."""),
        averaging(
            "gradient not squared in v",
            lambda g, m, v, beta1, beta2: (average(m, g, beta1), average(v, g, beta2)),
        ).told("""
            Your v_new averages the gradient itself. What is averaged there is its square."""),
        averaging(
            "sizes in v",
            lambda g, m, v, beta1, beta2: (average(m, g, beta1), average(v, np.abs(g), beta2)),
        ).told("""
            Your v_new averages the sizes of gradients. What is averaged there is their squares."""),
        averaging(
            "share squared too",
            lambda g, m, v, beta1, beta2: (average(m, g, beta1), beta2 * v + ((1 - beta2) * g) ** 2),
        ).told("""
            In your v_new the share 1 − beta2 of the new gradient counts squared. How far does the square reach?"""),
        averaging(
            "past whole",
            lambda g, m, v, beta1, beta2: (m + (1 - beta1) * g, v + (1 - beta2) * g**2),
        ).told("""
            In an average of yours the past counts with 1 and what is new with 1 − beta. The two shares make 1."""),
        averaging("new part whole", lambda g, m, v, beta1, beta2: (beta1 * m + g, beta2 * v + g**2)).told("""
            In an average of yours the past counts with its beta and what is new with 1. The two shares make 1."""),
        averaging(
            "m squared in v",
            lambda g, m, v, beta1, beta2: (average(m, g, beta1), average(v, average(m, g, beta1) ** 2, beta2)),
        ).told("""
            Your v_new averages the square of m_new. It is the gradient's square that is averaged: how large gradients
            are is not how large their average is."""),
        averaging(
            "shares exchanged",
            lambda g, m, v, beta1, beta2: (average(m, g, 1 - beta1), average(v, g**2, 1 - beta2)),
        ).told("""
            An average of yours keeps 1 − beta of the past and takes beta of what is new. With beta = 0.9, should it
            have a long memory or a short one?"""),
        wrong("order of the results", w_new="m_new", m_new="v_new", v_new="w_new").told("""
            One result stands in the place of another: the weights come first, then m, then v."""),
        step_alone(),
        in_place(update, "w", "m", "v"),
    ),
)
