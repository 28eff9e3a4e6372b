"""The table at the end of a test run: what was proved of each notebook.

One row for each notebook; a mark says that every test of that kind passed, a cross that one failed, and a dash that
none was run. Seconds are those of running the notebook from top to bottom beside the other tests, and are not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import nbformat

from nnkit.exercises import index
from nnkit.grading.course.times import core_minutes, sections

SOLUTIONS = Path(__file__).resolve().parents[1] / "solutions"
RUNS = "test_solution_shows_what_is_stored"

# Column → the tests that prove it, each with the name of a notebook or of an exercise in brackets.
COLUMNS = {
    "runs, as stored": (RUNS, "test_solution_was_executed_in_order", "test_solution_passes_its_checks"),
    "as released": ("test_released_notebook_fails_only_in_its_checks", "test_released_checks_answer_not_attempted"),
    "in step": ("test_the_repository_is_in_step",),
    "checks sound": ("test_mistakes_are_rejected_with_their_cause_and_right_answers_accepted",),
    "core fits": ("test_the_core_fits_an_evening", "test_labels_say_what_the_estimate_says"),
    "ideas, links": ("test_links_lead_to_a_file_and_a_cell_that_are_there",),
}
_TEST = re.compile(r"::(?P<test>test_\w+)(?:\[(?P<of>[^\]]*)\])?$")
PASSED, FAILED, NOT_RUN = "✓", "✗", "–"


def notebook_of(parameter: str) -> str:
    """The notebook of a test's parameter, which names a file, a notebook, or an exercise; "" for anything else.

    >>> notebook_of("solutions/06_rnn/sequences.ipynb"), notebook_of("sequences"), notebook_of("neuron")
    ('sequences', 'sequences', 'neurons')
    """
    stem = Path(parameter).stem
    if any(SOLUTIONS.glob(f"*/{stem}.ipynb")):
        return stem
    try:
        return index.notebook_of(stem)
    except (LookupError, ValueError):
        return ""


def proved(reports: Iterable[Any]) -> tuple[dict[tuple[str, str], str], dict[str, float]]:
    """What the reports of a run say: (notebook, column) → mark, and notebook → seconds."""
    marks: dict[tuple[str, str], str] = {}
    seconds: dict[str, float] = {}
    for report in reports:
        found = _TEST.search(report.nodeid)
        if found is None:
            continue
        columns = [name for name, tests in COLUMNS.items() if found["test"].startswith(tests)]
        if not columns:
            continue
        notebook = notebook_of(found["of"] or "")
        if found["test"] == RUNS and report.when == "setup":
            seconds[notebook] = report.duration
        for column in columns:
            if report.outcome == "failed":
                marks[notebook, column] = FAILED
            elif report.when == "call" and report.outcome == "passed":
                marks.setdefault((notebook, column), PASSED)
    return marks, seconds


def table(marks: Mapping[tuple[str, str], str], seconds: Mapping[str, float]) -> list[str]:
    """The lines of the table; none at all where nothing was run that it is about."""
    if not marks:
        return []
    rows = [["notebook", *COLUMNS, "core, minutes", "s"]]
    for path in sorted(SOLUTIONS.glob("*/*.ipynb")):
        # What is proved of all notebooks together stands under no name.
        said = [marks.get((path.stem, column), marks.get(("", column), NOT_RUN)) for column in COLUMNS]
        minutes = core_minutes(sections(nbformat.read(path, as_version=4)))
        time = f"{seconds[path.stem]:.0f}" if path.stem in seconds else NOT_RUN
        rows.append([f"{path.parent.name[:2]} {path.stem}", *said, f"{minutes:.0f}", time])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
