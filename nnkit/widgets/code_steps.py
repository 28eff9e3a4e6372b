"""A program line by line: forward and back through what it did, with its names and their values beside its text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nnkit.widgets import base
from nnkit.widgets.fields import Field, Whole


class CodeSteps(base.Moving):
    """A run of a program that was recorded, to be stepped through.

    Parameters
    ----------
    material : mapping
        Text and numbers: ``lead``, ``blocks``, ``found``, ``views``, ``steps`` and ``end``; see the page's
        ``code_steps.js``. At least one step.
    step : int
        Which is shown first.
    twin : Output
        What is shown where nothing can move.
    title : str
        What it is called, for whoever does not see it.

    Raises
    ------
    ValueError
        If there is no such step.

    Examples
    --------
    >>> step = {"calls": ["f(x)"], "block": 0, "line": 2, "count": 1, "text": "return x", "error": "", "names": [],
    ...         "words": "Line 2 changes no name."}
    >>> recorded = {"lead": ["f, line by line.", ""], "blocks": [], "found": [], "views": [], "steps": [step],
    ...             "end": {"right": True, "verdict": "Right.", "outcomes": []}}
    >>> CodeSteps(recorded, twin=base.Note("one line")).state
    {'step': 0}
    """

    front = "code_steps"
    call = ""  # a run is recorded again, not made from a state

    def __init__(
        self, material: Mapping[str, Any], step: int = 0, *, twin: Any, title: str = "A program, line by line"
    ) -> None:
        self.title = title
        self._material, self._twin = dict(material), twin
        super().__init__(step=step)

    @property
    def fields(self) -> Sequence[Field]:
        """The step alone; the buttons beside the picture set it."""
        return [Whole("step", "", 0, 0, len(self._material["steps"]) - 1)]

    def material(self) -> dict[str, Any]:
        """What was recorded."""
        return self._material

    def twin(self) -> Any:
        """What was given for where nothing can move."""
        return self._twin
