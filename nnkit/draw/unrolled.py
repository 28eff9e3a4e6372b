"""A message that goes back through time: how large it is at every state of a recurrent network, and beside it the law.

One unit, or sixteen with a random matrix of a spectral radius that is given; the message 1 arrives at the last state.
The numbers that are drawn at random are rounded to four digits, so that a page can compute with the same ones.
"""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

import numpy as np

from nnkit.draw import style

NETWORKS = ("one unit", "sixteen units")
MOST = 60
"""The largest number of steps."""

SEEDS = 5


class Network(NamedTuple):
    """What is drawn at random, before it is scaled.

    Parameters
    ----------
    matrix : (H, H) array
        From state to state, h W, with a spectral radius of 1.
    inputs : (60, H) array
        One for each unit at each step; the loudness is their weight.
    message : (H,) array
        What arrives at the last state; its size is 1.
    stretch : float
        The largest singular value of the matrix.
    """

    matrix: Any
    inputs: Any
    message: Any
    stretch: float


class Passed(NamedTuple):
    """A pass forward and back.

    Parameters
    ----------
    states : (steps + 1, H) array
        From h₀ = 0 on.
    slopes : (steps, H) array
        1 − h², or 1 without tanh.
    sizes : (steps + 1,) array
        Of the message at each state, from h₀ to the last.
    terms : (steps,) array
        The size of what each step adds to the gradient of the inputs' weights.
    whole : float
        The norm of that gradient.
    """

    states: Any
    slopes: Any
    sizes: Any
    terms: Any
    whole: float


@functools.cache
def random_network(network: str, seed: int) -> Network:
    """Return the random numbers of a network.

    Parameters
    ----------
    network : str
        "one unit" or "sixteen units".
    seed : int

    Returns
    -------
    Network

    Examples
    --------
    >>> random_network("one unit", 0).matrix.tolist(), random_network("sixteen units", 0).inputs.shape
    ([[1.0]], (60, 16))
    """
    rng = np.random.default_rng(seed)
    units = 1 if network == NETWORKS[0] else 16
    matrix: Any = np.ones((1, 1)) if units == 1 else rng.normal(size=(units, units))
    radius = float(np.abs(np.linalg.eigvals(matrix)).max())
    matrix = (matrix / radius).round(4)
    inputs = rng.normal(size=(MOST, units))
    message = np.ones(1) if units == 1 else rng.normal(size=units)
    message = (message / np.linalg.norm(message)).round(4)
    return Network(matrix, np.round(inputs, 4), message, float(np.linalg.norm(matrix, 2)))


def _passed(network: str, weight: float, *, loudness: float, steps: int, tanh: bool, seed: int = 0) -> Passed:
    """Go forward and back through all steps."""
    drawn = random_network(network, seed)
    matrix = weight * drawn.matrix
    states, slopes = [np.zeros(len(matrix))], []
    for t in range(steps):
        z = loudness * drawn.inputs[t] + states[-1] @ matrix
        states.append(np.tanh(z) if tanh else z)
        slopes.append(1 - states[-1] ** 2 if tanh else np.ones_like(z))
    message, sizes, terms = drawn.message, [float(np.linalg.norm(drawn.message))], []
    whole = np.zeros_like(matrix)
    for t in reversed(range(steps)):
        delta = message * slopes[t]
        terms.append(float(np.linalg.norm(drawn.inputs[t]) * np.linalg.norm(delta)))
        whole += np.outer(drawn.inputs[t], delta)
        message = delta @ matrix.T
        sizes.append(float(np.linalg.norm(message)))
    return Passed(
        np.array(states),
        np.array(slopes),
        np.array(sizes[::-1]),
        np.array(terms[::-1]),
        float(np.linalg.norm(whole)),
    )


def said(size: float, steps: int) -> str:
    """Say what has become of a message of size 1.

    Parameters
    ----------
    size : float
    steps : int

    Returns
    -------
    str

    Examples
    --------
    >>> said(0.9**50, 50)
    'After 50 steps 0.00515 of 1 is left: the message vanishes.'
    """
    if steps == 0:
        return "Nothing has gone back yet."
    after = "After 1 step" if steps == 1 else f"After {steps} steps"
    if size < 0.1:
        return f"{after} {style.number(size)} of 1 is left: the message vanishes."
    if size > 10:
        return f"{after} 1 has become {style.number(size)}: the message explodes."
    course = "shrinks" if size <= 0.5 else "grows" if size >= 2 else "stays"
    return f"{after} 1 has become {style.number(size)}: the message {course}."


def unrolled(
    network: str = "one unit",
    weight: float = 0.9,
    *,
    loudness: float = 0.05,
    steps: int = 50,
    tanh: bool = False,
    seed: int = 0,
    back: int = MOST,
) -> style.Figure:
    """Draw the size of a message at each state of a recurrent network, on a logarithmic axis, and the law beside it.

    Parameters
    ----------
    network : str
        "one unit" or "sixteen units".
    weight : float
        The recurrent weight, or the spectral radius of the matrix.
    loudness : float
        Of the random inputs.
    steps : int
        At most 60.
    tanh : bool
        Whether the units bend.
    seed : int
        Of the random numbers, 0 to 4.
    back : int
        How many steps the message has gone back.

    Returns
    -------
    Figure

    Examples
    --------
    >>> unrolled("one unit", 1.1)
    The size of a message that goes back through 50 steps of one unit without tanh, w = 1.1. After 50 steps 1 has \
become 117: the message explodes. The law 1.1⁵⁰ is 117.
    """
    import matplotlib.pyplot as plt

    passed = _passed(network, weight, loudness=loudness, steps=steps, tanh=tanh, seed=seed)
    back = min(back, steps)
    shown = passed.sizes[steps - back :]
    law = float(abs(weight)) ** np.arange(steps, -1, -1)
    sign = "w" if network == NETWORKS[0] else "ρ"
    with plt.rc_context(style.settings()):
        figure, axes = plt.subplots(figsize=(7.0, 3.2))
        times = np.arange(steps + 1)
        axes.semilogy(times, law, "--", color=style.COLOURS["second"], lw=1.6, label=f"the law {sign}ᵏ, k steps back")
        axes.semilogy(
            times[steps - back :], shown, "o-", ms=3.5, color=style.COLOURS["gradient"], label="size of the message"
        )
        axes.axhline(1, color=style.COLOURS["axis"], lw=1)
        axes.set(xlabel="state hₜ", ylabel="size of the message")
        axes.legend()
    after = "with" if tanh else "without"
    alt = (
        f"The size of a message that goes back through {steps} steps of {network} {after} tanh, {sign} = "
        f"{style.number(weight)}. {said(float(shown[0]), back)} The law {style.number(weight)}"
        f"{style.power(back).removeprefix('(·)')} is {style.number(law[steps - back])}."
    )
    return style.caption(figure, alt=alt)
