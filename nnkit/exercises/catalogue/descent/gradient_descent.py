"""Downhill in steps of −η · gradient, until the gradient is small or the updates are used up."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnkit.exercises.beside.probes.descent import GRADIENTS, slope_of
from nnkit.exercises.catalogue.draws import signed
from nnkit.exercises.catalogue.families import in_other_order, slips_in
from nnkit.exercises.catalogue.withheld import OPTIMIZERS
from nnkit.exercises.exercise import Case, exercise, wrong
from nnkit.exercises.judge.wording import number
from nnkit.languages import say


def length(g: np.ndarray) -> float:
    """The length of a vector."""
    return float(np.sqrt(np.sum(g**2)))


def walk(
    f: str,
    x0: np.ndarray,
    lr: float,
    tol: float,
    max_iter: int,
    size: Callable[..., Any] = length,
    step: Callable[..., np.ndarray] = lambda g, lr: lr * g,
    test_first: bool = True,
    most: Callable[[int], float] = lambda max_iter: max_iter,
    keep: Callable[..., np.ndarray] = lambda x, x0: x,
    step_from: Callable[..., np.ndarray] = lambda x, x0: x,
) -> tuple[np.ndarray, int]:
    """Steps of −`step`(g, lr) until `size`(g) < tol or `most`(max_iter) steps are done.

    These, `test_first`, `keep`, what is kept of a new point, and `step_from`, where a step begins, are the places where
    things go wrong.
    """
    grad, x, n = slope_of(f, x0.shape, max_iter), np.array(x0, dtype=np.float64), 0
    while n < most(max_iter) and not ((test_first or n) and size(grad(x)) < tol):
        x, n = keep(step_from(x, x0) - step(grad(x), lr), x0), n + 1
    return x, n


def draw(rng: np.random.Generator, hidden: bool) -> list[Case]:
    """Walks of one parameter and of several, some ended by tol and some by max_iter."""

    def case(f: str, x0: Any, lr: float, tol: float, max_iter: int, covers: str) -> Case:
        x0 = np.asarray(x0)
        kind = " (integers)" if x0.dtype.kind == "i" else ""
        start = f"[{', '.join(f'{entry:g}' for entry in x0)}]".replace("-", "−")
        text = say(
            "f = {f}, x0 = {start}{kind}, lr = {lr}, tol = {tol}, max_iter = {max_iter}",
            f=f,
            start=start,
            kind=kind,
            lr=number(lr),
            tol=number(tol),
            max_iter=max_iter,
        )
        return Case({"f": f, "x0": x0, "lr": lr, "tol": tol, "max_iter": max_iter}, covers, text)

    def converging(f: str, x0: Any, lr: float, steps: int, covers: str) -> Case:
        """A tol well between the gradient's sizes before and after the last step: rounding decides nothing."""
        before, after = (length(GRADIENTS[f](walk(f, np.asarray(x0), lr, 0.0, n)[0])) for n in (steps - 1, steps))
        return case(f, x0, lr, float(f"{np.sqrt(before * after):.3g}"), 200, covers)

    def numbers(size: int) -> np.ndarray:
        return signed(rng, 1.5, 5, size)

    parabola, two, bowl, round_bowl = "−2θ + 4θ²", "(θ² − 1)²", "½(x² + y²)", "½(x² + y² + z²)"
    valley, steeper = "½(x² + 10 y²)", "a bowl that is k times steeper along axis k"
    slanted, apart = "x² + xy + y²", "a bowl whose lowest point is (1, 2, 3, …)"
    # 3-4-5: the length of the gradient lies between its largest entry and the sum of its entries. A tol between two of
    # these sizes tells which of them a loop looks at.
    corner = np.array([3.0, 4.0]) * rng.choice([-1, 1], 2)
    # 2-2-1: without any one of its entries the gradient is shorter than 2.9, and with all of them longer.
    diagonal = rng.permutation([2.0, 2.0, 1.0]) * rng.choice([-1, 1], 3)
    halvings = int(rng.integers(3, 6))
    cases = [
        case(parabola, [3.0], 0.1, 0.5, 1, "max_iter reached"),
        case(parabola, [3.0], 0.1, 0.5, 100, "one parameter"),
        case(parabola, [3.0], 0.1, 0.5, 0, "max_iter = 0"),
        case(bowl, corner / 10, 0.5, 0.6, 100, "starting near the lowest point"),
        case(parabola, [3.0], 0.125, 0.001, 100, "a rate that lands at once"),
        case(parabola, [0.25], 0.1, 0.001, 100, "starting at the lowest point"),
        case(two, [0.0], 0.1, 0.001, 100, "starting on a hilltop"),
        case(two, numbers(1) / 5, 0.05, 0.01, 5, "max_iter reached"),
        case(bowl, corner, 0.5, 4.5 / 2**halvings, 100, "two parameters"),
        case(bowl, corner, 0.5, 6.0 / 2**halvings, 100, "two parameters"),
        case(round_bowl, diagonal, 0.5, 2.9 / 2**halvings, 100, "more parameters"),
        case(valley, numbers(2), 0.1, 1e-9, 7, "max_iter reached"),
        converging(valley, numbers(2), 0.05, int(rng.integers(30, 60)), "two parameters"),
        case(slanted, [3.0, -1.0], 0.1, 1e-9, 1, "parameters that work together"),
        converging(slanted, numbers(2), 0.1, int(rng.integers(5, 15)), "parameters that work together"),
        converging(parabola, -np.abs(numbers(1)), 0.02, int(rng.integers(5, 12)), "one parameter"),
        converging(parabola, np.array([3]), 0.02, int(rng.integers(5, 12)), "integers"),
        converging(apart, rng.integers(6, 12, 3), 0.25, int(rng.integers(8, 14)), "integers"),
        converging(steeper, numbers(5), 0.05, int(rng.integers(20, 40)), "more parameters"),
        case(apart, np.arange(1.0, 5.0), 0.5, 1e-6, 50, "starting at the lowest point"),
    ]
    if hidden:
        cases += [
            converging(apart, numbers(8), 0.3, int(rng.integers(8, 20)), "more parameters"),
            converging(valley, rng.integers(2, 9, 2), 0.15, int(rng.integers(10, 20)), "integers"),
            case(steeper, numbers(3), 0.2, 1e-9, 3, "max_iter reached"),
        ]
    return cases


walking = slips_in(walk)


def in_place(x0: np.ndarray, **case: Any) -> tuple[np.ndarray, int]:
    """`x = x0; x -= …`, which an array of integers refuses."""
    x, n = walk(x0=x0, **case)
    if n and x0.dtype.kind == "i":
        x0 -= 0.5  # raises what NumPy raises
    x0[...] = x
    return x, n


def gradient_taken_once(f: str, x0: np.ndarray, lr: float, tol: float, max_iter: int) -> tuple[np.ndarray, int]:
    """Every step along the gradient at x0."""
    g = slope_of(f, x0.shape, max_iter)(x0)
    n = 0 if length(g) < tol else max_iter
    return x0 - n * lr * g, n


def one_after_the_other(f: str, x0: np.ndarray, lr: float, tol: float, max_iter: int) -> tuple[np.ndarray, int]:
    """One entry moved, then the next one by a gradient at the point in between."""
    grad, x, n = slope_of(f, x0.shape, len(x0) * max_iter), np.array(x0, dtype=np.float64), 0
    while n < max_iter and length(grad(x)) >= tol:
        for place in range(len(x)):
            x[place] -= lr * grad(x)[place]
        n += 1
    return x, n


def first_gradient_tested(f: str, x0: np.ndarray, **case: Any) -> tuple[np.ndarray, int]:
    """The gradient at x0 is tested again and again."""
    if length(GRADIENTS[f](x0)) >= case["tol"]:
        case["tol"] = 0.0
    return walk(f, x0, **case)


def step_tested(lr: float, tol: float, max_iter: int, **case: Any) -> tuple[np.ndarray, int]:
    """Steps until one was shorter than tol."""
    n = walk(lr=lr, tol=tol / lr, max_iter=max_iter, **case)[1]
    return walk(lr=lr, tol=0.0, max_iter=min(n + 1, max_iter), **case)


def one_more(**case: Any) -> tuple[np.ndarray, int]:
    """An update along the gradient that has just been found short."""
    n = walk(**case)[1]
    return walk(**{**case, "tol": 0.0, "max_iter": min(n + 1, case["max_iter"])})


def one_round(max_iter: int, **case: Any) -> tuple[np.ndarray, int] | None:
    """A loop that is left in its first round, and is followed by nothing."""
    return walk(max_iter=1, **case) if max_iter else None


def number_of_the_last_round(n: int, max_iter: int) -> int:
    """The variable of a `for` loop, after the loop."""
    if max_iter == 0:
        raise UnboundLocalError("cannot access local variable 'n' where it is not associated with a value")
    return min(n, max_iter - 1)


EXERCISE = exercise(
    "gradient_descent(grad, x0, lr, tol, max_iter) -> x, n",
    reference=walk,
    cases=draw,
    probe="gradient_descent",
    withheld=OPTIMIZERS,
    shape_notes={
        "x": "One point comes back, the last one, with as many entries as x0.",
        "n": "n is one whole number.",
    },
    hints=(
        """Three things happen again and again: ask for the gradient, look whether it is small or the updates are used
        up, step. In which order, so that a start at the lowest point gives n = 0?""",
        """Begin with `x = np.array(x0, dtype=float)`: a copy, and no integers. Then a `while n < max_iter:` whose first
        line asks for the gradient, and whose second may leave the loop.""",
        """The length of a vector g is `np.linalg.norm(g)`. In the loop: `g = grad(x)`; leave with `break` if that
        length is below tol; else make the new x from x, lr and g, and count. After the loop return both.""",
    ),
    mistakes=(
        # First, as many another walk without an end has the same n.
        wrong("first gradient tested", first_gradient_tested).told("""
            Unless the gradient is short at the start, yours goes on to max_iter. Is the gradient that is tested the one
            at the newest point?"""),
        walking("uphill", step=lambda g, lr: -lr * g).told("""
            Yours walks uphill. The gradient points to where the function grows; where is down?"""),
        walking("tested after the update", test_first=False).told("""
            A walk of yours has one update at least, even where the gradient is short at the start. Where in the loop
            does the test stand?"""),
        wrong("one update after the test", one_more).told("""
            Yours makes one more update when it has seen that the gradient is short. The walk is over at that point, and
            the test stands before the update."""),
        walking("one update at least", most=lambda max_iter: max(max_iter, 1)).told("""
            Where max_iter is 0, yours makes an update all the same. Where in the loop is max_iter looked at?"""),
        walking("one update at most", most=lambda max_iter: min(max_iter, 1)).told("""
            Yours never makes more than one update. Does a `return` stand inside the loop?"""),
        wrong("return inside the loop", one_round).told("""
            Yours never makes more than one update, and where max_iter is 0 it returns nothing: a `return` inside the
            loop ends the function in its first round."""),
        wrong(
            "test the wrong way round", lambda tol, **case: walk(tol=-tol, size=lambda g: -length(g), **case)
        ).told("""
            Yours stops where the gradient is long and goes on where it is short. Which way round is the
            comparison?"""),
        wrong("one update counted too many", n=lambda n: n + 1).told("""
            Your n is one too large. It counts something else than updates: how often the gradient was asked,
            perhaps?"""),
        wrong("looks counted", n=lambda n, max_iter: min(n + 1, max_iter)).told("""
            Where tol ends the walk, your n is one too large: it counts the last look at the gradient, too, after which
            no update was made."""),
        wrong("number of the last round", n=number_of_the_last_round).told("""
            Only where max_iter ends the walk, your n is one too small, and for max_iter = 0 it has no value. After
            `for n in range(5)` the loop's variable is 4: how many updates were made?"""),
        wrong("last update not counted", n=lambda n, max_iter: max(0, min(n, max_iter - 1))).told("""
            Only where max_iter ends the walk, your n is one too small. After `for n in range(5)` the loop's variable is
            4: how many updates were made?"""),
        wrong("point before the last update", x=lambda f, x0, lr, n: walk(f, x0, lr, 0.0, max(n - 1, 0))[0]).told("""
            Your x is the point before the last update. Is the old point returned, or the new one not kept?"""),
        wrong("gradient returned", x=lambda f, x: GRADIENTS[f](x)).told("""
            In the place of x stands the gradient there."""),
        wrong("counted once", n=1).told("""
            Your n is 1 in every case, however many updates were made. Is it counted outside of the loop?"""),
        wrong("no count", n=0).told("""
            Your n is 0 in every case, however many updates were made."""),
        wrong("max_iter returned", n="max_iter").told("""
            Your n is max_iter in every case. How many updates had been made when the gradient was small?"""),
        walking("one update beyond max_iter", most=lambda max_iter: max_iter + 1).told("""
            Where max_iter ends the walk, yours goes one update too far. With n starting at 0, for how many values of n
            is `n <= 5`?"""),
        walking("one update short of max_iter", most=lambda max_iter: max_iter - 1).told("""
            Where max_iter ends the walk, yours stops one update too early, and its point is one update behind."""),
        walking("max_iter ignored", most=lambda max_iter: np.inf).told("""
            Yours goes on until the gradient is small, however long that takes. A rate that is too large would keep it
            busy for ever: what is max_iter for?"""),
        wrong(
            "updates not counted", lambda **case: (walk(**case, most=lambda most: np.inf if most else 0)[0], 0)
        ).told("""
            Your n stays 0, however many updates are made. So max_iter is never reached, and your loop ends only where
            the gradient gets small."""),
        walking("tol ignored", size=lambda g: np.inf).told("""
            Yours makes max_iter updates in every case. What has to be looked at before each of them?"""),
        walking("largest entry in place of the length", size=lambda g: np.max(np.abs(g))).told("""
            Yours stops as soon as every entry of the gradient is below tol. Its length can still be larger: that of (3,
            4) is 5."""),
        walking("smallest entry in place of the length", size=lambda g: np.min(np.abs(g))).told("""
            Yours stops as soon as one entry of the gradient is below tol. The others may be large: all of them count,
            in one length."""),
        walking("first entry in place of the length", size=lambda g: abs(g[0])).told("""
            Yours stops as soon as the first entry of the gradient is below tol. The others count as well, all of them
            in one length."""),
        walking("root of the mean square", size=lambda g: np.sqrt(np.mean(g**2))).told("""
            Yours compares tol with the root of the mean square. The length is the root of the sum: that of (3, 4) is
            5."""),
        walking("mean size", size=lambda g: np.mean(np.abs(g))).told("""
            Yours compares tol with the mean size of the entries. The length grows with every entry: that of (3, 4) is
            5."""),
        walking("sum of absolute values", size=lambda g: np.sum(np.abs(g))).told("""
            Yours compares tol with the sum of the absolute values. The length is meant, as Pythagoras measures it: that
            of (3, 4) is 5, not 7."""),
        walking("length not rooted", size=lambda g: np.sum(g**2)).told("""
            Yours compares tol with the sum of squares. The length of (3, 4) is 5, not 25: what is missing?"""),
        walking("sign kept in the test", size=np.sum).told("""
            Yours stops at once where the gradient is negative: −5 is below tol, but it is not small. What counts is how
            long the gradient is, not which way it points."""),
        wrong("length of the step tested", lambda tol, lr, **case: walk(tol=tol / lr, lr=lr, **case)).told("""
            Yours compares tol with lr times the gradient, which is the length of the step. That is the other stopping
            rule; here the gradient itself is meant."""),
        wrong("gradient taken once", gradient_taken_once).told("""
            Every step of yours goes the same way and equally far: the gradient was asked once, at x0. It changes with
            every point."""),
        wrong("one entry after the other", one_after_the_other).told("""
            Where parameters work together, your point is a little off: when the second entry is moved, its slope is
            taken at a point whose first entry has moved already. One step moves all entries by one gradient."""),
        wrong("step tested when it is made", step_tested).told("""
            Yours stops when a step was shorter than tol, one update after it could have known. Here the gradient itself
            is looked at, before the update."""),
        walking("every step from x0", step_from=lambda x, x0: x0).told("""
            Every step of yours begins at x0: the gradient is that of the newest point, the point that it is taken from
            is not."""),
        walking("rate not used", step=lambda g, lr: g).told("""
            Your steps are as long as the gradient itself. What does lr do with it?"""),
        walking("direction only", step=lambda g, lr: lr * g / length(g)).told("""
            Your steps all have length lr: the gradient was divided by its length. A long gradient is to make a long
            step."""),
        in_other_order("results exchanged").told("""
            One result stands in the place of the other: first the point, then the number of updates."""),
        wrong("works on x0 itself", in_place).told("""
            Your function moves x0 itself. The caller's point is gone afterwards, and an array of integers refuses a
            step of 0.7. Begin with a copy, in floats."""),
        wrong("integers refuse the step", lambda x0, **case: in_place(x0.copy(), **case)).told("""
            Only integers fail. `x -= …` writes into the array that x is, and an array of integers takes no fractions.
            What could the copy at the beginning be made of?"""),
        walking("integers stay integers", keep=lambda x, x0: x.astype(x0.dtype)).told("""
            Only integers fail. What is written into an array of integers loses its fraction, so a step of 0.7 may move
            nothing. What could the copy at the beginning be made of?"""),
    ),
)
