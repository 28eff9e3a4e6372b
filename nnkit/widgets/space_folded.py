"""The plane of two inputs and what a hidden layer makes of it: moved by the weights, then bent by the activation.

Two inputs, two hidden neurons, one output, and XOR at the corners of the unit square. The page computes; what is said
about a state, and its static picture, are computed here a second time with the library's own functions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nnkit.draw import style
from nnkit.widgets import base
from nnkit.widgets.activations import FUNCTIONS
from nnkit.widgets.fields import Choice, Field, Number, Numbers

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = np.array([False, True, True, False])

ACTIVATIONS = ("identity", "step", "sigmoid", "tanh", "ReLU")

REACH = 8.0
"""How large a weight may be."""

STARTS: dict[str, dict[str, Any]] = {
    "flat": {"activation": "identity", "W1": [[1, -0.6], [-0.6, 1]], "b1": [0, 0], "W2": [[1], [1]], "b2": [0]},
    "two alike": {"activation": "ReLU", "W1": [[1, 1], [1, 1]], "b1": [-0.5, -0.5], "W2": [[1], [1]], "b2": [0]},
    "one asleep": {"activation": "ReLU", "W1": [[1, -1], [-1, -1]], "b1": [0, -0.5], "W2": [[1], [1]], "b2": [0]},
}
"""Networks that do not answer XOR, each for another reason."""


class SpaceFolded(base.Moving):
    """The nine numbers of a network with two inputs, two hidden neurons and one output, and what they do to the plane.

    Examples
    --------
    >>> widget = SpaceFolded(STARTS["flat"], activation="ReLU")
    >>> widget.sentence
    '3 of 4 points are on the right side; (1, 1) is not: ŷ = 0.8. A straight line could separate these images.'
    >>> widget.state["b2"] = [-0.4]
    >>> widget.sentence
    '4 of 4 points are on the right side: in (h₁, h₂) one straight line separates the squares from the circles.'
    """

    front = "space_folded"
    title = "The plane before and behind a hidden layer"
    call = "widgets.space_folded"

    @property
    def fields(self) -> Sequence[Field]:
        """The activation, the nine numbers, and how far the plane has gone: 0 is x, 1 is z, 2 is h = φ(z)."""
        start = STARTS["flat"]
        shapes = {"W1": (2, 2), "b1": (2,), "W2": (2, 1), "b2": (1,)}
        return [
            Choice("activation", "activation φ", start["activation"], ACTIVATIONS),
            *(Numbers(name, "", start[name], shape, -REACH, REACH) for name, shape in shapes.items()),
            Number("stage", "", 2.0, 0.0, 2.0, 0.02),
        ]

    def material(self) -> dict[str, Any]:
        """The starts that fail."""
        return {"starts": STARTS}

    @property
    def sentence(self) -> str:
        """What is to be seen of the state, with numbers."""
        h = hidden(self.state, CORNERS)
        y = output(self.state, h)
        wrong = np.flatnonzero((y > 0.5) != XOR)
        said = f"{4 - len(wrong)} of 4 points are on the right side"
        if not len(wrong):
            return said + ": in (h₁, h₂) one straight line separates the squares from the circles."
        places = _listed([f"({x1:g}, {x2:g})" for x1, x2 in CORNERS[wrong]])
        said += (
            f"; {places} {'is' if len(wrong) == 1 else 'are'} not: ŷ = {_listed([style.number(y[n]) for n in wrong])}."
        )
        if separable(h):
            return said + " A straight line could separate these images."
        flat = "With the identity nothing folds, and no" if self.state["activation"] == "identity" else "No"
        return f"{said} {flat} straight line can separate these images."

    def twin(self) -> base.Twin:
        """Both planes as the state has them, and the sentence."""
        said = self.sentence
        return base.Twin(_drawn(self.state, said), said, base.paragraph(said))


def space_folded(settings: Mapping[str, Any] | None = None, /, **changes: Any) -> None:
    """Show the plane of two inputs and its image behind two hidden neurons; all nine numbers can be dragged.

    Parameters
    ----------
    settings : mapping, optional
        A state, as it stands under "This picture again"; what is left out has its start.
    **changes : Any
        Single settings: ``activation``; ``W1`` (2, 2), ``b1`` (2,), ``W2`` (2, 1), ``b2`` (1,), with W1[d, m] from
        input d to neuron m; ``stage``, 0 for x, 1 for z = x W1 + b1, 2 for h = φ(z).

    Raises
    ------
    ValueError
        If a setting is not known or out of bounds.

    Examples
    --------
    >>> from unittest import mock
    >>> with mock.patch.dict("os.environ", NNKIT_STATIC="1"):
    ...     space_folded(activation="ReLU", b2=[-0.4])  # doctest: +ELLIPSIS
    Left the plane of the inputs with the four points of XOR, ...
    4 of 4 points are on the right side: in (h₁, h₂) one straight line separates the squares from the circles.
    """
    SpaceFolded(settings, **changes).show()


def hidden(state: Mapping[str, Any], points: np.ndarray, stage: float = 2.0) -> np.ndarray:
    """Return where points of the plane are on their way through the hidden layer.

    Parameters
    ----------
    state : mapping
        With ``activation``, ``W1`` and ``b1``.
    points : array of shape (N, 2)
    stage : float
        0 for the points themselves, 1 for z, 2 for h; straight on between.

    Returns
    -------
    array of shape (N, 2)

    Examples
    --------
    >>> hidden(STARTS["flat"], CORNERS[3:]).tolist()
    [[0.4, 0.4]]
    """
    from nnkit.engine import tensor

    z = points @ np.array(state["W1"], dtype=float) + np.array(state["b1"], dtype=float)
    if stage <= 1:
        return np.asarray(points + stage * (z - points))
    name = state["activation"]
    h = np.where(z > 0, 1.0, 0.0) if name == "step" else FUNCTIONS[name](tensor(z)).numpy()
    return np.asarray(z + (stage - 1) * (h - z))


def output(state: Mapping[str, Any], h: np.ndarray) -> np.ndarray:
    """Return ŷ = h W₂ + b₂ for each row of h; above ½ the network says yes.

    Parameters
    ----------
    state : mapping
        With ``W2`` and ``b2``.
    h : array of shape (N, 2)

    Returns
    -------
    array of shape (N,)

    Examples
    --------
    >>> output(STARTS["flat"], CORNERS).tolist()
    [0.0, 1.0, 1.0, 2.0]
    """
    return np.asarray(h @ np.array(state["W2"], dtype=float)[:, 0] + float(state["b2"][0]))


def separable(images: np.ndarray) -> bool:
    """Say whether a straight line has the images of the two yeses on one side and those of the two noes on the other.

    There is one exactly if the join of the yeses does not meet the join of the noes.

    Parameters
    ----------
    images : array of shape (4, 2)
        In the order of `CORNERS`.

    Returns
    -------
    bool

    Examples
    --------
    >>> separable(CORNERS), separable(np.maximum(CORNERS @ [[1, -1], [-1, 1]], 0))
    (False, True)
    """
    no, yes = images[~XOR], images[XOR]
    ends = [_distance(point, *yes) for point in no] + [_distance(point, *no) for point in yes]
    return min(ends) > 1e-9 and not (_between(no, *yes) and _between(yes, *no))


def _distance(point: np.ndarray, start: np.ndarray, end: np.ndarray) -> float:
    """From a point to the nearest point of a join."""
    along = end - start
    length = float(along @ along)
    share = 0.0 if length == 0 else min(max(float((point - start) @ along) / length, 0.0), 1.0)
    return float(np.hypot(*(point - start - share * along)))


def _between(ends: np.ndarray, start: np.ndarray, end: np.ndarray) -> bool:
    """Say whether a line has one of two ends on either side."""
    (x, y), (along, up) = (ends - start).T, end - start
    sides = along * y - up * x
    return bool(sides[0] * sides[1] < 0)


def _listed(words: Sequence[str]) -> str:
    """Join words: a, b and c."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _drawn(state: dict[str, Any], said: str) -> style.Figure:
    """Draw the plane and its image side by side."""
    import matplotlib

    stage = state["stage"]
    behind = {0.0: "x, nothing moved yet", 1.0: "z = xW₁ + b₁", 2.0: f"h = φ(z), φ: {state['activation']}"}.get(
        stage, "on the way"
    )
    with matplotlib.rc_context(style.settings()):
        figure = style.figure(7.5, 3.9)
        before, after = figure.subplots(1, 2)
        landed = hidden(state, CORNERS, stage)
        half = max(1.25, 1.14 * float(np.abs(landed - 0.5).max()))
        _grid(before, state, 0.0)
        _grid(after, state, stage)
        _shade(before, 1.25, lambda plane: output(state, hidden(state, plane)))
        if stage == 2:
            _shade(after, half, lambda plane: output(state, plane))
        for ax, places in ((before, CORNERS), (after, landed)):
            # Squares reach out from under circles where both have landed in one place.
            for yes, look, role, size in ((True, "s", "target", 13), (False, "o", "input", 9)):
                ax.plot(*places[yes == XOR].T, ":", color=style.COLOURS[role], lw=1.5)
                ax.plot(*places[yes == XOR].T, look, color=style.COLOURS[role], ms=size, mec=style.COLOURS["page"])
            _name(ax, places)
            ax.grid(False)
        for neuron, (role, dashes) in enumerate((("weight", "-"), ("second", "--"))):
            line = _line(np.array(state["W1"])[:, neuron], state["b1"][neuron])
            before.plot(*line.T, dashes, color=style.COLOURS[role])
        before.set(title="inputs", xlabel="x₁", ylabel="x₂", xlim=(-0.75, 1.75), ylim=(-0.75, 1.75), aspect="equal")
        names = ("x₁", "x₂") if stage == 0 else ("z₁", "z₂") if stage == 1 else ("h₁", "h₂")
        reach = (0.5 - half, 0.5 + half)
        after.set(title=behind, xlabel=names[0], ylabel=names[1], xlim=reach, ylim=reach, aspect="equal")
        alt = (
            "Left the plane of the inputs with the four points of XOR, squares for yes and circles for no, and the "
            f"lines of two hidden neurons; shaded where the network says yes. Right the same points and grid: {behind}."
        )
        lines = "Solid: z₁ = 0. Dashed: z₂ = 0."
        return style.caption(figure, alt=alt, caption=f"{lines} Dash-dotted: ŷ = ½." if stage == 2 else lines)


def _name(ax: Any, places: np.ndarray) -> None:
    """Write beside each point which corner it was; points that land in one place share a label."""
    named: dict[tuple[float, float], list[str]] = {}
    for corner, (x, y) in zip(CORNERS, places.tolist(), strict=True):
        place = next((other for other in named if np.allclose(other, (x, y), atol=0.02)), (x, y))
        named.setdefault(place, []).append(f"({corner[0]:g}, {corner[1]:g})")
    ground = {"boxstyle": "round,pad=0.15", "facecolor": style.COLOURS["page"], "edgecolor": "none", "alpha": 0.8}
    look: dict[str, Any] = {"textcoords": "offset points", "fontsize": 9, "zorder": 5, "bbox": ground}
    for place, corners in named.items():
        ax.annotate("\n".join(corners), place, (8, 7), **look)


def _grid(ax: Any, state: dict[str, Any], stage: float) -> None:
    """Draw the grid of the plane as it lies at a stage."""
    along = np.linspace(-0.5, 1.5, 161)
    for at in np.linspace(-0.5, 1.5, 9):
        for line in (np.stack([along, 0 * along + at], axis=1), np.stack([0 * along + at, along], axis=1)):
            ax.plot(*hidden(state, line, stage).T, "-", color=style.COLOURS["axis"], lw=0.6, alpha=0.7)


def _shade(ax: Any, half: float, says: Any) -> None:
    """Shade where the network says yes, and dash the border."""
    axis = np.linspace(0.5 - half, 0.5 + half, 201)
    first, second = np.meshgrid(axis, axis)
    values = says(np.stack([first.ravel(), second.ravel()], axis=1)).reshape(first.shape)
    ax.contourf(first, second, values, levels=[0.5, np.inf], colors=[style.COLOURS["target"]], alpha=0.16)
    if values.min() <= 0.5 < values.max():
        ax.contour(first, second, values, levels=[0.5], colors=[style.COLOURS["ink"]], linestyles="-.", linewidths=2)


def _line(w: np.ndarray, b: float) -> np.ndarray:
    """Return the two ends of the line w·x + b = 0, far outside of the picture; nothing if there is no line."""
    length = float(w @ w)
    if length == 0:
        return np.empty((0, 2))
    foot, along = -b * w / length, np.array([-w[1], w[0]]) / np.sqrt(length)
    return np.array([foot - 20 * along, foot + 20 * along])
