"""The exercises of notebook 02: backpropagation by hand."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit.exercises import programs
from nnkit.exercises.autograd_probes import FUNCTIONS
from nnkit.exercises.exercise import Case, Exercise, Mistake
from nnkit.exercises.programs import program_case

# Whoever calls one of these has not worked by hand: the engine here, and its equals elsewhere.
AUTOMATIC = (
    "nnkit.engine.Tensor.backward",
    "nnkit.engine.walk",
    "nnkit.gradient_check.gradcheck",
    "torch.Tensor.backward",
    "torch.autograd.backward",
    "torch.autograd.grad",
    "torch.func.grad",
    "jax.grad",
    "autograd.grad",
)
NUMERICAL = (
    "scipy.optimize.approx_fprime",
    "scipy.optimize._numdiff.approx_derivative",
    "scipy.differentiate.derivative",
    "scipy.differentiate.jacobian",
    "numdifftools.Gradient",
    "numdifftools.Derivative",
)
NOT_BY_HAND = ("numerical_gradient", *AUTOMATIC, *NUMERICAL)


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def _slope(s: Any) -> Any:
    return s * (1 - s)


def _draw(rng: np.random.Generator, low: float = 0.5, high: float = 2.5) -> float:
    """One decimal, so that a reader can follow by hand; the sign is drawn too."""
    return float(np.round(rng.uniform(low, high), 1) * rng.choice([-1, 1]))


# ---------------------------------------------------------------------------------------------------------------------
# numerical_gradient
# ---------------------------------------------------------------------------------------------------------------------

STEP = 1e-4


def _central_difference(f: str, x: np.ndarray, h: float | None) -> Any:
    """What (f(x + h) − f(x − h)) / 2h is for each entry, worked out: exact for squares, h² more for cubes."""
    x, h = np.asarray(x, dtype=np.float64), STEP if h is None else h
    if "squares" in f:
        return 2 * x
    if "cubes" in f:
        return 3 * x**2 + h**2
    if "sines" in f:
        return np.cos(x) * np.sin(h) / h
    if "product" in f:
        return np.prod(x) / x
    if "loss" in f:
        return 8 * x - 2
    return np.arange(1.0, x.size + 1).reshape(x.shape)


def _numerical_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(f: str, x: Any, covers: str, h: float | None = None) -> Case:
        x = np.asarray(x)
        entries = f"{x.ravel().tolist() if x.ndim else x.item()}".replace("-", "−")
        where = f"x = {entries}" if x.size <= 3 and x.ndim < 2 else f"x of shape {x.shape}"
        kind = " (integers)" if x.dtype.kind == "i" else ""
        step = "" if h is None else f", h = {h}"
        return Case({"f": f, "x": x, "h": h}, covers, f"f is {f}, {where}{kind}{step}")

    def floats(*shape: int) -> np.ndarray:
        return np.round(rng.uniform(0.5, 2.5, shape), 1) * rng.choice([-1, 1], shape)

    cases = [
        case("the loss θx + θ²x² at x = −2", 3.0, "single numbers"),
        case("the sum of squares, as a Python float", floats(2), "a function that returns a plain float"),
        case("the sum of squares, as a 0-d array", floats(3), "one that returns a 0-d array"),
        case("the sum of cubes", floats(2), "a large h", 0.5),
        case("the sum of cubes", floats(2, 2), "a large h", 0.25),
        case("the product of all entries", floats(3), "entries that work together", 0.5),
        case("the product of all entries", floats(2, 2), "entries that work together"),
        case("1·first + 2·second + 3·third …", floats(2, 3), "matrices"),
        case("the sum of sines", floats(3, 4), "matrices"),
        case("the sum of squares", floats(2, 3, 2), "three axes"),
        case("the sum of sines", rng.integers(1, 6, 3), "integers"),
        case("the product of all entries", rng.integers(2, 6, (2, 2)), "integers"),
    ]
    if hidden:
        cases += [
            case("the sum of sines", floats(), "single numbers", 0.5),
            case("the sum of cubes", floats(1), "one entry"),
            case("the product of all entries", floats(1, 4), "matrices", 0.25),
            case("the product of all entries", -rng.integers(1, 5, 4), "integers"),
            case("the sum of sines", floats(7), "vectors"),
        ]
    return cases


def _each_entry(f: str, x: np.ndarray, h: float | None, slope: Callable[..., float]) -> np.ndarray:
    """Entry by entry what `slope(function, position, h)` gives."""
    result = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        result[place] = slope(FUNCTIONS[f], place, STEP if h is None else h)
    return result


def _moved(x: np.ndarray, place: Any, by: float, dtype: Any = np.float64) -> np.ndarray:
    moved = np.array(x, dtype=dtype)
    moved[place] = moved[place] + by
    return moved


def _one_sided(f: str, x: np.ndarray, h: float | None) -> np.ndarray:
    start = np.array(x, dtype=np.float64)
    return _each_entry(f, x, h, lambda g, place, h: (g(_moved(x, place, h)) - g(start)) / h)


def _in_integers(f: str, x: np.ndarray, h: float | None) -> np.ndarray:
    return _each_entry(
        f, x, h, lambda g, place, h: (g(_moved(x, place, h, x.dtype)) - g(_moved(x, place, -h, x.dtype))) / (2 * h)
    )


def _all_at_once(f: str, x: np.ndarray, h: float | None) -> float:
    step = STEP if h is None else h
    return float((FUNCTIONS[f](x + step) - FUNCTIONS[f](x - step)) / (2 * step))


def _row_by_row(f: str, x: np.ndarray, h: float | None) -> np.ndarray:
    result, step = np.zeros(x.shape), STEP if h is None else h
    for row in range(len(x)):
        result[row] = (FUNCTIONS[f](_moved(x, row, step)) - FUNCTIONS[f](_moved(x, row, -step))) / (2 * step)
    return result


def _never_moved_back(f: str, x: np.ndarray, h: float | None) -> np.ndarray:
    above, below = np.array(x, dtype=np.float64), np.array(x, dtype=np.float64)

    def slope(function: Callable[..., Any], place: Any, step: float) -> float:
        above[place] += step
        below[place] -= step
        return float((function(above) - function(below)) / (2 * step))

    return _each_entry(f, x, h, slope)


def _moved_in_place(f: str, x: np.ndarray, h: float | None) -> np.ndarray:
    def slope(function: Callable[..., Any], place: Any, step: float) -> float:
        x[place] += step
        above = function(x.astype(np.float64))
        x[place] -= 2 * step
        below = function(x.astype(np.float64))
        x[place] += step
        return float((above - below) / (2 * step))

    return _each_entry(f, x, h, slope)


def _refuse_entries(f: str, x: np.ndarray, h: float | None) -> np.ndarray:
    if x.ndim:
        raise TypeError("f received one number")
    return _central_difference(f, x, h)


NUMERICAL_GRADIENT = Exercise(
    name="numerical_gradient",
    signature="numerical_gradient(f, x, h=1e-4)",
    reference=_central_difference,
    cases=_numerical_cases,
    probe="numerical_gradient",
    relative=1e-6,
    absolute=1e-7,
    withheld=(*NUMERICAL, *AUTOMATIC),
    shape_notes={"": "There is one slope for every entry of x, so the gradient has the shape of x."},
    hints=(
        "For a single number: how much does f change when you go from x − h to x + h, and how long is that way?",
        "Make a float copy of x, move one entry of it up by h, ask f; move the same entry down by h, ask f again. f "
        "gets the whole array each time. Which other entries may have moved?",
        "`for place in np.ndindex(x.shape):` visits every entry of an array of any shape, a number's included; "
        "`moved[place]` reads and writes it. Copy x afresh for every entry, with `np.array(x, dtype=float)`.",
    ),
    mistakes=(
        Mistake.implementation(
            "one-sided difference",
            "Yours compares f(x + h) with f(x). That chord lies on one side of x only; on a curve it is too steep or "
            "too flat by an amount that grows with h. Where would the other end have to be?",
            _one_sided,
        ),
        Mistake.implementation(
            "one side over two steps",
            "Yours compares f(x + h) with f(x) and divides by 2h. How long is the way between these two points? And "
            "why ask f at only one side of x?",
            lambda f, x, h: _one_sided(f, x, h) / 2,
        ),
        Mistake.relation(
            "divided by h",
            "Yours is twice the expected value, everywhere. How far apart are the two points at which you ask f?",
            lambda expected, f, x, h: 2 * expected,
        ),
        Mistake.relation(
            "/ 2 * h",
            "Yours is too small by a factor h². Python works `… / 2 * h` from left to right: where does h end up?",
            lambda expected, f, x, h: expected * (STEP if h is None else h) ** 2,
        ),
        Mistake.relation(
            "not divided",
            "Yours is the change of f. The gradient is that change for each unit of way: what did you walk?",
            lambda expected, f, x, h: expected * 2 * (STEP if h is None else h),
        ),
        Mistake.relation(
            "signs swapped",
            "Yours has the right size everywhere and the opposite sign. Which of the two values of f is taken away "
            "from the other?",
            lambda expected, f, x, h: -expected,
        ),
        Mistake.relation(
            "h ignored",
            "With the usual h everything is right; with another one your values do not change. Does the step in your "
            "loop come from the argument h?",
            lambda expected, f, x, h: _central_difference(f, x, None),
        ),
        Mistake.implementation(
            "all entries at once",
            "Yours moves all entries of x together and gets one number. The gradient asks for each entry alone, "
            "while all the others stay where they are.",
            _all_at_once,
        ),
        Mistake.implementation(
            "row by row",
            "Vectors are right; in a matrix all entries of a row come out equal. `len(x)` counts rows: how do you "
            "reach every entry?",
            _row_by_row,
        ),
        Mistake.implementation(
            "never moved back",
            "Entries are moved and stay moved while the next one is tried, so later slopes are taken at another "
            "place than x. It shows where entries work together.",
            _never_moved_back,
        ),
        Mistake.implementation(
            "integers stay integers",
            "Only integers fail. An array of integers rounds what is written into it: 2 + 0.0001 is stored as 2 again, "
            "and 2 − 0.0001 as 1.",
            _in_integers,
        ),
        Mistake.implementation(
            "moved in place",
            "x comes back changed. In floats, + h, − 2h, + h does not end exactly where it began, and an array of "
            "integers drops the fraction each time. Work on a copy, or keep the old entry and write it back.",
            _moved_in_place,
        ),
        Mistake.relation(
            "flat result",
            "The slopes are there, in one long row. They belong in the shape of x: entry by entry, each in its place.",
            lambda expected, f, x, h: np.reshape(expected, -1) if np.ndim(expected) else expected,
        ),
        Mistake.implementation(
            "f called with one entry",
            "f is a function of the whole array. Give it all of x, with one entry moved.",
            _refuse_entries,
        ),
    ),
)


# ---------------------------------------------------------------------------------------------------------------------
# Gradients by hand
# ---------------------------------------------------------------------------------------------------------------------


def _three_numbers(fixed: tuple[tuple[float, float, float], ...]) -> Callable[[np.random.Generator, bool], list[Case]]:
    """Some points worked on paper, and others."""

    def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
        # Each variable is negative at some of the points and positive at others.
        signs = rng.permutation([(1, 1, -1), (-1, 1, 1), (1, -1, -1), (-1, -1, 1)] * (2 if hidden else 1))
        drawn = [tuple(float(sign) * abs(_draw(rng)) for sign in row) for row in signs]
        return [
            *(Case(dict(zip("xyz", point, strict=True)), "points worked on paper") for point in fixed),
            *(Case(dict(zip("xyz", point, strict=True)), "random points") for point in drawn),
            Case({"x": _draw(rng), "y": _draw(rng), "z": 0.0}, "z = 0"),
        ]

    return cases


def _product(x: float, y: float, z: float) -> tuple[float, float, float]:
    return z**2, z**2, 2 * (x + y) * z


PRODUCT_GRADIENTS = Exercise(
    name="product_gradients",
    signature="product_gradients(x, y, z)",
    returns=("dx", "dy", "dz"),
    reference=_product,
    cases=_three_numbers(((2.0, -3.0, 2.0), (1.0, 2.0, 3.0))),
    withheld=NOT_BY_HAND,
    hints=(
        "Give the results in between names: u = x + y, v = z², f = u v. Which message do u and v get from f?",
        "A product sends each factor the other factor. u passes its message on to x and to y unchanged; v is a square, "
        "whose slope is twice what went in.",
    ),
    mistakes=(
        Mistake.relation(
            "the other brackets",
            "Your numbers belong to ((x + y) z)², the square of the whole product. Here only z is squared.",
            lambda expected, x, y, z: (2 * (x + y) * z**2, 2 * (x + y) * z**2, 2 * (x + y) ** 2 * z),
        ),
        Mistake.relation(
            "the square forgotten",
            "Your numbers belong to (x + y) z. What does the other factor of x + y look like in the graph?",
            lambda expected, x, y, z: (z, z, x + y),
        ),
        Mistake.relation(
            "dx and dy: local slope alone",
            "Your dx and dy are 1, the slope of the sum by itself. Which message arrives at the sum from above?",
            lambda expected, x, y, z: (1.0, 1.0, expected[2]),
        ),
        Mistake.relation(
            "dx and dy: multiplied by their own value",
            "Your dx is x times too large, your dy y times. How much does x + y change when x grows by 1, whatever x "
            "is?",
            lambda expected, x, y, z: (x * expected[0], y * expected[1], expected[2]),
        ),
        Mistake.relation(
            "dz: factor 2 missing",
            "Your dz is half of what it should be. What is the slope of z² at z = 3?",
            lambda expected, x, y, z: (*expected[:2], expected[2] / 2),
        ),
        Mistake.relation(
            "dz: message from above missing",
            "Your dz is 2z, the slope of the square by itself. What does the product send to it?",
            lambda expected, x, y, z: (*expected[:2], 2 * z),
        ),
        Mistake.relation(
            "dz: message alone",
            "Your dz is the message that arrives at the square. It has not passed the square yet.",
            lambda expected, x, y, z: (*expected[:2], x + y),
        ),
        Mistake.relation(
            "dz: exponent kept",
            "Your dz is z times too large: the exponent stayed 2 when you took the slope of z².",
            lambda expected, x, y, z: (*expected[:2], expected[2] * z),
        ),
    ),
)


def _cube(x: float, y: float, z: float) -> tuple[float, float, float]:
    s = np.sin(x) + y
    return 3 * s**2 * z**3 * np.cos(x), 3 * s**2 * z**3, 3 * s**3 * z**2


CUBE_GRADIENTS = Exercise(
    name="cube_gradients",
    signature="cube_gradients(x, y, z)",
    returns=("dx", "dy", "dz"),
    reference=_cube,
    # At x = 2 the cosine is negative.
    cases=_three_numbers(((0.0, 1.0, 2.0), (1.0, 1.0, 1.0), (2.0, 1.0, -1.0))),
    withheld=NOT_BY_HAND,
    hints=(
        "Walk from the right: the cube first. With u = (sin x + y) z it receives 1 and sends 3u². What is u at (0, "
        "1, 2)?",
        "Next the product: it sends each factor its message times the other factor. Then the sum, which copies. Only "
        "the way to x passes one more node.",
        "dy is the message that the sum receives. dx is the same message after it has passed the sine: times cos x.",
    ),
    mistakes=(
        Mistake.relation(
            "dx and dy exchanged",
            "Your dx is what dy should be, and dy what dx should be. Which of the two has to pass the sine?",
            lambda expected, x, y, z: (expected[1], expected[0], expected[2]),
        ),
        Mistake.relation(
            "dx: sine not passed",
            "Your dx is what dy should be. Between the sum and x stands one more node.",
            lambda expected, x, y, z: (expected[1], *expected[1:]),
        ),
        Mistake.relation(
            "dx: sine for its slope",
            "Your dx has sin x where the slope of the sine belongs. At x = 0 the sine is 0; is it flat there?",
            lambda expected, x, y, z: (expected[1] * np.sin(x), *expected[1:]),
        ),
        Mistake.relation(
            "dx: minus cosine",
            "Your dx has the wrong sign, and only dx. Which of the two, sine or cosine, gets a minus when it is "
            "differentiated?",
            lambda expected, x, y, z: (-expected[0], *expected[1:]),
        ),
        Mistake.relation(
            "factor 3 missing",
            "A third of what it should be. What comes down from the exponent?",
            lambda expected, x, y, z: tuple(entry / 3 for entry in expected),
        ),
        Mistake.relation(
            "slope of the cube without its square",
            "Your cube sends 3 times its value. What is the slope of u³ at u = 2?",
            lambda expected, x, y, z: tuple(3 * (np.sin(x) + y) * z * g for g in (z * np.cos(x), z, np.sin(x) + y)),
        ),
        Mistake.relation(
            "exponent kept",
            "Your cube sends 3u³. The exponent goes down by one when the slope is taken.",
            lambda expected, x, y, z: tuple((np.sin(x) + y) * z * entry for entry in expected),
        ),
        Mistake.relation(
            "message of the cube missing",
            "Your numbers are the gradients of (sin x + y) z. The cube stands above it and sends more than 1.",
            lambda expected, x, y, z: (z * np.cos(x), z, np.sin(x) + y),
        ),
        Mistake.relation(
            "dx and dy: product not passed",
            "On the way to dx and dy the message passes the product too; by which factor?",
            lambda expected, x, y, z: (
                3 * ((np.sin(x) + y) * z) ** 2 * np.cos(x),
                3 * ((np.sin(x) + y) * z) ** 2,
                expected[2],
            ),
        ),
        Mistake.relation(
            "dz: own factor",
            "Your product sends z its own value. A factor receives the *other* factor.",
            lambda expected, x, y, z: (*expected[:2], expected[1]),
        ),
    ),
)


def _neuron(a: np.ndarray, w: np.ndarray, b: float) -> tuple[Any, ...]:
    d = _slope(_sigmoid(a @ w + b))
    return d * w, d * a, d


def _neuron_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(size: int, covers: str) -> Case:
        a, w = rng.uniform(0.5, 1.5, (2, size)).round(1) * rng.choice([-1, 1], (2, size))
        # The sum stays between −2 and 2 and away from 0, where the slope would be 1/4 for many wrong reasons.
        target = rng.uniform(0.7, 2) * rng.choice([-1, 1])
        return Case({"a": a, "w": w, "b": float(np.round(target - a @ w, 1))}, covers)

    cases = [
        case(1, "one input"),
        case(1, "one input"),
        Case({"a": np.array([-1.0, -2.0]), "w": np.array([2.0, -3.0]), "b": -3.0}, "the neuron of the text"),
        case(2, "two inputs"),
        case(3, "three inputs"),
        case(6, "six inputs"),
    ]
    return cases + [case(size, "other sizes") for size in (1, 4, 9)] if hidden else cases


def _scaled(factor: Callable[..., Any]) -> Callable[..., tuple[Any, ...]]:
    """The neuron's gradients with another slope, made from z and σ(z)."""

    def change(expected: Any, a: np.ndarray, w: np.ndarray, b: float) -> tuple[Any, ...]:
        z = a @ w + b
        d = factor(z, _sigmoid(z))
        return d * w, d * a, d

    return change


def _neuron_without_sum(a: np.ndarray, w: np.ndarray, b: float) -> tuple[Any, ...]:
    d = _slope(_sigmoid(a * w + b))
    return d * w, d * a, d


NEURON_GRADIENTS = Exercise(
    name="neuron_gradients",
    signature="neuron_gradients(a, w, b)",
    returns=("da", "dw", "db"),
    reference=_neuron,
    cases=_neuron_cases,
    withheld=NOT_BY_HAND,
    shape_notes={
        "da": "There is one slope for every input.",
        "dw": "There is one slope for every weight.",
        "db": "A neuron has one bias, so db is one number.",
    },
    hints=(
        "Forward first: z = a · w + b, then s = σ(z). Which message leaves the sigmoid for z?",
        "The sigmoid sends σ(z)(1 − σ(z)) times 1. The sum copies it: that is db already. Then come the products.",
        "The product of a and w sends each of them the message times the *other* one.",
    ),
    mistakes=(
        Mistake.relation(
            "slope of the sigmoid missing",
            "Your db is 1: the message has not passed the sigmoid. By which factor does it shrink there?",
            _scaled(lambda z, s: 1.0),
        ),
        Mistake.relation(
            "the sigmoid's value for its slope",
            "Your message after the sigmoid is σ(z), its value. At z = 5 the value is nearly 1; is it steep there?",
            _scaled(lambda z, s: s),
        ),
        Mistake.relation(
            "half of the slope",
            "Your message after the sigmoid is 1 − σ(z); one factor of its slope is missing.",
            _scaled(lambda z, s: 1 - s),
        ),
        Mistake.relation(
            "slope from z",
            "Your slope is z (1 − z). The rule σ (1 − σ) is about what comes out of the sigmoid, not what goes in.",
            _scaled(lambda z, s: z * (1 - z)),
        ),
        Mistake.relation(
            "slope from σ(σ)",
            "Your slope is taken at σ(z): the sigmoid was applied once more on the way back.",
            _scaled(lambda z, s: _slope(_sigmoid(s))),
        ),
        Mistake.relation(
            "slope of tanh",
            "Your slope is 1 − σ². That is the form for tanh.",
            _scaled(lambda z, s: 1 - s**2),
        ),
        Mistake.relation(
            "da and dw exchanged",
            "Your da is what dw should be, and dw what da should be. What does a product send to its first factor?",
            lambda expected, a, w, b: (expected[1], expected[0], expected[2]),
        ),
        Mistake.relation(
            "db times b",
            "Your db is b times too large: b is added, and a sum copies its message.",
            lambda expected, a, w, b: (*expected[:2], b * expected[2]),
        ),
        Mistake.relation(
            "bias left out of the sum",
            "Your slope is taken at a · w. Does the bias reach the sigmoid on the way forward?",
            lambda expected, a, w, b: _neuron(a, w, 0.0),
        ),
        Mistake.relation(
            "bias subtracted",
            "Your slope is taken at a · w − b. Over how much of z does the minus in your exponential reach?",
            lambda expected, a, w, b: _neuron(a, w, -b),
        ),
        Mistake.implementation(
            "products not summed",
            "One input is right, several are not, and db has one number for each. `a * w` keeps the products apart: "
            "the neuron adds them up before the sigmoid.",
            _neuron_without_sum,
        ),
    ),
)


def _logistic(x: float, t: float, w: float, b: float) -> tuple[float, float]:
    y = _sigmoid(w * x + b)
    delta = (y - t) * _slope(y)
    return delta * x, delta


def _logistic_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    signs = itertools.cycle((1, -1, -1, 1))  # so that each target meets both

    def case(t: float, covers: str) -> Case:
        x, w = abs(_draw(rng, 1.5, 2.5)) * next(signs), _draw(rng, 0.5, 1.3)
        b = float(np.round(rng.uniform(0.4, 1.6) * rng.choice([-1, 1]) - w * x, 1))
        return Case({"x": x, "t": t, "w": w, "b": b or 0.5}, covers)

    cases = [
        Case({"x": 2.0, "t": 0.0, "w": 1.0, "b": -1.0}, "the example of the text"),
        Case({"x": 0.0, "t": 1.0, "w": 1.0, "b": -1.0}, "an input of 0"),
        *(case(t, f"target {t:g}") for t in (0.0, 1.0, 0.0, 1.0)),
        case(0.3, "a target in between"),
    ]
    return cases + [case(t, f"target {t:g}") for t in (0.0, 1.0, 1.0)] if hidden else cases


def _with_delta(delta: Callable[..., float]) -> Callable[..., tuple[float, float]]:
    """The gradients with another error signal, made from z, σ(z) and t."""

    def change(expected: Any, x: float, t: float, w: float, b: float) -> tuple[float, float]:
        z = w * x + b
        d = delta(z, _sigmoid(z), t)
        return d * x, d

    return change


LOGISTIC_GRADIENTS = Exercise(
    name="logistic_gradients",
    signature="logistic_gradients(x, t, w, b)",
    returns=("dw", "db"),
    reference=_logistic,
    cases=_logistic_cases,
    withheld=NOT_BY_HAND,
    hints=(
        "Three nodes on the way back: the loss, the sigmoid, the sum w x + b. What does each multiply the message by?",
        "½(y − t)² sends y − t to y. After the sigmoid the message is δ. From there it is one step to w and one to b.",
    ),
    mistakes=(
        Mistake.relation(
            "sign of the error",
            "The opposite sign: your message starts as t − y. The loss grows with y where y is above t.",
            lambda expected, x, t, w, b: tuple(-entry for entry in expected),
        ),
        Mistake.relation(
            "slope of the sigmoid missing",
            "Your db is y − t. That is the message before the sigmoid; δ is the one after it.",
            _with_delta(lambda z, y, t: y - t),
        ),
        Mistake.relation(
            "no sigmoid",
            "Your numbers are those of w x + b without its sigmoid. Through what does it go before it is compared "
            "with t?",
            _with_delta(lambda z, y, t: z - t),
        ),
        Mistake.relation(
            "bias subtracted",
            "Your numbers are those of w x − b. Over how much of z does the minus in your exponential reach?",
            lambda expected, x, t, w, b: _logistic(x, t, w, -b),
        ),
        Mistake.relation(
            "bias left out of the sum",
            "Your numbers are those of w x alone. Does the bias reach the sigmoid on the way forward?",
            lambda expected, x, t, w, b: _logistic(x, t, w, 0.0),
        ),
        Mistake.relation(
            "error missing",
            "Your db is the slope of the sigmoid and does not depend on the target. What does the loss send to y?",
            _with_delta(lambda z, y, t: _slope(y)),
        ),
        Mistake.relation(
            "the half forgotten",
            "Exactly twice too large. What does the ½ in front of the square cancel?",
            lambda expected, x, t, w, b: tuple(2 * entry for entry in expected),
        ),
        Mistake.relation(
            "slope from z",
            "Your slope is z (1 − z). The rule is about the sigmoid's output.",
            _with_delta(lambda z, y, t: (y - t) * z * (1 - z)),
        ),
        Mistake.relation(
            "half of the slope",
            "Your δ is (y − t) y; one factor of the sigmoid's slope is missing.",
            _with_delta(lambda z, y, t: (y - t) * y),
        ),
        Mistake.relation(
            "dw: x missing",
            "Your dw equals db. The way from δ to w passes the product w x.",
            lambda expected, x, t, w, b: (expected[1], expected[1]),
        ),
        Mistake.relation(
            "dw: times w",
            "Your dw is δ times w: a factor receives the *other* factor.",
            lambda expected, x, t, w, b: (expected[1] * w, expected[1]),
        ),
        Mistake.relation(
            "db: times b",
            "Your db is b times too large: b is added, and a sum copies its message.",
            lambda expected, x, t, w, b: (expected[0], expected[1] * b),
        ),
        Mistake.relation(
            "order of the results",
            "The two numbers are right, in the other order: first dw, then db.",
            lambda expected, x, t, w, b: (expected[1], expected[0]),
        ),
    ),
)


def _diamond(a: float, b: float) -> tuple[float, float]:
    return (a + b) ** 2 + 2 * a * (a + b), 2 * a * (a + b)


def _diamond_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    drawn = [(_draw(rng, 0.5, 2.0), _draw(rng, 2.1, 3.5)) for _ in range(8 if hidden else 4)]
    drawn += [(-abs(a), abs(b)) for a, b in drawn[:1]]  # a negative, a + b positive
    return [
        Case({"a": 2.0, "b": 1.0}, "the numbers of the text"),
        *(Case({"a": a, "b": b}, "random numbers") for a, b in drawn),
        Case({"a": 0.0, "b": 3.0}, "a = 0"),
    ]


DIAMOND_GRADIENTS = Exercise(
    name="diamond_gradients",
    signature="diamond_gradients(a, b)",
    returns=("da", "db"),
    reference=_diamond,
    cases=_diamond_cases,
    withheld=NOT_BY_HAND,
    hints=(
        "Two values have more than one arrow going out. Which are they, and how many messages does each of them get?",
        "Order: f, v, u, then a and b. u gets one message from f and one from v; only their sum is passed on.",
        "At a = 2, b = 1: f sends v the number 3 and u the number 6. v sends u its 3 times 2. So u has 6 + 6 = 12.",
    ),
    mistakes=(
        Mistake.relation(
            "u: one message lost",
            "Your db is half of what it should be: of the two messages that arrive at u only one was passed on. What "
            "becomes of messages that meet?",
            lambda expected, a, b: (a * (a + b) + (a + b) ** 2, a * (a + b)),
        ),
        Mistake.relation(
            "a: the direct message lost",
            "Your da is what db should be: what comes through u. But a has two arrows going out, one to u and one to "
            "v.",
            lambda expected, a, b: (expected[1], expected[1]),
        ),
        Mistake.relation(
            "a: the message through u lost",
            "Your da holds what comes from v, and not what comes through u.",
            lambda expected, a, b: ((a + b) ** 2, expected[1]),
        ),
        Mistake.relation(
            "u sent twice",
            "Yours are too large: u passed its first message on before the second had arrived, and then passed on "
            "the sum.",
            lambda expected, a, b: ((a + b) ** 2 + 3 * a * (a + b), 3 * a * (a + b)),
        ),
        Mistake.relation(
            "messages multiplied",
            "Your two messages at u were multiplied with each other. A message is multiplied by a slope when it "
            "passes a node; messages that meet are added.",
            lambda expected, a, b: ((a * (a + b)) ** 2 + (a + b) ** 2, (a * (a + b)) ** 2),
        ),
        Mistake.relation(
            "order of the results",
            "The two numbers are right, in the other order: first da, then db.",
            lambda expected, a, b: (expected[1], expected[0]),
        ),
    ),
)


# ---------------------------------------------------------------------------------------------------------------------
# Two layers
# ---------------------------------------------------------------------------------------------------------------------


def _two_layers(
    x: Any,
    y: Any,
    W1: Any,
    b1: Any,
    W2: Any,
    b2: Any,
    *,
    output_slope: Callable[..., Any] = lambda z, s: _slope(s),
    hidden_slope: Callable[..., Any] = lambda z, s: _slope(s),
    back: Callable[..., Any] = lambda W2, delta, error: W2 @ delta,
    kept: Callable[..., Any] = lambda z, s: s,
) -> tuple[Any, ...]:
    """The gradients of the two layers; the keywords are the places where things go wrong."""
    z1 = x @ W1 + b1
    h = _sigmoid(z1)
    z2 = h @ W2 + b2
    prediction = _sigmoid(z2)
    delta2 = (prediction - y) * output_slope(z2, prediction)
    delta1 = back(W2, delta2, prediction - y) * hidden_slope(z1, h)
    return np.outer(x, delta1), delta1, np.outer(kept(z1, h), delta2), delta2


def _inner_products(*arguments: Any) -> tuple[Any, ...]:
    x, _, W1, b1, *_ = arguments
    _, delta1, _, delta2 = _two_layers(*arguments)
    return x.T @ delta1, delta1, _sigmoid(x @ W1 + b1).T @ delta2, delta2


def _two_layer_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(inputs: int, middle: int, outputs: int, covers: str) -> Case:
        def draw(*shape: int) -> np.ndarray:
            return rng.uniform(0.4, 1.6, shape).round(1) * rng.choice([-1, 1], shape)

        arguments = {
            "x": draw(inputs),
            "y": rng.uniform(0.1, 0.9, outputs).round(1),
            "W1": draw(inputs, middle),
            "b1": draw(middle),
            "W2": draw(middle, outputs),
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


def _slip(**places: Any) -> Callable[..., tuple[Any, ...]]:
    return lambda expected, **arguments: _two_layers(**arguments, **places)


TWO_LAYER_GRADIENTS = Exercise(
    name="two_layer_gradients",
    signature="two_layer_gradients(x, y, W1, b1, W2, b2)",
    returns=("dW1", "db1", "dW2", "db2"),
    reference=_two_layers,
    cases=_two_layer_cases,
    withheld=NOT_BY_HAND,
    shape_notes={
        "dW1": "A gradient has its owner's shape: one row for each input, one column for each hidden neuron.",
        "dW2": "A gradient has its owner's shape: one row for each hidden neuron, one column for each output.",
        "db1": "A gradient has its owner's shape: one number for each hidden neuron.",
        "db2": "A gradient has its owner's shape: one number for each output.",
    },
    hints=(
        "Keep h and ŷ from the way forward. Then fill the table from the bottom: first δ₂, which is db2 already.",
        "The table says dW2[j, k] = h[j] δ₂[k]: all products of two vectors. `np.outer(h, delta2)` makes exactly that.",
        "On the way back through W2 hidden neuron j receives Σₖ W2[j, k] δ₂[k]: that is `W2 @ delta2`. Times the slope "
        "h (1 − h) it is δ₁.",
    ),
    mistakes=(
        Mistake.relation(
            "slope at the output missing",
            "The slope of the sigmoid at the output is missing: your db2 is ŷ − y. Which factor stands between ∂L/∂ŷ "
            "and δ₂ in the table?",
            _slip(output_slope=lambda z, s: 1.0),
        ),
        Mistake.relation(
            "slope at the hidden layer missing",
            "In the hidden layer the slope of the sigmoid is missing: the message passes it once more there.",
            _slip(hidden_slope=lambda z, s: 1.0),
        ),
        Mistake.relation(
            "no slopes at all",
            "db2 is ŷ − y, and in the hidden layer the slope is missing too. A message is multiplied by the slope of "
            "every sigmoid that it passes.",
            _slip(output_slope=lambda z, s: 1.0, hidden_slope=lambda z, s: 1.0),
        ),
        Mistake.relation(
            "sign of the error",
            "The opposite sign: your first message is y − ŷ. L grows with ŷ where ŷ is above y.",
            lambda expected, **arguments: tuple(-entry for entry in expected),
        ),
        Mistake.relation(
            "the half forgotten",
            "Exactly twice too large. What does the ½ in front of the squares cancel?",
            lambda expected, **arguments: tuple(2 * entry for entry in expected),
        ),
        Mistake.relation(
            "hidden layer fed with the raw error",
            "What you send back through W2 is ŷ − y; the message that leaves the output neuron is δ₂.",
            _slip(back=lambda W2, delta, error: W2 @ error),
        ),
        Mistake.relation(
            "way back without the weights",
            "Every hidden neuron receives the same message in yours; on its way back a message "
            "passes the weight that it came through.",
            _slip(back=lambda W2, delta, error: np.full(len(W2), delta.sum())),
        ),
        Mistake.implementation(
            "way back with W2 the wrong way round",
            "Square matrices run, others do not: δ₂ has one entry for each output, and the sum over the outputs must "
            "leave one entry for each hidden neuron. Along which axis of W2 do the outputs lie?",
            lambda *arguments: _two_layers(*arguments, back=lambda W2, delta, error: delta @ W2),
        ),
        Mistake.relation(
            "slopes from z",
            "Your slopes are z (1 − z). The rule s (1 − s) is about what comes out of the sigmoid.",
            _slip(output_slope=lambda z, s: z * (1 - z), hidden_slope=lambda z, s: z * (1 - z)),
        ),
        Mistake.relation(
            "hidden slope from z",
            "In the hidden layer your slope is z (1 − z); the rule is about what comes out of the sigmoid, h.",
            _slip(hidden_slope=lambda z, s: z * (1 - z)),
        ),
        Mistake.relation(
            "dW2 from the pre-activation",
            "Your dW2 multiplies δ₂ by what goes into the hidden sigmoids; W2 was multiplied by what comes out.",
            _slip(kept=lambda z, s: z),
        ),
        Mistake.relation(
            "matrices transposed",
            "The entries are right and lie across: your rows are columns. dW[j, k] belongs to the weight from neuron "
            "j to neuron k, so δ runs along the row.",
            lambda expected, **arguments: (expected[0].T, expected[1], expected[2].T, expected[3]),
        ),
        Mistake.implementation(
            "vectors transposed and multiplied",
            "A vector has no rows and columns: `.T` leaves it as it is, and `@` between two vectors makes one number. "
            "Here every entry of one meets every entry of the other; which function of NumPy does that?",
            _inner_products,
        ),
        Mistake.relation(
            "output layer first",
            "The four arrays are right, in another order: first dW1, db1, then dW2, db2.",
            lambda expected, **arguments: (*expected[2:], *expected[:2]),
        ),
        Mistake.relation(
            "forward without biases",
            "Your numbers come from a network without its biases. Do b1 and b2 enter on the way forward?",
            lambda expected, x, y, W1, b1, W2, b2: _two_layers(x, y, W1, 0 * b1, W2, 0 * b2),
        ),
        Mistake.relation(
            "biases subtracted",
            "Your numbers come from a network that subtracts its biases. Over how much of z does the minus in your "
            "exponential reach?",
            lambda expected, x, y, W1, b1, W2, b2: _two_layers(x, y, W1, -b1, W2, -b2),
        ),
    ),
)


# ---------------------------------------------------------------------------------------------------------------------
# Counting
# ---------------------------------------------------------------------------------------------------------------------


def _costs(d: int, d1: int, d2: int, D: int) -> tuple[int, int]:
    return d * (D * d2 + d2 * d1), D * (d2 * d1 + d1 * d)


def _cost_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(covers: str, *sizes: int) -> Case:
        return Case(dict(zip(("d", "d1", "d2", "D"), map(int, sizes), strict=True)), covers)

    drawn = [case("random sizes", *rng.choice(np.arange(2, 40), 4, replace=False)) for _ in range(8 if hidden else 4)]
    return [
        case("small sizes", 2, 3, 4, 5),
        case("one input", 1, 10, 20, 300),
        case("one output", 784, 128, 64, 1),
        case("equal sizes", 5, 5, 5, 5),
        *drawn,
    ]


JACOBIAN_COSTS = Exercise(
    name="jacobian_costs",
    signature="jacobian_costs(d, d1, d2, D)",
    returns=("forward", "reverse"),
    reference=_costs,
    cases=_cost_cases,
    relative=0.0,
    absolute=1e-3,
    hints=(
        "A matrix (p, q) times a matrix (q, r) has p · r entries, and each of them takes q multiplications.",
        "Forward mode begins at the inputs: J₂ J₁ first, a matrix of d2 rows and d columns, then J₃ times that. "
        "Reverse mode begins at the outputs: J₃ J₂ first.",
    ),
    mistakes=(
        Mistake.relation(
            "exchanged",
            "Your two numbers stand in the other order. Forward mode begins where the inputs are.",
            lambda expected, d, d1, d2, D: (expected[1], expected[0]),
        ),
        Mistake.relation(
            "first product only",
            "Yours counts the first of the two products. Its result still has to be multiplied by the third matrix.",
            lambda expected, d, d1, d2, D: (d2 * d1 * d, D * d2 * d1),
        ),
        Mistake.relation(
            "neighbours only",
            "Yours adds the costs of J₂ J₁ and of J₃ J₂. In either mode the second product is with the result of the "
            "first.",
            lambda expected, d, d1, d2, D: (d2 * d1 * d + D * d2 * d1,) * 2,
        ),
        Mistake.relation(
            "entries of the matrices",
            "Yours counts the entries of the three matrices. An entry of J₁ takes part in more than one "
            "multiplication.",
            lambda expected, d, d1, d2, D: (d1 * d + d2 * d1 + D * d2,) * 2,
        ),
        Mistake.relation(
            "everything multiplied",
            "Yours is the product of all four sizes. The two matrix products are done one after the other: what do "
            "their costs do, multiply or add?",
            lambda expected, d, d1, d2, D: (d * d1 * d2 * D,) * 2,
        ),
        Mistake.relation(
            "one input, one output",
            "Yours are too small by a factor d and by a factor D: they follow a single input forward, or a single "
            "output back.",
            lambda expected, d, d1, d2, D: (D * d2 + d2 * d1, d2 * d1 + d1 * d),
        ),
        Mistake.relation(
            "additions counted too",
            "Yours is larger than the number of multiplications: an entry that sums q products takes q "
            "multiplications and q − 1 additions. Only the first are asked for.",
            lambda expected, d, d1, d2, D: (
                d2 * d * (2 * d1 - 1) + D * d * (2 * d2 - 1),
                D * d1 * (2 * d2 - 1) + D * d * (2 * d1 - 1),
            ),
        ),
        Mistake.relation(
            "reverse: sizes of the second product",
            "In reverse J₃ J₂ has D rows and d1 columns; which size does its product with J₁ sum over?",
            lambda expected, d, d1, d2, D: (expected[0], D * (d2 * d1 + d2 * d)),
        ),
        Mistake.relation(
            "forward: sizes of the second product",
            "In forward mode J₂ J₁ has d2 rows and d columns; which size does J₃'s product with it sum over?",
            lambda expected, d, d1, d2, D: (d * (D * d1 + d2 * d1), expected[1]),
        ),
    ),
)


# ---------------------------------------------------------------------------------------------------------------------
# Value
# ---------------------------------------------------------------------------------------------------------------------


def _value_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def number() -> float:
        return float(np.round(rng.uniform(0.5, 2.5), 1))

    def leaves(names: str) -> dict[str, float]:
        drawn = rng.choice([*range(6, 10), *range(11, 25)], len(names), replace=False) / 10  # 1 would hide factors
        return {name: float(value) for name, value in zip(names, drawn, strict=True)}

    single = {
        "sums": ("ab", "c = a + b"),
        "products": ("ab", "c = a * b"),
        "differences": ("ab", "c = a - b"),
        "quotients": ("ab", "c = a / b"),
        "powers": ("a", "c = a ** 3"),
        "minus": ("a", "c = -a"),
        "exp": ("a", "c = a.exp()"),
        "tanh": ("a", "c = a.tanh()"),
        "sin": ("a", "c = a.sin()"),
        "relu": ("a", "c = a.relu()"),
    }
    cases = [program_case(covers, leaves(names), text) for covers, (names, text) in single.items()]
    cases += [
        program_case("powers", {"a": 3.0}, "b = a ** 2"),
        program_case("powers", {"a": number()}, "b = a ** -1"),
        program_case("powers", {"a": number()}, "b = a ** 0.5"),
        program_case("relu", {"a": -number()}, "b = a.relu()"),
        program_case("numbers on the right", {"a": number()}, "b = a + 2; c = b - 3; d = c * 4; e = d / 5"),
        *(
            program_case("numbers on the left", {"a": number(), "k": 3.0}, f"b = {text}; c = b * k")
            for text in ("2 + a", "3 * a", "2 - a", "2.5 / a")
        ),
        *(
            program_case(programs.CHAIN, leaves(names) | {"k": 3.0}, f"{text}; d = c * k")
            for names, text in single.values()
        ),
        program_case(
            "formulas", {"x": number(), "w": -number(), "b": number()}, "p = x * w; z = p + b; y = z.tanh(); f = y * 4"
        ),
        program_case(
            "formulas",
            {"x": 0.5, "y": number(), "z": number()},
            "s = x.sin(); t = s + y; u = t * z; v = u ** 3; f = v / 8",
        ),
        program_case("formulas", {"a": number()}, "b = -a; c = b.exp(); d = 1 + c; y = 1 / d; r = y.relu(); f = r - 3"),
        program_case(programs.TWICE, {"a": 3.0}, "b = a + a; c = b + b"),
        program_case(programs.TWICE, {"a": number()}, "b = a * a; c = b * b"),
        program_case(programs.FORK, {"a": 2.0, "b": 1.0}, "u = a + b; v = a * u; f = u * v"),
        program_case(programs.FORK, leaves("ab"), "u = a + b; v = u * a; f = v * u"),
        # Every operation works on a value that has received a message before its own arrives.
        *(
            program_case(programs.SHARED, leaves(names), f"{text}; v = c * a" + ("; f = v + b" if "b" in names else ""))
            for names, text in single.values()
            if "relu" not in text
        ),
        program_case(programs.SHARED, {"a": -number()}, "b = a.relu(); c = b - a"),
        program_case(programs.EQUAL, leaves("ab"), "u = a + b; v = b + a; f = u * v"),
        program_case(programs.SECOND, {"a": 2.0, "b": 3.0}, "c = a * b", "d = a + b; e = d * b"),
        _long_chain(rng, 200 if hidden else 100),
    ]
    if hidden:
        cases += [
            program_case(programs.FORK, {"a": number()}, "b = a * 2; c = b * a; d = c + a; e = d * b"),
            program_case(programs.SECOND, {"a": 2.0}, "b = a * 3", "c = a * 5", "d = a + 1; e = d * 2"),
            program_case("powers", {"a": number()}, "b = a ** 4"),
            program_case("formulas", leaves("abc"), "d = a - b; e = d / c; f = e.exp(); g = f / a; h = 2 - g"),
        ]
    # Last: an answer that takes too long for it has been tried on everything else by then.
    return [*cases, _doubled(rng, 30)]


def _long_chain(rng: np.random.Generator, length: int) -> Case:
    signs = rng.choice(["* 0.9", "+ 0.5", "- 0.25"], length)
    steps = [f"c{i + 1} = c{i} {sign}" for i, sign in enumerate(signs)]
    text = f"`c0 = Value(1.5)`, then {length} operations one after the other, such as `{steps[0]}`"
    return program_case(f"a row of {length} operations", {"c0": 1.5}, "; ".join(steps), text=text)


def _doubled(rng: np.random.Generator, times: int) -> Case:
    value = float(rng.integers(1, 9)) / 2
    steps = [f"c{i + 1} = c{i} + c{i}" for i in range(times)]
    text = f"`c0 = Value({value:g})`, doubled {times} times: `c1 = c0 + c0`, `c2 = c1 + c1`, …"
    return program_case(programs.DOUBLED, {"c0": value}, "; ".join(steps), text=text)


def _class_with(**slips: Any) -> Callable[..., Any]:
    return lambda leaves, graphs: programs.evaluate(leaves, graphs, **slips)


def _wrong_rule(sign: str, label: str, sentence: str, slope: Callable[..., tuple[float, ...]]) -> Mistake:
    return Mistake.implementation(label, sentence, _class_with(changed={sign: slope}))


def _numbers_not_wrapped(leaves: dict[str, float], graphs: list[list[Any]]) -> Any:
    for _, sign, *operands in (step for graph in graphs for step in graph):
        on_the_right = len(operands) == 2 and isinstance(operands[1], int | float)
        turned_round = sign in "+*" and isinstance(operands[0], int | float)
        if sign != "**" and (on_the_right or turned_round):
            raise AttributeError("a number has no attribute 'data'")
    return programs.evaluate(leaves, graphs)


def _lacking(method: str) -> Mistake:
    return Mistake.implementation(
        f"no {method}",
        programs.missing_text(method),
        lambda leaves, graphs: programs.lacking(leaves, graphs, method),
    )


VALUE = Exercise(
    name="Value",
    signature="Value(data)",
    reference=programs.evaluate,
    cases=_value_cases,
    probe="autograd",
    judge=programs.judge,
    # float32 work passes, a one-sided difference with a step that can be seen does not.
    relative=5e-5,
    absolute=1e-6,
    withheld=AUTOMATIC,
    hints=(
        "Begin with + and × alone. Each makes a new Value that remembers its two operands and, for each, the slope: "
        "what a "
        'message is multiplied by on the way there. `check("Value")` says how far you are.',
        "`backward` needs the order of notebook 01: every Value after its operands. Walk it from the end. A Value "
        "sends each operand its own `.grad` times the slope, and the operand adds that to what it has.",
        "One line turns a plain number into a Value: `other = other if isinstance(other, Value) else Value(other)`. "
        "With `__radd__`, `__rmul__`, `__rsub__`, `__rtruediv__` numbers may stand on the left; a − b can be a + "
        "(−b), and a / b can be a × b⁻¹, so that only few operations need a slope of their own.",
    ),
    mistakes=(
        Mistake.implementation(
            "messages overwrite each other",
            "Where a value is used more than once, and where a second graph uses the same leaves, only the last "
            "message survives. What happens in your code to the message that was there before?",
            _class_with(send=programs.overwrite),
        ),
        Mistake.implementation(
            "one message for each operand",
            "Only `a + a` and `a * a` fail: two arrows lead from the same value to one operation, and one message is "
            "lost. What becomes of two equal operands in the collection in which you keep them?",
            _class_with(send=programs.once_for_each_operand),
        ),
        Mistake.implementation(
            "sends again and again",
            "Where a value is used more than once, too much arrives. Some value sends what it has, receives more, "
            "and sends everything again. In which order would each need to send only once?",
            _class_with(send=programs.again_and_again),
        ),
        Mistake.implementation(
            "sends before everything has arrived",
            "Where a value feeds several others, something is lost on the way: a value was passed on when only part "
            "of its messages had arrived. Whose turn may it be only when all its users have had theirs?",
            _class_with(send=programs.at_first_sight),
        ),
        Mistake.implementation(
            "walks every way",
            "Every gradient is right, but a value that is used twice has everything before it walked twice: 30 "
            "doublings make 2³⁰ ways, more than 10⁹. Let each value send once, when all of its messages are there.",
            _class_with(send=programs.along_every_way),
        ),
        Mistake.implementation(
            "wrong end first",
            "Only what enters the last operation gets a gradient; everything farther back stays at 0. Where does "
            "your walk begin, and what has arrived there by then?",
            _class_with(send=programs.front_to_back),
        ),
        Mistake.implementation(
            "message from above not used",
            "Single operations are right, several in a row are not: each sends its slope alone. What else has to be in "
            "the message?",
            _class_with(send=programs.without_arriving),
        ),
        Mistake.implementation(
            "no first message",
            "All gradients are 0. The walk begins at the result: with which number, and does the result itself send?",
            _class_with(start=0.0),
        ),
        Mistake.implementation(
            "gradients set back",
            "One graph is right; after a second one on the same leaves what the first had sent is gone. Who sets the "
            "leaves back to 0?",
            _class_with(forget=True),
        ),
        _wrong_rule(
            "*",
            "product: own factor",
            "A product of yours sends each factor its own value. How much does a b grow when a grows by 1?",
            lambda x, y, f: (x, y),
        ),
        _wrong_rule(
            "-",
            "difference: sign of the second",
            "In a − b the message to b has the wrong sign. What happens to a − b when b grows?",
            lambda x, y, f: (1, 1),
        ),
        _wrong_rule(
            "neg",
            "minus in front: sign",
            "In −a the message keeps its sign. What happens to −a when a grows?",
            lambda x, f: (1,),
        ),
        _wrong_rule(
            "/",
            "quotient: sign of the divisor",
            "In a / b the message to b has the wrong sign. What happens to a / b when b grows?",
            lambda x, y, f: (1 / y, x / y**2),
        ),
        _wrong_rule(
            "/",
            "quotient: divisor not squared",
            "In a / b the message to a is right, that to b is not: write a / b as a · b⁻¹ and take the slope of the "
            "power.",
            lambda x, y, f: (1 / y, -x / y),
        ),
        _wrong_rule(
            "**",
            "power: exponent kept",
            "In a ** n your slope is n aⁿ: the exponent did not go down by one.",
            lambda x, n, f: (n * x**n,),
        ),
        _wrong_rule(
            "**",
            "power: factor missing",
            "In a ** n your slope lacks a factor. What is the slope of a² at a = 3?",
            lambda x, n, f: (x ** (n - 1),),
        ),
        _wrong_rule(
            "exp",
            "exp: slope from its input",
            "For exp you multiply by what goes in. Which function is its own slope?",
            lambda x, f: (x,),
        ),
        _wrong_rule(
            "tanh",
            "tanh: slope from its input",
            "For tanh your slope is 1 − a². The rule is about what comes out.",
            lambda x, f: (1 - x**2,),
        ),
        _wrong_rule(
            "tanh",
            "tanh: square missing",
            "For tanh your slope is 1 − tanh a; something in it is squared. Try a large negative a: is the curve "
            "steep there?",
            lambda x, f: (1 - f,),
        ),
        _wrong_rule(
            "tanh",
            "tanh: slope of the sigmoid",
            "For tanh your slope is t (1 − t). That is the form for the sigmoid.",
            lambda x, f: (f * (1 - f),),
        ),
        _wrong_rule(
            "sin",
            "sin: slope from its output",
            "For sin you take the cosine of what comes out. The slope at a is the cosine of a.",
            lambda x, f: (math.cos(f),),
        ),
        _wrong_rule(
            "sin",
            "sin: sign",
            "For sin the message has the wrong sign. Does the sine rise or fall at 0?",
            lambda x, f: (-math.cos(x),),
        ),
        _wrong_rule(
            "relu",
            "relu: always open",
            "Your relu lets the message through for negative numbers too. How steep is it there?",
            lambda x, f: (1,),
        ),
        _wrong_rule(
            "relu",
            "relu: value for its slope",
            "For relu you multiply by what comes out. To the right of 0 it rises by 1 for each 1: how steep is that?",
            lambda x, f: (f,),
        ),
        Mistake.implementation(
            "2 − a as a − 2",
            "`2 - a` gives what `a - 2` should. For a number on the left Python calls your method with a as `self` "
            "and the number as `other`.",
            _class_with(rewrite=programs.operands_swapped("-")),
        ),
        Mistake.implementation(
            "2 / a as a / 2",
            "`2 / a` gives what `a / 2` should. For a number on the left Python calls your method with a as `self` "
            "and the number as `other`.",
            _class_with(rewrite=programs.operands_swapped("/")),
        ),
        Mistake.implementation(
            "plain numbers not taken",
            "Values with Values work; where a plain number takes part, your code asks the number for its `.data`. "
            "Make a Value of it first.",
            _numbers_not_wrapped,
        ),
        *(_lacking(method) for method in ("__radd__", "__rmul__", "__rsub__", "__rtruediv__")),
    ),
)

EXERCISES = (
    NUMERICAL_GRADIENT,
    PRODUCT_GRADIENTS,
    CUBE_GRADIENTS,
    NEURON_GRADIENTS,
    LOGISTIC_GRADIENTS,
    DIAMOND_GRADIENTS,
    TWO_LAYER_GRADIENTS,
    JACOBIAN_COSTS,
    VALUE,
)
