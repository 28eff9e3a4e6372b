"""A network of two layers for one sample."""

from dataclasses import replace
from typing import Any

import numpy as np

from nnkit.exercises.catalogue.draws import spread
from nnkit.exercises.catalogue.families import not_the_sigmoid, rounded
from nnkit.exercises.catalogue.formulas import sigmoid, softmax
from nnkit.exercises.catalogue.neurons.parts.networks import drawn, layer
from nnkit.exercises.exercise import Case, exercise, wrong
from nnkit.exercises.judge.wording import plural
from nnkit.languages import say


def _network(x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    return layer(layer(x, W1, b1), W2, b2)


def _one_for_both(x: Any, W1: Any, b1: Any, W2: Any, b2: Any, sigmoid: Any) -> Any:
    return layer(layer(x, W1, b1, sigmoid), W2, b2, sigmoid)


def _hidden(x: Any, W1: Any, b1: Any, W2: Any, b2: Any, sigmoid: Any) -> Any:
    return layer(layer(x, W1, b1, sigmoid), W2, b2)


def _cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(inputs: int, hidden_size: int, outputs: int, covers: str) -> Case:
        arguments = {
            "x": drawn(rng, inputs),
            "W1": drawn(rng, inputs, hidden_size),
            "b1": drawn(rng, hidden_size),
            "W2": drawn(rng, hidden_size, outputs),
            "b2": drawn(rng, outputs),
        }
        text = say(
            "{inputs}, {hidden_size} hidden, {outputs}",
            inputs=plural(inputs, "input"),
            hidden_size=hidden_size,
            outputs=plural(outputs, "output"),
        )
        return Case(arguments, covers, text)

    # One input that is 1, so that z is what the weights say; in the second layer the biases see to that.
    hidden_z, W2 = np.array(spread(rng)), drawn(rng, 28, 28)
    everywhere = {
        "x": np.array([1.0]),
        "W1": hidden_z[None, :],
        "b1": np.zeros(28),
        "W2": W2,
        "b2": np.round(np.array(spread(rng)) - sigmoid(hidden_z) @ W2, 4),
    }
    whole = {
        "x": drawn(rng, 2),
        "W1": rng.choice([-2, -1, 1], (2, 3)),
        "b1": rng.choice([-1, 1, 2], 3),
        "W2": rng.choice([-2, -1, 1], (3, 2)),
        "b2": rng.choice([-1, 1, 2], 2),
    }
    cases = [
        case(2, 2, 1, "one output"),
        case(2, 2, 2, "square matrices"),
        case(2, 3, 1, "one output"),
        case(2, 3, 1, "the same sizes again"),
        case(3, 2, 4, "a narrow hidden layer"),
        case(4, 6, 3, "a wide hidden layer"),
        case(1, 1, 1, "one of each"),
        Case(whole, "integers", "2 inputs, 3 hidden, 2 outputs, with integers for weights and biases"),
        case(20, 16, 10, "many of each"),
        Case(everywhere, "z from −40 to 40", "1 input, 28 hidden, 28 outputs, with z from −40 to 40"),
    ]
    return cases + ([case(9, 7, 8, "many of each"), case(5, 5, 5, "square matrices")] if hidden else [])


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
            The biases are subtracted, expected added. Which sign stands before them, and over how much of z does the
            minus in your exponential reach?"""),
        wrong("only the hidden layer", lambda x, W1, b1: layer(x, W1, b1)).told("""
            What comes back is h, the activation of the hidden layer. One layer is still to come."""),
        wrong("sigmoid once more", lambda expected: sigmoid(expected)).told("""
            The sigmoid is taken once more at the output: σ(σ(z)) lies between 0.5 and 0.73. Does the function that you
            call for the second layer end with a sigmoid already?"""),
        wrong("rows of W for the neurons", lambda x, W1, b1, W2, b2: sigmoid(W2 @ sigmoid(W1 @ x + b1) + b2)).told("""
            The weights of a neuron are taken from a row of W, expected a column: W1 is (D, H), W2 is (H, K), and data
            come from the left. Square matrices hide it."""),
        wrong("W2 turned round", lambda x, W1, b1, W2, b2: sigmoid(W2 @ layer(x, W1, b1) + b2)).told("""
            In the second layer the weights of a neuron are taken from a row of W2, expected a column: W2 is (H, K), and
            h comes from the left. The first layer is right."""),
        wrong("W1 turned round", lambda x, W1, b1, W2, b2: layer(sigmoid(W1 @ x + b1), W2, b2)).told("""
            In the first layer the weights of a neuron are taken from a row of W1, expected a column: W1 is (D, H), and
            x comes from the left. The second layer is right."""),
        wrong("b1 subtracted", lambda x, W1, b1, W2, b2: _network(x, W1, -b1, W2, b2)).told("""
            The biases of the hidden layer are subtracted, expected added. Which sign stands before them, and over how
            much of z does the minus in your exponential reach there?"""),
        wrong("b2 subtracted", lambda x, W1, b1, W2, b2: _network(x, W1, b1, W2, -b2)).told("""
            The biases of the output layer are subtracted, expected added. Which sign stands before them, and over how
            much of z does the minus in your exponential reach there?"""),
        wrong("a row", lambda expected: expected[None, :]).told("""
            The values are right; they come as a matrix of one row. x is a single sample here, of shape (D,)."""),
        wrong("x goes into the second layer", lambda x, W2, b2: layer(x, W2, b2)).told("""
            The second layer gets x, and what the first one computed is not used: where there are as many inputs as
            hidden neurons, yours are the numbers of one layer alone. What goes into the second?"""),
        wrong("W1 and b1 twice", lambda x, W1, b1: layer(layer(x, W1, b1), W1, b1)).told("""
            Both layers have the weights of the first one, W1 and b1. It goes wrong without an error only where the
            sizes fit by accident."""),
        wrong("b1 twice", lambda x, W1, b1, W2: _network(x, W1, b1, W2, b1)).told("""
            Both layers have the biases of the hidden one. It goes wrong without an error only where there are as many
            outputs as hidden neurons, or where one of the two numbers is 1."""),
        wrong("W1 twice", lambda x, W1, b1, b2: _network(x, W1, b1, W1, b2)).told("""
            Both layers have the weights W1. It goes wrong without an error only where the sizes fit by accident."""),
        wrong("b2 twice", lambda x, W1, W2, b2: _network(x, W1, b2, W2, b2)).told("""
            Both layers have the biases of the output. It goes wrong without an error only where there are as many
            outputs as hidden neurons, or just one."""),
        wrong("biases exchanged", lambda x, W1, b1, W2, b2: _network(x, W1, b2, W2, b1)).told("""
            Each layer has the biases of the other one. Read the shapes: which of them is (H,), and which layer has H
            neurons?"""),
        wrong("layers exchanged", lambda x, W1, b1, W2, b2: _network(x, W2, b2, W1, b1)).told("""
            The layers stand in the other order: x meets W2 first. Which of the two matrices has as many rows as x has
            entries?"""),
        *(
            not_the_sigmoid(label, _one_for_both).told(sentence)
            for label, sentence in {
                "tanh": "In both layers tanh stands in the place of the sigmoid. σ(z) lies between 0 and 1.",
                "brackets": """
                    In both layers 1 + e^(−z) stands in the place of the sigmoid: Python divides before it adds, so
                    `1 / 1` comes first. What should the bar of the fraction cover?""",
                "sign in the exponential": """
                    In both layers your sigmoid falls where it should rise. Look at the sign inside the exponential.""",
                "no sigmoid": """
                    Neither layer has its sigmoid. Two linear layers in a row are one linear layer: nothing would be
                    gained.""",
            }.items()
        ),
        *(
            replace(not_the_sigmoid(label, _hidden), label=f"hidden layer: {label}").told(sentence)
            for label, sentence in {
                "tanh": """
                    The hidden layer hands on tanh(z), with values from −1 to 1. Here both layers have sigmoids.""",
                "relu": """
                    The hidden layer hands on z where z is positive, and 0 elsewhere. That is another activation: here
                    both layers have sigmoids.""",
                "step": """
                    The hidden layer hands on 0 or 1. A step, or something rounded? The sigmoid has values in
                    between.""",
                "sigmoid twice": """
                    The sigmoid is taken twice on the way out of the hidden layer. Does the function that you call for
                    it end with a sigmoid already?""",
            }.items()
        ),
        wrong("output rounded", lambda expected: np.round(expected)).told("""
            Your outputs are 0 or 1. A step, or something rounded? The sigmoid has values in between."""),
        wrong("only the first output", lambda expected: expected[0]).told("""
            One number comes back: the first output alone. How many has the network, and in which shape are they
            wanted?"""),
        *rounded(),
        wrong("softmax at the output", lambda x, W1, b1, W2, b2: softmax(layer(x, W1, b1) @ W2 + b2)).told("""
            Your outputs add up to 1: that is a softmax. The formula above ends with a sigmoid for every output."""),
        wrong("hidden layer returned too", lambda expected, x, W1, b1: (layer(x, W1, b1), expected)).told("""
            Two things come back, the hidden layer and the output. The output alone is asked for."""),
        wrong(
            "one number for a single output", lambda expected: expected.item() if expected.size == 1 else expected
        ).told("""
            Several outputs are right; a single one comes back as a number. It should be an array too, of
            shape (1,)."""),
    ),
    shape_notes={"": "One number for every output: as many as W2 has columns."},
)
