"""The gradients of a squared error with respect to the weights and biases of two sigmoid layers."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.draws import positive, signed
from nnkit.exercises.catalogue.families import times
from nnkit.exercises.catalogue.formulas import sigmoid, sigmoid_slope, slope_at
from nnkit.exercises.catalogue.withheld import BY_HAND
from nnkit.exercises.exercise import Case, exercise, wrong


def gradients(
    x: Any,
    y: Any,
    W1: Any,
    b1: Any,
    W2: Any,
    b2: Any,
    *,
    output_slope: Callable[[Any], Any] = sigmoid_slope,
    hidden_slope: Callable[[Any], Any] = sigmoid_slope,
    back: Callable[[Any, Any, Any], Any] = lambda W2, delta2, error: W2 @ delta2,
    kept: Callable[[Any], Any] = sigmoid,
) -> tuple[Any, ...]:
    """The gradients of the two layers; the keywords are the places where things go wrong."""
    z1 = x @ W1 + b1
    z2 = sigmoid(z1) @ W2 + b2
    error = sigmoid(z2) - y
    delta2 = error * output_slope(z2)
    delta1 = back(W2, delta2, error) * hidden_slope(z1)
    return np.outer(x, delta1), delta1, np.outer(kept(z1), delta2), delta2


def layers(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Layers of one neuron and of several, square matrices and others."""

    def case(inputs: int, middle: int, outputs: int, covers: str) -> Case:
        draw = partial(signed, rng, 0.4, 1.6)
        arguments = {
            "x": draw(inputs),
            "y": positive(rng, 0.1, 0.9, outputs),
            "W1": draw((inputs, middle)),
            "b1": draw(middle),
            "W2": draw((middle, outputs)),
            "b2": draw(outputs),
        }
        entries = "entry" if inputs == 1 else "entries"
        text = f"x has {inputs} {entries}, {middle} hidden, {outputs} output{'' if outputs == 1 else 's'}"
        return Case(arguments, covers, text)

    cases = [
        case(1, 1, 1, "one number in every layer"),
        case(2, 3, 1, "one output"),
        case(3, 1, 2, "one hidden neuron"),
        case(1, 2, 3, "one input"),
        case(2, 2, 2, "square matrices"),
        case(3, 3, 3, "square matrices"),
        case(4, 3, 2, "layers of different sizes"),
        case(4, 3, 2, "the same sizes again"),
    ]
    if hidden:
        cases += [case(5, 4, 3, "layers of different sizes"), case(2, 6, 4, "layers of different sizes")]
    return cases


EXERCISE = exercise(
    "two_layer_gradients(x, y, W1, b1, W2, b2) -> dW1, db1, dW2, db2",
    reference=gradients,
    cases=layers,
    withheld=BY_HAND,
    shape_notes={
        "dW1": "A gradient has its owner's shape: one row for each input, one column for each hidden neuron.",
        "dW2": "A gradient has its owner's shape: one row for each hidden neuron, one column for each output.",
        "db1": "A gradient has its owner's shape: one number for each hidden neuron.",
        "db2": "A gradient has its owner's shape: one number for each output.",
    },
    hints=(
        """Keep h and ŷ from the way forward. Then fill the table from the bottom: first δ₂, which is db2 already.""",
        """The table says dW2[j, k] = h[j] δ₂[k]: all products of two vectors. `np.outer(h, delta2)` makes exactly
        that.""",
        """On the way back through W2 hidden neuron j receives Σₖ W2[j, k] δ₂[k]: that is `W2 @ delta2`. Times the slope
        h (1 − h) it is δ₁.""",
    ),
    mistakes=(
        wrong("slope at the output missing", partial(gradients, output_slope=np.ones_like)).told("""
            The slope of the sigmoid at the output is missing: your db2 is ŷ − y. Which factor stands between ∂L/∂ŷ and
            δ₂ in the table?"""),
        wrong("slope at the hidden layer missing", partial(gradients, hidden_slope=np.ones_like)).told("""
            In the hidden layer the slope of the sigmoid is missing: the message passes it once more there."""),
        wrong("no slopes at all", partial(gradients, output_slope=np.ones_like, hidden_slope=np.ones_like)).told("""
            db2 is ŷ − y, and in the hidden layer the slope is missing too. A message is multiplied by the slope of
            every sigmoid that it passes."""),
        times("sign of the error", -1).told("""
            The opposite sign: your first message is y − ŷ. L grows with ŷ where ŷ is above y."""),
        times("the half forgotten", 2).told("""
            Exactly twice too large. What does the ½ in front of the squares cancel?"""),
        wrong(
            "hidden layer fed with the raw error", partial(gradients, back=lambda W2, delta2, error: W2 @ error)
        ).told("""
            What you send back through W2 is ŷ − y; the message that leaves the output neuron is δ₂."""),
        wrong(
            "way back without the weights",
            partial(gradients, back=lambda W2, delta2, error: np.full(len(W2), delta2.sum())),
        ).told("""
            Every hidden neuron receives the same message in yours; on its way back a message passes the weight that it
            came through."""),
        wrong(
            "way back with W2 the wrong way round", partial(gradients, back=lambda W2, delta2, error: delta2 @ W2)
        ).told("""
            Square matrices run, others do not: δ₂ has one entry for each output, and the sum over the outputs must
            leave one entry for each hidden neuron. Along which axis of W2 do the outputs lie?"""),
        wrong("slopes from z", partial(gradients, output_slope=slope_at, hidden_slope=slope_at)).told("""
            Your slopes are z (1 − z). The rule s (1 − s) is about what comes out of the sigmoid."""),
        wrong("hidden slope from z", partial(gradients, hidden_slope=slope_at)).told("""
            In the hidden layer your slope is z (1 − z); the rule is about what comes out of the sigmoid, h."""),
        wrong("dW2 from the pre-activation", partial(gradients, kept=lambda z: z)).told("""
            Your dW2 multiplies δ₂ by what goes into the hidden sigmoids; W2 was multiplied by what comes out."""),
        wrong("matrices transposed", dW1=lambda dW1: dW1.T, dW2=lambda dW2: dW2.T).told("""
            The entries are right and lie across: your rows are columns. dW[j, k] belongs to the weight from neuron j to
            neuron k, so δ runs along the row."""),
        wrong(
            "vectors transposed and multiplied",
            dW1=lambda x, db1: x.T @ db1,
            dW2=lambda x, W1, b1, db2: sigmoid(x @ W1 + b1).T @ db2,
        ).told("""
            A vector has no rows and columns: `.T` leaves it as it is, and `@` between two vectors makes one number.
            Here every entry of one meets every entry of the other; which function of NumPy does that?"""),
        wrong("output layer first", dW1="dW2", db1="db2", dW2="dW1", db2="db1").told("""
            The four arrays are right, in another order: first dW1, db1, then dW2, db2."""),
        wrong("forward without biases", lambda b1, b2, **others: gradients(b1=0 * b1, b2=0 * b2, **others)).told("""
            Your numbers come from a network without its biases. Do b1 and b2 enter on the way forward?"""),
        wrong("biases subtracted", lambda b1, b2, **others: gradients(b1=-b1, b2=-b2, **others)).told("""
            Your numbers come from a network that subtracts its biases. Over how much of z does the minus in your
            exponential reach?"""),
    ),
)
