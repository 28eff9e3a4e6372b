"""`trace`: what a student's code did, line by line, as it was; bounded, and without a change to anything."""

# ruff: noqa: E501 -- students' code stands on one line each

from __future__ import annotations

import ast
import itertools
import json
import linecache
import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnkit.exercises import index, trace
from nnkit.exercises.beside.tracing import MOST_ROWS, Recorder
from nnkit.exercises.exercise import Case, Exercise
from nnkit.exercises.following import follow
from nnkit.exercises.judge.trace import Trace
from nnkit.exercises.judge.trace_steps import steps_of_trace
from nnkit.exercises.judge.traced import Change, Row
from nnkit.exercises.surroundings import notebook_shell
from nnkit.exercises.terms import TIME_LIMIT_VARIABLE
from nnkit.widgets import base
from nnkit.widgets.code_steps import CodeSteps
from tests.answers import answers_to, changed, namespace_of

Make = Callable[..., Exercise]


def traced(name: str, source: str, **options: Any) -> Trace:
    found = trace(name, namespace_of(source, answers_to(name).provided), **options)
    assert isinstance(found, Trace), found
    return found


def followed(exercise: Exercise, source: str, case: int | None = None, limit: float = 5.0) -> Trace:
    found = follow(exercise, namespace_of(source), case, None, limit)
    assert isinstance(found, Trace), found
    return found


def lines(found: Trace) -> list[int]:
    return [row.line for row in found.rows if row.kind == "line"]


def changes(found: Trace, line: int) -> list[list[str]]:
    """What a line changed, each time that it ran."""
    at = [row for row in found.rows if row.line == line and row.kind in ("line", "back")]
    return [[change.name for change in row.changed] for row in at]


def value(change: Change) -> Any:
    return change.picture[1]


def one_number(rng: np.random.Generator, hidden: bool) -> list[Case]:
    return [Case({"x": 2.0}, "a number")]


# -- lines and what they change ----------------------------------------------------------------------------------------

LOOPS = answers_to("affine_backward").right["sample by sample"]


def test_every_line_is_shown_as_written_with_the_names_that_it_changed() -> None:
    found = traced("affine_backward", LOOPS)
    assert found.right
    assert lines(found) == [3, 4, 5, 6, 7, 8]
    assert [row.text for row in found.rows if row.kind == "line"][2] == "    dx[n] = W @ dout[n]"
    names = [["dx", "dW", "db"], ["n"], ["dx"], ["dW"], ["db"]]
    assert [changes(found, line) for line in (3, 4, 5, 6, 7)] == [[part] for part in names]


def test_values_are_those_of_the_moment_although_an_array_is_written_over_later() -> None:
    found = traced("affine_backward", LOOPS, case=2)
    sums = [value(row.changed[0]) for row in found.rows if row.line == 7 and row.changed]
    assert len(sums) == 2
    assert not any(np.array_equal(first, later) for first, later in itertools.pairwise(sums))


def test_entries_of_a_small_array_that_are_others_now_are_known() -> None:
    found = traced("affine_backward", LOOPS, case=2)
    second = [row for row in found.rows if row.line == 5][1].changed[0]
    columns = value(second).shape[1]
    assert second.places == tuple(range(columns, 2 * columns))


def test_an_array_of_the_caller_that_is_written_into_is_marked(exercise: Make) -> None:
    found = followed(exercise(), "def triple(x):\n    x = np.asarray(x)\n    x *= 3\n    return x", case=2)
    (times,) = [row for row in found.rows if row.line == 3]
    assert times.changed[0].given
    assert "the caller's own array" in str(found)


def test_attributes_and_lists_are_seen_to_change_in_place() -> None:
    found = traced("Value", answers_to("Value").right["closures, recursive order"])
    shown = {change.name for row in found.rows for change in row.changed}
    assert {"self.grad", "order", "seen"} <= shown


def test_sets_of_objects_and_ids_are_counted_since_their_order_is_nobodys(exercise: Make) -> None:
    source = (
        "def triple(x):\n    seen = {id(x)}\n    some = {object(), object()}\n    few = {3, 1, 2}\n    return 3 * x"
    )
    text = str(followed(exercise(cases=one_number), source))
    for shown in ("seen = a set of 1 id", "some = a set of 2 object objects", "few = {1, 2, 3}"):
        assert shown in text


def test_a_statement_over_several_lines_is_one_row_and_a_comprehension_is_one_step(exercise: Make) -> None:
    source = "def triple(x):\n    parts = [\n        x\n        for _ in range(3)\n    ]\n    return sum(parts)"
    found = followed(exercise(cases=one_number), source)
    assert lines(found) == [2, 6]
    assert found.rows[1].text.splitlines() == ["parts = [", "    x", "    for _ in range(3)", "]"]


@pytest.mark.parametrize("name", ["affine_backward", "forward", "minibatches", "Standardizer", "mlp_loss_and_grads"])
def test_a_traced_answer_gives_what_it_gives_without(name: str) -> None:
    for label, source in answers_to(name).right.items():
        assert traced(name, source).right, label


def test_right_and_wrong_results_stand_beside_what_was_expected() -> None:
    source = "def affine_backward(dout, x, W):\n    return dout @ W.T, x.T @ dout, dout.sum(axis=0, keepdims=True)"
    found = traced("affine_backward", source)
    assert [(one.name, one.right) for one in found.outcomes] == [("dx", True), ("dW", True), ("db", False)]
    assert "db has shape (1, 3), expected shape (3,)" in str(found)
    assert "(1, 3)" in str(found).splitlines()[-1]


# -- which case --------------------------------------------------------------------------------------------------------


def test_the_case_is_the_one_that_the_check_names(exercise: Make) -> None:
    found = followed(exercise(), "def triple(x):\n    return 3 * x if np.ndim(x) != 1 else x")
    assert (found.number, found.chosen, found.right) == (2, "the smallest that fails", False)


def test_a_case_is_chosen_by_its_number_and_all_right_gives_the_smallest(exercise: Make) -> None:
    right = "def triple(x):\n    return 3 * x"
    assert followed(exercise(), right, case=3).number == 3
    smallest = followed(exercise(), right)
    assert (smallest.number, smallest.chosen, smallest.right) == (1, "the smallest; all are right", True)


@pytest.mark.parametrize("case", [0, 8, -1, True, "1"])
def test_a_case_that_is_not_there_is_said_in_a_sentence(case: Any) -> None:
    said = repr(trace("affine_backward", namespace_of(LOOPS), case=case))
    assert said == f"affine_backward has 7 cases, numbered from 1; there is no case {case!r}."


# -- loops, recursion, calls -------------------------------------------------------------------------------------------


def test_a_loop_is_folded_after_three_rounds_with_the_rest_counted(exercise: Make) -> None:
    source = (
        "def triple(x):\n    total = 0.0\n    for k in range(1000):\n        total += 3 * x / 1000\n    return total"
    )
    found = followed(exercise(cases=one_number), source)
    assert found.right
    assert lines(found) == [2, *[3, 4] * 3, 5]
    (fold,) = [row for row in found.rows if row.kind == "fold"]
    assert (fold.line, fold.count) == (3, 997)
    assert {change.name: value(change) for change in fold.changed} == {"k": 999, "total": pytest.approx(6.0)}
    assert "⋯ 997 more rounds of line 3" in str(found)


def test_the_round_in_which_a_loop_breaks_off_is_shown(exercise: Make) -> None:
    source = "def triple(x):\n    for k in range(50):\n        if k == 20:\n            return k / 0\n"
    found = followed(exercise(cases=one_number), source)
    assert [row.count for row in found.rows if row.kind == "fold"] == [17]
    assert [row.raised[0] for row in found.rows if row.raised] == ["ZeroDivisionError"]
    assert [value(change) for row in found.rows for change in row.changed if row.line == 2] == [0, 1, 2, 20]


@pytest.mark.parametrize(
    ("head", "rounds"),
    [("for _ in range(6):", 6), ("while len(seen) < 6:", 6), ("while True:", 6), ("for _ in iter(range(6)):", 6)],
)
def test_every_kind_of_loop_counts_its_rounds(exercise: Make, head: str, rounds: int) -> None:
    source = f"def triple(x):\n    seen = []\n    {head}\n        seen.append(x)\n        if len(seen) > 5:\n            break\n    return 3 * x"
    found = followed(exercise(cases=one_number), source)
    folded = sum(row.count for row in found.rows if row.kind == "fold")
    assert len([row for row in found.rows if row.line == 4]) + folded == rounds


def test_loops_inside_loops_are_folded_each_for_itself(exercise: Make) -> None:
    source = "def triple(x):\n    n = 0\n    for a in range(5):\n        for b in range(9):\n            n += 1\n    return 3 * x"
    found = followed(exercise(cases=one_number), source)
    assert [(row.line, row.count) for row in found.rows if row.kind == "fold"] == [(4, 6)] * 3 + [(3, 2)]


def test_recursion_of_a_helper_inside_a_function_is_indented() -> None:
    source = textwrap.dedent("""
        def topological_sort(root):
            order = []
            def visit(node):
                if not any(node is other for other in order):
                    for parent in node.parents:
                        visit(parent)
                    order.append(node)
            visit(root)
            return order
        """)
    found = traced("topological_sort", source, case=3)
    depths = [row.depth for row in found.rows if row.kind == "call"]
    assert depths[:4] == [0, 1, 2, 3]
    assert [row.name for row in found.rows if row.kind == "call"][:2] == ["topological_sort", "visit"]


def test_recursion_without_an_end_is_cut_off_and_named(exercise: Make) -> None:
    found = followed(exercise(cases=one_number), "def triple(x):\n    return triple(x)")
    assert len(found.rows) < 60
    assert any(row.raised and row.raised[0] == "RecursionError" for row in found.rows)
    assert "more calls of triple" in str(found)
    assert found.message == "It calls itself again and again without an end. When does the recursion stop?"


def test_the_students_own_other_functions_are_shown_from_whatever_cell_they_are(exercise: Make) -> None:
    names = namespace_of("def helper(a):\n    b = 2 * a\n    return b")
    other = "def triple(x):\n    return helper(x) + x"
    linecache.cache["<another cell>"] = (len(other), None, other.splitlines(keepends=True), "<another cell>")
    exec(compile(other, "<another cell>", "exec"), names)
    found = follow(exercise(cases=one_number), names, None, None, 5.0)
    assert isinstance(found, Trace)
    assert [(row.kind, row.depth, row.text or row.name) for row in found.rows] == [
        ("call", 0, "triple"),
        ("line", 1, "return helper(x) + x"),
        ("call", 1, "helper"),
        ("line", 2, "b = 2 * a"),
        ("line", 2, "return b"),
        ("return", 2, ""),
    ]


def test_a_generator_goes_on_where_it_was(exercise: Make) -> None:
    found = traced("minibatches", next(iter(answers_to("minibatches").wrong.values())))
    assert any(row.kind == "yield" for row in found.rows)
    assert {row.depth for row in found.rows if row.kind == "call"} == {0}


def test_calls_by_the_course_that_go_alike_are_counted() -> None:
    found = traced("dropout_forward", next(iter(answers_to("dropout_forward").right.values())))
    assert len([row for row in found.rows if row.kind == "call" and row.depth == 0]) <= 2
    assert "more calls of dropout_forward" in str(found)


# -- ends that are none ------------------------------------------------------------------------------------------------


def test_an_error_is_shown_at_its_line_and_at_the_end(exercise: Make) -> None:
    found = followed(exercise(cases=one_number), "def triple(x):\n    y = {}\n    return y['three']")
    assert [(row.line, row.raised) for row in found.rows if row.raised] == [(3, ("KeyError", "'three'"))]
    assert found.message.startswith("In your line `return y['three']`")


def test_an_error_that_is_caught_is_shown_and_the_code_goes_on(exercise: Make) -> None:
    source = "def triple(x):\n    try:\n        x / 0\n    except ZeroDivisionError:\n        y = 3 * x\n    return y"
    found = followed(exercise(cases=one_number), source)
    assert found.right
    assert [row.line for row in found.rows if row.raised] == [3]
    assert lines(found)[-2:] == [5, 6]


@pytest.mark.parametrize(
    "body", ["while True:\n        k += 1", "while k >= 0:\n        k += 1\n        x = x", "while True: k += 1"]
)
def test_an_endless_loop_is_stopped_and_what_was_seen_is_shown(exercise: Make, body: str) -> None:
    found = followed(exercise(cases=one_number), f"def triple(x):\n    k = 0\n    {body}\n    return 3 * x", limit=0.4)
    assert not found.right
    assert "had not returned" in found.message
    assert lines(found)[0] == 2
    assert len(found.rows) < 40


def test_an_endless_loop_that_catches_everything_is_stopped_as_well(exercise: Make) -> None:
    source = "def triple(x):\n    while True:\n        try:\n            x += 1\n        except:\n            pass"
    assert "had not returned" in followed(exercise(cases=one_number), source, limit=0.4).message


def test_a_long_run_is_recorded_for_a_while_and_then_left_to_run(
    exercise: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nnkit.exercises.following.RECORDED_SECONDS", 0.0)
    monkeypatch.setattr("nnkit.exercises.beside.tracing.MOST_LOOKS", 500)
    source = "def triple(x):\n    for k in range(100_000):\n        y = k\n    return 3 * x"
    found = followed(exercise(cases=one_number), source)
    assert found.right
    assert found.rows[-1].kind == "cut"
    assert "lines the rest ran without being recorded" in str(found)
    assert "lines the rest ran without being recorded" in found._repr_html_()


def test_rows_are_bounded_and_the_end_is_seen_all_the_same(exercise: Make) -> None:
    body = "\n".join(f"    y{k} = helper({k})" for k in range(300))
    source = f"def helper(k):\n    a = k\n    b = a\n    return b\ndef triple(x):\n{body}\n    return 3 * x"
    found = followed(exercise(cases=one_number), source)
    assert found.right
    assert len(found.rows) < 2 * MOST_ROWS[0]
    assert "more lines" in str(found)


def test_an_error_is_shown_also_where_no_more_lines_are_kept(exercise: Make) -> None:
    body = "\n".join(f"    y{k} = x" for k in range(400))
    found = followed(exercise(cases=one_number), f"def triple(x):\n{body}\n    return x / 0")
    assert [row.line for row in found.rows if row.raised] == [402]
    assert [row.kind for row in found.rows[-3:]] == ["line", "more", "line"]


def test_large_arrays_are_shown_by_shape_range_and_first_entries(exercise: Make) -> None:
    found = followed(
        exercise(cases=one_number), "def triple(x):\n    big = np.arange(10000.0).reshape(100, 100)\n    return 3 * x"
    )
    (change,) = next(row for row in found.rows if row.line == 2).changed
    assert change.picture[:-1] == ["large", [100, 100], "f", 0.0, 9999.0, [0.0, 1.0, 2.0, 3.0], 0]
    sample = change.picture[-1]  # a map of colours is made of it, from the first entry to the last
    assert (len(sample), len(sample[0]), sample[0][0], sample[-1][-1]) == (6, 16, 0.0, 9999.0)
    assert "big = shape (100, 100), from 0 to 9999: 0, 1, 2, 3, …" in str(found)


# -- nothing is disturbed ----------------------------------------------------------------------------------------------


def test_nothing_is_printed_and_nothing_of_the_students_runs_to_be_shown(
    exercise: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    source = """
class Loud:
    def __init__(self): self.level = 1
    def __repr__(self): raise SystemExit
    def __eq__(self, other): raise SystemExit
    __hash__ = None
    def __getattr__(self, name): raise SystemExit
    @property
    def volume(self): raise SystemExit
def triple(x):
    print("noise")
    loud = Loud()
    loud.level = 2
    many = [loud, {"one": loud}]
    return 3 * x"""
    found = followed(exercise(cases=one_number), source)
    assert found.right
    assert "loud = Loud(level=1)" in str(found)
    assert "loud.level = 2" in str(found)
    out, err = capsys.readouterr()
    assert out == err == ""


def test_objects_and_names_of_the_student_stay_as_they_are(exercise: Make) -> None:
    names = namespace_of("kept = [1, 2]\ndef triple(x):\n    return 3 * x")
    before = dict(names)
    assert isinstance(follow(exercise(), names, None, None, 5.0), Trace)
    assert {key: names[key] for key in before} == before
    assert names.keys() == before.keys()


def test_a_tracer_of_the_readers_own_keeps_its_place_and_hears_what_comes_after(exercise: Make) -> None:
    heard: list[int] = []

    def own(frame: Any, event: str, argument: Any) -> Any:
        if frame.f_code.co_name == "afterwards":
            heard.append(frame.f_lineno)
        return own

    def afterwards() -> int:
        return 1

    before, before_of_threads = sys.gettrace(), threading.gettrace()
    sys.settrace(own)
    threading.settrace(own)
    try:
        found = followed(exercise(cases=one_number), "def triple(x):\n    y = 3 * x\n    return y")
        during = sys.gettrace()
        afterwards()
    finally:
        sys.settrace(before)
        threading.settrace(before_of_threads)
    assert during is own
    assert heard
    assert lines(found) == [2, 3]


def test_coverage_goes_on_measuring(tmp_path: Path) -> None:
    pytest.importorskip("coverage")
    script = tmp_path / "measured.py"
    script.write_text(
        textwrap.dedent("""
        import coverage
        measured = coverage.Coverage(data_file=None, include=[__file__])
        measured.start()
        from nnkit.exercises import trace
        def double(x):
            y = 3 * x
            return y
        def work():
            shown = str(trace("double", globals()))
            after = 1
            return shown
        shown = work()
        measured.stop()
        print(sorted(measured.get_data().lines(__file__)))
        print(shown)
        """),
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, encoding="utf-8", check=True)
    first, shown = done.stdout.split("\n", 1)
    assert {10, 11, 12} <= set(ast.literal_eval(first))
    assert "y = 3 * x" in shown
    assert "y = 9" in shown
    assert done.stderr == ""


def test_a_fault_of_the_recording_never_stops_the_answer(exercise: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*anything: Any) -> Any:
        raise OSError("no room")

    monkeypatch.setattr("nnkit.exercises.beside.tracing.fingerprint", broken)
    found = followed(exercise(cases=one_number), "def triple(x):\n    return 3 * x")
    assert found.right
    assert "the recording broke off here (OSError: no room)" in str(found)
    assert "Please report this" in found._repr_html_()


# -- where there is nothing to show ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "source", "said"),
    [
        ("afine_backward", "", "did you mean 'affine_backward'?"),
        ("affine_backward", "", "There is no affine_backward here yet."),
        ("affine_backward", "affine_backward = 3", "affine_backward is an int here"),
        ("affine_backward", "def affine_backward(dout, x, W):\n    raise NotImplementedError", "Replace the line"),
        ("Value", "class Value:\n    def __init__(self, data):\n        raise NotImplementedError", "Replace the line"),
    ],
)
@pytest.mark.parametrize("case", [None, 1])
def test_what_keeps_it_from_running_is_said_as_the_check_says_it(name: str, source: str, said: str, case: Any) -> None:
    found = trace(name, namespace_of(source), case=case)
    assert not isinstance(found, Trace)
    assert said in repr(found)
    assert "<div" in found._repr_html_()


def test_a_name_that_is_no_text_is_told_so() -> None:
    assert "named by a text" in repr(trace(3))  # type: ignore[arg-type]


def test_the_limit_of_the_environment_holds_here_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TIME_LIMIT_VARIABLE, "0.2")
    found = traced("double", "def double(x):\n    while True:\n        x = x")
    assert "after 0.2 seconds" in found.message


# -- how it looks ------------------------------------------------------------------------------------------------------


def test_a_line_that_was_located_is_marked_in_text_and_panel() -> None:
    source = changed(LOOPS, ("db += dout[n]", "db = dout[n]"))
    found = traced("affine_backward", source, line=7)
    marked = [line for line in str(found).splitlines() if line.startswith(">")]
    assert marked
    assert all("db = dout[n]" in line for line in marked)
    assert "the line that the check found" in found._repr_html_()
    assert not any(row.marked for row in traced("affine_backward", source).rows)


def test_a_line_of_another_cell_with_the_same_number_is_not_marked(exercise: Make) -> None:
    names = namespace_of("def helper(a):\n    return a")
    other = "def triple(x):\n    return 3 * helper(x)"
    linecache.cache["<one more cell>"] = (len(other), None, other.splitlines(keepends=True), "<one more cell>")
    exec(compile(other, "<one more cell>", "exec"), names)
    found = follow(exercise(cases=one_number), names, None, 2, 5.0)
    assert isinstance(found, Trace)
    assert [row.text for row in found.rows if row.marked] == ["return 3 * helper(x)"]


def test_the_panel_says_what_the_text_says_and_escapes_what_is_the_students(exercise: Make) -> None:
    found = followed(exercise(cases=one_number), "def triple(x):\n    note = '<b>&'\n    return 3 * x if x < 9 else 0")
    panel = found._repr_html_()
    assert "&lt;b&gt;&amp;" in panel
    assert "<b>" not in panel
    assert "x &lt; 9" in panel
    assert "The result is right." in panel
    assert "The result is right." in str(found)


@pytest.mark.parametrize("source", ["triple = np.double", "def triple(x, y):\n    return x"])
def test_an_answer_of_which_no_line_runs_is_said_to_be_one(exercise: Make, source: str) -> None:
    found = followed(exercise(cases=one_number), source)
    assert "no line of your own ran" in str(found)
    assert "no line of your own ran" in found._repr_html_()


def test_code_whose_source_nobody_knows_is_shown_by_numbers(exercise: Make) -> None:
    names: dict[str, Any] = {}
    exec("def triple(x):\n    total = 0\n    for k in range(9):\n        total += x / 3\n    return total", names)
    found = follow(exercise(cases=one_number), names, None, None, 5.0)
    assert isinstance(found, Trace)
    assert [row.count for row in found.rows if row.kind == "fold"] == [6]
    assert changes(found, 4)[0] == ["total"]


def test_every_wrong_answer_of_the_tests_can_be_traced() -> None:
    for name in index.names():
        answers = answers_to(name)
        for label, source in list(answers.wrong.items())[:3]:
            if "end" in label:
                continue  # they take the time that they are given
            found = traced(name, source)
            assert found.rows, (name, label)
            assert "the recording broke off" not in str(found), (name, label)
            assert found._repr_html_().count("<div") == found._repr_html_().count("</div"), (name, label)


# -- as a stepper ------------------------------------------------------------------------------------------------------


def stepped(found: Trace) -> dict[str, Any]:
    """What the page gets."""
    data: dict[str, Any] = json.loads(json.dumps(CodeSteps(steps_of_trace(found), twin=base.Note("")).material()))
    return data


def names_in(data: dict[str, Any], step: int) -> dict[str, str]:
    """What each name is at a step, as text."""
    return {name: data["views"][view]["text"] for name, view, *_ in data["steps"][step]["names"]}


def test_every_row_is_a_step_with_the_text_of_its_function_and_all_names_as_they_are_then(exercise: Make) -> None:
    source = "def triple(x):\n    # a comment\n    y = x + x\n\n    y = y + x\n    return y"
    data = stepped(followed(exercise(cases=one_number), source))
    assert data["blocks"] == [{"first": 1, "lines": source.split("\n")}]
    assert [step["line"] for step in data["steps"]] == [1, 3, 5, 6, 6]
    assert [names_in(data, step) for step in range(3)] == [{"x": "2"}, {"x": "2", "y": "4"}, {"x": "2", "y": "6"}]
    assert [name for name, _, changed, _ in data["steps"][2]["names"] if changed] == ["y"]
    assert [step["words"] for step in data["steps"]] == [
        "The check calls triple with x = 2.",
        "Line 3: y = 4.",
        "Line 5: y = 6.",
        "Line 6 returns.",
        "The result is right.",
    ]
    assert data["end"]["right"]
    assert data["end"]["outcomes"][0]["got"]["text"] == "6"


def test_a_call_inside_a_call_has_its_own_text_and_names_and_the_outer_ones_come_back(exercise: Make) -> None:
    source = "def helper(k):\n    m = k\n    return m\ndef triple(x):\n    y = helper(x)\n    return 3 * y"
    data = stepped(followed(exercise(cases=one_number), source))
    assert [block["first"] for block in data["blocks"]] == [4, 1]
    inside = [step for step in data["steps"] if len(step["calls"]) == 2]
    assert {step["block"] for step in inside} == {1}
    assert inside[0]["calls"] == ["triple(x)", "helper(k)"]
    first = data["steps"].index(inside[0])
    assert [step["words"] for step in data["steps"][first - 1 : first + 1]] == [
        "Line 5 calls helper.",
        "Now begins helper with k = 2.",
    ]
    place = data["steps"].index(inside[-1]) + 1
    assert data["steps"][place]["words"] == "Back in line 5: y = 2."
    assert names_in(data, place) == {"x": "2", "y": "2"}


def test_folded_rounds_an_error_and_a_line_that_was_found_are_told_in_the_stepper(exercise: Make) -> None:
    loop = "def triple(x):\n    t = 0\n    for k in range(9):\n        t += x\n    return t / 0"
    data = stepped(followed(exercise(cases=one_number), loop))
    said = [step["words"] for step in data["steps"]]
    assert any(text.startswith("⋯ 6 more rounds of line 3; after them") and "t = 18" in text for text in said)
    assert "Line 5 stops with ZeroDivisionError: " in said[-2]
    assert data["steps"][-2]["error"].startswith("ZeroDivisionError")
    found = traced("affine_backward", changed(LOOPS, ("db += dout[n]", "db = dout[n]")), line=7)
    assert stepped(found)["found"] == [[0, 7]]


def test_one_folded_round_is_one_and_a_function_in_one_line_returns(exercise: Make) -> None:
    loop = "def triple(x):\n    t = x\n    for k in range(4):\n        t = t + x\n    return t"
    said = [step["words"] for step in stepped(followed(exercise(cases=one_number), loop))["steps"]]
    assert any(text.startswith("⋯ 1 more round of line 3; after it t = ") for text in said)
    short = [
        step["words"] for step in stepped(followed(exercise(cases=one_number), "def triple(x): return 4 * x"))["steps"]
    ]
    assert "Line 1 returns." in short


def test_arrays_are_grids_with_numbers_where_they_are_small_and_maps_of_colours_else(exercise: Make) -> None:
    source = (
        "def triple(x):\n    grid = np.arange(36.0).reshape(6, 6)\n    grid[0, 1] = -70\n    big = np.ones((40, 30))\n"
        "    row = np.arange(20.0)\n    return 3 * x"
    )
    data = stepped(followed(exercise(cases=one_number), source))
    views = {name: data["views"][view] for name, view, *_ in data["steps"][5]["names"]}
    assert (views["grid"]["grid"]["rows"], views["grid"]["grid"]["columns"]) == (6, 6)
    assert views["grid"]["grid"]["marked"] == [1]
    assert views["grid"]["grid"]["shares"][1] == -1
    assert (views["big"]["map"]["low"], views["big"]["map"]["high"]) == ("1", "1")
    assert views["big"]["shape"] == "(40, 30)"
    assert "grid" not in views["row"]  # a long row of numbers stands as text
    assert views["row"]["text"].startswith("[0, 1, 2")


def test_every_wrong_answer_of_the_tests_can_be_stepped_through() -> None:
    for name in index.names():
        answers = answers_to(name)
        for label, source in list(answers.wrong.items())[:2]:
            if "end" in label:
                continue
            found = traced(name, source)
            data = stepped(found)
            assert len(data["steps"]) == len(found.rows) + 1, (name, label)
            for step in data["steps"][:-1]:
                block = data["blocks"][step["block"]] if step["block"] >= 0 else None
                if block and block["lines"]:
                    assert block["first"] <= step["line"] < block["first"] + len(block["lines"]), (name, label, step)
            assert all(step["words"] for step in data["steps"]), (name, label)


# -- where students are ------------------------------------------------------------------------------------------------


def test_in_a_notebook_it_follows_code_over_several_cells() -> None:
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    cells = [
        "from nnkit.exercises import trace",
        "def double(x):\n    # a comment\n    return 2 * x",
        "def double_twice(x):\n    first = double(x)\n    return double(first) + 1",
        "trace('double_twice')",
        "def outer():\n    def double(x):\n        y = x\n        return y\n    return trace('double')\nouter()",
        "print(trace('double'))",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    client = nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3")
    client.execute(env={**os.environ, "NNKIT_STATIC": "1"})
    (panel,), (inner,), (printed,) = (cell.outputs for cell in notebook.cells[3:])
    assert panel.output_type == "execute_result"
    assert "<div" in panel.data["text/html"]
    text = panel.data["text/plain"]
    assert "double_twice, line by line." in text
    assert " 2 │  first = double(x)" in text
    assert " 3 │  │  return 2 * x" in text
    assert "yours:    13" in text
    assert " 3 │  y = x" in inner.data["text/plain"]
    assert printed.text.startswith("double, line by line.")


def test_where_widgets_run_it_is_a_stepper_and_the_panel_is_what_stays_without_one() -> None:
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    pytest.importorskip("anywidget")
    cells = ["from nnkit.exercises import trace\ndef double(x):\n    return 2 * x", "trace('double')"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    environment = {name: value for name, value in os.environ.items() if name != "NNKIT_STATIC"}
    nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3").execute(env=environment)
    shown = [output.data for output in notebook.cells[1].outputs]
    assert sum(base.VIEW in data for data in shown) == 1
    panel = next(data for data in shown if "double, line by line." in data.get("text/plain", ""))
    assert 'role="region"' in panel["text/html"]


def test_from_a_file_it_is_text(tmp_path: Path) -> None:
    script = tmp_path / "mine.py"
    script.write_text(
        "from nnkit.exercises import trace\n\n\ndef double(x):\n    y = x + x\n    return y\n\n\nprint(trace('double'))\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, encoding="utf-8", check=True)
    assert " 5 │  y = x + x" in done.stdout
    assert "✓ The result is right." in done.stdout
    assert done.stderr == ""


def test_from_the_interpreter_it_shows_at_least_the_numbers() -> None:
    typed = "from nnkit.exercises import trace\ndef double(x):\n    y = x + x\n    return y\n\ntrace('double')\n"
    done = subprocess.run([sys.executable, "-i", "-q"], input=typed, capture_output=True, text=True, encoding="utf-8")
    assert "double, line by line." in done.stdout
    assert "y = 6" in done.stdout


def test_the_recorder_knows_rows_as_the_judge_reads_them() -> None:
    assert {"kind", "depth", "line", "text", "changed"} <= set(Row.__dataclass_fields__)
    assert notebook_shell() is None
    assert Recorder(len, {}, "len").rows() == []
