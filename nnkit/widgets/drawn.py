"""Controls above a picture that Python draws: what is moved on the page is asked of Python, one picture at a time.

The drawing function is whatever a notebook has: it may use matplotlib or return a drawn graph, and it may fail; then
the reason stands in the picture's place, as a sentence.
"""

from __future__ import annotations

import html
import re
from typing import Any

from nnkit.draw import style
from nnkit.widgets import base


class Drawn(base.Moving):
    """A widget whose picture Python draws for each state; whoever inherits gives `fields`, `picture` and `again`."""

    front = "drawn"

    def __init__(self, settings: Any = None, /, **changes: Any) -> None:
        super().__init__(settings, **changes)
        self._first: Any = None
        self._first_state: dict[str, Any] = {}

    def picture(self, state: dict[str, Any]) -> Any:
        """Return the picture of a state: a `Picture`, a `Figure`, or a matplotlib figure or its axes."""
        raise NotImplementedError(f"{type(self).__name__} does not say how it is drawn: give it a picture.")

    def values(self, state: dict[str, Any]) -> str:
        """Say for which state a picture is, such as "x = 1, w = 2"."""
        return ", ".join(
            f"{style.name(name)} = {value if isinstance(value, str) else style.number(value)}"
            for name, value in state.items()
        )

    def again(self) -> str:
        """Return the line of Python that makes the widget again, with ``{name}`` for each setting."""
        return ""

    @property
    def first(self) -> Any:
        """The picture of the state that it began with, drawn once; the page has it before it asks anything."""
        if self._first is None:
            self._first = base.as_picture(self.picture(self.state))
            self._first_state = dict(self.state)
        return self._first

    def material(self) -> dict[str, Any]:
        """The first picture, and the line that makes the widget again."""
        html_of, words = str(self.first.html), repr(self.first)
        return {"first": {"html": html_of, "words": words, "state": self._first_state}, "again": self.again()}

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """Draw the picture of the question's state, or say why it cannot be drawn."""
        asked, doing = question["state"], "drawn"
        try:
            state = self.read(asked)
            doing = f"drawn at {self.values(state)}"
            picture = base.as_picture(self.picture(state))
            return {"html": str(picture.html), "words": repr(picture), "state": asked}
        except Exception as error:  # a reader's own function may raise whatever it likes
            said = base.sentence(error, doing)
            return {"html": said, "words": html.unescape(re.sub("<[^>]*>", "", said)), "state": asked}

    def twin(self) -> base.Twin:
        """The first picture, and a line that says of which values it is."""
        picture = self.first
        line = f"Drawn for {self.values(self._first_state)}."
        return base.Twin(picture, line, f'<p style="margin:0.2em 0;font-size:90%">{html.escape(line)}</p>')
