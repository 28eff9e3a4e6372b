"""A network of two layers for one sample."""

from typing import Any

import numpy as np

from nnkit.exercises.catalogue.computation_graphs.parts.networks import drawn, layer
from nnkit.exercises.catalogue.formulas import sigmoid, softmax
from nnkit.exercises.exercise import Case, exercise, wrong
from nnkit.exercises.judge.wording import plural


def _network(x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    return layer(layer(x, W1, b1), W2, b2)


def _cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(inputs: int, hidden_size: int, outputs: int, covers: str) -> Case:
        arguments = {
            "x": drawn(rng, inputs),
            "W1": drawn(rng, inputs, hidden_size),
            "b1": drawn(rng, hidden_size),
            "W2": drawn(rng, hidden_size, outputs),
            "b2": drawn(rng, outputs),
        }
        text = f"{plural(inputs, 'input')}, {hidden_size} hidden, {plural(outputs, 'output')}"
        return Case(arguments, covers, text)

    cases = [
        case(2, 2, 1, "one output"),
        case(2, 2, 2, "square matrices"),
        case(2, 3, 1, "one output"),
        case(2, 3, 1, "the same sizes again"),
        case(3, 2, 4, "a narrow hidden layer"),
        case(4, 6, 3, "a wide hidden layer"),
        case(20, 16, 10, "20 inputs, 16 hidden, 10 outputs"),
    ]
    return cases + ([case(1, 1, 1, "one of each"), case(5, 5, 5, "square matrices")] if hidden else [])


EXERCISE = exercise(
    "two_layer_network(x, W1, b1, W2, b2)",
    reference=_network,
    cases=_cases,
    hints=(
        """The output of the first layer is the input of the second. You have written what one layer does.""",
        """First h, of shape (H,), from x, W1 and b1; then ŷ, of shape (K,), from h, W2 and b2. Both by the same
        function.""",
    ),
    mistakes=(
        wrong("hidden layer without sigmoid", lambda x, W1, b1, W2, b2: layer(x @ W1 + b1, W2, b2)).told("""
            The hidden layer passes its z on without the sigmoid. Two linear layers in a row are one linear layer:
            nothing would be gained."""),
        wrong("output without sigmoid", lambda x, W1, b1, W2, b2: layer(x, W1, b1) @ W2 + b2).told("""
            The hidden layer is right; the output comes before its sigmoid. This network has two of them."""),
        wrong("no b1", lambda x, W1, W2, b2: _network(x, W1, 0, W2, b2)).told("""
            The biases of the hidden layer are missing."""),
        wrong("no b2", lambda x, W1, b1, W2: _network(x, W1, b1, W2, 0)).told("""
            The biases of the output layer are missing."""),
        wrong("no bias at all", lambda x, W1, W2: _network(x, W1, 0, W2, 0)).told("""
            Neither layer has its biases."""),
        wrong("biases subtracted", lambda x, W1, b1, W2, b2: _network(x, W1, -b1, W2, -b2)).told("""
            The biases are subtracted, expected added. Over how much of z does the minus in your exponential reach?"""),
        wrong("only the hidden layer", lambda x, W1, b1: layer(x, W1, b1)).told("""
            What comes back is h, the activation of the hidden layer. One layer is still to come."""),
        wrong("sigmoid once more", lambda expected: sigmoid(expected)).told("""
            The sigmoid is taken once more at the output: σ(σ(z)) lies between 0.5 and 0.73. Does the function that you
            call for the second layer end with a sigmoid already?"""),
        wrong("rows of W for the neurons", lambda x, W1, b1, W2, b2: sigmoid(W2 @ sigmoid(W1 @ x + b1) + b2)).told("""
            The weights of a neuron are taken from a row of W, expected a column: W1 is (D, H), W2 is (H, K), and data
            come from the left. Square matrices hide it."""),
        wrong("softmax at the output", lambda x, W1, b1, W2, b2: softmax(layer(x, W1, b1) @ W2 + b2)).told("""
            Your outputs add up to 1: that is a softmax. The formula above ends with a sigmoid for every output."""),
        wrong("hidden layer returned too", lambda expected, x, W1, b1: (layer(x, W1, b1), expected)).told("""
            Two things come back, the hidden layer and the output. The output alone is asked for."""),
        wrong(
            "one number for a single output", lambda expected: expected.item() if expected.size == 1 else expected
        ).told("""
            Several outputs are right; a single one comes back as a number. It is still an array, of shape (1,)."""),
    ),
    shape_notes={"": "One number for every output: as many as W2 has columns."},
)
