"""What the program of a widget computes on the page, asked function by function, in the full precision of numbers."""

from __future__ import annotations

from typing import Any

from nnkit.widgets.front_end import module

_CALL = "([program, what, given]) => new Function('given', `${program}\\nreturn ${what};`)(given)"


def inside(page: Any, front: str, what: str, given: Any = None) -> Any:
    """Evaluate an expression where all functions of a front end are known.

    Parameters
    ----------
    page : playwright Page
    front : str
        The name of the front end.
    what : str
        An expression in JavaScript, in which `given` is what follows.
    given : object
        Numbers, strings, lists and dictionaries.

    Returns
    -------
    object
    """
    program = module(front).replace("export default", "const front =")
    return page.evaluate(_CALL, [program, what, given])
