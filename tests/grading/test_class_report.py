"""The class report: mistakes counted by label, lines that are to blame or none, a page that is safe and the same twice.

The class is small and synthetic, its reports are real: each answer is judged by `evaluate` as in grading.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from nnkit.draw.style import contrast
from nnkit.exercises import evaluate, index
from nnkit.exercises.judge.report import Report
from nnkit.exercises.terms import REPORT_TYPE, TIMED_OUT
from nnkit.grading.course.steps import nbgrader_api
from nnkit.grading.marks import bars, page, page_parts
from nnkit.grading.marks.answer_lines import lines_of_sources
from nnkit.grading.marks.class_table import Entry, as_csv
from nnkit.grading.marks.mistakes import (
    ExerciseMistakes,
    answers_in,
    find_mistakes,
    kind_in_words,
    read_mistakes,
    solution_folder,
)
from nnkit.grading.marks.outcomes import cell_outcome, notebook_outcomes
from nnkit.grading.marks.page import bars_of, class_report, write_class_report
from tests.answers import answers_to, namespace_of

LOGISTIC = answers_to("logistic_gradients").right
NODES = LOGISTIC["node by node"]
OWN_NAMES = """
def logistic_gradients(x, t, w, b):
    # the walk back
    out = sigmoid(b + x*w)
    d = (out - t) * out*(1-out)
    return x*d, d
"""
SIGN = NODES.replace("(y - t)", "(t - y)")
SIGN_SPELT_OTHERWISE = """
def logistic_gradients(x, t, w, b):
    s = sigmoid(w*x+b)
    my_delta = s * (1 - s) * ( t - s )   # error first?
    return my_delta*x, my_delta
"""
NO_X = NODES.replace("return delta * x, delta", "return delta, delta")
CRASH = NODES.replace("sigmoid(w * x + b)", "sigmoid(w * X + b)")
UNLIKE_ANY = """
def logistic_gradients(x, t, w, b):
    numbers = [x, t, w, b]
    first = numbers[0] * numbers[2] + numbers[3]
    second = 1 / (1 + np.exp(-first))
    third = numbers[1] - second
    return third * second * (1 - second) * numbers[0], third * second * (1 - second)
"""
STUB = "def logistic_gradients(x, t, w, b):\n    raise NotImplementedError"
SCRIPT = "<script>alert(1)</script>"

CLASS = {
    "ada": NODES,
    "babbage": OWN_NAMES,
    "curie": LOGISTIC["math alone"],
    "darwin": LOGISTIC["an array"],
    "emmy": NODES,
    "fermat": SIGN,
    "gauss": SIGN_SPELT_OTHERWISE,
    "hopper": SIGN,
    "ivan": NO_X,
    "jane": CRASH,
    "kepler": STUB,
    SCRIPT: SIGN,
}


@cache
def verdict(exercise: str, source: str) -> Report:
    names = namespace_of(source, answers_to(exercise).provided)
    return evaluate(exercise, names, seed=20_270, hidden=True)


def handed_in(exercise: str, source: str) -> NotebookNode:
    """An autograded notebook with one answer, as grading leaves it."""
    answer = {"grade": False, "grade_id": exercise, "locked": False, "schema_version": 3, "solution": True}
    test = answer | {"grade": True, "grade_id": f"test_{exercise}", "locked": True, "points": 1, "solution": False}
    report = verdict(exercise, source)
    outputs = [new_output("display_data", data=report._repr_mimebundle_())]
    if not report.passed:
        outputs.append(new_output("error", ename="CheckFailed", evalue=str(report), traceback=[report.headline]))
    checked = new_code_cell(f'check("{exercise}")', id="t", metadata={"nbgrader": test}, outputs=outputs)
    return new_notebook(
        cells=[
            new_code_cell("print('mine')\n%time 1", id="own"),
            new_code_cell(source, id="a", metadata={"nbgrader": answer}),
            checked,
            new_code_cell(f"{exercise} = None", id="later"),
        ]
    )


def entries_of(notebooks: Mapping[str, NotebookNode]) -> list[Entry]:
    return [
        Entry(
            student,
            "02",
            "backprop_by_hand",
            outcome.exercise,
            outcome.status,
            outcome.cause,
            float(outcome.status == "passed"),
            1.0,
            False,
            outcome.mistake,
            outcome.kind,
        )
        for student, notebook in notebooks.items()
        for outcome in notebook_outcomes(notebook)
    ]


def found_in(
    sources: Mapping[str, str], exercise: str = "logistic_gradients", solution: str = NODES
) -> ExerciseMistakes:
    notebooks = {student: handed_in(exercise, source) for student, source in sources.items()}
    answers = {
        (student, "backprop_by_hand", name): lines
        for student, notebook in notebooks.items()
        for name, lines in answers_in(notebook, [exercise]).items()
    }
    own = {("backprop_by_hand", exercise): answers_in(handed_in(exercise, solution), [exercise])[exercise]}
    [found] = find_mistakes(entries_of(notebooks), answers, own)
    return found


@pytest.fixture(scope="module")
def small_class() -> tuple[list[Entry], ExerciseMistakes]:
    entries = entries_of({student: handed_in("logistic_gradients", source) for student, source in CLASS.items()})
    return entries, found_in(CLASS)


# -- the label's way ------------------------------------------------------------------------------------------------


def test_the_label_travels_from_the_judge_to_the_class_table() -> None:
    [outcome] = notebook_outcomes(handed_in("logistic_gradients", SIGN))
    assert (outcome.mistake, outcome.kind) == ("sign of the error", "value")
    [crashed] = notebook_outcomes(handed_in("logistic_gradients", CRASH))
    assert (crashed.mistake, crashed.kind) == ("", "raised: NameError")


def test_no_reader_is_shown_a_label_and_a_report_of_a_readers_own_notebook_is_what_it_was() -> None:
    report = verdict("logistic_gradients", SIGN)
    assert report.mistake == "sign of the error"
    shown = report._repr_mimebundle_()
    for kind in ("text/plain", "text/html"):
        assert report.mistake not in shown[kind]
    before = {"exercise", "status", "message", "cause", "case", "cases", "seed"}
    assert set(report.data()) == before | {"mistake", "kind"}
    assert set(replace(report, hidden=False).data()) == before
    assert set(verdict("logistic_gradients", NODES).data()) == before


def test_stored_reports_of_the_instructors_notebooks_hold_no_label(repository: Path) -> None:
    seen = 0
    for path in (repository / "solutions").glob("*/*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", []):
                if report := output.get("data", {}).get(REPORT_TYPE):
                    seen += 1
                    assert not {"mistake", "kind"} & report.keys()
    assert seen > 50


@pytest.mark.parametrize("exercise", ["logistic_gradients", "neuron_gradients", "affine_backward", "hinge_loss"])
def test_every_declared_mistake_of_a_function_is_counted_under_a_label_with_its_sentence(exercise: str) -> None:
    known = index.find(exercise)

    def answer_with(mistake: object) -> object:
        def answer(*values: object) -> object:
            arguments = dict(zip(known.arguments, values, strict=False))
            return mistake.answer(known, lambda: known.reference(*values), arguments)  # type: ignore[attr-defined]

        return answer

    told = {}
    for mistake in known.mistakes[:8]:
        report = evaluate(exercise, {known.student_name: answer_with(mistake)}, seed=20_270, hidden=True)
        told[mistake.label] = report.mistake
        assert report.cause == next(one.sentence for one in known.mistakes if one.label == report.mistake)
    assert list(told) == list(told.values())


@pytest.mark.parametrize("said", [7, ["a"], None, {"a": 1}, "x" * 10_000])
def test_a_label_that_is_none_is_not_believed(said: object) -> None:
    notebook = handed_in("logistic_gradients", SIGN)
    cell = notebook.cells[2]
    cell.outputs[0].data[REPORT_TYPE]["mistake"] = said
    outcome = cell_outcome(cell)
    assert outcome.mistake == (said[:120] if isinstance(said, str) else "")


# -- counting -------------------------------------------------------------------------------------------------------


def test_answers_are_counted_by_label_and_the_bars_add_up_to_the_class(
    small_class: tuple[list[Entry], ExerciseMistakes],
) -> None:
    _, found = small_class
    assert dict(found.counts) == {"passed": 5, "wrong": 5, "crashed": 1, "not attempted": 1}
    assert (found.tried, found.passed, found.students) == (11, 5, 12)
    counted = {group.label: group.students for group in found.groups}
    assert counted == {"sign of the error": 4, "dw: x missing": 1, "stopped with an error: NameError": 1}
    assert found.groups[0].share == pytest.approx(4 / 11)
    assert found.groups[0].cause.startswith("The opposite sign")
    assert sum(bar.number for bar in bars_of(found)) == found.students


def test_bars_add_up_where_there_are_many_kinds_too() -> None:
    one = Entry("s", "a", "n", "neuron", "wrong", None, 0.0, 1.0, False)
    entries = [replace(one, student=f"s{k}", mistake=f"mistake {k % 14}") for k in range(40)]
    entries += [replace(one, student=f"t{k}", outcome=outcome) for k, outcome in enumerate(page.SIGNS)]
    [found] = find_mistakes(entries, {}, {})
    assert sum(bar.number for bar in bars_of(found)) == 40 + len(page.SIGNS) == found.students
    assert len(bars_of(found)) < 16


def test_a_sentence_that_holds_one_students_numbers_is_not_told_of_a_group() -> None:
    one = Entry("s", "a", "n", "neuron", "wrong", "expected 6, yours 5", 0.0, 1.0, False, kind="value")
    [found] = find_mistakes([one, replace(one, student="t", cause="expected 3, yours 2")], {}, {})
    assert [(group.label, group.cause) for group in found.groups] == [(kind_in_words("value"), "")]


@pytest.mark.parametrize("students", [1, 2, 3])
def test_of_what_did_not_come_to_an_end_the_last_sentence_is_told_without_anybodys_case(students: int) -> None:
    reason = "Is there a loop whose condition never changes, or a recursion without an end?"
    entries = [
        Entry(
            *(f"s{place}", "a", "n", "neuron", TIMED_OUT),
            f"It had not returned after 8 seconds; it was working on x = {place}, in your line `while x: y. {place}`. "
            + reason,
            *(0.0, 1.0, False),
        )
        for place in range(students)
    ]
    [found] = find_mistakes(entries, {}, {})
    assert [(group.label, group.cause) for group in found.groups] == [(kind_in_words(TIMED_OUT), reason)]


def test_written_answers_are_no_mistakes() -> None:
    essay = Entry("ada", "a", "n", "why", "needs a person", None, None, 2.0, True)
    assert find_mistakes([essay], {}, {}) == []


# -- lines ----------------------------------------------------------------------------------------------------------


def texts(found: ExerciseMistakes) -> dict[str, list[str]]:
    return {group.label: [line.text for line in group.lines] for group in found.groups}


def test_the_line_with_the_slip_is_found_through_spacing_names_and_order() -> None:
    found = found_in(CLASS)
    [line] = found.groups[0].lines
    assert line.text == "delta = (t - y) * y * (1 - y)"  # the commonest spelling
    assert (line.students, line.right) == (4, 0)
    assert texts(found)["dw: x missing"] == ["return delta, delta"]
    assert texts(found)["stopped with an error: NameError"] == ["y = sigmoid(w * X + b)"]


def test_no_line_of_a_right_answer_is_blamed() -> None:
    right = {student: source for student, source in CLASS.items() if verdict("logistic_gradients", source).passed}
    known = index.find("logistic_gradients")
    pieces = {
        piece
        for source in right.values()
        for line in lines_of_sources([source], known.student_name, known.arguments)
        for piece in line.pieces
    }
    blamed = [line for group in found_in(CLASS).groups for line in group.lines]
    assert blamed
    for line in blamed:
        [body] = lines_of_sources([f"def f():\n    {line.text}"], "f")[1:]
        assert not set(body.pieces) <= pieces


def test_an_answer_that_goes_a_way_of_its_own_is_not_blamed_for_a_line() -> None:
    found = found_in({**CLASS, "lovelace": UNLIKE_ANY, "noether": UNLIKE_ANY})
    assert found.groups[0].students == 6
    assert [line.text for line in found.groups[0].lines] == ["delta = (t - y) * y * (1 - y)"]
    assert texts(found_in({"ada": NODES, "lovelace": UNLIKE_ANY})) == {"sign of the error": []}


def test_a_mistake_made_in_several_ways_has_a_line_for_each_way_that_two_share() -> None:
    other_way = LOGISTIC["an array"].replace("(y - t)", "(t - y)")
    found = found_in({**CLASS, "lovelace": other_way, "noether": other_way, "turing": LOGISTIC["math alone"]})
    assert {line.text: line.students for line in found.groups[0].lines} == {
        "delta = (t - y) * y * (1 - y)": 4,
        "return np.array([x, 1.0]) * (t - y) * (y - y ** 2)": 2,
    }


def test_what_one_of_two_has_is_not_shared() -> None:
    both = found_in({"ada": NODES, "fermat": SIGN, "ivan": UNLIKE_ANY})
    assert both.groups[0].students == 2
    assert both.groups[0].lines == ()


def test_without_anything_right_to_compare_with_no_line_is_blamed() -> None:
    notebooks = {"fermat": handed_in("logistic_gradients", SIGN), "hopper": handed_in("logistic_gradients", SIGN)}
    answers = {
        (student, "backprop_by_hand", "logistic_gradients"): answers_in(notebook, ["logistic_gradients"])[
            "logistic_gradients"
        ]
        for student, notebook in notebooks.items()
    }
    [found] = find_mistakes(entries_of(notebooks), answers, {})
    assert found.groups[0].lines == ()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("s * (y - t)", "-(t - y)*s"),
        ("np.exp(-t)", "math.exp(- t)"),
        ("2 * y", "y * 2.0"),
        ("y if y > t else t", "y if t < y else t"),
    ],
)
def test_lines_that_say_the_same_are_the_same(first: str, second: str) -> None:
    one, other = (
        lines_of_sources([f"def f(y, t, s):\n  return {text}"], "f", ("y", "t", "s")) for text in (first, second)
    )
    assert one[1].pieces == other[1].pieces


@pytest.mark.parametrize(
    ("first", "second"),
    [("y - t", "t - y"), ("y / t", "t / y"), ("y @ t", "t @ y"), ("y if t else s", "y if t else t"), ("y, t", "t, y")],
)
def test_lines_that_differ_are_told_apart(first: str, second: str) -> None:
    one, other = (
        lines_of_sources([f"def f(y, t, s):\n  return {text}"], "f", ("y", "t", "s")) for text in (first, second)
    )
    assert one[1].pieces != other[1].pieces


def test_of_a_class_the_methods_are_read_and_the_step_that_the_check_has_met() -> None:
    first = "class Value:\n    def __init__(self, data):\n        self.data = data"
    second = "class Value(Value):\n    def __add__(self, o):\n        return Value(self.data - o.data)"
    lines = lines_of_sources([first, second], "Value")
    assert [(line.where, line.text) for line in lines if line.where] == [
        ("__init__", "def __init__(self, data):"),
        ("__init__", "self.data = data"),
        ("__add__", "def __add__(self, o):"),
        ("__add__", "return Value(self.data - o.data)"),
    ]
    afresh = lines_of_sources([second, first], "Value")
    assert {line.where for line in afresh} == {"", "__init__"}


@pytest.mark.parametrize(
    "source",
    [
        "def f(:",
        "def f(x): return " + "(" * 5000,
        "def f(x): return " + "-" * 15_000 + "x",
        "def f(x): return " + "x+" * 9_000 + "x",
        "def f(x):\n" + "    x = x\n" * 1900,
        "f = 1 # " + "x" * 100_000,
        "\x00",
    ],
)
def test_what_cannot_be_read_has_no_lines_and_stops_nothing(source: str) -> None:
    assert len(lines_of_sources([source, source], "f")) < 3


def test_the_class_is_read_from_its_folder(tmp_path: Path, small_class: tuple[list[Entry], ExerciseMistakes]) -> None:
    entries, expected = small_class
    for place, student in enumerate(CLASS):
        folder = tmp_path / "autograded" / str(place)
        folder.mkdir(parents=True)
        nbformat.write(handed_in("logistic_gradients", CLASS[student]), folder / "backprop_by_hand.ipynb")
    (tmp_path / "solutions").mkdir()
    nbformat.write(handed_in("logistic_gradients", NODES), tmp_path / "solutions" / "backprop_by_hand.ipynb")

    def format_path(step: str, student: str, assignment: str) -> str:
        return str(tmp_path / step / student).rstrip(".")

    course = SimpleNamespace(format_path=format_path, autograded_directory="autograded", source_directory="solutions")
    numbered = [replace(entry, student=str(list(CLASS).index(entry.student))) for entry in entries]
    missing = replace(numbered[0], student="99", outcome="needs a person", cause="There is no notebook.")
    (tmp_path / "autograded" / "98").mkdir()
    (tmp_path / "autograded" / "98" / "backprop_by_hand.ipynb").write_bytes(b"\xff no notebook")
    broken = replace(missing, student="98")
    [found] = read_mistakes(SimpleNamespace(coursedir=course), "02", [*numbered, missing, broken])
    assert found.groups == expected.groups
    assert dict(found.counts)["needs a person"] == 2


def test_the_right_lines_are_those_of_the_instructors_own_notebooks(repository: Path) -> None:
    folder = solution_folder(nbgrader_api(repository), "02_backprop_by_hand")
    notebook = nbformat.read(folder / "backprop_by_hand.ipynb", as_version=4)
    found = answers_in(notebook, ["logistic_gradients", "neuron_gradients", "why"])
    assert [line.text for line in found["logistic_gradients"]] == [
        "def logistic_gradients(x, t, w, b):",
        "y = sigmoid(w * x + b)",
        "delta = (y - t) * y * (1 - y)",
        "return delta * x, delta",
    ]
    assert list(found) == ["logistic_gradients", "neuron_gradients"]


def test_right_answers_of_all_exercises_can_be_read() -> None:
    for name in index.names():
        known = index.find(name)
        for label, source in answers_to(name).right.items():
            assert lines_of_sources([source], known.student_name, known.arguments), (name, label)


# -- the page -------------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """Reads a page as strictly as the standard library allows: every element closed, known, its ids given once."""

    VOID = frozenset({"meta", "wbr"})
    KNOWN = frozenset(
        "html head meta wbr title style body header h1 h2 h3 h4 p nav ul ol li a main section div table caption thead "
        "tbody tfoot tr th td strong span code pre blockquote svg text rect details summary article".split()
    )

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.alternatives: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []
        assert len(set(self.ids)) == len(self.ids)
        assert {link.removeprefix("#") for link in self.links} <= set(self.ids)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self.KNOWN, f"<{tag}>"
        found = dict(attrs)
        assert not any(name.startswith("on") or name in ("src", "xlink:href") for name in found)
        assert found.get("style") in (None, "white-space: pre-wrap")  # of code in a sentence
        if tag == "svg":
            assert found["role"] == "img"
            self.alternatives.append(str(found["aria-label"]))
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag == "a":
            assert str(found["href"]).startswith("#")
            self.links.append(str(found["href"]))
        if tag not in self.VOID:
            self.open.append(tag)
            self.words.append(" " if tag in ("td", "th", "p", "h2") else "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


TROUBLE = [
    Entry("mallory", "02", "backprop_by_hand", "logistic_gradients", "died", "Python ended.", 0.0, 1.0, True),
    Entry("mallory", "02", "backprop_by_hand", "why", "needs a person", None, None, 2.0, True),
]


def test_a_page_is_well_formed_and_holds_what_it_is_for(small_class: tuple[list[Entry], ExerciseMistakes]) -> None:
    entries, found = small_class
    shown = Page(class_report("02", [*entries, *TROUBLE], [found]))
    for said in (
        "sign of the error",
        "The opposite sign: your message starts as t − y.",
        "delta = (t - y) * y * (1 - y)",
        "4 students (36 % of those who tried)",
        "5 of the 11 who tried are right",
        "died: Python ended. Grade it once more.",
        "1 written answer to why (backprop_by_hand) waits in the formgrader",
    ):
        assert said in shown.text
    assert shown.text.index("Needs a person first") < shown.text.index("For the next lecture")
    [alternative] = shown.alternatives
    for bar in bars_of(found):
        assert f"{bar.label} {bar.said}" in alternative
        assert bar.said in shown.text


def test_names_are_shown_where_they_are_announced_and_can_be_left_out(
    small_class: tuple[list[Entry], ExerciseMistakes],
) -> None:
    entries, found = small_class
    everything = [*entries, *TROUBLE]
    odd = "<p>gauss and hopper are alike</p>"
    with_names = class_report("02", everything, [found], odd)
    assert odd in with_names
    lecture = re.search(r'<section id="lecture">.*?</section>', with_names, re.DOTALL)
    assert lecture is not None
    without = class_report("02", everything, [found], odd, names=False)
    for student in {entry.student for entry in everything}:
        name = re.compile(rf"\b{re.escape(student)}\b" if student.isalpha() else re.escape(student))
        assert name.search(Page(with_names).text)
        assert not name.search(lecture[0])
        assert not name.search(without)
    Page(without)


NASTY = [
    SCRIPT,
    '"><img src=x onerror=alert(1)>',
    "</style></section>",
    "a\x00b\ud800\u202ec",
    "`x`<b onclick=1>",
    "&lt;",
]


@pytest.mark.parametrize("text", NASTY)
def test_nothing_that_comes_from_a_student_is_anything_but_text(text: str) -> None:
    answers = {
        ("s", "n", "neuron"): lines_of_sources(["def neuron():\n    y = 1\n    return " + repr(text)], "neuron"),
        ("r", "n", "neuron"): lines_of_sources(["def neuron():\n    y = 1\n    return 2"], "neuron"),
    }
    bad = Entry("s", text, text, text, "crashed", text, 0.0, 1.0, True, mistake=text, kind=text)
    entries = [replace(bad, student=text), replace(bad, student=f"{text}2", outcome="died", mistake="")]
    entries += [
        replace(bad, student="s", notebook="n", exercise="neuron", mistake=""),
        replace(bad, student="t", cause=None),
    ]
    entries += [replace(bad, student="r", notebook="n", exercise="neuron", outcome="passed")]
    found = find_mistakes(entries, answers, {})
    written = class_report(text, entries, found)
    Page(written)
    written.encode("utf-8")
    assert not re.search("<script|<img|\x00", written)


def test_a_student_called_script_is_a_row_like_any_other(small_class: tuple[list[Entry], ExerciseMistakes]) -> None:
    entries, found = small_class
    written = class_report("02", entries, [found])
    assert "<script" not in written
    assert SCRIPT in Page(written).text


def test_the_same_class_gives_the_same_bytes_and_a_page_is_replaced_as_a_whole(
    tmp_path: Path, small_class: tuple[list[Entry], ExerciseMistakes], monkeypatch: pytest.MonkeyPatch
) -> None:
    entries, found = small_class
    path = tmp_path / "class_report.html"
    write_class_report(path, "02", entries, [found])
    first = path.read_bytes()
    write_class_report(path, "02", entries, [found])
    assert path.read_bytes() == first
    assert [one.name for one in tmp_path.iterdir()] == ["class_report.html"]

    def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_class_report(path, "03", entries, [found])
    assert path.read_bytes() == first
    assert [one.name for one in tmp_path.iterdir()] == ["class_report.html"]


FIXED = """
from nnkit.grading.marks.answer_lines import lines_of_sources
from nnkit.grading.marks.class_table import Entry
from nnkit.grading.marks.mistakes import find_mistakes
from nnkit.grading.marks.page import class_report

entries, answers = [], {}
for place in range(12):
    student = f"s{place}"
    value = "s * (1 - s)" if place < 5 else ("s", "1 - s", "z * (1 - z)")[place % 3]
    source = f"def neuron(a, w):\\n    {chr(98 + place)} = a @ w\\n    return {value}"
    answers[student, "n", "neuron"] = lines_of_sources([source], "neuron", ("a", "w"))
    wrong = Entry(student, "a", "n", "neuron", "wrong", "C.", 0.0, 1.0, False, mistake="label")
    entries.append(wrong if place >= 5 else Entry(student, "a", "n", "neuron", "passed", None, 1.0, 1.0, False))
print(class_report("a", entries, find_mistakes(entries, answers, {})))
"""


def test_nothing_depends_on_the_order_in_which_a_process_keeps_sets() -> None:
    written = [
        subprocess.run(
            [sys.executable, "-c", FIXED],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert written[0] == written[1]
    assert b"<pre>" in written[0]


def test_a_page_asks_for_nothing_from_outside(small_class: tuple[list[Entry], ExerciseMistakes]) -> None:
    entries, found = small_class
    written = class_report("02", entries, [found])
    assert not re.search(r"https?:|url\(|@import|<link|<script", written)
    assert "default-src 'none'" in written


def test_an_empty_class_has_a_page() -> None:
    assert "Nothing does" in Page(class_report("02", [], [])).text


def test_colours_of_bars_stand_out_on_light_and_on_dark() -> None:
    light, dark = re.findall(r"--page: (#\w+)", page_parts.STYLE)[:2]
    for on_light, on_dark in bars.COLOURS.values():
        assert contrast(on_light, light) >= 3
        assert contrast(on_dark, dark) >= 3


def test_the_table_for_spreadsheets_is_what_it_was(small_class: tuple[list[Entry], ExerciseMistakes]) -> None:
    entries, _ = small_class
    head = as_csv(entries).splitlines()[0]
    assert head == "student,assignment,notebook,exercise,outcome,points,max_points,cause"
