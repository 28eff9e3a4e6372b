"""One sigmoid neuron for one sample."""

from typing import Any

import numpy as np

from nnkit.exercises.catalogue.draws import spread
from nnkit.exercises.catalogue.families import not_the_sigmoid, rounded
from nnkit.exercises.catalogue.formulas import sigmoid, softmax
from nnkit.exercises.catalogue.neurons.parts.networks import drawn
from nnkit.exercises.exercise import Case, exercise, wrong


def _neuron(x: Any, w: Any, b: Any, sigmoid: Any = sigmoid) -> Any:
    return sigmoid(x @ w + b)


def _by_angle(x: Any, w: Any, b: Any) -> Any:
    return sigmoid(x @ w / (np.linalg.norm(x) * np.linalg.norm(w)) + b)


def _cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(size: int, covers: str) -> Case:
        return Case({"x": drawn(rng, size), "w": drawn(rng, size), "b": float(drawn(rng))}, covers)

    def reaching(z: float) -> Case:
        x, w = drawn(rng, 2), drawn(rng, 2)
        return Case({"x": x, "w": w, "b": round(z - float(x @ w), 4)}, "z from −40 to 40")

    worked = {"x": np.array([-1.0, -2.0]), "w": np.array([2.0, -3.0]), "b": -3.0}
    whole = {"x": np.array([1, -2]), "w": np.array([3, 2]), "b": -2}
    upright = {"x": np.array([2.0, 1.0]), "w": np.array([-1.0, 2.0]), "b": 0.0}
    cases = [
        Case(worked, "the worked example"),
        case(1, "one input"),
        case(2, "two inputs"),
        case(3, "three inputs"),
        Case(whole, "integers"),
        Case(upright, "x at a right angle to w"),
        case(20, "many inputs"),
        *(reaching(z) for z in spread(rng)),
    ]
    return cases + ([case(3, "three inputs"), case(64, "many inputs")] if hidden else [])


EXERCISE = exercise(
    "neuron(x, w, b)",
    reference=_neuron,
    cases=_cases,
    hints=(
        """Two steps: first one number z from x, w and b, then σ(z). For x = (−1, −2), w = (2, −3), b = −3, what is
        z?""",
        """`x @ w` multiplies entry by entry and adds up. `np.exp` is the exponential function; z stands in it with a
        minus.""",
    ),
    mistakes=(
        not_the_sigmoid("no sigmoid", _neuron).told("""
            Yours is z itself, before the activation. What does a neuron do with z before it passes it on?"""),
        wrong("no bias", lambda x, w: sigmoid(x @ w)).told("""
            The value is that of a neuron with b = 0. Where does b enter?"""),
        wrong("bias subtracted", lambda x, w, b: sigmoid(x @ w - b)).told("""
            The bias is subtracted, expected added. Which sign stands before b, and over how much of z does the minus in
            your exponential reach?"""),
        wrong("bias after the sigmoid", lambda x, w, b: sigmoid(x @ w) + b).told("""
            The bias is added after the sigmoid: then the output may leave the range from 0 to 1. b belongs to z."""),
        not_the_sigmoid("sign in the exponential", _neuron).told("""
            Yours + expected = 1: your sigmoid falls where it should rise. Is a sign inside the exponential turned
            round?"""),
        wrong("sigmoid before the sum", lambda x, w, b: np.sum(sigmoid(x * w)) + b).told("""
            The sigmoid is taken of every product, and their sum comes after. A neuron adds first: one sum, one
            sigmoid."""),
        wrong("no sum", lambda x, w, b: sigmoid(x * w + b)).told("""
            One value comes back for every input: the products are not added up. `x * w` multiplies entry by entry; what
            is still to be done?"""),
        wrong("bias added for every input", lambda x, w, b: sigmoid(np.sum(x * w + b))).told("""
            The bias is inside the sum, so it counts once for every input. How often should it count?"""),
        wrong("mean in place of the sum", lambda x, w, b: sigmoid(np.mean(x * w) + b)).told("""
            Yours takes the mean of the products, expected their sum; for a single input these are the same."""),
        not_the_sigmoid("brackets", _neuron).told("""
            Yours is 1 + e^(−z): Python divides before it adds, so `1 / 1` comes first. What should the bar of the
            fraction cover?"""),
        *(
            not_the_sigmoid(label, _neuron).told(
                """
                Yours is 0 or 1, and {at_zero} at z = 0: Heaviside's step, or something rounded. The sigmoid has values
                in between.""",
                at_zero=at_zero,
            )
            for label, at_zero in (("step", 0), ("step, 1 at 0", 1))
        ),
        not_the_sigmoid("tanh", _neuron).told("""
            Yours is tanh(z), with values from −1 to 1. σ(z) lies between 0 and 1."""),
        not_the_sigmoid("relu", _neuron).told("""
            Yours is z where z is positive, and 0 elsewhere. That is another activation; the sigmoid's values lie
            between 0 and 1."""),
        not_the_sigmoid("sigmoid twice", _neuron).told("""
            The sigmoid is taken twice: σ(σ(z)) lies between 0.5 and 0.73. What goes into your second one?"""),
        wrong("cosine in place of the dot product", _by_angle).told("""
            Yours takes the cosine of the angle between x and w in the place of their dot product. The lengths of both
            belong to z."""),
        wrong("bias added to the inputs", lambda x, w, b: sigmoid((x + b) @ w)).told("""
            The bias is added to every input, before the weights multiply. In z it stands alone: once, and without a
            weight."""),
        wrong("without the first product", lambda x, w, b: sigmoid(x[1:] @ w[1:] + b)).told("""
            The product of the first input is not in your sum. Where does your loop begin to count?"""),
        wrong("without the last product", lambda x, w, b: sigmoid(x[:-1] @ w[:-1] + b)).told("""
            The product of the last input is not in your sum. Up to which number does your loop count?"""),
        wrong("only the last product", lambda x, w: sigmoid(x[-1] * w[-1])).told("""
            Only the product of the last input is left in your z. What becomes of the sum so far in every round of your
            loop?"""),
        wrong("only the last product, with the bias", lambda x, w, b: sigmoid(x[-1] * w[-1] + b)).told("""
            Your z is the product of the last input, plus b. What becomes of the sum so far in every round of your
            loop?"""),
        wrong("only the first product", lambda x, w, b: sigmoid(x[0] * w[0] + b)).told("""
            Your z is the product of the first input, plus b. Is there a `return` inside your loop, or an index that
            stays 0?"""),
        wrong("softmax", lambda x, w, b: softmax(x * w + b)).told("""
            One value comes back for every input, and together they are 1: a softmax. A neuron has one output, the
            sigmoid of one sum."""),
        *rounded(),
    ),
)
