"""Probes of notebook 03, descent: a gradient to walk down, and epochs of mini-batches to look at.

`gradient_descent` is given the gradient of a function that the case names. `minibatches` is asked for several epochs;
what comes back is every batch of each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from nnkit.exercises.beside import wire
from nnkit.exercises.beside.probes import probe

# ---------------------------------------------------------------------------------------------------------------------
# Functions to walk down
# ---------------------------------------------------------------------------------------------------------------------

GRADIENTS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "−2θ + 4θ²": lambda x: 8 * x - 2,
    "(θ² − 1)²": lambda x: 4 * x * (x**2 - 1),
    "½(x² + y²)": lambda x: 1.0 * x,
    "½(x² + y² + z²)": lambda x: 1.0 * x,
    "½(x² + 10 y²)": lambda x: x * [1.0, 10.0],
    "x² + xy + y²": lambda x: 2 * x + x[::-1],
    "a bowl whose lowest point is (1, 2, 3, …)": lambda x: x - np.arange(1.0, x.size + 1),
    "a bowl that is k times steeper along axis k": lambda x: x * np.arange(1.0, x.size + 1),
}

# How often a loop may ask for the gradient: far more than any that counts its updates, so that one without an end
# gets a sentence in place of a wait.
CALLS_TO_SPARE = 2_000


def slope_of(name: str, shape: tuple[int, ...], max_iter: int) -> Callable[[Any], np.ndarray]:
    """The gradient of a function, refusing what is not a point and an endless number of questions.

    Examples
    --------
    >>> slope_of("−2θ + 4θ²", (1,), 10)(np.array([3.0]))
    array([22.])
    """
    function, asked = GRADIENTS[name], 0

    def grad(x: Any) -> np.ndarray:
        nonlocal asked
        if not isinstance(x, np.ndarray | np.generic):  # the notebook's own gradients are formulas for arrays
            raise TypeError(f"grad received a {type(x).__name__}; it takes an array of shape {shape}")
        asked += 1
        if asked > 4 * max_iter + CALLS_TO_SPARE:
            raise RuntimeError(f"grad was asked {asked - 1:,} times, with max_iter = {max_iter}; what ends the loop?")
        point = np.array(x, dtype=np.float64)
        if point.shape != shape:
            raise ValueError(f"grad received a point of shape {point.shape}; it takes shape {shape}, that of x0")
        with np.errstate(all="ignore"):  # a walk uphill overflows here, in code that is not the student's
            return np.array(function(point), dtype=np.float64)

    return grad


@probe
def gradient_descent(student: Any, arguments: dict[str, Any], namespace: Mapping[str, Any]) -> Any:
    """Call the student's function with a gradient in the place of a function's name."""
    x0, max_iter = arguments["x0"], arguments["max_iter"]
    grad = slope_of(arguments["f"], x0.shape, max_iter)
    return student(grad, x0, arguments["lr"], arguments["tol"], max_iter)


# ---------------------------------------------------------------------------------------------------------------------
# Epochs
# ---------------------------------------------------------------------------------------------------------------------


@probe
def minibatches(student: Any, arguments: dict[str, Any], namespace: Mapping[str, Any]) -> Any:
    """Ask for four epochs and list their batches.

    Returns
    -------
    dict
        ``problem``: None, or the type of a result that cannot be gone through ("NoneType" for nothing). Without a
        problem ``epochs``, four lists of batches: two with fresh generators of the same seed, one more with the second
        of these generators, one with another seed.
    """
    X, y, size, seed = (arguments[key] for key in ("X", "y", "batch_size", "seed"))
    generator = np.random.default_rng(seed)
    epochs: list[list[Any]] = []
    for rng in (np.random.default_rng(seed), generator, generator, np.random.default_rng(seed + 1)):
        batches = student(X, y, size, rng)
        if not isinstance(batches, Iterable) or isinstance(batches, str | dict):
            return {"problem": type(batches).__name__, "epochs": []}
        epochs.append(_listed(batches, most=len(X) + 3))
    return {"problem": None, "epochs": epochs}


def _listed(batches: Iterable[Any], most: int) -> list[Any]:
    """The batches as plain data; of an epoch that does not end, a few too many."""
    found: list[Any] = []
    for batch in batches:
        found.append(wire.plain(batch))
        if len(found) >= most:
            break
    return found
