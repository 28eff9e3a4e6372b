"""What all tests share: the repository's folder, an environment without settings of the user, and no clock."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.table_of_notebooks import proved, table

LATENCY = "latency"  # under which a browser test records what it measured
REPOSITORY = Path(__file__).resolve().parents[1]

# Hypothesis fails an example that takes longer than 200 ms, and a test whose examples are slow to draw: on a slow
# machine that says nothing about the code.
settings.register_profile("without a clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("without a clock")


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(autouse=True, scope="session")
def no_settings_of_the_user() -> None:
    for name in [name for name in os.environ if name.startswith("NNKIT_")]:
        del os.environ[name]
    os.environ["NNKIT_PROGRESS_FILE"] = ""  # no check of a test, nor of a kernel that it starts, is a reader's


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """At the end of a run, one table of all notebooks, what was proved of each; and how fast widgets follow."""
    reports = [report for kind in terminalreporter.stats.values() for report in kind if hasattr(report, "when")]
    lines = table(*proved(reports))
    if lines:
        terminalreporter.section("what was proved of the notebooks")
        for line in lines:
            terminalreporter.write_line(line)
    measured = [
        value
        for report in reports
        if report.when == "call"
        for name, value in report.user_properties
        if name == LATENCY
    ]
    if measured:
        terminalreporter.section("how fast the widgets follow, in Chromium; never asserted, since machines differ")
        for line in sorted(measured):
            terminalreporter.write_line(line)
