"""Pictures that move on a page of the site: widgets whose page computes everything itself.

Each is a page of its own, as `Moving.page` writes it, and stands in a frame. It needs no Python, so only those widgets
are here that ask Python nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nnkit
from nnkit import draw
from nnkit.widgets.activations import Activations
from nnkit.widgets.base import Moving
from nnkit.widgets.descent import Descent
from nnkit.widgets.space_folded import SpaceFolded
from nnkit.widgets.stepper import Stepper

FOLDER = Path("live")
"""Where they lie in the site."""


def _walk() -> Moving:
    """The backward pass of the animation on the first page."""
    a, b = nnkit.tensor(2.0, requires_grad=True), nnkit.tensor(1.0, requires_grad=True)
    u = a + b
    v = a * u
    steps = draw.sequence(u * v, inputs={"a": a, "b": b}, names={"u": u, "v": v}, result="f")
    return Stepper(steps.pictures, steps.sentences, title="A backward pass, step by step")


LIVE: dict[str, Callable[[], Moving]] = {
    "backward_walk": _walk,
    "descent": Descent,
    "space_folded": SpaceFolded,
    "activations": Activations,
}
"""What moves, by the name of its page."""


def write_live(extra: Path) -> None:
    """Write the pages of all widgets.

    Parameters
    ----------
    extra : Path
        What Sphinx copies into the site as it is.
    """
    (extra / FOLDER).mkdir(parents=True)
    for name, make in LIVE.items():
        (extra / FOLDER / f"{name}.html").write_text(make().page(), encoding="utf-8")
