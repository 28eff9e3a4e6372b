"""HTML without what Python's reader would look through again and again for an end that is not there."""

from __future__ import annotations

import re

_DECLARATION = re.compile("<[!?]")


def without_loose_ends(text: str) -> str:
    """The text without comments and declarations, and without an element that nothing ends.

    Python's reader looks for the end of such an element again and again, which takes minutes for a text that is made
    for it.

    Parameters
    ----------
    text : str
        HTML, or the text of a drawing.

    Examples
    --------
    >>> without_loose_ends("<b>a</b><!-- b --><i")
    '<b>a</b> &lt;i'
    """
    pieces, position = [], 0
    while found := _DECLARATION.search(text, position):
        start = found.start()
        pieces.append(text[position:start])
        end = "-->" if text.startswith("<!--", start) else ">"
        position = text.find(end, start)
        if position < 0:
            position = len(text)
            break
        position += len(end)
    text = " ".join([*pieces, text[position:]])
    last = text.rfind(">") + 1
    return text[:last] + text[last:].replace("<", "&lt;")
