"""The exercises of notebook 04, first half: activations and their slopes, a layer in matrices, and two small networks.

Two exercises have more than one right answer and judges of their own here: at its kink the ReLU has two slopes, and
very many weights make XOR.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from nnkit.exercises.exercise import AUTOMATIC, Case, Exercise, Mistake
from nnkit.exercises.ladder import Finding, Table, compare, compare_with_reference, differs
from nnkit.exercises.wording import listing, number

# Whoever calls one of these has not written it: the library here, and its equals elsewhere.
SIGMOIDS = (
    "nnkit.engine.Tensor.sigmoid",
    "nnkit.functional.sigmoid",
    "nnkit.nn.layers.Sigmoid.forward",
    "torch.sigmoid",
    "torch.Tensor.sigmoid",
    "torch.nn.functional.sigmoid",
    "scipy.special.expit",
)
LAYERS = ("nnkit.functional.linear", "nnkit.nn.layers.Linear.forward", "torch.nn.functional.linear")


def _sigmoid(x: Any) -> Any:
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(x, dtype=float)))


def _slope(x: Any) -> Any:
    s = _sigmoid(x)
    return s * (1 - s)


def _decimals(rng: np.random.Generator, *shape: int, low: float = 0.3, high: float = 2.0) -> np.ndarray:
    """One decimal, so that a reader can follow by hand; signs are drawn too, and nothing is 0."""
    return np.asarray(rng.uniform(low, high, shape).round(1) * rng.choice([-1, 1], shape))


# ---------------------------------------------------------------------------------------------------------------------
# sigmoid and its slope
# ---------------------------------------------------------------------------------------------------------------------


def _number_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Numbers and arrays of every kind; some so large that e to their power is beyond all floats."""

    def floats(*shape: int) -> np.ndarray:
        return _decimals(rng, *shape, low=0.2, high=4.0)

    large = float(rng.integers(720, 1000))
    cases = [
        Case({"x": 0.0}, "numbers"),
        Case({"x": float(floats())}, "numbers"),
        Case({"x": 2}, "a whole number"),
        Case({"x": floats(3)}, "vectors"),
        Case({"x": np.array(float(floats()))}, "arrays without dimensions"),
        Case({"x": floats(2, 3)}, "matrices"),
        Case({"x": floats(2, 1, 2)}, "three axes"),
        Case({"x": rng.choice(np.array([-3, -2, -1, 1, 2, 3]), 4, replace=False)}, "integers"),
        Case({"x": np.array(rng.choice([-2, -1, 1]))}, "integers"),
        Case({"x": -1000.0}, "±1000"),
        Case({"x": 1000.0}, "±1000"),
        Case({"x": np.array([-large, -30.0, 0.5, 30.0, large])}, "±1000"),
    ]
    if hidden:
        cases += [
            Case({"x": floats(1)}, "one entry"),
            Case({"x": np.array(-1000)}, "±1000"),
            Case({"x": rng.integers(-900, 900, (3, 4))}, "large integers"),
            Case({"x": rng.normal(size=(2, 3, 4, 2))}, "four axes"),
        ]
    return cases


# Wide enough for float32, and too narrow for a one-sided difference in the place of a slope.
EXACT = 5e-6, 1e-7


def _only_numbers(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """`function` for somebody who writes `math.exp`: nothing but single numbers go through it."""

    def answer(x: Any) -> Any:
        if np.ndim(x):
            raise TypeError("only 0-dimensional arrays can be converted to Python scalars")
        return function(x)

    return answer


def _only_arrays(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """`function` for somebody who picks entries of x: a plain number has none."""

    def answer(x: Any) -> Any:
        if not isinstance(x, np.ndarray):
            raise TypeError(f"'{type(x).__name__}' object is not subscriptable")
        return function(x)

    return answer


def _into_integers(expected: Any, x: Any) -> Any:
    """What is left when the result is written into an array made in the likeness of x."""
    return np.asarray(expected).astype(np.asarray(x).dtype)


def _picked(x: Any) -> Any:
    x = np.asarray(x)
    return np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))


SIGMOID = Exercise(
    name="sigmoid",
    signature="sigmoid(x)",
    reference=_sigmoid,
    cases=_number_cases,
    relative=EXACT[0],
    absolute=EXACT[1],
    withheld=SIGMOIDS,
    quiet=True,
    shape_notes={"": "One value comes out for every value that goes in: the shapes are the same."},
    hints=(
        "Begin with 1 / (1 + np.exp(−x)) and look for which x it warns. What is e to the power of 1000 to a computer?",
        "Multiply the numerator and the denominator of 1 / (1 + e⁻ˣ) by eˣ. For which x is the new form harmless? An "
        "exponent that is never positive never gets too large: −|x| is one.",
        "With q = np.exp(−np.abs(x)), which is never above 1: for x ≥ 0 the sigmoid is 1 / (1 + q), for x < 0 it is "
        "q / (1 + q). `np.where(x >= 0, …, …)` picks, for numbers and arrays alike.",
    ),
    mistakes=(
        Mistake.implementation(
            "overflow for large negative x",
            "All values are right. But on the way to σ(−1000) stands e¹⁰⁰⁰, which no float can hold. For negative x "
            "there is another form of the same fraction, in which the exponential is small.",
            lambda x: 1 / (1 + np.exp(-np.asarray(x))),
        ),
        Mistake.implementation(
            "overflow for large positive x",
            "Up to about 700 all is well; then e to the power of x is infinite, and infinite by infinite is not a "
            "number. For positive x there is another form of the same fraction, in which the exponential is small.",
            lambda x: np.exp(x) / (1 + np.exp(x)),
        ),
        Mistake.implementation(
            "np.where computes both",
            "The values are right, and the two forms are the right ones. But `np.where` picks between two finished "
            "arrays: both forms are computed for every x, also the one that is not wanted there. Which exponent is "
            "harmless for all x?",
            _picked,
        ),
        Mistake.implementation(
            "the form for positive x only",
            "Positive x are right; a negative x gives what its opposite should. With −|x| in the exponential the "
            "exponential never gets too large, but it no longer knows the sign: negative x need the other form.",
            lambda x: 1 / (1 + np.exp(-np.abs(x))),
        ),
        Mistake.implementation(
            "e⁻ˣ on top",
            "Yours falls where the sigmoid rises, and for −1000 it is infinite by infinite. Which of 1 and e⁻ˣ stands "
            "above the fraction line?",
            lambda x: np.exp(-np.asarray(x)) / (1 + np.exp(-np.asarray(x))),
        ),
        Mistake.implementation(
            "by tanh, twice as steep",
            "Yours is the sigmoid of 2x. The way by tanh is a good one: tanh and sigmoid are the same curve, but one "
            "is twice as wide as the other.",
            lambda x: 0.5 * (1 + np.tanh(x)),
        ),
        Mistake.relation(
            "sign of x",
            "Yours falls where the sigmoid rises: yours + expected = 1. Look at the sign inside the exponential.",
            lambda expected, x: 1 - expected,
        ),
        Mistake.implementation(
            "1/1 + exp",
            "Yours is 1 + e⁻ˣ. Python reads `1/1 + …` from left to right: which part belongs under the fraction line?",
            lambda x: 1 + np.exp(-np.asarray(x, dtype=float)),
        ),
        Mistake.implementation(
            "1 + missing",
            "Yours is 1 / e⁻ˣ, which grows without end. What else stands under the fraction line?",
            lambda x: 1 / np.exp(-np.asarray(x, dtype=float)),
        ),
        Mistake.implementation(
            "tanh",
            "Yours runs from −1 to 1, through 0 at 0: that is tanh. The sigmoid runs from 0 to 1.",
            lambda x: np.tanh(x),
        ),
        Mistake.implementation(
            "step",
            "Yours is a step: 0 or 1, nothing between. The sigmoid passes smoothly from one to the other; at 0 it is "
            "a half.",
            lambda x: np.heaviside(x, 0.5),
        ),
        Mistake.implementation(
            "softmax",
            "The values of yours add up to 1: that is softmax. In a sigmoid no entry knows of the others.",
            lambda x: np.exp(x - np.max(x)) / np.sum(np.exp(x - np.max(x))),
        ),
        Mistake.relation(
            "written into integers",
            "Only integers fail. An array made in the likeness of x, by `np.zeros_like(x)` or `np.empty_like(x)`, "
            "keeps its integers, and 0.88 written into it is 0.",
            _into_integers,
        ),
        Mistake.implementation(
            "single numbers only",
            "Numbers are right, but an array stops your function: `math.exp` and `float` take a single number. `np` "
            "has an exponential that takes both.",
            _only_numbers(_sigmoid),
        ),
        Mistake.implementation(
            "arrays only",
            "Arrays are right, but a plain number stops your function: it has no entries to pick and no shape. "
            "`np.asarray(x)` makes an array of whatever comes in.",
            _only_arrays(_sigmoid),
        ),
        Mistake.relation(
            "a number comes back as an array",
            "All values are right, but for a single number yours gives an array of one entry. An array without "
            "dimensions can do all that a number can; what gives it an axis?",
            lambda expected, x: np.atleast_1d(expected),
        ),
    ),
)


def _quotient(x: Any) -> Any:
    q = np.exp(-np.asarray(x, dtype=float))
    return q / (1 + q) ** 2


SIGMOID_GRAD = Exercise(
    name="sigmoid_grad",
    signature="sigmoid_grad(x)",
    reference=_slope,
    cases=_number_cases,
    relative=EXACT[0],
    absolute=EXACT[1],
    withheld=(*AUTOMATIC, *SIGMOIDS),
    quiet=True,
    shape_notes={"": "There is one slope for every value that goes in: the shapes are the same."},
    hints=(
        "Notebook 02 found that the sigmoid's slope needs nothing but the sigmoid's own result. How large must it be "
        "at 0?",
        "Call your `sigmoid` once, keep the result, and make the slope from it: two factors.",
    ),
    mistakes=(
        Mistake.relation(
            "x taken for σ(x)",
            "Yours is x (1 − x). The rule σ (1 − σ) is about what comes out of the sigmoid; here x is what goes in.",
            lambda expected, x: np.asarray(x) * (1 - np.asarray(x)),
        ),
        Mistake.relation(
            "the value for the slope",
            "Yours is the sigmoid itself. At x = 30 the sigmoid is 1; how steep is it there?",
            lambda expected, x: _sigmoid(x),
        ),
        Mistake.relation(
            "half of the slope",
            "Yours is 1 − σ(x). One of the two factors of the slope is missing; a slope is near 0 on both sides.",
            lambda expected, x: 1 - _sigmoid(x),
        ),
        Mistake.relation(
            "slope of tanh",
            "Yours is 1 − σ². That is the form for tanh, whose slope at 0 is 1. The sigmoid's is a quarter.",
            lambda expected, x: 1 - _sigmoid(x) ** 2,
        ),
        Mistake.relation(
            "σ + (1 − σ)",
            "Yours is 1 wherever you look: the two parts are added. What does the rule do with them?",
            lambda expected, x: np.ones(np.shape(x)),
        ),
        Mistake.relation(
            "sign",
            "Yours has the right size and the opposite sign. The sigmoid rises everywhere.",
            lambda expected, x: -expected,
        ),
        Mistake.relation(
            "slope at σ(x)",
            "Yours is the slope at σ(x): the sigmoid was applied once more than needed.",
            lambda expected, x: _slope(_sigmoid(x)),
        ),
        Mistake.implementation(
            "quotient rule, overflow",
            "Your formula is right, and for −1000 its exponential is infinite: infinite by infinite is not a number. "
            "You have a sigmoid that does not overflow: can the slope be made from it?",
            _quotient,
        ),
        Mistake.implementation(
            "a second sigmoid that overflows",
            "All values are right, but the sigmoid inside warns for large negative x. You have written one that does "
            "not.",
            lambda x: (1 / (1 + np.exp(-np.asarray(x)))) * (1 - 1 / (1 + np.exp(-np.asarray(x)))),
        ),
        Mistake.relation(
            "written into integers",
            "Only integers fail. An array made in the likeness of x keeps its integers, and 0.105 written into it is "
            "0.",
            _into_integers,
        ),
        Mistake.implementation(
            "single numbers only",
            "Numbers are right, but an array stops your function: something in it takes a single number only.",
            _only_numbers(_slope),
        ),
        Mistake.relation(
            "added up",
            "Numbers are right, but the slopes of an array come back as their sum. Every entry has a slope of its own.",
            lambda expected, x: np.sum(expected),
        ),
    ),
)


# ---------------------------------------------------------------------------------------------------------------------
# relu_backward: two right answers at exactly 0
# ---------------------------------------------------------------------------------------------------------------------


def _relu_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(x: np.ndarray, covers: str) -> Case:
        return Case({"dout": _decimals(rng, *x.shape), "x": x}, covers)

    cases = [
        Case({"dout": np.array([2.0, 3.0, -4.0]), "x": np.array([-1.5, 0.5, 3.0])}, "vectors"),
        case(_decimals(rng, 2, 3), "matrices"),
        case(_decimals(rng, 4, 5), "matrices"),
        case(_decimals(rng, 2, 3, 2), "three axes"),
        case(np.abs(_decimals(rng, 5)), "all open"),
        case(-np.abs(_decimals(rng, 5)), "all closed"),
        Case({"dout": np.array([2.0, -3.0, 4.0, -5.0]), "x": np.array([0.0, 0.0, 1.5, -0.5])}, "exactly 0"),
    ]
    return (
        [*cases, case(_decimals(rng, 1, 7), "one row"), case(_decimals(rng, 6, 1), "one column")] if hidden else cases
    )


def _relu_backward(dout: np.ndarray, x: np.ndarray) -> np.ndarray:
    return dout * (x > 0)


_RELU_TOLD = {
    "decided by dout": (
        "Your door looks at dout: what is negative there does not get through. The door was opened or closed on the "
        "way forward, by x; a message may have any sign."
    ),
    "arguments exchanged": (
        "Yours is x where dout is positive: the two arguments have changed places. dout comes first here, then x."
    ),
    "closed and open exchanged": (
        "What should pass is stopped, and what should be stopped passes. On which side of 0 does the ReLU rise?"
    ),
    "always open": "Yours is dout, unchanged. Where x was negative the ReLU is flat; what gets through there?",
    "the value for the slope": (
        "Where x is positive, yours is x times too large: the message was multiplied by the ReLU's value. What is the "
        "slope of a straight line through 0 at 45 degrees?"
    ),
    "the slope alone": (
        "Yours is the ReLU's own slope, 1 or 0. What arrived from above, dout, is to be passed on where it is open."
    ),
    "the sign of x": (
        "Where x is negative, yours is −dout: that is the slope of |x|. The ReLU does not come down there, it is flat."
    ),
    "leaky": ("Where x is negative, a hundredth of dout gets through: that is a leaky ReLU. This one is closed there."),
    "half at 0": (
        "Everything is right except at exactly 0, where yours is half of dout. The ReLU has a corner there, so no "
        "slope is the true one. Take that of one side, as every library does: 0 (PyTorch's choice) or all of dout."
    ),
    "only what passes": (
        "Yours has only the entries that get through, in one row. Those that do not are 0, and stay in their places."
    ),
}

_AT_ZERO = (
    "Everything is right except at exactly 0. The ReLU has a corner there: take the slope of one side, so that 0 or "
    "all of dout gets through."
)

_RELU_WRONG: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "decided by dout": lambda dout, x: dout * (dout > 0),
    "arguments exchanged": lambda dout, x: x * (dout > 0),
    "closed and open exchanged": lambda dout, x: dout * (x < 0),
    "always open": lambda dout, x: dout,
    "the value for the slope": lambda dout, x: dout * np.maximum(x, 0),
    "the slope alone": lambda dout, x: np.where(x > 0, 1.0, 0.0),
    "the sign of x": lambda dout, x: dout * np.sign(x),
    "leaky": lambda dout, x: np.where(x > 0, dout, 0.01 * dout),
    "half at 0": lambda dout, x: dout * np.heaviside(x, 0.5),
    "only what passes": lambda dout, x: dout[x > 0],
}


def _judge_relu(exercise: Exercise, case: Case, answer: dict[str, Any]) -> Finding | None:
    """Compare with the reference, after either one-sided slope at exactly 0 was taken for the reference's."""
    dout, x, returned = case.arguments["dout"], case.arguments["x"], answer["returned"]
    try:
        got = np.asarray(returned)  # lists are answers too
    except ValueError:  # rows of different lengths
        got = np.empty(0)
    if got.shape == x.shape and got.dtype.kind in "iuf":
        open_at_zero = (x == 0) & ~differs(dout, got, exercise)
        returned = np.where(open_at_zero, 0.0, got)
    finding = compare_with_reference(exercise, case, {**answer, "returned": returned})
    if finding is None:
        return None
    symptom = _relu_symptom(exercise, case, returned, finding)
    return replace(finding, symptom=symptom, cause=_AT_ZERO if symptom == _AT_ZERO else finding.cause)


def _relu_symptom(exercise: Exercise, case: Case, returned: Any, finding: Finding) -> str:
    """Which known wrong answer this is, away from 0, where two answers are right; else what kind of thing is wrong."""
    dout, x = case.arguments["dout"], case.arguments["x"]
    if finding.rung == "shape" and np.shape(returned) == dout[x > 0].shape:
        return "only what passes"
    if finding.rung != "value":
        return finding.rung
    got = np.asarray(returned)
    if not differs(_relu_backward(dout, x)[x != 0], got[x != 0], exercise).any():
        return "half at 0" if not differs(0.5 * dout[x == 0], got[x == 0], exercise).any() else _AT_ZERO
    for label, wrong in _RELU_WRONG.items():
        theirs = wrong(dout, x)
        if theirs.shape == got.shape and not differs(theirs[x != 0], got[x != 0], exercise).any():
            return label
    return ""


def _changed_in_place(dout: np.ndarray, x: np.ndarray) -> np.ndarray:
    dout[x <= 0] = 0
    return dout


RELU_BACKWARD = Exercise(
    name="relu_backward",
    signature="relu_backward(dout, x)",
    reference=_relu_backward,
    cases=_relu_cases,
    judge=_judge_relu,
    withheld=AUTOMATIC,
    shape_notes={"": "A gradient has the shape of what it belongs to: that of x."},
    hints=(
        "The ReLU lets positive x through unchanged and stops the rest. What is its slope to the right of 0, and to "
        "the left?",
        "Message times local slope, entry by entry. `x > 0` is an array of True and False, and in a product True "
        "counts as 1, False as 0.",
    ),
    mistakes=(
        *(Mistake.implementation(label, _RELU_TOLD[label], function) for label, function in _RELU_WRONG.items()),
        Mistake.implementation(
            "in place",
            "The values are right, but dout comes back changed: whoever sent the message may still need it, for "
            "another receiver. `dout * …` and `np.where` make a new array; `dout[…] = 0` writes into the sender's.",
            _changed_in_place,
        ),
    ),
)


# ---------------------------------------------------------------------------------------------------------------------
# A layer: affine_forward and affine_backward
# ---------------------------------------------------------------------------------------------------------------------


def _affine(x: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    return x @ W + b


def _affine_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(samples: int, inputs: int, neurons: int, covers: str) -> Case:
        arguments = {
            "x": _decimals(rng, samples, inputs),
            "W": _decimals(rng, inputs, neurons),
            "b": _decimals(rng, neurons),
        }
        return Case(arguments, covers, f"N = {samples}, D = {inputs}, M = {neurons}")

    cases = [
        case(1, 2, 2, "one sample"),
        case(2, 2, 2, "everything square"),
        case(3, 2, 1, "one neuron"),
        case(2, 1, 3, "one input"),
        case(4, 3, 2, "4 × 3 times 3 × 2"),
        case(3, 4, 3, "as many neurons as samples"),
        case(20, 7, 5, "20 samples"),
    ]
    return [*cases, case(1, 1, 1, "one of each"), case(5, 5, 5, "everything square")] if hidden else cases


AFFINE_FORWARD = Exercise(
    name="affine_forward",
    signature="affine_forward(x, W, b)",
    reference=_affine,
    cases=_affine_cases,
    withheld=LAYERS,
    shape_notes={"": "One row for every sample, one column for every neuron: (N, M)."},
    hints=(
        "Shapes first: (N, D) times (D, M) is (N, M). What stands in row n, column m of the product?",
        "`@` multiplies matrices. b has shape (M,): added to an (N, M) array, it is added to each of its rows.",
    ),
    mistakes=(
        Mistake.relation(
            "no bias",
            "The values are those of a layer with b = 0. Where does b enter?",
            lambda expected, x, W, b: expected - b,
        ),
        Mistake.relation(
            "bias subtracted",
            "The bias is taken away; it is to be added.",
            lambda expected, x, W, b: expected - 2 * b,
        ),
        Mistake.relation(
            "bias inside the brackets",
            "Yours is x (W + b): the bias is multiplied by the inputs. It is added after the product.",
            lambda expected, x, W, b: x @ (W + b),
        ),
        Mistake.implementation(
            "W transposed",
            "Yours is x Wᵀ + b, which has the right shape only where W is square. In this course a neuron is a column "
            "of W, so x meets W as it is.",
            lambda x, W, b: x @ W.T + b,
        ),
        Mistake.relation(
            "columns as samples",
            "The numbers are there, and the array is turned round: yours has a row for every neuron. Data are rows "
            "here, so x stands to the left of W.",
            lambda expected, x, W, b: expected.T,
        ),
        Mistake.implementation(
            "entry by entry",
            "`*` multiplies entry by entry, and only where shapes happen to fit. A neuron adds up products of a whole "
            "row with a whole column.",
            lambda x, W, b: x * W + b,
        ),
        Mistake.relation(
            "with a sigmoid",
            "Yours has passed a sigmoid already. This layer ends with z; the activation comes after it, as a step of "
            "its own.",
            lambda expected, x, W, b: _sigmoid(expected),
        ),
        Mistake.relation(
            "with a ReLU",
            "Negative values come out as 0: yours has passed a ReLU already. This layer ends with z; the activation "
            "comes after it.",
            lambda expected, x, W, b: np.maximum(expected, 0),
        ),
        Mistake.implementation(
            "one bias for each sample",
            "The bias is added along the wrong axis. There is one for each neuron, that is for each column of the "
            "result; all samples share it.",
            lambda x, W, b: x @ W + b[:, None],
        ),
        Mistake.relation(
            "first sample only",
            "Only one sample comes back, expected all N of them. x is a matrix: one row a sample.",
            lambda expected, x, W, b: expected[0],
        ),
        Mistake.relation(
            "one neuron without its axis",
            "Layers of several neurons are right; with one neuron an axis is lost. The result is (N, 1) then, not "
            "(N,): the next layer counts on it.",
            lambda expected, x, W, b: expected[:, 0] if expected.shape[1] == 1 else expected,
        ),
    ),
)


def _affine_backward(dout: np.ndarray, x: np.ndarray, W: np.ndarray) -> tuple[np.ndarray, ...]:
    return dout @ W.T, x.T @ dout, dout.sum(axis=0)


def _affine_backward_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(samples: int, inputs: int, neurons: int, covers: str) -> Case:
        arguments = {
            "dout": _decimals(rng, samples, neurons),
            "x": _decimals(rng, samples, inputs),
            "W": _decimals(rng, inputs, neurons),
        }
        return Case(arguments, covers, f"N = {samples}, D = {inputs}, M = {neurons}")

    cases = [
        case(1, 2, 3, "one sample"),
        case(2, 2, 2, "everything square"),
        case(3, 2, 1, "one neuron"),
        case(2, 1, 3, "one input"),
        case(4, 3, 2, "4 samples, 3 inputs, 2 neurons"),
        case(3, 4, 3, "as many neurons as samples"),
        case(20, 7, 5, "20 samples"),
    ]
    return [*cases, case(1, 1, 1, "one of each"), case(5, 5, 5, "everything square")] if hidden else cases


AFFINE_BACKWARD = Exercise(
    name="affine_backward",
    signature="affine_backward(dout, x, W)",
    returns=("dx", "dW", "db"),
    reference=_affine_backward,
    cases=_affine_backward_cases,
    withheld=AUTOMATIC,
    shape_notes={
        "dx": "A gradient has the shape of what it belongs to: dx that of x, (N, D).",
        "dW": "A gradient has the shape of what it belongs to: dW that of W, (D, M).",
        "db": "One bias serves all N samples, so there is one slope for each of the M neurons: (M,).",
    },
    hints=(
        "One sample first: each weight gets what came in times what came back, each bias what came back, and each "
        "input the sum of what came back, each passed through its weight. What changes when there are N samples?",
        "All samples share W and b, so their messages add up. A matrix product adds up over the axis that meets: which "
        "of x, xᵀ, dout, W, Wᵀ have to meet over N, and which over M?",
        "Let the shapes decide: dW is (D, M), made from x (N, D) and dout (N, M); dx is (N, D), made from dout (N, M) "
        "and W (D, M). Only one order and one transposition fits each. db is a sum of rows.",
    ),
    mistakes=(
        Mistake.implementation(
            "dx: W not transposed",
            "In a square layer your dx has the right shape and wrong values. On the way forward input d reaches neuron "
            "m through W[d, m]; on the way back the message of m returns to d through the same weight.",
            lambda dout, x, W: (dout @ W, x.T @ dout, dout.sum(axis=0)),
        ),
        Mistake.relation(
            "dx and dW exchanged",
            "dx stands in the place of dW, or dW in that of dx. The order is dx, dW, db.",
            lambda expected, dout, x, W: (expected[1], expected[0], expected[2]),
        ),
        Mistake.relation(
            "dW first",
            "The three results are right, in another order. The order is dx, dW, db.",
            lambda expected, dout, x, W: (expected[1], expected[2], expected[0]),
        ),
        Mistake.relation(
            "all three: mean over the samples",
            "Too small by a factor of N: you divide by it. Whether the loss is a mean is for the loss to say, and dout "
            "knows it already; a layer only passes on.",
            lambda expected, dout, x, W: tuple(entry / len(x) for entry in expected),
        ),
        Mistake.relation(
            "dx: message not passed through W",
            "Your dx is dout itself. On the way to the inputs the messages pass the weights.",
            lambda expected, dout, x, W: (dout, *expected[1:]),
        ),
        Mistake.relation(
            "dW transposed",
            "Your dW is the right matrix, transposed. W has a row for every input and a column for every neuron.",
            lambda expected, dout, x, W: (expected[0], expected[1].T, expected[2]),
        ),
        Mistake.relation(
            "dW: mean over the samples",
            "Your dW is divided by N. Whether the loss is a mean is for the loss to say, and dout knows it already; "
            "here messages are added up.",
            lambda expected, dout, x, W: (expected[0], expected[1] / len(x), expected[2]),
        ),
        Mistake.relation(
            "dW: samples kept apart",
            "Your dW has one matrix for every sample. All samples share one W, so their messages add up.",
            lambda expected, dout, x, W: (expected[0], x[:, :, None] * dout[:, None, :], expected[2]),
        ),
        Mistake.relation(
            "dW: inputs without messages",
            "Your dW does not depend on dout: it adds up the inputs alone. Each sample's inputs count as much as its "
            "message says.",
            lambda expected, dout, x, W: (expected[0], x.T @ np.ones_like(dout), expected[2]),
        ),
        Mistake.relation(
            "db not summed",
            "Your db is dout itself, one row for every sample. All of them share one b: what happens to messages that "
            "meet?",
            lambda expected, dout, x, W: (*expected[:2], dout),
        ),
        Mistake.relation(
            "db: mean over the samples",
            "Your db is divided by N. Whether the loss is a mean is for the loss to say; here messages are added up.",
            lambda expected, dout, x, W: (*expected[:2], dout.mean(axis=0)),
        ),
        Mistake.relation(
            "db: summed over the neurons",
            "Your db has one number for each sample: dout was summed along its rows. It is the samples that share b.",
            lambda expected, dout, x, W: (*expected[:2], dout.sum(axis=1)),
        ),
        Mistake.relation(
            "db: one number",
            "Your db is one number: dout was summed over everything. Each neuron has a bias of its own.",
            lambda expected, dout, x, W: (*expected[:2], dout.sum()),
        ),
        Mistake.relation(
            "db: ones counted",
            "Your db is N everywhere. The bias is multiplied by 1 in every sample; the message of the sample is still "
            "to be multiplied with that.",
            lambda expected, dout, x, W: (*expected[:2], np.full(dout.shape[1], float(len(dout)))),
        ),
        Mistake.relation(
            "db keeps an axis",
            "Your db has the right numbers and one axis too many: (1, M) where b is (M,). Does your sum keep the axis "
            "that it sums over?",
            lambda expected, dout, x, W: (*expected[:2], expected[2][None, :]),
        ),
    ),
)


# ---------------------------------------------------------------------------------------------------------------------
# xor_weights: judged by what the network does
# ---------------------------------------------------------------------------------------------------------------------

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = (False, True, True, False)
_PARAMETERS = {"W1": (2, 2), "b1": (2,), "W2": (2, 1), "b2": (1,)}
_GATES = {
    (True, False, False, True): "opposite",
    (False, True, True, True): "or",
    (False, False, False, True): "and",
    (True, True, True, False): "nand",
    (True, False, False, False): "nor",
    (False, False, True, True): "one input",
    (False, True, False, True): "one input",
    (True, True, False, False): "one input",
    (True, False, True, False): "one input",
    (False, True, False, False): "one half",
    (False, False, True, False): "one half",
    (False, False, False, False): "never",
    (True, True, True, True): "always",
}

_XOR_TOLD = {
    "opposite": (
        "Yours is right at no point: it says yes where the two inputs are equal. How do you turn an output z into its "
        "opposite, with the limit at 0.5? Every weight behind the hidden layer takes part, and so does b2."
    ),
    "or": (
        "Yours is OR: only (1, 1) is wrong. There the output has to come down again. Which of your hidden neurons is "
        "awake at (1, 1) and asleep at the other three points? If none is, make one."
    ),
    "and": (
        "Yours is AND: it says yes at (1, 1) only. A neuron for “both” is half of the work; XOR is “at least one” "
        "without “both”."
    ),
    "nand": (
        "Yours is wrong at (0, 0) only: it says “not both”. What is missing is “at least one”. Which of your hidden "
        "neurons tells (0, 0) from the two points in the middle?"
    ),
    "nor": (
        "Yours says yes at (0, 0) only. XOR wants its yes where exactly one input is 1. What does each of your hidden "
        "neurons measure?"
    ),
    "one input": (
        "Your yes and no follow one of the two inputs, whatever the other is. XOR needs both. Do both inputs reach the "
        "hidden layer, and both of its neurons the output?"
    ),
    "one half": (
        "Yours says yes at one of the two points in the middle, and no at the other. XOR does not change when its "
        "inputs are exchanged: what one hidden neuron does for one of them, the second can do for the other."
    ),
    "never": (
        "No point comes above 0.5. Are the hidden neurons awake at the points (0, 1) and (1, 0) at all, and are the "
        "weights behind them large enough?"
    ),
    "always": (
        "All four points are above 0.5. Something has to bring the output down at (1, 1). At (0, 0) only the biases "
        "are left: how large are they?"
    ),
    "limit at 0": (
        "The order is right: both points in the middle lie above the two others. But yours is made for a limit of 0, "
        "and the limit is 0.5 here. Which single number moves all outputs together?"
    ),
    "out of scale": (
        "The order is right: both points in the middle lie above the two others, by enough to be told apart. Now move "
        "all outputs together, or stretch them, so that 0.5 lies between the two groups."
    ),
    "W1 transposed": (
        "With W1 transposed your network would be right. A hidden neuron is a column of W1 here: W1[0, 1] leads from "
        "the first input to the second hidden neuron."
    ),
    "step": (
        "With steps or sigmoids in the hidden layer your network would be right. The hidden layer here has "
        "ReLUs, which do not stop at 1: a neuron that adds up both inputs is larger at (1, 1) than in the middle. Work "
        "out both hidden values there."
    ),
    "not finite": "A weight that is infinite or not a number makes every output so. Weights are ordinary numbers.",
}


def _xor_outputs(
    W1: np.ndarray, b1: np.ndarray, W2: np.ndarray, b2: np.ndarray, activation: Callable[[Any], Any] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The hidden layer (4, 2) and the outputs (4,) at the four corners."""
    z = CORNERS @ W1 + b1
    hidden = np.maximum(z, 0) if activation is None else activation(z)
    return hidden, (hidden @ W2 + b2)[:, 0]


def _is_xor(outputs: np.ndarray) -> bool:
    return tuple((outputs > 0.5).tolist()) == XOR


def _judge_xor(exercise: Exercise, case: Case, answer: dict[str, Any]) -> Finding | None:
    returned = answer["returned"]
    if isinstance(returned, np.ndarray) and returned.dtype.kind in "biuf" and returned.ndim:
        returned = tuple(returned)
    names = tuple(_PARAMETERS)
    if returned is None:
        finding = compare_with_reference(exercise, case, answer)
        return replace(finding, symptom="nothing") if finding is not None else None
    if not isinstance(returned, list | tuple) or len(returned) != len(names):
        finding = compare_with_reference(exercise, case, {**answer, "returned": returned})
        return replace(finding, symptom="four arrays") if finding is not None else None
    arrays = []
    for name, value in zip(names, returned, strict=True):
        finding = compare(np.zeros(_PARAMETERS[name]), value, exercise, name)
        if finding is not None and finding.rung in ("returned nothing", "type", "shape", "dtype"):
            return replace(finding, symptom=f"{finding.rung} of {name}")
        arrays.append(np.asarray(value, dtype=float))
    if not all(np.isfinite(array).all() for array in arrays):
        bad = next(name for name, array in zip(names, arrays, strict=True) if not np.isfinite(array).all())
        return Finding(
            "not finite",
            f"{bad} holds an infinite number or none at all.",
            bad,
            _XOR_TOLD["not finite"],
            symptom="not finite",
        )
    W1, b1, W2, b2 = arrays
    hidden, outputs = _xor_outputs(W1, b1, W2, b2)
    if _is_xor(outputs):
        return None
    symptom = _xor_symptom(W1, b1, W2, b2)
    return Finding(
        "value", _xor_text(hidden, outputs), cause=_XOR_TOLD.get(symptom), table=_xor_table(outputs), symptom=symptom
    )


def _xor_symptom(W1: np.ndarray, b1: np.ndarray, W2: np.ndarray, b2: np.ndarray) -> str:
    """What would have to be otherwise for the network to be right; else which question it answers instead."""
    _, outputs = _xor_outputs(W1, b1, W2, b2)
    if _is_xor(_xor_outputs(W1.T, b1, W2, b2)[1]):
        return "W1 transposed"
    if _is_xor(_xor_outputs(W1, b1, W2, b2 + 0.5)[1]):
        return "limit at 0"
    bounded: tuple[Callable[[Any], Any], ...] = (lambda z: 1.0 * (z > 0), _sigmoid)
    if any(_is_xor(_xor_outputs(W1, b1, W2, b2 + limit, kind)[1]) for kind in bounded for limit in (0.0, 0.5)):
        return "step"
    if min(outputs[1], outputs[2]) - max(outputs[0], outputs[3]) > 1e-6:
        return "out of scale"
    return _GATES.get(tuple((outputs > 0.5).tolist()), "")


def _point(corner: np.ndarray) -> str:
    return f"({corner[0]:g}, {corner[1]:g})"


def _xor_text(hidden: np.ndarray, outputs: np.ndarray) -> str:
    """Which of the four points are wrong, and how the first of them got its output."""
    wrong = [place for place in range(4) if bool(outputs[place] > 0.5) is not XOR[place]]
    place, wanted = wrong[0], "more than 0.5" if XOR[wrong[0]] else "at most 0.5"
    right = 4 - len(wrong)
    lead = f"{right} of the 4 points {'is' if right == 1 else 'are'} right; wrong: "
    lead += listing(_point(CORNERS[other]) for other in wrong)
    layer = ", ".join(number(value) for value in hidden[place])
    return (
        f"{lead}. At {_point(CORNERS[place])} your hidden layer is ({layer}) and your output "
        f"{number(outputs[place])}, expected {wanted}."
    )


def _xor_table(outputs: np.ndarray) -> Table:
    wrong = tuple(bool(outputs[place] > 0.5) is not XOR[place] for place in range(4))
    return Table(
        columns=tuple(_point(corner) for corner in CORNERS),
        expected=tuple("above 0.5" if wanted else "0.5 or less" for wanted in XOR),
        got=tuple(number(value) for value in outputs),
        first_wrong=wrong.index(True),
        wrong=wrong,
    )


def _network(W1: list[list[float]], b1: list[float], W2: list[float], b2: float) -> tuple[np.ndarray, ...]:
    return np.array(W1, float), np.array(b1, float), np.array(W2, float)[:, None], np.array([b2], float)


def _makes(symptom: str, *weights: Any) -> Mistake:
    """Weights that go wrong in this way."""
    return Mistake.implementation(symptom, _XOR_TOLD[symptom], lambda: _network(*weights))


_SAME: list[list[float]] = [[1, 1], [1, 1]]

XOR_WEIGHTS = Exercise(
    name="xor_weights",
    signature="xor_weights()",
    returns=tuple(_PARAMETERS),
    # One of very many: the distance of x1 and x2, from either side.
    reference=lambda: _network([[1, -1], [-1, 1]], [0, 0], [1, 1], 0),
    cases=lambda rng, hidden: [Case({}, "the four points")],
    judge=_judge_xor,
    shape_notes={
        "W1": "One row for each input, one column for each hidden neuron.",
        "b1": "One bias for each hidden neuron.",
        "W2": "One row for each hidden neuron, one column for the output: two brackets, as in [[1], [2]].",
        "b2": "One bias for the one output, in an array: np.array([0.0]).",
    },
    hints=(
        "Each hidden neuron is a line with a slope on one of its sides: 0 on one, growing on the other. Draw the four "
        "points. Where could a line lie so that it singles out one of them, or so that both middle points lie on it?",
        "One way: a neuron that adds up both inputs tells (0, 0) from the rest, and gives 2 at (1, 1). A second "
        "neuron that is awake at (1, 1) only can take away what is too much there.",
        "Let the first hidden neuron be relu(x1 + x2) and the second relu(x1 + x2 − 1). Write down both at the four "
        "points. Which multiple of the second has to be taken away so that 0, 1, 1 and 0 remain?",
    ),
    mistakes=(
        _makes("or", _SAME, [0, -1], [1, 0], 0),
        _makes("never", _SAME, [-2, -3], [1, -2], 0),
        _makes("always", _SAME, [0, -1], [1, -0.5], 0.75),
        _makes("opposite", _SAME, [0, -1], [-1, 2], 1),
        _makes("and", _SAME, [-1, -1], [1, 0], 0),
        _makes("nand", _SAME, [0, -1], [0, -1], 1),
        _makes("nor", _SAME, [0, -1], [-1, 1], 1),
        _makes("one input", [[1, 0], [0, 1]], [0, 0], [1, 0], 0),
        _makes("limit at 0", _SAME, [0, -1], [1, -2], -0.5),
        _makes("out of scale", _SAME, [0, -1], [0.2, -0.4], 0.1),
        _makes("W1 transposed", [[1, 1], [2, 2]], [0, -2], [1, -1], 0),
        _makes("one half", [[1, 0], [0, 1]], [0, 0], [1, -1], 0),
        _makes("step", _SAME, [-0.5, -1.5], [1, -1], 0),
        _makes("not finite", _SAME, [0, -math.inf], [1, -2], 0),
    ),
)


# ---------------------------------------------------------------------------------------------------------------------
# bump
# ---------------------------------------------------------------------------------------------------------------------


def _bump(x: Any, left: float, right: float, height: float, steepness: float) -> Any:
    x = np.asarray(x, dtype=float)
    return height * (_sigmoid(steepness * (x - left)) - _sigmoid(steepness * (x - right)))


def _bump_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(x: Any, covers: str, left: float, right: float, height: float, steepness: float) -> Case:
        arguments = {"x": x, "left": left, "right": right, "height": height, "steepness": steepness}
        return Case(arguments, covers)

    def drawn(x: Any, covers: str, steepness: float) -> Case:
        left = float(np.round(rng.uniform(-1.0, -0.2), 1))
        right = left + float(np.round(rng.uniform(0.8, 1.7), 1))
        return case(x, covers, left, right, float(_decimals(rng, low=1.2, high=3.0)), steepness)

    grid = np.linspace(-2, 2, 9)
    cases = [
        case(0.5, "a number", 0.0, 1.0, 2.0, 4.0),
        case(np.array([-0.5, 0.5, 1.0]), "vectors", 0.0, 1.0, 3.0, 2.0),
        drawn(grid, "gentle slopes", 3.0),
        drawn(grid, "gentle slopes", 1.5),
        drawn(grid + 0.03, "steep slopes", 50.0),
        drawn(_decimals(rng, 3, 2), "matrices", 4.0),
        drawn(grid + 0.03, "walls that are nearly upright", 1000.0),
    ]
    return (
        [*cases, drawn(rng.normal(size=(2, 2, 3)), "three axes", 2.5), drawn(grid, "vectors", 0.7)] if hidden else cases
    )


BUMP = Exercise(
    name="bump",
    signature="bump(x, left, right, height, steepness)",
    reference=_bump,
    cases=_bump_cases,
    withheld=SIGMOIDS,
    shape_notes={"": "The bump has one height for every x: the shapes are the same."},
    hints=(
        "One sigmoid is a step up. What has to happen at `right` so that it comes down again?",
        "σ(steepness · (x − left)) is a step up at `left`. Take away the same step at `right`, then stretch what "
        "remains to the height.",
    ),
    mistakes=(
        Mistake.relation(
            "step down missing",
            "Yours goes up at left and stays up. What brings it down at right?",
            lambda expected, x, left, right, height, steepness: height * _sigmoid(steepness * (np.asarray(x) - left)),
        ),
        Mistake.relation(
            "steps added",
            "Yours goes up at left and up again at right: the two steps are added.",
            lambda expected, x, left, right, height, steepness: (
                height * (_sigmoid(steepness * (np.asarray(x) - left)) + _sigmoid(steepness * (np.asarray(x) - right)))
            ),
        ),
        Mistake.relation(
            "upside down",
            "Yours is the bump upside down. Which of the two steps is taken away from the other?",
            lambda expected, x, left, right, height, steepness: -expected,
        ),
        Mistake.relation(
            "no height",
            "Yours has a height of about 1, whatever `height` is.",
            lambda expected, x, left, right, height, steepness: expected / height,
        ),
        Mistake.relation(
            "height on one step",
            "`height` stretches the first step only. The second has to bring down all that the first took up.",
            lambda expected, x, left, right, height, steepness: (
                height * _sigmoid(steepness * (np.asarray(x) - left)) - _sigmoid(steepness * (np.asarray(x) - right))
            ),
        ),
        Mistake.relation(
            "height inside the sigmoid",
            "`height` stands inside the sigmoids: it makes the steps steeper, not higher.",
            lambda expected, x, left, right, height, steepness: _bump(x, left, right, 1.0, height * steepness),
        ),
        Mistake.relation(
            "steepness on x alone",
            "Your steps are in other places: steepness multiplies x alone. Multiplied by s, the whole difference "
            "x − left is 0 where x = left; s·x − left is not.",
            lambda expected, x, left, right, height, steepness: (
                height * (_sigmoid(steepness * np.asarray(x) - left) - _sigmoid(steepness * np.asarray(x) - right))
            ),
        ),
        Mistake.relation(
            "steepness left out",
            "Your steps are equally steep, whatever `steepness` is.",
            lambda expected, x, left, right, height, steepness: _bump(x, left, right, height, 1.0),
        ),
        Mistake.relation(
            "divided by steepness",
            "A larger `steepness` makes your steps flatter. Does it multiply or divide?",
            lambda expected, x, left, right, height, steepness: _bump(x, left, right, height, 1 / steepness),
        ),
        Mistake.relation(
            "x + left",
            "Your steps lie at −left and −right. Where is x + left equal to 0?",
            lambda expected, x, left, right, height, steepness: _bump(x, -left, -right, height, steepness),
        ),
        Mistake.relation(
            "product of steps",
            "Yours multiplies a step up by a step down. That is a bump too, and for steep ones the same; but an output "
            "neuron adds what comes in, with weights, and cannot multiply. The formula takes a difference.",
            lambda expected, x, left, right, height, steepness: (
                height * _sigmoid(steepness * (np.asarray(x) - left)) * _sigmoid(steepness * (right - np.asarray(x)))
            ),
        ),
        Mistake.relation(
            "difference inside one sigmoid",
            "Yours is the same for every x: with both places inside one sigmoid, x cancels. There are two sigmoids, "
            "one for each step.",
            lambda expected, x, left, right, height, steepness: np.full(
                np.shape(x), height * float(_sigmoid(steepness * (right - left)))
            ),
        ),
        Mistake.relation(
            "tanh for sigmoid",
            "Your steps are those of tanh: twice as high, from −1 to 1, and twice as steep.",
            lambda expected, x, left, right, height, steepness: 2 * _bump(x, left, right, height, 2 * steepness),
        ),
        Mistake.relation(
            "steps without slopes",
            "Yours jumps: it is 0 or the height, nothing between. The steps are sigmoids, with a steepness.",
            lambda expected, x, left, right, height, steepness: (
                height * ((np.asarray(x) > left) & (np.asarray(x) < right))
            ),
        ),
    ),
)


EXERCISES = (SIGMOID, SIGMOID_GRAD, RELU_BACKWARD, AFFINE_FORWARD, AFFINE_BACKWARD, XOR_WEIGHTS, BUMP)
