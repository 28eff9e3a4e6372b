"""What a notebook shows of a picture: HTML, and the same in words where HTML is not read."""

from __future__ import annotations

from typing import Any


class Output:
    """Something that a notebook shows by its ``html``, and a terminal by its ``repr``; whoever inherits has both."""

    @property
    def html(self) -> str:
        """What stands in the notebook."""
        raise NotImplementedError(f"{type(self).__name__} does not say how it looks in a notebook: give it html.")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": repr(self)}
