"""In which language a reader is spoken to, and the catalogue that is read for it.

The language is what `language` was told in this process, else what the environment says, else English. Whoever speaks
for somebody else, as grading does, names it for a while (`speaking`).
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from nnkit.languages.messages import whole

ENGLISH = "en"
LANGUAGE_VARIABLE = "NNKIT_LANGUAGE"
"""The environment variable that names a language."""
FOLDER = Path(__file__).resolve().parent
DOMAIN = "nnkit"

_chosen: str | None = None
_for_a_while: ContextVar[str | None] = ContextVar("language", default=None)
_missed: ContextVar[set[str] | None] = ContextVar("missed", default=None)


@cache
def available() -> tuple[str, ...]:
    """The languages that there are, English first.

    Examples
    --------
    >>> available()
    ('en', 'de')
    """
    return (ENGLISH, *sorted(path.parents[1].name for path in FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")))


def language(name: str | None = None) -> str:
    """Choose the language in which checks, hints and traces speak, or ask which it is.

    Parameters
    ----------
    name : str or None
        Such as "de"; a country may follow, as in "de_AT". "" takes the choice back: the environment decides again.
        None changes nothing.

    Returns
    -------
    str
        The language that is spoken now.

    Raises
    ------
    ValueError
        There is no catalogue for it.

    Examples
    --------
    >>> language()
    'en'
    """
    global _chosen
    if name is not None:
        _chosen = known(name) if name else None
    return _for_a_while.get() or _chosen or _of_environment()[0]


def known(name: str) -> str:
    """The language of this name as its folder is called.

    Raises
    ------
    ValueError
        There is none; the sentence says which there are.

    Examples
    --------
    >>> known("de_AT.UTF-8")
    'de'
    """
    wanted = str(name).partition(".")[0].replace("-", "_").lower()
    folders = {folder.lower(): folder for folder in available()}
    for way in (wanted, wanted.partition("_")[0]):
        if way in folders:
            return folders[way]
    raise ValueError(
        f"nnkit speaks {', '.join(available())}; there is no language {name!r}. How one is added stands in the guide "
        "“another language”."
    )


def problem() -> str:
    """What is wrong with the language that the environment asks for, in a sentence; "" where nothing is."""
    return "" if _for_a_while.get() or _chosen else _of_environment()[1]


def in_language(text: str) -> str:
    """A text as the reader is to see it: a message, or a whole text that is its own template.

    Parameters
    ----------
    text : str
        In English.

    Examples
    --------
    >>> with speaking("de"):
    ...     in_language("not yet")
    'noch nicht'
    """
    spoken = language()
    return str(text) if spoken == ENGLISH else whole(text, _catalogue(spoken))


@contextmanager
def speaking(name: str) -> Iterator[None]:
    """Speak a language for a while, in this thread only; "" changes nothing.

    Raises
    ------
    ValueError
        There is no such language.
    """
    token = _for_a_while.set(known(name) if name else _for_a_while.get())
    try:
        yield
    finally:
        _for_a_while.reset(token)


@contextmanager
def untranslated() -> Iterator[set[str]]:
    """Collect what is asked of catalogues meanwhile and not found there.

    Examples
    --------
    >>> with untranslated() as missed, speaking("de"):
    ...     _ = in_language("No catalogue holds this.")
    >>> missed
    {'No catalogue holds this.'}
    """
    missed: set[str] = set()
    token = _missed.set(missed)
    try:
        yield missed
    finally:
        _missed.reset(token)


class Catalogue:
    """The translations into one language.

    Parameters
    ----------
    translations : gettext.NullTranslations
        As Python reads them from an ``.mo`` file.
    """

    def __init__(self, translations: gettext.NullTranslations) -> None:
        self._translations = translations
        translations.add_fallback(_Nothing())

    def of(self, text: str, context: str = "") -> str | None:
        """A text in this language, None where it is not there."""
        found = self._translations.pgettext(context, text) if context else self._translations.gettext(text)
        # What stands between parts is mostly the same everywhere: whoever leaves it out misses nothing.
        return found or None if context else self._heard(found, text)

    def of_count(self, one: str, many: str, count: int) -> str | None:
        """The form for so many of something, None where it is not there."""
        return self._heard(self._translations.ngettext(one, many, count), one)

    @staticmethod
    def _heard(found: str, text: str) -> str | None:
        if found:
            return found
        missed = _missed.get()
        if missed is not None:
            missed.add(text)
        return None


class _Nothing(gettext.NullTranslations):
    """What is not in a catalogue: nothing, where Python's own gettext would give the English text back."""

    def gettext(self, message: str) -> str:
        return ""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return ""

    def pgettext(self, context: str, message: str) -> str:
        return ""


@cache
def _catalogue(name: str) -> Catalogue:
    try:
        return Catalogue(gettext.translation(DOMAIN, FOLDER, [name]))
    except (OSError, ValueError, UnicodeDecodeError):
        return Catalogue(gettext.NullTranslations())  # a file that cannot be read: everything is told in English


def _of_environment() -> tuple[str, str]:
    """The language that the environment asks for, and what is wrong with it."""
    asked = os.environ.get(LANGUAGE_VARIABLE, "")
    if not asked:
        return ENGLISH, ""
    try:
        return known(asked), ""
    except ValueError as error:
        return ENGLISH, f"{LANGUAGE_VARIABLE} is set to {asked!r}: {error}"
