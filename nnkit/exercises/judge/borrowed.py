"""What is said of data of the notebook that a function reads though no argument brings it."""

from __future__ import annotations

from collections.abc import Collection

from nnkit.exercises.beside.borrowed import Borrowed
from nnkit.exercises.judge.wording import listing
from nnkit.languages import counted, say


def told_of(borrowed: Borrowed, suspected: Collection[str]) -> str:
    """A sentence on such data, "" where none is certain to matter.

    Parameters
    ----------
    borrowed : Borrowed
        What the function reads, and which of its parameters it does not.
    suspected : Collection[str]
        Lines in which something is known to go wrong, as they were typed.

    Examples
    --------
    >>> told_of(Borrowed({"truth": ("return truth",)}, ("y",)), ())
    'Your function never reads its argument `y`. It reads `truth`, which is no argument but a name of the notebook.'
    >>> told_of(Borrowed({"truth": ("return truth[y]",)}), ["return truth[y]"])
    '`truth` is no argument of your function but a name of the notebook.'
    """
    if borrowed.names and borrowed.unread:
        return counted(
            "Your function never reads its argument `{unread}`. It reads {names}, which is no argument but a name of "
            "the notebook.",
            "Your function never reads its argument `{unread}`. It reads {names}, which are no arguments but names of "
            "the notebook.",
            len(borrowed.names),
            unread=borrowed.unread[0],
            names=listing(f"`{name}`" for name in borrowed.names),
        )
    there = [name for name, lines in borrowed.names.items() if not set(lines).isdisjoint(suspected)]
    if not there:
        return ""
    return say("`{name}` is no argument of your function but a name of the notebook.", name=there[0])
