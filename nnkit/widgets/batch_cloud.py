"""The cloud of mini-batch gradients around the exact one, and the law by which it shrinks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nnkit.draw import style
from nnkit.widgets import base
from nnkit.widgets.chance import Chance
from nnkit.widgets.fields import Field, Listed, Number, Whole

SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
BATCHES = 500


def linear_problem() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the problem of the notebook `descent`: 1,024 samples of a linear model with two weights.

    Returns
    -------
    X : (1024, 2) array
    y : (1024,) array
        Rounded to six decimals, as they go to the page.
    best : (2,) array
        The weights with the lowest loss.
    """
    rng = np.random.default_rng(0)
    X = rng.normal(size=(1024, 2)) * [1.0, 0.3]
    y = X @ np.array([2.0, -3.0]) + rng.normal(size=1024)
    X, y = X.round(6), y.round(6)
    return X, y, np.linalg.lstsq(X, y, rcond=None)[0]


class BatchCloud(base.Moving):
    """Five hundred mini-batches, their gradients as points, and the typical error over the size of the batch."""

    front = "batch_cloud"
    title = "The gradients of mini-batches around the exact one"
    call = "widgets.batch_cloud"

    @property
    def fields(self) -> Sequence[Field]:
        """The size of the batch, where on the way from 0 to the lowest point one stands, and the seed."""
        return [
            Listed("batch", "batch size B", 4, SIZES),
            Number("way", "way done", 0.0, 0.0, 1.0, 0.05),
            Whole("seed", "seed", 0, 0, 999),
        ]

    def material(self) -> dict[str, Any]:
        """The samples."""
        X, y, best = linear_problem()
        return {"X": X.tolist(), "y": y.tolist(), "best": best.tolist(), "sizes": list(SIZES)}

    def clouds(self) -> tuple[np.ndarray, float, dict[int, np.ndarray]]:
        """Return what the state's weights make: the exact gradient, σ, and the gradients of the batches of every size.

        Returns
        -------
        exact : (2,) array
        sigma : float
            How far the gradient of one sample is off: the root of the mean squared distance.
        clouds : dict from size to (500, 2) array
        """
        X, y, best = linear_problem()
        each = X * (X @ (self.state["way"] * best) - y)[:, None]
        exact = each.mean(axis=0)
        sigma = float(np.sqrt(np.square(each - exact).sum(axis=1).mean()))
        clouds = {}
        for size in SIZES:
            shares = Chance(self.state["seed"]).uniforms(BATCHES * size).reshape(BATCHES, size).tolist()
            order, cloud = list(range(len(y))), np.empty((BATCHES, 2))
            for batch, drawn in enumerate(shares):
                for k, share in enumerate(drawn):
                    other = k + int((len(y) - k) * share)
                    order[k], order[other] = order[other], order[k]
                cloud[batch] = each[order[:size]].mean(axis=0)
            clouds[size] = cloud
        return exact, sigma, clouds

    def twin(self) -> base.Twin:
        """The cloud of the state's size to the left, the law to the right."""
        exact, sigma, clouds = self.clouds()
        size = int(self.state["batch"])
        spreads = {one: typical_error(cloud, exact) for one, cloud in clouds.items()}
        length = float(np.linalg.norm(exact))
        uphill = clouds[size] @ exact < 0 if length > 1e-9 else np.zeros(BATCHES, bool)
        left_over = "The exact gradient is 0 here: all that is left is noise."
        if length > 1e-9:
            left_over = (
                f"The exact gradient has length {style.number(length)}; {uphill.sum()} of the {BATCHES} lead uphill "
                "(crosses)."
            )
        said = (
            f"{BATCHES} batches of {size}: typical error {style.number(spreads[size])}. The law says σ/√B = "
            f"{style.number(sigma)}/√{size} = {style.number(sigma / np.sqrt(size))}. {left_over}"
        )
        style.use()
        figure = style.figure(8, 3.9)
        left, right = figure.subplots(1, 2)
        for some, mark, colour in ((~uphill, "o", "gradient"), (uphill, "x", "second")):
            left.plot(*clouds[size][some].T, mark, ms=4, color=style.COLOURS[colour])
        around = np.linspace(0, 2 * np.pi, 200)
        circle = exact[:, None] + spreads[size] * np.array([np.cos(around), np.sin(around)])
        left.plot(*circle, "--", color=style.COLOURS["ink"], lw=1.4)
        arrow = {"arrowstyle": "-|>", "lw": 2.4, "color": style.COLOURS["input"]}
        left.annotate("", tuple(exact), (0, 0), arrowprops=arrow)
        left.set(xlim=(-6.5, 2.5), ylim=(-4.5, 4.5), aspect="equal", xlabel="∂L/∂w₁", ylabel="∂L/∂w₂")
        right.loglog(SIZES, [spreads[one] for one in SIZES], "o", color=style.COLOURS["gradient"])
        right.loglog(SIZES, sigma / np.sqrt(SIZES), "--", color=style.COLOURS["axis"], lw=1.4)
        right.plot(size, spreads[size], "o", ms=13, mfc="none", mec=style.COLOURS["ink"])
        if length > 0.03:
            right.axhline(length, color=style.COLOURS["input"], linestyle=":")
            right.text(256, 1.08 * length, "length of the exact gradient", ha="right")
        right.text(1.5, 1.15 * sigma / np.sqrt(1.5), "σ/√B")
        right.set(xlabel="batch size B", ylabel="typical error", xticks=SIZES, xticklabels=SIZES, ylim=(0.03, 10))
        right.minorticks_off()
        picture = style.caption(
            figure,
            alt="Left: the gradients of mini-batches as points around the exact one, an arrow, and a dashed circle "
            "whose radius is their typical error. Right: this error over the size of the batch, both axes logarithmic, "
            f"along the line σ/√B. {said}",
            caption=f"Left: gradients of {BATCHES} batches of {size}, in a circle of their typical error. "
            "Right: how it falls with the size.",
        )
        return base.Twin(picture, said, base.paragraph(said))


def typical_error(cloud: np.ndarray, exact: np.ndarray) -> float:
    """Return how far gradients are off: the root of the mean squared distance.

    Parameters
    ----------
    cloud : (n, 2) array
    exact : (2,) array

    Returns
    -------
    float

    Examples
    --------
    >>> typical_error(np.array([[3.0, 4.0], [-3.0, -4.0]]), np.zeros(2))
    5.0
    """
    return float(np.sqrt(np.square(cloud - exact).sum(axis=1).mean()))


def batch_cloud(settings: Mapping[str, Any] | None = None, /, **changes: Any) -> None:
    """Show the gradients of five hundred mini-batches around the exact one; the size of the batch is turned.

    Parameters
    ----------
    settings : mapping, optional
        A state, or a part of one: ``batch`` (a power of two up to 256), ``way`` (0 where the weights are 0, 1 at the
        lowest point), ``seed``.
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
    ...     batch_cloud(batch=16)  # doctest: +ELLIPSIS
    Left: the gradients of mini-batches as points around the exact one, an arrow, ... σ/√B. ...
    500 batches of 16: typical error ...
    """
    BatchCloud(settings, **changes).show()
