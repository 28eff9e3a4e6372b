"""A layer of sigmoid neurons for one sample."""

from typing import Any

import numpy as np

from nnkit.exercises.catalogue.draws import spread
from nnkit.exercises.catalogue.families import not_the_sigmoid, rounded, written_into_integers
from nnkit.exercises.catalogue.formulas import sigmoid, softmax
from nnkit.exercises.catalogue.neurons.parts.networks import drawn, layer
from nnkit.exercises.exercise import Case, exercise, wrong
from nnkit.languages import say


def _cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(inputs: int, neurons: int, covers: str) -> Case:
        arguments = {"x": drawn(rng, inputs), "W": drawn(rng, inputs, neurons), "b": drawn(rng, neurons)}
        return Case(
            arguments,
            covers,
            say("x of shape ({inputs},), W of shape ({inputs}, {neurons})", inputs=inputs, neurons=neurons),
        )

    # One input that is 1, so that z is what the weights say.
    everywhere = {"x": np.array([1.0]), "W": np.array([spread(rng)]), "b": np.zeros(28)}
    whole = {"x": drawn(rng, 2), "W": rng.choice([-2, -1, 1], (2, 3)), "b": rng.choice([-1, 1, 2], 3)}
    cases = [
        case(2, 2, "as many neurons as inputs"),
        case(2, 3, "more neurons than inputs"),
        case(2, 3, "the same sizes again"),
        case(3, 2, "fewer neurons than inputs"),
        case(1, 4, "one input"),
        case(4, 1, "one neuron"),
        case(1, 1, "one of each"),
        Case(whole, "integers", "x of shape (2,), W of shape (2, 3), W and b integers"),
        Case(everywhere, "z from −40 to 40", "28 neurons with one input, x = [1] and b = 0"),
        case(20, 30, "many inputs and neurons"),
    ]
    if hidden:
        cases += [case(5, 5, "as many neurons as inputs"), case(7, 4, "fewer neurons than inputs")]
    return cases


def _one_neuron_an_input(x: Any, W: Any, b: Any) -> Any:
    return np.array([layer(x, W[:, place], b[place]) for place in range(len(x))])


def _into_b(x: Any, W: Any, b: Any) -> Any:
    b += x @ W
    return sigmoid(b)


def _added_up_like_b(x: Any, W: Any, b: Any) -> Any:
    z = b.copy()
    z += x @ W
    return sigmoid(z)


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
            The biases are subtracted, expected added. Which sign stands before them, and over how much of z does the
            minus in your exponential reach?"""),
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
        not_the_sigmoid("brackets", layer).told("""
            Yours is 1 + e^(−z): Python divides before it adds, so `1 / 1` comes first. What should the bar of the
            fraction cover?"""),
        not_the_sigmoid("tanh", layer).told("""
            Yours is tanh(z), with values from −1 to 1. σ(z) lies between 0 and 1."""),
        not_the_sigmoid("step", layer).told("""
            Yours is 0 or 1: Heaviside's step, or something rounded. The sigmoid has values in between."""),
        not_the_sigmoid("relu", layer).told("""
            Yours is z where z is positive, and 0 elsewhere. That is another activation; the sigmoid's values lie
            between 0 and 1."""),
        not_the_sigmoid("sigmoid twice", layer).told("""
            The sigmoid is taken twice: σ(σ(z)) lies between 0.5 and 0.73. Does what you call end with a sigmoid
            already?"""),
        wrong("without the first input", lambda x, W, b: layer(x[1:], W[1:], b)).told("""
            The first input is in none of your sums. Where does your loop begin to count?"""),
        wrong("without the last input", lambda x, W, b: layer(x[:-1], W[:-1], b)).told("""
            The last input is in none of your sums. Up to which number does your loop count?"""),
        wrong(
            "the last neuron left out",
            lambda expected: np.where(np.arange(len(expected)) < len(expected) - 1, expected, 0),
        ).told("""
            Every neuron is right but the last, which is 0. Up to which number does your loop count?"""),
        wrong("outputs added up", lambda expected: expected.sum()).told("""
            One number comes back: the outputs of the neurons, added up. A layer hands on each of them by itself."""),
        wrong("only the last neuron", lambda expected: expected[-1]).told("""
            Only the last neuron of the layer comes back. Is each result kept when your loop goes on to the next?"""),
        wrong("mean over the inputs", lambda x, W, b: sigmoid((x[:, None] * W).mean(axis=0) + b)).told("""
            Yours takes the mean of the products, expected their sum; for a single input these are the same."""),
        wrong("no sum", lambda x, W, b: sigmoid(x[:, None] * W + b)).told("""
            A matrix of the shape of W comes back: every product by itself. Over which axis are they still to be added
            up?"""),
        wrong("a column", lambda expected: expected[:, None]).told("""
            The values are right; they come as a column, in a matrix of shape (M, 1). What makes the second axis: a
            `reshape`, or a pair of brackets too many?"""),
        wrong("bias twice", lambda x, W, b: layer(x, W, 2 * b)).told("""
            The bias counts twice in your z. In how many places is it added?"""),
        wrong("the first column for all", lambda x, W, b: layer(x, np.repeat(W[:, :1], len(b), axis=1), b)).told("""
            Every neuron has the weights of the first one. Which index picks the column in your loop?"""),
        wrong("all biases for each neuron", lambda x, W, b: sigmoid((x @ W)[:, None] + b)).told("""
            A matrix comes back: each neuron is given all the biases. Which entry of b belongs to neuron number 0?"""),
        wrong("b changed in place", _into_b).told("""
            Your function changes its argument b in place, and stops where b holds integers. `b = b + …` makes a new
            array, `b += …` changes the caller's."""),
        wrong("biases added up", lambda x, W, b: layer(x, W, b.sum())).told("""
            Every neuron is given the sum of all biases. Which entry of b belongs to neuron number 0?"""),
        wrong("W in another shape", lambda x, W, b: layer(x, W.reshape(W.shape[::-1]).T, b)).told("""
            The weights of a neuron are picked from W in the wrong order, as if its rows were cut anew: `reshape` keeps
            the order of all entries. A neuron's weights are one column."""),
        wrong("all of W for each neuron", lambda x, W, b: np.array([layer(x, W, b)] * len(b))).told("""
            Every neuron is given the whole of W, so each brings a whole layer. Which part of W belongs to one
            neuron?"""),
        written_into_integers("written into integers like b", "b").told("""
            Where b holds whole numbers, your outputs are whole numbers too. They are written into an array that is made
            like b; of which kind must its numbers be?"""),
        wrong("added up in an array like b", _added_up_like_b).told("""
            All is right until b holds whole numbers: then z, which is made like b or from it, is an array of integers,
            and nothing with a fraction can be added to it in place. Of which kind must its numbers be?"""),
        *rounded(),
        wrong("softmax", lambda x, W, b: softmax(x @ W + b)).told("""
            Your values add up to 1: that is the softmax of z. In a layer of sigmoids no neuron knows of the
            others."""),
        wrong("as many neurons as inputs", _one_neuron_an_input).told("""
            Your loop runs over the inputs, expected over the neurons: M is `W.shape[1]` or `len(b)`, and D is
            `len(x)`."""),
    ),
    shape_notes={"": "One number for every neuron: as many as W has columns."},
)
