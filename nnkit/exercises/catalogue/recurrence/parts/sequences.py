"""Batches of N sequences, T steps of D numbers each, for a recurrent layer of H units."""

from collections.abc import Callable

import numpy as np

from nnkit.exercises.catalogue.draws import signed
from nnkit.exercises.exercise import Case
from nnkit.exercises.judge.wording import listing, number

# T, N, D and H of the cases in the notebook. Grading draws the same kinds, and a few more of them.
SIZES = (
    ((1, 1, 1, 1), "one step"),
    ((2, 1, 1, 1), "one number in everything"),
    ((3, 1, 1, 1), "one number in everything"),
    ((1, 2, 2, 3), "one step"),
    ((3, 1, 2, 2), "one sequence"),
    ((3, 2, 2, 1), "one unit"),
    ((3, 3, 3, 3), "all sizes alike"),
    ((5, 3, 2, 4), "no two sizes alike"),
)
MORE = (((6, 2, 3, 4), "no two sizes alike"), ((2, 2, 2, 2), "all sizes alike"), ((4, 1, 3, 2), "one sequence"))
FROM_ZERO = (4, 2, 3, 2)


def drawn(rng: np.random.Generator, sizes: tuple[int, int, int, int], start: float = 1.0) -> dict[str, np.ndarray]:
    """What a layer needs on its way forward, such that no state is nearly 0 and none near the ends of tanh.

    The first state is drawn and multiplied by `start`.
    """
    steps, sequences, inputs, units = sizes
    while True:
        x, h0 = signed(rng, 0.3, 1.3, (steps, sequences, inputs)), start * signed(rng, 0.3, 0.9, (sequences, units))
        Wx, Wh = signed(rng, 0.3, 0.9, (inputs, units)), signed(rng, 0.3, 0.9, (units, units))
        b = signed(rng, 0.1, 0.5, units)
        hs = states(x, h0, Wx, Wh, b)
        if np.abs(hs).min() > 0.02 and np.abs(hs).max() < 0.97:
            return {"x": x, "h0": h0, "Wx": Wx, "Wh": Wh, "b": b}


def states(x: np.ndarray, h0: np.ndarray, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray) -> np.ndarray:
    """h₁ to h_T."""
    h, hs = h0, []
    for x_t in x:
        h = np.tanh(x_t @ Wx + h @ Wh + b)
        hs.append(h)
    return np.array(hs)


def with_sizes(arguments: dict[str, np.ndarray], covers: str) -> Case:
    """A case that says its sizes; where there is one number in everything, it says the numbers."""
    (steps, sequences, inputs), units = arguments["x"].shape, len(arguments["Wh"])
    words = f"T = {steps}, N = {sequences}, D = {inputs}, H = {units}"
    if sequences == inputs == units == 1:
        words += "".join(f"; {name} = {listing(map(number, array.flat))}" for name, array in arguments.items())
    return Case(arguments, covers, words)


def in_all_sizes(case: Callable[[tuple[int, int, int, int], str], Case], hidden: bool) -> list[Case]:
    """A case of each size."""
    return [case(sizes, covers) for sizes, covers in (SIZES + MORE if hidden else SIZES)]
