"""Of an earlier version of an answer no verdict is given as if it were that of the newest cell."""

from __future__ import annotations

from typing import Any

import pytest

from nnkit.exercises.terms import REPORT_TYPE

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")

RIGHT = "def double(x):\n    return 2 * x"
NO_RETURN = "def double(x):\n    2 * x"
CHECK = "check('double')"

# What is run, one cell after the other, in a kernel of its own; the last one is the check.
NOT_CHECKED = {
    "a bracket too many": [NO_RETURN, CHECK, "def double(x):\n    return 2 * x)"],
    "a bracket that is missing, after a right answer": [RIGHT, "def double(x):\n    return (2 * x"],
    "no colon": [RIGHT, "def double(x)\n    return 2 * x"],
    "a capital letter": [RIGHT, "Def double(x):\n    return 2 * x"],
    "indented unevenly": [RIGHT, "def double(x):\n    y = 2 * x\n  return y"],
    "nothing before it": ["def double(x):\n    return 2 * x)"],
    "stopped above": [RIGHT, "one = not_there\ndef double(x):\n    return 3 * x"],
    "the broken one again": [RIGHT, "def double(x)\n    return 2 * x", RIGHT, "def double(x)\n    return 2 * x"],
    "a trace of it": [RIGHT, "def double(x)\n    return 2 * x", "hint('double')"],
}
CHECKED = {
    "mended": ["def double(x)\n    return 2 * x", RIGHT],
    "the earlier cell once more": [RIGHT, "def double(x)\n    return 2 * x", RIGHT],
    "another function is broken": [RIGHT, "def doubled(x)\n    return 2 * x", "def triple(x)\n    return 3 * x"],
    "given another way": ["def double(x)\n    return 2 * x", "double = lambda x: 2 * x"],
    "run by a magic": [RIGHT, "def double(x)\n    return 2 * x", f"%%time\n{RIGHT}"],
    "imported": ["def double(x)\n    return 2 * x", "from operator import pos as double\ndouble = lambda x: 2 * x"],
    "executed": ["def double(x)\n    return 2 * x", f"exec({RIGHT!r})"],
    "an error below it": [f"{RIGHT}\nnot_there"],
    "decorated by an older function": [
        "def quiet(function):\n    def inner(x):\n        return function(x)\n    return inner",
        f"@quiet\n{RIGHT}",
    ],
    "wrapped by an older function": [
        "def quiet(function):\n    def inner(x):\n        return function(x)\n    return inner",
        f"{RIGHT}\ndouble = quiet(double)",
    ],
    "a method of that name": [RIGHT, "class Pair:\n    def double(self)\n        pass"],
    "in a text": [RIGHT, "text = '''\ndef double(x)\n    return x\n'''"],
    "written to a file": [RIGHT, "%%capture\ndef double(x):\n    return 2 * x"],
    "in the same cell": ["def double(x)\n    return 2 * x", f"{RIGHT}\n{CHECK}"],
}


def last_report(cells: list[str]) -> dict[str, Any]:
    """What the check says after these cells."""
    sources = ["from nnkit.exercises import check, hint, trace", *cells, CHECK]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3", allow_errors=True).execute()
    (report,) = [output.data for output in notebook.cells[-1].outputs if REPORT_TYPE in output.get("data", {})]
    return dict(report)


@pytest.mark.parametrize("cells", NOT_CHECKED.values(), ids=NOT_CHECKED)
def test_an_earlier_version_is_not_taken_for_the_newest_one(cells: list[str]) -> None:
    report = last_report(cells)
    assert report["text/plain"].startswith("✗ double: not checked. The cell with its newest version "), report
    assert report[REPORT_TYPE]["status"] == "crashed"
    assert ("earlier version" in report["text/plain"]) == (len(cells) > 1)


@pytest.mark.parametrize("cells", CHECKED.values(), ids=CHECKED)
def test_what_is_the_newest_version_is_checked(cells: list[str]) -> None:
    said = last_report(cells)["text/plain"]
    assert said.startswith("✓ double: right."), said


def test_the_line_with_the_mistake_is_quoted() -> None:
    said = last_report([RIGHT, "def double(x):\n    return 2 * x)"])["text/plain"]
    assert "SyntaxError in line 2, `return 2 * x)`: unmatched ')'." in said
