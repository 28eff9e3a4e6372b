"""Pictures one after the other, each with a sentence: step, back, play, jump. What a walk has seen, made to move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nnkit.widgets import base
from nnkit.widgets.fields import Field, Whole


class Stepper(base.Moving):
    """A row of pictures made in advance.

    Parameters
    ----------
    pictures : sequence of Output
        Such as those of `nnkit.draw.sequence`.
    sentences : sequence of str
        What happens in each; as many as there are pictures.
    step : int
        Which is shown first.
    twin : Output, optional
        What is shown where nothing can move; the last picture over its sentence if left out.
    title : str
        What it is called, for whoever does not see it.
    call : str
        What makes it again in a notebook; "" if nothing does.
    pause : float
        Between two pictures while it plays, in seconds.

    Raises
    ------
    ValueError
        If there is no picture, their numbers differ, or there is no such step.

    Examples
    --------
    >>> Stepper([base.Note("one"), base.Note("two")], ["First.", "Second."], step=1).state
    {'step': 1}
    """

    front = "stepper"

    def __init__(
        self,
        pictures: Sequence[Any],
        sentences: Sequence[str],
        step: int = 0,
        *,
        twin: Any = None,
        title: str = "A walk, step by step",
        call: str = "",
        pause: float = 0.9,
    ) -> None:
        if not pictures or len(pictures) != len(sentences):
            raise ValueError(
                f"Each picture has its sentence, and there is one at least; got {len(pictures)} pictures and "
                f"{len(sentences)} sentences."
            )
        self.title, self.call, self._pause = title, call, pause
        self._pictures, self._sentences, self._twin = list(pictures), [str(said) for said in sentences], twin
        super().__init__(step=step)

    @property
    def fields(self) -> Sequence[Field]:
        """The step alone; the buttons beside the picture set it."""
        return [Whole("step", "", 0, 0, len(self._pictures) - 1)]

    def material(self) -> dict[str, Any]:
        """The pictures as HTML, and the sentences."""
        pictures = [base.picture_html(one) for one in self._pictures]
        return {"pictures": pictures, "sentences": self._sentences, "pause": 1000 * self._pause}

    def twin(self) -> Any:
        """The last picture over its sentence, or what was given instead."""
        if self._twin is not None:
            return self._twin
        last = self._sentences[-1]
        return base.Twin(base.as_picture(self._pictures[-1]), last, base.paragraph(last))
