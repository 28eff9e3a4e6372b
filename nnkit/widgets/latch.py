"""One recurrent unit that reads a single 1: whether it keeps it, as its weight and bias are dragged on its curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nnkit.draw import latch as drawn
from nnkit.widgets import base
from nnkit.widgets.fields import Field, Number, Whole


class Latch(base.Moving):
    """The states over time, and the stairs that they make between the unit's curve and the diagonal.

    Parameters
    ----------
    settings : mapping, optional
        ``wh`` and ``b``, the recurrent weight and the bias; ``step``, up to which state is shown.
    **changes : Any
        Single settings; they win.

    Examples
    --------
    >>> Latch(wh=2).state
    {'wh': 2.0, 'b': 0.0, 'step': 20}
    """

    front = "latch"
    title = "What one unit makes of a single 1"
    call = "widgets.latch"

    @property
    def fields(self) -> Sequence[Field]:
        """The weight and the bias have sliders, and handles in the picture."""
        return [
            Number("wh", "wh", 0.5, -2.0, 3.0, 0.05),
            Number("b", "b", 0.0, -1.0, 1.0, 0.05),
            Whole("step", "", drawn.STEPS, 1, drawn.STEPS),
        ]

    def material(self) -> dict[str, Any]:
        """How many steps there are."""
        return {"steps": drawn.STEPS}

    def twin(self) -> Any:
        """The states over time."""
        return drawn.latch(self.state["wh"], self.state["b"])


def latch(settings: Mapping[str, Any] | None = None, /, **changes: Any) -> None:
    """Show what one recurrent unit makes of a single 1.

    Parameters
    ----------
    settings : mapping, optional
        What the picture prints of itself: wh, b, step.
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
    ...     latch(wh=2)
    The states of one unit over 20 steps, wh = 2, b = 0. After 20 steps the state is 0.958; without the 1 it would be \
0. It still remembers.
    One unit that reads a 1 at the first step and zeros afterwards. Dashed: zeros from the start.
    """
    Latch(settings, **changes).show()
