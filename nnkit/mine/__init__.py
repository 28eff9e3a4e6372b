"""Everything yours: the answers of a reader's own notebooks as one module, and networks that run on nothing else.

`gather` collects what passes its check into ``my_nnkit.py``; `load` reads it again; the milestones (`run`, or each by
its name) are programs that call the exercises' functions, the reader's where there is one and nnkit's where not; `tree`
draws whose they are. As a command: ``nnkit mine``.
"""

from __future__ import annotations

from nnkit.mine.gathering import Gathered, gather
from nnkit.mine.milestones import (
    MILESTONES,
    Reached,
    backpropagation,
    digits,
    filters,
    learning_neuron,
    row_reader,
    run,
)
from nnkit.mine.parts import Parts, load
from nnkit.mine.picture import tree

__all__ = [
    "MILESTONES",
    "Gathered",
    "Parts",
    "Reached",
    "backpropagation",
    "digits",
    "filters",
    "gather",
    "learning_neuron",
    "load",
    "row_reader",
    "run",
    "tree",
]
