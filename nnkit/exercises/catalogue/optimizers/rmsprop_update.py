"""A step of RMSProp: that of plain descent, divided by how large the weight's own gradients have been lately."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.draws import positive, signed
from nnkit.exercises.catalogue.families import in_other_order
from nnkit.exercises.catalogue.optimizers.parts.divisors import right_divisor, wrongly_divided
from nnkit.exercises.catalogue.optimizers.parts.rules import in_place, step_alone
from nnkit.exercises.catalogue.withheld import OPTIMIZERS
from nnkit.exercises.exercise import Case, Mistake, exercise, wrong


def update(
    w: Any, g: Any, s: Any, lr: float, alpha: float, eps: float, square: Callable[..., Any] = np.square
) -> tuple[Any, Any]:
    """The weights after the step, and the average of squares that divided it."""
    return divided_by(alpha * s + (1 - alpha) * square(g), w, g, lr, eps)


def divided_by(average: Any, w: Any, g: Any, lr: float, eps: float) -> tuple[Any, Any]:
    """The results for an average that was made in some way."""
    return moved(w, g, lr, eps, average), average


def moved(w: Any, g: Any, lr: float, eps: float, s_new: Any, divisor: Callable[..., Any] = right_divisor) -> Any:
    """The weights after a step that is divided in some way."""
    return w - lr * g / divisor(s_new, eps)


def draw(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Steps of a few weights, some of which show eps."""

    def case(shape: tuple[int, ...], covers: str, **given: Any) -> Case:
        w, g, s = signed(rng, 0.5, 3.0, shape), signed(rng, 0.5, 3.0, shape), positive(rng, 0.2, 4.0, shape)
        return Case({"w": w, "g": g, "s": s, "lr": 0.1, "alpha": 0.9, "eps": 1e-8, **given}, covers)

    cases = [
        case((1,), "the first step", s=np.zeros(1)),
        case((1,), "one weight", lr=0.5, alpha=0.75, w=np.array([1.0]), g=np.array([4.0]), s=np.array([12.0])),
        case((2,), "large and small gradients", g=np.array([100.0, -0.01]), s=np.array([9000.0, 0.0002])),
        case((2,), "an eps that shows", lr=0.3, eps=0.5),
        # Here eps lies between the two roots.
        case((2,), "an eps that shows", alpha=0.5, eps=0.3, s=np.zeros(2), g=signed(rng, 0.5, 3.0, 2) * [0.1, 1.0]),
        case((3,), "a gradient that has always been 0", g=np.array([0.0, 1.5, -2.0]), s=np.array([0.0, 1.0, 0.0])),
        case((2, 3), "matrices", lr=0.02, alpha=0.8),
    ]
    return [*cases, case((4, 2), "matrices", eps=0.2), case((1,), "one weight", alpha=0.6)] if hidden else cases


def stepping(label: str, **places: Any) -> Mistake:
    """The right average, and a step with something else in one of its places."""
    return wrong(label, w_new=partial(moved, **places))


def averaging(label: str, square: Callable[..., Any]) -> Mistake:
    """Something else in the place of g², made from g; its share alpha is asked for by name."""
    return wrong(label, lambda alpha, **others: update(alpha=alpha, square=partial(square, alpha), **others))


EXERCISE = exercise(
    "rmsprop_update(w, g, s, lr, alpha, eps) -> w_new, s_new",
    reference=update,
    cases=draw,
    withheld=OPTIMIZERS,
    shape_notes=dict.fromkeys(("w_new", "s_new"), "Every weight has its own average; nothing is summed."),
    hints=(
        """First s_new, the running average of the squared gradient; then the step, which uses s_new.""",
        """In an average the parts add up to 1: alpha of what was there, the rest of what has come. The step is that of
        plain descent, divided by the root of s_new plus eps, entry by entry.""",
    ),
    mistakes=(
        *wrongly_divided(stepping),
        wrong("eps beside the fraction", w_new=lambda w, g, lr, eps, s_new: w - lr * g / np.sqrt(s_new) + eps).told("""
            Your eps is added to the step, not to the root: `a / b + c` divides by b alone. Which brackets are
            missing?"""),
        wrong("old average used", w_new=lambda w, g, s, lr, eps: moved(w, g, lr, eps, s)).told("""
            Your step is divided by the root of the old s. Has s_new been computed by then, and does it stand below the
            root?"""),
        averaging("gradient not squared", lambda alpha, g: g).told("""
            Your s_new averages the gradient itself, and of a negative average there is no root. What is averaged is how
            large gradients were, whatever their sign."""),
        averaging("sizes not squared", lambda alpha, g: np.abs(g)).told("""
            Your s_new averages the sizes of gradients, not their squares: the root that follows is one too many."""),
        averaging("share squared too", lambda alpha, g: (1 - alpha) * g**2).told("""
            In your s_new the share 1 − alpha of the new gradient counts squared. How far does the square reach?"""),
        averaging("averaged over the weights", lambda alpha, g: np.mean(g**2)).told("""
            The squares are averaged over the weights before they enter your s_new: the same is added for each. Each
            weight has an average of its own, over the steps."""),
        averaging("summed over the weights", lambda alpha, g: np.sum(g**2)).told("""
            The squares are summed over the weights before they enter your s_new: the same is added for each. Each
            weight has an average of its own, and nothing is summed."""),
        wrong("shares exchanged", lambda w, g, s, lr, alpha, eps: update(w, g, s, lr, 1 - alpha, eps)).told("""
            Your s_new keeps 1 − alpha of the old average and takes alpha of the new square. With alpha = 0.9, should it
            have a long memory or a short one?"""),
        wrong("0.9 for alpha", lambda w, g, s, lr, eps: update(w, g, s, lr, 0.9, eps)).told("""
            Yours keeps 0.9 of the old average in every case, whatever alpha is. What is the argument for?"""),
        wrong(
            "old average whole",
            lambda w, g, s, lr, alpha, eps: divided_by(s + (1 - alpha) * g**2, w, g, lr, eps),
        ).told("""
            In your s_new the old average counts with 1 and the new square with 1 − alpha. In an average the two shares
            make 1."""),
        wrong("sum, nothing forgotten", lambda w, g, s, lr, eps: divided_by(s + g**2, w, g, lr, eps)).told("""
            Your s_new is the sum of all squares so far. That is AdaGrad's rule, whose divisor can only grow; an average
            forgets."""),
        wrong("new square whole", lambda w, g, s, lr, alpha, eps: divided_by(alpha * s + g**2, w, g, lr, eps)).told("""
            In your s_new the old average counts with alpha and the new square with 1. In an average the two shares make
            1."""),
        wrong("corrected", w_new=lambda w, g, lr, alpha, eps, s_new: moved(w, g, lr, eps, s_new / (1 - alpha))).told("""
            Your step is divided by the root of s_new / (1 − alpha). To correct averages for their start is Adam's rule;
            here s_new is taken as it is."""),
        wrong("uphill", w_new=lambda w, w_new: 2 * w - w_new).told("""
            Your step has the wrong sign. The gradient points uphill, whatever it is divided by."""),
        wrong("step not divided", w_new=lambda w, g, lr: w - lr * g).told("""
            Your w_new is that of plain descent. What is s_new for?"""),
        wrong("gradient missing", w_new=lambda w, lr, eps, s_new: moved(w, 1.0, lr, eps, s_new)).told("""
            Your step is lr divided by the root, for every weight in the same direction. Which way does each of them
            have to go?"""),
        wrong("size of the gradient", w_new=lambda w, g, lr, eps, s_new: moved(w, np.abs(g), lr, eps, s_new)).told("""
            No weight of yours gets larger, not even where its slope is negative: the gradient has lost its sign."""),
        wrong("sign of the gradient", w_new=lambda w, g, lr: w - lr * np.sign(g)).told("""
            Your weights move by lr, however large their gradients are: only the sign is left. They are to be divided by
            the root of s_new, which remembers earlier ones too."""),
        wrong("divided by its own size", w_new=lambda w, g, lr, eps: w - lr * g / (np.abs(g) + eps)).told("""
            Every gradient of yours is divided by its own size of now. Which average knows how large it has been?"""),
        wrong("rate missing", w_new=lambda w, lr, w_new: w + (w_new - w) / lr).told("""
            Your step lacks the rate."""),
        wrong("old average returned", s_new="s").told("""
            What you return beside w_new is the old s, so the next step would know nothing of this gradient."""),
        wrong("root returned", s_new=lambda s_new: np.sqrt(s_new)).told("""
            What you return beside w_new is the root of the average. The next step would take it for the average
            itself."""),
        in_other_order("results exchanged").told("""
            One result stands in the place of the other: first the weights, then the average."""),
        step_alone(),
        in_place(update, "w", "s"),
    ),
)
