"""A pad to draw a digit on, with the mouse, a finger, a pen or the arrow keys, which a network then reads.

The page draws the strokes and asks for a reading while they grow, one question at a time. For whoever does not want to
draw there are stored digits to choose, at several places of the pad.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from nnkit.data import strokes as pen
from nnkit.draw import handwriting
from nnkit.widgets import base
from nnkit.widgets.fields import Choice, Field, Switch

PLACES: dict[str, dict[str, float]] = {
    "in the middle": {},
    "moved to the left": {"right": -0.22},
    "moved down": {"down": 0.14},
    "small, in the middle": {"size": 0.5},
    "small, in a corner": {"size": 0.45, "right": 0.25, "down": -0.25},
}
"""Where a stored digit is drawn: what `nnkit.data.strokes.placed` gets."""

OWN = "my own drawing"
POINTS = 20_000
"""At most so many points are taken from the page: several minutes of drawing."""


@dataclass(frozen=True)
class Strokes(Field):
    """The reader's own strokes: lists of points [x, y], in sides of the pad, from its upper left corner."""

    kind: ClassVar[str] = "strokes"

    def read(self, value: Any) -> list[list[list[float]]]:
        """Return the strokes as nested lists, and refuse what is none, or far too much."""
        try:
            lines = [np.array(line, dtype=float) for line in value]
        except (TypeError, ValueError):
            lines = [np.zeros(0)]
        if any(line.ndim != 2 or line.shape[1] != 2 or not np.isfinite(line).all() for line in lines):
            raise ValueError("strokes is a list of strokes, each a list of points [x, y]; got something else.")
        if sum(map(len, lines)) > POINTS:
            raise ValueError(f"strokes has at most {POINTS:,} points; got {sum(map(len, lines)):,}.")
        return [line.tolist() for line in lines]


class DrawingPad(base.Moving):
    """The pad, the image that a network gets of it, and the network's ten probabilities.

    Parameters
    ----------
    read : Module or callable
        As for `drawing_pad`.
    settings, **changes
        ``digit``: a digit that is stored, or "my own drawing"; ``place``: where it is drawn, one of `PLACES`;
        ``normalised``; ``strokes``: one's own.

    Raises
    ------
    ValueError
        If there is no such digit or place, or `read` does not return ten probabilities.
    """

    front = "drawing_pad"
    title = "A pad to draw a digit on, and what a network takes it for"
    call = "drawing_pad(network, …)"

    def __init__(self, read: Any, settings: Mapping[str, Any] | None = None, /, **changes: Any) -> None:
        self._read = read
        given = {**(settings or {}), **changes}
        if isinstance(given.get("digit"), int | np.integer):
            given["digit"] = str(given["digit"])
        super().__init__(given)
        if self.lines:
            probabilities(read, as_image(self.lines, self.state["normalised"])[1])  # what does not fit is told now

    @property
    def fields(self) -> Sequence[Field]:
        """The stored digit, its place, whether it is normalised, and the reader's own strokes."""
        return [
            Choice("digit", "stored digit", "3", (OWN, *map(str, range(10)))),
            Choice("place", "drawn", "in the middle", tuple(PLACES)),
            Switch("normalised", "normalised as MNIST was", True),
            Strokes("strokes", "", []),
        ]

    @property
    def lines(self) -> list[Any]:
        """The strokes on the pad, stored or one's own."""
        return _lines(self.state)

    def material(self) -> dict[str, Any]:
        """The stored digits at all their places, as strokes."""
        return {
            "own": OWN,
            "stored": {
                str(digit): {
                    place: [np.round(line, 4).tolist() for line in pen.placed(pen.stored_digit(digit), **settings)]
                    for place, settings in PLACES.items()
                }
                for digit in range(10)
            },
        }

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """Read a drawing: the image that the network gets, and its ten probabilities.

        Parameters
        ----------
        question : dict
            A state.

        Returns
        -------
        dict
            ``image``, (28, 28), and ``shares``, (10,).
        """
        state = self.read(question)
        image = as_image(_lines(state), state["normalised"])[1]
        return {"image": image, "shares": probabilities(self._read, image)}

    def twin(self) -> base.Twin:
        """The pad, the image and the probabilities, as a picture."""
        state = self.state
        kept = "normalised" if state["normalised"] else "as it is"
        if not self.lines:
            said = "The pad is empty. Draw a digit on it, or choose a stored one."
            return base.Twin(base.Note(said), "", "")
        what = "own strokes" if state["digit"] == OWN else f"the stored digit {state['digit']}, {state['place']}"
        line = f"Drawn for {what}, {kept}."
        ink, image = as_image(self.lines, state["normalised"])
        picture = handwriting.reading(ink, image, probabilities(self._read, image), boxed=state["normalised"])
        return base.Twin(picture, line, f'<p style="margin:0.2em 0;font-size:90%">{line}</p>')


def _lines(state: Mapping[str, Any]) -> list[Any]:
    if state["digit"] == OWN:
        return [np.array(line, dtype=float) for line in state["strokes"]]
    return list(pen.placed(pen.stored_digit(int(state["digit"])), **PLACES[state["place"]]))


def drawing_pad(read: Any, settings: Mapping[str, Any] | None = None, /, **changes: Any) -> None:
    """Show a pad to draw a digit on, and what a network takes it for.

    Parameters
    ----------
    read : Module or callable
        A network that takes images (N, 1, 28, 28) and returns ten logits for each, or a function that takes them as a
        float32 array and returns (N, 10) probabilities.
    settings : mapping, optional
        As printed beneath it.
    **changes : Any
        Single settings; they win. ``digit``: the stored digit that is there at first; ``place``: where it is drawn, one
        of `PLACES`; ``normalised``: whether the drawing is made an image as MNIST's makers did, or the whole pad is
        made smaller; ``strokes``: one's own, with ``digit="my own drawing"``.

    Raises
    ------
    ValueError
        If there is no such digit or place, or `read` does not return ten probabilities.

    Examples
    --------
    >>> from unittest import mock
    >>> with mock.patch.dict("os.environ", NNKIT_STATIC="1"):
    ...     drawing_pad(lambda images: np.eye(10)[[7]], digit=7)
    A drawing, the image of 28 × 28 pixels that is made of it, and the network's answer: 7, at 100 %.
    Left the pad, in the middle what the network gets, right its ten probabilities.
    Drawn for the stored digit 7, in the middle, normalised.
    """
    DrawingPad(read, settings, **changes).show()


def as_image(strokes: Any, normalised: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """Return the ink of strokes, and the image that a network gets of it.

    Parameters
    ----------
    strokes : sequence of (n, 2) array_like
    normalised : bool
        As for `drawing_pad`.

    Returns
    -------
    ink : (140, 140) array
    image : (28, 28) array

    Examples
    --------
    >>> ink, image = as_image(pen.stored_digit(4))
    >>> ink.shape, image.shape
    ((140, 140), (28, 28))
    """
    ink = pen.rasterise(strokes)
    return ink, pen.normalise(ink) if normalised else pen.resample(ink, 28, 28)


def probabilities(read: Any, image: np.ndarray) -> np.ndarray:
    """Ask a network, or a function, how probable each digit is.

    Parameters
    ----------
    read : Module or callable
        As for `drawing_pad`.
    image : (28, 28) array

    Returns
    -------
    (10,) array

    Raises
    ------
    ValueError
        If something else than ten probabilities came back.

    Examples
    --------
    >>> probabilities(lambda images: np.full((len(images), 10), 0.1), np.zeros((28, 28)))
    array([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1])
    """
    import nnkit
    from nnkit import functional, nn

    images = np.asarray(image, np.float32)[None, None]
    if isinstance(read, nn.Module):
        before = read.training
        read.eval()
        try:
            kind = next((parameter.dtype for parameter in read.parameters()), nnkit.float32)
            with nnkit.no_grad():
                answer: Any = functional.softmax(read(nnkit.tensor(images, dtype=kind)), 1).numpy()
        finally:
            read.train(before)
    else:
        answer = read(images)
    shares = np.asarray(answer.detach() if hasattr(answer, "detach") else answer, float)
    if shares.size != 10 or not np.isfinite(shares).all() or shares.min() < 0 or abs(shares.sum() - 1) > 0.01:
        raise ValueError(
            f"Reading one image gives ten probabilities that add up to 1; what came has shape {shares.shape}"
            + (f" and the sum {shares.sum():g}." if shares.size == 10 else ".")
        )
    return shares.reshape(10)
