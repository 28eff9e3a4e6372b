"""The gradients of a squared error with respect to the weights and biases of two sigmoid layers."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.backprop_by_hand.parts.points import LARGE, lost_beside
from nnkit.exercises.catalogue.draws import positive, signed
from nnkit.exercises.catalogue.families import NOT_ITS_SLOPE, OTHER_ACTIVATIONS, step_in_the_place_of, times
from nnkit.exercises.catalogue.formulas import sigmoid, sigmoid_slope, slope_at
from nnkit.exercises.catalogue.withheld import BY_HAND
from nnkit.exercises.exercise import Case, Mistake, exercise, wrong
from nnkit.languages import plural, say


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
    output: Callable[[Any], Any] = sigmoid,
    middle: Callable[[Any], Any] = sigmoid,
    message: Callable[[Any, Any], Any] = lambda prediction, y: prediction - y,
) -> tuple[Any, ...]:
    """The gradients of the two layers; the keywords are the places where things go wrong."""
    z1 = x @ W1 + b1
    z2 = middle(z1) @ W2 + b2
    error = message(output(z2), y)
    delta2 = error * output_slope(z2)
    delta1 = back(W2, delta2, error) * hidden_slope(z1)
    return np.outer(x, delta1), delta1, np.outer(kept(z1), delta2), delta2


def layers(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Layers of one neuron and of several, square matrices and others, sigmoids that are nearly flat."""

    def case(inputs: int, middle: int, outputs: int, covers: str, bias: float = 1.0, **others: Any) -> Case:
        draw = partial(signed, rng, 0.4, 1.6)
        arguments = {
            "x": draw(inputs),
            "y": positive(rng, 0.1, 0.9, outputs),
            "W1": draw((inputs, middle)),
            "b1": bias * draw(middle),
            "W2": draw((middle, outputs)),
            "b2": bias * draw(outputs),
        } | others
        text = say(
            "x has {entries}, {middle} hidden, {outputs}",
            entries=plural(inputs, "entry", "entries"),
            middle=middle,
            outputs=plural(outputs, "output"),
        )
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
        case(3, 4, 2, "sigmoids that are nearly flat", 4.0),
        case(2, 3, 2, "sigmoids that are nearly flat", 8.0),
        # What the two inputs bring cancels; a step is lost beside each of the weights, the bias ½ is not.
        case(2, 1, 1, "very large weights", x=np.ones(2), W1=np.array([[LARGE], [-LARGE]]), b1=np.array([0.5])),
    ]
    if hidden:
        cases += [case(5, 4, 3, "layers of different sizes"), case(2, 6, 4, "layers of different sizes")]
    return cases


# What stands in the place of the sigmoid's slope → in words.
IN_ONE_LAYER = {
    "the sigmoid's value for its slope": "the sigmoid's value s itself; one factor of its slope s (1 − s) is missing",
    "half of the slope": "1 − s; one factor of its slope s (1 − s) is missing",
    "slope from σ(σ)": "q (1 − q) with q = σ(s): the sigmoid has been applied once more on the way back",
}


def slope_in_place(label: str) -> Callable[[Any], Any]:
    """What stands in the place of the slope, made from z."""
    return lambda z: NOT_ITS_SLOPE[label](z, sigmoid(z))


def at_the_output() -> list[Mistake]:
    """Another slope in the output layer; the hidden layer has its own."""
    return [
        wrong(f"output: {label}", partial(gradients, output_slope=slope_in_place(label))).told(
            """
            At the output you multiply by {words}.""",
            words=words,
        )
        for label, words in IN_ONE_LAYER.items()
    ]


def in_the_hidden_layer() -> list[Mistake]:
    """Another slope in the hidden layer."""
    return [
        wrong(f"hidden: {label}", partial(gradients, hidden_slope=slope_in_place(label))).told(
            """
            In the hidden layer you multiply by {words}.""",
            words=words,
        )
        for label, words in IN_ONE_LAYER.items()
    ]


def in_both_layers() -> list[Mistake]:
    """Another slope in both."""
    return [
        wrong(
            f"both: {label}",
            partial(gradients, output_slope=slope_in_place(label), hidden_slope=slope_in_place(label)),
        ).told(
            """
            In both layers you multiply by {words}.""",
            words=words,
        )
        for label, words in (IN_ONE_LAYER | {"slope of tanh": "1 − s², the form for tanh"}).items()
    ]


def raw_error_to_W2(x: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    """h times the error that has not passed the sigmoid."""
    h = sigmoid(x @ W1 + b1)
    return np.outer(h, sigmoid(h @ W2 + b2) - y)


def turned(W2: Any) -> Any:
    """W2 transposed where that fits as well."""
    return W2.T if W2.shape[0] == W2.shape[1] else W2


def both(label: str) -> dict[str, Any]:
    """Another function in the place of both sigmoids, with its own slope."""
    value, slope = OTHER_ACTIVATIONS[label]
    return {"output": value, "middle": value, "kept": value, "output_slope": slope, "hidden_slope": slope}


def back_through_dW2(x: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> tuple[Any, ...]:
    """The message to the hidden layer has passed the gradient of W2 in the place of W2."""
    h = sigmoid(x @ W1 + b1)
    return gradients(x, y, W1, b1, W2, b2, back=lambda W2, delta2, error: np.outer(h, delta2) @ delta2)


EXERCISE = exercise(
    "two_layer_gradients(x, y, W1, b1, W2, b2) -> dW1, db1, dW2, db2",
    reference=gradients,
    cases=layers,
    withheld=BY_HAND,
    absolute=1e-7,  # so that a flat sigmoid is told from one that is cut off
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
        wrong("differences", dW1=lambda dW1, W1: lost_beside(W1, dW1)).told("""
            Where the entries of W1 are 4·10¹³ your dW1 is 0: a small step is lost beside such numbers. Do you take a
            difference of two losses somewhere? The walk back through the network needs none."""),
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
            "way back: mean of the messages",
            partial(gradients, back=lambda W2, delta2, error: W2 @ delta2 / len(delta2)),
        ).told("""
            What a hidden neuron receives is divided by the number of outputs in yours. What is the rule for messages
            that meet?"""),
        wrong(
            "way back with square W2 turned",
            lambda W2, **others: gradients(W2=W2, **others, back=lambda W2, delta2, error: turned(W2) @ delta2),
        ).told("""
            Where W2 is square your message to the hidden layer has gone through it the wrong way round; elsewhere it is
            right. Neuron j receives the sum of W2[j, k] δₖ over k."""),
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
        *at_the_output(),
        *in_the_hidden_layer(),
        *in_both_layers(),
        wrong("output without a sigmoid", partial(gradients, output=lambda z: z, output_slope=np.ones_like)).told("""
            Your numbers come from a network whose output is h W2 + b2. Through what does it go before it is compared
            with y?"""),
        wrong(
            "hidden layer without a sigmoid",
            partial(gradients, middle=lambda z: z, hidden_slope=np.ones_like, kept=lambda z: z),
        ).told("""
            Your numbers come from a network whose hidden layer is x W1 + b1. Through what does it go before W2?"""),
        wrong("tanh for both sigmoids", partial(gradients, **both("tanh for the sigmoid"))).told("""
            Your numbers come from a network with tanh in both layers. The gates of this one are sigmoids."""),
        wrong("brackets of the sigmoid", partial(gradients, **both("brackets of the sigmoid"))).told("""
            Your numbers come from a network with 1 + e⁻ᶻ in the place of both sigmoids. What did Python divide by what,
            in your sigmoid?"""),
        wrong("the loss as the message", partial(gradients, message=lambda p, y: (p - y) ** 2 / 2)).told("""
            Your first message is ½(y − ŷ)², the loss itself. A message is a slope: how much does the loss grow when ŷ
            grows by 1?"""),
        wrong("target left out", partial(gradients, message=lambda p, y: p)).told("""
            Your numbers do not depend on y. With what is ŷ compared?"""),
        wrong("one error for all outputs", partial(gradients, message=lambda p, y: (p - y).sum() + 0 * p)).told("""
            Your message to every output is the same: the sum of all errors. Each output meets its own target."""),
        times("mean over the outputs", lambda y: 1 / len(y)).told("""
            Yours is divided by the number of outputs. The loss is a sum over them, with ½ in front, and no mean."""),
        times("the half kept", 1 / 2).told("""
            Exactly half of what it should be. The ½ of the loss meets the 2 that comes down from the squares: what is
            left?"""),
        wrong("hidden bias left out", lambda b1, **others: gradients(b1=0 * b1, **others)).told("""
            Your numbers come from a network without b1. Does it enter on the way forward?"""),
        wrong("output bias left out", lambda b2, **others: gradients(b2=0 * b2, **others)).told("""
            Your numbers come from a network without b2. Does it enter on the way forward?"""),
        wrong("biases as sums", db1=lambda db1: db1.sum(), db2=lambda db2: db2.sum()).told("""
            Your bias gradients are sums over the neurons. Each neuron has a bias of its own, and there is one
            sample."""),
        times("sign in the hidden layer", -1, "dW1", "db1").told("""
            In the hidden layer your signs are the wrong way round. Is there a minus on the way back through W2?"""),
        wrong("dW2 from the error", dW2=raw_error_to_W2).told("""
            Your dW2 multiplies h by ŷ − y. What goes to the weights is what has passed the sigmoid, δ₂."""),
        wrong("biases times themselves", db1=lambda db1, b1: db1 * b1, db2=lambda db2, b2: db2 * b2).told("""
            Your bias gradients are multiplied by the biases. A bias is added, and a sum copies its message."""),
        wrong("hidden: slope of tanh", partial(gradients, hidden_slope=slope_in_place("slope of tanh"))).told("""
            In the hidden layer you multiply by 1 − s², the form for tanh."""),
        wrong("dW1 from the hidden values", dW1=lambda x, W1, b1, db1: np.outer(sigmoid(x @ W1 + b1), db1)).told("""
            Your dW1 multiplies δ₁ by h. With what was W1 multiplied on the way forward?"""),
        wrong("dW2 from the inputs", dW2=lambda x, db2: np.outer(x, db2)).told("""
            Your dW2 multiplies δ₂ by x. With what was W2 multiplied on the way forward?"""),
        wrong("back through dW2", back_through_dW2).told("""
            What you send back has passed dW2. On its way back a message passes the weight that it came through,
            W2 itself."""),
        step_in_the_place_of(1.0, dW1="W1", db1="b1", dW2="W2", db2="b2").told("""
            Yours are the parameters less their gradients: a step of descent, already taken. Asked for are the
            gradients."""),
        step_in_the_place_of(0.1, dW1="W1", db1="b1", dW2="W2", db2="b2").told("""
            Yours are the parameters less a tenth of their gradients: a step of descent, already taken. Asked for are
            the gradients."""),
        wrong("weights first", lambda expected: (expected[0], expected[2], expected[1], expected[3])).told("""
            The four arrays are right, in another order: first those of the hidden layer, dW1 and db1, then dW2 and
            db2."""),
        wrong("biases before the weights", dW1="db1", db1="dW1", dW2="db2", db2="dW2").told("""
            In each layer your two arrays stand in each other's place: the weights' first, then the biases'."""),
        wrong("output layer first", dW1="dW2", db1="db2", dW2="dW1", db2="db1").told("""
            The four arrays are right, in another order: first dW1, db1, then dW2, db2."""),
        wrong("forward without biases", lambda b1, b2, **others: gradients(b1=0 * b1, b2=0 * b2, **others)).told("""
            Your numbers come from a network without its biases. Do b1 and b2 enter on the way forward?"""),
        wrong("biases subtracted", lambda b1, b2, **others: gradients(b1=-b1, b2=-b2, **others)).told("""
            Your numbers come from a network that subtracts its biases. Which sign stands before them, and over how much
            of z does the minus in your exponential reach?"""),
    ),
)
