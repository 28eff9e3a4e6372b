"""A cell that trains a network may take longer than others, when the released notebook says so."""

from __future__ import annotations

import json
from typing import Any

import nbformat
import pytest

from nnkit.grading.run.execution import budgets
from nnkit.grading.run.notebook import Plan, grade_notebook
from nnkit.grading.run.sandbox import DIED, WorkerLost


def cell(name: str, **metadata: Any) -> Any:
    return nbformat.v4.new_code_cell("1", metadata={"nbgrader": {"grade_id": name}, **metadata})


class Nowhere:
    """In the place of a sandbox: notes what a cell was given, and runs nothing."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def begin(self, limits: Any) -> Any:
        return self

    def end(self, line: Any) -> None:
        pass

    def send(self, frame: bytes, deadline: float) -> None:
        self.seconds.append(json.loads(frame[5:])["seconds"])
        raise WorkerLost(DIED)

    def receive(self, deadline: float, most: int) -> tuple[bytes, bytes]:
        return b"E", b'{"did": "begun"}'


@pytest.fixture
def released() -> Any:
    return nbformat.v4.new_notebook(cells=[cell("trains", nnkit={"seconds": 90}), cell("neuron")])


def seconds_of(submitted: Any, released: Any) -> float:
    place = Nowhere()
    grade_notebook(nbformat.v4.new_notebook(cells=[submitted]), place, Plan("", budgets=budgets(released)))  # type: ignore[arg-type]
    return place.seconds[0]


def test_what_a_submission_says_of_itself_does_not_count(released: Any) -> None:
    assert seconds_of(cell("neuron", nnkit={"seconds": 3000}), released) == 30


def test_a_cell_that_trains_gets_its_own_time(released: Any) -> None:
    assert seconds_of(cell("trains"), released) == 90


def test_nothing_is_known_of_a_notebook_that_was_never_released() -> None:
    assert budgets(None) == {}
