"""Weights of a network with two hidden ReLUs that computes XOR; very many are right."""

from typing import Any

import numpy as np

from nnkit.exercises.catalogue.power_of_layers.parts.xor import computes_xor
from nnkit.exercises.exercise import Case, exercise, wrong

BOTH_ADD_UP = [[1, 1], [1, 1]]


def network(W1: Any, b1: Any, W2: Any, b2: float) -> tuple[np.ndarray, ...]:
    """The weights in their shapes: (2, 2), (2,), (2, 1) and (1,)."""
    return np.array(W1, float), np.array(b1, float), np.array(W2, float)[:, None], np.array([b2], float)


EXERCISE = exercise(
    "xor_weights() -> W1, b1, W2, b2",
    # One of very many: the distance of x1 and x2, from either side.
    reference=lambda: network([[1, -1], [-1, 1]], [0, 0], [1, 1], 0),
    cases=lambda rng, hidden: [Case({}, "the four points")],
    judge=computes_xor,
    shape_notes={
        "W1": "One row for each input, one column for each hidden neuron.",
        "b1": "One bias for each hidden neuron.",
        "W2": "One row for each hidden neuron, one column for the output: two brackets, as in [[1], [2]].",
        "b2": "One bias for the one output, in an array: np.array([0.0]).",
    },
    hints=(
        """Each hidden neuron is a line with a slope on one of its sides: 0 on one, growing on the other. Draw the four
        points. Where could a line lie so that it singles out one of them, or so that both middle points lie on it?""",
        """One way: a neuron that adds up both inputs tells (0, 0) from the rest, and gives 2 at (1, 1). A second neuron
        that is awake at (1, 1) only can take away what is too much there.""",
        """Let the first hidden neuron be relu(x1 + x2) and the second relu(x1 + x2 − 1). Write down both at the four
        points. Which multiple of the second has to be taken away so that 0, 1, 1 and 0 remain?""",
    ),
    # The judge knows them by their labels and tells their sentences, whichever weights go wrong in the same way.
    mistakes=(
        wrong("or", lambda: network(BOTH_ADD_UP, [0, -1], [1, 0], 0)).told("""
            Yours is OR: only (1, 1) is wrong. There the output has to come down again. Which of your hidden neurons is
            awake at (1, 1) and asleep at the other three points? If none is, make one."""),
        wrong("all but one", lambda: network([[1, 0], [0, 1]], [0, 0], [1, -1], 1)).told("""
            Yours says no at one point only, one of the two in the middle, where it should be yes. XOR does not change
            when its inputs are exchanged, and it says no where they are equal."""),
        wrong("never", lambda: network(BOTH_ADD_UP, [-2, -3], [1, -2], 0)).told("""
            No point comes above 0.5. Work out both hidden values at (0, 1) and (1, 0): is any of them above 0 there,
            and what do the weights behind them and b2 make of it?"""),
        wrong("always", lambda: network(BOTH_ADD_UP, [0, -1], [1, -0.5], 0.75)).told("""
            All four points are above 0.5. Something has to bring the output down at (1, 1). At (0, 0) only the biases
            are left: how large are they?"""),
        wrong("opposite", lambda: network(BOTH_ADD_UP, [0, -1], [-1, 2], 1)).told("""
            Yours is right at no point: it says yes where the two inputs are equal. How do you turn an output z into its
            opposite, with the limit at 0.5? Every weight behind the hidden layer takes part, and so does b2."""),
        wrong("and", lambda: network(BOTH_ADD_UP, [-1, -1], [1, 0], 0)).told("""
            Yours is AND: it says yes at (1, 1) only. A neuron for “both” is half of the work; XOR is “at least one”
            without “both”."""),
        wrong("nand", lambda: network(BOTH_ADD_UP, [0, -1], [0, -1], 1)).told("""
            Yours is wrong at (0, 0) only: it says “not both”. What is missing is “at least one”. Which of your hidden
            neurons tells (0, 0) from the two points in the middle?"""),
        wrong("nor", lambda: network(BOTH_ADD_UP, [0, -1], [-1, 1], 1)).told("""
            Yours says yes at (0, 0) only. XOR wants its yes where exactly one input is 1. What does each of your hidden
            neurons measure?"""),
        wrong("one input", lambda: network([[1, 0], [0, 1]], [0, 0], [1, 0], 0)).told("""
            Your yes and no follow one of the two inputs, whatever the other is. XOR needs both. Do both inputs reach
            the hidden layer, and both of its neurons the output?"""),
        wrong("limit at 0", lambda: network(BOTH_ADD_UP, [0, -1], [1, -2], -0.5)).told("""
            The order is right: both points in the middle lie above the two others. With a limit of 0 your network would
            be right; here it is 0.5, and exactly 0.5 is not above it. What moves all outputs together, or stretches
            them?"""),
        wrong("out of scale", lambda: network(BOTH_ADD_UP, [0, -1], [0.2, -0.4], 0.1)).told("""
            The order is right: both points in the middle lie above the two others, by enough to be told apart. Now move
            all outputs together, or stretch them, so that 0.5 lies between the two groups."""),
        wrong("W1 transposed", lambda: network([[1, 1], [2, 2]], [0, -2], [1, -1], 0)).told("""
            With W1 transposed your network would be right. A hidden neuron is a column of W1 here: W1[0, 1] leads from
            the first input to the second hidden neuron."""),
        wrong("one half", lambda: network([[1, 0], [0, 1]], [0, 0], [1, -1], 0)).told("""
            Yours says yes at one of the two points in the middle, and no at the other. XOR does not change when its
            inputs are exchanged: what one hidden neuron does for one of them, the second can do for the other."""),
        *(
            wrong(label, lambda weights=weights: network(*weights)).told(
                """
                With {label}s in the hidden layer your network would tell the four points apart. The hidden layer here
                has ReLUs, whose values do not stop at 1: what drives them harder makes them larger. Work out both
                hidden values at every point.""",
                label=label,
            )
            for label, weights in (
                ("step", (BOTH_ADD_UP, [-0.5, -1.5], [1, -1], 0)),
                ("sigmoid", ([[-4, -3], [6, 6]], [-7, 5], [3, -6], 6)),
            )
        ),
        wrong("not finite", lambda: network(BOTH_ADD_UP, [0, -np.inf], [1, -2], 0)).told("""
            A weight that is infinite or not a number makes every output so. Weights are ordinary numbers."""),
    ),
)
