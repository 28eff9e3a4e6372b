"""A message: an English text that remembers its template and what was put into it, so that it can be told again.

A message *is* its English text. Code compares it, looks into it and keeps it like any text; only where a reader is
shown something is it told anew, in another language, from the same template and the same values. So whatever a check
recognises, it recognises in every language alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

import numpy as np

SEPARATOR = "between parts"
"""The context under which catalogues have what stands between the parts of a row, such as a comma and a blank."""


class Words(Protocol):
    """What translates: each method gives None for what it has no translation of."""

    def of(self, text: str, context: str = "") -> str | None:
        """A text in the other language."""

    def of_count(self, one: str, many: str, count: int) -> str | None:
        """The form for so many of something in the other language."""


class Message(str):
    """An English text that can be told in another language; made by `say` and the functions beside it.

    What makes another text of it, such as a slice or ``strip``, gives a plain text; ``+`` keeps the message.
    """

    def told(self, words: Words) -> str:
        """The text in another language."""
        return str(self)

    def __add__(self, other: str) -> str:
        return sentences(self, other, between="")

    def __radd__(self, other: str) -> str:
        return sentences(other, self, between="")


class _Said(Message):
    """A template with values in it."""

    template: str
    many: str
    number: int
    values: dict[str, Any]

    def told(self, words: Words) -> str:
        # Blanks around a piece that follows another one are no business of translators. With several forms the
        # translation has to fit the number, not the English form.
        inner = self.template.strip()
        found = words.of_count(inner, self.many.strip(), self.number) if self.many else words.of(inner)
        if found is None:
            return str(self)
        found = self.template.replace(inner, found) if inner != self.template else found
        if not self.values:
            return found
        try:
            return found.format(**{name: told(value, words) for name, value in self.values.items()})
        except (LookupError, ValueError, TypeError, AttributeError):
            return str(self)  # a translation with a broken placeholder: the reader gets the English sentence


class _Row(Message):
    """Parts one after the other: whole texts, or values."""

    parts: tuple[str, ...]
    between: str
    whole: bool

    def told(self, words: Words) -> str:
        between = (words.of(self.between, SEPARATOR) if self.between else None) or self.between
        return between.join(whole(part, words) if self.whole else told(part, words) for part in self.parts)


class _Shortened(Message):
    """A text that is cut off where it is too long."""

    text: str
    longest: int

    def told(self, words: Words) -> str:
        return _cut(whole(self.text, words), self.longest)


def told(value: Any, words: Words) -> Any:
    """A value inside a message: messages are told, everything else stays what it is."""
    return value.told(words) if isinstance(value, Message) else value


def whole(text: str, words: Words) -> str:
    """A whole text, such as a sentence: one that is no message is its own template, blanks around it left where they
    are."""
    if isinstance(text, Message):
        return text.told(words)
    inner = text.strip()
    if not has_words(inner):
        return text
    found = words.of(inner)
    return text if found is None else text.replace(inner, found)


# What is code or mathematics in every language: `…`, {a placeholder}, the name before an equals sign.
_NO_WORDS = re.compile(r"`[^`]*`|\{[^}]*\}|\b\w+ =")


def has_words(text: str) -> bool:
    """Whether there is anything to translate in a text.

    Examples
    --------
    >>> has_words("x = [1, 2], `w @ x` = {value}"), has_words("many inputs")
    (False, True)
    """
    return re.search(r"[^\W\d_]{2}", _NO_WORDS.sub("", text)) is not None


def templates_in(text: str) -> Iterator[tuple[str, str]]:
    """The templates that a text is made from, each with its form for several, which is "" where nothing is counted.

    Examples
    --------
    >>> list(templates_in(sentences("All differ.", plural(2, "case"))))
    [('All differ.', ''), ('{count} case', '{count} cases')]
    """
    if isinstance(text, _Said):
        yield text.template, text.many
        for value in text.values.values():
            yield from templates_in(value) if isinstance(value, Message) else ()
    elif isinstance(text, _Row):
        for part in text.parts:
            yield from templates_in(part) if text.whole or isinstance(part, Message) else ()
    elif isinstance(text, _Shortened):
        yield from templates_in(text.text)
    elif text.strip():
        yield text.strip(), ""


# ---------------------------------------------------------------------------------------------------------------------
# Making messages
# ---------------------------------------------------------------------------------------------------------------------


def say(template: str, /, **values: Any) -> str:
    """A message; what stands in braces is put in by its name.

    Values that are messages are told in the reader's language too, all others stay as they are: names, numbers, code.
    Breaks and indentation inside the template do not count. A template without values may hold braces.

    Parameters
    ----------
    template : str
        A whole sentence wherever that is possible: other languages have another order of words.
    **values : Any
        What is put in, with a format where one is given, as in ``{rate:.3g}``.

    Examples
    --------
    >>> say("{name} has {count} rows.", name="W", count=3)
    'W has 3 rows.'
    """
    template = in_one_line(template) if "\n" in template else template
    message = _Said(template.format(**values) if values else template)
    message.template, message.many, message.number = template, "", 0
    message.values = {name: _kept(value) for name, value in values.items()}
    return message


def marked(template: str) -> str:
    """A template that is said later, by whoever chooses among several: it is found when texts are collected.

    Examples
    --------
    >>> say(marked("{name} returns {value}."), name="relu", value=0)
    'relu returns 0.'
    """
    return template


def as_message(text: str) -> str:
    """A whole text as a message: one that is none yet is its own template.

    Examples
    --------
    >>> as_message("many inputs") == "many inputs"
    True
    """
    return text if isinstance(text, Message) else say(text)


def counted(one: str, many: str, count: int, /, **values: Any) -> str:
    """A message that depends on a number: `one` for 1, `many` for all others; it is put in as ``{count}``.

    Other languages have one form or four; which of them fits is for their catalogue to say.

    Parameters
    ----------
    one, many : str
        Templates as for `say`.
    count : int
        The number that decides.
    **values : Any
        What else is put in.

    Examples
    --------
    >>> counted("{count} of {all} is right.", "{count} of {all} are right.", 1, all=4)
    '1 of 4 is right.'
    """
    one, many = (in_one_line(form) if "\n" in form else form for form in (one, many))
    values = {"count": count, **values}
    message = _Said((one if count == 1 else many).format(**values))
    message.template, message.many, message.number = one, many, int(count)
    message.values = {name: _kept(value) for name, value in values.items()}
    return message


def plural(count: int, one: str, many: str = "") -> str:
    """A number and what there is of it; the form for several is made with an s where it is left out.

    Examples
    --------
    >>> plural(1, "case"), plural(3, "case"), plural(0, "entry", "entries")
    ('1 case', '3 cases', '0 entries')
    """
    return counted(f"{{count}} {one}", f"{{count}} {many or one + 's'}", count)


def sentences(*parts: str, between: str = " ") -> str:
    """Whole texts one after the other; empty ones are left out.

    Examples
    --------
    >>> sentences("All values differ.", "", say("The first is at {place}.", place=3))
    'All values differ. The first is at 3.'
    """
    return _row(tuple(part for part in parts if part), between, True)


def joined(parts: Iterable[str], between: str = ", ") -> str:
    """Values one after the other: names, numbers, messages.

    Examples
    --------
    >>> joined(["x", "y", "z"])
    'x, y, z'
    """
    return _row(tuple(parts), between, False)


def listing(names: Iterable[str]) -> str:
    """The same as one says it.

    Examples
    --------
    >>> listing(["a"]), listing(["a", "b"]), listing(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    names = list(names)
    if len(names) < 2:
        return joined(names)
    return say("{first} and {last}", first=joined(names[:-1]), last=names[-1])


def shortened(text: str, longest: int) -> str:
    """A text of at most so many characters, in every language.

    Examples
    --------
    >>> shortened("too long", 5)
    'too …'
    """
    if not isinstance(text, Message):
        return _cut(text, longest)
    message = _Shortened(_cut(text, longest))
    message.text, message.longest = text, longest
    return message


def begun_otherwise(text: str, old: str, new: str) -> str:
    """A text that begins with `old`, with `new` in its place; a message has another template then.

    Examples
    --------
    >>> begun_otherwise(say("All is right, but {name} is not.", name="x"), "All is right", "All is right here")
    'All is right here, but x is not.'
    """

    def begun(part: str) -> str:
        return new + part.removeprefix(old)

    if isinstance(text, _Row):
        return _row((begun_otherwise(text.parts[0], old, new), *text.parts[1:]), text.between, text.whole)
    if not isinstance(text, _Said):
        return begun(text)
    message = _Said(begun(str(text)))
    message.template, message.many = begun(text.template), begun(text.many) if text.many else ""
    message.number, message.values = text.number, text.values
    return message


def in_one_line(text: str) -> str:
    """A sentence in triple quotes as one line: breaks and indentation become single blanks; a message stays one.

    Examples
    --------
    >>> in_one_line('''One line,
    ...     and another.''')
    'One line, and another.'
    """
    return text if isinstance(text, Message) else re.sub(r"[ \n]+", " ", text).strip()


def _row(parts: tuple[str, ...], between: str, are_whole: bool) -> str:
    message = _Row(between.join(parts))
    message.parts, message.between, message.whole = parts, between, are_whole
    return message


def _kept(value: Any) -> Any:
    """A value as it may be told later: what could have changed by then, as text."""
    return value if isinstance(value, str | int | float | np.generic) else format(value)


def _cut(text: str, longest: int) -> str:
    return str(text) if len(text) <= longest else f"{text[: longest - 1]}…"
