"""Noise that leaves a valley: a hundred walks with mini-batches begin at the lowest point of a shallow valley."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nnkit.draw import style
from nnkit.widgets import base
from nnkit.widgets.chance import Chance
from nnkit.widgets.fields import Field, Listed, Number, Whole
from nnkit.widgets.surfaces import SURFACES, draw_ground

PLACE = SURFACES["hilltop"]
RIDGE = PLACE.ridge or 0.0  # θ of the hilltop
START = 1.267  # the lowest point of the shallow valley
STEPS = 400
WALKS = 100
NOISE = 4.0  # how far the gradient of a single sample is off


class NoisyDescent(base.Moving):
    """A hundred walks on ¼θ⁴ − θ² + ½θ, each gradient with an error of 4/√B; which of them are in the deep valley."""

    front = "noisy_descent"
    title = "Noisy walks out of a shallow valley"
    call = "widgets.noisy_descent"

    @property
    def fields(self) -> Sequence[Field]:
        """The noise by the size of the batch, the rate, the seed, and how many steps are done."""
        return [
            Listed("batch", "batch size B", 4, [1, 2, 4, 8, 16, 32, 64]),
            Number("rate", "rate α", 0.1, 0.02, 0.2, 0.005),
            Whole("seed", "seed", 0, 0, 999),
            Whole("step", "", 0, 0, STEPS),
        ]

    def material(self) -> dict[str, Any]:
        """The valleys, and the numbers of the walks."""
        return {"place": PLACE.described(), "steps": STEPS, "noise": NOISE, "start": START, "ridge": RIDGE}

    def walks(self) -> np.ndarray:
        """Return θ of every walk after every step.

        Returns
        -------
        (401, 100) array
        """
        errors = NOISE / np.sqrt(self.state["batch"]) * Chance(self.state["seed"]).normals(STEPS * WALKS)
        at = np.full((STEPS + 1, WALKS), START)
        for t, error in enumerate(errors.reshape(STEPS, WALKS)):
            at[t + 1] = at[t] - self.state["rate"] * (at[t] ** 3 - 2 * at[t] + 0.5 + error)
        return at

    def twin(self) -> base.Twin:
        """The walks after all steps, whatever the step; one of them on its way; and how many are in the deep valley."""
        at = self.walks()
        deep = (at < RIDGE).sum(axis=1)
        batch = self.state["batch"]
        said = (
            f"Batch of {batch}: each gradient is off by {style.number(NOISE / np.sqrt(batch))} or so. "
            f"After {STEPS} steps {deep[-1]} of {WALKS} walks are in the deep valley."
        )
        style.use()
        figure = style.figure(8, 3.9)
        panels = figure.subplot_mosaic("ab;ac", width_ratios=[1.3, 1])
        draw_ground(panels["a"], PLACE)
        panels["a"].plot(at[-1], PLACE.loss(at[-1], 0.0), "o", ms=4, color=style.COLOURS["input"], alpha=0.6)
        for x, many in ((-1.53, deep[-1]), (1.27, WALKS - deep[-1])):
            panels["a"].text(x, 1.4, f"{many} here", ha="center")
        panels["a"].text(RIDGE, PLACE.loss(RIDGE, 0.0) + 0.12, "hilltop", ha="center")
        panels["b"].plot(at[:, 0], "-", color=style.COLOURS["gradient"], lw=1)
        panels["b"].axhline(RIDGE, color=style.COLOURS["axis"], linestyle="--", lw=1)
        panels["b"].set(xlim=(0, STEPS), ylim=(-2.6, 2.6), ylabel="θ of one walk")
        panels["c"].plot(deep, "-", color=style.COLOURS["input"])
        panels["c"].set(xlim=(0, STEPS), ylim=(0, WALKS), xlabel="step", ylabel="in the deep valley")
        picture = style.caption(
            figure,
            alt=f"Left: two valleys, and where a hundred walks are after {STEPS} steps. Right: θ of one of them over "
            f"the steps, and how many are in the deep valley. {said}",
            caption="A hundred walks that began at the lowest point of the shallow valley, to the right.",
        )
        return base.Twin(picture, said, base.paragraph(said))


def noisy_descent(settings: Mapping[str, Any] | None = None, /, **changes: Any) -> None:
    """Show a hundred noisy walks that begin in a shallow valley; they are played, and the size of the batch is turned.

    Parameters
    ----------
    settings : mapping, optional
        A state, or a part of one: ``batch`` (a power of two up to 64), ``rate``, ``seed``, ``step``.
    **changes : Any
        Single settings; they win.

    Raises
    ------
    ValueError
        If a setting is not known or out of bounds.

    Examples
    --------
    >>> from unittest import mock
    >>> with mock.patch.dict("os.environ", NNKIT_STATIC="1"):
    ...     noisy_descent(batch=64)  # doctest: +ELLIPSIS
    Left: two valleys, and where a hundred walks are after 400 steps. ...
    Batch of 64: each gradient is off by 0.5 or so. After 400 steps 0 of 100 walks are in the deep valley.
    """
    NoisyDescent(settings, **changes).show()
