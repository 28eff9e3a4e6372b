"""The catalogues: what checks say is in the template, text and compiled form agree, and no placeholder is broken."""

from __future__ import annotations

import ast
import gettext
import io
from pathlib import Path

import pytest

from nnkit.exercises import index
from nnkit.exercises.exercise import PUBLIC_SEED
from nnkit.exercises.texts import Text, Texts, _texts_in, all_texts, texts_of
from nnkit.languages.messages import has_words, templates_in
from nnkit.languages.speech import DOMAIN, FOLDER, available

messages = pytest.importorskip("nnkit.cli.messages")
pytest.importorskip("babel")

LANGUAGES = available()[1:]


@pytest.fixture(scope="module")
def texts() -> Texts:
    return all_texts()


def test_template_and_catalogues_are_what_the_command_writes() -> None:
    for path, content in messages.files().items():
        assert path.read_bytes() == content, f"{path.name} is not up to date: nnkit messages"


def test_no_translation_has_a_broken_placeholder() -> None:
    assert list(messages.problems()) == []


@pytest.mark.parametrize(
    "translated", ["{wrong} fehlt.", "Es fehlt etwas.", "{name fehlt.", "{name} und {other} fehlen."]
)
def test_a_broken_placeholder_is_found(translated: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    text = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "{name} is missing."\n'
    (folder / f"{DOMAIN}.po").write_text(f'{text}msgstr "{translated}"\n', encoding="utf-8")
    monkeypatch.setattr(messages, "FOLDER", tmp_path)
    (problem,) = messages.problems()
    assert translated in problem


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translated_text_comes_back_from_the_compiled_file(language: str) -> None:
    folder = FOLDER / language / "LC_MESSAGES"
    compiled = gettext.GNUTranslations(io.BytesIO((folder / f"{DOMAIN}.mo").read_bytes()))
    translated = [one for one in messages.read(folder / f"{DOMAIN}.po") if one.id and messages._is_translated(one)]
    assert translated
    for one in translated:
        if isinstance(one.id, tuple):
            assert (compiled.ngettext(*one.id, 1), compiled.ngettext(*one.id, 2)) == tuple(one.string)
        elif one.context:
            assert compiled.pgettext(one.context, one.id) == one.string
        else:
            assert compiled.gettext(one.id) == one.string


def test_what_an_exercise_says_of_other_cases_is_in_the_template_too(texts: Texts) -> None:
    """No text holds a number that was drawn: it would be another text with every seed."""
    missing = set()
    for name in index.notebooks()["neurons"]:
        exercise = index.find(name)
        for seed in range(PUBLIC_SEED, PUBLIC_SEED + 8):
            for case in exercise.draw(seed, hidden=seed > PUBLIC_SEED):
                found = {Text(*pair) for text in (case.covers, case.text) for pair in templates_in(text)}
                missing |= {text.one for text in found - texts.places.keys() if has_words(text.one)}
    assert not missing


def test_texts_of_each_kind_are_found(texts: Texts) -> None:
    kinds = {
        "a hint": "`x @ w` multiplies entry by entry and adds up. `np.exp` is the exponential function; z stands",
        "a mistake": "The value is that of a neuron with b = 0. Where does b enter?",
        "a mistake of a family": "{what} is exactly twice what was expected. Was a square differentiated",
        "a note on a shape": "One number for every neuron: as many as W has columns.",
        "what cases are about": "z from −40 to 40",
        "a case": "{inputs}, {hidden_size} hidden, {outputs}",
        "a sentence in a judge": "One place of an array holds one number; several were put there.",
        "what depends on a number": "{count} case",
        "a kind of slip": "a sign",
        "what begins otherwise": "The values are right here, but a warning was raised on the way to them",
    }
    known = [text.one for text in texts.places]
    assert [kind for kind, begin in kinds.items() if not any(text.startswith(begin) for text in known)] == []


def test_documentation_and_errors_for_maintainers_are_no_texts() -> None:
    code = '"""A file says this."""\nif x:\n    raise ValueError("An exercise says this wrongly.")\ny = "It is said."\n'
    assert list(_texts_in(ast.parse(code), sentences_too=True)) == [Text("It is said.")]
    assert list(_texts_in(ast.parse(code), sentences_too=False)) == []


def test_both_of_two_choices_are_texts_and_neither_twice() -> None:
    code = 'say("One is right." if one else "All are right.")\ncounted("{count} is.", "{count} are.", n)\n'
    found = list(_texts_in(ast.parse(code), sentences_too=True))
    assert found == [Text("One is right."), Text("All are right."), Text("{count} is.", "{count} are.")]


def test_a_language_that_is_none_or_there_already_is_refused() -> None:
    with pytest.raises(ValueError, match="No language is called 'quark'"):
        messages.files("quark")
    with pytest.raises(ValueError, match="There is a catalogue for 'de' already"):
        messages.files("de")


def test_a_new_language_begins_with_all_texts_and_its_own_plural_forms(texts: Texts) -> None:
    made = messages.files("pl")
    path = FOLDER / "pl" / "LC_MESSAGES" / f"{DOMAIN}.po"
    catalogue = messages.read_text(made[path].decode("utf-8"), "pl")
    assert len(catalogue) == len(texts.places)
    assert catalogue.num_plurals >= 3


def test_the_texts_of_a_notebook_are_those_of_its_exercises() -> None:
    assert Text("no bias") not in texts_of("neuron"), "labels are for maintainers"
    assert texts_of("neuron") & texts_of("layer")
