"""Where is it? The line that one small change would mend is named, the change is not, and nothing untrue is said."""

from __future__ import annotations

import textwrap
import time
from typing import Any

import numpy as np
import pytest

import nnkit
from nnkit.exercises import checking, hint, locating
from nnkit.exercises.beside import trying
from nnkit.exercises.beside.source import Source
from nnkit.exercises.beside.trying import try_variants
from nnkit.exercises.checking import CheckFailed, check, evaluate
from nnkit.exercises.judge.locate import Line, Located, located, where_it_fails
from nnkit.exercises.judge.report import Report
from tests.answers import answers_to, changed, namespace_of

PATIENT = 60.0  # seconds, on a machine that has other things to do
PATIENT_CASE = 0.3  # seconds for one case: an answer that stops with an error is no measure for one that trains


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locating, "SECONDS", PATIENT)
    monkeypatch.setattr(trying, "SHORTEST", PATIENT_CASE)
    monkeypatch.setattr(checking, "hints_given", {})


def report_on(name: str, source: str) -> Report:
    return evaluate(name, namespace_of(textwrap.dedent(source), answers_to(name).provided), locate=True)


SLIPS = {
    "a sign in a function": (
        "product_gradients",
        5,
        """
        def product_gradients(x, y, z):
            s = x + y
            ds = z**2
            dz = -2 * s * z
            return ds, ds, dz
        """,
    ),
    "an axis": (
        "affine_backward",
        5,
        """
        def affine_backward(dout, x, W):
            dx = dout @ W.T
            dW = x.T @ dout
            db = dout.sum(axis=1)
            return dx, dW, db
        """,
    ),
    "a method of a class": (
        "Standardizer",
        10,
        """
        class Standardizer:
            def fit(self, X):
                self.mean = X.mean(axis=0)
                self.std = X.std(axis=0)
                self.std = np.where(self.std == 0, 1.0, self.std)
                return self

            def transform(self, X):
                return (X - self.std) / self.mean

            def inverse_transform(self, Z):
                return Z * self.std + self.mean
        """,
    ),
    "either for both": (
        "confusion_matrix",
        6,
        """
        def confusion_matrix(y_true, y_pred, k):
            table = np.zeros((k, k), dtype=int)
            for i in range(k):
                for j in range(k):
                    table[i, j] = np.sum((y_true == i) | (y_pred == j))
            return table
        """,
    ),
    "a name in the place of 1": (
        "confusion_matrix",
        5,
        """
        def confusion_matrix(y_true, y_pred, k):
            table = np.zeros((k, k), dtype=int)
            for t, p in zip(y_true, y_pred):
                table[t, p] += p
            return table
        """,
    ),
    "up to a label": (
        "one_hot",
        6,
        """
        def one_hot(y, k):
            table = np.zeros((len(y), k))
            for i in range(len(y)):
                for j in range(k):
                    if j <= y[i]:
                        table[i, j] = 1
            return table
        """,
    ),
    "a helper inside a function": (
        "topological_sort",
        9,
        """
        def topological_sort(root):
            order, seen = [], set()

            def visit(node):
                if id(node) in seen:
                    return
                seen.add(id(node))
                for parent in node.parents[1:]:
                    visit(parent)
                order.append(node)

            visit(root)
            return order
        """,
    ),
}


TRAININGS = {  # exercise, what was typed and what for, and the line that is named
    "a sum that begins anew": ("train_epoch", "+= loss", "= loss", 12),
    "a sample that is left out": ("train_epoch", "len(X), batch_size)", "len(X) - 1, batch_size)", 6),
    "batches that are too short": ("mended_b", "start + 32]", "start + 31]", 8),
    "labels of the wrong samples": ("mended_d", "y[batch]", "y[order]", 9),
}


@pytest.mark.parametrize("slip", TRAININGS)
def test_the_line_of_a_slip_in_a_training_is_named(slip: str) -> None:
    name, typed, meant, line = TRAININGS[slip]
    right = next(iter(answers_to(name).right.values()))
    report = report_on(name, changed(right, (typed, meant)))
    assert report.located is not None
    assert report.line == line
    assert report.located.mends


@pytest.mark.parametrize("slip", SLIPS)
def test_the_line_of_a_single_slip_is_named(slip: str) -> None:
    name, line, source = SLIPS[slip]
    report = report_on(name, source)
    assert report.line == line
    assert report.located is not None
    quoted = namespace_lines(source)[line - 1].strip()
    assert f"`{quoted}`" in str(report)
    assert any(entry.strip().startswith("→") and quoted in entry for entry in str(report).splitlines())


def namespace_lines(source: str) -> list[str]:
    return textwrap.dedent(source).splitlines()


def test_what_mends_it_is_never_shown() -> None:
    _, _, source = SLIPS["an axis"]
    report = report_on("affine_backward", source)
    assert "axis=0" not in str(report)
    assert "axis=0" not in report._repr_html_()


def test_the_panel_quotes_the_line_and_says_so_without_colour() -> None:
    _, _, source = SLIPS["an axis"]
    panel = report_on("affine_backward", source)._repr_html_()
    assert "db = dout.sum(axis=1)" in panel
    assert 'aria-label="this line"' in panel


def test_a_right_answer_and_one_that_is_not_there_have_no_line() -> None:
    assert evaluate("double", {"double": lambda x: 2 * x}, locate=True).line is None
    assert evaluate("double", {}, locate=True).line is None


def test_an_answer_that_is_called_otherwise_where_it_is_defined_is_located() -> None:
    names = namespace_of("def treble(x):\n    treble_of_x = 3 * x\n    return treble_of_x\n")
    report = evaluate("double", {"double": names["treble"]}, locate=True)
    assert report.line == 2


def test_an_answer_without_a_source_is_judged_all_the_same() -> None:
    names: dict[str, Any] = {}
    exec("def double(x):\n    return 3 * x", names)
    report = evaluate("double", names, locate=True)
    assert report.status == "wrong"
    assert report.line is None


def test_locating_changes_nothing_of_the_verdict() -> None:
    _, _, source = SLIPS["an axis"]
    names = namespace_of(textwrap.dedent(source))
    plain, with_line = evaluate("affine_backward", names), evaluate("affine_backward", names, locate=True)
    assert with_line.data() == plain.data()
    assert plain.line is None


def test_an_endless_variant_is_left_and_the_search_goes_on() -> None:
    source = """
    def jacobian_costs(d, d1, d2, D):
        count = 0
        while count < 3:
            count += 1
        forward = D * d2 + d2 * d1
        reverse = D * (d2 * d1 + d1 * d)
        return forward, reverse
    """
    report = report_on("jacobian_costs", source)
    assert report.status == "wrong"
    assert report.line == 6


def test_it_takes_no_longer_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounded by the limit that it is given, however many variants there are; with room for a busy machine."""
    monkeypatch.setattr(locating, "SECONDS", 0.5)
    known = answers_to("mlp_loss_and_grads")
    source = next(iter(known.right.values())).replace("mean", "sum")
    start = time.monotonic()
    evaluate("mlp_loss_and_grads", namespace_of(source, known.provided), locate=True)
    assert time.monotonic() - start < PATIENT


def test_the_random_numbers_of_the_notebook_go_on_as_if_nothing_had_been_tried() -> None:
    names = namespace_of("def double(x):\n    y = 3 * x\n    return y\n")
    np.random.seed(5)
    expected = np.random.RandomState(5).rand()
    evaluate("double", names, locate=True)
    assert np.random.rand() == expected


def test_so_do_those_of_the_library() -> None:
    nnkit.manual_seed(5)
    expected = nnkit.rand(3).tolist()
    source = "import nnkit\nimport nnkit.functional as F\n\ndef double(x):\n    y = nnkit.rand(2)\n    return 3 * x\n"
    names = namespace_of(source)
    nnkit.manual_seed(5)
    state = nnkit.engine.GENERATOR.bit_generator.state
    evaluate("double", names)
    drawn = nnkit.engine.GENERATOR.bit_generator.state  # a check runs the answer, and what it draws is drawn
    nnkit.engine.GENERATOR.bit_generator.state = state
    assert evaluate("double", names, locate=True).located is not None
    assert nnkit.engine.GENERATOR.bit_generator.state == drawn
    nnkit.manual_seed(5)
    assert nnkit.rand(3).tolist() == expected


def test_check_names_the_line_where_no_mistake_explains_the_answer_and_a_hint_says_what_it_is_about() -> None:
    _, _, source = SLIPS["a sign in a function"]
    unexplained = source.replace("-2 * s * z", "2 * s * z + ds").replace("ds = z**2", "ds = z**2 + 0 * s")
    names = namespace_of(textwrap.dedent(unexplained))
    with pytest.raises(CheckFailed) as caught:
        check("product_gradients", names)
    report = caught.value.report
    assert not report.explained
    assert report.line == 5
    assert report.advice == '`hint("product_gradients")` may help.'
    first, second = hint("product_gradients"), hint("product_gradients")
    assert "It is about" in first.text
    assert "line 5" in first.text
    assert second.position == 1


# -- what is said -----------------------------------------------------------------------------------------------------

LINES = {"cell": ("def f(x):", "    y = -x", "", "    return y")}


def test_one_or_two_lines_are_named_and_more_are_not() -> None:
    one = located([("cell", 2, "a sign", 1)], LINES)
    assert one is not None
    assert one.sentence == "One small change in your line 2, `y = -x`, would make every case right."
    two = located([("cell", 2, "a sign", 1), ("cell", 4, "a sign", 3)], LINES)
    assert two is not None
    assert [line.number for line in two.lines] == [2, 4]
    assert located([("cell", 1, "a", 1), ("cell", 2, "b", 1), ("cell", 4, "c", 1)], LINES) is None


def test_of_many_lines_those_with_the_nearest_changes_are_named() -> None:
    found = located([("cell", 1, "a", 3), ("cell", 2, "b", 1), ("cell", 4, "c", 3)], LINES)
    assert found is not None
    assert [line.number for line in found.lines] == [2]


def test_a_line_that_only_failing_cases_run_through_is_said_to_be_that_and_no_more() -> None:
    found = where_it_fails([("cell", 2)], LINES)
    assert found is not None
    assert found.sentence == "Every case that fails runs through your line 2, `y = -x`, and no case that is right does."
    assert found.nudge == ""
    assert where_it_fails([("cell", 1), ("cell", 2), ("cell", 4)], LINES) is None


def test_a_line_is_shown_with_its_neighbours_and_without_empty_ones() -> None:
    assert Line.of(2, LINES["cell"]).around == ((1, "def f(x):"), (2, "    y = -x"))
    assert Located((Line.of(4, LINES["cell"]),), True).lines[0].text == "return y"


def test_of_such_lines_those_that_do_something_are_named() -> None:
    lines = {"cell": ("def f(x):", "    if x > 0:", "        return -x", "    y = -x", "    return y", "    z = 1 - y")}
    for only, numbers in (((2, 3), [3]), ((4, 5), [4]), ((5,), [5]), ((3, 4), [3, 4])):
        found = where_it_fails([("cell", line) for line in only], lines)
        assert found is not None
        assert [line.number for line in found.lines] == numbers
    assert found.sentence == (
        "Every case that fails runs through your line 3, `return -x` and your line 4, `y = -x`, "
        "and no case that is right does."
    )


class NeverRight:
    def may_be_right(self, place: int, returned: Any) -> bool:
        return False

    def is_right(self, place: int, answer: dict[str, Any]) -> bool:
        return False


@pytest.mark.parametrize(("last", "found"), [(5, []), (-1, [4])])
def test_lines_that_no_right_case_runs_through_are_known_from_all_of_them(last: float, found: list[int]) -> None:
    text = "\ndef double(x):\n    if x > 0:\n        return x\n    return 2 * x\n"
    namespace = namespace_of(text)
    source = Source.of("double", namespace["double"])
    assert source is not None
    cases = [{"x": x} for x in (*[-1] * 30, last, 3)]
    tried = try_variants(source, "call", cases, [31], namespace, NeverRight(), PATIENT, distances=())
    assert tried.all_covered
    assert [line for _, line in tried.only] == found
