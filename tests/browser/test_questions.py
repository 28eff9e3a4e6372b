"""Predictions in a browser: committed to with mouse and keyboard, answered once, and nothing told before."""

from __future__ import annotations

from typing import Any

import pytest

from nnkit import widgets
from nnkit.widgets.base import Moving
from nnkit.widgets.sealing import seal

pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
from tests.browser.bench import Bench

NUMBER = seal({"answer": "42", "explanation": '"Six times seven."'})
CHOICE = seal({"answer": '"XOR"', "explanation": '"No line parts its corners."'})


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that asks a question and returns the widget that a notebook would show."""
    shown: list[Moving] = []
    monkeypatch.setattr(Moving, "show", lambda one: shown.append(one))

    def ask(*arguments: Any, **settings: Any) -> Moving:
        widgets.predict(*arguments, **settings)
        return shown.pop()

    return ask


def says(bench: Bench, text: str) -> None:
    bench.page.wait_for_function("text => document.querySelector('.nnkit-words').innerText.includes(text)", arg=text)


@pytest.mark.parametrize("dark", [False, True], ids=["white", "dark"])
def test_a_number_is_typed_and_committed_with_enter(page: Any, asked: Any, dark: bool) -> None:
    bench = Bench(page, asked("What is it?", sealed=NUMBER, within=0.05), dark)
    assert "Six" not in page.content()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    says(bench, "there is nothing in the box yet")
    page.keyboard.type("41")
    page.keyboard.press("Enter")
    says(bench, "You: 41. Answer: 42 (right, 1 too low). Six times seven.")
    page.get_by_role("status").filter(has_text="You: 41").wait_for()  # and read aloud
    assert bench.violations() == []
    assert bench.complaints == []


def test_what_was_committed_to_stays(page: Any, asked: Any) -> None:
    bench = Bench(page, asked("What is it?", sealed=NUMBER))
    box = page.get_by_role("textbox", name="What is it?")
    box.fill("7")
    page.get_by_role("button", name="Commit").click()
    says(bench, "You: 7. Answer: 42 (a different number")
    said, drawn = bench.words, bench.drawn
    page.keyboard.press("Enter")
    box.press("Enter")
    assert not box.is_editable()
    assert (bench.words, bench.drawn) == (said, drawn)


@pytest.mark.parametrize("dark", [False, True], ids=["white", "dark"])
def test_a_choice_is_made_with_the_arrow_keys(page: Any, asked: Any, dark: bool) -> None:
    bench = Bench(page, asked("Which one?", sealed=CHOICE, choices=["AND", "OR", "XOR"]), dark)
    page.get_by_role("button", name="Commit").click()
    says(bench, "choose first")
    page.get_by_role("radio", name="AND").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.get_by_role("radio", name="XOR").is_checked()
    page.keyboard.press("Enter")
    says(bench, "You: XOR. Answer: XOR (right). No line parts its corners.")
    assert page.get_by_role("radio", name="AND").is_disabled()
    assert page.evaluate("() => document.activeElement.value") == "XOR"  # the keyboard stays where it was
    page.keyboard.press("ArrowUp")
    assert page.get_by_role("radio", name="XOR").is_checked()
    assert bench.violations() == []
    assert bench.complaints == []


def test_the_picture_comes_with_the_answer(page: Any, asked: Any) -> None:
    class Seen:
        html = '<img alt="a straight line">'

    bench = Bench(page, asked("How does it go?", "straight", choices=["straight", "bent"], picture=Seen()))
    assert page.get_by_role("img", name="a straight line").count() == 0
    page.get_by_label("bent").check()
    page.get_by_role("button", name="Commit").click()
    says(bench, "Answer: straight (another choice)")
    page.get_by_role("img", name="a straight line").wait_for(state="attached")
