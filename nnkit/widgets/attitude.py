"""A body that is turned in space, and where networks think it is: a full turn about an axis of one's choice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from nnkit.draw import rotations, style
from nnkit.widgets import base
from nnkit.widgets.fields import Field, Number

STEP = 2
"""Degrees between two of the attitudes for which the networks are asked."""

TURNS = np.arange(0, 360 + STEP, STEP)


class Attitude(base.Moving):
    """The truth, and the answers of networks, on a full turn about an axis.

    Parameters
    ----------
    answers : mapping of str to callable
        By name (three at most) what takes rotation matrices (N, 3, 3) and returns the answers, (N, 3, 3).
    settings, **changes
        ``turn``: by how many degrees the body is turned; ``height``, ``heading``: where its axis points, in degrees.

    Raises
    ------
    ValueError
        If there is no answer or more than three, one has another shape, or a setting is out of bounds.

    Examples
    --------
    >>> still = Attitude({"asleep": lambda R: np.broadcast_to(np.eye(3), R.shape)}, turn=90)
    >>> still.errors()["asleep"][45].round(6)
    np.float64(90.0)
    """

    front = "attitude"
    title = "A glider turned about an axis, and where networks think it is"
    call = "widgets.attitude(answers, …)"

    def __init__(
        self,
        answers: Mapping[str, Callable[[Any], Any]],
        settings: Mapping[str, Any] | None = None,
        /,
        **changes: Any,
    ) -> None:
        if not 1 <= len(answers) <= 3:
            raise ValueError(f"One to three networks answer beside the truth; got {len(answers)}.")
        self._answers = dict(answers)
        super().__init__(settings, **changes)

    @property
    def fields(self) -> Sequence[Field]:
        """The turn, and the two angles of the axis."""
        return [
            Number("turn", "turn in degrees", 176.0, 0.0, 360.0, float(STEP)),
            Number("height", "axis: height", 90.0, -90.0, 90.0, 5.0),
            Number("heading", "axis: heading", 0.0, -180.0, 180.0, 5.0),
        ]

    def walk(self, state: Mapping[str, Any] | None = None) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Return the true attitudes of a full turn about the axis of a state, and what each network says to them.

        Parameters
        ----------
        state : mapping, optional
            The one shown, if left out.

        Returns
        -------
        truth : (181, 3, 3) array
        answers : dict of (181, 3, 3) arrays
        """
        truth = turned(TURNS, **_axis(self.state if state is None else state))
        found = {}
        for name, answer in self._answers.items():
            said = answer(truth.copy())
            said = np.array(said.detach() if hasattr(said, "detach") else said, dtype=float)
            if said.shape != truth.shape or not np.isfinite(said).all():
                raise ValueError(
                    f"{name!r} gets {len(truth)} matrices of shape (3, 3) and returns as many finite ones; "
                    f"what came has shape {said.shape}."
                )
            found[name] = said
        return truth, found

    def errors(self, state: Mapping[str, Any] | None = None) -> dict[str, np.ndarray]:
        """Return by how many degrees each network is off, on the full turn.

        Parameters
        ----------
        state : mapping, optional
            As for `walk`.

        Returns
        -------
        dict of (181,) arrays
        """
        truth, found = self.walk(state)
        return {name: _angles(truth, said) for name, said in found.items()}

    def material(self) -> dict[str, Any]:
        """The glider's faces, from where it is seen, and the names."""
        return {
            "names": list(self._answers),
            "step": STEP,
            "faces": [{"name": name, "corners": np.array(corners).tolist()} for name, corners in rotations.faces()],
            "view": {
                "right": rotations.RIGHT.tolist(),
                "up": rotations.UP.tolist(),
                "towards": rotations.TOWARDS.tolist(),
            },
        }

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """Ask the networks for the full turn about the axis of a state.

        Parameters
        ----------
        question : dict
            A state.

        Returns
        -------
        dict
            ``answers``: (networks, 181, 9); ``errors``: (networks, 181).
        """
        state = self.read(question)
        truth, found = self.walk(state)
        return {
            "answers": [said.reshape(-1, 9) for said in found.values()],
            "errors": [_angles(truth, said) for said in found.values()],
        }

    def twin(self) -> base.Twin:
        """The bodies side by side, and how far each network is off."""
        state = self.state
        nearest = int(state["turn"] / STEP + 0.5)  # as on the page: the networks are asked at every second degree
        truth = turned(TURNS[[nearest]], **_axis(state))[0]
        bodies = {"truth": truth}
        said = []
        for name, answers in self.walk()[1].items():
            off = rotations.angle(truth, answers[nearest])
            bodies[f"{name}: {off:.0f}° off"] = answers[nearest]
            said.append(f"{name} is {off:.0f}° off")
        turn, height = style.number(float(TURNS[nearest])), style.number(state["height"])
        line = f"Turned by {turn}° about an axis {height}° above the horizon: {'; '.join(said)}."
        picture = style.caption(rotations.bodies(bodies, reference=truth), caption="Dashed: the truth.")
        return base.Twin(picture, line, base.paragraph(line))


def turned(degrees: Any, height: float, heading: float) -> np.ndarray:
    """Return the matrices of turns about one axis.

    Parameters
    ----------
    degrees : (N,) array_like
        By how much.
    height, heading : float
        Where the axis points: degrees above the horizon, and degrees around, from x towards y.

    Returns
    -------
    (N, 3, 3) array

    Examples
    --------
    >>> turned([90.0], height=90.0, heading=0.0)[0].round(6) + 0.0
    array([[ 0., -1.,  0.],
           [ 1.,  0.,  0.],
           [ 0.,  0.,  1.]])
    """
    up, around = np.radians(height), np.radians(heading)
    a = np.array([np.cos(up) * np.cos(around), np.cos(up) * np.sin(around), np.sin(up)])
    cross = np.array([[0, -a[2], a[1]], [a[2], 0, -a[0]], [-a[1], a[0], 0]])
    phi = np.radians(np.asarray(degrees, float))[:, None, None]
    # Rodrigues: what lies along the axis stays, what lies across it turns.
    result: np.ndarray = np.cos(phi) * np.eye(3) + np.sin(phi) * cross + (1 - np.cos(phi)) * np.outer(a, a)
    return result


def _axis(state: Mapping[str, Any]) -> dict[str, float]:
    return {name: float(state[name]) for name in ("height", "heading")}


def _angles(truth: np.ndarray, said: np.ndarray) -> np.ndarray:
    return np.array([rotations.angle(one, other) for one, other in zip(truth, said, strict=True)])


def attitude(
    answers: Mapping[str, Callable[[Any], Any]], settings: Mapping[str, Any] | None = None, /, **changes: Any
) -> None:
    """Show a body that is turned, and where networks think it is; turn it, play the full turn, choose the axis.

    Parameters
    ----------
    answers : mapping of str to callable
        By name (three at most) what takes rotation matrices (N, 3, 3) and returns the answers, (N, 3, 3).
    settings : mapping, optional
        As printed beneath it.
    **changes : Any
        Single settings; they win. ``turn``: by how many degrees the body is turned; ``height``, ``heading``: where its
        axis points, in degrees above the horizon and around. The turn is shown to the nearest even degree.

    Raises
    ------
    ValueError
        If there is no answer or more than three, one has another shape, or a setting is out of bounds.

    Examples
    --------
    >>> from unittest import mock
    >>> with mock.patch.dict("os.environ", NNKIT_STATIC="1"):
    ...     attitude({"asleep": lambda R: np.broadcast_to(np.eye(3), R.shape)}, turn=90)  # doctest: +ELLIPSIS
    A glider in 2 attitudes, ...
    Turned by 90° about an axis 90° above the horizon: asleep is 90° off.
    """
    Attitude(answers, settings, **changes).show()
