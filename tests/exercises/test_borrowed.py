"""Data of the notebook in the place of an argument: said where it is certain, and of nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nnkit.exercises import evaluate, locating
from nnkit.exercises.beside.borrowed import borrowed_by
from nnkit.exercises.judge.borrowed import told_of
from tests.answers import namespace_of

NOTEBOOK = "truth = np.array([3, 1, 2])\nrate = 0.5\nnames = {0: 'a'}\nempty = []\ndef helper(x):\n    return x"


def borrowed(source: str) -> Any:
    names = namespace_of(source, NOTEBOOK)
    return borrowed_by(names["f"], names)


def test_data_that_no_argument_brings_and_arguments_that_are_never_read_are_found() -> None:
    found = borrowed("def f(y, k):\n    total = truth.sum()\n    return total + k")
    assert found.names == {"truth": ("total = truth.sum()",)}
    assert found.unread == ("y",)


@pytest.mark.parametrize(
    "source",
    [
        "def f(y):\n    return helper(y) * rate",  # functions and numbers are often kept outside
        "def f(y):\n    truth = y + 1\n    return truth",  # bound inside
        "def f(y):\n    return [truth for truth in y]",
        "def f(y):\n    from math import pi as truth\n    return y * truth",
        "truth = np.ones(3)\ndef f(y):\n    return y * truth",  # of the function's own cell
        'def f(y):\n    """Reads `truth` as well."""\n    return y * truth',  # what its docstring names is meant
        "def f(y):\n    return np.sum(y) + len(empty)",
    ],
)
def test_what_is_a_functions_own_or_meant_is_not_called_borrowed(source: str) -> None:
    assert not borrowed(source).names


@pytest.mark.parametrize(
    "source",
    [
        "def f(y):\n    y += 1\n    return 2",
        "def f(y):\n    return (lambda: y)()",
        "def f(y):\n    return [1 for _ in y]",
        "def f(y):\n    return sum(locals()['y'])",
    ],
)
def test_an_argument_is_read_by_whatever_way(source: str) -> None:
    assert not borrowed(source).unread


def test_what_has_no_source_has_borrowed_nothing() -> None:
    names: dict[str, Any] = {"truth": np.ones(2)}
    exec("def f(y):\n    return truth", names)
    for student in (names["f"], len, None, 3, dict):
        assert told_of(borrowed_by(student, names), ()) == ""


READS_TRUTH = """
def one_hot(y, k):
    table = np.zeros((len(truth), k))
    for i in range(len(truth)):
        table[i, truth[i] % k] = 1
    return table
"""
DIVIDES_BY_TRUTH = """
def accuracy(logits, y):
    hits = np.argmax(logits, axis=1) == y
    return hits.sum() / len(truth)
"""


def test_a_report_says_which_argument_is_never_read() -> None:
    report = evaluate("one_hot", namespace_of(READS_TRUTH, NOTEBOOK), locate=True)
    assert "never reads its argument `y`. It reads `truth`, which is no argument" in str(report)
    assert "No mistake that we know" not in str(report)


def test_a_name_in_the_line_that_is_wrong_is_said_to_be_the_notebooks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locating, "SECONDS", 60.0)
    report = evaluate("accuracy", namespace_of(DIVIDES_BY_TRUTH, NOTEBOOK), locate=True)
    assert report.line == 4
    assert report.advice == "`truth` is no argument of your function but a name of the notebook."


def test_a_name_in_a_line_that_stops_is_said_to_be_the_notebooks() -> None:
    source = DIVIDES_BY_TRUTH.replace("hits.sum() / len(truth)", "(hits + truth[:0]).sum() / len(y)")
    report = evaluate("accuracy", namespace_of(source, NOTEBOOK), locate=True)
    assert report.status == "crashed"
    assert "`truth` is no argument of your function" in str(report)


def test_nothing_is_said_where_the_name_has_nothing_to_do_with_what_is_known_to_be_wrong() -> None:
    source = (
        "def accuracy(logits, y):\n    shown = truth[0]\n    return 100 * (np.argmax(logits, axis=1) == y).mean()\n"
    )
    report = evaluate("accuracy", namespace_of(source, NOTEBOOK), locate=True)
    assert report.explained
    assert "`truth` is" not in str(report)
    assert "never reads" not in str(report)
