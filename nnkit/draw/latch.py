"""What one recurrent unit makes of a single 1: its states over twenty steps, and what they would be without the 1."""

from __future__ import annotations

import numpy as np

from nnkit.draw import style

STEPS = 20


def states(wh: float, b: float, first: float = 1.0) -> np.ndarray:
    """Return the states of a unit that reads one number and then zeros, h₁ to h₂₀.

    Parameters
    ----------
    wh, b : float
        The recurrent weight and the bias; the input's weight is 1.
    first : float
        What it reads at the first step.

    Returns
    -------
    (20,) numpy.ndarray

    Examples
    --------
    >>> np.round(states(0.5, 0.0)[:3], 3).tolist()
    [0.762, 0.363, 0.18]
    """
    found = [np.tanh(first + b)]
    for _ in range(STEPS - 1):
        found.append(np.tanh(wh * found[-1] + b))
    return np.array(found)


def said(wh: float, b: float) -> str:
    """Say what is left of the 1 after twenty steps.

    Parameters
    ----------
    wh, b : float

    Returns
    -------
    str

    Examples
    --------
    >>> said(2, -0.4)
    'After 20 steps the state is 0.873; without the 1 it would be −0.983. It still remembers.'
    """
    last, without = states(wh, b)[-1], states(wh, b, 0.0)[-1]
    kept = "It still remembers." if abs(last - without) > 0.05 else "It has forgotten."
    without = style.number(without)
    return f"After {STEPS} steps the state is {style.number(last)}; without the 1 it would be {without}. {kept}"


def latch(wh: float, b: float) -> style.Figure:
    """Draw the states of a unit that reads a single 1, and those of one that reads zeros alone.

    Parameters
    ----------
    wh, b : float

    Returns
    -------
    Figure

    Examples
    --------
    >>> latch(0.5, 0.0)
    The states of one unit over 20 steps, wh = 0.5, b = 0. After 20 steps the state is 1.37·10⁻⁶; without the 1 it \
would be 0. It has forgotten.
    One unit that reads a 1 at the first step and zeros afterwards. Dashed: zeros from the start.
    """
    import matplotlib.pyplot as plt

    with plt.rc_context(style.settings()):
        figure, axes = plt.subplots(figsize=(7.0, 3.0))
        times = np.arange(1, STEPS + 1)
        axes.plot(times, states(wh, b, 0.0), "s--", ms=3.5, color=style.COLOURS["second"])
        axes.plot(times, states(wh, b), "o-", color=style.COLOURS["input"])
        axes.axhline(0, color=style.COLOURS["axis"], lw=1)
        axes.set(xlabel="step t", ylabel="state $h_t$", ylim=(-1.1, 1.1), xticks=[1, 5, 10, 15, 20])
    alt = f"The states of one unit over {STEPS} steps, wh = {style.number(wh)}, b = {style.number(b)}. {said(wh, b)}"
    return style.caption(
        figure,
        alt=alt,
        caption="One unit that reads a 1 at the first step and zeros afterwards. Dashed: zeros from the start.",
    )
