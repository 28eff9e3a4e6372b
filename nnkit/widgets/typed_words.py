"""Comparing words as a person types them: without case, accents, articles, plural endings, words that say nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_SAYS_NOTHING = frozenset(
    """a an the it its it's is are was be will would they them that this there i think guess say maybe probably about
    so just all of very""".split()
)


def plain_words(text: str) -> tuple[str, ...]:
    """Reduce a text to the words that matter, in their order, each without the ending that a plural changes.

    Parameters
    ----------
    text : str

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> plain_words("The Hidden Layers!"), plain_words("it's naïve"), plain_words("saddle-points")
    (('hidden', 'layer'), ('naiv',), ('saddl', 'point'))
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    without_accents = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    words = re.findall(r"[^\W_]+(?:'[^\W_]+)?", without_accents)
    return tuple(_root(word) for word in words if word not in _SAYS_NOTHING)


def _root(word: str) -> str:
    """What bias and biases, class and classes, shape and shapes, body and bodies have in common."""
    root = word[:-3] + "y" if word.endswith("ies") else word.rstrip("es")
    return root if len(root) > 1 else word


def says(text: str, accepted: Iterable[str]) -> bool:
    """Say whether a typed text is one of the accepted answers.

    Parameters
    ----------
    text : str
        What was typed.
    accepted : iterable of str

    Returns
    -------
    bool

    Examples
    --------
    >>> says("It is the first layer.", ["first layer", "layer 1"]), says("not the first layer", ["first layer"])
    (True, False)
    """
    words = plain_words(text)
    return any(words == plain_words(one) for one in accepted)
