"""The table at the end of a run says of each notebook what its tests said, and nothing that no test said."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from tests.table_of_notebooks import COLUMNS, proved, table


def report(nodeid: str, outcome: str = "passed", when: str = "call", duration: float = 0.0) -> Any:
    return SimpleNamespace(nodeid=nodeid, outcome=outcome, when=when, duration=duration)


STORED = "tests/notebooks/test_notebooks.py::test_solution_shows_what_is_stored[solutions/06_rnn/sequences.ipynb]"
IN_ORDER = "tests/notebooks/test_notebooks.py::test_solution_was_executed_in_order[solutions/06_rnn/sequences.ipynb]"
SOUND = "tests/exercises/test_soundness.py::test_mistakes_are_rejected_with_their_cause_and_right_answers_accepted"


def row(notebook: str, *reports: Any) -> dict[str, str]:
    lines = table(*proved(reports))
    (found,) = [line for line in lines if f" {notebook} " in line]
    return dict(zip(["number", "notebook", *COLUMNS, "minutes", "seconds"], found.split(), strict=True))


def test_nothing_is_shown_where_no_notebook_was_tested() -> None:
    assert table(*proved([report("tests/engine/test_tensor.py::test_sum")])) == []


def test_what_was_not_run_is_no_success() -> None:
    found = row("sequences", report(STORED), report(STORED, when="setup", duration=12.2))
    assert found["runs, as stored"] == "✓"
    assert found["as released"] == found["checks sound"] == "–"
    assert found["seconds"] == "12"
    assert set(row("welcome", report(STORED)).values()) >= {"–"}


def test_one_failure_among_many_successes_is_a_failure() -> None:
    for reports in ([report(STORED), report(IN_ORDER, "failed")], [report(IN_ORDER, "failed"), report(STORED)]):
        assert row("sequences", *reports)["runs, as stored"] == "✗"
    assert row("sequences", report(STORED, "failed", "setup"))["runs, as stored"] == "✗"


def test_an_exercise_counts_for_its_notebook() -> None:
    found = [report(f"{SOUND}[pad_sequences]"), report(f"{SOUND}[masked_mean_loss]", "failed")]
    assert row("sequences", *found)["checks sound"] == "✗"
    assert row("recurrence", *found)["checks sound"] == "–"


def test_what_is_proved_of_all_stands_in_every_row() -> None:
    found = report("tests/grading/test_release.py::test_the_repository_is_in_step")
    assert row("sequences", found)["in step"] == row("welcome", found)["in step"] == "✓"
