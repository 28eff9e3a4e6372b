"""The page that students get: each exercise by its name, each verdict once, and nothing that needs another file."""

from __future__ import annotations

import base64
import itertools
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from nnkit import draw
from nnkit.exercises.judge.report import Report
from nnkit.exercises.judge.verdict import Verdict
from nnkit.exercises.terms import PASSED, WRONG
from nnkit.grading.feedback.mathematics import mathml
from nnkit.grading.feedback.page import feedback_page
from nnkit.grading.feedback.texts import Texts
from nnkit.grading.intake.markup import clean_html
from nnkit.grading.intake.outputs import clean_outputs
from nnkit.grading.intake.sanitise import neutralise
from nnkit.grading.intake.standing_in import stand_in
from nnkit.grading.marks.outcomes import error_output
from nnkit.widgets.sealing import unseal
from tests.grading.small_course import flags
from tests.grading.test_showing import dangers, png

ABOUT = {"notebook": "small", "assignment": "01_small", "student": "ada", "score": 2.5, "max_score": 8.0}


def verdict(exercise: str, status: str, message: str) -> list[NotebookNode]:
    """What grading leaves in the cell of a check."""
    report = Report.on(exercise, Verdict(status=status, message=message), seed=7, hidden=True)
    shown = new_output("display_data", data=report._repr_mimebundle_())
    failed = new_output("error", ename="CheckFailed", evalue=str(report), traceback=[f"✗ {report.headline}"])
    return [shown] if status == PASSED else [shown, failed]


def graded(
    name: str, source: str, outputs: list[NotebookNode], score: float, points: float, **more: Any
) -> NotebookNode:
    marks = flags(name, grade=True, locked=True) | {"score": score, "points": points} | more
    return new_code_cell(source, id=name, metadata={"nbgrader": marks}, outputs=outputs)


def answer(name: str, source: str, **more: Any) -> NotebookNode:
    return new_code_cell(source, id=name, metadata={"nbgrader": flags(name, solution=True) | more})


def written(name: str, source: str, **more: Any) -> NotebookNode:
    marks = flags(name, grade=True, solution=True) | {"checksum": "as it was released"} | more
    return new_markdown_cell(source, id=name, metadata={"nbgrader": marks})


def notebook() -> NotebookNode:
    tests = "assert triple(2) == 6\n### BEGIN HIDDEN TESTS\nassert triple(7) == 21\n### END HIDDEN TESTS\nassert triple"
    failed = new_output("error", ename="AssertionError", evalue="", traceback=["----> assert triple(7) == 21", "x"])
    return new_notebook(
        cells=[
            new_markdown_cell("# The `small` one\n\nWhat it is about: $x_1 = -2$.", id="title"),
            new_markdown_cell("### Exercise: `double_it`", id="text"),
            answer("double_it", "def double_it(x):\n    return 2 * x", comment="Nicely **done**."),
            graded("test_double_it", 'check("double_it")', verdict("double_it", PASSED, "3 cases."), 2.0, 2.0),
            answer("halve", "def halve(x):\n    return x", comment="No response."),
            graded("test_halve", 'check("halve")', verdict("halve", WRONG, "It is the whole."), 0.0, 1.0),
            answer("triple", "def triple(x):\n    return 3"),
            graded("test_triple", tests, [failed], 0.0, 1.0),
            graded("test_late", 'check("late")', [error_output("CellTimeoutError", "It took too long.")], 0.0, 1.0),
            new_markdown_cell("### Question: why three · *core, 2 minutes*", id="asked"),
            written("why", "Because.", score=0.5, points=2.0, waits=False, by_hand=True, comment="Half."),
            new_markdown_cell("### Question: why not", id="asked_2"),
            written("why_not", "It is not.", score=0.0, points=1.0, waits=True, by_hand=False),
        ]
    )


@pytest.fixture(scope="module")
def page() -> str:
    return feedback_page(notebook(), ABOUT)


class Table(HTMLParser):
    """The rows of the first table, and every id and link of the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self._tables = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self._tables += tag == "table"
        if tag == "tr" and self._tables == 1:
            self.rows.append([])
        if tag in ("th", "td") and self._tables == 1:
            self.rows[-1].append("")
        self.ids += [found["id"] or ""] if "id" in found else []
        self.links += [found["href"] or ""] if tag == "a" else []
        self.loads += [f"{tag} {found.get('src') or found.get('href')}"] if tag in LOADING else []

    def handle_endtag(self, tag: str) -> None:
        self._tables += tag == "table"

    def handle_data(self, data: str) -> None:
        if self._tables == 1 and self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.replace("\u200b", "")


LOADING = ("script", "link", "img", "iframe", "object", "embed", "video", "audio", "source", "form")


def test_the_table_names_each_exercise_with_outcome_and_points(page: str) -> None:
    rows = [[" ".join(cell.split()) for cell in row] for row in Table(page).rows]
    assert rows == [
        ["Exercise", "Outcome", "Points", "Comment"],
        ["double_it", "✓ right", "2 of 2", "read it"],
        ["halve", "✗ not yet", "0 of 1", ""],
        ["triple", "✗ not yet", "0 of 1", ""],
        ["late", "∞ took too long", "0 of 1", ""],
        ["Why three", "✎ marked by a person", "0.5 of 2", "read it"],
        ["Why not", "◆ a person has to read it", "– of 1", ""],
    ]
    assert "2.5 of 8 points</strong> so far" in page


def test_every_link_of_the_page_leads_to_one_place_on_it(page: str) -> None:
    found = Table(page)
    assert len(found.ids) == len(set(found.ids))
    assert len([link for link in found.links if link.startswith("#exercise-")]) == 6
    assert {link.removeprefix("#") for link in found.links} <= set(found.ids)


def test_a_verdict_and_its_points_stand_once_where_the_exercise_is(page: str) -> None:
    text = re.sub(r"<[^>]*>", "", page[page.index("<main>") :])
    for once in ("double_it: right.", "halve: not yet.", "It is the whole.", "2 of 2 points", "It took too long."):
        assert text.count(once) == 1, once
    assert "test_double_it" not in page
    assert "Nicely <strong>done</strong>." in page
    assert "No response." not in page


def test_a_hidden_test_is_not_told(page: str) -> None:
    assert "triple(7)" not in unescape(re.sub(r"<[^>]*>", "", page))
    assert "AssertionError" in page


def test_a_page_has_no_program_and_asks_for_nothing(page: str) -> None:
    found = Table(feedback_page(with_pictures(), ABOUT))
    assert found.loads
    assert all(one.startswith("img data:image/") for one in found.loads)
    assert "default-src 'none'" in page
    assert dangers(page) == []


def with_pictures() -> NotebookNode:
    """A picture in each way in which there is one."""
    network = draw.network([2, 3, 1])
    drawn = new_output("display_data", data=network._repr_mimebundle_())
    plotted = new_output("display_data", data={"image/png": png(), "text/plain": "<Figure size 640x480>"})
    alone = new_output("display_data", data={"image/svg+xml": network.svg, "text/plain": "x"})
    found = new_notebook(
        cells=[
            new_code_cell("draw.network([2, 3, 1])", id="a", metadata={"tags": ["demo"]}, outputs=[drawn]),
            new_code_cell("plot()", id="b", outputs=[plotted, alone]),
            new_markdown_cell("![mine](attachment:mine.png) ![beside](plots/loss.png) ![gone](gone.png)", id="c"),
        ]
    )
    found.cells[2]["attachments"] = {"mine.png": {"image/png": png()}}
    neutralise(found, None)
    return found


def drawings(text: str) -> list[str]:
    found = re.findall(r'<img src="data:image/svg\+xml;base64,([\w+/=]+)"', text)
    return [base64.b64decode(one).decode() for one in found]


def shapes(drawn: str) -> dict[str, int]:
    found = {name: drawn.count(f"<{name}") for name in ("circle", "rect", "path", "line", "text", "ellipse")}
    assert sum(found.values()) >= 10
    return found


def test_pictures_of_every_kind_are_in_the_page() -> None:
    page = feedback_page(with_pictures(), ABOUT, {("plots", "loss.png"): base64.b64decode(png())})
    first, second = drawings(page)
    assert shapes(first) == shapes(second) == shapes(draw.network([2, 3, 1]).svg)
    assert "prefers-color-scheme:dark" in first
    assert page.count(f"data:image/png;base64,{png()}") == 3
    assert "[picture: gone]" in page
    assert f'alt="{draw.network([2, 3, 1]).alt}"' in unescape(page)
    assert dangers(page) == []


@pytest.mark.parametrize("made", [lambda: draw.network([2, 3, 1]).html, lambda: draw.network([2, 3, 1]).svg])
def test_a_drawing_keeps_its_shapes_and_is_the_same_when_it_is_cleaned_again(made: Any) -> None:
    original = made()
    cleaned, left_out = clean_html(original)
    assert left_out == []
    (drawn,) = drawings(cleaned)
    assert shapes(drawn) == shapes(original)
    assert clean_html(cleaned) == (cleaned, [])


def test_a_drawing_that_would_multiply_is_left_out() -> None:
    levels = "".join(f"<g id='a{n + 1}'>" + f"<use href='#a{n}'/>" * 10 + "</g>" for n in range(9))
    bomb = f"<svg><defs><rect id='a0'/>{levels}</defs><use href='#a9'/></svg>"
    outputs, notes = clean_outputs([{"output_type": "display_data", "data": {"image/svg+xml": bomb}}])
    assert "text/html" not in outputs[0].data
    assert notes
    flat = "<svg><defs><rect id='a0' width='3' height='3'/></defs><use href='#a0'/><use href='#a0' x='4'/></svg>"
    assert clean_html(flat)[0].startswith("<img")


def test_formulas_are_shown_by_the_browser_itself(page: str) -> None:
    assert "<msub><mi>x</mi><mn>1</mn></msub>" in page
    assert '<mo form="prefix">−</mo><mn>2</mn>' in page
    assert "$" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)


def test_every_formula_of_the_course_is_converted(repository: Path) -> None:
    found = 0
    for path in sorted((repository / "course").rglob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                shown = Texts().markdown(cell.source)
                assert 'class="tex"' not in shown, f"{path.stem}, {cell.id}"
                found += shown.count("<math")
    assert found > 200


@pytest.mark.parametrize(
    "tex",
    [
        r"\href{javascript:stolen()}{x}",
        r"\def\x{\x\x}\x",
        r"\newcommand{\a}{\b\b}\a",
        "{" * 300,
        r"\frac{1",
        "x" * 9999,
    ],
)
def test_a_formula_that_is_none_is_shown_as_it_was_typed(tex: str) -> None:
    assert mathml(tex).startswith('<code class="tex">')


def test_markup_in_a_formula_is_text() -> None:
    assert "<script" not in mathml(r"\text{<script>stolen()</script>}")
    assert "<img" not in Texts().markdown(r"$\mathrm{<img src=x onerror=stolen()>}$")


def test_what_was_folded_stays_folded() -> None:
    cells = [
        new_code_cell("secret_source = 1", id="a", metadata={"jupyter": {"source_hidden": True}}),
        new_code_cell("a = 1", id="b", metadata={"jupyter": {"outputs_hidden": True}}),
        new_markdown_cell("<details><summary>more</summary>\n\nfolded text\n\n</details>", id="c"),
    ]
    cells[1].outputs = [new_output("stream", name="stdout", text="hidden_output")]
    found = new_notebook(cells=cells)
    neutralise(found, found)
    page = feedback_page(found, ABOUT)
    for text in ("secret_source", "hidden_output", "folded text"):
        before = page[: page.index(text)]
        assert before.count("<details>") > before.count("</details>"), text
    assert "<details open" not in page


def test_no_sealed_answer_is_in_the_page(repository: Path) -> None:
    """The control: what is sealed in the students' notebook can be read in the instructors'."""
    place = Path("01_computation_graphs", "computation_graphs.ipynb")
    given, source = (nbformat.read(repository / one / place, as_version=4) for one in ("course", "solutions"))
    sealed = [one for cell in given.cells for one in re.findall(r'sealed="([\w-]+)"', cell.source)]
    secrets = [text for one in sealed for text in map(str, unseal(one).values()) if len(text) > 40]
    assert len(secrets) >= 3
    page, control = (re.sub(r"<[^>]*>", "", feedback_page(one, ABOUT)) for one in (given, source))
    for secret in secrets:
        assert secret[:40] not in unescape(page)
    assert sum(secret[:30] in unescape(control) for secret in secrets) >= 3


def test_headings_leave_no_level_out() -> None:
    cells = [new_markdown_cell(text, id=f"c{n}") for n, text in enumerate(("# A", "#### B", "## C", "# D", "### E"))]
    page = feedback_page(new_notebook(cells=cells), ABOUT)
    levels = [int(level) for level in re.findall(r"<h(\d)", page)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_a_heading_of_a_students_takes_no_place_of_the_pages() -> None:
    found = notebook()
    found.cells.append(new_markdown_cell("# exercise-3\n\n# top\n\n# comment-2\n\n[up](#top)", id="own"))
    ids = Table(feedback_page(found, ABOUT)).ids
    assert len(ids) == len(set(ids))


def test_a_notebook_that_was_not_run_says_why_once() -> None:
    found = stand_in("No notebook was handed in.")
    found.cells += [
        graded(
            f"test_{name}", f'check("{name}")', [error_output("NoVerdict", "Not run. No notebook was handed in.")], 0, 1
        )
        for name in ("double", "triple")
    ]
    page = feedback_page(found, ABOUT)
    assert page.count("No notebook was handed in.") == 1
    assert page.count("Not run.") == 2


def test_a_student_reads_what_a_student_can_do_where_nothing_was_graded() -> None:
    told = "neural_nets.ipynb was not in what you handed in. If you have it, hand it in again or ask your instructor."
    found = stand_in("A person has to look: save it as 'neural_nets.ipynb' and grade again.", told=told)
    error = error_output("NoVerdict", "Not run. A person has to look: save it as 'neural_nets.ipynb' and grade again.")
    found.cells += [
        graded("test_double", 'check("double")', [error], 0, 1, waits=True),
        written("why", "*Your answer here.*", score=0.0, points=2.0, waits=True),
        written("why_not", "*Your answer here.*", score=1.0, points=2.0, waits=False, by_hand=True),
    ]
    page = feedback_page(found, ABOUT)
    assert told in unescape(re.sub(r"<[^>]*>", "", page))
    assert "grade again" not in page
    outcomes = ["Outcome", "◆ not graded", "◆ not graded", "✎ marked by a person"]
    assert [row[1].strip() for row in Table(page).rows] == outcomes


def test_a_late_penalty_is_told() -> None:
    assert "1.5 taken off" in feedback_page(notebook(), {**ABOUT, "late_penalty": 1.5})


def test_links_to_what_is_not_in_the_page_are_text() -> None:
    shown = Texts().markdown(
        "[next](neurons.ipynb), [data](data.csv), [NumPy](https://numpy.org), [bad](javascript:x())"
    )
    assert re.findall(r'href="([^"]*)"', shown) == ["https://numpy.org"]
    assert "next, data," in shown
