"""A recurrent network drawn through time, and the message that goes back through it: vanishing, staying or exploding.

The page goes forward and back itself, with the random numbers of `nnkit.draw.unrolled`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nnkit.draw import unrolled as drawn
from nnkit.widgets import base
from nnkit.widgets.fields import Choice, Field, Number, Switch, Whole


class Unrolled(base.Moving):
    """States, inputs, and the size of a message at every state, under the reader's weight.

    Parameters
    ----------
    settings : mapping, optional
        ``network``, "one unit" or "sixteen units"; ``weight``, its recurrent weight, or the spectral radius of its
        matrix; ``tanh``, whether units bend; ``loudness``, the weight of the inputs; ``steps``; ``back``, how many
        steps the message has gone back; ``terms``, whether each step's part of the gradient of the inputs' weight is
        shown; ``clip`` and ``limit``, whether that gradient is clipped and to which norm; ``seed`` of the random
        numbers.
    **changes : Any
        Single settings; they win.

    Examples
    --------
    >>> Unrolled(weight=1.1, tanh=True).twin()
    The size of a message that goes back through 50 steps of one unit with tanh, w = 1.1. After 50 steps 1 has \
become 1.48: the message stays. The law 1.1⁵⁰ is 117.
    """

    front = "unrolled"
    title = "A message goes back through time"
    call = "widgets.unrolled"

    @property
    def fields(self) -> Sequence[Field]:
        """The step has buttons of its own; the others have controls."""
        return [
            Choice("network", "network", "one unit", drawn.NETWORKS),
            Number("weight", "weight w, radius ρ", 0.9, 0.0, 2.0, 0.01),
            Switch("tanh", "tanh", False),
            Number("loudness", "loudness", 0.05, 0.0, 2.0, 0.01),
            Whole("steps", "steps", 50, 2, drawn.MOST),
            Whole("seed", "random numbers", 0, 0, drawn.SEEDS - 1),
            Switch("terms", "gradient of wx", False),
            Switch("clip", "clipped", False),
            Number("limit", "to the norm", 1.0, 0.01, 100.0, 0.05, logarithmic=True),
            Whole("back", "", drawn.MOST, 0, drawn.MOST),
        ]

    def material(self) -> dict[str, Any]:
        """The random numbers of every network."""
        return {
            "networks": {
                network: [
                    {name: getattr(made, name).tolist() for name in ("matrix", "inputs", "message")}
                    | {"stretch": made.stretch}
                    for made in (drawn.random_network(network, seed) for seed in range(drawn.SEEDS))
                ]
                for network in drawn.NETWORKS
            }
        }

    def twin(self) -> Any:
        """The curve of the message, and the law beside it."""
        names = ("network", "weight", "loudness", "steps", "tanh", "seed", "back")
        return drawn.unrolled(**{name: self.state[name] for name in names})


def unrolled(settings: Mapping[str, Any] | None = None, /, **changes: Any) -> None:
    """Show a recurrent network through time, and what becomes of a message on its way back.

    Parameters
    ----------
    settings : mapping, optional
        What the picture prints of itself: network, weight, tanh, loudness, steps, back, terms, clip, limit, seed.
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
    ...     unrolled(weight=0.9)
    The size of a message that goes back through 50 steps of one unit without tanh, w = 0.9. After 50 steps 0.00515 \
of 1 is left: the message vanishes. The law 0.9⁵⁰ is 0.00515.
    """
    Unrolled(settings, **changes).show()
