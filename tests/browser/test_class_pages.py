"""The pages on a class, in a browser: axe-core finds nothing, light or dark; a narrow screen and paper hold them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nnkit.grading.marks.answer_lines import lines_of_sources
from nnkit.grading.marks.class_table import Entry
from nnkit.grading.marks.mistakes import find_mistakes
from nnkit.grading.marks.outcomes import OUTCOMES
from nnkit.grading.marks.overview import overview
from nnkit.grading.marks.page import class_report
from nnkit.grading.marks.page_parts import scrolling
from nnkit.grading.marks.suspicion import Suspicion, suspicion_html
from nnkit.grading.marks.totals import ABSENT, FINAL, OPEN, ClassMarks, Person, Total

pytest.importorskip("playwright.sync_api", reason='the browser tests need pip install -e ".[browser]"')
pytest.importorskip("axe_playwright_python", reason='the browser tests need pip install -e ".[browser]"')

from tests.browser.bench import violations

EXERCISES = [f"an_exercise_with_a_long_name_{place}" for place in range(12)]


def pages() -> dict[str, str]:
    """A class with every outcome, a mistake with its line, and something odd."""
    entries, answers = [], {}
    for place in range(14):
        student = f"student{place}"
        for exercise in ("neuron", *EXERCISES):
            outcome = OUTCOMES[place % len(OUTCOMES)] if place else "passed"
            points = None if outcome == "needs a person" else float(outcome == "passed")
            mistake = "no bias" if outcome == "wrong" and exercise == "neuron" else ""
            cause = "Add `b`." if outcome != "passed" else None
            notebook = "neurons" if exercise == "neuron" else "more"
            entries.append(
                Entry(student, "01", notebook, exercise, outcome, cause, points, 1.0, points is None, mistake=mistake)
            )
        source = f"def neuron(x, w, b):\n    z = x * w\n    return {'z' if place % 2 else 'z + b'}"
        answers[student, "neurons", "neuron"] = lines_of_sources([source], "neuron", ("x", "w", "b"))
    people = tuple(Person(f"student{place}", "Ada", f"Lovelace{place}") for place in range(14))
    states = (FINAL, OPEN, ABSENT)
    totals = {
        (one.student, name): Total(one.student, name, 3.5, 13.0, float(place % 4 == 0), states[place % 3])
        for place, one in enumerate(people)
        for name in ("01", "02_a_long_name_of_an_assignment")
    }
    found = find_mistakes(entries, answers, {})
    odd = scrolling(
        "odd", suspicion_html([Suspicion("neuron", "neuron", 3, "os._exit(1)" * 20, "processes", "It ends Python.")])
    )
    marks = ClassMarks(("01", "02_a_long_name_of_an_assignment"), people, totals)
    both = {"01": entries, "02_a_long_name_of_an_assignment": entries}
    return {
        "assignment": class_report("01", entries, found, odd),
        "overview": overview(marks, both, dict.fromkeys(both, found)),
    }


@pytest.fixture(scope="module", params=["assignment", "overview"])
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / f"{request.param}.html"
    path.write_text(pages()[request.param], encoding="utf-8")
    return path


@pytest.fixture
def opened(page: Any, written: Path) -> Iterator[Any]:
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if line.type in ("error", "warning") else None)
    page.goto(written.as_uri())
    yield page
    # axe-core brings a script along, which the page forbids by itself.
    assert [one for one in complaints if "axe" not in one and "script" not in one.lower()] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(opened: Any, scheme: str) -> None:
    opened.emulate_media(color_scheme=scheme)
    assert violations(opened) == []


def test_every_table_has_a_caption_and_heads(opened: Any) -> None:
    tables = opened.locator("table").all()
    assert len(tables) >= 3
    for table in tables:
        assert table.locator("caption").inner_text()
        assert table.locator("thead th[scope=col]").count() >= 2
        rows = table.locator("tbody tr").count()
        assert table.locator("tbody th[scope=row]").count() == rows >= 1


def test_a_narrow_screen_does_not_scroll_sideways(opened: Any) -> None:
    opened.set_viewport_size({"width": 390, "height": 800})
    assert opened.evaluate("document.documentElement.scrollWidth") <= 390


def test_paper_is_white_and_holds_every_table_whole(opened: Any) -> None:
    opened.emulate_media(media="print", color_scheme="dark")
    opened.set_viewport_size({"width": 680, "height": 1000})  # what an A4 page holds between its margins
    assert opened.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    widest = opened.evaluate("Math.max(...[...document.querySelectorAll('table')].map((one) => one.offsetWidth))")
    assert widest <= 680
