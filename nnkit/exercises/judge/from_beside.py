"""Words that come from beside a student's code, as messages: over there are no catalogues, so they arrive in English.

`beside.errors` and `beside.pictures` have a few words for what is no number and no array. They are known here by their
form; whatever else comes, a name or a number, stays as it is.
"""

from __future__ import annotations

import re

from nnkit.languages import marked, say

# How the words are formed → the message; the first that fits.
_FORMS = tuple(
    (re.compile(form, re.DOTALL), template)
    for form, template in (
        (r"the number (?P<number>.*)", marked("the number {number}")),
        (r"the function (?P<name>.*)", marked("the function {name}")),
        (r"the class (?P<name>.*)", marked("the class {name}")),
        (r"a very large integer", marked("a very large integer")),
        (r"a function", marked("a function")),
        (r"a set of (?P<count>\d+) ids?", marked("a set of {count} ids")),
        (r"a set of (?P<count>\d+) objects?", marked("a set of {count} objects")),
        (r"a set of (?P<count>\d+) (?P<type>\S+) objects?", marked("a set of {count} {type} objects")),
        (r"an array of shape (?P<shape>.*)", marked("an array of shape {shape}")),
        (r"an array of (?P<type>\S+), shape (?P<shape>.*)", marked("an array of {type}, shape {shape}")),
        (r"(?P<type>a \w+) of (?P<count>\d+)", marked("{type} of {count}")),
        (r"an empty (?P<type>\w+)", marked("an empty {type}")),
        (r"a (?P<type>\w+)", marked("a {type}")),
        (r"an (?P<type>\w+)", marked("an {type}")),
        (r"stopped here: the time was over", marked("stopped here: the time was over")),
        (r"stopped here by the check", marked("stopped here by the check")),
    )
)


def from_beside(words: str) -> str:
    """Words from beside a student's code as a message; what is none of the known ones, as it is.

    Parameters
    ----------
    words : str
        In English, made by nnkit or, where a student's code has changed it, anything.

    Examples
    --------
    >>> from nnkit.languages import in_language, speaking
    >>> with speaking("de"):
    ...     in_language(from_beside("the function relu")), from_beside("h'")
    ('die Funktion relu', "h'")
    """
    for form, template in _FORMS:
        found = form.fullmatch(words)
        if found is not None:
            message = say(template, **{key: from_beside(value) for key, value in found.groupdict().items()})
            if message == words:  # "1 id" is no message of its own and stays as it is
                return message
    return words
