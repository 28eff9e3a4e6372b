"""`nnkit messages`: collect what checks say, bring the catalogues of all languages up to date, and compile them.

A contributor's command. It needs Babel, which comes with JupyterLab; readers need nothing, as Python itself reads what
it makes. Everything is written without dates, so that the same texts give the same files.
"""

from __future__ import annotations

import argparse
import io
import string
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nnkit.languages.speech import DOMAIN, FOLDER, available
from nnkit.saving import whole_file

TEMPLATE = FOLDER / f"{DOMAIN}.pot"
WIDTH = 110
# What differs from run to run, or names a tool, and tells a translator nothing.
LEFT_OUT = (
    '"Report-Msgid-Bugs-To:',
    '"POT-Creation-Date:',
    '"PO-Revision-Date:',
    '"Generated-By:',
    '"Last-Translator:',
    '"Language-Team:',
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--new", metavar="LANGUAGE", help="begin a catalogue for a language, such as fr or pt_BR")
    parser.add_argument("--check", action="store_true", help="change nothing, and say what is not up to date")
    parser.add_argument("--missing", metavar="NOTEBOOK", help="print what a notebook says and a catalogue lacks")


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    try:
        import babel.messages  # noqa: F401
    except ImportError:
        print("Catalogues are made with Babel, which is not installed: pip install babel.", file=sys.stderr)
        return 1
    if arguments.missing:
        return _print_missing(arguments.missing)
    try:
        made = files(arguments.new)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    changed = [path for path, content in made.items() if not path.is_file() or path.read_bytes() != content]
    if arguments.check:
        for path in changed:
            print(f"{path.name} of {path.parent.parent.name} is not up to date; `nnkit messages` brings it there.")
        return 1 if changed else 0
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as file:
            file.write(made[path])
    for path in made:
        if path.suffix == ".po":
            catalogue = read(path)
            done = sum(bool(_is_translated(message)) for message in catalogue if message.id)
            print(f"{catalogue.locale}: {done} of {len(catalogue)} texts are translated.")
    found = list(problems())
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


def files(new: str | None = None) -> dict[Path, bytes]:
    """What the command writes: the template, and each language's catalogue as text and compiled.

    Parameters
    ----------
    new : str or None
        A language that has no catalogue yet.

    Raises
    ------
    ValueError
        The new language is there already, or no language is called so.
    """
    from babel.core import Locale, UnknownLocaleError
    from babel.messages import Catalog, mofile

    texts = template()
    made = {TEMPLATE: _as_po(texts)}
    languages = [path.parents[1].name for path in sorted(FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))]
    if new is not None:
        if new in (*languages, *available()):
            raise ValueError(f"There is a catalogue for {new!r} already; without --new it is brought up to date.")
        try:
            Locale.parse(new)
        except (UnknownLocaleError, ValueError):
            raise ValueError(f"No language is called {new!r}; a code such as fr or pt_BR was expected.") from None
        languages.append(new)
    for language in languages:
        path = FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"
        catalogue = read(path) if path.is_file() else Catalog(language, DOMAIN)
        catalogue.update(texts, no_fuzzy_matching=True, update_header_comment=True)
        catalogue.fuzzy = False
        made[path] = _as_po(catalogue)
        compiled = io.BytesIO()
        mofile.write_mo(compiled, _Compilable(read_text(made[path].decode("utf-8"), language)))
        made[path.with_suffix(".mo")] = compiled.getvalue()
    return made


def template() -> Any:
    """All texts as a catalogue without translations."""
    from babel.messages import Catalog

    from nnkit.exercises.texts import all_texts

    catalogue = Catalog(project="nnkit", version="", charset="utf-8", header_comment=HEADER)
    found = all_texts()
    for text, places in found.places.items():
        catalogue.add(
            (text.one, text.many) if text.many else text.one,
            locations=[(place, None) for place in places],
            auto_comments=found.remarks[text],
            flags=["python-brace-format"] if fields(text.one) else [],
            context=text.context or None,
        )
    return catalogue


HEADER = """\
# What the checks of nnkit say.
# What stands in {braces} is put in by the program: keep the names, in any order.
# What stands in `backticks` is code and stays as it is."""


def read(path: Path) -> Any:
    """A catalogue from its file."""
    return read_text(path.read_text(encoding="utf-8"), path.parents[1].name)


def read_text(text: str, language: str) -> Any:
    """A catalogue from the text of its file."""
    from babel.messages.pofile import read_po

    return read_po(io.StringIO(text), language, DOMAIN)


def problems() -> Iterator[str]:
    """What is wrong with translations: placeholders that the text does not have, or that were lost.

    A check never fails at one: it tells the sentence in English. This is how it is noticed.
    """
    for path in sorted(FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        for message in read(path):
            if not message.id:
                continue
            forms = message.id if isinstance(message.id, tuple) else (message.id,)
            known = set().union(*map(fields, forms))
            for number, translated in enumerate(_translations(message)):
                if not translated or not known:
                    continue
                try:
                    found = fields(translated)
                except ValueError as error:
                    yield f"{path.parents[1].name}: {translated!r} cannot be filled in: {error}."
                    continue
                # A form for one of something may leave the number out.
                lost = set() if len(forms) > 1 and number == 0 else fields(forms[-1]) - found
                if found - known or lost:
                    yield (
                        f"{path.parents[1].name}: {translated!r} has the placeholders {sorted(found)}, expected "
                        f"{sorted(known)} as in {forms[-1]!r}."
                    )


def fields(template: str) -> set[str]:
    """The names in braces.

    Examples
    --------
    >>> sorted(fields("{count:,} more rounds of line {line}"))
    ['count', 'line']
    """
    try:
        return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
    except ValueError:
        if template.count("{") or template.count("}"):
            raise
        return set()


def _translations(message: Any) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, tuple | list) else (message.string,)


def _is_translated(message: Any) -> bool:
    return all(_translations(message)) and not message.fuzzy


def _print_missing(notebook: str) -> int:
    """What the exercises of a notebook declare and a catalogue does not have."""
    from nnkit.exercises import index
    from nnkit.exercises.texts import texts_of

    if notebook not in index.notebooks():
        print(f"There is no notebook {notebook!r}; there are {', '.join(index.notebooks())}.", file=sys.stderr)
        return 1
    missing = False
    for path in sorted(FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        catalogue = read(path)
        for text in sorted({text for name in index.notebooks()[notebook] for text in texts_of(name)}, key=str):
            message = catalogue.get(text.one, text.context or None)
            if message is None or not _is_translated(message):
                missing = True
                print(f"{path.parents[1].name}: {text.one}")
    return 1 if missing else 0


def _as_po(catalogue: Any) -> bytes:
    from babel.messages.pofile import write_po

    content = io.BytesIO()
    write_po(content, catalogue, width=WIDTH, sort_by_file=False, include_lineno=False)
    lines = content.getvalue().decode("utf-8").splitlines()
    return ("\n".join(line for line in lines if not line.startswith(LEFT_OUT)).strip() + "\n").encode()


class _Compilable:
    """A catalogue as the compiler reads it, with a header that has no dates."""

    def __init__(self, catalogue: Any) -> None:
        self.charset, self.num_plurals = catalogue.charset, catalogue.num_plurals
        header, *messages = list(catalogue)
        self._messages = [header, *(message for message in messages if _is_translated(message))]
        kept = (f"{name}: {value}" for name, value in catalogue.mime_headers)
        self._messages[0].string = "\n".join(line for line in kept if not f'"{line}'.startswith(LEFT_OUT)) + "\n"

    def __iter__(self) -> Iterator[Any]:
        return iter(self._messages)
