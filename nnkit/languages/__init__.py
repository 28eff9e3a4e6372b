"""The languages in which a check speaks: messages that remember how they were made, and who is spoken to in which.

The code writes English. What it writes is a `Message`: a text like any other, compared and recognised as such, that
also knows its template and what was put into it. Where a reader is shown something, `in_language` tells it in the
language that was chosen, from catalogues in gettext's format (``<language>/LC_MESSAGES/nnkit.po`` and ``.mo``). What a
catalogue lacks is told in English.
"""

from __future__ import annotations

from nnkit.languages.messages import (
    Message,
    as_message,
    begun_otherwise,
    counted,
    in_one_line,
    joined,
    listing,
    marked,
    plural,
    say,
    sentences,
    shortened,
)
from nnkit.languages.speech import LANGUAGE_VARIABLE, available, in_language, language, problem, speaking, untranslated

__all__ = [
    "LANGUAGE_VARIABLE",
    "Message",
    "as_message",
    "available",
    "begun_otherwise",
    "counted",
    "in_language",
    "in_one_line",
    "joined",
    "language",
    "listing",
    "marked",
    "plural",
    "problem",
    "say",
    "sentences",
    "shortened",
    "speaking",
    "untranslated",
]
