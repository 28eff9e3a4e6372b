"""A later cell never crashes on an answer that its check has passed, and does not wait for it either."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from right_variants import SOLUTIONS, cells_reached, faults_of, names_of

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="each variant runs in a fork of the notebook")


@pytest.mark.slow
@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_a_notebook_bears_every_right_answer(path: Path) -> None:
    assert faults_of(path) == []


def written(folder: Path, *sources: str) -> Path:
    """A notebook around the exercise `double`, whose answer is the second cell."""
    cells = [new_code_cell(source, id=f"cell{place}") for place, source in enumerate(sources)]
    flags: dict[str, Any] = {"grade": False, "grade_id": "double", "locked": False, "schema_version": 3}
    cells[1].metadata["nbgrader"] = {**flags, "solution": True, "task": False}
    path = folder / "small.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return path


def test_what_breaks_on_a_right_answer_is_told(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "import sys\nfrom nnkit.exercises import check, ready",
        "import numpy as np\n\n\ndef double(x):\n    return 2 * np.asarray(x)",
        'check("double")',
        "shape = double([1, 2]).shape",
        "if not isinstance(double([1, 2]), np.ndarray):\n    print('a warning', file=sys.stderr)",
        "assert shape == (2,)",
        "1 + 1",
    )
    lines = faults_of(path)
    told = [line.removeprefix("small · cell ") for line in lines if "a list, element by element" in line]
    assert told == [
        "cell3 · double · a list, element by element: AttributeError: 'list' object has no attribute 'shape'",
        "cell4 · double · a list, element by element: on stderr: a warning",
        "cell5 · double · a list, element by element: NameError: name 'shape' is not defined",
    ]
    assert not [line for line in lines if "NumPy, float32" in line]


def test_the_notebooks_own_answer_is_tried_with_lists_for_arrays(tmp_path: Path) -> None:
    own = "import numpy as np\n\n\ndef double(x):\n    return 2 * np.asarray(x)"
    path = written(tmp_path, "pass", own, "double([1, 2]).shape")
    label = "the notebook's own, lists for arrays"
    (told,) = [line for line in faults_of(path) if label in line]
    assert told == f"small · cell cell2 · double · {label}: AttributeError: 'list' object has no attribute 'shape'"


def test_a_cell_that_waits_is_told(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "from nnkit.exercises import ready",
        "def double(x):\n    return 2 * x",
        "def double(x, right=double):\n    return x",
        'if ready("double"):\n    print(double(1))',
    )
    lines = faults_of(path, "double")
    assert lines
    assert all("cell cell3" in line and "waits: This cell uses your `double`" in line for line in lines)


def test_only_the_cells_that_an_answer_reaches_are_run() -> None:
    cells = [
        "import numpy as np",
        "x = np.ones(3)",
        "other = 5",
        "def use(value):\n    x = value\n    return answer(value) + x",
        "y = use(x)",
        "other = other + 1",
        "table = {}",
        "table['y'] = y",
        "print(table)",
        "y = 3",
        "print(y)",
        "np.seterr(all='warn')",
        'check("answer")',
    ]
    reached = cells_reached({"answer"}, [names_of(cell, ["answer"]) for cell in cells])
    assert [place for place, run in enumerate(reached) if run] == [0, 1, 3, 4, 6, 7, 8, 12]
