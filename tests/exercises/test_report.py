"""What a reader sees: a well-formed panel, its text twin, and nothing of a student's that runs in a browser."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from nnkit.draw.style import sheet
from nnkit.exercises import evaluate
from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.judge.finding import Table
from nnkit.exercises.judge.report import LOOKS, Hint, Note, Report
from nnkit.exercises.terms import REPORT_TYPE, STATUSES

Make = Callable[..., Exercise]
NASTY = "<script>alert('x')</script> & \"quotes\" `code` <b onclick=1>"


class Page(HTMLParser):
    """Reads a panel; fails where a tag is not closed, or is not one of ours."""

    KNOWN = {"div", "span", "strong", "code", "table", "tr", "th", "td"}

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        assert text.startswith(sheet())  # the rules of its colours, which say nothing
        self.feed(text.removeprefix(sheet()))
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self.KNOWN, f"<{tag}>"
        assert {name for name, _ in attrs} <= {"style", "role", "aria-hidden", "scope"}, attrs
        self.open.append(tag)
        self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.words.append(" ")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+([.:,?])", r"\1", " ".join("".join(self.words).split()))


def reports() -> dict[str, Report]:
    table = Table(("[0]", "[1]", "[2]"), ("1", "2", "3"), ("1", "2.5", "<b>"), 1, (False, True, True))
    full: dict[str, Any] = {"case": "x = 3", "cases": 4, "cause": "A cause.", "table": table, "advice": "Advice."}
    found = {status: Report(status, f"Message for {status}.", exercise="name") for status in STATUSES}
    found["everything"] = Report(
        "wrong", "M.", notes=("A note.", "Another."), exercise="name", hidden=True, seed=5, **full
    )
    found["nasty"] = Report(
        "wrong", NASTY, cause=NASTY + "cause", case=NASTY, advice=NASTY, notes=(NASTY,), words=NASTY, exercise="name"
    )
    found["passed"] = Report("passed", "4 cases: numbers.", exercise="name")
    return found


def _words(text: str) -> list[str]:
    return re.findall(r"[^\s`✓✗○…^]+", text)


@pytest.mark.parametrize("label", reports())
def test_the_panel_is_well_formed_and_its_twin_says_the_same(label: str) -> None:
    report = reports()[label]
    page = Page(report._repr_html_())
    assert sorted(_words(page.text.replace("`", ""))) == sorted(_words(str(report)))


@pytest.mark.parametrize("status", STATUSES)
def test_the_verdict_is_said_in_words_and_by_a_sign(status: str) -> None:
    report = Report(status, "M.", exercise="name")
    verdict, sign, _ = LOOKS[status]
    for text in (str(report), Page(report._repr_html_()).text):
        assert text.startswith(f"{sign} name: {verdict}.")


def test_nothing_of_a_students_runs() -> None:
    text = reports()["nasty"]._repr_html_()
    assert "<script" not in text
    assert "<b " not in text
    assert html.escape("<script>alert('x')</script>") in text


def test_a_students_text_is_escaped_on_its_whole_way(exercise: Make) -> None:
    def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
        return [Case({"x": 1.0}, "numbers")]

    answers = [
        lambda x: "<script>alert(1)</script>",
        lambda x: (_ for _ in ()).throw(ValueError("<script>alert(2)</script>")),
        lambda x: print("<script>alert(3)</script>"),
        type("<script>alert(4)", (), {"__init__": lambda self, x: None}),
    ]
    for answer in answers:
        report = evaluate(exercise(cases=cases), {"triple": answer})
        assert not report.passed
        assert "<script" in str(report)
        assert "<script" not in report._repr_html_()
        Page(report._repr_html_())


def test_the_table_marks_the_first_difference(exercise: Make) -> None:
    def triple(x: Any) -> Any:
        result = 3.0 * np.asarray(x)
        if result.ndim == 1:
            result[1:] += 1
        return result

    report = evaluate(exercise(), {"triple": triple})
    assert report.table is not None
    assert report.table.first_wrong == 1
    assert report.table.wrong == (False, True, True)
    lines = str(report).splitlines()
    columns, expected, yours, marks = lines[2:6]
    assert columns.split() == ["[0]", "[1]", "[2]"]
    assert expected.split()[0] == "expected"
    assert yours.split()[0] == "yours"
    assert yours[marks.index("^") : marks.rindex("^") + 1] == yours.split()[2]
    cells = re.findall(r"<td style=\"([^\"]*)\">([^<]*)</td>", report._repr_html_())
    marked = [text for style, text in cells if "2px solid" in style]
    assert marked == [yours.split()[2]]
    dotted = [text for style, text in cells if "dotted" in style]
    assert dotted == [yours.split()[3]]


def test_a_large_array_shows_a_few_entries(exercise: Make) -> None:
    def cases(rng: np.random.Generator, hidden: bool) -> list[Case]:
        return [Case({"x": rng.normal(size=(30, 40))}, "matrices")]

    def triple(x: Any) -> Any:
        result = 3 * x
        result[17, 31] = 0
        return result

    report = evaluate(exercise(cases=cases), {"triple": triple})
    assert report.table is not None
    assert len(report.table.columns) <= 6
    assert "[17, 31]" in report.table.columns
    assert len(str(report)) < 1500


def test_the_bundle_is_what_the_class_table_reads() -> None:
    report = reports()["everything"]
    bundle = report._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html", REPORT_TYPE}
    assert set(bundle[REPORT_TYPE]) == {"exercise", "status", "cause", "message", "case", "cases", "seed"}


def test_the_same_check_gives_the_same_bytes(exercise: Make) -> None:
    first, second = (evaluate(exercise(), {"triple": lambda x: x})._repr_mimebundle_() for _ in range(2))
    assert first == second
    assert "0x" not in str(first)


def test_an_unknown_status_is_refused() -> None:
    with pytest.raises(ValueError, match="known are passed"):
        Report("superb", "M.", exercise="name")


def test_hints_and_notes_are_panels_too() -> None:
    for panel in (Hint("name", NASTY, 1, 2), Note(NASTY)):
        page = Page(panel._repr_html_())
        assert sorted(_words(page.text.replace("`", ""))) == sorted(_words(repr(panel)))
