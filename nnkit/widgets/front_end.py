"""The programs and style sheets of widgets on the page: which files of ``front/`` a widget is made of."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

from nnkit.draw import style

FRONT = Path(__file__).with_name("front")


def module(front: str) -> str:
    """Return the program of a widget on the page: what all share, what some share, then its own.

    Parameters
    ----------
    front : str
        The name of its file in ``front/``. Where that begins with a line such as ``// Uses plot.js and chance.js.``,
        these files come before it.

    Returns
    -------
    str

    Examples
    --------
    >>> "function view(kit)" in module("stepper")
    True
    """
    own = (FRONT / f"{front}.js").read_text(encoding="utf-8")
    first = own.partition("\n")[0]
    used = re.findall(r"(\w+)\.js", first) if first.startswith("// Uses ") else []
    return "\n".join([*((FRONT / f"{name}.js").read_text(encoding="utf-8") for name in ("kit", *used)), own])


def look(front: str) -> str:
    """Return the style sheet of a widget: the course's colours, what all share, then its own.

    Parameters
    ----------
    front : str
        The name of its file in ``front/``; one without a style sheet of its own needs none.

    Returns
    -------
    str

    Examples
    --------
    >>> "--nnkit-gradient" in look("stepper"), ".nnkit-field" in look("fill_in")
    (True, True)
    """
    own = FRONT / f"{front}.css"
    sheets = [FRONT / "kit.css", *([own] if own.exists() else [])]
    return style.css() + "".join(sheet.read_text(encoding="utf-8") for sheet in sheets)


@functools.cache
def front_class(front: str) -> Any:
    """Return the class of anywidget for one file of ``front/``; anywidget is loaded only now.

    Parameters
    ----------
    front : str

    Returns
    -------
    type
        A subclass of ``anywidget.AnyWidget`` with the traits ``setup`` and ``state``.
    """
    import anywidget
    import traitlets

    return type(
        f"Front_{front}",
        (anywidget.AnyWidget,),
        {
            "_esm": module(front),
            "_css": look(front),
            "setup": traitlets.Dict().tag(sync=True),
            "state": traitlets.Dict().tag(sync=True),
        },
    )
