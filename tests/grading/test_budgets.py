"""A cell that trains a network may take longer than others, when the released notebook says so."""

from __future__ import annotations

from typing import Any

import nbformat
import pytest
from traitlets.config import Config

from nnkit.grading.run.execution import ExecuteSubmission, budgets


def cell(name: str, **metadata: Any) -> Any:
    return nbformat.v4.new_code_cell("1", metadata={"nbgrader": {"grade_id": name}, **metadata})


@pytest.fixture
def released() -> Any:
    return nbformat.v4.new_notebook(cells=[cell("trains", nnkit={"seconds": 90}), cell("neuron")])


@pytest.fixture
def execution(released: Any) -> ExecuteSubmission:
    found = ExecuteSubmission(config=Config(ExecuteSubmission={"timeout": 30}))
    found._budgets, found._deadline = budgets(released), 1e12
    return found


def test_what_a_submission_says_of_itself_does_not_count(execution: ExecuteSubmission) -> None:
    assert execution._get_timeout(cell("neuron", nnkit={"seconds": 3000})) == 30


def test_a_cell_that_trains_gets_its_own_time(execution: ExecuteSubmission) -> None:
    assert execution._get_timeout(cell("trains")) == 90


def test_nothing_is_known_of_a_notebook_that_was_never_released() -> None:
    assert budgets(None) == {}
