"""A layer of sigmoid neurons for one sample."""

from typing import Any

import numpy as np

from nnkit.exercises.catalogue.computation_graphs.parts.networks import drawn, layer
from nnkit.exercises.catalogue.families import not_the_sigmoid
from nnkit.exercises.catalogue.formulas import sigmoid, softmax
from nnkit.exercises.exercise import Case, exercise, wrong


def _cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(inputs: int, neurons: int, covers: str) -> Case:
        arguments = {"x": drawn(rng, inputs), "W": drawn(rng, inputs, neurons), "b": drawn(rng, neurons)}
        return Case(arguments, covers, f"x of shape ({inputs},), W of shape ({inputs}, {neurons})")

    cases = [
        case(2, 2, "as many neurons as inputs"),
        case(2, 3, "more neurons than inputs"),
        case(2, 3, "the same sizes again"),
        case(3, 2, "fewer neurons than inputs"),
        case(1, 4, "one input"),
        case(4, 1, "one neuron"),
        case(20, 30, "20 inputs and 30 neurons"),
    ]
    if hidden:
        cases += [
            case(5, 5, "as many neurons as inputs"),
            case(7, 4, "fewer neurons than inputs"),
            case(1, 1, "one of each"),
        ]
    return cases


def _one_neuron_an_input(x: Any, W: Any, b: Any) -> Any:
    return np.array([layer(x, W[:, place], b[place]) for place in range(len(x))])


EXERCISE = exercise(
    "layer(x, W, b)",
    reference=layer,
    cases=_cases,
    hints=(
        """A layer is M neurons that look at the same x. Which column, and which entry of b, belongs to neuron number
        0?""",
        """`x @ W` takes the dot product of x with every column of W at once: (D,) @ (D, M) gives (M,). What remains is
        what the single neuron did.""",
    ),
    mistakes=(
        wrong("rows of W for the neurons", lambda x, W, b: sigmoid(W @ x + b)).told("""
            The weights of a neuron are taken from a row of W, expected a column: W has the shape (D, M), inputs down,
            neurons across. Where W is square this goes wrong without an error."""),
        wrong("no bias", lambda x, W: layer(x, W, 0)).told("""
            Every neuron has b = 0 in your layer. Where does b enter?"""),
        wrong("bias subtracted", lambda x, W, b: layer(x, W, -b)).told("""
            The biases are subtracted, expected added. Over how much of z does the minus in your exponential reach?"""),
        not_the_sigmoid("no sigmoid", layer).told("""
            Yours is z, before the activation. What happens to z before it is passed on?"""),
        wrong("bias after the sigmoid", lambda x, W, b: sigmoid(x @ W) + b).told("""
            The bias is added after the sigmoid, so values leave the range from 0 to 1. b belongs to z."""),
        wrong("one bias for all", lambda x, W, b: layer(x, W, b[0])).told("""
            The first entry of b is given to every neuron. How many biases does a layer of M neurons have?"""),
        not_the_sigmoid("sign in the exponential", layer).told("""
            Yours + expected = 1 everywhere: your sigmoid falls where it should rise. Look at the sign inside the
            exponential."""),
        wrong("only the first neuron", lambda expected: expected[0]).told("""
            Only the first neuron of the layer comes back. Is there a `return` inside your loop?"""),
        wrong("one row too many", lambda expected: expected[None, :]).told("""
            The values are right; they come as a matrix of one row. x is a single sample here, of shape (D,): a single
            pair of brackets fewer somewhere."""),
        wrong("softmax", lambda x, W, b: softmax(x @ W + b)).told("""
            Your values add up to 1: that is the softmax of z. In a layer of sigmoids no neuron knows of the
            others."""),
        wrong("as many neurons as inputs", _one_neuron_an_input).told("""
            Your loop runs over the inputs, expected over the neurons: M is `W.shape[1]` or `len(b)`, and D is
            `len(x)`."""),
    ),
    shape_notes={"": "One number for every neuron: as many as W has columns."},
)
