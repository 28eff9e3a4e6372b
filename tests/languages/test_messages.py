"""A message is its English text, and is told again in another language whole, whatever it was put together from."""

from __future__ import annotations

import copy
import pickle

import pytest

from nnkit.languages import (
    as_message,
    begun_otherwise,
    counted,
    joined,
    listing,
    plural,
    say,
    sentences,
    shortened,
)
from nnkit.languages.messages import Message, whole


class Table:
    """Translations from a table; what it lacks it notes."""

    def __init__(self, **texts: str) -> None:
        self.texts, self.missed = {key.replace("_", " "): text for key, text in texts.items()}, []

    def of(self, text: str, context: str = "") -> str | None:
        if text not in self.texts:
            self.missed.append(text)
        return self.texts.get(text)

    def of_count(self, one: str, many: str, count: int) -> str | None:
        found = self.of(one)
        return None if found is None else found.split("|")[0 if count == 1 else 1]


def table(texts: dict[str, str]) -> Table:
    made = Table()
    made.texts = texts
    return made


def test_a_message_is_the_english_text_in_every_way() -> None:
    message = say("{name} has {count} rows, a share of {share:.1f}.", name="W", count=3, share=0.25)
    assert message == "W has 3 rows, a share of 0.2."
    assert {message: 1}["W has 3 rows, a share of 0.2."] == 1
    assert message.startswith("W has")
    assert isinstance(message, str)


def test_values_go_where_the_translation_has_them() -> None:
    words = table({"{name} lacks {what}.": "{what} fehlt in {name}."})
    assert whole(say("{name} lacks {what}.", name="W", what="b"), words) == "b fehlt in W."


def test_messages_inside_a_message_are_told_and_plain_values_are_not() -> None:
    words = table({"{what} is {name}.": "{what}: {name}.", "one number": "eine Zahl"})
    assert whole(say("{what} is {name}.", what=say("one number"), name="one number"), words) == "eine Zahl: one number."


def test_the_number_decides_the_form_in_the_other_language() -> None:
    words = table({"{count} case": "{count} Fall|{count} Fälle"})
    assert [whole(plural(number, "case"), words) for number in (1, 2)] == ["1 Fall", "2 Fälle"]
    assert [plural(number, "case") for number in (0, 1, 2)] == ["0 cases", "1 case", "2 cases"]


def test_sentences_and_lists_are_told_part_by_part() -> None:
    words = table({"All differ.": "Alle weichen ab.", "{first} and {last}": "{first} und {last}"})
    text = sentences("All differ.", "", say("{first} and {last}", first="x", last="y"))
    assert text == "All differ. x and y"
    assert whole(text, words) == "Alle weichen ab. x und y"
    assert whole(listing(["a", "b", "c"]), words) == "a, b und c"
    assert whole(joined(["All differ.", "b"]), words) == "All differ., b"  # values stay what they are


def test_plus_keeps_the_message_on_either_side() -> None:
    words = table({"One.": "Eins.", "Two.": "Zwei."})
    for text in (say("One.") + " " + say("Two."), "One. " + say("Two."), say("One.") + " Two."):
        assert text == "One. Two."
        assert whole(text, words) == "Eins. Zwei."


def test_blanks_around_a_piece_stay_and_are_no_part_of_what_is_translated() -> None:
    words = table({"{name} is right.": "{name} stimmt.|{name} stimmen.", "Wrong.": "Falsch."})
    text = say("Wrong.") + counted(" {name} is right.", " {name} are right.", 1, name="b")
    assert text == "Wrong. b is right."
    assert whole(text, words) == "Falsch. b stimmt."


def test_a_text_is_cut_off_after_it_was_told() -> None:
    words = table({"short": "ein langer Text"})
    assert whole(shortened(say("short"), 8), words) == "ein lan…"
    assert shortened("short", 8) == "short"


def test_another_beginning_is_another_template() -> None:
    text = sentences(counted("Right, but {count} is off.", "Right, but {count} are off.", 2), "Why?")
    changed = begun_otherwise(text, "Right", "Right here")
    assert changed == "Right here, but 2 are off. Why?"
    words = table({"Right here, but {count} is off.": "Hier richtig, bis auf eine.|Hier richtig, bis auf {count}."})
    assert whole(changed, words) == "Hier richtig, bis auf 2. Why?"


@pytest.mark.parametrize("translated", ["{wrong} fehlt.", "{name", "{name.upper.x}", "{0}", "{name:d}", "}"])
def test_a_broken_translation_gives_the_english_sentence(translated: str) -> None:
    assert whole(say("{name} is missing.", name="b"), table({"{name} is missing.": translated})) == "b is missing."


def test_what_is_missing_is_told_in_english_for_that_sentence_only() -> None:
    words = table({"All differ.": "Alle weichen ab."})
    assert whole(sentences("All differ.", "Nothing helps."), words) == "Alle weichen ab. Nothing helps."
    assert words.missed == [" ", "Nothing helps."]


def test_braces_stay_braces_where_nothing_is_put_in() -> None:
    assert as_message("a set {1, 2}") == "a set {1, 2}"
    assert whole(as_message("a set {1, 2}"), table({"a set {1, 2}": "eine Menge {1, 2}"})) == "eine Menge {1, 2}"


@pytest.mark.parametrize("again", [copy.deepcopy, lambda text: pickle.loads(pickle.dumps(text))])
def test_a_message_survives_a_copy_and_the_way_to_another_process(again: object) -> None:
    words = table({"{count} case": "{count} Fall|{count} Fälle"})
    text = again(sentences(plural(2, "case"), "x"))  # type: ignore[operator]
    assert isinstance(text, Message)
    assert whole(text, words) == "2 Fälle x"
