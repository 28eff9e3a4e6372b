"""Which language is spoken: what was chosen, else what the environment asks for, else English; never an exception."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

import nnkit
from nnkit.exercises import CheckFailed, check, checking, evaluate, hint
from nnkit.languages import available, in_language, language, speaking, untranslated
from nnkit.languages.speech import LANGUAGE_VARIABLE


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    language("")


@pytest.fixture(autouse=True)
def no_hints_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "hints_given", {})  # what a doctest after these tests counts


def twice_wrong(x: float) -> float:
    return x + 2


def test_english_is_spoken_where_nothing_was_chosen() -> None:
    assert nnkit.language() == "en"
    assert "not yet" in str(evaluate("double", {"double": twice_wrong}))


def test_a_choice_holds_until_the_next_one_for_reports_that_are_there_already_too() -> None:
    report = evaluate("double", {"double": twice_wrong})
    before = str(report)
    assert nnkit.language("de_AT") == "de"
    assert str(report).startswith("✗ double: noch nicht. Der Wert ist falsch: erwartet")
    assert "double: noch nicht." in report._repr_html_()
    assert hint("double")._repr_html_().count("double, Tipp 1 von ") == 1
    nnkit.language("en")
    assert str(report) == before


def test_an_error_of_a_check_is_in_the_language_of_the_reader() -> None:
    with speaking("de"), pytest.raises(CheckFailed) as caught:
        check("double", {"double": twice_wrong})
    assert caught.value.report.status == "wrong"
    with speaking("de"):
        assert caught.value._render_traceback_() == ["✗ double: noch nicht."]


def test_what_tables_compare_is_english_in_every_language() -> None:
    report = evaluate("double", {"double": twice_wrong})
    with speaking("de"):
        assert report.data() == evaluate("double", {"double": twice_wrong}).data()
        assert report.data()["message"] == "The value is wrong: expected 6, yours 5."


@pytest.mark.parametrize("name", ["xx", "deutsch", "../de", "zz_ZZ"])
def test_an_unknown_language_is_refused_in_a_sentence_with_those_that_there_are(name: str) -> None:
    with pytest.raises(ValueError, match=r"^nnkit speaks en, de; there is no language"):
        nnkit.language(name)
    assert nnkit.language() == "en"


def test_the_environment_chooses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LANGUAGE_VARIABLE, "de_DE.UTF-8")
    assert language() == "de"
    assert language("en") == "en", "what is chosen here counts more"


def test_an_unknown_language_in_the_environment_is_told_in_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LANGUAGE_VARIABLE, "klingon")
    report = evaluate("double", {"double": lambda x: 2 * x})
    assert report.passed
    assert "NNKIT_LANGUAGE is set to 'klingon': nnkit speaks en, de" in str(report)
    assert "NNKIT_LANGUAGE" in report._repr_html_()


def test_a_language_for_a_while_ends_with_it() -> None:
    with speaking("de"):
        assert in_language("not yet") == "noch nicht"
        with speaking(""):
            assert language() == "de"
    assert in_language("not yet") == "not yet"


def test_a_missing_translation_is_told_in_english_and_noted() -> None:
    with speaking("de"), untranslated() as missed:
        assert in_language("Nobody has translated this.") == "Nobody has translated this."
    assert missed == {"Nobody has translated this."}


def test_english_is_always_there() -> None:
    assert available()[0] == "en"


def test_importing_nnkit_loads_no_catalogue() -> None:
    """What is loaded on request costs an import nothing."""
    program = "import sys, nnkit; print([name for name in sys.modules if name.startswith('nnkit.languages')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
