"""A check where students meet it: in a notebook's kernel, with what is shown, in which order, and nothing on stderr."""

from __future__ import annotations

from typing import Any

import pytest

from nnkit.exercises.terms import REPORT_TYPE

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")

CELLS = {
    "start": "from nnkit.exercises import check, evaluate, hint",
    "noisy": (
        "import sys, warnings\n"
        "import matplotlib.pyplot as plt\n"
        "from IPython.display import display\n"
        "def double(x):\n"
        "    display('here'); plt.plot([1, 2]); plt.show(); print('x', file=sys.stderr); warnings.warn('careful')\n"
        "    return 2 * x\n"
        "check('double')"
    ),
    "afterwards": "display('shown again')",
    "wrong": "def double(x):\n    return x + 2\ncheck('double')",
    "exits": "def double(x):\n    exit()\ncheck('double')",
    "asks": "def double(x):\n    return 2 * float(input('number? '))\ncheck('double')",
    "asks again": "input",
    "stuck": (
        "def double(x):\n    import time\n    time.sleep(30)\n    return 2 * x\n"
        "evaluate('double', globals(), time_limit=0.2)"
    ),
    "after a stuck one": (
        "def double(x):\n    return 2 * x\ndef double_twice(x):\n    return double(double(x))\ncheck('double_twice')"
    ),
    "in a function": "def outer():\n    def double(x):\n        return 2 * x\n    return check('double')\nouter()",
    "hint": "hint('double')",
}


@pytest.fixture(scope="module")
def shown() -> dict[str, list[Any]]:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS.values()])
    nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3", allow_errors=True).execute()
    return dict(zip(CELLS, [cell.outputs for cell in notebook.cells], strict=True))


def _kinds(outputs: list[Any]) -> list[str]:
    return [output.output_type for output in outputs]


def test_passing_is_the_value_of_the_cell_and_nothing_else(shown: dict[str, list[Any]]) -> None:
    for label in ("noisy", "after a stuck one", "in a function"):
        (output,) = shown[label]
        assert output.output_type == "execute_result", label
        assert output.data[REPORT_TYPE]["status"] == "passed"
    assert "careful" in shown["noisy"][0].data["text/plain"]


def test_what_a_student_displays_is_shown_again_after_the_check(shown: dict[str, list[Any]]) -> None:
    assert _kinds(shown["afterwards"]) == ["display_data"]


@pytest.mark.parametrize(("label", "status"), [("wrong", "wrong"), ("exits", "crashed"), ("asks", "crashed")])
def test_not_passing_shows_the_report_and_then_one_line(shown: dict[str, list[Any]], label: str, status: str) -> None:
    assert _kinds(shown[label]) == ["display_data", "error"]
    report, error = shown[label]
    assert report.data[REPORT_TYPE]["status"] == status
    assert "<div" in report.data["text/html"]
    assert error.ename == "CheckFailed"
    assert len(error.traceback) == 1
    assert error.traceback[0].startswith("✗ double: ")


def test_a_question_to_the_keyboard_is_an_error_during_a_check_and_only_then(shown: dict[str, list[Any]]) -> None:
    said = shown["asks"][0].data["text/plain"]
    assert "nobody types during a check" in said
    assert "2 * float(input('number? '))" in said
    assert "raw_input" in shown["asks again"][0].data["text/plain"]


def test_one_long_call_is_reported(shown: dict[str, list[Any]]) -> None:
    (output,) = shown["stuck"]
    assert "restart the kernel" in output.data["text/plain"]


def test_a_hint_is_a_panel(shown: dict[str, list[Any]]) -> None:
    (output,) = shown["hint"]
    assert output.data["text/plain"].startswith("double, hint 1 of 2: ")
    assert "<div" in output.data["text/html"]
