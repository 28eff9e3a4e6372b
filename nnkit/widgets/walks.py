"""Walks through graphs, one of several to choose: a picture and a sentence for each step, and the steps as a row.

`order_walk` and `backward_walk` make the walks; here is what they have in common, on the page and where nothing moves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nnkit.draw.svg import Diagram, Picture, render, text_width
from nnkit.widgets import base
from nnkit.widgets.fields import Choice, Field, Whole

MOST_STEPS = 999
"""No walk has more steps than this."""


@dataclass
class Walk:
    """One walk.

    Parameters
    ----------
    pictures : list of Picture
    sentences : list of str
        As many.
    row : list of tuple of str
        What is stepped through: a text and "right" or "wrong" for each; entry number n is what step n + 1 shows.
    """

    pictures: list[Picture]
    sentences: list[str]
    row: list[tuple[str, str]] = field(default_factory=list)


class Walks(base.Moving):
    """Walks to step through.

    Parameters
    ----------
    walks : mapping of str to Walk
        By what they are called.
    settings : mapping, optional
        ``graph`` (which walk, if there are several) and ``step``.
    title, call : str
        As `Moving` has them.
    row_name : str
        What the row of steps is, for whoever does not see it.
    full : bool
        Whether the static picture is followed by all sentences; else by the last one.

    Raises
    ------
    ValueError
        If there is no walk, or no such setting.
    """

    front = "walk"

    def __init__(
        self,
        walks: Mapping[str, Walk],
        settings: Mapping[str, Any] | None = None,
        *,
        title: str,
        call: str,
        row_name: str = "steps",
        full: bool = False,
    ) -> None:
        if not walks:
            raise ValueError("There is no graph to walk through: give one at least.")
        self.title, self.call = title, call
        self._walks, self._row_name, self._full = dict(walks), row_name, full
        super().__init__(settings)

    @property
    def fields(self) -> Sequence[Field]:
        """Which graph, and which step; the buttons beside the picture set the step."""
        names = list(self._walks)
        # A walk that has become shorter is shown at its end: the same settings serve the next attempt, too.
        chosen = [Choice("graph", "graph", names[0], names)] if len(names) > 1 else []
        return [*chosen, Whole("step", "", 0, 0, MOST_STEPS)]

    def material(self) -> dict[str, Any]:
        """The pictures of all walks as HTML, their sentences, and their rows."""
        return {
            "row": self._row_name,
            "walks": {
                name: {
                    "pictures": [picture.markup for picture in walk.pictures],
                    "sentences": walk.sentences,
                    "row": [{"text": text, "mark": mark} for text, mark in walk.row],
                }
                for name, walk in self._walks.items()
            },
        }

    def twin(self) -> Any:
        """The last picture of the chosen walk, and what was said."""
        walk = self._walks[self.state.get("graph", next(iter(self._walks)))]
        told = walk.sentences if self._full else walk.sentences[-1:]
        if len(told) == 1:
            return base.Twin(walk.pictures[-1], told[0], base.paragraph(told[0]))
        text = "\n".join(f"{number}. {said}" for number, said in enumerate(told))
        markup = "".join(base.paragraph(said, f"{number}.") for number, said in enumerate(told))
        return base.Twin(walk.pictures[-1], text, markup)


def drawn(diagrams: Sequence[Diagram]) -> list[Picture]:
    """Draw the steps of one graph, each thing in the same place in all of them.

    Parameters
    ----------
    diagrams : sequence of Diagram
        The same parts and wires, which tell and mark different things.

    Returns
    -------
    list of Picture
    """
    for number in range(len(diagrams[0].parts)):
        room = _widest([diagram.parts[number].told or "" for diagram in diagrams])
        for diagram in diagrams:
            diagram.parts[number].sum = room
    for number in range(len(diagrams[0].wires)):
        room = _widest([diagram.wires[number].told or "" for diagram in diagrams])
        for diagram in diagrams:
            diagram.wires[number].gradient = room
    return [render(diagram) for diagram in diagrams]


def _widest(texts: Sequence[str]) -> str:
    return max(texts, key=lambda text: text_width(text, 1.0))


def listed(words: Sequence[str]) -> str:
    """Write words as a list in a sentence.

    Parameters
    ----------
    words : sequence of str

    Returns
    -------
    str

    Examples
    --------
    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)
