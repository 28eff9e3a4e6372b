"""The message that a ReLU passes back; at its corner, exactly 0, the slopes of both sides are right."""

import numpy as np

from nnkit.exercises.catalogue.draws import signed
from nnkit.exercises.catalogue.families import times, written_into_integers
from nnkit.exercises.catalogue.formulas import sigmoid_slope
from nnkit.exercises.catalogue.neurons_to_networks.parts.corner import either_slope_at_zero
from nnkit.exercises.catalogue.withheld import DERIVATIVES
from nnkit.exercises.exercise import Case, exercise, wrong


def written_into_dout(dout: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Right values, in the sender's own array."""
    dout[x <= 0] = 0
    return dout


def written_into_x(dout: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Right values, made of what went into the ReLU."""
    x[...] = x > 0
    return dout * x


def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Arrays of various shapes; x is exactly 0 in one of them only."""

    def numbers(*shape: int) -> np.ndarray:
        return np.asarray(signed(rng, 0.3, 2.0, shape))

    def at(x: np.ndarray, covers: str) -> Case:
        return Case({"dout": numbers(*x.shape), "x": x}, covers)

    found = [
        Case({"dout": np.array([2.0, 3.0, -4.0]), "x": np.array([-1.5, 0.5, 3.0])}, "vectors"),
        at(numbers(2, 3), "matrices"),
        at(numbers(4, 5), "matrices"),
        at(numbers(1, 6), "one row"),
        at(numbers(6, 1), "one column"),
        at(numbers(2, 3, 2), "three axes"),
        at(np.linspace(-2.9, 2.9, 30) * rng.choice([-1, 1], 30), "small x and large ones"),
        at(rng.choice([-3, -2, -1, 1, 2, 3], (3, 4)), "x of integers"),
        at(np.abs(numbers(5)), "all open"),
        at(-np.abs(numbers(5)), "all closed"),
        Case({"dout": np.array([2.0, -3.0, 4.0, -5.0]), "x": np.array([0.0, 0.0, 1.5, -0.5])}, "exactly 0"),
    ]
    return [*found, at(numbers(3, 3), "matrices"), at(numbers(1, 7), "one row")] if hidden else found


EXERCISE = exercise(
    "relu_backward(dout, x)",
    reference=lambda dout, x: dout * (x > 0),
    cases=cases,
    judge=either_slope_at_zero,
    withheld=DERIVATIVES,
    shape_notes={"": "A gradient has the shape of what it belongs to: that of x."},
    hints=(
        """The ReLU lets positive x through unchanged and stops the rest. What is its slope to the right of 0, and to
        the left?""",
        """Message times local slope, entry by entry. `x > 0` is an array of True and False, and in a product True
        counts as 1, False as 0.""",
    ),
    mistakes=(
        wrong("decided by dout", lambda dout: dout * (dout > 0)).told("""
            Your door looks at dout: what is negative there does not get through. The door was opened or closed on the
            way forward, by x; a message may have any sign."""),
        wrong("arguments exchanged", lambda dout, x: x * (dout > 0)).told("""
            Yours is x where dout is positive: the two arguments have changed places. dout comes first here, then
            x."""),
        wrong("closed and open exchanged", lambda dout, x: dout * (x < 0)).told("""
            What should pass is stopped, and what should be stopped passes. On which side of 0 does the ReLU rise?"""),
        wrong("always open", lambda dout: dout).told("""
            Yours is dout, unchanged. Where x was negative the ReLU is flat; what gets through there?"""),
        wrong("the value for the slope", lambda dout, x: dout * np.maximum(x, 0)).told("""
            Where x is positive, yours is x times too large: the message was multiplied by the ReLU's value. What is the
            slope of a straight line through 0 at 45 degrees?"""),
        wrong("the slope alone", lambda x: np.where(x > 0, 1.0, 0.0)).told("""
            Yours is the ReLU's own slope, 1 or 0. What arrived from above, dout, is to be passed on where it is
            open."""),
        wrong("the sign of x", lambda dout, x: dout * np.sign(x)).told("""
            Where x is negative, yours is −dout: that is the slope of |x|. The ReLU does not come down there, it is
            flat."""),
        times("sign of the message", -1).told("""
            Where x is positive yours is −dout. The ReLU rises there, with slope 1: a message passes as it is."""),
        wrong("x where closed", lambda dout, x: np.where(x > 0, dout, x)).told("""
            Where x is negative yours is x itself. What gets through a closed door?"""),
        wrong("slope added", lambda dout, x: dout + (x > 0)).told("""
            Yours is dout plus 1 where x is positive, and all of dout elsewhere: the slope is added. What does the chain
            rule do with message and slope?"""),
        wrong("slope of a sigmoid", lambda dout, x: dout * sigmoid_slope(x)).told("""
            Yours is dout times the slope of a sigmoid, so it never passes whole. A ReLU's slope is 1 or 0."""),
        wrong("smooth", lambda dout, x: dout * np.exp(np.minimum(x, 0))).told("""
            Where x is negative yours fades away, as in an ELU. A ReLU is closed there at once."""),
        wrong(
            "row by row", lambda dout, x: dout * (np.max(x, axis=-1, keepdims=True) > 0 if x.ndim > 1 else x > 0)
        ).told("""
            Yours decides for whole rows: where any x of a row is positive, all of it passes. Each entry has an answer
            of its own."""),
        wrong("mean", lambda dout, x: dout * (x > 0) / max(np.sum(x > 0), 1)).told("""
            Yours is divided by how many entries get through. Messages pass whole."""),
        wrong("leaky", lambda dout, x: np.where(x > 0, dout, 0.01 * dout)).told("""
            Where x is negative, a share of dout gets through: that is a leaky ReLU. This one is closed there."""),
        wrong("never opens", lambda dout: 0.0 * dout).told("""
            Yours is 0 everywhere. Where x is positive the message is to get through."""),
        wrong("opens too late", lambda dout, x: dout * (x > 1)).told("""
            Small positive x are stopped, larger ones pass. Where exactly does the ReLU begin to rise?"""),
        wrong("opens too early", lambda dout, x: dout * (x > -1)).told("""
            Where x is negative but near 0 the message passes, further out it is stopped. Where exactly does the ReLU
            begin to rise?"""),
        wrong("half open", lambda dout, x: dout * np.clip(x, 0, 1)).told("""
            Where x lies between 0 and 1 only a share of dout gets through. The ReLU's value is still small there; how
            steep is it?"""),
        wrong("negative messages stopped", lambda dout, x: dout * ((x > 0) & (dout > 0))).told("""
            Where x is positive your values are right for positive dout, and negative ones are stopped. A message may
            have any sign; the door looks at x alone."""),
        wrong("one question for all", lambda dout, x: dout * np.any(x > 0)).told("""
            Yours asks once for the whole array: either all of dout passes or nothing. Each entry of x has an answer of
            its own."""),
        wrong("times x", lambda dout, x: dout * x).told("""
            Yours is dout times x, on both sides of 0. A message is multiplied by the *slope*."""),
        wrong("ReLU of the product", lambda dout, x: np.maximum(dout * x, 0)).told("""
            Yours is the ReLU of dout · x. On the way back no ReLU is applied any more; what counts is its slope at
            x."""),
        wrong("forward once more", lambda x: np.maximum(x, 0)).told("""
            Yours is the ReLU of x, the way forward once more. dout takes no part in it."""),
        wrong("a quotient at the corner", lambda dout, x: dout * np.maximum(x, 0) / x).told("""
            At exactly 0 yours is not a number: that is 0 divided by 0. Whether a door is open is a question, not a
            quotient."""),
        wrong("half at 0", lambda dout, x: dout * np.heaviside(x, 0.5)).told("""
            Everything is right except at exactly 0, where yours is half of dout. The ReLU has a corner there, so no
            slope is the true one. Take that of one side, as every library does: 0 (PyTorch's choice) or all of
            dout."""),
        wrong("only what passes", lambda dout, x: dout[x > 0]).told("""
            Yours has only the entries that get through, in one row. Those that do not are 0, and stay in their
            places."""),
        wrong("True and False", lambda dout, x: dout * x > 0).told("""
            Yours holds a yes or no for each entry, and no message. In one line Python multiplies first and compares
            last: are brackets missing, or dout?"""),
        written_into_integers("made of integers").told("""
            Where x holds integers, so does your result, and the messages lose their fractions. An array made in the
            likeness of x keeps its kind of number; the messages are those of dout."""),
        wrong("dout in place", written_into_dout).told("""
            dout comes back changed: whoever sent the message may still need it, for another receiver. `dout * …` and
            `np.where` make a new array; `dout[…] = 0` and `dout *= …` write into the sender's."""),
        wrong("x in place", written_into_x).told("""
            x comes back changed: it belongs to the way forward, and others may still need it. `x > 0` makes a new
            array; `x[…] = 0` writes into the caller's."""),
    ),
)
