"""Pictures of rotations: a small glider in space, turned by a matrix, seen from one fixed place without perspective.

The glider's nose points along its x axis, its left wing along y, its fin along z; the three axes are drawn with it.
Its wings differ by colour and by hatching, so that no two attitudes look the same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from nnkit.draw import style

_AZIMUTH, _ELEVATION = math.radians(35.0), math.radians(24.0)
TOWARDS = np.array(
    [
        math.cos(_ELEVATION) * math.cos(_AZIMUTH),
        math.cos(_ELEVATION) * math.sin(_AZIMUTH),
        math.sin(_ELEVATION),
    ]
)
RIGHT = np.array([-math.sin(_AZIMUTH), math.cos(_AZIMUTH), 0.0])
UP = np.cross(TOWARDS, RIGHT)
"""From where the glider is seen: the direction towards the eye, and what is right and up on the paper."""

_NOSE, _TAIL = (1.0, 0.0, 0.0), (-0.7, 0.0, 0.0)
_FACES = (
    ("left wing", (_NOSE, (-0.7, 0.85, 0.0), _TAIL), style.COLOURS["input"], ""),
    ("right wing", (_NOSE, _TAIL, (-0.7, -0.85, 0.0)), style.COLOURS["weight-area"], "////"),
    ("fin", ((0.0, 0.0, 0.0), _TAIL, (-0.7, 0.0, 0.55)), style.COLOURS["axis"], ""),
)
_REACH = 1.3  # of the axes
_LETTER = 0.13  # half the size of an axis's letter


def faces() -> list[tuple[str, tuple[tuple[float, float, float], ...]]]:
    """Return the glider's faces: what each is called, and its corners.

    Returns
    -------
    list of (str, corners)

    Examples
    --------
    >>> [name for name, corners in faces()]
    ['left wing', 'right wing', 'fin']
    """
    return [(name, corners) for name, corners, _, _ in _FACES]


def seen(points: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return where points of space lie on the paper, and how near they are to the eye.

    Parameters
    ----------
    points : (…, 3) array_like

    Returns
    -------
    paper : (…, 2)
        To the right and up.
    nearness : (…,)
        Larger is nearer.

    Examples
    --------
    >>> paper, nearness = seen([0.0, 0.0, 1.0])
    >>> bool(abs(paper[0]) < 1e-12), bool(paper[1] > 0.9)
    (True, True)
    """
    points = np.asarray(points, float)
    return points @ np.stack([RIGHT, UP], axis=1), points @ TOWARDS


def said(matrix: Any) -> str:
    """Say in words what a 3 × 3 matrix does to a body.

    Parameters
    ----------
    matrix : (3, 3) array_like

    Returns
    -------
    str

    Examples
    --------
    >>> said([[0, -1, 0], [1, 0, 0], [0, 0, 1]])
    'turned by 90° about (0, 0, 1)'
    >>> said(np.eye(3)), said(2 * np.eye(3)), said(-np.eye(3))
    ('not turned', 'deformed: stretched by 2, 2 and 2', 'deformed: mirrored, and stretched by 1, 1 and 1')
    """
    R = np.asarray(matrix, float)
    if not is_rotation(R):
        stretch = [style.number(float(f"{each:.2g}")) for each in np.linalg.svd(R, compute_uv=False)]
        mirrored = "mirrored, and " if np.linalg.det(R) < 0 else ""
        return f"deformed: {mirrored}stretched by {stretch[0]}, {stretch[1]} and {stretch[2]}"
    turned = angle(np.eye(3), R)
    if turned < 0.5:
        return "not turned"
    # Four times the products of the quaternion's entries: the longest column is along the quaternion.
    products = np.empty((4, 4))
    products[:3, :3] = R + R.T + (1 - np.trace(R)) * np.eye(3)
    products[3, :3] = products[:3, 3] = R[2, 1] - R[1, 2], R[0, 2] - R[2, 0], R[1, 0] - R[0, 1]
    products[3, 3] = 1 + np.trace(R)
    q = products[:, np.argmax(np.diag(products))]
    axis = q[:3] / np.linalg.norm(q[:3]) * (1 if q[3] >= 0 else -1)
    entries = ", ".join(style.number(round(float(entry), 2) + 0.0) for entry in axis)
    return f"turned by {turned:.0f}° about ({entries})"


def is_rotation(matrix: Any, within: float = 1e-3) -> bool:
    """Say whether a 3 × 3 matrix is a rotation, but for rounding.

    Examples
    --------
    >>> is_rotation(np.eye(3)), is_rotation(-np.eye(3))
    (True, False)
    """
    R = np.asarray(matrix, float)
    return bool(np.abs(R.T @ R - np.eye(3)).max() < within and np.linalg.det(R) > 0)


def angle(first: Any, second: Any) -> float:
    """Return the angle in degrees between two rotations.

    Parameters
    ----------
    first, second : (3, 3) array_like

    Examples
    --------
    >>> round(angle(np.eye(3), [[0, -1, 0], [1, 0, 0], [0, 0, 1]]), 6)
    90.0
    """
    between = np.asarray(first, float).T @ np.asarray(second, float)
    sine = np.linalg.norm(between - between.T) / math.sqrt(8)
    return math.degrees(math.atan2(sine, (np.trace(between) - 1) / 2))


def bodies(rotations: Mapping[str, Any], *, reference: Any = None) -> Any:
    """Draw a glider under each of some matrices, side by side.

    A matrix that is no rotation deforms the glider, and is drawn as well.

    Parameters
    ----------
    rotations : mapping of str to (3, 3) array_like
        What stands above each picture, and the matrix whose columns are the glider's axes.
    reference : (3, 3) array_like, optional
        An attitude whose outline is dashed in every picture, such as the true one.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is no matrix, or one is not of shape (3, 3) or not finite.

    Examples
    --------
    >>> style.caption(bodies({"at rest": np.eye(3), "half a turn": np.diag([-1.0, -1.0, 1.0])}))
    A glider in 2 attitudes, its axes x (nose), y (left wing) and z (fin). At rest: not turned. \
Half a turn: turned by 180° about (0, 0, 1).
    """
    if not rotations:
        raise ValueError("There is no rotation to draw: give at least one 3 × 3 matrix by name.")
    matrices = {str(label): _checked(matrix, f"The matrix {label!r}") for label, matrix in rotations.items()}
    outline = None if reference is None else _checked(reference, "The reference")
    figure = style.figure(min(8.0, 2.5 * len(matrices) + 0.2), 2.75)
    words = []
    for number, (label, R) in enumerate(matrices.items()):
        axes = figure.add_subplot(1, len(matrices), number + 1)
        _body(axes, R, outline)
        axes.set_title(label, fontsize=11, color=style.COLOURS["ink"])
        word = f"{label[:1].upper()}{label[1:]}: {said(R)}"
        if outline is not None and is_rotation(R) and is_rotation(outline):
            word += f", {angle(outline, R):.0f}° away from the dashed outline"
        words.append(word + ".")
    attitudes = f"{len(matrices)} attitudes" if len(matrices) > 1 else "one attitude"
    dashed = f" The dashed outline is {said(outline)}." if outline is not None else ""
    style.describe(
        figure.axes[0],
        f"A glider in {attitudes}, its axes x (nose), y (left wing) and z (fin).{dashed} {' '.join(words)}",
    )
    return figure


def _checked(matrix: Any, what: str) -> np.ndarray:
    """Return a matrix as an array of floats; refuse one that cannot be drawn."""
    R = np.asarray(matrix.detach() if hasattr(matrix, "detach") else matrix, float)
    if R.shape != (3, 3) or not np.isfinite(R).all():
        raise ValueError(f"{what} must be 3 × 3 and finite, got shape {R.shape}:\n{R}")
    return R


def _body(axes: Any, R: np.ndarray, outline: np.ndarray | None) -> None:
    """Draw one glider with its axes, what is farther away first."""
    from matplotlib.patches import Circle, Polygon
    from matplotlib.patheffects import withStroke

    grey = style.COLOURS["axis"]
    axes.add_patch(Circle((0, 0), _REACH, fill=False, edgecolor=grey, linewidth=0.8, alpha=0.5))
    drawn = []
    for _, corners, colour, hatch in _FACES:
        paper, nearness = seen(np.array(corners) @ R.T)  # the corners are rows: each becomes R v
        look = {"facecolor": colour, "edgecolor": grey, "hatch": hatch, "linewidth": 1.2, "alpha": 0.85}
        drawn.append((float(nearness.mean()), Polygon(paper, closed=True, **look)))
    for number, (_, patch) in enumerate(sorted(drawn, key=lambda each: each[0])):
        patch.set_zorder(2 + number)
        axes.add_patch(patch)
    faces = [np.asarray(patch.get_xy()) for _, patch in drawn]
    reach = max(_REACH + 0.35, 1.25 * float(np.abs(seen(_REACH * R.T)[0]).max()))
    size = reach / (_REACH + 0.35)
    for name, column in zip("xyz", R.T, strict=True):
        tip, near = seen(_REACH * column)
        order = 6 if near > 0 else 1  # an axis that points away lies behind the glider
        (line,) = axes.plot([0, tip[0]], [0, tip[1]], color=grey, linewidth=1.4, linestyle="-", zorder=order)
        if near > 0:
            line.set_path_effects([withStroke(linewidth=3, foreground=style.COLOURS["page"])])
        else:
            line.set_linestyle(":")
        axes.plot(*tip, marker="o", markersize=3.5, color=grey, zorder=order)
        label, is_on_a_face = _place_of_letter(tip / size, [face / size for face in faces], bool(near > 0))
        letter = axes.text(*(size * label), name, ha="center", va="center", fontsize=11, fontstyle="italic", zorder=7)
        letter.set_color(style.COLOURS["ink"] if is_on_a_face else grey)
        if is_on_a_face:  # no ink reads on all faces, so it brings its own ground
            letter.set_path_effects([withStroke(linewidth=3, foreground=style.COLOURS["page"])])
    if outline is not None:
        for _, corners, _, _ in _FACES:
            paper, _ = seen(np.array(corners) @ outline.T)
            look = {"edgecolor": style.COLOURS["target"], "linestyle": "--", "linewidth": 1.6, "zorder": 5}
            dashed = axes.add_patch(Polygon(paper, closed=True, fill=False, **look))
            dashed.set_path_effects([withStroke(linewidth=3.4, foreground=style.COLOURS["page"])])
    axes.set_xlim(-reach, reach)
    axes.set_ylim(-reach, reach)
    axes.set_aspect("equal")
    axes.set_axis_off()


def _place_of_letter(tip: np.ndarray, faces: list[np.ndarray], in_front: bool) -> tuple[np.ndarray, bool]:
    """Return where an axis has its letter, and whether that is on a face of the glider.

    Beyond the tip, and as much farther as is needed for the letter to lie beside all faces, where grey can be read.
    That of an axis in front of a face may lie on it as a whole.
    """
    from matplotlib.path import Path

    length = float(np.hypot(*tip))
    outwards = tip / length if length > 0.05 else np.array([math.sqrt(0.5), math.sqrt(0.5)])  # it points at the eye
    around = np.linspace(0, 2 * math.pi, 12, endpoint=False)
    letter = _LETTER * np.stack([np.cos(around), np.sin(around)], axis=1)
    beyond = 0.22
    while True:
        place = tip + beyond * outwards
        covered = np.any([Path(face).contains_points(place + letter) for face in faces], axis=0)
        if not covered.any():
            return place, False
        if in_front and covered.all():
            return place, True
        beyond += 0.05
