"""A step with momentum: a share of the last step, and the plain step of descent on top of it."""

from typing import Any

import numpy as np

from nnkit.exercises.catalogue.draws import signed
from nnkit.exercises.catalogue.families import in_other_order
from nnkit.exercises.catalogue.optimizers.parts.rules import in_place, step_alone
from nnkit.exercises.catalogue.withheld import OPTIMIZERS
from nnkit.exercises.exercise import Case, exercise, wrong


def update(w: Any, g: Any, delta: Any, lr: float, mu: float) -> tuple[Any, Any]:
    """The weights after the step, and the step."""
    step = mu * delta - lr * g
    return w + step, step


def draw(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Steps of a few weights, with and without momentum."""

    def case(shape: tuple[int, ...], covers: str, **given: Any) -> Case:
        drawn = {name: signed(rng, 0.5, 3.0, shape) for name in ("w", "g", "delta")}
        return Case({**drawn, "lr": 0.1, "mu": 0.9, **given}, covers)

    cases = [
        case((1,), "the first step", w=np.array([3.0]), g=np.array([22.0]), delta=np.zeros(1)),
        case((1,), "one weight"),
        case((2,), "two weights", lr=0.5, mu=0.8),
        case((3,), "coasting without a gradient", g=np.zeros(3)),
        case((3,), "no momentum", lr=0.2, mu=0.0),
        case((2, 3), "matrices", lr=0.05, mu=0.7),
    ]
    return [*cases, case((4, 2), "matrices", lr=0.3, mu=0.5), case((2,), "two weights", mu=0.6)] if hidden else cases


EXERCISE = exercise(
    "momentum_update(w, g, delta, lr, mu) -> w_new, delta_new",
    reference=update,
    cases=draw,
    withheld=OPTIMIZERS,
    shape_notes=dict.fromkeys(("w_new", "delta_new"), "Every weight has its own step; nothing is summed."),
    hints=(
        """Two lines. The first makes the new step out of the old one and the gradient, the second makes the new
        weights.""",
        """The new step is a share mu of the old one, and on top of it the plain step of descent, which points against
        the gradient.""",
    ),
    mistakes=(
        wrong("gradient added", lambda w, g, delta, lr, mu: update(w, -g, delta, lr, mu)).told("""
            Your step goes along the gradient, which points uphill. Where a slide writes + η δ, its δ is the negative
            gradient."""),
        wrong("step subtracted", w_new=lambda w, delta_new: w - delta_new).told("""
            Your w_new goes the other way: the minus is already in the step, so the step is added."""),
        wrong("rate outside the sum", lambda w, g, delta, lr, mu: (w - lr * (mu * delta + g), mu * delta + g)).told("""
            Yours gathers gradients in delta and multiplies by the rate afterwards. That is PyTorch's form, and a good
            one, but its delta is another: here delta is the step itself, rate and sign included."""),
        wrong("old step used", w_new=lambda w, delta: w + delta).told("""
            Your w_new is made with the old delta. Has the new one been computed by then, and does it stand in the line
            of w_new?"""),
        wrong("plain step for the weights", w_new=lambda w, g, lr: w - lr * g).told("""
            Your w_new moves by −lr · g alone. What is delta_new for?"""),
        wrong("only the kept share for the weights", w_new=lambda w, delta, mu: w + mu * delta).told("""
            Your w_new moves by mu times the old step. The gradient belongs to the new step as well."""),
        # Before those that are wrong in both results: alone, it would be taken for one of them.
        wrong("old step taken away", w_new=lambda w, g, delta, lr, mu: w - mu * delta - lr * g).told("""
            Your w_new takes a share of the old step away. A step is kept with its sign: it is added to w."""),
        wrong("no momentum", lambda w, g, delta, lr: update(w, g, delta, lr, mu=0)).told("""
            Your step is that of plain descent. A share of the last step belongs to it."""),
        wrong("old step whole", lambda w, g, delta, lr: update(w, g, delta, lr, mu=1)).told("""
            Your step keeps the whole of the old one, so nothing ever slows down. Only the share mu of it stays."""),
        wrong(
            "step of the other sign", lambda w, g, delta, lr, mu: (w - mu * delta - lr * g, mu * delta + lr * g)
        ).told("""
            Your delta_new is the step with its sign turned round. Taken away from w, that hangs together; but delta is
            meant as what is added to w: it comes in and goes out with that sign."""),
        wrong(
            "average outside the rate",
            lambda w, g, delta, lr, mu: (w - lr * (mu * delta + (1 - mu) * g), mu * delta + (1 - mu) * g),
        ).told("""
            Yours keeps an average of gradients in delta, with the shares mu and 1 − mu. Here delta is the step itself,
            rate and sign included, and the gradient's part is not reduced by 1 − mu."""),
        wrong("averaged", lambda w, g, delta, lr, mu: update(w, (1 - mu) * g, delta, lr, mu)).told("""
            Your gradient counts with (1 − mu) in addition to the rate. That makes an average; here the gradient comes
            in with the rate alone."""),
        wrong("mu times everything", lambda w, g, delta, lr, mu: update(w, mu * g, delta, lr, mu)).told("""
            Your mu multiplies the gradient's part too. How far do the brackets reach?"""),
        wrong("rate and mu exchanged", lambda w, g, delta, lr, mu: update(w, g, delta, lr=mu, mu=lr)).told("""
            Your rate shortens the old step, and mu multiplies the gradient: the two have changed places."""),
        wrong("1 - mu for mu", lambda w, g, delta, lr, mu: update(w, g, delta, lr, 1 - mu)).told("""
            Yours keeps 1 − mu of the old step. With mu = 0.9, should it remember much or little?"""),
        wrong("only the kept share returned", delta_new=lambda delta, mu: mu * delta).told("""
            Your delta_new is the kept share of the old step alone. The gradient belongs to the new step as well."""),
        wrong("rate times everything", lambda w, g, delta, lr, mu: update(w, g, delta, lr, lr * mu)).told("""
            Your rate multiplies the old step too. It is in that step already: how far do the brackets reach?"""),
        wrong("0.9 for mu", lambda w, g, delta, lr: update(w, g, delta, lr, mu=0.9)).told("""
            Yours keeps 0.9 of the old step in every case, whatever mu is. What is the argument for?"""),
        wrong("rate missing", lambda w, g, delta, mu: update(w, g, delta, 1.0, mu)).told("""
            Your gradient comes in at its full length. What makes it a step?"""),
        wrong("rate twice", w_new=lambda w, lr, delta_new: w + lr * delta_new).told("""
            In your w_new the step is multiplied by the rate once more. The rate is in the step already."""),
        wrong("old step returned", delta_new="delta").told("""
            What you return beside w_new is the old delta, so the next step would remember nothing of this one."""),
        wrong("looking ahead", w_new=lambda w, g, lr, mu, delta_new: w + mu * delta_new - lr * g).told("""
            Your w_new takes the momentum twice, as Nesterov's rule does: a good rule, and another one."""),
        in_other_order("results exchanged").told("""
            One result stands in the place of the other: first the weights, then the step."""),
        step_alone(),
        in_place(update, "w", "delta"),
    ),
)
