"""In Python's build for browsers, which starts no thread: what has no end is stopped, and the rest goes as always.

Pyodide runs in Node here, with the files that the browser's tests take, too.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.exercises.endless import FOREVER, TOO_DEEP
from tests.pyodide_files import pyodide_folder

SECONDS_TO_RUN = 1800
HERE = Path(__file__).resolve().parent

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("node") is None, reason="Pyodide is run by Node, which is not installed"),
]


@pytest.fixture(scope="module")
def results() -> dict[str, dict[str, Any]]:
    """What the program has printed, by kind."""
    command = [
        "node",
        str(HERE / "pyodide_run.mjs"),
        str(pyodide_folder()),
        str(HERE.parents[1]),
        str(HERE / "in_pyodide.py"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS_TO_RUN, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert [line["kind"] for line in lines[-1:]] == ["end"], f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return {line["kind"]: line for line in lines}


def test_no_thread_starts_there(results: dict[str, dict[str, Any]]) -> None:
    assert results["platform"] == {"kind": "platform", "status": "emscripten", "threads": False}


@pytest.mark.parametrize("kind", FOREVER)
def test_an_answer_without_an_end_is_stopped(kind: str, results: dict[str, dict[str, Any]]) -> None:
    told = results[f"forever: {kind}"]
    assert told["status"] == "timed out"
    assert "It had not returned after 0.3 seconds" in told["message"]
    assert not any("kernel" in note for note in told["notes"])


@pytest.mark.parametrize("kind", TOO_DEEP)
def test_a_recursion_without_an_end_is_an_error_and_the_kernel_lives(
    kind: str, results: dict[str, dict[str, Any]]
) -> None:
    assert results[f"too deep: {kind}"]["status"] == "crashed"
    assert "recursion" in results[f"too deep: {kind}"]["message"].lower()


def test_a_recursion_may_be_deep(results: dict[str, dict[str, Any]]) -> None:
    assert results["2,500 calls deep"]["status"] == "wrong"


def test_the_right_answer_is_right(results: dict[str, dict[str, Any]]) -> None:
    assert results["right"]["status"] == "passed"
    assert results["right"]["notes"] == []


def test_a_call_that_came_back_late_is_told(results: dict[str, dict[str, Any]]) -> None:
    assert results["late"]["status"] == "timed out"
    assert any("one call of compiled code" in note for note in results["late"]["notes"])


def test_the_line_of_a_slip_is_found(results: dict[str, dict[str, Any]]) -> None:
    assert results["located"] == {"kind": "located", "status": "wrong", "line": 7}


def test_an_answer_is_traced(results: dict[str, dict[str, Any]]) -> None:
    assert "z = z / 2" in results["trace: endless"]["message"]
    assert "z += x[i]" in results["trace: wrong"]["message"]


def test_a_picture_is_not_waited_for(results: dict[str, dict[str, Any]]) -> None:
    assert results["picture"]["status"] == "It was stopped after 500,000 steps."


def test_nothing_stays_behind(results: dict[str, dict[str, Any]]) -> None:
    assert results["tools"]["status"] == [None] * 6
