"""The exercises of notebook 03, first half: gradient descent, mini-batches, and the rules for a step."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from nnkit.exercises import batch_judge
from nnkit.exercises.batch_judge import BATCHES
from nnkit.exercises.descent_probes import GRADIENTS, minibatches, slope_of
from nnkit.exercises.exercise import Case, Exercise, Mistake
from nnkit.exercises.wording import number

READY_MADE = (
    "nnkit.optim.optimizers.Optimizer.step",
    "torch.optim.optimizer.Optimizer.step",
    "torch.optim.sgd.SGD.step",
    "torch.optim.rmsprop.RMSprop.step",
    "torch.optim.adam.Adam.step",
    "scipy.optimize.minimize",
    "scipy.optimize._minimize.minimize",
)

# ---------------------------------------------------------------------------------------------------------------------
# gradient_descent
# ---------------------------------------------------------------------------------------------------------------------


def _length(g: np.ndarray) -> float:
    return float(np.sqrt(np.sum(g**2)))


def _walk(
    f: str,
    x0: np.ndarray,
    lr: float,
    tol: float,
    max_iter: int,
    size: Callable[..., Any] = _length,
    step: Callable[..., np.ndarray] = lambda g, lr: lr * g,
    test_first: bool = True,
    most: Callable[[int], float] = lambda max_iter: max_iter,
) -> tuple[np.ndarray, int]:
    """Steps of −`step`(g, lr) until `size`(g) < tol or `most`(max_iter) steps are done."""
    grad, x, n = slope_of(f, x0.shape, max_iter), np.array(x0, dtype=np.float64), 0
    while n < most(max_iter) and not ((test_first or n) and size(grad(x)) < tol):
        x, n = x - step(grad(x), lr), n + 1
    return x, n


def _walking(**changes: Any) -> Callable[..., tuple[np.ndarray, int]]:
    return lambda *case: _walk(*case, **changes)


def _descent_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(f: str, x0: Any, lr: float, tol: float, max_iter: int, covers: str) -> Case:
        x0 = np.asarray(x0)
        kind = " (integers)" if x0.dtype.kind == "i" else ""
        start = f"[{', '.join(f'{entry:g}' for entry in x0)}]".replace("-", "−")
        text = f"f = {f}, x0 = {start}{kind}, lr = {number(lr)}, tol = {number(tol)}, max_iter = {max_iter}"
        return Case({"f": f, "x0": x0, "lr": lr, "tol": tol, "max_iter": max_iter}, covers, text)

    def between(f: str, x0: np.ndarray, lr: float, steps: int) -> float:
        """A tol well between the gradient's sizes before and after the last of some steps: rounding decides nothing."""
        x, sizes = np.array(x0, dtype=float), []
        for _ in range(steps + 1):
            g = GRADIENTS[f](x)
            sizes.append(_length(g))
            x = x - lr * g
        return float(f"{np.sqrt(sizes[-2] * sizes[-1]):.3g}")

    def converging(f: str, x0: Any, lr: float, steps: int, covers: str) -> Case:
        x0 = np.asarray(x0)
        return case(f, x0, lr, between(f, x0, lr, steps), 200, covers)

    def numbers(size: int) -> np.ndarray:
        return np.round(rng.uniform(1.5, 5, size), 1) * rng.choice([-1, 1], size)

    parabola, two, bowl = "−2θ + 4θ²", "(θ² − 1)²", "½(x² + y²)"
    valley, steeper = "½(x² + 10 y²)", "a bowl that is k times steeper along axis k"
    slanted, apart = "x² + xy + y²", "a bowl whose lowest point is (1, 2, 3, …)"
    # 3-4-5: the length of the gradient lies between its largest entry and the sum of its entries. A tol between two of
    # these sizes tells which of them a loop looks at.
    corner = np.array([3.0, 4.0]) * rng.choice([-1, 1], 2)
    halvings = int(rng.integers(3, 6))
    cases = [
        case(parabola, [3.0], 0.1, 0.5, 1, "max_iter reached"),
        case(parabola, [3.0], 0.1, 0.5, 100, "one parameter"),
        case(parabola, [3.0], 0.125, 0.001, 100, "a rate that lands at once"),
        case(parabola, [0.25], 0.1, 0.001, 100, "starting at the lowest point"),
        case(two, [0.0], 0.1, 0.001, 100, "starting on a hilltop"),
        case(two, numbers(1) / 5, 0.05, 0.01, 5, "max_iter reached"),
        case(bowl, corner, 0.5, 4.5 / 2**halvings, 100, "two parameters"),
        case(bowl, corner, 0.5, 6.0 / 2**halvings, 100, "two parameters"),
        case(valley, numbers(2), 0.1, 1e-9, 7, "max_iter reached"),
        converging(valley, numbers(2), 0.05, int(rng.integers(30, 60)), "two parameters"),
        case(slanted, [3.0, -1.0], 0.1, 1e-9, 1, "parameters that work together"),
        converging(slanted, numbers(2), 0.1, int(rng.integers(5, 15)), "parameters that work together"),
        converging(parabola, -np.abs(numbers(1)), 0.02, int(rng.integers(5, 12)), "one parameter"),
        converging(parabola, np.array([3]), 0.02, int(rng.integers(5, 12)), "integers"),
        converging(apart, rng.integers(6, 12, 3), 0.25, int(rng.integers(8, 14)), "integers"),
        converging(steeper, numbers(5), 0.05, int(rng.integers(20, 40)), "five parameters"),
        case(apart, np.arange(1.0, 5.0), 0.5, 1e-6, 50, "starting at the lowest point"),
    ]
    if hidden:
        cases += [
            converging(apart, numbers(8), 0.3, int(rng.integers(8, 20)), "eight parameters"),
            converging(valley, rng.integers(2, 9, 2), 0.15, int(rng.integers(10, 20)), "integers"),
            case(steeper, numbers(3), 0.2, 1e-9, 3, "max_iter reached"),
        ]
    return cases


def _in_place(f: str, x0: np.ndarray, lr: float, tol: float, max_iter: int) -> tuple[np.ndarray, int]:
    """`x = x0; x -= …`, which an array of integers refuses."""
    x, n = _walk(f, x0, lr, tol, max_iter)
    if n and x0.dtype.kind == "i":
        x0 -= 0.5  # raises what NumPy raises
    x0[...] = x
    return x, n


def _copied_in_place(f: str, x0: np.ndarray, lr: float, tol: float, max_iter: int) -> tuple[np.ndarray, int]:
    return _in_place(f, x0.copy(), lr, tol, max_iter)


def _kept_integers(f: str, x0: np.ndarray, lr: float, tol: float, max_iter: int) -> tuple[np.ndarray, int]:
    grad, x, n = slope_of(f, x0.shape, max_iter), x0.copy(), 0
    while n < max_iter and _length(grad(x)) >= tol:
        x[:] = x - lr * grad(x)
        n += 1
    return x, n


def _gradient_taken_once(f: str, x0: np.ndarray, lr: float, tol: float, max_iter: int) -> tuple[np.ndarray, int]:
    g = slope_of(f, x0.shape, max_iter)(x0)
    n = 0 if _length(g) < tol else max_iter
    return x0 - n * lr * g, n


def _one_after_the_other(f: str, x0: np.ndarray, lr: float, tol: float, max_iter: int) -> tuple[np.ndarray, int]:
    grad, x, n = slope_of(f, x0.shape, len(x0) * max_iter), np.array(x0, dtype=np.float64), 0
    while n < max_iter and _length(grad(x)) >= tol:
        for place in range(len(x)):
            x[place] -= lr * grad(x)[place]
        n += 1
    return x, n


def _stop_when_step_is_small(f: str, x0: np.ndarray, lr: float, tol: float, max_iter: int) -> tuple[np.ndarray, int]:
    return _walk(f, x0, lr, tol / lr, max_iter)


GRADIENT_DESCENT = Exercise(
    name="gradient_descent",
    signature="gradient_descent(grad, x0, lr, tol, max_iter)",
    returns=("x", "n"),
    reference=_walk,
    cases=_descent_cases,
    probe="gradient_descent",
    withheld=READY_MADE,
    shape_notes={"x": "One point comes back, the last one, with as many entries as x0.", "n": "n is one whole number."},
    hints=(
        "Three things happen again and again: ask for the gradient, look whether it is small or the updates are used "
        "up, step. In which order, so that a start at the lowest point gives n = 0?",
        "Begin with `x = np.array(x0, dtype=float)`: a copy, and no integers. Then a `while n < max_iter:` whose "
        "first line asks for the gradient, and whose second may leave the loop.",
        "The length of a vector g is `np.linalg.norm(g)`. In the loop: `g = grad(x)`; leave with `break` if that "
        "length is below tol; else make the new x from x, lr and g, and count. After the loop return both.",
    ),
    mistakes=(
        Mistake.implementation(
            "uphill",
            "Yours walks uphill. The gradient points to where the function grows; where is down?",
            _walking(step=lambda g, lr: -lr * g),
        ),
        Mistake.implementation(
            "tested after the update",
            "A start at the lowest point ends with n = 1: a step is made before anybody looks. Where in the loop "
            "does the test stand?",
            _walking(test_first=False),
        ),
        Mistake.relation(
            "one update counted too many",
            "Your n is one too large. It counts something else than updates: how often the "
            "gradient was asked, perhaps?",
            lambda expected, **case: (expected[0], expected[1] + 1),
        ),
        Mistake.relation(
            "last update not counted",
            "Only where max_iter ends the walk, your n is one too small. After `for n in range(5)` the loop's variable "
            "is 4: how many updates were made?",
            lambda expected, **case: (expected[0], min(expected[1], case["max_iter"] - 1)),
        ),
        Mistake.relation(
            "max_iter returned",
            "Your n is max_iter in every case. How many updates had been made when the gradient was small?",
            lambda expected, **case: (expected[0], case["max_iter"]),
        ),
        Mistake.implementation(
            "one update beyond max_iter",
            "Where max_iter ends the walk, yours goes one update too far. With n starting at 0, for how many values of "
            "n is `n <= 5`?",
            _walking(most=lambda max_iter: max_iter + 1),
        ),
        Mistake.implementation(
            "one update short of max_iter",
            "Where max_iter ends the walk, yours stops one update too early, and its point is one update behind.",
            _walking(most=lambda max_iter: max_iter - 1),
        ),
        Mistake.implementation(
            "max_iter ignored",
            "Yours goes on until the gradient is small, however long that takes. A rate that is too large would keep "
            "it busy for ever: what is max_iter for?",
            _walking(most=lambda max_iter: np.inf),
        ),
        Mistake.implementation(
            "updates not counted",
            "Your n stays 0, however many updates are made. So max_iter is never reached either, and the loop ends "
            "only where the gradient gets small.",
            lambda *case: (_walking(most=lambda max_iter: np.inf)(*case)[0], 0),
        ),
        Mistake.implementation(
            "tol ignored",
            "Yours makes max_iter updates in every case. What has to be looked at before each of them?",
            _walking(size=lambda g: np.inf),
        ),
        Mistake.implementation(
            "largest entry in place of the length",
            "Yours stops as soon as every entry of the gradient is below tol. Its length can still be larger: that of "
            "(3, 4) is 5.",
            _walking(size=lambda g: np.max(np.abs(g))),
        ),
        Mistake.implementation(
            "smallest entry in place of the length",
            "Yours stops as soon as one entry of the gradient is below tol. The others may be large: all of them "
            "count, in one length.",
            _walking(size=lambda g: np.min(np.abs(g))),
        ),
        Mistake.implementation(
            "sum of absolute values",
            "Yours compares tol with the sum of the absolute values. The length is meant, as Pythagoras measures it: "
            "that of (3, 4) is 5, not 7.",
            _walking(size=lambda g: np.sum(np.abs(g))),
        ),
        Mistake.implementation(
            "length not rooted",
            "Yours compares tol with the sum of squares. The length of (3, 4) is 5, not 25: what is missing?",
            _walking(size=lambda g: np.sum(g**2)),
        ),
        Mistake.implementation(
            "sign kept in the test",
            "Yours stops at once where the gradient is negative: −5 is below tol, but it is not small. What counts is "
            "how long the gradient is, not which way it points.",
            _walking(size=np.sum),
        ),
        Mistake.implementation(
            "length of the step tested",
            "Yours compares tol with lr times the gradient, which is the length of the step. That is the other "
            "stopping rule; here the gradient itself is meant.",
            _stop_when_step_is_small,
        ),
        Mistake.implementation(
            "gradient taken once",
            "Every step of yours goes the same way and equally far: the gradient was asked once, at x0. It changes "
            "with every point.",
            _gradient_taken_once,
        ),
        Mistake.implementation(
            "one entry after the other",
            "Where parameters work together, your point is a little off: when the second entry is moved, its slope is "
            "taken at a point whose first entry has moved already. One step moves all entries by one gradient.",
            _one_after_the_other,
        ),
        Mistake.implementation(
            "rate not used",
            "Your steps are as long as the gradient itself. What does lr do with it?",
            _walking(step=lambda g, lr: g),
        ),
        Mistake.implementation(
            "direction only",
            "Your steps all have length lr: the gradient was divided by its length. A long gradient is to make a long "
            "step.",
            _walking(step=lambda g, lr: lr * g / _length(g)),
        ),
        Mistake.relation(
            "results exchanged",
            "One result stands in the place of the other: first the point, then the number of updates.",
            lambda expected, **case: (expected[1], expected[0]),
        ),
        Mistake.implementation(
            "works on x0 itself",
            "Your function moves x0 itself. The caller's point is gone afterwards, and an array of integers refuses a "
            "step of 0.7. Begin with a copy, in floats.",
            _in_place,
        ),
        Mistake.implementation(
            "integers refuse the step",
            "Only integers fail. `x -= …` writes into the array that x is, and an array of integers takes no "
            "fractions. What could the copy at the beginning be made of?",
            _copied_in_place,
        ),
        Mistake.implementation(
            "integers stay integers",
            "Only integers fail. What is written into an array of integers loses its fraction, so a step of 0.7 may "
            "move nothing. What could the copy at the beginning be made of?",
            _kept_integers,
        ),
    ),
)

# ---------------------------------------------------------------------------------------------------------------------
# minibatches
# ---------------------------------------------------------------------------------------------------------------------


def _batch_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(samples: int, one: tuple[int, ...], target: tuple[int, ...], batch_size: int, covers: str) -> Case:
        X = rng.permutation(samples * int(np.prod(one))).reshape(samples, *one) / 2
        y = rng.permutation(samples * int(np.prod(target, dtype=int))).reshape(samples, *target)
        text = f"X of shape {X.shape}, y of shape {y.shape}, batch_size = {batch_size}"
        data = {"X": X, "y": y, "batch_size": batch_size, "seed": int(rng.integers(1000))}
        return Case(data, covers, text)

    cases = [
        case(5, (2,), (), 2, "a shorter last batch"),
        case(6, (2,), (), 3, "batches that come out even"),
        case(4, (3,), (), 1, "single samples"),
        case(6, (3,), (), 9, "all samples in one batch"),
        case(8, (2,), (), 8, "all samples in one batch"),
        case(26, (3,), (), 8, "a shorter last batch"),
        case(20, (2,), (), 5, "batches that come out even"),
        case(15, (2,), (), 1, "single samples"),
        case(23, (4,), (2,), 6, "targets with two columns"),
        case(17, (3, 3), (), 4, "images"),
    ]
    if hidden:
        cases += [
            case(31, (2,), (3,), 10, "targets with three columns"),
            case(24, (5,), (), 7, "a shorter last batch"),
            case(14, (2, 3), (), 14, "all samples in one batch"),
        ]
    return cases


def _epoch(
    X: np.ndarray, y: np.ndarray, size: int, order: Any, ends: Callable[[int], int] = lambda end: end
) -> Iterable[tuple[np.ndarray, np.ndarray]]:
    """Batches of `size` along an order."""
    return [(X[order[k : ends(k + size)]], y[order[k : ends(k + size)]]) for k in range(0, len(order), size)]


def _seen(student: Callable[..., Any]) -> Callable[..., Any]:
    """What the probe sees of an answer, with the changes of the arguments."""
    return lambda X, y, batch_size, seed: minibatches(
        student, {"X": X, "y": y, "batch_size": batch_size, "seed": seed}, {}
    )


def _ordered(order: Callable[..., Any], **details: Any) -> Callable[..., Any]:
    """An answer that is right but for its order(rng, number of samples, batch size)."""
    return _seen(lambda X, y, size, rng: _epoch(X, y, size, order(rng, len(X), size), **details))


def _shuffle(rng: np.random.Generator, samples: int, size: int) -> np.ndarray:
    return rng.permutation(samples)


def _in_blocks(rng: np.random.Generator, samples: int, size: int) -> np.ndarray:
    return np.concatenate([start + rng.permutation(min(size, samples - start)) for start in range(0, samples, size)])


def _divided(X: np.ndarray, y: np.ndarray, parts: int, rng: np.random.Generator) -> Any:
    return [(X[part], y[part]) for part in np.array_split(rng.permutation(len(X)), parts) if len(part)]


def _starts_shuffled(X: np.ndarray, y: np.ndarray, size: int, rng: np.random.Generator) -> Any:
    starts = rng.permutation(np.arange(0, len(X), size))
    return [(X[start : start + size], y[start : start + size]) for start in starts]


def _shuffled_in_place(X: np.ndarray, y: np.ndarray, size: int, rng: np.random.Generator) -> Any:
    order = rng.permutation(len(X))
    X[:], y[:] = X[order], y[order]
    return _epoch(X, y, size, np.arange(len(X)))


def _two_orders(X: np.ndarray, y: np.ndarray, size: int, rng: np.random.Generator) -> Any:
    return _epoch(rng.permutation(X), rng.permutation(y), size, np.arange(len(X)))


def _mistake(symptom: str, answer: Callable[..., Any]) -> Mistake:
    return Mistake.implementation(symptom, BATCHES[symptom], answer)


MINIBATCHES = Exercise(
    name="minibatches",
    signature="minibatches(X, y, batch_size, rng)",
    reference=_ordered(_shuffle),
    cases=_batch_cases,
    probe="minibatches",
    judge=batch_judge.judge,
    withheld=("nnkit.data.loader.DataLoader", "torch.utils.data.dataloader.DataLoader"),
    hints=(
        "Do not shuffle the samples, shuffle their numbers: one random order of 0 … N − 1, from `rng`. It then serves "
        "X and y.",
        "`range(0, N, batch_size)` gives the place at which each batch starts. A slice that reaches beyond the end "
        "simply stops there, so the shorter last batch needs no special case.",
        "`order = rng.permutation(len(X))`; for every start take `order[start : start + batch_size]`, index X and y "
        "with it, and `yield` the pair.",
    ),
    mistakes=(
        _mistake("not shuffled", _ordered(lambda rng, samples, size: np.arange(samples))),
        _mistake("batches in random order", _seen(_starts_shuffled)),
        _mistake("within batches", _ordered(_in_blocks)),
        _mistake("pairs", _seen(_two_orders)),
        Mistake.implementation(
            "X and y shuffled in place",
            "Your function puts the caller's own array into another order. Whoever looks at the data afterwards finds "
            "them changed, and inputs and targets may no longer match. Shuffle the numbers of the samples; "
            "`X[numbers]` is a new array.",
            _seen(_shuffled_in_place),
        ),
        _mistake("drawn anew", _seen(lambda X, y, size, rng: _epoch(X, y, size, rng.integers(0, len(X), len(X))))),
        _mistake(
            "last one dropped",
            _ordered(lambda rng, samples, size: rng.permutation(samples)[: samples // size * size]),
        ),
        _mistake(
            "filled up",
            _ordered(lambda rng, samples, size: np.resize(rng.permutation(samples), -(-samples // size) * size)),
        ),
        _mistake(
            "number of batches",
            _seen(lambda X, y, size, rng: _divided(X, y, size, rng)),
        ),
        _mistake("even sizes", _seen(lambda X, y, size, rng: _divided(X, y, -(-len(X) // size), rng))),
        _mistake("another source", _ordered(lambda rng, samples, size: np.random.default_rng().permutation(samples))),
        _mistake(
            "same order again", _ordered(lambda rng, samples, size: np.random.default_rng(0).permutation(samples))
        ),
        _mistake("swapped", _seen(lambda X, y, size, rng: _epoch(y, X, size, rng.permutation(len(X))))),
        _mistake(
            "indices",
            _seen(lambda X, y, size, rng: [b for b, _ in _epoch(np.arange(len(X)), y, size, rng.permutation(len(X)))]),
        ),
        _mistake("one batch", _seen(lambda X, y, size, rng: next(iter(_epoch(X, y, size, rng.permutation(len(X))))))),
        _mistake(
            "without an end",
            _seen(lambda X, y, size, rng: itertools.cycle(_epoch(X, y, size, rng.permutation(len(X))))),
        ),
        _mistake(
            "two lists",
            _seen(
                lambda X, y, size, rng: tuple(map(list, zip(*_epoch(X, y, size, rng.permutation(len(X))), strict=True)))
            ),
        ),
        _mistake("overlap", _ordered(_shuffle, ends=lambda end: end + 1)),
        _mistake("missing", _ordered(_shuffle, ends=lambda end: end - 1)),
        _mistake("one by one", _seen(lambda X, y, size, rng: [(X[k], y[k]) for k in rng.permutation(len(X))])),
        _mistake(
            "lists of pairs",
            _seen(
                lambda X, y, size, rng: [
                    list(zip(Xb, yb, strict=True)) for Xb, yb in _epoch(X, y, size, rng.permutation(len(X)))
                ]
            ),
        ),
        _mistake(
            "no axis",
            _seen(
                lambda X, y, size, rng: [
                    (Xb[0], yb[0]) if len(Xb) == 1 else (Xb, yb)
                    for Xb, yb in _epoch(X, y, size, rng.permutation(len(X)))
                ]
            ),
        ),
    ),
)

# ---------------------------------------------------------------------------------------------------------------------
# Rules for a step
# ---------------------------------------------------------------------------------------------------------------------


def _some(rng: np.random.Generator, *shape: int, low: float = 0.5, high: float = 3.0) -> np.ndarray:
    """Numbers with one decimal, of both signs."""
    return np.round(rng.uniform(low, high, shape), 1) * rng.choice([-1, 1], shape)


def _positive(rng: np.random.Generator, *shape: int, low: float = 0.2, high: float = 4.0) -> np.ndarray:
    return np.round(rng.uniform(low, high, shape), 1)


def _momentum(w: Any, g: Any, delta: Any, lr: float, mu: float) -> tuple[Any, Any]:
    step = mu * delta - lr * g
    return w + step, step


def _momentum_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(shape: tuple[int, ...], covers: str, lr: float = 0.1, mu: float = 0.9, **given: np.ndarray) -> Case:
        arrays = {name: given.get(name, _some(rng, *shape)) for name in ("w", "g", "delta")}
        return Case({**arrays, "lr": lr, "mu": mu}, covers)

    cases = [
        case((1,), "the first step", w=np.array([3.0]), g=np.array([22.0]), delta=np.zeros(1)),
        case((1,), "one weight"),
        case((2,), "two weights", lr=0.5, mu=0.8),
        case((3,), "coasting without a gradient", g=np.zeros(3)),
        case((3,), "no momentum", lr=0.2, mu=0.0),
        case((2, 3), "matrices", lr=0.05, mu=0.7),
    ]
    return [*cases, case((4, 2), "matrices", lr=0.3, mu=0.5), case((6,), "more weights")] if hidden else cases


def _in_their_place(update: Callable[..., tuple[Any, ...]], *names: str) -> Callable[..., tuple[Any, ...]]:
    """The right values, written into the arguments."""

    def answer(**arguments: Any) -> tuple[Any, ...]:
        results = update(**arguments)
        for name, result in zip(names, results, strict=True):
            arguments[name][...] = result
        return tuple(arguments[name] for name in names)

    return answer


def _changing(label: str, sentence: str, update: Callable[..., tuple[Any, ...]], *names: str) -> Mistake:
    write = _in_their_place(update, *names)
    return Mistake(label, sentence, lambda expected, arguments: write(**arguments))


IN_PLACE = (
    "The values are right, but your function writes them into its arguments: `w -= …` and `w *= …` change the array "
    "that the caller holds, `w = w - …` makes a new one. Whoever compares before and after sees no difference."
)


def _formula(label: str, sentence: str, function: Callable[..., Any]) -> Mistake:
    """A mistake that is another formula."""
    return Mistake.relation(label, sentence, lambda expected, **arguments: function(**arguments))


def _one_changed(position: int, function: Callable[..., Any]) -> Callable[..., tuple[Any, ...]]:
    """The right results but for one, which is function(*right results, **arguments)."""

    def change(expected: tuple[Any, ...], **arguments: Any) -> tuple[Any, ...]:
        results = list(expected)
        results[position] = function(*expected, **arguments)
        return tuple(results)

    return change


MOMENTUM_UPDATE = Exercise(
    name="momentum_update",
    signature="momentum_update(w, g, delta, lr, mu)",
    returns=("w_new", "delta_new"),
    reference=_momentum,
    cases=_momentum_cases,
    withheld=READY_MADE,
    shape_notes=dict.fromkeys(("w_new", "delta_new"), "Every weight has its own step; nothing is summed."),
    hints=(
        "Two lines. The first makes the new step out of the old one and the gradient, the second makes the new "
        "weights.",
        "The new step is a share mu of the old one, and on top of it the plain step of descent, which points against "
        "the gradient.",
    ),
    mistakes=(
        _formula(
            "gradient added",
            "Your step goes along the gradient, which points uphill. Where a slide writes + η δ, its δ is the negative "
            "gradient.",
            lambda w, g, delta, lr, mu: (w + mu * delta + lr * g, mu * delta + lr * g),
        ),
        Mistake.relation(
            "step subtracted",
            "Your w_new goes the other way: the minus is already in the step, so the step is added.",
            _one_changed(0, lambda w_new, delta_new, w, **_: w - delta_new),
        ),
        _formula(
            "rate outside the sum",
            "Yours gathers gradients in delta and multiplies by the rate afterwards. That is PyTorch's form, and a "
            "good one, but its delta is another: here delta is the step itself, rate and sign included.",
            lambda w, g, delta, lr, mu: (w - lr * (mu * delta + g), mu * delta + g),
        ),
        Mistake.relation(
            "old step used",
            "Your w_new is made with the old delta. In which order do the two lines stand?",
            _one_changed(0, lambda w_new, delta_new, w, g, delta, **_: w + delta),
        ),
        Mistake.relation(
            "plain step for the weights",
            "Your w_new moves by −lr · g alone. What is delta_new for?",
            _one_changed(0, lambda w_new, delta_new, w, g, delta, lr, mu: w - lr * g),
        ),
        _formula(
            "no momentum",
            "Your step is that of plain descent. A share of the last step belongs to it.",
            lambda w, g, delta, lr, mu: (w - lr * g, -lr * g),
        ),
        _formula(
            "old step whole",
            "Your step keeps the whole of the old one, so nothing ever slows down. Only the share mu of it stays.",
            lambda w, g, delta, lr, mu: (w + delta - lr * g, delta - lr * g),
        ),
        _formula(
            "step of the other sign",
            "Yours keeps the step with its sign turned round and takes it away. That hangs together, but delta is "
            "meant as what is added to w: it comes in and goes out with that sign.",
            lambda w, g, delta, lr, mu: (w - mu * delta - lr * g, mu * delta + lr * g),
        ),
        _formula(
            "average outside the rate",
            "Yours keeps an average of gradients in delta, with the shares mu and 1 − mu. Here delta is the step "
            "itself, rate and sign included, and the gradient's part is not reduced by 1 − mu.",
            lambda w, g, delta, lr, mu: (w - lr * (mu * delta + (1 - mu) * g), mu * delta + (1 - mu) * g),
        ),
        _formula(
            "averaged",
            "Your gradient counts with (1 − mu) in addition to the rate. That makes an average; here the gradient "
            "comes in with the rate alone.",
            lambda w, g, delta, lr, mu: (
                w + mu * delta - (1 - mu) * lr * g,
                mu * delta - (1 - mu) * lr * g,
            ),
        ),
        _formula(
            "mu times everything",
            "Your mu multiplies the gradient's part too. How far do the brackets reach?",
            lambda w, g, delta, lr, mu: (w + mu * (delta - lr * g), mu * (delta - lr * g)),
        ),
        _formula(
            "rate and mu exchanged",
            "Your rate shortens the old step, and mu multiplies the gradient: the two have changed places.",
            lambda w, g, delta, lr, mu: _momentum(w, g, delta, mu, lr),
        ),
        _formula(
            "rate missing",
            "Your gradient comes in at its full length. What makes it a step?",
            lambda w, g, delta, lr, mu: _momentum(w, g, delta, 1.0, mu),
        ),
        Mistake.relation(
            "rate twice",
            "In your w_new the step is multiplied by the rate once more. The rate is in the step already.",
            _one_changed(0, lambda w_new, delta_new, w, g, delta, lr, mu: w + lr * delta_new),
        ),
        Mistake.relation(
            "old step returned",
            "What you return beside w_new is the old delta, so the next step would remember nothing of this one.",
            _one_changed(1, lambda w_new, delta_new, delta, **_: delta),
        ),
        Mistake.relation(
            "looking ahead",
            "Your w_new takes the momentum twice, as Nesterov's rule does: a good rule, and another one.",
            _one_changed(0, lambda w_new, delta_new, w, g, delta, lr, mu: w + mu * delta_new - lr * g),
        ),
        Mistake.relation(
            "results exchanged",
            "One result stands in the place of the other: first the weights, then the step.",
            lambda expected, **_: expected[::-1],
        ),
        _changing("in place", IN_PLACE, _momentum, "w", "delta"),
    ),
)


def _rmsprop(w: Any, g: Any, s: Any, lr: float, alpha: float, eps: float) -> tuple[Any, Any]:
    s = alpha * s + (1 - alpha) * g**2
    return w - lr * g / (np.sqrt(s) + eps), s


def _rmsprop_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(
        shape: tuple[int, ...], covers: str, lr: float = 0.1, alpha: float = 0.9, eps: float = 1e-8, **given: np.ndarray
    ) -> Case:
        w, g, s = _some(rng, *shape), _some(rng, *shape), _positive(rng, *shape)
        arrays = {"w": given.get("w", w), "g": given.get("g", g), "s": given.get("s", s)}
        return Case({**arrays, "lr": lr, "alpha": alpha, "eps": eps}, covers)

    cases = [
        case((1,), "the first step", s=np.zeros(1)),
        case((1,), "one weight", lr=0.5, alpha=0.75, w=np.array([1.0]), g=np.array([4.0]), s=np.array([12.0])),
        case((2,), "large and small gradients", g=np.array([100.0, -0.01]), s=np.array([9000.0, 0.0002])),
        case((2,), "an eps that shows", lr=0.3, eps=0.5),
        case((2,), "an eps that shows", alpha=0.5, eps=0.1, s=np.zeros(2), g=_some(rng, 2) / 10),
        case((3,), "a gradient that has always been 0", g=np.array([0.0, 1.5, -2.0]), s=np.array([0.0, 1.0, 0.0])),
        case((2, 3), "matrices", lr=0.02, alpha=0.8),
    ]
    return [*cases, case((4, 2), "matrices", eps=0.2), case((5,), "more weights", alpha=0.6)] if hidden else cases


RMSPROP_UPDATE = Exercise(
    name="rmsprop_update",
    signature="rmsprop_update(w, g, s, lr, alpha, eps)",
    returns=("w_new", "s_new"),
    reference=_rmsprop,
    cases=_rmsprop_cases,
    withheld=READY_MADE,
    shape_notes=dict.fromkeys(("w_new", "s_new"), "Every weight has its own average; nothing is summed."),
    hints=(
        "First s_new, the running average of the squared gradient; then the step, which uses s_new.",
        "In an average the parts add up to 1: alpha of what was there, the rest of what has come. The step is that of "
        "plain descent, divided by the root of s_new plus eps, entry by entry.",
    ),
    mistakes=(
        _formula(
            "eps inside the root",
            "Where eps is large enough to show, your step differs: eps stands under your root. It is added to the "
            "root.",
            lambda w, g, s, lr, alpha, eps: (
                w - lr * g / np.sqrt(_rmsprop(w, g, s, lr, alpha, eps)[1] + eps),
                _rmsprop(w, g, s, lr, alpha, eps)[1],
            ),
        ),
        Mistake.relation(
            "eps missing",
            "A gradient that has always been 0 gives 0 / 0 in yours. Which argument keeps the division possible?",
            _one_changed(0, lambda w_new, s_new, w, g, s, lr, alpha, eps: w - lr * g / np.sqrt(s_new)),
        ),
        Mistake.relation(
            "eps beside the fraction",
            "Your eps is added to the step, not to the root: `a / b + c` divides by b alone. Which brackets are "
            "missing?",
            _one_changed(0, lambda w_new, s_new, w, g, s, lr, alpha, eps: w - lr * g / np.sqrt(s_new) + eps),
        ),
        Mistake.relation(
            "root missing",
            "Your step is divided by s_new, which is an average of squares. A gradient of 4 would then be divided by "
            "16: which function undoes the square?",
            _one_changed(0, lambda w_new, s_new, w, g, s, lr, alpha, eps: w - lr * g / (s_new + eps)),
        ),
        Mistake.relation(
            "old average used",
            "Your step is divided by the root of the old s. In which order do the two lines stand?",
            _one_changed(0, lambda w_new, s_new, w, g, s, lr, alpha, eps: w - lr * g / (np.sqrt(s) + eps)),
        ),
        _formula(
            "gradient not squared",
            "Your s_new averages the gradient itself, and for a negative one there is no root. What is averaged is how "
            "large gradients were, whatever their sign.",
            lambda w, g, s, lr, alpha, eps: (
                w - lr * g / (np.sqrt(alpha * s + (1 - alpha) * g) + eps),
                alpha * s + (1 - alpha) * g,
            ),
        ),
        _formula(
            "shares exchanged",
            "Your s_new keeps 1 − alpha of the old average and takes alpha of the new square. With alpha = 0.9, should "
            "it have a long memory or a short one?",
            lambda w, g, s, lr, alpha, eps: _rmsprop(w, g, s, lr, 1 - alpha, eps),
        ),
        _formula(
            "sum, nothing forgotten",
            "Your s_new is the sum of all squares so far. That is AdaGrad's rule, whose divisor can only grow; an "
            "average forgets.",
            lambda w, g, s, lr, alpha, eps: (w - lr * g / (np.sqrt(s + g**2) + eps), s + g**2),
        ),
        _formula(
            "new square whole",
            "In your s_new the old average counts with alpha and the new square with 1. In an average the two shares "
            "make 1.",
            lambda w, g, s, lr, alpha, eps: (
                w - lr * g / (np.sqrt(alpha * s + g**2) + eps),
                alpha * s + g**2,
            ),
        ),
        Mistake.relation(
            "uphill",
            "Your step has the wrong sign. The gradient points uphill, whatever it is divided by.",
            _one_changed(0, lambda w_new, s_new, w, **_: 2 * w - w_new),
        ),
        Mistake.relation(
            "step not divided",
            "Your w_new is that of plain descent. What is s_new for?",
            _one_changed(0, lambda w_new, s_new, w, g, s, lr, alpha, eps: w - lr * g),
        ),
        Mistake.relation(
            "gradient missing",
            "Your step is lr divided by the root, for every weight in the same direction. Which "
            "way does each of them have to go?",
            _one_changed(0, lambda w_new, s_new, w, g, s, lr, alpha, eps: w - lr / (np.sqrt(s_new) + eps)),
        ),
        Mistake.relation(
            "rate missing",
            "Your step lacks the rate.",
            _one_changed(0, lambda w_new, s_new, w, g, s, lr, alpha, eps: w + (w_new - w) / lr),
        ),
        Mistake.relation(
            "old average returned",
            "What you return beside w_new is the old s, so the next step would know nothing of this gradient.",
            _one_changed(1, lambda w_new, s_new, s, **_: s),
        ),
        _formula(
            "one average for all weights",
            "With one weight yours is right. With several, the squares are averaged over the weights before they enter "
            "s_new, so all weights get the same. Each has an average of its own.",
            lambda w, g, s, lr, alpha, eps: (
                w - lr * g / (np.sqrt(alpha * s + (1 - alpha) * np.mean(g**2)) + eps),
                alpha * s + (1 - alpha) * np.mean(g**2),
            ),
        ),
        Mistake.relation(
            "results exchanged",
            "One result stands in the place of the other: first the weights, then the average.",
            lambda expected, **_: expected[::-1],
        ),
        _changing("in place", IN_PLACE, _rmsprop, "w", "s"),
    ),
)


def _adam(
    w: Any, g: Any, m: Any, v: Any, t: float, lr: float, beta1: float, beta2: float, eps: float
) -> tuple[Any, Any, Any]:
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


def _adam_cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
    def case(
        shape: tuple[int, ...],
        t: int,
        covers: str,
        lr: float = 0.1,
        beta1: float = 0.9,
        beta2: float = 0.99,
        eps: float = 1e-8,
        **given: np.ndarray,
    ) -> Case:
        w, g, m, v = _some(rng, *shape), _some(rng, *shape), _some(rng, *shape), _positive(rng, *shape)
        if t == 1:  # both averages start at 0
            m, v = np.zeros(shape), np.zeros(shape)
        arrays = {"w": w, "g": given.get("g", g), "m": given.get("m", m), "v": given.get("v", v)}
        return Case({**arrays, "t": t, "lr": lr, "beta1": beta1, "beta2": beta2, "eps": eps}, covers)

    cases = [
        case((1,), 1, "the first step"),
        case((1,), 2, "the second step", lr=0.5, beta1=0.5, beta2=0.75),
        case((2,), 1, "the first step", lr=0.01, beta2=0.999, g=np.array([100.0, -0.01])),
        case((2,), 3, "early steps"),
        case((2,), 4, "an eps that shows", eps=0.5, beta1=0.8, beta2=0.9),
        case((2,), 1, "an eps that shows", eps=0.1, g=_some(rng, 2) / 10),
        case((3,), 5, "a gradient that has always been 0", g=np.zeros(3), m=np.zeros(3), v=np.zeros(3)),
        case((2, 3), 10, "matrices", lr=0.02, beta1=0.8),
        case((3,), 1000, "late steps", beta2=0.999),
    ]
    return [*cases, case((3, 2), 7, "matrices", eps=0.2), case((5,), 50, "more weights")] if hidden else cases


def _adam_step(step: Callable[..., Any]) -> Callable[..., tuple[Any, ...]]:
    """Right averages, and a step of lr · step(m_new, v_new, t, beta1, beta2, eps)."""

    def change(
        expected: tuple[Any, ...], w: Any, g: Any, m: Any, v: Any, t: int, lr: float, **settings: float
    ) -> tuple[Any, ...]:
        return w - lr * step(*expected[1:], t, **settings), *expected[1:]

    return change


ADAM_UPDATE = Exercise(
    name="adam_update",
    signature="adam_update(w, g, m, v, t, lr, beta1, beta2, eps)",
    returns=("w_new", "m_new", "v_new"),
    reference=_adam,
    cases=_adam_cases,
    withheld=READY_MADE,
    shape_notes=dict.fromkeys(("w_new", "m_new", "v_new"), "Every weight has its own averages; nothing is summed."),
    hints=(
        "Four lines: the two averages, their corrected values, the step. Only the averages themselves are kept and "
        "returned; the corrected values live for one step.",
        "m_new is an average of gradients, v_new one of their squares, each made as in `rmsprop_update`. Corrected: "
        "each divided by 1 − its beta to the power t.",
        "The step is lr times the corrected m, divided by (the root of the corrected v, plus eps).",
    ),
    mistakes=(
        Mistake.relation(
            "no correction",
            "Your step uses the averages as they are. Both start at 0 and are too small in the "
            "first steps: by which factor after t steps?",
            _adam_step(lambda m, v, t, beta1, beta2, eps: m / (np.sqrt(v) + eps)),
        ),
        Mistake.relation(
            "only m corrected",
            "Your m is corrected before the step, v is not. It starts at 0 as well.",
            _adam_step(lambda m, v, t, beta1, beta2, eps: m / (1 - beta1**t) / (np.sqrt(v) + eps)),
        ),
        Mistake.relation(
            "only v corrected",
            "Your v is corrected before the step, m is not. It starts at 0 as well.",
            _adam_step(lambda m, v, t, beta1, beta2, eps: m / (np.sqrt(v / (1 - beta2**t)) + eps)),
        ),
        _formula(
            "corrected averages kept",
            "What you return in the place of an average is its corrected value. Kept, it would be "
            "corrected again at the next step.",
            lambda w, g, m, v, t, lr, beta1, beta2, eps: (
                _adam(w, g, m, v, t, lr, beta1, beta2, eps)[0],
                (beta1 * m + (1 - beta1) * g) / (1 - beta1**t),
                (beta2 * v + (1 - beta2) * g**2) / (1 - beta2**t),
            ),
        ),
        Mistake.relation(
            "t counted on",
            "Your correction uses the power t + 1. At the first update t is 1 already.",
            _adam_step(
                lambda m, v, t, beta1, beta2, eps: (
                    m / (1 - beta1 ** (t + 1)) / (np.sqrt(v / (1 - beta2 ** (t + 1))) + eps)
                )
            ),
        ),
        Mistake.relation(
            "t counted from 0",
            "Your correction uses the power t − 1; at the first update it divides by 1 − 1. At the first update t is "
            "1.",
            _adam_step(
                lambda m, v, t, beta1, beta2, eps: (
                    m / (1 - beta1 ** (t - 1)) / (np.sqrt(v / (1 - beta2 ** (t - 1))) + eps)
                )
            ),
        ),
        Mistake.relation(
            "correction with the power 1",
            "Your correction is the same in every step, 1 − beta. What was missing at the start fades with t: after a "
            "thousand steps nothing is to be corrected.",
            _adam_step(lambda m, v, t, beta1, beta2, eps: m / (1 - beta1) / (np.sqrt(v / (1 - beta2)) + eps)),
        ),
        Mistake.relation(
            "correction multiplied",
            "Your correction makes the averages smaller. They are too small already, having started at 0.",
            _adam_step(lambda m, v, t, beta1, beta2, eps: m * (1 - beta1**t) / (np.sqrt(v * (1 - beta2**t)) + eps)),
        ),
        Mistake.relation(
            "v corrected after the root",
            "Your correction of v comes after the root was taken. It belongs to v itself.",
            _adam_step(lambda m, v, t, beta1, beta2, eps: m / (1 - beta1**t) / (np.sqrt(v) / (1 - beta2**t) + eps)),
        ),
        Mistake.relation(
            "eps inside the root",
            "Where eps is large enough to show, your step differs: eps stands under your root. It is added to the "
            "root.",
            _adam_step(lambda m, v, t, beta1, beta2, eps: m / (1 - beta1**t) / np.sqrt(v / (1 - beta2**t) + eps)),
        ),
        Mistake.relation(
            "eps missing",
            "A gradient that has always been 0 gives 0 / 0 in yours. Which argument keeps the division possible?",
            _adam_step(lambda m, v, t, beta1, beta2, eps: m / (1 - beta1**t) / np.sqrt(v / (1 - beta2**t))),
        ),
        Mistake.relation(
            "eps beside the fraction",
            "Your eps is added to the step, not to the root: in `a / b + c` only b is divided by. Which brackets are "
            "missing?",
            lambda expected, w, g, m, v, t, lr, beta1, beta2, eps: (
                w - lr * (expected[1] / (1 - beta1**t)) / np.sqrt(expected[2] / (1 - beta2**t)) + eps,
                *expected[1:],
            ),
        ),
        Mistake.relation(
            "beta times t",
            "Your correction multiplies beta by t: `*` where `**` is meant. How much of the start is left after t "
            "steps, if each keeps the share beta?",
            _adam_step(lambda m, v, t, beta1, beta2, eps: m / (1 - beta1 * t) / (np.sqrt(v / (1 - beta2 * t)) + eps)),
        ),
        Mistake.relation(
            "root missing",
            "Your step is divided by the corrected v, an average of squares. Which function undoes the square?",
            _adam_step(lambda m, v, t, beta1, beta2, eps: m / (1 - beta1**t) / (v / (1 - beta2**t) + eps)),
        ),
        Mistake.relation(
            "gradient for m",
            "Your step goes along the new gradient alone. What is m_new for?",
            lambda expected, w, g, m, v, t, lr, beta1, beta2, eps: (
                w - lr * g / (np.sqrt(expected[2] / (1 - beta2**t)) + eps),
                *expected[1:],
            ),
        ),
        _formula(
            "old averages used",
            "Your step is made from the old m and v. In which order do the lines stand?",
            lambda w, g, m, v, t, lr, beta1, beta2, eps: (
                w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps),
                *_adam(w, g, m, v, t, lr, beta1, beta2, eps)[1:],
            ),
        ),
        Mistake.relation(
            "uphill",
            "Your step has the wrong sign.",
            _one_changed(0, lambda w_new, m_new, v_new, w, **_: 2 * w - w_new),
        ),
        Mistake.relation(
            "rate missing",
            "Your step lacks the rate.",
            _one_changed(0, lambda w_new, m_new, v_new, w, lr, **_: w + (w_new - w) / lr),
        ),
        _formula(
            "beta1 for both",
            "Your v keeps beta1 of the past, as m does. It has a share of its own, beta2.",
            lambda w, g, m, v, t, lr, beta1, beta2, eps: _adam(w, g, m, v, t, lr, beta1, beta1, eps),
        ),
        _formula(
            "betas exchanged",
            "Your m keeps beta2 of the past and your v keeps beta1: the two have changed places.",
            lambda w, g, m, v, t, lr, beta1, beta2, eps: _adam(w, g, m, v, t, lr, beta2, beta1, eps),
        ),
        _formula(
            "gradient not squared in v",
            "Your v_new averages the gradient itself. What is averaged there is its square.",
            lambda w, g, m, v, t, lr, beta1, beta2, eps: (
                w
                - lr
                * ((beta1 * m + (1 - beta1) * g) / (1 - beta1**t))
                / (np.sqrt((beta2 * v + (1 - beta2) * g) / (1 - beta2**t)) + eps),
                beta1 * m + (1 - beta1) * g,
                beta2 * v + (1 - beta2) * g,
            ),
        ),
        _formula(
            "m squared in v",
            "Your v_new averages the square of m_new. It is the gradient's square that is averaged: how large "
            "gradients are is not how large their average is.",
            lambda w, g, m, v, t, lr, beta1, beta2, eps: _adam_from(
                w,
                beta1 * m + (1 - beta1) * g,
                beta2 * v + (1 - beta2) * (beta1 * m + (1 - beta1) * g) ** 2,
                t,
                lr,
                beta1,
                beta2,
                eps,
            ),
        ),
        _formula(
            "shares exchanged",
            "Your averages keep 1 − beta of the past and take beta of what is new. With beta = 0.9, should they have a "
            "long memory or a short one?",
            lambda w, g, m, v, t, lr, beta1, beta2, eps: _adam_from(
                w, (1 - beta1) * m + beta1 * g, (1 - beta2) * v + beta2 * g**2, t, lr, beta1, beta2, eps
            ),
        ),
        Mistake.relation(
            "order of the results",
            "One result stands in the place of another: the weights come first, then m, then v.",
            lambda expected, **_: (*expected[1:], expected[0]),
        ),
        _changing("in place", IN_PLACE, _adam, "w", "m", "v"),
    ),
)


def _adam_from(
    w: Any, m: Any, v: Any, t: int, lr: float, beta1: float, beta2: float, eps: float
) -> tuple[Any, Any, Any]:
    """Adam's step from averages that were made in some way."""
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


EXERCISES = (GRADIENT_DESCENT, MINIBATCHES, MOMENTUM_UPDATE, RMSPROP_UPDATE, ADAM_UPDATE)
